//! Quoted speech: pairs of quotation marks in a paragraph, and each sentence's place in them. Directions come from what
//! stands on either side of a mark, its glyph, and what is open; a mark without a partner breaks its own sentence and derails
//! nothing after it. A quotation may run over paragraphs: left open, and opened again by the next one (or closed there).
//! Apostrophes are no marks. Sentence ends are not decided here.

use super::scan::{self, Scan};
use crate::document::{Paragraph, Quote, Sentence};
use crate::span::Span;

/// What becomes of a quotation of several sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quotes {
    /// It is cut at its inner sentence ends.
    #[default]
    Split,
    /// It stays one sentence with what stands around it, if it closes in the paragraph that opens it.
    Keep,
}

/// Joins the sentences that one quotation runs through. A mark without a partner joins nothing, nor does a quotation over
/// paragraphs; single marks count only where what they close ends with punctuation, since most of them are apostrophes.
pub fn keep_whole(text: &str, scan: &Scan, paragraphs: &mut [Paragraph], sentences: &mut Vec<Sentence>) {
    let mut kept = 0;
    for paragraph in paragraphs {
        let range = paragraph.sentences.start as usize..paragraph.sentences.end as usize;
        let first = kept;
        let quotations = if range.len() > 1 { pairs(text, scan, paragraph.span).outer } else { Vec::new() };
        let mut quotations = quotations.into_iter().filter(|span| is_speech(span.of(text))).peekable();
        for index in range {
            let sentence = std::mem::take(&mut sentences[index]);
            while quotations.next_if(|quotation| quotation.end <= sentence.span.start).is_some() {}
            let inside = quotations.peek().is_some_and(|quotation| quotation.start < sentence.span.start);
            if inside && kept > first {
                sentences[kept - 1].span.end = sentence.span.end;
            } else {
                sentences[kept] = sentence;
                kept += 1;
            }
        }
        paragraph.sentences = first as u32..kept as u32;
    }
    sentences.truncate(kept);
}

/// Whether a quotation, marks included, is one for sure: in double marks, or with punctuation before its single mark.
fn is_speech(quotation: &str) -> bool {
    const STOPS: [char; 8] = ['.', ',', '!', '?', '…', '-', '–', '—'];
    let single = quotation.starts_with(['‘', '‚', '\'']) && !quotation.starts_with("''");
    !single || quotation.trim_end_matches(['’', '\'']).ends_with(STOPS)
}

/// Sets `quote`, `all_quoted` and `speaker` of every sentence.
pub fn mark_quotes(text: &str, scan: &Scan, paragraphs: &[Paragraph], sentences: &mut [Sentence]) {
    let mut found: Vec<Pairs> = paragraphs.iter().map(|paragraph| pairs(text, scan, paragraph.span)).collect();
    if found.iter().all(Pairs::is_empty) {
        return;
    }
    join_paragraphs(paragraphs, &mut found);
    for (paragraph, pairs) in paragraphs.iter().zip(&found) {
        let range = paragraph.sentences.start as usize..paragraph.sentences.end as usize;
        for sentence in &mut sentences[range] {
            place(text, sentence, pairs);
        }
    }
}

/// The quotations of a paragraph.
#[derive(Debug, Default)]
struct Pairs {
    /// Outermost quotations, marks included, in order and disjoint.
    outer: Vec<Span>,
    /// Marks without a partner: position and whether the mark opens.
    orphans: Vec<(Span, bool)>,
    /// Whether the paragraph's first character is an opening mark.
    starts_open: bool,
}

impl Pairs {
    fn is_empty(&self) -> bool {
        self.outer.is_empty() && self.orphans.is_empty()
    }
}

/// Marks that can be partners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    /// `"`, `“`, `”`, `„`, `,,`, `''`, and two backquotes.
    Double,
    /// `‘`, `’`, `‚`, `'`.
    Single,
    /// `«`, `»`.
    Angle,
    /// `「`, `」`, `『`, `』`.
    Corner,
}

/// A mark in the text.
#[derive(Clone, Copy, Debug)]
struct Mark {
    span: Span,
    family: Family,
    straight: bool,
    opens: bool,
    closes: bool,
}

