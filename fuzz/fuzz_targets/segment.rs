//! Fuzzing with any bytes as a language, options, rules and a text. The laws stand in `tests/it/documents.rs`.
#![no_main]

#[path = "../../tests/it/documents.rs"]
#[allow(dead_code, reason = "each target uses its part")]
mod documents;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| documents::segment(bytes));
