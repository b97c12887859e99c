//! The ids that a batch has given, as hashes of 128 bits (BLAKE3): in memory while their share lasts, then in sorted runs in a
//! temporary file, behind a filter (Bloom, CACM 13:7, 1970) that knows of nearly all new ids that they are new. Which id an article
//! gets is the business of the books.

use std::ops::Range;

use foldhash::{HashSet, HashSetExt};

use super::spill::Spill;
use crate::error::{Error, Result};

/// Bytes of a hash.
const HASH: u64 = 16;

/// Hashes read at a time.
const BLOCK: u64 = 64;

/// Hashes of a run read at a time when two become one.
const PART: u64 = 1 << 12;

/// A set of ids.
pub struct Ids {
    recent: HashSet<u128>,
    /// Hashes that may be in memory.
    most: usize,
    filter: Filter,
    /// Sorted hashes in the file, the longest run first.
    runs: Vec<Range<u64>>,
    spill: Spill,
    broken: Option<Error>,
}

impl Ids {
    /// An empty set that may take so many bytes.
    pub fn with_room(bytes: usize) -> Ids {
        /// What a hash takes in a table that is half full.
        const EACH: usize = 40;
        let filter = Filter { words: Vec::new(), wanted: (bytes / 3 / 8).clamp(8, 1 << 26) };
        Ids { recent: HashSet::new(), most: (bytes / 3 / EACH).max(1), filter, runs: Vec::new(), spill: Spill::default(), broken: None }
    }

    /// Adds an id; says whether it is new.
    pub fn insert(&mut self, id: &str) -> bool {
        let hash = hash_of(id);
        if self.recent.contains(&hash) || self.is_in_file(hash) {
            return false;
        }
        self.recent.insert(hash);
        if self.recent.len() > self.most && self.broken.is_none() {
            let moved = self.move_to_file();
            self.broken = moved.err();
        }
        true
    }

    /// What went wrong with the file, if anything did; ids have stayed in memory since.
    pub fn check(&mut self) -> Result<()> {
        self.broken.take().map_or(Ok(()), Err)
    }

    /// Bytes in the file.
    pub fn spilled(&self) -> u64 {
        self.spill.length()
    }

    fn is_in_file(&mut self, hash: u128) -> bool {
        if !self.filter.may_hold(hash) {
            return false;
        }
        let Ids { runs, spill, broken, .. } = self;
        let found = runs.iter().map(|run| is_in_run(spill, run.clone(), hash)).find(|found| !matches!(found, Ok(false)));
        found.unwrap_or(Ok(false)).unwrap_or_else(|error| {
            *broken = Some(error);
            false
        })
    }

    /// Brings what is in memory to the file; a run that is not much longer than the one after it is merged with it.
    fn move_to_file(&mut self) -> Result<()> {
        let mut sorted: Vec<u128> = self.recent.iter().copied().collect();
        sorted.sort_unstable();
        let bytes: Vec<u8> = sorted.iter().flat_map(|hash| hash.to_le_bytes()).collect();
        self.runs.push(self.spill.append(&bytes)?);
        sorted.iter().for_each(|hash| self.filter.add(*hash));
        self.recent.clear();
        while let [.., long, short] = &*self.runs
            && length(long) < 2 * length(short)
        {
            let merged = merged(&mut self.spill, long.clone(), short.clone())?;
            self.runs.truncate(self.runs.len() - 2);
            self.runs.push(merged);
        }
        Ok(())
    }
}

fn hash_of(id: &str) -> u128 {
    let hash = blake3::hash(id.as_bytes());
    u128::from_le_bytes(*hash.as_bytes().first_chunk().expect("a hash has 32 bytes"))
}

fn length(run: &Range<u64>) -> u64 {
    (run.end - run.start) / HASH
}

/// The hashes from `at` on.
fn read(spill: &mut Spill, at: u64, hashes: u64) -> Result<Vec<u128>> {
    let mut bytes = vec![0; (hashes * HASH) as usize];
    spill.read(at, &mut bytes)?;
    Ok(bytes.chunks_exact(HASH as usize).map(|hash| u128::from_le_bytes(hash.try_into().expect("chunks have that length"))).collect())
}

