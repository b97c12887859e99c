//! From a posterior to a probability that means what it says.

use super::path::Step;

/// The probability that a step is right.
pub(super) fn of(step: &Step) -> f64 {
    f64::from(step.posterior).clamp(0.0, 1.0)
}
