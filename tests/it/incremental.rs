//! Incremental runs: whatever was edited since the last, the directory is that of a clean run, byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use epitome::batch::{self, FileDifference, Incremental, Inputs, Report, Reuse, Settings, Silent};
use epitome::error::ErrorKind;
use epitome::format::bitext::BitextOptions;
use epitome::format::{Verb, outputs};
use epitome::lang::Lang;
use epitome::summary::Budget;
use proptest::prelude::*;

mod notes;

const WORDS: [&str; 24] = [
    "bridge", "river", "council", "the", "a", "and", "opened", "repair", "money", "winter", "storm", "of", "in", "new", "harbour", "boat",
    "said", "mayor", "school", "train", "late", "night", "vote", "north",
];

/// An article; the same seed makes the same one.
fn text(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % n as u64) as usize
    };
    let mut text = String::new();
    for sentence in 0..3 + next(5) {
        let words: Vec<&str> = (0..4 + next(9)).map(|_| WORDS[next(WORDS.len())]).collect();
        text += &format!("The {}{}", words.join(" "), if sentence % 3 == 2 { ".\n\n" } else { ". " });
    }
    if next(5) == 0 { text + "<p>Tags</p> <b>are</b> here." } else { text }
}

fn settings(threads: usize) -> Settings {
    let bitext = BitextOptions { target_lang: Lang::parse("de"), ..BitextOptions::default() };
    let mut settings = Settings { outputs: outputs(Verb::Run).collect(), bitext, threads, ..Settings::default() };
    settings.budget = Budget::Words(9);
    settings.write.headers = true;
    settings.incremental = Some(Incremental::default());
    settings
}

fn run(inputs: &Inputs, settings: &Settings, out: &Path) -> Report {
    let plan = batch::plan(inputs, Some(out)).expect("inputs are there");
    batch::run(&plan, settings, out, false, &Silent).expect("some are sound")
}

fn reuse(report: &Report) -> Reuse {
    report.reuse.clone().expect("the run was incremental")
}

/// Every file of a directory and what is in it.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).expect("below").to_owned(), fs::read(&path).expect("readable"));
            }
        }
    }
    found
}

/// Fails with the first file that differs.
fn same(one: &Path, other: &Path) {
    let (one, other) = (contents(one), contents(other));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        let at = bytes.iter().zip(&other[name]).take_while(|(one, other)| one == other).count();
        let near = |bytes: &[u8]| String::from_utf8_lossy(&bytes[at.saturating_sub(300)..bytes.len().min(at + 300)]).into_owned();
        assert!(*bytes == other[name], "{} at {at}:\n{}\n--- clean:\n{}", name.display(), near(bytes), near(&other[name]));
    }
}

/// A folder of articles that are edited.
struct Bench {
    root: tempfile::TempDir,
    /// Lines of `wire.jsonl`: id, seed; a seed of 0 is no article.
    lines: Vec<(Option<String>, u64)>,
    /// Files by name.
    files: BTreeMap<String, u64>,
}

impl Bench {
    fn new(lines: u64, files: u64) -> Bench {
        let root = tempfile::tempdir().expect("a place for temporary files");
        let mut bench = Bench { root, lines: Vec::new(), files: BTreeMap::new() };
        bench.lines = (1..=lines).map(|n| ((n % 3 != 0).then(|| format!("wire {n}")), n)).collect();
        bench.files = (1..=files).map(|n| (format!("{n:03}"), 1000 + n)).collect();
        bench.write();
        bench
    }

    fn write(&self) {
        let folder = self.input();
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("writable");
        let line = |(id, seed): &(Option<String>, u64)| match (seed, id) {
            (0, _) => "{\"text\": 7}\n".to_owned(),
            (seed, Some(id)) => serde_json::json!({"id": id, "lang": "en", "text": text(*seed)}).to_string() + "\n",
            (seed, None) => serde_json::json!({"lang": "en", "text": text(*seed)}).to_string() + "\n",
        };
        fs::write(folder.join("wire.jsonl"), self.lines.iter().map(line).collect::<String>()).expect("writable");
        for (name, seed) in &self.files {
            let text = if *seed == 0 { String::new() } else { text(*seed) };
            fs::write(folder.join(name).with_extension("txt"), text).expect("writable");
        }
    }

