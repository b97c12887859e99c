//! Continuous LexRank: sentences are linked by their cosines, and a sentence scores by the share of a random walk that it
//! gets (Erkan & Radev, "LexRank: Graph-based Lexical Centrality as Salience in Text Summarization", JAIR 22, 2004). The
//! matrix of cosines is never built: it is the product of the vectors with themselves, so that a step costs one pass over
//! the text and a long article no more than its length.

use super::{Ranker, Ranking};
use crate::document::Document;
use crate::text::vector::{Vectors, add_to, dot};

/// What it does, in a line.
pub const ABOUT: &str = "random walk over cosines between sentences (continuous LexRank)";
/// Its paper.
pub const PAPER: &str = "Erkan & Radev 2004, LexRank: Graph-based Lexical Centrality as Salience in Text Summarization";

/// The ranker; it has no settings.
pub struct LexRank;

/// Share of a step that jumps anywhere.
const JUMP: f64 = 0.15;
/// Steps at most; the walk has settled long before on any news article.
const STEPS: usize = 100;
/// Total change below which the walk has settled.
const SETTLED: f64 = 1e-9;

impl Ranker for LexRank {
    fn rank(&self, document: &Document, idf: &[f64]) -> Ranking {
        let candidates = document.candidates();
        let scores = walk(&Vectors::new(document, &candidates, idf), idf.len());
        Ranking::new(document.sentences().len(), &candidates, &scores, &scores, |_| false)
    }
}

/// Where the walk spends its time; sums to 1.
fn walk(vectors: &Vectors, terms: usize) -> Vec<f64> {
    let n = vectors.len() as f64;
    let mut dense = vec![0.0; terms];
    vectors.rows().for_each(|row| add_to(row, &mut dense, 1.0));
    let degree: Vec<f64> = vectors.rows().map(|row| dot(row, &dense)).collect();
    let mut now = vec![1.0 / n; vectors.len()];
    for _ in 0..STEPS {
        dense.fill(0.0);
        let mut lost = 0.0;
        for (i, row) in vectors.rows().enumerate() {
            if degree[i] > 0.0 {
                add_to(row, &mut dense, now[i] / degree[i]);
            } else {
                lost += now[i];
            }
        }
        let next: Vec<f64> = vectors.rows().map(|row| JUMP / n + (1.0 - JUMP) * (dot(row, &dense) + lost / n)).collect();
        let change: f64 = now.iter().zip(&next).map(|(a, b)| (a - b).abs()).sum();
        now = next;
        if change < SETTLED {
            break;
        }
    }
    now
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::vector::cosine;

    #[test]
    fn the_walk_is_the_eigenvector_of_the_cosine_matrix() {
        let idf = [1.0; 5];
        let sentences: [&[u32]; 4] = [&[0, 1], &[1, 2], &[0, 1, 2, 3], &[4]];
        let mut vectors = Vectors::default();
        sentences.iter().for_each(|tokens| vectors.push(tokens, &idf));
        let got = walk(&vectors, 5);
        assert!((got.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        let cosine = |i: usize, j: usize| cosine(vectors.row(i), vectors.row(j));
        let degree: Vec<f64> = (0..4).map(|i| (0..4).map(|j| cosine(i, j)).sum()).collect();
        for i in 0..4 {
            let step: f64 = JUMP / 4.0 + (1.0 - JUMP) * (0..4).map(|j| cosine(i, j) / degree[j] * got[j]).sum::<f64>();
            assert!((got[i] - step).abs() < 1e-6);
        }
        assert!(got[2] > got[3]);
    }
}
