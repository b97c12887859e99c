//! The formats floor: how articles are spelled on the way in and outcomes on the way out. One format is one file, both
//! directions; the tables here name them. A writer spells what it is given and computes nothing; it knows no path, no
//! thread and no compression, only bytes.

pub mod aligned;
pub mod beads;
pub mod bitext;
pub mod check;
pub mod coverage;
pub mod digest;
pub mod explain;
pub mod frequencies;
pub mod gold;
pub mod html;
pub mod jsonl;
pub mod leverage;
mod lines;
pub mod manifest;
pub mod markdown;
pub(crate) mod markup;
pub mod memory;
pub mod merged;
pub mod moses;
pub mod pairs;
pub mod progress;
pub mod record;
pub mod reference;
pub mod returned;
mod rows;
pub mod srx;
mod streams;
pub mod text;
pub mod tmx;
pub mod tsv;
pub mod weights;
pub mod xliff;
pub mod xliff12;
pub mod xliff2;
pub(crate) mod xml;

use std::cell::OnceCell;

pub use streams::{Noticed, Piece, Streams};

use self::bitext::BitextOptions;
use crate::document::Document;
use crate::span::Span;
use crate::summary::{Explanation, Keyword, Ranking, Summary};
use crate::translation::memory::Match;
use crate::translation::{Segment, Unit, units};

/// What writers get for one article.
pub struct Outcome<'a> {
    /// The article and its structure.
    pub document: &'a Document,
    /// Scores and weights; `None` where only segments were asked for.
    pub ranking: Option<&'a Ranking>,
    /// The chosen sentences; empty where only segments were asked for.
    pub summary: &'a Summary,
    /// Name of the method that ranked.
    pub method: &'a str,
    /// The article's keywords, from best to worst, where they were asked for.
    pub keywords: Option<&'a [Keyword]>,
    /// What became of every sentence and why, by index, where that was asked for.
    pub explanations: Option<&'a [Explanation]>,
    /// What a memory has for every sentence, by index and one further, and for the title field, at 0: for those that go to translators and
    /// are not locked, where that was asked for.
    pub matches: Option<&'a [Vec<Match<'a>>]>,
    /// Whether a segment goes to translators, by the places of `matches`, where that was chosen from a batch.
    pub sent: Option<&'a [bool]>,
    units: OnceCell<Vec<Unit>>,
}

impl<'a> Outcome<'a> {
    /// An outcome; its units are made when a writer first asks for them.
    pub fn new(document: &'a Document, ranking: Option<&'a Ranking>, summary: &'a Summary, method: &'a str) -> Outcome<'a> {
        Outcome {
            document,
            ranking,
            summary,
            method,
            keywords: None,
            explanations: None,
            matches: None,
            sent: None,
            units: OnceCell::new(),
        }
    }

    /// The keywords on one line, for people; `None` where there are none.
    pub(crate) fn keyword_line(&self) -> Option<String> {
        let keywords = self.keywords.filter(|keywords| !keywords.is_empty())?;
        let words: Vec<&str> = keywords.iter().map(|keyword| keyword.text.as_str()).collect();
        Some(format!("Keywords: {}", words.join(", ")))
    }

    /// The article's units and segments.
    pub fn units(&self) -> &[Unit] {
        self.units.get_or_init(|| units(self.document))
    }

    /// Every segment in order, with its unit and whether it is in the summary.
    pub fn segments(&self) -> impl Iterator<Item = (&Unit, &Segment, bool)> {
        let mut chosen = self.summary.sentences.iter().map(|chosen| chosen.sentence).peekable();
        let segments = self.units().iter().flat_map(|unit| unit.segments.iter().map(move |segment| (unit, segment)));
        segments.map(move |(unit, segment)| {
            let in_summary = segment.sentence.is_some() && chosen.next_if(|&i| Some(i) == segment.sentence).is_some();
            (unit, segment, in_summary)
        })
    }
}

/// Spells outcomes. One writer serves all threads: it keeps no state, so that articles can be spelled in parallel and put
/// together in input order.
pub trait Writer: Send + Sync {
    /// What stands before the first article.
    fn begin(&self, _out: &mut Streams) {}
    /// One article.
    fn article(&self, outcome: &Outcome, out: &mut Streams);
    /// What stands after the last.
    fn end(&self, _out: &mut Streams) {}
}

/// How offsets are counted on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offsets {
    /// UTF-8 bytes.
    #[default]
    Bytes,
    /// Unicode scalars.
    Scalar,
}

impl Offsets {
    /// Start and end of spans that come in document order; scalars are counted on from the last one.
    pub(crate) fn counter<'a>(self, text: &'a str) -> impl FnMut(Span) -> (u64, u64) + 'a {
        let (mut at, mut scalars) = (0usize, 0u64);
        move |span: Span| match self {
            Offsets::Bytes => (span.start.into(), span.end.into()),
            Offsets::Scalar => {
                let (start, end) = (span.start as usize, span.end as usize);
                let first = scalars + text[at..start].chars().count() as u64;
                scalars = first + text[start..end].chars().count() as u64;
                at = end;
                (first, scalars)
            }
        }
    }
}

