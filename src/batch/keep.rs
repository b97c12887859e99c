//! What pass two needs of a document that pass one parsed, packed into few bytes, so that no article is tokenised twice while
//! memory lasts. Past the budget nothing is kept and the article is parsed again, with the same result. The packed form never
//! leaves the process.
//!
//! Sentences are written seven bits to a byte (LEB128), places as the distance from the one before; terms and tokens, of which
//! there are many, lie in plain lists as narrow as the article allows.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::article::Article;
use crate::document::{Document, Kind, Paragraph, Quote, Sentence, Structure, TermId};
use crate::lang::Lang;
use crate::span::Span;

/// Bytes that kept structures may take in all.
const BUDGET: usize = 256 << 20;

/// Memory left for keeping.
pub struct Keeper {
    left: AtomicUsize,
}

impl Default for Keeper {
    fn default() -> Keeper {
        Keeper::with_budget(BUDGET)
    }
}

/// A structure between the passes.
pub struct Kept {
    /// The worker whose vocabulary its terms are numbered by.
    pub worker: usize,
    terms: Box<[TermId]>,
    /// Tokens of the sentences, then those of the title.
    tokens: Tokens,
    packed: Box<[u8]>,
}

/// Local terms in as few bytes as their number allows.
enum Tokens {
    Narrow(Box<[u8]>),
    Short(Box<[u16]>),
    Long(Box<[u32]>),
}

impl Keeper {
    /// A keeper of so many bytes.
    pub fn with_budget(bytes: usize) -> Keeper {
        Keeper { left: AtomicUsize::new(bytes) }
    }

    /// Keeps a document's structure if there is room. `buffer` is overwritten.
    pub fn keep(&self, document: &Document, worker: usize, buffer: &mut Vec<u8>) -> Option<Kept> {
        if self.left.load(Ordering::Relaxed) == 0 {
            return None;
        }
        buffer.clear();
        pack(document, &mut Packer { out: buffer });
        let structure = document.structure();
        let bytes = buffer.len() + size_of_val(&*structure.terms) + Tokens::bytes(structure) + size_of::<Kept>();
        let pay = |left: usize| left.checked_sub(bytes);
        let paid = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, pay).is_ok();
        paid.then(|| Kept { worker, terms: (&*structure.terms).into(), tokens: Tokens::new(structure), packed: (&**buffer).into() })
    }
}

impl Tokens {
    fn new(structure: &Structure) -> Tokens {
        let all = || structure.tokens.iter().chain(&structure.title);
        match Tokens::width(structure) {
            1 => Tokens::Narrow(all().map(|&token| token as u8).collect()),
            2 => Tokens::Short(all().map(|&token| token as u16).collect()),
            _ => Tokens::Long(all().copied().collect()),
        }
    }

    /// Bytes that one takes.
    fn width(structure: &Structure) -> usize {
        match structure.terms.len() {
            0..=0x100 => 1,
            0x101..=0x1_0000 => 2,
            _ => 4,
        }
    }

    /// Bytes they will take.
    fn bytes(structure: &Structure) -> usize {
        Tokens::width(structure) * (structure.tokens.len() + structure.title.len())
    }

    fn restore(&self, out: &mut Vec<u32>) {
        match self {
            Tokens::Narrow(tokens) => out.extend(tokens.iter().map(|&token| u32::from(token))),
            Tokens::Short(tokens) => out.extend(tokens.iter().map(|&token| u32::from(token))),
            Tokens::Long(tokens) => out.extend_from_slice(tokens),
        }
    }
}

impl Kept {
    /// The document again, from the article as it was read again and an empty structure to fill.
    pub fn restore(&self, mut article: Article, mut structure: Structure) -> Document {
        let mut packed = Unpacker { rest: &self.packed };
        article.lang = packed.string().and_then(|tag| Lang::parse(&tag));
        article.meta.date = packed.string();
        article.meta.author = packed.string();
        structure.terms.extend_from_slice(&self.terms);
        self.tokens.restore(&mut structure.tokens);
        let of_title = unpack(&mut packed, &mut structure);
        let Structure { tokens, title, .. } = &mut structure;
        title.extend(tokens.drain(tokens.len() - of_title..));
        Document::new(article, structure)
    }
}

const KINDS: [Kind; 6] = [Kind::Title, Kind::Byline, Kind::Heading, Kind::Body, Kind::ListItem, Kind::Caption];
const QUOTES: [Quote; 6] = [Quote::None, Quote::Opens, Quote::Inside, Quote::Closes, Quote::Whole, Quote::Broken];

/// Bits above those of the place in quoted speech.
const ALL_QUOTED: u32 = 8;
const SPEAKER: u32 = 16;

fn pack(document: &Document, out: &mut Packer) {
    let article = document.article();
    for string in [article.lang.as_ref().map(Lang::tag), article.meta.date.as_deref(), article.meta.author.as_deref()] {
        out.string(string);
    }
    let structure = document.structure();
    out.number(structure.title.len() as u32);
    out.number(structure.sentences.len() as u32);
    out.number(structure.paragraphs.len() as u32);
    let mut at = 0;
    for paragraph in &structure.paragraphs {
        let kind = KINDS.iter().position(|kind| *kind == paragraph.kind).expect("every kind is listed");
        out.number(kind as u32);
        out.number(paragraph.sentences.len() as u32);
        for sentence in &structure.sentences[paragraph.sentences.start as usize..paragraph.sentences.end as usize] {
            out.sentence(sentence, at);
            at = sentence.span.end;
        }
    }
}

