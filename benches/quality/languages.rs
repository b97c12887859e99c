//! The default method beside the recipe that nothing was fitted for, in every language at hand, by tables that did not see the
//! article, or no article in the language.

use std::fmt::Write as _;
use std::path::Path;

use epitome::batch::{By, System};
use epitome::eval::rouge::{Figure, gained};
use epitome::summary::rank::find;

use crate::articles::Told;
use crate::ours::Ours;
use crate::sets::{DEFAULT, MORE, Set, Systems, Table, folder, gold, score};
use crate::table::{cells, difference, figures, longer};

/// The recipe.
pub const RECIPE: &str = "untrained";

/// A set, measured by both.
struct Pair<'a> {
    set: Set,
    table: Table,
    ours: &'a System,
    recipe: &'a System,
}

/// The section of the page.
pub fn section(told: &[Told], ours: &Ours, reference: &Path) -> String {
    let more: Vec<(Set, Table, Vec<System>)> =
        MORE.iter().map(|(set, table)| (*set, *table, measured(set, *table, ours, reference))).collect();
    let of_told = told.iter().filter_map(|told| {
        let (ours, recipe) = (&told.row(DEFAULT)?.system, &told.row(RECIPE)?.system);
        Some(Pair { set: told.set, table: told.set.table(), ours, recipe })
    });
    let of_more = more.iter().map(|(set, table, systems)| Pair { set: *set, table: *table, ours: &systems[1], recipe: &systems[0] });
    let mut pairs: Vec<Pair> = of_told.chain(of_more).collect();
    pairs.sort_by_key(|pair| pair.set.lang);
    written(&pairs)
}

/// The recipe and the default method on a set.
fn measured(set: &Set, table: Table, ours: &Ours, reference: &Path) -> Vec<System> {
    let path = folder(set.name).join(format!("{DEFAULT}.jsonl"));
    ours.write(set.profile().expect("it has a table"), table, set, &path);
    let by = [By::Method(find(RECIPE).expect("it is in the table"))];
    score(&gold(reference, set.name), set.budget, None, &Systems { by: &by, predicted: &[path], dump: None }).systems
}

fn written(pairs: &[Pair]) -> String {
    let mut out = format!(
        "\n## Language by language: `{DEFAULT}` and `{RECIPE}`\n\n\
         What was learned must not cost any language. *Cross-fitted*: by tables that did not see the article; *language left\n\
         out*: by a table that saw no article in the language, which is what a language gets that there is no data for.\n\n\
         | | | length | the table | R1 | R2 | RLsum | {RECIPE}: R1 | R2 | RLsum | longer | R1 − {RECIPE} | R2 − {RECIPE} | RLsum − {RECIPE} |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n"
    );
    let mut below = Vec::new();
    for Pair { set, table, ours, recipe } in pairs {
        let more = gained(&ours.by_record, &recipe.by_record).map(|gain| gain.of(Figure::F1));
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {:+.1} % | {} |",
            set.lang,
            set.name,
            set.length(),
            of_table(set, *table),
            cells(&figures(&ours.scores, Figure::F1)),
            cells(&figures(&recipe.scores, Figure::F1)),
            longer(ours, recipe),
            cells(&more.map(difference))
        );
        if more.iter().any(|gain| gain.high < 0.0) {
            below.push(format!("{}, {}", set.name, set.length()));
        }
    }
    let below = if below.is_empty() { "none".to_owned() } else { below.join("; ") };
    let _ = writeln!(out, "\nBelow `{RECIPE}` with an interval off zero: {below}.");
    out
}

/// What the table of the method that is taken has seen.
fn of_table(set: &Set, table: Table) -> String {
    let taken = set.taken;
    match (set.profile(), table) {
        (None, _) => format!("{taken}: fits nothing"),
        (Some(_), Table::Crossed) => format!("{taken}: cross-fitted"),
        (Some(_), Table::Foreign) => format!("{taken}: language left out"),
        (Some(profile), Table::Shipped) => {
            let saw =
                crate::sets::SETS.iter().any(|other| other.lang == set.lang && profile.sets.iter().any(|(name, _)| *name == other.name));
            format!("{taken}: shipped, {}", if saw { "saw other sets" } else { "language left out" })
        }
    }
}
