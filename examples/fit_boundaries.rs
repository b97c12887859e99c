//! Fits the model of sentence ends: `cargo run --release --example fit_boundaries -- DIR` reads every `*.jsonl` of a folder
//! (records of `lang`, `text` and `ends`, the exclusive ends of sentences in Unicode scalars) and prints how well a model
//! fitted on four fifths of the articles does on the last fifth, each in turn (`--leave language`: on the languages it has not
//! seen). `--write FILE` fits on everything and writes the table of weights. Same folder, same table: the order of examples is
//! drawn from a fixed seed.

#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use epitome::lang::Lang;
use epitome::text::boundary::{FEATURES, PRIOR, SCALE, SLOTS, segment_by};

#[derive(Parser)]
#[command(about = "Fits the model of sentence ends, or measures how well it carries over")]
struct Args {
    /// Folder of *.jsonl with gold boundaries
    folder: PathBuf,
    /// Leave out the sets with this in their names (repeatable)
    #[arg(long, value_name = "WORD")]
    except: Vec<String>,
    /// Fit on everything and write the table of weights here
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// What to leave out in turn: fifths of the articles, or languages
    #[arg(long, value_name = "WHAT", default_value = "article")]
    leave: Leave,
    /// Fit on everything and measure on this folder instead
    #[arg(long, value_name = "DIR", conflicts_with = "leave")]
    on: Option<PathBuf>,
    /// Write the predicted ends of each set into this folder, for other scorers
    #[arg(long, value_name = "DIR")]
    dump: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Leave {
    Article,
    Language,
}

/// Parts the articles of a set are dealt into.
const FOLDS: usize = 5;

/// An article with its gold boundaries.
struct Gold {
    set: String,
    /// Place in its set.
    index: usize,
    lang: Lang,
    text: String,
    /// Bytes before each boundary.
    ends: Vec<usize>,
    examples: Vec<Example>,
}

/// A candidate and whether a sentence ends there.
struct Example {
    features: [u32; FEATURES],
    lean: bool,
    ends: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let mut gold = read(&args.folder)?;
    gold.retain(|article| !args.except.iter().any(|word| article.set.contains(word.as_str())));
    if let Some(path) = &args.write {
        let weights = quantised(&fit(gold.iter()));
        fs::write(path, weights.iter().map(|weight| *weight as u8).collect::<Vec<u8>>())?;
        return Ok(());
    }
    let (gold, predicted) = match &args.on {
        Some(folder) => {
            let other = read(folder)?;
            let predicted = predict(&quantised(&fit(gold.iter())), other.iter()).collect();
            (other, predicted)
        }
        None => {
            let predicted = crossed(&gold, args.leave);
            (gold, predicted)
        }
    };
    if let Some(folder) = &args.dump {
        dump(folder, &gold, &predicted)?;
    }
    report(&gold, &predicted);
    Ok(())
}

/// Ends of the sentences of an article, by its set and place.
type Predicted = BTreeMap<(String, usize), Vec<usize>>;

/// Predicts every article by a model that was fitted without its group.
fn crossed(gold: &[Gold], leave: Leave) -> Predicted {
    let group = |article: &Gold| match leave {
        Leave::Article => (article.index % FOLDS).to_string(),
        Leave::Language => article.lang.primary().to_owned(),
    };
    let mut groups: Vec<String> = gold.iter().map(group).collect();
    groups.sort();
    groups.dedup();
    let mut predicted = Predicted::new();
    for left in &groups {
        let weights = quantised(&fit(gold.iter().filter(|article| group(article) != *left)));
        predicted.extend(predict(&weights, gold.iter().filter(|article| group(article) == *left)));
    }
    predicted
}

fn predict<'a>(weights: &[i8], articles: impl Iterator<Item = &'a Gold>) -> impl Iterator<Item = ((String, usize), Vec<usize>)> {
    articles.map(move |article| {
        let spans = segment_by(&article.text, Some(&article.lang), |_, lean, features| ends(weights, lean, features));
        ((article.set.clone(), article.index), spans.iter().map(|span| span.end as usize).collect())
    })
}

