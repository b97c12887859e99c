//! Files into a memory: TMX as a stream, XLIFF and tables of segments through the readers of `merge`, tables of two columns, records that a
//! memory gave out. All files are one transaction, and each is taken whole or, if it breaks off, not at all; what can be passed over in it
//! is told by its line.

use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use super::PATIENCE;
use super::adding::Added;
use super::store::{Store, is_same};
use crate::batch::Observer;
use crate::batch::decode::known;
use crate::batch::engine::guarded;
use crate::batch::named::{decode_xml, files_within, open_named};
use crate::batch::read::decompressed;
use crate::error::{Error, ErrorKind, Place, Result, Warning, WarningKind};
use crate::format::returned::{Opened, Returned};
use crate::format::{memory, tmx, tsv};
use crate::lang::Lang;
use crate::translation::entry::{Entry, entries};
use crate::translation::{Bitext, Part};

/// How files are imported.
#[derive(Clone, Debug)]
pub struct Import {
    /// The language of the sources: of TMX and XLIFF only what is in it is taken, of files that name none it is theirs.
    pub source_lang: Option<Lang>,
    /// The language of the targets, in the same way.
    pub target_lang: Option<Lang>,
    /// How long another process that writes to the memory is waited for.
    pub patience: Duration,
    /// What comes is newer than what is there, whatever the dates: translations that came back to their articles.
    pub latest: bool,
}

impl Default for Import {
    fn default() -> Import {
        Import { source_lang: None, target_lang: None, patience: PATIENCE, latest: false }
    }
}

/// What became of the entries of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The file.
    pub path: String,
    /// Entries that were not there.
    pub new: u64,
    /// Entries that were there.
    pub known: u64,
    /// Entries that were there and of which something else is said now.
    pub renewed: u64,
    /// Entries that took the place of an older translation of their segment.
    pub replaced: u64,
    /// Entries that were passed over, for a newer translation of their segment was there.
    pub older: u64,
    /// What is broken and was passed over.
    pub broken: u64,
    /// What is in another language than those that were asked for.
    pub elsewhere: u64,
    /// Entries of which a language is one that was asked for but for its region or script.
    pub near: u64,
    /// Inline codes that were left out.
    pub codes: u64,
}

/// Endings of files that are found in directories.
const ENDINGS: &[&str] = &["tmx", "xlf", "xliff", "sdlxliff", "mqxliff", "mxliff"];

/// Takes the files into a memory, which is made if it is not there; gives what became of each and how many failed. A file that cannot be
/// read is told to the observer and stops no other.
///
/// # Errors
/// The memory cannot be written or is none, another process is using it, or no file could be read: it is as it was.
pub fn import(paths: &[PathBuf], memory: &Path, how: &Import, observer: &dyn Observer) -> Result<(Vec<Imported>, u64)> {
    let files = files(paths)?;
    let store = Store::begin(memory, how.patience)?;
    let (mut done, mut failures) = (Vec::new(), 0);
    for path in &files {
        let place = Place::path(path.display().to_string());
        let mut file = File { store: &store, how, observer, place: &place, memory: None, sum: Imported::default() };
        let read = store.whole(|| file.read(path));
        match (read, file.memory) {
            (_, Some(error)) => return Err(error),
            (Ok(()), None) => done.push(Imported { path: path.display().to_string(), ..file.sum }),
            (Err(error), None) => {
                failures += 1;
                observer.failed(&error.at(place.clone()));
            }
        }
    }
    if done.is_empty() {
        return Err(ErrorKind::NothingImported(failures).into());
    }
    store.commit()?;
    Ok((done, failures))
}

/// The files named, and those in directories.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        let found = if path.is_dir() { files_within(path, None, is_found) } else { vec![path.clone()] };
        if found.is_empty() {
            return Err(ErrorKind::NoTranslations(path.display().to_string()).into());
        }
        files.extend(found);
    }
    Ok(files)
}

/// Whether a file of a directory is read, by its name.
fn is_found(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let bare = lower.strip_suffix(".gz").or_else(|| lower.strip_suffix(".zst")).unwrap_or(&lower);
    bare.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

/// A file on its way into the memory.
struct File<'a> {
    store: &'a Store,
    how: &'a Import,
    observer: &'a dyn Observer,
    place: &'a Place,
    /// What is wrong with the memory, as against the file.
    memory: Option<Error>,
    sum: Imported,
}

