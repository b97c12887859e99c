//! TMX in and out: what is written reads back, what other programs write is understood, what is broken is named by its line.

use std::borrow::Cow;

use epitome::Lang;
use epitome::batch::decode_xml;
use epitome::format::tmx::{Counts, Header, Languages, Reader, write};
use epitome::translation::Entry;
use epitome::translation::entry::{Of, Property, Stamp};
use epitome::translation::memory::{Memory, Query, Scratch, Terms};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// Entries, faults as `line: cause`, and counts.
fn read_as(text: &[u8], languages: Languages) -> (Vec<Entry<'static>>, Vec<String>, Counts) {
    let mut reader = Reader::new(text, languages).expect("TMX");
    let entries = reader.by_ref().map(|entry| entry.expect("readable")).collect();
    let faults = reader.faults().into_iter().map(|fault| format!("{}: {}", fault.line, fault.cause)).collect();
    (entries, faults, reader.counts())
}

fn read(text: &str) -> (Vec<Entry<'static>>, Vec<String>, Counts) {
    read_as(text.as_bytes(), Languages::default())
}

/// A text with everything that markup must mind.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-zäß ]{1,8}",
        1 => any::<char>().prop_filter("XML 1.0 holds it", |&c| c as u32 >= 0x20 && !matches!(c, '\u{fffe}' | '\u{ffff}')).prop_map(String::from),
        2 => prop::sample::select(vec!["<", ">", "&", "\"", "'", "\r", "\n", "\t", "\r\n", "]]>", "<seg>", "</seg>", "&amp;", "\u{85}", "\u{2028}", "  "])
            .prop_map(str::to_owned),
    ];
    vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn whole() -> impl Strategy<Value = String> {
    text().prop_filter("not blank", |text| !text.trim().is_empty())
}

fn stamp() -> impl Strategy<Value = Stamp> {
    (option::of(text()), option::of(text())).prop_map(|(date, by)| Stamp { date, by })
}

fn property() -> impl Strategy<Value = Property<'static>> {
    let of = prop::sample::select(vec![Of::Entry, Of::Source, Of::Target]);
    (text(), text(), of).prop_map(|(name, value, of)| Property { name: format!("y-{name}").into(), value: value.into(), of })
}

prop_compose! {
    pub(super) fn entry()(
        id in whole(), langs in prop::sample::select(vec![("en", "de"), ("EN-us", "de-CH"), ("az", "zh-Hant")]),
        (source, target) in (whole(), whole()),
        (document, segment, file, origin) in (option::of(text()), option::of(text()), option::of(text()), option::of(text())),
        (previous, next, previous_target, next_target) in (option::of(text()), option::of(text()), option::of(text()), option::of(text())),
        (align_score, salience_rank) in (option::of(0.0..1.0f64), option::of(any::<u32>())),
        (created, changed, last_used, usage_count) in (stamp(), stamp(), option::of(text()), any::<u32>()),
        notes in vec(text(), 0..3), mut properties in vec(property(), 0..4),
    ) -> Entry<'static> {
        properties.sort_by_key(|property| property.of as u8);
        let some = |text: Option<String>| text.map(Cow::from);
        Entry {
            id, source_lang: langs.0.into(), target_lang: langs.1.into(), source: source.into(), target: target.into(),
            document: some(document), segment: some(segment), file: some(file), origin: some(origin), previous: some(previous),
            next: some(next), previous_target: some(previous_target), next_target: some(next_target), align_score, salience_rank,
            created, changed, last_used, usage_count, notes, properties, codes: 0,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 128 } else { 512 }))]

    /// Law 7: what is written reads back.
    #[test]
    fn write_then_read_is_identity(entries in vec(entry(), 0..4), lang in prop::sample::select(vec!["*all*", "en"]), segmentation in text()) {
        let mut header = Header::new(lang, &segmentation, Some("20261123T000000Z".to_owned()));
        header.notes.push(segmentation);
        let (bytes, replaced) = write(&header, &entries);
        prop_assert_eq!(replaced, 0);
        let mut reader = Reader::new(bytes.as_slice(), Languages::default()).expect("TMX");
        prop_assert_eq!(reader.header(), &header);
        let back: Vec<Entry> = reader.by_ref().map(|entry| entry.expect("readable")).collect();
        prop_assert_eq!(reader.faults(), vec![]);
        prop_assert_eq!(back, entries);
    }

    /// Whatever the bytes, a reader ends and what it understood can be written and read again.
    #[test]
    fn any_bytes_end(start in 0usize..400, junk in vec(any::<u8>(), 0..12)) {
        let mut bytes = FOREIGN.as_bytes().to_vec();
        let start = start % bytes.len();
        bytes.splice(start..(start + junk.len()).min(bytes.len()), junk);
        if let Ok(reader) = Reader::new(bytes.as_slice(), Languages::default()) {
            let entries: Vec<Entry> = reader.flatten().map(|entry| Entry { codes: 0, ..entry }).collect();
            let (again, _) = write(&Header::default(), &entries);
            let back = read_as(&again, Languages::default()).0;
            prop_assert_eq!(back.len(), entries.len());
        }
    }
}

