//! What the table of each trained ranker is fitted with. How sentences are then taken, the library says itself: a table does not
//! depend on it, and what is measured here is what is shipped.

use epitome::summary::trained::Trained;
use epitome::summary::{news, one};

use super::boost::Recipe;

/// A trained ranker and where its table comes from.
pub struct Profile {
    /// The name of its method and of its table, `src/summary/data/NAME.bin`.
    pub name: &'static str,
    /// The ranker as it is shipped.
    pub shipped: fn() -> Trained<'static>,
    /// Sentences of the summaries that it is for.
    pub sentences: u32,
    /// The sets that its table is fitted to, without `.jsonl`, and what a sentence of theirs counts.
    pub sets: &'static [(&'static str, f64)],
    pub recipe: Recipe,
}

/// All of them.
pub const PROFILES: [Profile; 2] = [
    Profile {
        name: "news",
        shipped: news::ranker,
        sentences: 3,
        sets: &[("cnndm_val", 1.0), ("cnndm_train_cnn300", 1.0), ("cnndm_train_dm200", 1.0), ("orangesum_fr_train", 0.2)],
        recipe: Recipe { trees: 100, depth: 4, rate: 0.1, pull: 2.0, rows: 0.7, features: 0.4 },
    },
    Profile {
        name: "one",
        shipped: one::ranker,
        sentences: 1,
        sets: &[("orangesum_fr_train", 1.0)],
        recipe: Recipe { trees: 300, depth: 3, rate: 0.05, pull: 10.0, rows: 0.7, features: 0.6 },
    },
];

impl Profile {
    /// The profile of a method.
    pub fn find(name: &str) -> Option<&'static Profile> {
        PROFILES.iter().find(|profile| profile.name == name)
    }
}
