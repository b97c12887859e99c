//! The text room: from an [`Article`] to a [`Document`]. Paragraphs, their kinds, sentences, quoted speech, words and terms,
//! each in a file of its own. [`parse`] is the only door and never fails; nothing here knows scores, formats or files.

pub mod abbreviations;
pub mod boundary;
pub mod date;
pub mod detect;
pub mod language;
mod local;
pub mod opener;
pub mod paragraph;
pub mod places;
mod quote;
pub mod revision;
mod scan;
mod sentence;
pub mod sketch;
pub mod speaker;
pub mod srx;
pub mod stem;
mod structure;
pub mod token;
pub mod vector;
pub mod vocabulary;
mod words;

use std::ops::Range;
use std::sync::Arc;

use foldhash::HashMap;

use crate::article::Article;
use crate::document::{Document, Kind, Paragraph, Sentence, Structure, TermId};
use crate::lang::Lang;
use crate::span::Span;
pub use abbreviations::Abbreviations;
use language::{Data, Language};
use local::Locals;
pub use paragraph::Newlines;
pub use quote::Quotes;
use scan::Scan;
use srx::Srx;
use token::{Piece, Pieces, Words};
use vocabulary::Vocabulary;
use words::HANDFUL;

/// Version of everything that shapes boundaries and terms; part of a frequency table's fingerprint.
pub const VERSION: u32 = 1;

/// How to read a text.
#[derive(Clone, Debug)]
pub struct TextOptions {
    /// The language of articles that do not name theirs; it goes before detection.
    pub lang: Option<Lang>,
    /// Primary subtags that detection may answer; empty allows all.
    pub languages: Vec<String>,
    /// What a single newline means.
    pub newlines: Newlines,
    /// Whether a quotation of several sentences is cut.
    pub quotes: Quotes,
    /// Abbreviations beside those of the languages.
    pub abbreviations: Option<Arc<Abbreviations>>,
    /// Whether to build terms; without them only boundaries are found.
    pub terms: bool,
    /// Rules that cut paragraphs into sentences in place of our own; paragraphs and their kinds stay ours.
    pub srx: Option<Arc<Srx>>,
}

impl Default for TextOptions {
    fn default() -> TextOptions {
        TextOptions {
            lang: None,
            languages: Vec::new(),
            newlines: Newlines::Auto,
            quotes: Quotes::Split,
            abbreviations: None,
            terms: true,
            srx: None,
        }
    }
}

/// What a worker keeps from article to article: a vocabulary for each language, and tables that are cleared, not freed.
#[derive(Default)]
pub struct Scratch {
    vocabularies: HashMap<String, Vocabulary>,
    locals: Locals,
    buffers: Buffers,
    scan: Scan,
    spare: Structure,
    srx: srx::Kept,
}

impl Scratch {
    /// The vocabulary of a language (see [`table_of`]), if a document in it was parsed.
    pub fn vocabulary(&self, table: &str) -> Option<&Vocabulary> {
        self.vocabularies.get(table)
    }

    /// Forgets all words, so that terms are numbered from the start again; documents parsed before keep their local numbers.
    pub fn forget_words(&mut self) {
        self.vocabularies.clear();
    }

    /// Takes back the structure of a document that is done with, so that the next one finds room in it.
    pub fn recycle(&mut self, structure: Structure) {
        self.spare = structure;
    }

    /// An empty structure, with what room there is.
    pub fn structure(&mut self) -> Structure {
        let mut structure = std::mem::take(&mut self.spare);
        structure.clear();
        structure
    }

    /// The rules of an SRX file for a language code, empty if no map covers it.
    pub fn srx_rules(&mut self, srx: &Arc<Srx>, code: &str) -> &srx::Rules {
        self.srx.rules(srx, code).0
    }

    /// Positions that rules of an SRX file left undecided since this was asked last: a pattern took too many steps.
    pub fn take_srx_undecided(&mut self) -> u64 {
        self.srx.take_undecided()
    }

    /// The terms of a text, as a document of that table (see [`table_of`]) would have them: each once, without stop words; none
    /// if no document of the table was parsed.
    pub fn terms_of(&mut self, table: &str, text: &str) -> Vec<TermId> {
        let Scratch { vocabularies, locals, buffers, scan, .. } = self;
        let Some(vocabulary) = vocabularies.get_mut(table) else { return Vec::new() };
        let elision = vocabulary.language().elision();
        let mut terms = Terms { vocabulary, locals, buffers, elision };
        terms.start();
        scan.read(text);
        let (_, places) = terms.ask(text, Span::new(0, text.len()), scan);
        terms.look_up(text);
        terms.number(places, &mut Vec::new());
        terms.locals.terms().to_vec()
    }

