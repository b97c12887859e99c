//! Whether a sentence can stand in a summary, and after which other one: whether what it quotes is shown whole and has a
//! speaker, whether brackets close, and whether what it opens with is resolved by the sentence shown before it. Coherence is
//! a property of the summary, not of the sentence, so the neighbour is always asked for. It scores nothing and chooses
//! nothing; what is mended when shown is done in `display`.

use std::cell::OnceCell;

use super::names::{Cast, Named};
use crate::document::{Document, Kind, Quote};
use crate::text::language::{self, Language};
use crate::text::opener::{Fits, Lean, opening};
use crate::text::speaker::{self, Speaker};

/// How a sentence stands without its neighbours, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// As it is.
    Alone,
    /// With marks or a speaker supplied (see [`super::display`]).
    Mended,
    /// After the right sentence only, for what it opens with.
    Leans,
    /// After the right sentence or not at all: only a pronoun says who speaks in it.
    Follows,
    /// Not at all: a quotation without a speaker, a mark or bracket without its partner.
    Never,
}

/// Why a sentence cannot be shown by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A bracket has no partner.
    Bracket,
    /// A quotation mark has no partner.
    Mark,
    /// Nothing tells who says what it quotes.
    Speaker,
    /// It is a dateline.
    Dateline,
    /// It says no more than the title.
    Title,
}

impl Flaw {
    /// The name used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Flaw::Bracket => "bracket",
            Flaw::Mark => "mark",
            Flaw::Speaker => "speaker",
            Flaw::Dateline => "dateline",
            Flaw::Title => "title",
        }
    }
}

/// The coherence of one document's sentences.
pub struct Coherence<'a> {
    document: &'a Document,
    language: &'static Language,
    /// What was asked of each sentence before: a leaning one is asked about with many a neighbour.
    known: Vec<Known>,
    /// Who is who, found when first asked for.
    cast: OnceCell<Cast<'a>>,
}

/// What is known of a sentence.
#[derive(Clone, Default)]
struct Known {
    spoken: OnceCell<Result<Standing, Flaw>>,
    speaker: OnceCell<Speaker>,
    lean: OnceCell<Lean>,
}

