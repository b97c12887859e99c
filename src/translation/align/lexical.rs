//! What the words of one side say of a bead: the log likelihood ratio of each word, given the other side's sentences, against its
//! frequency alone. A ratio, so that a bead and sentences left alone can be compared; the mean over the given sentences, so that big
//! beads do not win by explaining more. How much an unexplained word is held against a bead depends on how often the other side explained
//! it in the beads of the pass before: of a rare word nothing could have been learned, some have no counterpart in the other language,
//! and where a translation is free or nothing is known yet, lengths decide.
//!
//! A document sees the lexicon in numbers of its own, dense and without what does not stand in it.

use super::corpus::{Frequencies, Side};
use super::lexicon::Rows;
use super::log::{ln, split};
use super::tokens::Term;
use super::tuning::{MOST, Tuning};

/// Log likelihood ratios of a sentence given the last 1, 2.. sentences of the other side.
pub(super) type Ratios = [f32; MOST];

/// What is known of the terms of a side.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    /// By term of the other side: what it is translated by here.
    pub(super) rows: &'a Rows,
    /// By term of this side: how far it can be held against a bead that nothing explains it there.
    pub(super) covered: &'a [f32],
    /// How often each is here.
    pub(super) frequencies: &'a Frequencies,
}

/// One side of a document, to be explained by the other.
#[derive(Default)]
pub(super) struct Explained {
    /// The words of each sentence that the other side can explain, as numbers of the document.
    words: Vec<u32>,
    /// Where the words of each sentence start.
    starts: Vec<u32>,
    /// What the words of each sentence weigh if nothing explains them.
    base: Vec<f32>,
    /// By word: how much a probability of one raises its ratio above that.
    gains: Vec<f32>,
    /// The other side's sentences: words that they explain and with what probability, each as a mean over the sentence.
    given: Vec<(u32, f32)>,
    /// Where those of each sentence start.
    given_starts: Vec<u32>,
    window: Window,
    numbers: Numbers,
}

impl Explained {
    /// Takes over a document: `side` explained by `other`.
    pub(super) fn load(&mut self, side: &Side, other: &Side, known: Known, tuning: &Tuning) {
        self.number(side, known, tuning);
        self.give(other, known.rows);
        self.keep_explained(side);
        self.window.clear(self.gains.len());
        self.numbers.clear(side);
    }

    /// Numbers the terms of a side.
    fn number(&mut self, side: &Side, known: Known, tuning: &Tuning) {
        self.gains.clear();
        self.base.clear();
        for sentence in side.sentences() {
            let mut base = 0.0;
            for &term in sentence {
                let covered = known.covered.get(term as usize).copied().unwrap_or(0.0);
                let floor = 1.0 - (1.0 - tuning.unexplained) * covered;
                base += ln(floor);
                if self.numbers.add(term) {
                    self.gains.push((1.0 - tuning.unexplained) / floor * known.frequencies.total / known.frequencies.count(term));
                }
            }
            self.base.push(base);
        }
    }

    /// Writes down what each sentence of the other side explains here.
    fn give(&mut self, other: &Side, rows: &Rows) {
        self.given.clear();
        self.given_starts.clear();
        self.given_starts.push(0);
        for sentence in other.sentences() {
            let share = 1.0 / sentence.len().max(1) as f32;
            let cells = sentence.iter().flat_map(|&term| rows.row(term));
            let here = cells.filter_map(|&(term, probability)| Some((self.numbers.of(term)?, probability * share)));
            self.given.extend(here);
            self.given_starts.push(self.given.len() as u32);
        }
    }

    /// Writes down the words of each sentence that anything of the other side explains; the rest is in the base for good.
    fn keep_explained(&mut self, side: &Side) {
        let mut explained = vec![false; self.gains.len()];
        self.given.iter().for_each(|&(word, _)| explained[word as usize] = true);
        self.words.clear();
        self.starts.clear();
        self.starts.push(0);
        for sentence in side.sentences() {
            let numbers = sentence.iter().filter_map(|&term| self.numbers.of(term));
            self.words.extend(numbers.filter(|&number| explained[number as usize]));
            self.starts.push(self.words.len() as u32);
        }
    }

