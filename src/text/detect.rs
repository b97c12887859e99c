//! Which language an article is in, where nobody says: the script settles many; among languages of one script the stop words
//! of the table vote; whatlang is asked only where the vote is unsure. Unknown is an answer.

use std::sync::OnceLock;

use foldhash::HashMap;

use super::language::LANGUAGES;
use crate::lang::Lang;

/// Bytes of the article that are looked at.
const SAMPLE: usize = 3000;

/// Bytes of it that are looked at first, and then, where these leave a doubt.
const BEGINNINGS: [usize; 2] = [500, 1000];

/// The language of `text`, among `allowed` primary subtags if there are any; `None` where it cannot be told.
pub fn detect(text: &str, allowed: &[String]) -> Option<Lang> {
    let sample = first_bytes(text, SAMPLE);
    let permitted = |code: &str| allowed.is_empty() || allowed.iter().any(|a| a == code);
    if let Some(code) = by_script(sample) {
        return permitted(code).then(|| Lang::parse(code)).flatten();
    }
    by_stop_words(sample, &permitted).or_else(|| by_trigrams(sample, &permitted)).and_then(Lang::parse)
}

/// So many bytes, or fewer where a character would be cut.
fn first_bytes(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The language whose script no other of ours shares, if most letters are in it.
fn by_script(text: &str) -> Option<&'static str> {
    // Counted and not searched for: only so are many bytes looked at at once.
    let elsewhere = text.bytes().filter(|&byte| leads_elsewhere(byte)).count();
    if elsewhere == 0 && !text.contains('ұ') {
        return None;
    }
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

/// Whether a character that begins with this byte may be of another script than Latin and Cyrillic, and no punctuation mark of theirs.
fn leads_elsewhere(byte: u8) -> bool {
    byte >= 0xce && !matches!(byte, 0xd0..=0xd3 | 0xe2)
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

/// The language whose stop words fill the text best, if it leads clearly; most texts show it at their beginning.
fn by_stop_words(text: &str, permitted: &dyn Fn(&str) -> bool) -> Option<&'static str> {
    let beginnings = BEGINNINGS.iter().filter(|bytes| text.len() > **bytes);
    let early = beginnings.map(|bytes| Votes::of(first_bytes(text, *bytes))).find_map(|votes| votes.winner(permitted, &EARLY));
    early.or_else(|| Votes::of(text).winner(permitted, &CLEAR))
}

/// What a language needs to win.
struct Demand {
    /// Stop words, at least.
    fewest: u32,
    /// For a number of the second's, so many of its own.
    lead: (u32, u32),
    /// Or, of those that only one of the two has: so many, and so many times as many.
    ahead: (usize, usize),
}

const CLEAR: Demand = Demand { fewest: 6, lead: (4, 5), ahead: (4, 2) };
/// What is said before all was looked at must be beyond doubt.
const EARLY: Demand = Demand { fewest: 24, lead: (1, 2), ahead: (16, 4) };

/// The stop words of a text, by language.
struct Votes {
    words: u32,
    counts: [u32; Set::BITS as usize],
    /// The languages of each stop word.
    found: Vec<Set>,
}

impl Votes {
    fn of(text: &str) -> Votes {
        let table = stop_words();
        let mut votes = Votes { words: 0, counts: [0; Set::BITS as usize], found: Vec::new() };
        each_word(text, |word| {
            votes.words += 1;
            let mut languages = table.of(word);
            if languages != 0 {
                votes.found.push(languages);
            }
            while languages != 0 {
                votes.counts[languages.trailing_zeros() as usize] += 1;
                languages &= languages - 1;
            }
        });
        votes
    }

    /// The language that leads, if it does as is demanded. Relatives share most of their stop words, so the two that lead are held
    /// against each other by those that only one of them has.
    fn winner(&self, permitted: &dyn Fn(&str) -> bool, demand: &Demand) -> Option<&'static str> {
        let first = self.most(permitted, None)?;
        let enough = self.counts[first] >= demand.fewest && self.counts[first] * 5 >= self.words;
        let leads = |second: usize| {
            let (ahead, behind) = (self.only(first, second), self.only(second, first));
            self.counts[first] * demand.lead.0 >= self.counts[second] * demand.lead.1
                || ahead >= demand.ahead.0 && ahead >= demand.ahead.1 * behind
        };
        let second = self.most(permitted, Some(first)).filter(|&second| self.counts[second] > 0);
        (enough && second.is_none_or(leads)).then(|| LANGUAGES[first].code)
    }

    /// The permitted language with the most votes but one; the first of equals.
    fn most(&self, permitted: &dyn Fn(&str) -> bool, but: Option<usize>) -> Option<usize> {
        let those = (0..LANGUAGES.len()).filter(|&i| Some(i) != but && permitted(LANGUAGES[i].code));
        those.max_by_key(|&i| (self.counts[i], std::cmp::Reverse(i)))
    }

    /// Stop words that one language has and another has not.
    fn only(&self, one: usize, other: usize) -> usize {
        self.found.iter().filter(|&&bits| bits >> one & 1 == 1 && bits >> other & 1 == 0).count()
    }
}

/// Vowel signs and the like, which stand inside a word.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{64b}'..='\u{65f}')
}

