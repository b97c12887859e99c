//! SRX, the format of segmentation rules: XML in, a draft of rules out, with the line of everything in it. Version 2.0, and
//! 1.0 as far as it is the same. No entity is expanded but the five that XML predefines, nothing outside of the file is
//! read. What the patterns mean is the business of `text::srx`; writing is not done yet.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use super::xml::{Element, Node, Xml, fault as broken};
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
    let mut hashed = Hashed { input: input.take(MOST), hasher: blake3::Hasher::new() };
    let mut reading = Reading::default();
    let read = reading.read(&mut hashed);
    if hashed.input.limit() == 0 {
        return Err(fault(1, format!("more than {} MiB", MOST >> 20)));
    }
    read.map_err(|error| match error.kind {
        ErrorKind::Xml(cause) => Error { kind: ErrorKind::Srx(cause), ..error },
        _ => error,
    })?;
    Ok((reading.draft, reading.findings, hashed.hasher.finalize().to_hex().to_string()))
}

fn fault(line: u64, what: String) -> Error {
    Error::from(ErrorKind::Srx(what)).at(Place { line: Some(line), ..Place::default() })
}

/// Hashes what is read.
struct Hashed<R> {
    input: io::Take<R>,
    hasher: blake3::Hasher,
}

impl<R: BufRead> Read for Hashed<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(out)?;
        self.hasher.update(&out[..count]);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Hashed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        if let Ok(available) = self.input.fill_buf() {
            self.hasher.update(&available[..count.min(available.len())]);
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
    /// Namespace of the root, which the elements of the format share.
    ns: String,
    seen: Seen,
    rule: Rule,
}

#[derive(Default)]
struct Seen {
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

    fn read(&mut self, input: impl BufRead) -> Result<()> {
        let mut xml = Xml::new(input);
        loop {
            let ended = match xml.next()? {
                None => break,
                Some(Node::Start(element)) => {
                    self.start(&element)?;
                    false
                }
                Some(Node::Text(text)) => {
                    self.text(&text);
                    false
                }
                Some(Node::End) => true,
                Some(Node::Aside) => false,
            };
            if ended {
                self.end();
            }
            if let Some(first) = xml.faults().into_iter().next() {
                return Err(fault(first.line, first.cause));
            }
        }
        self.finish(xml.line());
        Ok(())
    }

    fn start(&mut self, element: &Element) -> Result<()> {
        let (line, name) = (element.line, element.name());
        if self.open.len() >= DEPTH {
            return Err(broken(line, format!("elements are nested more than {DEPTH} deep")));
        }
        if self.open.is_empty() {
            if name != "srx" {
                return Err(fault(line, format!("the root is <{name}>, expected <srx>")));
            }
            element.ns().clone_into(&mut self.ns);
        }
        if element.ns() != self.ns {
            if name == "options" && element.get("useJavaRegex").as_deref() == Some("no") {
                self.draft.dialect = Dialect::Icu;
            }
            self.open.push(String::new());
            return Ok(());
        }
        if self.astray.is_none() {
            self.seen.note(name);
            match misplaced(name, self.open.last().map(String::as_str)) {
                None => self.element(name, element, line),
                Some(expected) => {
                    self.say(Severity::Error, line, format!("a <{name}> outside of a <{expected}>"));
                    self.astray = Some(self.open.len());
                }
            }
        }
        self.open.push(name.to_owned());
        Ok(())
    }

    fn element(&mut self, name: &str, attributes: &Element, line: u64) {
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
                let breaks = match attributes.get("break").as_deref() {
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

    fn root(&mut self, attributes: &Element, line: u64) {
        match attributes.get("version").as_deref() {
            Some("2.0") => {}
            Some("1.0") => self.seen.old = true,
            Some(other) => self.say(Severity::Warning, line, format!("version {other:?}, read as 2.0")),
            None => self.say(Severity::Warning, line, "<srx> has no version, read as 2.0"),
        }
    }

    fn header(&mut self, attributes: &Element, line: u64) {
        match attributes.get("cascade").as_deref() {
            Some("yes") => self.draft.cascade = true,
            Some("no") => {}
            // Version 1.0 knows no cascade.
            None if self.seen.old => {}
            None => self.say(Severity::Error, line, "<header> lacks cascade=\"yes\" or \"no\""),
            Some(other) => self.say(Severity::Error, line, format!("cascade={other:?}, expected \"yes\" or \"no\"")),
        }
        match attributes.get("segmentsubflows").as_deref() {
            Some("yes" | "no") => {}
            // Articles have no inline codes, so that nothing depends on it.
            _ => self.say(Severity::Warning, line, "<header> lacks segmentsubflows=\"yes\" or \"no\""),
        }
    }

    fn required(&mut self, element: &str, name: &str, attributes: &Element, line: u64) -> String {
        attributes.get(name).map(Cow::into_owned).unwrap_or_else(|| {
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

    fn text(&mut self, text: &str) {
        match self.open.last().map(String::as_str) {
            _ if self.astray.is_some() => {}
            Some("beforebreak") => self.rule.before.push_str(text),
            Some("afterbreak") => self.rule.after.push_str(text),
            _ => {}
        }
    }

    /// What should have come by the end.
    fn finish(&mut self, lines: u64) {
        let seen = &self.seen;
        let parts = [("header", seen.header), ("body", seen.body), ("languagerules", seen.languagerules), ("maprules", seen.maprules)];
        for (part, _) in parts.into_iter().filter(|(_, seen)| !seen) {
            self.say(Severity::Error, lines, format!("there is no <{part}>"));
        }
    }
}
