//! Automata of many patterns at once, which leave it open where a match begins. They read forward to tell what ends at a
//! position, or backward to tell what begins there. Running them is the business of `dfa`.

use super::alphabet;
use super::lower::Plain;
use super::pattern::Assert;
use super::seen;

/// Conditions on a position: in the low byte those of [`alphabet`], above it the number of the set of looks that hold.
pub type Place = u64;

/// Where the number of looks begins.
const LOOKS: u32 = 8;

/// The place of these conditions and this set of looks.
pub fn place(conditions: u8, looks: u32) -> Place {
    Place::from(conditions) | Place::from(looks) << LOOKS
}

/// The set of looks of a place.
pub fn looks_of(place: Place) -> u32 {
    (place >> LOOKS) as u32
}

#[derive(Clone, Debug)]
pub enum State {
    /// Reads a letter of the set, goes on.
    Step(u32, u32),
    /// Goes on in both.
    Split(u32, u32),
    /// Goes on where the first bits hold and the second do not.
    Check(u8, u8, u32),
    /// Goes on where the look of this number holds, or does not.
    Look(u32, bool, u32),
    /// The pattern of this number matches.
    Accept(u32),
}

/// An automaton.
#[derive(Debug, Default)]
pub struct Nfa {
    pub states: Vec<State>,
    pub starts: Vec<u32>,
    /// Bits that it looks at.
    pub places: Place,
    /// Looks that it asks for, as bits.
    pub looks: Vec<u64>,
    backward: bool,
}

impl Nfa {
    pub fn new(backward: bool) -> Nfa {
        Nfa { backward, ..Nfa::default() }
    }

    /// Adds a pattern under a number; `number` gives each set of characters its own.
    pub fn add(&mut self, pattern: u32, plain: &Plain, set: &mut impl FnMut(&super::class::Set) -> u32) {
        let accept = self.push(State::Accept(pattern));
        let start = self.build(plain, accept, set);
        self.starts.push(start);
    }

    fn push(&mut self, state: State) -> u32 {
        self.states.push(state);
        self.states.len() as u32 - 1
    }

    /// The states of a piece that goes on to `next`; returns the first.
    fn build(&mut self, plain: &Plain, next: u32, set: &mut impl FnMut(&super::class::Set) -> u32) -> u32 {
        match plain {
            Plain::Empty => next,
            Plain::Set(members) => {
                let number = set(members);
                self.push(State::Step(number, next))
            }
            Plain::Cat(parts) if self.backward => parts.iter().fold(next, |next, part| self.build(part, next, set)),
            Plain::Cat(parts) => parts.iter().rev().fold(next, |next, part| self.build(part, next, set)),
            Plain::Alt(parts) => {
                let starts: Vec<u32> = parts.iter().map(|part| self.build(part, next, set)).collect();
                starts.into_iter().rev().reduce(|rest, start| self.push(State::Split(start, rest))).unwrap_or(next)
            }
            Plain::Repeat(part, min, max) => self.repeat(part, *min, *max, next, set),
            Plain::Assert(assert) => {
                let (wanted, unwanted) = bits(*assert);
                self.check(wanted, unwanted, next)
            }
            Plain::Look(number, holds) => {
                self.places |= place(0, u32::MAX);
                seen::add(&mut self.looks, *number);
                self.push(State::Look(*number, *holds, next))
            }
        }
    }

    fn check(&mut self, wanted: u8, unwanted: u8, next: u32) -> u32 {
        self.places |= place(wanted | unwanted, 0);
        self.push(State::Check(wanted, unwanted, next))
    }

    fn repeat(&mut self, part: &Plain, min: u32, max: Option<u32>, next: u32, set: &mut impl FnMut(&super::class::Set) -> u32) -> u32 {
        let mut start = match max {
            None => {
                // The loop's own state comes first, so that the piece can lead back to it.
                let back = self.push(State::Split(next, next));
                let inner = self.build(part, back, set);
                self.states[back as usize] = State::Split(inner, next);
                back
            }
            Some(max) => (min..max).fold(next, |rest, _| {
                let inner = self.build(part, rest, set);
                self.push(State::Split(inner, next))
            }),
        };
        for _ in 0..min {
            start = self.build(part, start, set);
        }
        start
    }
}

/// The bits of a place that an assertion wants set, and those it wants clear.
pub(super) fn bits(assert: Assert) -> (u8, u8) {
    let bit = |bit: u8| (bit, 0);
    match assert {
        Assert::Start => bit(alphabet::START),
        Assert::End => bit(alphabet::END),
        Assert::LastLine => bit(alphabet::LAST_LINE),
        Assert::LineStart => bit(alphabet::LINE_START),
        Assert::LineEnd => bit(alphabet::LINE_END),
        Assert::Word => bit(alphabet::WORD),
        Assert::NotWord => (0, alphabet::WORD),
    }
}
