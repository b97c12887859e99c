//! `epitome eval rouge`: summaries against references, those of our methods and digests or anybody's, and how far one is from
//! another.

use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use epitome::batch::{self, By, RougeSet, RougeTask, Settings, System};
use epitome::error::escaped;
use epitome::eval::bootstrap::Estimate;
use epitome::eval::rouge::{Figure, Limit, MEASURES, Measured};
use epitome::summary::Budget;
use epitome::summary::digest::{Limit as Length, METHOD};

use super::{check_standard, inputs, missed, percent, rounded};
use crate::cli::args::{BudgetArgs, TextArgs, method, positive};
use crate::cli::digest::SENTENCES;
use crate::cli::exit::{Exit, Failure};
use crate::cli::pages::stdout;

/// Score summaries
///
/// References are JSON Lines of {"id", "lang", "summary"} or {"id", "lang", "refs": [..]}, a sentence a line. A method summarises
/// the "text" of the same records, `digest` their "docs"; each further system is compared with the first. A digest is as long as
/// what --bytes or --limit-words scores, unless a budget is given.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  epitome eval rouge set.jsonl --method lead --method news -n 3\n  epitome eval rouge set.jsonl --predicted theirs.jsonl --min 29"
)]
pub(super) struct Args {
    /// JSON Lines of references, a file a set
    #[arg(value_name = "GOLD", required = true)]
    gold: Vec<PathBuf>,
    /// Score what this method writes, see `epitome methods`, or `digest` (repeatable)
    #[arg(long, value_name = "NAME", value_parser = by)]
    method: Vec<By>,
    /// Score the summaries of a file: {"id", "summary"} (repeatable)
    #[arg(long, value_name = "FILE")]
    predicted: Vec<PathBuf>,
    #[command(flatten)]
    budget: BudgetArgs,
    /// Table of document frequencies to use instead of the set's own
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    frequencies: Option<PathBuf>,
    /// Score only the first N bytes of each summary
    #[arg(long, value_name = "N", value_parser = positive, allow_negative_numbers = true)]
    bytes: Option<u32>,
    /// Score only the first N words of each summary
    #[arg(long, value_name = "N", value_parser = positive, allow_negative_numbers = true, conflicts_with = "bytes")]
    limit_words: Option<u32>,
    /// Recall in place of F1
    #[arg(long)]
    recall: bool,
    /// Precision in place of F1
    #[arg(long, conflicts_with = "recall")]
    precision: bool,
    /// Exit with 4 if the first system is below: 29, or rouge2=9.0 (repeatable)
    #[arg(long, value_name = "[MEASURE=]SCORE", value_parser = minimum)]
    min: Vec<Minimum>,
    /// Write what each method writes into a directory, as METHOD.jsonl
    #[arg(long, value_name = "DIR")]
    dump: Option<PathBuf>,
    /// Results and messages as JSON lines, with all three figures
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    text: TextArgs,
}

/// What a measure has to reach.
#[derive(Clone, Copy, Debug)]
struct Minimum {
    measure: usize,
    score: f64,
}

fn minimum(argument: &str) -> Result<Minimum, String> {
    let (name, score) = argument.split_once('=').unwrap_or((MEASURES[0], argument));
    let measure = MEASURES
        .iter()
        .position(|measure| measure.eq_ignore_ascii_case(name))
        .ok_or_else(|| format!("no measure is called {name:?}; there are {}", MEASURES.join(", ")))?;
    Ok(Minimum { measure, score: percent(score)? })
}

impl Args {
    fn figure(&self) -> Figure {
        match (self.precision, self.recall) {
            (true, _) => Figure::Precision,
            (_, true) => Figure::Recall,
            _ => Figure::F1,
        }
    }

    fn limit(&self) -> Option<Limit> {
        let bytes = self.bytes.map(|most| Limit::Bytes(most as usize));
        bytes.or(self.limit_words.map(|most| Limit::Words(most as usize)))
    }

    /// How long a digest is; none for a share.
    fn digest(&self) -> Option<Length> {
        match (self.budget.is_given().then(|| self.budget.budget()), self.bytes, self.limit_words) {
            (Some(Budget::Sentences(n)), ..) => Some(Length::Sentences(n)),
            (Some(Budget::Words(n)), ..) | (None, None, Some(n)) => Some(Length::Words(n)),
            (Some(Budget::Characters(n)), ..) => Some(Length::Characters(n)),
            (Some(Budget::Ratio(_)), ..) => None,
            (None, Some(n), _) => Some(Length::Bytes(n)),
            (None, None, None) => Some(Length::Sentences(SENTENCES)),
        }
    }

    /// Each method once.
    fn by(&self) -> Vec<By> {
        let mut out: Vec<By> = Vec::new();
        for by in &self.method {
            if !out.iter().any(|other| other.name() == by.name()) {
                out.push(*by);
            }
        }
        out
    }
}

