//! How well sentences are found, set by set, beside the best of seven other splitters: `cargo bench --bench boundaries` prints
//! the tables, `-- --write FILE` writes them. The sets are those of the reference data that `EPITOME_REFERENCE` names. It
//! measures no speed; see `stages`.

#![allow(clippy::print_stderr, reason = "what is missing is said there")]

#[allow(dead_code, reason = "the example's own door stays shut here")]
#[path = "../examples/fit_boundaries.rs"]
mod fit;
#[allow(dead_code, reason = "the tests ask it for more")]
#[path = "../tests/it/reference.rs"]
mod reference;

use std::fmt::Write as _;
use std::io::Write;

use epitome::eval::boundary::{Figures, Gold, Score, score};
use epitome::text::boundary::segment_by;

use fit::{Crossed, Examples};
use reference::{lined, lined_bar, records, sets};

/// F1p of the best of seven splitters in wide use on each set, and which that is; measured with their language code and
/// default options.
const PEERS: [(&str, f64, &str); 36] = [
    ("ar.nc15.dev", 99.8, "sentencex"),
    ("cs.wmt18.dev", 98.5, "nltk-punkt"),
    ("da.ddt.dev", 98.9, "nltk-punkt"),
    ("de.gsd.dev", 98.9, "nltk-punkt"),
    ("de.gsd.test", 99.3, "nltk-punkt"),
    ("de.wmt19.dev", 99.6, "sentence-splitter"),
    ("el.gdt.dev", 99.4, "sentence-splitter"),
    ("en.ewt.dev", 96.7, "nltk-punkt, sentencex"),
    ("en.gum.dev", 99.4, "blingfire"),
    ("en.ncwsj.dev", 99.1, "nltk-punkt"),
    ("en.wsj00.dev", 99.5, "sentence-splitter, sentencex"),
    ("es.wmt13.dev", 99.4, "segtok, syntok"),
    ("fi.tdt.dev", 98.4, "segtok"),
    ("fi.wmt18.dev", 99.6, "nltk-punkt"),
    ("fr.gsd.dev", 99.3, "sentence-splitter"),
    ("fr.gsd.test", 98.1, "sentence-splitter"),
    ("fr.wmt15.dev", 97.9, "sentencex"),
    ("hu.szeged.dev", 99.4, "sentence-splitter"),
    ("hy.armtdp.dev", 96.0, "pysbd"),
    ("it.isdt.dev", 99.2, "segtok"),
    ("ja.gsd.dev", 99.9, "pysbd"),
    ("ja.gsd.test", 99.2, "pysbd"),
    ("nb.bokmaal.dev", 99.5, "nltk-punkt"),
    ("nl.alpino.dev", 99.7, "nltk-punkt"),
    ("pt.bosque.dev", 98.9, "sentence-splitter"),
    ("ro.rrt.dev", 97.7, "segtok"),
    ("ru.gsd.test", 99.0, "segtok"),
    ("ru.wmt18.dev", 99.6, "sentence-splitter"),
    ("sv.talbanken.dev", 99.1, "sentence-splitter"),
    ("ta.ttb.dev", 96.8, "sentencex"),
    ("tr.boun.dev", 97.9, "segtok"),
    ("tr.boun.test", 97.7, "segtok"),
    ("tr.wmt16.dev", 99.3, "sentence-splitter"),
    ("zh.gsdsimp.dev", 99.4, "blingfire"),
    ("zh.gsdsimp.test", 99.2, "blingfire, pysbd"),
    ("zh.wmt18.dev", 92.3, "sentencex"),
];

/// Sets whose sentences stand in random order.
const SHUFFLED: [&str; 4] = [".gsd", ".boun.", ".isdt.", ".rrt."];

/// A set of gold.
struct Set {
    name: String,
    golds: Vec<Gold>,
    /// Weights may be fitted to it.
    fit: bool,
}

/// Finds sentence ends, in bytes, in each record of a set.
type Find<'a> = Box<dyn FnMut(&Set) -> Vec<Vec<usize>> + 'a>;

/// A way to find sentences that the tables have figures of.
struct Column<'a> {
    name: &'static str,
    find: Find<'a>,
}

