//! Sets of characters by name, as regular expressions of SRX files spell them: Unicode categories, scripts and properties, the
//! classes of POSIX and of Java, the usual blocks. It knows nothing of patterns.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange, HirKind};

/// A set of characters: sorted ranges that neither touch nor overlap.
pub type Set = std::sync::Arc<[(char, char)]>;

/// Whose regular expressions a file is written in. They differ in what `\s`, `\d`, `\w` and `(?i)` cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// `java.util.regex`: ASCII unless flags say otherwise.
    #[default]
    Java,
    /// ICU: Unicode throughout.
    Icu,
}

/// The set as sorted ranges.
pub fn set(class: &ClassUnicode) -> Set {
    class.ranges().iter().map(|range| (range.start(), range.end())).collect()
}

/// A class of inclusive ranges.
pub fn ranges(ranges: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(ranges.iter().map(|&(start, end)| ClassUnicodeRange::new(start, end)))
}

/// Every character.
pub fn any() -> ClassUnicode {
    ranges(&[('\0', char::MAX)])
}

/// The class with all letters that differ from its own in case only; of ASCII alone unless `unicode`.
pub fn fold(class: &mut ClassUnicode, unicode: bool) {
    if unicode {
        class.case_fold_simple();
        return;
    }
    let mut letters = ranges(&[('A', 'Z'), ('a', 'z')]);
    letters.intersect(class);
    let swapped: Vec<(char, char)> = letters
        .iter()
        .map(|range| {
            let swap = |c: char| char::from(c as u8 ^ 0x20);
            (swap(range.start()), swap(range.end()))
        })
        .collect();
    class.union(&ranges(&swapped));
}

/// What ends a line.
pub const LINE_ENDS: [(char, char); 3] = [('\n', '\r'), ('\u{85}', '\u{85}'), ('\u{2028}', '\u{2029}')];

/// `\n`, `\r`, NEL, LS and PS: what a dot leaves out and what `$` looks for.
pub fn line_ends() -> ClassUnicode {
    ranges(&[('\n', '\n'), ('\r', '\r'), ('\u{85}', '\u{85}'), ('\u{2028}', '\u{2029}')])
}