    fn input(&self) -> PathBuf {
        self.root.path().join("in")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn inputs(&self) -> Inputs {
        Inputs { paths: vec![self.input()], ..Inputs::default() }
    }

    /// A run into the directory that is kept, and a clean one beside it.
    fn compare(&self, settings: &Settings) -> Reuse {
        let reuse = reuse(&run(&self.inputs(), settings, &self.path("out")));
        let _ = fs::remove_dir_all(self.path("clean"));
        run(&self.inputs(), &Settings { threads: 2, ..settings.clone() }, &self.path("clean"));
        same(&self.path("out"), &self.path("clean"));
        reuse
    }

    /// A table that was counted from other articles.
    fn table(&self, name: &str, articles: u64) -> PathBuf {
        let source = self.path("other.jsonl");
        let lines: String = (0..articles).map(|n| serde_json::json!({"lang": "en", "text": text(n + 77)}).to_string() + "\n").collect();
        fs::write(&source, lines).expect("writable");
        let plan = batch::plan(&Inputs { paths: vec![source], ..Inputs::default() }, None).expect("there");
        let mut settings = settings(1);
        settings.incremental = None;
        let (mut table, _) = batch::count(&plan, &settings, &Silent).expect("counted");
        let mut bytes = Vec::new();
        table.write(&mut bytes).expect("memory");
        let path = self.path(name);
        fs::write(&path, bytes).expect("writable");
        path
    }
}

#[test]
fn only_what_changed_is_done_again() {
    let mut bench = Bench::new(40, 40);
    let table = bench.table("table.tsv", 30);
    for threads in [1, 2, 7] {
        let mut settings = settings(threads);
        settings.frequencies = Some(table.clone());
        let first = bench.compare(&settings);
        assert_eq!(first.reused + first.new + first.changed, 80);
        bench.files.insert("zz".to_owned(), 5);
        bench.files.insert("007".to_owned(), 6 + threads as u64);
        bench.lines.remove(2);
        bench.lines.push((Some("last".to_owned()), 90 + threads as u64));
        bench.write();
        let next = bench.compare(&settings);
        assert!(next.reused >= 60 && next.whole.is_none(), "{next:?}");
        bench.files.remove("zz");
        bench.lines.pop();
        bench.lines.insert(2, (None, 3));
        bench.write();
        let next = bench.compare(&settings);
        // Ids that were made of lines go with the lines.
        assert!(next.gone >= 2 && next.reused >= 60, "{next:?}");
    }
}

#[test]
fn nothing_new_leaves_the_directory_alone() {
    let mut bench = Bench::new(30, 10);
    bench.files.insert("void".to_owned(), 0);
    bench.lines.push((None, 0));
    bench.write();
    let settings = settings(2);
    assert_eq!(bench.compare(&settings).whole, Some("there is no earlier run to go on from"));
    let when = || fs::metadata(bench.path("out").join("manifest.json")).and_then(|meta| meta.modified()).expect("there");
    let before = when();
    let report = run(&bench.inputs(), &settings, &bench.path("out"));
    assert!(reuse(&report).unchanged && before == when());
    assert_eq!((report.articles, report.failures, reuse(&report).reused), (40, 2, 40));
    let clean = run(&bench.inputs(), &settings, &bench.path("again"));
    let told = |report: &Report| Report { reuse: None, memory: Default::default(), ..report.clone() };
    assert_eq!(told(&report), told(&clean));
    fs::write(bench.input().join("more.txt"), text(8)).expect("writable");
    let plan = batch::plan(&bench.inputs(), None).expect("there");
    let (differences, _) = batch::check(&plan, &settings, &bench.path("out"), &Silent).expect("readable");
    assert!(differences.contains(&FileDifference::Differs("summaries.jsonl".to_owned())), "{differences:?}");
    assert!(differences.contains(&FileDifference::Missing("segments/more.xlf".to_owned())), "{differences:?}");
    let counted = reuse(&run(&bench.inputs(), &settings, &bench.path("out")));
    assert_eq!((counted.new, counted.table, counted.whole), (1, 40, Some("the document frequencies are counted anew")));
    assert!(batch::check(&plan, &settings, &bench.path("out"), &Silent).expect("readable").0.is_empty());
}

#[test]
fn articles_stay_on_the_frequencies_that_ranked_them() {
    let mut bench = Bench::new(30, 10);
    let mut settings = settings(2);
    bench.compare(&settings);
    let table = fs::read(bench.path("out/frequencies.tsv")).expect("there");
    bench.lines.push((Some("new".to_owned()), 555));
    bench.files.remove("003");
    bench.write();
    settings.incremental = Some(Incremental { keep_frequencies: true, ..Incremental::default() });
    let kept = reuse(&run(&bench.inputs(), &settings, &bench.path("out")));
    assert_eq!((kept.reused, kept.new, kept.gone, kept.whole), (39, 1, 1, None));
    assert_eq!(fs::read(bench.path("out/frequencies.tsv")).expect("there"), table);
    fs::write(bench.path("kept.tsv"), &table).expect("writable");
    let clean = Settings { frequencies: Some(bench.path("kept.tsv")), ..settings.clone() };
    run(&bench.inputs(), &clean, &bench.path("clean"));
    let (mut one, mut other) = (contents(&bench.path("out")), contents(&bench.path("clean")));
    // Only the manifests differ: one says that the table was given.
    [&mut one, &mut other].into_iter().for_each(|files| assert!(files.remove(Path::new("manifest.json")).is_some()));
    assert!(one == other);
    // Another table: what is new is ranked by that, the rest is of an older generation.
    bench.lines.push((Some("newer".to_owned()), 556));
    bench.write();
    settings.frequencies = Some(bench.table("rolling.tsv", 25));
    let kept = reuse(&run(&bench.inputs(), &settings, &bench.path("out")));
    assert_eq!((kept.reused, kept.new), (40, 1));
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(bench.path("out/manifest.json")).expect("there")).expect("JSON");
    let mut generations: Vec<u64> = manifest["generations"].as_object().expect("some").values().filter_map(|n| n.as_u64()).collect();
    generations.sort_unstable();
    assert_eq!(generations, [1, 40]);
    assert!(reuse(&run(&bench.inputs(), &settings, &bench.path("out"))).unchanged);
    // A refresh moves all.
    settings.incremental = Some(Incremental::default());
    let moved = bench.compare(&settings);
    assert_eq!((moved.table, moved.reused), (40, 1), "{moved:?}");
    settings.frequencies = None;
    bench.compare(&settings);
}

