//! Where translations are: the files that are named, and in directories those of the first format that has any there, for what a
//! run wrote may hold the same segments in several. Lines of Moses are found with the files that belong to them.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::batch::named::{decode_xml, open_named};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::format::moses;
use crate::format::returned::{Opened, RETURNED, Returned};

/// A file of translations, or files that are one only together.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it is in; `None` where that is seen only when it is read.
    pub format: Option<&'static Returned>,
    /// The file; of Moses target, source and ids.
    pub paths: Vec<PathBuf>,
    /// Languages of source and target, as far as names of files tell them.
    langs: [Option<String>; 2],
}

impl Found {
    fn file(path: PathBuf, format: Option<&'static Returned>) -> Found {
        Found { format, paths: vec![path], langs: [None, None] }
    }

    /// Opens it, and says what it is in. Nothing is read but the start, and what must be looked at before.
    pub fn open(&self) -> Result<(&'static Returned, Opened)> {
        let mut opened = self.opened()?;
        let format = match self.format {
            Some(format) => format,
            None => Returned::of_start(&start(&mut *opened.files[0])),
        };
        if let Some(check) = format.check {
            check(opened)?;
            opened = self.opened()?;
        }
        Ok((format, opened))
    }

    fn opened(&self) -> Result<Opened> {
        let open = |path: &PathBuf| -> Result<Box<dyn BufRead>> { decode_xml(open_named(path)?) };
        Ok(Opened { files: self.paths.iter().map(open).collect::<Result<_>>()?, langs: self.langs.clone() })
    }

    /// Whether it is known that nothing in it says which language it is translated into.
    pub fn is_mute(&self) -> bool {
        self.format.is_some_and(|format| !format.tells_language)
    }
}

/// Finds them, directories walked and sorted by path bytes; `output` is never read.
pub fn find(paths: &[PathBuf], output: Option<&Path>) -> Result<Vec<Found>> {
    let output = output.and_then(|path| std::fs::canonicalize(path).ok());
    let sets = Sets::of(paths);
    let (mut all, mut taken) = (Vec::new(), Vec::new());
    for path in paths {
        let meta = std::fs::metadata(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Error::from(ErrorKind::NotFound).at(shown(path)),
            _ => Error::io("cannot look at it", path.display().to_string(), error),
        })?;
        if meta.is_dir() {
            all.extend(in_directory(path, output.clone()));
        } else if let Some(stem) = sets.of_file(path) {
            if !taken.contains(&stem) {
                all.push(sets.found(stem));
                taken.push(stem);
            }
        } else {
            let format = format_of(path, meta.is_file());
            all.push(Found::file(path.clone(), format));
        }
    }
    Ok(all)
}

fn shown(path: &Path) -> Place {
    Place::path(path.display().to_string())
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The format of a file that is named, by its name, else by its start; what can be read but once is not looked at here.
fn format_of(path: &Path, file: bool) -> Option<&'static Returned> {
    let by_start = || {
        let mut input = decode_xml(open_named(path).ok()?).ok()?;
        Some(Returned::of_start(&start(&mut *input)))
    };
    Returned::of_name(&name_of(path)).or_else(|| if file { by_start() } else { None })
}

/// What a file begins with, as far as it can be read.
fn start(input: &mut dyn BufRead) -> String {
    String::from_utf8_lossy(input.fill_buf().unwrap_or_default()).into_owned()
}

/// Files of the first format that has any in a directory.
fn in_directory(path: &Path, output: Option<PathBuf>) -> Vec<Found> {
    let within = move |path: &Path| output.is_none() || std::fs::canonicalize(path).ok() != output;
    let walk = WalkBuilder::new(path).standard_filters(false).hidden(true).filter_entry(move |entry| within(entry.path())).build();
    let found = walk.filter_map(|entry| entry.ok()).filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    let mut found: Vec<PathBuf> =
        found.map(ignore::DirEntry::into_path).filter(|path| Returned::of_name(&name_of(path)).is_some()).collect();
    found.sort_by(|one, other| one.as_os_str().as_encoded_bytes().cmp(other.as_os_str().as_encoded_bytes()));
    for format in RETURNED {
        let is = |path: &&PathBuf| Returned::of_name(&name_of(path)).is_some_and(|of| of.name == format.name) && begins(path, format);
        let of_format: Vec<&PathBuf> = found.iter().filter(is).collect();
        if !of_format.is_empty() {
            return of_format.into_iter().map(|path| of_one(path, format)).collect();
        }
    }
    Vec::new()
}

