//! XML for the formats of translators, in and out. In: a stream of elements and texts with their lines and namespaces; no DTD is
//! fetched, no entity expanded but the five of XML, nesting and sizes are limited; what can be passed over is noted as a fault
//! and the reading goes on. Out: texts and attributes with what XML 1.0 needs escaped, and what it cannot hold replaced and
//! counted. It knows no format: what elements mean is the business of the files that use it.

mod counted;
mod element;
mod escape;
mod lint;

use std::borrow::Cow;
use std::io::{self, BufReader, Read};

use quick_xml::events::{BytesRef, Event};
use quick_xml::name::{NamespaceResolver, ResolveResult};
use quick_xml::reader::Reader;

use counted::Counted;
pub(crate) use element::Element;
use element::{Spot, find_attributes, local, look_at_attributes, named, unbound};
pub(crate) use escape::{forbidden, is_xml, push_text, push_text_with, push_value};

use crate::error::{Error, ErrorKind, Place, Result};

/// Elements within elements, at most.
pub(crate) const DEPTH: usize = 200;

/// Bytes of one tag, text, comment or declaration, at most.
pub(crate) const PIECE: usize = 16 << 20;

/// Bytes that are read at a time.
const CHUNK: usize = 32 << 10;

/// Attributes of an element, at most.
pub(crate) const ATTRIBUTES: usize = 100;

/// Namespaces that an element declares, at most; the resolver holds no more at once.
const NAMESPACES: usize = 128;

/// The namespace behind the prefix `xml`, which needs no declaration.
pub(crate) const XML_NS: &str = "http://www.w3.org/XML/1998/namespace";

/// Something wrong that does not end the reading: a character or an entity that XML does not know, a prefix without namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line where it was found, from 1.
    pub line: u64,
    /// What is wrong.
    pub cause: String,
}

