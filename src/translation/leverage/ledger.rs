//! The ledger of a batch: article after article, in the order in which they are read, it tells which segments were there before and adds
//! up what each comes to; for the summaries alone in the same way, as if nothing else were sent out. It knows no thread: the order is the
//! caller's.

use foldhash::{HashMap, HashMapExt};

use super::assess::Assessed;
use super::internal::Alike;
use super::level::Level;
use super::profile::Profile;
use super::tally::Tally;

/// What became of an article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// All of it.
    pub whole: Tally,
    /// Its summary alone.
    pub summary: Tally,
    /// What became of each segment of the whole, in order.
    pub settled: Vec<Settled>,
}

/// What became of a segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// Its level; `None` if it is locked.
    pub level: Option<Level>,
    /// The segment that it repeats, if that makes its level and such names are kept.
    pub repeats: Option<Place>,
    /// The earlier segment of the batch that makes its level because it is alike.
    pub alike: Option<Alike>,
}

/// A segment of the batch by the ids of its article and itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Id of the article.
    pub article: String,
    /// Id of the segment.
    pub segment: String,
}

/// What was met so far.
pub struct Ledger<'a> {
    order: Order<'a>,
    whole: Met,
    summary: Met,
}

/// What goes first.
#[derive(Clone, Copy)]
struct Order<'a> {
    profile: &'a Profile,
    repetitions_first: bool,
}

/// Segments that were met, each with the number of the article that had it last; and where each was first, if that is kept.
#[derive(Default)]
struct Met {
    last: HashMap<u64, u32>,
    first: Option<HashMap<u64, Place>>,
    article: u32,
}

impl<'a> Ledger<'a> {
    /// An empty ledger; with `names` it keeps where each segment was first.
    pub fn new(profile: &'a Profile, repetitions_first: bool, names: bool) -> Ledger<'a> {
        let whole = Met { first: names.then(HashMap::new), ..Met::default() };
        Ledger { order: Order { profile, repetitions_first }, whole, summary: Met::default() }
    }

    /// Books an article; `alike` gives the earlier segment of the batch, or of the summaries alone, that is most like the one of a key.
    pub fn article(&mut self, id: &str, segments: &[Assessed], alike: &dyn Fn(u64, bool) -> Option<Alike>) -> Account {
        let Ledger { order, whole, summary } = self;
        [&mut *whole, &mut *summary].into_iter().for_each(|met| met.article += 1);
        let mut account = Account::default();
        for segment in segments {
            if segment.in_summary {
                summary.book(segment, *order, &mut account.summary, &|key| alike(key, true));
            }
            let settled = whole.book(segment, *order, &mut account.whole, &|key| alike(key, false));
            whole.name(id, segment);
            account.settled.push(settled);
        }
        account
    }
}

impl Met {
    fn book(&mut self, segment: &Assessed, order: Order, tally: &mut Tally, alike: &dyn Fn(u64) -> Option<Alike>) -> Settled {
        if segment.locked {
            tally.locked += segment.size;
            return Settled { level: None, repeats: None, alike: None };
        }
        let repetition = self.meet(segment.key);
        if repetition.is_none() {
            tally.unique += segment.size;
        }
        let level = order.profile.settle(segment.level, repetition, order.repetitions_first);
        let repeats = self.first.as_ref().filter(|_| level != segment.level).and_then(|first| first.get(&segment.key)).cloned();
        // What is equal to an earlier one is not only alike.
        let alike = if repetition.is_none() { alike(segment.key) } else { None }.filter(|alike| Level::of(alike.percent) < level);
        let level = alike.as_ref().map_or(level, |alike| Level::of(alike.percent));
        tally.add(level, segment.size, alike.is_some());
        Settled { level: Some(level), repeats, alike }
    }

    /// The level of a segment that was there before.
    fn meet(&mut self, key: u64) -> Option<Level> {
        match self.last.insert(key, self.article) {
            Some(last) if last == self.article => Some(Level::Repetition),
            Some(_) => Some(Level::CrossFile),
            None => None,
        }
    }

