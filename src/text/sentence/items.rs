//! Lists inside a paragraph: `1. The first item 2. The second item`. A label at the start of a sentence is no end of one, and
//! where the next label of the same make follows, a new sentence begins, whatever stands before it. Lists on lines of
//! their own are the business of `paragraph` and `structure`.

use super::shape::{leading_blanks, starts_blank};
use crate::text::language::Language;

/// How far, in bytes, the next label may be.
const REACH: usize = 2000;

/// Labels that make a list of what could be dates or initials.
const SEVERAL: usize = 3;

/// Labels that are looked at for the next one of a list; others may stand between.
const LOOKS: usize = 6;

/// Bullets that begin an item wherever they stand.
const BULLETS: [char; 7] = ['•', '⁃', '‣', '▪', '●', '◦', '■'];

/// An item at the start of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// Where its label ends.
    pub(super) body: usize,
    /// Where the next item begins, or the text ends.
    pub(super) next: usize,
}

/// What a label looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Label {
    bullet: Option<char>,
    /// A number, or the place of a letter; 0 for a bare bullet.
    value: u32,
    letter: bool,
    dot: bool,
    bracket: bool,
    /// Bytes.
    length: usize,
}

impl Label {
    /// A number and a dot, nothing else.
    fn is_ordinal(&self) -> bool {
        self.bullet.is_none() && !self.letter && self.dot && !self.bracket
    }
}

/// Whether a label could begin at `at`: a cheap look.
pub(super) fn may_begin(text: &str, at: usize) -> bool {
    let bytes = &text.as_bytes()[at..];
    match bytes.first() {
        Some(b'0'..=b'9') => true,
        Some(b'a'..=b'z') => matches!(bytes.get(1), Some(b'.' | b')')),
        // Bullets, and small letters of another script: a dot after one of those is an abbreviation's.
        Some(0xd0 | 0xd1) => bytes.get(2) == Some(&b')'),
        Some(0xe2) => text[at..].starts_with(BULLETS),
        _ => false,
    }
}

/// The item that begins at `start`, if one of a list does; `listed` where the item before said so.
pub(super) fn item(text: &str, start: usize, listed: bool, language: &Language) -> Option<Item> {
    let label = label(&text[start..])?;
    let body = start + label.length;
    let alone = Item { body, next: text.len() };
    let Some((next, second)) = following(text, body, &label) else { return (listed || label.bullet.is_some()).then_some(alone) };
    if is_running(&text[body..next], language) || label.is_ordinal() && language.ordinals() {
        return None;
    }
    let sure = listed || label.bracket || label.bullet.is_some();
    let listed =
        sure || is_run(text, next, &second) || (!language.ordinals() && is_title(text, body) && is_title(text, next + second.length));
    listed.then_some(Item { body, next })
}

/// Whether an item runs on into the next label, as in `a) and b)`: a comma or a function word stands before that.
fn is_running(item: &str, language: &Language) -> bool {
    let item = item.trim_end();
    item.ends_with(',') || item.split_whitespace().next_back().is_some_and(|word| language.data().is_stop(&word.to_lowercase()))
}

/// Whether a capital follows.
fn is_title(text: &str, at: usize) -> bool {
    text[at..].trim_start().starts_with(char::is_uppercase)
}

/// Whether enough labels follow one another from the second at `at` on.
fn is_run(text: &str, at: usize, second: &Label) -> bool {
    let (mut at, mut label) = (at, *second);
    for _ in 2..SEVERAL {
        match following(text, at + label.length, &label) {
            Some((next, found)) => (at, label) = (next, found),
            None => return false,
        }
    }
    true
}

/// The label after `label` of the same make, with its place.
fn following(text: &str, from: usize, label: &Label) -> Option<(usize, Label)> {
    let mut end = text.len().min(from + REACH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let near = &text[from..end];
    let starts = near.char_indices().zip(near.chars().skip(1)).filter(|((_, c), next)| c.is_whitespace() && !next.is_whitespace());
    let labels = starts.map(|((at, c), _)| from + at + c.len_utf8()).filter_map(|at| Some((at, self::label(&text[at..])?)));
    labels.take(LOOKS).find(|(_, found)| {
        let follows = found.value == label.value + u32::from(label.value > 0);
        follows && Label { value: label.value, length: label.length, ..*found } == *label
    })
}

/// The label at the start of `text`.
fn label(text: &str) -> Option<Label> {
    if !may_begin(text, 0) {
        return None;
    }
    let bullet = text.chars().next().filter(|c| BULLETS.contains(c));
    let lead = bullet.map_or(0, |c| c.len_utf8() + leading_blanks(&text[c.len_utf8()..]));
    let (value, letter, size) = value(&text[lead..]);
    let rest = &text[lead + size..];
    let dot = rest.starts_with('.');
    let bracket = rest[usize::from(dot)..].starts_with(')');
    let marks = usize::from(dot) + usize::from(bracket);
    let whole = value > 0 && marks > 0 && starts_blank(&rest[marks..]);
    match (whole, bullet) {
        (true, _) => Some(Label { bullet, value, letter, dot, bracket, length: lead + size + marks }),
        (false, Some(_)) => Some(Label { bullet, value: 0, letter: false, dot: false, bracket: false, length: lead }),
        (false, None) => None,
    }
}

/// The value of a number of at most three digits or of a small letter, whether it is a letter, and its bytes.
fn value(text: &str) -> (u32, bool, usize) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match (digits, text.chars().next()) {
        (1..=3, _) => (text[..digits].parse().unwrap_or(0), false, digits),
        (0, Some(c @ ('a'..='z' | 'а'..='я'))) => (c as u32, true, c.len_utf8()),
        _ => (0, false, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::language::find;

    fn next<'a>(text: &'a str, code: &str) -> Option<&'a str> {
        item(text, 0, false, find(code).expect("a language")).map(|item| &text[item.next..])
    }

    #[test]
    fn the_next_label_begins_an_item() {
        assert_eq!(next("1.) Bring a coat 2.) Bring boots", "da"), Some("2.) Bring boots"));
        assert_eq!(next("b) coats c) boots", "en"), Some("c) boots"));
        assert_eq!(next("• 9. Coats • 10. Boots", "en"), Some("• 10. Boots"));
        assert_eq!(next("1. Coats 2. Boots", "en"), Some("2. Boots"));
        assert_eq!(next("a. Coats b. Boots c. Hats", "da"), Some("b. Boots c. Hats"));
        assert_eq!(next("а) пальто б) сапоги", "ru"), Some("б) сапоги"));
    }

    #[test]
    fn two_dates_are_no_list() {
        assert_eq!(next("1. Mai bis 2. Juni", "de"), None);
        assert_eq!(next("1. coats and 2. boots", "en"), None);
        assert_eq!(next("1. Mai, 2. Juni, 3. Juli", "de"), None);
        assert_eq!(next("a) that he knew and b) that he told nobody", "en"), None);
        assert_eq!(next("3.5 million people", "en"), None);
    }
}
