//! What a reader is shown of a sentence in its summary: its exact slice, but with line breaks as blanks; an additive connective
//! left out where what it adds to is not shown; a cut quotation with its missing mark, and `[…]` where it was cut; and, where
//! no word of the sentence names the speaker, his reporting clause in square brackets. What stands in square brackets is
//! ours. The extract itself stays untouched; writers give both. What can be shown so is decided in `coherence`.

use std::borrow::Cow;

use crate::document::{Document, Quote};
use crate::text::language;
use crate::text::opener::{opening, without_connective};
use crate::text::speaker::{self, Speaker};

/// What is shown of a sentence, where that differs from its slice; `before` is the sentence shown before it.
pub fn display(document: &Document, sentence: usize, before: Option<usize>) -> Option<String> {
    match shown(document, sentence, before) {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text),
    }
}

/// What a sentence measures at most, whatever is shown before it.
pub fn longest(document: &Document, sentence: usize, measure: impl Fn(&str) -> usize) -> u64 {
    let after = |before| measure(&shown(document, sentence, before)) as u64;
    after(None).max(after(sentence.checked_sub(1)))
}

/// Words that are shown beside those of the sentence: at most those of the clause that is supplied.
pub fn added_words(document: &Document, sentence: usize) -> u32 {
    let found = &document.sentences()[sentence];
    if !found.quote.is_cut() && !found.all_quoted {
        return 0;
    }
    let Speaker::There(clause) = speaker::of(document, sentence) else { return 0 };
    clause.of(document.text()).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count() as u32
}

/// What is shown of a sentence after the sentence `before`.
pub fn shown(document: &Document, sentence: usize, before: Option<usize>) -> Cow<'_, str> {
    let text = lined(document.slice(sentence));
    let follows = before.is_some_and(|before| before + 1 == sentence);
    let quote = document.sentences()[sentence].quote;
    let (opens, closes) = (matches!(quote, Quote::Inside | Quote::Closes), matches!(quote, Quote::Inside | Quote::Opens));
    let text = if follows || opens { text } else { unconnected(document, text) };
    // A long quotation opens again at each paragraph.
    let opens = opens && !text.starts_with(|c| pair(c).is_some());
    if !quote.is_cut() && !document.sentences()[sentence].all_quoted {
        return text;
    }
    let clause = match speaker::of(document, sentence) {
        Speaker::There(clause) => Some(lined(clause.of(document.text()))),
        _ => None,
    };
    if !opens && !closes && clause.is_none() {
        return text;
    }
    let (open, close) = marks(document, sentence);
    let mut out = String::with_capacity(text.len() + 64);
    if opens {
        out.push_str(&open);
        out.push_str("[…] ");
    }
    out.push_str(&text);
    if closes {
        out.push_str(if clause.is_some() { "" } else { " […]" });
        out.push_str(&close);
    }
    if let Some(clause) = clause {
        out.extend([" [", &clause, "]"]);
    }
    Cow::Owned(out)
}

/// Line breaks and tabs, with the blanks around them, as one blank.
fn lined(slice: &str) -> Cow<'_, str> {
    let broken = memchr::memchr3(b'\n', b'\r', b'\t', slice.as_bytes()).is_some()
        || memchr::memchr(0xe2, slice.as_bytes()).is_some() && slice.contains(['\u{2028}', '\u{2029}']);
    if broken { Cow::Owned(slice.split_whitespace().collect::<Vec<_>>().join(" ")) } else { Cow::Borrowed(slice) }
}

/// The sentence without the connective that opens it, if one does and what is left is not a bare quotation.
fn unconnected<'a>(document: &Document, text: Cow<'a, str>) -> Cow<'a, str> {
    let language = language::of(document.article().lang.as_ref());
    match opening(&text, language).droppable {
        0 => text,
        bytes if text[bytes as usize..].starts_with(|c| pair(c).is_some()) => text,
        bytes => Cow::Owned(without_connective(&text, bytes, language)),
    }
}

/// The marks of the quotation that a sentence is cut out of, with the blank that the language puts inside them.
fn marks(document: &Document, sentence: usize) -> (String, String) {
    /// Sentences; no quotation that is mended runs longer.
    const FAR: usize = 80;
    let quotes = |i: usize| document.sentences()[i].quote;
    let opener = (sentence.saturating_sub(FAR)..=sentence).rev().find(|&i| quotes(i) == Quote::Opens);
    let slice = document.slice(opener.unwrap_or(sentence));
    let open = opener.and_then(|_| left_open(slice)).or_else(|| slice.char_indices().rfind(|(_, c)| pair(*c).is_some()));
    let Some((at, mark)) = open else { return ("“".to_owned(), "”".to_owned()) };
    let (open, close) = pair(mark).unwrap_or(("“", "”"));
    let inner = slice[at + mark.len_utf8()..].chars().next().filter(|c| c.is_whitespace() && opener.is_some());
    let blank = inner.map_or(String::new(), String::from);
    (format!("{open}{blank}"), format!("{blank}{close}"))
}

