//! All ways to cut a document into beads within a band, best or weighed: Viterbi's path (Gale & Church 1993, with an affine cost of
//! sentences left alone), and the probability of each bead by the forward-backward algorithm, of which the path with the most right
//! beads to be expected is chosen.

use super::corpus::Document;
use super::grid::Grid;
use super::path::{Band, Step};
use super::score::Model;
use super::tuning::{FIRST_SHAPES, MOST, SHAPES, Tuning};

/// A document, and all that its beads are scored by.
pub(super) struct Scored<'a> {
    pub(super) document: &'a Document,
    pub(super) band: &'a Band,
    pub(super) model: &'a Model,
    pub(super) tuning: &'a Tuning,
    /// Look at the usual shapes only.
    pub(super) first: bool,
}

/// The two states of a path at a place: after a bead, and after a sentence left alone.
const STATES: usize = 2;
/// A place that nothing leads to.
const NOWHERE: f64 = f64::NEG_INFINITY;
/// The steps that leave a sentence alone.
const SKIPS: [(usize, usize); 2] = [(1, 0), (0, 1)];

impl Scored<'_> {
    fn shapes(&self) -> &'static [(u8, u8)] {
        if self.first { &SHAPES[..FIRST_SHAPES] } else { &SHAPES }
    }

    fn ends(&self) -> (usize, usize) {
        (self.document.source.len(), self.document.target.len())
    }

    /// The places in order: sentences of source and target before each, and its number.
    fn places(&self) -> impl DoubleEndedIterator<Item = (usize, usize, usize)> {
        let row = |sources: usize| {
            let start = self.band.row(sources).start;
            let first = self.band.number(sources, start).expect("a row has a place");
            self.band.row(sources).map(move |targets| (sources, targets, first + targets - start))
        };
        (0..=self.ends().0).flat_map(row)
    }

    /// The place from which a step of `a` and `b` sentences leads to a place.
    fn origin(&self, (sources, targets): (usize, usize), (a, b): (usize, usize)) -> Option<usize> {
        self.band.number(sources.checked_sub(a)?, targets.checked_sub(b)?)
    }

    /// The place to which a step leads.
    fn end(&self, (sources, targets): (usize, usize), (a, b): (usize, usize)) -> Option<usize> {
        self.band.number(sources + a, targets + b)
    }

    /// Score of the bead of a shape that ends at a place.
    fn bead(&self, grid: &Grid, (sources, targets): (usize, usize), shape: usize) -> f32 {
        let (a, b) = sizes(SHAPES[shape]);
        let words = grid.words((sources, targets), (a, b));
        self.model.score(self.document, sources - a, targets - b, shape, self.tuning) + self.tuning.words * words
    }

    /// Cost of leaving a sentence alone, by the state before.
    fn skip(&self, state: usize) -> f64 {
        f64::from(if state == 0 { self.tuning.skip } else { self.tuning.skip_on })
    }

    fn step(&self, (sources, targets): (usize, usize), (a, b): (usize, usize), posterior: f64) -> Step {
        let (source, target) = ((sources - a) as u32, (targets - b) as u32);
        Step { source, target, sources: a as u8, targets: b as u8, posterior: posterior as f32 }
    }
}

fn sizes((a, b): (u8, u8)) -> (usize, usize) {
    (a as usize, b as usize)
}

/// The best path.
pub(super) fn best_path(scored: &Scored, grid: &mut Grid) -> Vec<Step> {
    let (sources, targets) = scored.ends();
    let mut search = Search::new(scored);
    for at in 0..=sources {
        if at > 0 {
            grid.reach(scored.band, at - 1);
        }
        search.row(grid, at);
    }
    search.back((sources, targets))
}

/// A search for the best path, row by row.
struct Search<'a> {
    scored: &'a Scored<'a>,
    /// Best scores at the places of the last rows, by state; a row stands at its number modulo their number.
    rows: [Vec<[f64; STATES]>; MOST + 1],
    /// By place and state: the step that leads there, and the state before it (see [`Search::code`]).
    steps: Vec<[u8; STATES]>,
}

