//! The ranker for long extracts, a third or half of an article, where what counts is that nothing of weight is left out: a
//! sentence scores by its cosine with the whole (Radev et al. 2004, as `centroid`), by the keywords it holds and by its length, a
//! little by the title and its place. It fits nothing.

use super::columns::keyword_cover;
use super::features::{Linear, likeness_to_all, ln_after, title_overlap};
use super::recipe::Recipe;
use super::unwanted::penalty;
use crate::document::Document;
use crate::text::vector::Vectors;

/// What it does, in a line.
pub const ABOUT: &str = "centroid, keywords, length; a third or half of an article";
/// Its paper.
pub const PAPER: &str = "Radev, Jing, Styś & Tam 2004, Centroid-based summarization of multiple documents";

/// The ranker. Half of an article repeats itself; only what is nearly the same is left out.
pub const EXTRACT: Recipe = Recipe { sum, cut: 0.8 };

fn sum(document: &Document, candidates: &[usize], idf: &[f64]) -> Linear {
    let vectors = Vectors::new(document, candidates, idf);
    let words = |&i: &usize| ln_after(document.sentences()[i].words as usize);
    Linear::new(candidates.len())
        .with_z("similarity to the article", 1.0, &likeness_to_all(&vectors, idf.len()))
        .with_z("keywords", 1.0, &keyword_cover(document, candidates, &vectors, idf))
        .with_z("length", 1.6, &candidates.iter().map(words).collect::<Vec<_>>())
        .with_z("title", 0.3, &title_overlap(document.title(), &vectors, idf))
        .with_z("place", -0.3, &(0..candidates.len()).map(ln_after).collect::<Vec<_>>())
        .with("unwanted", -0.5, &candidates.iter().map(|&i| penalty(document, i)).collect::<Vec<_>>())
}
