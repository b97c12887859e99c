//! The output directory. Files are staged inside it, flushed, and renamed into place when all are complete; the manifest goes
//! first and comes back last, so that a directory with a manifest is whole. One run at a time: the directory is locked.
//! What is in the files is not this file's business.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

use super::holder::holder;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::format::Piece;
use crate::format::manifest::{self, Manifest};

/// Where files wait until all are complete.
const STAGING: &str = ".epitome-staging";

/// The manifest of the files before these, while they are taken away.
const EARLIER: &str = "earlier.json";

/// How the names of files begin that go to translators, who may have edited them where they are.
const FOR_TRANSLATORS: &str = "segments";

/// Files that are open at once; a batch of many languages has more.
const OPEN: usize = 64;

/// Files of a directory that are brought to the disk one by one; more are brought there by one call for all.
const FEW: usize = 16;

/// An output directory being written.
pub struct Directory {
    path: PathBuf,
    staging: PathBuf,
    files: BTreeMap<String, Staged>,
    /// Files that are written to their ends.
    done: Vec<manifest::File>,
    /// Folders that were made in the staging directory.
    folders: HashSet<PathBuf>,
    /// What earlier runs left.
    earlier: Option<Manifest>,
    made: bool,
    /// Files are being put into place: what is staged must outlive a failure, so that the next run can clear up.
    half_done: bool,
    lock: File,
}

/// A file that is written at once.
pub struct Whole {
    pub name: String,
    pub article: String,
    pub piece: Piece,
}

/// A file that grows.
struct Staged {
    out: Out,
    bytes: u64,
    articles: Vec<String>,
}

enum Out {
    /// Being written.
    Open(BufWriter<Hashed>),
    /// Closed for a while, for others are open.
    Resting(Box<blake3::Hasher>),
}

/// A file that knows the hash of what was written; behind a buffer, for the hash is fast on many bytes only.
struct Hashed {
    file: File,
    hasher: Box<blake3::Hasher>,
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

impl Hashed {
    fn buffered(file: File, hasher: Box<blake3::Hasher>) -> Out {
        Out::Open(BufWriter::with_capacity(1 << 18, Hashed { file, hasher }))
    }
}

impl Out {
    /// Writes out what is buffered and closes the file.
    fn rest(self) -> io::Result<Box<blake3::Hasher>> {
        match self {
            Out::Open(out) => out.into_inner().map(|hashed| hashed.hasher).map_err(io::IntoInnerError::into_error),
            Out::Resting(hasher) => Ok(hasher),
        }
    }
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
        if read_manifest(&manifest).is_none() && !force && !staging.exists() && !is_empty(path)? {
            return Err(Error::from(ErrorKind::NotOurs).at(Place::path(shown)));
        }
        let lock = lock(path, &shown)?;
        let earlier = earlier(path, &staging).or_else(|| salvaged(path));
        if staging.exists() {
            fs::remove_dir_all(&staging).map_err(|error| Error::io("cannot clear the remains of an earlier run", shown.clone(), error))?;
        }
        fs::create_dir(&staging).map_err(|error| Error::io("cannot write into the output directory", shown, error))?;
        let (files, done, folders) = (BTreeMap::new(), Vec::new(), HashSet::new());
        let directory = Directory { path: path.to_owned(), staging, files, done, folders, earlier, made, half_done: false, lock };
        directory.keep_earlier()?;
        Ok(directory)
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
        let Ok(mut now) = File::open(self.path.join(&file.name)) else { return false };
        let mut hasher = blake3::Hasher::new();
        io::copy(&mut now, &mut hasher).is_ok() && hasher.finalize().to_hex().as_str() != file.blake3
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

    /// Appends bytes to a staged file, which is made when first written to.
    pub fn write(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        if !matches!(self.files.get(name), Some(Staged { out: Out::Open(_), .. })) {
            self.open_file(name)?;
        }
        let staged = self.files.get_mut(name).expect("it was just put there");
        staged.bytes += bytes.len() as u64;
        let Out::Open(out) = &mut staged.out else { unreachable!("it was just opened") };
        out.write_all(bytes).map_err(|error| Error::io("cannot write", self.path.join(name).display().to_string(), error))
    }

    /// Says that an article is in a staged file.
    pub fn tell(&mut self, name: &str, article: &str) {
        self.files.get_mut(name).into_iter().for_each(|staged| staged.articles.push(article.to_owned()));
    }

    /// Ends a staged file: nothing more comes to it.
    pub fn close(&mut self, name: &str) -> Result<()> {
        let Some(Staged { out, bytes, articles }) = self.files.remove(name) else { return Ok(()) };
        let hasher = out.rest().map_err(|error| self.unwritten(name, error))?;
        self.done.push(manifest::File { name: name.to_owned(), bytes, blake3: hex(&hasher), articles });
        Ok(())
    }

