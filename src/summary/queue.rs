//! What queues in a heap by weight: the heavier first and, of two that weigh the same, the one that comes first. Where weights
//! only fall, what comes up is weighed again and put back if it fell; nothing else need be touched.

use std::cmp::Ordering;

/// Something by its index, with a weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighed {
    /// No NaN.
    pub weight: f64,
    /// Its place among its like.
    pub index: usize,
}

impl Eq for Weighed {}

impl PartialOrd for Weighed {
    fn partial_cmp(&self, other: &Weighed) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Weighed {
    fn cmp(&self, other: &Weighed) -> Ordering {
        self.weight.total_cmp(&other.weight).then(other.index.cmp(&self.index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heavier_then_the_earlier() {
        let heap: std::collections::BinaryHeap<Weighed> =
            [(0.5, 0), (0.9, 2), (0.9, 1), (-1.0, 3)].map(|(weight, index)| Weighed { weight, index }).into();
        let order: Vec<usize> = heap.into_sorted_vec().iter().rev().map(|weighed| weighed.index).collect();
        assert_eq!(order, [1, 2, 0, 3]);
    }
}
