//! What shares the ids of a unit, or of a match: segments, codes and markers on both sides, original data, notes. Codes are held
//! against their partners, references against what is there, the order of targets against the number of segments, once all
//! of it has come.

use std::collections::{HashMap, HashSet};

use super::super::codes::{Found, MANY, Names, Pairs};
use super::super::shape::{Here, Shape};
use super::super::{Element, Say};

/// A side of a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Side {
    #[default]
    Source,
    Target,
}

/// What came by an id.
struct Code {
    id: Box<str>,
    /// Name of the element, segment and line, by side.
    sides: [Option<(&'static str, usize, u64)>; 2],
    /// `canDelete="no"`.
    firm: bool,
    /// It is a copy of another (`copyOf`).
    copy: bool,
    /// A marker around what is not to be translated.
    kept: bool,
    /// The sequence of codes that keep their order (`canReorder`) to which it belongs.
    sequence: Option<u32>,
    /// How many codes came before it in the targets.
    spot: u32,
    /// It may not be copied (`canCopy="no"`), or has original data.
    single: bool,
}

/// Ids of a unit and what refers to them.
#[derive(Default)]
pub(super) struct Scope {
    pub side: Side,
    pub data: Names,
    pub notes: Names,
    /// State of the open segment that asks for a target.
    pub wants_target: Option<String>,
    index: HashMap<Box<str>, usize>,
    codes: Vec<Code>,
    /// Codes and markers that begin something, by side.
    spans: [Pairs; 2],
    markers: [Pairs; 2],
    /// Whether each segment and ignorable has a target that is a translation.
    targets: Vec<bool>,
    sentences: usize,
    /// Sequences of codes that keep their order: how many there were, whether one is open.
    sequences: (u32, bool),
    /// Codes of targets.
    spots: u32,
    /// Line, place of its segment, and value of each `order`.
    orders: Vec<(u64, usize, u64)>,
    ordered: HashSet<u64>,
    /// Line, value and element of each reference.
    references: Vec<(u64, Reference, String)>,
}

/// Something that an attribute names.
enum Reference {
    /// A `ref`: an address or a fragment.
    Fragment(String),
    /// A `dataRef`, by its name.
    Data(&'static str, String),
    /// A `copyOf`.
    Copy(String),
}

impl Scope {
    /// A segment or an ignorable begins.
    pub(super) fn segment(&mut self, element: &Element, name: &'static str, say: &mut Say) {
        self.side = Side::Source;
        self.sequences.1 = false;
        self.targets.push(false);
        self.sentences += usize::from(name == "segment");
        if let Some(id) = element.get("id") {
            self.take(&id, name, element, say);
        }
    }

    /// The target of the open segment is a translation.
    pub(super) fn is_translated(&mut self) {
        if let Some(last) = self.targets.last_mut() {
            *last = true;
        }
    }

    /// A target begins.
    pub(super) fn target(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        let Some(order) = element.get("order").and_then(|order| order.parse().ok()) else { return };
        if self.orders.len() < MANY && !self.ordered.insert(order) {
            say.error("target-order", format_args!("order={order} of {} is taken in the <unit>", shape.here()));
        }
        if self.orders.len() == MANY {
            return;
        }
        self.orders.push((element.line, self.targets.len(), order));
    }

    /// Takes an id of the side that is open.
    fn take(&mut self, id: &str, name: &'static str, element: &Element, say: &mut Say) {
        if self.codes.len() == MANY {
            return;
        }
        let index = self.index.get(id).copied().unwrap_or_else(|| {
            self.index.insert(id.into(), self.codes.len());
            self.codes.push(Code {
                id: id.into(),
                sides: [None, None],
                firm: false,
                kept: false,
                copy: false,
                sequence: None,
                spot: 0,
                single: false,
            });
            self.codes.len() - 1
        });
        let code = &mut self.codes[index];
        if let Some((other, ..)) = code.sides[self.side as usize] {
            say.error("duplicate-id", format_args!("the id {id:?} of a <{name}> is taken by a <{other}> of the unit"));
            return;
        }
        code.sides[self.side as usize] = Some((name, self.targets.len(), element.line));
        let is = |name: &str, value: &str| element.get(name).is_some_and(|found| found == value);
        code.firm |= is("canDelete", "no");
        code.kept |= is("translate", "no");
        code.copy |= element.get("copyOf").is_some();
        if self.side == Side::Target {
            code.spot = self.spots;
            self.spots += 1;
        } else if is("canReorder", "firstNo") {
            self.sequences = (self.sequences.0 + 1, true);
            code.sequence = Some(self.sequences.0);
        } else if is("canReorder", "no") && self.sequences.1 {
            code.sequence = Some(self.sequences.0);
        } else if is("canReorder", "no") {
            say.error("hints", format_args!("canReorder=\"no\" of <{name} id={id:?}>: no code before it has canReorder=\"firstNo\""));
        }
        code.single |= is("canCopy", "no") || ["dataRef", "dataRefStart", "dataRefEnd"].iter().any(|name| element.get(name).is_some());
    }

    /// A code or a marker begins.
    pub(super) fn inline(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        let name = shape.name(0);
        if let Some(id) = element.get("id") {
            self.take(&id, name, element, say);
        }
        for attribute in ["dataRef", "dataRefStart", "dataRefEnd"] {
            if let Some(id) = element.get(attribute) {
                self.note_reference(element.line, Reference::Data(attribute, id.into_owned()), shape);
            }
        }
        if let Some(id) = element.get("copyOf") {
            if ["dataRef", "dataRefStart", "dataRefEnd"].iter().any(|name| element.get(name).is_some()) {
                say.error("reference", format_args!("{} has copyOf and original data, expected one of them", shape.here()));
            }
            self.note_reference(element.line, Reference::Copy(id.into_owned()), shape);
        }
        look_at_hints(element, shape, say);
        self.pair(name, element, shape, say);
    }

    fn note_reference(&mut self, line: u64, reference: Reference, shape: &Shape) {
        self.keep(line, reference, shape.here().to_string());
    }

    /// Remembers a `ref`.
    pub(super) fn refer(&mut self, line: u64, fragment: String, place: String) {
        self.keep(line, Reference::Fragment(fragment), place);
    }

    fn keep(&mut self, line: u64, reference: Reference, place: String) {
        if self.references.len() < MANY && self.codes.len() < MANY {
            self.references.push((line, reference, place));
        }
    }

    fn pair(&mut self, name: &str, element: &Element, shape: &Shape, say: &mut Say) {
        let (id, start) = (element.get("id"), element.get("startRef"));
        let isolated = element.get("isolated").is_some_and(|isolated| isolated == "yes");
        let side = self.side as usize;
        let mut ends = |pairs: &mut Pairs, partner: &str, start: &str| match pairs.close(start) {
            Found::Partner => {}
            Found::Nobody => say.error("code-pairs", format_args!("startRef={start:?} of {}: no <{partner}> before it", shape.here())),
            Found::Taken => {
                say.error("code-pairs", format_args!("startRef={start:?} of {}: that <{partner}> has ended already", shape.here()))
            }
            Found::Isolated => {
                say.error("code-pairs", format_args!("startRef={start:?} of {}: that <{partner}> is isolated", shape.here()))
            }
        };
        match (name, id, start) {
            ("sc", Some(id), _) => drop(self.spans[side].open(&id, element.line, isolated)),
            ("sm", Some(id), _) => drop(self.markers[side].open(&id, element.line, false)),
            ("em", _, Some(start)) => ends(&mut self.markers[side], "sm", &start),
            ("ec", _, Some(_)) if isolated => say.error("code-pairs", format_args!("{} is isolated and has startRef", shape.here())),
            ("ec", id, Some(start)) => {
                ends(&mut self.spans[side], "sc", &start);
                if let Some(id) = id {
                    say.error("code-pairs", format_args!("<ec id={id:?}> has startRef, but only an isolated <ec> has an id"));
                }
            }
            ("ec", None, None) if isolated => say.error("code-pairs", format_args!("{} is isolated and lacks id", shape.here())),
            ("ec", _, None) if !isolated => say.error("code-pairs", format_args!("{} lacks startRef and is not isolated", shape.here())),
            _ => {}
        }
    }

    /// All of it has come: says what does not fit. `file` is its id, in a unit; a match is in none.
    pub(super) fn finish(&mut self, place: &Here, file: Option<&str>, say: &mut Say) {
        if file.is_some() && self.sentences == 0 && !self.targets.is_empty() {
            say.error("missing-element", format_args!("{place} lacks <segment>"));
        }
        for (pairs, partner) in [(&mut self.spans, "ec"), (&mut self.markers, "em")] {
            for start in pairs.iter_mut().flat_map(Pairs::unended) {
                let name = if partner == "ec" { "sc" } else { "sm" };
                let cause = format_args!("<{name} id={:?}> of {place} has no <{partner}> after it", start.key);
                say.at(start.line, |say| say.error("code-pairs", cause));
            }
        }
        self.look_at_targets(place, say);
        self.look_at_order(place, say);
        self.look_at_sequences(place, say);
        for (line, reference, what) in &self.references {
            say.at(*line, |say| self.look_up(reference, what, place, say));
        }
    }

    /// Codes of targets against those of their sources.
    fn look_at_targets(&self, place: &Here, say: &mut Say) {
        for code in &self.codes {
            let id = &code.id;
            match code.sides {
                [None, Some((name @ ("ph" | "pc" | "sc" | "ec"), _, line))] if !code.copy => {
                    say.at(line, |say| say.codes(format_args!("<{name} id={id:?}> in the target of {place} has no partner in the source")));
                }
                [Some((name, segment, _)), Some((other, there, line))] if name != other || segment != there => {
                    let cause = format_args!("the id {id:?} of a <{other}> in a target of {place} is that of a <{name}> of another source");
                    say.at(line, |say| say.error("duplicate-id", cause));
                }
                [Some((name, segment, line)), None] if segment > 0 && self.targets.get(segment - 1) == Some(&true) => {
                    let code_of_text = code.kept || matches!(name, "ph" | "pc" | "sc" | "ec");
                    say.at(line, |say| match code.firm {
                        true => say.error(
                            "deleted-code",
                            format_args!("<{name} id={id:?}> of {place} may not be deleted, but is not in the target"),
                        ),
                        false if code_of_text => say.codes(format_args!("<{name} id={id:?}> of {place} is not in the target")),
                        false => {}
                    });
                }
                _ => {}
            }
        }
    }

    /// Places of targets: within the number of parts, and each that is left is taken by another.
    fn look_at_order(&self, place: &Here, say: &mut Say) {
        for &(line, at, order) in &self.orders {
            let parts = self.targets.len();
            say.at(line, |say| {
                if order > parts as u64 {
                    say.error("target-order", format_args!("order={order} in {place}, which has {parts} parts"));
                } else if order != at as u64 && !self.ordered.contains(&(at as u64)) {
                    say.error("target-order", format_args!("order={order} in {place}: no other target has order={at}, which it leaves"));
                }
            });
        }
    }

    /// Codes that keep their order.
    fn look_at_sequences(&self, place: &Here, say: &mut Say) {
        let mut last: Option<&Code> = None;
        for code in self.codes.iter().filter(|code| code.sequence.is_some()) {
            let Some((name, _, line)) = code.sides[Side::Target as usize] else { continue };
            if let Some(before) = last.filter(|before| before.sequence == code.sequence && before.spot > code.spot) {
                let (id, other) = (&code.id, &before.id);
                let cause =
                    format_args!("<{name} id={id:?}> in the target of {place} comes before the code {other:?}, after which it stays");
                say.at(line, |say| say.error("code-order", cause));
            }
            last = Some(code);
        }
    }

    fn look_up(&self, reference: &Reference, what: &str, place: &Here, say: &mut Say) {
        match reference {
            Reference::Data(attribute, id) if !self.data.has(id) => {
                say.error("reference", format_args!("{attribute}={id:?} of {what}: {place} has no such <data>"));
            }
            Reference::Copy(id) => match self.index.get(id.as_str()).map(|&at| &self.codes[at]) {
                None => say.error("reference", format_args!("copyOf={id:?} of {what}: {place} has no such code")),
                Some(code) if code.single => {
                    say.error("reference", format_args!("copyOf={id:?} of {what}: that code may not be copied, or has original data"));
                }
                Some(_) => {}
            },
            Reference::Fragment(fragment) if !self.has(fragment) => {
                say.error("reference", format_args!("ref={fragment:?} of {what}: nothing in {place} has that id"));
            }
            _ => {}
        }
    }

    /// Whether a fragment names something in the unit; of modules and extensions that are not known here it is taken to.
    fn has(&self, fragment: &str) -> bool {
        let Some(last) = fragment.strip_prefix('#').map(|path| path.rsplit('/').next().unwrap_or("")) else { return false };
        let on = |id: &str, side: usize| self.index.get(id).is_some_and(|&at| self.codes[at].sides[side].is_some());
        match last.split_once('=') {
            None => on(last, 0),
            Some(("t", id)) => on(id, 1),
            Some(("n", id)) => self.notes.has(id),
            Some(("d", id)) => self.data.has(id),
            Some(_) => true,
        }
    }
}

/// What the attributes of a code or a marker ask of one another.
fn look_at_hints(element: &Element, shape: &Shape, say: &mut Say) {
    let has = |name: &str| element.get(name).is_some();
    let is = |name: &str, value: &str| element.get(name).is_some_and(|found| found == value);
    let sub = element.get("subType").unwrap_or_default();
    let asked = match &*sub {
        "xlf:b" | "xlf:i" | "xlf:u" | "xlf:lb" | "xlf:pb" => Some("fmt"),
        "xlf:var" => Some("ui"),
        _ => None,
    };
    if has("subType") && !has("type") {
        say.error("hints", format_args!("subType of {} without type", shape.here()));
    } else if let Some(asked) = asked.filter(|asked| !is("type", asked)) {
        say.error("hints", format_args!("subType={sub:?} of {} asks for type={asked:?}", shape.here()));
    } else if asked.is_none() {
        super::look_at_prefix("subType", &sub, shape, say);
    }
    if matches!(shape.name(0), "mrk" | "sm") {
        super::look_at_prefix("type", &element.get("type").unwrap_or_default(), shape, say);
    }
    if (is("canReorder", "no") || is("canReorder", "firstNo")) && !(is("canCopy", "no") && is("canDelete", "no")) {
        say.error("hints", format_args!("canReorder of {} asks for canCopy=\"no\" and canDelete=\"no\"", shape.here()));
    }
    for (one, other) in [("dataRefStart", "dataRefEnd"), ("equivStart", "equivEnd"), ("subFlowsStart", "subFlowsEnd")] {
        let (one, other) = if has(one) { (one, other) } else { (other, one) };
        if has(one) && !has(other) {
            say.warn("hints", format_args!("{one} of {} without {other}", shape.here()));
        }
    }
    if matches!(shape.name(0), "mrk" | "sm") && is("type", "comment") && has("value") == has("ref") {
        let found = if has("value") { "both a value and a ref" } else { "neither a value nor a ref" };
        say.error("hints", format_args!("the comment {} has {found}, expected one of them", shape.here()));
    }
}
