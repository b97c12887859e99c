//! Lead: sentences in the order of the text. The baseline that news makes hard to beat (Nenkova, "Automatic Text
//! Summarization of Newswire", AAAI 2005). It looks at no word.

use super::rank::Parts;
use super::{Ranker, Ranking};
use crate::document::Document;

/// What it does, in a line.
pub const ABOUT: &str = "the first sentences; the baseline";
/// Its paper.
pub const PAPER: &str = "Nenkova 2005, Automatic Text Summarization of Newswire";

/// The ranker; it has no settings.
pub struct Lead;

impl Ranker for Lead {
    fn rank(&self, document: &Document, _idf: &[f64]) -> Ranking {
        let candidates = document.candidates();
        let scores: Vec<f64> = (0..candidates.len()).map(score).collect();
        Ranking::new(document.sentences().len(), &candidates, &scores, &scores, |_| false)
    }

    fn redundancy_cut(&self) -> f64 {
        2.0
    }

    fn parts(&self, document: &Document, _idf: &[f64]) -> Vec<Parts> {
        (0..document.candidates().len()).map(|k| vec![("place", score(k))]).collect()
    }
}

/// The score of a place, from 0.
fn score(place: usize) -> f64 {
    1.0 / (place as f64 + 1.0)
}
