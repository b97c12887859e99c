//! A digest as Markdown: a heading, a list of sentences, each with its source behind it. Characters that Markdown would read as
//! markup are escaped.

use super::{Edition, names};
use crate::article::Article;
use crate::format::WriteOptions;
use crate::format::markdown::{escape, is_link};

/// Appends a digest.
pub fn write(edition: &Edition, _options: WriteOptions, out: &mut Vec<u8>) {
    let mut text = edition.heading.map(|heading| format!("## {}\n\n", escape(heading))).unwrap_or_default();
    let mut told: Vec<usize> = Vec::new();
    for cited in &edition.digest.sentences {
        let member = cited.place.0;
        text.push_str(&format!("- {} ({})", escape(edition.shown(cited)), source(edition.documents[member].article())));
        let others = edition.others(member);
        if !others.is_empty() && !told.contains(&member) {
            text.push_str(&format!(" · also: {}", names(&others, escape)));
        }
        told.push(member);
        text.push('\n');
    }
    text.push('\n');
    out.extend_from_slice(text.as_bytes());
}

/// Publisher or else the id, title and date of an article, with its address behind the title.
fn source(article: &Article) -> String {
    let meta = &article.meta;
    let name = escape(article.title.as_deref().unwrap_or(&article.id));
    let linked = match meta.url.as_deref().filter(|url| is_link(url) && !url.contains(['(', ')'])) {
        Some(url) => format!("[{name}]({url})"),
        None => name,
    };
    let rest = [&meta.source, &meta.date].into_iter().flatten().map(|known| escape(known));
    [linked].into_iter().chain(rest).collect::<Vec<_>>().join(", ")
}
