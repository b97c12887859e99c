//! From an outcome to a [`Bitext`]: units and segments with what the summary thinks of them, what is known of the article, and
//! languages as they go to translators. What of it is written, and how, is said by [`BitextOptions`]; the spelling is the
//! business of the formats. It reads nothing and knows no file.

use sha2::{Digest, Sha256};

use super::jsonl::rounded;
use super::{Noticed, Outcome, one_line};
use crate::article::Article;
use crate::document::Kind;
use crate::error::WarningKind;
use crate::lang::Lang;
use crate::summary::Ranking;
use crate::translation::{Bitext, BitextSegment, BitextUnit, Note, Part, Proposal, Salience, Segment, State, Unit};

/// What goes to translators, and how.
#[derive(Clone, Debug, Default)]
pub struct BitextOptions {
    /// The language to translate into; without one there are no targets.
    pub target_lang: Option<Lang>,
    /// Tags and what stands for them in files of translators.
    pub lang_map: Vec<(Lang, Lang)>,
    /// Which XLIFF.
    pub version: Version,
    /// What is a unit; `None` for the habit of the version.
    pub layout: Option<Layout>,
    /// What stands in the targets; `None` for the habit of the version.
    pub prefill: Option<Prefill>,
    /// Which sentences.
    pub scope: Scope,
    /// Kinds of paragraphs that are not to be translated.
    pub locked: Vec<Kind>,
    /// What cut the sentences, if not this crate's own rules.
    pub segmentation: Option<String>,
    /// The least level of a match whose target becomes the segment's, from 100 to 102, where no other fits as well; `None` leaves all
    /// matches to the translator.
    pub pretranslate: Option<u8>,
}

/// Versions of XLIFF that are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// 1.2, which every client opens.
    #[default]
    V12,
    /// 2.0.
    V20,
    /// 2.1.
    V21,
}

/// What is a unit of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A paragraph, its sentences marked in it.
    Paragraph,
    /// A sentence; those of a paragraph are grouped.
    Sentence,
}

/// What stands in the targets of what is not translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefill {
    /// There is no target.
    Omit,
    /// The source.
    Copy,
    /// Nothing.
    Empty,
}

/// Which sentences of an article go to translators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All.
    #[default]
    Article,
    /// Those of the summary, with what stands around them as notes.
    Summary,
}

impl Version {
    /// Every version by the name on the command line and in files.
    pub const NAMES: &[(&str, Version)] = &[("1.2", Version::V12), ("2.0", Version::V20), ("2.1", Version::V21)];

    /// Its name.
    pub fn name(self) -> &'static str {
        name_in(Version::NAMES, self)
    }
}

impl Layout {
    /// Every layout by its name on the command line.
    pub const NAMES: &[(&str, Layout)] = &[("paragraph", Layout::Paragraph), ("sentence", Layout::Sentence)];

    /// Its name.
    pub fn name(self) -> &'static str {
        name_in(Layout::NAMES, self)
    }
}

impl Prefill {
    /// Every way by its name on the command line.
    pub const NAMES: &[(&str, Prefill)] = &[("omit", Prefill::Omit), ("copy", Prefill::Copy), ("empty", Prefill::Empty)];

    /// Its name.
    pub fn name(self) -> &'static str {
        name_in(Prefill::NAMES, self)
    }
}

impl Scope {
    /// Every scope by its name on the command line.
    pub const NAMES: &[(&str, Scope)] = &[("article", Scope::Article), ("summary", Scope::Summary)];

    /// Its name.
    pub fn name(self) -> &'static str {
        name_in(Scope::NAMES, self)
    }
}

