//! The table of a bench: medians, and ratios to `wc -w` and to the usual run. Nothing is measured here.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Duration;

use super::child::Cost;
use super::common::median;
use super::inputs::Inputs;
use super::peers::{PEERS, Told};

/// The row that others are held against.
pub const WC: &str = "`wc -w`";
/// The row that peers and languages are held against.
pub const USUAL: &str = "summaries, 2 threads";
/// One article, from start to end.
pub const ONE: &str = "`summarize` of one article";

/// What is run.
pub struct Row {
    pub name: String,
    pub input: PathBuf,
    /// Length of the input.
    pub bytes: u64,
    pub arguments: &'static [&'static str],
    /// Rows of the same name here write the same bytes.
    pub same_as: Option<&'static str>,
}

/// A row and what its rounds took.
pub struct Measured {
    pub row: Row,
    pub costs: Vec<Cost>,
}

impl Measured {
    fn wall(&self) -> f64 {
        median(self.costs.iter().map(|cost| cost.wall).collect()).as_secs_f64()
    }

    fn cpu(&self) -> Option<f64> {
        middle(self.costs.iter().map(|cost| cost.cpu))
    }

    fn peak(&self) -> Option<u64> {
        self.costs.iter().filter_map(|cost| cost.peak).max()
    }

    /// Seconds a byte.
    fn of_byte(&self) -> f64 {
        self.wall() / self.row.bytes as f64
    }
}

fn middle(times: impl Iterator<Item = Option<Duration>>) -> Option<f64> {
    times.collect::<Option<Vec<_>>>().filter(|times| !times.is_empty()).map(|times| median(times).as_secs_f64())
}

fn shown(value: Option<f64>, decimals: usize) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.decimals$}"))
}

/// Everything as Markdown.
pub fn table(rows: &[Measured], told: &[Vec<Told>], inputs: &Inputs, rounds: usize) -> String {
    let find = |name: &str| rows.iter().find(|measured| measured.row.name == name).expect("the row is there");
    let (wc, usual) = (find(WC), find(USUAL));
    let mut out = String::from("# How fast it is\n\n");
    out.push_str(
        "Written by `cargo bench --bench batch -- --megabytes 200 --write benches/SPEED.md`, on a machine with nothing else to do.\n\n",
    );
    let megabytes = usual.row.bytes as f64 / 1e6;
    let _ = writeln!(
        out,
        "epitome {}; English, {megabytes:.1} MB of {}, languages told; the part is its first {} articles. Medians of {rounds} rounds in turn on {} cores.\n",
        env!("CARGO_PKG_VERSION"),
        inputs.made_of,
        inputs.articles,
        std::thread::available_parallelism().map_or(1, usize::from),
    );
    out.push_str("| | MB | wall, s | CPU, s | MB/s | × `wc`, wall | × `wc`, CPU | memory, MB |\n|---|---|---|---|---|---|---|---|\n");
    for measured in rows {
        let (wall, cpu) = (measured.wall(), measured.cpu());
        let share = measured.row.bytes as f64 / wc.row.bytes as f64;
        let of_cpu = cpu.zip(wc.cpu()).map(|(cpu, wc)| cpu / (wc * share));
        let _ = writeln!(
            out,
            "| {} | {:.1} | {wall:.3} | {} | {:.1} | {:.2} | {} | {} |",
            measured.row.name,
            measured.row.bytes as f64 / 1e6,
            shown(cpu, 2),
            measured.row.bytes as f64 / 1e6 / wall,
            wall / (wc.wall() * share),
            shown(of_cpu, 2),
            measured.peak().map_or("-".to_owned(), |peak| (peak / 1_000_000).to_string()),
        );
    }
    out.push_str("\nA shorter input is held against the time that `wc` takes for as many bytes of the batch.\n");
    languages(&mut out, rows, usual, inputs);
    peers(&mut out, told, usual);
    out
}

/// Time a byte of other languages, as a ratio to English.
fn languages(out: &mut String, rows: &[Measured], usual: &Measured, inputs: &Inputs) {
    let of = |(_, file): &(&str, PathBuf)| rows.iter().find(|measured| measured.row.input == *file).map_or(0.0, Measured::of_byte);
    let ratios = inputs.languages.iter().map(|language| format!("{} {:.2}", language.0, of(language) / usual.of_byte()));
    let _ = writeln!(out, "\nTime a byte, beside English: {}.", ratios.collect::<Vec<_>>().join(", "));
}

/// CPU time a byte of others, as a ratio to ours.
fn peers(out: &mut String, told: &[Vec<Told>], usual: &Measured) {
    if told.iter().all(Vec::is_empty) {
        out.push_str("\nOther summarisers were not there to compare with.\n");
        return;
    }
    out.push_str("\n| three sentences an article, on a sample | version | MB | CPU, s | MB a CPU-second | epitome is faster by |\n|---|---|---|---|---|---|\n");
    let ours = usual.cpu().map(|cpu| usual.row.bytes as f64 / 1e6 / cpu);
    for (peer, told) in PEERS.iter().zip(told).filter(|(_, told)| !told.is_empty()) {
        let megabytes = told[0].bytes as f64 / 1e6;
        let cpu = middle(told.iter().map(|told| told.cost.cpu));
        let speed = cpu.map(|cpu| megabytes / cpu);
        let faster = ours.zip(speed).map(|(ours, theirs)| ours / theirs);
        let _ = writeln!(
            out,
            "| {} | {} | {megabytes:.2} | {} | {} | {} × |",
            peer.name,
            told[0].version,
            shown(cpu, 2),
            shown(speed, 3),
            shown(faster, 0)
        );
    }
}
