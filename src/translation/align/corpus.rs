//! The batch as the aligner sees it: pairs of texts as terms and lengths, for one pair of languages, and how often each term stands in
//! it. Everything is numbered in order of the documents, so that the same batch gives the same numbers.

use super::cognates::{Cognate, cognates};
use super::lexicon::Sizes;
use super::tokens::{Term, Vocabulary};
use super::tuning::Tuning;
use crate::text::token::unspaced;

/// A sentence to be aligned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its text.
    pub text: &'a str,
    /// Whether it begins a paragraph.
    pub starts: bool,
}

/// Pairs of texts in one pair of languages, that are aligned together: what is learned of one helps the others.
pub struct Corpus {
    pub(super) tuning: Tuning,
    source: Vocabulary,
    target: Vocabulary,
    pub(super) documents: Vec<Document>,
    /// Translations that were given.
    pub(super) given: Vec<(Vec<Term>, Vec<Term>)>,
}

/// A text and its translation.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) source: Side,
    pub(super) target: Side,
    /// Whether both have paragraphs.
    pub(super) has_paragraphs: bool,
}

/// One of them.
#[derive(Debug, Default)]
pub(super) struct Side {
    terms: Vec<Term>,
    /// Where the terms of each sentence end.
    ends: Vec<u32>,
    /// Letters of the sentences up to each, from nothing on.
    letters: Vec<u32>,
    /// Whether each sentence begins a paragraph.
    pub(super) starts: Vec<bool>,
}

/// How often the terms of a side stand in a batch.
#[derive(Debug, Default)]
pub(super) struct Frequencies {
    counts: Vec<f32>,
    pub(super) total: f32,
}

/// Terms of a sentence that are looked at; what goes on longer is no sentence, and pairs of terms are many.
const TERMS: usize = 400;

/// Translations that are taken from a memory or dictionary, at most: a lexicon learns little from more.
const GIVEN: usize = 200_000;

impl Default for Corpus {
    fn default() -> Corpus {
        Corpus::new(Tuning::default())
    }
}

impl Corpus {
    /// An empty batch.
    pub fn new(tuning: Tuning) -> Corpus {
        let vocabulary = || Vocabulary::new(tuning.cut);
        Corpus { source: vocabulary(), target: vocabulary(), tuning, documents: Vec::new(), given: Vec::new() }
    }

    /// Adds a text and its translation, sentence by sentence.
    pub fn add(&mut self, source: &[Line], target: &[Line]) {
        let source = Side::read(source, &mut self.source);
        let target = Side::read(target, &mut self.target);
        let has_paragraphs = source.has_paragraphs() && target.has_paragraphs();
        self.documents.push(Document { source, target, has_paragraphs });
    }

    /// Takes a translation from a memory or a dictionary as evidence, until there are enough of them.
    pub fn give(&mut self, source: &str, target: &str) {
        if self.given.len() >= GIVEN {
            return;
        }
        let (mut sources, mut targets) = (Vec::new(), Vec::new());
        self.source.read(source, &mut sources);
        self.target.read(target, &mut targets);
        sources.truncate(TERMS);
        targets.truncate(TERMS);
        if !sources.is_empty() && !targets.is_empty() {
            self.given.push((sources, targets));
        }
    }

    /// Pairs of texts in it.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    pub(super) fn sizes(&self) -> Sizes {
        (self.source.entries.len(), self.target.entries.len())
    }

    pub(super) fn frequencies(&self) -> (Frequencies, Frequencies) {
        let sizes = self.sizes();
        (
            Frequencies::count_in(self.documents.iter().map(|document| &document.source), sizes.0),
            Frequencies::count_in(self.documents.iter().map(|document| &document.target), sizes.1),
        )
    }

    /// Words that look alike, and words that a dictionary gives for each other.
    pub(super) fn cognates(&self) -> Vec<Cognate> {
        let mut all = cognates(&self.source, &self.target);
        let word = |(source, target): &(Vec<Term>, Vec<Term>)| match (source.as_slice(), target.as_slice()) {
            (&[source], &[target]) => Some(Cognate { source, target, likeness: 1.0 }),
            _ => None,
        };
        all.extend(self.given.iter().filter_map(word));
        // Of a pair that comes twice the better counts.
        all.sort_by(|one, other| {
            let place = |cognate: &Cognate| (cognate.source, cognate.target);
            place(one).cmp(&place(other)).then(other.likeness.total_cmp(&one.likeness))
        });
        all.dedup_by_key(|cognate| (cognate.source, cognate.target));
        all
    }
}

impl Side {
    fn read(lines: &[Line], vocabulary: &mut Vocabulary) -> Side {
        let mut side = Side { letters: vec![0], ..Side::default() };
        let mut sum = 0;
        for line in lines {
            let start = side.terms.len();
            vocabulary.read(line.text, &mut side.terms);
            side.terms.truncate(start + TERMS);
            side.ends.push(side.terms.len() as u32);
            sum += letters(line.text);
            side.letters.push(sum);
            side.starts.push(line.starts);
        }
        side
    }

    /// Sentences in it.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The terms of each sentence.
    pub(super) fn sentences(&self) -> impl Iterator<Item = &[Term]> {
        (0..self.len()).map(|at| self.span(at, at + 1))
    }

    /// The terms from a sentence on, up to another.
    pub(super) fn span(&self, start: usize, end: usize) -> &[Term] {
        let before = |at: usize| at.checked_sub(1).map_or(0, |last| self.ends[last] as usize);
        &self.terms[before(start)..before(end)]
    }

    /// Letters from a sentence on, up to another.
    pub(super) fn letters(&self, start: usize, end: usize) -> f32 {
        (self.letters[end] - self.letters[start]) as f32
    }

    /// Whether any paragraph begins after its first sentence.
    fn has_paragraphs(&self) -> bool {
        self.starts.iter().skip(1).any(|starts| *starts)
    }
}

/// The length of a sentence: characters that are no blanks, those of scripts without blanks (and Hangul) for two, as a word of theirs
/// has about half as many (GMX-V 2.0 counts 2.8 to 3 a word).
fn letters(text: &str) -> u32 {
    let wide = |c: char| unspaced(c) && c >= '\u{3000}' || ('\u{ac00}'..='\u{d7a3}').contains(&c);
    text.chars().filter(|c| !c.is_whitespace()).map(|c| if wide(c) { 2 } else { 1 }).sum()
}

impl Frequencies {
    fn count_in<'a>(sides: impl Iterator<Item = &'a Side>, size: usize) -> Frequencies {
        let mut counts = vec![0.0; size];
        let mut total = 0u64;
        for &term in sides.flat_map(|side| &side.terms) {
            counts[term as usize] += 1.0;
            total += 1;
        }
        Frequencies { counts, total: total as f32 }
    }

    /// How often a term stands there; once at least.
    pub(super) fn count(&self, term: Term) -> f32 {
        self.counts.get(term as usize).map_or(1.0, |count| count.max(1.0))
    }
}
