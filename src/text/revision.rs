//! Whether an article says of itself that it replaces an earlier one: `UPDATE 2-Oil prices fall`, `CORRECTED: ..`,
//! `(Corrects spelling in paragraph 3)` before its headline or its first sentence. The phrases are data of the languages. Which
//! earlier one it is, is the business of `summary::duplicates`.

use super::language;
use crate::document::Document;

/// How often the story was revised, as far as it says: 0 if it says nothing, the number it gives, else 1.
pub fn revision(document: &Document) -> u32 {
    let opening = document.paragraphs().first().map_or("", |paragraph| paragraph.span.of(document.text()));
    let phrases = &language::of(document.article().lang.as_ref()).data().revisions;
    let titled = document.article().title.as_deref().unwrap_or("");
    [titled, opening].into_iter().map(|line| stated(line, phrases)).max().unwrap_or(0)
}

/// The revision that a line states before all else. A phrase counts with a number or a mark after it, in brackets or in capitals:
/// "Update on the bridge" says nothing.
fn stated(line: &str, phrases: &[String]) -> u32 {
    const LONGEST: usize = 40;
    let bare = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let bracketed = line.trim_start().starts_with(['(', '[', '（', '【']);
    let start: String = bare.chars().take(LONGEST).collect();
    let lower = start.to_lowercase();
    let first = start.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    let shouted = first.chars().count() > 1 && first.chars().all(char::is_uppercase);
    let stated = |phrase: &String| {
        let rest = lower.strip_prefix(phrase.as_str()).filter(|rest| !rest.starts_with(char::is_alphanumeric))?;
        let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '#');
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number = rest[..digits].parse().ok().filter(|n| (1..100).contains(n));
        let marked = rest.starts_with([':', '-', '–', '—', '|', '/', ')', ']', '.', '）', '】', '：']);
        number.or_else(|| (bracketed || shouted || marked).then_some(1))
    };
    phrases.iter().filter_map(stated).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::lang::Lang;
    use crate::text::{Scratch, TextOptions, parse};

    fn of(lang: &str, title: Option<&str>, text: &str) -> u32 {
        let mut article = Article::new("a".into(), text.into()).expect("short");
        article.title = title.map(str::to_owned);
        article.lang = Lang::parse(lang);
        revision(&parse(article, &TextOptions::default(), &mut Scratch::default()))
    }

    #[test]
    fn a_revision_is_what_stands_before_the_headline() {
        for (lang, title, expected) in [
            ("en", "UPDATE 2-Oil prices fall on Monday", 2),
            ("en", "Correction: the mayor did not resign", 1),
            ("en", "CORRECTED Mayor stays", 1),
            ("en", "(Corrects spelling in paragraph 3)", 1),
            ("en", "Update on the bridge at Port Ellery", 0),
            ("en", "Updates come slowly to the islands", 0),
            ("en", "Mayor stays", 0),
            ("de", "KORREKTUR: Stadtbad öffnet erst im Juli", 1),
            ("fr", "MISE À JOUR 3 - Le pont rouvre", 3),
            ("ru", "ИСПРАВЛЕНИЕ: паром пойдёт в мае", 1),
            ("tr", "DÜZELTME-Köprü açıldı", 1),
            ("ar", "تصحيح: افتتاح الجسر", 1),
        ] {
            assert_eq!(of(lang, Some(title), "Words."), expected, "{title}");
        }
        assert_eq!(of("en", None, "UPDATE 1-Ferry sails\n\nThe ferry sails again on Monday."), 1);
    }

    #[test]
    fn every_stemmed_language_has_phrases() {
        for language in language::LANGUAGES.iter().filter(|language| language.stemmer.is_some()) {
            assert!(!language.data().revisions.is_empty(), "{}", language.code);
        }
    }
}
