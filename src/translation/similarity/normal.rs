//! Texts that only spelling sets apart made one: composed letters, one blank for any, plain quotation marks, dashes and dots.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The text in NFC, with one blank for any run of blanks and none at its ends, and with `"`, `'`, `-` and `...` for what printers set
/// in their place.
pub fn normalise(text: &str) -> Cow<'_, str> {
    if is_normal(text) {
        return text.into();
    }
    let composed: Cow<str> = if is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() };
    let mut out = String::with_capacity(composed.len());
    for word in composed.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        word.chars().for_each(|c| push(c, &mut out));
    }
    out.into()
}

/// Whether nothing is to be done, told by ASCII alone.
fn is_normal(text: &str) -> bool {
    let blank = |b: u8| b.is_ascii_whitespace() || b == 0xb;
    let bytes = text.as_bytes();
    let single = || bytes.windows(2).all(|pair| !blank(pair[0]) || !blank(pair[1]) && pair[0] == b' ');
    let ends = || !bytes.first().is_some_and(|b| blank(*b)) && !bytes.last().is_some_and(|b| blank(*b));
    text.is_ascii() && ends() && single()
}

fn push(c: char, out: &mut String) {
    match c {
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => out.push('"'),
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' => out.push('\''),
        '\u{2010}'..='\u{2015}' | '−' => out.push('-'),
        '…' => out.push_str("..."),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_is_made_one() {
        let cases = [
            ("plain, \"as\" it's", "plain, \"as\" it's"),
            (" two  blanks\tand\u{a0}more\n", "two blanks and more"),
            ("tab\there", "tab here"),
            ("„So“ – ‚ja‘ … »nein« 5−3", "\"So\" - 'ja' ... \"nein\" 5-3"),
            ("e\u{301}tat", "état"),
            ("", ""),
            (" ", ""),
        ];
        cases.into_iter().for_each(|(text, expected)| assert_eq!(normalise(text), expected, "{text:?}"));
        assert!(matches!(normalise("a b"), Cow::Borrowed(_)));
    }
}
