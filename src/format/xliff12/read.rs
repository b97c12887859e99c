//! Reading it, as real tools save it: with the segments of a paragraph marked in `seg-source` and `target` or each sentence a unit,
//! with what Trados Studio and memoQ say of states in attributes of their own. Inline codes are taken out of the text and
//! counted; proposals (`alt-trans`) and binary units are passed over.

use super::super::xliff::Each;
use super::super::xliff::gather::{self, ARTICLE, Gather, Group, add_salience, files, give_notes, head, known_lang, priority};
use super::super::xliff::tags::{Inline, MEMOQ, Space, Tag, Tags};
use super::super::xml::Element;
use super::pieces::{set_parts, settled};
use crate::error::Result;
use crate::translation::bitext::PROPERTIES;
use crate::translation::{Bitext, Note, Salience, State};

/// Reads every `<file>` after the root element.
pub(in crate::format) fn read(tags: &mut Tags, each: Each) -> Result<()> {
    let lang = |tag: &Tag, name: &str| known_lang(tag.get(name));
    let open = |tag: &Tag| Bitext {
        id: tag.take("original"),
        original: tag.take("original"),
        source_lang: lang(tag, "source-language"),
        target_lang: lang(tag, "target-language"),
        ..Bitext::default()
    };
    files(tags, open, children, each)
}

/// What a file, its body or a group holds.
fn children(tags: &mut Tags, gather: &mut Gather, mut group: Option<Group>, locked: bool) -> Result<()> {
    while let Some(tag) = tags.child()? {
        match (tag.space, tag.name) {
            (Space::Core, "header") => header(tags, gather)?,
            (Space::Core, "body") => children(tags, gather, None, locked)?,
            (Space::Core, "group") => gather::group(tags, gather, head(&tag, kind(&tag), locked), children)?,
            (Space::Core, "trans-unit") => trans_unit(tags, gather, group.as_ref(), &tag, locked)?,
            (Space::Core, "context-group") => {
                let mut said = Contexts::default();
                said.read(tags, "")?;
                if let Some(group) = &mut group {
                    group.unit.start = said.start.or(group.unit.start);
                }
            }
            (Space::Core, "note") => {
                let note = note(tags, &tag)?;
                gather.notes(group.as_mut(), note);
            }
            _ => tags.skip()?,
        }
    }
    Ok(())
}

/// The notes of a header are properties, each under its name, or else notes to the whole.
fn header(tags: &mut Tags, gather: &mut Gather) -> Result<()> {
    while let Some(tag) = tags.child()? {
        match tag.get("from") {
            Some(name) if tag.is("note") && (name == ARTICLE || PROPERTIES.contains(&name)) => {
                let name = name.to_owned();
                gather.property(name, tags.text()?.to_owned());
            }
            _ if tag.is("note") => gather.bitext.notes.extend(note(tags, &tag)?),
            _ => tags.skip()?,
        }
    }
    tags.article = Some(gather.bitext.id.clone());
    Ok(())
}

/// The kind of a paragraph, by the element of a unit or group.
fn kind(tag: &Tag) -> Option<&str> {
    tag.get("restype")?.strip_prefix("x-")
}

fn trans_unit(tags: &mut Tags, gather: &mut Gather, group: Option<&Group>, tag: &Tag, locked: bool) -> Result<()> {
    let mut unit = head(tag, kind(tag), locked);
    let (mut source, mut segmented, mut target) = (None, None, None);
    let mut said = Contexts::default();
    let (mut states, mut told) = (States::of_unit(tag), Vec::new());
    while let Some(tag) = tags.child()? {
        match (tag.space, tag.name) {
            (Space::Core, "source") => source = source.or(Some(tags.content(inline)?)),
            (Space::Core, "seg-source") => segmented = segmented.or(Some(tags.content(inline)?)),
            (Space::Core, "target") => {
                states.of_target(&tag, gather);
                gather.target_lang(&tag);
                let read = tags.target(inline)?;
                if read.is_none() {
                    gather.unread(tag.line, &unit.id);
                }
                target = target.or(read);
            }
            (Space::Core, "context-group") => said.read(tags, &unit.id)?,
            (Space::Core, "note") => told.extend(note(tags, &tag)?.map(|note| (named_in(&note.category), note))),
            (Space::Sdl, "seg-defs") => states.of_trados(tags)?,
            _ => tags.skip()?,
        }
    }
    let segmented = segmented.filter(|pieces| !pieces.is_empty());
    let segmented = segmented.map(|pieces| settled(pieces, source.as_deref().unwrap_or_default()));
    let Some(source) = segmented.or(source) else {
        gather.warn(unit.line, format!("the unit {:?} has no source, passed over", unit.id));
        return Ok(());
    };
    unit.start = said.start;
    set_parts(&mut unit, source, target, &states, |cause| gather.warn(tag.line, cause));
    give_notes(&mut unit, told, without_id);
    gather.unit(unit, said.salience, group);
    Ok(())
}

