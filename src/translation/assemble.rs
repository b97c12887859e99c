//! The translated text of an article, from its text and a bitext whose units were found in it: translations stand where their
//! sources stood, and what is between is the text's own or what the bitext has for it. What is not translated is kept or left out.
//! Whether a target is a translation is decided here; whether it is a good one is not.

use super::bitext::{Bitext, BitextSegment, BitextUnit, Part, State};
use super::place::{Place, Spot, numbers};
use super::quality::stays_itself;
use crate::span::Span;

impl BitextSegment {
    /// The target, if it is a translation. A state alone is not trusted, for tools leave what they found: a target that says it
    /// is none counts as one if it differs from the source, which is what goes out in its place, or if the source is a name or number
    /// that stays what it is. Blanks alone are none. One that is the source but for characters that XML cannot hold, which programs
    /// lose, is the source.
    pub fn translation(&self) -> Option<&str> {
        let blank = |text: &str| text.trim().is_empty();
        let target = self.target.as_deref().filter(|target| !target.is_empty() && (!blank(target) || blank(&self.source)))?;
        let target = if is_rest(target, &self.source) { &self.source } else { target };
        (self.state != State::Initial || target != self.source || stays_itself(target)).then_some(target)
    }
}

/// Whether a text is all that XML 1.0 can hold of another (section 2.2).
fn is_rest(text: &str, whole: &str) -> bool {
    let holds = |c: &char| *c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}') || matches!(c, '\t' | '\n' | '\r');
    text.len() < whole.len() && text.chars().eq(whole.chars().filter(holds))
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
    /// Text of the article that the bitext has not, though it should have all: its span, and its id or first words.
    pub uncovered: Vec<(Span, String)>,
}

/// Puts the translation together.
pub fn assemble(text: &str, bitext: &Bitext, places: &[Place], missing: Missing) -> Assembled {
    assemble_all(text, bitext, places, missing, false)
}

/// The same; `all` says that the bitext was made from all of this text, so that what it has not is missing.
pub fn assemble_all(text: &str, bitext: &Bitext, places: &[Place], missing: Missing, all: bool) -> Assembled {
    let mut work = Work { text, missing, all, at: 0, before: "", gap: String::new(), held: None, out: Assembled::default() };
    let mut jobs: Vec<Job> = Vec::new();
    for (index, (unit, place)) in bitext.units.iter().zip(places).enumerate() {
        work.out.spans.push(vec![None; unit.parts.len()]);
        match place {
            Place::Title => work.title(unit, index),
            Place::Text(spots) => work.jobs(index, unit, spots, &mut jobs),
        }
    }
    jobs.sort_by_key(|job| job.slot.span.start);
    for job in jobs {
        let unit = &bitext.units[job.unit];
        work.copy(job.slot.span.start as usize, id_of(unit, job.part));
        work.at = work.at.max(job.slot.span.end as usize);
        let Place::Text(spots) = &places[job.unit] else { continue };
        work.out.spans[job.unit][job.part] = work.part(job.unit, job.part, unit, spots[job.part]);
        if let Part::Segment(segment) = &unit.parts[job.part] {
            work.before = &segment.id;
        }
    }
    work.copy(text.len(), "");
    work.held = None;
    work.flush();
    work.out.missing.sort_unstable();
    work.out
}

/// A slot of the text, and what goes into it.
struct Job {
    slot: Spot,
    unit: usize,
    part: usize,
}

fn id_of(unit: &BitextUnit, part: usize) -> &str {
    match &unit.parts[part] {
        Part::Segment(segment) => &segment.id,
        Part::Ignorable { .. } => "",
    }
}

/// The id of what is missing between two sentences, if theirs tell.
fn id_between(before: &str, after: &str) -> Option<String> {
    let after = numbers(after)?;
    let (paragraph, sentence) = numbers(before).unwrap_or((0, 0));
    match after {
        (same, later) if same == paragraph && later > sentence.saturating_add(1) => Some(format!("p{paragraph}s{}", sentence + 1)),
        (next, later) if next > paragraph && next - paragraph == 1 && later > 1 => Some(format!("p{next}s1")),
        (later, _) if later > paragraph.saturating_add(1) => Some(format!("p{}", paragraph + 1)),
        _ => None,
    }
}

struct Work<'a> {
    text: &'a str,
    missing: Missing,
    /// Whether the bitext is to have all of the text.
    all: bool,
    /// Id of the sentence before.
    before: &'a str,
    /// End of what was dealt with in the text.
    at: usize,
    /// What stands before the next thing written.
    gap: String,
    /// What stood before something left out.
    held: Option<String>,
    out: Assembled,
}

