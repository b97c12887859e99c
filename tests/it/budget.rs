//! A budget of words for translation, from articles to files and back: it is kept, what is told of it is what was sent, and no thread,
//! no memory limit and no way of counting changes a byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use epitome::Lang;
use epitome::batch::{self, Files, Inputs, Leverage, Memories, Memory, Merge, Most, Plan, Report, Settings, Silent, Translate};
use epitome::format::bitext::{BitextOptions, Scope};
use epitome::format::{Verb, coverage, manifest, outputs};
use epitome::translation::Bitext;
use epitome::translation::budget::Whole;
use epitome::translation::quality::Checks;

fn plan(input: &Path, out: &Path) -> Plan {
    batch::plan(&Inputs { paths: vec![input.to_owned()], ..Inputs::default() }, Some(out)).expect("there")
}

fn settings(most: Most, whole: Whole) -> Settings {
    let bitext = BitextOptions { target_lang: Lang::parse("de"), scope: Scope::Budget, ..BitextOptions::default() };
    let outputs = outputs(Verb::Run).filter(|output| ["xliff", "moses", "segments.jsonl"].contains(&output.name)).collect();
    Settings { outputs, bitext, translate: Some(Translate { most, whole }), ..Settings::default() }
}

fn run(input: &Path, out: &Path, settings: &Settings) -> Report {
    batch::run(&plan(input, out), settings, out, false, &Silent).expect("it works")
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/articles")
}

/// Ids of the segments that were sent, by article.
fn sent(out: &Path) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(out.join("segments")).into_iter().flatten() {
        let bytes = fs::read(entry.expect("readable").path()).expect("readable");
        let each = &mut |bitext: Bitext, _| {
            let ids = bitext.units.iter().flat_map(|unit| unit.segments().map(|segment| segment.id.clone())).collect();
            all.insert(bitext.id, ids);
            Ok(())
        };
        epitome::format::xliff::read(&mut &bytes[..], each).expect("sound");
    }
    all
}

/// Articles of a few sentences each, the last of which they have in common.
fn feed(folder: &Path) -> PathBuf {
    let path = folder.join("feed.jsonl");
    let article = |i: usize| {
        let [one, other, third] =
            ["harbour", "bridge", "ferry", "school", "mill", "market", "station", "library"][i..i + 3].try_into().expect("three");
        let first = format!("The {one} of Port Ellery closes in number {i} of its years, the council of the {other} said.");
        let second = format!("Nobody at the {third} had been told about the {one} before the meeting.");
        let third = "All shops in the county will stay shut on Sunday because of the flood warning.";
        let text = format!("{first} {second}\n\n{third} It rained on the {other}.");
        let record = serde_json::json!({"id": format!("a{i}"), "lang": "en", "title": format!("The {one} and the {other}"), "text": text});
        format!("{record}\n")
    };
    fs::write(&path, (0..6).map(article).collect::<String>()).expect("writable");
    path
}

#[test]
fn threads_memory_and_passes_change_no_byte() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let usual = settings(Most::Share(0.2), Whole::Sentence);
    let written = |name: &str, settings: &Settings| {
        let out = folder.path().join(name);
        run(&corpus(), &out, settings);
        let read = |name| fs::read_to_string(out.join(name)).expect("there");
        (read(manifest::NAME), read(coverage::ROWS), read(coverage::WHOLE), out)
    };
    let one = written("one", &Settings { threads: 1, ..usual.clone() });
    for (name, threads, memory) in
        [("two", 2, Memory::default()), ("seven", 7, Memory { articles: 0, words: 0, words_at_least: 0, ..Memory::default() })]
    {
        let other = written(name, &Settings { threads, memory, ..usual.clone() });
        assert!((&one.0, &one.1, &one.2) == (&other.0, &other.1, &other.2), "{name}");
    }
    // A table that is given ranks as the batch's own does.
    let given = Settings { frequencies: Some(one.3.join("frequencies.tsv")), threads: 3, ..usual.clone() };
    let given = written("given", &given);
    assert!((&one.1, &one.2) == (&given.1, &given.2) && sent(&one.3) == sent(&given.3));
}

