//! The one pass of a run that takes things over: every input is read and known by its bytes or not; what is not known is parsed, ranked
//! and spelled; all in input order. With no table at hand it only looks, and stops at the first article that is to be done.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Settings;
use super::desk::Desk;
use super::earlier::{Earlier, Known};
use super::recorder::Cause;
use super::tables::Tables;
use crate::batch::again::Source;
use crate::batch::books::Books;
use crate::batch::engine::{Engine, Worker};
use crate::batch::input::{self, Plan};
use crate::batch::notes::Notes;
use crate::batch::output::Directory;
use crate::batch::parse::{Fingerprint, Looked, look, made_id, parse_job};
use crate::batch::passes::{Batch, book, spelled};
use crate::batch::read::{Job, Reader};
use crate::batch::spell::{Ready, Spell, Spelled, Written, spell_edges};
use crate::error::{Error, ErrorKind, Place, Result, Warning, WarningKind};
use crate::format::Writer;
use crate::format::record::{self, Record};
use crate::summary::Ranker;
use crate::summary::frequency::DocumentFrequencies;
use crate::text::table_of;

/// A pass at work.
pub struct Patch<'b, 'a, 'd> {
    batch: &'b mut Batch<'a>,
    earlier: &'d Earlier,
    /// None: it only looks.
    tables: Option<&'d Tables>,
    writers: Vec<Box<dyn Writer>>,
    ranker: Option<Box<dyn Ranker>>,
    /// Which articles were taken over already.
    used: Vec<Used>,
    made: Patched<'d>,
}

/// Whether an article was taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Used {
    Not,
    /// Known by its bytes.
    Read,
    /// Known by what was noted of its file.
    Noted,
}

/// What came of a pass.
pub struct Patched<'d> {
    pub desk: Desk<'d>,
    /// Articles taken over.
    pub reused: u64,
    /// Those of them whose files were not read.
    pub unread: u64,
    /// Articles that were done.
    pub redone: u64,
    /// What was taken over came in the order and from the lines that the earlier run had.
    pub in_order: bool,
    /// Articles by the table that ranked them.
    pub generations: BTreeMap<String, u64>,
    /// How articles failed.
    pub failed: Vec<Error>,
    /// The next article of the earlier run, if nothing changed.
    pub next: usize,
}

/// What is to be done about a job.
enum Step {
    Keep(usize, Job),
    Do(Job, Cause),
}

/// The same, read.
enum Read {
    Keep(usize, Job),
    Ready(Box<Result<Ready>>, Vec<Warning>, Fingerprint, Cause),
}

/// The same, named.
enum Named {
    Keep(usize, Job),
    /// It is done after all, under this id: an earlier article has its own, or no longer has it.
    Late(Job, String),
    Ready(Box<Result<Ready>>, Source, Cause),
}

impl Named {
    /// Whether it is more than a look: an article that failed before fails again.
    fn is_to_be_done(&self) -> bool {
        match self {
            Named::Keep(..) => false,
            Named::Late(..) => true,
            Named::Ready(ready, ..) => ready.is_ok(),
        }
    }
}

/// An article on its way out.
enum Done {
    Kept(usize, Job),
    /// With what was noticed when it was read, where that is not booked yet.
    Anew(Box<Result<(Spelled, Source), Box<Error>>>, Cause, Vec<Warning>),
}

/// Does what is to be done, many articles at a time.
struct Hands<'h> {
    plan: &'h Plan,
    settings: &'h Settings,
    engine: &'h Engine,
    tables: Option<&'h Tables>,
    writers: &'h [Box<dyn Writer>],
    ranker: Option<&'h dyn Ranker>,
    /// What the words of one thread may take.
    share: usize,
    /// The table where none is needed.
    none: DocumentFrequencies,
}

