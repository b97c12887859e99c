//! Summaries as Markdown, for people and their wikis: a heading an article, a line of what is known of it, the summary as a
//! list. Characters that Markdown would read as markup are escaped. It is written, never read.

use super::{Outcome, Streams, WriteOptions, Writer, explain, one_line};

/// Summaries under a heading each.
pub struct Summaries(pub WriteOptions);

impl Writer for Summaries {
    fn article(&self, outcome: &Outcome, out: &mut Streams) {
        let article = outcome.document.article();
        let mut text = format!("## {}\n\n", escape(article.title.as_deref().unwrap_or(&article.id)));
        let meta = &article.meta;
        let known =
            [article.title.as_ref().map(|_| article.id.as_str()), meta.date.as_deref(), meta.author.as_deref(), meta.source.as_deref()];
        let mut line: Vec<String> = known.into_iter().flatten().map(escape).collect();
        line.extend(meta.url.as_deref().filter(|url| is_link(url)).map(|url| format!("<{url}>")));
        if !line.is_empty() {
            text.push_str(&line.join(" · "));
            text.push_str("\n\n");
        }
        for chosen in &outcome.summary.sentences {
            let shown = chosen.display.as_deref().unwrap_or(outcome.document.slice(chosen.sentence));
            text.push_str("- ");
            text.push_str(&escape(shown));
            text.push('\n');
        }
        if let Some(line) = outcome.keyword_line() {
            text.push_str(&format!("\n{}\n", escape(&line)));
        }
        explain::add_markdown(&mut text, outcome, self.0.all);
        text.push('\n');
        out.stream("summaries.md").extend_from_slice(text.as_bytes());
    }
}

/// Whether an address may stand as a link.
pub(super) fn is_link(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://")) && !url.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>'))
}

/// The text on one line, with Markdown's own characters escaped.
pub(super) fn escape(text: &str) -> String {
    let line = one_line(text);
    let mut out = String::with_capacity(line.len() + 8);
    let mut written = 0;
    for (i, b) in line.bytes().enumerate() {
        let list = i == 0 && matches!(b, b'-' | b'+' | b'#' | b'=');
        if list || matches!(b, b'\\' | b'`' | b'*' | b'_' | b'[' | b']' | b'<' | b'>' | b'|') {
            out.push_str(&line[written..i]);
            out.push('\\');
            written = i;
        }
    }
    out.push_str(&line[written..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escape("*a*\n[b](c) <d> 2-3"), "\\*a\\* \\[b\\](c) \\<d\\> 2-3");
        assert_eq!(escape("- a"), "\\- a");
    }
}
