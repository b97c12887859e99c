//! Which files a batch reads: paths as given, directories walked and sorted by path bytes, globs. Nothing is opened here but
//! to tell a file from a directory; what is in a file is the business of `read`.

use std::fs;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;
use rayon::prelude::*;

use super::engine::pool;
use super::limits::{Limits, Stop};
use super::named::nowhere;
use super::state::State;
use crate::error::{Error, ErrorKind, Place, Result, Warning, WarningKind};
use crate::format::{Input, manifest};

/// What to read.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Files, directories and `-` for standard input, in order.
    pub paths: Vec<PathBuf>,
    /// The same, from a list that somebody made: what is not there any more, or cannot be an article, fails alone.
    pub listed: Vec<PathBuf>,
    /// Inside directories, only what matches one of these (if there are any).
    pub include: Vec<String>,
    /// Never what matches one of these.
    pub exclude: Vec<String>,
    /// The format of every input; `None` goes by name, and by the first byte for standard input.
    pub from: Option<Input>,
    /// What each may be at most.
    pub limits: Limits,
    /// Threads that look at the files of a directory; 0 for one a core.
    pub threads: usize,
    /// A way to end the batch before its end.
    pub stop: Stop,
}

/// Files of a directory that are worth more than one thread.
const MANY: usize = 500;

/// One file to read.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is; `-` is standard input.
    pub path: PathBuf,
    /// The path as messages show it.
    pub shown: String,
    /// Id of its article, or stem of its articles' ids.
    pub id: String,
    /// Its format; `None` goes by the first byte.
    pub format: Option<Input>,
    /// Length on disk, 0 if unknown.
    pub bytes: u64,
    /// Whether it can be read twice: a regular file, no pipe.
    pub regular: bool,
    /// What the file system said of it when it was found.
    pub(super) state: Option<State>,
    /// What it may be at most.
    pub limits: Limits,
    /// Whether to read on.
    pub stop: Stop,
}

/// The sources of a batch and what was noticed on the way.
#[derive(Debug, Default)]
pub struct Plan {
    /// In reading order.
    pub sources: Vec<Source>,
    /// Links, devices and the like that were passed over.
    pub warnings: Vec<Warning>,
    /// What is there but cannot be read, so that articles may be missing.
    pub failures: Vec<Error>,
}

impl Plan {
    /// Bytes to read in one pass.
    pub fn bytes(&self) -> u64 {
        self.sources.iter().map(|source| source.bytes).sum()
    }

    /// The same sources in order of their paths, in whatever order they were named.
    pub fn sorted(mut self) -> Plan {
        self.sources.sort_by(|a, b| a.path.as_os_str().as_encoded_bytes().cmp(b.path.as_os_str().as_encoded_bytes()));
        self
    }

    /// An error once the batch was asked to end.
    pub fn check_stop(&self) -> Result<()> {
        self.sources.first().map_or(Ok(()), |source| source.stop.check())
    }
}

/// Finds the sources. `output` is a directory that is never read, since the batch writes there.
pub fn plan(inputs: &Inputs, output: Option<&Path>) -> Result<Plan> {
    let mut plan = Plan::default();
    let include = globs(&inputs.include)?;
    let exclude = globs(&inputs.exclude)?;
    let output = output.and_then(|path| fs::canonicalize(path).ok());
    let walk = Walk { include, exclude, output, inputs };
    for (at, path) in inputs.paths.iter().chain(&inputs.listed).enumerate() {
        if path.as_os_str() == "-" {
            plan.sources.push(Source {
                path: path.clone(),
                shown: "-".into(),
                id: "stdin".into(),
                format: inputs.from,
                bytes: 0,
                regular: false,
                state: None,
                limits: inputs.limits,
                stop: inputs.stop.clone(),
            });
            continue;
        }
        match walk.add(path, &mut plan) {
            Err(error) if at >= inputs.paths.len() => plan.failures.push(error),
            added => added?,
        }
    }
    if plan.sources.is_empty() && plan.failures.is_empty() {
        let places: Vec<String> = inputs.paths.iter().chain(&inputs.listed).map(|path| path.display().to_string()).collect();
        return Err(ErrorKind::NoInput(places.join(", ")).into());
    }
    Ok(plan)
}

fn missing(path: &Path, error: std::io::Error) -> Error {
    let shown = path.display().to_string();
    match error.kind() {
        std::io::ErrorKind::NotFound => Error::from(nowhere(path)).at(Place::path(shown)),
        _ => Error::io("cannot look at it", shown, error),
    }
}

