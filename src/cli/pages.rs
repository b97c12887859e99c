//! `epitome completions` and `epitome man`, made from the command line's own definition; and the door to stdout.

use std::io::{self, BufWriter, IsTerminal, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use super::exit::{Exit, Failure};
use super::tame::Tame;
use super::{Cli, closed};

/// Print a completion script for a shell
#[derive(clap::Args)]
#[command(after_help = "Example:\n  epitome completions bash > ~/.local/share/bash-completion/completions/epitome")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// Print a manual page
#[derive(clap::Args)]
#[command(after_help = "Example:\n  epitome man > epitome.1\n  epitome man run | man -l -")]
pub(crate) struct Man {
    /// The verb, and what of it, such as eval boundaries [default: the tool as a whole]
    verb: Vec<String>,
}

pub(crate) fn completions(args: &Completions) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "epitome", &mut script);
    print(&script)
}

pub(crate) fn man(args: &Man) -> Result<Exit, Failure> {
    let mut command = Cli::command();
    command.build();
    for verb in &args.verb {
        command = match command.find_subcommand(verb) {
            Some(found) => found.clone().version(env!("CARGO_PKG_VERSION")),
            None => return Err(Failure::Usage(format!("no verb is called {verb:?}"), "`epitome --help` lists them")),
        };
    }
    // A page has room for every option.
    let command = command.mut_args(|arg| arg.hide_short_help(false));
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).map_err(Failure::stdout)?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<Exit, Failure> {
    let mut out = stdout()?;
    out.write_all(bytes).and_then(|()| out.flush()).map_err(Failure::stdout)?;
    Ok(Exit::Done)
}

/// Stdout, buffered; an error if it was closed before the process started. What goes to a terminal cannot control it; files and
/// pipes get every byte as it is.
pub(crate) fn stdout() -> Result<BufWriter<Box<dyn Write + Send>>, Failure> {
    if closed::stdout_is_closed() {
        return Err(Failure::stdout(io::Error::new(io::ErrorKind::NotConnected, "it is closed")));
    }
    let out = io::stdout();
    let door: Box<dyn Write + Send> = if out.is_terminal() { Box::new(Tame::new(out)) } else { Box::new(out) };
    Ok(BufWriter::with_capacity(1 << 16, door))
}
