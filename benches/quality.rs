//! How good summaries are, set by set, beside those of other summarisers: `cargo bench --bench quality` prints the tables,
//! `-- --write FILE` writes them, `-- --articles N` takes only the first N articles of a set, `-- --set NAME` one set. The sets
//! are those of the reference data that `EPITOME_REFERENCE` names. Peers are asked through `peers.py`, by the Python that
//! `EPITOME_PYTHON` names, and left out where it has none. It measures no speed; see `stages`.

#![allow(clippy::print_stderr, reason = "what is missing is said there")]

#[allow(dead_code, reason = "the tests ask it for more")]
#[path = "../tests/it/reference.rs"]
mod reference;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use epitome::batch::{self, Inputs, RougeSet, RougeTask, Settings, System};
use epitome::document::Document;
use epitome::eval::bootstrap::Estimate;
use epitome::eval::rouge::{Figure, Limit, Measured, gained};
use epitome::format::jsonl::{self, Fields};
use epitome::summary::{Budget, Method, rank};
use epitome::text::{Scratch, TextOptions, parse};
use serde_json::{Value, json};

/// A set of articles with reference summaries.
struct Set {
    /// File of `data/summarization`, without its ending.
    name: &'static str,
    budget: Budget,
    /// The budget and what the set is, for its heading.
    about: &'static str,
}

const SETS: [Set; 6] = [
    Set { name: "cnndm_val", budget: Budget::Sentences(3), about: "three sentences; CNN" },
    Set { name: "cnndm_train_dm200", budget: Budget::Sentences(3), about: "three sentences; mostly Daily Mail" },
    Set { name: "sumllm_chatgpt_val", budget: Budget::Sentences(3), about: "three sentences; references by a language model" },
    Set { name: "xsum_a", budget: Budget::Sentences(1), about: "one sentence; BBC, its first sentence taken out" },
    Set { name: "orangesum_fr_train", budget: Budget::Sentences(1), about: "one sentence; French, with titles" },
    Set { name: "tes_tr_a", budget: Budget::Ratio(0.52), about: "52 % of the words; Turkish, three references each" },
];

/// The method that all others are compared with.
const BASELINE: &str = "lead";

fn main() {
    let Some(reference) = reference::reference() else { return };
    let only = asked("--set");
    let sets = SETS.iter().filter(|set| only.as_deref().is_none_or(|name| name == set.name));
    let tables: String = sets.map(|set| section(&Asked::new(set, &reference))).collect();
    let page = format!("{HEAD}{tables}");
    match asked("--write") {
        Some(path) => fs::write(&path, &page).unwrap_or_else(|error| panic!("{path}: {error}")),
        None => std::io::stdout().lock().write_all(page.as_bytes()).expect("stdout takes it"),
    }
}

/// The value of an option, if it is there.
fn asked(option: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != option).nth(1)
}

const HEAD: &str = "# How good summaries are\n\n\
     Written by `cargo bench --bench quality -- --write benches/QUALITY.md`.\n\n\
     ROUGE F1 as `epitome eval rouge` counts it, with half the width of its 95 % bootstrap interval; then the difference to\n\
     `lead` over the same articles with its interval, and how much longer the summaries are. The peers, sumy 0.13.0 and summa\n\
     1.2.0, were given our sentences, those that our methods choose from, and take as many of them; where the budget is a\n\
     share of the words, they take the best ones that fit, as our methods do.\n";

/// A set with the articles asked for and what the peers would choose from them.
struct Asked<'a> {
    set: &'a Set,
    gold: PathBuf,
    predicted: Vec<PathBuf>,
}

impl Asked<'_> {
    fn new<'a>(set: &'a Set, reference: &Path) -> Asked<'a> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("quality").join(set.name);
        fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let lines = lines(&reference.join(format!("data/summarization/{}.jsonl", set.name)));
        let gold = folder.join("set.jsonl");
        written(&gold, &lines.concat());
        Asked { set, gold, predicted: peers(set, &lines, &folder) }
    }

    /// Scores our methods and the peers, the baseline first.
    fn measure(&self, limit: Option<Limit>) -> RougeSet {
        let baseline = rank::find(BASELINE).expect("it is in the table");
        let others = rank::METHODS.iter().filter(|method| method.name != BASELINE);
        let methods: Vec<&'static Method> = [baseline].into_iter().chain(others).collect();
        let settings = Settings { budget: self.set.budget, ..Settings::default() };
        let gold = Inputs { paths: vec![self.gold.clone()], ..Inputs::default() };
        let task = RougeTask { gold: &gold, methods: &methods, predicted: &self.predicted, settings: &settings, limit, dump: None };
        batch::rouge(&task).unwrap_or_else(|error| panic!("{}: {error}", self.set.name)).remove(0)
    }
}

/// The records of a set, as many as are asked for.
fn lines(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let most = asked("--articles").map_or(usize::MAX, |most| most.parse().expect("a number of articles"));
    text.lines().take(most).map(|line| format!("{line}\n")).collect()
}