/// Pairs of marks in one paragraph.
fn pairs(text: &str, scan: &Scan, paragraph: Span) -> Pairs {
    let slice = paragraph.of(text);
    let mut out = Pairs::default();
    let mut open: Vec<Mark> = Vec::new();
    let mut spans: Vec<Span> = Vec::new();
    let mut at = 0;
    // Open double marks: a straight one after a digit is inches only where none is open.
    let mut doubles = 0usize;
    let (start, end) = (paragraph.start as usize, paragraph.end as usize);
    let candidate = |from: usize| scan.next_before(scan::Mark::Quote, from + start, end) - start;
    while let Some(mark) = next_mark(slice, at, doubles > 0, candidate) {
        at = mark.span.end as usize;
        if open.last().is_some_and(|last| reopens(slice, *last, mark)) {
            continue;
        }
        let partner = partner(&open, mark);
        match partner {
            Some(index) if mark.closes && (!mark.opens || open[index].family == mark.family) => {
                let opener = open[index];
                doubles -= open[index..].iter().filter(|lost| lost.family == Family::Double).count();
                for lost in open.drain(index..).skip(1).filter(|lost| lost.family != Family::Single) {
                    out.orphans.push((lost.span, true));
                }
                spans.push(Span { start: opener.span.start, end: mark.span.end });
            }
            _ if mark.opens => {
                out.starts_open |= mark.span.start == 0;
                doubles += usize::from(mark.family == Family::Double);
                open.push(mark);
            }
            _ if mark.family != Family::Single => out.orphans.push((mark.span, false)),
            _ => {}
        }
    }
    out.orphans.extend(open.iter().filter(|mark| mark.family != Family::Single).map(|mark| (mark.span, true)));
    out.orphans.sort_unstable();
    out.outer = outermost(spans);
    let offset = paragraph.start as usize;
    out.outer.iter_mut().for_each(|span| *span = span.shifted(offset));
    out.orphans.iter_mut().for_each(|(span, _)| *span = span.shifted(offset));
    out
}

/// Whether a mark opens again what is open, as it does at each paragraph of a long quotation, where the ends of paragraphs are
/// lost: at the start of a sentence, and of the same make.
fn reopens(slice: &str, open: Mark, mark: Mark) -> bool {
    let same = mark.opens && !mark.closes && mark.family == Family::Double && (open.family, open.straight) == (mark.family, mark.straight);
    let before = &slice[..mark.span.start as usize];
    same && before.ends_with(char::is_whitespace) && before.trim_end().ends_with(['.', '!', '?', '…'])
}

/// The innermost open mark that `mark` can close: of its own make first, then of its family. Deeper than any nesting in
/// earnest nothing is looked for, so that a text of nothing but opening marks takes no longer than another.
fn partner(open: &[Mark], mark: Mark) -> Option<usize> {
    const DEEPEST: usize = 16;
    if !mark.closes {
        return None;
    }
    let skipped = open.len().saturating_sub(DEEPEST);
    let near = &open[skipped..];
    let same = near.iter().rposition(|m| m.family == mark.family && m.straight == mark.straight);
    same.or_else(|| near.iter().rposition(|m| m.family == mark.family)).map(|index| skipped + index)
}

fn outermost(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    let mut out: Vec<Span> = Vec::new();
    for span in spans {
        if out.last().is_none_or(|last| span.start >= last.end) {
            out.push(span);
        }
    }
    out
}

/// The next mark at or after byte `from`; `candidate` finds the next byte that may begin one.
fn next_mark(slice: &str, from: usize, quoting: bool, candidate: impl Fn(usize) -> usize) -> Option<Mark> {
    let bytes = slice.as_bytes();
    let mut at = from;
    loop {
        at = candidate(at);
        // The apostrophe of `don't` and `don’t`.
        let length = match bytes.get(at..)? {
            [] => return None,
            [b'\'', ..] => 1,
            [0xe2, 0x80, 0x99, ..] => 3,
            _ => 0,
        };
        let letter = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
        // The mark inside a Hebrew acronym: `צה"ל`.
        let acronym = bytes[at] == b'"' && at > 1 && is_hebrew(&bytes[at - 2..at]) && bytes.get(at + 1..at + 3).is_some_and(is_hebrew);
        let none = acronym || length > 0 && at > 0 && letter(bytes.get(at - 1)) && letter(bytes.get(at + length));
        if !none && let Some(mark) = mark_at(slice, at, quoting) {
            return Some(mark);
        }
        at += 1;
    }
}

