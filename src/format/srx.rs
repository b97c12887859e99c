//! SRX, the format of segmentation rules: XML in, a draft of rules out, with the line of everything in it. Version 2.0, and
//! 1.0 as far as it is the same. No entity is expanded but the five that XML predefines, nothing outside of the file is
//! read. What the patterns mean is the business of `text::srx`; writing is not done yet.

use std::io::{self, BufRead, Read};

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::text::srx::{Dialect, Draft, Finding, LanguageMap, LanguageRules, Rule, Severity, Srx};

/// Elements within elements, at most.
const DEPTH: usize = 32;

/// Bytes of a file, at most.
const MOST: u64 = 64 << 20;

/// Reads rules for a run; an error if any of them could not be followed.
pub fn read(input: impl BufRead) -> Result<Srx> {
    let (srx, findings) = check(input)?;
    srx.ok_or_else(|| {
        let errors: Vec<&Finding> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        let more = if errors.len() > 1 { format!(" (and {} more)", errors.len() - 1) } else { String::new() };
        match errors.first() {
            Some(first) => fault(first.line, format!("{first}{more}")),
            None => fault(1, "it cannot be followed".to_owned()),
        }
    })
}

/// Reads rules and everything worth saying about them, in order of lines; an error if the file is not even XML.
pub fn check(input: impl BufRead) -> Result<(Option<Srx>, Vec<Finding>)> {
    let (draft, mut findings, fingerprint) = draft(input)?;
    let structural = findings.iter().any(|finding| finding.severity == Severity::Error);
    let (srx, of_patterns) = Srx::new(&draft, fingerprint);
    findings.extend(of_patterns);
    findings.sort_by_key(|finding| finding.line);
    Ok((srx.filter(|_| !structural), findings))
}

/// What the file says, what its structure lacks, and a hash of its bytes.
fn draft(input: impl BufRead) -> Result<(Draft, Vec<Finding>, String)> {
    let counted = Counted { input: input.take(MOST), lines: 1, hasher: blake3::Hasher::new() };
    let mut reader = Reader::from_reader(counted);
    let mut reading = Reading::default();
    let mut buffer = Vec::new();
    loop {
        // Elements are named by the line they begin on, texts do not matter.
        let line = reader.get_ref().lines;
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(error)) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(fault(reader.get_ref().lines, error.to_string()));
            }
            Err(quick_xml::Error::Io(error)) => {
                let place = Place { line: Some(reader.get_ref().lines), ..Place::default() };
                return Err(Error::from(ErrorKind::Io("cannot read it", io::Error::new(error.kind(), error.to_string()))).at(place));
            }
            Err(quick_xml::Error::Encoding(_)) => {
                return Err(fault(reader.get_ref().lines, "it is not UTF-8; convert it to UTF-8".to_owned()));
            }
            Err(error) => return Err(fault(reader.get_ref().lines, format!("not well-formed XML: {error}"))),
        };
        match event {
            Event::Eof => break,
            Event::Start(start) => reading.start(&start, line)?,
            Event::Empty(start) => {
                reading.start(&start, line)?;
                reading.end();
            }
            Event::End(_) => reading.end(),
            Event::Text(text) => reading.text(&text.xml10_content(), line)?,
            Event::CData(text) => reading.text(&text.xml10_content(), line)?,
            Event::GeneralRef(reference) => reading.text(&resolved(&reference, line)?, line)?,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
        buffer.clear();
    }
    if reader.get_ref().input.limit() == 0 {
        return Err(fault(reader.get_ref().lines, format!("more than {} MiB", MOST >> 20)));
    }
    let lines = reader.get_ref().lines;
    reading.finish(lines)?;
    Ok((reading.draft, reading.findings, reader.get_ref().hasher.finalize().to_hex().to_string()))
}

fn fault(line: u64, what: String) -> Error {
    Error::from(ErrorKind::Srx(what)).at(Place { line: Some(line), ..Place::default() })
}

/// A reference to a character or to one of the five predefined entities.
fn resolved(reference: &BytesRef, line: u64) -> Result<String> {
    let name = reference.xml10_content();
    let found = match reference.resolve_char_ref() {
        Ok(Some(c)) => Some(c),
        Ok(None) => quick_xml::escape::resolve_predefined_entity(&name).and_then(|text| text.chars().next()),
        Err(_) => None,
    };
    found.map(String::from).ok_or_else(|| fault(line, format!("the entity &{name}; is not one of XML's own; entities are not expanded")))
}

