//! Copies among the articles of a batch, found before anything is counted: one reading sketches every article, a second looks closely
//! at those whose sketch meets another's, in input order. What stays in memory is a sketch of every article and the shingles of
//! those that others are compared with. Articles that cannot be read are passed over here; the passes that follow name them.

use super::Settings;
use super::engine::{Engine, Worker};
use super::input::Plan;
use super::observe::Observer;
use super::parse::{Fingerprint, parse_job};
use super::read::{Job, Reader, Spool};
use crate::article::Origin;
use crate::error::Result;
use crate::format::manifest::Duplicate;
use crate::summary::duplicates::{Group, Groups, Version, suspects};
use crate::text::sketch::{Sketch, keys, shingles};
use crate::text::table_of;

/// What becomes of copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// They are listed in the manifest.
    Report,
    /// The first of a group stays, the others are left out and listed.
    Skip,
    /// The newest of a group stays, by date, by what it says or by its id; else the first.
    Newest,
}

impl Duplicates {
    /// Every way, as the command line and the manifest name it.
    pub const NAMES: [(&str, Duplicates); 3] = [("report", Duplicates::Report), ("skip", Duplicates::Skip), ("newest", Duplicates::Newest)];

    /// The name.
    pub fn name(self) -> &'static str {
        Duplicates::NAMES.iter().find(|(_, way)| *way == self).map_or("", |(name, _)| name)
    }

    /// The article of a group that stays.
    fn stays(self, group: &Group) -> usize {
        if self == Duplicates::Newest { group.newest } else { group.first }
    }
}

/// What was found.
#[derive(Default)]
pub struct Found {
    /// Articles to leave out, in input order, with a hash of their bytes.
    pub left_out: Vec<(usize, Fingerprint)>,
    /// For the manifest, in input order.
    pub listed: Vec<Duplicate>,
}

/// Passes that finding copies takes.
pub const PASSES: u32 = 2;

/// Finds the copies of a batch; `of` is the number of all passes.
pub fn find(way: Duplicates, look: &Look, of: u32) -> Result<Found> {
    let mut sketches = Vec::new();
    look.at((1, of), |_| true, &mut |seen| {
        sketches.push(seen.and_then(|seen| Some((Sketch::new(&seen.shingles)?, seen.version.id))));
    })?;
    let suspects = suspects(&sketches);
    let mut groups = Groups::default();
    let mut known: Vec<Known> = Vec::new();
    let mut index = 0;
    look.at((2, of), |article| suspects.get(article) == Some(&true), &mut |seen| {
        if let (Some(seen), Some(Some((sketch, _)))) = (seen, sketches.get(index)) {
            groups.add(index, seen.version, sketch, seen.shingles);
            known.push(Known { article: index, id: seen.id, origin: seen.origin, hash: seen.hash });
        }
        index += 1;
    })?;
    Ok(decide(way, &groups.finish(), &known))
}

/// An article that was looked at closely.
struct Known {
    article: usize,
    id: String,
    origin: Origin,
    hash: Fingerprint,
}

/// Lists the copies of every group and says which are left out.
fn decide(way: Duplicates, groups: &[Group], known: &[Known]) -> Found {
    let of = |article: usize| &known[known.binary_search_by_key(&article, |known| known.article).expect("whoever is grouped is known")];
    let mut found: Vec<(usize, Duplicate)> = Vec::new();
    for group in groups {
        let stays = way.stays(group);
        // What they share is counted from the first; it stands for both where another stays.
        let overlap = |article: usize| {
            let other = if article == group.first { stays } else { article };
            group.copies.iter().find(|copy| copy.article == other).map(|copy| copy.overlap).unwrap_or_default()
        };
        for article in group.members().filter(|article| *article != stays) {
            let (copy, overlap) = (of(article), overlap(article));
            found.push((
                article,
                Duplicate {
                    article: copy.id.clone(),
                    path: copy.origin.path.clone(),
                    line: copy.origin.line,
                    of: of(stays).id.clone(),
                    of_path: of(stays).origin.path.clone(),
                    of_line: of(stays).origin.line,
                    jaccard: rounded(overlap.jaccard),
                    contained: rounded(overlap.contained),
                    left_out: way != Duplicates::Report,
                },
            ));
        }
    }
    found.sort_unstable_by_key(|(article, _)| *article);
    let left_out = found.iter().filter(|(_, copy)| copy.left_out).map(|(article, _)| (*article, of(*article).hash)).collect();
    Found { left_out, listed: found.into_iter().map(|(_, copy)| copy).collect() }
}