/// What shapes the spelling of any format.
#[derive(Clone, Copy, Debug, Default)]
pub struct WriteOptions {
    /// How offsets are counted.
    pub offsets: Offsets,
    /// Name each article in formats for people: there may be several.
    pub headers: bool,
    /// Give the whole ranking beside each summary.
    pub all: bool,
    /// Make cells of tables safe from spreadsheets, which calculate what begins like a formula.
    pub spreadsheet_safe: bool,
}

/// The verbs that write outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `run`: files in a directory.
    Run,
    /// `summarize`: stdout.
    Summarize,
    /// `segment`: stdout.
    Segment,
    /// `eval rouge`: what is scored.
    Rouge,
}

/// A format that a verb can write.
pub struct Output {
    /// The verb.
    pub verb: Verb,
    /// The name that `-t` takes.
    pub name: &'static str,
    /// Written where `-t` is not given.
    pub default: bool,
    /// Makes the writer; formats of translators look at what goes to them.
    pub writer: fn(WriteOptions, &BitextOptions) -> Box<dyn Writer>,
}

/// Every format of every verb. A new format is its file and a line here for each verb that writes it.
pub const OUTPUTS: &[Output] = &[
    Output { verb: Verb::Run, name: "summaries.jsonl", default: true, writer: |o, _| Box::new(jsonl::Summaries(o)) },
    Output { verb: Verb::Run, name: "summaries.md", default: true, writer: |o, _| Box::new(markdown::Summaries(o)) },
    Output { verb: Verb::Run, name: "segments.jsonl", default: true, writer: |o, _| Box::new(jsonl::Segments(o)) },
    Output { verb: Verb::Run, name: "segments.tsv", default: true, writer: |o, _| Box::new(tsv::Segments(o)) },
    Output { verb: Verb::Run, name: "xliff", default: false, writer: |_, o| Box::new(xliff::Files(o.clone())) },
    Output { verb: Verb::Run, name: "moses", default: false, writer: |_, o| Box::new(moses::Lines::new(o)) },
    Output { verb: Verb::Summarize, name: "text", default: true, writer: |o, _| Box::new(text::Summaries(o)) },
    Output { verb: Verb::Summarize, name: "jsonl", default: false, writer: |o, _| Box::new(jsonl::Summaries(o)) },
    Output { verb: Verb::Summarize, name: "markdown", default: false, writer: |o, _| Box::new(markdown::Summaries(o)) },
    Output { verb: Verb::Segment, name: "text", default: true, writer: |_, _| Box::new(text::Segments) },
    Output { verb: Verb::Segment, name: "tsv", default: false, writer: |o, _| Box::new(tsv::Segments(o)) },
    Output { verb: Verb::Segment, name: "jsonl", default: false, writer: |o, _| Box::new(jsonl::Segments(o)) },
    Output { verb: Verb::Rouge, name: "summaries", default: true, writer: |_, _| Box::new(reference::Summaries) },
];

/// The formats of a verb.
pub fn outputs(verb: Verb) -> impl Iterator<Item = &'static Output> {
    OUTPUTS.iter().filter(move |output| output.verb == verb)
}

/// The formats that articles are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// One article a file.
    Text,
    /// One article a line.
    Jsonl,
}

impl Input {
    /// The format of a file name, compression endings aside; `None` if the name does not tell.
    pub fn of_name(name: &str) -> Option<Input> {
        let lower = name.to_ascii_lowercase();
        let bare = lower.strip_suffix(".gz").or_else(|| lower.strip_suffix(".zst")).unwrap_or(&lower);
        match bare.rsplit_once('.')?.1 {
            "txt" | "text" => Some(Input::Text),
            "jsonl" | "ndjson" => Some(Input::Jsonl),
            _ => None,
        }
    }
}

/// The sentence on one line: tabs and line breaks as blanks.
pub(crate) fn one_line(text: &str) -> std::borrow::Cow<'_, str> {
    let bytes = text.as_bytes();
    // The last bytes of the characters that break lines; all are looked at without a stop, so that many are at once.
    let ends = |found: bool, byte: &u8| found | matches!(byte, b'\t'..=b'\r' | 0x85 | 0xa8 | 0xa9);
    let breaks = |(at, byte): (usize, &u8)| match byte {
        b'\t'..=b'\r' => true,
        0x85 => bytes[..at].ends_with(b"\xc2"),
        0xa8 | 0xa9 => bytes[..at].ends_with(b"\xe2\x80"),
        _ => false,
    };
    if bytes.iter().fold(false, ends) && bytes.iter().enumerate().any(breaks) {
        text.split_whitespace().collect::<Vec<_>>().join(" ").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn tabs_and_line_breaks_become_blanks_and_nothing_else_does() {
        let breaks = |c: char| matches!(c, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
        for c in ('\0'..='\u{2fff}').filter(|c| breaks(*c) || !c.is_whitespace()) {
            let text = format!("a{c}é b");
            let expected = if breaks(c) { "a é b".to_owned() } else { text.clone() };
            assert_eq!(one_line(&text), expected, "{text:?}");
        }
        assert_eq!(one_line("two  blanks "), "two  blanks ");
    }
}
