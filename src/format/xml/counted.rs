//! The bytes beneath the reader of XML: it counts their lines, which `\n`, `\r\n` and `\r` end, and ends a piece that is too long. It knows
//! no tag.

use std::io::{self, BufRead, BufReader, Read};

/// Counts the lines of what was read, and ends a piece that is too long.
pub(super) struct Counted<R> {
    pub input: BufReader<R>,
    /// Line of the next byte, from 1.
    pub lines: u64,
    /// The last byte was a `\r`, which ends a line unless a `\n` follows.
    pub returned: bool,
    /// Bytes that the present piece may still take.
    pub left: usize,
}

impl<R: Read> Counted<R> {
    /// Counts the line that a `\r` ended, if the next byte shows that it did.
    pub fn settle(&mut self) {
        if self.returned && self.input.fill_buf().is_ok_and(|next| next.first().is_some_and(|b| *b != b'\n')) {
            self.lines += 1;
            self.returned = false;
        }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        let available = self.input.buffer();
        let read = &available[..count.min(available.len())];
        self.lines += ends(read, &mut self.returned);
        self.left = self.left.saturating_sub(count);
        self.input.consume(count);
    }
}

/// How many lines end in what was read; most pieces are of one line, and some only end one at their start.
fn ends(read: &[u8], returned: &mut bool) -> u64 {
    let rest = match read {
        [b'\n', rest @ ..] => rest,
        all => all,
    };
    let first = (read.len() - rest.len()) as u64;
    if memchr::memchr2(b'\n', b'\r', rest).is_none() && !*returned {
        return first;
    }
    memchr::memchr_iter(b'\n', read).count() as u64 + lone_returns(read, returned)
}

/// How many `\r` are followed by no `\n`; `returned` if the last piece ended with one, and then if this one does.
fn lone_returns(read: &[u8], returned: &mut bool) -> u64 {
    let Some(first) = read.first() else { return 0 };
    let before = *returned && *first != b'\n';
    *returned = read.last() == Some(&b'\r');
    let lone = |at: &usize| read.get(at + 1).is_some_and(|next| *next != b'\n');
    u64::from(before) + memchr::memchr_iter(b'\r', read).filter(lone).count() as u64
}
