//! Places that take nothing more, or nothing at all.

use std::process::Command;

use super::{EPITOME, call_in, cannot, files, folder, records, shell, write};

/// Ways to a shell with mounts of its own, which go with it: as root, and as anybody where that may be.
const OWN_MOUNTS: [&str; 2] = ["unshare -m", "unshare -rm"];

#[test]
fn row_03_the_disk_is_full() {
    const MOUNT: &str = "mount -t tmpfs -o size=1m tmpfs disk";
    let folder = folder();
    let folder = folder.path();
    write(folder, "small.jsonl", records(20));
    write(folder, "large.jsonl", records(4000));
    std::fs::create_dir(folder.join("disk")).expect("writable");
    let may = |own: &&str| shell(folder, &format!("{own} {MOUNT}")).code == Some(0);
    let Some(own) = OWN_MOUNTS.into_iter().find(may) else {
        return cannot(3, "no file system of a given size can be mounted");
    };
    let script = "
        \"$EPITOME\" run small.jsonl -o disk/out && cp -r disk/out before || exit 90
        \"$EPITOME\" run large.jsonl -o disk/out; code=$?
        diff -r before disk/out > changed || exit 91
        exit $code";
    let ended = shell(folder, &format!("{own} sh -c '{MOUNT}{script}'"));
    ended.holds(1, &["cannot write", "disk/out/", "No space left on device"]);
}

#[test]
#[cfg(unix)]
fn row_03_files_that_may_not_grow() {
    // Every size at which writing may fail, in steps: nothing is published, the old output stands.
    let folder = folder();
    let folder = folder.path();
    write(folder, "small.jsonl", records(5));
    write(folder, "large.jsonl", records(400));
    call_in(folder, &["run", "small.jsonl", "-o", "out"]).holds(0, &[]);
    let before = files(&folder.join("out"));
    let whole = call_in(folder, &["run", "large.jsonl", "-o", "whole"]);
    whole.holds(0, &[]);
    let mut failed = 0;
    for blocks in [0, 1, 2, 5, 17, 40, 100, 300, 4000] {
        let ended = shell(folder, &format!("ulimit -f {blocks}; exec \"$EPITOME\" run large.jsonl -o out"));
        if ended.code == Some(0) {
            break;
        }
        failed += 1;
        ended.holds(1, &["out", "File too large"]);
        assert!(files(&folder.join("out")) == before, "{blocks} blocks: the old output changed");
        shell(folder, &format!("ulimit -f {blocks}; exec \"$EPITOME\" run large.jsonl -o new")).holds(1, &["new", "File too large"]);
        assert!(!folder.join("new").exists(), "{blocks} blocks: something is left");
    }
    assert!(failed > 4, "only {failed} runs met the limit");
    assert!(files(&folder.join("out")) == files(&folder.join("whole")), "the last run was not whole");
}

#[test]
#[cfg(target_os = "linux")]
fn row_03_stdout_is_full() {
    let folder = folder();
    write(folder.path(), "wire.jsonl", records(3));
    for verb in ["summarize wire.jsonl", "segment wire.jsonl", "frequencies wire.jsonl", "digest wire.jsonl", "languages", "man", "--help"]
    {
        let ended = shell(folder.path(), &format!("\"$EPITOME\" {verb} > /dev/full"));
        assert_eq!(ended.code, Some(1), "{verb}: {ended:?}");
        assert!(ended.err.contains("No space left on device") || verb == "--help", "{verb}: {ended:?}");
    }
}

/// A user to whom nothing belongs.
#[cfg(unix)]
const NOBODY: u32 = 65534;

/// Calls the program in a folder as somebody whom modes of files bind: root, as whom tests may run, becomes another user. `None` where
/// that cannot be.
#[cfg(unix)]
pub(super) fn bound(folder: &std::path::Path, args: &[&str]) -> Option<super::Ended> {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::process::CommandExt;
    // Where the program is built another user may not be able to go.
    let program = folder.join(".epitome");
    if !program.exists() {
        std::fs::copy(EPITOME, &program).expect("room");
    }
    let mut command = Command::new(&program);
    command.env_clear().args(args).current_dir(folder).stdin(std::process::Stdio::null());
    if std::fs::metadata(&program).expect("there").uid() == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    loop {
        match command.output() {
            // Another test became two processes while the copy was written; the other one holds it open until it is a program of its own.
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => std::thread::sleep(std::time::Duration::from_millis(5)),
            ended => return ended.ok().map(super::Ended::from),
        }
    }
}

/// Sets the mode of a file.
#[cfg(unix)]
pub(super) fn mode(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("our own");
}

#[test]
#[cfg(unix)]
fn row_17_an_output_directory_that_may_not_be_written() {
    let folder = folder();
    let folder = folder.path();
    write(folder, "wire.jsonl", records(3));
    call_in(folder, &["run", "wire.jsonl", "-o", "out"]).holds(0, &[]);
    let before = files(&folder.join("out"));
    mode(folder, 0o755);
    bound(folder, &["--version"]);
    [folder, &folder.join("out")].iter().for_each(|path| mode(path, 0o555));
    let ended = ["out", "new"].map(|out| bound(folder, &["run", "wire.jsonl", "-v", "-o", out]));
    [folder, &folder.join("out")].iter().for_each(|path| mode(path, 0o755));
    for (ended, out) in ended.into_iter().zip(["out", "new"]) {
        let Some(ended) = ended else { return cannot(17, "no other user can be had") };
        ended.holds(1, &[out, "Permission denied"]);
        assert!(!ended.err.contains("articles"), "it worked before it failed: {ended:?}");
    }
    assert!(files(&folder.join("out")) == before && !folder.join("new").exists());
}

#[test]
fn row_17_the_output_is_a_file_or_goes() {
    let folder = folder();
    write(folder.path(), "wire.jsonl", records(3));
    write(folder.path(), "file", "mine");
    call_in(folder.path(), &["run", "wire.jsonl", "-o", "file"])
        .holds(1, &["file: is a file, expected a directory", "hint: -o names a directory"]);
    call_in(folder.path(), &["run", "wire.jsonl", "-o", "file/below"]).holds(1, &["file/below"]);
    assert_eq!(std::fs::read(folder.path().join("file")).expect("there"), b"mine");
    // Away while it is written to: named, and nothing is said to be done.
    let script = "mkfifo pipe; \"$EPITOME\" run pipe -o out 2> said & run=$!
        while [ ! -e out/.epitome-staging ]; do sleep 0.02; done
        exec 3> pipe; rm -r out; cat wire.jsonl >&3; exec 3>&-; wait $run; code=$?; cat said >&2; exit $code";
    if cfg!(unix) {
        shell(folder.path(), script).holds(1, &["out/", "No such file or directory"]);
    }
}
