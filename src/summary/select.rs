//! From a ranking to a summary: sentences are taken while the budget holds, by their scores or by what they add for their
//! length, leaving out what repeats a chosen one, and shown in document order. Where the ranker asks for it, what leans on a
//! sentence that is not shown is taken with that one or left for last. At least one sentence, always. Which sentence is better
//! is the ranker's business, what leans on what that of `coherence`.

use super::coherence::{Coherence, Standing};
use super::rank::Gain;
use super::{Ranker, Ranking, display};
use crate::document::Document;
use crate::text::vector::{Vectors, cosine};

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
    let (fresh, passed): (Vec<usize>, Vec<usize>) = ranking.order.iter().partition(|&&i| !ranking.passed_over[i]);
    let mut taking = Taking {
        document,
        purse: Purse::new(document, ranking, budget),
        coherence: ranker.is_coherent().then(|| Coherence::new(document)),
    };
    let only_passed = fresh.is_empty();
    let rest = if only_passed {
        passed
    } else if let Some(gain) = ranker.gain() {
        by_gain(&mut taking, idf, ranking, gain, &fresh)
    } else {
        by_score(&mut taking, idf, ranker.redundancy_cut(), &fresh)
    };
    for i in rest {
        let barred = || !only_passed && matches!(taking.company(i), Company::Barred);
        if !taking.purse.is_full() && !taking.purse.taken.contains(&i) && !barred() {
            taking.purse.take(document, i);
        }
    }
    taking.purse.into_summary(document, ranking)
}

/// What is taken, and whether it reads well.
struct Taking<'a> {
    document: &'a Document,
    purse: Purse,
    /// `None` where that is not asked for.
    coherence: Option<Coherence<'a>>,
}

/// How a sentence can be added to what is taken.
enum Company {
    /// By itself.
    Alone,
    /// With the sentence that it leans on.
    With(usize),
    /// Not yet: it leans on what is not shown and cannot be taken along.
    Lost,
    /// Not at all as things are: its speaker is not shown, or it would part two of which one leans on the other.
    Barred,
}

impl Taking<'_> {
    /// How a sentence can be added so that all that is shown is resolved by what is shown before it.
    fn company(&self, sentence: usize) -> Company {
        let Some(coherence) = &self.coherence else { return Company::Alone };
        let taken = &self.purse.taken;
        let place = taken.partition_point(|&i| i < sentence);
        let before = place.checked_sub(1).map(|at| taken[at]);
        let parts = taken.get(place).is_some_and(|&after| coherence.resolved(after, before) && !coherence.resolved(after, Some(sentence)));
        let standing = coherence.standing(sentence);
        match coherence.antecedent(sentence).filter(|antecedent| !taken.contains(antecedent)) {
            _ if parts || standing == Standing::Never => Company::Barred,
            _ if standing < Standing::Leans || coherence.resolved(sentence, before) => Company::Alone,
            Some(antecedent) => Company::With(antecedent),
            None if standing == Standing::Leans => Company::Lost,
            None => Company::Barred,
        }
    }
}

/// Takes what is fresh from best to worst; returns what may fill the rest, best first: what repeats, then what leans on sentences
/// that were not taken.
fn by_score(taking: &mut Taking, idf: &[f64], cut: f64, fresh: &[usize]) -> Vec<usize> {
    let document = taking.document;
    let mut redundancy = Redundancy { cut, chosen: Vectors::with_room(4, 128) };
    let (mut repeated, mut lost) = (Vec::new(), Vec::new());
    for &i in fresh {
        if taking.purse.is_full() {
            return Vec::new();
        }
        let along = match taking.company(i) {
            Company::Alone => None,
            Company::With(antecedent) if taking.purse.pays(document, &[antecedent, i]) => Some(antecedent),
            Company::With(_) | Company::Lost => {
                lost.push(i);
                continue;
            }
            Company::Barred => continue,
        };
        for i in [along, Some(i)].into_iter().flatten() {
            if !taking.purse.taken.contains(&i) && !redundancy.take_fresh(document, idf, i, || taking.purse.take(document, i)) {
                repeated.push(i);
            }
        }
    }
    repeated.into_iter().chain(lost).collect()
}