/// Both marks of a quotation, by either.
fn pair(mark: char) -> Option<(&'static str, &'static str)> {
    Some(match mark {
        '“' => ("“", "”"),
        '„' => ("„", "“"),
        '«' => ("«", "»"),
        '»' => ("»", "«"),
        '‹' => ("‹", "›"),
        '「' | '」' => ("「", "」"),
        '『' | '』' => ("『", "』"),
        '‘' => ("‘", "’"),
        '"' => ("\"", "\""),
        '”' => ("”", "”"),
        _ => return None,
    })
}

/// The outermost mark that a slice opens and does not close.
fn left_open(slice: &str) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, mark) in slice.char_indices() {
        let closed = open.iter().rposition(|(_, c)| closes(*c, mark));
        match closed {
            Some(index) => open.truncate(index),
            None if pair(mark).is_some() => open.push((at, mark)),
            None => {}
        }
    }
    open.first().copied()
}

fn closes(open: char, mark: char) -> bool {
    match open {
        '„' => matches!(mark, '“' | '”' | '"'),
        '“' => mark == '”' || mark == '"',
        _ => pair(open).is_some_and(|(_, close)| close.starts_with(mark)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::lang::Lang;
    use crate::text::{Scratch, TextOptions, parse};

    fn document(code: &str, text: &str) -> Document {
        let mut article = Article::new("a".into(), text.into()).expect("short");
        article.lang = Lang::parse(code);
        parse(article, &TextOptions::default(), &mut Scratch::default())
    }

    /// What is shown of every sentence where the one before it is not.
    fn all(code: &str, text: &str) -> Vec<String> {
        let document = document(code, text);
        (0..document.sentences().len()).map(|i| shown(&document, i, None).into_owned()).collect()
    }

    #[test]
    fn a_cut_quotation_gets_its_marks_and_its_speaker() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("en", "“We go. We win,” Ann Holt said.", &["“We go.” [Ann Holt said]", "“[…] We win,” Ann Holt said."]),
            ("de", "„Wir gehen. Wir siegen“, sagte Anna Holt.", &["„Wir gehen.“ [sagte Anna Holt]", "„[…] Wir siegen“, sagte Anna Holt."]),
            ("fr", "« On part. On gagne », dit le maire.", &["« On part. » [dit le maire]", "« […] On gagne », dit le maire."]),
            ("sv", "”Vi går. Vi vinner”, sade Anna Holt.", &["”Vi går.” [sade Anna Holt]", "”[…] Vi vinner”, sade Anna Holt."]),
            ("da", "»Vi går. Vi vinder«, sagde Anna Holt.", &["»Vi går.« [sagde Anna Holt]", "»[…] Vi vinder«, sagde Anna Holt."]),
            (
                "ru",
                "«Мы идём. Мы побеждаем», – сказала Анна Хольт.",
                &["«Мы идём.» [сказала Анна Хольт]", "«[…] Мы побеждаем», – сказала Анна Хольт."],
            ),
            ("en", "“We call it \"East Gate\". It opens.\n\nNobody", &["“We call it \"East Gate\".", "It opens.", "Nobody"]),
        ];
        for (code, text, expected) in cases {
            assert_eq!(all(code, text), *expected, "{text}");
        }
    }

    #[test]
    fn a_connective_stays_after_what_it_adds_to() {
        let text = "“We go. We win,” Ann Holt said. Moreover, it rained a lot.";
        let document = document("en", text);
        assert_eq!(shown(&document, 1, Some(0)), shown(&document, 1, None));
        assert_eq!(display(&document, 2, Some(1)), None);
        assert_eq!(display(&document, 2, Some(0)).as_deref(), Some("It rained a lot."));
        assert_eq!([0, 1, 2].map(|i| added_words(&document, i)), [3, 0, 0]);
        assert!(longest(&document, 2, str::len) == 26 && longest(&document, 1, |text| text.chars().count()) == 28);
    }

    #[test]
    fn connectives_and_breaks() {
        assert_eq!(all("fr", "En outre, \"le public devra réserver sa place\"."), ["En outre, \"le public devra réserver sa place\"."]);
        assert_eq!(all("en", "It rained. Moreover, the\nroad was shut."), ["It rained.", "The road was shut."]);
        assert_eq!(all("en", "“And we won it all,” Ann Holt said."), ["“And we won it all,” Ann Holt said."]);
    }
}
