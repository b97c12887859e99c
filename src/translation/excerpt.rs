//! What came back of an article of which only a part was sent: its title, and the sentences in the order of the article, by paragraphs,
//! each with whether something is left out before it. It is read where no translated article can be; how it is spelled is not known here.

use super::assemble::{Assembled, Missing, assemble};
use super::bitext::{Bitext, BitextSegment, Part};
use super::place::{Place, numbers};
use crate::document::Kind;
use crate::span::Span;

/// What stands for sentences that are not there.
pub const GAP: &str = "[…]";

/// What came back of an article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Excerpt<'a> {
    /// The translated title: that of the title field, else the headline of the text; `None` if neither came back.
    pub title: Option<String>,
    /// The sentences, those of the title first where it is a field of its own.
    pub sentences: Vec<Excerpted<'a>>,
    /// Whether the article goes on behind the last.
    pub goes_on: bool,
}

/// A sentence that came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Excerpted<'a> {
    /// The sentence.
    pub segment: &'a BitextSegment,
    /// Kind of its paragraph; empty if the file does not tell.
    pub kind: &'a str,
    /// The translation, or the sentence itself where there is none.
    pub text: String,
    /// Whether it is a translation.
    pub translated: bool,
    /// It is not to be translated.
    pub locked: bool,
    /// It is the title, or a part of it.
    pub in_title: bool,
    /// It is of another paragraph than the sentence before.
    pub begins: bool,
    /// Sentences between it and the one before are not there.
    pub gap: bool,
    /// What stands between it and the one before, if they are neighbours in a paragraph.
    pub blank: String,
}

/// Reads what came back for the units of a bitext that were found in a text. What is not translated is kept as it is, or left out.
pub fn excerpt<'a>(text: &str, bitext: &'a Bitext, places: &[Place], missing: Missing) -> Excerpt<'a> {
    let made = assemble(text, bitext, places, Missing::Source);
    let mut found = found(bitext, &made);
    if missing == Missing::Skip {
        found.retain(|(_, sentence)| sentence.translated || sentence.locked);
    }
    let end = chain(&mut found, &made.text);
    let mut sentences = of_field(bitext, places, missing);
    let has_field = sentences.iter().any(|sentence| sentence.translated);
    if !has_field {
        mark_headline(bitext, &mut found);
    }
    sentences.extend(found.into_iter().map(|(_, sentence)| sentence));
    Excerpt { title: joined_title(&sentences), sentences, goes_on: says_something(&made.text[end..]) }
}

/// The translated title of a bitext whose article was put together; `None` if it did not come back.
pub fn title(bitext: &Bitext, made: &Assembled) -> Option<String> {
    let headline = || {
        let mut found = found(bitext, made);
        chain(&mut found, &made.text);
        mark_headline(bitext, &mut found);
        joined_title(&found.into_iter().map(|(_, sentence)| sentence).collect::<Vec<_>>())
    };
    made.title.clone().or_else(headline)
}

/// The sentences that stand in a text, in its order, not yet held against one another.
fn found<'a>(bitext: &'a Bitext, made: &Assembled) -> Vec<(Span, Excerpted<'a>)> {
    let mut all = Vec::new();
    for (unit, spans) in bitext.units.iter().zip(&made.spans) {
        for (part, span) in unit.parts.iter().zip(spans) {
            let (Part::Segment(segment), Some(span)) = (part, span) else { continue };
            let locked = unit.locks(segment);
            let made = excerpted(segment, &unit.kind, span.of(&made.text));
            all.push((*span, Excerpted { translated: !locked && segment.translation().is_some(), locked, ..made }));
        }
    }
    all.sort_by_key(|(span, _)| span.start);
    all
}

/// The sentences of the title field.
fn of_field<'a>(bitext: &'a Bitext, places: &[Place], missing: Missing) -> Vec<Excerpted<'a>> {
    let units = bitext.units.iter().zip(places).filter(|(_, place)| **place == Place::Title).map(|(unit, _)| unit);
    let sentence = |segment: &'a BitextSegment, kind: &'a str| {
        let translation = segment.translation();
        let made = excerpted(segment, kind, translation.unwrap_or(&segment.source));
        Excerpted { translated: translation.is_some(), in_title: true, blank: " ".to_owned(), ..made }
    };
    let all = units.flat_map(|unit| unit.segments().map(|segment| sentence(segment, &unit.kind)));
    all.filter(|sentence| sentence.translated || missing != Missing::Skip).collect()
}

/// A sentence of which nothing else is known yet.
fn excerpted<'a>(segment: &'a BitextSegment, kind: &'a str, text: &str) -> Excerpted<'a> {
    let (text, blank) = (text.to_owned(), String::new());
    Excerpted { segment, kind, text, translated: false, locked: false, in_title: false, begins: false, gap: false, blank }
}

/// Tells of each sentence what parts it from the one before; gives the end of the last.
fn chain(found: &mut [(Span, Excerpted)], text: &str) -> usize {
    let (mut end, mut before) = (0, None);
    for (span, sentence) in found {
        let between = &text[end.min(span.start as usize)..span.start as usize];
        sentence.begins = !before.is_some_and(|before| is_one_paragraph(before, sentence.segment, between));
        sentence.gap = says_something(between);
        sentence.blank = if sentence.begins || sentence.gap { String::new() } else { between.to_owned() };
        (end, before) = (end.max(span.end as usize), Some(sentence.segment));
    }
    end
}

