//! Runs that do only what an earlier run into the same directory has not done: what is known of that (`earlier`), the pass that takes
//! over what is as it was and does the rest (`pass`), where both go (`desk`), and what is noted for the next run (`recorder`). The
//! result is that of a run that does everything; where a combination of options is not worth the trouble, everything is done.

mod desk;
mod earlier;
mod pass;
mod recorder;
mod tables;

use std::path::PathBuf;
use std::sync::Arc;

use super::Settings;
use super::notes::Notes;
use super::observe::{Observer, Reuse};
use super::output::Directory;
use super::passes::Batch;
use super::read::Spool;
use super::works::{everything, load_frequencies};
use crate::error::{ErrorKind, Result, Warning};
use crate::format::manifest::{self, Manifest};
use crate::format::progress::Mark;
use crate::format::{frequencies, record};
use crate::summary::frequency::DocumentFrequencies;
use earlier::Earlier;
use pass::Patch;
use recorder::Cause;
pub use recorder::Recorder;
use tables::Tables;

/// How an incremental run goes about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incremental {
    /// Leave articles on the table that ranked them and rank new and changed ones by the table at hand, which is not counted anew.
    pub keep_frequencies: bool,
    /// A directory, outside of all inputs and outputs, where it is noted what the file system said of files that were read, so that those of
    /// which it says the same next time need not be read; `None` notes nothing and reads all.
    pub notes: Option<PathBuf>,
    /// Read all files, whatever was noted, and note it anew.
    pub reread: bool,
}

/// Why everything is done.
mod why {
    pub const FIRST: &str = "there is no earlier run to go on from";
    pub const VERSION: &str = "another version made what is there";
    pub const RECORD: &str = "what is there has no sound record of its articles";
    pub const OPTIONS: &str = "the options are others";
    pub const MEMORY: &str = "the entries of the memory are others";
    pub const OUTPUT: &str = "what is there was changed since";
    pub const DUPLICATES: &str = "with --duplicates any article may change what becomes of another";
    pub const BUNDLE: &str = "with --bundle any article may change which file holds another";
    pub const TABLE: &str = "the document frequencies are counted anew";
}

/// Stages what a run makes; none if the directory is as the run would leave it.
pub fn make(
    batch: &mut Batch,
    how: &Incremental,
    given: Option<DocumentFrequencies>,
    directory: &mut Directory,
) -> Result<Option<Manifest>> {
    let limits = batch.plan.sources.first().map(|source| source.limits).unwrap_or_default();
    batch.notes = how.notes.as_ref().and_then(|folder| Notes::open(folder, &directory.path_of(""), limits, !how.reread));
    let made = do_or_take_over(batch, how, given, directory)?;
    batch.gather_notes();
    batch.notes.take().filter(|_| !directory.is_aside()).into_iter().for_each(Notes::keep);
    Ok(made)
}

fn do_or_take_over(
    batch: &mut Batch,
    how: &Incremental,
    given: Option<DocumentFrequencies>,
    directory: &mut Directory,
) -> Result<Option<Manifest>> {
    directory.let_grow();
    if batch.plan.sources.iter().any(|source| !source.regular) {
        batch.spool = Some(Spool::new(&batch.plan.sources)?);
    }
    let found = Earlier::find(directory, &batch.engine).map(Arc::new);
    let fits = found.as_ref().map_err(|why| *why).and_then(|earlier| earlier.fits(batch.settings, batch.plan, directory));
    let cause = match fits {
        Ok(()) => Cause::Table,
        Err(why::OUTPUT) => Cause::Output,
        Err(_) => Cause::Options,
    };
    batch.recorder = Some(Recorder::new(found.as_ref().ok().cloned(), cause));
    let kept = how.keep_frequencies && given.is_none();
    let has_table = given.is_some() || kept && earlier::table_of(directory).is_some();
    if let (Ok(earlier), Ok(())) = (&found, fits) {
        if has_table {
            return patch(batch, earlier, given, directory);
        }
        if earlier.is_counted() && earlier::table_of(directory).is_some() && is_unchanged(batch, earlier, directory)? {
            return Ok(None);
        }
    }
    whole(batch, fits.err().unwrap_or(why::TABLE), given, kept, directory).map(Some)
}

/// Does everything, and says why.
fn whole(
    batch: &mut Batch,
    why: &'static str,
    given: Option<DocumentFrequencies>,
    kept: bool,
    directory: &mut Directory,
) -> Result<Manifest> {
    let old = if kept { earlier::table_of(directory).and_then(|file| load_frequencies(&directory.path_of(&file.name)).ok()) } else { None };
    let kept = old.is_some();
    let mut manifest = everything(batch, given.or(old), directory)?;
    let table = directory.ended(frequencies::NAME)?;
    manifest.generations.insert(manifest::generation(&table.blake3).to_owned(), manifest.articles);
    if kept {
        say_kept(&mut manifest);
    }
    let reuse = batch.recorder.take().map(Recorder::finish).unwrap_or_default();
    batch.books.report.reuse = Some(Reuse { whole: Some(why), ..reuse });
    Ok(manifest)
}

/// The table was not counted from these articles.
fn say_kept(manifest: &mut Manifest) {
    manifest.options.insert("frequencies".to_owned(), "kept".into());
}

