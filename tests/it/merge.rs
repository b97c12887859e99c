//! Translations come back: what was sent and came back untouched, or with each target its source, is the article byte for byte, in
//! every version and with both units; faults are named and stop nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use epitome::batch::{self, Files, Inputs, Merge, Observer, Report, Settings, Silent};
use epitome::error::{Error, Result, Warning};
use epitome::format::bitext::{BitextOptions, Layout, Prefill, Scope, Version, sha256};
use epitome::format::{Verb, outputs, xliff};
use epitome::lang::Lang;
use epitome::translation::assemble::Missing;
use epitome::translation::quality::Checks;
use epitome::translation::{Bitext, BitextSegment, Part, State};

use crate::reference::reference;
use crate::xliff::{WAYS, written};

/// Hears everything.
#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Observer for Heard {
    fn failed(&self, error: &Error) {
        self.0.lock().expect("nobody panics here").push(format!("error: {error}"));
    }
    fn warning(&self, warning: &Warning) {
        self.0.lock().expect("nobody panics here").push(format!("warning: {warning}"));
    }
}

fn plan(paths: &[PathBuf]) -> batch::Plan {
    batch::plan(&Inputs { paths: paths.to_vec(), ..Inputs::default() }, None).expect("the paths exist")
}

/// Sends articles to translation, into a folder `segments` below `out`.
fn send(paths: &[PathBuf], out: &Path, options: BitextOptions, bundle: Option<u32>) {
    send_with(&Settings::default(), paths, out, options, bundle);
}

fn send_with(settings: &Settings, paths: &[PathBuf], out: &Path, options: BitextOptions, bundle: Option<u32>) {
    let options = BitextOptions { target_lang: Lang::parse("cy"), ..options };
    let outputs = outputs(Verb::Run).filter(|output| output.name == "xliff").collect();
    let settings = Settings { outputs, bitext: options, bundle, ..settings.clone() };
    batch::run(&plan(paths), &settings, out, false, &Silent).expect("it works");
}

/// No checks: what goes back is the source, and they would say so of each sentence.
fn silent() -> Merge {
    Merge { checks: Checks::none(), ..Merge::default() }
}

fn merge(files: &Path, paths: &[PathBuf], out: &Path, how: &Merge, heard: &dyn Observer) -> Result<Report> {
    let files = Files::find(&[files.to_owned()], None)?;
    batch::merge_back(&files, &plan(paths), &Settings::default(), how, out, heard)
}

pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    files
}

pub fn bitexts(path: &Path) -> Vec<Bitext> {
    let mut all = Vec::new();
    let bytes = fs::read(path).expect("readable");
    let each = &mut |bitext: Bitext, warnings: Vec<Warning>| {
        assert!(warnings.is_empty(), "{}: {warnings:?}", path.display());
        all.push(bitext);
        Ok(())
    };
    xliff::read(&mut &bytes[..], each).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    all
}

fn segments_mut(bitext: &mut Bitext) -> impl Iterator<Item = &mut BitextSegment> {
    let parts = bitext.units.iter_mut().flat_map(|unit| &mut unit.parts);
    parts.filter_map(|part| if let Part::Segment(segment) = part { Some(segment) } else { None })
}

/// Does something to every sentence of the files, as a translator's program would.
pub fn translate(folder: &Path, version: Version, layout: Layout, mut each: impl FnMut(&mut BitextSegment)) {
    for path in files(folder) {
        let mut all = bitexts(&path);
        all.iter_mut().flat_map(segments_mut).for_each(&mut each);
        fs::write(path, written(&all, version, layout)).expect("writable");
    }
}

/// Hashes of what was sent, by article.
fn sent(folder: &Path) -> BTreeMap<String, String> {
    let all = files(folder).into_iter().flat_map(|path| bitexts(&path));
    all.map(|bitext| (bitext.id.clone(), bitext.property("sha256").expect("every file has it").to_owned())).collect()
}

