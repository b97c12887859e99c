//! TMX read: the header, then an entry at a time, with no more of the file in memory than one `tu`. Dates and names stand on the
//! `tu` or, as OmegaT writes them, on the target's `tuv`; of several programs' ways to say where a sentence stood the first counts
//! and one that says otherwise stays a property. Attributes of a `tu` that an [`Entry`] has no field for are passed over.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::BufRead;

use super::{Header, names};
use crate::error::Result;
use crate::format::xml::{Element, Fault, Node, XML_NS, Xml, fault};
use crate::lang::Lang;
use crate::translation::Entry;
use crate::translation::entry::{Of, Property, Stamp};

/// The languages that are wanted of a file; case does not count, and `en` finds `en-US` where there is nothing nearer.
#[derive(Clone, Debug, Default)]
pub struct Languages {
    /// Of the source; `None` for the one that the file names.
    pub source: Option<Lang>,
    /// Of the target; `None` for every one but the source's: a `tu` in four languages gives three entries.
    pub target: Option<Lang>,
}

/// What was met so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// `tu` elements.
    pub units: u64,
    /// Entries made of them.
    pub entries: u64,
    /// Entries of which a language is the wanted one but for its region or script.
    pub near: u64,
    /// `tu` elements that have nothing in the wanted target language.
    pub elsewhere: u64,
    /// `tu` elements that are broken and were passed over.
    pub broken: u64,
    /// Inline codes left out of entries.
    pub codes: u64,
}

/// A stream of entries.
pub struct Reader<R> {
    xml: Xml<R>,
    header: Header,
    languages: Languages,
    counts: Counts,
    faults: Vec<Fault>,
    ready: VecDeque<Entry<'static>>,
    ended: bool,
}

/// A `tu` as it stands.
#[derive(Default)]
struct Unit {
    entry: Entry<'static>,
    source_lang: Option<String>,
    properties: Vec<(String, String)>,
    sides: Vec<Side>,
}

/// A `tuv` as it stands.
#[derive(Default)]
struct Side {
    lang: String,
    created: Stamp,
    changed: Stamp,
    last_used: Option<String>,
    notes: Vec<String>,
    properties: Vec<(String, String)>,
    text: Option<String>,
    codes: u32,
}

impl<R: BufRead> Reader<R> {
    /// Reads up to the first entry, from UTF-8; what brings a file to UTF-8 stands above.
    ///
    /// # Errors
    /// It cannot be read, is no well-formed XML, or no TMX; with its line.
    pub fn new(input: R, languages: Languages) -> Result<Reader<R>> {
        let mut xml = Xml::new(input);
        root(&mut xml)?;
        let (header, ended) = read_header(&mut xml)?;
        let faults = xml.faults();
        Ok(Reader { xml, header, languages, counts: Counts::default(), faults, ready: VecDeque::new(), ended })
    }

    /// What the file says of itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What was met so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Takes the faults met since they were last taken; what they are in was passed over.
    pub fn faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    /// The next node of the body.
    fn advance(&mut self) -> Result<()> {
        match self.xml.next()? {
            Some(Node::Start(element)) if element.name() == "tu" => {
                let unit = unit_of(&element);
                self.unit(unit)?;
            }
            Some(Node::Start(_)) => skip(&mut self.xml)?,
            Some(Node::End) => {
                while self.xml.next()?.is_some() {}
                self.ended = true;
            }
            Some(Node::Text(_) | Node::Aside) => {}
            None => self.ended = true,
        }
        self.faults.append(&mut self.xml.faults());
        Ok(())
    }

    fn unit(&mut self, mut unit: Unit) -> Result<()> {
        let line = self.xml.line();
        self.counts.units += 1;
        read_unit(&mut self.xml, &mut unit)?;
        let faults = self.xml.faults();
        let sound = if faults.is_empty() { self.entries(unit) } else { Err(None) };
        if let Err(cause) = sound {
            self.counts.broken += 1;
            self.faults.extend(cause.map(|cause| Fault { line, cause }));
        }
        self.faults.extend(faults);
        Ok(())
    }

    /// Makes entries of a unit, or says why there are none.
    fn entries(&mut self, unit: Unit) -> Result<(), Option<String>> {
        let (source, near_source) = self.source(&unit)?;
        let mut targets = self.targets(&unit, source);
        let best = targets.iter().map(|&(_, nearness)| nearness).max();
        targets.retain(|&(_, nearness)| Some(nearness) == best);
        if targets.is_empty() {
            self.counts.elsewhere += 1;
        }
        let mut made = Vec::new();
        for &(target, nearness) in &targets {
            let entry = joined(&unit, source, target)?;
            self.counts.near += u64::from(near_source == Nearness::Primary || nearness == Nearness::Primary);
            made.push(entry);
        }
        self.counts.entries += made.len() as u64;
        self.counts.codes += made.iter().map(|entry| u64::from(entry.codes)).sum::<u64>();
        self.ready.extend(made);
        Ok(())
    }

