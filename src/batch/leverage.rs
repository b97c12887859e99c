//! The memory that a batch is looked up in: entries of every source language and one target language, read once and shared by all
//! threads. What is found in it, the translation wing knows; what becomes of it, the formats.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::memories::{Filter, each_entry};
use crate::error::{Error, ErrorKind, Place, Result, Warning, WarningKind};
use crate::format::Outcome;
use crate::format::bitext::{BitextOptions, PROPOSALS, Scope, UNKNOWN, open_segments};
use crate::format::tmx::Languages;
use crate::lang::Lang;
use crate::text::table_of;
use crate::translation::Entry;
use crate::translation::leverage::{About, Level, matches, queries};
use crate::translation::memory::{Maker, Match, Memory, Penalties, Scratch, Terms};

/// How a batch is looked up in a memory.
#[derive(Clone)]
pub struct Leverage {
    /// What it is looked up in.
    pub memories: Arc<Memories>,
    /// What is of interest.
    pub terms: Terms,
}

impl Leverage {
    /// What the memory has for an article, by the places of [`Outcome::matches`], and how many of the segments
    /// that go to translators it has something for at which level.
    pub(super) fn of<'m>(&'m self, outcome: &Outcome, options: &BitextOptions, scratch: &mut Scratch) -> (Vec<Vec<Match<'m>>>, Levels) {
        let article = outcome.document.article();
        let mut found = vec![Vec::new(); outcome.document.sentences().len() + 1];
        let (source, target) = (options.tag(article.lang.as_ref()), options.target_tag());
        let memory = self.memories.of(source.as_deref().and_then(Lang::parse).as_ref());
        let about = About { document: Some(&article.id), languages: source.as_deref().zip(target.as_deref()).map(<[&str; 2]>::from) };
        let terms = Terms { limit: PROPOSALS, ..self.terms.clone() };
        let (places, segments): (Vec<usize>, Vec<&str>) = open_segments(outcome, options).unzip();
        for (place, query) in places.iter().zip(queries(&segments, about)) {
            found[*place] = memory.map_or_else(Vec::new, |memory| matches(memory, &query, &terms, scratch));
        }
        if let Some(memory) = memory.filter(|_| options.scope != Scope::Article) {
            // What is sent alone may have been translated among its neighbours in the article.
            let whole = BitextOptions { scope: Scope::Article, ..options.clone() };
            let (all, segments): (Vec<usize>, Vec<&str>) = open_segments(outcome, &whole).unzip();
            for (place, query) in all.iter().zip(queries(&segments, about)).filter(|(place, _)| places.binary_search(place).is_ok()) {
                let other = matches(memory, &query, &terms, scratch);
                if level(&other) > level(&found[*place]) {
                    found[*place] = other;
                }
            }
        }
        let mut levels = Levels::default();
        places.iter().for_each(|place| levels[Level::of(level(&found[*place])) as usize] += 1);
        (found, levels)
    }

    /// What there is to say if it has nothing from a language, by its code.
    pub(super) fn misses(&self, code: &str, options: &BitextOptions) -> Option<WarningKind> {
        let tag = options.tag(Lang::parse(code).filter(|_| code != UNKNOWN).as_ref());
        let source = tag.as_deref().and_then(Lang::parse);
        let missing =
            || WarningKind::NoMemory { from: tag.clone().unwrap_or(UNKNOWN.to_owned()), into: self.memories.target().tag().to_owned() };
        self.memories.of(source.as_ref()).is_none().then(missing)
    }

    /// What of it shapes what is written.
    pub(super) fn shaping(&self) -> serde_json::Value {
        let Penalties { region, unreviewed, targets, codes } = self.terms.penalties;
        json!({
            "memory": self.memories.fingerprint(),
            "min_score": self.terms.min_score,
            "penalties": { "region": region, "unreviewed": unreviewed, "targets": targets, "codes": codes },
        })
    }
}

/// The level of the best match.
fn level(matches: &[Match]) -> u8 {
    matches.first().map_or(0, Match::level)
}

/// Segments by the level of their best match, in the order of [`Level::ALL`].
pub type Levels = [u64; Level::ALL.len()];

