//! Fuzzing with any bytes as a translator's file to be checked, of every format that is. The laws stand in `tests/it/readers.rs`.
#![no_main]

#[path = "../../tests/it/documents.rs"]
#[allow(dead_code, reason = "each target uses its part")]
mod documents;
#[path = "../../tests/it/readers.rs"]
#[allow(dead_code, reason = "each target uses its part")]
mod readers;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| readers::check(bytes));
