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
use lexical::Known;
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
        paths = each(&|document, scratch| pass.next_path(document, &paths[document], scratch));
    }
    pass = pass.next(&paths);
    paths = each(&|document, scratch| pass.last_path(document, &paths[document], scratch));
    paths.iter().map(|path| beads(path)).collect()
}

fn beads(path: &[Step]) -> Vec<Bead> {
    let sure = path.iter().zip(confidence::of(path));
    sure.map(|(step, confidence)| Bead { source: step.sources(), target: step.targets(), confidence }).collect()
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
                weight: step.posterior.powf(corpus.tuning.trust),
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
        self.path(document, &band, true, scratch)
    }

    fn next_path(&self, document: usize, before: &[Step], scratch: &mut Scratch) -> Vec<Step> {
        let sentences = self.corpus.documents[document].source.len() as f32;
        let half = self.corpus.tuning.narrow.max((0.8 * sentences.sqrt()) as usize);
        let band = Band::around(before, &self.corpus.documents[document], half);
        self.path(document, &band, false, scratch)
    }

    /// A path that others are learned from: with probabilities, unless a book would take too much memory for them.
    fn path(&self, document: usize, band: &Band, first: bool, scratch: &mut Scratch) -> Vec<Step> {
        /// Places of a band, each of which takes some hundred bytes.
        const MANY: usize = 500_000;
        let scored = self.scored(document, band, first, scratch);
        if band.places() > MANY { best_path(&scored, &mut scratch.grid) } else { likely_path(&scored, &mut scratch.grid) }
    }

    fn last_path(&self, document: usize, before: &[Step], scratch: &mut Scratch) -> Vec<Step> {
        let band = Band::around(before, &self.corpus.documents[document], self.corpus.tuning.narrow);
        likely_path(&self.scored(document, &band, false, scratch), &mut scratch.grid)
    }

    /// A document with all that its beads are scored by, and its words in the grid.
    fn scored<'b>(&'b self, document: usize, band: &'b Band, first: bool, scratch: &mut Scratch) -> Scored<'b> {
        let document = &self.corpus.documents[document];
        let (tuning, grid) = (&self.corpus.tuning, &mut scratch.grid);
        let Lexicon { forward, backward, covered } = &self.lexicon;
        let of = |rows, covered, frequencies| Known { rows, covered, frequencies };
        grid.source.load(&document.source, &document.target, of(backward, &covered.0, &self.frequencies.0), tuning);
        grid.target.load(&document.target, &document.source, of(forward, &covered.1, &self.frequencies.1), tuning);
        grid.restart();
        Scored { document, band, model: &self.model, tuning, first }
    }
}

/// Given translations as beads.
fn given(corpus: &Corpus) -> Vec<Example<'_>> {
    corpus.given.iter().map(|(source, target)| Example { source, target, weight: 1.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn aligned(source: &[&str], target: &[&str]) -> Vec<Bead> {
        let mut corpus = Corpus::default();
        corpus.add(&plain(source), &plain(target));
        align(&corpus).remove(0)
    }

    fn plain<'a>(side: &[&'a str]) -> Vec<Line<'a>> {
        side.iter().map(|text| Line { text, starts: false }).collect()
    }

    /// Every sentence of both sides once, in order.
    fn covers(beads: &[Bead], sources: usize, targets: usize) -> bool {
        let ends = beads.iter().try_fold((0, 0), |(source, target), bead| {
            let goes_on = bead.source.start == source && bead.target.start == target && bead.source.len() + bead.target.len() > 0;
            goes_on.then_some((bead.source.end, bead.target.end))
        });
        ends == Some((sources, targets))
    }

    #[test]
    fn an_empty_side_leaves_the_other_alone() {
        assert_eq!(aligned(&[], &[]), []);
        assert!(covers(&aligned(&["Only here.", "And here."], &[]), 2, 0));
        assert!(covers(&aligned(&[], &["Nur hier."]), 0, 1));
        assert_eq!(align(&Corpus::default()), Vec::<Vec<Bead>>::new());
    }

    #[test]
    fn one_sentence_meets_one_sentence() {
        let beads = aligned(&["The mill stood still."], &["Die Mühle stand still."]);
        assert_eq!(beads.iter().map(|bead| (bead.source.clone(), bead.target.clone())).collect::<Vec<_>>(), [(0..1, 0..1)]);
    }

    #[test]
    fn a_dictionary_moves_what_lengths_cannot() {
        let (source, target) = (["Rain fell.", "Snow fell.", "Wind came."], ["Yağdı qar.", "Gəldi yel."]);
        let mut corpus = Corpus::default();
        corpus.add(&plain(&source), &plain(&target));
        for (one, other) in [("snow", "qar"), ("wind", "yel"), ("fell", "yağdı"), ("came", "gəldi")] {
            corpus.give(one, other);
        }
        let beads = align(&corpus).remove(0);
        assert!(beads.iter().any(|bead| (bead.source.clone(), bead.target.clone()) == (2..3, 1..2)), "{beads:?}");
    }

    #[test]
    fn paragraphs_that_go_together_are_anchors() {
        // Nothing but paragraphs tells which of three sentences has no partner.
        let side = |skip: Option<usize>| -> Vec<Line> {
            let sentence =
                |at: usize| Line { text: ["aa aa aa aa.", "bb bb bb bb.", "cc cc cc cc."][at % 3], starts: at.is_multiple_of(3) };
            (0..90).filter(|at| Some(*at) != skip).map(sentence).collect()
        };
        let turned = |lines: Vec<Line>| -> Vec<Line> { lines.into_iter().map(|line| Line { text: "zz zz zz zz.", ..line }).collect() };
        let mut corpus = Corpus::default();
        corpus.add(&side(None), &turned(side(Some(46))));
        let beads = align(&corpus).remove(0);
        let alone = beads.iter().filter(|bead| bead.source.len() != 1 || bead.target.len() != 1).map(|bead| bead.source.start / 3);
        assert_eq!(alone.collect::<Vec<_>>(), [15], "{beads:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn beads_cover_every_sentence_once_and_in_order(
            source in proptest::collection::vec("[a-d]{0,6}( [a-e0-3?]{1,5}){0,9}", 0..40),
            target in proptest::collection::vec("[a-d]{0,6}( [a-e0-3?]{1,5}){0,9}|水の音", 0..40),
        ) {
            let source: Vec<&str> = source.iter().map(String::as_str).collect();
            let target: Vec<&str> = target.iter().map(String::as_str).collect();
            let beads = aligned(&source, &target);
            prop_assert!(covers(&beads, source.len(), target.len()), "{:?}", beads);
            prop_assert!(beads.iter().all(|bead| (0.0..=1.0).contains(&bead.confidence)));
            prop_assert_eq!(aligned(&source, &target), beads);
        }

        #[test]
        fn a_text_is_its_own_translation(words in proptest::collection::vec("[a-z]{4,9}( [a-z]{3,9}){3,12}", 1..30)) {
            let text: Vec<&str> = words.iter().map(String::as_str).collect();
            let beads = aligned(&text, &text);
            prop_assert!(beads.iter().all(|bead| bead.source == bead.target && bead.source.len() == 1), "{:?}", beads);
        }
    }
}
