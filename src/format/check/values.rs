//! What values of attributes may be, by the words that the tables of `grammar` have for them: lists of the specifications, and
//! shapes such as name tokens, languages and dates.

use crate::lang::is_well_formed;

/// A kind of value.
pub(super) struct Value {
    /// The word of the tables.
    word: &'static str,
    /// What a message says was expected.
    pub expected: &'static str,
    pub is: fn(&str) -> bool,
}

/// The kind that a word of a table names.
pub(super) fn find(word: &str) -> &'static Value {
    let found = VALUES.iter().find(|value| value.word == word);
    found.unwrap_or_else(|| panic!("no kind of value is called {word:?}"))
}

macro_rules! one_of {
    ($word:literal, $list:literal) => {
        Value { word: $word, expected: concat!("one of ", $list), is: |value| is_listed(value, $list) }
    };
}

/// A list that is open to words of one's own, which begin with `x-`.
macro_rules! one_of_or_x {
    ($word:literal, $expected:literal, $list:literal) => {
        Value { word: $word, expected: $expected, is: |value| is_own(value) || is_listed(value, $list) }
    };
}

const VALUES: &[Value] = &[
    Value { word: "", expected: "anything", is: |_| true },
    Value { word: "lang", expected: "a language tag of BCP 47, as en-US", is: is_well_formed },
    Value { word: "langall", expected: "a language tag of BCP 47, as en-US, or *all*", is: |value| is_all(value) || is_well_formed(value) },
    Value { word: "token", expected: "a name token: letters, digits, . - _ :", is: is_token },
    Value { word: "unbroken", expected: "no white space", is: |value| !value.contains(char::is_whitespace) },
    Value { word: "tokens", expected: "name tokens parted by blanks", is: is_tokens },
    Value { word: "user", expected: "prefix:value", is: is_user_defined },
    Value { word: "prio", expected: "a whole number from 1 to 10", is: |value| is_between(value, 1.0, 10.0) && is_whole(value) },
    Value { word: "position", expected: "a whole number from 1", is: |value| is_whole(value) && !value.trim_start_matches('0').is_empty() },
    Value { word: "whole", expected: "a whole number", is: is_whole },
    Value { word: "hex", expected: "four to six hexadecimal digits of a character", is: is_hex },
    Value { word: "sim", expected: "a number from 0.0 to 100.0", is: |value| is_between(value, 0.0, 100.0) },
    Value { word: "instant", expected: "a date and time, as 2026-01-31T12:00:00Z", is: is_instant },
    Value { word: "tmxdate", expected: "a date as YYYYMMDDThhmmssZ", is: is_tmx_date },
    Value {
        word: "mrk2",
        expected: "generic, comment, term or prefix:value",
        is: |value| is_listed(value, "generic comment term") || is_user_defined(value),
    },
    Value { word: "preserve", expected: "preserve", is: |value| value == "preserve" },
    Value { word: "mime", expected: "a media type, as text/plain", is: is_mime },
    Value {
        word: "purpose",
        expected: "information, location, match or x-..",
        is: |value| value.split_whitespace().all(|word| is_listed(word, "information location match") || is_own(word)),
    },
    Value {
        word: "counttype",
        expected: "a count type of XLIFF 1.2, or x-..",
        is: |value| {
            ["restype", "datatype", "state12", "qualifier"].iter().any(|word| (find(word).is)(value))
                || is_listed(value, "num-usages repetition total")
        },
    },
    one_of!("yn", "yes no"),
    one_of!("ynf", "yes firstNo no"),
    one_of!("dir", "ltr rtl auto"),
    one_of!("space", "default preserve"),
    one_of!("version1", "1.0 1.1 1.2"),
    one_of!("version2", "2.0 2.1"),
    one_of!("versiontmx", "1.1 1.2 1.3 1.4 1.4a 1.4b"),
    one_of!("state2", "initial translated reviewed final"),
    one_of!("type2", "fmt ui quote link image other"),
    one_of!("applies", "source target"),
    one_of!("mdaapplies", "source target ignorable"),
    one_of!("matchtype", "am mt icm idm tb tm other"),
    one_of!("annotates", "source target general"),
    one_of!("openclose", "open close"),
    one_of!("beginend", "begin end"),
    one_of!("assoc", "preceding following both"),
    one_of!("segtype", "block paragraph sentence phrase"),
    one_of_or_x!(
        "state12",
        "a state of XLIFF 1.2, as needs-translation, or x-..",
        "new needs-translation needs-adaptation needs-l10n needs-review-translation needs-review-adaptation needs-review-l10n \
         translated signed-off final"
    ),
    one_of_or_x!(
        "qualifier",
        "a state-qualifier of XLIFF 1.2, as exact-match, or x-..",
        "exact-match fuzzy-match id-match leveraged-glossary leveraged-inherited leveraged-mt leveraged-repository leveraged-tm \
         mt-suggestion tm-suggestion rejected-grammar rejected-inaccurate rejected-length rejected-spelling"
    ),
    one_of_or_x!(
        "alttype",
        "proposal, previous-version, rejected, reference, accepted or x-..",
        "proposal previous-version rejected reference accepted"
    ),
    one_of_or_x!("ctype", "bold, italic, underlined, link or x-..", "bold italic underlined link"),
    one_of_or_x!("ctypeph", "image, pb, lb or x-..", "image pb lb"),
    one_of_or_x!(
        "contexttype",
        "a context type of XLIFF 1.2, as paramnotes, or x-..",
        "database element elementtitle linenumber numparams paramnotes record recordtitle sourcefile"
    ),
    one_of_or_x!("sizeunit", "a unit of size, as pixel, or x-..", "byte char col cm dlgunit em ex glyph in mm percent pixel point row"),
    one_of_or_x!(
        "unit",
        "a unit of counts, as word, or x-..",
        "word page trans-unit bin-unit glyph item instance character line sentence paragraph segment placeable"
    ),
    one_of_or_x!(
        "mtype",
        "a type of marker of XLIFF 1.2, as seg or term, or x-..",
        "seg term name phrase protected abbrev abbreviated-form abbreviation acronym appellation collocation common-name datetime \
         equation expanded-form formula head-term initialism international-scientific-term internationalism logical-expression \
         materials-management-unit near-synonym part-number phraseological-unit romanized-form set-phrase short-form sku \
         standard-text symbol synonym synonymous-phrase transcribed-form transliterated-form truncated-term variant"
    ),
    one_of_or_x!(
        "datatype",
        "a datatype of XLIFF 1.2, as plaintext, or x-..",
        "plaintext html xml htmlbody xhtml asp c cdf cfm cpp csharp cstring csv database documentfooter documentheader filedialog \
         form ini interleaf javaclass javapropertyresourcebundle javalistresourcebundle javascript jscript layout lisp margin \
         menufile messagefile mif mimetype mo msglib pagefooter pageheader parameters pascal php po report resources resx rtf sgml \
         sgmldtd svg vbscript warning winres xmldtd xsl xul"
    ),
    one_of_or_x!(
        "restype",
        "a restype of XLIFF 1.2, as heading, or x-..",
        "caption cell fn footer header heading keywords label list listitem row string table uri var auto3state autocheckbox \
         autoradiobutton bedit bitmap button checkbox checkboxmenuitem checkedlistbox colorchooser combobox comboboxexitem \
         comboboxitem component contextmenu ctext cursor datetimepicker defpushbutton dialog dlginit edit file filechooser font \
         frame grid groupbox hedit hscrollbar icon iedit linklabel listbox ltext menu menubar menuitem menuseparator message \
         monthcalendar numericupdown panel popupmenu pushbox pushbutton radio radiobuttonmenuitem rcdata rtext scrollpane separator \
         shortcut spinner splitter state3 statusbar tabcontrol textbox togglebutton toolbar tooltip trackbar tree userbutton \
         usercontrol versioninfo vscrollbar window"
    ),
    one_of_or_x!(
        "reformatword",
        "yes, no, or what may be changed",
        "yes no coord coord-x coord-y coord-cx coord-cy font font-name font-size font-weight css-style style ex-style"
    ),
    Value {
        word: "reformat",
        expected: "yes, no, or what may be changed",
        is: |value| value.split_whitespace().all(find("reformatword").is),
    },
];

