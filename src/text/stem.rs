//! From a word as it is printed to its term: normal form, lower case by the language's rules, stem. The one place that
//! calls `rust-stemmers`; which language has which stemmer stands in `text::language`.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rust_stemmers::Stemmer;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::language::Language;

/// Name and version of the stemmers, part of a frequency table's fingerprint.
pub const VERSION: &str = "rust-stemmers 1.2";

/// The word in NFC, in lower case, with plain apostrophes, without soft hyphens; where the language hangs endings on names
/// with an apostrophe (Turkish, Azerbaijani), without them.
pub fn normalise(word: &str, language: &Language) -> String {
    if word.is_ascii() && !language.dotless_i() && !word.contains('\'') {
        return word.to_ascii_lowercase();
    }
    let word = word.trim_matches('\u{202f}');
    let composed: String = if is_nfc(word) { word.to_owned() } else { word.nfc().collect() };
    let mut out = String::with_capacity(composed.len());
    for c in composed.chars() {
        match c {
            '\u{ad}' => {}
            '’' | '‘' | '\'' if language.dotless_i() => break,
            '’' | '‘' => out.push('\''),
            'I' if language.dotless_i() => out.push('ı'),
            'İ' => out.push('i'),
            c => out.extend(c.to_lowercase()),
        }
    }
    if out.is_empty() { composed } else { out }
}

/// A word in lower case as Unicode has it, whatever the language; most words are in it already and are not copied.
pub fn lowercase(word: &str) -> Cow<'_, str> {
    let is_small = |b: u8| b.is_ascii() && !b.is_ascii_uppercase();
    if word.bytes().all(is_small) { Cow::Borrowed(word) } else { Cow::Owned(word.to_lowercase()) }
}

/// The stem of a normalised word; the word itself where the stemmer panics (rust-stemmers does on some Greek) or leaves
/// nothing.
pub fn stem(stemmer: &Stemmer, word: &str) -> String {
    match catch_unwind(AssertUnwindSafe(|| stemmer.stem(word).into_owned())) {
        Ok(stem) if !stem.is_empty() => stem,
        _ => word.to_owned(),
    }
}

/// The term of a word, stop word or not. A vocabulary does the same once a word; this is for lists and for the few words at hand.
pub fn term_of(word: &str, language: &Language) -> String {
    let normal = normalise(word, language);
    language.stemmer.map_or_else(|| normal.clone(), |algorithm| stem(&Stemmer::create(algorithm), &normal))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::language;

    #[test]
    fn lower_case_follows_the_language() {
        let cases = [
            ("en", "IDEAS", "ideas"),
            ("en", "Minister’s", "minister's"),
            ("tr", "ISPARTA", "ısparta"),
            ("tr", "İzmir'de", "izmir"),
            ("az", "Bakı’da", "bakı"),
            ("de", "Öl", "öl"),
            ("fr", "E\u{301}tat", "état"),
        ];
        for (code, word, expected) in cases {
            let language = language::find(code).unwrap_or(&language::UNKNOWN);
            assert_eq!(normalise(word, language), expected, "{code} {word}");
        }
    }
}
