//! Looking at every entry, to hold against it what an index finds: the likeness of `similarity` by its definition, over the library's
//! tokens and with nothing else of it. What is given up on are pairs that cannot be better than the best so far, told by what both weigh:
//! before they are compared, and in each row of the table, of which only the diagonals are filled in that may still get there (Ukkonen 1985,
//! "Algorithms for approximate string matching"). [`plain`] fills in the whole table and holds that nothing is lost by it.

use epitome::text::language::Language;
use epitome::translation::similarity::{Forms, Kind, Token, normalise};
use rayon::prelude::*;

/// Sentences as tokens, with what they weigh in halves of a word.
pub struct Read(Vec<(Vec<Token>, u32)>);

/// The sentence that is most like another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Best {
    /// How like it is in percent; 0 if none is like enough.
    pub percent: u32,
    /// Its number.
    pub at: usize,
}

/// How far apart two sentences are, if that is not over a bound.
type Apart = fn(&[Token], &[Token], u32, &mut Vec<u32>) -> Option<u32>;

/// Cuts sentences and queries into tokens of the same numbers.
pub fn read(language: &'static Language, sentences: &[String], queries: &[String]) -> (Read, Read) {
    let mut forms = Forms::new(language);
    let mut read = |texts: &[String]| {
        let mut token = |text: &String| forms.read(&normalise(text));
        Read(texts.iter().map(&mut token).map(|tokens| (weigh(&tokens), tokens)).map(|(weight, tokens)| (tokens, weight)).collect())
    };
    (read(sentences), read(queries))
}

/// For each query the sentence that is most like it and not equal, if one is so many percent like it; all cores share the queries.
pub fn best_of_all(queries: &Read, sentences: &Read, equal: &[Option<usize>], least: u32) -> Vec<Best> {
    let of = |(query, equal): (&(Vec<Token>, u32), &Option<usize>)| best_of(query, sentences, *equal, least, apart);
    queries.0.par_iter().zip(equal).map(of).collect()
}

/// The same of a few queries by the whole table.
pub fn hold(queries: &Read, sentences: &Read, equal: &[Option<usize>], least: u32, best: &[Best], few: usize) {
    let every = queries.0.len().div_ceil(few);
    (0..queries.0.len()).into_par_iter().step_by(every).for_each(|at| {
        let expected =
            best_of(&queries.0[at], sentences, equal[at], least, |one, other, most, _| Some(plain(one, other)).filter(|n| *n <= most));
        assert_eq!(best[at], expected, "query {at} by the whole table");
    });
}

fn best_of((query, whole): &(Vec<Token>, u32), sentences: &Read, equal: Option<usize>, least: u32, apart: Apart) -> Best {
    let (mut best, mut rows, mut wanted) = (Best::default(), Vec::new(), least);
    for (at, (sentence, weight)) in sentences.0.iter().enumerate() {
        let (longer, shorter) = (*whole.max(weight), *whole.min(weight));
        let most = longer.saturating_sub((wanted * longer).div_ceil(100));
        if wanted > 99 || longer - shorter > most || Some(at) == equal {
            continue;
        }
        if let Some(apart) = apart(query, sentence, most, &mut rows) {
            let percent = (100 * (longer - apart)).checked_div(longer).unwrap_or(99).min(99);
            (best, wanted) = (Best { percent, at }, percent + 1);
        }
    }
    best
}

/// The distance of two sentences in halves of a word, if it is not over `most`: only diagonals from which the rest, by what it weighs alone,
/// may still end within it.
fn apart(one: &[Token], other: &[Token], most: u32, row: &mut Vec<u32>) -> Option<u32> {
    const FAR: u32 = u32::MAX / 2;
    let (rows, columns) = (weigh(one) as i32, weigh(other) as i32);
    let ahead = columns - rows;
    let spare = (most as i32 - ahead.abs()) / 2;
    if most as i32 - ahead.abs() < 0 {
        return None;
    }
    // By how much more may be behind in the columns than in the rows.
    let (least, greatest) = (ahead.min(0) - spare, ahead.max(0) + spare);
    row.clear();
    row.resize(other.len() + 1, FAR);
    let (mut from, mut column, mut behind) = (0, 0, 0);
    row[0] = 0;
    for (j, b) in other.iter().enumerate() {
        column += weight(b) as i32;
        if column > greatest {
            break;
        }
        row[j + 1] = column as u32;
    }
    // What stands before the first column that is filled in.
    let mut start = 0;
    for a in one {
        behind += weight(a) as i32;
        while from < other.len() && start - behind < least {
            start += weight(&other[from]) as i32;
            from += 1;
        }
        let mut diagonal = if from == 0 { FAR } else { row[from - 1] };
        if from > 0 {
            row[from - 1] = FAR;
        }
        let (mut left, mut column, mut near) = (FAR, start, false);
        for j in from..=other.len() {
            if j > from {
                column += weight(&other[j - 1]) as i32;
            }
            if column - behind > greatest {
                break;
            }
            let above = row[j];
            let mut cell = above + weight(a);
            if j > 0 {
                let b = &other[j - 1];
                cell = cell.min(left + weight(b)).min(diagonal + change(a, b));
            }
            (diagonal, left, row[j]) = (above, cell, cell);
            near |= cell + (ahead - (column - behind)).unsigned_abs() <= most;
        }
        if !near {
            return None;
        }
    }
    row.last().copied().filter(|apart| *apart <= most)
}

/// The definition: the whole table.
fn plain(one: &[Token], other: &[Token]) -> u32 {
    let mut table = vec![vec![0; other.len() + 1]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            let ways = [
                (i > 0).then(|| table[i - 1][j] + weight(&one[i - 1])),
                (j > 0).then(|| table[i][j - 1] + weight(&other[j - 1])),
                (i > 0 && j > 0).then(|| table[i - 1][j - 1] + change(&one[i - 1], &other[j - 1])),
            ];
            table[i][j] = ways.into_iter().flatten().min().unwrap_or(0);
        }
    }
    table[one.len()][other.len()]
}

fn weigh(tokens: &[Token]) -> u32 {
    tokens.iter().map(weight).sum()
}

/// Two halves for a word, one for a mark.
fn weight(token: &Token) -> u32 {
    if token.kind == Kind::Mark { 1 } else { 2 }
}

/// Nothing for another placeable of the kind, half of a word for another form of it.
fn change(a: &Token, b: &Token) -> u32 {
    match (a.form == b.form, a.group == b.group) {
        (true, _) => 0,
        (_, true) => u32::from(matches!(a.kind, Kind::Word | Kind::Mark)),
        _ => weight(a).max(weight(b)),
    }
}
