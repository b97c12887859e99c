//! XLIFF 2.0 and 2.1: languages, states, ids and references, order, notes and modules around a unit; what is inside a unit is
//! gathered in `scope`. Known are the core and the modules of matches, glossaries and metadata; other modules are passed over.

mod scope;

use std::borrow::Cow;
use std::sync::LazyLock;

use super::codes::{Ids, Kept, Names, say_language};
use super::grammar::Grammar;
use super::shape::Shape;
use super::values::{is_token, is_user_defined};
use super::{Element, Say};
use crate::format::xliff2::{CORE, METADATA};
use crate::format::xml::{XML_NS, is_xml};
use crate::text::srx::Severity;
use crate::translation::quality::Pair;

use scope::{Scope, Side};

const TABLE: &str = "
xliff | version!:version2 srcLang!:lang trgLang:lang xml:space:space | file+
file | id!:token canResegment:yn original translate:yn srcDir:dir trgDir:dir xml:space:space | skeleton? ~* notes? (unit|group)+
skeleton | href | #
group | id!:token name canResegment:yn translate:yn srcDir:dir trgDir:dir type:user xml:space:space | ~* notes? (unit|group)*
unit | id!:token name canResegment:yn translate:yn srcDir:dir trgDir:dir xml:space:space type:user | ~* notes? originalData? (segment|ignorable)+
segment | id:token canResegment:yn state:state2 subState | source target?
ignorable | id:token | source target?
notes | | note+
note | id:token appliesTo:applies category priority:prio | #
originalData | | data+
data | id!:token dir:dir xml:space:preserve | # cp*
source | xml:lang:lang xml:space:space | #! (cp|ph|pc|sc|ec|mrk|sm|em)*
target | xml:lang:lang xml:space:space order:position | #! (cp|ph|pc|sc|ec|mrk|sm|em)*
cp | hex!:hex |
ph | canCopy:yn canDelete:yn canReorder:ynf copyOf:token disp equiv id!:token dataRef:token subFlows:tokens subType:user type:type2 |
pc | canCopy:yn canDelete:yn canOverlap:yn canReorder:ynf copyOf:token dispEnd dispStart equivEnd equivStart id!:token dataRefEnd:token dataRefStart:token subFlowsEnd:tokens subFlowsStart:tokens subType:user type:type2 dir:dir | #! (cp|ph|pc|sc|ec|mrk|sm|em)*
sc | canCopy:yn canDelete:yn canOverlap:yn canReorder:ynf copyOf:token dataRef:token dir:dir disp equiv id!:token isolated:yn subFlows:tokens subType:user type:type2 |
ec | canCopy:yn canDelete:yn canOverlap:yn canReorder:ynf copyOf:token dataRef:token dir:dir disp equiv id:token isolated:yn startRef:token subFlows:tokens subType:user type:type2 |
mrk | id!:token translate:yn type:mrk2 ref value | #! (cp|ph|pc|sc|ec|mrk|sm|em)*
sm | id!:token translate:yn type:mrk2 ref value |
em | startRef!:token |
mtc:matches | | mtc:match+
mtc:match | id:token matchQuality:sim matchSuitability:sim origin ref! reference:yn similarity:sim subType:user type:matchtype | mda:metadata? originalData? source target ~*
gls:glossary | | gls:glossEntry+
gls:glossEntry | id:token ref | gls:term gls:translation* gls:definition? ~*
gls:term | source | #
gls:translation | id:token ref source | #
gls:definition | source | #
mda:metadata | id:token | mda:metaGroup+
mda:metaGroup | id:token category appliesTo:mdaapplies | (mda:metaGroup|mda:meta)+
mda:meta | type! | #
";

pub(super) fn shape() -> Shape {
    static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(TABLE));
    let spaces = &[("urn:oasis:names:tc:xliff:matches:2.0", "mtc:"), ("urn:oasis:names:tc:xliff:glossary:2.0", "gls:"), (METADATA, "mda:")];
    Shape::new(&GRAMMAR, CORE, spaces, &["id"])
}

