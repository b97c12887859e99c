//! A translation memory of one pair of languages, to look sentences up in: those that are equal by hash, with their neighbours by
//! others, those that are alike by the words they share (`index`). Of several matches the one of the best score goes first, then the
//! one whose context fits, the newest, the one with the first id. It lives in memory and reads no file; once made, it does not change,
//! so that threads share it.

mod index;
mod penalties;
mod ranked;

use std::borrow::Cow;
use std::cmp::Ordering;

use foldhash::HashMap;

use crate::lang::Lang;
use crate::text::language;
use crate::translation::entry::{Entry, Of, digest};

pub(in crate::translation) use index::Index;
pub use penalties::{Deducted, Penalties};
use ranked::Ranked;

/// What a memory keeps of an [`Entry`] to offer it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: Box<str>,
    /// The sentence.
    pub source: Box<str>,
    /// Its translation.
    pub target: Box<str>,
    /// Id of the article.
    pub document: Option<Box<str>>,
    /// How the two sides came together.
    pub origin: Option<Box<str>>,
    /// When it was last changed, else made (`YYYYMMDDThhmmssZ`).
    pub date: Option<Box<str>>,
    /// Languages of source and target as they came, by [`Memory::languages`].
    languages: u16,
    /// Aligned by a program, and nobody said that it is right; or somebody said that it is to be looked at.
    pub unreviewed: bool,
    /// Inline codes that were left out.
    pub codes: u32,
}

/// How well the place of a match fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Context {
    /// It does not.
    #[default]
    None,
    /// The neighbours are the same, as far as the [`Rule`] asks for them.
    Neighbours,
    /// And the article is the same by its id.
    Document,
}

/// What makes the context of equal sentences the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rule {
    /// The sentence before and the one after.
    #[default]
    Both,
    /// The sentence before.
    Previous,
    /// Both neighbours, or else the article: either alone counts as neighbours do.
    BothOrDocument,
    /// Nothing does.
    Never,
}

/// What is looked up.
#[derive(Clone, Debug, Default)]
pub struct Query<'a> {
    /// The sentence.
    pub source: &'a str,
    /// Id of its article.
    pub document: Option<&'a str>,
    /// The sentence before; empty at the beginning, `None` if nobody knows.
    pub previous: Option<&'a str>,
    /// The sentence after; empty at the end, `None` if nobody knows.
    pub next: Option<&'a str>,
    /// Languages of source and target, where their regions are to be held against those of entries.
    pub languages: Option<[&'a str; 2]>,
    /// Inline codes in the sentence.
    pub codes: u32,
}

/// What is of interest.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Matches at most.
    pub limit: usize,
    /// The least score, from 1 to 100.
    pub min_score: u8,
    /// What is taken off.
    pub penalties: Penalties,
    /// What makes a context.
    pub rule: Rule,
}

impl Default for Terms {
    fn default() -> Terms {
        Terms { limit: 5, min_score: 50, penalties: Penalties::default(), rule: Rule::Both }
    }
}

/// An entry that is like what was looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Match<'a> {
    /// The entry.
    pub entry: &'a Kept,
    /// How like the sources are: 100 if they are equal.
    pub percent: u8,
    /// How well the neighbours fit, if the sources are equal.
    pub context: Context,
    /// What is taken off the percent.
    pub deducted: Deducted,
    /// Another translation fits as well.
    pub ambiguous: bool,
}

impl Match<'_> {
    /// The percent without what is taken off.
    pub fn score(&self) -> u8 {
        self.percent.saturating_sub(self.deducted.sum())
    }

    /// 102 if the article and both neighbours are the same, 101 if both neighbours are, as long as nothing is taken off; else the score.
    pub fn level(&self) -> u8 {
        match (self.score(), self.context) {
            (100, Context::Document) => 102,
            (100, Context::Neighbours) => 101,
            (score, _) => score,
        }
    }
}

