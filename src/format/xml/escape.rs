//! Texts and attributes as XML 1.0 spells them: what must be escaped is, and what it cannot hold is replaced and counted. It reads
//! nothing.

/// Whether XML 1.0 can hold a character (section 2.2).
pub(crate) fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// The first character that XML 1.0 cannot hold.
pub(crate) fn forbidden(text: &str) -> Option<char> {
    // U+FFFE and U+FFFF begin with this byte; few texts have it. To look at every byte is faster than to stop at the first.
    let suspicious = |b: u8| (b < b' ') & (b != b'\t') & (b != b'\n') & (b != b'\r') | (b == 0xef);
    if !text.bytes().fold(false, |any, b| any | suspicious(b)) {
        return None;
    }
    text.chars().find(|&c| !is_xml(c))
}

/// Appends a text with what must be escaped inside an element: `&`, `<`, `>`, and `\r`, which a reader would make `\n`. What
/// XML cannot hold goes to `odd`, which writes what stands for it.
pub(crate) fn push_text_with(text: &str, out: &mut Vec<u8>, mut odd: impl FnMut(char, &mut Vec<u8>)) {
    push_escaped(text, out, |b| matches!(b, b'&' | b'<' | b'>' | b'\r'), &mut odd);
}

/// Appends a text as [`push_text_with`] does, with U+FFFD for what XML cannot hold; gives how many those were.
pub(crate) fn push_text(text: &str, out: &mut Vec<u8>) -> usize {
    let mut replaced = 0;
    push_text_with(text, out, |_, out| replace(&mut replaced, out));
    replaced
}

/// Appends the value of an attribute, to stand between double quotes; gives how many characters were replaced.
pub(crate) fn push_value(text: &str, out: &mut Vec<u8>) -> usize {
    let mut replaced = 0;
    push_escaped(text, out, |b| matches!(b, b'&' | b'<' | b'>' | b'"' | b'\t' | b'\n' | b'\r'), &mut |_, out| replace(&mut replaced, out));
    replaced
}

fn replace(replaced: &mut usize, out: &mut Vec<u8>) {
    *replaced += 1;
    out.extend_from_slice("\u{fffd}".as_bytes());
}

fn push_escaped(text: &str, out: &mut Vec<u8>, special: impl Fn(u8) -> bool, odd: &mut impl FnMut(char, &mut Vec<u8>)) {
    let bytes = text.as_bytes();
    let (mut done, mut block) = (0, 0);
    while block < bytes.len() {
        let end = bytes.len().min(block + BLOCK);
        if bytes[block..end].iter().fold(false, |found, &b| found | may_matter(b)) {
            for at in block..end {
                let b = bytes[at];
                let noncharacter = b == 0xef && matches!(bytes[at + 1..at + 3], [0xbf, 0xbe | 0xbf]);
                let control = b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r');
                if !(special(b) || control || noncharacter) {
                    continue;
                }
                out.extend_from_slice(&bytes[done..at]);
                if control || noncharacter {
                    text[at..].chars().take(1).for_each(|c| odd(c, out));
                } else {
                    out.extend_from_slice(reference(b));
                }
                done = at + if noncharacter { 3 } else { 1 };
            }
        }
        block = end;
    }
    out.extend_from_slice(&bytes[done..]);
}

/// Bytes that are looked at together: most have nothing to escape.
const BLOCK: usize = 32;

/// Bytes that need a closer look; the comparisons have no branches, so that a block is a few instructions.
fn may_matter(b: u8) -> bool {
    (b < b' ') | (b == b'&') | (b == b'<') | (b == b'>') | (b == b'"') | (b == 0xef)
}

fn reference(b: u8) -> &'static [u8] {
    match b {
        b'&' => b"&amp;",
        b'<' => b"&lt;",
        b'>' => b"&gt;",
        b'"' => b"&quot;",
        b'\t' => b"&#9;",
        b'\n' => b"&#10;",
        _ => b"&#13;",
    }
}
