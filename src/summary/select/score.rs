//! Taking sentences by their scores: from best to worst, each that does not repeat a chosen one and reads well where it is put.

use super::company::Company;
use super::likeness::Likeness;
use super::{Taking, Verdict};
use crate::document::Document;
use crate::text::vector::Vectors;

/// Takes what is fresh from best to worst; returns what may fill the rest, best first: what repeats, then what leans on sentences
/// that were not taken.
pub(super) fn by_score(taking: &mut Taking, idf: &[f64], cut: f64, fresh: &[usize]) -> Vec<usize> {
    let document = taking.document;
    let mut redundancy = Redundancy::new(cut, idf);
    let (mut repeated, mut lost) = (Vec::new(), Vec::new());
    for &i in fresh {
        if taking.purse.is_full() {
            return Vec::new();
        }
        if taking.purse.holds(i) {
            continue;
        }
        let along = match taking.company(i) {
            Company::Alone => None,
            Company::With(antecedent) if taking.may_come(antecedent) && taking.purse.pays(document, &[antecedent, i]) => Some(antecedent),
            company @ (Company::With(_) | Company::Lost) => {
                taking.note(i, Verdict::alone(i, company));
                lost.push(i);
                continue;
            }
            Company::Barred(bar) => {
                taking.note(i, Verdict::barred(i, bar));
                continue;
            }
        };
        let offers = [along.map(|antecedent| (antecedent, Verdict::Along(i))), Some((i, Verdict::Taken))];
        for (offer, taken) in offers.into_iter().flatten() {
            let Some((of, cosine)) = redundancy.repeats(document, offer) else {
                taking.take_or(offer, taken);
                redundancy.keep(offer, taking.purse.holds(offer));
                continue;
            };
            taking.note(offer, |_| Verdict::Repeats { of, cosine });
            repeated.push(offer);
            if offer != i {
                // Nothing is shown that leans on what is not.
                taking.note(i, |_| Verdict::Leans(Some(offer)));
                lost.push(i);
            }
            break;
        }
    }
    repeated.into_iter().chain(lost).collect()
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
        most.map(|(index, cosine)| {
            self.vectors.pop();
            (self.chosen[index], cosine)
        })
    }

    /// Keeps the sentence that was asked for last, if it was taken.
    fn keep(&mut self, sentence: usize, taken: bool) {
        match taken {
            _ if self.cut > 1.0 => {}
            true => self.chosen.push(sentence),
            false => self.vectors.pop(),
        }
    }
}
