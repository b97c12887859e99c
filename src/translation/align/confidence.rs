//! From a posterior to a probability that means what it says. A posterior is sure of a path as far as its own model goes; what people
//! call right also depends on how freely a text is translated, and where sentences were often merged, split or left out, one to one
//! is less often the whole truth. A logistic map of the two, fitted to gold of eight batches (the four sets that `tuning` names, two of
//! them document by document, and so English and Bengali scripture and a Spanish and Japanese handbook), each counting the same, that of
//! mountaineers twice. It grows with the posterior.

use super::path::Step;

/// The map at a posterior of one half, in a text that is translated sentence by sentence.
const BASE: f64 = 2.407;
/// What a unit of the posterior's log odds is worth.
const SLOPE: f64 = 0.676;
/// What a bead that is not one to one has less.
const MERGED: f64 = -0.637;
/// What a bead in a text without any one to one bead has less.
const LOOSE: f64 = -7.123;
/// The same for sentences left alone, where the freedom of the text changes nothing.
const ALONE_BASE: f64 = 0.298;
const ALONE_SLOPE: f64 = 0.431;

/// Steps that a text is taken to have before the first is seen, and the share of them that is not one to one.
const PRIOR: (f64, f64) = (20.0, 0.15);

/// Log odds beyond which a posterior is no surer.
const SUREST: f64 = 13.8;

/// The probability of each step of a document's path that it is right.
pub(super) fn of(path: &[Step]) -> Vec<f64> {
    let merged = path.iter().filter(|step| step.shape() != (1, 1)).count() as f64;
    let loose = (merged + PRIOR.0 * PRIOR.1) / (path.len() as f64 + PRIOR.0);
    path.iter().map(|step| probability(step, loose)).collect()
}

fn probability(step: &Step, loose: f64) -> f64 {
    let posterior = f64::from(step.posterior).clamp(0.0, 1.0);
    let odds = (posterior.ln() - (1.0 - posterior).ln()).clamp(-SUREST, SUREST);
    let odds = match step.shape() {
        (1, 1) => BASE + SLOPE * odds + LOOSE * loose,
        _ if step.is_bead() => BASE + SLOPE * odds + LOOSE * loose + MERGED,
        _ => ALONE_BASE + ALONE_SLOPE * odds,
    };
    1.0 / (1.0 + (-odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(sources: u8, targets: u8, posterior: f32) -> Step {
        Step { source: 0, target: 0, sources, targets, posterior }
    }

    #[test]
    fn confidence_grows_with_the_posterior_and_shrinks_with_freedom() {
        let strict: Vec<f64> = of(&[0.0, 0.2, 0.5, 0.9, 0.999, 1.0].map(|posterior| step(1, 1, posterior)));
        assert!(strict.is_sorted() && strict.iter().all(|one| (0.0..=1.0).contains(one)), "{strict:?}");
        let free = of(&[step(1, 1, 0.9), step(2, 1, 0.9), step(1, 0, 0.9), step(0, 1, 0.9)]);
        assert!(free[0] < strict[3] && free[1] < free[0] && free[2] == free[3], "{free:?}");
    }
}
