//! Where sentences end, by rules: one scan for terminators; what follows a terminator settles most cases (a lower-case letter:
//! no end); before a capital the word in front decides, by the class of its abbreviation, its shape and whether a usual
//! sentence starter follows. Works on one paragraph; spans are lossless by construction (each sentence starts where
//! the blanks after the last one end). Paragraphs are the business of `paragraph`, quotation places of `quote`.

mod shape;

use super::language::{Abbreviation, Data, Language};
use super::scan::{self, Scan};
use super::stem::normalise;
use super::token::unspaced;
use crate::span::Span;
use shape::*;

/// Calls `each` with the tight span of every sentence of a paragraph (whose span is tight itself), in order. `data` are the
/// language's, or those with the user's abbreviations added.
pub fn sentences(text: &str, span: Span, scan: &Scan, language: &Language, data: &Data, mut each: impl FnMut(Span)) {
    let paragraph = span.of(text);
    let offset = span.start as usize;
    let rules = Rules { text: paragraph, language, data, scan, offset };
    let mut each = |start: usize, end: usize| each(Span::new(start + offset, end + offset));
    let mut start = 0;
    let mut at = 0;
    let mut quotes = QuoteParity::default();
    while let Some(found) = rules.next_terminator(at).filter(|found| found + 1 < paragraph.len()) {
        if rules.is_sure(start, found) {
            each(start, found + 1);
            start = found + 2;
            at = start;
            continue;
        }
        let mark = rules.read_mark(start, found, &mut quotes);
        at = mark.end;
        if at >= paragraph.len() {
            break;
        }
        if rules.ends_sentence(start, &mark) {
            each(start, mark.end);
            start = mark.end + leading_blanks(&paragraph[mark.end..]);
            at = start;
        }
    }
    if start < paragraph.len() {
        each(start, paragraph.len());
    }
}

/// What kind of terminator a mark is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Terminator {
    Dot,
    Ellipsis,
    /// `!` and `?` and their mixtures.
    Strong,
    /// Terminators of scripts without capitals, which need no blank after them.
    Full,
}

/// A terminator run with the closing quotes and brackets after it.
#[derive(Debug)]
struct Mark {
    kind: Terminator,
    /// First byte of the run.
    start: usize,
    /// One past the last byte, closers included.
    end: usize,
    /// A quotation mark closed after the run.
    quote: bool,
    /// A bracket closed after the run.
    bracket: bool,
}

/// What stands after a mark.
struct Next<'a> {
    /// The first letter or digit.
    first: char,
    /// The word it begins.
    word: &'a str,
    /// An opening quote or bracket stands before it.
    opener: bool,
    /// A dash stands before it.
    dash: bool,
    /// That mark is a bracket.
    bracket: bool,
    /// A single letter with a dot: an initial.
    initial: bool,
    /// A label of a list: `b)`.
    label: bool,
    /// A clitic before a capital: `'s Avonds`.
    clitic: bool,
}

/// The word in front of a dot.
struct Word<'a> {
    /// The word without the dot; inner dots stay.
    text: &'a str,
    /// It begins the sentence.
    first: bool,
    /// A colon stands before it.
    announced: bool,
    /// A number stands before it.
    counted: bool,
    /// A digit and a dash, a colon or a comma stand right before it: `2–1`, `10:30`.
    compound: bool,
    /// The word with the single letters before it, where it is written with blanks: `z. B` as `z.B`.
    spaced: Option<String>,
}

/// Running count of straight double quotes, to tell an opening one from a closing one.
#[derive(Default)]
struct QuoteParity {
    counted: usize,
    odd: bool,
}

impl QuoteParity {
    /// Whether a straight quote is open at `at`; `at` only grows.
    fn open_at(&mut self, text: &str, at: usize) -> bool {
        if at > self.counted {
            let count = memchr::memchr_iter(b'"', &text.as_bytes()[self.counted..at]).count();
            self.odd ^= count % 2 == 1;
            self.counted = at;
        }
        self.odd
    }
}

