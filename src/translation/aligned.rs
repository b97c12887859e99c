//! A text and its translation with their beads: what each bead says, which are sure enough for a memory, and the entries that they
//! give to it. How the beads were found is the business of `align`, how they are spelled that of `format`.

use std::borrow::Cow;
use std::ops::Range;

use super::align::{Bead, Line};
use super::entry::{Entry, union};
use crate::document::Document;

/// A text and its translation.
#[derive(Clone, Copy)]
pub struct Aligned<'a> {
    /// Id of the pair.
    pub id: &'a str,
    /// The text.
    pub source: &'a Side,
    /// Its translation.
    pub target: &'a Side,
    /// The beads, in order.
    pub beads: &'a [Bead],
    /// The least confidence that a memory asks for.
    pub min_score: f64,
}

/// One of the two.
pub struct Side {
    /// The text, cut into sentences.
    pub document: Document,
    /// What each sentence is called by index: its number, or its line in a file of a sentence a line.
    pub indices: Vec<usize>,
}

/// Whether a bead goes into a memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Kept,
    /// Its confidence is too low.
    Unsure,
    /// One of its sides is empty.
    Unaligned,
}

impl Verdict {
    /// Why it does not, as outputs say it; empty if it does.
    pub fn reason(self) -> &'static str {
        match self {
            Verdict::Kept => "",
            Verdict::Unsure => "below-min-score",
            Verdict::Unaligned => "unaligned",
        }
    }
}

impl Side {
    /// A document whose sentences are called by their numbers or, if `by_line`, by the lines that they stand on, from 0.
    pub fn new(document: Document, by_line: bool) -> Side {
        let count = document.sentences().len();
        let indices = if by_line { lines(&document) } else { (0..count).collect() };
        Side { document, indices }
    }

    /// The sentences as an aligner takes them.
    pub fn lines(&self) -> Vec<Line<'_>> {
        let paragraph = |at: usize| self.document.sentences()[at].paragraph;
        let starts = |at: usize| at == 0 || paragraph(at) != paragraph(at - 1);
        (0..self.indices.len()).map(|at| Line { text: self.document.slice(at), starts: starts(at) }).collect()
    }

    /// Language of the text as a tag; `und` if nobody knows.
    pub fn lang(&self) -> &str {
        self.document.article().lang.as_ref().map_or("und", |lang| lang.tag())
    }

    /// Sentences as one text: those of a paragraph with what is between them, those of several with a blank.
    pub fn text(&self, sentences: Range<usize>) -> String {
        let mut out = String::new();
        for at in sentences.clone() {
            let sentence = &self.document.sentences()[at];
            if at > sentences.start {
                let before = &self.document.sentences()[at - 1];
                let together = before.paragraph == sentence.paragraph;
                let gap = &self.document.text()[before.span.end as usize..sentence.span.start as usize];
                out.push_str(if together && !gap.contains(['\n', '\r']) { gap } else { " " });
            }
            out.push_str(self.document.slice(at));
        }
        out
    }

    /// Ids of sentences, with a blank between.
    pub fn ids(&self, sentences: Range<usize>) -> String {
        sentences.map(|at| self.document.segment_id(at)).collect::<Vec<_>>().join(" ")
    }

    /// The sentence before another: before the first the title field or nothing.
    fn before(&self, sentence: usize) -> String {
        match sentence.checked_sub(1) {
            Some(before) => self.document.slice(before).to_owned(),
            None => self.title().to_owned(),
        }
    }

    /// The sentence at an index, or nothing after the last.
    fn after(&self, sentence: usize) -> String {
        if sentence < self.indices.len() { self.document.slice(sentence).to_owned() } else { String::new() }
    }

    fn title(&self) -> &str {
        self.document.article().title.as_deref().unwrap_or("")
    }
}

/// The lines that sentences stand on.
fn lines(document: &Document) -> Vec<usize> {
    let (mut at, mut line) = (0, 0);
    let number = |start: usize| {
        line += memchr::memchr_iter(b'\n', &document.text().as_bytes()[at..start]).count();
        at = start;
        line
    };
    document.sentences().iter().map(|sentence| sentence.span.start as usize).map(number).collect()
}

