//! Document frequencies: in how many articles of a language a term occurs. Adding and merging are exact and depend on no
//! order; tables made by another tokenizer, stop list or stemmer are refused. How a table is spelled in a file is the
//! business of `format::frequencies`.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

use crate::document::{Document, TermId};
use crate::error::{Error, ErrorKind};
use crate::text::language::Language;
use crate::text::vocabulary::Vocabulary;
use crate::text::{VERSION, stem};

/// Fewer articles than this say nothing of a term: then an article's sentences are the documents.
pub const FEW: u64 = 20;

/// Inverse document frequency: `ln((n + 1) / (df + 1)) + 1`, never below 1 while `df <= n`.
pub fn idf(documents: u64, df: u64) -> f64 {
    ((documents as f64 + 1.0) / (df as f64 + 1.0)).ln() + 1.0
}

/// What terms were made by, for a language: equal fingerprints count the same things.
pub fn fingerprint(language: &Language) -> String {
    let recipe = format!("text {VERSION}; {}; {}", stem::VERSION, language.recipe());
    blake3::hash(recipe.as_bytes()).to_hex()[..16].to_owned()
}

/// Tables by language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocumentFrequencies {
    /// Primary subtag (`und` for unknown) → table.
    pub languages: BTreeMap<String, LanguageFrequencies>,
}

/// The table of one language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LanguageFrequencies {
    /// See [`fingerprint`].
    pub fingerprint: String,
    /// Articles counted.
    pub documents: u64,
    /// Term → articles that hold it. Stop words are not counted.
    pub counts: HashMap<Box<str>, u64, RandomState>,
    /// The same in a table that is only looked up in, too seldom to be worth a map; empty in all others.
    pub sorted: SortedCounts,
}

impl LanguageFrequencies {
    /// The idf of a term.
    pub fn idf(&self, term: &str) -> f64 {
        let count = self.counts.get(term).copied().or_else(|| self.sorted.get(term));
        idf(self.documents, count.unwrap_or(0))
    }
}

/// Counts by term, in order of the terms' bytes: soon there, and found by halving.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SortedCounts {
    /// All terms, one after the other.
    terms: String,
    /// Where each ends, and its count.
    rows: Vec<(usize, u64)>,
}

impl SortedCounts {
    /// Appends a term; `false` if it does not come after those before it.
    pub fn push(&mut self, term: &str, count: u64) -> bool {
        let follows = self.rows.is_empty() || self.term(self.rows.len() - 1) < term;
        self.terms.push_str(term);
        self.rows.push((self.terms.len(), count));
        follows
    }

    fn term(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(0, |before| self.rows[before].0);
        &self.terms[start..self.rows[row].0]
    }

    /// The count of a term, if it is there.
    pub fn get(&self, term: &str) -> Option<u64> {
        let (mut low, mut high) = (0, self.rows.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.term(middle).cmp(term) {
                Ordering::Equal => return Some(self.rows[middle].1),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        None
    }
}

impl DocumentFrequencies {
    /// Adds another table; refuses tables of another make.
    pub fn merge(&mut self, other: DocumentFrequencies) -> Result<(), Error> {
        for (code, table) in other.languages {
            match self.languages.get_mut(&code) {
                Some(mine) if mine.fingerprint != table.fingerprint => {
                    let detail = format!(
                        "the tables of {code} were made by different tokenizers, stop lists or stemmers ({} and {})",
                        mine.fingerprint, table.fingerprint
                    );
                    return Err(Error::from(ErrorKind::Frequencies(detail)));
                }
                Some(mine) => {
                    mine.documents += table.documents;
                    for (term, count) in table.counts {
                        *mine.counts.entry(term).or_insert(0) += count;
                    }
                }
                None => {
                    self.languages.insert(code, table);
                }
            }
        }
        Ok(())
    }

    /// Scales the counts of every language with more than `most` articles down to so many, rounding down; terms that are left with
    /// nothing go. So what was counted long ago weighs less and less in a table that is added to.
    pub fn fade(&mut self, most: u64) {
        for table in self.languages.values_mut().filter(|table| table.documents > most) {
            let documents = u128::from(table.documents);
            let scaled = |count: u64| u64::try_from(u128::from(count) * u128::from(most) / documents).unwrap_or(most);
            table.counts.values_mut().for_each(|count| *count = scaled(*count));
            table.counts.retain(|_, count| *count > 0);
            table.documents = most;
        }
    }

    /// Refuses a table that was not made by this version's tokenizer, stop lists and stemmers.
    pub fn check_make(&self) -> Result<(), Error> {
        for (code, table) in &self.languages {
            let language = crate::text::language::find(code).unwrap_or(&crate::text::language::UNKNOWN);
            let ours = fingerprint(language);
            if ours != table.fingerprint {
                let detail = format!(
                    "the table of {code} was made by another tokenizer, stop list or stemmer ({}, ours is {ours}); count it again",
                    table.fingerprint
                );
                return Err(Error::from(ErrorKind::Frequencies(detail)));
            }
        }
        Ok(())
    }
}

/// A worker's counts for one language, by index in its vocabulary.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    documents: u64,
    by_term: Vec<u32>,
}

impl Counts {
    /// Counts a document's terms once each.
    pub fn add(&mut self, document: &Document) {
        self.documents += 1;
        let wanted = document.terms().iter().map(|term| term.index() + 1).max().unwrap_or(0);
        if wanted > self.by_term.len() {
            self.by_term.resize(wanted.next_power_of_two(), 0);
        }
        for term in document.terms() {
            self.by_term[term.index()] += 1;
        }
    }

