//! Files for translators: every file written for the corpus is valid, whatever the options; names, bundles and languages hold
//! for batches that are not kind.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use epitome::Lang;
use epitome::batch::{self, Inputs, Report, Settings, Silent};
use epitome::document::Kind;
use epitome::format::bitext::{BitextOptions, Layout, Prefill, Scope, Version};
use epitome::format::manifest::Manifest;
use epitome::format::{Verb, outputs};

use crate::reference::reference;

/// A run into a directory that writes what is named.
fn run(input: &Path, out: &Path, names: &[&str], bitext: BitextOptions, bundle: Option<u32>, threads: usize) -> Report {
    let plan = batch::plan(&Inputs { paths: vec![input.to_owned()], ..Inputs::default() }, Some(out)).expect("there");
    let outputs = outputs(Verb::Run).filter(|output| names.contains(&output.name)).collect();
    let settings = Settings { outputs, bitext, bundle, threads, ..Settings::default() };
    batch::run(&plan, &settings, out, false, &Silent).expect("it works")
}

/// Files below a folder of a directory, with their contents.
fn files(out: &Path, folder: &str) -> BTreeMap<String, String> {
    let entries = fs::read_dir(out.join(folder)).into_iter().flatten().map(|entry| entry.expect("readable").path());
    entries
        .map(|path| (path.file_name().expect("a file").to_string_lossy().into_owned(), fs::read_to_string(&path).expect("UTF-8")))
        .collect()
}

/// Each line of JSON a record.
fn feed(folder: &Path, records: impl Iterator<Item = serde_json::Value>) -> PathBuf {
    let path = folder.join("feed.jsonl");
    fs::write(&path, records.map(|record| format!("{record}\n")).collect::<String>()).expect("writable");
    path
}

fn into_german() -> BitextOptions {
    BitextOptions { target_lang: Lang::parse("de"), ..BitextOptions::default() }
}

/// Python with lxml, if it is there.
fn python() -> Option<&'static str> {
    let found = Command::new("python3").args(["-c", "import lxml"]).output().is_ok_and(|done| done.status.success());
    if !found {
        eprintln!("skipped: there is no python3 with lxml");
    }
    found.then_some("python3")
}

#[test]
fn what_is_written_for_the_corpus_is_valid() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let input = folder.path().join("in");
    fs::create_dir(&input).expect("writable");
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for name in ["en/chipmaker-merger", "ar/hafila", "az/xalca", "ja/minato-densha"] {
        let to = input.join(name.replace('/', " & ") + ".txt");
        fs::copy(corpus.join("articles").join(name).with_extension("txt"), to).expect("writable");
    }
    let odd = "Odd \u{1}\u{ffff}<&>\"'\u{85}\u{2028}\r\nends. It\tgoes  on]]>. \u{10ffff} is the end.";
    feed(
        &input,
        [serde_json::json!({"id": "\u{1}\n \"<&>", "title": "\u{1f} <T>", "url": "https://example.org/?a=1&b=<2>", "text": odd})]
            .into_iter(),
    );
    let mut list = Vec::new();
    for version in [Version::V12, Version::V20, Version::V21] {
        for layout in [Layout::Paragraph, Layout::Sentence] {
            for (scope, prefill, bundle) in [
                (Scope::Article, Some(Prefill::Copy), None),
                (Scope::Summary, Some(Prefill::Empty), Some(2)),
                (Scope::Summary, None, None),
                (Scope::Article, Some(Prefill::Omit), Some(1000)),
            ] {
                let out = folder.path().join(format!("{}-{}-{}-{}", version.name(), layout.name(), scope.name(), list.len()));
                let target_lang = prefill.and_then(|_| Lang::parse("pt-BR"));
                let locked = vec![Kind::Byline, Kind::Caption];
                let layout = Some(layout);
                run(
                    &input,
                    &out,
                    &["xliff"],
                    BitextOptions { version, layout, scope, prefill, target_lang, locked, ..BitextOptions::default() },
                    bundle,
                    0,
                );
                list.extend(files(&out, "segments").into_keys().map(|name| out.join("segments").join(name)));
            }
        }
    }
    assert!(list.len() > 60, "{}", list.len());
    assert_valid(&list);
}

/// Holds files against the schemas of their formats, if those and a reader of them are there.
pub fn assert_valid(list: &[PathBuf]) {
    let Some((reference, python)) = reference().zip(python()) else { return };
    let told = Command::new(python).arg(reference.join("tools/validate_xml.py")).args(list).output().expect("python3 runs");
    let told = (told.status.success(), String::from_utf8_lossy(&told.stdout).into_owned());
    assert!(told.0 && told.1.matches(" valid\n").count() == list.len(), "{}", told.1);
}

