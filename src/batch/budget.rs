//! Translating what matters first: between ranking and writing, every article says what can be sent to a translator, what that costs and
//! what it is worth; a budget of words then takes the best of the whole batch. What is best is the business of `translation::budget`;
//! that the articles are read once more for it, of `pass`. What it keeps of the batch is some sixty bytes a sentence, beside the
//! memory limit.

mod pass;

use std::collections::BTreeMap;

use serde_json::json;

use crate::document::Document;
use crate::format::Outcome;
use crate::format::bitext::BitextOptions;
use crate::format::coverage::{Coverage, Named, POINTS, PassedOver, Point, Sent};
use crate::summary::Ranking;
use crate::translation::budget::{Asked, Ceiling, Choice, Key, Offered, Pool, Step, WORD, Whole, ladder, words_at};
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
        let budgets = CURVE.map(|percent| all * percent / 100);
        let choices = pool.curve(&budgets);
        let smaller = choices[..budgets.partition_point(|budget| *budget <= most)].last();
        let choice = pool.choose(most);
        let choice = smaller.filter(|smaller| smaller.worth > choice.worth).cloned().unwrap_or(choice);
        let open = self.open.max(1) as f64;
        let bound = |most: u64| self.ceiling.within(most).min(open) / open;
        let point =
            |i: usize| Point { percent: CURVE[i], most: budgets[i], words: choices[i].words, weight: 0.0, bound: bound(budgets[i]) };
        let mut sent_for: Vec<Key> = choice.passed_over.iter().map(|(_, by)| *by).collect();
        sent_for.sort_unstable();
        sent_for.dedup();
        Decision {
            how,
            most,
            all,
            open: self.open,
            words: self.words,
            bound: bound(most),
            curve: std::array::from_fn(point),
            tried: tried(&choices),
            sent_for,
            choice,
        }
    }
}

/// Points of the curve, in percent of what everything costs.
const CURVE: [u64; POINTS] = [1, 2, 5, 10, 20, 50, 100];

/// What any budget of the curve takes, growing, with a bit for each that does.
fn tried(choices: &[Choice]) -> Vec<(Key, u8)> {
    let marked = |(point, choice): (usize, &Choice)| choice.taken.iter().map(move |key| (*key, 1 << point)).collect::<Vec<_>>();
    let mut all: Vec<(Key, u8)> = choices.iter().enumerate().flat_map(marked).collect();
    all.sort_unstable();
    all.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 |= if same { next.1 } else { 0 };
        same
    });
    all
}

/// What is sent of a batch.
pub(super) struct Decision {
    how: Translate,
    most: u64,
    all: u64,
    open: u64,
    words: u64,
    bound: f64,
    curve: [Point; POINTS],
    /// What its points take.
    tried: Vec<(Key, u8)>,
    /// What is sent for what is passed over and named, growing.
    sent_for: Vec<Key>,
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
        sent.curve = self.tried(number, &offered);
        sent.named = self.named(number, &offered, outcome.document);
        (flags, sent)
    }

    /// What each point of the curve carries of an article.
    fn tried(&self, number: u32, offered: &Offered) -> [f64; POINTS] {
        let tried = of_article(&self.tried, number, |(key, _)| *key);
        std::array::from_fn(|point| {
            let taken: Vec<u32> = tried.iter().filter(|(_, points)| points >> point & 1 == 1).map(|((_, offer), _)| *offer).collect();
            offered.worth_of(&taken)
        })
    }

    /// Names of what of an article is told to say the same.
    fn named(&self, number: u32, offered: &Offered, document: &Document) -> Vec<Named> {
        let name = |key: Key| {
            let place = offered.places[key.1 as usize].start;
            let segment = place.checked_sub(1).map_or_else(|| "t1".to_owned(), |sentence| document.segment_id(sentence));
            Named { key, article: document.article().id.clone(), segment }
        };
        let over = of_article(&self.choice.passed_over, number, |(over, _)| *over).iter().map(|(over, _)| *over);
        let by = of_article(&self.sent_for, number, |by| *by).iter().copied();
        over.chain(by).map(name).collect()
    }

    /// What came of it, by what came of every article.
    pub(super) fn coverage(self, sent: &Sent, articles: u64) -> Coverage {
        let open = self.open.max(1) as f64;
        let weight = sent.weight / open;
        let mut curve = self.curve;
        let mut least = 0.0f64;
        for (point, carried) in curve.iter_mut().zip(sent.curve) {
            // What a budget can carry, a larger one can.
            least = least.max(carried / open).max(if point.most >= self.most { weight } else { 0.0 });
            point.weight = least;
            point.bound = point.bound.max(least);
        }
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
            passed_over: passed_over(&self.choice.passed_over, &sent.named),
            weight,
            bound: self.bound.max(weight),
            curve: curve.to_vec(),
        }
    }
}

/// Those of an article, of many that grow by their key.
fn of_article<T>(all: &[T], number: u32, key: impl Fn(&T) -> Key) -> &[T] {
    let start = all.partition_point(|one| key(one).0 < number);
    let end = all.partition_point(|one| key(one).0 <= number);
    &all[start..end]
}

/// What was passed over, by its name and that of what is sent for it; what has no name failed in between.
fn passed_over(listed: &[(Key, Key)], named: &[Named]) -> Vec<PassedOver> {
    let names: BTreeMap<Key, &Named> = named.iter().map(|named| (named.key, named)).collect();
    let pair = |(over, by): &(Key, Key)| Some(PassedOver { passed_over: (*names.get(over)?).clone(), sent: (*names.get(by)?).clone() });
    listed.iter().filter_map(pair).collect()
}
