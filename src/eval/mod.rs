//! The evaluation wing: how well what was found agrees with gold made by people. Pure maths on values; it finds nothing itself,
//! reads no file and knows nothing of the other wings.

pub mod alignment;
pub mod bootstrap;
pub mod boundary;
mod porter;
pub mod rouge;
mod words;
