//! TMX written: a header, then an entry at a time.

use super::{Header, names};
use crate::format::xml::{push_text, push_value};
use crate::translation::Entry;
use crate::translation::entry::Of;

/// A whole file of entries that are one only if they are (see [`union`](crate::translation::entry::union)), and the number of
/// characters that XML cannot hold and were replaced.
pub fn write(header: &Header, entries: &[Entry]) -> (Vec<u8>, usize) {
    let mut out = Vec::new();
    begin(header, &mut out);
    let replaced = entries.iter().map(|one| entry(one, &header.source_lang, &mut out)).sum();
    end(&mut out);
    (out, replaced)
}

/// What stands before the first entry.
pub fn begin(header: &Header, out: &mut Vec<u8>) {
    out.extend_from_slice(
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n<tmx version=\"1.4\">\n  <header",
    );
    let attributes = [
        ("creationtool", &header.tool),
        ("creationtoolversion", &header.tool_version),
        ("segtype", &header.segtype),
        ("o-tmf", &header.memory_format),
        ("adminlang", &header.admin_lang),
        ("srclang", &header.source_lang),
        ("datatype", &header.datatype),
    ];
    let known = attributes.iter().map(|(name, value)| (*name, Some(value.as_str())));
    known.chain([("creationdate", header.created.as_deref())]).for_each(|(name, value)| {
        attribute(name, value, out);
    });
    out.extend_from_slice(b">");
    header.notes.iter().for_each(|note| {
        element("    ", "note", None, note, out);
    });
    header.properties.iter().for_each(|(name, value)| {
        element("    ", "prop", Some(name), value, out);
    });
    out.extend_from_slice(b"\n  </header>\n  <body>\n");
}

/// What stands after the last entry.
pub fn end(out: &mut Vec<u8>) {
    out.extend_from_slice(b"  </body>\n</tmx>\n");
}

/// An entry of a file whose header names `source_lang`; gives how many characters XML cannot hold and were replaced. One with an
/// empty side is not written.
pub fn entry(entry: &Entry, source_lang: &str, out: &mut Vec<u8>) -> usize {
    if !entry.is_whole() {
        return 0;
    }
    out.extend_from_slice(b"    <tu");
    let (tuid, count) = (entry.tuid(), Some(entry.usage_count.to_string()).filter(|_| entry.usage_count > 0));
    let attributes = [
        ("tuid", Some(&*tuid)),
        ("srclang", Some(&*entry.source_lang).filter(|lang| *lang != source_lang)),
        ("creationdate", entry.created.date.as_deref()),
        ("creationid", entry.created.by.as_deref()),
        ("changedate", entry.changed.date.as_deref()),
        ("changeid", entry.changed.by.as_deref()),
        ("lastusagedate", entry.last_used.as_deref()),
        ("usagecount", count.as_deref()),
    ];
    let mut replaced: usize = attributes.iter().map(|(name, value)| attribute(name, *value, out)).sum();
    out.extend_from_slice(b">");
    replaced += entry.notes.iter().map(|note| element(TU, "note", None, note, out)).sum::<usize>();
    replaced += place(entry, out) + others(entry, Of::Entry, TU, out);
    replaced += side(entry, Of::Source, out) + side(entry, Of::Target, out);
    out.extend_from_slice(b"\n    </tu>\n");
    replaced
}

/// What stands before a child of a `tu`, and of a `tuv`.
const TU: &str = "      ";
const TUV: &str = "        ";

/// Where OmegaT is to use the entry. It holds every property of the `tu` against the place and knows only its own, so that one of
/// another name there would keep it from ever using the entry: this crate's own stand on the `tuv`.
fn place(entry: &Entry, out: &mut Vec<u8>) -> usize {
    let Some(file) = &entry.file else { return 0 };
    let properties = [(names::FILE, Some(file)), (names::PREVIOUS, entry.previous.as_ref()), (names::NEXT, entry.next.as_ref())];
    let known = properties.iter().filter_map(|(name, value)| Some((name, (*value)?)));
    known.map(|(name, value)| element(TU, "prop", Some(name), value, out)).sum()
}

