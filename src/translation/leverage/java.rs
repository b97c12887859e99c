//! Words as OmegaT's statistics count them: the pieces that the word instance of Java's `java.text.BreakIterator` makes (the rules of
//! JDK 1.2, in use to this day), as far as they hold a letter or a decimal digit. Letters and digits hold together across one dash, dot,
//! apostrophe or straight quotation mark; Han, hiragana and katakana are a word a run. `&` between two words joins them, as OmegaT has it
//! for mnemonics.

use unicode_normalization::char::is_combining_mark;

/// What a character is to Java.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Kanji,
    Katakana,
    Hiragana,
    /// Marks that go with either kana.
    Kana,
    /// `&`, which OmegaT passes over between words.
    And,
    Other,
}

/// Characters in units of UTF-16 that are no space separators: a line break is counted.
pub(super) fn characters(text: &str) -> u64 {
    text.chars().filter(|c| !c.is_whitespace() || c.is_control()).map(|c| c.len_utf16() as u64).sum()
}

/// The number of words.
pub(super) fn words(text: &str) -> u64 {
    let (mut rest, mut count) = (text, 0);
    // Whether what stands right before is a word, and whether a word and an `&` do.
    let (mut after_word, mut joined) = (false, false);
    while let Some(first) = rest.chars().next() {
        let class = class(first);
        let length = length(rest, class).max(first.len_utf8());
        let word = rest[..length].chars().any(|c| c.is_alphanumeric() && !is_number_alone(c));
        count += u64::from(word && !joined);
        (after_word, joined) = (word && !joined, class == Class::And && after_word);
        rest = &rest[length..];
    }
    count
}

/// Bytes of the piece that a text begins with; 0 for a character alone.
fn length(text: &str, class: Class) -> usize {
    match class {
        Class::Letter | Class::Digit => word(text),
        Class::Kanji => run(text, &[Class::Kanji]),
        Class::Katakana => run(text, &[Class::Katakana, Class::Kana]),
        Class::Hiragana => run(text, &[Class::Hiragana, Class::Kana]),
        Class::Kana => run(text, &[Class::Katakana, Class::Kana]).max(run(text, &[Class::Hiragana, Class::Kana])),
        Class::And | Class::Other => number(text),
    }
}

fn run(text: &str, classes: &[Class]) -> usize {
    text.find(|c| !classes.contains(&class(c))).unwrap_or(text.len())
}

/// Words and numbers in turn; a mark after a number at the end, such as a percent sign, is part of it.
fn word(text: &str) -> usize {
    let (mut end, mut after_number) = (0, false);
    loop {
        let next = text[end..].chars().next();
        end += match next.map(class) {
            Some(Class::Letter) => joined(&text[end..], Class::Letter, is_mid_word),
            Some(Class::Digit) => joined(&text[end..], Class::Digit, is_mid_number),
            _ => return end + next.filter(|c| after_number && is_after_number(*c)).map_or(0, char::len_utf8),
        };
        after_number = next.map(class) == Some(Class::Digit);
    }
}

/// A number with a mark before it: a dot, `#`, a currency sign.
fn number(text: &str) -> usize {
    let Some(first) = text.chars().next().filter(|c| is_before_number(*c)) else { return 0 };
    let rest = &text[first.len_utf8()..];
    if rest.chars().next().map(class) == Some(Class::Digit) { first.len_utf8() + word(rest) } else { 0 }
}

/// Characters of a class, with single marks between.
fn joined(text: &str, of: Class, is_mid: fn(char) -> bool) -> usize {
    let run = |from: usize| {
        let rest = &text[from..];
        rest.char_indices().find(|(at, c)| class(*c) != of && !(*at > 0 && is_combining_mark(*c))).map_or(rest.len(), |(at, _)| at)
    };
    let mut end = run(0);
    while let Some(mid) = text[end..].chars().next().filter(|c| is_mid(*c)) {
        let more = run(end + mid.len_utf8());
        if more == 0 {
            break;
        }
        end += mid.len_utf8() + more;
    }
    end
}

fn class(c: char) -> Class {
    match c {
        '\u{3005}' | '\u{4e00}'..='\u{9fa5}' | '\u{f900}'..='\u{fa2d}' => Class::Kanji,
        '\u{30a1}'..='\u{30fa}' | '\u{30fd}' | '\u{30fe}' => Class::Katakana,
        '\u{3041}'..='\u{3094}' | '\u{309d}' | '\u{309e}' => Class::Hiragana,
        '\u{3099}'..='\u{309c}' | '\u{30fb}' | '\u{30fc}' => Class::Kana,
        '&' => Class::And,
        c if c.is_numeric() => Class::Digit,
        c if c.is_alphabetic() => Class::Letter,
        _ => Class::Other,
    }
}

/// Dashes, what joins words, apostrophe, straight quotation mark, dot.
fn is_mid_word(c: char) -> bool {
    matches!(
        c,
        '-' | '_' | '\'' | '"' | '.' | '\u{2027}' | '\u{58a}' | '\u{5be}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{203f}'
                | '\u{2040}'
                | '\u{2054}'
                | '\u{2e3a}'
                | '\u{2e3b}'
                | '\u{301c}'
                | '\u{3030}'
                | '\u{fe58}'
                | '\u{fe63}'
                | '\u{ff0d}'
                | '\u{ff3f}'
    )
}

fn is_mid_number(c: char) -> bool {
    matches!(c, '"' | '\'' | ',' | '.' | '\u{66b}')
}

fn is_before_number(c: char) -> bool {
    matches!(c, '#' | '.' | '$' | '£' | '¤' | '¥' | '\u{58f}' | '\u{60b}' | '\u{e3f}' | '\u{20a0}'..='\u{20c0}')
}

fn is_after_number(c: char) -> bool {
    matches!(c, '%' | '&' | '¢' | '\u{66a}' | '\u{2030}' | '\u{2031}')
}

/// A number that is no decimal digit, which does not make a word: ½, Ⅳ.
fn is_number_alone(c: char) -> bool {
    c.is_numeric() && !c.is_ascii_digit() && !is_decimal(c)
}

/// The digits of other scripts stand in tens, from a character whose value is zero on.
fn is_decimal(c: char) -> bool {
    matches!(c, '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' | '\u{7c0}'..='\u{7c9}' | '\u{966}'..='\u{96f}' | '\u{9e6}'..='\u{9ef}'
        | '\u{a66}'..='\u{a6f}' | '\u{ae6}'..='\u{aef}' | '\u{be6}'..='\u{bef}' | '\u{e50}'..='\u{e59}' | '\u{ff10}'..='\u{ff19}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `BreakIterator.getWordInstance()` of Java 17 has them, but for `&`.
    #[test]
    fn line_breaks_are_characters_and_blanks_are_not() {
        assert_eq!(characters("a b\u{a0}c\nd 𝄞"), 7);
    }

    #[test]
    fn words_are_those_of_java() {
        let cases = [
            ("up-to-date ex--mayor", 3),
            ("it's it’s \"so\"is", 4),
            ("e.g. U.S. a.b..c", 4),
            ("12.03.2024 9:30 3,000 1990-1995 COVID-19 5km B2B", 10),
            ("$20 20% #1 .5 50 %", 5),
            ("no—yes no – yes", 3),
            ("R&D AT & T a_b &c a&b&c 3&d", 9),
            ("東京で雨がふる。カタカナー ½ Ⅳ", 5),
            ("naïve cafe\u{301}s 서울에 นายกไป", 4),
            ("", 0),
        ];
        cases.into_iter().for_each(|(text, expected)| assert_eq!(words(text), expected, "{text}"));
    }
}
