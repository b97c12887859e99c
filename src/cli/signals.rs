//! Signals that ask the program to end. The first asks the batch, which reads no more, takes away what it has staged and publishes
//! nothing; a second ends the program at once, and what it leaves behind the next run clears away. Verbs that write to stdout alone
//! have nothing to clear: they keep the habit of the system, which is to end.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use epitome::batch::Stop;
use epitome::error::Error;
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
    for signal in [SIGINT, SIGTERM] {
        register(signal, &asked).map_err(|error| Error::io("cannot listen for signals", "", error))?;
    }
    Ok(Stop::of(asked))
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
    let came = CAME.get().map_or(0, |came| came.load(Ordering::Relaxed));
    if came == SIGTERM as usize { Exit::Terminated } else { Exit::Interrupted }
}