/// What this crate has fields for: of the source where it stood and what it weighs, of the target how it came about.
fn known(entry: &Entry, of: Of, out: &mut Vec<u8>) -> usize {
    let rank = entry.salience_rank.map(|rank| rank.to_string());
    let score = entry.align_score.filter(|score| score.is_finite()).map(|score| score.to_string());
    let properties = match of {
        Of::Target => [(names::ORIGIN, entry.origin.as_deref()), (names::ALIGN_SCORE, score.as_deref()), ("", None)],
        _ => [
            (names::DOCUMENT, entry.document.as_deref()),
            (names::SEGMENT, entry.segment.as_deref()),
            (names::SALIENCE_RANK, rank.as_deref()),
        ],
    };
    let known = properties.iter().filter_map(|(name, value)| Some((name, (*value)?)));
    known.map(|(name, value)| element(TUV, "prop", Some(name), value, out)).sum()
}

fn others(entry: &Entry, of: Of, indent: &str, out: &mut Vec<u8>) -> usize {
    let others = entry.properties.iter().filter(|property| property.of == of);
    others.map(|property| element(indent, "prop", Some(&property.name), &property.value, out)).sum()
}

/// A `tuv`.
fn side(entry: &Entry, of: Of, out: &mut Vec<u8>) -> usize {
    let (lang, text, previous, next) = match of {
        Of::Target => (&entry.target_lang, &entry.target, &entry.previous_target, &entry.next_target),
        _ => (&entry.source_lang, &entry.source, &entry.previous, &entry.next),
    };
    out.extend_from_slice(b"\n      <tuv");
    let mut replaced = attribute("xml:lang", Some(lang), out);
    out.extend_from_slice(b">");
    replaced += known(entry, of, out);
    for (name, neighbour) in [(names::CONTEXT_PRE, previous), (names::CONTEXT_POST, next)] {
        replaced += neighbour.as_ref().map_or(0, |neighbour| context(name, neighbour, out));
    }
    replaced += others(entry, of, TUV, out);
    replaced += element(TUV, "seg", None, text, out);
    out.extend_from_slice(b"\n      </tuv>");
    replaced
}

/// A neighbour as memoQ writes it: an element, itself escaped.
fn context(name: &str, neighbour: &str, out: &mut Vec<u8>) -> usize {
    open(TUV, "prop", Some(name), out);
    out.extend_from_slice(b"&lt;seg&gt;");
    let start = out.len();
    let replaced = push_text(neighbour, out);
    // What was escaped is escaped again; mostly nothing was.
    if memchr::memchr(b'&', &out[start..]).is_some() {
        let once = out.split_off(start);
        push_text(&String::from_utf8_lossy(&once), out);
    }
    out.extend_from_slice(b"&lt;/seg&gt;</prop>");
    replaced
}

fn element(indent: &str, name: &str, of_type: Option<&str>, text: &str, out: &mut Vec<u8>) -> usize {
    let replaced = open(indent, name, of_type, out) + push_text(text, out);
    ["</", name, ">"].iter().for_each(|piece| out.extend_from_slice(piece.as_bytes()));
    replaced
}

/// The start of an element on a line of its own.
fn open(indent: &str, name: &str, of_type: Option<&str>, out: &mut Vec<u8>) -> usize {
    ["\n", indent, "<", name].iter().for_each(|piece| out.extend_from_slice(piece.as_bytes()));
    let replaced = attribute("type", of_type, out);
    out.extend_from_slice(b">");
    replaced
}

fn attribute(name: &str, value: Option<&str>, out: &mut Vec<u8>) -> usize {
    let Some(value) = value else { return 0 };
    [" ", name, "=\""].iter().for_each(|piece| out.extend_from_slice(piece.as_bytes()));
    let replaced = push_value(value, out);
    out.extend_from_slice(b"\"");
    replaced
}
