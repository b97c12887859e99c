//! Fits the model of sentence ends: `cargo run --release --example fit_boundaries -- GOLD.jsonl.. --write FILE` reads records of
//! `lang`, `text` and `ends` (exclusive ends of sentences, in Unicode scalars) and writes the table of weights that
//! `src/text/data/boundaries.bin` holds. Same records, same table: the order of examples is drawn from a fixed seed. How well
//! such a model does on texts it was not fitted on is measured by `cargo bench --bench boundaries`, with what stands here.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

use clap::Parser;
use epitome::eval::boundary::Gold;
use epitome::format::gold;
use epitome::text::boundary::{FEATURES, PRIOR, SCALE, SLOTS, judge, segment_by};
use epitome::text::language;

#[derive(Parser)]
#[command(about = "Fits the model of sentence ends")]
struct Args {
    /// Records with gold boundaries
    #[arg(required = true)]
    gold: Vec<PathBuf>,
    /// Where to write the table of weights
    #[arg(long, value_name = "FILE")]
    write: PathBuf,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let mut golds = Vec::new();
    for path in &args.gold {
        for line in fs::read_to_string(path)?.lines() {
            golds.push(gold::read(line).map_err(|error| format!("{}: {error}", path.display()))?);
        }
    }
    let examples: Vec<Examples> = golds.iter().map(Examples::of).collect();
    fs::write(&args.write, fit(examples.iter()).0.iter().map(|weight| *weight as u8).collect::<Vec<u8>>())?;
    Ok(())
}

/// A candidate and whether a sentence ends there.
struct Example {
    features: [u32; FEATURES],
    lean: bool,
    ends: bool,
}

/// The candidates of a text.
pub struct Examples(Vec<Example>);

impl Examples {
    /// What a gold text has to teach: nothing, if the model is not asked in its language.
    pub fn of(gold: &Gold) -> Examples {
        let mut out = Vec::new();
        if language::of(gold.lang.as_ref()).is_fitted() {
            segment_by(&gold.text, gold.lang.as_ref(), |end, lean, features| {
                let ends = gold.ends.binary_search(&end).is_ok();
                out.push(Example { features: *features, lean, ends });
                ends
            });
        }
        Examples(out)
    }
}

/// Weights by slot, as small numbers.
pub struct Model(Vec<i8>);

impl Model {
    /// Where the sentences of a text end, in bytes.
    pub fn ends(&self, gold: &Gold) -> Vec<usize> {
        let fitted = language::of(gold.lang.as_ref()).is_fitted();
        let ends = |_, lean, features: &[u32; FEATURES]| if fitted { judge(|slot| self.0[slot], lean, features) } else { lean };
        segment_by(&gold.text, gold.lang.as_ref(), ends).iter().map(|span| span.end as usize).collect()
    }
}

/// Models by what was left out when they were fitted.
pub struct Crossed {
    models: BTreeMap<String, Model>,
    whole: Model,
}

impl Crossed {
    /// Fits a model without each group in turn, and one on everything; `group` says which group a text is of.
    pub fn fit(texts: &[(String, Examples)]) -> Crossed {
        let fit_but = |left: &str| fit(texts.iter().filter(|(group, _)| group != left).map(|(_, examples)| examples));
        let models = texts.iter().map(|(group, _)| group.clone()).collect::<std::collections::BTreeSet<String>>();
        let whole = fit(texts.iter().map(|(_, examples)| examples));
        Crossed { models: models.into_iter().map(|group| (group.clone(), fit_but(&group))).collect(), whole }
    }

    /// The model that saw nothing of a group.
    pub fn without(&self, group: &str) -> &Model {
        self.models.get(group).unwrap_or(&self.whole)
    }
}

/// Fits weights by slot: the least logistic loss with a quadratic pull to zero, by stochastic gradient descent with steps that
/// grow smaller (Bottou 2012).
fn fit<'a>(texts: impl Iterator<Item = &'a Examples>) -> Model {
    const ROUNDS: usize = 30;
    const RATE: f32 = 0.05;
    const PULL: f32 = 3.0;
    let mut examples: Vec<&Example> = texts.flat_map(|text| &text.0).collect();
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
    Model(weights.iter().map(|weight| (weight * scale * SCALE).round() as i8).collect())
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