/// The reverse of [`pack`]; returns the number of the title's tokens. A paragraph reaches from its first sentence to its last,
/// since both are tight.
fn unpack(packed: &mut Unpacker, out: &mut Structure) -> usize {
    let of_title = packed.number() as usize;
    out.sentences.reserve(packed.number() as usize);
    let paragraphs = packed.number();
    out.paragraphs.reserve(paragraphs as usize);
    let (mut at, mut token) = (0, 0);
    for paragraph in 0..paragraphs {
        let kind = KINDS[packed.number() as usize];
        let first = out.sentences.len() as u32;
        for _ in 0..packed.number() {
            let sentence = packed.sentence(paragraph, at, token);
            (at, token) = (sentence.span.end, sentence.tokens.end);
            out.sentences.push(sentence);
        }
        let start = out.sentences.get(first as usize).map_or(at, |sentence| sentence.span.start);
        out.paragraphs.push(Paragraph { span: Span { start, end: at }, kind, sentences: first..out.sentences.len() as u32 });
    }
    of_title
}

struct Packer<'a> {
    out: &'a mut Vec<u8>,
}

impl Packer<'_> {
    #[inline]
    fn number(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.out.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.out.push(value as u8);
    }

    /// Length plus one and the bytes; zero for none.
    fn string(&mut self, string: Option<&str>) {
        self.number(string.map_or(0, |string| string.len() as u32 + 1));
        self.out.extend_from_slice(string.unwrap_or("").as_bytes());
    }

    /// A sentence; `at` is the end of the one before.
    fn sentence(&mut self, sentence: &Sentence, at: u32) {
        let quote = QUOTES.iter().position(|quote| *quote == sentence.quote).expect("every place is listed") as u32;
        let all_quoted = if sentence.all_quoted { ALL_QUOTED } else { 0 };
        let speaker = if sentence.speaker.is_some() { SPEAKER } else { 0 };
        self.number(quote | all_quoted | speaker);
        self.number(sentence.span.start - at);
        self.number(sentence.span.end - sentence.span.start);
        if let Some(speaker) = sentence.speaker {
            self.number(speaker.start - sentence.span.start);
            self.number(speaker.end - speaker.start);
        }
        self.number(sentence.words);
        self.number(sentence.tokens.len() as u32);
    }
}

/// Reads what [`Packer`] wrote; anything else would be a bug, and panics.
struct Unpacker<'a> {
    rest: &'a [u8],
}

impl Unpacker<'_> {
    #[inline]
    fn number(&mut self) -> u32 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let (b, rest) = self.rest.split_first().expect("packed numbers end");
            self.rest = rest;
            value |= u32::from(b & 0x7f) << shift;
            if *b < 0x80 {
                return value;
            }
            shift += 7;
        }
    }

    fn string(&mut self) -> Option<String> {
        let length = self.number().checked_sub(1)? as usize;
        let (string, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some(std::str::from_utf8(string).expect("strings were packed").to_owned())
    }

    /// The next sentence; `at` is the end of the one before, `token` of its tokens.
    fn sentence(&mut self, paragraph: u32, at: u32, token: u32) -> Sentence {
        let flags = self.number();
        let start = at + self.number();
        let end = start + self.number();
        let speaker = (flags & SPEAKER != 0).then(|| {
            let start = start + self.number();
            Span { start, end: start + self.number() }
        });
        Sentence {
            span: Span { start, end },
            paragraph,
            quote: QUOTES[(flags & (ALL_QUOTED - 1)) as usize],
            all_quoted: flags & ALL_QUOTED != 0,
            speaker,
            words: self.number(),
            tokens: token..token + self.number(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Scratch, TextOptions, parse};

    #[test]
    fn what_is_restored_is_what_was_kept() {
        let texts = [
            "“It is done. We are glad,” the mayor of Ada said. He left.\n\nBy Ann Lee, 3 May 2021\n\n• one\n• two and “three”",
            "Interstate Mir” broke off. Ivan said so, in 2021.",
            "東京で、雨が降った。「はい」と言った。",
        ];
        for text in texts {
            let mut article = Article::new("a".into(), text.into()).expect("short");
            article.title = Some("The mayor of Zorbia".to_owned());
            let again = article.clone();
            let document = parse(article, &TextOptions::default(), &mut Scratch::default());
            let kept = Keeper::default().keep(&document, 0, &mut Vec::new()).expect("there is room");
            let restored = kept.restore(again, Structure::default());
            assert_eq!(restored.structure(), document.structure());
            assert_eq!(restored.article().meta, document.article().meta);
            assert_eq!(restored.article().lang, document.article().lang);
        }
    }

    #[test]
    fn past_the_budget_nothing_is_kept() {
        let article = Article::new("a".into(), "Two words.".into()).expect("short");
        let document = parse(article, &TextOptions::default(), &mut Scratch::default());
        assert!(Keeper::with_budget(8).keep(&document, 0, &mut Vec::new()).is_none());
    }
}
