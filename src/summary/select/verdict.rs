//! What became of each sentence when a summary was chosen, and why. It is noted while choosing; nothing is decided by it.

use super::Taking;
use super::company::{Bar, Company};
use super::purse::Purse;
use crate::document::Document;
use crate::summary::Ranking;
use crate::summary::coherence::Flaw;
use crate::summary::unwanted::flaws;

/// What became of a sentence when a summary was chosen, and why. Sentences are named by index.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It was taken for its score, or for what it adds.
    Taken,
    /// It was taken along with this one, which leans on it.
    Along(usize),
    /// It was taken because there was still room.
    Fills,
    /// It was taken because there is nothing else.
    Only,
    /// It was not taken: others come first.
    Outranked,
    /// It was not taken: it repeats a taken one.
    Repeats {
        /// The one that it repeats, of several the most alike.
        of: usize,
        /// Their cosine.
        cosine: f64,
    },
    /// It was not taken, and would have been but for what it shares with a taken one.
    Overlaps {
        /// The taken one that is most alike.
        with: usize,
        /// Their cosine.
        cosine: f64,
    },
    /// It was not taken: it leans on a sentence that is not shown; the one before it, if there is one.
    Leans(Option<usize>),
    /// It was not taken: it would stand between this one, which is shown, and what that leans on.
    Separates(usize),
    /// It was not taken: it cannot be shown by itself, and there are others.
    Unfit(Option<Flaw>),
    /// It was not taken: there was no room for it, or none for it and the one that it leans on.
    OverBudget {
        /// What it would have cost, in sentences, words or characters.
        cost: u64,
        /// What there was left when its turn came.
        left: u64,
        /// The one that it leans on, where it would have come along.
        with: Option<usize>,
    },
    /// It matches a pattern that was excluded: this one.
    Excluded(String),
    /// It is of a kind that is never in a summary, or has no word.
    NoCandidate,
}

impl Verdict {
    /// Whether it is in the summary.
    pub fn is_taken(&self) -> bool {
        matches!(self, Verdict::Taken | Verdict::Along(_) | Verdict::Fills | Verdict::Only)
    }

    /// The name used in every output.
    pub fn name(&self) -> &'static str {
        match self {
            Verdict::Taken => "taken",
            Verdict::Along(_) => "along",
            Verdict::Fills => "fills",
            Verdict::Only => "only",
            Verdict::Outranked => "outranked",
            Verdict::Repeats { .. } => "repeats",
            Verdict::Overlaps { .. } => "overlaps",
            Verdict::Leans(_) => "leans",
            Verdict::Separates(_) => "separates",
            Verdict::Unfit(_) => "unfit",
            Verdict::OverBudget { .. } => "over-budget",
            Verdict::Excluded(_) => "excluded",
            Verdict::NoCandidate => "no-candidate",
        }
    }

    /// The other sentence that it is about.
    pub fn other(&self) -> Option<usize> {
        match *self {
            Verdict::Along(other) | Verdict::Separates(other) => Some(other),
            Verdict::Repeats { of: other, .. } | Verdict::Overlaps { with: other, .. } => Some(other),
            Verdict::Leans(other) | Verdict::OverBudget { with: other, .. } => other,
            _ => None,
        }
    }

    /// That a sentence is over the budget, as things are.
    pub(super) fn over_budget(sentence: usize) -> impl FnOnce(&Taking) -> Verdict {
        move |taking| Verdict::OverBudget { cost: taking.purse.cost(taking.document, &[sentence]), left: taking.purse.left, with: None }
    }

    /// That a sentence cannot come by itself: it is over the budget with the one that it leans on, or that may not come along.
    pub(super) fn alone(sentence: usize, company: Company) -> impl FnOnce(&Taking) -> Verdict {
        move |taking| match company {
            Company::With(antecedent) if taking.may_come(antecedent) => {
                let cost = taking.purse.cost(taking.document, &[antecedent, sentence]);
                let left = taking.purse.left;
                if cost > left { Verdict::OverBudget { cost, left, with: Some(antecedent) } } else { Verdict::Leans(Some(antecedent)) }
            }
            _ => Verdict::leans(sentence)(taking),
        }
    }

    /// That a sentence cannot be added.
    pub(super) fn barred(sentence: usize, bar: Bar) -> impl FnOnce(&Taking) -> Verdict {
        move |taking| match bar {
            Bar::Unfit => Verdict::Unfit(taking.companies.as_ref().and_then(|companies| companies.flaw(sentence))),
            Bar::Follows => Verdict::leans(sentence)(taking),
            Bar::Separates(after) => Verdict::Separates(after),
        }
    }

    /// That a sentence leans on the one before it.
    fn leans(sentence: usize) -> impl FnOnce(&Taking) -> Verdict {
        move |taking| Verdict::Leans(taking.companies.as_ref().and_then(|companies| companies.leans_on(sentence)))
    }
}

/// The verdicts as they stand, by sentence.
pub(super) struct Record(Vec<Verdict>);

