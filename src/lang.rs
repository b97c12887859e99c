//! `Lang`: the language of an article as a BCP 47 tag, kept as it was given and matched by its primary subtag. Which
//! languages have a stemmer or a stop list is the business of `text::language`, not of this file.

mod tag;

use std::fmt;

pub use tag::is_well_formed;

/// A BCP 47 language tag such as `en`, `en-GB` or `zh-Hant`, kept as given.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lang {
    tag: Box<str>,
    /// Two or three small letters; a zero in the third place where there are two.
    primary: [u8; 3],
}

impl Lang {
    /// Takes a tag of the shape BCP 47 allows (two or three letters first, then subtags of 1 to 8 letters or digits, `_` read as `-`
    /// for matching only); `None` for anything else.
    pub fn parse(tag: &str) -> Option<Lang> {
        let mut parts = tag.split(['-', '_']);
        let primary = parts.next()?;
        let sound = (2..=3).contains(&primary.len())
            && primary.bytes().all(|b| b.is_ascii_alphabetic())
            && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
        sound.then(|| Lang { tag: tag.into(), primary: primary_of(primary) })
    }

    /// The tag as it was given.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The primary subtag in lower case, two letters where ISO 639-1 has them; `no` and `nn` are read as `nb`.
    pub fn primary(&self) -> &str {
        let length = if self.primary[2] == 0 { 2 } else { 3 };
        std::str::from_utf8(&self.primary[..length]).expect("letters are ASCII")
    }
}

/// The code that two or three letters are filed under.
fn primary_of(letters: &str) -> [u8; 3] {
    let known = ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(letters));
    let code = known.map_or(letters, |(_, code)| code).as_bytes();
    std::array::from_fn(|index| code.get(index).map_or(0, u8::to_ascii_lowercase))
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.tag)
    }
}

/// ISO 639-2/3 codes and near relatives that feeds use, with the code this crate files them under.
const ALIASES: &[(&str, &str)] = &[
    ("no", "nb"),
    ("nn", "nb"),
    ("nor", "nb"),
    ("nob", "nb"),
    ("ara", "ar"),
    ("aze", "az"),
    ("dan", "da"),
    ("deu", "de"),
    ("ger", "de"),
    ("ell", "el"),
    ("gre", "el"),
    ("eng", "en"),
    ("spa", "es"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("hun", "hu"),
    ("ita", "it"),
    ("jpn", "ja"),
    ("nld", "nl"),
    ("dut", "nl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rum", "ro"),
    ("mo", "ro"),
    ("rus", "ru"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("zho", "zh"),
    ("chi", "zh"),
    ("cmn", "zh"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_tag_and_matches_by_primary() {
        for (tag, primary) in [("en", "en"), ("en-GB", "en"), ("EN_us", "en"), ("nn", "nb"), ("deu", "de"), ("zh-Hant-TW", "zh")] {
            let lang = Lang::parse(tag).expect(tag);
            assert_eq!(lang.tag(), tag);
            assert_eq!(lang.primary(), primary);
        }
        for bad in ["", "e", "english", "english language", "12", "en-", "en--GB", "../x"] {
            assert_eq!(Lang::parse(bad), None, "{bad:?}");
        }
    }
}
