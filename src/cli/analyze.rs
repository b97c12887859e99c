//! `epitome analyze`: what a batch would cost to translate, a table to stdout. Levels, counts and sums are the library's.

use std::io::Read;
use std::path::{Path, PathBuf};

use epitome::batch::{self, Analysis, open_named};
use epitome::error::{Error, ErrorKind, Place};
use epitome::format::leverage::{LEVERAGE, LeverageOutput, Manner};
use epitome::format::weights;
use epitome::lang::Lang;
use epitome::translation::leverage::{Count, PROFILES, Profile, Weights};
use epitome::translation::memory::Terms;

use super::args::{InputArgs, SummaryArgs, TextArgs, WorkArgs, lang, settings};
use super::exit::{Exit, Failure, of_report};
use super::leverage::LeverageArgs;
use super::memory::MemoryArgs;
use super::pages::stdout;
use super::talk::Talk;
use super::translators::{Kinds, all_of, locked, named};

/// Say what a batch would cost to translate: its words by what a memory has of them and by repetitions, to stdout
///
/// The same table stands beside it for the summaries alone. Repetitions go by the order in which articles are read: that of their paths.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  epitome analyze articles/ -m news.db --target-lang de\n  epitome analyze articles/ -m old.tmx --profile trados -t tsv"
)]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// How to write: text, tsv, jsonl
    #[arg(short, long = "to", value_name = "FORMAT", default_value = "text", value_parser = output)]
    to: &'static LeverageOutput,
    /// Language to translate into, where the memory has several
    #[arg(long, value_name = "TAG", value_parser = lang)]
    target_lang: Option<Lang>,
    /// Whose table it is like: epitome, trados, memoq, omegat
    ///
    /// It sets the names of rows, what makes a context, whether a number that can be put right counts as equal, what is taken off a match,
    /// and how words are counted if --count does not say.
    #[arg(long, value_name = "NAME", value_parser = profile, default_value = "epitome")]
    profile: &'static Profile,
    /// How words are counted: gmx, trados-like, whitespace, omegat [default: the profile's]
    #[arg(long, value_name = "RULE", value_parser = count)]
    count: Option<Count>,
    /// What a word costs at each level: lines such as 95-99 = 40, in percent of a new word
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Count what stood before in the batch as a repetition even where the memory has it
    #[arg(long)]
    repetitions_first: bool,
    /// Count what is like an earlier segment of the batch at that level, in a column of its own
    #[arg(long)]
    internal_fuzzies: bool,
    /// Say of each segment its level, the entry it comes from and what differs
    #[arg(long)]
    explain: bool,
    /// Kinds of paragraphs that are not to be translated: lock=byline,caption
    #[arg(long, value_name = "lock=KIND,..", value_parser = locked, hide_short_help = true)]
    kinds: Vec<Kinds>,
    #[command(flatten)]
    leverage: LeverageArgs,
    #[command(flatten)]
    text: TextArgs,
    #[command(flatten)]
    summary: SummaryArgs,
    #[command(flatten)]
    memory: MemoryArgs,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let inputs = args.input.inputs(&args.work)?;
    let mut settings = settings(&args.input, &args.text, Some(&args.summary), &args.work, Vec::new())?;
    args.memory.limit(&mut settings)?;
    let analysis = args.analysis()?;
    let plan = batch::plan(&inputs, None)?.sorted();
    let talk = Talk::new(&args.work.talk, args.work.strict);
    let report = batch::analyze(&plan, &settings, &analysis, &mut stdout()?, &talk)?;
    Ok(of_report(&report, args.work.strict, args.work.max_failures))
}

impl Args {
    fn analysis(&self) -> Result<Analysis, Failure> {
        let terms = Terms { penalties: self.profile.penalties, rule: self.profile.rule, ..Terms::default() };
        let manner = Manner {
            profile: self.profile,
            count: self.count.unwrap_or(self.profile.count),
            weights: self.weights.as_deref().map_or_else(|| Ok(Weights::default()), read_weights)?,
            repetitions_first: self.repetitions_first,
            internal: self.internal_fuzzies,
            explain: self.explain,
        };
        Ok(Analysis {
            manner,
            locked: all_of(&self.kinds),
            leverage: self.leverage.load(self.target_lang.as_ref(), terms)?,
            output: self.to,
        })
    }
}

fn read_weights(path: &Path) -> Result<Weights, Error> {
    let shown = || path.display().to_string();
    let mut bytes = Vec::new();
    open_named(path)?.read_to_end(&mut bytes).map_err(|error| Error::io("cannot read it", shown(), error))?;
    let text = String::from_utf8(bytes).map_err(|_| Error::from(ErrorKind::Weights("the file is not UTF-8".to_owned())));
    text.and_then(|text| weights::read(&text)).map_err(|error| error.at(Place::path(shown())))
}

fn profile(argument: &str) -> Result<&'static Profile, String> {
    Profile::named(argument).ok_or_else(|| {
        let known: Vec<&str> = PROFILES.iter().map(|profile| profile.name).collect();
        format!("no profile is called that; there are {}", known.join(", "))
    })
}

fn count(argument: &str) -> Result<Count, String> {
    named(argument, Count::NAMES)
}

fn output(argument: &str) -> Result<&'static LeverageOutput, String> {
    LEVERAGE.iter().find(|output| output.name == argument).ok_or_else(|| {
        let known: Vec<&str> = LEVERAGE.iter().map(|output| output.name).collect();
        format!("no output is called that; there are {}", known.join(", "))
    })
}
