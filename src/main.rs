//! The command `epitome`: one of the doors. Everything it can do is in the library; this is the way to it from a shell.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
