//! Shapes of characters and words that the sentence rules ask about: what opens and closes, what looks like an abbreviation,
//! a Roman number, a label of a list. Pure questions on strings; the rules that use the answers are in `sentence`.

/// Bytes of the blanks at the start.
pub fn leading_blanks(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Whether a blank or nothing stands at the start.
pub fn starts_blank(text: &str) -> bool {
    text.chars().next().is_none_or(char::is_whitespace)
}

/// Whether a word could have ended before this.
pub fn starts_blank_or_comma(text: &str) -> bool {
    text.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, ',' | '.' | '\'' | '’'))
}

/// Whether what follows a mark shows that it closes: a blank, the end, more closers or punctuation.
pub fn ends_word(after: &str) -> bool {
    after
        .chars()
        .next()
        .is_none_or(|c| c.is_whitespace() || is_closing(c) || matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | '-' | '–' | '—' | '…'))
}

/// Marks that close something, in some language.
pub fn is_closing(c: char) -> bool {
    matches!(c, ')' | ']' | '}' | '"' | '\'' | '”' | '’' | '‘' | '»' | '«' | '“' | '」' | '』' | '）' | '】' | '》' | '〉')
}

/// Marks that open something, in some language.
pub fn is_opening(c: char) -> bool {
    matches!(
        c,
        '(' | '['
            | '{'
            | '"'
            | '\''
            | '“'
            | '„'
            | '‘'
            | '‚'
            | '«'
            | '»'
            | '‹'
            | '「'
            | '『'
            | '（'
            | '【'
            | '《'
            | '〈'
            | '¿'
            | '¡'
            | '`'
            | '”'
    )
}

/// Letters of the Arabic script.
pub fn is_arabic(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{64a}' | '\u{671}'..='\u{6d3}')
}

/// Whether a letter is of a script with capitals.
pub fn is_cased(c: char) -> bool {
    c.is_uppercase() || c.is_lowercase()
}

/// Letters of the Armenian script, whose full stop looks like a colon and is often typed as one.
pub fn is_armenian(c: char) -> bool {
    matches!(c, '\u{531}'..='\u{556}' | '\u{561}'..='\u{587}')
}

/// Combining vowels and viramas belong to the letter before them.
pub fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{b82}' | '\u{bbe}'..='\u{bcd}')
}

/// `U.S`, `a.m`, `z.B`: single letters with dots between.
pub fn is_dotted(word: &str) -> bool {
    let short = |part: &str| (1..=2).contains(&part.chars().filter(|c| !is_mark(*c)).count());
    word.contains('.') && !word.contains(|c: char| c.is_ascii_digit()) && word.split('.').all(short)
}

/// `Nr`, `str`, `tlf`: two to four letters of the Latin script without a vowel, not all capitals.
pub fn is_consonants(word: &str) -> bool {
    let vowel = |c: char| !c.is_ascii_alphabetic() || matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    (2..=4).contains(&word.len()) && !word.chars().any(vowel) && word.chars().skip(1).all(char::is_lowercase)
}

/// `XIV`: letters of Roman numbers only.
pub fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'))
}

/// `(a)`, `b)`, `ii)`: the label of an item, at the start of `rest`.
pub fn is_label(rest: &str) -> bool {
    let rest = rest.strip_prefix('(').unwrap_or(rest);
    let letters = rest.bytes().take_while(|b| b.is_ascii_lowercase()).count();
    let roman = rest[..letters].bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    rest[letters..].starts_with(')') && (letters == 1 || (2..=4).contains(&letters) && roman)
}

/// Digits, with dots or commas between them.
pub fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
}

/// `EST`, `GMT`: what may follow a time of day without starting a sentence.
pub fn is_zone(word: &str) -> bool {
    const ZONES: &[&str] =
        &["ET", "CT", "MT", "PT", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "GMT", "UTC", "BST", "CET", "CEST", "EET", "IST"];
    ZONES.contains(&word)
}

/// A smiley at the start of `rest`: its length.
pub fn smiley(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let eyes = matches!(bytes.first()?, b':' | b';' | b'=');
    let nose = usize::from(bytes.get(1) == Some(&b'-'));
    let mouth = matches!(bytes.get(1 + nose)?, b')' | b'(' | b'D' | b'P');
    (eyes && mouth && starts_blank(&rest[2 + nose..])).then_some(2 + nose)
}

/// Whether a mark stands where no sentence ends, whatever the language: in the lead of a news agency, in a date in figures,
/// between a year and a number sign. `before` is the sentence up to and with the mark.
pub fn holds_together(before: &str, rest: &str) -> bool {
    in_lead(before, rest) || in_date(before, rest) || in_issue(before, rest)
}

/// `2020. 5. 8.`: a year and a month.
fn in_date(before: &str, rest: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let Some(year) = before.strip_suffix('.') else { return false };
    if year.bytes().rev().take(5).take_while(u8::is_ascii_digit).count() != 4 {
        return false;
    }
    let month = rest.trim_start();
    let length = digits(month);
    (1..=2).contains(&length)
        && month[..length].parse::<u32>().is_ok_and(|month| (1..=12).contains(&month))
        && month[length..].strip_prefix(". ").is_some_and(|day| (1..=2).contains(&digits(day)))
}

/// `2012 жыл. № 70`: the year and the number of an issue.
fn in_issue(before: &str, rest: &str) -> bool {
    let year = || before.rsplit(char::is_whitespace).nth(1);
    rest.trim_start().starts_with('№') && year().is_some_and(|word| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a dot stands in a news agency's lead, between a date and the agency: `MADRID, 8 may. (EFE) -`,
/// `МОСКВА, 5 мая. /ТАСС/.`
fn in_lead(before: &str, rest: &str) -> bool {
    const LONGEST: usize = 80;
    const AGENCY: usize = 48;
    let rest = rest.trim_start();
    let dated = before.len() <= LONGEST && before.contains(|c: char| c.is_ascii_digit());
    let close = match rest.as_bytes().first() {
        Some(b'(') if dated => b')',
        Some(b'/') if dated => b'/',
        _ => return false,
    };
    let window = &rest.as_bytes()[1..rest.len().min(AGENCY)];
    let Some(end) = memchr::memchr(close, window).filter(|end| *end > 1) else { return false };
    let after = &rest[end + 2..];
    close == b'/' || after.trim_start_matches(['.', ' ', '\u{a0}']).starts_with(['-', '–', '—'])
}
