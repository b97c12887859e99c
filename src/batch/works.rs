//! The jobs a batch can do: `run` into a directory, `stream` to a writer, `count` frequencies, `merge` tables. How articles go through
//! their passes is the business of `passes`, what is spelled of the writers of `format`.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Settings;
use super::filing::Filing;
use super::incremental::{self, Recorder};
use super::input::Plan;
use super::keep::Table;
use super::named::{decode_xml, open_named};
use super::observe::{Observer, Report};
use super::output::{Difference, Directory};
use super::passes::Batch;
use super::resume::Journal;
use super::spell::Written;
use super::stages::{Cost, Stage, Stages};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::format::manifest::Manifest;
use crate::format::{frequencies, record, srx};
use crate::summary::frequency::DocumentFrequencies;
use crate::text::srx::Srx;

/// Does the main job: everything named by `settings.outputs`, the frequencies and the manifest, in the directory `out`.
pub fn run(plan: &Plan, settings: &Settings, out: &Path, force: bool, observer: &dyn Observer) -> Result<Report> {
    let table = settings.frequencies.as_deref().map(load_frequencies).transpose()?;
    let mut directory = Directory::open(out, force)?;
    directory.spare("run", [], force)?;
    let (manifest, report, cost) = make(plan, settings, table, &mut directory, observer)?;
    let last = Stages::default();
    last.time(Stage::Publish, || manifest.map_or(Ok(()), |manifest| directory.publish(manifest)))?;
    observer.spent(&cost.plus(&last));
    observer.finished(&report);
    Ok(report)
}

/// What [`run`] would change in the directory `out`, where nothing is written.
pub fn check(plan: &Plan, settings: &Settings, out: &Path, observer: &dyn Observer) -> Result<(Vec<Difference>, Report)> {
    let table = settings.frequencies.as_deref().map(load_frequencies).transpose()?;
    let mut directory = Directory::aside(out)?;
    let (manifest, report, _) = make(plan, settings, table, &mut directory, observer)?;
    let differences = manifest.map_or_else(|| Ok(Vec::new()), |manifest| directory.differences(manifest))?;
    observer.finished(&report);
    Ok((differences, report))
}

/// Stages everything; returns the manifest, or none where an incremental run finds the directory as it would leave it.
fn make(
    plan: &Plan,
    settings: &Settings,
    table: Option<DocumentFrequencies>,
    directory: &mut Directory,
    observer: &dyn Observer,
) -> Result<(Option<Manifest>, Report, Cost)> {
    let mut batch = Batch::new(plan, settings, observer)?;
    let manifest = match &settings.incremental {
        Some(how) => incremental::make(&mut batch, how, table, directory)?,
        None => Some(everything(&mut batch, table, directory)?),
    };
    let cost = batch.cost();
    Ok((manifest, batch.books.report, cost))
}

/// Does every article of a batch, but for what a killed run staged of it.
pub fn everything(batch: &mut Batch, table: Option<DocumentFrequencies>, directory: &mut Directory) -> Result<Manifest> {
    let mut journal = Journal::new(batch, table.as_ref(), directory);
    if journal.is_kept() {
        batch.recorder = batch.recorder.take().or_else(|| Some(Recorder::plain()));
    }
    let manifest = match journal.resume(batch, table.as_ref(), directory)? {
        Some(manifest) => manifest,
        None => from_the_start(batch, table, &mut journal, directory)?,
    };
    if batch.settings.incremental.is_none() {
        directory.discard(record::NAME);
    }
    Ok(manifest)
}

fn from_the_start(
    batch: &mut Batch,
    table: Option<DocumentFrequencies>,
    journal: &mut Journal,
    directory: &mut Directory,
) -> Result<Manifest> {
    journal.begin(directory)?;
    let mut filing = Filing::new(batch.settings.bundle);
    let table = batch.drive(table, true, &mut |written| match written {
        Written::Table(table, inputs) => {
            write_table(table, directory)?;
            journal.counted(directory, inputs)
        }
        Written::Stream(name, bytes) => {
            directory.write(name, bytes)?;
            // An article's line of the record is the last that comes of it.
            if journal.is_due(bytes.len()) && name == record::NAME {
                filing.write(directory)?;
                directory.mark()?;
                journal.noted();
            }
            Ok(())
        }
        Written::Piece(article, piece) => filing.put(directory, article, piece),
        Written::Assessment(_) => Ok(()),
    })?;
    filing.end(directory)?;
    batch.plan.check_stop()?;
    Ok(batch.manifest(table.head()))
}

