//! Ordered chunks in parallel: a pool of workers, each with scratch of its own; the next chunk is read while the present one
//! is worked on, and results come back in input order whatever the number of threads. A panic costs its article.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::{HashMap, HashSet};
use rayon::prelude::*;

use super::notes::Seen;
use super::read::{Chunk, Job, Reader};
use super::stages::{Cost, Stage, Stages};
use crate::document::TermId;
use crate::error::{ErrorKind, Result};
use crate::summary::frequency::Counts;
use crate::text::Scratch;
use crate::text::vocabulary::Vocabulary;

/// What one thread keeps from article to article.
#[derive(Default)]
pub struct Worker {
    /// Vocabularies and buffers.
    pub scratch: Scratch,
    /// What aligning one text leaves to the next.
    pub align: crate::translation::align::Scratch,
    /// Room to look segments up in.
    pub leverage: crate::translation::memory::Scratch,
    /// Room to pack a structure in.
    pub packed: Vec<u8>,
    /// Where its time went.
    pub stages: Stages,
    /// What it knows of files, where that is noted.
    pub seen: Vec<Seen>,
    /// Document frequencies counted so far, by table.
    pub counts: HashMap<String, Tally>,
    /// The generation of words it is at, once it began one.
    pub generation: Option<u32>,
    /// Bytes that its words take.
    weight: usize,
    /// Idf by index in its vocabularies, by table.
    pub idf: HashMap<String, Vec<f64>>,
    /// Terms of the query in its vocabularies, by table.
    pub asked: HashMap<String, HashSet<TermId>>,
}

/// What was counted in a table.
#[derive(Default)]
pub struct Tally {
    pub counts: Counts,
    /// Bytes that the table's words took when they were weighed last.
    weight: usize,
}

impl Worker {
    /// Whether its words take more than `share` bytes; only those of `table` may have become more since it was asked last.
    pub fn is_full(&mut self, table: &str, share: usize) -> bool {
        let words = self.scratch.vocabulary(table).map_or(0, Vocabulary::weight);
        let values = self.idf.get(table).map_or(0, |values| values.capacity() * size_of::<f64>());
        let tally = of_table(&mut self.counts, table);
        let weight = words + values + tally.counts.weight();
        self.weight = self.weight + weight - tally.weight;
        tally.weight = weight;
        self.weight > share
    }

    /// Forgets all words and what is known of them.
    pub fn forget_words(&mut self) {
        self.scratch.forget_words();
        (self.counts, self.idf, self.asked) = Default::default();
        (self.generation, self.weight) = (None, 0);
    }
}

/// So many threads; 0 for one a core.
pub fn pool(threads: usize) -> Result<rayon::ThreadPool> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|error| ErrorKind::Usage(format!("cannot start {threads} threads: {error}")).into())
}

/// The pool and its workers.
pub struct Engine {
    pool: rayon::ThreadPool,
    workers: Vec<Mutex<Worker>>,
    /// Where the time of what is done in order went.
    pub stages: Stages,
}

impl Engine {
    /// A pool of so many threads; 0 for one a core.
    pub fn new(threads: usize) -> Result<Engine> {
        let pool = pool(threads)?;
        Ok(Engine { workers: (0..pool.current_num_threads()).map(|_| Mutex::default()).collect(), pool, stages: Stages::default() })
    }

    /// How many threads there are.
    pub fn threads(&self) -> usize {
        self.workers.len()
    }

    /// Reads all chunks and hands the jobs of each to `sink`, in order, with the block their lines are in and the bytes
    /// consumed so far. `sink` runs inside the pool and may use it.
    pub fn chunks(&self, reader: &mut Reader, mut sink: impl FnMut(Vec<Job>, &[u8], u64) -> Result<()> + Send) -> Result<()> {
        self.pipeline(reader, |jobs, block, consumed| sink(jobs, block, consumed), |()| Ok(()))
    }

    /// Reads all chunks, works on the jobs of each, with the block their lines are in and the bytes consumed so far, and puts away what
    /// came of it; all in order. While one chunk is worked on, the next is read and the one before put away, so that no thread waits
    /// for what only one can do. Both run inside the pool and may use it. Two blocks are read into in turn.
    pub fn pipeline<D: Send>(
        &self,
        reader: &mut Reader,
        mut work: impl FnMut(Vec<Job>, &[u8], u64) -> Result<D> + Send,
        mut put_away: impl FnMut(D) -> Result<()> + Send,
    ) -> Result<()> {
        self.pool.install(|| {
            let mut chunk = self.stages.time(Stage::Read, || reader.chunk(Vec::new()));
            reader.check_stop()?;
            let (mut spare, mut before) = (Vec::new(), None);
            while !chunk.jobs.is_empty() {
                let consumed = reader.consumed();
                let Chunk { jobs, block } = chunk;
                let read = || self.stages.time(Stage::Read, || reader.chunk(spare));
                let ahead = || rayon::join(read, || work(jobs, &block, consumed));
                let (put, (next, done)) = rayon::join(|| before.map_or(Ok(()), &mut put_away), ahead);
                put?;
                before = Some(done?);
                reader.check_stop()?;
                (chunk, spare) = (next, block);
            }
            before.map_or(Ok(()), put_away)
        })
    }

    /// Works on items in parallel and keeps their order.
    pub fn map_all<I: Send, O: Send>(&self, items: Vec<I>, work: impl Fn(I, &mut Worker) -> O + Sync + Send) -> Vec<O> {
        self.pool.install(|| self.map(items, work))
    }

    /// Works on items in parallel, in the pool of the caller, and keeps their order.
    pub fn map<I: Send, O: Send>(&self, items: Vec<I>, work: impl Fn(I, &mut Worker) -> O + Sync) -> Vec<O> {
        items.into_par_iter().with_max_len(16).map(|item| work(item, &mut self.worker())).collect()
    }

    /// The worker of the present thread.
    fn worker(&self) -> MutexGuard<'_, Worker> {
        let index = rayon::current_thread_index().unwrap_or(0);
        self.workers[index].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks every worker for something between passes, in parallel, and keeps their order.
    pub fn each_worker<O: Send>(&mut self, ask: impl Fn(&mut Worker) -> O + Sync) -> Vec<O> {
        let Engine { pool, workers, .. } = self;
        pool.install(|| workers.par_iter_mut().map(|worker| ask(worker.get_mut().unwrap_or_else(PoisonError::into_inner))).collect())
    }

    /// What was spent on a batch of so many bytes.
    pub fn cost(&mut self, bytes: u64) -> Cost {
        let of_workers = self.workers.iter_mut().map(|worker| &worker.get_mut().unwrap_or_else(PoisonError::into_inner).stages);
        of_workers.fold(self.stages.cost(bytes), |cost, stages| cost.plus(stages))
    }

    /// Does two things at once in the pool, or one after the other where it has one thread.
    pub fn both<A: Send, B: Send>(&self, one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
        self.pool.install(|| rayon::join(one, other))
    }
}

/// What is kept for a table; its name is copied only the first time.
pub fn of_table<'a, V: Default>(tables: &'a mut HashMap<String, V>, name: &str) -> &'a mut V {
    if !tables.contains_key(name) {
        tables.insert(name.to_owned(), V::default());
    }
    tables.get_mut(name).expect("it was put there")
}

/// Runs `work`; a panic becomes an error.
pub fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        Err(ErrorKind::Panic(text.unwrap_or("a panic without a message").to_owned()).into())
    })
}
