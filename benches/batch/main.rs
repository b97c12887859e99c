//! How fast whole runs are: the binary, from a file or a directory to a directory, beside `wc -w` on the same file and, where Python
//! has them, beside other summarisers on a sample: `cargo bench --bench batch`. The batch is synthetic or, where `EPITOME_REFERENCE`
//! names the reference data, of natural sentences; `-- --megabytes 200 --rounds 5` says how much and how often, `--write FILE` where
//! the table goes. Everything is run in turn, and medians are told; the bytes written must not depend on the number of threads.
//!
//! Not here: what a stage costs (`stages`).

#[path = "../common/mod.rs"]
mod common;

mod child;
mod inputs;
mod peers;
mod table;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use child::{Cost, cost};
use common::{quick, say};
use inputs::Inputs;
use table::{Measured, Row};

/// What is asked for on the command line.
struct Asked {
    megabytes: usize,
    rounds: usize,
    write: Option<PathBuf>,
}

fn main() {
    let asked = asked();
    let work = tempfile::tempdir().expect("a temporary directory");
    let inputs = Inputs::make(work.path(), asked.megabytes * 1_000_000);
    let rows = rows(&inputs);
    let mut costs: Vec<Vec<Cost>> = vec![Vec::new(); rows.len()];
    let mut told: Vec<Vec<peers::Told>> = peers::PEERS.iter().map(|_| Vec::new()).collect();
    let mut written: BTreeMap<String, String> = BTreeMap::new();
    for _ in 0..asked.rounds {
        for (row, costs) in rows.iter().zip(&mut costs) {
            let out = work.path().join("out");
            costs.push(cost(&mut command(row, &out)));
            if let Some(same) = row.same_as
                && out.exists()
            {
                let hash = hash(&out);
                assert_eq!(*written.entry(same.to_owned()).or_insert(hash.clone()), hash, "{} writes other bytes", row.name);
            }
            let _ = fs::remove_dir_all(out);
        }
        for (peer, told) in peers::PEERS.iter().zip(&mut told) {
            told.extend(peers::told(peer, &inputs.batch).filter(|_| !quick()));
        }
    }
    let measured: Vec<Measured> = rows.into_iter().zip(costs).map(|(row, costs)| Measured { row, costs }).collect();
    let table = table::table(&measured, &told, &inputs, asked.rounds);
    say(&table);
    if let Some(file) = asked.write {
        fs::write(file, table).expect("the table can be written");
    }
}

fn asked() -> Asked {
    let mut asked = Asked { megabytes: if quick() { 1 } else { 20 }, rounds: if quick() { 1 } else { 5 }, write: None };
    let mut given = std::env::args().skip(1);
    while let Some(flag) = given.next() {
        let mut number = || given.next().and_then(|value| value.parse().ok()).expect("a number after the flag");
        match flag.as_str() {
            "--megabytes" => asked.megabytes = number(),
            "--rounds" => asked.rounds = number(),
            "--write" => asked.write = given.next().map(PathBuf::from),
            _ => {}
        }
    }
    asked
}

/// What is run, in the order of the table.
fn rows(inputs: &Inputs) -> Vec<Row> {
    let run = |name: &'static str, input: &Path, arguments: &'static [&'static str], same_as| Row {
        name: name.to_owned(),
        input: input.to_owned(),
        bytes: inputs::bytes(input),
        arguments,
        same_as,
    };
    let (batch, part) = (&*inputs.batch, &*inputs.part);
    let mut rows = vec![
        run(table::WC, batch, &[], None),
        run("summaries, 1 thread", batch, &["-t", "summaries.jsonl", "-j1"], Some("summaries")),
        run(table::USUAL, batch, &["-t", "summaries.jsonl", "-j2"], Some("summaries")),
        run("default outputs, 1 thread", batch, &["-j1"], Some("default")),
        run("default outputs, 2 threads", batch, &["-j2"], Some("default")),
        run("summaries, 2 threads, language not told", &inputs.untold, &["-t", "summaries.jsonl", "-j2"], None),
        run("default outputs, 2 threads, part of the batch", part, &["-j2"], Some("part")),
        run("the same part as a directory", &inputs.folder, &["-j2"], None),
        run(table::ONE, &inputs.one, &[], None),
    ];
    let of_language = |(lang, file): &(&'static str, PathBuf)| Row {
        name: format!("summaries, 2 threads, {lang}"),
        ..run("", file, &["-t", "summaries.jsonl", "-j2"], None)
    };
    rows.extend(inputs.languages.iter().map(of_language));
    rows
}

/// The command of a row; its output is thrown away where it is not a directory.
fn command(row: &Row, out: &Path) -> Command {
    let mut command = match &*row.name {
        table::WC => {
            let mut wc = Command::new("wc");
            wc.arg("-w").env("LC_ALL", "C.UTF-8");
            wc
        }
        name => {
            let mut epitome = Command::new(env!("CARGO_BIN_EXE_epitome"));
            match name {
                table::ONE => epitome.arg("summarize"),
                _ => epitome.args(["run", "-q", "-o"]).arg(out),
            };
            epitome
        }
    };
    command.args(row.arguments).arg(&row.input).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// A hash of all files of a directory and their names.
fn hash(folder: &Path) -> String {
    let mut names: Vec<PathBuf> = fs::read_dir(folder).expect("the run made it").map(|entry| entry.expect("readable").path()).collect();
    names.sort();
    let mut hasher = blake3::Hasher::new();
    for path in names {
        hasher.update(path.file_name().unwrap_or_default().as_encoded_bytes());
        hasher.update(&fs::read(path).expect("readable"));
    }
    hasher.finalize().to_string()
}
