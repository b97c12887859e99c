//! Translation memories in files: what goes in comes out as it was, once; two processes do not lose one another's entries; a process
//! that is killed leaves the memory as it was; what is no memory is refused and not touched.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use epitome::batch::{self, Filter, Import, Imported, Silent, load_memory, memory_info};
use epitome::error::Result;
use epitome::format::memory::MEMORY;
use epitome::format::tmx::{Header, Languages, Reader, write};
use epitome::translation::entry::{Stamp, entries};
use epitome::translation::memory::{Match, Memory, Query, Scratch, Terms};
use epitome::translation::{Bitext, BitextSegment, BitextUnit, Entry, Part};
use epitome::{Article, Lang, Scratch as TextScratch, TextOptions, parse};
use proptest::collection::vec;
use proptest::prelude::*;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

fn tmx(path: &Path, entries: &[Entry]) -> PathBuf {
    fs::write(path, write(&Header::new("en", "x", None), entries).0).expect("written");
    path.to_owned()
}

fn import(file: &Path, memory: &Path) -> Result<Imported> {
    batch::import(&[file.to_owned()], memory, &Import::default(), &Silent).map(|(mut done, _)| done.remove(0))
}

fn export(memory: &Path, filter: &Filter) -> Vec<u8> {
    let mut out = Vec::new();
    batch::export(memory, filter, &MEMORY[0], None, &mut out).expect("exported");
    out
}

fn read(bytes: &[u8]) -> Vec<Entry<'static>> {
    Reader::new(bytes, Languages::default()).expect("TMX").map(|entry| entry.expect("readable")).collect()
}

/// Entries that are told apart by a number.
fn numbered(numbers: std::ops::Range<u32>) -> Vec<Entry<'static>> {
    let entry = |n: u32| Entry {
        source_lang: "en".into(),
        target_lang: "de".into(),
        source: format!("The mill number {n} stood still for a long time and nobody had the money.").into(),
        target: format!("Die Mühle Nummer {n} stand lange still, und niemand hatte das Geld.").into(),
        document: Some(format!("a{}", n / 10).into()),
        origin: Some("merge".into()),
        ..Entry::default()
    };
    numbers.map(entry).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Law 7, with a memory on the way.
    #[test]
    fn what_goes_in_comes_out_as_it_was(all in vec(super::tmx::entry(), 0..6)) {
        let folder = folder();
        let (file, memory) = (folder.path().join("a.tmx"), folder.path().join("a.db"));
        let done = import(&tmx(&file, &all), &memory).expect("imported");
        let mut seen = HashSet::new();
        let expected: Vec<Entry> = all.into_iter().filter(|entry| seen.insert(entry.identity())).collect();
        prop_assert_eq!(done.new, expected.len() as u64);
        let out = export(&memory, &Filter::default());
        let back = read(&out);
        prop_assert_eq!(&back, &expected);
        let again = import(&file, &memory).expect("imported");
        prop_assert_eq!((again.new, again.known + again.renewed), (0, done.new + done.known + done.renewed));
        let lang = |tag: &str| Lang::parse(tag);
        let german = Filter { target_lang: lang("de"), ..Filter::default() };
        let wanted: Vec<Entry> = expected.into_iter().filter(|entry| entry.target_lang != "zh-Hant").collect();
        prop_assert_eq!(read(&export(&memory, &german)), wanted);
        prop_assert_eq!(memory_info(&memory).expect("sound").faults, Vec::<String>::new());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// What is given out in a format that holds everything, and taken in again, is given out in the same bytes.
    #[test]
    fn what_comes_out_goes_in_again(all in vec((super::tmx::entry(), 0u32..4), 0..6)) {
        let folder = folder();
        let all: Vec<Entry> = all.into_iter().map(|(entry, codes)| Entry { codes, ..entry }).collect();
        let first = folder.path().join("first.db");
        let written = |memory: &Path, format: usize| {
            let mut out = Vec::new();
            batch::export(memory, &Filter::default(), &MEMORY[format], None, &mut out).map(|_| out)
        };
        // By way of records, for TMX has no place for the number of codes that were left out.
        let mut records = Vec::new();
        all.iter().for_each(|entry| (MEMORY[JSONL].write)(entry, "*all*", &mut records));
        let file = folder.path().join("given.jsonl");
        fs::write(&file, &records).expect("written");
        if all.is_empty() {
            return Ok(());
        }
        let done = import(&file, &first).expect("imported");
        let mut seen = HashSet::new();
        prop_assert_eq!(done.new, all.iter().filter(|entry| seen.insert(entry.identity())).count() as u64);
        for (format, name) in [(0, "out.tmx"), (JSONL, "out.jsonl")] {
            let out = written(&first, format).expect("exported");
            let (file, again) = (folder.path().join(name), folder.path().join(format!("{name}.db")));
            fs::write(&file, &out).expect("written");
            import(&file, &again).expect("imported");
            prop_assert!(written(&again, format).expect("exported") == out, "{}", name);
        }
    }
}

