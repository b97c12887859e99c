//! The command `epitome`: one of the doors. Everything it can do is in the library; this is the way to it from a shell.

mod cli;

use std::process::ExitCode;

/// Articles make many short-lived pieces of memory in several threads: measured, a run takes an eighth less time with it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
