//! One summary of many articles: everything is read and parsed, articles are put together by record, by field or all, a language at a
//! time; copies are found and left out; the digests are made in parallel and spelled in order. The articles stay in memory
//! until the last one is read, since any of them may belong to any digest.

use std::collections::BTreeMap;
use std::io::Write;

use foldhash::HashMap;

use super::Settings;
use super::books::Books;
use super::engine::{Engine, Worker, guarded};
use super::input::Plan;
use super::observe::{Observer, Report};
use super::parse::{articles_of, parse_job, parsed};
use super::read::{Job, Reader};
use super::works::load_frequencies;
use crate::article::Article;
use crate::document::Document;
use crate::error::{Error, Place, Result, Warning, WarningKind};
use crate::format::digest::{Copy, DigestOutput, Edition};
use crate::summary::digest::{Digest, Limit, METHOD, Member, digest as choose, sentence_idf};
use crate::summary::duplicates::{Groups, Version};
use crate::summary::frequency::{self, DocumentFrequencies, FEW};
use crate::text::sketch::{Sketch, keys, shingles};
use crate::text::{date, table_of};

/// What a digest is made of and how it is written; how articles are read is said in [`Settings`].
#[derive(Clone)]
pub struct DigestSettings {
    /// How long a digest is.
    pub limit: Limit,
    /// The field whose values part the articles: one of those every article has (`date` by the day), or a path that
    /// [`Fields::keep`](crate::format::jsonl::Fields::keep) names too.
    pub group_by: Option<String>,
    /// The format.
    pub output: &'static DigestOutput,
}

/// Writes a digest, or several, to `out`.
pub fn digest(
    plan: &Plan,
    settings: &Settings,
    wanted: &DigestSettings,
    out: &mut (dyn Write + Send),
    observer: &dyn Observer,
) -> Result<Report> {
    let given = settings.frequencies.as_deref().map(load_frequencies).transpose()?.unwrap_or_default();
    let mut books = Books::of_plan(plan, observer);
    let engine = Engine::new(settings.threads)?;
    let mut hall = Hall::default();
    gather(plan, settings, wanted, &given, &engine, &mut books, &mut hall)?;
    books.check_any(plan)?;
    let clusters = hall.clusters();
    let languages = hall.idf(&clusters);
    let (_, spelled) = engine.both(|| (), || engine.map(clusters, |cluster, _| spell(&hall, &languages, cluster, settings, wanted)));
    for Spelled { bytes, words, warning } in spelled {
        out.write_all(&bytes).map_err(failed)?;
        books.report.summary_words += u64::from(words);
        warning.into_iter().for_each(|warning| books.warn(warning));
    }
    out.flush().map_err(failed)?;
    observer.finished(&books.report);
    Ok(books.report)
}

fn failed(error: std::io::Error) -> Error {
    Error::io("cannot write", "standard output", error)
}

/// Which digest an article belongs to, in the order in which digests are written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Room {
    /// That of a record with several articles: its number and id.
    Record(u64, String),
    /// That of a value.
    Group(String),
    /// That of all without such a value.
    Other,
}

/// An article that is read.
struct Held {
    document: Document,
    room: Room,
    version: Version,
    /// By local term: a number that is the same in every worker, later one that is shared by all articles in the language.
    keys: Vec<u64>,
    terms: Vec<u32>,
    /// Idf by local term from a table that was given.
    given: Option<Vec<f64>>,
    shingles: Box<[u64]>,
}

/// Reads and parses everything, in order.
fn gather(
    plan: &Plan,
    settings: &Settings,
    wanted: &DigestSettings,
    given: &DocumentFrequencies,
    engine: &Engine,
    books: &mut Books,
    hall: &mut Hall,
) -> Result<()> {
    books.observer.started(1, 1, plan.bytes());
    let mut reader = Reader::new(&plan.sources, None);
    engine.chunks(&mut reader, |jobs, block, consumed| {
        let mut articles = 0;
        let read = engine.map(jobs, |job, worker| read(job, block, plan, settings, wanted, given, worker));
        for (record, (held, warnings)) in (hall.records..).zip(read) {
            hall.records += 1;
            warnings.into_iter().for_each(|warning| books.warn(warning));
            for held in held {
                articles += 1;
                match held {
                    Ok(held) => hall.admit(held, record, books),
                    Err(error) => books.fail(&error),
                }
            }
        }
        books.observer.advanced(articles, consumed);
        Ok(())
    })
}

