//! What goes out of an outcome, and samples of it for the formats.

use super::*;
use crate::error::Result;
use crate::summary::{Budget, rank, select};
use crate::text::{Scratch, TextOptions, parse};

/// A title field that is locked, and a paragraph of a translated sentence with a character that XML cannot hold, a line
/// break, and a sentence that is not translated.
pub(in crate::format) fn sample() -> Bitext {
    let salience = Salience { rank: Some(3), score: 0.25, weight: 0.125, in_summary: true };
    let title = BitextSegment { id: "t1".into(), source: "R&D".into(), target: Some("R&D".into()), ..BitextSegment::default() };
    let one = BitextSegment {
        id: "p1s1".into(),
        source: "One\u{1} < two.".into(),
        target: Some("Eins.".into()),
        state: State::Translated,
        salience: Some(salience),
        notes: vec![context("before p1s1: Zero.".into())],
        ..BitextSegment::default()
    };
    let three = BitextSegment { id: "p1s2".into(), source: "Three.".into(), ..BitextSegment::default() };
    let blank = Part::Ignorable { source: "\n".into(), target: None };
    let unit = |id: &str, kind: &str, parts| BitextUnit { id: id.into(), kind: kind.into(), parts, ..BitextUnit::default() };
    let units = vec![
        BitextUnit { locked: true, ..unit("t", "title", vec![Part::Segment(title)]) },
        BitextUnit { start: Some(0), ..unit("p1", "body", vec![Part::Segment(one), blank, Part::Segment(three)]) },
    ];
    let properties = [("title", "R&D"), ("candidates", "20")];
    Bitext {
        id: "a b".into(),
        original: "a b.txt".into(),
        source_lang: Some("en".into()),
        target_lang: Some("de".into()),
        properties: properties.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        notes: vec![context("title: R&D".into())],
        units,
    }
}

/// The same, where the last sentence has proposals of two levels, and the first of them as its target.
pub(in crate::format) fn proposed([first, second]: [u8; 2]) -> Bitext {
    let same = |level: u8| Proposal {
        id: "7".into(),
        document: Some("a b".into()),
        source: "Three.".into(),
        target: "Drei.".into(),
        percent: 100,
        score: level.min(100),
        level,
        ambiguous: false,
    };
    let like = Proposal {
        id: "8".into(),
        document: None,
        source: "Thr<ee.".into(),
        target: "Dr\u{1}ei.".into(),
        percent: second + 5,
        score: second,
        level: second,
        ambiguous: false,
    };
    let mut bitext = sample();
    let Some(Part::Segment(segment)) = bitext.units[1].parts.last_mut() else { panic!("it is a segment") };
    segment.proposals = vec![same(first), like];
    *segment = filled(segment.clone(), 100);
    bitext
}

#[test]
fn only_what_is_sure_is_filled_in() {
    let segment = |level, ambiguous| {
        let best = Proposal { level, target: "x".into(), ambiguous, ..Proposal::default() };
        BitextSegment { proposals: vec![best], target: Some("copy".into()), ..BitextSegment::default() }
    };
    let made = |level, ambiguous, least| {
        let made = filled(segment(level, ambiguous), least);
        (made.target.expect("there"), made.state, made.unsure, made.leveraged)
    };
    let copy = ("copy".to_owned(), State::Initial, false, None);
    let taken = |level, unsure| ("x".to_owned(), State::Translated, unsure, Some(level));
    assert_eq!([made(99, false, 100), made(100, true, 100), made(101, false, 102)], [copy.clone(), copy.clone(), copy.clone()]);
    assert_eq!(
        [made(100, false, 100), made(102, false, 100), made(101, false, 101)],
        [taken(100, true), taken(102, false), taken(101, false)]
    );
    // Whoever asks for less gets no less.
    assert_eq!(made(99, false, 50), copy);
}

