//! What translations come back in: the formats that `merge` reads, each told by the ending of a file's name or by how it begins. It
//! reads nothing itself; finding and opening files is the business of the batch.

use std::io::BufRead;

use super::{jsonl, moses, tsv, xliff};
use crate::error::{Result, Warning};
use crate::translation::Bitext;

/// Takes what came back of one article, and what was wrong in it.
pub type Each<'a> = &'a mut dyn FnMut(Bitext, Vec<Warning>) -> Result<()>;

/// What is open to be read.
pub struct Opened {
    /// The file; of Moses target, source and ids.
    pub files: Vec<Box<dyn BufRead>>,
    /// Languages of source and target, as far as names of files tell them.
    pub langs: [Option<String>; 2],
}

/// A format that translations come back in.
#[derive(Debug)]
pub struct Returned {
    /// Its name.
    pub name: &'static str,
    /// Endings of its files, in small letters.
    pub endings: &'static [&'static str],
    /// Whether a file begins as one of its own; `None` where the ending alone tells.
    pub begins: Option<fn(&str) -> bool>,
    /// Whether its files say which language they are translated into.
    pub tells_language: bool,
    /// What must hold of all of it before any of it is handed on.
    pub check: Option<fn(Opened) -> Result<()>>,
    /// Reads it as a stream, an article at a time.
    pub read: fn(Opened, Each) -> Result<()>,
}

/// Every format that is read, in the order in which they are looked for in a directory. A new format is its file and a line here.
pub const RETURNED: &[Returned] = &[
    Returned {
        name: "XLIFF",
        endings: &["xlf", "xliff", "sdlxliff", "mqxliff", "mxliff"],
        begins: None,
        tells_language: true,
        check: None,
        read: |mut opened, each| xliff::read(&mut opened.files[0], each),
    },
    Returned { name: "Moses", endings: &[moses::IDS], begins: None, tells_language: true, check: Some(moses::check), read: moses::read },
    Returned {
        name: "TSV",
        endings: &["tsv", "tab", "txt", "csv"],
        begins: Some(tsv::begins),
        tells_language: false,
        check: None,
        read: |mut opened, each| tsv::read(&mut opened.files[0], each),
    },
    Returned {
        name: "JSONL",
        endings: &["jsonl", "ndjson"],
        begins: Some(jsonl::begins),
        tells_language: false,
        check: None,
        read: |mut opened, each| jsonl::read_segments(&mut opened.files[0], each),
    },
];

impl Returned {
    /// The format of a file by the ending of its name; `None` if that does not tell.
    pub fn of_name(name: &str) -> Option<&'static Returned> {
        let lower = name.to_ascii_lowercase();
        let ends = |ending: &&str| lower.strip_suffix(*ending).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        RETURNED.iter().find(|format| format.endings.iter().any(ends))
    }

    /// The format of a file by how it begins; what is nothing else is XLIFF, whose reader says what is wrong with it.
    pub fn of_start(start: &str) -> &'static Returned {
        RETURNED.iter().find(|format| format.begins.is_some_and(|begins| begins(start))).unwrap_or(&RETURNED[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_name_and_by_their_beginning() {
        let named = |name: &str| Returned::of_name(name).map_or("", |format| format.name);
        let names = ["a.XLF", "a.b.mqxliff", "segments.en-de.ids.tsv", "Segments.TSV", "x.ndjson", "axlf", "a.docx"].map(named);
        assert_eq!(names, ["XLIFF", "XLIFF", "Moses", "TSV", "JSONL", "", ""]);
        let begun = |start: &str| Returned::of_start(start).name;
        let header = "\u{feff}\"Target\"\tsource\tsegment\tarticle\n";
        let starts = [header, "{\"article\":\"a\",\"segment\":\"t1\"", "<?xml version='1.0'?>", "{\"text\":\"a\"}", ""].map(begun);
        assert_eq!(starts, ["TSV", "JSONL", "XLIFF", "XLIFF", "XLIFF"]);
    }
}
