//! Writing it: XLIFF 2.0 and 2.1, which differ in nothing that is written here but the version. A paragraph is a `unit` of
//! `segment`s and `ignorable`s, or a sentence is a `unit` in a `group` that is its paragraph. Properties, salience and places are
//! metadata (module `mda`), words to people are notes. Characters that XML cannot hold are `cp` in sources and targets;
//! elsewhere they become U+FFFD, and are counted.

use std::io::Write;

use super::{CORE, MATCHES, METADATA, REVIEW};
use crate::format::bitext::{Layout, Prefill, UNKNOWN, salience_note};
use crate::format::markup::Markup;
use crate::format::xliff::write::{self, File, Spell, origin, translate};
use crate::translation::{Bitext, BitextSegment, BitextUnit, Note, Part, Proposal, Salience, State};

/// What stands before the first file; all files of a document have the languages of this bitext.
pub fn head(bitext: &Bitext, version: &str) -> Vec<u8> {
    let mut out = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_vec();
    let attributes = [
        ("xmlns", CORE),
        ("xmlns:mda", METADATA),
        ("version", version),
        ("srcLang", bitext.source_lang.as_deref().unwrap_or(UNKNOWN)),
        ("trgLang", bitext.target_lang.as_deref().unwrap_or_default()),
    ];
    Markup::new(&mut out).line(0, |m| m.start("xliff", &attributes));
    out
}

/// Appends a `file` and gives how many characters of the article were replaced. Targets are written where the bitext has them
/// and a language for them; `prefill` says what stands where it has none, [`Prefill::Copy`] being what a bitext has already.
pub fn push_file(bitext: &Bitext, layout: Layout, prefill: Prefill, out: &mut Vec<u8>) -> usize {
    write::push_file::<V2>(bitext, layout, prefill, out)
}

/// A name as an id (`NMTOKEN`): what may not stand in one is spelled by its number, and so is the mark of such numbers, so that
/// two names never make one id.
fn nmtoken(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') {
            out.push(c);
        } else {
            out += &format!("_{:X}_", u32::from(c));
        }
    }
    if out.is_empty() { "_".to_owned() } else { out }
}

/// The way of this version.
enum V2 {}

impl Spell for File<'_, V2> {
    fn push(&mut self, bitext: &Bitext, layout: Layout) {
        let id = nmtoken(&bitext.id);
        let proposes = bitext.units.iter().flat_map(BitextUnit::segments).any(|segment| !segment.proposals.is_empty());
        let space = if proposes { MATCHES } else { "" };
        self.markup.line(1, |m| m.start("file", &[("xmlns:mtc", space), ("id", &id), ("original", &bitext.original)]));
        self.metadata(2, |file| {
            file.markup.line(3, |m| m.start("mda:metaGroup", &[("category", "document")]));
            let article = ("article".to_owned(), bitext.id.clone());
            for (name, value) in [article].iter().chain(&bitext.properties) {
                file.markup.line(4, |m| m.leaf("mda:meta", &[("type", name)], value));
            }
            file.markup.line(3, |m| m.end("mda:metaGroup"));
        });
        self.notes(2, &[], &bitext.notes);
        for unit in &bitext.units {
            match layout {
                Layout::Paragraph => self.paragraph(2, unit),
                Layout::Sentence => self.group(unit),
            }
        }
        self.markup.line(1, |m| m.end("file"));
    }
}

