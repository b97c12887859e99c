//! From a job to a document: reading, decoding, the record's format, tags, parsing. Whatever goes wrong is the article's own
//! failure, with its place. Counting and ranking come later.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hasher};

use super::Settings;
use super::decode::decode;
use super::engine::{Worker, guarded};
use super::input::Source;
use super::read::{Job, Payload, read_file};
use super::stages::Stage;
use crate::article::{Article, Origin};
use crate::document::Document;
use crate::error::{ErrorKind, Place, Result, Warning, WarningKind};
use crate::format::{Input, html, jsonl, text};
use crate::text::parse;

/// A job after parsing.
pub struct Parsed {
    pub document: Result<Document>,
    pub warnings: Vec<Warning>,
    pub hash: Fingerprint,
}

/// By what an article's bytes are known again.
pub type Fingerprint = [u8; 16];

/// As much of a fingerprint as it takes to know an article again from pass to pass.
pub fn short(hash: &Fingerprint) -> u64 {
    let (start, _) = hash.split_at(8);
    u64::from_le_bytes(start.try_into().expect("that many were split off"))
}

/// The fingerprint of bytes: strong where a later run is to know them again, else quick, for it only lasts from pass to pass.
fn fingerprint(bytes: &[u8], strong: bool) -> Fingerprint {
    let mut fingerprint = Fingerprint::default();
    if strong {
        fingerprint.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    } else {
        let mut hasher = foldhash::quality::FixedState::with_seed(0).build_hasher();
        hasher.write(bytes);
        fingerprint[..8].copy_from_slice(&hasher.finish().to_le_bytes());
    }
    fingerprint
}

/// The fingerprint of a job's bytes, as parsing it tells; `None` if they cannot be read.
pub fn look(job: &Job, block: &[u8], sources: &[Source], settings: &Settings) -> Option<Fingerprint> {
    let strong = settings.incremental.is_some();
    match &job.payload {
        Payload::Failed(_) => None,
        Payload::Line(range) => Some(fingerprint(&block[range.clone()], strong)),
        Payload::Text(bytes) => Some(fingerprint(bytes, strong)),
        Payload::File => read_file(&sources[job.source]).ok().map(|bytes| fingerprint(&bytes, strong)),
    }
}

/// Makes the article of a job; a panic or any other failure is the article's.
pub fn parse_job(job: Job, block: &[u8], sources: &[Source], settings: &Settings, worker: &mut Worker) -> Parsed {
    let place = job.origin.place();
    let (mut warnings, mut hash) = (Vec::new(), Fingerprint::default());
    let document = guarded(|| {
        let (article, noticed) = worker.stages.time(Stage::Decode, || article_seen(job, block, sources, settings, &mut hash))?;
        warnings = noticed;
        parsed(article, settings, worker, &mut warnings)
    });
    for warning in &mut warnings {
        warning.place = place.clone();
    }
    Parsed { document: document.map_err(|error| error.at(place)), warnings, hash }
}

/// Parses an article that is not empty.
pub fn parsed(article: Article, settings: &Settings, worker: &mut Worker, warnings: &mut Vec<Warning>) -> Result<Document> {
    if article.text().trim().is_empty() {
        return Err(ErrorKind::Empty.into());
    }
    let Worker { scratch, stages, .. } = &mut *worker;
    let document = stages.time(Stage::Parse, || parse(article, &settings.text, scratch));
    warnings.extend(of_rules(&document, settings, worker));
    Ok(document)
}

/// What the rules of an SRX file left to say about a document.
fn of_rules(document: &Document, settings: &Settings, worker: &mut Worker) -> Vec<Warning> {
    let Some(srx) = &settings.text.srx else { return Vec::new() };
    let mut kinds = Vec::new();
    let code = document.article().lang.as_ref().map_or("", |lang| lang.tag());
    if worker.scratch.srx_rules(srx, code).is_empty() {
        let named = if code.is_empty() { "an unknown language" } else { code };
        kinds.push(WarningKind::NoRules(named.to_owned()));
    }
    let undecided = worker.scratch.take_srx_undecided();
    if undecided > 0 {
        kinds.push(WarningKind::Undecided(undecided));
    }
    kinds.into_iter().map(|kind| Warning { kind, place: Place::default() }).collect()
}

