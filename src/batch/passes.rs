//! The passes of a batch: pass one parses and counts, pass two reads the texts again, ranks and spells; with a table given, or where
//! nothing is ranked, one pass does. Where the best of a batch is chosen for translation, `budget` reads it once more in between. What a batch is for,
//! and where the bytes go, is the business of `works`.

use std::collections::BTreeMap;

use super::Settings;
use super::again::{Source, paired, read_again};
use super::books::Books;
use super::budget::{Decision, Translate};
use super::duplicates::{self, Found, LeftOut, Look};
use super::engine::{Engine, Worker, guarded, of_table};
use super::incremental::Recorder;
use super::input::Plan;
use super::keep::{Articles, Generations, Sealing, Table, Unread, Words, pack, rename};
use super::notes::Notes;
use super::observe::{Leveraged, Observer};
use super::options::{limiting_options, shaping_options};
use super::parse::{Fingerprint, Parsed, article_of, parse_job, short};
use super::read::{Job, Reader, Spool};
use super::spell::{Ready, Sink, Spell, Spelled, Written, spell_edges};
use super::stages::{Cost, Stage};
use crate::article::Origin;
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::format::coverage;
use crate::format::jsonl;
use crate::format::manifest::Manifest;
use crate::format::record;
use crate::summary::frequency::DocumentFrequencies;
use crate::text::table_of;

/// One batch at work.
pub struct Batch<'a> {
    pub(super) plan: &'a Plan,
    pub(super) settings: &'a Settings,
    pub(super) engine: Engine,
    pub(super) spool: Option<Spool>,
    /// What is noted on the way.
    pub books: Books<'a>,
    /// What is noted for the next run, where that is to take over what this one does.
    pub recorder: Option<Recorder>,
    /// What is known of files that need not be read, where an earlier run noted it.
    pub notes: Option<Notes>,
    /// A hash of what pass one read, article by article.
    inputs: blake3::Hasher,
    /// What pass one leaves of the articles, and of the words.
    articles: Articles,
    sealing: Sealing,
    /// Copies, where they were asked for.
    pub(super) copies: Option<Found>,
}

/// An article that pass one is done with.
struct Counted {
    /// What pass two needs of it; nothing if it failed or is left out.
    packed: Box<[u8]>,
    hash: Fingerprint,
    /// Its id and where it comes from; or how it failed; nothing if it is left out.
    named: Option<Result<(String, Origin), Box<Error>>>,
    warnings: Vec<Warning>,
}