impl<'a> Coherence<'a> {
    /// Of a document; nothing is looked at yet.
    pub fn new(document: &'a Document) -> Coherence<'a> {
        let known = vec![Known::default(); document.sentences().len()];
        Coherence { document, language: language::of(document.article().lang.as_ref()), known, cast: OnceCell::new() }
    }

    /// How a sentence stands without its neighbours.
    pub fn standing(&self, sentence: usize) -> Standing {
        match self.spoken(sentence) {
            Err(_) => Standing::Never,
            Ok(spoken) if self.lean(sentence) == Lean::Nothing => spoken,
            Ok(spoken) => spoken.max(Standing::Leans),
        }
    }

    /// Why a sentence may not be shown at all; what may not is for articles that have nothing else.
    pub fn flaw(&self, sentence: usize) -> Option<Flaw> {
        self.spoken(sentence).err()
    }

    /// How a sentence stands by its brackets and by what it quotes.
    fn spoken(&self, sentence: usize) -> Result<Standing, Flaw> {
        *self.known[sentence].spoken.get_or_init(|| self.spoken_afresh(sentence))
    }

    fn spoken_afresh(&self, sentence: usize) -> Result<Standing, Flaw> {
        if !is_balanced(self.document.slice(sentence)) {
            return Err(Flaw::Bracket);
        }
        let quote = self.document.sentences()[sentence].quote;
        match self.speaker(sentence) {
            Speaker::Nobody if quote == Quote::Broken => Err(Flaw::Mark),
            Speaker::Nobody => Err(Flaw::Speaker),
            Speaker::Pronoun(_) => Ok(Standing::Follows),
            Speaker::There(_) => Ok(Standing::Mended),
            Speaker::Here if quote.is_cut() => Ok(Standing::Mended),
            Speaker::Here | Speaker::Unasked => Ok(Standing::Alone),
        }
    }

    /// Whether what the sentence leans on is told by the sentence shown before it. The one before it in the article always tells;
    /// any other only where the pronoun stands for a person and that sentence names exactly one, and where nobody else is
    /// named between the two.
    pub fn resolved(&self, sentence: usize, shown_before: Option<usize>) -> bool {
        let spoken = match self.speaker(sentence) {
            Speaker::Pronoun(fits) => Some(Lean::Pronoun(fits)),
            _ => None,
        };
        let leans = [Some(self.lean(sentence)), spoken];
        leans.into_iter().flatten().filter(|lean| *lean != Lean::Nothing).all(|lean| {
            let Some(before) = shown_before.filter(|&before| before < sentence) else { return false };
            self.previous(sentence) == Some(before) || matches!(lean, Lean::Pronoun(fits) if self.names_one(fits, before, sentence))
        })
    }

    /// The sentence that a leaning one must be shown after: the one before it, if that stands by itself and no more than a
    /// paragraph's end lies between.
    pub fn antecedent(&self, sentence: usize) -> Option<usize> {
        if !matches!(self.standing(sentence), Standing::Leans | Standing::Follows) {
            return None;
        }
        let sentences = self.document.sentences();
        let before = self.previous(sentence)?;
        let near = sentences[before].paragraph + 1 >= sentences[sentence].paragraph;
        (near && self.standing(before) == Standing::Alone).then_some(before)
    }

    fn speaker(&self, sentence: usize) -> Speaker {
        *self.known[sentence].speaker.get_or_init(|| speaker::of(self.document, sentence))
    }

    fn lean(&self, sentence: usize) -> Lean {
        *self.known[sentence].lean.get_or_init(|| self.lean_afresh(sentence))
    }

    fn lean_afresh(&self, sentence: usize) -> Lean {
        let slice = self.document.slice(sentence);
        // Running text that begins with a small letter goes on with something.
        let label = || slice.chars().nth(1).is_some_and(|c| matches!(c, ')' | '.'));
        let goes_on = slice.starts_with(char::is_lowercase) && self.document.kind(sentence) == Kind::Body && !label();
        if goes_on { Lean::Contrast } else { opening(slice, self.language).lean }
    }

    /// The sentence of running text or of a list that is read before this one.
    pub fn previous(&self, sentence: usize) -> Option<usize> {
        (0..sentence).rev().find(|&i| matches!(self.document.kind(i), Kind::Body | Kind::ListItem))
    }

    /// Whether one person is named in `before` whom a pronoun of `sentence` stands for, for sure.
    fn names_one(&self, fits: Fits, before: usize, sentence: usize) -> bool {
        /// Sentences; a pronoun is not looked up further back.
        const FAR: usize = 12;
        // Where every noun has a capital, or no letter has, names cannot be told.
        // In quoted words a pronoun is the speaker's, who may mean anybody.
        let quoted = self.document.sentences()[sentence].quote != Quote::None;
        if quoted || sentence - before > FAR || !fits.is_person() || self.language.noun_capitals() {
            return false;
        }
        let cast = self.cast.get_or_init(|| Cast::new(self.document));
        let Named::One(person) = cast.named(before) else { return false };
        (before + 1..sentence).all(|i| match cast.named(i) {
            Named::Nobody => true,
            Named::One(other) => other == person,
            Named::Several => false,
        })
    }
}

/// Whether there is any bracket, sixteen bytes at a time: most sentences have none.
fn has_brackets(bytes: &[u8]) -> bool {
    // Round ones differ in the last bit; spelled out, for a list of bytes would be looked up one by one.
    let is_one = |b: u8| u8::from(b | 1 == b')') | u8::from(b == b'[') | u8::from(b == b']');
    let among = |bytes: &[u8]| bytes.iter().fold(0, |found, b| found | is_one(*b)) > 0;
    match bytes.last_chunk::<16>() {
        Some(last) => bytes.as_chunks::<16>().0.iter().any(|chunk| among(chunk)) || among(last),
        None => among(bytes),
    }
}

/// Whether every bracket has its partner; the one after a letter or number that counts (`1)`, `b)`) needs none.
fn is_balanced(slice: &str) -> bool {
    let bytes = slice.as_bytes();
    if !has_brackets(bytes) {
        return true;
    }
    let mut open = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' | b'[' => open.push(byte),
            b')' if open.is_empty() && counts(&slice[..at]) => {}
            b')' | b']' => {
                let expected = if *byte == b')' { b'(' } else { b'[' };
                if open.pop() != Some(&expected) {
                    return false;
                }
            }
            _ => {}
        }
    }
    open.is_empty()
}

