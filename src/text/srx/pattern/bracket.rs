//! Classes in brackets: ranges, classes within classes, intersections, complements.

use regex_syntax::hir::ClassUnicode;

use super::super::class;
use super::escape::Escape;
use super::{DEPTH, Parser};

impl Parser {
    /// What stands after `[`, up to its `]`.
    pub(super) fn bracket(&mut self) -> Result<ClassUnicode, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(format!("brackets are nested more than {DEPTH} deep"));
        }
        let negated = self.eat("^");
        // What stands left of the last `&&`, and what came since.
        let (mut left, mut since): (Option<ClassUnicode>, Option<ClassUnicode>) = (None, None);
        loop {
            let c = self.peek().ok_or_else(|| self.fault("a [ without its ]"))?;
            let piece = match c {
                ']' if left.is_some() || since.is_some() => {
                    self.at += 1;
                    break;
                }
                '&' if self.eat("&&") => {
                    left = intersected(left, since.take());
                    continue;
                }
                '-' if self.icu && since.is_some() && (self.looking_at("-[") || self.looking_at("--")) => {
                    return Err(self.fault("differences of classes are not supported; write [a&&[^b]] for [a-[b]]"));
                }
                '[' if self.icu && self.looking_at("[:") => self.posix()?,
                '[' => {
                    self.at += 1;
                    self.bracket()?
                }
                c if self.flags.free && c.is_ascii_whitespace() => {
                    self.at += 1;
                    continue;
                }
                _ => self.range()?,
            };
            match &mut since {
                Some(class) => class.union(&piece),
                None => since = Some(piece),
            }
        }
        self.depth -= 1;
        let mut class = intersected(left, since).unwrap_or_else(|| class::ranges(&[]));
        if negated {
            class.negate();
        }
        Ok(class)
    }

    /// `[:alpha:]`.
    fn posix(&mut self) -> Result<ClassUnicode, String> {
        let end = (self.at..self.chars.len().saturating_sub(1))
            .find(|&at| self.chars[at] == ':' && self.chars[at + 1] == ']' && at > self.at + 1);
        let end = end.ok_or_else(|| self.fault("a [: without its :]"))?;
        let name: String = self.chars[self.at + 2..end].iter().collect();
        self.at = end + 2;
        let (name, negated) = name.strip_prefix('^').map_or((name.as_str(), false), |inner| (inner, true));
        let capital = name.chars().next().map(|c| c.to_ascii_uppercase().to_string() + &name[c.len_utf8()..]).unwrap_or_default();
        let found = class::named(&capital, true).or_else(|| class::named(name, true));
        let mut class = found.ok_or_else(|| self.fault(&format!("no class of characters is called {name:?}")))?;
        if negated {
            class.negate();
        }
        Ok(class)
    }

    /// A character, a class, or `a-z`.
    fn range(&mut self) -> Result<ClassUnicode, String> {
        let start = match self.member()? {
            Escape::Char(c) => c,
            Escape::Class(class) => return Ok(class),
            Escape::Node(_) => return Err(self.fault("a condition or a group inside of brackets")),
        };
        let mut end = start;
        let after = self.chars.get(self.at + 1).copied();
        if self.peek() == Some('-') && after.is_some_and(|c| c != ']' && c != '[') {
            self.at += 1;
            end = match self.member()? {
                Escape::Char(c) => c,
                _ => return Err(self.fault("a range that ends in a class")),
            };
            if end < start {
                return Err(self.fault("a range whose end is before its start"));
            }
        }
        let mut class = class::ranges(&[(start, end)]);
        self.fold(&mut class);
        Ok(class)
    }

    fn member(&mut self) -> Result<Escape, String> {
        let c = self.peek().ok_or_else(|| self.fault("a [ without its ]"))?;
        self.at += 1;
        if c == '\\' { self.escape() } else { Ok(Escape::Char(c)) }
    }
}

fn intersected(left: Option<ClassUnicode>, right: Option<ClassUnicode>) -> Option<ClassUnicode> {
    match (left, right) {
        (Some(mut left), Some(right)) => {
            left.intersect(&right);
            Some(left)
        }
        (left, right) => left.or(right),
    }
}
