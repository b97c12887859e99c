//! Gradient boosting (Friedman, "Greedy Function Approximation: A Gradient Boosting Machine", Annals of Statistics 29, 2001) of
//! trees whose nodes of one level ask the same question, for squared error. Features are cut into at most 64 bins; every tree
//! sees a share of the rows and of the features, drawn from a fixed seed, so the same rows give the same table.

use epitome::summary::columns::NAMES;
use epitome::summary::trees::{DEPTH, Tree, Trees};

/// Most bins of a feature.
const BINS: usize = 64;

/// How to boost.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    pub trees: usize,
    /// Levels of a tree, at most [`DEPTH`].
    pub depth: usize,
    pub rate: f64,
    /// Pull of a leaf to zero, in rows.
    pub pull: f64,
    /// Share of the rows that a tree sees.
    pub rows: f64,
    /// Share of the features that a tree sees.
    pub features: f64,
}

/// Sentences with their features, what is to be told of each, and how much it counts.
#[derive(Clone, Default)]
pub struct Rows {
    pub features: Vec<[f32; NAMES.len()]>,
    pub targets: Vec<f64>,
    pub weights: Vec<f64>,
}

impl Rows {
    /// Takes other rows in, each of which counts `weight` times as much.
    pub fn extend(&mut self, other: &Rows, weight: f64) {
        self.features.extend_from_slice(&other.features);
        self.targets.extend_from_slice(&other.targets);
        self.weights.extend(other.weights.iter().map(|of_row| weight * of_row));
    }
}

/// Features as bins: thresholds between them, and the bin of every row, feature by feature.
struct Binned {
    thresholds: Vec<Vec<f32>>,
    bins: Vec<Vec<u8>>,
}

impl Binned {
    fn new(rows: &Rows) -> Binned {
        let column = |feature: usize| rows.features.iter().map(move |row| row[feature]);
        let thresholds: Vec<Vec<f32>> = (0..NAMES.len()).map(|feature| thresholds(column(feature).collect())).collect();
        let bin = |feature: usize, value: f32| thresholds[feature].partition_point(|threshold| value > *threshold) as u8;
        let bins = (0..NAMES.len()).map(|feature| column(feature).map(|value| bin(feature, value)).collect()).collect();
        Binned { thresholds, bins }
    }
}

/// Places between values, as evenly over the rows as they allow.
fn thresholds(mut values: Vec<f32>) -> Vec<f32> {
    values.sort_unstable_by(f32::total_cmp);
    let mut out = Vec::new();
    for k in 1..BINS {
        let at = k * values.len() / BINS;
        let (low, high) = (values[at.saturating_sub(1)], values[at]);
        if low < high {
            out.push(low + (high - low) / 2.0);
        }
    }
    out.dedup();
    out
}

/// Fits the trees.
pub fn fit(rows: &Rows, recipe: Recipe) -> Trees {
    let binned = Binned::new(rows);
    let weight: f64 = rows.weights.iter().sum();
    let base = rows.targets.iter().zip(&rows.weights).map(|(target, weight)| target * weight).sum::<f64>() / weight;
    let mut residuals: Vec<f64> = rows.targets.iter().map(|target| target - base).collect();
    let mut draw = Draw(0x2545_f491_4f6c_dd1d);
    let mut trees = Vec::with_capacity(recipe.trees);
    for _ in 0..recipe.trees {
        let seen: Vec<u32> = (0..residuals.len() as u32).filter(|_| draw.share() < recipe.rows).collect();
        let features: Vec<usize> = (0..NAMES.len()).filter(|_| draw.share() < recipe.features).collect();
        let (levels, mut leaf_of) = (grow(&binned, rows, &residuals, &seen, &features, recipe), vec![0u8; residuals.len()]);
        for (bit, &(feature, bin)) in levels.iter().enumerate() {
            leaf_of.iter_mut().zip(&binned.bins[feature]).for_each(|(leaf, at)| *leaf |= u8::from(*at > bin) << bit);
        }
        let leaves = leaves(&leaf_of, rows, &residuals, &seen, recipe);
        residuals.iter_mut().zip(&leaf_of).for_each(|(residual, leaf)| *residual -= f64::from(leaves[usize::from(*leaf)]));
        let mut tree = Tree { levels: [(0, f32::INFINITY); DEPTH], leaves };
        for (level, (feature, bin)) in tree.levels.iter_mut().zip(levels) {
            *level = (feature as u8, binned.thresholds[feature][usize::from(bin)]);
        }
        trees.push(tree);
    }
    Trees { base: base as f32, trees }
}

/// The questions of a tree, as feature and last bin of those below: at each level the one that leaves the least squared error.
fn grow(binned: &Binned, rows: &Rows, residuals: &[f64], seen: &[u32], features: &[usize], recipe: Recipe) -> Vec<(usize, u8)> {
    let mut levels: Vec<(usize, u8)> = Vec::new();
    let mut leaf_of = vec![0u8; residuals.len()];
    for bit in 0..recipe.depth.min(DEPTH) {
        let mut best: Option<(f64, usize, u8)> = None;
        for &feature in features {
            let sums = sums(&binned.bins[feature], rows, residuals, seen, &leaf_of, 1 << bit);
            for bin in 0..binned.thresholds[feature].len() {
                let gain = gain(&sums, bin, recipe.pull);
                if best.is_none_or(|(most, ..)| gain > most) {
                    best = Some((gain, feature, bin as u8));
                }
            }
        }
        let Some((_, feature, bin)) = best else { break };
        leaf_of.iter_mut().zip(&binned.bins[feature]).for_each(|(leaf, at)| *leaf |= u8::from(*at > bin) << bit);
        levels.push((feature, bin));
    }
    levels
}

/// Residuals and weights by leaf and bin.
fn sums(bins: &[u8], rows: &Rows, residuals: &[f64], seen: &[u32], leaf_of: &[u8], leaves: usize) -> Vec<[(f64, f64); BINS]> {
    let mut sums = vec![[(0.0, 0.0); BINS]; leaves];
    for &row in seen {
        let row = row as usize;
        let (residual, weight) = &mut sums[usize::from(leaf_of[row])][usize::from(bins[row])];
        *residual += residuals[row] * rows.weights[row];
        *weight += rows.weights[row];
    }
    sums
}

/// What a question after `bin` takes off the squared error.
fn gain(sums: &[[(f64, f64); BINS]], bin: usize, pull: f64) -> f64 {
    let add = |(a, b): (f64, f64), (c, d): &(f64, f64)| (a + c, b + d);
    let worth = |(residual, weight): (f64, f64)| residual * residual / (weight + pull);
    sums.iter().map(|leaf| worth(leaf[..=bin].iter().fold((0.0, 0.0), add)) + worth(leaf[bin + 1..].iter().fold((0.0, 0.0), add))).sum()
}

fn leaves(leaf_of: &[u8], rows: &Rows, residuals: &[f64], seen: &[u32], recipe: Recipe) -> [f32; 1 << DEPTH] {
    let mut sums = [(0.0, 0.0); 1 << DEPTH];
    for &row in seen {
        let row = row as usize;
        let (residual, weight) = &mut sums[usize::from(leaf_of[row])];
        *residual += residuals[row] * rows.weights[row];
        *weight += rows.weights[row];
    }
    sums.map(|(residual, weight)| (recipe.rate * residual / (weight + recipe.pull)) as f32)
}

/// Numbers from a fixed seed, by xorshift (Marsaglia 2003).
struct Draw(u64);

impl Draw {
    /// From 0 to 1.
    fn share(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}
