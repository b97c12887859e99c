//! ROUGE-1, ROUGE-2 and ROUGE-Lsum (C.-Y. Lin, "ROUGE: A package for automatic evaluation of summaries", 2004), counted as the
//! Python package rouge-score counts them, over the words that `words` finds. It chooses no sentences and reads no files;
//! sentences are lines.

use foldhash::HashMap;

use super::bootstrap::{Estimate, estimates};
pub use super::words::{Rouge, Tokens};
use crate::lang::Lang;

/// The summaries that people wrote of one article, or of several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// The record's own id.
    pub id: Option<String>,
    /// The language that words are stemmed by.
    pub lang: Option<Lang>,
    /// At least one summary, its sentences on lines of their own.
    pub summaries: Vec<String>,
    /// It sums up several articles.
    pub several: bool,
}

/// Where a summary is cut before it is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// After so many bytes of UTF-8, or before the character that lies over that place.
    Bytes(usize),
    /// After so many words between blanks.
    Words(usize),
}

impl Limit {
    /// The text up to the limit.
    pub fn cut(self, text: &str) -> &str {
        match self {
            Limit::Bytes(most) => &text[..text.floor_char_boundary(most)],
            Limit::Words(most) => words_of(text, most),
        }
    }
}

/// The text up to the end of its `most`-th word.
fn words_of(text: &str, most: usize) -> &str {
    let (mut words, mut inside) = (0, false);
    for (at, c) in text.char_indices() {
        let ends = inside && c.is_whitespace();
        words += usize::from(ends);
        if ends && words == most {
            return &text[..at];
        }
        inside = !c.is_whitespace();
    }
    if most == 0 { "" } else { text }
}

/// Precision (share of the candidate's units that the reference has), recall (share of the reference's that the candidate has)
/// and their harmonic mean, each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Prf {
    /// Of the candidate.
    pub precision: f64,
    /// Of the reference.
    pub recall: f64,
    /// The harmonic mean; 0 if both are.
    pub f1: f64,
}

impl Prf {
    /// From units that both have, and those of either.
    fn of(both: usize, reference: usize, candidate: usize) -> Prf {
        let share = |all: usize| both as f64 / all.max(1) as f64;
        let (precision, recall) = (share(candidate), share(reference));
        let f1 = if both == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
        Prf { precision, recall, f1 }
    }

    fn add(&mut self, other: Prf) {
        self.precision += other.precision;
        self.recall += other.recall;
        self.f1 += other.f1;
    }

    fn over(self, count: f64) -> Prf {
        Prf { precision: self.precision / count, recall: self.recall / count, f1: self.f1 / count }
    }
}

/// The measures, by the names that rouge-score gives them; [`Scores`] has their order.
pub const MEASURES: [&str; 3] = ["rouge1", "rouge2", "rougeLsum"];

/// ROUGE-1, ROUGE-2 and ROUGE-Lsum of one text.
pub type Scores = [Prf; 3];

/// The scores of a candidate: the mean over its references, each of the three figures for itself. No reference, no score but 0.
pub fn score(references: &[Tokens], candidate: &Tokens) -> Scores {
    let mut sums = Scores::default();
    for reference in references {
        let found = [rouge_n(reference, candidate, 1), rouge_n(reference, candidate, 2), rouge_lsum(reference, candidate)];
        sums.iter_mut().zip(found).for_each(|(sum, found)| sum.add(found));
    }
    sums.map(|sum| sum.over(references.len().max(1) as f64))
}

/// One of the three figures of a [`Prf`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Figure {
    /// Precision.
    Precision,
    /// Recall.
    Recall,
    /// F1.
    #[default]
    F1,
}

impl Figure {
    /// Every figure by the name that outputs give it.
    pub const ALL: [(&str, Figure); 3] = [("precision", Figure::Precision), ("recall", Figure::Recall), ("f1", Figure::F1)];
}

/// A measure over many records, in percent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// Of precision.
    pub precision: Estimate,
    /// Of recall.
    pub recall: Estimate,
    /// Of F1.
    pub f1: Estimate,
}

impl Measured {
    /// The estimate of a figure.
    pub fn of(&self, figure: Figure) -> Estimate {
        match figure {
            Figure::Precision => self.precision,
            Figure::Recall => self.recall,
            Figure::F1 => self.f1,
        }
    }
}

/// The means of scores over records, with their intervals, in the order of [`MEASURES`].
pub fn measured(scores: &[Scores]) -> [Measured; 3] {
    std::array::from_fn(|measure| {
        let rows: Vec<[f64; 3]> = scores.iter().map(|scores| percent(scores[measure])).collect();
        let [precision, recall, f1] = estimates(&rows);
        Measured { precision, recall, f1 }
    })
}

