//! The slow engine, for what no finite automaton expresses: back-references, and atomic groups and possessive repetitions that
//! have a choice to give up. It confirms what an automaton found possible, by trying one way after another, within a number
//! of steps; out of steps, there is no match and that is said.

use super::alphabet::Letters;
use super::class::Set;
use super::nfa::bits;
use super::pattern::{Assert, Greed, Node};

/// Steps for one position.
const STEPS: u32 = 20_000;

/// How many characters before a position a match, or what a look finds, may begin.
const REACH: usize = 250;

/// A pattern as instructions.
#[derive(Debug, Default)]
pub struct Program {
    code: Vec<Op>,
    slots: usize,
}

#[derive(Debug)]
enum Op {
    Set(u32),
    /// Go on here, and there if that fails.
    Split(usize, usize),
    Jump(usize),
    Assert(Assert),
    Look {
        ahead: bool,
        negative: bool,
        inner: Program,
    },
    Atomic(Program),
    /// Note the position.
    Save(usize),
    /// Fail if nothing was read since the position was noted.
    Moved(usize),
    Back(u32, bool),
}

/// What a match runs on.
pub struct Subject<'a> {
    pub text: &'a str,
    pub letters: &'a Letters,
    /// By set, the letters in it as bits.
    pub members: &'a [Vec<u64>],
}

/// Out of steps.
#[derive(Debug, PartialEq, Eq)]
pub struct OutOfSteps;

/// Makes instructions of a pattern; `set` gives each set of characters its number.
pub fn compile(node: &Node, set: &mut impl FnMut(&Set) -> u32) -> Program {
    let mut compiler = Compiler { groups: groups(node), loops: 0, set };
    let mut program = Program::default();
    compiler.emit(node, &mut program.code);
    // Every group has two slots, its start and its end; loops come after.
    program.slots = 2 * (compiler.groups as usize + 1) + compiler.loops;
    program
}

/// Instructions of a pattern, roughly: what a look or an atomic group holds is written out wherever it is repeated.
pub fn size(node: &Node) -> u64 {
    match node {
        Node::Empty => 0,
        Node::Set(_) | Node::Assert(_) | Node::Back(..) => 1,
        Node::Cat(parts) | Node::Alt(parts) => parts.iter().map(size).fold(0, u64::saturating_add),
        Node::Repeat(part, min, max, _) => size(part).saturating_add(1).saturating_mul(u64::from(max.unwrap_or(*min + 1))),
        Node::Look { node: part, .. } | Node::Atomic(part) => size(part).saturating_add(1),
        Node::Group(_, inner) => size(inner),
    }
}

/// The highest number of a group.
fn groups(node: &Node) -> u32 {
    match node {
        Node::Cat(parts) | Node::Alt(parts) => parts.iter().map(groups).max().unwrap_or(0),
        Node::Repeat(part, ..) | Node::Look { node: part, .. } | Node::Atomic(part) => groups(part),
        Node::Group(number, inner) => (*number).max(groups(inner)),
        _ => 0,
    }
}

struct Compiler<'a, F> {
    groups: u32,
    loops: usize,
    set: &'a mut F,
}

impl<F: FnMut(&Set) -> u32> Compiler<'_, F> {
    fn emit(&mut self, node: &Node, code: &mut Vec<Op>) {
        match node {
            Node::Empty => {}
            Node::Set(members) => {
                let number = (self.set)(members);
                code.push(Op::Set(number));
            }
            Node::Cat(parts) => parts.iter().for_each(|part| self.emit(part, code)),
            Node::Alt(parts) => self.alternatives(parts, code),
            Node::Repeat(part, min, max, Greed::Possessive) => {
                let inner = Node::Repeat(part.clone(), *min, *max, Greed::Greedy);
                self.emit(&Node::Atomic(Box::new(inner)), code);
            }
            Node::Repeat(part, min, max, greed) => self.repeat(part, *min, *max, *greed == Greed::Lazy, code),
            Node::Assert(assert) => code.push(Op::Assert(*assert)),
            Node::Look { ahead, negative, node } => {
                let inner = self.inner(node);
                code.push(Op::Look { ahead: *ahead, negative: *negative, inner });
            }
            Node::Atomic(node) => {
                let inner = self.inner(node);
                code.push(Op::Atomic(inner));
            }
            Node::Group(number, inner) => {
                code.push(Op::Save(2 * *number as usize));
                self.emit(inner, code);
                code.push(Op::Save(2 * *number as usize + 1));
            }
            Node::Back(number, insensitive) => code.push(Op::Back(*number, *insensitive)),
        }
    }

    fn inner(&mut self, node: &Node) -> Program {
        let mut program = Program::default();
        self.emit(node, &mut program.code);
        program
    }

    fn alternatives(&mut self, parts: &[Node], code: &mut Vec<Op>) {
        let mut ends = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            let split = code.len();
            let last = number + 1 == parts.len();
            if !last {
                code.push(Op::Jump(0));
            }
            self.emit(part, code);
            if !last {
                ends.push(code.len());
                code.push(Op::Jump(0));
                code[split] = Op::Split(split + 1, code.len());
            }
        }
        let end = code.len();
        ends.into_iter().for_each(|at| code[at] = Op::Jump(end));
    }

    fn repeat(&mut self, part: &Node, min: u32, max: Option<u32>, lazy: bool, code: &mut Vec<Op>) {
        let split = |inner, out| if lazy { Op::Split(out, inner) } else { Op::Split(inner, out) };
        for _ in 0..min {
            self.emit(part, code);
        }
        match max {
            None => {
                let slot = 2 * (self.groups as usize + 1) + self.loops;
                self.loops += 1;
                let top = code.len();
                code.push(Op::Jump(0));
                code.push(Op::Save(slot));
                self.emit(part, code);
                code.push(Op::Moved(slot));
                code.push(Op::Jump(top));
                code[top] = split(top + 1, code.len());
            }
            Some(max) => {
                let mut exits = Vec::new();
                for _ in min..max {
                    exits.push(code.len());
                    code.push(Op::Jump(0));
                    self.emit(part, code);
                }
                let end = code.len();
                exits.into_iter().for_each(|at| code[at] = split(at + 1, end));
            }
        }
    }
}

