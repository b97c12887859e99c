//! Cases of the syntax of patterns.
