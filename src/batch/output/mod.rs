//! The output directory. Files are staged inside it, flushed, and renamed into place when all are complete; the manifest goes
//! first and comes back last, so that a directory with a manifest is whole. A long file that only gets longer stays where it is and is
//! written to at its end, in that time too. One run at a time: the directory is locked.
//! What is in the files is not this file's business.

mod differences;
mod killed;
mod publish;
mod staged;
mod tree;

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};

use tempfile::TempDir;

use super::holder::holder;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::format::manifest::{self, Manifest};
use crate::format::progress;

pub use differences::Difference;
use staged::Staged;
pub use staged::Whole;

/// Where files wait until all are complete.
const STAGING: &str = ".epitome-staging";

/// Where the staging directory of a run that was killed waits for what comes of it.
const KILLED: &str = ".epitome-killed";

/// The manifest of the files before these, while they are taken away.
const EARLIER: &str = "earlier.json";

/// How the names of files begin that go to translators, who may have edited them where they are.
const FOR_TRANSLATORS: &str = "segments";

/// Files that are open at once; a batch of many languages has more.
const OPEN: usize = 64;

/// Lengths of the files that grow where they are.
const GROWN: &str = "grown.json";

/// Files of a directory that are brought to the disk one by one; more are brought there by one call for all.
const FEW: usize = 16;

/// When a file was last written to, moved or otherwise changed, as the file system keeps it: no program can set that.
type Change = (i64, i64);

/// An output directory being written.
pub struct Directory {
    path: PathBuf,
    staging: PathBuf,
    killed: PathBuf,
    files: BTreeMap<String, Staged>,
    /// Files that are written to their ends.
    done: Vec<manifest::File>,
    /// Those of them that were noted.
    marked: usize,
    /// Folders that were made in the staging directory.
    folders: HashSet<PathBuf>,
    /// Files that stay where they are and grow, by their length so far; what is staged of them is what follows.
    grown: BTreeMap<String, u64>,
    /// Long files may get longer in a later run, and what that needs is noted of them.
    may_go_on: bool,
    /// Files that stay where they are, as an earlier run published them.
    in_place: HashSet<String>,
    /// What earlier runs left.
    earlier: Option<Manifest>,
    /// That is all that is there: its manifest is in its place and sound.
    whole: bool,
    /// When the manifest of it came into its place, by the clock of the file system; `None` where that is not known.
    published: Option<Change>,
    /// The staging directory, where nothing is to be written into the output directory.
    aside: Option<TempDir>,
    made: bool,
    /// A run that was killed while it put its files into place is finished.
    finishing: bool,
    /// Files are being put into place: what is staged must outlive a failure, so that the next run can clear up.
    half_done: bool,
    lock: Option<File>,
}

impl Directory {
    /// Opens or makes `path`, refusing what is not ours unless `force`, and locks it.
    pub fn open(path: &Path, force: bool) -> Result<Directory> {
        let shown = path.display().to_string();
        if path.is_file() {
            return Err(Error::from(ErrorKind::NotADirectory).at(Place::path(shown)));
        }
        let manifest = path.join(manifest::NAME);
        if !force && fs::read(&manifest).is_ok_and(|bytes| Manifest::is_damaged(&bytes)) {
            return Err(Error::from(ErrorKind::Damaged).at(Place::path(manifest.display().to_string())));
        }
        let made = !path.exists();
        fs::create_dir_all(path).map_err(|error| Error::io("cannot make the output directory", shown.clone(), error))?;
        let staging = path.join(STAGING);
        if read_manifest(&manifest).is_none() && !force && ![STAGING, KILLED].iter().any(|own| path.join(own).exists()) && !is_empty(path)?
        {
            return Err(Error::from(ErrorKind::NotOurs).at(Place::path(shown)));
        }
        let lock = lock(path, &shown)?;
        let lock = Directory::at(path, staging.clone(), lock).finish_publishing();
        let earlier = earlier(path, &staging).or_else(|| salvaged(path));
        if staging.exists() {
            set_aside(&staging, &path.join(KILLED))
                .map_err(|error| Error::io("cannot clear the remains of an earlier run", shown.clone(), error))?;
        }
        fs::create_dir(&staging).map_err(|error| Error::io("cannot write into the output directory", shown, error))?;
        let mut directory = Directory::at(path, staging, lock);
        (directory.made, directory.earlier) = (made, earlier);
        directory.keep_earlier()?;
        Ok(directory)
    }

