//! Segments that come back a row each, whatever the rows are written in: those of an article become a [`Bitext`] again, sentences of
//! a paragraph a unit, in the order of their ids, for a spreadsheet may have sorted them. Only one article is in memory. Blanks
//! between sentences are in no row; they are those of the article.

use foldhash::{HashSet, HashSetExt};

use super::returned::Each;
use crate::error::Error;
use crate::error::{ErrorKind, Place, Result, Warning, WarningKind};
use crate::translation::{Bitext, BitextSegment, BitextUnit, Part, Salience, State};

/// A segment with its translation.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// Id of the article.
    pub article: String,
    /// `p3s2`, `t1`.
    pub segment: String,
    /// Kind of the paragraph; empty if the file does not tell.
    pub kind: String,
    /// The sentence.
    pub source: String,
    /// Its translation; blank where there is none.
    pub target: String,
    /// How far that is.
    pub state: State,
    /// What the summary thinks of it, if the file tells.
    pub salience: Option<Salience>,
    /// Line of the row, from 1.
    pub line: u64,
}

/// The rows of a file while they are read.
pub(super) struct Rows<'a> {
    each: Each<'a>,
    langs: [Option<String>; 2],
    open: Vec<Row>,
    warnings: Vec<Warning>,
    handed_on: bool,
}

/// Rows of an article that are passed over before the file is given up.
const MOST: usize = 1000;

impl<'a> Rows<'a> {
    /// Before the first row; the languages of source and target are said, if the file tells.
    pub(super) fn new(each: Each<'a>, langs: [Option<String>; 2]) -> Rows<'a> {
        Rows { each, langs, open: Vec::new(), warnings: Vec::new(), handed_on: false }
    }

    /// Adds a row; the article before is handed on if it is of another.
    pub(super) fn add(&mut self, row: Row) -> Result<()> {
        if row.source.trim().is_empty() {
            return self.pass_over(row.line, "a row without a source");
        }
        if self.open.last().is_some_and(|last| last.article != row.article) {
            self.hand_on()?;
        }
        self.open.push(row);
        Ok(())
    }

    /// Passes over what is no row.
    ///
    /// # Errors
    /// There is too much of it.
    pub(super) fn pass_over(&mut self, line: u64, cause: impl Into<String>) -> Result<()> {
        let cause = cause.into();
        if self.warnings.len() >= MOST {
            return Err(super::lines::fault(line, format!("{cause}; so many rows are wrong that it is read no further")));
        }
        self.warn(line, WarningKind::Row(cause));
        Ok(())
    }

    /// Behind the last row.
    ///
    /// # Errors
    /// There was none but such as were passed over.
    pub(super) fn end(mut self) -> Result<()> {
        self.hand_on()?;
        match self.warnings.into_iter().next() {
            Some(Warning { kind: WarningKind::Row(cause), place }) if !self.handed_on => {
                Err(Error::from(ErrorKind::Table(cause)).at(place))
            }
            _ => Ok(()),
        }
    }

    fn warn(&mut self, line: u64, kind: WarningKind) {
        self.warnings.push(Warning { kind, place: Place { line: Some(line), ..Place::default() } });
    }

    fn hand_on(&mut self) -> Result<()> {
        let mut rows = std::mem::take(&mut self.open);
        let Some(first) = rows.first() else { return Ok(()) };
        let id = first.article.clone();
        self.name_repeated(&rows);
        if rows.iter().all(|row| position(&row.segment).is_some()) {
            rows.sort_by_key(|row| position(&row.segment));
        }
        let [source_lang, target_lang] = self.langs.clone();
        // Rows are written of whole articles, so that one that is not there was deleted.
        let properties = vec![("selection".to_owned(), "article".to_owned())];
        let bitext = Bitext { id, source_lang, target_lang, properties, units: units(rows), ..Bitext::default() };
        self.handed_on = true;
        (self.each)(bitext, std::mem::take(&mut self.warnings))
    }

    fn name_repeated(&mut self, rows: &[Row]) {
        let mut seen = HashSet::with_capacity(rows.len());
        let repeated = rows.iter().filter(|row| !seen.insert(row.segment.as_str()));
        let repeated: Vec<(u64, String)> = repeated.take(MOST).map(|row| (row.line, row.segment.clone())).collect();
        repeated.into_iter().for_each(|(line, id)| self.warn(line, WarningKind::RepeatedRow(id)));
    }
}

/// Paragraph and sentence of a segment id, the title field first; `None` for an id that is not of that shape.
fn position(id: &str) -> Option<(u32, u32)> {
    let number = |digits: &str| digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()));
    match id.strip_prefix('t') {
        Some(title) => Some((0, number(title)?)),
        None => {
            let (paragraph, sentence) = id.strip_prefix('p')?.split_once('s')?;
            Some((number(paragraph)?, number(sentence)?))
        }
    }
}

