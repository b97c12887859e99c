//! Aligned translations by people raise few alarms: the checks of a target against its source over the reference data, where it
//! is there. A table: `cargo test --test it quality -- --nocapture`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use epitome::translation::quality::{CHECKS, Checks, Pair};

use crate::reference::reference;

/// Alarms for 1,000 pairs that all sets may raise at most, all checks together; most of them are slips of those translations.
const MOST: usize = 40;

/// One sentence to one sentence, by the gold alignment; ends of lines are no blanks of theirs.
fn pairs(gold: &Path) -> Vec<(String, String)> {
    let lines = |ending: &str| -> Vec<String> {
        let text = fs::read_to_string(gold.with_extension(ending)).expect("sides are there");
        text.lines().map(|line| line.trim().to_owned()).collect()
    };
    let (source, target) = (lines("src"), lines("tgt"));
    let links = fs::read_to_string(gold).expect("UTF-8");
    let one = |side: &str| side.trim_matches(['[', ']']).parse::<usize>().ok();
    let linked = links.lines().filter_map(|line| line.split_once(':')).filter_map(|(s, t)| one(s).zip(one(t)));
    linked.map(|(s, t)| (source[s].clone(), target[t].clone())).collect()
}

fn sets(root: &Path) -> BTreeMap<String, Vec<PathBuf>> {
    let folders = fs::read_dir(root).expect("sets are there").map(|entry| entry.expect("readable").path());
    let golds = |folder: &Path| {
        let files = fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable").path());
        let mut out: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|ending| ending == "gold")).collect();
        out.sort();
        out
    };
    folders.map(|folder| (folder.file_name().expect("named").to_string_lossy().into_owned(), golds(&folder))).collect()
}

#[test]
fn translations_by_people_raise_few_alarms() {
    let Some(reference) = reference() else { return };
    let (mut alarms, mut looked_at) = (0, 0);
    for (set, golds) in sets(&reference.join("data/alignment")) {
        let (langs, _) = set.split_once('.').expect("languages first");
        let (source_lang, target_lang) = langs.split_once('-').expect("two languages");
        let pairs: Vec<(String, String)> = golds.iter().flat_map(|gold| pairs(gold)).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (source, target) in &pairs {
            let pair = Pair { source, target, source_lang: Some(source_lang), target_lang: Some(target_lang) };
            for alarm in Checks::default().look_at(&pair) {
                *counts.entry(alarm.check.name).or_default() += 1;
                if std::env::var_os("ALARMS").is_some() {
                    eprintln!("{set} {}: {}\n  {source}\n  {target}", alarm.check.name, alarm.cause);
                }
            }
        }
        let shown: Vec<String> = CHECKS.iter().filter_map(|c| counts.get(c.name).map(|n| format!("{} {n}", c.name))).collect();
        let all: usize = counts.values().sum();
        eprintln!("{set}: {} pairs, {all} alarms: {}", pairs.len(), shown.join(", "));
        (alarms, looked_at) = (alarms + all, looked_at + pairs.len());
    }
    assert!(alarms * 1000 <= MOST * looked_at, "{alarms} alarms over {looked_at} pairs");
}
