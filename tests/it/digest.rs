//! Digests and duplicates over whole batches: within budget, made of sentences that are there, the same bytes for any number of
//! threads; copies are listed, and what is left out counts nowhere.

use std::collections::BTreeMap;
use std::path::Path;

use epitome::batch::{self, DigestSettings, Duplicates, Inputs, Plan, Settings, Silent};
use epitome::format::digest::DIGESTS;
use epitome::format::{Verb, outputs};
use epitome::summary::digest::Limit;
use epitome::summary::duplicates::{Groups, Version, is_copy};
use epitome::text::sketch::{Sketch, overlap};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Writes records and plans to read them.
fn plan(folder: &Path, records: &[Value]) -> Plan {
    let path = folder.join("in.jsonl");
    std::fs::write(&path, records.iter().map(|record| format!("{record}\n")).collect::<String>()).expect("writable");
    batch::plan(&Inputs { paths: vec![path], ..Inputs::default() }, None).expect("there")
}

/// The digests of a plan as records, and their bytes.
fn digests(plan: &Plan, limit: Limit, group_by: Option<&str>, threads: usize) -> (Vec<Value>, Vec<u8>) {
    let output = DIGESTS.iter().find(|output| output.name == "jsonl").expect("there is one");
    let mut settings = Settings { threads, ..Settings::default() };
    settings.fields.keep = group_by.into_iter().map(|field| vec![field.to_owned()]).collect();
    let wanted = DigestSettings { limit, group_by: group_by.map(str::to_owned), output };
    let mut out = Vec::new();
    batch::digest(plan, &settings, &wanted, &mut out, &Silent).expect("it works");
    let records = String::from_utf8(out.clone()).expect("UTF-8").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    (records, out)
}

/// An article of made-up sentences; few words, so that articles share some.
fn text(seed: u32, sentences: u32) -> String {
    const WORDS: [&str; 16] = [
        "harbour", "bridge", "minister", "vote", "budget", "rain", "school", "market", "train", "river", "ferry", "miller", "council",
        "winter", "price", "road",
    ];
    let word = |n: u32| WORDS[(n.wrapping_mul(2_654_435_761) >> 16) as usize % WORDS.len()];
    let sentence = |k: u32| {
        let n = seed.wrapping_mul(31).wrapping_add(k * 7);
        format!("The {} {} of {} {} met the {} near the {}.", word(n), word(n + 1), word(n + 2), seed % 50, word(n + 3), word(n + 4))
    };
    (0..sentences).map(sentence).collect::<Vec<_>>().join(" ")
}

fn records(seeds: &[u16]) -> Vec<Value> {
    let record = |(i, seed): (usize, &u16)| {
        let (seed, section) = (u32::from(*seed), ["a", "b", "c"][i % 3]);
        json!({"id": format!("r{i}"), "lang": if seed % 7 == 0 { "de" } else { "en" }, "section": section, "text": text(seed % 40, 3 + seed % 5)})
    };
    seeds.iter().enumerate().map(record).collect()
}

