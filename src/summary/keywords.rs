//! Keywords of an article: its words and phrases with the most tf * idf, as a reader would write them. Candidates are runs of
//! words between stop words and marks, as in RAKE (Rose, Engel, Cramer & Cowley, "Automatic Keyword Extraction from Individual
//! Documents", 2010), and their parts; a phrase must come twice or be a name. Each occurrence counts for one keyword, the best,
//! so that no keyword is part of another. Which words a sentence offers is found in `offer`, how one is written in `surface`.

mod offer;
mod surface;

use std::collections::BinaryHeap;
use std::ops::Range;

use foldhash::HashMap;

use super::queue::Weighed;
use crate::document::Document;
use offer::{Offer, Word};

/// A word or phrase that says what an article is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyword {
    /// As it is most often written in the article.
    pub text: String,
    /// Occurrences that no better keyword covers, by the mean idf of its words and a bonus for phrases; one more for what the title
    /// or a heading names as well as the text.
    pub score: f64,
}

/// Words of a phrase, at most, stop words inside it not counted.
const LONGEST: usize = 4;
/// Pairs of characters of a word in an unspaced script, at most.
const LONGEST_RUN: usize = 7;
/// What each further word adds to a phrase, as a share of its first.
const PHRASE: f64 = 0.6;
/// The same for a further pair of characters.
const PAIR: f64 = 0.5;

/// The `most` best keywords of a document that was parsed with terms, from best to worst; `idf` by local term. Ties break by
/// position. Of a very long article the first 65,000 words are read.
pub fn keywords(document: &Document, idf: &[f64], most: usize) -> Vec<Keyword> {
    if most == 0 {
        return Vec::new();
    }
    let offer = Offer::new(document);
    let mut choice = Choice::new(&offer, document, idf);
    let mut chosen: Vec<usize> = Vec::new();
    let mut out = Vec::new();
    while out.len() < most
        && let Some((index, score)) = choice.next()
    {
        let key = &choice.candidates[index].key;
        if chosen.iter().any(|&other| overlaps(&choice.candidates[other].key, key)) {
            continue;
        }
        let full = choice.full_name(index);
        choice.cover(index);
        choice.cover(full);
        chosen.extend([index, full]);
        let text = surface::of(document, &offer, &choice.candidates[full].places);
        if !out.iter().any(|other: &Keyword| contains(&other.text, &text) || contains(&text, &other.text)) {
            out.push(Keyword { text, score });
        }
    }
    out
}

/// Whether one is part of the other.
fn overlaps(one: &[u32], other: &[u32]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    long.windows(short.len()).any(|window| window == short)
}

/// Whether a keyword holds another whole words long, capitals aside: forms of one word may have two stems.
fn contains(long: &str, short: &str) -> bool {
    let (long, short) = (long.to_lowercase(), short.to_lowercase());
    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    long.match_indices(&*short).any(|(at, found)| ends(long[..at].chars().next_back()) && ends(long[at + found.len()..].chars().next()))
}

/// A word or phrase, and where it stands.
struct Candidate {
    key: Vec<u32>,
    /// Ranges of the words on offer.
    places: Vec<Range<usize>>,
    /// What an occurrence is worth.
    worth: f64,
}

/// Candidates, from which the best is taken again and again. Scores only fall, so one is counted anew when it comes up.
struct Choice<'a> {
    offer: &'a Offer,
    /// In order of first occurrence.
    candidates: Vec<Candidate>,
    queue: BinaryHeap<Weighed>,
    /// Words on offer that a chosen keyword covers.
    covered: Vec<bool>,
    /// For each candidate whether the title field holds it.
    titled: Vec<bool>,
}

