//! Scoring against gold: files of gold records, each a set, cut as any article is cut (or cut by somebody else, in files of
//! predictions), record by record in parallel. One bad record ends the work: a gate must not pass on half of a set. What the
//! scores mean is the business of `eval`.

use super::engine::{Engine, guarded};
use super::input::{Inputs, Plan, Source, plan};
use super::read::{Job, Payload, Reader};
use crate::article::Article;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::eval::boundary::{Fault, Gold, Score, score};
use crate::format::{Input, gold};
use crate::lang::Lang;
use crate::text::{Scratch, TextOptions, parse};

/// The score of one file of gold.
#[derive(Clone, Debug)]
pub struct BoundarySet {
    /// The file as given or found.
    pub path: String,
    /// Records in it.
    pub records: u64,
    /// Over all of them.
    pub score: Score,
    /// Every boundary on which gold and prediction differ, in order.
    pub differences: Vec<Difference>,
}

/// A boundary on which gold and prediction differ, with what stands around it.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Line of the record, from 1.
    pub line: u64,
    /// The record's id, if it has one.
    pub id: Option<String>,
    /// The language it was cut as.
    pub lang: Option<Lang>,
    /// Missed or extra.
    pub fault: Fault,
    /// Without terminal punctuation before it; if it was missed, F1p forgives it.
    pub soft: bool,
    /// The exclusive sentence end in Unicode scalars, as in the gold file.
    pub end: u64,
    /// At most 30 characters before it.
    pub before: String,
    /// At most 30 characters after it.
    pub after: String,
}

/// Scores sentence boundaries against files of gold, ours or, where there are any, those of the files `predicted`, one for each
/// file of gold and a record for each of its records. Directories are walked, `-` is standard input.
pub fn boundaries(gold: &Inputs, predicted: &Inputs, options: &TextOptions) -> Result<Vec<BoundarySet>> {
    let engine = Engine::new(0)?;
    let options = TextOptions { terms: false, ..options.clone() };
    let sources = sources(gold)?;
    let predictions = if predicted.paths.is_empty() { None } else { Some(Predictions::read(&engine, predicted, &sources)?) };
    let set = |source: &Source| BoundarySet { path: source.shown.clone(), records: 0, score: Score::default(), differences: Vec::new() };
    let mut sets: Vec<BoundarySet> = sources.iter().map(set).collect();
    each_record(&engine, &sources, &|job, line, scratch| {
        let gold = gold::read(line)?;
        match &predictions {
            Some(predictions) => predictions.of(job, &gold.text).map(|ends| scored(gold, &ends, job)),
            None => cut(gold, &options, scratch).map(|(gold, ends)| scored(gold, &ends, job)),
        }
    })?
    .into_iter()
    .for_each(|(source, (score, differences))| {
        let set = &mut sets[source];
        set.records += 1;
        set.score += score;
        set.differences.extend(differences);
    });
    check_records(&sets, predictions.as_ref())?;
    Ok(sets)
}

/// Sources of JSON Lines; what cannot be read among them is an error.
pub(super) fn sources(inputs: &Inputs) -> Result<Vec<Source>> {
    let Plan { sources, failures, .. } = plan(&Inputs { from: Some(Input::Jsonl), ..inputs.clone() }, None)?;
    failures.into_iter().next().map_or(Ok(sources), Err)
}

/// Does `work` on every line of the sources, in parallel; results in order, with the index of their source. The first error in
/// that order ends it.
pub(super) fn each_record<T: Send>(
    engine: &Engine,
    sources: &[Source],
    work: &(dyn Fn(&Job, &str, &mut Scratch) -> Result<T> + Sync),
) -> Result<Vec<(usize, T)>> {
    let mut out = Vec::new();
    engine.chunks(&mut Reader::new(sources, None), |jobs, block, _| {
        let done = engine.map(jobs, |mut job, worker| {
            let (source, place) = (job.source, job.origin.place());
            let payload = std::mem::replace(&mut job.payload, Payload::File);
            guarded(|| line_of(payload, block).and_then(|line| work(&job, line, &mut worker.scratch)))
                .map(|done| (source, done))
                .map_err(|error| error.at(place))
        });
        out.extend(done.into_iter().collect::<Result<Vec<_>>>()?);
        Ok(())
    })?;
    Ok(out)
}