    /// Articles counted.
    pub fn documents(&self) -> u64 {
        self.documents
    }

    /// The articles that hold a term, by its index in the vocabulary.
    pub fn of(&self, index: u32) -> u32 {
        self.by_term.get(index as usize).copied().unwrap_or(0)
    }

    /// Bytes of memory that they take.
    pub fn weight(&self) -> usize {
        self.by_term.capacity() * size_of::<u32>()
    }

    /// The terms that were counted, sorted, by their indices in the vocabulary.
    pub fn sorted(&self, vocabulary: &Vocabulary) -> Vec<u32> {
        let term = |index: u32| vocabulary.term(TermId::new(index, false));
        let counted = (0..).zip(&self.by_term).filter(|(_, count)| **count > 0);
        let mut sorted: Vec<(u64, u32)> = counted.map(|(index, _)| (prefix(term(index)), index)).collect();
        sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| term(a.1).cmp(term(b.1))));
        sorted.into_iter().map(|(_, index)| index).collect()
    }

    /// The counts by term.
    pub fn table(&self, vocabulary: &Vocabulary) -> LanguageFrequencies {
        let counts = vocabulary.terms().zip(&self.by_term).filter(|(_, count)| **count > 0);
        LanguageFrequencies {
            fingerprint: fingerprint(vocabulary.language()),
            documents: self.documents,
            counts: counts.map(|((term, _), count)| (term.into(), u64::from(*count))).collect(),
            ..LanguageFrequencies::default()
        }
    }
}

/// The first eight bytes of a term as a number that sorts like them: it settles most comparisons without a look at the strings.
pub fn prefix(term: &str) -> u64 {
    let mut bytes = [0; 8];
    let length = term.len().min(8);
    bytes[..length].copy_from_slice(&term.as_bytes()[..length]);
    u64::from_be_bytes(bytes)
}

/// Extends idf values by index in a vocabulary to the terms it has by now; zero for stop words.
pub fn extend_idf(values: &mut Vec<f64>, vocabulary: &Vocabulary, table: &LanguageFrequencies) {
    let known = values.len();
    values.extend(vocabulary.terms().skip(known).map(|(term, stop)| if stop { 0.0 } else { table.idf(term) }));
}

/// Values by local term, from those by index in the vocabulary that numbered the document.
pub fn local_idf(document: &Document, by_vocabulary: &[f64]) -> Vec<f64> {
    document.terms().iter().map(|term| by_vocabulary[term.index()]).collect()
}

/// Values by local term where there are too few articles: the article's own sentences are the documents.
pub fn sentence_idf(document: &Document) -> Vec<f64> {
    let mut last_seen = vec![usize::MAX; document.terms().len()];
    let mut df = vec![0u64; document.terms().len()];
    let candidates = document.candidates();
    for &sentence in &candidates {
        for &term in document.tokens(sentence) {
            if last_seen[term as usize] != sentence {
                last_seen[term as usize] = sentence;
                df[term as usize] += 1;
            }
        }
    }
    let n = candidates.len() as u64;
    df.into_iter().map(|df| idf(n, df)).collect()
}
