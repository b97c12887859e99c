//! The laws of the house as properties: lossless spans, summaries within budget, exact frequencies, equal bytes for any number
//! of threads, identical sentences that keep their places.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use epitome::article::Article;
use epitome::batch::{self, Inputs, Settings, Silent};
use epitome::document::Document;
use epitome::format::{Verb, outputs};
use epitome::lang::Lang;
use epitome::summary::frequency::sentence_idf;
use epitome::summary::{Budget, Chosen, Focus, Verdict, explain, keywords, rank, select, select_with_verdicts};
use epitome::text::language::Abbreviation;
use epitome::text::language::{self, LANGUAGES};
use epitome::text::token::Words;
use epitome::text::{Abbreviations, Newlines, Quotes, Scratch, TextOptions, parse};
use proptest::prelude::*;

use super::documents;

/// Text with everything that ends, opens and closes sentences in it.
const TEXTISH: &str =
    "([A-Za-zÀ-ÿА-я0-9東京ไทยأب .!?…,;:'\"“”„«»‘’()\\[\\]\\n\\r\\t\u{a0}\u{3000}。「」？-]|\\PC|Mr\\. |U\\.S\\. |\\n\\n){0,200}";

fn document(text: &str, lang: &str, newlines: Newlines) -> Document {
    let mut article = Article::new("a".into(), text.into()).expect("short");
    article.lang = Lang::parse(lang);
    parse(article, &TextOptions { newlines, ..TextOptions::default() }, &mut Scratch::default())
}

fn language() -> impl Strategy<Value = &'static str> {
    (0..LANGUAGES.len() + 1).prop_map(|i| LANGUAGES.get(i).map_or("xx", |language| language.code))
}

fn newlines() -> impl Strategy<Value = Newlines> {
    prop_oneof![Just(Newlines::Auto), Just(Newlines::Paragraph), Just(Newlines::Sentence), Just(Newlines::Wrap)]
}

/// Some abbreviations, as a user may list them; often none.
fn abbreviations() -> impl Strategy<Value = Option<Arc<Abbreviations>>> {
    let list = |words: Vec<(usize, String)>| {
        let section = |(class, word): (usize, String)| format!("[{}]\n{word}.\n", Abbreviation::CLASSES[class].0);
        let source: String = words.into_iter().map(section).collect();
        Abbreviations::parse(&source).expect("sound").into()
    };
    let word = prop_oneof![Just("Mr".to_owned()), Just("U.S".to_owned()), "[a-zA-ZА-я]{1,3}"];
    prop_oneof![Just(None), prop::collection::vec((0..Abbreviation::CLASSES.len(), word), 0..6).prop_map(move |words| Some(list(words)))]
}

fn quotes() -> impl Strategy<Value = Quotes> {
    prop_oneof![Just(Quotes::Split), Just(Quotes::Keep)]
}

/// Paths and contents of the files of a directory and of those in it, sorted.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).expect("there").map(|entry| entry.expect("readable").path());
    let below = |path: PathBuf| {
        if path.is_dir() {
            return contents(&path)
                .into_iter()
                .map(|(below, bytes)| (Path::new(path.file_name().expect("named")).join(below), bytes))
                .collect();
        }
        vec![(path.file_name().expect("named").into(), std::fs::read(&path).expect("readable"))]
    };
    let mut files: Vec<_> = entries.flat_map(below).collect();
    files.sort();
    files
}

/// Ends of the sentences of a text.
fn ends(text: &str, lang: &str, options: &TextOptions) -> Vec<u32> {
    let mut article = Article::new("a".into(), text.into()).expect("short");
    article.lang = Lang::parse(lang);
    let document = parse(article, options, &mut Scratch::default());
    document.sentences().iter().map(|sentence| sentence.span.end).collect()
}

#[test]
fn a_keyword_has_the_letters_of_its_word() {
    // The tone on this letter has two spellings that mean the same.
    let document = document("'\u{1feb}a京", "ar", Newlines::Auto);
    let found = keywords(&document, &sentence_idf(&document), 1);
    assert_eq!(found[0].text, "\u{1f7b}a");
}

