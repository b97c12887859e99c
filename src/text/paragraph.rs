//! Where paragraphs are. Articles come with blank lines between paragraphs, with a paragraph on each line, or hard-wrapped at
//! some column; which of them is decided for each article from its own lines. Where each line is a sentence, which nobody
//! can tell from the lines, the user says so. What a paragraph is *for* is the business of `structure`.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::span::Span;

/// What a single newline means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Newlines {
    /// Decide for each article.
    #[default]
    Auto,
    /// A paragraph ends at every newline.
    Paragraph,
    /// Every line is a sentence: nothing is cut inside it, and a blank line ends a paragraph.
    Sentence,
    /// Lines are wrapped: only a blank line, an indented line or an item of a list begins a paragraph.
    Wrap,
}

/// Tight spans of the paragraphs of `text`, in order. Between them there are only blanks.
pub fn paragraphs(text: &str, newlines: Newlines) -> Vec<Span> {
    let lines = lines(text);
    match newlines {
        Newlines::Auto if is_wrapped(text, &lines) => blocks(&lines, Block::begins(text)),
        Newlines::Wrap => blocks(&lines, Block::begins(text)),
        Newlines::Sentence => blocks(&lines, |_, _| false),
        Newlines::Auto => blocks(&lines, |lines, index| !goes_on(text, &lines[index.saturating_sub(1)..])),
        Newlines::Paragraph => lines.into_iter().flatten().collect(),
    }
}

/// Tight spans of the lines of one paragraph.
pub fn lines_within(text: &str, paragraph: Span) -> impl Iterator<Item = Span> {
    let lines = lines(paragraph.of(text));
    lines.into_iter().flatten().map(move |line| line.shifted(paragraph.start as usize))
}

/// Runs of lines between blank ones; `begins` says which lines of a run, given all and an index, begin a paragraph of their own.
fn blocks(lines: &[Option<Span>], mut begins: impl FnMut(&[Option<Span>], usize) -> bool) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let Some(line) = line else { continue };
        let first = index == 0 || lines[index - 1].is_none();
        let own = begins(lines, index);
        match out.last_mut() {
            Some(last) if !first && !own => last.end = line.end,
            _ => out.push(*line),
        }
    }
    out
}

/// Whether the first line breaks off in mid-sentence, as text taken from a PDF does: it has some words and no stop, and the
/// lines after it begin with small words until one ends with a stop. (In a list of small letters none does.)
fn goes_on(text: &str, lines: &[Option<Span>]) -> bool {
    const WORDS: usize = 3;
    const NEAR: usize = 8;
    let lines: Vec<&str> = lines.iter().map_while(|line| line.map(|line| line.of(text))).take(NEAR).collect();
    let Some((first, rest)) = lines.split_first() else { return false };
    // The particle joins two nouns, and a noun in Han or katakana before it is sure.
    let noun = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{30a1}'..='\u{30fc}');
    if first.strip_suffix('の').is_some_and(|lead| lead.ends_with(noun)) {
        return !rest.is_empty();
    }
    let open = first.ends_with(|c: char| c.is_alphanumeric() || c == ',') && first.split_whitespace().nth(WORDS - 1).is_some();
    open && rest.iter().take_while(|line| continues(line)).any(|line| line.ends_with(['.', '!', '?', ':', '…', '"', '”']))
}

/// Whether a line begins with a small word in mid-sentence: no label, no name such as `iPhone` or `de Gaulle`, no address.
fn continues(line: &str) -> bool {
    const PARTICLE: usize = 3;
    let mut words = line.split_whitespace();
    let word = words.next().unwrap_or("");
    let name = word.chars().count() <= PARTICLE && words.next().is_some_and(|next| next.starts_with(char::is_uppercase));
    word.starts_with(char::is_lowercase)
        && !name
        && !word.chars().any(|c| c.is_uppercase() || c == '/' || c == '@')
        && !word.trim_end_matches(['.', ',']).contains('.')
        && !word.ends_with(['.', ')'])
}

