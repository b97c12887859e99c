//! The numbers of the aligner's model, in one place. They were found by a search, one number at a time, for the best strict F1 over
//! four sets of gold together (German and French prose of mountaineers, a magazine in Hungarian and English, Spanish and Italian news,
//! Russian and Swedish news); scores are natural logarithms. None is of a language.

/// Sentences a side that a bead may hold.
pub(super) const MOST: usize = 4;

/// Shapes of beads, sentences of the source and of the target, from the usual to the rare.
pub(super) const SHAPES: [(u8, u8); 13] =
    [(1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (2, 3), (3, 2), (1, 4), (4, 1), (3, 3), (2, 4), (4, 2)];

/// Shapes that the first pass looks at, when nothing but lengths and cognates is known.
pub(super) const FIRST_SHAPES: usize = 3;

/// The model's numbers.
#[derive(Clone, Debug)]
pub struct Tuning {
    /// Passes over the batch: align, learn, align again.
    pub passes: u32,
    /// Letters of a word that count; endings are cut off. Stems of `rust-stemmers` and cuts at four or six measured a little worse.
    pub cut: usize,
    /// Score of each shape before anything is looked at, in the order of the shapes.
    pub shapes: [f32; SHAPES.len()],
    /// Score of the first sentence of a run that has no partner.
    pub skip: f32,
    /// Score of each further sentence of the run.
    pub skip_on: f32,
    /// Weight of the lengths.
    pub lengths: f32,
    /// Degrees of freedom of the distribution that length differences are held to: a Student's t has heavier tails than the normal
    /// distribution of Gale & Church.
    pub freedom: f32,
    /// Variance of the length difference a letter before one was measured (Gale & Church 1993).
    pub variance: f32,
    /// Weight of each direction of the words' log likelihood ratios.
    pub words: f32,
    /// Probability that a common word comes from anything but the other side.
    pub unexplained: f32,
    /// How often a word must be seen for what explained it to count half.
    pub rare: f32,
    /// How much more a word is held against a bead than the share of its places where it was explained says.
    pub held: f32,
    /// Power of a bead's probability with which the lexicon is learned from it: what is not sure teaches little.
    pub trust: f32,
    /// How much a word is held against a bead before anything was learned, if the other side has a certain cognate of it.
    pub first: f32,
    /// Probability of a certain cognate, before anything was learned.
    pub seed: f32,
    /// Rounds of expectation and maximisation a pass.
    pub rounds: u32,
    /// Share of the unseen word that stands on every side (the NULL of IBM model 1).
    pub null: f32,
    /// Taken off the expected count of every pair that is no cognate: a pair met once proves nothing.
    pub discount: f32,
    /// Probabilities that are not worth keeping.
    pub prune: f32,
    /// How much likelier than another pair a certain cognate is at the start of the learning.
    pub boost: f32,
    /// Least probability of a certain cognate after learning.
    pub floor: f32,
    /// Sentences on either side of the length diagonal that the first pass looks at, at least.
    pub wide: usize,
    /// Sentences on either side of the last path that later passes look at.
    pub narrow: usize,
    /// Scores are divided by it before they become probabilities: the model's evidence is not as independent as it takes it to be.
    pub temperature: f32,
    /// Worth of a sentence rightly left alone, against 1 for a right bead, in the choice of the final path.
    pub alone: f32,
    /// Worth taken off a bead that is not one to one.
    pub merged: f32,
}

impl Default for Tuning {
    fn default() -> Tuning {
        Tuning {
            passes: 4,
            cut: 5,
            shapes: SHAPES.map(|(source, target)| match (source.min(target), source.max(target)) {
                (1, 1) => 1.0,
                (1, 2) => -2.0,
                (2, 2) => -3.0,
                (1, 3) => -5.5,
                (1, _) => -7.0,
                (2, 3) => -8.0,
                _ => -6.0,
            }),
            skip: -7.25,
            skip_on: -4.0,
            lengths: 1.3,
            freedom: 20.0,
            variance: 6.8,
            words: 0.5,
            unexplained: 0.4,
            rare: 4.0,
            trust: 4.0,
            held: 1.2,
            first: 1.0,
            seed: 0.95,
            rounds: 6,
            null: 0.3,
            discount: 0.9,
            prune: 0.001,
            boost: 5.0,
            floor: 0.3,
            wide: 100,
            narrow: 12,
            temperature: 2.0,
            alone: 0.2,
            merged: -0.1,
        }
    }
}
