//! Inputs that cannot be read, are in no sound encoding, are no files, or are our own.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use epitome::batch::{self, Inputs, Observer, Settings};
use epitome::error::Error;
use epitome::format::{Verb, outputs};

#[cfg(unix)]
use super::disk::{bound, mode};
use super::{article, call_in, cannot, folder, records, shell, write};

#[test]
#[cfg(target_os = "linux")]
fn row_04_an_input_that_cannot_be_read_on() {
    let folder = folder();
    write(folder.path(), "a.txt", article(1));
    // The memory of a process: it opens, and nothing can be read at its start.
    let ended = call_in(folder.path(), &["summarize", "/proc/self/mem", "a.txt"]);
    ended.holds(3, &["/proc/self/mem: cannot read it: Input/output error"]);
    assert!(ended.out.contains(&article(1)[..30]));
    let ended = call_in(folder.path(), &["run", "/proc/self/mem", "a.txt", "-o", "out"]);
    ended.holds(3, &["/proc/self/mem: cannot"]);
    assert!(folder.path().join("out/manifest.json").exists());
}

/// Calls the program where some paths may not be read.
#[cfg(unix)]
fn with_closed(folder: &Path, names: &[&str], args: &[&str]) -> Option<super::Ended> {
    mode(folder, 0o755);
    names.iter().for_each(|name| mode(&folder.join(name), 0o000));
    let ended = bound(folder, args);
    names.iter().for_each(|name| mode(&folder.join(name), 0o755));
    ended
}

#[test]
#[cfg(unix)]
fn row_05_an_input_that_may_not_be_read() {
    let folder = folder();
    write(folder.path(), "in/a.txt", article(1));
    write(folder.path(), "in/secret.txt", article(2));
    write(folder.path(), "in/b.jsonl", records(2));
    write(folder.path(), "in/below/c.txt", article(3));
    let ended = with_closed(folder.path(), &["in/secret.txt", "in/below"], &["summarize", "in", "-t", "jsonl"]);
    let Some(ended) = ended else { return cannot(5, "no other user can be had") };
    ended.holds(3, &["in/secret.txt: cannot open it: Permission denied", "in/below: cannot read it"]);
    assert_eq!(ended.out.lines().count(), 3, "{ended:?}");
}

#[test]
fn row_06_bytes_of_no_encoding() {
    let folder = folder();
    let bad = [article(1).as_bytes(), b" The caf\xff is open. ", article(2).as_bytes()].concat();
    write(folder.path(), "bad.txt", &bad);
    write(folder.path(), "good.txt", article(3));
    let offset = article(1).len() + " The caf".len();
    let all = |more: &[&str]| call_in(folder.path(), &[&["run", "bad.txt", "good.txt", "-v", "-o", "out", "--force"], more].concat());
    let replaced = format!("bad.txt: bytes that are not UTF-8 were replaced by U+FFFD, the first at offset {offset}");
    let invalid = format!("bad.txt: not valid UTF-8 (first bad byte at offset {offset})");
    all(&["--on-invalid", "replace"]).holds(0, &[&replaced]);
    let segments = fs::read_to_string(folder.path().join("out/segments.jsonl")).expect("UTF-8");
    assert!(segments.contains("The caf\u{fffd} is open."));
    all(&["--on-invalid", "skip"]).holds(0, &[&format!("warning: {invalid}, left out")]);
    let segments = fs::read_to_string(folder.path().join("out/segments.jsonl")).expect("UTF-8");
    assert!(!segments.contains("\"bad\"") && segments.contains("\"good\""));
    all(&["--on-invalid", "fail"]).holds(3, &[&invalid]);
    all(&["--encoding", "utf-8"]).holds(3, &[&invalid, "hint: leave --encoding out"]);
    all(&[]).holds(0, &["bad.txt: not UTF-8, read as"]);
}

