//! What words are translated by what words, in both directions, learned from beads: IBM model 1 with a NULL word (Brown et al. 1993),
//! started from cognates. Expected counts of the two directions are made one by their geometric mean (a pair must be likely both ways),
//! pairs that stand in one bead only are dropped, and a discount is taken off the counts of the rest (Moore 2002 prunes rare words
//! for the same reason). Sums run in order of beads.

use super::cognates::Cognate;
use super::tokens::Term;
use super::tuning::Tuning;

/// Probabilities of translations.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    /// By source term: target terms, and the probability that the source term is translated so.
    pub(super) forward: Rows,
    /// The same from the target to the source.
    pub(super) backward: Rows,
    /// By source term and by target term: how far it is held against a bead that the other side does not explain it, from 0 to 1.
    pub(super) covered: (Vec<f32>, Vec<f32>),
}

/// Terms with terms of the other language and numbers, row by row in order.
#[derive(Debug, Default)]
pub(super) struct Rows {
    starts: Vec<u32>,
    cells: Vec<(Term, f32)>,
}

impl Rows {
    /// Of cells in any order; the first of a row's repeated cells counts.
    fn new(mut cells: Vec<(Term, Term, f32)>, rows: usize) -> Rows {
        cells.sort_by_key(|&(row, column, _)| (row, column));
        cells.dedup_by_key(|&mut (row, column, _)| (row, column));
        let mut starts = vec![0; rows + 1];
        cells.iter().for_each(|&(row, ..)| starts[row as usize + 1] += 1);
        (0..rows).for_each(|row| starts[row + 1] += starts[row]);
        Rows { starts, cells: cells.into_iter().map(|(_, column, number)| (column, number)).collect() }
    }

    /// The cells of a term; none of one that was met later.
    pub(super) fn row(&self, term: Term) -> &[(Term, f32)] {
        match self.starts.get(term as usize..term as usize + 2) {
            Some(&[start, end]) => &self.cells[start as usize..end as usize],
            _ => &[],
        }
    }

    /// Rows that sum to more than one are brought down to it.
    fn bound(mut self) -> Rows {
        for ends in self.starts.windows(2) {
            let row = &mut self.cells[ends[0] as usize..ends[1] as usize];
            let sum: f32 = row.iter().map(|cell| cell.1).sum();
            row.iter_mut().for_each(|cell| cell.1 /= sum.max(1.0));
        }
        self
    }
}

/// A bead as learning sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Example<'a> {
    pub(super) source: &'a [Term],
    pub(super) target: &'a [Term],
    /// How sure it is, from 0 to 1.
    pub(super) weight: f32,
}

/// Sizes of the two vocabularies.
pub(super) type Sizes = (usize, usize);

impl Lexicon {
    /// What cognates alone say.
    pub(super) fn seed(cognates: &[Cognate], sizes: Sizes, tuning: &Tuning) -> Lexicon {
        let cell = |cognate: &Cognate| (cognate.source, cognate.target, cognate.likeness * tuning.seed);
        let turned = |(source, target, number)| (target, source, number);
        let mut covered = (vec![0.0f32; sizes.0], vec![0.0f32; sizes.1]);
        for cognate in cognates {
            let raise = |share: &mut f32| *share = share.max(cognate.likeness * tuning.first);
            raise(&mut covered.0[cognate.source as usize]);
            raise(&mut covered.1[cognate.target as usize]);
        }
        Lexicon {
            forward: Rows::new(cognates.iter().map(cell).collect(), sizes.0).bound(),
            backward: Rows::new(cognates.iter().map(cell).map(turned).collect(), sizes.1).bound(),
            covered,
        }
    }

    /// Learns from beads.
    pub(super) fn learn(examples: &[Example], cognates: &[Cognate], sizes: Sizes, tuning: &Tuning) -> Lexicon {
        let mut model = Model::new(examples, cognates, sizes, tuning);
        for round in 1..=tuning.rounds {
            let mut counts = model.expect(examples);
            model.maximise(&mut counts, if round == tuning.rounds { tuning.discount } else { 0.0 });
        }
        model.keep_cognates(cognates, tuning);
        let covered = model.covered(examples, tuning);
        model.lexicon(covered, sizes, tuning)
    }
}

/// The two directions while they are learned: a number for each pair.
struct Model {
    /// Pairs of terms in order.
    pairs: Vec<(Term, Term)>,
    /// Whether a pair is of cognates.
    known: Vec<bool>,
    forward: Vec<f32>,
    backward: Vec<f32>,
    /// Where NULL generates each target term, and each source term.
    null: (Vec<f32>, Vec<f32>),
    links: Links,
}