#[test]
fn other_options_do_everything_again() {
    let bench = Bench::new(12, 3);
    let mut settings = settings(1);
    bench.compare(&settings);
    settings.budget = Budget::Sentences(1);
    let done = bench.compare(&settings);
    assert_eq!((done.options, done.reused, done.whole), (15, 0, Some("the options are others")));
    settings.bundle = Some(4);
    bench.compare(&settings);
    assert!(bench.compare(&settings).whole.expect("said").contains("--bundle"));
}

/// Hears warnings.
#[derive(Default)]
struct Heard(std::sync::Mutex<Vec<String>>);

impl batch::Observer for Heard {
    fn warning(&self, warning: &epitome::Warning) {
        self.0.lock().expect("nobody panics here").push(warning.to_string());
    }
}

#[test]
fn other_entries_of_a_memory_do_everything_again_and_say_so() {
    let bench = Bench::new(12, 3);
    let entry = |source: &str, target: &str| {
        format!("<tu><tuv xml:lang=\"en\"><seg>{source}</seg></tuv><tuv xml:lang=\"de\"><seg>{target}</seg></tuv></tu>\n")
    };
    let mut settings = settings(1);
    let mut memory = |name: &str, entries: &[(&str, &str)]| {
        let header = "<header creationtool='x' creationtoolversion='1' segtype='sentence' o-tmf='x' adminlang='en' srclang='en' datatype='plaintext'/>";
        let entries: String = entries.iter().map(|(source, target)| entry(source, target)).collect();
        fs::write(bench.path(name), format!("<tmx version='1.4'>{header}<body>\n{entries}</body></tmx>")).expect("writable");
        let memories = batch::Memories::load(&bench.path(name), Lang::parse("de").as_ref()).expect("a memory");
        settings.leverage = Some(batch::Leverage { memories: memories.into(), terms: Default::default() });
        bench.compare(&settings)
    };
    memory("a.tmx", &[("The bridge.", "Die Brücke."), ("The river.", "")]);
    // With what is broken in it elsewhere nothing but the manifest is another.
    assert!(memory("a.tmx", &[("The bridge.", "Die Brücke."), ("The river.", "")]).unchanged);
    assert_eq!(
        memory("b.tmx", &[("The bridge.", "Die Brücke."), ("The river.", "")]).whole,
        Some("the document frequencies are counted anew")
    );
    let done = memory("b.tmx", &[("The bridge.", "Eine Brücke."), ("The river.", "")]);
    assert_eq!((done.options, done.reused, done.whole), (15, 0, Some("the entries of the memory are others")));
    // What is broken is told once, though nothing changed.
    let heard = Heard::default();
    let plan = batch::plan(&bench.inputs(), Some(&bench.path("out"))).expect("there");
    let report = batch::run(&plan, &settings, &bench.path("out"), false, &heard).expect("sound");
    assert!(reuse(&report).unchanged);
    let heard = heard.0.into_inner().expect("nobody panics here");
    let of_memory = |message: &&String| message.contains("b.tmx:3: passed over: the <seg> in de is empty");
    assert_eq!((heard.iter().filter(of_memory).count(), heard.len() as u64), (1, report.warnings), "{heard:#?}");
}