proptest! {
    /// Laws 1 and 2: gaps and sentences rebuild any text, and every span slices.
    #[test]
    fn gaps_and_sentences_rebuild_any_text(
        text in TEXTISH, lang in language(), newlines in newlines(), quotes in quotes(), abbreviations in abbreviations(),
    ) {
        let options = TextOptions { newlines, quotes, abbreviations, ..TextOptions::default() };
        documents::hold_for(&text, Lang::parse(lang), None, &options);
    }

    /// Quotations kept whole are the sentences of the default, some of them joined; a text without marks stays as it is.
    #[test]
    fn keeping_quotations_only_joins(text in TEXTISH, lang in language(), newlines in newlines()) {
        let split = TextOptions { newlines, ..TextOptions::default() };
        let keep = TextOptions { quotes: Quotes::Keep, ..split.clone() };
        let (cut, kept) = (ends(&text, lang, &split), ends(&text, lang, &keep));
        prop_assert!(kept.iter().all(|end| cut.contains(end)));
        prop_assert!(kept == cut || text.contains(['"', '\'', '“', '”', '„', '«', '»', '‘', '’', '「', '」', '‚', '‹', '›', '『', '』', '`', ',']));
    }

    /// Where every line is a sentence, the lines that hold something are the sentences.
    #[test]
    fn lines_are_sentences(lines in prop::collection::vec("[ \\t]{0,2}([A-Za-z.!?“”\"'0-9)] ?){0,12}", 0..8), end in 0..5usize) {
        let text = lines.join(["\n", "\r\n", "\r", "\u{2028}", "\n\n"][end]);
        let options = TextOptions { newlines: Newlines::Sentence, quotes: Quotes::Keep, ..TextOptions::default() };
        let mut article = Article::new("a".into(), text).expect("short");
        article.lang = Lang::parse("en");
        let document = parse(article, &options, &mut Scratch::default());
        let got: Vec<&str> = document.sentences().iter().map(|sentence| sentence.span.of(document.text())).collect();
        prop_assert_eq!(got, lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect::<Vec<_>>());
    }

    /// Law 8: a summary is a subsequence within budget, or one sentence that says it is over; never empty for a text with a word.
    #[test]
    fn summaries_keep_their_budget(text in TEXTISH, lang in language(), size in 1u32..60, share in 0.01f64..1.0, kind in 0..4usize, method in 0..rank::METHODS.len()) {
        let document = document(&text, lang, Newlines::Auto);
        let budget = [Budget::Sentences(size), Budget::Words(size), Budget::Characters(size * 5), Budget::Ratio(share)][kind];
        let idf = sentence_idf(&document);
        let ranker = (rank::METHODS[method].ranker)();
        let ranking = ranker.rank(&document, &idf);
        let summary = select(&document, &idf, &*ranker, &ranking, budget);
        let places: Vec<usize> = summary.sentences.iter().map(|chosen| chosen.sentence).collect();
        prop_assert!(places.is_sorted() && places.iter().collect::<HashSet<_>>().len() == places.len());
        let (same, verdicts) = select_with_verdicts(&document, &idf, &*ranker, &ranking, budget);
        prop_assert_eq!(&same, &summary);
        prop_assert!((0..verdicts.len()).filter(|&i| verdicts[i].is_taken()).eq(places.iter().copied()));
        let told = verdicts.iter().find(|verdict| !holds(verdict, &places));
        prop_assert!(told.is_none(), "{:?} where {:?} are taken", told, places);
        let displayed = |chosen: &Chosen| chosen.display.clone().unwrap_or_else(|| document.slice(chosen.sentence).to_owned());
        let factor = language::of(document.article().lang.as_ref()).factor;
        let shown: u32 = summary.sentences.iter().map(|chosen| Words::of(&displayed(chosen)).count(factor)).sum();
        let has_word = document.sentences().iter().any(|sentence| sentence.words > 0);
        prop_assert_eq!(has_word, !places.is_empty());
        let body: u32 = document.candidates().iter().map(|&i| document.sentences()[i].words).sum();
        let within = match budget {
            Budget::Sentences(n) => places.len() <= n as usize,
            Budget::Words(n) => summary.words <= n && (shown <= n || summary.over_budget),
            Budget::Characters(n) => summary.text(&document).chars().count() <= n as usize,
            Budget::Ratio(share) => summary.words <= (f64::from(body) * share).floor() as u32,
        };
        prop_assert!(within != summary.over_budget || places.is_empty());
        prop_assert!(!summary.over_budget || places.len() == 1);
        let weights: f64 = ranking.weights.iter().sum();
        prop_assert!(places.is_empty() || (weights - 1.0).abs() < 1e-9);
        prop_assert!(ranking.weights.iter().all(|weight| *weight >= 0.0));
    }

    /// Keywords stand in the text as they are given, but for capitals and blanks, and none holds another.
    #[test]
    fn keywords_are_words_of_the_text(text in TEXTISH, lang in language(), most in 0usize..12) {
        let document = document(&text, lang, Newlines::Auto);
        let found = keywords(&document, &sentence_idf(&document), most);
        prop_assert!(found.len() <= most);
        prop_assert!(found.is_sorted_by(|a, b| a.score >= b.score));
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().replace(['ı', '\u{307}'], "i");
        for (i, keyword) in found.iter().enumerate() {
            prop_assert!(!keyword.text.is_empty() && plain(&text).contains(&plain(&keyword.text)), "{:?}", keyword);
            let padded = |keyword: &str| format!(" {} ", keyword.to_lowercase());
            let inside = |other: usize| other != i && padded(&found[other].text).contains(&padded(&keyword.text));
            prop_assert!(!(0..found.len()).any(inside), "{found:?}");
        }
    }

    /// Words are counted the same over a document as over its sentences.
    #[test]
    fn words_add_up(text in "[a-z ,.]{0,200}") {
        let document = document(&text, "en", Newlines::Auto);
        let sum: u32 = document.sentences().iter().map(|sentence| sentence.words).sum();
        prop_assert_eq!(sum, document.sentences().iter().map(|s| Words::of(s.span.of(&text)).count(28)).sum::<u32>());
    }

    /// Law 9: two identical sentences keep two places.
    #[test]
    fn identical_sentences_keep_two_places(repeats in 2usize..6) {
        let text = "The same old words come again every day. ".repeat(repeats);
        let document = document(&text, "en", Newlines::Auto);
        let starts: HashSet<u32> = document.sentences().iter().map(|sentence| sentence.span.start).collect();
        prop_assert_eq!(starts.len(), repeats);
        let idf = sentence_idf(&document);
        for method in rank::METHODS {
            let ranking = (method.ranker)().rank(&document, &idf);
            let ranks: HashSet<_> = ranking.ranks.iter().flatten().collect();
            prop_assert_eq!(ranks.len(), repeats);
        }
    }
}

