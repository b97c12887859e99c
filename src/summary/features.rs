//! Numbers that rankers score sentences by, over the candidates of one document, each O(text). No ranker lives here.

use crate::text::vector::{Row, Vectors, add_to, dot};

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
        for (i, fast) in fast.iter().enumerate() {
            let plain: f64 = (i + 1..4).map(|j| cosine(vectors.row(i), vectors.row(j))).sum::<f64>() / 2.0;
            assert!((fast - plain).abs() < 1e-12);
        }
    }

    #[test]
    fn z_of_equal_values_is_zero() {
        assert_eq!(z(&[2.0, 2.0]), [0.0, 0.0]);
        assert_eq!(z(&[]), Vec::<f64>::new());
        assert_eq!(z(&[1.0, 3.0]), [-1.0, 1.0]);
    }
}
