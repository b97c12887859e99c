//! The integration tests, one binary: a module a room or a promise.

mod segmentation;
