//! Rows and cells of a table as programs save it. Ours quotes nothing; spreadsheets quote cells with a tab, a line break or a quotation
//! mark in them, doubling the latter, Excel those with a comma too, and some every cell. A sentence may begin and end with quotation
//! marks of its own, so a cell is taken out of its quotes only where the file shows that somebody quotes. What columns mean is not
//! known here.

use std::collections::VecDeque;
use std::io::BufRead;

use crate::error::Result;
use crate::format::lines::{Lines, fault};

/// A table while it is read.
pub(super) struct Table<'a> {
    lines: Lines<'a>,
    /// Lines that were read and belong to no row yet, with their numbers.
    ahead: VecDeque<(u64, String)>,
    habit: Habit,
    /// Cells of the header row.
    count: usize,
}

/// Cells of a row, or why they are none.
pub(super) type Cells = Result<Vec<String>, String>;

/// How cells are set apart and quoted.
#[derive(Clone, Copy, Debug)]
struct Habit {
    separator: char,
    /// Every cell is quoted.
    all: bool,
    /// Cells with a comma are quoted.
    commas: bool,
}

/// Lines that may stand in one cell, and their bytes.
const LINES: usize = 20;
const BYTES: usize = 1 << 16;

/// Cells of a row that are looked at.
const CELLS: usize = 1 << 14;

/// Lines that are looked at to find out how cells are quoted.
const SAMPLE: usize = 200;

/// What sets cells apart, and the cells of a header row.
pub(super) fn header(line: &str) -> (char, Vec<String>) {
    let separator = line.chars().find(|c| matches!(c, '\t' | ';' | ',')).unwrap_or('\t');
    let habit = Habit { separator, all: true, commas: true };
    let mut cells: Vec<String> = pieces(line, separator).0.into_iter().map(|piece| habit.cell(piece)).collect();
    while cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    (separator, cells)
}

impl<'a> Table<'a> {
    /// A table, and the cells of its header row.
    pub(super) fn new(input: &'a mut dyn BufRead) -> Result<(Table<'a>, Vec<String>)> {
        let mut lines = Lines::new(input);
        let Some(first) = lines.next()? else { return Err(fault(1, "there is nothing in it")) };
        let (separator, header) = header(&first);
        let habit = Habit { separator, all: first.starts_with('"'), commas: lines.windows() };
        let mut table = Table { lines, ahead: VecDeque::new(), habit, count: header.len() };
        table.learn()?;
        Ok((table, header))
    }

    /// Nobody quotes for a comma where a cell with one stands bare.
    fn learn(&mut self) -> Result<()> {
        let mut bytes = 0;
        while self.habit.commas && self.ahead.len() < SAMPLE && bytes < BYTES && self.look(self.ahead.len())? {
            let line = &self.ahead[self.ahead.len() - 1].1;
            bytes += line.len();
            let bare = |cell: &str| cell.contains(',') && !cell.starts_with('"');
            self.habit.commas = !line.split(self.habit.separator).any(bare);
        }
        Ok(())
    }

    /// Whether there is a line so far ahead.
    fn look(&mut self, at: usize) -> Result<bool> {
        while self.ahead.len() <= at {
            let Some(line) = self.lines.next()? else { return Ok(false) };
            self.ahead.push_back((self.lines.number(), line));
        }
        Ok(true)
    }

