//! What the trained rankers read: every feature of every candidate of a document, as columns, computed in a few passes over its
//! terms. They are told by place, length, repetition and the title alone, never by a word or a letter, so that what was
//! learned in one language holds in another. What is made of them is the business of `trees`.

use super::features::{forward_and_back, ln_after, title_overlap};
use super::unwanted::nuisance;
use crate::document::Document;
use crate::text::vector::{Vectors, cosine};

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

/// Columns are as long as a multiple of this, so that several sentences can be looked at side by side.
pub const LANES: usize = 8;

/// Features by name and sentence.
pub struct Columns {
    rows: usize,
    stride: usize,
    /// Columns that are filled.
    added: usize,
    values: Vec<f32>,
    unwanted: Vec<f64>,
}

impl Columns {
    /// The features of the candidates of a document.
    pub fn new(document: &Document, candidates: &[usize], vectors: &Vectors, idf: &[f64]) -> Columns {
        let (rows, stride) = (candidates.len(), candidates.len().next_multiple_of(LANES));
        let unwanted = candidates.iter().map(|&i| nuisance(document, i)).collect();
        let mut columns = Columns { rows, stride, added: 0, values: vec![0.0; stride * NAMES.len()], unwanted };
        if candidates.is_empty() {
            return columns;
        }
        columns.add_place_and_length(document, candidates);
        columns.add_similarities(vectors, idf.len());
        columns.add_title_and_keywords(document, candidates, vectors, idf);
        columns.add_neighbours(vectors, idf.len());
        columns.add_pairs(document, candidates);
        columns.add_words(document, candidates, idf);
        debug_assert_eq!(columns.added, NAMES.len());
        columns
    }

    /// Number of sentences.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Length of a column: the number of sentences and then some.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// A feature of every sentence, then zeros up to the stride.
    pub fn column(&self, feature: usize) -> &[f32] {
        &self.values[feature * self.stride..(feature + 1) * self.stride]
    }

    /// Points that each sentence loses for what readers do not want; no feature, since summaries by people do not tell of it.
    pub fn unwanted(&self) -> &[f64] {
        &self.unwanted
    }

    /// The same with one feature at its median for all, to see what it matters.
    pub fn levelled(&self, feature: usize) -> Columns {
        let mut values = self.values.clone();
        let column = &mut values[feature * self.stride..][..self.rows];
        let mut sorted = column.to_vec();
        sorted.sort_unstable_by(f32::total_cmp);
        column.fill(sorted.get(sorted.len() / 2).copied().unwrap_or(0.0));
        Columns { values, unwanted: self.unwanted.clone(), ..*self }
    }

    /// Fills the next column with values, one for each sentence.
    fn add(&mut self, values: impl IntoIterator<Item = f64>) {
        let column = &mut self.values[self.added * self.stride..][..self.rows];
        column.iter_mut().zip(values).for_each(|(slot, value)| *slot = value as f32);
        self.added += 1;
    }

    /// Makes the last column one of distances from its mean, in standard deviations; zero where values do not differ.
    fn standardise(&mut self) {
        let column = &mut self.values[(self.added - 1) * self.stride..][..self.rows];
        let n = column.len() as f64;
        let mean = column.iter().map(|value| f64::from(*value)).sum::<f64>() / n;
        let off = |value: f32| f64::from(value) - mean;
        let deviation = (column.iter().map(|value| off(*value) * off(*value)).sum::<f64>() / n).sqrt();
        let scale = if deviation > 1e-6 { 1.0 / deviation } else { 0.0 };
        column.iter_mut().for_each(|value| *value = (off(*value) * scale) as f32);
    }

    fn add_z(&mut self, values: impl IntoIterator<Item = f64>) {
        self.add(values);
        self.standardise();
    }

    fn add_both(&mut self, values: impl IntoIterator<Item = f64>) {
        self.add(values);
        let start = (self.added - 1) * self.stride;
        self.values.copy_within(start..start + self.rows, start + self.stride);
        self.added += 1;
        self.standardise();
    }

    fn add_place_and_length(&mut self, document: &Document, candidates: &[usize]) {
        let n = self.rows;
        let words = |&i: &usize| f64::from(document.sentences()[i].words.max(1));
        let mean = mean_words(document, candidates);
        self.add((0..n).map(|k| k as f64 / n as f64));
        self.add_z((0..n).map(ln_after));
        self.add(candidates.iter().map(|i| words(i) / mean));
        self.add_z(candidates.iter().map(|i| ln_after(words(i) as usize)));
    }

