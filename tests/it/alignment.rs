//! Alignment as a whole: our scorer against an independent one, figures on sets of gold (both where `EPITOME_REFERENCE` names them),
//! our own small bitexts, and the same bytes for any number of threads.

use std::fs;
use std::path::{Path, PathBuf};

use epitome::article::Article;
use epitome::batch::{Align, Destination, Inputs, MIN_SCORE, Settings, Silent, Texts, align as align_files, plan};
use epitome::eval::alignment::{Link, Predicted, Score, score};
use epitome::format::aligned::ALIGNED;
use epitome::format::beads;
use epitome::lang::Lang;
use epitome::text::{Scratch, TextOptions, parse};
use epitome::translation::align::{Bead, Corpus, Line, align};
use epitome::translation::aligned::Side;

use crate::reference::{reference, theirs};

/// A set of gold: texts of a sentence a line, their translations, their beads.
struct Set(Vec<(Vec<String>, Vec<String>, Vec<Link>)>);

/// The files of a set with an ending, in order.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut out: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    out.retain(|path| path.extension().is_some_and(|found| found == ending));
    out.sort();
    out
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn links(path: &Path) -> Vec<Link> {
    beads::read(&text(path)).expect("gold is sound").into_iter().map(|gold| gold.link).collect()
}

impl Set {
    fn load(reference: &Path, name: &str) -> Set {
        let lines = |path: PathBuf| text(&path).lines().map(str::to_owned).collect();
        let gold = files(&reference.join("data/alignment").join(name), "gold");
        Set(gold.iter().map(|gold| (lines(gold.with_extension("src")), lines(gold.with_extension("tgt")), links(gold))).collect())
    }

    /// What we find: all documents together, or each by itself.
    fn beads(&self, together: bool) -> Vec<Vec<Bead>> {
        let add = |corpus: &mut Corpus, (source, target, _): &(Vec<String>, Vec<String>, Vec<Link>)| {
            corpus.add(&plain(source), &plain(target));
        };
        if together {
            let mut corpus = Corpus::default();
            self.0.iter().for_each(|document| add(&mut corpus, document));
            return align(&corpus);
        }
        let alone = |document| {
            let mut corpus = Corpus::default();
            add(&mut corpus, document);
            align(&corpus).remove(0)
        };
        self.0.iter().map(alone).collect()
    }
}

fn plain(lines: &[String]) -> Vec<Line<'_>> {
    lines.iter().map(|text| Line { text, starts: false }).collect()
}

fn predicted(beads: &[Bead]) -> Vec<Predicted> {
    let indices = |range: &std::ops::Range<usize>| range.clone().map(|index| index as u32).collect();
    let link = |bead: &Bead| Link { source: indices(&bead.source), target: indices(&bead.target) };
    beads.iter().map(|bead| Predicted { link: link(bead), confidence: Some(bead.confidence) }).collect()
}

#[test]
fn figures_on_the_sets_of_gold_are_kept() {
    let Some(reference) = reference() else { return };
    // Strict and lax F1 of the whole set aligned together, strict F1 of each document by itself.
    let bars = [
        ("de-fr.textberg", 0.87, 0.983, 0.87),
        ("hu-en.dtm", 0.98, 0.995, 0.98),
        ("es-it.pud", 0.983, 0.995, 0.955),
        ("ru-sv.pud", 0.98, 0.99, 0.93),
    ];
    for (name, strict, lax, alone) in bars {
        let set = Set::load(&reference, name);
        let scored = |together: bool| {
            let mut sum = Score::default();
            set.beads(together).iter().zip(&set.0).for_each(|(beads, (_, _, gold))| sum += &score(gold, &predicted(beads)));
            sum
        };
        let (all, each) = (scored(true), scored(false));
        assert!(all.strict().f1 >= strict && all.lax().f1 >= lax, "{name}: {} {}", all.strict(), all.lax());
        assert!(each.strict().f1 >= alone, "{name} by document: {}", each.strict());
    }
}

/// Texts in an invented language and their free translations into another, which shares no letter with it: each document of so many
/// sentences, one in twelve without a partner, one in twelve made two. A word has up to three translations, one in three has none.
fn invented(documents: u64, sentences: u64) -> Set {
    let state = std::cell::Cell::new(7u64);
    let chance = |of: u64| {
        state.set(state.get().wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407));
        (state.get() >> 33) % of
    };
    let spelled = |number: u64, first: char| -> String {
        let digits = (0..2 + number % 6).map(|at| (number * 2654435761 + at * number * 40503) >> (3 * at));
        digits.map(|digit| char::from_u32(first as u32 + (digit % 24) as u32).expect("a letter")).collect()
    };
    let document = || {
        let (mut source, mut target, mut gold) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..sentences {
            // Small numbers are the common words.
            let words: Vec<u64> = (0..8 + chance(40)).map(|_| chance(1 + chance(400))).collect();
            let of_target: Vec<String> =
                words.iter().filter(|_| chance(3) > 0).map(|word| spelled(word * 3 + chance(3) * chance(2), 'ა')).collect();
            let (from, to) = (source.len() as u32, target.len() as u32);
            let (kind, half) = (chance(12), of_target.len() / 2);
            let parts: &[&[String]] = match kind {
                0 => &[],
                1 if half > 0 => &[&of_target[..half], &of_target[half..]],
                _ => &[&of_target],
            };
            target.extend(parts.iter().map(|part| part.join(" ") + "."));
            source.push(words.iter().map(|word| spelled(*word, 'a')).collect::<Vec<_>>().join(" ") + ".");
            gold.push(Link { source: vec![from], target: (to..target.len() as u32).collect() });
        }
        (source, target, gold)
    };
    Set((0..documents).map(|_| document()).collect())
}

