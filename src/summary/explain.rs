//! Why a summary is what it is: for every sentence what became of it and why, as `select` noted it while choosing, and what its
//! score is made of, as its ranker tells and what was asked for adds. It ranks and chooses nothing by itself.

use super::rank::Parts;
use super::select::{Verdict, select_with_verdicts};
use super::{Budget, Focus, Ranker, Ranking, Summary};
use crate::document::Document;

/// What became of a sentence, why, and what its score is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What became of it.
    pub verdict: Verdict,
    /// What each feature contributed to its score, the largest first by size. How parts relate to the score is the ranker's
    /// business: of a weighted sum they are the terms; of trees, what the score would lose without the feature.
    pub parts: Parts,
}

/// Ranks and selects like [`Focus::apply`] and [`select`](super::select::select), and explains every sentence, by index; `asked`
/// are the query's terms as local terms.
pub fn explain(
    document: &Document,
    idf: &[f64],
    ranker: &dyn Ranker,
    (focus, asked): (&Focus, &[u32]),
    budget: Budget,
) -> (Ranking, Summary, Vec<Explanation>) {
    let plain = ranker.rank(document, idf);
    let parts = parts(document, idf, ranker, (focus, asked), &plain);
    let ranking = focus.apply(document, idf, asked, plain);
    let (summary, verdicts) = select_with_verdicts(document, idf, ranker, &ranking, budget);
    let candidates = document.candidates();
    let verdict = |(i, verdict): (usize, Verdict)| match verdict {
        Verdict::NoCandidate if candidates.binary_search(&i).is_ok() => {
            Verdict::Excluded(focus.excluded_by(document.slice(i)).unwrap_or_default().to_owned())
        }
        verdict => verdict,
    };
    let verdicts = verdicts.into_iter().enumerate().map(verdict);
    let explained = verdicts.zip(parts).map(|(verdict, parts)| Explanation { verdict, parts }).collect();
    (ranking, summary, explained)
}

/// What each feature contributed, by sentence.
fn parts(document: &Document, idf: &[f64], ranker: &dyn Ranker, (focus, asked): (&Focus, &[u32]), plain: &Ranking) -> Vec<Parts> {
    let mut parts = vec![Parts::new(); document.sentences().len()];
    for (i, found) in document.candidates().into_iter().zip(ranker.parts(document, idf)) {
        parts[i] = found;
    }
    for (i, more) in focus.parts(document, idf, asked, plain) {
        parts[i].extend(more);
    }
    parts.iter_mut().for_each(|parts| parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs())));
    parts
}
