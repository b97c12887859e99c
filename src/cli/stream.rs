//! What the verbs that write to stdout have in common: a batch, spelled to it.

use epitome::batch::{self, Plan, Settings};

use super::args::WorkArgs;
use super::exit::{Exit, Failure, of_report};
use super::pages::stdout;
use super::talk::Talk;

/// Runs a batch to stdout.
pub(crate) fn stream(plan: &Plan, settings: &Settings, work: &WorkArgs) -> Result<Exit, Failure> {
    let talk = Talk::new(&work.talk, work.strict);
    let report = batch::stream(plan, settings, &mut stdout()?, &talk)?;
    Ok(of_report(&report, work.strict, work.max_failures))
}
