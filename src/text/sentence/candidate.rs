//! A candidate: a place where a sentence may end, with what the fitted model looks at. Its features are numbers of slots in
//! the table of weights; how they are weighed is the business of `model`, what the rules say of the place that of `rules`.

use super::mark::Mark;
use super::rules::Verdict;
use super::shape::*;
use super::words::Next;
use super::{REACH, Rules};
use crate::text::token::unspaced;

/// Slots of the table of weights, a power of two.
pub const SLOTS: usize = 1 << 17;

/// Features of a candidate, all languages' and the language's own.
pub const FEATURES: usize = 2 * SHARED + OWN;

/// Features that are weighed for all languages and for each by itself.
const SHARED: usize = 15;

/// Features that say something in one language only: words and endings.
const OWN: usize = 7;

/// A place where a sentence may end and text follows.
pub(super) struct Candidate<'a> {
    pub(super) rules: &'a Rules<'a>,
    /// First byte of the sentence in the paragraph.
    pub(super) sentence: usize,
    pub(super) mark: &'a Mark,
    pub(super) next: Option<&'a Next<'a>>,
    pub(super) verdict: Verdict,
}

impl Candidate<'_> {
    /// The slots of its features; slots of different features may fall together.
    pub(super) fn features(&self) -> [u32; FEATURES] {
        let Candidate { rules, sentence, mark, next, verdict } = self;
        let text = rules.text;
        let before = rules.word_before(*sentence, mark.start);
        let lead = rules.behind(*sentence, mark.start - before.len(), REACH);
        let earlier = lead.trim_end().rsplit(char::is_whitespace).next().unwrap_or("");
        let rest = &text[mark.end..];
        let gap = leading_blanks(rest);
        let (word, own) = next.map_or(("", 0), |next| (next.word, flags(next)));
        let after = next.map_or("", |next| &text[next.end..]);
        let spoken = u32::from(verdict.rule.number()) << 1 | u32::from(verdict.ends);
        let marks = spelled(&text[mark.start..mark.end]);
        let closed = u32::from(mark.quote) << 1 | u32::from(mark.bracket);
        let blank = rest.chars().next().map_or(0, |c| if gap == 0 { 1 } else { u32::from(c == '\n') + 2 });
        let (shape, following, second) = (shape(before), shape(word), kind(after));
        let room = length_class(mark.start - sentence) << 4 | length_class(rest.len() - gap);
        let quotes = quote_state(lead);
        // Text that is careless of capitals shows it at the start of its sentences and paragraphs.
        let begins = first_kind(&text[*sentence..]) << 2 | first_kind(text);
        let shared = [
            [spoken, 0, 0],
            [spoken, closed, blank],
            [shape, 0, 0],
            [following, own, 0],
            [shape, following, 0],
            [marks, following, blank],
            [marks, shape, 0],
            [quotes, closed, own],
            [room, spoken, 0],
            [second, following, own],
            [spoken, following, own],
            [spoken, shape, second],
            [shape_of_first(earlier), shape, following],
            [begins, spoken, closed],
            [begins, marks, following],
        ];
        let (front, behind) = (lowered(last_of(before)), lowered(first_of(word)));
        let words = [
            [front, 0, 0],
            [front, following, own],
            [suffix(before), 0, 0],
            [behind, 0, 0],
            [behind, spoken, 0],
            [lowered(earlier), front, 0],
            [front, behind, 0],
        ];
        // Whether the rules are wrong is learnt apart for "ends" and "goes on": the many sure ends say nothing of the other.
        let all = u32::from(verdict.ends);
        let code = spelled(rules.language.code) << 1 | all;
        let mut out = [0; FEATURES];
        for (index, values) in shared.iter().enumerate() {
            out[2 * index] = slot(index as u32, values, all);
            out[2 * index + 1] = slot(index as u32, values, code);
        }
        for (index, values) in words.iter().enumerate() {
            out[2 * SHARED + index] = slot((SHARED + index) as u32, values, code);
        }
        out
    }
}

/// What stands around the next word, as bits.
fn flags(next: &Next) -> u32 {
    let bits = [next.opener, next.dash, next.bracket, next.initial, next.label];
    bits.iter().enumerate().fold(0, |all, (place, bit)| all | u32::from(*bit) << place)
}

/// A number for a string as it is.
fn spelled(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash: u32, b| (hash ^ u32::from(b)).wrapping_mul(0x0100_0193))
}

