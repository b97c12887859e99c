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
    let major = counts.into_iter().find(|(_, count)| count * 2 > letters).map(|(code, _)| code);
    major.or_else(|| is_kazakh(text, letters).then_some("kk"))
}

/// No other language writes `ұ`, and in Kazakh hardly a sentence does without.
fn is_kazakh(text: &str, letters: usize) -> bool {
    const RAREST: usize = 400;
    if !text.contains('ұ') {
        return false;
    }
    let own = text.matches(['ұ', 'Ұ']).count();
    own >= 2 && own * RAREST > letters
}

/// A set of languages, as bits by index in the table.
type Set = u64;

const _: () = assert!(LANGUAGES.len() <= Set::BITS as usize);

/// The language whose stop words fill the sample best, if it leads clearly. Relatives share most of theirs, so the two that
/// lead are held against each other by the words that only one of them has.
fn by_stop_words(text: &str, permitted: &dyn Fn(&str) -> bool) -> Option<String> {
    const FEWEST: u32 = 6;
    let table = stop_words();
    let mut votes = [0u32; Set::BITS as usize];
    let mut found: Vec<Set> = Vec::new();
    let mut words = 0;
    for word in text.split(|c: char| !(c.is_alphabetic() || is_joiner(c))).filter(|word| !word.is_empty()) {
        words += 1;
        let mut bits = table.get(word).copied().unwrap_or(0);
        if bits == 0 && word.chars().next().is_some_and(char::is_uppercase) {
            bits = table.get(word.to_lowercase().as_str()).copied().unwrap_or(0);
        }
        if bits != 0 {
            found.push(bits);
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
    let Some(second) = ranked(Some(first)).filter(|&i| votes[i] > 0) else {
        return (votes[first] >= FEWEST && votes[first] * 5 >= words).then(|| LANGUAGES[first].code.to_owned());
    };
    let only = |one: usize, other: usize| found.iter().filter(|&&bits| bits >> one & 1 == 1 && bits >> other & 1 == 0).count();
    let (ahead, behind) = (only(first, second), only(second, first));
    let leads = votes[first] * 4 >= votes[second] * 5 || ahead >= 4 && ahead >= 2 * behind;
    let clear = votes[first] >= FEWEST && votes[first] * 5 >= words && leads;
    clear.then(|| LANGUAGES[first].code.to_owned())
}

/// Vowel signs and the like, which stand inside a word.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{64b}'..='\u{65f}')
}

/// Stop word → the languages that have it.
fn stop_words() -> &'static HashMap<&'static str, Set> {
    static TABLE: OnceLock<HashMap<&'static str, Set>> = OnceLock::new();
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
