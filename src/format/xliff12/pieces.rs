//! From the pieces of a source and a target to the parts of a unit: segments find their targets by id (`mid`), what stands between
//! segments finds its counterpart by place. Where a tool left no marks in the target, the unit is one segment.

use super::super::xliff::tags::Piece;
use super::read::States;
use crate::translation::{BitextSegment, BitextUnit, Part};

/// Sets the parts of a unit, and their order.
pub(super) fn set_parts(
    unit: &mut BitextUnit,
    source: Vec<Piece>,
    target: Option<Vec<Piece>>,
    states: &States,
    mut warn: impl FnMut(String),
) {
    let marked = |pieces: &[Piece]| pieces.iter().any(|piece| piece.mid.is_some());
    let target = target.filter(|pieces| pieces.iter().any(|piece| !piece.text.is_empty()));
    match target {
        // A program wrote beside the marks, which still hold the source.
        Some(target) if marked(&source) && marked(&target) && is_beside(&source, &target) => {
            warn(format!("the target of the unit {:?} stands outside of its segments, taken as that of the whole unit", unit.id));
            let id = source.iter().find_map(|piece| piece.mid.clone()).unwrap_or_default();
            let beside = target.into_iter().filter(|piece| piece.mid.is_none()).map(|piece| piece.text.trim().to_owned());
            let beside: Vec<String> = beside.filter(|text| !text.is_empty()).collect();
            let target = Piece { mid: Some(id.clone()), text: beside.join(" "), codes: 0 };
            unit.parts = vec![part(whole(source, &id), Some(target), states)];
        }
        Some(target) if marked(&source) && marked(&target) => {
            if target.iter().any(|piece| piece.mid.is_none() && piece.text.contains(char::is_alphanumeric)) && !has_words_between(&source) {
                warn(format!("there is text outside of the segments in the target of the unit {:?}", unit.id));
            }
            let mut pairs = Pairs::new(source);
            pairs.add(target, warn);
            (unit.parts, unit.order) = pairs.into_parts(states);
        }
        // Its marks are gone, but nobody touched the text.
        Some(target) if marked(&source) && text(&source) == text(&target) => {
            let same = |piece: Piece| part(piece.clone(), piece.mid.is_some().then_some(piece), states);
            unit.parts = source.into_iter().map(same).collect();
        }
        None if marked(&source) => unit.parts = source.into_iter().map(|piece| part(piece, None, states)).collect(),
        target => {
            let id = source.iter().find_map(|piece| piece.mid.clone()).unwrap_or_else(|| unit.id.clone());
            unit.parts = vec![part(whole(source, &id), target.map(|target| whole(target, &id)), states)];
        }
    }
}

/// Whether there are words outside of the segments.
fn has_words_between(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| piece.mid.is_none() && piece.text.contains(char::is_alphanumeric))
}

/// Whether the segments of a target are those of the source as they were copied, and there are words before them all.
fn is_beside(source: &[Piece], target: &[Piece]) -> bool {
    let copied = |piece: &Piece| source.iter().any(|own| own.mid == piece.mid && own.text == piece.text);
    let Some((first, rest)) = target.split_first() else { return false };
    let before = first.mid.is_none() && first.text.contains(char::is_alphanumeric);
    before && !has_words_between(source) && !has_words_between(rest) && rest.iter().filter(|piece| piece.mid.is_some()).all(copied)
}

/// The segments of a `seg-source` with the blanks of the `source` around them: there are tools that lay out the one anew and leave
/// the other alone. As they came where more than blanks is different.
pub(super) fn settled(segmented: Vec<Piece>, source: &[Piece]) -> Vec<Piece> {
    let whole = text(source);
    if whole.is_empty() || text(&segmented) == whole {
        return segmented;
    }
    settle(&segmented, &whole).unwrap_or(segmented)
}

fn settle(segmented: &[Piece], whole: &str) -> Option<Vec<Piece>> {
    let gap = |text: &str| Piece { mid: None, text: text.to_owned(), codes: 0 };
    let (mut out, mut rest, mut between) = (Vec::new(), whole, String::new());
    for piece in segmented {
        if piece.mid.is_none() {
            between.push_str(&piece.text);
            continue;
        }
        let at = rest.find(&piece.text)?;
        if rest[..at].trim() != between.trim() {
            return None;
        }
        between.clear();
        out.extend([gap(&rest[..at]), piece.clone()].into_iter().filter(|piece| piece.mid.is_some() || !piece.text.is_empty()));
        rest = &rest[at + piece.text.len()..];
    }
    out.extend(Some(gap(rest)).filter(|_| !rest.is_empty()));
    (rest.trim() == between.trim()).then_some(out)
}