#[test]
fn what_is_told_is_what_was_sent() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    for (name, whole) in [("sentences", Whole::Sentence), ("paragraphs", Whole::Paragraph)] {
        let out = folder.path().join(name);
        let report = run(&corpus(), &out, &settings(Most::Words(900), whole));
        let told = report.coverage.expect("there is a budget");
        let rows = fs::read_to_string(out.join(coverage::ROWS)).expect("there");
        let rows: Vec<Vec<&str>> = rows.lines().skip(1).map(|row| row.split('\t').collect()).collect();
        let sum = |column: usize| rows.iter().map(|row| row[column].parse::<u64>().expect("a number")).sum::<u64>();
        assert_eq!((rows.len() as u64, sum(1), sum(2)), (report.articles, told.segments, told.words));
        assert_eq!((sum(3), sum(4)), told.sum());
        assert!(told.sum().1 > 800 && told.sum().1 <= 900, "{told:?}");
        let sent = sent(&out);
        let counts: BTreeMap<&str, &str> = rows.iter().filter(|row| row[3] != "0").map(|row| (row[0], row[3])).collect();
        assert!(sent.len() < rows.len() && sent.iter().all(|(id, ids)| counts[&**id] == ids.len().to_string()), "{counts:?}");
        assert_eq!((sent.len(), told.sent_articles), (counts.len(), counts.len() as u64));
        let weight: f64 = rows.iter().map(|row| row[6].parse::<f64>().expect("a share")).sum();
        assert!((weight / rows.len() as f64 - told.weight).abs() < 1e-5, "{weight}");
        assert!(told.weight <= told.bound && told.reached() > 0.5, "{told:?}");
        assert!(told.curve.windows(2).all(|pair| pair[0].weight <= pair[1].weight && pair[0].bound <= pair[1].bound));
        let lines = fs::read_to_string(out.join("segments.jsonl")).expect("there");
        assert_eq!(lines.lines().count() as u64, report.segments, "all other outputs are whole");
    }
}

#[test]
fn what_says_the_same_goes_out_once() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let (input, out) = (feed(folder.path()), folder.path().join("out"));
    let report = run(&input, &out, &settings(Most::Share(1.0), Whole::Sentence));
    let sent = sent(&out);
    let shared = sent.values().filter(|ids| ids.contains(&"p2s1".to_owned())).count();
    assert_eq!(shared, 1, "{sent:?}");
    assert!(report.coverage.expect("told").repeats >= 5);
    // What is an article's own goes out, titles first.
    assert!(sent.values().all(|ids| ids.starts_with(&["t1".into(), "p1s1".into()]) && ids.ends_with(&["p2s2".into()])), "{sent:?}");
}

#[test]
fn titles_come_first_and_leads_next() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let (input, out) = (feed(folder.path()), folder.path().join("out"));
    run(&input, &out, &settings(Most::Words(30), Whole::Sentence));
    assert!(sent(&out).values().all(|ids| *ids == ["t1"]) && sent(&out).len() == 6);
    let out = folder.path().join("more");
    run(&input, &out, &settings(Most::Words(30 + 6 * 18), Whole::Sentence));
    assert!(sent(&out).values().all(|ids| *ids == ["t1", "p1s1"]), "{:?}", sent(&out));
}

#[test]
fn nothing_goes_out_without_its_title_and_lead() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let input = feed(folder.path());
    for most in (3..160).step_by(13) {
        let out = folder.path().join(format!("{most}"));
        run(&input, &out, &settings(Most::Words(most), Whole::Sentence));
        let whole = |ids: &Vec<String>| ids[0] == "t1" && ids.get(1).is_none_or(|next| next == "p1s1");
        assert!(sent(&out).values().all(whole), "{most}: {:?}", sent(&out));
    }
}

#[test]
fn a_point_of_the_curve_is_what_such_a_budget_sends() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let input = feed(folder.path());
    for whole in [Whole::Sentence, Whole::Paragraph] {
        let told = |percent: u64| {
            let out = folder.path().join(format!("{}-{percent}", whole.name()));
            run(&input, &out, &settings(Most::Share(percent as f64 / 100.0), whole)).coverage.expect("there is a budget")
        };
        let curve = told(7).curve;
        assert_eq!(curve.len(), 7);
        for point in curve {
            let run = told(point.percent);
            assert_eq!((run.sum().1, run.most), (point.words, point.most), "{point:?}");
            assert!((run.weight - point.weight).abs() < 1e-12 && run.bound == point.bound, "{point:?}, {}", run.weight);
        }
    }
}

