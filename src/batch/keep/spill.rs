//! A temporary file without a name: the system takes it away when the process ends, however it ends. What is written has a place,
//! by which it is read again. What it means is the business of whoever writes it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;

use crate::error::{Error, ErrorKind, Place, Result};

/// A temporary file, made when it is first written to.
#[derive(Default)]
pub struct Spill {
    file: Option<File>,
    length: u64,
}

impl Spill {
    /// Bytes written, or set aside.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Writes bytes at the end and says where they are.
    pub fn append(&mut self, bytes: &[u8]) -> Result<Range<u64>> {
        let place = self.reserve(bytes.len() as u64);
        self.write(place.start, bytes)?;
        Ok(place)
    }

    /// Sets room aside at the end.
    pub fn reserve(&mut self, bytes: u64) -> Range<u64> {
        let start = self.length;
        self.length += bytes;
        start..self.length
    }

    /// Writes bytes into room that was set aside.
    pub fn write(&mut self, at: u64, bytes: &[u8]) -> Result<()> {
        self.write_at(at, bytes).map_err(failed)
    }

    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)
    }

    /// Reads what was written at a place.
    pub fn read(&mut self, at: u64, out: &mut [u8]) -> Result<()> {
        let Some(file) = self.file.as_mut().filter(|_| !out.is_empty()) else { return Ok(()) };
        file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(out)).map_err(failed)
    }
}

fn failed(error: io::Error) -> Error {
    let folder = std::env::temp_dir().display().to_string();
    Error { kind: ErrorKind::Spill(error), place: Place::path(folder) }
}

/// Appends numbers as bytes, the lowest first.
pub fn bytes_of(numbers: impl ExactSizeIterator<Item = u32>, out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + 4 * numbers.len(), 0);
    for (bytes, number) in out[start..].chunks_exact_mut(4).zip(numbers) {
        bytes.copy_from_slice(&number.to_le_bytes());
    }
}

/// The reverse of [`bytes_of`].
pub fn numbers_of(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.chunks_exact(4).map(|bytes| u32::from_le_bytes(bytes.try_into().expect("chunks have that length")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_from_its_place() {
        let mut spill = Spill::default();
        let one = spill.append(b"one").expect("room");
        let gap = spill.reserve(3);
        let three = spill.append(b"three").expect("room");
        spill.write(gap.start, b"two").expect("room");
        for (place, expected) in [(one, "one"), (gap, "two"), (three, "three")] {
            let mut out = vec![0; (place.end - place.start) as usize];
            spill.read(place.start, &mut out).expect("it is there");
            assert_eq!(out, expected.as_bytes());
        }
        assert!(spill.read(spill.length(), &mut [0]).is_err());
    }
}
