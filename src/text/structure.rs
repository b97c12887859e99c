//! What each paragraph is for: title, byline, heading, body, list item or caption, from its shape and the words of the
//! language's `structure.txt`. Also reads the date and the author out of a byline. It moves no boundary: where
//! paragraphs are is decided in `paragraph`.

use super::language::{Data, Language};
use super::paragraph::starts_item;
use super::stem::lowercase;
use crate::document::Kind;
use crate::span::Span;

/// What a byline says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Byline {
    /// ISO 8601 date.
    pub date: Option<String>,
    /// Author's name as printed.
    pub author: Option<String>,
}

/// The kind of each paragraph, and what the bylines say. `title` is the record's own title field.
pub fn kinds(text: &str, paragraphs: &[Span], language: &Language, title: Option<&str>) -> (Vec<Kind>, Byline) {
    let mut byline = Byline::default();
    let mut kinds: Vec<Kind> = Vec::with_capacity(paragraphs.len());
    let (mut seen_title, mut seen_body) = (title.is_some(), false);
    // Pages are signed and dated at their head or foot; in the middle such a line is text.
    let edge = |index: usize| index < HEAD || index + FOOT >= paragraphs.len();
    for (index, span) in paragraphs.iter().enumerate() {
        let slice = span.of(text);
        let next = longest_of(text, &paragraphs[index + 1..paragraphs.len().min(index + 4).max(index + 1)], index == 0);
        let kind = if paragraphs.len() == 1 {
            Kind::Body
        } else if title.is_some_and(|title| same_words(title, slice)) {
            Kind::Title
        } else if let Some(found) = edge(index).then(|| signed(slice, seen_body, language)).flatten() {
            byline.date = byline.date.or(found.date);
            byline.author = byline.author.or(found.author);
            Kind::Byline
        } else if is_caption(slice, language.data(), index == 0) {
            Kind::Caption
        } else if is_item(slice) {
            Kind::ListItem
        } else if is_heading(slice, next, language) {
            if seen_body || seen_title { Kind::Heading } else { Kind::Title }
        } else {
            Kind::Body
        };
        seen_body |= kind == Kind::Body;
        seen_title |= kind == Kind::Title;
        kinds.push(kind);
    }
    (kinds, byline)
}

/// How many paragraphs at the head and at the foot of an article may be bylines.
const HEAD: usize = 12;
const FOOT: usize = 8;

/// A byline; a signature only before the text begins.
fn signed(slice: &str, seen_body: bool, language: &Language) -> Option<Byline> {
    read_byline(slice, language).or_else(|| if seen_body { None } else { signature(slice, language) })
}

/// The next paragraph; for the first one, the longest of the next few: a byline may stand between headline and text.
fn longest_of<'a>(text: &'a str, following: &[Span], first: bool) -> Option<&'a str> {
    if !first {
        return following.first().map(|span| span.of(text));
    }
    following.iter().max_by_key(|span| span.len()).map(|span| span.of(text))
}

/// `Jane Doe, Harbourtown, 3 May 2021`: capitalised words parted by commas and a date, before the text begins.
fn signature(slice: &str, language: &Language) -> Option<Byline> {
    const LONGEST: usize = 100;
    const PARTS: [char; 5] = [',', '،', '|', '·', '•'];
    if slice.len() > LONGEST || slice.contains('\n') || !slice.contains(PARTS) {
        return None;
    }
    let data = language.data();
    let date = find_date(&ascii_digits(slice.to_lowercase()), data)?;
    let mut parts = slice.split(PARTS).map(str::trim).filter(|part| !only_dates(part, data));
    // Where no capital can tell, a part is a place or a name if it is short.
    let plain =
        |part: &str| part.split_whitespace().count() <= 2 && part.chars().all(|c| !c.is_lowercase() && !matches!(c, '.' | '۔' | '।'));
    let capital = |part: &str| part.split_whitespace().all(|word| word.chars().next().is_some_and(char::is_uppercase)) || plain(part);
    let first = parts.next()?;
    let named = (2..=4).contains(&first.split_whitespace().count());
    (capital(first) && parts.all(|part| capital(part) && part.split_whitespace().count() <= 3))
        .then(|| Byline { date: Some(date), author: named.then(|| first.to_owned()) })
}

