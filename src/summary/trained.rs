//! What the trained rankers have in common: the features of a document, through a table of trees, to the share of a reference
//! that a sentence is expected to cover, and from there to a ranking by what it gives for its length. Which table it is, and
//! how long the summaries get, each of them says in its own file. Tables are made by `examples/fit_ranker`.
//!
//! That a sentence's recall is learned, and length only counted when sentences are taken, follows budgeted coverage (Lin &
//! Bilmes, "A Class of Submodular Functions for Document Summarization", ACL 2011).

use super::columns::{Columns, NAMES};
use super::rank::{Gain, Parts};
use super::trees::Trees;
use super::unwanted::never_shown;
use super::{Ranker, Ranking};
use crate::document::Document;
use crate::text::vector::Vectors;

/// A ranker by a table.
#[derive(Clone, Copy, Debug)]
pub struct Trained<'a> {
    /// The table.
    pub table: &'a Trees,
    /// How sentences are taken.
    pub gain: Gain,
    /// The power of its place, from 1, that divides what is expected of a sentence: readers of news are used to find it first.
    pub haste: f64,
}

/// A sentence is expected to cover something.
const LEAST: f64 = 1e-3;

impl Trained<'_> {
    /// What is expected of each candidate, in text order: a share of the reference, in percent.
    pub fn expected(&self, columns: &Columns) -> Vec<f64> {
        let expected = self.table.predict(columns).into_iter().zip(columns.unwanted()).enumerate();
        let wanted = |unwanted: f64| 1.0 / (1.0 + unwanted);
        expected.map(|(k, (share, unwanted))| 100.0 * share.max(LEAST) * wanted(*unwanted) / self.delay(k)).collect()
    }

    /// What the place of a candidate, from 0, divides by.
    fn delay(&self, place: usize) -> f64 {
        (place as f64 + 1.0).powf(self.haste)
    }

    /// The length that a sentence is charged for.
    fn charge(&self, document: &Document, sentence: usize) -> f64 {
        f64::from(document.sentences()[sentence].words) + self.gain.room
    }
}

impl Ranker for Trained<'_> {
    fn rank(&self, document: &Document, idf: &[f64]) -> Ranking {
        let candidates = document.candidates();
        let vectors = Vectors::new(document, &candidates, idf);
        let expected = self.expected(&Columns::new(document, &candidates, &vectors, idf));
        let scores: Vec<f64> = expected.iter().zip(&candidates).map(|(share, &i)| share / self.charge(document, i)).collect();
        let never = never_shown(document, &candidates);
        Ranking { vectors: Some(vectors), ..Ranking::new(document.sentences().len(), &candidates, &scores, &expected, never) }
    }

    fn gain(&self) -> Option<Gain> {
        Some(self.gain)
    }

    fn is_coherent(&self) -> bool {
        true
    }

    /// What a feature contributes is what the score loses where all sentences of the article have the same of it. Three more are no
    /// features of the table: what readers do not want, what coming late divides by, and the length that is paid for, against the
    /// article's mean.
    fn parts(&self, document: &Document, idf: &[f64]) -> Vec<Parts> {
        let candidates = document.candidates();
        let columns = Columns::new(document, &candidates, &Vectors::new(document, &candidates, idf), idf);
        let whole = self.expected(&columns);
        let mut parts: Vec<Parts> = candidates.iter().map(|_| Vec::new()).collect();
        for (feature, name) in NAMES.iter().enumerate() {
            let without = self.expected(&columns.levelled(feature));
            for (k, &i) in candidates.iter().enumerate() {
                parts[k].push((*name, (whole[k] - without[k]) / self.charge(document, i)));
            }
        }
        let mean = candidates.iter().map(|&i| self.charge(document, i)).sum::<f64>() / candidates.len() as f64;
        for (k, &i) in candidates.iter().enumerate() {
            let charge = self.charge(document, i);
            parts[k].push(("unwanted", -whole[k] * columns.unwanted()[k] / charge));
            parts[k].push(("coming late", whole[k] * (1.0 - self.delay(k)) / charge));
            parts[k].push(("length paid for", whole[k] / charge - whole[k] / mean));
        }
        parts
    }
}
