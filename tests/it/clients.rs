//! The page of the README for translators. Whether programs of translators open what we write is asked by `tests/run`, which has
//! them; `cargo test` alone says that it did not.

use std::io::Write;

/// The block of shell commands under a heading of the README, without what is fed to them.
fn commands() -> Vec<&'static str> {
    let readme = include_str!("../../README.md");
    let page = readme.split("\n## ").find(|page| page.starts_with("For translators")).expect("the README has a page for translators");
    let block = page.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the page has commands");
    let mut fed = false;
    let mut command = |line: &&str| {
        let starts = !fed && !line.is_empty();
        fed = if fed { *line != "END" } else { line.ends_with("<<'END'") };
        starts
    };
    block.lines().filter(|line| command(line)).collect()
}

#[test]
fn from_articles_to_a_translation_and_back_in_five_commands() {
    let commands = commands();
    assert_eq!(commands.len(), 5, "{commands:#?}");
    assert!(commands[0].starts_with("epitome run ") && commands[4].starts_with("epitome merge "), "{commands:#?}");
    if std::env::var_os("EPITOME_CLIENTS").is_none() {
        // Written past the test harness, which shows nothing of a test that passes.
        let skipped = "skipped: OmegaT and translate-toolkit on what is written; tests/run installs and asks them\n";
        std::io::stderr().write_all(skipped.as_bytes()).expect("somewhere to say it");
    }
}
