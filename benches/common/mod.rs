//! What the benches share: synthetic batches, whether to be quick, medians, tables. It measures nothing of its own accord.

#[allow(dead_code, unused_imports, reason = "the example's own door and tests stay shut here")]
#[path = "../../examples/generate.rs"]
mod generate;

use std::io::Write;
use std::time::Duration;

/// The allocator of the binary, so that its speed is what is measured.
#[cfg(feature = "cli")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Whether this is only to show that it works: anything but `cargo bench` without `--quick`.
pub fn quick() -> bool {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| given.iter().any(|argument| argument == flag);
    !has("--bench") || has("--quick") || has("--test")
}

/// JSON Lines of a synthetic batch of at least so many bytes.
pub fn batch(lang: &str, bytes: usize) -> String {
    let generator = generate::Generator::new(lang, 1).expect("the generator knows the language");
    let mut lines = String::new();
    for n in 0.. {
        if lines.len() >= bytes {
            break;
        }
        lines.push_str(&generator.line(n));
    }
    lines
}

/// The middle one.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Prints a line.
pub fn say(line: &str) {
    writeln!(std::io::stdout().lock(), "{line}").expect("stdout takes a line");
}
