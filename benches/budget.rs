//! What a budget of words for translation covers, where a tenth of the words of a set is translated: ROUGE-1 recall of what is chosen
//! against the summaries that editors wrote, beside the first words of every article and the first sentences of all, of the same length
//! in total, and beside what is chosen greedily by whoever has read the summaries. `cargo bench --bench budget` prints a table a set;
//! the sets are those of the reference data that `EPITOME_REFERENCE` names. The weights come from the shipped table, which was fitted to
//! these sets, and from tables that did not see the article. It measures no speed; see `batch`.

#![allow(clippy::print_stderr, clippy::print_stdout, reason = "it prints its tables, and there what is missing")]

#[allow(dead_code, reason = "the example asks it for more")]
#[path = "../examples/fit_ranker/fit/mod.rs"]
mod fit;
#[allow(dead_code, reason = "the tests ask it for more")]
#[path = "../tests/it/reference.rs"]
mod reference;

use std::collections::{BTreeMap, BinaryHeap};
use std::fs;
use std::path::Path;

use epitome::eval::rouge::{Rouge, Tokens, rouge_n};
use epitome::format::reference as references;
use epitome::summary::trained::Trained;
use epitome::text::language;
use epitome::text::token::Words;
use epitome::translation::budget::{Asked, Ceiling, Choice, Offered, Pool, Step, WORD, Whole, ladder};

use fit::crossed::Crossed;
use fit::profile::Profile;
use fit::texts::{Set, Text};

const SETS: [&str; 3] = ["cnndm_val", "cnndm_train_cnn300", "cnndm_train_dm200"];

/// Shares of the words, in percent; the recall is told of the one in the middle.
const CURVE: [u64; 7] = [1, 2, 5, 10, 20, 50, 100];
const TOLD: usize = 3;

fn main() {
    let Some(reference) = reference::reference() else { return };
    let profile = Profile::find("news").expect("it is there");
    let lines: BTreeMap<&str, String> = profile.sets.iter().map(|(name, _)| (*name, lines(&reference, name))).collect();
    let sets: BTreeMap<&str, Set> = lines.iter().map(|(name, lines)| (*name, Set::read(lines).expect("sound"))).collect();
    let weighed: Vec<_> = profile.sets.iter().map(|(name, weight)| (&sets[name], *weight)).collect();
    let crossed = Crossed::fit(&weighed, profile.recipe);
    for name in SETS {
        let batch = Batch::new(&sets[name], &lines[name]);
        println!("{name}: {}", batch.told);
        let shipped = (profile.shipped)();
        batch.measure("shipped", &|_| shipped);
        batch.measure("cross-fitted", &|place| Trained { table: crossed.without(place), ..shipped });
    }
}