/// What is known of a run of wrapped lines from those that were read.
#[derive(Default)]
struct Block {
    /// The last line was part of an item, whose lines may hang.
    item: bool,
    /// The number of the last numbered item.
    number: u32,
}

impl Block {
    /// Tells which lines begin a paragraph in wrapped text: items, bulleted or counted up, and lines with an indent that the line
    /// before them has not, as printers mark a paragraph.
    fn begins(text: &str) -> impl FnMut(&[Option<Span>], usize) -> bool {
        let mut block = Block::default();
        move |lines, index| {
            let Some(line) = lines[index] else { return false };
            let before = index.checked_sub(1).and_then(|before| lines[before]);
            if before.is_none() {
                block = Block::default();
            }
            let number = item_number(line.of(text));
            let counted = number.is_some_and(|number| number == block.number + 1 && (number > 1 || counts_on(text, &lines[index + 1..])));
            if starts_item(line.of(text)) || counted {
                block = Block { item: true, number: number.filter(|_| counted).unwrap_or(0) };
                return true;
            }
            let begins = !block.item && before.is_some_and(|before| indent(text, before) + 2 <= indent(text, line));
            block.item &= !begins;
            begins
        }
    }
}

/// Whether an item numbered two follows in the run of lines.
fn counts_on(text: &str, following: &[Option<Span>]) -> bool {
    const NEAR: usize = 32;
    following.iter().take(NEAR).map_while(|line| *line).any(|line| item_number(line.of(text)) == Some(2))
}

/// The number of `3. item` and `3) item`.
fn item_number(line: &str) -> Option<u32> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let mut after = line[digits..].chars();
    let label = matches!(after.next(), Some('.' | ')')) && after.next().is_some_and(char::is_whitespace);
    if label && digits <= 2 { line[..digits].parse().ok() } else { None }
}

/// Columns of blanks before a line; a tab goes to the next multiple of eight.
fn indent(text: &str, line: Span) -> usize {
    let before = &text[..line.start as usize];
    let blanks = &before[before.trim_end_matches([' ', '\t', '\u{a0}', '\u{3000}']).len()..];
    blanks.chars().fold(0, |column, c| match c {
        '\t' => column / 8 * 8 + 8,
        '\u{3000}' => column + 2,
        _ => column + 1,
    })
}

/// Whether a line begins with a bullet, so that it is an item even in wrapped text.
pub fn starts_item(line: &str) -> bool {
    let mut chars = line.chars();
    if line.starts_with('・') {
        return true;
    }
    let bullet = matches!(chars.next(), Some('•' | '·' | '▪' | '‣' | '●' | '◦' | '*' | '-' | '■' | '►'));
    bullet && chars.next().is_some_and(char::is_whitespace)
}

/// Line ends of more than one byte, but for `\r\n`.
static RARE_ENDS: LazyLock<[Finder; 3]> = LazyLock::new(|| ["\u{85}", "\u{2028}", "\u{2029}"].map(Finder::new));

/// Tight spans of the lines; `None` for a run of blank ones.
fn lines(text: &str) -> Vec<Option<Span>> {
    let mut out: Vec<Option<Span>> = Vec::new();
    let mut start = 0;
    let mut push = |start: usize, end: usize| {
        let span = Span::new(start, end).trimmed(text);
        if !span.is_empty() {
            out.push(Some(span));
        } else if matches!(out.last(), Some(Some(_))) {
            out.push(None);
        }
    };
    let mut at = 0;
    let bytes = text.as_bytes();
    let usual = memchr::memchr2(0x0b, 0x0c, bytes).is_none() && (text.is_ascii() || RARE_ENDS.iter().all(|end| end.find(bytes).is_none()));
    let usual_end = |at: usize| {
        let end = at + memchr::memchr2(b'\n', b'\r', &bytes[at..])?;
        Some((end, 1 + usize::from(bytes[end..].starts_with(b"\r\n"))))
    };
    while let Some((end, len)) = if usual { usual_end(at) } else { line_end(bytes, at) } {
        at = end + len;
        // A new page inside a paragraph: nothing stands between the line end and the form feed, and text goes on after it.
        let after = start == end && matches!(bytes[..end].last(), Some(b'\n' | b'\r'));
        let page = bytes[end] == 0x0c && after && line_end(bytes, at).is_none_or(|(next, _)| next > at);
        if !page {
            push(start, end);
        }
        if bytes[end..at] == *"\u{2029}".as_bytes() {
            push(at, at);
        }
        start = at;
    }
    push(start, text.len());
    out
}

