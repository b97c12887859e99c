//! The whole ranking and the explanation of a summary, as the formats spell them: lines of text, tables of Markdown, fields of a
//! record. Text and Markdown have the largest parts of a score only, records have all.

use serde::Serialize;

use super::jsonl::rounded;
use super::markdown::escape;
use super::{Outcome, one_line};
use crate::summary::coherence::Flaw;
use crate::summary::{Explanation, Verdict};

/// Parts of a score that people are shown.
const MOST: usize = 5;

/// A sentence of `ranking`.
#[derive(Serialize)]
pub(super) struct RankedRecord<'a> {
    segment: String,
    rank: u32,
    score: f64,
    weight: f64,
    taken: bool,
    text: &'a str,
}

/// A sentence of `explanation`.
#[derive(Serialize)]
pub(super) struct ExplainedRecord<'a> {
    segment: String,
    rank: Option<u32>,
    score: Option<f64>,
    taken: bool,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cosine: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flaw: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    parts: Vec<PartRecord>,
}

#[derive(Serialize)]
struct PartRecord {
    feature: &'static str,
    value: f64,
}

/// The candidates from best to worst.
pub(super) fn ranking<'a>(outcome: &Outcome<'a>) -> Vec<RankedRecord<'a>> {
    let (document, Some(ranking)) = (outcome.document, outcome.ranking) else { return Vec::new() };
    let taken = |i: usize| outcome.summary.sentences.binary_search_by_key(&i, |chosen| chosen.sentence).is_ok();
    let record = |&i: &usize| RankedRecord {
        segment: document.segment_id(i),
        rank: ranking.ranks[i].unwrap_or(0),
        score: rounded(ranking.scores[i].unwrap_or(0.0)),
        weight: rounded(ranking.weights[i]),
        taken: taken(i),
        text: document.slice(i),
    };
    ranking.order.iter().map(record).collect()
}

/// Every sentence in text order, if that was asked for.
pub(super) fn explanation<'a>(outcome: &Outcome<'a>) -> Option<Vec<ExplainedRecord<'a>>> {
    let explanations = outcome.explanations?;
    Some(explanations.iter().enumerate().map(|(i, explanation)| record(outcome, i, explanation)).collect())
}