/// As memoQ and OmegaT write it, with inline codes of several kinds.
const FOREIGN: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
<header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" srclang="en" datatype="xml"><ude name="u"><map unicode="#xF8FF"/></ude></header>
<body>
<!-- Default translations -->
<tu changedate="20200101T000000Z">
  <prop type="client">Acme</prop>
  <tuv xml:lang="EN-US"><prop type="x-context-pre">&lt;seg&gt;Rates &amp;amp; &lt;ph&gt;{1}&lt;/ph&gt;more.&lt;/seg&gt;</prop><prop type="x-context-post">&lt;seg /&gt;</prop>
    <seg>See <bpt i="1">&lt;b&gt;<sub>tip</sub></bpt>the <hi>big</hi> one<ept i="1">&lt;/b&gt;</ept><ph/>.</seg></tuv>
  <tuv xml:lang="de" changeid="erika" changedate="20210101T000000Z"><note>gut</note><seg>Siehe <it pos="begin">x</it>das große.</seg></tuv>
  <tuv xml:lang="fr"><seg>Voir.</seg></tuv>
</tu>
<tu><prop type="file">a.xlf</prop><prop type="prev">A.</prop><prop type="next"></prop>
  <tuv lang="en"><seg>Yes.</seg></tuv><tuv lang="DE"><seg>Ja.</seg></tuv></tu>
</body></tmx>
"##;

#[test]
fn what_others_write_is_understood() {
    let (entries, faults, counts) = read(FOREIGN);
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(counts, Counts { units: 2, entries: 3, near: 2, elsewhere: 0, broken: 0, codes: 3 + 3 });
    let first = &entries[0];
    assert_eq!((&*first.source, &*first.target, first.codes), ("See the big one.", "Siehe das große.", 3));
    assert_eq!((&*first.source_lang, &*entries[1].target_lang), ("EN-US", "fr"));
    assert_eq!((first.previous.as_deref(), first.next.as_deref()), (Some("Rates & more."), Some("")));
    assert_eq!((first.changed.date.as_deref(), first.changed.by.as_deref()), (Some("20200101T000000Z"), Some("erika")));
    assert_eq!((first.notes.as_slice(), entries[1].notes.len()), (["gut".to_owned()].as_slice(), 0));
    assert_eq!(first.properties, [Property { name: "client".into(), value: "Acme".into(), of: Of::Entry }]);
    let second = &entries[2];
    assert_eq!((second.file.as_deref(), second.previous.as_deref(), second.next.as_deref()), (Some("a.xlf"), Some("A."), Some("")));
}

#[test]
fn a_bold_word_on_both_sides_costs_a_point() {
    let file = |german: &str| {
        let english = r##"The <bpt i="1">&lt;b&gt;</bpt>mill<ept i="1">&lt;/b&gt;</ept> stood still."##;
        let side = |lang: &str, text: &str| format!("<tuv xml:lang='{lang}'><seg>{text}</seg></tuv>");
        let header =
            "<header creationtool='x' creationtoolversion='1' segtype='sentence' o-tmf='x' adminlang='en' srclang='en' datatype='xml'/>";
        format!("<tmx version='1.4'>{header}<body><tu>{}{}</tu></body></tmx>", side("en", english), side("de", german))
    };
    let taken_off = |german: &str| {
        let memory = Memory::new(Lang::parse("en").as_ref(), read(&file(german)).0);
        let query = Query { source: "The mill stood still.", ..Query::default() };
        memory.look_up(&query, &Terms::default(), &mut Scratch::default())[0].deducted.codes
    };
    let bold = r##"Die <bpt i="1">&lt;b&gt;</bpt>Mühle<ept i="1">&lt;/b&gt;</ept> stand still."##;
    assert_eq!([taken_off(bold), taken_off("Die Mühle stand still.")], [1, 1]);
    assert_eq!(taken_off(&bold.replace("still", "<ph/>still")), 2);
}

#[test]
fn languages_are_found_without_case_and_by_their_first_part() {
    let lang = |tag: &str| Lang::parse(tag);
    let german = read_as(FOREIGN.as_bytes(), Languages { source: lang("EN-us"), target: lang("de-AT") });
    assert_eq!(german.0.iter().map(|entry| &*entry.target).collect::<Vec<_>>(), ["Siehe das große.", "Ja."]);
    assert_eq!((german.2.near, german.2.elsewhere), (2, 0));
    let french = read_as(FOREIGN.as_bytes(), Languages { source: lang("en"), target: lang("fr") });
    assert_eq!((french.0.len(), french.2.elsewhere), (1, 1));
    let backwards = read_as(FOREIGN.as_bytes(), Languages { source: lang("de"), target: lang("en") });
    assert_eq!(
        backwards.0[1],
        Entry { source: "Ja.".into(), target: "Yes.".into(), source_lang: "DE".into(), target_lang: "en".into(), ..backwards.0[1].clone() }
    );
}

