//! Ids that no file should be named after.

use std::collections::HashSet;
use std::fs;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::{call_in, files, folder, write};

/// Runs over articles with these ids and panics unless every file of theirs is inside the directory, with a name of its own.
fn hold(ids: &[String]) -> super::Ended {
    let folder = folder();
    let inside = folder.path().join("inside");
    fs::create_dir(&inside).expect("writable");
    let lines = ids.iter().map(|id| serde_json::json!({"id": id, "lang": "en", "text": "The mayor opened the bridge."}).to_string() + "\n");
    write(&inside, "in.jsonl", lines.collect::<String>());
    let ended = call_in(&inside, &["run", "in.jsonl", "-v", "--target-lang", "de", "-t", "xliff", "-o", "out"]);
    ended.holds(0, &[]);
    let names: Vec<String> = files(folder.path()).into_keys().filter(|name| name != "inside/in.jsonl").collect();
    assert!(names.iter().all(|name| name.starts_with("inside/out/")), "{names:?}");
    let made: Vec<&String> = names.iter().filter(|name| name.ends_with(".xlf")).collect();
    assert!(made.iter().all(|name| name.matches('/').count() == 3 && name.starts_with("inside/out/segments/")), "{made:?}");
    // As file systems compare them that know neither case nor composition.
    let seen: HashSet<String> = made.iter().map(|name| name.nfkd().collect::<String>().to_uppercase().to_lowercase()).collect();
    assert_eq!((made.len(), seen.len()), (ids.len(), ids.len()), "{made:?}");
    for name in &made {
        let stem = name.rsplit('/').next().expect("a name");
        assert!(stem.len() <= 143 && !stem.starts_with(['.', '-']) && !stem.contains(['\\', ':', '\0', '\n', '\u{1b}']), "{stem:?}");
    }
    super::matches_its_manifest(&inside.join("out"));
    ended
}

#[test]
fn row_11_ids_that_are_no_names() {
    let long = "x".repeat(300);
    let ids = [
        "../../x",
        "/abs",
        "..",
        ".",
        "C:\\x",
        "\\\\host\\share",
        "CON",
        "con.txt",
        "LPT1",
        &long,
        "A",
        "a",
        "é",
        "e\u{301}",
        "\u{212b}",
        "Å",
        "x y",
        "x\ty",
        "x\ny",
        "\u{1b}[31mred",
        "a\u{202e}b",
        "$(reboot)",
        "-rf",
        "~root",
        "x/../../../y",
        "%2e%2e%2f",
        "\u{ff0e}\u{ff0e}/",
        "ﬀ",
        "ff",
        "same",
        "same",
        "same",
    ];
    let ended = hold(&ids.map(str::to_owned));
    assert!(ended.err.contains("the id \"same\" is taken by an earlier article, this one is \"same~2\""), "{ended:?}");
    assert!(ended.err.contains("\"same~3\""), "{ended:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn row_11_any_ids(ids in prop::collection::vec(prop_oneof!["[./\\\\:a-cA-C~ -]{1,8}", "\\PC{1,12}", "(\\.\\./){1,4}[a-z]", any::<String>()], 1..40)) {
        hold(&ids.into_iter().map(|id| if id.trim().is_empty() { "x".to_owned() } else { id }).collect::<Vec<_>>());
    }
}
