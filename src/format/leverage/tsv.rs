//! Tables of leverage as tab-separated values: a row a level, for every article and for all, whole and by the summaries alone; or, where
//! segments are told, a row a segment. How words were counted stands in the name of their column.

use std::io::Write;

use super::{Head, LeverageOutput, Line, words};
use crate::format::one_line;
use crate::translation::leverage::{Account, Size, Tally};

pub(super) const OUTPUT: LeverageOutput = LeverageOutput { name: "tsv", begin, segment, article, end };

fn begin(head: &Head, out: &mut Vec<u8>) {
    let count = head.manner.count.name();
    let internal = if head.manner.internal { "\tinternal_segments\tinternal_words" } else { "" };
    let _ = if head.manner.explain {
        writeln!(
            out,
            "profile\tarticle\tsegment\tin_summary\tlevel\twords_{count}\tpercent\tentry\tof_article\tof_segment\tdeducted\tdiffers\tsource"
        )
    } else {
        writeln!(
            out,
            "profile\tscope\tarticle\tlevel\tsegments\twords_{count}\tcharacters\tplaceables\tpercent_of_words\tweight\tweighted_words{internal}"
        )
    };
}

fn segment(head: &Head, line: &Line, out: &mut Vec<u8>) {
    let Some(told) = &line.segment.told else { return };
    let cause = line.cause();
    let of = |field: Option<&String>| field.map_or(String::new(), |text| one_line(text).into_owned());
    let cells = [
        head.manner.profile.name.to_owned(),
        one_line(line.article).into_owned(),
        told.id.clone(),
        if line.segment.in_summary { "1" } else { "0" }.to_owned(),
        line.row(head).to_owned(),
        line.segment.size.words.to_string(),
        cause.as_ref().map_or(String::new(), |cause| cause.percent.to_string()),
        of(cause.as_ref().and_then(|cause| cause.entry.as_ref())),
        of(cause.as_ref().and_then(|cause| cause.document.as_ref())),
        of(cause.as_ref().and_then(|cause| cause.segment.as_ref())),
        cause.iter().flat_map(|cause| &cause.deducted).map(|(name, points)| format!("{name}={points}")).collect::<Vec<_>>().join(","),
        of(cause.as_ref().map(|cause| &cause.differs)),
        one_line(&told.source).into_owned(),
    ];
    let _ = writeln!(out, "{}", cells.join("\t"));
}

fn article(head: &Head, id: &str, account: &Account, out: &mut Vec<u8>) {
    both(head, &one_line(id), account, out);
}

fn end(head: &Head, _articles: u64, sum: &Account, out: &mut Vec<u8>) {
    both(head, "", sum, out);
}

/// An article, or all of them, which has no id.
fn both(head: &Head, id: &str, account: &Account, out: &mut Vec<u8>) {
    if !head.manner.explain {
        rows(head, "article", id, &account.whole, out);
        rows(head, "summary", id, &account.summary, out);
    }
}

fn rows(head: &Head, scope: &str, id: &str, tally: &Tally, out: &mut Vec<u8>) {
    let total = tally.total();
    let mut put = |name: &str, size: Size, weight: String, weighted: String, internal: Option<Size>| {
        let share = if total.words == 0 { 0.0 } else { 100.0 * size.words as f64 / total.words as f64 };
        let share = if internal.is_some() { format!("{share:.2}") } else { String::new() };
        let _ = write!(
            out,
            "{}\t{scope}\t{id}\t{name}\t{}\t{}\t{}\t{}",
            head.manner.profile.name, size.segments, size.words, size.characters, size.placeables
        );
        let _ = write!(out, "\t{share}\t{weight}\t{weighted}");
        if head.manner.internal {
            let (segments, words) = internal.map_or_else(Default::default, |size| (size.segments.to_string(), size.words.to_string()));
            let _ = write!(out, "\t{segments}\t{words}");
        }
        out.push(b'\n');
    };
    for row in head.rows(tally) {
        put(row.name, row.size, row.weight.to_string(), words(row.weighted).to_string(), Some(row.internal));
    }
    put("total", total, String::new(), words(tally.weighted(&head.manner.weights)).to_string(), Some(tally.total_internal()));
    put("first met", tally.unique, String::new(), String::new(), None);
    put("locked", tally.locked, String::new(), String::new(), None);
}
