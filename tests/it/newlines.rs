//! Gold texts with headlines, datelines and other sentences without terminal punctuation on lines of their own, as articles
//! have them: then every boundary can be found, so F1 over all of them must be as high as F1p. Skipped, saying so, where
//! `EPITOME_REFERENCE` is not set.

use epitome::eval::boundary::{Gold, Score, score};
use epitome::text::Scratch;

use crate::reference::{ends, lined, lined_bar, records, reference, sets};

/// The score of a set, and its differences as a list.
fn scored(golds: &[Gold]) -> (Score, String) {
    const AROUND: usize = 25;
    let (mut sum, mut list, mut scratch) = (Score::default(), String::new(), Scratch::default());
    for (index, gold) in golds.iter().map(lined).enumerate() {
        let (score, mistakes) = score(&gold, &ends(&gold, &mut scratch));
        sum += score;
        for mistake in mistakes {
            let (before, after) = mistake.context(&gold.text, AROUND);
            list.push_str(&format!("\n  {}: {} {before:?}|{after:?}", index + 1, mistake.fault.name()));
        }
    }
    (sum, list)
}

#[test]
fn every_boundary_is_found_where_headlines_have_lines() {
    let Some(reference) = reference() else { return };
    let mut failed = Vec::new();
    for (name, path) in ["fit", "tune"].into_iter().flat_map(|folder| sets(&reference, folder)) {
        let Some(bar) = lined_bar(&name) else { continue };
        let (score, list) = scored(&records(&path));
        // Bars and reached figures are compared as they are printed: to two digits.
        let f1 = (score.figures().f1 * 100.0).round() / 100.0;
        if f1 < bar {
            failed.push(format!("{name}: {f1} is below {bar}{list}"));
        }
    }
    assert!(failed.is_empty(), "F1 with newlines\n{}", failed.join("\n"));
}

#[test]
fn newlines_take_the_place_of_blanks() {
    let gold = Gold { text: "A headline  He came. Oslo She left.".into(), ends: vec![10, 20, 25, 35], ..Gold::default() };
    let lined = lined(&gold);
    assert_eq!(lined.text, "A headline\nHe came. Oslo\nShe left.");
    assert_eq!(lined.ends, [10, 19, 24, 34]);
}
