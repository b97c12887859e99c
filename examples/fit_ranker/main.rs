//! Fits a table of a trained ranker: `cargo run --release --example fit_ranker -- SET.jsonl.. --write FILE` reads sets of articles
//! with summaries by people (`text`, `lang`, `title`, `summary` or `refs`) and writes the table that `src/summary/data/NAME.bin`
//! holds. What is told of a sentence is how much of the reference it covers: half its ROUGE-1 recall and its ROUGE-2 recall. Before
//! that, it says how well such a table does on articles it was not fitted on: the sets are cut into five parts, and each part is
//! summarised by a table of the other four. Same sets, same table, same figures.

mod boost;

use std::error::Error;
use std::fs;
use std::io::{Write, stdout};
use std::path::PathBuf;

use boost::{Recipe, Rows, fit};
use clap::Parser;
use epitome::document::Document;
use epitome::eval::rouge::{Rouge, Scores, Tokens, gained, measured, rouge_n, score};
use epitome::format::{jsonl, reference};
use epitome::summary::columns::{Columns, NAMES};
use epitome::summary::frequency::{Counts, extend_idf, local_idf};
use epitome::summary::trained::Trained;
use epitome::summary::trees::Trees;
use epitome::summary::{Budget, Gain, Ranker, rank, select};
use epitome::text::vector::Vectors;
use epitome::text::{Scratch, TextOptions, parse, table_of};
use rayon::prelude::*;

#[derive(Parser)]
#[command(about = "Fits a table of a trained ranker")]
struct Args {
    /// Sets of one language each, with what one of its articles counts: SET.jsonl or SET.jsonl@0.5
    #[arg(required = true)]
    sets: Vec<String>,
    /// Sets to measure on that are not fitted to
    #[arg(long, value_name = "SET")]
    apart: Vec<String>,
    /// Where to write the table
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Sentences of a summary
    #[arg(short = 'n', long, default_value_t = 3)]
    sentences: u32,
    /// Words added to every length
    #[arg(long, default_values_t = [38.0])]
    room: Vec<f64>,
    /// What a sentence loses for repeating a chosen one
    #[arg(long, default_values_t = [0.8])]
    overlap: Vec<f64>,
    /// The power of its place that divides what is expected of a sentence
    #[arg(long, default_values_t = [0.12])]
    haste: Vec<f64>,
    /// What a sentence keeps where what it leans on is not shown
    #[arg(long, default_values_t = [0.5])]
    lost: Vec<f64>,
    #[arg(long, default_value_t = 150)]
    trees: usize,
    #[arg(long, default_value_t = 4)]
    depth: usize,
    #[arg(long, default_value_t = 0.05)]
    rate: f64,
    #[arg(long, default_value_t = 10.0)]
    pull: f64,
    #[arg(long, default_value_t = 0.7)]
    rows: f64,
    #[arg(long, default_value_t = 0.4)]
    features: f64,
}

const FOLDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let recipe =
        Recipe { trees: args.trees, depth: args.depth, rate: args.rate, pull: args.pull, rows: args.rows, features: args.features };
    let sets: Vec<Set> = args.sets.iter().map(|set| Set::read(set)).collect::<Result<_, _>>()?;
    let apart: Vec<Set> = args.apart.iter().map(|set| Set::read(set)).collect::<Result<_, _>>()?;
    let tables: Vec<Trees> = (0..=FOLDS).into_par_iter().map(|fold| fit(&rows(&sets, fold), recipe)).collect();
    let mut out = stdout().lock();
    for gain in gains(&args) {
        for &haste in &args.haste {
            let ranker = |fold: usize| Trained { table: &tables[fold], gain, haste };
            writeln!(out, "{gain:?} haste {haste}")?;
            for (set, crossed) in sets.iter().map(|set| (set, true)).chain(apart.iter().map(|set| (set, false))) {
                let of = |at: usize| ranker(if crossed { at % FOLDS } else { FOLDS });
                writeln!(out, "  {}", set.compared(&of, args.sentences))?;
            }
        }
    }
    if let Some(path) = &args.write {
        fs::write(path, tables[FOLDS].to_bytes())?;
    }
    Ok(())
}

/// Every way of taking sentences that is asked for.
fn gains(args: &Args) -> Vec<Gain> {
    let mut gains = Vec::new();
    for &room in &args.room {
        for &overlap in &args.overlap {
            gains.extend(args.lost.iter().map(|&lost| Gain { room, overlap, lost }));
        }
    }
    gains
}

