//! What the readers of all versions of XLIFF have in common: files come one after the other, sentences that stand as units of their own
//! become one paragraph again, salience finds its sentence, ids are held against one another. What elements mean in which a version
//! is like no other is the business of the readers.

use foldhash::{HashSet, HashSetExt};

use super::super::bitext::UNKNOWN;
use super::super::xml::XML_NS;
use super::Each;
use super::tags::{Tag, Tags, warning};
use crate::error::{Result, Warning};
use crate::translation::{Bitext, BitextSegment, BitextUnit, Note, Part, Salience};

/// A language, unless it says that it is unknown.
pub(in crate::format) fn known_lang(tag: Option<&str>) -> Option<String> {
    tag.filter(|tag| !tag.is_empty() && *tag != UNKNOWN).map(str::to_owned)
}

/// The property that holds the id of the article; it is no property of the bitext.
pub(in crate::format) const ARTICLE: &str = "article";

/// One `<file>` while it is read.
#[derive(Default)]
pub(in crate::format) struct Gather {
    /// What was read so far.
    pub bitext: Bitext,
    /// What was wrong so far.
    pub warnings: Vec<Warning>,
    ids: HashSet<String>,
    /// Line of the group that the last unit is made of.
    open_group: Option<u64>,
    /// A target in another language was noted.
    other_lang: bool,
}

/// A group that units may stand in.
#[derive(Clone, Debug, Default)]
pub(in crate::format) struct Group {
    /// What it says of the paragraph, if it is one.
    pub unit: BitextUnit,
}

/// Reads what a file or group holds, in the way of a version: within which group, and whether it is locked.
pub(in crate::format) type Children = fn(&mut Tags, &mut Gather, Option<Group>, bool) -> Result<()>;

/// Reads every `<file>` after the root element: what its element says, then what it holds.
pub(in crate::format) fn files(tags: &mut Tags, open: impl Fn(&Tag) -> Bitext, children: Children, each: Each) -> Result<()> {
    while let Some(tag) = tags.child()? {
        if !tag.is("file") {
            tags.skip()?;
            continue;
        }
        let mut gather = Gather::new(open(&tag));
        tags.article = Some(gather.bitext.id.clone());
        children(tags, &mut gather, None, tag.get("translate") == Some("no"))?;
        gather.warnings.extend(tags.faults());
        tags.article = None;
        each(gather.bitext, gather.warnings)?;
    }
    tags.finish()
}

/// Reads a group within a file or group that may be locked.
pub(in crate::format) fn group(tags: &mut Tags, gather: &mut Gather, unit: BitextUnit, children: Children) -> Result<()> {
    let locked = unit.locked;
    children(tags, gather, Some(Group { unit }), locked)
}

/// What the element of a unit or group says, with the kind of paragraph that it names; `locked` is what holds around it.
pub(in crate::format) fn head(tag: &Tag, kind: Option<&str>, locked: bool) -> BitextUnit {
    let locked = tag.get("translate").map_or(locked, |translate| translate == "no");
    BitextUnit { id: tag.take("id"), kind: kind.unwrap_or_default().to_owned(), locked, line: tag.line, ..BitextUnit::default() }
}

/// How urgent a note is; 0 if it does not tell.
pub(in crate::format) fn priority(tag: &Tag) -> u8 {
    let priority = tag.get("priority").and_then(|priority| priority.trim().parse().ok());
    priority.filter(|p| (1..=10).contains(p)).unwrap_or(0)
}

impl Gather {
    /// A file with what its element says.
    fn new(bitext: Bitext) -> Gather {
        Gather { bitext, warnings: Vec::new(), ids: HashSet::new(), open_group: None, other_lang: false }
    }

    /// Notes something wrong.
    pub(in crate::format) fn warn(&mut self, line: u64, cause: impl Into<String>) {
        self.warnings.push(warning(line, cause));
    }

    /// A target with what nobody can read.
    pub(in crate::format) fn unread(&mut self, line: u64, id: &str) {
        self.warn(line, format!("the target of {id:?} cannot be read and counts as missing"));
    }

