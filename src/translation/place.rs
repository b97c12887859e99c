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

/// Finds every unit of a bitext in the text of its article, or in its title field. Where the file knows places, by byte or by id,
/// they decide, whatever the order of its units; the text is searched for the rest.
pub fn place(text: &str, title: Option<&str>, bitext: &Bitext) -> Vec<Place> {
    let left = text.len().saturating_mul(SEARCHES).saturating_add(1 << 16);
    let mut finder = Finder { text, at: 0, limit: text.len(), left };
    let units = &bitext.units;
    let of_unit = |(index, unit)| if is_title(unit, index, title) { Place::Title } else { Place::Text(vec![None; unit.parts.len()]) };
    let mut places: Vec<Place> = units.iter().enumerate().map(of_unit).collect();
    let in_text: Vec<usize> = (0..units.len()).filter(|&at| places[at] != Place::Title).collect();
    let order = in_order(units, in_text);
    for (nth, &at) in order.iter().enumerate() {
        let next = order.get(nth + 1).map(|&next| &units[next]);
        places[at] = Place::Text(finder.unit(&units[at], next));
    }
    finder.rest(units, &mut places);
    places
}

/// Units in the order of the article, as far as the file tells: by their first bytes or, where none has any, by their ids. A unit
/// that tells nothing stays behind the one before it.
fn in_order(units: &[BitextUnit], mut order: Vec<usize>) -> Vec<usize> {
    let starts = order.iter().any(|&at| units[at].start.is_some());
    let mut last = (0, 0);
    let mut keys = vec![last; units.len()];
    for &at in &order {
        let unit = &units[at];
        let own = if starts { unit.start.map(|start| (start, 0)) } else { numbers(&unit.id) };
        last = own.unwrap_or(last);
        keys[at] = last;
    }
    order.sort_by_key(|&at| keys[at]);
    order
}

/// Paragraph and sentence of an id of this crate, `p3s2` or `p3`; no sentence is 0.
pub(super) fn numbers(id: &str) -> Option<(u32, u32)> {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    match id.strip_prefix('p')?.split_once('s') {
        Some((paragraph, sentence)) => Some((digits(paragraph)?, digits(sentence)?)),
        None => Some((digits(&id[1..])?, 0)),
    }
}

/// The number of a sentence in its paragraph.
fn sentence_of(part: &Part) -> Option<u32> {
    let Part::Segment(segment) = part else { return None };
    numbers(&segment.id).map(|(_, sentence)| sentence).filter(|sentence| *sentence > 0)
}

/// Indices of the parts of a unit in the order of their sentences' ids; what has none stays behind the one before it.
fn parts_in_order(unit: &BitextUnit) -> Vec<usize> {
    let mut last = 0;
    let mut key = |part: &Part| {
        last = sentence_of(part).unwrap_or(last);
        last
    };
    let keys: Vec<u32> = unit.parts.iter().map(&mut key).collect();
    let mut order: Vec<usize> = (0..unit.parts.len()).collect();
    order.sort_by_key(|&at| keys[at]);
    order
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
    /// Start of the next unit, if the file tells, else the end of the text.
    limit: usize,
    /// Bytes that may still be searched.
    left: usize,
}

