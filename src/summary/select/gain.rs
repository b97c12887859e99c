//! Taking sentences by what they add for their length (see [`Gain`]): again and again the one with which all that is taken is
//! worth most for its words.

use std::borrow::Cow;

use super::company::Company;
use super::likeness::Likeness;
use super::{Taking, Verdict};
use crate::summary::Gain;
use crate::text::vector::{Row, Vectors};

/// Takes what adds most for its length, again and again; returns what may fill the rest. Only the best are looked at, many times
/// as many as fit, since who is far behind alone is not first in company.
pub(super) fn by_gain(taking: &mut Taking, idf: &[f64], gain: Gain, fresh: &[usize]) -> Vec<usize> {
    let document = taking.document;
    let looked_at = &fresh[..fresh.len().min(taking.purse.worth_a_look())];
    let candidates: Vec<usize> = (0..document.sentences().len()).filter(|&i| taking.ranking.scores[i].is_some()).collect();
    let vectors = match &taking.ranking.vectors {
        Some(vectors) => Cow::Borrowed(vectors),
        None => Cow::Owned(Vectors::new(document, &candidates, idf)),
    };
    let rows: Vec<&Row> = looked_at.iter().map(|i| vectors.row(candidates.partition_point(|other| other < i))).collect();
    let mut likeness = Likeness::with_terms(idf.len());
    let mut pool = Pool {
        offers: looked_at.iter().map(|&i| Offer::new(taking, gain, i)).collect(),
        places: by_sentence(document.sentences().len(), looked_at),
        gain,
        value: 0.0,
        words: 0.0,
    };
    while !taking.purse.is_full() {
        let best = pool.best(taking);
        pool.note_others(taking, best.as_ref());
        let Some(best) = best else { break };
        let sentence = pool.offers[best.offer].sentence;
        for (k, verdict) in [best.with.map(|k| (k, Verdict::Along(sentence))), Some((best.offer, Verdict::Taken))].into_iter().flatten() {
            taking.take_or(pool.offers[k].sentence, verdict);
            pool.take(k);
            // Where nothing more is taken nobody asks.
            if !taking.purse.is_full() {
                likeness.with(rows[k], |likeness| pool.meet(k, |other| likeness.to(rows[other])));
            }
        }
    }
    fresh[pool.offers.len()..].to_vec()
}

/// What may be taken, and the sum of what was.
struct Pool {
    /// Best first by score.
    offers: Vec<Offer>,
    /// Place among the offers, by sentence.
    places: Vec<Option<u32>>,
    gain: Gain,
    value: f64,
    words: f64,
}

/// A sentence that may be taken for what it adds.
struct Offer {
    sentence: usize,
    worth: f64,
    /// Its worth for its length, which is what the ranking gave it.
    score: f64,
    words: f64,
    /// Its greatest cosine with a taken one, and which that is.
    overlap: f64,
    like: usize,
    taken: bool,
}

/// The offer to take, by index, and the one that comes along.
struct Best {
    worth: f64,
    offer: usize,
    with: Option<usize>,
    /// The score that it took to be looked at.
    least: f64,
}

fn by_sentence(sentences: usize, looked_at: &[usize]) -> Vec<Option<u32>> {
    let mut places = vec![None; sentences];
    (0..).zip(looked_at).for_each(|(place, &i)| places[i] = Some(place));
    places
}

impl Pool {
    /// What all is worth for its length with an offer.
    fn with(&self, more: f64, longer: f64) -> f64 {
        (self.value + more) / (self.words + longer + self.gain.room)
    }

    fn take(&mut self, k: usize) {
        let (value, words) = (self.offers[k].value(self.gain), self.offers[k].words);
        (self.value, self.words) = (self.value + value, self.words + words);
        self.offers[k].taken = true;
    }

    /// Tells every other offer of one that is taken, by their cosines.
    fn meet(&mut self, taken: usize, cosine: impl Fn(usize) -> f64) {
        let sentence = self.offers[taken].sentence;
        for (k, offer) in self.offers.iter_mut().enumerate().filter(|(_, offer)| !offer.taken) {
            let cosine = cosine(k);
            if cosine > offer.overlap {
                (offer.overlap, offer.like) = (cosine, sentence);
            }
        }
    }

