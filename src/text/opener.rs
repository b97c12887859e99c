//! How a sentence opens: with nothing that leans on what stood before it, with an additive connective (`also`, `moreover`) that
//! can be left out, with a contrast or a consequence that needs its other half, or with a pronoun or demonstrative whose
//! antecedent is outside. The words are those of the language's `openers.txt`, which also lists the verbs that report speech.
//! Whether an opener is resolved in a summary is not decided here.

use foldhash::{HashMap, HashSet};

use super::language::Language;

/// What a pronoun can stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fits(u8);

impl Fits {
    /// One man.
    pub const HE: Fits = Fits(1);
    /// One woman.
    pub const SHE: Fits = Fits(2);
    /// One thing.
    pub const IT: Fits = Fits(4);
    /// Several of them.
    pub const THEY: Fits = Fits(8);

    /// Whether it stands for one person and for nothing else.
    pub fn is_person(self) -> bool {
        self != Fits(0) && self.0 & !(Fits::HE.0 | Fits::SHE.0) == 0
    }

    /// Named in the head of a section: `he it`.
    fn named(names: &str) -> Option<Fits> {
        names.split_whitespace().try_fold(Fits(0), |fits, name| {
            let one = match name {
                "he" => Fits::HE,
                "she" => Fits::SHE,
                "it" => Fits::IT,
                "they" => Fits::THEY,
                _ => return None,
            };
            Some(Fits(fits.0 | one.0))
        })
    }
}

/// What a sentence leans on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lean {
    /// Nothing.
    #[default]
    Nothing,
    /// A contrast, a consequence, a step in time: what stood before is its other half (`but`, `therefore`, `then`).
    Contrast,
    /// A pronoun or possessive.
    Pronoun(Fits),
    /// A demonstrative, with or without a noun (`this`, `such a plan`, `the latter`).
    Demonstrative,
}

/// How a sentence opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// Whether it opens with an additive connective, which is harmless.
    pub additive: bool,
    /// Bytes of that connective with its comma and blank, where the sentence stays one without it; else 0.
    pub droppable: u32,
    /// What the sentence leans on, once the connective is left out.
    pub lean: Lean,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// May be left out.
    Additive,
    /// As harmless, but the words after it stand in another order because of it: `Außerdem sagte er`.
    Kept,
    Contrast,
    Pronoun(Fits),
    Possessive(Fits),
    Demonstrative,
    Harmless,
}

impl Class {
    fn named(section: &str) -> Option<Class> {
        let possessive = || section.strip_prefix("possessive ").and_then(Fits::named).map(Class::Possessive);
        match section {
            "additive" => Some(Class::Additive),
            "additive kept" => Some(Class::Kept),
            "contrast" => Some(Class::Contrast),
            "this" => Some(Class::Demonstrative),
            "harmless" => Some(Class::Harmless),
            _ => Fits::named(section).map(Class::Pronoun).or_else(possessive),
        }
    }

    fn lean(self) -> Lean {
        match self {
            Class::Additive | Class::Kept | Class::Harmless => Lean::Nothing,
            Class::Contrast => Lean::Contrast,
            Class::Pronoun(fits) | Class::Possessive(fits) => Lean::Pronoun(fits),
            Class::Demonstrative => Lean::Demonstrative,
        }
    }

    /// Whether a clipped verb may hang on it: `he's`, `that'll`.
    fn bears_apostrophe(self) -> bool {
        matches!(self, Class::Pronoun(_) | Class::Demonstrative | Class::Harmless)
    }
}

/// An entry of `openers.txt`.
#[derive(Clone, Debug)]
struct Phrase {
    /// In lower case, words parted by one blank.
    words: &'static str,
    /// First letter of its second word, if that is plain.
    next: Option<u8>,
    /// A word that must follow soon: `that` in `it is ... that`.
    tail: Option<&'static str>,
    /// Whether a comma must follow.
    comma: bool,
    class: Class,
}

/// The openers of a language, by their first word; of one first word the longest comes first.
#[derive(Clone, Debug, Default)]
pub struct Openers {
    by_word: HashMap<&'static str, Vec<Phrase>>,
    /// Lengths of the first words, a bit each, by their first byte: most words that sentences open with are not among them.
    lengths: Vec<u64>,
    /// Words that report speech, in lower case.
    says: HashSet<&'static str>,
    /// What such words begin with.
    says_stems: Vec<&'static str>,
}

