//! Tables and lines come back: what `run` wrote with each target its source is the article byte for byte, however programs save it.

use std::fs;
use std::path::{Path, PathBuf};

use epitome::article::Article;
use epitome::batch::{self, Files, Inputs, Merge, Settings, Silent};
use epitome::format::bitext::BitextOptions;
use epitome::format::{Outcome, Streams, Verb, WriteOptions, Writer, outputs, tsv};
use epitome::lang::Lang;
use epitome::summary::Summary;
use epitome::text::{Scratch, TextOptions, parse};
use epitome::translation::Bitext;
use epitome::translation::quality::Checks;

use proptest::prelude::*;

use crate::merge::{came, hard, hashes};

fn plan(paths: &[PathBuf]) -> batch::Plan {
    batch::plan(&Inputs { paths: paths.to_vec(), ..Inputs::default() }, None).expect("the paths exist")
}

/// Cuts articles into the format of that name.
fn cut(paths: &[PathBuf], out: &Path, name: &str, safe: bool) {
    let outputs = outputs(Verb::Run).filter(|output| output.name == name).collect();
    let bitext = BitextOptions { target_lang: Lang::parse("cy"), ..BitextOptions::default() };
    let mut settings = Settings { outputs, bitext, ..Settings::default() };
    settings.write.spreadsheet_safe = safe;
    batch::run(&plan(paths), &settings, out, false, &Silent).expect("it works");
}

/// Merges what is in a folder or file and gives the hashes of the translated articles.
fn merged(files: &Path, paths: &[PathBuf], out: &Path) -> Vec<(String, String)> {
    let how = Merge { target_lang: Lang::parse("cy"), checks: Checks::none(), ..Merge::default() };
    let files = Files::find(&[files.to_owned()], None).expect("there");
    let report = batch::merge_back(&files, &plan(paths), &Settings::default(), &how, out, &Silent).expect("it works");
    assert_eq!(report.failures, 0);
    came(out).into_iter().collect()
}

fn corpus() -> Vec<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    vec![corpus.join("articles"), corpus.join("jsonl/ferry.jsonl"), corpus.join("jsonl/wire.jsonl")]
}

/// The table with each target its source, every row changed.
fn filled(table: &str, row: impl Fn(&[&str]) -> String) -> String {
    let fill = |line: &str| {
        let mut cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), 7, "{line}");
        if cells[6].is_empty() {
            cells[6] = cells[5];
        }
        row(&cells)
    };
    table.lines().map(fill).collect()
}

