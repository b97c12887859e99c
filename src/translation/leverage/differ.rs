//! What sets two sentences apart, for people: the words that go, `[-so-]`, and the words that come, `{+so+}`, with an ellipsis for what
//! stays. The words are those that percents are made of.

use std::ops::Range;

use crate::translation::similarity::cut;

/// Words of a sentence that are compared, at most; of longer ones only the end is not told.
const MOST: usize = 400;

/// What of `old` changed to make `new`; empty if no word did.
pub fn changes(old: &str, new: &str) -> String {
    let [one, other] = [old, new].map(words);
    let mut out: Vec<String> = Vec::new();
    let mut told = 0;
    for (goes, comes) in runs(old, &one, new, &other) {
        if goes.start > told {
            out.push("…".to_owned());
        }
        out.push(marked(old, &one[goes.clone()], ["[-", "-]"]) + &marked(new, &other[comes], ["{+", "+}"]));
        told = goes.end;
    }
    if !out.is_empty() && told < one.len() {
        out.push("…".to_owned());
    }
    out.join(" ")
}

/// Words between marks; nothing if there are none.
fn marked(text: &str, words: &[Range<usize>], [before, after]: [&str; 2]) -> String {
    words.first().zip(words.last()).map_or_else(String::new, |(first, last)| format!("{before}{}{after}", &text[first.start..last.end]))
}

fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    cut(text, &mut |_, form| {
        let start = form.as_ptr() as usize - text.as_ptr() as usize;
        words.push(start..start + form.len());
    });
    words.truncate(MOST);
    words
}

/// Runs of words that differ, by a longest common subsequence.
fn runs(old: &str, one: &[Range<usize>], new: &str, other: &[Range<usize>]) -> Vec<(Range<usize>, Range<usize>)> {
    let same = |i: usize, j: usize| old[one[i].clone()] == new[other[j].clone()];
    let mut common = vec![vec![0u16; other.len() + 1]; one.len() + 1];
    for i in (0..one.len()).rev() {
        for j in (0..other.len()).rev() {
            common[i][j] = if same(i, j) { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut runs, mut i, mut j) = (Vec::new(), 0, 0);
    while i < one.len() || j < other.len() {
        let (from, to) = (i, j);
        while i < one.len() || j < other.len() {
            match (i < one.len(), j < other.len()) {
                (true, true) if same(i, j) => break,
                (true, true) if common[i + 1][j] < common[i][j + 1] => j += 1,
                (true, _) => i += 1,
                _ => j += 1,
            }
        }
        if (i, j) != (from, to) {
            runs.push((from..i, to..j));
        }
        while i < one.len() && j < other.len() && same(i, j) {
            (i, j) = (i + 1, j + 1);
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_go_and_come_are_told() {
        let cases = [
            ("The mill stood still.", "The mill stands still.", "… [-stood-]{+stands+} …"),
            ("The mill stood.", "The old mill stood.", "… {+old+} …"),
            ("The old mill stood.", "The mill stood!", "… [-old-] … [-.-]{+!+}"),
            ("It cost 17 euros.", "It cost 1,250.50 euros.", "… [-17-]{+1,250.50+} …"),
            ("東京で雨が降る。", "東京で雪が降る。", "… [-雨-]{+雪+} …"),
            ("One of us.", "Two of them.", "[-One-]{+Two+} … [-us-]{+them+} …"),
            ("Same  words", "Same words", ""),
            ("", "new", "{+new+}"),
        ];
        cases.into_iter().for_each(|(old, new, expected)| assert_eq!(changes(old, new), expected, "{old} {new}"));
    }
}