impl Openers {
    /// From the sections of a data file. Panics on a section it does not know.
    pub fn parse(entries: impl Iterator<Item = (&'static str, &'static str)>) -> Openers {
        let mut openers = Openers::default();
        for (section, entry) in entries {
            if section == "says" {
                openers.add_report(entry);
                continue;
            }
            let class = Class::named(section).unwrap_or_else(|| panic!("openers section {section}"));
            let (entry, tail) = entry.split_once(" ... ").map_or((entry, None), |(head, tail)| (head, Some(tail)));
            let words = entry.trim_end_matches(',');
            let first = &words[..word_end(words)];
            let next = words.as_bytes().get(first.len() + 1).copied().filter(u8::is_ascii_lowercase);
            let phrase = Phrase { words, next, tail, comma: words.len() < entry.len(), class };
            openers.by_word.entry(first).or_default().push(phrase);
        }
        openers.lengths = vec![0; 256];
        for word in openers.by_word.keys() {
            openers.lengths[usize::from(word.as_bytes()[0])] |= 1 << word.len();
        }
        for phrases in openers.by_word.values_mut() {
            phrases.sort_by_key(|phrase| std::cmp::Reverse((phrase.words.len(), phrase.tail.is_some(), phrase.comma)));
        }
        openers
    }

    /// A word as clauses are cut: what an apostrophe ties to it is another.
    fn add_report(&mut self, entry: &'static str) {
        let word = entry.rsplit('\'').next().unwrap_or(entry);
        match word.strip_suffix('*') {
            Some(stem) => self.says_stems.push(stem),
            None => _ = self.says.insert(word),
        }
    }

    /// Whether the language has none.
    pub fn is_empty(&self) -> bool {
        self.by_word.is_empty()
    }

    /// Whether a lower-case word reports speech (`said`, `according`).
    pub fn reports(&self, word: &str) -> bool {
        self.says.contains(word) || self.says_stems.iter().any(|stem| word.starts_with(stem))
    }

    /// The phrases that begin with a word in lower case.
    fn phrases(&self, word: &str) -> Option<&[Phrase]> {
        let lengths = self.lengths.get(usize::from(word.as_bytes()[0]))?;
        if lengths >> word.len() & 1 == 0 { None } else { self.by_word.get(word).map(Vec::as_slice) }
    }

    /// The class at the start of `text` and the bytes it takes.
    fn find(&self, text: &str, dotless: bool) -> Option<(Class, usize)> {
        let end = word_end(text);
        let mut buffer = [0; LONGEST];
        let phrases = self.phrases(lowered(&text[..end], dotless, &mut buffer)?)?;
        // What the second word begins with tells most phrases apart.
        let next = text.as_bytes().get(end + 1).map(u8::to_ascii_lowercase).filter(u8::is_ascii_lowercase);
        let mut near = phrases.iter().filter(|phrase| phrase.next.is_none_or(|wanted| next.is_none_or(|next| next == wanted)));
        near.find_map(|phrase| phrase.at_start(text, dotless).map(|end| (phrase.class, end)))
    }
}

/// Bytes that first words are shorter than.
const LONGEST: usize = 64;

/// Characters that may stand before the first word.
fn is_lead(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '"' | '\'' | '“' | '”' | '„' | '‘' | '‚' | '«' | '»' | '‹' | '›' | '(' | '[' | '-' | '–' | '—' | '…' | '¿' | '¡')
}

/// Whether a word ends before `c`.
fn parts(c: char) -> bool {
    c.is_whitespace()
        || c.is_ascii_punctuation() && c != '-'
        || matches!(c, '’' | '‘' | '“' | '”' | '„' | '«' | '»' | '…' | '—' | '–' | '،' | '؛' | '؟' | '·')
}

fn word_end(text: &str) -> usize {
    let ascii = text.bytes().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(text.len());
    match text.as_bytes().get(ascii) {
        None | Some(b' ') => ascii,
        Some(_) => text.find(parts).unwrap_or(text.len()),
    }
}

