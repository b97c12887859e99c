//! `epitome summarize`: summaries to stdout.

use epitome::batch;
use epitome::format::Verb;

use super::args::{InputArgs, SummaryArgs, TextArgs, WorkArgs, chosen, settings};
use super::exit::{Exit, Failure};
use super::memory::MemoryArgs;
use super::stream::stream;

/// Summarise articles, to stdout
#[derive(clap::Args)]
#[command(after_help = "Example:\n  epitome summarize article.txt -n 2")]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// How to write: text, jsonl, markdown
    #[arg(short, long = "to", value_name = "FORMAT", default_value = "text")]
    to: String,
    #[command(flatten)]
    text: TextArgs,
    #[command(flatten)]
    summary: SummaryArgs,
    /// Say why each sentence was taken or not
    ///
    /// For every sentence of the article: what became of it and why, and what its score is made of.
    #[arg(long)]
    explain: bool,
    /// Give the whole ranking, from best to worst, beside each summary
    #[arg(long, hide_short_help = true)]
    all: bool,
    #[command(flatten)]
    memory: MemoryArgs,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let outputs = chosen(Verb::Summarize, std::slice::from_ref(&args.to))?;
    let inputs = args.input.inputs(&args.work)?;
    let mut settings = settings(&args.input, &args.text, Some(&args.summary), &args.work, outputs)?;
    args.memory.limit(&mut settings)?;
    let plan = batch::plan(&inputs, None)?;
    settings.write.headers = plan.sources.len() != 1;
    settings.write.all = args.all;
    settings.explain = args.explain;
    stream(&plan, &settings, &args.work)
}
