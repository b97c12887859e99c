//! What a killed run staged, taken over by one that would stage the same: files are moved, those that grow cut to the length they had
//! when a mark was made, all held against their hashes.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use rayon::prelude::*;

use super::tree::Tree;
use super::{Directory, has_hash, is_inside};
use crate::error::{Error, Result};
use crate::format::manifest;
use crate::format::progress::{self, Mark, Progress};

impl Directory {
    /// How far a killed run came.
    pub fn killed(&self) -> Vec<Progress> {
        fs::read(self.killed.join(progress::NAME)).map(|bytes| Progress::read(&bytes)).unwrap_or_default()
    }

    /// A file that a killed run staged.
    pub fn killed_file(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.killed.join(name)).ok()
    }

    /// A file that is staged, as far as it is out of the buffers.
    pub fn staged(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.staging.join(name)).ok()
    }

    /// Takes away what a killed run left.
    pub fn forget_killed(&self) {
        let _ = fs::remove_dir_all(&self.killed);
    }

    /// Notes how far this run came.
    pub fn note(&mut self, line: &Progress) -> Result<()> {
        let path = self.staging.join(progress::NAME);
        let written = File::options().create(true).append(true).open(path).and_then(|mut file| file.write_all(&line.write()));
        written.map_err(|error| self.unwritten(progress::NAME, error))
    }

    /// Notes what is staged, brought out of the buffers.
    pub fn mark(&mut self) -> Result<()> {
        let path = self.path.clone();
        let unwritten = |name: &str, error| Error::io("cannot write", path.join(name).display().to_string(), error);
        let mut mark = Mark::default();
        for (name, staged) in &mut self.files {
            let state = staged.settled().map_err(|error| unwritten(name, error))?;
            mark.streams.insert(name.clone(), state);
        }
        mark.files = self.done[self.marked..].to_vec();
        self.marked = self.done.len();
        self.note(&Progress::Mark(mark))
    }

    /// Takes over what was staged up to the last of some marks that is all there; `None` if none is.
    pub fn adopt(&mut self, marks: &[Mark]) -> Option<Mark> {
        let files: Vec<&manifest::File> = marks.iter().flat_map(|mark| &mark.files).collect();
        let whole = |file: &&manifest::File| is_inside(&file.name) && has_hash(&self.killed.join(&file.name), &file.blake3);
        if !files.par_iter().all(whole) {
            return None;
        }
        let last = marks.last()?;
        let trees: Option<Vec<(&String, Tree)>> = last
            .streams
            .par_iter()
            .map(|(name, (bytes, blake3))| {
                let tree = start_of(&self.killed.join(name), *bytes).filter(|tree| is_inside(name) && tree.hex() == *blake3)?;
                Some((name, tree))
            })
            .collect();
        for (name, tree) in trees? {
            self.take(name)?;
            let cut = File::options().write(true).open(self.staging.join(name)).and_then(|file| file.set_len(tree.bytes()));
            cut.ok()?;
            self.adopt_stream(name.clone(), tree);
        }
        files.iter().try_for_each(|file| self.take(&file.name))?;
        let files: Vec<manifest::File> = files.into_iter().cloned().collect();
        self.done.extend(files.iter().cloned());
        Some(Mark { files, streams: last.streams.clone() })
    }

    /// Moves a file from the killed run to this one.
    fn take(&mut self, name: &str) -> Option<()> {
        let path = self.place(name).ok()?;
        fs::rename(self.killed.join(name), path).ok()
    }

    /// Leaves a staged file out.
    pub fn discard(&mut self, name: &str) {
        self.files.remove(name);
        let _ = fs::remove_file(self.staging.join(name));
    }
}

/// The tree over so many bytes at the start of a file, if it has them.
fn start_of(path: &Path, bytes: u64) -> Option<Tree> {
    let mut tree = Tree::default();
    tree.read(&mut File::open(path).ok()?.take(bytes)).ok()?;
    (tree.bytes() == bytes).then_some(tree)
}
