//! Luhn's method: a sentence scores by its densest cluster of significant words (Luhn, "The Automatic Creation of Literature
//! Abstracts", IBM Journal of Research and Development 2, 1958). A word is significant if it is no stop word and comes at least
//! twice in the sentences that may be chosen; words of a cluster have at most four others between them, and its score is the
//! square of its significant words over all its words. Idf plays no part.

use super::{Ranker, Ranking};
use crate::document::Document;
use crate::text::places::Places;

/// What it does, in a line.
pub const ABOUT: &str = "densest cluster of the article's frequent words";
/// Its paper.
pub const PAPER: &str = "Luhn 1958, The Automatic Creation of Literature Abstracts";

/// The ranker; it has no settings.
pub struct Luhn;

/// Other words between two significant ones of a cluster, at most.
const GAP: usize = 4;
/// Times that a significant word comes in the article, at least.
const OFTEN: u32 = 2;

impl Ranker for Luhn {
    fn rank(&self, document: &Document, _idf: &[f64]) -> Ranking {
        let candidates = document.candidates();
        let mut times = vec![0u32; document.terms().len()];
        candidates.iter().flat_map(|&i| document.tokens(i)).for_each(|&term| times[term as usize] += 1);
        let (mut places, mut words) = (Places::new(document), Vec::new());
        let score = |&i: &usize| {
            places.read(i, &mut words);
            let significant = |term: Option<u32>| term.is_some_and(|term| times[term as usize] >= OFTEN);
            best_cluster(words.iter().map(|word| significant(word.term)))
        };
        let scores: Vec<f64> = candidates.iter().map(score).collect();
        Ranking::new(document.sentences().len(), &candidates, &scores, &scores, |_| false)
    }

    /// The paper takes the best and looks no further.
    fn redundancy_cut(&self) -> f64 {
        2.0
    }
}

/// The score of the best cluster, from whether each word is significant.
fn best_cluster(words: impl Iterator<Item = bool>) -> f64 {
    let mut best: f64 = 0.0;
    let mut cluster: Option<Cluster> = None;
    for (at, _) in words.enumerate().filter(|(_, significant)| *significant) {
        cluster = match cluster {
            Some(Cluster { first, last, count }) if at - last <= GAP + 1 => Some(Cluster { first, last: at, count: count + 1 }),
            ended => {
                best = best.max(ended.map_or(0.0, Cluster::score));
                Some(Cluster { first: at, last: at, count: 1 })
            }
        };
    }
    best.max(cluster.map_or(0.0, Cluster::score))
}

/// Significant words near one another: the places of the first and the last, and how many they are.
struct Cluster {
    first: usize,
    last: usize,
    count: usize,
}

impl Cluster {
    fn score(self) -> f64 {
        let count = self.count as f64;
        count * count / (self.last - self.first + 1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cluster(words: &str) -> f64 {
        best_cluster(words.chars().map(|c| c == '*'))
    }

    #[test]
    fn clusters_end_where_five_other_words_stand_between() {
        assert_eq!(cluster(""), 0.0);
        assert_eq!(cluster("---"), 0.0);
        assert_eq!(cluster("--*--"), 1.0);
        assert_eq!(cluster("*----*"), 4.0 / 6.0);
        assert_eq!(cluster("*-----*"), 1.0);
        assert_eq!(cluster("-*--**-"), 9.0 / 5.0);
        assert_eq!(cluster("**-----***"), 3.0);
    }

    proptest! {
        /// The text cut wherever five other words stand, each piece scored by itself.
        #[test]
        fn the_best_of_all_pieces(words in "[*-]{0,60}") {
            let score = |piece: &str| {
                let piece = piece.trim_matches('-');
                let count = piece.matches('*').count() as f64;
                if piece.is_empty() { 0.0 } else { count * count / piece.len() as f64 }
            };
            let best = words.split("-----").map(score).fold(0.0, f64::max);
            prop_assert_eq!(cluster(&words), best);
        }
    }
}
