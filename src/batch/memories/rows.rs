//! Entries as rows: what stands in which column, and an entry of a row again.

use std::borrow::Cow;

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::store::Added;
use crate::translation::Entry;
use crate::translation::entry::{Of, Property, Stamp};

/// The columns of an entry, but for its identity.
pub(super) const COLUMNS: &str = "entries.tuid, source, target, document, segment, file, previous, next, previous_target, next_target, \
    origin, align_score, salience_rank, created, created_by, changed, changed_by, last_used, usage_count, codes, notes, properties";

const INSERT: &str = "INSERT OR IGNORE INTO entries (identity, pair, tuid, source, target, document, segment, file, previous, next, \
    previous_target, next_target, origin, align_score, salience_rank, created, created_by, changed, changed_by, last_used, usage_count, \
    codes, notes, properties) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, \
    ?23, ?24)";

/// Its numbers are those of [`INSERT`], so that one row serves both.
const RENEW: &str = "UPDATE entries SET document = ?6, segment = ?7, file = ?8, previous_target = ?11, next_target = ?12, origin = ?13, \
    align_score = ?14, salience_rank = ?15, created = ?16, created_by = ?17, changed = ?18, changed_by = ?19, last_used = ?20, \
    usage_count = ?21, codes = ?22, notes = ?23, properties = ?24 \
    WHERE identity = ?1 AND coalesce(changed, created, '') < coalesce(?18, ?16, '')";

/// Bytes of an identity that are kept.
const IDENTITY: usize = 16;

/// Adds an entry of a pair of languages, unless it is there.
pub(super) fn add(connection: &Connection, entry: &Entry, pair: i64) -> Result<Added> {
    let identity = entry.identity();
    let identity = &identity[..IDENTITY];
    let (notes, properties) = (notes(&entry.notes), properties(&entry.properties));
    let (Stamp { date: created, by: created_by }, Stamp { date: changed, by: changed_by }) = (&entry.created, &entry.changed);
    let row = params![
        identity,
        pair,
        entry.tuid(),
        &*entry.source,
        &*entry.target,
        entry.document.as_deref(),
        entry.segment.as_deref(),
        entry.file.as_deref(),
        entry.previous.as_deref(),
        entry.next.as_deref(),
        entry.previous_target.as_deref(),
        entry.next_target.as_deref(),
        entry.origin.as_deref(),
        entry.align_score,
        entry.salience_rank,
        created,
        created_by,
        changed,
        changed_by,
        entry.last_used,
        entry.usage_count,
        entry.codes,
        notes,
        properties
    ];
    if connection.prepare_cached(INSERT)?.execute(row)? > 0 {
        return Ok(Added::New);
    }
    let renewed = connection.prepare_cached(RENEW)?.execute(row)?;
    Ok(if renewed == 0 { Added::Known } else { Added::Newer })
}

/// The number of a pair of languages, as they came.
pub(super) fn pair(connection: &Connection, source: &str, target: &str) -> Result<i64> {
    let find = "SELECT id FROM pairs WHERE source_lang = ?1 AND target_lang = ?2";
    let known = connection.prepare_cached(find)?.query_row([source, target], |row| row.get(0)).optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    connection.execute("INSERT INTO pairs (source_lang, target_lang) VALUES (?1, ?2)", [source, target])?;
    Ok(connection.last_insert_rowid())
}

/// The entry of a row of [`COLUMNS`] and both languages.
pub(super) fn entry(row: &Row) -> Result<Entry<'static>> {
    let text = |column: usize| row.get::<_, String>(column).map(Cow::Owned);
    let known = |column: usize| row.get::<_, Option<String>>(column).map(|text| text.map(Cow::Owned));
    Ok(Entry {
        id: row.get(0)?,
        source: text(1)?,
        target: text(2)?,
        document: known(3)?,
        segment: known(4)?,
        file: known(5)?,
        previous: known(6)?,
        next: known(7)?,
        previous_target: known(8)?,
        next_target: known(9)?,
        origin: known(10)?,
        align_score: row.get(11)?,
        salience_rank: row.get(12)?,
        created: Stamp { date: row.get(13)?, by: row.get(14)? },
        changed: Stamp { date: row.get(15)?, by: row.get(16)? },
        last_used: row.get(17)?,
        usage_count: row.get(18)?,
        codes: row.get(19)?,
        notes: json(row, 20)?,
        properties: json::<Vec<(String, String, String)>>(row, 21)?.into_iter().map(property).collect(),
        source_lang: text(22)?,
        target_lang: text(23)?,
    })
}

/// Notes as JSON; none where there are none.
fn notes(notes: &[String]) -> Option<String> {
    (!notes.is_empty()).then(|| serde_json::json!(notes).to_string())
}

fn properties(properties: &[Property]) -> Option<String> {
    let triple = |property: &Property| serde_json::json!([property.name, property.value, name_of(property.of)]);
    (!properties.is_empty()).then(|| serde_json::Value::Array(properties.iter().map(triple).collect()).to_string())
}

fn property((name, value, of): (String, String, String)) -> Property<'static> {
    let of = [Of::Source, Of::Target].into_iter().find(|side| name_of(*side) == of).unwrap_or(Of::Entry);
    Property { name: name.into(), value: value.into(), of }
}

fn name_of(of: Of) -> &'static str {
    match of {
        Of::Entry => "entry",
        Of::Source => "source",
        Of::Target => "target",
    }
}

fn json<T: serde::de::DeserializeOwned + Default>(row: &Row, column: usize) -> Result<T> {
    let Some(text) = row.get::<_, Option<String>>(column)? else { return Ok(T::default()) };
    serde_json::from_str(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error)))
}
