//! One look at every byte of a text: bitmaps that say where words may start and end, where sentences may end and where
//! quotation marks may stand, so that each reader of the text goes from one place of interest to the next instead of byte by
//! byte. Sixteen bytes are told at once where the processor is an x86-64 (SSE2 is part of it), one at a time elsewhere; a
//! property holds the two together. What stands at a place is for the reader to decide.

#[cfg(target_arch = "x86_64")]
mod sse2;

/// A kind of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// An ASCII letter or digit.
    Plain,
    /// Where a word can start: an ASCII letter or digit, `_`, or a byte of a character outside ASCII.
    Start,
    /// The first byte of what may end a sentence, in any script.
    Stop,
    /// The first byte of what may be a quotation mark.
    Quote,
}

/// Bitmaps by block of 64 bytes, in the order of [`Mark`]. One block more than the text fills, in which every bit but those
/// of `Plain` is set: a search always ends.
#[derive(Debug, Default)]
pub struct Scan {
    blocks: Vec<[u64; 4]>,
}

impl Scan {
    /// Scans a text; what was scanned before is forgotten.
    pub fn read(&mut self, text: &str) {
        self.blocks.clear();
        self.blocks.reserve(text.len() / 64 + 2);
        let mut chunks = text.as_bytes().chunks_exact(64);
        self.blocks.extend(chunks.by_ref().map(|chunk| block(chunk.try_into().expect("chunks have that length"))));
        let rest = chunks.remainder();
        let mut last = [0; 64];
        last[..rest.len()].copy_from_slice(rest);
        let mut bits = block(&last);
        bits[1..].iter_mut().for_each(|bits| *bits |= u64::MAX << rest.len());
        self.blocks.push(bits);
    }

    /// The first place of a kind at or after byte `from`; `end` or more where there is none before byte `end`.
    #[inline]
    pub fn next_before(&self, mark: Mark, from: usize, end: usize) -> usize {
        self.search(from, end, |block| block[mark as usize])
    }

    /// The end of the ASCII letters and digits that start at `from`; `end` or more where they go on up to byte `end`.
    #[inline]
    pub fn plain_end(&self, from: usize, end: usize) -> usize {
        self.search(from, end, |block| !block[Mark::Plain as usize])
    }

    /// Looks at no block that begins at `end` or after, so that many short spans are read in the time of their bytes.
    #[inline]
    fn search(&self, from: usize, end: usize, of: impl Fn(&[u64; 4]) -> u64) -> usize {
        let mut index = from / 64;
        let mut bits = of(&self.blocks[index]) & (u64::MAX << (from % 64));
        while bits == 0 {
            index += 1;
            if index * 64 >= end {
                return end.max(from);
            }
            bits = of(&self.blocks[index]);
        }
        index * 64 + bits.trailing_zeros() as usize
    }
}

/// Bytes that begin what may end a sentence, those of ASCII first.
const STOPS: [u8; 14] = [b'.', b'!', b'?', b';', b':', 0xcd, 0xd6, 0xd8, 0xdb, 0xe0, 0xe1, 0xe2, 0xe3, 0xef];

/// Bytes that begin what may be a quotation mark, those of ASCII first; two commas may be one too.
const QUOTES: [u8; 6] = [b'"', b'\'', b'`', 0xc2, 0xe2, 0xe3];

/// The first of two commas; whether one follows the last byte of the block is not known here.
fn doubled(commas: u64) -> u64 {
    commas & (commas >> 1 | 1 << 63)
}

#[cfg(target_arch = "x86_64")]
fn block(bytes: &[u8; 64]) -> [u64; 4] {
    sse2::block(bytes)
}

#[cfg(not(target_arch = "x86_64"))]
fn block(bytes: &[u8; 64]) -> [u64; 4] {
    block_by_byte(bytes)
}

/// The bitmaps of a block, told byte by byte.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn block_by_byte(bytes: &[u8; 64]) -> [u64; 4] {
    /// A bit for each kind of place, and one for the comma.
    static KINDS: std::sync::LazyLock<[u8; 256]> = std::sync::LazyLock::new(|| {
        std::array::from_fn(|b| {
            let b = b as u8;
            let start = b.is_ascii_alphanumeric() || b == b'_' || !b.is_ascii();
            let kinds = [b.is_ascii_alphanumeric(), start, STOPS.contains(&b), QUOTES.contains(&b), b == b','];
            kinds.iter().enumerate().fold(0, |bits, (kind, holds)| bits | u8::from(*holds) << kind)
        })
    });
    let table = &*KINDS;
    let mut out = [0; 5];
    for (at, b) in bytes.iter().enumerate() {
        let kinds = u64::from(table[*b as usize]);
        out.iter_mut().enumerate().for_each(|(kind, bits)| *bits |= (kinds >> kind & 1) << at);
    }
    let [plain, start, stop, quote, comma] = out;
    [plain, start, stop, quote | doubled(comma)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_byte_is_told_alike_at_every_place() {
        for b in 0..=255u8 {
            for place in 0..64 {
                let mut bytes = [b' '; 64];
                bytes[place] = b;
                bytes[(place + 7) % 64] = b'a';
                assert_eq!(block(&bytes), block_by_byte(&bytes), "{b} at {place}");
            }
        }
    }

    proptest! {
        #[test]
        fn finds_what_a_walk_finds(text in "[a-z0-9_ .,\"'é“東।]{0,200}", from in 0usize..200) {
            let mut scan = Scan::default();
            scan.read("something before");
            scan.read(&text);
            let bytes = text.as_bytes();
            let from = from.min(bytes.len());
            let walk = |holds: &dyn Fn(u8) -> bool| bytes[from..].iter().position(|b| holds(*b)).map_or(bytes.len(), |at| from + at);
            let end = from + (bytes.len() - from) / 2;
            for end in [end, bytes.len()] {
                let next = |mark, from| scan.next_before(mark, from, end).min(end);
                prop_assert_eq!(scan.plain_end(from, end).min(end), walk(&|b| !b.is_ascii_alphanumeric()).min(end));
                prop_assert_eq!(next(Mark::Stop, from), walk(&|b| STOPS.contains(&b)).min(end));
                prop_assert_eq!(next(Mark::Start, from), walk(&|b| b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80).min(end));
                let quote = (from..end).find(|&at| QUOTES.contains(&bytes[at]) || bytes[at..].starts_with(b",,"));
                let mut found = next(Mark::Quote, from);
                while found < end && found % 64 == 63 && bytes[found] == b',' && !bytes[found..].starts_with(b",,") {
                    found = next(Mark::Quote, found + 1);
                }
                prop_assert_eq!(found, quote.unwrap_or(end));
            }
        }
    }
}
