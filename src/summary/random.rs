//! Random: sentences in an order that says nothing of them, the floor for any other method. The order is drawn from a hash of
//! the article's text and from nothing else, so that it is the same in any batch, under any id, on any thread and machine.

use super::{Ranker, Ranking};
use crate::document::Document;

/// What it does, in a line.
pub const ABOUT: &str = "any sentences, drawn by a hash of the text; the floor";
/// Where its generator comes from; the method has no paper.
pub const PAPER: &str = "Steele, Lea & Flood 2014, Fast Splittable Pseudorandom Number Generators (the generator)";

/// The ranker; it has no settings.
pub struct Random;

impl Ranker for Random {
    fn rank(&self, document: &Document, _idf: &[f64]) -> Ranking {
        let candidates = document.candidates();
        let mut state = seed(document.text());
        let scores: Vec<f64> = candidates.iter().map(|_| unit(next(&mut state))).collect();
        Ranking::new(document.sentences().len(), &candidates, &scores, &vec![1.0; candidates.len()], |_| false)
    }

    /// Drawing looks at no word.
    fn redundancy_cut(&self) -> f64 {
        2.0
    }
}

/// The first bytes of the text's BLAKE3.
fn seed(text: &str) -> u64 {
    let hash = blake3::hash(text.as_bytes());
    u64::from_le_bytes(*hash.as_bytes().first_chunk().expect("a hash has 32 bytes"))
}

/// SplitMix64.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number at least 0 and below 1, from the upper bits.
fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_gives_its_published_numbers() {
        let mut state = 1_234_567;
        let numbers = [next(&mut state), next(&mut state), next(&mut state)];
        assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
        assert!((0.0..1.0).contains(&unit(u64::MAX)) && unit(0) == 0.0);
    }

    #[test]
    fn the_order_depends_on_the_text_alone() {
        let scores = |id: &str, text: &str| {
            let article = crate::Article::new(id.into(), text.into()).expect("short");
            let document = crate::parse(article, &crate::TextOptions::default(), &mut crate::Scratch::default());
            Random.rank(&document, &[]).scores
        };
        let text = "One came. Two went. Three stayed. Four slept.";
        assert_eq!(scores("a", text), scores("b", text));
        assert_ne!(scores("a", text), scores("a", "One came. Two went. Three stayed. Four slept!"));
    }
}
