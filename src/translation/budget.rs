//! Which sentences of a batch are worth translating first, where there is money for so many words. What a choice is worth is told by the
//! terms that it covers: an article's weight is spread over the terms of its sentences ([`Worth`]), a term counts once, so that
//! what says the same again is worth little, every article has the same weight, and a batch is worth the mean of its articles. That is
//! monotone and submodular, and so taking again and again what adds most for its cost comes near to the best choice; how near, a
//! [`Ceiling`] tells of the batch at hand. It knows no ranking and no file: weights, words and costs come as numbers.
//!
//! Coverage under a budget of words follows Lin & Bilmes, "A Class of Submodular Functions for Document Summarization" (ACL 2011), and
//! Gillick & Favre, "A Scalable Global Model for Summarization" (2009); taking by gain for cost, lazily, follows Minoux, "Accelerated
//! greedy algorithms" (1978), and Leskovec et al., "Cost-effective Outbreak Detection in Networks" (KDD 2007).

mod ceiling;
mod frame;
mod ladder;
mod offered;
mod pool;
#[cfg(test)]
mod tests;
mod twin;
mod worth;

pub use ceiling::Ceiling;
pub use ladder::{Rung, ladder};
pub use offered::{Asked, Offered, Whole, words_at};
pub use pool::{Choice, Key, LISTED, Pool, Step};
pub use twin::Twin;
pub use worth::Worth;

/// Parts of a word in which costs are counted, so that their sums are exact.
pub const WORD: u64 = 1000;

/// What can be sent to a translator, whole or not at all: a sentence, a paragraph, the title field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Its terms, by their local numbers, each once, growing; empty for what is nothing that readers look for.
    pub terms: Vec<u32>,
    /// Its words.
    pub words: u32,
    /// What they cost, in thousandths of a new word.
    pub cost: u32,
    /// When its turn comes.
    pub turn: Turn,
}

/// What goes before all that comes later here, and is sent before anything of its article that does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// A title.
    Title,
    /// A lead.
    Lead,
    /// Any other sentence.
    #[default]
    Rest,
}

/// What is taken on top of its cost for each offer when it is held against others, in thousandths of a word: a segment is opened and read
/// into before it is translated. Without it, the shortest sentences would come first however little they say. Four words do best on
/// news with the highlights of editors (`benches/budget.rs`), and eight about as well.
const OPENING: f64 = 4.0 * WORD as f64;

/// What a gain is for a cost.
fn rate(gain: f64, cost: u32) -> f64 {
    gain / (f64::from(cost) + OPENING)
}
