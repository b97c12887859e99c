//! The ranker for summaries of one sentence. A single sentence that sums up an article is another thing than the best of three:
//! it was trained on news in French and the sentence that editors wrote under its title; how is said in `trained`. Its table is
//! fitted by `examples/fit_ranker`.

use std::sync::LazyLock;

use super::rank::Gain;
use super::trained::Trained;
use super::trees::Trees;

/// What it does, in a line.
pub const ABOUT: &str = "trained on one-sentence summaries; the one sentence of news";
/// Its paper.
pub const PAPER: &str = "Lin & Bilmes 2011, A Class of Submodular Functions for Document Summarization; features after Zheng & Lapata 2019";

static TABLE: LazyLock<Trees> =
    LazyLock::new(|| Trees::from_bytes(include_bytes!("data/one.bin")).expect("the table fits the features there are"));

/// The ranker.
pub fn ranker() -> Trained<'static> {
    Trained { table: &TABLE, gain: Gain { room: 18.0, least: 0.0, overlap: 0.9, lost: 0.25 }, haste: 0.0 }
}
