//! PacSum over TF-IDF: a sentence gains by what the sentences after it take up of it and loses by what it takes up of those
//! before it (Zheng & Lapata, "Sentence Centrality Revisited for Unsupervised Summarization", ACL 2019). An edge is the dot
//! product of two TF-IDF vectors, not divided by their lengths, as in the paper. Where the paper draws a threshold between
//! the least and the greatest edge, `beta` of the way, tuning over its grid gives 0: then every edge counts, and sums of
//! vectors replace the graph at the cost of one pass over the text.

use super::features::{softmax, z};
use super::rank::Parts;
use super::{Ranker, Ranking};
use crate::document::Document;
use crate::text::vector::{add_to, dot};

/// What it does, in a line.
pub const ABOUT: &str = "directed centrality over TF-IDF: what follows counts for a sentence, what precedes against it";
/// Its paper.
pub const PAPER: &str = "Zheng & Lapata 2019, Sentence Centrality Revisited for Unsupervised Summarization";

/// The ranker and its weights.
pub struct PacSum {
    /// Weight of edges to sentences before, in the paper's sense: below 0 they count against a sentence.
    pub lambda1: f64,
    /// Weight of edges to sentences after. The sizes of both sum to 1.
    pub lambda2: f64,
}

impl Default for PacSum {
    /// The best of the paper's grid on CNN and Daily Mail articles.
    fn default() -> PacSum {
        PacSum { lambda1: -0.8, lambda2: 0.2 }
    }
}

impl Ranker for PacSum {
    fn rank(&self, document: &Document, idf: &[f64]) -> Ranking {
        let candidates = document.candidates();
        let scores = self.centrality(&rows(document, &candidates, idf), idf.len());
        Ranking::new(document.sentences().len(), &candidates, &scores, &softmax(&z(&scores)), |_| false)
    }

    /// The paper takes the best and looks no further.
    fn redundancy_cut(&self) -> f64 {
        2.0
    }

    fn parts(&self, document: &Document, idf: &[f64]) -> Vec<Parts> {
        let (earlier, later) = self.sides(&rows(document, &document.candidates(), idf), idf.len());
        let parts = |(earlier, later)| vec![("similarity to earlier sentences", earlier), ("similarity to later sentences", later)];
        earlier.into_iter().zip(later).map(parts).collect()
    }
}

impl PacSum {
    fn centrality(&self, rows: &[Vec<(u32, f64)>], terms: usize) -> Vec<f64> {
        let (earlier, later) = self.sides(rows, terms);
        earlier.iter().zip(&later).map(|(earlier, later)| earlier + later).collect()
    }

    /// What edges to sentences before and to sentences after count for each.
    fn sides(&self, rows: &[Vec<(u32, f64)>], terms: usize) -> (Vec<f64>, Vec<f64>) {
        let earlier = edges_to_earlier(rows.iter(), terms);
        let later = edges_to_earlier(rows.iter().rev(), terms);
        let weighted = |edges: Vec<f64>, weight: f64| edges.into_iter().map(|edges| weight * edges).collect::<Vec<f64>>();
        (weighted(earlier, self.lambda1), weighted(later, self.lambda2).into_iter().rev().collect())
    }
}

fn rows(document: &Document, sentences: &[usize], idf: &[f64]) -> Vec<Vec<(u32, f64)>> {
    sentences.iter().map(|&i| weighted(document.tokens(i), idf)).collect()
}

/// A sentence's terms in order with tf * idf.
fn weighted(tokens: &[u32], idf: &[f64]) -> Vec<(u32, f64)> {
    let mut tokens = tokens.to_vec();
    tokens.sort_unstable();
    let same = tokens.chunk_by(|a, b| a == b);
    same.map(|same| (same[0], same.len() as f64 * idf[same[0] as usize])).collect()
}

/// For each row the sum of its dot products with those that came before it: one dot product with their sum.
fn edges_to_earlier<'a>(rows: impl Iterator<Item = &'a Vec<(u32, f64)>>, terms: usize) -> Vec<f64> {
    let mut sum = vec![0.0; terms];
    let edges = |row: &'a Vec<(u32, f64)>| {
        let edges = dot(row, &sum);
        add_to(row, &mut sum, 1.0);
        edges
    };
    rows.map(edges).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_the_graph_of_all_pairs() {
        let idf = [1.0, 1.3, 0.7, 2.0];
        let sentences: [&[u32]; 5] = [&[0, 1, 1], &[1, 2], &[], &[3], &[0, 1, 3, 3]];
        let rows: Vec<Vec<(u32, f64)>> = sentences.iter().map(|tokens| weighted(tokens, &idf)).collect();
        let edge = |i: usize, j: usize| -> f64 {
            let times = |k: usize, term: u32| sentences[k].iter().filter(|&&t| t == term).count() as f64;
            (0..4).map(|term| times(i, term) * times(j, term) * idf[term as usize].powi(2)).sum()
        };
        let pacsum = PacSum { lambda1: -0.3, lambda2: 0.7 };
        for (i, fast) in pacsum.centrality(&rows, 4).iter().enumerate() {
            let plain = -0.3 * (0..i).map(|j| edge(i, j)).sum::<f64>() + 0.7 * (i + 1..5).map(|j| edge(i, j)).sum::<f64>();
            assert!((fast - plain).abs() < 1e-12, "{i}: {fast} for {plain}");
        }
    }
}
