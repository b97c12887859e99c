//! Segments as a table for spreadsheets and translators, out and back: a header row, a segment a row, the target column empty until
//! somebody fills it. Tabs and line breaks inside a segment become blanks, so that they never break a row, and are counted; the exact
//! bytes are in `jsonl`. What spreadsheets make of such a table is read by `tsv::table`.

use std::borrow::Cow;
use std::io::BufRead;

use super::lines::fault;
use super::returned::Each;
use super::rows::{Row, Rows};
use super::{Outcome, Streams, WriteOptions, Writer, one_line};
use crate::error::Result;
use crate::translation::{Salience, State};

mod table;

use table::Table;

/// Segments, one a row.
pub struct Segments(pub WriteOptions);

/// The header row.
pub const HEADER: &str = "article\tsegment\tkind\tin_summary\trank\tsource\ttarget\n";

impl Writer for Segments {
    fn begin(&self, out: &mut Streams) {
        out.stream("segments.tsv").extend_from_slice(HEADER.as_bytes());
    }

    fn article(&self, outcome: &Outcome, out: &mut Streams) {
        let cell = |line| if self.0.spreadsheet_safe { safe(line) } else { line };
        let id = cell(one_line(&outcome.document.article().id));
        let mut blanks = 0;
        let stream = out.stream("segments.tsv");
        for (unit, segment, in_summary) in outcome.segments() {
            let in_summary = outcome.ranking.map_or("", |_| if in_summary { "1" } else { "0" });
            let rank = segment.sentence.zip(outcome.ranking).and_then(|(i, ranking)| ranking.ranks[i]);
            let rank = rank.map(|rank| rank.to_string()).unwrap_or_default();
            let source = one_line(&segment.source);
            blanks += u64::from(matches!(source, Cow::Owned(_)));
            for field in [&*id, &segment.id, unit.kind.name(), in_summary, &rank, &cell(source)] {
                stream.extend_from_slice(field.as_bytes());
                stream.push(b'\t');
            }
            // The target is empty.
            stream.push(b'\n');
        }
        out.noticed.blanks = out.noticed.blanks.max(blanks);
    }
}

/// What spreadsheets take for the start of a formula (OWASP, CSV injection), full-width forms too; no cell has the tabs and line ends
/// that are named there.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A cell that no spreadsheet calculates, nor takes quotation marks from: an apostrophe stands before a formula, and a cell that
/// begins with a quotation mark is quoted.
fn safe(cell: Cow<str>) -> Cow<str> {
    if cell.trim_start_matches('\'').starts_with(FORMULA) {
        format!("'{cell}").into()
    } else if cell.starts_with('"') {
        format!("\"{}\"", cell.replace('"', "\"\"")).into()
    } else {
        cell
    }
}

/// The cell without the apostrophe that made it safe.
fn unsafe_again(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA) => rest.to_owned(),
        _ => cell,
    }
}

/// Columns by their place in the row.
struct Columns {
    /// `article`, `segment`, `source`, `target`.
    needed: [usize; 4],
    /// `kind`, `in_summary`, `rank`, if they are there.
    known: [Option<usize>; 3],
}

/// Columns that there must be, and those that are read if they are there.
const NEEDED: [&str; 4] = ["article", "segment", "source", "target"];
const KNOWN: [&str; 3] = ["kind", "in_summary", "rank"];

impl Columns {
    /// The columns that a header names, in whatever order; or what is missing.
    fn of(header: &[String]) -> Result<Columns, String> {
        let find = |name: &str| header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
        let missing: Vec<&str> = NEEDED.into_iter().filter(|name| find(name).is_none()).collect();
        if missing.is_empty() {
            return Ok(Columns { needed: NEEDED.map(|name| find(name).unwrap_or_default()), known: KNOWN.map(find) });
        }
        let named: Vec<&str> = header.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).take(20).collect();
        let columns = if missing.len() == 1 { "column" } else { "columns" };
        Err(format!("no {columns} {} in the header row; it has {}", missing.join(", "), named.join(", ")))
    }

    fn row(&self, mut cells: Vec<String>, line: u64) -> Row {
        let mut cell = |at: usize| unsafe_again(cells.get_mut(at).map(std::mem::take).unwrap_or_default());
        let [article, segment, source, target] = self.needed.map(&mut cell);
        let [kind, in_summary, rank] = self.known.map(|at| at.map(&mut cell).unwrap_or_default());
        let salience = |in_summary| Salience { rank: rank.trim().parse().ok(), score: 0.0, weight: 0.0, in_summary };
        Row {
            salience: (!in_summary.trim().is_empty()).then(|| salience(is_yes(&in_summary))),
            article,
            segment: segment.trim().to_owned(),
            kind: kind.trim().to_owned(),
            source,
            // A cell of this table has no line breaks; one that somebody made is to see more of it.
            target: one_line(&target).into_owned(),
            state: State::Translated,
            line,
        }
    }
}

