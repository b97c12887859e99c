//! Summaries against references: each set is a file of references, a system is a method that summarises the set's articles as
//! `summarize` would, the digest of the articles of each record, or a file of summaries by anybody. What is written and what is
//! scored are the same bytes. One bad record ends the work: a gate must not pass on half of a set. A set and its summaries are
//! held in memory; what the scores mean is the business of `eval`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use foldhash::{HashMap, HashSet};

use super::Settings;
use super::digest::{DigestSettings, digest};
use super::engine::Engine;
use super::evaluate::{each_record, sources};
use super::input::{Inputs, Source, plan};
use super::named::is_one_file;
use super::observe::Observer;
use super::works::stream;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::eval::rouge::{Limit, Measured, Reference, Rouge, Scores, Tokens, gained, measured, score};
use crate::format::{Input, Verb, outputs, reference};
use crate::summary::digest::{Limit as Length, METHOD};
use crate::summary::{Method, rank};
use crate::text::detect::detect;

/// What writes summaries of a set's records.
#[derive(Clone, Copy, Debug)]
pub enum By {
    /// A method, of one article a record.
    Method(&'static Method),
    /// The digest, of the list `docs` of each record.
    Digest,
}

impl By {
    /// The name that outputs give it.
    pub fn name(self) -> &'static str {
        match self {
            By::Method(method) => method.name,
            By::Digest => METHOD,
        }
    }
}

/// What is scored, and against what.
pub struct RougeTask<'a> {
    /// Files of references, each a set.
    pub gold: &'a Inputs,
    /// What summarises the articles of the sets. Where it and `predicted` are empty, a set is summarised by what suits it: the
    /// default method, or the digest if its records hold several articles.
    pub by: &'a [By],
    /// Files of summaries; where there are any, there is one set.
    pub predicted: &'a [PathBuf],
    /// How the methods summarise; its own method and outputs stand aside.
    pub settings: &'a Settings,
    /// How long digests are; `None` where the budget has no meaning for them.
    pub digest: Option<Length>,
    /// Where summaries are cut first.
    pub limit: Option<Limit>,
    /// A directory for what is written: `METHOD.jsonl`, below a directory a set where there are several.
    pub dump: Option<&'a Path>,
}

/// The scores of one set.
#[derive(Clone, Debug)]
pub struct RougeSet {
    /// The file as given or found.
    pub path: String,
    /// Records in it.
    pub records: u64,
    /// Methods and then files, in the order of the task.
    pub systems: Vec<System>,
}

/// The scores of one system on a set.
#[derive(Clone, Debug)]
pub struct System {
    /// The method, `digest`, or the file.
    pub name: String,
    /// Words of a summary between blanks, its mean after the limit.
    pub words: f64,
    /// Means over the records, in percent.
    pub scores: [Measured; 3],
    /// Differences to the first system, in percent; the first itself has none.
    pub gains: Option<[Measured; 3]>,
    /// The scores of each record, for other comparisons.
    pub by_record: Vec<Scores>,
}

/// A record of a set with its line.
struct Gold {
    line: Option<u64>,
    reference: Reference,
}

/// A system's summaries, one for each record.
struct Told {
    name: String,
    summaries: Vec<String>,
}

/// Scores every system on every set.
///
/// # Errors
/// A record that cannot be read, an article that a method cannot summarise, a record that a file says nothing of.
pub fn rouge(task: &RougeTask) -> Result<Vec<RougeSet>> {
    let sources = sources(task.gold)?;
    check_task(task, &sources)?;
    let engine = Engine::new(task.settings.threads)?;
    let mut sets: Vec<Vec<Gold>> = sources.iter().map(|_| Vec::new()).collect();
    let read = |line: Option<u64>, text: &str| gold(text, task.settings).map(|reference| Gold { line, reference });
    let records = each_record(&engine, &sources, &|job, text, _| read(job.origin.line, text))?;
    records.into_iter().for_each(|(source, gold)| sets[source].push(gold));
    let folders = folders(task, &sources)?;
    let scored = sources.iter().zip(&sets).zip(folders).map(|((source, golds), folder)| {
        if golds.is_empty() {
            return Err(ErrorKind::NoRecords(source.shown.clone()).into());
        }
        let by = summarizers(task, golds);
        by.iter().try_for_each(|by| check_kind(*by, source, golds))?;
        let ours = by.iter().map(|by| by_us(task, source, golds, *by, folder.as_deref()));
        let files = task.predicted.iter().map(|path| by_file(&engine, source, golds, path));
        let told: Vec<Told> = ours.chain(files).collect::<Result<_>>()?;
        Ok(RougeSet { path: source.shown.clone(), records: golds.len() as u64, systems: systems(&engine, golds, &told, task.limit) })
    });
    scored.collect()
}

