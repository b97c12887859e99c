//! What no choice from a batch is worth more than, whatever the budget: the certificate of a choice that was made greedily.
//!
//! For any price of a word, a choice within a budget is worth at most what the budget costs at that price and what each article has
//! beyond the price of its own part (Lagrangian duality; Fisher, "The Lagrangian Relaxation Method", 1981). What an article has at most is
//! told by submodularity, as in the online bound of Minoux (1978) and Leskovec et al. (2007): the worth of any set, here of the first
//! rungs of its ladder, and what every other offer adds to that set alone. The least over many sets and prices is the bound. It is kept
//! as one number a price, so that it takes no memory that grows with the batch, and holds for every budget at once.

use std::sync::LazyLock;

use super::worth::Covered;
use super::{Offer, Rung, WORD, Worth};

/// Prices of a word, from the highest, each so many times the next. An article's worth is 1.
const PRICES: usize = 288;
const HIGHEST: f64 = 1.0;
const STEP: f64 = 1.05;

/// What articles have at most beyond each price.
#[derive(Clone, Debug, PartialEq)]
pub struct Ceiling(Vec<f64>);

impl Default for Ceiling {
    fn default() -> Ceiling {
        Ceiling(vec![0.0; PRICES])
    }
}

/// The prices of a thousandth of a word.
static PER_MILLE: LazyLock<[f64; PRICES]> = LazyLock::new(|| std::array::from_fn(|index| HIGHEST / STEP.powi(index as i32) / WORD as f64));

impl Ceiling {
    /// That of one article, by its ladder.
    pub fn of(worth: &Worth, offers: &[Offer], rungs: &[Rung]) -> Ceiling {
        // All that there is costs nothing yet.
        let mut least = Ceiling(vec![rungs.iter().map(|rung| rung.gain).sum(); PRICES]);
        let mut covered = Covered::new(worth);
        let (mut value, mut taken) = (0.0, 0);
        while taken < rungs.len() {
            least.lower(value, &rungs[taken..], offers, &covered);
            // Sets of 0, 1, 2, 4, 8 .. rungs: few enough to take no longer than the ladder did.
            let next = (2 * taken).max(1).min(rungs.len());
            value += rungs[taken..next].iter().map(|rung| covered.take(&offers[rung.offer as usize].terms)).sum::<f64>();
            taken = next;
        }
        least
    }

    /// Lowers it to what a set of that value allows, where nothing but `rest` is left.
    fn lower(&mut self, value: f64, rest: &[Rung], offers: &[Offer], covered: &Covered) {
        let of = |rung: &Rung| {
            let offer = &offers[rung.offer as usize];
            let gain = covered.gain(&offer.terms);
            let cost = f64::from(offer.cost);
            (gain / cost.max(1.0), gain, cost)
        };
        let mut added: Vec<(f64, f64, f64)> = rest.iter().map(of).collect();
        added.sort_by(|one, other| other.0.total_cmp(&one.0));
        let (mut at, mut gains, mut costs) = (0, 0.0, 0.0);
        for (price, least) in PER_MILLE.iter().zip(&mut self.0) {
            while let Some((_, gain, cost)) = added.get(at).filter(|(rate, ..)| rate > price) {
                (gains, costs, at) = (gains + gain, costs + cost, at + 1);
            }
            *least = least.min(value + gains - price * costs);
        }
    }

    /// Adds that of another article.
    pub fn add(&mut self, other: &Ceiling) {
        self.0.iter_mut().zip(&other.0).for_each(|(sum, more)| *sum += more);
    }

    /// What no choice that costs at most so many thousandths of a word is worth more than; an article's whole worth is 1.
    pub fn within(&self, most: u64) -> f64 {
        let bounds = PER_MILLE.iter().zip(&self.0).map(|(price, beyond)| most as f64 * price + beyond);
        // Sums are rounded; so much more is certain.
        bounds.fold(f64::INFINITY, f64::min) * (1.0 + 1e-9)
    }
}
