//! What our trained rankers write of articles that their tables did not see: each fifth of a set that a table was fitted to is
//! summarised by a table of the rest, and a language that is left out by a table of the others. Also what they write when it is
//! to be as long as something else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use epitome::document::Document;
use epitome::summary::trained::Trained;
use epitome::summary::trees::Trees;
use rayon::prelude::*;
use serde_json::json;

use crate::fit::boost::fit;
use crate::fit::crossed::{Crossed, Weighed, rows};
use crate::fit::profile::{PROFILES, Profile};
use crate::fit::texts;
use crate::sets::{MORE, Set, Table, lines, written};

/// The articles of sets, and tables fitted without a part of them.
pub struct Ours {
    articles: BTreeMap<&'static str, texts::Set>,
    /// By profile.
    crossed: BTreeMap<&'static str, Crossed>,
    /// By profile and by the set in whose language nothing was learned.
    foreign: BTreeMap<(&'static str, &'static str), Trees>,
}

impl Ours {
    /// Reads the sets, and those that the shipped tables were fitted to, and fits tables without a part of them.
    pub fn new(reference: &Path, sets: &[Set]) -> Ours {
        let fitted = PROFILES.iter().flat_map(|profile| profile.sets.iter().map(|(name, _)| *name));
        let names: BTreeSet<&'static str> = sets.iter().map(|set| set.name).chain(fitted).collect();
        let read = |name: &'static str| {
            let set = texts::Set::read(&lines(reference, name).concat()).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, set)
        };
        let mut ours = Ours { articles: names.into_iter().map(read).collect(), crossed: BTreeMap::new(), foreign: BTreeMap::new() };
        for profile in &PROFILES {
            ours.crossed.insert(profile.name, Crossed::fit(&ours.weighed(profile, |_| true), profile.recipe));
        }
        for (set, _) in MORE.iter().filter(|(_, table)| *table == Table::Foreign) {
            let profile = set.profile().expect("it has a table");
            let others = ours.weighed(profile, |name| ours.lang(name) != ours.lang(set.name));
            let table = fit(&rows(&others, None), profile.recipe);
            ours.foreign.insert((profile.name, set.name), table);
        }
        ours
    }

    /// Those sets of a profile that are wanted.
    fn weighed(&self, profile: &Profile, wanted: impl Fn(&str) -> bool) -> Vec<Weighed<'_>> {
        let sets = profile.sets.iter().filter(|(name, _)| wanted(name));
        sets.map(|(name, weight)| (&self.articles[name], *weight)).collect()
    }

    /// The language of a set.
    fn lang(&self, name: &str) -> Option<&str> {
        self.articles[name].texts.first()?.document.article().lang.as_ref().map(|lang| lang.primary())
    }

    /// The ranker of a profile for the article at a place of a set.
    fn ranker(&self, profile: &Profile, table: Table, set: &Set, place: usize) -> Trained<'_> {
        let shipped = (profile.shipped)();
        let table = match table {
            Table::Shipped => shipped.table,
            Table::Crossed => self.crossed[profile.name].without(place),
            Table::Foreign => &self.foreign[&(profile.name, set.name)],
        };
        Trained { table, ..shipped }
    }

    /// The summaries of a set with another room (see [`Gain`](epitome::summary::Gain)) than the shipped one, a sentence a line.
    fn summaries(&self, profile: &Profile, table: Table, set: &Set, room: Option<f64>) -> Vec<String> {
        let summary = |(place, text): (usize, &texts::Text)| {
            let mut ranker = self.ranker(profile, table, set, place);
            ranker.gain.room = room.unwrap_or(ranker.gain.room);
            let chosen = text.summary(&ranker, set.budget).sentences;
            chosen.iter().map(|chosen| text.document.slice(chosen.sentence)).collect::<Vec<_>>().join("\n")
        };
        self.articles[set.name].texts.par_iter().enumerate().map(summary).collect()
    }

    /// Writes the summaries of a set.
    pub fn write(&self, profile: &Profile, table: Table, set: &Set, path: &Path) {
        self.write_all(set, &self.summaries(profile, table, set, None), path);
    }

    /// Writes summaries whose mean of words between blanks is as near to `words` as a whole number for `room` makes it.
    pub fn write_as_long(&self, profile: &Profile, table: Table, set: &Set, words: f64, path: &Path) {
        const MOST: u32 = 1 << 9;
        let of = |room: u32| self.summaries(profile, table, set, Some(room.into()));
        let mean = |summaries: &[String]| {
            summaries.iter().map(|summary| summary.split_whitespace().count()).sum::<usize>() as f64 / summaries.len() as f64
        };
        // The more room, the longer: the last one that is not longer is looked for.
        let (mut low, mut high) = (0, MOST);
        while high - low > 1 {
            let middle = u32::midpoint(low, high);
            if mean(&of(middle)) > words { high = middle } else { low = middle }
        }
        let (shorter, longer) = (of(low), of(high));
        let nearer = if words - mean(&shorter) <= mean(&longer) - words { shorter } else { longer };
        self.write_all(set, &nearer, path);
    }

    fn write_all(&self, set: &Set, summaries: &[String], path: &Path) {
        let mut out = String::new();
        for (text, summary) in self.articles[set.name].texts.iter().zip(summaries) {
            let _ = writeln!(out, "{}", json!({"id": text.document.article().id, "summary": summary}));
        }
        written(path, &out);
    }

    /// Places of the articles of a set that a set of a profile has too.
    pub fn shared(&self, set: &Set, profile: &Profile) -> Vec<usize> {
        let sets = profile.sets.iter().filter(|(name, _)| *name != set.name);
        let known: Vec<String> =
            sets.flat_map(|(name, _)| self.articles[name].texts.iter().map(|text| start(text.document.text()))).collect();
        let texts = self.articles[set.name].texts.iter().enumerate();
        texts.filter(|(_, text)| known.contains(&start(text.document.text()))).map(|(place, _)| place).collect()
    }

    /// The documents of a set.
    pub fn documents(&self, set: &Set) -> impl Iterator<Item = &Document> {
        self.articles[set.name].texts.iter().map(|text| &text.document)
    }
}

/// By what an article is known again in another set, which may cut off its first words or its end.
fn start(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).skip(200).take(200).collect()
}
