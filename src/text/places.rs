//! Where the words behind a document's tokens stand. A document keeps local terms without their places, and stop words not at
//! all; the few who need both (keywords, distances between words) read its sentences again here. The words are those that
//! [`super::parse`] saw, in its order. Nothing is looked up in a vocabulary.

use foldhash::HashMap;

use super::scan::Scan;
use super::token::{self, Words};
use super::{Noted, language, stem};
use crate::document::Document;
use crate::span::Span;
use language::Language;

/// A word of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where it stands in the text; pairs of characters of an unspaced script overlap.
    pub span: Span,
    /// Its local term; `None` for a stop word.
    pub term: Option<u32>,
}

/// Reads the words of a document's sentences again.
pub struct Places<'a> {
    document: &'a Document,
    language: &'static Language,
    scan: Scan,
    spans: Vec<Span>,
    /// Whether a word is a stop word, by its form in the text.
    stops: HashMap<&'a str, bool>,
}

impl<'a> Places<'a> {
    /// A reader of the words of a document that was parsed with terms.
    pub fn new(document: &'a Document) -> Places<'a> {
        let mut scan = Scan::default();
        scan.read(document.text());
        let language = language::of(document.article().lang.as_ref());
        Places { document, language, scan, spans: Vec::new(), stops: HashMap::default() }
    }

    /// Puts the words of a sentence into `out`, in place of what is there: those that are no stop words are its tokens, in order.
    pub fn read(&mut self, sentence: usize, out: &mut Vec<Place>) {
        out.clear();
        self.spans.clear();
        let text = self.document.text();
        let elision = self.language.elision();
        let mut noted = Noted { text, words: Words::default(), places: &mut self.spans, elision };
        token::pieces(text, self.document.sentences()[sentence].span, &self.scan, &mut noted);
        let mut tokens = self.document.tokens(sentence).iter().copied();
        for &span in &self.spans {
            let word = span.of(text);
            let stop = *self.stops.entry(word).or_insert_with(|| is_stop(word, self.language));
            out.push(Place { span, term: if stop { None } else { tokens.next() } });
        }
    }
}

fn is_stop(word: &str, language: &Language) -> bool {
    language.data().is_stop(&stem::normalise(word, language))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::lang::Lang;
    use crate::text::{Scratch, TextOptions, parse};

    #[test]
    fn words_are_found_again_with_their_terms() {
        let mut article = Article::new("a".into(), "L'eau de la ville. La ville 東京都 a l’eau.".into()).expect("short");
        article.lang = Lang::parse("fr");
        let document = parse(article, &TextOptions::default(), &mut Scratch::default());
        let (mut places, mut words) = (Places::new(&document), Vec::new());
        let shown = |words: &[Place]| -> Vec<(String, Option<u32>)> {
            words.iter().map(|word| (word.span.of(document.text()).to_owned(), word.term)).collect()
        };
        let owned = |words: &[(&str, Option<u32>)]| -> Vec<_> { words.iter().map(|(word, term)| ((*word).to_owned(), *term)).collect() };
        places.read(0, &mut words);
        assert_eq!(shown(&words), owned(&[("L", None), ("eau", Some(0)), ("de", None), ("la", None), ("ville", Some(1))]));
        places.read(1, &mut words);
        let second = [("La", None), ("ville", Some(1)), ("東京", Some(2)), ("京都", Some(3)), ("a", None), ("l", None), ("eau", Some(0))];
        assert_eq!(shown(&words), owned(&second));
    }
}