impl<'a> Batch<'a> {
    /// A batch at its start.
    pub fn new(plan: &'a Plan, settings: &'a Settings, observer: &'a dyn Observer) -> Result<Batch<'a>> {
        let books = books_of(plan, settings, observer);
        let articles = Articles::with_room(settings.memory.articles);
        let engine = Engine::new(settings.threads)?;
        Ok(Batch {
            plan,
            settings,
            engine,
            spool: None,
            books,
            recorder: None,
            notes: None,
            inputs: blake3::Hasher::new(),
            articles,
            sealing: Sealing::default(),
            copies: None,
        })
    }

    /// Parses, ranks and spells everything; returns the table that was used, whose rows are there if it was given or they are `wanted`.
    pub fn drive(&mut self, table: Option<DocumentFrequencies>, wanted: bool, sink: Sink) -> Result<Table> {
        let writers = self.settings.writers();
        let ranker = self.settings.method.map(|method| (method.ranker)());
        spell_edges(&writers, |writer, out| writer.begin(out), sink)?;
        let counts = ranker.is_some() && table.is_none();
        let chooses = self.settings.translate;
        if self.spool.is_none() && (counts || self.settings.duplicates.is_some() || chooses.is_some()) {
            self.spool = Some(Spool::new(&self.plan.sources)?);
        }
        self.find_copies(self.passes(counts))?;
        let (mut kept, mut table) = if counts {
            self.first_pass(self.passes(counts), true)?;
            let (generations, table) = self.table(wanted)?;
            let articles = std::mem::take(&mut self.articles);
            (Some((generations, if chooses.is_some() { articles.read_twice() } else { articles.read() })), table)
        } else {
            (None, table.unwrap_or_default().into())
        };
        sink(Written::Table(&mut table, counts.then(|| self.inputs.finalize().to_hex().to_string())))?;
        let spell = Spell { settings: self.settings, table: table.head(), ranker: ranker.as_deref(), writers: &writers, decision: None };
        let decision = chooses.map(|how| self.choose(how, &spell, kept.as_mut())).transpose()?;
        let spell = Spell { decision: decision.as_ref(), ..spell };
        if decision.is_some() {
            sink(Written::Stream(coverage::ROWS, coverage::HEAD.as_bytes()))?;
        }
        match kept {
            Some((generations, unread)) => self.last_pass(&spell, generations, unread, sink)?,
            None => self.only_pass(&spell, sink)?,
        }
        self.books.check_any(self.plan)?;
        if let Some(decision) = decision {
            sink(Written::Stream(coverage::WHOLE, &self.books.cover(decision).to_json()))?;
        }
        spell_edges(&writers, |writer, out| writer.end(out), sink)?;
        Ok(table)
    }

    /// Adds to the notes what the workers know of files.
    pub fn gather_notes(&mut self) {
        let Batch { notes, engine, .. } = self;
        notes.iter_mut().for_each(|notes| notes.seen.extend(engine.each_worker(|worker| std::mem::take(&mut worker.seen)).concat()));
    }

    /// As it was at its start.
    pub fn start_again(&mut self) {
        self.books = books_of(self.plan, self.settings, self.books.observer);
    }

    /// Looks for copies, if they are asked for, before `passes` others.
    fn find_copies(&mut self, passes: u32) -> Result<()> {
        let Some(way) = self.settings.duplicates else { return Ok(()) };
        let bytes = self.bytes();
        let Batch { plan, settings, engine, spool, books, .. } = self;
        let mut settings = settings.clone();
        settings.text.terms = true;
        let look = Look { plan, settings: &settings, engine, spool: spool.as_ref(), observer: books.observer, bytes };
        let found = duplicates::find(way, &look, passes + duplicates::PASSES)?;
        books.report.duplicates = found.listed.len() as u64;
        self.copies = Some(found);
        Ok(())
    }

    /// Passes of a batch, but for those that look for copies.
    fn passes(&self, counts: bool) -> u32 {
        1 + u32::from(counts) + u32::from(self.settings.translate.is_some())
    }

    /// Chooses what of the batch is sent to translators.
    fn choose(&mut self, how: Translate, spell: &Spell, kept: Option<&mut (Generations, Unread)>) -> Result<Decision> {
        let of = self.passes(kept.is_some());
        self.books.observer.started(of - 1 + self.before(), of + self.before(), self.bytes());
        match kept {
            Some((generations, unread)) => self.choose_kept(how, spell, generations, unread),
            None => self.choose_parsed(how, spell),
        }
    }

    /// Passes before the first that counts or spells.
    fn before(&self) -> u32 {
        if self.copies.is_some() { duplicates::PASSES } else { 0 }
    }

    /// Parses and counts; `keeps` what pass two needs.
    pub fn first_pass(&mut self, of: u32, keeps: bool) -> Result<()> {
        self.books.observer.started(1 + self.before(), of + self.before(), self.bytes());
        let share = self.words_a_thread();
        let Batch { plan, settings, engine, spool, books, articles, sealing, copies, inputs, .. } = self;
        let counting = Counting { plan, settings, sealing, share, keeps };
        let mut reader = Reader::new(&plan.sources, spool.as_ref());
        let mut left_out = LeftOut::new(copies.as_ref());
        books.at = (0, 0);
        let count = |jobs: Vec<Job>, block: &[u8], consumed| {
            let done = jobs.len() as u64;
            let counted = engine.map(left_out.mark(jobs), |(job, copy), worker| match copy {
                Some(hash) => Ok(not_counted(job, block, hash, plan, settings)),
                None => counting.article(job, block, worker),
            });
            Ok((counted, done, consumed))
        };
        engine.pipeline(&mut reader, count, |(counted, done, consumed)| {
            let settled = counted.into_iter().map(|counted| {
                let counted = counted?;
                inputs.update(&counted.hash);
                books.at = (books.at.0 + 1, 0);
                Ok(settle(counted, books))
            });
            let packed = settled.collect::<Result<Vec<_>>>()?;
            books.check_ids()?;
            books.observer.advanced(done, consumed);
            if keeps { articles.add(packed) } else { Ok(()) }
        })?;
        books.report.memory.kept = articles.kept();
        books.report.memory.spilled_articles = articles.spilled();
        Ok(())
    }

    /// What the words of one thread may take.
    pub(super) fn words_a_thread(&self) -> usize {
        self.settings.memory.words_a_thread(self.engine.threads())
    }

    /// Adds up what the workers counted; with its rows if they are `wanted`.
    pub fn table(&mut self, wanted: bool) -> Result<(Generations, Table)> {
        let Batch { settings, engine, sealing, books, .. } = self;
        let sealing = std::mem::take(sealing);
        engine.each_worker(|worker| seal(worker, &sealing, settings, false)).into_iter().collect::<Result<()>>()?;
        let (generations, table) = sealing.finish(wanted, settings.memory.tables)?;
        let memory = &mut books.report.memory;
        memory.generations = generations.in_file() as u64;
        (memory.spilled_words, memory.spilled_table) = (generations.spilled(), table.spilled());
        Ok((generations, table))
    }

    /// Reads the texts again, ranks and spells.
    fn last_pass(&mut self, spell: &Spell, mut generations: Generations, mut unread: Unread, sink: Sink) -> Result<()> {
        let last = self.passes(true) + self.before();
        self.books.observer.started(last, last, self.bytes());
        self.books.report.articles = 0;
        let Batch { plan, engine, spool, books, recorder, .. } = self;
        books.at = (0, 2);
        let mut reader = Reader::new(&plan.sources, spool.as_ref());
        let mut first = 0;
        let again = |jobs: Vec<Job>, block: &[u8], consumed| {
            let done = jobs.len() as u64;
            let paired = paired(jobs, &mut unread, &mut generations)?;
            let numbered: Vec<_> = (first..).zip(paired).collect();
            first += numbered.len() as u32;
            let spelled = engine.map(numbered, |(number, (job, packed)), worker| {
                if packed.is_empty() {
                    return None;
                }
                let place = job.origin.place();
                let again = guarded(|| {
                    let (mut ready, source) = read_again(job, block, &packed, (plan, spell, &generations), worker)?;
                    ready.number = number;
                    let spelled = spell.document(&ready, worker);
                    worker.scratch.recycle(ready.document.into_parts().1);
                    Ok((spelled, source))
                });
                Some(again.map_err(|error| Box::new(error.at(place))))
            });
            Ok((spelled, done, consumed))
        };
        engine.pipeline(&mut reader, again, |(spelled, done, consumed)| {
            for spelled in spelled {
                books.at.0 += 1;
                let put = |spelled| engine.stages.time(Stage::Write, || book(books, recorder.as_mut(), spelled, sink));
                spelled.map_or(Ok(()), put)?;
            }
            books.observer.advanced(done, consumed);
            Ok(())
        })?;
        books.at.0 += 1;
        while let Some(packed) = unread.next()? {
            if !packed.is_empty() {
                books.fail(&Error::from(ErrorKind::Changed));
            }
        }
        Ok(())
    }

    /// Parses, ranks with a given table (or not at all) and spells in one go.
    fn only_pass(&mut self, spell: &Spell, sink: Sink) -> Result<()> {
        let last = self.passes(false) + self.before();
        self.books.observer.started(last, last, self.bytes());
        let share = self.words_a_thread();
        let mut done = 0;
        let Batch { plan, settings, engine, spool, books, copies, recorder, .. } = self;
        let mut reader = Reader::new(&plan.sources, spool.as_ref());
        let mut left_out = LeftOut::new(copies.as_ref());
        let parse = |jobs: Vec<Job>, block: &[u8], consumed| {
            let articles = jobs.len() as u64;
            let parsed = engine.map(left_out.kept(jobs), |job, worker| {
                let parsed = parse_job(job, block, &plan.sources, settings, worker);
                // Looked up at once: only this worker's vocabulary knows the document's terms.
                let ready = parsed.document.map(|document| spell.ready(document, worker));
                if let Ok(Ready { document, .. }) = &ready
                    && worker.is_full(table_of(document.article().lang.as_ref()), share)
                {
                    worker.forget_words();
                }
                (ready, parsed.warnings, parsed.hash)
            });
            Ok((parsed, articles, consumed))
        };
        engine.pipeline(&mut reader, parse, |(parsed, articles, consumed)| {
            let mut settled = Vec::with_capacity(parsed.len());
            for (number, (mut ready, warnings, hash)) in (done + 1..).zip(parsed) {
                books.at = (number, 0);
                let mut first = None;
                warnings.into_iter().for_each(|warning| books.warn(warning));
                if let Ok(ready) = &mut ready {
                    ready.number = (number - 1) as u32;
                }
                if let Ok(Ready { document, .. }) = &mut ready
                    && let Some(now) = books.settle_id(&document.article().id, || document.article().origin.place())
                {
                    first = Some(std::mem::replace(&mut document.article_mut().id, now.into()));
                }
                settled.push((ready, Source { hash, first }));
            }
            let spelled = engine.map(settled, |(ready, source), worker| spelled(ready, source, spell, worker));
            for spelled in spelled {
                done += 1;
                books.at = (done, 2);
                engine.stages.time(Stage::Write, || book(books, recorder.as_mut(), spelled, sink))?;
            }
            books.check_ids()?;
            books.observer.advanced(articles, consumed);
            Ok(())
        })
    }

    fn bytes(&self) -> u64 {
        self.plan.bytes() + self.spool.as_ref().map_or(0, Spool::bytes)
    }

    /// What was spent on it so far.
    pub fn cost(&mut self) -> Cost {
        let bytes = self.bytes();
        self.engine.cost(bytes)
    }

    /// Says which languages of the articles the memory has nothing for.
    fn miss_languages(&mut self) {
        let Some(leverage) = &self.settings.leverage else { return };
        self.books.at = (u64::MAX, 0);
        let missing = self.books.report.languages.keys().filter_map(|code| leverage.misses(code, &self.settings.bitext));
        for kind in missing.collect::<Vec<_>>() {
            self.books.warn(Warning { kind, place: Place::default() });
        }
    }

    /// The manifest but for the files, which the directory knows.
    pub fn manifest(&mut self, table: &DocumentFrequencies) -> Manifest {
        self.miss_languages();
        let books = &mut self.books;
        // Whatever the passes, what is said of one article stands together.
        [&mut books.failures, &mut books.warnings].into_iter().for_each(|list| list.sort_by_key(|message| message.order));
        Manifest {
            tool: "epitome".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            schema: jsonl::SCHEMA,
            options: shaping_options(self.settings, table).into_iter().chain(limiting_options(self.plan)).collect(),
            articles: books.report.articles,
            languages: books.report.languages.clone(),
            segments: books.report.segments,
            locked: books.report.locked,
            blanks: books.report.blanks,
            generations: BTreeMap::new(),
            files: Vec::new(),
            failures: std::mem::take(&mut books.failures),
            warnings: std::mem::take(&mut books.warnings),
            duplicates: self.copies.take().map(|found| found.listed),
        }
    }
}

/// Books in which nothing is booked yet but what was noticed when the plan was made and the memory was read.
fn books_of<'a>(plan: &Plan, settings: &Settings, observer: &'a dyn Observer) -> Books<'a> {
    let mut books = Books::of_plan(plan, observer).with_room(settings.memory.ids);
    books.report.leverage = settings.leverage.as_ref().map(|_| Leveraged::default());
    let analyzed = settings.analysis.as_ref().and_then(|analysis| analysis.leverage.as_ref());
    let memories = settings.leverage.iter().chain(analyzed).map(|leverage| &leverage.memories);
    memories.flat_map(|memories| memories.warnings()).for_each(|warning| books.warn(warning.clone()));
    books
}