/// Whether a value is one of those that a list has with a blank between.
fn is_listed(value: &str, list: &str) -> bool {
    list.as_bytes().split(|b| *b == b' ').any(|known| known == value.as_bytes())
}

fn is_own(value: &str) -> bool {
    value.strip_prefix("x-").is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

/// `*all*`, the source language of a memory that has none.
pub(super) fn is_all(value: &str) -> bool {
    value.eq_ignore_ascii_case("*all*")
}

/// An NMTOKEN of XML 1.0, of blanks around it as a reader takes them away.
pub(super) fn is_token(value: &str) -> bool {
    let of_a_name = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '\u{b7}') || !c.is_ascii() && (c.is_alphanumeric() || is_mark(c))
    };
    let value = value.trim_matches([' ', '\t', '\r', '\n']);
    !value.is_empty() && value.chars().all(of_a_name)
}

/// Marks that combine with a letter, and joiners: characters of names in XML 1.0 that are no letters.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}' | '\u{203f}' | '\u{2040}' | '\u{900}'..='\u{1fff}' | '\u{20d0}'..='\u{218f}')
}

fn is_tokens(value: &str) -> bool {
    value.split_whitespace().next().is_some() && value.split_whitespace().all(is_token)
}

/// `prefix:value`, without blanks and with one colon.
pub(super) fn is_user_defined(value: &str) -> bool {
    let sound = |part: &str| !part.is_empty() && !part.contains(|c: char| c == ':' || c.is_whitespace());
    value.split_once(':').is_some_and(|(prefix, rest)| sound(prefix) && sound(rest))
}

