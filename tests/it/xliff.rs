//! XLIFF out and in: what is written reads back, for every version and both units, with whatever a text may hold; files that are
//! hostile or cut short end soon, with a clear error, and what came before stands.

use std::io::Read;
use std::time::{Duration, Instant};

use epitome::format::bitext::{Layout, Prefill, Version};
use epitome::format::{xliff, xliff2, xliff12};
use epitome::translation::bitext::PROPERTIES;
use epitome::translation::{Bitext, BitextSegment, BitextUnit, Note, Part, Salience, State};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// A text with everything that markup must mind; some of it XML cannot hold.
fn text() -> impl Strategy<Value = String> {
    let odd =
        vec!["<", ">", "&", "\"", "'", "]]>", "<mrk>", "&amp;", "\r\n", "\r", "\n", "\t", "  ", " ", "e\u{301}", "\u{85}", "\u{2028}"];
    let piece = prop_oneof![
        6 => "[a-zäß ]{1,8}",
        1 => any::<char>().prop_map(String::from),
        2 => prop::sample::select(odd).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["\0", "\u{1}", "\u{b}", "\u{1f}", "\u{fffe}", "\u{ffff}", "\u{fffd}"]).prop_map(str::to_owned),
    ];
    vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

fn salience() -> impl Strategy<Value = Salience> {
    let figure = || -1e6..1e6f64;
    let made = |(rank, score, weight, in_summary)| Salience { rank, score, weight, in_summary };
    (option::of(1..1000u32), figure(), figure(), any::<bool>()).prop_map(made)
}

fn note() -> impl Strategy<Value = Note> {
    let category = prop::sample::select(vec!["context", "instruction", ""]);
    (category, 0..=10u8, text()).prop_map(|(category, priority, text)| Note { category: category.into(), priority, text })
}

prop_compose! {
    /// A sentence; its id comes with its place. Its state is that of the unit, for 1.2 has one for all.
    fn segment()(source in text(), target in option::of(text()), salience in option::of(salience()), notes in vec(note(), 0..2)) -> BitextSegment {
        BitextSegment { source, target, salience, notes, ..BitextSegment::default() }
    }
}

prop_compose! {
    fn unit()(
        segments in vec((segment(), text(), option::of(text())), 1..5), kind in prop::sample::select(vec!["body", "list-item", ""]), locked: bool,
        notes in vec(note(), 0..2), start in option::of(any::<u32>()),
        state in prop::sample::select(vec![State::Initial, State::Translated, State::Reviewed, State::Final]),
    ) -> BitextUnit {
        let mut parts = Vec::new();
        for (mut segment, source, target) in segments {
            segment.state = if segment.target.is_some() { state } else { State::Initial };
            parts.push(Part::Segment(segment));
            parts.push(Part::Ignorable { source, target });
        }
        parts.pop();
        BitextUnit { kind: kind.into(), locked, parts, notes, start, ..BitextUnit::default() }
    }
}

prop_compose! {
    fn bitext()(
        id in text(), original in text(), source_lang in option::of(prop::sample::select(vec!["en", "az-Latn-AZ"])),
        values in vec(option::of(text()), PROPERTIES.len()), notes in vec(note(), 0..2), mut units in vec(unit(), 0..5), title: bool,
    ) -> Bitext {
        for (number, unit) in units.iter_mut().enumerate() {
            unit.id = if title && number == 0 { "t".to_owned() } else { format!("p{}", number + 1) };
            let name = if unit.id == "t" { "t".to_owned() } else { format!("{}s", unit.id) };
            let segments = unit.parts.iter_mut().filter_map(|part| if let Part::Segment(segment) = part { Some(segment) } else { None });
            (1..).zip(segments).for_each(|(number, segment)| segment.id = format!("{name}{number}"));
        }
        let named = PROPERTIES.iter().zip(values).filter_map(|(name, value)| Some(((*name).to_owned(), value?)));
        // It counts, so it is a number.
        let properties = named.filter(|(name, _)| name != "candidates").collect();
        Bitext { id, original, source_lang: source_lang.map(str::to_owned), target_lang: Some("de".into()), properties, notes, units }
    }
}

/// Every version, with both units.
pub const WAYS: [(Version, Layout); 6] = [
    (Version::V12, Layout::Sentence),
    (Version::V12, Layout::Paragraph),
    (Version::V20, Layout::Sentence),
    (Version::V20, Layout::Paragraph),
    (Version::V21, Layout::Sentence),
    (Version::V21, Layout::Paragraph),
];

