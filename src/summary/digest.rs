//! One summary of many articles. Sentences are taken one by one, each time the one with which the summary as a whole comes closest to
//! the centroid of the articles (Radev, Jing, Styś & Tam, "Centroid-based summarization of multiple documents", 2004; chosen as a
//! whole rather than sentence by sentence after Ghalandari, "Revisiting the Centroid-based Method", 2017), while it does not
//! repeat a chosen one and the budget holds. In the centroid every article weighs the same and its first sentences weigh
//! most. Copies of an article are no business of this file: its caller leaves them out.
//!
//! The time is that of a pass over the text for every sentence chosen.

use foldhash::HashMap;

use super::coherence::{Coherence, Standing};
use super::unwanted::never_shown;
use super::{display, frequency};
use crate::document::Document;
use crate::text::date::moment;

/// Name of the method in outputs.
pub const METHOD: &str = "digest";

/// How much more the first sentence of an article weighs in the centroid than one at its end; the second half of that, and so on.
/// Tuned on the odd clusters of DUC 2004; from 1 to 3 little changes.
const FIRST: f64 = 2.0;
/// Cosine above which a sentence repeats a chosen one.
const CUT: f64 = 0.5;
/// Cosine above which a sentence of another article says the same.
const SAME: f64 = 0.75;
/// Fewer words than this hardly stand alone: they come after all others.
const SHORT: u32 = 8;

/// How long a digest may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// So many sentences.
    Sentences(u32),
    /// So many words (see [`crate::text::token::Words`]).
    Words(u32),
    /// So many Unicode scalars of the displayed text, the blanks between sentences included.
    Characters(u32),
    /// So many bytes of the displayed text in UTF-8, the blanks between sentences included.
    Bytes(u32),
}

/// An article of a digest.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The article.
    pub document: &'a Document,
    /// The number of each of its local terms among all articles.
    pub terms: &'a [u32],
}

/// A sentence by its place: which member, which of its sentences.
pub type Place = (usize, usize);

/// A chosen sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Cited {
    /// Where it stands.
    pub place: Place,
    /// Its place in the order of choosing, from 1.
    pub rank: u32,
    /// Its cosine with the centroid.
    pub score: f64,
    /// What is shown, where it differs from the exact slice.
    pub display: Option<String>,
    /// Sentences of other articles that say the same.
    pub same: Vec<Place>,
}

/// The chosen sentences, in the order in which they are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Digest {
    /// In the order in which they are shown (see [`digest`]).
    pub sentences: Vec<Cited>,
    /// Words of the chosen sentences.
    pub words: u32,
    /// The one sentence alone is over the budget.
    pub over_budget: bool,
}

/// A digest of articles in one language. `idf` holds a value by shared term.
///
/// Sentences of an article stay together and in their order. The article of the sentence chosen first comes first, since it says best
/// what all is about; the others follow by date where all have one that [`moment`] understands, else in the order given. What
/// the `news` ranker passes over, such as cut quotations, is passed over here too, unless there is nothing else. At least one
/// sentence, always, if there is one with a word.
pub fn digest(members: &[Member], idf: &[f64], limit: Limit) -> Digest {
    let mut pool = Pool::new(members, idf);
    let mut purse = Purse::new(limit);
    for tier in [Tier::Fresh, Tier::Late] {
        pool.fill(members, &mut purse, tier);
    }
    if pool.chosen.is_empty() {
        pool.fill(members, &mut purse, Tier::PassedOver);
    }
    let over_budget = pool.chosen.is_empty() && pool.take_any();
    let mut sentences = in_order(members, pool.chosen);
    let mut words = 0;
    let mut before: Option<Place> = None;
    for Cited { place: (member, sentence), display, .. } in &mut sentences {
        let document = members[*member].document;
        words += document.sentences()[*sentence].words;
        *display = display::display(document, *sentence, before.filter(|before| before.0 == *member).map(|before| before.1));
        before = Some((*member, *sentence));
    }
    Digest { sentences, words, over_budget }
}

/// Idf by shared term where there are too few articles: their sentences are the documents. `terms` is the number of shared terms.
pub fn sentence_idf(members: &[Member], terms: usize) -> Vec<f64> {
    let (mut df, mut last, mut n) = (vec![0u64; terms], vec![0u64; terms], 0);
    for member in members {
        for sentence in member.document.candidates() {
            n += 1;
            for &local in member.document.tokens(sentence) {
                let term = member.terms[local as usize] as usize;
                df[term] += u64::from(last[term] != n);
                last[term] = n;
            }
        }
    }
    df.into_iter().map(|df| frequency::idf(n, df)).collect()
}

