//! What the rules say of a mark: what follows settles most cases (a lower-case letter: no end); before a capital the word in
//! front decides, by the class of its abbreviation, its shape and whether a usual sentence starter follows. Which rule spoke
//! is told too: `model` may know better in a language that it was fitted on.

use super::mark::{Mark, Terminator};
use super::shape::*;
use super::words::{Next, Word, is_lower};
use super::{REACH, Rules, WORD};
use crate::text::language::Abbreviation;
use crate::text::stem::normalise;
use crate::text::token::unspaced;

/// A rule that can speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// `(!)`: a comment on a word.
    Aside,
    /// A half-sentence in brackets.
    Bracket,
    /// A quotation that its reporting clause goes on with.
    Reported,
    /// A dot inside a number, a name of a host or of a file.
    Inside,
    /// A lead, a date in figures, a number sign.
    Together,
    /// No blank follows.
    Glued,
    /// Nothing but punctuation follows.
    Alone,
    /// A small letter follows an abbreviation, a closed quotation, or in a text that keeps capitals: the sentence goes on.
    Clause,
    /// A small letter follows where that says less.
    Lower,
    /// A terminator of a script without capitals.
    Full,
    /// `!` or `?`.
    Strong,
    Ellipsis,
    /// A dot inside a closing quotation mark.
    Quoted,
    /// A dot where the script does not end sentences with it.
    Script,
    /// A dot after a sign.
    Symbol,
    /// A dot after a number.
    Number,
    /// A dot after an abbreviation of a class.
    Listed(Abbreviation),
    /// A dot after a single letter.
    Letter,
    /// A dot after what looks like an abbreviation.
    Shape,
    /// A dot after a Roman number.
    Roman,
    /// A dot after any other word.
    Plain,
}

impl Rule {
    /// Its number, for the features of the model: a change of numbers needs the weights fitted again.
    pub(super) fn number(self) -> u8 {
        match self {
            Rule::Aside => 0,
            Rule::Bracket => 1,
            Rule::Reported => 2,
            Rule::Glued => 3,
            Rule::Alone => 4,
            Rule::Lower => 5,
            Rule::Full => 6,
            Rule::Strong => 7,
            Rule::Ellipsis => 8,
            Rule::Quoted => 9,
            Rule::Script => 10,
            Rule::Symbol => 11,
            Rule::Number => 12,
            Rule::Letter => 13,
            Rule::Shape => 14,
            Rule::Roman => 15,
            Rule::Plain => 16,
            Rule::Inside => 23,
            Rule::Clause => 24,
            Rule::Together => 25,
            Rule::Listed(class) => 17 + class as u8,
        }
    }
}

/// What the rules say of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// A sentence ends here.
    pub(super) ends: bool,
    /// The rule that says so.
    pub(super) rule: Rule,
}

impl Verdict {
    /// Whether nobody needs to be asked: measured, the model finds hardly a fault with these rules. A list of the user's
    /// (`users`) means what it says.
    pub(super) fn is_settled(self, users: bool) -> bool {
        match self.rule {
            Rule::Glued | Rule::Alone | Rule::Lower | Rule::Shape => false,
            Rule::Listed(Abbreviation::Either) => users,
            _ => true,
        }
    }
}

impl Rule {
    fn says(self, ends: bool) -> Verdict {
        Verdict { ends, rule: self }
    }
}

