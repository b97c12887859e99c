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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::frequency::sentence_idf;
    use crate::summary::rank;
    use crate::text::{Scratch, TextOptions, parse};
    use crate::{Article, Lang};
    use regex::Regex;

    const TEXT: &str = "Ferry to Skellan sails again\n\nThe ferry sails again on Monday. Fuel is paid for by the passengers. The mayor \
        read of it in the paper. A café sells soup on board. The ferry takes fuel on in Skellan.";

    #[test]
    fn parts_of_a_sum_are_the_score() {
        let mut scratch = Scratch::default();
        let mut article = Article::new("a".into(), TEXT.into()).expect("short");
        article.lang = Lang::parse("en");
        let document = parse(article, &TextOptions::default(), &mut scratch);
        let terms = scratch.terms_of("en", "fuel for a ferry");
        let asked: Vec<u32> = (0..).zip(document.terms()).filter(|(_, term)| terms.contains(term)).map(|(local, _)| local).collect();
        let pattern = Regex::new("caf.").expect("sound");
        let focus = Focus { query: Some(String::new()), include_lead: true, exclude: vec![pattern] };
        let idf = sentence_idf(&document);
        for name in ["untrained", "extract", "pacsum", "lead"] {
            let ranker = (rank::find(name).expect("there is one").ranker)();
            let (ranking, summary, explained) = explain(&document, &idf, &*ranker, (&focus, &asked), Budget::Sentences(2));
            for &i in &ranking.order {
                let sum: f64 = explained[i].parts.iter().map(|part| part.1).sum();
                assert!((sum - ranking.scores[i].expect("a candidate")).abs() < 1e-9, "{name}: {:?}", explained[i]);
                assert!(explained[i].parts.is_sorted_by(|a, b| a.1.abs() >= b.1.abs()));
            }
            let part = |i: usize, name: &str| explained[i].parts.iter().find(|part| part.0 == name).map_or(0.0, |part| part.1);
            assert!(part(5, "query") > part(3, "query") && part(1, "lead") > 0.0 && part(5, "lead") == 0.0);
            assert_eq!(explained[0].verdict, Verdict::NoCandidate);
            assert_eq!(explained[4].verdict, Verdict::Excluded("caf.".to_owned()));
            let taken = (0..explained.len()).filter(|&i| explained[i].verdict.is_taken());
            assert!(taken.eq(summary.sentences.iter().map(|chosen| chosen.sentence)));
        }
    }
}
