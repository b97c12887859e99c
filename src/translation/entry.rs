//! Entries of a translation memory: a sentence, its translation and where they stood (one `tu` of TMX). What makes two entries one,
//! how an entry gets its stable id, and what a translated article gives. It knows no format and looks nothing up.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::translation::bitext::{Bitext, BitextSegment, State};

/// A sentence, its translation, and what is known of both.
///
/// A neighbour is the segment before or after in the same file, whatever the paragraph: `None` if nobody knows it, empty if the
/// text begins or ends there. Texts may be borrowed from what the entry is made of: each stands in three entries, and twice in a bitext.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry<'a> {
    /// The id it came with; empty if it has none yet: see [`Entry::tuid`].
    pub id: String,
    /// Language of the source (BCP 47), as it came.
    pub source_lang: Cow<'a, str>,
    /// Language of the target (BCP 47), as it came.
    pub target_lang: Cow<'a, str>,
    /// The sentence. Inline codes are left out.
    pub source: Cow<'a, str>,
    /// Its translation. Inline codes are left out.
    pub target: Cow<'a, str>,
    /// Id of the article.
    pub document: Option<Cow<'a, str>>,
    /// Id of the sentence in it, such as `p3s2`.
    pub segment: Option<Cow<'a, str>>,
    /// Name of the file that went to the translator, below the folder of the sources.
    pub file: Option<Cow<'a, str>>,
    /// Source of the segment before.
    pub previous: Option<Cow<'a, str>>,
    /// Source of the segment after.
    pub next: Option<Cow<'a, str>>,
    /// Translation of the segment before.
    pub previous_target: Option<Cow<'a, str>>,
    /// Translation of the segment after.
    pub next_target: Option<Cow<'a, str>>,
    /// How the two sides came together, such as `merge` or `align`.
    pub origin: Option<Cow<'a, str>>,
    /// How sure an aligner is that the sides belong together, from 0 to 1.
    pub align_score: Option<f64>,
    /// Place of the sentence among those of its article by what a summary thinks of them, from 1.
    pub salience_rank: Option<u32>,
    /// When and by whom it was made.
    pub created: Stamp,
    /// When and by whom it was last changed.
    pub changed: Stamp,
    /// When it was last used, as it came (`YYYYMMDDThhmmssZ`).
    pub last_used: Option<String>,
    /// How often it was met; 0 if nobody counted.
    pub usage_count: u32,
    /// Words to the translator.
    pub notes: Vec<String>,
    /// Whatever else came with it, in order.
    pub properties: Vec<Property<'a>>,
    /// Inline codes that were left out of both sides.
    pub codes: u32,
}

/// A date and a name, each as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// `YYYYMMDDThhmmssZ`.
    pub date: Option<String>,
    /// A user.
    pub by: Option<String>,
}

/// Something said of an entry that this crate has no field for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Property<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// What it says.
    pub value: Cow<'a, str>,
    /// What it is said of.
    pub of: Of,
}

/// What a property is said of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Of {
    /// The entry.
    #[default]
    Entry,
    /// Its source.
    Source,
    /// Its target.
    Target,
}

impl Of {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Of::Entry => "entry",
            Of::Source => "source",
            Of::Target => "target",
        }
    }
}

