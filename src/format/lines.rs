//! Lines of files that come back from translators, one at a time: UTF-8 with or without a byte order mark, with the line ends of any
//! system. A line over the limit, or one that is not UTF-8, is an error by its number. What a line means is the business of formats.

use std::io::{self, BufRead, Read};

use crate::error::{Error, ErrorKind, Place, Result};

/// Bytes of a line at most, as of a piece of XML.
const LIMIT: usize = super::xml::PIECE;

/// The lines of a file.
pub(super) struct Lines<'a> {
    input: &'a mut dyn BufRead,
    number: u64,
    /// The line read last ended as those of Windows do.
    windows: bool,
}

impl<'a> Lines<'a> {
    /// From the first line on.
    pub(super) fn new(input: &'a mut dyn BufRead) -> Lines<'a> {
        Lines { input, number: 0, windows: false }
    }

    /// Number of the line read last, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Whether the line read last ended with a carriage return and a line feed.
    pub(super) fn windows(&self) -> bool {
        self.windows
    }

    /// The next line without its end; `None` behind the last.
    pub(super) fn next(&mut self) -> Result<Option<String>> {
        let mut line = Vec::new();
        self.number += 1;
        let read = Read::take(&mut *self.input, LIMIT as u64 + 2).read_until(b'\n', &mut line);
        if read.map_err(|error| self.failed(error))? == 0 {
            self.number -= 1;
            return Ok(None);
        }
        line.pop_if(|byte| *byte == b'\n');
        self.windows = line.pop_if(|byte| *byte == b'\r').is_some();
        if line.len() > LIMIT {
            return Err(fault(self.number, format!("a line of more than {} MiB", LIMIT >> 20)));
        }
        let mut line = String::from_utf8(line).map_err(|error| {
            let at = error.utf8_error().valid_up_to() + 1;
            fault(self.number, format!("not UTF-8 from byte {at} of the line on"))
        })?;
        if self.number == 1 && line.starts_with(MARK) {
            line.drain(..MARK.len_utf8());
        }
        Ok(Some(line))
    }

    fn failed(&self, error: io::Error) -> Error {
        match error.kind() {
            io::ErrorKind::InvalidData => fault(self.number, error.to_string()),
            _ => ErrorKind::Io("cannot read it", error).into(),
        }
    }
}

/// The byte order mark.
const MARK: char = '\u{feff}';

/// Something wrong with a table, at its line.
pub(super) fn fault(line: u64, cause: impl Into<String>) -> Error {
    Error::from(ErrorKind::Table(cause.into())).at(Place { line: Some(line), ..Place::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_they_like() {
        let mut input = "\u{feff}a\r\n\nb\u{feff}\r".as_bytes();
        let mut lines = Lines::new(&mut input);
        let mut found = Vec::new();
        while let Some(line) = lines.next().expect("sound") {
            found.push((lines.number(), line, lines.windows()));
        }
        assert_eq!(found, [(1, "a".into(), true), (2, String::new(), false), (3, "b\u{feff}".into(), true)]);
        assert_eq!(lines.number(), 3);
    }

    #[test]
    fn what_cannot_be_a_line_is_named() {
        let error = |bytes: &[u8]| {
            let mut input = bytes;
            let mut lines = Lines::new(&mut input);
            loop {
                if let Err(error) = lines.next() {
                    return error.to_string();
                }
            }
        };
        assert_eq!(error(b"a\nb\xe9c\n"), ":2: not UTF-8 from byte 2 of the line on");
        assert_eq!(error(&vec![b'a'; LIMIT + 5]), ":1: a line of more than 16 MiB");
    }
}
