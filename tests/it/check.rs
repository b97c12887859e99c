//! `check`, file by file: those under `tests/check` say in a comment at their end what is found in them, and where. With
//! `CHECK=overwrite` the comments are written anew; read them then. What must not bring a reader down is made here.

use std::fs;
use std::io::{BufReader, Read, repeat};
use std::path::{Path, PathBuf};
use std::time::Instant;

use epitome::batch::decode_xml;
use epitome::error::Error;
use epitome::format::check::{self, Finding, MOST};
use epitome::text::srx::Severity;
use epitome::translation::quality::Checks;
use proptest::prelude::*;

use crate::reference::reference;

/// What is found in bytes, by the ending of their file's name; an error of the reader is the last of it.
fn findings(name: &str, bytes: impl Read, checks: &Checks) -> Vec<Finding> {
    let mut out = Vec::new();
    let mut take = |finding| out.push(finding);
    let run = |input, take: check::Out| match name.ends_with(".tmx") {
        true => check::tmx(input, checks, take),
        false => check::xliff(input, checks, take),
    };
    if let Err(Error { kind, place }) = decode_xml(BufReader::new(bytes)).and_then(|input| run(input, &mut take)) {
        let line = place.line.unwrap_or(1);
        out.push(Finding { severity: Severity::Error, line, code: "xml", its: None, rule: None, cause: kind.to_string() });
    }
    out
}

fn shown(finding: &Finding) -> String {
    format!("{} {} {}: {}", finding.severity.name(), finding.line, finding.code, finding.cause)
}

/// A file without its comment, and what that expects.
fn parts(text: &str) -> (&str, Vec<&str>) {
    let (file, comment) = text.split_once("<!-- expected\n").unwrap_or((text, ""));
    (file, comment.lines().take_while(|line| *line != "-->").collect())
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths
}

