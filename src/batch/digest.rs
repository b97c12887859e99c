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
use super::parse::{Several, articles_of, parse_job, parsed};
use super::read::{Job, Reader};
use super::works::load_frequencies;
use crate::article::Article;
use crate::document::Document;
use crate::error::{Error, Place, Result, Warning, WarningKind};
use crate::format::digest::{Copy, DigestOutput, Edition};
use crate::summary::digest::{Limit, METHOD, Member, digest as choose, sentence_idf};
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
    let order = Order { plan, settings, wanted, given };
    let mut books = Books::of_plan(plan, observer);
    let engine = Engine::new(settings.threads)?;
    let mut hall = Hall::default();
    order.gather(&engine, &mut books, &mut hall)?;
    books.check_any(plan)?;
    let clusters = hall.clusters();
    books.report.duplicates = clusters.iter().map(|cluster| cluster.copies.len() as u64).sum();
    let languages = hall.idf(&clusters);
    let (_, spelled) = engine.both(|| (), || engine.map(clusters, |cluster, _| order.spell(&hall, &languages, cluster)));
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

/// What is asked for.
struct Order<'a> {
    plan: &'a Plan,
    settings: &'a Settings,
    wanted: &'a DigestSettings,
    given: DocumentFrequencies,
}

impl Order<'_> {
    /// Reads and parses everything, in order.
    fn gather(&self, engine: &Engine, books: &mut Books, hall: &mut Hall) -> Result<()> {
        books.observer.started(1, 1, self.plan.bytes());
        let mut reader = Reader::new(&self.plan.sources, None);
        engine.chunks(&mut reader, |jobs, block, consumed| {
            let mut articles = 0;
            for (held, warnings) in engine.map(jobs, |job, worker| self.read(job, block, worker)) {
                warnings.into_iter().for_each(|warning| books.warn(warning));
                articles += held.len() as u64;
                for held in held {
                    match held {
                        Ok(held) => hall.admit(held, books),
                        Err(error) => books.fail(&error),
                    }
                }
                hall.records += 1;
            }
            books.observer.advanced(articles, consumed);
            Ok(())
        })
    }

    /// The articles of a job, parsed, and what was noticed.
    fn read(&self, job: Job, block: &[u8], worker: &mut Worker) -> (Vec<Result<Held>>, Vec<Warning>) {
        let place = job.origin.place();
        match guarded(|| articles_of(job, block, &self.plan.sources, self.settings)) {
            Ok(Ok(several)) => self.several(several, &place, worker),
            Ok(Err(job)) => self.single(job, block, worker),
            Err(error) => (vec![Err(error.at(place))], Vec::new()),
        }
    }

    fn single(&self, job: Job, block: &[u8], worker: &mut Worker) -> (Vec<Result<Held>>, Vec<Warning>) {
        let parsed = parse_job(job, block, &self.plan.sources, self.settings, worker);
        let held = parsed.document.map(|document| {
            let room = room(document.article(), self.wanted.group_by.as_deref());
            hold(document, room, &self.given, worker)
        });
        (vec![held], parsed.warnings)
    }

    fn several(&self, several: Several, place: &Place, worker: &mut Worker) -> (Vec<Result<Held>>, Vec<Warning>) {
        let Several { id, articles, mut warnings } = several;
        let mut hold_one = |article: Article| {
            let place = Place { article: Some(article.id.clone()), ..place.clone() };
            let document = guarded(|| parsed(article, self.settings, worker, &mut warnings)).map_err(|error| error.at(place))?;
            Ok(hold(document, Room::Record(0, id.clone()), &self.given, worker))
        };
        let held = articles.into_iter().map(&mut hold_one).collect();
        warnings.iter_mut().for_each(|warning| warning.place = place.clone());
        (held, warnings)
    }

    /// Makes and spells one digest.
    fn spell(&self, hall: &Hall, languages: &Idf, cluster: Cluster) -> Spelled {
        let held: Vec<&Held> = cluster.members.iter().map(|&i| &hall.held[i]).collect();
        let members: Vec<Member> = held.iter().map(|held| Member { document: &held.document, terms: &held.terms }).collect();
        let digest = match &languages[&cluster.lang] {
            Some(idf) => choose(&members, idf, self.wanted.limit),
            None => choose(&members, &sentence_idf(&members, hall.numbers[&cluster.lang].len()), self.wanted.limit),
        };
        let documents: Vec<&Document> = held.iter().map(|held| &held.document).collect();
        let article = |i: usize| hall.held[i].document.article();
        let copies: Vec<Copy> = cluster.copies.iter().map(|&(copy, of)| Copy { article: article(copy), of: article(of) }).collect();
        let names = Names::of(&cluster, self.wanted.group_by.as_deref());
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
        (self.wanted.output.write)(&edition, self.settings.write, &mut bytes);
        let place = Place { article: Some(names.id.clone()), ..Place::default() };
        let warning = if digest.over_budget { Some(Warning { kind: WarningKind::OverBudget, place }) } else { None };
        Spelled { bytes, words: digest.words, warning }
    }
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
    fn admit(&mut self, mut held: Held, books: &mut Books) {
        let table = table_of(held.document.article().lang.as_ref()).to_owned();
        let numbers = self.numbers.entry(table.clone()).or_default();
        let mut number = |key: &u64| {
            let next = numbers.len() as u32;
            *numbers.entry(*key).or_insert(next)
        };
        held.terms = std::mem::take(&mut held.keys).iter().map(&mut number).collect();
        if let Room::Record(number, _) = &mut held.room {
            *number = self.records;
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
    fn clusters(&mut self) -> Vec<Cluster> {
        let mut rooms: BTreeMap<Room, Vec<(String, Vec<usize>)>> = BTreeMap::new();
        for (i, held) in self.held.iter().enumerate() {
            let table = table_of(held.document.article().lang.as_ref());
            let languages = rooms.entry(held.room.clone()).or_default();
            match languages.iter_mut().find(|(known, _)| known == table) {
                Some((_, articles)) => articles.push(i),
                None => languages.push((table.to_owned(), vec![i])),
            }
        }
        let mut clusters = Vec::new();
        for (room, languages) in rooms {
            let several = languages.len() > 1;
            for (lang, articles) in languages {
                clusters.push(self.cluster(room.clone(), lang, articles, several));
            }
        }
        clusters
    }

    /// Parts copies from those that count.
    fn cluster(&mut self, room: Room, lang: String, mut articles: Vec<usize>, several: bool) -> Cluster {
        let mut groups = Groups::default();
        for &i in &articles {
            let held = &mut self.held[i];
            let shingles = std::mem::take(&mut held.shingles);
            if let Some(sketch) = Sketch::new(&shingles) {
                groups.add(i, held.version.clone(), &sketch, shingles);
            }
        }
        let mut copies: Vec<(usize, usize)> = Vec::new();
        for group in groups.finish() {
            copies.extend(group.members().filter(|member| *member != group.newest).map(|member| (member, group.newest)));
        }
        copies.sort_unstable();
        articles.retain(|article| copies.binary_search_by_key(article, |(copy, _)| *copy).is_err());
        Cluster { room, lang, members: articles, copies, several }
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
