//! Whether the tables of the trained rankers still fit what they are asked: a table knows features only by their numbers, so that
//! nothing else would notice if texts were read or features counted otherwise than when it was fitted.

use std::fs;
use std::path::{Path, PathBuf};

use epitome::article::Article;
use epitome::lang::Lang;
use epitome::summary::frequency::sentence_idf;
use epitome::summary::trained::Trained;
use epitome::summary::{Gain, Ranker, news, one};
use epitome::text::{Scratch, TextOptions, parse};

/// A table, the beginning of its hash, and the mean score that it gives to the sentences of `corpus/articles`.
const FITTED: [(&str, fn() -> Trained<'static>, &str, f64); 2] =
    [("news", news::ranker, "2a1aa3ed5bb28fa5", 0.11665), ("one", one::ranker, "4cde79ba279b48e6", 0.10606)];

/// Another order of additions moves a mean less than this, another feature more.
const TOLERANCE: f64 = 5e-4;

#[test]
fn tables_were_fitted_to_the_features_there_are() {
    for (name, ranker, hash, mean) in FITTED {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let table = fs::read(root.join(format!("src/summary/data/{name}.bin"))).expect("it is there");
        let (found_hash, found) = (&blake3::hash(&table).to_hex()[..16], mean_score(&root.join("corpus/articles"), &ranker()));
        let now = format!("(\"{name}\", {name}::ranker, \"{found_hash}\", {found:.5})");
        assert!(found_hash == hash, "{name}.bin is another table: write {now} here");
        assert!(
            (found / mean - 1.0).abs() < TOLERANCE,
            "texts are read or features counted otherwise than when {name}.bin was fitted: fit it again, examples/fit_ranker/main.rs \
             says how; if the table stays the same, write {now} here"
        );
    }
}

/// Over every sentence that can be chosen, whatever is set by hand about length and place.
fn mean_score(folder: &Path, ranker: &Trained) -> f64 {
    let ranker = Trained { gain: Gain { room: 40.0, ..ranker.gain }, haste: 0.0, ..*ranker };
    let (mut scratch, mut scores) = (Scratch::default(), Vec::new());
    for path in articles(folder) {
        // Some are there to be decoded.
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let mut article = Article::new("a".into(), text).expect("short");
        article.lang = path.parent().and_then(Path::file_name).and_then(|lang| Lang::parse(&lang.to_string_lossy()));
        let document = parse(article, &TextOptions::default(), &mut scratch);
        scores.extend(ranker.rank(&document, &sentence_idf(&document)).scores.into_iter().flatten());
    }
    assert!(scores.len() > 500, "{} sentences", scores.len());
    scores.iter().sum::<f64>() / scores.len() as f64
}

fn articles(folder: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").path()).collect::<Vec<_>>();
    let mut paths: Vec<PathBuf> = entries(folder).iter().flat_map(|lang| entries(lang)).collect();
    paths.sort();
    paths
}