impl Aligned<'_> {
    /// Whether a bead goes into a memory.
    pub fn verdict(&self, bead: &Bead) -> Verdict {
        match bead {
            _ if bead.source.is_empty() || bead.target.is_empty() => Verdict::Unaligned,
            _ if bead.confidence < self.min_score => Verdict::Unsure,
            _ => Verdict::Kept,
        }
    }

    /// What goes into a memory: sure beads, and title fields where both sides have one. The neighbours are the sentences before and
    /// after in each text, aligned or not.
    pub fn entries(&self) -> Vec<Entry<'_>> {
        let kept = self.beads.iter().filter(|bead| self.verdict(bead) == Verdict::Kept);
        union(self.title().into_iter().chain(kept.map(|bead| self.entry(bead))))
    }

    fn entry(&self, bead: &Bead) -> Entry<'_> {
        let Bead { source, target, confidence } = bead;
        Entry {
            source: self.source.text(source.clone()).into(),
            target: self.target.text(target.clone()).into(),
            segment: Some(self.source.ids(source.clone()).into()),
            previous: Some(self.source.before(source.start).into()),
            next: Some(self.source.after(source.end).into()),
            previous_target: Some(self.target.before(target.start).into()),
            next_target: Some(self.target.after(target.end).into()),
            align_score: Some(rounded(*confidence)),
            ..self.blank()
        }
    }

    fn title(&self) -> Option<Entry<'_>> {
        let (source, target) = (self.source.title(), self.target.title());
        let title = Entry {
            source: source.into(),
            target: target.into(),
            segment: Some("t1".into()),
            previous: Some("".into()),
            next: Some(self.source.after(0).into()),
            previous_target: Some("".into()),
            next_target: Some(self.target.after(0).into()),
            ..self.blank()
        };
        (!source.is_empty() && !target.is_empty()).then_some(title)
    }

    fn blank(&self) -> Entry<'_> {
        Entry {
            source_lang: self.source.lang().into(),
            target_lang: self.target.lang().into(),
            document: Some(self.id).filter(|id| !id.is_empty()).map(Cow::from),
            origin: Some("align".into()),
            usage_count: 1,
            ..Entry::default()
        }
    }
}

/// To four decimals, as outputs have it.
pub fn rounded(confidence: f64) -> f64 {
    (confidence * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::lang::Lang;
    use crate::text::{Newlines, Scratch, TextOptions, parse};

    fn side(text: &str, lang: &str, title: Option<&str>, by_line: bool) -> Side {
        let mut article = Article::new("a".into(), text.into()).expect("small");
        (article.lang, article.title) = (Lang::parse(lang), title.map(str::to_owned));
        let newlines = if by_line { Newlines::Sentence } else { Newlines::Auto };
        let options = TextOptions { terms: false, newlines, ..TextOptions::default() };
        Side::new(parse(article, &options, &mut Scratch::default()), by_line)
    }

    fn bead(source: Range<usize>, target: Range<usize>, confidence: f64) -> Bead {
        Bead { source, target, confidence }
    }

    #[test]
    fn sure_beads_are_entries_and_their_neighbours_are_sentences() {
        let source = side("The mill stood still. Nobody came. The wind rose.\n\nIt turned again.", "en", Some("The mill"), false);
        let target =
            side("Die Mühle stand still, niemand kam. Der Wind kam auf.\n\nSie drehte sich wieder.", "de", Some("Die Mühle"), false);
        let beads = [bead(0..2, 0..1, 0.97), bead(2..3, 1..2, 0.5), bead(3..4, 2..2, 1.0), bead(4..4, 2..3, 1.0)];
        let aligned = Aligned { id: "mill", source: &source, target: &target, beads: &beads, min_score: 0.9 };
        let reasons: Vec<&str> = beads.iter().map(|bead| aligned.verdict(bead).reason()).collect();
        assert_eq!(reasons, ["", "below-min-score", "unaligned", "unaligned"]);
        let entries = aligned.entries();
        let shown: Vec<_> = entries.iter().map(|e| (&*e.source, &*e.target, e.segment.as_deref().unwrap_or(""))).collect();
        let first = ("The mill stood still. Nobody came.", "Die Mühle stand still, niemand kam.", "p1s1 p1s2");
        assert_eq!(shown, [("The mill", "Die Mühle", "t1"), first]);
        assert_eq!((entries[1].previous.as_deref(), entries[1].next.as_deref()), (Some("The mill"), Some("The wind rose.")));
        assert_eq!((entries[1].next_target.as_deref(), entries[1].align_score), (Some("Der Wind kam auf."), Some(0.97)));
        assert_eq!(source.text(2..4), "The wind rose. It turned again.");
        assert!(source.lines().iter().map(|line| line.starts).eq([true, false, false, true]));
    }

    #[test]
    fn sentences_a_line_keep_the_numbers_of_their_lines() {
        let side = side("\nOne.\nTwo. Still two.\n\n\nFive.\r\nSix.", "en", None, true);
        assert_eq!(side.indices, [1, 2, 5, 6]);
    }
}