#[test]
fn what_is_passed_over_is_named_with_what_is_sent_for_it() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let (input, out) = (feed(folder.path()), folder.path().join("out"));
    let told = run(&input, &out, &settings(Most::Share(1.0), Whole::Sentence)).coverage.expect("there is a budget");
    let sent = sent(&out);
    assert_eq!(told.passed_over.len() as u64, told.repeats);
    for pair in &told.passed_over {
        let is_sent = |named: &coverage::Named| sent[&named.article].contains(&named.segment);
        assert!(is_sent(&pair.sent) && !is_sent(&pair.passed_over), "{pair:?}");
    }
    assert_eq!(told.sum().0 + told.repeats, told.segments, "everything else is sent");
}

#[test]
fn what_a_memory_has_costs_less() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let input = feed(folder.path());
    let side = |lang: &str, text: &str| format!("<tuv xml:lang='{lang}'><seg>{text}</seg></tuv>");
    let known = "Nobody at the ferry had been told about the harbour before the meeting.";
    let header =
        "<header creationtool='x' creationtoolversion='1' segtype='sentence' o-tmf='x' adminlang='en' srclang='en' datatype='plaintext'/>";
    let tmx = format!("<tmx version='1.4'>{header}<body><tu>{}{}</tu></body></tmx>", side("en", known), side("de", "Niemand."));
    let path = folder.path().join("known.tmx");
    fs::write(&path, tmx).expect("writable");
    let memories = Memories::load(&path, Lang::parse("de").as_ref()).expect("sound").into();
    let most = Most::Words(30 + 6 * 18 + 4);
    let with = Settings { leverage: Some(Leverage { memories, terms: Default::default() }), ..settings(most, Whole::Sentence) };
    let (bare, leveraged) = (folder.path().join("bare"), folder.path().join("leveraged"));
    run(&input, &bare, &settings(most, Whole::Sentence));
    let report = run(&input, &leveraged, &with);
    let told = report.coverage.expect("told");
    let has = |out: &Path| sent(out)["a0"].contains(&"p1s2".to_owned());
    assert!(!has(&bare) && has(&leveraged), "thirteen words for the price of four");
    assert!(told.sent_cost <= told.most && told.sum().1 * 1000 > told.most, "{told:?}");
    assert_eq!(report.leverage.expect("looked up").levels.iter().sum::<u64>(), told.sum().0, "what is not sent is not counted");
}

#[test]
fn partial_files_come_back() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let (input, out, back) = (feed(folder.path()), folder.path().join("out"), folder.path().join("back"));
    run(&input, &out, &settings(Most::Share(0.5), Whole::Sentence));
    let files = Files::find(&[out.join("segments")], None).expect("there");
    let how = Merge { checks: Checks::none(), ..Merge::default() };
    let report = batch::merge_back(&files, &plan(&input, &back), &Settings::default(), &how, &back, &Silent).expect("it works");
    assert_eq!((report.failures, report.articles as usize), (0, sent(&out).len()));
}

#[test]
fn bundles_and_copies_go_along() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let (input, out) = (feed(folder.path()), folder.path().join("out"));
    let twice = format!("{0}{0}", fs::read_to_string(&input).expect("there"));
    fs::write(&input, twice).expect("writable");
    let usual = settings(Most::Words(60), Whole::Sentence);
    let settings = Settings { bundle: Some(2), duplicates: Some(batch::Duplicates::Skip), ..usual };
    let report = run(&input, &out, &settings);
    assert_eq!((report.articles, report.coverage.as_ref().expect("told").articles), (6, 6));
    assert_eq!(fs::read_dir(out.join("segments")).expect("there").count(), 3);
    let given = Settings { frequencies: Some(out.join("frequencies.tsv")), ..settings };
    let again = folder.path().join("again");
    assert_eq!(run(&input, &again, &given).coverage, report.coverage);
}
