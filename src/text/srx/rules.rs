//! The rules of a language, compiled: which positions of a text are breaks. At each position the first rule decides whose
//! `before` ends there and whose `after` begins there. One automaton reads the text forward for all `before`, one backward for
//! all `after`; where looks are asked for, such pairs run before them, level by level. The time is that of reading, times a
//! constant, for any text and any rules. Reading rule files is not done here.

use foldhash::HashMap;

use super::alphabet::{Alphabet, Letters};
use super::backtrack::{Program, Subject, compile};
use super::class::Set;
use super::dfa::{MARKED, Machine, Table};
use super::lower::{Looks, lower};
use super::nfa::{Nfa, place};
use super::pattern::Node;
use super::seen::Seen;

/// A rule to compile.
pub struct Part<'a> {
    pub breaks: bool,
    pub before: &'a Node,
    pub after: &'a Node,
}

/// The compiled rules of a language.
#[derive(Debug)]
pub struct Rules {
    rules: Vec<Rule>,
    /// Whether each of them breaks.
    breaking: Vec<bool>,
    alphabet: Alphabet,
    /// By set, the letters in it as bits.
    members: Vec<Vec<u64>>,
    /// What has to be known first comes first; the rules are last.
    levels: Vec<Level>,
}

#[derive(Debug, Default)]
struct Rule {
    breaks: bool,
    /// Confirm with these what the automata find possible.
    before: Option<Program>,
    after: Option<Program>,
}

#[derive(Debug)]
struct Level {
    forward: Nfa,
    backward: Nfa,
}

/// What a worker keeps from text to text for the rules of one language.
#[derive(Debug, Default)]
pub struct Cache {
    letters: Letters,
    levels: Vec<(Table, Table)>,
    /// The number of the set of looks that hold at each position; empty if there are no looks.
    looks: Vec<u32>,
    seen: Seen,
    /// For each position what ends there, marked if a breaking rule is among it.
    ends: Vec<u32>,
    /// Breaks, the last first.
    found: Vec<u32>,
    decided: Decided,
    /// Positions that the slow engine left undecided for want of steps.
    pub undecided: u64,
}

/// The number of no matches.
const NOTHING: u32 = u32::MAX;

/// The latest decisions, by what ends and what begins at a position.
#[derive(Debug, Default)]
struct Decided {
    slots: Vec<(u32, u32, Decision)>,
}

impl Decided {
    const SLOTS: usize = 1 << 12;

    fn slot(ends: u32, begins: u32) -> usize {
        (ends as usize).wrapping_mul(61).wrapping_add(begins as usize) % Decided::SLOTS
    }

    #[inline]
    fn get(&self, ends: u32, begins: u32) -> Option<Decision> {
        let slot = self.slots.get(Decided::slot(ends, begins))?;
        ((slot.0, slot.1) == (ends, begins)).then_some(slot.2)
    }

    fn set(&mut self, ends: u32, begins: u32, decision: Decision) -> Decision {
        self.slots.resize(Decided::SLOTS, (NOTHING, NOTHING, Decision::None));
        self.slots[Decided::slot(ends, begins)] = (ends, begins, decision);
        decision
    }
}

#[derive(Clone, Copy, Debug)]
enum Decision {
    Break,
    None,
    /// Rules of the slow engine are among those that match.
    Open,
}