/// What remains of an article that is left out: nothing, unless it changed since it was found to be a copy.
fn not_counted(job: Job, block: &[u8], hash: Fingerprint, plan: &Plan, settings: &Settings) -> Counted {
    let place = job.origin.place();
    let again = guarded(|| match article_of(job, block, &plan.sources, settings)? {
        (_, _, now) if now == hash => Ok(()),
        _ => Err(ErrorKind::Changed.into()),
    });
    let named = again.err().map(|error| Err(Box::new(error.at(place))));
    Counted { packed: Box::default(), hash, named, warnings: Vec::new() }
}

/// What pass one does with an article.
struct Counting<'a> {
    plan: &'a Plan,
    settings: &'a Settings,
    sealing: &'a Sealing,
    /// What the words of one thread may take.
    share: usize,
    keeps: bool,
}

impl Counting<'_> {
    /// Parses and counts an article, and packs it if articles are kept.
    fn article(&self, job: Job, block: &[u8], worker: &mut Worker) -> Result<Counted> {
        let Parsed { document, warnings, hash } = parse_job(job, block, &self.plan.sources, self.settings, worker);
        let document = match document {
            Ok(document) => document,
            Err(error) => return Ok(Counted { packed: Box::default(), hash, named: Some(Err(Box::new(error))), warnings }),
        };
        let table = table_of(document.article().lang.as_ref());
        let generation = *worker.generation.get_or_insert_with(|| self.sealing.begin());
        let Worker { counts, packed, stages, .. } = &mut *worker;
        let packed = stages.time(Stage::Count, || {
            of_table(counts, table).counts.add(&document);
            if self.keeps { pack(&document, short(&hash), generation, packed) } else { Box::default() }
        });
        if worker.is_full(table, self.share) {
            seal(worker, self.sealing, self.settings, true)?;
        }
        let (article, structure) = document.into_parts();
        worker.scratch.recycle(structure);
        Ok(Counted { packed, hash, named: Some(Ok((article.id, article.origin))), warnings })
    }
}

