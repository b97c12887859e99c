//! ROUGE as a whole: figures that an independent scorer gave on the reference data (skipped, saying so, where
//! `EPITOME_REFERENCE` is not set), laws that hold for any two texts, and what is dumped against what is scored.

use std::path::{Path, PathBuf};

use epitome::batch::{self, By, Inputs, RougeSet, RougeTask, Settings};
use epitome::eval::rouge::{Figure, Limit, Rouge, rouge_lsum, rouge_n};
use epitome::lang::Lang;
use epitome::summary::digest::Limit as Length;
use epitome::summary::rank;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::reference::reference;

/// A set, how it is scored, and ROUGE-1, -2 and -Lsum by `tools/score_rouge.py` with rouge-score 0.1.2 and PyStemmer 3.1 of the
/// first 60 words of each article (of each of the `docs`, where there are several), twenty a line.
const FIGURES: [(&str, Figure, Option<Limit>, [f64; 3]); 5] = [
    ("cnndm_val", Figure::F1, None, [30.23, 11.30, 26.63]),
    ("orangesum_fr_train", Figure::F1, None, [30.13, 9.79, 22.42]),
    ("tes_tr_a", Figure::F1, None, [64.01, 59.20, 61.24]),
    ("xsum_a", Figure::F1, None, [18.92, 2.61, 14.50]),
    ("duc2004_mds_a", Figure::Recall, Some(Limit::Bytes(665)), [32.89, 6.82, 29.24]),
];

/// The other scorer tells two decimals.
const TOLERANCE: f64 = 0.0051;

fn first_words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(60).collect();
    words.chunks(20).map(|line| line.join(" ")).collect::<Vec<_>>().join("\n")
}

/// The summary of a record that [`FIGURES`] speaks of.
fn simple(record: &Value) -> String {
    let docs = record["docs"].as_array().map(|docs| docs.iter().filter_map(Value::as_str).map(first_words).collect::<Vec<_>>());
    docs.map_or_else(|| first_words(record["text"].as_str().expect("a text")), |docs| docs.join("\n"))
}

fn scored(set: &Path, by: &[By], predicted: &[PathBuf], limit: Option<Limit>, dump: Option<&Path>) -> RougeSet {
    let gold = Inputs { paths: vec![set.to_owned()], ..Inputs::default() };
    let task = RougeTask { gold: &gold, by, predicted, settings: &Settings::default(), digest: Some(Length::Bytes(665)), limit, dump };
    batch::rouge(&task).unwrap_or_else(|error| panic!("{}: {error}", set.display())).remove(0)
}

#[test]
fn our_rouge_agrees_with_an_independent_one() {
    let Some(reference) = reference() else { return };
    let folder = tempfile::tempdir().expect("a place for temporary files");
    for (name, figure, limit, expected) in FIGURES {
        let set = reference.join(format!("data/summarization/{name}.jsonl"));
        let text = std::fs::read_to_string(&set).unwrap_or_else(|error| panic!("{}: {error}", set.display()));
        let records = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let lines = records.map(|record| format!("{}\n", json!({"id": record["id"], "summary": simple(&record)})));
        let predicted = folder.path().join(format!("{name}.jsonl"));
        std::fs::write(&predicted, lines.collect::<String>()).expect("writable");
        let found = scored(&set, &[], &[predicted], limit, None);
        for (score, expected) in found.systems[0].scores.iter().zip(expected) {
            let mean = score.of(figure).mean;
            assert!((mean - expected).abs() <= TOLERANCE, "{name}: {mean:.3}, the other scorer says {expected}");
        }
    }
}

#[test]
fn what_is_dumped_is_what_is_scored() {
    let set = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/summaries/short-news.jsonl");
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let methods: Vec<By> = rank::METHODS.iter().map(By::Method).collect();
    let by_method = scored(&set, &methods, &[], None, Some(folder.path()));
    let dumped: Vec<PathBuf> = methods.iter().map(|method| folder.path().join(format!("{}.jsonl", method.name()))).collect();
    let by_file = scored(&set, &[], &dumped, None, None);
    assert_eq!(by_method.systems.len(), rank::METHODS.len());
    for (method, file) in by_method.systems.iter().zip(&by_file.systems) {
        assert_eq!((method.words, method.scores, method.gains), (file.words, file.scores, file.gains), "{}", method.name);
        assert!(method.scores[0].f1.mean > 10.0 && method.scores[0].f1.half() > 0.0, "{}: {:?}", method.name, method.scores[0]);
    }
    let itself = scored(&set, &methods[..1], &dumped[..1], None, None);
    assert_eq!(itself.systems[1].gains.expect("of the second")[0].f1.half(), 0.0);
}

#[test]
fn a_set_is_never_written_over() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let set = folder.path().join("lead.jsonl");
    let record = json!({"id": 1, "lang": "en", "text": "The ferry runs.", "summary": "It runs."}).to_string();
    std::fs::write(&set, &record).expect("writable");
    let lead = By::Method(rank::find("lead").expect("a method"));
    let gold = Inputs { paths: vec![set.clone()], ..Inputs::default() };
    let dump = Some(folder.path());
    let task = RougeTask { gold: &gold, by: &[lead], predicted: &[], settings: &Settings::default(), digest: None, limit: None, dump };
    let error = batch::rouge(&task).expect_err("it would be lost").to_string();
    assert!(error.contains("is the set itself"), "{error}");
    assert_eq!(std::fs::read_to_string(&set).expect("there"), record);
}

fn any_text() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(vec!["a", "b", "c", "d", "Trains", "train", "é", ".", "\n"]), 0..24)
        .prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn any_two_texts_keep_the_laws_of_rouge(reference in any_text(), candidate in any_text(), lang in "en|fr|und") {
        let mut rouge = Rouge::new(Lang::parse(&lang).as_ref());
        let (reference, candidate) = (rouge.tokens(&reference), rouge.tokens(&candidate));
        for n in 1..=3 {
            let (one, other) = (rouge_n(&reference, &candidate, n), rouge_n(&candidate, &reference, n));
            prop_assert_eq!((one.precision, one.recall, one.f1), (other.recall, other.precision, other.f1));
            prop_assert!((0.0..=1.0).contains(&one.precision) && (0.0..=1.0).contains(&one.recall) && one.f1 <= 1.0);
            let itself = rouge_n(&reference, &reference, n);
            prop_assert_eq!(itself.f1, f64::from(u8::from(reference.len() >= n)));
        }
        // A common subsequence is made of common words, and a text has all of itself.
        let (words, sequence) = (rouge_n(&reference, &candidate, 1), rouge_lsum(&reference, &candidate));
        prop_assert!(sequence.recall <= words.recall && sequence.precision <= words.precision);
        prop_assert_eq!(sequence.f1 > 0.0, words.f1 > 0.0);
        prop_assert_eq!(rouge_lsum(&reference, &reference).f1, f64::from(u8::from(!reference.is_empty())));
    }
}
