//! Alignments against gold, from files: each file of gold with the file of what was predicted for it, or two directories of them paired
//! by name. A file that cannot be scored ends the work: a gate must not pass on half of a set. What the scores mean is the business
//! of `eval`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::named::open_named;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::eval::alignment::{Predicted, Score, score};
use crate::format::beads;

/// The score of one file of gold.
#[derive(Clone, Debug)]
pub struct AlignmentSet {
    /// The file of gold as given or found.
    pub path: String,
    /// How its links were found.
    pub score: Score,
}

/// Scores files of predicted beads against files of gold, given as pairs of paths; two directories are a pair for each file of gold.
///
/// # Errors
/// A file cannot be read, or nothing is predicted for a file of gold; with its path.
pub fn alignments(pairs: &[(PathBuf, PathBuf)]) -> Result<Vec<AlignmentSet>> {
    let mut out = Vec::new();
    for (gold, predicted) in pairs {
        for (gold, predicted) in files(gold, predicted)? {
            let links: Vec<_> = read(&gold)?.into_iter().map(|gold| gold.link).collect();
            out.push(AlignmentSet { path: gold.display().to_string(), score: score(&links, &read(&predicted)?) });
        }
    }
    Ok(out)
}

fn read(path: &Path) -> Result<Vec<Predicted>> {
    let place = || Place::path(path.display().to_string());
    let mut text = String::new();
    let read =
        if path.as_os_str() == "-" { std::io::stdin().read_to_string(&mut text) } else { open_named(path)?.read_to_string(&mut text) };
    read.map_err(|error| Error::io("cannot read it", path.display().to_string(), error))?;
    beads::read(text.trim_start_matches('\u{feff}')).map_err(|error| error.at(place()))
}

/// Files of gold, each with that of its predictions.
fn files(gold: &Path, predicted: &Path) -> Result<Vec<(PathBuf, PathBuf)>> {
    if !gold.is_dir() || !predicted.is_dir() {
        return Ok(vec![(gold.to_owned(), predicted.to_owned())]);
    }
    let found = by_stem(predicted, &["beads", "jsonl"])?;
    let pair = |(stem, gold): (String, PathBuf)| match found.get(&stem) {
        Some(predicted) => Ok((gold, predicted.clone())),
        None => {
            let kind = ErrorKind::NoPartner { id: stem, among: predicted.display().to_string() };
            Err(Error::from(kind).at(Place::path(gold.display().to_string())))
        }
    };
    let pairs: Vec<_> = by_stem(gold, &["gold", "beads"])?.into_iter().map(pair).collect::<Result<_>>()?;
    if pairs.is_empty() { Err(ErrorKind::NoRecords(gold.display().to_string()).into()) } else { Ok(pairs) }
}

/// The files of a directory with one of the endings, by their names without it.
fn by_stem(directory: &Path, endings: &[&str]) -> Result<BTreeMap<String, PathBuf>> {
    let failed = |error| Error::io("cannot list it", directory.display().to_string(), error);
    let mut out = BTreeMap::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("");
        if endings.contains(&ending) {
            out.insert(path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), path);
        }
    }
    Ok(out)
}
