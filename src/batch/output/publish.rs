//! From staged files to published ones: brought to the disk, the manifest taken away, everything renamed into place, the new
//! manifest last.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use super::{Directory, EARLIER, FEW, GROWN, STAGING, is_inside};
use crate::error::{Error, Result};
use crate::format::manifest::{self, Manifest};

impl Directory {
    /// Puts every file and, last, the manifest into place. On an error before the first rename nothing has changed.
    pub fn publish(mut self, mut manifest: Manifest) -> Result<()> {
        manifest.files = self.finish()?;
        self.sync(&manifest.files)?;
        if !self.grown.is_empty() {
            self.settle(GROWN, &serde_json::to_vec(&self.grown).expect("plain data"))?;
        }
        self.settle(manifest::NAME, &manifest.write())?;
        self.replace(&manifest)
    }

    /// Writes a file of work and brings it to the disk.
    fn settle(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.staging.join(name);
        let written = File::create(&path).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_data()));
        written.map_err(|error| Error::io("cannot write", path.display().to_string(), error))
    }

    /// Finishes what a killed run was about to put into place, if all of it is there; gives the lock back.
    pub(super) fn finish_publishing(mut self) -> File {
        self.half_done = true;
        let read = |name: &str| fs::read(self.staging.join(name)).ok();
        let staged = read(manifest::NAME).and_then(|bytes| Manifest::read(&bytes)).filter(|_| !self.path.join(manifest::NAME).exists());
        if let Some(manifest) = staged {
            self.grown = read(GROWN).and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
            self.earlier = read(EARLIER).and_then(|bytes| Manifest::read(&bytes));
            self.finishing = manifest.files.iter().all(|file| self.is_at_hand(file));
            if self.finishing {
                // What cannot be finished is done again.
                let _ = self.replace(&manifest);
            }
        }
        self.lock.take().expect("it is held until now")
    }

    /// Whether a file is staged, or in its place already.
    fn is_at_hand(&self, file: &manifest::File) -> bool {
        let length = |path: &Path| fs::metadata(path).map(|meta| meta.len()).ok();
        let rest = file.bytes.checked_sub(self.grown.get(&file.name).copied().unwrap_or(0));
        let staged = length(&self.staging.join(&file.name));
        is_inside(&file.name) && (staged.is_some() && staged == rest || length(&self.path.join(&file.name)) == Some(file.bytes))
    }

    /// Ends all files; they are sorted by name.
    pub fn finish(&mut self) -> Result<Vec<manifest::File>> {
        let names: Vec<String> = self.files.keys().cloned().collect();
        names.iter().try_for_each(|name| self.close(name))?;
        let mut files = std::mem::take(&mut self.done);
        files.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(files)
    }

    /// Brings the files to the disk.
    fn sync(&self, files: &[manifest::File]) -> Result<()> {
        let files: Vec<&manifest::File> = files.iter().filter(|file| !self.in_place.contains(&file.name)).collect();
        if files.len() > FEW && self.lock.as_ref().is_some_and(sync_all) {
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
        self.grow()?;
        let failed = |name: &str| {
            let shown = self.path.join(name).display().to_string();
            move |error| Error::io("cannot put it into place", shown, error)
        };
        self.clear(manifest);
        let mut folder = self.path.clone();
        let mut whole = None;
        for file in manifest.files.iter().filter(|file| !self.stays(&file.name)) {
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
        fs::remove_dir_all(&self.staging).map_err(failed(STAGING))?;
        self.forget_killed();
        Ok(())
    }

    /// Whether a file is in its place already.
    fn stays(&self, name: &str) -> bool {
        self.in_place.contains(name)
            || self.grown.contains_key(name)
            || self.finishing && self.path.join(name).exists() && !self.staging.join(name).exists()
    }

    /// Writes what is new to the ends of the files that stay. If that fails, they are cut to what they were, and the manifest is back.
    fn grow(&mut self) -> Result<()> {
        let done = self.grown.iter().try_for_each(|(name, length)| self.grow_file(name, *length));
        let Err(error) = done else { return Ok(()) };
        let cut =
            |(name, length): (&String, &u64)| File::options().write(true).open(self.path.join(name)).and_then(|file| file.set_len(*length));
        let back = self.grown.iter().try_for_each(cut);
        self.half_done = back.and_then(|()| fs::rename(self.staging.join(EARLIER), self.path.join(manifest::NAME))).is_err();
        Err(error)
    }

    fn grow_file(&self, name: &str, length: u64) -> Result<()> {
        let path = self.path.join(name);
        let grown = File::options().write(true).open(&path).and_then(|mut file| {
            // A run that was killed may have begun with it.
            file.set_len(length)?;
            file.seek(SeekFrom::Start(length))?;
            std::io::copy(&mut File::open(self.staging.join(name))?, &mut file)?;
            file.sync_data()
        });
        grown.map_err(|error| Error::io("cannot write", path.display().to_string(), error))
    }

    /// Takes the manifest away: from now on the directory is not whole.
    pub(super) fn retire(&mut self) -> Result<()> {
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
