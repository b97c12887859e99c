//! XML on its way out: tags and texts as they are written, with what must be escaped. It knows no format; what elements mean is
//! the business of the files that use it, and so is the order they stand in.

use super::xml::{push_text, push_text_with, push_value};

/// Attributes in order; one without value is left out.
pub(crate) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// A text of XML that grows.
pub(crate) struct Markup<'a> {
    out: &'a mut Vec<u8>,
    /// Characters that XML cannot hold and that were replaced by U+FFFD.
    pub(crate) replaced: usize,
}

impl<'a> Markup<'a> {
    /// Grows `out`.
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Markup<'a> {
        Markup { out, replaced: 0 }
    }

    /// A line of its own, so far to the right.
    pub(crate) fn line(&mut self, depth: usize, write: impl FnOnce(&mut Markup)) {
        const BLANKS: [u8; 16] = [b' '; 16];
        self.out.extend_from_slice(&BLANKS[..depth.min(16)]);
        write(self);
        self.out.push(b'\n');
    }

    /// `<name a="b">`
    pub(crate) fn start(&mut self, name: &str, attributes: Attributes) {
        self.tag(name, attributes);
        self.out.push(b'>');
    }

    /// `</name>`
    pub(crate) fn end(&mut self, name: &str) {
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'>');
    }

    /// `<name a="b"/>`
    pub(crate) fn empty(&mut self, name: &str, attributes: Attributes) {
        self.tag(name, attributes);
        self.out.extend_from_slice(b"/>");
    }

    /// `<name a="b">text</name>`
    pub(crate) fn leaf(&mut self, name: &str, attributes: Attributes, text: &str) {
        self.start(name, attributes);
        self.text(text);
        self.end(name);
    }

    /// A text, with U+FFFD for what XML cannot hold.
    pub(crate) fn text(&mut self, text: &str) {
        self.replaced += push_text(text, self.out);
    }

    /// A text, with what `odd` writes for what XML cannot hold.
    pub(crate) fn text_with(&mut self, text: &str, odd: impl FnMut(char, &mut Vec<u8>)) {
        push_text_with(text, self.out, odd);
    }

    fn tag(&mut self, name: &str, attributes: Attributes) {
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
        for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            self.out.push(b' ');
            self.out.extend_from_slice(name.as_bytes());
            self.out.extend_from_slice(b"=\"");
            self.replaced += push_value(value, self.out);
            self.out.push(b'"');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_not_written() {
        let mut out = Vec::new();
        let mut markup = Markup::new(&mut out);
        markup.line(2, |m| m.leaf("a", &[("b", "<\u{1}"), ("c", "")], "x & \u{2}"));
        markup.line(0, |m| m.empty("d", &[]));
        assert_eq!(markup.replaced, 2);
        assert_eq!(String::from_utf8_lossy(&out), "  <a b=\"&lt;\u{fffd}\">x &amp; \u{fffd}</a>\n<d/>\n");
    }
}
