//! `Document`: an article with its structure: paragraphs, sentences, terms. It is built only through
//! [`Document::new`], which checks the laws below; it holds no scores and knows no format.
//!
//! **Law.** Sentence spans are sorted, disjoint, non-empty, inside their paragraph and tight (no outer blanks); between two
//! of them, before the first and after the last there are only blanks. So gaps and sentences rebuild the text, always.

use std::ops::Range;

use crate::article::Article;
use crate::span::Span;

/// What a paragraph is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The headline inside the text (a `title` field has no place in the text and is not a paragraph).
    Title,
    /// Date and author lines, datelines on a line of their own.
    Byline,
    /// A heading between paragraphs.
    Heading,
    /// Running text.
    Body,
    /// An item of a list, with its bullet or number.
    ListItem,
    /// A caption or credit line of a picture.
    Caption,
}

impl Kind {
    /// The name used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Title => "title",
            Kind::Byline => "byline",
            Kind::Heading => "heading",
            Kind::Body => "body",
            Kind::ListItem => "list-item",
            Kind::Caption => "caption",
        }
    }
}

/// A sentence's place in quoted speech, by state over its paragraph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Quote {
    /// No quotation marks.
    #[default]
    None,
    /// Starts outside and ends inside quoted speech.
    Opens,
    /// Lies inside quoted speech from start to end.
    Inside,
    /// Starts inside and ends outside quoted speech.
    Closes,
    /// Holds its quotations whole.
    Whole,
    /// Holds a mark without a partner.
    Broken,
}

impl Quote {
    /// The name used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Quote::None => "none",
            Quote::Opens => "opens",
            Quote::Inside => "inside",
            Quote::Closes => "closes",
            Quote::Whole => "whole",
            Quote::Broken => "broken",
        }
    }

    /// Whether the sentence, shown alone, would show quoted words without their marks.
    pub fn is_cut(self) -> bool {
        !matches!(self, Quote::None | Quote::Whole)
    }
}

/// A paragraph: its span, kind and sentences (indices into [`Document::sentences`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// From the first to the last non-blank byte.
    pub span: Span,
    /// What it is for.
    pub kind: Kind,
    /// Its sentences; never empty.
    pub sentences: Range<u32>,
}

/// A sentence: its span, its place in quoted speech and its tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    /// Tight span of its bytes.
    pub span: Span,
    /// Index of its paragraph.
    pub paragraph: u32,
    /// Place in quoted speech.
    pub quote: Quote,
    /// Whether every word of it lies between quotation marks, so that nothing names the speaker.
    pub all_quoted: bool,
    /// The clause outside the marks that names the speaker (`the president said`), where one was found.
    pub speaker: Option<Span>,
    /// Its tokens (indices into [`Structure::tokens`]); empty if the document was parsed without terms.
    pub tokens: Range<u32>,
    /// Words, as budgets count them (see [`crate::text::token::Words`]).
    pub words: u32,
}

/// The id of a term in the vocabulary that parsed the document, with a mark on stop words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TermId(u32);

impl TermId {
    const STOP: u32 = 1 << 31;

    /// A term by its index in a vocabulary.
    pub fn new(index: u32, stop: bool) -> TermId {
        TermId(if stop { index | TermId::STOP } else { index })
    }

    /// Index in the vocabulary.
    pub fn index(self) -> usize {
        (self.0 & !TermId::STOP) as usize
    }

    /// Whether the word is on the language's stop list.
    pub fn is_stop(self) -> bool {
        self.0 & TermId::STOP != 0
    }
}

/// What parsing adds to an article; see [`Document`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    /// Paragraphs in text order.
    pub paragraphs: Vec<Paragraph>,
    /// Sentences in text order.
    pub sentences: Vec<Sentence>,
    /// The local term of every token, sentence after sentence: indices into `terms`, numbered by first occurrence. Stop words
    /// weigh nothing and are no tokens.
    pub tokens: Vec<u32>,
    /// Local terms of the article's title field, or of the paragraph of kind title.
    pub title: Vec<u32>,
    /// The term behind each local number.
    pub terms: Vec<TermId>,
}

impl Structure {
    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.paragraphs.clear();
        self.sentences.clear();
        self.tokens.clear();
        self.title.clear();
        self.terms.clear();
    }
}

/// An article with structure.
#[derive(Clone, Debug)]
pub struct Document {
    article: Article,
    structure: Structure,
}

impl Document {
    /// Joins an article and its structure, checking the laws of this module. Panics where they are broken: that is a bug
    /// of the segmenter, which the batch turns into one failed article.
    pub fn new(article: Article, structure: Structure) -> Document {
        if let Err(what) = check(article.text(), &structure) {
            panic!("{what} in article {:?}", article.id);
        }
        Document { article, structure }
    }

    /// The article as it came.
    pub fn article(&self) -> &Article {
        &self.article
    }

    /// The article, to add what the text says of itself (date, author) or a unique id.
    pub fn article_mut(&mut self) -> &mut Article {
        &mut self.article
    }

    /// The text that every span points into.
    pub fn text(&self) -> &str {
        self.article.text()
    }

