//! Translations come back: files of translators are read as streams, each article is put together from its own text and what came
//! back for it, and the translated articles, their summaries, the memory and a manifest are published as those of a run are. An
//! article that cannot be merged is a failure by name and stops no other.

mod articles;
mod files;
mod found;
mod one;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;

use foldhash::{HashMap, HashSet};
use serde_json::json;

use super::Settings;
use super::books::Books;
use super::engine::{Engine, guarded};
use super::filing::Filing;
use super::input::Plan;
use super::memories::{Import, Imported, check_memory, import};
use super::observe::{Observer, Report, Silent};
use super::output::Directory;
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::format::bitext::UNKNOWN;
use crate::format::manifest::Manifest;
use crate::format::{Offsets, jsonl, tmx};
use crate::lang::Lang;
use crate::translation::assemble::Missing;
use crate::translation::quality::{CHECKS, Checks};

use articles::Articles;
use files::Came;
pub use files::Files;
use one::{Made, Task, merge_one, source_lang};

/// How translations are merged.
#[derive(Clone, Debug, Default)]
pub struct Merge {
    /// The language of articles, where neither a file nor their records name it; it goes before detection.
    pub lang: Option<Lang>,
    /// The language of the translations, where a file does not name it; a file of another is refused.
    pub target_lang: Option<Lang>,
    /// What becomes of sentences without a translation.
    pub missing: Missing,
    /// What targets are held against.
    pub checks: Checks,
    /// How offsets are counted.
    pub offsets: Offsets,
    /// Merge articles that changed since they were sent, and write into a directory that holds other things.
    pub force: bool,
    /// When the memory was made (`YYYYMMDDThhmmssZ`).
    pub created: Option<String>,
    /// A memory's file that takes in what came back, made if it is not there.
    pub memory: Option<PathBuf>,
}

/// Names of what is written beside the articles.
const SUMMARIES: &str = "summaries.jsonl";
const MEMORY: &str = "memory.tmx";

/// Portions that may wait to be merged, and to be written.
const WAITING: usize = 1;

/// Merges what came back in `files` into the articles of `plan`, into the directory `out`.
///
/// # Errors
/// The directory cannot be written, or nothing could be merged; what fails in an article is told to the observer.
pub fn merge_back(files: &Files, plan: &Plan, settings: &Settings, how: &Merge, out: &Path, observer: &dyn Observer) -> Result<Report> {
    let directory = Directory::open(out, how.force)?;
    let sources = plan.sources.iter().map(|source| source.path.as_path());
    directory.spare("merge", files.paths().chain(sources).chain(how.memory.as_deref().map(there)), how.force)?;
    how.memory.as_deref().map_or(Ok(()), check_memory)?;
    let engine = Engine::new(settings.threads)?;
    let mut books = Books::of_plan(plan, observer);
    observer.started(1, 2, plan.bytes());
    let articles = Articles::find(plan, settings, &engine, &mut books)?;
    observer.started(2, 2, files.bytes());
    let mut work = Work { files, how, books, directory, filing: Filing::new(None), begun: false, known: HashSet::default() };
    std::thread::scope(|scope| {
        let (sender, came) = sync_channel(WAITING);
        scope.spawn(|| files.read(&engine, &mut { move |portion| sender.send(portion).is_ok() }));
        let (sender, merged) = sync_channel(WAITING);
        let mut merging =
            Merging { files, how, engine: &engine, articles: &articles, came: HashMap::default(), memory_lang: None, read: 0 };
        scope.spawn(move || came.into_iter().all(|portion| sender.send(merging.portion(portion)).is_ok()));
        merged.into_iter().try_for_each(|portion| plan.check_stop().and_then(|()| work.portion(portion)))
    })?;
    work.publish(settings)
}