#[test]
fn each_file_has_the_fault_it_names() {
    let paths = files();
    let mut wrong = Vec::new();
    for path in &paths {
        let text = fs::read_to_string(path).expect("UTF-8");
        let (file, expected) = parts(&text);
        let name = path.file_name().expect("named").to_string_lossy().into_owned();
        let found: Vec<String> = findings(&name, text.as_bytes(), &Checks::default()).iter().map(shown).collect();
        if std::env::var_os("CHECK").is_some_and(|value| value == "overwrite") {
            let lines = found.iter().map(|line| format!("{line}\n")).collect::<String>();
            fs::write(path, format!("{file}<!-- expected\n{lines}-->\n")).expect("room");
        } else if found != expected {
            wrong.push(format!("{name}: expected {expected:#?}, found {found:#?}"));
        }
        let sound = name.contains("sound") || name.contains("old") || name.contains("all-languages");
        assert_eq!(found.is_empty(), sound, "{name}: {found:?}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(paths.len() > 100, "only {} files", paths.len());
}

#[test]
fn the_samples_are_told_apart() {
    let Some(reference) = reference() else { return };
    let samples = reference.join("samples");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(samples.join("xliff")).expect("there").map(|entry| entry.expect("readable").path()).collect();
    paths.push(samples.join("sample.tmx"));
    for path in paths {
        let name = path.file_name().expect("named").to_string_lossy().into_owned();
        let found = findings(&name, fs::File::open(&path).expect("readable"), &Checks::default());
        let worst = found.iter().map(|finding| finding.severity).max();
        let expected = match name.as_str() {
            "bad_pc.xlf" => Some(Severity::Warning),
            name if name.starts_with("bad_") => Some(Severity::Error),
            _ => None,
        };
        assert_eq!(worst, expected, "{name}: {found:?}");
        // A code whose id was changed is lost on one side and added on the other.
        let most = if name == "bad_pc.xlf" { 2 } else { 1 };
        assert!(found.len() <= most, "{name}: {found:?}");
    }
}

const TMX: &str = r#"<tmx version="1.4"><header creationtool="t" creationtoolversion="1" segtype="sentence" o-tmf="t" adminlang="en" srclang="en" datatype="plaintext"/><body>"#;

#[test]
fn what_attacks_a_reader_is_an_error_within_a_second() {
    let bomb = format!(
        "<!DOCTYPE tmx [<!ENTITY a \"lol\">{}]>\n{TMX}<tu><note>&j;</note></tu></body></tmx>",
        ('b'..='j').map(|c| format!("<!ENTITY {c} \"{}\">", format!("&{};", (c as u8 - 1) as char).repeat(10))).collect::<String>()
    );
    let outside = format!("<!DOCTYPE tmx [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n{TMX}<tu><note>&x;</note></tu></body></tmx>");
    let deep = format!("{TMX}{}", "<tu>".repeat(100_000));
    let wide = format!("{TMX}<tu {}/></body></tmx>", (0..100_000).map(|i| format!("a{i}='' ")).collect::<String>());
    let cut = format!("{TMX}<tu><tuv xml:lang=\"en\"><seg>The dog");
    let cases: [(&[u8], &str); 8] = [
        (bomb.as_bytes(), "the entity &j; is not one of XML's own"),
        (outside.as_bytes(), "the entity &x; is not one of XML's own"),
        (deep.as_bytes(), "nested more than 200 deep"),
        (wide.as_bytes(), "more than 100 attributes"),
        (cut.as_bytes(), "the file ends before </seg>"),
        (b"<?xml version='1.0' encoding='shift_jis'?>\n<tmx>\x82</tmx>", "Shift_JIS"),
        (b"<?xml version='1.0' encoding='klingon'?>\n<tmx/>", "klingon"),
        (b"<?xml version='1.0' encoding='UTF-8'?>\n<tmx>\xe9</tmx>", "UTF-8"),
    ];
    for (bytes, expected) in cases {
        let start = Instant::now();
        let found = findings("a.tmx", bytes, &Checks::default());
        assert!(found.iter().any(|f| f.severity == Severity::Error && f.cause.contains(expected)), "{expected}: {found:?}");
        // Builds for tests are slow.
        let most = if cfg!(debug_assertions) { 5 } else { 1 };
        assert!(start.elapsed().as_secs() < most, "{expected}: {:?}", start.elapsed());
    }
}

#[test]
fn a_text_without_end_is_refused() {
    let found = findings("a.tmx", TMX.as_bytes().chain(repeat(b'x')), &Checks::default());
    assert!(found.last().is_some_and(|finding| finding.cause.contains("more than 16 MiB")), "{found:?}");
}

#[test]
fn what_repeats_itself_is_counted() {
    let units = "<tu><tuv><seg>a</seg></tuv></tu>\n".repeat(250);
    let found = findings("a.tmx", format!("{TMX}{units}</body></tmx>").as_bytes(), &Checks::default());
    assert_eq!(found.len() as u64, MOST + 1);
    assert_eq!(found.last().map(|finding| finding.cause.as_str()), Some("150 more of the kind \"missing-attribute\""));
}

#[test]
fn utf_16_is_read() {
    let text = format!("\u{feff}{TMX}\n<tu><tuv><seg>a</seg></tuv></tu></body></tmx>");
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let found: Vec<String> = findings("a.tmx", bytes.as_slice(), &Checks::default()).iter().map(shown).collect();
    assert_eq!(found, ["error 2 missing-attribute: <tuv> of <tu> lacks xml:lang"]);
}

#[test]
fn other_versions_are_refused_by_name() {
    let xliff = |ns: &str, version: &str| format!("<xliff xmlns='{ns}' version='{version}'/>");
    let cases = [
        (xliff("urn:oasis:names:tc:xliff:document:2.2", "2.2"), "XLIFF 2.2 cannot be checked, only XLIFF 1.2, 2.0 and 2.1, TMX and SRX"),
        (xliff("urn:oasis:names:tc:xliff:document:3.0", "3.0"), "XLIFF 3.0 cannot be checked"),
        ("<html/>".to_owned(), "<html> cannot be checked"),
    ];
    for (text, expected) in cases {
        let found = findings("a.xlf", text.as_bytes(), &Checks::default());
        assert!(found.iter().any(|finding| finding.cause.starts_with(expected)), "{found:?}");
    }
}

proptest! {
    /// Whatever is cut out of a file, doubled or changed in it: something is said or not, and nothing panics.
    #[test]
    fn broken_files_bring_nobody_down(which in 0usize..1000, at in any::<prop::sample::Index>(), length in 0usize..60, byte in any::<u8>(), how in 0u8..3) {
        let paths = files();
        let path = &paths[which % paths.len()];
        let mut bytes = fs::read(path).expect("readable");
        let start = at.index(bytes.len());
        let end = (start + length).min(bytes.len());
        match how {
            0 => drop(bytes.drain(start..end)),
            1 => {
                let piece = bytes[start..end].to_vec();
                bytes.splice(start..start, piece);
            }
            _ => bytes[start] = byte,
        }
        findings(&path.to_string_lossy(), bytes.as_slice(), &Checks::default());
    }
}
