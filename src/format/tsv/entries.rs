//! Entries of a translation memory as a table: a header row, an entry a row, its languages, both sides and where it stood; notes,
//! neighbours and foreign properties have no column. Read by the names of columns, of which source and target are needed. Tabs and line
//! breaks inside a sentence become blanks on the way out.

use std::io::BufRead;

use super::table::Table;
use super::unsafe_again;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::format::one_line;
use crate::translation::Entry;
use crate::translation::entry::Stamp;

/// The header row.
pub const ENTRIES_HEADER: &str = "id\tsource_lang\ttarget_lang\tsource\ttarget\tdocument\tsegment\torigin\tdate\n";

/// Appends an entry as a row.
pub fn write_entry(entry: &Entry, out: &mut Vec<u8>) {
    let text = |value: Option<&str>| value.map(one_line).unwrap_or_default().into_owned();
    let date = entry.changed.date.as_deref().or(entry.created.date.as_deref());
    let row = [
        one_line(&entry.tuid()).into_owned(),
        one_line(&entry.source_lang).into_owned(),
        one_line(&entry.target_lang).into_owned(),
        one_line(&entry.source).into_owned(),
        one_line(&entry.target).into_owned(),
        text(entry.document.as_deref()),
        text(entry.segment.as_deref()),
        text(entry.origin.as_deref()),
        text(date),
    ];
    out.extend_from_slice(row.join("\t").as_bytes());
    out.push(b'\n');
}

/// Reads a table of entries, UTF-8; languages that it has no columns for are those given. What is broken is handed over with its line
/// as well.
///
/// # Errors
/// It cannot be read, lacks a column or the languages, or `take` failed; without its path.
pub fn read_entries(
    input: &mut dyn BufRead,
    langs: &[Option<String>; 2],
    take: &mut dyn FnMut(u64, Result<Entry<'static>, String>) -> Result<()>,
) -> Result<()> {
    let (mut table, header) = Table::new(input)?;
    let find = |name: &str| header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
    let (Some(source), Some(target)) = (find("source"), find("target")) else {
        return Err(unread("no columns source and target in the header row, and it is no other file of translations".to_owned()));
    };
    let named = [find("source_lang"), find("target_lang")];
    if let Some(at) = (0..2).find(|&at| named[at].is_none() && langs[at].is_none()) {
        return Err(unread(format!("nothing says in which language the column {} is", ["source", "target"][at])));
    }
    let others = ["id", "document", "segment", "origin", "date"].map(find);
    while let Some((line, cells)) = table.next()? {
        let made = cells.and_then(|cells| {
            let cell = |at: usize| cells.get(at).cloned().map(unsafe_again).unwrap_or_default();
            let known = |at: Option<usize>| at.map(cell).filter(|cell| !cell.trim().is_empty());
            let [id, document, segment, origin, date] = others.map(known);
            let lang = |at: usize| known(named[at]).or_else(|| langs[at].clone()).unwrap_or_else(|| "und".to_owned());
            let entry = Entry {
                id: id.unwrap_or_default(),
                source_lang: lang(0).into(),
                target_lang: lang(1).into(),
                source: cell(source).into(),
                target: cell(target).into(),
                document: document.map(Into::into),
                segment: segment.map(Into::into),
                origin: origin.map(Into::into),
                changed: Stamp { date, by: None },
                ..Entry::default()
            };
            if entry.is_whole() { Ok(entry) } else { Err("a row without a source or without a target".to_owned()) }
        });
        take(line, made)?;
    }
    Ok(())
}

fn unread(cause: String) -> Error {
    Error::from(ErrorKind::EntryTable(cause)).at(Place { line: Some(1), ..Place::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, langs: [Option<&str>; 2]) -> Result<Vec<String>> {
        let mut all = Vec::new();
        read_entries(&mut text.as_bytes(), &langs.map(|lang| lang.map(str::to_owned)), &mut |line, entry| {
            all.push(entry.map_or_else(
                |cause| format!("{line}: {cause}"),
                |e| format!("{line}: {}>{} {}={}", e.source_lang, e.target_lang, e.source, e.target),
            ));
            Ok(())
        })?;
        Ok(all)
    }

    #[test]
    fn two_columns_are_enough_and_what_is_written_is_read() {
        let two = read("Target\tSource\nÄ.\tA.\n\tB.\n", [Some("en"), Some("de")]).expect("sound");
        assert_eq!(two, ["2: en>de A.=Ä.", "3: a row without a source or without a target"]);
        let entry =
            Entry { source_lang: "en".into(), target_lang: "fr".into(), source: "A\tb".into(), target: "\"C\"".into(), ..Entry::default() };
        let mut out = ENTRIES_HEADER.as_bytes().to_vec();
        write_entry(&entry, &mut out);
        assert_eq!(read(str::from_utf8(&out).expect("UTF-8"), [None, Some("de")]).expect("sound"), ["2: en>fr A b=\"C\""]);
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = |text: &str| read(text, [Some("en"), None]).expect_err("refused").to_string();
        assert_eq!(error("source\ttarget\n"), ":1: nothing says in which language the column target is");
        assert!(error("source\ttext\n").starts_with(":1: no columns source and target"));
    }
}
