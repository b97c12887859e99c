//! Sentence boundaries against gold: counts of what agrees, F1, F1p, sentF1, and the list of what does not agree. It cuts no
//! text: the boundaries to be scored come from elsewhere, ours or anybody's.
//!
//! Boundaries are compared by how many non-blank characters stand before them, so that blanks between sentences move nothing;
//! the end of a document is never counted. A gold boundary without terminal punctuation before it (an inline headline, a
//! dateline) is *soft*: F1 counts it like any other, F1p neither asks for it nor punishes it. sentF1 counts sentences
//! with both ends right.

use std::fmt;
use std::ops::AddAssign;

use crate::lang::Lang;

/// A text with the sentence ends that people gave it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gold {
    /// The record's own id.
    pub id: Option<String>,
    /// The language; in Greek a semicolon is terminal punctuation.
    pub lang: Option<Lang>,
    /// The text.
    pub text: String,
    /// Exclusive sentence ends in UTF-8 bytes of the text, growing.
    pub ends: Vec<usize>,
}

/// What is wrong with a boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is in gold and was not found.
    Missed,
    /// It was found and is not in gold.
    Extra,
}

impl Fault {
    /// The name used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Fault::Missed => "missed",
            Fault::Extra => "extra",
        }
    }
}

/// A boundary on which gold and prediction differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Missed or extra.
    pub fault: Fault,
    /// Where, in UTF-8 bytes: an exclusive sentence end.
    pub end: usize,
    /// No terminal punctuation stands before it; if it was missed, F1p forgives it.
    pub soft: bool,
}

/// Counts over one text or many; they add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Boundaries in both.
    pub true_positives: u64,
    /// Boundaries only in the prediction.
    pub false_positives: u64,
    /// Boundaries only in gold.
    pub false_negatives: u64,
    /// Boundaries in both that are not soft.
    pub punctuated_found: u64,
    /// Boundaries only in gold that are not soft.
    pub punctuated_missed: u64,
    /// Sentences in both, end to end.
    pub sentences_right: u64,
    /// Sentences of the prediction.
    pub sentences_predicted: u64,
    /// Sentences of gold.
    pub sentences_gold: u64,
}

/// The three figures in percent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// F1 over all boundaries.
    pub f1: f64,
    /// F1 with soft gold boundaries set aside.
    pub f1p: f64,
    /// F1 over whole sentences.
    pub sentence_f1: f64,
}

/// A boundary, known by the characters before it.
#[derive(Clone, Copy)]
struct Boundary {
    before: usize,
    end: usize,
}

/// Scores `predicted`, exclusive ends in UTF-8 bytes of the gold's text in any order, repeated or not; lists what differs by
/// place. Panics on an end that is no character boundary of the text, and on gold ends that do not grow.
pub fn score(gold: &Gold, predicted: &[usize]) -> (Score, Vec<Mistake>) {
    let text = gold.text.as_str();
    let total = text.chars().filter(|c| !is_blank(*c)).count();
    let greek = gold.lang.as_ref().is_some_and(|lang| lang.primary() == "el");
    let mut sorted = predicted.to_vec();
    sorted.sort_unstable();
    let expected = boundaries(text, &gold.ends, |before| before < total);
    let found = boundaries(text, &sorted, |before| 0 < before && before < total);
    let mut score = Score::default();
    let mut mistakes = Vec::new();
    for boundary in &expected {
        let soft = is_soft(&text[..boundary.end], greek);
        if holds(&found, boundary) {
            score.true_positives += 1;
            score.punctuated_found += u64::from(!soft);
        } else {
            score.false_negatives += 1;
            score.punctuated_missed += u64::from(!soft);
            mistakes.push(Mistake { fault: Fault::Missed, end: boundary.end, soft });
        }
    }
    for boundary in found.iter().filter(|boundary| !holds(&expected, boundary)) {
        score.false_positives += 1;
        mistakes.push(Mistake { fault: Fault::Extra, end: boundary.end, soft: is_soft(&text[..boundary.end], greek) });
    }
    mistakes.sort_by_key(|mistake| mistake.end);
    let (of_gold, of_prediction) = (sentences(&expected, total), sentences(&found, total));
    score.sentences_gold = of_gold.len() as u64;
    score.sentences_predicted = of_prediction.len() as u64;
    score.sentences_right = of_gold.iter().filter(|sentence| of_prediction.binary_search(sentence).is_ok()).count() as u64;
    (score, mistakes)
}

