//! Where a run that takes things over puts what it has: new bytes are written, old ones copied from the published files in parts as
//! long as they come, and files of one article stay where they are.

use std::collections::BTreeMap;
use std::ops::Range;

use super::earlier::{Earlier, Known};
use crate::batch::filing::Filing;
use crate::batch::output::Directory;
use crate::batch::spell::Written;
use crate::error::Result;

/// Bytes that may wait to be copied before all streams are copied side by side.
const ENOUGH: u64 = 4 << 20;

/// The desk of one run.
pub struct Desk<'a> {
    directory: &'a mut Directory,
    filing: Filing,
    earlier: &'a Earlier,
    /// What stands at the start of streams, until their first article comes.
    heads: BTreeMap<String, Vec<u8>>,
    /// What the earlier run left is staged already, and only goes on.
    pub adopted: bool,
    /// Old bytes that wait, by index of their stream.
    waiting: Vec<Range<u64>>,
}

impl<'a> Desk<'a> {
    pub fn new(directory: &'a mut Directory, earlier: &'a Earlier) -> Desk<'a> {
        let waiting = vec![0..0; earlier.streams.len()];
        Desk { directory, filing: Filing::new(None), earlier, heads: BTreeMap::new(), adopted: false, waiting }
    }

    /// Takes what stands before the first article.
    pub fn begin(&mut self, written: Written) -> Result<()> {
        if let Written::Stream(name, bytes) = written {
            self.heads.insert(name.to_owned(), bytes.to_owned());
        }
        Ok(())
    }

    /// Whether the starts of the streams are those of the earlier run.
    pub fn begins_the_same(&self) -> bool {
        let head = |name: &String| self.heads.get(name).map_or(0, |head| head.len() as u64);
        self.earlier.streams.iter().zip(&self.earlier.heads).all(|(name, bytes)| head(name) == *bytes)
    }

    /// Leaves out the starts of streams that go on.
    pub fn go_on(&mut self) {
        let earlier = self.earlier;
        self.heads.retain(|name, _| !self.adopted || earlier.manifest.file(name).is_none());
    }

    /// Takes what was made anew.
    pub fn take(&mut self, written: Written) -> Result<()> {
        match written {
            Written::Stream(name, bytes) => {
                self.settle(name)?;
                if let Some(head) = self.heads.remove(name) {
                    self.directory.write(name, &head)?;
                }
                self.directory.write(name, bytes)
            }
            Written::Piece(article, piece) => self.filing.put(self.directory, article, piece),
            Written::Table(..) | Written::Assessment(_) => Ok(()),
        }
    }

    /// Whether the files that hold nothing but this article are as they were.
    pub fn has(&self, known: &Known) -> bool {
        self.adopted || self.earlier.pieces(&known.id).all(|file| self.directory.is_intact(file))
    }

    /// Takes over what there is of an article, its line in the record aside.
    pub fn reuse(&mut self, known: &Known) -> Result<()> {
        if self.adopted {
            return self.earlier.pieces(&known.id).try_for_each(|file| self.filing.name_again(&known.id, file));
        }
        known.bytes.iter().try_for_each(|(stream, range)| self.wait(*stream, range))?;
        let earlier = self.earlier;
        earlier.pieces(&known.id).try_for_each(|file| self.filing.keep(self.directory, &known.id, file))
    }

    /// Takes over its line in the record.
    pub fn reuse_line(&mut self, known: &Known) -> Result<()> {
        if self.adopted {
            return Ok(());
        }
        self.wait(self.earlier.streams.len() - 1, &(known.at.start as u64..known.at.end as u64))
    }

    /// Lets old bytes wait; those that they do not follow are copied.
    fn wait(&mut self, stream: usize, range: &Range<u64>) -> Result<()> {
        if self.waiting[stream].end == range.start && !self.waiting[stream].is_empty() {
            self.waiting[stream].end = range.end;
            return Ok(());
        }
        let name = self.earlier.streams[stream].as_str();
        self.settle(name)?;
        let start = match self.heads.get(name) {
            // What stands before the first article is copied with it.
            Some(head) if head.len() as u64 == range.start => 0,
            Some(head) => {
                self.directory.write(name, head)?;
                range.start
            }
            None => range.start,
        };
        self.heads.remove(name);
        self.waiting[stream] = start..range.end;
        Ok(())
    }

    /// Copies what waits for a stream; if there is much, what waits for all, side by side.
    fn settle(&mut self, name: &str) -> Result<()> {
        let all = self.waiting.iter().map(|range| range.end - range.start).sum::<u64>() > ENOUGH;
        let streams = self.earlier.streams.iter().map(String::as_str).zip(&self.waiting);
        let parts: Vec<_> = streams.filter(|(stream, range)| (all || *stream == name) && !range.is_empty()).collect();
        let parts: Vec<(&str, Range<u64>)> = parts.into_iter().map(|(stream, range)| (stream, range.clone())).collect();
        self.directory.copy(&parts)?;
        for (stream, range) in self.earlier.streams.iter().zip(&mut self.waiting) {
            if all || stream == name {
                *range = 0..0;
            }
        }
        Ok(())
    }

    /// Copies and writes all that waits.
    pub fn end(mut self) -> Result<()> {
        let streams = self.earlier.streams.iter().map(String::as_str).zip(&self.waiting);
        let parts: Vec<(&str, Range<u64>)> =
            streams.filter(|(_, range)| !range.is_empty()).map(|(stream, range)| (stream, range.clone())).collect();
        self.directory.copy(&parts)?;
        for (name, head) in std::mem::take(&mut self.heads) {
            self.directory.write(&name, &head)?;
        }
        self.filing.end(self.directory)
    }
}
