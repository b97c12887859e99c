//! How words are counted for money: four rules, each with a name that stands in every table, for no two programs agree on a hyphen. A
//! count is of one segment; sums are the business of `tally`.

use super::java;
use crate::text::language::Language;
use crate::text::token::{Piece, Words, each, unspaced};
use crate::translation::similarity::{Kind, cut, cut_at_blanks};

/// A rule by which words are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Count {
    /// GMX-V 2.0: words of UAX #29 that hold a letter or digit; Chinese, Japanese, Korean and Thai by characters over 2.8, 3.0, 3.3 and
    /// 6.0, rounded up a segment.
    #[default]
    Gmx,
    /// Near Trados Studio: a number, date, URL or e-mail address is one word; so is what hyphens and apostrophes hold together; a
    /// character of Chinese or Japanese is one.
    TradosLike,
    /// What stands between blanks.
    Whitespace,
    /// Those of OmegaT's statistics: words of Java's `BreakIterator` with a letter or digit.
    OmegaT,
}

/// What is counted of segments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Segments.
    pub segments: u64,
    /// Words.
    pub words: u64,
    /// Unicode scalars that are no blanks; as OmegaT counts, units of UTF-16 and line breaks too.
    pub characters: u64,
    /// Numbers, dates and times in digits, web and e-mail addresses.
    pub placeables: u64,
}

impl std::ops::AddAssign for Size {
    fn add_assign(&mut self, other: Size) {
        self.segments += other.segments;
        self.words += other.words;
        self.characters += other.characters;
        self.placeables += other.placeables;
    }
}

impl Count {
    /// Every rule by its name.
    pub const NAMES: &[(&str, Count)] =
        &[("gmx", Count::Gmx), ("trados-like", Count::TradosLike), ("whitespace", Count::Whitespace), ("omegat", Count::OmegaT)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Count::NAMES.iter().find(|(_, count)| *count == self).map_or("", |(name, _)| name)
    }

    /// The words of a segment.
    pub fn words(self, text: &str, language: &Language) -> u64 {
        match self {
            Count::Gmx => gmx(text, language),
            Count::TradosLike => trados_like(text, language),
            Count::Whitespace => text.split_whitespace().count() as u64,
            Count::OmegaT => java::words(text),
        }
    }

    /// What a segment is counted as.
    pub fn size(self, text: &str, language: &Language) -> Size {
        let mut placeables = 0;
        cut(text, &mut |kind, _| placeables += u64::from(kind.is_placeable()));
        let characters = match self {
            Count::OmegaT => java::characters(text),
            _ => text.chars().filter(|c| !c.is_whitespace()).count() as u64,
        };
        Size { segments: 1, words: self.words(text, language), characters, placeables }
    }
}

/// Characters of Korean a word, in tenths; as budgets count, Korean has blanks.
const KOREAN: u64 = 33;

fn gmx(text: &str, language: &Language) -> u64 {
    if language.code != "ko" {
        return Words::of(text).count(language.factor).into();
    }
    let (mut spaced, mut characters) = (0, 0);
    each(text, &mut |piece| {
        let (Piece::Word(span) | Piece::Run(span)) = piece;
        let counted = span.of(text).chars().filter(|c| is_hangul(*c) || unspaced(*c)).count() as u64;
        characters += counted;
        spaced += u64::from(counted == 0);
    });
    spaced + (10 * characters).div_ceil(KOREAN)
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}')
}

fn trados_like(text: &str, language: &Language) -> u64 {
    let (mut words, mut characters) = (0, 0);
    let mut before: Option<(usize, bool)> = None;
    cut_at_blanks(text, &mut |kind, form| {
        let start = form.as_ptr() as usize - text.as_ptr() as usize;
        match kind {
            Kind::Mark => return,
            Kind::Word if form.chars().all(|c| unspaced(c) && !ideographic(c)) => characters += 1,
            Kind::Word if form.chars().all(unspaced) => words += 1,
            _ => {
                let joins = |&(end, word): &(usize, bool)| (word || kind == Kind::Word) && is_joint(&text[end..start]);
                words += u64::from(!before.as_ref().is_some_and(joins));
                before = Some((start + form.len(), kind == Kind::Word));
                return;
            }
        }
        before = None;
    });
    words + (10 * characters as u64).div_ceil(language.factor.into())
}

/// Whether a character of a script without blanks is one of Chinese or Japanese.
fn ideographic(c: char) -> bool {
    c >= '\u{3005}'
}

/// Whether it holds the words around it together: one hyphen, one apostrophe.
fn is_joint(gap: &str) -> bool {
    matches!(gap, "-" | "\u{2010}" | "\u{2011}" | "'" | "’")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::language;

    #[test]
    fn each_rule_has_its_own_words() {
        let counts = |code: &str, text: &str| {
            let language = language::find(code).expect("known");
            [Count::Gmx, Count::TradosLike, Count::Whitespace, Count::OmegaT].map(|count| count.words(text, language))
        };
        let cases = [
            ("en", "An up-to-date list", [5, 3, 3, 3]),
            ("en", "It's John's 'last' word", [4, 4, 4, 4]),
            ("en", "It’s John’s word", [3, 3, 3, 5]),
            ("en", "Due on 12.03.2024 at 9:30", [6, 5, 5, 6]),
            ("en", "Due on 2024-03-12", [5, 3, 3, 5]),
            ("en", "See https://a.example/b?c=1 now", [7, 3, 3, 7]),
            ("en", "Ask jo.doe@a.example now", [4, 3, 3, 4]),
            ("en", "Yes — no—perhaps", [3, 3, 3, 2]),
            ("en", "he/she – 50 % of COVID-19", [6, 5, 6, 6]),
            ("zh", "東京下雨，3 天。", [3, 6, 2, 3]),
            ("ko", "서울에 비가 온다", [3, 3, 3, 3]),
            ("th", "นายกไป", [1, 1, 1, 1]),
            ("fr", "Il a 950 000 ou 12\u{a0}345 euros", [8, 8, 8, 8]),
            ("en", "", [0, 0, 0, 0]),
        ];
        cases.into_iter().for_each(|(code, text, expected)| assert_eq!(counts(code, text), expected, "{text}"));
    }

    #[test]
    fn characters_are_no_blanks_and_placeables_are_told() {
        let size = Count::Gmx.size("On 3 May, 12.50 € a@b.example.", language::find("en").expect("known"));
        assert_eq!(size, Size { segments: 1, words: 6, characters: 25, placeables: 3 });
    }
}
