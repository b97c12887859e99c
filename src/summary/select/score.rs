//! Taking sentences by their scores: from best to worst, each that does not repeat a chosen one and reads well where it is put.

use super::company::Company;
use super::likeness::Likeness;
use super::{Taking, Verdict};
use crate::document::Document;
use crate::text::vector::Vectors;

/// Takes what is fresh from best to worst; returns what may fill the rest, best first: what repeats, then what leans on sentences
/// that were not taken.
pub(super) fn by_score(taking: &mut Taking, idf: &[f64], cut: f64, fresh: &[usize]) -> Vec<usize> {
    let mut redundancy = Redundancy::new(cut, idf);
    let mut later = Later::default();
    for &i in fresh {
        if taking.purse.is_full() {
            return Vec::new();
        }
        if taking.purse.holds(i) {
            continue;
        }
        let Some(along) = later.along(taking, i) else { continue };
        if later.puts_off(taking, &mut redundancy, i, along) {
            continue;
        }
        let offers = [along.map(|antecedent| (antecedent, Verdict::Along(i))), Some((i, Verdict::Taken))];
        for (i, taken) in offers.into_iter().flatten() {
            taking.take_or(i, taken);
            if taking.purse.holds(i) {
                redundancy.keep(taking.document, i);
            }
        }
    }
    later.repeated.into_iter().chain(later.lost).collect()
}

/// What is put off until there is nothing better, best first.
#[derive(Default)]
struct Later {
    /// It repeats a chosen one.
    repeated: Vec<usize>,
    /// It leans on what is not shown.
    lost: Vec<usize>,
}

impl Later {
    /// Which sentence comes along with one, if any does; nothing where it cannot be shown as things are.
    fn along(&mut self, taking: &mut Taking, sentence: usize) -> Option<Option<usize>> {
        let fits = |antecedent| taking.may_come(antecedent) && taking.purse.pays(taking.document, &[antecedent, sentence]);
        match taking.company(sentence) {
            Company::Alone => Some(None),
            Company::With(antecedent) if fits(antecedent) => Some(Some(antecedent)),
            company @ (Company::With(_) | Company::Lost) => {
                taking.note(sentence, Verdict::alone(sentence, company));
                self.lost.push(sentence);
                None
            }
            Company::Barred(bar) => {
                taking.note(sentence, Verdict::barred(sentence, bar));
                None
            }
        }
    }

    /// Whether a sentence repeats a chosen one, or the sentence that comes along with it does.
    fn puts_off(&mut self, taking: &mut Taking, redundancy: &mut Redundancy, sentence: usize, along: Option<usize>) -> bool {
        let mut repeats = |i: usize| redundancy.repeats(taking.document, i).map(|found| (i, found));
        let Some((again, (of, cosine))) = repeats(sentence).or_else(|| along.and_then(repeats)) else { return false };
        taking.note(again, |_| Verdict::Repeats { of, cosine });
        self.repeated.push(again);
        if again != sentence {
            // What leans on what is not shown is not shown either.
            taking.note(sentence, |_| Verdict::Leans(Some(again)));
            self.lost.push(sentence);
        }
        true
    }
}

/// Finds sentences that repeat a chosen one.
struct Redundancy<'a> {
    cut: f64,
    idf: &'a [f64],
    chosen: Vec<usize>,
    vectors: Vectors,
    likeness: Likeness,
}

impl<'a> Redundancy<'a> {
    /// Above a cosine; over 1 nothing repeats.
    fn new(cut: f64, idf: &'a [f64]) -> Redundancy<'a> {
        let terms = if cut > 1.0 { 0 } else { idf.len() };
        Redundancy { cut, idf, chosen: Vec::new(), vectors: Vectors::with_room(4, 128), likeness: Likeness::with_terms(terms) }
    }

    /// The chosen sentence that one repeats, the most alike, and their cosine.
    fn repeats(&mut self, document: &Document, sentence: usize) -> Option<(usize, f64)> {
        if self.cut > 1.0 {
            return None;
        }
        self.vectors.push(document.tokens(sentence), self.idf);
        let Redundancy { cut, chosen, vectors, likeness, .. } = self;
        let most = likeness.with(vectors.row(chosen.len()), |likeness| {
            let cosines = (0..chosen.len()).map(|index| (index, likeness.to(vectors.row(index))));
            cosines.filter(|(_, cosine)| cosine > cut).reduce(|most, other| if other.1 > most.1 { other } else { most })
        });
        self.vectors.pop();
        most.map(|(index, cosine)| (self.chosen[index], cosine))
    }

    /// Knows of one more that is chosen.
    fn keep(&mut self, document: &Document, sentence: usize) {
        if self.cut <= 1.0 {
            self.vectors.push(document.tokens(sentence), self.idf);
            self.chosen.push(sentence);
        }
    }
}