    /// The next row, and the line that it begins at.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Cells)>> {
        if !self.look(0)? {
            return Ok(None);
        }
        let joined = self.join()?;
        let Some((number, line)) = self.ahead.pop_front() else { return Ok(None) };
        if let Some((rows, text)) = joined {
            self.ahead.drain(..rows - 1);
            return Ok(Some((number, Ok(self.cells(pieces(&text, self.habit.separator).0)))));
        }
        Ok(Some((number, self.line(&line))))
    }

    /// The cells of a row that is a line.
    fn line(&self, line: &str) -> Cells {
        let bare: Vec<&str> = line.split(self.habit.separator).take(CELLS).collect();
        let (quoted, _) = pieces(line, self.habit.separator);
        let fits = |cells: &[&str]| cells.len() <= self.count || cells[self.count..].iter().all(|cell| cell.trim().is_empty());
        // A tab inside of quotes sets no cells apart, unless only so there are as many as there should be.
        let cells = if bare.len() == self.count || bare.len() < quoted.len() || !fits(&quoted) { bare } else { quoted };
        if fits(&cells) {
            return Ok(self.cells(cells));
        }
        Err(format!("{} cells in the row, {} in the header row", cells.len(), self.count))
    }

    /// The row of a cell that goes on in the next lines: their number and text. A cell that only begins with a quotation mark is
    /// told from one by the line after it, which is a row, and by its end, which does not make one.
    fn join(&mut self) -> Result<Option<(usize, String)>> {
        let line = &self.ahead[0].1;
        if !pieces(line, self.habit.separator).1 || line.len() > BYTES {
            return Ok(None);
        }
        let mut text = line.clone();
        let full = self.is_full(line);
        for at in 1..LINES {
            if !self.look(at)? {
                return Ok(None);
            }
            let next = &self.ahead[at].1;
            if (at == 1 && full && self.is_full(next)) || text.len() + next.len() > BYTES {
                return Ok(None);
            }
            text.extend(["\n", next]);
            if next.contains('"') {
                let (found, open) = pieces(&text, self.habit.separator);
                if !open {
                    return Ok((found.len() == self.count).then_some((at + 1, text)));
                }
            }
        }
        Ok(None)
    }

    fn is_full(&self, line: &str) -> bool {
        line.split(self.habit.separator).count() == self.count
    }

    fn cells(&self, pieces: Vec<&str>) -> Vec<String> {
        pieces.into_iter().map(|piece| self.habit.cell(piece)).collect()
    }
}

impl Habit {
    /// What a piece of a row says.
    fn cell(self, piece: &str) -> String {
        let Some(inner) = piece.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return piece.to_owned() };
        let doubled = inner.contains("\"\"");
        if inner.replace("\"\"", "").contains('"') {
            return piece.to_owned();
        }
        let for_cause = inner.contains([self.separator, '\n']) || (self.commas && inner.contains(','));
        if inner.is_empty() || doubled || for_cause || self.all { inner.replace("\"\"", "\"") } else { piece.to_owned() }
    }
}

/// The pieces of a row between separators, but for those inside of quotes, and whether one is quoted and does not end.
fn pieces(line: &str, separator: char) -> (Vec<&str>, bool) {
    let (mut found, mut rest, mut open) = (Vec::new(), line, false);
    loop {
        let end = match quoted(rest, separator) {
            Quoted::Ends(end) => end,
            Quoted::Open => {
                open = true;
                rest.find(separator).unwrap_or(rest.len())
            }
            Quoted::Not => rest.find(separator).unwrap_or(rest.len()),
        };
        found.push(&rest[..end]);
        match rest[end..].strip_prefix(separator) {
            // One that does not end is open whatever comes behind it, so that each byte is looked at twice at most.
            Some(behind) if !open && found.len() < CELLS => rest = behind,
            Some(behind) => {
                found.extend(behind.split(separator).take(CELLS - found.len()));
                return (found, open);
            }
            None => return (found, open),
        }
    }
}

enum Quoted {
    /// It does not begin with a quotation mark, or goes on behind the closing one.
    Not,
    /// Its closing mark ends there.
    Ends(usize),
    /// It has no closing mark.
    Open,
}