fn main() {
    let Some(reference) = reference::reference() else { return };
    let load =
        |folder| sets(&reference, folder).into_iter().map(move |(name, path)| Set { name, golds: records(&path), fit: folder == "fit" });
    let mut all: Vec<Set> = ["fit", "tune"].into_iter().flat_map(load).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    let page = page(&all, &mut columns(&all));
    match asked_for() {
        Some(path) => std::fs::write(&path, &page).unwrap_or_else(|error| panic!("{path}: {error}")),
        None => std::io::stdout().lock().write_all(page.as_bytes()).expect("stdout takes it"),
    }
}

/// The file to write, if there is one.
fn asked_for() -> Option<String> {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--write").skip(1);
    arguments.next()
}

/// Parts that the records of a set are dealt into.
const FOLDS: usize = 5;

/// What is measured: the rules alone, and with a model that saw neither a record's fifth of the records nor its language. Never
/// the model on what it was fitted on. A further way to find sentences is one more column.
fn columns<'a>(all: &[Set]) -> Vec<Column<'a>> {
    let by_rules = |gold: &Gold| segment_by(&gold.text, gold.lang.as_ref(), |_, lean, _| lean);
    let rules = move |_: usize, gold: &Gold| by_rules(gold).iter().map(|span| span.end as usize).collect();
    let language = |gold: &Gold| gold.lang.as_ref().map_or_else(String::new, |lang| lang.primary().to_owned());
    let fifths = crossed(all, |index, _| (index % FOLDS).to_string());
    let languages = crossed(all, |_, gold| language(gold));
    vec![
        column("rules alone", rules),
        column("cross-fitted by document", move |index, gold| fifths.without(&(index % FOLDS).to_string()).ends(gold)),
        column("language left out", move |_, gold| languages.without(&language(gold)).ends(gold)),
    ]
}

fn column<'a>(name: &'static str, mut ends: impl FnMut(usize, &Gold) -> Vec<usize> + 'a) -> Column<'a> {
    let find = move |set: &Set| set.golds.iter().enumerate().map(|(index, gold)| ends(index, gold)).collect();
    Column { name, find: Box::new(find) }
}

/// Models fitted to the sets that may be, without each group in turn. Texts whose gold was made by another splitter teach nothing.
fn crossed(all: &[Set], group: impl Fn(usize, &Gold) -> String) -> Crossed {
    let may = all.iter().filter(|set| set.fit && !set.name.contains("newscrawl"));
    let texts = may.flat_map(|set| set.golds.iter().enumerate());
    let texts: Vec<(String, Examples)> = texts.map(|(index, gold)| (group(index, gold), Examples::of(gold))).collect();
    Crossed::fit(&texts)
}

fn page(all: &[Set], columns: &mut [Column]) -> String {
    let measured: Vec<&Set> = PEERS.iter().filter_map(|(name, ..)| all.iter().find(|set| set.name == *name)).collect();
    assert_eq!(measured.len(), PEERS.len(), "a set that peers were measured on is not there");
    let mut page = String::from(
        "# How well sentences are found\n\n\
         Written by `cargo bench --bench boundaries -- --write benches/BOUNDARIES.md`.\n\n\
         F1 counts every boundary of gold but the ends of documents. F1p sets aside those without terminal punctuation before\n\
         them, such as headlines in the middle of a line. sentF1 counts sentences with both ends right. The peers were measured\n\
         with seven splitters: sentence-splitter, nltk-punkt, segtok, syntok, blingfire, sentencex, pysbd; the best of them on\n\
         each set. Their figures are known to one digit, so ours are rounded to one before they are compared. In sets marked *\n\
         sentences stand in random order.\n\n\
         Weights are fitted to the sets that their licences allow it for (all but el.gdt, en.gum, en.wsj00, hu.szeged, it.isdt,\n\
         ta.ttb), never to the record that is measured: *cross-fitted by document* leaves a fifth of the records of each set\n\
         out in turn, *language left out* every set of the language, which is what a language gets without data of its own.\n\
         Greek, Hungarian, Italian and Tamil are cut by rules alone. Rules and lists are written by hand and were tried on\n\
         these sets while they were written, so that no figure here is blind.\n",
    );
    let golds: Vec<Set> = measured.iter().map(|set| Set { name: set.name.clone(), golds: set.golds.clone(), fit: set.fit }).collect();
    table(&mut page, &golds, columns, Beside::Peers);
    page.push_str(
        "\n## Headlines on lines of their own\n\nThe same with a newline after each gold sentence without terminal punctuation.\n",
    );
    let of = |set: &Set| Set { name: set.name.clone(), golds: set.golds.iter().map(lined).collect(), fit: set.fit };
    let golds: Vec<Set> = all.iter().filter(|set| lined_bar(&set.name).is_some()).map(of).collect();
    table(&mut page, &golds, columns, Beside::Bars);
    page
}

