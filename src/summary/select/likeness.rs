//! Cosines of one vector with many. The one is spread out over all terms, so that each of the many costs its own length only,
//! and is taken up again afterwards. Sums run in order of terms, as in [`cosine`](crate::text::vector::cosine).

use crate::text::vector::{Row, add_to, dot};

/// A vector spread out over all terms.
pub(super) struct Likeness {
    /// By local term; all zero between two uses.
    dense: Vec<f64>,
}

impl Likeness {
    pub(super) fn with_terms(terms: usize) -> Likeness {
        Likeness { dense: vec![0.0; terms] }
    }

    /// Does something with the cosines of a vector.
    pub(super) fn with<R>(&mut self, one: &Row, compare: impl FnOnce(&Likeness) -> R) -> R {
        add_to(one, &mut self.dense, 1.0);
        let done = compare(self);
        one.iter().for_each(|(term, _)| self.dense[*term as usize] = 0.0);
        done
    }

    /// The cosine with another.
    pub(super) fn to(&self, other: &Row) -> f64 {
        dot(other, &self.dense)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::vector::{Vectors, cosine};

    #[test]
    fn the_same_cosines_to_the_last_bit() {
        let idf = [1.0, 1.3, 0.7, 2.0, 1.1];
        let sentences: [&[u32]; 5] = [&[0, 1, 1], &[1, 2, 4], &[], &[3], &[0, 1, 3, 3, 4]];
        let mut vectors = Vectors::default();
        sentences.iter().for_each(|tokens| vectors.push(tokens, &idf));
        let mut likeness = Likeness::with_terms(idf.len());
        for one in vectors.rows() {
            let same = |likeness: &Likeness| vectors.rows().all(|other| likeness.to(other) == cosine(one, other));
            assert!(likeness.with(one, same));
        }
    }
}