/// What a reader meets next.
pub(crate) enum Node<'a> {
    /// An element begins; `<a/>` begins and ends.
    Start(Element<'a>),
    /// A piece of text, its references resolved and its line ends made `\n`; a text may come in several pieces.
    Text(Cow<'a, str>),
    /// The innermost open element ends.
    End,
    /// A comment, a processing instruction, a declaration: nothing that counts.
    Aside,
}

/// A stream of nodes. Elements are held against their ends, and the file has one root.
pub(crate) struct Xml<R> {
    reader: Reader<Counted<R>>,
    resolver: NamespaceResolver,
    /// What was read of the last node, as it stands in the file.
    buffer: Vec<u8>,
    /// The attributes of the last element.
    attributes: Vec<Spot>,
    line: u64,
    open: Open,
    rooted: bool,
    /// Anything was read, a byte order mark apart.
    begun: bool,
    faults: Vec<Fault>,
}

/// Names of the open elements, one after the other in one string.
#[derive(Default)]
struct Open {
    names: String,
    starts: Vec<usize>,
    /// Depths of those that declare namespaces.
    declaring: Vec<usize>,
}

impl Open {
    fn push(&mut self, name: &str) {
        self.starts.push(self.names.len());
        self.names.push_str(name);
    }

    /// The next element declares namespaces: how many levels of elements are around it.
    fn declare(&mut self) -> u16 {
        self.declaring.push(self.starts.len());
        self.starts.len() as u16
    }

    /// The innermost element ends; if it declared namespaces, how many levels are left.
    fn pop(&mut self) -> Option<u16> {
        self.names.truncate(self.starts.pop().unwrap_or(0));
        self.declaring.pop_if(|depth| *depth == self.starts.len()).map(|depth| depth as u16)
    }

    fn last(&self) -> Option<&str> {
        self.starts.last().map(|&start| &self.names[start..])
    }
}

impl<R: Read> Xml<R> {
    /// Reads from UTF-8; what brings a file to UTF-8 stands above.
    pub(crate) fn new(input: R) -> Xml<R> {
        let input = BufReader::with_capacity(CHUNK, input);
        let mut reader = Reader::from_reader(Counted { input, lines: 1, returned: false, left: PIECE });
        reader.config_mut().expand_empty_elements = true;
        reader.config_mut().allow_dangling_amp = true;
        let (resolver, open) = (NamespaceResolver::default(), Open::default());
        Xml { reader, resolver, buffer: Vec::new(), attributes: Vec::new(), line: 1, open, rooted: false, begun: false, faults: Vec::new() }
    }

    /// Line on which the last node began, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Open elements, the last started among them.
    pub(crate) fn depth(&self) -> usize {
        self.open.starts.len()
    }

    /// Faults that nobody took yet.
    pub(crate) fn waiting_faults(&self) -> usize {
        self.faults.len()
    }

    /// Takes the faults met since they were last taken.
    pub(crate) fn faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    /// The next node; nothing after the end of the root.
    ///
    /// # Errors
    /// The file cannot be read, is no well-formed XML or over a limit; with its line. Nothing can be read after an error.
    pub(crate) fn next(&mut self) -> Result<Option<Node<'_>>> {
        self.buffer.clear();
        self.reader.get_mut().left = PIECE;
        self.reader.get_mut().settle();
        self.line = self.reader.get_ref().lines;
        let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| unread(error, self.line, self.reader.get_ref().lines))?;
        let line = self.line;
        let late = self.begun;
        self.begun |= !matches!(&event, Event::Text(text) if &**text == "\u{feff}");
        if let Some(cause) = look_at(&event, late, self.rooted, self.open.starts.is_empty()) {
            self.faults.push(Fault { line, cause: cause.into() });
        }
        let node = match event {
            Event::Eof => {
                if let Some(name) = self.open.last() {
                    return Err(fault(line, format!("the file ends before </{name}>; it was cut short")));
                }
                if !self.rooted {
                    return Err(fault(line, "there is no element in it"));
                }
                return Ok(None);
            }
            Event::Start(start) | Event::Empty(start) => {
                if !lint::name(&start) {
                    return Err(fault(line, "a < that begins no tag: a name must follow it at once; write &lt; for the character"));
                }
                let sound = find_attributes(&start, &mut self.attributes);
                if self.attributes.iter().any(|spot| spot.is_declaration(&start)) {
                    let level = self.open.declare();
                    self.resolver.set_level(level);
                    self.resolver.push(&start).map_err(|error| unread(error.into(), line, line))?;
                }
                if self.open.starts.is_empty() && std::mem::replace(&mut self.rooted, true) {
                    return Err(fault(line, "there is a second root element"));
                }
                if self.open.starts.len() >= DEPTH {
                    return Err(fault(line, format!("elements are nested more than {DEPTH} deep")));
                }
                sound.map_err(|cause| fault(line, cause))?;
                let name = start.name().into_inner();
                self.open.push(name);
                let mut say = |cause| self.faults.push(Fault { line, cause });
                let local = name.len() - local(name).len();
                let ns = if local == 0 { self.resolver.resolve_prefix(None, true) } else { self.resolver.resolve_element(start.name()).0 };
                if let ResolveResult::Unknown(prefix) = &ns {
                    say(unbound(prefix));
                }
                look_at_attributes(&start, &self.attributes, &self.resolver, &mut say);
                Node::Start(Element { start, local, ns: named(ns), attributes: &self.attributes, resolver: &self.resolver, line })
            }
            Event::End(_) => {
                if let Some(level) = self.open.pop() {
                    self.resolver.set_level(level);
                }
                Node::End
            }
            Event::Text(text) => text_node(text.xml10_content(), &self.open, line, &mut self.faults)?,
            Event::CData(text) => text_node(text.xml10_content(), &self.open, line, &mut self.faults)?,
            Event::GeneralRef(reference) => Node::Text(resolved(&reference, line, &mut self.faults)),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => Node::Aside,
        };
        Ok(Some(node))
    }
}

/// An error that ends the reading.
pub(crate) fn fault(line: u64, what: impl Into<String>) -> Error {
    Error::from(ErrorKind::Xml(what.into())).at(Place { line: Some(line), ..Place::default() })
}

