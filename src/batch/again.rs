//! Articles that are read again, with what pass one kept of them: they are known by a hash of their bytes, and fail if they changed since.

use super::engine::Worker;
use super::input::Plan;
use super::keep::{Generations, Packed, Unread};
use super::parse::{Fingerprint, article_of, short};
use super::read::Job;
use super::spell::{Ready, Spell};
use super::stages::Stage;
use crate::error::{ErrorKind, Result};

/// The jobs of a chunk, each with what pass one kept of it; the words of all are made ready.
pub fn paired(jobs: Vec<Job>, unread: &mut Unread, generations: &mut Generations) -> Result<Vec<(Job, Packed)>> {
    let mut paired: Vec<(Job, Packed)> = Vec::with_capacity(jobs.len());
    for job in jobs {
        let Some(packed) = unread.next()? else { break };
        paired.push((job, packed));
    }
    generations.ready(paired.iter().filter(|(_, packed)| !packed.is_empty()).map(|(_, packed)| packed.generation()))?;
    Ok(paired)
}

/// Reads the text of an article again that pass one kept, unless it changed since.
pub fn read_again(
    job: Job,
    block: &[u8],
    packed: &Packed,
    (plan, spell, generations): (&Plan, &Spell, &Generations),
    worker: &mut Worker,
) -> Result<(Ready, Source)> {
    let read = || article_of(job, block, &plan.sources, spell.settings);
    let (mut article, _, hash) = worker.stages.time(Stage::Decode, read)?;
    if short(&hash) != packed.hash() {
        return Err(ErrorKind::Changed.into());
    }
    let first = packed.id().map(|now| std::mem::replace(&mut article.id, now.into()));
    Ok((spell.restore(article, packed, generations, worker), Source { hash, first }))
}

/// What the next run knows an article by.
pub struct Source {
    pub hash: Fingerprint,
    /// Its id as it came, if the batch had to change it.
    pub first: Option<String>,
}
