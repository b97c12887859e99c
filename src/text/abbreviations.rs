//! Abbreviations that a user adds to those of the languages, from a text in the form of the data files: a section `[class]`, then
//! an entry a line, `#` for comments. `[class]` holds for every language, `[class de fr]` for those it names. The
//! classes are those of [`Abbreviation`]; what they do is decided by the sentence rules, and files are opened elsewhere.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::language::{Abbreviation, Data, LANGUAGES, Language};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::lang::Lang;

/// A user's list of abbreviations.
#[derive(Debug)]
pub struct Abbreviations {
    source: String,
    entries: Vec<Entry>,
    /// The data of each language with the entries added, made when it is first asked for: by primary subtag, `und` for the rest.
    built: BTreeMap<String, OnceLock<Box<Data>>>,
}

#[derive(Debug)]
struct Entry {
    /// Primary subtag; `None` holds for all.
    lang: Option<String>,
    class: Abbreviation,
    /// Without its final dot and inner blanks.
    word: String,
}

impl Abbreviations {
    /// Reads a list.
    ///
    /// # Errors
    /// A class or language that there is not, an entry outside a section, an entry that is no single word: with its line.
    pub fn parse(source: &str) -> Result<Abbreviations> {
        let mut entries = Vec::new();
        let mut section: Option<(Abbreviation, Vec<String>)> = None;
        for (number, line) in (1..).zip(source.trim_start_matches('\u{feff}').lines()) {
            let place = || Place { line: Some(number), ..Place::default() };
            let wrong = |what: String| Error::from(ErrorKind::Abbreviations(what)).at(place());
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(head) = line.strip_prefix('[') {
                section = Some(header(head).map_err(wrong)?);
                continue;
            }
            let Some((class, langs)) = &section else {
                return Err(wrong(format!("{line:?} stands before any section; begin with one of {}", classes())));
            };
            let word = word(line).map_err(wrong)?;
            let entry = |lang| Entry { lang, class: *class, word: word.clone() };
            if langs.is_empty() {
                entries.push(entry(None));
            }
            entries.extend(langs.iter().map(|lang| entry(Some(lang.clone()))));
        }
        let codes = LANGUAGES.iter().map(|language| language.code.to_owned()).chain(["und".to_owned()]);
        let named = entries.iter().filter_map(|entry| entry.lang.clone());
        let built = codes.chain(named).map(|code| (code, OnceLock::new())).collect();
        Ok(Abbreviations { source: source.to_owned(), entries, built })
    }

    /// The text it was read from, for a hash.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The data of a language with the entries added; `primary` is the subtag of the text, which may name more than the table has.
    pub fn data(&self, primary: &str, language: &Language) -> &Data {
        let slot = self.built.get(primary).or_else(|| self.built.get("und"));
        let Some(slot) = slot else { unreachable!("und is always there") };
        slot.get_or_init(|| Box::new(self.added(primary, language)))
    }

    /// What names the language goes over what holds for all, and either over the language's own.
    fn added(&self, primary: &str, language: &Language) -> Data {
        let mut data = language.data().clone();
        let general = self.entries.iter().filter(|entry| entry.lang.is_none());
        let own = self.entries.iter().filter(|entry| entry.lang.as_deref() == Some(primary));
        general.chain(own).for_each(|entry| data.add_abbreviation(&entry.word, entry.class));
        data
    }
}

/// The names of the classes as sections.
fn classes() -> String {
    let names: Vec<String> = Abbreviation::CLASSES.iter().map(|(name, _)| format!("[{name}]")).collect();
    names.join(" ")
}

/// Class and languages of a section, whose opening bracket is gone.
fn header(head: &str) -> Result<(Abbreviation, Vec<String>), String> {
    let inner =
        head.strip_suffix(']').ok_or_else(|| format!("the section [{head} is not closed; expected such as [title] or [title de]"))?;
    let mut words = inner.split([' ', ',', '\t']).filter(|word| !word.is_empty());
    let name = words.next().unwrap_or("");
    let class = Abbreviation::named(name).ok_or_else(|| format!("no class is called {name:?}; there are {}", classes()))?;
    let lang = |word: &str| {
        let lang = Lang::parse(word).filter(|lang| lang.primary().len() <= 3);
        lang.map(|lang| lang.primary().to_owned()).ok_or_else(|| format!("{word:?} is no language code; expected such as de"))
    };
    Ok((class, words.map(lang).collect::<Result<_, _>>()?))
}

/// An entry without its final dot; blanks may part only single letters and the like (`z. B.`).
fn word(line: &str) -> Result<String, String> {
    let parts: Vec<&str> = line.split_whitespace().collect();
    let (last, lead) = parts.split_last().ok_or("an entry is empty")?;
    if lead.iter().any(|part| !part.ends_with('.') || part.chars().filter(|c| c.is_alphabetic()).count() > 2) {
        return Err(format!("{line:?} is more than one word; expected an abbreviation a line"));
    }
    let word = format!("{}{}", lead.concat(), last.strip_suffix('.').unwrap_or(last));
    if word.chars().any(char::is_alphabetic) { Ok(word) } else { Err(format!("{line:?} has no letter")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::language;

    fn class(list: &Abbreviations, code: &str, word: &str) -> Option<Abbreviation> {
        list.data(code, language::find(code).unwrap_or(&language::UNKNOWN)).exact(word)
    }

    #[test]
    fn entries_hold_for_all_or_for_the_languages_named() {
        let list = Abbreviations::parse("\u{feff}# ours\r\n[title]\r\nSgn.\n[end de, sw]\nusf\nz. B.\n").expect("sound");
        assert_eq!(class(&list, "en", "Sgn"), Some(Abbreviation::Title));
        assert_eq!(class(&list, "xx", "Sgn"), Some(Abbreviation::Title));
        assert_eq!(class(&list, "de", "z.B"), Some(Abbreviation::End));
        assert_eq!(class(&list, "sw", "usf"), Some(Abbreviation::End));
        assert_eq!(class(&list, "en", "usf"), None);
        assert_eq!(class(&list, "de", "Dr"), Some(Abbreviation::Title));
    }

    #[test]
    fn a_mistake_names_its_line() {
        for (source, expected) in [
            ("Sgn.", "1: abbreviations: \"Sgn.\" stands before any section; begin with one of [title]"),
            ("[title]\n\n[titel]", ":3: abbreviations: no class is called \"titel\"; there are [title] [inner]"),
            ("[title deutsch]", "\"deutsch\" is no language code"),
            ("[title", "is not closed"),
            ("[title]\nProf. Smith", ":2: abbreviations: \"Prof. Smith\" is more than one word"),
            ("[title]\n5.", "has no letter"),
        ] {
            let error = Abbreviations::parse(source).expect_err(source).to_string();
            assert!(error.contains(expected), "{source:?}: {error}");
        }
    }
}