/// Hashes of what came back, by article.
pub fn came(out: &Path) -> BTreeMap<String, String> {
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).expect("there")).expect("JSON");
    let of_file = |file: &serde_json::Value| {
        let name = file["name"].as_str().filter(|name| name.starts_with("articles/"))?;
        let text = fs::read_to_string(out.join(name)).expect("UTF-8");
        Some((file["articles"][0].as_str().expect("named").to_owned(), sha256(&text)))
    };
    manifest["files"].as_array().expect("a list").iter().filter_map(of_file).collect()
}

/// Hashes of articles as they are, by their ids.
pub fn hashes(paths: &[PathBuf]) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    send(paths, folder.path(), BitextOptions::default(), Some(1000));
    sent(&folder.path().join("segments")).into_iter().collect()
}

/// Sends articles and merges them untouched, then with each target its source; every one is to come back byte for byte, whether or
/// not XML can hold all of it.
fn comes_back(paths: &[PathBuf], articles: usize) {
    // Many are a long way for a test; what the summary says of them is tested with few.
    let (prefills, method) =
        if articles > 100 { (&[Prefill::Copy][..], None) } else { (&[Prefill::Copy, Prefill::Omit][..], Settings::default().method) };
    for (version, layout) in WAYS {
        for &prefill in prefills {
            let folder = tempfile::tempdir().expect("a place for temporary files");
            let (out, back) = (folder.path().join("sent"), folder.path().join("back"));
            let bundle = (prefill == Prefill::Copy).then_some(7);
            let options = BitextOptions { version, layout: Some(layout), prefill: Some(prefill), ..BitextOptions::default() };
            send_with(&Settings { method, ..Settings::default() }, paths, &out, options, bundle);
            let sent = sent(&out.join("segments"));
            assert_eq!(sent.len(), articles);
            merge(&out.join("segments"), paths, &back, &silent(), &Silent).expect("it works");
            assert!(came(&back) == sent, "{version:?} {layout:?} {prefill:?}, untouched");
            translate(&out.join("segments"), version, layout, |segment| {
                segment.target = Some(segment.source.clone());
                segment.state = State::Translated;
            });
            let heard = Heard::default();
            let report = merge(&out.join("segments"), paths, &back, &silent(), &heard).expect("it works");
            let came = came(&back);
            let other: Vec<&String> = sent.iter().filter(|(id, hash)| came.get(*id) != Some(hash)).map(|(id, _)| id).collect();
            assert_eq!((other.len(), report.failures), (0, 0), "{version:?} {layout:?} {prefill:?}: {other:?} {:?}", heard.0);
        }
    }
}

#[test]
fn the_corpus_comes_back_byte_for_byte() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    comes_back(&[corpus.join("articles"), corpus.join("jsonl/ferry.jsonl"), corpus.join("jsonl/wire.jsonl")], 40);
}

#[test]
fn real_articles_come_back_byte_for_byte() {
    let Some(root) = reference() else { return };
    let folder = tempfile::tempdir().expect("a place for temporary files");
    // Without optimisation a thousand articles in every way take minutes.
    let share = if cfg!(debug_assertions) { 20 } else { 1 };
    let lines = |name: &str, most: usize| -> String {
        let text = fs::read_to_string(root.join("data/summarization").join(name)).expect("the set is there");
        text.lines().take(most).step_by(share).map(|line| format!("{line}\n")).collect()
    };
    let all = [("xsum_a.jsonl", 300), ("orangesum_fr_train.jsonl", 300), ("cnndm_val.jsonl", 360), ("tes_tr_a.jsonl", 40)];
    let path = folder.path().join("all.jsonl");
    fs::write(&path, all.map(|(name, most)| lines(name, most)).concat()).expect("writable");
    comes_back(&[path, root.join("data/articles")], 1000 / share + 1);
}