fn record<'a>(outcome: &Outcome<'a>, sentence: usize, explanation: &'a Explanation) -> ExplainedRecord<'a> {
    let Explanation { verdict, parts } = explanation;
    let part = |&(feature, value): &(&'static str, f64)| PartRecord { feature, value: rounded(value) };
    let bare = ExplainedRecord {
        segment: outcome.document.segment_id(sentence),
        rank: outcome.ranking.and_then(|ranking| ranking.ranks[sentence]),
        score: outcome.ranking.and_then(|ranking| ranking.scores[sentence]).map(rounded),
        taken: verdict.is_taken(),
        reason: verdict.name(),
        other: verdict.other().map(|other| outcome.document.segment_id(other)),
        cosine: None,
        cost: None,
        left: None,
        flaw: None,
        pattern: None,
        kind: None,
        parts: parts.iter().map(part).collect(),
    };
    match verdict {
        Verdict::Repeats { cosine, .. } | Verdict::Overlaps { cosine, .. } => ExplainedRecord { cosine: Some(rounded(*cosine)), ..bare },
        Verdict::OverBudget { cost, left, .. } => ExplainedRecord { cost: Some(*cost), left: Some(*left), ..bare },
        Verdict::Unfit(flaw) => ExplainedRecord { flaw: flaw.map(|flaw| flaw.name()), ..bare },
        Verdict::Excluded(pattern) => ExplainedRecord { pattern: Some(pattern), ..bare },
        Verdict::NoCandidate => ExplainedRecord { kind: Some(outcome.document.kind(sentence).name()), ..bare },
        _ => bare,
    }
}

/// Adds what was asked for, after a blank line each.
pub(super) fn add_text(text: &mut String, outcome: &Outcome, all: bool) {
    if all {
        text.push_str(&format!("\nRanking by {}:\n", outcome.method));
        for RankedRecord { segment, rank, score, weight, taken, text: sentence } in ranking(outcome) {
            let mark = if taken { '*' } else { ' ' };
            text.push_str(&format!("{rank:>3} {mark} {score:>9.4} {weight:.4} {segment:<6} {}\n", one_line(sentence)));
        }
    }
    if let Some(explanations) = outcome.explanations {
        text.push_str(&format!("\nExplanation of {}:\n", outcome.method));
        for (i, explanation) in explanations.iter().enumerate() {
            text.push_str(&format!("{:<6} {}\n", outcome.document.segment_id(i), one_line(outcome.document.slice(i))));
            text.push_str(&format!("       {}{}\n", placed(outcome, i), said(outcome, i, &explanation.verdict)));
            let largest = largest(explanation);
            if !largest.is_empty() {
                text.push_str(&format!("       {largest}\n"));
            }
        }
    }
}

/// Adds what was asked for, a table each.
pub(super) fn add_markdown(text: &mut String, outcome: &Outcome, all: bool) {
    if all {
        text.push_str(&format!("\n### Ranking by {}\n\n", outcome.method));
        text.push_str("| rank | taken | score | weight | segment | sentence |\n|---:|---|---:|---:|---|---|\n");
        for RankedRecord { segment, rank, score, weight, taken, text: sentence } in ranking(outcome) {
            let mark = if taken { "yes" } else { "" };
            text.push_str(&format!("| {rank} | {mark} | {score:.4} | {weight:.4} | {segment} | {} |\n", escape(sentence)));
        }
    }
    if let Some(explanations) = outcome.explanations {
        text.push_str(&format!("\n### Explanation of {}\n\n", outcome.method));
        text.push_str("| segment | what became of it | parts of its score | sentence |\n|---|---|---|---|\n");
        for (i, explanation) in explanations.iter().enumerate() {
            let (segment, sentence) = (outcome.document.segment_id(i), escape(outcome.document.slice(i)));
            let became = escape(&format!("{}{}", placed(outcome, i), said(outcome, i, &explanation.verdict)));
            text.push_str(&format!("| {segment} | {became} | {} | {sentence} |\n", largest(explanation)));
        }
    }
}

/// Rank and score, if there are any.
fn placed(outcome: &Outcome, sentence: usize) -> String {
    let found = outcome.ranking.and_then(|ranking| ranking.ranks[sentence].zip(ranking.scores[sentence]));
    found.map_or(String::new(), |(rank, score)| format!("rank {rank}, score {score:.4}, "))
}

/// The largest parts of a score by size, with their signs.
fn largest(explanation: &Explanation) -> String {
    let counts = explanation.parts.iter().filter(|(_, value)| value.abs() >= 0.000_05);
    counts.take(MOST).map(|(feature, value)| format!("{value:+.4} {feature}")).collect::<Vec<_>>().join(", ")
}

/// What became of a sentence and why, in words.
fn said(outcome: &Outcome, sentence: usize, verdict: &Verdict) -> String {
    let document = outcome.document;
    let id = |i: &usize| document.segment_id(*i);
    match verdict {
        Verdict::Taken => "taken".to_owned(),
        Verdict::Along(with) => format!("taken along with {}, which leans on it", id(with)),
        Verdict::Fills => "taken: there was room left".to_owned(),
        Verdict::Only => "taken: there is nothing else".to_owned(),
        Verdict::Outranked => "not taken: others come first".to_owned(),
        Verdict::Repeats { of, cosine } => format!("not taken: repeats {} (cosine {cosine:.2})", id(of)),
        Verdict::Overlaps { with, cosine } => format!("not taken: shares too much with {} (cosine {cosine:.2})", id(with)),
        Verdict::Leans(Some(on)) => format!("not taken: leans on {}, which is not shown", id(on)),
        Verdict::Leans(None) => "not taken: leans on what is not there".to_owned(),
        Verdict::Separates(after) => format!("not taken: would stand between {} and what that leans on", id(after)),
        Verdict::Unfit(flaw) => format!("not taken: {}", flawed(*flaw)),
        Verdict::OverBudget { cost, left, with: None } => format!("not taken: over the budget (takes {cost}, {left} left)"),
        Verdict::OverBudget { cost, left, with: Some(with) } => {
            format!("not taken: over the budget with {}, on which it leans (takes {cost}, {left} left)", id(with))
        }
        Verdict::Excluded(pattern) => format!("left out: matches {}", one_line(pattern)),
        Verdict::NoCandidate if document.sentences()[sentence].words == 0 => "no candidate: no word in it".to_owned(),
        Verdict::NoCandidate => format!("no candidate: {}", document.kind(sentence).name()),
    }
}

fn flawed(flaw: Option<Flaw>) -> &'static str {
    match flaw {
        Some(Flaw::Bracket) => "a bracket in it has no partner",
        Some(Flaw::Mark) => "a quotation mark in it has no partner",
        Some(Flaw::Speaker) => "nothing tells who says what it quotes",
        Some(Flaw::Dateline) => "it is a dateline",
        Some(Flaw::Title) => "it says no more than the title",
        None => "it cannot be shown by itself",
    }
}