/// Whether what a verdict says of other sentences and of the budget can be so.
fn holds(verdict: &Verdict, taken: &[usize]) -> bool {
    match verdict {
        Verdict::Along(other) | Verdict::Separates(other) => taken.contains(other),
        Verdict::Repeats { of: other, cosine } | Verdict::Overlaps { with: other, cosine } => taken.contains(other) && *cosine > 0.0,
        Verdict::Leans(on) => on.is_none_or(|on| !taken.contains(&on)),
        Verdict::OverBudget { cost, left, .. } => cost > left,
        _ => true,
    }
}

/// Every method explains every sentence of any article, and asking why changes nothing.
fn explained_by_methods(name: &str, document: &Document) {
    let idf = sentence_idf(document);
    for method in rank::METHODS {
        let ranker = (method.ranker)();
        let focus = (&Focus { include_lead: true, ..Focus::default() }, &[][..]);
        let (ranking, summary, explained) = explain(document, &idf, &*ranker, focus, Budget::default());
        let told = format!("{} of {name}", method.name);
        assert_eq!(ranking, focus.0.apply(document, &idf, &[], ranker.rank(document, &idf)), "{told}");
        assert_eq!(summary, select(document, &idf, &*ranker, &ranking, Budget::default()), "{told}");
        assert_eq!(explained.len(), document.sentences().len(), "{told}");
        assert!(explained.iter().flat_map(|explained| &explained.parts).all(|part| part.1.is_finite()), "{told}: parts");
    }
}

/// Every method ranks every candidate of any article once, and a summary has a sentence wherever the article has a word.
fn hold_for_methods(name: &str, document: &Document) {
    let idf = sentence_idf(document);
    let candidates = document.candidates();
    for method in rank::METHODS {
        let ranker = (method.ranker)();
        let ranking = ranker.rank(document, &idf);
        let told = format!("{} of {name}", method.name);
        let mut ranks: Vec<u32> = ranking.ranks.iter().flatten().copied().collect();
        ranks.sort_unstable();
        assert_eq!(ranks, (1..=candidates.len() as u32).collect::<Vec<_>>(), "{told}: ranks");
        assert!(ranking.scores.iter().flatten().all(|score| score.is_finite()), "{told}: scores");
        assert!(ranking.weights.iter().all(|weight| *weight >= 0.0), "{told}: weights");
        let sum: f64 = ranking.weights.iter().sum();
        assert!(candidates.is_empty() || (sum - 1.0).abs() < 1e-9, "{told}: weights sum to {sum}");
        let summary = select(document, &idf, &*ranker, &ranking, Budget::default());
        let chosen: HashSet<usize> = summary.sentences.iter().map(|chosen| chosen.sentence).collect();
        assert_eq!(chosen.len(), summary.sentences.len(), "{told}: a sentence twice");
        assert_eq!(chosen.is_empty(), candidates.is_empty(), "{told}: an empty summary");
    }
}

