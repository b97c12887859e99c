//! The reference data that some tests and benches read, where `EPITOME_REFERENCE` names its directory: sets of gold sentence
//! boundaries, where our sentences end on them, and the sets as articles really are, with headlines on lines of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use epitome::article::Article;
use epitome::eval::boundary::{Gold, score};
use epitome::format::gold;
use epitome::text::{Scratch, TextOptions, parse};

/// The reference directory, if there is one.
pub fn reference() -> Option<PathBuf> {
    let path = std::env::var_os("EPITOME_REFERENCE").map(PathBuf::from);
    if path.is_none() {
        eprintln!("skipped: EPITOME_REFERENCE names no reference data");
    }
    path
}

/// What an independent scorer of the reference data, by its name, prints of predictions held against gold; `None`, said aloud, without
/// the Python it needs.
pub fn theirs(reference: &Path, scorer: &str, gold: &Path, predicted: &str) -> Option<String> {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("skipped: no python3 to run the other scorer with");
        return None;
    }
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    fs::write(file.path(), predicted).expect("room");
    let script = reference.join("tools").join(scorer);
    let output = Command::new("python3").arg(script).arg(gold).arg(file.path()).output().expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned())
}

/// The sets of one folder of `data/segmentation`, sorted: name without its ending, and path.
pub fn sets(reference: &Path, folder: &str) -> Vec<(String, PathBuf)> {
    let folder = reference.join("data/segmentation").join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut out: Vec<(String, PathBuf)> = entries
        .map(|entry| entry.expect("readable folder").path())
        .filter_map(|path| Some((path.file_name()?.to_str()?.strip_suffix(".jsonl")?.to_owned(), path.clone())))
        .collect();
    out.sort();
    assert!(!out.is_empty(), "no sets in {}", folder.display());
    out
}

/// The records of a set.
pub fn records(path: &Path) -> Vec<Gold> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().map(|line| gold::read(line).unwrap_or_else(|e| panic!("{}: {e}", path.display()))).collect()
}

/// Where our sentences of a gold text end.
pub fn ends(gold: &Gold, scratch: &mut Scratch) -> Vec<usize> {
    let mut article = Article::new("a".into(), gold.text.clone()).expect("short");
    article.lang = gold.lang.clone();
    let document = parse(article, &TextOptions { terms: false, ..TextOptions::default() }, scratch);
    document.sentences().iter().map(|sentence| sentence.span.end as usize).collect()
}

/// The gold text with a newline after each sentence that lacks terminal punctuation, in place of the blanks there.
pub fn lined(gold: &Gold) -> Gold {
    // Against no prediction at all every boundary is missed, and the scorer says which are soft.
    let soft: Vec<usize> = score(gold, &[]).1.into_iter().filter(|mistake| mistake.soft).map(|mistake| mistake.end).collect();
    let mut out = Gold { text: String::new(), ends: Vec::new(), ..gold.clone() };
    let mut at = 0;
    for &end in &gold.ends {
        out.text.push_str(&gold.text[at..end]);
        out.ends.push(out.text.len());
        at = end;
        if soft.contains(&end) {
            out.text.push('\n');
            at += gold.text[end..].len() - gold.text[end..].trim_start().len();
        }
    }
    out.text.push_str(&gold.text[at..]);
    out
}

/// The F1 asked of a set with newlines, in percent; `None` if it is not among those that are asked.
pub fn lined_bar(set: &str) -> Option<f64> {
    const NAMES: [&str; 8] = [".wmt", ".ncwsj.", ".wsj", ".bosque.", ".alpino.", ".szeged.", ".bokmaal.", ".gdt."];
    // The gold of the Chinese set joins sentences.
    let bar = if set.starts_with("zh.") { 96.5 } else { 99.0 };
    NAMES.iter().any(|name| set.contains(name)).then_some(bar)
}
