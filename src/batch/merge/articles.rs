//! The articles that translations are merged into, by id: where each is, so that it can be read again when its translation comes.
//! Files are read from where they are; lines of JSON, which may be compressed or come through a pipe, are copied to a temporary
//! file once. Only places stay in memory.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, OnceLock, PoisonError};

use foldhash::HashMap;

use crate::article::{Article, Origin};
use crate::batch::Settings;
use crate::batch::books::Books;
use crate::batch::engine::{Engine, guarded};
use crate::batch::input::{Plan, Source};
use crate::batch::parse::article_of;
use crate::batch::read::{Job, Payload, Reader};
use crate::error::{Error, Result, Warning, WarningKind};
use crate::format::bitext::sha256;
use crate::format::one_line;
use crate::translation::Bitext;

/// Where every article is.
pub struct Articles<'a> {
    sources: &'a [Source],
    settings: &'a Settings,
    places: HashMap<Box<str>, At>,
    /// Ids with tabs or line breaks in them, by what they are on one line.
    lines: HashMap<Box<str>, Box<str>>,
    copies: Mutex<File>,
    /// Ids were met twice, so that they depend on the order of the sources.
    renamed: bool,
    /// Ids by the hashes of texts, `None` for a text that several have; made when it is first asked for.
    hashes: OnceLock<HashMap<String, Option<Box<str>>>>,
}

/// Where an article is.
#[derive(Clone, Copy)]
struct At {
    source: u32,
    record: u64,
    line: u64,
    /// Bytes of the copy: their start and number, none for a file of its own.
    copy: Option<(u64, u32)>,
}

impl<'a> Articles<'a> {
    /// Reads over the sources, giving ids as a run does.
    pub fn find(plan: &'a Plan, settings: &'a Settings, engine: &Engine, books: &mut Books) -> Result<Articles<'a>> {
        let doing = |error| Error::io("cannot copy the input for a second pass", "the directory of temporary files", error);
        let mut copies = BufWriter::with_capacity(1 << 18, tempfile::tempfile().map_err(doing)?);
        let (mut places, mut lines) = (HashMap::default(), HashMap::<Box<str>, Box<str>>::default());
        let (mut length, mut renamed) = (0u64, false);
        let mut reader = Reader::new(&plan.sources, None);
        engine.chunks(&mut reader, |jobs, block, consumed| {
            let count = jobs.len() as u64;
            let found = engine.map(jobs, |job, _| Found::new(job, block, &plan.sources, settings));
            for Found { source, origin, id, bytes } in found {
                let id = match id {
                    Ok(id) => id,
                    Err(error) => {
                        let kind = WarningKind::PassedOver(format!("an article that cannot be read ({})", error.kind));
                        books.warn(Warning { kind, place: error.place });
                        continue;
                    }
                };
                let settled = books.settle_id(&id, || origin.place());
                renamed |= settled.is_some();
                let id = settled.unwrap_or_else(|| id.into());
                let bytes = bytes.as_ref().map(|bytes| bytes.of(block));
                let copy = bytes.map(|bytes| (length, bytes.len() as u32));
                if let Some(bytes) = bytes {
                    copies.write_all(bytes).map_err(doing)?;
                    length += bytes.len() as u64;
                }
                if let Cow::Owned(line) = one_line(&id) {
                    lines.insert(line.into(), id.clone());
                }
                places.insert(id, At { source: source as u32, record: origin.record, line: origin.line.unwrap_or(0), copy });
            }
            books.observer.advanced(count, consumed);
            Ok(())
        })?;
        let copies = copies.into_inner().map_err(|error| doing(error.into_error()))?;
        Ok(Articles { sources: &plan.sources, settings, places, lines, copies: Mutex::new(copies), renamed, hashes: OnceLock::new() })
    }

    /// The id of the article that a bitext is of: its own, unless that depends on the order of the sources; else that of the only
    /// article with the text that was sent; else what its path names, where a tool lost the id.
    pub fn of(&self, bitext: &Bitext) -> Option<String> {
        let own = Some(bitext.id.as_str()).filter(|id| !self.renamed && self.places.contains_key(*id)).map(str::to_owned);
        own.or_else(|| self.by_hash(bitext.property("sha256")?))
            .or_else(|| self.id_of(bitext).map(str::to_owned))
            .or_else(|| self.lines.get(bitext.id.as_str()).map(|id| id.to_string()))
    }

    fn by_hash(&self, sent: &str) -> Option<String> {
        let hashes = self.hashes.get_or_init(|| {
            let mut hashes = HashMap::default();
            for id in self.places.keys() {
                let Ok(article) = self.load(id) else { continue };
                hashes.entry(sha256(article.text())).and_modify(|known| *known = None).or_insert_with(|| Some(id.clone()));
            }
            hashes
        });
        hashes.get(&sent.trim().to_ascii_lowercase())?.as_deref().map(str::to_owned)
    }

    /// What its own words name.
    fn id_of<'b>(&self, bitext: &'b Bitext) -> Option<&'b str> {
        let known = |id: &&str| self.places.contains_key(*id);
        let stem = without_endings(&bitext.original);
        let tails = |path: &'b str| path.match_indices(['/', '\\', '#']).map(move |(at, _)| &path[at + 1..]);
        [bitext.id.as_str(), &bitext.original, stem].into_iter().chain(tails(&bitext.original)).chain(tails(stem)).find(known)
    }

    /// Reads an article again.
    pub fn load(&self, id: &str) -> Result<Article> {
        let at = self.places[id];
        let source = &self.sources[at.source as usize];
        let line = Some(at.line).filter(|line| *line > 0);
        let origin = Origin { path: source.shown.clone(), record: at.record, line };
        let place = origin.place();
        let load = || {
            let bytes = at.copy.map(|copy| self.copied(copy)).transpose()?;
            let (payload, block) = match bytes {
                None => (Payload::File, Vec::new()),
                Some(bytes) if line.is_some() => (Payload::Line(0..bytes.len()), bytes),
                Some(bytes) => (Payload::Text(bytes), Vec::new()),
            };
            let job = Job { source: at.source as usize, origin, payload };
            article_of(job, &block, self.sources, self.settings)
        };
        let (mut article, _, _) = guarded(load).map_err(|error| error.at(place))?;
        article.id = id.to_owned();
        Ok(article)
    }

    fn copied(&self, (start, length): (u64, u32)) -> Result<Vec<u8>> {
        let doing = |error| Error::io("cannot read the copied input", "the directory of temporary files", error);
        let mut bytes = vec![0; length as usize];
        let mut file = self.copies.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(start)).map_err(doing)?;
        file.read_exact(&mut bytes).map_err(doing)?;
        Ok(bytes)
    }
}

