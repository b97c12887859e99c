//! Reading it. Inline codes are taken out of the text and counted, `cp` gives its character back, annotations leave their text;
//! modules but metadata are passed over. The state is kept as it stands: whether a target is a translation is not decided here.

use super::super::xliff::Each;
use super::super::xliff::gather::{self, Gather, Group, add_salience, files, give_notes, head, priority};
use super::super::xliff::tags::{Inline, Piece, Space, Tag, Tags};
use super::super::xml::Element;
use crate::error::Result;
use crate::translation::{Bitext, BitextSegment, Note, Part, Salience, State};

/// Reads every `<file>` after the root element, whose languages are given.
pub(in crate::format) fn read(tags: &mut Tags, [source_lang, target_lang]: [Option<String>; 2], each: Each) -> Result<()> {
    let open = |tag: &Tag| Bitext {
        id: tag.take("id"),
        original: tag.take("original"),
        source_lang: source_lang.clone(),
        target_lang: target_lang.clone(),
        ..Bitext::default()
    };
    files(tags, open, children, each)
}

/// What a file or group holds.
fn children(tags: &mut Tags, gather: &mut Gather, mut group: Option<Group>, locked: bool) -> Result<()> {
    let mut within = Metadata::default();
    while let Some(tag) = tags.child()? {
        match (tag.space, tag.name) {
            (Space::Core, "unit") => unit(tags, gather, group.as_ref(), &tag, locked)?,
            (Space::Core, "group") => gather::group(tags, gather, head(&tag, kind(&tag), locked), children)?,
            (Space::Core, "notes") => gather.notes(group.as_mut(), notes(tags)?.into_iter().map(|(_, note)| note)),
            (Space::Metadata, "metadata") => {
                metadata(tags, "", &mut within)?;
                match &mut group {
                    None => std::mem::take(&mut within.document).into_iter().for_each(|(name, value)| gather.property(name, value)),
                    Some(group) => group.unit.start = within.start,
                }
                if group.is_none() {
                    tags.article = Some(gather.bitext.id.clone());
                }
            }
            _ => tags.skip()?,
        }
    }
    Ok(())
}

/// The kind of a paragraph, by the element of a unit or group.
fn kind(tag: &Tag) -> Option<&str> {
    tag.get("type")?.strip_prefix(super::KIND)
}

fn unit(tags: &mut Tags, gather: &mut Gather, group: Option<&Group>, tag: &Tag, locked: bool) -> Result<()> {
    let mut unit = head(tag, kind(tag), locked);
    let mut said = Metadata::default();
    let (mut order, mut told) = (Vec::new(), Vec::new());
    while let Some(tag) = tags.child()? {
        match (tag.space, tag.name) {
            (Space::Core, "segment" | "ignorable") => {
                if let Some((part, place)) = part(tags, gather, &tag)? {
                    unit.parts.push(part);
                    order.push(place);
                }
            }
            (Space::Core, "notes") => told.append(&mut notes(tags)?),
            (Space::Metadata, "metadata") => metadata(tags, &unit.id, &mut said)?,
            _ => tags.skip()?,
        }
    }
    give_notes(&mut unit, told, |note| note);
    unit.start = said.start;
    let count = order.len();
    if order.iter().flatten().any(|&place| place == 0 || place > count) {
        gather.warn(unit.line, format!("an order of a target in the unit {:?} is none of 1 to {count}, passed over", unit.id));
        order.iter_mut().for_each(|place| *place = place.filter(|place| (1..=count).contains(place)));
    }
    unit.order = ordered(&order);
    gather.unit(unit, said.salience, group);
    Ok(())
}

/// Indices in the order that targets ask for, each a place from 1; empty if that is the order they stand in.
fn ordered(places: &[Option<usize>]) -> Vec<usize> {
    if places.iter().all(Option::is_none) {
        return Vec::new();
    }
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|&at| places[at].unwrap_or(at + 1));
    if order.is_sorted() { Vec::new() } else { order }
}

