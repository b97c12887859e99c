//! The ladders of a batch, put together, and what a budget takes of them.

use std::cmp::Ordering;

use super::rate;
use super::twin::{Twin, families};

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
    /// It goes before all that is not.
    pub first: bool,
    /// By what others that say the same are known.
    pub twin: Twin,
}

impl Step {
    fn rate(&self) -> f64 {
        rate(self.gain.into(), self.cost)
    }

    /// The order in which a batch is taken. Ties break by position.
    fn before(&self, other: &Step) -> Ordering {
        let by_rate = other.rate().total_cmp(&self.rate());
        other.first.cmp(&self.first).then(by_rate).then((self.article, self.offer).cmp(&(other.article, other.offer)))
    }
}

/// All that can be taken, in the order in which it is.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    pub(super) steps: Vec<Step>,
    /// The first of those that say the same as a step, by index.
    families: Vec<u32>,
}

/// What was taken.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// Article and offer, growing.
    pub taken: Vec<(u32, u32)>,
    /// What they are worth at least, where each article is worth 1.
    pub worth: f64,
    /// Their words.
    pub words: u64,
    /// What they cost, in thousandths of a new word.
    pub cost: u64,
    /// Offers passed over that say what one of them does.
    pub repeats: u64,
}

impl Choice {
    /// The offers that were taken of an article, growing.
    pub fn of(&self, article: u32) -> impl Iterator<Item = u32> {
        let start = self.taken.partition_point(|(other, _)| *other < article);
        self.taken[start..].iter().take_while(move |(other, _)| *other == article).map(|(_, offer)| *offer)
    }

    fn take(&mut self, step: &Step) {
        self.taken.push((step.article, step.offer));
        self.worth += f64::from(step.gain);
        self.words += u64::from(step.words);
        self.cost += u64::from(step.cost);
    }
}

impl Pool {
    /// The steps of a batch, in any order. What is taken of several that say the same is the one that comes first.
    pub fn new(mut steps: Vec<Step>) -> Pool {
        steps.sort_unstable_by(Step::before);
        let families = families(&steps.iter().map(|step| step.twin).collect::<Vec<_>>());
        Pool { steps, families }
    }

    /// What all steps cost.
    pub fn cost(&self) -> u64 {
        self.steps.iter().map(|step| u64::from(step.cost)).sum()
    }

    /// What a budget takes: what comes first and fits; or the best single step, if that is worth more and no title or lead was
    /// taken.
    pub fn choose(&self, most: u64) -> Choice {
        let mut choice = Choice::default();
        let (mut told, mut firsts) = (vec![false; self.steps.len()], false);
        for (step, family) in self.steps.iter().zip(&self.families) {
            let told = &mut told[*family as usize];
            if *told {
                choice.repeats += 1;
            } else if choice.cost + u64::from(step.cost) <= most {
                (*told, firsts) = (true, firsts || step.first);
                choice.take(step);
            }
        }
        if let Some(single) = self.single(most).filter(|single| !firsts && f64::from(single.gain) > choice.worth) {
            choice = Choice::default();
            choice.take(single);
        }
        choice.taken.sort_unstable();
        choice
    }

    /// The best single step within a budget; the first of several.
    fn single(&self, most: u64) -> Option<&Step> {
        let affordable = self.steps.iter().filter(|step| u64::from(step.cost) <= most);
        affordable.reduce(|best, step| if step.gain > best.gain { step } else { best })
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
