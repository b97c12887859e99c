//! What the terms of an article are worth, and what a set of its sentences covers of that.

/// By this power of its weight a sentence gives to its terms: what matters most counts a little more than its share. Found on news with
/// the highlights of editors (`benches/budget.rs`), where everything from 1.25 to 1.5 does equally well.
const POWER: f64 = 1.25;

/// What each term of an article is worth, by its local number; all together 1, unless no sentence has both weight and terms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worth(Vec<f64>);

impl Worth {
    /// From the weights of sentences and their terms, each term once a sentence: every sentence gives its terms equal parts. `terms` is the
    /// number of local terms.
    pub fn new<'a>(sentences: impl Iterator<Item = (f64, &'a [u32])>, terms: usize) -> Worth {
        let mut worth = vec![0.0; terms];
        for (weight, of_sentence) in sentences.filter(|(weight, _)| *weight > 0.0) {
            let part = weight.powf(POWER) / of_sentence.len().max(1) as f64;
            of_sentence.iter().for_each(|term| worth[*term as usize] += part);
        }
        let sum: f64 = worth.iter().sum();
        if sum > 0.0 {
            worth.iter_mut().for_each(|worth| *worth /= sum);
        }
        Worth(worth)
    }

    /// What several offers cover together, by their terms.
    pub fn of<'a>(&self, offers: impl Iterator<Item = &'a [u32]>) -> f64 {
        let mut covered = Covered::new(self);
        offers.map(|terms| covered.take(terms)).sum()
    }
}

/// What is covered so far.
pub(super) struct Covered<'a> {
    worth: &'a Worth,
    terms: Vec<bool>,
}

impl Covered<'_> {
    /// Nothing yet.
    pub(super) fn new(worth: &Worth) -> Covered<'_> {
        Covered { worth, terms: vec![false; worth.0.len()] }
    }

    /// What terms would add.
    pub(super) fn gain(&self, terms: &[u32]) -> f64 {
        terms.iter().map(|&term| term as usize).filter(|&term| !self.terms[term]).map(|term| self.worth.0[term]).sum()
    }

    /// Covers terms and says what they added.
    pub(super) fn take(&mut self, terms: &[u32]) -> f64 {
        let gain = self.gain(terms);
        terms.iter().for_each(|&term| self.terms[term as usize] = true);
        gain
    }
}
