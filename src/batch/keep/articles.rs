//! What pass one leaves of every article, in input order: in memory while its share lasts, in a temporary file from then on, a frame
//! for every chunk. It is read in the same order, once or again. What is in the bytes of an article is the business of `pack`.

use std::sync::Arc;

use super::pack::Packed;
use super::spill::{Spill, bytes_of, numbers_of};
use crate::error::Result;

/// What an article takes beside its bytes: its place in the list, which may double when it grows, and what allocators round up by.
const BESIDE: usize = 48;

/// Articles being added.
#[derive(Default)]
pub struct Articles {
    memory: Vec<Box<[u8]>>,
    room: usize,
    kept: u64,
    spill: Spill,
    frame: Vec<u8>,
}

impl Articles {
    /// No article, and room for so many bytes.
    pub fn with_room(bytes: usize) -> Articles {
        Articles { room: bytes, ..Articles::default() }
    }

    /// Adds the articles of a chunk; one without bytes holds its place.
    pub fn add(&mut self, chunk: Vec<Box<[u8]>>) -> Result<()> {
        let bytes: usize = chunk.iter().map(|article| article.len() + article.len() / 16 + BESIDE).sum();
        if self.spill.length() == 0 && bytes <= self.room {
            self.room -= bytes;
            self.kept += bytes as u64;
            self.memory.extend(chunk);
            return Ok(());
        }
        self.frame.clear();
        let lengths = || chunk.iter().map(|article| article.len() as u32);
        bytes_of([chunk.len() as u32, lengths().sum()].into_iter(), &mut self.frame);
        bytes_of(lengths(), &mut self.frame);
        chunk.iter().for_each(|article| self.frame.extend_from_slice(article));
        self.spill.append(&self.frame).map(drop)
    }

    /// Bytes in memory.
    pub fn kept(&self) -> u64 {
        self.kept
    }

    /// Bytes in the file.
    pub fn spilled(&self) -> u64 {
        self.spill.length()
    }

    /// From the first.
    pub fn read(self) -> Unread {
        Unread { memory: self.memory, next: 0, stays: false, spill: self.spill, at: 0, frame: Frame::default() }
    }

    /// From the first, and once more after [`Unread::again`].
    pub fn read_twice(self) -> Unread {
        Unread { stays: true, ..self.read() }
    }
}

/// Articles that were not read yet.
pub struct Unread {
    memory: Vec<Box<[u8]>>,
    next: usize,
    /// What is read is read again.
    stays: bool,
    spill: Spill,
    at: u64,
    frame: Frame,
}

/// A chunk that was read from the file.
#[derive(Default)]
struct Frame {
    bytes: Arc<Vec<u8>>,
    lengths: std::vec::IntoIter<u32>,
    at: usize,
}

impl Unread {
    /// The next article; `None` after the last.
    pub fn next(&mut self) -> Result<Option<Packed>> {
        if let Some(article) = self.memory.get_mut(self.next) {
            self.next += 1;
            return Ok(Some(Packed::Whole(if self.stays { article.clone() } else { std::mem::take(article) })));
        }
        while self.frame.lengths.len() == 0 {
            if self.at == self.spill.length() {
                return Ok(None);
            }
            self.frame = self.frame()?;
        }
        let Frame { bytes, lengths, at } = &mut self.frame;
        let start = *at;
        *at += lengths.next().unwrap_or(0) as usize;
        Ok(Some(Packed::Part(bytes.clone(), start..*at)))
    }

    /// All of them again, for the last time.
    pub fn again(&mut self) {
        (self.next, self.stays, self.at, self.frame) = (0, false, 0, Frame::default());
    }

    fn frame(&mut self) -> Result<Frame> {
        let mut head = [0; 8];
        self.spill.read(self.at, &mut head)?;
        let mut numbers = numbers_of(&head).map(|number| number as usize);
        let (articles, bytes) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        let mut all = vec![0; articles * 4 + bytes];
        self.spill.read(self.at + head.len() as u64, &mut all)?;
        self.at += (head.len() + all.len()) as u64;
        let lengths: Vec<u32> = numbers_of(&all[..articles * 4]).collect();
        Ok(Frame { bytes: Arc::new(all), lengths: lengths.into_iter(), at: articles * 4 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_added_is_read_in_order(chunks in prop::collection::vec(prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..5), 0..9), room in 0usize..1200) {
            let mut articles = Articles::with_room(room);
            let boxed = |chunk: &Vec<Vec<u8>>| chunk.iter().map(|article| article.as_slice().into()).collect();
            chunks.iter().for_each(|chunk| articles.add(boxed(chunk)).expect("room"));
            let mut unread = articles.read_twice();
            for _ in 0..2 {
                for article in chunks.iter().flatten() {
                    prop_assert_eq!(&**article, &*unread.next().expect("sound").expect("as many as were added"));
                }
                prop_assert!(unread.next().expect("sound").is_none());
                unread.again();
            }
        }
    }
}
