//! Where the units of a bitext stand in their article. Sentences are not cut again: sources come in the order of the text, so each
//! is looked for behind the one before, byte for byte first, then with runs of blanks alike and U+FFFD for what XML cannot hold. So
//! it does not matter by which rules the article was cut, nor whether a tool joined or split segments.

use super::bitext::{Bitext, BitextUnit, Part};
use crate::span::Span;

/// Where a part of a unit stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Its bytes.
    pub span: Span,
    /// The source is the text, byte for byte.
    pub exact: bool,
}

/// Where a unit stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is the title field, which is no part of the text.
    Title,
    /// In the text: a spot for each part, `None` for one that is not there. Spots are in order and disjoint.
    Text(Vec<Option<Spot>>),
}

impl Place {
    /// Whether every sentence of the unit was found.
    pub fn is_whole(&self, unit: &BitextUnit) -> bool {
        match self {
            Place::Title => true,
            Place::Text(spots) => unit.parts.iter().zip(spots).all(|(part, spot)| spot.is_some() || matches!(part, Part::Ignorable { .. })),
        }
    }

    /// From the first to the last byte of what was found.
    pub fn span(&self) -> Option<Span> {
        let Place::Text(spots) = self else { return None };
        let mut found = spots.iter().flatten();
        let first = found.next()?.span;
        Some(Span { start: first.start, end: found.next_back().map_or(first.end, |last| last.span.end) })
    }
}

/// How often the text may be read over in search of sources that do not follow on; more often it is another text.
const SEARCHES: usize = 50;

/// Finds every unit of a bitext in the text of its article, or in its title field.
pub fn place(text: &str, title: Option<&str>, bitext: &Bitext) -> Vec<Place> {
    let mut finder = Finder { text, at: 0, left: text.len().saturating_mul(SEARCHES).saturating_add(1 << 16) };
    let units = &bitext.units;
    let of_unit = |(index, unit): (usize, &BitextUnit)| {
        if is_title(unit, index, title) { Place::Title } else { Place::Text(finder.unit(unit, units.get(index + 1))) }
    };
    units.iter().enumerate().map(of_unit).collect()
}

/// Whether a unit is the title field: by its id, or, where a tool has ids of its own, because it comes first and says the same.
fn is_title(unit: &BitextUnit, index: usize, title: Option<&str>) -> bool {
    let Some(title) = title else { return false };
    let source: String = unit.parts.iter().map(source).collect();
    let same = alike(title, &source).is_some_and(|end| title[end..].trim().is_empty());
    same && (unit.id == "t" || unit.id == "t1" || index == 0)
}

/// The source of a part.
fn source(part: &Part) -> &str {
    match part {
        Part::Segment(segment) => &segment.source,
        Part::Ignorable { source, .. } => source,
    }
}

/// Whether a source is nothing but blanks, or what stands for some of them.
fn is_blank(source: &str) -> bool {
    source.chars().all(|c| c.is_whitespace() || c == LOST)
}

struct Finder<'a> {
    text: &'a str,
    /// End of what was found last.
    at: usize,
    /// Bytes that may still be searched.
    left: usize,
}

