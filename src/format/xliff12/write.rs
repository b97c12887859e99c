//! Writing it: strict XLIFF 1.2, section by section of the specification. A sentence is a `trans-unit` in a `group` that is its
//! paragraph, or a paragraph is a `trans-unit` whose sentences are marked by `mrk mtype="seg"`. It says nothing in namespaces of
//! its own: salience and places are `context-group`s, properties and words to people are `note`s. What XML cannot hold becomes
//! U+FFFD, and is counted.

use super::CORE;
use crate::format::bitext::{Layout, Prefill, UNKNOWN, salience_note};
use crate::format::markup::{Attributes, Markup};
use crate::format::xliff::write::{self, File, Spell, origin, translate};
use crate::translation::{Bitext, BitextSegment, BitextUnit, Note, Part, Proposal, Salience, State};

/// What stands before the first file.
pub fn head() -> Vec<u8> {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff xmlns=\"{CORE}\" version=\"1.2\">\n").into_bytes()
}

/// Appends a `file` and gives how many characters of the article were replaced. Targets are written where the bitext has them
/// and a language for them; `prefill` says what stands where it has none, [`Prefill::Copy`] being what a bitext has already.
pub fn push_file(bitext: &Bitext, layout: Layout, prefill: Prefill, out: &mut Vec<u8>) -> usize {
    write::push_file::<V12>(bitext, layout, prefill, out)
}

/// The way of this version.
enum V12 {}

impl Spell for File<'_, V12> {
    fn push(&mut self, bitext: &Bitext, layout: Layout) {
        let original = if bitext.original.is_empty() { &bitext.id } else { &bitext.original };
        let attributes = [
            ("original", original.as_str()),
            ("source-language", bitext.source_lang.as_deref().unwrap_or(UNKNOWN)),
            ("target-language", bitext.target_lang.as_deref().unwrap_or_default()),
            ("datatype", "plaintext"),
            ("tool-id", "epitome"),
        ];
        self.markup.line(1, |m| m.start("file", &attributes));
        self.header(bitext);
        self.markup.line(2, |m| m.start("body", &[]));
        for unit in &bitext.units {
            match layout {
                Layout::Sentence => self.group(unit),
                Layout::Paragraph => self.paragraph(unit),
            }
        }
        self.markup.line(2, |m| m.end("body"));
        self.markup.line(1, |m| m.end("file"));
    }
}

