//! XLIFF 1.2, strict and transitional alike: ids, tools and phases that are referred to, segments marked in a unit, codes in
//! pairs, languages; targets against their sources. What only the transitional schema allows is allowed.

use std::collections::HashMap;
use std::fmt::{self, Display};
use std::sync::LazyLock;

use super::codes::{Found, Ids, Kept, MANY, Names, Pairs, say_language};
use super::grammar::Grammar;
use super::shape::Shape;
use super::{Element, Say};
use crate::format::xml::XML_NS;
use crate::translation::quality::Pair;

const TABLE: &str = "
xliff | version!:version12 xml:lang:lang | file+
file | original! source-language!:lang datatype!:datatype tool-id tool date:instant xml:space:space ts category target-language:lang product-name product-version build-num | header? body
header | | skl? phase-group? (glossary|reference|count-group|prop-group|note|tool)*
skl | | (internal-file|external-file)
glossary | | (internal-file|external-file)
reference | | (internal-file|external-file)
internal-file | form crc:token | #
external-file | href! crc:token uid:token |
note | xml:lang:lang priority:prio from annotates:annotates | #
phase-group | | phase+
phase | phase-name! process-name! company-name tool-id tool date:instant job-id contact-name contact-email contact-phone | note*
count-group | name! | count*
count | count-type:counttype phase-name unit:unit | #
prop-group | name | prop+
prop | prop-type! xml:lang:lang | #
context-group | name crc:token purpose:purpose | context+
context | context-type!:contexttype match-mandatory:yn crc:token | #
tool | tool-id! tool-name! tool-version tool-company | #
body | | (group|trans-unit|bin-unit)*
group | id datatype:datatype xml:space:space ts restype:restype resname extradata extype help-id:token menu menu-option menu-name coord font css-style style:token exstyle:token translate:yn reformat:reformat size-unit:sizeunit maxwidth:token minwidth:token maxheight:token minheight:token maxbytes:token minbytes:token charclass merged-trans:yn | context-group* count-group* prop-group* note* (group|trans-unit|bin-unit)*
trans-unit | id! approved:yn translate:yn reformat:reformat xml:space:space datatype:datatype ts phase-name restype:restype resname extradata extype help-id:token menu menu-option menu-name coord font css-style style:token exstyle:token size-unit:sizeunit maxwidth:token minwidth:token maxheight:token minheight:token maxbytes:token minbytes:token charclass merged-trans:yn | source seg-source? target? (context-group|count-group|prop-group|note|alt-trans)*
source | xml:lang:lang xml:space:space ts | # (g|x|bx|ex|bpt|ept|ph|it|mrk)*
seg-source | xml:lang:lang xml:space:space ts | # (g|x|bx|ex|bpt|ept|ph|it|mrk)*
target | state:state12 state-qualifier:qualifier phase-name:token xml:lang:lang xml:space:space ts restype:restype resname coord font css-style style:token exstyle:token equiv-trans:yn | # (g|x|bx|ex|bpt|ept|ph|it|mrk)*
alt-trans | match-quality tool-id tool crc:token xml:lang:lang origin datatype:datatype xml:space:space ts restype:restype resname extradata extype help-id:token menu menu-option menu-name mid:token coord font css-style style:token exstyle:token phase-name:token alttranstype:alttype | source? seg-source? target+ context-group* prop-group* note*
bin-unit | id! mime-type!:mime approved:yn translate:yn reformat:reformat ts restype:restype resname phase-name | bin-source bin-target? (context-group|count-group|prop-group|note|trans-unit)*
bin-source | ts | (internal-file|external-file)
bin-target | mime-type:mime ts state:state12 state-qualifier:qualifier phase-name:token restype:restype resname | (internal-file|external-file)
g | id! ts xid equiv-text ctype:ctype clone:yn | # (g|x|bx|ex|bpt|ept|ph|it|mrk)*
x | id! ts xid equiv-text ctype:ctypeph clone:yn |
bx | id! ts xid equiv-text rid:token ctype:ctype clone:yn |
ex | id! ts xid equiv-text rid:token |
ph | id! ts xid equiv-text ctype:ctypeph crc assoc:assoc | # sub*
bpt | id! ts xid equiv-text rid:token ctype:ctype crc | # sub*
ept | id! ts xid equiv-text rid:token crc | # sub*
it | id! ts xid equiv-text pos!:openclose rid:token ctype:ctype crc | # sub*
sub | datatype:datatype ctype:ctype xid | # (g|x|bx|ex|bpt|ept|ph|it|mrk)*
mrk | mtype!:mtype mid:token comment ts | # (g|x|bx|ex|bpt|ept|ph|it|mrk)*
";