    /// Every vocabulary with the name of its table, in no order.
    pub fn vocabularies(&self) -> impl Iterator<Item = (&str, &Vocabulary)> {
        self.vocabularies.iter().map(|(table, vocabulary)| (table.as_str(), vocabulary))
    }
}

/// The table that a language's terms are counted in: its primary subtag, or `und`.
pub fn table_of(lang: Option<&Lang>) -> &str {
    lang.map_or("und", Lang::primary)
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
    scratch.scan.read(text);
    let mut out = scratch.structure();
    let cut = Cut::new(text, article.lang.as_ref(), options, &scratch.scan);
    let srx = options.srx.as_ref().filter(|_| !cut.lines);
    let mut rules = srx.map(|srx| scratch.srx.rules(srx, article.lang.as_ref().map_or("", Lang::tag)));
    for (span, kind) in spans.into_iter().zip(kinds) {
        add_paragraph(&mut out, span, kind, |push| match &mut rules {
            Some((rules, cache)) => srx::sentences(text, span, rules, cache, push),
            None => cut.sentences(span, kind, push),
        });
    }
    if options.quotes == Quotes::Keep && !cut.lines {
        quote::keep_whole(text, &scratch.scan, &mut out.paragraphs, &mut out.sentences);
    }
    quote::mark_quotes(text, &scratch.scan, &out.paragraphs, &mut out.sentences);
    if options.terms {
        add_terms(&mut out, article, language, scratch);
    } else {
        for sentence in &mut out.sentences {
            sentence.words = Words::within(text, sentence.span, &scratch.scan).count(language.factor);
        }
    }
    (out, byline)
}

/// Kinds of paragraphs that are one sentence, whatever stands in them.
fn is_whole(kind: Kind) -> bool {
    matches!(kind, Kind::Byline | Kind::Title | Kind::Heading)
}

/// How the paragraphs of a text are cut.
struct Cut<'a> {
    text: &'a str,
    scan: &'a Scan,
    language: &'a Language,
    data: &'a Data,
    /// Abbreviations of the user's are among the data.
    users: bool,
    /// Every line is a sentence.
    lines: bool,
}

impl<'a> Cut<'a> {
    fn new(text: &'a str, lang: Option<&Lang>, options: &'a TextOptions, scan: &'a Scan) -> Cut<'a> {
        let language = language::of(lang);
        let data = options.abbreviations.as_ref().map_or_else(|| language.data(), |more| more.data(table_of(lang), language));
        Cut { text, scan, language, data, users: options.abbreviations.is_some(), lines: options.newlines == Newlines::Sentence }
    }

    /// Calls `each` with the sentences of a paragraph: a byline, title or heading is one, whatever stands in it; the rest is cut
    /// by rules, unless lines say it all.
    fn sentences(&self, span: Span, kind: Kind, mut each: impl FnMut(Span)) {
        match kind {
            _ if self.lines => paragraph::lines_within(self.text, span).for_each(each),
            _ if is_whole(kind) => each(span),
            _ => sentence::sentences(self, span, each),
        }
    }
}

/// Appends a paragraph with the sentences that `cut` hands over.
fn add_paragraph(out: &mut Structure, span: Span, kind: Kind, cut: impl FnOnce(&mut dyn FnMut(Span))) {
    let paragraph = out.paragraphs.len() as u32;
    let first = out.sentences.len() as u32;
    cut(&mut |span: Span| out.sentences.push(Sentence { span, paragraph, ..Sentence::default() }));
    out.paragraphs.push(Paragraph { span, kind, sentences: first..out.sentences.len() as u32 });
}

/// Numbers the terms of every sentence and of the title, and counts words.
fn add_terms(out: &mut Structure, article: &Article, language: &'static Language, scratch: &mut Scratch) {
    /// Words looked up at a time, at least.
    const BATCH: usize = 1024;
    let Scratch { vocabularies, locals, buffers, scan, .. } = scratch;
    let table = table_of(article.lang.as_ref());
    if !vocabularies.contains_key(table) {
        vocabularies.insert(table.to_owned(), Vocabulary::new(language));
    }
    let vocabulary = vocabularies.get_mut(table).expect("it was put there");
    let mut terms = Terms { vocabulary, locals, buffers, elision: language.elision() };
    terms.start();
    let text = article.text();
    let mut batch = 0;
    for index in 0..out.sentences.len() {
        let sentence = &mut out.sentences[index];
        let (words, places) = terms.ask(text, sentence.span, scan);
        sentence.words = words.count(language.factor);
        // For the moment words of the batch; numbering makes them tokens.
        sentence.tokens = places;
        if terms.asked() >= BATCH || index + 1 == out.sentences.len() {
            terms.look_up(text);
            for sentence in &mut out.sentences[batch..=index] {
                sentence.tokens = terms.number(sentence.tokens.clone(), &mut out.tokens);
            }
            batch = index + 1;
        }
    }
    let headline = out.paragraphs.iter().find(|p| p.kind == Kind::Title).map(|p| p.span);
    let title = match (&article.title, headline) {
        (Some(title), _) => {
            scan.read(title);
            Some((title.as_str(), Span::new(0, title.len())))
        }
        (None, headline) => headline.map(|span| (text, span)),
    };
    if let Some((text, span)) = title {
        let (_, places) = terms.ask(text, span, scan);
        terms.look_up(text);
        terms.number(places, &mut out.title);
    }
    out.terms.extend_from_slice(terms.locals.terms());
}

/// Turns text into local terms: words are asked for sentence by sentence, looked up by the batch, then numbered.
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
    /// Forgets the article before, whole or broken off by a panic.
    fn start(&mut self) {
        self.locals.start();
        self.buffers.places.clear();
    }