/// Whose a note is: where a unit has several sentences, the id of one stands behind the category.
fn named_in(category: &str) -> String {
    category.rsplit_once(' ').map_or("", |(_, id)| id).to_owned()
}

fn without_id(mut note: Note) -> Note {
    note.category.truncate(note.category.rfind(' ').unwrap_or(note.category.len()));
    note
}

/// Bare notes with what they say; those that are made from something else that is read are left out.
fn note(tags: &mut Tags, tag: &Tag) -> Result<Option<Note>> {
    let text = tags.text()?;
    let category = tag.take("from");
    Ok((category != "epitome").then(|| Note { category, priority: priority(tag), text: text.to_owned() }))
}

/// What contexts of ours say.
#[derive(Default)]
struct Contexts {
    salience: Vec<(String, Salience)>,
    start: Option<u32>,
}

impl Contexts {
    fn read(&mut self, tags: &mut Tags, unit: &str) -> Result<()> {
        while let Some(tag) = tags.child()? {
            let name = tag.get("context-type").and_then(|name| name.strip_prefix("x-")).unwrap_or_default();
            if !tag.is("context") || name.is_empty() {
                tags.skip()?;
                continue;
            }
            let value = tags.text()?;
            match name {
                "start" => self.start = value.trim().parse().ok(),
                _ => add_salience(&mut self.salience, unit, name, value),
            }
        }
        Ok(())
    }
}

fn inline(element: &Element, core: bool) -> Inline {
    if !core {
        return Inline::Dropped;
    }
    match element.name() {
        "g" => Inline::Code,
        "x" if element.get("ctype").as_deref() == Some("lb") => Inline::Character('\n'),
        "mrk" => match element.get("mtype").as_deref() {
            Some("seg") => Inline::Segment(element.get("mid").unwrap_or_default().into_owned()),
            // What a reviser struck out with changes tracked.
            Some("x-sdl-deleted") => Inline::Dropped,
            _ => Inline::Text,
        },
        // The other half of a pair that was counted.
        "ept" | "ex" => Inline::Dropped,
        _ => Inline::Native,
    }
}

/// How far the translations of a unit are, as far as anything tells.
#[derive(Default)]
pub(super) struct States {
    unit: Option<State>,
    /// Somebody is to look at what is no more than translated.
    unsure: bool,
    approved: bool,
    /// By the ids of segments, with whether somebody is to look at them.
    segments: Vec<(String, State, bool)>,
}

impl States {
    fn of_unit(tag: &Tag) -> States {
        let status = tag.get_ns(MEMOQ, "status");
        let unsure = status.is_some_and(|status| UNSURE_MEMOQ.contains(&status));
        States { unit: status.map(of_memoq), unsure, approved: tag.get("approved") == Some("yes"), segments: Vec::new() }
    }

    fn of_target(&mut self, tag: &Tag, gather: &mut Gather) {
        self.unsure |= tag.get("state-qualifier").is_some_and(|how| UNSURE.contains(&how) || how.starts_with("rejected-"));
        let Some(name) = tag.get("state") else { return };
        self.unsure |= name.starts_with("needs-") && name != "needs-translation";
        match of_core(name) {
            Some(state) => self.unit = self.unit.or(Some(state)),
            None => gather.warn(tag.line, format!("the state {name:?} is none of the format's")),
        }
    }

    /// The states of segments in `sdl:seg-defs`.
    fn of_trados(&mut self, tags: &mut Tags) -> Result<()> {
        while let Some(tag) = tags.child()? {
            let (state, unsure) = match tag.get("conf") {
                Some("Translated") => (State::Translated, false),
                Some("RejectedTranslation" | "RejectedSignOff") => (State::Translated, true),
                Some("ApprovedTranslation") => (State::Reviewed, false),
                Some("ApprovedSignOff") => (State::Final, false),
                conf => (State::Initial, conf == Some("Draft")),
            };
            self.segments.push((tag.take("id"), state, unsure));
            tags.skip()?;
        }
        Ok(())
    }

