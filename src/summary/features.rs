//! Numbers that rankers score sentences by, over the candidates of one document, each O(text), and their weighted sum. No ranker
//! lives here.

use std::sync::LazyLock;

use super::Ranking;
use crate::document::Document;
use crate::text::vector::{Row, Vectors, add_to, dot};

/// A weighted sum of features, that remembers what each contributed.
pub struct Linear {
    scores: Vec<f64>,
    parts: Vec<(&'static str, Vec<f64>)>,
}

impl Linear {
    /// Zero for so many sentences.
    pub fn new(sentences: usize) -> Linear {
        Linear { scores: vec![0.0; sentences], parts: Vec::new() }
    }

    /// Adds a feature as it is.
    pub fn with(mut self, name: &'static str, weight: f64, values: &[f64]) -> Linear {
        let part: Vec<f64> = values.iter().map(|value| weight * value).collect();
        self.scores.iter_mut().zip(&part).for_each(|(score, part)| *score += part);
        self.parts.push((name, part));
        self
    }

    /// Adds a feature by how far each sentence is from the mean, in standard deviations.
    pub fn with_z(self, name: &'static str, weight: f64, values: &[f64]) -> Linear {
        self.with(name, weight, &z(values))
    }

    /// The ranking by the sum.
    pub fn ranking(&self, document: &Document, candidates: &[usize], passed_over: impl Fn(usize) -> bool) -> Ranking {
        Ranking::new(document.sentences().len(), candidates, &self.scores, &softmax(&self.scores), passed_over)
    }

    /// What each feature contributed to the score of a candidate, in the order in which they were added.
    pub fn parts(&self, candidate: usize) -> Vec<(&'static str, f64)> {
        self.parts.iter().map(|(name, part)| (*name, part[candidate])).collect()
    }
}

/// `ln(1 + n)`; most sentences ask for the same few.
pub fn ln_after(n: usize) -> f64 {
    static FIRST: LazyLock<[f64; 128]> = LazyLock::new(|| std::array::from_fn(|n| (1.0 + n as f64).ln()));
    FIRST.get(n).copied().unwrap_or_else(|| (1.0 + n as f64).ln())
}

/// The terms of a sentence once each, sorted.
pub fn distinct(tokens: &[u32]) -> Vec<u32> {
    let mut terms = tokens.to_vec();
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// Values less their mean, over their standard deviation (of the population); all zero where they do not differ.
pub fn z(values: &[f64]) -> Vec<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let deviation = (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n).sqrt();
    if deviation.is_nan() || deviation < 1e-12 {
        return vec![0.0; values.len()];
    }
    values.iter().map(|v| (v - mean) / deviation).collect()
}

/// Similarity of each sentence to the sentences after it: the sum of cosines over the root of their number. The sum of
/// vectors is kept while going backwards, so the cost is one pass instead of all pairs.
pub fn forward_centrality(vectors: &Vectors, terms: usize) -> Vec<f64> {
    let mut later = vec![0.0; terms];
    let mut out = vec![0.0; vectors.len()];
    let root = (vectors.len() as f64).sqrt();
    for (i, row) in vectors.rows().rev().enumerate() {
        out[vectors.len() - 1 - i] = dot(row, &later) / root;
        add_to(row, &mut later, 1.0);
    }
    out
}

/// The cosine of each sentence with the sum of all.
pub fn likeness_to_all(vectors: &Vectors, terms: usize) -> Vec<f64> {
    let mut sum = vec![0.0; terms];
    vectors.rows().for_each(|row| add_to(row, &mut sum, 1.0));
    let length = sum.iter().map(|weight| weight * weight).sum::<f64>().sqrt();
    vectors.rows().map(|row| if length > 0.0 { dot(row, &sum) / length } else { 0.0 }).collect()
}

/// Share of the title's idf mass that each sentence's terms cover.
pub fn title_overlap(title: &[u32], vectors: &Vectors, idf: &[f64]) -> Vec<f64> {
    let mut wanted = vec![false; idf.len()];
    let mut mass = 0.0;
    for &term in title {
        if !wanted[term as usize] {
            wanted[term as usize] = true;
            mass += idf[term as usize];
        }
    }
    let covered = |row: &Row| row.iter().filter(|(t, _)| wanted[*t as usize]).map(|(t, _)| idf[*t as usize]).sum::<f64>();
    vectors.rows().map(|row| if mass > 0.0 { covered(row) / mass } else { 0.0 }).collect()
}

/// Shares of any scores, all positive: their exponentials.
pub fn softmax(scores: &[f64]) -> Vec<f64> {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    scores.iter().map(|score| (score - most).exp()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::vector::cosine;

    #[test]
    fn forward_centrality_is_the_sum_over_pairs() {
        let idf = [1.0, 1.3, 0.7, 2.0];
        let sentences: [&[u32]; 4] = [&[0, 1], &[1, 2], &[3], &[0, 1, 3]];
        let mut vectors = Vectors::default();
        sentences.iter().for_each(|tokens| vectors.push(tokens, &idf));
        let fast = forward_centrality(&vectors, idf.len());
        let all = likeness_to_all(&vectors, idf.len());
        let plain = |i: usize, of: std::ops::Range<usize>| of.map(|j| cosine(vectors.row(i), vectors.row(j))).sum::<f64>() / 2.0;
        let length = (0..4).map(|i| 2.0 * plain(i, 0..4)).sum::<f64>().sqrt();
        for (i, fast) in fast.iter().enumerate() {
            assert!((fast - plain(i, i + 1..4)).abs() < 1e-12);
            assert!((all[i] - 2.0 * plain(i, 0..4) / length).abs() < 1e-12);
        }
    }

    #[test]
    fn z_of_equal_values_is_zero() {
        assert_eq!(z(&[2.0, 2.0]), [0.0, 0.0]);
        assert_eq!(z(&[]), Vec::<f64>::new());
        assert_eq!(z(&[1.0, 3.0]), [-1.0, 1.0]);
    }
}