/// The pairs that meet in each bead.
struct Links {
    /// Positions in the bead's source and target, and the number of the pair.
    all: Vec<(u16, u16, u32)>,
    /// Where the links of each bead end.
    ends: Vec<usize>,
}

/// Expected counts of the pairs, forward and backward.
type Counts = (Vec<f32>, Vec<f32>);

impl Model {
    fn new(examples: &[Example], cognates: &[Cognate], sizes: Sizes, tuning: &Tuning) -> Model {
        let mut pairs = repeated(examples);
        pairs.extend(cognates.iter().map(|cognate| (cognate.source, cognate.target)));
        pairs.sort_unstable();
        pairs.dedup();
        let mut known = vec![false; pairs.len()];
        let mut start = vec![1.0; pairs.len()];
        for cognate in cognates {
            if let Ok(at) = pairs.binary_search(&(cognate.source, cognate.target)) {
                known[at] = true;
                start[at] = 1.0 + tuning.boost * cognate.likeness;
            }
        }
        let links = Links::new(examples, &pairs, sizes.0);
        let null = (
            unigrams(examples.iter().map(|example| example.target), sizes.1, tuning.null),
            unigrams(examples.iter().map(|example| example.source), sizes.0, tuning.null),
        );
        let mut model = Model { pairs, known, forward: start.clone(), backward: start, null, links };
        model.normalise(sizes);
        model
    }

    /// Brings the numbers of each term to a sum of one.
    fn normalise(&mut self, sizes: Sizes) {
        let (mut sources, mut targets) = (vec![0.0; sizes.0], vec![0.0; sizes.1]);
        for (at, &(source, target)) in self.pairs.iter().enumerate() {
            sources[source as usize] += self.forward[at];
            targets[target as usize] += self.backward[at];
        }
        for (at, &(source, target)) in self.pairs.iter().enumerate() {
            self.forward[at] /= sources[source as usize];
            self.backward[at] /= targets[target as usize];
        }
    }

    /// Expected counts of the pairs over all beads, the two directions made one.
    fn expect(&self, examples: &[Example]) -> Counts {
        let (mut forward, mut backward) = (vec![0.0; self.pairs.len()], vec![0.0; self.pairs.len()]);
        let (mut to_targets, mut to_sources) = (Vec::new(), Vec::new());
        let mut start = 0;
        for (Example { source, target, weight }, &end) in examples.iter().zip(&self.links.ends) {
            let of_null = |terms: &[Term], null: &[f32], others: usize, out: &mut Vec<f32>| {
                out.clear();
                out.extend(terms.iter().map(|&term| null[term as usize] * others as f32));
            };
            of_null(target, &self.null.0, source.len(), &mut to_targets);
            of_null(source, &self.null.1, target.len(), &mut to_sources);
            let links = &self.links.all[start..end];
            for &(source, target, pair) in links {
                to_targets[target as usize] += self.forward[pair as usize];
                to_sources[source as usize] += self.backward[pair as usize];
            }
            for &(source, target, pair) in links {
                let pair = pair as usize;
                forward[pair] += weight * self.forward[pair] / to_targets[target as usize];
                backward[pair] += weight * self.backward[pair] / to_sources[source as usize];
            }
            start = end;
        }
        for (one, other) in forward.iter_mut().zip(&mut backward) {
            *one = (*one * *other).sqrt();
            *other = *one;
        }
        (forward, backward)
    }

    /// Probabilities of counts, after a discount of those that are no cognates.
    fn maximise(&mut self, (forward, backward): &mut Counts, discount: f32) {
        let mut sources = vec![0.0f32; self.null.1.len()];
        let mut targets = vec![0.0f32; self.null.0.len()];
        for (at, &(source, target)) in self.pairs.iter().enumerate() {
            sources[source as usize] += forward[at];
            targets[target as usize] += backward[at];
        }
        for (at, &(source, target)) in self.pairs.iter().enumerate() {
            let discount = if self.known[at] { 0.0 } else { discount };
            self.forward[at] = (forward[at] - discount).max(0.0) / sources[source as usize].max(f32::MIN_POSITIVE);
            self.backward[at] = (backward[at] - discount).max(0.0) / targets[target as usize].max(f32::MIN_POSITIVE);
        }
    }

