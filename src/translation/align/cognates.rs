//! Words that look alike in two languages, numbers and marks: what the aligner knows before it has learned anything. Forms are
//! compared as loan words sound: without accents, those of Cyrillic and Greek in Latin letters, c as k. The likeness is the share of
//! the longer word that both begin with (after Simard, Foster & Isabelle 1992, who ask for four letters).

use foldhash::{HashMap, HashMapExt};
use unicode_normalization::UnicodeNormalization;

use super::tokens::{Kind, Term, Vocabulary};

/// A pair of terms that are taken to be translations of each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cognate {
    pub(super) source: Term,
    pub(super) target: Term,
    /// How alike they are, from 0 to 1.
    pub(super) likeness: f32,
}

/// Letters that cognates must share at their start.
const SHARED: usize = 4;
/// Share of the longer word that they must be.
const SHARE: f32 = 0.4;
/// What a likeness is worth against an identity.
const ALIKE: f32 = 0.8;

/// All pairs between two vocabularies, in order of source and target.
pub(super) fn cognates(source: &Vocabulary, target: &Vocabulary) -> Vec<Cognate> {
    let index = Index::new(target);
    let mut out = Vec::new();
    for (at, entry) in source.entries.iter().enumerate() {
        let mut push = |target, likeness| out.push(Cognate { source: at as Term, target, likeness });
        match entry.kind {
            Kind::Word => index.alike(&folded(&entry.word), &mut push),
            kind => index.same.get(&(kind, &*entry.form)).iter().for_each(|&&target| push(target, 1.0)),
        }
    }
    out
}

/// The terms of a language by what cognates are found by.
struct Index<'a> {
    /// Numbers and marks.
    same: HashMap<(Kind, &'a str), Term>,
    /// Words in plain letters, by their first letters.
    starts: HashMap<[char; SHARED], Vec<(Term, Vec<char>)>>,
}

impl<'a> Index<'a> {
    fn new(vocabulary: &'a Vocabulary) -> Index<'a> {
        let mut index = Index { same: HashMap::new(), starts: HashMap::new() };
        for (at, entry) in vocabulary.entries.iter().enumerate() {
            if entry.kind == Kind::Word {
                let word = folded(&entry.word);
                if let Some(start) = word.first_chunk() {
                    index.starts.entry(*start).or_default().push((at as Term, word));
                }
            } else {
                index.same.insert((entry.kind, &entry.form), at as Term);
            }
        }
        index
    }

    /// Hands on the words that are like a word.
    fn alike(&self, word: &[char], push: &mut dyn FnMut(Term, f32)) {
        let same_start = word.first_chunk().and_then(|start| self.starts.get(start));
        for (term, other) in same_start.into_iter().flatten() {
            let shared = word.iter().zip(other).take_while(|(one, other)| one == other).count();
            let share = shared as f32 / word.len().max(other.len()) as f32;
            if share >= SHARE {
                push(*term, if share == 1.0 { 1.0 } else { share * ALIKE });
            }
        }
    }
}

/// A word as languages that borrowed it would spell it alike: in Latin letters without accents, one letter for what sounds much the
/// same, none twice in a row.
fn folded(word: &str) -> Vec<char> {
    let mut letters = Vec::new();
    for c in word.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')) {
        match latin(c) {
            Some(some) => letters.extend(some.chars()),
            None => letters.push(c),
        }
    }
    let mut out: Vec<char> = Vec::with_capacity(letters.len());
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let sound = sound(before, letter, letters.get(at + 1).copied());
        if let Some(sound) = sound.filter(|sound| out.last() != Some(sound)) {
            out.push(sound);
        }
    }
    out
}

/// What a letter between two others is taken for; `None` for one that is not heard.
fn sound(before: Option<char>, letter: char, after: Option<char>) -> Option<char> {
    match (before, letter, after) {
        (_, 'p', Some('h')) | (Some('p'), 'h', _) => Some('f'),
        (Some('t' | 'c'), 'h', _) | (Some('q'), 'u', _) | (_, 't', Some('s')) => None,
        (_, 'c', Some('e' | 'i' | 'y')) | (_, 'z', _) => Some('s'),
        (_, 'c' | 'q', _) => Some('k'),
        (_, 'y' | 'j', _) => Some('i'),
        (_, 'w', _) => Some('v'),
        _ => Some(letter),
    }
}

/// A letter in Latin ones.
fn latin(c: char) -> Option<&'static str> {
    /// From U+0430; й and ё come as и and е.
    const CYRILLIC: [&str; 32] = [
        "a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h", "ts", "ch", "sh",
        "sh", "", "i", "", "e", "iu", "ia",
    ];
    /// From U+03B1.
    const GREEK: [&str; 25] =
        ["a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t", "y", "f", "h", "ps", "o"];
    Some(match c {
        'а'..='я' => CYRILLIC[c as usize - 'а' as usize],
        'α'..='ω' => GREEK[c as usize - 'α' as usize],
        'і' | 'ї' => "i",
        'ß' => "ss",
        'œ' => "oe",
        'æ' => "ae",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(source: &str, target: &str) -> Vec<f32> {
        let [mut one, mut other] = [Vocabulary::new(5), Vocabulary::new(5)];
        one.read(source, &mut Vec::new());
        other.read(target, &mut Vec::new());
        cognates(&one, &other).iter().map(|cognate| cognate.likeness).collect()
    }

    #[test]
    fn words_that_begin_alike_numbers_and_marks_are_cognates() {
        assert_eq!(between("Париж", "paris"), [ALIKE * (5.0 / 6.0)]);
        assert_eq!(between("1956 ?", "? 1956"), [1.0, 1.0]);
        assert_eq!(between("Éléphant Kommission", "elefant commission"), [1.0, 1.0], "they sound alike");
        assert_eq!(between("kommission", "kommissionen"), [ALIKE * (8.0 / 10.0)]);
        assert_eq!(between("процент Łódź", "procent łodz"), [1.0, 1.0]);
        assert!(between("der", "der").is_empty(), "too short to prove anything");
        assert!(between("kons", "konstantinopel").is_empty(), "too little of the longer one");
        assert_eq!(between("Αθήνα", "athina"), [1.0]);
    }
}