impl Record {
    /// Before anything is taken.
    pub(super) fn new(document: &Document, ranking: &Ranking) -> Record {
        let flaws = flaws(document, &document.candidates());
        let others = ranking.order.iter().any(|&i| !ranking.passed_over[i]);
        let verdict = |i: usize| match ranking.ranks[i] {
            None => Verdict::NoCandidate,
            Some(_) if ranking.passed_over[i] && others => Verdict::Unfit(flaws[i]),
            Some(_) => Verdict::Outranked,
        };
        Record((0..document.sentences().len()).map(verdict).collect())
    }

    pub(super) fn set(&mut self, sentence: usize, verdict: Verdict) {
        self.0[sentence] = verdict;
    }

    /// Whether nothing is said of a sentence but that others come first, or that it leans on one that is shown by now.
    pub(super) fn is_open(&self, sentence: usize, purse: &Purse) -> bool {
        match self.0[sentence] {
            Verdict::Outranked => true,
            Verdict::Leans(Some(on)) => purse.holds(on),
            _ => false,
        }
    }

    /// The verdicts once all is taken: what leaned on a sentence that came to be shown later was only late itself.
    pub(super) fn into_verdicts(mut self) -> Vec<Verdict> {
        let taken: Vec<bool> = self.0.iter().map(Verdict::is_taken).collect();
        for verdict in &mut self.0 {
            if matches!(verdict, Verdict::Leans(Some(on)) if taken[*on]) {
                *verdict = Verdict::Outranked;
            }
        }
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::lang::Lang;
    use crate::summary::frequency::sentence_idf;
    use crate::summary::{Budget, Focus, Gain, Ranker, select, select_with_verdicts};
    use crate::text::{Scratch, TextOptions, parse};

    /// Scores as they are given.
    struct Fixed {
        scores: &'static [f64],
        gain: Option<Gain>,
    }

    impl Ranker for Fixed {
        fn rank(&self, document: &Document, _idf: &[f64]) -> Ranking {
            let candidates = document.candidates();
            let flaws = flaws(document, &candidates);
            Ranking::new(document.sentences().len(), &candidates, self.scores, self.scores, |i| flaws[i].is_some())
        }

        fn gain(&self) -> Option<Gain> {
            self.gain
        }

        fn is_coherent(&self) -> bool {
            true
        }
    }

    fn document(text: &str) -> Document {
        let mut article = Article::new("a".into(), text.into()).expect("short");
        article.lang = Lang::parse("en");
        parse(article, &TextOptions::default(), &mut Scratch::default())
    }

    fn verdicts(text: &str, scores: &'static [f64], gain: Option<Gain>, budget: Budget) -> Vec<Verdict> {
        let document = document(text);
        let (idf, ranker) = (sentence_idf(&document), Fixed { scores, gain });
        let ranking = ranker.rank(&document, &idf);
        let (summary, verdicts) = select_with_verdicts(&document, &idf, &ranker, &ranking, budget);
        assert_eq!(summary, select(&document, &idf, &ranker, &ranking, budget), "asking why changes nothing");
        verdicts
    }

    const GAIN: Gain = Gain { room: 10.0, least: 0.0, overlap: 1.0, lost: 0.1 };

    #[test]
    fn by_score() {
        use Verdict::{Along, Fills, Leans, NoCandidate, OverBudget, Taken, Unfit};
        let text = "Old bridge to close\n\nThe county closes the old bridge. The old bridge closes soon, the county says. Shops wait for \
                    the summer. But it rained all day. “Nobody asked any of us here.”\n\n“It pays,” he said.";
        let of = |scores, budget| verdicts(text, scores, None, budget);
        let same = |verdict: &Verdict| matches!(verdict, Verdict::Repeats { of: 1, cosine } if *cosine > 0.5 && *cosine < 1.0);
        let found = of(&[9.0, 8.0, 5.0, 7.0, 4.0, 6.0], Budget::Sentences(3));
        assert_eq!(found[0], NoCandidate);
        assert!(same(&found[2]), "{found:?}");
        assert_eq!([&found[1], &found[3], &found[4]], [&Taken, &Along(4), &Taken]);
        assert_eq!(found[5], Unfit(Some(Flaw::Speaker)));
        let over = |cost, left, with| OverBudget { cost, left, with };
        let found = of(&[9.0, 2.0, 1.0, 8.0, 4.0, 7.0], Budget::Sentences(2));
        assert!(same(&found[2]), "{found:?}");
        assert_eq!([&found[1], &found[3], &found[4], &found[6]], [&Taken, &Taken, &over(2, 1, Some(3)), &Leans(Some(5))]);
        assert_eq!(of(&[9.0, 2.0, 1.0, 8.0, 4.0, 7.0], Budget::Sentences(5))[2], Fills);
        assert_eq!(of(&[9.0, 2.0, 1.0, 8.0, 4.0, 7.0], Budget::Words(12))[4], over(10, 6, Some(3)));
        assert_eq!(of(&[9.0, 2.0, 1.0, 8.0, 4.0, 7.0], Budget::Words(3))[1], Verdict::Only);
        assert_eq!(of(&[9.0, 2.0, 8.0, 1.0, 4.0, 7.0], Budget::Words(7))[3], over(5, 1, None));
    }

    #[test]
    fn by_gain() {
        let text = "The county closes the old bridge. The old bridge closes soon, the county says. Shops wait for the summer. \
                    Boats sail to the islands. But it rained all day.";
        let of = |scores, budget| verdicts(text, scores, Some(GAIN), budget);
        let found = of(&[9.0, 8.0, 5.0, 1.0, 1.0], Budget::Sentences(2));
        assert_eq!(
            [&found[0], &found[2], &found[3], &found[4]],
            [&Verdict::Taken, &Verdict::Taken, &Verdict::Outranked, &Verdict::Outranked]
        );
        assert!(matches!(found[1], Verdict::Overlaps { with: 0, cosine } if cosine > 0.5), "{found:?}");
        let found = of(&[9.0, 1.0, 5.0, 1.0, 8.0], Budget::Sentences(1));
        assert_eq!([&found[0], &found[4]], [&Verdict::Taken, &Verdict::Outranked]);
        let found = of(&[5.0, 1.0, 4.0, 1.0, 9.0], Budget::Sentences(1));
        assert_eq!([&found[0], &found[4]], [&Verdict::Taken, &Verdict::OverBudget { cost: 2, left: 1, with: Some(3) }]);
        let found = of(&[5.0, 1.0, 4.0, 4.5, 9.0], Budget::Sentences(2));
        assert_eq!([&found[3], &found[4]], [&Verdict::Along(4), &Verdict::Taken]);
        let found = of(&[5.0, 1.0, 6.0, 1.0, 1.0], Budget::Words(8));
        assert_eq!([&found[0], &found[2]], [&Verdict::OverBudget { cost: 6, left: 3, with: None }, &Verdict::Taken]);
    }

    #[test]
    fn what_is_short_and_says_little_waits() {
        let text = "The county closes the old bridge near the red mill. Boats sail to all the islands of the north from a new harbour in \
                    the warm summer months. Mills burn.";
        let of = |least| verdicts(text, &[9.0, 4.0, 1.0], Some(Gain { least, ..GAIN }), Budget::Sentences(2));
        assert_eq!(of(0.0), [Verdict::Taken, Verdict::Outranked, Verdict::Taken]);
        assert_eq!(of(0.4), [Verdict::Taken, Verdict::Taken, Verdict::Outranked]);
    }

    /// The sentences that are taken, and whether they are over the budget.
    fn taken(text: &str, scores: &'static [f64], budget: Budget, exclude: &[&str]) -> (Vec<usize>, bool) {
        let document = document(text);
        let (idf, ranker) = (sentence_idf(&document), Fixed { scores, gain: None });
        let exclude = exclude.iter().map(|pattern| regex::Regex::new(pattern).expect("sound")).collect();
        let focus = Focus { exclude, ..Focus::default() };
        let ranking = focus.apply(&document, &idf, &[], ranker.rank(&document, &idf));
        let summary = select(&document, &idf, &ranker, &ranking, budget);
        (summary.sentences.iter().map(|chosen| chosen.sentence).collect(), summary.over_budget)
    }

    #[test]
    fn nobody_comes_along_who_is_left_out_or_repeats() {
        let text = "Boats sail to the islands. But it rained all day. Shops wait for the summer.";
        assert_eq!(taken(text, &[1.0, 9.0, 2.0], Budget::Sentences(2), &[]).0, [0, 1]);
        assert_eq!(taken(text, &[1.0, 9.0, 2.0], Budget::Sentences(2), &["^Boats"]).0, [1, 2]);
        let text = "The county closes the old bridge. Shops wait for the summer. Old, the bridge closes, the county says. But it rained.";
        let (found, _) = taken(text, &[9.0, 1.0, 2.0, 8.0], Budget::Sentences(3), &[]);
        assert_eq!(found, [0, 1, 2], "not the last without the one before it");
        let text = "The county closes the old bridge. Shops wait for the summer. But the county closes the old bridge. Boats sail to Holm. \
                    Rain fell in May.";
        let (found, _) = taken(text, &[9.0, 1.0, 8.0, 3.0, 2.0], Budget::Sentences(3), &[]);
        assert_eq!(found, [0, 3, 4], "nobody along with what repeats");
    }

    #[test]
    fn what_cannot_be_shown_is_taken_where_there_is_nothing_else() {
        let found = verdicts("“We go. We win,” he said.", &[2.0, 1.0], None, Budget::Sentences(1));
        assert_eq!(found, [Verdict::Only, Verdict::Outranked]);
        let follows = "“It pays,” he said.";
        assert_eq!(taken(follows, &[1.0], Budget::Words(4), &[]), (vec![0], false), "what leans on nothing is still within the budget");
        assert_eq!(taken(follows, &[1.0], Budget::Words(3), &[]), (vec![0], true));
    }
}
