//! Excerpts as Markdown, for people: a heading an article, a line of what is known of it, its paragraphs. Characters that Markdown
//! would read as markup are escaped.

use super::Returned;
use crate::document::Kind;
use crate::format::markdown::{escape, is_link};
use crate::translation::excerpt::GAP;

/// Appends what came back of an article.
pub fn push(returned: &Returned, out: &mut Vec<u8>) {
    let (known, id) = (returned.known(), returned.article.id.as_str());
    let title = returned.title();
    let mut text = format!("## {}", escape(title.unwrap_or(id)));
    let mut line: Vec<String> = [title.map(|_| id), known.date, known.author, known.source].into_iter().flatten().map(escape).collect();
    line.extend(known.url.filter(|url| is_link(url)).map(|url| format!("<{url}>")));
    if !line.is_empty() {
        text.extend(["\n\n", &line.join(" · ")]);
    }
    // Items of a list stand together as long as nothing is left out.
    let mut in_list = false;
    for sentence in returned.excerpt.sentences.iter().filter(|sentence| !sentence.in_title) {
        let item = sentence.kind == Kind::ListItem.name();
        match (sentence.begins, sentence.gap) {
            (false, false) => text.push_str(&sentence.blank),
            (false, true) => text.extend([" ", GAP, " "]),
            (true, gap) => {
                text.push_str(&if gap { format!("\n\n{GAP}\n\n") } else { if in_list && item { "\n" } else { "\n\n" }.to_owned() });
                text.push_str(if item { "- " } else { "" });
            }
        }
        in_list = item;
        text.push_str(&escape(&sentence.text));
    }
    if returned.excerpt.goes_on {
        text.extend(["\n\n", GAP]);
    }
    out.extend_from_slice(text.trim_end().as_bytes());
    out.extend_from_slice(b"\n\n");
}
