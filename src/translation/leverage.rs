//! Leverage: what a memory has for the segments of an article, and what that and the repetitions of a batch save, by level. Each segment
//! is looked up with the one before it and the one after it, in the order and with the edges that
//! [`entries`](super::entry::entries) gives to a memory, so that an article that comes back meets its own translation. Which segments go
//! to a translator, and what becomes of what is found, is not known here.

mod assess;
pub mod count;
pub mod differ;
pub mod internal;
mod java;
mod ledger;
pub mod level;
pub mod profile;
mod repair;
mod tally;

use super::bitext::Proposal;
use super::entry::neighbour;
use super::memory::{Match, Memory, Query, Scratch, Terms};

pub use assess::{Assessed, Assessor, Best, Piece, Told};
pub use count::{Count, Size};
pub use internal::{Alike, Internal};
pub use ledger::{Account, Ledger, Place, Settled};
pub use level::{Level, Weights};
pub use profile::{PROFILES, Profile};
pub use tally::Tally;

/// What segments of one article have in common when they are looked up.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// Id of the article.
    pub document: Option<&'a str>,
    /// Tags of source and target, where regions are to be held against those of entries.
    pub languages: Option<[&'a str; 2]>,
}

/// The queries of segments that go to a translator, in order: those that are locked are not among them, as they are nobody's neighbours.
pub fn queries<'a>(segments: &'a [&'a str], about: About<'a>) -> impl Iterator<Item = Query<'a>> {
    // A neighbour that is too long for a memory is missing in its entries, which is read as an edge.
    let text = |at: Option<usize>| at.and_then(|at| segments.get(at)).copied().and_then(neighbour).unwrap_or("");
    (0..segments.len()).map(move |at| Query {
        source: segments[at],
        document: about.document,
        previous: Some(text(at.checked_sub(1))),
        next: Some(text(Some(at + 1))),
        languages: about.languages,
        codes: 0,
    })
}

/// The matches of each segment, the best first.
pub fn leverage<'m>(memory: &'m Memory, segments: &[&str], about: About, terms: &Terms, scratch: &mut Scratch) -> Vec<Vec<Match<'m>>> {
    queries(segments, about).map(|query| matches(memory, &query, terms, scratch)).collect()
}

/// The matches of a segment, the best first. Beside an equal sentence that leaves no choice nobody needs those that are only alike.
pub fn matches<'m>(memory: &'m Memory, query: &Query, terms: &Terms, scratch: &mut Scratch) -> Vec<Match<'m>> {
    match memory.look_up(query, &Terms { min_score: 100, ..terms.clone() }, scratch) {
        sure if sure.first().is_some_and(|best| !best.ambiguous) => sure,
        _ => memory.look_up(query, terms, scratch),
    }
}

