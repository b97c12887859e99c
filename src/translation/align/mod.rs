//! Sentences of a text and of its translation, brought together in beads: without a dictionary, in any pair of languages. The aligner
//! knows lengths (Gale & Church 1993), words that look alike, numbers and marks, and learns by itself what is translated by what
//! (IBM model 1, Brown et al. 1993) from the whole batch, in passes: align, learn from the beads, align again, as Moore (2002) and
//! Varga et al. (2005) do. What it is sure of is a posterior over all paths, brought to mean what it says (`confidence`).
//!
//! `tokens` and `cognates` read words, `corpus` holds the batch, `lexicon` learns, `lexical`, `score` and `grid` weigh a bead, `path`
//! and `lattice` find the path. Files, threads and what becomes of the beads are not its business: who has threads gives a map of
//! documents to [`align_with`].

mod cognates;
mod confidence;
mod corpus;
mod grid;
mod lattice;
mod lexical;
mod lexicon;
mod log;
mod path;
mod score;
mod tokens;
mod tuning;

use std::ops::Range;

pub use corpus::{Corpus, Line};
pub use path::Step;
pub use tuning::Tuning;

use corpus::Frequencies;
use grid::Grid;
use lattice::{Scored, best_path, likely_path};
use lexicon::{Example, Lexicon};
use path::Band;
use score::Model;

/// Sentences that belong together; on one side there may be none.
#[derive(Clone, Debug, PartialEq)]
pub struct Bead {
    /// Sentences of the source, by index.
    pub source: Range<usize>,
    /// Sentences of the target, by index.
    pub target: Range<usize>,
    /// The probability that it is right, from 0 to 1.
    pub confidence: f64,
}

/// What a thread keeps from document to document.
#[derive(Default)]
pub struct Scratch {
    grid: Grid,
}

/// A document's work in a pass, by the document's index.
pub type Work<'a> = dyn Fn(usize, &mut Scratch) -> Vec<Step> + Sync + 'a;

/// Beads of every document of a batch, in order.
pub fn align(corpus: &Corpus) -> Vec<Vec<Bead>> {
    let mut scratch = Scratch::default();
    align_with(corpus, &mut |work| (0..corpus.len()).map(|document| work(document, &mut scratch)).collect())
}

/// The same, where `each` does the work on all documents, in any order, and gives the results in the order of the documents.
pub fn align_with(corpus: &Corpus, each: &mut dyn FnMut(&Work) -> Vec<Vec<Step>>) -> Vec<Vec<Bead>> {
    let mut pass = Pass::first(corpus);
    let mut paths = each(&|document, scratch| pass.first_path(document, scratch));
    for _ in 2..corpus.tuning.passes {
        pass = pass.next(&paths);
        paths = each(&|document, scratch| pass.best_path(document, &paths[document], scratch));
    }
    pass = pass.next(&paths);
    paths = each(&|document, scratch| pass.likely_path(document, &paths[document], scratch));
    paths.into_iter().map(|path| path.into_iter().map(bead).collect()).collect()
}

fn bead(step: Step) -> Bead {
    Bead { source: step.sources(), target: step.targets(), confidence: confidence::of(&step) }
}

/// What a pass knows.
struct Pass<'a> {
    corpus: &'a Corpus,
    cognates: Vec<cognates::Cognate>,
    frequencies: (Frequencies, Frequencies),
    lexicon: Lexicon,
    model: Model,
}

/// Beads that the lexicon is learned from, at most: more teach it little and take memory.
const LEARNED: usize = 200_000;

impl<'a> Pass<'a> {
    fn first(corpus: &'a Corpus) -> Pass<'a> {
        let cognates = corpus.cognates();
        let lexicon = if corpus.given.is_empty() {
            Lexicon::seed(&cognates, corpus.sizes(), &corpus.tuning)
        } else {
            Lexicon::learn(&given(corpus), &cognates, corpus.sizes(), &corpus.tuning)
        };
        Pass { corpus, cognates, frequencies: corpus.frequencies(), lexicon, model: Model::first(corpus) }
    }

    /// What the paths of this pass teach the next.
    fn next(self, paths: &[Vec<Step>]) -> Pass<'a> {
        let corpus = self.corpus;
        let beads: usize = paths.iter().flatten().filter(|step| step.is_bead()).count();
        let every = beads.div_ceil(LEARNED).max(1);
        let all = corpus.documents.iter().zip(paths).flat_map(|(document, path)| {
            path.iter().filter(|step| step.is_bead()).map(move |step| Example {
                source: document.source.span(step.sources().start, step.sources().end),
                target: document.target.span(step.targets().start, step.targets().end),
            })
        });
        let mut examples: Vec<Example> = all.step_by(every).collect();
        examples.extend(given(corpus));
        let lexicon = Lexicon::learn(&examples, &self.cognates, corpus.sizes(), &corpus.tuning);
        let model = self.model.clone().measured(corpus, paths);
        Pass { lexicon, model, ..self }
    }

    fn first_path(&self, document: usize, scratch: &mut Scratch) -> Vec<Step> {
        let band = Band::diagonal(&self.corpus.documents[document], &self.corpus.tuning);
        best_path(&self.scored(document, &band, true, scratch), &mut scratch.grid)
    }

    fn best_path(&self, document: usize, before: &[Step], scratch: &mut Scratch) -> Vec<Step> {
        let sentences = self.corpus.documents[document].source.len() as f32;
        let half = self.corpus.tuning.narrow.max((0.8 * sentences.sqrt()) as usize);
        let band = Band::around(before, &self.corpus.documents[document], half);
        best_path(&self.scored(document, &band, false, scratch), &mut scratch.grid)
    }

    fn likely_path(&self, document: usize, before: &[Step], scratch: &mut Scratch) -> Vec<Step> {
        let band = Band::around(before, &self.corpus.documents[document], self.corpus.tuning.narrow);
        likely_path(&self.scored(document, &band, false, scratch), &mut scratch.grid)
    }

    /// A document with all that its beads are scored by, and its words in the grid.
    fn scored<'b>(&'b self, document: usize, band: &'b Band, first: bool, scratch: &mut Scratch) -> Scored<'b> {
        let document = &self.corpus.documents[document];
        let (tuning, grid) = (&self.corpus.tuning, &mut scratch.grid);
        grid.source.load(&document.source, &document.target, &self.lexicon.backward, &self.frequencies.0, tuning);
        grid.target.load(&document.target, &document.source, &self.lexicon.forward, &self.frequencies.1, tuning);
        grid.restart();
        Scored { document, band, model: &self.model, tuning, first }
    }
}

/// Given translations as beads.
fn given(corpus: &Corpus) -> Vec<Example<'_>> {
    corpus.given.iter().map(|(source, target)| Example { source, target }).collect()
}
