//! From a document to the bytes of every output: idf, ranking, selection, writers. One article at a time, in any worker; the
//! order of articles and what becomes of the bytes is the business of `works`.

use foldhash::HashSet;

use super::Settings;
use super::analyze::Assessment;
use super::engine::{Worker, of_table};
use super::keep::{Generations, Packed, Table};
use super::observe::Leveraged;
use super::stages::Stage;
use crate::article::{Article, Origin};
use crate::document::{Document, TermId};
use crate::error::{Place, Result, Warning, WarningKind};
use crate::format::{Outcome, Piece, Streams, Writer};
use crate::summary::frequency::{DocumentFrequencies, FEW, extend_idf, local_idf, sentence_idf};
use crate::summary::{Explanation, Keyword, Ranker, Ranking, Summary, explain, keywords, select};
use crate::text::table_of;

/// What writers made, on its way out.
pub enum Written<'a> {
    /// Bytes of a named stream.
    Stream(&'a str, &'a [u8]),
    /// A piece of the article of that id.
    Piece(&'a str, Piece),
    /// The segments of an article, counted and looked up.
    Assessment(Assessment),
    /// The table that ranks all articles, before the first of them, and a hash of the inputs that it was counted from, if it was.
    Table(&'a mut Table, Option<String>),
}

/// Takes what writers made.
pub type Sink<'a> = &'a mut (dyn FnMut(Written) -> Result<()> + Send);

/// An article ready to be written.
pub struct Spelled {
    /// Id of the article.
    pub id: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Names of streams and their bytes.
    pub streams: Vec<(String, Vec<u8>)>,
    pub pieces: Vec<Piece>,
    pub lang: String,
    pub segments: u64,
    /// Those of them that are not to be translated.
    pub locked: u64,
    /// Those of them that lost line breaks or tabs.
    pub blanks: u64,
    /// What a memory has for those of them that go to translators, where one is looked into.
    pub leverage: Option<Box<Leveraged>>,
    pub words: u32,
    pub warnings: Vec<Warning>,
    /// Its segments, where they are analysed.
    pub assessment: Option<Box<Assessment>>,
}

/// Bytes before the first article and after the last.
pub fn spell_edges(writers: &[Box<dyn Writer>], spell: impl Fn(&dyn Writer, &mut Streams), sink: Sink) -> Result<()> {
    let mut streams = Streams::default();
    for writer in writers {
        spell(&**writer, &mut streams);
    }
    streams.into_parts().0.iter().try_for_each(|(name, bytes)| sink(Written::Stream(name, bytes)))
}

/// A document and what was looked up for its terms, by local term: only the worker whose vocabulary numbered them can.
pub struct Ready {
    pub document: Document,
    pub idf: Vec<f64>,
    /// Local terms of the query.
    asked: Vec<u32>,
}

/// What is known of a document before it is spelled.
struct Chosen {
    ranking: Option<Ranking>,
    summary: Summary,
    explanations: Option<Vec<Explanation>>,
    method: &'static str,
    keywords: Option<Vec<Keyword>>,
}

/// From a document to its bytes.
pub struct Spell<'a> {
    pub settings: &'a Settings,
    pub table: &'a DocumentFrequencies,
    pub ranker: Option<&'a dyn Ranker>,
    pub writers: &'a [Box<dyn Writer>],
}

