//! A set of articles measured: every method, the peers, and the trained rankers by tables that did not see the article.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use epitome::batch::{By, System};
use epitome::eval::rouge::{Figure, Limit, gained};
use epitome::summary::rank::{METHODS, find};

use crate::fit::profile::PROFILES;
use crate::ours::Ours;
use crate::peers;
use crate::sets::{DEFAULT, Set, Systems, Table, folder, gold, score};
use crate::table::{Row, against, ahead, cells, figures, gains, longer};

/// The method that all others are compared with.
pub const BASELINE: &str = "lead";
/// Its summaries when they are as long as those of the baseline.
const AS_LONG: &str = "as long";

/// A set with what is scored on it.
pub struct Asked<'a> {
    pub set: &'a Set,
    ours: &'a Ours,
    gold: PathBuf,
    by: Vec<By>,
    predicted: Vec<PathBuf>,
    peers: Vec<String>,
}

/// A set, measured.
pub struct Told {
    pub set: Set,
    pub records: u64,
    /// The baseline, the default method, the other methods, the peers.
    pub rows: Vec<Row>,
    /// The same at most as long as the baseline is on average.
    cut: Vec<Row>,
    cut_to: usize,
    /// Articles that the default's table saw with other references, and what is gained without them.
    shared: Option<String>,
}

impl<'a> Asked<'a> {
    /// Asks the peers, and writes what our trained rankers say of articles their tables did not see.
    pub fn new(set: &'a Set, ours: &'a Ours, reference: &Path) -> Asked<'a> {
        let folder = folder(set.name);
        let documents: Vec<_> = ours.documents(set).collect();
        let questions: Vec<_> = documents.iter().map(|document| peers::question(&[document])).collect();
        let ids: Vec<String> = documents.iter().map(|document| document.article().id.clone()).collect();
        let orders = peers::orders(&questions, &folder);
        let files = peers::files(&orders, &ids, &folder, |at, order| peers::chosen(documents[at], order, set.budget));
        let mut asked = Asked {
            set,
            ours,
            gold: gold(reference, set.name),
            by: vec![By::Method(find(BASELINE).expect("it is in the table"))],
            predicted: Vec::new(),
            peers: orders.into_keys().collect(),
        };
        asked.add_ours(&folder);
        asked.predicted.extend(files);
        asked
    }

    /// Every method; those whose tables saw the set by others, and the method that the default takes under the default's name.
    fn add_ours(&mut self, folder: &Path) {
        let others = METHODS.iter().filter(|method| ![BASELINE, self.set.taken].contains(&method.name));
        self.by.extend(others.filter(|method| !self.set.taught(method.name)).map(By::Method));
        for profile in PROFILES.iter().filter(|profile| self.set.taught(profile.name)) {
            let name = if profile.name == self.set.taken { DEFAULT } else { profile.name };
            let path = folder.join(format!("{name}.jsonl"));
            self.ours.write(profile, Table::Crossed, self.set, &path);
            self.predicted.push(path);
        }
    }

    /// Scores everything.
    pub fn measured(mut self) -> Told {
        let whole = self.scored(None);
        let words = whole[0].system.words;
        if let Some(profile) = self.set.profile() {
            let path = folder(self.set.name).join(format!("{AS_LONG}.jsonl"));
            self.ours.write_as_long(profile, self.set.table(), self.set, words, &path);
            self.predicted.push(path);
            self.check();
        }
        let (rows, cut_to) = (self.scored(None), words.round() as usize);
        let cut = self.scored(Some(Limit::Words(cut_to)));
        let records = rows[0].system.by_record.len() as u64;
        Told { set: *self.set, records, shared: self.shared(&rows), rows, cut, cut_to }
    }

    /// What is written here by a shipped table must be what its method writes, or the tables that are fitted here say nothing of it.
    fn check(&self) {
        let (profile, folder) = (self.set.profile().expect("it has a table"), folder(self.set.name).join("check"));
        fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let here = folder.join("here.jsonl");
        self.ours.write(profile, Table::Shipped, self.set, &here);
        let by = [By::Method(&METHODS[0])];
        score(&self.gold, self.set.budget, None, &Systems { by: &by, predicted: &[], dump: Some(&folder) });
        let read = |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let method = read(&folder.join(format!("{DEFAULT}.jsonl")));
        assert!(read(&here) == method, "{}: the bench writes other summaries than the method does", self.set.name);
    }

    /// The rows in the order of the table.
    fn scored(&self, limit: Option<Limit>) -> Vec<Row> {
        let scored = score(&self.gold, self.set.budget, limit, &Systems { by: &self.by, predicted: &self.predicted, dump: None });
        let mut rows: Vec<Row> = scored.systems.into_iter().map(|system| self.row(system)).collect();
        rows.sort_by_key(|row| row.order);
        rows
    }

    fn row(&self, system: System) -> Row {
        let name = Path::new(&system.name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let peer = self.peers.iter().position(|peer| *peer == name);
        let method = METHODS.iter().position(|method| method.name == name);
        let of_table = if self.set.taught(&name) { ", cross-fitted" } else { "" };
        let (order, label) = match name.as_str() {
            BASELINE => (0, name.clone()),
            DEFAULT => (1, format!("**{DEFAULT}** ({}{of_table})", self.set.taken)),
            AS_LONG => (2, format!("{DEFAULT}, as long as {BASELINE}")),
            _ => (3 + method.or(peer.map(|at| METHODS.len() + at)).unwrap_or(usize::MAX - 3), format!("{name}{of_table}")),
        };
        Row { name, label, order, peer: peer.is_some(), system }
    }

    /// What is gained without the articles that the default's table saw with other references.
    fn shared(&self, rows: &[Row]) -> Option<String> {
        let shared = self.set.profile().map(|profile| self.ours.shared(self.set, profile)).filter(|shared| !shared.is_empty())?;
        let others = |row: &Row| {
            let by_record = row.system.by_record.iter().enumerate();
            by_record.filter(|(at, _)| !shared.contains(at)).map(|(_, scores)| *scores).collect::<Vec<_>>()
        };
        let found = gained(&others(&rows[1]), &others(&rows[0]));
        Some(format!(
            "Its table saw {} of these articles with other references; without them\n`{DEFAULT}` − `{BASELINE}` is {}.",
            shared.len(),
            gains(&found, Figure::F1)
        ))
    }
}