impl Program {
    /// Whether something that ends at `at` matches.
    pub fn ends_at(&self, subject: &Subject, at: usize) -> Result<bool, OutOfSteps> {
        let mut run = Run { subject, steps: STEPS, slots: vec![None; self.slots] };
        run.behind(self, at)
    }

    /// Whether something that begins at `at` matches.
    pub fn begins_at(&self, subject: &Subject, at: usize) -> Result<bool, OutOfSteps> {
        let mut run = Run { subject, steps: STEPS, slots: vec![None; self.slots] };
        Ok(run.run(self, at, None)?.is_some())
    }
}

struct Run<'a> {
    subject: &'a Subject<'a>,
    steps: u32,
    slots: Vec<Option<usize>>,
}

/// What to do when a way fails.
enum Frame {
    Try(usize, usize),
    Restore(usize, Option<usize>),
}

impl Run<'_> {
    fn behind(&mut self, program: &Program, at: usize) -> Result<bool, OutOfSteps> {
        for start in (at.saturating_sub(REACH)..=at).rev() {
            if self.run(program, start, Some(at))?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Where a match from `start` ends; only at `end`, if that is given. A failure leaves the slots as they were.
    fn run(&mut self, program: &Program, start: usize, end: Option<usize>) -> Result<Option<usize>, OutOfSteps> {
        let mut frames = Vec::new();
        let (mut op, mut at) = (0, start);
        loop {
            self.steps = self.steps.checked_sub(1).ok_or(OutOfSteps)?;
            let Some(code) = program.code.get(op) else {
                if end.is_none_or(|end| end == at) {
                    return Ok(Some(at));
                }
                match self.back(&mut frames) {
                    Some(place) => (op, at) = place,
                    None => return Ok(None),
                }
                continue;
            };
            op += 1;
            let went_on = match code {
                Op::Set(set) => {
                    let found = self.subject.letters.letters.get(at).is_some_and(|letter| {
                        let (word, bit) = (*letter as usize / 64, letter % 64);
                        self.subject.members[*set as usize][word] >> bit & 1 == 1
                    });
                    at += usize::from(found);
                    found
                }
                Op::Split(here, there) => {
                    frames.push(Frame::Try(*there, at));
                    op = *here;
                    true
                }
                Op::Jump(to) => {
                    op = *to;
                    true
                }
                Op::Assert(assert) => holds(*assert, self.subject.letters.places[at]),
                Op::Look { ahead: true, negative, inner } => self.run(inner, at, None)?.is_some() != *negative,
                Op::Look { negative, inner, .. } => self.behind(inner, at)? != *negative,
                Op::Atomic(inner) => {
                    let found = self.run(inner, at, None)?;
                    at = found.unwrap_or(at);
                    found.is_some()
                }
                Op::Save(slot) => {
                    frames.push(Frame::Restore(*slot, self.slots[*slot]));
                    self.slots[*slot] = Some(at);
                    true
                }
                Op::Moved(slot) => self.slots[*slot] != Some(at),
                Op::Back(group, insensitive) => match self.again(*group, *insensitive, at)? {
                    Some(length) => {
                        at += length;
                        true
                    }
                    None => false,
                },
            };
            if !went_on {
                match self.back(&mut frames) {
                    Some(place) => (op, at) = place,
                    None => return Ok(None),
                }
            }
        }
    }

    /// The last way not tried.
    fn back(&mut self, frames: &mut Vec<Frame>) -> Option<(usize, usize)> {
        loop {
            match frames.pop()? {
                Frame::Try(op, at) => return Some((op, at)),
                Frame::Restore(slot, value) => self.slots[slot] = value,
            }
        }
    }

    /// Characters of the group, if they stand at `at` again. Each of them costs a step.
    fn again(&mut self, group: u32, insensitive: bool, at: usize) -> Result<Option<usize>, OutOfSteps> {
        let [start, end] = [2 * group as usize, 2 * group as usize + 1].map(|slot| self.slots[slot]);
        let (Some(start), Some(end)) = (start, end.filter(|end| start.is_some_and(|start| *end >= start))) else { return Ok(None) };
        let length = end - start;
        let offsets = &self.subject.letters.offsets;
        let piece = |from: usize| offsets.get(from + length).map(|to| &self.subject.text[offsets[from] as usize..*to as usize]);
        let (Some(was), Some(is)) = (piece(start), piece(at)) else { return Ok(None) };
        self.steps = self.steps.checked_sub(length as u32).ok_or(OutOfSteps)?;
        let same = was == is || insensitive && was.to_lowercase() == is.to_lowercase();
        Ok(same.then_some(length))
    }
}

fn holds(assert: Assert, place: u8) -> bool {
    let (set, clear) = bits(assert);
    place & set == set && place & clear == 0
}
