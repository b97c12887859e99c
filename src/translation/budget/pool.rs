//! The ladders of a batch, put together, and what a budget takes of them.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::twin::{Said, Twin, Twins};
use super::{Turn, rate};

/// A rung of some article's ladder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Number of the article.
    pub article: u32,
    /// Index of the offer in it.
    pub offer: u32,
    /// Its words.
    pub words: u32,
    /// What they cost, in thousandths of a new word.
    pub cost: u32,
    /// What it adds to the rungs before it.
    pub gain: f32,
    /// When its turn comes.
    pub turn: Turn,
    /// By what others that say the same are known.
    pub twin: Twin,
}

impl Step {
    fn key(&self) -> Key {
        (self.article, self.offer)
    }

    fn rate(&self) -> f64 {
        rate(self.gain.into(), self.cost)
    }

    /// The order in which a batch is taken. Ties break by position.
    fn before(&self, other: &Step) -> Ordering {
        let by_rate = other.rate().total_cmp(&self.rate());
        self.turn.cmp(&other.turn).then(by_rate).then((self.article, self.offer).cmp(&(other.article, other.offer)))
    }
}

/// Article and offer.
pub type Key = (u32, u32);

/// So many of those passed over are named; the others are counted.
pub const LISTED: usize = 1000;

/// All that can be taken, in the order in which it is.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    pub(super) steps: Vec<Step>,
    twins: Twins,
}

/// What was taken.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// What was taken, growing.
    pub taken: Vec<Key>,
    /// What it is worth at least, where each article is worth 1.
    pub worth: f64,
    /// Its words.
    pub words: u64,
    /// What they cost, in thousandths of a new word.
    pub cost: u64,
    /// Offers passed over that say what one of them does.
    pub repeats: u64,
    /// The first [`LISTED`] of these, growing, and what was taken that says the same.
    pub passed_over: Vec<(Key, Key)>,
}

impl Choice {
    /// The offers that were taken of an article, growing.
    pub fn of(&self, article: u32) -> impl Iterator<Item = u32> {
        let start = self.taken.partition_point(|(other, _)| *other < article);
        self.taken[start..].iter().take_while(move |(other, _)| *other == article).map(|(_, offer)| *offer)
    }

    fn take(&mut self, step: &Step) {
        self.taken.push(step.key());
        self.worth += f64::from(step.gain);
        self.words += u64::from(step.words);
        self.cost += u64::from(step.cost);
    }
}

impl Pool {
    /// The steps of a batch, in any order.
    pub fn new(mut steps: Vec<Step>) -> Pool {
        steps.sort_unstable_by(Step::before);
        let twins = Twins::new(steps.len(), |i| steps[i].twin);
        Pool { steps, twins }
    }

    /// What all steps cost.
    pub fn cost(&self) -> u64 {
        self.steps.iter().map(|step| u64::from(step.cost)).sum()
    }

    /// What a budget takes: what comes first and fits. Of several that say the same the first is taken. Of an article whose title or lead
    /// does not fit nothing more is.
    pub fn choose(&self, most: u64) -> Choice {
        let (mut choice, mut said) = (Choice::default(), Said::new(&self.twins));
        let mut passed_over = BinaryHeap::new();
        let mut closed = vec![false; self.steps.iter().map(|step| step.article as usize + 1).max().unwrap_or(0)];
        for (i, step) in self.steps.iter().enumerate() {
            let closed = &mut closed[step.article as usize];
            if let Some(by) = said.by(i) {
                choice.repeats += 1;
                passed_over.push((step.key(), self.steps[by].key()));
                if passed_over.len() > LISTED {
                    passed_over.pop();
                }
            } else if !*closed && choice.cost + u64::from(step.cost) <= most {
                said.take(i);
                choice.take(step);
            } else {
                *closed |= step.turn != Turn::Rest;
            }
        }
        choice.taken.sort_unstable();
        choice.passed_over = passed_over.into_sorted_vec();
        choice
    }

    /// What budgets take, none worth less than a smaller one; they come growing.
    pub fn curve(&self, budgets: &[u64]) -> Vec<Choice> {
        let mut choices: Vec<Choice> = Vec::with_capacity(budgets.len());
        for most in budgets {
            let choice = self.choose(*most);
            let better = choices.last().filter(|smaller| smaller.worth > choice.worth).cloned();
            choices.push(better.unwrap_or(choice));
        }
        choices
    }
}