/// The same of the differences to other scores of the same records.
pub fn gained(scores: &[Scores], others: &[Scores]) -> [Measured; 3] {
    let less =
        |one: Prf, other: Prf| Prf { precision: one.precision - other.precision, recall: one.recall - other.recall, f1: one.f1 - other.f1 };
    let differences = scores.iter().zip(others).map(|(one, other)| std::array::from_fn(|measure| less(one[measure], other[measure])));
    measured(&differences.collect::<Vec<Scores>>())
}

fn percent(prf: Prf) -> [f64; 3] {
    [prf.precision, prf.recall, prf.f1].map(|share| 100.0 * share)
}

/// ROUGE-N: runs of `n` words (at least 1), over lines too, each counted as often as both texts have it.
pub fn rouge_n(reference: &Tokens, candidate: &Tokens, n: usize) -> Prf {
    let (ours, theirs) = (candidate.grams(n), reference.grams(n));
    let (mut i, mut j, mut both) = (0, 0, 0);
    while let (Some(one), Some(other)) = (ours.get(i), theirs.get(j)) {
        let order = one.cmp(other);
        both += usize::from(order.is_eq());
        i += usize::from(order.is_le());
        j += usize::from(order.is_ge());
    }
    Prf::of(both, theirs.len(), ours.len())
}

/// ROUGE-Lsum: for each sentence of the reference the words that a longest common subsequence with any sentence of the
/// candidate holds, no word counted more often than either text has it.
pub fn rouge_lsum(reference: &Tokens, candidate: &Tokens) -> Prf {
    let (mut left, mut given) = (counts(&candidate.words), counts(&reference.words));
    let mut both = 0;
    for sentence in reference.sentences() {
        for (word, _) in sentence.iter().zip(united(sentence, candidate)).filter(|(_, held)| *held) {
            if let (Some(left @ 1..), Some(given @ 1..)) = (left.get_mut(word), given.get_mut(word)) {
                (*left, *given) = (*left - 1, *given - 1);
                both += 1;
            }
        }
    }
    Prf::of(both, reference.len(), candidate.len())
}

fn counts(words: &[u32]) -> HashMap<u32, usize> {
    let mut counts = HashMap::default();
    words.iter().for_each(|word| *counts.entry(*word).or_default() += 1);
    counts
}

/// For each word of a reference sentence, whether it is part of the longest common subsequence with some candidate sentence.
fn united(reference: &[u32], candidate: &Tokens) -> Vec<bool> {
    let mut held = vec![false; reference.len()];
    candidate.sentences().for_each(|sentence| mark(reference, sentence, &mut held));
    held
}

/// Where a longest common subsequence goes on from a pair of prefixes, read backwards.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Both,
    Candidate,
    Reference,
}