impl<'a> Search<'a> {
    fn new(scored: &'a Scored<'a>) -> Search<'a> {
        Search { scored, rows: Default::default(), steps: vec![[0; STATES]; scored.band.places()] }
    }

    /// A step in a byte: shapes first, then the two ways to leave a sentence alone; the lowest bit is the state before.
    fn code(step: usize, state: usize) -> u8 {
        (step * STATES + state) as u8
    }

    /// The sentences of a step in a byte, and the state before it.
    fn decode(code: u8) -> ((usize, usize), usize) {
        let step = code as usize / STATES;
        let sizes = SHAPES.get(step).map_or_else(|| SKIPS[step - SHAPES.len()], |shape| sizes(*shape));
        (sizes, code as usize % STATES)
    }

    /// The best score at a place of a row that is at hand.
    fn best(&self, (sources, targets): (usize, usize)) -> [f64; STATES] {
        let row = self.scored.band.row(sources);
        if row.contains(&targets) { self.rows[sources % (MOST + 1)][targets - row.start] } else { [NOWHERE; STATES] }
    }

    fn row(&mut self, grid: &Grid, sources: usize) {
        let row = self.scored.band.row(sources);
        let first = self.scored.band.number(sources, row.start).expect("a row has a place");
        let slot = sources % (MOST + 1);
        self.rows[slot].clear();
        self.rows[slot].resize(row.len(), [NOWHERE; STATES]);
        for targets in row.clone() {
            let (scores, steps) =
                if (sources, targets) == (0, 0) { ([0.0, NOWHERE], [0, 0]) } else { self.place(grid, (sources, targets)) };
            self.rows[slot][targets - row.start] = scores;
            self.steps[first + targets - row.start] = steps;
        }
    }

    /// The best ways to a place.
    fn place(&self, grid: &Grid, place: (usize, usize)) -> ([f64; STATES], [u8; STATES]) {
        let (mut scores, mut steps) = ([NOWHERE; STATES], [0; STATES]);
        let before = |(a, b): (usize, usize)| Some(self.best((place.0.checked_sub(a)?, place.1.checked_sub(b)?)));
        for (shape, &size) in self.scored.shapes().iter().enumerate() {
            let Some(before) = before(sizes(size)) else { continue };
            let state = usize::from(before[1] > before[0]);
            if before[state] == NOWHERE {
                continue;
            }
            let score = before[state] + f64::from(self.scored.bead(grid, place, shape));
            if score > scores[0] {
                (scores[0], steps[0]) = (score, Search::code(shape, state));
            }
        }
        for (skip, &size) in SKIPS.iter().enumerate() {
            let Some(before) = before(size) else { continue };
            for (state, before) in before.iter().enumerate() {
                let score = before + self.scored.skip(state);
                if score > scores[1] {
                    (scores[1], steps[1]) = (score, Search::code(SHAPES.len() + skip, state));
                }
            }
        }
        (scores, steps)
    }

    /// The path back from the last place.
    fn back(&self, mut place: (usize, usize)) -> Vec<Step> {
        let last = self.best(place);
        let mut state = usize::from(last[1] > last[0]);
        let mut path = Vec::new();
        while place != (0, 0) {
            let number = self.scored.band.number(place.0, place.1).expect("the path is in the band");
            let (size, before) = Search::decode(self.steps[number][state]);
            path.push(self.scored.step(place, size, 1.0));
            place = (place.0 - size.0, place.1 - size.1);
            state = before;
        }
        path.reverse();
        path
    }
}

/// The path whose steps are likely to be right, each with its probability.
pub(super) fn likely_path(scored: &Scored, grid: &mut Grid) -> Vec<Step> {
    let scores = all_beads(scored, grid);
    let forward = forward(scored, &scores);
    let backward = backward(scored, &scores);
    Likely { scored, scores: &scores, forward: &forward, backward: &backward }.path()
}

/// Scores over the temperature of the beads that end at each place, by shape.
fn all_beads(scored: &Scored, grid: &mut Grid) -> Vec<[f32; SHAPES.len()]> {
    let mut out = Vec::with_capacity(scored.band.places());
    let mut reached = 0;
    for (sources, targets, _) in scored.places() {
        if sources > reached {
            grid.reach(scored.band, sources - 1);
            reached = sources;
        }
        let mut scores = [f32::NEG_INFINITY; SHAPES.len()];
        for (shape, &size) in scored.shapes().iter().enumerate() {
            if scored.origin((sources, targets), sizes(size)).is_some() {
                scores[shape] = scored.bead(grid, (sources, targets), shape) / scored.tuning.temperature;
            }
        }
        out.push(scores);
    }
    out
}

/// Logarithm of the sum of all paths to a place, by the state in which they arrive.
type Sums = [f64; STATES];

/// The logarithm of a sum of numbers whose logarithms these are.
fn sum_of(logarithms: &[f64]) -> f64 {
    let most = logarithms.iter().copied().fold(NOWHERE, f64::max);
    if most == NOWHERE {
        return NOWHERE;
    }
    /// What is smaller by more than this adds nothing that shows.
    const NOTHING: f64 = 30.0;
    most + logarithms.iter().map(|one| one - most).filter(|one| *one > -NOTHING).map(f64::exp).sum::<f64>().ln()
}

/// Sums of the paths from the start.
fn forward(scored: &Scored, beads: &[[f32; SHAPES.len()]]) -> Vec<Forward> {
    let mut sums: Vec<Forward> = Vec::with_capacity(beads.len());
    for (sources, targets, number) in scored.places() {
        if number == 0 {
            sums.push(Forward { by_state: [0.0, NOWHERE], either: 0.0 });
            continue;
        }
        let of_bead = |(shape, &size): (usize, &(u8, u8))| {
            let origin = scored.origin((sources, targets), sizes(size));
            origin.map_or(NOWHERE, |origin| sums[origin].either + f64::from(beads[number][shape]))
        };
        let of_skip = |&size: &(usize, usize)| {
            let origin = scored.origin((sources, targets), size);
            origin.map_or(NOWHERE, |origin| after_skip(scored, sums[origin].by_state))
        };
        let by_bead: [f64; SHAPES.len()] = collect(scored.shapes().iter().enumerate().map(of_bead));
        let by_skip: [f64; SKIPS.len()] = collect(SKIPS.iter().map(of_skip));
        let by_state = [sum_of(&by_bead), sum_of(&by_skip)];
        sums.push(Forward { by_state, either: sum_of(&by_state) });
    }
    sums
}