    /// Writes files that hold one article each, side by side.
    pub fn whole(&mut self, files: Vec<Whole>) -> Result<()> {
        let paths = files.iter().map(|file| self.place(&file.name)).collect::<Result<Vec<_>>>()?;
        let write = |(Whole { name, article, piece }, path): (Whole, PathBuf)| {
            let bytes = [&piece.head, &piece.body, piece.foot.as_bytes()].concat();
            fs::write(path, &bytes).map_err(|error| self.unwritten(&name, error))?;
            let blake3 = blake3::hash(&bytes).to_hex().to_string();
            Ok(manifest::File { name, bytes: bytes.len() as u64, blake3, articles: vec![article] })
        };
        let written = files.into_par_iter().zip(paths).map(write).collect::<Result<Vec<_>>>()?;
        self.done.extend(written);
        Ok(())
    }

    fn unwritten(&self, name: &str, error: io::Error) -> Error {
        Error::io("cannot write", self.path.join(name).display().to_string(), error)
    }

    /// Where a file is staged; its folder is made.
    fn place(&mut self, name: &str) -> Result<PathBuf> {
        assert!(is_inside(name), "file names stay inside the directory: {name:?}");
        let path = self.staging.join(name);
        let folder = path.parent().unwrap_or(&self.staging);
        if !self.folders.contains(folder) {
            fs::create_dir_all(folder).map_err(|error| self.unwritten(name, error))?;
            self.folders.insert(folder.to_owned());
        }
        Ok(path)
    }

    /// Opens a new file, or one that rests.
    fn open_file(&mut self, name: &str) -> Result<()> {
        if self.files.values().filter(|staged| matches!(staged.out, Out::Open(_))).count() >= OPEN {
            self.rest()?;
        }
        let path = self.place(name)?;
        let (bytes, articles, hasher) = match self.files.remove(name) {
            Some(Staged { out: Out::Resting(hasher), bytes, articles }) => (bytes, articles, hasher),
            _ => (0, Vec::new(), Box::default()),
        };
        let file = File::options().create(true).append(true).open(&path).map_err(|error| self.unwritten(name, error))?;
        self.files.insert(name.to_owned(), Staged { out: Hashed::buffered(file, hasher), bytes, articles });
        Ok(())
    }

    /// Closes all open files for a while.
    fn rest(&mut self) -> Result<()> {
        for (name, staged) in std::mem::take(&mut self.files) {
            let hasher = staged.out.rest().map_err(|error| self.unwritten(&name, error))?;
            self.files.insert(name, Staged { out: Out::Resting(hasher), ..staged });
        }
        Ok(())
    }

    /// Puts every file and, last, the manifest into place. On an error before the first rename nothing has changed.
    pub fn publish(mut self, mut manifest: Manifest) -> Result<()> {
        let names: Vec<String> = self.files.keys().cloned().collect();
        names.iter().try_for_each(|name| self.close(name))?;
        manifest.files = std::mem::take(&mut self.done);
        manifest.files.sort_by(|one, other| one.name.cmp(&other.name));
        self.sync(&manifest.files)?;
        let spelled = self.staging.join(manifest::NAME);
        let failed = |error| Error::io("cannot write", spelled.display().to_string(), error);
        File::create(&spelled).and_then(|mut file| file.write_all(&manifest.write()).and_then(|()| file.sync_data())).map_err(failed)?;
        self.replace(&manifest)
    }

    /// Brings the files to the disk.
    fn sync(&self, files: &[manifest::File]) -> Result<()> {
        if files.len() > FEW && sync_all(&self.lock) {
            return Ok(());
        }
        for file in files {
            let path = self.staging.join(&file.name);
            // To bring a file to the disk some systems ask that it may be written to.
            let synced = File::options().append(true).open(path).and_then(|staged| staged.sync_data());
            synced.map_err(|error| self.unwritten(&file.name, error))?;
        }
        Ok(())
    }

    fn replace(&mut self, manifest: &Manifest) -> Result<()> {
        self.retire()?;
        let failed = |name: &str| {
            let shown = self.path.join(name).display().to_string();
            move |error| Error::io("cannot put it into place", shown, error)
        };
        self.clear(manifest);
        let mut folder = self.path.clone();
        let mut whole = None;
        for file in &manifest.files {
            // A folder that is not there yet is put into place with all that is in it.
            let new =
                file.name.split_once('/').map(|(first, _)| first).filter(|first| whole == Some(*first) || !self.path.join(first).exists());
            if let Some(first) = new {
                if whole.replace(first) != new {
                    fs::rename(self.staging.join(first), self.path.join(first)).map_err(failed(first))?;
                }
                continue;
            }
            let target = self.path.join(&file.name);
            if let Some(parent) = target.parent().filter(|parent| *parent != folder) {
                fs::create_dir_all(parent).map_err(failed(&file.name))?;
                folder = parent.to_owned();
            }
            fs::rename(self.staging.join(&file.name), target).map_err(failed(&file.name))?;
        }
        fs::rename(self.staging.join(manifest::NAME), self.path.join(manifest::NAME)).map_err(failed(manifest::NAME))?;
        fs::remove_dir_all(&self.staging).map_err(failed(STAGING))
    }

