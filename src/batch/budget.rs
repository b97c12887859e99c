//! Translating what matters first: between ranking and writing, every article says what can be sent to a translator, what that costs and
//! what it is worth; a budget of words then takes the best of the whole batch. What is best is the business of `translation::budget`;
//! that the articles are read once more for it, of `pass`. What it keeps of the batch is some fifty bytes a sentence, beside the
//! memory limit.

mod pass;

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::json;

use crate::document::{Document, Kind};
use crate::format::Outcome;
use crate::format::bitext::BitextOptions;
use crate::format::coverage::{Coverage, Point, Sent};
use crate::summary::Ranking;
use crate::text::language;
use crate::text::token::Words;
use crate::translation::budget::{Ceiling, Choice, Offer, Pool, Step, Twin, WORD, Worth, ladder};
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

/// What is sent whole or not at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whole {
    /// A sentence.
    #[default]
    Sentence,
    /// A paragraph.
    Paragraph,
}

impl Whole {
    /// Every way by its name on the command line.
    pub const NAMES: [(&str, Whole); 2] = [("sentence", Whole::Sentence), ("paragraph", Whole::Paragraph)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Whole::NAMES.iter().find(|(_, whole)| *whole == self).map_or("", |(name, _)| name)
    }
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

/// What of an article can be sent. Places are those of [`Outcome::matches`]: 0 is the title field, all others are sentences, by index and
/// one further.
pub(super) struct Offered {
    worth: Worth,
    offers: Vec<Offer>,
    places: Vec<Range<usize>>,
}

impl Offered {
    /// All of an article that is not locked and has words, in order.
    pub(super) fn of(outcome: &Outcome, whole: Whole, bitext: &BitextOptions) -> Offered {
        let document = outcome.document;
        let lead = outcome.ranking.and_then(lead);
        let found = Finding { document, ranking: outcome.ranking, matches: outcome.matches, bitext, lead };
        let none = Ranking::default();
        let weights = &outcome.ranking.unwrap_or(&none).weights;
        let terms: Vec<Vec<u32>> = (0..document.sentences().len()).map(|i| distinct(document.tokens(i))).collect();
        let weighted = weights.iter().copied().zip(terms.iter().map(Vec::as_slice));
        let worth = Worth::new(weighted, document.terms().len());
        let title = (document.article().title.is_some()).then_some(0..1);
        let (offers, places) =
            title.into_iter().chain(found.places(whole)).map(|places| (found.offer(&places, &terms), places)).filter(|(offer, _)| offer.words > 0).unzip();
        Offered { worth, offers, places }
    }

    /// What the choice of a batch is made of.
    fn climbed(&self, document: &Document) -> Climbed {
        let rungs = ladder(&self.worth, &self.offers);
        let ceiling = Ceiling::of(&self.worth, &self.offers, &rungs);
        let text = |place: usize| match place.checked_sub(1) {
            None => document.article().title.as_deref().unwrap_or_default(),
            Some(sentence) => document.slice(sentence),
        };
        let step = |rung: &crate::translation::budget::Rung| {
            let Offer { words, cost, first, .. } = self.offers[rung.offer as usize];
            let texts: Vec<&str> = self.places[rung.offer as usize].clone().map(text).collect();
            Step { article: 0, offer: rung.offer, words, cost, gain: rung.gain as f32, first, twin: Twin::of(&texts.join(" ")) }
        };
        Climbed { steps: rungs.iter().map(step).collect(), ceiling, words: self.words() }
    }

    fn words(&self) -> u64 {
        self.offers.iter().map(|offer| u64::from(offer.words)).sum()
    }