fn limit() -> impl Strategy<Value = Limit> {
    let kinds = [Limit::Sentences, Limit::Words, Limit::Characters, Limit::Bytes];
    (0..kinds.len(), 1u32..300).prop_map(move |(kind, n)| if kind == 0 { Limit::Sentences(n % 9 + 1) } else { kinds[kind](n) })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_digest_holds_its_budget_and_sentences_that_are_there(seeds in prop::collection::vec(any::<u16>(), 1..40), limit in limit()) {
        let folder = tempfile::tempdir().expect("a place for temporary files");
        let records = records(&seeds);
        let texts: BTreeMap<&str, &str> = records.iter().map(|r| (r["id"].as_str().expect("an id"), r["text"].as_str().expect("a text"))).collect();
        let (digests, _) = digests(&plan(folder.path(), &records), limit, Some("section"), 2);
        prop_assert!(!digests.is_empty());
        for digest in &digests {
            let chosen = digest["summary"].as_array().expect("a list");
            let shown = digest["text"].as_str().expect("a string");
            prop_assert!(!chosen.is_empty());
            let within = match limit {
                Limit::Sentences(n) => chosen.len() <= n as usize,
                Limit::Words(n) => digest["words"].as_u64() <= Some(n.into()),
                Limit::Characters(n) => shown.chars().count() <= n as usize,
                Limit::Bytes(n) => shown.len() <= n as usize,
            };
            prop_assert!(within != (digest["over_budget"] == true), "{digest}");
            let mut places = Vec::new();
            for sentence in chosen {
                let article = sentence["article"].as_str().expect("an id");
                let [start, end] = ["start", "end"].map(|name| sentence[name].as_u64().expect("a number") as usize);
                prop_assert_eq!(&texts[article][start..end], sentence["text"].as_str().expect("a string"));
                places.push((article, start));
            }
            places.sort_unstable();
            places.dedup();
            prop_assert_eq!(places.len(), chosen.len());
        }
    }

    #[test]
    fn threads_change_neither_digests_nor_duplicates(seeds in prop::collection::vec(any::<u16>(), 1..80)) {
        let folder = tempfile::tempdir().expect("a place for temporary files");
        let plan = plan(folder.path(), &records(&seeds));
        let runs = [1, 2, 5].map(|threads| {
            let out = folder.path().join(format!("out{threads}"));
            let settings = Settings { threads, duplicates: Some(Duplicates::Newest), outputs: outputs(Verb::Run).collect(), ..Settings::default() };
            batch::run(&plan, &settings, &out, false, &Silent).expect("it works");
            (digests(&plan, Limit::Bytes(400), None, threads).1, std::fs::read(out.join("manifest.json")).expect("there"))
        });
        prop_assert_eq!(&runs[0], &runs[1]);
        prop_assert_eq!(&runs[0], &runs[2]);
    }

    #[test]
    fn being_a_copy_is_symmetric_and_holds_in_every_group(sets in prop::collection::vec((0u64..60, 1u64..60, 0u32..2), 1..30)) {
        let shingles: Vec<Box<[u64]>> = sets.iter().map(|&(from, length, _)| (from..from + length).collect()).collect();
        let versions: Vec<Version> = sets.iter().zip(1..).map(|(set, id)| Version { id, moment: None, revision: set.2 }).collect();
        let mut groups = Groups::default();
        for (i, set) in shingles.iter().enumerate() {
            groups.add(i, versions[i].clone(), &Sketch::new(set).expect("not empty"), set.clone());
            let mirrored = (overlap(&shingles[0], set), overlap(set, &shingles[0]));
            prop_assert_eq!(mirrored.0, mirrored.1);
            prop_assert_eq!(is_copy(mirrored.0, &versions[0], &versions[i]), is_copy(mirrored.1, &versions[i], &versions[0]));
        }
        let mut seen = Vec::new();
        for group in groups.finish() {
            seen.extend(group.members());
            for copy in &group.copies {
                prop_assert_eq!(copy.overlap, overlap(&shingles[group.first], &shingles[copy.article]));
                prop_assert!(is_copy(copy.overlap, &versions[group.first], &versions[copy.article]) && group.first < copy.article);
            }
        }
        let all = seen.len();
        seen.sort_unstable();
        seen.dedup();
        prop_assert_eq!(seen.len(), all, "an article is in two groups");
    }
}

/// A run into a directory, with its manifest.
fn run(plan: &Plan, out: &Path, settings: Settings) -> Value {
    let settings = Settings { outputs: outputs(Verb::Run).collect(), ..settings };
    batch::run(plan, &settings, out, false, &Silent).expect("it works");
    serde_json::from_slice(&std::fs::read(out.join("manifest.json")).expect("there")).expect("JSON")
}

/// Thirty stories; two of them have a copy, one has an update under the same id.
fn wire() -> Vec<Value> {
    let record = |id: &str, seed: u32, more: &str| json!({"id": id, "lang": "en", "text": text(seed * 1009 + 3, 12) + more});
    let mut records: Vec<Value> = (0..30).map(|i| record(&format!("s{i}"), i, "")).collect();
    records.insert(9, record("copy-3", 3, ""));
    records.push(record("copy-20", 20, " The agency added a sentence of its own at the end."));
    records.push(record("s11", 11, " A later version has more to say of what the council found in the river."));
    records
}

