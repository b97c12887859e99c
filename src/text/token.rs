//! Words: where they are, for terms, and how many, for budgets. Spaced scripts follow UAX #29 (default word boundaries,
//! words that hold a letter or digit); Han, kana, Thai and their like, which need a dictionary there, come as runs of
//! characters. A bytewise path takes plain words of Latin, Greek, Cyrillic, Armenian and Arabic letters; a stretch with
//! anything rarer goes to `unicode-segmentation`, and a property holds the two together. Nothing here knows terms.

use unicode_segmentation::UnicodeSegmentation;

use super::scan::{Mark, Scan};
use crate::span::Span;

/// A piece of text that terms are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A word as UAX #29 cuts it.
    Word(Span),
    /// A maximal run of Han, kana, Thai, Lao, Khmer or Burmese characters.
    Run(Span),
}

/// Words as budgets count them: those of UAX #29 that hold a letter or digit, and runs of unspaced scripts by characters over
/// the factor of their language (GMX-V 2.0: Chinese 2.8, Japanese 3.0, Thai 6.0), rounded up a sentence. Korean has blanks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Words of spaced scripts.
    pub spaced: u32,
    /// Characters of unspaced scripts.
    pub characters: u32,
}

impl Words {
    /// The count for a language whose factor is `tenths` tenths of a character a word.
    pub fn count(self, tenths: u32) -> u32 {
        self.spaced + (self.characters * 10).div_ceil(tenths)
    }

    /// Counts one piece of `text`.
    pub fn add(&mut self, piece: Piece, text: &str) {
        match piece {
            Piece::Word(_) => self.spaced += 1,
            Piece::Run(span) => self.characters += span.of(text).chars().count() as u32,
        }
    }

    /// The words of a text.
    pub fn of(text: &str) -> Words {
        let mut scan = Scan::default();
        scan.read(text);
        Words::within(text, Span::new(0, text.len()), &scan)
    }

    /// The words of a span of a text that was scanned.
    pub(super) fn within(text: &str, span: Span, scan: &Scan) -> Words {
        let mut counter = Counter { text, words: Words::default() };
        pieces(text, span, scan, &mut counter);
        counter.words
    }
}

/// Hands over every word and run of a text, in order.
pub fn each(text: &str, take: &mut impl FnMut(Piece)) {
    let mut scan = Scan::default();
    scan.read(text);
    pieces(text, Span::new(0, text.len()), &scan, &mut Taken(take));
}

/// Hands words on.
struct Taken<'a, F>(&'a mut F);

impl<F: FnMut(Piece)> Pieces for Taken<'_, F> {
    fn plain(&mut self, word: Span) {
        (self.0)(Piece::Word(word));
    }

    fn other(&mut self, piece: Piece) {
        (self.0)(piece);
    }
}

/// Counts words and keeps none.
struct Counter<'a> {
    text: &'a str,
    words: Words,
}

impl Pieces for Counter<'_> {
    #[inline]
    fn plain(&mut self, _word: Span) {
        self.words.spaced += 1;
    }

    fn other(&mut self, piece: Piece) {
        self.words.add(piece, self.text);
    }
}

/// What a character is to a word; `Rare` sends its stretch to the full algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Break,
    Letter,
    Digit,
    /// Joins letters: `:` and `·`.
    MidLetter,
    /// Joins digits: `,` and `;`.
    MidDigit,
    /// Joins letters and joins digits: `.` and the apostrophes.
    MidBoth,
    /// `_` and the narrow no-break space: join everything.
    Connector,
    /// Combining marks of the simple scripts.
    Extend,
    Unspaced,
    Rare,
}

/// Classes of ASCII, looked up by byte.
static ASCII: [Class; 128] = ascii();

const fn ascii() -> [Class; 128] {
    let mut table = [Class::Break; 128];
    let mut b = 0;
    while b < 128 {
        table[b] = match b as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b':' => Class::MidLetter,
            b',' | b';' => Class::MidDigit,
            b'.' | b'\'' => Class::MidBoth,
            b'_' => Class::Connector,
            _ => Class::Break,
        };
        b += 1;
    }
    table
}