/// The place of the records among the formats.
const JSONL: usize = 2;

#[test]
fn records_are_taken_by_their_languages_and_broken_ones_are_told() {
    let folder = folder();
    let (file, memory) = (folder.path().join("a.jsonl"), folder.path().join("a.db"));
    let records = concat!(
        r#"{"source_lang":"en-US","target_lang":"de","source":"A.","target":"Ä.","codes":1}"#,
        "\n\n",
        r#"{"source_lang":"en","target_lang":"fr","source":"A.","target":"À."}"#,
        "\n",
        r#"{"source_lang":"en","target_lang":"de","source":"B.","target":" "}"#,
        "\n",
        r#"{"source_lang":"en","target_lang":"de","source":"C."}"#,
        "\n",
    );
    fs::write(&file, records).expect("written");
    let how = Import { source_lang: Lang::parse("en"), target_lang: Lang::parse("de"), ..Import::default() };
    let (done, _) = batch::import(std::slice::from_ref(&file), &memory, &how, &Silent).expect("imported");
    assert_eq!(
        done[0],
        Imported { path: file.display().to_string(), new: 1, broken: 2, elsewhere: 1, near: 1, codes: 1, ..Imported::default() }
    );
}

#[test]
fn a_second_import_changes_nothing_but_what_is_newer() {
    let folder = folder();
    let memory = folder.path().join("a.db");
    let file = tmx(&folder.path().join("a.tmx"), &numbered(0..50));
    assert_eq!(import(&file, &memory).expect("imported"), Imported { path: file.display().to_string(), new: 50, ..Imported::default() });
    let before = (export(&memory, &Filter::default()), fs::read(&memory).expect("a file"));
    assert_eq!(import(&file, &memory).expect("imported").known, 50);
    assert_eq!(export(&memory, &Filter::default()), before.0);
    let changed = |date: &str, origin: &'static str| Entry {
        origin: Some(origin.into()),
        changed: Stamp { date: Some(date.into()), by: None },
        ..numbered(7..8).remove(0)
    };
    let newer = tmx(&folder.path().join("b.tmx"), &[changed("20260102T000000Z", "review"), changed("20260101T000000Z", "old")]);
    let done = import(&newer, &memory).expect("imported");
    assert_eq!((done.new, done.renewed, done.known), (0, 1, 1));
    let back = read(&export(&memory, &Filter::default()));
    assert_eq!((back.len(), back[7].origin.as_deref()), (50, Some("review")));
}