fn lines(reference: &Path, name: &str) -> String {
    let path = reference.join(format!("data/summarization/{name}.jsonl"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The articles of a set as one batch.
struct Batch<'a> {
    articles: Vec<Article<'a>>,
    most: u64,
    /// Recall of the better baseline, by article.
    bar: Vec<f64>,
    told: String,
}

/// An article, its sentences and its summary as they are compared.
struct Article<'a> {
    text: &'a Text,
    rouge: Rouge,
    gold: Tokens,
    sentences: Vec<Tokens>,
}

impl<'a> Article<'a> {
    fn new(text: &'a Text, line: &str) -> Article<'a> {
        let gold = references::read(line).expect("sound");
        let document = &text.document;
        let mut rouge = Rouge::new(document.article().lang.as_ref());
        let gold = rouge.tokens(&gold.summaries[0]);
        let sentences = (0..document.sentences().len()).map(|i| rouge.tokens(document.slice(i))).collect();
        Article { text, rouge, gold, sentences }
    }

    /// Recall of sentences, in whatever order.
    fn recall(&self, chosen: &[usize]) -> f64 {
        let chosen: Vec<&Tokens> = chosen.iter().map(|&i| &self.sentences[i]).collect();
        rouge_n(&self.gold, &Tokens::joined(&chosen), 1).recall
    }

    /// Recall of the first words, counted as those of sentences are; the last sentence may be cut.
    fn recall_of_first(&mut self, words: u64) -> f64 {
        let text = self.text.document.text();
        let ends = text.match_indices(char::is_whitespace).map(|(at, _)| at).chain([text.len()]);
        let factor = language::of(self.text.document.article().lang.as_ref()).factor;
        let fits = |end: &usize| u64::from(Words::of(&text[..*end]).count(factor)) <= words;
        let end = ends.take_while(fits).last().unwrap_or(0);
        rouge_n(&self.gold, &self.rouge.tokens(&text[..end]), 1).recall
    }

    fn words(&self, sentence: usize) -> u64 {
        self.text.document.sentences()[sentence].words.into()
    }
}

fn percent(values: &[f64]) -> f64 {
    100.0 * values.iter().sum::<f64>() / values.len() as f64
}

impl Batch<'_> {
    fn new<'a>(set: &'a Set, lines: &str) -> Batch<'a> {
        let mut articles: Vec<Article> = set.texts.iter().zip(lines.lines()).map(|(text, line)| Article::new(text, line)).collect();
        let all: u64 = articles.iter().flat_map(|article| (0..article.sentences.len()).map(|i| article.words(i))).sum();
        let most = all * CURVE[TOLD] / 100;
        let each = most / articles.len() as u64;
        let first: Vec<f64> = articles.iter_mut().map(|article| article.recall_of_first(each)).collect();
        let (leads, oracle) = (leads(&articles, most), oracle(&articles, most));
        let count = articles.len();
        let told = format!(
            "{most} words of {count} articles; recall of first words {:.2}, first sentences {:.2}, oracle {:.2}",
            percent(&first),
            percent(&leads),
            percent(&oracle)
        );
        let bar = if percent(&first) > percent(&leads) { first } else { leads };
        Batch { articles, most, bar, told }
    }

    /// Chooses by the weights of rankers, one an article, and tells what came of it.
    fn measure<'t>(&self, name: &str, ranker: &dyn Fn(usize) -> Trained<'t>) {
        let (mut steps, mut ceiling, mut offered) = (Vec::new(), Ceiling::default(), Vec::new());
        for (place, article) in (0u32..).zip(&self.articles) {
            let document = &article.text.document;
            let all = of(article.text, &ranker(place as usize));
            let rungs = ladder(&all.worth, &all.offers);
            ceiling.add(&Ceiling::of(&all.worth, &all.offers, &rungs));
            steps.extend(rungs.iter().map(|rung| Step { article: place, ..all.step(document, *rung) }));
            offered.push(all);
        }
        let pool = Pool::new(steps);
        let budgets = CURVE.map(|percent| pool.cost() * percent / 100);
        let curve = pool.curve(&budgets);
        assert!(curve.windows(2).all(|pair| pair[0].worth <= pair[1].worth), "the curve never falls");
        self.tell(name, &curve[TOLD], &offered);
        let share = |worth: f64| 100.0 * worth / offered.len() as f64;
        let point = |(choice, most): (&Choice, &u64)| format!("{:.1}/{:.1}", share(choice.worth), share(ceiling.within(*most)).min(100.0));
        let points: Vec<String> = curve.iter().zip(&budgets).map(point).collect();
        println!("    weight and bound at {CURVE:?} % of the words: {}", points.join(" "));
    }

    fn tell(&self, name: &str, choice: &Choice, offered: &[Offered]) {
        assert!(choice.words <= self.most, "the budget is kept");
        let sentences = |(article, offered): (u32, &Offered)| -> Vec<usize> {
            choice.of(article).flat_map(|offer| offered.places[offer as usize].clone()).map(|place| place - 1).collect()
        };
        let chosen = (0..).zip(offered).map(sentences);
        let recalls: Vec<f64> = self.articles.iter().zip(chosen).map(|(article, chosen)| article.recall(&chosen)).collect();
        let (ratio, low, high) = ratio(&recalls, &self.bar);
        println!(
            "  {name}: recall {:.2}, {ratio:.3} [{low:.3}, {high:.3}] of the better of the first two; {} words, {} sentences, {} said already",
            percent(&recalls),
            choice.words,
            choice.taken.len(),
            choice.repeats
        );
    }
}