pub(super) fn shape(core: &'static str) -> Shape {
    static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(TABLE));
    Shape::new(&GRAMMAR, core, &[], &["id", "original"])
}

/// Texts of a unit: whole, and by the ids of the segments marked in it.
#[derive(Default)]
struct Texts {
    whole: String,
    segments: Vec<(String, String)>,
}

/// What is known of a unit so far.
#[derive(Default)]
struct Unit {
    source: Texts,
    target: Option<Texts>,
    state: String,
    line: u64,
    kept: Kept,
    /// Segments marked in `<seg-source>`.
    mids: Names,
    /// Codes of the source, by name and id.
    codes: Names,
}

/// A file, one unit at a time.
#[derive(Default)]
pub(super) struct Sense {
    source_lang: String,
    target_lang: Option<String>,
    told_target_lang: bool,
    units: Ids,
    groups: Ids,
    names: [Ids; 2],
    tools: Names,
    phases: Names,
    /// Tools named before they could be known: line, element, id.
    wanted: Vec<(u64, String, String)>,
    /// Units named by codes: line, id.
    linked: Vec<(u64, String)>,
    translate: Vec<bool>,
    unit: Unit,
    codes: Pairs,
    /// Markers of segments open, as many as elements between.
    segment_depth: usize,
    in_codes: usize,
    /// Sources and targets open.
    sides: usize,
}

impl super::Sense for Sense {
    fn start(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        let name = shape.name(0);
        match name {
            "xliff" if element.ns().is_empty() => {
                say.error("namespace", format_args!("<xliff> has no namespace, expected {:?}", crate::format::xliff12::CORE));
            }
            "file" => self.file(element, shape),
            "tool" | "phase" => self.declare(element, shape, say),
            "body" => self.look_up_tools(say),
            "group" => self.group(element, shape, say),
            "trans-unit" | "bin-unit" => self.unit(element, shape, say),
            "context-group" | "count-group" => self.name(element, shape, say),
            "count" | "bin-target" => self.phase(element, shape, say),
            "alt-trans" => self.proposal(element, shape, say),
            "source" | "seg-source" | "target" => self.side(element, shape, say),
            "mrk" => self.marker(element, shape, say),
            "g" | "x" | "bx" | "ex" | "bpt" | "ept" | "ph" | "it" => self.code(name, element, shape, say),
            _ => {}
        }
        self.in_codes += usize::from(is_native(name));
        self.sides += usize::from(is_side(name));
    }

    fn text(&mut self, text: &str, shape: &Shape) {
        if self.sides == 0 || self.in_codes > 0 || shape.is_in("alt-trans") {
            return;
        }
        let unit = &mut self.unit;
        let (texts, whole) = match () {
            () if shape.is_in("target") => (unit.target.get_or_insert_default(), true),
            () if shape.is_in("seg-source") => (&mut unit.source, false),
            () if shape.is_in("source") => (&mut unit.source, true),
            () => return,
        };
        if whole {
            unit.kept.push(text, &mut texts.whole);
        }
        if let Some((_, segment)) = texts.segments.last_mut().filter(|_| self.segment_depth > 0) {
            unit.kept.push(text, segment);
        }
    }

    fn end(&mut self, shape: &Shape, say: &mut Say) {
        let name = shape.name(0);
        self.in_codes = self.in_codes.saturating_sub(usize::from(is_native(name)));
        self.sides = self.sides.saturating_sub(usize::from(is_side(name)));
        match name {
            "file" => self.file_ends(say),
            "group" => drop(self.translate.pop()),
            "mrk" => self.segment_depth = self.segment_depth.saturating_sub(1),
            "source" | "seg-source" | "target" => self.side_ends(shape, say),
            "trans-unit" => self.unit_ends(shape, say),
            "bin-unit" => drop(self.translate.pop()),
            _ => {}
        }
    }
}

/// Elements that hold codes of the article's own format.
fn is_native(name: &str) -> bool {
    matches!(name, "bpt" | "ept" | "ph" | "it")
}

fn is_side(name: &str) -> bool {
    matches!(name, "source" | "seg-source" | "target")
}

impl Sense {
    fn file(&mut self, element: &Element, shape: &Shape) {
        *self = Sense::default();
        self.source_lang = element.get("source-language").unwrap_or_default().into_owned();
        self.target_lang = element.get("target-language").map(|lang| lang.into_owned());
        self.want_tool(element, shape);
    }

