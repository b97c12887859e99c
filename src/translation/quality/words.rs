//! What words tell: none at all, the same as the source's, one twice in a row, far too many or too few, and the blanks and lost
//! characters around them.

use super::{Pair, any_byte};

/// A target without text.
pub(super) fn empty(pair: &Pair) -> Option<String> {
    pair.target.trim().is_empty().then(|| "the target is empty".to_owned())
}

/// A target that says what the source says, unless that is names, numbers or one word.
pub(super) fn same(pair: &Pair) -> Option<String> {
    let (source, target) = (pair.source.trim(), pair.target.trim());
    (source == target && !pair.within_a_language() && is_prose(source)).then(|| "the target is the source".to_owned())
}

/// Two words in small letters or more, six words of any kind, or four letters of a script that knows no small ones.
pub(super) fn is_prose(text: &str) -> bool {
    let words =
        || text.split_whitespace().filter(|word| !word.contains(['@', '/', '{', '%', '<', '_']) && word.contains(char::is_alphabetic));
    let small = words().filter(|word| word.starts_with(char::is_lowercase) && word.chars().nth(1).is_some()).count();
    let caseless = text.chars().filter(|c| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase()).count();
    small >= 2 || words().count() >= 6 || caseless >= 4
}

/// Languages that double words to say much, many or slowly, with a blank between.
const DOUBLING: &[&str] = &[
    "id", "ms", "jv", "su", "tl", "fil", "vi", "th", "km", "lo", "my", "zh", "ja", "tr", "az", "kk", "ky", "uz", "tk", "fa", "hi", "ur",
    "bn", "ta", "te", "ml", "kn", "mr", "gu", "pa", "ne", "si", "sw", "ha", "yo", "ig", "zu", "xh", "af", "ht", "ka", "hy", "am", "he",
    "ar", "hu",
];

/// Words that rightly stand twice somewhere: relative pronouns beside articles, reflexives, and what is said twice for weight.
const DOUBLED: &[&str] = &[
    "der",
    "die",
    "das",
    "sie",
    "den",
    "dem",
    "dass",
    "dat",
    "had",
    "that",
    "is",
    "do",
    "her",
    "you",
    "nous",
    "vous",
    "si",
    "se",
    "que",
    "to",
    "no",
    "so",
    "very",
    "long",
    "far",
    "many",
    "really",
    "ha",
    "ho",
    "na",
    "la",
    "bla",
    "blah",
    "bye",
    "yes",
    "ja",
    "nein",
    "och",
    "på",
    "för",
    "via",
    "piano",
    "man",
    "was",
    "som",
    "ce",
    "ne",
    "mal",
    "ganz",
    "sehr",
    "viel",
    "più",
    "muy",
    "très",
    "chut",
    "oh",
    "hey",
    "wow",
    "det",
    "att",
    "как",
    "так",
    "да",
    "нет",
    "то",
    "что",
    "чуть",
    "еле",
    "очень",
    "zu",
    "in",
    "of",
    "on",
];

/// A word twice in a row, more often than in the source.
pub(super) fn doubled(pair: &Pair) -> Option<String> {
    let known = |word: &str| DOUBLED.contains(&word.to_lowercase().as_str());
    let word = twice(pair.target).find(|word| !known(word))?;
    (twice(pair.source).next().is_none() && !pair.into(DOUBLING)).then(|| format!("{word:?} twice in a row"))
}

/// Words that stand twice with nothing but blanks between, in any letters.
fn twice(text: &str) -> impl Iterator<Item = &str> {
    let mut before = "";
    text.split_ascii_whitespace().filter_map(move |token| {
        let word =
            if token.ends_with(|c: char| c.is_ascii_alphabetic()) { token } else { token.trim_end_matches(|c: char| !c.is_alphabetic()) };
        let again = before.len() > 1 && is_same(before, word);
        before = if word.len() == token.len() { token } else { "" };
        again.then_some(word)
    })
}

fn is_same(one: &str, other: &str) -> bool {
    if one.len().abs_diff(other.len()) > 2 {
        return false;
    }
    if one.is_ascii() || other.is_ascii() {
        return one.eq_ignore_ascii_case(other) && one.bytes().all(|b| b.is_ascii_alphabetic());
    }
    let folded = || one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase));
    folded() && one.chars().all(char::is_alphabetic)
}

/// How far lengths may be apart, in characters of the target beyond a share of the source's.
const SLACK: f64 = 24.0;

/// How many times as long one side may be, beyond the slack.
const RATIO: f64 = 2.2;

/// A target far longer or shorter than the source.
pub(super) fn length(pair: &Pair) -> Option<String> {
    let (source, target) = (width(pair.source), width(pair.target));
    if source == 0.0 {
        return None;
    }
    let word = if target > source * RATIO + SLACK {
        "long"
    } else if source > target * RATIO + SLACK {
        "short"
    } else {
        return None;
    };
    let count = |text: &str| text.chars().count();
    Some(format!("the target is very {word}: {} characters for {}", count(pair.target), count(pair.source)))
}

/// Length in letters of an alphabet: characters that are syllables or words count for several.
fn width(text: &str) -> f64 {
    if text.is_ascii() {
        return text.len() as f64;
    }
    text.chars().map(breadth).sum()
}

fn breadth(c: char) -> f64 {
    match c {
        '\0'..='\u{2ff}' | '\u{370}'..='\u{58f}' => 1.0,
        '\u{590}'..='\u{6ff}' => 1.2,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'.. => 3.2,
        '\u{3040}'..='\u{30ff}' => 1.8,
        '\u{ac00}'..='\u{d7af}' => 2.2,
        _ => 1.0,
    }
}

/// Blanks before and after that are not those of the source.
pub(super) fn blanks(pair: &Pair) -> Option<String> {
    let start = |text: &str| text.len() - text.trim_start().len();
    let end = |text: &str| text.trim_end().len();
    let (source, target) = (pair.source, pair.target);
    if source[..start(source)] != target[..start(target)] {
        return Some(uneven("start", &source[..start(source)], &target[..start(target)]));
    }
    if source[end(source)..] != target[end(target)..] {
        return Some(uneven("end", &source[end(source)..], &target[end(target)..]));
    }
    None
}

fn uneven(place: &str, source: &str, target: &str) -> String {
    let shown = |blanks: &str| if blanks.is_empty() { "no blank".to_owned() } else { format!("{blanks:?}") };
    format!("{} at the {place} of the source, {} of the target", shown(source), shown(target))
}

/// U+FFFD, or a control character, that the source does not have.
pub(super) fn characters(pair: &Pair) -> Option<String> {
    let odd = |c: &char| *c == '\u{fffd}' || c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    if !any_byte(pair.target, |b| b < b' ' || matches!(b, 0x7f | 0xc2 | 0xef)) {
        return None;
    }
    let found = pair.target.chars().find(odd)?;
    (!pair.source.contains(found)).then(|| format!("the character U+{:04X}", found as u32))
}