fn lower(c: char, dotless: bool) -> char {
    match c {
        'I' if dotless => 'ı',
        'İ' => 'i',
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

/// A word in lower case; `None` if it is empty or longer than any opener.
fn lowered<'a>(word: &str, dotless: bool, buffer: &'a mut [u8; LONGEST]) -> Option<&'a str> {
    if word.is_ascii() && !dotless {
        let out = buffer.get_mut(..word.len()).filter(|out| !out.is_empty() && out.len() < LONGEST)?;
        out.copy_from_slice(word.as_bytes());
        out.make_ascii_lowercase();
        return std::str::from_utf8(out).ok();
    }
    let mut len = 0;
    for c in word.chars() {
        let c = lower(c, dotless);
        c.encode_utf8(buffer.get_mut(len..len + c.len_utf8())?);
        len += c.len_utf8();
    }
    std::str::from_utf8(&buffer[..len]).ok().filter(|word| !word.is_empty() && word.len() < LONGEST)
}

impl Phrase {
    /// The bytes it takes at the start of `text`, if it stands there with all it asks for.
    fn at_start(&self, text: &str, dotless: bool) -> Option<usize> {
        let end = self.spelled(text, dotless)?;
        let rest = &text[end..];
        let mut after = rest.chars();
        match after.next() {
            Some('\'' | '’') if !self.class.bears_apostrophe() || !after.next().is_some_and(char::is_lowercase) => return None,
            Some(c) if !parts(c) => return None,
            _ => {}
        }
        let comma = !self.comma || rest.trim_start().starts_with([',', '،']);
        (comma && self.tail.is_none_or(|tail| follows(rest, tail))).then_some(end)
    }

    /// The bytes of its words at the start of `text`: a blank stands for any, an apostrophe for either.
    fn spelled(&self, text: &str, dotless: bool) -> Option<usize> {
        let mut rest = text;
        for expected in self.words.chars() {
            let c = rest.chars().next()?;
            let same = match expected {
                ' ' => c.is_whitespace(),
                '\'' => matches!(c, '\'' | '’'),
                _ => lower(c, dotless) == expected,
            };
            if !same {
                return None;
            }
            rest = if expected == ' ' { rest.trim_start() } else { &rest[c.len_utf8()..] };
        }
        Some(text.len() - rest.len())
    }
}

/// Whether `word` is one of the next few.
fn follows(rest: &str, word: &str) -> bool {
    const NEAR: usize = 8;
    rest.split(|c: char| parts(c)).filter(|piece| !piece.is_empty()).take(NEAR).any(|piece| piece == word)
}

/// How a sentence opens; opening marks, brackets and dashes are skipped.
pub fn opening(sentence: &str, language: &Language) -> Opening {
    let (openers, dotless) = (&language.data().openers, language.dotless_i());
    if openers.is_empty() {
        return Opening::default();
    }
    let text = if sentence.starts_with(|c: char| c.is_ascii_alphabetic()) { sentence } else { sentence.trim_start_matches(is_lead) };
    match openers.find(text, dotless) {
        None => Opening::default(),
        Some((Class::Kept, _)) => Opening { additive: true, ..Opening::default() },
        Some((Class::Additive, end)) => {
            let rest = after_connective(&text[end..]);
            let lean = rest.and_then(|rest| openers.find(rest, dotless)).map_or(Lean::Nothing, |(class, _)| class.lean());
            let whole = text.len() == sentence.len();
            let droppable = rest.filter(|rest| whole && can_open(rest)).map_or(0, |rest| (text.len() - rest.len()) as u32);
            Opening { additive: true, droppable, lean }
        }
        Some((class, _)) => Opening { lean: class.lean(), ..Opening::default() },
    }
}

/// What stands after a connective, its comma and its blank, if that is all there is between.
fn after_connective(text: &str) -> Option<&str> {
    let rest = text.strip_prefix([',', '،']).unwrap_or(text);
    let trimmed = rest.trim_start();
    (trimmed.len() < rest.len()).then_some(trimmed)
}