/// A sentence of an article between its neighbours, with a translation of some day.
fn dated(target: &'static str, date: Option<&str>) -> Entry<'static> {
    Entry {
        source_lang: "en".into(),
        target_lang: "de".into(),
        source: "The mill stood still.".into(),
        target: target.into(),
        document: Some("mill".into()),
        segment: Some("p2s1".into()),
        previous: Some("The mill at Lode".into()),
        next: Some("".into()),
        origin: Some("merge".into()),
        changed: Stamp { date: date.map(str::to_owned), by: None },
        ..Entry::default()
    }
}

/// What is found for that sentence: levels, targets, and whether another fits as well.
fn offered(memory: &Path) -> Vec<(u8, String, bool)> {
    let memory = load_memory(memory, Lang::parse("en").as_ref(), None).expect("loaded");
    let query = Query {
        source: "The mill stood still.",
        document: Some("mill"),
        previous: Some("The mill at Lode"),
        next: Some(""),
        ..Query::default()
    };
    let found = memory.look_up(&query, &Terms::default(), &mut Scratch::default());
    found.iter().map(|found| (found.level(), found.entry.target.to_string(), found.ambiguous)).collect()
}

const OLD: Option<&str> = Some("20260101T000000Z");
const NEW: Option<&str> = Some("20260301T000000Z");

#[test]
fn a_newer_translation_of_a_segment_replaces_the_older_whichever_comes_first() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let old = tmx(&at("old.tmx"), &[dated("Die Mühle stand.", OLD), numbered(0..1).remove(0)]);
    let new = tmx(&at("new.tmx"), &[dated("Die Mühle stand still.", NEW)]);
    let counts = |file: &Path, memory: &Path| {
        let done = import(file, memory).expect("imported");
        (done.new, done.known, done.replaced, done.older)
    };
    let memory = at("a.db");
    assert_eq!(counts(&old, &memory), (2, 0, 0, 0));
    assert_eq!(counts(&new, &memory), (0, 0, 1, 0));
    assert_eq!(offered(&memory), [(102, "Die Mühle stand still.".to_owned(), false)]);
    let after = export(&memory, &Filter::default());
    assert_eq!(read(&after).iter().map(|entry| entry.date()).collect::<Vec<_>>(), [NEW, None], "it keeps the place of the older");
    assert_eq!(counts(&new, &memory), (0, 1, 0, 0));
    assert_eq!(counts(&old, &memory), (0, 1, 0, 1));
    assert_eq!(export(&memory, &Filter::default()), after);
    let memory = at("b.db");
    assert_eq!([counts(&new, &memory), counts(&old, &memory)], [(1, 0, 0, 0), (1, 0, 0, 1)]);
    assert_eq!(offered(&memory), [(102, "Die Mühle stand still.".to_owned(), false)]);
}

#[test]
fn other_translations_stay_beside_one_another_unless_one_is_newer_in_the_same_place() {
    let with = |change: fn(&mut Entry)| {
        let mut entry = dated("Die Mühle stand still.", NEW);
        change(&mut entry);
        entry
    };
    let (replaced, beside, older) = ((0, 1, 0), (1, 0, 0), (0, 0, 1));
    let cases = [
        ("newer", OLD, with(|_| ()), replaced),
        ("another article", OLD, with(|entry| entry.document = Some("other".into())), beside),
        ("another segment", OLD, with(|entry| entry.segment = Some("p9s1".into())), beside),
        ("no segment", OLD, with(|entry| entry.segment = None), beside),
        ("another neighbour", OLD, with(|entry| entry.next = Some("It rained.".into())), beside),
        ("a neighbour that nobody knows", OLD, with(|entry| entry.previous = None), beside),
        ("aligned", OLD, with(|entry| entry.origin = Some("align".into())), beside),
        ("the same language in capitals", OLD, with(|entry| entry.target_lang = "DE".into()), replaced),
        ("another language", OLD, with(|entry| entry.target_lang = "de-CH".into()), beside),
        ("of the same day", NEW, with(|_| ()), beside),
        ("the first has no date", None, with(|_| ()), replaced),
        ("neither has one", None, with(|entry| entry.changed.date = None), beside),
        ("the second has none", OLD, with(|entry| entry.changed.date = None), older),
        ("made, never changed", OLD, with(|entry| std::mem::swap(&mut entry.created, &mut entry.changed)), replaced),
    ];
    for (name, date, second, expected) in cases {
        let folder = folder();
        let (one, memory) = (folder.path().join("a.tmx"), folder.path().join("a.db"));
        import(&tmx(&one, &[dated("Die Mühle stand.", date)]), &memory).expect("imported");
        let two = tmx(&folder.path().join("b.tmx"), &[second]);
        let done = import(&two, &memory).expect("imported");
        assert_eq!((done.new, done.replaced, done.older), expected, "{name}");
        let info = memory_info(&memory).expect("sound");
        assert_eq!(info.entries, 1 + expected.0, "{name}");
        assert!(info.pairs.iter().all(|(_, _, count)| *count > 0), "{name}: {:?}", info.pairs);
        let before = export(&memory, &Filter::default());
        assert_eq!(import(&two, &memory).expect("imported").replaced, 0, "{name}");
        assert_eq!(export(&memory, &Filter::default()), before, "{name}: importing twice is importing once");
    }
}

