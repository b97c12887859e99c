//! Whether the tables of the trained rankers still fit what they are asked: a table knows features only by their numbers, so that
//! nothing else would notice if texts were read or features counted otherwise than when it was fitted.

use std::fs;
use std::path::{Path, PathBuf};

use epitome::article::Article;
use epitome::lang::Lang;
use epitome::summary::columns::{Columns, NAMES};
use epitome::summary::frequency::sentence_idf;
use epitome::text::vector::Vectors;
use epitome::text::{Scratch, TextOptions, parse};

/// The features when the tables were fitted: see [`print`].
const FEATURES: f64 = -43.8760;
/// The beginning of the hash of each table.
const TABLES: [(&str, &str); 2] = [("news", "c9b7ab00842fb9a7"), ("one", "6921e567d0fa93fa")];

/// A hundredth more of one feature is 0.01; another order of additions is far less.
const TOLERANCE: f64 = 1e-3;

#[test]
fn tables_were_fitted_to_the_features_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = print(&root.join("corpus/articles"));
    assert!(
        (found - FEATURES).abs() < TOLERANCE,
        "texts are read or features counted otherwise than when the tables were fitted: fit them again, examples/fit_ranker/main.rs \
         says how, and write FEATURES = {found:.4} here"
    );
    for (name, hash) in TABLES {
        let table = fs::read(root.join(format!("src/summary/data/{name}.bin"))).expect("it is there");
        let found = &blake3::hash(&table).to_hex()[..16];
        assert_eq!(found, hash, "{name}.bin is another table: if it was fitted to these features, write its hash here");
    }
}

/// The features of all sentences that can be chosen as one number: the sum of the logarithms of their mean amounts.
fn print(folder: &Path) -> f64 {
    let (mut scratch, mut rows, mut sums) = (Scratch::default(), 0, [0f64; NAMES.len()]);
    for path in articles(folder) {
        // Some are there to be decoded.
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let mut article = Article::new("a".into(), text).expect("short");
        article.lang = path.parent().and_then(Path::file_name).and_then(|lang| Lang::parse(&lang.to_string_lossy()));
        let document = parse(article, &TextOptions::default(), &mut scratch);
        let (candidates, idf) = (document.candidates(), sentence_idf(&document));
        let columns = Columns::new(&document, &candidates, &Vectors::new(&document, &candidates, &idf), &idf);
        rows += columns.rows();
        let amount = |feature: usize| columns.column(feature).map(|value| f64::from(value.abs())).sum::<f64>();
        sums.iter_mut().enumerate().for_each(|(feature, sum)| *sum += amount(feature));
    }
    assert!(rows > 500, "{rows} sentences");
    sums.iter().map(|sum| (1e-6 + sum / rows as f64).ln()).sum()
}

fn articles(folder: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").path()).collect::<Vec<_>>();
    let mut paths: Vec<PathBuf> = entries(folder).iter().flat_map(|lang| entries(lang)).collect();
    paths.sort();
    paths
}
