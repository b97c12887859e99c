//! What stands after a backslash: characters by name or number, classes, conditions, groups met before.

use regex_syntax::hir::ClassUnicode;

use super::super::class;
use super::{Assert, Node, Parser};

/// What an escape stands for.
pub(super) enum Escape {
    Char(char),
    Class(ClassUnicode),
    Node(Node),
}

impl Parser {
    /// What stands after a backslash, outside of brackets or, but for conditions, inside.
    pub(super) fn escape(&mut self) -> Result<Escape, String> {
        let c = self.peek().ok_or_else(|| self.fault("a backslash at the end"))?;
        self.at += 1;
        if let Some(class) = class::letter(c, self.flags.unicode_class) {
            return Ok(Escape::Class(class));
        }
        Ok(match c {
            't' => Escape::Char('\t'),
            'n' => Escape::Char('\n'),
            'r' => Escape::Char('\r'),
            'f' => Escape::Char('\u{c}'),
            'a' => Escape::Char('\u{7}'),
            'e' => Escape::Char('\u{1b}'),
            'c' => {
                let c = self.peek().filter(char::is_ascii).ok_or_else(|| self.fault("a control character without its letter"))?;
                self.at += 1;
                Escape::Char(char::from(c as u8 ^ 0x40))
            }
            'x' | 'u' | 'U' | '0' => Escape::Char(self.code_point(c)?),
            'p' | 'P' => Escape::Class(self.property(c == 'P')?),
            'b' if self.looking_at("{") => return Err(self.fault("\\b{..} is not supported")),
            'b' => Escape::Node(Node::Assert(Assert::Word)),
            'B' => Escape::Node(Node::Assert(Assert::NotWord)),
            'A' => Escape::Node(Node::Assert(Assert::Start)),
            'z' => Escape::Node(Node::Assert(Assert::End)),
            'Z' => Escape::Node(Node::Assert(Assert::LastLine)),
            'R' => {
                let pair = Node::Cat(vec![self.literal('\r'), self.literal('\n')]);
                Escape::Node(Node::Alt(vec![pair, Node::class(&class::ranges(&class::LINE_ENDS))]))
            }
            '1'..='9' => Escape::Node(self.back_reference(c)?),
            'k' => {
                let end = self.chars[self.at..].iter().position(|c| *c == '>').filter(|_| self.looking_at("<"));
                let name: String = end.map_or_else(String::new, |end| self.chars[self.at + 1..self.at + end].iter().collect());
                let Some(number) = self.names.get(&name).copied() else {
                    return Err(self.fault("\\k names no group before it"));
                };
                self.at += name.chars().count() + 2;
                Escape::Node(Node::Back(number, self.flags.insensitive))
            }
            c if c.is_ascii_alphanumeric() => return Err(self.fault(&format!("\\{c} is not supported"))),
            c => Escape::Char(c),
        })
    }

    fn back_reference(&mut self, first: char) -> Result<Node, String> {
        let mut number = first.to_digit(10).unwrap_or(0);
        // A further digit belongs to the number only where there are that many groups.
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)).filter(|digit| number * 10 + digit <= self.groups) {
            number = number * 10 + digit;
            self.at += 1;
        }
        if number > self.groups {
            return Err(self.fault(&format!("\\{number} refers to no group before it")));
        }
        Ok(Node::Back(number, self.flags.insensitive))
    }

    /// The digits of `\x41`, `\x{1F600}`, `\u0041`, `\U0001F600`, `\0101`.
    fn code_point(&mut self, kind: char) -> Result<char, String> {
        let value = if kind == 'x' && self.eat("{") {
            let end = self.chars[self.at..].iter().position(|c| *c == '}').ok_or_else(|| self.fault("a { without its }"))?;
            let value = self.digits(end, 16)?;
            self.at += 1;
            value
        } else {
            match kind {
                'x' => self.digits(2, 16)?,
                'u' => self.digits(4, 16)?,
                'U' => self.digits(8, 16)?,
                _ => {
                    let octal = |n: usize| self.chars.get(self.at + n).is_some_and(|c| ('0'..='7').contains(c));
                    let three = octal(2) && self.peek().is_some_and(|c| c <= '3');
                    let count = if !octal(0) || !octal(1) { 1 } else { 2 + usize::from(three) };
                    self.digits(count, 8)?
                }
            }
        };
        let value = match value {
            0xd800..=0xdbff if kind == 'u' && self.eat("\\u") => {
                let low = self.digits(4, 16)?;
                0x10000 + ((value - 0xd800) << 10) + low.wrapping_sub(0xdc00).min(0x3ff)
            }
            value => value,
        };
        char::from_u32(value).ok_or_else(|| self.fault("no such character"))
    }

    fn digits(&mut self, count: usize, radix: u32) -> Result<u32, String> {
        let mut value: u32 = 0;
        for _ in 0..count {
            let digit = self.peek().and_then(|c| c.to_digit(radix)).ok_or_else(|| self.fault("a character's number is cut short"))?;
            value = value.saturating_mul(radix).saturating_add(digit);
            self.at += 1;
        }
        if count == 0 { Err(self.fault("a character without its number")) } else { Ok(value) }
    }

    /// `\p{Lu}`, `\pL`.
    fn property(&mut self, negated: bool) -> Result<ClassUnicode, String> {
        let mut name = String::new();
        if self.eat("{") {
            while let Some(c) = self.peek().filter(|c| *c != '}') {
                name.push(c);
                self.at += 1;
            }
            if !self.eat("}") {
                return Err(self.fault("a { without its }"));
            }
        } else if let Some(c) = self.peek() {
            name.push(c);
            self.at += 1;
        }
        let (name, inverse) = name.strip_prefix('^').map_or((name.as_str(), false), |inner| (inner, true));
        let cased = self.flags.insensitive && matches!(name, "Lu" | "Ll" | "Lt" | "IsLu" | "IsLl" | "IsLt");
        let found = class::named(if cased { "LC" } else { name }, self.flags.unicode_class);
        let mut class = found.ok_or_else(|| self.fault(&format!("no class of characters is called {name:?}")))?;
        if negated != inverse {
            class.negate();
        }
        Ok(class)
    }
}