fn counts(head: &str) -> bool {
    head.chars().count() <= 3 && head.chars().all(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::lang::Lang;
    use crate::text::{Scratch, TextOptions, parse};

    fn document(text: &str) -> Document {
        let mut article = Article::new("a".into(), text.into()).expect("short");
        article.lang = Lang::parse("en");
        parse(article, &TextOptions::default(), &mut Scratch::default())
    }

    #[test]
    fn a_bracket_is_found_at_every_place() {
        for length in 0..40 {
            assert!(!has_brackets(&vec![b'*'; length]));
            for (at, b) in (0..length).flat_map(|at| (0..=255).map(move |b| (at, b))) {
                let mut bytes = vec![b'*'; length];
                bytes[at] = b;
                assert_eq!(has_brackets(&bytes), b"()[]".contains(&b), "{b} at {at} of {length}");
            }
        }
    }

    #[test]
    fn standing_from_best_to_worst() {
        use Standing::{Alone, Follows, Leans, Mended, Never};
        let cases: &[(&str, &[Standing])] = &[
            ("The bridge is open. But it leaks. It was built in May.", &[Alone, Leans, Leans]),
            ("“We go. We win,” Ann Holt said. “They lose it all,” she said.", &[Mended, Mended, Follows]),
            ("“We go. We win,” he said.", &[Never, Never]),
            ("“Nobody calls us here at all.” It rained on the roofs.", &[Never, Alone]),
            ("The ferry (built in May sails again.", &[Never]),
            ("The ferry (built in May [or June]) sails again. a) It sails.", &[Alone, Alone]),
            ("Also, the ferry sails. Moreover, he sails.", &[Alone, Leans]),
            ("The ferry sails to:\nthe island in the bay.\nThe town is glad of it, it says.", &[Alone, Leans, Alone]),
        ];
        for (text, expected) in cases {
            let document = document(text);
            let coherence = Coherence::new(&document);
            let standing: Vec<Standing> = (0..document.sentences().len()).map(|i| coherence.standing(i)).collect();
            assert_eq!(standing, *expected, "{text}");
        }
        assert!(Alone < Mended && Mended < Leans && Leans < Follows && Follows < Never);
    }

    #[test]
    fn an_antecedent_is_named_once_and_by_nobody_else() {
        let text = "Minister Orkhan Dalgar spoke on Monday. The line is long. Drivers wait. He promised a form. But it rained.\n\n\
                    Dalgar met Mr. Odek in the port. He left. Tea was served. They talked. Dalgar said so.";
        let document = document(text);
        let coherence = Coherence::new(&document);
        assert!(coherence.resolved(3, Some(2)), "the one before it in the article");
        assert!(coherence.resolved(3, Some(0)), "one person, nobody else between");
        assert!(!coherence.resolved(3, Some(1)) && !coherence.resolved(3, None), "nobody is named");
        assert!(coherence.resolved(4, Some(3)) && !coherence.resolved(4, Some(0)), "a contrast needs its other half");
        assert!(!coherence.resolved(6, Some(0)), "two are named between");
        assert!(!coherence.resolved(8, Some(5)), "several are not told apart");
        assert!(coherence.resolved(0, None) && coherence.resolved(9, Some(2)), "what leans on nothing");
        assert_eq!([3, 4, 6, 0].map(|i| coherence.antecedent(i)), [Some(2), None, Some(5), None]);
    }
}