    /// Whether each place is sent, and what comes of it.
    pub(super) fn sent(&self, outcome: &Outcome, taken: impl Iterator<Item = u32>) -> (Vec<bool>, Sent) {
        let document = outcome.document;
        let mut flags = vec![false; document.sentences().len() + 1];
        let mut sent = Sent { segments: self.places.iter().map(Range::len).sum(), words: self.words(), ..Sent::default() };
        let taken: Vec<usize> = taken.map(|offer| offer as usize).collect();
        for place in taken.iter().flat_map(|offer| self.places[*offer].clone()) {
            flags[place] = true;
            let (level, words) = (level(outcome.matches, place) as usize, u64::from(words(document, place)));
            sent.levels[level].0 += 1;
            sent.levels[level].1 += words;
        }
        sent.cost = taken.iter().map(|offer| u64::from(self.offers[*offer].cost)).sum();
        sent.weight = self.worth.of(taken.iter().map(|offer| &*self.offers[*offer].terms));
        (flags, sent)
    }
}

/// What offers are made from.
struct Finding<'a> {
    document: &'a Document,
    ranking: Option<&'a Ranking>,
    matches: Option<&'a [Vec<Match<'a>>]>,
    bitext: &'a BitextOptions,
    /// The place of the first sentence that readers look for.
    lead: Option<usize>,
}

impl Finding<'_> {
    /// What is sent whole or not at all, in order, but for the title field.
    fn places(&self, whole: Whole) -> impl Iterator<Item = Range<usize>> {
        let open = self.document.paragraphs().iter().filter(|paragraph| !self.bitext.locked.contains(&paragraph.kind));
        open.flat_map(move |paragraph| {
            let Range { start, end } = paragraph.sentences;
            let (start, end) = (start as usize + 1, end as usize + 1);
            let step = if whole == Whole::Paragraph { end - start } else { 1 };
            (start..end).step_by(step).map(move |place| place..place + step)
        })
    }

    fn offer(&self, places: &Range<usize>, terms: &[Vec<u32>]) -> Offer {
        let mut offer = Offer::default();
        let mut all = BTreeSet::new();
        for place in places.clone() {
            let words = words(self.document, place);
            offer.words += words;
            offer.cost += Weights::default().weighted(level(self.matches, place), words.into()) as u32;
            let is_title = place == 0 || self.document.kind(place - 1) == Kind::Title;
            offer.first |= is_title || Some(place) == self.lead;
            match place.checked_sub(1) {
                None => all.extend(self.document.title()),
                Some(i) if is_title || self.ranking.is_some_and(|ranking| ranking.ranks[i].is_some()) => all.extend(&terms[i]),
                Some(_) => {}
            }
        }
        offer.terms = all.into_iter().collect();
        offer
    }
}

fn lead(ranking: &Ranking) -> Option<usize> {
    let mut sentences = 0..ranking.ranks.len();
    sentences.find(|&i| ranking.ranks[i].is_some() && !ranking.passed_over[i]).map(|i| i + 1)
}

/// What a memory has for a place.
fn level(matches: Option<&[Vec<Match>]>, place: usize) -> Level {
    Level::of(matches.and_then(|matches| matches[place].first()).map_or(0, Match::level))
}

fn words(document: &Document, place: usize) -> u32 {
    let article = document.article();
    match place.checked_sub(1) {
        None => Words::of(article.title.as_deref().unwrap_or_default()).count(language::of(article.lang.as_ref()).factor),
        Some(sentence) => document.sentences()[sentence].words,
    }
}

fn distinct(tokens: &[u32]) -> Vec<u32> {
    tokens.iter().copied().collect::<BTreeSet<u32>>().into_iter().collect()
}

/// What an article gives to the choice.
struct Climbed {
    steps: Vec<Step>,
    ceiling: Ceiling,
    words: u64,
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
        let point = |(most, choice): (&u64, &Choice)| {
            let bound = self.ceiling.within(*most).min(open) / open;
            Point { most: *most, words: choice.words, weight: choice.worth / open, bound }
        };
        let mut curve: Vec<Point> = budgets.iter().zip(&choices).map(point).collect();
        let (asked, choice) = (curve.remove(asked), choices.swap_remove(asked));
        Decision { how, most, all, open: self.open, words: self.words, bound: asked.bound, curve, choice }
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
        Offered::of(outcome, self.how.whole, bitext).sent(outcome, self.choice.of(number))
    }

    /// What came of it, by what came of every article.
    pub(super) fn coverage(self, sent: &Sent, articles: u64) -> Coverage {
        let open = self.open.max(1) as f64;
        let weight = sent.weight / open;
        // What is told of a budget is told of larger ones.
        let curve = self.curve.into_iter().map(|point| Point { weight: if point.most >= self.most { point.weight.max(weight) } else { point.weight }, ..point });
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
