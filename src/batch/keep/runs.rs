//! Sorted runs of terms, each with the number of articles that hold it, in memory or in a temporary file; and how many runs
//! become one, a term at a time. Where runs come from and what becomes of the terms is the business of `generations`.

use std::ops::Range;

use super::spill::Spill;
use crate::error::Result;
use crate::summary::frequency::prefix;

/// Bytes in memory or in the file.
pub enum Stretch {
    Memory(Vec<u8>),
    File(Range<u64>),
}

impl Default for Stretch {
    fn default() -> Stretch {
        Stretch::Memory(Vec::new())
    }
}

impl Stretch {
    /// Brings bytes that are in memory to the file.
    pub fn rest(&mut self, spill: &mut Spill) -> Result<()> {
        if let Stretch::Memory(bytes) = self {
            *self = Stretch::File(spill.append(bytes)?);
        }
        Ok(())
    }

    /// All the bytes; those in memory are given away.
    pub fn take(&mut self, spill: &mut Spill) -> Result<Vec<u8>> {
        match self {
            Stretch::Memory(bytes) => Ok(std::mem::take(bytes)),
            Stretch::File(place) => {
                let mut bytes = vec![0; (place.end - place.start) as usize];
                spill.read(place.start, &mut bytes)?;
                Ok(bytes)
            }
        }
    }
}

/// Appends a row to a run.
pub fn add_row(term: &str, count: u32, out: &mut Vec<u8>) {
    number(term.len() as u32, out);
    out.extend_from_slice(term.as_bytes());
    number(count, out);
}

/// A number, seven bits to a byte.
fn number(mut value: u32, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Hears of the terms of many runs in order: the term, in how many articles it is, and which runs have it.
pub type Each<'a> = &'a mut dyn FnMut(&mut Spill, &str, u64, &[usize]) -> Result<()>;

/// Merges runs. `buffer` bytes of each that lies in the file are in memory at a time.
pub fn merge(runs: impl IntoIterator<Item = Stretch>, spill: &mut Spill, buffer: usize, each: Each) -> Result<()> {
    let mut cursors: Vec<Cursor> = runs.into_iter().map(|run| Cursor::new(run, buffer)).collect();
    let mut heap = Vec::with_capacity(cursors.len());
    for (index, cursor) in cursors.iter_mut().enumerate() {
        if cursor.next(spill)? {
            heap.push(index);
        }
    }
    for at in (0..heap.len() / 2).rev() {
        sift(&mut heap, at, &cursors);
    }
    let (mut term, mut holders) = (String::new(), Vec::new());
    while let Some(first) = heap.first() {
        term.clone_from(&cursors[*first].term);
        holders.clear();
        let mut sum = 0;
        while let Some(&first) = heap.first().filter(|first| cursors[**first].term == term) {
            sum += u64::from(cursors[first].count);
            holders.push(first);
            if !cursors[first].next(spill)? {
                heap.swap_remove(0);
            }
            sift(&mut heap, 0, &cursors);
        }
        each(spill, &term, sum, &holders)?;
    }
    Ok(())
}

/// Lets a cursor sink in the heap until none below it comes before it.
fn sift(heap: &mut [usize], mut at: usize, cursors: &[Cursor]) {
    loop {
        let below = [2 * at + 1, 2 * at + 2].into_iter().filter(|below| *below < heap.len());
        let Some(first) = below.min_by_key(|below| cursors[heap[*below]].key()) else { return };
        if cursors[heap[at]].key() <= cursors[heap[first]].key() {
            return;
        }
        heap.swap(at, first);
        at = first;
    }
}

/// A place in a run.
struct Cursor {
    bytes: Vec<u8>,
    at: usize,
    /// What of it is still in the file.
    rest: Range<u64>,
    /// Bytes to read at a time.
    buffer: usize,
    term: String,
    prefix: u64,
    count: u32,
}

impl Cursor {
    fn new(run: Stretch, buffer: usize) -> Cursor {
        let (bytes, rest) = match run {
            Stretch::Memory(bytes) => (bytes, 0..0),
            Stretch::File(place) => (Vec::new(), place),
        };
        Cursor { bytes, at: 0, rest, buffer, term: String::new(), prefix: 0, count: 0 }
    }

    fn key(&self) -> (u64, &str) {
        (self.prefix, &self.term)
    }

    /// Goes to the next row, if there is one.
    fn next(&mut self, spill: &mut Spill) -> Result<bool> {
        /// Bytes of the longest number.
        const NUMBER: usize = 5;
        self.fill(spill, NUMBER)?;
        if self.at == self.bytes.len() {
            return Ok(false);
        }
        let length = self.number() as usize;
        self.fill(spill, length + NUMBER)?;
        let term = std::str::from_utf8(&self.bytes[self.at..self.at + length]).expect("terms were written");
        self.term.clear();
        self.term.push_str(term);
        self.at += length;
        self.prefix = prefix(&self.term);
        self.count = self.number();
        Ok(true)
    }

    fn number(&mut self) -> u32 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.bytes[self.at];
            self.at += 1;
            value |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return value;
            }
            shift += 7;
        }
    }

    /// Brings so many bytes into memory, or all that are left.
    fn fill(&mut self, spill: &mut Spill, wanted: usize) -> Result<()> {
        if self.bytes.len() - self.at >= wanted || self.rest.is_empty() {
            return Ok(());
        }
        self.bytes.drain(..self.at);
        self.at = 0;
        let there = self.bytes.len();
        let more = (self.rest.end - self.rest.start).min(self.buffer.max(wanted) as u64);
        self.bytes.resize(there + more as usize, 0);
        spill.read(self.rest.start, &mut self.bytes[there..])?;
        self.rest.start += more;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn merging_adds_up_in_order(
            runs in prop::collection::vec((prop::collection::btree_map("[a-c]{0,12}|\\PC{1,3}", 1u32..1000, 0..30), any::<bool>()), 0..7),
            buffer in 1usize..64,
        ) {
            let mut spill = Spill::default();
            let mut expected: BTreeMap<&str, (u64, Vec<usize>)> = BTreeMap::new();
            let mut stretches = Vec::new();
            for (index, (run, in_file)) in runs.iter().enumerate() {
                let mut bytes = Vec::new();
                for (term, count) in run {
                    add_row(term, *count, &mut bytes);
                    let sum = expected.entry(term).or_default();
                    sum.0 += u64::from(*count);
                    sum.1.push(index);
                }
                let mut stretch = Stretch::Memory(bytes);
                if *in_file {
                    stretch.rest(&mut spill).expect("room");
                }
                stretches.push(stretch);
            }
            let mut found = Vec::new();
            merge(stretches, &mut spill, buffer, &mut |_, term, sum, holders| {
                let mut holders = holders.to_vec();
                holders.sort_unstable();
                found.push((term.to_owned(), (sum, holders)));
                Ok(())
            }).expect("sound");
            let expected: Vec<_> = expected.into_iter().map(|(term, sum)| (term.to_owned(), sum)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