impl Hands<'_> {
    /// How to spell, if that is needed.
    fn way(&self, needed: bool) -> Result<Spell<'_>> {
        let table = self.tables.filter(|_| needed).map_or(Ok(&self.none), Tables::get)?;
        Ok(Spell { settings: self.settings, table, ranker: self.ranker, writers: self.writers, decision: None })
    }

    fn parse(&self, job: Job, block: &[u8], spell: &Spell, worker: &mut Worker) -> (Box<Result<Ready>>, Vec<Warning>, Fingerprint) {
        let parsed = parse_job(job, block, &self.plan.sources, self.settings, worker);
        let ready = parsed.document.map(|document| spell.ready(document, worker));
        if let Ok(Ready { document, .. }) = &ready
            && worker.is_full(table_of(document.article().lang.as_ref()), self.share)
        {
            worker.forget_words();
        }
        (Box::new(ready), parsed.warnings, parsed.hash)
    }

    /// Reads what is to be done.
    fn read(&self, steps: Vec<Step>, block: &[u8]) -> Result<Vec<Read>> {
        let spell = self.way(steps.iter().any(|step| matches!(step, Step::Do(..))))?;
        Ok(self.engine.map(steps, |step, worker| match step {
            Step::Keep(index, job) => Read::Keep(index, job),
            Step::Do(job, cause) => {
                let (ready, warnings, hash) = self.parse(job, block, &spell, worker);
                Read::Ready(ready, warnings, hash, cause)
            }
        }))
    }

    /// Spells it.
    fn spell(&self, named: Vec<Named>, block: &[u8]) -> Result<Vec<Done>> {
        let spell = self.way(named.iter().any(|named| !matches!(named, Named::Keep(..))))?;
        Ok(self.engine.map(named, |named, worker| match named {
            Named::Keep(index, job) => Done::Kept(index, job),
            Named::Ready(ready, source, cause) => Done::Anew(Box::new(spelled(*ready, source, &spell, worker)), cause, Vec::new()),
            Named::Late(job, id) => {
                let (mut ready, warnings, hash) = self.parse(job, block, &spell, worker);
                let named = ready.as_mut().as_mut().ok().map(|ready| std::mem::replace(&mut ready.document.article_mut().id, id.clone()));
                // It may have got back the id that it came with.
                let first = named.filter(|first| *first != id);
                Done::Anew(Box::new(spelled(*ready, Source { hash, first }, &spell, worker)), Cause::Moved, warnings)
            }
        }))
    }
}

/// Its error ends a pass that only looks.
fn seen_enough() -> Error {
    ErrorKind::Changed.into()
}

impl<'b, 'a, 'd> Patch<'b, 'a, 'd> {
    /// A pass over the inputs of `batch`.
    pub fn new(
        batch: &'b mut Batch<'a>,
        earlier: &'d Earlier,
        tables: Option<&'d Tables>,
        directory: &'d mut Directory,
    ) -> Patch<'b, 'a, 'd> {
        let settings = batch.settings;
        let made = Patched {
            desk: Desk::new(directory, earlier),
            reused: 0,
            unread: 0,
            redone: 0,
            in_order: true,
            generations: BTreeMap::new(),
            failed: Vec::new(),
            next: 0,
        };
        Patch {
            batch,
            earlier,
            tables,
            writers: settings.writers(),
            ranker: settings.method.map(|method| (method.ranker)()),
            used: vec![Used::Not; earlier.articles.len()],
            made,
        }
    }

    /// What was done before is staged already, and goes on.
    pub fn adopt(&mut self) {
        self.made.desk.adopted = true;
    }

    /// Does it.
    pub fn work(mut self) -> Result<Patched<'d>> {
        spell_edges(&self.writers, |writer, out| writer.begin(out), &mut |written| self.made.desk.begin(written))?;
        if !self.made.desk.begins_the_same() {
            // Nothing can be where it is thought to be: as if nothing were known.
            self.used.fill(Used::Read);
        }
        self.made.desk.go_on();
        let (plan, settings) = (self.batch.plan, self.batch.settings);
        self.batch.books.observer.started(1, 1, plan.bytes());
        let spool = self.batch.spool.take();
        let mut reader = Reader::new(&plan.sources, spool.as_ref());
        let Patch { batch, earlier, tables, writers, ranker, used, made } = &mut self;
        let moves = !made.desk.adopted && settings.incremental.as_ref().is_some_and(|how| !how.keep_frequencies);
        let generation = tables.filter(|tables| moves && tables.given).map(|tables| &*tables.generation);
        let mut finder = Finder { plan, earlier, used, first: Some(0), generation };
        let Batch { engine, books, recorder, notes, .. } = &mut **batch;
        let (ranker, share) = (ranker.as_deref(), settings.memory.words_a_thread(engine.threads()));
        let hands = Hands { plan, settings, engine, tables: *tables, writers, ranker, share, none: DocumentFrequencies::default() };
        let mut number = 0;
        // Where little is read but something will have to be ranked, a thread that has nothing else to do reads the table.
        let (soon, over) = (tables.filter(|_| few_are_new(plan, notes.as_ref())), AtomicBool::new(false));
        let mut work = |jobs: Vec<Job>, block: &[u8], consumed| {
            let articles = jobs.len() as u64;
            let looked = engine.map(jobs, |job, worker| (look(&job, block, (&plan.sources, settings), notes.as_ref(), worker), job));
            let steps = looked.into_iter().map(|(looked, job)| finder.step(job, looked, &made.desk)).collect();
            let read = hands.read(steps, block)?;
            let named: Vec<Named> = (number + 1..).zip(read).map(|(number, read)| name(books, number, read, earlier)).collect();
            if tables.is_none() && named.iter().any(Named::is_to_be_done) {
                return Err(seen_enough());
            }
            for done in hands.spell(named, block)? {
                number += 1;
                books.at = (number, 0);
                match done {
                    Done::Kept(index, job) => {
                        made.unread += u64::from(finder.used[index] == Used::Noted);
                        made.take_over(&earlier.articles[index], index, &job, books, *tables, earlier)?;
                    }
                    Done::Anew(spelled, cause, warnings) => {
                        warnings.into_iter().for_each(|warning| books.warn(warning));
                        made.do_again(*spelled, cause, books, recorder.as_mut(), *tables, earlier)?;
                    }
                }
            }
            books.check_ids()?;
            books.observer.advanced(articles, consumed);
            Ok(())
        };
        let pass = || {
            let done = engine.chunks(&mut reader, &mut work);
            over.store(true, Ordering::Relaxed);
            done
        };
        let (done, ()) = engine.both(pass, || soon.into_iter().for_each(|tables| tables.prepare(&over)));
        self.batch.spool = spool;
        match done {
            Err(error) if self.tables.is_none() && matches!(error.kind, ErrorKind::Changed) => self.made.in_order = false,
            done => done?,
        }
        spell_edges(&self.writers, |writer, out| writer.end(out), &mut |written| self.made.desk.take(written))?;
        Ok(self.made)
    }
}

