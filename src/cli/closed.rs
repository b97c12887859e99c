//! Whether stdout was closed when the process started. The standard library opens `/dev/null` in its place before `main`, so
//! that output would be lost in silence; hence the look from a constructor, before anything else runs.

use std::sync::atomic::{AtomicBool, Ordering};

static CLOSED: AtomicBool = AtomicBool::new(false);

/// Runs before `main`: only asks the kernel for the descriptor's flags.
#[cfg(unix)]
#[ctor::ctor(unsafe)]
fn look() {
    CLOSED.store(rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err(), Ordering::Relaxed);
}

/// Whether nobody can read what is written to stdout.
pub(crate) fn stdout_is_closed() -> bool {
    CLOSED.load(Ordering::Relaxed)
}
