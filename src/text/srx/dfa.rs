//! Runs the automata of `nfa`: a table from a set of states and a letter to the next set and to the patterns that match here,
//! filled as texts need it. A text is read once, letter by letter, whatever the patterns are; the table is thrown away when
//! it grows too large, which costs time and changes nothing.

use std::sync::Arc;

use foldhash::HashMap;

use super::alphabet::Letter;
use super::nfa::{Nfa, Place, State, looks_of};
use super::seen::{self, Seen};

/// Bytes that the table of an automaton may take; little in tests, so that they see it thrown away.
const ROOM: usize = if cfg!(test) { 1 << 15 } else { 16 << 20 };

/// Bytes that a list of numbers takes besides them: its two counts, its place in the list of lists, its entry in the map.
const BESIDES: usize = 80;

/// Conditions of a position without looks.
const PLACES: usize = 64;

/// Nothing known yet.
const UNKNOWN: u64 = u64::MAX;

/// What one worker knows of an automaton so far. It belongs to that automaton and no other.
#[derive(Debug, Default)]
pub struct Table {
    /// By set and symbol: in the high half where the row of the next set begins, in the low half the matches before the symbol.
    rows: Vec<u64>,
    stride: usize,
    sets: Vec<Arc<[u32]>>,
    by_set: HashMap<Arc<[u32]>, u32>,
    /// Bytes of the sets and of `fresh`.
    held: usize,
    symbols: Vec<Symbol>,
    by_symbol: HashMap<Symbol, u32>,
    /// The same by what is known before it is asked which looks matter.
    by_place: HashMap<(Place, Letter), u32>,
    /// The same where no look is asked for, by letter and place; one more than the number, zero if not known.
    plain: Vec<u32>,
    /// What the start of every pattern leads to, by symbol.
    fresh: Vec<Option<Fresh>>,
    /// Numbers of patterns that match together; the first is the empty one.
    pub matches: Vec<Arc<[u32]>>,
    by_matches: HashMap<Arc<[u32]>, u32>,
    /// Bytes of the matches.
    noted: usize,
    scratch: Scratch,
}

/// A letter at a position, with what holds there of that which the automaton asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Symbol {
    conditions: u8,
    letter: Letter,
    /// As bits.
    looks: Box<[u64]>,
}

#[derive(Clone, Debug, Default)]
struct Fresh {
    targets: Vec<u32>,
    accepted: Vec<u32>,
}

/// States met in one step, and which were met before.
#[derive(Debug, Default)]
struct Scratch {
    stack: Vec<u32>,
    met: Vec<u32>,
    round: u32,
}

/// An automaton with the sets of letters of its steps.
pub struct Machine<'a> {
    pub nfa: &'a Nfa,
    /// By set, the letters in it as bits.
    pub members: &'a [Vec<u64>],
    /// The looks behind the numbers of places.
    pub seen: &'a Seen,
    /// Patterns whose matches are marked; those past the end are.
    pub marked: &'a [bool],
}

/// The bit of matches with a marked pattern among them.
pub const MARKED: u32 = 1 << 31;

impl Table {
    /// The number of a symbol: a letter at a position where some conditions hold.
    fn symbol(&mut self, machine: &Machine, place: Place, letter: Letter) -> u32 {
        let place = place & machine.nfa.places;
        if place >= PLACES as Place {
            return match self.by_place.get(&(place, letter)) {
                Some(symbol) => *symbol,
                None => {
                    let symbol = self.new_symbol(machine, place, letter);
                    self.by_place.insert((place, letter), symbol);
                    symbol
                }
            };
        }
        let at = letter as usize * PLACES + place as usize;
        match self.plain.get(at) {
            Some(known) if *known > 0 => known - 1,
            _ => {
                let symbol = self.new_symbol(machine, place, letter);
                if self.plain.len() <= at {
                    self.plain.resize(at + PLACES, 0);
                }
                self.plain[at] = symbol + 1;
                symbol
            }
        }
    }

