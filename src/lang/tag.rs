//! The grammar of language tags (BCP 47, RFC 5646 section 2.1): whether a tag is well-formed. Whether its subtags are registered
//! is not looked up.

/// Tags that the grammar would not allow, or reads otherwise, and that are allowed as they are.
const GRANDFATHERED: &[&str] = &[
    "en-GB-oed",
    "i-ami",
    "i-bnn",
    "i-default",
    "i-enochian",
    "i-hak",
    "i-klingon",
    "i-lux",
    "i-mingo",
    "i-navajo",
    "i-pwn",
    "i-tao",
    "i-tay",
    "i-tsu",
    "sgn-BE-FR",
    "sgn-BE-NL",
    "sgn-CH-DE",
    "art-lojban",
    "cel-gaulish",
    "no-bok",
    "no-nyn",
    "zh-guoyu",
    "zh-hakka",
    "zh-min",
    "zh-min-nan",
    "zh-xiang",
];

/// Whether a tag has the shape that BCP 47 asks for, as `en-US` and `zh-Hant-TW` have and `en_US` has not.
pub fn is_well_formed(tag: &str) -> bool {
    let private = |rest: &[&str]| !rest.is_empty() && rest.iter().all(|part| is_within(part, 1, 8, alphanumeric));
    let parts: Vec<&str> = tag.split('-').collect();
    match parts[0] {
        "x" | "X" => private(&parts[1..]),
        _ => is_langtag(&parts, private) || GRANDFATHERED.iter().any(|known| known.eq_ignore_ascii_case(tag)),
    }
}

/// Language, then script, region, variants, extensions and private subtags, each where there is one.
fn is_langtag(parts: &[&str], private: impl Fn(&[&str]) -> bool) -> bool {
    let Some((language, mut rest)) = parts.split_first().filter(|(language, _)| is_within(language, 2, 8, alphabetic)) else {
        return false;
    };
    if language.len() <= 3 {
        rest = &rest[rest.iter().take(3).take_while(|part| is_within(part, 3, 3, alphabetic)).count()..];
    }
    rest = without(rest, |part| is_within(part, 4, 4, alphabetic));
    rest = without(rest, |part| is_within(part, 2, 2, alphabetic) || is_within(part, 3, 3, |b| b.is_ascii_digit()));
    let variants = rest.iter().take_while(|part| is_variant(part)).count();
    if is_repeated(&rest[..variants]) {
        return false;
    }
    rest = &rest[variants..];
    let mut singletons: Vec<&str> = Vec::new();
    while let Some((singleton, after)) = rest.split_first().filter(|(part, _)| part.len() == 1) {
        if singleton.eq_ignore_ascii_case("x") {
            return private(after);
        }
        singletons.push(singleton);
        let length = after.iter().take_while(|part| is_within(part, 2, 8, alphanumeric)).count();
        if length == 0 || is_repeated(&singletons) || !singleton.bytes().all(alphanumeric) {
            return false;
        }
        rest = &after[length..];
    }
    rest.is_empty()
}

fn without<'a, 'b>(parts: &'a [&'b str], is: impl Fn(&str) -> bool) -> &'a [&'b str] {
    match parts.split_first() {
        Some((first, rest)) if is(first) => rest,
        _ => parts,
    }
}

fn is_variant(part: &str) -> bool {
    is_within(part, 5, 8, alphanumeric) || is_within(part, 4, 4, alphanumeric) && part.as_bytes()[0].is_ascii_digit()
}

fn is_repeated(parts: &[&str]) -> bool {
    parts.iter().enumerate().any(|(at, part)| parts[..at].iter().any(|before| before.eq_ignore_ascii_case(part)))
}

fn is_within(part: &str, least: usize, most: usize, of: impl Fn(u8) -> bool) -> bool {
    (least..=most).contains(&part.len()) && part.bytes().all(of)
}

fn alphabetic(b: u8) -> bool {
    b.is_ascii_alphabetic()
}

fn alphanumeric(b: u8) -> bool {
    b.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_told_by_their_shape() {
        let good = "en de-DE zh-Hant-TW zh-cmn-Hans-CN sl-rozaj-biske de-1996 de-CH-1901 es-419 x-whatever en-x-us i-klingon en-gb-OED \
                    de-a-value-b-other zh-min-nan hy-Latn-IT-arevela en-a-bbb-x-a-ccc qaa-Qaaa-QM-x-southern abcdefgh";
        for tag in good.split_whitespace() {
            assert!(is_well_formed(tag), "{tag}");
        }
        let bad = ["", "e", "en_US", "en-", "-en", "en--US", "english language", "e1", "de-419-DE", "a-DE", "ar-a-aaa-b-bbb-a-ccc", "en-x"];
        for tag in bad.into_iter().chain(["en-a", "abcdefghi", "de-1996-1996", "en-ü", "en-USA1-US", "x", "*all*"]) {
            assert!(!is_well_formed(tag), "{tag}");
        }
    }
}
