//! Sentences and nothing else: the spans that [`parse`](super::parse) would find, for whoever needs no words, terms or
//! quotations; and the same with a judge in the model's place, for programs that fit or measure the model.

pub use super::sentence::{FEATURES, PRIOR, SCALE, SLOTS};

use super::language::{self, Language};
use super::paragraph::{Newlines, paragraphs};
use super::scan::Scan;
use super::sentence::{judged, sentences};
use super::{is_whole, structure};
use crate::lang::Lang;
use crate::span::Span;

/// The sentences of a text in a language, `None` for an unknown one, in order. `newlines` as in
/// [`TextOptions`](super::TextOptions).
pub fn segment(text: &str, lang: Option<&Lang>, newlines: Newlines) -> Vec<Span> {
    cut(text, lang, newlines, |text, span, scan, language, out| sentences(text, span, scan, language, |span| out.push(span)))
}

/// The same, with `judge` asked at every place that is not sure: how many bytes stand before it, what the rules lean to and the
/// slots of its features in; whether a sentence ends there out.
pub fn segment_by(text: &str, lang: Option<&Lang>, mut judge: impl FnMut(usize, bool, &[u32; FEATURES]) -> bool) -> Vec<Span> {
    cut(text, lang, Newlines::Auto, |text, span, scan, language, out| {
        judged(text, span, scan, language, |span| out.push(span), &mut judge);
    })
}

fn cut(
    text: &str,
    lang: Option<&Lang>,
    newlines: Newlines,
    mut paragraph: impl FnMut(&str, Span, &Scan, &'static Language, &mut Vec<Span>),
) -> Vec<Span> {
    let language = language::of(lang);
    let spans = paragraphs(text, newlines);
    let (kinds, _) = structure::kinds(text, &spans, language, None);
    let mut scan = Scan::default();
    scan.read(text);
    let mut out = Vec::new();
    for (span, kind) in spans.into_iter().zip(kinds) {
        match is_whole(kind) {
            true => out.push(span),
            false => paragraph(text, span, &scan, language, &mut out),
        }
    }
    out
}