#[test]
fn what_was_damaged_is_not_taken_over() {
    let bench = Bench::new(12, 3);
    let mut settings = settings(2);
    settings.frequencies = Some(bench.table("table.tsv", 25));
    bench.compare(&settings);
    for (name, said) in [("articles.jsonl", "no sound record"), ("summaries.jsonl", "changed since"), ("frequencies.tsv", "")] {
        let path = bench.path("out").join(name);
        let mut bytes = fs::read(&path).expect("there");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, bytes).expect("writable");
        let done = bench.compare(&settings);
        assert!(done.whole.unwrap_or_default().contains(said), "{name}: {done:?}");
    }
    // What translators have in hands is another matter.
    let xliff = fs::read_dir(bench.path("out/segments")).expect("there").next().expect("one").expect("readable").path();
    fs::write(&xliff, "edited").expect("writable");
    let plan = batch::plan(&bench.inputs(), None).expect("there");
    let refused = batch::run(&plan, &settings, &bench.path("out"), false, &Silent).expect_err("edited");
    assert!(matches!(refused.kind, ErrorKind::Edited));
    let forced = batch::run(&plan, &settings, &bench.path("out"), true, &Silent).expect("forced");
    assert_eq!((reuse(&forced).output, reuse(&forced).reused), (1, 14));
    same(&bench.path("out"), &bench.path("clean"));
}

#[test]
fn a_rolling_table_is_one_count_over_all() {
    let bench = Bench::new(40, 20);
    let mut settings = settings(2);
    settings.incremental = None;
    let plan = |path: PathBuf| batch::plan(&Inputs { paths: vec![path], ..Inputs::default() }, None).expect("there");
    let spelled = |mut table: batch::Table| {
        let mut bytes = Vec::new();
        table.write(&mut bytes).expect("memory");
        bytes
    };
    let table = bench.path("rolling.tsv");
    let articles: Vec<PathBuf> = [bench.input().join("wire.jsonl"), bench.input().join("001.txt")].into();
    for path in &articles {
        batch::update(&table, None, &plan(path.clone()), &settings, &Silent).expect("counted");
    }
    let both = batch::plan(&Inputs { paths: articles, ..Inputs::default() }, None).expect("there");
    let whole = spelled(batch::count(&both, &settings, &Silent).expect("counted").0);
    assert_eq!(String::from_utf8_lossy(&whole), fs::read_to_string(&table).expect("there"));
    // What is old fades: no count is more than the articles, none is nothing.
    batch::update(&table, Some(10), &plan(bench.input().join("002.txt")), &settings, &Silent).expect("counted");
    let faded = batch::load_frequencies(&table).expect("sound");
    assert!(faded.languages.values().all(|table| table.documents <= 10 && table.counts.values().all(|count| (1..=10).contains(count))));
    assert!(faded.languages.values().any(|table| table.documents == 10));
}

