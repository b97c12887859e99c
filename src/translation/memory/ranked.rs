//! The best matches so far, in order, one a pair of source and translation; and the score that another must have to be among them.

use std::cmp::Ordering;

use super::{Match, newest_first};

/// Matches, the best first.
pub(super) struct Ranked<'a> {
    pub(super) matches: Vec<Match<'a>>,
    numbers: Vec<u32>,
    limit: usize,
    min_score: u8,
}

impl<'a> Ranked<'a> {
    pub(super) fn new(limit: usize, min_score: u8) -> Ranked<'a> {
        Ranked { matches: Vec::new(), numbers: Vec::new(), limit, min_score: min_score.clamp(1, 100) }
    }

    /// The least score that is of interest.
    pub(super) fn floor(&self) -> u8 {
        match self.matches.last() {
            _ if self.limit == 0 => u8::MAX,
            Some(last) if self.matches.len() == self.limit => last.score().max(self.min_score),
            _ => self.min_score,
        }
    }

    /// Adds a match of the entry of a number, if it is good enough.
    pub(super) fn add(&mut self, found: Match<'a>, number: u32) {
        if found.score() < self.floor() {
            return;
        }
        let place = |(other, at): (&Match, &u32)| compare(other, &found).then(at.cmp(&number)) == Ordering::Less;
        let at = self.matches.iter().zip(&self.numbers).take_while(|pair| place(*pair)).count();
        let same = |other: &Match| other.entry.source == found.entry.source && other.entry.target == found.entry.target;
        if self.matches[..at].iter().any(same) {
            return;
        }
        if let Some(worse) = self.matches[at..].iter().position(same) {
            self.matches.remove(at + worse);
            self.numbers.remove(at + worse);
        }
        self.matches.insert(at, found);
        self.numbers.insert(at, number);
        self.matches.truncate(self.limit);
        self.numbers.truncate(self.limit);
    }
}

fn compare(one: &Match, other: &Match) -> Ordering {
    let best = (other.score(), other.context).cmp(&(one.score(), one.context));
    best.then_with(|| newest_first(one.entry, other.entry))
}
