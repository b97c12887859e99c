//! Every input under `fuzz/corpus` again, through the laws that fuzzing holds it against. What fuzzing once found lies there too.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use super::{documents, readers};

/// Hands every input of a target to `laws`, and names those that break one.
fn replay(target: &str, laws: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut paths: Vec<_> = fs::read_dir(&folder).expect("a corpus").map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "nothing in {}", folder.display());
    let broken = |path: &&std::path::PathBuf| {
        let bytes = fs::read(path).expect("readable");
        catch_unwind(|| laws(&bytes)).is_err()
    };
    let broken: Vec<_> = paths.iter().filter(broken).collect();
    assert!(broken.is_empty(), "{} of {} inputs break a law: {broken:#?}", broken.len(), paths.len());
}

/// A test a target: its name, which is that of its corpus, and its laws.
macro_rules! targets {
    ($($name:ident: $laws:path,)*) => {
        $(#[test]
        fn $name() {
            replay(stringify!($name), $laws);
        })*

        /// Every folder of the corpus has a test, and every test a fuzz target.
        #[test]
        fn nothing_is_left_out() {
            let mut names = [$(stringify!($name)),*];
            names.sort();
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
            let list = |folder: &str| {
                let entries = fs::read_dir(root.join(folder)).expect("it is there").map(|entry| entry.expect("readable").path());
                let mut names: Vec<_> = entries.map(|path| path.file_stem().expect("named").to_string_lossy().into_owned()).collect();
                names.sort();
                names
            };
            assert_eq!(list("corpus"), names);
            assert_eq!(list("fuzz_targets"), names);
        }
    };
}

targets! {
    check: readers::check,
    lines: readers::lines,
    lists: readers::lists,
    manifest: readers::manifest,
    memory: readers::memory,
    record: readers::record,
    segment: documents::segment,
    segments: readers::segments,
    srx: documents::rule_file,
    table: readers::table,
    tags: readers::tags,
    text: readers::text,
    tsv: readers::tsv,
    xliff: readers::xliff,
}
