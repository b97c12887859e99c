//! `--memory-limit`: how much memory a batch may take. How it is shared out is the business of the library.

use clap::Args;

use epitome::batch::{Memory, Settings};

use super::exit::Failure;
use super::size::{Size, size};

/// How much memory a batch may take.
#[derive(Args, Clone, Debug)]
pub(crate) struct MemoryArgs {
    /// Memory to keep things in between passes; past it, temporary files [default: 512M, at least 16M]
    ///
    /// What every thread needs for the articles at hand comes on top, at most 64M a thread. Outputs are the same whatever the limit.
    /// Temporary files lie in TMPDIR and are gone when the run ends, however it ends.
    #[arg(long, value_name = "SIZE", value_parser = size, hide_short_help = true)]
    memory_limit: Option<Size>,
}

impl MemoryArgs {
    /// The settings with the limit, if one was given.
    pub(crate) fn limit(&self, settings: &mut Settings) -> Result<(), Failure> {
        if let Some(limit) = self.memory_limit {
            settings.memory = Memory::limited(limit.0).map_err(|_| {
                let least = Size(Memory::LEAST);
                Failure::Usage(
                    format!("--memory-limit {limit} is less than the smallest that works, {least}"),
                    "leave it out for the usual 512M",
                )
            })?;
        }
        Ok(())
    }
}
