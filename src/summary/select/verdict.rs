//! What became of each sentence when a summary was chosen, and why. It is noted while choosing; nothing is decided by it.

use super::Taking;
use super::company::Bar;
use crate::document::Document;
use crate::summary::Ranking;
use crate::summary::coherence::Flaw;
use crate::summary::unwanted::flaws;

/// What became of a sentence when a summary was chosen, and why. Sentences are named by index.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It was taken for its score, or for what it adds.
    Taken,
    /// It was taken along with this one, which leans on it.
    Along(usize),
    /// It was taken because there was still room.
    Fills,
    /// It was taken because there is nothing else.
    Only,
    /// It was not taken: others come first.
    Outranked,
    /// It was not taken: it repeats a taken one.
    Repeats {
        /// The one that it repeats, of several the most alike.
        of: usize,
        /// Their cosine.
        cosine: f64,
    },
    /// It was not taken, and would have been but for what it shares with a taken one.
    Overlaps {
        /// The taken one that is most alike.
        with: usize,
        /// Their cosine.
        cosine: f64,
    },
    /// It was not taken: it leans on a sentence that is not shown; the one before it, if there is one.
    Leans(Option<usize>),
    /// It was not taken: it would stand between this one, which is shown, and what that leans on.
    Separates(usize),
    /// It was not taken: it cannot be shown by itself, and there are others.
    Unfit(Option<Flaw>),
    /// It was not taken: there was no room for it.
    OverBudget {
        /// What it would have cost, in sentences, words or characters.
        cost: u64,
        /// What there was left when it was last thought of.
        left: u64,
    },
    /// It matches a pattern that was excluded: this one.
    Excluded(String),
    /// It is of a kind that is never in a summary, or has no word.
    NoCandidate,
}

impl Verdict {
    /// Whether it is in the summary.
    pub fn is_taken(&self) -> bool {
        matches!(self, Verdict::Taken | Verdict::Along(_) | Verdict::Fills | Verdict::Only)
    }

    /// The name used in every output.
    pub fn name(&self) -> &'static str {
        match self {
            Verdict::Taken => "taken",
            Verdict::Along(_) => "along",
            Verdict::Fills => "fills",
            Verdict::Only => "only",
            Verdict::Outranked => "outranked",
            Verdict::Repeats { .. } => "repeats",
            Verdict::Overlaps { .. } => "overlaps",
            Verdict::Leans(_) => "leans",
            Verdict::Separates(_) => "separates",
            Verdict::Unfit(_) => "unfit",
            Verdict::OverBudget { .. } => "over-budget",
            Verdict::Excluded(_) => "excluded",
            Verdict::NoCandidate => "no-candidate",
        }
    }

    /// The other sentence that it is about.
    pub fn other(&self) -> Option<usize> {
        match *self {
            Verdict::Along(other) | Verdict::Separates(other) => Some(other),
            Verdict::Repeats { of: other, .. } | Verdict::Overlaps { with: other, .. } => Some(other),
            Verdict::Leans(on) => on,
            _ => None,
        }
    }

    /// That a sentence is over the budget, as things are.
    pub(super) fn over_budget(sentence: usize) -> impl FnOnce(&Taking) -> Verdict {
        move |taking| Verdict::OverBudget { cost: taking.purse.cost(taking.document, &[sentence]), left: taking.purse.left }
    }

    /// That a sentence cannot be added.
    pub(super) fn barred(sentence: usize, bar: Bar) -> impl FnOnce(&Taking) -> Verdict {
        move |taking| match bar {
            Bar::Unfit => Verdict::Unfit(taking.companies.as_ref().and_then(|companies| companies.flaw(sentence))),
            Bar::Follows => Verdict::leans(sentence)(taking),
            Bar::Separates(after) => Verdict::Separates(after),
        }
    }

    /// That a sentence leans on the one before it.
    pub(super) fn leans(sentence: usize) -> impl FnOnce(&Taking) -> Verdict {
        move |taking| Verdict::Leans(taking.companies.as_ref().and_then(|companies| companies.leans_on(sentence)))
    }
}

/// The verdicts as they stand, by sentence.
pub(super) struct Record(Vec<Verdict>);

impl Record {
    /// Before anything is taken.
    pub(super) fn new(document: &Document, ranking: &Ranking) -> Record {
        let flaws = flaws(document, &document.candidates());
        let others = ranking.order.iter().any(|&i| !ranking.passed_over[i]);
        let verdict = |i: usize| match ranking.ranks[i] {
            None => Verdict::NoCandidate,
            Some(_) if ranking.passed_over[i] && others => Verdict::Unfit(flaws[i]),
            Some(_) => Verdict::Outranked,
        };
        Record((0..document.sentences().len()).map(verdict).collect())
    }

    pub(super) fn set(&mut self, sentence: usize, verdict: Verdict) {
        self.0[sentence] = verdict;
    }

    /// Whether nothing is said of a sentence but that others come first.
    pub(super) fn is_open(&self, sentence: usize) -> bool {
        self.0[sentence] == Verdict::Outranked
    }

    /// The verdicts once all is taken: what leaned on a sentence that came to be shown later was only late itself.
    pub(super) fn into_verdicts(mut self) -> Vec<Verdict> {
        let taken: Vec<bool> = self.0.iter().map(Verdict::is_taken).collect();
        for verdict in &mut self.0 {
            if matches!(verdict, Verdict::Leans(Some(on)) if taken[*on]) {
                *verdict = Verdict::Outranked;
            }
        }
        self.0
    }
}