/// A memory a source language, all of one target language.
pub struct Memories {
    /// By the code of the source language, `und` for one that no tag names.
    by_source: BTreeMap<String, Memory>,
    target: Lang,
    fingerprint: String,
    /// Entries that are broken and were passed over.
    broken: u64,
    /// What is broken.
    warnings: Vec<Warning>,
}

impl Memories {
    /// Reads a memory's file, or a TMX as it is, in which what is broken is passed over, counted and told when a batch begins. Entries into
    /// every region of the target language are taken; without one, that of the file, if it has no other.
    ///
    /// # Errors
    /// The file is not there, is no memory and no TMX, or cannot be read; or nobody names a target language, and the file has none or
    /// several.
    pub fn load(path: &Path, target: Option<&Lang>) -> Result<Memories> {
        let mut making = Making::default();
        let within = target.and_then(|target| Lang::parse(target.primary()));
        let languages = Languages { source: None, target: target.cloned() };
        let filter = Filter { target_lang: within, ..Filter::default() };
        let mut warnings = Vec::new();
        let broken = each_entry(path, languages, &filter, &mut |entry| making.add(&entry), &mut |warning| warnings.push(warning))?;
        let target = target.cloned().map_or_else(|| making.only_target(), Ok);
        let target = target.map_err(|kind| Error::from(kind).at(Place::path(path.display().to_string())))?;
        Ok(Memories { broken, warnings, ..making.finish(target) })
    }

    /// Entries of a TMX that are broken and were passed over.
    pub fn broken(&self) -> u64 {
        self.broken
    }

    /// Where in a TMX something is broken.
    pub(super) fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The language that is translated into.
    pub fn target(&self) -> &Lang {
        &self.target
    }

    /// What is translated from a language, whatever its region.
    pub fn of(&self, source: Option<&Lang>) -> Option<&Memory> {
        self.by_source.get(table_of(source))
    }

    /// Codes of the source languages with the number of their entries, in order.
    pub fn sources(&self) -> impl Iterator<Item = (&str, usize)> {
        self.by_source.iter().map(|(code, memory)| (code.as_str(), memory.len()))
    }

    /// A hash of all entries: memories that find the same have the same.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// Memories that are being read.
#[derive(Default)]
struct Making {
    by_source: BTreeMap<String, Maker>,
    /// Tags of the targets by their small letters.
    targets: BTreeMap<String, String>,
    hash: blake3::Hasher,
}

impl Making {
    fn add(&mut self, entry: &Entry) -> Result<()> {
        let code = Lang::parse(&entry.source_lang);
        let code = table_of(code.as_ref());
        if !self.by_source.contains_key(code) {
            self.by_source.insert(code.to_owned(), Maker::default());
        }
        self.by_source.get_mut(code).expect("it was put there").add(entry);
        let tag = entry.target_lang.replace('_', "-");
        self.targets.entry(tag.to_lowercase()).or_insert(tag);
        self.hash.update(&stamp(entry));
        Ok(())
    }

    fn only_target(&self) -> Result<Lang, ErrorKind> {
        let mut tags = self.targets.values();
        match (tags.next(), tags.next()) {
            (None, _) => Err(ErrorKind::EmptyMemory),
            (Some(tag), None) => Lang::parse(tag).ok_or(ErrorKind::NoLanguage),
            _ => Err(ErrorKind::ManyTargets(self.targets.values().cloned().collect::<Vec<_>>().join(", "))),
        }
    }

