//! The jobs a batch can do: `run` into a directory, `stream` to a writer, `count` frequencies, `merge` tables. How articles go through
//! their passes is the business of `passes`, what is spelled of the writers of `format`.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Settings;
use super::filing::Filing;
use super::input::Plan;
use super::keep::Keeper;
use super::named::{decode_xml, open_named};
use super::observe::{Observer, Report};
use super::output::Directory;
use super::passes::Batch;
use super::spell::Written;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::format::{frequencies, srx};
use crate::summary::frequency::DocumentFrequencies;
use crate::text::srx::Srx;

/// Does the main job: everything named by `settings.outputs`, the frequencies and the manifest, in the directory `out`.
pub fn run(plan: &Plan, settings: &Settings, out: &Path, force: bool, observer: &dyn Observer) -> Result<Report> {
    let table = settings.frequencies.as_deref().map(load_frequencies).transpose()?;
    let mut directory = Directory::open(out, force)?;
    directory.spare("run", [], force)?;
    let mut batch = Batch::new(plan, settings, observer)?;
    let spell = |table: &DocumentFrequencies| {
        let mut spelled = Vec::new();
        frequencies::write(table, &mut spelled).expect("memory takes every byte");
        spelled
    };
    let mut filing = Filing::new(settings.bundle);
    let (table, spelled) = batch.drive(table, spell, &mut |written| match written {
        Written::Stream(name, bytes) => directory.write(name, bytes),
        Written::Piece(article, piece) => filing.put(&mut directory, article, piece),
    })?;
    filing.end(&mut directory)?;
    directory.write("frequencies.tsv", &spelled)?;
    plan.check_stop()?;
    let manifest = batch.manifest(&table);
    directory.publish(manifest)?;
    observer.finished(&batch.books.report);
    Ok(batch.books.report)
}

/// Spells every article to `out`, in input order.
pub fn stream(plan: &Plan, settings: &Settings, out: &mut (dyn Write + Send), observer: &dyn Observer) -> Result<Report> {
    let table = settings.frequencies.as_deref().map(load_frequencies).transpose()?;
    let mut batch = Batch::new(plan, settings, observer)?;
    let failed = |error| Error::io("cannot write", "standard output", error);
    batch.drive(table, |_| (), &mut |written| match written {
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
pub fn count(plan: &Plan, settings: &Settings, observer: &dyn Observer) -> Result<(DocumentFrequencies, Report)> {
    let mut batch = Batch::new(plan, settings, observer)?;
    batch.first_pass(1, &Keeper::with_budget(0))?;
    let table = batch.table()?;
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
    let shown = path.display().to_string();
    let file = File::open(path).map_err(|error| Error::io("cannot open it", shown.clone(), error))?;
    frequencies::read(BufReader::new(file)).map_err(|error| error.at(Place::path(shown)))
}
