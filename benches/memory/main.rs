//! Looking up in a memory of 100,000 sentences: how many queries a second on one and on two threads, how often the best candidate is
//! found, held against looking at all (`brute`); and entries a second into and out of a memory's file. `cargo bench --bench memory` holds
//! every tenth query against all entries, `-- --all` every one, which takes minutes of all cores. Natural text is used where
//! `EPITOME_REFERENCE` names the reference data, synthetic text elsewhere. Half of the queries are sentences of the memory with some words
//! changed, half are sentences that are not in it.

#[path = "../common/mod.rs"]
mod common;

mod brute;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::time::Instant;

use common::{median, quick, say};
use epitome::batch::{self, Filter, Import, Silent};
use epitome::format::jsonl::{self, Fields};
use epitome::format::memory::MEMORY;
use epitome::format::tmx;
use epitome::lang::Lang;
use epitome::text::{Scratch as TextScratch, TextOptions, language, parse};
use epitome::translation::Entry;
use epitome::translation::memory::{Memory, Query, Scratch, Terms};
use epitome::translation::similarity::percent;

const RUNS: usize = 3;

fn main() {
    let (entries, queries) = if quick() { (2_000, 200) } else { (100_000, 10_000) };
    let sentences = sentences(entries + queries / 2);
    // Sentences that are not in it are from all over the text.
    let every = sentences.len() / (queries / 2);
    let (mut kept, mut other) = (Vec::new(), Vec::new());
    for (at, sentence) in sentences.into_iter().enumerate() {
        let left_out = at % every == 0 && other.len() < queries / 2;
        if left_out { other.push(sentence) } else { kept.push(sentence) }
    }
    let kept = &kept[..];
    let start = Instant::now();
    let of = |(source, n): (&String, u32)| Entry { source: source.clone().into(), target: format!("{n}").into(), ..Entry::default() };
    let memory = Memory::new(Lang::parse("en").as_ref(), kept.iter().zip(1..).map(of));
    say(&format!("{} entries indexed in {:.2} s", memory.len(), start.elapsed().as_secs_f64()));
    let queries: Vec<String> = other.iter().cloned().chain(changed(kept, queries - other.len())).collect();
    for limit in [1, 5] {
        let mut answer = None;
        for threads in [1, 2] {
            let found = timed(&memory, &queries, limit, threads);
            assert_eq!(*answer.get_or_insert_with(|| found.clone()), found, "the number of threads shapes no answer");
        }
    }
    held_against_all(&memory, kept, &queries);
    stored(kept);
}

/// Looks all up and says how fast that was; gives the best percent of each.
fn timed(memory: &Memory, queries: &[String], limit: usize, threads: usize) -> Vec<u8> {
    let terms = Terms { limit, ..Terms::default() };
    let half = queries.len().div_ceil(threads);
    let look_all_up = || -> Vec<u8> {
        std::thread::scope(|scope| {
            let work = |part: &[String]| -> Vec<u8> {
                let mut scratch = Scratch::default();
                let best = |query: &String| {
                    let found = memory.look_up(&Query { source: query, ..Query::default() }, &terms, &mut scratch);
                    found.first().map_or(0, |found| found.percent)
                };
                part.iter().map(best).collect()
            };
            let running: Vec<_> = queries.chunks(half).map(|part| scope.spawn(move || work(part))).collect();
            running.into_iter().flat_map(|thread| thread.join().expect("it ends")).collect()
        })
    };
    let mut times = Vec::new();
    let mut found = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        found = look_all_up();
        times.push(start.elapsed());
    }
    let matched = found.iter().filter(|percent| **percent > 0).count();
    let rate = queries.len() as f64 / median(times).as_secs_f64();
    say(&format!("{rate:>8.0} queries a second on {threads} threads, {limit} matches at most; {matched} of {} have one", queries.len()));
    found
}

/// How often what is found is as good as what looking at all finds, where that is a match at all.
fn held_against_all(memory: &Memory, kept: &[String], queries: &[String]) {
    let all = std::env::args().any(|argument| argument == "--all");
    let queries: Vec<String> = queries.iter().step_by(if all || quick() { 1 } else { 10 }).cloned().collect();
    let (mut scratch, terms) = (Scratch::default(), Terms { limit: 1, ..Terms::default() });
    let mut look_up = |query: &String| {
        let found = memory.look_up(&Query { source: query, ..Query::default() }, &terms, &mut scratch);
        found.first().map_or(0, |found| u32::from(found.percent))
    };
    let found: Vec<u32> = queries.iter().map(&mut look_up).collect();
    let numbers: HashMap<&String, usize> = kept.iter().zip(0..).collect();
    let equal: Vec<Option<usize>> = queries.iter().map(|query| numbers.get(query).copied()).collect();
    let language = language::find("en").expect("it is known");
    let (least, start) = (u32::from(terms.min_score), Instant::now());
    let (sentences, cut) = brute::read(language, kept, &queries);
    let best = brute::best_of_all(&cut, &sentences, &equal, least);
    let time = start.elapsed().as_secs_f64();
    brute::hold(&cut, &sentences, &equal, least, &best, PLAIN);
    let (mut matched, mut lost) = (0, Vec::new());
    for (at, best) in best.iter().enumerate().filter(|(at, best)| equal[*at].is_none() && best.percent > 0) {
        assert_eq!(best.percent, u32::from(percent(&queries[at], &kept[best.at], language)), "the definition is that of the library");
        matched += 1;
        if found[at] != best.percent {
            lost.push(format!("{} % found, {} % there: {:?} in {:?}", found[at], best.percent, queries[at], kept[best.at]));
        }
    }
    say(&format!(
        "{} queries held against each of {} entries in {time:.0} s: {matched} have a match that is not equal, and of these the best was found \
         {} times ({:.2} %)",
        queries.len(),
        kept.len(),
        matched - lost.len(),
        100.0 * (matched - lost.len()) as f64 / matched.max(1) as f64
    ));
    lost.iter().for_each(|lost| say(lost));
    assert!(lost.len() * 200 <= matched, "the best is found 99.5 % of the time");
}