fn written(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Files of what each peer would choose, named after it; none where there is no Python that has the peers.
fn peers(set: &Set, lines: &[String], folder: &Path) -> Vec<PathBuf> {
    let documents: Vec<Document> = lines.iter().map(|line| document(line)).collect();
    let Some(orders) = orders(&documents, folder) else { return Vec::new() };
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let per_article = orders.lines().count() / documents.len();
    for (index, line) in orders.lines().enumerate() {
        let record: Value = serde_json::from_str(line).expect("JSON");
        let order: Vec<usize> =
            record["order"].as_array().expect("an order").iter().filter_map(Value::as_u64).map(|i| i as usize).collect();
        let document = &documents[index / per_article];
        let summary = json!({"id": document.article().id, "summary": chosen(document, &order, set.budget)});
        let file = files.entry(record["peer"].as_str().expect("a name").to_owned()).or_default();
        let _ = writeln!(file, "{summary}");
    }
    let file = |(peer, text): (String, String)| {
        let path = folder.join(format!("{peer}.jsonl"));
        written(&path, &text);
        path
    };
    files.into_iter().map(file).collect()
}

fn document(line: &str) -> Document {
    let (article, _) = jsonl::read(line, String::new, &Fields::default()).expect("an article");
    parse(article, &TextOptions::default(), &mut Scratch::default())
}

/// How the peers rank the sentences that can be chosen: what they said the last time, if they were asked the same.
fn orders(documents: &[Document], folder: &Path) -> Option<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers.py");
    let question: String = documents.iter().map(|document| format!("{}\n", sentences(document))).collect();
    let asked = blake3::hash(format!("{question}{}", fs::read_to_string(&script).expect("it lies beside this")).as_bytes());
    let kept = folder.join(format!("orders-{}.jsonl", &asked.to_hex()[..16]));
    if let Ok(orders) = fs::read_to_string(&kept) {
        return Some(orders);
    }
    let path = folder.join("sentences.jsonl");
    written(&path, &question);
    let python = std::env::var("EPITOME_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(&python).args(["-W", "ignore"]).arg(&script).arg(&path).env("PYTHONHASHSEED", "0").output();
    match output {
        Ok(output) if output.status.success() => {
            let orders = String::from_utf8(output.stdout).expect("JSON is UTF-8");
            written(&kept, &orders);
            Some(orders)
        }
        Ok(output) => missing(&python, String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("it fails")),
        Err(error) => missing(&python, &error.to_string()),
    }
}

fn missing(python: &str, why: &str) -> Option<String> {
    eprintln!("no peers: {python}: {why} (benches/peers.py says what they need)");
    None
}

/// The language and the sentences that can be chosen.
fn sentences(document: &Document) -> Value {
    let lang = document.article().lang.as_ref().map(|lang| lang.primary());
    let sentences: Vec<&str> = document.candidates().into_iter().map(|i| document.slice(i)).collect();
    json!({"lang": lang, "sentences": sentences})
}

/// The best sentences of an order that fit a budget, at least one, in document order and a line each.
fn chosen(document: &Document, order: &[usize], budget: Budget) -> String {
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

/// A heading, a Markdown table with a row a system, and who is ahead of our default method.
fn section(asked: &Asked) -> String {
    let Set { name, about, .. } = asked.set;
    let scored = asked.measure(None);
    let first = &scored.systems[0];
    let mut out = format!("\n## {name}: {about}\n\n{} articles.\n\n", scored.records);
    out.push_str("| | R1 | R2 | RLsum | words | R1 − lead | R2 − lead | RLsum − lead | longer |\n|---|---|---|---|---|---|---|---|---|\n");
    for system in &scored.systems {
        let scores = cells(&system.scores, |score| format!("{:.2} ±{:.2}", score.mean, score.half()));
        let _ = writeln!(out, "| {} | {scores} | {:.1} | {} |", shown(system), system.words, against(system, first));
    }
    let most = first.words.round() as usize;
    let cut = asked.measure(Some(Limit::Words(most)));
    let _ = writeln!(out, "\nAhead of `{}`, with an interval off zero: {}.", rank::METHODS[0].name, ahead(&scored));
    let _ = writeln!(out, "All cut to {most} words, as many as `{BASELINE}` has on average: {}.", ahead(&cut));
    out
}

/// The name of a method or a peer.
fn shown(system: &System) -> String {
    Path::new(&system.name).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The systems that some measure puts ahead of our default method, with more than chance.
fn ahead(scored: &RougeSet) -> String {
    let ours = scored.systems.iter().find(|system| system.name == rank::METHODS[0].name).expect("it was measured");
    let mut found = Vec::new();
    for system in &scored.systems {
        for (measure, gain) in ["R1", "R2", "RLsum"].iter().zip(gained(&system.by_record, &ours.by_record)) {
            let Estimate { mean, low, high } = gain.of(Figure::F1);
            if low > 0.0 {
                found.push(format!("{} {measure} {mean:+.2} [{low:+.2}, {high:+.2}]", shown(system)));
            }
        }
    }
    if found.is_empty() { "none".to_owned() } else { found.join(", ") }
}

/// The cells of the differences to the first system; bold where the interval is off zero.
fn against(system: &System, first: &System) -> String {
    let Some(gains) = &system.gains else { return "| | |".to_owned() };
    let gain = |gain: Estimate| {
        let off = gain.low > 0.0 || gain.high < 0.0;
        let mark = if off { "**" } else { "" };
        format!("{mark}{:+.2}{mark} [{:+.2}, {:+.2}]", gain.mean, gain.low, gain.high)
    };
    format!("{} | {:+.1} %", cells(gains, gain), 100.0 * (system.words / first.words - 1.0))
}

fn cells(scores: &[Measured; 3], shown: impl Fn(Estimate) -> String) -> String {
    scores.iter().map(|score| shown(score.of(Figure::F1))).collect::<Vec<_>>().join(" | ")
}