impl Work<'_> {
    fn title(&mut self, unit: &BitextUnit, index: usize) {
        let mut title = String::new();
        for (at, part) in unit.parts.iter().enumerate() {
            match part {
                Part::Ignorable { source, target } => title.push_str(target.as_ref().unwrap_or(source)),
                Part::Segment(segment) => {
                    let translation = segment.translation();
                    if translation.is_none() && !unit.locks(segment) {
                        self.out.missing.push((index, at));
                    }
                    title.push_str(translation.unwrap_or(&segment.source));
                }
            }
        }
        self.out.title = Some(title);
    }

    /// What goes where: the slots of the text in their order, what the unit puts into each in the order of its targets.
    fn jobs(&mut self, index: usize, unit: &BitextUnit, spots: &[Option<Spot>], jobs: &mut Vec<Job>) {
        let mut placed: Vec<(usize, Spot)> = spots.iter().enumerate().filter_map(|(at, spot)| Some((at, (*spot)?))).collect();
        let lost = (0..unit.parts.len()).filter(|&at| spots[at].is_none() && matches!(unit.parts[at], Part::Segment(_)));
        self.out.lost.extend(lost.map(|at| (index, at)));
        placed.sort_by_key(|(_, spot)| spot.span.start);
        let own = || placed.iter().map(|(at, _)| *at).collect();
        let fillers: Vec<usize> = order(unit, spots).unwrap_or_else(own);
        jobs.extend(placed.iter().zip(fillers).map(|(&(_, slot), part)| Job { slot, unit: index, part }));
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
            Part::Segment(segment) if unit.locks(segment) => Some(self.write(own)),
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

    /// Takes over what stands in the text up to there, before the sentence `after`.
    fn copy(&mut self, end: usize, after: &str) {
        if self.at >= end {
            return;
        }
        let text = &self.text[self.at..end];
        let inner = text.trim();
        if self.all && inner.contains(char::is_alphanumeric) {
            let start = self.at + (text.len() - text.trim_start().len());
            let first = || format!("{:?}", inner.chars().take(FIRST).collect::<String>());
            let name = id_between(self.before, after).unwrap_or_else(first);
            self.out.uncovered.push((Span::new(start, start + inner.len()), name));
            if self.missing == Missing::Skip {
                self.gap.push_str(&self.text[self.at..start]);
                self.leave_out();
                self.gap.push_str(&self.text[start + inner.len()..end]);
                self.at = end;
                return;
            }
        }
        self.gap.push_str(text);
        self.at = end;
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

/// Characters of a sentence without id that name it.
const FIRST: usize = 30;

/// The parts that were found, in the order of their targets, if they have one of their own.
fn order(unit: &BitextUnit, spots: &[Option<Spot>]) -> Option<Vec<usize>> {
    let there = |at: &usize| spots.get(*at).is_some_and(Option::is_some);
    let order: Vec<usize> = unit.order.iter().copied().filter(there).collect();
    (order.len() == spots.iter().flatten().count() && !order.is_empty()).then_some(order)
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
        assert_eq!((made.missing, made.lost), (vec![(1, 2), (2, 0)], vec![]));
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
    fn blanks_are_no_translation_and_names_are_one() {
        let missing = |source: &str, target: &str| segment_of(source, target).translation().is_none();
        fn segment_of(source: &str, target: &str) -> BitextSegment {
            BitextSegment { source: source.into(), target: Some(target.into()), ..BitextSegment::default() }
        }
        assert!(missing("A dog.", " \u{a0}\n") && missing("Yes.", "Yes.") && missing("The dog barks", "The dog barks"));
        assert!(missing("A \u{1}dog.", "A dog.") && segment_of("25\u{b}.5", "25.5").translation() == Some("25\u{b}.5"));
        assert!(!missing("Angela Merkel", "Angela Merkel") && !missing("25.5", "25.5") && !missing(" ", " ") && !missing("A.", "B."));
    }

    #[test]
    fn a_locked_sentence_locks_no_other() {
        let lock = |part| match part {
            Part::Segment(segment) => Part::Segment(BitextSegment { locked: true, ..segment }),
            gap => gap,
        };
        let parts = vec![lock(segment("A.", Some("1"))), segment("B.", Some("2")), lock(segment("C.", Some("3")))];
        let made = put("A. B. C.", None, vec![unit(parts)], Missing::Fail);
        assert_eq!((made.text.as_str(), made.missing.len()), ("A. 2 C.", 0));
    }

    #[test]
    fn what_the_file_does_not_cover_is_told_and_order_is_that_of_the_text() {
        let units = || {
            let of = |id: &str, source: &str| {
                Part::Segment(BitextSegment {
                    id: id.into(),
                    source: source.into(),
                    target: Some(format!("[{source}]")),
                    ..BitextSegment::default()
                })
            };
            vec![
                BitextUnit { id: "p2".into(), ..unit(vec![of("p2s2", "D.")]) },
                BitextUnit { id: "p1".into(), ..unit(vec![of("p1s3", "Yes."), of("p1s1", "Yes.")]) },
            ]
        };
        let text = "Yes. No. Yes.\n\nC. D.";
        let bitext = Bitext { units: units(), ..Bitext::default() };
        let places = place(text, None, &bitext);
        let made = |missing| assemble_all(text, &bitext, &places, missing, true);
        assert_eq!(made(Missing::Source).text, "[Yes.] No. [Yes.]\n\nC. [D.]");
        assert_eq!(made(Missing::Skip).text, "[Yes.] [Yes.]\n\n[D.]");
        let uncovered = made(Missing::Source).uncovered;
        let shown: Vec<(&str, &str)> = uncovered.iter().map(|(span, name)| (span.of(text), name.as_str())).collect();
        assert_eq!(shown, [("No.", "p1s2"), ("C.", "p2s1")]);
    }

    #[test]
    fn what_has_no_place_is_told() {
        let made = put("A.", None, vec![unit(vec![segment("A.", Some("a"))]), unit(vec![segment("Q.", Some("q"))])], Missing::Source);
        assert_eq!((made.text.as_str(), made.lost), ("a", vec![(1, 0)]));
        let same = || "A b c.".to_owned();
        let translated =
            Part::Segment(BitextSegment { source: same(), target: Some(same()), state: State::Final, ..BitextSegment::default() });
        assert_eq!(put("A  b\nc.", None, vec![unit(vec![translated])], Missing::Source).text, "A  b\nc.");
        assert_eq!(unwrapped("a\n   b", "c d"), "a b");
        assert_eq!(unwrapped("a\n b", "c\nd"), "a\n b");
    }
}
