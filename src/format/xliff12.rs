//! XLIFF 1.2, the format that every client of translators opens (OASIS, 2008): a `file` an article, a `trans-unit` a sentence, or
//! a paragraph whose sentences are marked in it. Written in `write`, read in `read`. It knows no article and no summary: it
//! spells a [`Bitext`](crate::translation::Bitext) and reads one back.

mod pieces;
mod read;
mod write;

pub use super::xliff::write::FOOT;
pub(super) use read::read;
pub use write::{head, push_file};

/// Namespace of the format.
pub const CORE: &str = "urn:oasis:names:tc:xliff:document:1.2";

/// Namespace of version 1.1, which is much the same.
pub(super) const CORE_11: &str = "urn:oasis:names:tc:xliff:document:1.1";