/// Counts the lines of what was read, and hashes it.
struct Counted<R> {
    input: io::Take<R>,
    /// Line of the next byte, from 1.
    lines: u64,
    hasher: blake3::Hasher,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(out.len());
        out[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        if let Ok(available) = self.input.fill_buf() {
            let read = &available[..count.min(available.len())];
            self.lines += memchr::memchr_iter(b'\n', read).count() as u64;
            self.hasher.update(read);
        }
        self.input.consume(count);
    }
}

/// Where the reader is, and what it found so far.
#[derive(Default)]
struct Reading {
    draft: Draft,
    findings: Vec<Finding>,
    /// Local names of the open elements; an empty one for those of other namespaces.
    open: Vec<String>,
    /// How many were open where an element began that has no business there; nothing in it counts.
    astray: Option<usize>,
    /// Prefix of the root, which the elements of the format share.
    prefix: String,
    seen: Seen,
    rule: Rule,
}

#[derive(Default)]
struct Seen {
    root: bool,
    old: bool,
    header: bool,
    body: bool,
    languagerules: bool,
    maprules: bool,
    /// Groups of maps, of which version 1.0 may have several.
    map_groups: usize,
}

impl Seen {
    fn note(&mut self, name: &str) {
        match name {
            "srx" => self.root = true,
            "header" => self.header = true,
            "body" => self.body = true,
            "languagerules" => self.languagerules = true,
            "maprules" => self.maprules = true,
            _ => {}
        }
    }
}

/// The element that this one belongs into, if it stands elsewhere.
fn misplaced(name: &str, parent: Option<&str>) -> Option<&'static str> {
    let parents: &[&str] = match name {
        "header" | "body" => &["srx"],
        "languagerules" | "maprules" => &["body"],
        "languagerule" => &["languagerules"],
        "rule" => &["languagerule"],
        "beforebreak" | "afterbreak" => &["rule"],
        // Version 1.0 has a group between.
        "languagemap" => &["maprules", "maprule"],
        "maprule" => &["maprules"],
        "formathandle" => &["header"],
        _ => return None,
    };
    parents.first().copied().filter(|_| !parent.is_some_and(|parent| parents.contains(&parent)))
}

impl Reading {
    fn say(&mut self, severity: Severity, line: u64, cause: impl Into<String>) {
        let list = self.draft.languages.last();
        let inside = self.open.iter().any(|name| name == "rule");
        let rule = list.filter(|_| inside).map(|list| (list.name.clone(), list.rules.len() + 1));
        self.findings.push(Finding { severity, line, rule, cause: cause.into() });
    }

    fn start(&mut self, start: &BytesStart, line: u64) -> Result<()> {
        if self.open.len() >= DEPTH {
            return Err(fault(line, format!("elements are nested more than {DEPTH} deep")));
        }
        let name = start.local_name().into_inner().to_owned();
        let prefix = start.name().prefix().map_or("", |prefix| prefix.into_inner()).to_owned();
        if self.open.is_empty() {
            if self.seen.root || name != "srx" {
                return Err(fault(line, format!("the root is <{name}>, expected <srx>")));
            }
            self.prefix.clone_from(&prefix);
        }
        let attributes = Attributes::read(start, line)?;
        if prefix != self.prefix {
            if name == "options" && attributes.get("useJavaRegex") == Some("no") {
                self.draft.dialect = Dialect::Icu;
            }
            self.open.push(String::new());
            return Ok(());
        }
        if self.astray.is_none() {
            self.seen.note(&name);
            match misplaced(&name, self.open.last().map(String::as_str)) {
                None => self.element(&name, &attributes, line),
                Some(expected) => {
                    self.say(Severity::Error, line, format!("a <{name}> outside of a <{expected}>"));
                    self.astray = Some(self.open.len());
                }
            }
        }
        self.open.push(name);
        Ok(())
    }

