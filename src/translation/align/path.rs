//! A path through a document, step by step: beads, and sentences that are left alone; and the band of places around one that a pass
//! looks at.

use std::ops::Range;

use super::corpus::{Document, Side};
use super::tuning::{MOST, Tuning};

/// Sentences of a source and of a target that belong together; on one side there may be none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// First sentence of the source.
    pub(super) source: u32,
    /// First sentence of the target.
    pub(super) target: u32,
    /// Sentences of the source.
    pub(super) sources: u8,
    /// Sentences of the target.
    pub(super) targets: u8,
    /// Its probability, where that was asked for.
    pub(super) posterior: f32,
}

impl Step {
    pub(super) fn shape(&self) -> (u8, u8) {
        (self.sources, self.targets)
    }

    pub(super) fn is_bead(&self) -> bool {
        self.sources > 0 && self.targets > 0
    }

    pub(super) fn sources(&self) -> Range<usize> {
        self.source as usize..self.source as usize + self.sources as usize
    }

    pub(super) fn targets(&self) -> Range<usize> {
        self.target as usize..self.target as usize + self.targets as usize
    }
}

/// The places that are looked at: after so many sentences of the source, from how many to how many of the target.
#[derive(Debug, Default)]
pub(super) struct Band {
    /// By sentences of the source: first place, and the last.
    rows: Vec<(u32, u32)>,
    /// Places in the rows before.
    before: Vec<usize>,
}

impl Band {
    /// Around the diagonal of lengths, `wide` sentences on either side; more in a long text (three times the root of its sentences) and
    /// where one text is much shorter, since a part that was left out at one end moves the path away from the diagonal.
    pub(super) fn diagonal(document: &Document, tuning: &Tuning) -> Band {
        /// Sentences on either side at most, so that a band does not outgrow any text.
        const WIDEST: usize = 1000;
        let (source, target) = (&document.source, &document.target);
        let (more, fewer) = (source.len().max(target.len()), source.len().min(target.len()));
        let long = (3.0 * (more as f32).sqrt()) as usize;
        let left_out = (more - fewer) * fewer / more.max(1);
        let half = tuning.wide.max(long).max(left_out + tuning.wide / 2).min(WIDEST);
        let scale = share_of(target, target.len()) / share_of(source, source.len());
        let mut at = 0;
        let rows = (0..=source.len()).map(|sources| {
            while at < target.len() && share_of(target, at) < share_of(source, sources) * scale {
                at += 1;
            }
            (at.saturating_sub(half), at + half)
        });
        Band::new(rows.collect(), target.len())
    }

    /// Around a path, `half` sentences on either side of it.
    pub(super) fn around(path: &[Step], document: &Document, half: usize) -> Band {
        let (sources, targets) = (document.source.len(), document.target.len());
        let mut on_path = vec![(targets, 0); sources + 1];
        for step in path {
            for (low, high) in &mut on_path[step.source as usize..=step.sources().end] {
                *low = (*low).min(step.target as usize);
                *high = (*high).max(step.targets().end);
            }
        }
        let row = |at: usize| {
            let (low, high) = on_path[at];
            let (earlier, _) = on_path[at.saturating_sub(half)];
            let (_, later) = on_path[(at + half).min(sources)];
            (earlier.min(low.saturating_sub(half)), later.max(high + half))
        };
        Band::new((0..=sources).map(row).collect(), targets)
    }

    /// Rows that grow, from the first place to the last.
    fn new(mut rows: Vec<(usize, usize)>, targets: usize) -> Band {
        let last = rows.len() - 1;
        rows[0].0 = 0;
        rows[last].1 = targets;
        (1..rows.len()).for_each(|at| rows[at].1 = rows[at].1.max(rows[at - 1].1));
        (0..last).rev().for_each(|at| rows[at].0 = rows[at].0.min(rows[at + 1].0));
        let rows: Vec<(u32, u32)> = rows.into_iter().map(|(low, high)| (low.min(targets) as u32, high.min(targets) as u32)).collect();
        let mut before = vec![0];
        for &(low, high) in &rows {
            before.push(before[before.len() - 1] + (high - low + 1) as usize);
        }
        Band { rows, before }
    }

    /// How many places there are.
    pub(super) fn places(&self) -> usize {
        self.before[self.rows.len()]
    }

    /// From how many to how many sentences of the target.
    pub(super) fn row(&self, sources: usize) -> Range<usize> {
        let (low, high) = self.rows[sources];
        low as usize..high as usize + 1
    }

    /// The number of a place, if it is in the band.
    pub(super) fn number(&self, sources: usize, targets: usize) -> Option<usize> {
        let (low, high) = *self.rows.get(sources)?;
        let at = (targets as u32).wrapping_sub(low);
        (at <= high - low).then(|| self.before[sources] + at as usize)
    }

    /// Source sentences.
    pub(super) fn sources(&self) -> usize {
        self.rows.len() - 1
    }

    /// The target sentences that the beads around a source sentence may hold.
    pub(super) fn targets(&self, source: usize) -> Range<usize> {
        let low = self.rows[(source + 1).saturating_sub(MOST)].0 as usize;
        let high = self.rows[(source + MOST).min(self.rows.len() - 1)].1 as usize;
        low..high
    }
}

/// Letters before a sentence; something even where there are none.
fn share_of(side: &Side, sentence: usize) -> f32 {
    side.letters(0, sentence).max(f32::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_holds_its_path_and_both_ends() {
        let document = Document::default();
        let band = Band::around(&[], &document, 3);
        assert_eq!((band.places(), band.number(0, 0), band.number(1, 0)), (1, Some(0), None));
        let rows = Band::new(vec![(3, 4), (2, 2), (5, 6)], 9);
        assert_eq!((rows.row(0), rows.row(1), rows.row(2)), (0..5, 2..5, 5..10));
        assert_eq!((rows.number(1, 1), rows.number(1, 2), rows.number(2, 9)), (None, Some(5), Some(12)));
    }
}