    fn want_tool(&mut self, element: &Element, shape: &Shape) {
        if let Some(id) = element.get("tool-id").filter(|_| self.wanted.len() < super::MOST as usize) {
            self.wanted.push((element.line, shape.here().to_string(), id.into_owned()));
        }
    }

    fn declare(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        let tool = shape.name(0) == "tool";
        let attribute = if tool { "tool-id" } else { "phase-name" };
        let Some(id) = element.get(attribute) else { return };
        let known = if tool { &mut self.tools } else { &mut self.phases };
        if !known.take(&id) {
            say.error("duplicate-id", format_args!("{attribute}={id:?} of <{}> is taken", shape.name(0)));
        }
        if !tool {
            self.want_tool(element, shape);
        }
    }

    /// Tools that were named before the header had them all.
    fn look_up_tools(&mut self, say: &mut Say) {
        for (line, place, id) in std::mem::take(&mut self.wanted) {
            if !self.tools.has(&id) {
                say.at(line, |say| say.error("reference", format_args!("tool-id={id:?} of {place}: the header has no such <tool>")));
            }
        }
    }

    fn phase(&self, element: &Element, shape: &Shape, say: &mut Say) {
        if let Some(name) = element.get("phase-name").filter(|name| !self.phases.has(name)) {
            say.error("reference", format_args!("phase-name={name:?} of {}: the header has no such <phase>", shape.here()));
        }
    }

    fn name(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        let ids = &mut self.names[usize::from(shape.name(0) == "count-group")];
        if let Some(name) = element.get("name").filter(|name| !ids.take(name)) {
            say.error("duplicate-id", format_args!("name={name:?} of {} is taken in the <file>", shape.here()));
        }
    }

    fn group(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        self.inherit(element);
        if let Some(id) = element.get("id").filter(|id| !self.groups.take(id)) {
            say.error("duplicate-id", format_args!("the id {id:?} of a <group> is taken in {}", shape.around()));
        }
    }

    fn inherit(&mut self, element: &Element) {
        let outer = self.translate.last().copied().unwrap_or(true);
        self.translate.push(element.get("translate").map_or(outer, |translate| translate != "no"));
    }

    fn unit(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        self.inherit(element);
        self.unit = Unit { line: element.line, ..Unit::default() };
        if let Some(id) = element.get("id").filter(|id| !self.units.take(id)) {
            say.error("duplicate-id", format_args!("the id {id:?} of a <{}> is taken in the <file>", shape.name(0)));
        }
        self.phase(element, shape, say);
    }

    fn proposal(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        if let Some(id) = element.get("tool-id").filter(|id| !self.tools.has(id)) {
            say.error("reference", format_args!("tool-id={id:?} of {}: the header has no such <tool>", shape.here()));
        }
        self.marked(element, shape, say);
    }

    /// A segment that is named must be marked in `<seg-source>`.
    fn marked(&self, element: &Element, shape: &Shape, say: &mut Say) {
        if let Some(mid) = element.get("mid").filter(|mid| !self.unit.mids.has(mid)) {
            say.error("reference", format_args!("mid={mid:?} of {}: no segment of <seg-source> has it", shape.here()));
        }
    }

    fn side(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        self.codes = Pairs::default();
        self.segment_depth = 0;
        if shape.is_in("alt-trans") {
            return;
        }
        let lang = element.get_ns(XML_NS, "lang");
        if shape.name(0) != "target" {
            if let Some(lang) = lang.filter(|_| !self.source_lang.is_empty()) {
                say_language(&lang, &self.source_lang, "source-language", shape.here(), say);
            }
            return;
        }
        self.unit.target = Some(Texts::default());
        self.unit.state = element.get("state").unwrap_or_default().into_owned();
        self.phase(element, shape, say);
        match (lang, &self.target_lang) {
            (Some(lang), Some(expected)) => say_language(&lang, expected, "target-language", shape.here(), say),
            (None, None) if !std::mem::replace(&mut self.told_target_lang, true) => {
                say.warn("language", format_args!("the <file> has a <target> and no target-language"));
            }
            _ => {}
        }
    }

