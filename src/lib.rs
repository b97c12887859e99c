//! epitome
pub mod article;
pub mod document;
pub mod error;
pub mod lang;
pub mod span;
pub mod text;
