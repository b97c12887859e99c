//! A ranker for news that fits nothing. A sentence scores by how much the sentences after it take up its words (the directed
//! centrality of Zheng & Lapata, "Sentence Centrality Revisited for Unsupervised Summarization", ACL 2019), by its place, its
//! length and the title, and loses by what readers do not want in a summary. What the trained ranker is measured against.

use super::features::{Linear, forward_centrality, ln_after, title_overlap};
use super::recipe::Recipe;
use super::unwanted::penalty;
use crate::document::Document;
use crate::text::vector::Vectors;

/// What it does, in a line.
pub const ABOUT: &str = "directed centrality, position, length and title; nothing trained";
/// Its paper.
pub const PAPER: &str = "Zheng & Lapata 2019, Sentence Centrality Revisited for Unsupervised Summarization";

/// The ranker.
pub const UNTRAINED: Recipe = Recipe { sum, cut: 0.5 };

fn sum(document: &Document, candidates: &[usize], idf: &[f64]) -> Linear {
    let vectors = Vectors::new(document, candidates, idf);
    let words = |&i: &usize| ln_after(document.sentences()[i].words as usize);
    Linear::new(candidates.len())
        .with_z("similarity to later sentences", 1.0, &forward_centrality(&vectors, idf.len()))
        .with_z("place", -1.0, &(0..candidates.len()).map(ln_after).collect::<Vec<_>>())
        .with_z("length", -0.3, &candidates.iter().map(words).collect::<Vec<_>>())
        .with_z("title", 0.5, &title_overlap(document.title(), &vectors, idf))
        .with("unwanted", -1.0, &candidates.iter().map(|&i| penalty(document, i)).collect::<Vec<_>>())
}
