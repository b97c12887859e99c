//! `epitome merge`: translations back into articles, in a directory.

use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;

use epitome::batch::{self, Files, Inputs, Merge, Plan};
use epitome::error::escaped;
use epitome::lang::Lang;
use epitome::translation::assemble::Missing;
use epitome::translation::quality::{CHECKS, Checks};

use super::args::{ReadArgs, WorkArgs, created, lang};
use super::exit::{Exit, Failure, of_report};
use super::pages::stdout;
use super::signals;
use super::talk::Talk;

/// Put translations together: XLIFF or tables back into articles, summaries and a translation memory, in a directory
#[derive(clap::Args)]
#[command(after_help = "Example:\n  epitome merge from-translator/ --source articles/ -o translated")]
pub(crate) struct Args {
    /// XLIFF files (1.2, 2.x), segments.tsv or .jsonl with their targets, lines of Moses; or directories of them
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The articles that were sent: files, directories, or - for standard input (repeatable)
    #[arg(long, value_name = "PATH", required = true, num_args = 1..)]
    source: Vec<PathBuf>,
    /// Directory to write into; made if it does not exist
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Language of articles, where neither a file nor their records name it (default: detected)
    #[arg(short, long, value_name = "TAG", value_parser = lang, hide_short_help = true)]
    lang: Option<Lang>,
    /// Language of the translations, where a file does not name it; another is refused
    #[arg(long, value_name = "TAG", value_parser = lang)]
    target_lang: Option<Lang>,
    /// Memory that takes in what came back, made if it is not there; one that `memory` keeps
    #[arg(short, long, value_name = "FILE")]
    memory: Option<PathBuf>,
    /// What becomes of sentences without a translation
    #[arg(long, value_name = "WAY", default_value = "source")]
    missing: MissingArg,
    /// Checks of targets to leave out (repeatable)
    ///
    /// Numbers, addresses, placeholders, marks and the like that are not as in the source are warnings, each under the name of its
    /// check.
    #[arg(long, value_name = "CHECK,..", value_delimiter = ',', value_parser = check, hide_short_help = true)]
    disable: Vec<&'static str>,
    #[command(flatten)]
    read: ReadArgs,
    /// Merge articles that changed since, and write into a directory that holds other things
    #[arg(long, hide_short_help = true)]
    force: bool,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum MissingArg {
    /// They stay as they are
    Source,
    /// They are left out
    Skip,
    /// Their article fails
    Fail,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut checks = Checks::default();
    args.disable.iter().for_each(|name| {
        checks.disable(name);
    });
    let settings = args.read.settings(&args.work);
    let how = Merge {
        lang: args.lang.clone(),
        target_lang: args.target_lang.clone(),
        missing: match args.missing {
            MissingArg::Source => Missing::Source,
            MissingArg::Skip => Missing::Skip,
            MissingArg::Fail => Missing::Fail,
        },
        checks,
        offsets: settings.write.offsets,
        force: args.force,
        created: created(),
        memory: args.memory.clone(),
    };
    let files = Files::find(&args.files, Some(&args.output))?;
    if args.target_lang.is_none()
        && let Some(path) = files.mute()
    {
        let what = format!("nothing in {} says which language it is translated into", escaped(&path));
        return Err(Failure::Usage(what, "name it with --target-lang, such as --target-lang de"));
    }
    let inputs = Inputs { stop: signals::listen()?, ..args.read.inputs(args.source.clone()) };
    let plan = batch::plan(&inputs, Some(&args.output))?;
    if args.dry_run {
        return show(&mut stdout()?, &files, &plan, args).map_err(Failure::stdout);
    }
    let talk = Talk::new(&args.work.talk, args.work.strict);
    let report = batch::merge_back(&files, &plan, &settings, &how, &args.output, &talk)?;
    Ok(of_report(&report, args.work.strict, args.work.max_failures))
}

/// Prints the plan.
fn show(out: &mut impl Write, files: &Files, plan: &Plan, args: &Args) -> std::io::Result<Exit> {
    let paths: Vec<String> = files.paths().map(|path| path.display().to_string()).collect();
    let sources: Vec<&str> = plan.sources.iter().map(|source| source.shown.as_str()).collect();
    writeln!(out, "translations {} files, {} bytes", paths.len(), files.bytes())?;
    paths.iter().try_for_each(|path| writeln!(out, "             {}", escaped(path)))?;
    writeln!(out, "sources      {} files, {} bytes", sources.len(), plan.bytes())?;
    sources.iter().try_for_each(|source| writeln!(out, "             {}", escaped(source)))?;
    writeln!(out, "language     {}", args.target_lang.as_ref().map_or("of the files", Lang::tag))?;
    let missing = args.missing.to_possible_value();
    writeln!(out, "missing      {}", missing.as_ref().map_or("", |value| value.get_name()))?;
    if let Some(memory) = &args.memory {
        writeln!(out, "memory       {}", escaped(&memory.display().to_string()))?;
    }
    let folder = escaped(&args.output.display().to_string());
    writeln!(out, "outputs      articles/ or excerpts.jsonl and excerpts.md, summaries.jsonl, memory.tmx, manifest.json in {folder}")?;
    out.flush()?;
    Ok(Exit::Done)
}

fn check(argument: &str) -> Result<&'static str, String> {
    let names: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
    let found = CHECKS.iter().find(|check| check.name == argument).map(|check| check.name);
    found.ok_or_else(|| format!("no check is called that; there are {}", names.join(", ")))
}
