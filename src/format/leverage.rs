//! The table of leverage, by which translators are paid: what every segment came to, an account an article, and the total, each for the
//! whole and for the summaries alone. Every table names its profile and how words were counted. Sums are made elsewhere.

mod jsonl;
mod text;
mod tsv;

use crate::translation::leverage::{Account, Assessed, Count, Level, Profile, Settled, Size, Tally, Weights, differ::changes};

/// A format of tables of leverage.
#[derive(Debug)]
pub struct LeverageOutput {
    /// The name that `-t` takes.
    pub name: &'static str,
    /// What stands before the first article.
    pub begin: fn(&Head, &mut Vec<u8>),
    /// A segment of an article and what became of it, where that is asked for.
    pub segment: fn(&Head, &Line, &mut Vec<u8>),
    /// An article, after its segments.
    pub article: fn(&Head, &str, &Account, &mut Vec<u8>),
    /// What stands after the last of so many articles: the sum of their accounts.
    pub end: fn(&Head, u64, &Account, &mut Vec<u8>),
}

/// Every format of tables of leverage; the first is the default. A new one is a file and a line here.
pub const LEVERAGE: &[LeverageOutput] = &[text::OUTPUT, tsv::OUTPUT, jsonl::OUTPUT];

/// How a table is made.
#[derive(Clone, Debug)]
pub struct Manner {
    /// How the memory is reckoned with.
    pub profile: &'static Profile,
    /// How words are counted.
    pub count: Count,
    /// What words cost.
    pub weights: Weights,
    /// Whether repetitions go before what is equal in the memory.
    pub repetitions_first: bool,
    /// Whether earlier segments of the batch that are alike count too.
    pub internal: bool,
    /// Whether segments are told one by one.
    pub explain: bool,
}

/// What holds for a whole table.
#[derive(Debug)]
pub struct Head {
    /// How it is made.
    pub manner: Manner,
    /// The memory, if there was one: the language it translates into, and its entries by language of the source.
    pub memory: Option<(String, Vec<(String, usize)>)>,
    /// Entries of it that are broken and count for nothing.
    pub broken: u64,
}

/// A segment and what became of it.
#[derive(Debug)]
pub struct Line<'a> {
    /// Id of the article.
    pub article: &'a str,
    /// The segment.
    pub segment: &'a Assessed,
    /// Its level.
    pub settled: &'a Settled,
}

/// A row of a table.
struct Row {
    level: Level,
    name: &'static str,
    size: Size,
    internal: Size,
    /// Percent of a new word's price.
    weight: f64,
    /// Thousandths of a new word.
    weighted: u64,
}

impl Head {
    /// The rows of a tally in the order of the profile.
    fn rows<'a>(&'a self, tally: &'a Tally) -> impl Iterator<Item = Row> + 'a {
        self.manner.profile.rows.iter().map(|&(level, name)| {
            let size = tally.of(level);
            let weighted = self.manner.weights.weighted(level, size.words);
            Row { level, name, size, internal: tally.internal(level), weight: self.manner.weights.percent(level), weighted }
        })
    }
}

/// Thousandths as a number with three decimals.
fn words(thousandths: u64) -> f64 {
    thousandths as f64 / 1000.0
}

/// What made the level of a segment: where the other sentence is, how like it is and what is taken off, and what sets them apart.
struct Cause {
    /// Id of the entry; none for a segment of the batch.
    entry: Option<String>,
    /// Id of the article that the other is of.
    document: Option<String>,
    /// Id of the other segment, if it is of the batch.
    segment: Option<String>,
    percent: u8,
    /// Points taken off, by name.
    deducted: Vec<(&'static str, u8)>,
    repaired: bool,
    differs: String,
}

impl Line<'_> {
    /// The name of its row.
    fn row(&self, head: &Head) -> &'static str {
        self.settled.level.map_or("locked", |level| head.manner.profile.row(level))
    }

    fn cause(&self) -> Option<Cause> {
        let of_batch = |article: &str, segment: &str, percent, differs| Cause {
            entry: None,
            document: Some(article.to_owned()),
            segment: Some(segment.to_owned()),
            percent,
            deducted: Vec::new(),
            repaired: false,
            differs,
        };
        let told = self.segment.told.as_deref()?;
        if let Some(alike) = &self.settled.alike {
            return Some(of_batch(&alike.place.article, &alike.place.segment, alike.percent, changes(&alike.source, &told.source)));
        }
        if let Some(first) = &self.settled.repeats {
            return Some(of_batch(&first.article, &first.segment, 100, String::new()));
        }
        let best = told.best.as_ref()?;
        let deducted = best.deducted;
        let named =
            [("region", deducted.region), ("unreviewed", deducted.unreviewed), ("targets", deducted.targets), ("codes", deducted.codes)];
        Some(Cause {
            entry: Some(best.entry.clone()),
            document: best.document.clone(),
            segment: None,
            percent: best.percent,
            deducted: named.into_iter().filter(|(_, points)| *points > 0).collect(),
            repaired: best.repaired,
            differs: changes(&best.source, &told.source),
        })
    }
}
