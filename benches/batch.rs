//! End to end: `batch::run` from a file to a directory with 1, 2 and 4 threads, every output or summaries only, beside
//! `wc -w` on the same file: `cargo bench --bench batch`. The file is 20 MB of synthetic JSON Lines, or the one that
//! `EPITOME_BENCH_BATCH` names. The rounds take turns, three of them, and medians are told; the bytes written must not
//! depend on the number of threads.
//!
//! Not here: what a stage costs (`stages`), and memory.

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use common::{median, quick, say, speed, timed};
use epitome::batch::{self, Inputs, Plan, Settings, Silent};
use epitome::format::{Output, Verb, outputs};

const ROUNDS: usize = 3;
const THREADS: [usize; 3] = [1, 2, 4];

fn main() {
    let work = tempfile::tempdir().expect("a temporary directory");
    let file = std::env::var_os("EPITOME_BENCH_BATCH").map_or_else(|| synthetic(work.path()), PathBuf::from);
    let plan = batch::plan(&Inputs { paths: vec![file.clone()], ..Inputs::default() }, None).expect("the batch is there");
    let rows = rows();
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); rows.len()];
    let mut wc = Vec::new();
    let mut written: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    let mut articles = 0;
    for _ in 0..ROUNDS {
        wc.extend(words(&file));
        for (row, times) in rows.iter().zip(&mut times) {
            let out = tempfile::tempdir_in(work.path()).expect("a temporary directory");
            let (time, done) = timed(|| run(&plan, row, out.path()));
            times.push(time);
            articles = done;
            let bytes = hashes(out.path());
            let first = written.entry(row.name).or_insert_with(|| bytes.clone());
            assert_eq!(&bytes, first, "{} threads write other bytes", row.threads);
        }
    }
    let bytes = plan.bytes() as usize;
    let wc = (!wc.is_empty()).then(|| median(wc));
    say(&format!("{articles} articles, {:.1} MB, median of {ROUNDS}\n", bytes as f64 / 1e6));
    say(&format!("{:<16} {:>7} {:>8} {:>8} {:>12} {:>8}", "outputs", "threads", "seconds", "MB/s", "articles/s", "x wc"));
    for (row, times) in rows.iter().zip(times) {
        let time = median(times);
        let rate = articles as f64 / time.as_secs_f64();
        let ratio = wc.map_or("-".to_owned(), |wc| format!("{:.2}", time.as_secs_f64() / wc.as_secs_f64()));
        let (seconds, speed) = (time.as_secs_f64(), speed(bytes, time));
        say(&format!("{:<16} {:>7} {seconds:>8.3} {speed:>8.1} {rate:>12.0} {ratio:>8}", row.name, row.threads));
    }
    match wc {
        Some(wc) => say(&format!("{:<16} {:>7} {:>8.3} {:>8.1}", "wc -w", 1, wc.as_secs_f64(), speed(bytes, wc))),
        None => say("there is no `wc` to compare with"),
    }
}

/// What is run: which outputs, on how many threads.
struct Row {
    name: &'static str,
    outputs: Vec<&'static Output>,
    threads: usize,
}

fn rows() -> Vec<Row> {
    let every = || outputs(Verb::Run).filter(|output| output.default).collect();
    let summaries = || outputs(Verb::Run).filter(|output| output.name == "summaries.jsonl").collect();
    let all = THREADS.map(|threads| Row { name: "default", outputs: every(), threads });
    all.into_iter().chain(THREADS.map(|threads| Row { name: "summaries.jsonl", outputs: summaries(), threads })).collect()
}

fn synthetic(folder: &Path) -> PathBuf {
    let file = folder.join("batch.jsonl");
    let bytes = if quick() { 200_000 } else { 20_000_000 };
    std::fs::write(&file, common::batch("en", bytes)).expect("room for the batch");
    file
}

fn run(plan: &Plan, row: &Row, out: &Path) -> u64 {
    let settings = Settings { outputs: row.outputs.clone(), threads: row.threads, ..Settings::default() };
    let report = batch::run(plan, &settings, &out.join("out"), false, &Silent).expect("the run is done");
    report.articles
}

/// Hashes of the files of a run, by name.
fn hashes(folder: &Path) -> BTreeMap<String, String> {
    let hash = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.expect("readable").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, blake3::hash(&std::fs::read(path).expect("readable")).to_string())
    };
    let hashes: BTreeMap<_, _> = std::fs::read_dir(folder.join("out")).expect("the run made it").map(hash).collect();
    assert!(hashes.contains_key("summaries.jsonl") && hashes.contains_key("manifest.json"), "the run is complete");
    hashes
}

/// How long `wc -w` takes, its locale pinned; `None` where there is none.
fn words(file: &Path) -> Option<Duration> {
    let mut command = Command::new("wc");
    command.arg("-w").arg(file).env("LC_ALL", "C.UTF-8").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let (time, status) = timed(|| command.status());
    status.is_ok_and(|status| status.success()).then_some(time)
}