fn text(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

/// All pieces as one segment.
fn whole(pieces: Vec<Piece>, id: &str) -> Piece {
    Piece { mid: Some(id.to_owned()), text: text(&pieces), codes: pieces.iter().map(|piece| piece.codes).sum() }
}

/// A piece of the source and its target as a part.
fn part(source: Piece, target: Option<Piece>, states: &States) -> Part {
    let Some(id) = source.mid else { return Part::Ignorable { source: source.text, target: target.map(|target| target.text) } };
    let codes = target.as_ref().map_or(0, |target| target.codes).max(source.codes);
    let target = target.map(|target| target.text).filter(|text| !text.is_empty());
    let (state, unsure) = states.state(&id, &source.text, target.as_deref());
    Part::Segment(BitextSegment { id, source: source.text, target, state, unsure, codes, ..BitextSegment::default() })
}

/// Segments side by side, and the gaps around them: one before the first and one behind each.
struct Pairs {
    segments: Vec<(Piece, Option<Piece>)>,
    gaps: Vec<Gap>,
    /// Segments in the order of the target, those that are in it.
    present: Vec<usize>,
}

#[derive(Default)]
struct Gap {
    source: String,
    target: Option<String>,
}

impl Pairs {
    fn new(source: Vec<Piece>) -> Pairs {
        let mut pairs = Pairs { segments: Vec::new(), gaps: vec![Gap::default()], present: Vec::new() };
        for piece in source {
            if piece.mid.is_some() {
                pairs.segments.push((piece, None));
                pairs.gaps.push(Gap::default());
            } else if let Some(gap) = pairs.gaps.last_mut() {
                gap.source.push_str(&piece.text);
            }
        }
        pairs
    }

    fn add(&mut self, target: Vec<Piece>, mut warn: impl FnMut(String)) {
        // Texts before the first segment of the target and behind each.
        let mut gaps = vec![String::new()];
        for piece in target {
            let behind = gaps.last_mut().expect("there is one before the first");
            let Some(mid) = &piece.mid else {
                behind.push_str(&piece.text);
                continue;
            };
            let Some(at) = self.segments.iter().position(|(source, _)| source.mid.as_ref() == Some(mid)) else {
                warn(format!("the target has a segment {mid:?} that the source has not"));
                behind.push_str(&piece.text);
                continue;
            };
            match &mut self.segments[at].1 {
                Some(first) => {
                    if self.present.last() == Some(&at) {
                        first.text.push_str(&std::mem::take(behind));
                    }
                    first.text.push_str(&piece.text);
                }
                none => {
                    *none = Some(piece);
                    self.present.push(at);
                    gaps.push(String::new());
                }
            }
        }
        let slots = self.slots();
        let mut gaps = gaps.into_iter();
        let places = std::iter::once(0).chain(slots.iter().map(|slot| slot + 1));
        for (place, text) in places.zip(gaps.by_ref()) {
            self.gaps[place].target = Some(text);
        }
    }

    /// Places that the segments in the target have in the source.
    fn slots(&self) -> Vec<usize> {
        let mut slots = self.present.clone();
        slots.sort_unstable();
        slots
    }

    /// Parts in the order of the source, and their indices in the order of the target if that is another.
    fn into_parts(self, states: &States) -> (Vec<Part>, Vec<usize>) {
        let there: Vec<bool> = self.segments.iter().map(|(_, target)| target.is_some()).collect();
        let mut placed: Vec<usize> = (0..self.segments.len()).collect();
        self.slots().iter().zip(&self.present).for_each(|(&slot, &at)| placed[slot] = at);
        let (mut parts, mut of_segment, mut of_gap) = (Vec::new(), Vec::new(), Vec::new());
        let mut segments = self.segments.into_iter();
        for (at, gap) in self.gaps.into_iter().enumerate() {
            // A gap beside a segment that the target has not tells nothing by its absence.
            let sure = at.checked_sub(1).is_none_or(|before| there[before]) && there.get(at).is_none_or(|after| *after);
            let target = gap.target.filter(|text| *text != gap.source && (sure || !text.is_empty()));
            if !gap.source.is_empty() || target.as_ref().is_some_and(|text| !text.is_empty()) {
                of_gap.push(Some(parts.len()));
                parts.push(Part::Ignorable { source: gap.source, target });
            } else {
                of_gap.push(None);
            }
            if let Some((source, target)) = segments.next() {
                of_segment.push(parts.len());
                parts.push(part(source, target, states));
            }
        }
        let behind = |(slot, &at): (usize, &usize)| [Some(of_segment[at]), of_gap[slot + 1]];
        let order: Vec<usize> = of_gap[0].into_iter().chain(placed.iter().enumerate().flat_map(behind).flatten()).collect();
        let order = if order.is_sorted() { Vec::new() } else { order };
        (parts, order)
    }
}