/// Boundaries at sorted ends, each place once, as far as `keep` has them.
fn boundaries(text: &str, ends: &[usize], keep: impl Fn(usize) -> bool) -> Vec<Boundary> {
    let (mut at, mut before) = (0, 0);
    let mut out: Vec<Boundary> = Vec::with_capacity(ends.len());
    for &end in ends {
        before += text[at..end].chars().filter(|c| !is_blank(*c)).count();
        at = end;
        if keep(before) && out.last().is_none_or(|last| last.before != before) {
            out.push(Boundary { before, end });
        }
    }
    out
}

fn holds(sorted: &[Boundary], boundary: &Boundary) -> bool {
    sorted.binary_search_by_key(&boundary.before, |other| other.before).is_ok()
}

/// Sentences between boundaries, by the characters before their ends; sorted.
fn sentences(boundaries: &[Boundary], total: usize) -> Vec<(usize, usize)> {
    let starts = [0].into_iter().chain(boundaries.iter().map(|boundary| boundary.before));
    let ends = boundaries.iter().map(|boundary| boundary.before).chain([total]);
    starts.zip(ends).collect()
}

/// Whether what ends here has no terminal punctuation, closing marks and blanks after it aside.
fn is_soft(text: &str, greek: bool) -> bool {
    let skipped = |c: char| CLOSERS.contains(c) || is_blank(c);
    let last = text.chars().rev().find(|c| !skipped(*c)).or_else(|| text.chars().next());
    !last.is_some_and(|c| TERMINAL.contains(c) || greek && c == ';')
}

/// Terminal punctuation of the scripts that have it.
const TERMINAL: &str = ".!?…。！？．։؟۔।॥‽⸮";

/// Quotation marks and brackets that may close after it; in some languages the opening ones of others close.
const CLOSERS: &str = "\"'”’»›)]}」』】）〉》“«‹";

/// White space, and the information separators U+001C to U+001F, which Unicode's property leaves out.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

impl Mistake {
    /// At most so many characters of the text before the boundary, and as many after it.
    pub fn context<'a>(&self, text: &'a str, characters: usize) -> (&'a str, &'a str) {
        let (before, after) = text.split_at(self.end);
        let start = before.char_indices().rev().take(characters).last().map_or(before.len(), |(at, _)| at);
        let end = after.char_indices().nth(characters).map_or(after.len(), |(at, _)| at);
        (&before[start..], &after[..end])
    }
}

impl Score {
    /// The figures that the counts come to; 100 where there is nothing to find and nothing was found.
    pub fn figures(&self) -> Figures {
        Figures {
            f1: f1(self.true_positives, self.false_positives, self.false_negatives),
            f1p: f1(self.punctuated_found, self.false_positives, self.punctuated_missed),
            sentence_f1: f1(
                self.sentences_right,
                self.sentences_predicted - self.sentences_right,
                self.sentences_gold - self.sentences_right,
            ),
        }
    }
}

/// The harmonic mean of precision and recall, in percent.
fn f1(found: u64, extra: u64, missed: u64) -> f64 {
    let all = 2 * found + extra + missed;
    if all == 0 { 100.0 } else { (200 * found) as f64 / all as f64 }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Score) {
        self.true_positives += other.true_positives;
        self.false_positives += other.false_positives;
        self.false_negatives += other.false_negatives;
        self.punctuated_found += other.punctuated_found;
        self.punctuated_missed += other.punctuated_missed;
        self.sentences_right += other.sentences_right;
        self.sentences_predicted += other.sentences_predicted;
        self.sentences_gold += other.sentences_gold;
    }
}

impl Figures {
    /// The means over sets, each counting the same whatever its size; zero over none.
    pub fn mean(sets: &[Figures]) -> Figures {
        let mean = |figure: fn(&Figures) -> f64| sets.iter().map(figure).sum::<f64>() / sets.len().max(1) as f64;
        Figures { f1: mean(|set| set.f1), f1p: mean(|set| set.f1p), sentence_f1: mean(|set| set.sentence_f1) }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "F1 {:.2}  F1p {:.2}  sentF1 {:.2}", self.f1, self.f1p, self.sentence_f1)
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Score { true_positives, false_positives, false_negatives, .. } = self;
        write!(f, "{}  tp {true_positives} fp {false_positives} fn {false_negatives}", self.figures())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gold with an end at every `|`.
    fn gold(lang: &str, marked: &str) -> Gold {
        let mut gold = Gold { lang: Lang::parse(lang), ..Gold::default() };
        for part in marked.split_inclusive('|') {
            gold.text.push_str(part.trim_end_matches('|'));
            if part.ends_with('|') {
                gold.ends.push(gold.text.len());
            }
        }
        gold
    }

