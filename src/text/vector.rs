//! Sparse vectors of sentences over the local terms of one document, and the sums rankers need. Every sum runs in order of
//! local terms or sentences, so that the same text gives the same floats.

use crate::document::Document;

/// A vector as weights by local term, sorted by term, of length one (or empty).
pub type Row = [(u32, f64)];

/// Sentences as vectors, one after the other in one piece of memory.
#[derive(Clone, Debug, Default)]
pub struct Vectors {
    entries: Vec<(u32, f64)>,
    ends: Vec<usize>,
    buffer: Vec<u32>,
}

impl Vectors {
    /// The vectors of the given sentences of a document.
    pub fn new(document: &Document, sentences: &[usize], idf: &[f64]) -> Vectors {
        let tokens = document.structure().tokens.len();
        let mut vectors = Vectors { entries: Vec::with_capacity(tokens), ends: Vec::with_capacity(sentences.len()), buffer: Vec::new() };
        for &sentence in sentences {
            vectors.push(document.tokens(sentence), idf);
        }
        vectors
    }

    /// Adds a vector from local terms as they stand: (1 + ln tf) * idf, divided by its length. Terms whose idf is zero are
    /// left out.
    pub fn push(&mut self, tokens: &[u32], idf: &[f64]) {
        self.buffer.clear();
        self.buffer.extend(tokens.iter().copied().filter(|&term| idf[term as usize] > 0.0));
        sort(&mut self.buffer);
        let start = self.entries.len();
        for group in self.buffer.chunk_by(|a, b| a == b) {
            let frequency = if group.len() == 1 { 1.0 } else { 1.0 + (group.len() as f64).ln() };
            self.entries.push((group[0], frequency * idf[group[0] as usize]));
        }
        let row = &mut self.entries[start..];
        let length = row.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        if length > 0.0 {
            row.iter_mut().for_each(|(_, weight)| *weight /= length);
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

/// Sorts local terms. Those of a sentence are few and, being numbered by first occurrence, mostly in order already.
fn sort(terms: &mut [u32]) {
    const FEW: usize = 48;
    if terms.len() > FEW {
        return terms.sort_unstable();
    }
    for i in 1..terms.len() {
        let term = terms[i];
        let mut at = i;
        while at > 0 && terms[at - 1] > term {
            terms[at] = terms[at - 1];
            at -= 1;
        }
        terms[at] = term;
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