impl File<'_, V2> {
    /// A paragraph as a unit.
    fn paragraph(&mut self, depth: usize, unit: &BitextUnit) {
        let segments: Vec<&BitextSegment> = unit.segments().collect();
        self.start_unit(depth, &unit.id, unit, &segments);
        self.proposals(depth + 1, &segments);
        if unit.start.is_some() || segments.iter().any(|segment| segment.salience.is_some()) {
            self.metadata(depth + 1, |file| {
                file.place(depth + 2, unit);
                file.saliences(depth + 2, &segments);
            });
        }
        self.notes(depth + 1, &segments, &unit.notes);
        for part in &unit.parts {
            match part {
                Part::Segment(segment) => self.segment(depth + 1, segment),
                Part::Ignorable { source, target } => self.ignorable(depth + 1, source, target.as_deref()),
            }
        }
        self.markup.line(depth, |m| m.end("unit"));
    }

    /// A paragraph as a group of units, each a sentence.
    fn group(&mut self, unit: &BitextUnit) {
        let kind = kind(unit);
        self.markup.line(2, |m| m.start("group", &[("id", &unit.id), ("translate", translate(unit.locked)), ("type", &kind)]));
        if unit.start.is_some() {
            self.metadata(3, |file| file.place(4, unit));
        }
        self.notes(3, &[], &unit.notes);
        for (number, segment) in (1..).zip(unit.segments()) {
            let made = format!("{}s{number}", unit.id);
            let id = if segment.id.is_empty() { &made } else { &segment.id };
            self.start_unit(3, id, unit, &[segment]);
            self.proposals(4, &[segment]);
            if segment.salience.is_some() {
                self.metadata(4, |file| file.saliences(5, &[segment]));
            }
            self.notes(4, &[segment], &[]);
            self.segment(4, segment);
            self.markup.line(3, |m| m.end("unit"));
        }
        self.markup.line(2, |m| m.end("group"));
    }

    /// What is locked, or is translated already, is not to be cut anew.
    fn start_unit(&mut self, depth: usize, id: &str, unit: &BitextUnit, segments: &[&BitextSegment]) {
        let filled = self.targets && segments.iter().any(|segment| segment.target.is_some() && segment.state != State::Initial);
        let can_resegment = if unit.locked || filled { "no" } else { "" };
        let kind = kind(unit);
        let attributes = [("id", id), ("canResegment", can_resegment), ("translate", translate(unit.locked)), ("type", &kind)];
        self.markup.line(depth, |m| m.start("unit", &attributes));
    }

    /// What a memory proposes: how like the sources are (`similarity`), what is left of a hundred for its target (`matchQuality`), and
    /// both together (`matchSuitability`).
    fn proposals(&mut self, depth: usize, segments: &[&BitextSegment]) {
        if segments.iter().all(|segment| segment.proposals.is_empty()) {
            return;
        }
        self.markup.line(depth, |m| m.start("mtc:matches", &[]));
        for segment in segments {
            for (number, proposal) in (1..).zip(&segment.proposals) {
                self.proposal(depth + 1, &segment.id, number, proposal);
            }
        }
        self.markup.line(depth, |m| m.end("mtc:matches"));
    }

    fn proposal(&mut self, depth: usize, segment: &str, number: usize, proposal: &Proposal) {
        let (kind, sub_kind) = match proposal.level {
            102 => ("icm", "epitome:document"),
            101 => ("icm", "epitome:neighbours"),
            100 => ("tm", "epitome:exact"),
            _ => ("tm", "epitome:fuzzy"),
        };
        let figures = [proposal.percent, 100 - (proposal.percent - proposal.score), proposal.score].map(|figure| figure.to_string());
        let attributes = [
            ("id", &*format!("{segment}.m{number}")),
            ("ref", &*format!("#{segment}")),
            ("type", kind),
            ("subType", sub_kind),
            ("similarity", &figures[0]),
            ("matchQuality", &figures[1]),
            ("matchSuitability", &figures[2]),
            ("origin", &origin(proposal)),
        ];
        self.markup.line(depth, |m| {
            m.start("mtc:match", &attributes);
            text(m, "source", &proposal.source);
            text(m, "target", &proposal.target);
            m.end("mtc:match");
        });
    }

    fn metadata(&mut self, depth: usize, groups: impl FnOnce(&mut Self)) {
        self.markup.line(depth, |m| m.start("mda:metadata", &[]));
        groups(self);
        self.markup.line(depth, |m| m.end("mda:metadata"));
    }

    fn place(&mut self, depth: usize, unit: &BitextUnit) {
        let Some(start) = unit.start else { return };
        self.markup.line(depth, |m| {
            m.start("mda:metaGroup", &[("category", "place")]);
            m.leaf("mda:meta", &[("type", "start")], &start.to_string());
            m.end("mda:metaGroup");
        });
    }

    /// What the summary thinks of sentences, each on a line.
    fn saliences(&mut self, depth: usize, segments: &[&BitextSegment]) {
        if segments.iter().all(|segment| segment.salience.is_none()) {
            return;
        }
        self.markup.line(depth, |m| m.start("mda:metaGroup", &[("category", "salience")]));
        for segment in segments {
            let Some(Salience { rank, score, weight, in_summary }) = &segment.salience else { continue };
            let meta = |m: &mut Markup, name: &str, value: &str| m.leaf("mda:meta", &[("type", &format!("{}.{name}", segment.id))], value);
            self.markup.line(depth + 1, |m| {
                rank.iter().for_each(|rank| meta(m, "rank", &rank.to_string()));
                meta(m, "score", &score.to_string());
                meta(m, "weight", &weight.to_string());
                meta(m, "in-summary", if *in_summary { "yes" } else { "no" });
            });
        }
        self.markup.line(depth, |m| m.end("mda:metaGroup"));
    }

    /// The notes of sentences and those of the whole. Their ids say whose they are: `p3s2.1` is the first of the sentence `p3s2`,
    /// `p3s2.salience` what the summary thinks of it, `n1` the first of the whole.
    fn notes(&mut self, depth: usize, segments: &[&BitextSegment], whole: &[Note]) {
        let told = |segment: &&BitextSegment| segment.salience.as_ref().is_some_and(|salience| salience.rank.is_some());
        if whole.is_empty() && segments.iter().all(|segment| segment.notes.is_empty() && !told(segment)) {
            return;
        }
        self.markup.line(depth, |m| m.start("notes", &[]));
        for segment in segments {
            segment.salience.iter().for_each(|salience| self.salience_note(depth + 1, &segment.id, salience));
            for (number, note) in (1..).zip(&segment.notes) {
                self.note(depth + 1, &format!("{}.{number}", segment.id), note);
            }
        }
        for (number, note) in (1..).zip(whole) {
            self.note(depth + 1, &format!("n{number}"), note);
        }
        self.markup.line(depth, |m| m.end("notes"));
    }

    fn salience_note(&mut self, depth: usize, segment: &str, salience: &Salience) {
        let Some((text, priority)) = salience_note(salience, self.candidates) else { return };
        let id = format!("{segment}.salience");
        let attributes = [("id", &*id), ("appliesTo", "source"), ("category", "salience"), ("priority", priority)];
        self.markup.line(depth, |m| m.leaf("note", &attributes, &format!("{segment}: {text}")));
    }

    fn note(&mut self, depth: usize, id: &str, note: &Note) {
        let priority = if note.priority == 0 { String::new() } else { note.priority.to_string() };
        let attributes = [("id", id), ("category", &note.category), ("priority", &priority)];
        self.markup.line(depth, |m| m.leaf("note", &attributes, &note.text));
    }

    fn segment(&mut self, depth: usize, segment: &BitextSegment) {
        let review = if segment.unsure && segment.state == State::Translated { REVIEW } else { "" };
        let attributes = [("id", &*segment.id), ("state", state_name(segment.state)), ("subState", review)];
        self.markup.line(depth, |m| m.start("segment", &attributes));
        self.markup.line(depth + 1, |m| text(m, "source", &segment.source));
        match segment.target.as_ref().filter(|_| self.targets) {
            Some(target) => self.markup.line(depth + 1, |m| text(m, "target", target)),
            None if self.empty => self.markup.line(depth + 1, |m| m.empty("target", &[])),
            None => {}
        }
        self.markup.line(depth, |m| m.end("segment"));
    }

    fn ignorable(&mut self, depth: usize, source: &str, target: Option<&str>) {
        self.markup.line(depth, |m| {
            m.start("ignorable", &[]);
            text(m, "source", source);
            target.filter(|_| self.targets).into_iter().for_each(|target| text(m, "target", target));
            m.end("ignorable");
        });
    }
}

