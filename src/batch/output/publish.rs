//! From staged files to published ones: brought to the disk, the manifest taken away, everything renamed into place, the new
//! manifest last.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use super::{Directory, EARLIER, FEW, STAGING, is_inside};
use crate::error::{Error, Result};
use crate::format::manifest::{self, Manifest};

impl Directory {
    /// Puts every file and, last, the manifest into place. On an error before the first rename nothing has changed.
    pub fn publish(mut self, mut manifest: Manifest) -> Result<()> {
        manifest.files = self.finish()?;
        self.sync(&manifest.files)?;
        let spelled = self.staging.join(manifest::NAME);
        let failed = |error| Error::io("cannot write", spelled.display().to_string(), error);
        File::create(&spelled).and_then(|mut file| file.write_all(&manifest.write()).and_then(|()| file.sync_data())).map_err(failed)?;
        self.replace(&manifest)
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
        for file in manifest.files.iter().filter(|file| !self.in_place.contains(&file.name)) {
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
