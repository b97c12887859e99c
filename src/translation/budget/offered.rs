//! What of an article can be sent to a translator: its title field, its sentences or paragraphs, each with its terms, words and cost. A
//! place is 0 for the title field and, for a sentence, its index and one more. Weights and costs come from outside.

use std::ops::Range;

use super::{Offer, Rung, Step, Turn, Twin, Worth};
use crate::document::{Document, Kind};
use crate::text::language;
use crate::text::token::Words;

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

/// What is known of an article.
pub struct Asked<'a> {
    /// The article.
    pub document: &'a Document,
    /// What each sentence weighs, as a share of the article; none for all alike.
    pub weights: &'a [f64],
    /// Whether a sentence, by its index, is one that readers look for: others are worth nothing.
    pub is_ranked: &'a dyn Fn(usize) -> bool,
    /// The sentence that goes first, by its index.
    pub lead: Option<usize>,
    /// What so many words of a place cost, in thousandths of a new word.
    pub cost: &'a dyn Fn(usize, u32) -> u32,
    /// Kinds of paragraphs that are not to be translated.
    pub locked: &'a [Kind],
    /// What is sent whole or not at all.
    pub whole: Whole,
}

/// What of an article can be sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offered {
    /// What its terms are worth.
    pub worth: Worth,
    /// In order.
    pub offers: Vec<Offer>,
    /// The places of each offer.
    pub places: Vec<Range<usize>>,
}

impl Offered {
    /// All of an article that is not locked and has words.
    pub fn new(asked: &Asked) -> Offered {
        let document = asked.document;
        let terms: Vec<Vec<u32>> = (0..document.sentences().len()).map(|i| distinct(document.tokens(i).to_vec())).collect();
        let weighted = asked.weights.iter().copied().zip(terms.iter().map(Vec::as_slice));
        let worth = Worth::new(weighted, document.terms().len());
        let title = document.article().title.is_some().then_some(0..1);
        let all = title.into_iter().chain(asked.places());
        let (offers, places) = all.map(|places| (asked.offer(&places, &terms), places)).filter(|(offer, _)| offer.words > 0).unzip();
        Offered { worth, offers, places }
    }

    /// Segments that can be sent.
    pub fn segments(&self) -> usize {
        self.places.iter().map(Range::len).sum()
    }

    /// Their words.
    pub fn words(&self) -> u64 {
        self.offers.iter().map(|offer| u64::from(offer.words)).sum()
    }

    /// What offers cost, in thousandths of a new word.
    pub fn cost_of(&self, offers: &[u32]) -> u64 {
        offers.iter().map(|offer| u64::from(self.offers[*offer as usize].cost)).sum()
    }

    /// What offers are worth together; 1 is all that the article is.
    pub fn worth_of(&self, offers: &[u32]) -> f64 {
        self.worth.of(offers.iter().map(|offer| &*self.offers[*offer as usize].terms))
    }

    /// A rung of the article's ladder, for a pool; the number of the article is left to the caller.
    pub fn step(&self, document: &Document, rung: Rung) -> Step {
        let text = |place: usize| match place.checked_sub(1) {
            None => document.article().title.as_deref().unwrap_or_default(),
            Some(sentence) => document.slice(sentence),
        };
        let Offer { words, cost, turn, .. } = self.offers[rung.offer as usize];
        let language = language::of(document.article().lang.as_ref());
        let texts: Vec<&str> = self.places[rung.offer as usize].clone().map(text).collect();
        Step { article: 0, offer: rung.offer, words, cost, gain: rung.gain as f32, turn, twin: Twin::of(&texts.join(" "), language) }
    }
}

impl Asked<'_> {
    /// What is sent whole or not at all, in order, but for the title field.
    fn places(&self) -> impl Iterator<Item = Range<usize>> {
        let open = self.document.paragraphs().iter().filter(|paragraph| !self.locked.contains(&paragraph.kind));
        open.flat_map(move |paragraph| {
            let Range { start, end } = paragraph.sentences;
            let (start, end) = (start as usize + 1, end as usize + 1);
            let step = if self.whole == Whole::Paragraph { end - start } else { 1 };
            (start..end).step_by(step).map(move |place| place..place + step)
        })
    }

    fn offer(&self, places: &Range<usize>, terms: &[Vec<u32>]) -> Offer {
        let mut offer = Offer::default();
        let mut all = Vec::new();
        for place in places.clone() {
            let words = words_at(self.document, place);
            offer.words += words;
            offer.cost = offer.cost.saturating_add((self.cost)(place, words));
            let sentence = place.checked_sub(1);
            let is_title = sentence.is_none_or(|i| self.document.kind(i) == Kind::Title);
            let first = if sentence == self.lead { Turn::Lead } else { Turn::Rest };
            offer.turn = offer.turn.min(if is_title { Turn::Title } else { first });
            match sentence {
                None => all.extend_from_slice(self.document.title()),
                Some(i) if is_title || (self.is_ranked)(i) => all.extend_from_slice(&terms[i]),
                Some(_) => {}
            }
        }
        offer.terms = distinct(all);
        offer
    }
}

/// Words of a place.
pub fn words_at(document: &Document, place: usize) -> u32 {
    let article = document.article();
    match place.checked_sub(1) {
        None => Words::of(article.title.as_deref().unwrap_or_default()).count(language::of(article.lang.as_ref()).factor),
        Some(sentence) => document.sentences()[sentence].words,
    }
}

fn distinct(mut terms: Vec<u32>) -> Vec<u32> {
    terms.sort_unstable();
    terms.dedup();
    terms
}