    /// Looks at `path` without writing there: files are staged in a place for temporary files and never published.
    pub fn aside(path: &Path) -> Result<Directory> {
        let shown = path.display().to_string();
        if path.is_file() {
            return Err(Error::from(ErrorKind::NotADirectory).at(Place::path(shown)));
        }
        let aside = tempfile::tempdir().map_err(|error| Error::io("cannot make a place for temporary files", shown.clone(), error))?;
        let staging = aside.path().to_owned();
        let lock = if path.exists() { lock(path, &shown)? } else { lock(&staging, &shown)? };
        let mut directory = Directory::at(path, staging, lock);
        (directory.earlier, directory.aside) = (read_manifest(&path.join(manifest::NAME)), Some(aside));
        Ok(directory)
    }

    /// Whether nothing is ever published.
    pub fn is_aside(&self) -> bool {
        self.aside.is_some()
    }

    /// Notes of long files what a later run needs to add to their ends.
    pub fn let_grow(&mut self) {
        self.may_go_on = true;
    }

    /// As if nothing were staged yet.
    pub fn start_again(&mut self) -> Result<()> {
        (self.files, self.done, self.marked) = (BTreeMap::new(), Vec::new(), 0);
        self.grown.clear();
        self.in_place.clear();
        self.folders.clear();
        let cleared = fs::remove_dir_all(&self.staging).and_then(|()| fs::create_dir(&self.staging));
        cleared.map_err(|error| self.unwritten(STAGING, error))?;
        self.keep_earlier()
    }

    /// A directory in which nothing was found and nothing was done.
    fn at(path: &Path, staging: PathBuf, lock: File) -> Directory {
        Directory {
            path: path.to_owned(),
            staging,
            killed: path.join(KILLED),
            files: BTreeMap::new(),
            done: Vec::new(),
            marked: 0,
            folders: HashSet::new(),
            grown: BTreeMap::new(),
            may_go_on: false,
            in_place: HashSet::new(),
            earlier: None,
            whole: read_manifest(&path.join(manifest::NAME)).is_some(),
            published: fs::metadata(path.join(manifest::NAME)).ok().and_then(|meta| changed(&meta)),
            aside: None,
            made: false,
            finishing: false,
            half_done: false,
            lock: Some(lock),
        }
    }

    /// The manifest of an earlier run, if the directory is whole.
    pub fn earlier(&self) -> Option<&Manifest> {
        self.earlier.as_ref().filter(|_| self.whole)
    }

    /// The contents of a published file.
    pub fn published(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.path.join(name);
        fs::read(&path).map_err(|error| Error::io("cannot read it", path.display().to_string(), error))
    }

    /// Where a file is published.
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Whether a file is as the manifest says. What was not touched since the manifest came is known without being read.
    pub fn is_intact(&self, file: &manifest::File) -> bool {
        let path = self.path.join(&file.name);
        let Ok(meta) = fs::symlink_metadata(&path) else { return false };
        is_inside(&file.name) && meta.is_file() && meta.len() == file.bytes && (self.is_untouched(&meta) || has_hash(&path, &file.blake3))
    }

    fn is_untouched(&self, meta: &fs::Metadata) -> bool {
        self.published.zip(changed(meta)).is_some_and(|(published, changed)| changed <= published)
    }

    /// Refuses to write what `verb` makes over what must not be lost: `inputs` that stand inside, whatever was asked for, and, unless
    /// `force`, what another verb left or what translators edited since.
    pub fn spare<'p>(&self, verb: &str, inputs: impl IntoIterator<Item = &'p Path>, force: bool) -> Result<()> {
        let own = fs::canonicalize(&self.path).ok();
        let inside = |input: &&Path| own.as_ref().is_some_and(|own| fs::canonicalize(input).is_ok_and(|input| input.starts_with(own)));
        if let Some(input) = inputs.into_iter().find(inside) {
            return Err(Error::from(ErrorKind::HoldsInput).at(Place::path(input.display().to_string())));
        }
        let Some(earlier) = self.earlier.as_ref().filter(|_| !force) else { return Ok(()) };
        let of = earlier.options.get("verb").and_then(serde_json::Value::as_str).unwrap_or("run");
        if of != verb && !earlier.files.is_empty() {
            return Err(Error::from(ErrorKind::OfAnotherVerb(of.to_owned())).at(Place::path(self.path.display().to_string())));
        }
        let edited = earlier.files.iter().filter(|file| is_inside(&file.name)).find(|file| self.is_edited(file));
        edited.map_or(Ok(()), |file| Err(Error::from(ErrorKind::Edited).at(Place::path(self.path.join(&file.name).display().to_string()))))
    }

    /// Whether a file for translators is no longer as it was published.
    fn is_edited(&self, file: &manifest::File) -> bool {
        if !file.name.starts_with(FOR_TRANSLATORS) {
            return false;
        }
        let path = self.path.join(&file.name);
        let Ok(meta) = fs::metadata(&path) else { return false };
        meta.is_file() && !(meta.len() == file.bytes && self.is_untouched(&meta)) && !has_hash(&path, &file.blake3)
    }

    /// The first file of an earlier delivery in `folder` that this one does not write again.
    pub fn loses(&self, folder: &str) -> Option<String> {
        let done: HashSet<&str> = self.done.iter().map(|file| file.name.as_str()).collect();
        let goes = |file: &&manifest::File| {
            file.name.starts_with(folder) && !done.contains(file.name.as_str()) && !self.files.contains_key(&file.name)
        };
        self.earlier.iter().flat_map(|earlier| &earlier.files).find(goes).map(|file| self.path.join(&file.name).display().to_string())
    }

    /// Where a run was killed while it put files into place, what they are is known from the staging directory alone: that goes on
    /// until this run has taken them away.
    fn keep_earlier(&self) -> Result<()> {
        let Some(earlier) = self.earlier.as_ref().filter(|_| !self.path.join(manifest::NAME).exists()) else { return Ok(()) };
        fs::write(self.staging.join(EARLIER), earlier.write()).map_err(|error| self.unwritten(EARLIER, error))
    }
}

