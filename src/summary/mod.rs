//! The summary wing: which sentences of a document matter, and which of them a budget takes. Pure maths on values: document
//! frequencies, rankers (one file each, one line in [`rank::METHODS`]), selection, and what is shown. It knows no
//! format, no file, no thread, and nothing of translation.

pub mod auto;
pub mod centroid;
pub mod coherence;
pub mod columns;
pub mod digest;
pub mod display;
pub mod duplicates;
pub mod explain;
pub mod extract;
pub mod features;
pub mod focus;
pub mod frequency;
pub mod keywords;
pub mod lead;
pub mod lexrank;
pub mod luhn;
mod names;
pub mod news;
pub mod one;
pub mod pacsum;
mod queue;
pub mod random;
pub mod rank;
pub mod recipe;
pub mod select;
pub mod sumbasic;
pub mod textrank;
pub mod trained;
pub mod trees;
pub mod untrained;
mod unwanted;

pub use explain::{Explanation, explain};
pub use focus::Focus;
pub use keywords::{Keyword, keywords};
pub use rank::{Gain, Method, Profile, Ranker, Ranking};
pub use select::{Budget, Chosen, Summary, Verdict, select, select_with_verdicts};
