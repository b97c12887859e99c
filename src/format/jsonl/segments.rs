//! Segments as JSON Lines, a record a sentence, out and back: what comes back has a member `target` a line. The sentence is exact here,
//! so that it is found again byte for byte. Where it stands in the article is not read back, for nobody says in which unit.

use std::borrow::Cow;
use std::io::BufRead;

use serde::{Deserialize, Serialize};

use super::{rounded, without_line, write};
use crate::error::Result;
use crate::format::lines::Lines;
use crate::format::returned::Each;
use crate::format::rows::{Row, Rows};
use crate::format::{Outcome, Streams, WriteOptions, Writer};
use crate::translation::{Salience, State};

/// A record of `segments.jsonl` and of `segment -t jsonl`, which has none of the last four.
#[derive(Serialize)]
struct SegmentRecord<'a> {
    article: &'a str,
    segment: &'a str,
    paragraph: u32,
    kind: &'a str,
    quote: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<u64>,
    text: &'a str,
    #[serde(flatten)]
    ranked: Option<Ranked>,
}

#[derive(Serialize)]
struct Ranked {
    score: Option<f64>,
    weight: f64,
    rank: Option<u32>,
    in_summary: bool,
}

/// Writes a record a segment.
pub struct Segments(pub WriteOptions);

impl Writer for Segments {
    fn article(&self, outcome: &Outcome, out: &mut Streams) {
        let document = outcome.document;
        let mut offsets = self.0.offsets.counter(document.text());
        let stream = out.stream("segments.jsonl");
        for (unit, segment, in_summary) in outcome.segments() {
            let place = segment.span.map(&mut offsets);
            let ranked = outcome.ranking.map(|ranking| Ranked {
                score: segment.sentence.and_then(|i| ranking.scores[i]).map(rounded),
                weight: segment.sentence.map_or(0.0, |i| rounded(ranking.weights[i])),
                rank: segment.sentence.and_then(|i| ranking.ranks[i]),
                in_summary,
            });
            let record = SegmentRecord {
                article: &document.article().id,
                segment: &segment.id,
                paragraph: unit.paragraph,
                kind: unit.kind.name(),
                quote: segment.quote.name(),
                start: place.map(|place| place.0),
                end: place.map(|place| place.1),
                text: &segment.source,
                ranked,
            };
            write(stream, &record);
            stream.push(b'\n');
        }
    }
}

/// A record that comes back.
#[derive(Deserialize)]
struct Came<'a> {
    #[serde(borrow)]
    article: Cow<'a, str>,
    #[serde(borrow)]
    segment: Cow<'a, str>,
    #[serde(borrow, default)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    text: Cow<'a, str>,
    #[serde(borrow, default)]
    target: Option<Cow<'a, str>>,
    #[serde(default)]
    score: Option<f64>,
    #[serde(default)]
    weight: f64,
    #[serde(default)]
    rank: Option<u32>,
    #[serde(default)]
    in_summary: Option<bool>,
}

impl Came<'_> {
    fn row(self, line: u64) -> Row {
        let of = |in_summary| Salience { rank: self.rank, score: self.score.unwrap_or(0.0), weight: self.weight, in_summary };
        Row {
            salience: self.in_summary.map(of),
            article: self.article.into_owned(),
            segment: self.segment.into_owned(),
            kind: self.kind.into_owned(),
            source: self.text.into_owned(),
            target: self.target.unwrap_or_default().into_owned(),
            state: State::Translated,
            line,
        }
    }
}

/// Whether a file begins with a record of a segment.
pub fn begins(start: &str) -> bool {
    start.trim_start_matches('\u{feff}').starts_with('{') && start.lines().next().is_some_and(|line| line.contains("\"segment\":"))
}

/// Reads records that came back, UTF-8. What is no such record is passed over with a warning; members that are not known are, too.
///
/// # Errors
/// It cannot be read, holds nothing but what is passed over, or `each` failed; without its path.
pub fn read(input: &mut dyn BufRead, each: Each) -> Result<()> {
    let (mut lines, mut rows) = (Lines::new(input), Rows::new(each, [None, None]));
    while let Some(line) = lines.next()? {
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Came>(&line) {
            Ok(came) => rows.add(came.row(lines.number()))?,
            Err(error) => rows.pass_over(lines.number(), format!("invalid JSON: {}", without_line(&error)))?,
        }
    }
    rows.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::rows::tests::shown;

    #[test]
    fn records_come_back_with_their_translations() {
        let text = concat!(
            "\u{feff}",
            r#"{"article":"a","segment":"t1","paragraph":0,"kind":"title","quote":"none","text":"T","score":null,"weight":0.0,"rank":null,"in_summary":false,"target":"Tt"}"#,
            "\r\n\n",
            r#"{"target":"Z\u00e4hl\n\"1\"","article":"a","segment":"p1s1","kind":"body","text":"Count\n\"1\"","score":0.5,"weight":0.25,"rank":1,"in_summary":true,"by":{"x":[1]}}"#,
            "\n",
            r#"{"article":"b","segment":"p1s1","text":"One.","target":null}"#,
        );
        let expected = "a\n  t title t1@1 \"T\" -> \"Tt\" rank=None in=false\n\
            \x20 p1 body p1s1@3 \"Count\\n\\\"1\\\"\" -> \"Zähl\\n\\\"1\\\"\" rank=Some(1) in=true\n\
            b\n  p1  p1s1@4 \"One.\"\n";
        assert_eq!(shown(|each| read(&mut text.as_bytes(), each)), (expected.to_owned(), vec![]));
        assert!(begins(text) && !begins("{\"text\":\"A.\"}"));
    }

    #[test]
    fn what_is_no_record_is_passed_over_by_line() {
        let text = "{\"article\":\"a\",\"segment\":\"p1s1\",\"text\":\"A.\",\"target\":\"B.\"}\n{\"article\":\"a\",\n[]\n{\"article\":\"a\",\"segment\":\"p1s2\"}\n";
        let (found, warnings) = shown(|each| read(&mut text.as_bytes(), each));
        assert_eq!(found, "a\n  p1  p1s1@1 \"A.\" -> \"B.\"\n");
        assert_eq!(warnings.len(), 3);
        assert_eq!(warnings[2], "4: passed over: invalid JSON: missing field `text` at column 32");
        let error = read(&mut &b"[]\n"[..], &mut |_, _| Ok(())).expect_err("nothing in it").to_string();
        assert!(error.starts_with(":1: invalid JSON"), "{error}");
    }
}
