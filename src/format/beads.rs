//! Alignments in the plain notation that scorers of alignments read: `[0, 1]:[2]` a line, indices of source and target sentences from
//! 0, an empty side for a sentence left alone; what stands after a second colon is somebody's score and is passed over. The records of
//! `align -t jsonl` are read too, with their confidence. Scoring is the business of `eval::alignment`.

use serde::Deserialize;

use super::jsonl::without_line;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::eval::alignment::{Link, Predicted};

/// The most sentences that a file may speak of: an index beyond is a mistake.
const MOST: u32 = 1 << 28;

/// A file of beads or of JSON records, blank lines passed over.
///
/// # Errors
/// A line that is neither; with its number.
pub fn read(text: &str) -> Result<Vec<Predicted>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| link(line.trim()).map_err(|error| error.at(Place { line: Some(at as u64 + 1), ..Place::default() }))).collect()
}

#[derive(Deserialize)]
struct Record {
    source: Vec<u32>,
    target: Vec<u32>,
    confidence: Option<f64>,
}

fn link(line: &str) -> Result<Predicted> {
    if line.starts_with('{') {
        let record: Record = serde_json::from_str(line).map_err(|error| bad(&without_line(&error)))?;
        let confidence = record.confidence.filter(|confidence| (0.0..=1.0).contains(confidence));
        return Ok(Predicted { link: Link { source: record.source, target: record.target }, confidence });
    }
    let mut sides = line.split(':').map(indices);
    let mut side = || sides.next().flatten();
    match (side(), side()) {
        (Some(source), Some(target)) => Ok(Predicted { link: Link { source, target }, confidence: None }),
        _ => Err(bad(&format!("{line:?} is no bead"))),
    }
}

/// `[0, 1]`.
fn indices(side: &str) -> Option<Vec<u32>> {
    let inner = side.trim().strip_prefix('[')?.strip_suffix(']')?.trim();
    if inner.is_empty() {
        return Some(Vec::new());
    }
    inner.trim_end_matches(',').split(',').map(|index| index.trim().parse().ok().filter(|index| *index < MOST)).collect()
}

fn bad(cause: &str) -> Error {
    ErrorKind::Beads(cause.to_owned()).into()
}

/// A bead as a line.
pub fn push(source: &[usize], target: &[usize], out: &mut Vec<u8>) {
    out.extend_from_slice(format!("{source:?}:{target:?}\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut out = Vec::new();
        push(&[0, 1], &[2], &mut out);
        push(&[], &[3], &mut out);
        assert_eq!(String::from_utf8_lossy(&out), "[0, 1]:[2]\n[]:[3]\n");
        let links: Vec<Link> = read(&String::from_utf8_lossy(&out)).expect("beads").into_iter().map(|predicted| predicted.link).collect();
        assert_eq!(links, [Link { source: vec![0, 1], target: vec![2] }, Link { source: vec![], target: vec![3] }]);
    }

    #[test]
    fn scores_of_others_and_records_are_read_and_nonsense_is_named() {
        let read_one = |line: &str| read(line).map(|mut all| all.remove(0));
        assert_eq!(read_one("[0]:[1]:0.25\n").expect("a bead").link.target, [1]);
        assert_eq!(read_one("[ 0 ,1,] : [ ]").expect("a bead").link.source, [0, 1]);
        let record = read_one(r#"{"article":"a","source":[3],"target":[],"confidence":0.5}"#).expect("a record");
        assert_eq!((record.link.source, record.confidence), (vec![3], Some(0.5)));
        for line in ["[0]", "0:1", "[0]:[x]", "[-1]:[0]", "[0]:[4000000000]", "{}", "[[0]]:[1]", "[0,,1]:[1]"] {
            let error = read(&format!("\n{line}\n")).expect_err(line);
            assert_eq!(error.place.line, Some(2), "{line}");
        }
    }
}
