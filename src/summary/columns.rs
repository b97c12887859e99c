//! What the trained rankers read: every feature of every candidate of a document, as columns, computed in a few passes over its
//! terms. They are told by place, length, repetition and the title alone, never by a word or a letter, so that what was
//! learned in one language holds in another. What is made of them is the business of `trees`.

use super::features::{forward_and_back, ln_after, title_overlap};
use super::unwanted::nuisance;
use crate::document::{Document, Quote};
use crate::text::vector::{Vectors, cosine};

/// Names of the features, in the order of the columns; those that begin with `z ` are standardised within the article.
pub const NAMES: [&str; 43] = [
    "place",
    "relative place",
    "sentences after it",
    "z log place",
    "words",
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
    "repeated pairs",
    "z repeated pairs",
    "share of repeated pairs",
    "z share of repeated pairs",
    "z rarest word",
    "z rarity",
    "z weight of its words",
    "new words",
    "z new words",
    "words that come again",
    "z words that come again",
    "numbers",
    "quotation",
    "unwanted",
    "sentences of the article",
    "mean words of a sentence",
    "has a title",
];

/// Index of the points that a sentence loses for what readers do not want.
const UNWANTED: usize = 39;

/// Columns are as long as a multiple of this, so that several sentences can be looked at side by side.
pub const LANES: usize = 8;

/// Features by name and sentence.
pub struct Columns {
    rows: usize,
    stride: usize,
    /// Columns that are filled.
    added: usize,
    values: Vec<f32>,
}

