//! The text room: from an [`Article`] to a [`Document`]. Paragraphs, their kinds, sentences, quoted speech, words and terms,
//! each in a file of its own. [`parse`] is the only door and never fails; nothing here knows scores, formats or files.

pub mod detect;
pub mod language;
pub mod paragraph;
mod quote;
mod sentence;
pub mod stem;
mod structure;
pub mod token;
pub mod vector;
pub mod vocabulary;

use std::collections::HashMap;

use crate::article::Article;
use crate::document::{Document, Kind, Paragraph, Sentence, Structure, TermId};
use crate::span::Span;
use language::Language;
pub use paragraph::Newlines;
use token::{Piece, Words};
use vocabulary::Vocabulary;

/// Version of everything that shapes boundaries and terms; part of a frequency table's fingerprint.
pub const VERSION: u32 = 1;

/// How to read a text.
#[derive(Clone, Debug)]
pub struct TextOptions {
    /// The language of articles that do not name theirs; it goes before detection.
    pub lang: Option<crate::lang::Lang>,
    /// Primary subtags that detection may answer; empty allows all.
    pub languages: Vec<String>,
    /// What a single newline means.
    pub newlines: Newlines,
    /// Whether to build terms; without them only boundaries are found.
    pub terms: bool,
}

impl Default for TextOptions {
    fn default() -> TextOptions {
        TextOptions { lang: None, languages: Vec::new(), newlines: Newlines::Auto, terms: true }
    }
}

/// What a worker keeps from article to article: a vocabulary for each language, and tables that are cleared, not freed.
#[derive(Default)]
pub struct Scratch {
    vocabularies: HashMap<String, Vocabulary>,
    locals: Locals,
    buffers: Buffers,
}

impl Scratch {
    /// The vocabulary of a language (see [`table_of`]), if a document in it was parsed.
    pub fn vocabulary(&self, table: &str) -> Option<&Vocabulary> {
        self.vocabularies.get(table)
    }

    /// Every vocabulary with the name of its table, in no order.
    pub fn vocabularies(&self) -> impl Iterator<Item = (&str, &Vocabulary)> {
        self.vocabularies.iter().map(|(table, vocabulary)| (table.as_str(), vocabulary))
    }
}

/// The table that a language's terms are counted in: its primary subtag, or `und`.
pub fn table_of(lang: Option<&crate::lang::Lang>) -> String {
    lang.map_or_else(|| "und".to_owned(), crate::lang::Lang::primary)
}

/// Local numbers of the terms of the document at hand, by index in the vocabulary.
#[derive(Default)]
struct Locals {
    /// Document number and local term, by index in the vocabulary.
    stamps: Vec<(u32, u32)>,
    document: u32,
    terms: Vec<TermId>,
}

impl Locals {
    fn start(&mut self) {
        self.terms = Vec::new();
        self.document = self.document.wrapping_add(1);
        if self.document == 0 {
            self.stamps.clear();
            self.document = 1;
        }
    }

    #[inline]
    fn number(&mut self, term: TermId) -> u32 {
        let index = term.index();
        if index >= self.stamps.len() {
            self.stamps.resize((index + 1).next_power_of_two(), (0, 0));
        }
        let stamp = &mut self.stamps[index];
        if stamp.0 != self.document {
            *stamp = (self.document, self.terms.len() as u32);
            self.terms.push(term);
        }
        stamp.1
    }
}

/// The language an article is parsed as: its own, else the option's, else detected.
fn settle_language(article: &mut Article, options: &TextOptions) {
    if article.lang.is_none() {
        article.lang = options.lang.clone().or_else(|| detect::detect(article.text(), &options.languages));
    }
}

/// Finds an article's structure. Its language is settled on the way, and what a byline says of date and author is added to
/// its metadata where the record was silent.
pub fn parse(mut article: Article, options: &TextOptions, scratch: &mut Scratch) -> Document {
    settle_language(&mut article, options);
    let language = language::of(article.lang.as_ref());
    let (structure, byline) = structure_of(&article, language, options, scratch);
    article.meta.date = article.meta.date.or(byline.date);
    article.meta.author = article.meta.author.or(byline.author);
    Document::new(article, structure)
}

fn structure_of(
    article: &Article,
    language: &'static Language,
    options: &TextOptions,
    scratch: &mut Scratch,
) -> (Structure, structure::Byline) {
    let text = article.text();
    let spans = paragraph::paragraphs(text, options.newlines);
    let (kinds, byline) = structure::kinds(text, &spans, language, article.title.as_deref());
    let mut out = Structure::default();
    for (span, kind) in spans.into_iter().zip(kinds) {
        add_paragraph(&mut out, text, span, kind, language);
    }
    quote::mark_quotes(text, &out.paragraphs, &mut out.sentences);
    if options.terms {
        add_terms(&mut out, article, language, scratch);
    } else {
        for sentence in &mut out.sentences {
            sentence.words = Words::of(sentence.span.of(text)).count(language.factor);
        }
    }
    (out, byline)
}