fn name_in<T: Copy + PartialEq>(names: &[(&'static str, T)], value: T) -> &'static str {
    names.iter().find(|(_, known)| *known == value).map_or("", |(name, _)| name)
}

impl BitextOptions {
    /// What is a unit: in 1.2 a sentence, since its clients do not look into units; in 2.x a paragraph.
    pub fn layout(&self) -> Layout {
        self.layout.unwrap_or(match self.version {
            Version::V12 => Layout::Sentence,
            Version::V20 | Version::V21 => Layout::Paragraph,
        })
    }

    /// What stands in targets: in 1.2 the source, since its clients pass over units without; in 2.x nothing is there.
    pub fn prefill(&self) -> Prefill {
        let habit = match self.version {
            Version::V12 => Prefill::Copy,
            Version::V20 | Version::V21 => Prefill::Omit,
        };
        if self.target_lang.is_none() { Prefill::Omit } else { self.prefill.unwrap_or(habit) }
    }

    /// The tag that stands for a language in files of translators; `None` for an unknown language that is mapped to nothing.
    pub fn tag(&self, lang: Option<&Lang>) -> Option<String> {
        let given = well_formed(lang.map_or(UNKNOWN, Lang::tag));
        let mapped = self.lang_map.iter().find(|(from, _)| well_formed(from.tag()).eq_ignore_ascii_case(&given));
        match mapped {
            Some((_, to)) => Some(well_formed(to.tag())),
            None => lang.map(|_| given),
        }
    }

    /// The tag of the target language.
    pub fn target_tag(&self) -> Option<String> {
        self.target_lang.as_ref().and_then(|lang| self.tag(Some(lang)))
    }
}

/// Notices what a person should know of an outcome that goes to translators: languages, and what is locked.
pub(crate) fn notice(bitext: &Bitext, noticed: &mut Noticed) {
    match (&bitext.source_lang, &bitext.target_lang) {
        (None, _) => noticed.warn(WarningKind::UnknownLang),
        (Some(source), Some(target)) if source.eq_ignore_ascii_case(target) => noticed.warn(WarningKind::SameLang(target.clone())),
        _ => {}
    }
    let locked = bitext.units.iter().filter(|unit| unit.locked).flat_map(BitextUnit::segments).count();
    noticed.locked = noticed.locked.max(locked as u64);
    let leveraged = bitext.units.iter().flat_map(BitextUnit::segments).filter(|segment| segment.leveraged.is_some()).count();
    noticed.leveraged = noticed.leveraged.max(leveraged as u64);
}

/// What stands where a language must be named and is not known (ISO 639-2: undetermined).
pub const UNKNOWN: &str = "und";

/// A tag as BCP 47 spells it; feeds write `en_US`.
fn well_formed(tag: &str) -> String {
    tag.replace('_', "-")
}

/// Proposals that go along with a segment, at most.
pub const PROPOSALS: usize = 3;

/// The segments that go to translators and are not locked, in order, each with its place in [`Outcome::matches`].
pub fn open_segments<'a>(outcome: &'a Outcome, options: &'a BitextOptions) -> impl Iterator<Item = (usize, &'a str)> {
    let goes = move |unit: &Unit, in_summary| !options.locked.contains(&unit.kind) && (options.scope == Scope::Article || in_summary);
    let open = outcome.segments().filter(move |(unit, _, in_summary)| goes(unit, *in_summary));
    open.map(|(_, segment, _)| (place_of(segment), segment.source.as_str()))
}

/// The place of a segment in [`Outcome::matches`].
fn place_of(segment: &Segment) -> usize {
    segment.sentence.map_or(0, |sentence| sentence + 1)
}

/// An outcome as it goes to translators.
pub fn bitext(outcome: &Outcome, options: &BitextOptions) -> Bitext {
    let article = outcome.document.article();
    let mut chosen = vec![false; outcome.document.sentences().len()];
    outcome.summary.sentences.iter().for_each(|sentence| chosen[sentence.sentence] = true);
    let maker = Maker { outcome, options, chosen, copied: options.prefill() == Prefill::Copy };
    Bitext {
        id: article.id.clone(),
        original: original(article),
        source_lang: options.tag(article.lang.as_ref()),
        target_lang: options.target_tag(),
        properties: properties(outcome, options),
        notes: maker.notes(),
        units: outcome.units().iter().filter_map(|unit| maker.unit(unit)).collect(),
    }
}

/// Where people find the article: its address, else its path and, where that holds several, its id.
fn original(article: &Article) -> String {
    let path = || match article.origin.path.as_str() {
        "" | "-" => article.id.clone(),
        path if article.origin.line.is_some() => format!("{path}#{}", article.id),
        path => path.to_owned(),
    };
    article.meta.url.clone().unwrap_or_else(path)
}

/// The title field, else the headline inside the text.
fn title<'a>(outcome: &Outcome<'a>) -> Option<&'a str> {
    let document = outcome.document;
    let headline = || document.paragraphs().iter().find(|paragraph| paragraph.kind == Kind::Title);
    document.article().title.as_deref().or_else(|| headline().map(|paragraph| paragraph.span.of(document.text())))
}

/// What is known of the article and of how it was cut, in the order of `translation::bitext::PROPERTIES`.
fn properties(outcome: &Outcome, options: &BitextOptions) -> Vec<(String, String)> {
    let article = outcome.document.article();
    let tool = concat!("epitome ", env!("CARGO_PKG_VERSION"));
    let candidates = outcome.ranking.map(|ranking| ranking.ranks.iter().flatten().count().to_string());
    let known = [
        ("sha256", Some(sha256(article.text()))),
        ("title", title(outcome).map(|title| one_line(title).into_owned())),
        ("date", article.meta.date.clone()),
        ("author", article.meta.author.clone()),
        ("url", article.meta.url.clone()),
        ("source", article.meta.source.clone()),
        ("tool", Some(tool.to_owned())),
        ("segmentation", Some(options.segmentation.clone().unwrap_or_else(|| tool.to_owned()))),
        ("selection", Some(options.scope.name().to_owned())),
        ("method", Some(outcome.method.to_owned()).filter(|method| !method.is_empty())),
        ("candidates", candidates),
    ];
    known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// The SHA-256 of a text in UTF-8, hexadecimal: by it an article is known again.
pub fn sha256(text: &str) -> String {
    hexadecimal(&Sha256::digest(text))
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).map(char::from).collect()
}