    /// The state of a segment with that source and target, and whether somebody is to look at it.
    pub(super) fn state(&self, mid: &str, source: &str, target: Option<&str>) -> (State, bool) {
        let Some(target) = target else { return (State::Initial, false) };
        let known = self.segments.iter().find(|(id, ..)| id == mid).map(|(_, state, unsure)| (Some(*state), *unsure));
        let (known, unsure) = known.unwrap_or((self.unit, self.unsure));
        let usual = if target == source { State::Initial } else { State::Translated };
        let least = if self.approved { State::Reviewed } else { State::Initial };
        let state = known.unwrap_or(usual).max(least);
        (state, unsure && state <= State::Translated)
    }
}

/// Ways in which a translation came about (`state-qualifier`) that nobody answers for.
const UNSURE: &[&str] = &["fuzzy-match", "leveraged-mt", "mt-suggestion", "tm-suggestion"];

/// What memoQ says of translations that nobody answers for.
const UNSURE_MEMOQ: &[&str] = &["Rejected", "PartiallyEdited", "Pretranslated", "MachineTranslated", "AssembledFromFragments"];

/// The states of the format (section 3.1), on the scale of XLIFF 2.
fn of_core(state: &str) -> Option<State> {
    Some(match state {
        "new" | "needs-translation" => State::Initial,
        "translated" | "needs-adaptation" | "needs-l10n" => State::Translated,
        "needs-review-translation" | "needs-review-adaptation" | "needs-review-l10n" => State::Translated,
        "signed-off" => State::Reviewed,
        "final" => State::Final,
        own if own.starts_with("x-") => State::Initial,
        _ => return None,
    })
}

