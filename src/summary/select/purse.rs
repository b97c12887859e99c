//! What is taken and what is left to spend. A sentence costs what a reader is given of it, marks and speakers that are supplied
//! included. It chooses nothing.

use std::cell::Cell;

use super::{Budget, Chosen, Summary};
use crate::document::Document;
use crate::summary::{Ranking, display};

/// What is taken and what is left to spend.
pub(super) struct Purse {
    /// In document order.
    pub(super) taken: Vec<usize>,
    /// In sentences, words or characters.
    pub(super) left: u64,
    measure: fn(&Document, usize) -> u64,
    /// Cost of the blank before every sentence but the first.
    joint: u64,
    /// What was measured before, by sentence; empty where measuring costs nothing.
    measured: Vec<Cell<Option<u64>>>,
}

impl Purse {
    pub(super) fn new(document: &Document, ranking: &Ranking, budget: Budget) -> Purse {
        let words = |document: &Document, i: usize| u64::from(document.sentences()[i].words);
        let shown = |document: &Document, i: usize| u64::from(document.sentences()[i].words + display::added_words(document, i));
        let purse =
            |left: u64, measure: fn(&Document, usize) -> u64| Purse { taken: Vec::new(), left, measure, joint: 0, measured: Vec::new() };
        match budget {
            Budget::Sentences(n) => purse(n.into(), |_, _| 1),
            Budget::Words(n) => purse(n.into(), shown),
            Budget::Characters(n) => Purse {
                joint: 1,
                measured: vec![Cell::new(None); document.sentences().len()],
                ..purse(n.into(), |document, i| display::longest(document, i, |text| text.chars().count()))
            },
            Budget::Ratio(share) => {
                let total: u64 = ranking.order.iter().map(|&i| words(document, i)).sum();
                purse((total as f64 * share).floor() as u64, shown)
            }
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.left == 0
    }

    /// Whether a sentence is taken.
    pub(super) fn holds(&self, sentence: usize) -> bool {
        self.taken.binary_search(&sentence).is_ok()
    }

    /// How many of the best sentences are worth a look: several times as many as can be paid for.
    pub(super) fn worth_a_look(&self) -> usize {
        const LEAST: u64 = 8;
        usize::try_from(self.left.saturating_mul(4).saturating_add(LEAST)).unwrap_or(usize::MAX)
    }

    /// What sentences cost together.
    pub(super) fn cost(&self, document: &Document, sentences: &[usize]) -> u64 {
        let joints = self.joint * (sentences.len() as u64).saturating_sub(u64::from(self.taken.is_empty()));
        sentences.iter().map(|&i| self.of(document, i)).sum::<u64>() + joints
    }

    /// What a sentence costs by itself.
    fn of(&self, document: &Document, sentence: usize) -> u64 {
        let Some(cell) = self.measured.get(sentence) else { return (self.measure)(document, sentence) };
        let cost = cell.get().unwrap_or_else(|| (self.measure)(document, sentence));
        cell.set(Some(cost));
        cost
    }

    /// Whether sentences can be paid for together.
    pub(super) fn pays(&self, document: &Document, sentences: &[usize]) -> bool {
        self.cost(document, sentences) <= self.left
    }

    /// Takes a sentence if it can be paid for.
    pub(super) fn take(&mut self, document: &Document, sentence: usize) -> bool {
        let cost = self.cost(document, &[sentence]);
        let pays = cost <= self.left;
        if pays {
            self.left -= cost;
            let place = self.taken.partition_point(|&i| i < sentence);
            self.taken.insert(place, sentence);
        }
        pays
    }

    pub(super) fn into_summary(self, document: &Document, ranking: &Ranking, over_budget: bool) -> Summary {
        let before = std::iter::once(None).chain(self.taken.iter().map(|&i| Some(i)));
        let chosen = |(&i, before): (&usize, Option<usize>)| Chosen {
            sentence: i,
            rank: ranking.ranks[i].unwrap_or(0),
            score: ranking.scores[i].unwrap_or(0.0),
            weight: ranking.weights[i],
            display: display::display(document, i, before),
        };
        Summary {
            words: self.taken.iter().map(|&i| document.sentences()[i].words).sum(),
            sentences: self.taken.iter().zip(before).map(chosen).collect(),
            over_budget,
        }
    }
}