impl Finder<'_> {
    fn unit(&mut self, unit: &BitextUnit, next: Option<&BitextUnit>) -> Vec<Option<Spot>> {
        self.go_to_start(unit);
        let after = |at: usize| unit.parts[at + 1..].iter().chain(next.iter().flat_map(|next| &next.parts));
        let followers = |at: usize| after(at).map(source).filter(|source| !is_blank(source)).take(AHEAD).collect();
        (0..unit.parts.len()).map(|at| self.part(source(&unit.parts[at]), || followers(at))).collect()
    }

    /// Trusts the place that the file gives, if the unit is there.
    fn go_to_start(&mut self, unit: &BitextUnit) {
        let Some(start) = unit.start.map(|start| start as usize).filter(|start| *start >= self.at && self.text.is_char_boundary(*start))
        else {
            return;
        };
        let first = unit.parts.iter().find(|part| !source(part).is_empty());
        if first.is_some_and(|first| self.here(start, source(first)).is_some()) {
            self.at = start;
        }
    }

    fn part<'p>(&mut self, source: &str, followers: impl Fn() -> Vec<&'p str>) -> Option<Spot> {
        let found = if is_blank(source) { self.blanks(source) } else { self.sentence(source, followers) };
        if let Some(spot) = found {
            self.at = spot.span.end as usize;
        }
        found
    }

    /// What is all blanks stands here or nowhere.
    fn blanks(&self, source: &str) -> Option<Spot> {
        let rest = &self.text[self.at..];
        if rest.starts_with(source) {
            return Some(spot(self.at, self.at + source.len(), true));
        }
        let there = rest.len() - rest.trim_start().len();
        (there > 0).then(|| spot(self.at, self.at + there, false))
    }

    /// A sentence stands here, or behind blanks, or further on, unless one of those behind it in the file comes before that: then it
    /// is the sentence that is not in the text.
    fn sentence<'p>(&mut self, source: &str, followers: impl Fn() -> Vec<&'p str>) -> Option<Spot> {
        let rest = &self.text[self.at..];
        let behind = self.at + (rest.len() - rest.trim_start().len());
        if let Some(spot) = self.here(self.at, source).or_else(|| self.here(behind, source)) {
            return Some(spot);
        }
        let found = self.search(source, self.text.len())?;
        let sooner = followers().into_iter().any(|next| self.search(next, found.span.start as usize).is_some());
        if sooner { None } else { Some(found) }
    }

    /// The source at that byte.
    fn here(&self, at: usize, source: &str) -> Option<Spot> {
        let rest = &self.text[at..];
        if rest.starts_with(source) {
            return Some(spot(at, at + source.len(), true));
        }
        alike(rest, source).map(|length| spot(at, at + length, false))
    }

    /// The source anywhere behind what was found last and before `end`.
    fn search(&mut self, source: &str, end: usize) -> Option<Spot> {
        let rest = &self.text[self.at..end];
        self.left = self.left.checked_sub(rest.len())?;
        if let Some(found) = memchr::memmem::find(rest.as_bytes(), source.as_bytes()) {
            return Some(spot(self.at + found, self.at + found + source.len(), true));
        }
        let word = source.split(|c: char| c.is_whitespace() || c == LOST).find(|word| !word.is_empty())?;
        if !source.trim_start().starts_with(word) {
            return None;
        }
        self.left = self.left.checked_sub(rest.len())?;
        let mut tries = memchr::memmem::find_iter(rest.as_bytes(), word.as_bytes()).take(TRIES);
        tries.find_map(|found| alike(&rest[found..], source).map(|length| spot(self.at + found, self.at + found + length, false)))
    }
}

/// Sentences behind one in the file that are looked for when it is not where it should be.
const AHEAD: usize = 4;

/// Places at which a source is compared in a search, at most.
const TRIES: usize = 20;

/// What stands for characters that XML cannot hold.
const LOST: char = '\u{fffd}';

fn spot(start: usize, end: usize, exact: bool) -> Spot {
    Spot { span: Span::new(start, end), exact }
}

/// Length of the start of `text` that the source is but for its blanks and for lost characters; outer blanks do not count.
fn alike(text: &str, source: &str) -> Option<usize> {
    let mut rest = text;
    let mut wanted = source.trim();
    if wanted.is_empty() {
        return None;
    }
    loop {
        let same = rest.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count();
        let same = (0..=same).rev().find(|at| rest.is_char_boundary(*at) && wanted.is_char_boundary(*at)).unwrap_or(0);
        (rest, wanted) = (&rest[same..], &wanted[same..]);
        let Some(asked) = wanted.chars().next() else { return Some(text.len() - rest.len()) };
        let there = rest.chars().next()?;
        if asked == LOST && !is_xml(there) {
            (rest, wanted) = (&rest[there.len_utf8()..], &wanted[LOST.len_utf8()..]);
        } else if asked.is_whitespace() || there.is_whitespace() {
            let inside = |all: &str, rest: &str| all[..all.len() - rest.len()].ends_with(char::is_whitespace);
            let blank = (asked.is_whitespace() || inside(source.trim(), wanted)) && (there.is_whitespace() || inside(text, rest));
            if !blank {
                return None;
            }
            (rest, wanted) = (rest.trim_start(), wanted.trim_start());
        } else {
            return None;
        }
    }
}

