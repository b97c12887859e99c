//! What becomes of an entry that comes into a memory. Two entries are one if their identity is ([`Entry::identity`]: source, target,
//! neighbours, languages): the one that is there stays, unless the other has a newer date. Two entries translate one segment if all but the
//! target is the same ([`Entry::place`]: source, neighbours, languages, article, segment, and how the sides came together): there the newer
//! replaces the older, whichever comes first, for the two are no alternatives. Anywhere else both stay.
//!
//! Newer is what has the later date, and what has one where the other has none; of two without, or with the same, nobody knows, and both
//! stay. What comes back to its article ([`Import::latest`](super::Import::latest)) is newer than what is there, whatever the dates. What was
//! replaced is remembered by its identity, so that an older file, which mostly has no dates, does not bring it back.

use rusqlite::{Connection, Result};

use super::rows::{self, Short, Standing};
use crate::translation::Entry;
use crate::translation::entry::Stamp;

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Added {
    New,
    /// It was there.
    Known,
    /// It was there, and what is said of it is now what this one says.
    Renewed,
    /// It took the place of another translation of the segment.
    Replaced,
    /// A newer translation of the segment is there.
    Older,
}

/// Adds an entry of a pair of languages by the rule above; `latest`: it is newer than what is there.
pub(super) fn add(connection: &Connection, entry: &Entry, pair: i64, latest: bool) -> Result<Added> {
    let identity = rows::short(&entry.identity());
    let place = entry.place().as_ref().map(rows::short);
    let others = place.map_or(Ok(Vec::new()), |place| rows::others(connection, &place, &identity))?;
    let (older, rest): (Vec<Standing>, Vec<Standing>) =
        others.into_iter().partition(|other| latest || other.date.as_deref() < entry.date());
    if !older.is_empty() && rest.iter().all(|other| other.date.as_deref() <= entry.date()) {
        return replace(connection, &older, entry, &identity, latest);
    }
    if !rest.is_empty() && rows::find(connection, &identity)?.is_none() {
        let is_older = rest.iter().any(|other| other.date.as_deref() > entry.date());
        if is_older || rows::was_replaced(connection, &identity)? {
            return Ok(Added::Older);
        }
    }
    if rows::insert(connection, entry, &identity, pair)? { Ok(Added::New) } else { renew(connection, entry, &identity, latest) }
}

/// Puts an entry where older translations of its segment are: into the row of the first, unless it has one.
fn replace(connection: &Connection, older: &[Standing], entry: &Entry, identity: &Short, latest: bool) -> Result<Added> {
    let is_there = rows::find(connection, identity)?.is_some();
    let gone = if is_there { older } else { &older[1..] };
    gone.iter().try_for_each(|other| rows::delete(connection, other.id))?;
    older.iter().try_for_each(|other| rows::set_replaced(connection, &other.identity, true))?;
    rows::set_replaced(connection, identity, false)?;
    if is_there {
        renew(connection, entry, identity, latest)?;
    } else {
        let (before, pair) = rows::whole(connection, older[0].id)?;
        rows::update(connection, older[0].id, &over(entry, &before), identity, pair)?;
    }
    Ok(Added::Replaced)
}

/// Says of an entry that is there what a newer one says.
fn renew(connection: &Connection, entry: &Entry, identity: &Short, latest: bool) -> Result<Added> {
    let Some(own) = rows::find(connection, identity)? else { return Ok(Added::Known) };
    // Of another article it is another's: two that share a passage would take it from one another.
    let comes_back = latest && own.document.is_some() && own.document.as_deref() == entry.document.as_deref();
    if !comes_back && own.date.as_deref() >= entry.date() {
        return Ok(Added::Known);
    }
    let (before, pair) = rows::whole(connection, own.id)?;
    let renewed = over(entry, &before);
    if renewed == before {
        return Ok(Added::Known);
    }
    rows::update(connection, own.id, &renewed, identity, pair)?;
    Ok(Added::Renewed)
}

/// An entry as it is kept in the row of an older one: with its id and languages, and with its dates where it has none itself, so that
/// what is older than they are stays older.
fn over<'a>(entry: &Entry<'a>, before: &Entry<'a>) -> Entry<'a> {
    let (id, langs) = (before.id.clone(), (before.source_lang.clone(), before.target_lang.clone()));
    let mut over = Entry { id, source_lang: langs.0, target_lang: langs.1, ..entry.clone() };
    if entry.date().is_none() {
        over.changed.date.clone_from(&before.changed.date);
    }
    if entry.created == Stamp::default() {
        over.created.clone_from(&before.created);
    }
    over
}
