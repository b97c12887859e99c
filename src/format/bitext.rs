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
    /// Those that were chosen from a batch (see [`Outcome::sent`]), with what stands around them as notes.
    Budget,
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
    /// Every scope by its name in files; the last is none that can be asked for by it.
    pub const NAMES: &[(&str, Scope)] = &[("article", Scope::Article), ("summary", Scope::Summary), ("budget", Scope::Budget)];

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

/// The segments that go to translators and are not locked, in order, each with its place in [`Outcome::matches`]. Where some are chosen
/// from a batch, all might be, and have the neighbours that they have in their article.
pub fn open_segments<'a>(outcome: &'a Outcome, options: &'a BitextOptions) -> impl Iterator<Item = (usize, &'a str)> {
    let goes = move |unit: &Unit, in_summary| !options.locked.contains(&unit.kind) && (options.scope != Scope::Summary || in_summary);
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
    let wanted = wanted(outcome, options.scope, &chosen);
    let maker = Maker { outcome, options, chosen, wanted, copied: options.prefill() == Prefill::Copy };
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
    /// Whether a segment goes along, by its place in [`Outcome::matches`].
    wanted: Vec<bool>,
    copied: bool,
}

/// Whether a segment goes to translators, by its place.
fn wanted(outcome: &Outcome, scope: Scope, chosen: &[bool]) -> Vec<bool> {
    match (scope, outcome.sent) {
        (Scope::Article, _) => vec![true; chosen.len() + 1],
        (Scope::Budget, Some(sent)) => sent.to_vec(),
        (Scope::Budget, None) => vec![false; chosen.len() + 1],
        (Scope::Summary, _) => [&[false], chosen].concat(),
    }
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
        self.wanted[place_of(segment)]
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
        let left_out = |i: &usize| self.wanted.get(*i + 1) == Some(&false);
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
pub(super) mod tests {
    use super::*;
    use crate::error::Result;
    use crate::summary::{Budget, rank, select};
    use crate::text::{Scratch, TextOptions, parse};

    /// A title field that is locked, and a paragraph of a translated sentence with a character that XML cannot hold, a line
    /// break, and a sentence that is not translated.
    pub(in crate::format) fn sample() -> Bitext {
        let salience = Salience { rank: Some(3), score: 0.25, weight: 0.125, in_summary: true };
        let title = BitextSegment { id: "t1".into(), source: "R&D".into(), target: Some("R&D".into()), ..BitextSegment::default() };
        let one = BitextSegment {
            id: "p1s1".into(),
            source: "One\u{1} < two.".into(),
            target: Some("Eins.".into()),
            state: State::Translated,
            salience: Some(salience),
            notes: vec![context("before p1s1: Zero.".into())],
            ..BitextSegment::default()
        };
        let three = BitextSegment { id: "p1s2".into(), source: "Three.".into(), ..BitextSegment::default() };
        let blank = Part::Ignorable { source: "\n".into(), target: None };
        let unit = |id: &str, kind: &str, parts| BitextUnit { id: id.into(), kind: kind.into(), parts, ..BitextUnit::default() };
        let units = vec![
            BitextUnit { locked: true, ..unit("t", "title", vec![Part::Segment(title)]) },
            BitextUnit { start: Some(0), ..unit("p1", "body", vec![Part::Segment(one), blank, Part::Segment(three)]) },
        ];
        let properties = [("title", "R&D"), ("candidates", "20")];
        Bitext {
            id: "a b".into(),
            original: "a b.txt".into(),
            source_lang: Some("en".into()),
            target_lang: Some("de".into()),
            properties: properties.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            notes: vec![context("title: R&D".into())],
            units,
        }
    }

    /// The same, where the last sentence has proposals of two levels, and the first of them as its target.
    pub(in crate::format) fn proposed([first, second]: [u8; 2]) -> Bitext {
        let same = |level: u8| Proposal {
            id: "7".into(),
            document: Some("a b".into()),
            source: "Three.".into(),
            target: "Drei.".into(),
            percent: 100,
            score: level.min(100),
            level,
            ambiguous: false,
        };
        let like = Proposal {
            id: "8".into(),
            document: None,
            source: "Thr<ee.".into(),
            target: "Dr\u{1}ei.".into(),
            percent: second + 5,
            score: second,
            level: second,
            ambiguous: false,
        };
        let mut bitext = sample();
        let Some(Part::Segment(segment)) = bitext.units[1].parts.last_mut() else { panic!("it is a segment") };
        segment.proposals = vec![same(first), like];
        *segment = filled(segment.clone(), 100);
        bitext
    }

    #[test]
    fn only_what_is_sure_is_filled_in() {
        let segment = |level, ambiguous| {
            let best = Proposal { level, target: "x".into(), ambiguous, ..Proposal::default() };
            BitextSegment { proposals: vec![best], target: Some("copy".into()), ..BitextSegment::default() }
        };
        let made = |level, ambiguous, least| {
            let made = filled(segment(level, ambiguous), least);
            (made.target.expect("there"), made.state, made.unsure, made.leveraged)
        };
        let copy = ("copy".to_owned(), State::Initial, false, None);
        let taken = |level, unsure| ("x".to_owned(), State::Translated, unsure, Some(level));
        assert_eq!([made(99, false, 100), made(100, true, 100), made(101, false, 102)], [copy.clone(), copy.clone(), copy.clone()]);
        assert_eq!(
            [made(100, false, 100), made(102, false, 100), made(101, false, 101)],
            [taken(100, true), taken(102, false), taken(101, false)]
        );
        // Whoever asks for less gets no less.
        assert_eq!(made(99, false, 50), copy);
    }

    fn made(options: &BitextOptions) -> Result<Bitext> {
        let text = "Harbour board meets\n\nThe board met on Monday.  The harbour was closed by a storm.\nNo ship was in the harbour, the board said.";
        let mut article = Article::new("a".into(), text.into())?;
        article.lang = Lang::parse("en_GB");
        article.meta.url = Some("https://example.org/a".into());
        let text = TextOptions { newlines: crate::text::Newlines::Wrap, ..TextOptions::default() };
        let document = parse(article, &text, &mut Scratch::default());
        let idf = crate::summary::frequency::sentence_idf(&document);
        let ranker = (rank::find("lead").expect("it is there").ranker)();
        let ranking = ranker.rank(&document, &idf);
        let summary = select(&document, &idf, &*ranker, &ranking, Budget::Sentences(1));
        Ok(bitext(&Outcome::new(&document, Some(&ranking), &summary, "lead"), options))
    }

    #[test]
    fn an_article_goes_whole() {
        let locked = vec![Kind::Title];
        let options = BitextOptions { target_lang: Lang::parse("de"), locked, ..BitextOptions::default() };
        let made = made(&options).expect("short");
        assert_eq!((made.source_lang.as_deref(), made.target_lang.as_deref()), (Some("en-GB"), Some("de")));
        assert_eq!(made.original, "https://example.org/a");
        assert_eq!(made.property("sha256").map(str::len), Some(64));
        assert_eq!(made.property("title"), Some("Harbour board meets"));
        assert_eq!(made.property("candidates"), Some("3"));
        let names: Vec<&str> = made.properties.iter().map(|(name, _)| name.as_str()).collect();
        let in_order = crate::translation::bitext::PROPERTIES.iter().copied().filter(|name| names.contains(name));
        assert!(names.iter().copied().eq(in_order), "{names:?}");
        assert_eq!(made.units.iter().map(|unit| (unit.locked, unit.start)).collect::<Vec<_>>(), [(true, Some(0)), (false, Some(21))]);
        let target = |part: &Part| match part {
            Part::Segment(segment) => segment.target.clone().expect("copied"),
            Part::Ignorable { source, .. } => source.clone(),
        };
        let text: String = made.units[1].parts.iter().map(target).collect();
        assert!(text.contains("Monday.  The harbour") && text.contains("storm.\nNo ship"), "{text:?}");
        let ranks: Vec<_> = made.units[1].segments().map(|segment| segment.salience.and_then(|s| s.rank)).collect();
        assert_eq!(ranks, [Some(1), Some(2), Some(3)]);
    }

    #[test]
    fn a_selection_has_its_surroundings_as_notes() {
        let options = BitextOptions { scope: Scope::Summary, version: Version::V20, ..BitextOptions::default() };
        let made = made(&options).expect("short");
        let segments: Vec<_> = made.units.iter().flat_map(BitextUnit::segments).collect();
        assert_eq!(segments.len(), 1);
        assert_eq!((segments[0].id.as_str(), &segments[0].target), ("p2s1", &None));
        let told: Vec<&str> = made.notes.iter().chain(&segments[0].notes).map(|note| note.text.as_str()).collect();
        let expected = [
            "title: Harbour board meets",
            "address: https://example.org/a",
            "before p2s1: Harbour board meets",
            "after p2s1: The harbour was closed by a storm.",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn languages_are_mapped_and_never_guessed() {
        let lang = |tag: &str| Lang::parse(tag).expect("sound");
        let map = vec![(lang("en"), lang("en-GB")), (lang("und"), lang("fr"))];
        let options = BitextOptions { lang_map: map, ..BitextOptions::default() };
        assert_eq!(options.tag(Some(&lang("EN"))).as_deref(), Some("en-GB"));
        assert_eq!(options.tag(Some(&lang("en_US"))).as_deref(), Some("en-US"));
        assert_eq!(options.tag(None).as_deref(), Some("fr"));
        assert_eq!(BitextOptions::default().tag(None), None);
    }

    #[test]
    fn urgency_is_a_tenth_of_the_ranking() {
        let salience = |rank| Salience { rank: Some(rank), score: 1.0, weight: 0.1, in_summary: false };
        let priority = |rank, of| salience_note(&salience(rank), of).expect("ranked").1;
        assert_eq!([priority(1, Some(20)), priority(3, Some(20)), priority(20, Some(20)), priority(2, Some(3))], ["1", "2", "10", "4"]);
        assert_eq!(priority(7, None), "9");
        assert_eq!(salience_note(&Salience { rank: None, ..salience(1) }, None), None);
    }
}