/// Articles enough for several notes of how far a run came.
fn many(bench: &mut Bench) {
    bench.lines = (0..2500).map(|n| ((n % 7 != 0).then(|| format!("wire {}", n % 2000)), 1 + n)).collect();
    bench.lines[9].1 = 0;
    bench.write();
}

/// Starts a run and kills it when it has noted so many lines; then the same run is done to its end.
fn killed_and_finished(bench: &Bench, arguments: &[&str], lines: usize) -> u64 {
    let out = bench.path(&format!("killed{lines}"));
    let _ = fs::remove_dir_all(&out);
    let command = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_epitome"));
        command.arg("run").arg(bench.input()).arg("-o").arg(&out).args(arguments).stderr(std::process::Stdio::piped());
        command.env("XDG_CACHE_HOME", bench.path("cache"));
        command
    };
    let mut child = command().spawn().expect("it is there");
    let noted = || fs::read(out.join(".epitome-staging/progress.jsonl")).map_or(0, |bytes| bytes.iter().filter(|b| **b == b'\n').count());
    while noted() < lines && child.try_wait().expect("a child").is_none() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().expect("a child");
    child.wait().expect("a child");
    assert!(!out.join("manifest.json").exists(), "the run ended before it could be killed");
    let finished = command().arg("--json").output().expect("it is there");
    let said = String::from_utf8_lossy(&finished.stderr).into_owned();
    assert_eq!(finished.status.code(), Some(3), "{said}");
    assert!([".epitome-staging", ".epitome-killed"].iter().all(|own| !out.join(own).exists()));
    let report: serde_json::Value = serde_json::from_str(said.lines().last().expect("a report")).expect("JSON");
    same(&out, &bench.path("whole"));
    report["resumed"].as_u64().unwrap_or(0)
}

#[test]
fn long_files_grow_where_they_are() {
    let mut bench = Bench::new(1400, 3);
    let mut settings = Settings { frequencies: Some(bench.table("table.tsv", 30)), ..settings(2) };
    settings.outputs.retain(|output| matches!(output.name, "segments.jsonl" | "summaries.md"));
    bench.compare(&settings);
    let long = bench.path("out/segments.jsonl");
    for seed in [7001, 7002] {
        let there = fs::File::open(&long).expect("there");
        let before = there.metadata().expect("open").len();
        // The articles of files come first, so that what is new is the last of all.
        bench.lines.push((Some(format!("late {seed}")), seed));
        bench.write();
        let added = bench.compare(&settings);
        assert_eq!((added.new, added.whole), (1, None));
        // It is the same file that was there.
        assert!(before > 1 << 20 && there.metadata().expect("open").len() > before);
    }
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(bench.path("out/manifest.json")).expect("there")).expect("JSON");
    for file in manifest["files"].as_array().expect("a list") {
        let bytes = fs::read(bench.path("out").join(file["name"].as_str().expect("a name"))).expect("there");
        assert_eq!(file["blake3"], blake3::hash(&bytes).to_hex().as_str(), "{}", file["name"]);
        assert_eq!(file["subtrees"].is_array(), bytes.len() >= 1 << 20, "{}", file["name"]);
    }
}