#[test]
fn what_comes_back_later_replaces_what_its_segment_had_whatever_the_dates() {
    let folder = folder();
    let memory = folder.path().join("a.db");
    let bring = |entry: &Entry, latest| {
        let file = tmx(&folder.path().join("a.tmx"), std::slice::from_ref(entry));
        let how = Import { latest, ..Import::default() };
        let (done, _) = batch::import(&[file], &memory, &how, &Silent).expect("imported");
        (done[0].new, done[0].known, done[0].renewed, done[0].replaced, done[0].older)
    };
    let [first, second] = ["Die Mühle stand.", "Die Mühle stand still."].map(|target| dated(target, None));
    assert_eq!(bring(&first, true), (1, 0, 0, 0, 0));
    assert_eq!(bring(&second, true), (0, 0, 0, 1, 0));
    assert_eq!(offered(&memory), [(102, "Die Mühle stand still.".to_owned(), false)]);
    assert_eq!(bring(&second, true), (0, 1, 0, 0, 0), "twice is once");
    // A file of then does not bring back what was replaced; only who translates so again does.
    assert_eq!(bring(&first, false), (0, 0, 0, 0, 1));
    assert_eq!(bring(&first, true), (0, 0, 0, 1, 0));
    assert_eq!(offered(&memory), [(102, "Die Mühle stand.".to_owned(), false)]);
    assert_eq!(bring(&second, false), (0, 0, 0, 0, 1));
    // What is said of it is what was said last, and what is older than what it replaced stays older.
    let rank = Entry { salience_rank: Some(3), ..first.clone() };
    assert_eq!(bring(&rank, true), (0, 0, 1, 0, 0));
    assert_eq!(bring(&dated("Die Mühle lag still.", NEW), false), (0, 0, 0, 1, 0));
    assert_eq!(bring(&second, true), (0, 0, 0, 1, 0));
    assert_eq!(bring(&dated("Die Mühle ruhte.", OLD), false), (0, 0, 0, 0, 1));
    // Another article that has the same passage does not take it from this one, though its own older translation goes.
    let other = |target| Entry { document: Some("other".into()), ..dated(target, None) };
    assert_eq!(bring(&other("Die Mühle ruhte."), true), (1, 0, 0, 0, 0));
    assert_eq!(bring(&other("Die Mühle stand still."), true), (0, 0, 0, 1, 0));
    let info = memory_info(&memory).expect("sound");
    assert_eq!((info.entries, info.documents), (1, 1));
    assert_eq!(offered(&memory), [(102, "Die Mühle stand still.".to_owned(), false)]);
}

#[test]
fn entries_are_taken_out_by_what_is_known_of_them() {
    let folder = folder();
    let memory = folder.path().join("a.db");
    let french = Entry { target_lang: "fr-CH".into(), origin: Some("align".into()), ..numbered(0..1).remove(0) };
    let mut all = numbered(0..50);
    all.push(french);
    import(&tmx(&folder.path().join("a.tmx"), &all), &memory).expect("imported");
    let remove = |filter: &Filter, dry_run| batch::remove(&memory, filter, dry_run).expect("removed");
    let document = Filter { document: Some("a1".into()), ..Filter::default() };
    assert_eq!([remove(&document, true), remove(&document, false), remove(&document, false)], [10, 10, 0]);
    let swiss = Filter { target_lang: Lang::parse("fr"), origin: Some("align".into()), ..Filter::default() };
    assert_eq!(remove(&swiss, false), 1);
    let id = Filter { id: Some(all[0].tuid()), ..Filter::default() };
    assert_eq!(remove(&id, false), 1);
    let info = memory_info(&memory).expect("sound");
    assert_eq!((info.entries, info.documents, info.pairs), (39, 4, vec![("en".into(), "de".into(), 39)]));
    assert_eq!(info.origins, [("merge".to_owned(), 39)]);
}

fn epitome(arguments: &[&str], memory: &Path, file: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_epitome"));
    command.args(arguments).arg(file).arg("-m").arg(memory).stdout(Stdio::null()).spawn().expect("it starts")
}

