//! `epitome segment`: sentences to stdout.

use epitome::batch;
use epitome::format::Verb;

use super::args::{InputArgs, TextArgs, WorkArgs, chosen, settings, spreadsheet_safe};
use super::exit::{Exit, Failure};
use super::memory::MemoryArgs;
use super::stream::stream;

/// Cut articles into sentences, to stdout
#[derive(clap::Args)]
#[command(after_help = "Example:\n  epitome segment article.txt -t tsv > article.tsv")]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// How to write: text (a sentence a line), tsv, jsonl
    #[arg(short, long = "to", value_name = "FORMAT", default_value = "text")]
    to: String,
    /// Make tsv safe from spreadsheets: no cell is a formula, nor loses its quotation marks
    #[arg(long, hide_short_help = true)]
    spreadsheet_safe: bool,
    #[command(flatten)]
    text: TextArgs,
    #[command(flatten)]
    memory: MemoryArgs,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let outputs = chosen(Verb::Segment, std::slice::from_ref(&args.to))?;
    let inputs = args.input.inputs(&args.work)?;
    let safe = spreadsheet_safe(args.spreadsheet_safe, &outputs, "tsv")?;
    let mut settings = settings(&args.input, &args.text, None, &args.work, outputs)?;
    args.memory.limit(&mut settings)?;
    settings.write.spreadsheet_safe = safe;
    let plan = batch::plan(&inputs, None)?;
    stream(&plan, &settings, &args.work)
}
