//! `--translate-words` of `run`: how much of a batch is translated, the best of it. What is best is the business of the library.

use epitome::batch::{Most, Settings, Translate};
use epitome::format::Output;
use epitome::format::bitext::Scope;
use epitome::translation::budget::Whole;

use super::exit::Failure;
use super::translators::named;

/// A budget for translation.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct TranslateArgs {
    /// Send out the best of the batch, up to so many words or a share of them: 5000, 10%
    ///
    /// Titles go first, then leads, then what carries most of its article's weight for its words; no sentence goes out without its title and
    /// its lead. What has the same words as another goes once. Where a memory is named with -m, a word that it has costs what its level
    /// does. Articles that nothing is sent of have no file.
    /// What the words cover is told in `coverage.tsv`, an article a row, and `coverage.json`, with other budgets and with what no choice
    /// could exceed.
    #[arg(long, value_name = "N|P%", value_parser = most, allow_hyphen_values = true, conflicts_with = "scope")]
    translate_words: Option<Most>,
    /// With --translate-words: what is sent whole or not at all, sentence or paragraph [default: sentence]
    #[arg(long, value_name = "WHAT", value_parser = whole, requires = "translate_words", hide_short_help = true)]
    translate_whole: Option<Whole>,
}

impl TranslateArgs {
    /// The settings with the budget, if one was given.
    pub(crate) fn set(&self, settings: &mut Settings, outputs: &[&'static Output]) -> Result<(), Failure> {
        let Some(most) = self.translate_words else { return Ok(()) };
        if !outputs.iter().any(|output| matches!(output.name, "xliff" | "moses")) {
            return Err(Failure::Usage(
                "--translate-words shapes nothing that is written".into(),
                "add xliff to -t, or leave -t out and give --target-lang",
            ));
        }
        if settings.incremental.is_some() {
            return Err(Failure::Usage(
                "--translate-words chooses from the whole batch, so that nothing of an earlier run can be taken over".into(),
                "leave out --incremental",
            ));
        }
        settings.bitext.scope = Scope::Budget;
        settings.translate = Some(Translate { most, whole: self.translate_whole.unwrap_or_default() });
        Ok(())
    }
}

/// The budget on a line.
pub(crate) fn shown(translate: &Translate) -> String {
    let whole = translate.whole.name();
    match translate.most {
        Most::Words(words) => format!("the best {words} words, whole {whole}s"),
        Most::Share(share) => format!("the best {} % of the words, whole {whole}s", share * 100.0),
    }
}

fn most(argument: &str) -> Result<Most, String> {
    let found = match argument.strip_suffix('%') {
        Some(percent) => {
            percent.parse().ok().filter(|percent| *percent > 0.0 && *percent <= 100.0).map(|percent: f64| Most::Share(percent / 100.0))
        }
        None => argument.parse().ok().filter(|words| *words > 0).map(Most::Words),
    };
    found.ok_or_else(|| "expected a number of words from 1 or a percentage above 0, such as 5000 or 10%".to_owned())
}

fn whole(argument: &str) -> Result<Whole, String> {
    named(argument, &Whole::NAMES)
}
