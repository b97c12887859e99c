//! XLIFF 1.2, strict and transitional alike: ids, tools and phases that are referred to, segments marked in a unit, codes in
//! pairs, languages; targets against their sources. What only the transitional schema allows is allowed.

use std::collections::HashMap;
use std::fmt::{self, Display};
use std::sync::LazyLock;

use super::codes::{Found, Ids, Kept, MANY, Names, Pairs, Tally, say_language};
use super::grammar::Grammar;
use super::shape::Shape;
use super::{Element, Say};
use crate::format::xliff12::{CORE, CORE_11};
use crate::format::xml::XML_NS;
use crate::text::srx::Severity;
use crate::translation::quality::Pair;

const TABLE: &str = "
xliff | version!:version1 xml:lang:lang | file+
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
    /// Segments marked in `<seg-source>`, and in the target.
    mids: [Names; 2],
    /// Text of `<seg-source>`, its marks left out.
    marked: Option<String>,
    approved: bool,
    /// Characters that the target may have.
    most: Option<usize>,
    /// Codes of both sides, by name and id.
    codes: Tally,
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
            "xliff" => root(element, say),
            "file" => self.file(element, shape, say),
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
            () if shape.is_in("seg-source") => {
                unit.kept.push(text, unit.marked.get_or_insert_default());
                (&mut unit.source, false)
            }
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
    fn file(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        *self = Sense::default();
        self.source_lang = element.get("source-language").unwrap_or_default().into_owned();
        self.target_lang = element.get("target-language").map(|lang| lang.into_owned());
        self.want_tool(element, shape);
        if element.get("original").is_some_and(|original| original.is_empty()) {
            say.warn("empty-attribute", format_args!("original of a <file> is empty, expected a name"));
        }
        if let Some(lang) = self.target_lang.as_ref().filter(|lang| lang.eq_ignore_ascii_case(&self.source_lang)) {
            say.warn("language", format_args!("source-language and target-language are both {lang:?}"));
        }
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
        let in_chars = element.get("size-unit").is_some_and(|unit| unit == "char");
        let most = element.get("maxwidth").filter(|_| in_chars).and_then(|most| most.parse().ok());
        let approved = element.get("approved").is_some_and(|approved| approved == "yes");
        self.unit = Unit { line: element.line, approved, most, ..Unit::default() };
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
        if let Some(mid) = element.get("mid").filter(|mid| !self.unit.mids[0].has(mid)) {
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
                say_language(&lang, &self.source_lang, "source-language", Severity::Warning, shape.here(), say);
            }
            return;
        }
        self.unit.target = Some(Texts::default());
        self.unit.state = element.get("state").unwrap_or_default().into_owned();
        self.phase(element, shape, say);
        match (lang, &self.target_lang) {
            (Some(lang), Some(expected)) => say_language(&lang, expected, "target-language", Severity::Warning, shape.here(), say),
            (None, None) if !std::mem::replace(&mut self.told_target_lang, true) => {
                say.warn("language", format_args!("the <file> has a <target> and no target-language"));
            }
            _ => {}
        }
    }

    fn marker(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        if element.get("mtype").as_deref() == Some("protected") && !shape.is_in("alt-trans") {
            let side = ["source", "target"].iter().position(|side| shape.is_in(side));
            if let Some(side) = side {
                self.unit.codes.take("<mrk mtype=\"protected\">", side);
            }
        }
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
            if !self.unit.mids[0].take(&mid) {
                say.error("duplicate-id", format_args!("mid={mid:?} is taken in {}", shape.around()));
            }
            self.unit.source.segments.push(segment);
        } else if shape.is_in("target") {
            self.marked(element, shape, say);
            if !self.unit.mids[1].take(&mid) {
                say.warn("segments", format_args!("mid={mid:?} is twice in {}", shape.around()));
            }
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
        let code = format!("<{name} id={id:?}>");
        if shape.is_in("source") {
            if self.unit.codes.take(&code, 0) > 1 {
                say.error("duplicate-id", format_args!("{code} is twice in {}", shape.around()));
            }
        } else if shape.is_in("target") {
            self.unit.codes.take(&code, 1);
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
            say.error("code-pairs", format_args!("a second <{name}> {number:?} in <trans-unit id={unit:?}>"));
        } else if !start && !self.codes.has(&key) {
            say.error("code-pairs", format_args!("<{name}> {number:?} in <trans-unit id={unit:?}> has no partner before it"));
        }
    }

    fn side_ends(&mut self, shape: &Shape, say: &mut Say) {
        for start in self.codes.unended() {
            let (name, number) = start.key.split_once(' ').unwrap_or_default();
            let unit = shape.id_of("trans-unit").unwrap_or("");
            let cause = format!("<{name}> {number:?} in <trans-unit id={unit:?}> has no partner after it");
            // The other end of a `<bx>` may be in another unit.
            say.at(start.line, |say| match name {
                "bpt" => say.error("code-pairs", format_args!("{cause}")),
                _ => say.warn("code-pairs", format_args!("{cause}")),
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
        say.at(unit.line, |say| look_at_unit(&unit, shape, say));
        let Some(target) = unit.target.filter(|_| translate && unit.kept.is_whole()) else { return };
        let waits = matches!(unit.state.as_str(), "new" | "needs-translation");
        let copied = waits && target.whole == unit.source.whole;
        let sources: HashMap<&str, &str> = unit.source.segments.iter().map(|(mid, text)| (mid.as_str(), text.as_str())).collect();
        let missing = unit.source.segments.iter().map(|(mid, _)| mid).find(|mid| !unit.mids[1].has(mid));
        // A segment that is not there takes its codes with it.
        let partly = missing.is_some() && !target.segments.is_empty();
        if let Some(mid) = missing.filter(|_| partly) {
            say.at(unit.line, |say| say.warn("segments", format_args!("the target of {} has no segment {mid:?}", shape.here())));
        }
        if !copied && !partly && !target.whole.trim().is_empty() {
            let differences = unit.codes.differences();
            say.at(unit.line, |say| differences.for_each(|cause| say.codes(format_args!("{}: {cause}", shape.here()))));
        }
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
        for (mid, text) in &target.segments {
            if let Some(source) = sources.get(mid.as_str()) {
                look(source, text, mid);
            }
        }
    }
}

/// The root's version and namespace. What came before 1.2 is told, for 1.2 is what it is held against.
fn root(element: &Element, say: &mut Say) {
    let version = element.get("version").unwrap_or_default();
    let expected = match &*version {
        "1.0" => "",
        "1.1" => CORE_11,
        _ => CORE,
    };
    if element.ns() != expected {
        say.error(
            "namespace",
            format_args!("<xliff> of version {version:?} is of the namespace {:?}, expected {expected:?}", element.ns()),
        );
    }
    if matches!(&*version, "1.0" | "1.1") {
        say.warn("version", format_args!("XLIFF {version} is held against the rules of 1.2, as far as they are the same"));
    }
}

/// What a unit says beyond its texts.
fn look_at_unit(unit: &Unit, shape: &Shape, say: &mut Say) {
    if unit.approved && unit.target.is_none() && shape.name(0) == "trans-unit" {
        say.warn("state", format_args!("{} is approved, but has no <target>", shape.here()));
    }
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    if unit.marked.as_ref().is_some_and(|marked| unit.kept.is_whole() && letters(marked) != letters(&unit.source.whole)) {
        say.error("segments", format_args!("<seg-source> of {} has another text than <source>", shape.here()));
    }
    let length = unit.target.as_ref().map_or(0, |target| target.whole.chars().count());
    if let Some(most) = unit.most.filter(|most| length > *most) {
        say.warn("maxwidth", format_args!("the target of {} has {length} characters, its maxwidth is {most}", shape.here()));
    }
}
