//! Reference summaries as JSON Lines, in: `{"id", "lang", "summary"}` a line, or `"refs"`, a list of summaries, in its place; and the
//! summaries to be scored against them, in and out: `{"id", "summary"}`, a sentence a line. A record of `summaries.jsonl` can
//! be scored as it is. Scoring is the business of `eval::rouge`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::digest::{DigestOutput, Edition};
use super::jsonl::without_line;
use super::{Outcome, Streams, WriteOptions, Writer};
use crate::error::{Error, ErrorKind, Result};
use crate::eval::rouge::Reference;
use crate::lang::Lang;

#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    summary: Option<String>,
    #[serde(default)]
    refs: Vec<Value>,
    #[serde(default)]
    docs: Value,
}

#[derive(Deserialize)]
struct Scored {
    id: Value,
    summary: Summary,
}

/// A summary as it is written for people, or as `summaries.jsonl` has it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Summary {
    Text(String),
    Sentences(Vec<Sentence>),
}

#[derive(Deserialize)]
struct Sentence {
    text: String,
}

/// The references of one line. Where `refs` is a list of strings, it goes before `summary`.
pub fn read(line: &str) -> Result<Reference> {
    let record: Record = object(line)?;
    let lang = record.lang.map(|tag| Lang::parse(&tag).ok_or(tag)).transpose();
    let lang = lang.map_err(|tag| bad(format!("{tag:?} is not a language tag")))?;
    let refs: Option<Vec<String>> = record.refs.iter().map(|text| text.as_str().map(str::to_owned)).collect();
    let summaries = match (refs, record.summary) {
        (Some(refs), _) if !refs.is_empty() => refs,
        (_, Some(summary)) => vec![summary],
        _ => return Err(bad("there is no \"summary\", and no \"refs\", a list of strings".to_owned())),
    };
    Ok(Reference { id: name(&record.id), lang, summaries, several: record.docs.is_array() })
}

/// The id and the text of a summary to be scored, from one line.
pub fn read_scored(line: &str) -> Result<(String, String)> {
    let Scored { id, summary } = object(line)?;
    let id = name(&id).ok_or_else(|| bad("there is no \"id\"".to_owned()))?;
    match summary {
        Summary::Text(text) => Ok((id, text)),
        Summary::Sentences(list) => Ok((id, list.into_iter().map(|sentence| sentence.text).collect::<Vec<_>>().join("\n"))),
    }
}

/// An id as the articles of a batch have it: numbers become strings.
fn name(id: &Value) -> Option<String> {
    match id {
        Value::Null => None,
        Value::String(id) => Some(id.clone()),
        other => Some(other.to_string()),
    }
}

fn bad(what: String) -> Error {
    ErrorKind::Reference(what).into()
}

fn object<'a, T: Deserialize<'a>>(line: &'a str) -> Result<T> {
    if !line.trim_start().starts_with('{') {
        return Err(bad("expected a JSON object".to_owned()));
    }
    serde_json::from_str(line).map_err(|error| bad(without_line(&error)))
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    summary: &'a str,
}

/// Writes summaries to be scored: the exact sentences, each on a line of its own.
pub struct Summaries;

impl Writer for Summaries {
    fn article(&self, outcome: &Outcome, out: &mut Streams) {
        let document = outcome.document;
        let sentences = outcome.summary.sentences.iter().map(|chosen| document.slice(chosen.sentence));
        write(&document.article().id, sentences, out.stream("summaries"));
    }
}

/// Digests in the same shape.
pub static DIGESTS: DigestOutput = DigestOutput { name: "summaries", write: write_digest };

fn write_digest(edition: &Edition, _: WriteOptions, out: &mut Vec<u8>) {
    let sentences = edition.digest.sentences.iter().map(|cited| edition.documents[cited.place.0].slice(cited.place.1));
    write(edition.id, sentences, out);
}

fn write<'a>(id: &str, sentences: impl Iterator<Item = &'a str>, out: &mut Vec<u8>) {
    let line = Line { id, summary: &sentences.collect::<Vec<_>>().join("\n") };
    serde_json::to_writer(&mut *out, &line).expect("memory takes every byte");
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_come_in_two_shapes() {
        let one = read(r#"{"id":7,"lang":"en","summary":"A.\nB.","text":"A."}"#).expect("sound");
        assert_eq!((one.id.as_deref(), &one.summaries[..], one.several), (Some("7"), &["A.\nB.".to_owned()][..], false));
        let many = read(r#"{"id":"x","summary":"A.","refs":["B.","C."],"docs":["D."]}"#).expect("sound");
        assert_eq!((many.lang, many.summaries, many.several), (None, vec!["B.".to_owned(), "C.".to_owned()], true));
        // A list of something else is no list of references.
        assert_eq!(read(r#"{"summary":"A.","refs":[1]}"#).expect("sound").summaries, ["A."]);
    }

    #[test]
    fn summaries_come_in_two_shapes() {
        let text = read_scored(r#"{"id":"x","summary":"A.\nB."}"#).expect("sound");
        let list = read_scored(r#"{"id":"x","method":"news","summary":[{"text":"A.","rank":1},{"text":"B."}]}"#).expect("sound");
        assert_eq!(text, ("x".to_owned(), "A.\nB.".to_owned()));
        assert_eq!(list, text);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (line, message) in [
            (r#"{"id":"x","text":"A."}"#, "there is no \"summary\", and no \"refs\""),
            (r#"{"id":"x","refs":[]}"#, "there is no \"summary\""),
            (r#"{"summary":"A.","lang":"klingon"}"#, "\"klingon\" is not a language tag"),
            ("A summary.", "expected a JSON object"),
        ] {
            assert!(read(line).expect_err(line).to_string().contains(message), "{line}");
        }
        for (line, message) in [
            (r#"{"id":null,"summary":"A."}"#, "there is no \"id\""),
            (r#"{"summary":"A."}"#, "missing field `id`"),
            (r#"{"id":"x"}"#, "missing field `summary`"),
            (r#"{"id":"x","summary":["A."]}"#, "did not match"),
        ] {
            assert!(read_scored(line).expect_err(line).to_string().contains(message), "{line}");
        }
    }
}