/// Whether a quoted cell stands at the start.
fn quoted(text: &str, separator: char) -> Quoted {
    let Some(inner) = text.strip_prefix('"') else { return Quoted::Not };
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'"', &inner.as_bytes()[at..]) {
        let behind = &inner[at + found + 1..];
        if behind.starts_with('"') {
            at += found + 2;
        } else if behind.is_empty() || behind.starts_with(separator) {
            return Quoted::Ends(text.len() - behind.len());
        } else {
            return Quoted::Not;
        }
    }
    Quoted::Open
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of a table of two columns: line, then the cells, `!` where they do not fit.
    fn rows(body: &str) -> Vec<String> {
        rows_under("a\tb\n", body)
    }

    fn rows_under(header: &str, body: &str) -> Vec<String> {
        let text = format!("{header}{body}");
        let mut input = text.as_bytes();
        let (mut table, _) = Table::new(&mut input).expect("there");
        let mut all = Vec::new();
        while let Some((line, cells)) = table.next().expect("readable") {
            all.push(format!("{line}: {}", cells.map_or_else(|cause| format!("! {cause}"), |cells| cells.join("|"))));
        }
        all
    }

    #[test]
    fn quotes_are_taken_off_where_somebody_quotes() {
        let cases = [
            ("\"He said, \"\"no\"\".\"\tx", "He said, \"no\".|x"),
            ("\"one\ttwo\"\tx", "one\ttwo|x"),
            ("\"\"\"Yes.\"\"\"\t\"\"", "\"Yes.\"|"),
            ("\"Yes.\"\t\"Ja.\"", "\"Yes.\"|\"Ja.\""),
            ("\"Yes,\" she said.\t\"Ja“, sagte sie.", "\"Yes,\" she said.|\"Ja“, sagte sie."),
            ("\"We go.\t\"Wir gehen.\"", "\"We go.|\"Wir gehen.\""),
            ("We go.\"\tWir gehen.\"", "We go.\"|Wir gehen.\""),
        ];
        cases.iter().for_each(|(line, expected)| assert_eq!(rows(line), [format!("2: {expected}")], "{line}"));
        // Excel quotes for a comma; who leaves one bare does not, nor does who ends lines as we do.
        let excel = rows_under("a\tb\r\n", "\"Yes, sir.\"\tx\r\n");
        assert_eq!(excel, ["2: Yes, sir.|x"]);
        let other = rows_under("a\tb\r\n", "\"Yes, sir.\"\tx\r\nNo, sir.\tx\r\n");
        assert_eq!(other, ["2: \"Yes, sir.\"|x", "3: No, sir.|x"]);
        assert_eq!(rows("\"Yes, sir.\"\tx"), ["2: \"Yes, sir.\"|x"]);
        assert_eq!(rows_under("\"a\"\t\"b\"\n", "\"Yes.\"\t\"x\""), ["2: Yes.|x"]);
    }

    #[test]
    fn a_quoted_cell_may_have_several_lines() {
        assert_eq!(rows("x\t\"one\n\ntwo \"\"b\"\"\"\ny\tz\n"), ["2: x|one\n\ntwo \"b\"", "5: y|z"]);
        assert_eq!(rows("\"one\ntwo\"\tx\ny\tz\n"), ["2: one\ntwo|x", "4: y|z"]);
        // A sentence that only begins with a quotation mark is no such cell.
        assert_eq!(rows("x\t\"one\ny\t\"two\"\nz\tz"), ["2: x|\"one", "3: y|\"two\"", "4: z|z"]);
        assert_eq!(rows(&format!("x\t\"one\n{}", "y\n".repeat(LINES))).len(), LINES + 1);
    }

    #[test]
    fn other_separators_are_those_of_the_header() {
        assert_eq!(rows_under("a;b\r\n", "\"x; y\";z\r\n1,5;2\r\n"), ["2: x; y|z", "3: 1,5|2"]);
        assert_eq!(rows_under("a,b\n", "\"x, y\",z\n"), ["2: x, y|z"]);
        let many = rows(&format!("x{}", "\ty".repeat(2 * CELLS)));
        assert_eq!(many, [format!("2: ! {CELLS} cells in the row, 2 in the header row")]);
        assert_eq!(rows("x\ty\t\t\nx\n\nx\ty\tz"), ["2: x|y||", "3: x", "4: ", "5: ! 3 cells in the row, 2 in the header row"]);
    }
}