    /// Forgets which sentences are given.
    pub(super) fn restart(&mut self) {
        self.window.clear(self.gains.len());
    }

    /// A further sentence of the other side is given; of those before, [`MOST`] less one are remembered.
    pub(super) fn advance(&mut self, other: usize) {
        let range = self.given_starts[other] as usize..self.given_starts[other + 1] as usize;
        self.window.advance(&self.given[range]);
    }

    /// The ratios of a sentence given the last sentences of the other side.
    pub(super) fn ratios(&self, sentence: usize) -> Ratios {
        /// Factors of at most 1e9 each whose product still is a number.
        const TOGETHER: usize = 4;
        /// A mean over so many sentences.
        const MEAN: Ratios = [1.0, 1.0 / 2.0, 1.0 / 3.0, 1.0 / 4.0];
        let words = &self.words[self.starts[sentence] as usize..self.starts[sentence + 1] as usize];
        let (mut products, mut exponents) = ([1.0f32; MOST], [0i32; MOST]);
        for some in words.chunks(TOGETHER) {
            for &word in some {
                let (gain, sums) = (self.gains[word as usize], &self.window.sums[word as usize]);
                for size in 0..MOST {
                    products[size] *= 1.0 + gain * MEAN[size] * sums[size];
                }
            }
            for size in 0..MOST {
                let (mantissa, exponent) = split(products[size]);
                products[size] = mantissa;
                exponents[size] += exponent;
            }
        }
        let base = self.base[sentence];
        std::array::from_fn(|size| base + ln(products[size]) + exponents[size] as f32 * std::f32::consts::LN_2)
    }
}

/// Probabilities of words given the last sentences of the other side.
#[derive(Default)]
struct Window {
    /// By word: sums over the last 1, 2.. sentences.
    sums: Vec<Ratios>,
    /// Words with a sum, and how many sentences ago they got something last.
    touched: Vec<u32>,
    ages: Vec<u8>,
}

impl Window {
    fn clear(&mut self, words: usize) {
        self.sums.clear();
        self.sums.resize(words, [0.0; MOST]);
        self.ages.clear();
        self.ages.resize(words, MOST as u8);
        self.touched.clear();
    }

    fn advance(&mut self, given: &[(u32, f32)]) {
        let Window { sums, touched, ages } = self;
        touched.retain(|&word| {
            let sums = &mut sums[word as usize];
            sums.copy_within(..MOST - 1, 1);
            sums[0] = 0.0;
            ages[word as usize] += 1;
            ages[word as usize] < MOST as u8
        });
        for &(word, probability) in given {
            if ages[word as usize] == MOST as u8 {
                touched.push(word);
            }
            ages[word as usize] = 0;
            sums[word as usize].iter_mut().for_each(|sum| *sum += probability);
        }
    }
}

/// The terms of one side of a document, numbered in order of first occurrence.
#[derive(Default)]
struct Numbers {
    /// By term of the vocabulary: its number and one more, or zero.
    of: Vec<u32>,
    next: u32,
}

impl Numbers {
    /// Whether the term is new.
    fn add(&mut self, term: Term) -> bool {
        let at = term as usize;
        if self.of.len() <= at {
            self.of.resize(at + 1, 0);
        }
        let new = self.of[at] == 0;
        if new {
            self.next += 1;
            self.of[at] = self.next;
        }
        new
    }

    fn of(&self, term: Term) -> Option<u32> {
        self.of.get(term as usize).and_then(|number| number.checked_sub(1))
    }

    fn clear(&mut self, side: &Side) {
        side.terms().iter().for_each(|&term| self.of[term as usize] = 0);
        self.next = 0;
    }
}
