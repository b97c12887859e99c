//! JSON Lines: articles in, one a line; summaries and segments out. The wire structs here are the output's contract, held by
//! the README and a test; the values they are made from are not serialisable themselves.

mod segments;

use std::borrow::Cow;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::explain::{self, ExplainedRecord, RankedRecord};
use super::{Outcome, Streams, WriteOptions, Writer};
use crate::article::{Article, Meta};
use crate::error::{ErrorKind, Result, Warning, WarningKind};
use crate::lang::Lang;
use crate::summary::Keyword;

pub use segments::{Segments, begins, read as read_segments};

/// Version of the records below, written into the manifest.
pub const SCHEMA: u32 = 1;

/// Names of the fields of an article on the wire, in the order of [`Fields::paths`].
pub const FIELDS: [&str; 8] = ["text", "id", "title", "lang", "date", "author", "url", "source"];

/// Where in a record the fields of an article are, and which others to pass through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// A path of keys for each of [`FIELDS`] that is not under its own name.
    pub paths: [Option<Vec<String>>; 8],
    /// Paths of fields to pass through.
    pub keep: Vec<Vec<String>>,
}

impl Fields {
    fn is_plain(&self) -> bool {
        self.keep.is_empty() && self.paths.iter().all(Option::is_none)
    }
}

/// A record in its usual shape, read without a tree.
#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    text: Text<'a>,
    #[serde(borrow, default)]
    id: Option<Id<'a>>,
    #[serde(borrow, default)]
    title: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    lang: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    date: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    author: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    url: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    source: Option<Cow<'a, str>>,
}

/// A text, or paragraphs joined by blank lines.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text<'a>, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a string or a list of strings")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Text<'de>, A::Error> {
        let mut paragraphs: Vec<String> = Vec::new();
        while let Some(paragraph) = list.next_element()? {
            paragraphs.push(paragraph);
        }
        Ok(Text(Cow::Owned(paragraphs.join("\n\n"))))
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Number(serde_json::Number),
}

/// An article from one line. `id` is what it is called if the record does not say. Returns warnings about the record too.
pub fn read(line: &str, id: impl FnOnce() -> String, fields: &Fields) -> Result<(Article, Vec<Warning>)> {
    // serde would take a list of the values for a record, too.
    if fields.is_plain()
        && line.trim_start().starts_with('{')
        && let Ok(record) = serde_json::from_str::<Record>(line)
    {
        return from_record(record, id);
    }
    let value: Value = serde_json::from_str(line).map_err(|error| ErrorKind::Json(without_line(&error)))?;
    from_value(&value, id, fields)
}

fn from_record(record: Record, id: impl FnOnce() -> String) -> Result<(Article, Vec<Warning>)> {
    let text = record.text.0.into_owned();
    let id = match record.id {
        Some(Id::Text(given)) if !given.trim().is_empty() => given.into_owned(),
        Some(Id::Number(number)) => number.to_string(),
        _ => id(),
    };
    let mut article = Article::new(id, text)?;
    let some = |value: Option<Cow<str>>| value.filter(|v| !v.trim().is_empty()).map(Cow::into_owned);
    article.title = some(record.title);
    article.meta =
        Meta { date: some(record.date), author: some(record.author), url: some(record.url), source: some(record.source), kept: Vec::new() };
    let warnings = set_lang(&mut article, some(record.lang));
    Ok((article, warnings))
}

/// The general case: other places, other types, fields to keep.
fn from_value(value: &Value, id: impl FnOnce() -> String, fields: &Fields) -> Result<(Article, Vec<Warning>)> {
    if !value.is_object() {
        return Err(ErrorKind::Json(format!("expected an object, found {}", type_name(value))).into());
    }
    let path = |i: usize| fields.paths[i].clone().unwrap_or_else(|| vec![FIELDS[i].to_owned()]);
    let text = match find(value, &path(0)) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(paragraphs)) => join(paragraphs, &path(0))?,
        Some(other) => {
            return Err(
                ErrorKind::Json(format!("expected a string or a list in \"{}\", found {}", path(0).join("."), type_name(other))).into()
            );
        }
        None => return Err(ErrorKind::Json(format!("missing field \"{}\"", path(0).join("."))).into()),
    };
    described(value, text, id, fields)
}

