//! From a job to a document: reading, decoding, the record's format, tags, parsing. Whatever goes wrong is the article's own
//! failure, with its place. Counting and ranking come later.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hasher};

use super::Settings;
use super::decode::decode;
use super::engine::{Worker, guarded};
use super::input::Source;
use super::notes::Notes;
use super::read::{Job, Payload, read_file};
use super::stages::Stage;
use super::state::State;
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

/// What a job is known by, as parsing it tells.
#[derive(Clone, Copy, Default)]
pub struct Looked {
    /// The fingerprint of its bytes; `None` if they cannot be read.
    pub hash: Option<Fingerprint>,
    /// It was noted, and nothing was read.
    pub noted: bool,
}

/// Looks at a job: its bytes are read, unless it is known from notes what is in its file.
pub fn look(job: &Job, block: &[u8], (sources, settings): (&[Source], &Settings), notes: Option<&Notes>, worker: &mut Worker) -> Looked {
    let strong = settings.incremental.is_some();
    let of_bytes = |bytes: &[u8]| Looked { hash: Some(fingerprint(bytes, strong)), noted: false };
    match &job.payload {
        Payload::Failed(_) => Looked::default(),
        Payload::Line(range) => of_bytes(&block[range.clone()]),
        Payload::Text(bytes) => of_bytes(bytes),
        Payload::File => look_at(&sources[job.source], settings, notes, worker),
    }
}

/// Looks at a file.
fn look_at(source: &Source, settings: &Settings, notes: Option<&Notes>, worker: &mut Worker) -> Looked {
    let noted = notes.zip(source.state).and_then(|(notes, state)| Some((state, notes.look(&state)?)));
    if let Some((state, hash)) = noted {
        worker.seen.push((state, hash));
        return Looked { hash: Some(hash), noted: true };
    }
    let Ok((bytes, state)) = read_file(source, settings.takes_notes()) else { return Looked::default() };
    let hash = fingerprint(&bytes, settings.incremental.is_some());
    worker.seen.extend(state.map(|state| (state, hash)));
    Looked { hash: Some(hash), noted: false }
}

/// Makes the article of a job; a panic or any other failure is the article's.
pub fn parse_job(job: Job, block: &[u8], sources: &[Source], settings: &Settings, worker: &mut Worker) -> Parsed {
    let place = job.origin.place();
    let (mut warnings, mut hash, mut state) = (Vec::new(), Fingerprint::default(), None);
    let document = guarded(|| {
        let seen = (&mut hash, &mut state);
        let (article, noticed) = worker.stages.time(Stage::Decode, || article_seen(job, block, sources, settings, seen))?;
        warnings = noticed;
        parsed(article, settings, worker, &mut warnings)
    });
    worker.seen.extend(state.map(|state| (state, hash)));
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

/// Decodes a job like [`article_of`]; tells its fingerprint and the state of its file, even if what it holds is no article.
fn article_seen(
    job: Job,
    block: &[u8],
    sources: &[Source],
    settings: &Settings,
    (hash, state): (&mut Fingerprint, &mut Option<State>),
) -> Result<(Article, Vec<Warning>)> {
    let source = &sources[job.source];
    let (bytes, format, seen) = bytes_of(job.payload, block, source, settings)?;
    (*hash, *state) = (fingerprint(&bytes, settings.incremental.is_some()), seen);
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
    let (article, warnings) = article_seen(job, block, sources, settings, (&mut hash, &mut None))?;
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

/// The bytes of a job and their format; of a file, also the state that it was in, where that is to be noted.
fn bytes_of<'a>(payload: Payload, block: &'a [u8], source: &Source, settings: &Settings) -> Result<(Cow<'a, [u8]>, Input, Option<State>)> {
    Ok(match payload {
        Payload::Failed(error) => return Err(*error),
        Payload::Line(range) => (block[range].into(), Input::Jsonl, None),
        Payload::Text(bytes) => (bytes.into(), Input::Text, None),
        Payload::File => {
            let (bytes, state) = read_file(source, settings.takes_notes())?;
            (bytes.into(), Input::Text, state)
        }
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