/// Position and length of the next line end at or after `at`: `\n`, `\r\n`, `\r`, vertical tab, form feed, U+0085, U+2028, U+2029.
fn line_end(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let mut i = at;
    while i < bytes.len() {
        match bytes[i] {
            b'\n' | 0x0b | 0x0c => return Some((i, 1)),
            b'\r' => return Some((i, 1 + usize::from(bytes.get(i + 1) == Some(&b'\n')))),
            0xc2 if bytes.get(i + 1) == Some(&0x85) => return Some((i, 2)),
            0xe2 if bytes.get(i + 1) == Some(&0x80) && matches!(bytes.get(i + 2), Some(0xa8 | 0xa9)) => return Some((i, 3)),
            _ => i += 1,
        }
    }
    None
}

/// Hard-wrapped text shows itself: its lines stay under one width of at most 120 columns, and where a line ends, the first
/// word of the next would not have fitted.
fn is_wrapped(text: &str, lines: &[Option<Span>]) -> bool {
    const WIDEST: usize = 120;
    const NARROWEST: usize = 40;
    let column = |span: Span| span.of(text).chars().count();
    if lines.iter().flatten().any(|line| line.len() > 4 * WIDEST) {
        return false;
    }
    let widths: Vec<Option<usize>> = lines.iter().map(|line| line.map(column)).collect();
    let width = widths.iter().flatten().copied().max().unwrap_or(0);
    if !(NARROWEST..=WIDEST).contains(&width) {
        return false;
    }
    let (mut inner, mut tight, mut unfinished) = (0, 0, 0);
    for (pair, sizes) in lines.windows(2).zip(widths.windows(2)) {
        let (Some(line), Some(next), Some(size)) = (pair[0], pair[1], sizes[0]) else { continue };
        // A line that begins a paragraph leaves the one before it as short as it likes.
        let item = starts_item(next.of(text)) || item_number(next.of(text)).is_some();
        if item || indent(text, line) + 2 <= indent(text, next) {
            continue;
        }
        let word = next.of(text).split_whitespace().next().map_or(0, |w| w.chars().count());
        inner += 1;
        tight += usize::from(size + 1 + word > width.saturating_sub(4));
        unfinished += usize::from(!line.of(text).ends_with(['.', '!', '?', '…', '"', '”', '»', '。', ':']));
    }
    inner >= 2 && tight * 5 >= inner * 4 && unfinished * 2 >= inner
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<&str> {
        in_mode(text, Newlines::Auto)
    }

    fn in_mode(text: &str, newlines: Newlines) -> Vec<&str> {
        paragraphs(text, newlines).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn blank_lines_and_lines() {
        assert_eq!(of(" a b.\n\n c d.\r\n \t\r\ne"), ["a b.", "c d.", "e"]);
        assert_eq!(of("First paragraph here.\nSecond one.\rThird."), ["First paragraph here.", "Second one.", "Third."]);
        assert_eq!(of("\n \n"), Vec::<&str>::new());
    }

    #[test]
    fn hard_wrapped_text_is_joined() {
        let text = "The council of the harbour town met on Tuesday evening\nto vote on a plan that would move the fish market to\nthe other side of the bay, where a new pier is being\nbuilt.\n\nNobody from the market came.";
        let got = of(text);
        assert_eq!(got.len(), 2, "{got:?}");
        assert!(got[0].ends_with("built."));
    }

    #[test]
    fn a_line_that_breaks_off_is_joined() {
        assert_eq!(
            of("The pier was a cold\nplace in the wind.\nNobody came."),
            ["The pier was a cold\nplace in the wind.", "Nobody came."]
        );
        assert_eq!(of("half a cup of milk\ntwo spoons of sugar\na pinch of salt").len(), 3);
        assert_eq!(of("Storm closes the harbour again\nThe pier is shut.").len(), 2);
    }

    #[test]
    fn line_ends_of_all_kinds() {
        for end in ["\n", "\r\n", "\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"] {
            let text = format!("One here.{end}Two here.{end}{end}Three.");
            assert_eq!(of(&text), ["One here.", "Two here.", "Three."], "{end:?}");
            let joined = if end == "\u{2029}" { 3 } else { 2 };
            assert_eq!(in_mode(&text, Newlines::Wrap).len(), joined, "{end:?}");
        }
    }

    #[test]
    fn a_page_may_turn_inside_a_wrapped_paragraph() {
        assert_eq!(in_mode("The page ends\n\u{c}in mid-sentence.", Newlines::Wrap), ["The page ends\n\u{c}in mid-sentence."]);
        assert_eq!(in_mode("It ends here.\n\n\u{c}A new one.", Newlines::Wrap).len(), 2);
        assert_eq!(in_mode("It ends here.\n\u{c}\nA new one.", Newlines::Wrap).len(), 2);
    }

    #[test]
    fn an_indent_begins_a_paragraph_in_wrapped_text() {
        let text = "   The council of the harbour town met on Tuesday\nevening to vote on a plan that would move the\nfish market.\n   Nobody from the market came, though all of them\nhad been asked to, and the mayor was sorry for\nit.\n";
        let got = of(text);
        assert_eq!(got.len(), 2, "{got:?}");
        assert!(got[1].starts_with("Nobody"));
        // A block quotation is as one, and an item's lines may hang.
        assert_eq!(in_mode("He wrote:\n    We go home\n    at noon.", Newlines::Wrap).len(), 2);
        assert_eq!(in_mode("- an item that is\n  longer than a line\n- another", Newlines::Wrap).len(), 2);
    }

    #[test]
    fn a_list_and_divided_words_in_wrapped_text() {
        let text = "The council met on Tuesday evening in the old school to vote on infor-\nmation that had reached it from the harbour and its many other mar-\nkets, where nobody had known of it. The vote was:\n\n  1. to build a new pier on the other side of the bay, which is deeper\n     and safer;\n  2. to close the old one.\n\nNobody from the market came to see it, though all of them had been\nasked to. It rained.";
        let got = of(text);
        assert_eq!(got.len(), 4, "{got:?}");
        assert!(got[0].ends_with("The vote was:") && got[1].ends_with("safer;") && got[2].starts_with("2. "));
    }

    #[test]
    fn items_are_counted_up_in_wrapped_text() {
        assert_eq!(in_mode("It asked for\n1. bread that is\n   fresh,\n2. water.", Newlines::Wrap).len(), 3);
        assert_eq!(
            in_mode("It was signed by the mayor on page\n2. Nobody knew of it in version\n1. of the text.", Newlines::Wrap).len(),
            1
        );
    }

    #[test]
    fn every_line_is_a_sentence_where_the_user_says_so() {
        let text = "One. And one.\r\ntwo\r\n- three\r\n\r\n Four. \u{2028}five";
        let paragraphs = paragraphs(text, Newlines::Sentence);
        let lines: Vec<Vec<&str>> = paragraphs.iter().map(|span| lines_within(text, *span).map(|line| line.of(text)).collect()).collect();
        assert_eq!(lines, [vec!["One. And one.", "two", "- three"], vec!["Four.", "five"]]);
    }

    #[test]
    fn short_paragraphs_on_lines_are_not_wrapped() {
        let text = "Prices rose again in May.\nThe bank had expected a fall, and said so in March.\nNobody else had.\nRents led the rise, at four per cent in the year.";
        assert_eq!(of(text).len(), 4);
    }
}
