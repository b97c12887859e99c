//! What the features of a sentence ask of its terms: how much it is like others, the title and the keywords, and how new and
//! how rare its words are. What is known of a term lies in one place, so that a term of a sentence is looked up once for all.

use crate::document::Document;
use crate::text::vector::{Row, Vectors};

/// The terms of a document, whose sentences are gone through in order.
pub struct Terms {
    by_number: Vec<Term>,
    /// Length of the sum of all sentences.
    length: f64,
    /// Weight of the title's terms.
    title: f64,
}

/// What is known of one term.
#[derive(Clone, Copy, Debug, Default)]
struct Term {
    /// Its weights in all sentences, and in those gone through.
    all: f64,
    earlier: f64,
    /// Its weights in the first three sentences.
    first: [f64; 3],
    /// Its weight in the last sentence gone through that holds it, and the number of the one after that.
    weight: f64,
    next: u32,
    /// Its idf if the title holds it.
    title: f64,
    /// What share of the weight of the keywords it has.
    keyword: f64,
    seen: Occurrences,
}

/// Where a term stands: the first and the last sentence, and how many times in all.
#[derive(Clone, Copy, Debug, Default)]
struct Occurrences {
    first: u32,
    last: u32,
    times: u32,
}

/// What a sentence is like.
#[derive(Clone, Copy, Debug, Default)]
pub struct Likeness {
    /// Sums of the cosines with the sentences after it and before it.
    pub later: f64,
    pub earlier: f64,
    /// Cosine with the sum of all.
    pub all: f64,
    /// Share of the weight of the title's terms that it holds.
    pub title: f64,
    /// Share of the weight of the keywords that it holds.
    pub keywords: f64,
    /// Cosines with the first three; zero with itself.
    pub first: [f64; 3],
    /// Cosine with the one before it.
    pub before: f64,
}

/// How new and how rare the words of a sentence are: the idf of its rarest, and means of all: idf, idf by times in the article,
/// and whether it is the first time, or not the last sentence, that the word is met.
#[derive(Clone, Copy, Debug)]
pub struct Wording {
    pub rarest: f64,
    pub rarity: f64,
    pub weight: f64,
    pub new: f64,
    pub again: f64,
}

impl Terms {
    /// The terms of the candidates of a document.
    pub fn new(document: &Document, candidates: &[usize], vectors: &Vectors, idf: &[f64]) -> Terms {
        let mut terms = Terms { by_number: vec![Term::default(); idf.len()], length: 0.0, title: 0.0 };
        for &(term, weight) in vectors.rows().flatten() {
            terms.by_number[term as usize].all += weight;
        }
        terms.length = terms.by_number.iter().map(|term| term.all * term.all).sum::<f64>().sqrt();
        for (j, row) in vectors.rows().take(3).enumerate() {
            row.iter().for_each(|&(term, weight)| terms.by_number[term as usize].first[j] = weight);
        }
        terms.add_title(document.title(), idf);
        let mut weights = vec![0.0; idf.len()];
        for (k, &i) in (0..).zip(candidates) {
            for &term in document.tokens(i) {
                terms.by_number[term as usize].seen.meet(k);
                weights[term as usize] += idf[term as usize];
            }
        }
        for (term, share) in keyword_shares(&weights) {
            terms.by_number[term].keyword = share;
        }
        terms
    }

    fn add_title(&mut self, title: &[u32], idf: &[f64]) {
        for &term in title {
            let known = &mut self.by_number[term as usize].title;
            if *known == 0.0 {
                *known = idf[term as usize];
                self.title += *known;
            }
        }
    }

    /// What the sentence number `k` is like, by its vector; they are asked for in order.
    pub fn likeness(&mut self, k: usize, row: &Row) -> Likeness {
        let k = k as u32;
        let mut like = Likeness::default();
        for &(term, weight) in row {
            let term = &mut self.by_number[term as usize];
            like.all += weight * term.all;
            like.earlier += weight * term.earlier;
            like.first.iter_mut().zip(term.first).for_each(|(like, first)| *like += weight * first);
            like.before += if term.next == k { weight * term.weight } else { 0.0 };
            like.title += term.title;
            like.keywords += term.keyword;
            term.earlier += weight;
            (term.weight, term.next) = (weight, k + 1);
        }
        if let Some(itself) = like.first.get_mut(k as usize) {
            *itself = 0.0;
        }
        let itself = if row.is_empty() { 0.0 } else { 1.0 };
        like.later = (like.all - like.earlier - itself).max(0.0);
        like.all = if self.length > 0.0 { like.all / self.length } else { 0.0 };
        like.title = if self.title > 0.0 { like.title / self.title } else { 0.0 };
        like
    }

    /// How new and how rare the words of the sentence number `k` are.
    pub fn wording(&self, k: usize, tokens: &[u32], idf: &[f64]) -> Wording {
        let k = k as u32;
        let (mut rarest, mut rarity, mut weight) = (0f64, 0.0, 0.0);
        let (mut new, mut again) = (0u32, 0u32);
        for &term in tokens {
            let (seen, idf) = (self.by_number[term as usize].seen, idf[term as usize]);
            rarest = rarest.max(idf);
            rarity += idf;
            weight += idf * f64::from(seen.times);
            new += u32::from(seen.first == k);
            again += u32::from(seen.last > k);
        }
        let mean = |sum: f64| sum / tokens.len().max(1) as f64;
        Wording { rarest, rarity: mean(rarity), weight: mean(weight), new: mean(new.into()), again: mean(again.into()) }
    }

