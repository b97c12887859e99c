//! The default ranker for summaries of a few sentences. It was trained on news in English and French with the highlights that
//! editors wrote for it, on features that hold in any language (`columns`); how is said in `trained`. Its table is fitted by
//! `examples/fit_ranker`.

use std::sync::LazyLock;

use super::rank::Gain;
use super::trained::Trained;
use super::trees::Trees;

/// What it does, in a line.
pub const ABOUT: &str = "trained on editors' highlights; a few sentences of news";
/// Its paper.
pub const PAPER: &str = "Lin & Bilmes 2011, A Class of Submodular Functions for Document Summarization; features after Zheng & Lapata 2019";

static TABLE: LazyLock<Trees> =
    LazyLock::new(|| Trees::from_bytes(include_bytes!("data/news.bin")).expect("the table fits the features there are"));

/// The ranker.
pub fn ranker() -> Trained<'static> {
    Trained { table: &TABLE, gain: Gain { room: 64.0, least: 0.0, overlap: 0.9, lost: 0.25 }, haste: 0.25 }
}
