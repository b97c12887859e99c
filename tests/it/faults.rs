//! Faults, and what must happen: a test each, which calls the program as a user would. What needs another user, a file system of its
//! own or a terminal runs where that can be had, and says so where not; with `CI=true` that is a failure.
//!
//! | row | fault | what must happen | in |
//! |---|---|---|---|
//! | 1 | killed in the middle | a directory with a manifest matches it; the next run ends as an undisturbed one | `crash` |
//! | 2 | SIGINT, SIGTERM, SIGHUP | no more is read, what was staged goes, 130, 143 or 129; a second one ends it at once | `crash` |
//! | 3 | the disk is full | file and cause are named, exit 1, the old output stands | `disk` |
//! | 4 | an input that cannot be read on | it fails alone | `inputs` |
//! | 5 | an input that may not be read | it fails alone, exit 3 | `inputs` |
//! | 6 | bytes of no or another encoding, marks, NUL | decoded, replaced, skipped or refused as asked, with the offset; no control character in XML | `inputs` |
//! | 7 | a line or file without end | refused by a limit that is named, in little memory | `limits` |
//! | 8 | a small file that becomes a large one | refused by bytes or by ratio, in little memory | `limits` |
//! | 9 | entities, nesting without end | not expanded, not fetched, refused with the line | `hostile` |
//! | 10 | a rule that takes for ever | it takes steps that are counted | `hostile` |
//! | 11 | ids that are paths, devices, twins, too long | names that are sound and unique, inside the directory | `names` |
//! | 12 | loops of links, pipes, sockets, files that go or grow, lists of files that are gone | passed over or read, and told | `inputs` |
//! | 13 | the output is inside the input | it is not read back | `inputs` |
//! | 14 | two runs, one directory or table | the second is refused and told by whom, or waits; a killed one holds nothing | `crash` |
//! | 15 | locales, time zones, clocks, threads | the same bytes | `same` |
//! | 16 | a reader that went, streams that are closed | quiet, or an error; never data into a file that took a closed one's place | `streams` |
//! | 17 | an output directory that may not be written, goes, or is a file | an error, before any work where it can be known | `disk` |
//! | 18 | escape sequences and marks of direction | shown escaped | `streams` |
//! | 19 | cells that are formulas, or break the row | a row stays a row; `--spreadsheet-safe` | `hostile` |
//! | 20 | a bug that one article brings out | that article fails, or loses a stem | `bugs` |
//! | 21 | a flipped bit in a manifest or a table, a lost page of a memory | noticed, refused with a way out | `bugs` |
//! | 22 | nothing, or next to nothing | defined; never empty where there is a word | `bugs` |
//! | 23 | a megabyte of one kind of character | as fast as a text | `bugs`, and `benches/stages.rs` |

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

mod bugs;
mod crash;
mod disk;
mod hostile;
mod inputs;
mod limits;
mod names;
mod same;
mod streams;

/// The program.
const EPITOME: &str = env!("CARGO_BIN_EXE_epitome");

/// The program, which asks the environment for nothing.
fn epitome() -> Command {
    let mut command = Command::new(EPITOME);
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What came of a call.
#[derive(Debug, PartialEq)]
struct Ended {
    /// The exit code; `None` if a signal ended it.
    code: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Ended {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ended { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

impl Ended {
    /// Panics unless it ended with a code and said all of this.
    #[track_caller]
    fn holds(&self, code: i32, said: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:#?}");
        said.iter().for_each(|said| assert!(self.err.contains(said), "{said:?} was not said: {self:#?}"));
    }
}

/// Calls the program to its end, in a folder.
fn call_in(folder: &Path, args: &[&str]) -> Ended {
    epitome().args(args).current_dir(folder).output().expect("it starts").into()
}

/// A script of the shell, in which `$EPITOME` is the program and `$1`.. are the arguments.
fn shell(folder: &Path, script: &str) -> Ended {
    let mut command = Command::new("sh");
    command.args(["-c", script]).current_dir(folder).env("EPITOME", EPITOME).env_remove("CI");
    command.stdin(Stdio::null()).output().expect("a shell").into()
}

/// A test that cannot run here says so; where nothing may be left out it fails.
fn cannot(row: u32, why: &str) {
    eprintln!("skipped: row {row} of the faults: {why}");
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "row {row} cannot be tested here: {why}");
}

/// A folder that goes with the test.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a place for temporary files")
}

/// Writes a file, and its folders.
fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("below the folder")).expect("writable");
    fs::write(&path, bytes).expect("writable");
    path
}

/// An article like many others.
fn article(number: usize) -> String {
    let words = ["harbour", "bridge", "minister", "vote", "budget", "rain", "school", "market", "train", "river"];
    let word = |n: usize| words[(number * 7 + n * 3) % words.len()];
    let sentence =
        |n: usize| format!("The {} and the {}{number} met {} times near the {}.", word(n), word(n + 1), number % 17 + n, word(n + 2));
    (0..6).map(sentence).collect::<Vec<_>>().join(" ")
}

/// Articles as JSON lines.
fn records(count: usize) -> String {
    (0..count).map(|i| serde_json::json!({"id": format!("a{i}"), "lang": "en", "text": article(i)}).to_string() + "\n").collect()
}

/// Every file below a folder, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                walk(root, &path, out);
            } else {
                let name = path.strip_prefix(root).expect("below it").to_string_lossy().into_owned();
                out.insert(name, fs::read(&path).expect("readable"));
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(folder, folder, &mut out);
    out
}

/// Panics if a directory has a manifest that it does not match: every file is there with its bytes, and no other.
#[track_caller]
fn matches_its_manifest(folder: &Path) {
    let mut there = files(folder);
    let Some(manifest) = there.remove("manifest.json") else { return };
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("a manifest is whole");
    // What a run has in hands, and what one that was killed left, is of no manifest; the next run takes it up or away.
    there.retain(|name, _| !name.starts_with(".epitome-"));
    let told = manifest["files"].as_array().expect("a list").iter().map(|file| {
        let text = |name: &str| file[name].as_str().expect("a string").to_owned();
        (text("name"), text("blake3"))
    });
    let there = there.into_iter().map(|(name, bytes)| (name, blake3::hash(&bytes).to_hex().to_string()));
    assert_eq!(told.collect::<BTreeMap<_, _>>(), there.collect(), "{} does not match its manifest", folder.display());
}

/// Waits until something holds, for at most so long.
fn wait_for(what: &str, most: Duration, mut holds: impl FnMut() -> bool) {
    let start = std::time::Instant::now();
    while !holds() {
        assert!(start.elapsed() < most, "{what}: not within {most:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The most memory a process had so far, in bytes; `None` where the system does not tell, or the process is gone.
fn peak(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kib| kib << 10)
}
