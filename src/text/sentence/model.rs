//! The fitted model: a table of small weights, summed over a candidate's features. `examples/fit_boundaries.rs` makes the table
//! from texts with known boundaries; nothing here learns. What the rules say counts as [`PRIOR`], so where the model knows
//! nothing they stand.

use super::candidate::{FEATURES, SLOTS};

/// Units of a weight in one of logit.
pub const SCALE: f32 = 16.0;

/// What the verdict of the rules weighs, in logit.
pub const PRIOR: f32 = 3.0;

/// Weights by slot.
static WEIGHTS: &[u8; SLOTS] = include_bytes!("../data/boundaries.bin");

/// Whether a sentence ends at a candidate, by what the rules lean to and its features.
pub(super) fn ends(lean: bool, features: &[u32; FEATURES]) -> bool {
    judge(|slot| WEIGHTS[slot] as i8, lean, features)
}

/// The same by any weights, given by slot.
pub fn judge(weight: impl Fn(usize) -> i8, lean: bool, features: &[u32; FEATURES]) -> bool {
    let prior = (PRIOR * SCALE) as i32;
    let weighed: i32 = features.iter().map(|slot| i32::from(weight(*slot as usize))).sum();
    weighed + if lean { prior } else { -prior } > 0
}
