//! Internal fuzzies: which earlier segment of the batch is most like one, as if what was translated so far were a memory. Distinct
//! segments are gathered in order, then looked up among those before them, in any order and by any thread. It settles no level.

use foldhash::{HashMap, HashMapExt};

use super::assess::Assessed;
use super::ledger::Place;
use super::level::Level;
use crate::text::language::Language;
use crate::translation::memory::{Index, Scratch};

/// Segments that are compared, at most; later ones are not, which bounds what a batch may take.
pub const MOST: usize = 500_000;

/// The earlier segment that is most like one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// How like it is, from 1 to 99.
    pub percent: u8,
    /// Where it was first.
    pub place: Place,
    /// The sentence.
    pub source: String,
}

/// Distinct segments of a batch in one language.
pub struct Gathered {
    language: &'static Language,
    numbers: HashMap<u64, u32>,
    segments: Vec<Distinct>,
    summary: u32,
    full: bool,
}

struct Distinct {
    source: String,
    place: Place,
    /// What the memory has, the least of all its places.
    level: Level,
    /// Its number among the segments of the summaries.
    in_summary: Option<u32>,
}

/// Distinct segments, ready to be looked up.
pub struct Internal {
    gathered: Gathered,
    index: Index,
    /// Numbers of the segments by those of the index.
    order: Vec<u32>,
}

/// The best earlier segment of the batch, and of the summaries alone: percent and number.
pub type Bests = [Option<(u8, u32)>; 2];

impl Gathered {
    /// None yet.
    pub fn new(language: &'static Language) -> Gathered {
        Gathered { language, numbers: HashMap::new(), segments: Vec::new(), summary: 0, full: false }
    }

    /// Adds the segments of an article whose texts were kept.
    pub fn add(&mut self, article: &str, segments: &[Assessed]) {
        for segment in segments.iter().filter(|segment| !segment.locked) {
            let Some(told) = &segment.told else { continue };
            let number = match self.numbers.get(&segment.key) {
                Some(&number) => number,
                None if self.segments.len() < MOST => {
                    let place = Place { article: article.to_owned(), segment: told.id.clone() };
                    let number = self.segments.len() as u32;
                    self.segments.push(Distinct { source: told.source.clone(), place, level: segment.level, in_summary: None });
                    self.numbers.insert(segment.key, number);
                    number
                }
                None => {
                    self.full = true;
                    continue;
                }
            };
            let distinct = &mut self.segments[number as usize];
            distinct.level = distinct.level.max(segment.level);
            if segment.in_summary && distinct.in_summary.is_none() {
                distinct.in_summary = Some(self.summary);
                self.summary += 1;
            }
        }
    }

    /// Whether there was one too many.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Indexes them.
    pub fn finish(self) -> Internal {
        let (index, order) = Index::new(self.language, self.segments.iter().map(|segment| segment.source.as_str()));
        Internal { gathered: self, index, order }
    }
}

impl Internal {
    /// The number of distinct segments.
    pub fn len(&self) -> usize {
        self.gathered.segments.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.gathered.segments.is_empty()
    }

    /// The earlier segments that are most like the one of a number, and more than what the memory has; of several the first.
    pub fn bests(&self, number: u32, scratch: &mut Scratch) -> Bests {
        let one = &self.gathered.segments[number as usize];
        let mut bests: Bests = [None; 2];
        let Some(floor) = one.level.better() else { return bests };
        self.index.search(&one.source, floor, &mut scratch.index, &mut |source, percent| {
            let at = self.order[source as usize];
            let other = &self.gathered.segments[at as usize];
            let earlier = [at < number, other.in_summary.zip(one.in_summary).is_some_and(|(other, one)| other < one)];
            for (best, _) in bests.iter_mut().zip(earlier).filter(|(_, earlier)| *earlier) {
                if best.is_none_or(|(most, first)| percent > most || percent == most && at < first) {
                    *best = Some((percent, at));
                }
            }
            let least = |best: &Option<(u8, u32)>| best.map_or(floor, |(percent, _)| percent);
            let [whole, summary] = bests.each_ref().map(least);
            if one.in_summary.is_some() { whole.min(summary) } else { whole }
        });
        bests
    }

    /// What there is to say of the earlier segment that is most like the one of a key.
    pub fn alike(&self, key: u64, summary: bool, bests: &[Bests]) -> Option<Alike> {
        let number = *self.gathered.numbers.get(&key)?;
        let (percent, at) = bests[number as usize][usize::from(summary)]?;
        let other = &self.gathered.segments[at as usize];
        Some(Alike { percent, place: other.place.clone(), source: other.source.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translation::leverage::{Size, Told};
    use crate::translation::similarity::percent;
    use proptest::prelude::*;

    fn assessed((key, source): (usize, &String), in_summary: bool) -> Assessed {
        let told = Some(Box::new(Told { id: format!("p1s{}", key + 1), source: source.clone(), best: None }));
        Assessed { key: key as u64, size: Size::default(), level: Level::New, locked: false, in_summary, told }
    }

    proptest! {
        #[test]
        fn the_best_is_that_of_looking_at_all_before(
            sentences in proptest::collection::hash_set("(The|A|One) (old |new )?(mill|ferry|board) (stood|met|sailed) (still|again|in [1-9])[.!]", 1..25),
            chosen in proptest::collection::vec(any::<bool>(), 25),
        ) {
            let language = crate::text::language::find("en").expect("known");
            let sentences: Vec<String> = sentences.into_iter().collect();
            let segments: Vec<Assessed> = sentences.iter().enumerate().map(|pair| assessed(pair, chosen[pair.0])).collect();
            let mut gathered = Gathered::new(language);
            gathered.add("a", &segments);
            gathered.add("b", &segments);
            let internal = gathered.finish();
            let mut scratch = Scratch::default();
            let bests: Vec<Bests> = (0..internal.len() as u32).map(|number| internal.bests(number, &mut scratch)).collect();
            for (at, one) in sentences.iter().enumerate() {
                for summary in [false, true] {
                    let before = (0..at).filter(|&i| !summary || chosen[i] && chosen[at]);
                    let best = before.map(|i| (percent(one, &sentences[i], language), std::cmp::Reverse(i))).max();
                    let expected = best.filter(|(percent, _)| *percent >= 50).map(|(percent, at)| (percent, format!("p1s{}", at.0 + 1)));
                    let found = internal.alike(at as u64, summary, &bests).map(|alike| (alike.percent, alike.place.segment));
                    prop_assert_eq!(found, expected, "{} {}", one, summary);
                }
            }
        }
    }
}
