//! Who says what a sentence quotes: named by its own words, by a reporting clause elsewhere in the same quotation or right
//! before it, by a pronoun only, or by nobody. Where quotations begin and end is decided in `quote`; what is shown of
//! them is not decided here.

use super::language::{self, Language};
use super::opener::{self, Fits};
use super::stem::lowercase;
use crate::document::{Document, Kind, Quote};
use crate::span::Span;

/// Who says what a sentence quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// Nothing asks for one: no quotation, or a few quoted words in somebody's sentence.
    Unasked,
    /// Named by the sentence itself.
    Here,
    /// Named by this clause of another sentence.
    There(Span),
    /// The sentence has no more than a pronoun, or a verb that leaves its subject out (which fits nothing for sure).
    Pronoun(Fits),
    /// Not told.
    Nobody,
}

/// Who says what a sentence quotes.
pub fn of(document: &Document, sentence: usize) -> Speaker {
    let found = &document.sentences()[sentence];
    match found.quote {
        Quote::None => return Speaker::Unasked,
        Quote::Broken => return Speaker::Nobody,
        _ => {}
    }
    let language = language::of(document.article().lang.as_ref());
    let whole = found.quote == Quote::Whole;
    match found.speaker.map_or(Naming::Nothing, |clause| naming(clause.of(document.text()), language)) {
        Naming::Name => return Speaker::Here,
        Naming::Pronoun(fits) => return if whole { Speaker::Pronoun(fits) } else { Speaker::Nobody },
        Naming::Nothing if whole && !found.all_quoted => return Speaker::Unasked,
        Naming::Nothing => {}
    }
    elsewhere(document, sentence, language).map_or(Speaker::Nobody, Speaker::There)
}

/// The clause of the sentence itself that names who speaks in it.
pub fn named(document: &Document, sentence: usize) -> Option<&str> {
    let clause = document.sentences()[sentence].speaker?.of(document.text());
    matches!(naming(clause, language::of(document.article().lang.as_ref())), Naming::Name).then_some(clause)
}

/// What a reporting clause says of the speaker.
enum Naming {
    Name,
    Pronoun(Fits),
    Nothing,
}

/// A clause names the speaker (`Dalgar said`, `one mother asked`), or only points at him (`he said`, `his wife said`, `dijo`), or
/// it reports nothing.
fn naming(clause: &str, language: &Language) -> Naming {
    let words = clause.split(|c: char| c.is_whitespace() || c.is_ascii_punctuation() || c == '’').filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let openers = &language.data().openers;
    let name = words.iter().any(|word| word.starts_with(char::is_uppercase) && word.chars().nth(1).is_some());
    let pronoun = words.iter().filter_map(|word| opener::pronoun(word, language)).find(|(_, possessive)| !possessive || !name);
    let reports = openers.is_empty() || words.iter().any(|word| openers.reports(&lowercase(word)));
    match pronoun {
        // So short a clause has hardly room for anything else: `insistent-ils`.
        Some((fits, _)) if reports || words.len() <= 3 => return Naming::Pronoun(fits),
        _ if !reports => return Naming::Nothing,
        _ => {}
    }
    let says = words.iter().any(|word| !language.data().is_stop(&lowercase(word)));
    match (name, says) {
        (true, true) => Naming::Name,
        (false, true) if language.pro_drop() && !is_caseless(clause) => Naming::Pronoun(Fits::default()),
        (false, true) if words.len() > 1 => Naming::Name,
        _ => Naming::Nothing,
    }
}

fn is_caseless(clause: &str) -> bool {
    !clause.contains(|c: char| c.is_lowercase() || c.is_uppercase())
}

/// Sentences; whoever speaks longer than that is not looked for.
const FAR: usize = 40;

/// The clause that names the speaker of the sentence's quotation: in what is left of it, in what stood before, or at the end of
/// the quotation that it goes on from.
fn elsewhere(document: &Document, sentence: usize, language: &Language) -> Option<Span> {
    // Nobody is named by a clause that may be anything.
    if language.data().openers.is_empty() {
        return None;
    }
    let named = |i: usize| named_by(document.text(), document.sentences()[i].speaker?, language);
    let far = document.sentences().len().min(sentence + 1 + FAR);
    let first = (sentence.saturating_sub(FAR)..=sentence).rev().find(|&i| !goes_on(document, i))?;
    let last = (sentence + 1..far).find(|&i| !goes_on(document, i)).unwrap_or(far);
    let within = (sentence + 1..last).chain((first..sentence).rev());
    let clauses: Vec<usize> = within.filter(|&i| document.sentences()[i].speaker.is_some()).collect();
    // Two of them where one is a pronoun are two speakers, or one of whom we are not sure.
    if let Some(&nearest) = clauses.first() {
        return named(nearest);
    }
    resumed(document, first).and_then(named)
}

