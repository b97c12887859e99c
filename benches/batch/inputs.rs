//! The batches that are run: natural sentences where the reference data and its maker of batches are there, synthetic ones elsewhere.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::common;

/// Paths of what is run.
pub struct Inputs {
    /// What the batches are made of.
    pub made_of: &'static str,
    /// English, with languages told.
    pub batch: PathBuf,
    /// The same without languages.
    pub untold: PathBuf,
    /// The first articles of the batch.
    pub part: PathBuf,
    /// The same, a file each.
    pub folder: PathBuf,
    /// Articles in the part.
    pub articles: usize,
    /// One article.
    pub one: PathBuf,
    /// A batch of each of some languages, a fifth as long.
    pub languages: Vec<(&'static str, PathBuf)>,
}

/// Other languages than English: umlauts, accents, two other alphabets.
const LANGUAGES: [&str; 4] = ["de", "fr", "ru", "el"];

/// Files of the directory, at most.
const FILES: usize = 60_000;

impl Inputs {
    /// Makes them in a directory, the largest of so many bytes.
    pub fn make(work: &Path, bytes: usize) -> Inputs {
        let maker = std::env::var_os("EPITOME_REFERENCE").map(|place| PathBuf::from(place).join("tools/make_batch.py"));
        let maker = maker.filter(|maker| maker.is_file());
        let made = |lang: &str, bytes: usize| {
            let file = work.join(format!("{lang}.jsonl"));
            match &maker {
                Some(maker) => natural(maker, lang, bytes, &file),
                None => fs::write(&file, common::batch(lang, bytes)).expect("room for the batch"),
            }
            file
        };
        let batch = made("en", bytes);
        let languages = LANGUAGES.map(|lang| (lang, made(lang, bytes / 5))).to_vec();
        let made_of = if maker.is_some() { "natural sentences" } else { "synthetic articles" };
        let mut inputs = Inputs {
            made_of,
            untold: work.join("untold.jsonl"),
            part: work.join("part.jsonl"),
            folder: work.join("articles"),
            one: work.join("one.txt"),
            articles: 0,
            batch,
            languages,
        };
        inputs.split();
        inputs
    }

    /// Writes what is made of the batch.
    fn split(&mut self) {
        fs::create_dir(&self.folder).expect("room for a directory");
        let mut untold = File::create(&self.untold).expect("room for a file");
        let mut part = File::create(&self.part).expect("room for a file");
        let lines = BufReader::new(File::open(&self.batch).expect("it was made")).lines();
        for (n, line) in lines.map(|line| line.expect("text")).enumerate() {
            let mut record: serde_json::Value = serde_json::from_str(&line).expect("a record");
            if n < FILES {
                let text = record["text"].as_str().expect("a text");
                fs::write(self.folder.join(format!("a{n:06}.txt")), text).expect("room for a file");
                writeln!(part, "{line}").expect("room for a line");
                self.articles += 1;
                if n == 0 {
                    fs::write(&self.one, text).expect("room for a file");
                }
            }
            record.as_object_mut().expect("an object").remove("lang");
            writeln!(untold, "{record}").expect("room for a line");
        }
    }
}

/// Writes a batch of natural sentences.
fn natural(maker: &Path, lang: &str, bytes: usize, file: &Path) {
    let python = std::env::var_os("EPITOME_PYTHON").unwrap_or_else(|| "python3".into());
    let mut command = Command::new(python);
    command.arg(maker).args([lang, &format!("{}", bytes as f64 / 1e6), "1"]).stdout(File::create(file).expect("room for the batch"));
    assert!(command.status().expect("Python is there").success(), "{command:?} fails");
}

/// Length of a file, or of all files in a directory.
pub fn bytes(path: &Path) -> u64 {
    let length = |path: &Path| fs::metadata(path).expect("it was made").len();
    match fs::read_dir(path) {
        Ok(entries) => entries.map(|entry| length(&entry.expect("readable").path())).sum(),
        Err(_) => length(path),
    }
}
