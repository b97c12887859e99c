//! The regular expressions of SRX files, from text to a tree: the syntax of `java.util.regex` and, where a file asks for it, of
//! ICU. What the syntax allows and this crate cannot run is refused with a reason. Nothing is matched here.

mod bracket;
mod escape;

use std::collections::{HashMap, HashSet};

use regex_syntax::hir::ClassUnicode;

use super::class::{self, Dialect, Set};
use escape::Escape;

/// A pattern as a tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// Matches the empty string.
    Empty,
    /// One character.
    Set(Set),
    /// One after the other.
    Cat(Vec<Node>),
    /// The first that matches.
    Alt(Vec<Node>),
    /// A piece `min` times to `max` times (without end if `None`).
    Repeat(Box<Node>, u32, Option<u32>, Greed),
    /// A condition on a position.
    Assert(Assert),
    /// A condition on what follows or goes before.
    Look {
        /// On what follows.
        ahead: bool,
        /// That it does not match.
        negative: bool,
        /// What is looked for.
        node: Box<Node>,
    },
    /// No way back into the piece once it has matched.
    Atomic(Box<Node>),
    /// A group that a back-reference may name, by number.
    Group(u32, Box<Node>),
    /// What the group matched, and whether case matters not.
    Back(u32, bool),
}

/// How a repetition chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Greed {
    /// As many as possible.
    Greedy,
    /// As few as possible.
    Lazy,
    /// As many as possible, and no way back.
    Possessive,
}

/// A condition on a position that its two neighbours decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Assert {
    /// `\A`, `^`: the start of the text.
    Start,
    /// `\z`: its end.
    End,
    /// `\Z`, `$`: its end, or before a line end that ends it.
    LastLine,
    /// `^` with `(?m)`.
    LineStart,
    /// `$` with `(?m)`.
    LineEnd,
    /// `\b`.
    Word,
    /// `\B`.
    NotWord,
}

impl Node {
    /// One character of a class.
    pub fn class(class: &ClassUnicode) -> Node {
        Node::Set(class::set(class))
    }

    /// Adds the sets of characters in it.
    pub fn sets<'a>(&'a self, out: &mut HashSet<&'a Set>) {
        match self {
            Node::Set(set) => _ = out.insert(set),
            Node::Cat(parts) | Node::Alt(parts) => parts.iter().for_each(|part| part.sets(out)),
            Node::Repeat(part, ..) | Node::Look { node: part, .. } | Node::Atomic(part) | Node::Group(_, part) => part.sets(out),
            Node::Empty | Node::Assert(_) | Node::Back(..) => {}
        }
    }
}

/// Groups within groups, at most.
const DEPTH: u32 = 100;

/// Most repetitions that a count may ask for.
const MOST: u32 = 1000;

/// Reads a pattern; the reason if it cannot be.
pub fn parse(pattern: &str, dialect: Dialect) -> Result<Node, String> {
    let icu = dialect == Dialect::Icu;
    let flags = Flags { unicode: icu, unicode_class: icu, ..Flags::default() };
    let mut parser = Parser { chars: unquoted(pattern), at: 0, flags, groups: 0, names: HashMap::new(), depth: 0, icu };
    let node = parser.alternation()?;
    match parser.peek() {
        None => Ok(node),
        Some(_) => Err(parser.fault("a ) without its (")),
    }
}

/// The pattern with `\Q..\E` written as escaped characters.
fn unquoted(pattern: &str) -> Vec<char> {
    let mut out = Vec::with_capacity(pattern.len());
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('Q') => {
                while let Some(c) = rest.next() {
                    if c == '\\' && rest.peek() == Some(&'E') {
                        rest.next();
                        break;
                    }
                    if !c.is_alphanumeric() {
                        out.push('\\');
                    }
                    out.push(c);
                }
            }
            other => {
                out.push('\\');
                out.extend(other);
            }
        }
    }
    out
}