/// Puts the chosen sentences in the order in which they are shown.
fn in_order(members: &[Member], mut chosen: Vec<Cited>) -> Vec<Cited> {
    let date = |member: usize| members[member].document.article().meta.date.as_deref().and_then(moment);
    let dated = chosen.iter().all(|cited| date(cited.place.0).is_some());
    let first = chosen.first().map(|cited| cited.place.0);
    chosen.sort_by_key(|cited| {
        let member = cited.place.0;
        (Some(member) != first, if dated { date(member) } else { None }, cited.place)
    });
    chosen
}

/// Which sentences are taken before which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tier {
    Fresh,
    /// What is short, or leans on a sentence that is not shown.
    Late,
    PassedOver,
}

/// Every sentence there is to choose from, what is chosen, and how near both are to the centroid.
struct Pool {
    rows: Rows,
    places: Vec<Place>,
    tiers: Vec<Tier>,
    /// Chosen, or repeating what is.
    gone: Vec<bool>,
    /// By sentence: product with the centroid (of length one), with itself, with the sum of the chosen.
    central: Vec<f64>,
    square: Vec<f64>,
    taken: Vec<f64>,
    /// The sum of the chosen: its product with the centroid and with itself.
    sum_central: f64,
    sum_square: f64,
    chosen: Vec<Cited>,
}

impl Pool {
    fn new(members: &[Member], idf: &[f64]) -> Pool {
        let (mut rows, mut places, mut tiers) = (Rows::default(), Vec::new(), Vec::new());
        for (m, member) in members.iter().enumerate() {
            let local: Vec<f64> = member.terms.iter().map(|&term| idf[term as usize]).collect();
            let candidates = member.document.candidates();
            let passed_over = never_shown(member.document, &candidates);
            let coherence = Coherence::new(member.document);
            for &sentence in &candidates {
                rows.push(member, sentence, &local);
                places.push((m, sentence));
                let short = || member.document.sentences()[sentence].words < SHORT;
                tiers.push(match coherence.standing(sentence) {
                    _ if passed_over(sentence) => Tier::PassedOver,
                    Standing::Leans | Standing::Follows => Tier::Late,
                    _ if short() => Tier::Late,
                    _ => Tier::Fresh,
                });
            }
        }
        let centroid = rows.centroid(&places);
        let product = |row: &[(u32, f64)]| row.iter().map(|&(term, weight)| weight * centroid[term as usize]).sum();
        let central = (0..places.len()).map(|i| product(rows.row(i))).collect();
        let square: Vec<f64> = (0..places.len()).map(|i| squares(rows.row(i))).collect();
        let (gone, taken) = (vec![false; places.len()], vec![0.0; places.len()]);
        Pool { rows, places, tiers, gone, central, square, taken, sum_central: 0.0, sum_square: 0.0, chosen: Vec::new() }
    }

    /// Takes sentences of a tier while there are some that can be paid for.
    fn fill(&mut self, members: &[Member], purse: &mut Purse, tier: Tier) {
        while let Some(best) = self.best(|i| self.tiers[i] == tier && purse.pays(members, self.places[i])) {
            purse.pay(members, self.places[best]);
            self.take(best);
        }
    }

    /// The sentence with which the sum comes closest to the centroid; the first of several.
    fn best(&self, may: impl Fn(usize) -> bool) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for i in (0..self.places.len()).filter(|&i| !self.gone[i]) {
            let square = self.sum_square + 2.0 * self.taken[i] + self.square[i];
            let cosine = if square > 0.0 { (self.sum_central + self.central[i]) / square.sqrt() } else { 0.0 };
            if best.is_none_or(|(most, _)| cosine > most) && may(i) {
                best = Some((cosine, i));
            }
        }
        best.map(|(_, i)| i)
    }

    fn take(&mut self, best: usize) {
        self.sum_central += self.central[best];
        self.sum_square += 2.0 * self.taken[best] + self.square[best];
        let row = self.rows.dense(best);
        let mut same = Vec::new();
        for i in 0..self.places.len() {
            let product: f64 = self.rows.row(i).iter().map(|&(term, weight)| weight * row[term as usize]).sum();
            self.taken[i] += product;
            let length = (self.square[i] * self.square[best]).sqrt();
            self.gone[i] |= product > CUT * length;
            if product > SAME * length && self.places[i].0 != self.places[best].0 {
                same.push(self.places[i]);
            }
        }
        self.gone[best] = true;
        let score = if self.square[best] > 0.0 { self.central[best] / self.square[best].sqrt() } else { 0.0 };
        self.chosen.push(Cited { place: self.places[best], rank: self.chosen.len() as u32 + 1, score, display: None, same });
    }

    /// Takes the best sentence whatever it costs; false if there is none.
    fn take_any(&mut self) -> bool {
        let better = [Tier::Fresh, Tier::Late, Tier::PassedOver].into_iter().find_map(|tier| self.best(|i| self.tiers[i] == tier));
        better.is_some_and(|best| {
            self.take(best);
            true
        })
    }
}