impl Rules<'_> {
    /// Whether a sentence ends after `mark`, given that text follows, `next` being the first word after the blanks.
    pub(super) fn verdict(&self, sentence: usize, mark: &Mark, next: Option<&Next>) -> Verdict {
        let rest = &self.text[mark.end..];
        if self.is_aside(mark) {
            return Rule::Aside.says(false);
        }
        if self.inside_bracket(sentence, mark) || self.inside_title(sentence, mark) {
            return Rule::Bracket.says(false);
        }
        if self.reported(mark, rest) {
            return Rule::Reported.says(false);
        }
        if holds_together(&self.text[sentence..mark.end], rest) {
            return Rule::Together.says(false);
        }
        if leading_blanks(rest) == 0 {
            let ends = self.ends_glued(mark, rest);
            let inside = mark.kind == Terminator::Dot && !ends;
            return if inside { Rule::Inside.says(false) } else { Rule::Glued.says(ends) };
        }
        let Some(next) = next else { return Rule::Alone.says(mark.kind == Terminator::Full) };
        if is_lower(next) {
            let ends = self.ends_before_lower(sentence, mark, next);
            let shown = || mark.quote || self.is_abbreviation(sentence, mark) || !self.is_careless(sentence);
            let sure = mark.kind != Terminator::Full && !ends && shown();
            return if sure { Rule::Clause.says(false) } else { Rule::Lower.says(ends) };
        }
        match mark.kind {
            Terminator::Full => Rule::Full.says(true),
            Terminator::Strong => Rule::Strong.says(true),
            Terminator::Ellipsis => Rule::Ellipsis.says(!next.first.is_numeric()),
            Terminator::Dot if mark.quote => Rule::Quoted.says(is_cased(next.first) || !is_dotted(self.word_before(sentence, mark.start))),
            Terminator::Dot => self.dot_ends(sentence, mark, next),
        }
    }

    /// Whether the sentence or the paragraph begins with a small letter, as in text that is careless of capitals.
    fn is_careless(&self, sentence: usize) -> bool {
        const NEAR: usize = 16;
        let small = |text: &str| text.chars().take(NEAR).find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase);
        small(&self.text[sentence..]) || small(self.text)
    }

    /// The case of a lower-case letter: no end, but for terminators of scripts without case, labels of lists, and a full stop
    /// after a plain long word, as in text that is careless of capitals.
    fn ends_before_lower(&self, sentence: usize, mark: &Mark, next: &Next) -> bool {
        const PLAIN: usize = 4;
        if mark.kind == Terminator::Full {
            return !self.bracketed_language(mark);
        }
        if mark.quote || mark.bracket || mark.kind == Terminator::Ellipsis {
            return false;
        }
        if mark.kind == Terminator::Strong {
            return next.label;
        }
        let word = self.word_before(sentence, mark.start);
        let plain = word.chars().count() >= PLAIN && word.chars().skip(1).all(char::is_lowercase) && !is_consonants(word);
        self.data.knows_abbreviations() && (plain || next.label) && !self.is_abbreviation(sentence, mark)
    }

    /// Whether a dot stands after an abbreviation of the lists, a title even without its capital, or a word with dots inside.
    pub(super) fn is_abbreviation(&self, sentence: usize, mark: &Mark) -> bool {
        let word = self.word_before(sentence, mark.start);
        let title = || {
            let mut letters = word.chars();
            let capital = letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>());
            capital.is_some_and(|word| self.data.exact(&word) == Some(Abbreviation::Title))
        };
        mark.kind == Terminator::Dot && (is_dotted(word) || self.abbreviation(word, false).is_some() || title())
    }

    /// A quotation that closes after the mark and goes on with words that report it, where no small letter tells.
    fn reported(&self, mark: &Mark, rest: &str) -> bool {
        const LONGEST: usize = 12;
        if !mark.quote || self.data.reporting.is_empty() {
            return false;
        }
        let ahead = self.ahead(self.text.len() - rest.trim_start().len(), WORD);
        if ahead.starts_with(char::is_uppercase) {
            // `"Is it?" Smith asked.`
            const WORDS: usize = 5;
            let clause = ahead.split(['.', ',', ':', ';', '!', '?', '"', '“']).next().unwrap_or(ahead);
            let last = clause.split_whitespace().next_back().unwrap_or(clause);
            let short = clause.len() < ahead.len() && clause.split_whitespace().count() <= WORDS;
            return short && mark.kind == Terminator::Strong && self.data.reporting.iter().any(|word| word == last);
        }
        let end = ahead.find(|c: char| !c.is_alphanumeric() && !is_mark(c)).unwrap_or(ahead.len());
        let clause = &ahead[..end];
        let introduces = ahead[end..].starts_with(['：', ':']);
        !introduces
            && clause.chars().count() <= LONGEST
            && self
                .data
                .reporting
                .iter()
                .any(|word| if clause.chars().next().is_some_and(unspaced) { clause.ends_with(word.as_str()) } else { clause == word })
    }

    /// `(!)`, `(?)`, `[...]`: a comment on a word, no end.
    fn is_aside(&self, mark: &Mark) -> bool {
        mark.bracket && self.text[..mark.start].ends_with(['(', '[', '（']) && mark.end - mark.start <= 8
    }

    /// A full stop of a half-sentence in brackets that were opened in mid-sentence and close soon.
    fn inside_bracket(&self, sentence: usize, mark: &Mark) -> bool {
        let before = self.behind(sentence, mark.end, REACH);
        let bytes = before.as_bytes();
        let wide = memchr::memchr(0xef, bytes).and_then(|_| memchr::memmem::rfind(bytes, "（".as_bytes()));
        let Some(open) = memchr::memrchr(b'(', bytes).max(wide) else { return false };
        if before[open..].contains([')', '）']) || before[..open].trim().is_empty() {
            return false;
        }
        let rest = self.ahead(mark.end, REACH);
        let Some(close) = rest.find([')', '）']) else { return false };
        !rest[..close].contains(['(', '（'])
    }

    /// A mark in the title of a work: `《摔跤吧！爸爸》`.
    fn inside_title(&self, sentence: usize, mark: &Mark) -> bool {
        let before = self.behind(sentence, mark.start, REACH);
        let after = |open: usize| before.rfind('》').is_none_or(|close| open > close) && self.ahead(mark.start, REACH).contains('》');
        mark.kind == Terminator::Full && before.rfind('《').is_some_and(after)
    }

    /// A latin lower-case word after a full stop of another script is no hint.
    fn bracketed_language(&self, mark: &Mark) -> bool {
        let cjk = self.text[..mark.start].chars().next_back().is_some_and(unspaced);
        !cjk && matches!(self.text[mark.start..].chars().next(), Some('؟' | '۔' | '։' | ':'))
    }

    /// The case without a blank: scripts that need none, and missing blanks.
    fn ends_glued(&self, mark: &Mark, rest: &str) -> bool {
        let Some(next) = rest.chars().next() else { return true };
        let last = self.text[..mark.start].chars().next_back();
        let spoken = mark.quote && self.text[..mark.end].ends_with(['」', '』']);
        let fraction = next.is_numeric() && last.is_some_and(char::is_numeric);
        let titled = self.text[..mark.end].ends_with(['》', '〉']);
        match mark.kind {
            Terminator::Full if fraction || titled => false,
            Terminator::Full if spoken => !matches!(next, '\u{3041}'..='\u{309f}' | '、' | '，' | ',') && !is_closing(next),
            Terminator::Full => next.is_alphanumeric() || is_opening(next),
            _ if last.is_some_and(unspaced) && mark.kind == Terminator::Strong => unspaced(next) || is_opening(next),
            Terminator::Dot | Terminator::Strong if is_arabic(next) => {
                let word = self.word_before(0, mark.start);
                last.is_some_and(is_arabic) && word.rsplit('.').next().is_some_and(|part| part.chars().count() > 2)
            }
            Terminator::Dot => next.is_uppercase() && self.glued_words(mark, rest),
            Terminator::Strong => next.is_uppercase() && last.is_some_and(char::is_lowercase) && self.glued_words(mark, rest),
            Terminator::Ellipsis => next.is_uppercase() && last.is_some_and(char::is_lowercase),
        }
    }

    /// `ended.The`: a plain lower-case word, a dot, a capitalised word; no name of a host or file. After a name, or before a word
    /// of one letter, only a usual sentence starter tells.
    fn glued_words(&self, mark: &Mark, rest: &str) -> bool {
        let word: &str = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
        let after = &rest[word.len()..];
        let starter = || self.data.is_stop(&normalise(word, self.language));
        let sentence_like = match word.chars().count() {
            0 => false,
            1 => after.starts_with(' ') && starter(),
            _ => word.chars().skip(1).all(char::is_lowercase) && starts_blank_or_comma(after),
        };
        let before = self.word_before(0, mark.start);
        if !sentence_like || self.text[..mark.start - before.len()].ends_with('/') {
            return false;
        }
        let year = before.len() == 4 && before.bytes().all(|b| b.is_ascii_digit());
        let small = before.chars().skip(1).all(char::is_lowercase);
        match before.chars().count() {
            _ if year => true,
            0..3 => false,
            _ if before.starts_with(char::is_lowercase) => small,
            length => length > 3 && small && before.starts_with(char::is_uppercase) && starter(),
        }
    }

    /// Whether a dot before a capital, a digit or a letter without case ends the sentence.
    fn dot_ends(&self, sentence: usize, mark: &Mark, next: &Next) -> Verdict {
        let word = self.word(sentence, mark.start);
        let text = word.text;
        // In Armenian a dot is no full stop.
        if text.chars().next_back().is_some_and(is_armenian) {
            return Rule::Script.says(false);
        }
        if !text.chars().next_back().is_some_and(|c| c.is_alphanumeric() || is_mark(c)) {
            // `N°. 26`
            return Rule::Symbol.says(!(text.ends_with(['°', 'º', '№']) && next.first.is_numeric()));
        }
        // `1.-3. Mai`, `2-1`
        let number = text.rsplit('-').next().unwrap_or(text);
        if is_number(number) {
            return Rule::Number.says(!self.is_item_label(sentence, mark, number) && self.number_ends(&word, number, next));
        }
        let shouting = next.word.len() >= 2 && next.word.chars().all(char::is_uppercase);
        let class = word.spaced.as_deref().and_then(|joined| self.data.exact(joined)).or_else(|| self.abbreviation(text, shouting));
        if let Some(class) = class {
            return Rule::Listed(class).says(self.abbreviation_ends(class, &word, next));
        }
        if text.chars().filter(|c| !is_mark(*c)).count() == 1 {
            let unit = word.counted && text.starts_with(char::is_lowercase) && next.first.is_uppercase() && !next.initial;
            return Rule::Letter.says(!word.first && (unit || text.starts_with(char::is_numeric) || self.starts_sentence(next)));
        }
        if is_dotted(text) || is_consonants(text) {
            return Rule::Shape.says(self.abbreviation_ends(Abbreviation::Either, &word, next));
        }
        if self.language.ordinals() && is_roman(text) {
            return Rule::Roman.says(self.starts_sentence(next));
        }
        Rule::Plain.says(true)
    }

    /// The class of the word, or of what follows its last hyphen or apostrophe.
    fn abbreviation(&self, word: &str, shouting: bool) -> Option<Abbreviation> {
        let part = || word.rfind(['-', '\'', '’']).map(|i| &word[i + word[i..].chars().next().map_or(1, char::len_utf8)..]);
        self.data
            .abbreviation(word, shouting)
            .or_else(|| part().filter(|p| !p.is_empty()).and_then(|p| self.data.abbreviation(p, shouting)))
    }

    fn abbreviation_ends(&self, class: Abbreviation, word: &Word, next: &Next) -> bool {
        let digit = next.first.is_numeric();
        // A unit after its number: `2021 г.`, `9 ft.`
        let unit = word.counted && word.text.starts_with(char::is_lowercase) && next.first.is_uppercase();
        let apart = !digit && !next.initial && !self.is_date_word(next) && !is_zone(next.word);
        match class {
            // Some are words as well: `нем.` and `о нем.`
            Abbreviation::Inner if next.first.is_uppercase() && !next.initial => self.data.is_stop(word.text),
            Abbreviation::Title | Abbreviation::Inner => false,
            _ if word.first && word.text.chars().count() == 1 => false,
            Abbreviation::Number if word.text.chars().count() == 1 && !is_cased(next.first) => false,
            Abbreviation::Number => !digit && !is_roman(next.word) && !next.initial,
            Abbreviation::End => apart,
            // `В 2020 г. Россия выросла`: so little is no sentence yet.
            Abbreviation::Either if unit => apart && !word.early,
            Abbreviation::Date | Abbreviation::Either => {
                !digit && !next.bracket && !next.dash && (next.opener || self.starts_sentence(next))
            }
        }
    }

    /// `2.)` with no bracket open before it.
    fn is_item_label(&self, sentence: usize, mark: &Mark, number: &str) -> bool {
        mark.bracket && number.len() <= 2 && !self.behind(sentence, mark.start, REACH).contains('(')
    }

    /// A number and a dot: the label of an item, an ordinal, or an end.
    fn number_ends(&self, word: &Word, number: &str, next: &Next) -> bool {
        let plain = number.bytes().all(|b| b.is_ascii_digit());
        if word.first && (!plain || number.len() <= 4) || word.announced && number == "1" {
            return false;
        }
        if !self.language.ordinals() || word.compound || !plain || number.len() > 2 {
            return true;
        }
        // Where neither nouns nor the many parts of names have capitals, an ordinal stands before a small letter.
        let capitals = self.language.noun_capitals() || self.language.dotless_i();
        let after = !capitals || self.starts_sentence(next);
        next.first.is_uppercase() && !next.initial && !self.is_date_word(next) && after
    }

    /// Whether the next word is a month or a weekday.
    fn is_date_word(&self, next: &Next) -> bool {
        let word = normalise(next.word, self.language);
        word.chars().count() > 2 && (self.data.months.contains_key(&word) || self.data.weekdays.contains(&word))
    }

    /// Whether the next word is one that usually starts a sentence: a function word with a capital.
    fn starts_sentence(&self, next: &Next) -> bool {
        next.first.is_uppercase() && !next.initial && self.data.is_stop(&normalise(next.word, self.language))
    }
}
