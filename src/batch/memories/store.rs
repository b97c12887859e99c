//! A memory's file: opened, told from other files, made, filled in one transaction, read in order. The one place, with `rows`, that
//! speaks SQL. The journal is SQLite's own rollback journal, so that a memory at rest is one file, on network drives too; what a process
//! that died left behind is undone by whoever opens it next.

use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, params_from_iter};

use super::adding::{self, Added};
use super::{Filter, Info, rows};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::lang::Lang;
use crate::translation::Entry;

/// The first bytes of a file of SQLite.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// `epit`, in the head of the file.
const APPLICATION: i64 = 0x6570_6974;

/// Version of the tables.
const SCHEMA: i64 = 2;

/// `identity` is what makes an entry itself, half of the bytes of [`Entry::identity`], `place` what it translates, half of [`Entry::place`];
/// `id` is the order in which entries came. Notes and properties are JSON: `["a note"]`, `[["x-state", "final", "target"]]`. `replaced` has
/// the identities of what was replaced by a newer translation of its segment.
const TABLES: &str = "
CREATE TABLE pairs (
    id INTEGER PRIMARY KEY, source_lang TEXT NOT NULL, target_lang TEXT NOT NULL, UNIQUE (source_lang, target_lang)
) STRICT;
CREATE TABLE entries (
    id INTEGER PRIMARY KEY, identity BLOB NOT NULL UNIQUE, pair INTEGER NOT NULL REFERENCES pairs (id), tuid TEXT NOT NULL,
    source TEXT NOT NULL, target TEXT NOT NULL, document TEXT, segment TEXT, file TEXT,
    previous TEXT, next TEXT, previous_target TEXT, next_target TEXT, origin TEXT, align_score REAL, salience_rank INTEGER,
    created TEXT, created_by TEXT, changed TEXT, changed_by TEXT, last_used TEXT,
    usage_count INTEGER NOT NULL, codes INTEGER NOT NULL, notes TEXT, properties TEXT, place BLOB
) STRICT;
CREATE INDEX entries_by_pair ON entries (pair);
CREATE INDEX entries_by_place ON entries (place) WHERE place IS NOT NULL;
CREATE TABLE replaced (identity BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
";

/// An open memory.
pub(super) struct Store {
    connection: Connection,
    shown: String,
    /// The languages met last.
    last: RefCell<Option<Pair>>,
}

impl Store {
    /// Opens what is there.
    ///
    /// # Errors
    /// It is not there, is no memory of ours, or cannot be read.
    pub fn open(path: &Path, patience: Duration) -> Result<Store> {
        check_path(path, true)?;
        let store = Store::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE, patience)?;
        store.is_ours()?;
        Ok(store)
    }

    /// Opens what is there, or makes it, and begins the transaction that ends with [`Store::commit`].
    ///
    /// # Errors
    /// It is no memory of ours, cannot be written, or another process is using it.
    pub fn begin(path: &Path, patience: Duration) -> Result<Store> {
        check_path(path, false)?;
        let store = Store::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE, patience)?;
        let is_ours = store.is_ours()?;
        store.run("BEGIN IMMEDIATE")?;
        // Another process may have made it meanwhile.
        if !is_ours && !store.is_ours()? {
            store.run(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {SCHEMA}; {TABLES}"))?;
        }
        Ok(store)
    }

    fn connect(path: &Path, flags: OpenFlags, patience: Duration) -> Result<Store> {
        let shown = path.display().to_string();
        // SQLite has names for what is no file, such as `:memory:`.
        let named = if path.is_relative() { Path::new(".").join(path) } else { path.to_owned() };
        let opened = Connection::open_with_flags(named, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX);
        let connection = opened.map_err(|error| error_of(error).at(Place::path(shown.clone())))?;
        let store = Store { connection, shown, last: RefCell::default() };
        store.placed(store.connection.busy_timeout(patience))?;
        // Else a statement may be planned anew for each value that it is given.
        store.placed(store.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true))?;
        store.run(&format!("PRAGMA cache_size = -{CACHE}; PRAGMA trusted_schema = OFF")).map_err(|error| store.of_head(error))?;
        Ok(store)
    }

    /// Whether it is a memory; an empty file is none yet.
    fn is_ours(&self) -> Result<bool> {
        let application = self.number("SELECT application_id FROM pragma_application_id").map_err(|error| self.of_head(error))?;
        let version = self.number("SELECT user_version FROM pragma_user_version")?;
        let error = match application {
            APPLICATION if version == SCHEMA => return self.check_length().map(|()| true),
            APPLICATION => ErrorKind::NewerMemory { found: version, known: SCHEMA },
            0 if self.number("SELECT count(*) FROM sqlite_schema")? == 0 => return Ok(false),
            _ => ErrorKind::NotMemory("a database of another program"),
        };
        Err(Error::from(error).at(Place::path(&self.shown)))
    }

    /// What begins as a memory does and is no database is a memory whose head is broken.
    fn of_head(&self, error: Error) -> Error {
        let mut head = [0; 72];
        let read = File::open(&self.shown).and_then(|mut file| file.read_exact(&mut head));
        let ours = read.is_ok() && head.starts_with(MAGIC) && head[68..] == (APPLICATION as u32).to_be_bytes();
        match error.kind {
            ErrorKind::NotMemory(_) if ours => Error { kind: ErrorKind::DamagedMemory("its head is broken".to_owned()), ..error },
            _ => error,
        }
    }

    /// Refuses a file of which the end is missing: SQLite would take a part of a page for all of it.
    fn check_length(&self) -> Result<()> {
        let pages = self.number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")? as u64;
        match std::fs::metadata(&self.shown) {
            Ok(meta) if meta.len() < pages => {
                Err(Error::from(ErrorKind::DamagedMemory("it is cut short".to_owned())).at(Place::path(&self.shown)))
            }
            _ => Ok(()),
        }
    }

    /// Refuses a file of which a page is broken, also one that would not be read now. Indexes are not held against their table, which
    /// [`Store::info`] does and which takes eight times as long.
    pub fn check(&self) -> Result<()> {
        let found: String = self.placed(self.connection.query_row("PRAGMA quick_check(1)", (), |row| row.get(0)))?;
        match found.lines().last() {
            Some("ok") | None => Ok(()),
            Some(fault) => Err(Error::from(ErrorKind::DamagedMemory(fault.to_owned())).at(Place::path(&self.shown))),
        }
    }

    /// Makes what was done since [`Store::begin`] last; languages of which no entry was taken go.
    pub fn commit(&self) -> Result<()> {
        self.run("DELETE FROM pairs WHERE NOT EXISTS (SELECT 1 FROM entries WHERE pair = pairs.id); COMMIT")
    }

    /// Does something that is undone if it fails.
    pub fn whole<T>(&self, act: impl FnOnce() -> Result<T>) -> Result<T> {
        self.run("SAVEPOINT input")?;
        let done = act();
        self.run(if done.is_ok() { "RELEASE input" } else { "ROLLBACK TO input; RELEASE input" })?;
        if done.is_err() {
            // It may have been undone with the rest.
            self.last.replace(None);
        }
        done
    }

    /// Adds an entry; see [`adding`] for the rule.
    pub fn add(&self, entry: &Entry, latest: bool) -> Result<Added> {
        let pair = self.placed(self.pair(&entry.source_lang, &entry.target_lang))?;
        self.placed(adding::add(&self.connection, entry, pair, latest))
    }

    /// The number of two languages; mostly those of the entry before.
    fn pair(&self, source: &str, target: &str) -> rusqlite::Result<i64> {
        if let Some(last) = self.last.borrow().as_ref().filter(|last| last.source == source && last.target == target) {
            return Ok(last.id);
        }
        let id = rows::pair(&self.connection, source, target)?;
        self.last.replace(Some(Pair { id, source: source.to_owned(), target: target.to_owned() }));
        Ok(id)
    }

    /// Hands over entries in the order in which they came.
    pub fn each(&self, filter: &Filter, take: &mut dyn FnMut(Entry<'static>) -> Result<()>) -> Result<()> {
        let Some((which, values)) = self.condition(filter)? else { return Ok(()) };
        let sql = format!(
            "SELECT {}, source_lang, target_lang FROM entries JOIN pairs ON pairs.id = pair {which} ORDER BY entries.id",
            rows::COLUMNS
        );
        let mut statement = self.placed(self.connection.prepare(&sql))?;
        let mut rows = self.placed(statement.query(params_from_iter(values)))?;
        while let Some(row) = self.placed(rows.next())? {
            take(self.placed(rows::entry(row))?)?;
        }
        Ok(())
    }

    /// Tags of the sources, in order.
    pub fn source_langs(&self, filter: &Filter) -> Result<Vec<String>> {
        let mut langs: Vec<String> = self.pairs()?.into_iter().filter(|pair| pair.fits(filter)).map(|pair| pair.source).collect();
        langs.sort_unstable();
        langs.dedup();
        Ok(langs)
    }

    /// How many entries there are.
    pub fn count(&self, filter: &Filter) -> Result<u64> {
        let Some((which, values)) = self.condition(filter)? else { return Ok(0) };
        let sql = format!("SELECT count(*) FROM entries {which}");
        let count: i64 = self.placed(self.connection.query_row(&sql, params_from_iter(values), |row| row.get(0)))?;
        Ok(count as u64)
    }

    /// Takes entries out.
    pub fn remove(&self, filter: &Filter) -> Result<u64> {
        self.run("BEGIN IMMEDIATE")?;
        let Some((which, values)) = self.condition(filter)? else { return Ok(0) };
        let count = self.placed(self.connection.execute(&format!("DELETE FROM entries {which}"), params_from_iter(values)))?;
        self.commit()?;
        Ok(count as u64)
    }

    /// What there is to say about it.
    pub fn info(&self) -> Result<Info> {
        if !self.is_ours()? {
            return Ok(Info::default());
        }
        let mut pairs: Vec<(String, String, u64)> = Vec::new();
        for pair in self.pairs()? {
            let count = self.number(&format!("SELECT count(*) FROM entries WHERE pair = {}", pair.id))? as u64;
            pairs.push((pair.source, pair.target, count));
        }
        pairs.sort_unstable();
        Ok(Info {
            schema: SCHEMA,
            entries: self.count(&Filter::default())?,
            documents: self.number("SELECT count(DISTINCT document) FROM entries")? as u64,
            bytes: self.number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")? as u64,
            pairs,
            origins: self.list("SELECT coalesce(origin, ''), count(*) FROM entries GROUP BY 1 ORDER BY 1", |row| {
                Ok((row.get(0)?, row.get::<_, i64>(1)? as u64))
            })?,
            faults: self.faults()?,
        })
    }

    /// What SQLite finds broken, and entries of no pair.
    fn faults(&self) -> Result<Vec<String>> {
        let mut faults = self.list("PRAGMA integrity_check(10)", |row| row.get::<_, String>(0))?;
        faults.retain(|fault| fault != "ok");
        let lost = self.number("SELECT count(*) FROM entries WHERE pair NOT IN (SELECT id FROM pairs)")?;
        if lost > 0 {
            faults.push(format!("entries without languages: {lost}"));
        }
        Ok(faults)
    }

    fn pairs(&self) -> Result<Vec<Pair>> {
        if !self.is_ours()? {
            return Ok(Vec::new());
        }
        let pair = |row: &rusqlite::Row| Ok(Pair { id: row.get(0)?, source: row.get(1)?, target: row.get(2)? });
        self.list("SELECT id, source_lang, target_lang FROM pairs ORDER BY id", pair)
    }

    /// The words that select what a filter means, with their values; `None` where there is nothing of it.
    fn condition(&self, filter: &Filter) -> Result<Option<(String, Vec<String>)>> {
        let pairs: Vec<String> = self.pairs()?.into_iter().filter(|pair| pair.fits(filter)).map(|pair| pair.id.to_string()).collect();
        if pairs.is_empty() {
            return Ok(None);
        }
        let mut sql = format!("WHERE pair IN ({})", pairs.join(", "));
        let mut values = Vec::new();
        for (column, value) in [("document", &filter.document), ("origin", &filter.origin), ("tuid", &filter.id)] {
            if let Some(value) = value {
                values.push(value.clone());
                sql += &format!(" AND {column} = ?{}", values.len());
            }
        }
        Ok(Some((sql, values)))
    }

    fn list<T>(&self, sql: &str, row: impl FnMut(&rusqlite::Row) -> rusqlite::Result<T>) -> Result<Vec<T>> {
        let mut statement = self.placed(self.connection.prepare(sql))?;
        let rows = self.placed(statement.query_map((), row))?;
        self.placed(rows.collect())
    }

    fn number(&self, sql: &str) -> Result<i64> {
        self.placed(self.connection.query_row(sql, (), |row| row.get(0)))
    }

    fn run(&self, sql: &str) -> Result<()> {
        self.placed(self.connection.execute_batch(sql))
    }

    fn placed<T>(&self, result: rusqlite::Result<T>) -> Result<T> {
        result.map_err(|error| error_of(error).at(Place::path(&self.shown)))
    }
}