/// Whether the two bytes are a Hebrew letter.
fn is_hebrew(bytes: &[u8]) -> bool {
    matches!(bytes, [0xd7, 0x90..=0xaa])
}

/// The mark at `at`, if one stands there; `quoting` where a double mark is open.
fn mark_at(slice: &str, at: usize, quoting: bool) -> Option<Mark> {
    if !slice.is_char_boundary(at) {
        return None;
    }
    let rest = &slice[at..];
    let c = rest.chars().next()?;
    let before = slice[..at].chars().next_back();
    let doubled = rest[c.len_utf8()..].starts_with(c);
    let len = if doubled && matches!(c, '\'' | '`' | ',') { 2 } else { c.len_utf8() };
    let after = rest[len..].chars().next();
    let free_left = before.is_none_or(|c| {
        c.is_whitespace() || matches!(c, '(' | '[' | '—' | '–' | '-' | '/' | '¿' | '¡' | '>' | '“' | '"' | '„' | '«' | '‘' | '…' | ':')
    });
    let free_right = after
        .is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '“' | '„' | '«' | '‘' | '$' | '£' | '€' | '#' | '@' | '(' | '[' | '¿' | '¡'));
    // `(CNN)"It is` begins a quotation.
    let after_bracket = !quoting && matches!(before, Some(')' | ']')) && after.is_some_and(char::is_alphanumeric);
    let touches_left = !after_bracket && before.is_some_and(|c| !c.is_whitespace() && !matches!(c, '(' | '['));
    let touches_right = after.is_some_and(|c| !c.is_whitespace());
    let (family, straight, opens, closes) = match c {
        '「' | '『' => (Family::Corner, false, true, false),
        '」' | '』' => (Family::Corner, false, false, true),
        '„' => (Family::Double, false, true, false),
        ',' if doubled => (Family::Double, false, free_left && touches_right || before.is_none(), false),
        ',' => return None,
        '`' if doubled => (Family::Double, false, true, false),
        '`' => return None,
        '\'' if doubled => (Family::Double, false, free_left && touches_right, true),
        '"' if before.is_some_and(|c| c.is_ascii_digit()) && free_right && !quoting => return None,
        '"' => (Family::Double, true, !touches_left || free_left && touches_right, touches_left || !touches_right),
        '“' => (Family::Double, false, !(touches_left && free_right) || free_left && touches_right, touches_left && free_right),
        '”' => (Family::Double, false, free_left && touches_right && !free_right, true),
        '«' | '‹' => (Family::Angle, false, !(touches_left && !free_left && free_right), touches_left && !free_left && free_right),
        '»' | '›' => (Family::Angle, false, free_left && touches_right && !free_right, !(free_left && touches_right && !free_right)),
        '‘' | '‚' => (Family::Single, false, free_left && touches_right, false),
        '’' => (Family::Single, false, false, touches_left && free_right),
        '\'' => (Family::Single, true, free_left && touches_right && !free_right, touches_left && free_right),
        _ => return None,
    };
    (opens || closes).then(|| Mark { span: Span::new(at, at + len), family, straight, opens, closes })
}

/// Quotations over paragraphs: one left open goes on where the next paragraph opens again, or closes without opening.
fn join_paragraphs(paragraphs: &[Paragraph], found: &mut [Pairs]) {
    for i in 0..found.len().saturating_sub(1) {
        let Some(&(open, true)) = found[i].orphans.last() else { continue };
        let closes_next = matches!(found[i + 1].orphans.first(), Some((mark, false)) if found[i + 1].outer.first().is_none_or(|pair| mark.start < pair.start));
        if !found[i + 1].starts_open && !closes_next {
            continue;
        }
        found[i].orphans.pop();
        found[i].outer.retain(|pair| pair.end <= open.start);
        // Over the blanks between the two, so that it reaches beyond its paragraph.
        let [span, next] = [paragraphs[i].span, paragraphs[i + 1].span];
        found[i].outer.push(Span { start: open.start, end: next.start });
        if !found[i + 1].starts_open {
            let (mark, _) = found[i + 1].orphans.remove(0);
            found[i + 1].outer.insert(0, Span { start: span.end, end: mark.end });
        }
    }
}

