//! A digest as a record of JSON Lines. The wire structs here are the contract, held by the README and a test.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use super::Edition;
use crate::article::Article;
use crate::format::WriteOptions;
use crate::format::jsonl::{rounded, write as write_record};
use crate::summary::digest::{Cited, METHOD};

#[derive(Serialize)]
struct Record<'a> {
    id: &'a str,
    group: Option<&'a str>,
    lang: Option<&'a str>,
    method: &'a str,
    articles: usize,
    words: u32,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    over_budget: bool,
    text: String,
    summary: Vec<CitedRecord<'a>>,
    copies: Vec<CopyRecord<'a>>,
}

#[derive(Serialize)]
struct CitedRecord<'a> {
    article: &'a str,
    segment: String,
    start: u64,
    end: u64,
    rank: u32,
    score: f64,
    title: Option<&'a str>,
    date: Option<&'a str>,
    author: Option<&'a str>,
    url: Option<&'a str>,
    source: Option<&'a str>,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    display: Option<&'a str>,
    same: Vec<PlaceRecord<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    kept: BTreeMap<&'a str, Box<RawValue>>,
}

#[derive(Serialize)]
struct PlaceRecord<'a> {
    article: &'a str,
    segment: String,
}

#[derive(Serialize)]
struct CopyRecord<'a> {
    article: &'a str,
    of: &'a str,
}

/// Appends a digest.
pub fn write(edition: &Edition, options: WriteOptions, out: &mut Vec<u8>) {
    let Edition { id, group, lang, digest, documents, copies, .. } = edition;
    let shown: Vec<&str> = digest.sentences.iter().map(|cited| edition.shown(cited)).collect();
    let record = Record {
        id,
        group: *group,
        lang: Some(*lang).filter(|lang| *lang != "und"),
        method: METHOD,
        articles: documents.len() + copies.len(),
        words: digest.words,
        over_budget: digest.over_budget,
        text: shown.join(" "),
        summary: digest.sentences.iter().map(|cited| cited_record(edition, cited, options)).collect(),
        copies: copies.iter().map(|copy| CopyRecord { article: &copy.article.id, of: &copy.of.id }).collect(),
    };
    write_record(out, &record);
    out.push(b'\n');
}

fn cited_record<'a>(edition: &'a Edition, cited: &'a Cited, options: WriteOptions) -> CitedRecord<'a> {
    let document = edition.documents[cited.place.0];
    let article = document.article();
    let (start, end) = options.offsets.counter(document.text())(document.sentences()[cited.place.1].span);
    let same = cited.same.iter().map(|&place| {
        let (article, segment) = edition.place(place);
        PlaceRecord { article: &article.id, segment }
    });
    CitedRecord {
        article: &article.id,
        segment: document.segment_id(cited.place.1),
        start,
        end,
        rank: cited.rank,
        score: rounded(cited.score),
        title: article.title.as_deref(),
        date: article.meta.date.as_deref(),
        author: article.meta.author.as_deref(),
        url: article.meta.url.as_deref(),
        source: article.meta.source.as_deref(),
        text: document.slice(cited.place.1),
        display: cited.display.as_deref(),
        same: same.collect(),
        kept: kept(article),
    }
}

/// The fields of the article's record that were asked for.
fn kept(article: &Article) -> BTreeMap<&str, Box<RawValue>> {
    let raw = |value: &String| RawValue::from_string(value.clone()).expect("kept fields are JSON");
    article.meta.kept.iter().map(|(name, value)| (name.as_str(), raw(value))).collect()
}