/// Whether two texts are the same but for blanks and case.
fn same_words(one: &str, other: &str) -> bool {
    one.len() <= 2 * other.len() + 8 && one.split_whitespace().map(lowercase).eq(other.split_whitespace().map(lowercase))
}

/// `• item`, `1. item`, `a) item`, `(2) item`, `б) item`, `٢- item`; `— item;` with a dash, which may also begin speech.
fn is_item(slice: &str) -> bool {
    if starts_item(slice) || slice.starts_with("الف) ") || slice.starts_with(['—', '–']) && slice.ends_with(';') {
        return true;
    }
    const NUMERALS: &str = "一二三四五六七八九十";
    let rest = slice.strip_prefix(['(', '（']).unwrap_or(slice);
    let open = rest.len() < slice.len();
    let digits = rest.chars().take(3).take_while(|c| c.is_numeric()).count();
    let letter = digits == 0 && rest.starts_with(|c: char| c.is_alphabetic() && !c.is_uppercase());
    let mut after = rest.chars().skip(digits + usize::from(letter));
    let closed = match after.next() {
        Some('）') => return (1..=2).contains(&digits) || rest.starts_with(|c: char| c.is_ascii_lowercase() || NUMERALS.contains(c)),
        Some(')') => true,
        Some('.' | '-' | '–' | '۔') => digits > 0 && !open,
        _ => false,
    };
    closed && (letter || (1..=2).contains(&digits)) && after.next().is_some_and(char::is_whitespace)
}

/// A caption or credit; the first line of an article is one only if it says so with a colon.
fn is_caption(slice: &str, data: &Data, first: bool) -> bool {
    const LONGEST: usize = 400;
    /// Bytes that the longest opener and what follows it fill.
    const OPENER: usize = 96;
    if slice.len() > LONGEST {
        return false;
    }
    let head = slice.trim_start_matches(['(', '[']);
    if !first && is_rights(head) {
        return true;
    }
    let word = head.find(|c: char| !c.is_alphanumeric()).map_or(head, |end| &head[..end]);
    if word.len() > OPENER || !data.caption_words.contains(&*lowercase(word)) {
        return false;
    }
    if !first && is_credit(word, &head[word.len()..]) {
        return true;
    }
    let lower = head[..head.floor_char_boundary(OPENER)].to_lowercase();
    slice.lines().count() <= 3
        && data.captions.iter().any(|opener| {
            opens_with(&lower, opener) && (opener.ends_with(':') || lower[opener.len()..].trim_start().starts_with([':', '/', '|', '=']))
        })
}

/// `© Agency`, `Agency/Getty Images`: whose picture it is, in any language.
fn is_rights(line: &str) -> bool {
    const LONGEST: usize = 12;
    const HOUSES: [&str; 7] = ["getty images", "ap photo", "shutterstock", "istock", "alamy", "scanpix", "unsplash"];
    let short = || line.split_whitespace().count() <= LONGEST;
    if line.starts_with('©') {
        return short();
    }
    let house = |lower: &str| HOUSES.iter().any(|house| lower.ends_with(house) || lower.contains('/') && lower.contains(house));
    line.len() <= 100 && !line.ends_with(['.', '!', '?']) && short() && house(&line.to_lowercase()) && is_names(line)
}