/// Decodes a job like [`article_of`]; `seen` is its fingerprint, even if what it holds is no article.
fn article_seen(
    job: Job,
    block: &[u8],
    sources: &[Source],
    settings: &Settings,
    seen: &mut Fingerprint,
) -> Result<(Article, Vec<Warning>)> {
    let source = &sources[job.source];
    let (bytes, format) = bytes_of(job.payload, block, source)?;
    *seen = fingerprint(&bytes, settings.incremental.is_some());
    let (decoded, noticed) = decode(bytes, settings.encoding, settings.on_invalid)?;
    let mut warnings: Vec<Warning> = noticed.into_iter().map(plain).collect();
    let mut article = match format {
        Input::Text => text::read(source.id.clone(), decoded.into_owned())?,
        Input::Jsonl => {
            let (article, noticed) = jsonl::read(&decoded, || made_id(source, &job.origin), &settings.fields)?;
            warnings.extend(noticed);
            article
        }
    };
    article.origin = job.origin;
    source.limits.check(article.text())?;
    let article = without_tags(article, settings, &mut warnings)?;
    Ok((article, warnings))
}

/// Decodes a job, a line of `block` if it is one; also returns a hash of its bytes, by which pass two knows it again.
pub fn article_of(job: Job, block: &[u8], sources: &[Source], settings: &Settings) -> Result<(Article, Vec<Warning>, Fingerprint)> {
    let mut hash = Fingerprint::default();
    let (article, warnings) = article_seen(job, block, sources, settings, &mut hash)?;
    Ok((article, warnings, hash))
}

/// The articles of a job that holds several, with the id of the whole (see [`jsonl::read_docs`]); the job again if it is one article.
pub fn articles_of(job: Job, block: &[u8], sources: &[Source], settings: &Settings) -> Result<Result<Several, Job>> {
    let source = &sources[job.source];
    let Payload::Line(range) = &job.payload else { return Ok(Err(job)) };
    let (decoded, noticed) = decode(block[range.clone()].into(), settings.encoding, settings.on_invalid)?;
    let Some((docs, of_record)) = jsonl::read_docs(&decoded, || made_id(source, &job.origin), &settings.fields)? else {
        return Ok(Err(job));
    };
    let mut warnings: Vec<Warning> = noticed.into_iter().map(plain).chain(of_record).collect();
    let mut articles = Vec::with_capacity(docs.articles.len());
    if docs.articles.is_empty() {
        return Err(ErrorKind::Empty.into());
    }
    for mut article in docs.articles {
        source.limits.check(article.text())?;
        article.origin = job.origin.clone();
        articles.push(without_tags(article, settings, &mut warnings)?);
    }
    Ok(Ok(Several { id: docs.id, articles, warnings }))
}

/// The articles of one record.
pub struct Several {
    pub id: String,
    pub articles: Vec<Article>,
    pub warnings: Vec<Warning>,
}

fn bytes_of<'a>(payload: Payload, block: &'a [u8], source: &Source) -> Result<(Cow<'a, [u8]>, Input)> {
    Ok(match payload {
        Payload::Failed(error) => return Err(*error),
        Payload::Line(range) => (block[range].into(), Input::Jsonl),
        Payload::Text(bytes) => (bytes.into(), Input::Text),
        Payload::File => (read_file(source)?.into(), Input::Text),
    })
}

/// What a record is called that does not say.
pub fn made_id(source: &Source, origin: &Origin) -> String {
    format!("{}-{}", source.id, origin.line.unwrap_or(1))
}

fn plain(kind: WarningKind) -> Warning {
    Warning { kind, place: Place::default() }
}

/// Takes HTML tags out, or warns of them.
fn without_tags(mut article: Article, settings: &Settings, warnings: &mut Vec<Warning>) -> Result<Article> {
    let tags = html::count_tags(article.text());
    if tags > 0 && settings.strip_html {
        article.title = article.title.as_deref().map(html::strip);
        let stripped = html::strip(article.text());
        return article.with_text(stripped);
    }
    if tags > 0 {
        warnings.push(plain(WarningKind::Html(tags)));
    }
    Ok(article)
}
