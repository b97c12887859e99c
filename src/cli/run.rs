//! `epitome run`: the main job, into a directory.

use std::io::Write;
use std::path::PathBuf;

use epitome::batch::{self, Duplicates, Plan, Settings};
use epitome::error::escaped;
use epitome::format::{self, Verb};
use epitome::summary::Budget;

use super::args::{InputArgs, SummaryArgs, TextArgs, WorkArgs, chosen, settings, spreadsheet_safe};
use super::exit::{Exit, Failure, of_report};
use super::pages::stdout;
use super::signals;
use super::talk::Talk;
use super::translators::TranslatorArgs;

/// Summarise articles and cut them into segments, into a directory
#[derive(clap::Args)]
#[command(after_help = "Example:\n  epitome run articles/ wire.jsonl.gz -n 3 -o out")]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Directory to write into; made if it does not exist
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// What to write, repeatable [default: summaries, segments]
    ///
    /// One of summaries.jsonl, summaries.md, segments.jsonl, segments.tsv, xliff (a file an article in `segments/`; by default too
    /// where --target-lang is given), moses (lines of text, a file a language, in `moses/`). The frequencies and the manifest are
    /// always written.
    #[arg(short, long = "to", value_name = "NAME", value_delimiter = ',')]
    to: Vec<String>,
    /// Make segments.tsv safe from spreadsheets: no cell is a formula, nor loses its quotation marks
    #[arg(long, hide_short_help = true)]
    spreadsheet_safe: bool,
    #[command(flatten)]
    text: TextArgs,
    #[command(flatten)]
    summary: SummaryArgs,
    #[command(flatten)]
    translators: TranslatorArgs,
    /// Copies and older versions of articles: report, skip, newest
    ///
    /// Stories that say the same but for a headline, a byline or a paragraph. `report` lists them in the manifest; `skip` leaves out
    /// all but the first; `newest` leaves out all but the one with the latest date, the last UPDATE or CORRECTION or, where ids
    /// are equal, the last. What is left out is listed too, and does not count in the frequencies.
    #[arg(long, value_name = "WAY", value_parser = duplicates, hide_short_help = true)]
    duplicates: Option<Duplicates>,
    /// Write into a directory that holds other things
    #[arg(long, hide_short_help = true)]
    force: bool,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut outputs = chosen(Verb::Run, &args.to)?;
    if args.to.is_empty() && args.translators.target_lang.is_some() {
        outputs.extend(format::outputs(Verb::Run).filter(|output| output.name == "xliff"));
    }
    let bitext = args.translators.options(&outputs)?;
    let safe = spreadsheet_safe(args.spreadsheet_safe, &outputs, "segments.tsv")?;
    let mut inputs = args.input.inputs()?;
    let mut settings = settings(&args.input, &args.text, Some(&args.summary), &args.work, outputs)?;
    settings.duplicates = args.duplicates;
    settings.write.spreadsheet_safe = safe;
    (settings.bitext, settings.bundle) = (bitext, args.translators.bundle());
    if !args.dry_run {
        inputs.stop = signals::listen()?;
    }
    let plan = batch::plan(&inputs, Some(&args.output))?;
    if args.dry_run {
        return show(&mut stdout()?, &plan, &settings, args).map_err(Failure::stdout);
    }
    let talk = Talk::new(&args.work.talk, args.work.strict);
    let report = batch::run(&plan, &settings, &args.output, args.force, &talk)?;
    Ok(of_report(&report, args.work.strict, args.work.max_failures))
}

fn duplicates(argument: &str) -> Result<Duplicates, String> {
    let found = Duplicates::NAMES.iter().find(|(name, _)| *name == argument);
    found.map(|(_, way)| *way).ok_or_else(|| "expected report, skip or newest".to_owned())
}

/// Prints the plan.
fn show(out: &mut impl Write, plan: &Plan, settings: &Settings, args: &Args) -> std::io::Result<Exit> {
    let budget = match settings.budget {
        Budget::Sentences(n) => format!("{n} sentences"),
        Budget::Words(n) => format!("at most {n} words"),
        Budget::Characters(n) => format!("at most {n} characters"),
        Budget::Ratio(share) => format!("{} % of the words", share * 100.0),
    };
    let names: Vec<&str> = settings.outputs.iter().map(|output| output.name).chain(["frequencies.tsv", "manifest.json"]).collect();
    writeln!(out, "inputs       {} files, {} bytes", plan.sources.len(), plan.bytes())?;
    for source in &plan.sources {
        writeln!(out, "             {}", escaped(&source.shown))?;
    }
    writeln!(out, "language     {}", settings.text.lang.as_ref().map_or("the record's, else detected", |lang| lang.tag()))?;
    writeln!(out, "method       {}", settings.method.map_or("", |method| method.name))?;
    writeln!(out, "summary      {budget}")?;
    if let Some(query) = &settings.focus.query {
        writeln!(out, "query        {}", escaped(query.trim()))?;
    }
    if settings.keywords > 0 {
        writeln!(out, "keywords     {} an article", settings.keywords)?;
    }
    writeln!(
        out,
        "frequencies  {}",
        settings.frequencies.as_ref().map_or("of this batch".to_owned(), |path| escaped(&path.display().to_string()))
    )?;
    if let Some(way) = settings.duplicates {
        writeln!(out, "duplicates   {}", way.name())?;
    }
    if let Some(line) = args.translators.shown(settings) {
        writeln!(out, "translators  {line}")?;
    }
    writeln!(out, "outputs      {} in {}", names.join(", "), escaped(&args.output.display().to_string()))?;
    out.flush()?;
    Ok(Exit::Done)
}