    fn add_similarities(&mut self, vectors: &Vectors, terms: usize) {
        let (later, earlier, all) = forward_and_back(vectors, terms);
        let root = (self.rows as f64).sqrt();
        let others = self.rows.saturating_sub(1).max(1) as f64;
        let mean = later.iter().zip(&earlier).map(|(later, earlier)| (later + earlier) * root / others);
        self.add_both(later.iter().copied());
        self.add_both(earlier.iter().copied());
        self.add_both(all);
        self.add(mean);
    }

    fn add_title_and_keywords(&mut self, document: &Document, candidates: &[usize], vectors: &Vectors, idf: &[f64]) {
        self.add_both(title_overlap(document.title(), vectors, idf));
        let covered = keyword_cover(document, candidates, vectors, idf);
        self.add_both(covered.iter().copied());
        let for_length = |(covered, &i): (&f64, &usize)| covered / ln_after(document.sentences()[i].words as usize + 1);
        self.add_both(covered.iter().zip(candidates).map(for_length));
    }

    fn add_neighbours(&mut self, vectors: &Vectors, terms: usize) {
        // The first three side by side, so that a term is looked up once for all of them.
        let mut first = vec![[0.0; 3]; terms];
        for (j, row) in vectors.rows().take(3).enumerate() {
            row.iter().for_each(|&(term, weight)| first[term as usize][j] = weight);
        }
        let mut to_first = Vec::with_capacity(self.rows);
        for (i, row) in vectors.rows().enumerate() {
            let mut to = [0.0; 3];
            for &(term, weight) in row {
                to.iter_mut().zip(first[term as usize]).for_each(|(to, first)| *to += weight * first);
            }
            if let Some(itself) = to.get_mut(i) {
                *itself = 0.0;
            }
            to_first.push(to);
        }
        self.add_both(to_first.iter().map(|to| to[0]));
        self.add_both(to_first.iter().map(|to| to[0].max(to[1]).max(to[2])));
        let to_before = |i: usize| cosine(vectors.row(i), vectors.row(i - 1));
        let before: Vec<f64> = (0..self.rows).map(|i| if i == 0 { 0.0 } else { to_before(i) }).collect();
        self.add(before.iter().copied());
        self.add(before.iter().skip(1).copied().chain([0.0]));
    }

    fn add_pairs(&mut self, document: &Document, candidates: &[usize]) {
        let repeated = repeated_pairs(document, candidates);
        self.add_z(repeated.iter().copied());
        let pairs = |i: usize| document.tokens(i).len().saturating_sub(1).max(1) as f64;
        self.add_z(repeated.iter().zip(candidates).map(|(repeated, &i)| repeated / pairs(i)));
    }

    fn add_words(&mut self, document: &Document, candidates: &[usize], idf: &[f64]) {
        let seen = occurrences(document, candidates, idf.len());
        let of = |i: usize| document.tokens(i).iter().map(|&term| term as usize);
        let mut means: [Vec<f64>; 5] = Default::default();
        for (k, &i) in candidates.iter().enumerate() {
            let (mut rarest, mut sums) = (0f64, [0.0; 4]);
            for term in of(i) {
                let Occurrences { first, last, times } = seen[term];
                rarest = rarest.max(idf[term]);
                let found =
                    [idf[term], idf[term] * f64::from(times), f64::from(u8::from(first == k as u32)), f64::from(u8::from(last > k as u32))];
                sums.iter_mut().zip(found).for_each(|(sum, found)| *sum += found);
            }
            let length = document.tokens(i).len().max(1) as f64;
            means[0].push(rarest);
            means[1..].iter_mut().zip(sums).for_each(|(means, sum)| means.push(sum / length));
        }
        means.into_iter().for_each(|values| self.add_z(values));
        self.add(std::iter::repeat_n(mean_words(document, candidates), self.rows));
    }
}

fn mean_words(document: &Document, candidates: &[usize]) -> f64 {
    candidates.iter().map(|&i| f64::from(document.sentences()[i].words.max(1))).sum::<f64>() / candidates.len() as f64
}

/// Where a term stands: the first and the last sentence, and how many times in all.
#[derive(Clone, Copy)]
struct Occurrences {
    first: u32,
    last: u32,
    times: u32,
}

fn occurrences(document: &Document, candidates: &[usize], terms: usize) -> Vec<Occurrences> {
    let mut seen = vec![Occurrences { first: u32::MAX, last: 0, times: 0 }; terms];
    for (k, &i) in (0u32..).zip(candidates) {
        for &term in document.tokens(i) {
            let Occurrences { first, last, times } = &mut seen[term as usize];
            (*first, *last) = ((*first).min(k), k);
            *times += 1;
        }
    }
    seen
}

