//! Who is named where: runs of capitalised words, and which of them are persons for sure, because a title stands before them,
//! because they say something, or because the last of several names stands alone elsewhere (`Orkhan Dalgar`, then `Dalgar`).
//! What is not sure counts as a person where that makes a pronoun unclear and as none where it would explain one. It is cheap and
//! knows no names by heart; for languages without capitals, or with capitals on every noun, it is of no use.

use foldhash::HashSet;

use crate::document::Document;
use crate::text::language::{self, Abbreviation, Data};
use crate::text::speaker;
use crate::text::stem::lowercase;

/// The names in a document, and which of them are persons, by last name.
pub struct Cast<'a> {
    runs: Vec<Run<'a>>,
    /// Where the runs of each sentence end.
    ends: Vec<usize>,
    persons: HashSet<&'a str>,
}

/// Who a sentence names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named<'a> {
    /// Nobody.
    Nobody,
    /// One person, by last name.
    One(&'a str),
    /// Several, or what may be several.
    Several,
}

impl<'a> Cast<'a> {
    /// Looks through a document for what it tells of its persons.
    pub fn new(document: &'a Document) -> Cast<'a> {
        let data = language::of(document.article().lang.as_ref()).data();
        let (mut all, mut ends) = (Vec::new(), Vec::with_capacity(document.sentences().len()));
        for i in 0..document.sentences().len() {
            add_runs(document.slice(i), data, &mut all);
            ends.push(all.len());
        }
        let alone: HashSet<&str> = all.iter().filter(|run| run.words == 1 && !run.after_stop).map(|run| run.last).collect();
        let speaking = (0..document.sentences().len()).filter_map(|i| speaker::named(document, i));
        let mut named = Vec::new();
        let speaking = speaking.filter_map(|clause| {
            named.clear();
            add_runs(clause, data, &mut named);
            named.first().map(|run: &Run<'a>| run.last)
        });
        let known = all.iter().filter(|run| run.titled || run.words > 1 && alone.contains(run.last)).map(|run| run.last);
        let persons = known.chain(speaking).collect();
        Cast { runs: all, ends, persons }
    }

    /// Who a sentence names.
    pub fn named(&self, sentence: usize) -> Named<'a> {
        let mut named = Named::Nobody;
        let first = sentence.checked_sub(1).map_or(0, |before| self.ends[before]);
        for run in &self.runs[first..self.ends[sentence]] {
            let person = self.persons.contains(run.last);
            named = match named {
                _ if !person && run.words == 1 => continue,
                Named::Nobody if person => Named::One(run.last),
                Named::One(known) if known == run.last => named,
                _ => return Named::Several,
            };
        }
        named
    }
}

/// A run of capitalised words.
#[derive(Clone, Copy, Debug)]
struct Run<'a> {
    words: usize,
    /// Its last word, without an ending after an apostrophe.
    last: &'a str,
    /// Whether a title stands before it or in it: `Mr. Dalgar`.
    titled: bool,
    /// Whether a stop word in small letters stands right before it, as an article does before a thing (`the White House`).
    after_stop: bool,
}

/// Appends the runs of a sentence. Its first word counts unless it is a stop word: alone it is asked for only by what is known of it.
fn add_runs<'a>(slice: &'a str, data: &Data, out: &mut Vec<Run<'a>>) {
    let mut open: Option<Run> = None;
    let is_stop = |word: &str| data.is_stop(&lowercase(word));
    let is_title = |word: &str| matches!(data.abbreviation(word, false), Some(Abbreviation::Title));
    // The word before, if it is no name, and the one before that may be a title: what they are is asked only where a run begins.
    let (mut before, mut herald) = (None, None);
    for (index, token) in slice.split_whitespace().enumerate() {
        // Most tokens are small letters only.
        if token.bytes().all(|b| b.is_ascii_lowercase()) {
            out.extend(open.take());
            (before, herald) = (Some(token), Some(token));
            continue;
        }
        let word = bare(token);
        let name = is_name(word) && !is_title(word) && !(index == 0 && is_stop(word));
        if name {
            let begun = || Run { words: 0, last: word, titled: herald.is_some_and(is_title), after_stop: before.is_some_and(is_stop) };
            let run = open.get_or_insert_with(begun);
            (run.words, run.last) = (run.words + 1, word);
        }
        let initial = word.chars().nth(1).is_none() && word.starts_with(char::is_uppercase);
        if !initial && (!name || token.ends_with([',', ';', ':', '.', ')', '"', '”', '»', '!', '?'])) {
            out.extend(open.take());
        }
        before = Some(word).filter(|_| !name);
        // An initial stands between a title and its name.
        if !initial || is_title(word) {
            herald = Some(word);
        }
    }
    out.extend(open);
}

/// A token without marks around it, an article before its apostrophe or an ending after it.
fn bare(token: &str) -> &str {
    let word = token.trim_matches(|c: char| !c.is_alphanumeric());
    match word.split_once(['\'', '’']) {
        Some((head, tail)) if head.chars().count() <= 2 && tail.starts_with(char::is_uppercase) && head.starts_with(char::is_lowercase) => {
            tail
        }
        Some((head, tail)) if !tail.starts_with(char::is_uppercase) => head,
        _ => word,
    }
}

/// A capital, then small letters; acronyms name no persons.
fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::lang::Lang;
    use crate::text::{Scratch, TextOptions, parse};

    #[test]
    fn persons_are_known_by_what_the_article_tells() {
        let text = "The port of Sarvand grows, Transport Minister Orkhan Dalgar has said. Dalgar spoke in the White House. \
                    He met Mr. Odek of Sarvand. Odek and Dalgar agreed. The lorries wait in New Orlen. Then it rained.";
        let mut article = Article::new("a".into(), text.into()).expect("short");
        article.lang = Lang::parse("en");
        let document = parse(article, &TextOptions::default(), &mut Scratch::default());
        let cast = Cast::new(&document);
        let named: Vec<Named> = (0..document.sentences().len()).map(|i| cast.named(i)).collect();
        // The White House and New Orlen may be anybody.
        let expected = [Named::One("Dalgar"), Named::Several, Named::One("Odek"), Named::Several, Named::Several, Named::Nobody];
        assert_eq!(named, expected);
    }
}
