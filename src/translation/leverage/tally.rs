//! Sums by level: of an article, of a batch, of the summaries alone. Every segment stands in one level, or among those that are locked, so
//! that totals are equal to their parts.

use std::ops::AddAssign;

use super::count::Size;
use super::level::{Level, Weights};

/// What segments come to, by level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    levels: [Size; 10],
    internal: [Size; 10],
    /// What is not to be translated, which is in no level.
    pub locked: Size,
    /// What is met for the first time, whatever its level.
    pub unique: Size,
}

impl Tally {
    /// Adds a segment that is to be translated; `internal` if earlier segments of the batch made its level.
    pub fn add(&mut self, level: Level, size: Size, internal: bool) {
        self.levels[level as usize] += size;
        if internal {
            self.internal[level as usize] += size;
        }
    }

    /// What stands at a level.
    pub fn of(&self, level: Level) -> Size {
        self.levels[level as usize]
    }

    /// What of it is there for the sake of earlier segments of the batch that are alike.
    pub fn internal(&self, level: Level) -> Size {
        self.internal[level as usize]
    }

    /// What is to be translated.
    pub fn total(&self) -> Size {
        sum(&self.levels)
    }

    /// All that is there for the sake of earlier segments of the batch that are alike.
    pub fn total_internal(&self) -> Size {
        sum(&self.internal)
    }

    /// What the words cost, in thousandths of a new word.
    pub fn weighted(&self, weights: &Weights) -> u64 {
        Level::ALL.into_iter().map(|level| weights.weighted(level, self.of(level).words)).sum()
    }
}

fn sum(sizes: &[Size]) -> Size {
    sizes.iter().fold(Size::default(), |mut sum, size| {
        sum += *size;
        sum
    })
}

impl AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, other: &Tally) {
        self.levels.iter_mut().zip(other.levels).for_each(|(one, other)| *one += other);
        self.internal.iter_mut().zip(other.internal).for_each(|(one, other)| *one += other);
        self.locked += other.locked;
        self.unique += other.unique;
    }
}
