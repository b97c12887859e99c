//! Sentences and nothing else: the spans that [`parse`](super::parse) would find, for whoever needs no words, terms or
//! quotations; and the same with a judge in the model's place, for programs that fit or measure the model.

pub use super::sentence::{FEATURES, PRIOR, SCALE, SLOTS, judge};

use super::scan::Scan;
use super::sentence::judged;
use super::{Cut, TextOptions, is_whole, paragraph, structure};
use crate::document::Kind;
use crate::lang::Lang;
use crate::span::Span;

/// The sentences of a text in a language, `None` for an unknown one, in order. Of the options those on newlines and
/// abbreviations hold.
pub fn segment(text: &str, lang: Option<&Lang>, options: &TextOptions) -> Vec<Span> {
    let mut out = Vec::new();
    paragraphs(text, lang, options, |cut, span, kind| cut.sentences(span, kind, |span| out.push(span)));
    out
}

/// The same by default options, with `judge` asked at every place that is not sure: how many bytes stand before it, what the
/// rules lean to and the slots of its features in; whether a sentence ends there out.
pub fn segment_by(text: &str, lang: Option<&Lang>, mut judge: impl FnMut(usize, bool, &[u32; FEATURES]) -> bool) -> Vec<Span> {
    let mut out = Vec::new();
    paragraphs(text, lang, &TextOptions::default(), |cut, span, kind| match is_whole(kind) {
        true => out.push(span),
        false => judged(cut, span, |span| out.push(span), &mut judge),
    });
    out
}

fn paragraphs(text: &str, lang: Option<&Lang>, options: &TextOptions, mut each: impl FnMut(&Cut, Span, Kind)) {
    let mut scan = Scan::default();
    scan.read(text);
    let cut = Cut::new(text, lang, options, &scan);
    let spans = paragraph::paragraphs(text, options.newlines);
    let (kinds, _) = structure::kinds(text, &spans, cut.language, None);
    spans.into_iter().zip(kinds).for_each(|(span, kind)| each(&cut, span, kind));
}
