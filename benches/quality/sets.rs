//! The sets of articles with reference summaries that the bench measures on, and their files: what a set holds, how long summaries of
//! it are, which ranker the default method takes for that length, and whether its table was fitted to the set.

use std::fs;
use std::path::{Path, PathBuf};

use epitome::batch::{self, By, Inputs, RougeSet, RougeTask, Settings};
use epitome::eval::rouge::Limit;
use epitome::summary::Budget;
use epitome::summary::digest::Limit as Length;
use epitome::summary::rank::METHODS;

use crate::fit::profile::Profile;

/// The default method.
pub const DEFAULT: &str = METHODS[0].name;

/// Which table a trained ranker asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// The shipped one.
    Shipped,
    /// One that did not see the article.
    Crossed,
    /// One that saw no article in the language.
    Foreign,
}

/// A set of articles with reference summaries, and how long their summaries are to be.
#[derive(Clone, Copy)]
pub struct Set {
    /// File of `data/summarization`, without its ending.
    pub name: &'static str,
    pub lang: &'static str,
    pub budget: Budget,
    /// The budget and what the set is, for its heading.
    pub about: &'static str,
    /// The method that `auto` takes for that length.
    pub taken: &'static str,
}

const fn set(name: &'static str, lang: &'static str, budget: Budget, about: &'static str, taken: &'static str) -> Set {
    Set { name, lang, budget, about, taken }
}

const THREE: Budget = Budget::Sentences(3);
const ONE: Budget = Budget::Sentences(1);

/// Those that peers are measured on too.
pub const SETS: [Set; 7] = [
    set("cnndm_val", "English", THREE, "three sentences; CNN", "news"),
    set("cnndm_train_cnn300", "English", THREE, "three sentences; CNN", "news"),
    set("cnndm_train_dm200", "English", THREE, "three sentences; mostly Daily Mail", "news"),
    set("sumllm_chatgpt_val", "English", THREE, "three sentences; references by a language model", "news"),
    set("xsum_a", "English", ONE, "one sentence; BBC, its first sentence taken out", "one"),
    set("orangesum_fr_train", "French", ONE, "one sentence; French, with titles", "one"),
    set("tes_tr_a", "Turkish", Budget::Ratio(0.52), "52 % of the words; Turkish, three references each", "extract"),
];

/// Those that only the trained rankers are measured on, and by which table.
pub const MORE: [(Set, Table); 3] = [
    (set("orangesum_fr_train", "French", THREE, "", "news"), Table::Foreign),
    (set("tes_tr_a", "Turkish", THREE, "", "news"), Table::Shipped),
    (set("tes_tr_a", "Turkish", ONE, "", "one"), Table::Shipped),
];

impl Set {
    /// The profile whose table `auto` asks; `None` where it takes a method that fits nothing.
    pub fn profile(&self) -> Option<&'static Profile> {
        Profile::find(self.taken)
    }

    /// Whether the table of a method, or of the one that the default takes, was fitted to this set.
    pub fn taught(&self, method: &str) -> bool {
        let method = if method == DEFAULT { self.taken } else { method };
        Profile::find(method).is_some_and(|profile| profile.sets.iter().any(|(name, _)| *name == self.name))
    }

    /// The table that the default method is measured by.
    pub fn table(&self) -> Table {
        if self.taught(DEFAULT) { Table::Crossed } else { Table::Shipped }
    }

    /// Its length in a word or two.
    pub fn length(&self) -> String {
        match self.budget {
            Budget::Sentences(1) => "one sentence".to_owned(),
            Budget::Sentences(3) => "three sentences".to_owned(),
            Budget::Ratio(share) => format!("{:.0} % of the words", 100.0 * share),
            other => format!("{other:?}"),
        }
    }
}

/// Where the bench keeps files of a set.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("quality").join(name);
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    folder
}

/// The records of a set, as many as are asked for, a line each.
pub fn lines(reference: &Path, name: &str) -> Vec<String> {
    let path = reference.join(format!("data/summarization/{name}.jsonl"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let most = crate::asked("--articles").map_or(usize::MAX, |most| most.parse().expect("a number of articles"));
    text.lines().take(most).map(|line| format!("{line}\n")).collect()
}

/// The file of those records.
pub fn gold(reference: &Path, name: &str) -> PathBuf {
    let path = folder(name).join("set.jsonl");
    written(&path, &lines(reference, name).concat());
    path
}

pub fn written(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// What is scored on a set.
pub struct Systems<'a> {
    pub by: &'a [By],
    pub predicted: &'a [PathBuf],
    pub dump: Option<&'a Path>,
}

/// Scores systems on the file of a set.
pub fn score(gold: &Path, budget: Budget, limit: Option<Limit>, systems: &Systems) -> RougeSet {
    let Systems { by, predicted, dump } = *systems;
    let settings = Settings { budget, ..Settings::default() };
    let inputs = Inputs { paths: vec![gold.to_owned()], ..Inputs::default() };
    let digest = limit.map(|limit| match limit {
        Limit::Bytes(most) => Length::Bytes(most as u32),
        Limit::Words(most) => Length::Words(most as u32),
    });
    let task = RougeTask { gold: &inputs, by, predicted, settings: &settings, digest, limit, dump };
    batch::rouge(&task).unwrap_or_else(|error| panic!("{}: {error}", gold.display())).remove(0)
}
