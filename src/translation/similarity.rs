//! How like two sentences are, in percent: 100 less the share of the longer one that has to change. Words are compared, and characters
//! in scripts without blanks. A word weighs 1, a mark .5; another form of a word (the same stem, another case) changes half of it; a
//! number, date or address in the place of another changes nothing, for a program can put it right. What only spelling sets apart
//! (blanks, the shape of quotation marks and dashes, composed letters) is taken for the same. Only equal texts are 100: all else is 99
//! at most. Penalties, contexts and what is looked up where are the business of `memory`.
//!
//! The distance is that of Levenshtein (1966), weighted; weights are doubled, so that they are whole numbers. `normal` makes texts
//! alike, `tokens` cuts and numbers them, `distance` compares.

mod distance;
mod normal;
mod tokens;

pub use normal::normalise;
pub use tokens::{Forms, Kind, Token};

pub(super) use distance::{Rows, distance, most_of, percent_of};
pub(super) use tokens::{Local, cut};

use crate::text::language::Language;

/// How like two texts of a language are, from 0 to 100. For many comparisons a [`Memory`](super::memory::Memory) is the way.
pub fn percent(one: &str, other: &str, language: &'static Language) -> u8 {
    if one == other {
        return 100;
    }
    let mut forms = Forms::new(language);
    let [one, other] = [one, other].map(|text| forms.read(&normalise(text)));
    let longer = weight(&one).max(weight(&other));
    let apart = distance(&one, &other, longer, &mut Rows::default()).unwrap_or(longer);
    percent_of(apart, longer)
}

/// What tokens weigh, in halves of a word.
pub(super) fn weight(tokens: &[Token]) -> u32 {
    tokens.iter().map(|token| token.kind.weight()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::language;
    use proptest::prelude::*;

    fn language(code: &str) -> &'static Language {
        language::find(code).unwrap_or(&language::UNKNOWN)
    }

    #[test]
    fn a_likeness_is_what_need_not_change() {
        let cases = [
            ("en", "The mill stood still.", "The mill stood still.", 100),
            // Spelling alone.
            ("en", "It’s “so” – yes…", "It's \"so\" -  yes...", 99),
            ("en", "Cafe\u{301} ", "Café", 99),
            // One word of four, and a mark: 1 / 4.5.
            ("en", "The mill stood still.", "The mill stood idle.", 77),
            // Another form of a word: 0.5 / 4.5; a mark more: 0.5 / 4.5.
            ("en", "The mills stood still.", "The mill stood still.", 88),
            ("en", "The mill stood still.", "The mill stood still", 88),
            ("en", "the mill stood still.", "The mill stood still.", 88),
            // Numbers, dates and addresses are put right by a program.
            ("en", "It cost 1,250.50 euros.", "It cost 17 euros.", 99),
            ("en", "On 12.03.2024 at 9:30 it rose.", "On 1/4/2025 at 18:05 it rose.", 99),
            ("en", "Write to a@b.example now.", "Write to c.d@e.example now.", 99),
            ("en", "See https://a.example/x now.", "See www.b.example now.", 99),
            ("en", "It cost 17 euros.", "It cost many euros.", 77),
            // Characters where there are no blanks: one of seven and a mark.
            ("ja", "東京で雨が降る。", "東京で雪が降る。", 86),
            ("th", "นายกไป", "นายกมา", 66),
            ("en", "", "a", 0),
            ("en", "", " ", 99),
            ("en", "Nothing alike here", "und sonst gar nichts", 0),
        ];
        for (code, one, other, expected) in cases {
            assert_eq!(percent(one, other, language(code)), expected, "{one:?} {other:?}");
            assert_eq!(percent(other, one, language(code)), expected, "{other:?} {one:?}");
        }
    }

    /// The definition, word for word: a whole table, halves as fractions.
    fn plain(one: &[Token], other: &[Token]) -> f64 {
        let weight = |token: &Token| if token.kind == Kind::Mark { 0.5 } else { 1.0 };
        let change = |a: &Token, b: &Token| match (a.form == b.form, a.group == b.group) {
            (true, _) => 0.0,
            (_, true) if matches!(a.kind, Kind::Word | Kind::Mark) => 0.5,
            (_, true) => 0.0,
            _ => f64::max(weight(a), weight(b)),
        };
        let mut table = vec![vec![0.0; other.len() + 1]; one.len() + 1];
        for i in 0..=one.len() {
            for j in 0..=other.len() {
                let delete = if i > 0 { table[i - 1][j] + weight(&one[i - 1]) } else { f64::MAX };
                let insert = if j > 0 { table[i][j - 1] + weight(&other[j - 1]) } else { f64::MAX };
                let both = if i > 0 && j > 0 { table[i - 1][j - 1] + change(&one[i - 1], &other[j - 1]) } else { f64::MAX };
                table[i][j] = if i + j == 0 { 0.0 } else { f64::min(delete, f64::min(insert, both)) };
            }
        }
        table[one.len()][other.len()]
    }

    proptest! {
        #[test]
        fn the_distance_is_that_of_the_definition(
            one in "((mill|Mills|water|7|12\\.5|www\\.a\\.b|1\\.2\\.2020|,|\\.|水|の) ?){0,9}",
            other in "((mill|Mills|water|7|12\\.5|www\\.a\\.b|1\\.2\\.2020|,|\\.|水|の) ?){0,9}",
            most in 0u32..40,
        ) {
            let mut forms = Forms::new(language("en"));
            let [a, b] = [&one, &other].map(|text| forms.read(&normalise(text)));
            let expected = plain(&a, &b);
            let doubled = (expected * 2.0) as u32;
            prop_assert_eq!(distance(&a, &b, u32::MAX, &mut Rows::default()), Some(doubled));
            prop_assert_eq!(distance(&a, &b, most, &mut Rows::default()), Some(doubled).filter(|d| *d <= most));
            let longer = f64::max(f64::from(weight(&a)), f64::from(weight(&b))) / 2.0;
            let share = if longer == 0.0 { 100.0 } else { 100.0 * (longer - expected) / longer };
            let expected = if one == other { 100 } else { (share + 1e-9).floor().min(99.0) as u8 };
            prop_assert_eq!(percent(&one, &other, language("en")), expected);
        }

        #[test]
        fn every_letter_stands_in_a_token(text in "\\PC{0,30}") {
            let normal = normalise(&text).into_owned();
            prop_assert_eq!(&*normalise(&normal), &*normal);
            let mut all = String::new();
            tokens::cut(&normal, &mut |_, form| all.push_str(form));
            // A mark that is repeated stands for all of them.
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            prop_assert_eq!(letters(&all), letters(&normal));
        }
    }
}