/// Books an article of pass one; what pass two needs of it, with the id that it has now.
fn settle(counted: Counted, books: &mut Books) -> Box<[u8]> {
    let Counted { packed, named, warnings, .. } = counted;
    warnings.into_iter().for_each(|warning| books.warn(warning));
    match named {
        None => packed,
        Some(Ok((id, origin))) => {
            books.report.articles += 1;
            let now = books.settle_id(&id, || origin.place()).filter(|_| !packed.is_empty());
            if let Some(now) = now { rename(&packed, &now) } else { packed }
        }
        Some(Err(error)) => {
            books.fail(&error);
            packed
        }
    }
}

/// Hands on what a worker counted, if it began to, and lets it begin anew.
fn seal(worker: &mut Worker, sealing: &Sealing, settings: &Settings, to_file: bool) -> Result<()> {
    let Some(generation) = worker.generation else { return Ok(()) };
    let counts = std::mem::take(&mut worker.counts);
    // A table may be there only because copies were looked for in its language.
    let counted = counts.into_iter().filter(|(_, tally)| tally.counts.documents() > 0);
    let words = counted.map(|(code, tally)| {
        let query = settings.focus.query.as_deref();
        let asked = query.map(|query| worker.scratch.terms_of(&code, query)).unwrap_or_default();
        let vocabulary = worker.scratch.vocabulary(&code).expect("what was counted was parsed");
        Words::new(code, &tally.counts, vocabulary, asked.into_iter().collect())
    });
    let words = words.collect();
    worker.forget_words();
    sealing.seal(generation, words, to_file)
}

