//! What the trained rankers read: every feature of every candidate of a document, as columns, computed in a few passes over its
//! terms (`terms`). They are told by place, length, repetition and the title alone, never by a word or a letter, so that what was
//! learned in one language holds in another. What is made of them is the business of `trees`.

mod terms;

use super::features::ln_after;
use super::unwanted::nuisance;
use crate::document::Document;
use crate::text::vector::Vectors;
pub use terms::keyword_cover;
use terms::{Likeness, Terms, Wording, repeated_pairs};

/// Names of the features, in the order of the columns; those that begin with `z ` are standardised within the article.
pub const NAMES: [&str; 31] = [
    "relative place",
    "z log place",
    "relative length",
    "z log words",
    "similarity to later sentences",
    "z similarity to later sentences",
    "similarity to earlier sentences",
    "z similarity to earlier sentences",
    "similarity to the article",
    "z similarity to the article",
    "mean similarity",
    "title words",
    "z title words",
    "keywords",
    "z keywords",
    "keywords for its length",
    "z keywords for its length",
    "similarity to the first",
    "z similarity to the first",
    "similarity to the first three",
    "z similarity to the first three",
    "similarity to the one before",
    "similarity to the one after",
    "z repeated pairs",
    "z share of repeated pairs",
    "z rarest word",
    "z rarity",
    "z weight of its words",
    "z new words",
    "z words that come again",
    "mean words of a sentence",
];

/// Places for the features of a sentence.
pub const WIDTH: usize = NAMES.len().next_power_of_two();

/// Sentences that are looked at side by side.
pub const LANES: usize = 8;

/// Several sentences side by side: their values by feature.
pub type Block = [[f32; LANES]; WIDTH];

/// The features of one sentence, then zeros.
type Row = [f32; WIDTH];

/// Features by name and sentence.
pub struct Columns {
    rows: Vec<Row>,
    unwanted: Vec<f64>,
}

impl Columns {
    /// The features of the candidates of a document.
    pub fn new(document: &Document, candidates: &[usize], vectors: &Vectors, idf: &[f64]) -> Columns {
        let unwanted = candidates.iter().map(|&i| nuisance(document, i)).collect();
        let mut rows = rows(document, candidates, vectors, idf);
        standardise(&mut rows);
        Columns { rows, unwanted }
    }

    /// Number of sentences.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The features of a sentence.
    pub fn row(&self, sentence: usize) -> &[f32; NAMES.len()] {
        self.rows[sentence].first_chunk().expect("a row is no shorter")
    }

    /// A feature of every sentence.
    pub fn column(&self, feature: usize) -> impl Iterator<Item = f32> {
        self.rows.iter().map(move |row| row[feature])
    }

    /// The sentences by the block; zeros where there is none any more.
    pub fn blocks(&self) -> impl Iterator<Item = Block> {
        self.rows.chunks(LANES).map(|rows| {
            let mut block = [[0.0; LANES]; WIDTH];
            for (lane, row) in rows.iter().enumerate() {
                block.iter_mut().zip(row).for_each(|(values, value)| values[lane] = *value);
            }
            block
        })
    }

    /// Points that each sentence loses for what readers do not want; no feature, since summaries by people do not tell of it.
    pub fn unwanted(&self) -> &[f64] {
        &self.unwanted
    }

    /// The same with one feature at its median for all, to see what it matters.
    pub fn levelled(&self, feature: usize) -> Columns {
        let mut sorted: Vec<f32> = self.column(feature).collect();
        sorted.sort_unstable_by(f32::total_cmp);
        let median = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
        let mut rows = self.rows.clone();
        rows.iter_mut().for_each(|row| row[feature] = median);
        Columns { rows, unwanted: self.unwanted.clone() }
    }
}