/// Whether it is known of most inputs what is in them, and not of all.
fn few_are_new(plan: &Plan, notes: Option<&Notes>) -> bool {
    let Some(notes) = notes else { return false };
    let is_new = |source: &&input::Source| source.state.is_none_or(|state| notes.look(&state).is_none());
    let new = plan.sources.iter().filter(is_new).count();
    new > 0 && new < plan.sources.len() / 2
}

/// Gives an article its id and books what was noticed when it was read.
fn name(books: &mut Books, number: u64, read: Read, earlier: &Earlier) -> Named {
    books.at = (number, 0);
    match read {
        Read::Keep(index, job) => {
            let known = &earlier.articles[index];
            let first = known.first.as_ref().unwrap_or(&known.id);
            let now = books.settle_id(first, || job.origin.place());
            let now = now.unwrap_or_else(|| first.clone());
            if now == known.id { Named::Keep(index, job) } else { Named::Late(job, now.into()) }
        }
        Read::Ready(mut ready, warnings, hash, cause) => {
            warnings.into_iter().for_each(|warning| books.warn(warning));
            let mut first = None;
            if let Ok(Ready { document, .. }) = ready.as_mut()
                && let Some(now) = books.settle_id(&document.article().id, || document.article().origin.place())
            {
                first = Some(std::mem::replace(&mut document.article_mut().id, now.into()));
            }
            Named::Ready(ready, Source { hash, first }, cause)
        }
    }
}

/// Counts one more; the name is copied only the first time.
fn count(counts: &mut BTreeMap<String, u64>, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => drop(counts.insert(name.to_owned(), 1)),
    }
}