/// Whether a file in a directory, where others may be, begins as its format does.
fn begins(path: &Path, format: &Returned) -> bool {
    let Some(begins) = format.begins else { return true };
    let start = open_named(path).and_then(decode_xml).map(|mut input| start(&mut *input));
    start.is_ok_and(|start| begins(&start))
}

fn of_one(path: &Path, format: &'static Returned) -> Found {
    let sets = if format.name == MOSES { Sets::of(&[path.to_owned()]) } else { Sets::default() };
    sets.of_file(path).map_or_else(|| Found::file(path.to_owned(), Some(format)), |stem| sets.found(stem))
}

/// The format whose files are translations only together.
const MOSES: &str = "Moses";

/// Files of lines that are named, by what is before their endings; the ids that stand beside one name the set.
#[derive(Default)]
struct Sets {
    /// Of each the path of the ids, and the files that are named, by their endings.
    all: BTreeMap<String, (PathBuf, BTreeMap<String, PathBuf>)>,
}

impl Sets {
    fn of(paths: &[PathBuf]) -> Sets {
        let mut sets = Sets::default();
        for path in paths {
            let name = name_of(path);
            let stem = name.strip_suffix(moses::IDS).and_then(|rest| rest.strip_suffix('.'));
            let Some(stem) = stem.or_else(|| name.rsplit_once('.').map(|(stem, _)| stem)) else { continue };
            let ids = path.with_file_name(format!("{stem}.{}", moses::IDS));
            if ids.is_file() {
                sets.all.entry(stem.to_owned()).or_insert((ids, BTreeMap::new()));
            }
        }
        // Lines that came back to another folder belong to the ids by their name.
        for path in paths.iter().filter(|path| path.is_file()) {
            let name = name_of(path);
            if let Some(stem) = sets.of_name(&name).map(str::to_owned)
                && let Some((_, named)) = sets.all.get_mut(&stem)
            {
                named.insert(name[stem.len() + 1..].to_owned(), path.clone());
            }
        }
        sets
    }

    fn of_name(&self, name: &str) -> Option<&str> {
        let is = |stem: &&String| name.strip_prefix(stem.as_str()).is_some_and(|rest| rest.starts_with('.'));
        self.all.keys().filter(is).max_by_key(|stem| stem.len()).map(String::as_str)
    }

    /// The set that a file is of.
    fn of_file(&self, path: &Path) -> Option<&str> {
        self.of_name(&name_of(path)).filter(|_| Returned::of_name(&name_of(path)).is_none_or(|format| format.name == MOSES))
    }

    /// The files of a set: those named, else those beside the ids; the ids alone, which cannot be read, where there are none.
    fn found(&self, stem: &str) -> Found {
        let (ids, named) = &self.all[stem];
        let folder = ids.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let beside = std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| entry.ok());
        let names = beside.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let endings = names.filter_map(|name| Some(name.strip_prefix(stem)?.strip_prefix('.')?.to_owned()));
        let mut endings: Vec<String> = endings.chain(named.keys().cloned()).collect();
        endings.sort();
        endings.dedup();
        let format = Returned::of_name(moses::IDS);
        let Some(pair) = moses::pair(stem, &endings) else { return Found::file(ids.clone(), format) };
        let path = |ending: &String| named.get(ending).cloned().unwrap_or_else(|| ids.with_file_name(format!("{stem}.{ending}")));
        let [source, target] = pair.endings.each_ref().map(path);
        let ids = named.get(moses::IDS).unwrap_or(ids).clone();
        Found { format, paths: vec![target, source, ids], langs: pair.langs }
    }
}