/// Takes what adds most for its length, again and again; returns what may fill the rest. Only the best are looked at, many times
/// as many as fit, since who is far behind alone is not first in company.
fn by_gain(taking: &mut Taking, idf: &[f64], ranking: &Ranking, gain: Gain, fresh: &[usize]) -> Vec<usize> {
    let document = taking.document;
    let pool = &fresh[..fresh.len().min(taking.purse.worth_a_look())];
    let vectors = Vectors::new(document, pool, idf);
    let mut pool: Vec<Offer> = pool.iter().map(|&i| Offer::new(document, ranking, gain, i)).collect();
    let (mut value, mut words) = (0.0, 0.0);
    while !taking.purse.is_full()
        && let Some((k, antecedent)) = best(taking, &pool, gain, value, words)
    {
        for k in [antecedent, Some(k)].into_iter().flatten() {
            taking.purse.take(document, pool[k].sentence);
            (value, words) = (value + pool[k].value(gain), words + pool[k].words);
            pool[k].taken = true;
            for (offer, row) in pool.iter_mut().zip(vectors.rows()) {
                offer.overlap = offer.overlap.max(cosine(row, vectors.row(k)));
            }
        }
    }
    fresh[pool.len()..].to_vec()
}

/// The offer that makes the value of all for their length the largest, with the one that it leans on; both by index.
fn best(taking: &Taking, pool: &[Offer], gain: Gain, value: f64, words: f64) -> Option<(usize, Option<usize>)> {
    let mut best: Option<(f64, usize, Option<usize>)> = None;
    let worth = |more: f64, longer: f64| (value + more) / (words + longer + gain.room);
    for (k, offer) in pool.iter().enumerate().filter(|(_, offer)| !offer.taken) {
        let alone = worth(offer.value(gain), offer.words);
        // What cannot win even alone needs no look at its company, which costs more.
        if best.is_some_and(|(most, ..)| alone <= most) || !taking.purse.pays(taking.document, &[offer.sentence]) {
            continue;
        }
        let with = |antecedent: usize| {
            let index = pool.iter().position(|other| other.sentence == antecedent)?;
            taking.purse.pays(taking.document, &[antecedent, offer.sentence]).then_some(index)
        };
        let together = |index: usize| worth(pool[index].value(gain) + offer.value(gain), pool[index].words + offer.words);
        let (found, with) = match taking.company(offer.sentence) {
            Company::Alone => (alone, None),
            Company::With(antecedent) if let Some(index) = with(antecedent) => (together(index), Some(index)),
            Company::With(_) | Company::Lost => (worth(gain.lost * offer.value(gain), offer.words), None),
            Company::Barred => continue,
        };
        if best.is_none_or(|(most, ..)| found > most) {
            best = Some((found, k, with));
        }
    }
    best.map(|(_, k, with)| (k, with))
}

/// A sentence that may be taken for what it adds.
struct Offer {
    sentence: usize,
    worth: f64,
    words: f64,
    /// Its greatest cosine with a taken one.
    overlap: f64,
    taken: bool,
}

impl Offer {
    fn new(document: &Document, ranking: &Ranking, gain: Gain, sentence: usize) -> Offer {
        let words = f64::from(document.sentences()[sentence].words);
        let worth = ranking.scores[sentence].unwrap_or(0.0) * (words + gain.room);
        Offer { sentence, worth, words, overlap: 0.0, taken: false }
    }

    /// What it adds to what is taken.
    fn value(&self, gain: Gain) -> f64 {
        self.worth * (1.0 - gain.overlap * self.overlap)
    }
}