/// Whether a run holds a hash: hashes are spread evenly, so that its place is guessed closely from its value.
fn is_in_run(spill: &mut Spill, run: Range<u64>, hash: u128) -> Result<bool> {
    let (mut low, mut high) = (0, length(&run));
    let (mut from, mut to) = (0.0, 2f64.powi(128));
    while low < high {
        let guess = low + ((high - low) as f64 * ((hash as f64 - from) / (to - from)).clamp(0.0, 1.0)) as u64;
        let first = guess.saturating_sub(BLOCK / 2).clamp(low, high - 1);
        let block = read(spill, run.start + first * HASH, BLOCK.min(high - first))?;
        match (block.first(), block.last()) {
            (Some(least), _) if hash < *least => (high, to) = (first, *least as f64),
            (_, Some(most)) if hash > *most => (low, from) = (first + block.len() as u64, *most as f64),
            _ => return Ok(block.binary_search(&hash).is_ok()),
        }
    }
    Ok(false)
}

/// Writes two runs as one, after all others.
fn merged(spill: &mut Spill, one: Range<u64>, other: Range<u64>) -> Result<Range<u64>> {
    let place = spill.reserve((length(&one) + length(&other)) * HASH);
    let (mut one, mut other) = (Part::new(one), Part::new(other));
    let (mut out, mut at) = (Vec::with_capacity((PART * HASH) as usize), place.start);
    loop {
        let least = match (one.first(spill)?, other.first(spill)?) {
            (Some(a), Some(b)) if a <= b => one.pop(),
            (Some(_), None) => one.pop(),
            (_, Some(_)) => other.pop(),
            (None, None) => break,
        };
        out.extend_from_slice(&least.to_le_bytes());
        if out.len() == out.capacity() {
            spill.write(at, &out)?;
            at += out.len() as u64;
            out.clear();
        }
    }
    spill.write(at, &out)?;
    Ok(place)
}

/// A run being read.
struct Part {
    rest: Range<u64>,
    hashes: Vec<u128>,
    next: usize,
}

impl Part {
    fn new(rest: Range<u64>) -> Part {
        Part { rest, hashes: Vec::new(), next: 0 }
    }

    fn first(&mut self, spill: &mut Spill) -> Result<Option<u128>> {
        if self.next == self.hashes.len() {
            let more = length(&self.rest).min(PART);
            (self.hashes, self.next) = (read(spill, self.rest.start, more)?, 0);
            self.rest.start += more * HASH;
        }
        Ok(self.hashes.get(self.next).copied())
    }

    fn pop(&mut self) -> u128 {
        self.next += 1;
        self.hashes[self.next - 1]
    }
}

/// Bits, four of them for every hash; none while nothing was added.
struct Filter {
    words: Vec<u64>,
    wanted: usize,
}

impl Filter {
    fn bits(&self, hash: u128) -> [u64; 4] {
        let bits = self.words.len() as u64 * 64;
        [0, 32, 64, 96].map(|shift| ((u128::from((hash >> shift) as u32) * u128::from(bits)) >> 32) as u64)
    }

    fn add(&mut self, hash: u128) {
        self.words.resize(self.wanted, 0);
        self.bits(hash).iter().for_each(|bit| self.words[(bit / 64) as usize] |= 1 << (bit % 64));
    }

    fn may_hold(&self, hash: u128) -> bool {
        !self.words.is_empty() && self.bits(hash).iter().all(|bit| self.words[(bit / 64) as usize] >> (bit % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_known_again_wherever_they_lie() {
        for room in [0, 4000, 1 << 20] {
            let mut ids = Ids::with_room(room);
            let of = |i: u32| format!("article {i}");
            for i in 0..3000 {
                assert!(ids.insert(&of(i)), "{i} is new");
                assert!(!ids.insert(&of(i / 2)), "{} was there", i / 2);
            }
            ids.check().expect("room");
            assert_eq!(ids.spilled() > 0, room < 1 << 20);
            assert!((0..3000).all(|i| !ids.insert(&of(i))) && ids.runs.len() < 16);
        }
    }
}
