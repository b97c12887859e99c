//! Runs the automata of `nfa`: a table from a set of states and a letter to the next set and to the patterns that match here,
//! filled as texts need it. A text is read once, letter by letter, whatever the patterns are; the table is thrown away when
//! it grows too large, which costs time and changes nothing.

use foldhash::HashMap;

use super::alphabet::Letter;
use super::nfa::{Nfa, Place, State};

/// Bytes that the table of an automaton may take; little in tests, so that they see it thrown away.
const ROOM: usize = if cfg!(test) { 1 << 15 } else { 16 << 20 };

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
    sets: Vec<Box<[u32]>>,
    by_set: HashMap<Box<[u32]>, u32>,
    symbols: Vec<(Place, Letter)>,
    by_symbol: HashMap<(Place, Letter), u32>,
    /// The same where no look is asked for, by letter and place; one more than the number, zero if not known.
    plain: Vec<u32>,
    /// What the start of every pattern leads to, by symbol.
    fresh: Vec<Option<Fresh>>,
    /// Numbers of patterns that match together; the first is the empty one.
    pub matches: Vec<Box<[u32]>>,
    by_matches: HashMap<Box<[u32]>, u32>,
    scratch: Scratch,
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
            return self.new_symbol((place, letter));
        }
        let at = letter as usize * PLACES + place as usize;
        match self.plain.get(at) {
            Some(known) if *known > 0 => known - 1,
            _ => {
                let symbol = self.new_symbol((place, letter));
                if self.plain.len() <= at {
                    self.plain.resize(at + PLACES, 0);
                }
                self.plain[at] = symbol + 1;
                symbol
            }
        }
    }

    fn new_symbol(&mut self, key: (Place, Letter)) -> u32 {
        if let Some(symbol) = self.by_symbol.get(&key) {
            return *symbol;
        }
        let symbol = self.symbols.len() as u32;
        self.symbols.push(key);
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

    /// Throws the sets away; numbers of symbols and of matches stay.
    fn forget(&mut self) {
        self.rows.clear();
        self.sets.clear();
        self.by_set.clear();
    }

    /// Throws everything away if there is too much of it. Not while a text is read: numbers of matches change.
    pub fn tidy(&mut self) {
        const MOST: usize = 1 << 17;
        if self.matches.len() > MOST || self.symbols.len() > MOST {
            *self = Table::default();
        }
    }

    /// The set to begin with.
    fn start(&mut self) -> u32 {
        if self.matches.is_empty() {
            self.matches.push(Box::default());
            self.by_matches.insert(Box::default(), 0);
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
            self.fresh[symbol as usize] = Some(self.scratch.reached(machine, &machine.nfa.starts, self.symbols[symbol as usize]));
        }
        let mut reached = self.scratch.reached(machine, &self.sets[set as usize], self.symbols[symbol as usize]);
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
                let key: Box<[u32]> = reached.as_slice().into();
                self.matches.push(key.clone());
                self.by_matches.insert(key, number);
                number
            }
        };
        let used = self.rows.len() * 8 + self.sets.len() * 64;
        let full = used > ROOM;
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
        self.sets.push(states.into());
        self.by_set.insert(states.into(), number);
        self.rows.resize(self.rows.len() + self.stride, UNKNOWN);
        number
    }
}

impl Scratch {
    /// What some states lead to without reading, and over the letter.
    fn reached(&mut self, machine: &Machine, from: &[u32], (place, letter): (Place, Letter)) -> Fresh {
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