impl Rules {
    /// Compiles rules, in order.
    pub fn new(parts: &[Part]) -> Rules {
        let mut sets: HashMap<Set, u32> = HashMap::default();
        let mut list: Vec<Set> = Vec::new();
        let mut number = |set: &Set| {
            *sets.entry(set.clone()).or_insert_with(|| {
                list.push(set.clone());
                list.len() as u32 - 1
            })
        };
        let mut looks = Looks::default();
        let mut last = Level { forward: Nfa::new(false), backward: Nfa::new(true) };
        let mut rules = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let mut side = |node: &Node, nfa: &mut Nfa| {
                let lowered = lower(node, &mut looks);
                nfa.add(index as u32, &lowered.plain, &mut number);
                (!lowered.exact).then(|| compile(node, &mut number))
            };
            let before = side(part.before, &mut last.forward);
            let after = side(part.after, &mut last.backward);
            rules.push(Rule { breaks: part.breaks, before, after });
        }
        let depth = looks.all.iter().map(|look| look.level).max().unwrap_or(0);
        let mut levels: Vec<Level> = (0..depth).map(|_| Level { forward: Nfa::new(false), backward: Nfa::new(true) }).collect();
        for (index, look) in looks.all.iter().enumerate() {
            let level = &mut levels[look.level as usize - 1];
            let nfa = if look.ahead { &mut level.backward } else { &mut level.forward };
            nfa.add(index as u32, &look.body, &mut number);
        }
        levels.push(last);
        let (alphabet, members) = Alphabet::new(&list);
        let breaking = rules.iter().map(|rule| rule.breaks).collect();
        Rules { rules, breaking, alphabet, members, levels }
    }

    /// Whether there is no rule at all.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Calls `each` with the byte of every break, in order; never with the start or the end of the text.
    pub fn breaks(&self, text: &str, cache: &mut Cache, mut each: impl FnMut(usize)) {
        if !self.rules.iter().any(|rule| rule.breaks) {
            return;
        }
        cache.begin(self);
        self.alphabet.read(text, &mut cache.letters);
        let (last, first) = self.levels.split_last().expect("the rules are the last level");
        if !first.is_empty() {
            cache.looks.clear();
            cache.looks.resize(cache.letters.places.len(), 0);
        }
        for (index, level) in first.iter().enumerate() {
            self.mark_looks(level, index, cache);
        }
        cache.found.clear();
        if self.find_ends(last, first.len(), cache) {
            self.decide(text, last, first.len(), cache);
        }
        cache.found.iter().rev().for_each(|at| each(cache.letters.offsets[*at as usize] as usize));
    }

    /// Whether `before` of the only rule ends at the end of the text.
    pub fn is_whole(&self, text: &str) -> bool {
        let mut cache = Cache::default();
        cache.begin(self);
        self.alphabet.read(text, &mut cache.letters);
        let (last, first) = self.levels.split_last().expect("the rules are the last level");
        cache.looks.resize(cache.letters.places.len(), 0);
        for (index, level) in first.iter().enumerate() {
            self.mark_looks(level, index, &mut cache);
        }
        let Cache { letters, levels, looks, seen, .. } = &mut cache;
        let table = &mut levels[first.len()].0;
        let machine = self.machine(&last.forward, seen);
        let mut whole = false;
        let reading = Reading { letters, looks, end: self.alphabet.end, backward: false };
        reading.run(&machine, table, |_, matches| whole = matches & !MARKED != 0);
        let subject = Subject { text, letters, members: &self.members };
        let confirm = |rule: &Rule| rule.before.as_ref().is_none_or(|program| program.ends_at(&subject, letters.letters.len()) == Ok(true));
        whole && self.rules.first().is_some_and(confirm)
    }

    fn machine<'a>(&'a self, nfa: &'a Nfa, seen: &'a Seen) -> Machine<'a> {
        Machine { nfa, members: &self.members, seen, marked: &self.breaking }
    }

    /// Sets the bit of every look of a level where it holds.
    fn mark_looks(&self, level: &Level, index: usize, cache: &mut Cache) {
        let Cache { letters, levels, looks, seen, .. } = cache;
        let (forward, backward) = &mut levels[index];
        let mut found: Vec<(u32, u32)> = Vec::new();
        for (nfa, table) in [(&level.forward, forward), (&level.backward, backward)] {
            if nfa.starts.is_empty() {
                continue;
            }
            let machine = self.machine(nfa, seen);
            let ahead = std::ptr::eq(nfa, &level.backward);
            let note = |at: usize, matches: u32| {
                if matches & !MARKED != 0 {
                    found.push((at as u32, matches & !MARKED));
                }
            };
            Reading { letters, looks, end: self.alphabet.end, backward: ahead }.run(&machine, table, note);
            for (at, matches) in found.drain(..) {
                let set = &mut looks[at as usize];
                *set = seen.join(*set, 2 * index as u32 + u32::from(ahead), matches, &table.matches[matches as usize]);
            }
        }
    }

    /// Notes what ends where; false if no breaking rule does anywhere.
    fn find_ends(&self, level: &Level, index: usize, cache: &mut Cache) -> bool {
        let Cache { letters, levels, looks, ends, seen, .. } = cache;
        let table = &mut levels[index].0;
        let machine = self.machine(&level.forward, seen);
        ends.clear();
        let mut any = 0;
        let reading = Reading { letters, looks, end: self.alphabet.end, backward: false };
        reading.run(&machine, table, |_, matches| {
            any |= matches;
            ends.push(matches);
        });
        any & MARKED != 0
    }

    /// Finds the positions that are breaks, the last first.
    fn decide(&self, text: &str, level: &Level, index: usize, cache: &mut Cache) {
        let Cache { letters, levels, looks, ends, found, decided, undecided, seen, .. } = cache;
        let (before, after) = &mut levels[index];
        let machine = self.machine(&level.backward, seen);
        let subject = Subject { text, letters, members: &self.members };
        let last = letters.letters.len();
        let reading = Reading { letters, looks, end: self.alphabet.end, backward: true };
        let mut open = Vec::new();
        reading.run(&machine, after, |at, begins| {
            // A breaking rule on both sides, be it the same or not.
            if ends[at] & begins & MARKED != 0 && at > 0 && at < last {
                match decided.get(ends[at] & !MARKED, begins & !MARKED) {
                    Some(Decision::Break) => found.push(at as u32),
                    Some(Decision::None) => {}
                    _ => open.push((at, begins & !MARKED)),
                }
            }
        });
        if open.is_empty() {
            return;
        }
        for (at, begins) in open {
            let ends = ends[at] & !MARKED;
            let sides = [&*before.matches[ends as usize], &*after.matches[begins as usize]];
            let decision = decided.get(ends, begins).unwrap_or_else(|| decided.set(ends, begins, self.decision(sides)));
            let breaks = match decision {
                Decision::Break => true,
                Decision::None => false,
                Decision::Open => self.slowly(sides, &subject, at, undecided),
            };
            if breaks {
                found.push(at as u32);
            }
        }
        found.sort_unstable_by(|one, other| other.cmp(one));
    }

    fn decision(&self, sides: [&[u32]; 2]) -> Decision {
        match common(sides).next().map(|rule| &self.rules[rule as usize]) {
            Some(rule) if rule.before.is_some() || rule.after.is_some() => Decision::Open,
            Some(rule) if rule.breaks => Decision::Break,
            _ => Decision::None,
        }
    }

    /// The decision at a position where the slow engine has a say.
    fn slowly(&self, sides: [&[u32]; 2], subject: &Subject, at: usize, undecided: &mut u64) -> bool {
        for rule in common(sides).map(|rule| &self.rules[rule as usize]) {
            let before = rule.before.as_ref().map_or(Ok(true), |program| program.ends_at(subject, at));
            let both = before.and_then(|before| match &rule.after {
                Some(program) if before => program.begins_at(subject, at),
                _ => Ok(before),
            });
            match both {
                Ok(true) => return rule.breaks,
                Ok(false) => {}
                Err(_) => *undecided += 1,
            }
        }
        false
    }
}

