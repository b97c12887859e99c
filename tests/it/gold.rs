//! Whether our scorer of sentence boundaries agrees with an independent one, to the last digit printed, on every set of the
//! reference data. Skipped, saying so, where `EPITOME_REFERENCE` is not set or there is no `python3`.

use epitome::eval::boundary::{Fault, Gold, Score, score};
use epitome::text::Scratch;
use proptest::prelude::*;

use crate::reference::{ends, records, reference, sets, theirs};

/// Our ends made worse, always in the same way: some left out, some moved, some added, out of order, some twice.
fn spoiled(gold: &Gold, ends: Vec<usize>) -> Vec<usize> {
    let mut out: Vec<usize> = ends.iter().enumerate().filter(|(i, _)| i % 5 != 3).map(|(_, end)| *end).collect();
    let places: Vec<usize> = gold.text.char_indices().map(|(at, _)| at).collect();
    out.extend(places.iter().skip(11).step_by(97));
    out.extend(ends.iter().step_by(7));
    out.reverse();
    out
}

/// Ends of sentences as the independent scorer reads them.
fn spelled(predicted: &[(Gold, Vec<usize>)]) -> String {
    let scalars = |(gold, ends): &(Gold, Vec<usize>)| ends.iter().map(|&end| gold.text[..end].chars().count()).collect::<Vec<usize>>();
    predicted.iter().map(|one| format!("{}\n", serde_json::json!({"ends": scalars(one)}))).collect()
}

#[test]
fn our_scorer_agrees_with_an_independent_one() {
    let Some(reference) = reference() else { return };
    let mut scratch = Scratch::default();
    for (name, path) in ["fit", "tune"].into_iter().flat_map(|folder| sets(&reference, folder)) {
        let mut sum = Score::default();
        let mut predicted = Vec::new();
        for (index, gold) in records(&path).into_iter().enumerate() {
            let mut found = ends(&gold, &mut scratch);
            if index % 2 == 1 {
                found = spoiled(&gold, found);
            }
            sum += score(&gold, &found).0;
            predicted.push((gold, found));
        }
        let Some(theirs) = theirs(&reference, "score_boundaries.py", &path, &spelled(&predicted)) else { return };
        assert_eq!(sum.to_string(), theirs, "{name}");
    }
}

/// Words and what stands before and after each: whether gold ends there, whether the prediction does, what follows.
fn any_case() -> impl Strategy<Value = Vec<(String, bool, bool, &'static str)>> {
    let gap = proptest::sample::select(vec!["", " ", "\n", " \u{1f}", "\u{a0}\u{3000}"]);
    proptest::collection::vec(("[a-zß例.!…]{1,5}[.?]?[\"”]?", any::<bool>(), any::<bool>(), gap), 0..20)
}

proptest! {
    #[test]
    fn scores_count_what_they_list(case in any_case()) {
        let (mut gold, mut predicted, mut shifted) = (Gold::default(), Vec::new(), Vec::new());
        for (word, ends, found, gap) in &case {
            gold.text.push_str(word);
            gold.ends.extend(ends.then_some(gold.text.len()));
            predicted.extend(found.then_some(gold.text.len()));
            gold.text.push_str(gap);
            shifted.extend(found.then_some(gold.text.len()));
        }
        let (found, mistakes) = score(&gold, &predicted);
        let count = |fault| mistakes.iter().filter(|mistake| mistake.fault == fault).count() as u64;
        prop_assert_eq!((found.false_negatives, found.false_positives), (count(Fault::Missed), count(Fault::Extra)));
        prop_assert!(mistakes.is_sorted_by_key(|mistake| mistake.end));
        prop_assert_eq!(score(&gold, &shifted).0, found);
        let (exact, none) = score(&gold, &gold.ends);
        prop_assert!(none.is_empty() && exact.false_negatives == 0);
        prop_assert_eq!(exact.true_positives, found.true_positives + found.false_negatives);
        let turned = score(&Gold { ends: predicted, ..gold.clone() }, &gold.ends).0;
        prop_assert_eq!(turned.figures().f1, found.figures().f1);
        prop_assert_eq!(turned.figures().sentence_f1, found.figures().sentence_f1);
    }
}
