//! What pass two needs of a document that pass one parsed, packed into few bytes, so that no article is tokenised twice. The packed
//! form never leaves the process; where it lies is the business of `articles`.
//!
//! First stand a hash of the article's bytes and the generation of words that its terms are numbered by, then terms and tokens, of
//! which there are many, in plain lists, tokens as narrow as the article allows. The rest is written seven bits to a byte
//! (LEB128), places as the distance from the one before. An id that the batch had to change comes last.

use std::ops::{Deref, Range};
use std::sync::Arc;

use super::spill::{bytes_of, numbers_of};
use crate::article::Article;
use crate::document::{Document, Kind, Paragraph, Quote, Sentence, Structure, TermId};
use crate::lang::Lang;
use crate::span::Span;

/// Where the parts of fixed length are.
const HASH: Range<usize> = 0..8;
const GENERATION: Range<usize> = 8..12;
const RENAMED: usize = 12;
const LISTS: usize = 13;

/// An article as it was packed; empty if pass two is to pass over it.
pub enum Packed {
    /// Its own bytes.
    Whole(Box<[u8]>),
    /// A part of a chunk's.
    Part(Arc<Vec<u8>>, Range<usize>),
}

impl Deref for Packed {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Packed::Whole(bytes) => bytes,
            Packed::Part(bytes, range) => &bytes[range.clone()],
        }
    }
}

/// Packs a document; `buffer` is overwritten.
pub fn pack(document: &Document, hash: u64, generation: u32, buffer: &mut Vec<u8>) -> Box<[u8]> {
    buffer.clear();
    buffer.extend_from_slice(&hash.to_le_bytes());
    buffer.extend_from_slice(&generation.to_le_bytes());
    buffer.push(0);
    let structure = document.structure();
    let mut packer = Packer { out: buffer };
    packer.number(structure.terms.len() as u32);
    packer.number((structure.tokens.len() + structure.title.len()) as u32);
    pack_lists(structure, buffer);
    pack_rest(document, &mut Packer { out: buffer });
    buffer.as_slice().into()
}

/// Adds the id that the batch gives to a packed article.
pub fn rename(packed: &[u8], id: &str) -> Box<[u8]> {
    let mut bytes = packed.to_vec();
    bytes[RENAMED] = 1;
    bytes.extend_from_slice(id.as_bytes());
    bytes.extend_from_slice(&(id.len() as u32).to_le_bytes());
    bytes.into()
}

