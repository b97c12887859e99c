//! Runs that are killed, asked to end, or meet another run in their directory.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::{Ended, article, epitome, files, folder, matches_its_manifest, records, wait_for, write};

/// Numbers that look like chance, the same every time.
struct Chance(u64);

impl Chance {
    /// One below `most`.
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// Inputs and options, tried in turn.
const WAYS: [&[&str]; 4] = [
    &["wire.jsonl", "-j1"],
    &["articles", "-j2"],
    &["articles", "-j2", "--target-lang", "de", "-t", "summaries.jsonl,xliff"],
    &["wire.jsonl", "articles", "-j1", "--target-lang", "de", "--bundle", "7"],
];

fn start(folder: &Path, way: &[&str], out: &str) -> Child {
    epitome()
        .current_dir(folder)
        .arg("run")
        .args(way)
        .args(["-o", out])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts")
}

fn inputs(folder: &Path, count: usize) {
    write(folder, "wire.jsonl", records(count));
    (0..count).for_each(|i| drop(write(folder, &format!("articles/{}/t{i}.txt", i % 3), article(i))));
}

/// Waits until something in a directory is not as it was, which is when files begin to be put into place, or until the run ends.
#[cfg(unix)]
fn until_published(child: &mut Child, out: &Path, most: Duration) {
    use std::os::unix::fs::DirEntryExt;
    let look = || -> Vec<_> {
        let entries = fs::read_dir(out).into_iter().flatten().flatten();
        let mut seen: Vec<_> = entries.map(|entry| (entry.file_name(), entry.ino())).collect();
        seen.retain(|(name, _)| !name.as_encoded_bytes().starts_with(b"."));
        seen.sort();
        seen
    };
    let (before, start) = (look(), std::time::Instant::now());
    while look() == before && start.elapsed() < most && !child.try_wait().is_ok_and(|ended| ended.is_some()) {}
}

/// Kills runs at some moment, over an older output and in an empty place by turns, and lets the next one end.
#[cfg(unix)]
fn rounds(count: u64, articles: usize) {
    let folder = folder();
    let folder = folder.path();
    inputs(folder, articles);
    let mut clean = Vec::new();
    for (number, way) in WAYS.iter().enumerate() {
        let begun = std::time::Instant::now();
        assert!(start(folder, way, &format!("clean{number}")).wait().expect("it ran").success());
        clean.push((files(&folder.join(format!("clean{number}"))), begun.elapsed()));
    }
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let (mut killed, mut round) = (0, 0);
    // How many are hit depends on what else the machine does: where it was hardly any, there are more rounds.
    while round < count || (killed < 3 && round < 10 * count) {
        let number = (round % WAYS.len() as u64) as usize;
        let (expected, time) = &clean[number];
        let out = folder.join("out");
        match round % 3 {
            0 => drop(fs::remove_dir_all(&out)),
            // What another way left: files that the next one does not have.
            1 => assert!(start(folder, WAYS[(number + 1) % WAYS.len()], "out").wait().expect("it ran").success()),
            // What the round before left.
            _ => {}
        }
        for _ in 0..=chance.below(2) {
            let mut child = start(folder, WAYS[number], "out");
            let moment = Duration::from_micros(chance.below(time.as_micros() as u64 * 11 / 10));
            if chance.below(2) == 0 {
                std::thread::sleep(moment);
            } else {
                until_published(&mut child, &out, *time * 20);
            }
            let _ = child.kill();
            killed += u64::from(!child.wait().expect("it ran").success());
            if out.exists() {
                matches_its_manifest(&out);
            }
        }
        let next = epitome().current_dir(folder).arg("run").args(WAYS[number]).args(["-o", "out"]).output().expect("it starts");
        assert!(next.status.success(), "round {round}: the next run fails: {}", String::from_utf8_lossy(&next.stderr));
        assert!(files(&out) == *expected, "round {round}: the next run ends with other files than a clean one");
        round += 1;
    }
    eprintln!("{killed} runs killed in {round} rounds");
    assert!(killed > 2, "only {killed} runs were killed");
}

#[test]
#[cfg(unix)]
fn row_01_killed_in_the_middle() {
    rounds(12, 120);
}

/// `cargo test --release --test it row_01 -- --ignored --nocapture`
#[test]
#[cfg(unix)]
#[ignore = "takes minutes; run it in release"]
fn row_01_killed_two_hundred_times() {
    rounds(200, 3000);
}

/// A run that waits in the middle for the rest of its input, which stands in for a long one.
fn waiting(folder: &Path, out: &str) -> Child {
    let mut child = epitome()
        .current_dir(folder)
        .args(["run", "-", "--frequencies", "table.tsv", "-o", out])
        .stdin(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.as_mut().expect("a pipe").write_all(records(40).as_bytes()).expect("it reads");
    wait_for("the run has begun", Duration::from_secs(20), || folder.join(out).join(".epitome-staging").exists());
    child
}

fn table(folder: &Path) {
    write(folder, "wire.jsonl", records(30));
    Ended::from(epitome().current_dir(folder).args(["frequencies", "wire.jsonl", "-o", "table.tsv"]).output().expect("it starts"))
        .holds(0, &[]);
}

#[cfg(unix)]
fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill is there");
    assert!(sent.success());
}

#[test]
#[cfg(unix)]
fn row_02_interrupted() {
    let folder = folder();
    let folder = folder.path();
    table(folder);
    for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        // A place that is new goes again; an older output stays as it is.
        let child = waiting(folder, "new");
        send(&child, signal);
        Ended::from(child.wait_with_output().expect("it ran")).holds(code, &["interrupted; nothing was published"]);
        assert!(!folder.join("new").exists(), "{signal}: something is left");
        assert!(start(folder, &["wire.jsonl"], "old").wait().expect("it ran").success());
        let before = files(&folder.join("old"));
        let child = waiting(folder, "old");
        send(&child, signal);
        Ended::from(child.wait_with_output().expect("it ran")).holds(code, &[]);
        assert!(files(&folder.join("old")) == before, "{signal}: the older output changed");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn row_02_a_hangup_that_nohup_ignores() {
    let folder = folder();
    let folder = folder.path();
    table(folder);
    let script = "trap '' HUP; exec \"$0\" run - --frequencies table.tsv -o out";
    let mut command = Command::new("sh");
    let mut child = command.args(["-c", script, super::EPITOME]).current_dir(folder).stdin(Stdio::piped()).spawn().expect("a shell");
    child.stdin.as_mut().expect("a pipe").write_all(records(40).as_bytes()).expect("it reads");
    wait_for("the run has begun", Duration::from_secs(20), || folder.join("out").join(".epitome-staging").exists());
    send(&child, "-HUP");
    // It goes on to the end of its input.
    Ended::from(child.wait_with_output().expect("it ran")).holds(0, &[]);
    matches_its_manifest(&folder.join("out"));
    assert!(folder.join("out/manifest.json").exists());
}

#[test]
#[cfg(unix)]
fn row_02_a_second_signal_ends_it_at_once() {
    let folder = folder();
    let folder = folder.path();
    // Opening a pipe that nobody writes to cannot be given up: the first signal waits, the second does not.
    assert!(Command::new("mkfifo").arg(folder.join("pipe")).status().expect("mkfifo is there").success());
    let child = epitome().current_dir(folder).args(["run", "pipe", "-o", "out"]).spawn().expect("it starts");
    wait_for("the run has begun", Duration::from_secs(20), || folder.join("out/.epitome-staging").exists());
    std::thread::sleep(Duration::from_millis(100));
    send(&child, "-INT");
    std::thread::sleep(Duration::from_millis(300));
    assert!(folder.join("out/.epitome-staging").exists(), "it did not wait, so this test shows nothing");
    send(&child, "-INT");
    Ended::from(child.wait_with_output().expect("it ran")).holds(130, &[]);
    // What it left the next run clears away.
    write(folder, "wire.jsonl", records(3));
    assert!(start(folder, &["wire.jsonl"], "out").wait().expect("it ran").success());
    matches_its_manifest(&folder.join("out"));
    assert!(!folder.join("out/.epitome-staging").exists());
}

#[test]
fn row_14_updates_of_one_table() {
    const ALL: usize = 6;
    let folder = folder();
    let folder = folder.path();
    (0..ALL).for_each(|i| drop(write(folder, &format!("{i}.jsonl"), records(20 + i))));
    // The first makes the table, whichever that is; then it is there.
    for round in 1..=2 {
        let update = |i: usize| {
            let name = format!("{i}.jsonl");
            epitome().current_dir(folder).args(["frequencies", &name, "--update", "rolling.tsv"]).spawn().expect("it starts")
        };
        let running: Vec<Child> = (0..ALL).map(update).collect();
        running.into_iter().for_each(|child| Ended::from(child.wait_with_output().expect("it ran")).holds(0, &[]));
        let table = fs::read_to_string(folder.join("rolling.tsv")).expect("a table");
        let expected = round * (0..ALL).map(|i| 20 + i).sum::<usize>();
        assert!(table.contains(&format!("# language en documents {expected} ")), "round {round}: {}", &table[..200]);
        // It is that of one count, and nothing is left beside it.
        let all: Vec<String> = (0..round).flat_map(|_| (0..ALL).map(|i| format!("{i}.jsonl"))).collect();
        let once = epitome().current_dir(folder).arg("frequencies").args(&all).output().expect("it starts");
        assert!(String::from_utf8_lossy(&once.stdout) == table, "round {round}: it is not that of one count");
        assert_eq!(fs::read_dir(folder).expect("a folder").count(), ALL + 1, "{:?}", files(folder).keys());
    }
}

#[test]
fn row_14_two_runs_in_one_directory() {
    let folder = folder();
    let folder = folder.path();
    table(folder);
    let mut first = waiting(folder, "out");
    let second = || Ended::from(epitome().current_dir(folder).args(["run", "wire.jsonl", "-o", "out"]).output().expect("it starts"));
    second().holds(1, &["out: another run", "is writing into this directory", "hint: wait for it to end"]);
    if cfg!(target_os = "linux") {
        second().holds(1, &[&format!("another run (process {})", first.id())]);
    }
    // A run that is killed holds nothing.
    first.kill().expect("it may be killed");
    first.wait().expect("it ran");
    second().holds(0, &[]);
    matches_its_manifest(&folder.join("out"));
}