    /// Whether a term stands in several sentences.
    fn comes_again(&self, term: u32) -> bool {
        let Occurrences { first, last, .. } = self.by_number[term as usize].seen;
        first < last
    }
}

impl Occurrences {
    fn meet(&mut self, sentence: u32) {
        if self.times == 0 {
            self.first = sentence;
        }
        self.last = sentence;
        self.times += 1;
    }
}

/// How many pairs of neighbouring terms of each sentence stand in another sentence too; only terms that do can make such a pair.
pub fn repeated_pairs(document: &Document, candidates: &[usize], terms: &Terms) -> Vec<f64> {
    // Both terms and the sentence in one number, which is compared at once.
    let mut pairs: Vec<u128> = Vec::new();
    for (k, &i) in (0u32..).zip(candidates) {
        let again = document.tokens(i).windows(2).filter(|pair| terms.comes_again(pair[0]) && terms.comes_again(pair[1]));
        pairs.extend(again.map(|pair| u128::from(pair[0]) << 64 | u128::from(pair[1]) << 32 | u128::from(k)));
    }
    pairs.sort_unstable();
    let mut repeated = vec![0.0; candidates.len()];
    for same in pairs.chunk_by(|one, other| one >> 32 == other >> 32).filter(|same| same[0] < same[same.len() - 1]) {
        same.iter().for_each(|pair| repeated[*pair as u32 as usize] += 1.0);
    }
    repeated
}

/// What share of the weight of the article's heaviest terms each sentence holds.
pub fn keyword_cover(document: &Document, candidates: &[usize], vectors: &Vectors, idf: &[f64]) -> Vec<f64> {
    let mut share = vec![0.0; idf.len()];
    for (term, part) in keyword_shares(&term_weights(document, candidates, idf)) {
        share[term] = part;
    }
    vectors.rows().map(|row| row.iter().map(|(term, _)| share[*term as usize]).sum()).collect()
}

/// The weight of each term in an article: tf * idf.
fn term_weights(document: &Document, candidates: &[usize], idf: &[f64]) -> Vec<f64> {
    let mut weights = vec![0.0; idf.len()];
    for &i in candidates {
        document.tokens(i).iter().for_each(|&term| weights[term as usize] += idf[term as usize]);
    }
    weights
}

/// The article's fifteen heaviest terms with their shares of the weight of all fifteen.
fn keyword_shares(weights: &[f64]) -> impl Iterator<Item = (usize, f64)> {
    let heaviest = heaviest(weights);
    let total: f64 = heaviest.iter().map(|(weight, _)| weight).sum();
    heaviest.into_iter().map(move |(weight, term)| (term, if total > 0.0 { weight / total } else { 0.0 }))
}

/// The fifteen heaviest terms and their weights, from the heaviest; the first of those that weigh the same.
fn heaviest(weights: &[f64]) -> Vec<(f64, usize)> {
    const MOST: usize = 15;
    let least = reached(weights);
    let mut found = Vec::with_capacity(MOST);
    for (term, &weight) in weights.iter().enumerate() {
        if weight < least {
            continue;
        }
        if found.len() < MOST {
            found.push((weight, term));
        } else if weight <= found[MOST - 1].0 {
            continue;
        }
        let mut place = found.len() - 1;
        while place > 0 && found[place - 1].0 < weight {
            found[place] = found[place - 1];
            place -= 1;
        }
        found[place] = (weight, term);
    }
    found
}

/// A weight that fifteen terms reach, if there are so many: of sixteen lots of terms, each has a heaviest, and all but one of these
/// reach the second lightest of them. Most terms are below it and need no place found.
fn reached(weights: &[f64]) -> f64 {
    let mut most = [f64::NEG_INFINITY; 16];
    for lot in weights.chunks(most.len()) {
        most.iter_mut().zip(lot).for_each(|(most, weight)| *most = if *weight > *most { *weight } else { *most });
    }
    let (mut lightest, mut second) = (f64::INFINITY, f64::INFINITY);
    for weight in most {
        second = second.min(lightest.max(weight));
        lightest = lightest.min(weight);
    }
    second
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_are_the_first_of_equals() {
        let weights: Vec<f64> = (0..40).map(|term| f64::from(term % 10)).collect();
        let terms = |weights: &[f64]| heaviest(weights).into_iter().map(|(_, term)| term).collect::<Vec<_>>();
        assert_eq!(terms(&weights), [9, 19, 29, 39, 8, 18, 28, 38, 7, 17, 27, 37, 6, 16, 26]);
        assert_eq!(terms(&[1.0, 3.0]), [1, 0]);
        for length in 0..80 {
            let weights: Vec<f64> = (0..length).map(|term| f64::from(term * 7919 % 31)).collect();
            let mut sorted: Vec<usize> = (0..weights.len()).collect();
            sorted.sort_by(|a, b| weights[*b].total_cmp(&weights[*a]));
            sorted.truncate(15);
            assert_eq!(terms(&weights), sorted, "of {length}");
        }
    }
}
