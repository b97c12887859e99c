//! Plain text: an article as one file; summaries for the eye, a sentence a line; segments, a sentence a line. Text has no
//! place for metadata: that is what `jsonl` is for.

use super::{Outcome, Streams, WriteOptions, Writer, explain, one_line};
use crate::article::Article;
use crate::error::Result;

/// An article from the decoded contents of a file. Nothing is trimmed or normalised.
pub fn read(id: String, text: String) -> Result<Article> {
    Article::new(id, text)
}

/// Summaries, a sentence a line; where there may be several, each under the article's id and title, a blank line between.
pub struct Summaries(pub WriteOptions);

impl Writer for Summaries {
    fn article(&self, outcome: &Outcome, out: &mut Streams) {
        let article = outcome.document.article();
        let mut text = String::new();
        let headed = self.0.headers || article.origin.line.is_some();
        if headed {
            text.push_str("## ");
            text.push_str(&one_line(&article.id));
            if let Some(title) = &article.title {
                text.push_str(": ");
                text.push_str(&one_line(title));
            }
            text.push('\n');
        }
        for chosen in &outcome.summary.sentences {
            let shown = chosen.display.as_deref().unwrap_or(outcome.document.slice(chosen.sentence));
            text.push_str(&one_line(shown));
            text.push('\n');
        }
        if let Some(line) = outcome.keyword_line() {
            text.push_str(&line);
            text.push('\n');
        }
        explain::add_text(&mut text, outcome, self.0.all);
        if headed {
            text.push('\n');
        }
        out.stream("text").extend_from_slice(text.as_bytes());
    }
}

/// Segments, one a line; a line break inside one becomes a blank.
pub struct Segments;

impl Writer for Segments {
    fn article(&self, outcome: &Outcome, out: &mut Streams) {
        let stream = out.stream("text");
        for (_, segment, _) in outcome.segments() {
            stream.extend_from_slice(one_line(&segment.source).as_bytes());
            stream.push(b'\n');
        }
    }
}
