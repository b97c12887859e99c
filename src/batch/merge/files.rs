//! The files of translators that a merge reads: those named, and in directories those whose names say that they are XLIFF. They
//! are read one after the other, as streams; what comes out of them is handed on in portions of bounded size.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::batch::engine::guarded;
use crate::batch::named::{decode_xml, open_named};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::format::xliff;
use crate::translation::{Bitext, Part};

/// Endings by which files are found in directories.
const ENDINGS: [&str; 5] = ["xlf", "xliff", "sdlxliff", "mqxliff", "mxliff"];

/// Files of translators in reading order.
#[derive(Clone, Debug, Default)]
pub struct Files {
    paths: Vec<PathBuf>,
    bytes: Vec<u64>,
}

/// What a file gave.
pub enum Came {
    /// An article, and what was wrong with its part of the file.
    Bitext(Box<Bitext>, Vec<Warning>),
    /// It could not be read, or not on.
    Failed(Box<Error>),
    /// It is read to its end.
    End,
}

impl Files {
    /// Finds them, directories walked and sorted by path bytes; `output` is never read.
    ///
    /// # Errors
    /// A path leads nowhere, or there is no file of translators under any.
    pub fn find(paths: &[PathBuf], output: Option<&Path>) -> Result<Files> {
        let output = output.and_then(|path| std::fs::canonicalize(path).ok());
        let mut files = Files::default();
        for path in paths {
            let place = || Place::path(path.display().to_string());
            if path.as_os_str() == "-" {
                let why = "merge does not read XLIFF from standard input: the file's name goes into the memory";
                return Err(ErrorKind::Usage(why.to_owned()).into());
            }
            let meta = std::fs::metadata(path).map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => Error::from(ErrorKind::NotFound).at(place()),
                _ => Error::io("cannot look at it", path.display().to_string(), error),
            })?;
            if !meta.is_dir() {
                files.add(path.clone());
                continue;
            }
            let own = output.clone();
            let within = move |path: &Path| own.is_none() || std::fs::canonicalize(path).ok() != own;
            let walk = WalkBuilder::new(path).standard_filters(false).hidden(true).filter_entry(move |entry| within(entry.path())).build();
            let found = walk.filter_map(|entry| entry.ok()).filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
            let mut found: Vec<PathBuf> = found.map(ignore::DirEntry::into_path).filter(|path| is_xliff(path)).collect();
            found.sort_by(|one, other| one.as_os_str().as_encoded_bytes().cmp(other.as_os_str().as_encoded_bytes()));
            found.into_iter().for_each(|path| files.add(path));
        }
        files.each_once();
        if files.paths.is_empty() {
            let shown: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
            return Err(ErrorKind::NoXliff(shown.join(", ")).into());
        }
        Ok(files)
    }

    /// A file that was named twice, or is in a directory that was named too, is read once.
    fn each_once(&mut self) {
        let mut seen = foldhash::HashSet::default();
        let known: Vec<bool> = self.paths.iter().map(|path| seen.insert(std::fs::canonicalize(path).unwrap_or(path.clone()))).collect();
        let (mut paths, mut bytes) = (known.iter(), known.iter());
        self.paths.retain(|_| paths.next().is_some_and(|new| *new));
        self.bytes.retain(|_| bytes.next().is_some_and(|new| *new));
    }

    fn add(&mut self, path: PathBuf) {
        self.bytes.push(std::fs::metadata(&path).map_or(0, |meta| meta.len()));
        self.paths.push(path);
    }

    /// Where they are.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.paths.iter().map(PathBuf::as_path)
    }

    /// Bytes to read.
    pub fn bytes(&self) -> u64 {
        self.bytes.iter().sum()
    }

    /// Bytes of a file.
    pub fn bytes_of(&self, file: usize) -> u64 {
        self.bytes[file]
    }

    /// The path of a file as messages show it.
    pub fn shown(&self, file: usize) -> String {
        self.paths[file].display().to_string()
    }

    /// The name of a file without its folders.
    pub fn name(&self, file: usize) -> String {
        self.paths[file].file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The paths as messages show them, one after the other.
    pub fn list(&self) -> String {
        (0..self.paths.len()).map(|file| self.shown(file)).collect::<Vec<_>>().join(", ")
    }

    /// Reads all files and hands on what they give, with the number of the file; ends early when nobody takes it.
    pub fn read(&self, send: &mut dyn FnMut(Vec<(usize, Came)>) -> bool) {
        let mut portion = Portion { all: Vec::new(), bytes: 0 };
        for (file, path) in self.paths.iter().enumerate() {
            let place = Place::path(self.shown(file));
            let mut taken = true;
            let done = guarded(|| {
                let mut input = decode_xml(open_named(path)?)?;
                xliff::read(&mut *input, &mut |bitext, warnings| {
                    let at = |warning: Warning| Warning { place: Place { path: place.path.clone(), ..warning.place }, ..warning };
                    portion.bytes += weight(&bitext);
                    portion.all.push((file, Came::Bitext(Box::new(bitext), warnings.into_iter().map(at).collect())));
                    taken = portion.pass_on(PORTION, send);
                    if taken { Ok(()) } else { Err(ErrorKind::Usage("nobody reads on".to_owned()).into()) }
                })
            });
            if !taken {
                return;
            }
            let end = match done {
                Ok(()) => Came::End,
                Err(error) => Came::Failed(Box::new(error.at(place))),
            };
            portion.all.push((file, end));
            if !portion.pass_on(PORTION, send) {
                return;
            }
        }
        portion.pass_on(0, send);
    }
}

/// Bytes of text and number of articles that are handed on at once.
const PORTION: usize = 1 << 20;
const MOST: usize = 512;

struct Portion {
    all: Vec<(usize, Came)>,
    bytes: usize,
}

impl Portion {
    /// Hands on what there is, if it is enough; whether anybody takes it.
    fn pass_on(&mut self, enough: usize, send: &mut dyn FnMut(Vec<(usize, Came)>) -> bool) -> bool {
        if self.all.is_empty() || self.bytes < enough && self.all.len() < MOST {
            return true;
        }
        self.bytes = 0;
        send(std::mem::take(&mut self.all))
    }
}

/// Bytes that an article takes, about.
fn weight(bitext: &Bitext) -> usize {
    let of_part = |part: &Part| match part {
        Part::Segment(segment) => 200 + segment.source.len() + segment.target.as_ref().map_or(0, String::len),
        Part::Ignorable { source, .. } => 50 + source.len(),
    };
    bitext.units.iter().flat_map(|unit| &unit.parts).map(of_part).sum()
}

fn is_xliff(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}
