//! Leverage: what a translation memory and the repetitions of a batch save on each segment, and what the whole costs by level. Values
//! only: it looks nothing up in files and spells nothing.

pub mod count;
mod java;
pub mod level;

pub use count::{Count, Size};
pub use level::{Level, Weights};