/// Entries of one pair of languages, to look sentences up in.
pub struct Memory {
    entries: Vec<Kept>,
    languages: Vec<[Box<str>; 2]>,
    index: Index,
    /// Sources by their hash.
    sources: HashMap<u128, u32>,
    /// Where entries stood, those of one source together.
    placed: Vec<Placed>,
    /// Of every source the entries to offer, one a translation, the best first.
    offers: Vec<u32>,
    starts: Vec<u32>,
}

/// Where an entry stood: its source and hashes of its neighbours.
#[derive(Clone, Copy)]
struct Placed {
    source: u32,
    previous: u64,
    next: u64,
    entry: u32,
}

/// What looking up needs room for; each thread has its own.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(in crate::translation) index: index::Scratch,
}

/// Translations of one source that are looked at, at most.
const OFFERS: usize = 100;

/// Entries of one source that are looked through for their article, at most.
const PLACES: usize = 1000;

impl Memory {
    /// A memory of what is whole among the entries, whose sources are in a language or one of its regions.
    pub fn new<'a>(lang: Option<&Lang>, entries: impl IntoIterator<Item = Entry<'a>>) -> Memory {
        let mut maker = Maker::default();
        entries.into_iter().for_each(|entry| maker.add(&entry));
        maker.finish(lang)
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Languages of source and target of an entry, as they came.
    pub fn languages(&self, entry: &Kept) -> [&str; 2] {
        let [source, target] = &self.languages[usize::from(entry.languages)];
        [source, target]
    }

    /// The best matches, the best first.
    pub fn look_up(&self, query: &Query, terms: &Terms, scratch: &mut Scratch) -> Vec<Match<'_>> {
        let mut ranked = Ranked::new(terms.limit, terms.min_score);
        let exact = self.sources.get(&key(&[Some(query.source)])).copied();
        if let Some(source) = exact {
            self.equal(source, query, terms, &mut ranked);
        }
        if ranked.floor() < 100 {
            self.index.search(query.source, ranked.floor(), &mut scratch.index, &mut |source, percent| {
                if Some(source) != exact {
                    let offers = self.offers(source);
                    let ambiguous = offers.len() > 1;
                    offers.iter().take(OFFERS).for_each(|&entry| ranked.add(self.matched(entry, percent, ambiguous, query, terms), entry));
                }
                ranked.floor()
            });
        }
        ranked.matches
    }

    /// Adds the entries whose source is equal: those whose context is the same, then the others.
    fn equal<'a>(&'a self, source: u32, query: &Query, terms: &Terms, ranked: &mut Ranked<'a>) {
        let with_context = self.with_context(source, query, terms.rule);
        let in_document: Vec<u32> =
            with_context.iter().filter(|(_, context)| *context == Context::Document).map(|(entry, _)| *entry).collect();
        let ambiguous = [in_document, with_context.iter().map(|(entry, _)| *entry).collect()].map(|entries| self.differ(&entries));
        for &(entry, context) in with_context.iter().take(OFFERS) {
            let ambiguous = ambiguous[usize::from(context != Context::Document)];
            ranked.add(Match { context, ..self.matched(entry, 100, ambiguous, query, terms) }, entry);
        }
        let offers = self.offers(source);
        for &entry in offers.iter().take(OFFERS) {
            ranked.add(self.matched(entry, 100, offers.len() > 1, query, terms), entry);
        }
    }

    /// Whether entries have several translations.
    fn differ(&self, entries: &[u32]) -> bool {
        let target = |entry: u32| &self.entries[entry as usize].target;
        entries.first().is_some_and(|&first| entries.iter().any(|&entry| target(entry) != target(first)))
    }

    /// Entries of a source whose context is that of a query, by the hash of their neighbours, and how well it fits.
    fn with_context(&self, source: u32, query: &Query, rule: Rule) -> Vec<(u32, Context)> {
        let all = equal_range(&self.placed, |placed| placed.source.cmp(&source));
        let (previous, next) = (query.previous.map(hash), query.next.map(hash));
        let found = match (rule, previous, next) {
            (Rule::BothOrDocument, ..) => &all[..all.len().min(PLACES)],
            (Rule::Both, Some(previous), Some(next)) => equal_range(all, |placed| (placed.previous, placed.next).cmp(&(previous, next))),
            (Rule::Previous, Some(previous), _) => equal_range(all, |placed| placed.previous.cmp(&previous)),
            _ => &[],
        };
        let document = query.document.map(held);
        let context = |placed: &Placed| {
            let own = self.entries[placed.entry as usize].document.as_deref().map(held);
            let document = own.is_some() && own == document;
            let neighbours = rule != Rule::BothOrDocument || Some(placed.previous) == previous && Some(placed.next) == next;
            match (neighbours, document) {
                (true, true) => Some((placed.entry, Context::Document)),
                (true, false) => Some((placed.entry, Context::Neighbours)),
                (false, document) => document.then_some((placed.entry, Context::Neighbours)),
            }
        };
        found.iter().filter_map(context).collect()
    }

    fn offers(&self, source: u32) -> &[u32] {
        &self.offers[self.starts[source as usize] as usize..self.starts[source as usize + 1] as usize]
    }

    fn matched(&self, entry: u32, percent: u8, ambiguous: bool, query: &Query, terms: &Terms) -> Match<'_> {
        let entry = &self.entries[entry as usize];
        let deducted = terms.penalties.of(entry, self.languages(entry), ambiguous, query);
        Match { entry, percent, context: Context::None, deducted, ambiguous }
    }
}