/// What is wrong with a piece as it stands in the file; `late` if anything came before it.
fn look_at(event: &Event, late: bool, rooted: bool, outside: bool) -> Option<&'static str> {
    match event {
        Event::Start(start) | Event::Empty(start) => lint::attributes(start.attributes_raw()),
        Event::Text(text) if outside => text.contains('\u{feff}').then_some("a second byte order mark"),
        Event::Text(text) => lint::text(text),
        Event::Comment(comment) => lint::comment(comment),
        Event::Decl(declaration) => lint::declaration(declaration, late),
        Event::DocType(_) if rooted => Some("a DOCTYPE stands before the root element only"),
        _ => None,
    }
}

/// An error of the reader beneath, whose piece began on a line and which came as far as another.
fn unread(error: quick_xml::Error, start: u64, line: u64) -> Error {
    match error {
        quick_xml::Error::Syntax(error) => fault(start, error.to_string()),
        quick_xml::Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            fault(line, format!("a tag or text of more than {} MiB", PIECE >> 20))
        }
        quick_xml::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => fault(line, error.to_string()),
        quick_xml::Error::Io(error) => {
            let error = io::Error::new(error.kind(), error.to_string());
            Error::from(ErrorKind::Io("cannot read it", error)).at(Place { line: Some(line), ..Place::default() })
        }
        quick_xml::Error::Encoding(_) => fault(line, "it is not UTF-8, as it declares or as XML is by default; convert it to UTF-8"),
        error => fault(line, error.to_string()),
    }
}

fn text_node<'a>(text: Cow<'a, str>, open: &Open, line: u64, faults: &mut Vec<Fault>) -> Result<Node<'a>> {
    if open.starts.is_empty() {
        let blank = text.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']).is_empty();
        return if blank { Ok(Node::Aside) } else { Err(fault(line, "text outside of the root element")) };
    }
    if let Some(c) = forbidden(&text) {
        let before = text.find(c).map_or(0, |at| text[..at].matches('\n').count());
        faults.push(Fault { line: line + before as u64, cause: not_allowed(c) });
    }
    Ok(Node::Text(text))
}

fn not_allowed(c: char) -> String {
    format!("the character U+{:04X} is not allowed in XML 1.0", c as u32)
}