fn line_of(payload: Payload, block: &[u8]) -> Result<&str> {
    match payload {
        Payload::Line(range) => std::str::from_utf8(&block[range])
            .map_err(|error| ErrorKind::Gold(format!("not UTF-8 (first bad byte at offset {})", error.valid_up_to())).into()),
        Payload::Failed(error) => Err(*error),
        Payload::Text(_) | Payload::File => Err(ErrorKind::Gold("no JSON Lines".to_owned()).into()),
    }
}

/// Cuts a gold text as an article; its language is settled on the way.
fn cut(mut gold: Gold, options: &TextOptions, scratch: &mut Scratch) -> Result<(Gold, Vec<usize>)> {
    let mut article = Article::new(String::new(), std::mem::take(&mut gold.text))?;
    article.lang = gold.lang.take();
    let document = parse(article, options, scratch);
    let ends = document.sentences().iter().map(|sentence| sentence.span.end as usize).collect();
    gold.lang = document.article().lang.clone();
    let (article, structure) = document.into_parts();
    scratch.recycle(structure);
    gold.text = article.into_text();
    Ok((gold, ends))
}

/// Scores one record and shows what differs.
fn scored(gold: Gold, ends: &[usize], job: &Job) -> (Score, Vec<Difference>) {
    const AROUND: usize = 30;
    let (score, mistakes) = score(&gold, ends);
    let (mut at, mut scalars) = (0, 0);
    let shown = mistakes.into_iter().map(|mistake| {
        scalars += gold.text[at..mistake.end].chars().count() as u64;
        at = mistake.end;
        let (before, after) = mistake.context(&gold.text, AROUND);
        Difference {
            line: job.origin.line.unwrap_or_default(),
            id: gold.id.clone(),
            lang: gold.lang.clone(),
            fault: mistake.fault,
            soft: mistake.soft,
            end: scalars,
            before: before.to_owned(),
            after: after.to_owned(),
        }
    });
    (score, shown.collect())
}

fn files(n: usize) -> String {
    format!("{n} file{}", if n == 1 { "" } else { "s" })
}

/// What somebody else predicts: for each file of gold, the ends of its records in Unicode scalars.
struct Predictions {
    paths: Vec<String>,
    records: Vec<Vec<Prediction>>,
}

/// One record of a prediction.
struct Prediction {
    line: Option<u64>,
    ends: Vec<u64>,
}

impl Predictions {
    fn read(engine: &Engine, inputs: &Inputs, gold: &[Source]) -> Result<Predictions> {
        let sources = sources(inputs)?;
        if sources.len() != gold.len() {
            let what =
                format!("{} of gold and {} of predictions: name one for each, in the same order", files(gold.len()), files(sources.len()));
            return Err(ErrorKind::Usage(what).into());
        }
        let mut records: Vec<Vec<Prediction>> = sources.iter().map(|_| Vec::new()).collect();
        let read = |job: &Job, line: &str, _: &mut Scratch| Ok(Prediction { line: job.origin.line, ends: gold::read_ends(line)? });
        each_record(engine, &sources, &read)?.into_iter().for_each(|(source, record)| records[source].push(record));
        Ok(Predictions { paths: sources.into_iter().map(|source| source.shown).collect(), records })
    }

    /// The ends predicted for a record of gold, in bytes.
    fn of(&self, job: &Job, text: &str) -> Result<Vec<usize>> {
        let (path, records) = (&self.paths[job.source], &self.records[job.source]);
        let Some(Prediction { line, ends }) = records.get(job.origin.record as usize) else {
            return Err(ErrorKind::Gold(format!("nothing is predicted: {path} ends after record {}", records.len())).into());
        };
        gold::bytes(text, ends).map_err(|error| error.at(Place { line: *line, ..Place::path(path.clone()) }))
    }
}

/// Sets without a record, and predictions without gold, are errors.
fn check_records(sets: &[BoundarySet], predictions: Option<&Predictions>) -> Result<()> {
    for (index, set) in sets.iter().enumerate() {
        if set.records == 0 {
            return Err(Error::from(ErrorKind::NoRecords(set.path.clone())));
        }
        if let Some(predictions) = predictions
            && predictions.records[index].len() as u64 > set.records
        {
            let what = format!("there is no gold: {} ends after record {}", set.path, set.records);
            let line = predictions.records[index][set.records as usize].line;
            return Err(Error::from(ErrorKind::Gold(what)).at(Place { line, ..Place::path(predictions.paths[index].clone()) }));
        }
    }
    Ok(())
}
