//! What may end a sentence, read from the text: a run of terminators in any script with the closing quotation marks and
//! brackets after it. Whether it does end one is for `rules` to say.

use super::shape::*;
use super::{REACH, Rules};
use crate::text::scan;

/// What kind of terminator a mark is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Terminator {
    Dot,
    Ellipsis,
    /// `!` and `?` and their mixtures.
    Strong,
    /// Terminators of scripts without capitals, which need no blank after them.
    Full,
}

/// A terminator run with the closing quotes and brackets after it.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) kind: Terminator,
    /// First byte of the run.
    pub(super) start: usize,
    /// One past the last byte, closers included.
    pub(super) end: usize,
    /// A quotation mark closed after the run.
    pub(super) quote: bool,
    /// A bracket closed after the run.
    pub(super) bracket: bool,
}

/// Running count of straight double quotes, to tell an opening one from a closing one.
#[derive(Default)]
pub(super) struct QuoteParity {
    counted: usize,
    odd: bool,
}

impl QuoteParity {
    /// Whether a straight quote is open at `at`; `at` only grows.
    pub(super) fn open_at(&mut self, text: &str, at: usize) -> bool {
        if at > self.counted {
            let count = memchr::memchr_iter(b'"', &text.as_bytes()[self.counted..at]).count();
            self.odd ^= count % 2 == 1;
            self.counted = at;
        }
        self.odd
    }
}

