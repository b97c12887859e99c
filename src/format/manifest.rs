//! The manifest of an output directory: what made it, what is in it, what failed. It is written last, so that a directory
//! with a manifest is complete; it holds nothing but what shapes output (no clock, no thread count), so that the same
//! run writes the same bytes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Its file name.
pub const NAME: &str = "manifest.json";

/// The manifest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `epitome`: how a directory is known as ours.
    pub tool: String,
    /// Version of the tool.
    pub version: String,
    /// Version of the wire records.
    pub schema: u32,
    /// Options that shape output, by name.
    pub options: BTreeMap<String, serde_json::Value>,
    /// Articles done.
    pub articles: u64,
    /// Articles done by language; `und` for unknown.
    pub languages: BTreeMap<String, u64>,
    /// Segments written.
    pub segments: u64,
    /// Those of them that are not to be translated.
    #[serde(default, skip_serializing_if = "is_none")]
    pub locked: u64,
    /// Those of them whose tabs and line breaks became blanks, in formats with a line a segment.
    #[serde(default, skip_serializing_if = "is_none")]
    pub blanks: u64,
    /// Articles by the table of document frequencies that ranked them, where each article's is known: the first digits of the hash that
    /// its `frequencies.tsv` had. Tables of earlier runs need not be there any more.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub generations: BTreeMap<String, u64>,
    /// Files in the directory, by name.
    pub files: Vec<File>,
    /// Articles that failed, in input order.
    pub failures: Vec<Message>,
    /// Warnings, in input order.
    pub warnings: Vec<Message>,
    /// Copies of other articles, in input order; `None` where nobody asked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicates: Option<Vec<Duplicate>>,
}

/// A file of the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Path inside the directory.
    pub name: String,
    /// Length.
    pub bytes: u64,
    /// BLAKE3 of its contents, in hexadecimal.
    pub blake3: String,
    /// Ids of the articles in it, where not every file has all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub articles: Vec<String>,
    /// Chaining values of the complete subtrees of its BLAKE3, in hexadecimal, by which a run that adds to its end knows the hash
    /// without reading all of it; only where that may be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subtrees: Vec<String>,
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

/// A failure or a warning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Path of the input.
    pub path: Option<String>,
    /// Line in it.
    pub line: Option<u64>,
    /// Stable name of the kind.
    pub code: String,
    /// The words a person reads.
    pub message: String,
    /// Where it stands among the others: the number of its article from 1 (0 for what is said of none), and how far the work on that was.
    #[serde(skip)]
    pub order: (u64, u8),
}

/// An article that says what another does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Duplicate {
    /// Its id, as the record gave it.
    pub article: String,
    /// Path of the input.
    pub path: String,
    /// Line in it.
    pub line: Option<u64>,
    /// The id of the article that stands for it.
    pub of: String,
    /// Path of the input that has that one.
    pub of_path: String,
    /// Line in it.
    pub of_line: Option<u64>,
    /// Share of the shingles of both that are in both; counted between the first article of the group and this one, or, for the
    /// first itself, the one that stands for it.
    pub jaccard: f64,
    /// Share of the shingles of the shorter that are in both.
    pub contained: f64,
    /// It is in no output.
    pub left_out: bool,
}

/// Digits of a hash that name a table.
const GENERATION: usize = 16;

/// The name of a table of document frequencies by the hash of its file.
pub fn generation(blake3: &str) -> &str {
    &blake3[..blake3.len().min(GENERATION)]
}

impl Manifest {
    /// What is said of a file, by its name.
    pub fn file(&self, name: &str) -> Option<&File> {
        self.files.iter().find(|file| file.name == name)
    }

    /// Spells the manifest; its last member is a checksum of all before it.
    pub fn write(&self) -> Vec<u8> {
        let mut out = serde_json::to_vec_pretty(self).expect("plain data");
        out.truncate(out.len() - CLOSE.len());
        let checksum = blake3::hash(&out).to_hex();
        out.extend_from_slice(format!("{CHECKSUM}{checksum}{END}").as_bytes());
        out
    }

    /// Reads a manifest; `None` if it is not one of ours, or not as it was written.
    pub fn read(bytes: &[u8]) -> Option<Manifest> {
        is_whole(bytes).then(|| Manifest::read_unsure(bytes)).flatten()
    }

    /// Reads a manifest of ours that may have been altered since.
    pub fn read_unsure(bytes: &[u8]) -> Option<Manifest> {
        serde_json::from_slice::<Manifest>(bytes).ok().filter(|manifest| manifest.tool == "epitome")
    }

    /// Whether it is a manifest of ours, damaged or not.
    pub fn is_ours(bytes: &[u8]) -> bool {
        // One altered byte leaves one of them.
        MARKS.iter().any(|mark| memchr::memmem::find(bytes, mark.as_bytes()).is_some())
    }

    /// Whether it is one of ours that is not as it was written.
    pub fn is_damaged(bytes: &[u8]) -> bool {
        Manifest::is_ours(bytes) && Manifest::read(bytes).is_none()
    }
}

/// How the manifest ends without its checksum, what stands before that, and after.
const CLOSE: &str = "\n}";
const CHECKSUM: &str = ",\n  \"checksum\": \"";
const END: &str = "\"\n}\n";

/// By what a manifest is known as ours.
const MARKS: [&str; 2] = ["\n  \"tool\": \"epitome\",\n", CHECKSUM];

fn is_whole(bytes: &[u8]) -> bool {
    let Some(at) = memchr::memmem::rfind(bytes, CHECKSUM.as_bytes()) else { return false };
    let checksum = &bytes[at + CHECKSUM.len()..];
    checksum.strip_suffix(END.as_bytes()) == Some(blake3::hash(&bytes[..at]).to_hex().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_flipped_bit_is_noticed() {
        let file = File { name: "a.tsv".into(), bytes: 7, ..File::default() };
        let manifest = Manifest { tool: "epitome".into(), files: vec![file], ..Manifest::default() };
        let bytes = manifest.write();
        assert_eq!(Manifest::read(&bytes), Some(manifest));
        for (at, bit) in (0..bytes.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            let mut broken = bytes.clone();
            broken[at] ^= 1 << bit;
            assert!(Manifest::read(&broken).is_none() && Manifest::is_damaged(&broken), "bit {bit} of byte {at}");
        }
        for length in 0..bytes.len() {
            assert!(Manifest::read(&bytes[..length]).is_none(), "cut to {length} bytes");
        }
        assert!(!Manifest::is_ours(b"{\"name\": \"A site\", \"icons\": []}"));
    }
}
