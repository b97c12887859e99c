//! What an earlier run left in a directory: its manifest, its record, and which articles are where in its files. What does not fit
//! together is not used; nothing here is changed.

use std::collections::BTreeSet;
use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use super::recorder::unhex;
use super::{Settings, why};
use crate::batch::engine::Engine;
use crate::batch::input::Plan;
use crate::batch::options::{limiting_options, shaping_options};
use crate::batch::output::Directory;
use crate::batch::parse::Fingerprint;
use crate::format::manifest::{self, Manifest, generation};
use crate::format::record::{self, Record};
use crate::format::{frequencies, jsonl};
use crate::summary::frequency::DocumentFrequencies;

/// An earlier run.
pub struct Earlier {
    pub manifest: Manifest,
    /// Its articles, in input order.
    pub articles: Vec<Known>,
    /// Names of its streams; the record itself is the last.
    pub streams: Vec<String>,
    /// Bytes at the start of each stream that are of no article.
    pub heads: Vec<u64>,
    /// The lines of the record.
    pub lines: Vec<u8>,
    /// Articles by fingerprint.
    by_hash: HashMap<Fingerprint, Vec<usize>>,
    /// Files of the manifest that hold one article, by its id.
    pieces: HashMap<Box<str>, Vec<usize>>,
}

/// An article of it.
pub struct Known {
    pub id: Box<str>,
    /// Its id as it came, if that was taken.
    pub first: Option<Box<str>>,
    pub path: Box<str>,
    pub line: Option<u64>,
    pub hash: Fingerprint,
    pub lang: Box<str>,
    /// The table that ranked it, where it is not that of the directory.
    pub generation: Option<Box<str>>,
    pub segments: u64,
    pub locked: u64,
    pub blanks: u64,
    pub words: u32,
    /// Its bytes by index of the stream, the record left out.
    pub bytes: Vec<(usize, Range<u64>)>,
    /// Its line in the record.
    pub at: Range<usize>,
    /// What was noticed: code and words.
    pub warnings: Vec<(Box<str>, Box<str>)>,
}

