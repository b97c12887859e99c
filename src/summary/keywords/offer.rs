//! What the sentences of an article offer for keywords: their words in order, with what joins them, and which of them may be a
//! keyword at all. Numbers, months, weekdays, abbreviations, addresses and single letters are not on offer, nor are bylines and
//! captions; numerals, times, measures and words of speech (`[plain]` in a language's `structure.txt`) are none alone. Which are
//! chosen is decided elsewhere.

use std::ops::Range;

use foldhash::HashMap;
use unicode_normalization::char::is_combining_mark;

use crate::document::{Document, Kind};
use crate::span::Span;
use crate::text::language::{self, Language};
use crate::text::places::{Place, Places};
use crate::text::stem::normalise;
use crate::text::token::unspaced;

/// A word on offer, or a stop word that joins two.
pub(super) struct Word {
    /// Where it stands.
    pub(super) span: Span,
    /// Its local term; for a stop word a number after all terms.
    pub(super) key: u32,
    /// Whether it is no stop word.
    pub(super) is_full: bool,
    /// Whether only a blank or a hyphen stands between it and the word before.
    pub(super) joined: bool,
    /// Whether it is a hyphen or the like: such words are not taken apart.
    pub(super) hyphened: bool,
    /// Whether it is a pair of characters of an unspaced script.
    pub(super) pair: bool,
    /// Whether a capital says something here: the word neither opens a sentence nor stands in a headline in capitals.
    pub(super) trusted: bool,
    /// Whether it stands in a title or heading.
    pub(super) headline: bool,
    is_plain: bool,
    is_capital: bool,
}

/// What is known of a form wherever it stands.
#[derive(Clone, Copy, PartialEq)]
enum Sort {
    /// Not on offer.
    Barred,
    /// A stop word that joins others.
    Link,
    /// Says little by itself.
    Plain,
    /// Any other word.
    Fit,
}

/// Stop words in a row inside a phrase, at most: `de la`.
const LINKS: usize = 2;

/// Words of a name that comes once and has a stop word inside, at most: `Bank of England`, but not a person and his town.
const LINKED: usize = 3;

/// Words read, at most; an article says early what it is about, and candidates take more room than the text.
const MOST: usize = 1 << 16;

/// The words of a document, sentence after sentence.
pub(super) struct Offer {
    pub(super) words: Vec<Word>,
    pub(super) language: &'static Language,
    /// Whether kana are there, between which a run of Han is a word.
    kana: bool,
}

impl Offer {
    pub(super) fn new(document: &Document) -> Offer {
        let language = language::of(document.article().lang.as_ref());
        let kana = document.text().contains(is_hiragana);
        let mut reader = Reader { document, language, sorts: HashMap::default(), links: HashMap::default(), words: Vec::new() };
        let (mut places, mut words) = (Places::new(document), Vec::new());
        for sentence in 0..document.sentences().len() {
            let kind = document.kind(sentence);
            if reader.words.len() > MOST {
                break;
            }
            if !matches!(kind, Kind::Byline | Kind::Caption) {
                places.read(sentence, &mut words);
                reader.add(&words, matches!(kind, Kind::Title | Kind::Heading));
            }
        }
        Offer { words: reader.words, language, kana }
    }

    /// Whether words that stand at these places may be a keyword.
    pub(super) fn may_be(&self, places: &[Range<usize>]) -> bool {
        let words = &self.words[places[0].clone()];
        let in_text = || places.iter().filter(|place| !self.words[place.start].headline).count();
        match words {
            [first, ..] if first.pair => places.len() > 1 || self.kana && self.is_whole_run(&places[0]),
            [word] => !word.is_plain && self.is_noun(places),
            [first, .., last] => {
                let twice = in_text() > 1 && !first.is_plain && !last.is_plain && self.is_noun(places);
                twice || self.is_name(places) && (words.iter().all(|word| word.is_full) || words.len() <= LINKED)
            }
            [] => false,
        }
    }

    /// Where nouns have capitals, whether the last word is one; elsewhere nothing tells.
    fn is_noun(&self, places: &[Range<usize>]) -> bool {
        let capital = |place: &Range<usize>| self.words[place.end - 1].is_capital && self.words[place.end - 1].trusted;
        !self.language.noun_capitals() || places.iter().any(capital)
    }

    /// Whether every word that is no stop word has a capital that says something, at one of the places.
    pub(super) fn is_name(&self, places: &[Range<usize>]) -> bool {
        let capital = |word: &Word| !word.is_full || word.is_capital && word.trusted;
        places.iter().any(|place| self.words[place.clone()].iter().all(capital))
    }

    /// Whether nothing of its kind stands beside a run of pairs.
    fn is_whole_run(&self, run: &Range<usize>) -> bool {
        !self.words[run.start].joined && self.words.get(run.end).is_none_or(|word| !word.joined)
    }

