//! Contexts, order, penalties; and, held against looking at all, that nothing is lost.

use super::*;
use crate::translation::similarity::percent;
use proptest::prelude::*;

fn entry<'a>(source: &'a str, target: &'a str) -> Entry<'a> {
    Entry { source_lang: "en".into(), target_lang: "de".into(), source: source.into(), target: target.into(), ..Entry::default() }
}

fn placed<'a>(source: &'a str, target: &'a str, previous: &'a str, next: &'a str) -> Entry<'a> {
    Entry { previous: Some(previous.into()), next: Some(next.into()), document: Some("a".into()), ..entry(source, target) }
}

fn memory<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> Memory {
    Memory::new(Lang::parse("en").as_ref(), entries)
}

/// Level and target of what is found, the best first.
fn found(memory: &Memory, query: &Query) -> Vec<(u8, String)> {
    let matches = memory.look_up(query, &Terms::default(), &mut Scratch::default());
    matches.iter().map(|found| (found.level(), found.entry.target.to_string())).collect()
}

#[test]
fn the_context_raises_a_match_and_tells_two_translations_apart() {
    let memory = memory([
        placed("Yes.", "Ja.", "", "Go on."),
        placed("Yes.", "Doch.", "No?", "Go on."),
        placed("Go on.", "Weiter.", "Yes.", ""),
        entry("Yes indeed.", "Ja, wirklich."),
    ]);
    let query = |previous, next, document| Query { source: "Yes.", previous, next, document, ..Query::default() };
    let text = |level, text: &str| (level, text.to_owned());
    let fuzzy = text(60, "Ja, wirklich.");
    assert_eq!(found(&memory, &query(Some("No?"), Some("Go on."), Some("a"))), [text(102, "Doch."), text(99, "Ja."), fuzzy.clone()]);
    assert_eq!(found(&memory, &query(Some(""), Some("Go on."), Some("b"))), [text(101, "Ja."), text(99, "Doch."), fuzzy.clone()]);
    assert_eq!(found(&memory, &query(Some("Hm."), Some("Go on."), Some("a")))[..2], [text(99, "Doch."), text(99, "Ja.")]);
    assert_eq!(found(&memory, &query(None, None, None)).len(), 3);
    let one = found(&memory, &Query { source: "Go on.", previous: Some("Yes."), next: Some(""), document: Some("a"), ..Query::default() });
    assert_eq!(one, [text(102, "Weiter.")]);
}

#[test]
fn a_neighbour_that_is_known_to_be_missing_is_the_same_as_an_edge() {
    let edge = Entry { next: Some("B.".into()), ..entry("A here.", "x") };
    let memory = memory([edge, entry("C here.", "y")]);
    let level =
        |source, previous, next| found(&memory, &Query { source, previous: Some(previous), next: Some(next), ..Query::default() })[0].0;
    assert_eq!(level("A here.", "", "B."), 101);
    assert_eq!(level("A here.", "Z.", "B."), 100);
    // Nobody said anything of its neighbours.
    assert_eq!(level("C here.", "", ""), 100);
}

#[test]
fn the_newest_goes_first_then_the_first_id() {
    let dated = |id: &str, target: &'static str, date: Option<&str>| {
        let created = crate::translation::entry::Stamp { date: date.map(str::to_owned), by: None };
        Entry { id: id.into(), created, ..entry("The mill stood still.", target) }
    };
    let memory = memory([
        dated("d", "1", None),
        dated("c", "2", Some("20240101T000000Z")),
        dated("b", "3", Some("20250101T000000Z")),
        dated("a", "4", Some("20240101T000000Z")),
        dated("e", "3", Some("20260101T000000Z")),
    ]);
    let order = |source| found(&memory, &Query { source, ..Query::default() }).into_iter().map(|(_, target)| target).collect::<String>();
    assert_eq!(order("The mill stood still."), "3421");
    assert_eq!(order("The mill stood idle."), "3421");
    let first = memory.look_up(&Query { source: "The mill stood still.", ..Query::default() }, &Terms::default(), &mut Scratch::default());
    assert_eq!((&*first[0].entry.id, first[0].ambiguous, first[0].deducted.targets), ("e", true, 1));
}

