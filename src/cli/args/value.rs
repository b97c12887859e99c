//! What single arguments say: languages, numbers, shares, fields. Each is read or refused in a sentence, whatever stands beside it.

use epitome::Article;
use epitome::batch::find_encoding;
use epitome::format::jsonl::FIELDS;
use epitome::lang::Lang;
use epitome::summary::{Method, rank};

use crate::cli::exit::Tolerance;
use crate::cli::size::{Size, size};

/// Keys of a path.
pub(crate) fn keys(path: &str) -> Vec<String> {
    path.split('.').map(str::to_owned).collect()
}

pub(super) fn field(argument: &str) -> Result<(usize, Vec<String>), String> {
    let (name, path) = argument.split_once('=').ok_or("expected NAME=PATH, such as text=content.body")?;
    let index = FIELDS
        .iter()
        .position(|known| *known == name)
        .ok_or_else(|| format!("no field is called {name:?}; there are {}", FIELDS.join(", ")))?;
    if path.is_empty() || path.split('.').any(str::is_empty) {
        return Err(format!("{path:?} is no path; keys are joined by dots, such as content.body"));
    }
    Ok((index, keys(path)))
}

pub(super) fn kept(argument: &str) -> Result<String, String> {
    const TAKEN: [&str; 16] = [
        "id",
        "lang",
        "title",
        "date",
        "author",
        "url",
        "source",
        "method",
        "words",
        "over_budget",
        "keywords",
        "text",
        "summary",
        "ranking",
        "explanation",
        "",
    ];
    if TAKEN.contains(&argument) { Err(format!("{argument:?} is a field of every summary already")) } else { Ok(argument.to_owned()) }
}

pub(crate) fn lang(argument: &str) -> Result<Lang, String> {
    Lang::parse(argument).ok_or_else(|| "expected a language tag such as en, de or pt-BR; see `epitome languages`".to_owned())
}

pub(super) fn encoding(argument: &str) -> Result<epitome::batch::Encoding, String> {
    find_encoding(argument)
        .ok_or_else(|| "no such encoding; usual ones are utf-8, utf-16le, windows-1252, windows-1251, shift_jis, gb18030".to_owned())
}

pub(crate) fn method(argument: &str) -> Result<&'static Method, String> {
    rank::find(argument).ok_or_else(|| {
        let known: Vec<&str> = rank::METHODS.iter().map(|method| method.name).collect();
        format!("no method is called that; there are {}", known.join(", "))
    })
}

pub(crate) fn sentences(argument: &str) -> Result<u32, String> {
    match argument.parse() {
        Ok(0) => Err("a summary has at least one sentence; `epitome segment` gives sentences without summaries".to_owned()),
        Ok(n) => Ok(n),
        Err(_) => Err("expected a whole number, such as 3".to_owned()),
    }
}

pub(crate) fn positive(argument: &str) -> Result<u32, String> {
    argument.parse().ok().filter(|n| *n > 0).ok_or_else(|| "expected a whole number from 1".to_owned())
}

pub(super) fn article_size(argument: &str) -> Result<Size, String> {
    const MOST: u64 = Article::MAX_BYTES as u64;
    let found = size(argument)?;
    if (1..=MOST).contains(&found.0) { Ok(found) } else { Err(format!("expected a size from 1 to {}", Size(MOST))) }
}

pub(super) fn threads(argument: &str) -> Result<u32, String> {
    const MOST: u32 = 1024;
    argument.parse().ok().filter(|n| (1..=MOST).contains(n)).ok_or_else(|| format!("expected a number of threads from 1 to {MOST}"))
}

pub(super) fn ratio(argument: &str) -> Result<f64, String> {
    let share = match argument.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().map(|percent| percent / 100.0),
        None => argument.parse::<f64>(),
    };
    share
        .ok()
        .filter(|share| *share > 0.0 && *share <= 1.0)
        .ok_or_else(|| "expected a share above 0 and at most 1, such as 0.2 or 20%".to_owned())
}

pub(crate) fn share(argument: &str) -> Result<f64, String> {
    let found = argument.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    found.ok_or_else(|| "expected a number from 0 to 1, such as 0.9".to_owned())
}

pub(super) fn tolerance(argument: &str) -> Result<Tolerance, String> {
    let found = match argument.strip_suffix('%') {
        Some(percent) => percent.parse().ok().filter(|p| (0.0..=100.0).contains(p)).map(Tolerance::Percent),
        None => argument.parse().ok().map(Tolerance::Articles),
    };
    found.ok_or_else(|| "expected a number of articles or a percentage, such as 10 or 2%".to_owned())
}
