//! Files that are made to harm: entities and nesting without end, rules that take for ever, cells that are formulas.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use super::{article, call_in, folder, write};

/// The starts of a file of each format, up to where a text or another element may stand.
const OPEN: [(&str, &str); 4] = [
    (
        "a.xlf",
        "<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\"><file original=\"a\" source-language=\"en\" target-language=\"de\" datatype=\"plaintext\"><body><trans-unit id=\"p1s1\"><source>",
    ),
    (
        "b.xlf",
        "<xliff version=\"2.0\" xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" srcLang=\"en\" trgLang=\"de\"><file id=\"f\"><unit id=\"p1\"><segment><source>",
    ),
    (
        "c.tmx",
        "<tmx version=\"1.4\"><header creationtool=\"t\" creationtoolversion=\"1\" segtype=\"sentence\" o-tmf=\"t\" adminlang=\"en\" srclang=\"en\" datatype=\"plaintext\"/><body><tu><tuv xml:lang=\"en\"><seg>",
    ),
    (
        "d.srx",
        "<srx version=\"2.0\" xmlns=\"http://www.lisa.org/srx20\"><header segmentsubflows=\"yes\" cascade=\"no\"/><body><languagerules><languagerule languagerulename=\"A\"><rule break=\"no\"><beforebreak>",
    ),
];

/// What each file is called with, beside `check`.
fn users(name: &str) -> Vec<Vec<&str>> {
    match name.rsplit('.').next() {
        Some("xlf") => vec![vec!["check", name], vec!["merge", name, "--source", "article.txt", "-o", "merged", "--force"]],
        Some("tmx") => {
            vec![vec!["check", name], vec!["align", "article.txt", "article.txt", "--lexicon", name, "-l", "en", "--target-lang", "de"]]
        }
        _ => vec![vec!["check", name], vec!["segment", "article.txt", "--srx", name]],
    }
}

#[test]
fn row_09_entities_are_not_expanded() {
    let folder = folder();
    write(folder.path(), "article.txt", article(1));
    write(folder.path(), "secret", "the secret of the house");
    let mut bomb = String::from("<!DOCTYPE x [<!ENTITY a0 \"aaaaaaaaaa\">");
    (1..30).for_each(|i| {
        write!(
            bomb,
            "<!ENTITY a{i} \"&a{};&a{};&a{};&a{};&a{};&a{};&a{};&a{};&a{};&a{};\">",
            i - 1,
            i - 1,
            i - 1,
            i - 1,
            i - 1,
            i - 1,
            i - 1,
            i - 1,
            i - 1,
            i - 1
        )
        .expect("memory")
    });
    bomb.push_str("]>\n");
    let outside = format!("<!DOCTYPE x [<!ENTITY a29 SYSTEM \"{}\">]>\n", folder.path().join("secret").display());
    for (name, open) in OPEN {
        for head in [&bomb, &outside] {
            write(folder.path(), name, format!("{head}{open}&a29;"));
            for args in users(name) {
                let said = refused(folder.path(), &args);
                assert!(
                    !said.contains("secret of the house") && !said.contains("aaaaaaaaaaaaaaaaaaaa") && said.len() < 20_000,
                    "{args:?}: {said}"
                );
                assert!(said.contains(&format!("{name}:2")), "{args:?} does not tell the line: {said}");
            }
        }
    }
}

/// What is said of a file that must be refused, and soon.
fn refused(folder: &Path, args: &[&str]) -> String {
    let start = Instant::now();
    let ended = call_in(folder, args);
    assert!(start.elapsed() < Duration::from_secs(20), "{args:?}");
    assert!(ended.code.is_some_and(|code| code != 0), "{args:?}: {ended:?}");
    ended.out + &ended.err
}

#[test]
fn row_09_nesting_has_a_limit() {
    let folder = folder();
    write(folder.path(), "article.txt", article(1));
    for (name, open) in OPEN {
        write(folder.path(), name, format!("{open}\n{}", "<g id=\"1\">".repeat(100_000)));
        for args in users(name) {
            let said = refused(folder.path(), &args);
            assert!(
                said.contains(&format!("{name}:2")) && said.contains("elements are nested more than") && said.len() < 20_000,
                "{args:?}: {}",
                &said[..said.len().min(2000)]
            );
        }
    }
}

/// An SRX file of one rule.
fn rule(before: &str, after: &str) -> String {
    format!(
        "<srx version=\"2.0\" xmlns=\"http://www.lisa.org/srx20\"><header segmentsubflows=\"yes\" cascade=\"no\"/><body><languagerules>\
         <languagerule languagerulename=\"A\"><rule break=\"yes\"><beforebreak>{before}</beforebreak><afterbreak>{after}</afterbreak></rule>\
         </languagerule></languagerules><maprules><languagemap languagepattern=\".*\" languagerulename=\"A\"/></maprules></body></srx>"
    )
}

#[test]
fn row_10_rules_that_take_for_ever() {
    let folder = folder();
    let letters = "aA".repeat(25_000);
    // Steps are counted a place, and debug builds take their time for them.
    let fewer = "aA".repeat(500);
    let cases = [
        ("(a+)+$", "", false),
        ("((?i)a*)*b", "", false),
        ("(a|A|aA)+c", "", false),
        ("(?=((?i)a+)+b)a", "", false),
        ("", r"(?i)(a*)\1x", true),
    ];
    for (before, after, counted) in cases {
        write(folder.path(), "article.txt", format!("{}bx. The end of it.", if counted { &fewer } else { &letters }));
        write(folder.path(), "rules.srx", rule(before, after));
        let start = Instant::now();
        let ended = call_in(folder.path(), &["segment", "article.txt", "--srx", "rules.srx", "-l", "en", "-v"]);
        assert!(start.elapsed() < Duration::from_secs(60), "{before}~{after} took {:?}", start.elapsed());
        ended.holds(0, if counted { &["positions were left undecided by a rule that takes too many steps"] } else { &[] });
    }
}

#[test]
fn row_19_cells_of_a_table() {
    let folder = folder();
    let text = "=1+1 is two today. +2 degrees it was. @home they said so. \\t-3 was a tab. A line\\nbreak in it, and \\\"marks\\\" too.";
    write(folder.path(), "a.jsonl", format!("{{\"id\": \"=cmd|' /C calc'!A0\\t\\nb\", \"lang\": \"en\", \"text\": \"{text}\"}}"));
    for safe in [false, true] {
        let more: &[&str] = if safe { &["--spreadsheet-safe"] } else { &[] };
        let ended = call_in(folder.path(), &[&["segment", "a.jsonl", "-t", "tsv", "--newlines", "wrap"], more].concat());
        ended.holds(0, &[]);
        let rows: Vec<Vec<&str>> = ended.out.lines().map(|row| row.split('\t').collect()).collect();
        assert!(rows.len() > 4 && rows.iter().all(|row| row.len() == 7), "{rows:#?}");
        let risky = rows[1..].iter().flatten().filter(|cell| cell.starts_with(['=', '+', '-', '@'])).count();
        assert_eq!(risky == 0, safe, "{rows:#?}");
    }
}
