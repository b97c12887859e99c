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

/// How the peers rank the sentences of each question; none if they cannot be asked.
pub fn orders(questions: &[Value], folder: &Path) -> Orders {
    let mut kept = Kept::read(folder);
    if !kept.learn(questions, folder) {
        return Orders::new();
    }
    let mut orders = Orders::new();
    for question in questions {
        for (peer, order) in &kept.answers[&kept.key(question)] {
            orders.entry(peer.clone()).or_default().push(order.clone());
        }
    }
    assert!(orders.values().all(|answers| answers.len() == questions.len()), "an answer to each question");
    orders
}

/// What the peers answered before, by what they were asked: they are slow.
struct Kept {
    path: PathBuf,
    script: PathBuf,
    /// The script as it is.
    code: String,
    answers: BTreeMap<String, BTreeMap<String, Vec<usize>>>,
}

impl Kept {
    fn read(folder: &Path) -> Kept {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers.py");
        let code = fs::read_to_string(&script).expect("it lies there");
        let path = folder.join("orders.jsonl");
        let lines = fs::read_to_string(&path).unwrap_or_default();
        // A line that an interrupted run left half is asked for again.
        let answers = lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        Kept { path, script, code, answers }
    }

    fn key(&self, question: &Value) -> String {
        blake3::hash(format!("{question}\n{}", self.code).as_bytes()).to_hex()[..32].to_owned()
    }

    /// Asks what is not known yet and keeps it; false if nobody answers.
    fn learn(&mut self, questions: &[Value], folder: &Path) -> bool {
        let new: Vec<&Value> = questions.iter().filter(|question| !self.answers.contains_key(&self.key(question))).collect();
        if new.is_empty() {
            return true;
        }
        let path = folder.join("sentences.jsonl");
        written(&path, &new.iter().map(|question| format!("{question}\n")).collect::<String>());
        let Some(answers) = ask(&self.script, &path) else { return false };
        for (question, answer) in new.iter().zip(answers.lines()) {
            self.answers.insert(self.key(question), serde_json::from_str(answer).expect("JSON"));
        }
        let lines = self.answers.iter().map(|answer| format!("{}\n", json!(answer)));
        written(&self.path, &lines.collect::<String>());
        true
    }
}

/// What the script says of a file of questions.
fn ask(script: &Path, questions: &Path) -> Option<String> {
    let python = std::env::var("EPITOME_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(&python).args(["-W", "ignore"]).arg(script).arg(questions).env("PYTHONHASHSEED", "0").output();
    match output {
        Ok(output) if output.status.success() => Some(String::from_utf8(output.stdout).expect("JSON is UTF-8")),
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