/// Articles with whatever is hard.
pub fn hard() -> Vec<(&'static str, &'static str)> {
    vec![
        ("blanks", "  Uno dos.   Tres \u{a0} cuatro.\t Cinco.\r\n\r\n\r\n Seis siete. \r\n"),
        ("marks", "It was <b>bold</b> & so ]]> it ended. The cafe\u{301} said \u{85} no.\u{2028}It left.\n\n• One\n• Two \"three\"\n"),
        ("controls", "It has a \u{1}bell. And a \u{b}tab\u{c} here. It has\u{1f}\u{fffe} ends.\u{c}\n\nThe end is near."),
        ("twice", "Yes. No. Yes. No.\n\nYes. No.\n\nYes.\n"),
    ]
}

fn write_hard(folder: &Path) -> PathBuf {
    let input = folder.join("in");
    fs::create_dir(&input).expect("writable");
    hard().iter().for_each(|(name, text)| fs::write(input.join(format!("{name}.txt")), text).expect("writable"));
    input
}

#[test]
fn hard_articles_come_back_byte_for_byte() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    comes_back(&[write_hard(folder.path())], hard().len());
}

/// Hard articles sent as 1.2, and what is said when `change` was done to their files and they are merged.
fn said(how: &Merge, change: impl FnOnce(&Path, &Path)) -> (Result<Report>, Vec<String>, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let (input, out) = (write_hard(folder.path()), folder.path().join("sent"));
    send(std::slice::from_ref(&input), &out, BitextOptions::default(), None);
    let segments = out.join("segments");
    translate(&segments, Version::V12, Layout::Sentence, |segment| {
        segment.target = Some(format!("[{}]", segment.source));
        segment.state = State::Translated;
    });
    change(&segments, &input);
    let heard = Heard::default();
    let report = merge(&segments, &[input], &folder.path().join("back"), how, &heard);
    let shown = |line: String| line.replace(&folder.path().display().to_string(), "DIR");
    let heard = heard.0.into_inner().expect("nobody panics here").into_iter().map(shown).collect();
    (report, heard, folder)
}

fn edit(path: &Path, change: impl FnOnce(String) -> String) {
    let text = fs::read_to_string(path).expect("readable");
    fs::write(path, change(text)).expect("writable");
}

#[test]
fn an_article_that_changed_is_refused_unless_forced() {
    let change = |_: &Path, input: &Path| edit(&input.join("twice.txt"), |text| text.replacen("No.", "Perhaps not.", 1));
    let (report, heard, folder) = said(&silent(), change);
    let report = report.expect("the others are done");
    assert_eq!((report.articles, report.failures), (3, 1));
    assert!(
        heard.contains(
            &"error: DIR/sent/segments/twice.xlf (article twice): the article is not as it was when it was sent to translation".to_owned()
        ),
        "{heard:#?}"
    );
    assert!(!folder.path().join("back/articles/twice.txt").exists());
    let (report, heard, folder) = said(&Merge { force: true, ..silent() }, change);
    assert_eq!(report.expect("all are done").failures, 0);
    assert!(
        heard
            .iter()
            .any(|line| line.starts_with("warning:") && line.ends_with("the sentence \"p1s2\" as the file has it is not in the article")),
        "{heard:#?}"
    );
    let text = fs::read_to_string(folder.path().join("back/articles/twice.txt")).expect("there");
    assert_eq!(text, "[Yes.] Perhaps not. [Yes.] [No.]\n\n[Yes.] [No.]\n\n[Yes.]\n");
}

