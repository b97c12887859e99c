//! The books of a batch: ids given, articles done and failed, warnings. Kept from one thread in input order, so that what the
//! observer hears and the manifest lists depends on no scheduling.

use foldhash::{HashSet, HashSetExt};

use super::input::Plan;
use super::observe::{Observer, Report};
use crate::error::{Error, ErrorKind, Place, Result, Warning, WarningKind};
use crate::format::manifest::Message;

/// Ids, counts and messages of one batch.
pub struct Books<'a> {
    /// Who hears of everything.
    pub observer: &'a dyn Observer,
    /// Counts so far.
    pub report: Report,
    /// Failures for the manifest.
    pub failures: Vec<Message>,
    /// Warnings for the manifest.
    pub warnings: Vec<Message>,
    ids: HashSet<Box<str>>,
}

impl<'a> Books<'a> {
    /// Empty books.
    fn new(observer: &'a dyn Observer) -> Books<'a> {
        Books { observer, report: Report::default(), failures: Vec::new(), warnings: Vec::new(), ids: HashSet::new() }
    }

    /// The books of a plan, with what was noticed when it was made.
    pub fn of_plan(plan: &Plan, observer: &'a dyn Observer) -> Books<'a> {
        let mut books = Books::new(observer);
        books.add_plan(plan);
        books
    }

    /// What was noticed when a further plan was made.
    pub fn add_plan(&mut self, plan: &Plan) {
        plan.warnings.iter().for_each(|warning| self.warn(warning.clone()));
        plan.failures.iter().for_each(|error| self.fail(error));
    }

    /// Nothing done and something failed is a failure of the whole.
    pub fn check_any(&self, plan: &Plan) -> Result<()> {
        match (self.report.articles, self.report.failures) {
            (0, 0) => {
                let shown: Vec<&str> = plan.sources.iter().map(|source| source.shown.as_str()).collect();
                Err(ErrorKind::NoRecords(shown.join(", ")).into())
            }
            (0, failures) => Err(ErrorKind::AllFailed(failures).into()),
            _ => Ok(()),
        }
    }

    /// Makes an id unique; `Some` if it had to be changed.
    pub fn settle_id(&mut self, id: &str, place: impl FnOnce() -> Place) -> Option<Box<str>> {
        if self.ids.insert(id.into()) {
            return None;
        }
        let now = (2..).map(|n| format!("{id}~{n}")).find(|now| !self.ids.contains(now.as_str())).expect("numbers do not end");
        self.ids.insert(now.as_str().into());
        self.warn(Warning { kind: WarningKind::RepeatedId { first: id.to_owned(), now: now.clone() }, place: place() });
        Some(now.into())
    }

    /// Books a warning.
    pub fn warn(&mut self, warning: Warning) {
        self.observer.warning(&warning);
        self.report.warnings += 1;
        self.warnings.push(message(&warning.place, warning.kind.code(), warning.kind.to_string()));
    }

    /// Books a failed article, or one that is left out for what it holds.
    pub fn fail(&mut self, error: &Error) {
        if let ErrorKind::LeftOut { encoding, offset } = error.kind {
            return self.warn(Warning { kind: WarningKind::LeftOut { encoding, offset }, place: error.place.clone() });
        }
        self.observer.failed(error);
        self.report.failures += 1;
        self.failures.push(message(&error.place, error.code(), error.kind.to_string()));
    }
}

fn message(place: &Place, code: &str, message: String) -> Message {
    Message { path: place.path.clone(), line: place.line, code: code.to_owned(), message }
}
