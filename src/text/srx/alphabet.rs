//! The alphabet of a set of patterns: characters that no pattern tells apart are one letter. It reads a text into letters and
//! notes what `\b`, `^` and `$` ask of every position. No automaton here.

use std::collections::HashMap;

use super::class::{self, Set};

/// A class of characters that no pattern tells apart.
pub type Letter = u16;

/// Different sets of characters that an alphabet may be made for.
pub const MOST_SETS: usize = 8192;
/// Places where their ranges may begin or end. The letters, each with its twin, then have a number.
pub const MOST_EDGES: usize = 24_000;

/// The text starts here.
pub const START: u8 = 1;
/// The text ends here.
pub const END: u8 = 2;
/// The text ends here, or after one line end.
pub const LAST_LINE: u8 = 4;
/// A line starts here.
pub const LINE_START: u8 = 8;
/// A line ends here.
pub const LINE_END: u8 = 16;
/// A word starts or ends here.
pub const WORD: u8 = 32;

/// Part of a word.
const IN_WORD: u8 = 1;
/// Part of a word after another part of one.
const MARK: u8 = 2;
const CR: u8 = 4;
const LF: u8 = 8;
/// Another line end.
const OTHER_END: u8 = 16;
const LINE_ENDS: u8 = CR | LF | OTHER_END;

/// From characters to letters.
#[derive(Debug)]
pub struct Alphabet {
    ascii: [Letter; 128],
    /// Starts of ranges with their letters.
    ranges: Vec<(char, Letter)>,
    /// Properties by letter.
    kinds: Vec<u8>,
    /// A letter beyond: the end of the text.
    pub end: Letter,
}

/// A text in letters. Position `n` is before letter `n`.
#[derive(Debug, Default)]
pub struct Letters {
    /// A letter a character.
    pub letters: Vec<Letter>,
    /// What holds at each position, one more than letters.
    pub places: Vec<u8>,
    /// The byte of each position, one more than letters.
    pub offsets: Vec<u32>,
}

impl Alphabet {
    /// The alphabet of some sets, and for each the letters in it, as bits.
    pub fn new(sets: &[Set]) -> (Alphabet, Vec<Vec<u64>>) {
        let own: Vec<Set> = [class::word(), class::marks(), one('\r'), one('\n'), class::line_ends()].iter().map(class::set).collect();
        let all: Vec<&Set> = sets.iter().chain(&own).collect();
        let mut edges: Vec<(u32, u32)> = Vec::new();
        for (number, set) in all.iter().enumerate() {
            for &(start, end) in set.iter() {
                edges.push((start as u32, number as u32));
                edges.push((end as u32 + 1, number as u32));
            }
        }
        edges.sort_unstable();
        let mut inside = vec![0u64; all.len().div_ceil(64)];
        let mut known: HashMap<Vec<u64>, Letter> = HashMap::new();
        let mut ranges: Vec<(char, Letter)> = Vec::new();
        let mut at = 0;
        let mut next = 0;
        loop {
            while let Some(&(edge, number)) = edges.get(at).filter(|(edge, _)| *edge <= next) {
                debug_assert!(edge == next, "edges come in order");
                inside[number as usize / 64] ^= 1 << (number % 64);
                at += 1;
            }
            let letters = known.len() as Letter;
            let letter = *known.entry(inside.clone()).or_insert(letters);
            // The code points of surrogates are no characters; the range after them begins at the next one that is.
            if let Some(start) = char::from_u32(if (0xd800..0xe000).contains(&next) { 0xe000 } else { next }) {
                ranges.push((start, letter));
            }
            match edges.get(at) {
                Some(&(edge, _)) if edge <= char::MAX as u32 => next = edge,
                _ => break,
            }
        }
        ranges.dedup_by(|after, before| {
            let same_start = after.0 == before.0;
            if same_start {
                before.1 = after.1;
            }
            same_start || after.1 == before.1
        });
        Alphabet::tabled(ranges, known, sets.len())
    }

