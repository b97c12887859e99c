//! Focus: what a reader asks for beyond the best of an article: sentences that answer a query, the lead, or nothing that
//! matches a pattern. It adjusts what any ranker found and ranks nothing by itself; how much is taken is decided in `select`.

use std::borrow::Cow;

use regex::Regex;

use super::Ranking;
use super::features::z;
use super::rank::Parts;
use crate::document::Document;

/// What is asked for; by default nothing.
#[derive(Clone, Debug, Default)]
pub struct Focus {
    /// Words that sentences should hold. They are cut, stemmed and freed of stop words by the language of each article.
    pub query: Option<String>,
    /// Whether the first sentence that may stand in a summary comes before all others.
    pub include_lead: bool,
    /// Sentences that match one of these are out, unless an article has no others.
    pub exclude: Vec<Regex>,
}

/// How many standard deviations of the scores one of the query's overlap outweighs: what answers comes first, and what
/// answers equally well keeps its order.
const PULL: f64 = 3.0;

impl Focus {
    /// Whether nothing is asked for.
    pub fn is_idle(&self) -> bool {
        self.query.is_none() && !self.include_lead && self.exclude.is_empty()
    }

    /// The ranking by what is asked for; `asked` are the query's terms, as local terms of the document. Sentences that are out
    /// are no candidates any more, and what is left shares the weight. Scores stay on the method's scale and only rise.
    pub fn apply(&self, document: &Document, idf: &[f64], asked: &[u32], ranking: Ranking) -> Ranking {
        if self.is_idle() || ranking.order.is_empty() {
            return ranking;
        }
        let Raised { kept, scores, query, lead } = self.raised(document, idf, asked, &ranking);
        let mut scores: Vec<f64> = scores.iter().zip(query).map(|(score, query)| score + query).collect();
        if let Some(lead) = lead {
            // The first of the best: ties break by position.
            scores[lead] = highest(&scores);
        }
        let weights: Vec<f64> = kept.iter().map(|&i| ranking.weights[i]).collect();
        let lead = lead.map(|lead| kept[lead]);
        let passed_over = |i: usize| ranking.passed_over[i] && Some(i) != lead;
        Ranking::new(document.sentences().len(), &kept, &scores, &weights, passed_over)
    }

    /// What the scores of a ranking rise by, for each sentence that is left in text order: by the query, and as the lead.
    pub fn parts(&self, document: &Document, idf: &[f64], asked: &[u32], ranking: &Ranking) -> Vec<(usize, Parts)> {
        if self.is_idle() || ranking.order.is_empty() {
            return Vec::new();
        }
        let Raised { kept, scores, query, lead } = self.raised(document, idf, asked, ranking);
        let raised: Vec<f64> = scores.iter().zip(&query).map(|(score, query)| score + query).collect();
        let as_lead = |k: usize| if lead == Some(k) { highest(&raised) - raised[k] } else { 0.0 };
        let asks = [("query", self.query.is_some()), ("lead", self.include_lead)];
        let parts = |k: usize| asks.iter().zip([query[k], as_lead(k)]).filter(|(ask, _)| ask.1).map(|(ask, part)| (ask.0, part)).collect();
        kept.iter().enumerate().map(|(k, &i)| (i, parts(k))).collect()
    }

    /// The pattern that a sentence matches, line breaks read as blanks.
    pub fn excluded_by(&self, sentence: &str) -> Option<&str> {
        let lined = !self.exclude.is_empty() && sentence.contains(['\n', '\r']);
        let shown: Cow<str> = if lined { sentence.split_whitespace().collect::<Vec<_>>().join(" ").into() } else { sentence.into() };
        self.exclude.iter().find(|pattern| pattern.is_match(&shown)).map(Regex::as_str)
    }

    fn raised(&self, document: &Document, idf: &[f64], asked: &[u32], ranking: &Ranking) -> Raised {
        let kept = self.kept(document, ranking);
        let scores: Vec<f64> = kept.iter().map(|&i| ranking.scores[i].unwrap_or(0.0)).collect();
        let query = pull(&scores, &overlap(document, &kept, idf, asked));
        let lead = self.include_lead.then(|| first_of(&kept, ranking));
        Raised { kept, scores, query, lead }
    }

    /// Candidates that match no pattern, in text order; all of them where nothing would be left.
    fn kept(&self, document: &Document, ranking: &Ranking) -> Vec<usize> {
        let mut candidates = ranking.order.clone();
        candidates.sort_unstable();
        let kept: Vec<usize> = candidates.iter().copied().filter(|&i| self.excluded_by(document.slice(i)).is_none()).collect();
        if kept.is_empty() { candidates } else { kept }
    }
}

/// The candidates that are left, in text order, and what their scores rise by.
struct Raised {
    kept: Vec<usize>,
    /// As the method has them.
    scores: Vec<f64>,
    /// What is added for the query.
    query: Vec<f64>,
    /// Which of those left is to come first.
    lead: Option<usize>,
}

