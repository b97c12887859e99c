//! Figures as the page writes them.

use epitome::batch::System;
use epitome::eval::bootstrap::Estimate;
use epitome::eval::rouge::{Figure, Measured, gained};

/// Short names of the measures, in the order of the scores.
pub const MEASURES: [&str; 3] = ["R1", "R2", "RLsum"];

/// A system with its place in a table.
pub struct Row {
    /// The method or the peer.
    pub name: String,
    /// What the table calls it.
    pub label: String,
    pub order: usize,
    pub peer: bool,
    pub system: System,
}

/// Means with half the widths of their intervals.
pub fn figures(scores: &[Measured; 3], figure: Figure) -> [String; 3] {
    scores.map(|score| score.of(figure)).map(|score| format!("{:.2} ±{:.2}", score.mean, score.half()))
}

/// Differences of F1 to the first system; bold where the interval is off zero.
pub fn against(system: &System) -> [String; 3] {
    system.gains.as_ref().map_or_else(Default::default, |gains| gains.map(|gain| difference(gain.of(Figure::F1))))
}

/// A difference with its interval; bold where that is off zero.
pub fn difference(gain: Estimate) -> String {
    let mark = if gain.low > 0.0 || gain.high < 0.0 { "**" } else { "" };
    format!("{mark}{:+.2}{mark} [{:+.2}, {:+.2}]", gain.mean, gain.low, gain.high)
}

/// Differences in a sentence.
pub fn gains(gains: &[Measured; 3], figure: Figure) -> String {
    let of = |(measure, gain): (&str, &Measured)| format!("{measure} {}", difference(gain.of(figure)));
    MEASURES.into_iter().zip(gains).map(of).collect::<Vec<_>>().join(", ")
}

pub fn cells(cells: &[String]) -> String {
    cells.join(" | ")
}

/// ROUGE-1 and ROUGE-2.
pub fn two(system: &System, figure: Figure) -> String {
    format!("{:.2} / {:.2}", system.scores[0].of(figure).mean, system.scores[1].of(figure).mean)
}

/// How much longer than another system, in percent.
pub fn longer(system: &System, other: &System) -> f64 {
    100.0 * (system.words / other.words - 1.0)
}

/// The rows that some measure puts ahead of a system with more than chance.
pub fn ahead<'a>(rows: impl Iterator<Item = &'a Row>, of: &System, figure: Figure) -> String {
    let mut found = Vec::new();
    for row in rows {
        for (measure, gain) in MEASURES.iter().zip(gained(&row.system.by_record, &of.by_record)) {
            let Estimate { mean, low, high } = gain.of(figure);
            if low > 0.0 {
                found.push(format!("{} {measure} {mean:+.2} [{low:+.2}, {high:+.2}]", row.name));
            }
        }
    }
    if found.is_empty() { "none".to_owned() } else { found.join(", ") }
}