/// Writes the table that a run used.
fn write_table(table: &mut Table, directory: &mut Directory) -> Result<()> {
    let mut out = Staged { directory, name: frequencies::NAME, failed: None };
    let written = table.write(&mut out);
    written.map_err(|error| out.failed.take().unwrap_or_else(|| Error::io("cannot write", out.name, error)))
}

/// A staged file that keeps the error, place and all.
struct Staged<'a> {
    directory: &'a mut Directory,
    name: &'static str,
    failed: Option<Error>,
}

impl Write for Staged<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.directory.write(self.name, bytes).map_err(|error| {
            let told = io::Error::other(error.to_string());
            self.failed = Some(error);
            told
        })?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Spells every article to `out`, in input order.
pub fn stream(plan: &Plan, settings: &Settings, out: &mut (dyn Write + Send), observer: &dyn Observer) -> Result<Report> {
    let table = settings.frequencies.as_deref().map(load_frequencies).transpose()?;
    let mut batch = Batch::new(plan, settings, observer)?;
    let failed = |error| Error::io("cannot write", "standard output", error);
    batch.drive(table, false, &mut |written| match written {
        Written::Table(..) | Written::Assessment(_) => Ok(()),
        Written::Stream(_, bytes) => out.write_all(bytes).map_err(failed),
        Written::Piece(_, piece) => {
            [&piece.head, &piece.body, piece.foot.as_bytes()].iter().try_for_each(|bytes| out.write_all(bytes)).map_err(failed)
        }
    })?;
    out.flush().map_err(failed)?;
    observer.finished(&batch.books.report);
    Ok(batch.books.report)
}

/// Counts the document frequencies of a batch.
pub fn count(plan: &Plan, settings: &Settings, observer: &dyn Observer) -> Result<(Table, Report)> {
    let mut batch = Batch::new(plan, settings, observer)?;
    batch.first_pass(1, false)?;
    let (_, table) = batch.table(true)?;
    batch.books.check_any(plan)?;
    observer.finished(&batch.books.report);
    Ok((table, batch.books.report))
}

/// Adds tables up.
pub fn merge(paths: &[PathBuf]) -> Result<DocumentFrequencies> {
    let mut sum = DocumentFrequencies::default();
    for path in paths {
        sum.merge(read_table(path)?).map_err(|error| error.at(Place::path(path.display().to_string())))?;
    }
    Ok(sum)
}

/// Reads a table that this version's terms can be looked up in.
pub fn load_frequencies(path: &Path) -> Result<DocumentFrequencies> {
    let table = read_table(path)?;
    table.check_make().map_err(|error| error.at(Place::path(path.display().to_string())))?;
    Ok(table)
}

/// The same where few terms are looked up, and nothing else is done with the table.
pub fn look_up_frequencies(path: &Path) -> Result<DocumentFrequencies> {
    let Some(table) = read_by(path, frequencies::read_sorted)? else { return load_frequencies(path) };
    table.check_make().map_err(|error| error.at(Place::path(path.display().to_string())))?;
    Ok(table)
}

/// Reads the rules of an SRX file.
pub fn load_srx(path: &Path) -> Result<Arc<Srx>> {
    let rules = decode_xml(open_named(path)?).and_then(srx::read);
    rules.map(Arc::new).map_err(|error| of_rules(error).at(Place::path(path.display().to_string())))
}

/// What is wrong with a rule file's XML is wrong with the rules.
fn of_rules(error: Error) -> Error {
    match error.kind {
        ErrorKind::Xml(cause) => Error { kind: ErrorKind::Srx(cause), ..error },
        _ => error,
    }
}

fn read_table(path: &Path) -> Result<DocumentFrequencies> {
    read_by(path, frequencies::read)
}

fn read_by<T>(path: &Path, read: impl Fn(BufReader<File>) -> Result<T>) -> Result<T> {
    let shown = path.display().to_string();
    let file = File::open(path).map_err(|error| Error::io("cannot open it", shown.clone(), error))?;
    read(BufReader::with_capacity(1 << 16, file)).map_err(|error| error.at(Place::path(shown)))
}
