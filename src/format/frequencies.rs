//! Frequency tables as text: comment lines that say what was counted and how, then language, term and documents by tabs,
//! sorted, with a checksum. What the numbers mean is the business of `summary::frequency`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{BufRead, Write};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::summary::frequency::{DocumentFrequencies, LanguageFrequencies};

/// Its file name in an output directory.
pub const NAME: &str = "frequencies.tsv";

/// First line of every table.
const MAGIC: &str = "# epitome frequencies 1";

/// Spells a table. The last comment is a checksum of all other lines.
pub fn write(table: &DocumentFrequencies, out: &mut dyn Write) -> std::io::Result<()> {
    let mut body = format!("{MAGIC}\n");
    for (code, language) in &table.languages {
        let _ = writeln!(body, "# language {code} documents {} fingerprint {}", language.documents, language.fingerprint);
    }
    let mut hasher = blake3::Hasher::new();
    let mut rows = String::new();
    for (code, language) in &table.languages {
        // Most comparisons are settled by the first eight bytes, without a look at the strings.
        let mut sorted: Vec<(u64, &str, u64)> = language.counts.iter().map(|(term, count)| (prefix(term), &**term, *count)).collect();
        sorted.sort_unstable();
        for (_, term, count) in sorted {
            let _ = writeln!(rows, "{code}\t{term}\t{count}");
        }
    }
    hasher.update(body.as_bytes());
    hasher.update(rows.as_bytes());
    let _ = writeln!(body, "# checksum {}", hasher.finalize().to_hex());
    out.write_all(body.as_bytes())?;
    out.write_all(rows.as_bytes())
}

/// The first eight bytes as a number that sorts like them.
fn prefix(term: &str) -> u64 {
    let mut bytes = [0; 8];
    let length = term.len().min(8);
    bytes[..length].copy_from_slice(&term.as_bytes()[..length]);
    u64::from_be_bytes(bytes)
}

/// Reads a table; errors name the line.
pub fn read(input: impl BufRead) -> Result<DocumentFrequencies> {
    let mut table = DocumentFrequencies::default();
    let mut hasher = blake3::Hasher::new();
    let mut checksum = None;
    let mut lines = 0;
    for (number, line) in input.lines().enumerate() {
        let at = |error: Error| error.at(Place { line: Some(number as u64 + 1), ..Place::default() });
        let line = line.map_err(|error| at(Error::from(ErrorKind::Io("reading the table", error))))?;
        lines += 1;
        if number == 0 && line != MAGIC {
            return Err(at(bad(format!("expected {MAGIC:?} first"))));
        }
        if let Some(sum) = line.strip_prefix("# checksum ") {
            checksum = Some(sum.to_owned());
            continue;
        }
        hasher.update(line.as_bytes());
        hasher.update(b"\n");
        read_line(&line, &mut table).map_err(at)?;
    }
    if lines == 0 {
        return Err(bad(format!("the file is empty, expected {MAGIC:?} first")));
    }
    if checksum.as_deref() != Some(hasher.finalize().to_hex().as_str()) {
        return Err(bad("the checksum does not fit: the file is cut short or was changed; count it again".to_owned()));
    }
    Ok(table)
}

fn read_line(line: &str, table: &mut DocumentFrequencies) -> Result<()> {
    if let Some(comment) = line.strip_prefix('#') {
        let words: Vec<&str> = comment.split_whitespace().collect();
        if let ["language", code, "documents", documents, "fingerprint", fingerprint] = words[..] {
            let documents = documents.parse().map_err(|_| bad(format!("{documents:?} is no number of documents")))?;
            let language = LanguageFrequencies { fingerprint: fingerprint.to_owned(), documents, counts: HashMap::default() };
            table.languages.insert(code.to_owned(), language);
        }
        return Ok(());
    }
    let mut cells = line.split('\t');
    let (Some(code), Some(term), Some(count), None) = (cells.next(), cells.next(), cells.next(), cells.next()) else {
        return Err(bad("expected language, term and documents with tabs between".to_owned()));
    };
    let count = count.parse().map_err(|_| bad(format!("{count:?} is no number of documents")))?;
    let language = table.languages.get_mut(code).ok_or_else(|| bad(format!("no comment line for the language {code:?}")))?;
    language.counts.insert(term.into(), count);
    Ok(())
}

fn bad(detail: String) -> Error {
    Error::from(ErrorKind::Frequencies(detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> DocumentFrequencies {
        let counts = [("minist", 3u64), ("bridg", 1)].into_iter().map(|(t, c)| (t.into(), c)).collect();
        let language = LanguageFrequencies { fingerprint: "f00".into(), documents: 4, counts };
        DocumentFrequencies { languages: [("en".to_owned(), language)].into() }
    }

    #[test]
    fn write_then_read_is_identity() {
        let mut bytes = Vec::new();
        write(&table(), &mut bytes).expect("memory");
        assert_eq!(read(&bytes[..]).expect("sound"), table());
    }

    #[test]
    fn any_flipped_byte_is_noticed() {
        let mut bytes = Vec::new();
        write(&table(), &mut bytes).expect("memory");
        for i in 0..bytes.len() {
            let mut broken = bytes.clone();
            broken[i] ^= 1;
            assert!(read(&broken[..]).is_err(), "byte {i}");
        }
    }
}
