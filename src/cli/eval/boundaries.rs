//! `epitome eval boundaries`: sentence boundaries against gold, ours or anybody's.

use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use epitome::batch::{self, BoundarySet, Difference};
use epitome::error::escaped;
use epitome::eval::boundary::{Figures, Score};

use super::{check_standard, inputs, missed, percent, rounded};
use crate::cli::args::TextArgs;
use crate::cli::exit::{Exit, Failure};
use crate::cli::pages::stdout;

/// Score sentence boundaries
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  epitome eval boundaries gold.jsonl --errors\n  epitome eval boundaries gold.jsonl --predicted theirs.jsonl"
)]
pub(super) struct Args {
    /// JSON Lines of {"lang", "text", "ends"}: exclusive sentence ends in Unicode scalars
    #[arg(value_name = "GOLD", required = true)]
    gold: Vec<PathBuf>,
    /// Score these {"ends"} in place of our own, one file for each GOLD, in its order
    #[arg(long, value_name = "FILE")]
    predicted: Vec<PathBuf>,
    /// Exit with 4 if F1p (over several files, its mean) is below
    #[arg(long, value_name = "F1P", value_parser = percent)]
    min: Option<f64>,
    /// Show every boundary on which gold and prediction differ
    #[arg(long)]
    errors: bool,
    /// Results and messages as JSON lines
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    text: TextArgs,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    check_standard(args.gold.iter().chain(&args.predicted))?;
    let sets = batch::boundaries(&inputs(&args.gold), &inputs(&args.predicted), &args.text.options(false)?)?;
    let figures: Vec<Figures> = sets.iter().map(|set| set.score.figures()).collect();
    let mean = Figures::mean(&figures);
    let mut out = stdout()?;
    let written = if args.json { print_json(&mut out, &sets, &mean, args.errors) } else { print_text(&mut out, &sets, &mean, args.errors) };
    written.and_then(|()| out.flush()).map_err(Failure::stdout)?;
    Ok(gate(mean.f1p, args))
}

/// The exit code, and a line on what it was for if the gate is missed.
fn gate(f1p: f64, args: &Args) -> Exit {
    let Some(min) = args.min.filter(|min| f1p < *min) else { return Exit::Done };
    let what = format!("F1p is {}, below the minimum of {min}", rounded(f1p));
    missed(&what, args.json)
}

/// A line a set, and their mean if there are several; before them, a line an error if asked for.
fn print_text(out: &mut impl Write, sets: &[BoundarySet], mean: &Figures, errors: bool) -> io::Result<()> {
    for set in sets.iter().filter(|_| errors) {
        set.differences.iter().try_for_each(|difference| writeln!(out, "{}", shown(&set.path, difference)))?;
    }
    let several = format!("macro over {} sets", sets.len());
    let names: Vec<String> = sets.iter().map(|set| escaped(&set.path)).chain([several]).collect();
    let named = if sets.len() > 1 { &names[..] } else { &names[..sets.len()] };
    let width = named.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    for (set, name) in sets.iter().zip(named) {
        writeln!(out, "{name:width$}  {}", set.score)?;
    }
    if sets.len() > 1 {
        writeln!(out, "{:width$}  {mean}", named[sets.len()])?;
    }
    Ok(())
}

/// `gold.jsonl:17: en missed: before|after`, on one line.
fn shown(path: &str, difference: &Difference) -> String {
    let Difference { line, lang, fault, soft, before, after, .. } = difference;
    let lang = lang.as_ref().map_or("und", |lang| lang.tag());
    let soft = if *soft { " (soft)" } else { "" };
    format!("{}:{line}: {lang} {}{soft}: {}|{}", escaped(path), fault.name(), escaped(before), escaped(after))
}

fn print_json(out: &mut impl Write, sets: &[BoundarySet], mean: &Figures, errors: bool) -> io::Result<()> {
    for set in sets {
        for difference in set.differences.iter().filter(|_| errors) {
            writeln!(out, "{}", difference_record(&set.path, difference))?;
        }
        writeln!(out, "{}", set_record(set))?;
    }
    if sets.len() > 1 {
        let Figures { f1, f1p, sentence_f1 } = mean;
        let record = json!({"sets": sets.len(), "f1": rounded(*f1), "f1p": rounded(*f1p), "sentence_f1": rounded(*sentence_f1)});
        writeln!(out, "{record}")?;
    }
    Ok(())
}

fn set_record(set: &BoundarySet) -> Value {
    let Figures { f1, f1p, sentence_f1 } = set.score.figures();
    let Score { true_positives, false_positives, false_negatives, .. } = set.score;
    json!({
        "set": set.path, "records": set.records, "f1": rounded(f1), "f1p": rounded(f1p), "sentence_f1": rounded(sentence_f1),
        "tp": true_positives, "fp": false_positives, "fn": false_negatives,
    })
}

fn difference_record(path: &str, difference: &Difference) -> Value {
    let Difference { line, id, lang, fault, soft, end, before, after } = difference;
    json!({
        "set": path, "line": line, "id": id, "lang": lang.as_ref().map(|lang| lang.tag()), "error": fault.name(), "soft": soft,
        "end": end, "before": before, "after": after,
    })
}
