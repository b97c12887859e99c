//! Tests of the output directory.

use super::*;

#[test]
fn a_failed_run_leaves_the_directory_as_it_was() {
    let parent = tempfile::tempdir().expect("a place for temporary files");
    let path = parent.path().join("out");
    let mut directory = Directory::open(&path, false).expect("new");
    directory.write("a.txt", b"one").expect("writable");
    directory.publish(Manifest { tool: "epitome".into(), ..Manifest::default() }).expect("writable");
    let mut directory = Directory::open(&path, false).expect("ours");
    assert!(matches!(Directory::open(&path, false).err().expect("locked").kind, ErrorKind::Locked(_)));
    directory.write("a.txt", b"two").expect("writable");
    drop(directory);
    assert_eq!(fs::read(path.join("a.txt")).expect("still there"), b"one");
    assert!(path.join(manifest::NAME).exists() && !path.join(STAGING).exists());
}

#[test]
fn what_a_killed_run_left_goes_with_the_next() {
    let parent = tempfile::tempdir().expect("a place for temporary files");
    let path = parent.path().join("out");
    let manifest = || Manifest { tool: "epitome".into(), ..Manifest::default() };
    let directory = |name: &str| {
        let mut directory = Directory::open(&path, false).expect("ours");
        directory.write(name, name.as_bytes()).expect("writable");
        directory
    };
    directory("s/a.xlf").publish(manifest()).expect("writable");
    for killed_early in [false, true] {
        let mut killed = directory("s/b.xlf");
        if !killed_early {
            killed.close("s/b.xlf").expect("writable");
            let own = Manifest { files: killed.done.clone(), ..manifest() };
            fs::write(killed.staging.join(manifest::NAME), own.write()).expect("writable");
            killed.retire().expect("writable");
            fs::rename(killed.staging.join("s/b.xlf"), path.join("s/b.xlf")).expect("writable");
        }
        assert!(path.join("s/a.xlf").exists() && path.join("s/b.xlf").exists() && !path.join(manifest::NAME).exists());
        killed.lock.unlock().expect("locked");
        std::mem::forget(killed);
    }
    directory("s/c.xlf").publish(manifest()).expect("writable");
    let left: Vec<_> = fs::read_dir(path.join("s")).expect("there").map(|entry| entry.expect("readable").file_name()).collect();
    assert_eq!(left, ["c.xlf"]);
    assert!(path.join(manifest::NAME).exists() && !path.join(STAGING).exists());
}

#[test]
fn what_is_not_ours_is_refused() {
    let parent = tempfile::tempdir().expect("a place for temporary files");
    fs::write(parent.path().join("mine.txt"), "x").expect("writable");
    assert!(matches!(Directory::open(parent.path(), false).err().expect("refused").kind, ErrorKind::NotOurs));
    assert!(Directory::open(parent.path(), true).is_ok());
    for name in ["../x", "/abs", "", "a/../../b"] {
        assert!(!is_inside(name), "{name}");
    }
}

#[test]
fn folders_keep_what_is_not_of_the_run() {
    let parent = tempfile::tempdir().expect("a place for temporary files");
    let run = || {
        let mut directory = Directory::open(parent.path(), true).expect("ours");
        ["a.txt", "n/b.txt", "s/a.txt", "s/c.txt"].iter().for_each(|name| directory.write(name, b"x").expect("writable"));
        directory.publish(Manifest { tool: "epitome".into(), ..Manifest::default() }).expect("writable");
    };
    fs::create_dir(parent.path().join("s")).expect("writable");
    fs::write(parent.path().join("s/mine.txt"), "mine").expect("writable");
    for _ in 0..2 {
        // A folder that is new is put into place by one rename, one that is there takes file after file.
        run();
        for name in ["a.txt", "n/b.txt", "s/a.txt", "s/c.txt", "s/mine.txt", manifest::NAME] {
            assert!(parent.path().join(name).exists(), "{name}");
        }
        assert!(!parent.path().join(STAGING).exists());
    }
}