#[test]
fn row_06_marks_wide_characters_and_nul() {
    let folder = folder();
    let text = "Der Bürgermeister eröffnet die Brücke. Es regnet.";
    let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    write(folder.path(), "plain.txt", text);
    write(folder.path(), "mark.txt", format!("\u{feff}{text}"));
    write(folder.path(), "little.txt", [b"\xff\xfe".to_vec(), wide(u16::to_le_bytes)].concat());
    write(folder.path(), "big.txt", [b"\xfe\xff".to_vec(), wide(u16::to_be_bytes)].concat());
    write(folder.path(), "bare.txt", wide(u16::to_le_bytes));
    let shown = |name: &str| call_in(folder.path(), &["segment", name]);
    let plain = shown("plain.txt");
    plain.holds(0, &[]);
    for name in ["mark.txt", "little.txt", "big.txt", "bare.txt"] {
        assert_eq!(shown(name).out, plain.out, "{name}");
    }
    // A text with NUL bytes is none; a string of JSON may hold the character, a file of XML may not.
    write(folder.path(), "nul.txt", "The mayor\0 opened the bridge.");
    call_in(folder.path(), &["segment", "nul.txt"]).holds(1, &["nul.txt: not a text: binary data"]);
    write(folder.path(), "nul.jsonl", "{\"id\": \"n\", \"lang\": \"en\", \"text\": \"The mayor\\u0000 opened \\u001bthe bridge.\"}\n");
    call_in(folder.path(), &["run", "nul.jsonl", "-v", "--target-lang", "de", "-o", "out"])
        .holds(0, &["characters that XML cannot hold became U+FFFD"]);
    let xliff = fs::read(folder.path().join("out/segments/n.xlf")).expect("there");
    assert!(!xliff.iter().any(|byte| *byte < b'\t'), "control characters in XML");
    call_in(folder.path(), &["check", "out/segments/n.xlf"]).holds(0, &[]);
}

#[test]
#[cfg(unix)]
fn row_12_what_is_no_file() {
    let folder = folder();
    write(folder.path(), "in/a.txt", article(1));
    write(folder.path(), "in/below/b.txt", article(2));
    std::os::unix::fs::symlink("..", folder.path().join("in/below/loop")).expect("links");
    std::os::unix::fs::symlink("nowhere.txt", folder.path().join("in/dangling.txt")).expect("links");
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("in/socket.txt")).expect("sockets");
    let script = "mkfifo in/pipe.txt; exec \"$EPITOME\" summarize in -t jsonl -v";
    let ended = shell(folder.path(), script);
    ended.holds(
        3,
        &[
            "in/below/loop: a loop of links, passed over",
            "in/socket.txt: no regular file, passed over",
            "in/pipe.txt: no regular file, passed over",
            "in/dangling.txt: it is a link that leads nowhere",
        ],
    );
    assert_eq!(ended.out.lines().count(), 2, "{ended:?}");
    // Named, a pipe is read and a socket is refused.
    shell(folder.path(), "cat in/a.txt > in/pipe.txt & exec \"$EPITOME\" summarize in/pipe.txt").holds(0, &[]);
    call_in(folder.path(), &["summarize", "in/socket.txt"]).holds(1, &["in/socket.txt: a device or socket"]);
    call_in(folder.path(), &["summarize", "in/dangling.txt"]).holds(1, &["in/dangling.txt: it is a link that leads nowhere"]);
}

/// Does something to the inputs when the second pass begins, and hears what fails.
struct Meanwhile<F>(F, Mutex<Vec<String>>);

impl<F: Fn() + Sync> Observer for Meanwhile<F> {
    fn started(&self, pass: u32, _: u32, _: u64) {
        if pass == 2 {
            (self.0)();
        }
    }

    fn failed(&self, error: &Error) {
        self.1.lock().expect("nobody panics here").push(error.to_string());
    }
}

#[test]
fn row_12_files_that_go_or_grow() {
    let folder = folder();
    for (i, name) in ["gone", "grown", "stays"].iter().enumerate() {
        write(folder.path(), &format!("in/{name}.txt"), article(i));
    }
    write(folder.path(), "in/wire.jsonl", records(3));
    let inputs = Inputs { paths: vec![folder.path().join("in")], ..Inputs::default() };
    let settings = Settings { outputs: outputs(Verb::Run).collect(), ..Settings::default() };
    let change = || {
        fs::remove_file(folder.path().join("in/gone.txt")).expect("there");
        fs::write(folder.path().join("in/grown.txt"), article(1) + " And one more.").expect("there");
        fs::write(folder.path().join("in/wire.jsonl"), records(2)).expect("there");
    };
    let meanwhile = Meanwhile(change, Mutex::default());
    let out = folder.path().join("out");
    let plan = batch::plan(&inputs, Some(&out)).expect("there");
    let report = batch::run(&plan, &settings, &out, false, &meanwhile).expect("the rest is done");
    let heard = meanwhile.1.into_inner().expect("nobody panics here");
    assert_eq!((report.articles, report.failures), (3, 3), "{heard:?}");
    let named = |said: &str| assert!(heard.iter().any(|message| message.contains(said)), "{said}: {heard:#?}");
    named("gone.txt: cannot open it");
    named("grown.txt: the article changed while the run was reading it");
    named("the article changed");
    super::matches_its_manifest(&out);
    // Before the first pass a file may go as well.
    write(folder.path(), "in/gone.txt", article(0));
    let plan = batch::plan(&inputs, Some(&out)).expect("there");
    fs::remove_file(folder.path().join("in/gone.txt")).expect("there");
    let meanwhile = Meanwhile(|| (), Mutex::default());
    let report = batch::run(&plan, &settings, &out, false, &meanwhile).expect("the rest is done");
    assert_eq!((report.articles, report.failures), (4, 1));
}

