//! The vocabulary of one language in one worker: a word as it stands in the text → the id of its term. Each distinct surface
//! form is normalised and stemmed once; a form met before costs one look-up and no allocation. Ids are given in the
//! order in which words are met, so they depend on scheduling: they must reach neither an output nor an ordering.

mod terms;

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::language::Language;
use super::stem;
use super::words::{HANDFUL, Handful, Key, ShortWords};
use crate::document::TermId;
use crate::span::Span;
use terms::Terms;

/// Word table, terms and their strings for one language.
pub struct Vocabulary {
    language: &'static Language,
    short: ShortWords,
    long: HashMap<Box<str>, TermId, RandomState>,
    /// Bytes of the words in `long`.
    long_bytes: usize,
    terms: Terms,
    stemmer: Option<rust_stemmers::Stemmer>,
}

impl Vocabulary {
    /// An empty vocabulary.
    pub fn new(language: &'static Language) -> Vocabulary {
        Vocabulary {
            language,
            short: ShortWords::new(!language.dotless_i()),
            long: HashMap::default(),
            long_bytes: 0,
            terms: Terms::default(),
            stemmer: language.stemmer.map(rust_stemmers::Stemmer::create),
        }
    }

    /// The language whose words these are.
    pub fn language(&self) -> &'static Language {
        self.language
    }

    /// Terms met so far.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether no term was met yet.
    pub fn is_empty(&self) -> bool {
        self.terms.len() == 0
    }

    /// The string of a term.
    pub fn term(&self, id: TermId) -> &str {
        self.terms.get(id.index())
    }

    /// Every term with its stop mark, by index.
    pub fn terms(&self) -> impl Iterator<Item = (&str, bool)> {
        (0..self.terms.len()).map(|index| (self.terms.get(index), self.terms.is_stop(index)))
    }

    /// Bytes of memory that it takes, or will take once it grows, if that is near.
    pub fn weight(&self) -> usize {
        /// What a map of strings takes an entry, but for the strings.
        const ENTRY: usize = size_of::<(Box<str>, TermId)>() + 1;
        let long = (self.long.capacity() + self.long.capacity() / 7) * ENTRY + self.long_bytes;
        self.short.weight() + long + self.terms.weight()
    }

    /// Appends the terms of the words of `text`, in order.
    pub fn ids(&mut self, text: &str, words: &[Span], out: &mut Vec<TermId>) {
        let mut handful = Handful::default();
        out.reserve(words.len());
        for words in words.chunks(HANDFUL) {
            let base = out.len();
            self.short.look_up(text, words, &mut handful, out);
            for &at in handful.missing() {
                let word = words[at as usize].of(text);
                out[base + at as usize] = self.id(word, handful.key(at));
            }
        }
    }

    /// The term of a word that is long or was not met before.
    fn id(&mut self, word: &str, key: Key) -> TermId {
        let known = if key.is_long() { self.long.get(word).copied() } else { self.short.get(key) };
        if let Some(id) = known {
            return id;
        }
        let id = self.learn(word);
        if key.is_long() {
            self.long_bytes += word.len();
            self.long.insert(word.into(), id);
        } else {
            self.short.insert(key, id);
        }
        id
    }

    /// Normalises, stems and numbers a word met for the first time.
    #[cold]
    fn learn(&mut self, word: &str) -> TermId {
        let normal = stem::normalise(word, self.language);
        let stop = self.language.data().is_stop(&normal);
        let term = match &self.stemmer {
            Some(stemmer) if !stop => stem::stem(stemmer, &normal),
            _ => normal,
        };
        TermId::new(self.terms.number(&term, stop), stop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::language;

    fn id(vocabulary: &mut Vocabulary, word: &str) -> TermId {
        let mut out = Vec::new();
        vocabulary.ids(word, &[Span::new(0, word.len())], &mut out);
        out[0]
    }

    #[test]
    fn forms_of_a_word_share_a_term() {
        let mut vocabulary = Vocabulary::new(language::find("en").expect("English is there"));
        let one = id(&mut vocabulary, "Ministers");
        assert_eq!(one, id(&mut vocabulary, "minister"));
        assert_eq!(vocabulary.term(one), "minist");
        let long = "Counterrevolutionaries";
        assert_eq!(id(&mut vocabulary, long), id(&mut vocabulary, &long.to_lowercase()));
        assert!(id(&mut vocabulary, "The").is_stop());
    }

    #[test]
    fn a_stem_that_looks_like_a_stop_word_is_none() {
        for order in [["even", "evening"], ["evening", "even"]] {
            let mut vocabulary = Vocabulary::new(language::find("en").expect("English is there"));
            let ids = order.map(|word| (word, id(&mut vocabulary, word)));
            assert!(ids.iter().all(|(word, id)| id.is_stop() == (*word == "even")), "{ids:?}");
        }
    }

    #[test]
    fn a_stemmer_that_panics_costs_only_the_stem() {
        let mut vocabulary = Vocabulary::new(language::find("el").expect("Greek is there"));
        let word = id(&mut vocabulary, "ισαισεσ");
        assert!(!vocabulary.term(word).is_empty());
    }

    #[test]
    fn thousands_of_words_keep_their_ids() {
        let mut vocabulary = Vocabulary::new(&language::UNKNOWN);
        let words: Vec<String> = (0..20_000).map(|i| format!("w{i}x")).collect();
        let ids: Vec<TermId> = words.iter().map(|w| id(&mut vocabulary, w)).collect();
        assert_eq!(vocabulary.len(), words.len());
        for (word, expected) in words.iter().zip(ids) {
            assert_eq!(id(&mut vocabulary, word), expected);
            assert_eq!(vocabulary.term(expected), word);
        }
    }
}