/// `Foto de Ana Romero`, `Fot. PAP`: a word for a photograph and names.
fn is_credit(word: &str, rest: &str) -> bool {
    const LONGEST: usize = 3;
    const WITH_HOUSE: usize = 7;
    const PHOTOGRAPH: [&str; 4] = ["phot", "fot", "фото", "φωτ"];
    let lower = word.to_lowercase();
    let names = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
    PHOTOGRAPH.iter().any(|stem| lower.starts_with(stem))
        && rest.starts_with([' ', '.', '\u{a0}'])
        && !names.is_empty()
        && names.split_whitespace().count() <= if names.contains('/') { WITH_HOUSE } else { LONGEST }
        && !names.ends_with(['.', '!', '?', ':'])
        && is_names(names)
}

/// Whether every word has a capital, but for particles of three letters at most.
fn is_names(line: &str) -> bool {
    let mut words = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    line.contains(char::is_uppercase) && words.all(|word| capital(word) || word.chars().count() <= 3)
}

/// Whether the line begins with one of some small letters, in either case.
fn initial(line: &str, letters: &[char]) -> bool {
    line.chars().next().is_some_and(|c| c.to_lowercase().any(|c| letters.contains(&c)))
}

/// A short line without a final stop before something longer.
fn is_heading(slice: &str, next: Option<&str>, language: &Language) -> bool {
    const LONGEST: usize = 160;
    let Some(next) = next.filter(|_| slice.len() <= LONGEST) else { return false };
    let stopped = slice
        .trim_end_matches(['"', '”', '’', '»', '“', ')', '」'])
        .ends_with(['.', '!', '?', '…', ':', ';', ',', '；', '：', '，', '、', '。', '！', '？', '։', '؟', '।', '۔']);
    let question = slice.ends_with(['?', '!', '？', '！', '؟']) || language.greek_question() && slice.ends_with([';', '\u{37e}']);
    let asks = || question && slice.split_whitespace().count() <= 12;
    let quoted = || slice.starts_with(['"', '“', '„', '«', '»', '”', '—', '–', '「']);
    if stopped && (!asks() || quoted()) || next.len() <= slice.len() || slice.contains('\n') {
        return false;
    }
    let unspaced = slice.chars().any(super::token::unspaced);
    let short = if unspaced { slice.chars().count() <= 40 } else { slice.split_whitespace().count() <= 16 };
    short && slice.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase())
}

/// Reads a line of date and author; `None` if the line says more than that.
fn read_byline(slice: &str, language: &Language) -> Option<Byline> {
    const LONGEST: usize = 160;
    if slice.len() > LONGEST || slice.contains('\n') {
        return None;
    }
    let data = language.data();
    let numbered = slice.bytes().any(|b| b.is_ascii_digit()) || !slice.is_ascii() && slice.contains(char::is_numeric);
    if !numbered && !initial(slice, &data.byline_initials) {
        return None;
    }
    let lower = ascii_digits(slice.to_lowercase());
    let opened = |openers: &[String]| openers.iter().any(|opener| lower.starts_with(opener.as_str()));
    if !numbered && !opened(&data.bylines) && !opened(&data.updates) {
        return None;
    }
    let mut found = Byline { date: find_date(&lower, data), ..Byline::default() };
    let words: Vec<&str> = slice.split_whitespace().collect();
    let by = data
        .bylines
        .iter()
        .filter_map(|opener| find_word(&lower, opener).map(|at| (at, opener.len())))
        .min_by_key(|(at, len)| (*at, std::cmp::Reverse(*len)));
    if let Some((at, len)) = by
        && let Some(name) = slice.get(at + len..).map(|rest| rest.trim_start_matches([':', '：', '・', '＝', ' ', '\u{a0}', '\u{3000}']))
    {
        let name = author(name, data);
        let lead = slice.get(..at).unwrap_or("");
        let rest = slice.len() - at - len - name.len();
        let placed = || {
            let tail = slice.get(slice.len().saturating_sub(rest)..).unwrap_or("");
            !slice.ends_with(['.', '!', '?']) && tail.split_whitespace().count() <= 3 && is_names(tail)
        };
        let told = !slice.ends_with('.') || is_names(&name);
        if is_name(&name)
            && told
            && (at == 0 || only_dates(lead, data))
            && (rest <= 4 || found.date.is_some() || rest * 2 < slice.len() || placed())
        {
            found.author = Some(name);
            return Some(found);
        }
        // `Von unserem Korrespondenten`: such an opener needs no name after it.
        let whole = lower.get(at..at + len).is_some_and(|opener| opener.split_whitespace().count() >= 3);
        if whole && at == 0 && words.len() <= 10 && !slice.ends_with(['.', '!', '?']) {
            return Some(found);
        }
    }
    let named = by.and_then(|(at, len)| slice.get(at + len..)).map(|rest| author(rest.trim_start_matches([':', '：', ' ']), data));
    let updated = data.updates.iter().any(|opener| opens_with(&lower, opener));
    let dated = found.date.is_some() && (only_dates(slice, data) || updated && words.len() <= 16);
    let unstopped = !slice.ends_with(['.', '!', '?']) || only_dates(slice, data);
    if dated && unstopped {
        found.author = named.filter(|name| is_name(name));
        return Some(found);
    }
    is_dateline(slice, &found, data).then_some(found)
}