    fn line(gold: &Gold, predicted: &[usize]) -> String {
        score(gold, predicted).0.to_string()
    }

    #[test]
    fn what_agrees_is_counted_without_the_end() {
        let gold = gold("en", "One.| Two.| Three.|");
        assert_eq!(line(&gold, &[4, 9, 16]), "F1 100.00  F1p 100.00  sentF1 100.00  tp 2 fp 0 fn 0");
        assert_eq!(line(&gold, &[4, 16]), "F1 66.67  F1p 66.67  sentF1 40.00  tp 1 fp 0 fn 1");
        assert_eq!(line(&gold, &[]), "F1 0.00  F1p 0.00  sentF1 0.00  tp 0 fp 0 fn 2");
        assert_eq!(line(&gold, &[2, 4, 9, 16]), "F1 80.00  F1p 80.00  sentF1 57.14  tp 2 fp 1 fn 0");
    }

    #[test]
    fn blanks_order_and_repetition_move_nothing() {
        let gold = gold("en", "One.| \u{1f}\u{3000}Two.|");
        for predicted in [&[4][..], &[5], &[6], &[9, 4, 4, 6, 0], &[13, 4]] {
            assert_eq!(line(&gold, predicted), "F1 100.00  F1p 100.00  sentF1 100.00  tp 1 fp 0 fn 0", "{predicted:?}");
        }
    }

    #[test]
    fn soft_boundaries_are_forgiven_by_f1p_alone() {
        let gold = gold("en", "A headline| He came. ')| She went|");
        let (found, mistakes) = score(&gold, &[22]);
        assert_eq!(found.to_string(), "F1 66.67  F1p 100.00  sentF1 40.00  tp 1 fp 0 fn 1");
        assert_eq!(mistakes, [Mistake { fault: Fault::Missed, end: 10, soft: true }]);
        assert_eq!(line(&gold, &[10]), "F1 66.67  F1p 0.00  sentF1 40.00  tp 1 fp 0 fn 1");
    }

    #[test]
    fn a_semicolon_ends_questions_in_greek_alone() {
        for (lang, soft) in [("el", false), ("el-GR", false), ("en", true)] {
            let (_, mistakes) = score(&gold(lang, "Γιατί;| Δεν ξέρω.|"), &[]);
            assert_eq!(mistakes[0].soft, soft, "{lang}");
        }
    }

    #[test]
    fn nothing_to_find_is_all_found() {
        for text in ["", "One.|", " \n"] {
            assert_eq!(line(&gold("en", text), &[]), "F1 100.00  F1p 100.00  sentF1 100.00  tp 0 fp 0 fn 0", "{text:?}");
        }
    }

    #[test]
    fn mistakes_come_by_place_with_what_stands_around() {
        let gold = gold("en", "Äb c. D e.| F.|");
        let (_, mistakes) = score(&gold, &[6]);
        let around: Vec<_> = mistakes.iter().map(|mistake| (mistake.fault.name(), mistake.context(&gold.text, 3))).collect();
        assert_eq!(around, [("extra", (" c.", " D ")), ("missed", (" e.", " F."))]);
        assert_eq!(mistakes[0].context(&gold.text, 100), ("Äb c.", " D e. F."));
    }

    #[test]
    fn counts_add_up_and_sets_count_alike() {
        let (mut sum, all) = score(&gold("en", "A.| B.| C.|"), &[2, 5]);
        assert!(all.is_empty());
        let (other, _) = score(&gold("en", "A.| B.|"), &[]);
        let mean = Figures::mean(&[sum.figures(), other.figures()]);
        sum += other;
        assert_eq!(sum.to_string(), "F1 80.00  F1p 80.00  sentF1 66.67  tp 2 fp 0 fn 1");
        assert_eq!(mean, Figures { f1: 50.0, f1p: 50.0, sentence_f1: 50.0 });
        assert_eq!(Figures::mean(&[]), Figures::default());
    }
}
