//! The default: the method that suits the length asked for. One sentence is another task than three, and half an article a third
//! one, so each has its ranker; which one was taken is in the output. It scores nothing by itself.

use super::extract::EXTRACT;
use super::rank::{Gain, Parts, Profile};
use super::{Budget, Ranker, Ranking, news, one};
use crate::document::Document;

/// What it does, in a line.
pub const ABOUT: &str = "one, news or extract, by the length asked for (the default)";
/// Its paper.
pub const PAPER: &str = "as the method taken";

/// The ranker: the three that it chooses from.
pub struct Auto {
    one: Profile,
    news: Profile,
    extract: Profile,
}

/// Up to so many sentences a summary is news.
const FEW: f64 = 5.0;
/// Or up to this share of the words.
const SMALL: f64 = 0.25;

impl Default for Auto {
    fn default() -> Auto {
        Auto {
            one: Profile { name: "one", ranker: Box::new(one::ranker()) },
            news: Profile { name: "news", ranker: Box::new(news::ranker()) },
            extract: Profile { name: "extract", ranker: Box::new(EXTRACT) },
        }
    }
}

impl Ranker for Auto {
    /// Without a budget: as the default one.
    fn rank(&self, document: &Document, idf: &[f64]) -> Ranking {
        self.news.ranker.rank(document, idf)
    }

    fn gain(&self) -> Option<Gain> {
        self.news.ranker.gain()
    }

    fn is_coherent(&self) -> bool {
        true
    }

    fn profile(&self, document: &Document, budget: Budget) -> Option<&Profile> {
        // The usual case asks nothing of the article.
        if let Budget::Sentences(n) = budget
            && f64::from(n) <= FEW
        {
            return Some(if n <= 1 { &self.one } else { &self.news });
        }
        let (sentences, share) = size(document, budget);
        let long = share > SMALL && (matches!(budget, Budget::Ratio(_)) || sentences > FEW);
        Some(match long {
            _ if sentences < 1.5 => &self.one,
            true => &self.extract,
            false => &self.news,
        })
    }

    fn parts(&self, document: &Document, idf: &[f64]) -> Vec<Parts> {
        self.news.ranker.parts(document, idf)
    }
}

/// What a budget comes to in sentences of the article's mean length, and which share of its words.
fn size(document: &Document, budget: Budget) -> (f64, f64) {
    let of = |i: &usize| &document.sentences()[*i];
    let candidates = document.candidates();
    let all = candidates.len().max(1) as f64;
    let share = |part: u32, whole: f64| f64::from(part) / whole.max(1.0);
    let share = match budget {
        Budget::Sentences(n) => return (f64::from(n), share(n, all)),
        Budget::Words(n) => share(n, candidates.iter().map(of).map(|sentence| f64::from(sentence.words)).sum()),
        Budget::Characters(n) => share(n, candidates.iter().map(|&i| document.slice(i).chars().count() as f64).sum()),
        Budget::Ratio(share) => share,
    };
    (share * all, share)
}
