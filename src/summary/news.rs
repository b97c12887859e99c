//! The default ranker, for news. A sentence scores by how much the sentences after it take up its words (the directed
//! centrality of Zheng & Lapata, "Sentence Centrality Revisited for Unsupervised Summarization", ACL 2019), by its place, its
//! length and the title, and loses by what readers do not want in a summary. Sentences that would show quoted words
//! without their marks or without anybody who says them are passed over while others are left. It fits nothing.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use aho_corasick::packed::Searcher;

use super::features::{forward_centrality, softmax, title_overlap, z};
use super::{Ranker, Ranking};
use crate::document::{Document, Kind};
use crate::text::language;
use crate::text::vector::Vectors;

/// What it does, in a line.
pub const ABOUT: &str = "directed centrality, position, length and title; made for news (the default)";
/// Its paper.
pub const PAPER: &str = "Zheng & Lapata 2019, Sentence Centrality Revisited for Unsupervised Summarization";

/// The ranker; it has no settings.
pub struct News;

/// Fewer words than this hardly stand alone.
const SHORT: u32 = 8;

impl Ranker for News {
    fn wants_coherence(&self) -> bool {
        true
    }

    fn rank(&self, document: &Document, idf: &[f64]) -> Ranking {
        let candidates = document.candidates();
        let vectors = Vectors::new(document, &candidates, idf);
        let forward = z(&forward_centrality(&vectors, idf.len()));
        let place = z(&(0..candidates.len()).map(ln_after).collect::<Vec<_>>());
        let length = z(&candidates.iter().map(|&i| ln_after(document.sentences()[i].words as usize)).collect::<Vec<_>>());
        let title = z(&title_overlap(document.title(), &vectors, idf));
        let scores: Vec<f64> = (candidates.iter().enumerate())
            .map(|(k, &i)| forward[k] - place[k] - 0.3 * length[k] + 0.5 * title[k] - penalty(document, i))
            .collect();
        let first = candidates.first().copied();
        let passed_over = |i: usize| first == Some(i) && is_dateline(document, i);
        Ranking::new(document.sentences().len(), &candidates, &scores, &softmax(&scores), passed_over)
    }
}

/// `ln(1 + n)`; most sentences ask for the same few.
fn ln_after(n: usize) -> f64 {
    static FIRST: LazyLock<[f64; 128]> = LazyLock::new(|| std::array::from_fn(|n| (1.0 + n as f64).ln()));
    FIRST.get(n).copied().unwrap_or_else(|| (1.0 + n as f64).ln())
}

/// `LILLÅKRA (NTN).`, `Верхняя Лучица, 8 февраля.`: a few names, numbers and months and nothing said of them.
fn is_dateline(document: &Document, sentence: usize) -> bool {
    const LONGEST: u32 = 6;
    let data = language::of(document.article().lang.as_ref()).data();
    let mut words = document.slice(sentence).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    document.sentences()[sentence].words <= LONGEST
        && document.slice(sentence).contains(char::is_uppercase)
        && words.all(|word| !word.starts_with(char::is_lowercase) || data.months.contains_key(word))
}

/// What readers do not want: boilerplate, questions, bare quotations, fragments.
fn penalty(document: &Document, sentence: usize) -> f64 {
    let slice = document.slice(sentence);
    let weigh = |holds: bool, points: f64| if holds { points } else { 0.0 };
    let plain = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'.');
    let (plain_start, plain_end) = (plain(slice.as_bytes().first()), plain(slice.as_bytes().last()));
    let asks = || slice.trim_end_matches(['"', '”', '’', '»', ')']).ends_with(['?', '？', '؟', ';']);
    let quotes = || slice.starts_with(['"', '“', '„', '«', '»', '\'', '‘', '”', '「']);
    let bracketed = || slice.starts_with(['(', '（', '[']) && slice.ends_with([')', '）', ']', '.']);
    weigh(is_boilerplate(slice), 2.0)
        + weigh(!plain_end && asks(), 1.5)
        + weigh(!plain_start && quotes(), 0.7)
        + weigh(document.sentences()[sentence].words < SHORT, 1.5)
        + weigh(document.kind(sentence) == Kind::ListItem, 1.0)
        + weigh(!plain_start && bracketed(), 1.0)
}

/// Invitations, credits and addresses rather than news.
fn is_boilerplate(slice: &str) -> bool {
    /// Bytes; what is longer says more than that.
    const LONGEST: usize = 120;
    const PHRASES: [&str; 15] = [
        "http",
        "www.",
        "click here",
        "scroll down",
        "follow us",
        "all rights reserved",
        "read more",
        "sign up",
        "subscribe",
        "copyright",
        "for confidential support",
        "share your",
        "contributed to this report",
        "watch the video",
        "this page was last",
    ];
    static FINDER: LazyLock<Finder> = LazyLock::new(|| match Searcher::new(PHRASES) {
        Some(packed) => Finder::Packed(packed),
        None => Finder::Automaton(AhoCorasick::new(PHRASES).expect("a few short phrases")),
    });
    if slice.len() > LONGEST {
        return false;
    }
    let mut lower = [0; LONGEST];
    let lower = &mut lower[..slice.len()];
    lower.copy_from_slice(slice.as_bytes());
    lower.make_ascii_lowercase();
    let phrase = || match &*FINDER {
        Finder::Packed(packed) => packed.find(&*lower).is_some(),
        Finder::Automaton(automaton) => automaton.is_match(&*lower),
    };
    memchr::memchr(b'@', lower).is_some() || slice.contains('©') || phrase()
}

/// The packed search is several times faster and not there on every processor.
enum Finder {
    Packed(Searcher),
    Automaton(AhoCorasick),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::text::{Scratch, TextOptions, parse};

    #[test]
    fn a_dateline_is_told_from_a_short_sentence() {
        let cases = [
            ("sv", "LILLÅKRA (NTN).", true),
            ("ru", "Верхняя Лучица, 8 февраля.", true),
            ("en", "The ferry sails again.", false),
            ("en", "Paris fell.", false),
            ("ja", "東京。", false),
        ];
        for (lang, text, expected) in cases {
            let mut article = Article::new("a".into(), text.into()).expect("short");
            article.lang = crate::lang::Lang::parse(lang);
            let document = parse(article, &TextOptions::default(), &mut Scratch::default());
            assert_eq!(is_dateline(&document, 0), expected, "{text}");
        }
    }
}
