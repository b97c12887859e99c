//! One summary of many articles. Sentences are taken one by one, each time the one with which the summary as a whole comes closest to
//! the centroid of the articles (Radev, Jing, Styś & Tam, "Centroid-based summarization of multiple documents", 2004; chosen as a
//! whole rather than sentence by sentence after Ghalandari, "Revisiting the Centroid-based Method", 2017), while it does not
//! repeat a chosen one and the budget holds. In the centroid every article weighs the same and its first sentences weigh
//! most. Copies of an article are no business of this file: its caller leaves them out.
//!
//! The time is that of a pass over the text for every sentence chosen.

use foldhash::HashMap;

use super::coherence::{Coherence, Standing};
use super::unwanted::{never_shown, penalty};
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
/// Points for what readers do not want (see `unwanted`) from which a sentence comes after all others.
const UNWANTED: f64 = 1.0;

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

impl Limit {
    fn most(self) -> u64 {
        let (Limit::Sentences(n) | Limit::Words(n) | Limit::Characters(n) | Limit::Bytes(n)) = self;
        n.into()
    }

    /// What a sentence costs after another one of its article, or after none.
    fn cost(self, document: &Document, sentence: usize, before: Option<usize>) -> u64 {
        let shown = || display::shown(document, sentence, before);
        match self {
            Limit::Sentences(_) => 1,
            Limit::Words(_) => u64::from(document.sentences()[sentence].words + display::added_words(document, sentence)),
            Limit::Characters(_) => shown().chars().count() as u64,
            Limit::Bytes(_) => shown().len() as u64,
        }
    }

    /// What the blank between two sentences costs.
    fn joint(self) -> u64 {
        u64::from(matches!(self, Limit::Characters(_) | Limit::Bytes(_)))
    }
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
/// what all is about; the others follow by date where all have one that [`moment`] understands, else in the order given. What leans
/// on another sentence is taken only after that one, and what cannot be shown by itself only where there is nothing else. At
/// least one sentence, always, if there is one with a word.
pub fn digest(members: &[Member], idf: &[f64], limit: Limit) -> Digest {
    let mut pool = Pool::new(members, idf);
    let mut purse = Purse::new(limit);
    pool.fill(members, &mut purse, Tier::Fresh);
    // A sentence that was asked for is due; the rest of a length is not worth a fragment.
    if pool.chosen.is_empty() || matches!(limit, Limit::Sentences(_)) {
        pool.fill(members, &mut purse, Tier::Late);
    }
    if pool.chosen.is_empty() {
        pool.fill(members, &mut purse, Tier::Last);
    }
    if pool.chosen.is_empty() {
        pool.take_any();
    }
    let mut digest = Digest { sentences: in_order(members, pool.chosen), ..Digest::default() };
    let mut before: Option<Place> = None;
    let mut cost = 0;
    for Cited { place: (member, sentence), display, .. } in &mut digest.sentences {
        let document = members[*member].document;
        let same = before.filter(|(other, _)| other == member).map(|(_, sentence)| sentence);
        *display = display::display(document, *sentence, same);
        digest.words += document.sentences()[*sentence].words;
        cost += limit.cost(document, *sentence, same) + if before.is_some() { limit.joint() } else { 0 };
        before = Some((*member, *sentence));
    }
    digest.over_budget = cost > limit.most();
    digest
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
    /// Those that stand alone.
    Fresh,
    /// Those that need marks or a speaker supplied, and what readers hardly want.
    Late,
    /// Those that stand only after a chosen one, by its index, if there is one that they can follow.
    Leaning(Option<usize>),
    /// Those for articles that have nothing else.
    Last,
}

/// The tiers of an article's candidates, of which the first has the index `start`.
fn tiers(document: &Document, candidates: &[usize], start: usize) -> impl Iterator<Item = Tier> {
    let coherence = Coherence::new(document);
    let never = never_shown(document, candidates);
    candidates.iter().map(move |&i| match coherence.standing(i) {
        _ if never(i) => Tier::Last,
        Standing::Never => Tier::Last,
        Standing::Leans | Standing::Follows => {
            let antecedent = coherence.antecedent(i).and_then(|antecedent| candidates.binary_search(&antecedent).ok());
            Tier::Leaning(antecedent.map(|k| start + k))
        }
        Standing::Mended => Tier::Late,
        Standing::Alone if penalty(document, i) >= UNWANTED => Tier::Late,
        Standing::Alone => Tier::Fresh,
    })
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
            tiers.extend(self::tiers(member.document, &candidates, places.len()));
            for sentence in candidates {
                rows.push(member, sentence, &local);
                places.push((m, sentence));
            }
        }
        let centroid = rows.centroid(&places);
        let product = |row: &[(u32, f64)]| row.iter().map(|&(term, weight)| weight * centroid[term as usize]).sum();
        let central = (0..places.len()).map(|i| product(rows.row(i))).collect();
        let square: Vec<f64> = (0..places.len()).map(|i| squares(rows.row(i))).collect();
        let (gone, taken) = (vec![false; places.len()], vec![0.0; places.len()]);
        Pool { rows, places, tiers, gone, central, square, taken, sum_central: 0.0, sum_square: 0.0, chosen: Vec::new() }
    }

    /// Takes sentences of a tier, and those that lean on chosen ones, while there are some that can be paid for. In the last tier
    /// everything is welcome.
    fn fill(&mut self, members: &[Member], purse: &mut Purse, tier: Tier) {
        let stands = |pool: &Pool, i: usize| match pool.tiers[i] {
            _ if tier == Tier::Last => true,
            Tier::Leaning(antecedent) => antecedent.is_some_and(|antecedent| pool.is_chosen(antecedent)),
            other => other == tier,
        };
        while let Some(best) = self.best(|i| stands(self, i) && purse.pays(members, self.places[i])) {
            purse.pay(members, self.places[best]);
            self.take(best);
        }
    }

    fn is_chosen(&self, index: usize) -> bool {
        self.chosen.iter().any(|cited| cited.place == self.places[index])
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

    /// Takes the best sentence whatever it costs, one that stands by itself if there is one.
    fn take_any(&mut self) {
        let alone = [Tier::Fresh, Tier::Late].into_iter().find_map(|tier| self.best(|i| self.tiers[i] == tier));
        if let Some(best) = alone.or_else(|| self.best(|_| true)) {
            self.take(best);
        }
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
        Purse { limit, left: limit.most(), started: false }
    }

    /// What a sentence costs at most, whatever is chosen later, the blank before it included.
    fn cost(&self, members: &[Member], (member, sentence): Place) -> u64 {
        let cost = |before| self.limit.cost(members[member].document, sentence, before);
        let joint = if self.started { self.limit.joint() } else { 0 };
        joint + cost(None).max(cost(sentence.checked_sub(1)))
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
        let shown = |cited: &Cited| display::shown(&documents[cited.place.0], cited.place.1, None).into_owned();
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