    fn source(&self, unit: &Unit) -> Result<(usize, Nearness), String> {
        if unit.sides.len() < 2 {
            return Err(format!("a <tu> with {} <tuv>, expected two or more", unit.sides.len()));
        }
        if let Some(bare) = unit.sides.iter().position(|side| side.lang.is_empty()) {
            return Err(format!("<tuv> number {} does not say its language (xml:lang)", bare + 1));
        }
        let named = unit.source_lang.as_deref().unwrap_or(&self.header.source_lang);
        let wanted = self.languages.source.as_ref().map_or(named, |lang| lang.tag());
        if wanted == "*all*" {
            return Ok((0, Nearness::Same));
        }
        let all = unit.sides.iter().enumerate().map(|(at, side)| (at, nearness(&side.lang, wanted)));
        let nearest = all.rev().max_by_key(|&(_, nearness)| nearness).filter(|&(_, nearness)| nearness > Nearness::None);
        nearest.ok_or_else(|| format!("no <tuv> in the source language {wanted}"))
    }

    fn targets(&self, unit: &Unit, source: usize) -> Vec<(usize, Nearness)> {
        let nearness = |lang: &str| self.languages.target.as_ref().map_or(Nearness::Same, |wanted| nearness(lang, wanted.tag()));
        let others = unit.sides.iter().enumerate().filter(|(at, _)| *at != source);
        others.map(|(at, side)| (at, nearness(&side.lang))).filter(|&(_, nearness)| nearness > Nearness::None).collect()
    }
}

/// The entries; after an error, which has its line, there are no more.
impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Entry<'static>>;

    fn next(&mut self) -> Option<Result<Entry<'static>>> {
        while self.ready.is_empty() && !self.ended {
            if let Err(error) = self.advance() {
                self.ended = true;
                return Some(Err(error));
            }
        }
        self.ready.pop_front().map(Ok)
    }
}

/// How near two language tags are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    None,
    Primary,
    Same,
}

fn nearness(tag: &str, wanted: &str) -> Nearness {
    let same = |(a, b): (u8, u8)| a.eq_ignore_ascii_case(&b) || matches!((a, b), (b'-', b'_') | (b'_', b'-'));
    if tag.len() == wanted.len() && tag.bytes().zip(wanted.bytes()).all(same) {
        return Nearness::Same;
    }
    match (Lang::parse(tag), Lang::parse(wanted)) {
        (Some(tag), Some(wanted)) if tag.primary() == wanted.primary() => Nearness::Primary,
        _ => Nearness::None,
    }
}

/// The entry of two sides of a unit.
fn joined(unit: &Unit, source: usize, target: usize) -> Result<Entry<'static>, String> {
    let mut entry = unit.entry.clone();
    let sides = [(Of::Source, &unit.sides[source]), (Of::Target, &unit.sides[target])];
    for (of, side) in sides {
        let text = side.text.as_deref().ok_or_else(|| format!("the <tuv> in {} has no <seg>", side.lang))?;
        if text.trim().is_empty() {
            return Err(format!("the <seg> in {} is empty", side.lang));
        }
        let (lang, kept) = match of {
            Of::Target => (&mut entry.target_lang, &mut entry.target),
            _ => (&mut entry.source_lang, &mut entry.source),
        };
        (*lang, *kept) = (side.lang.clone().into(), text.to_owned().into());
        entry.notes.extend_from_slice(&side.notes);
        entry.codes = entry.codes.max(side.codes);
    }
    let side = &unit.sides[target];
    entry.created = later(entry.created, &side.created);
    entry.changed = later(entry.changed, &side.changed);
    entry.last_used = entry.last_used.or_else(|| side.last_used.clone());
    let of_unit = unit.properties.iter().map(|property| (Of::Entry, property));
    let of_sides = sides.into_iter().flat_map(|(of, side)| side.properties.iter().map(move |property| (of, property)));
    of_unit.chain(of_sides).for_each(|(of, (name, value))| property(&mut entry, of, name, value));
    Ok(entry)
}