#[test]
fn bundles_are_numbered_in_input_order_and_have_one_language() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let text = |i: usize| format!("Number {i} of the series begins here. The second sentence of number {i} ends it.");
    let lang = |i: usize| if i % 3 == 2 { "fr" } else { "en" };
    let input = feed(folder.path(), (0..100).map(|i| serde_json::json!({"id": format!("a{i}"), "lang": lang(i), "text": text(i)})));
    let out = |threads: usize| {
        let out = folder.path().join(format!("out{threads}"));
        run(&input, &out, &["xliff", "moses"], BitextOptions { version: Version::V21, ..into_german() }, Some(20), threads);
        (files(&out, "segments"), files(&out, "moses"), fs::read(out.join("manifest.json")).expect("written"))
    };
    let (one, two) = (out(1), out(2));
    assert!(one == two, "the number of threads makes a difference");
    let (bundles, _, manifest) = one;
    assert_eq!(
        bundles.keys().collect::<Vec<_>>(),
        (1..=6).map(|n| format!("bundle-{n:05}.xlf")).collect::<Vec<_>>().iter().collect::<Vec<_>>()
    );
    let manifest = Manifest::read(&manifest).expect("ours");
    for file in manifest.files.iter().filter(|file| file.name.starts_with("segments/")) {
        let bundle = &bundles[file.name.strip_prefix("segments/").expect("filtered")];
        assert_eq!((bundle.matches("<xliff ").count(), bundle.matches("</xliff>").count()), (1, 1), "{}", file.name);
        let langs: Vec<&str> = file.articles.iter().map(|id| lang(id[1..].parse().expect("a number"))).collect();
        assert!(file.articles.len() <= 20 && langs.iter().all(|lang| bundle.contains(&format!(" srcLang=\"{lang}\""))), "{}", file.name);
        let ids: Vec<String> = file.articles.iter().map(|id| format!(" <file id=\"{id}\"")).collect();
        let places: Vec<Option<usize>> = ids.iter().map(|id| bundle.find(id)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{}: {places:?}", file.name);
    }
    assert_eq!(manifest.files.iter().map(|file| file.articles.len()).sum::<usize>(), 100);
}

#[test]
fn more_languages_than_files_may_be_open() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let lang = |i: usize| format!("en-x-v{}", i % 150);
    let input =
        feed(folder.path(), (0..450).map(|i| serde_json::json!({"id": i, "lang": lang(i), "text": format!("This is number {i}.")})));
    let out = folder.path().join("out");
    run(&input, &out, &["xliff", "moses"], into_german(), Some(1000), 2);
    let bundles = files(&out, "segments");
    assert_eq!(bundles.len(), 150);
    assert!(bundles.values().all(|bundle| bundle.matches("<file ").count() == 3 && bundle.ends_with("</xliff>\n")));
    assert_eq!(files(&out, "moses")["segments.en-x-v7-de.en-x-v7"], "This is number 7.\nThis is number 157.\nThis is number 307.\n");
}

#[test]
fn what_a_later_run_does_not_write_goes_away() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let input = feed(folder.path(), (0..40).map(|i| serde_json::json!({"id": i, "lang": "en", "text": "One sentence is here."})));
    let out = folder.path().join("out");
    run(&input, &out, &["xliff", "moses"], into_german(), None, 0);
    assert_eq!(files(&out, "segments").len(), 40);
    fs::write(out.join("segments/mine.txt"), "x").expect("writable");
    run(&input, &out, &["xliff"], into_german(), Some(40), 0);
    assert_eq!(files(&out, "segments").into_keys().collect::<Vec<_>>(), ["bundle-00001.xlf", "mine.txt"]);
    assert!(!out.join("moses").exists());
}

#[test]
fn what_is_locked_and_what_loses_line_breaks_is_counted() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let text = "By Ann Holt, 3 May 2021\n\nThe ferry returned to the port on Monday after nine\nweeks in the yard, and a crowd that had waited in the\nrain since the morning cheered. It was late.\n";
    let input = folder.path().join("a.txt");
    fs::write(&input, text).expect("writable");
    let out = folder.path().join("out");
    let bitext = BitextOptions { locked: vec![Kind::Byline], ..into_german() };
    let report = run(&input, &out, &["xliff", "moses", "segments.tsv"], bitext, None, 0);
    assert_eq!((report.segments, report.locked, report.blanks), (3, 1, 1));
    let manifest = Manifest::read(&fs::read(out.join("manifest.json")).expect("written")).expect("ours");
    assert_eq!((manifest.locked, manifest.blanks), (1, 1));
}
