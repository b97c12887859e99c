//! What an earlier run left in a directory: its manifest, its record, and which articles are where in its files. What does not fit
//! together is not used; nothing here is changed.

use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::OnceLock;

use foldhash::fast::RandomState;
use foldhash::{HashMap, HashMapExt};

use super::recorder::unhex;
use super::{Settings, why};
use crate::batch::engine::Engine;
use crate::batch::input::Plan;
use crate::batch::options::{limiting_options, shaping_options};
use crate::batch::output::Directory;
use crate::batch::parse::{Fingerprint, short};
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
    /// Articles by the start of their fingerprint, sorted, once they are asked for.
    by_hash: OnceLock<Vec<(u64, usize)>>,
    /// Articles by a hash of their id, sorted, once they are asked for.
    by_id: OnceLock<Vec<(u64, usize)>>,
    /// What makes that hash.
    keys: RandomState,
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
    pub bytes: Box<[(usize, Range<u64>)]>,
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
        let mut files: Vec<&manifest::File> = manifest.files.iter().filter(|file| file.articles.is_empty()).collect();
        files.sort_unstable_by_key(|file| &file.name);
        let read = engine.map_all(ranges, |range, _| known(&lines[range.clone()], range, &files));
        let mut articles = read.into_iter().collect::<Option<Vec<Known>>>()?;
        let mut ends = vec![None; files.len()];
        for (file, range) in articles.iter_mut().flat_map(|known| &mut known.bytes) {
            let end = ends[*file].get_or_insert(0);
            *range = *end..*end + range.end;
            *end = range.end;
        }
        let (mut streams, mut heads, mut of_file) = (Vec::new(), Vec::new(), vec![0; files.len()]);
        for ((file, end), stream) in files.iter().zip(ends).zip(&mut of_file) {
            let Some(end) = end else { continue };
            *stream = streams.len();
            streams.push(file.name.clone());
            heads.push(file.bytes.checked_sub(end)?);
        }
        for (file, range) in articles.iter_mut().flat_map(|known| &mut known.bytes) {
            *file = of_file[*file];
            *range = range.start + heads[*file]..range.end + heads[*file];
        }
        streams.push(record::NAME.to_owned());
        heads.push(0);
        let mut pieces: HashMap<Box<str>, Vec<usize>> = HashMap::new();
        for (index, file) in manifest.files.iter().enumerate() {
            file.articles.iter().for_each(|id| pieces.entry(id.as_str().into()).or_default().push(index));
        }
        let (by_hash, by_id, keys) = Default::default();
        Some(Earlier { manifest, articles, streams, heads, lines, by_hash, by_id, keys, pieces })
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
        let (now, then) = (shaping(&now), shaping(&self.manifest.options));
        if now != then {
            return Err(if but_for_memory(now) == but_for_memory(then) { why::MEMORY } else { why::OPTIONS });
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

    /// Articles of a fingerprint, in input order.
    pub fn of_hash(&self, hash: &Fingerprint) -> impl Iterator<Item = usize> {
        let sorted = self.by_hash.get_or_init(|| self.sorted(|known| short(&known.hash)));
        from(sorted, short(hash)).filter(|index| self.articles[*index].hash == *hash)
    }

    /// The article of an id.
    pub fn of_id(&self, id: &str) -> Option<&Known> {
        let key = |id: &str| self.keys.hash_one(id);
        let sorted = self.by_id.get_or_init(|| self.sorted(|known| key(&known.id)));
        from(sorted, key(id)).map(|index| &self.articles[index]).find(|known| *known.id == *id)
    }

    /// Its articles by a key.
    fn sorted(&self, key: impl Fn(&Known) -> u64) -> Vec<(u64, usize)> {
        let mut sorted: Vec<(u64, usize)> = self.articles.iter().zip(0..).map(|(known, index)| (key(known), index)).collect();
        sorted.sort_unstable();
        sorted
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

/// Options without what stands for the entries of a memory.
fn but_for_memory(mut options: Vec<(String, serde_json::Value)>) -> Vec<(String, serde_json::Value)> {
    let leverage = options.iter_mut().filter(|(name, _)| name == "leverage").filter_map(|(_, value)| value.as_object_mut());
    leverage.for_each(|leverage| drop(leverage.remove("memory")));
    options
}

/// The table in a directory, if it is as the manifest says.
pub fn table_of(directory: &Directory) -> Option<&manifest::File> {
    directory.earlier()?.file(frequencies::NAME).filter(|file| directory.is_intact(file))
}

/// The indices of a key in what is sorted.
fn from(sorted: &[(u64, usize)], key: u64) -> impl Iterator<Item = usize> {
    let start = sorted.partition_point(|(found, _)| *found < key);
    sorted[start..].iter().take_while(move |(found, _)| *found == key).map(|(_, index)| *index)
}

/// What a line tells of an article; its bytes by index of the file, from 0 in each.
fn known(line: &[u8], at: Range<usize>, files: &[&manifest::File]) -> Option<Known> {
    let record = Record::read(line)?;
    let warnings = record.warnings.into_iter().map(|noted| (noted.code.into(), noted.message.into()));
    let file = |name: &str| files.binary_search_by(|file| file.name.as_str().cmp(name)).ok();
    let bytes = record.bytes.iter().map(|(name, length)| Some((file(name)?, 0..*length)));
    Some(Known {
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
        bytes: bytes.collect::<Option<_>>()?,
        at,
        warnings: warnings.collect(),
    })
}
