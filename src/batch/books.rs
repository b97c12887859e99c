//! The books of a batch: ids given, articles done and failed, warnings. Kept from one thread in input order, so that what the
//! observer hears and the manifest lists depends on no scheduling.

use foldhash::{HashMap, HashMapExt};

use super::budget::Decision;
use super::input::Plan;
use super::keep::Ids;
use super::memory::Memory;
use super::observe::{Observer, Report};
use crate::error::{Error, ErrorKind, Place, Result, Warning, WarningKind};
use crate::format::coverage::{Coverage, Sent};
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
    /// The number of the article at work from 1, and how far the work on it is: read (0), named (1), spelled (2).
    pub at: (u64, u8),
    /// What is sent to translators, where that was chosen, and of how many articles.
    sent: (Sent, u64),
    ids: Ids,
    /// The next number for an id that came twice.
    numbers: HashMap<String, u32>,
}

impl<'a> Books<'a> {
    /// Empty books.
    fn new(observer: &'a dyn Observer) -> Books<'a> {
        let ids = Ids::with_room(Memory::default().ids);
        let (failures, warnings) = (Vec::new(), Vec::new());
        Books {
            observer,
            report: Report::default(),
            failures,
            warnings,
            at: (0, 0),
            sent: Default::default(),
            ids,
            numbers: HashMap::new(),
        }
    }

    /// The books of a plan, with what was noticed when it was made.
    pub fn of_plan(plan: &Plan, observer: &'a dyn Observer) -> Books<'a> {
        let mut books = Books::new(observer);
        books.add_plan(plan);
        books
    }

    /// The same, with so many bytes for ids in memory.
    pub fn with_room(mut self, bytes: usize) -> Books<'a> {
        self.ids = Ids::with_room(bytes);
        self
    }

    /// Books what of an article is sent to translators.
    pub fn sent(&mut self, sent: &Sent) {
        self.sent.0.add(sent);
        self.sent.1 += u64::from(sent.sum().0 > 0);
    }

    /// What a decision covers, after the last article.
    pub fn cover(&mut self, decision: Decision) -> &Coverage {
        let (sent, articles) = &self.sent;
        self.report.coverage.insert(decision.coverage(sent, *articles))
    }

    /// Whether all ids could be kept; if not, some may be given twice.
    pub fn check_ids(&mut self) -> Result<()> {
        self.report.memory.spilled_ids = self.ids.spilled();
        self.ids.check()
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
        if self.ids.insert(id) {
            return None;
        }
        let number = self.numbers.entry(id.to_owned()).or_insert(1);
        let now = loop {
            *number += 1;
            let now = format!("{id}~{number}");
            if self.ids.insert(&now) {
                break now;
            }
        };
        self.at.1 = 1;
        self.warn(Warning { kind: WarningKind::RepeatedId { first: id.to_owned(), now: now.clone() }, place: place() });
        Some(now.into())
    }

    /// Books a warning.
    pub fn warn(&mut self, warning: Warning) {
        self.observer.warning(&warning);
        self.report.warnings += 1;
        self.warnings.push(self.message(&warning.place, warning.kind.code(), warning.kind.to_string()));
    }

    /// Books a failed article, or one that is left out for what it holds.
    pub fn fail(&mut self, error: &Error) {
        if let ErrorKind::LeftOut { encoding, offset } = error.kind {
            return self.warn(Warning { kind: WarningKind::LeftOut { encoding, offset }, place: error.place.clone() });
        }
        self.observer.failed(error);
        self.report.failures += 1;
        self.failures.push(self.message(&error.place, error.code(), error.kind.to_string()));
    }

    fn message(&self, place: &Place, code: &str, message: String) -> Message {
        Message { path: place.path.clone(), line: place.line, code: code.to_owned(), message, order: self.at }
    }
}