/// A number for a word in small letters.
fn lowered(word: &str) -> u32 {
    word.chars().flat_map(char::to_lowercase).fold(0x811c_9dc5, |hash: u32, c| (hash ^ c as u32).wrapping_mul(0x0100_0193))
}

/// A word; of a script without blanks its last two letters.
fn last_of(word: &str) -> &str {
    let start = word.char_indices().rev().nth(1).map_or(0, |(i, _)| i);
    if word.chars().next_back().is_some_and(unspaced) { &word[start..] } else { word }
}

/// A word; of a script without blanks its first letter.
fn first_of(word: &str) -> &str {
    let first = word.chars().next().filter(|c| unspaced(*c));
    first.map_or(word, |c| &word[..c.len_utf8()])
}

/// A number for the last three letters.
fn suffix(word: &str) -> u32 {
    let start = word.char_indices().rev().nth(2).map_or(0, |(i, _)| i);
    lowered(&word[start..])
}

/// Slot of a feature: its number, its values and whose it is are mixed (the finaliser of MurmurHash3, by Austin Appleby).
fn slot(index: u32, values: &[u32; 3], whose: u32) -> u32 {
    let mix = |hash: u32, value: u32| {
        let hash = (hash ^ value).wrapping_mul(0x9e37_79b1);
        hash ^ hash >> 15
    };
    let mut hash = values.iter().fold(mix(index + 1, whose), |hash, value| mix(hash, *value));
    hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
    (hash ^ hash >> 16) & (SLOTS as u32 - 1)
}

/// Class of a length in bytes, by powers of four.
fn length_class(bytes: usize) -> u32 {
    ((bytes + 1).ilog2() / 2).min(7)
}

/// Class of the first character: a letter (small, capital, without case), a digit, a mark, a blank, nothing.
fn kind(text: &str) -> u32 {
    match text.chars().next() {
        None => 0,
        Some(c) if c.is_lowercase() => 1,
        Some(c) if c.is_uppercase() => 2,
        Some(c) if unspaced(c) => 3,
        Some(c) if c.is_alphabetic() => 4,
        Some(c) if c.is_numeric() => 5,
        Some(c) if c.is_whitespace() => 6 + (kind_after_blank(text) << 3),
        Some(c) => 0x100 | c as u32,
    }
}

/// Class of the first letter or digit: small, capital, other.
fn first_kind(text: &str) -> u32 {
    match text.chars().take(16).find(|c| c.is_alphanumeric()) {
        Some(c) if c.is_lowercase() => 1,
        Some(c) if c.is_uppercase() => 2,
        Some(_) => 3,
        None => 0,
    }
}

/// The same of what follows a blank.
fn kind_after_blank(text: &str) -> u32 {
    match text.trim_start().chars().next() {
        None => 0,
        Some(c) if c.is_lowercase() => 1,
        Some(c) if c.is_uppercase() => 2,
        Some(c) if c.is_alphabetic() => 3,
        Some(c) if c.is_numeric() => 4,
        Some(_) => 5,
    }
}

/// Class of a word by its letters and length.
fn shape(word: &str) -> u32 {
    let length = word.chars().filter(|c| !is_mark(*c)).count().min(6) as u32;
    let small = word.chars().any(char::is_lowercase);
    let capital = word.chars().next().is_some_and(char::is_uppercase);
    let capitals = word.chars().skip(1).any(char::is_uppercase);
    let digits = word.chars().any(char::is_numeric);
    let dots = word.contains('.');
    let letters = word.chars().any(char::is_alphabetic);
    let bits = [small, capital, capitals, digits, dots, letters];
    bits.iter().fold(length, |all, bit| all << 1 | u32::from(*bit))
}

/// The same, of the word before the word.
fn shape_of_first(word: &str) -> u32 {
    shape(word) << 3 | kind(&word[word.char_indices().next_back().map_or(0, |(i, _)| i)..]) & 7
}

/// Whether quotation marks are open in what stands before the word: their number, odd or even, and the last of them.
fn quote_state(lead: &str) -> u32 {
    let straight = memchr::memchr_iter(b'"', lead.as_bytes()).count() as u32 & 1;
    let last = lead.chars().rev().find(|c| matches!(c, '“' | '”' | '„' | '«' | '»' | '「' | '」' | '(' | ')' | '（' | '）'));
    straight | last.map_or(0, |c| c as u32) << 1
}
