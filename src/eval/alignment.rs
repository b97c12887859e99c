//! Alignments against gold: how many beads are right, strictly (the bead is one of gold's) and laxly (or shares a pair of sentences
//! with one of gold's), and how far what an aligner says of its beads can be trusted. Pure counting; it aligns nothing.
//!
//! Precision runs over all beads that were predicted, sentences left alone among them, which are right only if gold leaves them alone;
//! recall over those of gold that have two sides: the convention of the figures published for the Text+Berg set (Volk et al. 2010).

use std::collections::HashSet;
use std::fmt;
use std::ops::AddAssign;

/// Sentences that belong together, by index from 0; on one side there may be none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Link {
    /// Of the source.
    pub source: Vec<u32>,
    /// Of the target.
    pub target: Vec<u32>,
}

impl Link {
    /// Whether it has two sides.
    pub fn is_aligned(&self) -> bool {
        !self.source.is_empty() && !self.target.is_empty()
    }

    fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        self.source.iter().flat_map(|&source| self.target.iter().map(move |&target| (source, target)))
    }
}

/// A link that was predicted, and how sure of it its aligner is, from 0 to 1, if it says so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predicted {
    /// The link.
    pub link: Link,
    /// How sure.
    pub confidence: Option<f64>,
}

/// Counts over one text or many; they add up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// Links predicted.
    pub predicted: u64,
    /// Links of gold that have two sides.
    pub gold: u64,
    /// By the strict measure.
    pub strict: Hits,
    /// By the lax measure.
    pub lax: Hits,
    /// Links with two sides by what was said of them (see [`EDGES`]).
    pub calibration: [Bin; EDGES.len()],
}

/// Links that are right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// Of those predicted.
    pub predicted: u64,
    /// Of those of gold with two sides.
    pub gold: u64,
}

/// Where the rows of the calibration table begin: closer together where most links are and where memories draw their lines.
pub const EDGES: [f64; 9] = [0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];

/// Links that were said to be right with about the same probability.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// How many.
    pub links: u64,
    /// Those strictly right.
    pub right: u64,
    /// Sum of the probabilities.
    pub confidence: f64,
}

/// Precision, recall and F1 of a measure, as shares of one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// Share of the predicted links that is right.
    pub precision: f64,
    /// Share of gold's links with two sides that was found.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

/// Scores the links predicted for a text; links without any sentence are passed over.
pub fn score(gold: &[Link], predicted: &[Predicted]) -> Score {
    let some = |link: &&Link| !link.source.is_empty() || !link.target.is_empty();
    let gold: Vec<&Link> = gold.iter().filter(some).collect();
    let theirs: Vec<&Predicted> = predicted.iter().filter(|predicted| some(&&predicted.link)).collect();
    let links: Vec<&Link> = theirs.iter().map(|predicted| &predicted.link).collect();
    let aligned = |links: &[&Link]| -> Vec<Link> { links.iter().filter(|link| link.is_aligned()).map(|link| (*link).clone()).collect() };
    let (of_gold, of_links) = (Known::new(gold.iter().copied()), aligned(&links));
    let mut out = Score { predicted: links.len() as u64, ..Score::default() };
    for predicted in &theirs {
        let link = &predicted.link;
        out.strict.predicted += u64::from(of_gold.holds(link));
        out.lax.predicted += u64::from(of_gold.touches(link));
        if let Some(confidence) = predicted.confidence.filter(|_| link.is_aligned()) {
            out.calibration[bin(confidence)] += Bin { links: 1, right: u64::from(of_gold.holds(link)), confidence };
        }
    }
    let of_links = Known::new(of_links.iter());
    for link in gold.iter().filter(|link| link.is_aligned()) {
        out.gold += 1;
        out.strict.gold += u64::from(of_links.holds(link));
        out.lax.gold += u64::from(of_links.touches(link));
    }
    out
}