/// Sets the place of one sentence from its paragraph's pairs.
fn place(text: &str, sentence: &mut Sentence, pairs: &Pairs) {
    let span = sentence.span;
    let orphan = pairs.orphans.partition_point(|(mark, _)| mark.start < span.start);
    if pairs.orphans.get(orphan).is_some_and(|(mark, _)| span.contains(mark.start)) {
        sentence.quote = Quote::Broken;
        return;
    }
    let reached = pairs.outer.partition_point(|pair| pair.end <= span.start);
    let touching: Vec<Span> = pairs.outer[reached..].iter().copied().take_while(|pair| pair.start < span.end).collect();
    let Some((first, last)) = touching.first().zip(touching.last()) else { return };
    sentence.quote = match (first.start < span.start, last.end > span.end) {
        (true, true) => Quote::Inside,
        (true, false) => Quote::Closes,
        (false, true) => Quote::Opens,
        (false, false) => Quote::Whole,
    };
    let clauses = outside(text, span, &touching);
    sentence.all_quoted = clauses.is_empty();
    sentence.speaker = speaker(text, span, &clauses, &touching);
}

/// The stretches of the sentence outside its quotations that hold a word, without the marks around them.
fn outside(text: &str, span: Span, pairs: &[Span]) -> Vec<Span> {
    let starts = std::iter::once(span.start).chain(pairs.iter().map(|pair| pair.end));
    let ends = pairs.iter().map(|pair| pair.start).chain([span.end]);
    let gaps = starts.zip(ends).filter(|(start, end)| start < end).map(|(start, end)| Span { start, end });
    let trimmed = gaps.map(|gap| {
        let inner = gap.of(text).trim_matches(|c: char| !c.is_alphanumeric());
        let from = inner.as_ptr() as usize - text.as_ptr() as usize;
        Span::new(from, from + inner.len())
    });
    trimmed.filter(|span| !span.is_empty()).collect()
}

/// The clause that names the speaker: the first that reports what stands before it, else one that announces what follows.
fn speaker(text: &str, sentence: Span, clauses: &[Span], pairs: &[Span]) -> Option<Span> {
    let after = clauses.iter().find(|clause| reports_before(text, sentence, **clause, pairs));
    let announced = || clauses.iter().rev().find(|clause| announces(text, **clause, pairs));
    shortened(text, *after.or_else(announced)?)
}

/// At most twelve words; a longer clause only as far as its first comma.
fn shortened(text: &str, clause: Span) -> Option<Span> {
    const LONGEST: usize = 12;
    let words = |slice: &str| slice.split_whitespace().take(LONGEST + 1).count();
    let slice = clause.of(text);
    if words(slice) <= LONGEST {
        return Some(clause);
    }
    let head = slice.split(',').next().unwrap_or(slice).trim_end();
    (2..=LONGEST).contains(&words(head)).then(|| Span::new(clause.start as usize, clause.start as usize + head.len()))
}

/// A comma, a terminator or a dash, between a quotation and the clause that reports it.
fn is_joint(c: char) -> bool {
    matches!(c, ',' | '?' | '!' | '.' | ';' | '\u{37e}' | '…' | '，' | '。' | '！' | '？' | '-' | '–' | '—' | '،' | '؟')
}

/// At most so many quoted words in mid-sentence are a name (`the plan, called “Green Belt”, was`).
const NAME: usize = 3;

/// Whether the clause follows a quotation that ends with a joint, inside or outside its mark, or that is too long for a name
/// and opens the sentence.
fn reports_before(text: &str, sentence: Span, clause: Span, pairs: &[Span]) -> bool {
    const SPEECH: usize = 5;
    let Some(pair) = pairs.iter().rfind(|pair| pair.end <= clause.start) else { return false };
    let start = pair.start.max(sentence.start) as usize;
    let quoted = text[start..pair.end as usize].trim_end_matches(is_mark_char);
    let lead = text[sentence.start as usize..start].trim_end();
    let words = quoted.split_whitespace().take(SPEECH).count();
    let name = words <= NAME && lead.contains(char::is_alphanumeric) && !lead.ends_with([':', '：']);
    let after = text[pair.end as usize..].trim_start();
    let spoken = after.starts_with('と') && !after.starts_with("という");
    if !name && (quoted.ends_with(is_joint) || spoken) {
        return true;
    }
    if words >= SPEECH && lead.is_empty() && text[pair.end as usize..clause.start as usize].trim().is_empty() {
        return true;
    }
    !name && after.starts_with(is_joint)
}

