//! `epitome align`: texts and their translations brought together, into memories, tables or records.

use std::path::{Path, PathBuf};

use epitome::batch::{self, Align, Destination, Inputs, MIN_SCORE, Stop, Texts};
use epitome::format::Input;
use epitome::format::aligned::{ALIGNED, AlignOutput};
use epitome::lang::Lang;

use super::args::{ReadArgs, TextArgs, WorkArgs, created, lang, share};
use super::ending::Formats;
use super::exit::{Exit, Failure, of_report};
use super::pages::stdout;
use super::signals;
use super::talk::Talk;

/// Bring texts and their translations together, sentence by sentence: a translation memory
///
/// Any pair of languages, without a dictionary: what is translated by what is learned from the texts themselves, and the more there
/// are of them the better. A memory takes what is sure enough; what it does not take goes beside it, with the reason.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  epitome align article.txt artikel.txt --target-lang de -o memory.tmx\n  epitome align en/ de/ -o aligned"
)]
pub(crate) struct Args {
    /// A text or a directory of texts, or - for standard input; without TARGET, JSON Lines of {"id", "source", "target"}
    #[arg(value_name = "SOURCE")]
    source: PathBuf,
    /// Its translation, or a directory of translations; those with the same id (name without ending) are pairs
    #[arg(value_name = "TARGET")]
    target: Option<PathBuf>,
    /// A file to write, if it ends in .tmx, .tsv, .jsonl, .beads or .txt; else a directory with a file a pair [default: stdout]
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// How to write: tmx, tsv, jsonl, beads [default: by the ending of the file, else tmx]
    #[arg(short, long = "to", value_name = "FORMAT", value_parser = output)]
    to: Option<&'static AlignOutput>,
    /// Language of translations that name none (default: detected)
    #[arg(long, value_name = "TAG", value_parser = lang)]
    target_lang: Option<Lang>,
    /// The least confidence that a memory asks for, from 0 to 1
    #[arg(long, value_name = "P", default_value_t = MIN_SCORE, value_parser = share)]
    min_score: f64,
    /// Learn from a memory (TMX) or a dictionary too (two columns with a tab between)
    #[arg(long, value_name = "FILE")]
    lexicon: Option<PathBuf>,
    #[command(flatten)]
    text: TextArgs,
    #[command(flatten)]
    read: ReadArgs,
    /// Write into a directory that holds other things
    #[arg(long, hide_short_help = true)]
    force: bool,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    if args.source == Path::new("-") && args.target.as_deref() == Some(Path::new("-")) {
        return Err(Failure::Usage("standard input is named twice".into(), "name - once"));
    }
    let directory = args.output.as_deref().filter(|path| is_directory(path));
    let file = args.output.as_deref().filter(|_| directory.is_none());
    let to = FORMATS.of(args.to, file)?;
    let mut settings = args.read.settings(&args.work);
    settings.text = args.text.options(false)?;
    let how = Align {
        target_lang: args.target_lang.clone(),
        min_score: args.min_score,
        lexicon: args.lexicon.clone(),
        output: to,
        created: created(),
        force: args.force,
    };
    let from = if args.target.is_some() { args.read.from() } else { Some(Input::Jsonl) };
    let stop = if directory.is_some() { signals::listen()? } else { Stop::default() };
    let plan = |path: &PathBuf| batch::plan(&Inputs { from, stop: stop.clone(), ..args.read.inputs(vec![path.clone()]) }, directory);
    let source = plan(&args.source)?;
    let target = args.target.as_ref().map(plan).transpose()?;
    let texts = Texts { source: &source, target: target.as_ref() };
    let talk = Talk::new(&args.work.talk, args.work.strict);
    let mut standard;
    let to = match (directory, file) {
        (Some(directory), _) => Destination::Directory(directory),
        (None, Some(file)) => Destination::File(file),
        (None, None) => {
            standard = stdout()?;
            Destination::Stream(&mut standard)
        }
    };
    let report = batch::align(&texts, &settings, &how, to, &talk)?;
    Ok(of_report(&report, args.work.strict, args.work.max_failures))
}

/// A path that is a directory, or is to be one: its ending is of no format.
fn is_directory(path: &Path) -> bool {
    let is_text = || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("txt"));
    path.is_dir() || !path.exists() && !is_text() && FORMATS.of_ending(path).is_none()
}

const FORMATS: Formats<AlignOutput> = Formats(ALIGNED, |output| output.name);

fn output(argument: &str) -> Result<&'static AlignOutput, String> {
    ALIGNED.iter().find(|output| output.name == argument).ok_or_else(|| {
        let known: Vec<&str> = ALIGNED.iter().map(|output| output.name).collect();
        format!("no output is called that; there are {}", known.join(", "))
    })
}
