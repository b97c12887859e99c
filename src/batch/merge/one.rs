//! One article merged: its text read again and held against what was sent, units placed, the translation put together, looked at
//! and spelled. What becomes of it is the business of the merge.

use super::Merge;
use super::articles::Articles;
use crate::article::Article;
use crate::batch::observe::Delivered;
use crate::error::{Error, ErrorKind, Place, Result, Warning, WarningKind};
use crate::format::bitext::sha256;
use crate::format::excerpts::{EXCERPTS, ExcerptOutput, Returned};
use crate::format::{Piece, merged, tmx};
use crate::lang::Lang;
use crate::text::detect::detect;
use crate::text::table_of;
use crate::translation::assemble::{Assembled, Missing, assemble_all};
use crate::translation::entry::{Entry, entries, union_with_identities};
use crate::translation::excerpt::excerpt;
use crate::translation::place::{self, place};
use crate::translation::quality::Pair;
use crate::translation::{Bitext, BitextUnit, Part};

/// A bitext on its way.
pub struct Task {
    /// Path of its file, as shown.
    pub path: String,
    /// Name of its file.
    pub name: String,
    /// Id of its article.
    pub id: String,
    /// What came back.
    pub bitext: Box<Bitext>,
}

/// A merged article.
pub struct Made {
    /// Its id.
    pub id: String,
    /// Its translated text; `None` if only the summary was translated.
    pub text: Option<Piece>,
    /// Its record of the summaries, if there is one.
    pub summary: Vec<u8>,
    /// What there is to read of it in each of [`EXCERPTS`], if not all of it was sent.
    pub excerpts: Vec<Vec<u8>>,
    /// What came back, and where it went.
    pub delivered: Delivered,
    /// What it gives to the memory.
    pub entries: Entries,
    /// Language of the translation, as tables name it.
    pub lang: String,
    /// Sentences in the file.
    pub segments: u64,
    /// Sentences that are not to be translated.
    pub locked: u64,
    /// Words of the summary.
    pub words: u32,
    /// What looked wrong.
    pub warnings: Vec<Warning>,
}

/// Entries of a memory as they are spelled, one after the other.
pub struct Entries {
    pub spelled: Vec<u8>,
    /// What makes each itself, and where it ends.
    pub ends: Vec<([u8; 16], usize)>,
}

impl Entries {
    /// Spells entries for a memory of that source language.
    fn of(entries: Vec<Entry>, lang: &str) -> Entries {
        let mut spelled = Vec::new();
        let mut spell = |(entry, identity): (Entry, [u8; 32])| {
            tmx::entry(&entry, lang, &mut spelled);
            let (short, _) = identity.split_first_chunk().expect("a hash is longer");
            (*short, spelled.len())
        };
        let ends = union_with_identities(entries).into_iter().map(&mut spell).collect();
        Entries { spelled, ends }
    }

    /// Each entry with what makes it itself.
    pub fn iter(&self) -> impl Iterator<Item = ([u8; 16], &[u8])> {
        let starts = [0].into_iter().chain(self.ends.iter().map(|(_, end)| *end));
        starts.zip(&self.ends).map(|(start, (identity, end))| (*identity, &self.spelled[start..*end]))
    }
}