    fn finish(self, target: Lang) -> Memories {
        let by_source = self.by_source.into_iter().map(|(code, maker)| {
            let lang = Lang::parse(&code);
            (code, maker.finish(lang.as_ref()))
        });
        let fingerprint = self.hash.finalize().to_hex().to_string();
        Memories { by_source: by_source.collect(), target, fingerprint, broken: 0, warnings: Vec::new() }
    }
}

/// What an entry has to do with what is found and written, in a hash.
fn stamp(entry: &Entry) -> [u8; 32] {
    let texts = [Some(entry.id.as_str()), entry.document.as_deref(), entry.origin.as_deref(), entry.date()];
    let mut hash = blake3::Hasher::new();
    hash.update(&entry.identity());
    for text in texts.into_iter().chain(entry.properties.iter().flat_map(|property| [Some(&*property.name), Some(&*property.value)])) {
        hash.update(&text.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes()).update(text.unwrap_or_default().as_bytes());
    }
    hash.update(&entry.codes.to_le_bytes()).update(&[u8::from(entry.align_score.is_some())]);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translation::leverage::leverage;

    const TMX: &str =
        "<?xml version='1.0'?><tmx version='1.4'><header creationtool='x' creationtoolversion='1' segtype='sentence' o-tmf='x' \
        adminlang='en' srclang='*all*' datatype='plaintext'/><body>
        <tu><tuv xml:lang='en-GB'><seg>The mill stood still.</seg></tuv><tuv xml:lang='de-AT'><seg>Die Mühle stand.</seg></tuv></tu>
        <tu><tuv xml:lang='fr'><seg>Bonjour.</seg></tuv><tuv xml:lang='de-AT'><seg>Guten Tag.</seg></tuv></tu>
        MORE</body></tmx>";

    fn load(more: &str, target: Option<&str>) -> Result<Memories> {
        let file = tempfile::Builder::new().suffix(".tmx").tempfile().expect("a place for it");
        std::fs::write(file.path(), TMX.replace("MORE", more)).expect("written");
        Memories::load(file.path(), target.and_then(Lang::parse).as_ref())
    }

    fn score(memories: &Memories, source: &str, text: &str) -> Option<u8> {
        let memory = memories.of(Lang::parse(source).as_ref())?;
        let about = About { document: None, languages: Some([source, memories.target().tag()]) };
        Some(leverage(memory, &[text], about, &Terms::default(), &mut Scratch::default())[0].first()?.score())
    }

    #[test]
    fn there_is_a_memory_a_source_language_whatever_the_regions() {
        for target in ["de", "de-AT"] {
            let memories = load("", Some(target)).expect("read");
            assert_eq!(memories.sources().collect::<Vec<_>>(), [("en", 1), ("fr", 1)]);
            assert_eq!(score(&memories, "en", "The mill stood still."), Some(100));
            assert_eq!(score(&memories, "fr-CA", "Bonjour."), Some(100));
            assert_eq!(score(&memories, "de", "Bonjour."), None);
        }
        let swiss = load("", Some("de-CH")).expect("read");
        assert_eq!((score(&swiss, "en", "The mill stood still."), swiss.target().tag()), (Some(99), "de-CH"));
        assert_eq!(score(&swiss, "en-US", "The mill stood still."), Some(99));
    }

    #[test]
    fn a_target_language_that_nobody_names_is_that_of_the_file_if_it_has_one() {
        assert_eq!(load("", None).expect("one").target().tag(), "de-AT");
        let other = "<tu><tuv xml:lang='en'><seg>Hi.</seg></tuv><tuv xml:lang='es'><seg>Hola.</seg></tuv></tu>";
        let refused = load(other, None).err().expect("two");
        assert_eq!(refused.kind.to_string(), "it has translations into several languages: de-AT, es");
        assert_eq!(load(other, Some("es")).expect("named").sources().collect::<Vec<_>>(), [("en", 1)]);
        assert_eq!(load(other, Some("it")).expect("named").sources().count(), 0);
    }

    #[test]
    fn the_fingerprint_is_of_the_entries() {
        let one = load("", Some("de")).expect("read").fingerprint().to_owned();
        assert_eq!(load("<!-- nothing -->", None).expect("read").fingerprint(), one);
        let note = |value: &str| {
            let side = "<tuv xml:lang='en'><seg>A.</seg></tuv><tuv xml:lang='de'><seg>B.</seg></tuv>";
            load(&format!("<tu><prop type='x-document'>{value}</prop>{side}</tu>"), Some("de")).expect("read").fingerprint().to_owned()
        };
        let all = [one, note("a"), note("b")];
        assert!(all[0] != all[1] && all[1] != all[2] && note("a") == all[1]);
    }
}
