//! Levels of leverage: what a memory and the batch itself save on a segment, ten of them, each with the share of a word's price that is
//! paid at it. It finds no match and knows no file; a table of weights is read in `format`.

/// What is there already of a segment's translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// 102: equal, in the same article, between the same neighbours.
    Document,
    /// 101: equal, between the same neighbours.
    Context,
    /// 100: equal.
    Exact,
    /// Equal to a segment before it in the same article.
    Repetition,
    /// Equal to a segment of an article before it.
    CrossFile,
    /// 95 to 99 percent alike.
    Fuzzy95,
    /// 85 to 94.
    Fuzzy85,
    /// 75 to 84.
    Fuzzy75,
    /// 50 to 74.
    Fuzzy50,
    /// Nothing of use.
    New,
}

impl Level {
    /// Every level, in order of precedence.
    pub const ALL: [Level; 10] = [
        Level::Document,
        Level::Context,
        Level::Exact,
        Level::Repetition,
        Level::CrossFile,
        Level::Fuzzy95,
        Level::Fuzzy85,
        Level::Fuzzy75,
        Level::Fuzzy50,
        Level::New,
    ];

    /// The level of a match by its number: 102, 101, or a score (see [`Match::level`](crate::translation::memory::Match::level)).
    pub fn of(number: u8) -> Level {
        match number {
            102.. => Level::Document,
            101 => Level::Context,
            100 => Level::Exact,
            95..=99 => Level::Fuzzy95,
            85..=94 => Level::Fuzzy85,
            75..=84 => Level::Fuzzy75,
            50..=74 => Level::Fuzzy50,
            _ => Level::New,
        }
    }

    /// The least percent of something alike that makes a better level; `None` if there is none.
    pub fn better(self) -> Option<u8> {
        match self {
            Level::New => Some(50),
            Level::Fuzzy50 => Some(75),
            Level::Fuzzy75 => Some(85),
            Level::Fuzzy85 => Some(95),
            _ => None,
        }
    }

    /// Its name in files of weights and in records.
    pub fn name(self) -> &'static str {
        match self {
            Level::Document => "102",
            Level::Context => "101",
            Level::Exact => "100",
            Level::Repetition => "repetition",
            Level::CrossFile => "cross-file",
            Level::Fuzzy95 => "95-99",
            Level::Fuzzy85 => "85-94",
            Level::Fuzzy75 => "75-84",
            Level::Fuzzy50 => "50-74",
            Level::New => "none",
        }
    }

    /// The level of a name.
    pub fn named(name: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.name() == name)
    }

    /// Whether something alike, but not equal, is there.
    pub fn is_fuzzy(self) -> bool {
        matches!(self, Level::Fuzzy95 | Level::Fuzzy85 | Level::Fuzzy75 | Level::Fuzzy50)
    }
}

/// What a word costs at each level, as a share of a new word's price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights([u32; 10]);

impl Default for Weights {
    /// 10, 10, 30, 20, 20, 40, 60, 80, 100 and 100 percent.
    fn default() -> Weights {
        Weights([100, 100, 300, 200, 200, 400, 600, 800, 1000, 1000])
    }
}

impl Weights {
    /// Weights by level in thousandths of a new word's price, in the order of [`Level::ALL`].
    pub fn new(per_mille: [u32; 10]) -> Weights {
        Weights(per_mille)
    }

    /// Sets what a level costs, in thousandths of a new word's price.
    pub fn set(&mut self, level: Level, per_mille: u32) {
        self.0[level as usize] = per_mille;
    }

    /// What a level costs, in thousandths of a new word's price.
    pub fn per_mille(&self, level: Level) -> u32 {
        self.0[level as usize]
    }

    /// What a level costs, in percent of a new word's price.
    pub fn percent(&self, level: Level) -> f64 {
        f64::from(self.per_mille(level)) / 10.0
    }

    /// What so many words cost at a level, in thousandths of a new word, so that sums are exact.
    pub fn weighted(&self, level: Level, words: u64) -> u64 {
        words * u64::from(self.per_mille(level))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_known_by_number_and_by_name() {
        let cases = [(102, "102"), (101, "101"), (100, "100"), (99, "95-99"), (94, "85-94"), (84, "75-84"), (50, "50-74"), (49, "none")];
        cases.into_iter().for_each(|(number, name)| assert_eq!(Level::of(number).name(), name));
        Level::ALL.into_iter().for_each(|level| assert_eq!(Level::named(level.name()), Some(level)));
        for (level, percent) in Level::ALL.into_iter().filter_map(|level| level.better().map(|percent| (level, percent))) {
            assert!(Level::of(percent) < level && Level::of(percent - 1) == level, "{level:?}");
        }
        assert!(Level::ALL.is_sorted() && Level::named("103").is_none());
    }

    #[test]
    fn weights_are_those_of_the_table() {
        let percents = Level::ALL.map(|level| Weights::default().percent(level));
        assert_eq!(percents, [10.0, 10.0, 30.0, 20.0, 20.0, 40.0, 60.0, 80.0, 100.0, 100.0]);
        let mut weights = Weights::default();
        weights.set(Level::Exact, 125);
        assert_eq!(weights.weighted(Level::Exact, 8), 1000);
    }
}
