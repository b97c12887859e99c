//! Generations of words. A worker numbers the terms it meets until they take their share of memory; then what it counted is sealed
//! and it begins anew. After pass one all generations are merged into the table, and every generation learns how many
//! articles of the whole batch hold its terms. Pass two asks for the generations of the articles at hand; those in the
//! temporary file are loaded when they are asked for and dropped when there is no room for them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::{HashMap, HashSet};

use super::runs::{Stretch, add_row, merge};
use super::spill::{Spill, bytes_of, numbers_of};
use super::table::{Rows, Table};
use crate::document::TermId;
use crate::error::Result;
use crate::summary::frequency::{Counts, DocumentFrequencies, LanguageFrequencies, fingerprint, idf};
use crate::text::language::Language;
use crate::text::vocabulary::Vocabulary;

/// The words of one table in one generation.
pub struct Words {
    code: String,
    language: &'static Language,
    documents: u64,
    /// Terms of the vocabulary, counted or not.
    terms: usize,
    /// Terms and the articles that hold them, sorted.
    run: Stretch,
    /// Indices in the vocabulary, in the order of the run.
    order: Stretch,
    /// In how many articles of the batch each is, in the order of the run.
    found: Stretch,
    asked: HashSet<TermId>,
}

impl Words {
    /// What was counted in a vocabulary; `asked` are its terms of the query.
    pub fn new(code: String, counts: &Counts, vocabulary: &Vocabulary, asked: HashSet<TermId>) -> Words {
        let sorted = counts.sorted(vocabulary);
        let (mut run, mut order) = (Vec::with_capacity(12 * sorted.len()), Vec::with_capacity(4 * sorted.len()));
        for index in &sorted {
            add_row(vocabulary.term(TermId::new(*index, false)), counts.of(*index), &mut run);
        }
        bytes_of(sorted.into_iter(), &mut order);
        Words {
            code,
            language: vocabulary.language(),
            documents: counts.documents(),
            terms: vocabulary.len(),
            run: Stretch::Memory(run),
            order: Stretch::Memory(order),
            found: Stretch::default(),
            asked,
        }
    }

    /// What pass two is to know of them.
    fn known(&mut self, documents: u64, spill: &mut Spill) -> Result<Known> {
        let mut values = vec![0.0; self.terms];
        let (order, found) = (self.order.take(spill)?, self.found.take(spill)?);
        for (index, df) in numbers_of(&order).zip(numbers_of(&found)) {
            values[index as usize] = idf(documents, u64::from(df));
        }
        Ok(Known { idf: values, asked: self.asked.clone() })
    }
}

/// What is known of a table's terms in one generation.
#[derive(Default)]
pub struct Known {
    /// Idf by index in the vocabulary.
    pub idf: Vec<f64>,
    /// The terms of the query.
    pub asked: HashSet<TermId>,
}

/// Generations while words are counted.
#[derive(Default)]
pub struct Sealing {
    next: AtomicU32,
    sealed: Mutex<Sealed>,
}

#[derive(Default)]
struct Sealed {
    generations: Vec<(u32, Vec<Words>)>,
    spill: Spill,
}

impl Sealing {
    /// The number of a new generation.
    pub fn begin(&self) -> u32 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Takes what a generation counted, into the temporary file if there is to be no more in memory.
    pub fn seal(&self, generation: u32, mut words: Vec<Words>, to_file: bool) -> Result<()> {
        let mut sealed = self.sealed();
        for words in words.iter_mut().filter(|_| to_file) {
            words.run.rest(&mut sealed.spill)?;
            words.order.rest(&mut sealed.spill)?;
        }
        sealed.generations.push((generation, words));
        Ok(())
    }

    fn sealed(&self) -> MutexGuard<'_, Sealed> {
        self.sealed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds all generations up; `room` is for the table and for what is known of generations. Without `spelled` the table has no rows.
    pub fn finish(self, spelled: bool, room: usize) -> Result<(Generations, Table)> {
        let Sealed { mut generations, mut spill } = self.sealed.into_inner().unwrap_or_else(PoisonError::into_inner);
        generations.sort_unstable_by_key(|(number, _)| *number);
        let mut all: Vec<&mut Words> = generations.iter_mut().flat_map(|(_, words)| words).collect();
        let head = head(&all);
        let mut rows = spelled.then(|| Rows::new(&head, room / 4));
        let codes: BTreeSet<String> = all.iter().map(|words| words.code.clone()).collect();
        for code in codes {
            let mut same: Vec<&mut Words> = all.iter_mut().filter(|words| words.code == code).map(|words| &mut **words).collect();
            add_up(&code, &mut same, rows.as_mut(), &mut spill, room / 4)?;
        }
        if let Some(rows) = &mut rows {
            rows.end()?;
        }
        let numbers = self.next.into_inner();
        let generations = Generations::new(numbers, generations, &head, spill, room / 2)?;
        let table = match rows {
            Some(rows) => Table::counted(head, rows),
            None => head.into(),
        };
        Ok((generations, table))
    }
}

/// The languages of a table, without terms.
fn head(all: &[&mut Words]) -> DocumentFrequencies {
    let mut head = DocumentFrequencies::default();
    for words in all {
        let make = || LanguageFrequencies { fingerprint: fingerprint(words.language), ..LanguageFrequencies::default() };
        head.languages.entry(words.code.clone()).or_insert_with(make).documents += words.documents;
    }
    head
}