/// The part of a sorted list that an order calls equal.
fn equal_range<T>(list: &[T], order: impl Fn(&T) -> Ordering) -> &[T] {
    let list = &list[list.partition_point(|item| order(item).is_lt())..];
    &list[..list.partition_point(|item| order(item).is_eq())]
}

/// The hash of a neighbour; that of one that nobody knows is another than that of none.
fn hash(neighbour: &str) -> u64 {
    key(&[Some(neighbour)]) as u64
}

fn key(texts: &[Option<&str>]) -> u128 {
    let texts: Vec<Option<Cow<str>>> = texts.iter().map(|text| text.map(held)).collect();
    let hash = digest(texts.iter().map(Option::as_deref));
    u128::from_le_bytes(hash[..16].try_into().expect("it has 32 bytes"))
}

/// A text as translators' files hold it: what XML 1.0 cannot hold is U+FFFD there, and still itself in an article.
fn held(text: &str) -> Cow<'_, str> {
    // U+FFFE and U+FFFF begin with this byte.
    let suspicious = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') || byte == 0xef;
    if !text.bytes().any(suspicious) {
        return text.into();
    }
    let is_lost = |c: char| c < ' ' && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}');
    text.replace(is_lost, "\u{fffd}").into()
}

/// Which of two entries of one source is offered first, where nothing else tells: one that people saw, the newest, the one with the first
/// id, the first.
fn preference(entries: &[Kept], one: u32, other: u32) -> Ordering {
    let [a, b] = [one, other].map(|entry| &entries[entry as usize]);
    (a.unreviewed.cmp(&b.unreviewed)).then_with(|| newest_first(a, b)).then(one.cmp(&other))
}

/// Orders entries by date, the newest first, then by id.
fn newest_first(one: &Kept, other: &Kept) -> Ordering {
    other.date.cmp(&one.date).then_with(|| one.id.cmp(&other.id))
}

/// A memory in the making: entries are added one by one, so that none has to wait for the others.
#[derive(Default)]
pub struct Maker {
    entries: Vec<Kept>,
    languages: Vec<[Box<str>; 2]>,
    numbers: HashMap<[Box<str>; 2], u16>,
    sources: HashMap<u128, u32>,
    /// The source of each entry.
    source_of: Vec<u32>,
    /// Hashes of each entry's neighbours.
    neighbours: Vec<(u64, u64)>,
}

