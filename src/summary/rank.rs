//! The seam of ranking: what a ranker is given and what it gives back, and the table of methods. Scores are kept by index,
//! never by text; ties break by position. Which sentences fit a budget is decided in `select`.

use super::{Budget, auto, centroid, extract, lead, lexrank, luhn, news, one, pacsum, random, sumbasic, textrank, untrained};
use crate::document::Document;
use crate::text::vector::Vectors;

/// What each feature contributed to a score, by its name.
pub type Parts = Vec<(&'static str, f64)>;

/// A way to score the sentences of a document.
pub trait Ranker: Send + Sync {
    /// Scores the document's candidates. `idf` holds a value by local term.
    fn rank(&self, document: &Document, idf: &[f64]) -> Ranking;

    /// Cosine above which a sentence repeats one already chosen; over 1 means never.
    fn redundancy_cut(&self) -> f64 {
        0.5
    }

    /// How sentences are taken by what they add for their length; `None` for those taken by their scores.
    fn gain(&self) -> Option<Gain> {
        None
    }

    /// Whether a summary must read well by itself: what cannot be shown is passed over, and what leans on a sentence that is not
    /// shown is taken with it or not at all.
    fn is_coherent(&self) -> bool {
        false
    }

    /// The method that a budget asks for on a document; `None` where that makes no difference.
    fn profile(&self, _document: &Document, _budget: Budget) -> Option<&Profile> {
        None
    }

    /// What each feature contributed to the score of each candidate, in text order; empty where a score has no parts.
    fn parts(&self, _document: &Document, _idf: &[f64]) -> Vec<Parts> {
        Vec::new()
    }
}

/// Taking sentences by what they add for their length. The value of a sentence is its score times its words and `room`; the next
/// one is that which makes the sum of values, over the words of all and `room`, the largest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gain {
    /// Words added to every length, so that the shortest sentence is not always the best. The more, the longer the summaries.
    pub room: f64,
    /// Share of the best score among those left that a sentence needs: else the shortest is taken, however little it says.
    pub least: f64,
    /// Share of its value that a sentence loses for a cosine of one with a chosen one.
    pub overlap: f64,
    /// Share of its value that a sentence keeps where what it leans on is not shown.
    pub lost: f64,
}

/// A ranker under the name of its method.
pub struct Profile {
    /// The method's name.
    pub name: &'static str,
    /// Its ranker.
    pub ranker: Box<dyn Ranker>,
}

/// A method by name.
#[derive(Debug)]
pub struct Method {
    /// The name that `--method` takes.
    pub name: &'static str,
    /// What it does, in a line.
    pub about: &'static str,
    /// The paper it follows.
    pub paper: &'static str,
    /// Makes the ranker.
    pub ranker: fn() -> Box<dyn Ranker>,
}

/// The methods; the first is the default. A new ranker is its file and a line here.
pub const METHODS: &[Method] = &[
    Method { name: "auto", about: auto::ABOUT, paper: auto::PAPER, ranker: || Box::new(auto::Auto::default()) },
    Method { name: "news", about: news::ABOUT, paper: news::PAPER, ranker: || Box::new(news::ranker()) },
    Method { name: "one", about: one::ABOUT, paper: one::PAPER, ranker: || Box::new(one::ranker()) },
    Method { name: "extract", about: extract::ABOUT, paper: extract::PAPER, ranker: || Box::new(extract::EXTRACT) },
    Method { name: "untrained", about: untrained::ABOUT, paper: untrained::PAPER, ranker: || Box::new(untrained::UNTRAINED) },
    Method { name: "centroid", about: centroid::ABOUT, paper: centroid::PAPER, ranker: || Box::new(centroid::Centroid) },
    Method { name: "lexrank", about: lexrank::ABOUT, paper: lexrank::PAPER, ranker: || Box::new(lexrank::LexRank) },
    Method { name: "pacsum", about: pacsum::ABOUT, paper: pacsum::PAPER, ranker: || Box::new(pacsum::PacSum::default()) },
    Method { name: "textrank", about: textrank::ABOUT, paper: textrank::PAPER, ranker: || Box::new(textrank::TextRank) },
    Method { name: "luhn", about: luhn::ABOUT, paper: luhn::PAPER, ranker: || Box::new(luhn::Luhn) },
    Method { name: "sumbasic", about: sumbasic::ABOUT, paper: sumbasic::PAPER, ranker: || Box::new(sumbasic::SumBasic) },
    Method { name: "lead", about: lead::ABOUT, paper: lead::PAPER, ranker: || Box::new(lead::Lead) },
    Method { name: "random", about: random::ABOUT, paper: random::PAPER, ranker: || Box::new(random::Random) },
];

/// The method of a name.
pub fn find(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name)
}

/// Scores and weights of a document's sentences, by index.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking {
    /// On the method's own scale; `None` for sentences that are no candidates (bylines, headings).
    pub scores: Vec<Option<f64>>,
    /// The sentence's share of the article, at least 0; all together 1, unless there is no candidate.
    pub weights: Vec<f64>,
    /// Candidates from best to worst; those passed over come after all others.
    pub order: Vec<usize>,
    /// Place in `order` from 1, by sentence.
    pub ranks: Vec<Option<u32>>,
    /// Candidates that the method takes only when no other is left, by sentence.
    pub passed_over: Vec<bool>,
    /// The vectors of the candidates, in text order, where the ranker kept them: selection would make the same ones.
    pub(super) vectors: Option<Vectors>,
}

impl Ranking {
    /// A ranking from the candidates' scores and raw weights (any scale, at least 0), all three of one length.
    pub fn new(sentences: usize, candidates: &[usize], scores: &[f64], raw: &[f64], passed_over: impl Fn(usize) -> bool) -> Ranking {
        let mut ranking = Ranking {
            scores: vec![None; sentences],
            weights: vec![0.0; sentences],
            order: Vec::new(),
            ranks: vec![None; sentences],
            passed_over: vec![false; sentences],
            vectors: None,
        };
        let total: f64 = raw.iter().sum();
        let mut order = Vec::with_capacity(candidates.len());
        for ((&i, &score), &weight) in candidates.iter().zip(scores).zip(raw) {
            ranking.scores[i] = Some(score);
            ranking.weights[i] = if total > 0.0 { weight / total } else { 1.0 / candidates.len() as f64 };
            ranking.passed_over[i] = passed_over(i);
            order.push((ranking.passed_over[i], score, i));
        }
        // No two are equal, for position decides last.
        order.sort_unstable_by(|a, b| {
            let by_score = b.1.partial_cmp(&a.1).unwrap_or(std::cmp::Ordering::Equal);
            a.0.cmp(&b.0).then(by_score).then(a.2.cmp(&b.2))
        });
        ranking.order = order.into_iter().map(|(_, _, i)| i).collect();
        for (place, &i) in ranking.order.iter().enumerate() {
            ranking.ranks[i] = Some(place as u32 + 1);
        }
        ranking
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_break_by_position_and_passed_over_come_last() {
        let ranking = Ranking::new(5, &[1, 2, 3, 4], &[0.5, 0.9, 0.5, 0.7], &[1.0, 1.0, 1.0, 1.0], |i| i == 2);
        assert_eq!(ranking.order, [4, 1, 3, 2]);
        assert_eq!(ranking.ranks, [None, Some(2), Some(4), Some(3), Some(1)]);
        assert!((ranking.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