/// Sentences as weights by term, (1 + ln tf) * idf, of any length: long sentences say more. Terms are numbered anew, since a digest
/// may know few of those of a batch.
#[derive(Default)]
struct Rows {
    entries: Vec<(u32, f64)>,
    ends: Vec<usize>,
    numbers: HashMap<u32, u32>,
    buffer: Vec<u32>,
}

impl Rows {
    fn push(&mut self, member: &Member, sentence: usize, idf: &[f64]) {
        let Rows { entries, ends, numbers, buffer } = self;
        buffer.clear();
        buffer.extend_from_slice(member.document.tokens(sentence));
        buffer.sort_unstable();
        for run in buffer.chunk_by(|one, other| one == other).filter(|run| idf[run[0] as usize] > 0.0) {
            let next = numbers.len() as u32;
            let term = *numbers.entry(member.terms[run[0] as usize]).or_insert(next);
            entries.push((term, (1.0 + (run.len() as f64).ln()) * idf[run[0] as usize]));
        }
        ends.push(entries.len());
    }

    fn row(&self, index: usize) -> &[(u32, f64)] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.entries[start..self.ends[index]]
    }

    /// A sentence as weights by term, zeros included.
    fn dense(&self, index: usize) -> Vec<f64> {
        let mut dense = vec![0.0; self.numbers.len()];
        self.row(index).iter().for_each(|&(term, weight)| dense[term as usize] = weight);
        dense
    }

    /// The sum of all articles, each of length one and itself the sum of its sentences, the first of which weigh most; of length one.
    fn centroid(&self, places: &[Place]) -> Vec<f64> {
        let mut sum = vec![0.0; self.numbers.len()];
        let mut article = vec![0.0; self.numbers.len()];
        let mut start = 0;
        for run in places.chunk_by(|one, other| one.0 == other.0) {
            let rows = || (start..start + run.len()).map(|i| self.row(i));
            for (k, row) in rows().enumerate() {
                let share = 1.0 + FIRST / (1.0 + k as f64);
                row.iter().for_each(|&(term, weight)| article[term as usize] += share * weight);
            }
            // Every term is met once: what was added is taken out again.
            let mut terms = Vec::new();
            for &(term, _) in rows().flatten() {
                let weight = std::mem::take(&mut article[term as usize]);
                if weight > 0.0 {
                    terms.push((term, weight));
                }
            }
            let length = squares(&terms).sqrt();
            terms.iter().for_each(|&(term, weight)| sum[term as usize] += weight / length);
            start += run.len();
        }
        let length = sum.iter().map(|weight| weight * weight).sum::<f64>().sqrt();
        if length > 0.0 {
            sum.iter_mut().for_each(|weight| *weight /= length);
        }
        sum
    }
}

fn squares(row: &[(u32, f64)]) -> f64 {
    row.iter().map(|(_, weight)| weight * weight).sum()
}

/// What is left to spend.
struct Purse {
    limit: Limit,
    left: u64,
    started: bool,
}

impl Purse {
    fn new(limit: Limit) -> Purse {
        let (Limit::Sentences(n) | Limit::Words(n) | Limit::Characters(n) | Limit::Bytes(n)) = limit;
        Purse { limit, left: n.into(), started: false }
    }

    /// What a sentence costs, the blank before it included.
    fn cost(&self, members: &[Member], (member, sentence): Place) -> u64 {
        let document = members[member].document;
        let joint = u64::from(self.started);
        match self.limit {
            Limit::Sentences(_) => 1,
            Limit::Words(_) => document.sentences()[sentence].words.into(),
            Limit::Characters(_) => joint + display::longest(document, sentence, |text| text.chars().count()),
            Limit::Bytes(_) => joint + display::longest(document, sentence, str::len),
        }
    }