#[test]
fn faults_are_named_and_the_rest_is_merged() {
    let (report, heard, _folder) = said(&silent(), |segments, input| {
        edit(&segments.join("blanks.xlf"), |text| text[..text.len() / 2].to_owned());
        edit(&segments.join("marks.xlf"), |text| text.replace("UTF-8", "klingon"));
        fs::copy(segments.join("twice.xlf"), segments.join("twice2.xlf")).expect("writable");
        fs::write(segments.join("x.xlf"), "<tmx version='1.4'/>").expect("writable");
        fs::remove_file(input.join("controls.txt")).expect("there");
    });
    let report = report.expect("one is done");
    assert_eq!((report.articles, report.failures), (1, 5));
    let errors: Vec<&str> = heard.iter().filter_map(|line| line.strip_prefix("error: DIR/sent/segments/")).collect();
    assert!(errors[0].starts_with("blanks.xlf:") && errors[0].contains("before end of input"), "{errors:#?}");
    let expected = "controls.xlf: the article \"controls\" is not among the sources";
    assert!(errors[1] == expected && errors[2].contains("klingon"), "{errors:#?}");
    assert_eq!(errors[3], "twice2.xlf (article twice): the article came back before, in DIR/sent/segments/twice.xlf");
    assert_eq!(errors[4], "x.xlf: <tmx> is no XLIFF that can be read here");
}

#[test]
fn sentences_without_a_translation_stay_go_or_fail() {
    let drop_no = |segments: &Path, _: &Path| {
        translate(segments, Version::V12, Layout::Sentence, |segment| {
            if segment.source == "No." {
                segment.target = None;
                segment.state = State::Initial;
            }
        });
    };
    let text = |how: &Merge| {
        let (report, heard, folder) = said(how, drop_no);
        (report.map(|report| report.failures), heard, fs::read_to_string(folder.path().join("back/articles/twice.txt")).ok())
    };
    let (failures, heard, kept) = text(&silent());
    assert_eq!((failures.expect("done"), kept.as_deref()), (0, Some("[Yes.] No. [Yes.] No.\n\n[Yes.] No.\n\n[Yes.]\n")));
    assert!(
        heard.iter().any(|line| line.contains("3 of 7 segments have no translation (p1s2, p1s4, p2s2), kept as in the source")),
        "{heard:#?}"
    );
    let (_, _, skipped) = text(&Merge { missing: Missing::Skip, ..silent() });
    assert_eq!(skipped.as_deref(), Some("[Yes.] [Yes.]\n\n[Yes.]\n\n[Yes.]\n"));
    let (failures, heard, failed) = text(&Merge { missing: Missing::Fail, ..silent() });
    assert_eq!((failures.expect("done"), failed), (1, None));
    assert!(heard.iter().any(|line| line.starts_with("error: ") && line.contains("3 of 7 segments have no translation")), "{heard:#?}");
}

#[test]
fn characters_that_a_program_loses_are_not_lost() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let (input, out, back) = (write_hard(folder.path()), folder.path().join("sent"), folder.path().join("back"));
    let paths = std::slice::from_ref(&input);
    for (version, layout) in WAYS {
        send(paths, &out, BitextOptions { version, layout: Some(layout), ..BitextOptions::default() }, None);
        translate(&out.join("segments"), version, layout, |segment| {
            let kept = |c: &char| *c >= ' ' && *c != '\u{fffe}' || matches!(c, '\t' | '\n' | '\r');
            segment.target = Some(segment.source.chars().filter(kept).collect());
            segment.state = State::Translated;
        });
        merge(&out.join("segments"), paths, &back, &silent(), &Silent).expect("it works");
        assert!(came(&back) == hashes(paths).into_iter().collect(), "{version:?} {layout:?}");
        fs::remove_dir_all(&out).expect("it is there");
    }
}

#[test]
fn targets_are_looked_at() {
    let (report, heard, _folder) = said(&Merge::default(), |segments, _| {
        translate(segments, Version::V12, Layout::Sentence, |segment| {
            segment.target = Some(segment.target.take().expect("translated").replace("Seis siete.", "Seis https://x.example."));
        });
    });
    assert_eq!(report.expect("done").failures, 0);
    assert!(
        heard
            .iter()
            .any(|line| line.starts_with("warning: DIR/sent/segments/blanks.xlf:") && line.contains("(article blanks): p2s1: urls: ")),
        "{heard:#?}"
    );
}

