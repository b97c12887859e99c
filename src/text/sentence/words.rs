//! The words around a mark: the one in front of a dot with what its surroundings say of it, and the first one after. Read
//! from a bounded stretch of text, so that no input makes them slow.

use super::shape::*;
use super::{Rules, WORD};

/// What stands after a mark.
pub(super) struct Next<'a> {
    /// The first letter or digit.
    pub(super) first: char,
    /// The word it begins.
    pub(super) word: &'a str,
    /// One past its last byte in the paragraph.
    pub(super) end: usize,
    /// An opening quote or bracket stands before it.
    pub(super) opener: bool,
    /// A dash stands before it.
    pub(super) dash: bool,
    /// That mark is a bracket.
    pub(super) bracket: bool,
    /// A single letter with a dot: an initial.
    pub(super) initial: bool,
    /// A label of a list: `b)`.
    pub(super) label: bool,
    /// A clitic before a capital: `'s Avonds`.
    pub(super) clitic: bool,
}

/// The word in front of a dot.
pub(super) struct Word<'a> {
    /// The word without the dot; inner dots stay.
    pub(super) text: &'a str,
    /// It begins the sentence.
    pub(super) first: bool,
    /// A colon stands before it.
    pub(super) announced: bool,
    /// A number stands before it.
    pub(super) counted: bool,
    /// At most a word and that number stand before it in the sentence.
    pub(super) early: bool,
    /// A digit and a dash, a colon or a comma stand right before it: `2–1`, `10:30`.
    pub(super) compound: bool,
    /// The word with the single letters before it, where it is written with blanks: `z. B` as `z.B`.
    pub(super) spaced: Option<String>,
}

impl<'a> Rules<'a> {
    /// The first word from `at` on; `None` if nothing but punctuation follows.
    pub(super) fn next_word(&self, from: usize) -> Option<Next<'a>> {
        let rest = self.ahead(from, WORD);
        let at = rest.find(char::is_alphanumeric)?;
        let first = rest[at..].chars().next()?;
        let length = rest[at..].find(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’')).unwrap_or(rest.len() - at);
        let word = &rest[at..at + length];
        let (lead, after) = (&rest[..at], &rest[at + length..]);
        let single = word.len() == first.len_utf8();
        let clitic =
            self.language.code == "nl" && single && matches!(lead, "'" | "’" | "‘") && after.trim_start().starts_with(char::is_uppercase);
        Some(Next {
            first,
            word,
            end: from + at + length,
            opener: lead.chars().any(is_opening),
            dash: lead.starts_with(['—', '–', '-']),
            bracket: lead.ends_with(['(', '[', '（']),
            initial: single && after.starts_with('.'),
            label: is_label(if lead.ends_with('(') { &rest[at - 1..] } else { &rest[at..] }),
            clitic,
        })
    }

    /// The piece before `at` back to a blank, a dash, a slash or an opening mark.
    pub(super) fn word_before(&self, from: usize, at: usize) -> &'a str {
        let before = self.behind(from, at, WORD);
        let cut = |c: char| c.is_whitespace() || is_opening(c) || matches!(c, '—' | '–' | '/' | ',' | ';' | ':' | '…' | '«' | '”');
        // An apostrophe after a letter is part of the word.
        let cuts = |&(i, c): &(usize, char)| {
            cut(c) && !(matches!(c, '\'' | '’') && before[..i].chars().next_back().is_some_and(char::is_alphanumeric))
        };
        let start = before.char_indices().rev().find(cuts).map_or(0, |(i, c)| i + c.len_utf8());
        &before[start..]
    }

    /// The word in front of the dot at `at`, with what its surroundings say of it.
    pub(super) fn word(&self, sentence: usize, at: usize) -> Word<'a> {
        let text = self.word_before(sentence, at);
        let before = self.behind(sentence, at - text.len(), WORD);
        let gap = before.trim_end();
        let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
        let mut back = before.chars().rev();
        let joint = back.next().is_some_and(|c| matches!(c, '–' | '-' | ':' | '/' | ','));
        Word {
            text,
            first: at - sentence - text.len() <= before.len() && !before.contains(char::is_alphanumeric),
            announced: gap.ends_with(':'),
            counted: gap.len() < before.len() && digit(gap.chars().next_back()),
            early: before.split_whitespace().nth(2).is_none() && at - sentence - text.len() <= before.len(),
            compound: joint && digit(back.next()) || text.rsplit_once('-').is_some_and(|(front, _)| digit(front.chars().next_back())),
            spaced: spaced(gap, before, text),
        }
    }
}

/// Lower case, but not a name such as `iPhone`.
pub(super) fn is_lower(next: &Next) -> bool {
    next.first.is_lowercase() && !next.clitic && !next.word.chars().nth(1).is_some_and(char::is_uppercase)
}

/// `text` with the single letters and dots before it, where blanks part them: `т. д`.
fn spaced(gap: &str, before: &str, text: &str) -> Option<String> {
    if gap.len() == before.len() || !gap.ends_with('.') || text.chars().count() > 3 {
        return None;
    }
    let lead = gap.rsplit(char::is_whitespace).next()?;
    let short = lead.chars().filter(|c| c.is_alphabetic()).count() <= 2 && lead.chars().next().is_some_and(char::is_alphabetic);
    short.then(|| format!("{lead}{text}"))
}