impl Maker {
    /// Adds an entry, if it is whole.
    pub fn add(&mut self, entry: &Entry) {
        if !entry.is_whole() {
            return;
        }
        let next = self.sources.len() as u32;
        self.source_of.push(*self.sources.entry(key(&[Some(&entry.source)])).or_insert(next));
        // A neighbour that only one side of a known context lacks is the edge of a text.
        let known = entry.previous.is_some() || entry.next.is_some();
        let neighbour = |text: Option<&str>| if known { hash(text.unwrap_or("")) } else { key(&[None]) as u64 };
        self.neighbours.push((neighbour(entry.previous.as_deref()), neighbour(entry.next.as_deref())));
        let languages = self.number([&entry.source_lang, &entry.target_lang].map(|lang| (**lang).into()));
        self.entries.push(kept(entry, languages));
    }

    /// The number of a pair of tags; past the 65,535th all are one.
    fn number(&mut self, pair: [Box<str>; 2]) -> u16 {
        if let Some(&known) = self.numbers.get(&pair) {
            return known;
        }
        let number = u16::try_from(self.languages.len()).unwrap_or(u16::MAX);
        if self.languages.len() <= usize::from(u16::MAX) {
            self.languages.push(pair.clone());
            self.numbers.insert(pair, number);
        }
        number
    }

    /// The memory of what was added, whose sources are in a language or one of its regions.
    pub fn finish(mut self, lang: Option<&Lang>) -> Memory {
        let language = language::of(lang);
        let mut by_source: Vec<u32> = (0..self.entries.len() as u32).collect();
        by_source.sort_unstable_by(|&one, &other| {
            let source = |entry: u32| self.source_of[entry as usize];
            source(one).cmp(&source(other)).then_with(|| preference(&self.entries, one, other))
        });
        let groups = || by_source.chunk_by(|one, other| self.source_of[*one as usize] == self.source_of[*other as usize]);
        let (index, order) = Index::new(language, groups().map(|group| &*self.entries[group[0] as usize].source));
        let groups: Vec<&[u32]> = groups().collect();
        let (mut offers, mut starts) = (Vec::new(), vec![0]);
        for &source in &order {
            push_offers(&self.entries, groups[source as usize], &mut offers);
            starts.push(offers.len() as u32);
        }
        let mut place = vec![0; order.len()];
        order.iter().zip(0..).for_each(|(&source, at)| place[source as usize] = at);
        self.sources.values_mut().for_each(|source| *source = place[*source as usize]);
        let placed = |entry: u32| {
            let (previous, next) = self.neighbours[entry as usize];
            Placed { source: place[self.source_of[entry as usize] as usize], previous, next, entry }
        };
        let mut placed: Vec<Placed> = by_source.iter().map(|&entry| placed(entry)).collect();
        // Stable: entries of one context stay in order of preference.
        placed.sort_by_key(|placed| (placed.source, placed.previous, placed.next));
        let Maker { entries, languages, sources, .. } = self;
        Memory { entries, languages, index, sources, placed, offers, starts }
    }
}

/// The first entry of each translation.
fn push_offers(entries: &[Kept], group: &[u32], offers: &mut Vec<u32>) {
    let mut seen = foldhash::HashSet::default();
    offers.extend(group.iter().filter(|entry| seen.insert(&*entries[**entry as usize].target)));
}

fn kept(entry: &Entry, languages: u16) -> Kept {
    let state = entry.properties.iter().find(|property| property.of == Of::Target && property.name == "x-state");
    let is = |names: &[&str]| state.is_some_and(|state| names.contains(&&*state.value));
    let aligned = entry.align_score.is_some() || entry.origin.as_deref() == Some("align");
    Kept {
        id: entry.tuid().into(),
        unreviewed: aligned && !is(&["reviewed", "final"]) || is(&["needs-review"]),
        source: (*entry.source).into(),
        target: (*entry.target).into(),
        document: entry.document.as_deref().map(Into::into),
        origin: entry.origin.as_deref().map(Into::into),
        date: entry.date().map(Into::into),
        languages,
        codes: entry.codes,
    }
}

#[cfg(test)]
mod tests;