impl Cache {
    /// Makes ready for the next text.
    fn begin(&mut self, rules: &Rules) {
        self.levels.resize_with(rules.levels.len(), Default::default);
        if self.seen.is_large() {
            self.seen = Seen::default();
            self.levels.iter_mut().for_each(|tables| *tables = Default::default());
            self.decided.slots.clear();
        }
        let matches =
            |levels: &[(Table, Table)]| -> usize { levels.iter().map(|(one, other)| one.matches.len() + other.matches.len()).sum() };
        let before = matches(&self.levels);
        for (forward, backward) in &mut self.levels {
            forward.tidy();
            backward.tidy();
        }
        // Numbers that a table has forgotten mean nothing any more.
        if matches(&self.levels) != before {
            self.decided.slots.clear();
            self.seen.forget_matches();
        }
    }
}

/// What two sorted lists share.
fn common<'a>([one, other]: [&'a [u32]; 2]) -> impl Iterator<Item = u32> + 'a {
    one.iter().copied().filter(|rule| other.binary_search(rule).is_ok())
}

/// A text as an automaton reads it.
struct Reading<'a> {
    letters: &'a Letters,
    /// The set of looks that hold at each position; empty if there are none.
    looks: &'a [u32],
    /// The letter past the end.
    end: u16,
    backward: bool,
}

impl Reading<'_> {
    /// Runs an automaton over the text; `note` gets every position with the number of what matches there and its mark.
    fn run(&self, machine: &Machine, table: &mut Table, mut note: impl FnMut(usize, u32)) {
        let Letters { letters, places, .. } = self.letters;
        let count = letters.len();
        let place = |at: usize| place(places[at], self.looks.get(at).copied().unwrap_or(0));
        if self.backward {
            let mut at = count + 1;
            let symbols = letters.iter().enumerate().rev().map(|(before, letter)| (place(before + 1), *letter));
            table.read(machine, symbols.chain([(place(0), self.end)]), |matches| {
                at -= 1;
                note(at, matches);
            });
        } else {
            let mut at = 0;
            let symbols = letters.iter().enumerate().map(|(at, letter)| (place(at), *letter));
            table.read(machine, symbols.chain([(place(count), self.end)]), |matches| {
                note(at, matches);
                at += 1;
            });
        }
    }
}
