//! Where writers put bytes: streams, which become files of their names or go to stdout, and pieces, which become files of their
//! own or parts of files that several articles share. A writer knows no file: what pieces are called and how many share one is
//! settled by the batch, in input order.

use crate::error::WarningKind;

/// Bytes for one or several named streams, pieces, and what was noticed when they were spelled.
#[derive(Debug, Default)]
pub struct Streams {
    parts: Vec<(String, Vec<u8>)>,
    /// What becomes files of its own.
    pub pieces: Vec<Piece>,
    /// What was noticed.
    pub noticed: Noticed,
}

/// An article's part of a file that is not a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Folder of the file.
    pub folder: &'static str,
    /// Ending of its name.
    pub ending: &'static str,
    /// Pieces of one folder may share a file if these are equal, and so are their heads and feet.
    pub group: String,
    /// What stands before the first piece of a file.
    pub head: Vec<u8>,
    /// The article.
    pub body: Vec<u8>,
    /// What stands after the last.
    pub foot: &'static str,
}

/// What writers noticed of an article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Noticed {
    /// Segments that are not to be translated.
    pub locked: u64,
    /// Segments with tabs or line breaks that became blanks.
    pub blanks: u64,
    /// Segments whose targets are from a memory.
    pub leveraged: u64,
    /// What looked wrong.
    pub warnings: Vec<WarningKind>,
}

/// Bytes that an article usually takes in a stream.
const USUAL: usize = 4096;

impl Streams {
    /// The stream of a name, made when first asked for.
    pub fn stream(&mut self, name: &str) -> &mut Vec<u8> {
        let found = self.parts.iter().position(|(part, _)| part == name);
        let index = found.unwrap_or_else(|| {
            self.parts.push((name.to_owned(), Vec::with_capacity(USUAL)));
            self.parts.len() - 1
        });
        &mut self.parts[index].1
    }

    /// Names and bytes of the streams, in the order in which they were first asked for, and the pieces, with no room to spare: many
    /// wait side by side.
    pub fn into_parts(mut self) -> (Vec<(String, Vec<u8>)>, Vec<Piece>) {
        self.parts.iter_mut().for_each(|(_, bytes)| bytes.shrink_to_fit());
        self.pieces.iter_mut().for_each(|piece| piece.body.shrink_to_fit());
        (self.parts, self.pieces)
    }

    /// Bytes of all streams and pieces.
    pub fn bytes(&self) -> usize {
        let pieces = self.pieces.iter().map(|piece| piece.head.len() + piece.body.len() + piece.foot.len());
        self.parts.iter().map(|(_, bytes)| bytes.len()).chain(pieces).sum()
    }
}

impl Noticed {
    /// Notices a warning once, for two formats may have the same to say.
    pub fn warn(&mut self, kind: WarningKind) {
        if !self.warnings.contains(&kind) {
            self.warnings.push(kind);
        }
    }
}