    /// The language of a target: that of the file, if that names none; another is noted once.
    pub(in crate::format) fn target_lang(&mut self, tag: &Tag) {
        let Some(lang) = known_lang(tag.get_ns(XML_NS, "lang")) else { return };
        match &self.bitext.target_lang {
            None => self.bitext.target_lang = Some(lang),
            Some(known) if !known.eq_ignore_ascii_case(&lang) && !self.other_lang => {
                self.other_lang = true;
                let cause = format!("a target in {lang}, where the file is translated into {known}");
                self.warn(tag.line, cause);
            }
            Some(_) => {}
        }
    }

    /// Notes to a group, or else to the whole.
    pub(in crate::format) fn notes(&mut self, group: Option<&mut Group>, notes: impl IntoIterator<Item = Note>) {
        group.map_or(&mut self.bitext.notes, |group| &mut group.unit.notes).extend(notes);
    }

    /// A property of the article; one of them is its id.
    pub(in crate::format) fn property(&mut self, name: String, value: String) {
        if name == ARTICLE {
            self.bitext.id = value;
        } else {
            self.bitext.properties.push((name, value));
        }
    }

    /// A unit, and what its file says of the salience of its sentences, by their ids.
    pub(in crate::format) fn unit(&mut self, mut unit: BitextUnit, salience: Vec<(String, Salience)>, group: Option<&Group>) {
        self.check_ids(&unit);
        if unit.parts.is_empty() {
            self.warn(unit.line, format!("the unit {:?} has no source, passed over", unit.id));
            return;
        }
        let group = group.filter(|group| is_sentence_of(&unit.id, &group.unit.id));
        if group.is_some() || is_sentence(&unit.id) {
            name_sentence(&mut unit);
        }
        set_salience(&mut unit, &salience);
        let line = unit.line;
        unit.parts.iter_mut().filter_map(segment_mut).filter(|segment| segment.line == 0).for_each(|segment| segment.line = line);
        match group {
            Some(group) => self.sentence(unit, group),
            None => self.bitext.units.push(unit),
        }
    }

    fn check_ids(&mut self, unit: &BitextUnit) {
        if unit.id.is_empty() {
            self.warn(unit.line, "a unit without an id");
        } else if !self.ids.insert(unit.id.clone()) {
            self.warn(unit.line, format!("the unit id {:?} stands twice", unit.id));
        }
        let ids: Vec<&str> = unit.segments().map(|segment| segment.id.as_str()).filter(|id| !id.is_empty()).collect();
        let mut seen = HashSet::with_capacity(ids.len());
        if let Some(twice) = ids.iter().find(|id| !seen.insert(**id)) {
            self.warn(unit.line, format!("the segment id {twice:?} stands twice in the unit {:?}", unit.id));
        }
    }

    /// Adds a sentence to the paragraph that its group is.
    fn sentence(&mut self, mut unit: BitextUnit, group: &Group) {
        if self.open_group != Some(group.unit.line) || self.bitext.units.last().is_none_or(|last| last.id != group.unit.id) {
            self.open_group = Some(group.unit.line);
            let kind = if group.unit.kind.is_empty() { unit.kind.clone() } else { group.unit.kind.clone() };
            let start = group.unit.start.or(unit.start);
            let locked = unit.locked;
            self.bitext.units.push(BitextUnit { kind, start, locked, ..group.unit.clone() });
        }
        let Some(paragraph) = self.bitext.units.last_mut() else { return };
        settle_locks(paragraph, &mut unit);
        append(paragraph, unit);
    }
}

/// A paragraph is locked while all of its sentences are; else each that is locked says so itself.
fn settle_locks(paragraph: &mut BitextUnit, unit: &mut BitextUnit) {
    if paragraph.locked == unit.locked {
        return;
    }
    let locked = if paragraph.locked { &mut paragraph.parts } else { &mut unit.parts };
    locked.iter_mut().filter_map(segment_mut).for_each(|segment| segment.locked = true);
    paragraph.locked = false;
}

/// Puts the parts of a sentence behind those of its paragraph. What is said to the sentence alone stays with it.
fn append(paragraph: &mut BitextUnit, mut unit: BitextUnit) {
    let base = paragraph.parts.len();
    if !unit.order.is_empty() || !paragraph.order.is_empty() {
        let plain = |from: usize, count: usize| from..from + count;
        if paragraph.order.is_empty() {
            paragraph.order.extend(plain(0, base));
        }
        if unit.order.is_empty() {
            paragraph.order.extend(plain(base, unit.parts.len()));
        } else {
            paragraph.order.extend(unit.order.iter().map(|at| base + at));
        }
    }
    if let Some(first) = unit.parts.iter_mut().find_map(segment_mut) {
        first.notes.append(&mut unit.notes);
    }
    paragraph.parts.append(&mut unit.parts);
}

