//! XLIFF 2.0 and 2.1, the newer format of translators (OASIS, 2014 and 2018): a `file` an article, a `unit` a paragraph or a
//! sentence, a `segment` a sentence, an `ignorable` the blanks between. Written in `write`, read in `read`. It knows no article
//! and no summary: it spells a [`Bitext`](crate::translation::Bitext) and reads one back.

mod read;
mod write;

pub use super::xliff::write::FOOT;
pub(super) use read::read;
pub use write::{head, push_file};

/// Namespace of the core, of 2.0 and of 2.1 alike.
pub const CORE: &str = "urn:oasis:names:tc:xliff:document:2.0";

/// Namespace of the core of 2.2.
pub const CORE_22: &str = "urn:oasis:names:tc:xliff:document:2.2";

/// Namespace of the metadata module.
pub const METADATA: &str = "urn:oasis:names:tc:xliff:metadata:2.0";

/// Namespace of the module of translation candidates.
pub const MATCHES: &str = "urn:oasis:names:tc:xliff:matches:2.0";

/// What a segment says in `subState` that is translated, and that somebody is to look at.
pub(super) const REVIEW: &str = "epitome:needs-review";

/// What stands before the kind of a paragraph in `type`, where the format wants a prefix.
pub(super) const KIND: &str = "epitome:";