fn of_memoq(status: &str) -> State {
    match status {
        "PartiallyEdited" | "Edited" | "ManuallyConfirmed" | "ConfirmedTranslator" | "Confirmed" | "Rejected" => State::Translated,
        "ConfirmedReviewer1" | "Reviewed" => State::Reviewed,
        "Proofread" | "ConfirmedProofreader" => State::Final,
        _ => State::Initial,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::xliff::tests::{shown, shown_with_faults};

    fn file(inner: &str) -> String {
        format!(
            "<xliff xmlns='urn:oasis:names:tc:xliff:document:1.2' xmlns:sdl='http://sdl.com/FileTypes/SdlXliff/1.0' xmlns:mq='MQXliff' version='1.2'>\n<file original='a.txt' source-language='en' target-language='de'>{inner}</file></xliff>"
        )
    }

    #[test]
    fn a_sentence_a_unit_with_what_omegat_leaves_of_states() {
        let text = file(concat!(
            "<header><tool tool-id='e'/><note from='article'>a</note><note from='title'>T &amp; U</note><note>Look</note></header><body>",
            "<group id='p1' restype='x-body'><context-group name='place'><context context-type='x-start'>3</context></context-group>",
            "<trans-unit id='p1s1'><source>A.</source><target state='needs-translation'>Ä.</target>",
            "<context-group name='salience' purpose='information'><context context-type='x-rank'>1</context><context context-type='x-in-summary'>yes</context></context-group>",
            "<note from='epitome' priority='1'>important</note><note from='me'>hm</note>",
            "<alt-trans><source>no</source><target>nein</target></alt-trans></trans-unit>",
            "<trans-unit id='p1s2'><source>B.</source><target state='needs-translation'>B.</target></trans-unit>",
            "<trans-unit id='p1s3'><source>C.</source><target>C.</target></trans-unit>",
            "<trans-unit id='p1s4' approved='yes'><source>D.</source><target>d</target></trans-unit></group></body>",
        ));
        let expected = concat!(
            "a a.txt en de title=T & U note::0:Look\n  p1 body @3\n    p1s1 \"A.\" -> \"Ä.\" Initial rank=Some(1) score=0 in=true note:me:0:hm\n",
            "    p1s2 \"B.\" -> \"B.\" Initial\n    p1s3 \"C.\" -> \"C.\" Initial\n    p1s4 \"D.\" -> \"d\" Reviewed\n",
        );
        assert_eq!(shown(&text), expected);
    }

    #[test]
    fn segments_of_trados_have_their_states_beside_them() {
        let text = file(concat!(
            "<header><sdl:filetype>x</sdl:filetype></header><body><group><sdl:cxts/><trans-unit id='5f'><source><g id='1'>A. B.</g> C.</source>",
            "<seg-source><g id='1'><mrk mtype='seg' mid='1'>A.</mrk> <mrk mtype='seg' mid='2'>B.</mrk></g> <mrk mtype='seg' mid='3'>C.</mrk></seg-source>",
            "<target><g id='1'><mrk mtype='seg' mid='1'>a<mrk mtype='x-sdl-deleted' sdl:revid='r'>old</mrk><mrk mtype='x-sdl-added' sdl:revid='r'>new</mrk></mrk> ",
            "<mrk mtype='seg' mid='2'>b<x id='2'/></mrk></g><mrk mtype='seg' mid='3'/></target>",
            "<sdl:seg-defs><sdl:seg id='1' conf='ApprovedSignOff'><sdl:value key='x'>y</sdl:value></sdl:seg><sdl:seg id='2' conf='Draft'/></sdl:seg-defs></trans-unit></group></body>",
        ));
        let expected = "a.txt a.txt en de\n  5f \n    1 \"A.\" -> \"anew\" Final\n    gap \" \"\n    2 \"B.\" -> \"b\" Initial unsure codes=1\n    gap \" \" -> \"\"\n    3 \"C.\" Initial\n";
        assert_eq!(shown(&text), expected);
    }

    #[test]
    fn what_somebody_is_to_look_at_is_told() {
        let unit = |said: &str, target: &str| format!("<trans-unit id='u'{said}><source>A</source><target{target}>b</target></trans-unit>");
        let unsure = |said: &str, target: &str| shown(&file(&format!("<body>{}</body>", unit(said, target)))).contains(" unsure");
        for target in [
            " state='needs-review-translation'",
            " state='translated' state-qualifier='leveraged-mt'",
            " state-qualifier='rejected-length'",
        ] {
            assert!(unsure("", target) && !unsure(" approved='yes'", target), "{target}");
        }
        for target in ["", " state='needs-translation'", " state='final' state-qualifier='fuzzy-match'", " state-qualifier='exact-match'"] {
            assert!(!unsure("", target), "{target}");
        }
        assert!(unsure(" mq:status='Rejected'", "") && !unsure(" mq:status='Confirmed'", ""));
    }

    #[test]
    fn memoq_spells_states_and_characters_its_own_way() {
        let text = file(concat!(
            "<body><trans-unit id='p1s1' mq:status='Proofread'><source xml:space='preserve'>A<ph id='1'>&lt;mq:ch val=\"&#9;\" /></ph>b<bpt id='2'>{}</bpt>.<ept id='2'>{}</ept></source>",
            "<target xml:space='preserve'>x</target><mq:minorversions/></trans-unit>",
            "<trans-unit id='p1s2' mq:status='NotStarted'><source>C</source><target></target></trans-unit></body>",
        ));
        let expected = "a.txt a.txt en de\n  p1s1 \n    p1s1 \"A\\tb.\" -> \"x\" Final codes=1\n  p1s2 \n    p1s2 \"C\" Initial\n";
        assert_eq!(shown(&text), expected);
    }

    #[test]
    fn blanks_come_from_the_source_where_a_tool_laid_out_the_segments_anew() {
        let shown = |segmented: &str| {
            shown(&file(&format!(
                "<body><trans-unit id='p1'><source>A.  A.\nB.</source><seg-source>{segmented}</seg-source></trans-unit></body>"
            )))
        };
        let mrk = |mid: u32, text: &str| format!("\n  <mrk mtype='seg' mid='s{mid}'>{text}</mrk>");
        let anew = format!("{}{}{}\n", mrk(1, "A."), mrk(2, "A."), mrk(3, "B."));
        let expected = "a.txt a.txt en de\n  p1 \n    s1 \"A.\" Initial\n    gap \"  \"\n    s2 \"A.\" Initial\n    gap \"\\n\"\n    s3 \"B.\" Initial\n";
        assert_eq!(shown(&anew), expected);
        let other = format!("{}{}", mrk(1, "A."), mrk(2, "C."));
        assert!(shown(&other).contains("gap \"\\n  \"\n    s1"), "{}", shown(&other));
    }

    #[test]
    fn segments_are_paired_by_id_and_gaps_by_place() {
        let mrk = |mid: u32, text: &str| format!("<mrk mtype='seg' mid='s{mid}'>{text}</mrk>");
        let unit = |target: &str| {
            let source = format!("{} {}\n{}", mrk(1, "A."), mrk(2, "B."), mrk(3, "C."));
            shown(&file(&format!(
                "<body><trans-unit id='p1'><source>A. B.\nC.</source><seg-source>{source}</seg-source><target>{target}</target></trans-unit></body>"
            )))
        };
        let after = |text: &str| text.split_once("  p1 ").map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        let turned = after(&unit(&format!("{}-{} {}!", mrk(3, "c"), mrk(1, "a"), mrk(2, "b"))));
        let expected = concat!(
            " order=[4, 1, 0, 3, 2, 5]\n    s1 \"A.\" -> \"a\" Translated\n    gap \" \" -> \"-\"\n    s2 \"B.\" -> \"b\" Translated\n",
            "    gap \"\\n\" -> \" \"\n    s3 \"C.\" -> \"c\" Translated\n    gap \"\" -> \"!\"\n",
        );
        assert_eq!(turned, expected);
        let some = after(&unit(&mrk(2, "b")));
        assert_eq!(
            some,
            "\n    s1 \"A.\" Initial\n    gap \" \"\n    s2 \"B.\" -> \"b\" Translated\n    gap \"\\n\"\n    s3 \"C.\" Initial\n"
        );
        let flat = after(&unit("a b c"));
        assert_eq!(flat, "\n    s1 \"A. B.\\nC.\" -> \"a b c\" Translated\n");
        let untouched = after(&unit("A. B.\nC."));
        assert_eq!(
            untouched,
            "\n    s1 \"A.\" -> \"A.\" Initial\n    gap \" \"\n    s2 \"B.\" -> \"B.\" Initial\n    gap \"\\n\"\n    s3 \"C.\" -> \"C.\" Initial\n"
        );
    }

    #[test]
    fn targets_that_cannot_be_read_or_stand_beside_their_segments() {
        let open = "<xliff version='1.2'><file original='a' source-language='en' target-language='de'><body>";
        let unit = |target: &str| {
            let source = "<source>A b. C d.</source><seg-source><mrk mtype='seg' mid='p1s1'>A b.</mrk> <mrk mtype='seg' mid='p1s2'>C d.</mrk></seg-source>";
            shown_with_faults(&format!("{open}<trans-unit id='p1'>{source}<target>{target}</target></trans-unit></body></file></xliff>"))
        };
        let (read, faults) = unit("Xy. Z.<mrk mtype='seg' mid='p1s1'>A b.</mrk> <mrk mtype='seg' mid='p1s2'>C d.</mrk>");
        assert!(read.contains("p1s1 \"A b. C d.\" -> \"Xy. Z.\"") && faults.len() == 1, "{read} {faults:?}");
        let (read, faults) = unit("<mrk mtype='seg' mid='p1s1'>Xy.</mrk> so <mrk mtype='seg' mid='p1s2'>Z.</mrk>");
        assert!(
            read.contains("\"Xy.\"") && read.contains("\"Z.\"") && faults[0].contains("text outside of the segments"),
            "{read} {faults:?}"
        );
        for bad in ["X&nbsp;y", "X&#0;y", "X&#xFFFE;y"] {
            let (read, faults) = unit(bad);
            assert!(!read.contains("->") && faults[0].contains("the target of \"p1\" cannot be read"), "{read} {faults:?}");
        }
        let (read, _) = unit("<mrk mtype='seg' mid='p1s1'>X<x id='1' ctype='lb'/>y.</mrk>");
        assert!(read.contains("-> \"X\\ny.\""), "{read}");
    }

    #[test]
    fn what_is_broken_is_told_with_its_line_and_the_rest_read() {
        let text = file(concat!(
            "<body>\n<trans-unit id='p1s1'><target>x</target></trans-unit>\n<trans-unit><source>A</source><target state='done'>a</target></trans-unit>\n",
            "<trans-unit id='p2'><seg-source><mrk mtype='seg' mid='1'>B</mrk></seg-source><target><mrk mtype='seg' mid='7'>b</mrk></target></trans-unit></body>",
        ));
        let (read, faults) = shown_with_faults(&text);
        assert!(read.contains("\"A\" -> \"a\" Translated") && read.contains("gap \"\" -> \"b\""), "{read}");
        let expected = [
            "3: the unit \"p1s1\" has no source, passed over",
            "4: the state \"done\" is none of the format's",
            "4: a unit without an id",
            "5: the target has a segment \"7\" that the source has not",
        ];
        assert_eq!(faults, expected);
    }
}