impl<'a> Choice<'a> {
    fn new(offer: &'a Offer, document: &Document, idf: &[f64]) -> Choice<'a> {
        let mut candidates = candidates(offer, idf);
        candidates.retain(|candidate| offer.may_be(&candidate.places));
        let in_title = |candidate: &Candidate| {
            document.article().title.is_some() && document.title().windows(candidate.key.len()).any(|window| window == candidate.key)
        };
        let titled = candidates.iter().map(in_title).collect();
        let mut choice = Choice { offer, candidates, queue: BinaryHeap::new(), covered: vec![false; offer.words.len()], titled };
        choice.queue = (0..choice.candidates.len()).map(|index| Weighed { weight: choice.score(index), index }).collect();
        choice
    }

    /// The best candidate that is left; `None` once nothing is.
    fn next(&mut self) -> Option<(usize, f64)> {
        while let Some(best) = self.queue.pop() {
            let score = self.score(best.index);
            if score < best.weight {
                self.queue.push(Weighed { weight: score, ..best });
            } else if score > 0.0 {
                return Some((best.index, score));
            }
        }
        None
    }

    /// Occurrences that nothing covers, by their worth.
    fn score(&self, index: usize) -> f64 {
        let candidate = &self.candidates[index];
        let free = candidate.places.iter().filter(|place| !self.covered[(*place).clone()].contains(&true));
        let (headlines, text): (Vec<_>, Vec<_>) = free.partition(|place| self.offer.words[place.start].headline);
        let twice = !text.is_empty() && (!headlines.is_empty() || self.titled[index]);
        (text.len() + headlines.len() + usize::from(twice)) as f64 * candidate.worth
    }

    fn cover(&mut self, index: usize) {
        for place in &self.candidates[index].places {
            self.covered[self.offer.around(place)].fill(true);
        }
    }

    /// For a name that stands alone the full name that ends with it, which news has once: for a surname the shortest (`Ishbel
    /// Tarrant`, not her title), for a noun the longest (`Outer Sound Health Board` for `board`). The candidate itself where there
    /// is none, or are several.
    fn full_name(&self, index: usize) -> usize {
        let Candidate { key, places, .. } = &self.candidates[index];
        if key.len() > 1 || !self.offer.is_name(places) {
            return index;
        }
        let ends_so = |other: &Candidate| other.key.len() > 1 && other.key.ends_with(key) && self.offer.is_name(&other.places);
        let mut full: Vec<usize> = (0..self.candidates.len()).filter(|&other| ends_so(&self.candidates[other])).collect();
        full.sort_by_key(|&other| self.candidates[other].key.len());
        let nested = full.windows(2).all(|pair| self.candidates[pair[1]].key.ends_with(&self.candidates[pair[0]].key));
        let wanted = if self.offer.has_capital(key[0]) == Some(true) { full.first() } else { full.last() };
        wanted.filter(|_| nested).copied().unwrap_or(index)
    }
}

/// Every run of words on offer that may be a keyword, in order of first occurrence.
fn candidates(offer: &Offer, idf: &[f64]) -> Vec<Candidate> {
    let mut out: Vec<Candidate> = Vec::new();
    let mut known: HashMap<Vec<u32>, usize> = HashMap::default();
    for start in 0..offer.words.len() {
        for end in ends(&offer.words, start) {
            let words = &offer.words[start..end];
            let key: Vec<u32> = words.iter().map(|word| word.key).collect();
            let index = *known.entry(key).or_insert_with_key(|key| {
                out.push(Candidate { key: key.clone(), places: Vec::new(), worth: worth(words, idf) });
                out.len() - 1
            });
            out[index].places.push(start..end);
        }
    }
    out
}

/// Ends of the runs that begin with the word at `start`.
fn ends(words: &[Word], start: usize) -> impl Iterator<Item = usize> {
    let longest = if words[start].pair { LONGEST_RUN } else { LONGEST };
    let joined = (start + 1..words.len()).take_while(move |&at| words[at].joined && words[at].pair == words[start].pair);
    let mut full = 0;
    let within = std::iter::once(start).chain(joined).take_while(move |&at| {
        full += usize::from(words[at].is_full);
        full <= longest
    });
    let hyphened = |at: usize| words.get(at).is_some_and(|word| word.hyphened);
    within.filter(move |&at| words[start].is_full && !hyphened(start) && words[at].is_full && !hyphened(at + 1)).map(|at| at + 1)
}

/// What an occurrence of these words is worth: the mean idf of those that are no stop words, and more for each beyond the first.
fn worth(words: &[Word], idf: &[f64]) -> f64 {
    let full = words.iter().filter(|word| word.is_full);
    let (count, sum) = full.fold((0.0, 0.0), |(count, sum), word| (count + 1.0, sum + idf[word.key as usize]));
    let further = if words[0].pair { PAIR } else { PHRASE };
    sum / count * (1.0 + further * (count - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::frequency::sentence_idf;
    use crate::{Article, Lang, Scratch, TextOptions, parse};

    /// The keywords of a text whose title is what stands before the first bar.
    fn of(lang: &str, text: &str, most: usize) -> Vec<String> {
        let (title, text) = text.split_once('|').map_or((None, text), |(title, text)| (Some(title.to_owned()), text));
        let mut article = Article::new("a".into(), text.into()).expect("short");
        (article.lang, article.title) = (Lang::parse(lang), title);
        let document = parse(article, &TextOptions::default(), &mut Scratch::default());
        keywords(&document, &sentence_idf(&document), most).into_iter().map(|keyword| keyword.text).collect()
    }

    #[test]
    fn phrases_go_before_their_words() {
        let text = "The health board met. A health board of nine met again. Who needs a board? It rains, and rains.";
        assert_eq!(of("en", text, 2), ["health board", "rains"]);
        assert_eq!(of("en", text, 0), Vec::<String>::new());
        let all = of("en", text, 50);
        assert!(!all.iter().any(|word| word == "health" || word == "board" || word == "nine"), "{all:?}");
    }

    #[test]
    fn a_word_is_written_as_the_article_mostly_does() {
        assert_eq!(of("en", "Ferries sail. One ferry sank, and the ferry is gone. Two ferries sail.", 1), ["ferry"]);
        assert_eq!(
            of("en", "Sailors drown. Harbour dogs swim, and NATO sails.", 9),
            ["sailors", "drown", "harbour", "dogs", "swim", "NATO", "sails"]
        );
    }

    #[test]
    fn names_keep_their_capitals_and_are_given_in_full() {
        let text = "The plan of Ishbel Tarrant is new. We met Dr. Tarrant and her Outer Sound Health Board. The board met the board.";
        let all = of("en", text, 9);
        assert!(all.starts_with(&["Outer Sound Health Board".into(), "Ishbel Tarrant".into()]), "{all:?}");
        assert_eq!(of("en", "She saw Tarrant’s boat. Then Tarrant’s dog saw Tarrant.", 1), ["Tarrant"]);
        assert_eq!(of("tr", "Herkes Bakı'da kaldı. Sonra Bakı'dan ayrıldı.", 1), ["Bakı"]);
        assert_eq!(of("fr", "Ici Vernay-sur-Loue brûle. Tout Vernay-sur-Loue pleure.", 1), ["Vernay-sur-Loue"]);
    }

    #[test]
    fn a_title_counts_for_what_the_text_takes_up() {
        let text = "A mill burned. A bridge fell. A tower stood.";
        assert_eq!(of("en", text, 1), ["mill"]);
        assert_eq!(of("en", &format!("The old bridge and zeppelins|{text}"), 1), ["bridge"]);
    }

    #[test]
    fn where_nouns_have_capitals_only_nouns_are_keywords() {
        let all = of("de", "Die Brücke bleibt gesperrt. Die Brücke bleibt alt, weil Geld fehlt.", 9);
        assert_eq!(all, ["Brücke", "Geld"]);
    }

    #[test]
    fn unspaced_scripts_give_words_of_several_characters() {
        assert_eq!(of("zh", "石溪镇的水坝建成了。水坝很长。石溪镇的人说水坝好。", 2), ["石溪镇", "水坝"]);
        assert_eq!(of("ja", "潮風鉄道が走った。潮風鉄道は町のタクシーより速い。", 2), ["潮風鉄道", "タクシー"]);
    }

    #[test]
    fn an_article_may_have_none() {
        for text in ["It is what it is.", "1 22 333. 4444.", "!!!", "", "On Monday, 3 May, three people said so."] {
            assert_eq!(of("en", text, 9), Vec::<String>::new(), "{text}");
        }
    }
}