    /// Keeps where a segment was first.
    fn name(&mut self, article: &str, segment: &Assessed) {
        let (Some(first), Some(told), false) = (&mut self.first, &segment.told, segment.locked) else { return };
        first.entry(segment.key).or_insert_with(|| Place { article: article.to_owned(), segment: told.id.clone() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translation::leverage::{Count, PROFILES, Size};
    use proptest::prelude::*;

    /// A segment of a key, a level by its index, and what is said of it.
    fn segment((key, level, locked, in_summary): (u64, usize, bool, bool)) -> Assessed {
        let size = Size { segments: 1, words: 1 + key, characters: 5 * key, placeables: key % 3 };
        // Levels of a memory: those of a batch come from the ledger.
        let level =
            Level::ALL.into_iter().filter(|level| !matches!(level, Level::Repetition | Level::CrossFile)).nth(level).expect("of eight");
        Assessed { key, size, level, locked, in_summary, told: None }
    }

    fn levels(articles: &[Vec<Assessed>], first: bool) -> Vec<Vec<&'static str>> {
        let mut ledger = Ledger::new(&PROFILES[0], first, false);
        let name = |settled: &Settled| settled.level.map_or("locked", Level::name);
        articles.iter().map(|article| ledger.article("", article, &|_, _| None).settled.iter().map(name).collect()).collect()
    }

    #[test]
    fn what_was_there_before_is_a_repetition_and_its_first_occurrence_is_not() {
        let new = |key| segment((key, 7, false, false));
        let exact = segment((9, 2, false, false));
        let locked = segment((1, 7, true, false));
        let articles =
            [vec![locked, new(1), new(1), exact.clone()], vec![new(2), new(1), new(1), exact.clone()], vec![exact.clone(), exact]];
        let expected = [vec!["locked", "none", "repetition", "100"], vec!["none", "cross-file", "repetition", "100"], vec!["100", "100"]];
        assert_eq!(levels(&articles, false), expected);
        let expected = [
            vec!["locked", "none", "repetition", "100"],
            vec!["none", "cross-file", "repetition", "cross-file"],
            vec!["cross-file", "repetition"],
        ];
        assert_eq!(levels(&articles, true), expected);
    }

    #[test]
    fn what_is_like_an_earlier_one_counts_where_the_memory_has_less() {
        let alike = |percent| Alike { percent, place: Place { article: "a".into(), segment: "p1s1".into() }, source: String::new() };
        let mut ledger = Ledger::new(&PROFILES[0], false, false);
        let segments = [segment((1, 7, false, true)), segment((2, 4, false, false)), segment((1, 7, false, true))];
        let account = ledger.article("b", &segments, &|key, summary| (key == 2 || !summary).then(|| alike(90)));
        let settled: Vec<_> = account.settled.iter().map(|settled| (settled.level, settled.alike.is_some())).collect();
        assert_eq!(settled, [(Some(Level::Fuzzy85), true), (Some(Level::Fuzzy85), false), (Some(Level::Repetition), false)]);
        assert_eq!((account.whole.internal(Level::Fuzzy85).words, account.whole.total_internal().segments), (2, 1));
        assert_eq!((account.summary.of(Level::New).segments, account.summary.total_internal().segments), (1, 0));
    }

    proptest! {
        #[test]
        fn every_segment_counts_once_and_totals_are_their_parts(
            articles in proptest::collection::vec(proptest::collection::vec((0u64..12, 0usize..8, proptest::bool::weighted(0.1), any::<bool>()), 0..12), 1..8),
            profile in 0..PROFILES.len(), first: bool, alike in 0u8..100,
        ) {
            let articles: Vec<Vec<Assessed>> = articles.into_iter().map(|article| article.into_iter().map(segment).collect()).collect();
            let mut ledger = Ledger::new(&PROFILES[profile], first, true);
            let found = Alike { percent: alike, place: Place { article: String::new(), segment: String::new() }, source: String::new() };
            let mut sum = Account::default();
            for article in &articles {
                let account = ledger.article("", article, &|key, _| (key % 2 == 0).then(|| found.clone()));
                sum.whole += &account.whole;
                sum.summary += &account.summary;
            }
            for (tally, in_scope) in [(&sum.whole, false), (&sum.summary, true)] {
                let all: Vec<&Assessed> = articles.iter().flatten().filter(|segment| segment.in_summary || !in_scope).collect();
                let mut expected = Size::default();
                all.iter().for_each(|segment| expected += segment.size);
                let (mut parts, rows) = (tally.locked, PROFILES[profile].rows);
                rows.iter().for_each(|(level, _)| parts += tally.of(*level));
                let mut total = tally.total();
                total += tally.locked;
                prop_assert_eq!((parts, total), (expected, expected));
                let open = |segment: &&&Assessed| !segment.locked;
                let mut keys: Vec<u64> = all.iter().filter(open).map(|segment| segment.key).collect();
                keys.sort_unstable();
                keys.dedup();
                prop_assert_eq!(tally.unique.segments, keys.len() as u64);
                let locked = all.iter().filter(|segment| segment.locked).count() as u64;
                prop_assert_eq!(tally.locked.segments, locked);
            }
        }

        #[test]
        fn counts_of_a_text_are_no_more_than_its_characters(text in "[a-z '’—.,@/0-9東か-]{0,40}") {
            for (name, count) in Count::NAMES {
                let size = count.size(&text, &crate::text::language::UNKNOWN);
                prop_assert!(size.words <= size.characters && size.placeables <= size.characters, "{} {:?} {:?}", name, text, size);
            }
        }
    }
}
