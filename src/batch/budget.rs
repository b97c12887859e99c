//! Translating what matters first: between ranking and writing, every article says what can be sent to a translator, what that costs and
//! what it is worth; a budget of words then takes the best of the whole batch. What is best is the business of `translation::budget`;
//! that the articles are read once more for it, of `pass`. What it keeps of the batch is some fifty bytes a sentence, beside the
//! memory limit.

mod pass;

use serde_json::json;

use crate::document::Document;
use crate::format::Outcome;
use crate::format::bitext::BitextOptions;
use crate::format::coverage::{Coverage, Point, Sent};
use crate::summary::Ranking;
use crate::translation::budget::{Asked, Ceiling, Choice, Offered, Pool, Step, WORD, Whole, ladder, words_at};
use crate::translation::leverage::{Level, Weights};
use crate::translation::memory::Match;

/// What of a batch is to be translated first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Translate {
    /// How much.
    pub most: Most,
    /// What is sent whole or not at all.
    pub whole: Whole,
}

/// How many words there is money for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Most {
    /// So many new words.
    Words(u64),
    /// This share of the words of the batch.
    Share(f64),
}

impl Translate {
    /// What of it shapes what is written.
    pub(super) fn shaping(&self) -> serde_json::Value {
        let most = match self.most {
            Most::Words(words) => json!({ "words": words }),
            Most::Share(share) => json!({ "ratio": share }),
        };
        json!({ "most": most, "whole": self.whole.name() })
    }

    /// Thousandths of a word there is money for, in a batch of so many words.
    fn within(&self, words: u64) -> u64 {
        match self.most {
            Most::Words(words) => words.saturating_mul(WORD),
            Most::Share(share) => (share * (words * WORD) as f64) as u64,
        }
    }
}

/// What of an article can be sent, by its outcome.
fn offered(outcome: &Outcome, whole: Whole, bitext: &BitextOptions) -> Offered {
    let (document, none) = (outcome.document, Ranking::default());
    let ranking = outcome.ranking.unwrap_or(&none);
    let is_ranked = |i: usize| ranking.ranks.get(i).is_some_and(Option::is_some);
    let lead = (0..ranking.ranks.len()).find(|&i| is_ranked(i) && !ranking.passed_over[i]);
    let weighted = |place: usize, words: u32| Weights::default().weighted(level(outcome.matches, place), words.into());
    let cost = |place: usize, words: u32| u32::try_from(weighted(place, words)).unwrap_or(u32::MAX);
    Offered::new(&Asked { document, weights: &ranking.weights, is_ranked: &is_ranked, lead, cost: &cost, locked: &bitext.locked, whole })
}

/// What a memory has for a place.
fn level(matches: Option<&[Vec<Match>]>, place: usize) -> Level {
    Level::of(matches.and_then(|matches| matches[place].first()).map_or(0, Match::level))
}

/// What an article gives to the choice.
struct Climbed {
    steps: Vec<Step>,
    ceiling: Ceiling,
    words: u64,
}

impl Climbed {
    fn of(offered: &Offered, document: &Document) -> Climbed {
        let rungs = ladder(&offered.worth, &offered.offers);
        let ceiling = Ceiling::of(&offered.worth, &offered.offers, &rungs);
        Climbed { steps: rungs.iter().map(|rung| offered.step(document, *rung)).collect(), ceiling, words: offered.words() }
    }
}

/// What the articles so far give to the choice.
#[derive(Default)]
struct Gathered {
    steps: Vec<Step>,
    ceiling: Ceiling,
    words: u64,
    articles: u32,
    /// Articles that can be sent, at least in part.
    open: u64,
}

impl Gathered {
    /// The next article; nothing if it failed or is left out.
    fn add(&mut self, climbed: Option<Climbed>) {
        let article = self.articles;
        self.articles += 1;
        let Some(climbed) = climbed.filter(|climbed| !climbed.steps.is_empty()) else { return };
        self.open += 1;
        self.words += climbed.words;
        self.ceiling.add(&climbed.ceiling);
        self.steps.extend(climbed.steps.into_iter().map(|step| Step { article, ..step }));
    }

    fn decide(self, how: Translate) -> Decision {
        let pool = Pool::new(self.steps);
        let (all, most) = (pool.cost(), how.within(self.words));
        let mut budgets: Vec<u64> = CURVE.iter().map(|percent| all * percent / 100).collect();
        let asked = budgets.partition_point(|budget| *budget < most.min(all));
        budgets.insert(asked, most.min(all));
        let mut choices = pool.curve(&budgets);
        let open = self.open.max(1) as f64;
        budgets.remove(asked);
        let choice = choices.remove(asked);
        let bound = |most: u64| self.ceiling.within(most).min(open) / open;
        let point = |((percent, most), choice): ((u64, u64), &Choice)| {
            let weight = choice.worth / open;
            Point { percent, most, words: choice.words, weight, bound: bound(most).max(weight) }
        };
        let curve = CURVE.into_iter().zip(budgets).zip(&choices).map(point).collect();
        Decision { how, most, all, open: self.open, words: self.words, bound: bound(most), curve, choice }
    }
}

/// Points of the curve, in percent of what everything costs.
const CURVE: [u64; 7] = [1, 2, 5, 10, 20, 50, 100];

/// What is sent of a batch.
pub(super) struct Decision {
    how: Translate,
    most: u64,
    all: u64,
    open: u64,
    words: u64,
    bound: f64,
    curve: Vec<Point>,
    choice: Choice,
}

impl Decision {
    /// What is sent of the article of a number, and what comes of it.
    pub(super) fn of(&self, number: u32, outcome: &Outcome, bitext: &BitextOptions) -> (Vec<bool>, Sent) {
        let offered = offered(outcome, self.how.whole, bitext);
        let taken: Vec<u32> = self.choice.of(number).collect();
        let mut sent = Sent { segments: offered.segments(), words: offered.words(), ..Sent::default() };
        let mut flags = vec![false; outcome.document.sentences().len() + 1];
        for place in taken.iter().flat_map(|offer| offered.places[*offer as usize].clone()) {
            flags[place] = true;
            let (segments, words) = &mut sent.levels[level(outcome.matches, place) as usize];
            *segments += 1;
            *words += u64::from(words_at(outcome.document, place));
        }
        sent.cost = offered.cost_of(&taken);
        sent.weight = offered.worth_of(&taken);
        (flags, sent)
    }

    /// What came of it, by what came of every article.
    pub(super) fn coverage(self, sent: &Sent, articles: u64) -> Coverage {
        let open = self.open.max(1) as f64;
        let weight = sent.weight / open;
        // What is told of a budget is told of larger ones.
        let curve = self
            .curve
            .into_iter()
            .map(|point| Point { weight: if point.most >= self.most { point.weight.max(weight) } else { point.weight }, ..point });
        Coverage {
            asked: self.how.shaping(),
            most: self.most,
            articles: self.open,
            segments: sent.segments as u64,
            words: self.words,
            cost: self.all,
            sent_articles: articles,
            sent: sent.levels,
            sent_cost: sent.cost,
            repeats: self.choice.repeats,
            weight,
            bound: self.bound.max(weight),
            curve: curve.collect(),
        }
    }
}
