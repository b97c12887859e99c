//! Where sentences end: one scan for terminators; a few bytes settle the commonest cases, the rules of `rules` most others, and
//! where those err a fitted model (`model`) says whether they are wrong. Works on one paragraph; spans are lossless by
//! construction (each sentence starts where the blanks after the last one end). Paragraphs are the business of
//! `paragraph`, quotation places of `quote`, rules of the user's own that of `srx`.

mod candidate;
mod items;
mod mark;
mod model;
mod rules;
mod shape;
mod words;

use super::Cut;
use super::language::{Data, Language};
use super::scan::Scan;
use crate::span::Span;
use candidate::Candidate;
pub use candidate::{FEATURES, SLOTS};
use items::Item;
use mark::{Mark, QuoteParity, Terminator};
pub use model::{PRIOR, SCALE, judge};
use shape::*;

/// Calls `each` with the tight span of every sentence of a paragraph (whose span is tight itself), in order.
pub(super) fn sentences(cut: &Cut, span: Span, each: impl FnMut(Span)) {
    if cut.language.is_fitted() {
        walk(cut, span, each, |candidate| model::ends(candidate.verdict.ends, &candidate.features()));
    } else {
        walk(cut, span, each, |candidate| candidate.verdict.ends);
    }
}

/// The same, with `judge` asked at every place that is not sure: the bytes of text before it, what the rules lean to and the
/// features of the model in; whether a sentence ends there out. For fitting and measuring.
pub(super) fn judged(cut: &Cut, span: Span, each: impl FnMut(Span), mut judge: impl FnMut(usize, bool, &[u32; FEATURES]) -> bool) {
    let offset = span.start as usize;
    walk(cut, span, each, |candidate| judge(offset + candidate.mark.end, candidate.verdict.ends, &candidate.features()));
}

/// Goes from mark to mark; where no simple look settles it, `judge` decides.
fn walk(cut: &Cut, span: Span, mut each: impl FnMut(Span), mut judge: impl FnMut(&Candidate) -> bool) {
    let paragraph = span.of(cut.text);
    let offset = span.start as usize;
    let rules = Rules { text: paragraph, language: cut.language, data: cut.data, users: cut.users, scan: cut.scan, offset };
    let mut each = |start: usize, end: usize| each(Span::new(start + offset, end + offset));
    let mut quotes = QuoteParity::default();
    let (mut start, mut listed) = (0, false);
    while start < paragraph.len() {
        let item = items::item(paragraph, start, listed, cut.language);
        let whole = Item { body: start, next: paragraph.len() };
        let next = item.map(|item| item.next);
        start = rules.cut(start, item.unwrap_or(whole), &mut quotes, &mut each, &mut judge);
        listed = next == Some(start);
    }
}

/// How far, in bytes, a rule looks around a mark for brackets and for words; bounds keep the scan linear on any input.
const REACH: usize = 240;
const WORD: usize = 96;

struct Rules<'a> {
    text: &'a str,
    language: &'a Language,
    data: &'a Data,
    /// Abbreviations of the user's are among the data.
    users: bool,
    /// Bitmaps of the article, and where the paragraph begins in it.
    scan: &'a Scan,
    offset: usize,
}

impl<'a> Rules<'a> {
    /// At most `reach` bytes before `at`, not before `from`.
    fn behind(&self, from: usize, at: usize, reach: usize) -> &'a str {
        let mut start = from.max(at.saturating_sub(reach));
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        &self.text[start..at]
    }

    /// At most `reach` bytes from `at` on.
    fn ahead(&self, at: usize, reach: usize) -> &'a str {
        let mut end = self.text.len().min(at + reach);
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        &self.text[at..end]
    }

    /// Cuts from `start` on, until the next item of a list or a sentence that may begin one; returns where that is.
    fn cut(
        &self,
        mut start: usize,
        item: Item,
        quotes: &mut QuoteParity,
        each: &mut impl FnMut(usize, usize),
        judge: &mut impl FnMut(&Candidate) -> bool,
    ) -> usize {
        let mut at = item.body;
        while let Some(found) = self.next_terminator(at, item.next).filter(|found| found + 1 < item.next) {
            if self.is_sure(start, found) {
                each(start, found + 1);
                start = found + 2;
                at = start;
                continue;
            }
            let mark = self.read_mark(start, found, quotes);
            at = mark.end;
            if at >= item.next {
                break;
            }
            let after = mark.end + leading_blanks(&self.text[mark.end..]);
            if self.ends(start, &mark, after, judge) {
                each(start, mark.end);
                start = after;
                at = start;
                if start >= item.next || items::may_begin(self.text, start) {
                    return start;
                }
            }
        }
        let end = start + self.text[start..item.next].trim_end().len();
        if start < end {
            each(start, end);
        }
        item.next
    }

    /// Whether a sentence ends at a mark: the rules say it, or `judge` where they do not settle it.
    fn ends(&self, sentence: usize, mark: &Mark, after: usize, judge: &mut impl FnMut(&Candidate) -> bool) -> bool {
        let next = if after > mark.end { self.next_word(after) } else { None };
        let verdict = self.verdict(sentence, mark, next.as_ref());
        if after > mark.end && self.opens_list(sentence, mark, after) {
            return true;
        }
        if verdict.is_settled(self.users) {
            return verdict.ends;
        }
        let next = next.or_else(|| self.next_word(after));
        judge(&Candidate { rules: self, sentence, mark, next: next.as_ref(), verdict })
    }

    /// Whether a list begins after a mark that may end a sentence: no dot of an abbreviation or a number.
    fn opens_list(&self, sentence: usize, mark: &Mark, after: usize) -> bool {
        const PLAIN: usize = 4;
        let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count();
        let plain = mark.kind != Terminator::Dot || letters(self.word_before(sentence, mark.start)) >= PLAIN;
        items::item(self.text, after, false, self.language).is_some() && plain && !self.is_abbreviation(sentence, mark)
    }

    /// The commonest cases, told by a few bytes: a full stop, a blank and a capitalised word, no bracket near, after a plain word
    /// that is no abbreviation and does not look like one; or so a question. The rules come to the same.
    fn is_sure(&self, sentence: usize, stop: usize) -> bool {
        let bytes = self.text.as_bytes();
        matches!(bytes[stop..], [_, b' ', first, second, ..] if first.is_ascii_uppercase() && second.is_ascii_lowercase())
            && match bytes[stop] {
                b'.' => self.is_plain_before(sentence, stop),
                b'!' | b'?' => bytes[sentence..stop].last().is_some_and(u8::is_ascii_alphanumeric),
                _ => false,
            }
            && memchr::memchr2(b'(', 0xef, self.behind(sentence, stop, REACH).as_bytes()).is_none()
    }

    /// Whether a plain word stands before a dot, small but for its first letter.
    fn is_plain_before(&self, sentence: usize, dot: usize) -> bool {
        const PLAIN: usize = 2;
        let bytes = &self.text.as_bytes()[sentence..dot];
        let letters = bytes.iter().rev().take(WORD).take_while(|b| b.is_ascii_lowercase()).count();
        let small = bytes.len() - letters;
        let start = small - usize::from(small > 0 && bytes[small - 1].is_ascii_uppercase());
        let word = &self.text[sentence + start..dot];
        letters >= PLAIN
            && bytes[..start].last() == Some(&b' ')
            && !bytes[..start].ends_with(b". ")
            && !is_consonants(word)
            && self.data.abbreviation(word, false).is_none()
    }
}
