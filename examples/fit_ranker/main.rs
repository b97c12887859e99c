//! Fits the table of a trained ranker. The shipped ones are made by these two commands, where `DIR` holds the sets that
//! `fit/profile.rs` names, as `data/summarization/NAME.jsonl`:
//!
//! ```text
//! EPITOME_REFERENCE=DIR cargo run --release --example fit_ranker -- --profile news --write src/summary/data/news.bin
//! EPITOME_REFERENCE=DIR cargo run --release --example fit_ranker -- --profile one --write src/summary/data/one.bin
//! ```
//!
//! Sets of one's own are named instead: records of `text`, `lang`, `title`, and `summary` or `refs`. What is told of a sentence is how
//! much of the reference it covers: half its ROUGE-1 recall and its ROUGE-2 recall. Same sets, same table. It also says how well
//! such a table does on articles it was not fitted on: each of five parts is summarised by a table of the other four. Whether
//! a shipped table still fits the features there are is held by a test; how good it is, by `cargo bench --bench quality`.

mod fit;

use std::error::Error;
use std::fs;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use clap::Parser;
use epitome::eval::rouge::{Scores, gained, measured};
use epitome::summary::trained::Trained;
use epitome::summary::{Budget, Gain, Ranker, rank};
use rayon::prelude::*;

use fit::boost::Recipe;
use fit::crossed::Crossed;
use fit::profile::{PROFILES, Profile};
use fit::texts::Set;

#[derive(Parser)]
#[command(about = "Fits the table of a trained ranker")]
struct Args {
    /// Sets of one language each, with what one of its sentences counts: SET.jsonl or SET.jsonl@0.5; those of the profile if
    /// none are named
    sets: Vec<String>,
    /// The ranker whose recipe, length and way of taking sentences are used: news or one
    #[arg(long, value_parser = profile)]
    profile: &'static Profile,
    /// Sets to measure on that are not fitted to
    #[arg(long, value_name = "SET")]
    apart: Vec<String>,
    /// Where to write the table
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Sentences of a summary, when it is measured
    #[arg(short = 'n', long)]
    sentences: Option<u32>,
    /// Words added to every length, when it is measured (repeatable, as the next four)
    #[arg(long)]
    room: Vec<f64>,
    /// What a sentence loses for repeating a chosen one
    #[arg(long)]
    overlap: Vec<f64>,
    /// Share of the best score left that a sentence needs
    #[arg(long)]
    least: Vec<f64>,
    /// What a sentence keeps where what it leans on is not shown
    #[arg(long)]
    lost: Vec<f64>,
    /// The power of its place that divides what is expected of a sentence
    #[arg(long)]
    haste: Vec<f64>,
    #[arg(long)]
    trees: Option<usize>,
    #[arg(long)]
    depth: Option<usize>,
    #[arg(long)]
    rate: Option<f64>,
    #[arg(long)]
    pull: Option<f64>,
    #[arg(long)]
    rows: Option<f64>,
    #[arg(long)]
    features: Option<f64>,
}

fn profile(name: &str) -> Result<&'static Profile, String> {
    Profile::find(name).ok_or_else(|| format!("there are {}", PROFILES.map(|profile| profile.name).join(", ")))
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let sets = named(&args.sets()?)?;
    let apart = named(&args.apart)?;
    let weighed: Vec<(&Set, f64)> = sets.iter().map(|named| (&named.set, named.weight)).collect();
    let crossed = Crossed::fit(&weighed, args.recipe());
    let sentences = args.sentences.unwrap_or(args.profile.sentences);
    let mut out = stdout().lock();
    for (gain, haste) in args.ways() {
        writeln!(out, "{gain:?} haste {haste}")?;
        for named in &sets {
            let ranker = |at: usize| Trained { table: crossed.without(at), gain, haste };
            writeln!(out, "  {}", named.compared(&ranker, sentences))?;
        }
        for named in &apart {
            writeln!(out, "  {}", named.compared(&|_| Trained { table: crossed.whole(), gain, haste }, sentences))?;
        }
    }
    if let Some(path) = &args.write {
        fs::write(path, crossed.whole().to_bytes())?;
    }
    Ok(())
}

