//! BLAKE3 of a file that may get longer. Its tree (section 2.1 of the paper) is kept so far as it stays the same whatever follows: the
//! chaining values of complete subtrees, by which the hash of a longer file is known from what is new of it and the last block of what
//! was there. What is in the file, and whether it is as it was, is not this file's business.

use std::io::{self, Read};

use blake3::Hasher;
use blake3::hazmat::{ChainingValue, HasherExt, Mode, merge_subtrees_non_root, merge_subtrees_root};

/// Bytes of a block, the smallest subtree: a power of two of BLAKE3's chunks, enough of them to be hashed side by side.
const BLOCK: u64 = 64 * blake3::CHUNK_LEN as u64;

/// The tree over the bytes so far.
#[derive(Clone, Default)]
pub struct Tree {
    /// Chaining values of complete subtrees, the longest first; each has the blocks of one bit of their number.
    complete: Vec<ChainingValue>,
    /// Blocks in them.
    blocks: u64,
    /// The block at work, which is not empty unless all is.
    block: Box<Hasher>,
}

impl Tree {
    /// The tree over the start of a file of `bytes` bytes, up to where its last block begins, by the values that were kept of it;
    /// `None` if they are of another length.
    pub fn kept(bytes: u64, complete: Vec<ChainingValue>) -> Option<Tree> {
        let blocks = bytes.saturating_sub(1) / BLOCK;
        let mut tree = Tree { complete, blocks, block: Box::default() };
        tree.block.set_input_offset(tree.bytes());
        (tree.complete.len() == blocks.count_ones() as usize).then_some(tree)
    }

    /// What is to be kept of it.
    pub fn values(&self) -> &[ChainingValue] {
        &self.complete
    }

    /// Bytes so far.
    pub fn bytes(&self) -> u64 {
        self.blocks * BLOCK + self.block.count()
    }

    /// Appends bytes.
    pub fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.block.count() == BLOCK {
                self.end_block();
            }
            let room = usize::try_from(BLOCK - self.block.count()).unwrap_or(usize::MAX);
            let (now, rest) = bytes.split_at(bytes.len().min(room));
            self.block.update(now);
            bytes = rest;
        }
    }

    /// Appends all that is read.
    pub fn read(&mut self, from: &mut impl Read) -> io::Result<()> {
        let mut block = vec![0; BLOCK as usize];
        loop {
            match from.read(&mut block) {
                Ok(0) => return Ok(()),
                Ok(length) => self.update(&block[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Ends a block that more follows: only then none of its subtrees can be the whole.
    fn end_block(&mut self) {
        let mut value = self.block.finalize_non_root();
        self.blocks += 1;
        for _ in 0..self.blocks.trailing_zeros() {
            value = self.complete.pop().map_or(value, |left| merge_subtrees_non_root(&left, &value, Mode::Hash));
        }
        self.complete.push(value);
        *self.block = Hasher::new();
        self.block.set_input_offset(self.blocks * BLOCK);
    }

    /// The hash of all bytes, in hexadecimal.
    pub fn hex(&self) -> String {
        let hash = match self.complete.split_first() {
            None => self.block.finalize(),
            Some((first, rest)) => {
                let last = self.block.finalize_non_root();
                let right = rest.iter().rfold(last, |right, left| merge_subtrees_non_root(left, &right, Mode::Hash));
                merge_subtrees_root(first, &right, Mode::Hash)
            }
        };
        hash.to_hex().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of a long file.
    fn bytes(length: u64) -> Vec<u8> {
        (0..length).map(|at| (at % 251) as u8).collect()
    }

    #[test]
    fn it_is_the_hash_of_the_file_wherever_it_grew() {
        let all = bytes(9 * BLOCK + 1);
        let lengths = (0..9).flat_map(|blocks| [blocks * BLOCK, blocks * BLOCK + 1, blocks * BLOCK + 1025, (blocks + 1) * BLOCK - 1]);
        for old in lengths {
            let mut tree = Tree::default();
            tree.update(&all[..old as usize]);
            assert_eq!((tree.bytes(), tree.hex()), (old, blake3::hash(&all[..old as usize]).to_hex().to_string()));
            for new in [0, 1, 1024, BLOCK - 1, BLOCK, 2 * BLOCK + 5, all.len() as u64 - old] {
                let new = (old + new).min(all.len() as u64);
                let mut grown = Tree::kept(old, tree.values().to_vec()).expect("they are its own");
                assert!(old - grown.bytes() <= BLOCK);
                // What is new comes in pieces of any length.
                all[grown.bytes() as usize..new as usize].chunks(70_001).for_each(|part| grown.update(part));
                assert_eq!(grown.hex(), blake3::hash(&all[..new as usize]).to_hex().to_string(), "{old} and then {new}");
            }
        }
    }

    #[test]
    fn values_of_another_length_are_none() {
        let mut tree = Tree::default();
        tree.update(&bytes(3 * BLOCK));
        let fits = |bytes| Tree::kept(bytes, tree.values().to_vec()).is_some();
        // Lengths of as many values are told apart by the hash alone.
        assert_eq!([0, 1, 2, 3, 4, 5, 8].map(|blocks| fits(blocks * BLOCK)), [false, false, true, true, false, true, false]);
    }
}