fn globs(patterns: &[String]) -> Result<GlobSet> {
    let bad =
        |error: globset::Error| Error::from(ErrorKind::Usage(format!("{:?} is no glob: {}", error.glob().unwrap_or(""), error.kind())));
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(Glob::new(pattern).map_err(bad)?);
    }
    set.build().map_err(bad)
}

/// A file named on the command line: its format by name, text if the name says nothing.
fn named(path: &Path, meta: &fs::Metadata, inputs: &Inputs) -> Result<Source> {
    let shown = path.display().to_string();
    if !meta.is_file() && !is_pipe(meta) {
        let kind =
            ErrorKind::Format { found: "a device or socket".to_owned(), way_out: "name files, directories, pipes or - for standard input" };
        return Err(Error::from(kind).at(Place::path(shown)));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let format = match inputs.from.or_else(|| Input::of_name(&name)) {
        Some(format) => Some(format),
        None => {
            refuse_other_formats(&name).map_err(|error| error.at(Place::path(shown.clone())))?;
            None
        }
    };
    let (limits, stop) = (inputs.limits, inputs.stop.clone());
    let (bytes, regular, state) = (meta.len(), meta.is_file(), State::of(meta));
    Ok(Source { path: path.to_owned(), id: stem(&name), shown, format, bytes, regular, state, limits, stop })
}

#[cfg(unix)]
fn is_pipe(meta: &fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&meta.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_meta: &fs::Metadata) -> bool {
    false
}

/// Formats that are known not to be articles get an answer instead of a try.
fn refuse_other_formats(name: &str) -> Result<()> {
    const OTHERS: &[(&str, &str, &str)] = &[
        ("tmx", "a translation memory (TMX)", "name the articles to be segmented; a memory is no input of this verb"),
        ("xlf", "a translation file (XLIFF)", "name the articles it was made from"),
        ("xliff", "a translation file (XLIFF)", "name the articles it was made from"),
        ("srx", "a segmentation rule file (SRX)", "name articles"),
        ("html", "an HTML page", "to read it as text without its tags, add --from text --strip-html"),
        ("htm", "an HTML page", "to read it as text without its tags, add --from text --strip-html"),
        ("json", "a JSON document", "write one record a line and add --from jsonl"),
        ("csv", "a table (CSV)", "turn each row into a JSON line with a \"text\""),
        ("xml", "an XML document", "extract the text first; --from text --strip-html reads it without its tags"),
        ("docx", "an office document", "save it as plain text first"),
        ("odt", "an office document", "save it as plain text first"),
        ("pdf", "a PDF document", "extract its text first (pdftotext)"),
        ("zip", "an archive", "unpack it and name the directory"),
        ("tar", "an archive", "unpack it and name the directory"),
    ];
    let lower = name.to_ascii_lowercase();
    let bare = lower.strip_suffix(".gz").or_else(|| lower.strip_suffix(".zst")).unwrap_or(&lower);
    let ending = bare.rsplit_once('.').map_or("", |(_, ending)| ending);
    match OTHERS.iter().find(|(known, ..)| *known == ending) {
        Some((_, found, way_out)) => Err(ErrorKind::Format { found: (*found).to_owned(), way_out }.into()),
        None => Ok(()),
    }
}

/// The name without its endings of format and compression.
fn stem(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let mut end = name.len();
    for ending in [".gz", ".zst"] {
        if lower[..end].ends_with(ending) {
            end -= ending.len();
        }
    }
    match name[..end].rfind('.') {
        Some(dot) if dot > 0 => name[..dot].to_owned(),
        _ => name[..end].to_owned(),
    }
}

struct Walk<'a> {
    include: GlobSet,
    exclude: GlobSet,
    output: Option<PathBuf>,
    inputs: &'a Inputs,
}

