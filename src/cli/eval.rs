//! `epitome eval`: scores against gold made by people, a measure a subcommand; `--min` makes a gate of it. It measures nothing
//! itself, and prints what `batch` measured.

use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use epitome::batch::{self, BoundarySet, Difference, Inputs};
use epitome::error::{Place, escaped};
use epitome::eval::boundary::{Figures, Score};

use super::args::TextArgs;
use super::exit::{Exit, Failure};
use super::pages::stdout;
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
    Boundaries(Boundaries),
}

/// Score sentence boundaries
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  epitome eval boundaries gold.jsonl --errors\n  epitome eval boundaries gold.jsonl --predicted theirs.jsonl"
)]
struct Boundaries {
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
    json: bool,
    #[command(flatten)]
    text: TextArgs,
}

impl Args {
    /// Whether messages are wanted as JSON.
    pub(crate) fn json(&self) -> bool {
        match &self.measure {
            Measure::Boundaries(args) => args.json,
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.measure {
        Measure::Boundaries(args) => boundaries(args),
    }
}

fn boundaries(args: &Boundaries) -> Result<Exit, Failure> {
    let inputs = |paths: &[PathBuf]| Inputs { paths: paths.to_vec(), ..Inputs::default() };
    let standard = args.gold.iter().chain(&args.predicted).filter(|path| path.as_os_str() == "-").count();
    if standard > 1 {
        return Err(Failure::Usage("standard input is named twice".into(), "name - once"));
    }
    let sets = batch::boundaries(&inputs(&args.gold), &inputs(&args.predicted), &args.text.options(false)?)?;
    let figures: Vec<Figures> = sets.iter().map(|set| set.score.figures()).collect();
    let mean = Figures::mean(&figures);
    let mut out = stdout()?;
    let written = if args.json { print_json(&mut out, &sets, &mean, args.errors) } else { print_text(&mut out, &sets, &mean, args.errors) };
    written.and_then(|()| out.flush()).map_err(Failure::stdout)?;
    Ok(gate(mean.f1p, args))
}

/// The exit code, and a line on what it was for if the gate is missed.
fn gate(f1p: f64, args: &Boundaries) -> Exit {
    let Some(min) = args.min.filter(|min| f1p < *min) else { return Exit::Done };
    let what = format!("F1p is {}, below the minimum of {min}", rounded(f1p));
    say(&if args.json { diagnostic("error", "gate", &Place::default(), &what, None) } else { format!("epitome: {what}") });
    Exit::Missed
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
