//! `Span`: a half-open range of bytes in one text. Nothing else in the crate carries offsets; offsets in Unicode scalars
//! are computed where a writer needs them. A span does not know which text it belongs to.

use std::ops::Range;

/// Half-open range `start..end` in UTF-8 bytes, both on character boundaries of the text it points into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets. Panics if an offset is over 4 GiB, which [`crate::article::Article::new`] rules out.
    pub fn new(start: usize, end: usize) -> Span {
        let narrow = |offset: usize| u32::try_from(offset).expect("texts are under 4 GiB");
        Span { start: narrow(start), end: narrow(end) }
    }

    /// The range of bytes, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The bytes of `text` that the span covers.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `offset` lies in the span.
    pub fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset < self.end
    }

    /// The span moved right by `offset` bytes.
    pub fn shifted(self, offset: usize) -> Span {
        Span::new(self.start as usize + offset, self.end as usize + offset)
    }

    /// The span without the blanks at both ends of what it covers; empty (at its start) if there is nothing else.
    pub fn trimmed(self, text: &str) -> Span {
        let slice = self.of(text);
        let start = self.start as usize + (slice.len() - slice.trim_start().len());
        Span::new(start.min(self.end as usize), start.min(self.end as usize) + slice.trim().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_blanks_of_any_script() {
        let text = "\u{a0} a b\u{3000}\n";
        let span = Span::new(0, text.len()).trimmed(text);
        assert_eq!(span.of(text), "a b");
        let blank = Span::new(0, 2).trimmed(text);
        assert!(blank.is_empty());
    }
}
