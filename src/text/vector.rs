//! Sparse vectors of sentences over the local terms of one document, and the sums rankers need. Every sum runs in order of
//! local terms or sentences, so that the same text gives the same floats.

use crate::document::Document;

/// One sentence as weights by local term, sorted by term, of length one (or empty).
#[derive(Clone, Debug, Default)]
pub struct Vector {
    /// Local terms and their weights.
    pub entries: Vec<(u32, f64)>,
}

impl Vector {
    /// Cosine of two unit vectors.
    pub fn cosine(&self, other: &Vector) -> f64 {
        let (mut i, mut j, mut sum) = (0, 0, 0.0);
        while let (Some(&(a, x)), Some(&(b, y))) = (self.entries.get(i), other.entries.get(j)) {
            if a == b {
                sum += x * y;
            }
            i += usize::from(a <= b);
            j += usize::from(b <= a);
        }
        sum
    }

    /// Dot product with a dense vector over local terms.
    pub fn dot(&self, dense: &[f64]) -> f64 {
        self.entries.iter().map(|&(term, weight)| weight * dense[term as usize]).sum()
    }

    /// Adds the vector, scaled, to a dense one.
    pub fn add_to(&self, dense: &mut [f64], scale: f64) {
        for &(term, weight) in &self.entries {
            dense[term as usize] += weight * scale;
        }
    }

    /// A vector from local terms as they stand: (1 + ln tf) * idf, divided by its length. Terms whose idf is zero are left
    /// out.
    pub fn from_tokens(tokens: &[u32], idf: &[f64], buffer: &mut Vec<u32>) -> Vector {
        buffer.clear();
        buffer.extend(tokens.iter().copied().filter(|&term| idf[term as usize] > 0.0));
        buffer.sort_unstable();
        let mut entries: Vec<(u32, f64)> = Vec::with_capacity(buffer.len());
        for group in buffer.chunk_by(|a, b| a == b) {
            let frequency = if group.len() == 1 { 1.0 } else { 1.0 + (group.len() as f64).ln() };
            entries.push((group[0], frequency * idf[group[0] as usize]));
        }
        let length = entries.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        if length > 0.0 {
            entries.iter_mut().for_each(|(_, weight)| *weight /= length);
        }
        Vector { entries }
    }
}

/// The vectors of the given sentences of a document.
pub fn vectors(document: &Document, sentences: &[usize], idf: &[f64]) -> Vec<Vector> {
    let mut buffer = Vec::new();
    sentences.iter().map(|&i| Vector::from_tokens(document.tokens(i), idf, &mut buffer)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_vectors() {
        let idf = [1.0, 2.0, 0.0, 1.5];
        let mut buffer = Vec::new();
        let one = Vector::from_tokens(&[3, 0, 0, 2], &idf, &mut buffer);
        assert_eq!(one.entries.iter().map(|e| e.0).collect::<Vec<_>>(), [0, 3]);
        assert!((one.cosine(&one) - 1.0).abs() < 1e-12);
        let other = Vector::from_tokens(&[1], &idf, &mut buffer);
        assert_eq!(one.cosine(&other), 0.0);
        assert!(Vector::from_tokens(&[2], &idf, &mut buffer).entries.is_empty());
    }
}