fn highest(scores: &[f64]) -> f64 {
    scores.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// The first sentence that the ranker does not pass over (a dateline is no lead), else the first.
fn first_of(kept: &[usize], ranking: &Ranking) -> usize {
    kept.iter().position(|&i| !ranking.passed_over[i]).unwrap_or(0)
}

/// Share of the query's idf mass that each sentence holds.
fn overlap(document: &Document, sentences: &[usize], idf: &[f64], asked: &[u32]) -> Vec<f64> {
    let mass: f64 = asked.iter().map(|&term| idf[term as usize]).sum();
    let held = |i: usize| -> f64 {
        let tokens = document.tokens(i);
        asked.iter().filter(|term| tokens.contains(term)).map(|&term| idf[term as usize]).sum()
    };
    sentences.iter().map(|&i| if mass > 0.0 { held(i) / mass } else { 0.0 }).collect()
}

/// What the overlap adds to scores, measured in standard deviations of both. It is nothing where all overlap alike.
fn pull(scores: &[f64], overlap: &[f64]) -> Vec<f64> {
    let spread = deviation(scores);
    let pull = z(overlap);
    let least = pull.iter().copied().fold(f64::INFINITY, f64::min);
    pull.iter().map(|pull| PULL * spread * (pull - least)).collect()
}

/// The standard deviation of scores; 1 where they do not differ.
fn deviation(scores: &[f64]) -> f64 {
    let n = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / n;
    let deviation = (scores.iter().map(|score| (score - mean) * (score - mean)).sum::<f64>() / n).sqrt();
    if deviation > 1e-12 { deviation } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::frequency::sentence_idf;
    use crate::text::Newlines;
    use crate::{Article, Scratch, TextOptions, parse};

    const TEXT: &str = "The ferry sails again on Monday. Fuel is paid for by the passengers. The mayor read of it in the paper. \
        A café sells soup on board. The ferry takes fuel on\nin Skellan.";

    /// Ranks by place, asks, and returns the sentences from best to worst.
    fn order(focus: &Focus, query: &str, passed_over: &[usize]) -> Vec<usize> {
        let mut scratch = Scratch::default();
        let mut article = Article::new("a".into(), TEXT.into()).expect("short");
        article.lang = crate::Lang::parse("en");
        let document = parse(article, &TextOptions { newlines: Newlines::Wrap, ..TextOptions::default() }, &mut scratch);
        let candidates = document.candidates();
        let scores: Vec<f64> = candidates.iter().map(|i| 1.0 / (i + 1) as f64).collect();
        let ranking = Ranking::new(document.sentences().len(), &candidates, &scores, &scores, |i| passed_over.contains(&i));
        let terms = scratch.terms_of("en", query);
        let asked: Vec<u32> = (0..).zip(document.terms()).filter(|(_, term)| terms.contains(term)).map(|(local, _)| local).collect();
        focus.apply(&document, &sentence_idf(&document), &asked, ranking).order
    }

    fn asking() -> Focus {
        Focus { query: Some(String::new()), ..Focus::default() }
    }

    fn without(pattern: &str) -> Focus {
        Focus { exclude: vec![Regex::new(pattern).expect("sound")], ..Focus::default() }
    }

    #[test]
    fn what_answers_comes_first_and_the_rest_keeps_its_order() {
        assert_eq!(order(&asking(), "fuels, ferries", &[]), [4, 0, 1, 2, 3], "both words, then either, by their ranks");
        assert_eq!(order(&asking(), "the soup", &[]), [3, 0, 1, 2, 4]);
        assert_eq!(order(&asking(), "the of it", &[]), [0, 1, 2, 3, 4], "stop words ask for nothing");
        assert_eq!(order(&asking(), "zeppelin", &[]), [0, 1, 2, 3, 4]);
        assert_eq!(order(&asking(), "soup", &[3]), [0, 1, 2, 4, 3], "what is passed over stays behind");
    }

    #[test]
    fn what_matches_is_out_unless_everything_does() {
        assert_eq!(order(&without("^The "), "", &[]), [1, 3]);
        assert_eq!(order(&without("takes fuel on in"), "", &[]), [0, 1, 2, 3], "line breaks are blanks");
        assert_eq!(order(&without("."), "", &[]), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn the_lead_comes_first() {
        let lead = Focus { include_lead: true, ..asking() };
        assert_eq!(order(&lead, "soup", &[]), [0, 3, 1, 2, 4]);
        assert_eq!(order(&lead, "soup", &[0]), [1, 3, 2, 4, 0], "a dateline is no lead");
        let both = Focus { include_lead: true, ..without("^The ferry sails") };
        assert_eq!(order(&both, "", &[]), [1, 2, 3, 4]);
        assert_eq!(order(&lead, "", &[0, 1, 2, 3, 4])[0], 0);
    }
}