#[test]
fn what_is_left_out_is_listed_and_counts_nowhere() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let all = plan(folder.path(), &wire());
    let skip = Settings { duplicates: Some(Duplicates::Skip), ..Settings::default() };
    let manifest = run(&all, &folder.path().join("skip"), skip);
    let listed: Vec<(&str, &str, u64)> = manifest["duplicates"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|copy| (copy["article"].as_str().expect("an id"), copy["of"].as_str().expect("an id"), copy["line"].as_u64().expect("a line")))
        .collect();
    assert_eq!(listed, [("copy-3", "s3", 10), ("copy-20", "s20", 32), ("s11", "s11", 33)]);
    assert!(manifest["duplicates"].as_array().expect("a list").iter().all(|copy| copy["left_out"] == true));
    assert_eq!((manifest["articles"].as_u64(), manifest["warnings"].as_array().map(Vec::len)), (Some(30), Some(0)));

    // The same as if they had never been there, but for the manifest.
    let other = folder.path().join("other");
    std::fs::create_dir(&other).expect("writable");
    let without: Vec<Value> = wire().into_iter().enumerate().filter(|(i, _)| ![9, 31, 32].contains(i)).map(|(_, record)| record).collect();
    run(&plan(&other, &without), &folder.path().join("without"), Settings::default());
    for name in ["frequencies.tsv", "summaries.jsonl", "segments.jsonl"] {
        let read = |run: &str| std::fs::read_to_string(folder.path().join(run).join(name)).expect("there");
        assert_eq!(read("skip"), read("without"), "{name}");
    }
}

#[test]
fn the_newest_takes_the_place_and_the_id() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let newest = Settings { duplicates: Some(Duplicates::Newest), ..Settings::default() };
    let manifest = run(&plan(folder.path(), &wire()), &folder.path().join("out"), newest);
    let of = |line: u64| {
        manifest["duplicates"].as_array().expect("a list").iter().find(|copy| copy["line"] == line).map(|copy| copy["of_line"].clone())
    };
    assert_eq!((of(13), of(10)), (Some(json!(33)), Some(json!(4))));
    let summaries = std::fs::read_to_string(folder.path().join("out/segments.jsonl")).expect("there");
    assert!(summaries.contains("A later version") && !summaries.contains("s11~2"));
}

#[test]
fn a_table_that_is_given_leaves_the_same_out() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let plan = plan(folder.path(), &wire());
    let skip = Settings { duplicates: Some(Duplicates::Skip), ..Settings::default() };
    let two = run(&plan, &folder.path().join("two"), skip.clone());
    let table = Some(folder.path().join("two/frequencies.tsv"));
    let one = run(&plan, &folder.path().join("one"), Settings { frequencies: table, ..skip });
    assert_eq!(one["duplicates"], two["duplicates"]);
    let hash = |manifest: &Value| {
        manifest["files"].as_array().and_then(|files| files.iter().find(|file| file["name"] == "summaries.jsonl").cloned())
    };
    assert_eq!(hash(&one), hash(&two));
}

#[test]
fn nobody_asked_and_nothing_is_listed() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let plain = run(&plan(folder.path(), &wire()), &folder.path().join("plain"), Settings::default());
    assert!(plain.get("duplicates").is_none() && plain["articles"] == 33);
    let report = Settings { duplicates: Some(Duplicates::Report), ..Settings::default() };
    let report = run(&plan(folder.path(), &wire()), &folder.path().join("report"), report);
    assert_eq!((report["articles"].as_u64(), report["duplicates"].as_array().map(Vec::len)), (Some(33), Some(3)));
}

#[test]
fn a_digest_record() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let docs = json!({"id": "c1", "lang": "en", "date": "2021-05-03", "docs": [text(1, 4), text(1, 4), text(2, 4)]});
    let (records, _) = digests(&plan(folder.path(), &[docs]), Limit::Sentences(2), None, 1);
    let names = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&records[0]), ["articles", "copies", "group", "id", "lang", "method", "summary", "text", "words"]);
    assert_eq!(records[0]["copies"], json!([{"article": "c1/2", "of": "c1/1"}]));
    let sentence = &records[0]["summary"][0];
    let expected = ["article", "author", "date", "end", "rank", "same", "score", "segment", "source", "start", "text", "title", "url"];
    assert_eq!(names(sentence), expected);
    assert_eq!((sentence["date"].as_str(), records[0]["articles"].as_u64()), (Some("2021-05-03"), Some(3)));
}