/// What is asked for every unit.
struct Maker<'a> {
    outcome: &'a Outcome<'a>,
    options: &'a BitextOptions,
    /// Whether the summary has a sentence, by index.
    chosen: Vec<bool>,
    copied: bool,
}

impl Maker<'_> {
    /// What a translator of a selection must know of the whole.
    fn notes(&self) -> Vec<Note> {
        if self.options.scope == Scope::Article {
            return Vec::new();
        }
        let title = title(self.outcome).map(|title| format!("title: {}", one_line(title)));
        let url = self.outcome.document.article().meta.url.as_ref().map(|url| format!("address: {url}"));
        title.into_iter().chain(url).map(context).collect()
    }

    /// A unit with those of its sentences that are wanted; `None` if there are none.
    fn unit(&self, unit: &Unit) -> Option<BitextUnit> {
        let mut parts = Vec::with_capacity(2 * unit.segments.len());
        let mut last: Option<usize> = None;
        for (index, segment) in unit.segments.iter().enumerate().filter(|(_, segment)| self.is_wanted(segment)) {
            if let Some(last) = last {
                // What is left out between two sentences leaves a blank.
                let source = if last + 1 == index { unit.ignorables[last].clone() } else { " ".to_owned() };
                parts.push(Part::Ignorable { source, target: None });
            }
            parts.push(Part::Segment(self.segment(segment)));
            last = Some(index);
        }
        last?;
        Some(BitextUnit {
            id: unit.id.clone(),
            kind: unit.kind.name().to_owned(),
            locked: self.options.locked.contains(&unit.kind),
            parts,
            order: Vec::new(),
            notes: Vec::new(),
            start: unit.segments.iter().find(|segment| self.is_wanted(segment)).and_then(|segment| segment.span).map(|span| span.start),
            line: 0,
        })
    }

    fn is_wanted(&self, segment: &Segment) -> bool {
        self.options.scope == Scope::Article || segment.sentence.is_some_and(|i| self.chosen[i])
    }

    fn segment(&self, segment: &Segment) -> BitextSegment {
        let matches = self.outcome.matches.map_or(&[][..], |matches| &matches[place_of(segment)]);
        let made = BitextSegment {
            proposals: matches.iter().take(PROPOSALS).map(Proposal::from).collect(),
            id: segment.id.clone(),
            source: segment.source.clone(),
            target: self.copied.then(|| segment.source.clone()),
            state: State::Initial,
            salience: segment.sentence.zip(self.outcome.ranking).and_then(|(i, ranking)| salience(ranking, i, self.chosen[i])),
            notes: segment.sentence.map_or_else(Vec::new, |i| self.around(i, &segment.id)),
            ..BitextSegment::default()
        };
        match self.options.pretranslate {
            Some(least) => filled(made, least),
            None => made,
        }
    }

    /// The sentences around one of a selection, where they are not in it themselves.
    fn around(&self, sentence: usize, id: &str) -> Vec<Note> {
        if self.options.scope == Scope::Article {
            return Vec::new();
        }
        let places = [("before", sentence.checked_sub(1)), ("after", Some(sentence + 1))];
        let left_out = |i: &usize| self.chosen.get(*i) == Some(&false);
        let told = |(place, i): (&str, Option<usize>)| {
            let i = i.filter(left_out)?;
            Some(context(format!("{place} {id}: {}", one_line(self.outcome.document.slice(i)))))
        };
        places.into_iter().filter_map(told).collect()
    }
}

/// A segment whose target is that of its best proposal, if that is sure; without its neighbours, somebody is to look at it.
fn filled(segment: BitextSegment, least: u8) -> BitextSegment {
    let Some(best) = segment.proposals.first().filter(|best| best.is_sure(least)) else { return segment };
    let (target, level) = (Some(best.target.clone()), best.level);
    BitextSegment { target, state: State::Translated, unsure: level == 100, leveraged: Some(level), ..segment }
}

/// A sentence that could not be chosen has none.
fn salience(ranking: &Ranking, sentence: usize, in_summary: bool) -> Option<Salience> {
    let (rank, score) = (ranking.ranks[sentence], ranking.scores[sentence]?);
    Some(Salience { rank, score: rounded(score), weight: rounded(ranking.weights[sentence]), in_summary })
}

fn context(text: String) -> Note {
    Note { category: "context".to_owned(), priority: 0, text }
}

/// What people are told of a sentence's place in the ranking, and how urgent it is, from 1 to 10, a tenth of the ranking each.
pub(crate) fn salience_note(salience: &Salience, candidates: Option<u32>) -> Option<(String, &'static str)> {
    const PRIORITIES: [&str; 10] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
    let rank = salience.rank?;
    let of = candidates.filter(|&of| of >= rank).unwrap_or(rank);
    let tenth = u64::from(rank.saturating_sub(1)) * 10 / u64::from(of.max(1));
    let chosen = if salience.in_summary { ", in the summary" } else { "" };
    Some((format!("rank {rank} of {of}{chosen}"), PRIORITIES[tenth.min(9) as usize]))
}

#[cfg(test)]
pub(super) mod tests;
