//! Fuzzing with any bytes as an SRX file, whose rules cut a sample text. The laws stand in `tests/it/documents.rs`.
#![no_main]

#[path = "../../tests/it/documents.rs"]
#[allow(dead_code, reason = "each target uses its part")]
mod documents;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| documents::rule_file(bytes));
