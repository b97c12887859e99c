//! The summary wing: which sentences of a document matter, and which of them a budget takes. Pure maths on values: document
//! frequencies, rankers (one file each, one line in [`rank::METHODS`]), selection, and what is shown. It knows no
//! format, no file, no thread, and nothing of translation.

pub mod centroid;
pub mod digest;
pub mod display;
pub mod duplicates;
pub mod features;
pub mod frequency;
pub mod lead;
pub mod lexrank;
pub mod news;
pub mod rank;
pub mod select;

pub use rank::{Method, Ranker, Ranking};
pub use select::{Budget, Chosen, Summary, select};
