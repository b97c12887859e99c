//! What is known of each language: the table of languages, their stemmers, habits of writing, and their data files under
//! `data/<code>/` (stop words, abbreviations by class, words that mark bylines and captions, words that open a sentence and
//! lean on another). A new language is its data files and one line in [`LANGUAGES`]. This file decides nothing; the segmenter and the term builder ask it.

use std::borrow::Cow;
use std::sync::OnceLock;

use foldhash::{HashMap, HashSet};
use rust_stemmers::Algorithm;

use super::opener::Openers;
use super::stem;

/// What a writing system does that a rule must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
    /// A number with a dot is an ordinal: `3. Mai`.
    Ordinals,
    /// Articles and particles hang on words with an apostrophe: `l'homme`.
    Elision,
    /// `I` is the capital of `ı`, and names take endings after an apostrophe: Turkish, Azerbaijani.
    DotlessI,
    /// `;` asks.
    GreekQuestion,
    /// Common nouns have capitals, so a capital says little.
    NounCapitals,
    /// A verb may stand without a subject: `dijo`, `dedi`.
    ProDrop,
    /// The list of abbreviations is short, or a dot is no full stop: a word outside the list may be one as well.
    FewAbbreviations,
}

use Habit::{DotlessI, Elision, FewAbbreviations, GreekQuestion, NounCapitals, Ordinals, ProDrop};

/// A language of the table.
pub struct Language {
    /// Primary subtag (BCP 47).
    pub code: &'static str,
    /// English name.
    pub name: &'static str,
    /// The Snowball stemmer of `rust-stemmers`, if it has one.
    pub stemmer: Option<Algorithm>,
    /// Characters of an unspaced script a word, in tenths (GMX-V 2.0).
    pub factor: u32,
    habits: &'static [Habit],
    files: [&'static str; 4],
    data: OnceLock<Data>,
}

/// How an abbreviation behaves before a capital.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abbreviation {
    /// Stands before a name and never ends a sentence: `Mr.`
    Title,
    /// Practically never ends a sentence: `e.g.`
    Inner,
    /// Ends no sentence before a number, otherwise a word: `No. 5`
    Number,
    /// A month or weekday: no end before a number, otherwise it depends.
    Date,
    /// May end a sentence, and does if a usual sentence starter follows: `Inc.`
    Either,
    /// "And so on": ends a sentence before any capital but a month, a weekday or an initial.
    End,
}

impl Abbreviation {
    /// Every class by the name of its section.
    pub const CLASSES: [(&str, Abbreviation); 6] = [
        ("title", Abbreviation::Title),
        ("inner", Abbreviation::Inner),
        ("number", Abbreviation::Number),
        ("date", Abbreviation::Date),
        ("either", Abbreviation::Either),
        ("end", Abbreviation::End),
    ];

    /// The class of a section's name.
    pub fn named(name: &str) -> Option<Abbreviation> {
        Abbreviation::CLASSES.iter().find(|(known, _)| *known == name).map(|(_, class)| *class)
    }
}

/// The parsed data files of a language.
#[derive(Clone, Debug, Default)]
pub struct Data {
    stop: HashSet<&'static str>,
    /// As the file spells them.
    abbreviations: HashMap<Cow<'static, str>, Abbreviation>,
    /// Whether the language has a list of its own that holds about all of them.
    listed: bool,
    /// Words that report speech after a closed quotation, where no small letter tells.
    pub reporting: Vec<String>,
    /// Month names and their variants, lower case: name → number from 1. A name may have a blank.
    pub months: HashMap<String, u32>,
    /// Weekday names and their variants, lower case.
    pub weekdays: HashSet<String>,
    /// Lower-case phrases that open a byline.
    pub bylines: Vec<String>,
    /// Lower-case phrases that open a caption or credit.
    pub captions: Vec<String>,
    /// First words of those; empty for one that begins with something else.
    pub caption_words: HashSet<String>,
    /// Lower-case phrases that open a line of publication.
    pub updates: Vec<String>,
    /// Lower-case phrases that say before a headline that a story replaces an earlier one.
    pub revisions: Vec<String>,
    /// First characters of the phrases that open a byline or a line of publication.
    pub byline_initials: Vec<char>,
    /// Words that open a sentence and lean on what stood before it.
    pub openers: Openers,
    /// Stop words that join the words of a name or a noun: `Bank of England`.
    pub links: HashSet<String>,
    /// Stems of words that by themselves say little of an article: numbers, times, measures, money, speech.
    plain: HashSet<String>,
}