/// Merges a bitext into its article; `lang` is the source language of the memory.
pub fn merge_one(task: Task, articles: &Articles, how: &Merge, lang: &str) -> Result<Made> {
    let Task { path, name, id, mut bitext } = task;
    let place = Place { path: Some(path), line: None, article: Some(id.clone()) };
    let failed = |error: Error| error.at(place.clone());
    let other = settle_language(&mut bitext, how).map_err(failed)?;
    let article = articles.load(&id)?;
    bitext.source_lang = bitext.source_lang.take().or_else(|| source_lang(&article, how));
    let mut says = Says { place: place.clone(), warnings: Vec::new() };
    other.into_iter().for_each(|kind| says.warn(0, kind));
    if bitext.source_lang.is_none() {
        says.warn(
            0,
            WarningKind::Xliff("nobody knows the language of the source: the memory has nothing of it; name it with --lang".to_owned()),
        );
    }
    let same = bitext.property("sha256").map(|sent| sent.eq_ignore_ascii_case(&sha256(article.text())));
    if same == Some(false) {
        if !how.force {
            return Err(failed(ErrorKind::OtherArticle.into()));
        }
        says.warn(0, WarningKind::OtherArticle);
    }
    let places = place_all(&article, &bitext);
    let all = same != Some(false) && bitext.property("selection") == Some("article");
    let made = assemble_all(article.text(), &bitext, &places, how.missing, all);
    says.of_places(&bitext, &made, how).map_err(failed)?;
    says.of_missing(&bitext, &made, how.missing).map_err(failed)?;
    says.of_targets(&bitext, how);
    let selected = matches!(bitext.property("selection"), Some("summary" | "budget"));
    let mut summary = Vec::new();
    let told = merged::push_summary(&article, &bitext, &made, !selected, how.offsets, &mut summary);
    if told.is_none() {
        says.warn(0, WarningKind::NoSummary);
    }
    let segments = bitext.units.iter().map(|unit| unit.segments().count() as u64).sum();
    let locked = bitext.units.iter().map(|unit| unit.segments().filter(|segment| unit.locks(segment)).count() as u64).sum();
    let (words, in_summaries) = told.unwrap_or_default();
    let (excerpts, in_excerpts) = if selected { excerpts(&article, &bitext, &places, how) } else { Default::default() };
    let in_articles = if selected { 0 } else { sentences_of(&bitext, &made) };
    let delivered = Delivered { translated: translated(&bitext), in_articles, in_excerpts, in_summaries, in_memory: 0 };
    let table = table_of(bitext.target_lang.as_deref().and_then(Lang::parse).as_ref()).to_owned();
    keep_translations(&mut bitext, article.text(), &places);
    Ok(Made {
        text: (!selected).then(|| merged::text(&made)),
        summary,
        excerpts,
        delivered,
        entries: Entries::of(if bitext.source_lang.is_some() { entries(&bitext, Some(&name), "merge") } else { Vec::new() }, lang),
        lang: table,
        segments,
        locked,
        words,
        warnings: says.warnings,
        id,
    })
}

/// What there is to read of an article that was sent in part, in each format, and its sentences.
fn excerpts(article: &Article, bitext: &Bitext, places: &[place::Place], how: &Merge) -> (Vec<Vec<u8>>, u64) {
    let excerpt = excerpt(article.text(), bitext, places, how.missing);
    let returned = Returned { article, bitext, excerpt: &excerpt, offsets: how.offsets };
    let spelled = |output: &ExcerptOutput| {
        let mut out = Vec::new();
        (output.write)(&returned, &mut out);
        out
    };
    (EXCERPTS.iter().map(spelled).collect(), excerpt.sentences.len() as u64)
}

/// Sentences that are translated.
fn translated(bitext: &Bitext) -> u64 {
    let open = bitext.units.iter().flat_map(|unit| unit.segments().filter(|segment| !unit.locks(segment)));
    open.filter(|segment| segment.translation().is_some()).count() as u64
}

/// Sentences of the file that stand in the translated text.
fn sentences_of(bitext: &Bitext, made: &Assembled) -> u64 {
    let parts = bitext.units.iter().zip(&made.spans).flat_map(|(unit, spans)| unit.parts.iter().zip(spans));
    parts.filter(|(part, span)| span.is_some() && matches!(part, Part::Segment(_))).count() as u64
}

fn place_all(article: &Article, bitext: &Bitext) -> Vec<place::Place> {
    place(article.text(), article.title.as_deref(), bitext)
}

/// The language of an article whose file does not tell it: that of its record, else the one that was named, else detected, as in a run.
pub fn source_lang(article: &Article, how: &Merge) -> Option<String> {
    let lang = article.lang.clone().or_else(|| how.lang.clone()).or_else(|| detect(article.text(), &[]))?;
    Some(lang.tag().replace('_', "-"))
}

/// The language of the target is that of the file, or, where it does not say, the one that was asked for; without either nobody
/// guesses. One that is told less or more closely than was asked for is taken with a warning.
fn settle_language(bitext: &mut Bitext, how: &Merge) -> Result<Option<WarningKind>> {
    let found = bitext.target_lang.as_deref().and_then(Lang::parse);
    match (found, &how.target_lang) {
        (None, None) => Err(ErrorKind::NoLanguage.into()),
        (Some(_), None) => Ok(None),
        (None, Some(asked)) => {
            bitext.target_lang = Some(asked.tag().to_owned());
            Ok(None)
        }
        (Some(found), Some(asked)) => {
            let said = || (found.tag().to_owned(), asked.tag().to_owned());
            if is_other(found.tag(), asked.tag()) {
                let (found, asked) = said();
                return Err(ErrorKind::OtherLanguage { found, asked }.into());
            }
            let (found, asked) = said();
            Ok((!found.eq_ignore_ascii_case(&asked)).then_some(WarningKind::NearLanguage { found, asked }))
        }
    }
}

