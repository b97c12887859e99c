//! The vocabulary of one language in one worker: a word as it stands in the text → the id of its term. Each distinct surface
//! form is normalised and stemmed once; a form met before costs one look-up and no allocation. Ids are given in the
//! order in which words are met, so they depend on scheduling: they must reach neither an output nor an ordering.

use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::language::Language;
use super::stem;
use crate::document::TermId;

/// Words of at most this many bytes are keys by value; longer ones live on the heap.
const SHORT: usize = 16;

/// Word table, terms and their strings for one language.
pub struct Vocabulary {
    language: &'static Language,
    short: ShortWords,
    long: HashMap<Box<str>, TermId, RandomState>,
    /// Terms to indices, stop words apart: a stem may look like a stop word (`evening` → `even`) and must not become one.
    by_term: [HashMap<Box<str>, u32, RandomState>; 2],
    terms: Vec<(Box<str>, bool)>,
    stemmer: Option<rust_stemmers::Stemmer>,
}

impl Vocabulary {
    /// An empty vocabulary.
    pub fn new(language: &'static Language) -> Vocabulary {
        Vocabulary {
            language,
            short: ShortWords::new(),
            long: HashMap::default(),
            by_term: Default::default(),
            terms: Vec::new(),
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
        self.terms.is_empty()
    }

    /// The string of a term.
    pub fn term(&self, id: TermId) -> &str {
        &self.terms[id.index()].0
    }

    /// Every term with its stop mark, by index.
    pub fn terms(&self) -> impl Iterator<Item = (&str, bool)> {
        self.terms.iter().map(|(term, stop)| (&**term, *stop))
    }

    /// The term of the word at `start..end` of `text`.
    #[inline]
    pub fn id(&mut self, text: &str, start: usize, end: usize) -> TermId {
        if end - start <= SHORT {
            let key = key(text.as_bytes(), start, end);
            if let Some(id) = self.short.get(key) {
                return id;
            }
            let id = self.learn(&text[start..end]);
            self.short.insert(key, id);
            return id;
        }
        let word = &text[start..end];
        if let Some(&id) = self.long.get(word) {
            return id;
        }
        let id = self.learn(word);
        self.long.insert(word.into(), id);
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
        self.intern(term, stop)
    }

    fn intern(&mut self, term: String, stop: bool) -> TermId {
        if let Some(&index) = self.by_term[usize::from(stop)].get(term.as_str()) {
            return TermId::new(index, stop);
        }
        let index = u32::try_from(self.terms.len()).expect("fewer than 2^31 terms");
        let term: Box<str> = term.into();
        self.by_term[usize::from(stop)].insert(term.clone(), index);
        self.terms.push((term, stop));
        TermId::new(index, stop)
    }
}

/// The bytes of a short word as one number: distinct words give distinct keys, for no text byte is zero... save U+0000
/// itself, which is no part of a word.
#[inline]
fn key(bytes: &[u8], start: usize, end: usize) -> u128 {
    let length = end - start;
    if let Some(window) = bytes.get(start..start + SHORT) {
        let all = u128::from_le_bytes(window.try_into().expect("the window has that length"));
        if length == SHORT { all } else { all & ((1 << (8 * length)) - 1) }
    } else {
        let mut window = [0; SHORT];
        window[..length].copy_from_slice(&bytes[start..end]);
        u128::from_le_bytes(window)
    }
}

/// Open addressing with linear probing over keys by value; key 0 marks a free slot. The hash is seeded by the process, so
/// that nobody can prepare words that collide.
struct ShortWords {
    slots: Vec<(u128, u32)>,
    used: usize,
    seed: u64,
}

impl ShortWords {
    fn new() -> ShortWords {
        ShortWords { slots: vec![(0, 0); 1 << 12], used: 0, seed: RandomState::default().hash_one(0u8) }
    }

    #[inline]
    fn slot(&self, key: u128) -> usize {
        let low = (key as u64) ^ self.seed;
        let high = ((key >> 64) as u64) ^ 0x9e37_79b9_7f4a_7c15;
        let product = u128::from(low) * u128::from(high | 1) + u128::from(low ^ high.rotate_left(32));
        let mixed = ((product as u64) ^ (product >> 64) as u64).wrapping_mul(0xd6e8_feb8_6659_fd93);
        (mixed >> 32) as usize & (self.slots.len() - 1)
    }

    #[inline]
    fn get(&self, key: u128) -> Option<TermId> {
        let mask = self.slots.len() - 1;
        let mut slot = self.slot(key);
        loop {
            let (found, id) = self.slots[slot];
            if found == key {
                return Some(TermId::from_bits(id));
            }
            if found == 0 {
                return None;
            }
            slot = (slot + 1) & mask;
        }
    }

    fn insert(&mut self, key: u128, id: TermId) {
        if self.used * 2 >= self.slots.len() {
            let doubled = vec![(0, 0); self.slots.len() * 2];
            let old = std::mem::replace(&mut self.slots, doubled);
            for (key, id) in old.into_iter().filter(|(key, _)| *key != 0) {
                self.place(key, id);
            }
        }
        self.used += 1;
        self.place(key, id.to_bits());
    }

    fn place(&mut self, key: u128, id: u32) {
        let mask = self.slots.len() - 1;
        let mut slot = self.slot(key);
        while self.slots[slot].0 != 0 {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = (key, id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::language;

    fn id(vocabulary: &mut Vocabulary, word: &str) -> TermId {
        vocabulary.id(word, 0, word.len())
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
