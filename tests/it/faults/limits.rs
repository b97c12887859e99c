//! Inputs without end, and inputs that become endless: refused by a limit that is named, in little memory.

use std::io::{Read, Write};
use std::process::{ChildStdin, Stdio};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Ended, call_in, epitome, folder, peak, records, wait_for, write};

/// Bytes that a run may take for itself, threads and tables included.
const OWN: u64 = 80 << 20;

/// Feeds a run through its standard input, and gives what came of it and the most memory that it took.
fn fed(args: &[&str], feed: impl FnOnce(&mut ChildStdin) -> std::io::Result<()>) -> (Ended, Option<u64>) {
    let mut child = epitome().args(args).stdin(Stdio::piped()).spawn().expect("it starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    // A run that has had enough closes it.
    let _ = feed(&mut pipe);
    let so_far = peak(&child);
    drop(pipe);
    (child.wait_with_output().expect("it ran").into(), so_far)
}

#[track_caller]
fn flat(memory: Option<u64>, bound: u64) {
    if cfg!(target_os = "linux") {
        let memory = memory.expect("the run was there");
        assert!(memory < bound, "{} MiB taken, {} allowed", memory >> 20, bound >> 20);
    }
}

/// So many MiB of one byte.
fn many(out: &mut impl Write, mib: usize, byte: u8) -> std::io::Result<()> {
    let block = vec![byte; 1 << 20];
    (0..mib).try_for_each(|_| out.write_all(&block))
}

#[test]
fn row_07_a_line_without_end() {
    let (ended, memory) = fed(&["summarize", "-", "--max-article", "1M", "-t", "jsonl", "-j1"], |pipe| {
        pipe.write_all(records(1).as_bytes())?;
        pipe.write_all(b"{\"text\": \"")?;
        many(pipe, 96, b'a')?;
        pipe.write_all(b"\"}\n")?;
        // What follows the line is read.
        pipe.write_all(records(3).as_bytes())?;
        pipe.flush()
    });
    ended.holds(3, &["-:2: a line of more than 4 MiB, which is the limit for one article", "hint: --max-article SIZE raises the limit"]);
    assert_eq!(ended.out.lines().count(), 4, "{ended:?}");
    flat(memory, OWN + (8 << 20));
}

#[test]
fn row_07_a_file_without_end() {
    let folder = folder();
    write(folder.path(), "a.txt", "The mayor opened the bridge.");
    let endless = std::fs::File::create(folder.path().join("b.txt")).expect("writable");
    // A sparse file: it has a length and no bytes.
    endless.set_len(1 << 30).expect("a file system with holes");
    let mut child = epitome().current_dir(folder.path()).args(["summarize", ".", "--max-article", "4M", "-j1"]).spawn().expect("it starts");
    let mut most = None;
    wait_for("the run ends", Duration::from_secs(60), || {
        most = peak(&child).max(most);
        child.try_wait().expect("it runs").is_some()
    });
    let ended = Ended::from(child.wait_with_output().expect("it ran"));
    ended.holds(3, &["b.txt: a text of more than 4 MiB, which is the limit for one article"]);
    assert!(ended.out.contains("The mayor opened the bridge."));
    flat(most, OWN + (8 << 20));
}

#[test]
fn row_07_a_limit_is_a_limit() {
    let folder = folder();
    let article = "A sentence of the article. ".repeat(100);
    write(folder.path(), "a.txt", &article);
    write(folder.path(), "b.jsonl", format!("{{\"text\": \"{article}\"}}"));
    let length = article.len();
    for name in ["a.txt", "b.jsonl"] {
        call_in(folder.path(), &["summarize", name, "--max-article", &length.to_string()]).holds(0, &[]);
        call_in(folder.path(), &["summarize", name, "--max-article", &(length - 1).to_string()])
            .holds(1, &["a text of more than 2699 bytes"]);
    }
    call_in(folder.path(), &["summarize", "a.txt", "--max-article", "1G"]).holds(2, &["expected a size from 1 to 256M"]);
}

#[test]
fn row_08_bombs() {
    let folder = folder();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(records(1).as_bytes()).expect("memory");
    let line = [vec![b' '; 1 << 18], b"\n".to_vec()].concat();
    (0..4 * 40).for_each(|_| gzip.write_all(&line).expect("memory"));
    let bomb = gzip.finish().expect("memory");
    write(folder.path(), "bomb.jsonl.gz", &bomb);
    let bombed = call_in(folder.path(), &["summarize", "bomb.jsonl.gz", "-t", "jsonl"]);
    // What came before stands.
    bombed.holds(3, &["bomb.jsonl.gz:", "gzip data becomes more than 250 times its size", "hint: --max-decoded SIZE raises the limit"]);
    assert_eq!(bombed.out.lines().count(), 1);
    call_in(folder.path(), &["summarize", "bomb.jsonl.gz", "-t", "jsonl", "--max-decoded", "1G"]).holds(0, &[]);
    call_in(folder.path(), &["summarize", "bomb.jsonl.gz", "--max-decoded", "8M"]).holds(3, &["gzip data becomes more than 8388608 bytes"]);
    let (ended, memory) = fed(&["summarize", "-", "-j1"], |pipe| pipe.write_all(&bomb));
    ended.holds(3, &["more than 250 times its size"]);
    flat(memory, OWN);
}

#[test]
fn row_08_one_text_of_a_bomb() {
    let folder = folder();
    let mut zeros = std::io::repeat(b'a').take(40 << 20);
    let packed = zstd::stream::encode_all(&mut zeros, 1).expect("memory");
    write(folder.path(), "bomb.txt.zst", packed);
    call_in(folder.path(), &["summarize", "bomb.txt.zst"]).holds(1, &["bomb.txt.zst: zstd data becomes more than 250 times its size"]);
    call_in(folder.path(), &["summarize", "bomb.txt.zst", "--max-decoded", "1G"]).holds(1, &["bomb.txt.zst: a text of more than 16 MiB"]);
    // A frame that asks for a window of 2 GiB, as `zstd --long=31` writes it: a hundred times the letter a.
    let frame = [&[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8][..], &(100u32 << 3 | 1 << 1 | 1).to_le_bytes()[..3], b"a"].concat();
    write(folder.path(), "wide.txt.zst", frame);
    call_in(folder.path(), &["summarize", "wide.txt.zst"]).holds(1, &["zstd data is damaged or cut short", "zstd -d --long=31"]);
}