impl Spell<'_> {
    /// The document of an article that was read again, by what pass one kept.
    pub fn restore(&self, article: Article, kept: &Packed, generations: &Generations, worker: &mut Worker) -> Ready {
        let document = kept.restore(article, worker.scratch.structure());
        let table = table_of(document.article().lang.as_ref());
        let known = generations.known(kept.generation(), table).expect("what is kept is made ready");
        let idf = if self.is_small(table) { sentence_idf(&document) } else { local_idf(&document, &known.idf) };
        let asked = local_terms(&document, &known.asked);
        Ready { document, idf, asked }
    }

    /// Looks up the terms of a document that this worker parsed.
    pub fn ready(&self, document: Document, worker: &mut Worker) -> Ready {
        let idf = self.idf(&document, worker);
        let asked = local_terms(&document, self.asked(table_of(document.article().lang.as_ref()), worker));
        Ready { document, idf, asked }
    }

    /// The terms of the query in a worker's vocabulary.
    fn asked<'a>(&self, table: &str, worker: &'a mut Worker) -> &'a HashSet<TermId> {
        let query = self.settings.focus.query.as_deref().filter(|_| !worker.asked.contains_key(table));
        let terms = query.map(|query| worker.scratch.terms_of(table, query));
        let asked = of_table(&mut worker.asked, table);
        asked.extend(terms.into_iter().flatten());
        asked
    }

    /// Too few articles in the language to say anything of a term.
    fn is_small(&self, table: &str) -> bool {
        self.table.languages.get(table).is_none_or(|language| language.documents < FEW)
    }

    /// Idf by local term of a document that this worker parsed.
    fn idf(&self, document: &Document, worker: &mut Worker) -> Vec<f64> {
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

    /// Ranks and selects.
    fn chosen(&self, ready: &Ready) -> Chosen {
        let Ready { document, idf, asked } = ready;
        let focus = &self.settings.focus;
        let budget = self.settings.budget;
        let profile = self.ranker.and_then(|ranker| ranker.profile(document, budget));
        let ranker = profile.map_or(self.ranker, |profile| Some(&*profile.ranker));
        let (ranking, summary, explanations) = match ranker {
            None => (None, Summary::default(), None),
            Some(ranker) if self.settings.explain => {
                let (ranking, summary, explanations) = explain(document, idf, ranker, (focus, asked), budget);
                (Some(ranking), summary, Some(explanations))
            }
            Some(ranker) => {
                let ranking = focus.apply(document, idf, asked, ranker.rank(document, idf));
                let summary = select(document, idf, ranker, &ranking, budget);
                (Some(ranking), summary, None)
            }
        };
        let method = profile.map(|profile| profile.name).or(self.settings.method.map(|method| method.name)).unwrap_or_default();
        let most = self.settings.keywords as usize;
        let keywords = (most > 0).then(|| keywords(document, idf, most));
        Chosen { ranking, summary, explanations, method, keywords }
    }

    /// Ranks, selects, looks up and spells.
    pub fn document(&self, ready: &Ready, worker: &mut Worker) -> Spelled {
        let Worker { stages, leverage, .. } = worker;
        let document = &ready.document;
        let chosen = stages.time(Stage::Rank, || self.chosen(ready));
        let mut outcome = Outcome::new(document, chosen.ranking.as_ref(), &chosen.summary, chosen.method);
        outcome.keywords = chosen.keywords.as_deref();
        outcome.explanations = chosen.explanations.as_deref();
        let found = self.settings.leverage.as_ref().map(|memory| {
            // What a panic leaves in there is nobody's.
            let mut room = std::mem::take(leverage);
            let found = stages.time(Stage::LookUp, || memory.of(&outcome, &self.settings.bitext, &mut room));
            *leverage = room;
            found
        });
        outcome.matches = found.as_ref().map(|(matches, _)| &**matches);
        let (mut streams, assessment) = stages.time(Stage::Spell, || {
            let mut streams = Streams::default();
            self.writers.iter().for_each(|writer| writer.article(&outcome, &mut streams));
            (streams, self.settings.analysis.as_ref().map(|analysis| Box::new(analysis.assess(&outcome, leverage))))
        });
        let summary = &chosen.summary;
        let noticed = std::mem::take(&mut streams.noticed);
        let over_budget = summary.over_budget.then_some(WarningKind::OverBudget);
        let place = || Place { article: Some(document.article().id.clone()), ..document.article().origin.place() };
        let (streams, pieces) = streams.into_parts();
        Spelled {
            id: document.article().id.clone(),
            origin: document.article().origin.clone(),
            streams,
            pieces,
            lang: table_of(document.article().lang.as_ref()).to_owned(),
            segments: document.sentences().len() as u64 + u64::from(document.article().title.is_some()),
            locked: noticed.locked,
            blanks: noticed.blanks,
            leverage: found.as_ref().map(|(_, levels)| Box::new(Leveraged { levels: *levels, filled: noticed.leveraged })),
            words: summary.words,
            warnings: over_budget.into_iter().chain(noticed.warnings).map(|kind| Warning { kind, place: place() }).collect(),
            assessment,
        }
    }
}

/// Those of a document's terms that are asked for, by their local numbers.
fn local_terms(document: &Document, asked: &HashSet<TermId>) -> Vec<u32> {
    if asked.is_empty() {
        return Vec::new();
    }
    (0..).zip(document.terms()).filter(|(_, term)| asked.contains(term)).map(|(local, _)| local).collect()
}