/// Takes over what is as it was and does the rest, by a given table or the one that is there.
fn patch(
    batch: &mut Batch,
    earlier: &Arc<Earlier>,
    given: Option<DocumentFrequencies>,
    directory: &mut Directory,
) -> Result<Option<Manifest>> {
    let tables = Tables::new(given, earlier, batch.settings, directory)?;
    match patched(batch, earlier, &tables, directory) {
        // What the file system said was as it had been was not.
        Err(error) if matches!(error.kind, ErrorKind::Changed) => {
            batch.start_again();
            directory.start_again()?;
            batch.recorder = Some(Recorder::new(Some(earlier.clone()), Cause::Output));
            whole(batch, why::OUTPUT, tables.into_given(), false, directory).map(Some)
        }
        done => done,
    }
}

fn patched(batch: &mut Batch, earlier: &Earlier, tables: &Tables, directory: &mut Directory) -> Result<Option<Manifest>> {
    let patched = Patch::new(batch, earlier, Some(tables), directory).work()?;
    let mut reuse = batch.recorder.take().map(Recorder::finish).unwrap_or_default();
    (reuse.reused, reuse.unread) = (patched.reused, patched.unread);
    reuse.gone -= patched.reused;
    batch.books.check_any(batch.plan)?;
    let mut manifest = batch.manifest(tables.loaded().unwrap_or(&DocumentFrequencies::default()));
    if tables.is_old() {
        let taken =
            ["terms", "frequencies"].iter().filter_map(|name| Some(((*name).to_owned(), earlier.manifest.options.get(*name)?.clone())));
        manifest.options.extend(taken);
        if patched.redone > 0 || reuse.gone > 0 {
            say_kept(&mut manifest);
        }
    }
    manifest.generations = patched.generations.clone();
    reuse.unchanged = tables.are_there() && patched.in_order && patched.redone == 0 && reuse.gone == 0 && earlier.says_the_same(&manifest);
    let unchanged = reuse.unchanged;
    batch.books.report.reuse = Some(reuse);
    if unchanged {
        return Ok(None);
    }
    patched.desk.end()?;
    tables.publish(directory)?;
    batch.plan.check_stop()?;
    Ok(Some(manifest))
}

/// What is staged already of a run.
pub struct Adopted {
    /// The table that ranks.
    pub table: DocumentFrequencies,
    /// The files and their lengths.
    pub mark: Mark,
}

/// Finishes a run of which something is staged.
pub fn adopt(batch: &mut Batch, adopted: Adopted, directory: &mut Directory) -> Result<Manifest> {
    let grown = adopted.mark.streams.iter().map(|(name, (bytes, blake3))| manifest::File {
        name: name.clone(),
        bytes: *bytes,
        blake3: blake3.clone(),
        ..manifest::File::default()
    });
    let staged = Manifest { files: grown.chain(adopted.mark.files).collect(), ..Manifest::default() };
    let lines = directory.staged(record::NAME).unwrap_or_default();
    let earlier = Earlier::read(staged, lines, &batch.engine).ok_or(ErrorKind::Changed)?;
    let tables = Tables::staged(adopted.table, &earlier);
    let mut patch = Patch::new(batch, &earlier, Some(&tables), directory);
    patch.adopt();
    let patched = patch.work()?;
    if patched.next != earlier.articles.len() {
        return Err(ErrorKind::Changed.into());
    }
    patched.desk.end()?;
    batch.books.report.resumed = patched.reused;
    batch.books.check_any(batch.plan)?;
    batch.plan.check_stop()?;
    Ok(batch.manifest(tables.loaded().expect("it was staged")))
}

/// Whether nothing changed at all: then a table counted anew would be the one that is there.
fn is_unchanged(batch: &mut Batch, earlier: &Earlier, directory: &mut Directory) -> Result<bool> {
    // What was noticed before the articles was told when the batch began.
    let told = batch.books.report.warnings as usize;
    let held = Held { to: batch.books.observer, warnings: Default::default() };
    let mut look = Batch::new(batch.plan, batch.settings, &held)?;
    (look.spool, look.notes) = (batch.spool.take(), batch.notes.take());
    let patched = Patch::new(&mut look, earlier, None, directory).work()?;
    let failed = patched.failed;
    let (in_order, known, unread) = (patched.in_order && patched.redone == 0, patched.reused, patched.unread);
    look.gather_notes();
    let mut manifest = look.manifest(&DocumentFrequencies::default());
    manifest.options = earlier.manifest.options.clone();
    manifest.generations = earlier.manifest.generations.clone();
    (batch.spool, batch.notes) = (look.spool.take(), look.notes.take());
    if !in_order || known != earlier.articles.len() as u64 || !earlier.says_the_same(&manifest) {
        return Ok(false);
    }
    let report = std::mem::take(&mut look.books.report);
    batch.books.report = report;
    batch.books.report.reuse = Some(Reuse { reused: known, unread, unchanged: true, ..Reuse::default() });
    held.warnings.into_inner().unwrap_or_default().iter().skip(told).for_each(|warning| held.to.warning(warning));
    failed.iter().for_each(|error| held.to.failed(error));
    Ok(true)
}

/// Holds warnings back until it is known that they are to be told from here.
struct Held<'a> {
    to: &'a dyn Observer,
    warnings: std::sync::Mutex<Vec<Warning>>,
}

impl Observer for Held<'_> {
    fn started(&self, pass: u32, of: u32, bytes: u64) {
        self.to.started(pass, of, bytes);
    }

    fn advanced(&self, articles: u64, bytes: u64) {
        self.to.advanced(articles, bytes);
    }

    fn warning(&self, warning: &Warning) {
        self.warnings.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(warning.clone());
    }
}
