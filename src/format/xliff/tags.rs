//! A file of XLIFF as its readers look at it: child elements one after the other, and the text of a source or target with its
//! inline codes taken out. What the elements mean is the business of the readers.

use std::io::BufRead;

use super::super::xml::{Element, Node, Xml, is_xml};
use crate::error::{Place, Result, Warning, WarningKind};

/// Namespaces of the metadata module, whatever its version.
const METADATA: &str = "urn:oasis:names:tc:xliff:metadata:";

/// What Trados Studio adds to XLIFF 1.2.
pub(in crate::format) const SDL: &str = "http://sdl.com/FileTypes/SdlXliff/1.0";

/// What memoQ adds to XLIFF 1.2.
pub(in crate::format) const MEMOQ: &str = "MQXliff";

/// Elements that mean something to a reader, of whatever version.
const KNOWN: &[&str] = &[
    "file",
    "header",
    "body",
    "group",
    "unit",
    "trans-unit",
    "segment",
    "ignorable",
    "source",
    "seg-source",
    "target",
    "notes",
    "note",
    "metadata",
    "metaGroup",
    "meta",
    "context-group",
    "context",
    "seg-defs",
    "seg",
];

/// Whose element it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::format) enum Space {
    /// The core of XLIFF.
    Core,
    /// Its metadata module.
    Metadata,
    /// Trados Studio.
    Sdl,
    /// Anybody else.
    Foreign,
}

/// The start of an element.
pub(in crate::format) struct Tag {
    /// Whose element it is.
    pub space: Space,
    /// Its name without prefix; empty if it means nothing here.
    pub name: &'static str,
    /// Line on which it begins.
    pub line: u64,
    /// Its attributes: namespace, name and value of each, one after the other, and where each of them ends.
    said: String,
    ends: Ends,
}

/// Ends of attributes: few stand in the tag itself, for most tags have no more.
#[derive(Default)]
struct Ends {
    few: [[usize; 3]; FEW],
    count: usize,
    more: Vec<[usize; 3]>,
}

/// Attributes that most tags have at most.
const FEW: usize = 4;

impl Ends {
    fn push(&mut self, ends: [usize; 3]) {
        match self.few.get_mut(self.count) {
            Some(place) => *place = ends,
            None => self.more.push(ends),
        }
        self.count += 1;
    }

    fn iter(&self) -> impl Iterator<Item = &[usize; 3]> {
        self.few.iter().take(self.count).chain(&self.more)
    }
}

impl Tag {
    /// Whether it is an element of the core by this name.
    pub(in crate::format) fn is(&self, name: &str) -> bool {
        self.space == Space::Core && self.name == name
    }

    /// The value of an attribute without prefix.
    pub(in crate::format) fn get(&self, name: &str) -> Option<&str> {
        self.get_ns("", name)
    }

    /// The value of an attribute of a namespace.
    pub(in crate::format) fn get_ns(&self, ns: &str, name: &str) -> Option<&str> {
        let mut start = 0;
        self.ends.iter().find_map(|&[of, known, value]| {
            let begin = std::mem::replace(&mut start, value);
            let found = self.said[of..known] == *name && self.said[begin..of] == *ns;
            found.then(|| &self.said[known..value])
        })
    }

    /// The value of an attribute without prefix, owned; empty if it is not there.
    pub(in crate::format) fn take(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }
}

/// What becomes of an inline element.
pub(in crate::format) enum Inline {
    /// An annotation: its text stays.
    Text,
    /// A code around text, which stays.
    Code,
    /// A code, with all that is in it.
    Native,
    /// Something that is no text of the sentence at all.
    Dropped,
    /// A segment with its id.
    Segment(String),
    /// A character that XML cannot hold.
    Character(char),
}

/// A piece of a source or target: a segment, or what stands between segments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::format) struct Piece {
    /// Id of the segment; `None` outside of segments.
    pub mid: Option<String>,
    /// Its text.
    pub text: String,
    /// Inline codes left out.
    pub codes: u32,
}

/// A stream of tags.
pub(in crate::format) struct Tags<'a> {
    xml: Xml<&'a mut dyn BufRead>,
    core: String,
    /// The text that was read last.
    last: String,
    /// The article being read, for errors.
    pub article: Option<String>,
}