macro_rules! language {
    ($code:literal, $name:literal, $stemmer:expr, $factor:literal, $habits:expr, openers) => {
        language!($code, $name, $stemmer, $factor, $habits, include_str!(concat!("data/", $code, "/openers.txt")))
    };
    ($code:literal, $name:literal, $stemmer:expr, $factor:literal, $habits:expr) => {
        language!($code, $name, $stemmer, $factor, $habits, "")
    };
    ($code:literal, $name:literal, $stemmer:expr, $factor:literal, $habits:expr, $openers:expr) => {
        Language {
            code: $code,
            name: $name,
            stemmer: $stemmer,
            factor: $factor,
            habits: &$habits,
            files: [
                include_str!(concat!("data/", $code, "/stopwords.txt")),
                include_str!(concat!("data/", $code, "/abbreviations.txt")),
                include_str!(concat!("data/", $code, "/structure.txt")),
                $openers,
            ],
            data: OnceLock::new(),
        }
    };
    ($code:literal, $name:literal, $factor:literal, structure) => {
        Language {
            code: $code,
            name: $name,
            stemmer: None,
            factor: $factor,
            habits: &[],
            files: ["", "", include_str!(concat!("data/", $code, "/structure.txt")), ""],
            data: OnceLock::new(),
        }
    };
    ($code:literal, $name:literal, $factor:literal) => {
        Language { code: $code, name: $name, stemmer: None, factor: $factor, habits: &[], files: [""; 4], data: OnceLock::new() }
    };
}

/// Makes the table, so that a new language is one line and no count.
macro_rules! languages {
    ($($line:expr),* $(,)?) => {
        /// The languages with data of their own, by code. Any other language gets the rules that hold everywhere.
        pub static LANGUAGES: [Language; [$(stringify!($line)),*].len()] = [$($line),*];
    };
}

languages![
    language!("ar", "Arabic", Some(Algorithm::Arabic), 28, [ProDrop], openers),
    language!("az", "Azerbaijani", None, 28, [DotlessI, Ordinals, ProDrop], openers),
    language!("bg", "Bulgarian", None, 28, [FewAbbreviations]),
    language!("ca", "Catalan", None, 28, [FewAbbreviations, Elision]),
    language!("cs", "Czech", None, 28, [Ordinals]),
    language!("da", "Danish", Some(Algorithm::Danish), 28, [Ordinals], openers),
    language!("de", "German", Some(Algorithm::German), 28, [Ordinals, NounCapitals], openers),
    language!("el", "Greek", Some(Algorithm::Greek), 28, [GreekQuestion, ProDrop], openers),
    language!("en", "English", Some(Algorithm::English), 28, [], openers),
    language!("es", "Spanish", Some(Algorithm::Spanish), 28, [ProDrop], openers),
    language!("et", "Estonian", None, 28, [FewAbbreviations, Ordinals]),
    language!("fa", "Persian", None, 28, []),
    language!("fi", "Finnish", Some(Algorithm::Finnish), 28, [Ordinals], openers),
    language!("fr", "French", Some(Algorithm::French), 28, [Elision], openers),
    language!("he", "Hebrew", None, 28, []),
    language!("hi", "Hindi", None, 28, []),
    language!("hr", "Croatian", None, 28, [FewAbbreviations, Ordinals]),
    language!("hu", "Hungarian", Some(Algorithm::Hungarian), 28, [Ordinals, ProDrop], openers),
    language!("hy", "Armenian", None, 28, [FewAbbreviations]),
    language!("it", "Italian", Some(Algorithm::Italian), 28, [Elision, ProDrop], openers),
    language!("ja", "Japanese", 30, structure),
    language!("kk", "Kazakh", None, 28, [FewAbbreviations]),
    language!("ko", "Korean", None, 28, [Ordinals]),
    language!("lt", "Lithuanian", None, 28, [FewAbbreviations]),
    language!("lv", "Latvian", None, 28, [FewAbbreviations, Ordinals]),
    language!("nb", "Norwegian", Some(Algorithm::Norwegian), 28, [Ordinals], openers),
    language!("nl", "Dutch", Some(Algorithm::Dutch), 28, [], openers),
    language!("pl", "Polish", None, 28, [Ordinals]),
    language!("pt", "Portuguese", Some(Algorithm::Portuguese), 28, [ProDrop], openers),
    language!("ro", "Romanian", Some(Algorithm::Romanian), 28, [ProDrop], openers),
    language!("ru", "Russian", Some(Algorithm::Russian), 28, [], openers),
    language!("sk", "Slovak", None, 28, [FewAbbreviations, Ordinals]),
    language!("sl", "Slovenian", None, 28, [FewAbbreviations, Ordinals]),
    language!("sr", "Serbian", None, 28, [FewAbbreviations, Ordinals]),
    language!("sv", "Swedish", Some(Algorithm::Swedish), 28, [], openers),
    language!("ta", "Tamil", Some(Algorithm::Tamil), 28, [ProDrop], openers),
    language!("th", "Thai", 60),
    language!("tr", "Turkish", Some(Algorithm::Turkish), 28, [DotlessI, Ordinals, ProDrop], openers),
    language!("uk", "Ukrainian", None, 28, []),
    language!("ur", "Urdu", None, 28, []),
    language!("zh", "Chinese", 28, structure),
];

