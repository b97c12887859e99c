//! Sources that are like a sentence, by the words they share. Every word knows the sources that have it. The rarest words are asked first,
//! as many as are needed so that what has none of them cannot be like enough; what they name adds up what it shares, and the others,
//! while they are not too frequent, add to that. The sources are then compared from the one that may be most alike on, until no other can
//! be as good as what was found. Nothing is lost, but where more than [`MOST`] would have to be compared.

use std::cmp::Reverse;

use crate::text::language::Language;
use crate::translation::similarity::{Forms, Local, Rows, Token, distance, most_of, normalise, percent_of, weight};

/// Distinct sources, numbered by their weight.
pub(in crate::translation) struct Index {
    forms: Forms,
    /// Forms of the sources, one after the other.
    tokens: Vec<u32>,
    starts: Vec<usize>,
    /// What each source weighs, ascending.
    weights: Vec<u32>,
    /// Sources that have a group, ascending; one group after the other.
    postings: Vec<u32>,
    lists: Vec<usize>,
}

/// Room for searches.
#[derive(Debug, Default)]
pub(in crate::translation) struct Scratch {
    local: Local,
    query: Vec<Token>,
    source: Vec<Token>,
    rows: Rows,
    /// What each source shares with the query, as far as words were asked; nothing between two searches.
    sums: Vec<u16>,
    touched: Vec<u32>,
    /// How like a source can be at most, and its number.
    candidates: Vec<(u8, u32)>,
    /// How often the query has a form, and a group.
    forms: Vec<u16>,
    groups: Vec<u16>,
}

/// Sources that are compared with one sentence, at most.
const MOST: usize = 2000;

/// Mentions of a source that are looked at beyond those that are needed.
const MENTIONS: usize = 20_000;

/// Bytes and tokens of a sentence that is looked up by its words; a longer one is found only where it is equal.
const LONGEST: usize = 16 << 10;
const TOKENS: usize = 1000;

impl Index {
    /// An index of sources, and in which order it numbers them.
    pub(in crate::translation) fn new<'a>(language: &'static Language, sources: impl Iterator<Item = &'a str>) -> (Index, Vec<u32>) {
        let mut forms = Forms::new(language);
        let read = |text: &str| if text.len() > LONGEST { Vec::new() } else { forms.read(&normalise(text)) };
        let read: Vec<(Box<[u32]>, u32)> = sources.map(read).map(|tokens| (forms_of(&tokens), weight(&tokens))).collect();
        let mut order: Vec<u32> = (0..read.len() as u32).collect();
        order.sort_by_key(|&source| read[source as usize].1);
        let (mut tokens, mut starts) = (Vec::with_capacity(read.iter().map(|(forms, _)| forms.len()).sum()), vec![0]);
        for &source in &order {
            tokens.extend_from_slice(&read[source as usize].0);
            starts.push(tokens.len());
        }
        let weights = order.iter().map(|&source| read[source as usize].1).collect();
        let mut index = Index { forms, tokens, starts, weights, postings: Vec::new(), lists: Vec::new() };
        index.post();
        (index, order)
    }

    /// Makes the lists of sources by group.
    fn post(&mut self) {
        let groups = self.forms.groups();
        let (mut ends, mut last) = (vec![0; groups + 1], vec![u32::MAX; groups]);
        self.each_group(&mut last, |group, _| ends[group + 1] += 1);
        (1..=groups).for_each(|group| ends[group] += ends[group - 1]);
        let (mut next, mut postings) = (ends.clone(), vec![0; ends[groups]]);
        last.fill(u32::MAX);
        self.each_group(&mut last, |group, source| {
            postings[next[group]] = source;
            next[group] += 1;
        });
        (self.postings, self.lists) = (postings, ends);
    }

    /// Every group of every source once.
    fn each_group(&self, last: &mut [u32], mut take: impl FnMut(usize, u32)) {
        for source in 0..self.weights.len() as u32 {
            for &form in self.forms_of(source) {
                let group = self.forms.token(form).group as usize;
                if last[group] != source {
                    last[group] = source;
                    take(group, source);
                }
            }
        }
    }

    fn forms_of(&self, source: u32) -> &[u32] {
        &self.tokens[self.starts[source as usize]..self.starts[source as usize + 1]]
    }

    /// Hands over sources that are so many percent like a text, in no order; `found` gives the percent that is of interest from then on.
    pub(in crate::translation) fn search(&self, text: &str, floor: u8, scratch: &mut Scratch, found: &mut dyn FnMut(u32, u8) -> u8) {
        if text.len() > LONGEST {
            return;
        }
        self.forms.look_up(&normalise(text), &mut scratch.local, &mut scratch.query);
        if scratch.query.is_empty() || scratch.query.len() > TOKENS {
            return;
        }
        let whole = weight(&scratch.query);
        let rest = self.add_up(scratch, whole, floor);
        scratch.rank(self, whole, rest, floor);
        scratch.begin(self);
        let mut floor = floor;
        for at in 0..scratch.candidates.len().min(MOST) {
            let (bound, source) = scratch.candidates[at];
            if bound < floor {
                break;
            }
            if let Some(percent) = self.compare(source, whole, floor, scratch) {
                floor = found(source, percent);
            }
        }
        scratch.end();
    }

    /// Adds up what sources share with the query; gives what the words weigh that were not asked.
    fn add_up(&self, scratch: &mut Scratch, whole: u32, floor: u8) -> u32 {
        scratch.sums.resize(self.weights.len(), 0);
        let (mut rest, mut mentions) = (whole, 0);
        for (list, weight) in self.lists(&scratch.query, whole, floor) {
            // What has none of the words asked so far shares the rest at most.
            let needed = 100 * rest >= u32::from(floor) * whole;
            mentions += list.len();
            if !needed && mentions > MENTIONS {
                break;
            }
            rest -= weight;
            for &source in list {
                let sum = &mut scratch.sums[source as usize];
                if *sum > 0 || needed {
                    if *sum == 0 {
                        scratch.touched.push(source);
                    }
                    *sum += weight as u16;
                }
            }
        }
        rest
    }

    /// For each group of a query the sources that have it and are neither too short nor too long, with what it weighs in the query; the
    /// rarest first.
    fn lists(&self, query: &[Token], whole: u32, floor: u8) -> Vec<(&[u32], u32)> {
        let mut all: Vec<(u32, u32)> = query.iter().map(|token| (token.group, token.kind.weight())).collect();
        all.sort_unstable();
        let (least, most) = window(whole, floor);
        let groups = all.chunk_by(|one, other| one.0 == other.0);
        let list = |group: &[(u32, u32)]| {
            let list = self.posted(group[0].0);
            let list = &list[list.partition_point(|&source| self.weights[source as usize] < least)..];
            let end = list.partition_point(|&source| self.weights[source as usize] <= most);
            (&list[..end], group.iter().map(|(_, weight)| weight).sum())
        };
        let mut lists: Vec<(&[u32], u32)> = groups.map(list).collect();
        lists.sort_by_key(|(list, _)| list.len());
        lists
    }

    /// How like a source is to the query, if that is so many percent.
    fn compare(&self, source: u32, whole: u32, floor: u8, scratch: &mut Scratch) -> Option<u8> {
        let longer = whole.max(self.weights[source as usize]);
        let most = most_of(floor, longer);
        if longer.saturating_sub(scratch.shared(self, source)) > most {
            return None;
        }
        scratch.source.clear();
        scratch.source.extend(self.forms_of(source).iter().map(|&form| self.forms.token(form)));
        let apart = distance(&scratch.query, &scratch.source, most, &mut scratch.rows)?;
        Some(percent_of(apart, longer))
    }

    fn posted(&self, group: u32) -> &[u32] {
        let group = group as usize;
        if group + 1 < self.lists.len() { &self.postings[self.lists[group]..self.lists[group + 1]] } else { &[] }
    }
}

