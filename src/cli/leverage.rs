//! `-m FILE` of verbs that look articles up in a translation memory: the file and what of it is of interest. What is done with what is
//! found, the verb says. (`memory` is `--memory-limit`, `memories` the verb that keeps them.)

use std::path::{Path, PathBuf};
use std::sync::Arc;

use epitome::batch::{Leverage, Memories};
use epitome::lang::Lang;
use epitome::translation::memory::{Penalties, Terms};

use super::exit::Failure;

/// A translation memory and what of it is of interest.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Translation memory")]
pub(crate) struct LeverageArgs {
    /// Translation memory to look segments up in: one that `memory import` or `merge --memory` keeps, or a TMX as it is
    ///
    /// It is looked up from the language of each article into that of --target-lang, or into that of the memory where it has no other.
    /// Entries of other regions of the languages count too, a point less.
    #[arg(short, long, value_name = "FILE")]
    memory: Option<PathBuf>,
    /// The least percent that a sentence of the memory must be like a segment [default: 50]
    #[arg(long, value_name = "PERCENT", value_parser = percent, allow_negative_numbers = true, hide_short_help = true)]
    min_score: Option<u8>,
    /// Points to take off a match [default: region=1,unreviewed=5,targets=1,codes=1]
    ///
    /// `region`: it is in another region of a language; `unreviewed`: it was aligned by a program and nobody looked at it, or somebody is
    /// to; `targets`: its sentence has other translations that fit as well; `codes`: each inline code that it lost.
    #[arg(long, value_name = "NAME=N,..", value_delimiter = ',', value_parser = penalty, hide_short_help = true)]
    penalty: Vec<(usize, u8)>,
}

/// The points of one cause.
type Points = fn(&mut Penalties) -> &mut u8;

/// What points are taken off for, by name.
const PENALTIES: [(&str, Points); 4] = [
    ("region", |penalties| &mut penalties.region),
    ("unreviewed", |penalties| &mut penalties.unreviewed),
    ("targets", |penalties| &mut penalties.targets),
    ("codes", |penalties| &mut penalties.codes),
];

impl LeverageArgs {
    /// The memory's file, if one was named.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.memory.as_deref()
    }

    /// What is of interest: `terms`, but for what was said.
    pub(crate) fn terms(&self, mut terms: Terms) -> Terms {
        terms.min_score = self.min_score.unwrap_or(terms.min_score);
        self.penalty.iter().for_each(|(which, points)| *PENALTIES[*which].1(&mut terms.penalties) = *points);
        terms
    }

    /// Reads the memory, if one was named, so that its faults end a run first; `target` is the language to translate into.
    pub(crate) fn load(&self, target: Option<&Lang>, terms: Terms) -> Result<Option<Leverage>, Failure> {
        let Some(path) = self.path() else {
            return self.check_alone().map(|()| None);
        };
        let memories = Arc::new(Memories::load(path, target)?);
        Ok(Some(Leverage { memories, terms: self.terms(terms) }))
    }

    /// Refuses what nothing would look at.
    fn check_alone(&self) -> Result<(), Failure> {
        let given = [("--min-score", self.min_score.is_some()), ("--penalty", !self.penalty.is_empty())];
        match given.iter().find(|(_, given)| *given) {
            Some((name, _)) => Err(Failure::Usage(format!("{name} says what is of interest in a memory"), "name it with -m")),
            None => Ok(()),
        }
    }
}

fn percent(argument: &str) -> Result<u8, String> {
    argument.parse().ok().filter(|percent| (1..=100).contains(percent)).ok_or_else(|| "expected a whole number from 1 to 100".to_owned())
}

fn penalty(argument: &str) -> Result<(usize, u8), String> {
    let known = PENALTIES.map(|(name, _)| name).join(", ");
    let expected = || format!("expected NAME=N with N from 0 to 100 and NAME one of {known}");
    let (name, points) = argument.split_once('=').ok_or_else(expected)?;
    let which = PENALTIES.iter().position(|(known, _)| *known == name).ok_or_else(expected)?;
    let points = points.parse().ok().filter(|points| *points <= 100).ok_or_else(expected)?;
    Ok((which, points))
}