    /// The offer that makes the value of all for their length the largest, with the one that it leans on. Short sentences that are
    /// far behind are passed over, while there are others.
    fn best(&self, taking: &Taking) -> Option<Best> {
        let left = || self.offers.iter().filter(|offer| !offer.taken && taking.purse.pays(taking.document, &[offer.sentence]));
        let top = || left().map(|offer| offer.score).fold(0.0, f64::max);
        let least = if self.gain.least > 0.0 { self.gain.least * top() } else { 0.0 };
        [least, f64::NEG_INFINITY].into_iter().find_map(|least| self.best_from(least, taking))
    }

    /// The best of those whose score is `least` or more.
    fn best_from(&self, least: f64, taking: &Taking) -> Option<Best> {
        let mut best: Option<Best> = None;
        for (k, offer) in self.offers.iter().enumerate().filter(|(_, offer)| !offer.taken && offer.score >= least) {
            let alone = self.with(offer.value(self.gain), offer.words);
            // What cannot win even alone needs no look at its company, which costs more.
            if best.as_ref().is_some_and(|best| alone <= best.worth) || !taking.purse.pays(taking.document, &[offer.sentence]) {
                continue;
            }
            let (worth, with) = match taking.company(offer.sentence) {
                Company::Alone => (alone, None),
                Company::With(antecedent) if let Some(with) = self.along(taking, antecedent, offer.sentence) => {
                    (self.together(with, offer), Some(with))
                }
                Company::With(_) | Company::Lost => (self.with(self.gain.lost * offer.value(self.gain), offer.words), None),
                Company::Barred(_) => continue,
            };
            if best.as_ref().is_none_or(|best| worth > best.worth) {
                best = Some(Best { worth, offer: k, with, least });
            }
        }
        best
    }

    /// The offer that a sentence leans on, by index, if both can be paid for.
    fn along(&self, taking: &Taking, antecedent: usize, sentence: usize) -> Option<usize> {
        let place = self.places[antecedent]? as usize;
        taking.purse.pays(taking.document, &[antecedent, sentence]).then_some(place)
    }

    fn together(&self, with: usize, offer: &Offer) -> f64 {
        let with = &self.offers[with];
        self.with(with.value(self.gain) + offer.value(self.gain), with.words + offer.words)
    }

    /// Says of every other offer what kept it from being the best one, if it would have been but for that; where nothing can be
    /// taken any more, what keeps each from it.
    fn note_others(&self, taking: &mut Taking, best: Option<&Best>) {
        if taking.record.is_none() {
            return;
        }
        let others = |(k, offer): &(usize, &Offer)| {
            let is_other = |best: &Best| best.offer != *k && best.with != Some(*k) && offer.score >= best.least;
            !offer.taken && best.is_none_or(is_other)
        };
        for (_, offer) in self.offers.iter().enumerate().filter(others) {
            let wins = |value: f64| best.is_none_or(|best| self.with(value, offer.words) > best.worth);
            if !wins(offer.worth) {
                continue;
            }
            let sentence = offer.sentence;
            if !taking.purse.pays(taking.document, &[sentence]) {
                taking.hint(sentence, Verdict::over_budget(sentence));
                continue;
            }
            match taking.company(sentence) {
                Company::Barred(bar) => taking.note(sentence, Verdict::barred(sentence, bar)),
                _ if !wins(offer.value(self.gain)) => {
                    let (of, cosine) = (offer.like, offer.overlap);
                    taking.note(sentence, |_| Verdict::Overlaps { with: of, cosine });
                }
                company => taking.note(sentence, Verdict::alone(sentence, company)),
            }
        }
    }
}

impl Offer {
    fn new(taking: &Taking, gain: Gain, sentence: usize) -> Offer {
        let words = f64::from(taking.document.sentences()[sentence].words);
        let worth = taking.ranking.scores[sentence].unwrap_or(0.0) * (words + gain.room);
        Offer { sentence, worth, score: worth / (words + gain.room), words, overlap: 0.0, like: sentence, taken: false }
    }

    /// What it adds to what is taken.
    fn value(&self, gain: Gain) -> f64 {
        self.worth * (1.0 - gain.overlap * self.overlap)
    }
}