/// What cannot be done is said before any work.
fn check_task(task: &RougeTask, sources: &[Source]) -> Result<()> {
    let usage = |what: String| Err(ErrorKind::Usage(what).into());
    if !task.predicted.is_empty() && sources.len() != 1 {
        return usage(format!("{} sets and summaries from elsewhere: name the one set that they belong to", sources.len()));
    }
    let writes = !task.by.is_empty() || task.predicted.is_empty();
    match sources.iter().find(|source| writes && !source.regular) {
        Some(source) => {
            usage(format!("{} can be read only once, a method reads its articles after the references: name a file", source.shown))
        }
        None => Ok(()),
    }
}

/// What summarises a set: what is asked for, or what suits it.
fn summarizers(task: &RougeTask, golds: &[Gold]) -> Vec<By> {
    match golds.first() {
        Some(gold) if task.by.is_empty() && task.predicted.is_empty() => {
            vec![if gold.reference.several { By::Digest } else { By::Method(&rank::METHODS[0]) }]
        }
        _ => task.by.to_vec(),
    }
}

/// A method summarises one article, a digest several.
fn check_kind(by: By, source: &Source, golds: &[Gold]) -> Result<()> {
    let digest = matches!(by, By::Digest);
    let Some(gold) = golds.iter().find(|gold| gold.reference.several != digest) else { return Ok(()) };
    let what = match digest {
        true => format!("there are no \"docs\" for a {METHOD}; a method summarises a \"text\""),
        false => format!("it holds several articles (\"docs\"), which {} does not summarise; {METHOD} does", by.name()),
    };
    Err(wrong(what, &source.shown, gold.line))
}

/// The references of a record; its language is its own, else the option's, else detected.
fn gold(line: &str, settings: &Settings) -> Result<Reference> {
    let mut reference = reference::read(line)?;
    let text = &settings.text;
    reference.lang = reference.lang.or_else(|| text.lang.clone()).or_else(|| detect(&reference.summaries.join("\n"), &text.languages));
    Ok(reference)
}

/// The directory that each set is dumped into.
fn folders(task: &RougeTask, sources: &[Source]) -> Result<Vec<Option<PathBuf>>> {
    let Some(dump) = task.dump else { return Ok(sources.iter().map(|_| None).collect()) };
    let folder = |source: &Source| if sources.len() == 1 { dump.to_owned() } else { dump.join(&source.id) };
    let folders: Vec<PathBuf> = sources.iter().map(folder).collect();
    for (index, folder) in folders.iter().enumerate() {
        if folders[..index].contains(folder) {
            return Err(ErrorKind::Usage(format!("two sets would be dumped into {}: dump one at a time", folder.display())).into());
        }
        fs::create_dir_all(folder).map_err(|error| Error::io("cannot make the directory", folder.display().to_string(), error))?;
    }
    Ok(folders.into_iter().map(Some).collect())
}

/// What is written of the set's articles.
fn by_us(task: &RougeTask, source: &Source, golds: &[Gold], by: By, folder: Option<&Path>) -> Result<Told> {
    let first = FirstFailure::default();
    let written = written(task, source, by, &first);
    if let Some((place, what)) = first.0.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(Error::from(ErrorKind::Reference(format!("{} gives none: {what}", by.name()))).at(place));
    }
    let bytes = written?;
    if let Some(folder) = folder {
        dump(&folder.join(format!("{}.jsonl", by.name())), &bytes, source)?;
    }
    let written = String::from_utf8(bytes).expect("JSON is UTF-8");
    let (ids, summaries): (Vec<String>, Vec<String>) =
        written.lines().map(reference::read_scored).collect::<Result<Vec<_>>>()?.into_iter().unzip();
    match by {
        _ if summaries.len() == golds.len() => Ok(Told { name: by.name().to_owned(), summaries }),
        By::Method(_) => Err(Error::from(ErrorKind::Changed).at(Place::path(source.shown.clone()))),
        By::Digest => {
            let other = |(gold, id): &(&Gold, &String)| gold.reference.id.as_ref().is_some_and(|known| known != *id);
            let line = golds.iter().zip(&ids).find(other).and_then(|(gold, _)| gold.line);
            Err(wrong(format!("its \"docs\" are in several languages, and a {METHOD} is in one"), &source.shown, line))
        }
    }
}