impl Finder<'_> {
    fn unit(&mut self, unit: &BitextUnit, next: Option<&BitextUnit>) -> Vec<Option<Spot>> {
        let order = parts_in_order(unit);
        let known = self.go_to_start(unit, order.first().map(|&at| &unit.parts[at]));
        let begins = |next: &BitextUnit| next.start.map(|start| start as usize).filter(|start| self.text.is_char_boundary(*start));
        self.limit = next.and_then(begins).filter(|start| *start >= self.at).unwrap_or(self.text.len());
        let after = |nth: usize| order[nth + 1..].iter().map(|&at| &unit.parts[at]).chain(next.iter().flat_map(|next| &next.parts));
        let followers = |nth: usize| after(nth).map(source).filter(|source| !is_blank(source)).take(AHEAD).collect();
        let mut spots = vec![None; unit.parts.len()];
        // The number of the sentence that is next here, if that is sure.
        let mut expected = known.then_some(1);
        for (nth, &at) in order.iter().enumerate() {
            let number = sentence_of(&unit.parts[at]);
            let skipped = number.zip(expected).is_some_and(|(number, expected)| number > expected);
            let behind = if skipped { self.behind_gap(unit, &order[nth..]) } else { None };
            spots[at] = match behind {
                Some(spot) => {
                    self.at = spot.span.end as usize;
                    Some(spot)
                }
                None => self.part(source(&unit.parts[at]), || followers(nth)),
            };
            if let Some(number) = number {
                expected = spots[at].is_some().then_some(number.saturating_add(1));
            }
        }
        spots
    }

    /// A sentence before which one is missing: there is text before it, and those whose numbers follow on stand right behind it.
    fn behind_gap(&mut self, unit: &BitextUnit, order: &[usize]) -> Option<Spot> {
        let first = source(&unit.parts[*order.first()?]);
        if is_blank(first) || self.limit <= self.at {
            return None;
        }
        let rest = &self.text[self.at..self.limit];
        self.left = self.left.checked_sub(rest.len())?;
        let fits = |&found: &usize| {
            !rest[..found].trim().is_empty()
                && is_bounded(rest, found, first.len())
                && self.follow_on(unit, order, self.at + found + first.len())
        };
        let found = memchr::memmem::find_iter(rest.as_bytes(), first.as_bytes()).take(TRIES).find(fits)?;
        Some(spot(self.at + found, self.at + found + first.len(), true))
    }

    /// Whether the sentences behind the first, as long as their numbers follow on, stand there with nothing but blanks between.
    fn follow_on(&self, unit: &BitextUnit, order: &[usize], mut at: usize) -> bool {
        let mut number = sentence_of(&unit.parts[order[0]]);
        for part in order[1..].iter().map(|&at| &unit.parts[at]).filter(|part| !is_blank(source(part))).take(AHEAD) {
            number = number.map(|number| number.saturating_add(1));
            if sentence_of(part) != number {
                return true;
            }
            at += self.text[at..].len() - self.text[at..].trim_start().len();
            let Some(spot) = self.here(at, source(part)) else { return false };
            at = spot.span.end as usize;
        }
        true
    }

    /// Sentences that were not found in their turn are looked for in what is left of the text, as whole sentences.
    fn rest(&mut self, units: &[BitextUnit], places: &mut [Place]) {
        let lost = |unit: &BitextUnit, spots: &[Option<Spot>]| -> Vec<usize> {
            let segments = unit.parts.iter().enumerate().filter(|(_, part)| matches!(part, Part::Segment(_)) && !is_blank(source(part)));
            segments.map(|(at, _)| at).filter(|&at| spots[at].is_none()).collect()
        };
        let spots = |place: &Place| if let Place::Text(spots) = place { spots.clone() } else { Vec::new() };
        let mut taken: std::collections::BTreeMap<usize, usize> =
            places.iter().flat_map(spots).flatten().map(|spot| (spot.span.start as usize, spot.span.end as usize)).collect();
        for (unit, place) in units.iter().zip(places) {
            let Place::Text(spots) = place else { continue };
            for at in lost(unit, spots) {
                let wanted = source(&unit.parts[at]);
                let Some(left) = self.left.checked_sub(self.text.len()) else { return };
                self.left = left;
                let free = |&start: &usize| {
                    let end = start + wanted.len();
                    let overlapped = taken.range(..end).next_back().is_some_and(|(_, taken)| *taken > start);
                    !overlapped && is_bounded(self.text, start, wanted.len())
                };
                let found = memchr::memmem::find_iter(self.text.as_bytes(), wanted.as_bytes()).take(TRIES).find(free);
                if let Some(start) = found {
                    taken.insert(start, start + wanted.len());
                    spots[at] = Some(spot(start, start + wanted.len(), true));
                }
            }
        }
    }

    /// Trusts the place that the file gives, if the unit is there, or only its first sentence is missing; whether the paragraph
    /// is known to begin here.
    fn go_to_start(&mut self, unit: &BitextUnit, first: Option<&Part>) -> bool {
        let start = unit.start.map(|start| start as usize);
        let Some(start) = start.filter(|start| *start >= self.at && self.text.is_char_boundary(*start)) else {
            return unit.start.is_none() && numbers(&unit.id).is_some_and(|(_, sentence)| sentence == 0);
        };
        let there = first.is_some_and(|first| self.here(start, source(first)).is_some());
        if there || first.and_then(sentence_of).is_some_and(|number| number > 1) {
            self.at = start;
            return true;
        }
        false
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

/// Whether a find is no piece of a longer word.
fn is_bounded(text: &str, start: usize, length: usize) -> bool {
    let (before, found, after) = (&text[..start], &text[start..start + length], &text[start + length..]);
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !(word(before.chars().next_back()) && word(found.chars().next()) || word(found.chars().next_back()) && word(after.chars().next()))
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
        assert_eq!(found(text, None, vec![unit("p1", &["A."]), unit("x", &["D."]), unit("p2", &["B."])]), ["A.", "D.", "B."]);
        assert_eq!(found(text, None, vec![unit("p1", &["Q."]), unit("p2", &["A.", "Q.", "B."])]), ["-", "A.|-|B."]);
        let given = BitextUnit { start: Some(9), ..unit("p2", &["B."]) };
        assert_eq!(found(text, None, vec![given.clone(), unit("p3", &["D."])]), ["B.", "D."]);
        let bitext = Bitext { units: vec![given], ..Bitext::default() };
        assert_eq!(place(text, None, &bitext)[0].span(), Some(Span::new(9, 11)));
        assert_eq!(found(text, None, vec![unit("p1", &["D."]), unit("p2", &["A."])]), ["D.", "A."]);
    }

    #[test]
    fn the_title_is_no_part_of_the_text() {
        let text = "Head\n\nBody.";
        assert_eq!(found(text, Some("Head"), vec![unit("t", &["Head"]), unit("p1", &["Head"])]), ["title", "Head"]);
        assert_eq!(found(text, Some("A  head"), vec![unit("17", &["A head"]), unit("18", &["Body."])]), ["title", "Body."]);
        assert_eq!(found(text, None, vec![unit("t", &["Head"])]), ["Head"]);
    }

    #[test]
    fn ids_decide_before_the_text_is_searched() {
        let numbered = |id: &str, start, sentences: &[(u32, &str)]| {
            let part = |(number, source): &(u32, &str)| {
                Part::Segment(BitextSegment { id: format!("{id}s{number}"), source: (*source).to_owned(), ..BitextSegment::default() })
            };
            BitextUnit { id: id.to_owned(), start, parts: sentences.iter().map(part).collect(), ..BitextUnit::default() }
        };
        let text = "Head.\n\nYes. Yes. No. Yes.\n\nYes.";
        let starts = |units: Vec<BitextUnit>| {
            let bitext = Bitext { units, ..Bitext::default() };
            let spots =
                place(text, None, &bitext).into_iter().flat_map(|place| if let Place::Text(spots) = place { spots } else { vec![] });
            spots.map(|spot| spot.map_or(99, |spot| spot.span.start)).collect::<Vec<_>>()
        };
        for start in [Some(7), None] {
            let head = || numbered("p1", start.map(|_| 0), &[(1, "Head.")]);
            let last = || numbered("p3", start.map(|_| 27), &[(1, "Yes.")]);
            let of = |sentences: &[(u32, &str)]| starts(vec![head(), numbered("p2", start, sentences), last()]);
            assert_eq!(of(&[(2, "Yes."), (3, "No."), (4, "Yes.")]), [0, 12, 17, 21, 27]);
            assert_eq!(of(&[(1, "Yes."), (3, "No."), (4, "Yes.")]), [0, 7, 17, 21, 27]);
            assert_eq!(of(&[(4, "Yes."), (3, "No."), (1, "Yes.")]), [0, 21, 17, 7, 27]);
            // Joined by a program: the number that is not there is no gap in the text.
            assert_eq!(of(&[(1, "Yes. Yes."), (3, "No."), (4, "Yes.")]), [0, 7, 17, 21, 27]);
            assert_eq!(starts(vec![last(), numbered("p2", start, &[(1, "Yes. Yes. No. Yes.")]), head()]), [27, 7, 0]);
        }
        assert_eq!(starts(vec![numbered("p4294967295", None, &[(4294967295, "Yes."), (1, "No.")])]).len(), 2);
    }

    #[test]
    fn a_file_of_another_text_ends_soon() {
        let text = "a".repeat(1 << 20);
        let units = (0..20_000).map(|_| unit("x", &["aaaaaaaab"])).collect();
        assert!(found(&text, None, units).iter().all(|found| found == "-"));
    }
}
