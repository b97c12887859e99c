//! Tables that did not see what they are measured on: the articles of each set are dealt into five parts by their place, and a
//! table is fitted without each part in turn.

use epitome::summary::trees::Trees;
use rayon::prelude::*;

use super::boost::{Recipe, Rows, fit};
use super::texts::Set;

/// Parts that the articles of a set are dealt into.
pub const FOLDS: usize = 5;

/// A set and what a sentence of it counts.
pub type Weighed<'a> = (&'a Set, f64);

/// A table without each part, and one of everything.
pub struct Crossed(Vec<Trees>);

impl Crossed {
    /// Fits all of them.
    pub fn fit(sets: &[Weighed], recipe: Recipe) -> Crossed {
        let parts: Vec<Option<usize>> = (0..FOLDS).map(Some).chain([None]).collect();
        Crossed(parts.into_par_iter().map(|part| fit(&rows(sets, part), recipe)).collect())
    }

    /// The table that did not see the article at a place of any of its sets.
    pub fn without(&self, place: usize) -> &Trees {
        &self.0[place % FOLDS]
    }

    /// The table of everything.
    pub fn whole(&self) -> &Trees {
        &self.0[FOLDS]
    }
}

/// The sentences of all articles, but for those of a part.
pub fn rows(sets: &[Weighed], without: Option<usize>) -> Rows {
    let mut rows = Rows::default();
    for (set, weight) in sets {
        let seen = set.texts.iter().enumerate().filter(|(at, _)| Some(at % FOLDS) != without);
        seen.for_each(|(_, text)| rows.extend(&text.rows, *weight));
    }
    rows
}
