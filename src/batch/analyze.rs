//! What a batch would cost to translate: every segment is counted and looked up in a memory in parallel, then booked in order of input,
//! which settles repetitions. Two passes as for any summaries, since those have a table of their own. How a level is found, the
//! translation wing knows; how tables are spelled, the formats.

use std::collections::BTreeMap;
use std::io::Write;

use super::Settings;
use super::engine::Engine;
use super::input::Plan;
use super::leverage::Leverage;
use super::observe::{Observer, Report};
use super::passes::Batch;
use super::spell::Written;
use super::works::load_frequencies;
use crate::document::Kind;
use crate::error::{Error, Place, Result, Warning, WarningKind};
use crate::format::Outcome;
use crate::format::leverage::{Head, LeverageOutput, Line, Manner};
use crate::text::language;
use crate::translation::leverage::internal::{Bests, Gathered, MOST};
use crate::translation::leverage::{About, Account, Alike, Assessed, Assessor, Internal, Ledger, Piece};
use crate::translation::memory::{Scratch, Terms};

/// What an analysis is made of.
#[derive(Clone)]
pub struct Analysis {
    /// How the table is made.
    pub manner: Manner,
    /// Kinds of paragraphs that are not to be translated.
    pub locked: Vec<Kind>,
    /// The memory; none leaves repetitions.
    pub leverage: Option<Leverage>,
    /// The format.
    pub output: &'static LeverageOutput,
}

/// An article's segments, assessed.
pub struct Assessment {
    /// Id of the article.
    id: String,
    /// Code of its language.
    code: &'static str,
    segments: Vec<Assessed>,
}

/// Writes the table of a batch to `out`. What repeats what is told by the order of the plan (see [`Plan::sorted`]).
///
/// # Errors
/// Nothing could be read, or `out` cannot be written.
pub fn analyze(
    plan: &Plan,
    settings: &Settings,
    analysis: &Analysis,
    out: &mut (dyn Write + Send),
    observer: &dyn Observer,
) -> Result<Report> {
    let table = settings.frequencies.as_deref().map(load_frequencies).transpose()?;
    let settings = Settings { analysis: Some(analysis.clone()), ..settings.clone() };
    let mut batch = Batch::new(plan, &settings, observer)?;
    let mut desk = Desk::new(analysis, out);
    desk.begin()?;
    batch.drive(table, false, &mut |written| match written {
        Written::Assessment(assessment) => desk.take(assessment),
        _ => Ok(()),
    })?;
    let full = desk.finish(&batch.engine)?;
    let many = full.into_iter().map(|code| WarningKind::ManySegments { most: MOST, lang: code.to_owned() });
    let languages: Vec<String> = batch.books.report.languages.keys().cloned().collect();
    let misses = languages.iter().filter_map(|code| analysis.leverage.as_ref()?.misses(code, &settings.bitext));
    for kind in misses.chain(many) {
        batch.books.warn(Warning { kind, place: Place::default() });
    }
    observer.finished(&batch.books.report);
    Ok(batch.books.report)
}

impl Analysis {
    /// Counts and looks up the segments of an article.
    pub(super) fn assess(&self, outcome: &Outcome, scratch: &mut Scratch) -> Assessment {
        let article = outcome.document.article();
        let language = language::of(article.lang.as_ref());
        let pieces = outcome.segments().map(|(unit, segment, in_summary)| Piece {
            id: &segment.id,
            source: &segment.source,
            locked: self.locked.contains(&unit.kind),
            in_summary,
        });
        let pieces: Vec<Piece> = pieces.collect();
        let terms = self.leverage.as_ref().map_or_else(Terms::default, |leverage| leverage.terms.clone());
        let memory = self.leverage.as_ref().and_then(|leverage| leverage.memories.of(article.lang.as_ref()));
        let Manner { profile, count, explain, internal, .. } = self.manner;
        let assessor = Assessor { profile, terms: &terms, count, language, memory, told: explain || internal };
        let languages =
            article.lang.as_ref().zip(self.leverage.as_ref()).map(|(lang, leverage)| [lang.tag(), leverage.memories.target().tag()]);
        let segments = assessor.assess(&pieces, About { document: Some(&article.id), languages }, scratch);
        Assessment { id: article.id.clone(), code: language.code, segments }
    }
}

