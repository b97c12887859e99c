//! `epitome memory`: translations in a file, taken in, given out, counted and taken out, a subcommand each. What a memory is, `batch` knows.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use epitome::batch::{self, Filter, Import, Imported, Info};
use epitome::error::{Error, ErrorKind, Place, escaped};
use epitome::format::memory::{MEMORY, MemoryOutput};
use epitome::lang::Lang;

use super::args::{TalkArgs, created, lang};
use super::ending::Formats;
use super::exit::{Exit, Failure};
use super::pages::stdout;
use super::talk::{Talk, say_error, taken};

/// Keep translations: a memory in a file, filled from TMX, XLIFF and tables
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  epitome memory import old.tmx translated/memory.tmx -m news.db\n  epitome memory export -m news.db --target-lang de -o german.tmx",
    arg_required_else_help = true
)]
pub(crate) struct Args {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Subcommand)]
enum Deed {
    /// Take files into a memory, which is made if it is not there
    Import(ImportArgs),
    /// Give entries out as they came, in the order in which they came
    Export(ExportArgs),
    /// Say what is in a memory, and whether its file is sound
    Info(InfoArgs),
    /// Take entries out
    Remove(RemoveArgs),
}

/// Take files into a memory, which is made if it is not there
///
/// Entries that are there already are counted and change nothing, unless they have a newer date; a newer translation of a segment replaces
/// the older. A file that breaks off gives nothing; a run that is killed leaves the memory as it was.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  epitome memory import old.tmx back.xlf glossary.tsv -m news.db --target-lang de")]
struct ImportArgs {
    /// TMX, XLIFF, tables with columns source and target, what export -t jsonl wrote, also as gzip or zstd; directories of TMX and XLIFF; - for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The memory
    #[arg(short, long, value_name = "FILE")]
    memory: PathBuf,
    /// Take sources in this language only; it is that of files that name none
    #[arg(long, value_name = "TAG", value_parser = lang)]
    source_lang: Option<Lang>,
    /// Take targets in this language only; it is that of files that name none
    #[arg(long, value_name = "TAG", value_parser = lang)]
    target_lang: Option<Lang>,
    /// Broken entries count as failures: exit code 3
    #[arg(long, hide_short_help = true)]
    strict: bool,
    #[command(flatten)]
    talk: TalkArgs,
}

/// Give entries out as they came, in the order in which they came
#[derive(clap::Args)]
#[command(after_help = "Example:\n  epitome memory export -m news.db --source-lang en --target-lang de -o german.tmx")]
struct ExportArgs {
    /// The memory
    #[arg(short, long, value_name = "FILE")]
    memory: PathBuf,
    /// How to write: tmx, tsv, jsonl [default: by the ending of the file, else tmx]
    #[arg(short, long = "to", value_name = "FORMAT", value_parser = output)]
    to: Option<&'static MemoryOutput>,
    /// File to write [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    which: LangArgs,
}

#[derive(clap::Args)]
struct LangArgs {
    /// Sources in this language: en is every English, en-US that one
    #[arg(long, value_name = "TAG", value_parser = lang)]
    source_lang: Option<Lang>,
    /// Targets in this language
    #[arg(long, value_name = "TAG", value_parser = lang)]
    target_lang: Option<Lang>,
}

