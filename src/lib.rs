//! epitome
pub mod article;
pub mod batch;
pub mod document;
pub mod error;
pub mod format;
pub mod lang;
pub mod span;
pub mod summary;
pub mod text;
pub mod translation;