impl File<'_> {
    /// Takes what another thread reads meanwhile.
    fn read(&mut self, path: &Path) -> Result<()> {
        let how = self.how;
        std::thread::scope(|scope| {
            let (sender, receiver) = sync_channel(WAITING);
            let reading = scope.spawn(move || guarded(|| read(path, how, &mut |came| sender.send(came).map_err(|_| nobody()))));
            for came in receiver {
                self.take(came)?;
            }
            reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    fn take(&mut self, came: Came) -> Result<()> {
        match came {
            Came::Entries(entries) => return entries.iter().try_for_each(|entry| self.add(entry)),
            Came::Broken(line, cause) => {
                self.sum.broken += 1;
                self.warn(Warning { kind: WarningKind::Entry(cause), place: Place { line: Some(line), ..Place::default() } });
            }
            Came::Noticed(warning) => self.warn(warning),
            Came::Counted(counts) => {
                (self.sum.broken, self.sum.elsewhere, self.sum.near, self.sum.codes) =
                    (counts.broken, counts.elsewhere, counts.near, counts.codes);
            }
            Came::Bitext(bitext) => return self.bitext(*bitext),
        }
        Ok(())
    }

    fn warn(&mut self, warning: Warning) {
        self.sum.broken += u64::from(matches!(warning.kind, WarningKind::Row(_)));
        self.observer.warning(&Warning { place: Place { path: self.place.path.clone(), ..warning.place }, kind: warning.kind });
    }

    fn bitext(&mut self, mut bitext: Bitext) -> Result<()> {
        let translated = keep_translations(&mut bitext);
        let wanted = [&self.how.source_lang, &self.how.target_lang];
        let mut near = false;
        for (wanted, named) in wanted.into_iter().zip([&mut bitext.source_lang, &mut bitext.target_lang]) {
            match (wanted, &named) {
                (Some(wanted), Some(tag)) if !is_near(tag, wanted) => {
                    self.sum.elsewhere += translated;
                    return Ok(());
                }
                (Some(wanted), Some(tag)) => near |= !is_same(tag, wanted),
                (Some(wanted), None) => *named = Some(wanted.tag().to_owned()),
                (None, _) => {}
            }
        }
        if bitext.target_lang.is_none() && translated > 0 {
            return Err(ErrorKind::NoLanguage.into());
        }
        self.sum.near += if near { translated } else { 0 };
        for entry in entries(&bitext, None, ORIGIN) {
            self.sum.codes += u64::from(entry.codes);
            self.add(&entry)?;
        }
        Ok(())
    }

    fn add(&mut self, entry: &Entry) -> Result<()> {
        match self.store.add(entry, self.how.latest) {
            Ok(Added::New) => self.sum.new += 1,
            Ok(Added::Known) => self.sum.known += 1,
            Ok(Added::Renewed) => self.sum.renewed += 1,
            Ok(Added::Replaced) => self.sum.replaced += 1,
            Ok(Added::Older) => self.sum.older += 1,
            Err(error) => {
                self.memory = Some(error);
                return Err(nobody());
            }
        }
        Ok(())
    }
}

/// What is read of a file.
enum Came {
    Entries(Vec<Entry<'static>>),
    /// Something that is passed over, by its line.
    Broken(u64, String),
    Noticed(Warning),
    /// What a TMX had in it, at its end.
    Counted(tmx::Counts),
    /// An article that came back from translators.
    Bitext(Box<Bitext>),
}

/// Portions of what is read that may wait to be taken, and entries of one.
const WAITING: usize = 8;
const PORTION: usize = 128;

/// Where what is read goes; an error if nobody takes it any more.
type Send<'a> = &'a mut dyn FnMut(Came) -> Result<()>;

fn nobody() -> Error {
    ErrorKind::Usage("nobody takes what is read".to_owned()).into()
}

/// Reads a file, whatever its format.
fn read(path: &Path, how: &Import, send: Send) -> Result<()> {
    let unread = |error| Error::from(ErrorKind::Io("cannot read it", error));
    let mut input = if path.as_os_str() == "-" {
        decompressed(io::stdin()).map_err(unread)?
    } else {
        decompressed(open_named(path)?).map_err(unread)?
    };
    if let Some(what) = known(input.fill_buf().map_err(unread)?) {
        return Err(ErrorKind::Packed(what).into());
    }
    let mut input = BufReader::with_capacity(START, decode_xml(input)?);
    let start = String::from_utf8_lossy(input.fill_buf().map_err(unread)?).into_owned();
    match start.trim_start_matches('\u{feff}').trim_start() {
        "" if start.len() < START => Err(ErrorKind::NoContent.into()),
        start if start.starts_with('<') && !is_xliff(start) => read_tmx(input, how, send),
        start if memory::begins(start) => read_records(input, how, send),
        start if start.starts_with(['<', '{']) || tsv::begins(start) => read_returned(Returned::of_start(start), input, send),
        _ => read_table(input, how, send),
    }
}

fn read_tmx(input: impl BufRead, how: &Import, send: Send) -> Result<()> {
    let languages = tmx::Languages { source: how.source_lang.clone(), target: how.target_lang.clone() };
    let mut reader = tmx::Reader::new(input, languages)?;
    let mut portion = Vec::with_capacity(PORTION);
    loop {
        let entry = reader.next().transpose()?;
        for fault in reader.faults() {
            let place = Place { line: Some(fault.line), ..Place::default() };
            send(Came::Noticed(Warning { kind: WarningKind::Entry(fault.cause), place }))?;
        }
        let ended = entry.is_none();
        portion.extend(entry);
        if portion.len() == PORTION || ended {
            send(Came::Entries(std::mem::replace(&mut portion, Vec::with_capacity(PORTION))))?;
        }
        if ended {
            return send(Came::Counted(reader.counts()));
        }
    }
}

/// What came back from translators, an article at a time.
fn read_returned(format: &Returned, input: impl BufRead + 'static, send: Send) -> Result<()> {
    let opened = Opened { files: vec![Box::new(input)], langs: [None, None] };
    (format.read)(opened, &mut |bitext, warnings| {
        warnings.into_iter().try_for_each(|warning| send(Came::Noticed(warning)))?;
        send(Came::Bitext(Box::new(bitext)))
    })
}

/// A table of sources and targets without articles.
fn read_table(mut input: impl BufRead, how: &Import, send: Send) -> Result<()> {
    let langs = [&how.source_lang, &how.target_lang].map(|lang| lang.as_ref().map(|lang| lang.tag().to_owned()));
    tsv::read_entries(&mut input, &langs, &mut |line, entry| match entry {
        Ok(entry) => send(Came::Entries(vec![Entry { origin: entry.origin.or(Some(ORIGIN.into())), ..entry }])),
        Err(cause) => send(Came::Broken(line, cause)),
    })
}

/// Entries as a memory gives them out in JSON Lines.
fn read_records(mut input: impl BufRead, how: &Import, send: Send) -> Result<()> {
    let mut counts = tmx::Counts::default();
    memory::read(&mut input, &mut |line, entry| {
        let entry = match entry {
            Ok(entry) => entry,
            Err(cause) => {
                counts.broken += 1;
                let place = Place { line: Some(line), ..Place::default() };
                return send(Came::Noticed(Warning { kind: WarningKind::Entry(cause), place }));
            }
        };
        let tags = [(&entry.source_lang, &how.source_lang), (&entry.target_lang, &how.target_lang)];
        let asked = || tags.into_iter().filter_map(|(tag, wanted)| Some((tag, wanted.as_ref()?)));
        if asked().any(|(tag, wanted)| !is_near(tag, wanted)) {
            counts.elsewhere += 1;
            return Ok(());
        }
        counts.near += u64::from(asked().any(|(tag, wanted)| !is_same(tag, wanted)));
        counts.codes += u64::from(entry.codes);
        send(Came::Entries(vec![entry]))
    })?;
    send(Came::Counted(counts))
}

/// Bytes from the start by which a format is told.
const START: usize = 64 << 10;

/// How entries came together that came as a translator's file.
const ORIGIN: &str = "import";

/// Whether the root element of an XML file is that of XLIFF.
fn is_xliff(start: &str) -> bool {
    let root = start.split('<').skip(1).find(|piece| piece.starts_with(char::is_alphabetic)).unwrap_or("");
    let name = root.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or("");
    name.rsplit(':').next() == Some("xliff")
}

fn is_near(tag: &str, wanted: &Lang) -> bool {
    Lang::parse(tag).is_some_and(|lang| lang.primary() == wanted.primary())
}

/// Leaves targets that are translations, and counts them.
fn keep_translations(bitext: &mut Bitext) -> u64 {
    let mut count = 0;
    for part in bitext.units.iter_mut().flat_map(|unit| &mut unit.parts) {
        if let Part::Segment(segment) = part {
            segment.target = segment.translation().map(str::to_owned);
            count += u64::from(segment.target.is_some());
        }
    }
    count
}
