//! The corpus as a whole: every article parses, every language is told, every summary stands.

use epitome::batch::{self, Inputs, Settings, Silent};
use epitome::format::{Verb, outputs};

use crate::batch::corpus;

#[test]
fn languages_of_the_corpus_are_detected() {
    let settings = Settings { outputs: outputs(Verb::Summarize).filter(|o| o.name == "jsonl").collect(), ..Settings::default() };
    let plan = batch::plan(&Inputs { paths: corpus(), ..Inputs::default() }, None).expect("there");
    let mut out = Vec::new();
    batch::stream(&plan, &settings, &mut out, &Silent).expect("it works");
    let records: Vec<serde_json::Value> =
        String::from_utf8(out).expect("UTF-8").lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(records.len(), plan.sources.len());
    for (record, source) in records.iter().zip(&plan.sources) {
        let folder = source.path.parent().and_then(|p| p.file_name()).and_then(|n| n.to_str()).expect("a folder a language");
        assert_eq!(record["lang"].as_str(), Some(folder), "{}", source.shown);
        assert!(!record["text"].as_str().expect("a string").is_empty(), "{}", source.shown);
    }
}
