//! What is noted of every article that is done, for the next run: a line of `articles.jsonl`; and, beside it, why it was done.

use std::sync::Arc;

use foldhash::HashMap;

use super::earlier::Earlier;
use crate::batch::again::Source;
use crate::batch::books::Books;
use crate::batch::observe::Reuse;
use crate::batch::parse::Fingerprint;
use crate::batch::spell::Spelled;
use crate::format::manifest::Message;
use crate::format::record::{Noted, Record};

/// Why an article is done again whose bytes are as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It comes from elsewhere, or its id would be another.
    Moved,
    /// Other options.
    Options,
    /// Another table.
    Table,
    /// What was written of it is not there as it was.
    Output,
}

/// Spells the lines of one run.
pub struct Recorder {
    /// What an earlier run knew.
    earlier: Option<Arc<Earlier>>,
    /// Why the articles at work are done again.
    pub cause: Cause,
    reuse: Reuse,
    line: Vec<u8>,
    /// Warnings of the books that were looked at.
    seen: usize,
    /// Those of articles that are not spelled yet.
    noted: HashMap<u64, Vec<Message>>,
}

impl Recorder {
    /// A recorder that knows what there was.
    pub fn new(earlier: Option<Arc<Earlier>>, cause: Cause) -> Recorder {
        let known = earlier.as_ref().map_or(0, |earlier| earlier.articles.len() as u64);
        let reuse = Reuse { gone: known, ..Reuse::default() };
        Recorder { earlier, cause, reuse, line: Vec::new(), seen: 0, noted: HashMap::default() }
    }

    /// A recorder of a run that is not asked what it did again.
    pub fn plain() -> Recorder {
        Recorder::new(None, Cause::Options)
    }

    /// What was done and why.
    pub fn finish(self) -> Reuse {
        self.reuse
    }

    /// The line of an article that was spelled and booked.
    pub fn line(&mut self, books: &Books, spelled: &Spelled, source: &Source) -> &[u8] {
        self.count(&spelled.id, &source.hash);
        for message in &books.warnings[self.seen..] {
            self.noted.entry(message.order.0).or_default().push(message.clone());
        }
        self.seen = books.warnings.len();
        let mut noted = self.noted.remove(&books.at.0).unwrap_or_default();
        noted.sort_by_key(|message| message.order);
        let record = Record {
            id: spelled.id.as_str().into(),
            first: source.first.as_deref().map(Into::into),
            path: spelled.origin.path.as_str().into(),
            line: spelled.origin.line,
            hash: hex(&source.hash).into(),
            lang: spelled.lang.as_str().into(),
            generation: None,
            segments: spelled.segments,
            locked: spelled.locked,
            blanks: spelled.blanks,
            words: spelled.words,
            bytes: spelled.streams.iter().map(|(name, bytes)| (name.as_str().into(), bytes.len() as u64)).collect(),
            warnings: noted.into_iter().map(|message| Noted { code: message.code.into(), message: message.message.into() }).collect(),
        };
        self.line.clear();
        record.write(&mut self.line);
        &self.line
    }

    /// Counts why it was done.
    fn count(&mut self, id: &str, hash: &Fingerprint) {
        let reuse = &mut self.reuse;
        let Some(known) = self.earlier.as_ref().and_then(|earlier| earlier.of_id(id)) else {
            reuse.new += 1;
            return;
        };
        reuse.gone = reuse.gone.saturating_sub(1);
        *match self.cause {
            _ if known.hash != *hash => &mut reuse.changed,
            Cause::Moved => &mut reuse.changed,
            Cause::Options => &mut reuse.options,
            Cause::Table => &mut reuse.table,
            Cause::Output => &mut reuse.output,
        } += 1;
    }
}

/// A fingerprint as the record has it.
fn hex(hash: &Fingerprint) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    hash.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// The reverse of [`hex`].
pub fn unhex(text: &str) -> Option<Fingerprint> {
    let mut hash = Fingerprint::default();
    if text.len() != 2 * hash.len() || !text.is_ascii() {
        return None;
    }
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_come_back() {
        let hash: Fingerprint = std::array::from_fn(|i| (i * 17) as u8);
        assert_eq!(unhex(&hex(&hash)), Some(hash));
        assert_eq!((unhex("00"), unhex(&"x".repeat(32)), unhex(&"é".repeat(16))), (None, None, None));
    }
}
