//! Sparse vectors of sentences over the local terms of one document, and the sums rankers need. Every sum runs in order of
//! local terms or sentences, so that the same text gives the same floats.

use crate::document::Document;

/// A vector as weights by local term, sorted by term, of length one (or empty).
pub type Row = [(u32, f64)];

/// Sentences as vectors, one after the other in one piece of memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vectors {
    entries: Vec<(u32, f64)>,
    ends: Vec<usize>,
    buffer: Vec<u32>,
}

impl Vectors {
    /// No vectors, and room for some with so many terms in all.
    pub fn with_room(vectors: usize, terms: usize) -> Vectors {
        Vectors { entries: Vec::with_capacity(terms), ends: Vec::with_capacity(vectors), buffer: Vec::new() }
    }

    /// The vectors of the given sentences of a document.
    pub fn new(document: &Document, sentences: &[usize], idf: &[f64]) -> Vectors {
        let mut vectors = Vectors::with_room(sentences.len(), document.structure().tokens.len());
        for &sentence in sentences {
            vectors.push(document.tokens(sentence), idf);
        }
        vectors
    }

    /// Adds a vector from local terms as they stand: (1 + ln tf) * idf, divided by its length. Terms whose idf is zero are
    /// left out.
    pub fn push(&mut self, tokens: &[u32], idf: &[f64]) {
        let start = self.entries.len();
        self.buffer.clear();
        self.buffer.extend_from_slice(tokens);
        self.buffer.sort_unstable();
        let mut squares = 0.0;
        for same in self.buffer.chunk_by(u32::eq).filter(|same| idf[same[0] as usize] > 0.0) {
            let frequency = if same.len() == 1 { 1.0 } else { 1.0 + (same.len() as f64).ln() };
            let weight = frequency * idf[same[0] as usize];
            squares += weight * weight;
            self.entries.push((same[0], weight));
        }
        if squares > 0.0 {
            let length = squares.sqrt();
            self.entries[start..].iter_mut().for_each(|(_, weight)| *weight /= length);
        }
        self.ends.push(self.entries.len());
    }

    /// Number of vectors.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// One vector.
    pub fn row(&self, index: usize) -> &Row {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.entries[start..self.ends[index]]
    }

    /// Every vector, in order.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &Row> {
        (0..self.len()).map(|index| self.row(index))
    }

    /// Takes the last vector off again.
    pub fn pop(&mut self) {
        self.ends.pop();
        self.entries.truncate(self.ends.last().copied().unwrap_or(0));
    }
}

/// Cosine of two unit vectors.
pub fn cosine(one: &Row, other: &Row) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while let (Some(&(a, x)), Some(&(b, y))) = (one.get(i), other.get(j)) {
        if a == b {
            sum += x * y;
        }
        i += usize::from(a <= b);
        j += usize::from(b <= a);
    }
    sum
}

/// Dot product with a dense vector over local terms.
pub fn dot(row: &Row, dense: &[f64]) -> f64 {
    row.iter().map(|&(term, weight)| weight * dense[term as usize]).sum()
}

/// Adds a vector, scaled, to a dense one.
pub fn add_to(row: &Row, dense: &mut [f64], scale: f64) {
    for &(term, weight) in row {
        dense[term as usize] += weight * scale;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_vectors() {
        let idf = [1.0, 2.0, 0.0, 1.5];
        let mut vectors = Vectors::default();
        for tokens in [&[3, 0, 0, 2][..], &[1], &[2]] {
            vectors.push(tokens, &idf);
        }
        assert_eq!(vectors.row(0).iter().map(|e| e.0).collect::<Vec<_>>(), [0, 3]);
        assert!((cosine(vectors.row(0), vectors.row(0)) - 1.0).abs() < 1e-12);
        assert_eq!(cosine(vectors.row(0), vectors.row(1)), 0.0);
        assert!(vectors.row(2).is_empty());
        vectors.pop();
        assert_eq!(vectors.len(), 2);
    }
}