fn bin(confidence: f64) -> usize {
    EDGES.iter().rposition(|edge| confidence >= *edge).unwrap_or(0)
}

/// Links and pairs of sentences that are known.
struct Known<'a> {
    links: HashSet<&'a Link>,
    pairs: HashSet<(u32, u32)>,
}

impl<'a> Known<'a> {
    fn new(links: impl Iterator<Item = &'a Link>) -> Known<'a> {
        let links: HashSet<&Link> = links.collect();
        let pairs = links.iter().flat_map(|link| link.pairs()).collect();
        Known { links, pairs }
    }

    fn holds(&self, link: &Link) -> bool {
        self.links.contains(link)
    }

    fn touches(&self, link: &Link) -> bool {
        self.holds(link) || link.pairs().any(|pair| self.pairs.contains(&pair))
    }
}

impl Score {
    /// The strict figures.
    pub fn strict(&self) -> Figures {
        self.figures(self.strict)
    }

    /// The lax figures.
    pub fn lax(&self) -> Figures {
        self.figures(self.lax)
    }

    fn figures(&self, hits: Hits) -> Figures {
        let precision = hits.predicted as f64 / self.predicted.max(1) as f64;
        let recall = hits.gold as f64 / self.gold.max(1) as f64;
        Figures { precision, recall, f1: 2.0 * precision * recall / (precision + recall).max(1e-9) }
    }
}

impl AddAssign<&Score> for Score {
    fn add_assign(&mut self, other: &Score) {
        self.predicted += other.predicted;
        self.gold += other.gold;
        for (hits, more) in [(&mut self.strict, other.strict), (&mut self.lax, other.lax)] {
            hits.predicted += more.predicted;
            hits.gold += more.gold;
        }
        self.calibration.iter_mut().zip(other.calibration).for_each(|(bin, more)| *bin += more);
    }
}

impl AddAssign for Bin {
    fn add_assign(&mut self, other: Bin) {
        self.links += other.links;
        self.right += other.right;
        self.confidence += other.confidence;
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "P {:.3}  R {:.3}  F1 {:.3}", self.precision, self.recall, self.f1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(all: &[(&[u32], &[u32])]) -> Vec<Link> {
        all.iter().map(|(source, target)| Link { source: source.to_vec(), target: target.to_vec() }).collect()
    }

    fn predicted(all: &[(&[u32], &[u32])]) -> Vec<Predicted> {
        links(all).into_iter().map(|link| Predicted { link, confidence: None }).collect()
    }

    #[test]
    fn strict_asks_for_the_bead_and_lax_for_a_pair_of_it() {
        let gold = links(&[(&[0], &[0]), (&[1, 2], &[1]), (&[3], &[]), (&[], &[])]);
        let score = score(&gold, &predicted(&[(&[0], &[0]), (&[1], &[1]), (&[2], &[]), (&[3], &[])]));
        assert_eq!((score.predicted, score.gold), (4, 2));
        assert_eq!((score.strict, score.lax), (Hits { predicted: 2, gold: 1 }, Hits { predicted: 3, gold: 2 }));
        assert_eq!(score.strict().to_string(), "P 0.500  R 0.500  F1 0.500");
        assert_eq!(score.lax().to_string(), "P 0.750  R 1.000  F1 0.857");
    }

    #[test]
    fn nothing_scores_nothing_and_scores_add_up() {
        assert_eq!(score(&[], &[]).strict().to_string(), "P 0.000  R 0.000  F1 0.000");
        let gold = links(&[(&[0], &[0])]);
        let sure = Predicted { link: gold[0].clone(), confidence: Some(0.97) };
        let mut sum = score(&gold, std::slice::from_ref(&sure));
        sum += &score(&gold, &predicted(&[(&[0], &[])]));
        assert_eq!((sum.predicted, sum.gold, sum.strict.gold), (2, 2, 1));
        assert_eq!(sum.calibration[6], Bin { links: 1, right: 1, confidence: 0.97 });
    }
}
