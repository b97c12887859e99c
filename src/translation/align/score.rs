//! What a bead scores before its words are looked at: its shape, the lengths of its sides (Gale & Church 1993), and paragraphs where
//! the texts have them. All but the shapes is measured again on the beads of each pass.

use std::ops::Range;

use super::corpus::{Corpus, Document};
use super::log::ln;
use super::path::Step;
use super::tuning::{SHAPES, Tuning};

/// What is known of beads as such.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) lengths: Lengths,
    pub(super) anchors: Anchors,
}

/// How the lengths of the two languages go together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lengths {
    /// Letters of the target for one of the source.
    ratio: f32,
    /// Variance of the difference for a letter.
    variance: f32,
}

/// What it is worth that paragraphs begin at the first sentences of a bead: logarithms of how much more often that is so than by
/// chance.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Anchors {
    /// On both sides.
    both: f32,
    /// On one side only.
    one: f32,
    /// On neither.
    neither: f32,
    /// Inside of the bead, for each.
    inside: f32,
}

impl Model {
    /// What is known of a batch before anything is aligned.
    pub(super) fn first(corpus: &Corpus) -> Model {
        let sum = |side: fn(&Document) -> f32| corpus.documents.iter().map(|document| f64::from(side(document))).sum::<f64>();
        let sources = sum(|document| document.source.letters(0, document.source.len()));
        let targets = sum(|document| document.target.letters(0, document.target.len()));
        let ratio = if sources > 0.0 && targets > 0.0 { (targets / sources) as f32 } else { 1.0 };
        Model { lengths: Lengths { ratio, variance: corpus.tuning.variance }, anchors: Anchors::default() }
    }

    /// What the beads of a pass say.
    pub(super) fn measured(self, corpus: &Corpus, paths: &[Vec<Step>]) -> Model {
        Model { lengths: self.lengths.measured(corpus, paths), anchors: Anchors::measured(corpus, paths) }
    }

    /// Score of a bead of the shape `shape` from a source and a target sentence on.
    pub(super) fn score(&self, document: &Document, source: usize, target: usize, shape: usize, tuning: &Tuning) -> f32 {
        let (a, b) = SHAPES[shape];
        let (source_end, target_end) = (source + a as usize, target + b as usize);
        let lengths = (document.source.letters(source, source_end), document.target.letters(target, target_end));
        tuning.shapes[shape] + self.lengths.score(lengths, tuning) + self.anchors.score(document, source..source_end, target..target_end)
    }
}

impl Lengths {
    fn score(&self, (source, target): (f32, f32), tuning: &Tuning) -> f32 {
        let freedom = tuning.freedom;
        -tuning.lengths * (freedom + 1.0) / 2.0 * ln(1.0 + self.distance(source, target) / self.variance / freedom)
    }

    /// The squared difference, for a letter.
    fn distance(&self, source: f32, target: f32) -> f32 {
        let mean = (source + target / self.ratio) / 2.0;
        let difference = target - source * self.ratio;
        difference * difference / mean.max(1.0)
    }

    fn measured(self, corpus: &Corpus, paths: &[Vec<Step>]) -> Lengths {
        /// One to one beads that a variance is measured on, at least.
        const ENOUGH: usize = 10;
        /// The median of a squared standard normal variable: one that outliers do not move.
        const MEDIAN: f32 = 0.455;
        let mut pairs: Vec<(f32, f32)> = Vec::new();
        for (document, path) in corpus.documents.iter().zip(paths) {
            let single = path.iter().filter(|step| step.shape() == (1, 1));
            pairs.extend(single.map(|step| {
                let (source, target) = (step.source as usize, step.target as usize);
                (document.source.letters(source, source + 1), document.target.letters(target, target + 1))
            }));
        }
        let sums = pairs.iter().fold((0.0f64, 0.0f64), |sums, pair| (sums.0 + f64::from(pair.0), sums.1 + f64::from(pair.1)));
        let ratio = if sums.0 > 0.0 && sums.1 > 0.0 { (sums.1 / sums.0) as f32 } else { self.ratio };
        let mut lengths = Lengths { ratio, ..self };
        let mut distances: Vec<f32> = pairs.iter().map(|&(source, target)| lengths.distance(source, target)).collect();
        if distances.len() > ENOUGH {
            let middle = distances.len() / 2;
            let (_, median, _) = distances.select_nth_unstable_by(middle, f32::total_cmp);
            lengths.variance = (*median / MEDIAN).clamp(1.0, 40.0);
        }
        lengths
    }
}