/// A segment or ignorable and the place that its target asks for; nothing if it has no source.
fn part(tags: &mut Tags, gather: &mut Gather, tag: &Tag) -> Result<Option<(Part, Option<usize>)>> {
    let (mut source, mut target): (Option<Piece>, Option<Piece>) = (None, None);
    let mut place = None;
    while let Some(inner) = tags.child()? {
        match (inner.space, inner.name) {
            (Space::Core, "source") if source.is_none() => source = Some(text(tags)?),
            (Space::Core, "target") if target.is_none() => {
                gather.target_lang(&inner);
                place = inner.get("order").and_then(|order| order.trim().parse().ok());
                match tags.target(inline)? {
                    Some(mut pieces) => target = Some(pieces.pop().unwrap_or_default()),
                    None => gather.unread(inner.line, tag.get("id").unwrap_or_default()),
                }
            }
            (Space::Core, "source" | "target") => {
                gather.warn(inner.line, format!("a second <{}>, passed over", inner.name));
                tags.skip()?;
            }
            _ => tags.skip()?,
        }
    }
    let Some(source) = source else {
        gather.warn(tag.line, format!("a <{}> without <source>, passed over", tag.name));
        return Ok(None);
    };
    let codes = target.as_ref().map_or(0, |target| target.codes).max(source.codes);
    let target = target.map(|target| target.text);
    if tag.name == "ignorable" {
        return Ok(Some((Part::Ignorable { source: source.text, target }, place)));
    }
    let state = state(tag, gather);
    let target = target.filter(|target| !target.is_empty());
    let unsure = state == State::Translated && tag.get("subState") == Some(super::REVIEW);
    let segment =
        BitextSegment { id: tag.take("id"), source: source.text, target, state, unsure, codes, line: tag.line, ..BitextSegment::default() };
    Ok(Some((Part::Segment(segment), place)))
}

fn state(tag: &Tag, gather: &mut Gather) -> State {
    match tag.get("state") {
        None | Some("initial") => State::Initial,
        Some("translated") => State::Translated,
        Some("reviewed") => State::Reviewed,
        Some("final") => State::Final,
        Some(other) => {
            gather.warn(tag.line, format!("the state {other:?} is not one of initial, translated, reviewed, final; read as initial"));
            State::Initial
        }
    }
}

/// The text of a source or target.
fn text(tags: &mut Tags) -> Result<Piece> {
    Ok(tags.content(inline)?.pop().unwrap_or_default())
}

fn inline(element: &Element, core: bool) -> Inline {
    if !core {
        return Inline::Dropped;
    }
    match element.name() {
        "pc" => Inline::Code,
        "ph" if element.get("subType").as_deref() == Some("xlf:lb") => Inline::Character('\n'),
        "mrk" | "sm" | "em" => Inline::Text,
        "cp" => match element.get("hex").and_then(|hex| char::from_u32(u32::from_str_radix(&hex, 16).ok()?)) {
            Some(c) => Inline::Character(c),
            None => Inline::Character('\u{fffd}'),
        },
        // The other half of a pair that was counted.
        "ec" if element.get("isolated").as_deref() != Some("yes") => Inline::Dropped,
        _ => Inline::Native,
    }
}

/// The notes that are not made from something else that is read; before the dot in its id each has that of a sentence, if it is
/// one's.
fn notes(tags: &mut Tags) -> Result<Vec<(String, Note)>> {
    let mut notes = Vec::new();
    while let Some(tag) = tags.child()? {
        if !tag.is("note") {
            tags.skip()?;
            continue;
        }
        let of = tag.get("id").and_then(|id| id.rsplit_once('.')).map_or("", |(of, _)| of).to_owned();
        let category = tag.take("category");
        let text = tags.text()?;
        if category != "salience" {
            notes.push((of, Note { category, priority: priority(&tag), text: text.to_owned() }));
        }
    }
    Ok(notes)
}

/// What metadata of ours says.
#[derive(Default)]
struct Metadata {
    document: Vec<(String, String)>,
    salience: Vec<(String, Salience)>,
    start: Option<u32>,
}

