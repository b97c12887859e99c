//! The record of an incremental run, `articles.jsonl`, out and back: a line an article that was done, in input order, with a hash of
//! the bytes it was made from and the bytes of each stream that are its own. It lets the next run find what is already done; what it
//! does with that is the business of the batch.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Its file name.
pub const NAME: &str = "articles.jsonl";

/// A line: an article that was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record<'a> {
    /// The article's id.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// The id as the record gave it, where an earlier article had that.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Cow<'a, str>>,
    /// Path of the input.
    #[serde(borrow)]
    pub path: Cow<'a, str>,
    /// Line in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The first 128 bits of BLAKE3 of the bytes that were read, in hexadecimal: of the file, decompressed, or of the line.
    #[serde(borrow)]
    pub hash: Cow<'a, str>,
    /// The language by which it is counted; `und` for unknown.
    #[serde(borrow)]
    pub lang: Cow<'a, str>,
    /// The table of document frequencies that ranked it, where that is not the one that lies beside this file.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<Cow<'a, str>>,
    /// Its segments.
    pub segments: u64,
    /// Those of them that are not to be translated.
    #[serde(default, skip_serializing_if = "is_none")]
    pub locked: u64,
    /// Those of them that lost line breaks or tabs.
    #[serde(default, skip_serializing_if = "is_none")]
    pub blanks: u64,
    /// Words of its summary.
    pub words: u32,
    /// Bytes in each stream that are its own; they follow those of the line before.
    #[serde(borrow)]
    pub bytes: BTreeMap<Cow<'a, str>, u64>,
    /// What was noticed.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Noted<'a>>,
}

/// What was noticed of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted<'a> {
    /// Stable name of the kind.
    #[serde(borrow)]
    pub code: Cow<'a, str>,
    /// The words a person reads.
    #[serde(borrow)]
    pub message: Cow<'a, str>,
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

impl Record<'_> {
    /// Appends the line.
    pub fn write(&self, out: &mut Vec<u8>) {
        serde_json::to_writer(&mut *out, self).expect("records have string keys and memory takes every byte");
        out.push(b'\n');
    }

    /// Reads a line; `None` if it is none.
    pub fn read(line: &[u8]) -> Option<Record<'_>> {
        serde_json::from_slice(line).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_back() {
        let plain = Record { id: "a".into(), path: "in/a.txt".into(), hash: "00ff".into(), lang: "en".into(), ..Record::default() };
        let full = Record {
            first: Some("\"é\"\t".into()),
            line: Some(7),
            generation: Some("0123".into()),
            locked: 2,
            blanks: 1,
            bytes: BTreeMap::from([("summaries.jsonl".into(), 12)]),
            warnings: vec![Noted { code: "html".into(), message: "2 HTML tags\n".into() }],
            ..plain.clone()
        };
        for record in [plain, full] {
            let mut line = Vec::new();
            record.write(&mut line);
            assert_eq!(line.iter().filter(|b| **b == b'\n').count(), 1);
            assert_eq!(Record::read(&line), Some(record));
        }
        assert_eq!(Record::read(b"{}"), None);
    }
}
