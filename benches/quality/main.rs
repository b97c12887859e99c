//! How good summaries are, set by set, beside those of other summarisers: `cargo bench --bench quality` prints the tables,
//! `-- --write FILE` writes them, `-- --articles N` takes only the first N records of a set, `-- --set NAME` one set. The sets
//! are those of the reference data that `EPITOME_REFERENCE` names. Where the table of a ranker was fitted to a set, it is
//! measured by tables that did not see the article (`ours`). Peers are asked through `peers.py`, by the Python that
//! `EPITOME_PYTHON` names, and left out where it has none. It measures no speed; see `stages`.

#![allow(clippy::print_stderr, reason = "what is missing is said there")]

mod articles;
mod digests;
mod languages;
mod ours;
mod peers;
mod sets;
mod table;

#[allow(dead_code, reason = "the example asks it for more")]
#[path = "../../examples/fit_ranker/fit/mod.rs"]
mod fit;
#[allow(dead_code, reason = "the tests ask it for more")]
#[path = "../../tests/it/reference.rs"]
mod reference;

use std::fmt::Write as _;
use std::fs;
use std::io::Write;

use epitome::batch::System;
use epitome::eval::rouge::Figure;

use articles::{Asked, BASELINE, Told};
use digests::Digests;
use languages::RECIPE;
use ours::Ours;
use sets::{DEFAULT, MORE, SETS, Set};
use table::{difference, longer, two};

fn main() {
    let Some(reference) = reference::reference() else { return };
    let only = asked("--set");
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    let sets: Vec<Set> = SETS.into_iter().filter(|set| wanted(set.name)).collect();
    let mut page = HEAD.to_owned();
    let (mut told, mut languages) = (Vec::new(), String::new());
    if !sets.is_empty() {
        let all = sets.iter().copied().chain(MORE.iter().map(|(set, _)| *set).filter(|_| only.is_none()));
        let ours = Ours::new(&reference, &all.collect::<Vec<_>>());
        told.extend(sets.iter().map(|set| Asked::new(set, &ours, &reference).measured()));
        if only.is_none() {
            languages = languages::section(&told, &ours, &reference);
        }
    }
    let digests = wanted(digests::SET).then(|| Digests::new(&reference));
    page.push_str(&short(&told, digests.as_ref()));
    told.iter().for_each(|told| page.push_str(&told.section()));
    digests.iter().for_each(|digests| page.push_str(&digests.section()));
    page.push_str(&languages);
    match asked("--write") {
        Some(path) => fs::write(&path, &page).unwrap_or_else(|error| panic!("{path}: {error}")),
        None => std::io::stdout().lock().write_all(page.as_bytes()).expect("stdout takes it"),
    }
}

/// The value of an option, if it is there.
fn asked(option: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != option).nth(1)
}

const HEAD: &str = "# How good summaries are\n\n\
     Written by `cargo bench --bench quality -- --write benches/QUALITY.md`.\n\n\
     ROUGE F1 as `epitome eval rouge` counts it, with half the width of its 95 % bootstrap interval; then words between blanks,\n\
     how much longer the summaries are than those of `lead`, and the difference to `lead` over the same articles with its\n\
     interval, bold where that is off zero. The peers, sumy 0.13.0 and summa 1.2.0, were given our sentences, those that our\n\
     methods choose from, and take as many of them; where the budget is a share of the words, they take the best ones that\n\
     fit, as our methods do.\n\n\
     A table is never measured against a reference it was fitted to: where a set is one of those of a shipped table, its\n\
     articles are dealt into five parts, each of which is summarised by a table of all sets without it (*cross-fitted*). What\n\
     is set by hand was chosen on these sets, so that no figure is blind to that: the recipes that fit nothing\n\
     (`untrained`, `extract`), and how the trained rankers take sentences. *As long as lead* is the same ranker with\n\
     another room for length, such that its summaries have as many words as those of `lead` on average.\n";

/// The short table, which the README has too.
fn short(told: &[Told], digests: Option<&Digests>) -> String {
    let mut out = format!(
        "\n## In short\n\nROUGE-1 / ROUGE-2, and how much longer than `{BASELINE}`.\n\n\
         | | `{BASELINE}` | best peer | `{RECIPE}` | `{DEFAULT}` | `{DEFAULT}` − `{BASELINE}`: R1 | R2 |\n|---|---|---|---|---|---|---|\n"
    );
    for told in told {
        let lead = &told.rows[0].system;
        let cell = |system: &System| format!("{}, {:+.1} %", two(system, Figure::F1), longer(system, lead));
        let of = |name: &str| told.row(name).map_or_else(String::new, |row| cell(&row.system));
        let peer = told.best_peer().map_or_else(String::new, |row| format!("{}: {}", row.label, cell(&row.system)));
        let gains = told.row(DEFAULT).and_then(|row| row.system.gains).map(|gains| gains.map(|gain| difference(gain.f1)));
        let [one, two_, _] = gains.unwrap_or_default();
        let _ = writeln!(
            out,
            "| {}, {} | {} | {peer} | {} | {} | {one} | {two_} |",
            told.set.name,
            told.set.length(),
            two(lead, Figure::F1),
            of(RECIPE),
            of(DEFAULT)
        );
    }
    out.extend(digests.map(Digests::short));
    out
}
