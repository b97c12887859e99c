//! Files on their way: staged as streams that grow or written at once, hashed as they go by, copied from what an earlier run
//! published, or left where they are.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use blake3::hazmat::ChainingValue;
use rayon::prelude::*;

use super::tree::Tree;
use super::{Directory, OPEN, is_inside};
use crate::error::{Error, ErrorKind, Result};
use crate::format::{Piece, manifest};

/// Bytes that are copied at a time.
const BLOCK: usize = 1 << 20;

/// Bytes of a published file that is worth growing where it is.
const GROWN: u64 = 1 << 20;

/// Names that a file has.
#[cfg(unix)]
fn links(meta: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(meta)
}

/// They are not told, so that there may be several.
#[cfg(not(unix))]
fn links(_meta: &fs::Metadata) -> u64 {
    2
}

/// A file that is written at once.
pub struct Whole {
    pub name: String,
    pub article: String,
    pub piece: Piece,
}

/// A file that grows.
pub(super) struct Staged {
    out: Out,
    bytes: u64,
    articles: Vec<String>,
}

enum Out {
    /// Being written.
    Open(BufWriter<Hashed>),
    /// Closed for a while, for others are open.
    Resting(Tree),
}

/// A file that knows the hash of what was written; behind a buffer, for the hash is fast on many bytes only.
struct Hashed {
    file: File,
    tree: Tree,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.file.write(bytes)?;
        self.tree.update(&bytes[..length]);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Hashed {
    fn buffered(file: File, tree: Tree) -> Out {
        Out::Open(BufWriter::with_capacity(1 << 18, Hashed { file, tree }))
    }
}

impl Staged {
    /// Brings what is buffered to the file; its length and hash.
    pub(super) fn settled(&mut self) -> io::Result<(u64, String)> {
        let tree = match &mut self.out {
            Out::Open(out) => {
                out.flush()?;
                &out.get_ref().tree
            }
            Out::Resting(tree) => tree,
        };
        Ok((self.bytes, tree.hex()))
    }

    /// Begins with all of a published file, which is hashed alone: where its tree was kept, no more of it is read than its last block.
    fn begin(&mut self, from: &Path, file: &manifest::File) -> io::Result<()> {
        if let Some(tree) = tree_of(file) {
            self.bytes = tree.bytes();
            self.out.open().get_mut().tree = tree;
        }
        self.append(from, &(self.bytes..file.bytes), false)
    }

    /// Appends a part of another file. It is read in large blocks, since it is hashed on its way; it is hashed alone unless it `goes`
    /// into the file.
    fn append(&mut self, from: &Path, range: &Range<u64>, goes: bool) -> io::Result<()> {
        let out = self.out.open();
        out.flush()?;
        let mut from = File::open(from)?;
        from.seek(SeekFrom::Start(range.start))?;
        let mut left = range.end - range.start;
        let mut block = vec![0; BLOCK.min(usize::try_from(left).unwrap_or(BLOCK))];
        while left > 0 {
            let most = block.len().min(usize::try_from(left).unwrap_or(BLOCK));
            from.read_exact(&mut block[..most])?;
            if goes {
                out.get_mut().write_all(&block[..most])?;
            } else {
                out.get_mut().tree.update(&block[..most]);
            }
            left -= most as u64;
            self.bytes += most as u64;
        }
        Ok(())
    }
}

impl Out {
    /// The file, which was opened before.
    fn open(&mut self) -> &mut BufWriter<Hashed> {
        match self {
            Out::Open(out) => out,
            Out::Resting(_) => unreachable!("it was opened"),
        }
    }

    /// Writes out what is buffered and closes the file.
    fn rest(self) -> io::Result<Tree> {
        match self {
            Out::Open(out) => out.into_inner().map(|hashed| hashed.tree).map_err(io::IntoInnerError::into_error),
            Out::Resting(tree) => Ok(tree),
        }
    }
}

impl Directory {
    /// Appends bytes to a staged file, which is made when first written to.
    pub fn write(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let staged = self.opened(name)?;
        staged.bytes += bytes.len() as u64;
        let written = staged.out.open().write_all(bytes);
        written.map_err(|error| self.unwritten(name, error))
    }

    /// A staged file that is open.
    fn opened(&mut self, name: &str) -> Result<&mut Staged> {
        if !matches!(self.files.get(name), Some(Staged { out: Out::Open(_), .. })) {
            self.rest_if_many(1)?;
            self.open_file(name)?;
        }
        Ok(self.files.get_mut(name).expect("it was just put there"))
    }

    /// Closes all open files for a while, if with so many more there would be too many.
    fn rest_if_many(&mut self, more: usize) -> Result<()> {
        let open = self.files.values().filter(|staged| matches!(staged.out, Out::Open(_))).count();
        if open + more > OPEN { self.rest() } else { Ok(()) }
    }

    /// Says that an article is in a staged file.
    pub fn tell(&mut self, name: &str, article: &str) {
        self.files.get_mut(name).into_iter().for_each(|staged| staged.articles.push(article.to_owned()));
    }

    /// Ends a staged file: nothing more comes to it.
    pub fn close(&mut self, name: &str) -> Result<()> {
        let Some(Staged { out, bytes, articles }) = self.files.remove(name) else { return Ok(()) };
        let tree = out.rest().map_err(|error| self.unwritten(name, error))?;
        let subtrees = if self.may_go_on && bytes >= GROWN { tree.values().iter().map(hex).collect() } else { Vec::new() };
        self.done.push(manifest::File { name: name.to_owned(), bytes, blake3: tree.hex(), articles, subtrees });
        Ok(())
    }

