//! Is this file of translators sound? One pass over its elements, each held against the tables of its format (`grammar`,
//! `shape`, `values`) and against what the specifications say in words (`xliff12`, `xliff2`, `tmx`); targets against
//! their sources by the checks of [`quality`](crate::translation::quality). What is found is told in the order of lines; what
//! repeats itself is counted. Nothing grows with the file but hashes of its ids. It changes no file, and where a schema
//! accepts what the specification forbids, the specification counts.

mod codes;
mod grammar;
mod shape;
mod tmx;
mod values;
mod xliff12;
mod xliff2;

use std::fmt;
use std::io::BufRead;

use crate::error::{ErrorKind, Result};
use crate::format::xml::{Element, Node, Xml};
use crate::text::srx::Severity;
use crate::translation::quality::{Alarm, CHECKS, Checks, Pair};

use shape::Shape;

/// Findings of one kind that are told one by one; more are counted.
pub const MOST: u64 = 100;

/// Something worth saying about a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Whether the file cannot be used as it is.
    pub severity: Severity,
    /// Line of the file, from 1.
    pub line: u64,
    /// Stable name of its kind; of a check of targets, the name that switches it off.
    pub code: &'static str,
    /// Type of the issue in ITS 2.0, where it is one of the translation.
    pub its: Option<&'static str>,
    /// List of rules and number of the rule, in files of rules.
    pub rule: Option<(String, usize)>,
    /// What is wrong, with the element and its id.
    pub cause: String,
}

/// Where findings go once the file is read, one at a time.
pub type Out<'a> = &'a mut dyn FnMut(Finding);

/// Checks an XLIFF file of version 1.2, 2.0 or 2.1; also of 1.0 and 1.1, as far as they are like 1.2.
///
/// # Errors
/// It cannot be read, is no XML, or is of another version.
pub fn xliff(input: impl BufRead, checks: &Checks, out: Out) -> Result<()> {
    walk(input, checks, out, |root| match root.name() {
        "xliff" => xliff_of(root),
        _ => None,
    })
}

fn xliff_of(root: &Element) -> Option<Format> {
    let version = root.get("version").unwrap_or_default();
    match root.ns() {
        super::xliff2::CORE => Some(Format { shape: xliff2::shape(), sense: Box::new(xliff2::Sense::default()) }),
        super::xliff12::CORE => Some(older(super::xliff12::CORE)),
        super::xliff12::CORE_11 => Some(older(super::xliff12::CORE_11)),
        "" if version.starts_with("1.") => Some(older("")),
        _ => None,
    }
}

/// XLIFF 1, by the namespace of its elements.
fn older(core: &'static str) -> Format {
    Format { shape: xliff12::shape(core), sense: Box::new(xliff12::Sense::default()) }
}

/// Checks a TMX file of version 1.1 to 1.4.
///
/// # Errors
/// It cannot be read, is no XML, or its root is another.
pub fn tmx(input: impl BufRead, checks: &Checks, out: Out) -> Result<()> {
    walk(input, checks, out, |root| {
        let known = root.name() == "tmx";
        known.then(|| Format { shape: tmx::shape(), sense: Box::new(tmx::Sense::default()) })
    })
}

/// Checks a file of segmentation rules.
///
/// # Errors
/// It cannot be read, or is no XML.
pub fn srx(input: impl BufRead, _checks: &Checks, out: Out) -> Result<()> {
    for finding in super::srx::check(input)?.1 {
        let crate::text::srx::Finding { severity, line, rule, cause } = finding;
        out(Finding { severity, line, code: "rules", its: None, rule, cause });
    }
    Ok(())
}

/// What a format asks for.
struct Format {
    shape: Shape,
    sense: Box<dyn Sense>,
}

/// What a specification says in words: held against elements that are in their place.
trait Sense {
    /// An element begins; `shape` has it as its innermost.
    fn start(&mut self, element: &Element, shape: &Shape, say: &mut Say);
    /// A piece of text of the innermost element.
    fn text(&mut self, text: &str, shape: &Shape);
    /// The innermost element ends.
    fn end(&mut self, shape: &Shape, say: &mut Say);
}

