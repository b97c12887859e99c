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
            // It cannot be finished: something of it is gone.
            let lost = manifest::File { name: "s/lost.xlf".into(), bytes: 9, ..manifest::File::default() };
            let own = Manifest { files: [killed.done.as_slice(), &[lost]].concat(), ..manifest() };
            fs::write(killed.staging.join(manifest::NAME), own.write()).expect("writable");
            killed.retire().expect("writable");
            fs::rename(killed.staging.join("s/b.xlf"), path.join("s/b.xlf")).expect("writable");
        }
        assert!(path.join("s/a.xlf").exists() && path.join("s/b.xlf").exists() && !path.join(manifest::NAME).exists());
        killed.lock.as_ref().expect("held").unlock().expect("locked");
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

/// A directory with a file long enough to grow where it is, and a run that adds to it.
fn growing(path: &Path) -> Directory {
    let old = vec![b'a'; 2 << 20];
    let mut directory = Directory::open(path, false).expect("new");
    directory.let_grow();
    directory.write("long.txt", &old).expect("writable");
    directory.write("short.txt", b"one").expect("writable");
    directory.publish(Manifest { tool: "epitome".into(), ..Manifest::default() }).expect("writable");
    let mut directory = Directory::open(path, false).expect("ours");
    directory.copy(&[("long.txt", 0..old.len() as u64)]).expect("readable");
    directory.write("long.txt", b"bc").expect("writable");
    directory.write("short.txt", b"two").expect("writable");
    directory
}

#[test]
fn a_long_file_is_hashed_from_where_it_ended() {
    let parent = tempfile::tempdir().expect("a place for temporary files");
    let path = parent.path().join("out");
    drop(growing(&path));
    let kept = |name: &str| read_manifest(&path.join(manifest::NAME)).expect("whole").file(name).expect("there").subtrees.clone();
    assert_eq!((kept("long.txt").len(), kept("short.txt").len()), (5, 0));
    let grow = |at: usize| {
        // A byte is changed where the next run does not look, or where it does.
        let mut long = vec![b'a'; 2 << 20];
        long[at] = b'b';
        fs::write(path.join("long.txt"), long).expect("writable");
        let mut directory = Directory::open(&path, false).expect("ours");
        directory.copy(&[("long.txt", 0..2 << 20)]).map_err(|error| error.kind)
    };
    assert!(grow(0).is_ok());
    assert!(matches!(grow((2 << 20) - 1), Err(ErrorKind::Changed)));
    // Where nothing was kept all is read.
    let mut manifest = read_manifest(&path.join(manifest::NAME)).expect("whole");
    manifest.files.iter_mut().for_each(|file| file.subtrees.clear());
    fs::write(path.join(manifest::NAME), manifest.write()).expect("writable");
    assert!(matches!(grow(0), Err(ErrorKind::Changed)));
}

/// Holds a directory against its manifest; the length of the long file.
fn length(path: &Path) -> u64 {
    let manifest = read_manifest(&path.join(manifest::NAME)).expect("whole");
    manifest.files.iter().for_each(|file| assert!(has_hash(&path.join(&file.name), &file.blake3), "{}", file.name));
    manifest.file("long.txt").expect("there").bytes
}

#[test]
fn a_long_file_grows_where_it_is() {
    let parent = tempfile::tempdir().expect("a place for temporary files");
    let path = parent.path().join("out");
    let directory = growing(&path);
    assert_eq!(fs::metadata(directory.staging.join("long.txt")).expect("staged").len(), 0);
    drop(directory);
    assert_eq!(length(&path), 2 << 20);
    growing(&parent.path().join("other")).publish(Manifest { tool: "epitome".into(), ..Manifest::default() }).expect("writable");
    assert_eq!(length(&parent.path().join("other")), (2 << 20) + 2);
    // Another name of the same file keeps what it has.
    fs::hard_link(path.join("long.txt"), parent.path().join("kept.txt")).expect("one file system");
    let mut directory = Directory::open(&path, false).expect("ours");
    directory.copy(&[("long.txt", 0..2 << 20)]).expect("readable");
    assert!(directory.grown.is_empty());
}

#[test]
fn what_a_killed_run_put_half_into_place_is_finished() {
    for moved in [false, true] {
        let parent = tempfile::tempdir().expect("a place for temporary files");
        let path = parent.path().join("out");
        let mut killed = growing(&path);
        let files = killed.finish().expect("writable");
        let manifest = Manifest { tool: "epitome".into(), files, ..Manifest::default() };
        fs::write(killed.staging.join(manifest::NAME), manifest.write()).expect("writable");
        fs::write(killed.staging.join(GROWN), serde_json::to_vec(&killed.grown).expect("plain")).expect("writable");
        killed.retire().expect("writable");
        if moved {
            fs::rename(killed.staging.join("short.txt"), path.join("short.txt")).expect("writable");
        }
        // Half of what is new is at the end.
        let mut long = fs::read(path.join("long.txt")).expect("there");
        long.push(b'b');
        fs::write(path.join("long.txt"), long).expect("writable");
        killed.lock.as_ref().expect("held").unlock().expect("locked");
        std::mem::forget(killed);
        drop(Directory::open(&path, false).expect("ours"));
        assert_eq!((length(&path), fs::read(path.join("short.txt")).expect("there")), ((2 << 20) + 2, b"two".to_vec()));
    }
}