/// What share of the weight of the article's heaviest terms each sentence holds.
pub fn keyword_cover(document: &Document, candidates: &[usize], vectors: &Vectors, idf: &[f64]) -> Vec<f64> {
    let share = keyword_shares(document, candidates, idf);
    vectors.rows().map(|row| row.iter().map(|(term, _)| share[*term as usize]).sum()).collect()
}

/// What share of the weight of the article's fifteen heaviest terms (tf * idf) each term has.
fn keyword_shares(document: &Document, candidates: &[usize], idf: &[f64]) -> Vec<f64> {
    let mut weights = vec![0.0; idf.len()];
    for &i in candidates {
        document.tokens(i).iter().for_each(|&term| weights[term as usize] += idf[term as usize]);
    }
    let heaviest: Vec<(usize, f64)> = heaviest(&weights).into_iter().map(|term| (term, weights[term])).collect();
    let total: f64 = heaviest.iter().map(|(_, weight)| weight).sum();
    weights.fill(0.0);
    for (term, weight) in heaviest {
        weights[term] = if total > 0.0 { weight / total } else { 0.0 };
    }
    weights
}

/// The fifteen heaviest terms, from the heaviest; the first of those that weigh the same.
fn heaviest(weights: &[f64]) -> Vec<usize> {
    const MOST: usize = 15;
    let mut found: Vec<usize> = Vec::with_capacity(MOST + 1);
    let mut least = f64::NEG_INFINITY;
    for (term, &weight) in weights.iter().enumerate() {
        if found.len() == MOST && weight <= least {
            continue;
        }
        let place = found.partition_point(|&other| weights[other] >= weight);
        found.insert(place, term);
        found.truncate(MOST);
        least = found.last().map_or(least, |&last| weights[last]);
    }
    found
}

/// How many pairs of neighbouring terms of each sentence stand in another sentence too.
fn repeated_pairs(document: &Document, candidates: &[usize]) -> Vec<f64> {
    let tokens: usize = candidates.iter().map(|&i| document.tokens(i).len()).sum();
    let mut pairs = Pairs::with_room(tokens);
    for (k, &i) in candidates.iter().enumerate() {
        document.tokens(i).windows(2).for_each(|pair| pairs.meet(pair[0], pair[1], k as u32));
    }
    let repeated = |&i: &usize| document.tokens(i).windows(2).filter(|pair| pairs.is_repeated(pair[0], pair[1])).count() as f64;
    candidates.iter().map(repeated).collect()
}

/// In which sentence a pair of terms was met first, or that it was met in several; a small open table.
struct Pairs {
    slots: Vec<(u64, u32)>,
    shift: u32,
}

impl Pairs {
    const FREE: (u64, u32) = (u64::MAX, 0);
    const SEVERAL: u32 = u32::MAX;

    fn with_room(pairs: usize) -> Pairs {
        let slots = (pairs * 2).next_power_of_two().max(16);
        Pairs { slots: vec![Pairs::FREE; slots], shift: 64 - slots.trailing_zeros() }
    }

    /// The slot of a pair, or the free one that it belongs into.
    fn slot(&self, one: u32, other: u32) -> (usize, u64) {
        let key = u64::from(one) << 32 | u64::from(other);
        let mut at = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize;
        while self.slots[at] != Pairs::FREE && self.slots[at].0 != key {
            at = (at + 1) & (self.slots.len() - 1);
        }
        (at, key)
    }

    fn meet(&mut self, one: u32, other: u32, sentence: u32) {
        let (at, key) = self.slot(one, other);
        let slot = &mut self.slots[at];
        if *slot == Pairs::FREE {
            *slot = (key, sentence);
        } else if slot.1 != sentence {
            slot.1 = Pairs::SEVERAL;
        }
    }

    fn is_repeated(&self, one: u32, other: u32) -> bool {
        self.slots[self.slot(one, other).0].1 == Pairs::SEVERAL
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::lang::Lang;
    use crate::summary::frequency::sentence_idf;
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
        columns.column(NAMES.iter().position(|known| *known == name).expect(name))[..columns.rows()].to_vec()
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
        assert_eq!(columns.unwanted(), [0.0; 4]);
    }

    #[test]
    fn the_heaviest_are_the_first_of_equals() {
        let weights: Vec<f64> = (0..40).map(|term| f64::from(term % 10)).collect();
        assert_eq!(heaviest(&weights), [9, 19, 29, 39, 8, 18, 28, 38, 7, 17, 27, 37, 6, 16, 26]);
        assert_eq!(heaviest(&[1.0, 3.0]), [1, 0]);
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
        assert!((0..NAMES.len()).all(|feature| one.column(feature)[0].is_finite()));
        let (digits, _) = columns("1. 2. 3.");
        assert!((0..NAMES.len()).all(|feature| digits.column(feature).iter().all(|value| value.is_finite())));
    }
}
