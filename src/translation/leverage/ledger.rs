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
    profile: &'a Profile,
    repetitions_first: bool,
    whole: Met,
    summary: Met,
}

/// Segments that were met, each with the number of the article that had it last; and where each was first, if that is kept.
#[derive(Default)]
struct Met {
    last: HashMap<u64, u32>,
    first: Option<HashMap<u64, Place>>,
    article: u32,
}

impl Met {
    /// The level of a segment that was there before.
    fn meet(&mut self, key: u64) -> Option<Level> {
        match self.last.insert(key, self.article) {
            Some(last) if last == self.article => Some(Level::Repetition),
            Some(_) => Some(Level::CrossFile),
            None => None,
        }
    }
}

impl<'a> Ledger<'a> {
    /// An empty ledger; with `names` it keeps where each segment was first.
    pub fn new(profile: &'a Profile, repetitions_first: bool, names: bool) -> Ledger<'a> {
        let whole = Met { first: names.then(HashMap::new), ..Met::default() };
        Ledger { profile, repetitions_first, whole, summary: Met::default() }
    }

    /// Books an article; `alike` gives the earlier segment of the batch, or of the summaries alone, that is most like one.
    pub fn article(&mut self, id: &str, segments: &[Assessed], alike: &dyn Fn(u64, bool) -> Option<Alike>) -> Account {
        [&mut self.whole, &mut self.summary].into_iter().for_each(|met| met.article += 1);
        let mut account = Account::default();
        for segment in segments {
            if segment.in_summary {
                let _ =
                    book(segment, &mut self.summary, &mut account.summary, &|key| alike(key, true), self.profile, self.repetitions_first);
            }
            let settled =
                book(segment, &mut self.whole, &mut account.whole, &|key| alike(key, false), self.profile, self.repetitions_first);
            self.name(id, segment);
            account.settled.push(settled);
        }
        account
    }

    /// Keeps where a segment was first.
    fn name(&mut self, article: &str, segment: &Assessed) {
        let (Some(first), Some(told), false) = (&mut self.whole.first, &segment.told, segment.locked) else { return };
        first.entry(segment.key).or_insert_with(|| Place { article: article.to_owned(), segment: told.id.clone() });
    }
}

fn book(
    segment: &Assessed,
    met: &mut Met,
    tally: &mut Tally,
    alike: &dyn Fn(u64) -> Option<Alike>,
    profile: &Profile,
    repetitions_first: bool,
) -> Settled {
    if segment.locked {
        tally.locked += segment.size;
        return Settled { level: None, repeats: None, alike: None };
    }
    let repetition = met.meet(segment.key);
    if repetition.is_none() {
        tally.unique += segment.size;
    }
    let level = profile.settle(segment.level, repetition, repetitions_first);
    let repeats = if level != segment.level { met.first.as_ref().and_then(|first| first.get(&segment.key)).cloned() } else { None };
    // What is equal to an earlier one is no longer only alike.
    let alike = if repetition.is_none() { alike(segment.key).filter(|alike| Level::of(alike.percent) < level) } else { None };
    let level = alike.as_ref().map_or(level, |alike| Level::of(alike.percent));
    tally.add(level, segment.size, alike.is_some());
    Settled { level: Some(level), repeats, alike }
}
