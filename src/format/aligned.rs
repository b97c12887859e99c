//! A text and its translation on the way out, bead by bead: a memory (TMX) of what is sure, a table, JSON records, or the plain
//! notation of scorers; and a table of what did not go into the memory, with the reason. It aligns nothing and decides nothing.

use serde::Serialize;

use super::{beads, one_line, tmx};
use crate::translation::align::Bead;
use crate::translation::aligned::{Aligned, Side, Verdict, rounded};

/// A format of aligned texts.
pub struct AlignOutput {
    /// The name that `-t` takes, and the ending of its files.
    pub name: &'static str,
    /// What stands before the first pair, given the language of its source and a date for memories.
    pub head: fn(&str, Option<String>) -> Vec<u8>,
    /// Appends a pair, to a file whose head names that language.
    pub write: fn(&Aligned, &str, &mut Vec<u8>),
    /// What stands after the last pair.
    pub foot: &'static str,
    /// Whether it holds only what is sure, so that the rest goes elsewhere.
    pub sure_only: bool,
    /// Whether a file may hold several pairs.
    pub several: bool,
}

/// Every format of aligned texts; the first is the default. A new one is a function and a line here.
pub const ALIGNED: &[AlignOutput] = &[
    AlignOutput { name: "tmx", head: memory_head, write: memory, foot: "  </body>\n</tmx>\n", sure_only: true, several: true },
    AlignOutput { name: "tsv", head: |_, _| HEADER.into(), write: table, foot: "", sure_only: false, several: true },
    AlignOutput { name: "jsonl", head: nothing, write: records, foot: "", sure_only: false, several: true },
    AlignOutput { name: "beads", head: nothing, write: plain, foot: "", sure_only: false, several: false },
];

/// The header row of tables.
pub const HEADER: &str = "article\tsource_segments\ttarget_segments\tconfidence\treason\tsource\ttarget\n";

fn nothing(_: &str, _: Option<String>) -> Vec<u8> {
    Vec::new()
}

fn memory_head(lang: &str, created: Option<String>) -> Vec<u8> {
    let mut out = Vec::new();
    tmx::begin(&tmx::Header::new(lang, concat!("epitome ", env!("CARGO_PKG_VERSION")), created), &mut out);
    out
}

fn memory(aligned: &Aligned, lang: &str, out: &mut Vec<u8>) {
    aligned.entries().iter().for_each(|entry| {
        tmx::entry(entry, lang, out);
    });
}

fn table(aligned: &Aligned, _: &str, out: &mut Vec<u8>) {
    aligned.beads.iter().for_each(|bead| row(aligned, bead, out));
}

/// The rows of what is not sure or has one side only, without the header.
pub fn rest(aligned: &Aligned, out: &mut Vec<u8>) {
    aligned.beads.iter().filter(|bead| aligned.verdict(bead) != Verdict::Kept).for_each(|bead| row(aligned, bead, out));
}

fn row(aligned: &Aligned, bead: &Bead, out: &mut Vec<u8>) {
    let (source, target) = (bead.source.clone(), bead.target.clone());
    let row = [
        one_line(aligned.id).into_owned(),
        aligned.source.ids(source.clone()),
        aligned.target.ids(target.clone()),
        rounded(bead.confidence).to_string(),
        aligned.verdict(bead).reason().to_owned(),
        one_line(&aligned.source.text(source)).into_owned(),
        one_line(&aligned.target.text(target)).into_owned(),
    ];
    out.extend_from_slice(row.join("\t").as_bytes());
    out.push(b'\n');
}

#[derive(Serialize)]
struct Record<'a> {
    article: &'a str,
    source: &'a [usize],
    target: &'a [usize],
    confidence: f64,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'static str,
    source_segments: Vec<String>,
    target_segments: Vec<String>,
    source_text: String,
    target_text: String,
}

fn records(aligned: &Aligned, _: &str, out: &mut Vec<u8>) {
    for bead in aligned.beads {
        let ids = |side: &Side, range: std::ops::Range<usize>| range.map(|at| side.document.segment_id(at)).collect();
        let record = Record {
            article: aligned.id,
            source: &aligned.source.indices[bead.source.clone()],
            target: &aligned.target.indices[bead.target.clone()],
            confidence: rounded(bead.confidence),
            reason: aligned.verdict(bead).reason(),
            source_segments: ids(aligned.source, bead.source.clone()),
            target_segments: ids(aligned.target, bead.target.clone()),
            source_text: aligned.source.text(bead.source.clone()),
            target_text: aligned.target.text(bead.target.clone()),
        };
        serde_json::to_writer(&mut *out, &record).expect("strings and numbers are JSON");
        out.push(b'\n');
    }
}

fn plain(aligned: &Aligned, _: &str, out: &mut Vec<u8>) {
    for bead in aligned.beads {
        beads::push(&aligned.source.indices[bead.source.clone()], &aligned.target.indices[bead.target.clone()], out);
    }
}