/// What is taken and what is left to spend.
struct Purse {
    /// In document order.
    taken: Vec<usize>,
    left: u64,
    measure: fn(&Document, usize) -> u64,
    /// Cost of the blank before every sentence but the first.
    joint: u64,
}

impl Purse {
    fn new(document: &Document, ranking: &Ranking, budget: Budget) -> Purse {
        let words = |document: &Document, i: usize| u64::from(document.sentences()[i].words);
        let shown = |document: &Document, i: usize| u64::from(document.sentences()[i].words + display::added_words(document, i));
        let purse = |left: u64, measure: fn(&Document, usize) -> u64, joint: u64| Purse { taken: Vec::new(), left, measure, joint };
        match budget {
            Budget::Sentences(n) => purse(n.into(), |_, _| 1, 0),
            Budget::Words(n) => purse(n.into(), shown, 0),
            Budget::Characters(n) => purse(n.into(), |document, i| display::longest(document, i, |text| text.chars().count()), 1),
            Budget::Ratio(share) => {
                let total: u64 = ranking.order.iter().map(|&i| words(document, i)).sum();
                purse((total as f64 * share).floor() as u64, shown, 0)
            }
        }
    }

    fn is_full(&self) -> bool {
        self.left == 0
    }

    /// How many of the best sentences are worth a look: several times as many as can be paid for.
    fn worth_a_look(&self) -> usize {
        const LEAST: u64 = 16;
        usize::try_from(self.left.saturating_mul(4).saturating_add(LEAST)).unwrap_or(usize::MAX)
    }

    /// Whether sentences can be paid for together.
    fn pays(&self, document: &Document, sentences: &[usize]) -> bool {
        let joints = self.joint * (sentences.len() as u64).saturating_sub(u64::from(self.taken.is_empty()));
        sentences.iter().map(|&i| (self.measure)(document, i)).sum::<u64>() + joints <= self.left
    }

    /// Takes a sentence if it can be paid for.
    fn take(&mut self, document: &Document, sentence: usize) -> bool {
        let pays = self.pays(document, &[sentence]);
        if pays {
            let joint = if self.taken.is_empty() { 0 } else { self.joint };
            self.left -= (self.measure)(document, sentence) + joint;
            let place = self.taken.partition_point(|&i| i < sentence);
            self.taken.insert(place, sentence);
        }
        pays
    }

    fn into_summary(mut self, document: &Document, ranking: &Ranking) -> Summary {
        let over_budget = self.taken.is_empty() && !ranking.order.is_empty();
        if over_budget {
            self.taken.push(ranking.order[0]);
        }
        let before = std::iter::once(None).chain(self.taken.iter().map(|&i| Some(i)));
        let chosen = |(&i, before): (&usize, Option<usize>)| Chosen {
            sentence: i,
            rank: ranking.ranks[i].unwrap_or(0),
            score: ranking.scores[i].unwrap_or(0.0),
            weight: ranking.weights[i],
            display: display::display(document, i, before),
        };
        Summary {
            words: self.taken.iter().map(|&i| document.sentences()[i].words).sum(),
            sentences: self.taken.iter().zip(before).map(chosen).collect(),
            over_budget,
        }
    }
}

/// Finds sentences that repeat a chosen one.
struct Redundancy {
    cut: f64,
    chosen: Vectors,
}

impl Redundancy {
    /// Whether the sentence repeats one that was kept; if not, it is kept itself once `take` says so.
    fn take_fresh(&mut self, document: &Document, idf: &[f64], sentence: usize, take: impl FnOnce() -> bool) -> bool {
        if self.cut > 1.0 {
            take();
            return true;
        }
        self.chosen.push(document.tokens(sentence), idf);
        let last = self.chosen.len() - 1;
        let fresh = (0..last).all(|i| cosine(self.chosen.row(i), self.chosen.row(last)) <= self.cut);
        if !fresh || !take() {
            self.chosen.pop();
        }
        fresh
    }
}
