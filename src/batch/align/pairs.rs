//! Pairs of texts: read from records that hold both, or from two sides, where a text and its translation have one id. A single text and
//! a single translation are a pair whatever they are called.

use std::collections::HashMap;

use super::{Align, Texts};
use crate::article::Article;
use crate::batch::Settings;
use crate::batch::books::Books;
use crate::batch::engine::{Engine, Worker, guarded};
use crate::batch::input::{Plan, Source};
use crate::batch::parse::{article_of, parsed};
use crate::batch::read::{Job, Payload, Reader};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::format::pairs;
use crate::text::Newlines;
use crate::translation::aligned::Side;

/// A text and its translation.
pub struct Pair {
    /// Its id.
    pub id: String,
    /// The text.
    pub source: Side,
    /// Its translation.
    pub target: Side,
}

/// A text that was read.
struct Read {
    id: String,
    side: Side,
    place: Place,
}

/// Reads the pairs, in order of their sources.
pub fn read(texts: &Texts, settings: &Settings, how: &Align, engine: &Engine, books: &mut Books) -> Result<Vec<Pair>> {
    let mut theirs = settings.clone();
    theirs.text.lang = how.target_lang.clone();
    match texts.target {
        None => records(texts.source, settings, &theirs, engine, books),
        Some(target) => {
            let sources = side(texts.source, settings, engine, books)?;
            let targets = side(target, &theirs, engine, books)?;
            Ok(joined(sources, targets, texts, books))
        }
    }
}

/// Pairs of records that hold both texts.
fn records(plan: &Plan, ours: &Settings, theirs: &Settings, engine: &Engine, books: &mut Books) -> Result<Vec<Pair>> {
    let mut out = Vec::new();
    each(
        plan,
        engine,
        books,
        &|job, block, worker| pair_of(job, block, &plan.sources, (ours, theirs), worker),
        &mut |books, pair, place| {
            let Pair { id, source, target } = pair;
            let id = books.settle_id(&id, || place).map_or(id, String::from);
            out.push(Pair { id, source, target });
        },
    )?;
    Ok(out)
}

/// The texts of one side.
fn side(plan: &Plan, settings: &Settings, engine: &Engine, books: &mut Books) -> Result<Vec<Read>> {
    let mut out: Vec<Read> = Vec::new();
    let read = |job: Job, block: &[u8], worker: &mut Worker| {
        let (article, mut warnings, _) = article_of(job, block, &plan.sources, settings)?;
        let id = article.id.clone();
        let side = side_of(article, settings, worker, &mut warnings)?;
        Ok(((id, side), warnings))
    };
    each(plan, engine, books, &read, &mut |_, (id, side), place| out.push(Read { id, side, place }))?;
    Ok(out)
}

/// What is made of a record, and what looked wrong.
type Made<T> = Result<(T, Vec<Warning>)>;

/// What makes it, of a job and the block that its line is in.
type Make<'a, T> = dyn Fn(Job, &[u8], &mut Worker) -> Made<T> + Sync + 'a;

/// Makes something of every record in parallel and hands it on in order, with its place.
fn each<T: Send>(
    plan: &Plan,
    engine: &Engine,
    books: &mut Books,
    make: &Make<T>,
    take: &mut (dyn FnMut(&mut Books, T, Place) + Send),
) -> Result<()> {
    engine.chunks(&mut Reader::new(&plan.sources, None), |jobs, block, consumed| {
        let count = jobs.len() as u64;
        let made = engine.map(jobs, |job, worker| {
            let place = job.origin.place();
            (guarded(|| make(job, block, worker)), place)
        });
        for (made, place) in made {
            match made {
                Ok((made, warnings)) => {
                    warnings.into_iter().for_each(|warning| books.warn(Warning { place: place.clone(), ..warning }));
                    take(books, made, place);
                }
                Err(error) => books.fail(&error.at(place)),
            }
        }
        books.observer.advanced(count, consumed);
        Ok(())
    })
}

fn pair_of(job: Job, block: &[u8], sources: &[Source], (ours, theirs): (&Settings, &Settings), worker: &mut Worker) -> Made<Pair> {
    let source = &sources[job.source];
    let id = || format!("{}-{}", source.id, job.origin.line.unwrap_or(1));
    let line = match job.payload {
        Payload::Failed(error) => return Err(*error),
        Payload::Line(range) => std::str::from_utf8(&block[range])
            .map_err(|error| Error::from(ErrorKind::Pair(format!("not UTF-8 (first bad byte at offset {})", error.valid_up_to()))))?,
        Payload::Text(_) | Payload::File => return Err(ErrorKind::Pair("no JSON Lines".to_owned()).into()),
    };
    let (source, target) = pairs::read(line, id)?;
    let (id, mut warnings) = (source.id.clone(), Vec::new());
    let source = side_of(source, ours, worker, &mut warnings)?;
    let target = side_of(target, theirs, worker, &mut warnings)?;
    Ok((Pair { id, source, target }, warnings))
}

fn side_of(article: Article, settings: &Settings, worker: &mut Worker, warnings: &mut Vec<Warning>) -> Result<Side> {
    let document = parsed(article, settings, worker, warnings)?;
    Ok(Side::new(document, settings.text.newlines == Newlines::Sentence))
}

/// Texts with the translations of the same id.
fn joined(mut sources: Vec<Read>, mut targets: Vec<Read>, texts: &Texts, books: &mut Books) -> Vec<Pair> {
    if let ([source], [target]) = (sources.as_slice(), targets.as_mut_slice()) {
        target.id = source.id.clone();
    }
    // Of texts that share an id the second goes with the second translation that does.
    let mut waiting: HashMap<String, Vec<Read>> = HashMap::new();
    let mut order: Vec<String> = Vec::new();
    for target in targets.into_iter().rev() {
        order.push(target.id.clone());
        waiting.entry(target.id.clone()).or_default().push(target);
    }
    let mut out = Vec::new();
    for Read { id, side: source, place } in sources.drain(..) {
        let Some(target) = waiting.get_mut(&id).and_then(Vec::pop) else {
            books.fail(&no_partner(&id, texts.target, place));
            continue;
        };
        let id = books.settle_id(&id, || place).map_or(id, String::from);
        out.push(Pair { id, source, target: target.side });
    }
    for id in order.into_iter().rev() {
        if let Some(target) = waiting.get_mut(&id).and_then(Vec::pop) {
            books.fail(&no_partner(&id, Some(texts.source), target.place));
        }
    }
    out
}

fn no_partner(id: &str, among: Option<&Plan>, place: Place) -> Error {
    const NAMED: usize = 3;
    let sources = among.map_or(&[][..], |plan| &plan.sources);
    let mut shown: Vec<&str> = sources.iter().take(NAMED).map(|source| source.shown.as_str()).collect();
    if sources.len() > NAMED {
        shown.push("..");
    }
    Error::from(ErrorKind::NoPartner { id: id.to_owned(), among: shown.join(", ") }).at(place)
}
