//! What a command costs: wall time, CPU time of all its threads, memory at its peak. CPU and memory are read from /proc, where there
//! is one; elsewhere they are not told.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// What one run of a command took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    pub wall: Duration,
    pub cpu: Option<Duration>,
    /// Bytes.
    pub peak: Option<u64>,
}

/// How often memory is looked at: its peak never falls, so the last look before the end counts.
const LOOK: Duration = Duration::from_millis(5);

/// Ticks a second in which the kernel tells CPU time.
const TICKS: f64 = 100.0;

/// Runs a command to its end. A command that cannot be started or fails is a panic that shows it: a bench of a failure is none.
pub fn cost(command: &mut Command) -> Cost {
    let before = ticks();
    let start = Instant::now();
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (done, id) = (AtomicBool::new(false), child.id());
    let (status, wall, peak) = thread::scope(|scope| {
        let looking = scope.spawn(|| watched(id, &done));
        let status = child.wait().expect("a child can be waited for");
        let wall = start.elapsed();
        done.store(true, Ordering::Relaxed);
        (status, wall, looking.join().expect("looking does not fail"))
    });
    assert!(status.success(), "{command:?} fails: {status}");
    let cpu = ticks().zip(before).map(|(after, before)| Duration::from_secs_f64((after - before) / TICKS));
    Cost { wall, cpu, peak }
}

/// The largest memory of a process until it is done.
fn watched(id: u32, done: &AtomicBool) -> Option<u64> {
    let mut peak = None;
    while !done.load(Ordering::Relaxed) {
        peak = peak.max(resident(id));
        thread::sleep(LOOK);
    }
    peak
}

/// The most memory that a process ever had at once, in bytes.
fn resident(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib << 10)
}

/// CPU time of all children that ended, in ticks.
fn ticks() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    let of_children = fields.split(' ').skip(13).take(2).map(|field| field.parse::<f64>());
    of_children.sum::<Result<f64, _>>().ok()
}
