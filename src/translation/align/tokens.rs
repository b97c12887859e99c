//! Sentences as terms: words in lower case cut to their first letters, numbers as their digits, the marks that translators keep.
//! Words are runs of letters and digits, so that `l'homme` is two; scripts without blanks give a term a character, katakana a term a
//! run. A vocabulary numbers the terms of one language in order of first occurrence. Nothing here knows the other language.

use foldhash::{HashMap, HashMapExt};
use unicode_normalization::UnicodeNormalization;

use crate::text::token::unspaced;

/// The number of a term in its vocabulary.
pub type Term = u32;

/// What a term is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Word,
    Number,
    Mark,
}

/// A term as its language has it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    /// Digits, or the mark; of a word its first letters.
    pub(super) form: Box<str>,
    /// Of a word the first that gave the term, whole and in lower case.
    pub(super) word: Box<str>,
}

/// The terms of a language.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pub(super) entries: Vec<Entry>,
    numbers: HashMap<(Kind, Box<str>), Term>,
    /// Words as they are printed that were met before.
    met: HashMap<Box<str>, Term>,
    /// Letters of a word that count.
    cut: usize,
}

impl Vocabulary {
    pub(super) fn new(cut: usize) -> Vocabulary {
        Vocabulary { entries: Vec::new(), numbers: HashMap::new(), met: HashMap::new(), cut }
    }

    /// Adds the terms of a sentence to `out`.
    pub(super) fn read(&mut self, text: &str, out: &mut Vec<Term>) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let length = if is_word(c) { word_length(rest) } else { c.len_utf8() };
            let (piece, after) = rest.split_at(length);
            rest = after;
            if is_word(c) {
                out.push(self.word(piece));
            } else if let Some(mark) = mark(c) {
                out.push(self.number(Kind::Mark, mark, ""));
            }
        }
    }

    fn word(&mut self, piece: &str) -> Term {
        if let Some(&term) = self.met.get(piece) {
            return term;
        }
        // Letters and digits of full width, ligatures and the like become plain ones.
        let letters: String = piece.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let term = match digits(&letters) {
            Some(digits) => self.number(Kind::Number, &digits, ""),
            None => {
                let form: String = letters.chars().take(self.cut).collect();
                self.number(Kind::Word, &form, &letters)
            }
        };
        self.met.insert(piece.into(), term);
        term
    }

    fn number(&mut self, kind: Kind, form: &str, word: &str) -> Term {
        let next = self.entries.len() as Term;
        let term = *self.numbers.entry((kind, form.into())).or_insert(next);
        if term == next {
            self.entries.push(Entry { kind, form: form.into(), word: word.into() });
        }
        term
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || unspaced(c)
}

/// Bytes of the word that a text begins with.
fn word_length(text: &str) -> usize {
    let mut all = text.char_indices().peekable();
    let Some((_, first)) = all.next() else { return 0 };
    let mut end = first.len_utf8();
    if unspaced(first) && !katakana(first) {
        return end;
    }
    let mut number = first.is_numeric();
    while let Some((at, c)) = all.next() {
        let joins = match c {
            _ if unspaced(c) || unspaced(first) => katakana(c) && katakana(first),
            '\u{300}'..='\u{36f}' | '\u{ad}' => true,
            // A number goes on after what groups its digits.
            '.' | ',' | '\'' | '’' | '\u{a0}' | '\u{202f}' if number => all.peek().is_some_and(|(_, next)| next.is_numeric()),
            _ => c.is_alphanumeric(),
        };
        if !joins {
            break;
        }
        number &= c.is_numeric() || !c.is_alphanumeric();
        end = at + c.len_utf8();
    }
    end
}

fn katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | '\u{30fc}')
}

/// The digits of a number as 0 to 9; `None` of what is no number.
fn digits(word: &str) -> Option<String> {
    /// The zeros of scripts that have digits of their own.
    const ZEROS: [char; 7] = ['0', '٠', '۰', '०', '০', '௦', '๐'];
    let value = |c: char| {
        let distances = ZEROS.iter().map(|&zero| (c as u32).wrapping_sub(zero as u32));
        distances.into_iter().find(|distance| *distance < 10).and_then(|distance| char::from_digit(distance, 10))
    };
    word.chars().map(value).collect()
}

/// The marks that translators keep, as one sign for those of all scripts.
fn mark(c: char) -> Option<&'static str> {
    Some(match c {
        '?' | '？' | '؟' | '՞' => "?",
        '!' | '！' => "!",
        ':' | '：' => ":",
        ';' | '；' | '؛' => ";",
        '(' | '（' => "(",
        ')' | '）' => ")",
        '"' | '«' | '»' | '“' | '”' | '„' | '「' | '」' | '『' | '』' => "\"",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let mut vocabulary = Vocabulary::new(5);
        let mut out = Vec::new();
        vocabulary.read(text, &mut out);
        out.into_iter().map(|term| vocabulary.entries[term as usize].form.to_string()).collect()
    }

    #[test]
    fn words_are_cut_numbers_are_digits_and_marks_are_those_of_all_scripts() {
        let cases: &[(&str, &[&str])] = &[
            ("L'homme qui rit.", &["l", "homme", "qui", "rit"]),
            ("«1 234,50 – 7. Kapitel»", &["\"", "1", "23450", "7", "kapit", "\""]),
            ("1\u{a0}234 und 1’234", &["1234", "und", "1234"]),
            ("Ｎｏ５？ ٣٤؟", &["no5", "?", "34", "?"]),
            ("東京でコーヒーを", &["東", "京", "で", "コーヒー", "を"]),
            ("Straßen-STRASSE", &["straß", "stras"]),
        ];
        for (text, expected) in cases {
            assert_eq!(terms(text), *expected, "{text}");
        }
    }

    #[test]
    fn a_term_is_known_again_and_a_number_is_no_word() {
        let mut vocabulary = Vocabulary::new(5);
        let mut out = Vec::new();
        vocabulary.read("Wind Winter wintry 12 1.2 x", &mut out);
        assert_eq!(out, [0, 1, 2, 3, 3, 4]);
        vocabulary.read("wintergreen e\u{301}tat état", &mut out);
        assert_eq!(out[6..], [1, 5, 5]);
        assert_eq!(&*vocabulary.entries[1].word, "winter");
    }
}
