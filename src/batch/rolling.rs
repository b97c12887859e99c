//! A table of document frequencies that grows from day to day: what is counted is added to what lies there. Several processes may do so at
//! once: each counts for itself, and reads, adds and replaces the table while it holds it, so that the sum is that of all. What a table
//! is, `summary::frequency` knows.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::Settings;
use super::holder::holder;
use super::input::Plan;
use super::memories::PATIENCE;
use super::named::{create_named, replace_named};
use super::observe::{Observer, Report};
use super::works::{count, load_frequencies};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::format::frequencies;
use crate::summary::frequency::DocumentFrequencies;

/// Counts the document frequencies of a batch and adds them to those of a table, which is made if it is not there; a language that then
/// counts more than `at_most` articles is scaled down. Another process that adds to the table is waited for.
///
/// # Errors
/// The table is none, cannot be written, or is held by another process for too long; or nothing could be counted. It is as it was.
pub fn update(path: &Path, at_most: Option<u32>, plan: &Plan, settings: &Settings, observer: &dyn Observer) -> Result<Report> {
    // What is wrong with the table is said before anything is counted.
    if path.exists() {
        load_frequencies(path)?;
    }
    let (counted, report) = count(plan, settings, observer)?;
    let mut counted = counted.whole()?;
    while !add(path, at_most, &mut counted, PATIENCE)? {}
    Ok(report)
}

/// Adds to the table that lies there, which takes what was counted; `false` if another process made one where there was none, so that it
/// is to be tried again.
fn add(path: &Path, at_most: Option<u32>, counted: &mut DocumentFrequencies, patience: Duration) -> Result<bool> {
    let held = hold(path, patience)?;
    let mut table = if held.is_some() { load_frequencies(path)? } else { counted.clone() };
    if held.is_some() {
        table.merge(std::mem::take(counted))?;
    }
    at_most.into_iter().for_each(|most| table.fade(most.into()));
    let spell = |file: &mut File| {
        let mut out = BufWriter::new(file);
        frequencies::write(&table, &mut out).and_then(|()| out.flush())
    };
    if held.is_some() { replace_named(path, spell).map(|()| true) } else { create_named(path, spell) }
}

/// How long is waited before the next look at whether a table is free.
const TURN: Duration = Duration::from_millis(20);

/// Holds the table against others that would add to it, until the file is dropped; `None` where there is no table. Since each replaces the
/// file, the one that was waited for may be no longer the one that lies there.
fn hold(path: &Path, patience: Duration) -> Result<Option<File>> {
    let shown = path.display().to_string();
    let start = Instant::now();
    loop {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // Where a link leads nowhere nothing can be put, and nothing would ever be there.
                return if path.is_symlink() { Err(Error::from(ErrorKind::DeadLink).at(Place::path(shown))) } else { Ok(None) };
            }
            Err(error) => return Err(Error::io("cannot open it", shown, error)),
        };
        match file.try_lock() {
            Ok(()) if is_still(path, &file) => return Ok(Some(file)),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if start.elapsed() < patience => std::thread::sleep(TURN),
            Err(TryLockError::WouldBlock) => return Err(Error::from(ErrorKind::TableInUse(holder(&file))).at(Place::path(shown))),
            Err(TryLockError::Error(error)) => return Err(Error::io("cannot lock it", shown, error)),
        }
    }
}

/// Whether a path leads to an open file.
#[cfg(unix)]
fn is_still(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |meta: fs::Metadata| (meta.dev(), meta.ino());
    file.metadata().is_ok_and(|open| fs::metadata(path).is_ok_and(|there| id(open) == id(there)))
}

/// Where an open file is not replaced it is still there.
#[cfg(not(unix))]
fn is_still(path: &Path, _file: &File) -> bool {
    fs::metadata(path).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_is_held_is_waited_for_and_then_its_holder_is_named() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join("a.tsv");
        let mut none = DocumentFrequencies::default();
        assert!(add(&path, None, &mut none, Duration::ZERO).expect("made"));
        let held = hold(&path, Duration::ZERO).expect("free").expect("there");
        let error = add(&path, None, &mut none, Duration::from_millis(50)).expect_err("held");
        assert!(error.to_string().contains("is adding to this table"), "{error}");
        #[cfg(target_os = "linux")]
        assert!(error.to_string().contains(&format!("(process {})", std::process::id())), "{error}");
        drop(held);
        assert!(add(&path, None, &mut none, Duration::ZERO).expect("free"));
    }

    #[test]
    #[cfg(unix)]
    fn a_link_that_leads_nowhere_is_no_place_for_a_table() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join("a.tsv");
        std::os::unix::fs::symlink("nowhere/b.tsv", &path).expect("links");
        let error = add(&path, None, &mut DocumentFrequencies::default(), Duration::ZERO).expect_err("no place");
        assert!(error.to_string().ends_with("it is a link that leads nowhere"), "{error}");
    }

    #[test]
    fn a_table_that_another_made_meanwhile_is_not_replaced() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join("a.tsv");
        assert!(hold(&path, Duration::ZERO).expect("readable").is_none());
        fs::write(&path, "mine").expect("writable");
        let made = create_named(&path, |file| file.write_all(b"theirs")).expect("writable");
        assert_eq!(
            (made, fs::read(&path).expect("there"), fs::read_dir(folder.path()).expect("a folder").count()),
            (false, b"mine".into(), 1)
        );
    }
}