/// An article of the given text, with what the record says of it.
fn described(value: &Value, text: String, id: impl FnOnce() -> String, fields: &Fields) -> Result<(Article, Vec<Warning>)> {
    let path = |i: usize| fields.paths[i].clone().unwrap_or_else(|| vec![FIELDS[i].to_owned()]);
    let string = |i: usize| match find(value, &path(i)) {
        Some(Value::String(text)) if !text.trim().is_empty() => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        Some(Value::Array(list)) => {
            let all: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            (!all.is_empty()).then(|| all.join(", "))
        }
        _ => None,
    };
    let mut article = Article::new(string(1).unwrap_or_else(id), text)?;
    article.title = string(2);
    let kept = fields.keep.iter().filter_map(|path| find(value, path).map(|found| (path.join("."), found.to_string())));
    article.meta = Meta { date: string(4), author: string(5), url: string(6), source: string(7), kept: kept.collect() };
    let warnings = set_lang(&mut article, string(3));
    Ok((article, warnings))
}

/// The articles of one record that holds several.
pub struct Docs {
    /// The record's id, or what it is called if it does not say.
    pub id: String,
    /// Its articles, in order; their ids are the record's with `/1`, `/2`.. behind it, unless they have some of their own.
    pub articles: Vec<Article>,
}

/// The articles of a record with a list `docs`, of texts or of records; `None` for any other line. What the record says of itself
/// (language, date, source, fields to keep), but for its title, is said of every text; a record in the list speaks for itself.
pub fn read_docs(line: &str, id: impl FnOnce() -> String, fields: &Fields) -> Result<Option<(Docs, Vec<Warning>)>> {
    if !line.contains("\"docs\"") {
        return Ok(None);
    }
    let value: Value = serde_json::from_str(line).map_err(|error| ErrorKind::Json(without_line(&error)))?;
    let Some(list) = value.get("docs").and_then(Value::as_array) else { return Ok(None) };
    let (whole, mut warnings) = described(&value, String::new(), id, fields)?;
    let mut articles = Vec::with_capacity(list.len());
    for (number, doc) in (1..).zip(list) {
        let id = || format!("{}/{number}", whole.id);
        let mut article = match doc {
            Value::String(text) => {
                let mut article = whole.clone().with_text(text.clone())?;
                (article.id, article.title) = (id(), None);
                article
            }
            Value::Object(_) => {
                let (article, noticed) = from_value(doc, id, fields)?;
                warnings.extend(noticed);
                article
            }
            other => {
                let found = type_name(other);
                return Err(ErrorKind::Json(format!("expected strings or objects in the list \"docs\", found {found}")).into());
            }
        };
        article.lang = article.lang.or_else(|| whole.lang.clone());
        articles.push(article);
    }
    Ok(Some((Docs { id: whole.id, articles }, warnings)))
}

fn set_lang(article: &mut Article, tag: Option<String>) -> Vec<Warning> {
    let Some(tag) = tag else { return Vec::new() };
    article.lang = Lang::parse(&tag);
    match article.lang {
        Some(_) => Vec::new(),
        None => vec![Warning { kind: WarningKind::BadLang(tag), place: Default::default() }],
    }
}

fn join(paragraphs: &[Value], path: &[String]) -> Result<String> {
    let strings: Option<Vec<&str>> = paragraphs.iter().map(Value::as_str).collect();
    match strings {
        Some(strings) => Ok(strings.join("\n\n")),
        None => Err(ErrorKind::Json(format!("expected strings in the list \"{}\"", path.join("."))).into()),
    }
}