#[test]
fn a_memory_in_utf_16_says_the_same() {
    let expected = read(FOREIGN);
    for encode in [u16::to_le_bytes, u16::to_be_bytes] {
        let bytes: Vec<u8> = format!("\u{feff}{FOREIGN}").encode_utf16().flat_map(encode).collect();
        let mut reader = Reader::new(decode_xml(bytes.as_slice()).expect("UTF-16"), Languages::default()).expect("TMX");
        let entries: Vec<Entry> = reader.by_ref().map(|entry| entry.expect("readable")).collect();
        assert_eq!((entries, reader.counts()), (expected.0.clone(), expected.2));
    }
}

#[test]
fn a_broken_unit_is_named_by_its_line_and_the_rest_goes_on() {
    let good = "<tu>\n<tuv xml:lang=\"en\"><seg>A.</seg></tuv>\n<tuv xml:lang=\"de\"><seg>a.</seg></tuv></tu>\n";
    let broken = [
        "<tu><tuv xml:lang=\"en\"><seg>A.</seg></tuv></tu>\n",
        "<tu><tuv xml:lang=\"en\"><seg>A.</seg></tuv><tuv><seg>a.</seg></tuv></tu>\n",
        "<tu><tuv xml:lang=\"en\"><seg> </seg></tuv><tuv xml:lang=\"de\"><seg>a.</seg></tuv></tu>\n",
        "<tu><tuv xml:lang=\"en\"><seg>A.</seg></tuv><tuv xml:lang=\"de\"></tuv></tu>\n",
        "<tu><tuv xml:lang=\"fr\"><seg>A.</seg></tuv><tuv xml:lang=\"de\"><seg>a.</seg></tuv></tu>\n",
        "<tu><tuv xml:lang=\"en\"><seg>A.\n&mine;</seg></tuv><tuv xml:lang=\"de\"><seg>a.</seg></tuv></tu>\n",
    ];
    let body: String = broken.iter().map(|broken| format!("{broken}{good}")).collect();
    let (entries, faults, counts) = read(&format!("<tmx version=\"1.4\"><header srclang=\"en\"/><body>\n{body}</body></tmx>"));
    assert_eq!((entries.len(), counts.broken), (6, 6));
    let expected = [
        "2: a <tu> with 1 <tuv>, expected two or more",
        "6: <tuv> number 2 does not say its language (xml:lang)",
        "10: the <seg> in en is empty",
        "14: the <tuv> in de has no <seg>",
        "18: no <tuv> in the source language en",
        "23: the entity &mine; is not one of XML's own; entities are not expanded",
    ];
    assert_eq!(faults, expected);
}

#[test]
fn what_is_no_tmx_is_an_error_with_its_line() {
    let error = |text: &str| match Reader::new(text.as_bytes(), Languages::default()) {
        Err(error) => error.to_string(),
        Ok(mut reader) => reader.find_map(Result::err).map_or("read to its end".to_owned(), |error| error.to_string()),
    };
    for (text, expected) in [
        ("<xliff/>", "expected <tmx>"),
        ("<tmx><body>\n<tu>", "2: not well-formed XML: the file ends before </tu>"),
        ("<tmx>\n<body></body>", "the file ends before </tmx>"),
        ("<tmx>\n<header/>", "the file ends before </tmx>"),
        ("<tmx><body><tu>\n</body></tmx>", "2: "),
    ] {
        let found = format!(": {}", error(text));
        assert!(found.contains(expected), "{text}: {found}");
    }
}

#[test]
fn one_entry_is_spelled_like_this() {
    let some = |text: &'static str| Some(text.into());
    let entry = Entry {
        source_lang: "en".into(),
        target_lang: "de".into(),
        source: "Yes & no.\u{1}".into(),
        target: "Jein.".into(),
        document: some("news/a"),
        segment: some("p1s2"),
        file: some("news-a.xlf"),
        previous: some("A < B."),
        next: some(""),
        previous_target: some("A < B."),
        origin: some("merge"),
        align_score: Some(0.5),
        salience_rank: Some(3),
        usage_count: 1,
        ..Entry::default()
    };
    let header = Header::new("en", "epitome 0.1.0", Some("20261123T000000Z".into()));
    let empty = Entry { target: " ".into(), ..entry.clone() };
    let (bytes, replaced) = write(&header, &[entry, empty]);
    let written = String::from_utf8(bytes).expect("UTF-8").replace(env!("CARGO_PKG_VERSION"), "VERSION");
    assert_eq!(replaced, 1);
    assert_eq!(written, include_str!("../golden/entry.tmx"));
}