#[test]
fn a_selection_gives_a_summary_and_a_memory() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/jsonl/ferry.jsonl");
    for version in [Version::V12, Version::V21] {
        let (out, back) = (folder.path().join(version.name()), folder.path().join(format!("{}-back", version.name())));
        let options = BitextOptions { version, scope: Scope::Summary, ..BitextOptions::default() };
        let layout = options.layout();
        send(std::slice::from_ref(&corpus), &out, options, None);
        translate(&out.join("segments"), version, layout, |segment| {
            segment.target = Some(format!("[{}]", segment.source));
            segment.state = State::Translated;
        });
        let report = merge(&out.join("segments"), std::slice::from_ref(&corpus), &back, &silent(), &Silent).expect("it works");
        assert!(!back.join("articles").exists());
        let summaries = fs::read_to_string(back.join("summaries.jsonl")).expect("there");
        assert_eq!(summaries.lines().count() as u64, report.articles);
        for line in summaries.lines() {
            let record: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let text = record["text"].as_str().expect("a text");
            let chosen = record["summary"].as_array().expect("a list");
            assert!(!chosen.is_empty() && record["lang"] == "cy");
            for sentence in chosen {
                let span = sentence["start"].as_u64().expect("a number") as usize..sentence["end"].as_u64().expect("a number") as usize;
                assert_eq!(sentence["text"].as_str(), text.get(span));
                assert!(sentence["text"].as_str().is_some_and(|text| text.starts_with('[') && text.ends_with(']')));
            }
        }
        let delivered = report.delivered.expect("told");
        assert_eq!((delivered.in_articles, delivered.in_excerpts, delivered.in_summaries), (0, report.segments, report.segments));
        let excerpts = fs::read_to_string(back.join("excerpts.jsonl")).expect("there");
        assert_eq!(excerpts.lines().count() as u64, report.articles);
        for (line, summary) in excerpts.lines().zip(summaries.lines()) {
            let [record, summary]: [serde_json::Value; 2] = [line, summary].map(|line| serde_json::from_str(line).expect("JSON"));
            let sentences = record["excerpt"].as_array().expect("a list");
            let chosen = summary["summary"].as_array().expect("a list");
            assert!(sentences.iter().zip(chosen).all(|(one, other)| one["segment"] == other["segment"] && one["text"] == other["text"]));
            assert_eq!((sentences.len(), &record["id"]), (chosen.len(), &summary["id"]));
            for sentence in sentences {
                let at = |name: &str| sentence[name].as_u64().expect("a number") as usize;
                assert_eq!(record["text"].as_str().expect("a text").get(at("start")..at("end")), sentence["text"].as_str());
            }
        }
        let memory = fs::read_to_string(back.join("memory.tmx")).expect("there");
        assert_eq!(memory.matches("<tu ").count() as u64, report.segments);
    }
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/articles");
    let out = folder.path().join("sent");
    send(std::slice::from_ref(&corpus), &out, BitextOptions::default(), None);
    let written = |threads: usize| {
        let back = folder.path().join(format!("back{threads}"));
        let files = Files::find(&[out.join("segments")], None).expect("there");
        let settings = Settings { threads, ..Settings::default() };
        batch::merge_back(&files, &plan(std::slice::from_ref(&corpus)), &settings, &Merge::default(), &back, &Silent).expect("it works");
        fs::read(back.join("manifest.json")).expect("there")
    };
    // The manifest has the hashes of all files.
    assert!(written(1) == written(3));
}