    #[cold]
    fn new_symbol(&mut self, machine: &Machine, place: Place, letter: Letter) -> u32 {
        let looks = machine.seen.masked(looks_of(place), &machine.nfa.looks);
        let key = Symbol { conditions: place as u8, letter, looks };
        if let Some(symbol) = self.by_symbol.get(&key) {
            return *symbol;
        }
        let symbol = self.symbols.len() as u32;
        self.symbols.push(key.clone());
        self.by_symbol.insert(key, symbol);
        self.fresh.push(None);
        if self.symbols.len() > self.stride {
            self.widen();
        }
        symbol
    }

    /// Makes the rows longer.
    #[cold]
    fn widen(&mut self) {
        let stride = (self.stride * 2).max(64);
        let mut rows = vec![UNKNOWN; self.sets.len() * stride];
        for (wide, narrow) in rows.chunks_exact_mut(stride).zip(self.rows.chunks_exact(self.stride.max(1))) {
            wide[..narrow.len()].copy_from_slice(narrow);
        }
        // Rows begin elsewhere now.
        for entry in rows.iter_mut().filter(|entry| **entry != UNKNOWN) {
            let set = (*entry >> 32) as usize / self.stride;
            *entry = ((set * stride) as u64) << 32 | (*entry & u64::from(u32::MAX));
        }
        (self.rows, self.stride) = (rows, stride);
    }

    /// Throws the sets away, and what starts lead to; numbers of symbols and of matches stay.
    fn forget(&mut self) {
        self.held = 0;
        self.fresh.fill(None);
        self.rows.clear();
        self.sets.clear();
        self.by_set.clear();
    }

    /// Throws everything away if there is too much of it. Not while a text is read: numbers of matches change.
    pub fn tidy(&mut self) {
        const MOST: usize = 1 << 17;
        if self.matches.len() > MOST || self.by_place.len().max(self.symbols.len()) > MOST || self.noted > ROOM {
            *self = Table::default();
        }
    }

    /// The set to begin with.
    fn start(&mut self) -> u32 {
        if self.matches.is_empty() {
            self.matches.push(Arc::default());
            self.by_matches.insert(Arc::default(), 0);
        }
        self.set(&[])
    }

    /// Reads a text of letters at places; `note` gets every position with the number of what matches there, and its mark.
    pub fn read(&mut self, machine: &Machine, text: impl Iterator<Item = (Place, Letter)>, mut note: impl FnMut(u32)) {
        let mut set = self.start();
        let mut text = text.peekable();
        while text.peek().is_some() {
            let (rows, plain, stride) = (&self.rows[..], &self.plain[..], self.stride);
            let mut row = set as usize * stride;
            // Stops at what is not known yet.
            while let Some(&(place, letter)) = text.peek() {
                let place = place & machine.nfa.places;
                let symbol = if place < PLACES as Place { plain.get(letter as usize * PLACES + place as usize) } else { None };
                let Some(&entry) = symbol.filter(|symbol| **symbol > 0).and_then(|symbol| rows.get(row + *symbol as usize - 1)) else {
                    break;
                };
                if entry == UNKNOWN {
                    break;
                }
                text.next();
                row = (entry >> 32) as usize;
                note(entry as u32);
            }
            set = (row / stride.max(1)) as u32;
            if let Some((place, letter)) = text.next() {
                let symbol = self.symbol(machine, place, letter);
                let entry = match self.rows[set as usize * self.stride + symbol as usize] {
                    UNKNOWN => self.find(machine, set, symbol),
                    entry => entry,
                };
                set = ((entry >> 32) as usize / self.stride) as u32;
                note(entry as u32);
            }
        }
    }

