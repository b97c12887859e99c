//! Whether a sentence can be added to those taken so that all that is shown reads well: by itself, with the one that it leans on,
//! or not now. What leans on what is decided in `coherence`; which sentence is better is not asked here.

use std::cell::Cell;

use crate::document::Document;
use crate::summary::coherence::{Coherence, Flaw, Standing};

/// How a sentence can be added to what is taken.
#[derive(Clone, Copy)]
pub(super) enum Company {
    /// By itself.
    Alone,
    /// With the sentence that it leans on.
    With(usize),
    /// Not yet: it leans on what is not shown and cannot be taken along.
    Lost,
    /// Not at all as things are.
    Barred(Bar),
}

/// Why a sentence cannot be added as things are.
#[derive(Clone, Copy)]
pub(super) enum Bar {
    /// It cannot be shown at all.
    Unfit,
    /// Who speaks in it is told by the sentence before it only, which is not shown and cannot be taken along.
    Follows,
    /// It would stand between this one and what that leans on.
    Separates(usize),
}

/// The companies of a document's sentences. An answer holds as long as the neighbours among those taken are the same, so it is
/// kept until they change: in a long article most are asked for many times.
pub(super) struct Companies<'a> {
    coherence: Coherence<'a>,
    known: Vec<Cell<Option<Known>>>,
}

#[derive(Clone, Copy)]
struct Known {
    before: Option<usize>,
    after: Option<usize>,
    company: Company,
}

impl<'a> Companies<'a> {
    pub(super) fn new(document: &'a Document) -> Companies<'a> {
        let known = (0..document.sentences().len()).map(|_| Cell::new(None)).collect();
        Companies { coherence: Coherence::new(document), known }
    }

    /// How a sentence can be added to those taken, of which it is none.
    pub(super) fn of(&self, sentence: usize, taken: &[usize]) -> Company {
        let place = taken.partition_point(|&i| i < sentence);
        let (before, after) = (place.checked_sub(1).map(|at| taken[at]), taken.get(place).copied());
        let cell = &self.known[sentence];
        match cell.get() {
            Some(known) if (known.before, known.after) == (before, after) => known.company,
            _ => {
                let company = self.between(sentence, before, after);
                cell.set(Some(Known { before, after, company }));
                company
            }
        }
    }

    /// Why a sentence cannot be shown at all.
    pub(super) fn flaw(&self, sentence: usize) -> Option<Flaw> {
        self.coherence.flaw(sentence)
    }

    /// The sentence that a leaning one is read after.
    pub(super) fn leans_on(&self, sentence: usize) -> Option<usize> {
        self.coherence.previous(sentence)
    }

    fn between(&self, sentence: usize, before: Option<usize>, after: Option<usize>) -> Company {
        let coherence = &self.coherence;
        let separates = |after: &usize| coherence.resolved(*after, before) && !coherence.resolved(*after, Some(sentence));
        if let Some(after) = after.filter(separates) {
            return Company::Barred(Bar::Separates(after));
        }
        let standing = coherence.standing(sentence);
        if standing == Standing::Never {
            return Company::Barred(Bar::Unfit);
        }
        if standing < Standing::Leans || coherence.resolved(sentence, before) {
            return Company::Alone;
        }
        match coherence.antecedent(sentence).filter(|antecedent| before != Some(*antecedent)) {
            Some(antecedent) => Company::With(antecedent),
            None if standing == Standing::Leans => Company::Lost,
            None => Company::Barred(Bar::Follows),
        }
    }
}
