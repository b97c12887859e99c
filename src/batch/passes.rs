//! The passes of a batch: pass one parses and counts, pass two reads the texts again, ranks and spells; with a table given, or where
//! nothing is ranked, one pass does. What a batch is for, and where the bytes go, is the business of `works`.

use super::Settings;
use super::books::Books;
use super::duplicates::{self, Found, Look};
use super::engine::{Engine, guarded, of_table};
use super::input::Plan;
use super::keep::{Keeper, Kept};
use super::observe::Observer;
use super::options::shaping_options;
use super::parse::{article_of, parse_job};
use super::read::{Job, Reader, Spool};
use super::spell::{Frozen, Ready, Sink, Spell, Spelled, Written, spell_edges};
use crate::article::Origin;
use crate::error::{Error, ErrorKind, Result, Warning};
use crate::format::jsonl;
use crate::format::manifest::Manifest;
use crate::summary::frequency::DocumentFrequencies;
use crate::text::table_of;

/// One batch at work.
pub struct Batch<'a> {
    plan: &'a Plan,
    settings: &'a Settings,
    engine: Engine,
    spool: Option<Spool>,
    /// What is noted on the way.
    pub books: Books<'a>,
    entries: Vec<Entry>,
    /// Copies, where they were asked for.
    copies: Option<Found>,
}

/// What pass one leaves for pass two, an article.
struct Entry {
    hash: u64,
    /// Its id, if the batch had to change it.
    id: Option<Box<str>>,
    fate: Fate,
}

/// What became of an article in pass one.
enum Fate {
    Failed,
    /// It is a copy that nobody wants.
    LeftOut,
    /// Its structure was kept.
    Kept(Kept),
    /// There was no room to keep it.
    Parsed,
}

/// An article that pass one is done with. Many lie side by side until their chunk is whole, so what is rare is boxed.
struct Counted {
    entry: Entry,
    /// Its id and where it comes from; or how it failed; nothing if it is left out.
    named: Option<Result<(String, Origin), Box<Error>>>,
    warnings: Vec<Warning>,
}

