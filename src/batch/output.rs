//! The output directory. Files are staged inside it, flushed, and renamed into place when all are complete; the manifest goes
//! first and comes back last, so that a directory with a manifest is whole. One run at a time: the directory is locked.
//! What is in the files is not this file's business.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::format::manifest::{self, Manifest};

/// Where files wait until all are complete.
const STAGING: &str = ".epitome-staging";

/// An output directory being written.
pub struct Directory {
    path: PathBuf,
    staging: PathBuf,
    files: BTreeMap<String, Staged>,
    old: Option<Manifest>,
    made: bool,
    _lock: File,
}

struct Staged {
    out: BufWriter<Hashed>,
    bytes: u64,
}

/// A file that knows the hash of what was written; behind a buffer, for the hash is fast on many bytes only.
struct Hashed {
    file: File,
    hasher: blake3::Hasher,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.file.write(bytes)?;
        self.hasher.update(&bytes[..length]);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Directory {
    /// Opens or makes `path`, refusing what is not ours unless `force`, and locks it.
    pub fn open(path: &Path, force: bool) -> Result<Directory> {
        let shown = path.display().to_string();
        if path.is_file() {
            return Err(Error::from(ErrorKind::NotADirectory).at(Place::path(shown)));
        }
        let made = !path.exists();
        fs::create_dir_all(path).map_err(|error| Error::io("cannot make the output directory", shown.clone(), error))?;
        let old = fs::read(path.join(manifest::NAME)).ok().and_then(|bytes| Manifest::read(&bytes));
        let staging = path.join(STAGING);
        if old.is_none() && !force && !staging.exists() && !is_empty(path)? {
            return Err(Error::from(ErrorKind::NotOurs).at(Place::path(shown)));
        }
        let lock = lock(path, &shown)?;
        if staging.exists() {
            fs::remove_dir_all(&staging).map_err(|error| Error::io("cannot clear the remains of an earlier run", shown.clone(), error))?;
        }
        fs::create_dir(&staging).map_err(|error| Error::io("cannot write into the output directory", shown, error))?;
        Ok(Directory { path: path.to_owned(), staging, files: BTreeMap::new(), old, made, _lock: lock })
    }

    /// Appends bytes to a staged file.
    pub fn write(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        if !self.files.contains_key(name) {
            let staged = self.create(name)?;
            self.files.insert(name.to_owned(), staged);
        }
        let staged = self.files.get_mut(name).expect("it was just put there");
        staged.bytes += bytes.len() as u64;
        staged.out.write_all(bytes).map_err(|error| Error::io("cannot write", self.path.join(name).display().to_string(), error))
    }

    fn create(&self, name: &str) -> Result<Staged> {
        assert!(is_inside(name), "file names stay inside the directory: {name:?}");
        let path = self.staging.join(name);
        let failed = |error| Error::io("cannot write", path.display().to_string(), error);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        let file = File::create(&path).map_err(failed)?;
        Ok(Staged { out: BufWriter::with_capacity(1 << 18, Hashed { file, hasher: blake3::Hasher::new() }), bytes: 0 })
    }

    /// Puts every file and, last, the manifest into place. On an error before the first rename nothing has changed.
    pub fn publish(mut self, mut manifest: Manifest) -> Result<()> {
        for (name, staged) in std::mem::take(&mut self.files) {
            let shown = self.path.join(&name).display().to_string();
            let flushed = staged.out.into_inner().map_err(io::IntoInnerError::into_error);
            let hashed = flushed.and_then(|hashed| hashed.file.sync_data().map(|()| hashed.hasher.finalize()));
            let hash = hashed.map_err(|error| Error::io("cannot write", shown, error))?;
            manifest.files.push(manifest::File { name, bytes: staged.bytes, blake3: hash.to_hex().to_string() });
        }
        let spelled = self.staging.join(manifest::NAME);
        let failed = |error| Error::io("cannot write", spelled.display().to_string(), error);
        File::create(&spelled).and_then(|mut file| file.write_all(&manifest.write()).and_then(|()| file.sync_data())).map_err(failed)?;
        self.replace(&manifest)
    }

    fn replace(&self, manifest: &Manifest) -> Result<()> {
        let failed = |name: &str| {
            let shown = self.path.join(name).display().to_string();
            move |error| Error::io("cannot put it into place", shown, error)
        };
        if self.old.is_some() {
            fs::remove_file(self.path.join(manifest::NAME)).map_err(failed(manifest::NAME))?;
        }
        let stale = self.old.iter().flat_map(|old| &old.files).filter(|file| !manifest.files.iter().any(|new| new.name == file.name));
        for file in stale.filter(|file| is_inside(&file.name)) {
            let _ = fs::remove_file(self.path.join(&file.name));
        }
        for file in &manifest.files {
            let target = self.path.join(&file.name);
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent).map_err(failed(&file.name))?;
            }
            fs::rename(self.staging.join(&file.name), target).map_err(failed(&file.name))?;
        }
        fs::rename(self.staging.join(manifest::NAME), self.path.join(manifest::NAME)).map_err(failed(manifest::NAME))?;
        fs::remove_dir_all(&self.staging).map_err(failed(STAGING))
    }
}

impl Drop for Directory {
    /// A run that failed leaves the directory as it was.
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.staging);
        if self.made {
            let _ = fs::remove_dir(&self.path);
        }
    }
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
        Err(fs::TryLockError::WouldBlock) => Err(Error::from(ErrorKind::Locked).at(Place::path(shown))),
        Err(fs::TryLockError::Error(error)) => Err(Error::io("cannot lock the output directory", shown, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_run_leaves_the_directory_as_it_was() {
        let parent = tempfile::tempdir().expect("a place for temporary files");
        let path = parent.path().join("out");
        let mut directory = Directory::open(&path, false).expect("new");
        directory.write("a.txt", b"one").expect("writable");
        directory.publish(Manifest { tool: "epitome".into(), ..Manifest::default() }).expect("writable");
        let mut directory = Directory::open(&path, false).expect("ours");
        assert!(matches!(Directory::open(&path, false).err().expect("locked").kind, ErrorKind::Locked));
        directory.write("a.txt", b"two").expect("writable");
        drop(directory);
        assert_eq!(fs::read(path.join("a.txt")).expect("still there"), b"one");
        assert!(path.join(manifest::NAME).exists() && !path.join(STAGING).exists());
    }

    #[test]
    fn what_is_not_ours_is_refused() {
        let parent = tempfile::tempdir().expect("a place for temporary files");
        fs::write(parent.path().join("mine.txt"), "x").expect("writable");
        assert!(matches!(Directory::open(parent.path(), false).err().expect("refused").kind, ErrorKind::NotOurs));
        assert!(Directory::open(parent.path(), true).is_ok());
        for name in ["../x", "/abs", "", "a/../../b"] {
            assert!(!is_inside(name), "{name}");
        }
    }
}
