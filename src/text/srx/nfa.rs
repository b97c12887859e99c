//! Automata of many patterns at once, which leave it open where a match begins. They read forward to tell what ends at a
//! position, or backward to tell what begins there. Running them is the business of `dfa`.

use super::alphabet;
use super::lower::Plain;
use super::pattern::Assert;

/// Conditions on a position: the low byte of [`alphabet`], then a bit a look.
pub type Place = u128;

/// Where the bits of looks begin.
const FIRST_LOOK: u32 = 8;

/// The bit of a look.
pub fn look_bit(number: u32) -> Place {
    1 << (FIRST_LOOK + number)
}

#[derive(Clone, Debug)]
pub enum State {
    /// Reads a letter of the set, goes on.
    Step(u32, u32),
    /// Goes on in both.
    Split(u32, u32),
    /// Goes on where the first bits hold and the second do not.
    Check(Place, Place, u32),
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
            Plain::Look(number, true) => self.check(look_bit(*number), 0, next),
            Plain::Look(number, false) => self.check(0, look_bit(*number), next),
        }
    }

    fn check(&mut self, wanted: Place, unwanted: Place, next: u32) -> u32 {
        self.places |= wanted | unwanted;
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

fn bits(assert: Assert) -> (Place, Place) {
    let bit = |bit: u8| (Place::from(bit), 0);
    match assert {
        Assert::Start => bit(alphabet::START),
        Assert::End => bit(alphabet::END),
        Assert::LastLine => bit(alphabet::LAST_LINE),
        Assert::LineStart => bit(alphabet::LINE_START),
        Assert::LineEnd => bit(alphabet::LINE_END),
        Assert::Word => bit(alphabet::WORD),
        Assert::NotWord => (0, Place::from(alphabet::WORD)),
    }
}
