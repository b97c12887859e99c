//! Entries as rows: what stands in which column, and an entry of a row again.

use std::borrow::Cow;

use rusqlite::{Connection, OptionalExtension, Result, Row, ToSql, params};

use crate::translation::Entry;
use crate::translation::entry::{Of, Property, Stamp};

/// The columns of an entry, but for its identity.
pub(super) const COLUMNS: &str = "entries.tuid, source, target, document, segment, file, previous, next, previous_target, next_target, \
    origin, align_score, salience_rank, created, created_by, changed, changed_by, last_used, usage_count, codes, notes, properties";

const INSERT: &str = "INSERT OR IGNORE INTO entries (identity, pair, tuid, source, target, document, segment, file, previous, next, \
    previous_target, next_target, origin, align_score, salience_rank, created, created_by, changed, changed_by, last_used, usage_count, \
    codes, notes, properties, place) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, \
    ?22, ?23, ?24, ?25)";

/// Its numbers are those of [`INSERT`], so that one row serves both; the row to change comes last.
const UPDATE: &str = "UPDATE entries SET identity = ?1, pair = ?2, tuid = ?3, source = ?4, target = ?5, document = ?6, segment = ?7, \
    file = ?8, previous = ?9, next = ?10, previous_target = ?11, next_target = ?12, origin = ?13, align_score = ?14, salience_rank = ?15, \
    created = ?16, created_by = ?17, changed = ?18, changed_by = ?19, last_used = ?20, usage_count = ?21, codes = ?22, notes = ?23, \
    properties = ?24, place = ?25 WHERE id = ?26";

/// What decides over an entry that is there.
const STANDING: &str = "SELECT id, identity, coalesce(changed, created), document FROM entries";

/// As much of a hash as is kept.
pub(super) type Short = [u8; 16];

pub(super) fn short(hash: &[u8; 32]) -> Short {
    *hash.first_chunk().expect("it is longer")
}

/// An entry that is there.
pub(super) struct Standing {
    pub id: i64,
    pub identity: Short,
    /// See [`Entry::date`].
    pub date: Option<String>,
    pub document: Option<String>,
}

impl Standing {
    fn of(row: &Row) -> Result<Standing> {
        Ok(Standing { id: row.get(0)?, identity: row.get(1)?, date: row.get(2)?, document: row.get(3)? })
    }
}

/// Adds an entry of a pair of languages; whether it was not there.
pub(super) fn insert(connection: &Connection, entry: &Entry, identity: &Short, pair: i64) -> Result<bool> {
    with_row(entry, identity, pair, |row| connection.prepare_cached(INSERT)?.execute(row).map(|count| count > 0))
}

/// Puts an entry into a row.
pub(super) fn update(connection: &Connection, id: i64, entry: &Entry, identity: &Short, pair: i64) -> Result<()> {
    with_row(entry, identity, pair, |row| {
        let row: Vec<&dyn ToSql> = row.iter().copied().chain([&id as &dyn ToSql]).collect();
        connection.prepare_cached(UPDATE)?.execute(&*row).map(|_| ())
    })
}

/// Hands over what stands in the columns of an entry.
fn with_row<T>(entry: &Entry, identity: &Short, pair: i64, act: impl FnOnce(&[&dyn ToSql]) -> Result<T>) -> Result<T> {
    let (notes, properties) = (notes(&entry.notes), properties(&entry.properties));
    let (Stamp { date: created, by: created_by }, Stamp { date: changed, by: changed_by }) = (&entry.created, &entry.changed);
    act(params![
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
        properties,
        entry.place().as_ref().map(short)
    ])
}

/// The row of an entry, if it is there.
pub(super) fn find(connection: &Connection, identity: &Short) -> Result<Option<Standing>> {
    connection.prepare_cached(&format!("{STANDING} WHERE identity = ?1"))?.query_row([identity], Standing::of).optional()
}

/// Other translations of what an entry is one of, in the order in which they came.
pub(super) fn others(connection: &Connection, place: &Short, identity: &Short) -> Result<Vec<Standing>> {
    let sql = format!("{STANDING} WHERE place = ?1 AND identity <> ?2 ORDER BY id LIMIT {OTHERS}");
    connection.prepare_cached(&sql)?.query_map([place, identity], Standing::of)?.collect()
}

/// Translations of one segment that are looked at, at most.
const OTHERS: u32 = 100;

/// The entry of a row, and its pair of languages.
pub(super) fn whole(connection: &Connection, id: i64) -> Result<(Entry<'static>, i64)> {
    let sql = format!("SELECT {COLUMNS}, source_lang, target_lang, pair FROM entries JOIN pairs ON pairs.id = pair WHERE entries.id = ?1");
    connection.prepare_cached(&sql)?.query_row([id], |row| Ok((entry(row)?, row.get(24)?)))
}

pub(super) fn delete(connection: &Connection, id: i64) -> Result<()> {
    connection.prepare_cached("DELETE FROM entries WHERE id = ?1")?.execute([id]).map(|_| ())
}

/// Notes that an entry was replaced, or that it counts again.
pub(super) fn set_replaced(connection: &Connection, identity: &Short, replaced: bool) -> Result<()> {
    let sql = if replaced { "INSERT OR IGNORE INTO replaced VALUES (?1)" } else { "DELETE FROM replaced WHERE identity = ?1" };
    connection.prepare_cached(sql)?.execute([identity]).map(|_| ())
}

/// Whether an entry was replaced.
pub(super) fn was_replaced(connection: &Connection, identity: &Short) -> Result<bool> {
    connection.prepare_cached("SELECT 1 FROM replaced WHERE identity = ?1")?.exists([identity])
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
    let triple = |property: &Property| serde_json::json!([property.name, property.value, property.of.name()]);
    (!properties.is_empty()).then(|| serde_json::Value::Array(properties.iter().map(triple).collect()).to_string())
}

fn property((name, value, of): (String, String, String)) -> Property<'static> {
    let of = [Of::Source, Of::Target].into_iter().find(|side| side.name() == of).unwrap_or(Of::Entry);
    Property { name: name.into(), value: value.into(), of }
}

fn json<T: serde::de::DeserializeOwned + Default>(row: &Row, column: usize) -> Result<T> {
    let Some(text) = row.get::<_, Option<String>>(column)? else { return Ok(T::default()) };
    serde_json::from_str(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error)))
}
