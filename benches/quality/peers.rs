//! How other summarisers rank the sentences that our methods choose from, asked of `peers.py` once and kept, and what they would
//! choose. Where there is no Python that has them, there are none.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use epitome::document::Document;
use epitome::summary::Budget;
use serde_json::{Value, json};

use crate::sets::written;

/// What each peer says of every record: its sentences from best to worst, by index.
pub type Orders = BTreeMap<String, Vec<Vec<usize>>>;

/// The language and the sentences that can be chosen, of an article or of several.
pub fn question(documents: &[&Document]) -> Value {
    let lang = documents.first().and_then(|document| document.article().lang.as_ref()).map(|lang| lang.primary());
    let sentences: Vec<&str> = documents.iter().flat_map(|document| document.candidates().into_iter().map(|i| document.slice(i))).collect();
    json!({"lang": lang, "sentences": sentences, "several": documents.len() > 1})
}

/// How the peers rank the sentences of each question.
pub fn orders(questions: &[Value], folder: &Path) -> Orders {
    let mut orders = Orders::new();
    for line in answers(questions, folder).unwrap_or_default().lines() {
        let record: Value = serde_json::from_str(line).expect("JSON");
        let order = record["order"].as_array().expect("an order").iter().filter_map(Value::as_u64).map(|i| i as usize).collect();
        orders.entry(record["peer"].as_str().expect("a name").to_owned()).or_default().push(order);
    }
    assert!(orders.values().all(|answers| answers.len() == questions.len()), "an answer to each question");
    orders
}

/// What they answer, or answered the last time if they were asked the same.
fn answers(questions: &[Value], folder: &Path) -> Option<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers.py");
    let question: String = questions.iter().map(|question| format!("{question}\n")).collect();
    let asked = blake3::hash(format!("{question}{}", fs::read_to_string(&script).expect("it lies there")).as_bytes());
    let kept = folder.join(format!("orders-{}.jsonl", &asked.to_hex()[..16]));
    if let Ok(answers) = fs::read_to_string(&kept) {
        return Some(answers);
    }
    let path = folder.join("sentences.jsonl");
    written(&path, &question);
    let python = std::env::var("EPITOME_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(&python).args(["-W", "ignore"]).arg(&script).arg(&path).env("PYTHONHASHSEED", "0").output();
    match output {
        Ok(output) if output.status.success() => {
            let answers = String::from_utf8(output.stdout).expect("JSON is UTF-8");
            written(&kept, &answers);
            Some(answers)
        }
        Ok(output) => missing(&python, String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("it fails")),
        Err(error) => missing(&python, &error.to_string()),
    }
}

fn missing(python: &str, why: &str) -> Option<String> {
    eprintln!("no peers: {python}: {why} (benches/peers.py says what they need)");
    None
}

/// A file of each peer's summaries, named after it; `chosen` says what a record's order comes to.
pub fn files(orders: &Orders, ids: &[String], folder: &Path, chosen: impl Fn(usize, &[usize]) -> String) -> Vec<PathBuf> {
    let file = |(peer, orders): (&String, &Vec<Vec<usize>>)| {
        let mut text = String::new();
        for (record, (id, order)) in ids.iter().zip(orders).enumerate() {
            let _ = writeln!(text, "{}", json!({"id": id, "summary": chosen(record, order)}));
        }
        let path = folder.join(format!("{peer}.jsonl"));
        written(&path, &text);
        path
    };
    orders.iter().map(file).collect()
}

/// The best sentences of an order that fit a budget, at least one, in document order and a line each.
pub fn chosen(document: &Document, order: &[usize], budget: Budget) -> String {
    let candidates = document.candidates();
    let words = |i: usize| document.sentences()[candidates[i]].words;
    let total: u32 = (0..candidates.len()).map(words).sum();
    let mut left = match budget {
        Budget::Sentences(most) => most,
        Budget::Ratio(share) => (f64::from(total) * share).floor() as u32,
        Budget::Words(_) | Budget::Characters(_) => unreachable!("no set has such a budget"),
    };
    let cost = |i: usize| if matches!(budget, Budget::Sentences(_)) { 1 } else { words(i) };
    let mut taken: Vec<usize> = Vec::new();
    for &i in order {
        if cost(i) <= left {
            left -= cost(i);
            taken.push(i);
        }
    }
    if taken.is_empty() {
        taken.extend(order.first());
    }
    taken.sort_unstable();
    taken.into_iter().map(|i| document.slice(candidates[i])).collect::<Vec<_>>().join("\n")
}
