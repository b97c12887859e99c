//! What the memory alone has for each segment of an article, and what the segment is counted as. Repetitions, which need the whole batch,
//! are the business of `ledger`.

use super::count::{Count, Size};
use super::level::Level;
use super::profile::Profile;
use super::repair::is_repairable;
use super::{About, queries};
use crate::text::language::Language;
use crate::translation::entry::digest;
use crate::translation::memory::{Context, Deducted, Match, Memory, Scratch, Terms};

/// A segment of an article.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// `p3s2`, `t1`.
    pub id: &'a str,
    /// The sentence.
    pub source: &'a str,
    /// Not to be translated, and nobody's neighbour.
    pub locked: bool,
    /// Whether the summary has it.
    pub in_summary: bool,
}

/// A segment, counted and looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessed {
    /// Segments of one language with equal sources have the same.
    pub key: u64,
    /// What it is counted as.
    pub size: Size,
    /// What the memory has.
    pub level: Level,
    /// Not to be translated.
    pub locked: bool,
    /// Whether the summary has it.
    pub in_summary: bool,
    /// Its texts, where they are wanted.
    pub told: Option<Box<Told>>,
}

/// What is kept of a segment to tell what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Its id in the article.
    pub id: String,
    /// The sentence.
    pub source: String,
    /// The entry that made its level.
    pub best: Option<Best>,
}

/// The entry that made a level.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// Its id (tuid).
    pub entry: String,
    /// Id of its article.
    pub document: Option<String>,
    /// Its source.
    pub source: String,
    /// How like the sources are.
    pub percent: u8,
    /// How well its place fits.
    pub context: Context,
    /// What is taken off the percent.
    pub deducted: Deducted,
    /// It is equal but for numbers that are put right.
    pub repaired: bool,
}

/// How segments of a language are assessed.
#[derive(Clone, Copy)]
pub struct Assessor<'a> {
    /// How the memory is reckoned with.
    pub profile: &'a Profile,
    /// What is of interest in it.
    pub terms: &'a Terms,
    /// How words are counted.
    pub count: Count,
    /// The language of the article.
    pub language: &'static Language,
    /// The memory for it.
    pub memory: Option<&'a Memory>,
    /// Whether the texts are kept.
    pub told: bool,
}

impl Assessor<'_> {
    /// Assesses the segments of an article in order.
    pub fn assess(&self, pieces: &[Piece], about: About, scratch: &mut Scratch) -> Vec<Assessed> {
        let open: Vec<&str> = pieces.iter().filter(|piece| !piece.locked).map(|piece| piece.source).collect();
        let mut queries = queries(&open, about);
        // Only numbers that are put right can make another match the best than the first.
        let terms = Terms { limit: if self.profile.repairs { self.terms.limit } else { 1 }, ..self.terms.clone() };
        let assess = |piece: &Piece| {
            let query = if piece.locked { None } else { queries.next() };
            let best = self.memory.zip(query).and_then(|(memory, query)| {
                let found = memory.look_up(&query, &terms, scratch);
                self.best(&found, piece.source)
            });
            self.assessed(piece, best)
        };
        pieces.iter().map(assess).collect()
    }

    /// The match that makes the best level, with that level.
    fn best<'m>(&self, found: &[Match<'m>], source: &str) -> Option<(Level, bool, Match<'m>)> {
        let repaired = |found: &&Match| self.profile.repairs && self.repairs(found, source);
        match found.iter().find(repaired).filter(|_| found[0].percent < 100) {
            Some(repaired) => Some((Level::Exact, true, repaired.clone())),
            None => found.first().map(|best| (Level::of(best.level()), false, best.clone())),
        }
    }

    /// Whether a match is equal once numbers are put right, with nothing taken off.
    fn repairs(&self, found: &Match, source: &str) -> bool {
        found.score() == 99 && is_repairable(source, &found.entry.source, &found.entry.target)
    }

    fn assessed(&self, piece: &Piece, best: Option<(Level, bool, Match)>) -> Assessed {
        let level = best.as_ref().map_or(Level::New, |(level, ..)| *level);
        let told =
            || Told { id: piece.id.into(), source: piece.source.into(), best: best.map(|(_, repaired, best)| told(&best, repaired)) };
        Assessed {
            key: key(self.language.code, piece.source),
            size: self.count.size(piece.source, self.language),
            level,
            locked: piece.locked,
            in_summary: piece.in_summary,
            told: self.told.then(|| Box::new(told())),
        }
    }
}

fn told(best: &Match, repaired: bool) -> Best {
    Best {
        entry: best.entry.id.to_string(),
        document: best.entry.document.as_deref().map(str::to_owned),
        source: best.entry.source.to_string(),
        percent: best.percent,
        context: best.context,
        deducted: best.deducted,
        repaired,
    }
}

fn key(language: &str, source: &str) -> u64 {
    let hash = digest([Some(language), Some(source)].into_iter());
    u64::from_le_bytes(hash[..8].try_into().expect("it has 32 bytes"))
}