/// Say what is in a memory, and whether its file is sound: exit code 4 if it is not
#[derive(clap::Args)]
#[command(after_help = "Example:\n  epitome memory info -m news.db")]
struct InfoArgs {
    /// The memory
    #[arg(short, long, value_name = "FILE")]
    memory: PathBuf,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Take entries out of a memory: those for which all that is named holds
#[derive(clap::Args)]
#[command(after_help = "Example:\n  epitome memory remove -m news.db --origin align --dry-run")]
struct RemoveArgs {
    /// The memory
    #[arg(short, long, value_name = "FILE")]
    memory: PathBuf,
    /// Entries of this article
    #[arg(long, value_name = "ID")]
    document: Option<String>,
    /// Entries that came about in this way, such as merge, align, import
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,
    /// The entry of this id (tuid)
    #[arg(long, value_name = "TUID")]
    id: Option<String>,
    #[command(flatten)]
    which: LangArgs,
    /// Say how many there are and take out none
    #[arg(long)]
    dry_run: bool,
}

impl Args {
    /// Whether messages are wanted as JSON.
    pub(crate) fn json(&self) -> bool {
        match &self.deed {
            Deed::Import(args) => args.talk.json,
            Deed::Info(args) => args.json,
            _ => false,
        }
    }
}

impl LangArgs {
    fn filter(&self) -> Filter {
        Filter { source_lang: self.source_lang.clone(), target_lang: self.target_lang.clone(), ..Filter::default() }
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.deed {
        Deed::Import(args) => import(args),
        Deed::Export(args) => export(args),
        Deed::Info(args) => info(args),
        Deed::Remove(args) => remove(args),
    }
}

fn import(args: &ImportArgs) -> Result<Exit, Failure> {
    if args.files.iter().filter(|path| path.as_os_str() == "-").count() > 1 {
        return Err(Failure::Usage("standard input is named twice".into(), "name - once"));
    }
    let how = Import { source_lang: args.source_lang.clone(), target_lang: args.target_lang.clone(), ..Import::default() };
    let talk = Talk::new(&args.talk, args.strict);
    let (done, failures) = batch::import(&args.files, &args.memory, &how, &talk)?;
    if !args.talk.quiet {
        let mut out = stdout()?;
        let shown = |file: &Imported| if args.talk.json { record(file) } else { line(file, args.talk.verbose) };
        let mut written = done.iter().map(shown).try_for_each(|line| writeln!(out, "{line}"));
        written = written.and_then(|()| out.flush());
        written.map_err(Failure::stdout)?;
    }
    let broken = args.strict && done.iter().any(|file| file.broken > 0);
    Ok(if failures > 0 || broken { Exit::Partly } else { Exit::Done })
}

/// What became of a file, in a line.
fn line(file: &Imported, verbose: bool) -> String {
    let mut line = format!("{}: {}", escaped(&file.path), taken(file));
    let others = [
        (file.broken, if verbose { "broken" } else { "broken (-v shows them)" }),
        (file.elsewhere, "in other languages"),
        (file.near, "in a near language"),
        (file.codes, if file.codes == 1 { "inline code left out" } else { "inline codes left out" }),
    ];
    others.iter().filter(|(count, _)| *count > 0).for_each(|(count, what)| line += &format!(", {count} {what}"));
    line
}

fn record(file: &Imported) -> String {
    json!({
        "path": file.path, "new": file.new, "known": file.known, "renewed": file.renewed, "replaced": file.replaced,
        "older": file.older, "broken": file.broken, "elsewhere": file.elsewhere, "near": file.near, "codes": file.codes,
    })
    .to_string()
}

fn export(args: &ExportArgs) -> Result<Exit, Failure> {
    let filter = args.which.filter();
    let to = Formats(MEMORY, |output: &MemoryOutput| output.name).of(args.to, args.output.as_deref())?;
    let write = |out: &mut dyn Write| batch::export(&args.memory, &filter, to, created(), out);
    match &args.output {
        None => {
            let mut out = stdout()?;
            write(&mut out).map_err(|error| error.at(Place::path("standard output")))?;
        }
        Some(path) if batch::is_one_file(path, &args.memory) => {
            let what = format!("{} is the memory itself", path.display());
            return Err(Failure::Usage(what, "name another file with -o"));
        }
        Some(path) => to_file(path, write)?,
    }
    Ok(Exit::Done)
}

/// Writes a file that is put into place when it is whole.
fn to_file(path: &Path, write: impl Fn(&mut dyn Write) -> Result<u64, Error>) -> Result<(), Failure> {
    let mut failed = None;
    let placed = batch::replace_named(path, |file| {
        write(file).map(|_| ()).map_err(|error| {
            failed = Some(error);
            io::Error::other("not written")
        })
    });
    match (failed, placed) {
        (Some(error), _) => Err(error.at(Place::path(path.display().to_string())).into()),
        (None, placed) => Ok(placed?),
    }
}

fn info(args: &InfoArgs) -> Result<Exit, Failure> {
    let info = match batch::memory_info(&args.memory) {
        // What is too broken to be counted has missed the check as well.
        Err(error) if matches!(error.kind, ErrorKind::DamagedMemory(_)) => {
            say_error(&error, args.json, false);
            return Ok(Exit::Missed);
        }
        info => info?,
    };
    let mut out = stdout()?;
    let written = if args.json { writeln!(out, "{}", info_record(&info)) } else { print(&info, &mut out) };
    written.and_then(|()| out.flush()).map_err(Failure::stdout)?;
    Ok(if info.faults.is_empty() { Exit::Done } else { Exit::Missed })
}

fn print(info: &Info, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "entries    {}", info.entries)?;
    writeln!(out, "documents  {}", info.documents)?;
    writeln!(out, "bytes      {}", info.bytes)?;
    writeln!(out, "schema     {}", info.schema)?;
    writeln!(out, "integrity  {}", if info.faults.is_empty() { "ok" } else { "damaged" })?;
    info.faults.iter().try_for_each(|fault| writeln!(out, "  {}", escaped(fault)))?;
    info.pairs
        .iter()
        .try_for_each(|(source, target, count)| writeln!(out, "languages  {} {} {count}", escaped(source), escaped(target)))?;
    let named = |origin: &str| if origin.is_empty() { "-".to_owned() } else { escaped(origin) };
    info.origins.iter().try_for_each(|(origin, count)| writeln!(out, "origin     {} {count}", named(origin)))
}

fn info_record(info: &Info) -> serde_json::Value {
    let pair = |(source, target, count): &(String, String, u64)| json!({ "source_lang": source, "target_lang": target, "entries": count });
    json!({
        "entries": info.entries, "documents": info.documents, "bytes": info.bytes, "schema": info.schema, "integrity": info.faults.is_empty(),
        "faults": info.faults, "languages": info.pairs.iter().map(pair).collect::<Vec<_>>(),
        "origins": info.origins.iter().map(|(origin, count)| json!({ "origin": origin, "entries": count })).collect::<Vec<_>>(),
    })
}

fn remove(args: &RemoveArgs) -> Result<Exit, Failure> {
    let filter = Filter { document: args.document.clone(), origin: args.origin.clone(), id: args.id.clone(), ..args.which.filter() };
    if filter == Filter::default() {
        return Err(Failure::Usage(
            "nothing says which entries to take out".into(),
            "name --document, --origin, --id, --source-lang or --target-lang; to take out all, delete the file",
        ));
    }
    let count = batch::remove(&args.memory, &filter, args.dry_run)?;
    let mut out = stdout()?;
    let done = if args.dry_run { "would be taken out" } else { "taken out" };
    let noun = if count == 1 { "entry" } else { "entries" };
    writeln!(out, "{count} {noun} {done}").and_then(|()| out.flush()).map_err(Failure::stdout)?;
    Ok(Exit::Done)
}

fn output(argument: &str) -> Result<&'static MemoryOutput, String> {
    MEMORY.iter().find(|output| output.name == argument).ok_or_else(|| {
        let known: Vec<&str> = MEMORY.iter().map(|output| output.name).collect();
        format!("no output is called that; there are {}", known.join(", "))
    })
}
