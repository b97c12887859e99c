//! Entries of a translation memory on the way out: TMX, a table, or JSON records with all that is known of each. It keeps no memory.

use serde::Serialize;

use super::{tmx, tsv};
use crate::translation::Entry;
use crate::translation::entry::Of;

/// A format of entries.
#[derive(Debug)]
pub struct MemoryOutput {
    /// The name that `-t` takes.
    pub name: &'static str,
    /// What stands before the first entry, given the language of the sources (several: `*all*`) and a date for memories.
    pub head: fn(&str, Option<String>) -> Vec<u8>,
    /// Appends an entry, to a file whose head names that language.
    pub write: fn(&Entry, &str, &mut Vec<u8>),
    /// What stands after the last entry.
    pub foot: &'static str,
}

/// Every format of entries; the first is the default. A new one is a function and a line here.
pub const MEMORY: &[MemoryOutput] = &[
    MemoryOutput { name: "tmx", head: memory_head, write: unit, foot: "  </body>\n</tmx>\n" },
    MemoryOutput { name: "tsv", head: |_, _| tsv::ENTRIES_HEADER.into(), write: |entry, _, out| tsv::write_entry(entry, out), foot: "" },
    MemoryOutput { name: "jsonl", head: |_, _| Vec::new(), write: record, foot: "" },
];

fn memory_head(lang: &str, created: Option<String>) -> Vec<u8> {
    let mut out = Vec::new();
    // Who cut the sentences of a memory from many hands is not known.
    tmx::begin(&tmx::Header { properties: Vec::new(), ..tmx::Header::new(lang, "", created) }, &mut out);
    out
}

fn unit(entry: &Entry, lang: &str, out: &mut Vec<u8>) {
    tmx::entry(entry, lang, out);
}

#[derive(Serialize)]
struct Record<'a> {
    id: String,
    source_lang: &'a str,
    target_lang: &'a str,
    source: &'a str,
    target: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    segment: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_target: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_target: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    align_score: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    salience_rank: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used: Option<&'a str>,
    usage_count: u32,
    codes: u32,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Named<'a>>,
}

/// A property; `of` is `source`, `target`, or not there for the entry.
#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<&'static str>,
}

fn record(entry: &Entry, _: &str, out: &mut Vec<u8>) {
    let of = |of: Of| (of != Of::Entry).then(|| of.name());
    let record = Record {
        id: entry.tuid(),
        source_lang: &entry.source_lang,
        target_lang: &entry.target_lang,
        source: &entry.source,
        target: &entry.target,
        document: entry.document.as_deref(),
        segment: entry.segment.as_deref(),
        file: entry.file.as_deref(),
        previous: entry.previous.as_deref(),
        next: entry.next.as_deref(),
        previous_target: entry.previous_target.as_deref(),
        next_target: entry.next_target.as_deref(),
        origin: entry.origin.as_deref(),
        align_score: entry.align_score,
        salience_rank: entry.salience_rank,
        created: entry.created.date.as_deref(),
        created_by: entry.created.by.as_deref(),
        changed: entry.changed.date.as_deref(),
        changed_by: entry.changed.by.as_deref(),
        last_used: entry.last_used.as_deref(),
        usage_count: entry.usage_count,
        codes: entry.codes,
        notes: &entry.notes,
        properties: entry.properties.iter().map(|p| Named { name: &p.name, value: &p.value, of: of(p.of) }).collect(),
    };
    serde_json::to_writer(&mut *out, &record).expect("strings and numbers are JSON");
    out.push(b'\n');
}
