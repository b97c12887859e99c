//! Numbers of a source and of its target. Thousands and decimals are parted in many ways (1,234.5, 1.234,5, 1 234,5, 1,23,456),
//! digits are those of many scripts, and what is a number to one translator is a word to another: only what cannot be any
//! of this is told. It reads no numerals in words.

use super::{Pair, any_byte, difference};
use crate::text::token::unspaced;

/// A number as it stands in a text.
struct Number<'a> {
    /// As it is written.
    shown: &'a str,
    /// Its digits in ASCII without zeros at either end; empty for zero.
    digits: String,
    /// Power of ten of the last of these digits.
    exponent: i32,
    /// Its one separator parts thousands or decimals, nobody knows.
    ambiguous: bool,
    /// What follows it may be a word for thousands, millions, ..
    scaled: bool,
    /// Runs of digits between separators, without leading zeros.
    groups: Vec<String>,
}

/// What a pair allows beyond equal numbers.
#[derive(Clone, Copy)]
struct Loose {
    /// Powers of ten differ: a script that counts in ten thousands.
    powers: bool,
    /// Hours are counted to twelve.
    clock: bool,
    /// Centuries are named by their hundreds.
    centuries: bool,
}

impl Loose {
    fn of(pair: &Pair) -> Loose {
        const HALVES: [&str; 9] = ["pm", "p.m", "PM", "P.M", "μ.μ", "午後", "下午", "오후", "clock"];
        let either = |words: &[&str]| words.iter().any(|word| pair.source.contains(word) || pair.target.contains(word));
        let powers = pair.source.chars().chain(pair.target.chars()).any(unspaced);
        Loose { powers, clock: either(&HALVES), centuries: either(&["00-tal", "00-luv", "00-t"]) }
    }
}

/// The numbers of one side.
struct Side<'a> {
    numbers: Vec<Number<'a>>,
    /// Runs of digits, and the values of Roman numerals.
    pieces: Vec<String>,
}

impl<'a> Side<'a> {
    fn of(text: &str, numbers: Vec<Number<'a>>) -> Side<'a> {
        let mut pieces: Vec<String> = numbers.iter().flat_map(|number| number.groups.clone()).collect();
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1 || *word == "V" || *word == "X");
        pieces.extend(words.filter_map(roman).map(|value| value.to_string()));
        Side { numbers, pieces }
    }

    /// Its numbers that the other side lacks.
    fn lacking_in<'b>(&'b self, other: &Side, loose: Loose) -> Vec<&'b Number<'a>> {
        self.numbers.iter().filter(|number| !other.has(number, loose)).collect()
    }

    /// Whether it has a number, maybe cut in another way: a time, a date, thousands parted by a blank.
    fn has(&self, number: &Number, loose: Loose) -> bool {
        let piece = |group: &String| self.pieces.iter().any(|piece| is_same_piece(group, piece, loose));
        self.numbers.iter().any(|other| number.is_as(other, loose)) || number.groups.iter().all(piece)
    }
}

/// Numbers of the source that the target lacks, and the other way round.
pub(super) fn differ(pair: &Pair) -> Option<String> {
    if !has_digit(pair.source) && !has_digit(pair.target) {
        return None;
    }
    let (source, target) = (numbers(pair.source), numbers(pair.target));
    let same = |these: &[Number], those: &[Number]| these.iter().all(|one| those.iter().any(|other| one.is(other)));
    if same(&source, &target) && same(&target, &source) {
        return None;
    }
    let (source, target, loose) = (Side::of(pair.source, source), Side::of(pair.target, target), Loose::of(pair));
    let (missing, added) = (source.lacking_in(&target, loose), target.lacking_in(&source, loose));
    // A number on one side alone may be a word on the other; words turn to digits more freely than digits to words.
    let is_telling = |numbers: &[&Number], digits: usize| numbers.iter().any(|n| n.digits.len() >= digits && !n.is_often_a_word());
    let excused = match (missing.is_empty(), added.is_empty()) {
        (false, false) => false,
        _ => !is_telling(&missing, 2) && !is_telling(&added, 3),
    };
    let shown = |numbers: &[&Number<'_>]| -> Vec<String> { numbers.iter().map(|number| number.shown.to_owned()).collect() };
    difference(&shown(&missing), &shown(&added)).filter(|_| !excused)
}

/// Whether a digit may begin with a byte: those that are not of ASCII begin with a high one.
fn may_be_digit(b: u8) -> bool {
    b.is_ascii_digit() || b >= 0xd9
}

fn has_digit(text: &str) -> bool {
    any_byte(text, may_be_digit) && text.chars().any(|c| digit(c).is_some())
}

impl Number<'_> {
    /// A whole number up to twelve, which many languages write in words.
    fn is_often_a_word(&self) -> bool {
        self.exponent == 0 && matches!(&*self.digits, "" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "11" | "12")
            || self.digits == "1" && self.exponent == 1
    }

    fn is(&self, other: &Number) -> bool {
        self.digits == other.digits && self.exponent == other.exponent
    }

    /// Whether it may be the other, written in another way.
    fn is_as(&self, other: &Number, loose: Loose) -> bool {
        if self.digits != other.digits {
            return false;
        }
        let apart = (self.exponent - other.exponent).abs();
        apart == 0 || (self.scaled || other.scaled) || loose.powers || (self.ambiguous || other.ambiguous) && matches!(apart, 3 | 6)
    }
}