impl Earlier {
    /// What is in a directory, or why that cannot be gone on from.
    pub fn find(directory: &Directory, engine: &Engine) -> Result<Earlier, &'static str> {
        let manifest = directory.earlier().ok_or(why::FIRST)?;
        if manifest.version != env!("CARGO_PKG_VERSION") || manifest.schema != jsonl::SCHEMA {
            return Err(why::VERSION);
        }
        let file = manifest.file(record::NAME).ok_or(why::RECORD)?;
        let lines = directory.published(record::NAME).map_err(|_| why::RECORD)?;
        if blake3::hash(&lines).to_hex().as_str() != file.blake3 {
            return Err(why::RECORD);
        }
        Earlier::read(manifest.clone(), lines, engine).ok_or(why::RECORD)
    }

    /// What a record tells of files whose lengths the manifest has.
    pub fn read(manifest: Manifest, lines: Vec<u8>, engine: &Engine) -> Option<Earlier> {
        let ends = memchr::memchr_iter(b'\n', &lines);
        let ranges: Vec<Range<usize>> = ends.scan(0, |start, end| Some(std::mem::replace(start, end + 1)..end + 1)).collect();
        let parts: Vec<&[Range<usize>]> = ranges.chunks(PART).collect();
        let read = |part: &[Range<usize>], _: &mut _| -> Option<Vec<Line>> {
            part.iter().map(|range| known(&lines[range.clone()], range.clone())).collect()
        };
        let read: Option<Vec<_>> = engine.map_all(parts, read).into_iter().collect();
        let read: Vec<Line> = read?.into_iter().flatten().collect();
        let names: BTreeSet<&str> = read.iter().flat_map(|(_, bytes)| bytes).map(|(name, _)| name.as_str()).collect();
        let mut streams: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let mut ends = vec![0; streams.len()];
        let mut articles = Vec::with_capacity(read.len());
        for (mut known, bytes) in read {
            for (name, length) in bytes {
                let stream = streams.binary_search(&name).ok()?;
                known.bytes.push((stream, ends[stream]..ends[stream] + length));
                ends[stream] += length;
            }
            articles.push(known);
        }
        let heads: Option<Vec<u64>> =
            streams.iter().zip(&ends).map(|(name, end)| manifest.file(name).and_then(|file| file.bytes.checked_sub(*end))).collect();
        let mut heads = heads?;
        for (stream, range) in articles.iter_mut().flat_map(|known| &mut known.bytes) {
            *range = range.start + heads[*stream]..range.end + heads[*stream];
        }
        streams.push(record::NAME.to_owned());
        heads.push(0);
        let mut by_hash: HashMap<Fingerprint, Vec<usize>> = HashMap::with_capacity(articles.len());
        articles.iter().enumerate().for_each(|(index, known)| by_hash.entry(known.hash).or_default().push(index));
        let mut pieces: HashMap<Box<str>, Vec<usize>> = HashMap::new();
        for (index, file) in manifest.files.iter().enumerate() {
            file.articles.iter().for_each(|id| pieces.entry(id.as_str().into()).or_default().push(index));
        }
        Some(Earlier { manifest, articles, streams, heads, lines, by_hash, pieces })
    }

    /// Whether this run may take anything over from it, or why not.
    pub fn fits(&self, settings: &Settings, plan: &Plan, directory: &Directory) -> Result<(), &'static str> {
        if settings.duplicates.is_some() {
            return Err(why::DUPLICATES);
        }
        if settings.bundle.is_some() {
            return Err(why::BUNDLE);
        }
        let now = shaping_options(settings, &DocumentFrequencies::default()).into_iter().chain(limiting_options(plan)).collect();
        let shaping = |options: &std::collections::BTreeMap<String, serde_json::Value>| {
            // Which table ranked an article is known of each.
            options.clone().into_iter().filter(|(name, _)| !matches!(name.as_str(), "terms" | "frequencies")).collect::<Vec<_>>()
        };
        if shaping(&now) != shaping(&self.manifest.options) {
            return Err(why::OPTIONS);
        }
        let intact = |name: &String| self.manifest.file(name).is_some_and(|file| directory.is_intact(file));
        if self.streams.iter().all(intact) { Ok(()) } else { Err(why::OUTPUT) }
    }

    /// Whether its table was counted from its articles, all of them ranked by it.
    pub fn is_counted(&self) -> bool {
        !self.manifest.options.contains_key("frequencies") && self.articles.iter().all(|known| known.generation.is_none())
    }

    /// The name of its table.
    pub fn generation(&self) -> &str {
        self.manifest.file(frequencies::NAME).map_or("", |file| generation(&file.blake3))
    }

    /// Articles of a fingerprint.
    pub fn of_hash(&self, hash: &Fingerprint) -> &[usize] {
        self.by_hash.get(hash).map_or(&[], |found| found)
    }

    /// Files that hold one article, the one of that id.
    pub fn pieces(&self, id: &str) -> impl Iterator<Item = &manifest::File> {
        self.pieces.get(id).into_iter().flatten().map(|index| &self.manifest.files[*index])
    }

    /// Whether a manifest says the same, but for the files, of which it knows nothing yet.
    pub fn says_the_same(&self, manifest: &Manifest) -> bool {
        let mut manifest = Manifest { files: self.manifest.files.clone(), ..manifest.clone() };
        let messages = manifest.failures.iter_mut().chain(&mut manifest.warnings);
        messages.for_each(|message| message.order = (0, 0));
        manifest == self.manifest
    }
}

/// The table in a directory, if it is as the manifest says.
pub fn table_of(directory: &Directory) -> Option<&manifest::File> {
    directory.earlier()?.file(frequencies::NAME).filter(|file| directory.is_intact(file))
}

/// An article by its line, and the bytes that are its own in each stream.
type Line = (Known, Vec<(String, u64)>);

/// Lines that are read at a time.
const PART: usize = 1024;

/// What a line tells of an article.
fn known(line: &[u8], at: Range<usize>) -> Option<Line> {
    let record = Record::read(line)?;
    let warnings = record.warnings.into_iter().map(|noted| (noted.code.into(), noted.message.into()));
    let known = Known {
        hash: unhex(&record.hash)?,
        id: record.id.into(),
        first: record.first.map(Into::into),
        path: record.path.into(),
        line: record.line,
        lang: record.lang.into(),
        generation: record.generation.map(Into::into),
        segments: record.segments,
        locked: record.locked,
        blanks: record.blanks,
        words: record.words,
        bytes: Vec::with_capacity(record.bytes.len()),
        at,
        warnings: warnings.collect(),
    };
    Some((known, record.bytes.into_iter().map(|(name, length)| (name.into_owned(), length)).collect()))
}
