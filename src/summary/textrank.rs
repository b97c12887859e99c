//! TextRank: sentences are linked by the words they share, over the sum of the logarithms of their lengths, and score by
//! weighted PageRank (Mihalcea & Tarau, "TextRank: Bringing Order into Text", EMNLP 2004). A word counts once a sentence; stop
//! words do not count. The links depend on pairs of lengths, of which there are few: sums by term and length replace the
//! graph, so that a step costs about one pass over the text.

use super::features::distinct;
use super::{Ranker, Ranking};
use crate::document::Document;

/// What it does, in a line.
pub const ABOUT: &str = "weighted PageRank over shared words";
/// Its paper.
pub const PAPER: &str = "Mihalcea & Tarau 2004, TextRank: Bringing Order into Text";

/// The ranker; it has no settings.
pub struct TextRank;

/// The damping factor.
const DAMPING: f64 = 0.85;
/// Steps at most.
const STEPS: usize = 100;
/// Change a sentence below which the walk has settled.
const SETTLED: f64 = 1e-9;

impl Ranker for TextRank {
    fn rank(&self, document: &Document, _idf: &[f64]) -> Ranking {
        let candidates = document.candidates();
        let sentences: Vec<&[u32]> = candidates.iter().map(|&i| document.tokens(i)).collect();
        let scores = Graph::new(&sentences, document.terms().len()).walk();
        Ranking::new(document.sentences().len(), &candidates, &scores, &scores, |_| false)
    }

    /// The paper takes the best and looks no further.
    fn redundancy_cut(&self) -> f64 {
        2.0
    }
}

/// The graph, folded: sentences of one length that share a term are one slot.
struct Graph {
    /// Words of each sentence.
    lengths: Vec<usize>,
    /// For each sentence its distinct terms, each as the slot of that term and of the sentence's length.
    entries: Vec<Vec<usize>>,
    /// For each slot the range of slots of the same term.
    peers: Vec<std::ops::Range<usize>>,
    /// The length of each slot.
    of_length: Vec<usize>,
    /// Logarithms of lengths.
    ln: Vec<f64>,
    /// Sum of the links of each sentence.
    degree: Vec<f64>,
}

impl Graph {
    fn new(sentences: &[&[u32]], terms: usize) -> Graph {
        let lengths: Vec<usize> = sentences.iter().map(|tokens| tokens.len()).collect();
        let mut of_term: Vec<Vec<usize>> = vec![Vec::new(); terms];
        let distinct: Vec<Vec<u32>> = sentences.iter().map(|tokens| distinct(tokens)).collect();
        for (terms, &length) in distinct.iter().zip(&lengths) {
            terms.iter().for_each(|&term| of_term[term as usize].push(length));
        }
        let (mut starts, mut peers, mut of_length) = (Vec::new(), Vec::new(), Vec::new());
        for lengths in &mut of_term {
            lengths.sort_unstable();
            lengths.dedup();
            let range = of_length.len()..of_length.len() + lengths.len();
            starts.push(range.start);
            peers.extend(std::iter::repeat_n(range, lengths.len()));
            of_length.extend_from_slice(lengths);
        }
        let slot = |term: u32, length: usize| {
            starts[term as usize] + of_term[term as usize].binary_search(&length).expect("the length was put there")
        };
        let entries = distinct.iter().zip(&lengths).map(|(terms, &length)| terms.iter().map(|&term| slot(term, length)).collect());
        let ln = (0..=lengths.iter().copied().max().unwrap_or(0)).map(|n| (n.max(1) as f64).ln()).collect();
        let mut graph = Graph { entries: entries.collect(), lengths, peers, of_length, ln, degree: Vec::new() };
        graph.degree = graph.links(&vec![1.0; graph.lengths.len()]);
        graph
    }

    /// For each sentence the sum of `values` of the others, each by the weight of the link to it. Whole numbers stay exact, so
    /// that a sentence without links gets zero.
    fn links(&self, values: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.of_length.len()];
        for (entries, value) in self.entries.iter().zip(values) {
            entries.iter().for_each(|&slot| sums[slot] += value);
        }
        let of_entry = |i: usize, slot: usize| -> f64 {
            let own = |peer: usize| if peer == slot { values[i] } else { 0.0 };
            self.peers[slot].clone().map(|peer| (sums[peer] - own(peer)) * self.closeness(self.lengths[i], self.of_length[peer])).sum()
        };
        (0..values.len()).map(|i| self.entries[i].iter().map(|&slot| of_entry(i, slot)).sum()).collect()
    }

    /// What a shared word is worth between two lengths; nothing between two single words, where the paper divides by zero.
    fn closeness(&self, one: usize, other: usize) -> f64 {
        let sum = self.ln[one] + self.ln[other];
        if sum > 0.0 { 1.0 / sum } else { 0.0 }
    }

    /// PageRank as in the paper: 1 - d, and d times what the neighbours give.
    fn walk(&self) -> Vec<f64> {
        let mut now = vec![1.0; self.lengths.len()];
        for _ in 0..STEPS {
            let given: Vec<f64> =
                now.iter().zip(&self.degree).map(|(now, degree)| if *degree > 0.0 { now / degree } else { 0.0 }).collect();
            let next: Vec<f64> = self.links(&given).iter().map(|sum| (1.0 - DAMPING) + DAMPING * sum).collect();
            let change = now.iter().zip(&next).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            now = next;
            if change < SETTLED {
                break;
            }
        }
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paper's formulas over all pairs.
    fn plain(sentences: &[&[u32]]) -> Vec<f64> {
        let n = sentences.len();
        let link = |i: usize, j: usize| {
            let shared = distinct(sentences[i]).iter().filter(|term| sentences[j].contains(term)).count() as f64;
            let size = (sentences[i].len() as f64).ln() + (sentences[j].len() as f64).ln();
            if i == j || shared == 0.0 || size == 0.0 { 0.0 } else { shared / size }
        };
        let degree: Vec<f64> = (0..n).map(|i| (0..n).map(|j| link(i, j)).sum()).collect();
        let mut now = vec![1.0; n];
        for _ in 0..200 {
            let given = |i: usize| (0..n).filter(|&j| degree[j] > 0.0).map(|j| link(j, i) / degree[j] * now[j]).sum::<f64>();
            now = (0..n).map(|i| 0.15 + 0.85 * given(i)).collect();
        }
        now
    }

    #[test]
    fn folding_the_graph_changes_no_score() {
        let sentences: [&[u32]; 8] = [&[0, 1, 1], &[1, 2], &[0, 1, 2, 3], &[4], &[4], &[], &[3, 0, 2], &[5, 6]];
        let fast = Graph::new(&sentences, 7).walk();
        for (i, (fast, plain)) in fast.iter().zip(plain(&sentences)).enumerate() {
            assert!((fast - plain).abs() < 1e-6, "{i}: {fast} for {plain}");
        }
        assert_eq!(fast[7], 1.0 - DAMPING, "who shares nothing is given nothing");
    }
}
