//! The order in which an article's offers are taken, whatever the budget: first titles, then leads, then again and again the one that
//! adds most for its cost. Articles have no terms in common, so that the ladders of a batch, put together by what each rung adds
//! for its cost, are the order in which the batch is taken.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::worth::Covered;
use super::{Offer, Turn, Worth, rate};

/// A step of a ladder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rung {
    /// Index of the offer.
    pub offer: u32,
    /// What it adds to all rungs before it.
    pub gain: f64,
}

/// All offers of an article, in the order in which they are taken. Ties break by position.
pub fn ladder(worth: &Worth, offers: &[Offer]) -> Vec<Rung> {
    let mut covered = Covered::new(worth);
    let mut rungs = Vec::with_capacity(offers.len());
    let indices = || (0u32..).zip(offers);
    for turn in [Turn::Title, Turn::Lead] {
        for (index, offer) in indices().filter(|(_, offer)| offer.turn == turn) {
            rungs.push(Rung { offer: index, gain: covered.take(&offer.terms) });
        }
    }
    let known = rungs.len();
    let rest = indices().filter(|(_, offer)| offer.turn == Turn::Rest);
    let mut heap: BinaryHeap<Promise> =
        rest.map(|(index, offer)| Promise { rate: rate(covered.gain(&offer.terms), offer.cost), offer: index, known }).collect();
    while let Some(best) = heap.pop() {
        let offer = &offers[best.offer as usize];
        if best.known == rungs.len() {
            rungs.push(Rung { offer: best.offer, gain: covered.take(&offer.terms) });
        } else {
            // What it adds only shrinks, so that whoever is still first then is the best.
            let (rate, known) = (rate(covered.gain(&offer.terms), offer.cost), rungs.len());
            heap.push(Promise { rate, known, ..best });
        }
    }
    rungs
}

/// What an offer added for its cost when there were so many rungs.
struct Promise {
    rate: f64,
    offer: u32,
    known: usize,
}

impl Ord for Promise {
    fn cmp(&self, other: &Promise) -> Ordering {
        self.rate.total_cmp(&other.rate).then(other.offer.cmp(&self.offer))
    }
}

impl PartialOrd for Promise {
    fn partial_cmp(&self, other: &Promise) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Promise {
    fn eq(&self, other: &Promise) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Promise {}
