//! From the tree of a pattern to one that finite automata can run: conditions on what follows or goes before become bits of a
//! position, possessive repetitions of a single character become such conditions, groups disappear. What is left over
//! (back-references, atomic groups that choose) is widened, and the pattern is marked: a match has to be confirmed by the
//! slow engine. It builds no automata.

use std::collections::HashMap;

use super::pattern::{Assert, Greed, Node};

/// A pattern without groups, looks, greed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Plain {
    Empty,
    Set(super::class::Set),
    Cat(Vec<Plain>),
    Alt(Vec<Plain>),
    Repeat(Box<Plain>, u32, Option<u32>),
    Assert(Assert),
    /// The look of this number holds, or does not.
    Look(u32, bool),
}

/// A look: something that begins, or ends, at a position.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Look {
    /// It begins there.
    pub ahead: bool,
    pub body: Plain,
    /// 1 more than the looks inside of it.
    pub level: u32,
}

/// The looks of many patterns, each once.
#[derive(Default)]
pub struct Looks {
    pub all: Vec<Look>,
    numbers: HashMap<Look, u32>,
}

/// States a pattern may grow to by its counts, beyond those of its characters.
pub const MOST_STATES: u64 = 4000;

/// The same for all patterns that may hold together.
pub const MOST_STATES_TOGETHER: u64 = 16_000;

impl Looks {
    fn number(&mut self, look: Look) -> u32 {
        if let Some(number) = self.numbers.get(&look) {
            return *number;
        }
        let number = self.all.len() as u32;
        self.all.push(look.clone());
        self.numbers.insert(look, number);
        number
    }
}

/// What became of a pattern.
pub struct Lowered {
    pub plain: Plain,
    /// It matches what the pattern matches; else more.
    pub exact: bool,
    /// The level of its looks.
    level: u32,
}

/// Makes a pattern plain.
pub fn lower(node: &Node, looks: &mut Looks) -> Lowered {
    let mut lowering = Lowering { looks, exact: true, level: 0 };
    let plain = lowering.node(node);
    let (exact, level) = (lowering.exact, lowering.level);
    Lowered { plain, exact, level }
}

/// States of the automaton of a pattern, roughly.
pub fn size(plain: &Plain) -> u64 {
    match plain {
        Plain::Empty => 0,
        Plain::Set(_) | Plain::Assert(_) | Plain::Look(..) => 1,
        Plain::Cat(parts) => parts.iter().map(size).fold(0, u64::saturating_add),
        Plain::Alt(parts) => parts.iter().map(size).fold(1, u64::saturating_add),
        Plain::Repeat(part, min, max) => {
            let times = u64::from(max.map_or(*min + 1, |max| max));
            size(part).saturating_add(1).saturating_mul(times)
        }
    }
}

struct Lowering<'a> {
    looks: &'a mut Looks,
    exact: bool,
    level: u32,
}

impl Lowering<'_> {
    fn node(&mut self, node: &Node) -> Plain {
        match node {
            Node::Empty => Plain::Empty,
            Node::Set(set) => Plain::Set(set.clone()),
            Node::Cat(parts) => Plain::Cat(parts.iter().map(|part| self.node(part)).collect()),
            Node::Alt(parts) => Plain::Alt(parts.iter().map(|part| self.node(part)).collect()),
            Node::Repeat(part, min, max, Greed::Possessive) => self.possessive(part, *min, *max),
            Node::Repeat(part, min, max, _) => Plain::Repeat(Box::new(self.node(part)), *min, *max),
            Node::Assert(assert) => Plain::Assert(*assert),
            Node::Group(_, inner) => self.node(inner),
            Node::Atomic(inner) => {
                self.exact &= width(inner).is_some();
                self.node(inner)
            }
            Node::Back(..) => {
                self.exact = false;
                let any = Plain::Set(super::class::set(&super::class::any()));
                Plain::Repeat(Box::new(any), 0, None)
            }
            Node::Look { ahead, negative, node } => self.look(*ahead, *negative, node),
        }
    }

    /// The bit of a look; what cannot be one is left open.
    fn look(&mut self, ahead: bool, negative: bool, node: &Node) -> Plain {
        let inner = lower(node, self.looks);
        if !inner.exact {
            self.exact = false;
            return Plain::Empty;
        }
        let level = inner.level + 1;
        self.level = self.level.max(level);
        Plain::Look(self.looks.number(Look { ahead, body: inner.plain, level }), !negative)
    }

    /// All of a run of characters of a set, or as many as are allowed: after fewer, none of them may follow.
    fn possessive(&mut self, part: &Node, min: u32, max: Option<u32>) -> Plain {
        let Some(set) = single(part) else {
            self.exact &= max == Some(min) && width(part).is_some();
            return Plain::Repeat(Box::new(self.node(part)), min, max);
        };
        let body = Plain::Set(set);
        let number = self.looks.number(Look { ahead: true, body: body.clone(), level: 1 });
        self.level = self.level.max(1);
        let times = |min, max| Plain::Repeat(Box::new(body.clone()), min, max);
        let stopped = |max| Plain::Cat(vec![times(min, max), Plain::Look(number, false)]);
        match max {
            None => stopped(None),
            Some(max) if max > min => Plain::Alt(vec![stopped(Some(max - 1)), times(max, Some(max))]),
            Some(max) => times(max, Some(max)),
        }
    }
}

/// The set, if the piece is a single character.
fn single(node: &Node) -> Option<super::class::Set> {
    match node {
        Node::Set(set) => Some(set.clone()),
        Node::Group(_, inner) => single(inner),
        _ => None,
    }
}

/// How many characters the piece matches, if always the same: then there is no choice to take back.
fn width(node: &Node) -> Option<u32> {
    match node {
        Node::Empty | Node::Assert(_) | Node::Look { .. } => Some(0),
        Node::Set(_) => Some(1),
        Node::Cat(parts) => parts.iter().map(width).try_fold(0, |sum: u32, part| sum.checked_add(part?)),
        Node::Alt(parts) => {
            let first = width(parts.first()?)?;
            parts.iter().all(|part| width(part) == Some(first)).then_some(first)
        }
        Node::Repeat(part, min, Some(max), _) if min == max => width(part)?.checked_mul(*min),
        Node::Repeat(..) | Node::Back(..) => None,
        Node::Group(_, inner) | Node::Atomic(inner) => width(inner),
    }
}
