//! Tables of what elements have: attributes with the values they may take, and children in their order. A table is a text with
//! a line an element, `name | attributes | children`, written for people and read once:
//!
//! - attributes: `id!:token` is required and a name token, `translate:yn` may be there and is yes or no, `original` is anything;
//!   the words after the colon are those of `values`;
//! - children: `notes?`, `source`, `note+`, `unit*`, `(unit|group)+` in this order; `#` allows text; `~` marks where elements of
//!   other namespaces stand, which without it stand anywhere, but not beside the text of `#!`.
//!
//! The table is a format's; what is beyond a grammar is not its business.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::values::{self, Value};

/// An element of a format.
pub(super) struct Rule {
    /// Its name; with a prefix for that of a module, as in `mtc:match`.
    pub name: &'static str,
    pub attributes: Vec<Attribute>,
    pub slots: Vec<Slot>,
    /// Text may stand in it.
    pub mixed: bool,
    /// No elements of other namespaces may.
    pub closed: bool,
}

/// An attribute of an element.
pub(super) struct Attribute {
    /// As messages name it.
    pub name: &'static str,
    /// Its name without prefix.
    pub local: &'static str,
    /// It is one of XML itself, as `xml:lang`.
    pub of_xml: bool,
    pub required: bool,
    pub value: &'static Value,
}

/// Children that stand together.
pub(super) struct Slot {
    /// Indices of their rules; none for elements of other namespaces.
    pub rules: Vec<usize>,
    /// Their names with bars between.
    shown: &'static str,
    pub least: u32,
    pub most: u32,
}

impl Slot {
    /// What it is called in messages.
    pub(super) fn names(&self) -> String {
        format!("<{}>", self.shown.replace('|', "> or <"))
    }
}

/// All elements of a format.
pub(super) struct Grammar {
    pub rules: Vec<Rule>,
    names: HashMap<&'static str, usize, FixedState>,
}

impl Grammar {
    /// Reads a table. It is part of the program: what is wrong in it is a bug, which the tests find.
    pub(super) fn new(table: &'static str) -> Grammar {
        let lines = || table.lines().map(str::trim).filter(|line| !line.is_empty());
        let name = |line: &'static str| line.split('|').next().unwrap_or("").trim();
        let names: HashMap<&str, usize, FixedState> = lines().enumerate().map(|(index, line)| (name(line), index)).collect();
        let rules = lines().map(|line| rule(line, &names)).collect();
        Grammar { rules, names }
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }
}

fn rule(line: &'static str, names: &HashMap<&str, usize, FixedState>) -> Rule {
    let mut columns = line.splitn(3, '|');
    let mut column = || columns.next().unwrap_or("").trim();
    let (name, attributes, children) = (column(), column(), column());
    let slots: Vec<Slot> = children.split_whitespace().filter(|word| !word.starts_with('#')).map(|word| slot(word, names)).collect();
    let attributes = attributes.split_whitespace().map(attribute).collect();
    Rule { name, attributes, slots, mixed: children.starts_with('#'), closed: children.starts_with("#!") }
}

fn attribute(word: &'static str) -> Attribute {
    // The colon of `xml:lang` is part of the name.
    let split = word.strip_prefix("xml:").map_or(0, |_| 4) + word.strip_prefix("xml:").unwrap_or(word).find(':').unwrap_or(word.len());
    let (name, value) = word.split_at(split.min(word.len()));
    let required = name.ends_with('!');
    let name = name.trim_end_matches('!');
    let local = name.strip_prefix("xml:");
    Attribute { name, local: local.unwrap_or(name), of_xml: local.is_some(), required, value: values::find(value.trim_start_matches(':')) }
}

fn slot(word: &'static str, names: &HashMap<&str, usize, FixedState>) -> Slot {
    let bare = word.trim_end_matches(['?', '*', '+']);
    let (least, most) = match &word[bare.len()..] {
        "?" => (0, 1),
        "*" => (0, u32::MAX),
        "+" => (1, u32::MAX),
        _ => (1, 1),
    };
    let shown = bare.trim_matches(['(', ')']);
    let rules = shown.split('|').filter(|name| *name != "~").map(|name| names[name]).collect();
    Slot { rules, shown, least, most }
}