#[test]
fn penalties_are_told_by_their_causes() {
    let aligned = Entry { align_score: Some(0.97), codes: 2, source_lang: "en-US".into(), ..entry("The mill stood still.", "x") };
    let property = crate::translation::entry::Property { name: "x-state".into(), value: "final".into(), of: Of::Target };
    let reviewed = Entry { properties: vec![property], target: "y".into(), ..aligned.clone() };
    let deducted = |entry: Entry, penalties| {
        let query = Query { source: "The mill stood still.", languages: Some(["en-GB", "DE"]), ..Query::default() };
        let terms = Terms { penalties, ..Terms::default() };
        let memory = memory([entry]);
        let matches = memory.look_up(&query, &terms, &mut Scratch::default());
        (matches[0].deducted, matches[0].score())
    };
    assert_eq!(deducted(aligned.clone(), Penalties::default()), (Deducted { region: 1, unreviewed: 5, targets: 0, codes: 2 }, 92));
    assert_eq!(deducted(reviewed, Penalties::default()), (Deducted { region: 1, unreviewed: 0, targets: 0, codes: 2 }, 97));
    assert_eq!(deducted(aligned, Penalties::NONE), (Deducted::default(), 100));
    assert_eq!(deducted(entry("The mill stood still.", "x"), Penalties::default()).1, 100);
}

#[test]
fn what_is_long_or_says_nothing_is_found_where_it_is_equal() {
    let long = "word ".repeat(4000);
    let memory = memory([entry(&long, "lang"), entry("?!", "?!"), entry(" ", "x"), entry("x", "")]);
    assert_eq!(memory.len(), 2);
    let found = |source| found(&memory, &Query { source, ..Query::default() });
    assert_eq!(found(&long), [(100, "lang".to_owned())]);
    assert_eq!(found(&long[..19_000]), []);
    assert_eq!(found("?!"), [(100, "?!".to_owned())]);
    assert_eq!(found("? !"), [(99, "?!".to_owned())]);
    assert_eq!([found(""), found("new")], [[], []]);
    assert!(Memory::new(None, []).look_up(&Query::default(), &Terms::default(), &mut Scratch::default()).is_empty());
}

/// Sentences of few words, so that many are alike.
fn sentence() -> impl Strategy<Value = String> {
    "((the|The|mill|mills|stood|standing|still|7|12|1 250|12 345 678|wind|in) ){0,7}(the|mill|wind|8|水|水の)[.?!]{0,2}"
}

proptest! {
    #[test]
    fn nothing_is_lost_against_looking_at_all(
        sources in proptest::collection::vec(sentence(), 1..40),
        queries in proptest::collection::vec(sentence(), 1..8),
        limit in 1usize..4,
        min_score in 1u8..90,
    ) {
        let memory = memory(sources.iter().map(|source| entry(source, "x")));
        let terms = Terms { limit, min_score, ..Terms::default() };
        let mut scratch = Scratch::default();
        let english = language::find("en").expect("known");
        for query in &queries {
            let found: Vec<u8> = memory.look_up(&Query { source: query, ..Query::default() }, &terms, &mut scratch).iter().map(Match::score).collect();
            let distinct: std::collections::BTreeSet<&String> = sources.iter().collect();
            let mut all: Vec<u8> = distinct.into_iter().map(|source| percent(query, source, english)).collect();
            all.sort_unstable_by(|one, other| other.cmp(one));
            let expected: Vec<u8> = all.into_iter().filter(|percent| *percent >= min_score).take(limit).collect();
            prop_assert_eq!(found, expected, "{}", query);
        }
    }
}
