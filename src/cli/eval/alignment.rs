//! `epitome eval alignment`: beads against gold, ours or anybody's.

use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use epitome::batch::{self, AlignmentSet};
use epitome::error::escaped;
use epitome::eval::alignment::{Bin, EDGES, Score};

use super::{check_standard, missed, rounded};
use crate::cli::args::share;
use crate::cli::exit::{Exit, Failure};
use crate::cli::pages::stdout;

/// Score alignments
///
/// A file is in the notation of scorers, [0, 1]:[2] a line with indices of sentences from 0, or what `align -t jsonl` wrote. A bead is
/// strictly right if gold has it, laxly right if it shares a pair of sentences with one of gold's. Precision runs over all predicted
/// beads, recall over those of gold that have two sides.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  epitome eval alignment book.gold book.beads --min 0.9\n  epitome eval alignment gold/ predicted/")]
pub(super) struct Args {
    /// Gold and what was predicted for it, in turn; two directories are paired by file names without endings
    #[arg(value_name = "GOLD PREDICTED", required = true, num_args = 2..)]
    files: Vec<PathBuf>,
    /// Exit with 4 if strict F1, from 0 to 1, is below
    #[arg(long, value_name = "F1", value_parser = share)]
    min: Option<f64>,
    /// Show how far confidence can be trusted, where predictions have one
    #[arg(long)]
    calibration: bool,
    /// Results and messages as JSON lines
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    check_standard(args.files.iter())?;
    let (pairs, rest) = args.files.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(Failure::Usage("a file of gold without predictions".into(), "name GOLD and PREDICTED in turn"));
    }
    let pairs: Vec<(PathBuf, PathBuf)> = pairs.iter().map(|[gold, predicted]| (gold.clone(), predicted.clone())).collect();
    let sets = batch::alignments(&pairs)?;
    let mut sum = Score::default();
    sets.iter().for_each(|set| sum += &set.score);
    let mut out = stdout()?;
    let written = if args.json { print_json(&mut out, &sets, &sum, args) } else { print_text(&mut out, &sum, args) };
    written.and_then(|()| out.flush()).map_err(Failure::stdout)?;
    Ok(gate(sum.strict().f1, args))
}

/// The exit code, and a line on what it was for if the gate is missed.
fn gate(f1: f64, args: &Args) -> Exit {
    let Some(min) = args.min.filter(|min| f1 < *min) else { return Exit::Done };
    missed(&format!("strict F1 is {}, below the minimum of {min}", rounded(f1)), args.json)
}

/// Figures over all files, and the calibration table if asked for.
fn print_text(out: &mut impl Write, sum: &Score, args: &Args) -> io::Result<()> {
    writeln!(out, "strict: {}", sum.strict())?;
    writeln!(out, "lax: {}", sum.lax())?;
    if args.calibration {
        writeln!(out, "\nconfidence  beads  said   right")?;
        for (edge, bin) in filled(sum) {
            let (said, right) = shares(bin);
            writeln!(out, "from {edge:.2}  {:7}  {said:.3}  {right:.3}", bin.links)?;
        }
    }
    Ok(())
}

/// The rows of the calibration table that hold anything.
fn filled(score: &Score) -> impl Iterator<Item = (f64, &Bin)> {
    EDGES.into_iter().zip(&score.calibration).filter(|(_, bin)| bin.links > 0)
}

/// What was said of the links of a bin and what is true of them, as means.
fn shares(bin: &Bin) -> (f64, f64) {
    (bin.confidence / bin.links as f64, bin.right as f64 / bin.links as f64)
}

fn print_json(out: &mut impl Write, sets: &[AlignmentSet], sum: &Score, args: &Args) -> io::Result<()> {
    for set in sets {
        writeln!(out, "{}", record(json!({ "set": escaped(&set.path) }), &set.score, args))?;
    }
    if sets.len() > 1 {
        writeln!(out, "{}", record(json!({ "sets": sets.len() }), sum, args))?;
    }
    Ok(())
}

fn record(mut record: Value, score: &Score, args: &Args) -> Value {
    for (name, figures) in [("strict", score.strict()), ("lax", score.lax())] {
        record[name] = json!({ "precision": rounded(figures.precision), "recall": rounded(figures.recall), "f1": rounded(figures.f1) });
    }
    record["predicted"] = score.predicted.into();
    record["gold"] = score.gold.into();
    if args.calibration {
        let row = |(edge, bin): (f64, &Bin)| {
            let (said, right) = shares(bin);
            json!({ "from": edge, "beads": bin.links, "said": rounded(said), "right": rounded(right) })
        };
        record["calibration"] = filled(score).map(row).collect();
    }
    record
}
