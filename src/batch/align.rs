//! Texts and their translations, from files to memories: pairs are found and read (`pairs`), brought together a pair of languages at a
//! time, since what is learned of one text helps the next, and spelled to a file, to a directory with a file a pair, or to stdout
//! (`publish`). Pairs are held in memory. A text that cannot be read or has no partner is a failure by name and stops no other.

mod lexicon;
mod pairs;
mod publish;

use std::io::Write;
use std::path::{Path, PathBuf};

use super::Settings;
use super::books::Books;
use super::engine::Engine;
use super::input::Plan;
use super::observe::{Observer, Report};
use crate::error::Result;
use crate::format::aligned::AlignOutput;
use crate::lang::Lang;
use crate::text::table_of;
use crate::translation::align::{Bead, Corpus, Scratch, align_with};
use crate::translation::aligned::Aligned;

use pairs::Pair;
use publish::Publisher;

/// The least confidence that a memory asks for, unless somebody says so. On gold of freely translated prose, one to one beads above it
/// are right in 98 of 100 cases, and two of three are above it; on gold of news and of a magazine 99 of 100, and nearly all are above.
pub const MIN_SCORE: f64 = 0.93;

/// How texts are aligned.
#[derive(Clone)]
pub struct Align {
    /// Language of translations that do not name theirs.
    pub target_lang: Option<Lang>,
    /// The least confidence that a memory asks for.
    pub min_score: f64,
    /// A memory (TMX) or a dictionary of two columns to learn from.
    pub lexicon: Option<PathBuf>,
    /// How to write.
    pub output: &'static AlignOutput,
    /// When the memory was made (`YYYYMMDDThhmmssZ`).
    pub created: Option<String>,
    /// Write into a directory that holds other things.
    pub force: bool,
}

/// Where texts and their translations are.
pub struct Texts<'a> {
    /// The texts; where there are no translations, records that hold both.
    pub source: &'a Plan,
    /// The translations.
    pub target: Option<&'a Plan>,
}

/// Where what was aligned goes.
pub enum Destination<'a> {
    /// All to one stream.
    Stream(&'a mut (dyn Write + Send)),
    /// All to a file, and what a memory does not take to another beside it.
    File(&'a Path),
    /// A file a pair, in a directory.
    Directory(&'a Path),
}

/// Aligns the texts with their translations.
///
/// # Errors
/// The destination or the lexicon cannot be used, or nothing could be aligned; what fails in a pair is told to the observer.
pub fn align<'a>(texts: &Texts, settings: &Settings, how: &'a Align, to: Destination<'a>, observer: &dyn Observer) -> Result<Report> {
    let mut publisher = Publisher::open(to, how)?;
    let engine = Engine::new(settings.threads)?;
    let mut books = Books::of_plan(texts.source, observer);
    if let Some(target) = texts.target {
        books.add_plan(target);
    }
    let bytes = texts.source.bytes() + texts.target.map_or(0, Plan::bytes);
    observer.started(1, 1, bytes);
    let pairs = pairs::read(texts, settings, how, &engine, &mut books)?;
    publisher.check(pairs.len())?;
    let beads = align_all(&pairs, how, &engine)?;
    for (pair, beads) in pairs.iter().zip(&beads) {
        let aligned = Aligned { id: &pair.id, source: &pair.source, target: &pair.target, beads, min_score: how.min_score };
        publisher.put(&aligned)?;
        books.report.articles += 1;
        let kept = beads.iter().filter(|bead| aligned.verdict(bead).reason().is_empty()).count() as u64;
        books.report.segments += kept;
        books.report.held_back += beads.len() as u64 - kept;
        *books.report.languages.entry(table_of(pair.source.document.article().lang.as_ref()).to_owned()).or_insert(0) += 1;
    }
    books.check_any(texts.source)?;
    texts.source.check_stop()?;
    let report = books.report.clone();
    publisher.publish(settings, books)?;
    observer.finished(&report);
    Ok(report)
}

/// The beads of each pair, in order.
fn align_all(pairs: &[Pair], how: &Align, engine: &Engine) -> Result<Vec<Vec<Bead>>> {
    let mut out: Vec<Vec<Bead>> = pairs.iter().map(|_| Vec::new()).collect();
    for group in groups(pairs) {
        let mut corpus = Corpus::default();
        for &at in &group {
            corpus.add(&pairs[at].source.lines(), &pairs[at].target.lines());
        }
        if let Some(path) = &how.lexicon {
            lexicon::give(path, &pairs[group[0]], &mut corpus)?;
        }
        let beads = align_with(&corpus, &mut |work| {
            let all: Vec<usize> = (0..corpus.len()).collect();
            engine.map_all(all, |document, worker| {
                let scratch: &mut Scratch = &mut worker.align;
                work(document, scratch)
            })
        });
        group.into_iter().zip(beads).for_each(|(at, beads)| out[at] = beads);
    }
    Ok(out)
}

/// The pairs of each pair of languages, in order of the first of each.
fn groups(pairs: &[Pair]) -> Vec<Vec<usize>> {
    let langs = |pair: &Pair| [&pair.source, &pair.target].map(|side| table_of(side.document.article().lang.as_ref()).to_owned());
    let mut known: Vec<[String; 2]> = Vec::new();
    let mut out: Vec<Vec<usize>> = Vec::new();
    for (at, pair) in pairs.iter().enumerate() {
        let langs = langs(pair);
        match known.iter().position(|other| *other == langs) {
            Some(group) => out[group].push(at),
            None => {
                known.push(langs);
                out.push(vec![at]);
            }
        }
    }
    out
}
