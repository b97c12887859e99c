//! `epitome frequencies`: count document frequencies, or add tables up.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use epitome::batch::{self, Report, Table};

use super::args::{InputArgs, TextArgs, WorkArgs, positive, settings};
use super::exit::{Exit, Failure, of_report};
use super::memory::MemoryArgs;
use super::pages::stdout;
use super::talk::Talk;

/// Count in how many articles each term occurs, or add tables up
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  epitome frequencies archive/ -o archive.tsv\n  epitome frequencies --merge may.tsv june.tsv -o both.tsv\n  epitome frequencies today/ --update rolling.tsv --at-most 50000"
)]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// The paths are tables: add them up
    #[arg(long)]
    merge: bool,
    /// Add the articles to a table, which is made if it is not there
    ///
    /// The table is that of one count over all articles that were ever added. An article that is added twice counts twice: name each
    /// day's articles once. Several may add to it at once.
    #[arg(long, value_name = "TABLE", conflicts_with_all = ["merge", "output"])]
    update: Option<PathBuf>,
    /// With --update: let old articles fade, so that a language counts no more than so many
    ///
    /// Where there are more, all counts of the language are scaled down to that number and rounded down; terms that are left with
    /// nothing go.
    #[arg(long, value_name = "N", value_parser = positive, allow_negative_numbers = true, hide_short_help = true)]
    at_most: Option<u32>,
    /// File to write [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    text: TextArgs,
    #[command(flatten)]
    memory: MemoryArgs,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    if args.at_most.is_some() && args.update.is_none() {
        return Err(Failure::Usage("--at-most says how many articles a table goes on counting".into(), "add --update TABLE"));
    }
    let inputs = args.input.inputs(&args.work)?;
    let (mut table, report) = if args.merge {
        (batch::merge(&[inputs.paths, inputs.listed].concat())?.into(), Report::default())
    } else {
        let mut settings = settings(&args.input, &args.text, None, &args.work, Vec::new())?;
        args.memory.limit(&mut settings)?;
        settings.text.terms = true;
        let plan = batch::plan(&inputs, None)?;
        let talk = Talk::new(&args.work.talk, args.work.strict);
        if let Some(table) = &args.update {
            let report = batch::update(table, args.at_most, &plan, &settings, &talk)?;
            return Ok(of_report(&report, args.work.strict, args.work.max_failures));
        }
        batch::count(&plan, &settings, &talk)?
    };
    match &args.output {
        Some(path) => write_file(&mut table, path)?,
        None => {
            let mut out = stdout()?;
            table.write(&mut out).and_then(|()| out.flush()).map_err(Failure::stdout)?;
        }
    }
    Ok(of_report(&report, args.work.strict, args.work.max_failures))
}

fn write_file(table: &mut Table, path: &Path) -> Result<(), Failure> {
    let spell = |file: &mut File| {
        let mut out = BufWriter::new(file);
        table.write(&mut out).and_then(|()| out.flush())
    };
    Ok(batch::replace_named(path, spell)?)
}
