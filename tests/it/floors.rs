//! The drawing of the house, held against the code: a module imports from floors below it and inside its own room, never
//! sideways between rooms of one floor, never up.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms by floor, from the ground up. `lib.rs` draws the same map in words.
const FLOORS: &[&[&str]] = &[
    &["article", "span", "lang", "error"],
    &["text", "document"],
    &["summary", "translation", "eval"],
    &["format"],
    &["batch"],
    &["cli", "main"],
];

/// The document is what the text room makes: the two may know each other, as ground files may.
const NEIGHBOURS: &[&[&str]] = &[&["text", "document"], &["article", "span", "lang", "error"], &["cli", "main"]];

/// What lives on one floor only: a word in the code, and the rooms that may hold it.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("std::fs", &["batch", "cli"]),
    ("rayon", &["batch"]),
    ("rust_stemmers", &["text"]),
    ("frostem", &["eval"]),
    ("serde", &["format", "batch", "cli"]),
    ("rusqlite", &["batch"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("std::time", &["batch", "cli"]),
    ("process::exit", &[]),
];

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            out.push(path);
        }
    }
}

fn room(path: &Path, root: &Path) -> String {
    let first = path.strip_prefix(root).expect("below the root").components().next().expect("not empty");
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// Rooms named after `crate::` (or `epitome::` in the doors), and lines with the words of `ONLY_IN`, outside of tests and comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("UTF-8");
    let code = text.split("#[cfg(test)]").next().unwrap_or("");
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn imports(code: &str) -> Vec<String> {
    let mut out = Vec::new();
    for prefix in ["crate::", "epitome::"] {
        for (at, _) in code.match_indices(prefix) {
            let rest = &code[at + prefix.len()..];
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if name.is_empty() && rest.starts_with('{') {
                let list = &rest[1..rest.find('}').unwrap_or(rest.len())];
                out.extend(list.split(',').map(|item| item.trim().split("::").next().unwrap_or("").to_owned()));
            } else {
                out.push(name);
            }
        }
    }
    out.retain(|name| floor(name).is_some());
    out
}

#[test]
fn modules_import_downward_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    for path in files {
        let room = room(&path, &root);
        if room == "lib" {
            continue;
        }
        let here = floor(&room).unwrap_or_else(|| panic!("{} stands on no floor: add its room to the table", path.display()));
        let code = code(&path);
        for import in imports(&code) {
            let there = floor(&import).expect("filtered");
            let neighbour = NEIGHBOURS.iter().any(|rooms| rooms.contains(&room.as_str()) && rooms.contains(&import.as_str()));
            if there > here || there == here && import != room && !neighbour {
                wrong.push(format!("{} imports crate::{import}: floor {there} from floor {here}", path.display()));
            }
        }
        for (word, rooms) in ONLY_IN {
            if code.contains(word) && !rooms.contains(&room.as_str()) && !(room == "main" && rooms.contains(&"cli")) {
                wrong.push(format!("{} uses {word}, which lives in {rooms:?}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "the house has a stair too many:\n{}", wrong.join("\n"));
}

#[test]
fn no_file_is_a_cupboard() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    for path in files {
        let text = fs::read_to_string(&path).expect("UTF-8");
        assert!(text.starts_with("//!"), "{} does not open with a paragraph on what it is", path.display());
        assert!(text.lines().count() <= 600, "{} has over 600 lines", path.display());
    }
}
