//! Which language an article is in, where nobody says: the script settles many; among languages of one script the stop words
//! of the table vote; whatlang is asked only where the vote is unsure. Unknown is an answer.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::language::LANGUAGES;
use crate::lang::Lang;

/// Bytes of the article that are looked at.
const SAMPLE: usize = 3000;

/// The language of `text`, among `allowed` primary subtags if there are any; `None` where it cannot be told.
pub fn detect(text: &str, allowed: &[String]) -> Option<Lang> {
    let sample = sample(text);
    let permitted = |code: &str| allowed.is_empty() || allowed.iter().any(|a| a == code);
    if let Some(code) = by_script(sample) {
        return permitted(code).then(|| Lang::parse(code)).flatten();
    }
    by_stop_words(sample, &permitted).or_else(|| by_trigrams(sample, &permitted)).and_then(|code| Lang::parse(&code))
}

fn sample(text: &str) -> &str {
    let mut end = text.len().min(SAMPLE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The language whose script no other of ours shares, if most letters are in it.
fn by_script(text: &str) -> Option<&'static str> {
    let (mut letters, mut kana, mut han) = (0usize, 0usize, 0usize);
    let mut counts: [(&str, usize); 9] =
        [("el", 0), ("hy", 0), ("he", 0), ("ta", 0), ("th", 0), ("ka", 0), ("ko", 0), ("hi", 0), ("am", 0)];
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        let slot = match c {
            '\u{3041}'..='\u{30ff}' => {
                kana += 1;
                continue;
            }
            '\u{3400}'..='\u{9fff}' => {
                han += 1;
                continue;
            }
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => 0,
            '\u{531}'..='\u{587}' => 1,
            '\u{5d0}'..='\u{5ea}' => 2,
            '\u{b80}'..='\u{bff}' => 3,
            '\u{e00}'..='\u{e7f}' => 4,
            '\u{10a0}'..='\u{10ff}' => 5,
            '\u{ac00}'..='\u{d7a3}' => 6,
            '\u{1200}'..='\u{137f}' => 8,
            _ => continue,
        };
        counts[slot].1 += 1;
    }
    if (kana + han) * 2 > letters {
        return Some(if kana * 10 >= kana + han { "ja" } else { "zh" });
    }
    counts.into_iter().find(|(_, count)| count * 2 > letters).map(|(code, _)| code)
}

/// The language whose stop words fill the sample best, if it leads clearly.
fn by_stop_words(text: &str, permitted: &dyn Fn(&str) -> bool) -> Option<String> {
    let table = stop_words();
    let mut votes = [0u32; 32];
    let mut words = 0;
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        words += 1;
        let mut bits = table.get(word).copied().unwrap_or(0);
        if bits == 0 && word.chars().next().is_some_and(char::is_uppercase) {
            bits = table.get(word.to_lowercase().as_str()).copied().unwrap_or(0);
        }
        while bits != 0 {
            votes[bits.trailing_zeros() as usize] += 1;
            bits &= bits - 1;
        }
    }
    let ranked = |skip: Option<usize>| {
        (0..LANGUAGES.len()).filter(|&i| Some(i) != skip && permitted(LANGUAGES[i].code)).max_by_key(|&i| (votes[i], std::cmp::Reverse(i)))
    };
    let first = ranked(None)?;
    let second = ranked(Some(first)).map_or(0, |i| votes[i]);
    let clear = votes[first] >= 6 && votes[first] * 5 >= words && votes[first] * 4 >= second * 5;
    clear.then(|| LANGUAGES[first].code.to_owned())
}

/// Stop word → the languages that have it, as bits by index in the table.
fn stop_words() -> &'static HashMap<&'static str, u32> {
    static TABLE: OnceLock<HashMap<&'static str, u32>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = HashMap::new();
        for (index, language) in LANGUAGES.iter().enumerate() {
            for word in language.data().stop_words() {
                *table.entry(word).or_insert(0) |= 1 << index;
            }
        }
        table
    })
}

/// whatlang's answer, if it is reliable.
fn by_trigrams(text: &str, permitted: &dyn Fn(&str) -> bool) -> Option<String> {
    let info = whatlang::detect(text).filter(whatlang::Info::is_reliable)?;
    let code = two_letters(info.lang().code());
    permitted(code).then(|| code.to_owned())
}

/// ISO 639-1 codes of whatlang's languages that have one.
fn two_letters(code: &'static str) -> &'static str {
    const CODES: &[(&str, &str)] = &[
        ("afr", "af"),
        ("amh", "am"),
        ("ara", "ar"),
        ("aze", "az"),
        ("bel", "be"),
        ("ben", "bn"),
        ("bul", "bg"),
        ("cat", "ca"),
        ("ces", "cs"),
        ("cmn", "zh"),
        ("cym", "cy"),
        ("dan", "da"),
        ("deu", "de"),
        ("ell", "el"),
        ("eng", "en"),
        ("epo", "eo"),
        ("est", "et"),
        ("fin", "fi"),
        ("fra", "fr"),
        ("guj", "gu"),
        ("heb", "he"),
        ("hin", "hi"),
        ("hrv", "hr"),
        ("hun", "hu"),
        ("hye", "hy"),
        ("ind", "id"),
        ("ita", "it"),
        ("jav", "jv"),
        ("jpn", "ja"),
        ("kan", "kn"),
        ("kat", "ka"),
        ("khm", "km"),
        ("kor", "ko"),
        ("lat", "la"),
        ("lav", "lv"),
        ("lit", "lt"),
        ("mal", "ml"),
        ("mar", "mr"),
        ("mkd", "mk"),
        ("mya", "my"),
        ("nep", "ne"),
        ("nld", "nl"),
        ("nob", "nb"),
        ("ori", "or"),
        ("pan", "pa"),
        ("pes", "fa"),
        ("pol", "pl"),
        ("por", "pt"),
        ("ron", "ro"),
        ("rus", "ru"),
        ("sin", "si"),
        ("slk", "sk"),
        ("slv", "sl"),
        ("sna", "sn"),
        ("spa", "es"),
        ("srp", "sr"),
        ("swe", "sv"),
        ("tam", "ta"),
        ("tel", "te"),
        ("tgl", "tl"),
        ("tha", "th"),
        ("tuk", "tk"),
        ("tur", "tr"),
        ("ukr", "uk"),
        ("urd", "ur"),
        ("uzb", "uz"),
        ("vie", "vi"),
        ("yid", "yi"),
        ("zul", "zu"),
    ];
    CODES.iter().find(|(three, _)| *three == code).map_or(code, |(_, two)| two)
}
