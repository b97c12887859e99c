//! Batches with faults: each bad article is named with its place, everything else is done.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Mutex;

use epitome::batch::{self, Inputs, Observer, Report, Settings, Silent};
use epitome::document::Document;
use epitome::error::{Error, ErrorKind};
use epitome::format::{Verb, outputs};
use epitome::summary::{Method, Ranker, Ranking, rank};

/// The text articles of the corpus, sorted.
pub fn corpus() -> Vec<PathBuf> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/articles");
    let plan = batch::plan(&Inputs { paths: vec![root], ..Inputs::default() }, None).expect("the corpus is there");
    plan.sources.into_iter().map(|source| source.path).collect()
}

/// Hears the failures.
#[derive(Default)]
struct Failures(Mutex<Vec<String>>);

impl Observer for Failures {
    fn failed(&self, error: &Error) {
        self.0.lock().expect("nobody panics here").push(error.to_string());
    }
}

/// A ranker with a bug that one word brings out.
struct Buggy;

impl Ranker for Buggy {
    fn rank(&self, document: &Document, idf: &[f64]) -> Ranking {
        assert!(!document.text().contains("injected"), "a bug that was injected");
        (rank::METHODS[0].ranker)().rank(document, idf)
    }
}

static BUGGY: Method = Method { name: "buggy", about: "panics on a word", paper: "none", ranker: || Box::new(Buggy) };

fn article(i: usize) -> String {
    format!(
        "Number {i} of the series begins here and says little. The second sentence of number {i} says a little more. The end of it comes now."
    )
}

#[test]
fn bad_articles_among_a_thousand_are_named_and_the_rest_is_done() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let input = folder.path().join("in");
    std::fs::create_dir(&input).expect("writable");
    for i in 0..900 {
        std::fs::write(input.join(format!("t{i:04}.txt")), article(i)).expect("writable");
    }
    let lines: String = (0..97)
        .map(|i| match i {
            16 => "{\"id\": \"broken\", \"text\": \n".to_owned(),
            40 => serde_json::json!({"id": "panics", "text": "This article has an injected bug. It panics."}).to_string() + "\n",
            _ => serde_json::json!({"id": format!("j{i}"), "text": article(i)}).to_string() + "\n",
        })
        .collect();
    std::fs::write(input.join("wire.jsonl"), lines).expect("writable");
    std::fs::write(input.join("void.txt"), " \n\n").expect("writable");
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    (0..500).for_each(|i| writeln!(gz, "{}", article(i * 7919)).expect("memory"));
    let whole = gz.finish().expect("memory");
    std::fs::write(input.join("cut.txt.gz"), &whole[..whole.len() / 2]).expect("writable");
    std::fs::write(input.join("greek.txt"), "Η λέξη ισαισεσ είναι εδώ σήμερα. Ο δήμαρχος μίλησε στους κατοίκους της πόλης.")
        .expect("writable");

    let settings = Settings { method: Some(&BUGGY), outputs: outputs(Verb::Run).collect(), threads: 2, ..Settings::default() };
    let heard = Failures::default();
    let inputs = Inputs { paths: vec![input.clone()], ..Inputs::default() };
    let out = folder.path().join("out");
    let report = batch::run(&batch::plan(&inputs, Some(&out)).expect("there"), &settings, &out, false, &heard).expect("done but for four");
    let heard = heard.0.into_inner().expect("nobody panics here");
    assert_eq!((report.articles, report.failures), (996, 4), "{heard:#?}");
    let named =
        |place: &str, what: &str| assert!(heard.iter().any(|m| m.contains(place) && m.contains(what)), "{place} {what}: {heard:#?}");
    named("cut.txt.gz: ", "gzip data is damaged or cut short");
    named("void.txt: ", "the article is empty");
    named("wire.jsonl:17: ", "invalid JSON");
    named("wire.jsonl:41: ", "internal error: a bug that was injected");
    let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(out.join("manifest.json")).expect("there")).expect("JSON");
    assert_eq!(manifest["failures"].as_array().map(Vec::len), Some(4));
    let summaries = std::fs::read_to_string(out.join("summaries.jsonl")).expect("there");
    assert_eq!(summaries.lines().count(), 996);
    assert!(summaries.lines().any(|line| line.contains("\"id\":\"greek\"")));
}