impl Entry<'_> {
    /// The id it came with, else one made of its document, its source and both neighbours: 20 hexadecimal digits that stay the same
    /// when the translation changes.
    pub fn tuid(&self) -> String {
        if !self.id.is_empty() {
            return self.id.clone();
        }
        let context = [self.document.as_deref(), Some(&self.source), self.previous.as_deref(), self.next.as_deref()];
        blake3::Hash::from(digest(context.into_iter())).to_hex()[..20].to_owned()
    }

    /// What makes it itself: source, target, both neighbours, and the languages without regard to case.
    pub fn identity(&self) -> [u8; 32] {
        let langs = [self.source_lang.to_lowercase(), self.target_lang.to_lowercase()];
        let sides = [Some(&*self.source), Some(&*self.target), self.previous.as_deref(), self.next.as_deref()];
        digest(sides.into_iter().chain(langs.iter().map(|lang| Some(lang.as_str()))))
    }

    /// What it is a translation of: source, both neighbours, the languages without regard to case, article, segment, and how the sides came
    /// together. `None` unless article and segment are known.
    pub fn place(&self) -> Option<[u8; 32]> {
        let (document, segment) = (self.document.as_deref()?, self.segment.as_deref()?);
        let langs = [self.source_lang.to_lowercase(), self.target_lang.to_lowercase()];
        let stands = [Some(document), Some(segment), Some(&*self.source), self.previous.as_deref(), self.next.as_deref()];
        digest(stands.into_iter().chain([self.origin.as_deref()]).chain(langs.iter().map(|lang| Some(lang.as_str())))).into()
    }

    /// When it was last changed, else made (`YYYYMMDDThhmmssZ`).
    pub fn date(&self) -> Option<&str> {
        self.changed.date.as_deref().or(self.created.date.as_deref())
    }

    /// Whether both sides say something; one that does not belongs into no memory.
    pub fn is_whole(&self) -> bool {
        !self.source.trim().is_empty() && !self.target.trim().is_empty()
    }
}

/// A hash of texts that tells absent from empty and does not depend on what stands at their seams.
pub(super) fn digest<'a>(texts: impl Iterator<Item = Option<&'a str>> + Clone) -> [u8; 32] {
    let length = texts.clone().map(|text| 8 + text.map_or(0, str::len)).sum();
    let mut bytes = Vec::with_capacity(length);
    for text in texts {
        let length = text.map_or(u64::MAX, |text| text.len() as u64);
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(text.unwrap_or("").as_bytes());
    }
    // At once: a hasher that is fed costs more than the hash of a few sentences.
    blake3::hash(&bytes).into()
}

/// Entries with those that are one made one: the first stays, and counts the others. What has an empty side is left out. Ids that
/// different entries would share (one sentence with two translations in the same place) get `-2`, `-3`.
pub fn union<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> Vec<Entry<'a>> {
    union_with_identities(entries).into_iter().map(|(entry, _)| entry).collect()
}

/// The same, each with what makes it itself.
pub(crate) fn union_with_identities<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> Vec<(Entry<'a>, [u8; 32])> {
    let mut seen: HashMap<[u8; 32], usize> = HashMap::new();
    let mut ids: HashMap<String, u32> = HashMap::new();
    let mut out: Vec<(Entry, [u8; 32])> = Vec::new();
    for mut entry in entries.into_iter().filter(Entry::is_whole) {
        let (uses, identity) = (entry.usage_count.max(1), entry.identity());
        let first = *seen.entry(identity).or_insert(out.len());
        if let Some((first, _)) = out.get_mut(first) {
            first.usage_count = first.usage_count.saturating_add(uses);
            continue;
        }
        entry.id = unique(entry.tuid(), &mut ids);
        entry.usage_count = uses;
        out.push((entry, identity));
    }
    out
}

fn unique(id: String, taken: &mut HashMap<String, u32>) -> String {
    let mut now = id.clone();
    while taken.contains_key(&now) {
        let times = taken.entry(id.clone()).or_insert(1);
        *times += 1;
        now = format!("{id}-{times}");
    }
    taken.insert(now.clone(), 1);
    now
}