/// Bytes a token, by the number of terms.
fn width(terms: usize) -> usize {
    match terms {
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

/// Terms, then the tokens of the sentences, then those of the title. No term is a stop word.
fn pack_lists(structure: &Structure, out: &mut Vec<u8>) {
    bytes_of(structure.terms.iter().map(|term| term.index() as u32), out);
    let width = width(structure.terms.len());
    for tokens in [&structure.tokens, &structure.title] {
        match width {
            1 => out.extend(tokens.iter().map(|token| *token as u8)),
            2 => tokens.iter().for_each(|token| out.extend_from_slice(&(*token as u16).to_le_bytes())),
            _ => bytes_of(tokens.iter().copied(), out),
        }
    }
}

fn unpack_lists(packed: &mut Unpacker, out: &mut Structure) {
    let (terms, tokens) = (packed.number() as usize, packed.number() as usize);
    out.terms.extend(numbers_of(packed.bytes(4 * terms)).map(|index| TermId::new(index, false)));
    let width = width(terms);
    let bytes = packed.bytes(width * tokens);
    match width {
        1 => out.tokens.extend(bytes.iter().map(|byte| u32::from(*byte))),
        2 => out.tokens.extend(bytes.chunks_exact(2).map(|two| u32::from(u16::from_le_bytes([two[0], two[1]])))),
        _ => out.tokens.extend(numbers_of(bytes)),
    }
}

impl Packed {
    /// Hash of the article's bytes, by which it is known again.
    pub fn hash(&self) -> u64 {
        u64::from_le_bytes(self[HASH].try_into().expect("a hash has that length"))
    }

    /// The generation of words that its terms are numbered by.
    pub fn generation(&self) -> u32 {
        u32::from_le_bytes(self[GENERATION].try_into().expect("a generation has that length"))
    }

    /// Its id, if the batch had to change it.
    pub fn id(&self) -> Option<&str> {
        let (rest, length) = self.split_last_chunk().filter(|_| self[RENAMED] > 0)?;
        let start = rest.len() - u32::from_le_bytes(*length) as usize;
        Some(std::str::from_utf8(&rest[start..]).expect("ids were packed"))
    }

    /// The document again, from the article as it was read again and an empty structure to fill.
    pub fn restore(&self, mut article: Article, mut structure: Structure) -> Document {
        let mut packed = Unpacker { rest: &self[LISTS..] };
        unpack_lists(&mut packed, &mut structure);
        article.lang = packed.string().and_then(|tag| Lang::parse(&tag));
        article.meta.date = packed.string();
        article.meta.author = packed.string();
        let of_title = unpack_rest(&mut packed, &mut structure);
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

fn pack_rest(document: &Document, out: &mut Packer) {
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

/// The reverse of [`pack_rest`]; returns the number of the title's tokens. A paragraph reaches from its first sentence to its last,
/// since both are tight.
fn unpack_rest(packed: &mut Unpacker, out: &mut Structure) -> usize {
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

    fn bytes(&mut self, length: usize) -> &[u8] {
        let (bytes, rest) = self.rest.split_at(length);
        self.rest = rest;
        bytes
    }

    fn string(&mut self) -> Option<String> {
        let length = self.number().checked_sub(1)? as usize;
        Some(std::str::from_utf8(self.bytes(length)).expect("strings were packed").to_owned())
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
    use crate::batch::keep::Articles;
    use crate::text::{Scratch, TextOptions, parse};
    use proptest::prelude::*;

    fn article(title: Option<&str>, text: &str) -> Article {
        let mut article = Article::new("a".into(), text.into()).expect("short");
        article.title = title.map(str::to_owned);
        article
    }

    /// Packs texts, sends them through memory and file, and holds what comes back against what there was.
    fn there_and_back(texts: &[(Option<&str>, &str)], room: usize) {
        let mut scratch = Scratch::default();
        let documents: Vec<Document> =
            texts.iter().map(|(title, text)| parse(article(*title, text), &TextOptions::default(), &mut scratch)).collect();
        let mut articles = Articles::with_room(room);
        for (number, document) in documents.iter().enumerate() {
            let mut packed = pack(document, 7 << 40 | number as u64, number as u32, &mut Vec::new());
            if number % 2 == 1 {
                packed = rename(&packed, "a~2");
            }
            articles.add(vec![packed]).expect("there is room");
        }
        let mut unread = articles.read();
        for ((number, document), (title, text)) in documents.iter().enumerate().zip(texts) {
            let packed = unread.next().expect("sound").expect("as many as were added");
            assert_eq!((packed.hash(), packed.generation()), (7 << 40 | number as u64, number as u32));
            assert_eq!(packed.id(), (number % 2 == 1).then_some("a~2"));
            let restored = packed.restore(article(*title, text), Structure::default());
            assert_eq!(restored.structure(), document.structure());
            assert_eq!(restored.article().meta, document.article().meta);
            assert_eq!(restored.article().lang, document.article().lang);
        }
    }

    #[test]
    fn what_is_restored_is_what_was_kept() {
        let many = |n: u32| (0..n).map(|i| format!("w{i}x ")).collect::<String>();
        let (some, most) = (many(300), many(70_000));
        let texts = [
            "“It is done. We are glad,” the mayor of Ada said. He left.\n\nBy Ann Lee, 3 May 2021\n\n• one\n• two and “three”",
            "Interstate Mir” broke off. Ivan said so, in 2021.",
            "東京で、雨が降った。「はい」と言った。",
            &some,
            &most,
        ];
        let texts = texts.map(|text| (Some("The mayor of Zorbia"), text));
        there_and_back(&texts, usize::MAX);
        there_and_back(&texts, 0);
    }

    proptest! {
        #[test]
        fn any_text_comes_back_through_the_file(texts in prop::collection::vec("(\\PC{0,12}[ .?!\"“”\n]{0,3}){0,20}x", 1..4), titled: bool) {
            let texts: Vec<(Option<&str>, &str)> = texts.iter().map(|text| (titled.then_some("A title"), text.as_str())).collect();
            there_and_back(&texts, 0);
        }
    }
}