impl File<'_, V12> {
    fn header(&mut self, bitext: &Bitext) {
        let tool = [("tool-id", "epitome"), ("tool-name", "epitome"), ("tool-version", env!("CARGO_PKG_VERSION"))];
        self.markup.line(2, |m| m.start("header", &[]));
        self.markup.line(3, |m| m.empty("tool", &tool));
        self.markup.line(3, |m| m.leaf("note", &[("from", "article")], &bitext.id));
        for (name, value) in &bitext.properties {
            self.markup.line(3, |m| m.leaf("note", &[("from", name)], value));
        }
        bitext.notes.iter().for_each(|note| self.note(3, note, None));
        self.markup.line(2, |m| m.end("header"));
    }

    /// A paragraph as a group of sentences.
    fn group(&mut self, unit: &BitextUnit) {
        let restype = restype(unit);
        self.markup.line(3, |m| m.start("group", &[("id", &unit.id), ("translate", translate(unit.locked)), ("restype", &restype)]));
        self.place(4, unit);
        unit.notes.iter().for_each(|note| self.note(4, note, None));
        for (number, segment) in (1..).zip(unit.segments()) {
            let made = format!("{}s{number}", unit.id);
            let id = if segment.id.is_empty() { &made } else { &segment.id };
            self.start_unit(4, id, unit, &restype);
            self.markup.line(5, |m| m.leaf("source", &[], &segment.source));
            self.target(unit, segment);
            segment.proposals.iter().for_each(|proposal| self.proposal(5, "", proposal));
            segment.salience.iter().for_each(|salience| self.salience(5, id, "", salience));
            segment.salience.iter().for_each(|salience| self.salience_note(5, "", salience));
            segment.notes.iter().for_each(|note| self.note(5, note, None));
            self.markup.line(4, |m| m.end("trans-unit"));
        }
        self.markup.line(3, |m| m.end("group"));
    }

    /// A paragraph as a unit.
    fn paragraph(&mut self, unit: &BitextUnit) {
        self.start_unit(3, &unit.id, unit, &restype(unit));
        let source: String = unit.parts.iter().map(source).collect();
        self.markup.line(4, |m| m.leaf("source", &[], &source));
        self.marked("seg-source", &[], unit, |segment| Some(&segment.source), |blanks, _| blanks);
        if self.targets && (self.empty || unit.segments().any(|segment| segment.target.is_some())) {
            let translated: Vec<&BitextSegment> = unit.segments().filter(|segment| segment.target.is_some()).collect();
            let attributes = state_of(unit, &translated);
            self.marked("target", &attributes, unit, |segment| segment.target.as_ref(), |blanks, target| target.unwrap_or(blanks));
        }
        for segment in unit.segments() {
            segment.proposals.iter().for_each(|proposal| self.proposal(4, &segment.id, proposal));
        }
        self.place(4, unit);
        for segment in unit.segments() {
            let prefix = format!("{}.", segment.id);
            segment.salience.iter().for_each(|salience| self.salience(4, &segment.id, &prefix, salience));
        }
        for segment in unit.segments() {
            let prefix = format!("{}: ", segment.id);
            segment.salience.iter().for_each(|salience| self.salience_note(4, &prefix, salience));
            segment.notes.iter().for_each(|note| self.note(4, note, Some(&segment.id)));
        }
        unit.notes.iter().for_each(|note| self.note(4, note, None));
        self.markup.line(3, |m| m.end("trans-unit"));
    }

    fn start_unit(&mut self, depth: usize, id: &str, unit: &BitextUnit, restype: &str) {
        let attributes = [("id", id), ("translate", translate(unit.locked)), ("xml:space", "preserve"), ("restype", restype)];
        self.markup.line(depth, |m| m.start("trans-unit", &attributes));
    }

    fn target(&mut self, unit: &BitextUnit, segment: &BitextSegment) {
        match segment.target.as_ref().filter(|_| self.targets) {
            Some(target) => {
                let attributes = state_of(unit, &[segment]);
                self.second(|m| m.line(5, |m| m.leaf("target", &attributes, target)));
            }
            None if self.empty => self.markup.line(5, |m| m.leaf("target", &[("state", "new")], "")),
            None => {}
        }
    }

    /// The sentences of a unit, marked, with the blanks between them.
    fn marked<'u>(
        &mut self,
        element: &str,
        attributes: Attributes,
        unit: &'u BitextUnit,
        text: impl Fn(&'u BitextSegment) -> Option<&'u String>,
        blanks: impl Fn(&'u String, Option<&'u String>) -> &'u String,
    ) {
        let mark = |m: &mut Markup, part: &'u Part| match part {
            Part::Segment(segment) => {
                m.leaf("mrk", &[("mtype", "seg"), ("mid", &segment.id)], text(segment).map_or("", String::as_str));
            }
            Part::Ignorable { source, target } => m.text(blanks(source, target.as_ref())),
        };
        self.second(|m| {
            m.line(4, |m| {
                m.start(element, attributes);
                unit.parts.iter().for_each(|part| mark(m, part));
                m.end(element);
            });
        });
    }

    /// What a memory proposes; where a unit has several sentences, with the mark of its own. What is replaced in it is not the article's.
    fn proposal(&mut self, depth: usize, mid: &str, proposal: &Proposal) {
        let quality = format!("{}%", proposal.score);
        let origin = origin(proposal);
        let attributes =
            [("match-quality", quality.as_str()), ("tool-id", "epitome"), ("origin", &origin), ("mid", mid), ("alttranstype", "proposal")];
        self.second(|m| {
            m.line(depth, |m| {
                m.start("alt-trans", &attributes);
                m.leaf("source", &[], &proposal.source);
                m.leaf("target", &[("state-qualifier", qualifier(proposal.level))], &proposal.target);
                m.end("alt-trans");
            });
        });
    }

    /// Writes what the file has already said once, so that what is replaced in it does not count again.
    fn second(&mut self, write: impl FnOnce(&mut Markup)) {
        let replaced = self.markup.replaced;
        write(&mut self.markup);
        self.markup.replaced = replaced;
    }

    /// Names of context groups are unique in a file.
    fn place(&mut self, depth: usize, unit: &BitextUnit) {
        let Some(start) = unit.start else { return };
        let name = format!("place-{}", unit.id);
        self.contexts(depth, &name, &[("x-start".to_owned(), start.to_string())]);
    }

    fn salience(&mut self, depth: usize, id: &str, prefix: &str, salience: &Salience) {
        let Salience { rank, score, weight, in_summary } = salience;
        let rank = rank.map(|rank| (format!("x-{prefix}rank"), rank.to_string()));
        let others = [
            (format!("x-{prefix}score"), score.to_string()),
            (format!("x-{prefix}weight"), weight.to_string()),
            (format!("x-{prefix}in-summary"), if *in_summary { "yes" } else { "no" }.to_owned()),
        ];
        let all: Vec<(String, String)> = rank.into_iter().chain(others).collect();
        self.contexts(depth, &format!("salience-{id}"), &all);
    }

    fn contexts(&mut self, depth: usize, name: &str, contexts: &[(String, String)]) {
        self.markup.line(depth, |m| {
            m.start("context-group", &[("name", name), ("purpose", "information")]);
            contexts.iter().for_each(|(kind, value)| m.leaf("context", &[("context-type", kind)], value));
            m.end("context-group");
        });
    }

    fn salience_note(&mut self, depth: usize, prefix: &str, salience: &Salience) {
        let Some((text, priority)) = salience_note(salience, self.candidates) else { return };
        let attributes = [("priority", priority), ("from", "epitome"), ("annotates", "source")];
        self.markup.line(depth, |m| m.leaf("note", &attributes, &format!("{prefix}{text}")));
    }

    /// A note; where a unit has several sentences, who it is from also says to which.
    fn note(&mut self, depth: usize, note: &Note, segment: Option<&str>) {
        let from = segment.map_or(note.category.clone(), |id| format!("{} {id}", note.category));
        let priority = if note.priority == 0 { String::new() } else { note.priority.to_string() };
        self.markup.line(depth, |m| m.leaf("note", &[("priority", &priority), ("from", &from)], &note.text));
    }
}