#[test]
fn two_processes_at_once_lose_nothing() {
    let folder = folder();
    let memory = folder.path().join("a.db");
    let files: Vec<PathBuf> = (0..3).map(|n| tmx(&folder.path().join(format!("{n}.tmx")), &numbered(n * 400..n * 400 + 500))).collect();
    let running: Vec<Child> = files.iter().map(|file| epitome(&["memory", "import"], &memory, file)).collect();
    running.into_iter().for_each(|mut child| assert!(child.wait().expect("it ends").success()));
    let info = memory_info(&memory).expect("sound");
    assert_eq!((info.entries, info.faults.len()), (1300, 0));
}

#[test]
fn a_memory_that_another_process_writes_to_is_waited_for_and_then_named() {
    let folder = folder();
    let memory = folder.path().join("a.db");
    let file = tmx(&folder.path().join("a.tmx"), &numbered(0..5));
    import(&file, &memory).expect("imported");
    let other = rusqlite::Connection::open(&memory).expect("a database");
    other.execute_batch("BEGIN IMMEDIATE").expect("free");
    let how = Import { patience: Duration::from_millis(50), ..Import::default() };
    let error = batch::import(&[file], &memory, &how, &Silent).expect_err("in use");
    assert_eq!(error.to_string(), format!("{}: another process is using this memory", memory.display()));
    // Who only reads need not wait.
    assert_eq!(memory_info(&memory).expect("sound").entries, 5);
}

#[test]
fn a_kill_at_any_moment_leaves_the_memory_as_before_or_as_after() {
    let folder = folder();
    let memory = folder.path().join("a.db");
    let first = tmx(&folder.path().join("a.tmx"), &numbered(0..200));
    let second = tmx(&folder.path().join("b.tmx"), &numbered(100..2500));
    let fresh = |name: &str| {
        let path = folder.path().join(name);
        fs::copy(&memory, &path).expect("a copy");
        path
    };
    import(&first, &memory).expect("imported");
    let before = export(&memory, &Filter::default());
    let whole = fresh("whole.db");
    let start = Instant::now();
    assert!(epitome(&["memory", "import"], &whole, &second).wait().expect("it ends").success());
    let (time, after) = (start.elapsed(), export(&whole, &Filter::default()));
    let mut cut_short = 0;
    for n in 0..11u32 {
        let memory = fresh(&format!("{n}.db"));
        let mut child = epitome(&["memory", "import"], &memory, &second);
        std::thread::sleep(time * n / 10);
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        let info = memory_info(&memory).expect("sound");
        assert_eq!(info.faults, Vec::<String>::new());
        let now = export(&memory, &Filter::default());
        assert!(now == before || now == after, "killed after {n}/10 it has {} entries", info.entries);
        cut_short += u32::from(now == before);
        // What was cut short is done by the next run.
        import(&second, &memory).expect("imported");
        assert!(export(&memory, &Filter::default()) == after);
    }
    assert!(cut_short > 0, "no import was cut short");
}

#[test]
fn what_is_no_memory_is_refused_and_not_touched() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let file = tmx(&at("a.tmx"), &numbered(0..300));
    import(&file, &at("a.db")).expect("imported");
    let whole = fs::read(at("a.db")).expect("a file");
    fs::write(at("cut.db"), &whole[..whole.len() / 2]).expect("written");
    fs::write(at("head.db"), &whole[..60]).expect("written");
    rusqlite::Connection::open(at("foreign.db")).and_then(|db| db.execute_batch("CREATE TABLE t (a)")).expect("a database");
    let newer = rusqlite::Connection::open(at("newer.db")).expect("a database");
    newer.execute_batch("PRAGMA application_id = 1701865844; PRAGMA user_version = 9").expect("written");
    drop(newer);
    let cases = [
        ("a.tmx", "it is something else, no memory of epitome"),
        ("foreign.db", "it is a database of another program, no memory of epitome"),
        ("newer.db", "the memory is of schema 9, only 2 is known here"),
        ("cut.db", "the memory is damaged: database disk image is malformed"),
        ("head.db", "the memory is damaged: database disk image is malformed"),
        (".", "cannot open it: is a directory"),
        ("none/a.db", "cannot make it: entity not found"),
    ];
    for (name, cause) in cases {
        let path = at(name);
        let before = fs::read(&path).ok();
        let error = import(&file, &path).expect_err(name);
        assert_eq!(error.to_string(), format!("{}: {cause}", path.display()), "{name}");
        assert_eq!(fs::read(&path).ok(), before, "{name}");
    }
    assert_eq!(
        memory_info(&at("none.db")).expect_err("nothing").to_string(),
        format!("{}: no such file or directory", at("none.db").display())
    );
    // An empty file is what a first import leaves that was killed at once.
    fs::write(at("empty.db"), "").expect("written");
    assert_eq!(memory_info(&at("empty.db")).expect("none yet").entries, 0);
    assert_eq!(import(&file, &at("empty.db")).expect("imported").new, 300);
}