/// What an article and its translation give to a memory: an entry a segment that has a target, in order. Neighbours are those a
/// translator's program sees: segments of the file that are not locked, whatever their paragraph. A segment that is not translated
/// must have no target here. `file` is the name of the file, where a program is to find it by that (see [`Entry::file`]).
pub fn entries<'a>(bitext: &'a Bitext, file: Option<&'a str>, origin: &'a str) -> Vec<Entry<'a>> {
    let segments: Vec<_> = bitext.units.iter().flat_map(|unit| unit.segments().filter(|segment| !unit.locks(segment))).collect();
    let lang = |lang: &'a Option<String>| lang.as_deref().unwrap_or("und").into();
    let source = |at: Option<usize>| Some(at.and_then(|at| segments.get(at)).map_or("", |segment| &segment.source));
    let target = |at: Option<usize>| at.and_then(|at| segments.get(at)).map_or(Some(""), |segment| segment.target.as_deref());
    let neighbour = |text: Option<&'a str>| text.and_then(neighbour).map(Cow::from);
    let entry = |at: usize| Entry {
        source_lang: lang(&bitext.source_lang),
        target_lang: lang(&bitext.target_lang),
        source: segments[at].source.as_str().into(),
        target: segments[at].target.as_deref().unwrap_or_default().into(),
        document: Some(bitext.id.as_str()).filter(|id| !id.is_empty()).map(Cow::from),
        segment: Some(segments[at].id.as_str()).filter(|id| !id.is_empty()).map(Cow::from),
        file: file.map(Cow::from),
        previous: neighbour(source(at.checked_sub(1))),
        next: neighbour(source(Some(at + 1))),
        previous_target: neighbour(target(at.checked_sub(1))),
        next_target: neighbour(target(Some(at + 1))),
        notes: segments[at].notes.iter().filter(|note| note.category != CONTEXT).map(|note| note.text.clone()).collect(),
        properties: vec![Property { name: STATE.into(), value: state_name(segments[at]).into(), of: Of::Target }],
        origin: Some(origin.into()),
        salience_rank: segments[at].salience.and_then(|salience| salience.rank),
        usage_count: 1,
        codes: segments[at].codes,
        ..Entry::default()
    };
    (0..segments.len()).map(entry).filter(Entry::is_whole).collect()
}

/// Bytes of a neighbour, at most; a longer one is left out, for each sentence is written as a neighbour of two others.
const NEIGHBOUR: usize = 2000;

/// A text as a neighbour, unless it is too long to be one.
pub(super) fn neighbour(text: &str) -> Option<&str> {
    (text.len() <= NEIGHBOUR).then_some(text)
}

/// The category of notes that this crate writes, which are nobody's words.
const CONTEXT: &str = "context";

/// The property that tells how far a translation is.
const STATE: &str = "x-state";