impl<'a> Batch<'a> {
    /// A batch at its start.
    pub fn new(plan: &'a Plan, settings: &'a Settings, observer: &'a dyn Observer) -> Result<Batch<'a>> {
        let books = Books::of_plan(plan, observer);
        Ok(Batch { plan, settings, engine: Engine::new(settings.threads)?, spool: None, books, entries: Vec::new(), copies: None })
    }

    /// Parses, ranks and spells everything; returns the table that was used and what `beside` made of it meanwhile.
    pub fn drive<B: Send>(
        &mut self,
        table: Option<DocumentFrequencies>,
        beside: impl FnOnce(&DocumentFrequencies) -> B + Send,
        sink: Sink,
    ) -> Result<(DocumentFrequencies, B)> {
        let writers = self.settings.writers();
        let ranker = self.settings.method.map(|method| (method.ranker)());
        spell_edges(&writers, |writer, out| writer.begin(out), sink)?;
        let counts = ranker.is_some() && table.is_none();
        if counts || self.settings.duplicates.is_some() {
            self.spool = Some(Spool::new(&self.plan.sources)?);
        }
        self.find_copies(if counts { 2 } else { 1 })?;
        let table = if counts {
            self.first_pass(2, &Keeper::default())?;
            self.table()?
        } else {
            table.unwrap_or_default()
        };
        let spell = Spell { settings: self.settings, table: &table, ranker: ranker.as_deref(), writers: &writers };
        let made = if counts {
            self.second_pass(&spell, || beside(&table), sink)?
        } else {
            self.only_pass(&spell, sink)?;
            beside(&table)
        };
        self.books.check_any(self.plan)?;
        spell_edges(&writers, |writer, out| writer.end(out), sink)?;
        Ok((table, made))
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

    /// Passes before the first that counts or spells.
    fn before(&self) -> u32 {
        if self.copies.is_some() { duplicates::PASSES } else { 0 }
    }

    /// Parses and counts; keeps what pass two needs.
    pub fn first_pass(&mut self, of: u32, keeper: &Keeper) -> Result<()> {
        self.books.observer.started(1 + self.before(), of + self.before(), self.bytes());
        let Batch { plan, settings, engine, spool, books, entries, copies } = self;
        let mut reader = Reader::new(&plan.sources, spool.as_ref());
        let mut left_out = LeftOut::new(copies.as_ref());
        engine.chunks(&mut reader, |jobs, block, consumed| {
            let articles = jobs.len() as u64;
            let counted = engine.map(left_out.mark(jobs), |(job, copy), worker| {
                if let Some(hash) = copy {
                    return not_counted(job, block, hash, plan, settings);
                }
                let parsed = parse_job(job, block, &plan.sources, settings, worker);
                let (fate, named) = match parsed.document {
                    Ok(document) => {
                        let table = table_of(document.article().lang.as_ref());
                        of_table(&mut worker.counts, table).add(&document);
                        let fate = keeper.keep(&document, worker.index, &mut worker.packed).map_or(Fate::Parsed, Fate::Kept);
                        let (article, structure) = document.into_parts();
                        worker.scratch.recycle(structure);
                        (fate, Some(Ok((article.id, article.origin))))
                    }
                    Err(error) => (Fate::Failed, Some(Err(Box::new(error)))),
                };
                Counted { entry: Entry { hash: parsed.hash, id: None, fate }, named, warnings: parsed.warnings }
            });
            for Counted { mut entry, named, warnings } in counted {
                warnings.into_iter().for_each(|warning| books.warn(warning));
                match named {
                    None => {}
                    Some(Ok((id, origin))) => {
                        entry.id = books.settle_id(&id, || origin.place());
                        books.report.articles += 1;
                    }
                    Some(Err(error)) => books.fail(&error),
                }
                entries.push(entry);
            }
            books.observer.advanced(articles, consumed);
            Ok(())
        })
    }

    /// Adds the workers' counts up.
    pub fn table(&mut self) -> Result<DocumentFrequencies> {
        let tables = self.engine.each_worker(|worker| {
            let counts = std::mem::take(&mut worker.counts).into_iter().map(|(name, counts)| {
                let vocabulary = worker.scratch.vocabulary(&name).expect("what was counted was parsed");
                let table = counts.table(vocabulary);
                (name, table)
            });
            DocumentFrequencies { languages: counts.collect() }
        });
        let mut sum = DocumentFrequencies::default();
        tables.into_iter().try_for_each(|table| sum.merge(table))?;
        Ok(sum)
    }

    /// Reads the texts again, ranks and spells, and does `beside` at the same time.
    fn second_pass<B: Send>(&mut self, spell: &Spell, beside: impl FnOnce() -> B + Send, sink: Sink) -> Result<B> {
        self.books.observer.started(2 + self.before(), 2 + self.before(), self.bytes());
        self.books.report.articles = 0;
        let frozen = Frozen::new(&mut self.engine, spell);
        let Batch { plan, engine, spool, books, entries, .. } = self;
        let mut reader = Reader::new(&plan.sources, spool.as_ref());
        let mut entries = std::mem::take(entries).into_iter();
        let pass = || {
            engine.chunks(&mut reader, |jobs, block, consumed| {
                let articles = jobs.len() as u64;
                let paired: Vec<(Job, Entry)> = jobs.into_iter().zip(entries.by_ref()).collect();
                let spelled = engine.map(paired, |(job, entry), worker| {
                    let kept = match entry.fate {
                        Fate::Failed | Fate::LeftOut => return None,
                        Fate::Kept(kept) => Some(kept),
                        Fate::Parsed => None,
                    };
                    let place = job.origin.place();
                    let again = guarded(|| {
                        let (mut article, _, hash) = article_of(job, block, &plan.sources, spell.settings)?;
                        if hash != entry.hash {
                            return Err(ErrorKind::Changed.into());
                        }
                        article.id = entry.id.map_or(article.id, String::from);
                        let ready = spell.restore(article, kept, &frozen, worker);
                        let spelled = spell.document(&ready);
                        worker.scratch.recycle(ready.document.into_parts().1);
                        Ok(spelled)
                    });
                    Some(again.map_err(|error| Box::new(error.at(place))))
                });
                for spelled in spelled.into_iter().flatten() {
                    book(books, spelled, sink)?;
                }
                books.observer.advanced(articles, consumed);
                Ok(())
            })
        };
        let (made, done) = engine.both(beside, pass);
        done?;
        for _ in entries.filter(|entry| !matches!(entry.fate, Fate::Failed | Fate::LeftOut)) {
            books.fail(&Error::from(ErrorKind::Changed));
        }
        Ok(made)
    }

    /// Parses, ranks with a given table (or not at all) and spells in one go.
    fn only_pass(&mut self, spell: &Spell, sink: Sink) -> Result<()> {
        self.books.observer.started(1 + self.before(), 1 + self.before(), self.bytes());
        let Batch { plan, settings, engine, spool, books, copies, .. } = self;
        let mut reader = Reader::new(&plan.sources, spool.as_ref());
        let mut left_out = LeftOut::new(copies.as_ref());
        engine.chunks(&mut reader, |jobs, block, consumed| {
            let articles = jobs.len() as u64;
            let jobs = left_out.mark(jobs).into_iter().filter(|(_, copy)| copy.is_none()).map(|(job, _)| job).collect();
            let parsed = engine.map(jobs, |job, worker| {
                let parsed = parse_job(job, block, &plan.sources, settings, worker);
                // Looked up at once: only this worker's vocabulary knows the document's terms.
                (parsed.document.map(|document| spell.ready(document, worker)), parsed.warnings)
            });
            let mut settled = Vec::with_capacity(parsed.len());
            for (mut ready, warnings) in parsed {
                warnings.into_iter().for_each(|warning| books.warn(warning));
                if let Ok(Ready { document, .. }) = &mut ready
                    && let Some(now) = books.settle_id(&document.article().id, || document.article().origin.place())
                {
                    document.article_mut().id = now.into();
                }
                settled.push(ready);
            }
            let spelled = engine.map(settled, |ready, _| {
                let ready = ready?;
                let place = ready.document.article().origin.place();
                guarded(|| Ok(spell.document(&ready))).map_err(|error| Box::new(error.at(place)))
            });
            for spelled in spelled {
                book(books, spelled, sink)?;
            }
            books.observer.advanced(articles, consumed);
            Ok(())
        })
    }

    fn bytes(&self) -> u64 {
        self.plan.bytes() + self.spool.as_ref().map_or(0, Spool::bytes)
    }

    /// The manifest but for the files, which the directory knows.
    pub fn manifest(&mut self, table: &DocumentFrequencies) -> Manifest {
        let books = &mut self.books;
        Manifest {
            tool: "epitome".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            schema: jsonl::SCHEMA,
            options: shaping_options(self.settings, table),
            articles: books.report.articles,
            languages: books.report.languages.clone(),
            segments: books.report.segments,
            locked: books.report.locked,
            blanks: books.report.blanks,
            files: Vec::new(),
            failures: std::mem::take(&mut books.failures),
            warnings: std::mem::take(&mut books.warnings),
            duplicates: self.copies.take().map(|found| found.listed),
        }
    }
}

/// Marks the jobs that are left out.
struct LeftOut<'a> {
    rest: &'a [(usize, u64)],
    next: usize,
}

impl<'a> LeftOut<'a> {
    fn new(copies: Option<&'a Found>) -> LeftOut<'a> {
        LeftOut { rest: copies.map_or(&[], |found| &found.left_out), next: 0 }
    }

    /// The jobs, those to be left out with a hash of what they were.
    fn mark(&mut self, jobs: Vec<Job>) -> Vec<(Job, Option<u64>)> {
        let mark = |job| {
            let copy = self.rest.first().filter(|(article, _)| *article == self.next).map(|(_, hash)| *hash);
            self.rest = &self.rest[usize::from(copy.is_some())..];
            self.next += 1;
            (job, copy)
        };
        jobs.into_iter().map(mark).collect()
    }
}

/// What remains of an article that is left out: nothing, unless it changed since it was found to be a copy.
fn not_counted(job: Job, block: &[u8], hash: u64, plan: &Plan, settings: &Settings) -> Counted {
    let place = job.origin.place();
    let again = guarded(|| match article_of(job, block, &plan.sources, settings)? {
        (_, _, now) if now == hash => Ok(()),
        _ => Err(ErrorKind::Changed.into()),
    });
    let named = again.err().map(|error| Err(Box::new(error.at(place))));
    let fate = if named.is_none() { Fate::LeftOut } else { Fate::Failed };
    Counted { entry: Entry { hash, id: None, fate }, named, warnings: Vec::new() }
}

/// Hands a spelled article on and books it.
fn book(books: &mut Books, spelled: Result<Spelled, Box<Error>>, sink: Sink) -> Result<()> {
    let spelled = match spelled {
        Ok(spelled) => spelled,
        Err(error) => {
            books.fail(&error);
            return Ok(());
        }
    };
    for (name, bytes) in spelled.streams {
        sink(Written::Stream(&name, &bytes))?;
    }
    for piece in spelled.pieces {
        sink(Written::Piece(&spelled.id, piece))?;
    }
    books.report.articles += 1;
    books.report.segments += spelled.segments;
    books.report.locked += spelled.locked;
    books.report.blanks += spelled.blanks;
    books.report.summary_words += u64::from(spelled.words);
    *books.report.languages.entry(spelled.lang).or_insert(0) += 1;
    spelled.warnings.into_iter().for_each(|warning| books.warn(warning));
    Ok(())
}