/// A file, one unit at a time.
#[derive(Default)]
pub(super) struct Sense {
    source_lang: String,
    target_lang: Option<String>,
    told_target_lang: bool,
    files: Ids,
    groups: Ids,
    units: Ids,
    notes: Ids,
    /// Ids of modules: matches, entries of a glossary, groups of metadata.
    modules: [Ids; 3],
    /// Units that codes and markers name: line, id, what names it.
    linked: Vec<(u64, String, String)>,
    /// Files that a `ref` names, likewise.
    linked_files: Vec<(u64, String, String)>,
    /// Notes of the open file itself.
    file_notes: Names,
    /// Whether what is in each open file, group and unit is to be translated.
    translate: Vec<bool>,
    /// Texts of the open skeleton.
    skeleton: (bool, bool),
    unit: Scope,
    /// Scope of the open match, which has its own ids.
    candidate: Option<Scope>,
    texts: Texts,
}

/// Texts of the open segment.
#[derive(Default)]
struct Texts {
    source: String,
    target: Option<String>,
    /// A state that says that nobody translated yet.
    initial: bool,
    line: u64,
    kept: Kept,
}

impl super::Sense for Sense {
    fn start(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        match shape.name(0) {
            "xliff" => self.root(element, say),
            "file" => self.file(element, say),
            "skeleton" => self.skeleton = (element.get("href").is_some(), false),
            "group" => self.group(element, shape, say),
            "unit" => self.unit(element, shape, say),
            "notes" => self.notes.clear(),
            "note" => self.note(element, shape, say),
            "originalData" => self.scope().data.clear(),
            "data" => self.data(element, shape, say),
            "segment" | "ignorable" => self.segment(element, shape, say),
            "source" | "target" => self.side(element, shape, say),
            "cp" => self.character(element, shape, say),
            "ph" | "pc" | "sc" | "ec" | "mrk" | "sm" | "em" => self.inline(element, shape, say),
            "mtc:matches" => self.modules[0].clear(),
            "gls:glossary" => self.modules[1].clear(),
            "mda:metadata" => self.modules[2].clear(),
            "mda:metaGroup" => take_id(&mut self.modules[2], element, "<mda:metadata>", say),
            "mtc:match" => {
                take_id(&mut self.modules[0], element, "<mtc:matches>", say);
                self.refer(element, shape, say);
                self.candidate = Some(Scope::default());
            }
            "gls:glossEntry" | "gls:translation" => {
                take_id(&mut self.modules[1], element, "<gls:glossary>", say);
                self.refer(element, shape, say);
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, shape: &Shape) {
        if shape.name(0) == "skeleton" {
            self.skeleton.1 |= !text.trim().is_empty();
        } else if self.candidate.is_none() {
            self.push(text, shape);
        }
    }

    fn end(&mut self, shape: &Shape, say: &mut Say) {
        match shape.name(0) {
            "file" => self.file_ends(say),
            "xliff" => self.look_up_files(say),
            "group" => drop(self.translate.pop()),
            "unit" => self.unit_ends(shape, say),
            "skeleton" => self.skeleton_ends(shape, say),
            "mtc:match" => {
                if let Some(scope) = &mut self.candidate {
                    scope.finish(&shape.here(), None, say);
                }
                self.candidate = None;
            }
            "segment" => self.segment_ends(shape, say),
            "ignorable" if self.texts.target.is_some() => self.unit.is_translated(),
            _ => {}
        }
    }
}

impl Sense {
    fn root(&mut self, element: &Element, say: &mut Say) {
        self.source_lang = element.get("srcLang").unwrap_or_default().into_owned();
        self.target_lang = element.get("trgLang").map(Cow::into_owned);
        if let Some(lang) = self.target_lang.as_ref().filter(|lang| lang.eq_ignore_ascii_case(&self.source_lang)) {
            say.warn("language", format_args!("srcLang and trgLang are both {lang:?}"));
        }
    }

    fn file(&mut self, element: &Element, say: &mut Say) {
        take_id(&mut self.files, element, "<xliff>", say);
        self.groups.clear();
        self.units.clear();
        self.file_notes.clear();
        self.translate.clear();
        self.inherit(element);
    }

    fn group(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        take_id(&mut self.groups, element, "<file>", say);
        element.get("type").into_iter().for_each(|kind| look_at_prefix("type", &kind, shape, say));
        self.inherit(element);
    }

    fn unit(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        take_id(&mut self.units, element, "<file>", say);
        element.get("type").into_iter().for_each(|kind| look_at_prefix("type", &kind, shape, say));
        self.inherit(element);
        self.unit = Scope::default();
        self.candidate = None;
    }

    fn inherit(&mut self, element: &Element) {
        let outer = self.translate.last().copied().unwrap_or(true);
        self.translate.push(element.get("translate").map_or(outer, |translate| translate != "no"));
    }

    fn scope(&mut self) -> &mut Scope {
        self.candidate.as_mut().unwrap_or(&mut self.unit)
    }

    fn note(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        let Some(id) = element.get("id") else { return };
        if !self.notes.take(&id) {
            say.error("duplicate-id", format_args!("the id {id:?} of a <note> is taken in {}", shape.around()));
        }
        if shape.is_in("unit") {
            self.unit.notes.take(&id);
        } else if !shape.is_in("group") {
            self.file_notes.take(&id);
        }
    }

    fn data(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        let Some(id) = element.get("id") else { return };
        if !self.scope().data.take(&id) {
            say.error("duplicate-id", format_args!("the id {id:?} of a <data> is taken in {}", shape.around()));
        }
    }

    fn segment(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        self.unit.segment(element, shape.name(0), say);
        let state = element.get("state");
        if let Some(sub) = element.get("subState") {
            if state.is_none() {
                say.error("state", format_args!("subState={sub:?} of {} without state", shape.here()));
            }
            if !is_user_defined(&sub) {
                say.error("state", format_args!("subState={sub:?} of {}, expected prefix:value", shape.here()));
            }
            look_at_prefix("subState", &sub, shape, say);
        }
        let initial = state.as_deref() == Some("initial");
        self.texts = Texts { initial, line: element.line, ..Texts::default() };
        self.unit.wants_target = state.filter(|state| matches!(state.as_ref(), "translated" | "reviewed" | "final")).map(Cow::into_owned);
    }

    fn side(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        let side = if shape.name(0) == "target" { Side::Target } else { Side::Source };
        self.scope().side = side;
        if self.candidate.is_some() {
            return;
        }
        let lang = element.get_ns(XML_NS, "lang");
        if side == Side::Source {
            return if let Some(lang) = lang {
                say_language(&lang, &self.source_lang, "srcLang", Severity::Error, shape.here(), say)
            };
        }
        self.unit.target(element, shape, say);
        self.texts.target = Some(String::new());
        match (&self.target_lang, lang) {
            (Some(expected), Some(lang)) => say_language(&lang, expected, "trgLang", Severity::Error, shape.here(), say),
            (None, _) if !std::mem::replace(&mut self.told_target_lang, true) => {
                say.error("language", format_args!("{} is there, but <xliff> lacks trgLang", shape.here()));
            }
            _ => {}
        }
    }

    fn character(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        let code = element.get("hex").and_then(|hex| u32::from_str_radix(&hex, 16).ok());
        let Some(c) = code.and_then(char::from_u32) else { return };
        if is_xml(c) {
            say.warn(
                "character",
                format_args!("<cp hex=\"{:04X}\"> of {}, a character that XML can hold as it is", c as u32, shape.around()),
            );
        }
        if self.candidate.is_none() && !shape.is_in("data") {
            self.push(c.encode_utf8(&mut [0; 4]), shape);
        }
    }

    /// Appends to the text of the side that is open.
    fn push(&mut self, text: &str, shape: &Shape) {
        if !shape.is_in("segment") {
            return;
        }
        if shape.is_in("target") {
            self.texts.kept.push(text, self.texts.target.get_or_insert_default());
        } else if shape.is_in("source") {
            self.texts.kept.push(text, &mut self.texts.source);
        }
    }

    fn inline(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        for name in ["subFlows", "subFlowsStart", "subFlowsEnd"] {
            let Some(flows) = element.get(name) else { continue };
            flows.split_whitespace().for_each(|id| self.link(element.line, id, || format!("{name} of {}", shape.here())));
        }
        if matches!(shape.name(0), "mrk" | "sm") && self.candidate.is_none() {
            self.refer(element, shape, say);
        }
        self.scope().inline(element, shape, say);
    }

    /// Remembers a unit that is named, to look for it when the file ends.
    fn link(&mut self, line: u64, id: &str, what: impl Fn() -> String) {
        if !self.units.has(id) && self.linked.len() < super::MOST as usize {
            self.linked.push((line, id.to_owned(), what()));
        }
    }

    /// Remembers what a `ref` names, to look for it when the unit ends; units elsewhere, when the file does.
    fn refer(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        let Some(target) = element.get("ref") else { return };
        let Some(fragment) = target.strip_prefix('#') else {
            if shape.name(0) == "mtc:match" {
                self.unit.refer(element.line, target.into_owned(), shape.here().to_string());
            }
            return;
        };
        let part = |prefix: &str| fragment.split('/').find_map(|part| part.strip_prefix(prefix));
        let (unit, file) = (part("u="), part("f="));
        let here = shape.id_of("unit");
        let elsewhere = unit.is_some_and(|unit| Some(unit) != here);
        let other_file = file.is_some_and(|file| Some(file) != shape.id_of("file"));
        if let Some(file) = file.filter(|_| other_file && self.linked_files.len() < super::MOST as usize) {
            self.linked_files.push((element.line, file.to_owned(), format!("ref={target:?} of {}", shape.here())));
        }
        if file.is_some() && unit.is_none() && shape.name(0) != "mtc:match" {
            // Notes of this file are known; its groups, and what other files hold, are not remembered.
            let note = part("n=").filter(|id| !other_file && part("g=").is_none() && !self.file_notes.has(id));
            if let Some(id) = note {
                say.error("reference", format_args!("ref={target:?} of {}: the <file> has no note {id:?}", shape.here()));
            }
            return;
        }
        match unit.filter(|_| elsewhere && shape.name(0) != "mtc:match") {
            Some(unit) if !other_file => self.link(element.line, unit, || format!("ref={target:?} of {}", shape.here())),
            Some(_) => {}
            None if other_file && shape.name(0) != "mtc:match" => {}
            None => self.unit.refer(element.line, target.clone().into_owned(), shape.here().to_string()),
        }
    }

    fn skeleton_ends(&self, shape: &Shape, say: &mut Say) {
        match (self.skeleton.0, self.skeleton.1 || shape.has_children()) {
            (true, true) => say.error("skeleton", format_args!("<skeleton> has a href and content, expected one of them")),
            (false, false) => say.error("skeleton", format_args!("<skeleton> has neither a href nor content")),
            _ => {}
        }
    }

    fn segment_ends(&mut self, shape: &Shape, say: &mut Say) {
        let texts = std::mem::take(&mut self.texts);
        if let Some(state) = self.unit.wants_target.take().filter(|_| texts.target.is_none()) {
            say.at(texts.line, |say| say.error("state", format_args!("{} is {state:?}, but has no <target>", shape.here())));
        }
        let translate = self.translate.last().copied().unwrap_or(true);
        let Some(target) = texts.target.filter(|_| translate && texts.kept.is_whole()) else { return };
        if texts.initial && (target.trim().is_empty() || target == texts.source) {
            return;
        }
        if !target.trim().is_empty() {
            self.unit.is_translated();
        }
        let pair =
            Pair { source: &texts.source, target: &target, source_lang: Some(&self.source_lang), target_lang: self.target_lang.as_deref() };
        let unit = shape.id_of("unit").unwrap_or("");
        say.at(texts.line, |say| say.look_at(&pair, format_args!("{} of <unit id={unit:?}>", shape.here())));
    }

    fn unit_ends(&mut self, shape: &Shape, say: &mut Say) {
        self.translate.pop();
        self.unit.finish(&shape.here(), Some(shape.id_of("file").unwrap_or("")), say);
    }

    fn look_up_files(&mut self, say: &mut Say) {
        for (line, id, what) in std::mem::take(&mut self.linked_files) {
            if !self.files.has(&id) {
                say.at(line, |say| say.error("reference", format_args!("{what}: there is no <file> {id:?}")));
            }
        }
    }

    fn file_ends(&mut self, say: &mut Say) {
        for (line, id, what) in std::mem::take(&mut self.linked) {
            if !self.units.has(&id) {
                say.at(line, |say| say.error("reference", format_args!("{what}: the <file> has no unit {id:?}")));
            }
        }
    }
}

/// Values of one's own may not have the prefix of the specification.
fn look_at_prefix(attribute: &str, value: &str, shape: &Shape, say: &mut Say) {
    if value.starts_with("xlf:") {
        say.error("hints", format_args!("{attribute}={value:?} of {}: the prefix xlf: is reserved", shape.here()));
    }
}

fn take_id(ids: &mut Ids, element: &Element, scope: &str, say: &mut Say) {
    // An id that is none is told by the table.
    if let Some(id) = element.get("id").filter(|id| is_token(id) && !ids.take(id)) {
        say.error("duplicate-id", format_args!("the id {id:?} of a <{}> is taken in the {scope}", element.name()));
    }
}
