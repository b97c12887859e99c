//! The speed of others on a sample of the batch: `peers.py` runs them, where Python has them. What it costs to load Python and the
//! packages is not counted.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::child::Cost;

/// A peer, and how much text it is given.
pub struct Peer {
    pub name: &'static str,
    sample: usize,
}

/// Who is measured. Samples are such that each takes a few seconds.
pub const PEERS: [Peer; 3] = [
    Peer { name: "sumy LexRank", sample: 250_000 },
    Peer { name: "summa TextRank", sample: 600_000 },
    Peer { name: "scikit-learn TF-IDF, C stemmer", sample: 4_000_000 },
];

/// What a peer took.
pub struct Told {
    pub version: String,
    /// Bytes of the sample's records.
    pub bytes: usize,
    pub cost: Cost,
}

/// Runs a peer on the first records of a batch; `None` where Python or the packages are not there.
pub fn told(peer: &Peer, batch: &Path) -> Option<Told> {
    let python = std::env::var_os("EPITOME_PYTHON").unwrap_or_else(|| "python3".into());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/batch/peers.py");
    let sample = sample(batch, peer.sample)?;
    let mut command = Command::new(python);
    command.arg(script).arg(peer.name).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    child.stdin.take()?.write_all(sample.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
    let seconds = |name: &str| told[name].as_f64().map(Duration::from_secs_f64);
    let cost = Cost { wall: seconds("wall")?, cpu: seconds("cpu"), peak: None };
    Some(Told { version: told["version"].as_str()?.to_owned(), bytes: sample.len(), cost })
}

/// Whole records from the start of a batch.
fn sample(batch: &Path, bytes: usize) -> Option<String> {
    use std::io::{BufRead, BufReader};
    let mut lines = BufReader::new(std::fs::File::open(batch).ok()?);
    let mut sample = String::new();
    while sample.len() < bytes && lines.read_line(&mut sample).ok()? > 0 {}
    Some(sample)
}