/// Marks the reference's words in one longest common subsequence: of several, the one rouge-score reads out.
fn mark(reference: &[u32], candidate: &[u32], held: &mut [bool]) {
    let columns = candidate.len();
    let mut steps = Vec::with_capacity(reference.len() * columns);
    let (mut above, mut row) = (vec![0u32; columns + 1], vec![0u32; columns + 1]);
    for word in reference {
        for (j, other) in candidate.iter().enumerate() {
            let (length, step) = match (word == other, row[j] > above[j + 1]) {
                (true, _) => (above[j] + 1, Step::Both),
                (false, true) => (row[j], Step::Candidate),
                (false, false) => (above[j + 1], Step::Reference),
            };
            row[j + 1] = length;
            steps.push(step);
        }
        std::mem::swap(&mut above, &mut row);
    }
    let (mut i, mut j) = (reference.len(), columns);
    while i > 0 && j > 0 {
        let step = steps[(i - 1) * columns + j - 1];
        held[i - 1] |= step == Step::Both;
        i -= usize::from(step != Step::Candidate);
        j -= usize::from(step != Step::Reference);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Precision, recall and F1 of ROUGE-1, -2 and -Lsum.
    type Figures = [(f64, f64, f64); 3];

    /// Language, reference, candidate, and what rouge-score 0.1.2 answers, outside of English with words as `\w+` finds them and the
    /// stems of PyStemmer 3.1.
    const CASES: &[(&str, &str, &str, Figures)] = &[
        (
            "en",
            "The ferry to Lode runs again.\nThe harbour reopened on Monday, the council's ferries said.",
            "On Monday the ferry ran again to Lode.\nThe council reopened the harbours; the ferry is running.",
            [(0.8235, 0.8750, 0.8485), (0.3750, 0.4000, 0.3871), (0.6471, 0.6875, 0.6667)],
        ),
        (
            "en",
            "A b c d a b c d.\nb d a c e",
            "d c b a\na c b d e f\nc d a b a b c d",
            [(0.7222, 1.0000, 0.8387), (0.4706, 0.6667, 0.5517), (0.6667, 0.9231, 0.7742)],
        ),
        (
            "en",
            "It cost £1,250.50 in the U.S. – naïve people’s dying skies.",
            "The dying sky's cost: 1,250 dollars, 50 cents.\nU.S. people are naïve",
            [(0.8125, 0.8667, 0.8387), (0.3333, 0.3571, 0.3448), (0.5000, 0.5333, 0.5161)],
        ),
        ("en", "the the the cat", "the cat the\n\nthe", [(1.0000, 1.0000, 1.0000), (0.6667, 0.6667, 0.6667), (0.5000, 0.5000, 0.5000)]),
        ("en", "One word.", "", [(0.0000, 0.0000, 0.0000), (0.0000, 0.0000, 0.0000), (0.0000, 0.0000, 0.0000)]),
        ("en", "...", "One word.", [(0.0000, 0.0000, 0.0000), (0.0000, 0.0000, 0.0000), (0.0000, 0.0000, 0.0000)]),
        (
            "fr",
            "L’été, les marchés d’Évian étaient fermés.\nLes commerçants protestaient.",
            "Les commerçants d’Évian protestent : le marché était fermé cet été.",
            [(0.7273, 0.7273, 0.7273), (0.3000, 0.3000, 0.3000), (0.5455, 0.5455, 0.5455)],
        ),
        (
            "tr",
            "İstanbul'da vapurlar yeniden çalışıyor.\nIsparta'nın gülleri açtı, gülcüler sevindi.",
            "Gülcüler Isparta'da sevindi.\nİstanbul vapurları çalışıyor; güller açtı.",
            [(1.0000, 0.8333, 0.9091), (0.2222, 0.1818, 0.2000), (0.9000, 0.7500, 0.8182)],
        ),
        (
            "ru",
            "Паром снова ходит до острова.\nЖители острова ждали парома три недели.",
            "Три недели жители ждали паром.\nПаромы до островов ходят снова.",
            [(1.0000, 0.9091, 0.9524), (0.2222, 0.2000, 0.2105), (0.5000, 0.4545, 0.4762)],
        ),
        (
            "ta",
            "மழை பெய்தது.\nமக்கள் மகிழ்ந்தனர்",
            "மக்கள் மழையில் மகிழ்ந்தனர்",
            [(0.8889, 0.8000, 0.8421), (0.5000, 0.4444, 0.4706), (0.8889, 0.8000, 0.8421)],
        ),
        (
            "el",
            "Το πλοίο έφτασε στο λιμάνι.\nΟ ΟΔΟΣ και οι οδοί άνοιξαν.",
            "Η οδός άνοιξε, τα πλοία έφτασαν στα λιμάνια.",
            [(0.7500, 0.5455, 0.6316), (0.5714, 0.4000, 0.4706), (0.7500, 0.5455, 0.6316)],
        ),
        (
            "ja",
            "渡し船は再び動く。\n町は 喜んだ",
            "町は 喜んだ\n渡し船は再び動く。",
            [(1.0000, 1.0000, 1.0000), (0.5000, 0.5000, 0.5000), (1.0000, 1.0000, 1.0000)],
        ),
        (
            "ar",
            "عادت العبارة إلى الميناء بعد تسعة أسابيع.",
            "العبارات تعود إلى ميناء المدينة",
            [(0.6000, 0.4286, 0.5000), (0.2500, 0.1667, 0.2000), (0.6000, 0.4286, 0.5000)],
        ),
        (
            "da",
            "Færgerne sejler igen efter ni uger.",
            "Færgen sejlede igen: de ni ugers pause er slut.",
            [(0.4444, 0.6667, 0.5333), (0.1250, 0.2000, 0.1538), (0.4444, 0.6667, 0.5333)],
        ),
        (
            "de",
            "Die Fähren fahren nach neun Wochen wieder.\nDie Reisenden freuten sich über größere Häuser.",
            "Nach neun Wochen fuhr die Fähre wieder, der Reisende freut sich über ein großes Haus.",
            [(0.8000, 0.8571, 0.8276), (0.5000, 0.5385, 0.5185), (0.7333, 0.7857, 0.7586)],
        ),
        (
            "es",
            "Los transbordadores navegan de nuevo tras nueve semanas.",
            "El transbordador navegó nuevamente; nueve semanas de pausa.",
            [(0.7500, 0.7500, 0.7500), (0.2857, 0.2857, 0.2857), (0.6250, 0.6250, 0.6250)],
        ),
        (
            "fi",
            "Lautat kulkevat taas yhdeksän viikon jälkeen.",
            "Lautta kulki taas yhdeksässä viikossa.",
            [(0.6000, 0.5000, 0.5455), (0.5000, 0.4000, 0.4444), (0.6000, 0.5000, 0.5455)],
        ),
        (
            "hu",
            "A kompok kilenc hét után újra járnak.",
            "A komp kilenc hetes szünet után újra jár.",
            [(0.7500, 0.8571, 0.8000), (0.5714, 0.6667, 0.6154), (0.7500, 0.8571, 0.8000)],
        ),
        (
            "it",
            "I traghetti navigano di nuovo dopo nove settimane.",
            "Il traghetto naviga nuovamente dopo la nona settimana.",
            [(0.6250, 0.6250, 0.6250), (0.2857, 0.2857, 0.2857), (0.6250, 0.6250, 0.6250)],
        ),
        (
            "nb",
            "Fergene går igjen etter ni uker.",
            "Fergen gikk igjen etter den niende uken.",
            [(0.4286, 0.5000, 0.4615), (0.1667, 0.2000, 0.1818), (0.4286, 0.5000, 0.4615)],
        ),
        (
            "nl",
            "De veerboten varen weer na negen weken.\nGelopen wordt er niet meer.",
            "De veerboot vaart weer; lopende reizigers zijn blij na weken.",
            [(0.6000, 0.5000, 0.5455), (0.1111, 0.0909, 0.1000), (0.6000, 0.5000, 0.5455)],
        ),
        (
            "pt",
            "As balsas navegam novamente após nove semanas.",
            "A balsa navegou de novo após a nona semana.",
            [(0.5556, 0.7143, 0.6250), (0.2500, 0.3333, 0.2857), (0.5556, 0.7143, 0.6250)],
        ),
        (
            "ro",
            "Feriboturile circulă din nou după nouă săptămâni.\nCălătorii așteptaseră ştiri.",
            "Feribotul a circulat după săptămâna a noua, călătorul aștepta știrile.",
            [(0.7000, 0.7000, 0.7000), (0.2222, 0.2222, 0.2222), (0.6000, 0.6000, 0.6000)],
        ),
        (
            "sv",
            "Färjorna går igen efter nio veckor.",
            "Färjan gick igen efter den nionde veckan.",
            [(0.2857, 0.3333, 0.3077), (0.1667, 0.2000, 0.1818), (0.2857, 0.3333, 0.3077)],
        ),
        (
            "az",
            "Bakı_port 2 gün bağlı idi.",
            "Bakı_port iki gün bağlı qaldı; 2 gün",
            [(0.5714, 0.8000, 0.6667), (0.3333, 0.5000, 0.4000), (0.4286, 0.6000, 0.5000)],
        ),
    ];

    fn scores(lang: &str, reference: &str, candidate: &str) -> [Prf; 3] {
        let mut rouge = Rouge::new(Lang::parse(lang).as_ref());
        let (reference, candidate) = (rouge.tokens(reference), rouge.tokens(candidate));
        score(&[reference], &candidate)
    }

    #[test]
    fn figures_are_those_of_rouge_score() {
        for (lang, reference, candidate, expected) in CASES {
            for (prf, expected) in scores(lang, reference, candidate).into_iter().zip(expected) {
                let (precision, recall, f1) = *expected;
                let far = [prf.precision - precision, prf.recall - recall, prf.f1 - f1].iter().any(|gap| gap.abs() > 5e-5);
                assert!(!far, "{lang} {reference:?} {candidate:?}: {prf:?}, expected {expected:?}");
            }
        }
    }

    #[test]
    fn several_references_are_a_mean() {
        let mut rouge = Rouge::new(None);
        let references = [rouge.tokens("a b c d"), rouge.tokens("a x")];
        let [one, two, _] = score(&references, &rouge.tokens("a b"));
        assert_eq!((one.precision, one.recall), ((1.0 + 0.5) / 2.0, (0.5 + 0.5) / 2.0));
        assert!((one.f1 - (2.0 / 3.0 + 0.5) / 2.0).abs() < 1e-12 && (two.recall - 1.0 / 6.0).abs() < 1e-12);
        assert_eq!(score(&[], &references[0]), Scores::default());
    }

    #[test]
    fn limits_cut_between_characters_and_words() {
        let text = "Élan vital.\nIt  ends";
        for (limit, expected) in [
            (Limit::Bytes(0), ""),
            (Limit::Bytes(1), ""),
            (Limit::Bytes(2), "É"),
            (Limit::Bytes(13), "Élan vital.\n"),
            (Limit::Bytes(99), text),
            (Limit::Words(1), "Élan"),
            (Limit::Words(3), "Élan vital.\nIt"),
            (Limit::Words(4), text),
        ] {
            assert_eq!(limit.cut(text), expected, "{limit:?}");
        }
    }
}