/// A file of articles.
pub fn written(bitexts: &[Bitext], version: Version, layout: Layout) -> Vec<u8> {
    let mut out = match (version, bitexts.first()) {
        (Version::V12, _) | (_, None) => xliff12::head(),
        (_, Some(first)) => xliff2::head(first, version.name()),
    };
    for bitext in bitexts {
        match version {
            Version::V12 => xliff12::push_file(bitext, layout, Prefill::Omit, &mut out),
            Version::V20 | Version::V21 => xliff2::push_file(bitext, layout, Prefill::Omit, &mut out),
        };
    }
    out.extend_from_slice(xliff12::FOOT.as_bytes());
    out
}

fn read(mut input: &[u8]) -> (Vec<Bitext>, Vec<String>) {
    let (mut bitexts, mut warnings) = (Vec::new(), Vec::new());
    let each = &mut |bitext: Bitext, found: Vec<epitome::Warning>| {
        bitexts.push(bitext);
        warnings.extend(found.iter().map(ToString::to_string));
        Ok(())
    };
    let mut input: &mut dyn std::io::BufRead = &mut input;
    xliff::read(&mut input, each).expect("sound");
    (bitexts, warnings)
}

/// What XML cannot hold is U+FFFD.
fn replaced(text: &str) -> String {
    let held = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().map(|c| if held(c) { c } else { '\u{fffd}' }).collect()
}

fn without_lines(unit: &mut BitextUnit) {
    unit.line = 0;
    for part in &mut unit.parts {
        if let Part::Segment(segment) = part {
            segment.line = 0;
        }
    }
}

/// The bitext as a version and layout can say it.
fn normal(mut bitext: Bitext, version: Version, layout: Layout) -> Bitext {
    let set = |text: &mut String| *text = replaced(text);
    [&mut bitext.id, &mut bitext.original].into_iter().for_each(set);
    bitext.properties.iter_mut().for_each(|(_, value)| set(value));
    bitext.notes.iter_mut().for_each(|note| set(&mut note.text));
    for unit in &mut bitext.units {
        without_lines(unit);
        unit.notes.iter_mut().for_each(|note| set(&mut note.text));
        let translated = unit.segments().any(|segment| segment.target.is_some());
        if layout == Layout::Sentence {
            unit.parts.retain(|part| matches!(part, Part::Segment(_)));
        }
        for part in &mut unit.parts {
            match part {
                Part::Segment(segment) => {
                    segment.notes.iter_mut().for_each(|note| set(&mut note.text));
                    if version == Version::V12 && unit.locked && segment.target.is_some() && segment.state == State::Initial {
                        segment.state = State::Final;
                    }
                    if version == Version::V12 {
                        set(&mut segment.source);
                        segment.target.iter_mut().for_each(set);
                    }
                }
                Part::Ignorable { source, target } if version == Version::V12 => {
                    set(source);
                    target.iter_mut().for_each(set);
                    *target = target.take().filter(|target| translated && target != source);
                }
                Part::Ignorable { .. } => {}
            }
        }
    }
    bitext
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back(bitexts in vec(bitext(), 1..3), way in 0..WAYS.len()) {
        let (version, layout) = WAYS[way];
        let mut bitexts = bitexts;
        let lang = bitexts[0].source_lang.clone();
        bitexts.iter_mut().for_each(|bitext| bitext.source_lang.clone_from(&lang));
        let file = written(&bitexts, version, layout);
        let (back, warnings) = read(&file);
        let back: Vec<Bitext> = back.into_iter().map(|mut bitext| { bitext.units.iter_mut().for_each(without_lines); bitext }).collect();
        let expected: Vec<Bitext> = bitexts.into_iter().map(|bitext| normal(bitext, version, layout)).collect();
        prop_assert_eq!(back, expected, "{}", String::from_utf8_lossy(&file));
        // What a translator may well have put between sentences, this says of words there too.
        let other: Vec<_> = warnings.iter().filter(|warning| !format!("{warning:?}").contains("text outside of the segments")).collect();
        prop_assert!(other.is_empty(), "{:?}", other);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..64), cut in 0..3000usize, at in 0..3000usize) {
        let _ = xliff::read(&mut &bytes[..], &mut |_, _| Ok(()));
        let unit = BitextUnit { id: "p1".into(), parts: vec![Part::Segment(BitextSegment { id: "p1s1".into(), source: "A & b.".into(), ..BitextSegment::default() })], ..BitextUnit::default() };
        let whole = Bitext { id: "a".into(), units: vec![unit; 3], ..Bitext::default() };
        for (version, layout) in WAYS {
            let mut file = written(std::slice::from_ref(&whole), version, layout);
            if let Some(byte) = file.get_mut(at) {
                *byte = bytes.first().copied().unwrap_or(b'<');
            }
            file.truncate(cut);
            let _ = xliff::read(&mut &file[..], &mut |_, _| Ok(()));
        }
    }
}