    fn element(&mut self, name: &str, attributes: &Attributes, line: u64) {
        match name {
            "srx" if self.open.is_empty() => self.root(attributes, line),
            "header" => self.header(attributes, line),
            "maprule" => {
                self.seen.map_groups += 1;
                if self.seen.map_groups == 2 {
                    self.say(Severity::Warning, line, "only the first <maprule> counts");
                }
            }
            "languagerule" => {
                let name = self.required("languagerule", "languagerulename", attributes, line);
                self.draft.languages.push(LanguageRules { name, line, rules: Vec::new() });
            }
            "rule" => {
                let breaks = match attributes.get("break") {
                    None | Some("yes") => true,
                    Some("no") => false,
                    Some(other) => {
                        self.say(Severity::Error, line, format!("break={other:?}, expected \"yes\" or \"no\""));
                        true
                    }
                };
                self.rule = Rule { breaks, line, ..Rule::default() };
            }
            "languagemap" => {
                let pattern = self.required("languagemap", "languagepattern", attributes, line);
                let name = self.required("languagemap", "languagerulename", attributes, line);
                if self.seen.map_groups <= 1 {
                    self.draft.maps.push(LanguageMap { pattern, name, line });
                }
            }
            "body" | "languagerules" | "maprules" | "beforebreak" | "afterbreak" | "formathandle" => {}
            other => self.say(Severity::Warning, line, format!("<{other}> is no element of SRX, passed over")),
        }
    }

    fn root(&mut self, attributes: &Attributes, line: u64) {
        match attributes.get("version") {
            Some("2.0") => {}
            Some("1.0") => self.seen.old = true,
            Some(other) => self.say(Severity::Warning, line, format!("version {other:?}, read as 2.0")),
            None => self.say(Severity::Warning, line, "<srx> has no version, read as 2.0"),
        }
    }

    fn header(&mut self, attributes: &Attributes, line: u64) {
        match attributes.get("cascade") {
            Some("yes") => self.draft.cascade = true,
            Some("no") => {}
            // Version 1.0 knows no cascade.
            None if self.seen.old => {}
            None => self.say(Severity::Error, line, "<header> lacks cascade=\"yes\" or \"no\""),
            Some(other) => self.say(Severity::Error, line, format!("cascade={other:?}, expected \"yes\" or \"no\"")),
        }
        match attributes.get("segmentsubflows") {
            Some("yes" | "no") => {}
            // Articles have no inline codes, so that nothing depends on it.
            _ => self.say(Severity::Warning, line, "<header> lacks segmentsubflows=\"yes\" or \"no\""),
        }
    }

    fn required(&mut self, element: &str, name: &str, attributes: &Attributes, line: u64) -> String {
        attributes.get(name).map(str::to_owned).unwrap_or_else(|| {
            self.say(Severity::Error, line, format!("<{element}> lacks {name}"));
            String::new()
        })
    }

    fn end(&mut self) {
        let closed = self.open.pop();
        match self.astray {
            Some(depth) if depth == self.open.len() => self.astray = None,
            Some(_) => {}
            None if closed.as_deref() == Some("rule") => {
                let rule = std::mem::take(&mut self.rule);
                if let Some(list) = self.draft.languages.last_mut() {
                    list.rules.push(rule);
                }
            }
            None => {}
        }
    }

    fn text(&mut self, text: &str, line: u64) -> Result<()> {
        match self.open.last().map(String::as_str) {
            _ if self.astray.is_some() => {}
            Some("beforebreak") => self.rule.before.push_str(text),
            Some("afterbreak") => self.rule.after.push_str(text),
            None if !text.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']).is_empty() => {
                return Err(fault(line, "text outside of <srx>".to_owned()));
            }
            _ => {}
        }
        Ok(())
    }

    /// What should have come by the end.
    fn finish(&mut self, lines: u64) -> Result<()> {
        if !self.seen.root {
            return Err(fault(lines, "there is no element, expected <srx>".to_owned()));
        }
        if let Some(open) = self.open.last() {
            return Err(fault(lines, format!("the file ends before </{open}>")));
        }
        let seen = &self.seen;
        let parts = [("header", seen.header), ("body", seen.body), ("languagerules", seen.languagerules), ("maprules", seen.maprules)];
        for (part, _) in parts.into_iter().filter(|(_, seen)| !seen) {
            self.say(Severity::Error, lines, format!("there is no <{part}>"));
        }
        Ok(())
    }
}

/// The attributes of an element by local name.
struct Attributes(Vec<(String, String)>);

impl Attributes {
    fn read(start: &BytesStart, line: u64) -> Result<Attributes> {
        let mut out = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| fault(line, format!("not well-formed XML: {error}")))?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|error| fault(line, format!("not well-formed XML: {error}")))?.into_owned();
            out.push((attribute.key.local_name().into_inner().to_owned(), value));
        }
        Ok(Attributes(out))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