    /// What parsing found.
    pub fn structure(&self) -> &Structure {
        &self.structure
    }

    /// Paragraphs in text order.
    pub fn paragraphs(&self) -> &[Paragraph] {
        &self.structure.paragraphs
    }

    /// Sentences in text order.
    pub fn sentences(&self) -> &[Sentence] {
        &self.structure.sentences
    }

    /// Local terms of one sentence's tokens, in order; stop words are no tokens.
    pub fn tokens(&self, sentence: usize) -> &[u32] {
        let range = &self.structure.sentences[sentence].tokens;
        &self.structure.tokens[range.start as usize..range.end as usize]
    }

    /// Local terms of the title, if there is one.
    pub fn title(&self) -> &[u32] {
        &self.structure.title
    }

    /// The terms by local number.
    pub fn terms(&self) -> &[TermId] {
        &self.structure.terms
    }

    /// The kind of the paragraph a sentence stands in.
    pub fn kind(&self, sentence: usize) -> Kind {
        self.structure.paragraphs[self.structure.sentences[sentence].paragraph as usize].kind
    }

    /// A sentence's bytes.
    pub fn slice(&self, sentence: usize) -> &str {
        self.structure.sentences[sentence].span.of(self.article.text())
    }

    /// The name of a sentence by its place, from 1: `p3s2` is the second sentence of the third paragraph.
    pub fn segment_id(&self, sentence: usize) -> String {
        let paragraph = self.structure.sentences[sentence].paragraph;
        let first = self.structure.paragraphs[paragraph as usize].sentences.start;
        format!("p{}s{}", paragraph + 1, sentence as u32 - first + 1)
    }

    /// Sentences that a summary may be made of: those of body text and lists, or, where an article has neither, all.
    pub fn candidates(&self) -> Vec<usize> {
        let of = |wanted: fn(Kind) -> bool| {
            let mut found = Vec::with_capacity(self.sentences().len());
            found.extend((0..self.sentences().len()).filter(|&i| wanted(self.kind(i)) && self.sentences()[i].words > 0));
            found
        };
        let body = of(|kind| matches!(kind, Kind::Body | Kind::ListItem));
        if body.is_empty() { of(|_| true) } else { body }
    }

    /// Takes the document apart again.
    pub fn into_parts(self) -> (Article, Structure) {
        (self.article, self.structure)
    }
}

/// The laws, one after the other; an error names the first that is broken.
fn check(text: &str, structure: &Structure) -> Result<(), String> {
    let mut at = 0;
    let mut next_sentence = 0;
    for (index, paragraph) in structure.paragraphs.iter().enumerate() {
        if paragraph.sentences.start != next_sentence || paragraph.sentences.is_empty() {
            return Err(format!("paragraph {index} does not follow on in sentences"));
        }
        next_sentence = paragraph.sentences.end;
        for i in paragraph.sentences.clone() {
            let Some(sentence) = structure.sentences.get(i as usize) else {
                return Err(format!("paragraph {index} has no sentence {i}"));
            };
            let span = sentence.span;
            let sound = span.start < span.end && paragraph.span.start <= span.start && span.end <= paragraph.span.end;
            let slice = sound.then(|| text.get(span.range())).flatten();
            if slice.is_none_or(|slice| slice.starts_with(char::is_whitespace) || slice.ends_with(char::is_whitespace))
                || sentence.paragraph as usize != index
            {
                return Err(format!("sentence {i} at {span:?} is not tight inside its paragraph"));
            }
            blanks(text, at, span.start)?;
            at = span.end;
        }
    }
    if next_sentence as usize != structure.sentences.len() {
        return Err("sentences outside of paragraphs".to_owned());
    }
    blanks(text, at, text.len() as u32)
}

fn blanks(text: &str, start: u32, end: u32) -> Result<(), String> {
    // The usual gap: one blank.
    if start + 1 == end && text.as_bytes().get(start as usize) == Some(&b' ') {
        return Ok(());
    }
    match text.get(start as usize..end as usize) {
        Some(gap) if gap.chars().all(char::is_whitespace) => Ok(()),
        _ => Err(format!("text between sentences at {start}..{end}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn structure(spans: &[(usize, usize)]) -> Structure {
        let sentences = spans.iter().map(|&(a, b)| Sentence { span: Span::new(a, b), ..Sentence::default() }).collect();
        let whole = Span::new(spans[0].0, spans[spans.len() - 1].1);
        let paragraph = Paragraph { span: whole, kind: Kind::Body, sentences: 0..spans.len() as u32 };
        Structure { paragraphs: vec![paragraph], sentences, ..Structure::default() }
    }

    #[test]
    fn the_constructor_holds_the_law() {
        let text = " Ab. Cd. ";
        assert!(check(text, &structure(&[(1, 4), (5, 8)])).is_ok());
        for bad in [&[(1, 5), (5, 8)][..], &[(1, 4)], &[(1, 4), (6, 8)], &[(0, 4), (5, 8)], &[(5, 8), (1, 4)]] {
            assert!(check(text, &structure(bad)).is_err(), "{bad:?}");
        }
    }
}
