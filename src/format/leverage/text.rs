//! Tables of leverage for reading: a row an article, then the levels of the batch and of the summaries alone.

use std::io::Write;

use super::{Cause, Head, LeverageOutput, Line, words};
use crate::error::escaped;
use crate::format::one_line;
use crate::translation::leverage::{Account, Size, Tally};

pub(super) const OUTPUT: LeverageOutput = LeverageOutput { name: "text", begin, segment, article, end };

/// Writing to bytes does not fail.
macro_rules! put {
    ($out:expr, $($rest:tt)*) => {
        let _ = write!($out, $($rest)*);
    };
}

fn begin(head: &Head, out: &mut Vec<u8>) {
    put!(out, "profile {}, words by {}", head.manner.profile.name, head.manner.count.name());
    if head.manner.repetitions_first {
        put!(out, ", repetitions first");
    }
    match &head.memory {
        None => {
            put!(out, ", no memory");
        }
        Some((target, sources)) => {
            let sources: Vec<String> = sources.iter().map(|(code, entries)| format!("{entries} from {code}")).collect();
            put!(out, ", memory into {target}: {}", if sources.is_empty() { "nothing".to_owned() } else { sources.join(", ") });
            if head.broken > 0 {
                put!(out, ", {} broken", head.broken);
            }
        }
    }
    put!(out, "\n\n");
    if !head.manner.explain {
        columns(head, out);
    }
}

/// The columns of the rows by article: words at each level.
fn columns(head: &Head, out: &mut Vec<u8>) {
    put!(out, "words by article:\n");
    for (_, name) in head.manner.profile.rows {
        put!(out, "{name:>width$}  ", width = name.len().max(WIDTH));
    }
    put!(out, "{:>WIDTH$}  {:>9}  {:>9}  {:>9}  article\n", "total", "weighted", "summary", "weighted");
}

/// Characters of a column, at least.
const WIDTH: usize = 7;

fn segment(head: &Head, line: &Line, out: &mut Vec<u8>) {
    let Some(told) = &line.segment.told else { return };
    let summary = if line.segment.in_summary { "*" } else { " " };
    put!(out, "{summary} {} {}  {}  {}\n", escaped(line.article), told.id, line.row(head), one_line(&told.source));
    if let Some(cause) = line.cause() {
        put!(out, "    {}\n", escaped(&cause_text(&cause)));
    }
}

fn cause_text(cause: &Cause) -> String {
    let Cause { entry, document, segment, percent, deducted, repaired, differs } = cause;
    let mut text = match (entry, document, segment) {
        (Some(entry), Some(document), _) => format!("{percent} % entry {entry} of {document}"),
        (Some(entry), None, _) => format!("{percent} % entry {entry}"),
        (None, document, segment) => {
            format!("{percent} % {} {}", document.as_deref().unwrap_or_default(), segment.as_deref().unwrap_or_default())
        }
    };
    for (name, points) in deducted {
        text += &format!(", {name} -{points}");
    }
    if *repaired {
        text += ", numbers put right";
    }
    if !differs.is_empty() {
        text += &format!(": {}", one_line(differs));
    }
    text
}

fn article(head: &Head, id: &str, account: &Account, out: &mut Vec<u8>) {
    if head.manner.explain {
        put!(out, "\n");
        return;
    }
    for row in head.rows(&account.whole) {
        put!(out, "{:>width$}  ", row.size.words, width = row.name.len().max(WIDTH));
    }
    let sums = |tally: &Tally| (tally.total().words, words(tally.weighted(&head.manner.weights)));
    let ((all, weighted), (summary, summary_weighted)) = (sums(&account.whole), sums(&account.summary));
    put!(out, "{all:>WIDTH$}  {weighted:>9.1}  {summary:>9}  {summary_weighted:>9.1}  {}\n", escaped(id));
}

fn end(head: &Head, articles: u64, sum: &Account, out: &mut Vec<u8>) {
    let noun = if articles == 1 { "article" } else { "articles" };
    if !head.manner.explain {
        put!(out, "\n");
    }
    table(head, &format!("{articles} {noun}"), &sum.whole, out);
    put!(out, "\n");
    table(head, "summaries alone", &sum.summary, out);
}

fn table(head: &Head, title: &str, tally: &Tally, out: &mut Vec<u8>) {
    let width = head.manner.profile.rows.iter().map(|(_, name)| name.len()).chain([title.len()]).max().unwrap_or(0);
    put!(
        out,
        "{title:width$}  {:>8}  {:>9}  {:>10}  {:>10}  {:>7}  {:>7}  {:>10}",
        "segments",
        "words",
        "characters",
        "placeables",
        "% words",
        "weight",
        "weighted"
    );
    put!(out, "{}", if head.manner.internal { "  internal  int. words\n" } else { "\n" });
    let total = tally.total();
    for row in head.rows(tally) {
        sizes(row.name, width, row.size, share(row.size, total), out);
        put!(out, "  {:>5} %  {:>10.1}", row.weight, words(row.weighted));
        internal(head, row.internal, out);
    }
    sizes("total", width, total, share(total, total), out);
    put!(out, "  {:>7}  {:>10.1}", "", words(tally.weighted(&head.manner.weights)));
    internal(head, tally.total_internal(), out);
    for (name, size) in [("first met", tally.unique), ("locked", tally.locked)] {
        if size.segments > 0 {
            sizes(name, width, size, None, out);
            put!(out, "\n");
        }
    }
}

/// Percent of all words.
fn share(part: Size, of: Size) -> Option<f64> {
    Some(if of.words == 0 { 0.0 } else { 100.0 * part.words as f64 / of.words as f64 })
}

fn sizes(name: &str, width: usize, size: Size, share: Option<f64>, out: &mut Vec<u8>) {
    put!(out, "{name:width$}  {:>8}  {:>9}  {:>10}  {:>10}", size.segments, size.words, size.characters, size.placeables);
    if let Some(share) = share {
        put!(out, "  {share:>7.1}");
    }
}

fn internal(head: &Head, size: Size, out: &mut Vec<u8>) {
    if head.manner.internal {
        put!(out, "  {:>8}  {:>10}", size.segments, size.words);
    }
    put!(out, "\n");
}
