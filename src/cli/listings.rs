//! `epitome methods` and `epitome languages`: what there is, from the library's own tables.

use std::io::Write;

use epitome::summary::rank::METHODS;
use epitome::text::language::LANGUAGES;

use super::exit::{Exit, Failure};
use super::pages::stdout;

/// List what there is
#[derive(clap::Args)]
#[command(after_help = "Example:\n  epitome methods --json\n  epitome languages")]
pub(crate) struct Args {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

pub(crate) fn methods(args: &Args) -> Result<Exit, Failure> {
    let mut out = stdout()?;
    for (index, method) in METHODS.iter().enumerate() {
        let written = if args.json {
            writeln!(
                out,
                "{}",
                serde_json::json!({"name": method.name, "default": index == 0, "about": method.about, "paper": method.paper})
            )
        } else {
            writeln!(out, "{:10} {}\n{:10} {}", method.name, method.about, "", method.paper)
        };
        written.map_err(Failure::stdout)?;
    }
    out.flush().map_err(Failure::stdout)?;
    Ok(Exit::Done)
}

pub(crate) fn languages(args: &Args) -> Result<Exit, Failure> {
    let mut out = stdout()?;
    if !args.json {
        writeln!(out, "{:5} {:14} {:10} {:>10} {:>14}", "code", "language", "stemmer", "stop words", "abbreviations")
            .map_err(Failure::stdout)?;
    }
    for language in &LANGUAGES {
        let data = language.data();
        let (stemmer, stop, abbreviations) =
            (if language.stemmer.is_some() { "Snowball" } else { "-" }, data.stop_words().count(), data.abbreviations());
        let written = if args.json {
            writeln!(
                out,
                "{}",
                serde_json::json!({"code": language.code, "name": language.name, "stemmer": language.stemmer.is_some(), "stop_words": stop, "abbreviations": abbreviations})
            )
        } else {
            writeln!(out, "{:5} {:14} {:10} {:>10} {:>14}", language.code, language.name, stemmer, stop, abbreviations)
        };
        written.map_err(Failure::stdout)?;
    }
    out.flush().map_err(Failure::stdout)?;
    Ok(Exit::Done)
}