fn made(options: &BitextOptions) -> Result<Bitext> {
    let text =
        "Harbour board meets\n\nThe board met on Monday.  The harbour was closed by a storm.\nNo ship was in the harbour, the board said.";
    let mut article = Article::new("a".into(), text.into())?;
    article.lang = Lang::parse("en_GB");
    article.meta.url = Some("https://example.org/a".into());
    let text = TextOptions { newlines: crate::text::Newlines::Wrap, ..TextOptions::default() };
    let document = parse(article, &text, &mut Scratch::default());
    let idf = crate::summary::frequency::sentence_idf(&document);
    let ranker = (rank::find("lead").expect("it is there").ranker)();
    let ranking = ranker.rank(&document, &idf);
    let summary = select(&document, &idf, &*ranker, &ranking, Budget::Sentences(1));
    Ok(bitext(&Outcome::new(&document, Some(&ranking), &summary, "lead"), options))
}

#[test]
fn an_article_goes_whole() {
    let locked = vec![Kind::Title];
    let options = BitextOptions { target_lang: Lang::parse("de"), locked, ..BitextOptions::default() };
    let made = made(&options).expect("short");
    assert_eq!((made.source_lang.as_deref(), made.target_lang.as_deref()), (Some("en-GB"), Some("de")));
    assert_eq!(made.original, "https://example.org/a");
    assert_eq!(made.property("sha256").map(str::len), Some(64));
    assert_eq!(made.property("title"), Some("Harbour board meets"));
    assert_eq!(made.property("candidates"), Some("3"));
    let names: Vec<&str> = made.properties.iter().map(|(name, _)| name.as_str()).collect();
    let in_order = crate::translation::bitext::PROPERTIES.iter().copied().filter(|name| names.contains(name));
    assert!(names.iter().copied().eq(in_order), "{names:?}");
    assert_eq!(made.units.iter().map(|unit| (unit.locked, unit.start)).collect::<Vec<_>>(), [(true, Some(0)), (false, Some(21))]);
    let target = |part: &Part| match part {
        Part::Segment(segment) => segment.target.clone().expect("copied"),
        Part::Ignorable { source, .. } => source.clone(),
    };
    let text: String = made.units[1].parts.iter().map(target).collect();
    assert!(text.contains("Monday.  The harbour") && text.contains("storm.\nNo ship"), "{text:?}");
    let ranks: Vec<_> = made.units[1].segments().map(|segment| segment.salience.and_then(|s| s.rank)).collect();
    assert_eq!(ranks, [Some(1), Some(2), Some(3)]);
}

#[test]
fn a_selection_has_its_surroundings_as_notes() {
    let options = BitextOptions { scope: Scope::Summary, version: Version::V20, ..BitextOptions::default() };
    let made = made(&options).expect("short");
    let segments: Vec<_> = made.units.iter().flat_map(BitextUnit::segments).collect();
    assert_eq!(segments.len(), 1);
    assert_eq!((segments[0].id.as_str(), &segments[0].target), ("p2s1", &None));
    let told: Vec<&str> = made.notes.iter().chain(&segments[0].notes).map(|note| note.text.as_str()).collect();
    let expected = [
        "title: Harbour board meets",
        "address: https://example.org/a",
        "before p2s1: Harbour board meets",
        "after p2s1: The harbour was closed by a storm.",
    ];
    assert_eq!(told, expected);
}

#[test]
fn languages_are_mapped_and_never_guessed() {
    let lang = |tag: &str| Lang::parse(tag).expect("sound");
    let map = vec![(lang("en"), lang("en-GB")), (lang("und"), lang("fr"))];
    let options = BitextOptions { lang_map: map, ..BitextOptions::default() };
    assert_eq!(options.tag(Some(&lang("EN"))).as_deref(), Some("en-GB"));
    assert_eq!(options.tag(Some(&lang("en_US"))).as_deref(), Some("en-US"));
    assert_eq!(options.tag(None).as_deref(), Some("fr"));
    assert_eq!(BitextOptions::default().tag(None), None);
}

#[test]
fn urgency_is_a_tenth_of_the_ranking() {
    let salience = |rank| Salience { rank: Some(rank), score: 1.0, weight: 0.1, in_summary: false };
    let priority = |rank, of| salience_note(&salience(rank), of).expect("ranked").1;
    assert_eq!([priority(1, Some(20)), priority(3, Some(20)), priority(20, Some(20)), priority(2, Some(3))], ["1", "2", "10", "4"]);
    assert_eq!(priority(7, None), "9");
    assert_eq!(salience_note(&Salience { rank: None, ..salience(1) }, None), None);
}
