//! What a budget of words for translation covers: a row an article in `coverage.tsv`, the whole batch in `coverage.json`. Words are counted
//! as budgets count them; costs are in weighted words, in which a new word counts 1 and one that a memory has less; weights are
//! shares, those of an article make 1, and that of the batch is the mean of its articles'.

use serde_json::{Value, json};

use super::jsonl::rounded;
use super::one_line;
use crate::translation::budget::{Key, WORD};
use crate::translation::leverage::Level;

/// The row of every article.
pub const ROWS: &str = "coverage.tsv";

/// The whole.
pub const WHOLE: &str = "coverage.json";

/// What is sent of an article, or of several.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sent {
    /// Segments that could be sent.
    pub segments: usize,
    /// Their words.
    pub words: u64,
    /// Segments and words that are sent, by what a memory has for them, in the order of [`Level::ALL`].
    pub levels: Levels,
    /// What they cost, in thousandths of a new word.
    pub cost: u64,
    /// The share of the article's weight that they carry; of several articles, the sum.
    pub weight: f64,
    /// The share that each point of the curve carries, alike.
    pub curve: [f64; POINTS],
    /// Names of what of it is told to say the same as another, on either side.
    pub named: Vec<Named>,
}

/// Points of a curve.
pub const POINTS: usize = 7;

/// The name of a sentence, or of a paragraph by its first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// By what a choice knows it.
    pub key: Key,
    /// The article's id.
    pub article: String,
    /// The segment's.
    pub segment: String,
}

/// What was passed over since it says what is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PassedOver {
    /// What is not sent.
    pub passed_over: Named,
    /// What is, and says the same.
    pub sent: Named,
}

/// Segments and words by level.
pub type Levels = [(u64, u64); Level::ALL.len()];

impl Sent {
    /// Segments and words that are sent.
    pub fn sum(&self) -> (u64, u64) {
        sum(&self.levels)
    }

    /// Adds another article.
    pub fn add(&mut self, other: &Sent) {
        self.segments += other.segments;
        self.words += other.words;
        self.cost += other.cost;
        self.weight += other.weight;
        self.curve.iter_mut().zip(other.curve).for_each(|(sum, more)| *sum += more);
        self.named.extend_from_slice(&other.named);
        self.levels.iter_mut().zip(&other.levels).for_each(|(sum, more)| *sum = (sum.0 + more.0, sum.1 + more.1));
    }
}

fn sum(levels: &Levels) -> (u64, u64) {
    levels.iter().fold((0, 0), |sum, level| (sum.0 + level.0, sum.1 + level.1))
}

/// A point of the curve.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// The budget, in percent of what everything costs.
    pub percent: u64,
    /// The budget, in thousandths of a new word.
    pub most: u64,
    /// Words that it takes.
    pub words: u64,
    /// The share of the batch's weight that they carry.
    pub weight: f64,
    /// The share that no choice within the budget carries more than.
    pub bound: f64,
}

/// What a budget covers of a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coverage {
    /// What was asked for, as options.
    pub asked: Value,
    /// The budget, in thousandths of a new word.
    pub most: u64,
    /// Articles that can be sent.
    pub articles: u64,
    /// Their segments.
    pub segments: u64,
    /// Their words.
    pub words: u64,
    /// What these cost, in thousandths of a new word.
    pub cost: u64,
    /// Articles that something is sent of.
    pub sent_articles: u64,
    /// What is sent.
    pub sent: Levels,
    /// What that costs, in thousandths of a new word.
    pub sent_cost: u64,
    /// What was passed over since it says what is sent elsewhere: sentences, or paragraphs.
    pub repeats: u64,
    /// The first of them, in order.
    pub passed_over: Vec<PassedOver>,
    /// The share of the batch's weight that is sent.
    pub weight: f64,
    /// The share that no choice within the budget carries more than.
    pub bound: f64,
    /// What other budgets cover.
    pub curve: Vec<Point>,
}

impl Coverage {
    /// Segments and words that are sent.
    pub fn sum(&self) -> (u64, u64) {
        sum(&self.sent)
    }

    /// At least this share of what the best choice would carry is carried.
    pub fn reached(&self) -> f64 {
        if self.bound > 0.0 { self.weight / self.bound } else { 1.0 }
    }

    /// As it is written.
    pub fn to_json(&self) -> Vec<u8> {
        let point = |point: &Point| {
            json!({
                "percent": point.percent, "weighted_words": weighted(point.most), "words": point.words, "weight": rounded(point.weight), "bound": rounded(point.bound),
            })
        };
        let named = |named: &Named| json!({ "article": named.article, "segment": named.segment });
        let passed_over = |pair: &PassedOver| {
            let over = &pair.passed_over;
            json!({ "article": over.article, "segment": over.segment, "sent": named(&pair.sent) })
        };
        let (segments, words) = self.sum();
        let known = Level::ALL.iter().zip(&self.sent).filter(|(level, _)| **level != Level::New);
        let memory = known.filter(|(_, (segments, _))| *segments > 0);
        let memory: Vec<Value> =
            memory.map(|(level, (segments, words))| json!({ "level": level.name(), "segments": segments, "words": words })).collect();
        let whole = json!({
            "asked": self.asked,
            "articles": self.articles, "segments": self.segments, "words": self.words, "weighted_words": weighted(self.cost),
            "sent": {
                "articles": self.sent_articles, "segments": segments, "words": words, "weighted_words": weighted(self.sent_cost),
                "weight": rounded(self.weight), "repeats": self.repeats, "memory": memory,
            },
            "bound": { "weight": rounded(self.bound), "reached": rounded(self.reached()) },
            "passed_over": self.passed_over.iter().map(passed_over).collect::<Vec<_>>(),
            "curve": self.curve.iter().map(point).collect::<Vec<_>>(),
        });
        let mut out = serde_json::to_vec_pretty(&whole).expect("plain data");
        out.push(b'\n');
        out
    }
}

/// Thousandths of a word as words.
fn weighted(cost: u64) -> f64 {
    cost as f64 / WORD as f64
}

/// What stands above the rows.
pub const HEAD: &str = "article\tsegments\twords\tsent_segments\tsent_words\tsent_weighted_words\tsent_weight\n";

/// The row of an article.
pub fn row(article: &str, sent: &Sent) -> String {
    let (segments, words) = sent.sum();
    let (article, cost, weight) = (one_line(article), weighted(sent.cost), rounded(sent.weight));
    format!("{article}\t{}\t{}\t{segments}\t{words}\t{cost}\t{weight}\n", sent.segments, sent.words)
}