/// The articles of a job, parsed, and what was noticed.
fn read(
    job: Job,
    block: &[u8],
    plan: &Plan,
    settings: &Settings,
    wanted: &DigestSettings,
    given: &DocumentFrequencies,
    worker: &mut Worker,
) -> (Vec<Result<Held>>, Vec<Warning>) {
    let place = job.origin.place();
    let single = |job: Job, worker: &mut Worker| {
        let parsed = parse_job(job, block, &plan.sources, settings, worker);
        let held = parsed.document.map(|document| {
            let room = room(document.article(), wanted.group_by.as_deref());
            hold(document, room, given, worker)
        });
        (vec![held], parsed.warnings)
    };
    let several = match guarded(|| articles_of(job, block, &plan.sources, settings)) {
        Ok(Ok(several)) => several,
        Ok(Err(job)) => return single(job, worker),
        Err(error) => return (vec![Err(error.at(place))], Vec::new()),
    };
    let mut warnings = several.warnings;
    let held = several.articles.into_iter().map(|article| {
        let place = Place { article: Some(article.id.clone()), ..place.clone() };
        let document = guarded(|| parsed(article, settings, worker, &mut warnings)).map_err(|error| error.at(place))?;
        Ok(hold(document, Room::Record(0, several.id.clone()), given, worker))
    });
    let held = held.collect();
    warnings.iter_mut().for_each(|warning| warning.place = place.clone());
    (held, warnings)
}

/// The room of an article that is a record of its own.
fn room(article: &Article, field: Option<&str>) -> Room {
    let Some(field) = field else { return Room::Other };
    let meta = &article.meta;
    let value = match field {
        "id" => Some(article.id.clone()),
        "lang" => article.lang.as_ref().map(|lang| lang.tag().to_owned()),
        "title" => article.title.clone(),
        "date" => meta.date.as_deref().map(|given| date::day(given).unwrap_or(given).to_owned()),
        "author" => meta.author.clone(),
        "url" => meta.url.clone(),
        "source" => meta.source.clone(),
        path => meta.kept.iter().find(|(name, _)| name == path).and_then(|(_, json)| plain(json)),
    };
    value.map_or(Room::Other, Room::Group)
}

/// A JSON value as a person would say it; `None` for null.
fn plain(json: &str) -> Option<String> {
    match serde_json::from_str(json) {
        Ok(serde_json::Value::Null) => None,
        Ok(serde_json::Value::String(text)) => Some(text),
        _ => Some(json.to_owned()),
    }
}

/// What is kept of a document until the digests are made.
fn hold(document: Document, room: Room, given: &DocumentFrequencies, worker: &mut Worker) -> Held {
    let table = table_of(document.article().lang.as_ref());
    let vocabulary = worker.scratch.vocabulary(table).expect("the document was parsed by this worker");
    let keys = keys(&document, vocabulary);
    let known = given.languages.get(table).filter(|language| language.documents >= FEW);
    let given = known.map(|language| document.terms().iter().map(|term| language.idf(vocabulary.term(*term))).collect());
    let shingles = shingles(&document, &keys);
    Held { version: Version::of(&document), room, keys, terms: Vec::new(), given, shingles, document }
}

/// Every article that is read, and the terms they share.
#[derive(Default)]
struct Hall {
    held: Vec<Held>,
    records: u64,
    numbers: BTreeMap<String, HashMap<u64, u32>>,
}

/// The articles of one digest.
struct Cluster {
    room: Room,
    lang: String,
    /// Those that count, in input order.
    members: Vec<usize>,
    /// Those that do not, each with the one that stands for it.
    copies: Vec<(usize, usize)>,
    /// There are digests in other languages of the same room.
    several: bool,
}

/// Idf by shared term, where there are articles enough to say.
type Idf = BTreeMap<String, Option<Vec<f64>>>;

impl Hall {
    /// Takes an article, numbers its terms by first occurrence in its language and makes its id unique.
    fn admit(&mut self, mut held: Held, record: u64, books: &mut Books) {
        let table = table_of(held.document.article().lang.as_ref()).to_owned();
        let numbers = self.numbers.entry(table.clone()).or_default();
        let mut number = |key: &u64| {
            let next = numbers.len() as u32;
            *numbers.entry(*key).or_insert(next)
        };
        held.terms = std::mem::take(&mut held.keys).iter().map(&mut number).collect();
        if let Room::Record(number, _) = &mut held.room {
            *number = record;
        }
        let origin = held.document.article().origin.clone();
        if let Some(now) = books.settle_id(&held.document.article().id, || origin.place()) {
            held.document.article_mut().id = now.into();
        }
        books.report.articles += 1;
        *books.report.languages.entry(table).or_insert(0) += 1;
        self.held.push(held);
    }

    /// The articles of each digest: rooms in order, the languages of a room in order of their first articles.
    fn clusters(&self) -> Vec<Cluster> {
        let mut rooms: BTreeMap<&Room, Vec<(&str, Vec<usize>)>> = BTreeMap::new();
        for (i, held) in self.held.iter().enumerate() {
            let table = table_of(held.document.article().lang.as_ref());
            let languages = rooms.entry(&held.room).or_default();
            match languages.iter_mut().find(|(known, _)| *known == table) {
                Some((_, articles)) => articles.push(i),
                None => languages.push((table, vec![i])),
            }
        }
        let cluster = |(room, languages): (&Room, Vec<(&str, Vec<usize>)>)| {
            let several = languages.len() > 1;
            let room = room.clone();
            languages.into_iter().map(move |(lang, articles)| self.cluster(room.clone(), lang, articles, several)).collect::<Vec<_>>()
        };
        rooms.into_iter().flat_map(cluster).collect()
    }