/// How far, in bytes, a rule looks around a mark for brackets and for words; bounds keep the scan linear on any input.
const REACH: usize = 240;
const WORD: usize = 96;

struct Rules<'a> {
    text: &'a str,
    language: &'a Language,
    data: &'a Data,
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

    fn next_terminator(&self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at = self.scan.next_before(scan::Mark::Stop, self.offset + at, self.offset + self.text.len()) - self.offset;
            if at >= self.text.len() {
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
    fn terminator_at(&self, at: usize) -> Option<(Terminator, usize)> {
        let rest = &self.text.as_bytes()[at..];
        let kind = match rest {
            [b'.', b'.', ..] => (Terminator::Ellipsis, rest.iter().take_while(|b| **b == b'.').count()),
            [b'.', ..] => (Terminator::Dot, 1),
            [b'!' | b'?', ..] => (Terminator::Strong, 1),
            [b';', ..] if self.language.greek_question() => (Terminator::Strong, 1),
            [b':', ..] if self.text[..at].chars().next_back().is_some_and(is_armenian) => (Terminator::Full, 1),
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
    fn read_mark(&self, sentence: usize, found: usize, quotes: &mut QuoteParity) -> Mark {
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
    fn spaced_dot(&self, mark: &Mark) -> Option<(Terminator, usize)> {
        let bytes = self.text.as_bytes();
        if let [b' ', b'!' | b'?', after @ ..] = &bytes[mark.end..]
            && mark.end > mark.start
            && after.first().is_none_or(|b| matches!(b, b' ' | b'!' | b'?' | b'.' | b'"'))
        {
            return Some((Terminator::Strong, 2));
        }
        let dots = mark.end > mark.start && bytes[mark.end - 1] == b'.' && bytes.get(mark.end) == Some(&b' ');
        let next = dots && bytes.get(mark.end + 1) == Some(&b'.') && !bytes.get(mark.end + 2).is_some_and(u8::is_ascii_alphanumeric);
        next.then_some((Terminator::Ellipsis, 2))
    }

    /// Length of the closing quote or bracket at `at`, and whether it is a bracket. Blanks before it count in where it can
    /// only close.
    fn closer_at(&self, sentence: usize, at: usize, quotes: &mut QuoteParity) -> Option<(usize, bool)> {
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

    /// Whether a sentence ends after `mark`, given that text follows.
    fn ends_sentence(&self, sentence: usize, mark: &Mark) -> bool {
        let rest = &self.text[mark.end..];
        if self.is_aside(mark)
            || self.inside_bracket(sentence, mark)
            || self.reported(mark, rest)
            || holds_together(&self.text[..mark.end], rest)
        {
            return false;
        }
        let blanks = leading_blanks(rest);
        if blanks == 0 {
            return self.ends_glued(mark, rest);
        }
        let Some(next) = self.next_word(self.ahead(mark.end + blanks, WORD)) else { return mark.kind == Terminator::Full };
        if is_lower(&next) {
            return self.ends_before_lower(sentence, mark, &next);
        }
        match mark.kind {
            Terminator::Full => true,
            Terminator::Strong => true,
            Terminator::Ellipsis => !next.first.is_numeric(),
            Terminator::Dot if mark.quote => is_cased(next.first) || !is_dotted(self.word_before(sentence, mark.start)),
            Terminator::Dot => self.dot_ends(sentence, mark, &next),
        }
    }

    /// The commonest case, told by a few bytes: a bare full stop after a plain word of small letters that is no abbreviation and
    /// does not look like one, a blank and a capitalised word after it, no bracket near. The rules below come to the same.
    fn is_sure(&self, sentence: usize, dot: usize) -> bool {
        const PLAIN: usize = 2;
        let bytes = self.text.as_bytes();
        if !matches!(bytes[dot..], [b'.', b' ', first, second, ..] if first.is_ascii_uppercase() && second.is_ascii_lowercase()) {
            return false;
        }
        let letters = bytes[sentence..dot].iter().rev().take(WORD).take_while(|b| b.is_ascii_lowercase()).count();
        let start = dot - letters;
        letters >= PLAIN
            && bytes[sentence..start].last() == Some(&b' ')
            && !bytes[sentence..start].ends_with(b". ")
            && !is_consonants(&self.text[start..dot])
            && memchr::memchr2(b'(', 0xef, self.behind(sentence, dot, REACH).as_bytes()).is_none()
            && self.data.exact(&self.text[start..dot]).is_none()
    }

    /// The case of a lower-case letter: no end, but for terminators of scripts without case, labels of lists, and a full stop
    /// after a plain long word, as in text that is careless of capitals.
    fn ends_before_lower(&self, sentence: usize, mark: &Mark, next: &Next) -> bool {
        const PLAIN: usize = 4;
        if mark.kind == Terminator::Full {
            return !self.bracketed_language(mark);
        }
        if mark.quote || mark.bracket || mark.kind == Terminator::Ellipsis {
            return false;
        }
        if mark.kind == Terminator::Strong {
            return next.label;
        }
        let word = self.word_before(sentence, mark.start);
        let plain = word.chars().count() >= PLAIN && word.chars().skip(1).all(char::is_lowercase) && !is_consonants(word);
        self.data.knows_abbreviations() && (plain || next.label) && self.data.abbreviation(word, false).is_none() && !is_dotted(word)
    }

    /// A quotation that closes after the mark and goes on with words that report it, where no small letter tells.
    fn reported(&self, mark: &Mark, rest: &str) -> bool {
        const LONGEST: usize = 12;
        if !mark.quote || self.data.reporting.is_empty() {
            return false;
        }
        let ahead = self.ahead(self.text.len() - rest.trim_start().len(), WORD);
        if ahead.starts_with(char::is_uppercase) {
            // `"Is it?" Smith asked.`
            const WORDS: usize = 5;
            let clause = ahead.split(['.', ',', ':', ';', '!', '?', '"', '“']).next().unwrap_or(ahead);
            let last = clause.split_whitespace().next_back().unwrap_or(clause);
            let short = clause.len() < ahead.len() && clause.split_whitespace().count() <= WORDS;
            return short && mark.kind == Terminator::Strong && self.data.reporting.iter().any(|word| word == last);
        }
        let end = ahead.find(|c: char| !c.is_alphanumeric() && !is_mark(c)).unwrap_or(ahead.len());
        let clause = &ahead[..end];
        let introduces = ahead[end..].starts_with(['：', ':']);
        !introduces
            && clause.chars().count() <= LONGEST
            && self
                .data
                .reporting
                .iter()
                .any(|word| if clause.chars().next().is_some_and(unspaced) { clause.ends_with(word.as_str()) } else { clause == word })
    }

    /// `(!)`, `(?)`, `[...]`: a comment on a word, no end.
    fn is_aside(&self, mark: &Mark) -> bool {
        mark.bracket && self.text[..mark.start].ends_with(['(', '[', '（']) && mark.end - mark.start <= 8
    }

    /// A full stop of a half-sentence in brackets that were opened in mid-sentence and close soon.
    fn inside_bracket(&self, sentence: usize, mark: &Mark) -> bool {
        let before = self.behind(sentence, mark.end, REACH);
        let bytes = before.as_bytes();
        let wide = memchr::memchr(0xef, bytes).and_then(|_| memchr::memmem::rfind(bytes, "（".as_bytes()));
        let Some(open) = memchr::memrchr(b'(', bytes).max(wide) else { return false };
        if before[open..].contains([')', '）']) || before[..open].trim().is_empty() {
            return false;
        }
        let rest = self.ahead(mark.end, REACH);
        let Some(close) = rest.find([')', '）']) else { return false };
        !rest[..close].contains(['(', '（'])
    }

    /// A latin lower-case word after a full stop of another script is no hint.
    fn bracketed_language(&self, mark: &Mark) -> bool {
        let cjk = self.text[..mark.start].chars().next_back().is_some_and(unspaced);
        !cjk && matches!(self.text[mark.start..].chars().next(), Some('؟' | '۔' | '։' | ':'))
    }

    /// The case without a blank: scripts that need none, and missing blanks.
    fn ends_glued(&self, mark: &Mark, rest: &str) -> bool {
        let Some(next) = rest.chars().next() else { return true };
        let last = self.text[..mark.start].chars().next_back();
        let spoken = mark.quote && self.text[..mark.end].ends_with(['」', '』']);
        let fraction = next.is_numeric() && last.is_some_and(char::is_numeric);
        let titled = self.text[..mark.end].ends_with(['》', '〉']);
        match mark.kind {
            Terminator::Full if fraction || titled => false,
            Terminator::Full if spoken => !matches!(next, '\u{3041}'..='\u{309f}' | '、' | '，' | ',') && !is_closing(next),
            Terminator::Full => next.is_alphanumeric() || is_opening(next),
            _ if last.is_some_and(unspaced) && mark.kind == Terminator::Strong => unspaced(next) || is_opening(next),
            Terminator::Dot | Terminator::Strong if is_arabic(next) => {
                let word = self.word_before(0, mark.start);
                last.is_some_and(is_arabic) && word.rsplit('.').next().is_some_and(|part| part.chars().count() > 2)
            }
            Terminator::Dot => next.is_uppercase() && self.glued_words(mark, rest),
            Terminator::Strong => next.is_uppercase() && last.is_some_and(char::is_lowercase) && self.glued_words(mark, rest),
            Terminator::Ellipsis => next.is_uppercase() && last.is_some_and(char::is_lowercase),
        }
    }

    /// `ended.The`: a plain lower-case word, a dot, a capitalised word; no name of a host or file.
    fn glued_words(&self, mark: &Mark, rest: &str) -> bool {
        let word: &str = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
        let sentence_like = word.chars().count() >= 2 && word.chars().skip(1).all(char::is_lowercase);
        if !sentence_like || !starts_blank_or_comma(&rest[word.len()..]) {
            return false;
        }
        let before = self.word_before(0, mark.start);
        let year = before.len() == 4 && before.bytes().all(|b| b.is_ascii_digit());
        year || before.chars().count() >= 3 && before.chars().all(char::is_lowercase)
    }

    /// The first word after a mark; `None` if nothing but punctuation follows.
    fn next_word(&self, rest: &'a str) -> Option<Next<'a>> {
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
            opener: lead.chars().any(is_opening),
            dash: lead.starts_with(['—', '–', '-']),
            bracket: lead.ends_with(['(', '[', '（']),
            initial: single && after.starts_with('.'),
            label: is_label(if lead.ends_with('(') { &rest[at - 1..] } else { &rest[at..] }),
            clitic,
        })
    }

    /// The piece before `at` back to a blank, a dash, a slash or an opening mark.
    fn word_before(&self, from: usize, at: usize) -> &'a str {
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
    fn word(&self, sentence: usize, at: usize) -> Word<'a> {
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
            compound: joint && digit(back.next()) || text.rsplit_once('-').is_some_and(|(front, _)| digit(front.chars().next_back())),
            spaced: spaced(gap, before, text),
        }
    }

    /// Whether a dot before a capital, a digit or a letter without case ends the sentence.
    fn dot_ends(&self, sentence: usize, mark: &Mark, next: &Next) -> bool {
        let word = self.word(sentence, mark.start);
        let text = word.text;
        // In Armenian a dot is no full stop.
        if text.chars().next_back().is_some_and(is_armenian) {
            return false;
        }
        if !text.chars().next_back().is_some_and(|c| c.is_alphanumeric() || is_mark(c)) {
            return true;
        }
        // `1.-3. Mai`, `2-1`
        let number = text.rsplit('-').next().unwrap_or(text);
        if is_number(number) {
            return !self.is_item_label(sentence, mark, number) && self.number_ends(&word, number, next);
        }
        let shouting = next.word.len() >= 2 && next.word.chars().all(char::is_uppercase);
        let class = word.spaced.as_deref().and_then(|joined| self.data.exact(joined)).or_else(|| self.abbreviation(text, shouting));
        if let Some(class) = class {
            return self.abbreviation_ends(class, &word, next);
        }
        if text.chars().filter(|c| !is_mark(*c)).count() == 1 {
            let unit = word.counted && text.starts_with(char::is_lowercase) && next.first.is_uppercase() && !next.initial;
            return !word.first && (unit || text.starts_with(char::is_numeric) || self.starts_sentence(next));
        }
        if is_dotted(text) || is_consonants(text) {
            return self.abbreviation_ends(Abbreviation::Either, &word, next);
        }
        if self.language.ordinals() && is_roman(text) {
            return self.starts_sentence(next);
        }
        true
    }

    /// The class of the word, or of what follows its last hyphen or apostrophe.
    fn abbreviation(&self, word: &str, shouting: bool) -> Option<Abbreviation> {
        let part = || word.rfind(['-', '\'', '’']).map(|i| &word[i + word[i..].chars().next().map_or(1, char::len_utf8)..]);
        self.data
            .abbreviation(word, shouting)
            .or_else(|| part().filter(|p| !p.is_empty()).and_then(|p| self.data.abbreviation(p, shouting)))
    }

    fn abbreviation_ends(&self, class: Abbreviation, word: &Word, next: &Next) -> bool {
        let digit = next.first.is_numeric();
        // A unit after its number: `2021 г.`, `9 ft.`
        let unit = word.counted && word.text.starts_with(char::is_lowercase) && next.first.is_uppercase();
        let apart = !digit && !next.initial && !self.is_date_word(next) && !is_zone(next.word);
        match class {
            // Some are words as well: `нем.` and `о нем.`
            Abbreviation::Inner if next.first.is_uppercase() && !next.initial => self.data.is_stop(word.text),
            Abbreviation::Title | Abbreviation::Inner => false,
            _ if word.first && word.text.chars().count() == 1 => false,
            Abbreviation::Number if word.text.chars().count() == 1 && !is_cased(next.first) => false,
            Abbreviation::Number => !digit && !is_roman(next.word) && !next.initial,
            Abbreviation::End => apart,
            Abbreviation::Either if unit => apart,
            Abbreviation::Date | Abbreviation::Either => {
                !digit && !next.bracket && !next.dash && (next.opener || self.starts_sentence(next))
            }
        }
    }

    /// `2.)` with no bracket open before it.
    fn is_item_label(&self, sentence: usize, mark: &Mark, number: &str) -> bool {
        mark.bracket && number.len() <= 2 && !self.behind(sentence, mark.start, REACH).contains('(')
    }

    /// A number and a dot: the label of an item, an ordinal, or an end.
    fn number_ends(&self, word: &Word, number: &str, next: &Next) -> bool {
        let plain = number.bytes().all(|b| b.is_ascii_digit());
        if word.first && (!plain || number.len() <= 3) || word.announced && number == "1" {
            return false;
        }
        if !self.language.ordinals() || word.compound || !plain || number.len() > 2 {
            return true;
        }
        // Where neither nouns nor the many parts of names have capitals, an ordinal stands before a small letter.
        let capitals = self.language.noun_capitals() || self.language.dotless_i();
        let after = !capitals || self.starts_sentence(next);
        next.first.is_uppercase() && !next.initial && !self.is_date_word(next) && after
    }

    /// Whether the next word is a month or a weekday.
    fn is_date_word(&self, next: &Next) -> bool {
        let word = normalise(next.word, self.language);
        word.chars().count() > 2 && (self.data.months.contains_key(&word) || self.data.weekdays.contains(&word))
    }

    /// Whether the next word is one that usually starts a sentence: a function word with a capital.
    fn starts_sentence(&self, next: &Next) -> bool {
        next.first.is_uppercase() && !next.initial && self.data.is_stop(&normalise(next.word, self.language))
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

/// Lower case, but not a name such as `iPhone`.
fn is_lower(next: &Next) -> bool {
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