fn forms_of(tokens: &[Token]) -> Box<[u32]> {
    if tokens.len() > TOKENS { Box::default() } else { tokens.iter().map(|token| token.form).collect() }
}

/// Weights between which a source can be so many percent like one of weight `whole`.
fn window(whole: u32, floor: u8) -> (u32, u32) {
    let floor = u32::from(floor.max(1));
    ((floor * whole).div_ceil(100), 100 * whole / floor)
}

impl Scratch {
    /// Puts the sources that were touched in order of how like they can be, and forgets what they share.
    fn rank(&mut self, index: &Index, whole: u32, rest: u32, floor: u8) {
        self.candidates.clear();
        for source in self.touched.drain(..) {
            let (weight, sum) = (index.weights[source as usize], std::mem::take(&mut self.sums[source as usize]));
            let (shared, longer) = ((u32::from(sum) + rest).min(weight).min(whole), whole.max(weight));
            if 100 * shared >= u32::from(floor) * longer {
                self.candidates.push((percent_of(longer - shared, longer), source));
            }
        }
        self.candidates.sort_unstable_by_key(|&(bound, source)| (Reverse(bound), source));
    }

    /// Counts the forms and groups of the query.
    fn begin(&mut self, index: &Index) {
        // Forms and groups of the query alone have numbers above all others.
        let more = self.query.len();
        self.forms.resize(index.forms.len() + more, 0);
        self.groups.resize(index.forms.groups() + more, 0);
        self.count(1);
    }

    fn end(&mut self) {
        self.count(u16::MAX);
    }

    fn count(&mut self, step: u16) {
        for token in &self.query {
            let (form, group) = (&mut self.forms[token.form as usize], token.group as usize);
            *form = form.wrapping_add(step);
            self.groups[group] = self.groups[group].wrapping_add(step);
        }
    }

    /// What a source shares with the query at most: all of a word or mark that both have as often, half of a word that only has another
    /// form. The distance is what the longer weighs less this, at least.
    fn shared(&mut self, index: &Index, source: u32) -> u32 {
        let forms = index.forms_of(source);
        let mut halves = 0;
        for &form in forms {
            let token = index.forms.token(form);
            let (form, group) = (&mut self.forms[form as usize], &mut self.groups[token.group as usize]);
            let (whole, alike) = ((*form as i16) > 0, (*group as i16) > 0);
            *form = form.wrapping_sub(1);
            *group = group.wrapping_sub(1);
            halves += match (token.kind.is_placeable(), alike, whole) {
                (true, true, _) | (false, true, true) => 2 * token.kind.weight(),
                // Half of this one, or of one whose other form took its place.
                (false, true, false) | (false, false, true) => token.kind.weight(),
                _ => 0,
            };
        }
        for &form in forms {
            let group = index.forms.token(form).group as usize;
            self.forms[form as usize] = self.forms[form as usize].wrapping_add(1);
            self.groups[group] = self.groups[group].wrapping_add(1);
        }
        halves / 2
    }
}
