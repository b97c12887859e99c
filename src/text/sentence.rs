//! Where sentences end, by rules: one scan for terminators; what follows a terminator settles most cases (a lower-case letter:
//! no end); before a capital the word in front decides, by the class of its abbreviation, its shape and whether a usual
//! sentence starter follows. Works on one paragraph; spans are lossless by construction (each sentence starts where
//! the blanks after the last one end). Paragraphs are the business of `paragraph`, quotation places of `quote`.

use super::language::{Abbreviation, Data, Language};
use super::stem::normalise;
use crate::span::Span;

/// Calls `each` with the tight span of every sentence of `paragraph` (which is tight itself), in order.
pub fn sentences(paragraph: &str, language: &Language, mut each: impl FnMut(Span)) {
    let rules = Rules { text: paragraph, language, data: language.data() };
    let mut start = 0;
    let mut at = 0;
    let mut quotes = QuoteParity::default();
    while let Some(found) = rules.next_terminator(at) {
        let mark = rules.read_mark(start, found, &mut quotes);
        at = mark.end;
        if at >= paragraph.len() {
            break;
        }
        if rules.ends_sentence(start, &mark) {
            each(Span::new(start, mark.end));
            start = mark.end + leading_blanks(&paragraph[mark.end..]);
            at = start;
        }
    }
    if start < paragraph.len() {
        each(Span::new(start, paragraph.len()));
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
    /// A single letter with a dot: an initial.
    initial: bool,
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
}

/// Bytes that begin a terminator, in any script.
static TRIGGER: [bool; 256] = triggers();

const fn triggers() -> [bool; 256] {
    let mut table = [false; 256];
    let leads = [b'.', b'!', b'?', b';', 0xcd, 0xd6, 0xd8, 0xdb, 0xe0, 0xe1, 0xe2, 0xe3, 0xef];
    let mut i = 0;
    while i < leads.len() {
        table[leads[i] as usize] = true;
        i += 1;
    }
    table
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
        let bytes = self.text.as_bytes();
        let mut at = from;
        while at < bytes.len() {
            if TRIGGER[bytes[at] as usize] && self.terminator_at(at).is_some() {
                return Some(at);
            }
            at += 1;
        }
        None
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

    /// The next dot of a spaced ellipsis `. . .`: its blank and itself.
    fn spaced_dot(&self, mark: &Mark) -> Option<(Terminator, usize)> {
        let bytes = self.text.as_bytes();
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
            '[' => {
                let digits = after.bytes().take_while(u8::is_ascii_digit).count();
                (digits > 0 && after[digits..].starts_with(']')).then_some((digits + 2, true))
            }
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => {
                let next = after.chars().next()?;
                let beyond = &after[next.len_utf8()..];
                let before = self.behind(sentence, at, REACH);
                let open = |opener: char| before.matches(opener).count() > before.matches(next).count();
                let closes = match next {
                    '»' => starts_blank(beyond) && !matches!(self.language.code, "de" | "da"),
                    '"' => starts_blank(beyond) && quotes.open_at(self.text, at),
                    '”' => starts_blank(beyond) && !matches!(self.language.code, "sv" | "fi"),
                    ')' => starts_blank(beyond) && open('('),
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
        if self.is_aside(mark) || self.inside_bracket(sentence, mark) {
            return false;
        }
        let blanks = leading_blanks(rest);
        if blanks == 0 {
            return self.ends_glued(mark, rest);
        }
        let Some(next) = self.next_word(self.ahead(mark.end + blanks, WORD)) else { return mark.kind == Terminator::Full };
        if is_lower(&next) {
            return mark.kind == Terminator::Full && !self.bracketed_language(mark);
        }
        match mark.kind {
            Terminator::Full => true,
            Terminator::Strong => true,
            Terminator::Ellipsis => !next.first.is_numeric(),
            Terminator::Dot if mark.quote => true,
            Terminator::Dot => self.dot_ends(sentence, mark, &next),
        }
    }

    /// `(!)`, `(?)`, `[...]`: a comment on a word, no end.
    fn is_aside(&self, mark: &Mark) -> bool {
        mark.bracket && self.text[..mark.start].ends_with(['(', '[', '（']) && mark.end - mark.start <= 8
    }

    /// A full stop of a half-sentence in brackets that were opened in mid-sentence and close soon.
    fn inside_bracket(&self, sentence: usize, mark: &Mark) -> bool {
        let before = self.behind(sentence, mark.end, REACH);
        let Some(open) = before.rfind(['(', '（']) else { return false };
        if before[open..].contains([')', '）']) || before[..open].trim().is_empty() {
            return false;
        }
        let rest = self.ahead(mark.end, REACH);
        let Some(close) = rest.find([')', '）']) else { return false };
        !rest[..close].contains(['(', '（'])
    }

    /// A latin lower-case word after a full stop of another script is no hint.
    fn bracketed_language(&self, mark: &Mark) -> bool {
        let cjk = self.text[..mark.start].chars().next_back().is_some_and(super::token::unspaced);
        !cjk && matches!(self.text[mark.start..].chars().next(), Some('؟' | '۔' | '։'))
    }

    /// The case without a blank: scripts that need none, and missing blanks.
    fn ends_glued(&self, mark: &Mark, rest: &str) -> bool {
        let Some(next) = rest.chars().next() else { return true };
        let last = self.text[..mark.start].chars().next_back();
        let spoken = mark.quote && self.text[..mark.end].ends_with(['」', '』']);
        match mark.kind {
            Terminator::Full if spoken => !matches!(next, '\u{3041}'..='\u{309f}' | '、' | '，' | ',') && !is_closing(next),
            Terminator::Full => next.is_alphanumeric() || is_opening(next),
            _ if last.is_some_and(super::token::unspaced) && mark.kind == Terminator::Strong => {
                super::token::unspaced(next) || is_opening(next)
            }
            Terminator::Dot | Terminator::Strong if is_arabic(next) => {
                last.is_some_and(is_arabic) && self.word_before(0, mark.start).chars().count() > 2
            }
            Terminator::Dot => next.is_uppercase() && self.glued_words(mark, rest),
            Terminator::Strong => next.is_uppercase() && last.is_some_and(char::is_lowercase) && self.glued_words(mark, rest),
            Terminator::Ellipsis => next.is_uppercase() && last.is_some_and(char::is_lowercase),
        }
    }

    /// `ended.The`: a plain lower-case word, a dot, a capitalised word; no name of a host or file.
    fn glued_words(&self, mark: &Mark, rest: &str) -> bool {
        let before = self.word_before(0, mark.start);
        let word: &str = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
        let plain = before.chars().count() >= 3 && before.chars().all(char::is_lowercase);
        let sentence_like = word.chars().count() >= 2 && word.chars().skip(1).all(char::is_lowercase);
        plain && sentence_like && starts_blank_or_comma(&rest[word.len()..])
    }

    /// The first word after a mark; `None` if nothing but punctuation follows.
    fn next_word(&self, rest: &'a str) -> Option<Next<'a>> {
        let at = rest.find(char::is_alphanumeric)?;
        let first = rest[at..].chars().next()?;
        let length = rest[at..].find(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’')).unwrap_or(rest.len() - at);
        let word = &rest[at..at + length];
        let initial = word.len() == first.len_utf8() && rest[at + length..].starts_with('.');
        Some(Next { first, word, opener: rest[..at].chars().any(is_opening), initial })
    }

    /// The piece before `at` back to a blank, a dash, a slash or an opening mark.
    fn word_before(&self, from: usize, at: usize) -> &'a str {
        let before = self.behind(from, at, WORD);
        let cut = |c: char| c.is_whitespace() || is_opening(c) || matches!(c, '—' | '–' | '/' | ',' | ';' | ':' | '…' | '«' | '”');
        let start = before.rfind(cut).map_or(0, |i| i + before[i..].chars().next().map_or(0, char::len_utf8));
        &before[start..]
    }

    /// Whether a dot before a capital, a digit or a letter without case ends the sentence.
    fn dot_ends(&self, sentence: usize, mark: &Mark, next: &Next) -> bool {
        let word = self.word_before(sentence, mark.start);
        if !word.chars().next_back().is_some_and(char::is_alphanumeric) && !word.chars().next_back().is_some_and(is_mark) {
            return true;
        }
        let first_word = self.text[sentence..mark.start].trim_start_matches(|c: char| !c.is_alphanumeric()).len() == word.len();
        if word.bytes().all(|b| b.is_ascii_digit()) {
            return !(first_word && word.len() <= 3) && self.number_ends(word, next);
        }
        if word.chars().filter(|c| !is_mark(*c)).count() == 1 {
            return !first_word && self.letter_ends(word, next);
        }
        if let Some(class) = self.abbreviation(word) {
            return self.abbreviation_ends(class, next);
        }
        if is_dotted(word) || is_consonants(word) {
            return self.abbreviation_ends(Abbreviation::Either, next);
        }
        if self.language.ordinals() && is_roman(word) {
            return self.starts_sentence(next);
        }
        true
    }

    /// The class of the word, of what follows its last hyphen or apostrophe, or of it without an elided article.
    fn abbreviation(&self, word: &str) -> Option<Abbreviation> {
        let part = || word.rfind(['-', '\'', '’']).map(|i| &word[i + word[i..].chars().next().map_or(1, char::len_utf8)..]);
        self.data.abbreviation(word).or_else(|| part().filter(|p| !p.is_empty()).and_then(|p| self.data.abbreviation(p)))
    }

    fn abbreviation_ends(&self, class: Abbreviation, next: &Next) -> bool {
        let number = next.first.is_numeric() || is_roman(next.word);
        match class {
            Abbreviation::Title | Abbreviation::Inner => false,
            Abbreviation::Number => !number,
            Abbreviation::Date | Abbreviation::Either => !next.first.is_numeric() && (next.opener || self.starts_sentence(next)),
            Abbreviation::End => !next.first.is_numeric(),
        }
    }

    fn number_ends(&self, number: &str, next: &Next) -> bool {
        if !self.language.ordinals() || number.len() > 2 {
            return true;
        }
        if next.first.is_numeric() || self.data.months.contains_key(&normalise(next.word, self.language)) {
            return false;
        }
        self.starts_sentence(next)
    }

    /// A single letter with a dot: an initial, unless a plain starter follows.
    fn letter_ends(&self, word: &str, next: &Next) -> bool {
        match self.data.abbreviation(word) {
            Some(class) => self.abbreviation_ends(class, next),
            None if word.chars().next().is_some_and(char::is_numeric) => true,
            None => self.starts_sentence(next),
        }
    }

    /// Whether the next word is one that usually starts a sentence: a function word with a capital.
    fn starts_sentence(&self, next: &Next) -> bool {
        next.first.is_uppercase() && !next.initial && self.data.is_stop(&normalise(next.word, self.language))
    }
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
    next.first.is_lowercase() && !next.word.chars().nth(1).is_some_and(char::is_uppercase)
}

fn leading_blanks(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

fn starts_blank(text: &str) -> bool {
    text.chars().next().is_none_or(char::is_whitespace)
}

fn starts_blank_or_comma(text: &str) -> bool {
    text.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, ',' | '.' | '\'' | '’'))
}

/// Whether what follows a mark shows that it closes: a blank, the end, more closers or punctuation.
fn ends_word(after: &str) -> bool {
    after
        .chars()
        .next()
        .is_none_or(|c| c.is_whitespace() || is_closing(c) || matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | '-' | '–' | '—' | '…'))
}

fn is_closing(c: char) -> bool {
    matches!(c, ')' | ']' | '}' | '"' | '\'' | '”' | '’' | '»' | '«' | '“' | '」' | '』' | '）' | '】' | '》' | '〉')
}

fn is_opening(c: char) -> bool {
    matches!(
        c,
        '(' | '['
            | '{'
            | '"'
            | '\''
            | '“'
            | '„'
            | '‘'
            | '‚'
            | '«'
            | '»'
            | '‹'
            | '「'
            | '『'
            | '（'
            | '【'
            | '《'
            | '〈'
            | '¿'
            | '¡'
            | '`'
            | '”'
    )
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{64a}' | '\u{671}'..='\u{6d3}')
}

/// Combining vowels and viramas belong to the letter before them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{b82}' | '\u{bbe}'..='\u{bcd}')
}

/// `U.S`, `a.m`, `z.B`: single letters with dots between.
fn is_dotted(word: &str) -> bool {
    word.contains('.') && word.split('.').all(|part| (1..=2).contains(&part.chars().filter(|c| !is_mark(*c)).count()))
}

/// `Nr`, `str`, `tlf`: two to four letters of the Latin script without a vowel, not all capitals.
fn is_consonants(word: &str) -> bool {
    let vowel = |c: char| !c.is_ascii_alphabetic() || matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    (2..=4).contains(&word.len()) && !word.chars().any(vowel) && !word.chars().skip(1).all(char::is_uppercase)
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'))
}