/// The features of every candidate, not standardised yet.
fn rows(document: &Document, candidates: &[usize], vectors: &Vectors, idf: &[f64]) -> Vec<Row> {
    let mut terms = Terms::new(document, candidates, vectors, idf);
    let repeated = repeated_pairs(document, candidates, &terms);
    let n = candidates.len() as f64;
    let (root, others) = (n.sqrt(), (n - 1.0).max(1.0));
    let words = |i: usize| document.sentences()[i].words as usize;
    let mean = candidates.iter().map(|&i| words(i).max(1) as f64).sum::<f64>() / n;
    let mut rows: Vec<Row> = Vec::with_capacity(candidates.len());
    for (k, &i) in candidates.iter().enumerate() {
        let tokens = document.tokens(i);
        let Likeness { later, earlier, all, title, keywords, first, before } = terms.likeness(k, vectors.row(k));
        let (later, earlier) = (later / root, earlier / root);
        let near = first[0].max(first[1]).max(first[2]);
        let for_length = keywords / ln_after(words(i) + 1);
        let share = repeated[k] / tokens.len().saturating_sub(1).max(1) as f64;
        let Wording { rarest, rarity, weight, new, again } = terms.wording(k, tokens, idf);
        if let Some(last) = rows.last_mut() {
            last[AFTER] = before as f32;
        }
        // In the order of the names.
        rows.push(row([
            k as f64 / n,
            ln_after(k),
            words(i).max(1) as f64 / mean,
            ln_after(words(i).max(1)),
            later,
            later,
            earlier,
            earlier,
            all,
            all,
            (later + earlier) * root / others,
            title,
            title,
            keywords,
            keywords,
            for_length,
            for_length,
            first[0],
            first[0],
            near,
            near,
            before,
            // The one after is not known yet.
            0.0,
            repeated[k],
            share,
            rarest,
            rarity,
            weight,
            new,
            again,
            mean,
        ]));
    }
    rows
}

/// The feature that is known only with the next sentence.
const AFTER: usize = 22;

fn row(values: [f64; NAMES.len()]) -> Row {
    let mut row = [0.0; WIDTH];
    row.iter_mut().zip(values).for_each(|(slot, value)| *slot = value as f32);
    row
}

/// Which features are distances from their mean, in standard deviations.
const STANDARDISED: [bool; WIDTH] = {
    let mut found = [false; WIDTH];
    let mut feature = 0;
    while feature < NAMES.len() {
        found[feature] = matches!(NAMES[feature].as_bytes(), [b'z', b' ', ..]);
        feature += 1;
    }
    found
};