fn source(part: &Part) -> &str {
    match part {
        Part::Segment(segment) => &segment.source,
        Part::Ignorable { source, .. } => source,
    }
}

fn restype(unit: &BitextUnit) -> String {
    if unit.kind.is_empty() { String::new() } else { format!("x-{}", unit.kind) }
}

/// What a target says of how far it is, which is how far the least of its segments is, and whether a memory gave it.
fn state_of(unit: &BitextUnit, segments: &[&BitextSegment]) -> [(&'static str, &'static str); 2] {
    let least = segments.iter().map(|segment| (segment.state, !segment.unsure)).min();
    let state = least.map_or("new", |(state, sure)| state_name(unit, state, sure));
    let level = segments.iter().map(|segment| segment.leveraged).min().flatten();
    [("state", state), ("state-qualifier", level.map_or("", qualifier))]
}

/// How a translation of a memory came about, in the words of the format.
fn qualifier(level: u8) -> &'static str {
    match level {
        102 => "id-match",
        100 | 101 => "exact-match",
        _ => "fuzzy-match",
    }
}

/// States of section 2.3 that stand for ours. A target that is no translation needs one, unless the unit is locked.
fn state_name(unit: &BitextUnit, state: State, sure: bool) -> &'static str {
    match state {
        State::Translated if !sure => "needs-review-translation",
        State::Initial if unit.locked => "final",
        State::Initial => "needs-translation",
        State::Translated => "translated",
        State::Reviewed => "signed-off",
        State::Final => "final",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::bitext::tests::{proposed, sample};
    use crate::format::xliff::write::FOOT;

    fn written(bitext: &Bitext, layout: Layout, prefill: Prefill) -> (String, usize) {
        let mut out = head();
        let replaced = push_file(bitext, layout, prefill, &mut out);
        out.extend_from_slice(FOOT.as_bytes());
        (String::from_utf8(out).expect("UTF-8"), replaced)
    }

    #[test]
    fn a_sentence_is_a_unit() {
        let (written, replaced) = written(&sample(), Layout::Sentence, Prefill::Copy);
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">
 <file original="a b.txt" source-language="en" target-language="de" datatype="plaintext" tool-id="epitome">
  <header>
   <tool tool-id="epitome" tool-name="epitome" tool-version="VERSION"/>
   <note from="article">a b</note>
   <note from="title">R&amp;D</note>
   <note from="candidates">20</note>
   <note from="context">title: R&amp;D</note>
  </header>
  <body>
   <group id="t" translate="no" restype="x-title">
    <trans-unit id="t1" translate="no" xml:space="preserve" restype="x-title">
     <source>R&amp;D</source>
     <target state="final">R&amp;D</target>
    </trans-unit>
   </group>
   <group id="p1" restype="x-body">
    <context-group name="place-p1" purpose="information"><context context-type="x-start">0</context></context-group>
    <trans-unit id="p1s1" xml:space="preserve" restype="x-body">
     <source>One� &lt; two.</source>
     <target state="translated">Eins.</target>
     <context-group name="salience-p1s1" purpose="information"><context context-type="x-rank">3</context><context context-type="x-score">0.25</context><context context-type="x-weight">0.125</context><context context-type="x-in-summary">yes</context></context-group>
     <note priority="2" from="epitome" annotates="source">rank 3 of 20, in the summary</note>
     <note from="context">before p1s1: Zero.</note>
    </trans-unit>
    <trans-unit id="p1s2" xml:space="preserve" restype="x-body">
     <source>Three.</source>
    </trans-unit>
   </group>
  </body>
 </file>
</xliff>
"#;
        assert_eq!((written, replaced), (expected.replace("VERSION", env!("CARGO_PKG_VERSION")), 1));
    }

    #[test]
    fn a_paragraph_marks_its_sentences() {
        let (written, _) = written(&sample(), Layout::Paragraph, Prefill::Omit);
        let expected = r#"   <trans-unit id="p1" xml:space="preserve" restype="x-body">
    <source>One� &lt; two.
Three.</source>
    <seg-source><mrk mtype="seg" mid="p1s1">One� &lt; two.</mrk>
<mrk mtype="seg" mid="p1s2">Three.</mrk></seg-source>
    <target state="translated"><mrk mtype="seg" mid="p1s1">Eins.</mrk>
<mrk mtype="seg" mid="p1s2"></mrk></target>
    <context-group name="place-p1" purpose="information"><context context-type="x-start">0</context></context-group>
    <context-group name="salience-p1s1" purpose="information"><context context-type="x-p1s1.rank">3</context><context context-type="x-p1s1.score">0.25</context><context context-type="x-p1s1.weight">0.125</context><context context-type="x-p1s1.in-summary">yes</context></context-group>
    <note priority="2" from="epitome" annotates="source">p1s1: rank 3 of 20, in the summary</note>
    <note from="context p1s1">before p1s1: Zero.</note>
   </trans-unit>
"#;
        assert!(written.contains(expected), "{written}");
    }

    #[test]
    fn proposals_stand_behind_the_target_and_say_how_sure_they_are() {
        let written_with = |levels, layout| written(&proposed(levels), layout, Prefill::Omit).0;
        let expected = r#"     <target state="translated" state-qualifier="id-match">Drei.</target>
     <alt-trans match-quality="100%" tool-id="epitome" origin="a b#7" alttranstype="proposal"><source>Three.</source><target state-qualifier="id-match">Drei.</target></alt-trans>
     <alt-trans match-quality="74%" tool-id="epitome" origin="memory#8" alttranstype="proposal"><source>Thr&lt;ee.</source><target state-qualifier="fuzzy-match">Dr�ei.</target></alt-trans>
"#;
        let all = written_with([102, 74], Layout::Sentence);
        assert!(all.contains(expected), "{all}");
        assert!(written_with([101, 74], Layout::Sentence).contains("<target state=\"translated\" state-qualifier=\"exact-match\">Drei."));
        let review = "<target state=\"needs-review-translation\" state-qualifier=\"exact-match\">Drei.</target>";
        assert!(written_with([100, 74], Layout::Sentence).contains(review));
        let paragraph = written_with([100, 74], Layout::Paragraph);
        assert!(
            paragraph.contains("<target state=\"needs-review-translation\"><mrk") && paragraph.contains(" mid=\"p1s2\" "),
            "{paragraph}"
        );
        // What is replaced in proposals is not the article's.
        assert_eq!(written(&proposed([102, 74]), Layout::Sentence, Prefill::Omit).1, 1);
    }

    #[test]
    fn empty_targets_are_new_and_without_a_language_there_are_none() {
        let (empty, _) = written(&sample(), Layout::Sentence, Prefill::Empty);
        assert!(empty.contains("<source>Three.</source>\n     <target state=\"new\"></target>\n"), "{empty}");
        let (without, _) = written(&Bitext { target_lang: None, ..sample() }, Layout::Sentence, Prefill::Empty);
        assert!(!without.contains("<target") && !without.contains("target-language"), "{without}");
        let (unknown, _) = written(&Bitext { source_lang: None, ..sample() }, Layout::Paragraph, Prefill::Empty);
        assert!(unknown.contains(" source-language=\"und\""), "{unknown}");
    }
}
