//! What must come through a translation letter by letter: addresses, placeholders of programs, tags written in the text. Found
//! by one scan without any pattern language (addresses by `translation::addresses`); each side's are held against the other's.

use super::{Pair, difference};
use crate::translation::addresses;

/// Web addresses that only one side has.
pub(super) fn urls(pair: &Pair) -> Option<String> {
    apart(pair, addresses::urls)
}

/// E-mail addresses that only one side has.
pub(super) fn emails(pair: &Pair) -> Option<String> {
    apart(pair, addresses::emails)
}

/// Placeholders that only one side has, or has more often.
pub(super) fn placeholders(pair: &Pair) -> Option<String> {
    apart(pair, find_placeholders)
}

/// Tags that only one side has, or has more often.
pub(super) fn tags(pair: &Pair) -> Option<String> {
    apart(pair, find_tags)
}

/// What `find` sees on one side only; as often as on the other counts as the same.
fn apart(pair: &Pair, find: impl Fn(&str) -> Vec<&str>) -> Option<String> {
    let (mut source, mut target) = (find(pair.source), find(pair.target));
    if source.is_empty() && target.is_empty() {
        return None;
    }
    source.retain(|item| match target.iter().position(|other| other.eq_ignore_ascii_case(item) && is_same(item, other)) {
        Some(at) => {
            target.remove(at);
            false
        }
        None => true,
    });
    difference(&source, &target)
}

/// Letters count, but in what has an `@` or is a tag.
fn is_same(one: &str, other: &str) -> bool {
    one == other || one.contains('@') || one.starts_with('<')
}

fn find_placeholders(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'{', b'%', &bytes[at..]) {
        let start = at + found;
        let length = if bytes[start] == b'{' { braced(&text[start..]) } else { percent(text, start) };
        let marked = start > 0 && matches!(bytes[start - 1], b'$' | b'#' | b'%' | b'@') && bytes[start] == b'{';
        if let Some(length) = length {
            out.push(&text[start - usize::from(marked)..start + length]);
        }
        at = start + length.unwrap_or(1);
    }
    out
}

/// Length of `{0}`, `{name}`, `{{name}}` at the start of a text.
fn braced(text: &str) -> Option<usize> {
    let opened = text.bytes().take_while(|b| *b == b'{').count().min(2);
    let inner = text[opened..].bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b':')).count();
    let closed = text[opened + inner..].bytes().take_while(|b| *b == b'}').count().min(opened);
    (inner > 0 && closed == opened).then_some(opened + inner + closed)
}

/// Length of `%s`, `%1$d`, `%.2f`, `%(name)s` or `%@` at a place. A percentage is none: no number before it, no letter after it.
fn percent(text: &str, start: usize) -> Option<usize> {
    let (before, rest) = (&text[..start], &text[start + 1..]);
    if before.ends_with(|c: char| c.is_ascii_digit() || c == '%') {
        return None;
    }
    let named = rest.strip_prefix('(').and_then(|inner| inner.find(')')).map_or(0, |at| at + 2);
    let flags = rest[named..].bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'$' | b'.' | b'-' | b'+' | b'#')).count();
    let after = &rest[named + flags..];
    let length = after.bytes().take_while(|b| matches!(b, b'l' | b'h' | b'z')).count();
    let kind = after[length..].chars().next().filter(|c| "sdifuxXoeEgGcp@".contains(*c))?;
    let follows = after[length + kind.len_utf8()..].chars().next();
    let word = kind != '@' && follows.is_some_and(char::is_alphanumeric);
    (!word).then_some(1 + named + flags + length + kind.len_utf8())
}

/// Tags by their names: `<b>`, `</b>`, `<br/>`; attributes may be translated.
fn find_tags(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices('<') {
        let rest = &text[at + 1..];
        let slash = usize::from(rest.starts_with('/'));
        let name = rest[slash..].bytes().take_while(u8::is_ascii_alphanumeric).count();
        let lettered = rest[slash..].starts_with(|c: char| c.is_ascii_alphabetic());
        let after = rest[slash + name..].chars().next();
        let closed = rest.find(['<', '>']).is_some_and(|end| rest[end..].starts_with('>'));
        if lettered && closed && after.is_some_and(|c| matches!(c, '>' | '/' | ' ')) {
            out.push(&text[at..at + 1 + slash + name]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_found_and_nothing_else() {
        let text = "{0} {a.b} {{c}} ${d} %{e} #{f} { g} {h, i} {} 50% s 5 %d %s, %1$s %.2f %(n)d %@ %%s 100%d %der";
        let expected = ["{0}", "{a.b}", "{{c}}", "${d}", "%{e}", "#{f}", "%d", "%s", "%1$s", "%.2f", "%(n)d", "%@"];
        assert_eq!(find_placeholders(text), expected);
        assert_eq!(find_tags("a < b > c <b>d</b> <br/> <a href='x'> <3> <e"), ["<b", "</b", "<br", "<a"]);
    }
}