    fn pays(&self, members: &[Member], place: Place) -> bool {
        self.left > 0 && self.cost(members, place) <= self.left
    }

    fn pay(&mut self, members: &[Member], place: Place) {
        self.left -= self.cost(members, place);
        self.started = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::text::{Scratch, TextOptions, parse};

    /// Documents parsed by one worker: the index in its vocabulary is the shared number.
    fn documents(texts: &[(&str, Option<&str>)]) -> (Vec<Document>, Vec<Vec<u32>>, usize) {
        let mut scratch = Scratch::default();
        let options = TextOptions { lang: crate::lang::Lang::parse("en"), ..TextOptions::default() };
        let article = |(text, date): &(&str, Option<&str>)| {
            let mut article = Article::new("a".into(), (*text).into()).expect("short");
            article.meta.date = date.map(str::to_owned);
            article
        };
        let documents: Vec<Document> = texts.iter().map(|text| parse(article(text), &options, &mut scratch)).collect();
        let terms = documents.iter().map(|document| document.terms().iter().map(|term| term.index() as u32).collect()).collect();
        (documents, terms, scratch.vocabulary("en").map_or(0, |vocabulary| vocabulary.len()))
    }

    fn of(texts: &[(&str, Option<&str>)], limit: Limit) -> (Digest, Vec<String>) {
        let (documents, terms, count) = documents(texts);
        let members: Vec<Member> = documents.iter().zip(&terms).map(|(document, terms)| Member { document, terms }).collect();
        let digest = digest(&members, &sentence_idf(&members, count), limit);
        let shown = |cited: &Cited| cited.display.clone().unwrap_or_else(|| documents[cited.place.0].slice(cited.place.1).to_owned());
        let texts = digest.sentences.iter().map(shown).collect();
        (digest, texts)
    }

    const FERRY: &str =
        "The ferry between Port Ellery and Skellan will run three times a day from November. Passengers paid for the fuel of the ferry.";
    const AGAIN: &str = "From November the ferry between Port Ellery and Skellan will run three times a day. The bakery on the pier sells more rolls than ever.";
    const OTHER: &str =
        "Beekeepers in Tarrow Vale lost a quarter of their colonies over the long winter. The county association blames the wet spring.";

    #[test]
    fn what_two_articles_say_is_said_once_and_cited_twice() {
        let (digest, texts) = of(&[(FERRY, None), (OTHER, None), (AGAIN, None)], Limit::Sentences(3));
        assert_eq!(texts.iter().filter(|text| text.contains("three times a day")).count(), 1, "{texts:?}");
        let ferry = digest.sentences.iter().find(|cited| cited.rank == 1).expect("there is a first");
        assert_eq!((ferry.place, &ferry.same[..]), ((0, 0), &[(2, 0)][..]));
    }

    #[test]
    fn the_budget_counts_what_is_shown() {
        for bytes in 60..300 {
            let (digest, texts) = of(&[(FERRY, None), (OTHER, None)], Limit::Bytes(bytes));
            assert_eq!(texts.join(" ").len() > bytes as usize, digest.over_budget, "{bytes}: {texts:?}");
            assert!(!texts.is_empty() && (!digest.over_budget || texts.len() == 1));
        }
    }

    #[test]
    fn articles_follow_by_date_after_the_one_chosen_first() {
        let articles = [(OTHER, Some("2021-05-03")), (FERRY, Some("2021-05-02")), (AGAIN, Some("2021-05-01"))];
        let (digest, _) = of(&articles, Limit::Sentences(6));
        let first = digest.sentences[0].place.0;
        assert_eq!(digest.sentences.iter().find(|cited| cited.rank == 1).map(|cited| cited.place.0), Some(first));
        let mut rest: Vec<usize> = digest.sentences.iter().map(|cited| cited.place.0).filter(|member| *member != first).collect();
        rest.dedup();
        assert!(rest.is_sorted_by(|one, other| one > other), "later ones come last: {rest:?}");
    }

    #[test]
    fn the_hardest_articles_have_a_digest_too() {
        assert_eq!(of(&[], Limit::Sentences(3)).1, Vec::<String>::new());
        for text in ["It is.", "12 34 56. 78 90.", "Yes."] {
            assert_eq!(of(&[(text, None), (text, None)], Limit::Sentences(1)).1.len(), 1, "{text}");
        }
        let quoted = "“We are glad. We are very glad about the new ferry to the island. It is done and we are glad,” he said.";
        assert!(!of(&[(quoted, None)], Limit::Words(12)).1.is_empty());
    }
}
