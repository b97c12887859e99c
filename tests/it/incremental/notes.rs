//! What is noted of files: those that are as they were are not read, those that are not are noticed whatever was done to hide it, and
//! notes that are of no use change nothing but the time it takes.

use std::process::Command;
use std::time::Duration;

use super::*;

/// Files of a bench.
const FILES: u64 = 12;

/// Waits until files are old enough to be known by their dates.
fn settle() {
    std::thread::sleep(Duration::from_millis(2100));
}

/// A bench with a table, and settings that note.
fn noting(lines: u64) -> (Bench, Settings) {
    let bench = Bench::new(lines, FILES);
    let incremental = Some(Incremental { notes: Some(bench.path("notes")), ..Incremental::default() });
    let settings = Settings { frequencies: Some(bench.table("table.tsv", 30)), incremental, ..settings(2) };
    (bench, settings)
}

/// The files of notes.
fn notes(bench: &Bench) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(bench.path("notes")).into_iter().flatten().map(|entry| entry.expect("readable").path()).collect();
    found.sort();
    found
}

impl Bench {
    /// A file, by its number from 1.
    fn file(&self, number: u64) -> PathBuf {
        self.input().join(format!("{number:03}.txt"))
    }

    /// Compares a run with a clean one; how many files were not read. What the clean run notes is none of the other's.
    fn unread(&self, settings: &Settings) -> u64 {
        let reuse = reuse(&run(&self.inputs(), settings, &self.path("out")));
        let _ = fs::remove_dir_all(self.path("clean"));
        let plain = Settings { incremental: Some(Incremental::default()), threads: 1, ..settings.clone() };
        run(&self.inputs(), &plain, &self.path("clean"));
        same(&self.path("out"), &self.path("clean"));
        reuse.unread
    }
}

/// Another text of the same length.
fn altered(path: &Path) -> Vec<u8> {
    let mut bytes = fs::read(path).expect("there");
    let words = bytes.iter().position(|byte| *byte == b' ').expect("words") + 1;
    bytes[words..words + 2].reverse();
    bytes[words..words + 2].make_ascii_uppercase();
    assert!(bytes != fs::read(path).expect("there"));
    bytes
}

fn modified(path: &Path) -> std::time::SystemTime {
    fs::metadata(path).and_then(|meta| meta.modified()).expect("there")
}

/// Writes bytes and hides it.
fn write_unseen(path: &Path, bytes: &[u8], when: std::time::SystemTime) {
    fs::write(path, bytes).expect("writable");
    fs::File::options().append(true).open(path).and_then(|file| file.set_modified(when)).expect("our own");
}

#[test]
#[cfg(target_os = "linux")]
fn edits_that_keep_length_and_date_are_noticed() {
    let (bench, settings) = noting(3);
    settle();
    assert_eq!(bench.unread(&settings), 0);
    assert_eq!(bench.unread(&settings), FILES);
    // What was edited before may be old enough by now to be known again, what was edited just now is not.
    let noticed = |now: u64, ever: u64| {
        let unread = bench.unread(&settings);
        assert!((FILES - ever..=FILES - now).contains(&unread), "{unread} not read after {now} edits, {ever} in all");
    };
    // In its place.
    let (path, when) = (bench.file(1), modified(&bench.file(1)));
    write_unseen(&path, &altered(&path), when);
    noticed(1, 1);
    // By another file in its place.
    let (path, when) = (bench.file(2), modified(&bench.file(2)));
    write_unseen(&bench.path("aside"), &altered(&path), when);
    fs::rename(bench.path("aside"), &path).expect("writable");
    noticed(1, 2);
    // Two that change places.
    let (one, other) = (bench.file(3), bench.file(4));
    fs::rename(&one, bench.path("aside")).and_then(|()| fs::rename(&other, &one)).expect("writable");
    fs::rename(bench.path("aside"), &other).expect("writable");
    noticed(2, 4);
    // Under its other name.
    fs::hard_link(bench.file(5), bench.path("linked")).expect("writable");
    let when = modified(&bench.file(5));
    write_unseen(&bench.path("linked"), &altered(&bench.file(5)), when);
    noticed(1, 5);
    // Gone, and none in its place.
    fs::remove_file(bench.file(6)).expect("writable");
    noticed(1, 6);
    // What was just edited is old by now.
    settle();
    noticed(1, 6);
    assert_eq!(bench.unread(&settings), FILES - 1);
}

