//! `analyze`: articles meet their own translation at the best level of every profile; one changed word costs its segment and the context of
//! its neighbours; what is written depends on the articles and their order alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use epitome::batch::{self, Analysis, Inputs, Leverage, Memories, Memory, Report, Settings, Silent};
use epitome::format::bitext::BitextOptions;
use epitome::format::leverage::{LEVERAGE, LeverageOutput, Manner};
use epitome::format::memory::MEMORY;
use epitome::format::{Verb, outputs};
use epitome::lang::Lang;
use epitome::translation::entry::entries;
use epitome::translation::leverage::{PROFILES, Profile, Weights};
use epitome::translation::memory::Terms;
use epitome::translation::{Bitext, Part};

use crate::merge::{bitexts, files};

const ARTICLES: [(&str, &str); 3] = [
    ("a/mill", "The mill stood still on Monday. Nobody knew why the great wheel had stopped.\n\nThe miller was away. It cost 40 euros."),
    ("a/quay", "The quay was closed by a storm. The miller was away. It cost 45 euros."),
    ("b/mill", "The mill stood still on Tuesday. Nobody knew why the great wheel had stopped. The miller was away."),
];

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Desk {
        let desk = Desk(tempfile::tempdir().expect("a place for temporary files"));
        ARTICLES.iter().for_each(|(name, text)| desk.write(name, text));
        desk
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.at(&format!("articles/{name}.txt"));
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }

    fn plan(&self, paths: &[&str]) -> batch::Plan {
        batch::plan(&Inputs { paths: paths.iter().map(|path| self.at(path)).collect(), ..Inputs::default() }, None).expect("there").sorted()
    }

    /// A TMX of all articles, each sentence with a translation that is itself.
    fn translate(&self) -> PathBuf {
        let bitext = BitextOptions { target_lang: Lang::parse("de"), ..BitextOptions::default() };
        let outputs = outputs(Verb::Run).filter(|output| output.name == "xliff").collect();
        let settings = Settings { outputs, bitext, ..english() };
        batch::run(&self.plan(&["articles"]), &settings, &self.at("sent"), false, &Silent).expect("it works");
        let all: Vec<Bitext> = files(&self.at("sent/segments")).iter().flat_map(|path| bitexts(path)).map(translated).collect();
        let mut tmx = (MEMORY[0].head)("en", None);
        all.iter().flat_map(|bitext| entries(bitext, None, "merge")).for_each(|entry| (MEMORY[0].write)(&entry, "en", &mut tmx));
        tmx.extend_from_slice(MEMORY[0].foot.as_bytes());
        fs::write(self.at("memory.tmx"), tmx).expect("writable");
        self.at("memory.tmx")
    }

    fn analyze(&self, paths: &[&str], analysis: &Analysis, settings: &Settings) -> (String, Report) {
        let mut out = Vec::new();
        let report = batch::analyze(&self.plan(paths), settings, analysis, &mut out, &Silent).expect("it works");
        (String::from_utf8(out).expect("UTF-8"), report)
    }

    /// Rows of all segments.
    fn rows(&self, profile: &'static Profile, memory: &Path) -> Vec<String> {
        let mut analysis = analysis(profile, Some(memory));
        analysis.manner.explain = true;
        let (text, _) = self.analyze(&["articles"], &analysis, &english());
        text.lines().skip(1).map(|line| line.split('\t').nth(4).expect("a level").to_owned()).collect()
    }
}

fn translated(mut bitext: Bitext) -> Bitext {
    for part in bitext.units.iter_mut().flat_map(|unit| &mut unit.parts) {
        if let Part::Segment(segment) = part {
            segment.target = Some(segment.source.clone());
        }
    }
    bitext
}

fn english() -> Settings {
    let mut settings = Settings::default();
    settings.text.lang = Lang::parse("en");
    settings
}

fn output(name: &str) -> &'static LeverageOutput {
    LEVERAGE.iter().find(|output| output.name == name).expect("known")
}

fn analysis(profile: &'static Profile, memory: Option<&Path>) -> Analysis {
    let terms = Terms { penalties: profile.penalties, rule: profile.rule, ..Terms::default() };
    let load = |path: &Path| Arc::new(Memories::load(path, Lang::parse("de").as_ref()).expect("it is a memory"));
    let manner =
        Manner { profile, count: profile.count, weights: Weights::default(), repetitions_first: false, internal: false, explain: false };
    Analysis { manner, locked: Vec::new(), leverage: memory.map(|path| Leverage { memories: load(path), terms }), output: output("tsv") }
}

#[test]
fn an_article_meets_its_own_translation_at_the_best_level() {
    let desk = Desk::new();
    let memory = desk.translate();
    for (profile, best) in PROFILES.iter().zip(["102", "PerfectMatch", "102%", "Exact match"]) {
        assert_eq!(desk.rows(profile, &memory), [best; 10], "{}", profile.name);
    }
}

#[test]
fn one_changed_word_costs_its_segment_and_the_context_of_its_neighbours() {
    let desk = Desk::new();
    let memory = desk.translate();
    desk.write("a/mill", &ARTICLES[0].1.replace("stopped", "broken"));
    let expected = [
        ["102", "85-94", "100", "102"],
        ["PerfectMatch", "85% - 94%", "100%", "PerfectMatch"],
        ["102%", "85%-94%", "101%", "102%"],
        ["Exact match", "85%-94%", "Exact match", "Exact match"],
    ];
    for (profile, expected) in PROFILES.iter().zip(expected) {
        let rows = desk.rows(profile, &memory);
        // The neighbour before lost its context as well, but where only the sentence before makes one.
        let before = ["100", "PerfectMatch", "101%", "Exact match"][PROFILES.iter().position(|one| one.name == profile.name).expect("one")];
        assert_eq!(rows[..4], [before, expected[1], expected[2], expected[3]], "{}", profile.name);
        assert!(rows[4..].iter().all(|row| *row == expected[0]), "{}", profile.name);
    }
}

#[test]
fn the_order_of_paths_and_the_threads_change_nothing() {
    let desk = Desk::new();
    let memory = desk.translate();
    desk.write("a/quay", "The quay was closed by rain. The miller was away. It cost 46 euros. It cost 46 euros.");
    for (name, with_memory, internal, explain) in
        [("tsv", false, false, false), ("text", true, false, false), ("jsonl", false, true, true), ("text", true, true, true)]
    {
        let memory = with_memory.then_some(&*memory);
        let mut analysis = Analysis { output: output(name), ..analysis(&PROFILES[0], memory) };
        (analysis.manner.internal, analysis.manner.explain) = (internal, explain);
        let one = desk.analyze(&["articles/a", "articles/b"], &analysis, &Settings { threads: 1, ..english() }).0;
        let small = Memory::limited(64 << 20).expect("enough");
        let two = desk.analyze(&["articles/b", "articles/a"], &analysis, &Settings { threads: 3, memory: small, ..english() }).0;
        assert_eq!(one, two, "{name}");
    }
}

#[test]
fn an_article_that_fails_is_told_and_the_others_count() {
    let desk = Desk::new();
    desk.write("a/empty", " \n");
    let (text, report) = desk.analyze(&["articles"], &analysis(&PROFILES[0], None), &english());
    assert_eq!((report.articles, report.failures), (3, 1));
    assert!(text.contains("\tarticle\t\ttotal\t10\t"), "{text}");
}