/// Merges the words of one table.
fn add_up(code: &str, same: &mut [&mut Words], mut rows: Option<&mut Rows>, spill: &mut Spill, room: usize) -> Result<()> {
    /// Bytes of a run, and of what was found for it, that are worth a call to the system.
    const WORTH: std::ops::RangeInclusive<usize> = 1 << 9..=1 << 16;
    let buffer = (room / same.len() / 2).clamp(*WORTH.start(), *WORTH.end());
    let mut found: Vec<Found> = same.iter().map(|words| Found::new(&words.order, spill, buffer)).collect();
    let runs: Vec<Stretch> = same.iter_mut().map(|words| std::mem::take(&mut words.run)).collect();
    merge(runs, spill, buffer, &mut |spill, term, sum, holders| {
        let df = u32::try_from(sum).unwrap_or(u32::MAX);
        holders.iter().try_for_each(|holder| found[*holder].add(df, spill))?;
        rows.as_mut().map_or(Ok(()), |rows| rows.add(code, term, sum))
    })?;
    same.iter_mut().zip(found).try_for_each(|(words, found)| found.end(spill).map(|found| words.found = found))
}

/// What is found for a run, term by term, in memory or in the file as its order is.
struct Found {
    bytes: Vec<u8>,
    /// Where it goes in the file, and how far it is written.
    place: Option<(Range<u64>, u64)>,
    buffer: usize,
}

impl Found {
    fn new(order: &Stretch, spill: &mut Spill, buffer: usize) -> Found {
        match order {
            Stretch::Memory(order) => Found { bytes: Vec::with_capacity(order.len()), place: None, buffer },
            Stretch::File(order) => {
                let place = spill.reserve(order.end - order.start);
                let start = place.start;
                Found { bytes: Vec::new(), place: Some((place, start)), buffer }
            }
        }
    }

    fn add(&mut self, df: u32, spill: &mut Spill) -> Result<()> {
        self.bytes.extend_from_slice(&df.to_le_bytes());
        if self.bytes.len() < self.buffer { Ok(()) } else { self.flush(spill) }
    }

    fn flush(&mut self, spill: &mut Spill) -> Result<()> {
        if let Some((_, at)) = &mut self.place {
            spill.write(*at, &self.bytes)?;
            *at += self.bytes.len() as u64;
            self.bytes.clear();
        }
        Ok(())
    }

    fn end(mut self, spill: &mut Spill) -> Result<Stretch> {
        self.flush(spill)?;
        Ok(self.place.map_or(Stretch::Memory(self.bytes), |(place, _)| Stretch::File(place)))
    }
}

/// Generations while articles are ranked.
pub struct Generations {
    all: Vec<Generation>,
    /// Articles by table.
    documents: HashMap<String, u64>,
    spill: Spill,
    /// Bytes that may be known of generations in the file.
    room: usize,
    /// Bytes that are.
    weight: usize,
    /// Counts the times that generations were asked for.
    turn: u64,
}

/// One generation.
#[derive(Default)]
struct Generation {
    /// What lies in the file.
    words: Vec<Words>,
    known: Option<HashMap<String, Known>>,
    /// When it was asked for last.
    turn: u64,
}

impl Generation {
    fn weight(&self) -> usize {
        self.words.iter().map(|words| words.terms * size_of::<f64>()).sum()
    }
}

impl Generations {
    fn new(numbers: u32, sealed: Vec<(u32, Vec<Words>)>, head: &DocumentFrequencies, spill: Spill, room: usize) -> Result<Generations> {
        let documents = head.languages.iter().map(|(code, language)| (code.clone(), language.documents)).collect();
        let all = (0..numbers).map(|_| Generation::default()).collect();
        let mut generations = Generations { all, documents, spill, room, weight: 0, turn: 0 };
        for (number, words) in sealed {
            let in_memory = words.iter().all(|words| matches!(words.order, Stretch::Memory(_)));
            let generation = &mut generations.all[number as usize];
            generation.words = words;
            if in_memory {
                generations.load(number as usize)?;
                generations.all[number as usize].words = Vec::new();
            }
        }
        generations.weight = 0;
        Ok(generations)
    }

    /// Generations that were sealed before the end.
    pub fn in_file(&self) -> usize {
        self.all.iter().filter(|generation| !generation.words.is_empty()).count()
    }

    /// Bytes in the file.
    pub fn spilled(&self) -> u64 {
        self.spill.length()
    }

    /// Makes known what is asked for; what was asked for longest ago goes first where there is no room for all.
    pub fn ready(&mut self, wanted: impl Iterator<Item = u32>) -> Result<()> {
        if self.spill.length() == 0 {
            return Ok(());
        }
        self.turn += 1;
        let wanted: BTreeSet<usize> = wanted.map(|number| number as usize).collect();
        wanted.iter().for_each(|number| self.all[*number].turn = self.turn);
        for number in wanted {
            if self.all[number].known.is_none() {
                self.make_room();
                self.load(number)?;
            }
        }
        Ok(())
    }

    fn load(&mut self, number: usize) -> Result<()> {
        let Generations { all, documents, spill, weight, .. } = self;
        let generation = &mut all[number];
        let mut known = HashMap::default();
        for words in &mut generation.words {
            known.insert(words.code.clone(), words.known(documents[&words.code], spill)?);
        }
        generation.known = Some(known);
        *weight += generation.weight();
        Ok(())
    }

    /// Drops what was not asked for in this turn, the longest ago first, until there is room.
    fn make_room(&mut self) {
        while self.weight > self.room {
            let dropped =
                |generation: &&mut Generation| generation.known.is_some() && !generation.words.is_empty() && generation.turn < self.turn;
            let Some(oldest) = self.all.iter_mut().filter(dropped).min_by_key(|generation| generation.turn) else { return };
            oldest.known = None;
            self.weight -= oldest.weight();
        }
    }

    /// What is known of a table's terms in a generation that was made ready.
    pub fn known(&self, generation: u32, table: &str) -> Option<&Known> {
        self.all[generation as usize].known.as_ref()?.get(table)
    }
}
