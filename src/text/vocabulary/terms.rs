//! The terms of a vocabulary in little memory: their strings one after the other, numbered in the order in which they came, and
//! a table of numbers to find them by. Which word has which term is the business of the vocabulary.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

/// Distinct terms. A stem may look like a stop word (`evening` → `even`) and must not become one: what is a stop word is part of
/// what is distinct.
#[derive(Default)]
pub struct Terms {
    text: String,
    /// Where each term ends in `text`.
    ends: Vec<u32>,
    stops: Vec<bool>,
    /// Numbers plus one by hash, at most half of them taken; 0 is free.
    slots: Vec<u32>,
    hasher: RandomState,
}

impl Terms {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The string of a term.
    pub fn get(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[number] as usize]
    }

    /// Whether a term is a stop word.
    pub fn is_stop(&self, number: usize) -> bool {
        self.stops[number]
    }

    /// Bytes of memory.
    pub fn weight(&self) -> usize {
        self.text.capacity() + self.stops.capacity() + (self.ends.capacity() + self.slots.capacity()) * size_of::<u32>()
    }

    /// The number of a term, which is given one if it is new.
    pub fn number(&mut self, term: &str, stop: bool) -> u32 {
        if self.ends.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mut at = self.home(term, stop);
        while let Some(number) = self.slots[at].checked_sub(1) {
            if self.stops[number as usize] == stop && self.get(number as usize) == term {
                return number;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.text.push_str(term);
        self.ends.push(u32::try_from(self.text.len()).expect("terms take less than 4 GB"));
        self.stops.push(stop);
        self.slots[at] = self.ends.len() as u32;
        self.slots[at] - 1
    }

    fn home(&self, term: &str, stop: bool) -> usize {
        self.hasher.hash_one((term, stop)) as usize & (self.slots.len() - 1)
    }

    #[cold]
    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(1 << 8)];
        for number in 0..self.ends.len() {
            let mut at = self.home(self.get(number), self.stops[number]);
            while self.slots[at] != 0 {
                at = (at + 1) & (self.slots.len() - 1);
            }
            self.slots[at] = number as u32 + 1;
        }
    }
}