    fn marker(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        if self.segment_depth > 0 {
            self.segment_depth += 1;
            return;
        }
        if shape.is_in("alt-trans") || element.get("mtype").as_deref() != Some("seg") {
            return;
        }
        let Some(mid) = element.get("mid") else {
            return say.warn("missing-attribute", format_args!("a segment of {} is marked without mid", shape.around()));
        };
        self.segment_depth = 1;
        if self.unit.source.segments.len().max(self.unit.target.as_ref().map_or(0, |target| target.segments.len())) == MANY {
            return;
        }
        let segment = (mid.clone().into_owned(), String::new());
        if shape.is_in("seg-source") {
            if !self.unit.mids.take(&mid) {
                say.error("duplicate-id", format_args!("mid={mid:?} is taken in {}", shape.around()));
            }
            self.unit.source.segments.push(segment);
        } else if shape.is_in("target") {
            self.marked(element, shape, say);
            self.unit.target.get_or_insert_default().segments.push(segment);
        }
    }

    fn code(&mut self, name: &'static str, element: &Element, shape: &Shape, say: &mut Say) {
        let Some(id) = element.get("id") else { return };
        if let Some(xid) = element.get("xid").filter(|_| self.linked.len() < super::MOST as usize) {
            self.linked.push((element.line, xid.into_owned()));
        }
        let key = element.get("rid").unwrap_or_else(|| id.clone());
        self.pair(name, &key, element.line, shape, say);
        if shape.is_in("alt-trans") {
            return;
        }
        let code = format!("{name} {id}");
        if shape.is_in("source") {
            self.unit.codes.take(&code);
        } else if shape.is_in("target") && !self.unit.codes.has(&code) && element.get("clone").is_none() {
            let unit = shape.id_of("trans-unit").unwrap_or("");
            say.warn("codes", format_args!("<{name} id={id:?}> in the target of <trans-unit id={unit:?}> has no partner in the source"));
        }
    }

    fn pair(&mut self, name: &str, key: &str, line: u64, shape: &Shape, say: &mut Say) {
        let unit = shape.id_of("trans-unit").unwrap_or("");
        let (start, key) = match name {
            "bpt" | "bx" => (true, format!("{name} {key}")),
            "ept" => (false, format!("bpt {key}")),
            "ex" => (false, format!("bx {key}")),
            _ => return,
        };
        let second = if start { !self.codes.open(&key, line, false) } else { self.codes.close(&key) == Found::Taken };
        let number = key.split_once(' ').map_or("", |(_, number)| number);
        if second {
            say.error("codes", format_args!("a second <{name}> {number:?} in <trans-unit id={unit:?}>"));
        } else if !start && !self.codes.has(&key) {
            say.error("codes", format_args!("<{name}> {number:?} in <trans-unit id={unit:?}> has no partner before it"));
        }
    }

    fn side_ends(&mut self, shape: &Shape, say: &mut Say) {
        for start in self.codes.unended() {
            let (name, number) = start.key.split_once(' ').unwrap_or_default();
            let unit = shape.id_of("trans-unit").unwrap_or("");
            let cause = format!("<{name}> {number:?} in <trans-unit id={unit:?}> has no partner after it");
            // The other end of a `<bx>` may be in another unit.
            say.at(start.line, |say| match name {
                "bpt" => say.error("codes", format_args!("{cause}")),
                _ => say.warn("codes", format_args!("{cause}")),
            });
        }
    }

    fn file_ends(&mut self, say: &mut Say) {
        self.look_up_tools(say);
        for (line, id) in std::mem::take(&mut self.linked) {
            if !self.units.has(&id) {
                say.at(line, |say| say.error("reference", format_args!("xid={id:?}: the <file> has no such unit")));
            }
        }
    }

    fn unit_ends(&mut self, shape: &Shape, say: &mut Say) {
        let translate = self.translate.pop().unwrap_or(true);
        let unit = std::mem::take(&mut self.unit);
        let Some(target) = unit.target.filter(|_| translate && unit.kept.is_whole()) else { return };
        let waits = matches!(unit.state.as_str(), "new" | "needs-translation");
        let mut look = |source: &str, target: &str, mid: &str| {
            if waits && (target.trim().is_empty() || source == target) {
                return;
            }
            let pair = Pair { source, target, source_lang: Some(&self.source_lang), target_lang: self.target_lang.as_deref() };
            let place =
                fmt::from_fn(|f| if mid.is_empty() { shape.here().fmt(f) } else { write!(f, "segment {mid:?} of {}", shape.here()) });
            say.at(unit.line, |say| say.look_at(&pair, place));
        };
        if unit.source.segments.is_empty() || target.segments.is_empty() {
            return look(&unit.source.whole, &target.whole, "");
        }
        let sources: HashMap<&str, &str> = unit.source.segments.iter().map(|(mid, text)| (mid.as_str(), text.as_str())).collect();
        for (mid, text) in &target.segments {
            if let Some(source) = sources.get(mid.as_str()) {
                look(source, text, mid);
            }
        }
    }
}