impl Patched<'_> {
    /// Takes over an article.
    fn take_over(
        &mut self,
        known: &Known,
        index: usize,
        job: &Job,
        books: &mut Books,
        tables: Option<&Tables>,
        earlier: &Earlier,
    ) -> Result<()> {
        let present = tables.map_or(earlier.generation(), |tables| &tables.generation);
        let own = known.generation.as_deref().unwrap_or(earlier.generation());
        let stays = known.line == job.origin.line && known.generation.as_deref() == Some(own).filter(|own| *own != present);
        self.in_order &= stays && index == self.next;
        self.check_order(index)?;
        self.next = index + 1;
        self.reused += 1;
        count(&mut self.generations, own);
        let report = &mut books.report;
        report.articles += 1;
        report.segments += known.segments;
        report.locked += known.locked;
        report.blanks += known.blanks;
        report.summary_words += u64::from(known.words);
        count(&mut report.languages, &known.lang);
        notice_again(known, job, books);
        if tables.is_none() {
            return Ok(());
        }
        self.desk.reuse(known)?;
        if stays {
            return self.desk.reuse_line(known);
        }
        let mut line = Vec::new();
        let old = Record::read(&earlier.lines[known.at.clone()]).expect("it was read before");
        let generation = Some(own).filter(|own| *own != present).map(Into::into);
        Record { line: job.origin.line, generation, ..old }.write(&mut line);
        self.desk.take(Written::Stream(record::NAME, &line))
    }

    /// Where what there was goes on, it is taken over as it came, and before anything is done.
    fn check_order(&self, index: usize) -> Result<()> {
        if self.desk.adopted && index != self.next { Err(seen_enough()) } else { Ok(()) }
    }

    /// Hands on what was made of an article that was done again.
    fn do_again(
        &mut self,
        spelled: Result<(Spelled, Source), Box<Error>>,
        cause: Cause,
        books: &mut Books,
        recorder: Option<&mut super::Recorder>,
        tables: Option<&Tables>,
        earlier: &Earlier,
    ) -> Result<()> {
        books.at.1 = 2;
        match (spelled, recorder) {
            (Err(error), _) => {
                books.fail(&error);
                self.failed.push(*error);
            }
            (spelled, Some(recorder)) => {
                self.check_order(earlier.articles.len())?;
                self.redone += 1;
                recorder.cause = cause;
                count(&mut self.generations, tables.map_or("", |tables| &tables.generation));
                book(books, Some(recorder), spelled, &mut |written| self.desk.take(written))?;
            }
            (Ok(_), None) => self.redone += 1,
        }
        Ok(())
    }
}

/// Books what was noticed of an article when it was done. That its id was taken is noticed anew.
fn notice_again(known: &Known, job: &Job, books: &mut Books) {
    let (path, line) = (Some(job.origin.path.clone()), job.origin.line);
    for (code, message) in &known.warnings {
        if &**code == "repeated-id" {
            books.at.1 = 2;
            continue;
        }
        let kind = WarningKind::Earlier { code: code.to_string(), message: message.to_string() };
        books.warn(Warning { kind, place: Place { path: path.clone(), line, article: None } });
    }
}

/// Finds the articles of the earlier run by their bytes.
struct Finder<'f> {
    plan: &'f Plan,
    earlier: &'f Earlier,
    used: &'f mut Vec<Used>,
    /// How many articles were taken over, if those are the first so many.
    first: Option<usize>,
    /// The table that all must be ranked by, if any.
    generation: Option<&'f str>,
}

impl Finder<'_> {
    fn step(&mut self, job: Job, Looked { hash, noted }: Looked, desk: &Desk) -> Step {
        let mut cause = Cause::Moved;
        let next = self.first.filter(|next| self.earlier.articles.get(*next).is_some_and(|known| Some(known.hash) == hash));
        // Where nothing changed so far nothing is to be looked up.
        let others = hash.iter().flat_map(|hash| self.earlier.of_hash(hash));
        for index in next.into_iter().chain(others) {
            let known = &self.earlier.articles[index];
            if self.used[index] != Used::Not || !self.is_from(known, &job) {
                continue;
            }
            let own = known.generation.as_deref().unwrap_or(self.earlier.generation());
            if self.generation.is_some_and(|wanted| wanted != own) {
                cause = Cause::Table;
            } else if !desk.has(known) {
                cause = Cause::Output;
            } else {
                self.used[index] = if noted { Used::Noted } else { Used::Read };
                self.first = self.first.filter(|next| *next == index).map(|next| next + 1);
                return Step::Keep(index, job);
            }
        }
        Step::Do(job, cause)
    }

    /// Whether an article of these bytes comes from where it came from, under an id that it would get again.
    fn is_from(&self, known: &Known, job: &Job) -> bool {
        let source = &self.plan.sources[job.source];
        let id = known.first.as_ref().unwrap_or(&known.id);
        let Some(line) = known.line else {
            return job.origin.line.is_none() && *known.path == *job.origin.path && **id == *source.id;
        };
        // An id that ends like this may have been made of the line; then it must be made the same again.
        let made = id.ends_with(&format!("-{line}"));
        *known.path == *job.origin.path && job.origin.line.is_some() && (!made || **id == *made_id(source, &job.origin))
    }
}