/// A language of which nothing is known: rules that hold everywhere, no stop words, no stemmer.
pub static UNKNOWN: Language = language!("und", "unknown", 28);

/// The language of a primary subtag, if the table has it.
pub fn find(code: &str) -> Option<&'static Language> {
    let key = key_of(code);
    LANGUAGES.iter().find(|language| key_of(language.code) == key)
}

/// A code of two or three bytes as a number, 0 for any other: numbers are compared without a call, and languages are asked for all
/// the time.
#[inline]
fn key_of(code: &str) -> u32 {
    match *code.as_bytes() {
        [a, b] => u32::from_le_bytes([a, b, 0, 2]),
        [a, b, c] => u32::from_le_bytes([a, b, c, 3]),
        _ => 0,
    }
}

/// The table's entry for a tag, or [`UNKNOWN`].
pub fn of(lang: Option<&crate::lang::Lang>) -> &'static Language {
    lang.and_then(|lang| find(lang.primary())).unwrap_or(&UNKNOWN)
}

/// Languages that the model of sentence ends was fitted on; rules alone cut the others.
const FITTED: &[&str] = &["ar", "cs", "da", "de", "en", "es", "fi", "fr", "hy", "ja", "nb", "nl", "pt", "ro", "ru", "sv", "tr", "zh"];

impl Language {
    /// Whether the model of sentence ends knows the language.
    pub fn is_fitted(&self) -> bool {
        FITTED.contains(&self.code)
    }

    /// Its data files, parsed once.
    pub fn data(&self) -> &Data {
        self.data.get_or_init(|| {
            let listed = !self.files[1].is_empty() && !self.habits.contains(&FewAbbreviations);
            let mut data = Data { listed, ..Data::parse(self.files) };
            data.plain = data.plain.iter().map(|word| stem::term_of(word, self)).collect();
            data
        })
    }

    /// Whether a word says little of an article by itself.
    pub fn is_plain(&self, word: &str) -> bool {
        self.data().plain.contains(&stem::term_of(word, self))
    }

    /// Whether `3.` before a noun is an ordinal.
    pub fn ordinals(&self) -> bool {
        self.habits.contains(&Ordinals)
    }

    /// Whether words are cut at an apostrophe.
    pub fn elision(&self) -> bool {
        self.habits.contains(&Elision)
    }

    /// Whether `I` is the capital of `ı`.
    pub fn dotless_i(&self) -> bool {
        self.habits.contains(&DotlessI)
    }

    /// Whether `;` ends a question.
    pub fn greek_question(&self) -> bool {
        self.habits.contains(&GreekQuestion)
    }

    /// Whether common nouns have capitals.
    pub fn noun_capitals(&self) -> bool {
        self.habits.contains(&NounCapitals)
    }

    /// Whether a verb may stand without a subject.
    pub fn pro_drop(&self) -> bool {
        self.habits.contains(&ProDrop)
    }

    /// Name and contents of what shapes its terms, for a fingerprint.
    pub fn recipe(&self) -> String {
        let stemmer = self.stemmer.map_or("none".to_owned(), |s| format!("{s:?}"));
        format!("{} {stemmer} {}", self.code, self.files[0])
    }
}

impl Data {
    fn parse([stopwords, abbreviations, structure, openers]: [&'static str; 4]) -> Data {
        let mut data = Data {
            stop: entries(stopwords).flat_map(str::split_whitespace).collect(),
            openers: Openers::parse(sections(openers)),
            ..Data::default()
        };
        for (section, entry) in sections(abbreviations) {
            let class = Abbreviation::named(section).unwrap_or_else(|| panic!("abbreviation class {section}"));
            data.abbreviations.insert(Cow::Borrowed(entry), class);
        }
        let mut month = 0;
        for (section, entry) in sections(structure) {
            let entry = entry.to_lowercase();
            match section {
                "months" => {
                    month += 1;
                    data.months.extend(entry.split_whitespace().map(|name| (name.replace('_', " "), month)));
                }
                "weekdays" => data.weekdays.extend(entry.split_whitespace().map(str::to_owned)),
                "byline" => {
                    data.byline_initials.extend(entry.chars().next());
                    data.bylines.push(entry);
                }
                "caption" => {
                    let end = entry.find(|c: char| !c.is_alphanumeric()).unwrap_or(entry.len());
                    data.caption_words.insert(entry[..end].to_owned());
                    data.captions.push(entry);
                }
                "updated" => {
                    data.byline_initials.extend(entry.chars().next());
                    data.updates.push(entry);
                }
                "reporting" => data.reporting.push(entry),
                "links" => data.links.extend(entry.split_whitespace().map(str::to_owned)),
                "plain" => data.plain.extend(entry.split_whitespace().map(str::to_owned)),
                "revision" => data.revisions.push(entry),
                other => panic!("structure section {other}"),
            }
        }
        data
    }

    /// Adds an abbreviation (without its final dot) or gives one another class.
    pub fn add_abbreviation(&mut self, word: &str, class: Abbreviation) {
        self.abbreviations.insert(Cow::Owned(word.to_owned()), class);
    }

    /// Whether a lower-case word is a stop word.
    pub fn is_stop(&self, word: &str) -> bool {
        self.stop.contains(word)
    }

    /// Number of abbreviations.
    pub fn abbreviations(&self) -> usize {
        self.abbreviations.len()
    }

    /// Every stop word, in no order.
    pub fn stop_words(&self) -> impl Iterator<Item = &'static str> {
        self.stop.iter().copied()
    }

