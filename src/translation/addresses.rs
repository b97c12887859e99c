//! Addresses in a text: of the web and of e-mail. Found by one scan without any pattern language; what they mean to a check or to a
//! likeness is not known here.

fn may_have_url(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'/', bytes).any(|at| bytes[..at].ends_with(b":")) || memchr::memmem::find(bytes, b"www.").is_some()
}

/// Web addresses of a text, in order.
pub(super) fn urls(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    if !may_have_url(text) {
        return out;
    }
    let mut at = 0;
    while let Some(start) = next_url(text, at) {
        let end = text[start..].find(is_outside_url).map_or(text.len(), |length| start + length);
        let url = trimmed(&text[start..end]);
        at = end.max(start + 1);
        out.push(url);
    }
    out
}

/// Where the next address begins: a scheme before `://`, or `www.` at the start of a word.
fn next_url(text: &str, from: usize) -> Option<usize> {
    let rest = &text[from..];
    let scheme = rest.find("://").map(|colon| {
        let before = rest[..colon].trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        from + before.len()
    });
    let bare =
        rest.match_indices("www.").map(|(at, _)| from + at).find(|&at| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '/'));
    [scheme, bare].into_iter().flatten().min()
}

fn is_outside_url(c: char) -> bool {
    c.is_whitespace() || matches!(c, '<' | '>' | '"' | '“' | '”' | '„' | '«' | '»' | '、' | '。' | '，' | '）' | '（' | '」' | '；')
}

/// Without the marks of the sentence around it, and without a slash at the end.
fn trimmed(url: &str) -> &str {
    let url = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '…']);
    let url = if url.contains('(') { url } else { url.trim_end_matches(')') };
    url.trim_end_matches(['.', '/'])
}

/// E-mail addresses of a text, in order.
pub(super) fn emails(text: &str) -> Vec<&str> {
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%');
    let host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let whole = |(at, _): (usize, &str)| {
        let start = text[..at].trim_end_matches(name).len();
        let length = text[at + 1..].find(|c| !host(c)).unwrap_or(text.len() - at - 1);
        let domain = text[at + 1..at + 1 + length].trim_end_matches(['.', '-']);
        let sound = start < at && domain.contains('.') && domain.chars().next().is_some_and(char::is_alphanumeric);
        sound.then(|| &text[start..at + 1 + domain.len()])
    };
    text.match_indices('@').filter_map(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_and_nothing_else() {
        assert_eq!(urls("See (https://a.b/c), www.d.e/f(g). //x http://"), ["https://a.b/c", "www.d.e/f(g)", "http:"]);
        assert_eq!(emails("to a.b+c@d.example. @me a@b, @"), ["a.b+c@d.example"]);
    }
}
