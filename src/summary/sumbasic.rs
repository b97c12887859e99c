//! SumBasic: sentences are picked one after the other, each the one with the likeliest words on average among those with the
//! likeliest word, whose words then count for less (Nenkova & Vanderwende, "The Impact of Frequency on Summarization", Microsoft
//! Research MSR-TR-2005-101, 2005). The ranking is the order of picks; idf plays no part. Weights only fall, so a sentence is
//! weighed again only when it comes to the head of its queue, and a long article costs little more than its length.

use std::collections::BinaryHeap;

use super::features::distinct;
use super::queue::Weighed;
use super::{Ranker, Ranking};
use crate::document::Document;

/// What it does, in a line.
pub const ABOUT: &str = "likeliest words first, each counting for less once said";
/// Its paper.
pub const PAPER: &str = "Nenkova & Vanderwende 2005, The Impact of Frequency on Summarization";

/// The ranker; it has no settings.
pub struct SumBasic;

impl Ranker for SumBasic {
    fn rank(&self, document: &Document, _idf: &[f64]) -> Ranking {
        let candidates = document.candidates();
        let sentences: Vec<&[u32]> = candidates.iter().map(|&i| document.tokens(i)).collect();
        let (mut scores, mut weights) = (vec![0.0; sentences.len()], vec![0.0; sentences.len()]);
        for (pick, (sentence, weight)) in picks(&sentences, document.terms().len()).into_iter().enumerate() {
            scores[sentence] = 1.0 / (pick + 1) as f64;
            weights[sentence] = weight;
        }
        Ranking::new(document.sentences().len(), &candidates, &scores, &weights, |_| false)
    }

    /// Words that were said count for less: that is the method's own way with repetition.
    fn redundancy_cut(&self) -> f64 {
        2.0
    }
}

/// Sentences in the order of picks, each with its weight when it was picked; those without a word come last.
fn picks(sentences: &[&[u32]], terms: usize) -> Vec<(usize, f64)> {
    let mut state = State::new(sentences, terms);
    let mut picked: Vec<(usize, f64)> = std::iter::from_fn(|| state.pick()).collect();
    picked.extend((0..sentences.len()).filter(|&i| !state.taken[i]).map(|i| (i, 0.0)));
    picked
}

struct State<'a> {
    sentences: &'a [&'a [u32]],
    /// Logarithm of each word's probability: squaring doubles it, and it does not vanish.
    ln: Vec<f64>,
    /// Words by probability; one that has fallen since is put back when it is met.
    words: BinaryHeap<Weighed>,
    /// For each word the sentences that hold it, by a weight that they may have fallen below since.
    holders: Vec<BinaryHeap<Weighed>>,
    taken: Vec<bool>,
}

impl<'a> State<'a> {
    fn new(sentences: &'a [&'a [u32]], terms: usize) -> State<'a> {
        let mut count = vec![0u32; terms];
        sentences.iter().copied().flatten().for_each(|&term| count[term as usize] += 1);
        let total: u32 = count.iter().sum();
        let ln: Vec<f64> = count.iter().map(|&count| (f64::from(count) / f64::from(total)).ln()).collect();
        let words = (0..terms).filter(|&term| count[term] > 0).map(|term| Weighed { weight: ln[term], index: term });
        let words = words.collect();
        let mut state = State { sentences, ln, words, holders: vec![BinaryHeap::new(); terms], taken: vec![false; sentences.len()] };
        for (index, tokens) in sentences.iter().enumerate() {
            let weighed = Weighed { weight: state.weight(index), index };
            distinct(tokens).into_iter().for_each(|term| state.holders[term as usize].push(weighed));
        }
        state
    }

    /// Average probability of a sentence's words.
    fn weight(&self, sentence: usize) -> f64 {
        let tokens = self.sentences[sentence];
        tokens.iter().map(|&term| self.ln[term as usize].exp()).sum::<f64>() / tokens.len() as f64
    }

    /// Takes the best sentence with the likeliest word; `None` once no sentence with a word is left.
    fn pick(&mut self) -> Option<(usize, f64)> {
        while let Some(word) = self.words.pop() {
            let now = Weighed { weight: self.ln[word.index], ..word };
            if now.weight < word.weight {
                self.words.push(now);
                continue;
            }
            // A word that every sentence has used up is not put back.
            if let Some(best) = self.best_holder(word.index) {
                self.words.push(now);
                self.take(best.index);
                return Some((best.index, best.weight));
            }
        }
        None
    }

    /// The best sentence with a word, as the sentences weigh now.
    fn best_holder(&mut self, term: usize) -> Option<Weighed> {
        let mut holders = std::mem::take(&mut self.holders[term]);
        let mut best = None;
        while let Some(holder) = holders.pop() {
            if self.taken[holder.index] {
                continue;
            }
            let now = Weighed { weight: self.weight(holder.index), ..holder };
            if now == holder {
                best = Some(now);
                break;
            }
            holders.push(now);
        }
        self.holders[term] = holders;
        best
    }

    fn take(&mut self, sentence: usize) {
        self.taken[sentence] = true;
        distinct(self.sentences[sentence]).into_iter().for_each(|term| self.ln[term as usize] *= 2.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The paper's steps, everything weighed anew at each.
    fn plain(sentences: &[&[u32]], terms: usize) -> Vec<usize> {
        let all: Vec<u32> = sentences.concat();
        let times = |term: u32| all.iter().filter(|&&t| t == term).count() as f64;
        let mut ln: Vec<f64> = (0..terms as u32).map(|term| (times(term) / all.len() as f64).ln()).collect();
        let mut left: Vec<usize> = (0..sentences.len()).collect();
        let mut picked = Vec::new();
        let first_best = |items: &[usize], weight: &dyn Fn(usize) -> f64| {
            items.iter().copied().reduce(|best, item| if weight(item) > weight(best) { item } else { best })
        };
        while let Some(&any) = left.first() {
            let words: Vec<usize> = (0..terms).filter(|&term| left.iter().any(|&i| sentences[i].contains(&(term as u32)))).collect();
            let word = first_best(&words, &|term| ln[term]);
            let holders: Vec<usize> = left.iter().copied().filter(|&i| word.is_some_and(|w| sentences[i].contains(&(w as u32)))).collect();
            let average = |i: usize| sentences[i].iter().map(|&t| ln[t as usize].exp()).sum::<f64>() / sentences[i].len() as f64;
            let best = first_best(&holders, &average).unwrap_or(any);
            distinct(sentences[best]).iter().for_each(|&term| ln[term as usize] *= 2.0);
            left.retain(|&i| i != best);
            picked.push(best);
        }
        picked
    }

    proptest! {
        #[test]
        fn queues_pick_as_weighing_anew_does(sentences in prop::collection::vec(prop::collection::vec(0u32..12, 0..8), 0..20)) {
            let sentences: Vec<&[u32]> = sentences.iter().map(Vec::as_slice).collect();
            let order: Vec<usize> = picks(&sentences, 12).into_iter().map(|(sentence, _)| sentence).collect();
            prop_assert_eq!(order, plain(&sentences, 12));
        }
    }

    #[test]
    fn what_was_said_counts_for_less() {
        let sentences: [&[u32]; 4] = [&[0, 1], &[0, 1], &[2], &[0, 3, 3]];
        let order: Vec<usize> = picks(&sentences, 4).into_iter().map(|(sentence, _)| sentence).collect();
        assert_eq!(order, [0, 3, 2, 1]);
    }
}