impl Rules<'_> {
    pub(super) fn next_terminator(&self, from: usize, end: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at = self.scan.next_before(scan::Mark::Stop, self.offset + at, self.offset + end) - self.offset;
            if at >= end {
                return None;
            }
            if self.terminator_at(at).is_some() {
                return Some(at);
            }
            at += 1;
        }
    }

    /// Kind and length of the terminator at `at`, if one stands there.
    #[inline]
    pub(super) fn terminator_at(&self, at: usize) -> Option<(Terminator, usize)> {
        let rest = &self.text.as_bytes()[at..];
        let kind = match rest {
            [b'.', b'.', ..] => (Terminator::Ellipsis, rest.iter().take_while(|b| **b == b'.').count()),
            [b'.', ..] => (Terminator::Dot, 1),
            [b'!' | b'?', ..] => (Terminator::Strong, 1),
            [b';', ..] if self.language.greek_question() => (Terminator::Strong, 1),
            [b':', ..] if self.text[..at].trim_end_matches(['»', ')', '”']).chars().next_back().is_some_and(is_armenian) => {
                (Terminator::Full, 1)
            }
            [0xcd, 0xbe, ..] => (Terminator::Strong, 2),
            [0xd6, 0x89, ..] => (Terminator::Full, 2),
            [0xd8, 0x9f, ..] => (Terminator::Full, 2),
            [0xdb, 0x94, ..] => (Terminator::Full, 2),
            [0xe2, 0x80, 0xa6, ..] => (Terminator::Ellipsis, 3),
            [0xe2, 0x80, 0xbc | 0xbd, ..] | [0xe2, 0x81, 0x87..=0x89, ..] | [0xe2, 0xb8, 0xae, ..] => (Terminator::Strong, 3),
            [0xe0, 0xa5, 0xa4 | 0xa5, ..] => (Terminator::Full, 3),
            [0xe1, 0x8d, 0xa2 | 0xa7 | 0xa8, ..] | [0xe1, 0x81, 0x8a | 0x8b, ..] | [0xe1, 0x9f, 0x94 | 0x95, ..] => (Terminator::Full, 3),
            [0xe3, 0x80, 0x82, ..] | [0xef, 0xbc, 0x81 | 0x8e | 0x9f, ..] | [0xef, 0xbd, 0xa1, ..] => (Terminator::Full, 3),
            _ => return None,
        };
        Some(kind)
    }

    /// Reads the run of terminators at `found` and what closes after it.
    pub(super) fn read_mark(&self, sentence: usize, found: usize, quotes: &mut QuoteParity) -> Mark {
        let mut mark = Mark { kind: Terminator::Dot, start: found, end: found, quote: false, bracket: false };
        let mut first = true;
        loop {
            let before = mark.end;
            while let Some((kind, len)) = self.terminator_at(mark.end).or_else(|| self.spaced_dot(&mark)) {
                mark.kind = if first { kind } else { stronger(mark.kind, kind) };
                first = false;
                mark.end += len;
            }
            while let Some((len, bracket)) = self.closer_at(sentence, mark.end, quotes) {
                mark.end += len;
                mark.bracket |= bracket;
                mark.quote |= !bracket;
            }
            if mark.end == before || mark.end == self.text.len() {
                return mark;
            }
        }
    }

    /// The next mark of a spaced run `. . .`, `... !`: its blank and itself.
    pub(super) fn spaced_dot(&self, mark: &Mark) -> Option<(Terminator, usize)> {
        let bytes = self.text.as_bytes();
        if let [b' ', b'!' | b'?', after @ ..] = &bytes[mark.end..]
            && mark.end > mark.start
            && after.first().is_none_or(|b| matches!(b, b' ' | b'!' | b'?' | b'.' | b'"'))
        {
            return Some((Terminator::Strong, 2));
        }
        let dots = mark.end > mark.start && bytes[mark.end - 1] == b'.' && bytes.get(mark.end) == Some(&b' ');
        let next = dots && bytes.get(mark.end + 1) == Some(&b'.') && !bytes.get(mark.end + 2).is_some_and(u8::is_ascii_alphanumeric);
        // An ellipsis with its own blank before it opens what follows: `It ended. ...and then`.
        let opens = mark.kind == Terminator::Dot && bytes[mark.end..].starts_with(b" ...");
        (next && !opens).then_some((Terminator::Ellipsis, 2))
    }

    /// Length of the closing quote or bracket at `at`, and whether it is a bracket. Blanks before it count in where it can
    /// only close.
    pub(super) fn closer_at(&self, sentence: usize, at: usize, quotes: &mut QuoteParity) -> Option<(usize, bool)> {
        let rest = &self.text[at..];
        let c = rest.chars().next()?;
        let len = c.len_utf8();
        let after = &rest[len..];
        match c {
            ')' | ']' | '}' | '）' | '］' | '】' | '｝' => Some((len, true)),
            '」' | '』' | '》' | '〉' | '”' => Some((len, false)),
            '»' | '«' | '“' | '›' | '‹' | '’' | '‘' if ends_word(after) => Some((len, false)),
            '\'' if after.starts_with('\'') => Some((2, false)),
            '\'' if ends_word(after) => Some((len, false)),
            '"' if ends_word(after) || quotes.open_at(self.text, at) => Some((len, false)),
            '[' => citation(rest).map(|length| (length, true)),
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => {
                if let Some(length) = citation(after).or_else(|| smiley(after)) {
                    return Some((len + length, true));
                }
                let next = after.chars().next()?;
                let beyond = &after[next.len_utf8()..];
                let open = || {
                    let before = self.behind(sentence, at, REACH).as_bytes();
                    memchr::memchr_iter(b'(', before).count() > memchr::memchr_iter(b')', before).count()
                };
                let ends = |rest: &str| starts_blank(rest) || rest.starts_with(['.', ',']);
                let closes = match next {
                    '»' => ends(beyond) && !matches!(self.language.code, "de" | "da"),
                    '"' => starts_blank(beyond) && quotes.open_at(self.text, at),
                    '”' => starts_blank(beyond) && !matches!(self.language.code, "sv" | "fi"),
                    ')' => starts_blank(beyond) && open(),
                    '\'' => beyond.starts_with('\'') && starts_blank(&beyond[1..]),
                    _ => false,
                };
                let double = usize::from(next == '\'');
                closes.then_some((len + next.len_utf8() + double, next == ')'))
            }
            _ => None,
        }
    }
}

/// `[17]` at the start of `rest`: its length.
fn citation(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('[')?;
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0 && inner[digits..].starts_with(']')).then_some(digits + 2)
}

fn stronger(one: Terminator, other: Terminator) -> Terminator {
    match (one, other) {
        (Terminator::Full, _) | (_, Terminator::Full) => Terminator::Full,
        (Terminator::Strong, _) | (_, Terminator::Strong) => Terminator::Strong,
        _ => Terminator::Ellipsis,
    }
}