/// What the unit says, else what the side says.
fn later(unit: Stamp, side: &Stamp) -> Stamp {
    Stamp { date: unit.date.or_else(|| side.date.clone()), by: unit.by.or_else(|| side.by.clone()) }
}

/// Puts a property into its field, or else among the others.
fn property(entry: &mut Entry, of: Of, name: &str, value: &str) {
    let own = || Some(Cow::from(value.to_owned()));
    let taken = match (of, name) {
        (_, names::DOCUMENT) => put(&mut entry.document, own()),
        (_, names::SEGMENT) => put(&mut entry.segment, own()),
        (_, names::ORIGIN) => put(&mut entry.origin, own()),
        (_, names::ALIGN_SCORE) => put(&mut entry.align_score, value.parse().ok().filter(|score: &f64| score.is_finite())),
        (_, names::SALIENCE_RANK) => put(&mut entry.salience_rank, value.parse().ok()),
        (Of::Entry, names::FILE) => put(&mut entry.file, own()),
        (Of::Entry, names::PREVIOUS) => put(&mut entry.previous, own()),
        (Of::Entry, names::NEXT) => put(&mut entry.next, own()),
        (Of::Source, names::CONTEXT_PRE) => put(&mut entry.previous, unwrapped(value).map(Cow::from)),
        (Of::Source, names::CONTEXT_POST) => put(&mut entry.next, unwrapped(value).map(Cow::from)),
        (Of::Target, names::CONTEXT_PRE) => put(&mut entry.previous_target, unwrapped(value).map(Cow::from)),
        (Of::Target, names::CONTEXT_POST) => put(&mut entry.next_target, unwrapped(value).map(Cow::from)),
        _ => false,
    };
    if !taken {
        entry.properties.push(Property { name: name.to_owned().into(), value: value.to_owned().into(), of });
    }
}

/// Whether the field says so now.
fn put<T: PartialEq>(field: &mut Option<T>, value: Option<T>) -> bool {
    if field.is_none() {
        *field = value;
        return field.is_some();
    }
    *field == value
}

/// The text of a neighbour in an escaped `<seg>`; `None` for anything else.
fn unwrapped(value: &str) -> Option<String> {
    let inner = value.strip_prefix("<seg>").and_then(|rest| rest.strip_suffix("</seg>"));
    if let Some(plain) = inner.filter(|inner| !inner.contains(['<', '&', '\r'])) {
        return Some(plain.to_owned());
    }
    let mut xml = Xml::new(value.trim().as_bytes());
    let Ok(Some(Node::Start(element))) = xml.next() else { return None };
    if element.name() != "seg" {
        return None;
    }
    let (text, _) = text(&mut xml).ok()?;
    (xml.next().ok()?.is_none() && xml.faults().is_empty()).then_some(text)
}

/// Reads up to the root and holds it against its name.
fn root<R: BufRead>(xml: &mut Xml<R>) -> Result<()> {
    loop {
        match xml.next()? {
            Some(Node::Start(element)) if element.name() == "tmx" => return Ok(()),
            Some(Node::Start(element)) => {
                let found = format!("the root element is <{}>, expected <tmx>", element.name());
                return Err(fault(xml.line(), found));
            }
            None => return Ok(()),
            Some(_) => {}
        }
    }
}

/// Reads up to the body; tells as well whether the file ended without one.
fn read_header<R: BufRead>(xml: &mut Xml<R>) -> Result<(Header, bool)> {
    let mut header = Header { source_lang: "*all*".to_owned(), ..Header::default() };
    loop {
        match xml.next()? {
            Some(Node::Start(element)) => match element.name() {
                "header" => attributes_of_header(&element, &mut header),
                "body" => return Ok((header, false)),
                "note" => header.notes.push(text(xml)?.0),
                "prop" => {
                    let name = owned(&element, "type").unwrap_or_default();
                    header.properties.push((name, text(xml)?.0));
                }
                _ => skip(xml)?,
            },
            Some(Node::End | Node::Text(_) | Node::Aside) => {}
            None => return Ok((header, true)),
        }
    }
}

fn attributes_of_header(element: &Element, header: &mut Header) {
    for attribute in element.attributes().filter(|attribute| attribute.ns.is_empty()) {
        let value = attribute.value.into_owned();
        match attribute.name {
            "creationtool" => header.tool = value,
            "creationtoolversion" => header.tool_version = value,
            "segtype" => header.segtype = value,
            "o-tmf" => header.memory_format = value,
            "adminlang" => header.admin_lang = value,
            "srclang" => header.source_lang = value,
            "datatype" => header.datatype = value,
            "creationdate" => header.created = Some(value),
            _ => {}
        }
    }
}