/// Articles found for what came back, and merged, portion by portion.
struct Merging<'a> {
    files: &'a Files,
    how: &'a Merge,
    engine: &'a Engine,
    articles: &'a Articles<'a>,
    /// The file in which each article came back first.
    came: HashMap<Box<str>, usize>,
    /// Source language in the header of the memory, once it is known: that of the first file.
    memory_lang: Option<String>,
    /// Bytes of the files that are read.
    read: u64,
}

/// What became of a portion.
struct Merged {
    /// What was wrong with the files.
    warnings: Vec<Warning>,
    made: Vec<Result<Made, Box<Error>>>,
    /// Source language of the memory.
    lang: Option<String>,
    /// Bytes of the files that are read so far.
    read: u64,
}

impl Merging<'_> {
    /// Merges a portion of what is read.
    fn portion(&mut self, portion: Vec<(usize, Came)>) -> Merged {
        let (mut tasks, mut warnings) = (Vec::with_capacity(portion.len()), Vec::new());
        for (file, came) in portion {
            match came {
                Came::Bitext(bitext, wrong) => {
                    warnings.extend(wrong);
                    tasks.push(self.task(file, bitext));
                }
                Came::Failed(error) => {
                    self.read += self.files.bytes_of(file);
                    tasks.push(Err(error));
                }
                Came::End => self.read += self.files.bytes_of(file),
            }
        }
        let (articles, how) = (self.articles, self.how);
        if self.memory_lang.is_none()
            && let Some(first) = tasks.iter().flatten().next()
        {
            let of_article = || source_lang(&articles.load(&first.id).ok()?, how);
            self.memory_lang = first.bitext.source_lang.clone().or_else(of_article).or(Some(UNKNOWN.to_owned()));
        }
        let lang = self.memory_lang.as_deref().unwrap_or_default();
        let made = self.engine.map_all(tasks, |task, _| {
            let task = task?;
            let place = Place { path: Some(task.path.clone()), line: None, article: Some(task.id.clone()) };
            guarded(|| merge_one(task, articles, how, lang)).map_err(|error| Box::new(error.at(place)))
        });
        Merged { warnings, made, lang: self.memory_lang.clone(), read: self.read }
    }

    /// Finds out which article a bitext is of, and that it did not come before.
    fn task(&mut self, file: usize, bitext: Box<crate::translation::Bitext>) -> Result<Task, Box<Error>> {
        let path = self.files.shown(file);
        let Some(id) = self.articles.of(&bitext) else {
            return Err(Box::new(Error::from(ErrorKind::NotAmongSources(bitext.id.clone())).at(Place::path(path))));
        };
        if let Some(&first) = self.came.get(id.as_str()) {
            let place = Place { path: Some(path), line: None, article: Some(id) };
            return Err(Box::new(Error::from(ErrorKind::CameTwice(self.files.shown(first))).at(place)));
        }
        self.came.insert(id.as_str().into(), file);
        Ok(Task { path, name: self.files.name(file), id, bitext })
    }
}

/// A merge's output under way.
struct Work<'a> {
    files: &'a Files,
    how: &'a Merge,
    books: Books<'a>,
    directory: Directory,
    filing: Filing,
    /// The header of the memory is written.
    begun: bool,
    /// Entries that are in the memory.
    known: HashSet<[u8; 16]>,
}