    /// Goes on with a file that stands in the staging directory already.
    pub(super) fn adopt_stream(&mut self, name: String, tree: Tree) {
        self.files.insert(name, Staged { bytes: tree.bytes(), out: Out::Resting(tree), articles: Vec::new() });
    }

    /// Ends a staged file; what there is to say of it.
    pub fn ended(&mut self, name: &str) -> Result<&manifest::File> {
        self.close(name)?;
        Ok(self.done.iter().rfind(|file| file.name == name).expect("it was staged"))
    }

    /// Writes files that hold one article each, side by side.
    pub fn whole(&mut self, files: Vec<Whole>) -> Result<()> {
        let paths = files.iter().map(|file| self.place(&file.name)).collect::<Result<Vec<_>>>()?;
        let write = |(Whole { name, article, piece }, path): (Whole, PathBuf)| {
            let bytes = [&piece.head, &piece.body, piece.foot.as_bytes()].concat();
            fs::write(path, &bytes).map_err(|error| self.unwritten(&name, error))?;
            let blake3 = blake3::hash(&bytes).to_hex().to_string();
            Ok(manifest::File { name, bytes: bytes.len() as u64, blake3, articles: vec![article], subtrees: Vec::new() })
        };
        let written = files.into_par_iter().zip(paths).map(write).collect::<Result<Vec<_>>>()?;
        self.done.extend(written);
        Ok(())
    }

    /// Says that files stay as an earlier run published them.
    pub fn keep(&mut self, file: manifest::File) {
        self.in_place.insert(file.name.clone());
        self.done.push(file);
    }

    /// Appends parts of published files to the staged files of the same names, side by side; no name comes twice.
    pub fn copy(&mut self, parts: &[(&str, Range<u64>)]) -> Result<()> {
        for parts in parts.chunks(OPEN / 2) {
            self.rest_if_many(OPEN / 2)?;
            for (name, range) in parts {
                if self.may_grow(name, range) {
                    self.grown.insert((*name).to_owned(), range.end);
                }
                self.opened(name)?;
            }
            let Directory { path, grown, earlier, files, aside, .. } = &mut *self;
            // What is never published is only hashed.
            let looks = aside.is_some();
            let old = |name: &str| earlier.as_ref().and_then(|earlier| earlier.file(name));
            let stays = |name: &str, range: &Range<u64>| looks || range.start == 0 && grown.get(name) == Some(&range.end);
            let taken: Vec<_> = parts
                .iter()
                .map(|(name, range)| (files.remove(*name).expect("it was just opened"), *name, range, stays(name, range), old(name)))
                .collect();
            let copied = taken.into_par_iter().map(|(mut staged, name, range, stays, old)| {
                let from = path.join(name);
                let failed = |error| Error::io("cannot copy from it", from.display().to_string(), error);
                let Some(old) = old.filter(|old| stays && staged.bytes == 0 && *range == (0..old.bytes)) else {
                    staged.append(&from, range, !stays).map_err(failed)?;
                    return Ok((name.to_owned(), staged));
                };
                staged.begin(&from, old).map_err(failed)?;
                if staged.settled().map_err(failed)?.1 != old.blake3 {
                    // It changed in a way that the file system does not tell of.
                    return Err(ErrorKind::Changed.into());
                }
                Ok((name.to_owned(), staged))
            });
            let copied = copied.collect::<Result<Vec<_>>>()?;
            self.files.extend(copied);
        }
        Ok(())
    }

    /// Whether a published file may stay where it is and have what is new written to its end: all of it stays, it is long enough to
    /// be worth it, and nothing else is the same file under another name.
    fn may_grow(&self, name: &str, range: &Range<u64>) -> bool {
        let alone = |meta: &fs::Metadata| meta.is_file() && meta.len() == range.end && links(meta) == 1;
        let fits = range.start == 0 && range.end >= GROWN && self.aside.is_none() && !self.files.contains_key(name);
        fits && fs::symlink_metadata(self.path.join(name)).is_ok_and(|meta| alone(&meta))
    }

    pub(super) fn unwritten(&self, name: &str, error: io::Error) -> Error {
        Error::io("cannot write", self.path.join(name).display().to_string(), error)
    }

    /// Where a file is staged; its folder is made.
    pub(super) fn place(&mut self, name: &str) -> Result<PathBuf> {
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
        let path = self.place(name)?;
        let (bytes, articles, tree) = match self.files.remove(name) {
            Some(Staged { out: Out::Resting(tree), bytes, articles }) => (bytes, articles, tree),
            _ => (0, Vec::new(), Tree::default()),
        };
        let file = File::options().create(true).append(true).open(&path).map_err(|error| self.unwritten(name, error))?;
        self.files.insert(name.to_owned(), Staged { out: Hashed::buffered(file, tree), bytes, articles });
        Ok(())
    }

    /// Closes all open files for a while.
    fn rest(&mut self) -> Result<()> {
        for (name, staged) in std::mem::take(&mut self.files) {
            let tree = staged.out.rest().map_err(|error| self.unwritten(&name, error))?;
            self.files.insert(name, Staged { out: Out::Resting(tree), ..staged });
        }
        Ok(())
    }
}

/// A chaining value as the manifest has it.
fn hex(value: &ChainingValue) -> String {
    blake3::Hash::from(*value).to_hex().to_string()
}

/// The tree over the start of a published file, if it was kept.
fn tree_of(file: &manifest::File) -> Option<Tree> {
    let value = |text: &String| blake3::Hash::from_hex(text).ok().map(ChainingValue::from);
    Tree::kept(file.bytes, file.subtrees.iter().map(value).collect::<Option<_>>()?)
}
