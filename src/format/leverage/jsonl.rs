//! Tables of leverage as JSON lines: a head, a record an article (and before it, where they are told, one a segment), the total.

use serde::Serialize;
use serde_json::json;

use super::{Head, LeverageOutput, Line, Row, words};
use crate::translation::leverage::{Account, Size, Tally};

pub(super) const OUTPUT: LeverageOutput = LeverageOutput { name: "jsonl", begin, segment, article, end };

#[derive(Serialize)]
struct Sizes {
    segments: u64,
    words: u64,
    characters: u64,
    placeables: u64,
}

#[derive(Serialize)]
struct LevelRecord {
    level: &'static str,
    row: &'static str,
    #[serde(flatten)]
    sizes: Sizes,
    weight: f64,
    weighted_words: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    internal: Option<Sizes>,
}

#[derive(Serialize)]
struct TallyRecord {
    levels: Vec<LevelRecord>,
    total: Sizes,
    weighted_words: f64,
    first_met: Sizes,
    locked: Sizes,
}

#[derive(Serialize)]
struct AccountRecord<'a> {
    record: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    article: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    articles: Option<u64>,
    #[serde(flatten)]
    whole: TallyRecord,
    summary: TallyRecord,
}

#[derive(Serialize)]
struct SegmentRecord<'a> {
    record: &'static str,
    article: &'a str,
    segment: &'a str,
    in_summary: bool,
    level: &'static str,
    row: &'static str,
    #[serde(flatten)]
    sizes: Sizes,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<CauseRecord>,
    source: &'a str,
}

#[derive(Serialize)]
struct CauseRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    segment: Option<String>,
    percent: u8,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    deducted: serde_json::Map<String, serde_json::Value>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    repaired: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    differs: String,
}

fn begin(head: &Head, out: &mut Vec<u8>) {
    let memory = head.memory.as_ref().map(|(target, sources)| {
        let entries: serde_json::Map<_, _> = sources.iter().map(|(code, entries)| (code.clone(), json!(entries))).collect();
        let mut memory = json!({ "target_lang": target, "entries": entries });
        if head.broken > 0 {
            memory["broken"] = head.broken.into();
        }
        memory
    });
    let profile = head.manner.profile.name;
    line(
        &json!({ "record": "head", "profile": profile, "count": head.manner.count.name(), "repetitions_first": head.manner.repetitions_first, "memory": memory }),
        out,
    );
}

fn segment(head: &Head, told: &Line, out: &mut Vec<u8>) {
    let Some(texts) = &told.segment.told else { return };
    let cause = told.cause().map(|cause| CauseRecord {
        entry: cause.entry,
        document: cause.document,
        segment: cause.segment,
        percent: cause.percent,
        deducted: cause.deducted.into_iter().map(|(name, points)| (name.to_owned(), json!(points))).collect(),
        repaired: cause.repaired,
        differs: cause.differs,
    });
    let record = SegmentRecord {
        record: "segment",
        article: told.article,
        segment: &texts.id,
        in_summary: told.segment.in_summary,
        level: told.settled.level.map_or("locked", |level| level.name()),
        row: told.row(head),
        sizes: sizes(told.segment.size),
        cause,
        source: &texts.source,
    };
    line(&record, out);
}

fn article(head: &Head, id: &str, account: &Account, out: &mut Vec<u8>) {
    line(&record(head, "article", Some(id), None, account), out);
}

fn end(head: &Head, articles: u64, sum: &Account, out: &mut Vec<u8>) {
    line(&record(head, "total", None, Some(articles), sum), out);
}

fn record<'a>(head: &Head, record: &'static str, article: Option<&'a str>, articles: Option<u64>, account: &Account) -> AccountRecord<'a> {
    AccountRecord { record, article, articles, whole: tally(head, &account.whole), summary: tally(head, &account.summary) }
}

fn tally(head: &Head, tally: &Tally) -> TallyRecord {
    let level = |row: Row| LevelRecord {
        level: row.level.name(),
        row: row.name,
        sizes: sizes(row.size),
        weight: row.weight,
        weighted_words: words(row.weighted),
        internal: head.manner.internal.then(|| sizes(row.internal)),
    };
    TallyRecord {
        levels: head.rows(tally).map(level).collect(),
        total: sizes(tally.total()),
        weighted_words: words(tally.weighted(&head.manner.weights)),
        first_met: sizes(tally.unique),
        locked: sizes(tally.locked),
    }
}

fn sizes(size: Size) -> Sizes {
    Sizes { segments: size.segments, words: size.words, characters: size.characters, placeables: size.placeables }
}

fn line(record: &impl Serialize, out: &mut Vec<u8>) {
    serde_json::to_writer(&mut *out, record).expect("a record of plain values");
    out.push(b'\n');
}
