//! Files of weights: what a word costs at each level, a line `level = percent` each, comments after `#`. Levels that are not named keep
//! their weight.

use crate::error::{Error, ErrorKind, Place, Result};
use crate::translation::leverage::{Level, Weights};

/// Reads weights.
///
/// # Errors
/// A line is no `level = percent`, names no level or one that was named before, or its percent is none from 0 to 1000 with one decimal
/// at most.
pub fn read(text: &str) -> Result<Weights> {
    let mut weights = Weights::default();
    let mut named = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let (level, per_mille) = pair(line, &named).map_err(|cause| at(number, cause))?;
        weights.set(level, per_mille);
        named.push(level);
    }
    Ok(weights)
}

fn at(line: u64, cause: String) -> Error {
    Error::from(ErrorKind::Weights(cause)).at(Place { line: Some(line), ..Place::default() })
}

fn pair(line: &str, named: &[Level]) -> Result<(Level, u32), String> {
    let (name, percent) = line.split_once('=').ok_or_else(|| format!("expected level = percent, found {line:?}"))?;
    let known = || Level::ALL.map(Level::name).join(", ");
    let level = Level::named(name.trim()).ok_or_else(|| format!("no level is called {:?}; there are {}", name.trim(), known()))?;
    if named.contains(&level) {
        return Err(format!("the level {} stands twice", level.name()));
    }
    let percent = percent.trim().trim_end_matches('%').trim_end();
    let per_mille = per_mille(percent).ok_or_else(|| format!("expected a percent from 0 to 1000 such as 30 or 12.5, found {percent:?}"))?;
    Ok((level, per_mille))
}

/// A percent with one decimal at most, in thousandths.
fn per_mille(percent: &str) -> Option<u32> {
    let (whole, tenth) = percent.split_once('.').unwrap_or((percent, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let fits = digits(whole) && digits(tenth) && whole.len() <= 4 && tenth.len() == 1;
    let per_mille =
        fits.then(|| whole.parse::<u32>().ok().zip(tenth.parse::<u32>().ok())).flatten().map(|(whole, tenth)| 10 * whole + tenth);
    per_mille.filter(|per_mille| *per_mille <= 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_that_are_named_change_and_the_others_do_not() {
        let weights = read("# ours\n102 = 0\n\n95-99=33.3 %  # near\ncross-file = 20%\r\n").expect("sound");
        let expected = [0.0, 10.0, 30.0, 20.0, 20.0, 33.3, 60.0, 80.0, 100.0, 100.0];
        assert_eq!(Level::ALL.map(|level| weights.percent(level)), expected);
        assert_eq!(read("").expect("empty"), Weights::default());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let cases = [
            ("102 = 5\n103 = 4", 2, "no level is called \"103\""),
            ("none 5", 1, "expected level = percent, found \"none 5\""),
            ("100 = 5\n100 = 5", 2, "the level 100 stands twice"),
            ("100 = -5", 1, "expected a percent from 0 to 1000 such as 30 or 12.5, found \"-5\""),
            ("100 = 5.55", 1, "found \"5.55\""),
            ("100 = 2000", 1, "found \"2000\""),
            ("100 =", 1, "found \"\""),
        ];
        for (text, line, expected) in cases {
            let error = read(text).expect_err("broken");
            assert_eq!(error.place.line, Some(line));
            assert!(error.kind.to_string().contains(expected), "{}", error.kind);
        }
    }
}