fn is_yes(cell: &str) -> bool {
    ["1", "true", "yes"].iter().any(|yes| cell.trim().eq_ignore_ascii_case(yes))
}

/// Whether a file begins with the header row of such a table.
pub fn begins(start: &str) -> bool {
    let line = start.trim_start_matches('\u{feff}').lines().next().unwrap_or("");
    Columns::of(&table::header(line).1).is_ok()
}

/// Reads a table that came back, UTF-8. Columns are known by their names; a row that does not fit is passed over with a warning. A
/// target that somebody wrote is a translation, for the column was empty.
///
/// # Errors
/// It cannot be read, lacks a column, holds nothing but rows that are passed over, or `each` failed; without its path.
pub fn read(input: &mut dyn BufRead, each: Each) -> Result<()> {
    let (mut table, header) = Table::new(input)?;
    let columns = Columns::of(&header).map_err(|cause| fault(1, cause))?;
    let mut rows = Rows::new(each, [None, None]);
    while let Some((line, cells)) = table.next()? {
        match cells {
            Ok(cells) if cells.iter().all(|cell| cell.trim().is_empty()) => {}
            Ok(cells) => rows.add(columns.row(cells, line))?,
            Err(cause) => rows.pass_over(line, cause)?,
        }
    }
    rows.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::rows::tests::shown;

    fn back(text: &str) -> (String, Vec<String>) {
        shown(|each| read(&mut text.as_bytes(), each))
    }

    #[test]
    fn a_filled_table_comes_back() {
        let text = "article\tsegment\tkind\tin_summary\trank\tsource\ttarget\na\tt1\ttitle\t0\t\tT\tTt\na\tp1s1\tbody\t1\t2\tA \"b\".\tÄ „b“.\n\
            a\tp1s2\tbody\t0\t1\t\"Yes, sir.\"\t\"Ja.\"\nb\tp1s1\tbody\t\t\tC.\t\n";
        let expected = "a\n  t title t1@2 \"T\" -> \"Tt\" rank=None in=false\n  p1 body p1s1@3 \"A \\\"b\\\".\" -> \"Ä „b“.\" rank=Some(2) in=true \
            p1s2@4 \"\\\"Yes, sir.\\\"\" -> \"\\\"Ja.\\\"\" rank=Some(1) in=false\nb\n  p1 body p1s1@5 \"C.\"\n";
        assert_eq!(back(text), (expected.to_owned(), vec![]));
    }

    #[test]
    fn columns_are_known_by_their_names() {
        let text = "\u{feff} TARGET \tnote\tSource\tsegment\tarticle\t\t\r\nÄ.\tx\tA.\tp1s1\ta\r\n\t\t\t\t\t\t\r\n";
        assert_eq!(back(text).0, "a\n  p1  p1s1@2 \"A.\" -> \"Ä.\"\n");
        let error = |text: &str| read(&mut text.as_bytes(), &mut |_, _| Ok(())).expect_err("refused").to_string();
        assert_eq!(error("article\tsource\ttext\n"), ":1: no columns segment, target in the header row; it has article, source, text");
        assert_eq!(error("id,article,segment,source\n"), ":1: no column target in the header row; it has id, article, segment, source");
        assert_eq!(error(""), ":1: there is nothing in it");
    }

    #[test]
    fn formulas_are_made_safe_and_back_again() {
        let cells = ["=1+1", "'=x", "''-x", "- so", "@home", "+5", "'tis", "\"Yes.\"", "a \"b\"", "'\"=", "plain"];
        let written = cells.map(|cell| safe(cell.into()).into_owned());
        assert_eq!(written[..8], ["'=1+1", "''=x", "'''-x", "'- so", "'@home", "'+5", "'tis", "\"\"\"Yes.\"\"\""]);
        let text = format!("article\tsegment\tsource\ttarget\n{}", written.map(|cell| format!("a\tx\t{cell}\t{cell}\n")).concat());
        let mut came = Vec::new();
        let each = &mut |bitext: crate::translation::Bitext, _| {
            let segments = bitext.units.iter().flat_map(|unit| unit.segments());
            came.extend(segments.map(|segment| [Some(segment.source.clone()), segment.target.clone()]));
            Ok(())
        };
        read(&mut text.as_bytes(), each).expect("sound");
        assert_eq!(came, cells.map(|cell| [Some(cell.to_owned()), Some(cell.to_owned())]));
    }

    #[test]
    fn rows_that_do_not_fit_are_passed_over() {
        let text = "article\tsegment\tsource\ttarget\na\tp1s1\tA.\tÄ.\na\tp1s2\tB.\tB\tC\nnothing\na\tp1s3\tD.\n";
        let (found, warnings) = back(text);
        assert_eq!(found, "a\n  p1  p1s1@2 \"A.\" -> \"Ä.\" p1s3@5 \"D.\"\n");
        assert_eq!(warnings, ["3: passed over: 5 cells in the row, 4 in the header row", "4: passed over: a row without a source"]);
    }
}