/// Queries that are held against all entries by the whole table as well.
const PLAIN: usize = 8;

/// Entries into a file and out again.
fn stored(kept: &[String]) {
    let folder = tempfile::tempdir().expect("a directory");
    let (file, database): (PathBuf, PathBuf) = (folder.path().join("a.tmx"), folder.path().join("a.db"));
    let entry = |at: usize| Entry {
        source_lang: "en".into(),
        target_lang: "de".into(),
        source: kept[at].as_str().into(),
        target: kept[at].to_uppercase().into(),
        document: Some(format!("article-{}", at / 30).into()),
        previous: Some(at.checked_sub(1).map_or("", |before| kept[before].as_str()).into()),
        next: Some(kept.get(at + 1).map_or("", String::as_str).into()),
        origin: Some("merge".into()),
        ..Entry::default()
    };
    let entries: Vec<Entry> = (0..kept.len()).map(entry).collect();
    let (bytes, _) = tmx::write(&tmx::Header::new("en", "epitome", None), &entries);
    std::fs::write(&file, &bytes).expect("a file");
    for again in [false, true] {
        let start = Instant::now();
        let (done, _) = batch::import(std::slice::from_ref(&file), &database, &Import::default(), &Silent).expect("imported");
        assert_eq!(if again { done[0].known } else { done[0].new }, kept.len() as u64);
        let rate = kept.len() as f64 / start.elapsed().as_secs_f64();
        say(&format!(
            "{rate:>8.0} entries a second into a file{}, from a TMX of {:.0} MB",
            if again { " again" } else { "" },
            bytes.len() as f64 / 1e6
        ));
    }
    let start = Instant::now();
    let count = batch::export(&database, &Filter::default(), &MEMORY[0], None, &mut std::io::sink()).expect("exported");
    say(&format!("{:>8.0} entries a second out of it", count as f64 / start.elapsed().as_secs_f64()));
    let start = Instant::now();
    let memory = batch::load_memory(&database, Lang::parse("en").as_ref(), None).expect("loaded");
    say(&format!("{:>8.0} entries a second out of it and indexed", memory.len() as f64 / start.elapsed().as_secs_f64()));
}

/// Distinct sentences of English articles.
fn sentences(count: usize) -> Vec<String> {
    let natural = std::env::var_os("EPITOME_REFERENCE").map(|root| PathBuf::from(root).join("data/summarization"));
    let mut lines = String::new();
    for name in ["cnndm_val.jsonl", "cnndm_train_cnn300.jsonl", "cnndm_train_dm200.jsonl", "xsum_a.jsonl", "bbc_ext_a.jsonl"] {
        lines += &natural.as_ref().and_then(|folder| std::fs::read_to_string(folder.join(name)).ok()).unwrap_or_default();
    }
    let (mut all, mut seen) = (Vec::new(), HashSet::new());
    add(&lines, count, &mut all, &mut seen);
    say(&format!("{} sentences of natural text, the rest synthetic", all.len()));
    let mut bytes = 1 << 20;
    while all.len() < count {
        add(&common::batch("en", bytes), count, &mut all, &mut seen);
        bytes *= 2;
    }
    all
}

fn add(lines: &str, count: usize, all: &mut Vec<String>, seen: &mut HashSet<String>) {
    let (options, mut scratch) = (TextOptions { terms: false, lang: Lang::parse("en"), ..TextOptions::default() }, TextScratch::default());
    let fields = Fields::default();
    for line in lines.lines() {
        let Ok((article, _)) = jsonl::read(line, || "x".into(), &fields) else { continue };
        let document = parse(article, &options, &mut scratch);
        for at in 0..document.sentences().len() {
            let text = document.slice(at).to_owned();
            if all.len() < count && seen.insert(text.clone()) {
                all.push(text);
            }
        }
    }
}

/// Sentences with some of their words left out, doubled or put in another place.
fn changed(sentences: &[String], count: usize) -> impl Iterator<Item = String> {
    let mut state = 1u64;
    let mut next = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    (0..count).map(move |_| {
        let mut words: Vec<&str> = sentences[next(sentences.len())].split(' ').collect();
        let other: Vec<&str> = sentences[next(sentences.len())].split(' ').collect();
        for _ in 0..1 + next(words.len() / 3 + 1) {
            let at = next(words.len());
            match next(3) {
                0 if words.len() > 1 => drop(words.remove(at)),
                1 => words.insert(at, other[next(other.len())]),
                _ => words[at] = other[next(other.len())],
            }
        }
        words.join(" ")
    })
}
