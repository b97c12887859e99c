//! Local numbers for the terms of the document at hand, in order of first occurrence. A document has few terms beside its
//! language, so the table stays small and near the processor whatever the size of the vocabulary. What a term is, is the
//! business of `vocabulary`.

use crate::document::TermId;

/// Slots of the table for the usual article.
const USUAL: usize = 1 << 10;

/// A slot that holds nothing; a term's index stays below it.
const FREE: (u32, u32) = (u32::MAX, 0);

/// Terms of one document with their numbers.
#[derive(Debug, Default)]
pub struct Locals {
    /// Index in the vocabulary and local number, at most half of them taken.
    slots: Vec<(u32, u32)>,
    /// Bits of a hash that choose no slot.
    shift: u32,
    terms: Vec<TermId>,
}

impl Locals {
    /// Forgets the document before.
    pub fn start(&mut self) {
        self.terms.clear();
        self.slots.truncate(USUAL);
        self.slots.fill(FREE);
        self.slots.resize(USUAL, FREE);
        self.shift = 32 - USUAL.trailing_zeros();
    }

    /// The number of a term.
    #[inline]
    pub fn number(&mut self, term: TermId) -> u32 {
        let index = term.index() as u32;
        let mut at = self.home(index);
        let slots = self.slots.as_slice();
        loop {
            at &= slots.len() - 1;
            let (taken, local) = slots[at];
            if taken == index {
                return local;
            }
            if taken == FREE.0 {
                return self.add(term, at);
            }
            at += 1;
        }
    }

    /// The terms by number.
    pub fn terms(&self) -> &[TermId] {
        &self.terms
    }

    /// Multiplying by an odd number near 2^32 over the golden ratio spreads neighbours (Knuth, TAOCP 3, 6.4).
    #[inline]
    fn home(&self, index: u32) -> usize {
        (index.wrapping_mul(0x9e37_79b1) >> self.shift) as usize
    }

    #[inline]
    fn add(&mut self, term: TermId, at: usize) -> u32 {
        let local = self.terms.len() as u32;
        self.slots[at] = (term.index() as u32, local);
        self.terms.push(term);
        if self.terms.len() * 2 > self.slots.len() {
            self.grow();
        }
        local
    }

    #[cold]
    fn grow(&mut self) {
        self.slots = vec![FREE; self.slots.len() * 2];
        self.shift -= 1;
        for (local, term) in self.terms.iter().enumerate() {
            let mut at = self.home(term.index() as u32);
            while self.slots[at] != FREE {
                at = (at + 1) & (self.slots.len() - 1);
            }
            self.slots[at] = (term.index() as u32, local as u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_first_occurrence_in_every_document() {
        let mut locals = Locals::default();
        for step in [1u32, 7, 1 << 18] {
            locals.start();
            let term = |i: u32| TermId::new(i * step, false);
            for i in (0..3000).chain(0..3000) {
                assert_eq!(locals.number(term(i)), i);
            }
            assert_eq!(locals.terms().len(), 3000);
        }
    }
}
