//! The command line: arguments, messages, bars and exit codes, a verb a file. It computes nothing: arguments become a plan and
//! settings for `epitome::batch`, purely, and bad combinations die before any file is touched.

mod align;
mod analyze;
mod args;
mod check;
mod closed;
mod cost;
mod digest;
mod ending;
mod eval;
mod exit;
mod focus;
mod frequencies;
mod leverage;
mod listings;
mod memories;
mod memory;
mod merge;
mod pages;
mod run;
mod segment;
mod signals;
mod size;
mod stream;
mod summarize;
mod talk;
mod tame;
mod translate;
mod translators;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::{Exit, Failure};

#[derive(Parser)]
#[command(
    name = "epitome",
    version,
    about = "Summarise articles by their own best sentences and cut them into segments for translators",
    after_help = "Example:\n  epitome run articles/ -o out        summaries, segments and a manifest in out/",
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// The main job: articles in, summaries, segments and a manifest in a directory
    Run(run::Args),
    /// Summaries to stdout
    Summarize(summarize::Args),
    /// One summary of many articles to stdout
    Digest(digest::Args),
    /// Translations back: translated articles, summaries and a memory in a directory
    Merge(merge::Args),
    /// Bring texts and their translations together, sentence by sentence: a translation memory
    Align(align::Args),
    /// Keep translations: a memory in a file, filled from TMX, XLIFF and tables
    Memory(memories::Args),
    /// What a batch would cost to translate, by what a memory has and by repetitions
    Analyze(analyze::Args),
    /// Sentences to stdout
    Segment(segment::Args),
    /// Count document frequencies, or add tables up
    Frequencies(frequencies::Args),
    /// Score against gold made by people
    Eval(eval::Args),
    /// Are these XLIFF, TMX and SRX files sound? Line and cause
    Check(check::Args),
    /// List the ranking methods and their papers
    Methods(listings::Args),
    /// List the languages and what is known of each
    Languages(listings::Args),
    /// Print a completion script for a shell
    Completions(pages::Completions),
    /// Print a manual page
    Man(pages::Man),
}

impl Verb {
    fn run(&self) -> Result<Exit, Failure> {
        match self {
            Verb::Run(args) => run::run(args),
            Verb::Summarize(args) => summarize::run(args),
            Verb::Digest(args) => digest::run(args),
            Verb::Merge(args) => merge::run(args),
            Verb::Align(args) => align::run(args),
            Verb::Memory(args) => memories::run(args),
            Verb::Analyze(args) => analyze::run(args),
            Verb::Segment(args) => segment::run(args),
            Verb::Frequencies(args) => frequencies::run(args),
            Verb::Eval(args) => eval::run(args),
            Verb::Check(args) => check::run(args),
            Verb::Methods(args) => listings::methods(args),
            Verb::Languages(args) => listings::languages(args),
            Verb::Completions(args) => pages::completions(args),
            Verb::Man(args) => pages::man(args),
        }
    }

    /// Whether messages are wanted as JSON.
    fn json(&self) -> bool {
        match self {
            Verb::Run(args) => args.work.talk.json,
            Verb::Summarize(args) => args.work.talk.json,
            Verb::Digest(args) => args.work.talk.json,
            Verb::Merge(args) => args.work.talk.json,
            Verb::Align(args) => args.work.talk.json,
            Verb::Memory(args) => args.json(),
            Verb::Analyze(args) => args.work.talk.json,
            Verb::Segment(args) => args.work.talk.json,
            Verb::Frequencies(args) => args.work.talk.json,
            Verb::Eval(args) => args.json(),
            Verb::Check(args) => args.json,
            _ => false,
        }
    }
}

/// Parses, runs, says what went wrong in a line, and gives the exit code.
pub(crate) fn main() -> ExitCode {
    keep_caught_panics_quiet();
    signals::outlive_limits();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let json = cli.verb.json();
    cli.verb.run().unwrap_or_else(|failure| failure.report(json)).code()
}

/// Prints what clap has to say: help to stdout, errors to stderr.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr()
        && let Err(failure) = pages::stdout()
    {
        return failure.report(false).code();
    }
    let written = error.print();
    match (error.use_stderr(), written) {
        (true, _) => Exit::Usage.code(),
        (false, Err(error)) if error.kind() != std::io::ErrorKind::BrokenPipe => Exit::Failed.code(),
        (false, _) => Exit::Done.code(),
    }
}

/// A panic inside an article is caught, reported and counted by the batch; the default hook would print it a second time.
fn keep_caught_panics_quiet() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let main = std::thread::current().name() == Some("main");
        if main || std::env::var_os("RUST_BACKTRACE").is_some() {
            default(info);
        }
    }));
}