/// KiB of the file that are held in memory.
const CACHE: u32 = 64 << 10;

/// Two languages of the file.
struct Pair {
    id: i64,
    source: String,
    target: String,
}

impl Pair {
    fn fits(&self, filter: &Filter) -> bool {
        let fits = |wanted: &Option<Lang>, tag: &str| wanted.as_ref().is_none_or(|wanted| is_within(tag, wanted));
        fits(&filter.source_lang, &self.source) && fits(&filter.target_lang, &self.target)
    }
}

/// Whether a tag is of a language: of any region and script where only the language is named.
fn is_within(tag: &str, wanted: &Lang) -> bool {
    let whole = !wanted.tag().contains(['-', '_']);
    is_same(tag, wanted) || whole && Lang::parse(tag).is_some_and(|lang| lang.primary() == wanted.primary())
}

/// Whether two tags differ in the case of letters at most.
pub(super) fn is_same(tag: &str, wanted: &Lang) -> bool {
    tag.replace('_', "-").eq_ignore_ascii_case(&wanted.tag().replace('_', "-"))
}

/// Names what SQLite would say in its own words.
pub(super) fn check_path(path: &Path, there: bool) -> Result<()> {
    let placed = |kind: ErrorKind| Err(Error::from(kind).at(Place::path(path.display().to_string())));
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => placed(ErrorKind::Io("cannot open it", std::io::ErrorKind::IsADirectory.into())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && there => placed(ErrorKind::NotFound),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            if folder.is_dir() { Ok(()) } else { placed(ErrorKind::Io("cannot make it", std::io::ErrorKind::NotFound.into())) }
        }
        _ => Ok(()),
    }
}

fn error_of(error: rusqlite::Error) -> Error {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => ErrorKind::NotMemory("something else"),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => ErrorKind::MemoryInUse,
        Some(ErrorCode::DatabaseCorrupt) => ErrorKind::DamagedMemory(error.to_string()),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            ErrorKind::Io("cannot write", std::io::ErrorKind::PermissionDenied.into())
        }
        Some(ErrorCode::DiskFull) => ErrorKind::Io("cannot write", std::io::ErrorKind::StorageFull.into()),
        Some(ErrorCode::CannotOpen | ErrorCode::SystemIoFailure) => ErrorKind::Io("cannot open or write it", std::io::Error::other(error)),
        _ => ErrorKind::DamagedMemory(error.to_string()),
    };
    kind.into()
}
