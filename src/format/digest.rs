//! Digests on the way out: what a writer gets for one digest of many articles, and the table of formats. A digest is written, never
//! read. Which sentences it has is decided in `summary::digest`.

pub mod jsonl;
pub mod markdown;
pub mod text;

use super::WriteOptions;
use crate::article::Article;
use crate::document::Document;
use crate::summary::digest::{Cited, Digest, Place};

/// What writers get for one digest.
pub struct Edition<'a> {
    /// Its name: the id of the record that holds its articles, the value they are grouped by, or `digest`.
    pub id: &'a str,
    /// What it is called before readers, if there may be several.
    pub heading: Option<&'a str>,
    /// The value its articles are grouped by; `None` if they are not, or have none.
    pub group: Option<&'a str>,
    /// Primary subtag of its language; `und` for unknown.
    pub lang: &'a str,
    /// The articles that its places name.
    pub documents: &'a [&'a Document],
    /// The sentences.
    pub digest: &'a Digest,
    /// Articles that were not counted, since others say the same, in input order.
    pub copies: &'a [Copy<'a>],
}

/// An article that stands behind another.
pub struct Copy<'a> {
    /// The article.
    pub article: &'a Article,
    /// The one that was counted in its place.
    pub of: &'a Article,
}

impl Edition<'_> {
    /// The article and the segment id of a place.
    pub fn place(&self, (member, sentence): Place) -> (&Article, String) {
        let document = self.documents[member];
        (document.article(), document.segment_id(sentence))
    }

    /// What is shown of a chosen sentence.
    pub fn shown<'s>(&'s self, cited: &'s Cited) -> &'s str {
        cited.display.as_deref().unwrap_or(self.documents[cited.place.0].slice(cited.place.1))
    }

    /// The articles that the digest cites, in the order in which it does.
    pub fn cited(&self) -> Vec<usize> {
        let mut members: Vec<usize> = Vec::new();
        for cited in &self.digest.sentences {
            if !members.contains(&cited.place.0) {
                members.push(cited.place.0);
            }
        }
        members
    }

    /// Other articles that say what a cited one does: those with sentences that say the same, and its copies; each once.
    fn others(&self, member: usize) -> Vec<&Article> {
        let chosen = self.digest.sentences.iter().filter(|cited| cited.place.0 == member);
        let same = chosen.flat_map(|cited| &cited.same).map(|place| self.documents[place.0].article());
        let article = self.documents[member].article();
        let copies = self.copies.iter().filter(|copy| copy.of.id == article.id).map(|copy| copy.article);
        let mut out: Vec<&Article> = Vec::new();
        for other in same.chain(copies) {
            if !out.iter().any(|known| known.id == other.id) {
                out.push(other);
            }
        }
        out
    }
}

/// Names of articles for people, the first few of them.
fn names(articles: &[&Article], name: impl Fn(&str) -> String) -> String {
    const MOST: usize = 5;
    let mut names: Vec<String> = articles.iter().take(MOST).map(|article| name(&article.id)).collect();
    if articles.len() > MOST {
        names.push(format!("{} more", articles.len() - MOST));
    }
    names.join(", ")
}

/// A format of digests.
pub struct DigestOutput {
    /// The name that `-t` takes.
    pub name: &'static str,
    /// Appends one digest.
    pub write: fn(&Edition, WriteOptions, &mut Vec<u8>),
}

/// Every format of digests; the first is the default. A new one is its file and a line here.
pub const DIGESTS: &[DigestOutput] = &[
    DigestOutput { name: "text", write: text::write },
    DigestOutput { name: "jsonl", write: jsonl::write },
    DigestOutput { name: "markdown", write: markdown::write },
];
