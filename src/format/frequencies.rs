//! Frequency tables as text: comment lines that say what was counted and how, then language, term and documents by tabs,
//! sorted, with a checksum. What the numbers mean is the business of `summary::frequency`.

use std::fmt::Write as _;
use std::io::{BufRead, Write};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::summary::frequency::{DocumentFrequencies, LanguageFrequencies, prefix};

/// Its file name in an output directory.
pub const NAME: &str = "frequencies.tsv";

/// First line of every table.
const MAGIC: &str = "# epitome frequencies 1";

/// Rows that are spelled at once.
const ROWS: usize = 1 << 16;

/// Spells a table. The last comment is a checksum of all other lines, so that the rows are gone through twice.
pub fn write(table: &DocumentFrequencies, out: &mut dyn Write) -> std::io::Result<()> {
    let mut head = Head::new(table);
    let sorted: Vec<(&str, Vec<Row>)> = table.languages.iter().map(|(code, language)| (code.as_str(), sorted(language))).collect();
    each_part(&sorted, &mut |rows| {
        head.add(rows);
        Ok(())
    })?;
    out.write_all(head.finish().as_bytes())?;
    each_part(&sorted, &mut |rows| out.write_all(rows))
}

/// A term by its prefix and its articles.
type Row<'a> = (u64, &'a str, u64);

fn sorted(language: &LanguageFrequencies) -> Vec<Row<'_>> {
    let mut sorted: Vec<Row> = language.counts.iter().map(|(term, count)| (prefix(term), &**term, *count)).collect();
    sorted.sort_unstable();
    sorted
}

/// Spells rows and hands them over in parts.
fn each_part(sorted: &[(&str, Vec<Row>)], each: &mut dyn FnMut(&[u8]) -> std::io::Result<()>) -> std::io::Result<()> {
    let mut rows = Vec::with_capacity(ROWS + 256);
    for (code, language) in sorted {
        for (_, term, count) in language {
            row(code, term, *count, &mut rows);
            if rows.len() >= ROWS {
                each(&rows)?;
                rows.clear();
            }
        }
    }
    each(&rows)
}

/// Appends a row; rows are sorted by language and term.
pub fn row(code: &str, term: &str, count: u64, out: &mut Vec<u8>) {
    [code, "\t", term, "\t"].iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
    let mut digits = [0; 20];
    let (mut rest, mut at) = (count, digits.len());
    while rest > 0 || at == digits.len() {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.extend_from_slice(&digits[at..]);
    out.push(b'\n');
}

/// The lines before the rows, made while the rows go by.
pub struct Head {
    lines: String,
    hasher: blake3::Hasher,
}

impl Head {
    /// The head of a table, whose counts are not asked for.
    pub fn new(table: &DocumentFrequencies) -> Head {
        let mut lines = format!("{MAGIC}\n");
        for (code, language) in &table.languages {
            let _ = writeln!(lines, "# language {code} documents {} fingerprint {}", language.documents, language.fingerprint);
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(lines.as_bytes());
        Head { lines, hasher }
    }

    /// Takes note of rows.
    pub fn add(&mut self, rows: &[u8]) {
        self.hasher.update(rows);
    }

    /// The lines, once all rows went by.
    pub fn finish(self) -> String {
        let Head { mut lines, hasher } = self;
        let _ = writeln!(lines, "# checksum {}", hasher.finalize().to_hex());
        lines
    }
}

/// Reads a table; errors name the line.
pub fn read(input: impl BufRead) -> Result<DocumentFrequencies> {
    read_rows(input, |language, term, count| {
        language.counts.insert(term.into(), count);
    })
}

/// Reads a table that only a few terms are looked up in, in a fraction of the time; `None` if its rows are not in order.
pub fn read_sorted(input: impl BufRead) -> Result<Option<DocumentFrequencies>> {
    let mut in_order = true;
    let table = read_rows(input, |language, term, count| in_order &= language.sorted.push(term, count))?;
    Ok(in_order.then_some(table))
}

fn read_rows(mut input: impl BufRead, mut each: impl FnMut(&mut LanguageFrequencies, &str, u64)) -> Result<DocumentFrequencies> {
    let mut table = DocumentFrequencies::default();
    let mut hasher = blake3::Hasher::new();
    let mut checksum = None;
    // What is hashed waits here, for the hash is fast on many bytes only; the line at work is its end.
    let mut waiting = Vec::with_capacity(ROWS + 256);
    for number in 0.. {
        let at = |error: Error| error.at(Place { line: Some(number + 1), ..Place::default() });
        let start = waiting.len();
        let line = next_line(&mut input, &mut waiting).map_err(|error| at(Error::from(ErrorKind::Io("reading the table", error))))?;
        let Some(line) = line else { break };
        if number == 0 && line != MAGIC {
            return Err(at(bad(format!("expected {MAGIC:?} first"))));
        }
        if let Some(sum) = line.strip_prefix("# checksum ") {
            checksum = Some(sum.to_owned());
            waiting.truncate(start);
            continue;
        }
        read_line(line, &mut table, &mut each).map_err(at)?;
        waiting.push(b'\n');
        if waiting.len() >= ROWS {
            hasher.update(&waiting);
            waiting.clear();
        }
    }
    hasher.update(&waiting);
    if hasher.count() == 0 && checksum.is_none() {
        return Err(bad(format!("the file is empty, expected {MAGIC:?} first")));
    }
    if checksum.as_deref() != Some(hasher.finalize().to_hex().as_str()) {
        return Err(bad("the checksum does not fit: the file is cut short or was changed; count it again".to_owned()));
    }
    Ok(table)
}

/// Appends the next line without its end to `out`; none at the end of the file.
fn next_line<'o>(input: &mut impl BufRead, out: &'o mut Vec<u8>) -> std::io::Result<Option<&'o str>> {
    let start = out.len();
    if input.read_until(b'\n', out)? == 0 {
        return Ok(None);
    }
    let line = out[start..].strip_suffix(b"\n").unwrap_or(&out[start..]);
    let end = start + line.strip_suffix(b"\r").filter(|_| line.len() < out.len() - start).unwrap_or(line).len();
    out.truncate(end);
    let text = std::str::from_utf8(&out[start..]);
    text.map(Some).map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))
}

