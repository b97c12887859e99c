//! Sentences as tokens: words and the marks between them, characters in scripts without blanks; and as placeables, which a program can
//! put in one another's place: numbers, dates and times in digits, addresses. A word or mark is numbered once in its language; forms of a
//! word that have one stem are a group, all placeables of a kind are one.

use foldhash::{HashMap, HashMapExt};

use crate::text::language::Language;
use crate::text::stem::term_of;
use crate::text::token::{Piece, each};
use crate::translation::addresses;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A word, or a character of a script without blanks.
    Word,
    /// Anything else that is printed; the same several times in a row is one.
    Mark,
    /// A number in digits.
    Number,
    /// A date or a time in digits.
    Date,
    /// A web address.
    Url,
    /// An e-mail address.
    Email,
}

/// A token by the numbers of its language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// The number of its form.
    pub form: u32,
    /// The number of its stem, or of its kind if it is a placeable.
    pub group: u32,
    /// What it is.
    pub kind: Kind,
}

impl Kind {
    /// What it weighs, in halves of a word.
    pub(crate) fn weight(self) -> u32 {
        if self == Kind::Mark { 1 } else { 2 }
    }

    /// Whether a program can put another in its place.
    pub fn is_placeable(self) -> bool {
        !matches!(self, Kind::Word | Kind::Mark)
    }
}

/// The forms of a language, numbered in order of first occurrence.
pub struct Forms {
    language: &'static Language,
    numbers: HashMap<Box<str>, u32>,
    tokens: Vec<Token>,
    groups: HashMap<Box<str>, u32>,
}

/// Forms of one text that its language does not have; forgotten with the text.
#[derive(Debug, Default)]
pub(crate) struct Local {
    forms: Vec<Box<str>>,
    groups: Vec<Box<str>>,
}

impl Forms {
    /// None yet, of a language that says which forms have one stem.
    pub fn new(language: &'static Language) -> Forms {
        Forms { language, numbers: HashMap::new(), tokens: Vec::new(), groups: HashMap::new() }
    }

    /// The number of forms.
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The number of groups; all are below it.
    pub(crate) fn groups(&self) -> usize {
        self.groups.len()
    }

    /// The token of a number.
    pub(crate) fn token(&self, form: u32) -> Token {
        self.tokens[form as usize]
    }

    /// The tokens of a normalised text; forms that are new are numbered.
    pub fn read(&mut self, text: &str) -> Vec<Token> {
        let mut out = Vec::new();
        cut(text, &mut |kind, form| out.push(self.number(kind, form)));
        out
    }

    fn number(&mut self, kind: Kind, form: &str) -> Token {
        if let Some(&known) = self.numbers.get(form) {
            return self.tokens[known as usize];
        }
        let next = self.groups.len() as u32;
        let group = *self.groups.entry(self.group_of(kind, form)).or_insert(next);
        let token = Token { form: self.tokens.len() as u32, group, kind };
        self.numbers.insert(form.into(), token.form);
        self.tokens.push(token);
        token
    }

    /// The tokens of a normalised text; forms that are new are numbered for this text only, above all others.
    pub(crate) fn look_up(&self, text: &str, local: &mut Local, out: &mut Vec<Token>) {
        local.forms.clear();
        local.groups.clear();
        out.clear();
        cut(text, &mut |kind, form| out.push(self.find(kind, form, local)));
    }

    fn find(&self, kind: Kind, form: &str, local: &mut Local) -> Token {
        if let Some(&known) = self.numbers.get(form) {
            return self.tokens[known as usize];
        }
        let name = self.group_of(kind, form);
        let group = self.groups.get(&name).copied().unwrap_or_else(|| (self.groups.len() + place(name, &mut local.groups)) as u32);
        Token { form: (self.tokens.len() + place(form.into(), &mut local.forms)) as u32, group, kind }
    }

    /// The name of the group that a form is of: no stem has a blank in it.
    fn group_of(&self, kind: Kind, form: &str) -> Box<str> {
        match kind {
            Kind::Word => term_of(form, self.language).into(),
            Kind::Mark => form.into(),
            Kind::Number => "a number".into(),
            Kind::Date => "a date".into(),
            Kind::Url => "an address".into(),
            Kind::Email => "an e-mail address".into(),
        }
    }
}

/// The index of a name in a short list, to which it is added if it is not there.
fn place(name: Box<str>, list: &mut Vec<Box<str>>) -> usize {
    list.iter().position(|known| *known == name).unwrap_or_else(|| {
        list.push(name);
        list.len() - 1
    })
}

/// Hands over the tokens of a normalised text, in order.
pub(in crate::translation) fn cut(text: &str, take: &mut impl FnMut(Kind, &str)) {
    let mut rest = text;
    for (kind, address) in found_addresses(text) {
        let Some(at) = rest.find(address) else { continue };
        words(&rest[..at], take);
        take(kind, address);
        rest = &rest[at + address.len()..];
    }
    words(rest, take);
}

/// Addresses of both kinds, in order.
fn found_addresses(text: &str) -> Vec<(Kind, &str)> {
    if memchr::memchr2(b'@', b'/', text.as_bytes()).is_none() && memchr::memmem::find(text.as_bytes(), b"www.").is_none() {
        return Vec::new();
    }
    let start = |found: &str| found.as_ptr() as usize - text.as_ptr() as usize;
    let urls = addresses::urls(text);
    let inside = |email: &&str| urls.iter().any(|url| (start(url)..start(url) + url.len()).contains(&start(email)));
    let emails: Vec<&str> = addresses::emails(text).into_iter().filter(|email| !inside(email)).collect();
    let mut all: Vec<(Kind, &str)> = urls.iter().map(|url| (Kind::Url, *url)).collect();
    all.extend(emails.into_iter().map(|email| (Kind::Email, email)));
    all.sort_by_key(|(_, found)| start(found));
    all
}

