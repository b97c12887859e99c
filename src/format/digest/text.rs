//! A digest as plain text: a sentence a line with the number of its source, the sources below. It is for the eye; programs read
//! `jsonl`.

use super::{Edition, names};
use crate::format::{WriteOptions, one_line};

/// Appends a digest.
pub fn write(edition: &Edition, _options: WriteOptions, out: &mut Vec<u8>) {
    let mut text = edition.heading.map(|heading| format!("## {}\n", one_line(heading))).unwrap_or_default();
    let sources = edition.cited();
    for cited in &edition.digest.sentences {
        let number = sources.iter().position(|member| *member == cited.place.0).map_or(0, |at| at + 1);
        text.push_str(&format!("{} [{number}]\n", one_line(edition.shown(cited))));
    }
    text.push('\n');
    for (number, &member) in (1..).zip(&sources) {
        text.push_str(&format!("[{number}] {}\n", source(edition, member)));
    }
    text.push('\n');
    out.extend_from_slice(text.as_bytes());
}

/// `ferry p1s1 p2s1: Ferry returns · Castle Wire · 2021-10-04 (also: pier, island-news)`.
fn source(edition: &Edition, member: usize) -> String {
    let article = edition.documents[member].article();
    let mut line = one_line(&article.id).into_owned();
    for cited in edition.digest.sentences.iter().filter(|cited| cited.place.0 == member) {
        line.push(' ');
        line.push_str(&edition.place(cited.place).1);
    }
    let meta = &article.meta;
    let known: Vec<_> = [&article.title, &meta.source, &meta.date, &meta.url].into_iter().flatten().map(|known| one_line(known)).collect();
    if !known.is_empty() {
        line.push_str(&format!(": {}", known.join(" · ")));
    }
    let others = edition.others(member);
    if !others.is_empty() {
        line.push_str(&format!(" (also: {})", names(&others, |id| one_line(id).into_owned())));
    }
    line
}
