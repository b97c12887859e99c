//! `epitome digest`: one summary of many articles, to stdout.

use std::path::PathBuf;

use epitome::batch::{self, DigestSettings, Settings};
use epitome::format::digest::{DIGESTS, DigestOutput};
use epitome::format::jsonl::FIELDS;
use epitome::summary::digest::Limit;

use super::args::{InputArgs, TextArgs, WorkArgs, keys, positive, sentences, settings};
use super::exit::{Exit, Failure, of_report};
use super::pages::stdout;
use super::talk::Talk;

/// Sentences of a digest whose length nobody says.
pub(super) const SENTENCES: u32 = 5;

/// Summarise many articles as one, each sentence with its source, to stdout
///
/// Articles in several languages have a digest each. A record with a list `docs` of texts is a digest of its own. Copies of an
/// article are counted once and named.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  epitome digest monday.jsonl --group-by section --words 150 -t markdown")]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// How to write: text, jsonl, markdown
    #[arg(short, long = "to", value_name = "FORMAT", default_value = "text", value_parser = output)]
    to: &'static DigestOutput,
    /// A digest for each value of a field, such as date, source or one of the record's own
    #[arg(long, value_name = "FIELD", value_parser = field)]
    group_by: Option<String>,
    #[command(flatten)]
    text: TextArgs,
    /// Sentences a digest [default: 5]
    #[arg(short = 'n', long, value_name = "N", value_parser = sentences, allow_negative_numbers = true, group = "budget")]
    sentences: Option<u32>,
    /// Words a digest, at most
    #[arg(long, value_name = "N", value_parser = positive, allow_negative_numbers = true, group = "budget")]
    words: Option<u32>,
    /// Characters a digest, at most
    #[arg(long, value_name = "N", value_parser = positive, allow_negative_numbers = true, group = "budget")]
    chars: Option<u32>,
    /// Bytes a digest, at most
    #[arg(long, value_name = "N", value_parser = positive, allow_negative_numbers = true, group = "budget")]
    bytes: Option<u32>,
    /// Table of document frequencies to use instead of the batch's own
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    frequencies: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let inputs = args.input.inputs(&args.work)?;
    let mut settings = settings(&args.input, &args.text, None, &args.work, Vec::new())?;
    settings.text.terms = true;
    settings.frequencies = args.frequencies.clone();
    keep(args.group_by.as_deref(), &mut settings);
    let wanted = DigestSettings { limit: args.limit(), group_by: args.group_by.clone(), output: args.to };
    let plan = batch::plan(&inputs, None)?;
    let talk = Talk::new(&args.work.talk, args.work.strict);
    let report = batch::digest(&plan, &settings, &wanted, &mut stdout()?, &talk)?;
    Ok(of_report(&report, args.work.strict, args.work.max_failures))
}

/// A field that is not every article's is read from the records.
fn keep(field: Option<&str>, settings: &mut Settings) {
    let path = field.filter(|field| !FIELDS.contains(field)).map(keys);
    settings.fields.keep.extend(path.filter(|path| !settings.fields.keep.contains(path)));
}

impl Args {
    fn limit(&self) -> Limit {
        match (self.sentences, self.words, self.chars, self.bytes) {
            (_, Some(words), ..) => Limit::Words(words),
            (_, _, Some(chars), _) => Limit::Characters(chars),
            (.., Some(bytes)) => Limit::Bytes(bytes),
            (sentences, ..) => Limit::Sentences(sentences.unwrap_or(SENTENCES)),
        }
    }
}

fn field(argument: &str) -> Result<String, String> {
    match argument {
        "" | "text" | "docs" => Err("expected a field whose values articles share, such as date, source or section".to_owned()),
        field => Ok(field.to_owned()),
    }
}

fn output(argument: &str) -> Result<&'static DigestOutput, String> {
    DIGESTS.iter().find(|output| output.name == argument).ok_or_else(|| {
        let known: Vec<&str> = DIGESTS.iter().map(|output| output.name).collect();
        format!("no output is called that; there are {}", known.join(", "))
    })
}
