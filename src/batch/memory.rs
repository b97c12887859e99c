//! How much memory a batch may take, shared out: what lies between the passes, vocabularies, ids, tables. Past its share, each goes
//! to temporary files, with the same output. What every thread needs for the chunk at hand comes on top: at most 64 MiB, but for
//! articles of several megabytes.

use crate::error::{Error, ErrorKind, Result};

/// The shares, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// What pass one leaves of the articles for pass two.
    pub articles: usize,
    /// Vocabularies and counts of all threads together.
    pub words: usize,
    /// What the words of one thread may take however many threads there are; part of what comes on top.
    pub words_at_least: usize,
    /// Ids met so far.
    pub ids: usize,
    /// The table of frequencies and the values looked up in it.
    pub tables: usize,
}

impl Memory {
    /// The least limit: with less, threads would be busy with little but temporary files.
    pub const LEAST: u64 = 16 << 20;

    /// The usual limit.
    pub const USUAL: u64 = 512 << 20;

    /// The shares of a limit in bytes; refuses less than [`Memory::LEAST`].
    pub fn limited(bytes: u64) -> Result<Memory> {
        if bytes < Memory::LEAST {
            let least = Memory::LEAST >> 20;
            return Err(Error::from(ErrorKind::Usage(format!("a memory limit of {bytes} bytes is too little; the least is {least}M"))));
        }
        Ok(Memory::shared(bytes))
    }

    fn shared(bytes: u64) -> Memory {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        Memory { articles: bytes / 2, words: bytes / 4, words_at_least: 8 << 20, ids: bytes / 8, tables: bytes / 8 }
    }

    /// What the words of each of so many threads may take.
    pub fn words_a_thread(&self, threads: usize) -> usize {
        (self.words / threads.max(1)).max(self.words_at_least)
    }
}

impl Default for Memory {
    fn default() -> Memory {
        Memory::shared(Memory::USUAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_make_no_more_than_the_limit() {
        for limit in [Memory::LEAST, 100_000_001, Memory::USUAL, u64::MAX] {
            let Memory { articles, words, ids, tables, .. } = Memory::limited(limit).expect("enough");
            assert!(articles as u64 + words as u64 + ids as u64 + tables as u64 <= limit);
        }
        assert!(Memory::limited(Memory::LEAST - 1).is_err());
    }
}
