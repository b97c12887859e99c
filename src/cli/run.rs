//! `epitome run`: the main job, into a directory.

use std::io::Write;
use std::path::PathBuf;

use epitome::batch::{self, Duplicates, FileDifference, Incremental, Plan, Settings};
use epitome::error::escaped;
use epitome::format::bitext::BitextOptions;
use epitome::format::{self, Output, Verb, coverage, record};
use epitome::summary::Budget;
use epitome::translation::memory::Terms;

use super::args::{InputArgs, SummaryArgs, TextArgs, WorkArgs, chosen, settings, spreadsheet_safe};
use super::exit::{Exit, Failure, of_report};
use super::leverage::LeverageArgs;
use super::memory::MemoryArgs;
use super::pages::stdout;
use super::signals;
use super::talk::{Talk, say_error};
use super::translate::{self, TranslateArgs};
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
    #[command(flatten)]
    translate: TranslateArgs,
    #[command(flatten)]
    leverage: LeverageArgs,
    /// Fill in translations that the memory is sure of, from the level named: 100, 101, 102 [default: 100]
    ///
    /// A sentence that is equal (100), in the same neighbourhood (101), of the same article (102): only where nothing is taken off and no
    /// other translation fits as well. What is filled in at 100 is marked as still to be reviewed. Locked segments stay as they are.
    #[arg(
        long,
        value_name = "LEVEL",
        value_parser = level,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "100",
        help_heading = "Translation memory",
        hide_short_help = true
    )]
    pretranslate: Option<u8>,
    /// Copies and older versions of articles: report, skip, newest
    ///
    /// Stories that say the same but for a headline, a byline or a paragraph. `report` lists them in the manifest; `skip` leaves out
    /// all but the first; `newest` leaves out all but the one with the latest date, the last UPDATE or CORRECTION or, where ids
    /// are equal, the last. What is left out is listed too, and does not count in the frequencies.
    #[arg(long, value_name = "WAY", value_parser = duplicates, hide_short_help = true)]
    duplicates: Option<Duplicates>,
    #[command(flatten)]
    again: AgainArgs,
    /// Write into a directory that holds other things
    #[arg(long, hide_short_help = true)]
    force: bool,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    memory: MemoryArgs,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
}

/// What an earlier run into the same directory is good for.
#[derive(clap::Args)]
#[command(next_help_heading = "Runs into the same directory")]
struct AgainArgs {
    /// Do only what changed since the last run with --incremental
    ///
    /// Articles whose bytes, options and document frequencies are as they were are taken over; articles that are gone from the input go
    /// from the output. The result is that of a run that does everything. The record of it is `articles.jsonl`.
    #[arg(long)]
    incremental: bool,
    /// With --incremental: leave articles on the frequencies that ranked them
    ///
    /// New and changed articles are ranked by the table that lies in the directory, or by that of --frequencies; nothing is counted.
    /// Else a new article changes the frequencies of all, so that all are ranked anew.
    #[arg(long, conflicts_with = "refresh", hide_short_help = true)]
    keep_frequencies: bool,
    /// With --incremental: move all articles to frequencies counted anew, or to those of --frequencies
    #[arg(long, hide_short_help = true)]
    refresh: bool,
    /// With --incremental: read all files, also those that the file system says are as they were
    ///
    /// What is noted of files for the next run, in `epitome` in the directory for caches (XDG_CACHE_HOME, else ~/.cache), is noted anew.
    #[arg(long, hide_short_help = true)]
    reread: bool,
    /// Say what a run would change in the directory, and change nothing; exit code 4 if there is anything
    #[arg(long, conflicts_with_all = ["dry_run", "force"])]
    check: bool,
}

impl AgainArgs {
    fn incremental(&self) -> Result<Option<Incremental>, Failure> {
        let alone = [
            (self.keep_frequencies, "--keep-frequencies says what becomes of an earlier run's articles"),
            (self.refresh, "--refresh says what becomes of an earlier run's articles"),
            (self.reread, "--reread reads what an incremental run would not"),
        ];
        if let Some((_, what)) = alone.iter().find(|(given, _)| *given && !self.incremental) {
            return Err(Failure::Usage((*what).to_owned(), "add --incremental"));
        }
        let (keep_frequencies, reread) = (self.keep_frequencies, self.reread);
        Ok(self.incremental.then(|| Incremental { keep_frequencies, notes: cache(), reread }))
    }
}

/// The directory for what can be had again, as the XDG base directory specification finds it; none where there is no home.
fn cache() -> Option<PathBuf> {
    let named = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let of_home = || named("HOME").filter(|home| home.is_dir()).map(|home| home.join(".cache"));
    Some(named("XDG_CACHE_HOME").or_else(of_home)?.join("epitome"))
}