#[test]
#[cfg(target_os = "linux")]
fn links_are_known_by_what_they_lead_to() {
    let (bench, settings) = noting(1);
    let away = bench.path("away");
    fs::create_dir_all(away.join("sub")).expect("writable");
    for (number, name) in [(1, "one.txt"), (2, "sub/two.txt"), (3, "sub/three.txt")] {
        fs::copy(bench.file(number), away.join(name)).expect("writable");
    }
    let link = bench.input().join("link.txt");
    std::os::unix::fs::symlink(away.join("one.txt"), &link).expect("writable");
    std::os::unix::fs::symlink(away.join("sub"), bench.input().join("sub")).expect("writable");
    settle();
    assert_eq!((bench.unread(&settings), bench.unread(&settings)), (0, FILES + 3));
    let when = modified(&away.join("one.txt"));
    write_unseen(&away.join("one.txt"), &altered(&away.join("one.txt")), when);
    assert_eq!(bench.unread(&settings), FILES + 2);
    // The link leads elsewhere: to a file that was noted, whose article is another.
    fs::remove_file(&link).and_then(|()| std::os::unix::fs::symlink(bench.file(7), &link)).expect("writable");
    assert_eq!(bench.unread(&settings), FILES + 2);
    // So does the folder, whose files change places without being touched.
    fs::rename(away.join("sub"), away.join("old")).and_then(|()| fs::create_dir(away.join("sub"))).expect("writable");
    fs::rename(away.join("old/two.txt"), away.join("sub/three.txt")).expect("writable");
    fs::rename(away.join("old/three.txt"), away.join("sub/two.txt")).expect("writable");
    assert_eq!(bench.unread(&settings), FILES + 1);
}

#[test]
#[cfg(target_os = "linux")]
fn notes_of_no_use_are_not_used() {
    let (bench, settings) = noting(2);
    bench.write();
    assert_eq!((bench.unread(&settings), bench.unread(&settings)), (0, 0), "files of this very moment were trusted");
    settle();
    assert_eq!((bench.unread(&settings), bench.unread(&settings)), (0, FILES));
    let [path] = &notes(&bench)[..] else { panic!("{:?}", notes(&bench)) };
    let sound = fs::read(path).expect("there");
    // Damaged: at their start, in a hash, cut, empty.
    let mut cases = vec![Vec::new(), sound[..sound.len() - 72].to_vec(), sound[..sound.len() / 2].to_vec()];
    for at in [0, 20, 60, sound.len() - 1] {
        let mut bytes = sound.clone();
        bytes[at] ^= 4;
        cases.push(bytes);
    }
    for bytes in cases {
        fs::write(path, bytes).expect("writable");
        assert_eq!((bench.unread(&settings), bench.unread(&settings)), (0, FILES));
        assert!(fs::read(path).expect("there") == sound);
    }
    // Of another directory.
    run(&bench.inputs(), &settings, &bench.path("other"));
    let other = notes(&bench).into_iter().find(|other| other != path).expect("noted");
    assert!(fs::read(&other).expect("there").ends_with(&sound[sound.len() - 72 * FILES as usize..]), "the same files");
    fs::copy(&other, path).expect("writable");
    assert_eq!(bench.unread(&settings), 0);
    // Not to be trusted, once.
    let how = settings.incremental.clone().expect("it is");
    let reread = Settings { incremental: Some(Incremental { reread: true, ..how.clone() }), ..settings.clone() };
    assert_eq!((bench.unread(&reread), bench.unread(&settings)), (0, FILES));
    // Of other limits.
    let mut inputs = bench.inputs();
    inputs.limits.article = 1 << 20;
    let limited = |inputs: &Inputs| reuse(&run(inputs, &settings, &bench.path("other"))).unread;
    assert_eq!((limited(&inputs), limited(&inputs), limited(&bench.inputs())), (0, FILES, 0));
    // Nowhere to be kept.
    fs::write(bench.path("file"), "").expect("writable");
    let nowhere = Incremental { notes: Some(bench.path("file/notes")), ..how };
    let nowhere = Settings { incremental: Some(nowhere), ..settings.clone() };
    assert_eq!((bench.unread(&nowhere), bench.unread(&nowhere)), (0, 0));
}

#[test]
#[cfg(target_os = "linux")]
fn a_check_trusts_and_notes_nothing() {
    let (mut bench, settings) = noting(2);
    settle();
    bench.unread(&settings);
    let before: Vec<_> = notes(&bench).iter().map(|path| fs::read(path).expect("there")).collect();
    let check = |inputs: &Inputs| {
        let plan = batch::plan(inputs, None).expect("there");
        batch::check(&plan, &settings, &bench.path("out"), &Silent).expect("readable")
    };
    let (differences, report) = check(&bench.inputs());
    assert!(differences.is_empty());
    assert_eq!(reuse(&report).unread, FILES);
    let when = modified(&bench.file(2));
    write_unseen(&bench.file(2), &altered(&bench.file(2)), when);
    let (differences, report) = check(&bench.inputs());
    assert!(differences.contains(&FileDifference::Differs("segments/002.xlf".to_owned())), "{differences:?}");
    assert_eq!(reuse(&report).unread, FILES - 1);
    assert!(before == notes(&bench).iter().map(|path| fs::read(path).expect("there")).collect::<Vec<_>>());
    // A new article shows as it does to a run that reads.
    bench.lines.push((None, 77));
    let line = serde_json::json!({"lang": "en", "text": text(77)}).to_string() + "\n";
    fs::write(bench.input().join("zz.jsonl"), line).expect("writable");
    assert_eq!(bench.unread(&settings), FILES - 1);
}

