//! Segments as a table for spreadsheets and translators: a header row, a segment a row, the target column empty. Tabs and
//! line breaks inside a segment become blanks, so that they never break a row, and are counted; the exact bytes are in `jsonl`.

use std::borrow::Cow;

use super::{Outcome, Streams, Writer, one_line};

/// Segments, one a row.
pub struct Segments;

/// The header row.
pub const HEADER: &str = "article\tsegment\tkind\tin_summary\trank\tsource\ttarget\n";

impl Writer for Segments {
    fn begin(&self, out: &mut Streams) {
        out.stream("segments.tsv").extend_from_slice(HEADER.as_bytes());
    }

    fn article(&self, outcome: &Outcome, out: &mut Streams) {
        let id = one_line(&outcome.document.article().id);
        let mut blanks = 0;
        let stream = out.stream("segments.tsv");
        for (unit, segment, in_summary) in outcome.segments() {
            let in_summary = outcome.ranking.map_or("", |_| if in_summary { "1" } else { "0" });
            let rank = segment.sentence.zip(outcome.ranking).and_then(|(i, ranking)| ranking.ranks[i]);
            let rank = rank.map(|rank| rank.to_string()).unwrap_or_default();
            let source = one_line(&segment.source);
            blanks += u64::from(matches!(source, Cow::Owned(_)));
            let row = [&*id, &segment.id, unit.kind.name(), in_summary, &rank, &source, ""];
            stream.extend_from_slice(row.join("\t").as_bytes());
            stream.push(b'\n');
        }
        out.noticed.blanks = out.noticed.blanks.max(blanks);
    }
}