fn is_same_piece(one: &str, other: &str, loose: Loose) -> bool {
    one == other
        || is_short_year(one, other)
        || is_short_year(other, one)
        || loose.clock && is_other_hour(one, other)
        || loose.centuries && (is_century(one, other) || is_century(other, one))
}

/// `5` for `400`, a century counted from its first year.
fn is_century(number: &str, year: &str) -> bool {
    let value = |piece: &str| piece.parse::<u32>().unwrap_or(0);
    number.len() <= 2 && year.len() >= 3 && value(number) * 100 == value(year) + 100
}

/// `90` for `1990`.
fn is_short_year(short: &str, long: &str) -> bool {
    short.len() == 2 && long.len() == 4 && long.ends_with(short)
}

/// `3` for `15`, as on a clock.
fn is_other_hour(one: &str, other: &str) -> bool {
    let hour = |piece: &str| piece.parse::<u32>().ok().filter(|hour| *hour <= 24);
    hour(one).zip(hour(other)).is_some_and(|(a, b)| a.abs_diff(b) == 12)
}

/// The value of a Roman numeral in capitals, up to 3999.
fn roman(word: &str) -> Option<u32> {
    let values: Option<Vec<u32>> = word.bytes().map(letter_value).collect();
    let values = values.filter(|values| values.len() <= 15)?;
    let signed =
        |(at, value): (usize, &u32)| if values.get(at + 1).is_some_and(|next| next > value) { -(*value as i32) } else { *value as i32 };
    u32::try_from(values.iter().enumerate().map(signed).sum::<i32>()).ok().filter(|value| (1..4000).contains(value))
}

fn letter_value(letter: u8) -> Option<u32> {
    Some(match letter {
        b'I' => 1,
        b'V' => 5,
        b'X' => 10,
        b'L' => 50,
        b'C' => 100,
        b'D' => 500,
        b'M' => 1000,
        _ => return None,
    })
}

/// The numbers of a text, in order.
fn numbers(text: &str) -> Vec<Number<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(start) = text.as_bytes()[at..].iter().position(|b| may_be_digit(*b)).map(|found| at + found) {
        let c = text[start..].chars().next().unwrap_or_default();
        at = if digit(c).is_some() { read(text, start, &mut out) } else { start + c.len_utf8() };
    }
    out
}

/// Reads what begins with a digit: one number, or several that separators part (a date). Gives where it ends.
fn read<'a>(text: &'a str, start: usize, out: &mut Vec<Number<'a>>) -> usize {
    let (mut groups, mut separators, mut bounds): (Vec<String>, Vec<char>, Vec<usize>) = (Vec::new(), Vec::new(), Vec::new());
    let mut at = start;
    loop {
        let end = run_end(text, at);
        bounds.extend([at, end]);
        groups.push(text[at..end].chars().filter_map(digit).map(|d| char::from(b'0' + d)).collect());
        let Some(separator) = text[end..].chars().next().filter(|c| is_separator(*c)) else { break };
        let next = end + separator.len_utf8();
        let length = text[next..run_end(text, next)].chars().count();
        // A blank parts thousands only.
        if length == 0 || separator.is_whitespace() && (length != 3 || groups[0].len() > 3) {
            break;
        }
        separators.push(separator);
        at = next;
    }
    let end = *bounds.last().unwrap_or(&start);
    let scaled = is_scale(&text[end..]);
    match decimals(&groups, &separators) {
        Some(decimals) => out.push(Number::new(&text[start..end], &groups, decimals, scaled)),
        None => {
            let pieces = groups.iter().zip(bounds.chunks_exact(2));
            out.extend(pieces.map(|(group, at)| Number::new(&text[at[0]..at[1]], std::slice::from_ref(group), 0, scaled)));
        }
    }
    end
}