/// The value at a path of keys; a key that is a number picks from a list, and a key may have the path's dots itself.
fn find<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    if path.len() > 1
        && let Some(found) = value.get(path.join("."))
    {
        return Some(found);
    }
    path.iter().try_fold(value, |value, key| match value {
        Value::Array(list) => list.get(key.parse::<usize>().ok()?),
        other => other.get(key),
    })
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// What is wrong with a record. serde_json counts lines inside it, which is one line: only its column helps.
pub(super) fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => format!("{} at column {}", &text[..at], error.column()),
        None => text,
    }
}

/// A record of `summaries.jsonl`.
#[derive(Default, Serialize)]
pub(super) struct SummaryRecord<'a> {
    pub id: &'a str,
    pub lang: Option<&'a str>,
    pub title: Option<&'a str>,
    pub date: Option<&'a str>,
    pub author: Option<&'a str>,
    pub url: Option<&'a str>,
    pub source: Option<&'a str>,
    pub method: &'a str,
    pub words: u32,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub over_budget: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keywords: Option<Vec<KeywordRecord<'a>>>,
    pub text: String,
    pub summary: Vec<ChosenRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ranking: Option<Vec<RankedRecord<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Vec<ExplainedRecord<'a>>>,
}

#[derive(Serialize)]
pub(super) struct KeywordRecord<'a> {
    text: &'a str,
    score: f64,
}

#[derive(Serialize)]
pub(super) struct ChosenRecord<'a> {
    pub segment: String,
    pub start: u64,
    pub end: u64,
    pub rank: u32,
    pub score: f64,
    pub weight: f64,
    pub text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<&'a str>,
}

fn keyword_record(keyword: &Keyword) -> KeywordRecord<'_> {
    KeywordRecord { text: &keyword.text, score: rounded(keyword.score) }
}

/// Writes a record of `summaries.jsonl` an article.
pub struct Summaries(pub WriteOptions);

impl Writer for Summaries {
    fn article(&self, outcome: &Outcome, out: &mut Streams) {
        let document = outcome.document;
        let article = document.article();
        let mut offsets = self.0.offsets.counter(document.text());
        let chosen = |chosen: &'_ crate::summary::Chosen| (chosen.sentence, offsets(document.sentences()[chosen.sentence].span));
        let places: Vec<(usize, (u64, u64))> = outcome.summary.sentences.iter().map(chosen).collect();
        let summary = outcome.summary.sentences.iter().zip(&places).map(|(chosen, &(sentence, (start, end)))| ChosenRecord {
            segment: document.segment_id(sentence),
            start,
            end,
            rank: chosen.rank,
            score: rounded(chosen.score),
            weight: rounded(chosen.weight),
            text: document.slice(sentence),
            display: chosen.display.as_deref(),
        });
        let record = SummaryRecord {
            id: &article.id,
            lang: article.lang.as_ref().map(Lang::tag),
            title: article.title.as_deref(),
            date: article.meta.date.as_deref(),
            author: article.meta.author.as_deref(),
            url: article.meta.url.as_deref(),
            source: article.meta.source.as_deref(),
            method: outcome.method,
            words: outcome.summary.words,
            over_budget: outcome.summary.over_budget,
            keywords: outcome.keywords.map(|keywords| keywords.iter().map(keyword_record).collect()),
            text: outcome.summary.text(document),
            summary: summary.collect(),
            ranking: self.0.all.then(|| explain::ranking(outcome)),
            explanation: explain::explanation(outcome),
        };
        let stream = out.stream("summaries.jsonl");
        write(stream, &record);
        append_kept(stream, &article.meta.kept);
        stream.push(b'\n');
    }
}

/// Six decimals: what the arithmetic is sure of on every machine.
pub(super) fn rounded(value: f64) -> f64 {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded == 0.0 { 0.0 } else { rounded }
}

pub(super) fn write(stream: &mut Vec<u8>, record: &impl Serialize) {
    serde_json::to_writer(stream, record).expect("records have string keys and memory takes every byte");
}