impl Args {
    /// The sets that are asked for, or those of the profile.
    fn sets(&self) -> Result<Vec<String>, Box<dyn Error>> {
        if !self.sets.is_empty() {
            return Ok(self.sets.clone());
        }
        let reference = std::env::var("EPITOME_REFERENCE").map_err(|_| "name sets, or their directory in EPITOME_REFERENCE")?;
        let set = |(name, weight): &(&str, f64)| format!("{reference}/data/summarization/{name}.jsonl@{weight}");
        Ok(self.profile.sets.iter().map(set).collect())
    }

    fn recipe(&self) -> Recipe {
        let Recipe { trees, depth, rate, pull, rows, features } = self.profile.recipe;
        Recipe {
            trees: self.trees.unwrap_or(trees),
            depth: self.depth.unwrap_or(depth),
            rate: self.rate.unwrap_or(rate),
            pull: self.pull.unwrap_or(pull),
            rows: self.rows.unwrap_or(rows),
            features: self.features.unwrap_or(features),
        }
    }

    /// Every way of taking sentences that is asked for, with its haste.
    fn ways(&self) -> Vec<(Gain, f64)> {
        let Trained { gain, haste, .. } = (self.profile.shipped)();
        let or = |asked: &[f64], shipped: f64| if asked.is_empty() { vec![shipped] } else { asked.to_vec() };
        let mut ways = Vec::new();
        for room in or(&self.room, gain.room) {
            for overlap in or(&self.overlap, gain.overlap) {
                for lost in or(&self.lost, gain.lost) {
                    for least in or(&self.least, gain.least) {
                        ways.extend(or(&self.haste, haste).into_iter().map(|haste| (Gain { room, least, overlap, lost }, haste)));
                    }
                }
            }
        }
        ways
    }
}

/// A set, what a sentence of it counts, and its file.
struct Named {
    name: String,
    set: Set,
    weight: f64,
}

fn named(arguments: &[String]) -> Result<Vec<Named>, Box<dyn Error>> {
    let read = |argument: &String| {
        let (path, weight) = argument.rsplit_once('@').unwrap_or((argument, "1"));
        let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let lines = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        Ok(Named { name, set: Set::read(&lines)?, weight: weight.parse()? })
    };
    arguments.iter().map(read).collect()
}

impl Named {
    /// The figures of a ranker (by the place of an article in the set) beside those of the first sentences.
    fn compared<'a>(&self, ranker: &(dyn Fn(usize) -> Trained<'a> + Sync), sentences: u32) -> String {
        let lead = (rank::find("lead").expect("it is a method").ranker)();
        let of = |ranker: &dyn Ranker, text: &fit::texts::Text| {
            let summary = text.summary(ranker, Budget::Sentences(sentences));
            (text.score(&summary), summary.words)
        };
        let ours: Vec<(Scores, u32)> = self.set.texts.par_iter().enumerate().map(|(at, text)| of(&ranker(at), text)).collect();
        let theirs: Vec<(Scores, u32)> = self.set.texts.par_iter().map(|text| of(&*lead, text)).collect();
        let scores = |summaries: &[(Scores, u32)]| summaries.iter().map(|summary| summary.0).collect::<Vec<_>>();
        let words = |summaries: &[(Scores, u32)]| f64::from(summaries.iter().map(|summary| summary.1).sum::<u32>());
        let (found, more) = (measured(&scores(&ours)), gained(&scores(&ours), &scores(&theirs)));
        format!(
            "{:<28} R1 {:.2} R2 {:.2}, over lead {:+.2} ±{:.2} {:+.2} ±{:.2}, words {:+.1} %",
            self.name,
            found[0].f1.mean,
            found[1].f1.mean,
            more[0].f1.mean,
            more[0].f1.half(),
            more[1].f1.mean,
            more[1].f1.half(),
            100.0 * (words(&ours) / words(&theirs) - 1.0)
        )
    }
}
