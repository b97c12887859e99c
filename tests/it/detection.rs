//! Which language is told: the inputs of every language file, and, where `EPITOME_REFERENCE` names a folder of reference data,
//! its texts in pieces the size of a short article and of a brief. A language of the table must not take its relatives'.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use epitome::text::detect::detect;

/// The answer as a code; `und` where there is none.
fn told(text: &str) -> String {
    detect(text, &[]).map_or_else(|| "und".to_owned(), |lang| lang.tag().to_owned())
}

/// Codes that name one language for us.
fn same(expected: &str, told: &str) -> bool {
    expected == told || matches!((expected, told), ("no" | "nn", "nb"))
}

/// Files of a folder, sorted, with one of two endings.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut out: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    out.retain(|path| path.extension().is_some_and(|e| e == ending));
    out.sort();
    out
}

/// Pieces of at least `size` bytes, cut at a blank.
fn pieces(text: &str, size: usize) -> Vec<&str> {
    let (mut out, mut rest) = (Vec::new(), text);
    while rest.len() > size {
        let Some(end) = rest.char_indices().map(|(at, _)| at).find(|at| *at >= size && rest[*at..].starts_with(char::is_whitespace)) else {
            break;
        };
        out.push(&rest[..end]);
        rest = &rest[end..];
    }
    if out.is_empty() && !rest.trim().is_empty() {
        out.push(rest);
    }
    out
}

#[test]
fn language_files_are_told() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/segmentation");
    let mut wrong = Vec::new();
    for path in files(&root, "txt") {
        let lang = path.file_stem().and_then(|s| s.to_str()).expect("a language code");
        let file = fs::read_to_string(&path).expect("UTF-8");
        let inputs: Vec<&str> = file
            .split("\n=== ")
            .skip(1)
            .filter_map(|block| block.split_once('\n')?.1.split_once("\n---\n"))
            .map(|(input, _)| input)
            .collect();
        let told = told(&inputs.join("\n"));
        if !same(lang, &told) {
            wrong.push(format!("{lang} is told as {told}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Texts of the reference data by language.
fn reference() -> Option<BTreeMap<String, Vec<String>>> {
    let Some(root) = std::env::var_os("EPITOME_REFERENCE") else {
        eprintln!("skipped: EPITOME_REFERENCE does not name a folder of reference data");
        return None;
    };
    let data = Path::new(&root).join("data");
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for folder in ["segmentation/fit", "segmentation/tune", "summarization"] {
        for path in files(&data.join(folder), "jsonl") {
            let file = fs::read_to_string(&path).expect("UTF-8");
            for record in file.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()) {
                if let (Some(lang), Some(text)) = (record["lang"].as_str(), record["text"].as_str()) {
                    out.entry(lang.to_owned()).or_default().push(text.to_owned());
                }
            }
        }
    }
    Some(out)
}

/// Prints what is told of each language's pieces (`--nocapture` shows it) and holds the share that is right.
#[test]
fn reference_texts_are_told() {
    let Some(texts) = reference() else { return };
    const MOST: usize = 1500;
    let mut low = Vec::new();
    for (size, least) in [(3000, 0.99), (400, 0.97)] {
        let (mut all, mut right) = (0.0, 0.0);
        eprintln!("pieces of {size} bytes");
        for (lang, texts) in &texts {
            let mut told_as: BTreeMap<String, usize> = BTreeMap::new();
            for piece in texts.iter().flat_map(|text| pieces(text, size)).take(MOST) {
                *told_as.entry(told(piece)).or_default() += 1;
            }
            let count: usize = told_as.values().sum();
            let good: usize = told_as.iter().filter(|(told, _)| same(lang, told)).map(|(_, n)| n).sum();
            all += 1.0;
            right += good as f64 / count as f64;
            let others: Vec<String> = told_as.iter().filter(|(told, _)| !same(lang, told)).map(|(told, n)| format!("{told} {n}")).collect();
            eprintln!("  {lang}  {good} of {count}  {}", others.join(", "));
        }
        if right / all < least {
            low.push(format!("pieces of {size} bytes: {:.4} told right in the mean of languages, below {least}", right / all));
        }
    }
    assert!(low.is_empty(), "{}", low.join("\n"));
}