    /// Cognates keep some probability whatever was learned.
    fn keep_cognates(&mut self, cognates: &[Cognate], tuning: &Tuning) {
        for cognate in cognates {
            if let Ok(at) = self.pairs.binary_search(&(cognate.source, cognate.target)) {
                let floor = cognate.likeness * tuning.floor;
                self.forward[at] = self.forward[at].max(floor);
                self.backward[at] = self.backward[at].max(floor);
            }
        }
    }

    /// How far each term of the source and of the target is held against a bead: the share of its places where the other side is its
    /// likely origin.
    fn covered(&self, examples: &[Example], tuning: &Tuning) -> (Vec<f32>, Vec<f32>) {
        let (mut sources, mut targets) = (Coverage::new(&self.null.1), Coverage::new(&self.null.0));
        let mut start = 0;
        for (Example { source, target, weight }, &end) in examples.iter().zip(&self.links.ends) {
            let links = &self.links.all[start..end];
            let backward = links.iter().map(|&(at, _, pair)| (at, self.backward[pair as usize]));
            sources.add(source, target.len(), *weight, backward, tuning);
            let forward = links.iter().map(|&(_, at, pair)| (at, self.forward[pair as usize]));
            targets.add(target, source.len(), *weight, forward, tuning);
            start = end;
        }
        (sources.shares(tuning), targets.shares(tuning))
    }

    /// The probabilities that are worth keeping.
    fn lexicon(self, covered: (Vec<f32>, Vec<f32>), sizes: Sizes, tuning: &Tuning) -> Lexicon {
        let cells = |numbers: &[f32], turned: bool| {
            let all = self.pairs.iter().zip(numbers).map(|(&pair, &number)| (pair, number));
            let kept = all.filter(|(_, number)| *number > tuning.prune);
            kept.map(|((source, target), number)| if turned { (target, source, number) } else { (source, target, number) }).collect()
        };
        Lexicon {
            forward: Rows::new(cells(&self.forward, false), sizes.0),
            backward: Rows::new(cells(&self.backward, true), sizes.1),
            covered,
        }
    }
}

/// How often the terms of a side were explained.
struct Coverage<'a> {
    /// Where NULL generates each term.
    null: &'a [f32],
    explained: Vec<f32>,
    counts: Vec<f32>,
    /// Probabilities of the words of the bead at hand.
    sums: Vec<f32>,
}

impl Coverage<'_> {
    fn new(null: &[f32]) -> Coverage<'_> {
        Coverage { null, explained: vec![0.0; null.len()], counts: vec![0.0; null.len()], sums: Vec::new() }
    }

    /// Adds the terms of a bead with so many words on the other side; `links` gives probabilities by the terms' places.
    fn add(&mut self, terms: &[Term], others: usize, weight: f32, links: impl Iterator<Item = (u16, f32)>, tuning: &Tuning) {
        self.sums.clear();
        self.sums.resize(terms.len(), 0.0);
        links.for_each(|(at, probability)| self.sums[at as usize] += probability);
        for (&term, sum) in terms.iter().zip(&self.sums) {
            let term = term as usize;
            let explained = (1.0 - tuning.unexplained) * sum / others.max(1) as f32;
            let alone = tuning.unexplained * self.null[term] / tuning.null;
            self.explained[term] += weight * explained / (explained + alone).max(f32::MIN_POSITIVE);
            self.counts[term] += weight;
        }
    }

    fn shares(self, tuning: &Tuning) -> Vec<f32> {
        let share = |(explained, count): (f32, f32)| (tuning.held * explained / (count + tuning.rare)).min(1.0);
        self.explained.into_iter().zip(self.counts).map(share).collect()
    }
}

impl Links {
    fn new(examples: &[Example], pairs: &[(Term, Term)], sources: usize) -> Links {
        let mut starts = vec![0usize; sources + 1];
        pairs.iter().for_each(|&(source, _)| starts[source as usize + 1] += 1);
        (0..sources).for_each(|source| starts[source + 1] += starts[source]);
        let mut links = Links { all: Vec::new(), ends: Vec::with_capacity(examples.len()) };
        for example in examples {
            for (at, &source) in example.source.iter().enumerate() {
                let first = starts[source as usize];
                let row = &pairs[first..starts[source as usize + 1]];
                for (to, &target) in example.target.iter().enumerate() {
                    if let Ok(found) = row.binary_search_by_key(&target, |pair| pair.1) {
                        links.all.push((at as u16, to as u16, (first + found) as u32));
                    }
                }
            }
            links.ends.push(links.all.len());
        }
        links
    }
}

