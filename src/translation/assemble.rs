//! The translated text of an article, from its text and a bitext whose units were found in it: translations stand where their
//! sources stood, and what is between is the text's own or what the bitext has for it. What is not translated is kept or left out.
//! Whether a target is a translation is decided here; whether it is a good one is not.

use super::bitext::{Bitext, BitextSegment, BitextUnit, Part, State};
use super::place::{Place, Spot};
use crate::span::Span;

impl BitextSegment {
    /// The target, if it is a translation. A state alone is not trusted, for tools leave what they found: a target that says it
    /// is none counts as one if it differs from the source, which is what goes out in its place.
    pub fn translation(&self) -> Option<&str> {
        let target = self.target.as_deref().filter(|target| !target.is_empty())?;
        (self.state != State::Initial || target != self.source).then_some(target)
    }
}

/// What becomes of sentences without a translation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// They stay as they are.
    #[default]
    Source,
    /// They are left out, with the blanks before them.
    Skip,
    /// The article fails.
    Fail,
}

/// A translated article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assembled {
    /// Its text.
    pub text: String,
    /// Where the parts of each unit stand in it; `None` for what is not there.
    pub spans: Vec<Vec<Option<Span>>>,
    /// The translated title field.
    pub title: Option<String>,
    /// Sentences that have no translation: indices of unit and part.
    pub missing: Vec<(usize, usize)>,
    /// Translations whose place is nowhere: indices of unit and part.
    pub lost: Vec<(usize, usize)>,
    /// Passages of the text, with words in them, that no sentence of the bitext is of.
    pub uncovered: usize,
}

/// Puts the translation together.
pub fn assemble(text: &str, bitext: &Bitext, places: &[Place], missing: Missing) -> Assembled {
    let mut work = Work { text, missing, at: 0, gap: String::new(), held: None, out: Assembled::default() };
    for (index, (unit, place)) in bitext.units.iter().zip(places).enumerate() {
        match place {
            Place::Title => work.title(index, unit),
            Place::Text(spots) => work.unit(index, unit, spots),
        }
    }
    work.copy(text.len());
    work.held = None;
    work.flush();
    work.out
}

struct Work<'a> {
    text: &'a str,
    missing: Missing,
    /// End of what was dealt with in the text.
    at: usize,
    /// What stands before the next thing written.
    gap: String,
    /// What stood before something left out.
    held: Option<String>,
    out: Assembled,
}

impl Work<'_> {
    fn title(&mut self, index: usize, unit: &BitextUnit) {
        let mut title = String::new();
        for (at, part) in unit.parts.iter().enumerate() {
            match part {
                Part::Ignorable { source, target } => title.push_str(target.as_ref().unwrap_or(source)),
                Part::Segment(segment) => {
                    let translation = segment.translation();
                    if translation.is_none() && !unit.locked {
                        self.out.missing.push((index, at));
                    }
                    title.push_str(translation.unwrap_or(&segment.source));
                }
            }
        }
        self.out.title = Some(title);
        self.out.spans.push(vec![None; unit.parts.len()]);
    }

    fn unit(&mut self, index: usize, unit: &BitextUnit, spots: &[Option<Spot>]) {
        let mut spans = vec![None; unit.parts.len()];
        let placed: Vec<(usize, Spot)> = spots.iter().enumerate().filter_map(|(at, spot)| Some((at, (*spot)?))).collect();
        let lost = (0..unit.parts.len()).filter(|&at| spots[at].is_none() && matches!(unit.parts[at], Part::Segment(_)));
        self.out.lost.extend(lost.map(|at| (index, at)));
        // The slots of the text in their order, what the unit puts into each in the order of its targets.
        let mut fillers = order(unit, spots).into_iter();
        for &(_, slot) in &placed {
            self.copy(slot.span.start as usize);
            self.at = slot.span.end as usize;
            if let Some(at) = fillers.next() {
                spans[at] = self.part(index, at, unit, spots[at]);
            }
        }
        self.out.spans.push(spans);
    }

    /// Writes a part; its span, unless it is left out.
    fn part(&mut self, index: usize, at: usize, unit: &BitextUnit, spot: Option<Spot>) -> Option<Span> {
        let spot = spot?;
        let own = spot.span.of(self.text);
        match &unit.parts[at] {
            Part::Ignorable { source, target } => {
                let text = target.as_deref().filter(|target| !unit.locked && target != source).unwrap_or(own);
                self.gap.push_str(text);
                None
            }
            Part::Segment(_) if unit.locked => Some(self.write(own)),
            Part::Segment(segment) => match segment.translation() {
                Some(target) if spot.exact => Some(self.write(target)),
                // The source as the file has it lost something on its way, which the text still has.
                Some(target) if target == segment.source => Some(self.write(own)),
                Some(target) => Some(self.write(&unwrapped(target, own))),
                None => {
                    self.out.missing.push((index, at));
                    if self.missing == Missing::Skip {
                        self.leave_out();
                        return None;
                    }
                    Some(self.write(own))
                }
            },
        }
    }

    /// Takes over what stands in the text up to there.
    fn copy(&mut self, end: usize) {
        if self.at < end {
            let passage = &self.text[self.at..end];
            self.out.uncovered += usize::from(passage.contains(char::is_alphanumeric));
            self.gap.push_str(passage);
            self.at = end;
        }
    }

    /// Of the gaps around what is left out one stays: that with more line ends, none at the start of the text.
    fn leave_out(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        self.held = Some(match self.held.take() {
            Some(held) if !self.out.text.is_empty() => wider(held, gap),
            held => held.unwrap_or(gap),
        });
    }

    fn flush(&mut self) {
        if let Some(held) = self.held.take() {
            let gap = std::mem::take(&mut self.gap);
            self.gap = if self.out.text.is_empty() { held } else { wider(held, gap) };
        }
        self.out.text.push_str(&self.gap);
        self.gap.clear();
    }

    fn write(&mut self, text: &str) -> Span {
        self.flush();
        let start = self.out.text.len();
        self.out.text.push_str(text);
        Span::new(start, self.out.text.len())
    }
}