    /// Whether the language has so good a list of abbreviations that a word outside it is a word.
    pub fn knows_abbreviations(&self) -> bool {
        self.listed
    }

    /// The class of an abbreviation in exactly this spelling.
    pub fn exact(&self, word: &str) -> Option<Abbreviation> {
        self.abbreviations.get(word).copied()
    }

    /// The class of a word before a dot (without that dot), if it is an abbreviation. An entry in lower case also holds with
    /// a capital (`Etc`), one with a capital only with it. A word in capitals is an acronym (`DR`), unless it has dots of its
    /// own or the text around it is in capitals too (`shouting`); a single capital is an initial.
    pub fn abbreviation(&self, word: &str, shouting: bool) -> Option<Abbreviation> {
        if let Some(class) = self.exact(word) {
            return Some(class);
        }
        if !word.starts_with(char::is_uppercase) {
            return None;
        }
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        if letters == 1 || capitals == letters && !shouting && !word.contains('.') {
            return None;
        }
        let mut room = [0; SHORT];
        let lower = lowered(word, &mut room);
        let title = || {
            let mut rest = lower.chars();
            rest.next().map(|first| first.to_uppercase().chain(rest).collect::<String>())
        };
        self.exact(&lower).or_else(|| title().filter(|_| capitals == letters).and_then(|title| self.exact(&title)))
    }
}

/// Bytes of words that are made small without an allocation.
const SHORT: usize = 24;

/// A word in lower case; in `room` where it fits.
fn lowered<'a>(word: &str, room: &'a mut [u8; SHORT]) -> Cow<'a, str> {
    match room.get_mut(..word.len()).filter(|_| word.is_ascii()) {
        Some(room) => {
            room.copy_from_slice(word.as_bytes());
            room.make_ascii_lowercase();
            String::from_utf8_lossy(room)
        }
        None => Cow::Owned(word.to_lowercase()),
    }
}

/// Lines that are neither blank nor comment.
fn entries(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Entries with the `[section]` they stand in.
fn sections(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut section = "";
    entries(file).filter_map(move |line| match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(name) => {
            section = name;
            None
        }
        None => Some((section, line)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_data_file_parses() {
        for language in &LANGUAGES {
            let data = language.data();
            if language.files[0].is_empty() {
                continue;
            }
            assert!(data.stop.len() >= 80, "{} has {} stop words", language.code, data.stop.len());
            assert_eq!(data.months.values().max(), Some(&12), "{} months", language.code);
            assert!(!data.bylines.is_empty(), "{} bylines", language.code);
            assert!(language.stemmer.is_none() || data.plain.len() >= 80, "{}: {} plain words", language.code, data.plain.len());
            let strange: Vec<_> = data.links.iter().filter(|link| !data.is_stop(link)).collect();
            assert!(strange.is_empty(), "{}: {strange:?} are no stop words, so they join nothing", language.code);
            for entry in data.abbreviations.keys() {
                assert!(!entry.ends_with('.') || entry.len() == 1, "{}: {entry}", language.code);
            }
        }
    }

    #[test]
    fn the_table_is_sorted_by_code() {
        assert!(LANGUAGES.is_sorted_by_key(|language| language.code));
    }

    #[test]
    fn capitals_count_where_the_entry_has_one() {
        let data = find("en").expect("English is there").data();
        assert_eq!(data.abbreviation("Inc", false), Some(Abbreviation::Either));
        assert_eq!(data.abbreviation("Mr", false), Some(Abbreviation::Title));
        assert_eq!(data.abbreviation("mr", false), None);
        assert_eq!(data.abbreviation("MR", false), None);
        assert_eq!(data.abbreviation("MR", true), Some(Abbreviation::Title));
        assert_eq!(data.abbreviation("Etc", false), Some(Abbreviation::End));
        assert_eq!(data.abbreviation("P", false), None);
    }
}