/// Where assessed articles are booked and their accounts are written.
struct Desk<'a> {
    head: Head,
    output: &'static LeverageOutput,
    out: &'a mut (dyn Write + Send),
    ledger: Ledger<'a>,
    sum: Account,
    articles: u64,
    bytes: Vec<u8>,
    /// Articles that wait for the last one, where segments are held against all before them.
    waiting: Vec<Assessment>,
    /// Their segments by language.
    gathered: BTreeMap<&'static str, Gathered>,
}

impl<'a> Desk<'a> {
    fn new(analysis: &'a Analysis, out: &'a mut (dyn Write + Send)) -> Desk<'a> {
        let memory = analysis.leverage.as_ref().map(|leverage| {
            let sources = leverage.memories.sources().map(|(code, entries)| (code.to_owned(), entries)).collect();
            (leverage.memories.target().tag().to_owned(), sources)
        });
        let broken = analysis.leverage.as_ref().map_or(0, |leverage| leverage.memories.broken());
        let Manner { profile, repetitions_first, explain, .. } = analysis.manner;
        let ledger = Ledger::new(profile, repetitions_first, explain);
        Desk {
            head: Head { manner: analysis.manner.clone(), memory, broken },
            output: analysis.output,
            out,
            ledger,
            sum: Account::default(),
            articles: 0,
            bytes: Vec::new(),
            waiting: Vec::new(),
            gathered: BTreeMap::new(),
        }
    }

    fn begin(&mut self) -> Result<()> {
        (self.output.begin)(&self.head, &mut self.bytes);
        self.flush()
    }

    fn take(&mut self, mut assessment: Assessment) -> Result<()> {
        if !self.head.manner.internal {
            return self.book(&assessment, &|_, _| None);
        }
        let language = language::find(assessment.code).unwrap_or(&language::UNKNOWN);
        let gathered = self.gathered.entry(assessment.code).or_insert_with(|| Gathered::new(language));
        gathered.add(&assessment.id, &assessment.segments);
        if !self.head.manner.explain {
            assessment.segments.iter_mut().for_each(|segment| segment.told = None);
        }
        self.waiting.push(assessment);
        Ok(())
    }

    /// Books an article and writes its account.
    fn book(&mut self, article: &Assessment, alike: &dyn Fn(u64, bool) -> Option<Alike>) -> Result<()> {
        let account = self.ledger.article(&article.id, &article.segments, alike);
        if self.head.manner.explain {
            for (segment, settled) in article.segments.iter().zip(&account.settled) {
                (self.output.segment)(&self.head, &Line { article: &article.id, segment, settled }, &mut self.bytes);
            }
        }
        (self.output.article)(&self.head, &article.id, &account, &mut self.bytes);
        self.articles += 1;
        self.sum.whole += &account.whole;
        self.sum.summary += &account.summary;
        self.flush()
    }

    /// Books what waits, and writes the total; gives the languages that had more segments than are compared.
    fn finish(&mut self, engine: &Engine) -> Result<Vec<&'static str>> {
        let waiting = std::mem::take(&mut self.waiting);
        let full = self.gathered.iter().filter(|(_, gathered)| gathered.is_full()).map(|(code, _)| *code).collect();
        let languages = internal(std::mem::take(&mut self.gathered), engine);
        for article in &waiting {
            let (internal, bests) = &languages[article.code];
            self.book(article, &|key, summary| internal.alike(key, summary, bests))?;
        }
        (self.output.end)(&self.head, self.articles, &self.sum, &mut self.bytes);
        self.flush().map(|()| full)
    }

    fn flush(&mut self) -> Result<()> {
        let failed = |error| Error::io("cannot write", "standard output", error);
        self.out.write_all(&self.bytes).and_then(|()| self.out.flush()).map_err(failed)?;
        self.bytes.clear();
        Ok(())
    }
}

/// Segments that are looked up at a time.
const HANDFUL: u32 = 256;

/// Looks every distinct segment up among those before it, a language at a time.
fn internal(languages: BTreeMap<&'static str, Gathered>, engine: &Engine) -> BTreeMap<&'static str, (Internal, Vec<Bests>)> {
    let looked_up = |(code, gathered): (&'static str, Gathered)| {
        let internal = gathered.finish();
        let handfuls: Vec<u32> = (0..internal.len() as u32).step_by(HANDFUL as usize).collect();
        let bests = engine.map_all(handfuls, |from, worker| {
            let numbers = from..internal.len().min((from + HANDFUL) as usize) as u32;
            numbers.map(|number| internal.bests(number, &mut worker.leverage)).collect::<Vec<_>>()
        });
        (code, (internal, bests.concat()))
    };
    languages.into_iter().map(looked_up).collect()
}