impl From<&Match<'_>> for Proposal {
    fn from(found: &Match) -> Proposal {
        let entry = found.entry;
        Proposal {
            id: entry.id.to_string(),
            document: entry.document.as_deref().map(str::to_owned),
            source: entry.source.to_string(),
            target: entry.target.to_string(),
            percent: found.percent,
            score: found.score(),
            level: found.level(),
            ambiguous: found.ambiguous,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::translation::entry::{entries, union};
    use crate::translation::{Bitext, BitextSegment, BitextUnit, Part, State};
    use proptest::prelude::*;

    /// A translated article, a paragraph a list of sentences; every third paragraph is locked.
    fn translated(paragraphs: &[Vec<String>]) -> Bitext {
        let segment = |text: &String| {
            let target = Some(format!("<{text}>"));
            Part::Segment(BitextSegment { source: text.clone(), target, state: State::Translated, ..BitextSegment::default() })
        };
        let unit = |(at, texts): (usize, &Vec<String>)| {
            let parts = texts.iter().map(segment).collect();
            BitextUnit { parts, locked: at % 3 == 2, ..BitextUnit::default() }
        };
        let units = paragraphs.iter().enumerate().map(unit).collect();
        let lang = |tag: &str| Some(tag.to_owned());
        Bitext { id: "a".into(), source_lang: lang("en"), target_lang: lang("de"), units, ..Bitext::default() }
    }

    fn open(bitext: &Bitext) -> Vec<&str> {
        let units = bitext.units.iter();
        units.flat_map(|unit| unit.segments().filter(|segment| !unit.locks(segment))).map(|segment| &*segment.source).collect()
    }

    fn levels(memory: &Memory, segments: &[&str], document: &str) -> Vec<u8> {
        let about = About { document: Some(document), languages: Some(["en", "de"]) };
        let found = leverage(memory, segments, about, &Terms::default(), &mut Scratch::default());
        found.iter().map(|matches| matches.first().map_or(0, Match::level)).collect()
    }

    #[test]
    fn one_changed_word_costs_its_sentence_and_the_context_of_its_neighbours() {
        let text = ["The mill stood still.", "Nobody knew why the wheel had stopped.", "The miller was away.", "He came back.", "It ran."];
        let bitext = translated(&[vec![text[0].into()], text[1..4].iter().map(|text| (*text).to_owned()).collect(), vec![]]);
        let memory = Memory::new(Lang::parse("en").as_ref(), entries(&bitext, None, "merge"));
        assert_eq!(levels(&memory, &text[..4], "a"), [102; 4]);
        assert_eq!(levels(&memory, &text[..4], "b"), [101; 4]);
        let changed = [text[0], "Nobody knew why the wheel had broken.", text[2], text[3]];
        assert_eq!(levels(&memory, &changed, "a"), [100, 86, 100, 102]);
        // One more at the end: what was last no longer is.
        assert_eq!(levels(&memory, &text, "a"), [102, 102, 102, 100, 0]);
        assert!(levels(&memory, &[], "a").is_empty());
    }

    #[test]
    fn a_neighbour_that_is_too_long_for_a_memory_is_an_edge() {
        let long = "word ".repeat(1000);
        let text = ["First here.", &long, "Last here."];
        let bitext = translated(&[text.iter().map(|text| (*text).to_owned()).collect()]);
        let memory = Memory::new(Lang::parse("en").as_ref(), entries(&bitext, None, "merge"));
        assert_eq!(levels(&memory, &text, "a"), [102; 3]);
        let about = About { document: Some("a"), languages: None };
        let made: Vec<_> = queries(&text, about).map(|query| (query.previous, query.next)).collect();
        assert_eq!(made, [(Some(""), Some("")), (Some("First here."), Some("Last here.")), (Some(""), Some(""))]);
    }

    #[test]
    fn what_a_file_cannot_hold_is_known_again() {
        let text = ["The \u{1}mill stood\r\nstill\u{ffff}.", "It \u{feff}ran."];
        let bitext = translated(&[text.iter().map(|text| text.replace(['\u{1}', '\u{ffff}'], "\u{fffd}")).collect()]);
        let memory = Memory::new(Lang::parse("en").as_ref(), entries(&bitext, None, "merge"));
        assert_eq!(levels(&memory, &text, "a"), [102, 102]);
        assert!(levels(&memory, &["The mill stood\r\nstill.", text[1]], "a").iter().all(|level| *level <= 100));
    }

    #[test]
    fn what_leaves_no_choice_stands_alone() {
        let entry = |source: &'static str, target: &'static str| crate::translation::Entry {
            source: source.into(),
            target: target.into(),
            ..Default::default()
        };
        let all = [entry("The mill stood still.", "1"), entry("The mill stood.", "2"), entry("The mill stood still again.", "3")];
        let found = |entries: &[crate::translation::Entry<'static>]| {
            let memory = Memory::new(Lang::parse("en").as_ref(), entries.iter().cloned());
            let found = leverage(&memory, &["The mill stood still."], About::default(), &Terms::default(), &mut Scratch::default());
            found[0].iter().map(|found| found.entry.target.to_string()).collect::<String>()
        };
        assert_eq!(found(&all), "1");
        assert_eq!(found(&all[1..]), "32");
        let other = [&all[..], &[entry("The mill stood still.", "4")]].concat();
        assert_eq!(found(&other), "1432");
    }

    proptest! {
        #[test]
        fn an_article_meets_its_own_translation_in_context(
            paragraphs in proptest::collection::vec(proptest::collection::vec("(Yes|No|Go on|The mill stood still|水が出た)[.?!]", 1..5), 1..6),
        ) {
            let bitext = translated(&paragraphs);
            let memory = Memory::new(Lang::parse("en").as_ref(), union(entries(&bitext, None, "merge")));
            prop_assert!(levels(&memory, &open(&bitext), "a").iter().all(|level| *level == 102));
        }
    }
}
