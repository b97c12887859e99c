//! The one way out for progress, warnings and failures. The works call it from one thread, in input order; what becomes of
//! the messages (a bar, lines, JSON, nothing) is the caller's business.

use std::collections::BTreeMap;

use super::leverage::Levels;
use super::memories::Imported;
use super::stages::Cost;
use crate::error::{Error, Warning};
use crate::format::coverage::Coverage;

/// Hears what a batch does. Every method may be left out.
pub trait Observer: Sync {
    /// A pass over the inputs starts: its number from 1, of how many, and the bytes there are to read.
    fn started(&self, _pass: u32, _of: u32, _bytes: u64) {}
    /// So many articles and bytes of input are done in this pass.
    fn advanced(&self, _articles: u64, _bytes: u64) {}
    /// Something looked wrong but worked.
    fn warning(&self, _warning: &Warning) {}
    /// An article failed.
    fn failed(&self, _error: &Error) {}
    /// What a run cost, before it is said to be done.
    fn spent(&self, _cost: &Cost) {}
    /// The batch is done.
    fn finished(&self, _report: &Report) {}
}

/// An observer that hears nothing.
pub struct Silent;

impl Observer for Silent {}

/// What a batch did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Articles done.
    pub articles: u64,
    /// Articles that failed.
    pub failures: u64,
    /// Warnings given.
    pub warnings: u64,
    /// Articles that say what another does, where they were looked for; left out or not.
    pub duplicates: u64,
    /// Segments in the articles done.
    pub segments: u64,
    /// Beads that an alignment found and a memory does not take: unsure, or with one side only.
    pub held_back: u64,
    /// Segments that are not to be translated.
    pub locked: u64,
    /// Those of them whose tabs and line breaks became blanks, where a format has a line a segment.
    pub blanks: u64,
    /// Words in the summaries.
    pub summary_words: u64,
    /// Articles done by language; `und` for unknown.
    pub languages: BTreeMap<String, u64>,
    /// What came of translations in a memory that takes them in.
    pub stored: Option<Imported>,
    /// What a memory had for what was done, where one was looked into.
    pub leverage: Option<Leveraged>,
    /// What a budget of words for translation covers, where there is one.
    pub coverage: Option<Coverage>,
    /// What was taken over from an earlier run and why the rest was not, where that was asked for.
    pub reuse: Option<Reuse>,
    /// Articles that an earlier run of the same had staged when it was killed.
    pub resumed: u64,
    /// What it kept between its passes, and where.
    pub memory: MemoryUse,
}

/// What a memory had for the segments that went to translators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leveraged {
    /// Segments by the level of their best match; repetitions are not told apart.
    pub levels: Levels,
    /// Segments whose targets are from the memory.
    pub filled: u64,
}

/// What a batch kept between its passes, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemoryUse {
    /// Of articles, in memory.
    pub kept: u64,
    /// Of articles, in a temporary file.
    pub spilled_articles: u64,
    /// Of words and what was counted of them, in a temporary file.
    pub spilled_words: u64,
    /// Of the table of frequencies, in a temporary file.
    pub spilled_table: u64,
    /// Of ids, in a temporary file.
    pub spilled_ids: u64,
    /// Times that words were put into the file and begun anew.
    pub generations: u64,
}

impl MemoryUse {
    /// All that went to temporary files.
    pub fn spilled(&self) -> u64 {
        self.spilled_articles + self.spilled_words + self.spilled_table + self.spilled_ids
    }
}

/// What an incremental run took over and what it did again, in articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reuse {
    /// As the earlier run left them.
    pub reused: u64,
    /// Those of them whose files were known by their dates and not read.
    pub unread: u64,
    /// Not in the earlier run.
    pub new: u64,
    /// Their bytes are others, or where they come from.
    pub changed: u64,
    /// Other options, or another version.
    pub options: u64,
    /// Another table of document frequencies.
    pub table: u64,
    /// What was written of them is no longer there as it was.
    pub output: u64,
    /// Of the earlier run and not in this one: no longer among the inputs, or failed.
    pub gone: u64,
    /// Why nothing could be reused, if so.
    pub whole: Option<&'static str>,
    /// The directory is as this run would have left it, and was left alone.
    pub unchanged: bool,
}
