//! Entries of a translation memory on the way out: TMX, a table, or JSON records with all that is known of each; and the records back
//! again. It keeps no memory.

use std::borrow::Cow;
use std::io::BufRead;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::jsonl::without_line;
use super::lines::Lines;
use super::{tmx, tsv};
use crate::error::Result;
use crate::translation::Entry;
use crate::translation::entry::{Of, Property, Stamp};

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

fn named<'a>(property: &'a Property) -> Named<'a> {
    let of = (property.of != Of::Entry).then(|| property.of.name());
    Named { name: &property.name, value: &property.value, of }
}

fn record(entry: &Entry, _: &str, out: &mut Vec<u8>) {
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
        properties: entry.properties.iter().map(named).collect(),
    };
    serde_json::to_writer(&mut *out, &record).expect("strings and numbers are JSON");
    out.push(b'\n');
}

/// A record that comes back; members that are not known are passed over.
#[derive(Deserialize)]
struct Came {
    #[serde(default)]
    id: String,
    source_lang: String,
    target_lang: String,
    source: String,
    target: String,
    document: Option<String>,
    segment: Option<String>,
    file: Option<String>,
    previous: Option<String>,
    next: Option<String>,
    previous_target: Option<String>,
    next_target: Option<String>,
    origin: Option<String>,
    /// As it is spelled: serde_json reads the last digit of a number only nearly.
    align_score: Option<Box<RawValue>>,
    salience_rank: Option<u32>,
    created: Option<String>,
    created_by: Option<String>,
    changed: Option<String>,
    changed_by: Option<String>,
    last_used: Option<String>,
    #[serde(default)]
    usage_count: u32,
    #[serde(default)]
    codes: u32,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    properties: Vec<CameNamed>,
}

#[derive(Deserialize)]
struct CameNamed {
    name: String,
    value: String,
    #[serde(default)]
    of: String,
}

impl CameNamed {
    fn property(self) -> Property<'static> {
        Property { name: self.name.into(), value: self.value.into(), of: Of::named(&self.of) }
    }
}

impl Came {
    fn entry(self) -> Entry<'static> {
        let some = |text: Option<String>| text.map(Cow::from);
        Entry {
            id: self.id,
            source_lang: self.source_lang.into(),
            target_lang: self.target_lang.into(),
            source: self.source.into(),
            target: self.target.into(),
            document: some(self.document),
            segment: some(self.segment),
            file: some(self.file),
            previous: some(self.previous),
            next: some(self.next),
            previous_target: some(self.previous_target),
            next_target: some(self.next_target),
            origin: some(self.origin),
            align_score: self.align_score.and_then(|score| score.get().parse().ok()).filter(|score: &f64| score.is_finite()),
            salience_rank: self.salience_rank,
            created: Stamp { date: self.created, by: self.created_by },
            changed: Stamp { date: self.changed, by: self.changed_by },
            last_used: self.last_used,
            usage_count: self.usage_count,
            notes: self.notes,
            properties: self.properties.into_iter().map(CameNamed::property).collect(),
            codes: self.codes,
        }
    }
}

/// Whether a file begins with a record of an entry.
pub fn begins(start: &str) -> bool {
    let first = start.lines().next().unwrap_or_default();
    first.starts_with('{') && ["\"source_lang\":", "\"target_lang\":"].iter().all(|member| first.contains(member))
}

/// Reads records of entries, UTF-8. What is broken is handed over with its line as well.
///
/// # Errors
/// It cannot be read, or `take` failed; without its path.
pub fn read(input: &mut dyn BufRead, take: &mut dyn FnMut(u64, Result<Entry<'static>, String>) -> Result<()>) -> Result<()> {
    let mut lines = Lines::new(input);
    while let Some(line) = lines.next()? {
        if line.trim().is_empty() {
            continue;
        }
        let came = serde_json::from_str::<Came>(&line).map_err(|error| format!("invalid JSON: {}", without_line(&error)));
        let whole =
            |entry: Entry<'static>| Some(entry).filter(Entry::is_whole).ok_or("a record without a source or without a target".to_owned());
        take(lines.number(), came.map(Came::entry).and_then(whole))?;
    }
    Ok(())
}