    /// Parts copies from those that count.
    fn cluster(&self, room: Room, lang: &str, mut articles: Vec<usize>, several: bool) -> Cluster {
        let mut groups = Groups::default();
        for &i in &articles {
            let held = &self.held[i];
            if let Some(sketch) = Sketch::new(&held.shingles) {
                groups.add(i, held.version.clone(), &sketch, held.shingles.clone());
            }
        }
        let mut copies: Vec<(usize, usize)> = Vec::new();
        for group in groups.finish() {
            copies.extend(group.members().filter(|member| *member != group.newest).map(|member| (member, group.newest)));
        }
        copies.sort_unstable();
        articles.retain(|article| copies.binary_search_by_key(article, |(copy, _)| *copy).is_err());
        Cluster { room, lang: lang.to_owned(), members: articles, copies, several }
    }

    /// Idf over the articles of each language that count, unless a table was given.
    fn idf(&self, clusters: &[Cluster]) -> Idf {
        let language = |(lang, numbers): (&String, &HashMap<u64, u32>)| {
            let members = || clusters.iter().filter(|cluster| cluster.lang == *lang).flat_map(|cluster| &cluster.members);
            let documents = members().count() as u64;
            let mut df = vec![0u64; numbers.len()];
            let mut given = vec![0.0; numbers.len()];
            let mut is_given = false;
            for held in members().map(|&i| &self.held[i]) {
                held.terms.iter().for_each(|&term| df[term as usize] += 1);
                for (&term, &idf) in held.terms.iter().zip(held.given.iter().flatten()) {
                    given[term as usize] = idf;
                    is_given = true;
                }
            }
            let counted = || df.into_iter().map(|df| frequency::idf(documents, df)).collect();
            let idf = if is_given { Some(given) } else { (documents >= FEW).then(counted) };
            (lang.clone(), idf)
        };
        self.numbers.iter().map(language).collect()
    }
}

/// A digest as bytes.
struct Spelled {
    bytes: Vec<u8>,
    words: u32,
    warning: Option<Warning>,
}

/// Makes and spells one digest.
fn spell(hall: &Hall, languages: &Idf, cluster: Cluster, settings: &Settings, wanted: &DigestSettings) -> Spelled {
    let held: Vec<&Held> = cluster.members.iter().map(|&i| &hall.held[i]).collect();
    let members: Vec<Member> = held.iter().map(|held| Member { document: &held.document, terms: &held.terms }).collect();
    let digest = match &languages[&cluster.lang] {
        Some(idf) => choose(&members, idf, wanted.limit),
        None => choose(&members, &sentence_idf(&members, hall.numbers[&cluster.lang].len()), wanted.limit),
    };
    let documents: Vec<&Document> = held.iter().map(|held| &held.document).collect();
    let article = |i: usize| hall.held[i].document.article();
    let copies: Vec<Copy> = cluster.copies.iter().map(|&(copy, of)| Copy { article: article(copy), of: article(of) }).collect();
    let names = Names::of(&cluster, wanted.group_by.as_deref());
    let edition = Edition {
        id: &names.id,
        heading: names.heading.as_deref(),
        group: names.group.as_deref(),
        lang: &cluster.lang,
        documents: &documents,
        digest: &digest,
        copies: &copies,
    };
    let mut bytes = Vec::new();
    (wanted.output.write)(&edition, settings.write, &mut bytes);
    let warning = over_budget(&digest, &names);
    Spelled { bytes, words: digest.words, warning }
}

fn over_budget(digest: &Digest, names: &Names) -> Option<Warning> {
    let place = Place { article: Some(names.id.clone()), ..Place::default() };
    digest.over_budget.then(|| Warning { kind: WarningKind::OverBudget, place })
}

/// What a digest is called.
struct Names {
    id: String,
    heading: Option<String>,
    group: Option<String>,
}

impl Names {
    fn of(cluster: &Cluster, field: Option<&str>) -> Names {
        let (id, heading, group) = match (&cluster.room, field) {
            (Room::Record(_, id), _) => (id.clone(), Some(id.clone()), None),
            (Room::Group(value), _) => (value.clone(), Some(value.clone()), Some(value.clone())),
            (Room::Other, Some(field)) => (format!("no {field}"), Some(format!("(no {field})")), None),
            (Room::Other, None) => (METHOD.to_owned(), None, None),
        };
        if !cluster.several {
            return Names { id, heading, group };
        }
        let lang = &cluster.lang;
        let heading = heading.map_or_else(|| lang.clone(), |heading| format!("{heading} ({lang})"));
        Names { id: format!("{id}-{lang}"), heading: Some(heading), group }
    }
}