    #[cold]
    fn find(&mut self, machine: &Machine, set: u32, symbol: u32) -> u64 {
        if self.fresh[symbol as usize].is_none() {
            let fresh = self.scratch.reached(machine, &machine.nfa.starts, &self.symbols[symbol as usize]);
            self.held += bytes(&fresh.targets) + bytes(&fresh.accepted);
            self.fresh[symbol as usize] = Some(fresh);
        }
        let mut reached = self.scratch.reached(machine, &self.sets[set as usize], &self.symbols[symbol as usize]);
        if let Some(fresh) = &self.fresh[symbol as usize] {
            reached.targets.extend_from_slice(&fresh.targets);
            reached.accepted.extend_from_slice(&fresh.accepted);
        }
        for list in [&mut reached.targets, &mut reached.accepted] {
            list.sort_unstable();
            list.dedup();
        }
        let Fresh { targets, accepted: reached } = reached;
        let matches = match self.by_matches.get(reached.as_slice()) {
            Some(known) => *known,
            None => {
                let number = self.matches.len() as u32;
                let key: Arc<[u32]> = reached.as_slice().into();
                self.noted += bytes(&key);
                self.matches.push(key.clone());
                self.by_matches.insert(key, number);
                number
            }
        };
        let full = self.rows.len() * 8 + self.held > ROOM;
        if full {
            self.forget();
        }
        let next = self.set(&targets);
        let marked = reached.iter().any(|pattern| *machine.marked.get(*pattern as usize).unwrap_or(&true));
        let mark = if marked { MARKED } else { 0 };
        let entry = ((next as usize * self.stride) as u64) << 32 | u64::from(matches | mark);
        if !full {
            self.rows[set as usize * self.stride + symbol as usize] = entry;
        }
        entry
    }

    fn set(&mut self, states: &[u32]) -> u32 {
        if let Some(known) = self.by_set.get(states) {
            return *known;
        }
        let number = self.sets.len() as u32;
        let states: Arc<[u32]> = states.into();
        self.held += bytes(&states);
        self.sets.push(states.clone());
        self.by_set.insert(states, number);
        self.rows.resize(self.rows.len() + self.stride, UNKNOWN);
        number
    }
}

/// Bytes of a list of numbers.
fn bytes(list: &[u32]) -> usize {
    BESIDES + size_of_val(list)
}

impl Scratch {
    /// What some states lead to without reading, and over the letter.
    fn reached(&mut self, machine: &Machine, from: &[u32], symbol: &Symbol) -> Fresh {
        let (place, letter) = (symbol.conditions, symbol.letter);
        self.met.resize(machine.nfa.states.len(), 0);
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.met.fill(0);
            self.round = 1;
        }
        let mut out = Fresh::default();
        self.stack.extend_from_slice(from);
        while let Some(state) = self.stack.pop() {
            if std::mem::replace(&mut self.met[state as usize], self.round) == self.round {
                continue;
            }
            match machine.nfa.states[state as usize] {
                State::Accept(pattern) => out.accepted.push(pattern),
                State::Split(one, other) => self.stack.extend([other, one]),
                State::Check(wanted, unwanted, next) if place & wanted == wanted && place & unwanted == 0 => self.stack.push(next),
                State::Check(..) => {}
                State::Look(look, holds, next) if seen::has(&symbol.looks, look) == holds => self.stack.push(next),
                State::Look(..) => {}
                State::Step(set, next) => {
                    let members = &machine.members[set as usize];
                    // The end of the text is a letter in no set.
                    if members.get(letter as usize / 64).is_some_and(|bits| bits >> (letter % 64) & 1 == 1) {
                        out.targets.push(next);
                    }
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::srx::alphabet::{Alphabet, Letters};
    use crate::text::srx::lower::{Looks, lower};
    use crate::text::srx::pattern;

    #[test]
    fn what_the_sets_hold_counts() {
        let mut nfa = Nfa::new(false);
        let mut sets = Vec::new();
        for pattern in 0..4 {
            let node = pattern::parse(&format!("a[ab]{{{}}}c", 300 + pattern), Default::default()).expect("sound");
            nfa.add(pattern, &lower(&node, &mut Looks::default()).plain, &mut |set| {
                sets.push(set.clone());
                sets.len() as u32 - 1
            });
        }
        let (alphabet, members) = Alphabet::new(&sets);
        // A text without period, so that nearly every position has a set of its own.
        let mut state = 1u32;
        let text: String = (0..5000)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                if state >> 31 == 0 { 'a' } else { 'b' }
            })
            .collect();
        let mut letters = Letters::default();
        alphabet.read(&text, &mut letters);
        let mut table = Table::default();
        let machine = Machine { nfa: &nfa, members: &members, seen: &Seen::default(), marked: &[] };
        table.read(&machine, letters.places.iter().map(|place| Place::from(*place)).zip(letters.letters.iter().copied()), |_| {});
        let most: usize = table.sets.iter().map(|set| size_of_val(&**set)).sum();
        assert!(most <= 2 * ROOM, "{most} bytes of sets");
    }
}
