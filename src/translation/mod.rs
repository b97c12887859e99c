//! The translation wing: an article as units and segments that go to a translator and come back. It knows no summary, no
//! format, no file.

mod addresses;
pub mod align;
pub mod aligned;
pub mod assemble;
pub mod bitext;
pub mod budget;
pub mod entry;
pub mod excerpt;
pub mod leverage;
pub mod memory;
pub mod place;
pub mod quality;
pub mod similarity;
pub mod unit;

pub use bitext::{Bitext, BitextSegment, BitextUnit, Note, Part, Proposal, Salience, State};
pub use entry::Entry;
pub use unit::{Segment, Unit, units};