#[test]
#[cfg(target_os = "linux")]
fn what_failed_or_was_compressed_is_as_if_it_were_read() {
    let (bench, settings) = noting(1);
    fs::write(bench.file(1), " \n").expect("writable");
    fs::write(bench.file(2), b"Binary \0 bytes.\0").expect("writable");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, text(99).as_bytes()).expect("memory");
    let packed = packed.finish().expect("memory");
    fs::write(bench.input().join("packed.txt.gz"), &packed).expect("writable");
    fs::write(bench.input().join("torn.txt.gz"), &packed[..packed.len() / 2]).expect("writable");
    settle();
    let first = run(&bench.inputs(), &settings, &bench.path("out"));
    let second = run(&bench.inputs(), &settings, &bench.path("out"));
    let told = |report: &Report| (report.articles, report.failures, report.warnings, report.segments);
    assert_eq!(told(&first), told(&second));
    assert!(first.failures >= 2, "{first:?}");
    assert_eq!((reuse(&second).unread, reuse(&second).unchanged), (first.articles - 1, true));
    assert_eq!(bench.unread(&settings), first.articles - 1);
}

/// The program, with a home of its own.
fn command(bench: &Bench, variables: &[(&str, PathBuf)], arguments: &[&str]) -> serde_json::Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_epitome"));
    command.env_clear().envs(variables.iter().map(|(name, value)| (name, value)));
    command.arg("run").arg(bench.input()).arg("-o").arg(bench.path("out")).args(["--incremental", "--keep-frequencies", "--json"]);
    let done = command.args(arguments).output().expect("it is there");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(0), "{said}");
    let report: serde_json::Value = serde_json::from_str(said.lines().last().expect("a report")).expect("JSON");
    report["reuse"]["unread"].clone()
}

#[test]
#[cfg(target_os = "linux")]
fn notes_are_kept_in_the_cache_of_the_user() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new(1, FILES);
    settle();
    let (home, cache) = (bench.path("home"), bench.path("cache"));
    fs::create_dir(&home).expect("writable");
    let variable = |name, value: &Path| [(name, value.to_owned())];
    // Nowhere, elsewhere, at home, where it is said.
    assert_eq!([0, 1].map(|_| command(&bench, &[], &[])), [0, 0]);
    assert_eq!([0, 1].map(|_| command(&bench, &variable("HOME", &bench.path("nobody")), &[])), [0, 0]);
    assert!(!bench.path("nobody").exists());
    assert_eq!([0, 1].map(|_| command(&bench, &variable("HOME", &home), &[])), [0, FILES]);
    let both = [("HOME", home.clone()), ("XDG_CACHE_HOME", PathBuf::from("relative"))];
    assert_eq!(command(&bench, &both, &[]), FILES);
    let both = [("HOME", home.clone()), ("XDG_CACHE_HOME", cache.clone())];
    assert_eq!([0, 1].map(|_| command(&bench, &both, &[])), [0, FILES]);
    assert_eq!([&["--reread"][..], &[]].map(|arguments| command(&bench, &both, arguments)), [0, FILES]);
    for folder in [home.join(".cache/epitome"), cache.join("epitome")] {
        let [file] = &fs::read_dir(&folder).expect("there").map(|entry| entry.expect("readable").path()).collect::<Vec<_>>()[..] else {
            panic!("{} holds other than one file", folder.display());
        };
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(file)), (0o700, 0o600));
    }
}

/// An edit that hides, of the file at a place.
fn hidden_edit(bench: &Bench, what: u8, at: u64, other: u64) {
    let (path, other) = (bench.file(1 + at % FILES), bench.file(1 + other % FILES));
    let when = modified(&path);
    match what {
        0 => write_unseen(&path, &altered(&path), when),
        1 => {
            let (ours, theirs) = (fs::read(&path).expect("there"), fs::read(&other).expect("there"));
            write_unseen(&path, &theirs, when);
            write_unseen(&other, &ours, when);
        }
        2 => {
            fs::copy(&other, bench.path("aside")).expect("writable");
            fs::rename(bench.path("aside"), &path).expect("writable");
        }
        3 if path != other => {
            fs::rename(&path, bench.path("aside")).and_then(|()| fs::rename(&other, &path)).expect("writable");
            fs::rename(bench.path("aside"), &other).expect("writable");
        }
        // Back to what it was.
        _ => {
            let bytes = fs::read(&path).expect("there");
            write_unseen(&path, &altered(&path), when);
            write_unseen(&path, &bytes, when);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

    #[test]
    fn any_edits_that_hide_end_as_a_clean_run(edits in prop::collection::vec(prop::collection::vec((0u8..5, 0u64..40, 0u64..40), 0..4), 2..6)) {
        let (bench, settings) = noting(4);
        settle();
        bench.unread(&settings);
        for edits in edits {
            edits.into_iter().for_each(|(what, at, other)| hidden_edit(&bench, what, at, other));
            bench.unread(&settings);
        }
    }
}
