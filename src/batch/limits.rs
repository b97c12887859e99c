//! What an input may be at most, so that no file takes all the memory or all the time there is, and a way to end a batch before its
//! end. The limits are held where inputs are read; whoever starts a batch sets them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::article::Article;
use crate::error::{Error, ErrorKind, Result};

/// Bounds of one input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one article's text; a line of JSON may have four times as many. At most [`Article::MAX_BYTES`].
    pub article: u64,
    /// Bytes that one compressed input may become; `None` for [`Limits::DECODED`], and no more than 250 times its size.
    pub decoded: Option<u64>,
}

/// What escapes can make of a text: `\u0436` are six bytes for two.
pub const LINE: u64 = 4;

/// How many times its size a compressed input may become past [`FREE`] bytes: news takes a third to a tenth of its size, copies of
/// one article a hundredth; a bomb grows a thousandfold.
pub const RATIO: u64 = 250;

/// Decoded bytes that no ratio is asked of.
pub const FREE: u64 = 16 << 20;

impl Limits {
    /// Bytes of an article, if nothing else is said: a shelf of novels.
    pub const ARTICLE: u64 = 16 << 20;

    /// Decoded bytes of an input, if nothing else is said.
    pub const DECODED: u64 = 64 << 30;

    /// Bytes of one line of JSON.
    pub fn line(&self) -> u64 {
        self.article.saturating_mul(LINE)
    }

    /// Refuses a text that is too long.
    pub fn check(&self, text: &str) -> Result<()> {
        if text.len() as u64 > self.article { Err(self.of_article()) } else { Ok(()) }
    }

    /// That an article is too long.
    pub fn of_article(&self) -> Error {
        ErrorKind::TooLarge { what: "a text", limit: self.article }.into()
    }

    /// That a line is too long.
    pub fn of_line(&self) -> Error {
        ErrorKind::TooLarge { what: "a line", limit: self.line() }.into()
    }

    /// What is wrong with a compressed input that became `decoded` bytes from `read` so far.
    pub fn growth(&self, decoded: u64, read: u64) -> Option<String> {
        let most = self.decoded.unwrap_or(Limits::DECODED);
        if decoded > most {
            return Some(format!("more than {most} bytes"));
        }
        let swells = self.decoded.is_none() && decoded > FREE && decoded / RATIO > read;
        swells.then(|| format!("more than {RATIO} times its size"))
    }
}

impl Default for Limits {
    fn default() -> Limits {
        const { assert!(Limits::ARTICLE <= Article::MAX_BYTES as u64) };
        Limits { article: Limits::ARTICLE, decoded: None }
    }
}

/// A way to end a batch: once it is asked to, no more is read, and nothing is published.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asked by a flag that somebody else sets.
    pub fn of(flag: Arc<AtomicBool>) -> Stop {
        Stop(flag)
    }

    /// Asks the batch to end.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// An error once the batch was asked to end.
    pub fn check(&self) -> Result<()> {
        if self.is_asked() { Err(ErrorKind::Interrupted.into()) } else { Ok(()) }
    }

    /// Whether the batch was asked to end.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_bounded_by_bytes_and_by_ratio() {
        let usual = Limits::default();
        assert_eq!(usual.growth(FREE, 1), None);
        assert_eq!(usual.growth(FREE + RATIO, FREE / RATIO), Some("more than 250 times its size".to_owned()));
        assert_eq!(usual.growth(1 << 30, 1 << 26), None);
        assert!(usual.growth(Limits::DECODED + 1, 1 << 35).is_some_and(|told| told.contains("68719476736")));
        let given = Limits { decoded: Some(1 << 30), ..usual };
        assert_eq!((given.growth(1 << 30, 1), given.growth((1 << 30) + 1, 1 << 29).is_some()), (None, true));
    }
}