/// Reads a file to its end. `format` knows it by its root.
fn walk(input: impl BufRead, checks: &Checks, out: Out, format: impl Fn(&Element) -> Option<Format>) -> Result<()> {
    let mut xml = Xml::new(input);
    let mut say = Say { found: Vec::new(), counts: Vec::new(), checks, line: 1 };
    let mut known: Option<Format> = None;
    loop {
        let step = match xml.next() {
            Err(error) => {
                say.tell_all(out);
                return Err(error);
            }
            Ok(None) => break,
            Ok(Some(Node::Start(element))) => {
                say.line = element.line;
                let format = match &mut known {
                    Some(format) => format,
                    None => known.insert(format(&element).ok_or_else(|| unknown(&element))?),
                };
                if format.shape.start(&element, &mut say) {
                    format.sense.start(&element, &format.shape, &mut say);
                }
                Step::Done
            }
            Ok(Some(Node::Text(text))) => known.as_mut().map_or(Step::Done, |format| {
                format.sense.text(&text, &format.shape);
                if format.shape.text(&text) { Step::Text } else { Step::Done }
            }),
            Ok(Some(Node::End)) => Step::End,
            Ok(Some(Node::Aside)) => Step::Done,
        };
        for fault in xml.faults() {
            say.line = fault.line;
            say.error("xml", format_args!("{}", fault.cause));
        }
        let Some(format) = &mut known else { continue };
        say.line = xml.line();
        match step {
            Step::Done => {}
            Step::Text => format.shape.stray_text(&mut say),
            Step::End => {
                if format.shape.is_known() {
                    format.sense.end(&format.shape, &mut say);
                }
                format.shape.end(&mut say);
            }
        }
    }
    say.tell_all(out);
    Ok(())
}

/// What is left to do once a node has been looked at.
enum Step {
    Done,
    Text,
    End,
}

/// The root of a file that is not checked, by its name and version.
fn unknown(root: &Element) -> crate::error::Error {
    let version = root.get("version").unwrap_or_default();
    let found = match root.name() {
        "xliff" if root.ns() == super::xliff2::CORE_22 => "XLIFF 2.2".to_owned(),
        "xliff" if version.is_empty() || root.ns().is_empty() => format!("XLIFF {version} of the namespace {:?}", root.ns()),
        "xliff" => format!("XLIFF {version}"),
        name => format!("<{name}>"),
    };
    ErrorKind::Unchecked { found, known: "XLIFF 1.2, 2.0 and 2.1, TMX and SRX".to_owned() }.into()
}

/// Gathers findings: the first of each kind one by one, of the others the number, so that they are few.
struct Say<'a> {
    found: Vec<Finding>,
    /// By code in order of coming: severity, and how many there were.
    counts: Vec<(&'static str, Severity, u64)>,
    checks: &'a Checks,
    /// The line that findings are given.
    line: u64,
}

impl Say<'_> {
    fn error(&mut self, code: &'static str, cause: fmt::Arguments) {
        self.tell(Severity::Error, code, None, cause);
    }

    fn warn(&mut self, code: &'static str, cause: fmt::Arguments) {
        self.tell(Severity::Warning, code, None, cause);
    }

    /// Says something of another line than the one that is being read.
    fn at(&mut self, line: u64, tell: impl FnOnce(&mut Say)) {
        let now = std::mem::replace(&mut self.line, line);
        tell(self);
        self.line = now;
    }

    fn tell(&mut self, severity: Severity, code: &'static str, its: Option<&'static str>, cause: fmt::Arguments) {
        let found = self.counts.iter().position(|count| count.0 == code && count.1 == severity);
        let index = found.unwrap_or_else(|| {
            self.counts.push((code, severity, 0));
            self.counts.len() - 1
        });
        self.counts[index].2 += 1;
        if self.counts[index].2 <= MOST {
            self.found.push(Finding { severity, line: self.line, code, its, rule: None, cause: cause.to_string() });
        }
    }

    /// Says something of the inline codes of a target, unless that check is off.
    fn codes(&mut self, cause: fmt::Arguments) {
        if let Some(check) = CHECKS.iter().find(|check| check.name == "codes" && !self.checks.is_off(check.name)) {
            self.tell(Severity::Warning, check.name, Some(check.its), cause);
        }
    }

    /// Holds a target against its source; `place` names the segment.
    fn look_at(&mut self, pair: &Pair, place: impl fmt::Display) {
        for Alarm { check, cause } in self.checks.look_at(pair) {
            self.tell(Severity::Warning, check.name, Some(check.its), format_args!("{place}: {cause}"));
        }
    }

    /// Tells what was found in the order of lines, then how many more there were of each kind.
    fn tell_all(mut self, out: Out) {
        self.found.sort_by_key(|finding| finding.line);
        self.found.into_iter().for_each(&mut *out);
        for (code, severity, count) in self.counts {
            if let Some(more) = count.checked_sub(MOST).filter(|more| *more > 0) {
                let cause = format!("{more} more of the kind {code:?}");
                out(Finding { severity, line: self.line, code, its: None, rule: None, cause });
            }
        }
    }
}
