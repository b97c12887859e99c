//! Whether a segment is that of an entry but for numbers, dates and times that a program can put right in the translation: each that
//! changed must be found in the source and in the translation once, told by its digits. It puts nothing right itself.

use crate::translation::similarity::{Kind, cut};

/// Whether the translation of `old` becomes one of `new` by changing digits alone.
pub fn is_repairable(new: &str, old: &str, translation: &str) -> bool {
    let [new, old, translation] = [new, old, translation].map(tokens);
    if new.len() != old.len() {
        return false;
    }
    let mut changed = new.iter().zip(&old).filter(|(comes, goes)| comes != goes).peekable();
    let once = |tokens: &[(Kind, &str)], digits: &str| {
        tokens.iter().filter(|token| is_value(token.0) && digits_of(token.1) == digits).count() == 1
    };
    changed.peek().is_some()
        && changed.all(|(comes, goes)| {
            let digits = digits_of(goes.1);
            comes.0 == goes.0 && is_value(comes.0) && once(&old, &digits) && once(&translation, &digits)
        })
}

fn tokens(text: &str) -> Vec<(Kind, &str)> {
    let mut tokens = Vec::new();
    let start = text.as_ptr() as usize;
    cut(text, &mut |kind, form| {
        let at = form.as_ptr() as usize - start;
        tokens.push((kind, &text[at..at + form.len()]));
    });
    tokens
}

fn is_value(kind: Kind) -> bool {
    matches!(kind, Kind::Number | Kind::Date)
}

/// A language may write the separators of a number in another way.
fn digits_of(form: &str) -> String {
    form.chars().filter(|c| c.is_numeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_right_where_each_is_found_once() {
        let cases = [
            ("It rose 12 % in 2021.", "It rose 17 % in 2020.", "Es stieg 2020 um 17 %.", true),
            ("It cost 1,250 euros.", "It cost 3,000 euros.", "Es kostete 3.000 Euro.", true),
            ("On 1/4/2025 it ran.", "On 12/3/2024 it ran.", "Am 12.3.2024 lief es.", true),
            // The other order of day and month is the same digits only by luck, and a word for a number is none.
            ("On 1/4/2025 it ran.", "On 12/3/2024 it ran.", "Am 3.12.2024 lief es.", false),
            ("It has 3 arms.", "It has 2 arms.", "Es hat zwei Arme.", false),
            // Which of the two is meant?
            ("From 3 to 5 men.", "From 2 to 2 men.", "Von 2 bis 2 Mann.", false),
            ("It has 3 arms.", "It had 2 arms.", "Es hatte 2 Arme.", false),
            ("It has 3 arms.", "It has 3 arms.", "Es hat 3 Arme.", false),
            ("See www.a.example now.", "See www.b.example now.", "Siehe www.b.example.", false),
        ];
        for (new, old, translation, expected) in cases {
            assert_eq!(is_repairable(new, old, translation), expected, "{new} {old}");
        }
    }
}
