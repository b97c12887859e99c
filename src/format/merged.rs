//! What a merged article is spelled as: its text, and its record of `summaries.jsonl` in the language of the translation. The
//! sentences are those that the translator's file says are in the summary; nothing is ranked again.

use super::jsonl::{ChosenRecord, SummaryRecord, rounded, write};
use super::{Offsets, Piece};
use crate::article::Article;
use crate::lang::Lang;
use crate::span::Span;
use crate::text::language;
use crate::text::token::Words;
use crate::translation::assemble::Assembled;
use crate::translation::excerpt::title;
use crate::translation::{Bitext, BitextSegment, Part};

/// The translated text as a file of its own.
pub fn text(assembled: &Assembled) -> Piece {
    let body = assembled.text.as_bytes().to_vec();
    Piece { folder: "articles", ending: "txt", group: String::new(), head: Vec::new(), body, foot: "" }
}

/// What a record says of an article that came back: what its file says, else what its source does.
pub(super) struct Known<'a> {
    pub lang: Option<Lang>,
    pub date: Option<&'a str>,
    pub author: Option<&'a str>,
    pub url: Option<&'a str>,
    pub source: Option<&'a str>,
}

impl<'a> Known<'a> {
    pub(super) fn of(article: &'a Article, bitext: &'a Bitext) -> Known<'a> {
        let meta = &article.meta;
        Known {
            lang: bitext.target_lang.as_deref().and_then(Lang::parse),
            date: bitext.property("date").or(meta.date.as_deref()),
            author: bitext.property("author").or(meta.author.as_deref()),
            url: bitext.property("url").or(meta.url.as_deref()),
            source: bitext.property("source").or(meta.source.as_deref()),
        }
    }
}

/// Appends the record of the translated summary and gives its words and sentences; `None`, and nothing, if the file does not say what is in
/// it. `whole` says that the translated text is written too, so that offsets are in that; else they are in the record's own text.
pub fn push_summary(
    article: &Article,
    bitext: &Bitext,
    made: &Assembled,
    whole: bool,
    offsets: Offsets,
    out: &mut Vec<u8>,
) -> Option<(u32, u64)> {
    let chosen: Vec<(&BitextSegment, Span)> = chosen(bitext, made).collect();
    if chosen.is_empty() {
        return None;
    }
    let shown: Vec<&str> = chosen.iter().map(|(_, span)| span.of(&made.text)).collect();
    let joined = shown.join(" ");
    let known = Known::of(article, bitext);
    let words = Words::of(&joined).count(language::of(known.lang.as_ref()).factor);
    let mut at = 0;
    let within = |text: &&str| {
        let span = Span::new(at, at + text.len());
        at = span.end as usize + 1;
        span
    };
    let of_record: Vec<Span> = shown.iter().map(within).collect();
    let mut count = offsets.counter(if whole { &made.text } else { &joined });
    let summary = chosen.iter().zip(&of_record).zip(&shown).map(|(((segment, of_text), of_record), text)| {
        let (start, end) = count(if whole { *of_text } else { *of_record });
        let salience = segment.salience.unwrap_or(crate::translation::Salience { rank: None, score: 0.0, weight: 0.0, in_summary: true });
        ChosenRecord {
            segment: segment.id.clone(),
            start,
            end,
            rank: salience.rank.unwrap_or(0),
            score: rounded(salience.score),
            weight: rounded(salience.weight),
            text,
            display: None,
        }
    });
    let title = title(bitext, made);
    let record = SummaryRecord {
        id: &article.id,
        lang: known.lang.as_ref().map(Lang::tag),
        title: title.as_deref().or(article.title.as_deref()),
        date: known.date,
        author: known.author,
        url: known.url,
        source: known.source,
        method: bitext.property("method").unwrap_or_default(),
        words,
        summary: summary.collect(),
        text: joined.clone(),
        ..SummaryRecord::default()
    };
    write(out, &record);
    out.push(b'\n');
    Some((words, chosen.len() as u64))
}

/// Sentences of the summary that the translated text has, in its order.
fn chosen<'a>(bitext: &'a Bitext, made: &'a Assembled) -> impl Iterator<Item = (&'a BitextSegment, Span)> {
    let mut found: Vec<(&BitextSegment, Span)> = Vec::new();
    for (unit, spans) in bitext.units.iter().zip(&made.spans) {
        for (part, span) in unit.parts.iter().zip(spans) {
            if let (Part::Segment(segment), Some(span)) = (part, span)
                && segment.salience.is_some_and(|salience| salience.in_summary)
            {
                found.push((segment, *span));
            }
        }
    }
    found.sort_by_key(|(_, span)| span.start);
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translation::assemble::{Missing, assemble};
    use crate::translation::place::place;
    use crate::translation::{BitextUnit, Salience};

    #[test]
    fn the_summary_is_what_the_file_says_it_is() {
        let article = Article::new("a".into(), "Uno. Dos. Tres.".into()).expect("short");
        let segment = |source: &str, target: &str, rank, in_summary| {
            let salience = Some(Salience { rank: Some(rank), score: 0.5, weight: 0.25, in_summary });
            Part::Segment(BitextSegment { source: source.into(), target: Some(target.into()), salience, ..BitextSegment::default() })
        };
        let parts = vec![segment("Uno.", "Öne.", 2, true), segment("Dos.", "Two.", 3, false), segment("Tres.", "Three now.", 1, true)];
        let units = vec![BitextUnit { parts, ..BitextUnit::default() }];
        let mut bitext = Bitext { target_lang: Some("en".into()), units, ..Bitext::default() };
        let made = assemble(article.text(), &bitext, &place(article.text(), None, &bitext), Missing::Source);
        let record = |bitext: &Bitext, whole, offsets| {
            let mut out = Vec::new();
            let words = push_summary(&article, bitext, &made, whole, offsets, &mut out);
            (words, String::from_utf8(out).expect("UTF-8"))
        };
        let (words, whole) = record(&bitext, true, Offsets::Bytes);
        let expected = concat!(
            r#"{"id":"a","lang":"en","title":null,"date":null,"author":null,"url":null,"source":null,"method":"","words":3,"text":"Öne. Three now.","#,
            r#""summary":[{"segment":"","start":0,"end":5,"rank":2,"score":0.5,"weight":0.25,"text":"Öne."},"#,
            r#"{"segment":"","start":11,"end":21,"rank":1,"score":0.5,"weight":0.25,"text":"Three now."}]}"#,
            "\n"
        );
        assert_eq!((words, whole.as_str()), (Some((3, 2)), expected));
        assert!(record(&bitext, false, Offsets::Scalar).1.contains(r#""start":5,"end":15,"#));
        bitext.units[0].parts.truncate(0);
        assert_eq!(record(&bitext, true, Offsets::Bytes), (None, String::new()));
    }
}