/// How often each term stands on a side, as a share of all, times `null`.
fn unigrams<'a>(sides: impl Iterator<Item = &'a [Term]>, size: usize, null: f32) -> Vec<f32> {
    let mut counts = vec![0.0f32; size];
    let mut total = 0u64;
    for &term in sides.flatten() {
        counts[term as usize] += 1.0;
        total += 1;
    }
    counts.iter_mut().for_each(|count| *count *= null / total.max(1) as f32);
    counts
}

/// The pairs that meet in two beads or more. What meets once is by far the most; a sketch of two bits a slot lets few of those
/// through to be counted.
fn repeated(examples: &[Example]) -> Vec<(Term, Term)> {
    let mut sketch = Sketch::new(examples.iter().map(|example| example.source.len() * example.target.len()).sum());
    each_pair(examples, |pair| sketch.add(pair));
    let mut again = Vec::new();
    each_pair(examples, |pair| {
        if sketch.met_again(pair) {
            again.push(pair);
        }
    });
    again.sort_unstable();
    again.chunk_by(|one, other| one == other).filter(|same| same.len() > 1).map(|same| same[0]).collect()
}

/// Hands on the pairs of every bead, each once a bead.
fn each_pair(examples: &[Example], mut take: impl FnMut((Term, Term))) {
    let (mut sources, mut targets) = (Vec::new(), Vec::new());
    let distinct = |terms: &[Term], out: &mut Vec<Term>| {
        out.clear();
        out.extend_from_slice(terms);
        out.sort_unstable();
        out.dedup();
    };
    for example in examples {
        distinct(example.source, &mut sources);
        distinct(example.target, &mut targets);
        for &source in &sources {
            targets.iter().for_each(|&target| take((source, target)));
        }
    }
}

/// Slots that say whether something fell into them once, or again.
struct Sketch {
    once: Vec<u64>,
    again: Vec<u64>,
    shift: u32,
}

impl Sketch {
    /// Room for so many things, with some slots to spare.
    fn new(things: usize) -> Sketch {
        let slots = (2 * things).next_power_of_two().max(64);
        Sketch { once: vec![0; slots / 64], again: vec![0; slots / 64], shift: 64 - slots.trailing_zeros() }
    }

    /// The slot of a pair: Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
    fn slot(&self, (source, target): (Term, Term)) -> (usize, u64) {
        let key = u64::from(source) << 32 | u64::from(target);
        let slot = (key ^ key >> 29).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift;
        ((slot / 64) as usize, 1 << (slot % 64))
    }

    fn add(&mut self, pair: (Term, Term)) {
        let (word, bit) = self.slot(pair);
        self.again[word] |= self.once[word] & bit;
        self.once[word] |= bit;
    }

    fn met_again(&self, pair: (Term, Term)) -> bool {
        let (word, bit) = self.slot(pair);
        self.again[word] & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learn(beads: &[(&[Term], &[Term])], cognates: &[Cognate]) -> Lexicon {
        let examples: Vec<Example> = beads.iter().map(|&(source, target)| Example { source, target, weight: 1.0 }).collect();
        Lexicon::learn(&examples, cognates, (4, 4), &Tuning::default())
    }

    #[test]
    fn what_meets_again_and_again_is_learned_and_what_meets_once_is_not() {
        let beads: &[(&[Term], &[Term])] =
            &[(&[0, 1], &[1, 0]), (&[0, 2], &[2, 0]), (&[1, 2], &[1, 2]), (&[0, 3], &[0, 3]), (&[1], &[1]), (&[2], &[2])];
        let lexicon = learn(beads, &[]);
        for term in 0..3 {
            let best = lexicon.forward.row(term).iter().max_by(|one, other| one.1.total_cmp(&other.1));
            assert_eq!(best.map(|cell| cell.0), Some(term), "{term}");
        }
        assert!(lexicon.forward.row(3).is_empty() && lexicon.forward.row(9).is_empty());
    }

    #[test]
    fn cognates_need_not_meet_twice() {
        let cognate = Cognate { source: 3, target: 3, likeness: 1.0 };
        let lexicon = learn(&[(&[0, 3], &[3, 0]), (&[0], &[0])], &[cognate]);
        assert!(lexicon.backward.row(3).iter().any(|cell| cell.0 == 3 && cell.1 >= Tuning::default().floor));
    }

    #[test]
    fn pairs_that_meet_in_two_beads_are_found() {
        let many: Vec<Term> = (0..200).collect();
        let beads = [Example { source: &many, target: &many, weight: 1.0 }, Example { source: &[7, 7, 9], target: &[5], weight: 1.0 }];
        assert_eq!(repeated(&beads), [(7, 5), (9, 5)]);
    }
}