fn segment_mut(part: &mut Part) -> Option<&mut BitextSegment> {
    match part {
        Part::Segment(segment) => Some(segment),
        Part::Ignorable { .. } => None,
    }
}

/// Whether an id is that of a sentence, or of the title field: `p3s2`, `t1`.
fn is_sentence(id: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let of_paragraph = id.strip_prefix('p').and_then(|rest| rest.split_once('s'));
    of_paragraph.is_some_and(|(paragraph, sentence)| digits(paragraph) && digits(sentence)) || id.strip_prefix('t').is_some_and(digits)
}

/// Whether the unit is a sentence of the paragraph: `p3s2` of `p3`, `t1` of `t`.
fn is_sentence_of(unit: &str, paragraph: &str) -> bool {
    is_sentence(unit) && unit.strip_prefix(paragraph).is_some_and(|rest| rest.starts_with('s') != (paragraph == "t"))
}

/// The first segment of a unit that is a sentence has the sentence's id, if none has.
fn name_sentence(unit: &mut BitextUnit) {
    if unit.segments().all(|segment| segment.id != unit.id)
        && let Some(first) = unit.parts.iter_mut().find_map(segment_mut)
    {
        first.id.clone_from(&unit.id);
    }
}

/// Gives notes to the sentences whose they are: each comes with what may be the id of one.
pub(in crate::format) fn give_notes(unit: &mut BitextUnit, notes: Vec<(String, Note)>, bare: impl Fn(Note) -> Note) {
    for (id, note) in notes {
        let found = unit.parts.iter_mut().filter_map(segment_mut).find(|segment| !id.is_empty() && segment.id == id);
        match found {
            Some(segment) => segment.notes.push(bare(note)),
            None => unit.notes.push(note),
        }
    }
}

/// Gives sentences their salience. That of a sentence which is no longer there goes to the one it was joined to; a piece that a
/// tool cut off without an id of ours has that of the piece before it.
fn set_salience(unit: &mut BitextUnit, salience: &[(String, Salience)]) {
    if salience.is_empty() {
        return;
    }
    let mut segments: Vec<&mut BitextSegment> = unit.parts.iter_mut().filter_map(segment_mut).collect();
    let mut at = 0;
    for (id, salience) in salience {
        let found = segments.iter().position(|segment| segment.id == *id);
        at = found.unwrap_or(at);
        let Some(segment) = segments.get_mut(at) else { return };
        segment.salience = Some(segment.salience.map_or(*salience, |known| joined(known, *salience)));
    }
    for at in 1..segments.len() {
        if segments[at].salience.is_none() && !is_sentence(&segments[at].id) {
            segments[at].salience = segments[at - 1].salience;
        }
    }
}

/// The salience of two sentences that are one now.
fn joined(a: Salience, b: Salience) -> Salience {
    Salience {
        rank: a.rank.into_iter().chain(b.rank).min(),
        score: a.score.max(b.score),
        weight: a.weight + b.weight,
        in_summary: a.in_summary || b.in_summary,
    }
}

/// Adds a piece of salience, named `p3s2.rank` or, where the unit is the sentence, `rank`; anything else is nothing.
pub(in crate::format) fn add_salience(list: &mut Vec<(String, Salience)>, unit: &str, name: &str, value: &str) {
    let (id, field) = name.rsplit_once('.').unwrap_or((unit, name));
    let value = value.trim();
    let at = list.iter().position(|(known, _)| known == id);
    let mut salience = at.map_or(NONE, |at| list[at].1);
    match field {
        "rank" => salience.rank = value.parse().ok(),
        "score" => salience.score = value.parse().ok().filter(|score: &f64| score.is_finite()).unwrap_or(0.0),
        "weight" => salience.weight = value.parse().ok().filter(|weight: &f64| weight.is_finite()).unwrap_or(0.0),
        "in-summary" => salience.in_summary = value == "yes",
        _ => return,
    }
    match at {
        Some(at) => list[at].1 = salience,
        None => list.push((id.to_owned(), salience)),
    }
}

/// What is not said.
const NONE: Salience = Salience { rank: None, score: 0.0, weight: 0.0, in_summary: false };