/// Whether XML 1.0 can hold a character.
fn is_xml(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::super::bitext::BitextSegment;
    use super::*;

    /// A unit of segments, those in brackets being ignorables; a number before a colon is its start.
    fn unit(id: &str, parts: &[&str]) -> BitextUnit {
        let part = |text: &&str| match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            Some(blank) => Part::Ignorable { source: blank.to_owned(), target: None },
            None => Part::Segment(BitextSegment { source: (*text).to_owned(), ..BitextSegment::default() }),
        };
        BitextUnit { id: id.to_owned(), parts: parts.iter().map(part).collect(), ..BitextUnit::default() }
    }

    /// What was found of each part, `~` before what is not the same byte for byte.
    fn found(text: &str, title: Option<&str>, units: Vec<BitextUnit>) -> Vec<String> {
        let bitext = Bitext { units, ..Bitext::default() };
        let shown = |spot: &Option<Spot>| match spot {
            None => "-".to_owned(),
            Some(spot) => format!("{}{}", if spot.exact { "" } else { "~" }, spot.span.of(text).escape_debug()),
        };
        let of_unit = |place: &Place| match place {
            Place::Title => "title".to_owned(),
            Place::Text(spots) => spots.iter().map(shown).collect::<Vec<_>>().join("|"),
        };
        place(text, title, &bitext).iter().map(of_unit).collect()
    }

    #[test]
    fn units_follow_on_whatever_their_cut() {
        let text = "  A one. B two.\n\nC three. D four.";
        let cut = [unit("p1", &["A one.", "[ ]", "B two."]), unit("p2", &["C three.", "[ ]", "D four."])];
        assert_eq!(found(text, None, cut.to_vec()), ["A one.| |B two.", "C three.| |D four."]);
        let otherwise = vec![unit("x", &["A ", "one. B", " two."]), unit("y", &["C three. D four."])];
        assert_eq!(found(text, None, otherwise), ["A |one. B| two.", "C three. D four."]);
        let no_blanks = vec![unit("p1", &["A one.", "B two."]), unit("p2", &["C three."])];
        assert_eq!(found(text, None, no_blanks), ["A one.|B two.", "C three."]);
    }

    #[test]
    fn blanks_and_lost_characters_are_alike() {
        let text = "A\u{1}b  c.\u{c}D\r\ne.";
        assert_eq!(found(text, None, vec![unit("p1", &["A\u{fffd}b c.", "[\u{fffd}]", "D e."])]), ["~A\\u{1}b  c.|~\\u{c}|~D\\r\\ne."]);
        assert_eq!(found("ab", None, vec![unit("p1", &["a b"])]), ["-"]);
        assert_eq!(found("a b", None, vec![unit("p1", &["ab"])]), ["-"]);
        assert_eq!(found("a\u{fffd}", None, vec![unit("p1", &["a\u{fffd}"]), unit("p2", &["é"])]), ["a\u{fffd}", "-"]);
    }

    #[test]
    fn what_does_not_follow_is_searched_unless_the_next_one_does() {
        let text = "A. B. C. B. D.";
        assert_eq!(found(text, None, vec![unit("x", &["C."]), unit("y", &["D."])]), ["C.", "D."]);
        // Not in the text: but for the one behind it the search would take what comes later.
        assert_eq!(found(text, None, vec![unit("p1", &["A."]), unit("x", &["D."]), unit("p2", &["B."])]), ["A.", "-", "B."]);
        assert_eq!(found(text, None, vec![unit("p1", &["Q."]), unit("p2", &["A.", "Q.", "B."])]), ["-", "A.|-|B."]);
        let given = BitextUnit { start: Some(9), ..unit("p2", &["B."]) };
        assert_eq!(found(text, None, vec![given.clone(), unit("p3", &["D."])]), ["B.", "D."]);
        let bitext = Bitext { units: vec![given], ..Bitext::default() };
        assert_eq!(place(text, None, &bitext)[0].span(), Some(Span::new(9, 11)));
        assert_eq!(found(text, None, vec![unit("p1", &["D."]), unit("p2", &["A."])]), ["-", "A."]);
    }

    #[test]
    fn the_title_is_no_part_of_the_text() {
        let text = "Head\n\nBody.";
        assert_eq!(found(text, Some("Head"), vec![unit("t", &["Head"]), unit("p1", &["Head"])]), ["title", "Head"]);
        assert_eq!(found(text, Some("A  head"), vec![unit("17", &["A head"]), unit("18", &["Body."])]), ["title", "Body."]);
        assert_eq!(found(text, None, vec![unit("t", &["Head"])]), ["Head"]);
    }

    #[test]
    fn a_file_of_another_text_ends_soon() {
        let text = "a".repeat(1 << 20);
        let units = (0..20_000).map(|_| unit("x", &["aaaaaaaab"])).collect();
        assert!(found(&text, None, units).iter().all(|found| found == "-"));
    }
}
