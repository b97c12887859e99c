//! What the formats share: ids that may come once, codes that come in pairs, languages that must agree.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use super::Say;
use crate::text::srx::Severity;

/// Bytes of text of a unit that are held against one another; longer ones are no sentences.
const TEXT: usize = 4 << 20;

/// How much text was kept of a unit, so that none grows without end.
#[derive(Default)]
pub(super) struct Kept {
    bytes: usize,
}

impl Kept {
    /// Appends a piece, unless that would be too much.
    pub(super) fn push(&mut self, piece: &str, out: &mut String) {
        self.bytes += piece.len();
        if self.bytes <= TEXT {
            out.push_str(piece);
        }
    }

    /// Whether all of the unit is there.
    pub(super) fn is_whole(&self) -> bool {
        self.bytes <= TEXT
    }
}

/// Ids that may come once. Of each a hash of 64 bits is kept, so that a million take some ten megabytes.
#[derive(Default)]
pub(super) struct Ids {
    hashes: HashSet<u64, FixedState>,
}

impl Ids {
    /// Takes an id; `false` if it came before.
    pub(super) fn take(&mut self, id: &str) -> bool {
        self.hashes.insert(FixedState::default().hash_one(id))
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.hashes.contains(&FixedState::default().hash_one(id))
    }

    pub(super) fn clear(&mut self) {
        self.hashes.clear();
    }
}

/// Names of a unit or a header, codes of a unit: at most so many are held against one another.
pub(super) const MANY: usize = 100_000;

/// Names that may come once and that others refer to. Once there are too many, every name counts as new and as there.
#[derive(Default)]
pub(super) struct Names {
    names: HashSet<Box<str>>,
}

impl Names {
    /// Takes a name; `false` if it came before.
    pub(super) fn take(&mut self, name: &str) -> bool {
        self.is_full() || self.names.insert(name.into())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.is_full() || self.names.contains(name)
    }

    fn is_full(&self) -> bool {
        self.names.len() >= MANY
    }

    pub(super) fn clear(&mut self) {
        self.names.clear();
    }
}

/// Codes that begin something, by what their partners name them with.
#[derive(Default)]
pub(super) struct Pairs {
    keys: HashMap<Box<str>, usize>,
    starts: Vec<Start>,
}

/// A code that begins something.
pub(super) struct Start {
    pub key: Box<str>,
    pub line: u64,
    /// Its partner is somewhere else, or came.
    pub done: bool,
    /// Its partner is said to be somewhere else.
    pub isolated: bool,
}

/// How a code found its partner.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Partner,
    Nobody,
    /// The partner had one already.
    Taken,
    /// The partner says that this one is somewhere else.
    Isolated,
}

impl Pairs {
    /// Takes a code that begins something; `false` if another did by the same name.
    pub(super) fn open(&mut self, key: &str, line: u64, isolated: bool) -> bool {
        if self.starts.len() == MANY {
            return true;
        }
        if self.keys.contains_key(key) {
            return false;
        }
        self.keys.insert(key.into(), self.starts.len());
        self.starts.push(Start { key: key.into(), line, done: isolated, isolated });
        true
    }

    /// Takes a code that ends something.
    pub(super) fn close(&mut self, key: &str) -> Found {
        let full = self.starts.len() == MANY;
        let Some(start) = self.keys.get(key).map(|&at| &mut self.starts[at]) else {
            return if full { Found::Partner } else { Found::Nobody };
        };
        if start.isolated {
            return Found::Isolated;
        }
        if std::mem::replace(&mut start.done, true) { Found::Taken } else { Found::Partner }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }

    /// Those that nothing ended, in order; everything is forgotten.
    pub(super) fn unended(&mut self) -> impl Iterator<Item = Start> {
        self.keys.clear();
        std::mem::take(&mut self.starts).into_iter().filter(|start| !start.done)
    }
}

/// Codes of a source and of its target, by what they are called, in the order in which they came.
#[derive(Default)]
pub(super) struct Tally {
    index: HashMap<Box<str>, usize>,
    counts: Vec<(Box<str>, [u32; 2])>,
}

impl Tally {
    /// Counts a code on a side, 0 for the source and 1 for the target; gives how often it came there.
    pub(super) fn take(&mut self, code: &str, side: usize) -> u32 {
        let index = match self.index.get(code) {
            Some(index) => *index,
            None if self.counts.len() == MANY => return 1,
            None => {
                self.index.insert(code.into(), self.counts.len());
                self.counts.push((code.into(), [0, 0]));
                self.counts.len() - 1
            }
        };
        let count = &mut self.counts[index].1[side];
        *count += 1;
        *count
    }

    /// What the target lacks, has too often, or has and the source has not, in words.
    pub(super) fn differences(&self) -> impl Iterator<Item = String> + '_ {
        const TOLD: [&str; 3] =
            ["of the source is not in the target", "is more often in the target than in the source", "of the target is not in the source"];
        let kind = |[source, target]: [u32; 2]| match (source, target) {
            _ if source > target => Some(0),
            _ if source == target => None,
            (0, _) => Some(2),
            _ => Some(1),
        };
        let full = self.counts.len() == MANY;
        TOLD.iter().enumerate().filter(move |_| !full).filter_map(move |(number, what)| {
            let of_kind = self.counts.iter().filter(|(_, counts)| kind(*counts) == Some(number));
            let found: Vec<&str> = of_kind.map(|(code, _)| &**code).take(6).collect();
            let more = if found.len() > 5 { ", .." } else { "" };
            (!found.is_empty()).then(|| format!("{}{more} {what}", found[..found.len().min(5)].join(", ")))
        })
    }
}

/// How two language tags agree.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Agreement {
    Equal,
    /// One says more than the other, or they name varieties of one language.
    Near,
    Different,
}

/// Compares language tags, letters in any case.
pub(super) fn agreement(one: &str, other: &str) -> Agreement {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
    if one.eq_ignore_ascii_case(other) {
        Agreement::Equal
    } else if primary(one) == primary(other) {
        Agreement::Near
    } else {
        Agreement::Different
    }
}

/// Says that an element's `xml:lang` is not the language of the file; `near` is how bad a variety of the same is.
pub(super) fn say_language(found: &str, expected: &str, attribute: &str, near: Severity, place: impl std::fmt::Display, say: &mut Say) {
    let cause = format_args!("xml:lang={found:?} of {place}, expected {attribute}={expected:?}");
    match agreement(found, expected) {
        Agreement::Equal => {}
        Agreement::Near => say.tell(near, "language", None, cause),
        Agreement::Different => say.error("language", cause),
    }
}