impl Walk<'_> {
    /// Adds a file, or those of a directory.
    fn add(&self, path: &Path, plan: &mut Plan) -> Result<()> {
        let meta = fs::metadata(path).map_err(|error| missing(path, error))?;
        if meta.is_dir() {
            return self.directory(path, plan);
        }
        if !self.exclude.is_match(path) {
            plan.sources.push(named(path, &meta, self.inputs)?);
        }
        Ok(())
    }

    /// Adds the files of a directory, sorted by path bytes. Hidden ones, our own outputs and other formats are left out.
    fn directory(&self, root: &Path, plan: &mut Plan) -> Result<()> {
        let mut found = Vec::new();
        let own = self.output.clone();
        let walker = WalkBuilder::new(root)
            .standard_filters(false)
            .hidden(true)
            .follow_links(true)
            .filter_entry(move |entry| !entry.file_type().is_some_and(|kind| kind.is_dir()) || !is_output(entry.path(), own.as_deref()))
            .build();
        for entry in walker {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => found.push(entry.into_path()),
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {}
                Ok(entry) => plan.warnings.push(passed_over(entry.path(), "no regular file")),
                Err(error) => note(error, root, plan),
            }
        }
        let ours = own_files(root);
        found.retain(|path| !ours.contains(path));
        let threads = if found.len() < MANY { 1 } else { self.inputs.threads };
        plan.sources.extend(pool(threads)?.install(|| {
            found.par_sort_unstable_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
            found.into_par_iter().filter_map(|path| self.source(root, path)).collect::<Vec<_>>()
        }));
        Ok(())
    }

    /// What there is to read of a file below `root`, if it is to be read.
    fn source(&self, root: &Path, path: PathBuf) -> Option<Source> {
        let relative = path.strip_prefix(root).unwrap_or(&path);
        let format = self.format(relative)?;
        let (shown, id) = (path.display().to_string(), id(&relative.to_string_lossy()));
        let meta = fs::metadata(&path).ok();
        let (bytes, state) = (meta.as_ref().map_or(0, fs::Metadata::len), meta.as_ref().and_then(State::of));
        let (limits, stop) = (self.inputs.limits, self.inputs.stop.clone());
        Some(Source { path, shown, id, format, bytes, regular: true, state, limits, stop })
    }

    /// `Some` if the file is to be read.
    fn format(&self, relative: &Path) -> Option<Option<Input>> {
        let name = relative.file_name().unwrap_or_default();
        let matches = |set: &GlobSet| !set.is_empty() && (set.is_match(relative) || set.is_match(Path::new(name)));
        if matches(&self.exclude) || !self.include.is_empty() && !matches(&self.include) {
            return None;
        }
        let by_name = Input::of_name(&name.to_string_lossy());
        match (self.inputs.from, by_name) {
            (Some(from), Some(_)) => Some(Some(from)),
            (None, Some(format)) => Some(Some(format)),
            (from, None) if !self.include.is_empty() => Some(from),
            _ => None,
        }
    }
}

/// The id of a file below a directory: its relative path without endings, with `/` on every system.
fn id(relative: &str) -> String {
    let unified = relative.replace(std::path::MAIN_SEPARATOR, "/");
    match unified.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/{}", stem(name)),
        None => stem(&unified),
    }
}

/// A directory this tool wrote, or is about to write.
fn is_output(path: &Path, own: Option<&Path>) -> bool {
    if own.is_some_and(|own| fs::canonicalize(path).is_ok_and(|path| path == own)) {
        return true;
    }
    fs::read(path.join(manifest::NAME)).is_ok_and(|bytes| manifest::Manifest::is_ours(&bytes))
}

/// The files that an earlier run wrote into `root` itself.
fn own_files(root: &Path) -> Vec<PathBuf> {
    let manifest = fs::read(root.join(manifest::NAME)).ok().and_then(|bytes| manifest::Manifest::read_unsure(&bytes));
    manifest.into_iter().flat_map(|manifest| manifest.files).map(|file| root.join(file.name)).collect()
}

/// A loop of links loses nothing; what the system refuses may hide articles.
fn note(error: ignore::Error, root: &Path, plan: &mut Plan) {
    let mut path = root.display().to_string();
    let mut inner = &error;
    loop {
        match inner {
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => inner = err,
            ignore::Error::WithPath { path: named, err } => {
                path = named.display().to_string();
                inner = err;
            }
            ignore::Error::Loop { child, .. } => return plan.warnings.push(passed_over(child, "a loop of links")),
            _ => break,
        }
    }
    let cause = error.io_error().map_or_else(|| std::io::Error::other(error.to_string()), |cause| cause.kind().into());
    plan.failures.push(match cause.kind() {
        std::io::ErrorKind::NotFound if Path::new(&path).is_symlink() => Error::from(ErrorKind::DeadLink).at(Place::path(path)),
        _ => Error::io("cannot read it", path, cause),
    });
}

fn passed_over(path: &Path, what: &str) -> Warning {
    Warning { kind: WarningKind::PassedOver(what.to_owned()), place: Place::path(path.display().to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_lose_their_endings() {
        for (name, expected) in
            [("a.txt", "a"), ("x/b.c.jsonl.gz", "x/b.c"), ("plain", "plain"), (".hidden", ".hidden"), ("d/e.TXT.zst", "d/e")]
        {
            assert_eq!(id(name), expected);
        }
    }
}
