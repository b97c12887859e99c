//! Gold sentence boundaries as JSON Lines, in: `{"lang", "text", "ends"}` a line, the ends exclusive and counted in Unicode
//! scalars; and predictions to be scored, of which only the `ends` are read. Scoring is the business of `eval::boundary`.

use serde::Deserialize;

use super::jsonl::without_line;
use crate::article::Article;
use crate::error::{Error, ErrorKind, Result};
use crate::eval::boundary::Gold;
use crate::lang::Lang;

#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    id: Option<serde_json::Value>,
    #[serde(default)]
    lang: Option<String>,
    text: String,
    ends: Vec<u64>,
}

#[derive(Deserialize)]
struct Prediction {
    ends: Vec<u64>,
}

/// A gold record from one line: its ends grow, and lie in the text.
pub fn read(line: &str) -> Result<Gold> {
    let record: Record = object(line)?;
    if record.text.len() > Article::MAX_BYTES {
        return Err(ErrorKind::TooLarge { what: "a text", limit: Article::MAX_BYTES as u64 }.into());
    }
    let lang = record.lang.map(|tag| Lang::parse(&tag).ok_or(tag)).transpose();
    let lang = lang.map_err(|tag| bad(format!("{tag:?} is not a language tag")))?;
    let ends = bytes(&record.text, &record.ends)?;
    let mut last = 0;
    for &end in &record.ends {
        if end <= last {
            return Err(bad(format!("end {end} does not come after {last}")));
        }
        last = end;
    }
    let id = record.id.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    Ok(Gold { id, lang, text: record.text, ends })
}

/// The ends of a prediction, in Unicode scalars and in any order, from one line; see [`bytes`].
pub fn read_ends(line: &str) -> Result<Vec<u64>> {
    let prediction: Prediction = object(line)?;
    Ok(prediction.ends)
}

/// Ends in Unicode scalars of `text` as ends in bytes, in their order; an error names the first past its end.
pub fn bytes(text: &str, ends: &[u64]) -> Result<Vec<usize>> {
    let mut order: Vec<usize> = (0..ends.len()).collect();
    order.sort_by_key(|&index| ends[index]);
    let mut out = vec![0; ends.len()];
    let (mut at, mut scalars) = (0, 0);
    for index in order {
        let step = ends[index] - scalars;
        for c in text[at..].chars().take(usize::try_from(step).unwrap_or(usize::MAX)) {
            at += c.len_utf8();
            scalars += 1;
        }
        if scalars < ends[index] {
            return Err(bad(format!("end {} lies past the end of the text, which has {scalars} characters", ends[index])));
        }
        out[index] = at;
    }
    Ok(out)
}

fn bad(what: String) -> Error {
    ErrorKind::Gold(what).into()
}

/// An object; serde_json would take a list of its values as well.
fn object<'a, T: Deserialize<'a>>(line: &'a str) -> Result<T> {
    if !line.trim_start().starts_with('{') {
        return Err(bad("expected a JSON object".to_owned()));
    }
    serde_json::from_str(line).map_err(|error| bad(without_line(&error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_become_bytes() {
        let gold = read(r#"{"lang":"el","text":"Ναι. Ό\u0301χι.","ends":[4,10],"more":1}"#).expect("sound");
        assert_eq!(gold.ends, [7, 17]);
        assert_eq!((gold.id, gold.lang.map(|lang| lang.to_string())), (None, Some("el".to_owned())));
        assert_eq!(bytes("äö", &[2, 0, 1, 2]).expect("inside"), [4, 0, 2, 4]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (line, message) in [
            (r#"{"text":"a"}"#, "missing field `ends`"),
            (r#"{"ends":[]}"#, "missing field `text`"),
            (r#"{"text":"a","ends":[2]}"#, "end 2 lies past the end of the text, which has 1 characters"),
            (r#"{"text":"abc","ends":[2,2]}"#, "end 2 does not come after 2"),
            (r#"{"text":"abc","ends":[0]}"#, "end 0 does not come after 0"),
            (r#"{"text":"abc","ends":[-1]}"#, "invalid value: integer `-1`"),
            (r#"{"text":"abc","ends":[],"lang":"klingon"}"#, "\"klingon\" is not a language tag"),
            ("[null, \"en\", \"a\", []]", "expected a JSON object"),
            ("One. Two.", "expected a JSON object"),
        ] {
            let error = read(line).expect_err(line).to_string();
            assert!(error.contains(message), "{line}: {error}");
        }
    }
}
