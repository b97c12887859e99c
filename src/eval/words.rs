//! The words that ROUGE counts, as the Python package rouge-score finds them: English words are runs of a-z and 0-9 in lower case,
//! those over three characters stemmed by Porter; words of other languages are runs of letters, digits and underscores in
//! lower case, stemmed by the Snowball of today (not the text room's, which is older and differs in a few) in the
//! languages of [`SNOWBALL`]. They are for scoring; the terms of articles are made in the text room.

use std::panic::catch_unwind;

use foldhash::HashMap;
use frostem::{Algorithm, Stemmer};
use unicode_normalization::char::is_combining_mark;

use super::porter;
use crate::lang::Lang;

/// Cuts texts of one language into words. A word has a number only within the `Rouge` that gave it, so texts to be compared must
/// come from the same one.
pub struct Rouge {
    stems: Stems,
    words: HashMap<String, u32>,
    terms: HashMap<String, u32>,
}

/// How words of a language are stemmed.
enum Stems {
    Porter,
    Snowball(Stemmer),
    None,
}

/// The languages with a Snowball stemmer; a language outside of this list keeps its words, as scorers in use do.
const SNOWBALL: [(&str, Algorithm); 17] = [
    ("ar", Algorithm::Arabic),
    ("da", Algorithm::Danish),
    ("de", Algorithm::German),
    ("el", Algorithm::Greek),
    ("es", Algorithm::Spanish),
    ("fi", Algorithm::Finnish),
    ("fr", Algorithm::French),
    ("hu", Algorithm::Hungarian),
    ("it", Algorithm::Italian),
    ("nb", Algorithm::Norwegian),
    ("nl", Algorithm::Dutch),
    ("pt", Algorithm::Portuguese),
    ("ro", Algorithm::Romanian),
    ("ru", Algorithm::Russian),
    ("sv", Algorithm::Swedish),
    ("ta", Algorithm::Tamil),
    ("tr", Algorithm::Turkish),
];

/// The words of a text, cut once and scored against any number of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    pub(super) words: Vec<u32>,
    /// Exclusive ends of the lines that hold a word, growing.
    lines: Vec<usize>,
}

impl Rouge {
    /// Words of a language; of one without a stemmer, or unknown, they are compared as they are.
    pub fn new(lang: Option<&Lang>) -> Rouge {
        let code = lang.map_or("", Lang::primary);
        let snowball = SNOWBALL.iter().find(|(known, _)| *known == code).map(|(_, algorithm)| Stemmer::new(*algorithm));
        let stems = if code == "en" { Stems::Porter } else { snowball.map_or(Stems::None, Stems::Snowball) };
        Rouge { stems, words: HashMap::default(), terms: HashMap::default() }
    }

    /// The words of a text, its sentences on lines of their own.
    pub fn tokens(&mut self, text: &str) -> Tokens {
        let mut tokens = Tokens::default();
        for line in text.split('\n') {
            // Lower case first: a capital may become two characters.
            let line = line.to_lowercase();
            let part = if matches!(self.stems, Stems::Porter) { is_ascii_word } else { is_word };
            tokens.words.extend(line.split(|c| !part(c)).filter(|word| !word.is_empty()).map(|word| self.number(word)));
            if tokens.lines.last().copied().unwrap_or_default() < tokens.words.len() {
                tokens.lines.push(tokens.words.len());
            }
        }
        tokens
    }

    /// The number of a word's stem.
    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.words.get(word) {
            return *number;
        }
        let stem = self.stems.stem(word);
        let next = self.terms.len() as u32;
        let number = *self.terms.entry(stem).or_insert(next);
        self.words.insert(word.to_owned(), number);
        number
    }
}

impl Stems {
    /// A stemmer that panics costs the word its stem.
    fn stem(&self, word: &str) -> String {
        match self {
            Stems::Porter if word.len() > 3 => porter::stem(word),
            Stems::Snowball(stemmer) => catch_unwind(|| stemmer.stem(word).into_owned()).unwrap_or_else(|_| word.to_owned()),
            _ => word.to_owned(),
        }
    }
}

fn is_ascii_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// What Python's `\w` matches: combining marks are gaps to it.
fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric() && (c.is_ascii() || !is_combining_mark(c))
}

impl Tokens {
    /// The words of several texts, one after the other; from the same [`Rouge`].
    pub fn joined(parts: &[&Tokens]) -> Tokens {
        let mut joined = Tokens::default();
        for part in parts {
            let before = joined.words.len();
            joined.words.extend_from_slice(&part.words);
            joined.lines.extend(part.lines.iter().map(|end| before + end));
        }
        joined
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words line by line.
    pub(super) fn sentences(&self) -> impl Iterator<Item = &[u32]> {
        let starts = [0].into_iter().chain(self.lines.iter().copied());
        starts.zip(&self.lines).map(|(start, end)| &self.words[start..*end])
    }

    /// Runs of `n` words, sorted.
    pub(super) fn grams(&self, n: usize) -> Vec<&[u32]> {
        let mut grams: Vec<&[u32]> = self.words.windows(n).collect();
        grams.sort_unstable();
        grams
    }
}
