//! What pass two needs of a document that pass one parsed, kept compactly, so that no article is tokenised twice while memory
//! lasts. Past the budget nothing is kept and the article is parsed again, with the same result.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::article::{Article, Meta};
use crate::document::{Document, Structure};
use crate::lang::Lang;

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
    lang: Option<Lang>,
    meta: Meta,
    structure: Structure,
    tokens: Tokens,
}

/// Local terms in half the bytes, where they fit.
enum Tokens {
    Short(Box<[u16]>),
    Long(Box<[u32]>),
}

impl Keeper {
    /// A keeper of so many bytes.
    pub fn with_budget(bytes: usize) -> Keeper {
        Keeper { left: AtomicUsize::new(bytes) }
    }

    /// Keeps a document's structure if there is room.
    pub fn keep(&self, document: Document, worker: usize) -> Option<Kept> {
        let (article, mut structure) = document.into_parts();
        let tokens = match structure.terms.len() {
            0..=0xffff => Tokens::Short(structure.tokens.iter().map(|&term| term as u16).collect()),
            _ => Tokens::Long(structure.tokens.as_slice().into()),
        };
        structure.tokens = Vec::new();
        structure.paragraphs.shrink_to_fit();
        structure.sentences.shrink_to_fit();
        structure.terms.shrink_to_fit();
        let kept = Kept { worker, lang: article.lang, meta: article.meta, structure, tokens };
        let bytes = kept.bytes();
        let pay = |left: usize| left.checked_sub(bytes);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, pay).is_ok().then_some(kept)
    }
}

impl Kept {
    fn bytes(&self) -> usize {
        let tokens = match &self.tokens {
            Tokens::Short(tokens) => size_of_val(&**tokens),
            Tokens::Long(tokens) => size_of_val(&**tokens),
        };
        let structure = &self.structure;
        tokens
            + size_of_val(structure.paragraphs.as_slice())
            + size_of_val(structure.sentences.as_slice())
            + size_of_val(structure.terms.as_slice())
            + size_of_val(structure.title.as_slice())
            + size_of::<Kept>()
    }

    /// The document again, from the article as it was read again.
    pub fn restore(self, mut article: Article) -> Document {
        article.lang = self.lang;
        article.meta = self.meta;
        let mut structure = self.structure;
        structure.tokens = match self.tokens {
            Tokens::Short(tokens) => tokens.iter().map(|&term| term.into()).collect(),
            Tokens::Long(tokens) => tokens.into_vec(),
        };
        Document::new(article, structure)
    }
}
