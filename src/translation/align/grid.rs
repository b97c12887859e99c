//! The words' log likelihood ratios for the sentences that lie in a band, some rows at a time, so that a book takes no more memory
//! than its band's width asks for.

use super::lexical::{Explained, Ratios};
use super::path::Band;
use super::tuning::MOST;

/// Source sentences that are worked out together; the target's windows are moved over the band once for all of them.
const ROWS: usize = 128;

/// Ratios of some rows, one a source sentence.
#[derive(Default)]
pub(super) struct Grid {
    /// The source, explained by the target.
    pub(super) source: Explained,
    /// The target, explained by the source.
    pub(super) target: Explained,
    /// First row that is at hand, and the one after the last.
    first: usize,
    end: usize,
    /// By row: first target sentence, and where its ratios start.
    rows: Vec<(usize, usize)>,
    /// Of the source sentence of the row, given target sentences up to each.
    sources: Vec<Ratios>,
    /// Of each target sentence, given source sentences up to that of the row.
    targets: Vec<Ratios>,
}

impl Grid {
    /// Starts at the first row again.
    pub(super) fn restart(&mut self) {
        self.target.restart();
        (self.first, self.end) = (0, 0);
    }

    /// Brings a row to hand, with those before it that beads which end there may hold. Rows are asked for in order.
    pub(super) fn reach(&mut self, band: &Band, row: usize) {
        if row < self.end {
            return;
        }
        let fresh = self.end;
        self.first = (row + 1).saturating_sub(MOST);
        self.end = (row + ROWS).min(band.sources());
        self.rows.clear();
        let mut places = 0;
        for row in self.first..self.end {
            let targets = band.targets(row);
            self.rows.push((targets.start, places));
            places += targets.len();
        }
        self.sources.resize(places, Ratios::default());
        self.targets.resize(places, Ratios::default());
        self.explain_sources(band);
        self.explain_targets(band, fresh);
    }

    fn explain_sources(&mut self, band: &Band) {
        let (first, last) = (band.targets(self.first).start, band.targets(self.end - 1).end);
        self.source.restart();
        let (mut from, mut to) = (self.first, self.first);
        for target in first.saturating_sub(MOST - 1)..last {
            self.source.advance(target);
            while from < self.end && band.targets(from).end <= target {
                from += 1;
            }
            while to < self.end && band.targets(to).start <= target {
                to += 1;
            }
            for row in from..to {
                let at = self.at(row, target);
                self.sources[at] = self.source.ratios(row);
            }
        }
    }

    /// From the row `fresh` on: those before it are needed for their sources only.
    fn explain_targets(&mut self, band: &Band, fresh: usize) {
        for row in fresh..self.end {
            self.target.advance(row);
            for target in band.targets(row) {
                let at = self.at(row, target);
                self.targets[at] = self.target.ratios(target);
            }
        }
    }

    fn at(&self, row: usize, target: usize) -> usize {
        let (start, place) = self.rows[row - self.first];
        place + target - start
    }

    /// Log likelihood ratios of the words of a bead of `a` and `b` sentences that ends at a place, in both directions.
    pub(super) fn words(&self, (sources, targets): (usize, usize), (a, b): (usize, usize)) -> f32 {
        let explained: f32 = (targets - b..targets).map(|target| self.targets[self.at(sources - 1, target)][a - 1]).sum();
        let explaining: f32 = (sources - a..sources).map(|source| self.sources[self.at(source, targets - 1)][b - 1]).sum();
        explained + explaining
    }
}
