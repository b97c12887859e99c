//! Where the reader is among the elements of a file, and whether each is where a table of `grammar` allows it, with the
//! attributes it needs. Elements of other namespaces, and all that is in them, are passed over.

use std::fmt;
use std::ops::Range;

use super::Say;
use super::grammar::{Attribute, Grammar, Rule, Slot};
use crate::format::xml::{Element, XML_NS};

/// Namespaces of a format with the prefixes that its table has for them, the core first with none.
pub(super) type Spaces = &'static [(&'static str, &'static str)];

/// The open elements.
pub(super) struct Shape {
    grammar: &'static Grammar,
    core: &'static str,
    spaces: Spaces,
    /// Attributes that name an element in messages, by preference.
    ids: &'static [&'static str],
    open: Vec<Open>,
    /// Ids of the open elements, one after the other.
    names: String,
    /// Elements open within one that is passed over, that one counted.
    passed: usize,
    /// The name of the last element, with the prefix of the table.
    name: String,
}

/// An open element.
struct Open {
    rule: usize,
    /// The slot of its last child, and how many were in it.
    slot: usize,
    count: u32,
    /// Slots that were left out and may still come, too late.
    lacking: Vec<usize>,
    /// Where its id stands among those of the open elements.
    id: Option<Range<usize>>,
    line: u64,
    /// An element that has no place in it was told, maybe in place of one that it lacks.
    misplaced: bool,
    /// Text where none belongs was told.
    strayed: bool,
    /// An element began in it, of whatever namespace.
    children: bool,
}

