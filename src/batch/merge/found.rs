//! Where translations are: the files that are named, and in directories those of the first format that has any there, for what a
//! run wrote may hold the same segments in several. Lines of Moses are found with the files that belong to them.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::{Path, PathBuf};

use crate::batch::named::{decode_xml, files_within, no_xml, open_named};
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
        if let Some(what) = opened.files[0].fill_buf().ok().and_then(no_xml) {
            return Err(ErrorKind::Packed(what).into());
        }
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
        if path.as_os_str() == "-" {
            let why = "merge does not read translations from standard input: the file's name goes into the memory";
            return Err(ErrorKind::Usage(why.to_owned()).into());
        }
        let meta = std::fs::metadata(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Error::from(ErrorKind::NotFound).at(shown(path)),
            _ => Error::io("cannot look at it", path.display().to_string(), error),
        })?;
        if meta.is_dir() {
            all.extend(in_directory(path, output.clone()));
        } else if let Some(ids) = sets.of_file(path) {
            if !taken.contains(&ids) {
                all.push(sets.found(ids));
                taken.push(ids);
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

/// The format of a file that is named, by its name and by its start, which tells XML whatever the name; what can be read but once
/// is not looked at here.
fn format_of(path: &Path, file: bool) -> Option<&'static Returned> {
    let by_name = Returned::of_name(&name_of(path));
    if !file || by_name.is_some_and(|format| format.begins.is_none()) {
        return by_name;
    }
    let start = open_named(path).and_then(decode_xml).map(|mut input| start(&mut *input)).unwrap_or_default();
    let xml = start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').starts_with('<');
    by_name.filter(|_| !xml).or_else(|| Some(Returned::of_start(&start)))
}

/// What a file begins with, as far as it can be read.
fn start(input: &mut dyn BufRead) -> String {
    String::from_utf8_lossy(input.fill_buf().unwrap_or_default()).into_owned()
}

/// Files of the first format that has any in a directory.
fn in_directory(path: &Path, output: Option<PathBuf>) -> Vec<Found> {
    let found = files_within(path, output, |name| Returned::of_name(name).is_some());
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
    sets.of_file(path).map_or_else(|| Found::file(path.to_owned(), Some(format)), |ids| sets.found(ids))
}

/// The format whose files are translations only together.
const MOSES: &str = "Moses";

/// Files of lines that are named: by the path of the ids, the files of their set by their endings.
#[derive(Default)]
struct Sets {
    all: BTreeMap<PathBuf, BTreeMap<String, PathBuf>>,
}

impl Sets {
    fn of(paths: &[PathBuf]) -> Sets {
        let mut sets = Sets::default();
        for ids in paths.iter().filter_map(|path| ids_beside(path)) {
            sets.all.insert(ids, BTreeMap::new());
        }
        for path in paths.iter().filter(|path| path.is_file()) {
            let Some(ids) = sets.of_file(path).map(Path::to_owned) else { continue };
            let ending = name_of(path)[stem_of(&ids).len() + 1..].to_owned();
            sets.all.entry(ids).or_default().insert(ending, path.clone());
        }
        sets
    }

    /// The set that a file is of: that of the ids beside it, else, for lines that came back to another folder, the one of its name.
    fn of_file(&self, path: &Path) -> Option<&Path> {
        let beside = ids_beside(path);
        let name = name_of(path);
        let is = |ids: &&PathBuf| match &beside {
            Some(own) => own == *ids,
            None => Returned::of_name(&name).is_none() && name.strip_prefix(&stem_of(ids)).is_some_and(|rest| rest.starts_with('.')),
        };
        let mut found = self.all.keys().filter(is);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// The files of a set: those named, else those beside the ids; the ids alone, which cannot be read, where there are none.
    fn found(&self, ids: &Path) -> Found {
        let (named, stem) = (&self.all[ids], stem_of(ids));
        let folder = ids.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let beside = std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| entry.ok());
        let names = beside.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let endings = names.filter_map(|name| Some(name.strip_prefix(&stem)?.strip_prefix('.')?.to_owned()));
        let mut endings: Vec<String> = endings.chain(named.keys().cloned()).collect();
        endings.sort();
        endings.dedup();
        let format = Returned::of_name(moses::IDS);
        let Some(pair) = moses::pair(&stem, &endings) else { return Found::file(ids.to_owned(), format) };
        let path = |ending: &String| named.get(ending).cloned().unwrap_or_else(|| ids.with_file_name(format!("{stem}.{ending}")));
        let [source, target] = pair.endings.each_ref().map(path);
        Found { format, paths: vec![target, source, ids.to_owned()], langs: pair.langs }
    }
}

/// The ids beside a file of lines, or the file itself.
fn ids_beside(path: &Path) -> Option<PathBuf> {
    let name = name_of(path);
    let own = name.strip_suffix(moses::IDS).and_then(|rest| rest.strip_suffix('.'));
    let stem = own.or_else(|| Some(name.rsplit_once('.')?.0))?;
    Some(path.with_file_name(format!("{stem}.{}", moses::IDS))).filter(|ids| ids.is_file())
}

/// What stands before the ending of the ids, and of the files of their set.
fn stem_of(ids: &Path) -> String {
    let name = name_of(ids);
    name.strip_suffix(moses::IDS).and_then(|rest| rest.strip_suffix('.')).unwrap_or(&name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found under paths of a folder with those files, each its format and its files.
    fn found(files: &[(&str, &str)], paths: &[&str]) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a place for temporary files");
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("below the folder")).expect("writable");
            std::fs::write(path, text).expect("writable");
        }
        let paths: Vec<PathBuf> = paths.iter().map(|path| folder.path().join(path)).collect();
        let shown = |found: &Found| {
            let name = |path: &PathBuf| path.strip_prefix(folder.path()).expect("below the folder").display().to_string();
            let format = found.format.map_or("?", |format| format.name);
            format!("{format} {}", found.paths.iter().map(name).collect::<Vec<_>>().join(" "))
        };
        find(&paths, None).expect("there").iter().map(shown).collect()
    }

    const TABLE: &str = "article\tsegment\tsource\ttarget\n";

    #[test]
    fn a_directory_is_of_the_first_format_that_is_there() {
        let table = [("out/segments.tsv", TABLE), ("out/frequencies.tsv", "# terms\n"), ("out/a.txt", "A text.")];
        assert_eq!(found(&table, &["out"]), ["TSV out/segments.tsv"]);
        let records = [("out/segments.jsonl", "{\"article\":\"a\",\"segment\":\"t1\"}"), ("out/summaries.jsonl", "{\"id\":\"a\"}")];
        assert_eq!(found(&records, &["out"]), ["JSONL out/segments.jsonl"]);
        let all = [&table[..], &records[..], &[("out/segments/b.xlf", ""), ("out/segments/a.xlf", "")]].concat();
        assert_eq!(found(&all, &["out"]), ["XLIFF out/segments/a.xlf", "XLIFF out/segments/b.xlf"]);
        assert_eq!(found(&all, &["out/segments.jsonl", "out/segments"])[0], "JSONL out/segments.jsonl");
        assert_eq!(found(&table[2..], &["out"]), [""; 0]);
    }

    #[test]
    fn a_name_tells_less_than_xml() {
        let files = [("a.txt", "\u{feff}<xliff/>"), ("b.TXT", "x"), ("c.out", TABLE), ("d.out", "x"), ("e.xlf", TABLE)];
        let names = files.map(|(name, _)| name);
        assert_eq!(found(&files, &names), ["XLIFF a.txt", "TSV b.TXT", "TSV c.out", "XLIFF d.out", "XLIFF e.xlf"]);
    }

    #[test]
    fn what_is_no_text_is_named() {
        let file = tempfile::Builder::new().suffix(".xlsx").tempfile().expect("a place for temporary files");
        std::fs::write(file.path(), b"PK\x03\x04\x14\0").expect("writable");
        let found = find(&[file.path().to_owned()], None).expect("there");
        let error = found[0].open().map(|_| ()).expect_err("no text");
        assert_eq!(error.to_string(), "it is a ZIP archive or office document, no text");
    }

    #[test]
    fn lines_are_found_with_what_belongs_to_them() {
        let set =
            ["a/s.en-de.ids.tsv", "a/s.en-de.en", "a/s.en-de.de", "b/s.en-de.ids.tsv", "b/s.en-de.en", "b/s.en-de.de", "c/s.en-de.de"];
        let files = set.map(|name| (name, ""));
        let whole = |folder: &str| format!("Moses {folder}/s.en-de.de {folder}/s.en-de.en {folder}/s.en-de.ids.tsv");
        assert_eq!(found(&files, &["a", "b/s.en-de.de"]), [whole("a"), whole("b")]);
        assert_eq!(found(&files, &set[..3]), [whole("a")]);
        assert_eq!(found(&files, &set[..6]), [whole("a"), whole("b")]);
        let other = ["a/s.en-de.en", "c/s.en-de.de"];
        assert_eq!(found(&files, &other), ["Moses c/s.en-de.de a/s.en-de.en a/s.en-de.ids.tsv"]);
        // Two sets of that name: nobody knows to which the third file belongs.
        assert_eq!(found(&files, &["a/s.en-de.en", "b/s.en-de.en", "c/s.en-de.de"])[2], "XLIFF c/s.en-de.de");
        assert_eq!(found(&files[..1], &["a"]), ["Moses a/s.en-de.ids.tsv"]);
    }
}
