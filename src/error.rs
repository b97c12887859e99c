//! `Error` and `Warning`: what went wrong, and what looked wrong but worked, each with its place. The layer that knows a
//! coordinate adds it. Messages name the place first, then what was found and what was expected, in lower case without a
//! full stop; control characters of the input are shown escaped. Nothing here prints.

mod kind;
mod warning;

use std::borrow::Cow;
use std::fmt;
use std::io;

pub use kind::ErrorKind;
pub use warning::{Warning, WarningKind};

/// The result of anything that can fail in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Where in the inputs something was found: a path, a line in it, an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Path as given or found.
    pub path: Option<String>,
    /// Line in the file, from 1.
    pub line: Option<u64>,
    /// Id of the article, where the path does not name it.
    pub article: Option<String>,
}

impl Place {
    /// The place of a whole file.
    pub fn path(path: impl Into<String>) -> Place {
        Place { path: Some(path.into()), ..Place::default() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{}", escaped(path))?;
        }
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(article) = &self.article {
            let gap = if self.path.is_some() { " " } else { "" };
            write!(f, "{gap}(article {})", escaped(&shortened(article)))?;
        }
        Ok(())
    }
}

/// One failure: what and where.
#[derive(Debug)]
pub struct Error {
    /// What went wrong.
    pub kind: ErrorKind,
    /// Where.
    pub place: Place,
}

impl Error {
    /// The same error with a place, unless it knows a nearer one.
    pub fn at(mut self, place: Place) -> Error {
        self.place.path = self.place.path.or(place.path);
        self.place.line = self.place.line.or(place.line);
        self.place.article = self.place.article.or(place.article);
        self
    }

    /// An error of the operating system: what was being done, to which path.
    pub fn io(doing: &'static str, path: impl Into<String>, source: io::Error) -> Error {
        Error { kind: ErrorKind::Io(doing, source), place: Place::path(path) }
    }

    /// The way out, where there is one to name.
    pub fn hint(&self) -> Option<&'static str> {
        self.kind.hint()
    }

    /// A stable name of the kind, for diagnostics that machines read.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Error {
        Error { kind, place: Place::default() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(f, &self.place, &self.kind)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            ErrorKind::Io(_, source) => Some(source),
            _ => None,
        }
    }
}

fn display(f: &mut fmt::Formatter<'_>, place: &Place, what: &dyn fmt::Display) -> fmt::Result {
    if *place != Place::default() {
        write!(f, "{place}: ")?;
    }
    write!(f, "{}", escaped(&what.to_string()))
}

/// Something of an input as messages show it, which may be an id of any length: of a long one the beginning and the end.
fn shortened(text: &str) -> Cow<'_, str> {
    const MOST: usize = 120;
    const END: usize = 20;
    let start = |chars: usize| text.char_indices().nth(chars).map(|(at, _)| at);
    let (Some(_), Some(cut)) = (start(MOST), start(MOST - END)) else { return Cow::Borrowed(text) };
    let end = text.char_indices().rev().nth(END - 1).map_or(cut, |(at, _)| at);
    Cow::Owned(format!("{}…{}", &text[..cut], &text[end..]))
}

/// The string with control characters and bidirectional overrides escaped, so that no input can steer a terminal.
pub fn escaped(text: &str) -> String {
    let risky = |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if risky(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_place_then_finding() {
        let error = Error::from(ErrorKind::Json("missing field `text`".into())).at(Place {
            path: Some("a\u{1b}.jsonl".into()),
            line: Some(17),
            article: None,
        });
        assert_eq!(error.to_string(), "a\\u{1b}.jsonl:17: invalid JSON: missing field `text`");
        assert!(error.hint().is_some());
    }

    #[test]
    fn of_a_long_id_the_beginning_and_the_end_are_shown() {
        for short in ["", "wire/7", &"ж".repeat(120)] {
            assert_eq!(shortened(short), short);
        }
        let long = "ж".repeat(4000) + "~2";
        let shown = format!("{}…{}~2", "ж".repeat(100), "ж".repeat(18));
        assert_eq!(shortened(&long), shown);
        let place = Place { article: Some(long.clone()), ..Place::path("a.jsonl") };
        assert_eq!(place.to_string(), format!("a.jsonl (article {shown})"));
        let warning = Warning { kind: WarningKind::RepeatedId { first: "ж".repeat(4000), now: long }, place: Place::default() };
        assert!(warning.to_string().len() < 700 && warning.to_string().ends_with("ж~2\""), "{warning}");
    }

    #[test]
    fn the_nearest_place_wins() {
        let error = Error::from(ErrorKind::Empty).at(Place::path("near")).at(Place::path("far"));
        assert_eq!(error.to_string(), "near: the article is empty");
    }
}