/// A source or target. Where blanks matter it says so, for not every reader looks further up.
fn text(m: &mut Markup, element: &str, text: &str) {
    let blanks = text.starts_with(' ') || text.ends_with(' ') || text.contains("  ") || text.contains(['\n', '\r', '\t']);
    m.start(element, &[("xml:space", if blanks { "preserve" } else { "" })]);
    m.text_with(text, |c, out| write!(out, "<cp hex=\"{:04X}\"/>", u32::from(c)).expect("memory takes every byte"));
    m.end(element);
}

/// The kind of a unit; values of one's own have a prefix (section 4.3.1.35).
fn kind(unit: &BitextUnit) -> String {
    if unit.kind.is_empty() { String::new() } else { format!("epitome:{}", unit.kind) }
}

fn state_name(state: State) -> &'static str {
    match state {
        State::Initial => "initial",
        State::Translated => "translated",
        State::Reviewed => "reviewed",
        State::Final => "final",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::bitext::tests::{proposed, sample};
    use crate::format::xliff::write::FOOT;

    fn written(bitext: &Bitext, layout: Layout, prefill: Prefill) -> (String, usize) {
        let mut out = head(bitext, "2.1");
        let replaced = push_file(bitext, layout, prefill, &mut out);
        out.extend_from_slice(FOOT.as_bytes());
        (String::from_utf8(out).expect("UTF-8"), replaced)
    }

    #[test]
    fn a_paragraph_is_a_unit() {
        let (written, replaced) = written(&sample(), Layout::Paragraph, Prefill::Omit);
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" xmlns:mda="urn:oasis:names:tc:xliff:metadata:2.0" version="2.1" srcLang="en" trgLang="de">
 <file id="a_20_b" original="a b.txt">
  <mda:metadata>
   <mda:metaGroup category="document">
    <mda:meta type="article">a b</mda:meta>
    <mda:meta type="title">R&amp;D</mda:meta>
    <mda:meta type="candidates">20</mda:meta>
   </mda:metaGroup>
  </mda:metadata>
  <notes>
   <note id="n1" category="context">title: R&amp;D</note>
  </notes>
  <unit id="t" canResegment="no" translate="no" type="epitome:title">
   <segment id="t1" state="initial">
    <source>R&amp;D</source>
    <target>R&amp;D</target>
   </segment>
  </unit>
  <unit id="p1" canResegment="no" type="epitome:body">
   <mda:metadata>
    <mda:metaGroup category="place"><mda:meta type="start">0</mda:meta></mda:metaGroup>
    <mda:metaGroup category="salience">
     <mda:meta type="p1s1.rank">3</mda:meta><mda:meta type="p1s1.score">0.25</mda:meta><mda:meta type="p1s1.weight">0.125</mda:meta><mda:meta type="p1s1.in-summary">yes</mda:meta>
    </mda:metaGroup>
   </mda:metadata>
   <notes>
    <note id="p1s1.salience" appliesTo="source" category="salience" priority="2">p1s1: rank 3 of 20, in the summary</note>
    <note id="p1s1.1" category="context">before p1s1: Zero.</note>
   </notes>
   <segment id="p1s1" state="translated">
    <source>One<cp hex="0001"/> &lt; two.</source>
    <target>Eins.</target>
   </segment>
   <ignorable><source xml:space="preserve">
</source></ignorable>
   <segment id="p1s2" state="initial">
    <source>Three.</source>
   </segment>
  </unit>
 </file>
</xliff>
"#;
        assert_eq!((written.as_str(), replaced), (expected, 0));
    }

    #[test]
    fn a_sentence_is_a_unit_of_a_group() {
        let (written, _) = written(&sample(), Layout::Sentence, Prefill::Empty);
        let expected = r#"  <group id="p1" type="epitome:body">
   <mda:metadata>
    <mda:metaGroup category="place"><mda:meta type="start">0</mda:meta></mda:metaGroup>
   </mda:metadata>
   <unit id="p1s1" canResegment="no" type="epitome:body">
"#;
        assert!(written.contains(expected), "{written}");
        let empty = "    <segment id=\"p1s2\" state=\"initial\">\n     <source>Three.</source>\n     <target/>\n";
        assert!(written.contains(empty) && !written.contains("ignorable"), "{written}");
    }

    #[test]
    fn proposals_are_matches_of_the_unit() {
        let written_with = |levels, layout| written(&proposed(levels), layout, Prefill::Omit).0;
        let expected = r##"   <mtc:matches>
    <mtc:match id="p1s2.m1" ref="#p1s2" type="icm" subType="epitome:document" similarity="100" matchQuality="100" matchSuitability="100" origin="a b#7"><source>Three.</source><target>Drei.</target></mtc:match>
    <mtc:match id="p1s2.m2" ref="#p1s2" type="tm" subType="epitome:fuzzy" similarity="79" matchQuality="95" matchSuitability="74" origin="memory#8"><source>Thr&lt;ee.</source><target>Dr<cp hex="0001"/>ei.</target></mtc:match>
   </mtc:matches>
   <mda:metadata>
"##;
        let all = written_with([102, 74], Layout::Paragraph);
        assert!(all.contains(expected) && all.contains(" xmlns:mtc=\"urn:oasis:names:tc:xliff:matches:2.0\""), "{all}");
        assert!(all.contains("<segment id=\"p1s2\" state=\"translated\">"), "{all}");
        let review = "<segment id=\"p1s2\" state=\"translated\" subState=\"epitome:needs-review\">";
        let sentences = written_with([100, 74], Layout::Sentence);
        assert!(sentences.contains(review) && sentences.contains(" type=\"tm\" subType=\"epitome:exact\" "), "{sentences}");
        assert!(written_with([101, 74], Layout::Sentence).contains(" type=\"icm\" subType=\"epitome:neighbours\" "));
    }

    #[test]
    fn without_a_language_there_are_no_targets() {
        let (written, _) = written(&Bitext { target_lang: None, source_lang: None, ..sample() }, Layout::Paragraph, Prefill::Empty);
        assert!(!written.contains("target") && !written.contains("trgLang") && written.contains(" srcLang=\"und\""), "{written}");
    }

    #[test]
    fn ids_are_tokens_and_two_names_make_two() {
        let names = ["a b", "a_20_b", "a_b", "a/b", "A.b-c", "é", "", "_"];
        let ids: Vec<String> = names.iter().map(|name| nmtoken(name)).collect();
        assert_eq!(ids, ["a_20_b", "a_5F_20_5F_b", "a_5F_b", "a_2F_b", "A.b-c", "_E9_", "_", "_5F_"]);
    }
}
