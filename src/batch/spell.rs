//! From a document to the bytes of every output: idf, ranking, selection, writers. One article at a time, in any worker; the
//! order of articles and what becomes of the bytes is the business of `works`.

use foldhash::HashMap;

use super::Settings;
use super::engine::{Engine, Worker, of_table};
use super::keep::Kept;
use crate::article::Article;
use crate::document::Document;
use crate::error::{Place, Result, Warning, WarningKind};
use crate::format::{Outcome, Streams, Writer};
use crate::summary::frequency::{DocumentFrequencies, FEW, extend_idf, local_idf, sentence_idf};
use crate::summary::{Ranker, Ranking, Summary, select};
use crate::text::vocabulary::Vocabulary;
use crate::text::{parse, table_of};

/// Takes the bytes of a named stream.
pub type Sink<'a> = &'a mut (dyn FnMut(&str, &[u8]) -> Result<()> + Send);

/// An article ready to be written.
pub struct Spelled {
    /// Names of streams and their bytes.
    pub streams: Vec<(String, Vec<u8>)>,
    pub lang: String,
    pub segments: u64,
    pub words: u32,
    pub warning: Option<Box<Warning>>,
}

/// Idf by index in each worker's vocabularies, as they stood after pass one.
pub struct Frozen(Vec<HashMap<String, Vec<f64>>>);

impl Frozen {
    /// Looks up everything the workers met.
    pub fn new(engine: &mut Engine, table: &DocumentFrequencies) -> Frozen {
        Frozen(engine.each_worker(|worker| {
            let vocabularies = worker.scratch.vocabularies();
            vocabularies.map(|(name, vocabulary)| (name.to_owned(), values(name, vocabulary, table))).collect()
        }))
    }
}

fn values(name: &str, vocabulary: &Vocabulary, table: &DocumentFrequencies) -> Vec<f64> {
    let mut values = Vec::new();
    if let Some(table) = table.languages.get(name) {
        extend_idf(&mut values, vocabulary, table);
    }
    values
}

/// Bytes before the first article and after the last.
pub fn spell_edges(writers: &[Box<dyn Writer>], spell: impl Fn(&dyn Writer, &mut Streams), sink: Sink) -> Result<()> {
    let mut streams = Streams::default();
    for writer in writers {
        spell(&**writer, &mut streams);
    }
    streams.into_parts().iter().try_for_each(|(name, bytes)| sink(name, bytes))
}

/// From a document to its bytes.
pub struct Spell<'a> {
    pub settings: &'a Settings,
    pub table: &'a DocumentFrequencies,
    pub ranker: Option<&'a dyn Ranker>,
    pub writers: &'a [Box<dyn Writer>],
}

impl Spell<'_> {
    /// The document of an article that was read again, by what pass one kept or by parsing it again; and its idf.
    pub fn restore(&self, article: Article, kept: Option<Kept>, frozen: &Frozen, worker: &mut Worker) -> (Document, Vec<f64>) {
        let Some(kept) = kept else {
            let document = parse(article, &self.settings.text, &mut worker.scratch);
            let idf = self.idf(&document, worker);
            return (document, idf);
        };
        let values = &frozen.0[kept.worker];
        let document = kept.restore(article, worker.scratch.structure());
        let table = table_of(document.article().lang.as_ref());
        let idf = if self.is_small(table) { sentence_idf(&document) } else { local_idf(&document, &values[table]) };
        (document, idf)
    }

    /// Too few articles in the language to say anything of a term.
    fn is_small(&self, table: &str) -> bool {
        self.table.languages.get(table).is_none_or(|language| language.documents < FEW)
    }

    /// Idf by local term of a document that this worker parsed.
    pub fn idf(&self, document: &Document, worker: &mut Worker) -> Vec<f64> {
        if self.ranker.is_none() {
            return Vec::new();
        }
        let name = table_of(document.article().lang.as_ref());
        if self.is_small(name) {
            return sentence_idf(document);
        }
        let vocabulary = worker.scratch.vocabulary(name).expect("the document was parsed by this worker");
        let values = of_table(&mut worker.idf, name);
        extend_idf(values, vocabulary, &self.table.languages[name]);
        local_idf(document, values)
    }

    /// Ranks, selects and spells.
    pub fn document(&self, document: &Document, idf: &[f64]) -> Spelled {
        let ranking: Option<Ranking> = self.ranker.map(|ranker| ranker.rank(document, idf));
        let summary = match (self.ranker, &ranking) {
            (Some(ranker), Some(ranking)) => select(document, idf, ranker, ranking, self.settings.budget),
            _ => Summary::default(),
        };
        let method = self.settings.method.map_or("", |method| method.name);
        let outcome = Outcome::new(document, ranking.as_ref(), &summary, method);
        let mut streams = Streams::default();
        for writer in self.writers {
            writer.article(&outcome, &mut streams);
        }
        let place = || Place { article: Some(document.article().id.clone()), ..document.article().origin.place() };
        Spelled {
            streams: streams.into_parts(),
            lang: table_of(document.article().lang.as_ref()).to_owned(),
            segments: document.sentences().len() as u64 + u64::from(document.article().title.is_some()),
            words: summary.words,
            warning: summary.over_budget.then(|| Box::new(Warning { kind: WarningKind::OverBudget, place: place() })),
        }
    }
}