impl Args {
    /// Refuses a memory that nothing written would look at, and what says how to go about one where there is none.
    fn check_memory(&self, outputs: &[&'static Output]) -> Result<(), Failure> {
        let named = self.leverage.path().is_some();
        let holds = |output: &&Output| output.name == "xliff" || output.name == "moses" && self.pretranslate.is_some();
        if named && !self.to.is_empty() && !outputs.iter().any(holds) {
            let what = "-m gives proposals to translators, and nothing that is written holds any".to_owned();
            return Err(Failure::Usage(what, "add xliff to -t, or leave -t out"));
        }
        if self.pretranslate.is_some() && !named {
            return Err(Failure::Usage("--pretranslate fills in what a memory has".to_owned(), "name it with -m"));
        }
        Ok(())
    }
}

fn level(argument: &str) -> Result<u8, String> {
    argument.parse().ok().filter(|level| (100..=102).contains(level)).ok_or_else(|| "expected 100, 101 or 102".to_owned())
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut outputs = chosen(Verb::Run, &args.to)?;
    args.check_memory(&outputs)?;
    let leverage = args.leverage.load(args.translators.target_lang.as_ref(), Terms::default())?;
    let target_lang = args.translators.target_lang.as_ref().or(leverage.as_ref().map(|leverage| leverage.memories.target()));
    if args.to.is_empty() && target_lang.is_some() {
        outputs.extend(format::outputs(Verb::Run).filter(|output| output.name == "xliff"));
    }
    let bitext = BitextOptions { pretranslate: args.pretranslate, ..args.translators.options(&outputs, target_lang)? };
    let safe = spreadsheet_safe(args.spreadsheet_safe, &outputs, "segments.tsv")?;
    let mut inputs = args.input.inputs(&args.work)?;
    let mut settings = settings(&args.input, &args.text, Some(&args.summary), &args.work, outputs)?;
    args.memory.limit(&mut settings)?;
    settings.duplicates = args.duplicates;
    settings.incremental = args.again.incremental()?;
    settings.write.spreadsheet_safe = safe;
    (settings.bitext, settings.bundle, settings.leverage) = (bitext, args.translators.bundle(), leverage);
    let written = settings.outputs.clone();
    args.translate.set(&mut settings, &written)?;
    if !args.dry_run {
        inputs.stop = signals::listen()?;
    }
    let plan = batch::plan(&inputs, Some(&args.output))?;
    if args.dry_run {
        plan.failures.iter().for_each(|error| say_error(error, args.work.talk.json, false));
        return show(&mut stdout()?, &plan, &settings, args).map_err(Failure::stdout);
    }
    let talk = Talk::new(&args.work.talk, args.work.strict);
    if args.again.check {
        let (differences, _) = batch::check(&plan, &settings, &args.output, &talk)?;
        show_differences(&mut stdout()?, &differences).map_err(Failure::stdout)?;
        return Ok(if differences.is_empty() { Exit::Done } else { Exit::Missed });
    }
    let report = batch::run(&plan, &settings, &args.output, args.force, &talk)?;
    Ok(of_report(&report, args.work.strict, args.work.max_failures))
}

/// Prints what a run would change, a file a line.
fn show_differences(out: &mut impl Write, differences: &[FileDifference]) -> std::io::Result<()> {
    for difference in differences {
        let (what, name) = match difference {
            FileDifference::Differs(name) => ("differs", name),
            FileDifference::Missing(name) => ("missing", name),
            FileDifference::Extra(name) => ("extra", name),
        };
        writeln!(out, "{what}  {}", escaped(name))?;
    }
    out.flush()
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
    let record = settings.incremental.as_ref().map(|_| record::NAME);
    let coverage = settings.translate.iter().flat_map(|_| [coverage::ROWS, coverage::WHOLE]);
    let always = record.into_iter().chain(coverage).chain(["frequencies.tsv", "manifest.json"]);
    let names: Vec<&str> = settings.outputs.iter().map(|output| output.name).chain(always).collect();
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
    if let Some(translate) = &settings.translate {
        writeln!(out, "budget       {}", translate::shown(translate))?;
    }
    if let (Some(leverage), Some(path)) = (&settings.leverage, args.leverage.path()) {
        let sources: Vec<String> = leverage.memories.sources().map(|(code, entries)| format!("{entries} {code}")).collect();
        let sources = if sources.is_empty() { "0".to_owned() } else { sources.join(", ") };
        let (path, target) = (escaped(&path.display().to_string()), leverage.memories.target().tag());
        let broken = leverage.memories.broken();
        let broken = if broken > 0 { format!(", {broken} broken") } else { String::new() };
        let filled = args.pretranslate.map_or(String::new(), |least| format!(", filled in from {least}"));
        writeln!(out, "memory       {path}, entries into {target}: {sources}{broken}{filled}")?;
    }
    writeln!(out, "outputs      {} in {}", names.join(", "), escaped(&args.output.display().to_string()))?;
    out.flush()?;
    Ok(Exit::Done)
}