/// Adds the kept fields, spelled as they came, before the closing brace.
fn append_kept(stream: &mut Vec<u8>, kept: &[(String, String)]) {
    if kept.is_empty() {
        return;
    }
    stream.pop();
    for (name, json) in kept {
        stream.push(b',');
        write(stream, name);
        stream.push(b':');
        write(stream, &RawValue::from_string(json.clone()).expect("kept fields are JSON"));
    }
    stream.push(b'}');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Result<(Article, Vec<Warning>)> {
        read(line, || "made-1".to_owned(), &Fields::default())
    }

    #[test]
    fn reads_the_usual_shapes() {
        let (article, _) = of(r#"{"text":"A.\u00e9","id":7,"title":"T","lang":"en-GB","x":[1]}"#).expect("sound");
        assert_eq!((article.id.as_str(), article.text(), article.title.as_deref()), ("7", "A.é", Some("T")));
        let (article, _) = of(r#"{"text":["One.","Two."],"title":null,"author":["A","B"]}"#).expect("sound");
        assert_eq!((article.id.as_str(), article.text(), article.meta.author.as_deref()), ("made-1", "One.\n\nTwo.", Some("A, B")));
        let (article, warnings) = of(r#"{"text":"A.","lang":"English language"}"#).expect("sound");
        assert!(article.lang.is_none() && warnings.len() == 1);
        assert_eq!(of(r#"{"text":"A.","id":" "}"#).expect("sound").0.id, "made-1");
    }

    #[test]
    fn says_what_is_wrong() {
        for (line, expected) in [
            ("{\"a\":1}", "invalid JSON: missing field \"text\""),
            ("[1]", "invalid JSON: expected an object, found a list"),
            ("[\"A text.\"]", "invalid JSON: expected an object, found a list"),
            ("{\"text\":5}", "invalid JSON: expected a string or a list in \"text\", found a number"),
            ("{\"text\":\"a\"", "invalid JSON: EOF while parsing an object at column 11"),
        ] {
            assert_eq!(of(line).expect_err(line).to_string(), expected);
        }
    }

    #[test]
    fn a_record_may_hold_several_articles() {
        let docs = |line| read_docs(line, || "made-1".to_owned(), &Fields::default());
        let line = r#"{"id":"c1","lang":"en","date":"2021-05-03","title":"T","docs":["A.",{"text":"B.","lang":"de"},{"id":"x","text":["C.","D."]}]}"#;
        let (found, warnings) = docs(line).expect("sound").expect("there");
        assert!(found.id == "c1" && warnings.is_empty());
        let told =
            |article: &Article| (article.id.clone(), article.text().to_owned(), article.lang.as_ref().map(|lang| lang.tag().to_owned()));
        let of = |id: &str, text: &str, lang: &str| (id.to_owned(), text.to_owned(), Some(lang.to_owned()));
        let expected = [of("c1/1", "A.", "en"), of("c1/2", "B.", "de"), of("x", "C.\n\nD.", "en")];
        assert_eq!(found.articles.iter().map(told).collect::<Vec<_>>(), expected);
        assert_eq!((found.articles[0].meta.date.as_deref(), found.articles[1].meta.date.as_deref()), (Some("2021-05-03"), None));
        assert!(found.articles.iter().all(|article| article.title.is_none()));
        assert!(docs(r#"{"text":"A.","docs":"no list"}"#).expect("sound").is_none());
        assert!(docs(r#"{"docs":[5]}"#).is_err());
    }

    #[test]
    fn reads_other_places_and_keeps_fields() {
        let mut fields = Fields { keep: vec![vec!["section".into()]], ..Fields::default() };
        fields.paths[0] = Some(vec!["content".into(), "body".into()]);
        let line = r#"{"content":{"body":"A."},"section":{"a":[1,2]},"id":"x"}"#;
        let (article, _) = read(line, String::new, &fields).expect("sound");
        assert_eq!(article.meta.kept, [("section".to_owned(), "{\"a\":[1,2]}".to_owned())]);
        let mut stream = b"{\"id\":1}".to_vec();
        append_kept(&mut stream, &article.meta.kept);
        assert_eq!(stream, br#"{"id":1,"section":{"a":[1,2]}}"#);
    }
}