/// A cell as Excel saves it.
fn excel(cell: &str) -> String {
    if cell.contains([',', '"', '\t', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

fn wide(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn tables_come_back_as_programs_save_them() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let out = folder.path().join("out");
    for safe in [false, true] {
        cut(&corpus(), &out, "segments.tsv", safe);
        let table = fs::read_to_string(out.join("segments.tsv")).expect("there");
        let plain = filled(&table, |cells| format!("{}\n", cells.join("\t")));
        let windows = plain.replace('\n', "\r\n");
        let turned = filled(&table, |cells| format!("{}\t{}\tx\t{}\t{}\n", cells[6], cells[1], cells[5], cells[0]));
        let mut ways: Vec<(&str, Vec<u8>)> =
            vec![("plain", plain.clone().into()), ("windows", format!("\u{feff}{windows}").into()), ("turned", turned.into())];
        // What our own quotes are cannot be quoted again: a spreadsheet takes them off first.
        if !safe {
            let unicode = filled(&table, |cells| cells.iter().map(|cell| excel(cell)).collect::<Vec<_>>().join("\t") + "\r\n");
            let all = filled(&table, |cells| {
                format!("\"{}\"\n", cells.iter().map(|cell| cell.replace('"', "\"\"")).collect::<Vec<_>>().join("\",\""))
            });
            ways.extend([("excel", wide(&unicode)), ("quoted", all.into())]);
        }
        for (way, bytes) in ways {
            let file = folder.path().join(format!("{way}.txt"));
            fs::write(&file, bytes).expect("writable");
            let back = merged(&file, &corpus(), &folder.path().join(format!("{way}-{safe}")));
            assert!(back == hashes(&corpus()), "{way} {safe}");
        }
    }
}

#[test]
fn records_and_lines_come_back() {
    let folder = tempfile::tempdir().expect("a place for temporary files");
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir(&input).expect("writable");
    hard().iter().for_each(|(name, text)| fs::write(input.join(format!("{name}.txt")), text).expect("writable"));
    let paths = [corpus(), vec![input]].concat();
    cut(&paths, &out, "segments.jsonl", false);
    let records = fs::read_to_string(out.join("segments.jsonl")).expect("there");
    let fill = |line: &str| {
        let mut record: serde_json::Value = serde_json::from_str(line).expect("JSON");
        record["target"] = record["text"].clone();
        format!("{record}\n")
    };
    fs::write(out.join("segments.jsonl"), records.lines().map(fill).collect::<String>()).expect("writable");
    assert!(merged(&out, &paths, &folder.path().join("records")) == hashes(&paths));
    let summaries = fs::read_to_string(folder.path().join("records/summaries.jsonl")).expect("there");
    assert_eq!(summaries.lines().count(), hashes(&paths).len());

    // Blanks in sentences became other blanks on their way, and are those of the article again.
    let other = folder.path().join("other");
    cut(&paths, &other, "moses", false);
    let moses = other.join("moses");
    let names = fs::read_dir(&moses).expect("there").map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned());
    for name in names.filter(|name| name.ends_with(".cy")) {
        // segments.en-cy.cy
        let (source, _) = name["segments.".len()..].split_once("-cy.").expect("into cy");
        fs::copy(moses.join(name.replace(".cy", &format!(".{source}"))), moses.join(&name)).expect("there");
    }
    assert!(merged(&moses, &paths, &folder.path().join("lines")) == hashes(&paths));
}

/// Texts of what tables take amiss.
fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec!["\"", "\"\"", "'", "=", "-", ", ", "; ", "\t", "\n", ". ", ".\" ", "A", "b", "É"]),
        0..60,
    )
    .prop_map(|parts| parts.concat())
}

/// Sources and targets that a table holds.
fn read(table: &str) -> Vec<[String; 2]> {
    let mut found = Vec::new();
    let each = &mut |bitext: Bitext, _| {
        let segments = bitext.units.iter().flat_map(|unit| unit.segments());
        found.extend(segments.map(|segment| [segment.source.clone(), segment.target.clone().unwrap_or_default()]));
        Ok(())
    };
    // What is no table at all is an error, and no panic.
    let _ = tsv::read(&mut table.as_bytes(), each);
    found
}

proptest! {
    #[test]
    fn a_table_safe_from_spreadsheets_is_read_as_it_was(text in texts()) {
        let article = Article::new("=a".into(), text).expect("short");
        let document = parse(article, &TextOptions::default(), &mut Scratch::default());
        let (summary, mut out) = (Summary::default(), Streams::default());
        let outcome = Outcome::new(&document, None, &summary, "");
        let writer = tsv::Segments(WriteOptions { spreadsheet_safe: true, ..WriteOptions::default() });
        writer.begin(&mut out);
        writer.article(&outcome, &mut out);
        let table = String::from_utf8(out.into_parts().0.remove(0).1).expect("UTF-8");
        let table = filled(&table, |cells| format!("{}\n", cells.join("\t")));
        let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let sources: Vec<[String; 2]> = outcome.segments().map(|(_, segment, _)| [line(&segment.source), line(&segment.source)]).collect();
        let found: Vec<[String; 2]> = read(&table).iter().map(|pair| pair.each_ref().map(|text| line(text))).collect();
        prop_assert_eq!(found, sources);
    }

    #[test]
    fn no_table_is_too_strange(rows in texts(), header in prop::sample::select(vec!["\t", ",", ";"])) {
        let header = ["target", "article", "source", "segment"].join(header);
        read(&format!("{header}\n{rows}"));
        read(&rows);
    }
}