/// Its bytes, a line a record.
fn written(task: &RougeTask, source: &Source, by: By, observer: &dyn Observer) -> Result<Vec<u8>> {
    let plan = plan(&Inputs { paths: vec![source.path.clone()], from: Some(Input::Jsonl), ..Inputs::default() }, None)?;
    let mut bytes = Vec::new();
    match by {
        By::Method(method) => {
            let settings = Settings { method: Some(method), outputs: outputs(Verb::Rouge).collect(), ..task.settings.clone() };
            stream(&plan, &settings, &mut bytes, observer)?;
        }
        By::Digest => {
            let no_share = || ErrorKind::Usage(format!("a {METHOD} is no share of its articles: give it sentences, words or characters"));
            let limit = task.digest.ok_or_else(no_share)?;
            let wanted = DigestSettings { limit, group_by: None, output: &reference::DIGESTS };
            digest(&plan, task.settings, &wanted, &mut bytes, observer)?;
        }
    }
    Ok(bytes)
}

/// Writes summaries, never over the set itself.
fn dump(path: &Path, bytes: &[u8], source: &Source) -> Result<()> {
    let shown = path.display().to_string();
    if is_one_file(path, &source.path) {
        return Err(ErrorKind::Usage(format!("{shown} is the set itself: dump into another directory")).into());
    }
    fs::write(path, bytes).map_err(|error| Error::io("cannot write", shown, error))
}

/// Keeps the place and the words of the first failure.
#[derive(Default)]
struct FirstFailure(Mutex<Option<(Place, String)>>);

impl Observer for FirstFailure {
    fn failed(&self, error: &Error) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| (error.place.clone(), error.kind.to_string()));
    }
}

/// What a file says of the records, by their ids.
fn by_file(engine: &Engine, set: &Source, golds: &[Gold], path: &Path) -> Result<Told> {
    let name = path.display().to_string();
    let mut texts = texts(engine, path, &name)?;
    let (mut summaries, mut seen) = (Vec::with_capacity(golds.len()), HashSet::default());
    for Gold { line, reference } in golds {
        let wrong = |what: String| wrong(what, &set.shown, *line);
        let id = reference.id.as_ref().ok_or_else(|| wrong("there is no \"id\" to find its summary by".to_owned()))?;
        if !seen.insert(id) {
            return Err(wrong(format!("the id {id:?} is there twice")));
        }
        summaries.push(texts.remove(id).ok_or_else(|| wrong(format!("{name} has no summary of the id {id:?}")))?);
    }
    Ok(Told { name, summaries })
}

/// The summaries of a file by their ids.
fn texts(engine: &Engine, path: &Path, name: &str) -> Result<HashMap<String, String>> {
    let sources = sources(&Inputs { paths: vec![path.to_owned()], ..Inputs::default() })?;
    let records = each_record(engine, &sources, &|job, line, _| Ok((job.origin.line, reference::read_scored(line)?)))?;
    let mut texts = HashMap::default();
    for (_, (line, (id, text))) in records {
        if texts.contains_key(&id) {
            return Err(wrong(format!("the id {id:?} is there twice"), name, line));
        }
        texts.insert(id, text);
    }
    Ok(texts)
}

fn wrong(what: String, path: &str, line: Option<u64>) -> Error {
    Error::from(ErrorKind::Reference(what)).at(Place { line, ..Place::path(path) })
}

/// Scores record by record, then the figures of each system.
fn systems(engine: &Engine, golds: &[Gold], told: &[Told], limit: Option<Limit>) -> Vec<System> {
    let records: Vec<usize> = (0..golds.len()).collect();
    let rows = engine.map_all(records, |record, _| of_record(&golds[record].reference, record, told, limit));
    let column = |index: usize| rows.iter().map(|row| row[index].0).collect::<Vec<Scores>>();
    let first = column(0);
    let system = |(index, told): (usize, &Told)| {
        let by_record = column(index);
        System {
            name: told.name.clone(),
            words: rows.iter().map(|row| row[index].1).sum::<usize>() as f64 / rows.len() as f64,
            scores: measured(&by_record),
            gains: (index > 0).then(|| gained(&by_record, &first)),
            by_record,
        }
    };
    told.iter().enumerate().map(system).collect()
}

/// The scores of every system on a record, and the words of their summaries.
fn of_record(reference: &Reference, record: usize, told: &[Told], limit: Option<Limit>) -> Vec<(Scores, usize)> {
    let mut rouge = Rouge::new(reference.lang.as_ref());
    let references: Vec<Tokens> = reference.summaries.iter().map(|summary| rouge.tokens(summary)).collect();
    let scored = told.iter().map(|told| {
        let whole = told.summaries[record].as_str();
        let text = limit.map_or(whole, |limit| limit.cut(whole));
        (score(&references, &rouge.tokens(text)), text.split_whitespace().count())
    });
    scored.collect()
}
