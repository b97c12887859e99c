//! What summaries should hold, or should not: the options that adjust any method. A query is read from its file here, and
//! patterns are made, so that their faults end the run before any article is read.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use regex::Regex;

use epitome::batch::open_named;
use epitome::error::Error;
use epitome::summary::Focus;
use epitome::text::token::Words;

use super::exit::Failure;

/// What summaries should hold.
#[derive(Args, Clone, Debug)]
pub(crate) struct FocusArgs {
    /// Prefer sentences with these words
    ///
    /// Words are stemmed and stop words left out by the language of each article. What answers the query comes first; what answers
    /// it equally well, or not at all, keeps the order of the method.
    #[arg(long, value_name = "WORDS", hide_short_help = true)]
    query: Option<String>,
    /// The same, with the words in a file
    #[arg(long, value_name = "FILE", conflicts_with = "query", hide_short_help = true)]
    query_file: Option<PathBuf>,
    /// Take the first sentence first, if the budget allows
    #[arg(long, hide_short_help = true)]
    include_lead: bool,
    /// Never take sentences that match, unless there are no others (repeatable)
    ///
    /// Patterns are those of the regex crate and may match anywhere in a sentence; (?i) at the start makes capitals equal.
    #[arg(long, value_name = "REGEX", value_parser = pattern, hide_short_help = true)]
    exclude_pattern: Vec<Regex>,
}

impl FocusArgs {
    /// What they ask for.
    pub(crate) fn focus(&self) -> Result<Focus, Failure> {
        let from_file = self.query_file.as_deref().map(read).transpose()?;
        let query = self.query.clone().or(from_file);
        if query.as_deref().is_some_and(|query| Words::of(query) == Words::default()) {
            return Err(Failure::Usage(
                "the query holds no word".into(),
                "name what summaries should be about, such as --query \"fuel prices\"",
            ));
        }
        Ok(Focus { query, include_lead: self.include_lead, exclude: self.exclude_pattern.clone() })
    }
}

/// The text of a query's file.
fn read(path: &Path) -> Result<String, Error> {
    let mut text = String::new();
    let read = open_named(path)?.read_to_string(&mut text);
    read.map_err(|error| Error::io("cannot read it as UTF-8", path.display().to_string(), error))?;
    Ok(text)
}

fn pattern(argument: &str) -> Result<Regex, String> {
    Regex::new(argument).map_err(|error| {
        let told = error.to_string();
        let cause = told.lines().rev().find_map(|line| line.strip_prefix("error: ")).unwrap_or(&told);
        format!("no regular expression: {cause}")
    })
}