    /// Whether a word has a capital at most places where one says something; `None` if there are none.
    pub(super) fn has_capital(&self, key: u32) -> Option<bool> {
        let trusted = || self.words.iter().filter(|word| word.key == key && word.trusted);
        let (all, capital) = (trusted().count(), trusted().filter(|word| word.is_capital).count());
        (all > 0).then_some(2 * capital > all)
    }

    /// The words at a place and, in an unspaced script, the pairs that share a character with them.
    pub(super) fn around(&self, place: &Range<usize>) -> Range<usize> {
        let pair = self.words[place.start].pair;
        let before = pair && self.words[place.start].joined;
        let after = pair && self.words.get(place.end).is_some_and(|word| word.joined);
        place.start - usize::from(before)..place.end + usize::from(after)
    }
}

/// Collects the words.
struct Reader<'a> {
    document: &'a Document,
    language: &'static Language,
    sorts: HashMap<&'a str, Sort>,
    /// Numbers of stop words.
    links: HashMap<&'a str, u32>,
    words: Vec<Word>,
}

impl<'a> Reader<'a> {
    fn add(&mut self, words: &[Place], headline: bool) {
        let text = self.document.text();
        let is_capital = |place: &Place| place.span.of(text).starts_with(char::is_uppercase);
        let shouts = headline && words.iter().filter(|place| place.term.is_some()).all(is_capital);
        let mut before: Option<Span> = None;
        let mut row = 0;
        for (at, place) in words.iter().enumerate() {
            let sort = self.sort(place, before);
            row = if sort == Sort::Link { row + 1 } else { 0 };
            if sort == Sort::Barred || row > LINKS {
                before = None;
                continue;
            }
            let gap = before.and_then(|before| gap(text, before, place.span));
            before = Some(place.span);
            let key = place.term.unwrap_or_else(|| self.link(place.span.of(text)));
            self.words.push(Word {
                span: place.span,
                key,
                is_full: place.term.is_some(),
                joined: gap.is_some_and(|gap| gap.trim().is_empty()) || is_hyphen(gap),
                hyphened: is_hyphen(gap),
                pair: place.span.of(text).starts_with(unspaced),
                trusted: at > 0 && !shouts,
                headline,
                is_plain: sort == Sort::Plain,
                is_capital: is_capital(place),
            });
        }
    }

    /// A number for a stop word, after those of all terms.
    fn link(&mut self, word: &'a str) -> u32 {
        let next = (self.document.terms().len() + self.links.len()) as u32;
        *self.links.entry(word).or_insert(next)
    }

    fn sort(&mut self, place: &Place, before: Option<Span>) -> Sort {
        if place.term.is_none() && before.is_some_and(|before| is_hyphen(gap(self.document.text(), before, place.span))) {
            return Sort::Link;
        }
        let (word, language) = (place.span.of(self.document.text()), self.language);
        *self.sorts.entry(word).or_insert_with(|| match place.term {
            Some(_) if !fits(word, language) => Sort::Barred,
            Some(_) if language.is_plain(word) => Sort::Plain,
            Some(_) => Sort::Fit,
            None if language.data().links.contains(word) => Sort::Link,
            None => Sort::Barred,
        })
    }
}

/// Whether a word that is no stop word may stand in a keyword.
fn fits(word: &str, language: &Language) -> bool {
    if word.starts_with(unspaced) {
        return is_one_kind(word);
    }
    let data = language.data();
    let lower = normalise(word, language);
    let dates = data.months.contains_key(&lower) || data.weekdays.contains(&lower);
    let spelled = word.chars().nth(1).is_some() && word.contains(char::is_alphabetic) && !word.contains(['.', ':', '_']);
    spelled && !dates && data.exact(word).is_none()
}

/// What stands between two words of a sentence; nothing between pairs that share a character.
fn gap(text: &str, before: Span, word: Span) -> Option<&str> {
    text.get(before.end.min(word.start) as usize..word.start as usize)
}

fn is_hyphen(gap: Option<&str>) -> bool {
    matches!(gap, Some("-" | "‐" | "‑" | "'" | "’" | "&" | " & "))
}

fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309f}')
}

/// Whether a pair of characters is all Han, all katakana, or all of a script without either, and stands for something; hiragana
/// are endings and particles.
fn is_one_kind(pair: &str) -> bool {
    /// Han characters that link, count, ask or point, and name nothing.
    const EMPTY: &str = "的了在是和與与及或也都就而但對对為为被把從从到這这那其之以于於等个個们們有不没沒他她它我你将將会會年月日时時万萬亿億哪谁誰什么麼怎吗嗎呢兩两";
    let kind = |c: char| match c {
        c if is_hiragana(c) => None,
        '\u{30a1}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' => Some(1),
        '\u{e01}'..='\u{17d3}' => Some(2),
        c if EMPTY.contains(c) => None,
        _ => Some(0),
    };
    let mut kinds = pair.chars().map(kind);
    let first = kinds.next().flatten();
    let second = kinds.next();
    first.is_some() && second == Some(first) && !pair.starts_with(is_combining_mark)
}
