//! Where the time of a run goes: its stages, and the time that all threads together spent in each. What the clock says goes to
//! observers and never into an output.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A stage of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Bytes from files and pipes.
    Read,
    /// From bytes to articles: encodings, JSON, tags; a file of one article is read here, for many are at once.
    Decode,
    /// Structure, sentences, terms.
    Parse,
    /// Document frequencies, and what pass two needs of an article.
    Count,
    /// Scores, and what summaries take.
    Rank,
    /// What a translation memory has.
    LookUp,
    /// Bytes of the outputs.
    Spell,
    /// Into files, not published yet.
    Write,
    /// To the disk and into place.
    Publish,
}

/// All of them in order, by name.
const STAGES: [(Stage, &str); 9] = [
    (Stage::Read, "read"),
    (Stage::Decode, "decode"),
    (Stage::Parse, "parse"),
    (Stage::Count, "count"),
    (Stage::Rank, "rank"),
    (Stage::LookUp, "lookup"),
    (Stage::Spell, "spell"),
    (Stage::Write, "write"),
    (Stage::Publish, "publish"),
];

/// The time spent so far.
#[derive(Default)]
pub struct Stages {
    nanoseconds: [AtomicU64; STAGES.len()],
}

impl Stages {
    /// Does some work of a stage and adds the time that it took.
    pub fn time<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        let spent = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds[stage as usize].fetch_add(spent, Ordering::Relaxed);
        done
    }

    /// The time spent so far in a stage.
    fn spent(&self, stage: Stage) -> Duration {
        Duration::from_nanos(self.nanoseconds[stage as usize].load(Ordering::Relaxed))
    }

    /// What was spent on a batch of so many bytes.
    pub fn cost(&self, bytes: u64) -> Cost {
        Cost { bytes, stages: STAGES.iter().map(|(stage, name)| (*name, self.spent(*stage))).collect() }
    }
}

/// What a run cost. It is of the machine as much as of the batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Bytes of input, as they are on the disk.
    pub bytes: u64,
    /// Stages in order: the name, and the time that all threads together spent in it, both passes added up.
    pub stages: Vec<(&'static str, Duration)>,
}

impl Cost {
    /// The same with what was spent elsewhere.
    pub fn plus(mut self, stages: &Stages) -> Cost {
        self.stages.iter_mut().zip(STAGES).for_each(|((_, spent), (stage, _))| *spent += stages.spent(stage));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_to_its_stage() {
        let stages = Stages::default();
        assert_eq!(stages.time(Stage::Rank, || 7), 7);
        stages.time(Stage::Rank, || std::thread::sleep(Duration::from_millis(2)));
        let cost = Stages::default().cost(9).plus(&stages);
        let of = |name: &str| cost.stages.iter().find(|stage| stage.0 == name).expect("every stage is told").1;
        assert!(of("rank") >= Duration::from_millis(2) && of("read") == Duration::ZERO && cost.bytes == 9);
        assert!(STAGES.iter().enumerate().all(|(place, (stage, _))| *stage as usize == place));
    }
}