fn by(argument: &str) -> Result<By, String> {
    if argument == METHOD { Ok(By::Digest) } else { method(argument).map(By::Method) }
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    check_standard(args.gold.iter().chain(&args.predicted))?;
    let by = args.by();
    if by.is_empty() && !args.predicted.is_empty() && (args.dump.is_some() || args.budget.is_given() || args.frequencies.is_some()) {
        let what = "a budget, --frequencies and --dump are for methods, and there is none";
        return Err(Failure::Usage(what.into(), "add --method; --bytes and --limit-words cut the summaries of --predicted"));
    }
    let settings = Settings {
        text: args.text.options(true)?,
        budget: args.budget.budget(),
        frequencies: args.frequencies.clone(),
        ..Settings::default()
    };
    let task = RougeTask {
        gold: &inputs(&args.gold),
        by: &by,
        predicted: &args.predicted,
        settings: &settings,
        digest: args.digest(),
        limit: args.limit(),
        dump: args.dump.as_deref(),
    };
    let sets = batch::rouge(&task)?;
    let mut out = stdout()?;
    let written = if args.json { print_json(&mut out, &sets) } else { print_text(&mut out, &sets, args.figure()) };
    written.and_then(|()| out.flush()).map_err(Failure::stdout)?;
    Ok(gate(&sets, args))
}

/// The exit code, and a line on what it was for each gate that is missed.
fn gate(sets: &[RougeSet], args: &Args) -> Exit {
    let mut exit = Exit::Done;
    for Minimum { measure, score } in &args.min {
        let reached = sets.iter().map(|set| set.systems[0].scores[*measure].of(args.figure()).mean).sum::<f64>() / sets.len() as f64;
        if reached < *score {
            let what = format!("{} of {}", MEASURES[*measure], escaped(&sets[0].systems[0].name));
            exit = missed(&format!("{what} is {}, below the minimum of {score}", rounded(reached)), args.json);
        }
    }
    exit
}

/// A line a system and set; after those of a set, a line for each system's difference to the first.
fn print_text(out: &mut impl Write, sets: &[RougeSet], figure: Figure) -> io::Result<()> {
    let width = |names: &mut dyn Iterator<Item = String>| names.map(|name| name.chars().count()).max().unwrap_or(0);
    let set_width = width(&mut sets.iter().map(|set| escaped(&set.path).to_string()));
    for set in sets {
        let path = escaped(&set.path).to_string();
        let first = &set.systems[0];
        let compared = |system: &System| format!("{} - {}", escaped(&system.name), escaped(&first.name));
        let names = set.systems.iter().map(|system| escaped(&system.name).to_string()).chain(set.systems.iter().skip(1).map(compared));
        let wide = width(&mut names.collect::<Vec<_>>().into_iter());
        for system in &set.systems {
            let cells = cells(&system.scores, figure, |score| format!("{:.2} ±{:.2}", score.mean, score.half()));
            let (name, words) = (escaped(&system.name).to_string(), system.words);
            writeln!(out, "{path:set_width$}  {name:wide$}  {cells}  n {}  words {words:.1}", set.records)?;
        }
        for (system, gains) in set.systems.iter().filter_map(|system| Some((system, system.gains.as_ref()?))) {
            let cells = cells(gains, figure, |gain| format!("{:+.2} [{:+.2}, {:+.2}]", gain.mean, gain.low, gain.high));
            writeln!(out, "{path:set_width$}  {:wide$}  {cells}  words {}", compared(system), times(system.words, first.words))?;
        }
    }
    Ok(())
}

/// The three measures of a line.
fn cells(scores: &[Measured; 3], figure: Figure, shown: impl Fn(Estimate) -> String) -> String {
    const SHORT: [&str; 3] = ["R1", "R2", "RLsum"];
    let cells: Vec<String> = SHORT.iter().zip(scores).map(|(name, score)| format!("{name} {}", shown(score.of(figure)))).collect();
    cells.join("  ")
}

/// How much longer or shorter.
fn times(words: f64, others: f64) -> String {
    if others > 0.0 { format!("{:+.1}%", 100.0 * (words / others - 1.0)) } else { "-".to_owned() }
}

fn print_json(out: &mut impl Write, sets: &[RougeSet]) -> io::Result<()> {
    for set in sets {
        let first = &set.systems[0];
        for system in &set.systems {
            let record = json!({"set": set.path, "system": system.name, "records": set.records, "words": rounded(system.words)});
            writeln!(out, "{}", with_scores(record, &system.scores))?;
        }
        for (system, gains) in set.systems.iter().filter_map(|system| Some((system, system.gains.as_ref()?))) {
            let ratio = (first.words > 0.0).then(|| rounded(system.words / first.words));
            let record = json!({"set": set.path, "system": system.name, "minus": first.name, "words_ratio": ratio});
            writeln!(out, "{}", with_scores(record, gains))?;
        }
    }
    Ok(())
}

/// The record with `"rouge1": {"precision": {"mean", "low", "high"}, ..}` and so on.
fn with_scores(mut record: Value, scores: &[Measured; 3]) -> Value {
    let estimate = |Estimate { mean, low, high }| json!({"mean": rounded(mean), "low": rounded(low), "high": rounded(high)});
    for (measure, score) in MEASURES.iter().zip(scores) {
        let figures: Map<String, Value> =
            Figure::ALL.iter().map(|(name, figure)| ((*name).to_owned(), estimate(score.of(*figure)))).collect();
        record[*measure] = figures.into();
    }
    record
}
