//! Reading what may have nothing to read for a long time (standard input, pipes) without being deaf meanwhile: before each read it
//! is waited for in short turns, between which the batch may be asked to end. What is read is not this file's business.

use std::fs::File;
use std::io::{self, Read};

use super::limits::Stop;

/// How long is waited before the next look at whether to stop, in nanoseconds.
#[cfg(unix)]
const TURN: i64 = 50_000_000;

/// A pipe or the like.
pub fn pipe(file: File, stop: Stop) -> Box<dyn Read + Send> {
    Box::new(Patient { file, stop })
}

/// Standard input, without the buffer that the standard library puts before it.
#[cfg(unix)]
pub fn stdin(stop: Stop) -> Box<dyn Read + Send> {
    use std::os::fd::AsFd;
    match io::stdin().as_fd().try_clone_to_owned() {
        Ok(owned) => pipe(owned.into(), stop),
        Err(_) => Box::new(io::stdin()),
    }
}

/// Standard input, which is waited for as it is.
#[cfg(not(unix))]
pub fn stdin(_stop: Stop) -> Box<dyn Read + Send> {
    Box::new(io::stdin())
}

struct Patient {
    file: File,
    stop: Stop,
}

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.wait()?;
        self.file.read(buffer)
    }
}

impl Patient {
    /// Waits until there is something to read, or the end.
    #[cfg(unix)]
    fn wait(&self) -> io::Result<()> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        loop {
            if self.stop.is_asked() {
                return Err(io::Error::other("interrupted"));
            }
            let mut asked = [PollFd::new(&self.file, PollFlags::IN)];
            match poll(&mut asked, Some(&Timespec { tv_sec: 0, tv_nsec: TURN })) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    #[cfg(not(unix))]
    fn wait(&self) -> io::Result<()> {
        if self.stop.is_asked() { Err(io::Error::other("interrupted")) } else { Ok(()) }
    }
}
