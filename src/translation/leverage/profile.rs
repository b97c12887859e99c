//! Profiles: how programs of translators reckon with a memory, so that a table of ours can be held against one of theirs. A profile sets
//! what rows are called and in which order they stand, what makes a context, what is taken off a match, whether a number that a program
//! can put right leaves an equal segment, and how words are counted. The percents of what is only alike are ours in all of them.

use super::count::Count;
use super::level::Level;
use crate::translation::memory::{Penalties, Rule};

/// A way to reckon.
#[derive(Debug, PartialEq)]
pub struct Profile {
    /// Its name.
    pub name: &'static str,
    /// Its levels in the order of the rows of its table, with their names in it.
    pub rows: &'static [(Level, &'static str)],
    /// What makes a context.
    pub rule: Rule,
    /// What is taken off a match.
    pub penalties: Penalties,
    /// Whether a segment that differs from an entry in numbers and dates only, which can be put right in the translation, counts as equal.
    pub repairs: bool,
    /// How words are counted where nobody says.
    pub count: Count,
}

/// Every profile; the first is the default.
pub const PROFILES: &[Profile] = &[
    Profile {
        name: "epitome",
        rows: &[
            (Level::Document, "102"),
            (Level::Context, "101"),
            (Level::Exact, "100"),
            (Level::Repetition, "repetition"),
            (Level::CrossFile, "cross-file repetition"),
            (Level::Fuzzy95, "95-99"),
            (Level::Fuzzy85, "85-94"),
            (Level::Fuzzy75, "75-84"),
            (Level::Fuzzy50, "50-74"),
            (Level::New, "none"),
        ],
        rule: Rule::Both,
        penalties: Penalties { region: 1, unreviewed: 5, targets: 1, codes: 1 },
        repairs: false,
        count: Count::Gmx,
    },
    Profile {
        name: "trados",
        rows: &[
            (Level::Document, "PerfectMatch"),
            (Level::Context, "Context Match"),
            (Level::Repetition, "Repetitions"),
            (Level::CrossFile, "Cross-file Repetitions"),
            (Level::Exact, "100%"),
            (Level::Fuzzy95, "95% - 99%"),
            (Level::Fuzzy85, "85% - 94%"),
            (Level::Fuzzy75, "75% - 84%"),
            (Level::Fuzzy50, "50% - 74%"),
            (Level::New, "New"),
        ],
        rule: Rule::Previous,
        penalties: Penalties { region: 1, unreviewed: 5, targets: 1, codes: 1 },
        repairs: true,
        count: Count::TradosLike,
    },
    Profile {
        name: "memoq",
        rows: &[
            (Level::Document, "102%"),
            (Level::Context, "101%"),
            (Level::Repetition, "Repetition"),
            (Level::Exact, "100%"),
            (Level::Fuzzy95, "95%-99%"),
            (Level::Fuzzy85, "85%-94%"),
            (Level::Fuzzy75, "75%-84%"),
            (Level::Fuzzy50, "50%-74%"),
            (Level::New, "No match"),
        ],
        rule: Rule::BothOrDocument,
        penalties: Penalties { region: 1, unreviewed: 5, targets: 0, codes: 1 },
        repairs: false,
        count: Count::TradosLike,
    },
    Profile {
        name: "omegat",
        rows: &[
            (Level::Repetition, "Repetitions"),
            (Level::Exact, "Exact match"),
            (Level::Fuzzy95, "95%-100%"),
            (Level::Fuzzy85, "85%-94%"),
            (Level::Fuzzy75, "75%-84%"),
            (Level::Fuzzy50, "50%-74%"),
            (Level::New, "No match"),
        ],
        rule: Rule::Never,
        penalties: Penalties::NONE,
        repairs: false,
        count: Count::OmegaT,
    },
];

impl Profile {
    /// The profile of a name.
    pub fn named(name: &str) -> Option<&'static Profile> {
        PROFILES.iter().find(|profile| profile.name == name)
    }

    /// Whether its table has a row for a level.
    pub fn has(&self, level: Level) -> bool {
        self.rows.iter().any(|(row, _)| *row == level)
    }

    /// The name of a level's row.
    pub fn row(&self, level: Level) -> &'static str {
        self.rows.iter().find(|(row, _)| *row == level).map_or(level.name(), |(_, name)| name)
    }

    /// The level of a segment by what the memory has and by what stood before it in the batch. A context goes before a repetition; an
    /// equal entry does too, unless repetitions are to go first; what is only alike never does.
    pub fn settle(&self, memory: Level, repetition: Option<Level>, repetitions_first: bool) -> Level {
        self.within(match repetition {
            Some(repetition) if memory > Level::Exact || memory == Level::Exact && repetitions_first => repetition,
            _ => memory,
        })
    }

    /// A level, or the one that has a row where it has none.
    fn within(&self, level: Level) -> Level {
        match level {
            Level::CrossFile if !self.has(level) => Level::Repetition,
            Level::Document | Level::Context if !self.has(level) => Level::Exact,
            level => level,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_a_level_and_the_last_is_what_nothing_helps() {
        for profile in PROFILES {
            let mut levels: Vec<Level> = profile.rows.iter().map(|(level, _)| *level).collect();
            assert_eq!(levels.last(), Some(&Level::New), "{}", profile.name);
            levels.sort_unstable();
            levels.dedup();
            assert_eq!(levels.len(), profile.rows.len(), "{}", profile.name);
        }
    }

    #[test]
    fn equal_entries_go_before_repetitions_unless_told_otherwise() {
        let [epitome, memoq] = ["epitome", "memoq"].map(|name| Profile::named(name).expect("known"));
        let cross = Some(Level::CrossFile);
        assert_eq!(epitome.settle(Level::Exact, cross, false), Level::Exact);
        assert_eq!(epitome.settle(Level::Exact, cross, true), Level::CrossFile);
        assert_eq!(epitome.settle(Level::Context, cross, true), Level::Context);
        assert_eq!(epitome.settle(Level::Fuzzy95, cross, false), Level::CrossFile);
        assert_eq!(memoq.settle(Level::New, cross, false), Level::Repetition);
        assert_eq!(memoq.settle(Level::New, None, true), Level::New);
    }
}
