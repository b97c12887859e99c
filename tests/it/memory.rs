//! Memory limits: the same bytes whatever is kept in memory and whatever in temporary files; a place for temporary files that is
//! full is named.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use epitome::batch::{self, Inputs, Memory, MemoryUse, Plan, Settings, Silent};
use epitome::format::{Verb, outputs};
use epitome::summary::Focus;

/// Shares so small that nothing stays in memory: every article or two has a generation of words of its own.
const LEAST: Memory = Memory { articles: 0, words: 0, words_at_least: 120 << 10, ids: 1 << 10, tables: 1 << 10 };

/// Shares that are used up midway.
const SOME: Memory = Memory { articles: 40 << 10, words: 0, words_at_least: 600 << 10, ids: 8 << 10, tables: 64 << 10 };

/// A batch whose words grow in number, with ids that come again and articles that fail.
fn batch_of(folder: &Path, articles: usize) -> PathBuf {
    let mut state = 7u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % below
    };
    let mut lines = String::new();
    for number in 0..articles {
        let lang = ["en", "de", "ru", "xx"][number % 4];
        let mut text = String::new();
        for _ in 0..6 {
            for place in 0..9 {
                let bits = 3 + draw(12);
                let rank = draw(1 << bits);
                let word = if lang == "ru" { format!("слово{rank}а ") } else { format!("word{rank}x ") };
                text.push_str(if place == 0 { "Ministers " } else { &word });
            }
            text.push_str("met. ");
        }
        let id = if number % 50 == 3 { "again".to_owned() } else { format!("a{number}") };
        lines += &match number % 97 {
            11 => "{\"id\": 1, \"text\": \n".to_owned(),
            _ => serde_json::json!({ "id": id, "lang": lang, "title": "The ministers", "text": text }).to_string() + "\n",
        };
    }
    // Copies of one text, of which one alone is in its language.
    let text: String = (0..80).map(|place| format!("w{place}7 ")).collect::<String>() + "end. Nobody else met.";
    for lang in ["en", "fr"] {
        lines += &(serde_json::json!({ "id": lang, "lang": lang, "text": text }).to_string() + "\n");
    }
    let path = folder.join("batch.jsonl");
    fs::write(&path, lines).expect("writable");
    path
}

fn plan(paths: Vec<PathBuf>) -> Plan {
    batch::plan(&Inputs { paths, ..Inputs::default() }, None).expect("there")
}

/// Every file of a directory with its bytes, by name.
fn bytes_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.expect("readable").path();
        (path.file_name().expect("a name").to_string_lossy().into_owned(), fs::read(&path).expect("readable"))
    };
    let mut files: Vec<_> = fs::read_dir(folder).expect("there").map(file).collect();
    files.sort();
    files
}

/// Runs a batch; what it wrote, and what it kept where.
fn run(plan: &Plan, settings: &Settings) -> (Vec<(String, Vec<u8>)>, MemoryUse) {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let report = batch::run(plan, settings, folder.path(), false, &Silent).expect("most is sound");
    (bytes_of(folder.path()), report.memory)
}

/// Holds all limits and numbers of threads against one another; how much the least limit put into files.
fn same_bytes(plan: &Plan, settings: &Settings) -> MemoryUse {
    let (expected, kept) = run(plan, settings);
    assert!(expected.len() > 4 && kept.spilled() == 0 && kept.generations == 0 && kept.kept > 0, "{kept:?}");
    let mut least = MemoryUse::default();
    for (memory, threads) in [(LEAST, 1), (LEAST, 2), (LEAST, 7), (SOME, 1), (SOME, 2), (SOME, 7), (Memory::default(), 7)] {
        let (found, used) = run(plan, &Settings { memory, threads, ..settings.clone() });
        let differs = expected.iter().zip(&found).find(|(a, b)| a != b).map(|(a, _)| &a.0);
        assert!(found == expected, "{differs:?} differs with {threads} threads and {memory:?}");
        if memory == LEAST {
            least = used;
        }
    }
    least
}

fn settings() -> Settings {
    Settings { threads: 2, outputs: outputs(Verb::Run).filter(|output| output.default).collect(), ..Settings::default() }
}