/// States as XLIFF 2 has them, and one for what somebody is to look at. What is no translation is no entry, so that one that a program
/// left at the beginning was not told.
fn state_name(segment: &BitextSegment) -> &'static str {
    match segment.state {
        _ if segment.unsure => "needs-review",
        State::Initial | State::Translated => "translated",
        State::Reviewed => "reviewed",
        State::Final => "final",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translation::bitext::{BitextUnit, Part};

    fn entry<'a>(source: &'a str, target: &'a str, previous: Option<&'a str>) -> Entry<'a> {
        Entry { source: source.into(), target: target.into(), previous: previous.map(Cow::from), ..Entry::default() }
    }

    #[test]
    fn entries_are_one_only_if_source_target_and_neighbours_are() {
        let other_next = Entry { next: Some("Z.".into()), ..entry("Yes.", "Ja.", Some("A.")) };
        let all = [
            entry("Yes.", "Ja.", Some("A.")),
            entry("Yes.", "Doch.", Some("A.")),
            entry("Yes.", "Ja.", Some("B.")),
            entry("Yes.", "Ja.", None),
            entry("Yes.", "Ja.", Some("")),
            other_next,
            Entry { document: Some("other".into()), usage_count: 3, ..entry("Yes.", "Ja.", Some("A.")) },
            entry("Yes.", "Doch.", Some("A.")),
            entry("", "Ja.", None),
            entry("Yes.", " \n", None),
        ];
        let one: Vec<_> = union(all).into_iter().map(|e| (e.target, e.previous.unwrap_or("?".into()), e.usage_count)).collect();
        let expected = [("Ja.", "A.", 4), ("Doch.", "A.", 2), ("Ja.", "B.", 1), ("Ja.", "?", 1), ("Ja.", "", 1), ("Ja.", "A.", 1)];
        assert_eq!(one, expected.map(|(target, previous, count)| (target.into(), previous.into(), count)));
    }

    #[test]
    fn an_id_is_of_the_place_and_not_of_the_translation() {
        let id = entry("Yes.", "Ja.", Some("A.")).tuid();
        assert_eq!(id, "8258de3ffe13272b038b");
        assert_eq!(entry("Yes.", "Doch.", Some("A.")).tuid(), id);
        assert_ne!(entry("Yes.", "Ja.", Some("")).tuid(), entry("Yes.", "Ja.", None).tuid());
        assert_ne!(Entry { document: Some("a".into()), ..entry("Yes.", "Ja.", Some("A.")) }.tuid(), id);
        let named = |id: &str, target: &'static str| Entry { id: id.into(), ..entry("Yes.", target, None) };
        let ids: Vec<String> =
            union([named("a", "1"), named("a-2", "2"), named("a", "3"), named("a", "4")]).into_iter().map(|e| e.id).collect();
        assert_eq!(ids, ["a", "a-2", "a-3", "a-4"]);
    }

    #[test]
    fn notes_and_states_go_along_and_long_neighbours_do_not() {
        let note = |category: &str, text: &str| crate::translation::Note { category: category.into(), text: text.into(), priority: 0 };
        let segment = |source: &str, notes| {
            Part::Segment(BitextSegment {
                source: source.into(),
                target: Some("x".into()),
                state: State::Reviewed,
                notes,
                ..BitextSegment::default()
            })
        };
        let long = "a".repeat(NEIGHBOUR + 1);
        let parts = vec![segment("A.", vec![note("context", "before"), note("", "look")]), segment(&long, vec![])];
        let bitext = Bitext { units: vec![BitextUnit { parts, ..BitextUnit::default() }], ..Bitext::default() };
        let made = entries(&bitext, None, "merge");
        assert_eq!((made[0].notes.clone(), made[0].next.clone(), made[1].previous.as_deref()), (vec!["look".to_owned()], None, Some("A.")));
        assert_eq!((&*made[0].properties[0].name, &*made[0].properties[0].value), ("x-state", "reviewed"));
    }

    #[test]
    fn what_somebody_is_to_look_at_is_not_called_translated() {
        let named = |state, unsure| state_name(&BitextSegment { state, unsure, ..BitextSegment::default() });
        assert_eq!(
            [named(State::Initial, false), named(State::Translated, true), named(State::Final, false)],
            ["translated", "needs-review", "final"]
        );
    }

    #[test]
    fn a_translated_article_gives_entries_with_the_neighbours_a_translator_sees() {
        let segment = |source: &str, target: Option<&str>| BitextSegment {
            source: source.into(),
            target: target.map(str::to_owned),
            ..BitextSegment::default()
        };
        let unit = |locked, segments: Vec<BitextSegment>| {
            let blank = Part::Ignorable { source: " ".into(), target: None };
            let parts = segments.into_iter().flat_map(|segment| [Part::Segment(segment), blank.clone()]).collect();
            BitextUnit { locked, parts, ..BitextUnit::default() }
        };
        let units = vec![
            unit(false, vec![segment("A.", Some("a."))]),
            unit(true, vec![segment("By me", Some("von mir"))]),
            unit(false, vec![segment("B.", None), segment("C.", Some("c."))]),
        ];
        let bitext = Bitext { id: "news/a".into(), target_lang: Some("de".into()), units, ..Bitext::default() };
        let all = entries(&bitext, Some("a.xlf"), "merge");
        let context = |at: usize| [&all[at].previous, &all[at].next, &all[at].previous_target, &all[at].next_target].map(Option::as_deref);
        assert_eq!(all.iter().map(|e| (&*e.source, &*e.target)).collect::<Vec<_>>(), [("A.", "a."), ("C.", "c.")]);
        assert_eq!(context(0), [Some(""), Some("B."), Some(""), None]);
        assert_eq!(context(1), [Some("B."), Some(""), None, Some("")]);
        assert_eq!((&*all[0].source_lang, &*all[0].target_lang, all[0].document.as_deref()), ("und", "de", Some("news/a")));
    }
}
