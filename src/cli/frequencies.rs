//! `epitome frequencies`: count document frequencies, or add tables up.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

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
        None => frequencies::write(&table, &mut stdout()?).map_err(Failure::stdout)?,
    }
    Ok(of_report(&report, args.work.strict, args.work.max_failures))
}

/// Writes beside the target and renames, so that a table is whole or not there; what is no regular file (a pipe, a device) is
/// written to as it is.
fn write_file(table: &DocumentFrequencies, path: &Path) -> Result<(), Failure> {
    let failed = |error| Failure::from(Error::io("cannot write", path.display().to_string(), error));
    let spell = |file: &mut File| {
        let mut out = BufWriter::new(file);
        frequencies::write(table, &mut out).and_then(|()| out.flush())
    };
    if fs::metadata(path).is_ok_and(|meta| !meta.is_file()) {
        return OpenOptions::new().write(true).open(path).and_then(|mut file| spell(&mut file)).map_err(failed);
    }
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::metadata(folder).map_err(failed)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    spell(file.as_file_mut()).and_then(|()| file.as_file().sync_data()).map_err(failed)?;
    file.persist(&target).map_err(|error| failed(error.error))?;
    Ok(())
}