#[test]
fn a_file_that_breaks_off_gives_nothing_and_stops_no_other() {
    let folder = folder();
    let (good, memory) = (tmx(&folder.path().join("a.tmx"), &numbered(0..20)), folder.path().join("a.db"));
    let bytes = write(&Header::new("en", "x", None), &numbered(10..60)).0;
    let cut = folder.path().join("b.tmx");
    fs::write(&cut, &bytes[..bytes.len() * 2 / 3]).expect("written");
    let (done, failures) = batch::import(&[cut.clone(), good], &memory, &Import::default(), &Silent).expect("one of two");
    assert_eq!((done.len(), done[0].new, failures), (1, 20, 1));
    let error = batch::import(&[cut], &memory, &Import::default(), &Silent).expect_err("nothing");
    assert_eq!(error.to_string(), "nothing was imported: the only file failed");
    assert_eq!(memory_info(&memory).expect("sound").entries, 20);
}

/// An article and its translation as they come back.
fn translated(text: &str) -> Bitext {
    let article = Article::new("news/mill".into(), text.into()).expect("small");
    let document = parse(article, &TextOptions { lang: Lang::parse("en"), ..TextOptions::default() }, &mut TextScratch::default());
    let segment = |at: usize| BitextSegment {
        id: document.segment_id(at).to_string(),
        source: document.slice(at).to_owned(),
        target: Some(document.slice(at).to_uppercase()),
        ..BitextSegment::default()
    };
    let parts = (0..document.sentences().len()).map(|at| Part::Segment(segment(at))).collect();
    let units = vec![BitextUnit { parts, ..BitextUnit::default() }];
    Bitext { id: "news/mill".into(), source_lang: Some("en".into()), target_lang: Some("de".into()), units, ..Bitext::default() }
}

#[test]
fn an_article_against_its_own_memory_fits_with_its_context_until_a_word_changes() {
    let text = "The mill at Lode stood still for 30 years. Nobody had the money. In May a wind came up. It turned again on 12 June. Yes.";
    let folder = folder();
    let (file, database) = (tmx(&folder.path().join("a.tmx"), &entries(&translated(text), None, "merge")), folder.path().join("a.db"));
    import(&file, &database).expect("imported");
    let levels = |memory: &Memory, text: &str| -> Vec<u8> {
        let mut scratch = Scratch::default();
        let level = |entry: &Entry| {
            let query = Query {
                source: &entry.source,
                document: entry.document.as_deref(),
                previous: entry.previous.as_deref(),
                next: entry.next.as_deref(),
                languages: Some(["en", "de"]),
                codes: 0,
            };
            memory.look_up(&query, &Terms::default(), &mut scratch).first().map_or(0, Match::level)
        };
        entries(&translated(text), None, "merge").iter().map(level).collect()
    };
    let (en, de) = (Lang::parse("en"), Lang::parse("de"));
    for path in [&database, &file] {
        let memory = load_memory(path, en.as_ref(), de.as_ref()).expect("loaded");
        assert_eq!(levels(&memory, text), [102; 5]);
        assert_eq!(levels(&memory, &text.replace("a wind came", "a storm came")), [102, 100, 84, 100, 102]);
    }
    assert!(load_memory(&database, en.as_ref(), Lang::parse("fr").as_ref()).expect("loaded").is_empty());
}
