//! How far a run came, for one that goes on after it was killed: a line of JSON for what is staged so far, written and read by the same
//! version only. It never leaves the staging directory. A last line that was cut short is none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::manifest::File;

/// Its file name in the staging directory.
pub const NAME: &str = "progress.jsonl";

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Progress {
    /// A hash of all that shapes the output but the contents of the inputs. The first line.
    Run(String),
    /// The table of document frequencies is staged; a hash of the inputs that it was counted from.
    Counted(String),
    /// So much is staged, in whole articles.
    Mark(Mark),
}

/// What is staged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Bytes of the files that grow, and a hash of them.
    pub streams: BTreeMap<String, (u64, String)>,
    /// Files that came to their end since the mark before.
    pub files: Vec<File>,
}

impl Progress {
    /// Spells the line.
    pub fn write(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(self).expect("plain data");
        line.push(b'\n');
        line
    }

    /// The lines, up to the first that is none.
    pub fn read(bytes: &[u8]) -> Vec<Progress> {
        bytes.split_inclusive(|b| *b == b'\n').map_while(|line| serde_json::from_slice(line.strip_suffix(b"\n")?).ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_cut_short_is_not_read() {
        let file = File { name: "a.xlf".into(), ..File::default() };
        let mark = Mark { streams: BTreeMap::from([("a.tsv".into(), (7, "00".into()))]), files: vec![file] };
        let lines = [Progress::Run("x".into()), Progress::Counted("y".into()), Progress::Mark(mark)];
        let bytes: Vec<u8> = lines.iter().flat_map(Progress::write).collect();
        assert_eq!(Progress::read(&bytes), lines);
        assert_eq!(Progress::read(&bytes[..bytes.len() - 1]), lines[..2]);
        assert!(Progress::read(b"").is_empty());
    }
}
