//! The table of document frequencies that a batch used: one that was given, or its own, whose rows were spelled while they were
//! counted and lie in memory or in a temporary file. What a row looks like is the business of `format::frequencies`.

use std::io::{self, BufReader, Read, Write};

use super::spill::Spill;
use crate::error::Result;
use crate::format::frequencies::{self, Head, row};
use crate::summary::frequency::DocumentFrequencies;

/// Bytes on their way at a time.
const PART: usize = 1 << 16;

/// A table.
#[derive(Default)]
pub struct Table {
    frequencies: DocumentFrequencies,
    /// The rows, where they are not in `frequencies`.
    rows: Option<Rows>,
}

impl From<DocumentFrequencies> for Table {
    fn from(frequencies: DocumentFrequencies) -> Table {
        Table { frequencies, rows: None }
    }
}

impl Table {
    /// A table whose terms are not in `head`.
    pub(super) fn counted(head: DocumentFrequencies, rows: Rows) -> Table {
        Table { frequencies: head, rows: Some(rows) }
    }

    /// Its languages, with their articles and what made their terms. The terms are there only if the table was given.
    pub fn head(&self) -> &DocumentFrequencies {
        &self.frequencies
    }

    /// Bytes of it in a temporary file.
    pub(in crate::batch) fn spilled(&self) -> u64 {
        self.rows.as_ref().map_or(0, |rows| rows.spill.length())
    }

    /// Spells it.
    pub fn write(&mut self, out: &mut dyn Write) -> io::Result<()> {
        match &mut self.rows {
            None => frequencies::write(&self.frequencies, out),
            Some(rows) => rows.write(out),
        }
    }

    /// The table with all its terms, in memory.
    pub fn whole(self) -> Result<DocumentFrequencies> {
        match self.rows {
            None => Ok(self.frequencies),
            Some(rows) => frequencies::read(BufReader::with_capacity(PART, rows.spelled())),
        }
    }
}

/// Rows as they are spelled.
pub(super) struct Rows {
    /// Being made, then made.
    head: Option<Head>,
    lines: String,
    buffer: Vec<u8>,
    memory: Vec<u8>,
    room: usize,
    spill: Spill,
}

impl Rows {
    /// No row; so many bytes of them may stay in memory.
    pub fn new(head: &DocumentFrequencies, room: usize) -> Rows {
        let buffer = Vec::with_capacity(PART + 256);
        Rows { head: Some(Head::new(head)), lines: String::new(), buffer, memory: Vec::new(), room, spill: Spill::default() }
    }

    /// Adds a row, in order of language and term.
    pub fn add(&mut self, code: &str, term: &str, count: u64) -> Result<()> {
        row(code, term, count, &mut self.buffer);
        if self.buffer.len() < PART { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<()> {
        self.head.as_mut().expect("rows come before the end").add(&self.buffer);
        if self.spill.length() == 0 && self.memory.len() + self.buffer.len() <= self.room {
            self.memory.extend_from_slice(&self.buffer);
        } else {
            self.spill.append(&self.buffer)?;
        }
        self.buffer.clear();
        Ok(())
    }

    /// No row comes after this.
    pub fn end(&mut self) -> Result<()> {
        self.flush()?;
        self.buffer = Vec::new();
        self.lines = self.head.take().map(Head::finish).unwrap_or_default();
        Ok(())
    }

    fn write(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.lines.as_bytes())?;
        out.write_all(&self.memory)?;
        let mut spilled = Spilled { spill: &mut self.spill, at: 0 };
        io::copy(&mut BufReader::with_capacity(PART, &mut spilled), out).map(drop)
    }

    fn spelled(self) -> impl Read {
        let Rows { lines, memory, spill, .. } = self;
        io::Cursor::new(lines.into_bytes()).chain(io::Cursor::new(memory)).chain(Spilled { spill, at: 0 })
    }
}

/// What is in a temporary file, from the first byte to the last.
struct Spilled<S> {
    spill: S,
    at: u64,
}

impl<S: std::borrow::BorrowMut<Spill>> Read for Spilled<S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let spill = self.spill.borrow_mut();
        let length = out.len().min(usize::try_from(spill.length() - self.at).unwrap_or(usize::MAX));
        spill.read(self.at, &mut out[..length]).map_err(|error| io::Error::other(error.to_string()))?;
        self.at += length as u64;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::frequency::LanguageFrequencies;

    #[test]
    fn rows_in_memory_and_in_the_file_are_one_table() {
        let terms: Vec<(String, u64)> = (10_000..30_000).map(|i| (format!("term{i}"), i)).collect();
        let counts = terms.iter().map(|(term, count)| (term.as_str().into(), *count)).collect();
        let language = LanguageFrequencies { fingerprint: "f00".into(), documents: 40_000, counts, ..LanguageFrequencies::default() };
        let whole = DocumentFrequencies { languages: [("en".to_owned(), language)].into() };
        let mut expected = Vec::new();
        frequencies::write(&whole, &mut expected).expect("memory");
        for room in [0, 100_000, usize::MAX] {
            let mut head = whole.clone();
            head.languages.values_mut().for_each(|language| language.counts.clear());
            let mut rows = Rows::new(&head, room);
            terms.iter().for_each(|(term, count)| rows.add("en", term, *count).expect("room"));
            rows.end().expect("room");
            let mut table = Table::counted(head, rows);
            assert_eq!(table.spilled() > 0, room < usize::MAX);
            let mut spelled = Vec::new();
            table.write(&mut spelled).expect("memory");
            assert!(spelled == expected);
            assert_eq!(table.whole().expect("sound"), whole);
        }
    }
}
