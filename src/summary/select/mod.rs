//! From a ranking to a summary: sentences are taken while the budget holds, by their scores or by what they add for their
//! length, leaving out what repeats a chosen one, and shown in document order. Where the ranker asks for it, what leans on a
//! sentence that is not shown is taken with that one or left for last. At least one sentence, always. Which sentence is better
//! is the ranker's business, what leans on what that of `coherence`. Why each was taken or not is recorded where it is asked
//! for, by what was done and not by looking at it afterwards.

mod company;
mod gain;
mod likeness;
mod purse;
mod score;
mod verdict;

pub use verdict::Verdict;

use super::{Ranker, Ranking};
use crate::document::Document;
use company::{Companies, Company};
use purse::Purse;
use verdict::Record;

/// How long a summary may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// So many sentences.
    Sentences(u32),
    /// So many words (see [`crate::text::token::Words`]).
    Words(u32),
    /// So many Unicode scalars of the displayed text, the blanks between sentences included.
    Characters(u32),
    /// This share of the words of the sentences that can be chosen, rounded down; above 0 and at most 1.
    Ratio(f64),
}

impl Default for Budget {
    fn default() -> Budget {
        Budget::Sentences(3)
    }
}

/// A chosen sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// Index of the sentence.
    pub sentence: usize,
    /// Place in the ranking, from 1.
    pub rank: u32,
    /// The method's score.
    pub score: f64,
    /// Share of the article's weight.
    pub weight: f64,
    /// What is shown, where it differs from the exact slice.
    pub display: Option<String>,
}

/// The chosen sentences of an article, in document order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// In document order.
    pub sentences: Vec<Chosen>,
    /// Words of the chosen sentences.
    pub words: u32,
    /// The one sentence alone is over the budget.
    pub over_budget: bool,
}

impl Summary {
    /// The displayed sentences joined by a blank.
    pub fn text(&self, document: &Document) -> String {
        let shown = |chosen: &Chosen| chosen.display.clone().unwrap_or_else(|| document.slice(chosen.sentence).to_owned());
        self.sentences.iter().map(shown).collect::<Vec<_>>().join(" ")
    }
}

/// Takes sentences under `budget`. What the ranker passes over is taken only where there is nothing else.
pub fn select(document: &Document, idf: &[f64], ranker: &dyn Ranker, ranking: &Ranking, budget: Budget) -> Summary {
    Taking::new(document, ranker, ranking, budget, None).summary(idf, ranker).0
}

/// The same, with what became of every sentence of the document, by index.
pub fn select_with_verdicts(
    document: &Document,
    idf: &[f64],
    ranker: &dyn Ranker,
    ranking: &Ranking,
    budget: Budget,
) -> (Summary, Vec<Verdict>) {
    let record = Record::new(document, ranking);
    let (summary, record) = Taking::new(document, ranker, ranking, budget, Some(record)).summary(idf, ranker);
    (summary, record.map(Record::into_verdicts).unwrap_or_default())
}

/// What is taken, and whether it reads well.
struct Taking<'a> {
    document: &'a Document,
    ranking: &'a Ranking,
    purse: Purse,
    /// `None` where it need not read well.
    companies: Option<Companies<'a>>,
    /// `None` where nobody asks why.
    record: Option<Record>,
}

impl<'a> Taking<'a> {
    fn new(document: &'a Document, ranker: &dyn Ranker, ranking: &'a Ranking, budget: Budget, record: Option<Record>) -> Taking<'a> {
        let companies = ranker.is_coherent().then(|| Companies::new(document));
        Taking { document, ranking, purse: Purse::new(document, ranking, budget), companies, record }
    }

    fn summary(mut self, idf: &[f64], ranker: &dyn Ranker) -> (Summary, Option<Record>) {
        let (fresh, passed): (Vec<usize>, Vec<usize>) = self.ranking.order.iter().partition(|&&i| !self.ranking.passed_over[i]);
        if fresh.is_empty() {
            passed.into_iter().for_each(|i| self.take_or(i, Verdict::Only));
        } else {
            let rest = match ranker.gain() {
                Some(gain) => gain::by_gain(&mut self, idf, gain, &fresh),
                None => score::by_score(&mut self, idf, ranker.redundancy_cut(), &fresh),
            };
            self.fill(&rest);
        }
        let over_budget = self.take_at_least_one();
        (self.purse.into_summary(self.document, self.ranking, over_budget), self.record)
    }

    /// Takes what there is still room for, best first.
    fn fill(&mut self, rest: &[usize]) {
        for &i in rest {
            if self.purse.is_full() {
                return;
            }
            if self.purse.holds(i) {
                continue;
            }
            match self.company(i) {
                Company::Barred(bar) => self.hint(i, Verdict::barred(i, bar)),
                _ => self.take_or(i, Verdict::Fills),
            }
        }
    }

    /// Takes a sentence for a reason, or says that it is over the budget.
    fn take_or(&mut self, sentence: usize, taken: Verdict) {
        if self.purse.is_full() || self.purse.holds(sentence) {
            return;
        }
        if self.purse.take(self.document, sentence) {
            self.note(sentence, |_| taken);
        } else {
            self.hint(sentence, Verdict::over_budget(sentence));
        }
    }

    /// Takes the best where nothing was taken; whether that is over the budget.
    fn take_at_least_one(&mut self) -> bool {
        let Some(&best) = self.ranking.order.first().filter(|_| self.purse.taken.is_empty()) else { return false };
        let over = !self.purse.take(self.document, best);
        if over {
            self.purse.taken.push(best);
        }
        self.note(best, |_| Verdict::Only);
        over
    }

    /// How a sentence can be added so that all that is shown is resolved by what is shown before it.
    fn company(&self, sentence: usize) -> Company {
        self.companies.as_ref().map_or(Company::Alone, |companies| companies.of(sentence, &self.purse.taken))
    }

    /// Whether a sentence may be taken along with one that leans on it.
    fn may_come(&self, sentence: usize) -> bool {
        self.ranking.ranks[sentence].is_some() && !self.ranking.passed_over[sentence]
    }

    /// Says what became of a sentence, if that is asked for.
    fn note(&mut self, sentence: usize, verdict: impl FnOnce(&Self) -> Verdict) {
        if self.record.is_none() {
            return;
        }
        let verdict = verdict(self);
        if let Some(record) = &mut self.record {
            record.set(sentence, verdict);
        }
    }

    /// The same, if nothing was said yet that still holds.
    fn hint(&mut self, sentence: usize, verdict: impl FnOnce(&Self) -> Verdict) {
        if self.record.as_ref().is_some_and(|record| record.is_open(sentence, &self.purse)) {
            self.note(sentence, verdict);
        }
    }
}