/// Whether two tags name different languages: another language, or scripts or regions that both name and that differ (BCP 47,
/// section 2.1: a script has four letters, a region two letters or three digits).
fn is_other(one: &str, other: &str) -> bool {
    let of_kind = |tag: &str, is: fn(&str) -> bool| {
        tag.split('-').skip(1).take_while(|part| part.len() > 1).find(|part| is(part)).map(str::to_ascii_lowercase)
    };
    let differ = |is: fn(&str) -> bool| of_kind(one, is).zip(of_kind(other, is)).is_some_and(|(one, other)| one != other);
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let script: fn(&str) -> bool = |part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic());
    let region: fn(&str) -> bool = |part| part.len() == 2 || part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit());
    primary(one) != primary(other) || differ(script) || differ(region)
}

/// What there is to say of an article.
struct Says {
    place: Place,
    warnings: Vec<Warning>,
}

/// Ids of sentences that a message names, at most.
const NAMED: usize = 5;

impl Says {
    fn warn(&mut self, line: u64, kind: WarningKind) {
        let line = Some(line).filter(|line| *line > 0);
        self.warnings.push(Warning { kind, place: Place { line, ..self.place.clone() } });
    }

    /// Sentences that are not in the article; that none is in it is an error, and that one is not where no hash says that the
    /// article is as it was.
    fn of_places(&mut self, bitext: &Bitext, made: &Assembled, how: &Merge) -> Result<()> {
        let segments: usize = bitext.units.iter().map(|unit| unit.segments().count()).sum();
        if segments > 0 && made.lost.len() == segments {
            return Err(ErrorKind::NothingPlaced.into());
        }
        if !made.lost.is_empty() && !how.force && bitext.property("sha256").is_none() {
            return Err(lost(bitext, made, segments));
        }
        for &(unit, part) in &made.lost {
            let unit = &bitext.units[unit];
            let (line, kind) = (line_of(unit, part), WarningKind::NotPlaced(id_of(unit, part).to_owned()));
            if how.missing == Missing::Fail {
                let place = Place { line: Some(line).filter(|line| *line > 0), ..Place::default() };
                return Err(Error::from(ErrorKind::Untranslated(kind.to_string())).at(place));
            }
            self.warn(line, kind);
        }
        Ok(())
    }

    /// Sentences without a translation; they may be an error.
    fn of_missing(&mut self, bitext: &Bitext, made: &Assembled, missing: Missing) -> Result<()> {
        let missed = made.missing.len() + made.uncovered.len();
        if missed == 0 {
            return Ok(());
        }
        let of: usize = bitext.units.iter().map(|unit| unit.segments().filter(|segment| !unit.locks(segment)).count()).sum();
        let of = of + made.uncovered.len();
        let ids = made.missing.iter().map(|&(unit, part)| id_of(&bitext.units[unit], part));
        let gone = made.uncovered.iter().map(|(_, name)| name.as_str());
        let named: Vec<String> = ids.map(str::to_owned).chain(gone.map(|name| format!("{name} not in the file"))).take(NAMED).collect();
        let more = if missed > NAMED { ", .." } else { "" };
        let have = if missed == 1 { "has" } else { "have" };
        let what = format!("{missed} of {of} segments {have} no translation ({}{more})", named.join(", "));
        let line = made.missing.first().map_or(0, |&(unit, part)| line_of(&bitext.units[unit], part));
        match missing {
            Missing::Fail => {
                let place = Place { line: Some(line).filter(|line| *line > 0), ..Place::default() };
                return Err(Error::from(ErrorKind::Untranslated(what)).at(place));
            }
            Missing::Source => self.warn(line, WarningKind::Untranslated(format!("{what}, kept as in the source"))),
            Missing::Skip => self.warn(line, WarningKind::Untranslated(format!("{what}, left out"))),
        }
        Ok(())
    }