/// The gap with more line ends; the later if they have as many.
fn wider(earlier: String, later: String) -> String {
    let lines = |gap: &str| memchr::memchr_iter(b'\n', gap.as_bytes()).count();
    if lines(&earlier) > lines(&later) { earlier } else { later }
}

/// The parts that were found, in the order of their targets.
fn order(unit: &BitextUnit, spots: &[Option<Spot>]) -> Vec<usize> {
    let there = |at: &usize| spots.get(*at).is_some_and(Option::is_some);
    let mut order: Vec<usize> = unit.order.iter().copied().filter(there).collect();
    let all = (0..spots.len()).filter(there);
    if order.len() != all.clone().count() {
        order = all.collect();
    }
    order
}

/// A target whose file had its lines broken anew: where the article has none, a run of blanks with a line end is a blank.
fn unwrapped(target: &str, own: &str) -> String {
    if own.contains('\n') || !target.contains('\n') {
        return target.to_owned();
    }
    let mut out = String::with_capacity(target.len());
    for (index, line) in target.trim().split('\n').map(str::trim).filter(|line| !line.is_empty()).enumerate() {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::place::place;
    use super::*;

    fn segment(source: &str, target: Option<&str>) -> Part {
        Part::Segment(BitextSegment { source: source.into(), target: target.map(str::to_owned), ..BitextSegment::default() })
    }

    fn unit(parts: Vec<Part>) -> BitextUnit {
        BitextUnit { parts, ..BitextUnit::default() }
    }

    fn gap(source: &str, target: Option<&str>) -> Part {
        Part::Ignorable { source: source.into(), target: target.map(str::to_owned) }
    }

    fn put(text: &str, title: Option<&str>, units: Vec<BitextUnit>, missing: Missing) -> Assembled {
        let bitext = Bitext { units, ..Bitext::default() };
        assemble(text, &bitext, &place(text, title, &bitext), missing)
    }

    #[test]
    fn translations_stand_where_their_sources_stood() {
        let text = " A. B.\n\nC.\n";
        let units = || {
            vec![
                BitextUnit { id: "t".into(), ..unit(vec![segment("T", Some("Tt"))]) },
                unit(vec![segment("A.", Some("Aa.")), gap(" ", Some("  ")), segment("B.", None)]),
                unit(vec![segment("C.", Some("C."))]),
            ]
        };
        let made = put(text, Some("T"), units(), Missing::Source);
        assert_eq!((made.text.as_str(), made.title.as_deref()), (" Aa.  B.\n\nC.\n", Some("Tt")));
        assert_eq!((made.missing, made.lost, made.uncovered), (vec![(1, 2), (2, 0)], vec![], 0));
        let shown: Vec<&str> = made.spans.iter().flatten().flatten().map(|span| span.of(&made.text)).collect();
        assert_eq!(shown, ["Aa.", "B.", "C."]);
        assert_eq!(put(text, Some("T"), units(), Missing::Skip).text, " Aa.\n");
    }

    #[test]
    fn around_what_is_left_out_one_gap_stays() {
        let text = "A. B.\n\nC. D.\n\nE.";
        let some = |kept: &str| {
            let of = |source: &str| segment(source, kept.contains(&source[..1]).then_some("x."));
            let units = vec![unit(vec![of("A."), gap(" ", None), of("B.")]), unit(vec![of("C."), of("D.")]), unit(vec![of("E.")])];
            put(text, None, units, Missing::Skip).text
        };
        let cases = [
            ("ABE", "x. x.\n\nx."),
            ("AD", "x.\n\nx."),
            ("ADE", "x.\n\nx.\n\nx."),
            ("BC", "x.\n\nx."),
            ("E", "x."),
            ("ACE", "x.\n\nx.\n\nx."),
        ];
        cases.iter().for_each(|(kept, expected)| assert_eq!(some(kept), *expected, "{kept}"));
    }

    #[test]
    fn targets_may_read_in_another_order_and_locked_units_stay() {
        let parts = vec![segment("A.", Some("1")), gap(" ", None), segment("B.", Some("2")), gap("", Some("!"))];
        let turned = BitextUnit { order: vec![2, 1, 0, 3], ..unit(parts) };
        let locked = BitextUnit { locked: true, ..unit(vec![segment("C.", Some("3"))]) };
        let made = put("A. B.\nC.", None, vec![turned, locked], Missing::Fail);
        assert_eq!((made.text.as_str(), made.missing.len()), ("2 1!\nC.", 0));
    }

    #[test]
    fn what_has_no_place_is_told() {
        let made = put("A.", None, vec![unit(vec![segment("A.", Some("a"))]), unit(vec![segment("Q.", Some("q"))])], Missing::Source);
        assert_eq!((made.text.as_str(), made.lost), ("a", vec![(1, 0)]));
        assert_eq!(put("A. B. – C.\nD.", None, vec![unit(vec![segment("C.", Some("c"))])], Missing::Source).uncovered, 2);
        let same = || "A b c.".to_owned();
        let translated =
            Part::Segment(BitextSegment { source: same(), target: Some(same()), state: State::Final, ..BitextSegment::default() });
        assert_eq!(put("A  b\nc.", None, vec![unit(vec![translated])], Missing::Source).text, "A  b\nc.");
        assert_eq!(unwrapped("a\n   b", "c d"), "a b");
        assert_eq!(unwrapped("a\n b", "c\nd"), "a\n b");
    }
}