#[test]
fn articles_with_little_in_them() {
    let same = "The same old words come again every day. ".repeat(8);
    let cases = [
        ("one sentence", "The mayor opened the bridge on Monday."),
        ("one word", "Rain."),
        ("two identical sentences", "The mayor opened the bridge. The mayor opened the bridge."),
        ("identical sentences", &same),
        ("identical words", "Rain. Rain. Rain. Rain rain. Rain rain rain."),
        ("stop words", "It is what it is. And so it was. They had been there before. It is what it is."),
        ("digits", "1 22 333. 4444 55 6. 7 88 999. 1 22 333."),
        ("marks", "!!! ??? ... — —"),
        ("one stop word and a word", "The. Bridge."),
        ("nothing", ""),
    ];
    for (name, text) in cases {
        for lang in ["en", "xx", "ja"] {
            hold_for_methods(name, &document(text, lang, Newlines::Auto));
            explained_by_methods(name, &document(text, lang, Newlines::Auto));
        }
    }
}

/// Ten thousand sentences, all different or all the same: no method costs the square of them.
#[test]
fn long_articles() {
    let word = |n: u32| ["harbour", "bridge", "minister", "vote", "budget", "rain", "school", "market", "train", "river"][n as usize % 10];
    let sentence =
        |n: u32| format!("The {} {}{n} and the {} met a {} {}{}. ", word(n), word(n / 3), word(n / 7), word(n / 11), word(n), n % 97);
    let different: String = (0..10_000).map(sentence).collect();
    hold_for_methods("different sentences", &document(&different, "en", Newlines::Auto));
    hold_for_methods("the same sentences", &document(&sentence(1).repeat(10_000), "en", Newlines::Auto));
}

/// Articles with made-up words, as JSONL.
fn records(seeds: &[u16]) -> String {
    let word = |n: u32| ["harbour", "bridge", "minister", "vote", "budget", "rain", "school", "market", "train", "river"][n as usize % 10];
    let sentence =
        |seed: u32| format!("The {} {} and the {}{} met a {}.", word(seed), word(seed / 7), word(seed / 3), seed % 97, word(seed / 11));
    let line = |(i, seed): (usize, &u16)| {
        let text: Vec<String> = (0..6).map(|k| sentence(u32::from(*seed) * 31 + k * 17 + i as u32)).collect();
        serde_json::json!({"id": format!("a{i}"), "lang": if seed % 5 == 0 { "de" } else { "en" }, "text": text.join(" ")}).to_string()
            + "\n"
    };
    seeds.iter().enumerate().map(line).collect()
}

fn written(folder: &std::path::Path, name: &str, text: &str) -> Inputs {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("writable");
    Inputs { paths: vec![path], ..Inputs::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Law 3: df(A) + df(B) = df(A ∪ B), in any order.
    #[test]
    fn frequencies_add_up(a in prop::collection::vec(any::<u16>(), 1..30), b in prop::collection::vec(any::<u16>(), 1..30)) {
        let folder = tempfile::tempdir().expect("a place for temporary files");
        let count = |name: &str, text: &str| {
            let plan = batch::plan(&written(folder.path(), name, text), None).expect("there");
            batch::count(&plan, &Settings { threads: 2, ..Settings::default() }, &Silent).expect("counted").0.whole().expect("sound")
        };
        let (one, other) = (count("a.jsonl", &records(&a)), count("b.jsonl", &records(&b)));
        let both = count("c.jsonl", &(records(&a) + &records(&b)));
        let mut forward = one.clone();
        forward.merge(other.clone()).expect("one make");
        let mut backward = other;
        backward.merge(one).expect("one make");
        prop_assert_eq!(&forward, &backward);
        prop_assert_eq!(&forward, &both);
    }

    /// Law 4: equal bytes for any number of threads.
    #[test]
    fn threads_change_nothing(seeds in prop::collection::vec(any::<u16>(), 1..120), focused: bool) {
        let folder = tempfile::tempdir().expect("a place for temporary files");
        let inputs = written(folder.path(), "in.jsonl", &records(&seeds));
        let bytes = |threads: usize| {
            let mut settings = Settings { threads, outputs: outputs(Verb::Run).collect(), ..Settings::default() };
            settings.bitext.target_lang = Lang::parse("de");
            if focused {
                settings.bundle = Some(9);
                settings.focus = Focus { query: Some("harbours and a vote".into()), include_lead: true, ..Focus::default() };
                settings.keywords = 4;
            }
            let out = folder.path().join(format!("out{threads}"));
            batch::run(&batch::plan(&inputs, None).expect("there"), &settings, &out, false, &Silent).expect("it works");
            contents(&out)
        };
        let one = bytes(1);
        prop_assert_eq!(&one, &bytes(2));
        prop_assert_eq!(&one, &bytes(7));
    }
}