/// Sums of the paths to a place.
#[derive(Clone, Copy)]
struct Forward {
    by_state: Sums,
    /// Of all of them.
    either: f64,
}

/// Sums of the paths that leave a sentence alone after a place.
fn after_skip(scored: &Scored, sums: Sums) -> f64 {
    let cost = |state: usize| scored.skip(state) / f64::from(scored.tuning.temperature);
    sum_of(&[sums[0] + cost(0), sums[1] + cost(1)])
}

fn collect<const N: usize>(mut numbers: impl Iterator<Item = f64>) -> [f64; N] {
    std::array::from_fn(|_| numbers.next().unwrap_or(NOWHERE))
}

/// Sums of the paths to the end.
fn backward(scored: &Scored, beads: &[[f32; SHAPES.len()]]) -> Vec<Sums> {
    let mut sums: Vec<Sums> = vec![[NOWHERE; STATES]; beads.len()];
    let temperature = f64::from(scored.tuning.temperature);
    for (sources, targets, number) in scored.places().rev() {
        if (sources, targets) == scored.ends() {
            sums[number] = [0.0; STATES];
            continue;
        }
        let of_bead = |(shape, &size): (usize, &(u8, u8))| {
            let end = scored.end((sources, targets), sizes(size));
            end.map_or(NOWHERE, |end| sums[end][0] + f64::from(beads[end][shape]))
        };
        let of_skip = |&size: &(usize, usize)| scored.end((sources, targets), size).map_or(NOWHERE, |end| sums[end][1]);
        let by_bead: [f64; SHAPES.len()] = collect(scored.shapes().iter().enumerate().map(of_bead));
        let by_skip: [f64; SKIPS.len()] = collect(SKIPS.iter().map(of_skip));
        let (bead, skip) = (sum_of(&by_bead), sum_of(&by_skip));
        sums[number] = std::array::from_fn(|state| sum_of(&[bead, skip + scored.skip(state) / temperature]));
    }
    sums
}

/// A choice of steps by their probabilities.
struct Likely<'a> {
    scored: &'a Scored<'a>,
    scores: &'a [[f32; SHAPES.len()]],
    forward: &'a [Forward],
    backward: &'a [Sums],
}

/// The best step to a place: its sentences, its probability.
type Choice = ((usize, usize), f64);

impl Likely<'_> {
    fn path(&self) -> Vec<Step> {
        let last = self.scored.ends();
        let choices = self.choices();
        let mut path = Vec::new();
        let mut place = last;
        while place != (0, 0) {
            let number = self.scored.band.number(place.0, place.1).expect("the path is in the band");
            let (size, posterior) = choices[number];
            path.push(self.scored.step(place, size, posterior));
            place = (place.0 - size.0, place.1 - size.1);
        }
        path.reverse();
        path
    }

    fn choices(&self) -> Vec<Choice> {
        let total = self.forward.last().map_or(0.0, |sums| sums.either);
        let mut worths: Vec<f64> = Vec::with_capacity(self.forward.len());
        let mut choices: Vec<Choice> = Vec::with_capacity(self.forward.len());
        for (sources, targets, number) in self.scored.places() {
            let (mut worth, mut choice) = (if number == 0 { 0.0 } else { NOWHERE }, ((0, 0), 0.0));
            let mut offer = |size: (usize, usize), origin: usize, posterior: f64, worth_of: f64| {
                if worths[origin] + worth_of > worth {
                    (worth, choice) = (worths[origin] + worth_of, (size, posterior));
                }
            };
            for (shape, &size) in self.scored.shapes().iter().enumerate() {
                let Some(origin) = self.scored.origin((sources, targets), sizes(size)) else { continue };
                let posterior =
                    (self.forward[origin].either + f64::from(self.scores[number][shape]) + self.backward[number][0] - total).exp();
                let merged = if shape == 0 { 0.0 } else { f64::from(self.scored.tuning.merged) };
                offer(sizes(size), origin, posterior, posterior + merged);
            }
            for size in SKIPS {
                let Some(origin) = self.scored.origin((sources, targets), size) else { continue };
                let posterior = (after_skip(self.scored, self.forward[origin].by_state) + self.backward[number][1] - total).exp();
                offer(size, origin, posterior, posterior * f64::from(self.scored.tuning.alone));
            }
            worths.push(worth);
            choices.push(choice);
        }
        choices
    }
}