#[test]
fn any_limit_gives_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let plan = plan(vec![batch_of(folder.path(), 600)]);
    let focus = Focus { query: Some("word12x ministers слово12а".to_owned()), ..Focus::default() };
    let used = same_bytes(&plan, &Settings { focus, keywords: 3, ..settings() });
    assert_eq!(used.kept, 0);
    assert!(used.spilled_articles > 0 && used.spilled_words > 0 && used.spilled_table > 0 && used.spilled_ids > 0, "{used:?}");
    assert!(used.generations > 50, "{used:?}");
}

#[test]
fn any_limit_gives_the_same_bytes_in_many_languages() {
    let used = same_bytes(&plan(super::batch::corpus()), &settings());
    assert!(used.spilled_articles > 0 && used.generations > 20, "{used:?}");
}

#[test]
fn a_table_given_and_copies_left_out_are_the_same_with_any_limit() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let plan = plan(vec![batch_of(folder.path(), 300)]);
    let count = |memory| {
        let (mut table, _) = batch::count(&plan, &Settings { memory, ..Settings::default() }, &Silent).expect("counted");
        let mut bytes = Vec::new();
        table.write(&mut bytes).expect("memory");
        bytes
    };
    let table = count(Memory::default());
    assert!(count(LEAST) == table && count(SOME) == table);
    let path = folder.path().join("table.tsv");
    fs::write(&path, table).expect("writable");
    for given in [Settings { frequencies: Some(path), ..settings() }, Settings { duplicates: Some(batch::Duplicates::Skip), ..settings() }]
    {
        let (expected, _) = run(&plan, &given);
        let manifest = expected.iter().find(|(name, _)| name == "manifest.json").expect("there is one");
        let copies = String::from_utf8_lossy(&manifest.1).matches("\"left_out\": true").count();
        assert_eq!(copies, usize::from(given.duplicates.is_some()));
        for threads in [1, 7] {
            assert!(run(&plan, &Settings { memory: LEAST, threads, ..given.clone() }).0 == expected);
        }
    }
}

/// What the test after this starts, where no file may have more than a few bytes.
#[test]
#[ignore = "for the test of a full disk alone"]
fn with_little_room_for_files() {
    let Some(path) = std::env::var_os("EPITOME_TEST_BATCH") else { return };
    let settings = Settings { memory: LEAST, outputs: outputs(Verb::Summarize).take(1).collect(), ..settings() };
    let error = batch::stream(&plan(vec![path.into()]), &settings, &mut std::io::sink(), &Silent).expect_err("there is no room");
    eprintln!("found: {error}; {}; {}", error.code(), error.hint().unwrap_or_default());
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_named() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let path = batch_of(folder.path(), 300);
    let own = std::env::current_exe().expect("a test has a file");
    let started = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" --ignored --exact --nocapture memory::with_little_room_for_files"])
        .arg(own)
        .envs([("EPITOME_TEST_BATCH", path.as_path()), ("TMPDIR", folder.path())])
        .output()
        .expect("a shell");
    let told = String::from_utf8_lossy(&started.stderr).into_owned();
    let expected = format!("found: {}: a temporary file in it failed: File too large", folder.path().display());
    assert!(started.status.success() && told.contains(&expected), "{told}");
    assert!(told.contains("; temporary-file; name a directory with more room in TMPDIR"), "{told}");
}

#[test]
fn a_limit_too_small_is_refused() {
    let epitome = || Command::new(env!("CARGO_BIN_EXE_epitome"));
    let article = super::batch::corpus().remove(0);
    let refused = epitome().arg("summarize").arg(&article).args(["--memory-limit", "15M"]).output().expect("it starts");
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(told.contains("--memory-limit 15M is less than the smallest that works, 16M"), "{told}");
    let least = epitome().arg("summarize").arg(&article).args(["--memory-limit", "16M"]).output().expect("it starts");
    assert_eq!(least.stdout, epitome().arg("summarize").arg(&article).output().expect("it starts").stdout);
    let nowhere = epitome().arg("summarize").arg(&article).env("TMPDIR", "/dev/null").output().expect("it starts");
    assert!(nowhere.status.success(), "a batch that fits needs no temporary file");
}