/// The clause, without what follows a comma if it can spare it, if it names somebody.
fn named_by(text: &str, clause: Span, language: &Language) -> Option<Span> {
    let is_name = |span: &Span| matches!(naming(span.of(text), language), Naming::Name);
    let head = clause.of(text).find(',').map(|at| Span::new(clause.start as usize, clause.start as usize + at));
    head.filter(is_name).or_else(|| Some(clause).filter(is_name))
}

/// Whether a sentence goes on with the quotation of the one before it.
fn goes_on(document: &Document, sentence: usize) -> bool {
    let Some(before) = sentence.checked_sub(1).map(|i| &document.sentences()[i]) else { return false };
    let this = &document.sentences()[sentence];
    let open = matches!(before.quote, Quote::Opens | Quote::Inside);
    let next_paragraph = || this.paragraph == before.paragraph + 1 && document.slice(sentence).starts_with(is_opening);
    match this.quote {
        Quote::Inside | Quote::Closes => open || before.paragraph == this.paragraph,
        Quote::Opens | Quote::Whole => open && next_paragraph(),
        Quote::None | Quote::Broken => false,
    }
}

/// The sentence right before a quotation that begins in mid-paragraph, if a quotation of its own ends in it: `"It is Thursday,"
/// said Samir Odek. "Nobody tells us anything."` Text without paragraphs tells nothing of that kind.
fn resumed(document: &Document, first: usize) -> Option<usize> {
    let before = first.checked_sub(1)?;
    let (here, there) = (&document.sentences()[first], &document.sentences()[before]);
    let paragraphs = document.paragraphs().iter().filter(|paragraph| paragraph.kind == Kind::Body).count() > 1;
    let starts = here.all_quoted || here.quote == Quote::Opens;
    let goes = paragraphs && starts && here.paragraph == there.paragraph && document.slice(first).starts_with(is_opening);
    (goes && matches!(there.quote, Quote::Whole | Quote::Closes)).then_some(before)
}

fn is_opening(c: char) -> bool {
    matches!(c, '"' | '“' | '„' | '«' | '»' | '”' | '‘' | '\'' | '「' | '『' | '`' | '‹')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::lang::Lang;
    use crate::text::{Scratch, TextOptions, parse};

    fn speakers(code: &str, text: &str) -> Vec<String> {
        let mut article = Article::new("a".into(), text.into()).expect("short");
        article.lang = Lang::parse(code);
        let document = parse(article, &TextOptions::default(), &mut Scratch::default());
        let told = |i: usize| match of(&document, i) {
            Speaker::There(clause) => clause.of(document.text()).to_owned(),
            Speaker::Pronoun(_) => "pronoun".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        };
        (0..document.sentences().len()).map(told).collect()
    }

    #[test]
    fn a_clause_of_the_same_quotation_names_the_speaker() {
        assert_eq!(
            speakers("en", "“It is done. We are glad,” Mayor Ann Holt said. It rained."),
            ["Mayor Ann Holt said", "here", "unasked"]
        );
        assert_eq!(speakers("de", "Müller kündigte an: „Die Fähre fährt. Sie fährt ab Montag.“"), ["here", "Müller kündigte an"]);
        assert_eq!(speakers("en", "“We start. We go on.\n\n“We end. All is well,” Ann Holt said.\n\nDone now.")[1], "Ann Holt said");
    }

    #[test]
    fn a_quotation_that_goes_on_after_its_clause() {
        let text = "The road was shut for a week.\n\n\"I wait,\" said Samir Odek. \"Nobody calls. We cook here.\"\n\nIt rained all day.";
        assert_eq!(speakers("en", text), ["unasked", "here", "said Samir Odek", "said Samir Odek", "unasked"]);
        let flat = text.replace("\n\n", " ");
        assert_eq!(speakers("en", &flat)[2..4], ["nobody", "nobody"]);
    }

    #[test]
    fn pronouns_and_bare_verbs_name_nobody() {
        assert_eq!(speakers("en", "“It is done, all of it,” she said."), ["pronoun"]);
        assert_eq!(speakers("en", "“It is done. We are glad,” he said."), ["nobody", "nobody"]);
        assert_eq!(speakers("en", "“It is done,” said his lawyer."), ["pronoun"]);
        assert_eq!(speakers("en", "“It is done,” said his lawyer, Ann Holt."), ["here"]);
        assert_eq!(speakers("es", "\"Lloré un poco, la verdad\", añade."), ["pronoun"]);
        assert_eq!(speakers("fr", "« C'est fini, tout à fait », dit-il."), ["pronoun"]);
        assert_eq!(speakers("en", "The bank expects it “in due course”."), ["unasked"]);
        assert_eq!(speakers("en", "He spoke to Interstate Mir” television."), ["nobody"]);
    }
}