/// Calls `each` with every run of letters and of what stands inside words.
fn each_word<'t>(text: &'t str, mut each: impl FnMut(&'t str)) {
    let bytes = text.as_bytes();
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        let (within, length) = letter(text, at);
        if !within {
            if start < at {
                each(&text[start..at]);
            }
            start = at + length;
        }
        at += length;
    }
    if start < at {
        each(&text[start..at]);
    }
}

/// Whether the character at a byte stands inside a word, and its length; most are told by their first byte.
fn letter(text: &str, at: usize) -> (bool, usize) {
    let bytes = text.as_bytes();
    match bytes[at] {
        byte @ 0..=0x7f => (byte.is_ascii_alphabetic(), 1),
        // × and ÷ stand among the letters of Latin-1.
        0xc3 => (!matches!(bytes[at + 1], 0x97 | 0xb7), 2),
        0xc4 | 0xc5 | 0xd0 | 0xd1 => (true, 2),
        _ => {
            let c = text[at..].chars().next().expect("a character begins there");
            (c.is_alphabetic() || is_joiner(c), c.len_utf8())
        }
    }
}

/// Stop words and the languages that have them.
struct StopWords {
    /// Words of few bytes, as a number.
    short: HashMap<u128, Set>,
    long: HashMap<&'static str, Set>,
}

impl StopWords {
    /// The languages that have a word, as it stands or, if it begins with a capital, in small letters.
    fn of(&self, word: &str) -> Set {
        let as_it_stands = self.known(word);
        if as_it_stands != 0 || !word.chars().next().is_some_and(char::is_uppercase) {
            return as_it_stands;
        }
        match packed(word) {
            Some(mut bytes) if word.is_ascii() => {
                bytes.make_ascii_lowercase();
                self.short.get(&u128::from_le_bytes(bytes)).copied().unwrap_or(0)
            }
            _ => self.known(&word.to_lowercase()),
        }
    }

    fn known(&self, word: &str) -> Set {
        match packed(word) {
            Some(bytes) => self.short.get(&u128::from_le_bytes(bytes)),
            None => self.long.get(word),
        }
        .copied()
        .unwrap_or(0)
    }
}

/// A word of up to sixteen bytes, then zeros.
fn packed(word: &str) -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    Some(bytes)
}

/// Those of all languages.
fn stop_words() -> &'static StopWords {
    static TABLE: OnceLock<StopWords> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = StopWords { short: HashMap::default(), long: HashMap::default() };
        for (index, language) in LANGUAGES.iter().enumerate() {
            for word in language.data().stop_words() {
                let set = match packed(word) {
                    Some(bytes) => table.short.entry(u128::from_le_bytes(bytes)).or_insert(0),
                    None => table.long.entry(word).or_insert(0),
                };
                *set |= 1 << index;
            }
        }
        table
    })
}

/// whatlang's answer, if it is reliable.
fn by_trigrams(text: &str, permitted: &dyn Fn(&str) -> bool) -> Option<&'static str> {
    let info = whatlang::detect(text).filter(whatlang::Info::is_reliable)?;
    let code = two_letters(info.lang().code());
    permitted(code).then_some(code)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters() {
        let plain = |text: &str| -> Vec<String> {
            text.split(|c: char| !(c.is_alphabetic() || is_joiner(c))).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        // Every character of the planes with letters, with a word on either side and alone.
        let all = ('\0'..='\u{1ffff}').map(|c| format!("a{c}b {c} "));
        for text in all.chain(["".to_owned(), "é".to_owned(), "d'été×deux".to_owned()]) {
            let mut words = Vec::new();
            each_word(&text, |word| words.push(word.to_owned()));
            assert_eq!(words, plain(&text), "{text:?}");
        }
    }

    #[test]
    fn a_quick_look_at_the_script_misses_none() {
        let is_another = |c: char| by_script(&c.to_string().repeat(9)).is_some();
        let missed = ('\0'..='\u{1ffff}').filter(|c| c.is_alphabetic() && is_another(*c)).find(|c| {
            let mut bytes = [0; 4];
            !leads_elsewhere(c.encode_utf8(&mut bytes).as_bytes()[0]) && *c != 'ұ' && *c != 'Ұ'
        });
        assert_eq!(missed, None);
        assert_eq!(by_script("Η Ελλάδα"), Some("el"));
        assert_eq!(by_script("Россия"), None);
    }

    #[test]
    fn stop_words_are_known_in_capitals_and_of_any_length() {
        let table = stop_words();
        let index = |code: &str| LANGUAGES.iter().position(|language| language.code == code).expect("listed");
        assert!(["the", "The"].iter().all(|word| table.of(word) >> index("en") & 1 == 1));
        assert_eq!((table.of("tHE"), table.of(""), table.of("Skellan")), (0, 0, 0));
        for language in &LANGUAGES {
            assert!(language.data().stop_words().all(|word| table.known(word) >> index(language.code) & 1 == 1));
        }
        let long = LANGUAGES.iter().flat_map(|language| language.data().stop_words()).find(|word| word.len() > 16);
        assert!(long.is_some_and(|word| table.of(word) != 0));
    }
}