/// Classes of the characters that take two bytes, which most letters of Greek, Cyrillic and their like do, from the first on.
static TWO_BYTES: [Class; 0x780] = {
    let mut table = [Class::Rare; 0x780];
    let mut c = 0;
    while c < 0x780 {
        table[c as usize] = match char::from_u32(c + 0x80) {
            Some(c) => class(c),
            None => Class::Rare,
        };
        c += 1;
    }
    table
};

/// The class of a character that is not ASCII.
const fn class(c: char) -> Class {
    match c {
        'ª' | 'µ' | 'º' => Class::Letter,
        '·' => Class::MidLetter,
        '\u{85}' | '\u{a0}'..='§' | '©' | '«' | '®' | '°' | '±' | '¶' | '»' | '¿' | '×' | '÷' => Class::Break,
        'À'..='\u{24f}' => Class::Letter,
        '\u{300}'..='\u{36f}' => Class::Extend,
        '\u{37e}' => Class::MidDigit,
        '\u{387}' => Class::MidLetter,
        '\u{386}' | '\u{388}'..='\u{38a}' | '\u{38c}' | '\u{38e}'..='\u{3a1}' | '\u{3a3}'..='\u{3f5}' => Class::Letter,
        '\u{3f7}'..='\u{481}' | '\u{48a}'..='\u{52f}' => Class::Letter,
        '\u{531}'..='\u{556}' | '\u{561}'..='\u{587}' => Class::Letter,
        '\u{620}'..='\u{64a}' => Class::Letter,
        '\u{64b}'..='\u{65f}' | '\u{670}' => Class::Extend,
        '\u{671}'..='\u{6d3}' => Class::Letter,
        '\u{61b}' | '\u{61f}' | '\u{6d4}' => Class::Break,
        '\u{1f16}' | '\u{1f17}' | '\u{1f1e}' | '\u{1f1f}' | '\u{1f46}' | '\u{1f47}' | '\u{1f4e}' | '\u{1f4f}' => Class::Rare,
        '\u{1f58}' | '\u{1f5a}' | '\u{1f5c}' | '\u{1f5e}' | '\u{1f7e}' | '\u{1f7f}' | '\u{1fb5}' => Class::Rare,
        '\u{1e00}'..='\u{1fbc}' => Class::Letter,
        '\u{202f}' => Class::Connector,
        '\u{2000}'..='\u{200a}' | '\u{2010}'..='\u{2017}' | '\u{201a}'..='\u{2023}' | '\u{2025}' | '\u{2026}' => Class::Break,
        '\u{2018}' | '\u{2019}' => Class::MidBoth,
        '\u{2030}'..='\u{203e}' | '\u{20a0}'..='\u{20c0}' => Class::Break,
        _ if unspaced(c) => Class::Unspaced,
        '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' => Class::Break,
        '！' | '（' | '）' | '？' => Class::Break,
        _ => Class::Rare,
    }
}

/// Whether a character belongs to a script written without blanks between words.
pub const fn unspaced(c: char) -> bool {
    matches!(c,
        '\u{e01}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}'           // Thai
        | '\u{e81}'..='\u{ece}'                                  // Lao
        | '\u{1000}'..='\u{103f}' | '\u{1050}'..='\u{109f}'      // Burmese
        | '\u{1780}'..='\u{17d3}'                                // Khmer
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}'      // kana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}') // Han
}

/// Takes the pieces of a text in order.
pub(super) trait Pieces {
    /// A word of ASCII letters and digits only.
    fn plain(&mut self, word: Span);
    /// Any other piece.
    fn other(&mut self, piece: Piece);
}

/// Hands over every word and run in `span` of a text that was scanned.
#[inline]
pub(super) fn pieces(text: &str, span: Span, scan: &Scan, out: &mut impl Pieces) {
    let text = &text[..span.end as usize];
    let bytes = text.as_bytes();
    let mut at = span.start as usize;
    loop {
        let start = scan.next_before(Mark::Start, at, bytes.len());
        if start >= bytes.len() {
            return;
        }
        let end = scan.plain_end(start, bytes.len()).min(bytes.len());
        if end > start && ends_plainly(bytes, end) {
            out.plain(Span { start: start as u32, end: end as u32 });
            at = end;
        } else {
            at = unusual(text, at, start, scan, out);
        }
    }
}