/// A byline, title or heading is one sentence, whatever stands in it; the rest is cut by rules.
fn add_paragraph(out: &mut Structure, text: &str, span: Span, kind: Kind, language: &Language) {
    let paragraph = out.paragraphs.len() as u32;
    let first = out.sentences.len() as u32;
    let mut push = |span: Span| out.sentences.push(Sentence { span, paragraph, ..Sentence::default() });
    match kind {
        Kind::Byline | Kind::Title | Kind::Heading => push(span),
        _ => sentence::sentences(span.of(text), language, |found| push(found.shifted(span.start as usize))),
    }
    out.paragraphs.push(Paragraph { span, kind, sentences: first..out.sentences.len() as u32 });
}

/// Numbers the terms of every sentence and of the title, and counts words.
fn add_terms(out: &mut Structure, article: &Article, language: &'static Language, scratch: &mut Scratch) {
    let vocabulary = scratch.vocabularies.entry(table_of(article.lang.as_ref())).or_insert_with(|| Vocabulary::new(language));
    let mut builder = Terms { vocabulary, locals: &mut scratch.locals, buffers: &mut scratch.buffers, elision: language.elision() };
    builder.locals.start();
    let text = article.text();
    out.tokens.reserve(text.len() / 6);
    for sentence in &mut out.sentences {
        let start = out.tokens.len() as u32;
        let words = builder.add(text, sentence.span, &mut out.tokens);
        sentence.tokens = start..out.tokens.len() as u32;
        sentence.words = words.count(language.factor);
    }
    let headline = out.paragraphs.iter().find(|p| p.kind == Kind::Title).map(|p| p.span);
    match (&article.title, headline) {
        (Some(title), _) => {
            builder.add(title, Span::new(0, title.len()), &mut out.title);
        }
        (None, Some(span)) => {
            builder.add(text, span, &mut out.title);
        }
        (None, None) => {}
    }
    out.terms = std::mem::take(&mut scratch.locals.terms);
}

/// Turns text into local terms.
struct Terms<'a> {
    vocabulary: &'a mut Vocabulary,
    locals: &'a mut Locals,
    buffers: &'a mut Buffers,
    elision: bool,
}

/// Places and terms of the words at hand.
#[derive(Default)]
struct Buffers {
    places: Vec<Span>,
    terms: Vec<TermId>,
}

impl Terms<'_> {
    /// Appends the local terms of `span` and counts its words.
    fn add(&mut self, text: &str, span: Span, out: &mut Vec<u32>) -> Words {
        let slice = span.of(text);
        let offset = span.start;
        let mut words = Words::default();
        let places = &mut self.buffers.places;
        places.clear();
        let elision = self.elision;
        token::pieces(slice, |piece| {
            words.add(piece, slice);
            match piece {
                Piece::Word(word) if elision => add_parts(text, word.shifted(offset as usize), places),
                Piece::Word(word) => places.push(Span { start: word.start + offset, end: word.end + offset }),
                Piece::Run(run) => add_bigrams(text, run.shifted(offset as usize), places),
            }
        });
        self.buffers.terms.clear();
        self.vocabulary.ids(text, places, &mut self.buffers.terms);
        out.extend(self.buffers.terms.iter().map(|&term| self.locals.number(term)));
        words
    }
}

/// The parts of a word between apostrophes: `l'homme` is two terms.
fn add_parts(text: &str, word: Span, places: &mut Vec<Span>) {
    let mut start = word.start as usize;
    for (at, mark) in word.of(text).match_indices(['\'', '’']) {
        let end = word.start as usize + at;
        if end > start {
            places.push(Span::new(start, end));
        }
        start = end + mark.len();
    }
    if word.end as usize > start {
        places.push(Span::new(start, word.end as usize));
    }
}

/// Runs of an unspaced script become overlapping pairs of characters; a single character stays alone.
fn add_bigrams(text: &str, run: Span, places: &mut Vec<Span>) {
    let offset = run.start as usize;
    let mut bounds = run.of(text).char_indices().map(|(at, _)| offset + at).chain([run.end as usize]);
    let (Some(mut start), Some(mut middle)) = (bounds.next(), bounds.next()) else { return };
    let mut alone = true;
    for end in bounds {
        places.push(Span::new(start, end));
        (start, middle) = (middle, end);
        alone = false;
    }
    if alone {
        places.push(Span::new(start, middle));
    }
}
