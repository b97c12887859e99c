//! Units and segments: a paragraph is a unit, a sentence a segment, the blanks between sentences are ignorables, one to one
//! with XLIFF 2. A segment owns its strings, since it outlives its article. Ids come from position, so that source,
//! target, summary and memory line up.

use crate::document::{Document, Kind, Quote};
use crate::span::Span;

/// A paragraph, or the title field, as it goes to a translator.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// `p3`, or `t` for the title field.
    pub id: String,
    /// What the paragraph is for.
    pub kind: Kind,
    /// Number of the paragraph from 1; 0 for the title field.
    pub paragraph: u32,
    /// Its sentences.
    pub segments: Vec<Segment>,
    /// Blanks before each segment but the first: one fewer than segments.
    pub ignorables: Vec<String>,
}

/// A sentence as it goes to a translator.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// `p3s2`, or `t1` for the title field.
    pub id: String,
    /// Index of the sentence in the document; `None` for the title field.
    pub sentence: Option<usize>,
    /// Bytes in the article's text; `None` for the title field.
    pub span: Option<Span>,
    /// Place in quoted speech.
    pub quote: Quote,
    /// The sentence, byte for byte.
    pub source: String,
}

/// The units of a document: the title field first, if there is one, then the paragraphs.
pub fn units(document: &Document) -> Vec<Unit> {
    let title = document.article().title.iter().map(|title| title_unit(title));
    title.chain((0..document.paragraphs().len()).map(|index| paragraph_unit(document, index))).collect()
}

fn title_unit(title: &str) -> Unit {
    let segment = Segment { id: "t1".to_owned(), sentence: None, span: None, quote: Quote::None, source: title.to_owned() };
    Unit { id: "t".to_owned(), kind: Kind::Title, paragraph: 0, segments: vec![segment], ignorables: Vec::new() }
}

fn paragraph_unit(document: &Document, index: usize) -> Unit {
    let paragraph = &document.paragraphs()[index];
    let sentences = paragraph.sentences.start as usize..paragraph.sentences.end as usize;
    let segment = |i: usize| Segment {
        id: document.segment_id(i),
        sentence: Some(i),
        span: Some(document.sentences()[i].span),
        quote: document.sentences()[i].quote,
        source: document.slice(i).to_owned(),
    };
    let gap = |i: usize| {
        let (before, after) = (document.sentences()[i].span, document.sentences()[i + 1].span);
        document.text()[before.end as usize..after.start as usize].to_owned()
    };
    Unit {
        id: format!("p{}", index + 1),
        kind: paragraph.kind,
        paragraph: index as u32 + 1,
        ignorables: (sentences.start..sentences.end - 1).map(gap).collect(),
        segments: sentences.map(segment).collect(),
    }
}