fn words(text: &str, take: &mut impl FnMut(Kind, &str)) {
    let mut at = 0;
    each(text, &mut |piece| {
        let (Piece::Word(span) | Piece::Run(span)) = piece;
        // It may stand in a date that was read as a whole.
        if (span.start as usize) < at {
            return;
        }
        marks(&text[at..span.start as usize], take);
        at = span.end as usize;
        let word = span.of(text);
        match piece {
            Piece::Run(_) => word.char_indices().for_each(|(at, c)| take(Kind::Word, &word[at..at + c.len_utf8()])),
            Piece::Word(_) if word.starts_with(char::is_numeric) => {
                let rest = &text[span.start as usize..];
                let date = date_length(rest);
                at = span.start as usize + date.unwrap_or(word.len());
                let kind = if is_number(word) { Kind::Number } else { Kind::Word };
                take(if date.is_some() { Kind::Date } else { kind }, &text[span.start as usize..at]);
            }
            Piece::Word(_) => take(Kind::Word, word),
        }
    });
    marks(&text[at..], take);
}

fn marks(gap: &str, take: &mut impl FnMut(Kind, &str)) {
    let mut before = None;
    for (at, c) in gap.char_indices() {
        if !c.is_whitespace() && before != Some(c) {
            take(Kind::Mark, &gap[at..at + c.len_utf8()]);
        }
        before = Some(c);
    }
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_numeric() || matches!(c, '.' | ',' | '\'' | '\u{202f}' | ';' | '٫' | '٬'))
}

/// Bytes of the date or time that a text begins with: three numbers with `.`, `-` or `/` between, or two or three with `:`.
fn date_length(text: &str) -> Option<usize> {
    let run = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let (mut end, mut groups) = (run(0), 1);
    let separator = text.as_bytes().get(end).copied().filter(|b| matches!(b, b'.' | b'-' | b'/' | b':'))?;
    let mut short = end <= 4 && end > 0;
    while text.as_bytes().get(end) == Some(&separator) && run(end + 1) > 0 {
        let length = run(end + 1);
        (end, groups, short) = (end + 1 + length, groups + 1, short && length <= 4);
    }
    let goes_on = text[end..].trim_start_matches(['.', ',', ':', ';', '-', '/', '\'', '_']).starts_with(char::is_numeric)
        || text[end..].starts_with(char::is_alphanumeric);
    let thousands = separator == b'.' && text[..end].split('.').skip(1).all(|group| group.len() == 3);
    let enough = groups == 3 || groups == 2 && separator == b':';
    (short && enough && !goes_on && !thousands).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::language;

    fn shown(text: &str) -> String {
        let mut out = Vec::new();
        cut(text, &mut |kind, form| {
            out.push(match kind {
                Kind::Word => form.to_owned(),
                Kind::Mark => format!("<{form}>"),
                kind => format!("{kind:?}={form}"),
            });
        });
        out.join(" ")
    }

    #[test]
    fn words_marks_and_placeables_are_told_apart() {
        let cases = [
            ("Don't, he said...", "Don't <,> he said <.>"),
            ("On 12.03.2024, 2024-03-12 or 3/12/24 at 9:30.", "On Date=12.03.2024 <,> Date=2024-03-12 or Date=3/12/24 at Date=9:30 <.>"),
            ("1,250.50 1.250.500 12 5km 3.5-fold A4", "Number=1,250.50 Number=1.250.500 Number=12 5km Number=3.5 <-> fold A4"),
            (
                "See https://a.b/2024/1?x=a@b.c, or ask a.b@c.example!",
                "See Url=https://a.b/2024/1?x=a@b.c <,> or ask Email=a.b@c.example <!>",
            ),
            ("1990-1995", "Number=1990 <-> Number=1995"),
            ("東京で5km「雨」", "東 京 で 5km <「> 雨 <」>"),
            ("COVID-19 #1 50%", "COVID <-> Number=19 <#> Number=1 Number=50 <%>"),
            ("", ""),
        ];
        cases.into_iter().for_each(|(text, expected)| assert_eq!(shown(text), expected, "{text}"));
    }

    #[test]
    fn forms_of_a_word_are_a_group_and_looking_up_numbers_nothing() {
        let mut forms = Forms::new(language::find("en").expect("known"));
        let read = forms.read("Mills mill 7 8 . winter");
        assert!(read[0].group == read[1].group && read[0].form != read[1].form);
        assert!(read[2].group == read[3].group && read[2].form != read[3].form);
        let (mut local, mut found) = (Local::default(), Vec::new());
        forms.look_up("milling mill 9 storms storm storm", &mut local, &mut found);
        let groups: Vec<u32> = found.iter().map(|token| token.group).collect();
        assert_eq!(groups[..3], [read[0].group, read[0].group, read[2].group]);
        assert!(groups[3] == groups[4] && groups[3] as usize == forms.groups());
        let numbers: Vec<usize> = found.iter().map(|token| token.form as usize).collect();
        assert_eq!(numbers, [forms.len(), 1, forms.len() + 1, forms.len() + 2, forms.len() + 3, forms.len() + 3]);
    }
}
