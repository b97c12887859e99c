//! Choices held against all that there are, on articles of a few offers.

use super::Turn::{Lead, Rest, Title};
use super::*;
use crate::text::language;
use proptest::prelude::*;

/// An article of a few offers.
#[derive(Clone, Debug)]
struct Small {
    worth: Worth,
    offers: Vec<Offer>,
}

const TERMS: u32 = 8;

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![1 => Just(Turn::Title), 1 => Just(Turn::Lead), 8 => Just(Turn::Rest)]
}

fn small() -> impl Strategy<Value = Small> {
    let offer = (prop::collection::btree_set(0..TERMS, 0..5), 1u32..12, 0u32..6, turn(), 0.0f64..1.0);
    prop::collection::vec(offer, 0..5).prop_map(|drawn| {
        let offer = |(terms, words, tenth, turn, _): &(std::collections::BTreeSet<u32>, u32, u32, Turn, f64)| Offer {
            terms: terms.iter().copied().collect(),
            words: *words,
            // Some are nearly paid for by a memory.
            cost: words * if *tenth == 0 { 100 } else { 1000 },
            turn: *turn,
        };
        let offers: Vec<Offer> = drawn.iter().map(offer).collect();
        let weights = drawn.iter().map(|(.., weight)| *weight);
        let worth = Worth::new(weights.zip(offers.iter().map(|offer| &*offer.terms)), TERMS as usize);
        Small { worth, offers }
    })
}

fn twin(text: &str) -> Twin {
    Twin::of(text, language::of(None))
}

/// The pool and the ceiling of articles; nothing in them says the same.
fn pooled(articles: &[Small]) -> (Pool, Ceiling) {
    let (mut steps, mut ceiling) = (Vec::new(), Ceiling::default());
    for (article, Small { worth, offers }) in (0u32..).zip(articles) {
        let rungs = ladder(worth, offers);
        ceiling.add(&Ceiling::of(worth, offers, &rungs));
        steps.extend(rungs.iter().map(|rung| {
            let Offer { words, cost, turn, .. } = offers[rung.offer as usize];
            let twin = twin(&format!("{article} {}", rung.offer));
            Step { article, offer: rung.offer, words, cost, gain: rung.gain as f32, turn, twin }
        }));
    }
    (Pool::new(steps), ceiling)
}

fn worth_of(articles: &[Small], taken: &[(u32, u32)]) -> f64 {
    let of = |(article, small): (u32, &Small)| {
        let offers = taken.iter().filter(|(other, _)| *other == article).map(|(_, offer)| &*small.offers[*offer as usize].terms);
        small.worth.of(offers)
    };
    (0..).zip(articles).map(of).sum()
}

/// The worth of the best choice there is.
fn best(articles: &[Small], most: u64) -> f64 {
    let all: Vec<(u32, u32)> =
        (0..).zip(articles).flat_map(|(article, small)| (0..small.offers.len() as u32).map(move |offer| (article, offer))).collect();
    let cost = |(article, offer): &(u32, u32)| u64::from(articles[*article as usize].offers[*offer as usize].cost);
    let sets = (0u32..1 << all.len()).map(|set| (0..all.len()).filter(|i| set >> i & 1 == 1).map(|i| all[i]).collect::<Vec<_>>());
    sets.filter(|set| set.iter().map(cost).sum::<u64>() <= most).map(|set| worth_of(articles, &set)).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_choice_is_within_its_budget_and_the_best_below_the_ceiling(articles in prop::collection::vec(small(), 1..4), most in 0u64..40_000) {
        let (pool, ceiling) = pooled(&articles);
        let choice = pool.choose(most);
        prop_assert!(choice.cost <= most);
        let worth = worth_of(&articles, &choice.taken);
        prop_assert!(choice.worth <= worth + 1e-6, "{} told, {worth}", choice.worth);
        let (best, bound) = (best(&articles, most), ceiling.within(most));
        prop_assert!(worth <= best + 1e-9 && best <= bound + 1e-9, "{worth}, {best} at best, bound {bound}");
        // So at least the share that is told was reached.
        prop_assert!(worth >= best * (worth / bound.max(1e-12)) - 1e-6);
    }

    #[test]
    fn more_words_are_never_worth_less(articles in prop::collection::vec(small(), 1..6), most in prop::collection::btree_set(0u64..80_000, 1..9)) {
        let (pool, ceiling) = pooled(&articles);
        let budgets: Vec<u64> = most.into_iter().collect();
        let curve = pool.curve(&budgets);
        prop_assert!(curve.windows(2).all(|pair| pair[0].worth <= pair[1].worth));
        prop_assert!(curve.iter().zip(&budgets).all(|(choice, most)| choice.cost <= *most && choice.worth <= ceiling.within(*most) + 1e-5));
    }

    #[test]
    fn everything_is_taken_where_there_is_money_for_it(articles in prop::collection::vec(small(), 1..6)) {
        let (pool, ceiling) = pooled(&articles);
        let choice = pool.choose(pool.cost());
        prop_assert_eq!(choice.taken.len(), articles.iter().map(|small| small.offers.len()).sum::<usize>());
        let whole: f64 = worth_of(&articles, &choice.taken);
        prop_assert!((choice.worth - whole).abs() < 1e-5 && ceiling.within(u64::MAX / 2) >= whole - 1e-9);
    }

    #[test]
    fn the_order_of_the_steps_is_nothing(articles in prop::collection::vec(small(), 1..5), most in 0u64..40_000, turned in 0usize..20) {
        let (pool, _) = pooled(&articles);
        let mut steps = pool.steps.clone();
        let by = turned % steps.len().max(1);
        steps.rotate_left(by);
        prop_assert_eq!(Pool::new(steps).choose(most), pool.choose(most));
    }
}

