//! Every input under `fuzz/corpus` again, through the laws that fuzzing holds it against. What fuzzing once found lies there too.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use super::documents;

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

#[test]
fn texts_of_the_corpus_break_no_law() {
    replay("segment", documents::segment);
}

#[test]
fn rule_files_of_the_corpus_break_no_law() {
    replay("srx", documents::rule_file);
}
