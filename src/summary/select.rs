//! From a ranking to a summary: sentences are taken from best to worst while the budget holds, leaving out what repeats a
//! chosen one, and shown in document order. At least one sentence, always. Which sentence is better is the ranker's business.

use super::coherence::{Coherence, Standing};
use super::{Ranker, Ranking, display};
use crate::document::Document;
use crate::text::vector::{Vectors, cosine};

/// How long a summary may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// So many sentences.
    Sentences(u32),
    /// So many words (see [`crate::text::token::Words`]), those of a supplied speaker included.
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

/// Takes sentences under `budget`: fresh ones first, then those that repeat a chosen one. What the ranker passes over is taken
/// only where there is nothing else.
pub fn select(document: &Document, idf: &[f64], ranker: &dyn Ranker, ranking: &Ranking, budget: Budget) -> Summary {
    let mut purse = Purse::new(document, ranking, budget);
    let mut redundancy = Redundancy { cut: ranker.redundancy_cut(), chosen: Vectors::with_room(4, 128) };
    let mut repeated = Vec::new();
    let (fresh, passed): (Vec<usize>, Vec<usize>) = ranking.order.iter().partition(|&&i| !ranking.passed_over[i]);
    let coherence = ranker.wants_coherence().then(|| Coherence::new(document));
    let (first, later) = tiers(fresh, coherence.as_ref());
    for (unresolved, tier) in [(false, first), (false, later[0].clone()), (true, later[1].clone())] {
        for i in tier {
            if purse.is_full() {
                break;
            }
            if purse.taken.contains(&i) {
                continue;
            }
            let along = match &coherence {
                Some(coherence) if !unresolved => match purse.company(coherence, i) {
                    Some(along) => along,
                    None => continue,
                },
                _ => Vec::new(),
            };
            if !redundancy.take_fresh(document, idf, i, || purse.take_all(document, &along, i)) && !repeated.contains(&i) {
                repeated.push(i);
            }
        }
    }
    let passed = if coherence.is_some() && !purse.taken.is_empty() { Vec::new() } else { passed };
    let rest = if passed.len() == ranking.order.len() { passed } else { repeated };
    for i in rest {
        if purse.is_full() {
            break;
        }
        if !purse.taken.contains(&i) {
            purse.take(document, i);
        }
    }
    purse.into_summary(document, ranking)
}

/// Sentences that stand alone or lean on one another; then those that can be mended, and those whose antecedent is missing.
fn tiers(order: Vec<usize>, coherence: Option<&Coherence>) -> (Vec<usize>, [Vec<usize>; 2]) {
    let Some(coherence) = coherence else { return (order, Default::default()) };
    let mut first = Vec::new();
    let mut later = [Vec::new(), Vec::new()];
    for &i in &order {
        match coherence.standing(i) {
            Standing::Alone => first.push(i),
            Standing::Leans => {
                first.push(i);
                later[1].push(i);
            }
            Standing::Follows => first.push(i),
            Standing::Mended => later[0].push(i),
            Standing::Never => {}
        }
    }
    if first.is_empty() && later[0].is_empty() {
        later[1] = order;
    }
    (first, later)
}

/// What is taken and what is left to spend.
struct Purse {
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
            Budget::Characters(n) => purse(n.into(), display::longest, 1),
            Budget::Ratio(share) => {
                let total: u64 = ranking.order.iter().map(|&i| words(document, i)).sum();
                purse((total as f64 * share).floor() as u64, shown, 0)
            }
        }
    }

    fn is_full(&self) -> bool {
        self.left == 0
    }

    /// Takes a sentence if it can be paid for.
    fn take(&mut self, document: &Document, sentence: usize) -> bool {
        let joint = if self.taken.is_empty() { 0 } else { self.joint };
        let cost = (self.measure)(document, sentence) + joint;
        let pays = cost <= self.left;
        if pays {
            self.left -= cost;
            self.taken.push(sentence);
        }
        pays
    }

    /// What must be taken along so that a sentence and the one after it stay resolved; `None` if nothing helps.
    fn company(&self, coherence: &Coherence, sentence: usize) -> Option<Vec<usize>> {
        let before = self.taken.iter().copied().filter(|&i| i < sentence).max();
        let after = self.taken.iter().copied().filter(|&i| i > sentence).min();
        if after.is_some_and(|after| !coherence.resolved(after, Some(sentence))) {
            return None;
        }
        if coherence.resolved(sentence, before) {
            return Some(Vec::new());
        }
        let antecedent = coherence.antecedent(sentence)?;
        (before != Some(antecedent)).then(|| vec![antecedent])
    }

    /// Takes a sentence and its company if all can be paid for.
    fn take_all(&mut self, document: &Document, along: &[usize], sentence: usize) -> bool {
        let (left, count) = (self.left, self.taken.len());
        let paid = along.iter().chain([&sentence]).all(|&i| self.take(document, i));
        if !paid {
            self.left = left;
            self.taken.truncate(count);
        }
        paid
    }

    fn into_summary(mut self, document: &Document, ranking: &Ranking) -> Summary {
        let over_budget = self.taken.is_empty() && !ranking.order.is_empty();
        if over_budget {
            self.taken.push(ranking.order[0]);
        }
        self.taken.sort_unstable();
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
