//! Regression trees whose nodes of one level all ask the same question (oblivious trees; Kohavi & Li, "Oblivious Decision Trees,
//! Graphs, and Top-Down Pruning", IJCAI 1995), added up. The answers of a sentence are the bits of a number that picks the leaf,
//! so a tree costs as many comparisons as it has levels and no branch. Tables are made by `examples/fit_ranker` and only read here.

#[cfg(target_arch = "x86_64")]
mod avx2;

use super::columns::{Block, Columns, LANES, NAMES, WIDTH};

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

/// Levels of a tree.
pub const DEPTH: usize = 4;

/// One tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// Feature and threshold of each level: whether the feature is greater is a bit of the leaf's number, the first the lowest. A
    /// level that asks nothing has an infinite threshold.
    pub levels: [(u8, f32); DEPTH],
    /// What is added, by leaf.
    pub leaves: [f32; 1 << DEPTH],
}

impl Trees {
    /// The sum for every sentence.
    pub fn predict(&self, columns: &Columns) -> Vec<f64> {
        columns.blocks().flat_map(|block| self.sums(&block)).map(f64::from).take(columns.rows()).collect()
    }

    /// The sums for the sentences of a block.
    fn sums(&self, block: &Block) -> [f32; LANES] {
        #[cfg(target_arch = "x86_64")]
        if let Some(sums) = avx2::sums(self, block) {
            return sums;
        }
        self.sums_anywhere(block)
    }

    /// The same on any processor. The leaves of several trees are numbered before any is looked up: only so do compilers compare
    /// several sentences at once.
    fn sums_anywhere(&self, block: &Block) -> [f32; LANES] {
        const TREES: usize = 32;
        let (mut sums, mut numbers) = ([self.base; LANES], [[0; LANES]; TREES]);
        for trees in self.trees.chunks(TREES) {
            numbers.iter_mut().zip(trees).for_each(|(numbers, tree)| *numbers = tree.numbers(block));
            for (tree, numbers) in trees.iter().zip(&numbers) {
                sums.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += tree.leaves[*number as usize % (1 << DEPTH)]);
            }
        }
        sums
    }

    /// The table as bytes: magic, base, number of trees; for each tree its levels, each a byte and a threshold, and the leaves. All
    /// numbers are little-endian, floats have 32 bits.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(self.base.to_le_bytes());
        out.extend((self.trees.len() as u32).to_le_bytes());
        for tree in &self.trees {
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

impl Tree {
    /// The number of the leaf of every sentence of a block.
    fn numbers(&self, block: &Block) -> [u32; LANES] {
        let [a, b, c, d] = self.levels.map(|(feature, _)| &block[usize::from(feature) % WIDTH]);
        let [at_a, at_b, at_c, at_d] = self.levels.map(|(_, threshold)| threshold);
        std::array::from_fn(|k| {
            let low = u32::from(a[k] > at_a) | u32::from(b[k] > at_b) << 1;
            low | u32::from(c[k] > at_c) << 2 | u32::from(d[k] > at_d) << 3
        })
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
        self.number().map(f32::from_bits).filter(|value| !value.is_nan())
    }

    fn tree(&mut self) -> Option<Tree> {
        let mut tree = Tree { levels: [(0, f32::INFINITY); DEPTH], leaves: [0.0; 1 << DEPTH] };
        for level in &mut tree.levels {
            *level = (self.byte().filter(|feature| usize::from(*feature) < NAMES.len())?, self.float()?);
        }
        for leaf in &mut tree.leaves {
            *leaf = self.float().filter(|leaf| leaf.is_finite())?;
        }
        Some(tree)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trees() -> Trees {
        let never = (0, f32::INFINITY);
        let leaves = |of: fn(usize) -> f32| std::array::from_fn(of);
        let deep = Tree { levels: [(0, 0.5), (4, 0.1), (17, 0.2), (26, 0.5)], leaves: leaves(|leaf| leaf as f32) };
        let flat = Tree { levels: [(2, 1.0), never, never, never], leaves: leaves(|leaf| if leaf == 0 { 0.5 } else { 32.0 }) };
        Trees { base: 0.25, trees: vec![deep, flat] }
    }

    #[test]
    fn a_sum_is_that_of_leaf_after_leaf() {
        let text = "The ferry sails to Skellan on 3 May. Nobody came to Skellan harbour. The old ferry sails again. It rains. ".repeat(7);
        let article = crate::Article::new("a".into(), text).expect("short");
        let document = crate::parse(article, &crate::TextOptions::default(), &mut crate::Scratch::default());
        let (candidates, idf) = (document.candidates(), crate::summary::frequency::sentence_idf(&document));
        let vectors = crate::text::vector::Vectors::new(&document, &candidates, &idf);
        let columns = Columns::new(&document, &candidates, &vectors, &idf);
        let sums = trees().predict(&columns);
        assert_eq!(sums.len(), 28);
        for (row, sum) in sums.iter().enumerate() {
            let greater = |(feature, threshold): (u8, f32)| usize::from(columns.column(usize::from(feature)).nth(row) > Some(threshold));
            let leaf = |tree: &Tree| tree.leaves[tree.levels.iter().enumerate().map(|(bit, level)| greater(*level) << bit).sum::<usize>()];
            assert_eq!(*sum, f64::from(0.25 + leaf(&trees().trees[0]) + leaf(&trees().trees[1])), "{row}");
        }
        assert!(sums.iter().any(|sum| *sum != sums[0]), "sentences are told apart");
    }

    #[test]
    fn a_table_is_read_as_it_was_written() {
        let bytes = trees().to_bytes();
        assert_eq!(Trees::from_bytes(&bytes), Some(trees()));
        assert_eq!(Trees::from_bytes(&bytes[..bytes.len() - 1]), None);
        assert_eq!(Trees::from_bytes(&[&bytes[..], &[0]].concat()), None);
        let mut unknown = bytes.clone();
        unknown[16] = NAMES.len() as u8;
        assert_eq!(Trees::from_bytes(&unknown), None);
    }

    #[cfg(target_arch = "x86_64")]
    proptest::proptest! {
        #[test]
        fn eight_at_a_time_come_to_the_same_sums(
            block in proptest::array::uniform32(proptest::array::uniform8(proptest::num::f32::ANY)),
            near in proptest::array::uniform32(proptest::array::uniform8(-3f32..3.0)),
        ) {
            for table in [include_bytes!("data/news.bin").as_slice(), include_bytes!("data/one.bin")] {
                let trees = Trees::from_bytes(table).expect("a table of ours");
                for block in [&block, &near] {
                    let bits = |sums: [f32; LANES]| sums.map(f32::to_bits);
                    let found = avx2::sums(&trees, block).map_or(bits(trees.sums_anywhere(block)), bits);
                    proptest::prop_assert_eq!(found, bits(trees.sums_anywhere(block)));
                }
            }
        }
    }
}