/// Whether the clause ends with a colon before a quotation, or a comma before one that is no name.
fn announces(text: &str, clause: Span, pairs: &[Span]) -> bool {
    let Some(pair) = pairs.iter().find(|pair| pair.start >= clause.end) else { return false };
    let joint = text[clause.end as usize..pair.start as usize].trim();
    let name = || pair.of(text).split_whitespace().nth(NAME).is_none();
    joint.ends_with([':', '：']) || joint.ends_with([',', '，', '،']) && !name()
}

fn is_mark_char(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '\'' | '’' | '‘' | '」' | '』' | '‹' | '›')
}

#[cfg(test)]
mod tests {
    use crate::article::Article;
    use crate::text::{Scratch, TextOptions, parse};

    fn places(text: &str) -> Vec<&'static str> {
        let article = Article::new("a".into(), text.into()).expect("short");
        let document = parse(article, &TextOptions::default(), &mut Scratch::default());
        document.sentences().iter().map(|s| s.quote.name()).collect()
    }

    #[test]
    fn a_quotation_goes_on_after_a_line_end_of_any_length() {
        for end in ["\n", "\u{85}", "\u{2028}", "\u{2029}"] {
            assert_eq!(places(&format!("She said, “We start{end}“We end,” she added.")), ["opens", "whole"], "{end:?}");
            assert_eq!(places(&format!("She said, “We start{end}We end,” she added.")), ["opens", "closes"], "{end:?}");
        }
    }

    #[test]
    fn places_by_state() {
        let cases: &[(&str, &[&str])] = &[
            ("The bridge is open. It was closed in May.", &["none", "none"]),
            ("“It is done. We are glad. Thank you,” the mayor said.", &["opens", "inside", "closes"]),
            ("He called it “a gift” to the town.", &["whole"]),
            ("Aliyev made the remarks with Interstate Mir” TV channel. “We go. We win,” he said.", &["broken", "opens", "closes"]),
            ("“We have a project \"North-South\". It goes well. All is done,” he noted.", &["opens", "inside", "closes"]),
            ("„Das ist gut. Wir gehen“, sagte er. Dann ging er.", &["opens", "closes", "none"]),
            ("« C'est fini. On part », dit-il. L'homme partit.", &["opens", "closes", "none"]),
            ("»Das ist gut. Wir gehen«, sagte er. Dann ging er.", &["opens", "closes", "none"]),
            ("”Det är bra. Vi går”, sade hon. Sedan gick hon.", &["opens", "closes", "none"]),
            ("The players' union said it's fine. The '90s are over.", &["none", "none"]),
            ("‘We will go. We’ll stay out,’ he said. It's cold.", &["opens", "closes", "none"]),
            ("The pipe is 12\" wide. It leaks.", &["none", "none"]),
            ("צה\"ל הודיע. \"הגשר פתוח. בארה\"ב שמחו\", אמר הדובר.", &["none", "opens", "closes"]),
            ("(CNN)\"We go. We win,\" he said. It rained.", &["opens", "closes", "none"]),
            ("Ann Holt said: \"We go. We try. \"We win at last.\" It rained.", &["opens", "inside", "closes", "none"]),
            ("He said: \"We go. Now the \"deal\" is off.\" All left.", &["opens", "closes", "none"]),
        ];
        for (text, expected) in cases {
            assert_eq!(places(text), *expected, "{text}");
        }
    }

    #[test]
    fn a_quotation_over_paragraphs() {
        assert_eq!(
            places("“We start. We go on.\n\n“We end. All is well,” she said.\n\nDone now."),
            ["opens", "inside", "opens", "closes", "none"]
        );
        assert_eq!(places("\"We start. We go on.\n\nWe end here. All is well,\" she said."), ["opens", "inside", "inside", "closes"]);
        assert_eq!(places("“We start and stop. It rains.\n\nThe town slept. It woke."), ["broken", "none", "none", "none"]);
    }
}