fn rounded(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}

/// Marks the jobs that are left out.
pub struct LeftOut<'a> {
    rest: &'a [(usize, Fingerprint)],
    next: usize,
}

impl<'a> LeftOut<'a> {
    /// None so far.
    pub fn new(copies: Option<&'a Found>) -> LeftOut<'a> {
        LeftOut { rest: copies.map_or(&[], |found| &found.left_out), next: 0 }
    }

    /// The jobs but for those to be left out.
    pub fn kept(&mut self, jobs: Vec<Job>) -> Vec<Job> {
        self.mark(jobs).into_iter().filter(|(_, copy)| copy.is_none()).map(|(job, _)| job).collect()
    }

    /// The jobs, those to be left out with a hash of what they were.
    pub fn mark(&mut self, jobs: Vec<Job>) -> Vec<(Job, Option<Fingerprint>)> {
        let mark = |job| {
            let copy = self.rest.first().filter(|(article, _)| *article == self.next).map(|(_, hash)| *hash);
            self.rest = &self.rest[usize::from(copy.is_some())..];
            self.next += 1;
            (job, copy)
        };
        jobs.into_iter().map(mark).collect()
    }
}

/// Reads the articles of a batch.
pub struct Look<'a> {
    pub plan: &'a Plan,
    /// They ask for terms.
    pub settings: &'a Settings,
    pub engine: &'a Engine,
    pub spool: Option<&'a Spool>,
    pub observer: &'a dyn Observer,
    /// Bytes to read in one pass.
    pub bytes: u64,
}

/// What is seen of an article.
struct Seen {
    id: String,
    origin: Origin,
    hash: Fingerprint,
    version: Version,
    shingles: Box<[u64]>,
}

impl Look<'_> {
    /// Calls `each` for every article, in input order; with nothing for those that are not wanted or cannot be read.
    fn at(&self, (pass, of): (u32, u32), wanted: impl Fn(usize) -> bool + Sync, each: &mut (dyn FnMut(Option<Seen>) + Send)) -> Result<()> {
        self.observer.started(pass, of, self.bytes);
        let mut reader = Reader::new(&self.plan.sources, self.spool);
        let mut next = 0;
        self.engine.chunks(&mut reader, |jobs, block, consumed| {
            let articles = jobs.len();
            let numbered: Vec<(usize, Job)> = (next..).zip(jobs).collect();
            next += articles;
            let see = |(article, job): (usize, Job), worker: &mut Worker| wanted(article).then(|| self.see(job, block, worker)).flatten();
            self.engine.map(numbered, see).into_iter().for_each(&mut *each);
            self.observer.advanced(articles as u64, consumed);
            Ok(())
        })
    }

    fn see(&self, job: Job, block: &[u8], worker: &mut Worker) -> Option<Seen> {
        let parsed = parse_job(job, block, &self.plan.sources, self.settings, worker);
        let document = parsed.document.ok()?;
        let vocabulary = worker.scratch.vocabulary(table_of(document.article().lang.as_ref()))?;
        let shingles = shingles(&document, &keys(&document, vocabulary));
        let version = Version::of(&document);
        let (article, structure) = document.into_parts();
        worker.scratch.recycle(structure);
        if worker.is_full(table_of(article.lang.as_ref()), self.settings.memory.words_a_thread(self.engine.threads())) {
            worker.forget_words();
        }
        Some(Seen { id: article.id, origin: article.origin, hash: parsed.hash, version, shingles })
    }
}