/// Whether a sentence may begin here: several words, and no name that is spelled with a small letter (`iPhone`).
fn can_open(rest: &str) -> bool {
    let mut letters = rest.chars();
    let first = letters.next().is_some_and(|c| c.is_alphanumeric() || matches!(c, '“' | '"' | '„' | '«' | '‘' | '(' | '$' | '£' | '€'));
    let name = rest.starts_with(char::is_lowercase) && rest[..word_end(rest)].contains(char::is_uppercase);
    first && !name && rest.split_whitespace().nth(2).is_some()
}

/// The sentence without its connective, its new first letter a capital; `droppable` as [`opening`] found it.
pub fn without_connective(sentence: &str, droppable: u32, language: &Language) -> String {
    let rest = &sentence[droppable as usize..];
    let mut letters = rest.chars();
    match letters.next() {
        Some('i') if language.dotless_i() => format!("İ{}", letters.as_str()),
        Some('i') if language.code == "nl" && letters.as_str().starts_with('j') => format!("IJ{}", &letters.as_str()[1..]),
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// What a word alone stands for, if it is a pronoun or a possessive (`true`).
pub fn pronoun(word: &str, language: &Language) -> Option<(Fits, bool)> {
    let (openers, dotless) = (&language.data().openers, language.dotless_i());
    let mut buffer = [0; LONGEST];
    let lower = lowered(word, dotless, &mut buffer)?;
    let phrases = openers.phrases(lower)?;
    match phrases.iter().find(|phrase| phrase.words == lower)?.class {
        Class::Pronoun(fits) => Some((fits, false)),
        Class::Possessive(fits) => Some((fits, true)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::language::find;

    fn opened(code: &str, sentence: &str) -> Opening {
        opening(sentence, find(code).expect("a language of the table"))
    }

    #[test]
    fn the_longest_phrase_decides() {
        for (sentence, lean) in [
            ("This week the bridge opened.", Lean::Nothing),
            ("This surprised the town.", Lean::Demonstrative),
            ("Instead of a bridge there is a ferry.", Lean::Nothing),
            ("Instead, a ferry sails.", Lean::Contrast),
            ("It is not known that it leaks.", Lean::Nothing),
            ("It leaks.", Lean::Pronoun(Fits::IT)),
            ("It's the oldest of them.", Lean::Pronoun(Fits::IT)),
            ("“But it is ours,” she said.", Lean::Contrast),
            ("Hence-forth is no word.", Lean::Nothing),
            ("Still water runs deep.", Lean::Nothing),
        ] {
            assert_eq!(opened("en", sentence).lean, lean, "{sentence}");
        }
        assert!(Fits::HE.is_person() && !Fits::IT.is_person() && !Fits::default().is_person());
    }

    #[test]
    fn a_connective_is_left_out_with_its_comma() {
        let shown = |code: &str, sentence: &str| {
            let found = opened(code, sentence);
            let language = find(code).expect("a language of the table");
            (found.droppable > 0).then(|| without_connective(sentence, found.droppable, language))
        };
        assert_eq!(shown("en", "Moreover, the mayor noted a gap.").as_deref(), Some("The mayor noted a gap."));
        assert_eq!(shown("tr", "Ayrıca istasyon da açıldı dün.").as_deref(), Some("İstasyon da açıldı dün."));
        assert_eq!(shown("nl", "En ijs lag er niet.").as_deref(), Some("IJs lag er niet."));
        assert_eq!(shown("en", "Also iPhone sales rose by half."), None, "a name with a small letter");
        assert_eq!(shown("en", "And so it goes on and on."), None, "a consequence");
        assert_eq!(shown("en", "Also: a list of things."), None);
        assert_eq!(shown("de", "Außerdem sagte er nichts dazu."), None, "the verb would stand first");
        assert_eq!(shown("it", "E’ stato aperto il ponte."), None, "a verb with an apostrophe");
        assert_eq!(shown("en", "“And we won it all,” she said."), None, "quoted words stay");
    }

    #[test]
    fn pronouns_alone() {
        let pronoun = |code: &str, word: &str| pronoun(word, find(code).expect("a language of the table"));
        assert_eq!(pronoun("en", "He"), Some((Fits::HE, false)));
        assert_eq!(pronoun("en", "her"), Some((Fits::SHE, true)));
        assert_eq!(pronoun("tr", "Onun"), Some((Fits(7), true)));
        assert_eq!(pronoun("en", "mayor"), None);
    }
}
