//! A run that was killed is finished by the next that would do the same: while it goes on, a run notes in its staging directory what
//! shapes it, that the table is counted and from what, and now and then how much is staged. What was staged up to the last note is
//! taken over as an incremental run takes over what was published, and the rest is done. What does not fit is cleared away.

use super::incremental::{Adopted, adopt};
use super::options::{limiting_options, shaping_options};
use super::output::Directory;
use super::parse::look;
use super::passes::Batch;
use super::read::Reader;
use crate::error::{ErrorKind, Result};
use crate::format::manifest::Manifest;
use crate::format::progress::{Mark, Progress};
use crate::format::{frequencies, jsonl};
use crate::summary::frequency::DocumentFrequencies;

/// Bytes that are staged between two notes.
const OFTEN: u64 = 1 << 20;

/// The notes of a run.
pub struct Journal {
    /// A hash of what shapes it; none where nothing is noted.
    run: Option<String>,
    /// Bytes staged since the last note.
    since: u64,
}

impl Journal {
    /// The notes of a batch into a directory. Where articles share files, leave one another out or are chosen from, and where inputs can be read only
    /// once, it is not worth the trouble.
    pub fn new(batch: &Batch, table: Option<&DocumentFrequencies>, directory: &Directory) -> Journal {
        let settings = batch.settings;
        let simple = settings.bundle.is_none() && settings.duplicates.is_none() && settings.translate.is_none() && !directory.is_aside();
        let run = (simple && batch.plan.sources.iter().all(|source| source.regular)).then(|| run_of(batch, table, directory));
        Journal { run, since: 0 }
    }

    /// Whether anything is noted.
    pub fn is_kept(&self) -> bool {
        self.run.is_some()
    }

    /// Notes what the run is.
    pub fn begin(&self, directory: &mut Directory) -> Result<()> {
        directory.forget_killed();
        self.run.iter().try_for_each(|run| directory.note(&Progress::Run(run.clone())))
    }

    /// Notes that the table is staged.
    pub fn counted(&self, directory: &mut Directory, inputs: Option<String>) -> Result<()> {
        if self.run.is_none() {
            return Ok(());
        }
        directory.ended(frequencies::NAME)?;
        directory.mark()?;
        directory.note(&Progress::Counted(inputs.unwrap_or_default()))
    }

    /// Whether it is time for a note, with so many bytes more.
    pub fn is_due(&mut self, bytes: usize) -> bool {
        self.since += bytes as u64;
        self.run.is_some() && self.since >= OFTEN
    }

    /// How far the run came was noted.
    pub fn noted(&mut self) {
        self.since = 0;
    }

    /// Finishes what a killed run began, if it was this one; nothing is done, else.
    pub fn resume(&self, batch: &mut Batch, table: Option<&DocumentFrequencies>, directory: &mut Directory) -> Result<Option<Manifest>> {
        let Some(adopted) = self.adopted(batch, table, directory)? else { return Ok(None) };
        match adopt(batch, adopted, directory) {
            // An input changed between two looks at it.
            Err(error) if matches!(error.kind, ErrorKind::Changed) => {
                batch.start_again();
                directory.start_again()?;
                Ok(None)
            }
            done => done.map(Some),
        }
    }

    /// What of a killed run fits this one, moved to its place.
    fn adopted(&self, batch: &Batch, table: Option<&DocumentFrequencies>, directory: &mut Directory) -> Result<Option<Adopted>> {
        let mut lines = directory.killed().into_iter();
        match (lines.next(), &self.run) {
            (Some(Progress::Run(then)), Some(now)) if then == *now => {}
            _ => return Ok(None),
        }
        let (mut marks, mut counted): (Vec<Mark>, Option<String>) = (Vec::new(), None);
        for line in lines {
            match line {
                Progress::Mark(mark) => marks.push(mark),
                Progress::Counted(inputs) => counted = Some(inputs),
                Progress::Run(_) => return Ok(None),
            }
        }
        let Some(inputs) = counted else { return Ok(None) };
        if table.is_none() && inputs != inputs_of(batch)? {
            return Ok(None);
        }
        let killed = || directory.killed_file(frequencies::NAME).and_then(|bytes| frequencies::read(&bytes[..]).ok());
        let Some(ranks) = table.cloned().or_else(killed) else { return Ok(None) };
        while !marks.is_empty() {
            if let Some(mark) = directory.adopt(&marks) {
                [Progress::Run(self.run.clone().unwrap_or_default()), Progress::Mark(mark.clone()), Progress::Counted(inputs)]
                    .iter()
                    .try_for_each(|line| directory.note(line))?;
                directory.forget_killed();
                return Ok(Some(Adopted { table: ranks, mark }));
            }
            marks.pop();
        }
        Ok(None)
    }
}

/// A hash of what shapes a run, but for what is in its inputs.
fn run_of(batch: &Batch, table: Option<&DocumentFrequencies>, directory: &Directory) -> String {
    let settings = batch.settings;
    let given =
        settings.frequencies.as_ref().and_then(|path| std::fs::read(path).ok()).map(|bytes| blake3::hash(&bytes).to_hex().to_string());
    let kept = || directory.earlier().and_then(|earlier| earlier.file(frequencies::NAME)).map(|file| file.blake3.clone());
    let ranks = table.map(|_| given.or_else(kept));
    let options: Vec<_> =
        shaping_options(settings, &DocumentFrequencies::default()).into_iter().chain(limiting_options(batch.plan)).collect();
    let mut hasher = blake3::Hasher::new();
    let keeps = settings.incremental.as_ref().map(|how| how.keep_frequencies);
    hasher.update(format!("{} {} {ranks:?} {options:?} {keeps:?}", env!("CARGO_PKG_VERSION"), jsonl::SCHEMA).as_bytes());
    for source in &batch.plan.sources {
        hasher.update(source.shown.as_bytes()).update(b"\0").update(source.id.as_bytes());
        hasher.update(format!("\0{:?}\0", source.format).as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// A hash of the inputs, as pass one tells it.
fn inputs_of(batch: &Batch) -> Result<String> {
    let (plan, settings) = (batch.plan, batch.settings);
    let mut hasher = blake3::Hasher::new();
    batch.engine.chunks(&mut Reader::new(&plan.sources, None), |jobs, block, _| {
        let seen = batch.engine.map(jobs, |job, worker| {
            let looked = look(&job, block, (&plan.sources, settings), batch.notes.as_ref(), worker);
            looked.hash.unwrap_or_default()
        });
        hasher.update(seen.as_flattened());
        Ok(())
    })?;
    Ok(hasher.finalize().to_hex().to_string())
}
