//! Excerpts on the way out: what came back of articles of which only a part was sent, for readers, and the table of formats. An excerpt is
//! written, never read. What is in it is decided in `translation::excerpt`.

pub mod jsonl;
pub mod markdown;

use super::Offsets;
use super::merged::Known;
use crate::article::Article;
use crate::translation::Bitext;
use crate::translation::excerpt::Excerpt;

/// What writers get for one article.
pub struct Returned<'a> {
    /// The article.
    pub article: &'a Article,
    /// What came back.
    pub bitext: &'a Bitext,
    /// What there is to read of it.
    pub excerpt: &'a Excerpt<'a>,
    /// How offsets are counted.
    pub offsets: Offsets,
}

impl Returned<'_> {
    /// What is known of the article.
    fn known(&self) -> Known<'_> {
        Known::of(self.article, self.bitext)
    }

    /// The translated title, else that of the record as it is.
    fn title(&self) -> Option<&str> {
        self.excerpt.title.as_deref().or(self.article.title.as_deref())
    }
}

/// A format of excerpts.
pub struct ExcerptOutput {
    /// The name of its file.
    pub name: &'static str,
    /// Appends what came back of an article.
    pub write: fn(&Returned, &mut Vec<u8>),
}

/// Every format of excerpts; all are written. A new one is its file and a line here.
pub const EXCERPTS: &[ExcerptOutput] =
    &[ExcerptOutput { name: "excerpts.jsonl", write: jsonl::push }, ExcerptOutput { name: "excerpts.md", write: markdown::push }];
