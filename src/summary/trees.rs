//! Regression trees whose nodes of one level all ask the same question (oblivious trees; Kohavi & Li, "Oblivious Decision Trees,
//! Graphs, and Top-Down Pruning", IJCAI 1995), added up. The answers of a sentence are the bits of a number that picks the leaf,
//! so a tree costs as many comparisons as it has levels and no branch. Tables are made by `examples/fit_ranker` and only read here.

use super::columns::{Columns, NAMES};

/// Every table begins with these bytes.
const MAGIC: &[u8; 8] = b"EPITREE1";

/// The sum of trees.
#[derive(Clone, Debug, PartialEq)]
pub struct Trees {
    /// What every sentence begins with.
    pub base: f32,
    /// One after the other.
    pub trees: Vec<Tree>,
}

/// One tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// Feature and threshold of each level: whether the feature is greater is a bit of the leaf's number, the first the lowest.
    pub levels: Vec<(u8, f32)>,
    /// What is added, by leaf; two to the power of the levels.
    pub leaves: Vec<f32>,
}

impl Trees {
    /// The sum for every sentence.
    pub fn predict(&self, columns: &Columns) -> Vec<f64> {
        let mut sums = vec![self.base; columns.rows()];
        let mut leaf = vec![0u8; columns.rows()];
        for tree in &self.trees {
            leaf.fill(0);
            for (bit, &(feature, threshold)) in tree.levels.iter().enumerate() {
                let column = columns.column(usize::from(feature));
                leaf.iter_mut().zip(column).for_each(|(leaf, value)| *leaf |= u8::from(*value > threshold) << bit);
            }
            sums.iter_mut().zip(&leaf).for_each(|(sum, leaf)| *sum += tree.leaves[usize::from(*leaf)]);
        }
        sums.into_iter().map(f64::from).collect()
    }

    /// The table as bytes: magic, base, number of trees; for each tree its levels as a byte, each a byte and a threshold, and the
    /// leaves. All numbers are little-endian, floats have 32 bits.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(self.base.to_le_bytes());
        out.extend((self.trees.len() as u32).to_le_bytes());
        for tree in &self.trees {
            out.push(tree.levels.len() as u8);
            for (feature, threshold) in &tree.levels {
                out.push(*feature);
                out.extend(threshold.to_le_bytes());
            }
            tree.leaves.iter().for_each(|leaf| out.extend(leaf.to_le_bytes()));
        }
        out
    }

    /// The reverse of [`Trees::to_bytes`]; `None` if the bytes are no table for the features there are.
    pub fn from_bytes(bytes: &[u8]) -> Option<Trees> {
        let mut rest = Rest(bytes.strip_prefix(MAGIC)?);
        let base = rest.float()?;
        let count = rest.number()?;
        let trees: Option<Vec<Tree>> = (0..count).map(|_| rest.tree()).collect();
        rest.0.is_empty().then_some(Trees { base, trees: trees? })
    }
}

/// What is left to read of a table.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u32> {
        let (four, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*four))
    }

    fn float(&mut self) -> Option<f32> {
        self.number().map(f32::from_bits).filter(|value| value.is_finite())
    }

    fn tree(&mut self) -> Option<Tree> {
        const DEEPEST: u8 = 8;
        let depth = self.byte().filter(|depth| *depth <= DEEPEST)?;
        let level = |rest: &mut Self| Some((rest.byte().filter(|feature| usize::from(*feature) < NAMES.len())?, rest.float()?));
        let levels: Option<Vec<(u8, f32)>> = (0..depth).map(|_| level(self)).collect();
        let leaves: Option<Vec<f32>> = (0..1 << depth).map(|_| self.float()).collect();
        Some(Tree { levels: levels?, leaves: leaves? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trees() -> Trees {
        let tree = Tree { levels: vec![(0, 0.5), (4, 6.0)], leaves: vec![1.0, 2.0, 4.0, 8.0] };
        Trees { base: 0.25, trees: vec![tree, Tree { levels: vec![], leaves: vec![0.5] }] }
    }

    #[test]
    fn a_table_is_read_as_it_was_written() {
        let bytes = trees().to_bytes();
        assert_eq!(Trees::from_bytes(&bytes), Some(trees()));
        assert_eq!(Trees::from_bytes(&bytes[..bytes.len() - 1]), None);
        assert_eq!(Trees::from_bytes(&[&bytes[..], &[0]].concat()), None);
        let mut unknown = bytes.clone();
        unknown[17] = NAMES.len() as u8;
        assert_eq!(Trees::from_bytes(&unknown), None);
    }
}