/// Whether a word ends before `end`, told by a byte or two: a blank or a bracket, or a mark that joins with a blank after it.
#[inline]
fn ends_plainly(bytes: &[u8], end: usize) -> bool {
    let breaks = |at: usize| bytes.get(at).is_none_or(|b| BREAKS[*b as usize]);
    breaks(end) || matches!(bytes[end], b',' | b'.' | b':' | b';' | b'\'') && breaks(end + 1)
}

/// ASCII bytes that end a word, whatever follows.
static BREAKS: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 128 {
        table[b] = matches!(ASCII[b], Class::Break);
        b += 1;
    }
    table
};

/// The pieces that begin at `start`, after marks that were passed over from `at` on; returns where they end.
fn unusual(text: &str, at: usize, start: usize, scan: &Scan, out: &mut impl Pieces) -> usize {
    let (class, len) = class_at(text, start);
    match class {
        Class::Letter | Class::Digit | Class::Connector => match word_end(text, start, scan) {
            Some((end, wordy)) => {
                if wordy {
                    out.other(Piece::Word(Span::new(start, end)));
                }
                end
            }
            None => rare_stretch(text, start, out),
        },
        Class::Unspaced => {
            let end = run_end(text, start);
            out.other(Piece::Run(Span::new(start, end)));
            end
        }
        // A mark that was passed over belongs to the stretch.
        Class::Rare | Class::Extend => rare_stretch(text, if start > at { start - 1 } else { start }, out),
        _ if followed_by_rare(text, start + len) => rare_stretch(text, start, out),
        _ => start + len,
    }
}

/// Class and length in bytes of the character at `at`.
#[inline]
fn class_at(text: &str, at: usize) -> (Class, usize) {
    let b = text.as_bytes()[at];
    match b {
        0..=0x7f => return (ASCII[b as usize], 1),
        0xc2..=0xdf => {
            let c = usize::from(b & 0x1f) << 6 | usize::from(text.as_bytes()[at + 1] & 0x3f);
            return (TWO_BYTES[c - 0x80], 2);
        }
        _ => {}
    }
    let c = text[at..].chars().next().expect("at lies inside the text");
    (class(c), c.len_utf8())
}

/// The end of the word that starts at `at`, and whether it holds a letter or digit; `None` if it meets a rare character.
#[inline]
fn word_end(text: &str, start: usize, scan: &Scan) -> Option<(usize, bool)> {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut last = Class::Connector;
    let mut wordy = false;
    loop {
        let stretch = at;
        if bytes.get(at).is_some_and(u8::is_ascii) {
            at = scan.plain_end(at, bytes.len()).min(bytes.len());
        }
        if at > stretch {
            last = ASCII[bytes[at - 1] as usize];
            wordy = true;
        }
        if at == bytes.len() {
            return Some((at, wordy));
        }
        let (class, len) = class_at(text, at);
        match class {
            Class::Letter | Class::Digit => {
                last = class;
                wordy = true;
                at += len;
            }
            Class::Connector => {
                last = class;
                at += len;
            }
            Class::Extend => at += len,
            Class::Rare => return None,
            Class::Break | Class::Unspaced => return Some((at, wordy)),
            Class::MidLetter | Class::MidDigit | Class::MidBoth => {
                if at + len == bytes.len() {
                    return Some((at, wordy));
                }
                let (next, next_len) = class_at(text, at + len);
                match next {
                    Class::Extend | Class::Rare => return None,
                    Class::Letter if last == Class::Letter && class != Class::MidDigit => at += len + next_len,
                    Class::Digit if last == Class::Digit && class != Class::MidLetter => at += len + next_len,
                    _ => return Some((at, wordy)),
                }
            }
        }
    }
}

fn run_end(text: &str, start: usize) -> usize {
    start + text[start..].find(|c| !unspaced(c)).unwrap_or(text.len() - start)
}