fn is_whole(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit())
}

fn is_between(value: &str, least: f64, most: f64) -> bool {
    let plain = value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'-'));
    plain && value.parse::<f64>().is_ok_and(|number| (least..=most).contains(&number))
}

fn is_hex(value: &str) -> bool {
    let digits = (4..=6).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_hexdigit());
    digits && u32::from_str_radix(value, 16).is_ok_and(|code| code <= 0x10_ffff)
}

fn is_mime(value: &str) -> bool {
    let (kind, rest) = value.split_once('/').map_or((value, None), |(kind, rest)| (kind, Some(rest)));
    is_listed(kind, "text multipart message application image audio video model") && rest != Some("")
}

/// Whether digits in a text, by their places, are within bounds.
fn are_within(text: &str, fields: &[(std::ops::Range<usize>, u32, u32)]) -> bool {
    fields.iter().all(|(place, least, most)| {
        let digits = text.get(place.clone()).filter(|digits| is_whole(digits));
        digits.and_then(|digits| digits.parse::<u32>().ok()).is_some_and(|value| (*least..=*most).contains(&value))
    })
}

/// `YYYYMMDDThhmmssZ`, the date of TMX.
fn is_tmx_date(value: &str) -> bool {
    let fields = [(0..4, 0, 9999), (4..6, 1, 12), (6..8, 1, 31), (9..11, 0, 23), (11..13, 0, 59), (13..15, 0, 60)];
    value.len() == 16
        && value.as_bytes()[8] == b'T'
        && value.ends_with('Z')
        && are_within(value, &fields)
        && is_day(&value[..4], &value[4..6], &value[6..8])
}

/// Whether a month has such a day, all of them digits.
fn is_day(year: &str, month: &str, day: &str) -> bool {
    let number = |digits: &str| digits.parse::<u32>().unwrap_or(0);
    let year = number(year);
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match number(month) {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    number(day) <= days
}

/// A `dateTime` of XML Schema: `YYYY-MM-DDThh:mm:ss`, maybe with a fraction and a zone.
fn is_instant(value: &str) -> bool {
    let fields = [(0..4, 0, 9999), (5..7, 1, 12), (8..10, 1, 31), (11..13, 0, 24), (14..16, 0, 59), (17..19, 0, 59)];
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    let marked = value.len() >= 19 && value.is_ascii() && marks.iter().all(|(at, mark)| value.as_bytes()[*at] == *mark);
    marked && are_within(value, &fields) && is_day(&value[..4], &value[5..7], &value[8..10]) && is_rest_of_instant(&value[19..])
}

fn is_rest_of_instant(rest: &str) -> bool {
    let zone = rest.strip_prefix('.').map_or(rest, |fraction| fraction.trim_start_matches(|c: char| c.is_ascii_digit()));
    let offset = zone.len() == 6 && zone.starts_with(['+', '-']) && zone.as_bytes()[3] == b':';
    zone.is_empty() || zone == "Z" || offset && are_within(zone, &[(1..3, 0, 14), (4..6, 0, 59)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_by_their_shape() {
        let cases = [
            ("token", "p3s2 a.b-c:d_é", "a/b \u{a0} a#"),
            ("user", "nws:tm xlf:b", "noprefix a: :b a:b:c"),
            ("prio", "1 10", "0 11 x 1.5 -1"),
            ("position", "1 007", "0 -1 x"),
            ("hex", "001F 1F600 10FFFF", "1F 0000001 110000 001G"),
            ("sim", "0 100.0 83.5", "101 -1 83% NaN inf"),
            (
                "instant",
                "2026-11-23T00:00:00Z 2026-11-23T00:00:00.5+02:00 2026-11-23T00:00:00",
                "2026-11-23 2026-02-30T00:00:00Z 2026-13-23T00:00:00Z",
            ),
            (
                "tmxdate",
                "20261123T000000Z 20240229T000000Z",
                "20261123 20260229T000000Z 20260431T000000Z 2026-11-23T00:00:00Z 20261323T000000Z 20261123T000000",
            ),
            ("state12", "final x-mine needs-l10n", "done x-"),
            ("datatype", "plaintext x-md", "text"),
            ("langall", "en-US *all*", "en_US *"),
            ("reformat", "yes coord", "maybe"),
            ("mime", "text/plain text", "plain text/"),
            ("counttype", "total new heading x-a", "sum"),
            ("mrk2", "term my:own", "own"),
        ];
        for (word, good, bad) in cases {
            good.split_whitespace().for_each(|value| assert!((find(word).is)(value), "{word}: {value}"));
            bad.split(' ').for_each(|value| assert!(!(find(word).is)(value), "{word}: {value}"));
        }
    }
}
