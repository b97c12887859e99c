//! What a parser of XML refuses and the reader's own does not look at: declarations, comments, `]]>`, the spelling of tags. Each
//! function is given a piece as it stands in the file and says what is wrong with it. It reads nothing on its own.

use memchr::{memchr, memchr2, memmem};

/// An XML declaration, from `xml` to before `?>` (XML 1.0, section 2.8); `late` if anything stands before it.
pub(super) fn declaration(content: &str, late: bool) -> Option<&'static str> {
    if late {
        return Some("the XML declaration is not at the very start of the file; nothing may stand before it, nor a second one after it");
    }
    let Some(pairs) = pairs(content.strip_prefix("xml").unwrap_or(content)) else {
        return Some("the XML declaration cannot be read; expected <?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    };
    let mut order = ["version", "encoding", "standalone"].iter();
    if pairs.first().map(|(name, _)| *name) != Some("version") || !pairs.iter().all(|(name, _)| order.any(|known| known == name)) {
        return Some("the XML declaration has other attributes or another order than version, encoding, standalone");
    }
    let standalone = pairs.iter().find(|(name, _)| *name == "standalone");
    standalone.filter(|(_, value)| !matches!(*value, "yes" | "no")).map(|_| "standalone of the XML declaration is neither yes nor no")
}

/// `name="value"` with blanks before each; `None` if there is anything else.
fn pairs(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut out = Vec::new();
    let mut rest = text;
    while !rest.trim_start().is_empty() {
        let (name, after) = rest.strip_prefix([' ', '\t', '\r', '\n'])?.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = after[1..].split_once(quote)?;
        out.push((name.trim(), value));
        rest = after;
    }
    Some(out)
}

/// A comment, without its marks (section 2.5).
pub(super) fn comment(content: &str) -> Option<&'static str> {
    let wrong = memmem::find(content.as_bytes(), b"--").is_some() || content.ends_with('-');
    wrong.then_some("-- within a comment; XML has it at a comment's end only")
}

/// A text as it stands in the file (section 2.4).
pub(super) fn text(raw: &str) -> Option<&'static str> {
    if raw.starts_with('&') {
        return Some("an & that begins no reference; write &amp; for it");
    }
    // Few texts have such a bracket, and to look for one is the faster search.
    let bracket = memchr(b']', raw.as_bytes())?;
    memmem::find(&raw.as_bytes()[bracket..], b"]]>").map(|_| "]]> in a text; write ]]&gt; for it")
}

/// A name at the start of a tag (section 2.3), as far as its first character.
pub(super) fn name(name: &str) -> bool {
    name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b':') || b >= 0x80)
}

/// The attributes of a tag as they stand in the file (section 3.1; Namespaces in XML 1.0, section 5).
pub(super) fn attributes(raw: &str) -> Option<&'static str> {
    let bytes = raw.as_bytes();
    let mut at = 0;
    while let Some(start) = memchr2(b'"', b'\'', &bytes[at..]).map(|found| at + found) {
        let end = start + 1 + memchr(bytes[start], &bytes[start + 1..])?;
        if memchr(b'<', &bytes[start..end]).is_some() {
            return Some("< in the value of an attribute; write &lt; for it");
        }
        if end == start + 1 && is_prefix(&raw[at..start]) {
            return Some("a prefix is bound to an empty namespace");
        }
        at = end + 1;
        if bytes.get(at).is_some_and(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b'/')) {
            return Some("no blank between two attributes");
        }
    }
    None
}

/// Whether what stands before a value declares a prefix.
fn is_prefix(before: &str) -> bool {
    before.trim_start().starts_with("xmlns:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_have_their_order() {
        for sound in ["xml version='1.0'", "xml version=\"1.0\" encoding='UTF-8' standalone = 'no' ", "xml version='1.1' standalone='yes'"]
        {
            assert_eq!(declaration(sound, false), None, "{sound}");
        }
        for bad in [
            "xml",
            "xml encoding='a' version='1.0'",
            "xml version='1.0'encoding='a'",
            "xml version='1.0' standalone='maybe'",
            "xml version=1",
        ] {
            assert!(declaration(bad, false).is_some(), "{bad}");
        }
        assert!(declaration("xml version='1.0'", true).is_some());
    }

    #[test]
    fn tags_are_spelled_right() {
        for sound in ["", " a='1' b=\"'<'\"".replace('<', "&lt;").as_str(), " xmlns='' a:b=''\n", " a='\"' b = '' "] {
            assert_eq!(attributes(sound), None, "{sound}");
        }
        for bad in [" a='<'", " a='1'b='2'", " xmlns:a=''", " a='1' xmlns:a = \"\""] {
            assert!(attributes(bad).is_some(), "{bad}");
        }
        assert!(name("é:a") && name("_a") && !name("") && !name(" a") && !name("1a"));
    }

    #[test]
    fn marks_stand_where_they_may() {
        assert!(comment(" a - b ").is_none() && comment("a -- b").is_some() && comment("a -").is_some());
        assert!(text("a ]] > b").is_none() && text("a ]]> b").is_some() && text("& b").is_some());
    }
}
