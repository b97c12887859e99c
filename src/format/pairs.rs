//! Texts with their translations on the way in: JSON Lines of `{"id", "source", "target", "source_lang", "target_lang"}`, of which
//! the two texts are needed; and dictionaries of two columns. Nothing is aligned here.

use serde::Deserialize;

use super::jsonl::without_line;
use crate::article::Article;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::lang::Lang;

#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    id: Option<serde_json::Value>,
    source: String,
    target: String,
    #[serde(default)]
    source_lang: Option<String>,
    #[serde(default)]
    target_lang: Option<String>,
    #[serde(default)]
    source_title: Option<String>,
    #[serde(default)]
    target_title: Option<String>,
}

/// A text and its translation from one line; `id` names what does not name itself.
pub fn read(line: &str, id: impl FnOnce() -> String) -> Result<(Article, Article)> {
    // serde would take a list of the values for a record, too.
    if !line.trim_start().starts_with('{') {
        return Err(ErrorKind::Pair("expected an object".to_owned()).into());
    }
    let record: Record = serde_json::from_str(line).map_err(|error| Error::from(ErrorKind::Pair(without_line(&error))))?;
    let id = match record.id {
        None | Some(serde_json::Value::Null) => id(),
        Some(serde_json::Value::String(id)) => id,
        Some(other) => other.to_string(),
    };
    let article = |text: String, lang: Option<String>, title: Option<String>| -> Result<Article> {
        let lang = lang.map(|tag| Lang::parse(&tag).ok_or(tag)).transpose();
        let lang = lang.map_err(|tag| Error::from(ErrorKind::Pair(format!("{tag:?} is not a language tag"))))?;
        let mut article = Article::new(id.clone(), text)?;
        (article.lang, article.title) = (lang, title.filter(|title| !title.trim().is_empty()));
        Ok(article)
    };
    Ok((article(record.source, record.source_lang, record.source_title)?, article(record.target, record.target_lang, record.target_title)?))
}

/// Hands on the pairs of a dictionary: two columns with a tab between; blank lines and those that begin with `#` say nothing.
///
/// # Errors
/// A line without a second column; with its number.
pub fn read_dictionary(text: &str, take: &mut dyn FnMut(&str, &str)) -> Result<()> {
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#')) {
        let mut columns = line.split('\t');
        match (columns.next(), columns.next()) {
            (Some(source), Some(target)) => take(source, target),
            _ => {
                let place = Place { line: Some(at as u64 + 1), ..Place::default() };
                return Err(Error::from(ErrorKind::Dictionary).at(place));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_holds_both_texts() {
        let line = r#"{"id":7,"source":"A.","target":"B.","source_lang":"en","target_title":" "}"#;
        let (source, target) = read(line, || unreachable!()).expect("a record");
        assert_eq!((source.id.as_str(), source.text(), target.text(), &target.title), ("7", "A.", "B.", &None));
        assert_eq!((source.lang.expect("named").tag(), target.lang), ("en", None));
        let (named, _) = read(r#"{"source":"","target":""}"#, || "x-1".into()).expect("a record");
        assert_eq!(named.id, "x-1");
        for bad in [r#"{"source":"A."}"#, "[]", r#"{"source":"","target":"","source_lang":"?"}"#] {
            assert!(matches!(read(bad, String::new).expect_err(bad).kind, ErrorKind::Pair(_)), "{bad}");
        }
    }

    #[test]
    fn a_dictionary_has_two_columns() {
        let mut all = Vec::new();
        read_dictionary("# words\n\nwind\tvent\tnoun\n", &mut |source, target| all.push(format!("{source}={target}"))).expect("sound");
        assert_eq!(all, ["wind=vent"]);
        let error = read_dictionary("a\tb\nwind vent\n", &mut |_, _| {}).expect_err("one column");
        assert_eq!(error.place.line, Some(2));
    }
}