#[test]
fn what_was_read_edited_or_delivered_before_is_not_lost() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let (input, out, back) = (write_hard(folder.path()), folder.path().join("sent"), folder.path().join("back"));
    let paths = std::slice::from_ref(&input);
    send(paths, &out, BitextOptions::default(), None);
    let segments = out.join("segments");
    let forced = Merge { force: true, ..silent() };
    for how in [&silent(), &forced] {
        let refused = merge(&segments, paths, &out, how, &Silent).expect_err("it would be lost");
        assert_eq!((refused.code(), files(&segments).len()), ("holds-input", hard().len()));
    }
    assert!(merge(&segments, paths, &back, &silent(), &Silent).is_ok());
    let run = |out: &Path, force: bool| {
        let outputs = outputs(Verb::Run).filter(|output| output.name == "xliff").collect();
        let options = BitextOptions { target_lang: Lang::parse("cy"), ..BitextOptions::default() };
        batch::run(&plan(paths), &Settings { outputs, bitext: options, ..Settings::default() }, out, force, &Silent)
    };
    assert_eq!(run(&back, false).expect_err("a merge is there").code(), "of-another-verb");
    assert!(run(&out, false).is_ok());
    edit(&segments.join("marks.xlf"), |text| text.replace("End", "end") + "\n");
    let edited = run(&out, false).expect_err("it was edited");
    assert!(edited.code() == "edited" && edited.to_string().contains("marks.xlf"), "{edited}");
    let one = |how: &Merge| merge(&segments.join("marks.xlf"), paths, &back, how, &Silent);
    assert_eq!(one(&silent()).expect_err("others would go").code(), "would-go");
    assert_eq!(files(&back.join("articles")).len(), hard().len());
    assert!(one(&forced).is_ok() && files(&back.join("articles")).len() == 1);
    assert!(run(&out, true).is_ok());
}

#[test]
fn a_file_named_twice_is_read_once() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let (input, out) = (write_hard(folder.path()), folder.path().join("sent"));
    send(&[input], &out, BitextOptions::default(), None);
    let segments = out.join("segments");
    let found = Files::find(&[segments.clone(), segments.join("marks.xlf")], None).expect("there");
    assert_eq!(found.paths().count(), hard().len());
    assert!(Files::find(&["-".into()], None).is_err());
}

#[test]
fn an_article_is_known_by_its_text_where_its_id_is_another() {
    let (report, heard, folder) = said(&silent(), |_, input| {
        fs::create_dir(input.join("below")).expect("writable");
        fs::rename(input.join("marks.txt"), input.join("below/other.txt")).expect("there");
    });
    assert_eq!(report.expect("all are done").articles, hard().len() as u64, "{heard:#?}");
    assert!(
        folder.path().join("back/articles/below/other.txt").exists() || files(&folder.path().join("back/articles")).len() == hard().len()
    );
}

#[test]
fn what_was_deleted_from_a_file_is_missing() {
    let delete = |segments: &Path, _: &Path| {
        edit(&segments.join("twice.xlf"), |text| {
            let from = text.find("<trans-unit id=\"p2s1\"").expect("there");
            let end = from + text[from..].find("</trans-unit>").expect("ends") + "</trans-unit>".len();
            text[..from].to_owned() + &text[end..]
        });
    };
    let text = |how: &Merge| {
        let (report, heard, folder) = said(how, delete);
        (report.expect("done").failures, heard, fs::read_to_string(folder.path().join("back/articles/twice.txt")).ok())
    };
    let (failures, heard, kept) = text(&silent());
    assert_eq!((failures, kept.as_deref()), (0, Some("[Yes.] [No.] [Yes.] [No.]\n\nYes. [No.]\n\n[Yes.]\n")));
    assert!(heard.iter().any(|line| line.contains("1 of 7 segments has no translation (p2s1 not in the file)")), "{heard:#?}");
    let (_, _, skipped) = text(&Merge { missing: Missing::Skip, ..silent() });
    assert_eq!(skipped.as_deref(), Some("[Yes.] [No.] [Yes.] [No.]\n\n[No.]\n\n[Yes.]\n"));
    let (failures, _, failed) = text(&Merge { missing: Missing::Fail, ..silent() });
    assert_eq!((failures, failed), (1, None));
}