impl Work<'_> {
    /// Writes what became of a portion.
    fn portion(&mut self, portion: Merged) -> Result<()> {
        let count = portion.made.len() as u64;
        portion.warnings.into_iter().for_each(|warning| self.books.warn(warning));
        portion.lang.iter().try_for_each(|lang| self.begin_memory(lang))?;
        for made in portion.made {
            match made {
                Ok(made) => self.write(made)?,
                Err(error) => self.books.fail(&error),
            }
        }
        self.books.observer.advanced(count, portion.read);
        Ok(())
    }

    fn write(&mut self, made: Made) -> Result<()> {
        if let Some(piece) = made.text {
            self.filing.put(&mut self.directory, &made.id, piece)?;
        }
        self.directory.write(SUMMARIES, &made.summary)?;
        let known = &mut self.known;
        let mut new = made.entries.iter().filter(|(identity, _)| known.insert(*identity));
        new.try_for_each(|(_, entry)| self.directory.write(MEMORY, entry))?;
        made.warnings.into_iter().for_each(|warning| self.books.warn(warning));
        let report = &mut self.books.report;
        report.articles += 1;
        report.segments += made.segments;
        report.locked += made.locked;
        report.summary_words += u64::from(made.words);
        *report.languages.entry(made.lang).or_insert(0) += 1;
        Ok(())
    }

    /// Writes the header of the memory, if that was not done yet.
    fn begin_memory(&mut self, lang: &str) -> Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let mut out = Vec::new();
        tmx::begin(&tmx::Header::new(lang, concat!("epitome ", env!("CARGO_PKG_VERSION")), self.how.created.clone()), &mut out);
        self.directory.write(MEMORY, &out)
    }

    fn publish(mut self, settings: &Settings) -> Result<Report> {
        match (self.books.report.articles, self.books.report.failures) {
            (0, 0) => return Err(ErrorKind::NoTranslations(self.files.list()).into()),
            (0, failures) => return Err(ErrorKind::AllFailed(failures).into()),
            _ => {}
        }
        self.begin_memory("*all*")?;
        let mut end = Vec::new();
        tmx::end(&mut end);
        self.directory.write(MEMORY, &end)?;
        self.filing.end(&mut self.directory)?;
        if let Some(path) = self.directory.loses("articles/").filter(|_| !self.how.force) {
            return Err(Error::from(ErrorKind::WouldGo).at(Place::path(path)));
        }
        let mut report = self.books.report;
        let manifest = Manifest {
            tool: "epitome".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            schema: jsonl::SCHEMA,
            options: options(settings, self.how),
            articles: report.articles,
            languages: report.languages.clone(),
            segments: report.segments,
            locked: report.locked,
            failures: self.books.failures,
            warnings: self.books.warnings,
            ..Manifest::default()
        };
        let published = self.directory.path_of(MEMORY);
        self.directory.publish(manifest)?;
        report.stored = self.how.memory.as_deref().map(|memory| keep(&published, memory)).transpose()?;
        self.books.observer.finished(&report);
        Ok(report)
    }
}

/// The file, or the folder in which it will be.
fn there(path: &Path) -> &Path {
    let folder = || path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.exists() { path } else { folder() }
}

/// Takes what was published into a memory, all of it or nothing; it replaces older translations of the same segments.
fn keep(published: &Path, memory: &Path) -> Result<Imported> {
    let how = Import { latest: true, ..Import::default() };
    let (mut done, _) = import(&[published.to_owned()], memory, &how, &Silent)?;
    Ok(done.pop().unwrap_or_default())
}

/// The options that shape the output, for the manifest.
fn options(settings: &Settings, how: &Merge) -> BTreeMap<String, serde_json::Value> {
    let missing = match how.missing {
        Missing::Source => "source",
        Missing::Skip => "skip",
        Missing::Fail => "fail",
    };
    let mut options = BTreeMap::from([
        ("verb".to_owned(), json!("merge")),
        ("missing".to_owned(), json!(missing)),
        ("offsets".to_owned(), json!(format!("{:?}", how.offsets).to_lowercase())),
    ]);
    let mut set = |name: &str, value: Option<serde_json::Value>| value.map(|value| options.insert(name.to_owned(), value));
    set("lang", how.lang.as_ref().map(|lang| json!(lang.tag())));
    set("target_lang", how.target_lang.as_ref().map(|lang| json!(lang.tag())));
    set("encoding", settings.encoding.map(|encoding| json!(encoding.name())));
    set("strip_html", settings.strip_html.then_some(json!(true)));
    set("changed", how.force.then_some(json!(true)));
    let off: Vec<&str> = CHECKS.iter().map(|check| check.name).filter(|name| how.checks.is_off(name)).collect();
    set("disable", (!off.is_empty()).then(|| json!(off)));
    options
}
