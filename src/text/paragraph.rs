//! Where paragraphs are. Articles come with blank lines between paragraphs, with a paragraph on each line, or hard-wrapped at
//! some column; which of them is decided for each article from its own lines. What a paragraph is *for* is the
//! business of `structure`.

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
    /// Lines are wrapped: only a blank line ends a paragraph.
    Wrap,
}

/// Tight spans of the paragraphs of `text`, in order. Between them there are only blanks.
pub fn paragraphs(text: &str, newlines: Newlines) -> Vec<Span> {
    let lines = lines(text);
    let wrapped = match newlines {
        Newlines::Auto => is_wrapped(text, &lines),
        Newlines::Paragraph => false,
        Newlines::Wrap => true,
    };
    let mut out: Vec<Span> = Vec::with_capacity(lines.len());
    let mut joined = false;
    for (index, line) in lines.iter().enumerate() {
        match *line {
            None => joined = false,
            Some(line) => {
                match out.last_mut() {
                    Some(last) if joined && !starts_item(line.of(text)) => last.end = line.end,
                    _ => out.push(line),
                }
                joined = wrapped || newlines == Newlines::Auto && goes_on(text, &lines[index..]);
            }
        }
    }
    out
}

/// Whether the first line breaks off in mid-sentence, as text taken from a PDF does: it has some words and no stop, and the
/// lines after it begin with small letters until one brings the stop. (In a list of small letters none does.)
fn goes_on(text: &str, lines: &[Option<Span>]) -> bool {
    const WORDS: usize = 3;
    let lines: Vec<&str> = lines.iter().map_while(|line| line.map(|line| line.of(text))).take(8).collect();
    let Some((first, rest)) = lines.split_first() else { return false };
    let open = first.ends_with(|c: char| c.is_alphanumeric() || c == ',') && first.split_whitespace().nth(WORDS - 1).is_some();
    let small = |line: &&&str| {
        let mut chars = line.chars();
        chars.next().is_some_and(char::is_lowercase) && !chars.next().is_some_and(|c| matches!(c, '.' | ')'))
    };
    open && rest.iter().take_while(small).any(|line| line.contains(['.', '!', '?', ':', '…']))
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
    let usual = memchr::memchr2(0x0b, 0x0c, bytes).is_none() && RARE_ENDS.iter().all(|end| end.find(bytes).is_none());
    let usual_end = |at: usize| {
        let end = at + memchr::memchr2(b'\n', b'\r', &bytes[at..])?;
        Some((end, 1 + usize::from(bytes[end..].starts_with(b"\r\n"))))
    };
    while let Some((end, len)) = if usual { usual_end(at) } else { line_end(bytes, at) } {
        push(start, end);
        at = end + len;
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
        paragraphs(text, Newlines::Auto).into_iter().map(|span| span.of(text)).collect()
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
    fn short_paragraphs_on_lines_are_not_wrapped() {
        let text = "Prices rose again in May.\nThe bank had expected a fall, and said so in March.\nNobody else had.\nRents led the rise, at four per cent in the year.";
        assert_eq!(of(text).len(), 4);
    }
}
