//! Sketches: how much two articles share, word for word. An article is the set of its shingles, runs of a few consecutive terms
//! (of pairs of characters where a script has no blanks); a sketch estimates from a few hundred bytes which sets are alike,
//! and [`overlap`] says exactly. Titles, bylines and captions are left out, so that the same text under another headline is the
//! same. Which articles count as copies is the business of `summary::duplicates`.
//!
//! Shingling and MinHash follow Broder, "On the resemblance and containment of documents" (1997); banding follows Indyk & Motwani,
//! "Approximate Nearest Neighbors" (STOC 1998). All seeds are fixed: the same text has the same sketch everywhere.

use crate::document::Document;
use crate::text::vocabulary::Vocabulary;

/// Terms in a shingle. Stop words are no terms, so four reach over about seven words.
const WIDTH: usize = 4;
/// Bands of a sketch. Sets that share a half are found with certainty but for one in ten thousand, a third one in forty, and
/// sets that share a fiftieth are looked at in vain once in eighty times.
pub const BANDS: usize = 32;
/// Values in a band.
const ROWS: usize = 2;

/// The finaliser of SplitMix64 (Steele, Lea & Flood 2014): every bit depends on every bit.
pub const fn mixed(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A number for a string, the same in every process: FNV-1a, mixed.
pub fn key(string: &str) -> u64 {
    mixed(string.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)))
}

/// A number for each local term of a document, from the vocabulary that parsed it.
pub fn keys(document: &Document, vocabulary: &Vocabulary) -> Vec<u64> {
    document.terms().iter().map(|term| key(vocabulary.term(*term))).collect()
}

/// The shingles of a document's running text, sorted, each once. `keys` holds a number by local term. A text with fewer terms than a
/// shingle has one of them all, a text without terms none.
pub fn shingles(document: &Document, keys: &[u64]) -> Box<[u64]> {
    let candidates = document.candidates();
    let terms: Vec<u64> = candidates.iter().flat_map(|&i| document.tokens(i)).map(|&term| keys[term as usize]).collect();
    let width = WIDTH.min(terms.len()).max(1);
    let shingle = |run: &[u64]| run.iter().fold(0, |hash: u64, term| mixed(hash.rotate_left(5) ^ term));
    let mut out: Vec<u64> = terms.windows(width).map(shingle).collect();
    out.sort_unstable();
    out.dedup();
    out.into()
}

/// A few numbers from which the likeness of two sets can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch(Box<[u32; BANDS * ROWS]>);

impl Sketch {
    /// The sketch of a set of shingles; `None` for the empty set, which is like nothing.
    pub fn new(shingles: &[u64]) -> Option<Sketch> {
        let mut least = Box::new([u32::MAX; BANDS * ROWS]);
        for (i, least) in least.iter_mut().enumerate() {
            let (factor, shift) = (mixed(2 * i as u64 + 1) | 1, mixed(2 * i as u64 + 2));
            let values = shingles.iter().map(|shingle| (shingle.wrapping_mul(factor).wrapping_add(shift) >> 32) as u32);
            *least = values.min()?;
        }
        Some(Sketch(least))
    }

    /// The value of a band below [`BANDS`]: sketches with an equal one are worth a closer look.
    pub fn band(&self, band: usize) -> u64 {
        self.0[band * ROWS..][..ROWS].iter().fold(0, |value, row| value << 32 | u64::from(*row))
    }
}

/// What two sets have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Overlap {
    /// Shingles in both, over those in either: 1 for equal sets.
    pub jaccard: f64,
    /// Shingles in both, over those of the smaller set: 1 where one holds the other.
    pub contained: f64,
}

/// What two sorted sets have in common, exactly; nothing if one is empty.
pub fn overlap(one: &[u64], other: &[u64]) -> Overlap {
    let (mut i, mut j, mut both) = (0, 0, 0usize);
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        both += usize::from(a == b);
        i += usize::from(a <= b);
        j += usize::from(b <= a);
    }
    let (either, least) = (one.len() + other.len() - both, one.len().min(other.len()));
    let share = |of: usize| if of == 0 { 0.0 } else { both as f64 / of as f64 };
    Overlap { jaccard: share(either), contained: share(least) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::text::{Scratch, TextOptions, parse, table_of};

    fn of(text: &str) -> Box<[u64]> {
        let mut scratch = Scratch::default();
        let document = parse(Article::new("a".into(), text.into()).expect("short"), &TextOptions::default(), &mut scratch);
        let vocabulary = scratch.vocabulary(table_of(document.article().lang.as_ref())).expect("parsed just now");
        shingles(&document, &keys(&document, vocabulary))
    }

    #[test]
    fn another_headline_and_byline_change_nothing() {
        let body = "The ferry between Port Ellery and Skellan will run three times a day from November, the council said on Monday evening. \
            Passengers had offered to pay for the fuel themselves after the last cut.\n\nThe harbour master welcomed it and called for a bigger boat.\n";
        let (plain, dressed) = (of(body), of(&format!("Ferry sails again\n\nBy Tom Aldous\n3 May 2021\n\n{body}")));
        assert!(plain.len() > 15);
        assert_eq!(plain, dressed);
    }

    #[test]
    fn scripts_without_blanks_have_shingles_too() {
        let (one, other) =
            (of("港湾局は月曜日に新しい船を三隻購入すると発表した。"), of("港湾局は月曜日に新しい船を四隻購入すると発表した。"));
        let found = overlap(&one, &other);
        assert!(found.jaccard > 0.3 && found.jaccard < 1.0, "{found:?}");
    }

    #[test]
    fn bands_meet_as_often_as_the_sets_are_alike() {
        let meet = |shared: u64| {
            let alike = |seed: u64| {
                let set =
                    |other: u64| -> Vec<u64> { (0..300).map(|i| mixed(seed << 32 | if i < shared { i } else { i + other })).collect() };
                let [one, other] = [set(1000), set(2000)].map(|set| Sketch::new(&set).expect("not empty"));
                (0..BANDS).any(|band| one.band(band) == other.band(band))
            };
            (1..101).filter(|&seed| alike(seed)).count()
        };
        assert_eq!(meet(200), 100, "a half of all is shared");
        assert!(meet(150) >= 94, "a third");
        assert!(meet(6) <= 12, "a hundredth");
        assert_eq!(meet(0), 0);
    }

    #[test]
    fn overlaps_are_exact() {
        assert_eq!(overlap(&[1, 2, 3, 4], &[3, 4]), Overlap { jaccard: 0.5, contained: 1.0 });
        assert_eq!(overlap(&[1], &[]), Overlap::default());
        assert!(Sketch::new(&[]).is_none());
    }
}