/// Id of the unit that a segment is of.
fn unit_of(segment: &str) -> &str {
    match position(segment) {
        Some((0, _)) => "t",
        Some(_) => segment.split_once('s').map_or(segment, |(paragraph, _)| paragraph),
        None => segment,
    }
}

fn units(rows: Vec<Row>) -> Vec<BitextUnit> {
    let mut units: Vec<BitextUnit> = Vec::new();
    for row in rows {
        let id = unit_of(&row.segment);
        if units.last().is_none_or(|unit| unit.id != id) {
            units.push(BitextUnit { id: id.to_owned(), kind: row.kind, line: row.line, ..BitextUnit::default() });
        }
        let segment = BitextSegment {
            id: row.segment,
            source: row.source,
            target: Some(row.target).filter(|target| !target.trim().is_empty()),
            state: row.state,
            salience: row.salience,
            line: row.line,
            ..BitextSegment::default()
        };
        units.last_mut().expect("there is one").parts.push(Part::Segment(segment));
    }
    units
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What was handed on, a line an article and a unit, and the warnings with their lines.
    pub(in crate::format) fn shown(read: impl FnOnce(Each) -> Result<()>) -> (String, Vec<String>) {
        let (mut out, mut faults) = (String::new(), Vec::new());
        let each = &mut |bitext: Bitext, warnings: Vec<Warning>| {
            out += &bitext.id;
            let langs = [&bitext.source_lang, &bitext.target_lang];
            langs.iter().for_each(|lang| out += &lang.as_ref().map(|lang| format!(" {lang}")).unwrap_or_default());
            out.push('\n');
            for unit in &bitext.units {
                out += &format!("  {} {}", unit.id, unit.kind);
                for segment in unit.segments() {
                    out += &format!(" {}@{} {:?}", segment.id, segment.line, segment.source);
                    out += &segment.target.as_ref().map(|target| format!(" -> {target:?}")).unwrap_or_default();
                    out += &segment.salience.map(|s| format!(" rank={:?} in={}", s.rank, s.in_summary)).unwrap_or_default();
                }
                out.push('\n');
            }
            faults.extend(warnings.iter().map(|warning| format!("{}: {}", warning.place.line.unwrap_or(0), warning.kind)));
            Ok(())
        };
        read(each).expect("readable");
        (out, faults)
    }

    fn rows(all: &[(&str, &str, &str)]) -> (String, Vec<String>) {
        shown(|each| {
            let mut rows = Rows::new(each, [None, Some("de".into())]);
            for (line, (article, segment, source)) in (2..).zip(all) {
                let (article, segment, source) = ((*article).into(), (*segment).into(), (*source).into());
                rows.add(Row { article, segment, source, line, ..Row::default() })?;
            }
            rows.end()
        })
    }

    #[test]
    fn rows_of_an_article_stand_in_the_order_of_their_ids() {
        let all = [("a", "p10s1", "C."), ("a", "p2s2", "B."), ("a", "t1", "T"), ("a", "p2s1", "A."), ("b", "x", "1."), ("b", "p1s1", "2.")];
        let expected =
            "a de\n  t  t1@4 \"T\"\n  p2  p2s1@5 \"A.\" p2s2@3 \"B.\"\n  p10  p10s1@2 \"C.\"\nb de\n  x  x@6 \"1.\"\n  p1  p1s1@7 \"2.\"\n";
        assert_eq!(rows(&all), (expected.to_owned(), vec![]));
    }

    #[test]
    fn what_looks_wrong_is_named_by_line() {
        let (found, warnings) = rows(&[("a", "p1s1", "A."), ("a", "p1s2", " "), ("a", "p1s1", "A.")]);
        assert_eq!(found, "a de\n  p1  p1s1@2 \"A.\" p1s1@4 \"A.\"\n");
        assert_eq!(warnings, ["3: passed over: a row without a source", "4: the segment id \"p1s1\" stands twice in its article"]);
        let mut each = |_: Bitext, _: Vec<Warning>| Ok(());
        let mut rows = Rows::new(&mut each, [None, None]);
        let error = (1..).find_map(|line| rows.pass_over(line, "x").err()).expect("an end");
        assert_eq!(error.place.line, Some(MOST as u64 + 1));
    }
}