/// `LONDON, May 6 (Agency)`: a place in capitals, a date, an agency, and nothing else.
fn is_dateline(slice: &str, found: &Byline, data: &Data) -> bool {
    let head: String = slice.chars().take_while(|c| !matches!(c, ',' | '(' | '—' | '–') && !c.is_numeric()).collect();
    let capitals = head.chars().filter(|c| c.is_uppercase()).count() >= 3 && !head.chars().any(char::is_lowercase);
    let rest = &slice[head.len()..];
    let without_agency: String = match (rest.find('('), rest.find(')')) {
        (Some(open), Some(close)) if open < close => format!("{} {}", &rest[..open], &rest[close + 1..]),
        _ => rest.to_owned(),
    };
    let dated = found.date.is_some() || words_of(&without_agency).any(|word| data.months.contains_key(&word));
    capitals && dated && only_dates(&without_agency, data)
}

/// Lower-case words of a line, numbers included.
fn words_of(line: &str) -> impl Iterator<Item = String> + '_ {
    line.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase)
}

/// Whether a line holds nothing but dates, times and the words that go with them.
fn only_dates(line: &str, data: &Data) -> bool {
    const ALWAYS: &[&str] = &[
        "date", "am", "pm", "a", "p", "m", "gmt", "utc", "est", "et", "bst", "cet", "uhr", "h", "г", "年", "月", "日", "th", "st", "nd",
        "rd", "t", "z", "klo", "kello", "kl", "às", "ore", "saat", "órakor", "r", "р", "roku", "року", "года", "gada", "d",
    ];
    let opener = |word: &str| data.updates.iter().any(|phrase| phrase.split(|c: char| !c.is_alphanumeric()).any(|w| w == word));
    words_of(line).all(|word| {
        word.chars().all(|c| c.is_numeric())
            || ALWAYS.contains(&word.as_str())
            || data.months.keys().any(|name| name.split(' ').any(|part| part == word))
            || data.weekdays.contains(&word)
            || opener(&word)
            || data.is_stop(&word)
            || word.chars().filter(|c| c.is_numeric()).count() * 2 >= word.chars().count()
            || word.chars().all(|c| c.is_numeric() || matches!(c, '年' | '月' | '日' | '時' | '分'))
    })
}

