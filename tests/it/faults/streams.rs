//! Readers that went away, streams that are closed, and what must not reach a terminal.

use std::fs;

use super::{call_in, cannot, files, folder, records, shell, write};

#[test]
#[cfg(unix)]
fn row_16_a_reader_that_went() {
    let folder = folder();
    write(folder.path(), "wire.jsonl", records(800));
    for verb in [
        "summarize wire.jsonl",
        "segment wire.jsonl -t jsonl",
        "frequencies wire.jsonl",
        "languages --json",
        "man",
        "summarize wire.jsonl -v",
        "run --help",
    ] {
        // The code of the program, not that of `head`.
        let ended = shell(folder.path(), &format!("{{ \"$EPITOME\" {verb}; echo $? > code; }} | head -n 1 > /dev/null"));
        let code = fs::read_to_string(folder.path().join("code")).expect("there");
        assert_eq!((code.trim(), ended.err.contains("rror")), ("0", false), "{verb}: {ended:?}");
    }
    // A reader of what is said may go, too.
    let ended = shell(folder.path(), "{ \"$EPITOME\" run wire.jsonl -v -o out 2>&1; echo $? > code; } | true");
    assert_eq!(fs::read_to_string(folder.path().join("code")).expect("there").trim(), "0", "{ended:?}");
    super::matches_its_manifest(&folder.path().join("out"));
    assert!(folder.path().join("out/manifest.json").exists());
}

#[test]
#[cfg(unix)]
fn row_16_streams_that_are_closed() {
    let folder = folder();
    write(folder.path(), "wire.jsonl", records(3));
    write(folder.path(), "bad.jsonl", "{\"text\": 5}\n{\"text\": \"The mayor opened the bridge.\"}\n");
    for verb in [
        "summarize wire.jsonl",
        "segment wire.jsonl",
        "digest wire.jsonl",
        "frequencies wire.jsonl",
        "languages",
        "man",
        "--help",
        "check --help",
    ] {
        shell(folder.path(), &format!("exec \"$EPITOME\" {verb} >&-")).holds(1, &["standard output"]);
    }
    // A run writes to files alone.
    shell(folder.path(), "exec \"$EPITOME\" run wire.jsonl -o out >&-").holds(0, &[]);
    // Nothing to read is an error, and no success in silence.
    assert_ne!(shell(folder.path(), "exec \"$EPITOME\" summarize - <&-").code, Some(0));
    // Where the place of stderr is free, no file may take it and get messages into it: failures, warnings and reports, in both forms.
    shell(folder.path(), "exec \"$EPITOME\" run bad.jsonl -o open 2> /dev/null").holds(3, &[]);
    let expected = files(&folder.path().join("open"));
    for more in ["", "-v", "--json"] {
        shell(folder.path(), &format!("exec \"$EPITOME\" run bad.jsonl {more} -o closed 2>&-")).holds(3, &[]);
        assert!(files(&folder.path().join("closed")) == expected, "{more}: messages are in the output");
        shell(folder.path(), &format!("exec \"$EPITOME\" run bad.jsonl {more} -o closed <&- >&- 2>&-")).holds(3, &[]);
        assert!(files(&folder.path().join("closed")) == expected, "{more}: messages are in the output");
    }
    let with = |streams: &str| shell(folder.path(), &format!("\"$EPITOME\" summarize bad.jsonl {streams}"));
    assert_eq!((with("2>&-").out, with("2>&-").code), (with("2> /dev/null").out, Some(3)));
}

/// Sequences that would colour, clear, set a title, and turn around what follows.
const EVIL: &str = "\u{1b}[31m\u{1b}]0;title\u{7}\u{9b}2J\u{202e}";

/// No character of control but line ends and tabs, nor a mark that turns what follows.
#[track_caller]
fn tame(said: &str) {
    let risky = |c: char| c.is_control() && c != '\n' && c != '\t' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!said.contains(risky), "{said:?}");
    assert!(said.contains("\\u{1b}"), "it is not shown at all: {said:?}");
}

#[test]
#[cfg(unix)]
fn row_18_messages_do_not_control_the_terminal() {
    let folder = folder();
    let name = format!("a{EVIL}.txt");
    write(folder.path(), &name, "");
    write(folder.path(), "good.txt", "The mayor opened the bridge.");
    write(
        folder.path(),
        "b.jsonl",
        serde_json::json!({"id": EVIL, "lang": EVIL, "text": "<p>The mayor</p>"}).to_string()
            + "\n"
            + &serde_json::json!({"id": EVIL, EVIL: 1, "text": "The mayor."}).to_string()
            + "\n{\""
            + "\\u001b[31m\": \n",
    );
    // A failure, warnings, a usage error, a path that is not there, what a dry run shows.
    let calls: [&[&str]; 8] = [
        &["summarize", &name, "good.txt"],
        &["run", "b.jsonl", "-v", "-o", "out", "--force"],
        &["run", "b.jsonl", "--json", "-o", "out", "--force"],
        &["summarize", &format!("none{EVIL}")],
        &["summarize", &name, "--include", &format!("[{EVIL}")],
        &["run", &name, "--frequencies", EVIL, "--dry-run", "-o", EVIL],
        &["check", &name],
        &["merge", &name, "--source", "good.txt", "--target-lang", "de", "-o", "out2"],
    ];
    for args in calls {
        let ended = call_in(folder.path(), args);
        if args.contains(&"--json") {
            assert!(!ended.err.contains(['\u{1b}', '\u{7}', '\u{9b}']), "{ended:?}");
        } else {
            tame(&(ended.out + &ended.err));
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn row_18_texts_do_not_control_the_terminal() {
    let folder = folder();
    let text = format!("The {EVIL} mayor opened the bridge. It rained.");
    write(folder.path(), "a.jsonl", serde_json::json!({"id": format!("i{EVIL}"), "title": EVIL, "lang": "en", "text": text}).to_string());
    let pipe = call_in(folder.path(), &["segment", "a.jsonl"]);
    assert!(pipe.out.contains(EVIL), "a pipe gets every byte");
    for verb in [
        "summarize a.jsonl",
        "summarize a.jsonl -t markdown",
        "summarize a.jsonl --explain",
        "segment a.jsonl",
        "segment a.jsonl -t tsv",
        "segment a.jsonl -t jsonl",
        "digest a.jsonl",
    ] {
        let ended = shell(folder.path(), &format!("script -qec \"'$EPITOME' {verb} 2> /dev/null\" /dev/null < /dev/null"));
        if ended.code != Some(0) {
            return cannot(18, "`script` gives no terminal");
        }
        let said = ended.out.replace("\r\n", "\n").replace('\u{202e}', "");
        let said = if verb.ends_with("jsonl") && verb.contains("-t") { said.replace("\\u001b", "\\u{1b}") } else { said };
        tame(&said);
    }
}
