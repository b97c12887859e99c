//! What a reader is shown of a sentence: its exact slice, but with line breaks as blanks and, where quoted speech is cut, with
//! the missing quotation marks supplied. The extract itself stays untouched; writers give both.

use std::borrow::Cow;

use crate::document::{Document, Quote};

/// What is shown of a sentence, where that differs from its slice.
pub fn display(document: &Document, sentence: usize) -> Option<String> {
    match shown(document, sentence) {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text),
    }
}

/// What is shown of a sentence.
pub fn shown(document: &Document, sentence: usize) -> Cow<'_, str> {
    let slice = document.slice(sentence);
    let quote = document.sentences()[sentence].quote;
    let opening = matches!(quote, Quote::Inside | Quote::Closes);
    let closing = matches!(quote, Quote::Inside | Quote::Opens);
    let lined = memchr::memchr3(b'\n', b'\r', b'\t', slice.as_bytes()).is_some()
        || memchr::memchr(0xe2, slice.as_bytes()).is_some() && slice.contains(['\u{2028}', '\u{2029}']);
    if !opening && !closing && !lined {
        return Cow::Borrowed(slice);
    }
    let (open, close) = marks(document, sentence);
    let mut out = String::with_capacity(slice.len() + 8);
    out.push_str(if opening { open } else { "" });
    if lined {
        out.push_str(&slice.split_whitespace().collect::<Vec<_>>().join(" "));
    } else {
        out.push_str(slice);
    }
    out.push_str(if closing { close } else { "" });
    Cow::Owned(out)
}

/// The marks of the quotation that the sentence cuts: those the paragraph uses, from the sentence backwards.
fn marks(document: &Document, sentence: usize) -> (&'static str, &'static str) {
    const PAIRS: &[(char, &str, &str)] = &[
        ('“', "“", "”"),
        ('„', "„", "“"),
        ('«', "«", "»"),
        ('「', "「", "」"),
        ('『', "『", "』"),
        ('‘', "‘", "’"),
        ('"', "\"", "\""),
        ('”', "“", "”"),
        ('»', "«", "»"),
    ];
    let paragraph = &document.paragraphs()[document.sentences()[sentence].paragraph as usize];
    let until = document.sentences()[sentence].span.end as usize;
    let before = &document.text()[paragraph.span.start as usize..until];
    if before.contains('„') {
        return ("„", "“");
    }
    let found = before.chars().rev().find_map(|c| PAIRS.iter().find(|(mark, ..)| *mark == c));
    found.map_or(("“", "”"), |(_, open, close)| (open, close))
}