impl Columns {
    /// The features of the candidates of a document.
    pub fn new(document: &Document, candidates: &[usize], vectors: &Vectors, idf: &[f64]) -> Columns {
        let (rows, stride) = (candidates.len(), candidates.len().next_multiple_of(LANES));
        let mut columns = Columns { rows, stride, added: 0, values: vec![0.0; stride * NAMES.len()] };
        if candidates.is_empty() {
            return columns;
        }
        columns.add_place_and_length(document, candidates);
        columns.add_similarities(vectors, idf.len());
        columns.add_title_and_keywords(document, candidates, vectors, idf);
        columns.add_neighbours(vectors);
        columns.add_pairs(document, candidates);
        columns.add_words(document, candidates, idf);
        columns.add_kinds(document, candidates);
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

    /// Points that each sentence loses for what readers do not want.
    pub fn unwanted(&self) -> &[f32] {
        &self.column(UNWANTED)[..self.rows]
    }

    /// The same with one feature at its median for all, to see what it matters.
    pub fn levelled(&self, feature: usize) -> Columns {
        let mut values = self.values.clone();
        let column = &mut values[feature * self.stride..][..self.rows];
        let mut sorted = column.to_vec();
        sorted.sort_unstable_by(f32::total_cmp);
        column.fill(sorted.get(sorted.len() / 2).copied().unwrap_or(0.0));
        Columns { values, ..*self }
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
        let mean = candidates.iter().map(words).sum::<f64>() / n as f64;
        self.add((0..n).map(|k| k as f64));
        self.add((0..n).map(|k| k as f64 / n as f64));
        self.add((0..n).map(|k| (n - 1 - k) as f64));
        self.add_z((0..n).map(ln_after));
        self.add(candidates.iter().map(words));
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

    fn add_neighbours(&mut self, vectors: &Vectors) {
        const FIRST: usize = 3;
        let n = self.rows;
        let to = |i: usize, j: usize| if i == j { 0.0 } else { cosine(vectors.row(i), vectors.row(j)) };
        let to_first: Vec<f64> = (0..n).map(|i| to(i, 0)).collect();
        self.add_both(to_first.iter().copied());
        let rest = |i: usize| (1..n.min(FIRST)).map(|j| to(i, j)).fold(to_first[i], f64::max);
        self.add_both((0..n).map(rest));
        let before: Vec<f64> = (0..n).map(|i| if i == 0 { 0.0 } else { to(i, i - 1) }).collect();
        self.add(before.iter().copied());
        self.add(before.iter().skip(1).copied().chain([0.0]));
    }

    fn add_pairs(&mut self, document: &Document, candidates: &[usize]) {
        let repeated = repeated_pairs(document, candidates);
        self.add_both(repeated.iter().copied());
        let pairs = |i: usize| document.tokens(i).len().saturating_sub(1).max(1) as f64;
        self.add_both(repeated.iter().zip(candidates).map(|(repeated, &i)| repeated / pairs(i)));
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
        let [rarest, rarity, weight, new, again] = means;
        [rarest, rarity, weight].into_iter().for_each(|values| self.add_z(values));
        [new, again].into_iter().for_each(|values| self.add_both(values));
    }

    fn add_kinds(&mut self, document: &Document, candidates: &[usize]) {
        let n = self.rows;
        let sentences = document.sentences();
        self.add(candidates.iter().map(|&i| numbers(document.slice(i))));
        self.add(candidates.iter().map(|&i| match (sentences[i].quote, sentences[i].all_quoted) {
            (Quote::None, _) => 0.0,
            (_, false) => 1.0,
            (_, true) => 2.0,
        }));
        self.add(candidates.iter().map(|&i| nuisance(document, i)));
        let words: f64 = candidates.iter().map(|&i| f64::from(sentences[i].words)).sum();
        for of_all in [n as f64, words / n as f64, f64::from(u8::from(!document.title().is_empty()))] {
            self.add(std::iter::repeat_n(of_all, n));
        }
    }
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
    const HEAVIEST: usize = 15;
    let mut weights = vec![0.0; idf.len()];
    for &i in candidates {
        document.tokens(i).iter().for_each(|&term| weights[term as usize] += idf[term as usize]);
    }
    let mut order: Vec<u32> = (0..weights.len() as u32).collect();
    let heavier = |a: &u32, b: &u32| weights[*b as usize].total_cmp(&weights[*a as usize]).then(a.cmp(b));
    if order.len() > HEAVIEST {
        order.select_nth_unstable_by(HEAVIEST - 1, heavier);
        order.truncate(HEAVIEST);
        order.sort_unstable();
    }
    let total: f64 = order.iter().map(|&term| weights[term as usize]).sum();
    let mut shares = vec![0.0; weights.len()];
    for term in order {
        shares[term as usize] = if total > 0.0 { weights[term as usize] / total } else { 0.0 };
    }
    shares
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

/// Runs of ASCII digits.
fn numbers(slice: &str) -> f64 {
    let digit = |byte: &u8| byte.is_ascii_digit();
    let bytes = slice.as_bytes();
    let begun = bytes.windows(2).filter(|pair| !digit(&pair[0]) && digit(&pair[1])).count();
    (begun + usize::from(bytes.first().is_some_and(digit))) as f64
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
    fn what_is_unwanted_is_where_it_is_looked_for() {
        assert_eq!(NAMES[UNWANTED], "unwanted");
    }

    #[test]
    fn every_name_has_its_column() {
        let (columns, _) = columns(
            "The ferry sails to Skellan on 3 May. Nobody came to Skellan harbour. The old ferry sails again. Skellan harbour waits for 12 boats and 2 ships.",
        );
        assert_eq!(named(&columns, "place"), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(named(&columns, "words"), [8.0, 5.0, 5.0, 9.0]);
        assert_eq!(named(&columns, "repeated pairs"), [1.0, 1.0, 1.0, 1.0], "ferry sails, Skellan harbour");
        assert_eq!(named(&columns, "numbers"), [1.0, 0.0, 0.0, 2.0]);
        assert_eq!(named(&columns, "has a title"), [1.0; 4]);
        assert_eq!(named(&columns, "similarity to the first")[0], 0.0);
        assert!(named(&columns, "title words")[0] > named(&columns, "title words")[1]);
        assert!(named(&columns, "words that come again")[3] == 0.0 && named(&columns, "new words")[0] == 1.0);
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