fn article(offers: &[(&[u32], u32, Turn)]) -> Small {
    let offer =
        |(terms, words, turn): &(&[u32], u32, Turn)| Offer { terms: terms.to_vec(), words: *words, cost: words * 1000, turn: *turn };
    let offers: Vec<Offer> = offers.iter().map(offer).collect();
    let worth = Worth::new(offers.iter().map(|offer| (1.0, &*offer.terms)), TERMS as usize);
    Small { worth, offers }
}

#[test]
fn what_says_the_same_again_is_worth_nothing() {
    let Small { worth, offers } = article(&[(&[0, 1], 5, Rest), (&[0, 1], 5, Rest), (&[2, 3], 8, Rest)]);
    let rungs = ladder(&worth, &offers);
    assert_eq!(rungs.iter().map(|rung| rung.offer).collect::<Vec<_>>(), [0, 2, 1]);
    assert_eq!(rungs[2].gain, 0.0);
    assert!((worth.of(offers.iter().map(|offer| &*offer.terms)) - 1.0).abs() < 1e-12);
}

#[test]
fn titles_come_first_then_leads_then_what_is_worth_more() {
    let titled = article(&[(&[0], 30, Lead), (&[1, 2, 3], 3, Rest), (&[7], 4, Title)]);
    assert_eq!(ladder(&titled.worth, &titled.offers).iter().map(|rung| rung.offer).collect::<Vec<_>>(), [2, 0, 1]);
    let (pool, _) = pooled(&[article(&[(&[1, 2, 3], 3, Rest)]), titled, article(&[(&[5], 4, Lead)])]);
    assert_eq!(pool.choose(4000).taken, [(1, 2)]);
    assert_eq!(pool.choose(8000).taken, [(1, 2), (2, 0)]);
    // Whose lead is too long leaves the words to others.
    assert_eq!(pool.choose(37_000).taken, [(0, 0), (1, 2), (2, 0)]);
    assert_eq!(pool.choose(38_000).taken, [(1, 0), (1, 2), (2, 0)]);
    assert_eq!(pool.choose(44_000).taken.len(), 5);
}

#[test]
fn nothing_goes_out_without_its_title_and_lead() {
    let (pool, _) = pooled(&[article(&[(&[0], 20, Title), (&[1], 5, Lead), (&[2, 3], 1, Rest)])]);
    assert!(pool.choose(19_000).taken.is_empty(), "rather no words than the lead alone");
    assert_eq!(pool.choose(24_000).taken, [(0, 0)]);
    assert_eq!(pool.choose(25_000).taken, [(0, 0), (0, 1)]);
    // A title that says what is sent elsewhere is as good as sent.
    let (pool, _) = pooled(&[article(&[(&[0], 20, Title), (&[1], 5, Lead)]), article(&[(&[0], 20, Title), (&[1], 4, Lead)])]);
    let mut steps = pool.steps.clone();
    steps.iter_mut().filter(|step| step.offer == 0).for_each(|step| step.twin = twin("The mill stands still"));
    let choice = Pool::new(steps).choose(29_000);
    assert_eq!((choice.taken, choice.passed_over), (vec![(0, 0), (0, 1), (1, 1)], vec![((1, 0), (0, 0))]));
}

#[test]
fn of_twins_in_two_articles_one_is_taken() {
    let articles = [article(&[(&[0, 1], 5, Rest)]), article(&[(&[0, 1], 5, Rest), (&[2], 5, Rest)])];
    let (pool, ceiling) = pooled(&articles);
    let mut steps = pool.steps.clone();
    steps.iter_mut().filter(|step| step.offer == 0).for_each(|step| step.twin = twin("The mill stood still."));
    let choice = Pool::new(steps).choose(15_000);
    assert_eq!((&choice.taken[..], &choice.passed_over[..], choice.words), (&[(0, 0), (1, 1)][..], &[((1, 0), (0, 0))][..], 10));
    assert!(choice.worth <= ceiling.within(15_000));
}

#[test]
fn of_many_twins_the_first_are_named_and_all_are_counted() {
    let same = |article| Step { article, offer: 0, words: 1, cost: 1000, gain: 0.0, turn: Rest, twin: twin("The mill stood still.") };
    let choice = Pool::new((0..LISTED as u32 + 9).rev().map(same).collect()).choose(9000);
    assert_eq!((&choice.taken[..], choice.repeats, choice.passed_over.len()), (&[(0, 0)][..], LISTED as u64 + 8, LISTED));
    assert_eq!((choice.passed_over[0], choice.passed_over[LISTED - 1]), (((1, 0), (0, 0)), ((LISTED as u32, 0), (0, 0))));
}

#[test]
fn nothing_is_no_trouble() {
    let (pool, ceiling) = pooled(&[]);
    assert_eq!((pool.choose(1000), pool.cost()), (Choice::default(), 0));
    assert_eq!(ceiling.within(1000) * 0.0, 0.0);
    let silent = article(&[(&[], 3, Rest)]);
    assert_eq!(pooled(&[silent]).0.choose(3000).taken, [(0, 0)]);
}
