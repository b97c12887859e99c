//! Excerpts as JSON Lines, a record an article: its text with the gaps marked, and each sentence with its id.

use serde::Serialize;

use super::Returned;
use crate::format::jsonl::write;
use crate::lang::Lang;
use crate::span::Span;
use crate::text::language;
use crate::text::token::Words;
use crate::translation::excerpt::{Excerpted, GAP};

#[derive(Serialize)]
struct Record<'a> {
    id: &'a str,
    lang: Option<&'a str>,
    title: Option<&'a str>,
    date: Option<&'a str>,
    author: Option<&'a str>,
    url: Option<&'a str>,
    source: Option<&'a str>,
    words: u32,
    text: &'a str,
    excerpt: Vec<Sentence<'a>>,
}

#[derive(Serialize)]
struct Sentence<'a> {
    segment: &'a str,
    kind: &'a str,
    start: Option<u64>,
    end: Option<u64>,
    rank: Option<u32>,
    in_summary: bool,
    translated: bool,
    text: &'a str,
}

/// Appends the record of an article.
pub fn push(returned: &Returned, out: &mut Vec<u8>) {
    let (known, sentences) = (returned.known(), &returned.excerpt.sentences);
    let (text, spans) = flow(sentences, returned.excerpt.goes_on);
    let mut count = returned.offsets.counter(&text);
    let sentence = |(sentence, span): (&'_ Excerpted, &Option<Span>)| {
        let (place, salience) = (span.map(&mut count), sentence.segment.salience);
        (place, salience.and_then(|salience| salience.rank), salience.is_some_and(|salience| salience.in_summary))
    };
    let told: Vec<_> = sentences.iter().zip(&spans).map(sentence).collect();
    let excerpt = sentences.iter().zip(told).map(|(sentence, (place, rank, in_summary))| Sentence {
        segment: &sentence.segment.id,
        kind: sentence.kind,
        start: place.map(|place| place.0),
        end: place.map(|place| place.1),
        rank,
        in_summary,
        translated: sentence.translated,
        text: &sentence.text,
    });
    let factor = language::of(known.lang.as_ref()).factor;
    let record = Record {
        id: &returned.article.id,
        lang: known.lang.as_ref().map(Lang::tag),
        title: returned.title(),
        date: known.date,
        author: known.author,
        url: known.url,
        source: known.source,
        words: sentences.iter().map(|sentence| Words::of(&sentence.text).count(factor)).sum(),
        text: &text,
        excerpt: excerpt.collect(),
    };
    write(out, &record);
    out.push(b'\n');
}

/// What there is to read under the title, paragraphs apart by a blank line; and where each sentence stands in it, but for the title's.
fn flow(sentences: &[Excerpted], goes_on: bool) -> (String, Vec<Option<Span>>) {
    let mut text = String::new();
    let paragraph = |text: &mut String| {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
    };
    let mut spans = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        if sentence.in_title {
            spans.push(None);
            continue;
        }
        match (sentence.begins, sentence.gap) {
            (false, false) => text.push_str(&sentence.blank),
            (false, true) => text.extend([" ", GAP, " "]),
            (true, gap) => {
                if gap {
                    paragraph(&mut text);
                    text.push_str(GAP);
                }
                paragraph(&mut text);
            }
        }
        let start = text.len();
        text.push_str(&sentence.text);
        spans.push(Some(Span::new(start, text.len())));
    }
    if goes_on {
        paragraph(&mut text);
        text.push_str(GAP);
    }
    (text, spans)
}