/// What `(?imsuxU)` switches.
#[derive(Clone, Copy, Default)]
struct Flags {
    /// `i`: case does not matter.
    insensitive: bool,
    /// `u`: nor does it beyond ASCII.
    unicode: bool,
    /// `U`: `\w`, `\d`, `\s` and POSIX classes are Unicode's.
    unicode_class: bool,
    /// `s`: a dot is any character.
    dot_all: bool,
    /// `d`: only `\n` ends a line.
    unix: bool,
    /// `m`: `^` and `$` are of lines.
    lines: bool,
    /// `x`: blanks and comments do not count.
    free: bool,
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    flags: Flags,
    groups: u32,
    names: HashMap<String, u32>,
    depth: u32,
    icu: bool,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn looking_at(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(n, c)| self.chars.get(self.at + n) == Some(&c))
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.looking_at(text);
        if found {
            self.at += text.chars().count();
        }
        found
    }

    /// A reason with the place in the pattern.
    fn fault(&self, what: &str) -> String {
        format!("{what} (at character {} of the pattern)", self.at + 1)
    }

    /// Passes over blanks and comments under `(?x)`.
    fn skip_free(&mut self) {
        while self.flags.free {
            match self.peek() {
                Some(c) if c.is_ascii_whitespace() => self.at += 1,
                Some('#') => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    fn alternation(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(format!("groups are nested more than {DEPTH} deep"));
        }
        let mut branches = vec![self.sequence()?];
        while self.eat("|") {
            branches.push(self.sequence()?);
        }
        self.depth -= 1;
        let only = branches.len() == 1;
        Ok(if only { branches.swap_remove(0) } else { Node::Alt(branches) })
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut nodes = Vec::new();
        loop {
            self.skip_free();
            match self.peek() {
                None | Some('|' | ')') => break,
                Some('(') if self.icu && self.looking_at("(?#") => {
                    while self.peek().is_some_and(|c| c != ')') {
                        self.at += 1;
                    }
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            let Some(atom) = self.atom()? else { continue };
            nodes.push(self.quantified(atom)?);
        }
        Ok(match nodes.len() {
            0 => Node::Empty,
            1 => nodes.swap_remove(0),
            _ => Node::Cat(nodes),
        })
    }

    /// One piece; `None` for a switch of flags.
    fn atom(&mut self) -> Result<Option<Node>, String> {
        let c = self.peek().ok_or_else(|| self.fault("the pattern ends too soon"))?;
        self.at += 1;
        Ok(Some(match c {
            '(' => return self.group(),
            '[' => {
                let class = self.bracket()?;
                Node::class(&class)
            }
            '.' => self.dot(),
            '^' if self.flags.lines => Node::Assert(Assert::LineStart),
            '^' => Node::Assert(Assert::Start),
            '$' if self.flags.lines => Node::Assert(Assert::LineEnd),
            '$' => Node::Assert(Assert::LastLine),
            '\\' => match self.escape()? {
                Escape::Char(c) => self.literal(c),
                Escape::Class(class) => Node::class(&class),
                Escape::Node(node) => node,
            },
            '*' | '+' | '?' => {
                self.at -= 1;
                return Err(self.fault(&format!("a {c} with nothing before it")));
            }
            '{' => {
                self.at -= 1;
                return Err(self.fault("a { with nothing before it; \\{ is the character"));
            }
            '}' if self.icu => {
                self.at -= 1;
                return Err(self.fault("a } without its {; \\} is the character"));
            }
            c => self.literal(c),
        }))
    }

    fn dot(&self) -> Node {
        let mut class = class::any();
        if self.flags.unix {
            class.difference(&class::ranges(&[('\n', '\n')]));
        } else if !self.flags.dot_all {
            class.difference(&class::line_ends());
        }
        if self.flags.dot_all { Node::class(&class::any()) } else { Node::class(&class) }
    }

    fn literal(&self, c: char) -> Node {
        let mut class = class::ranges(&[(c, c)]);
        self.fold(&mut class);
        Node::class(&class)
    }

    /// Adds the other case where case does not matter.
    fn fold(&self, class: &mut ClassUnicode) {
        if self.flags.insensitive {
            class::fold(class, self.flags.unicode || self.flags.unicode_class);
        }
    }

    /// What stands in brackets after `(`.
    fn group(&mut self) -> Result<Option<Node>, String> {
        let outer = self.flags;
        let node = if self.eat("?:") {
            self.inside()?
        } else if self.eat("?>") {
            Node::Atomic(Box::new(self.inside()?))
        } else if self.eat("?=") {
            self.look(true, false)?
        } else if self.eat("?!") {
            self.look(true, true)?
        } else if self.eat("?<=") {
            self.look(false, false)?
        } else if self.eat("?<!") {
            self.look(false, true)?
        } else if self.eat("?<") {
            let mut name = String::new();
            while let Some(c) = self.peek().filter(char::is_ascii_alphanumeric) {
                name.push(c);
                self.at += 1;
            }
            if name.is_empty() || !self.eat(">") {
                return Err(self.fault("a group's name is not letters and digits with a > after them"));
            }
            self.groups += 1;
            self.names.insert(name, self.groups);
            self.numbered(self.groups)?
        } else if self.eat("?") {
            if self.switches()? {
                return Ok(None);
            }
            self.inside()?
        } else {
            self.groups += 1;
            self.numbered(self.groups)?
        };
        self.flags = outer;
        Ok(Some(node))
    }

    fn look(&mut self, ahead: bool, negative: bool) -> Result<Node, String> {
        Ok(Node::Look { ahead, negative, node: Box::new(self.inside()?) })
    }

    fn numbered(&mut self, number: u32) -> Result<Node, String> {
        Ok(Node::Group(number, Box::new(self.inside()?)))
    }

    /// An alternation and its `)`.
    fn inside(&mut self) -> Result<Node, String> {
        let node = self.alternation()?;
        if self.eat(")") { Ok(node) } else { Err(self.fault("a ( without its )")) }
    }

    /// `i-s)` or `i-s:` after `(?`; true for the first, whose flags hold to the end of the group around.
    fn switches(&mut self) -> Result<bool, String> {
        let mut on = true;
        loop {
            let c = self.peek();
            self.at += 1;
            match c {
                Some(')') => return Ok(true),
                Some(':') => return Ok(false),
                Some('-') => on = false,
                Some('i') => self.flags.insensitive = on,
                Some('u') => self.flags.unicode = on,
                Some('U') => self.flags.unicode_class = on,
                Some('s') => self.flags.dot_all = on,
                Some('d') => self.flags.unix = on,
                Some('m') => self.flags.lines = on,
                Some('x') => self.flags.free = on,
                Some('w') if self.icu => {}
                _ => {
                    self.at -= 1;
                    return Err(self.fault("no such kind of group or flag after (?"));
                }
            }
        }
    }

    /// The piece with the `*`, `+?` or `{2,3}+` after it: one of them, since both syntaxes refuse a second.
    fn quantified(&mut self, node: Node) -> Result<Node, String> {
        self.skip_free();
        let single = |parser: &mut Parser, min, max| {
            parser.at += 1;
            (min, max)
        };
        let (min, max) = match self.peek() {
            Some('*') => single(self, 0, None),
            Some('+') => single(self, 1, None),
            Some('?') => single(self, 0, Some(1)),
            Some('{') => self.counts()?,
            _ => return Ok(node),
        };
        let greed = if self.eat("+") {
            Greed::Possessive
        } else if self.eat("?") {
            Greed::Lazy
        } else {
            Greed::Greedy
        };
        Ok(Node::Repeat(Box::new(node), min, max, greed))
    }

    /// `{2}`, `{2,}`, `{2,3}`.
    fn counts(&mut self) -> Result<(u32, Option<u32>), String> {
        self.at += 1;
        let min = self.number()?.ok_or_else(|| self.fault("a { without a number"))?;
        let max = if self.eat(",") { self.number()? } else { Some(min) };
        if !self.eat("}") {
            return Err(self.fault("a { without its }"));
        }
        if max.is_some_and(|max| max < min) {
            return Err(self.fault("the greatest count is below the smallest"));
        }
        Ok((min, max))
    }

    fn number(&mut self) -> Result<Option<u32>, String> {
        let mut value: Option<u32> = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            let next = value.unwrap_or(0) * 10 + digit;
            if next > MOST {
                return Err(self.fault(&format!("a count above {MOST}")));
            }
            value = Some(next);
            self.at += 1;
        }
        Ok(value)
    }
}
