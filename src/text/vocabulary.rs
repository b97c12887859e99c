//! The vocabulary of one language in one worker: a word as it stands in the text → the id of its term. Each distinct surface
//! form is normalised and stemmed once; a form met before costs one look-up and no allocation. Ids are given in the
//! order in which words are met, so they depend on scheduling: they must reach neither an output nor an ordering.

use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::language::Language;
use super::stem;
use crate::document::TermId;
use crate::span::Span;

/// Words of at most this many bytes are keys by value; longer ones live on the heap.
const SHORT: usize = 16;

/// Words that the early table holds at most.
const EARLY: usize = 1 << 13;

/// Words looked up at a time.
const HANDFUL: usize = 32;

/// Word table, terms and their strings for one language.
pub struct Vocabulary {
    language: &'static Language,
    /// The words met first, which are the frequent ones: a table small enough to stay near the processor.
    early: ShortWords,
    late: ShortWords,
    long: HashMap<Box<str>, TermId, RandomState>,
    /// Terms to indices, stop words apart: a stem may look like a stop word (`evening` → `even`) and must not become one.
    by_term: [HashMap<Box<str>, u32, RandomState>; 2],
    terms: Vec<(Box<str>, bool)>,
    stemmer: Option<rust_stemmers::Stemmer>,
}

impl Vocabulary {
    /// An empty vocabulary.
    pub fn new(language: &'static Language) -> Vocabulary {
        let seed = RandomState::default().hash_one(0u8);
        Vocabulary {
            language,
            early: ShortWords::new(seed),
            late: ShortWords::new(seed),
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

    /// Appends the terms of the words of `text`, in order. They are looked up by the handful: what all of them need is fetched
    /// before the first is compared, so that waiting for memory overlaps; first in the table of early words, then the
    /// few that are left in the other.
    pub fn ids(&mut self, text: &str, words: &[Span], out: &mut Vec<TermId>) {
        let mut asked = [Asked::default(); HANDFUL];
        out.reserve(words.len());
        for words in words.chunks(HANDFUL) {
            for (question, word) in asked.iter_mut().zip(words) {
                let key = if word.len() <= SHORT { key(text.as_bytes(), word.start as usize, word.len()) } else { 0 };
                let hash = self.early.hash(key);
                *question = Asked { key, hash, slot: self.early.slot(hash) };
            }
            let mut left = [0u8; HANDFUL];
            let mut rare = 0;
            let base = out.len();
            for (at, question) in asked[..words.len()].iter().enumerate() {
                let found = if question.key == 0 { None } else { self.early.resolve(question.key, question.hash, question.slot) };
                if found.is_none() {
                    left[rare] = at as u8;
                    rare += 1;
                }
                out.push(found.unwrap_or(TermId::new(0, false)));
            }
            for &at in &left[..rare] {
                let question = &mut asked[at as usize];
                question.slot = self.late.slot(question.hash);
            }
            for &at in &left[..rare] {
                let Asked { key, hash, slot } = asked[at as usize];
                let found = if key == 0 { None } else { self.late.resolve(key, hash, slot) };
                out[base + at as usize] = found.unwrap_or_else(|| self.id(words[at as usize].of(text), key, hash));
            }
        }
    }

    /// The term of a word that is long or was not met before.
    fn id(&mut self, word: &str, key: u128, hash: u64) -> TermId {
        if key != 0 {
            if let Some(id) = self.early.get(key, hash).or_else(|| self.late.get(key, hash)) {
                return id;
            }
            let id = self.learn(word);
            let table = if self.early.keys.len() < EARLY { &mut self.early } else { &mut self.late };
            table.insert(key, hash, id);
            return id;
        }
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

/// A word being looked up.
#[derive(Clone, Copy, Default)]
struct Asked {
    /// 0 for a long word.
    key: u128,
    hash: u64,
    /// What its first slot holds.
    slot: u64,
}

/// The bytes of a short word as one number, never 0: distinct words give distinct keys, for no byte of a word is zero.
#[inline]
fn key(bytes: &[u8], start: usize, length: usize) -> u128 {
    if let Some(window) = bytes.get(start..start + SHORT) {
        let all = u128::from_le_bytes(window.try_into().expect("the window has that length"));
        all & (u128::MAX >> (8 * (SHORT - length)))
    } else {
        let mut window = [0; SHORT];
        window[..length].copy_from_slice(&bytes[start..start + length]);
        u128::from_le_bytes(window)
    }
}

/// Short words by value. Slots are small (a tag of the hash and an index), so that the table stays in cache; keys and ids lie
/// in the order in which words were met, so that frequent words lie together. The hash is seeded by the process, so that
/// nobody can prepare words that collide.
struct ShortWords {
    /// Tag in the upper half, index plus one in the lower; 0 is free.
    slots: Vec<u64>,
    keys: Vec<u128>,
    ids: Vec<TermId>,
    seed: u64,
}

impl ShortWords {
    fn new(seed: u64) -> ShortWords {
        ShortWords { slots: vec![0; 1 << 12], keys: Vec::new(), ids: Vec::new(), seed }
    }

    #[inline]
    fn hash(&self, key: u128) -> u64 {
        let low = (key as u64) ^ self.seed;
        let high = ((key >> 64) as u64) ^ 0x9e37_79b9_7f4a_7c15;
        let product = u128::from(low) * u128::from(high);
        (product as u64) ^ ((product >> 64) as u64)
    }

    /// What the first slot of a hash holds.
    #[inline]
    fn slot(&self, hash: u64) -> u64 {
        self.slots[hash as usize & (self.slots.len() - 1)]
    }

    /// The id of a key by what its first slot held, if that decides it.
    #[inline]
    fn resolve(&self, key: u128, hash: u64, slot: u64) -> Option<TermId> {
        let index = (slot as u32).wrapping_sub(1) as usize;
        ((slot ^ hash) >> 32 == 0 && self.keys.get(index) == Some(&key)).then(|| self.ids[index])
    }

    /// The id of a key, probing on.
    fn get(&self, key: u128, hash: u64) -> Option<TermId> {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at] != 0 {
            if let Some(id) = self.resolve(key, hash, self.slots[at]) {
                return Some(id);
            }
            at = (at + 1) & mask;
        }
        None
    }

    fn insert(&mut self, key: u128, hash: u64, id: TermId) {
        if self.keys.len() * 2 >= self.slots.len() {
            self.slots = vec![0; self.slots.len() * 2];
            for index in 0..self.keys.len() {
                self.place(self.hash(self.keys[index]), index);
            }
        }
        self.keys.push(key);
        self.ids.push(id);
        self.place(hash, self.keys.len() - 1);
    }

    fn place(&mut self, hash: u64, index: usize) {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = hash >> 32 << 32 | (index as u64 + 1);
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
