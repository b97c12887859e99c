//! HTML inside a text: counting tags, to warn, and taking tags and entities out on request. It is no HTML reader: it knows
//! no structure beyond "a block ends a paragraph" and decodes only the entities that news carries.

/// Elements whose tags end a line of text.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "tr",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "figure",
    "figcaption",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "hr",
    "pre",
];

/// Elements whose contents are no text.
const HIDDEN: &[&str] = &["script", "style", "template", "title", "nav", "footer", "noscript", "button"];

/// A tag in the text: bytes, lower-case name, whether it closes.
struct Tag {
    end: usize,
    name: String,
    closing: bool,
}

/// Number of HTML tags in a text.
pub fn count_tags(text: &str) -> usize {
    let mut count = 0;
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &text.as_bytes()[at..]).map(|i| at + i) {
        match tag_at(text, open) {
            Some(tag) => {
                count += 1;
                at = tag.end;
            }
            None => at = open + 1,
        }
    }
    count
}

/// The text without tags, comments, scripts and styles, with entities decoded; the tags of blocks become blank lines.
pub fn strip(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &text.as_bytes()[at..]).map(|i| at + i) {
        out.push_str(&text[at..open]);
        match tag_at(text, open) {
            Some(tag) => {
                if BLOCKS.contains(&tag.name.as_str()) {
                    out.push_str("\n\n");
                }
                at = tag.end;
                if HIDDEN.contains(&tag.name.as_str()) && !tag.closing {
                    at = hidden_end(text, at, &tag.name);
                }
            }
            None => {
                out.push('<');
                at = open + 1;
            }
        }
    }
    out.push_str(&text[at..]);
    decode_entities(&out)
}

/// Past the closing tag of a hidden element; the end of the text if it has none.
fn hidden_end(text: &str, from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(open) = memchr::memchr(b'<', &text.as_bytes()[at..]).map(|i| at + i) {
        match tag_at(text, open) {
            Some(tag) if tag.closing && tag.name == name => return tag.end,
            _ => at = open + 1,
        }
    }
    text.len()
}

/// The tag or comment that starts at `open`; `a < b` and `<3` are none.
fn tag_at(text: &str, open: usize) -> Option<Tag> {
    const LONGEST: usize = 2000;
    let rest = &text[open + 1..];
    if let Some(comment) = rest.strip_prefix("!--") {
        let end = comment.find("-->").map_or(text.len(), |i| open + 4 + i + 3);
        return Some(Tag { end, name: String::new(), closing: false });
    }
    let closing = rest.starts_with('/');
    let name_at = usize::from(closing);
    let name: String = rest[name_at..].chars().take(12).take_while(char::is_ascii_alphanumeric).collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) && !rest.starts_with("!DOCTYPE") {
        return None;
    }
    let after = rest.as_bytes().get(name_at + name.len());
    if !name.is_empty() && !matches!(after, Some(b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r')) {
        return None;
    }
    let window = &rest.as_bytes()[..rest.len().min(LONGEST)];
    let end = memchr::memchr(b'>', window)?;
    Some(Tag { end: open + 1 + end + 1, name: name.to_ascii_lowercase(), closing })
}

fn decode_entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(amp) = rest.find('&') {
        out.push_str(&rest[..amp]);
        rest = &rest[amp..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        match end.and_then(|end| entity(&rest[1..end]).map(|c| (c, end + 1))) {
            Some((c, len)) => {
                out.push(c);
                rest = &rest[len..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0');
    }
    const NAMED: &[(&str, char)] = &[
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", '\u{a0}'),
        ("shy", '\u{ad}'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("hellip", '…'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("sbquo", '‚'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("bdquo", '„'),
        ("laquo", '«'),
        ("raquo", '»'),
        ("pound", '£'),
        ("euro", '€'),
        ("yen", '¥'),
        ("cent", '¢'),
        ("copy", '©'),
        ("reg", '®'),
        ("trade", '™'),
        ("deg", '°'),
        ("bull", '•'),
        ("middot", '·'),
        ("times", '×'),
        ("frac12", '½'),
        ("eacute", 'é'),
        ("egrave", 'è'),
        ("ecirc", 'ê'),
        ("agrave", 'à'),
        ("acirc", 'â'),
        ("aacute", 'á'),
        ("atilde", 'ã'),
        ("ccedil", 'ç'),
        ("iacute", 'í'),
        ("icirc", 'î'),
        ("oacute", 'ó'),
        ("ocirc", 'ô'),
        ("otilde", 'õ'),
        ("uacute", 'ú'),
        ("ntilde", 'ñ'),
        ("auml", 'ä'),
        ("ouml", 'ö'),
        ("uuml", 'ü'),
        ("Auml", 'Ä'),
        ("Ouml", 'Ö'),
        ("Uuml", 'Ü'),
        ("szlig", 'ß'),
        ("aring", 'å'),
        ("aelig", 'æ'),
        ("oslash", 'ø'),
        ("iexcl", '¡'),
        ("iquest", '¿'),
        ("Eacute", 'É'),
        ("thinsp", '\u{2009}'),
    ];
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_text_stays() {
        assert_eq!(strip("<p>A &amp; <b>B</b>&nbsp;&pound;3.</p><P class=x>C &lt; D</P>"), "\n\nA & B\u{a0}£3.\n\n\n\nC < D\n\n");
        assert_eq!(strip("x<script>if (a < b) {}</script>y<!-- no -->z"), "xyz");
    }

    #[test]
    fn signs_are_no_tags() {
        for text in ["a < b > c", "I <3 you > me", "<- left", "x <y", "AT&T & Co; &unknown;"] {
            assert_eq!(count_tags(text), 0, "{text}");
            assert_eq!(strip(text), text);
        }
        assert_eq!(count_tags("<p>a<br/>b</p>"), 3);
    }
}
