//! The wire records, field by field: what the README promises and other programs rely on. A change here is a change of the
//! schema, and of its version in the manifest.

use epitome::batch::{self, Inputs, Settings, Silent};
use epitome::format::{Verb, outputs};
use epitome::summary::{Budget, rank};

const RECORD: &str = r#"{"id":"r1","title":"Ferry returns","lang":"en-GB","date":"2021-05-03","author":"A. Writer","url":"https://example.org/1","source":"Wire","section":"local","text":"The ferry returned to Port Amble on Monday after nine weeks.\n\nPassengers cheered as it docked. “It is good to be home,” the captain said."}"#;

fn spell(verb: Verb, name: &str) -> Vec<serde_json::Value> {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let path = folder.path().join("in.jsonl");
    std::fs::write(&path, RECORD).expect("writable");
    let mut settings = Settings { outputs: outputs(verb).filter(|output| output.name == name).collect(), ..Settings::default() };
    settings.fields.keep = vec![vec!["section".to_owned()]];
    if verb == Verb::Segment {
        settings.method = None;
    }
    stream(&settings, path)
}

fn stream(settings: &Settings, path: std::path::PathBuf) -> Vec<serde_json::Value> {
    let plan = batch::plan(&Inputs { paths: vec![path], ..Inputs::default() }, None).expect("there");
    let mut out = Vec::new();
    batch::stream(&plan, settings, &mut out, &Silent).expect("it works");
    String::from_utf8(out).expect("UTF-8").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Names of an object's fields as they are spelled, in order.
fn fields(value: &serde_json::Value) -> Vec<&str> {
    let mut names: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_summary_record() {
    let record = &spell(Verb::Run, "summaries.jsonl")[0];
    let names = ["author", "date", "id", "lang", "method", "section", "source", "summary", "text", "title", "url", "words"];
    assert_eq!(fields(record), names);
    assert_eq!(record["lang"], "en-GB");
    assert_eq!(record["section"], "local");
    let chosen = &record["summary"][0];
    assert_eq!(fields(chosen), ["end", "rank", "score", "segment", "start", "text", "weight"]);
    assert_eq!((chosen["segment"].as_str(), chosen["start"].as_u64(), chosen["end"].as_u64()), (Some("p1s1"), Some(0), Some(60)));
    let sentences: Vec<&str> = record["summary"].as_array().expect("a list").iter().filter_map(|s| s["text"].as_str()).collect();
    assert_eq!(record["text"].as_str(), Some(sentences.join(" ").as_str()));
}

#[test]
fn keywords_in_a_summary_record() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let path = folder.path().join("in.jsonl");
    std::fs::write(&path, RECORD).expect("writable");
    let outputs = outputs(Verb::Run).filter(|output| output.name == "summaries.jsonl").collect();
    let records = stream(&Settings { outputs, keywords: 2, ..Settings::default() }, path);
    let keywords = records[0]["keywords"].as_array().expect("a list");
    assert_eq!(keywords.len(), 2);
    assert!(keywords.iter().all(|keyword| fields(keyword) == ["score", "text"]), "{keywords:?}");
    assert_eq!(keywords[0]["text"], "ferry");
}

#[test]
fn ranking_and_explanation_in_a_summary_record() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let path = folder.path().join("in.jsonl");
    std::fs::write(&path, RECORD).expect("writable");
    let outputs = outputs(Verb::Summarize).filter(|output| output.name == "jsonl").collect();
    let mut settings =
        Settings { outputs, method: rank::find("untrained"), budget: Budget::Sentences(1), explain: true, ..Settings::default() };
    settings.write.all = true;
    let record = &stream(&settings, path)[0];
    let ranking = record["ranking"].as_array().expect("a list");
    assert!(ranking.len() == 3 && ranking.iter().all(|ranked| fields(ranked) == ["rank", "score", "segment", "taken", "text", "weight"]));
    assert_eq!((ranking[0]["rank"].as_u64(), ranking[0]["taken"].as_bool()), (Some(1), Some(true)));
    let explained = record["explanation"].as_array().expect("a list");
    let ids: Vec<&str> = explained.iter().filter_map(|sentence| sentence["segment"].as_str()).collect();
    assert_eq!(ids, ["p1s1", "p2s1", "p2s2"]);
    assert!(explained.iter().all(|sentence| fields(sentence) == ["parts", "rank", "reason", "score", "segment", "taken"]));
    assert!(explained[0]["parts"].as_array().is_some_and(|parts| parts.len() == 5 && fields(&parts[0]) == ["feature", "value"]));
    let taken = explained.iter().filter(|sentence| sentence["taken"] == true).count();
    assert!(taken == 1 && explained[0]["reason"] == "taken");
}

#[test]
fn a_segment_record() {
    let records = spell(Verb::Run, "segments.jsonl");
    assert_eq!(records.len(), 4);
    assert_eq!(fields(&records[0]), ["article", "in_summary", "kind", "paragraph", "quote", "rank", "score", "segment", "text", "weight"]);
    assert_eq!((records[0]["segment"].as_str(), records[0]["kind"].as_str()), (Some("t1"), Some("title")));
    let names = ["article", "end", "in_summary", "kind", "paragraph", "quote", "rank", "score", "segment", "start", "text", "weight"];
    assert_eq!(fields(&records[3]), names);
    assert_eq!(records[3]["quote"], "whole");
    let bare = spell(Verb::Segment, "jsonl");
    assert_eq!(fields(&bare[1]), ["article", "end", "kind", "paragraph", "quote", "segment", "start", "text"]);
}