/// What the figures are held against.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// The best peer's F1p.
    Peers,
    /// The F1 that is asked for.
    Bars,
}

/// A Markdown table: a row a set, three figures a column and their distance from what they are held against.
fn table(page: &mut String, sets: &[Set], columns: &mut [Column], beside: Beside) {
    let one = columns.len() == 1;
    let mut head = String::from("\n| set |");
    for column in columns.iter() {
        let name = if one { String::new() } else { format!("{}: ", column.name) };
        let _ = write!(head, " {name}F1 | F1p | sentF1 | {} |", if beside == Beside::Peers { "F1p − best" } else { "F1 − asked" });
    }
    head.push_str(if beside == Beside::Peers { " best peer | which |" } else { " asked |" });
    let rule = "---|".repeat(head.matches('|').count() - 1);
    let _ = writeln!(page, "{head}\n|{rule}");
    let mut rows: Vec<Vec<(Figures, f64)>> = Vec::new();
    for set in sets {
        let (held, note) = held_against(&set.name, beside);
        let row: Vec<(Figures, f64)> = columns
            .iter_mut()
            .map(|column| {
                let figures = measure(set, &mut column.find);
                // Peers are known to one digit, so ours are compared to one.
                let distance = if beside == Beside::Peers { tenth(figures.f1p) - held } else { figures.f1 - held };
                (figures, distance)
            })
            .collect();
        let star = if SHUFFLED.iter().any(|name| set.name.contains(name)) { " *" } else { "" };
        let _ = writeln!(page, "| {}{star} |{} {note} |", set.name, cells(&row, if beside == Beside::Peers { 1 } else { 2 }));
        rows.push(row);
    }
    means(page, sets, &rows, if beside == Beside::Peers { " | |" } else { " |" });
}

/// The means over all sets and over those in order, and how many reach what they are held against.
fn means(page: &mut String, sets: &[Set], rows: &[Vec<(Figures, f64)>], rest: &str) {
    let shuffled = |set: &Set| SHUFFLED.iter().any(|name| set.name.contains(name));
    let columns = rows.first().map_or(0, Vec::len);
    let mut mean = |title: &str, keep: &dyn Fn(&Set) -> bool| {
        let _ = write!(page, "| {title} |");
        for column in 0..columns {
            let kept = || sets.iter().zip(rows).filter(|(set, _)| keep(set)).map(|(_, row)| row[column]);
            let figures = Figures::mean(&kept().map(|(figures, _)| figures).collect::<Vec<_>>());
            let reached = kept().filter(|(_, distance)| *distance >= 0.0).count();
            let _ = write!(
                page,
                " **{:.2}** | **{:.2}** | **{:.2}** | {reached} of {} reach it |",
                figures.f1,
                figures.f1p,
                figures.sentence_f1,
                kept().count()
            );
        }
        let _ = writeln!(page, "{rest}");
    };
    mean("**mean**", &|_| true);
    if sets.iter().any(shuffled) {
        mean("**mean without ***", &|set| !shuffled(set));
    }
}

/// The figure a set is held against, and the last cells of its row.
fn held_against(set: &str, beside: Beside) -> (f64, String) {
    match beside {
        Beside::Peers => {
            let (_, best, which) = PEERS.iter().find(|(name, ..)| *name == set).expect("only such sets are measured");
            (*best, format!("{best:.1} | {which}"))
        }
        Beside::Bars => {
            let bar = lined_bar(set).expect("only such sets are measured");
            (bar, format!("{bar:.1}"))
        }
    }
}

fn cells(row: &[(Figures, f64)], digits: usize) -> String {
    let cell = |(figures, distance): &(Figures, f64)| {
        let Figures { f1, f1p, sentence_f1 } = figures;
        format!(" {f1:.2} | {f1p:.2} | {sentence_f1:.2} | {distance:+.digits$} |")
    };
    row.iter().map(cell).collect()
}

fn measure(set: &Set, find: &mut Find) -> Figures {
    let mut sum = Score::default();
    let found = find(set);
    assert_eq!(found.len(), set.golds.len(), "{}: an answer for each record", set.name);
    for (gold, ends) in set.golds.iter().zip(&found) {
        sum += score(gold, ends).0;
    }
    sum.figures()
}

fn tenth(figure: f64) -> f64 {
    (figure * 10.0).round() / 10.0
}
