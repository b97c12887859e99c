//! Signals that ask the program to end. The first asks the batch, which reads no more, takes away what it has staged and publishes
//! nothing; a second ends the program at once, and what it leaves behind the next run clears away. Verbs that write to stdout alone
//! have nothing to clear: they keep the habit of the system, which is to end. The signal of a file that may not grow ends nothing: the
//! write that it comes with fails, and that is reported.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use epitome::batch::Stop;
use epitome::error::Error;
#[cfg(unix)]
use signal_hook::consts::{SIGHUP, SIGXFSZ};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::exit::{Exit, Failure};

/// The signal that came, 0 before one did.
static CAME: OnceLock<Arc<AtomicUsize>> = OnceLock::new();

/// What a shell adds to the number of a signal to make an exit code.
const SHELL: i32 = 128;

/// Listens from now on; what it gives is asked to stop by a signal.
pub(crate) fn listen() -> Result<Stop, Failure> {
    let asked = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM].into_iter().chain(hangup()) {
        register(signal, &asked).map_err(|error| Error::io("cannot listen for signals", "", error))?;
    }
    Ok(Stop::of(asked))
}

/// From now on a write past what a file may grow to (`ulimit -f`) fails, as one to a full disk does, in place of ending the program.
#[cfg(unix)]
pub(crate) fn outlive_limits() {
    // A handler that does nothing of use is enough; without one the program is where it was.
    let _ = flag::register(SIGXFSZ, Arc::default());
}

/// Other systems have no such signal.
#[cfg(not(unix))]
pub(crate) fn outlive_limits() {}

/// The signal of a terminal that goes, unless somebody (`nohup`) had it ignored, which Linux tells; elsewhere it is left as it is.
#[cfg(unix)]
fn hangup() -> Option<i32> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    is_heeded(&status, SIGHUP).then_some(SIGHUP)
}

#[cfg(not(unix))]
fn hangup() -> Option<i32> {
    None
}

/// Whether a signal is not among those that `/proc/self/status` (proc_pid_status(5)) lists as ignored.
#[cfg(unix)]
fn is_heeded(status: &str, signal: i32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask >> (signal - 1) & 1 == 0)
}

/// In this order: the first look of a second signal is whether there was one.
fn register(signal: i32, asked: &Arc<AtomicBool>) -> std::io::Result<()> {
    flag::register_conditional_shutdown(signal, SHELL + signal, asked.clone())?;
    flag::register_usize(signal, CAME.get_or_init(Arc::default).clone(), signal as usize)?;
    flag::register(signal, asked.clone())?;
    Ok(())
}

/// The exit code of the signal that came.
pub(crate) fn exit() -> Exit {
    let came = CAME.get().map_or(0, |came| came.load(Ordering::Relaxed)) as i32;
    match came {
        SIGTERM => Exit::Terminated,
        #[cfg(unix)]
        SIGHUP => Exit::HungUp,
        _ => Exit::Interrupted,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_ignored_is_read_from_a_mask() {
        let status = |mask: &str| format!("Name:\tepitome\nSigBlk:\tffffffffffffffff\nSigIgn:\t{mask}\nSigCgt:\t0000000000000001\n");
        let cases = [("0000000000001000", true), ("0000000000001001", false), ("0000000000000001", false), ("fffffffffffffffe", true)];
        cases.iter().for_each(|(mask, heeded)| assert_eq!(is_heeded(&status(mask), SIGHUP), *heeded, "{mask}"));
        assert!(!is_heeded("", SIGHUP));
    }
}
