//! Centroid ranking: a sentence scores by its cosine with the sum of all sentences (Radev, Jing, Styś & Tam, "Centroid-based
//! summarization of multiple documents", Information Processing & Management 40, 2004). Position and length play no part.

use super::{Ranker, Ranking};
use crate::document::Document;
use crate::text::vector::{Vectors, add_to, dot};

/// What it does, in a line.
pub const ABOUT: &str = "cosine with the article's TF-IDF centroid";
/// Its paper.
pub const PAPER: &str = "Radev, Jing, Styś & Tam 2004, Centroid-based summarization of multiple documents";

/// The ranker; it has no settings.
pub struct Centroid;

impl Ranker for Centroid {
    fn rank(&self, document: &Document, idf: &[f64]) -> Ranking {
        let candidates = document.candidates();
        let vectors = Vectors::new(document, &candidates, idf);
        let mut centroid = vec![0.0; idf.len()];
        vectors.rows().for_each(|row| add_to(row, &mut centroid, 1.0));
        let length = centroid.iter().map(|weight| weight * weight).sum::<f64>().sqrt();
        let scores: Vec<f64> = vectors.rows().map(|row| if length > 0.0 { dot(row, &centroid) / length } else { 0.0 }).collect();
        Ranking::new(document.sentences().len(), &candidates, &scores, &scores, |_| false)
    }
}