fn owned(element: &Element, name: &str) -> Option<String> {
    element.get(name).map(|value| value.into_owned())
}

/// What the start of a `tu` says.
fn unit_of(element: &Element) -> Unit {
    let mut unit = Unit::default();
    for attribute in element.attributes().filter(|attribute| attribute.ns.is_empty()) {
        let value = attribute.value;
        match attribute.name {
            "tuid" => unit.entry.id = value.into_owned(),
            "srclang" => unit.source_lang = Some(value.into_owned()),
            "lastusagedate" => unit.entry.last_used = Some(value.into_owned()),
            "usagecount" => unit.entry.usage_count = value.trim().parse().unwrap_or(0),
            name => stamp(name, &value, &mut unit.entry.created, &mut unit.entry.changed),
        }
    }
    unit
}

/// What the start of a `tuv` says; files before TMX 1.4 have `lang`.
fn side_of(element: &Element) -> Side {
    let mut side = Side::default();
    for attribute in element.attributes() {
        let value = attribute.value;
        match (attribute.ns, attribute.name) {
            (XML_NS, "lang") => side.lang = value.into_owned(),
            ("", "lang") if side.lang.is_empty() => side.lang = value.into_owned(),
            ("", "lastusagedate") => side.last_used = Some(value.into_owned()),
            ("", name) => stamp(name, &value, &mut side.created, &mut side.changed),
            _ => {}
        }
    }
    side
}

fn stamp(name: &str, value: &str, created: &mut Stamp, changed: &mut Stamp) {
    let field = match name {
        "creationdate" => &mut created.date,
        "creationid" => &mut created.by,
        "changedate" => &mut changed.date,
        "changeid" => &mut changed.by,
        _ => return,
    };
    *field = Some(value.to_owned());
}

/// Reads the rest of a `tu`.
fn read_unit<R: BufRead>(xml: &mut Xml<R>, unit: &mut Unit) -> Result<()> {
    let depth = xml.depth();
    while xml.depth() >= depth {
        match xml.next()? {
            Some(Node::Start(element)) => match element.name() {
                "note" => unit.entry.notes.push(text(xml)?.0),
                "prop" => {
                    let name = owned(&element, "type").unwrap_or_default();
                    unit.properties.push((name, text(xml)?.0));
                }
                "tuv" => {
                    let side = side_of(&element);
                    unit.sides.push(read_side(xml, side)?);
                }
                _ => skip(xml)?,
            },
            Some(_) => {}
            None => break,
        }
    }
    Ok(())
}

/// Reads the rest of a `tuv`.
fn read_side<R: BufRead>(xml: &mut Xml<R>, mut side: Side) -> Result<Side> {
    let depth = xml.depth();
    while xml.depth() >= depth {
        match xml.next()? {
            Some(Node::Start(element)) => match element.name() {
                "note" => side.notes.push(text(xml)?.0),
                "prop" => {
                    let name = owned(&element, "type").unwrap_or_default();
                    side.properties.push((name, text(xml)?.0));
                }
                "seg" => {
                    let (text, codes) = text(xml)?;
                    (side.text, side.codes) = (Some(text), codes);
                }
                _ => skip(xml)?,
            },
            Some(_) => {}
            None => break,
        }
    }
    Ok(side)
}

/// Passes over the rest of an element.
fn skip<R: BufRead>(xml: &mut Xml<R>) -> Result<()> {
    let depth = xml.depth();
    while xml.depth() >= depth && xml.next()?.is_some() {}
    Ok(())
}

/// The text of an element and the number of inline codes left out of it, where the two of a pair are one. What stands in a code is not the sentence's, nor is the
/// text of a `sub` in it (a footnote, a tool tip); a `hi` only marks what is.
fn text<R: BufRead>(xml: &mut Xml<R>) -> Result<(String, u32)> {
    let depth = xml.depth();
    let (mut out, mut codes, mut hidden) = (String::new(), 0, None);
    while xml.depth() >= depth {
        match xml.next()? {
            Some(Node::Text(piece)) if hidden.is_none() => out.push_str(&piece),
            Some(Node::Start(element)) => {
                let (marks, closes) = (element.name() == "hi", element.name() == "ept");
                let depth = xml.depth();
                if hidden.is_none() {
                    codes += u32::from(!closes);
                    hidden = Some(depth).filter(|_| !marks);
                }
            }
            Some(Node::End) => hidden = hidden.filter(|&code| xml.depth() >= code),
            Some(_) => {}
            None => break,
        }
    }
    Ok((out, codes))
}
