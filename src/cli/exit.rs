//! Exit codes, for every verb, and how a failure of the whole becomes a message and a code.

use std::io;
use std::process::ExitCode;

use epitome::batch::Report;
use epitome::error::{Error, ErrorKind};

use super::{signals, talk};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything done.
    Done = 0,
    /// Nothing published.
    Failed = 1,
    /// Arguments that do not go together.
    Usage = 2,
    /// Done, but some articles failed (or, with --strict, there were warnings).
    Partly = 3,
    /// A gate or check was missed.
    Missed = 4,
    /// Ended because the terminal went.
    HungUp = 129,
    /// Ended by an interrupt from the keyboard.
    Interrupted = 130,
    /// Ended by a request to terminate.
    Terminated = 143,
}

impl Exit {
    pub(crate) fn code(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}

/// Why a verb stopped.
pub(crate) enum Failure {
    /// An error of the library.
    Error(Error),
    /// Options that do not go together, with a way out.
    Usage(String, &'static str),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Error(error)
    }
}

impl Failure {
    /// An error of stdout.
    pub(crate) fn stdout(error: io::Error) -> Failure {
        Error::io("cannot write", "standard output", error).into()
    }

    /// Prints the message, as JSON if asked for, and gives the code. A reader that went away is no failure.
    pub(crate) fn report(self, json: bool) -> Exit {
        match self {
            Failure::Error(Error { kind: ErrorKind::Io(_, error), .. }) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
            Failure::Error(error) => {
                talk::say_error(&error, json, false);
                match error.kind {
                    ErrorKind::Usage(_) => Exit::Usage,
                    ErrorKind::Interrupted => signals::exit(),
                    _ => Exit::Failed,
                }
            }
            Failure::Usage(what, way_out) => {
                talk::say(&format!("error: {what}\n  hint: {way_out}"));
                Exit::Usage
            }
        }
    }
}

/// What failures are borne with exit code 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Tolerance {
    Articles(u64),
    Percent(f64),
}

/// The code of a batch that ran to its end.
pub(crate) fn of_report(report: &Report, strict: bool, tolerance: Option<Tolerance>) -> Exit {
    let borne = match tolerance {
        None => report.failures == 0,
        Some(Tolerance::Articles(most)) => report.failures <= most,
        Some(Tolerance::Percent(most)) => report.failures as f64 * 100.0 <= most * (report.articles + report.failures) as f64,
    };
    if borne && !(strict && report.warnings > 0) { Exit::Done } else { Exit::Partly }
}