/// Beads by whether a paragraph begins with them in the source, in the target; the further sentences of beads, and paragraphs that
/// begin with those.
#[derive(Default)]
struct Starts {
    first: [[f32; 2]; 2],
    further: f32,
    inside: f32,
}

impl Anchors {
    /// The most that an anchor is worth either way: two texts may have the same paragraphs by and large and not here.
    const MOST: f32 = 3.0;

    fn score(&self, document: &Document, source: Range<usize>, target: Range<usize>) -> f32 {
        let (sources, targets) = (&document.source.starts, &document.target.starts);
        if !document.has_paragraphs || source.start == 0 || target.start == 0 {
            return 0.0;
        }
        let begins = match (sources[source.start], targets[target.start]) {
            (true, true) => self.both,
            (false, false) => self.neither,
            _ => self.one,
        };
        begins + self.inside * inside(sources, source, targets, target) as f32
    }

    fn measured(corpus: &Corpus, paths: &[Vec<Step>]) -> Anchors {
        let mut starts = Starts::default();
        for (document, path) in corpus.documents.iter().zip(paths) {
            if document.has_paragraphs {
                path.iter().filter(|step| step.is_bead()).for_each(|step| starts.add(document, step));
            }
        }
        starts.anchors()
    }
}

impl Starts {
    fn add(&mut self, document: &Document, step: &Step) {
        let (source, target) = (step.sources(), step.targets());
        let (sources, targets) = (&document.source.starts, &document.target.starts);
        if source.start > 0 && target.start > 0 {
            self.first[usize::from(sources[source.start])][usize::from(targets[target.start])] += 1.0;
        }
        self.further += (source.len() + target.len() - 2) as f32;
        self.inside += inside(sources, source, targets, target) as f32;
    }

    fn anchors(&self) -> Anchors {
        let [[neither, in_target], [in_source, both]] = self.first;
        let beads = neither + in_target + in_source + both;
        if beads == 0.0 {
            return Anchors::default();
        }
        let (sources, targets) = ((in_source + both) / beads, (in_target + both) / beads);
        let by_chance = sources * (1.0 - targets) + (1.0 - sources) * targets;
        let everywhere = (sources + targets) / 2.0;
        Anchors {
            both: worth(both, sources * targets, beads),
            one: worth(in_source + in_target, by_chance, beads),
            neither: worth(neither, (1.0 - sources) * (1.0 - targets), beads),
            inside: worth(self.inside, everywhere, self.further),
        }
    }
}

/// The logarithm of how much more often something was met, of so many times, than its probability by chance says.
fn worth(met: f32, chance: f32, of: f32) -> f32 {
    /// Times that speak for chance before any is seen.
    const PRIOR: f32 = 4.0;
    if chance <= 0.0 {
        return 0.0;
    }
    ln((met + PRIOR * chance) / ((of + PRIOR) * chance)).clamp(-Anchors::MOST, Anchors::MOST)
}

/// Paragraphs that begin after the first sentence of either side.
fn inside(sources: &[bool], source: Range<usize>, targets: &[bool], target: Range<usize>) -> usize {
    let count = |starts: &[bool], range: Range<usize>| starts[range].iter().skip(1).filter(|starts| **starts).count();
    count(sources, source) + count(targets, target)
}