/// A path without the endings that tools and this crate give.
fn without_endings(path: &str) -> &str {
    const ENDINGS: [&str; 12] =
        [".sdlxliff", ".mqxliff", ".mxliff", ".xliff", ".xlf", ".txt", ".text", ".jsonl", ".ndjson", ".json", ".gz", ".zst"];
    let mut stem = path;
    while let Some(shorter) = ENDINGS.iter().find_map(|ending| stem.strip_suffix(ending)).filter(|shorter| !shorter.is_empty()) {
        stem = shorter;
    }
    stem
}

/// An article while it is looked for.
struct Found {
    source: usize,
    origin: Origin,
    id: Result<String, Box<Error>>,
    bytes: Option<Bytes>,
}

/// The bytes of a job that is no file of its own.
enum Bytes {
    Line(std::ops::Range<usize>),
    Text(Vec<u8>),
}

impl Bytes {
    fn of<'b>(&'b self, block: &'b [u8]) -> &'b [u8] {
        match self {
            Bytes::Line(range) => &block[range.clone()],
            Bytes::Text(bytes) => bytes,
        }
    }
}

impl Found {
    fn new(job: Job, block: &[u8], sources: &[Source], settings: &Settings) -> Found {
        let (source, origin) = (job.source, job.origin.clone());
        let (id, bytes) = match job.payload {
            Payload::File => (Ok(sources[source].id.clone()), None),
            Payload::Text(bytes) => (Ok(sources[source].id.clone()), Some(Bytes::Text(bytes))),
            Payload::Failed(error) => (Err(error), None),
            Payload::Line(range) => {
                let bytes = Some(Bytes::Line(range.clone()));
                let job = Job { payload: Payload::Line(range), ..job };
                let read = guarded(|| article_of(job, block, sources, settings).map(|(article, ..)| article.id));
                (read.map_err(|error| Box::new(error.at(origin.place()))), bytes)
            }
        };
        Found { source, origin, id, bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lose_the_endings_of_tools() {
        assert_eq!(without_endings("C:\\work\\fed.txt.xlf.sdlxliff"), "C:\\work\\fed");
        assert_eq!(without_endings(".txt"), ".txt");
    }
}
