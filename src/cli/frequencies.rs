//! `epitome frequencies`: count document frequencies, or add tables up.

use std::io::Write;
use std::path::PathBuf;

use epitome::batch::{self, Report};
use epitome::error::Error;
use epitome::format::frequencies;
use epitome::summary::frequency::DocumentFrequencies;

use super::args::{InputArgs, TextArgs, WorkArgs, settings};
use super::exit::{Exit, Failure, of_report};
use super::pages::stdout;
use super::talk::Talk;

/// Count in how many articles each term occurs, or add tables up
#[derive(clap::Args)]
#[command(after_help = concat!(
    "Example:\n  epitome frequencies archive/ -o archive.tsv\n  epitome frequencies --merge may.tsv june.tsv -o both.tsv\n\n", "Every option: --help"
))]
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
    work: WorkArgs,
}

pub(crate) fn run(args: Args) -> Result<Exit, Failure> {
    let json = args.work.talk.json;
    work(args).map_err(|failure| failure.spelled(json))
}

fn work(args: Args) -> Result<Exit, Failure> {
    let inputs = args.input.inputs()?;
    let (table, report) = if args.merge {
        (batch::merge(&inputs.paths)?, Report::default())
    } else {
        let mut settings = settings(&args.input, &args.text, None, &args.work, Vec::new());
        settings.text.terms = true;
        let plan = batch::plan(&inputs, None)?;
        batch::count(&plan, &settings, &Talk::new(&args.work.talk))?
    };
    match &args.output {
        Some(path) => write_file(&table, path)?,
        None => frequencies::write(&table, &mut stdout()?).map_err(Failure::stdout)?,
    }
    Ok(of_report(&report, args.work.strict, args.work.max_failures))
}

/// Writes beside the target and renames, so that a table is whole or not there.
fn write_file(table: &DocumentFrequencies, path: &std::path::Path) -> Result<(), Failure> {
    let failed = |error| Failure::from(Error::io("cannot write", path.display().to_string(), error));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(std::path::Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let mut out = std::io::BufWriter::new(&mut file);
    frequencies::write(table, &mut out).and_then(|()| out.flush()).map_err(failed)?;
    drop(out);
    file.as_file().sync_data().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