#[test]
fn row_12_listed_files_that_are_gone() {
    let folder = folder();
    let folder = folder.path();
    write(folder, "a.txt", article(1));
    write(folder, "b.txt", article(2));
    write(folder, "page.html", "<p>The mayor opened the bridge.</p>");
    write(folder, "list", "a.txt\ngone.txt\npage.html\nb.txt\n");
    let run = |more: &[&str]| call_in(folder, &[&["run", "--files-from", "list", "-o", "out"], more].concat());
    let named = ["gone.txt: no such file or directory", "page.html: an HTML page is not an article format"];
    run(&[]).holds(3, &named);
    let manifest = fs::read_to_string(folder.join("out/manifest.json")).expect("there");
    assert!(manifest.contains("\"articles\": 2,") && manifest.contains("\"path\": \"gone.txt\""), "{manifest}");
    run(&["--max-failures", "2"]).holds(0, &named);
    for verb in ["summarize", "segment", "frequencies", "digest", "analyze"] {
        let ended = call_in(folder, &[verb, "--files-from", "list"]);
        assert_eq!((ended.code, ended.out.is_empty()), (Some(3), false), "{verb}: {ended:?}");
    }
    // Paths that are typed are errors, whatever is listed, and all that is listed may be gone.
    call_in(folder, &["summarize", "typed.txt", "--files-from", "list"]).holds(1, &["typed.txt: no such file or directory"]);
    write(folder, "none", "gone.txt\nlost.txt\n");
    call_in(folder, &["run", "--files-from", "none", "-o", "nothing"])
        .holds(1, &["gone.txt: no such", "lost.txt: no such", "all 2 articles failed"]);
    assert!(!folder.join("nothing").exists());
    // Tables that are to be added up are no articles: without one of them the sum would be wrong.
    call_in(folder, &["frequencies", "a.txt", "-o", "a.tsv"]).holds(0, &[]);
    write(folder, "tables", "a.tsv\nb.tsv\n");
    call_in(folder, &["frequencies", "--merge", "--files-from", "tables"]).holds(1, &["b.tsv: cannot open it"]);
}

#[test]
#[cfg(unix)]
fn row_05_listed_files_that_may_not_be_read() {
    let folder = folder();
    write(folder.path(), "a.txt", article(1));
    write(folder.path(), "secret.txt", article(2));
    write(folder.path(), "below/c.txt", article(3));
    write(folder.path(), "list", "secret.txt\nbelow/c.txt\na.txt\n");
    let ended = with_closed(folder.path(), &["secret.txt", "below"], &["summarize", "--files-from", "list", "-t", "jsonl"]);
    let Some(ended) = ended else { return cannot(5, "no other user can be had") };
    ended.holds(3, &["secret.txt: cannot open it: Permission denied", "below/c.txt: cannot look at it"]);
    assert_eq!(ended.out.lines().count(), 1, "{ended:?}");
}

#[test]
fn row_13_own_output_is_no_input() {
    let folder = folder();
    write(folder.path(), "a.txt", article(1));
    write(folder.path(), "b/c.jsonl", records(2));
    // Into the input itself, and below it, again and again.
    for out in ["out", "b/deep/out"] {
        let mut before = None;
        for _ in 0..3 {
            call_in(folder.path(), &["run", ".", "-o", out]).holds(0, &[]);
            let now = super::files(&folder.path().join(out));
            assert!(before.is_none_or(|before| before == now), "{out}: an output was read back");
            before = Some(now);
        }
    }
    let manifest = fs::read_to_string(folder.path().join("out/manifest.json")).expect("there");
    assert!(manifest.contains("\"articles\": 3,"), "{manifest}");
    // Nor is the output of another run, though its manifest was damaged.
    fs::write(folder.path().join("out/manifest.json"), manifest.replace("\"articles\": 3,", "\"articles\": 4,")).expect("there");
    call_in(folder.path(), &["run", ".", "-o", "b/deep/out"]).holds(0, &[]);
    let manifest = fs::read_to_string(folder.path().join("b/deep/out/manifest.json")).expect("there");
    assert!(manifest.contains("\"articles\": 3,"), "{manifest}");
}