    fn tabled(ranges: Vec<(char, Letter)>, known: HashMap<Vec<u64>, Letter>, sets: usize) -> (Alphabet, Vec<Vec<u64>>) {
        let count = known.len();
        let mut members = vec![vec![0u64; (2 * count).div_ceil(64)]; sets];
        let mut kinds = vec![0u8; 2 * count];
        for (inside, letter) in known {
            let letter = letter as usize;
            let has = |number: usize| inside[number / 64] >> (number % 64) & 1 == 1;
            for (_, members) in members.iter_mut().enumerate().filter(|(number, _)| has(*number)) {
                // Its twin is the same character counted to the word before it.
                for twin in [letter, letter + count] {
                    members[twin / 64] |= 1 << (twin % 64);
                }
            }
            let bits = [IN_WORD, MARK, CR, LF, OTHER_END];
            let kind = bits.iter().enumerate().filter(|(n, _)| has(sets + n)).fold(0, |kind, (_, bit)| kind | bit);
            kinds[letter] = kind;
            kinds[letter + count] = kind | IN_WORD;
        }
        let mut alphabet = Alphabet { ascii: [0; 128], ranges, kinds, end: 2 * count as Letter };
        for byte in 0..128u8 {
            alphabet.ascii[byte as usize] = alphabet.find(char::from(byte));
        }
        (alphabet, members)
    }

    fn find(&self, c: char) -> Letter {
        let at = self.ranges.partition_point(|(start, _)| *start <= c);
        self.ranges[at - 1].1
    }

    /// Reads a text.
    pub fn read(&self, text: &str, out: &mut Letters) {
        out.letters.clear();
        out.places.clear();
        out.offsets.clear();
        out.letters.reserve(text.len());
        out.places.reserve(text.len() + 1);
        out.offsets.reserve(text.len() + 1);
        let twins = self.end / 2;
        // What goes before the text is no part of a word.
        let mut before = 0;
        let mut place = START | LINE_START;
        for (offset, c) in text.char_indices() {
            let mut letter = if c.is_ascii() { self.ascii[c as usize] } else { self.find(c) };
            let mut kind = self.kinds[letter as usize];
            if kind & MARK != 0 && before & IN_WORD != 0 {
                letter += twins;
                kind |= IN_WORD;
            }
            if (kind ^ before) & IN_WORD != 0 {
                place |= WORD;
            }
            if (kind | before) & LINE_ENDS != 0 {
                place |= line_places(before, kind);
            }
            out.letters.push(letter);
            out.places.push(place);
            out.offsets.push(offset as u32);
            before = kind;
            place = 0;
        }
        let word = if before & IN_WORD != 0 { WORD } else { 0 };
        out.places.push(place | END | LAST_LINE | LINE_END | word);
        out.offsets.push(text.len() as u32);
        self.mark_last_line(out);
    }

    /// The position before a line end that ends the text.
    fn mark_last_line(&self, out: &mut Letters) {
        let kind = |back: usize| out.letters.len().checked_sub(back).map_or(0, |at| self.kinds[out.letters[at] as usize]);
        let length = match (kind(2), kind(1)) {
            (before, last) if before & CR != 0 && last & LF != 0 => 2,
            (_, last) if last & LINE_ENDS != 0 => 1,
            _ => return,
        };
        let at = out.letters.len() - length;
        out.places[at] |= LAST_LINE;
    }
}

fn one(c: char) -> regex_syntax::hir::ClassUnicode {
    class::ranges(&[(c, c)])
}

/// Whether a line starts or ends between two characters.
fn line_places(before: u8, after: u8) -> u8 {
    let pair = before & CR != 0 && after & LF != 0;
    let starts = before & LINE_ENDS != 0 && !pair;
    let ends = after & LINE_ENDS != 0 && !pair;
    (if starts { LINE_START } else { 0 }) | (if ends { LINE_END } else { 0 })
}