fn read(folder: &Path) -> Result<Vec<Gold>, Box<dyn Error>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    paths.sort();
    let mut out = Vec::new();
    for path in paths {
        let set = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for (index, line) in fs::read_to_string(&path)?.lines().enumerate() {
            let record: serde_json::Value = serde_json::from_str(line)?;
            out.push(article(&set, index, &record).ok_or_else(|| format!("{}:{}: not a gold record", path.display(), index + 1))?);
        }
    }
    Ok(out)
}

fn article(set: &str, index: usize, record: &serde_json::Value) -> Option<Gold> {
    let lang = Lang::parse(record["lang"].as_str()?)?;
    let text = record["text"].as_str()?.to_owned();
    let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let ends: Vec<usize> =
        record["ends"].as_array()?.iter().map(|end| bytes.get(end.as_u64()? as usize).copied()).collect::<Option<_>>()?;
    let mut examples = Vec::new();
    segment_by(&text, Some(&lang), |end, lean, features| {
        let gold = ends.binary_search(&end).is_ok();
        examples.push(Example { features: *features, lean, ends: gold });
        gold
    });
    Some(Gold { set: set.to_owned(), index, lang, text, ends, examples })
}

/// Weights in logit by slot: the least logistic loss with a quadratic pull to zero, by stochastic gradient descent with steps
/// that grow smaller (Bottou 2012).
fn fit<'a>(articles: impl Iterator<Item = &'a Gold>) -> Vec<f32> {
    const ROUNDS: usize = 30;
    const RATE: f32 = 0.05;
    const PULL: f32 = 3.0;
    let mut examples: Vec<&Example> = articles.flat_map(|article| &article.examples).collect();
    let mut weights = vec![0f32; SLOTS];
    // The weights are the vector times this, so that the pull on all of them is one product.
    let mut scale = 1f32;
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    for round in 0..ROUNDS {
        let step = RATE / (1.0 + round as f32);
        shuffle(&mut examples, &mut seed);
        for example in &examples {
            let score = prior(example.lean) + scale * example.features.iter().map(|slot| weights[*slot as usize]).sum::<f32>();
            let miss = 1.0 / (1.0 + (-score).exp()) - f32::from(u8::from(example.ends));
            scale *= 1.0 - step * PULL / examples.len() as f32;
            for slot in example.features {
                weights[slot as usize] -= step * miss / scale;
            }
        }
    }
    weights.iter_mut().for_each(|weight| *weight *= scale);
    weights
}

fn prior(lean: bool) -> f32 {
    if lean { PRIOR } else { -PRIOR }
}

/// Brings the examples into another order, by xorshift (Marsaglia 2003).
fn shuffle<T>(items: &mut [T], seed: &mut u64) {
    for end in (1..items.len()).rev() {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        items.swap(end, (*seed % (end as u64 + 1)) as usize);
    }
}

fn quantised(weights: &[f32]) -> Vec<i8> {
    weights.iter().map(|weight| (weight * SCALE).round() as i8).collect()
}

/// What the shipped model does, with other weights.
fn ends(weights: &[i8], lean: bool, features: &[u32; FEATURES]) -> bool {
    let weighed: i32 = features.iter().map(|slot| i32::from(weights[*slot as usize])).sum();
    weighed as f32 + prior(lean) * SCALE > 0.0
}

fn dump(folder: &Path, gold: &[Gold], predicted: &Predicted) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for article in gold {
        let ends = &predicted[&(article.set.clone(), article.index)];
        let scalars: Vec<usize> = ends.iter().map(|end| article.text[..*end].chars().count()).collect();
        let file = files.entry(&article.set).or_default();
        *file += &format!("{}\n", serde_json::json!({ "ends": scalars }));
    }
    for (set, text) in files {
        fs::write(folder.join(format!("{set}.jsonl")), text)?;
    }
    Ok(())
}

/// Candidates told wrong, by set.
fn report(gold: &[Gold], predicted: &Predicted) {
    let mut wrong: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for article in gold {
        let ends = &predicted[&(article.set.clone(), article.index)];
        let entry = wrong.entry(&article.set).or_default();
        entry.0 += ends.iter().filter(|end| article.ends.binary_search(end).is_err()).count();
        entry.1 += article.ends.iter().filter(|end| ends.binary_search(end).is_err()).count();
    }
    for (set, (extra, missed)) in wrong {
        println!("{set:24} extra {extra:5} missed {missed:5}");
    }
}
