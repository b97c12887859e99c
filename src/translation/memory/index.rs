//! Sources that are like a sentence, by the words they share. Every word knows the sources that have it; the rarest words are asked
//! first, and only so many that what has none of them cannot be like enough. What they name is held against bounds by length and by
//! shared words before it is compared, so that nothing is lost but where a sentence has nothing but words that all have: there it ends
//! with [`MOST`] sources.

use crate::text::language::Language;
use crate::translation::similarity::{Forms, Local, Rows, Token, distance, most_of, normalise, percent_of, weight};

/// Distinct sources, numbered by their weight.
pub(super) struct Index {
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
pub(super) struct Scratch {
    local: Local,
    query: Vec<Token>,
    source: Vec<Token>,
    rows: Rows,
    /// The search that saw a source last.
    seen: Vec<u32>,
    search: u32,
    /// How often the query has a form, and a group.
    forms: Vec<u16>,
    groups: Vec<u16>,
}

/// Sources that are compared with one sentence, at most.
const MOST: u32 = 4000;

/// Bytes and tokens of a sentence that is looked up by its words; a longer one is found only where it is equal.
const LONGEST: usize = 16 << 10;
const TOKENS: usize = 1000;

impl Index {
    /// An index of sources, and in which order it numbers them.
    pub(super) fn new<'a>(language: &'static Language, sources: impl Iterator<Item = &'a str>) -> (Index, Vec<u32>) {
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
    pub(super) fn search(&self, text: &str, floor: u8, scratch: &mut Scratch, found: &mut dyn FnMut(u32, u8) -> u8) {
        if text.len() > LONGEST {
            return;
        }
        self.forms.look_up(&normalise(text), &mut scratch.local, &mut scratch.query);
        if scratch.query.is_empty() || scratch.query.len() > TOKENS {
            return;
        }
        scratch.begin(self);
        let whole = weight(&scratch.query);
        let mut search = Search { index: self, whole, floor, left: MOST };
        let mut rest = whole;
        for (group, weight) in self.groups(scratch, whole, floor) {
            // What has none of the groups asked so far shares the rest at most.
            if 100 * rest < u32::from(search.floor) * whole || search.left == 0 {
                break;
            }
            rest -= weight;
            search.list(group, scratch, found);
        }
        scratch.end();
    }

    /// The percent of the source that is most like a text, but for one that is passed over.
    pub(super) fn best_of_all(&self, text: &str, but: Option<u32>, scratch: &mut Scratch) -> u8 {
        self.forms.look_up(&normalise(text), &mut scratch.local, &mut scratch.query);
        let whole = weight(&scratch.query);
        let mut best = 0;
        for source in (0..self.weights.len() as u32).filter(|source| Some(*source) != but) {
            scratch.source.clear();
            scratch.source.extend(self.forms_of(source).iter().map(|&form| self.forms.token(form)));
            let longer = whole.max(self.weights[source as usize]);
            let apart = distance(&scratch.query, &scratch.source, most_of(best, longer), &mut scratch.rows);
            best = apart.map_or(best, |apart| percent_of(apart, longer).max(best));
        }
        best
    }

    /// Groups of the query with what they weigh in it, the rarest first.
    fn groups(&self, scratch: &Scratch, whole: u32, floor: u8) -> Vec<(u32, u32)> {
        let mut all: Vec<(u32, u32)> = scratch.query.iter().map(|token| (token.group, token.kind.weight())).collect();
        all.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(all.len());
        for (group, weight) in all {
            match merged.last_mut() {
                Some((last, sum)) if *last == group => *sum += weight,
                _ => merged.push((group, weight)),
            }
        }
        let (least, most) = window(whole, floor);
        let count = |group: u32| {
            let list = self.posted(group);
            list.partition_point(|&source| self.weights[source as usize] <= most)
                - list.partition_point(|&source| self.weights[source as usize] < least)
        };
        merged.sort_by_cached_key(|&(group, _)| (count(group), group));
        merged
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

/// One search under way.
struct Search<'a> {
    index: &'a Index,
    whole: u32,
    floor: u8,
    /// Sources that may still be looked at.
    left: u32,
}

impl Search<'_> {
    /// Looks at the sources of a group, those of the nearest weight first.
    fn list(&mut self, group: u32, scratch: &mut Scratch, found: &mut dyn FnMut(u32, u8) -> u8) {
        let list = self.index.posted(group);
        let weight = |source: &u32| self.index.weights[*source as usize];
        let (mut below, mut above) = list.split_at(list.partition_point(|source| weight(source) < self.whole));
        while self.left > 0 {
            let nearer = match (below.last(), above.first()) {
                (Some(one), Some(other)) => self.whole - weight(one) < weight(other) - self.whole,
                (one, _) => one.is_some(),
            };
            let next = if nearer { below.split_off_last() } else { above.split_off_first() };
            let Some(&source) = next else { return };
            let (least, most) = window(self.whole, self.floor);
            if weight(&source) < least || weight(&source) > most {
                // All that is left on this side is further off.
                *(if nearer { &mut below } else { &mut above }) = &[];
            } else if scratch.is_new(source) {
                self.left -= 1;
                self.look_at(source, scratch, found);
            }
        }
    }

    fn look_at(&mut self, source: u32, scratch: &mut Scratch, found: &mut dyn FnMut(u32, u8) -> u8) {
        let longer = self.whole.max(self.index.weights[source as usize]);
        let most = most_of(self.floor, longer);
        if longer.saturating_sub(scratch.shared(self.index, source)) > most {
            return;
        }
        let forms = self.index.forms_of(source);
        scratch.source.clear();
        scratch.source.extend(forms.iter().map(|&form| self.index.forms.token(form)));
        if let Some(apart) = distance(&scratch.query, &scratch.source, most, &mut scratch.rows) {
            self.floor = found(source, percent_of(apart, longer));
        }
    }
}

impl Scratch {
    fn begin(&mut self, index: &Index) {
        self.search = self.search.wrapping_add(1);
        if self.seen.len() != index.weights.len() || self.search == 0 {
            (self.seen, self.search) = (vec![0; index.weights.len()], 1);
        }
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

    fn is_new(&mut self, source: u32) -> bool {
        std::mem::replace(&mut self.seen[source as usize], self.search) != self.search
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
