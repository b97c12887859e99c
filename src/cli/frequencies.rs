//! `epitome frequencies`: count document frequencies, or add tables up.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use epitome::batch::{self, Report};
use epitome::format::frequencies;
use epitome::summary::frequency::DocumentFrequencies;

use super::args::{InputArgs, TextArgs, WorkArgs, settings};
use super::exit::{Exit, Failure, of_report};
use super::pages::stdout;
use super::talk::Talk;

/// Count in how many articles each term occurs, or add tables up
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  epitome frequencies archive/ -o archive.tsv\n  epitome frequencies --merge may.tsv june.tsv -o both.tsv"
)]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// The paths are tables: add them up
    #[arg(long)]
    merge: bool,
    /// File to write [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    text: TextArgs,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let inputs = args.input.inputs()?;
    let (table, report) = if args.merge {
        (batch::merge(&inputs.paths)?, Report::default())
    } else {
        let mut settings = settings(&args.input, &args.text, None, &args.work, Vec::new())?;
        settings.text.terms = true;
        let plan = batch::plan(&inputs, None)?;
        batch::count(&plan, &settings, &Talk::new(&args.work.talk, args.work.strict))?
    };
    match &args.output {
        Some(path) => write_file(&table, path)?,
        None => {
            let mut out = stdout()?;
            frequencies::write(&table, &mut out).and_then(|()| out.flush()).map_err(Failure::stdout)?;
        }
    }
    Ok(of_report(&report, args.work.strict, args.work.max_failures))
}

fn write_file(table: &DocumentFrequencies, path: &Path) -> Result<(), Failure> {
    let spell = |file: &mut File| {
        let mut out = BufWriter::new(file);
        frequencies::write(table, &mut out).and_then(|()| out.flush())
    };
    Ok(batch::replace_named(path, spell)?)
}