#[test]
fn languages_that_share_no_word_are_aligned_all_the_same() {
    for (documents, sentences, together, bar) in [(30, 40, true, 0.98), (6, 60, false, 0.85)] {
        let set = invented(documents, sentences);
        let mut sum = Score::default();
        set.beads(together).iter().zip(&set.0).for_each(|(beads, (_, _, gold))| sum += &score(gold, &predicted(beads)));
        assert!(sum.strict().f1 >= bar, "{documents} of {sentences}: {}", sum.strict());
    }
}

#[test]
fn what_a_memory_takes_of_freely_translated_prose_is_right() {
    let Some(reference) = reference() else { return };
    let set = Set::load(&reference, "de-fr.textberg");
    let gold: std::collections::HashSet<&Link> = set.0[0].2.iter().collect();
    let all = predicted(&set.beads(true)[0]);
    let single: Vec<&Predicted> = all.iter().filter(|one| one.link.source.len() == 1 && one.link.target.len() == 1).collect();
    let kept: Vec<&&Predicted> = single.iter().filter(|one| one.confidence >= Some(MIN_SCORE)).collect();
    let right = kept.iter().filter(|one| gold.contains(&one.link)).count();
    assert!(right as f64 >= 0.98 * kept.len() as f64, "{right} of {}", kept.len());
    assert!(kept.len() as f64 >= 0.6 * single.len() as f64, "{} of {}", kept.len(), single.len());
}

/// Beads as the independent scorer reads them.
fn spelled(beads: &[Predicted]) -> String {
    beads.iter().map(|one| format!("{:?}:{:?}\n", one.link.source, one.link.target)).collect()
}

#[test]
fn our_scorer_agrees_with_an_independent_one() {
    let Some(reference) = reference() else { return };
    for name in ["de-fr.textberg", "hu-en.dtm"] {
        let folder = reference.join("data/alignment").join(name);
        for path in files(&folder, "gold") {
            let gold = links(&path);
            // Gold made worse, always in the same way: beads joined, cut, left out, said twice.
            let mut spoiled: Vec<Predicted> = Vec::new();
            for (at, link) in gold.iter().enumerate() {
                let mut link = link.clone();
                match at % 7 {
                    1 => continue,
                    2 => link.target.clear(),
                    3 => link.source.extend(gold[at - 1].source.clone()),
                    4 => spoiled.push(Predicted { link: link.clone(), confidence: None }),
                    _ => {}
                }
                spoiled.push(Predicted { link, confidence: None });
            }
            let ours = score(&gold, &spoiled);
            let Some(theirs) = theirs(&reference, "score_alignment.py", &path, &spelled(&spoiled)) else { return };
            assert_eq!(format!("strict: {}\nlax: {}", ours.strict(), ours.lax()), theirs, "{name}");
        }
    }
}

/// A text of the corpus, cut as a batch cuts it.
fn side(path: &Path, lang: &str) -> Side {
    let mut article = Article::new("a".into(), text(path)).expect("small");
    article.lang = Lang::parse(lang);
    Side::new(parse(article, &TextOptions { terms: false, ..TextOptions::default() }, &mut Scratch::default()), false)
}

fn bitext(pair: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/bitext").join(pair)
}

#[test]
fn our_own_bitexts_are_aligned_as_people_would() {
    for (pair, source, target, bar) in [("en-de", "en", "de", 0.95), ("zh-en", "zh", "en", 0.9)] {
        let folder = bitext(pair);
        let mut sum = Score::default();
        let mut corpus = Corpus::default();
        let gold = files(&folder.join("gold"), "gold");
        for path in &gold {
            let name = path.with_extension("txt");
            let name = name.file_name().expect("a name");
            let (source, target) = (side(&folder.join("source").join(name), source), side(&folder.join("target").join(name), target));
            corpus.add(&source.lines(), &target.lines());
        }
        align(&corpus).iter().zip(&gold).for_each(|(beads, gold)| sum += &score(&links(gold), &predicted(beads)));
        assert!(sum.strict().f1 >= bar, "{pair}: {}", sum.strict());
    }
}

#[test]
fn threads_change_no_byte() {
    let inputs = |side: &str| Inputs { paths: vec![bitext("en-de").join(side)], ..Inputs::default() };
    let (source, target) = (plan(&inputs("source"), None).expect("there"), plan(&inputs("target"), None).expect("there"));
    let texts = Texts { source: &source, target: Some(&target) };
    for output in ALIGNED.iter().filter(|output| output.several) {
        let how = Align { target_lang: None, min_score: 0.5, lexicon: None, output, created: None, force: false };
        let bytes = |threads: usize| {
            let mut out = Vec::new();
            let settings = Settings { threads, method: None, ..Settings::default() };
            align_files(&texts, &settings, &how, Destination::Stream(&mut out), &Silent).expect("sound");
            String::from_utf8(out).expect("UTF-8")
        };
        let one = bytes(1);
        assert!(one.contains("Inselpraxen") && one.contains("Nordsensor"), "{one}");
        assert_eq!(bytes(4), one, "{}", output.name);
    }
}
