//! The real article of the reference data, alone and in company: what an editor expects of its segments and its summary.
//! Skipped, saying so, where `EPITOME_REFERENCE` is not set.

use epitome::article::Article;
use epitome::batch::{self, Inputs, Settings, Silent};
use epitome::format::{Verb, outputs};
use epitome::text::{Scratch, TextOptions, parse};

use crate::batch::corpus;
pub use crate::reference::reference;

fn real_article() -> Option<std::path::PathBuf> {
    Some(reference()?.join("data/articles/000_d7195c33f179143e.txt"))
}

#[test]
fn its_segments() {
    let Some(path) = real_article() else { return };
    let text = std::fs::read_to_string(path).expect("readable");
    let document = parse(Article::new("a".into(), text.clone()).expect("short"), &TextOptions::default(), &mut Scratch::default());
    assert_eq!(document.sentences().len(), 23);
    assert_eq!(document.article().meta.date.as_deref(), Some("2020-05-08"));
    assert_eq!(document.article().meta.author.as_deref(), Some("Ayya Lmahamad"));
    assert_eq!(document.article().title, None);
    assert_eq!((document.segment_id(0).as_str(), document.kind(0).name()), ("p1s1", "byline"));
    let mut rebuilt = String::new();
    let mut at = 0;
    for sentence in document.sentences() {
        rebuilt.push_str(&text[at..sentence.span.start as usize]);
        rebuilt.push_str(sentence.span.of(&text));
        at = sentence.span.end as usize;
    }
    rebuilt.push_str(&text[at..]);
    assert_eq!(rebuilt, text);
    let places: Vec<&str> = document.sentences().iter().map(|sentence| sentence.quote.name()).collect();
    let expected = [
        "none", "none", "broken", "opens", "inside", "inside", "closes", "none", "none", "opens", "inside", "closes", "none", "opens",
        "inside", "inside", "closes", "none", "opens", "closes", "none", "opens", "closes",
    ];
    assert_eq!(places, expected);
}

#[test]
fn its_summary_alone_and_in_ten_batches() {
    let Some(path) = real_article() else { return };
    for company in 0..=10 {
        let paths = [path.clone()].into_iter().chain(corpus().into_iter().skip(company % 7).take(company * 3)).collect();
        let inputs = Inputs { paths, ..Inputs::default() };
        let settings =
            Settings { outputs: outputs(Verb::Summarize).filter(|output| output.name == "jsonl").collect(), ..Settings::default() };
        let plan = batch::plan(&inputs, None).expect("the paths exist");
        let mut out = Vec::new();
        batch::stream(&plan, &settings, &mut out, &Silent).expect("it works");
        let first = String::from_utf8(out).expect("UTF-8").lines().next().expect("a record").to_owned();
        let record: serde_json::Value = serde_json::from_str(&first).expect("JSON");
        let taken: Vec<&str> =
            record["summary"].as_array().expect("a list").iter().map(|s| s["segment"].as_str().expect("an id")).collect();
        assert!(taken.contains(&"p2s1"), "the lead is missing: {taken:?}");
        let good = ["p5s1", "p5s2", "p7s1", "p9s1", "p11s1"];
        assert_eq!(taken.iter().filter(|id| good.contains(id)).count(), 2, "in company of {}: {taken:?}", company * 3);
    }
}