impl Drop for Directory {
    /// A run that failed leaves the directory as it was.
    fn drop(&mut self) {
        if self.half_done || self.aside.is_some() {
            return;
        }
        let _ = fs::remove_dir_all(&self.staging);
        self.forget_killed();
        if self.made {
            let _ = fs::remove_dir(&self.path);
        }
    }
}

/// When a file was last changed, where the file system tells.
#[cfg(unix)]
fn changed(meta: &fs::Metadata) -> Option<Change> {
    use std::os::unix::fs::MetadataExt;
    Some((meta.ctime(), meta.ctime_nsec()))
}

/// No such time is told.
#[cfg(not(unix))]
fn changed(_meta: &fs::Metadata) -> Option<Change> {
    None
}

/// Whether a file has this hash; what cannot be read has none.
fn has_hash(path: &Path, blake3: &str) -> bool {
    let mut hasher = blake3::Hasher::new();
    let read = File::open(path).and_then(|file| hasher.update_reader(file).map(|_| ()));
    read.is_ok() && hasher.finalize().to_hex().as_str() == blake3
}

/// Puts the staging directory of a killed run out of the way, if it may be of use, else removes it.
fn set_aside(staging: &Path, killed: &Path) -> io::Result<()> {
    if !staging.join(progress::NAME).exists() {
        return fs::remove_dir_all(staging);
    }
    if killed.exists() {
        fs::remove_dir_all(killed)?;
    }
    fs::rename(staging, killed)
}

fn read_manifest(path: &Path) -> Option<Manifest> {
    fs::read(path).ok().and_then(|bytes| Manifest::read(&bytes))
}

/// What earlier runs left in a directory: the files of its manifest or, where a run was killed while it put files into place, those
/// before it and its own.
fn earlier(path: &Path, staging: &Path) -> Option<Manifest> {
    let staged = || {
        let mut found = [EARLIER, manifest::NAME].into_iter().filter_map(|name| read_manifest(&staging.join(name)));
        let mut first = found.next()?;
        first.files.extend(found.flat_map(|manifest| manifest.files));
        Some(first)
    };
    read_manifest(&path.join(manifest::NAME)).or_else(staged)
}

/// What a damaged manifest tells for certain: files that are there as it says.
fn salvaged(path: &Path) -> Option<Manifest> {
    let bytes = fs::read(path.join(manifest::NAME)).ok()?;
    let mut manifest = Manifest::read_unsure(&bytes)?;
    manifest.files.retain(|file| is_inside(&file.name) && has_hash(&path.join(&file.name), &file.blake3));
    Some(manifest)
}

fn is_empty(path: &Path) -> Result<bool> {
    let mut entries = fs::read_dir(path).map_err(|error| Error::io("cannot list it", path.display().to_string(), error))?;
    Ok(entries.next().is_none())
}

/// A name that leads to a place below the directory it is joined to.
fn is_inside(name: &str) -> bool {
    !name.is_empty() && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

/// Locks the directory against other runs; the kernel frees it when the process ends, however it ends.
fn lock(path: &Path, shown: &str) -> Result<File> {
    let file = File::open(path).map_err(|error| Error::io("cannot open the output directory", shown, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Error::from(ErrorKind::Locked(holder(&file))).at(Place::path(shown))),
        Err(fs::TryLockError::Error(error)) => Err(Error::io("cannot lock the output directory", shown, error)),
    }
}

#[cfg(test)]
mod tests;