/// An article that was parsed and looked up, spelled; or how it failed.
pub fn spelled(ready: Result<Ready>, source: Source, spell: &Spell, worker: &mut Worker) -> Result<(Spelled, Source), Box<Error>> {
    let ready = ready?;
    let place = ready.document.article().origin.place();
    guarded(|| Ok((spell.document(&ready, worker), source))).map_err(|error| Box::new(error.at(place)))
}

/// Hands a spelled article on and books it.
pub fn book(books: &mut Books, recorder: Option<&mut Recorder>, spelled: Result<(Spelled, Source), Box<Error>>, sink: Sink) -> Result<()> {
    let (mut spelled, source) = match spelled {
        Ok(spelled) => spelled,
        Err(error) => {
            books.fail(&error);
            return Ok(());
        }
    };
    for (name, bytes) in &spelled.streams {
        sink(Written::Stream(name, bytes))?;
    }
    for piece in std::mem::take(&mut spelled.pieces) {
        sink(Written::Piece(&spelled.id, piece))?;
    }
    if let Some(assessment) = spelled.assessment.take() {
        sink(Written::Assessment(*assessment))?;
    }
    books.report.articles += 1;
    books.report.segments += spelled.segments;
    books.report.locked += spelled.locked;
    books.report.blanks += spelled.blanks;
    if let Some((sum, more)) = books.report.leverage.as_mut().zip(spelled.leverage.take()) {
        sum.levels.iter_mut().zip(more.levels).for_each(|(sum, count)| *sum += count);
        sum.filled += more.filled;
    }
    books.report.summary_words += u64::from(spelled.words);
    spelled.sent.iter().for_each(|sent| books.sent(sent));
    std::mem::take(&mut spelled.warnings).into_iter().for_each(|warning| books.warn(warning));
    if let Some(recorder) = recorder {
        sink(Written::Stream(record::NAME, recorder.line(books, &spelled, &source)))?;
    }
    *books.report.languages.entry(spelled.lang).or_insert(0) += 1;
    Ok(())
}