fn of(text: &Text, ranker: &Trained) -> Offered {
    let ranking = text.ranking(ranker);
    let is_ranked = |i: usize| ranking.ranks[i].is_some();
    let lead = (0..ranking.ranks.len()).find(|&i| is_ranked(i) && !ranking.passed_over[i]);
    let cost = |_: usize, words: u32| words * WORD as u32;
    let (document, weights) = (&text.document, &ranking.weights[..]);
    Offered::new(&Asked { document, weights, is_ranked: &is_ranked, lead, cost: &cost, locked: &[], whole: Whole::Sentence })
}

/// Recall of the first sentence of every article, then the second, while they fit.
fn leads(articles: &[Article], most: u64) -> Vec<f64> {
    let (mut chosen, mut left) = (vec![Vec::new(); articles.len()], most);
    let longest = articles.iter().map(|article| article.sentences.len()).max().unwrap_or(0);
    for sentence in 0..longest {
        for (article, chosen) in articles.iter().zip(&mut chosen).filter(|(article, _)| sentence < article.sentences.len()) {
            let words = article.words(sentence);
            if words <= left {
                left -= words;
                chosen.push(sentence);
            }
        }
    }
    articles.iter().zip(&chosen).map(|(article, chosen)| article.recall(chosen)).collect()
}

/// Recall of what adds most to the recall for its words, as whoever has read the summaries sees.
fn oracle(articles: &[Article], most: u64) -> Vec<f64> {
    let (mut chosen, mut left): (Vec<Vec<usize>>, u64) = (vec![Vec::new(); articles.len()], most);
    let rate = |chosen: &[Vec<usize>], article: usize, sentence: usize| {
        let gain = articles[article].recall(&[&chosen[article][..], &[sentence]].concat()) - articles[article].recall(&chosen[article]);
        // As a whole number, by which a heap can order.
        (gain * 1e12 / articles[article].words(sentence) as f64) as u64
    };
    let offers = articles.iter().enumerate().flat_map(|(at, article)| (0..article.sentences.len()).map(move |i| (at, i)));
    let offers = offers.filter(|(article, sentence)| articles[*article].words(*sentence) > 0);
    let mut heap: BinaryHeap<(u64, usize, usize)> = offers.map(|(article, i)| (rate(&chosen, article, i), article, i)).collect();
    while let Some((told, article, sentence)) = heap.pop() {
        let (now, words) = (rate(&chosen, article, sentence), articles[article].words(sentence));
        if words > left || now == 0 {
            continue;
        }
        if now < told {
            heap.push((now, article, sentence));
            continue;
        }
        chosen[article].push(sentence);
        left -= words;
    }
    articles.iter().zip(&chosen).map(|(article, chosen)| article.recall(chosen)).collect()
}

/// The ratio of two means over the same articles, and the interval that holds 95 % of it over drawn articles.
fn ratio(ours: &[f64], theirs: &[f64]) -> (f64, f64, f64) {
    const DRAWS: usize = 2000;
    let of = |indices: &mut dyn Iterator<Item = usize>| {
        let (one, other) = indices.fold((0.0, 0.0), |sum, i| (sum.0 + ours[i], sum.1 + theirs[i]));
        one / other
    };
    let mut state = 0x5eed_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((u128::from(state) * below as u128) >> 64) as usize
    };
    let mut ratios: Vec<f64> = (0..DRAWS).map(|_| of(&mut (0..ours.len()).map(|_| draw(ours.len())))).collect();
    ratios.sort_by(f64::total_cmp);
    (of(&mut (0..ours.len())), ratios[DRAWS / 40], ratios[DRAWS - 1 - DRAWS / 40])
}
