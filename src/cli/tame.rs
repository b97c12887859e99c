//! What is written to a terminal: control characters that stand in articles are shown escaped, but for tabs and line ends, so that
//! no text can move the cursor, set a title or colour what follows. Marks of writing direction pass: they end with their line.

use std::io::{self, Write};

/// A writer of UTF-8 that shows control characters.
pub(crate) struct Tame<W> {
    out: W,
    /// The last byte was the first of a character that may be one of control (U+0080 to U+009F).
    lead: bool,
    shown: Vec<u8>,
}

/// First byte of the controls of two bytes.
const LEAD: u8 = 0xc2;

impl<W> Tame<W> {
    pub(crate) fn new(out: W) -> Tame<W> {
        Tame { out, lead: false, shown: Vec::new() }
    }

    fn show(&mut self, byte: u8) {
        match (std::mem::take(&mut self.lead), byte) {
            (true, 0x80..=0x9f) => self.escape(byte),
            (lead, _) => {
                if lead {
                    self.shown.push(LEAD);
                }
                match byte {
                    LEAD => self.lead = true,
                    b'\n' | b'\t' => self.shown.push(byte),
                    0..0x20 | 0x7f => self.escape(byte),
                    _ => self.shown.push(byte),
                }
            }
        }
    }

    fn escape(&mut self, control: u8) {
        self.shown.extend_from_slice(format!("\\u{{{control:x}}}").as_bytes());
    }
}

impl<W: Write> Write for Tame<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.shown.clear();
        bytes.iter().for_each(|&byte| self.show(byte));
        self.out.write_all(&self.shown)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_shown_wherever_a_write_ends() {
        let text = "a\u{1b}[31mb\tc\r\n\u{7}é\u{9b}2J\u{a0}\u{7f}\u{202e}";
        for step in 1..text.len() {
            let mut tame = Tame::new(Vec::new());
            text.as_bytes().chunks(step).for_each(|piece| tame.write_all(piece).expect("memory"));
            let shown = String::from_utf8(tame.out).expect("UTF-8");
            assert_eq!(shown, "a\\u{1b}[31mb\tc\\u{d}\n\\u{7}é\\u{9b}2J\u{a0}\\u{7f}\u{202e}");
        }
    }
}