/// The name at the start of `rest`: up to a date, a separator or the end.
fn author(rest: &str, data: &Data) -> String {
    let end = rest.find(['|', '·', '•', '/', ',', ';', '(', '\t']).unwrap_or(rest.len());
    let mut out: Vec<&str> = Vec::new();
    for word in rest[..end].split_whitespace() {
        let bare = word.trim_end_matches(['.', ':', '—', '–', '-']).to_lowercase();
        let dated = word.starts_with(|c: char| c.is_ascii_digit()) || data.months.contains_key(&bare) || data.weekdays.contains(&bare);
        if dated || bare.is_empty() || data.updates.contains(&bare) {
            break;
        }
        out.push(word);
        if word.chars().all(super::token::unspaced) {
            break;
        }
    }
    let joined = out.join(" ");
    let single = |name: &str| name.rsplit(' ').next().is_some_and(|last| last.len() > 3);
    if single(&joined) { joined.trim_end_matches('.').to_owned() } else { joined }
}

/// One to six words, each with a capital or a particle between such.
fn is_name(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let capital = |word: &&str| word.chars().next().is_some_and(|c| c.is_uppercase() || c.is_alphabetic() && !c.is_lowercase());
    let capitals = words.iter().filter(|word| capital(word)).count();
    (1..=6).contains(&words.len())
        && capitals >= 1
        && capitals * 2 >= words.len()
        && words.first().is_some_and(capital)
        && !name.ends_with(['!', '?'])
}

/// Whether `lower` begins with the phrase as whole words.
fn opens_with(lower: &str, phrase: &str) -> bool {
    lower.strip_prefix(phrase).is_some_and(|rest| phrase.ends_with(':') || rest.chars().next().is_none_or(|c| !c.is_alphanumeric()))
}

/// Where the phrase stands in `lower` as whole words.
fn find_word(lower: &str, phrase: &str) -> Option<usize> {
    memchr::memmem::find_iter(lower.as_bytes(), phrase).find(|&at| {
        let free = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        free(lower[..at].chars().next_back()) && (phrase.ends_with(':') || free(lower[at + phrase.len()..].chars().next()))
    })
}

/// Digits of the Arabic, Persian and Indic scripts and full-width ones as ASCII.
fn ascii_digits(line: String) -> String {
    const ZEROS: [char; 6] = ['٠', '۰', '०', '০', '௦', '０'];
    if line.is_ascii() {
        return line;
    }
    let ascii = |c: char| {
        let value = ZEROS.iter().map(|zero| (c as u32).wrapping_sub(*zero as u32)).find(|value| *value < 10);
        value.and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
    };
    line.chars().map(ascii).collect()
}

/// The first date of a line as ISO 8601: `2020-05-08`, `8.5.2020`, `8 May 2020`, `May 8, 2020`, `2020年5月8日`.
fn find_date(lower: &str, data: &Data) -> Option<String> {
    // Every date has a year.
    if !lower.as_bytes().windows(4).any(|window| window.iter().all(u8::is_ascii_digit)) {
        return None;
    }
    let tokens: Vec<String> = words_of(lower).flat_map(|word| split_cjk(&word)).collect();
    let number = |i: usize| tokens.get(i).and_then(|t| t.trim_end_matches(|c: char| c.is_alphabetic()).parse::<u32>().ok());
    let pair = |i: usize| Some(format!("{} {}", tokens.get(i)?, tokens.get(i + 1)?));
    let month = |i: usize| {
        let single = tokens.get(i).and_then(|t| data.months.get(t).copied());
        single.or_else(|| pair(i).and_then(|both| data.months.get(&both).copied()))
    };
    let year = |n: Option<u32>| n.filter(|y| (1800..2200).contains(y));
    let day = |n: Option<u32>| n.filter(|d| (1..=31).contains(d));
    let named = |i: usize| {
        let m = month(i)?;
        let before = i.checked_sub(1).and_then(number).or_else(|| i.checked_sub(2).and_then(number));
        let late = |from: usize| (from..from + 3).find_map(|j| year(number(j)));
        // `2021. szeptember 9.`
        if let (Some(y), Some(d)) = (i.checked_sub(1).and_then(|j| year(number(j))), day(number(i + 1))) {
            return Some((y, m, d));
        }
        // `2020. gada 8. maijā`, `2020 m. gegužės 8 d.`
        let early = || (i.saturating_sub(3)..i).find_map(|j| year(number(j)));
        match day(before) {
            Some(d) => Some((late(i + 1).or_else(early)?, m, d)),
            None => Some((late(i + 2).or_else(early)?, m, day(number(i + 1))?)),
        }
    };
    let plain = |i: usize| {
        let (a, b, c) = (number(i)?, number(i + 1)?, number(i + 2)?);
        match (year(Some(a)), year(Some(c))) {
            (Some(y), _) if (1..=12).contains(&b) => Some((y, b, day(Some(c))?)),
            (_, Some(y)) if (1..=12).contains(&b) => Some((y, b, day(Some(a))?)),
            (_, Some(y)) if (1..=12).contains(&a) => Some((y, a, day(Some(b))?)),
            _ => None,
        }
    };
    let (y, m, d) = (0..tokens.len()).find_map(|i| named(i).or_else(|| plain(i)))?;
    Some(format!("{y:04}-{m:02}-{d:02}"))
}

