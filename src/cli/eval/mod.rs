//! `epitome eval`: scores against gold made by people, a measure a subcommand and a file; `--min` makes a gate of it. It measures
//! nothing itself, and prints what `batch` measured.

mod alignment;
mod boundaries;
mod rouge;

use std::path::PathBuf;

use epitome::batch::Inputs;
use epitome::error::Place;

use super::exit::{Exit, Failure};
use super::talk::{diagnostic, say};

/// Score against gold made by people
#[derive(clap::Args)]
#[command(after_help = "Example:\n  epitome eval boundaries gold.jsonl --min 99", arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    measure: Measure,
}

#[derive(clap::Subcommand)]
enum Measure {
    /// Sentence boundaries: F1, F1p and sentF1
    Boundaries(boundaries::Args),
    /// Alignments: strict and lax F1
    Alignment(alignment::Args),
    /// Summaries: ROUGE-1, ROUGE-2 and ROUGE-Lsum
    Rouge(rouge::Args),
}

impl Args {
    /// Whether messages are wanted as JSON.
    pub(crate) fn json(&self) -> bool {
        match &self.measure {
            Measure::Boundaries(args) => args.json,
            Measure::Alignment(args) => args.json,
            Measure::Rouge(args) => args.json,
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.measure {
        Measure::Boundaries(args) => boundaries::run(args),
        Measure::Alignment(args) => alignment::run(args),
        Measure::Rouge(args) => rouge::run(args),
    }
}

fn inputs(paths: &[PathBuf]) -> Inputs {
    Inputs { paths: paths.to_vec(), ..Inputs::default() }
}

/// Standard input can be only one of the files.
fn check_standard<'a>(paths: impl Iterator<Item = &'a PathBuf>) -> Result<(), Failure> {
    match paths.filter(|path| path.as_os_str() == "-").count() {
        0 | 1 => Ok(()),
        _ => Err(Failure::Usage("standard input is named twice".into(), "name - once")),
    }
}

/// Says what a gate was missed by.
fn missed(what: &str, json: bool) -> Exit {
    say(&if json { diagnostic("error", "gate", &Place::default(), what, None) } else { format!("epitome: {what}") });
    Exit::Missed
}

/// To six decimals, as all numbers of our records.
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

fn percent(argument: &str) -> Result<f64, String> {
    argument
        .parse()
        .ok()
        .filter(|percent| (0.0..=100.0).contains(percent))
        .ok_or_else(|| "expected a percentage from 0 to 100, such as 99 or 98.5".to_owned())
}