impl Told {
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// The peer with the highest sum of ROUGE-1 and ROUGE-2.
    pub fn best_peer(&self) -> Option<&Row> {
        let sum = |row: &Row| row.system.scores[0].f1.mean + row.system.scores[1].f1.mean;
        self.rows.iter().filter(|row| row.peer).max_by(|one, other| sum(one).total_cmp(&sum(other)))
    }

    /// A heading, a table with a row a system, and who is ahead of our default method.
    pub fn section(&self) -> String {
        let Set { name, about, taken, .. } = self.set;
        let mut out = format!("\n## {name}: {about}\n\n{} articles. `{DEFAULT}` takes `{taken}`, ", self.records);
        out.push_str(match (self.set.profile(), self.set.taught(taken)) {
            (None, _) => "which fits nothing.",
            (Some(_), true) => "whose table was fitted to this set too: here by tables that did not see the article.",
            (Some(_), false) => "whose shipped table was not fitted to this set.",
        });
        self.shared.iter().for_each(|shared| out.push_str(&format!(" {shared}")));
        out.push_str(
            "\n\n| | R1 | R2 | RLsum | words | longer | R1 − lead | R2 − lead | RLsum − lead |\n|---|---|---|---|---|---|---|---|---|\n",
        );
        let first = &self.rows[0].system;
        for Row { label, system, .. } in &self.rows {
            let (figures, more) = (cells(&figures(&system.scores, Figure::F1)), cells(&against(system)));
            let _ = writeln!(out, "| {label} | {figures} | {:.1} | {:+.1} % | {more} |", system.words, longer(system, first));
        }
        out.push_str(&self.verdict());
        out
    }

    /// Whether the default method is too long for its gain, and who is ahead of it.
    fn verdict(&self) -> String {
        let (mut out, first) = (String::from("\n"), &self.rows[0].system);
        let ours = &self.row(DEFAULT).expect("it is measured").system;
        if ours.words > 1.05 * first.words {
            let as_long = self.row(AS_LONG).and_then(|row| row.system.gains.as_ref());
            let as_long = as_long.map_or_else(String::new, |more| format!("; as long as that it gains {}", gains(more, Figure::F1)));
            let _ = writeln!(out, "`{DEFAULT}` is {:.1} % longer than `{BASELINE}`{as_long}.\n", longer(ours, first));
        }
        let _ = writeln!(out, "Ahead of `{DEFAULT}` with an interval off zero: {}.\n", leaders(&self.rows));
        let cut = format!("All cut to {} words, as many as `{BASELINE}` has on average", self.cut_to);
        let _ = writeln!(out, "{cut}: {}.", leaders(&self.cut));
        out
    }
}

/// The peers that are ahead of the default method, and our other methods that are.
fn leaders(rows: &[Row]) -> String {
    let ours = &rows.iter().find(|row| row.name == DEFAULT).expect("it is measured").system;
    let of = |peers: bool| ahead(rows.iter().filter(|row| row.peer == peers && row.name != AS_LONG), ours, Figure::F1);
    format!("of the peers {}, of our other methods {}", of(true), of(false))
}