/// `2020年5月8日` as its numbers; other words as they are.
fn split_cjk(word: &str) -> Vec<String> {
    if word.contains(['年', '月', '日']) {
        word.split(['年', '月', '日']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    } else {
        vec![word.to_owned()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::language;

    fn byline(code: &str, line: &str) -> Option<(String, String)> {
        let found = read_byline(line, language::find(code).expect("in the table"))?;
        Some((found.date.unwrap_or_default(), found.author.unwrap_or_default()))
    }

    #[test]
    fn reads_date_and_author() {
        let cases = [
            ("en", "date 2020-05-08 By Ayya Lmahamad", "2020-05-08", "Ayya Lmahamad"),
            ("en", "By Jane Q. Public | May 3, 2021 4:15 p.m.", "2021-05-03", "Jane Q. Public"),
            ("en", "Published: 3 May 2021", "2021-05-03", ""),
            ("en", "By Ana Silva and Joe Park", "", "Ana Silva and Joe Park"),
            ("de", "Von Erika Muster, 3. Mai 2021", "2021-05-03", "Erika Muster"),
            ("de", "03.05.2021", "2021-05-03", ""),
            ("en", "LONDON, May 6, 2020 (Agency)", "2020-05-06", ""),
        ];
        for (code, line, date, author) in cases {
            assert_eq!(byline(code, line), Some((date.to_owned(), author.to_owned())), "{line}");
        }
    }

    #[test]
    fn prose_is_no_byline() {
        for line in [
            "By Monday the river had fallen by two metres, the council said.",
            "On 3 May 2021 the council met in the old school and voted for the bridge.",
            "LONDON (Agency) — The council met on Tuesday.",
            "By all accounts the deal was over.",
        ] {
            assert_eq!(byline("en", line), None, "{line}");
        }
    }

    #[test]
    fn a_headline_is_no_credit() {
        let data = language::find("en").expect("in the table").data();
        for (line, first, expected) in [
            ("Photo Finish for Harrow Mill", true, false),
            ("Photo Anna Miller", false, true),
            ("Photo: Anna Miller", true, true),
            ("Photo-Op for Harrow Mill", false, false),
        ] {
            assert_eq!(is_caption(line, data, first), expected, "{line}");
        }
    }

    #[test]
    fn items_and_prose() {
        for (line, expected) in [
            ("• one", true),
            ("- one", true),
            ("1. one", true),
            ("(a) one", true),
            ("2) two", true),
            ("A. Smith came.", false),
            ("1.5 million came.", false),
            ("a man came", false),
            ("б) item", true),
            ("٢- item", true),
            ("（一二三）", false),
            ("（一）item", true),
            ("（图）北京", false),
            ("12 - 13 May", false),
            ("— item;", true),
            ("— We go, he said.", false),
        ] {
            assert_eq!(is_item(line), expected, "{line}");
        }
    }
}