/// Reads metadata, groups within groups too; of other people's groups nothing is kept.
fn metadata(tags: &mut Tags, unit: &str, out: &mut Metadata) -> Result<()> {
    while let Some(tag) = tags.child()? {
        if tag.name == "metaGroup" { meta_group(tags, unit, tag.get("category").unwrap_or_default(), out)? } else { tags.skip()? }
    }
    Ok(())
}

fn meta_group(tags: &mut Tags, unit: &str, category: &str, out: &mut Metadata) -> Result<()> {
    while let Some(tag) = tags.child()? {
        match tag.name {
            "metaGroup" => meta_group(tags, unit, tag.get("category").unwrap_or_default(), out)?,
            "meta" => {
                let (name, value) = (tag.take("type"), tags.text()?);
                match category {
                    "document" => out.document.push((name, value.to_owned())),
                    "salience" => add_salience(&mut out.salience, unit, &name, value),
                    "place" if name == "start" => out.start = value.trim().parse().ok(),
                    _ => {}
                }
            }
            _ => tags.skip()?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::xliff::tests::{shown, shown_with_faults};

    fn file(inner: &str) -> String {
        format!(
            "<xliff xmlns='urn:oasis:names:tc:xliff:document:2.0' xmlns:m='urn:oasis:names:tc:xliff:metadata:2.0' version='2.1' srcLang='en' trgLang='de'>\n<file id='f1' original='a.txt'>{inner}</file></xliff>"
        )
    }

    #[test]
    fn properties_salience_and_notes_find_their_places() {
        let text = file(concat!(
            "<m:metadata><m:metaGroup category='document'><m:meta type='article'>a/1</m:meta><m:meta type='sha256'>00</m:meta></m:metaGroup>",
            "<m:metaGroup category='theirs'><m:meta type='title'>x</m:meta></m:metaGroup></m:metadata>",
            "<notes><note category='context'>whole</note></notes>",
            "<group id='g'><unit id='p1' type='epitome:heading' translate='no'>",
            "<m:metadata><m:metaGroup category='salience'><m:meta type='p1s1.rank'>2</m:meta><m:meta type='p1s1.score'>0.5</m:meta>",
            "<m:meta type='p1s1.in-summary'>yes</m:meta></m:metaGroup><m:metaGroup category='place'><m:meta type='start'>7</m:meta></m:metaGroup></m:metadata>",
            "<notes><note category='salience' priority='1'>first</note><note priority='3'>look</note></notes>",
            "<segment id='p1s1' state='final'><source>A.</source><target>B.</target></segment></unit></group>",
        ));
        let expected = "a/1 a.txt en de sha256=00 note::0:whole\n  p1 heading locked @7 note::3:look\n    p1s1 \"A.\" -> \"B.\" Final rank=Some(2) score=0.5 in=true\n";
        assert_eq!(shown(&text), expected.replace("note::0", "note:context:0"));
    }

    #[test]
    fn codes_are_left_out_and_characters_come_back() {
        let text = file(concat!(
            "<unit id='u' ><segment><source>T<pc id='1'>he <mrk id='m' type='term'>Fed</mrk></pc><cp hex='001F'/><ph id='2'/> r<sc id='3'/>ose<ec startRef='3'/>",
            "<o:x xmlns:o='u:o'>not this</o:x></source><target/></segment></unit>",
        ));
        assert_eq!(shown(&text), "f1 a.txt en de\n  u \n    - \"The Fed\\u{1f} rose\" Initial codes=3\n");
    }

    #[test]
    fn targets_come_in_the_order_they_ask_for() {
        let text = file(concat!(
            "<unit id='p1'><segment id='p1s1'><source>A.</source><target order='3'>a</target></segment><ignorable><source> </source></ignorable>",
            "<segment id='p1s2'><source>B.</source><target order='1'>b</target></segment></unit>",
        ));
        assert_eq!(
            shown(&text),
            "f1 a.txt en de\n  p1  order=[2, 1, 0]\n    p1s1 \"A.\" -> \"a\" Initial\n    gap \" \"\n    p1s2 \"B.\" -> \"b\" Initial\n"
        );
    }

    #[test]
    fn sentences_that_are_units_become_their_paragraph() {
        let sentence = |id: &str, text: &str| {
            format!(
                "<unit id='{id}' type='epitome:body'><m:metadata><m:metaGroup category='salience'><m:meta type='{id}.rank'>1</m:meta></m:metaGroup></m:metadata>\n<segment><source>{text}</source></segment></unit>"
            )
        };
        let text = file(&format!(
            "<group id='t' type='epitome:title'>{}</group><group id='p1' type='epitome:body'><group id='x'/>{}{}</group>{}",
            sentence("t1", "T"),
            sentence("p1s1", "A."),
            sentence("p1s2", "B."),
            sentence("p2s1", "C."),
        ));
        let rank = "rank=Some(1) score=0 in=false";
        let expected = format!(
            "f1 a.txt en de\n  t title\n    t1 \"T\" Initial {rank}\n  p1 body\n    p1s1 \"A.\" Initial {rank}\n    p1s2 \"B.\" Initial {rank}\n  p2s1 body\n    p2s1 \"C.\" Initial {rank}\n"
        );
        assert_eq!(shown(&text), expected);
    }

    #[test]
    fn a_lock_is_of_its_sentence_alone() {
        let unit = |id: &str, lock: &str| format!("<unit id='{id}'{lock}><segment><source>{id}</source></segment></unit>");
        let no = " translate='no'";
        let group =
            |id: &str, a: &str, b: &str| format!("<group id='{id}'>{}{}</group>", unit(&format!("{id}s1"), a), unit(&format!("{id}s2"), b));
        let text = file(&format!("{}{}{}", group("p1", no, ""), group("p2", "", no), group("p3", no, no)));
        let read = shown(&text);
        let expected = [
            "  p1 ",
            "    p1s1 \"p1s1\" Initial locked",
            "    p1s2 \"p1s2\" Initial",
            "  p2 ",
            "    p2s1 \"p2s1\" Initial",
            "    p2s2 \"p2s2\" Initial locked",
            "  p3  locked",
        ];
        assert!(read.contains(&expected.join("\n")), "{read}");
    }

    #[test]
    fn salience_follows_sentences_that_were_joined_or_split() {
        let metas = "<m:metadata><m:metaGroup category='salience'><m:meta type='p1s1.rank'>4</m:meta><m:meta type='p1s2.rank'>1</m:meta><m:meta type='p1s2.in-summary'>yes</m:meta><m:meta type='p1s3.rank'>9</m:meta></m:metaGroup></m:metadata>";
        let segment = |id: &str| format!("<segment id='{id}'><source>{id}</source></segment>");
        let text = file(&format!("<unit id='p1'>{metas}{}{}{}</unit>", segment("p1s1"), segment("p1s3"), segment("s9")));
        let ranks = "\"p1s1\" Initial rank=Some(1) score=0 in=true\n    p1s3 \"p1s3\" Initial rank=Some(9) score=0 in=false\n    s9 \"s9\" Initial rank=Some(9)";
        assert!(shown(&text).contains(ranks), "{}", shown(&text));
    }

    #[test]
    fn what_is_broken_is_told_with_its_line_and_the_rest_read() {
        let text = file(concat!(
            "<unit id='p1'>\n<segment id='s'><target>x</target></segment>\n<segment id='s' state='done'><source>A&nbsp;b</source><source>twice</source></segment>",
            "<segment id='s'><source>C</source></segment></unit>\n<unit id='p1'><segment><source>D</source></segment></unit><unit/>",
        ));
        let (read, faults) = shown_with_faults(&text);
        assert!(read.contains("A\u{fffd}b") && read.contains("\"C\"") && read.contains("\"D\""), "{read}");
        let expected = [
            "3: a <segment> without <source>, passed over",
            "4: a second <source>, passed over",
            "4: the state \"done\" is not one of initial, translated, reviewed, final; read as initial",
            "2: the segment id \"s\" stands twice in the unit \"p1\"",
            "5: the unit id \"p1\" stands twice",
            "5: a unit without an id",
            "5: the unit \"\" has no source, passed over",
            "4: the entity &nbsp; is not one of XML's own; entities are not expanded",
        ];
        assert_eq!(faults, expected);
    }
}