/// Standardises the features that are to be; zero where values do not differ.
fn standardise(rows: &mut [Row]) {
    let n = rows.len() as f64;
    let (mut means, mut squares) = ([0.0; WIDTH], [0.0; WIDTH]);
    for row in &*rows {
        (0..WIDTH).for_each(|feature| means[feature] += f64::from(row[feature]));
    }
    // Of a feature that stays as it is nothing is taken off.
    (0..WIDTH).for_each(|feature| means[feature] = if STANDARDISED[feature] { means[feature] / n } else { 0.0 });
    for row in &*rows {
        for feature in 0..WIDTH {
            let off = f64::from(row[feature]) - means[feature];
            squares[feature] += off * off;
        }
    }
    let scales: [f64; WIDTH] = std::array::from_fn(|feature| match (squares[feature] / n).sqrt() {
        _ if !STANDARDISED[feature] => 1.0,
        deviation if deviation > 1e-6 => 1.0 / deviation,
        _ => 0.0,
    });
    for row in rows {
        (0..WIDTH).for_each(|feature| row[feature] = ((f64::from(row[feature]) - means[feature]) * scales[feature]) as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::lang::Lang;
    use crate::summary::features::{likeness_to_all, title_overlap};
    use crate::summary::frequency::sentence_idf;
    use crate::text::vector::cosine;
    use crate::text::{Scratch, TextOptions, parse};

    fn columns(text: &str) -> (Columns, Document) {
        let mut article = Article::new("a".into(), text.into()).expect("short");
        article.lang = Lang::parse("en");
        article.title = Some("A ferry to Skellan".to_owned());
        let document = parse(article, &TextOptions::default(), &mut Scratch::default());
        let (candidates, idf) = (document.candidates(), sentence_idf(&document));
        let vectors = Vectors::new(&document, &candidates, &idf);
        (Columns::new(&document, &candidates, &vectors, &idf), document)
    }

    fn named(columns: &Columns, name: &str) -> Vec<f32> {
        columns.column(NAMES.iter().position(|known| *known == name).expect(name)).collect()
    }

    #[test]
    fn every_name_has_its_column() {
        let (columns, _) = columns(
            "The ferry sails to Skellan on 3 May. Nobody came to Skellan harbour. The old ferry sails again. Skellan harbour waits for 12 boats and 2 ships.",
        );
        assert_eq!(named(&columns, "relative place"), [0.0, 0.25, 0.5, 0.75]);
        assert_eq!(named(&columns, "mean words of a sentence"), [6.75; 4]);
        assert_eq!(named(&columns, "relative length")[3], 9.0 / 6.75);
        assert_eq!(named(&columns, "z repeated pairs"), [0.0; 4], "ferry sails, Skellan harbour: one each");
        assert!(named(&columns, "z share of repeated pairs")[3] < 0.0, "the longest");
        assert!(named(&columns, "title words")[0] > named(&columns, "title words")[1]);
        assert!(named(&columns, "z words that come again")[3] < 0.0 && named(&columns, "z new words")[0] > 0.0);
        assert_eq!(named(&columns, "similarity to the one before")[1..], named(&columns, "similarity to the one after")[..3]);
        assert_eq!(columns.unwanted(), [0.0; 4]);
    }

    #[test]
    fn similarities_are_those_of_pairs() {
        let (columns, document) = columns(
            "The ferry sails to Skellan on 3 May. Nobody came to Skellan harbour. The old ferry sails again, an old boat. It rains.",
        );
        let (candidates, idf) = (document.candidates(), sentence_idf(&document));
        let vectors = Vectors::new(&document, &candidates, &idf);
        let sum = |i: usize, of: std::ops::Range<usize>| of.map(|j| cosine(vectors.row(i), vectors.row(j))).sum::<f64>();
        let found = |name: &str, i: usize| f64::from(named(&columns, name)[i]);
        let title = title_overlap(document.title(), &vectors, &idf);
        let keywords = keyword_cover(&document, &candidates, &vectors, &idf);
        let all = likeness_to_all(&vectors, idf.len());
        for i in 0..4 {
            let expected = [
                ("similarity to later sentences", sum(i, i + 1..4) / 2.0),
                ("similarity to earlier sentences", sum(i, 0..i) / 2.0),
                ("mean similarity", (sum(i, 0..i) + sum(i, i + 1..4)) / 3.0),
                ("similarity to the one before", sum(i, i.saturating_sub(1)..i)),
                ("similarity to the article", all[i]),
                ("title words", title[i]),
                ("keywords", keywords[i]),
            ];
            for (name, expected) in expected {
                assert!((found(name, i) - expected).abs() < 1e-6, "{name} of {i}: {} and not {expected}", found(name, i));
            }
        }
        assert!(found("similarity to the one before", 1) > 0.0 && found("title words", 0) > 0.0);
    }

    #[test]
    fn similarity_to_the_first_ones_leaves_a_sentence_out() {
        let (columns, document) = columns("The ferry sails. The ferry sails. Nobody came. It snows in May. The ferry sails again.");
        assert_eq!(document.sentences().len(), 5);
        let found = named(&columns, "similarity to the first three");
        assert!((found[0] - 1.0).abs() < 1e-6 && found[2] == 0.0 && found[4] > 0.5, "{found:?}");
        let found = named(&columns, "similarity to the first");
        assert!(found[0] == 0.0 && (found[1] - 1.0).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn one_sentence_and_none() {
        let (one, _) = columns("The ferry sails.");
        assert_eq!(one.rows(), 1);
        assert!((0..NAMES.len()).all(|feature| one.column(feature).all(f32::is_finite)));
        let (digits, _) = columns("1. 2. 3.");
        assert!((0..NAMES.len()).all(|feature| digits.column(feature).all(f32::is_finite)));
    }
}