/// The class behind a letter after a backslash: `d`, `s`, `w`, `h`, `v` and their complements; `None` for any other letter.
pub fn letter(letter: char, unicode: bool) -> Option<ClassUnicode> {
    let mut class = match letter.to_ascii_lowercase() {
        'd' if unicode => property("Nd")?,
        'd' => ranges(&[('0', '9')]),
        's' if unicode => property("White_Space")?,
        's' => ranges(&[('\t', '\r'), (' ', ' ')]),
        'w' if unicode => {
            let mut word = property("Alphabetic")?;
            for name in ["M", "Nd", "Pc", "Join_Control"] {
                word.union(&property(name)?);
            }
            word
        }
        'w' => ranges(&[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
        'h' => ranges(&[
            ('\t', '\t'),
            (' ', ' '),
            ('\u{a0}', '\u{a0}'),
            ('\u{1680}', '\u{1680}'),
            ('\u{180e}', '\u{180e}'),
            ('\u{2000}', '\u{200a}'),
            ('\u{202f}', '\u{202f}'),
            ('\u{205f}', '\u{205f}'),
            ('\u{3000}', '\u{3000}'),
        ]),
        'v' => ranges(&LINE_ENDS),
        _ => return None,
    };
    if letter.is_ascii_uppercase() {
        class.negate();
    }
    Some(class)
}

/// Letters and digits of any script, and the underscore: what `\b` takes for part of a word.
pub fn word() -> ClassUnicode {
    let mut word = ranges(&[('_', '_')]);
    for name in ["L", "Nd"] {
        word.union(&property(name).unwrap_or_else(|| ranges(&[])));
    }
    word
}

/// Marks that `\b` counts to the letter they stand on.
pub fn marks() -> ClassUnicode {
    property("Mn").unwrap_or_else(|| ranges(&[]))
}

/// A class by the name inside `\p{..}`; `None` if there is none.
pub fn named(name: &str, unicode: bool) -> Option<ClassUnicode> {
    let name = name.trim();
    if let Some((key, value)) = name.split_once(['=', ':']) {
        return match squeezed(key).as_str() {
            "block" | "blk" => block(value),
            "isblock" => block(value),
            "script" | "sc" | "isscript" | "scriptextensions" | "scx" => property(&format!("script={value}")),
            "generalcategory" | "gc" | "isgeneralcategory" => property(&format!("gc={value}")),
            _ => None,
        };
    }
    if let Some(inner) = name.strip_prefix("java") {
        return java(inner);
    }
    if let Some(inner) = name.strip_prefix("In") {
        return block(inner);
    }
    let posix = if unicode { None } else { posix(name) };
    posix.or_else(|| special(name)).or_else(|| property(name)).or_else(|| {
        let inner = name.strip_prefix("Is").or_else(|| name.strip_prefix("is"))?;
        special(inner).or_else(|| property(inner))
    })
}

/// A property of Unicode by any name that the tables know.
fn property(name: &str) -> Option<ClassUnicode> {
    if !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '=')) {
        return None;
    }
    match regex_syntax::parse(&format!(r"\p{{{name}}}")).ok()?.into_kind() {
        HirKind::Class(regex_syntax::hir::Class::Unicode(class)) => Some(class),
        // A class of a single character is a literal there.
        HirKind::Literal(literal) => {
            let c = std::str::from_utf8(&literal.0).ok()?.chars().next()?;
            Some(ranges(&[(c, c)]))
        }
        _ => None,
    }
}

fn union(names: &[&str]) -> Option<ClassUnicode> {
    let mut out = ranges(&[]);
    for name in names {
        out.union(&property(name)?);
    }
    Some(out)
}

/// Names that Unicode's own tables do not have or have otherwise.
fn special(name: &str) -> Option<ClassUnicode> {
    match name {
        "LC" | "L&" => union(&["Lu", "Ll", "Lt"]),
        "L1" => Some(ranges(&[('\0', '\u{ff}')])),
        "all" | "ANY" | "Any" => Some(any()),
        "LD" => union(&["L", "Nd"]),
        "Alpha" => property("Alphabetic"),
        "Lower" => property("Lowercase"),
        "Upper" => property("Uppercase"),
        "Space" => property("White_Space"),
        "Digit" => property("Nd"),
        "Alnum" => union(&["Alphabetic", "Nd"]),
        "Punct" | "Punctuation" => property("P"),
        "Letter" => property("L"),
        "Cntrl" | "Control" => property("Cc"),
        "Blank" => union(&["Zs"]).map(|mut class| {
            class.union(&ranges(&[('\t', '\t')]));
            class
        }),
        _ => None,
    }
}

