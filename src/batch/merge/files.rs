//! The files of translators that a merge reads: small ones side by side, each large one as a stream; what comes out of them is handed
//! on in their order, in portions of bounded size.

use std::path::{Path, PathBuf};

use super::found::{Found, find};
use crate::batch::engine::{Engine, guarded};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::translation::{Bitext, Part};

/// Files of translators in reading order.
#[derive(Clone, Debug, Default)]
pub struct Files {
    all: Vec<Found>,
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
    /// A path leads nowhere, lines lack the file that belongs to them, or there is no file of translators under any.
    pub fn find(paths: &[PathBuf], output: Option<&Path>) -> Result<Files> {
        let mut all = find(paths, output)?;
        each_once(&mut all);
        if all.is_empty() {
            let shown: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
            return Err(ErrorKind::NoTranslations(shown.join(", ")).into());
        }
        let length = |path: &PathBuf| std::fs::metadata(path).map_or(0, |meta| meta.len());
        let bytes = all.iter().map(|found| found.paths.iter().map(length).sum()).collect();
        Ok(Files { all, bytes })
    }

    /// Where they are.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.all.iter().flat_map(|found| &found.paths).map(PathBuf::as_path)
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
        self.all[file].paths[0].display().to_string()
    }

    /// The first file of which it is known that nothing in it says which language it is translated into.
    pub fn mute(&self) -> Option<String> {
        self.all.iter().position(Found::is_mute).map(|file| self.shown(file))
    }

    /// The name of a file without its folders.
    pub fn name(&self, file: usize) -> String {
        self.all[file].paths[0].file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The paths as messages show them, one after the other.
    pub fn list(&self) -> String {
        (0..self.all.len()).map(|file| self.shown(file)).collect::<Vec<_>>().join(", ")
    }

    /// Reads all files and hands on what they give, with the number of the file; ends early when nobody takes it.
    pub fn read(&self, engine: &Engine, send: &mut dyn FnMut(Vec<(usize, Came)>) -> bool) {
        let mut portion = Portion { all: Vec::new(), bytes: 0, send };
        let mut next = 0;
        while next < self.all.len() {
            let count = self.together(next);
            let numbers: Vec<usize> = (next..next + count).collect();
            let taken = match count {
                1 => self.read_one(next, &mut |came| portion.add(next, came)),
                _ => engine.map_all(numbers, |file, _| (file, self.whole(file))).into_iter().all(|(file, all)| portion.add_all(file, all)),
            };
            if !taken {
                return;
            }
            next += count;
        }
        portion.pass_on(0);
    }

    /// How many files, from one on, are small enough together to be read side by side. One of which no length is known, such as a
    /// pipe, is read alone.
    fn together(&self, first: usize) -> usize {
        let mut all = 0;
        let fits = |bytes: &&u64| {
            all += **bytes;
            **bytes > 0 && all <= TOGETHER
        };
        self.bytes[first..].iter().take(MOST).take_while(fits).count().max(1)
    }

    /// All that a small file gives.
    fn whole(&self, file: usize) -> Vec<Came> {
        let mut all = Vec::new();
        self.read_one(file, &mut |came| {
            all.push(came);
            true
        });
        all
    }

    /// Reads a file and hands on what it gives; whether all of that was taken.
    fn read_one(&self, file: usize, take: &mut dyn FnMut(Came) -> bool) -> bool {
        let place = Place::path(self.shown(file));
        let mut taken = true;
        let done = guarded(|| {
            let (format, opened) = self.all[file].open()?;
            (format.read)(opened, &mut |bitext, warnings| {
                let at = |warning: Warning| Warning { place: Place { path: place.path.clone(), ..warning.place }, ..warning };
                taken = take(Came::Bitext(Box::new(bitext), warnings.into_iter().map(at).collect()));
                if taken { Ok(()) } else { Err(ErrorKind::Usage("nobody reads on".to_owned()).into()) }
            })
        });
        let end = match done {
            Ok(()) => Came::End,
            Err(error) => Came::Failed(Box::new(error.at(place))),
        };
        taken && take(end)
    }
}

/// A file that was named twice, or is in a directory that was named too, is read once.
fn each_once(all: &mut Vec<Found>) {
    let mut seen = foldhash::HashSet::default();
    all.retain(|found| seen.insert(std::fs::canonicalize(&found.paths[0]).unwrap_or_else(|_| found.paths[0].clone())));
}

/// Bytes of text and number of articles that are handed on at once.
const PORTION: usize = 1 << 20;
const MOST: usize = 512;

/// Bytes of the files that are read side by side.
const TOGETHER: u64 = 2 << 20;

/// What was read and waits until it is enough to be handed on.
struct Portion<'a> {
    all: Vec<(usize, Came)>,
    bytes: usize,
    send: &'a mut dyn FnMut(Vec<(usize, Came)>) -> bool,
}

impl Portion<'_> {
    /// Takes what a file gave; whether anybody wants more.
    fn add(&mut self, file: usize, came: Came) -> bool {
        if let Came::Bitext(bitext, _) = &came {
            self.bytes += weight(bitext);
        }
        self.all.push((file, came));
        self.pass_on(PORTION)
    }

    fn add_all(&mut self, file: usize, all: Vec<Came>) -> bool {
        all.into_iter().all(|came| self.add(file, came))
    }

    /// Hands on what there is, if it is enough; whether anybody takes it.
    fn pass_on(&mut self, enough: usize) -> bool {
        if self.all.is_empty() || self.bytes < enough && self.all.len() < MOST {
            return true;
        }
        self.bytes = 0;
        (self.send)(std::mem::take(&mut self.all))
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