impl<'a> Tags<'a> {
    /// Tags after the root element; `core` is the namespace of the format.
    pub(super) fn new(xml: Xml<&'a mut dyn BufRead>, core: String) -> Tags<'a> {
        Tags { xml, core, last: String::new(), article: None }
    }

    /// The next child of the innermost open element; `None` when that ends.
    pub(in crate::format) fn child(&mut self) -> Result<Option<Tag>> {
        loop {
            match self.xml.next()? {
                Some(Node::Start(element)) => return Ok(Some(tag_of(&element, &self.core))),
                Some(Node::End) | None => return Ok(None),
                Some(Node::Text(_) | Node::Aside) => {}
            }
        }
    }

    /// Passes over the rest of the innermost open element.
    pub(in crate::format) fn skip(&mut self) -> Result<()> {
        let depth = self.xml.depth();
        while self.xml.depth() >= depth && self.xml.next()?.is_some() {}
        Ok(())
    }

    /// The text of the innermost open element, without that of elements in it.
    pub(in crate::format) fn text(&mut self) -> Result<&str> {
        let depth = self.xml.depth();
        self.last.clear();
        while self.xml.depth() >= depth {
            let direct = self.xml.depth() == depth;
            match self.xml.next()? {
                Some(Node::Text(text)) if direct => self.last.push_str(&text),
                None => break,
                _ => {}
            }
        }
        Ok(&self.last)
    }

    /// The text of the innermost open element in pieces, its inline elements treated as `rule` says.
    pub(in crate::format) fn content(&mut self, rule: fn(&Element, core: bool) -> Inline) -> Result<Vec<Piece>> {
        let mut content = Content { pieces: Vec::new(), open: Vec::new(), native: String::new(), hidden: 0 };
        loop {
            match self.xml.next()? {
                Some(Node::Start(element)) => content.start(rule(&element, element.ns() == self.core)),
                Some(Node::Text(text)) => content.text(&text),
                Some(Node::End) if !content.open.is_empty() => content.end(),
                Some(Node::Aside) => {}
                Some(Node::End) | None => return Ok(content.pieces),
            }
        }
    }

    /// The same of a target; `None` if there is a reference or character in it that nobody can read, so that it must not go out.
    pub(in crate::format) fn target(&mut self, rule: fn(&Element, core: bool) -> Inline) -> Result<Option<Vec<Piece>>> {
        let before = self.xml.waiting_faults();
        let pieces = self.content(rule)?;
        let lost = |piece: &Piece| piece.text.contains(|c| c == '\u{fffd}' || !is_xml(c));
        Ok(Some(pieces).filter(|pieces| self.xml.waiting_faults() == before || !pieces.iter().any(lost)))
    }

    /// Reads to the end of the file.
    pub(in crate::format) fn finish(&mut self) -> Result<()> {
        while self.xml.next()?.is_some() {}
        Ok(())
    }

    /// What was wrong with the XML since this was last asked.
    pub(in crate::format) fn faults(&mut self) -> impl Iterator<Item = Warning> {
        self.xml.faults().into_iter().map(|fault| warning(fault.line, fault.cause))
    }
}

/// Something wrong that was passed over.
pub(in crate::format) fn warning(line: u64, cause: impl Into<String>) -> Warning {
    Warning { kind: WarningKind::Xliff(cause.into()), place: Place { line: Some(line), ..Place::default() } }
}

/// An element by its name, if it means something.
fn known(name: &str) -> Option<&'static str> {
    // Length and first letter tell nearly all of them apart.
    let alike = |known: &&&str| known.len() == name.len() && known.as_bytes().first() == name.as_bytes().first();
    KNOWN.iter().filter(alike).find(|known| **known == name).copied()
}

fn tag_of(element: &Element, core: &str) -> Tag {
    let space = match element.ns() {
        ns if ns == core => Space::Core,
        SDL => Space::Sdl,
        ns if ns.starts_with(METADATA) => Space::Metadata,
        _ => Space::Foreign,
    };
    let name = if space == Space::Foreign { None } else { known(element.name()) };
    let mut tag = Tag { space, name: name.unwrap_or(""), line: element.line, said: String::new(), ends: Ends::default() };
    if name.is_some() && element.has_attributes() {
        tag.said.reserve(element.size());
        for attribute in element.attributes() {
            tag.ends.push([attribute.ns, attribute.name, &attribute.value].map(|piece| {
                tag.said.push_str(piece);
                tag.said.len()
            }));
        }
    }
    tag
}

/// A source or target being read.
struct Content {
    pieces: Vec<Piece>,
    open: Vec<Inline>,
    /// The code of the innermost native element.
    native: String,
    /// Open elements whose text is none of the sentence's.
    hidden: usize,
}

impl Content {
    fn start(&mut self, inline: Inline) {
        match &inline {
            Inline::Text => {}
            Inline::Code => self.count(),
            Inline::Native => {
                self.count();
                self.native.clear();
                self.hidden += 1;
            }
            Inline::Dropped => self.hidden += 1,
            Inline::Segment(mid) => self.pieces.push(Piece { mid: Some(mid.clone()), ..Piece::default() }),
            Inline::Character(c) => self.text(c.encode_utf8(&mut [0; 4])),
        }
        self.open.push(inline);
    }

    fn end(&mut self) {
        match self.open.pop() {
            Some(Inline::Native) => {
                self.hidden -= 1;
                if let Some(text) = memoq_character(&self.native) {
                    self.piece().codes -= 1;
                    self.text(&text);
                }
                self.native.clear();
            }
            Some(Inline::Dropped) => self.hidden -= 1,
            _ => {}
        }
    }

    /// Text, in the innermost open segment or outside of segments.
    fn text(&mut self, text: &str) {
        if self.hidden > 0 {
            self.native.push_str(text);
        } else {
            self.piece().text.push_str(text);
        }
    }

    fn count(&mut self) {
        if self.hidden == 0 {
            self.piece().codes += 1;
        }
    }

    /// The piece that is being read.
    fn piece(&mut self) -> &mut Piece {
        let inside = self.open.iter().any(|inline| matches!(inline, Inline::Segment(_)));
        if self.pieces.last().is_none_or(|last| last.mid.is_some() != inside) {
            self.pieces.push(Piece::default());
        }
        self.pieces.last_mut().expect("it was just put there")
    }
}

/// The characters that memoQ spells as a code: `<mq:ch val="&#9;" />`, escaped inside a `ph`.
fn memoq_character(native: &str) -> Option<String> {
    let value = native.trim().strip_prefix("<mq:ch")?.trim_start().strip_prefix("val=\"")?;
    let value = value.strip_suffix("/>")?.trim_end().strip_suffix('"')?;
    quick_xml::escape::unescape(value).ok().map(std::borrow::Cow::into_owned)
}
