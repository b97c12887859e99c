//! `Article`: what a reader yields for one record, before any structure is known. The text is the decoded record
//! unaltered and final: every span of the crate points into it. This file reads nothing and parses nothing.

use crate::error::{Error, ErrorKind, Place};
use crate::lang::Lang;

/// One article as it came in.
#[derive(Clone, Debug, Default)]
pub struct Article {
    /// The record's id, or one made from its origin; unique within a batch once the batch has seen it.
    pub id: String,
    /// The record's own title field; a headline inside the text is a paragraph of kind title instead.
    pub title: Option<String>,
    /// The language, from the record, the command line or detection; `None` is "unknown".
    pub lang: Option<Lang>,
    /// What else the record says about itself.
    pub meta: Meta,
    /// Where the article came from, for messages.
    pub origin: Origin,
    text: String,
}

/// What a record says about itself besides its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// Date of publication as given, or ISO 8601 where it was read from a byline.
    pub date: Option<String>,
    /// Author as given.
    pub author: Option<String>,
    /// Address of the article.
    pub url: Option<String>,
    /// Publisher or agency.
    pub source: Option<String>,
    /// Further fields to pass through: name and value, the value spelled as JSON.
    pub kept: Vec<(String, String)>,
}

/// Where to send the reader of a message about an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The path as it was given or found; `-` for standard input.
    pub path: String,
    /// Index of the record in its file, from 0.
    pub record: u64,
    /// Line of the record, from 1; `None` where the file is one article.
    pub line: Option<u64>,
}

impl Origin {
    /// The origin as the place of a message.
    pub fn place(&self) -> Place {
        Place { path: Some(self.path.clone()), line: self.line, ..Place::default() }
    }
}

impl Article {
    /// Longest text an article may have, in bytes: spans are 32 bits wide and vectors of tokens stay in memory.
    pub const MAX_BYTES: usize = 1 << 28;

    /// An article with its text; refuses a text over [`Article::MAX_BYTES`].
    pub fn new(id: String, text: String) -> Result<Article, Error> {
        if text.len() > Article::MAX_BYTES {
            return Err(Error::from(ErrorKind::TooLarge { what: "a text", limit: Article::MAX_BYTES as u64 }));
        }
        Ok(Article { id, text, ..Article::default() })
    }

    /// The same article with another text, for what is taken out of it before anything points into it.
    pub fn with_text(self, text: String) -> Result<Article, Error> {
        let checked = Article::new(String::new(), text)?;
        Ok(Article { text: checked.text, ..self })
    }

    /// The decoded record, unaltered.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The decoded record, given back.
    pub fn into_text(self) -> String {
        self.text
    }
}