fn run_end(text: &str, from: usize) -> usize {
    text[from..].char_indices().find(|(_, c)| digit(*c).is_none()).map_or(text.len(), |(at, _)| from + at)
}

/// How many groups at the end are decimals, 0 or 1; `None` if the groups are no single number.
fn decimals(groups: &[String], separators: &[char]) -> Option<usize> {
    let Some((&last, before)) = separators.split_last() else { return Some(0) };
    if before.is_empty() {
        let thousands = groups[1].len() == 3 && groups[0].len() <= 3;
        let may_be_point = matches!(last, '.' | ',' | '٫' | '·');
        return if thousands { Some(0) } else { may_be_point.then_some(1) };
    }
    let same = before.iter().all(|c| *c == before[0]);
    if same && last == before[0] && are_thousands(groups) {
        return Some(0);
    }
    (same && last != before[0] && are_thousands(&groups[..groups.len() - 1])).then_some(1)
}

/// Groups of three digits after the first, or of two and three at the end as in India.
fn are_thousands(groups: &[String]) -> bool {
    let Some((last, rest)) = groups[1..].split_last() else { return true };
    let indian = rest.iter().all(|group| group.len() == 2);
    groups[0].len() <= 3 && last.len() == 3 && (indian || rest.iter().all(|group| group.len() == 3))
}

impl<'a> Number<'a> {
    fn new(shown: &'a str, groups: &[String], decimals: usize, scaled: bool) -> Number<'a> {
        let all = groups.concat();
        let digits = all.trim_matches('0').to_owned();
        let zeros = all.len() - all.trim_end_matches('0').len();
        let after = if decimals == 1 { groups.last().map_or(0, String::len) } else { 0 };
        let exponent = if digits.is_empty() { 0 } else { zeros as i32 - after as i32 };
        let bare = |group: &String| group.trim_start_matches('0').to_owned();
        Number { shown, digits, exponent, ambiguous: groups.len() == 2, scaled, groups: groups.iter().map(bare).collect() }
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '.' | ',' | '\'' | '’' | '·' | '٫' | '٬' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// The value of a digit of any script.
fn digit(c: char) -> Option<u8> {
    /// Zeros, each with its nine after it.
    const ZEROS: [char; 18] = ['٠', '۰', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '๐', '໐', '༠', '၀', '០', '᠐', '０'];
    if c < '\u{660}' {
        return c.is_ascii_digit().then(|| c as u8 - b'0');
    }
    ZEROS.iter().find_map(|zero| (c as u32).checked_sub(*zero as u32).filter(|value| *value < 10)).map(|value| value as u8)
}

/// Whether a word for a power of ten may begin a text, by how such words begin in many languages.
fn is_scale(text: &str) -> bool {
    const STARTS: &[&str] = &[
        "k",
        "m",
        "b",
        "tri",
        "tho",
        "tau",
        "tus",
        "tys",
        "tis",
        "tūk",
        "duiz",
        "tuh",
        "eze",
        "miy",
        "hun",
        "t.",
        "тыс",
        "тис",
        "мил",
        "млн",
        "млр",
        "мрд",
        "мљ",
        "хил",
        "миљ",
        "χιλ",
        "εκα",
        "δισ",
        "هزار",
        "ألف",
        "آلاف",
        "مليو",
        "ملیو",
        "ملاي",
        "میل",
        "مليا",
        "हज",
        "लाख",
        "कर",
        "हज़",
        "কোটি",
        "লাখ",
        "হাজ",
        "nghìn",
        "tri",
        "tỷ",
        "juta",
        "ribu",
        "cent",
        "cien",
        "sto",
        "sad",
        "száz",
        "bin",
    ];
    let rest = text.trim_start_matches([' ', '\u{a0}', '\u{202f}', '-', '+']).trim_start_matches("de ");
    let start: String = rest.chars().take(5).flat_map(char::to_lowercase).collect();
    STARTS.iter().any(|known| start.starts_with(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_separators_make_of_them() {
        let read = |text: &str| numbers(text).iter().map(|n| format!("{}e{}", n.digits, n.exponent)).collect::<Vec<_>>().join(" ");
        let cases = [
            ("1,234.5", "12345e-1"),
            ("1.234.567", "1234567e0"),
            ("1 234 567,25", "123456725e-2"),
            ("2016 300", "2016e0 3e2"),
            ("1,23,456", "123456e0"),
            ("9.11.2001", "9e0 11e0 2001e0"),
            ("0.50 0", "5e-1 e0"),
            ("१,२३४ １２", "1234e0 12e0"),
            ("10. Mai", "1e1"),
            ("12:30", "12e0 3e1"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
