//! Marks: the one that ends a sentence, across scripts, and those that come in pairs. A pair is wanted only where the source has
//! one, for quotations and lists open in one sentence and close in another. Apostrophes are none of them.

use super::{Pair, any_byte};

/// What a sentence ends with; a semicolon is as good as a stop.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Stop,
    Question,
    Exclamation,
    Colon,
}

/// Scripts that write no full stop, or another thing in its place: Thai and Lao.
fn is_without_stop(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}')
}

/// A mark at the end that is not of the kind of the source's.
pub(super) fn end(pair: &Pair) -> Option<String> {
    let (source, target) = (ends(pair.source), ends(pair.target));
    if target.contains(&End::Question) && !pair.target.contains('¿') && pair.into(&["es", "gl", "ast"]) {
        return Some("a question without ¿".to_owned());
    }
    let agree = source.iter().any(|end| target.contains(end)) || source.is_empty() && target.is_empty();
    if agree || is_excused(pair, &source, &target) {
        return None;
    }
    Some(format!("the source ends with {}, the target with {}", shown(pair.source), shown(pair.target)))
}

/// Languages and scripts that mark an end elsewhere or not at all.
fn is_excused(pair: &Pair, source: &[End], target: &[End]) -> bool {
    let armenian = |text: &str| text.contains(['՞', '՜']);
    let greek = |text: &str, ends: &[End]| {
        ends.contains(&End::Stop) && text.contains(';') && text.chars().any(|c| matches!(c, '\u{370}'..='\u{3ff}'))
    };
    let question = |ends: &[End]| ends.contains(&End::Question);
    let unmarked = |text: &str| text.chars().any(is_without_stop);
    armenian(pair.source)
        || armenian(pair.target)
        || greek(pair.source, source) && question(target)
        || greek(pair.target, target) && question(source)
        || unmarked(pair.source)
        || unmarked(pair.target)
}

/// Every kind of mark among those at the end, quotation marks and brackets passed over.
fn ends(text: &str) -> Vec<End> {
    let mut out = Vec::new();
    for c in text.chars().rev() {
        match end_of(c) {
            Some(end) => out.push(end),
            None if c.is_whitespace() || is_closer(c) => {}
            None => break,
        }
    }
    out
}

fn end_of(c: char) -> Option<End> {
    Some(match c {
        '.' | ';' | '；' | '؛' | '。' | '．' | '｡' | '।' | '॥' | '۔' | '։' | '።' | '။' | '។' | '།' | '…' | '⋯' | '‥' => {
            End::Stop
        }
        '?' | '？' | '؟' | '\u{37e}' | '՞' | '፧' | '‽' | '⁇' => End::Question,
        '!' | '！' | '՜' | '‼' => End::Exclamation,
        ':' | '：' | '፡' => End::Colon,
        _ => return None,
    })
}

fn is_closer(c: char) -> bool {
    is_quote(c)
        || matches!(
            c,
            ')' | ']' | '}' | '）' | '］' | '】' | '\'' | '’' | '‘' | '‹' | '›' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        )
}

/// The last character, or `nothing` where that is none of the marks.
fn shown(text: &str) -> String {
    let last = text.chars().rev().find(|c| !c.is_whitespace() && !is_closer(*c));
    last.filter(|c| end_of(*c).is_some()).map_or_else(|| "none".to_owned(), |c| format!("{c:?}").replace('\'', "\""))
}

/// A bracket without its partner, where those of the source are paired.
pub(super) fn brackets(pair: &Pair) -> Option<String> {
    if !any_byte(pair.target, |b| matches!(b, b'(' | b')' | b'[' | b']' | b'{' | b'}' | 0xe3 | 0xef)) {
        return None;
    }
    KINDS.iter().find_map(|kind| {
        let open = |text: &str| after_counter(text).chars().map(|c| balance(c, kind)).sum::<i32>();
        let left = open(pair.target);
        (left != 0 && left != open(pair.source)).then(|| {
            let (mark, other) = if left > 0 { (kind[0], kind[1]) } else { (kind[1], kind[0]) };
            format!("{mark} without {other}")
        })
    })
}

/// Without what numbers an item of a list, as in `a) ..`.
fn after_counter(text: &str) -> &str {
    let rest = text.trim_start().trim_start_matches(|c: char| c.is_alphanumeric());
    let counter = text.len() - rest.len();
    rest.trim_start().strip_prefix([')', '）']).filter(|_| counter <= 4).unwrap_or(text)
}

/// Opening and closing brackets of a kind, in ASCII and wide.
const KINDS: &[[char; 4]] =
    &[['(', ')', '（', '）'], ['[', ']', '［', '］'], ['{', '}', '｛', '｝'], ['「', '」', '『', '』'], ['《', '》', '〈', '〉']];

fn balance(c: char, kind: &[char; 4]) -> i32 {
    match kind.iter().position(|known| *known == c) {
        None => 0,
        Some(at) if at % 2 == 0 => 1,
        Some(_) => -1,
    }
}

/// An odd number of quotation marks, where the source has an even one.
pub(super) fn quotes(pair: &Pair) -> Option<String> {
    // What is no straight mark begins with one of four bytes.
    if !any_byte(pair.target, |b| matches!(b, b'"' | 0xc2 | 0xe2 | 0xe3 | 0xef)) {
        return None;
    }
    let odd = |text: &str| {
        let (all, inches) = count_quotes(text);
        // A straight mark after a digit may stand for inches.
        all % 2 == 1 && (inches == 0 || (all - inches) % 2 == 1)
    };
    (odd(pair.target) && count_quotes(pair.source).0.is_multiple_of(2)).then(|| "a quotation mark without its partner".to_owned())
}

/// Quotation marks, and how many of them are straight and stand after a digit.
fn count_quotes(text: &str) -> (usize, usize) {
    let (mut all, mut inches, mut before) = (0, 0, ' ');
    for c in text.chars() {
        all += usize::from(is_quote(c));
        inches += usize::from(c == '"' && before.is_numeric());
        before = c;
    }
    (all, inches)
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂' | '〝' | '〞' | '〟')
}
