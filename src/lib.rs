//! `epitome` summarises articles by their own best sentences and cuts them into sentence-aligned segments for translators.
//! Every sentence is traced to the bytes it came from; the same input gives the same bytes, whatever the number of threads.
//!
//! An [`Article`] becomes a [`Document`] (its paragraphs, sentences, terms); a document is summarised ([`summary`]) and cut into
//! units ([`translation`]); formats spell what came of it ([`mod@format`]); a [`batch`] does it for many, from files to files.
//!
//! # The house
//!
//! A module imports from floors below it and inside its own room, never sideways, never up; `tests/it/floors.rs` holds the
//! code against this drawing.
//!
//! | floor | rooms | lives only here |
//! |---|---|---|
//! | 5 doors | the binary: `main.rs`, `cli/` | arguments, terminals, exit codes |
//! | 4 works | [`batch`] | files, threads, locks |
//! | 3 formats | [`mod@format`] | JSON, Markdown, tables, HTML tags: bytes in, bytes out |
//! | 2 wings | [`summary`], [`translation`], [`eval`] | maths on values; the wings do not know one another |
//! | 1 text | [`text`], [`document`] | segmentation, words, terms, stemmers, languages |
//! | 0 ground | [`article`], [`span`], [`lang`], [`error`] | values |
//!
//! The library never prints, never exits, never draws. What a batch has to say goes to an [`Observer`](batch::Observer).
//!
//! # To add a format
//!
//! 1. Write `src/format/NAME.rs`: a paragraph on what the format is and is not, a struct that implements
//!    [`Writer`](trait@format::Writer) (`begin`, `article`, `end`; bytes go to named streams or, where an article has a file of its
//!    own, to pieces), its tests. What goes to translators is a [`Bitext`](translation::Bitext), made by
//!    [`bitext`](fn@format::bitext::bitext).
//! 2. Declare the file in `src/format/mod.rs` and give it one line in [`OUTPUTS`](const@format::OUTPUTS) for each verb that
//!    writes it: verb, name, whether by default, how to make the writer.
//! 3. Say in the README what its records hold. `-t NAME`, the help, `--dry-run` and the manifest know it from the table.
//!
//! Digests have a table of their own, [`DIGESTS`](const@format::digest::DIGESTS), and a file a format in `src/format/digest/`.
//!
//! # To add a ranker
//!
//! 1. Write `src/summary/NAME.rs`: a paragraph that names the paper, `ABOUT` and `PAPER`, a struct that implements
//!    [`Ranker`](summary::Ranker): scores by index over [`Document::candidates`], from the document's tokens and an idf by local
//!    term; sums run in order of sentences or terms. Where a score has parts, `parts` tells them for `--explain`.
//! 2. Declare the file in `src/summary/mod.rs` and give it one line in [`METHODS`](summary::rank::METHODS).
//! 3. The laws in `tests/it/laws.rs` (budgets, weights that sum to one, two identical sentences) run over the table by
//!    themselves; `epitome methods` lists it.
//!
//! # To add a format of aligned texts
//!
//! A function and a line in [`ALIGNED`](const@format::aligned::ALIGNED); the aligner itself is [`translation::align`], its numbers stand in
//! one file, `tuning.rs`.
//!
//! # To add a format of memories
//!
//! On the way out a function and a line in [`MEMORY`](const@format::memory::MEMORY). What comes in is told by its beginning in
//! [`batch::import`](fn@batch::import): a reader there hands on entries, or a [`Bitext`](translation::Bitext) an article.
//!
//! # To add a table of leverage
//!
//! A profile of another program is a line in [`PROFILES`](translation::leverage::PROFILES); a rule of counting words a variant of
//! [`Count`](translation::leverage::Count) with its name; a format a file in `src/format/leverage/` and a line in
//! [`LEVERAGE`](const@format::leverage::LEVERAGE).
//!
//! # To add a measure
//!
//! 1. Write `src/eval/NAME.rs`: what is compared and how it is counted, on values alone; counts that add up, figures from them.
//! 2. Read its gold in `src/format/`, score files of it in `src/batch/`, beside `evaluate.rs` and `rouge.rs`, and give it a
//!    subcommand in `src/cli/eval/`.
//!
//! # To add a language
//!
//! 1. Write its data files in `src/text/data/CODE/`: `stopwords.txt`, `abbreviations.txt` (by class) and `structure.txt` (months,
//!    weekdays, words that open bylines and captions, words that are no keywords alone). The files of a related language show
//!    the sections.
//! 2. Give it one line in [`LANGUAGES`](text::language::LANGUAGES), in order of codes: name, stemmer if there is one, characters a
//!    word for unspaced scripts, habits of writing.
//!    With `openers.txt` (words that lean on the sentence before, verbs that report speech) and the word `openers` at the end of that
//!    line its summaries are coherent and quotations get their speaker; cases go into `tests/openers/CODE.txt`.
//! 3. Write ten cases or more in `tests/segmentation/CODE.txt`, lines of each kind in `tests/segmentation/kinds/CODE.txt`, both in
//!    plain text, and how its letters look in `examples/generate.rs`; detection, `epitome languages` and the properties
//!    know it from the table.

pub mod article;
pub mod batch;
pub mod document;
pub mod error;
pub mod eval;
pub mod format;
pub mod lang;
pub mod span;
pub mod summary;
pub mod text;
pub mod translation;

pub use article::Article;
pub use document::{Document, Kind, Quote, Sentence};
pub use error::{Error, Warning};
pub use lang::Lang;
pub use span::Span;
pub use summary::{Budget, Ranking, Summary};
pub use text::{Scratch, TextOptions, parse};
pub use translation::{Segment, Unit, units};

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