impl Shape {
    pub(super) fn new(grammar: &'static Grammar, core: &'static str, spaces: Spaces, ids: &'static [&'static str]) -> Shape {
        Shape { grammar, core, spaces, ids, open: Vec::new(), names: String::new(), passed: 0, name: String::new() }
    }

    /// An element begins; `false` if it is passed over.
    pub(super) fn start(&mut self, element: &Element, say: &mut Say) -> bool {
        if self.passed > 0 {
            self.passed += 1;
            return false;
        }
        if let Some(parent) = self.open.last_mut() {
            parent.children = true;
        }
        let ns = element.ns();
        let Some(prefix) = self.prefix_of(ns) else {
            self.passed = 1;
            self.take_other(element.name(), say);
            return false;
        };
        self.name.clear();
        self.name.push_str(prefix);
        self.name.push_str(element.name());
        let Some(rule) = self.grammar.find(&self.name) else {
            say.error("unknown-element", format_args!("<{}> is no element of this format{}", self.name, self.within()));
            self.passed = 1;
            return false;
        };
        self.take(rule, say);
        let id = self.ids.iter().filter(|_| element.has_attributes()).find_map(|name| element.get(name)).map(|id| {
            let start = self.names.len();
            self.names.push_str(&id);
            start..self.names.len()
        });
        self.open.push(Open {
            rule,
            slot: 0,
            count: 0,
            lacking: Vec::new(),
            id,
            line: element.line,
            misplaced: false,
            strayed: false,
            children: false,
        });
        self.look_at_attributes(element, say);
        true
    }

    fn prefix_of(&self, ns: &str) -> Option<&'static str> {
        if ns == self.core {
            return Some("");
        }
        self.spaces.iter().find(|(space, _)| *space == ns).map(|(_, prefix)| *prefix)
    }

    /// Holds the attributes of the innermost element against its rule.
    fn look_at_attributes(&self, element: &Element, say: &mut Say) {
        let rule = self.rule();
        let mut seen = 0u64;
        for attribute in element.attributes() {
            let (bare, of_xml) = (attribute.ns.is_empty(), attribute.ns == XML_NS);
            let is = |known: &Attribute| (if known.of_xml { of_xml } else { bare }) && known.local == attribute.name;
            let known = rule.attributes.iter().position(is);
            match known {
                Some(index) => {
                    seen |= 1 << index;
                    let known = &rule.attributes[index];
                    if !(known.value.is)(&attribute.value) {
                        let (name, value, expected) = (known.name, &attribute.value, known.value.expected);
                        say.error("attribute-value", format_args!("{name}={value:?} of {}, expected {expected}", self.here()));
                    }
                }
                None if attribute.ns.is_empty() || attribute.ns == self.core => {
                    say.error("unknown-attribute", format_args!("{} has no attribute {}", self.here(), attribute.name));
                }
                None if attribute.ns == XML_NS && attribute.name != "id" && attribute.name != "base" => {
                    say.error("unknown-attribute", format_args!("{} has no attribute xml:{}", self.here(), attribute.name));
                }
                None => {}
            }
        }
        let lacking = rule.attributes.iter().enumerate().filter(|(index, known)| known.required && seen & (1 << index) == 0);
        for (_, known) in lacking {
            say.error("missing-attribute", format_args!("{} lacks {}", self.here(), known.name));
        }
    }

    /// Counts a child of the innermost element, and says so if it has no place there.
    fn take(&mut self, rule: usize, say: &mut Say) {
        let Some(parent) = self.open.last() else { return };
        let slots = &self.grammar.rules[parent.rule].slots;
        let holds = |slot: &Slot| slot.rules.contains(&rule);
        let name = self.grammar.rules[rule].name;
        let ahead = slots.iter().enumerate().skip(parent.slot).find(|(_, slot)| holds(slot)).map(|(index, _)| index);
        // Modules stand among the elements of other namespaces.
        let ahead = ahead.or_else(|| name.contains(':').then(|| slots.iter().position(|slot| slot.rules.is_empty())).flatten());
        match ahead {
            Some(index) if index >= parent.slot => self.move_to(index, say),
            Some(_) => say.error("order", format_args!("<{name}> comes too late in {}", self.here())),
            None if let Some(late) = slots.iter().position(holds) => {
                let (last, here) = (slots[parent.slot].names(), self.here());
                say.error("order", format_args!("<{name}> comes after {last} in {here}, expected before"));
                if let Some(parent) = self.open.last_mut() {
                    parent.lacking.retain(|slot| *slot != late);
                }
            }
            None => {
                say.error("misplaced-element", format_args!("<{name}> has no place in {}", self.here()));
                if let Some(parent) = self.open.last_mut() {
                    parent.misplaced = true;
                }
            }
        }
    }

    /// Counts a child of another namespace, where those have their place.
    fn take_other(&mut self, name: &str, say: &mut Say) {
        let Some(parent) = self.open.last() else { return };
        let rule = &self.grammar.rules[parent.rule];
        if rule.closed {
            let here = self.here();
            return say.error(
                "misplaced-element",
                format_args!("<{name}> of another namespace in {here}, which holds its own inline elements only"),
            );
        }
        let Some(index) = rule.slots.iter().position(|slot| slot.rules.is_empty()) else { return };
        if index >= parent.slot {
            self.move_to(index, say);
        } else {
            say.error("order", format_args!("an element of another namespace comes too late in {}", self.here()));
        }
    }

    /// The next child is of a slot that lies ahead or is the last one's.
    fn move_to(&mut self, index: usize, say: &mut Say) {
        let Some(parent) = self.open.last() else { return };
        let slots = &self.grammar.rules[parent.rule].slots;
        let (slot, count) = (parent.slot, parent.count);
        let count = if index == slot { count + 1 } else { 1 };
        let lacking: Vec<usize> = if index > slot { lacking(slots, slot, parent.count, index).collect() } else { Vec::new() };
        if count > slots[index].most {
            say.error("repeated-element", format_args!("more than one {} in {}", slots[index].names(), self.here()));
        }
        if let Some(parent) = self.open.last_mut() {
            (parent.slot, parent.count) = (index, count);
            parent.lacking.extend(lacking);
        }
    }

    /// Whether a text stands where none belongs and nothing was said of it yet.
    pub(super) fn text(&self, text: &str) -> bool {
        let stray = |open: &Open| !open.strayed && !self.grammar.rules[open.rule].mixed;
        self.passed == 0 && self.open.last().is_some_and(stray) && !text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
    }

    /// Says that the innermost element has text and should not.
    pub(super) fn stray_text(&mut self, say: &mut Say) {
        say.error("text", format_args!("text in {}, which holds elements only", self.here()));
        if let Some(open) = self.open.last_mut() {
            open.strayed = true;
        }
    }

    /// The innermost element ends.
    pub(super) fn end(&mut self, say: &mut Say) {
        if self.passed > 0 {
            self.passed -= 1;
            return;
        }
        if let Some(open) = self.open.last() {
            let slots = &self.rule().slots;
            let never = lacking(slots, open.slot, open.count, slots.len());
            for slot in open.lacking.iter().copied().chain(never).filter(|_| !open.misplaced) {
                say.at(open.line, |say| say.error("missing-element", format_args!("{} lacks {}", self.here(), slots[slot].names())));
            }
        }
        if let Some(id) = self.open.pop().and_then(|open| open.id) {
            self.names.truncate(id.start);
        }
    }

    /// Whether the innermost element is one of the format.
    pub(super) fn is_known(&self) -> bool {
        self.passed == 0 && !self.open.is_empty()
    }

    fn rule(&self) -> &'static Rule {
        // Asked only while an element is open; the root's rule stands in otherwise.
        &self.grammar.rules[self.open.last().map_or(0, |open| open.rule)]
    }

    /// Name of the innermost element, or of one further out by steps; empty outside of the root.
    pub(super) fn name(&self, out: usize) -> &'static str {
        let open = self.open.len().checked_sub(out + 1).map(|at| &self.open[at]);
        open.map_or("", |open| self.grammar.rules[open.rule].name)
    }

    /// Whether an element of this name is open.
    pub(super) fn is_in(&self, name: &str) -> bool {
        self.open.iter().any(|open| self.grammar.rules[open.rule].name == name)
    }

    /// Id of the innermost open element of a name.
    pub(super) fn id_of(&self, name: &str) -> Option<&str> {
        self.open.iter().rev().find(|open| self.grammar.rules[open.rule].name == name).and_then(|open| self.id(open))
    }

    fn id(&self, open: &Open) -> Option<&str> {
        open.id.clone().map(|id| &self.names[id])
    }

    /// Whether any element is or was in the innermost one.
    pub(super) fn has_children(&self) -> bool {
        self.open.last().is_some_and(|open| open.children)
    }

    /// Line on which the innermost element began.
    pub(super) fn line(&self) -> u64 {
        self.open.last().map_or(1, |open| open.line)
    }

    /// The innermost element and, if it has no id, the nearest that has one.
    pub(super) fn here(&self) -> Here<'_> {
        Here { shape: self, at: self.open.len() }
    }

    /// The element around the innermost, likewise.
    pub(super) fn around(&self) -> Here<'_> {
        Here { shape: self, at: self.open.len().saturating_sub(1) }
    }

    fn within(&self) -> String {
        if self.open.is_empty() { String::new() } else { format!(", in {}", self.here()) }
    }
}

/// Slots from one, which has some children, up to another, that should have had more.
fn lacking(slots: &[Slot], from: usize, count: u32, to: usize) -> impl Iterator<Item = usize> {
    let all = slots.iter().enumerate().take(to).skip(from);
    all.filter(move |(index, slot)| slot.least > if *index == from { count } else { 0 }).map(|(index, _)| index)
}

/// An element as messages name it: `<segment id="s1">`, `<source> of <segment id="s1">`.
pub(super) struct Here<'a> {
    shape: &'a Shape,
    at: usize,
}

impl fmt::Display for Here<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = &self.shape.open[..self.at];
        let name = |open: &Open| self.shape.grammar.rules[open.rule].name;
        let Some((last, outer)) = open.split_last() else { return f.write_str("the file") };
        if let Some(id) = self.shape.id(last) {
            return write!(f, "<{} {}={id:?}>", name(last), self.shape.ids[0]);
        }
        write!(f, "<{}>", name(last))?;
        match outer.iter().rev().find(|open| open.id.is_some()) {
            Some(open) => write!(f, " of <{} {}={:?}>", name(open), self.shape.ids[0], self.shape.id(open).unwrap_or("")),
            None => Ok(()),
        }
    }
}