/// Whether two sentences stand in one paragraph, by their ids, else because no line ends between them.
fn is_one_paragraph(one: &BitextSegment, other: &BitextSegment, between: &str) -> bool {
    match (numbers(&one.id), numbers(&other.id)) {
        (Some((one, _)), Some((other, _))) => one == other,
        _ => !between.contains('\n'),
    }
}

/// Whether a text between sentences is more than blanks and marks.
fn says_something(between: &str) -> bool {
    between.contains(char::is_alphanumeric)
}

/// Marks the headline: the first paragraph that is called a title, or says what the file calls the title.
fn mark_headline(bitext: &Bitext, found: &mut [(Span, Excerpted)]) {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let named = bitext.property("title").map(words);
    let is = |sentence: &Excerpted| {
        sentence.kind == Kind::Title.name() || sentence.kind.is_empty() && named.as_ref() == Some(&words(&sentence.segment.source))
    };
    let Some(first) = found.iter().position(|(_, sentence)| is(sentence)) else { return };
    let rest = found[first + 1..].iter().take_while(|(_, sentence)| !sentence.begins).count();
    found[first..=first + rest].iter_mut().for_each(|(_, sentence)| sentence.in_title = true);
}

/// The sentences of the title on one line, if any of them is translated.
fn joined_title(sentences: &[Excerpted]) -> Option<String> {
    let of_title: Vec<&Excerpted> = sentences.iter().filter(|sentence| sentence.in_title).collect();
    let mut title = String::new();
    for (at, sentence) in of_title.iter().enumerate() {
        if at > 0 {
            title.push_str(&if sentence.gap { format!(" {GAP} ") } else { sentence.blank.clone() });
        }
        title.push_str(&sentence.text);
    }
    of_title.iter().any(|sentence| sentence.translated).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::super::bitext::{BitextUnit, State};
    use super::super::place::place;
    use super::*;

    fn segment(id: &str, source: &str, target: Option<&str>) -> Part {
        let target = target.map(str::to_owned);
        let segment = BitextSegment { id: id.into(), source: source.into(), target, state: State::Translated, ..BitextSegment::default() };
        Part::Segment(segment)
    }

    fn unit(id: &str, kind: &str, parts: Vec<Part>) -> BitextUnit {
        BitextUnit { id: id.into(), kind: kind.into(), parts, ..BitextUnit::default() }
    }

    /// The title; each sentence, `=` before those of the title, `/` where a paragraph begins, `[…]` where something is left out.
    fn shown(text: &str, title: Option<&str>, units: Vec<BitextUnit>, missing: Missing) -> String {
        let bitext = Bitext { units, properties: vec![("title".into(), "Big Mill".into())], ..Bitext::default() };
        let made = excerpt(text, &bitext, &place(text, title, &bitext), missing);
        let sentence = |one: &Excerpted| {
            let marks = [(one.in_title, "="), (one.begins, "/"), (one.gap, GAP), (!one.translated, "?")];
            marks.iter().filter(|mark| mark.0).map(|mark| mark.1).collect::<String>() + &one.blank + &one.text
        };
        let all: Vec<String> = made.sentences.iter().map(sentence).collect();
        let rest = if made.goes_on { GAP } else { "" };
        format!("{}: {}{rest}", made.title.as_deref().unwrap_or("-"), all.join("|"))
    }

    const TEXT: &str = "Big Mill\n\nBy me\n\nA. B. C. D.\n\nE. F.\n\nG.";

    #[test]
    fn what_came_back_stands_in_order_with_its_gaps() {
        let headline = || unit("p1", "title", vec![segment("p1s1", "Big Mill", Some("Große Mühle"))]);
        let third = |c: Option<&str>| {
            let parts = vec![segment("p3s1", "A.", Some("a.")), segment("p3s2", "B.", Some("b.")), segment("p3s4", "D.", c)];
            unit("p3", "body", parts)
        };
        let fourth = || unit("p4", "body", vec![segment("p4s1", "E.", Some("e."))]);
        let last = || unit("p5", "body", vec![segment("p5s1", "G.", Some("g."))]);
        let units = || vec![headline(), third(Some("d.")), fourth()];
        assert_eq!(shown(TEXT, None, units(), Missing::Source), "Große Mühle: =/Große Mühle|/[…]a.| b.|[…]d.|/e.[…]");
        let units = || vec![third(None), last()];
        assert_eq!(shown(TEXT, None, units(), Missing::Source), "-: /[…]a.| b.|[…]?D.|/[…]g.");
        assert_eq!(shown(TEXT, None, units(), Missing::Skip), "-: /[…]a.| b.|/[…]g.");
    }

    #[test]
    fn the_title_is_the_field_or_what_is_called_so() {
        let field = |target| unit("t", "title", vec![segment("t1", "The Mill", target)]);
        let headline = |kind| unit("", kind, vec![segment("", "Big Mill", Some("Große Mühle"))]);
        let last = || unit("p5", "body", vec![segment("p5s1", "G.", Some("g."))]);
        let field_first = shown(TEXT, Some("The Mill"), vec![field(Some("Die Mühle")), headline("title"), last()], Missing::Source);
        assert_eq!(field_first, "Die Mühle: = Die Mühle|/Große Mühle|/[…]g.");
        assert_eq!(shown(TEXT, None, vec![headline(""), last()], Missing::Source), "Große Mühle: =/Große Mühle|/[…]g.");
        assert_eq!(shown(TEXT, Some("The Mill"), vec![field(None), last()], Missing::Source), "-: =? The Mill|/[…]g.");
        assert_eq!(shown(TEXT, Some("The Mill"), vec![field(None), last()], Missing::Skip), "-: /[…]g.");
    }
}