/// The error of a file, which is told within a second.
fn refused(text: impl Read) -> String {
    let begun = Instant::now();
    let error = xliff::read(&mut std::io::BufReader::new(text), &mut |_, _| Ok(())).expect_err("it is refused").to_string();
    assert!(begun.elapsed() < Duration::from_secs(5), "{error} took {:?}", begun.elapsed());
    error
}

#[test]
fn hostile_files_end_soon_with_a_clear_error() {
    const OPEN: &str = "<xliff xmlns='urn:oasis:names:tc:xliff:document:1.2' version='1.2'><file original='a'><body>";
    let deep = format!("{OPEN}{}", "<group>".repeat(100_000));
    assert_eq!(refused(deep.as_bytes()), ":1(article a): not well-formed XML: elements are nested more than 200 deep");
    let inline = format!("{OPEN}<trans-unit id='u'><source>{}", "<g id='1'>".repeat(100_000));
    assert!(refused(inline.as_bytes()).contains("nested more than 200 deep"));
    let endless = OPEN.as_bytes().chain("<trans-unit id='u'><source>".as_bytes()).chain(std::io::repeat(b'x'));
    assert!(refused(endless).contains("a tag or text of more than 16 MiB"));
    let attribute = OPEN.as_bytes().chain("<trans-unit id='".as_bytes()).chain(std::io::repeat(b'x'));
    assert!(refused(attribute).contains("a tag or text of more than 16 MiB"));
    assert!(refused(&b"PK\x03\x04 an archive"[..]).contains("outside of the root"));
}

#[test]
fn entities_are_not_expanded_and_nothing_is_fetched() {
    let declared: String = (1..30).map(|i| format!("<!ENTITY e{i} '&e{};&e{};'>", i - 1, i - 1)).collect();
    let text = format!(
        "<!DOCTYPE xliff SYSTEM 'http://localhost:1/x.dtd' [<!ENTITY e0 'x'>{declared}<!ENTITY file SYSTEM 'file:///etc/passwd'>]>\
         <xliff version='1.2'><file original='a'><body><trans-unit id='u'><source>&e29;|&file;</source></trans-unit></body></file></xliff>"
    );
    let (bitexts, warnings) = read(text.as_bytes());
    assert_eq!(bitexts[0].units[0].segments().next().map(|segment| segment.source.as_str()), Some("\u{fffd}|\u{fffd}"));
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].ends_with("the entity &e29; is not one of XML's own; entities are not expanded"));
}

#[test]
fn what_came_before_a_cut_stands() {
    let unit = |id: &str| BitextUnit {
        id: id.into(),
        parts: vec![Part::Segment(BitextSegment { source: "A.".into(), ..BitextSegment::default() })],
        ..BitextUnit::default()
    };
    let article = |id: &str| Bitext { id: id.into(), original: id.into(), units: vec![unit("p1"), unit("p2")], ..Bitext::default() };
    for (version, layout) in WAYS {
        let file = written(&[article("a"), article("b"), article("c")], version, layout);
        let last = file.windows(5).rposition(|bytes| bytes == b"<file").expect("there are three");
        let cut = last + (file.len() - last) / 2;
        let mut ids = Vec::new();
        let error = xliff::read(&mut &file[..cut], &mut |bitext, _| {
            ids.push(bitext.id);
            Ok(())
        });
        let error = error.expect_err("it is cut").to_string();
        assert_eq!(ids, ["a", "b"]);
        assert!(error.contains("(article c)") && (error.contains("cut short") || error.contains("before end of input")), "{error}");
    }
}