/// A mark before a rare character (a soft hyphen, a joiner) may belong to its cluster.
fn followed_by_rare(text: &str, at: usize) -> bool {
    at < text.len() && text.as_bytes()[at] >= 0x80 && matches!(class_at(text, at).0, Class::Rare | Class::Extend)
}

/// The full algorithm over the stretch from `start` to the next blank or unspaced character; returns its end.
fn rare_stretch(text: &str, start: usize, out: &mut impl Pieces) -> usize {
    let rest = &text[start..];
    let length = rest.find(|c: char| c.is_whitespace() && c != '\u{202f}' || unspaced(c)).unwrap_or(rest.len());
    if length == 0 {
        return start + rest.chars().next().map_or(0, char::len_utf8);
    }
    for (at, word) in rest[..length].unicode_word_indices() {
        out.other(Piece::Word(Span::new(start + at, start + at + word.len())));
    }
    start + length
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Listed(Vec<Span>);

    impl Pieces for Listed {
        fn plain(&mut self, word: Span) {
            self.0.push(word);
        }

        fn other(&mut self, piece: Piece) {
            let (Piece::Word(span) | Piece::Run(span)) = piece;
            self.0.push(span);
        }
    }

    fn words(text: &str) -> Vec<&str> {
        let (mut scan, mut out) = (Scan::default(), Listed(Vec::new()));
        scan.read(text);
        pieces(text, Span::new(0, text.len()), &scan, &mut out);
        out.0.into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn cuts_words_as_a_reader_would() {
        let cases: &[(&str, &[&str])] = &[
            ("Mr. O'Neill’s 3.5-fold gain", &["Mr", "O'Neill’s", "3.5", "fold", "gain"]),
            ("U.S. dollars: $1,000.00", &["U.S", "dollars", "1,000.00"]),
            ("„Größe“ zählt…", &["Größe", "zählt"]),
            ("Привет, мир_2", &["Привет", "мир_2"]),
            ("東京で、雨。OK", &["東京で", "雨", "OK"]),
            ("นายก ไป", &["นายก", "ไป"]),
            ("தமிழ் மொழி", &["தமிழ்", "மொழி"]),
            ("soft\u{ad}hyphen 'quoted'", &["soft\u{ad}hyphen", "quoted"]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), *expected, "{text}");
        }
    }

    #[test]
    fn counts_unspaced_scripts_by_characters() {
        assert_eq!(Words::of("東京で雨が降った").count(30), 3);
        assert_eq!(Words::of("two words").count(28), 2);
        assert_eq!(Words::of("… – !").count(28), 0);
    }

    #[test]
    fn letters_of_the_simple_scripts_are_letters() {
        let simple = ('\u{386}'..='\u{52f}').chain('\u{1e00}'..='\u{1fbc}').filter(|c| !matches!(c, '\u{387}' | '\u{482}'..='\u{489}'));
        let wrong: Vec<char> = simple.filter(|c| (class(*c) == Class::Letter) != c.is_alphabetic()).collect();
        assert_eq!(wrong, []);
        let seen = |c: char| class_at(&c.to_string(), 0);
        assert!(('\u{80}'..='\u{7ff}').all(|c| seen(c) == (class(c), 2)));
        assert_eq!((seen('a'), seen('中').1, seen('😀').1), ((Class::Letter, 1), 3, 4));
    }

    proptest! {
        #[test]
        fn agrees_with_unicode_segmentation(text in "([a-zA-Zé0-9._:,;'’ \\-\"“”àßøșğЖжΩωάЇա։ابَ٣ـ\u{301}\u{ad}\u{200d}क्தமிழ்א\"]|\\PC){0,24}") {
            let text: String = text.chars().filter(|c| !unspaced(*c)).collect();
            // A mark after a blank makes that blank a word there; ours leaves the blank out.
            let expected: Vec<&str> = text.unicode_words().map(str::trim_start).collect();
            prop_assert_eq!(words(&text).into_iter().map(str::trim_start).collect::<Vec<_>>(), expected);
        }
    }
}
