//! XLIFF of any version, as it comes back from translators: which version a file is, told by its root element, and what the
//! readers of the versions have in common. A file is read as a stream and every `<file>` in it is handed on as soon as it ends,
//! so that memory is that of one article. Elements and attributes of other namespaces are passed over; what is broken but can be
//! passed over too is told with its line. Whether a file is valid is the business of `check`.

use std::io::BufRead;

use super::xml::{Node, Xml, fault};
use super::{xliff2, xliff12};
use crate::error::{ErrorKind, Place, Result};

pub(super) mod gather;
pub(super) mod tags;
pub(super) mod write;

pub use super::returned::Each;
pub use write::Files;

/// Reads a file of XLIFF 1.2 or 2.x (also 1.0 and 1.1, as far as they are alike), UTF-8.
///
/// # Errors
/// It cannot be read, is no XML, no XLIFF, or cut short (what was handed on before stands), or `each` failed; without its path.
pub fn read(input: &mut dyn BufRead, each: Each) -> Result<()> {
    let mut xml = Xml::new(input);
    let (core, version) = root(&mut xml)?;
    let mut tags = tags::Tags::new(xml, core);
    let gathered = if version.number == 1 { xliff12::read(&mut tags, each) } else { xliff2::read(&mut tags, version.langs, each) };
    gathered.map_err(|error| error.at(Place { article: tags.article.take(), ..Place::default() }))
}

/// What the root element says.
struct Version {
    /// 1 or 2.
    number: u32,
    /// `srcLang` and `trgLang`, which XLIFF 2 has here.
    langs: [Option<String>; 2],
}

/// Namespace of the core and version, by the root element.
fn root(xml: &mut Xml<&mut dyn BufRead>) -> Result<(String, Version)> {
    loop {
        let line = xml.line();
        let Some(node) = xml.next()? else { return Err(fault(line, "there is no element in it")) };
        let Node::Start(element) = node else { continue };
        let ns = element.ns().to_owned();
        let lang = |name| element.get(name).map(std::borrow::Cow::into_owned);
        let version = lang("version").unwrap_or_default();
        let number = match ns.as_str() {
            _ if element.name() != "xliff" => None,
            xliff2::CORE | xliff2::CORE_22 => Some(2),
            "" if version.starts_with("1.") => Some(1),
            ns if ns.starts_with("urn:oasis:names:tc:xliff:document:1.") => Some(1),
            _ => None,
        };
        let Some(number) = number else {
            let known = element.name() == "xliff";
            let found = if known { format!("version {version:?} in the namespace {ns:?}") } else { format!("<{}>", element.name()) };
            return Err(ErrorKind::NotXliff(found).into());
        };
        return Ok((ns, Version { number, langs: ["srcLang", "trgLang"].map(|name| gather::known_lang(element.get(name).as_deref())) }));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::error::Warning;
    use crate::translation::{Bitext, BitextSegment, Note, Part};

    /// What a file says, for tests: a line a file, a unit and a part.
    pub(in crate::format) fn shown(text: &str) -> String {
        let (shown, faults) = shown_with_faults(text);
        assert!(faults.is_empty(), "{faults:?}");
        shown
    }

    /// The same, and the faults with their lines.
    pub(in crate::format) fn shown_with_faults(text: &str) -> (String, Vec<String>) {
        let (mut out, mut faults) = (String::new(), Vec::new());
        let show = &mut |bitext: Bitext, warnings: Vec<Warning>| {
            let langs = [&bitext.source_lang, &bitext.target_lang].map(|lang| lang.as_deref().unwrap_or("?"));
            out += &format!("{} {} {}", bitext.id, bitext.original, langs.join(" "));
            bitext.properties.iter().for_each(|(name, value)| out += &format!(" {name}={value}"));
            out += &notes(&bitext.notes);
            for unit in &bitext.units {
                let locked = if unit.locked { " locked" } else { "" };
                let start = unit.start.map(|start| format!(" @{start}")).unwrap_or_default();
                let order = if unit.order.is_empty() { String::new() } else { format!(" order={:?}", unit.order) };
                out += &format!("\n  {} {}{locked}{start}{order}{}", unit.id, unit.kind, notes(&unit.notes));
                unit.parts.iter().for_each(|part| out += &shown_part(part));
            }
            out.push('\n');
            faults.extend(warnings.iter().map(|warning| format!("{}: {}", warning.place.line.unwrap_or(0), warning.kind)));
            Ok(())
        };
        read(&mut text.as_bytes(), show).expect("readable");
        (out, faults)
    }

    fn shown_part(part: &Part) -> String {
        match part {
            Part::Ignorable { source, target: None } => format!("\n    gap {source:?}"),
            Part::Ignorable { source, target: Some(target) } => format!("\n    gap {source:?} -> {target:?}"),
            Part::Segment(segment) => shown_segment(segment),
        }
    }

    fn shown_segment(segment: &BitextSegment) -> String {
        let id = if segment.id.is_empty() { "-" } else { &segment.id };
        let target = segment.target.as_ref().map(|target| format!(" -> {target:?}")).unwrap_or_default();
        let salience = segment.salience.map(|s| format!(" rank={:?} score={} in={}", s.rank, s.score, s.in_summary)).unwrap_or_default();
        let codes = if segment.codes > 0 { format!(" codes={}", segment.codes) } else { String::new() };
        let locked = if segment.locked { " locked" } else { "" };
        let unsure = if segment.unsure { " unsure" } else { "" };
        format!("\n    {id} {:?}{target} {:?}{unsure}{salience}{codes}{locked}{}", segment.source, segment.state, notes(&segment.notes))
    }

    fn notes(notes: &[Note]) -> String {
        notes.iter().map(|note| format!(" note:{}:{}:{}", note.category, note.priority, note.text)).collect()
    }

    fn failure(text: &str) -> String {
        read(&mut text.as_bytes(), &mut |_, _| Ok(())).expect_err("refused").to_string()
    }

    #[test]
    fn what_is_no_xliff_is_refused_by_name() {
        assert_eq!(failure("<tmx version='1.4'/>"), "<tmx> is no XLIFF that can be read here");
        let later = failure("<xliff xmlns='urn:oasis:names:tc:xliff:document:3.0' version='3.0'/>");
        assert_eq!(later, "version \"3.0\" in the namespace \"urn:oasis:names:tc:xliff:document:3.0\" is no XLIFF that can be read here");
        assert!(failure("").contains("no element") && failure("{\"text\":1}").contains("outside of the root"));
    }

    #[test]
    fn every_version_is_known_by_its_root() {
        let mut ids = Vec::new();
        for text in [
            "<xliff version='1.1'><file original='a'><body/></file></xliff>",
            "<x:xliff xmlns:x='urn:oasis:names:tc:xliff:document:1.2' version='1.2'><x:file original='b'/></x:xliff>",
            "<xliff xmlns='urn:oasis:names:tc:xliff:document:2.2' version='2.2' srcLang='en'><file id='c'/></xliff>",
        ] {
            read(&mut text.as_bytes(), &mut |bitext, _| {
                ids.push(bitext.id);
                Ok(())
            })
            .expect("sound");
        }
        assert_eq!(ids, ["a", "b", "c"]);
    }
}
