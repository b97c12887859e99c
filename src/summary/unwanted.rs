//! What readers do not want in a summary: datelines, the title once more, boilerplate, questions, bare quotations, fragments. It
//! looks at one sentence at a time and knows no score; whether quoted speech can be shown is decided in `coherence`.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use aho_corasick::packed::Searcher;

use super::coherence::{Coherence, Flaw};
use crate::document::{Document, Kind};
use crate::text::language;

/// Fewer words than this hardly stand alone.
const SHORT: u32 = 8;
/// Fewer words than this are hardly a sentence.
const FRAGMENT: u32 = 4;

/// Which candidates are for articles that have no others: those with a flaw.
pub fn never_shown(document: &Document, candidates: &[usize]) -> impl Fn(usize) -> bool {
    let flaws = flaws(document, candidates);
    move |sentence| flaws[sentence].is_some()
}

/// Why candidates are for articles that have no others, by sentence: what cannot be shown by itself (see [`Coherence`]), a
/// dateline at the head, a sentence that says no more than the title.
pub fn flaws(document: &Document, candidates: &[usize]) -> Vec<Option<Flaw>> {
    let coherence = Coherence::new(document);
    let first = candidates.first().copied();
    let mut flaws = vec![None; document.sentences().len()];
    for &i in candidates {
        let dateline = || (first == Some(i) && is_dateline(document, i)).then_some(Flaw::Dateline);
        let title = || repeats_title(document, i).then_some(Flaw::Title);
        flaws[i] = coherence.flaw(i).or_else(dateline).or_else(title);
    }
    flaws
}

/// Whether a sentence has the terms of the title and hardly any other.
fn repeats_title(document: &Document, sentence: usize) -> bool {
    let (title, tokens) = (document.title(), document.tokens(sentence));
    if title.is_empty() || tokens.len() > title.len() + title.len() / 4 || tokens.len() * 5 < title.len() * 4 {
        return false;
    }
    let shared = tokens.iter().filter(|token| title.contains(token)).count();
    shared * 5 >= title.len().max(tokens.len()) * 4
}

/// `LILLÅKRA (NTN).`, `Верхняя Лучица, 8 февраля.`: a few names, numbers and months and nothing said of them.
pub fn is_dateline(document: &Document, sentence: usize) -> bool {
    const LONGEST: u32 = 6;
    let data = language::of(document.article().lang.as_ref()).data();
    let mut words = document.slice(sentence).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    document.sentences()[sentence].words <= LONGEST
        && document.slice(sentence).contains(char::is_uppercase)
        && words.all(|word| !word.starts_with(char::is_lowercase) || data.months.contains_key(word))
}

/// Points that a sentence loses for being boilerplate, a question, a list item or all in brackets, for a quotation at its start and
/// for being short.
pub fn penalty(document: &Document, sentence: usize) -> f64 {
    let starts_plain = document.slice(sentence).as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
    let quotes = || document.slice(sentence).starts_with(['"', '“', '„', '«', '»', '\'', '‘', '”', '「']);
    nuisance(document, sentence) + weigh(!starts_plain && quotes(), 0.7) + weigh(document.sentences()[sentence].words < SHORT, 1.5)
}

/// Points that a sentence loses for being boilerplate, a question, a list item, a word or two, all in brackets or the announcement of
/// what follows, and for being part of a quotation that can only be shown with marks or a speaker of ours.
pub fn nuisance(document: &Document, sentence: usize) -> f64 {
    let slice = document.slice(sentence);
    let plain = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'.');
    let (plain_start, plain_end) = (plain(slice.as_bytes().first()), plain(slice.as_bytes().last()));
    let asks = || slice.trim_end_matches(['"', '”', '’', '»', ')']).ends_with(['?', '？', '؟', ';']);
    let found = &document.sentences()[sentence];
    weigh(is_boilerplate(slice), 2.0)
        + weigh(found.quote.is_cut() || found.all_quoted, 2.0)
        + weigh(found.words < FRAGMENT, 2.0)
        + weigh(!plain_end && slice.ends_with([':', '：']), 2.0)
        + weigh(!plain_end && asks(), 1.5)
        + weigh(document.kind(sentence) == Kind::ListItem, 1.0)
        + weigh(!plain_start && is_bracketed(slice), 1.0)
}

/// Whether the bracket that a sentence begins with closes at its end: `(CNN) The vote …` is no aside.
fn is_bracketed(slice: &str) -> bool {
    const CLOSING: [char; 3] = [')', '）', ']'];
    let inner = slice.trim_end_matches(['.', '。']);
    slice.starts_with(['(', '（', '[']) && inner.find(CLOSING).is_some_and(|at| inner[at..].chars().nth(1).is_none())
}

fn weigh(holds: bool, points: f64) -> f64 {
    if holds { points } else { 0.0 }
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

    #[test]
    fn an_aside_is_told_from_a_lead_in_brackets() {
        for (slice, expected) in [
            ("(A similar promise was made in 2017.)", true),
            ("(A similar promise was made in 2017).", true),
            ("（以前も約束があった。）", true),
            ("(CNN) The vote was lost.", false),
            ("(CNN)The vote was lost (again).", false),
            ("The vote was lost (again).", false),
        ] {
            assert_eq!(is_bracketed(slice), expected, "{slice}");
        }
    }
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
