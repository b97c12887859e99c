//! Translation memories in files: entries come in from TMX, XLIFF and tables (`import`), go out again as they came, are counted and taken
//! out, and are loaded to look sentences up in. A memory is one SQLite file that every program can open; all that speaks SQL is in
//! `store` and `rows`. What becomes of an entry that comes in, and which of two translations of a segment counts, is said in `adding`. What
//! changes a memory is one transaction: a process that dies leaves it as it was.

mod adding;
mod import;
mod rows;
mod store;

use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Duration;

use super::named::{decode_xml, open_named};
use crate::error::{Error, ErrorKind, Place, Result, Warning, WarningKind};
use crate::format::memory::MemoryOutput;
use crate::format::tmx;
use crate::lang::Lang;
use crate::translation::Entry;
use crate::translation::memory::{Maker, Memory};

pub use import::{Import, Imported, import};
use store::{MAGIC, Store};

/// How long another process is waited for.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Which entries of a memory are meant; all that nothing here speaks against.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Language of the source: `en` means every region of it, `en-US` that one.
    pub source_lang: Option<Lang>,
    /// Language of the target, in the same way.
    pub target_lang: Option<Lang>,
    /// Id of the article.
    pub document: Option<String>,
    /// How the two sides came together, such as `merge` or `align`.
    pub origin: Option<String>,
    /// The id of the entry.
    pub id: Option<String>,
}

/// What there is to say about a memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// Version of how it is stored.
    pub schema: i64,
    /// Entries in it.
    pub entries: u64,
    /// Articles that they are from, by their ids.
    pub documents: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// Languages of source and target with the number of their entries, in order of tags.
    pub pairs: Vec<(String, String, u64)>,
    /// How the entries came together with their number, in order of names; empty for those that do not say.
    pub origins: Vec<(String, u64)>,
    /// What is broken in it; empty if it is sound.
    pub faults: Vec<String>,
}

/// What a memory is and whether it is sound.
///
/// # Errors
/// It is not there, is no memory, or cannot be read.
pub fn memory_info(path: &Path) -> Result<Info> {
    Store::open(path, PATIENCE)?.info()
}

/// Writes entries of a memory in the order in which they came; gives their number.
///
/// # Errors
/// The memory is not there, is none, or cannot be read; or `out` cannot be written.
pub fn export(path: &Path, filter: &Filter, output: &MemoryOutput, created: Option<String>, out: &mut dyn Write) -> Result<u64> {
    let store = Store::open(path, PATIENCE)?;
    let mut langs = store.source_langs(filter)?;
    let lang = if langs.len() == 1 { langs.remove(0) } else { "*all*".to_owned() };
    let mut bytes = (output.head)(&lang, created);
    let mut count = 0;
    let failed = |error| Error::from(ErrorKind::Io("cannot write", error));
    store.each(filter, &mut |entry| {
        (output.write)(&entry, &lang, &mut bytes);
        count += 1;
        if bytes.len() > PORTION {
            out.write_all(&bytes).map_err(failed)?;
            bytes.clear();
        }
        Ok(())
    })?;
    bytes.extend_from_slice(output.foot.as_bytes());
    out.write_all(&bytes).and_then(|()| out.flush()).map_err(failed)?;
    Ok(count)
}

/// Bytes that are written at once.
const PORTION: usize = 1 << 16;

/// Takes entries out of a memory, or only counts them; gives their number.
///
/// # Errors
/// The memory is not there, is none, or cannot be written; or another process is using it.
pub fn remove(path: &Path, filter: &Filter, dry_run: bool) -> Result<u64> {
    let store = Store::open(path, PATIENCE)?;
    if dry_run { store.count(filter) } else { store.remove(filter) }
}

/// What begins like no TMX is no memory at all.
fn of_neither(error: Error) -> Error {
    match error.kind {
        ErrorKind::Xml(cause) => Error { kind: ErrorKind::NeitherMemory(cause), ..error },
        _ => error,
    }
}

/// Refuses a file that entries could not be taken into, before there are any: one that is no memory, or in no directory.
pub(super) fn check_memory(path: &Path) -> Result<()> {
    if path.exists() { Store::open(path, PATIENCE).map(|_| ()) } else { store::check_path(path, false) }
}

/// A memory of a pair of languages, to look sentences up in: from a memory's file, or straight from a TMX. What stands in a TMX and is
/// broken is passed over. Regions of the languages are taken along.
///
/// # Errors
/// The file is not there, is no memory and no TMX, or cannot be read.
pub fn load_memory(path: &Path, source: Option<&Lang>, target: Option<&Lang>) -> Result<Memory> {
    let mut maker = Maker::default();
    let filter = Filter { source_lang: source.cloned(), target_lang: target.cloned(), ..Filter::default() };
    let languages = tmx::Languages { source: source.cloned(), target: target.cloned() };
    let add = &mut |entry: Entry<'static>| {
        maker.add(&entry);
        Ok(())
    };
    each_entry(path, languages, &filter, add, &mut |_| ())?;
    Ok(maker.finish(source))
}

/// Hands over entries in order: of a memory's file those that a filter means, of a TMX those in languages. Of what is broken in a TMX and
/// passed over it tells where and why, and gives the number of entries that are lost.
pub(super) fn each_entry(
    path: &Path,
    languages: tmx::Languages,
    filter: &Filter,
    take: &mut dyn FnMut(Entry<'static>) -> Result<()>,
    warn: &mut dyn FnMut(Warning),
) -> Result<u64> {
    let placed = |error: Error| error.at(Place::path(path.display().to_string()));
    let mut input = open_named(path)?;
    let start = input.fill_buf().map_err(|error| placed(ErrorKind::Io("cannot read it", error).into()))?;
    if start.is_empty() || start.starts_with(MAGIC) {
        let store = Store::open(path, PATIENCE)?;
        return store.check().and_then(|()| store.each(filter, take)).map(|()| 0);
    }
    let input = super::read::decompressed(input).map_err(|error| placed(ErrorKind::Io("cannot read it", error).into()))?;
    let opened = decode_xml(input).and_then(|input| tmx::Reader::new(input, languages));
    let mut reader = opened.map_err(of_neither).map_err(placed)?;
    loop {
        let entry = reader.next();
        for fault in reader.faults() {
            let place = Place { line: Some(fault.line), ..Place::path(path.display().to_string()) };
            warn(Warning { kind: WarningKind::Entry(fault.cause), place });
        }
        match entry {
            Some(entry) => entry.and_then(&mut *take).map_err(placed)?,
            None => return Ok(reader.counts().broken),
        }
    }
}