/// A reference to a character or to one of the five predefined entities; U+FFFD for any other.
fn resolved<'a>(reference: &BytesRef<'a>, line: u64, faults: &mut Vec<Fault>) -> Cow<'a, str> {
    let name = reference.xml10_content();
    if let Some(text) = quick_xml::escape::resolve_predefined_entity(&name) {
        return text.into();
    }
    let mut say = |cause| faults.push(Fault { line, cause });
    match reference.resolve_char_ref() {
        Ok(Some(c)) if is_xml(c) => return c.to_string().into(),
        Ok(Some(c)) => say(not_allowed(c)),
        Ok(None) => say(format!("the entity &{name}; is not one of XML's own; entities are not expanded")),
        Err(error) => say(format!("the reference &{name}; cannot be read: {error}")),
    }
    "\u{fffd}".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything a file says, on one line, and its faults.
    fn read(text: &str) -> Result<(String, Vec<Fault>)> {
        let mut xml = Xml::new(io::BufReader::new(text.as_bytes()));
        let (mut out, mut faults) = (String::new(), Vec::new());
        while let Some(node) = xml.next()? {
            match node {
                Node::Start(element) => {
                    out += &format!("<{{{}}}{}", element.ns(), element.name());
                    element.attributes().for_each(|a| out += &format!(" {{{}}}{}={:?}", a.ns, a.name, a.value));
                    out.push('>');
                }
                Node::Text(text) => out += &text,
                Node::End => out += "</>",
                Node::Aside => {}
            }
            faults.extend(xml.faults());
        }
        Ok((out, faults))
    }

    #[test]
    fn elements_have_namespaces_and_texts_are_resolved() {
        let text = "\u{feff}<?xml version='1.0'?><!DOCTYPE a SYSTEM 'x.dtd'><a xmlns='u:1' xmlns:p='u:2' xml:lang='de'>\r\n<p:b c='1&#10;2' p:d=''/><!-- x --><![CDATA[<&>]]>&lt;&#13;</a>\n";
        let expected = "<{u:1}a {http://www.w3.org/XML/1998/namespace}lang=\"de\">\n<{u:2}b {}c=\"1\\n2\" {u:2}d=\"\"></><&><\r</>";
        let (read, faults) = read(text).expect("sound");
        assert_eq!((read.as_str(), faults), (expected, vec![]));
    }

    #[test]
    fn what_can_be_passed_over_is_a_fault_with_its_line() {
        let (text, faults) = read("<a>\n&#7;\n&mine;<p:b c='' c=''/>\u{1}</a>").expect("readable");
        assert_eq!(text, "<{}a>\n\u{fffd}\n\u{fffd}<{}b {}c=\"\" {}c=\"\"></>\u{1}</>");
        let causes: Vec<(u64, &str)> = faults.iter().map(|fault| (fault.line, fault.cause.as_str())).collect();
        let expected = [
            (2, "the character U+0007 is not allowed in XML 1.0"),
            (3, "the entity &mine; is not one of XML's own; entities are not expanded"),
            (3, "the prefix p: is bound to no namespace"),
            (3, "the attribute c stands twice"),
            (3, "the character U+0001 is not allowed in XML 1.0"),
        ];
        assert_eq!(causes, expected);
    }

    #[test]
    fn lines_end_in_every_way() {
        let lines = |text: &str| read(text).expect("readable").1.iter().map(|fault| fault.line).collect::<Vec<_>>();
        assert_eq!(lines("<a>\r&x;\r\n&x;\n\r&x;</a>"), [2, 3, 5]);
    }

    #[test]
    fn namespaces_have_a_limit_of_their_own() {
        let declared = |count: usize| format!("<a {}/>", (0..count).map(|i| format!("xmlns:a{i}='u' ")).collect::<String>());
        assert!(read(&declared(NAMESPACES)).is_ok() && read(&declared(NAMESPACES + 1)).is_err());
    }

    #[test]
    fn what_is_no_xml_ends_the_reading() {
        let deep = "<a>".repeat(DEPTH + 1);
        let long = format!("<a>{}</a>", "x".repeat(PIECE + (1 << 16)));
        let many = format!("<a {}/>", (0..=ATTRIBUTES).map(|i| format!("a{i}='' ")).collect::<String>());
        let cases = [
            ("<a>\n<b></a>", "2: "),
            ("<a>", "cut short"),
            ("", "no element"),
            ("<a/><b/>", "second root"),
            ("<a/>x", "outside of the root"),
            ("<a>\n<!-- b\n\n", ":2: not well-formed XML: comment not closed"),
            ("<a>\n< b>\n", ":2: not well-formed XML: a < that begins no tag"),
            (&deep, "nested more than"),
            (&long, "more than 16 MiB"),
            (&many, "more than 100 attributes"),
        ];
        for (text, expected) in cases {
            let error = read(text).map(|_| ()).expect_err(expected).to_string();
            assert!(format!(": {error}").contains(expected), "{error}");
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let text = &("a<&>\"'\r\n\t\u{85}\u{2028}\u{ffff}\u{1}é".to_owned() + &"long and plain ".repeat(9) + "ends<&\u{ff1f}");
        let mut out = b"<a b=\"".to_vec();
        assert_eq!(push_value(text, &mut out), 2);
        out.extend_from_slice(b"\">");
        assert_eq!(push_text(text, &mut out), 2);
        out.extend_from_slice(b"</a>");
        let (read, faults) = read(str::from_utf8(&out).expect("UTF-8")).expect("sound");
        let back = text.replace(['\u{ffff}', '\u{1}'], "\u{fffd}");
        assert_eq!((read, faults), (format!("<{{}}a {{}}b={back:?}>{back}</>"), vec![]));
    }
}