fn read_line(line: &str, table: &mut DocumentFrequencies, each: &mut impl FnMut(&mut LanguageFrequencies, &str, u64)) -> Result<()> {
    if let Some(comment) = line.strip_prefix('#') {
        let words: Vec<&str> = comment.split_whitespace().collect();
        if let ["language", code, "documents", documents, "fingerprint", fingerprint] = words[..] {
            let documents = documents.parse().map_err(|_| bad(format!("{documents:?} is no number of documents")))?;
            let language = LanguageFrequencies { fingerprint: fingerprint.to_owned(), documents, ..LanguageFrequencies::default() };
            table.languages.insert(code.to_owned(), language);
        }
        return Ok(());
    }
    let mut tabs = memchr::memchr_iter(b'\t', line.as_bytes());
    let (Some(first), Some(second), None) = (tabs.next(), tabs.next(), tabs.next()) else {
        return Err(bad("expected language, term and documents with tabs between".to_owned()));
    };
    let (code, term, count) = (&line[..first], &line[first + 1..second], &line[second + 1..]);
    let count = count.parse().map_err(|_| bad(format!("{count:?} is no number of documents")))?;
    let language = table.languages.get_mut(code).ok_or_else(|| bad(format!("no comment line for the language {code:?}")))?;
    each(language, term, count);
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
        let language = LanguageFrequencies { fingerprint: "f00".into(), documents: 4, counts, ..LanguageFrequencies::default() };
        DocumentFrequencies { languages: [("en".to_owned(), language)].into() }
    }

    #[test]
    fn write_then_read_is_identity() {
        let mut bytes = Vec::new();
        write(&table(), &mut bytes).expect("memory");
        assert_eq!(read(&bytes[..]).expect("sound"), table());
    }

    #[test]
    fn looking_up_in_order_is_looking_up_in_a_map() {
        let terms: Vec<String> = (0..200).map(|n: u64| format!("{:x}é\u{1f600}", n * n * 2_654_435_761)).collect();
        let counts = terms.iter().map(|term| term.as_str().into()).zip(1..).collect();
        let language = LanguageFrequencies { documents: 300, counts, fingerprint: "f".into(), ..LanguageFrequencies::default() };
        let table = DocumentFrequencies { languages: [("en".to_owned(), language)].into() };
        let mut bytes = Vec::new();
        write(&table, &mut bytes).expect("memory");
        let sorted = read_sorted(&bytes[..]).expect("sound").expect("in order");
        let (map, sorted) = (&table.languages["en"], &sorted.languages["en"]);
        assert!(sorted.counts.is_empty());
        let others = ["", "0", "zzz", "é"];
        terms.iter().map(String::as_str).chain(others).for_each(|term| assert_eq!(map.idf(term), sorted.idf(term), "{term:?}"));
    }

    #[test]
    fn rows_out_of_order_are_for_a_map() {
        let lines = format!("{MAGIC}\n# language en documents 4 fingerprint f00\nen\tminist\t3\nen\tbridg\t1\n");
        let text = format!("{lines}# checksum {}\n", blake3::hash(lines.as_bytes()).to_hex());
        assert_eq!(read_sorted(text.as_bytes()).expect("sound"), None);
        assert_eq!(read(text.as_bytes()).expect("sound"), table());
        // Lines may end as Windows ends them.
        assert_eq!(read(text.replace('\n', "\r\n").as_bytes()).expect("sound"), table());
    }

    #[test]
    fn rows_have_plain_numbers() {
        let mut out = Vec::new();
        [0, 7, 10, 1234567890, u64::MAX].into_iter().for_each(|count| row("en", "x", count, &mut out));
        let expected = "en\tx\t0\nen\tx\t7\nen\tx\t10\nen\tx\t1234567890\nen\tx\t18446744073709551615\n";
        assert_eq!(String::from_utf8(out).expect("UTF-8"), expected);
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