    /// Takes the manifest away: from now on the directory is not whole.
    fn retire(&mut self) -> Result<()> {
        let manifest = self.path.join(manifest::NAME);
        self.half_done = true;
        if !manifest.exists() {
            return Ok(());
        }
        let shown = manifest.display().to_string();
        fs::rename(manifest, self.staging.join(EARLIER)).map_err(|error| Error::io("cannot put it into place", shown, error))
    }

    /// Takes away the files of the earlier run that the new one does not have, and the folders that are then empty.
    fn clear(&self, manifest: &Manifest) {
        let kept: HashSet<&str> = manifest.files.iter().map(|file| file.name.as_str()).collect();
        let old = self
            .earlier
            .iter()
            .flat_map(|earlier| &earlier.files)
            .filter(|file| !kept.contains(file.name.as_str()) && is_inside(&file.name));
        let mut folders = HashSet::new();
        for path in old.map(|file| self.path.join(&file.name)) {
            let _ = fs::remove_file(&path);
            folders.extend(path.parent().filter(|parent| *parent != self.path).map(Path::to_owned));
        }
        for folder in folders {
            // It goes only if nothing is in it.
            let _ = fs::remove_dir(folder);
        }
    }
}

fn hex(hasher: &blake3::Hasher) -> String {
    hasher.finalize().to_hex().to_string()
}

/// Brings everything written to the file system of `file` to the disk, where the system has a call for that.
#[cfg(target_os = "linux")]
fn sync_all(file: &File) -> bool {
    rustix::fs::syncfs(file).is_ok()
}

/// There is no such call.
#[cfg(not(target_os = "linux"))]
fn sync_all(_file: &File) -> bool {
    false
}

impl Drop for Directory {
    /// A run that failed leaves the directory as it was.
    fn drop(&mut self) {
        if self.half_done {
            return;
        }
        let _ = fs::remove_dir_all(&self.staging);
        if self.made {
            let _ = fs::remove_dir(&self.path);
        }
    }
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
    let same = |file: &manifest::File| {
        is_inside(&file.name) && fs::read(path.join(&file.name)).is_ok_and(|bytes| blake3::hash(&bytes).to_hex().as_str() == file.blake3)
    };
    manifest.files.retain(same);
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
        assert!(matches!(Directory::open(&path, false).err().expect("locked").kind, ErrorKind::Locked(_)));
        directory.write("a.txt", b"two").expect("writable");
        drop(directory);
        assert_eq!(fs::read(path.join("a.txt")).expect("still there"), b"one");
        assert!(path.join(manifest::NAME).exists() && !path.join(STAGING).exists());
    }

    #[test]
    fn what_a_killed_run_left_goes_with_the_next() {
        let parent = tempfile::tempdir().expect("a place for temporary files");
        let path = parent.path().join("out");
        let manifest = || Manifest { tool: "epitome".into(), ..Manifest::default() };
        let directory = |name: &str| {
            let mut directory = Directory::open(&path, false).expect("ours");
            directory.write(name, name.as_bytes()).expect("writable");
            directory
        };
        directory("s/a.xlf").publish(manifest()).expect("writable");
        for killed_early in [false, true] {
            let mut killed = directory("s/b.xlf");
            if !killed_early {
                killed.close("s/b.xlf").expect("writable");
                let own = Manifest { files: killed.done.clone(), ..manifest() };
                fs::write(killed.staging.join(manifest::NAME), own.write()).expect("writable");
                killed.retire().expect("writable");
                fs::rename(killed.staging.join("s/b.xlf"), path.join("s/b.xlf")).expect("writable");
            }
            assert!(path.join("s/a.xlf").exists() && path.join("s/b.xlf").exists() && !path.join(manifest::NAME).exists());
            killed.lock.unlock().expect("locked");
            std::mem::forget(killed);
        }
        directory("s/c.xlf").publish(manifest()).expect("writable");
        let left: Vec<_> = fs::read_dir(path.join("s")).expect("there").map(|entry| entry.expect("readable").file_name()).collect();
        assert_eq!(left, ["c.xlf"]);
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