#[test]
fn records_before_a_truncation_are_kept() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    (0..100).for_each(|i| writeln!(gz, "{}", serde_json::json!({"text": article(i)})).expect("memory"));
    let whole = gz.finish().expect("memory");
    let path = folder.path().join("wire.jsonl.gz");
    std::fs::write(&path, &whole[..whole.len() / 2]).expect("writable");
    let heard = Failures::default();
    let plan = batch::plan(&Inputs { paths: vec![path], ..Inputs::default() }, None).expect("there");
    let settings = Settings { outputs: outputs(Verb::Summarize).filter(|o| o.name == "jsonl").collect(), ..Settings::default() };
    let mut out = Vec::new();
    let report = batch::stream(&plan, &settings, &mut out, &heard).expect("half of it");
    assert!((40..60).contains(&report.articles) && report.failures == 1, "{report:?}");
    let heard = heard.0.into_inner().expect("nobody panics here");
    assert!(heard[0].contains(&format!("wire.jsonl.gz:{}: gzip data", report.articles + 1)), "{heard:?}");
}

#[test]
fn the_kept_structure_changes_nothing() {
    // One article alone is kept; the table given makes the run parse once: both must agree with the two-pass run.
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let inputs = Inputs { paths: corpus(), ..Inputs::default() };
    let plan = batch::plan(&inputs, None).expect("there");
    let table = folder.path().join("table.tsv");
    let (mut counted, _) = batch::count(&plan, &Settings::default(), &Silent).expect("counted");
    let mut bytes = Vec::new();
    counted.write(&mut bytes).expect("memory");
    std::fs::write(&table, bytes).expect("writable");
    let bytes = |frequencies: Option<PathBuf>| {
        let settings =
            Settings { frequencies, outputs: outputs(Verb::Summarize).filter(|o| o.name == "jsonl").collect(), ..Settings::default() };
        let mut out = Vec::new();
        batch::stream(&plan, &settings, &mut out, &Silent).expect("it works");
        String::from_utf8(out).expect("UTF-8")
    };
    assert_eq!(bytes(None), bytes(Some(table)));
}

#[test]
fn repeated_ids_are_told_apart() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let path = folder.path().join("a.jsonl");
    let line = serde_json::json!({"id": "x", "text": "One sentence is here."}).to_string();
    std::fs::write(&path, [line.as_str(); 3].join("\n")).expect("writable");
    let plan = batch::plan(&Inputs { paths: vec![path], ..Inputs::default() }, None).expect("there");
    let settings = Settings { outputs: outputs(Verb::Summarize).filter(|o| o.name == "jsonl").collect(), ..Settings::default() };
    let mut out = Vec::new();
    let report: Report = batch::stream(&plan, &settings, &mut out, &Silent).expect("it works");
    let ids: Vec<String> = String::from_utf8(out)
        .expect("UTF-8")
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["id"].as_str().expect("a string").to_owned())
        .collect();
    assert_eq!(ids, ["x", "x~2", "x~3"]);
    assert_eq!(report.warnings, 2);
}

#[test]
fn nothing_to_do_is_an_error() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let error = batch::plan(&Inputs { paths: vec![folder.path().to_owned()], ..Inputs::default() }, None).expect_err("empty");
    assert!(matches!(error.kind, ErrorKind::NoInput(_)) && error.hint().is_some());
    let error = batch::plan(&Inputs { paths: vec![folder.path().join("none.txt")], ..Inputs::default() }, None).expect_err("missing");
    assert!(matches!(error.kind, ErrorKind::NotFound));
}

#[test]
fn own_output_inside_the_input_is_not_read_back() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    std::fs::write(folder.path().join("a.txt"), article(1)).expect("writable");
    let out = folder.path().join("out");
    let inputs = Inputs { paths: vec![folder.path().to_owned()], ..Inputs::default() };
    let settings = Settings { outputs: outputs(Verb::Run).collect(), ..Settings::default() };
    for _ in 0..2 {
        let report = batch::run(&batch::plan(&inputs, Some(&out)).expect("there"), &settings, &out, false, &Silent).expect("it works");
        assert_eq!(report.articles, 1);
    }
}