    /// What the checks find in translations, and codes that were left out.
    fn of_targets(&mut self, bitext: &Bitext, how: &Merge) {
        let codes: u64 = bitext.units.iter().flat_map(BitextUnit::segments).map(|segment| u64::from(segment.codes)).sum();
        if codes > 0 {
            self.warn(0, WarningKind::Codes(codes));
        }
        if !how.checks.any() {
            return;
        }
        for unit in &bitext.units {
            for segment in unit.segments().filter(|segment| !unit.locks(segment)) {
                let Some(target) = segment.translation() else { continue };
                let langs = (bitext.source_lang.as_deref(), bitext.target_lang.as_deref());
                let pair = Pair { source: &segment.source, target, source_lang: langs.0, target_lang: langs.1 };
                for alarm in how.checks.look_at(&pair) {
                    let line = segment.line;
                    let segment = if segment.id.is_empty() { unit.id.clone() } else { segment.id.clone() };
                    self.warn(line, WarningKind::Target { segment, check: alarm.check.name, cause: alarm.cause });
                }
            }
        }
    }
}

/// That sentences are not in an article that nothing else is known of.
fn lost(bitext: &Bitext, made: &Assembled, of: usize) -> Error {
    let (are, count) = (if made.lost.len() == 1 { "is" } else { "are" }, made.lost.len());
    let ids: Vec<&str> = made.lost.iter().take(NAMED).map(|&(unit, part)| id_of(&bitext.units[unit], part)).collect();
    let more = if count > NAMED { ", .." } else { "" };
    let line = made.lost.first().map(|&(unit, part)| line_of(&bitext.units[unit], part)).filter(|line| *line > 0);
    let what = format!("{count} of {of} segments {are} not in the article ({}{more})", ids.join(", "));
    Error::from(ErrorKind::Lost(what)).at(Place { line, ..Place::default() })
}

fn line_of(unit: &BitextUnit, part: usize) -> u64 {
    match &unit.parts[part] {
        Part::Segment(segment) if segment.line > 0 => segment.line,
        _ => unit.line,
    }
}

fn id_of(unit: &BitextUnit, part: usize) -> &str {
    match &unit.parts[part] {
        Part::Segment(segment) if !segment.id.is_empty() => &segment.id,
        _ => &unit.id,
    }
}

/// Leaves targets that are translations, and sources as the article has them: what goes into a memory.
fn keep_translations(bitext: &mut Bitext, text: &str, places: &[place::Place]) {
    for (unit, place) in bitext.units.iter_mut().zip(places) {
        for (at, part) in unit.parts.iter_mut().enumerate() {
            let Part::Segment(segment) = part else { continue };
            let kept = segment.translation();
            if kept != segment.target.as_deref() {
                segment.target = kept.map(str::to_owned);
            }
            if let place::Place::Text(spots) = place
                && let Some(spot) = spots[at].filter(|spot| !spot.exact)
            {
                let same = segment.target.as_ref() == Some(&segment.source);
                segment.source = spot.span.of(text).to_owned();
                segment.target = segment.target.take().map(|target| if same { segment.source.clone() } else { target });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_held_against_one_another_by_what_both_name() {
        let settle = |found: Option<&str>, asked: Option<&str>| {
            let mut bitext = Bitext { target_lang: found.map(str::to_owned), ..Bitext::default() };
            let how = Merge { target_lang: asked.and_then(Lang::parse), ..Merge::default() };
            match settle_language(&mut bitext, &how) {
                Ok(None) => bitext.target_lang.unwrap_or_default(),
                Ok(Some(kind)) => kind.code().to_owned(),
                Err(error) => error.code().to_owned(),
            }
        };
        let cases = [
            (None, None, "no-language"),
            (None, Some("de"), "de"),
            (Some("de"), None, "de"),
            (Some("de-DE"), Some("de"), "near-language"),
            (Some("de"), Some("de-DE"), "near-language"),
            (Some("pt-BR"), Some("pt-PT"), "other-language"),
            (Some("zh-Hant"), Some("zh-Hans-CN"), "other-language"),
            (Some("zh-Hant-TW"), Some("zh-TW"), "near-language"),
            (Some("fr"), Some("de"), "other-language"),
        ];
        cases.into_iter().for_each(|(found, asked, expected)| assert_eq!(settle(found, asked), expected, "{found:?} {asked:?}"));
    }
}