/// The sentences of all articles but those of a fold.
fn rows(sets: &[Set], fold: usize) -> Rows {
    let mut rows = Rows::default();
    for set in sets {
        set.texts.iter().enumerate().filter(|(at, _)| at % FOLDS != fold).for_each(|(_, text)| rows.extend(&text.rows));
    }
    rows
}

/// An article with what there is to learn from it.
struct Text {
    document: Document,
    idf: Vec<f64>,
    /// The words of its sentences.
    sentences: Vec<Tokens>,
    references: Vec<Tokens>,
    rows: Rows,
}

/// The articles of a file.
struct Set {
    name: String,
    texts: Vec<Text>,
}

impl Set {
    fn read(argument: &str) -> Result<Set, Box<dyn Error>> {
        let (path, weight) = argument.split_once('@').unwrap_or((argument, "1"));
        let weight: f64 = weight.parse()?;
        let (mut scratch, mut counts) = (Scratch::default(), Counts::default());
        let mut read = Vec::new();
        for line in fs::read_to_string(path)?.lines() {
            let (article, _) = jsonl::read(line, String::new, &jsonl::Fields::default())?;
            let document = parse(article, &TextOptions::default(), &mut scratch);
            counts.add(&document);
            read.push((document, reference::read(line)?));
        }
        let lang = read.first().and_then(|(document, _)| document.article().lang.clone());
        let vocabulary = scratch.vocabulary(table_of(lang.as_ref())).ok_or("a set without an article")?;
        let mut idf = Vec::new();
        extend_idf(&mut idf, vocabulary, &counts.table(vocabulary));
        let mut rouge = Rouge::new(lang.as_ref());
        let mut text = |(document, reference): (Document, epitome::eval::rouge::Reference)| {
            let idf = local_idf(&document, &idf);
            let sentences: Vec<Tokens> = (0..document.sentences().len()).map(|i| rouge.tokens(document.slice(i))).collect();
            let references: Vec<Tokens> = reference.summaries.iter().map(|summary| rouge.tokens(summary)).collect();
            let rows = Text::rows(&document, &idf, &sentences, &references, weight);
            Text { document, idf, sentences, references, rows }
        };
        let texts = read.drain(..).map(&mut text).collect();
        Ok(Set { name: path.rsplit('/').next().unwrap_or(path).to_owned(), texts })
    }

    /// The figures of a ranker (by the place of an article in the set) beside those of the first sentences.
    fn compared<'a>(&self, ranker: &(dyn Fn(usize) -> Trained<'a> + Sync), sentences: u32) -> String {
        let lead = (rank::find("lead").expect("it is a method").ranker)();
        let of = |ranker: &dyn Ranker, text: &Text| text.summarised(ranker, sentences);
        let ours: Vec<(Scores, u32)> = self.texts.par_iter().enumerate().map(|(at, text)| of(&ranker(at), text)).collect();
        let theirs: Vec<(Scores, u32)> = self.texts.par_iter().map(|text| of(&*lead, text)).collect();
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

impl Text {
    fn rows(document: &Document, idf: &[f64], sentences: &[Tokens], references: &[Tokens], weight: f64) -> Rows {
        let candidates = document.candidates();
        let columns = Columns::new(document, &candidates, &Vectors::new(document, &candidates, idf), idf);
        let recall = |reference: &Tokens, sentence: &Tokens, n: usize| rouge_n(reference, sentence, n).recall;
        let covers = |i: usize| {
            let of = |reference: &Tokens| 0.5 * recall(reference, &sentences[i], 1) + recall(reference, &sentences[i], 2);
            references.iter().map(of).sum::<f64>() / references.len().max(1) as f64
        };
        Rows {
            features: (0..candidates.len()).map(|k| std::array::from_fn::<f32, { NAMES.len() }, _>(|f| columns.column(f)[k])).collect(),
            targets: candidates.iter().map(|&i| covers(i)).collect(),
            weights: vec![weight; candidates.len()],
        }
    }

    /// The scores and the words of a summary.
    fn summarised(&self, ranker: &dyn Ranker, sentences: u32) -> (Scores, u32) {
        let ranking = ranker.rank(&self.document, &self.idf);
        let summary = select(&self.document, &self.idf, ranker, &ranking, Budget::Sentences(sentences));
        let chosen: Vec<&Tokens> = summary.sentences.iter().map(|chosen| &self.sentences[chosen.sentence]).collect();
        (score(&self.references, &Tokens::joined(&chosen)), summary.words)
    }
}
