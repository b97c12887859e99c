//! Digests of several articles: DUC 2004, recall of the first 665 bytes against four references, beside the first sentences and the
//! peers. The weights of the digest were chosen on every other topic, so both halves are told apart.

use std::fmt::Write as _;
use std::path::Path;

use epitome::batch::{By, System};
use epitome::document::Document;
use epitome::eval::rouge::{Figure, Limit, Scores, gained, measured};
use epitome::format::jsonl::{Fields, read_docs};
use epitome::summary::Budget;
use epitome::summary::digest::METHOD;
use epitome::text::{Scratch, TextOptions, parse};
use serde_json::json;

use crate::peers::{self, Orders};
use crate::sets::{Systems, folder, gold, lines, score, written};
use crate::table::{Row, ahead, cells, difference, figures, two};

/// File of `data/summarization`, without its ending.
pub const SET: &str = "duc2004_mds_a";
/// Bytes that are scored.
const BYTES: usize = 665;
/// What digests are compared with: one sentence of each article after the other.
const BASELINE: &str = "first sentences by turns";
/// The first sentences of the first article.
const FIRST: &str = "first article";

/// The topics, measured.
pub struct Digests {
    /// The baseline, our digest, the other baseline, the peers.
    rows: Vec<Row>,
}

impl Digests {
    pub fn new(reference: &Path) -> Digests {
        let folder = folder(SET);
        let topics: Vec<Topic> = lines(reference, SET).iter().map(|line| Topic::read(line)).collect();
        let ids: Vec<String> = topics.iter().map(|topic| topic.id.clone()).collect();
        let of = |name: &str, text: &dyn Fn(&Topic) -> String| {
            let lines = topics.iter().map(|topic| format!("{}\n", json!({"id": topic.id, "summary": text(topic)})));
            let path = folder.join(format!("{name}.jsonl"));
            written(&path, &lines.collect::<String>());
            path
        };
        let mut predicted = vec![of(BASELINE, &Topic::by_turns), of(FIRST, &Topic::first)];
        predicted.extend(peers::files(&orders(&topics, &folder), &ids, &folder, |at, order| topics[at].best(order)));
        let limit = Some(Limit::Bytes(BYTES));
        let systems = Systems { by: &[By::Digest], predicted: &predicted, dump: None };
        let mut rows: Vec<Row> = score(&gold(reference, SET), Budget::default(), limit, &systems).systems.into_iter().map(row).collect();
        rows.swap(0, 1);
        Digests { rows }
    }

    /// Heading, table and who is ahead.
    pub fn section(&self) -> String {
        let base = &self.rows[0].system;
        let mut out = format!(
            "\n## {SET}: digests of several articles, {BYTES} bytes\n\n\
             {} topics of ten articles with four references each; recall of the first {BYTES} bytes, which the digest is made for\n\
             (`epitome eval rouge {SET}.jsonl --recall --bytes {BYTES}`). The peers were given the sentences of all articles and\n\
             are cut in their order. The weights of the digest were chosen on every other topic, from the first on; *tuning*\n\
             is the mean over those, *apart* over the rest.\n\n\
             | | R1 | R2 | RLsum | R1 − turns | R2 − turns | tuning: R1 | R2 | apart: R1 | R2 |\n|---|---|---|---|---|---|---|---|---|---|\n",
            base.by_record.len()
        );
        for Row { label, system, .. } in &self.rows {
            let more = gained(&system.by_record, &base.by_record).map(|gain| difference(gain.of(Figure::Recall)));
            let more = if std::ptr::eq(system, base) { "|".to_owned() } else { cells(&more[..2]) };
            let scores = cells(&figures(&system.scores, Figure::Recall));
            let _ = writeln!(out, "| {label} | {scores} | {more} | {} |", cells(&[half(system, 0), half(system, 1)].concat()));
        }
        let ahead = ahead(self.rows.iter(), &self.rows[1].system, Figure::Recall);
        let _ = writeln!(out, "\nAhead of `digest` with an interval off zero: {ahead}.");
        out
    }

    /// The row of the short table.
    pub fn short(&self) -> String {
        let two = |system: &System| two(system, Figure::Recall);
        let sum = |row: &&Row| row.system.scores[0].recall.mean + row.system.scores[1].recall.mean;
        let peer = self.rows.iter().filter(|row| row.peer).max_by(|one, other| sum(one).total_cmp(&sum(other)));
        let peer = peer.map_or_else(String::new, |row| format!("{}: {}", row.name, two(&row.system)));
        let [base, ours] = [&self.rows[0].system, &self.rows[1].system];
        let [one, other, _] = gained(&ours.by_record, &base.by_record).map(|gain| difference(gain.of(Figure::Recall)));
        format!("| {SET}, recall of {BYTES} bytes | {BASELINE}: {} | {peer} | | `digest`: {} | {one} | {other} |\n", two(base), two(ours))
    }
}

fn row(system: System) -> Row {
    let name = Path::new(&system.name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let peer = ![METHOD, BASELINE, FIRST].contains(&name.as_str());
    let label = if name == METHOD { format!("**{name}**") } else { name.clone() };
    Row { name, label, order: 0, peer, system }
}

/// Mean recall over every other topic.
fn half(system: &System, from: usize) -> [String; 2] {
    let scores: Vec<Scores> = system.by_record.iter().skip(from).step_by(2).copied().collect();
    let found = measured(&scores);
    [0, 1].map(|measure| format!("{:.2}", found[measure].recall.mean))
}

/// What the peers say of the sentences of all articles of each topic.
fn orders(topics: &[Topic], folder: &Path) -> Orders {
    let question = |topic: &Topic| peers::question(&topic.documents.iter().collect::<Vec<_>>());
    peers::orders(&topics.iter().map(question).collect::<Vec<_>>(), folder)
}

/// The articles of a record.
struct Topic {
    id: String,
    documents: Vec<Document>,
}

impl Topic {
    fn read(line: &str) -> Topic {
        let (docs, _) = read_docs(line, String::new, &Fields::default()).expect("a record").expect("with docs");
        let mut scratch = Scratch::default();
        let documents = docs.articles.into_iter().map(|article| parse(article, &TextOptions::default(), &mut scratch)).collect();
        Topic { id: docs.id, documents }
    }

    /// The sentences of each article that can be chosen.
    fn sentences(&self) -> Vec<Vec<&str>> {
        self.documents.iter().map(|document| document.candidates().into_iter().map(|i| document.slice(i)).collect()).collect()
    }

    fn first(&self) -> String {
        enough(self.sentences().into_iter().flatten())
    }

    fn by_turns(&self) -> String {
        let articles = self.sentences();
        let longest = articles.iter().map(Vec::len).max().unwrap_or(0);
        enough((0..longest).flat_map(|k| articles.iter().filter_map(move |article| article.get(k).copied())))
    }

    /// The best of an order of all sentences.
    fn best(&self, order: &[usize]) -> String {
        let all: Vec<&str> = self.sentences().into_iter().flatten().collect();
        enough(order.iter().map(|&i| all[i]))
    }
}

/// As many sentences as are scored, a line each.
fn enough<'a>(sentences: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for sentence in sentences {
        if out.len() > BYTES {
            break;
        }
        out.push_str(sentence);
        out.push('\n');
    }
    out
}