    /// Notes the words of `span` and counts them; returns which of the batch they are.
    fn ask(&mut self, text: &str, span: Span, scan: &Scan) -> (Words, Range<u32>) {
        let start = self.buffers.places.len() as u32;
        let mut noted = Noted { text, words: Words::default(), places: &mut self.buffers.places, elision: self.elision };
        token::pieces(text, span, scan, &mut noted);
        (noted.words, start..self.buffers.places.len() as u32)
    }

    /// Words noted and not looked up yet.
    fn asked(&self) -> usize {
        self.buffers.places.len()
    }

    /// Looks up what was noted.
    fn look_up(&mut self, text: &str) {
        let Buffers { places, terms } = &mut *self.buffers;
        terms.clear();
        self.vocabulary.ids(text, places, terms);
        places.clear();
    }

    /// Appends the local numbers of some words of the batch, but for stop words; returns where they stand in `out`.
    fn number(&mut self, of: Range<u32>, out: &mut Vec<u32>) -> Range<u32> {
        let start = out.len() as u32;
        let terms = &self.buffers.terms[of.start as usize..of.end as usize];
        // Every other word is a stop word, and none can tell which: they are left out without a branch.
        let mut told = [TermId::new(0, false); HANDFUL];
        for terms in terms.chunks(HANDFUL) {
            let mut count = 0;
            for term in terms {
                told[count] = *term;
                count += usize::from(!term.is_stop());
            }
            out.extend(told[..count].iter().map(|&term| self.locals.number(term)));
        }
        start..out.len() as u32
    }
}

/// Notes where the words of terms are, and counts words.
struct Noted<'a> {
    text: &'a str,
    words: Words,
    places: &'a mut Vec<Span>,
    elision: bool,
}

impl Pieces for Noted<'_> {
    #[inline]
    fn plain(&mut self, word: Span) {
        self.words.spaced += 1;
        self.places.push(word);
    }

    fn other(&mut self, piece: Piece) {
        self.words.add(piece, self.text);
        match piece {
            Piece::Word(word) if self.elision => add_parts(self.text, word, self.places),
            Piece::Word(word) => self.places.push(word),
            Piece::Run(run) => add_bigrams(self.text, run, self.places),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_panic_left_behind_costs_no_other_article() {
        let article = || Article::new("a".into(), "The mayor opened the bridge.".into()).expect("short");
        let mut scratch = Scratch::default();
        scratch.buffers.places.push(Span::new(1000, 1004));
        let after = parse(article(), &TextOptions::default(), &mut scratch);
        let fresh = parse(article(), &TextOptions::default(), &mut Scratch::default());
        assert_eq!(after.structure(), fresh.structure());
    }
}