#[test]
fn a_killed_run_is_finished_not_redone() {
    let mut bench = Bench::new(1, 9);
    many(&mut bench);
    let table = bench.table("table.tsv", 30);
    let table = ["--frequencies", table.to_str().expect("UTF-8"), "--incremental"];
    for arguments in [&["-j1", "--target-lang", "de"][..], &[&["-j2", "-tsegments.tsv,moses,xliff"][..], &table].concat()] {
        let whole = bench.path("whole");
        let _ = fs::remove_dir_all(&whole);
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_epitome"));
        command.arg("run").arg(bench.input()).arg("-o").arg(&whole).args(arguments).env("XDG_CACHE_HOME", bench.path("cache"));
        assert_eq!(command.output().expect("it is there").status.code(), Some(3));
        let resumed = [1, 4].map(|lines| killed_and_finished(&bench, arguments, lines));
        assert!(resumed[0] < resumed[1], "{resumed:?}");
    }
}

#[test]
fn what_a_killed_run_of_other_inputs_left_is_of_no_use() {
    let mut bench = Bench::new(1, 9);
    many(&mut bench);
    let arguments = ["-j2", "-tsegments.tsv"];
    let out = bench.path("out");
    let command = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_epitome"));
        command.arg("run").arg(bench.input()).args(arguments).arg("-o");
        command
    };
    let mut child = command().arg(&out).spawn().expect("it is there");
    while fs::read(out.join(".epitome-staging/progress.jsonl")).map_or(0, |bytes| bytes.len()) < 500 {
        assert!(child.try_wait().expect("a child").is_none(), "the run ended before it could be killed");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().expect("a child");
    child.wait().expect("a child");
    fs::write(bench.input().join("001.txt"), text(4711)).expect("writable");
    let finished = command().arg(&out).arg("--json").output().expect("it is there");
    assert!(!String::from_utf8_lossy(&finished.stderr).contains("resumed"));
    command().arg(bench.path("clean")).output().expect("it is there");
    same(&out, &bench.path("clean"));
}

/// An edit: what, where, seed.
fn edit(bench: &mut Bench, what: u8, at: usize, seed: u64) {
    let line = at % bench.lines.len().max(1);
    let name = bench.files.keys().nth(at % bench.files.len().max(1)).cloned();
    match (what, name) {
        (0, _) => bench.lines.insert(line, (Some(format!("wire {}", seed % 9)), seed)),
        (1, _) => bench.lines.insert(line, (None, seed % 5)),
        (2, _) if bench.lines.len() > 3 => drop(bench.lines.remove(line)),
        (3, _) => {
            let other = (line + seed as usize) % bench.lines.len();
            bench.lines.swap(line, other);
        }
        (4, _) => bench.lines[line].1 = seed,
        (5, _) => drop(bench.files.insert(format!("n{}", seed % 20), seed)),
        (6, Some(name)) if bench.files.len() > 2 => drop(bench.files.remove(&name)),
        (7, Some(name)) => drop(bench.files.insert(name, seed % 3)),
        (8, Some(name)) => drop(bench.files.insert(name.to_uppercase(), seed)),
        (9, Some(name)) => drop(bench.files.insert(format!("{name}~2"), seed)),
        _ => {}
    }
}

#[test]
fn an_id_that_is_free_again_is_no_longer_taken() {
    let mut bench = Bench::new(6, 1);
    let settings = Settings { frequencies: Some(bench.table("table.tsv", 25)), ..settings(1) };
    bench.lines.push((Some("wire 1".to_owned()), 77));
    bench.write();
    bench.compare(&settings);
    // What was second comes first, and has its own id to itself.
    bench.lines.swap(0, 6);
    bench.write();
    assert_eq!(bench.compare(&settings).changed, 2);
    bench.lines.pop();
    bench.write();
    assert_eq!(bench.compare(&settings).gone, 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_edits_end_as_a_clean_run(edits in prop::collection::vec(prop::collection::vec((0u8..10, 0usize..40, 1u64..400), 0..4), 1..5), given in any::<bool>()) {
        let mut bench = Bench::new(24, 6);
        let mut settings = settings(1);
        settings.frequencies = given.then(|| bench.table("table.tsv", 25));
        bench.compare(&settings);
        for (round, edits) in edits.into_iter().enumerate() {
            edits.into_iter().for_each(|(what, at, seed)| edit(&mut bench, what, at, seed));
            bench.write();
            settings.threads = [1, 2, 7][round % 3];
            bench.compare(&settings);
        }
    }
}
