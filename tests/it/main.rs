//! The tests of the whole, in one binary: laws as properties, batches with faults, the house's floors, language cases as
//! plain text, the command line as files a user can read.

// Tests that want reference data say so on stderr where it is missing.
#![allow(clippy::print_stderr)]

mod alignment;
mod analyze;
mod batch;
mod budget;
mod check;
mod cli;
mod clients;
mod detection;
mod digest;
mod documents;
mod faults;
mod floors;
mod gold;
mod incremental;
mod languages;
mod laws;
mod leverage;
mod memories;
mod memory;
mod merge;
mod newlines;
mod openers;
mod policy;
mod quality;
mod rankers;
mod readability;
mod readers;
mod real;
mod reference;
mod replay;
mod returned;
mod rouge;
mod schema;
mod segmentation;
mod srx;
mod tmx;
mod translators;
mod xliff;
