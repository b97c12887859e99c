//! What the rankers that fit nothing have in common: a weighted sum of features, and summaries that can be read alone. Which
//! features, and with what weights, each of them says in its own file.

use super::features::Linear;
use super::rank::Parts;
use super::unwanted::never_shown;
use super::{Ranker, Ranking};
use crate::document::Document;

/// A ranker by a weighted sum.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// The sum, over candidates and by idf of local terms.
    pub sum: fn(&Document, &[usize], &[f64]) -> Linear,
    /// Cosine above which a sentence repeats a chosen one.
    pub cut: f64,
}

impl Ranker for Recipe {
    fn rank(&self, document: &Document, idf: &[f64]) -> Ranking {
        let candidates = document.candidates();
        (self.sum)(document, &candidates, idf).ranking(document, &candidates, never_shown(document, &candidates))
    }

    fn redundancy_cut(&self) -> f64 {
        self.cut
    }

    fn is_coherent(&self) -> bool {
        true
    }

    fn parts(&self, document: &Document, idf: &[f64]) -> Vec<Parts> {
        let candidates = document.candidates();
        let sum = (self.sum)(document, &candidates, idf);
        (0..candidates.len()).map(|k| sum.parts(k)).collect()
    }
}