/// The classes of POSIX, which are ASCII's in Java unless a flag says otherwise.
fn posix(name: &str) -> Option<ClassUnicode> {
    Some(match name {
        "Lower" => ranges(&[('a', 'z')]),
        "Upper" => ranges(&[('A', 'Z')]),
        "ASCII" => ranges(&[('\0', '\u{7f}')]),
        "Alpha" => ranges(&[('A', 'Z'), ('a', 'z')]),
        "Digit" => ranges(&[('0', '9')]),
        "Alnum" => ranges(&[('0', '9'), ('A', 'Z'), ('a', 'z')]),
        "Punct" => ranges(&[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
        "Graph" => ranges(&[('!', '~')]),
        "Print" => ranges(&[(' ', '~')]),
        "Blank" => ranges(&[('\t', '\t'), (' ', ' ')]),
        "Cntrl" => ranges(&[('\0', '\u{1f}'), ('\u{7f}', '\u{7f}')]),
        "XDigit" => ranges(&[('0', '9'), ('A', 'F'), ('a', 'f')]),
        "Space" => ranges(&[('\t', '\r'), (' ', ' ')]),
        _ => return None,
    })
}

/// `\p{javaLowerCase}` and its kind, after the prefix.
fn java(name: &str) -> Option<ClassUnicode> {
    match name {
        "LowerCase" => property("Lowercase"),
        "UpperCase" => property("Uppercase"),
        "TitleCase" => property("Lt"),
        "Alphabetic" => property("Alphabetic"),
        "Ideographic" => property("Ideographic"),
        "Letter" => property("L"),
        "Digit" => property("Nd"),
        "LetterOrDigit" => union(&["L", "Nd"]),
        "Whitespace" => {
            let mut class = union(&["Z"])?;
            class.difference(&ranges(&[('\u{a0}', '\u{a0}'), ('\u{2007}', '\u{2007}'), ('\u{202f}', '\u{202f}')]));
            class.union(&ranges(&[('\t', '\r'), ('\u{1c}', '\u{1f}')]));
            Some(class)
        }
        "SpaceChar" => property("Z"),
        _ => None,
    }
}

fn squeezed(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Blocks that rule files name; all others are refused by name.
const BLOCKS: &[(&str, char, char)] = &[
    ("basiclatin", '\0', '\u{7f}'),
    ("latin1supplement", '\u{80}', '\u{ff}'),
    ("latinextendeda", '\u{100}', '\u{17f}'),
    ("latinextendedb", '\u{180}', '\u{24f}'),
    ("ipaextensions", '\u{250}', '\u{2af}'),
    ("combiningdiacriticalmarks", '\u{300}', '\u{36f}'),
    ("greek", '\u{370}', '\u{3ff}'),
    ("greekandcoptic", '\u{370}', '\u{3ff}'),
    ("cyrillic", '\u{400}', '\u{4ff}'),
    ("cyrillicsupplement", '\u{500}', '\u{52f}'),
    ("armenian", '\u{530}', '\u{58f}'),
    ("hebrew", '\u{590}', '\u{5ff}'),
    ("arabic", '\u{600}', '\u{6ff}'),
    ("arabicsupplement", '\u{750}', '\u{77f}'),
    ("devanagari", '\u{900}', '\u{97f}'),
    ("bengali", '\u{980}', '\u{9ff}'),
    ("tamil", '\u{b80}', '\u{bff}'),
    ("thai", '\u{e00}', '\u{e7f}'),
    ("georgian", '\u{10a0}', '\u{10ff}'),
    ("ethiopic", '\u{1200}', '\u{137f}'),
    ("khmer", '\u{1780}', '\u{17ff}'),
    ("latinextendedadditional", '\u{1e00}', '\u{1eff}'),
    ("greekextended", '\u{1f00}', '\u{1fff}'),
    ("generalpunctuation", '\u{2000}', '\u{206f}'),
    ("currencysymbols", '\u{20a0}', '\u{20cf}'),
    ("cjksymbolsandpunctuation", '\u{3000}', '\u{303f}'),
    ("hiragana", '\u{3040}', '\u{309f}'),
    ("katakana", '\u{30a0}', '\u{30ff}'),
    ("cjkunifiedideographs", '\u{4e00}', '\u{9fff}'),
    ("hangulsyllables", '\u{ac00}', '\u{d7af}'),
    ("arabicpresentationformsa", '\u{fb50}', '\u{fdff}'),
    ("arabicpresentationformsb", '\u{fe70}', '\u{feff}'),
    ("halfwidthandfullwidthforms", '\u{ff00}', '\u{ffef}'),
];

fn block(name: &str) -> Option<ClassUnicode> {
    let name = squeezed(name);
    BLOCKS.iter().find(|(known, ..)| *known == name).map(|&(_, start, end)| ranges(&[(start, end)]))
}
