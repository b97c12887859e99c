//! Bitext: an article's source and target side by side, as a translator's file holds it (one `file` of XLIFF) and as it comes
//! back. It owns its strings, since it outlives its article. It knows no format and no file; how a unit finds its place in the
//! article again is the business of `place`.

/// An article as it goes to a translator and comes back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bitext {
    /// Id of the article.
    pub id: String,
    /// Where the article came from, as shown to translators: a path or address.
    pub original: String,
    /// Language of the source (BCP 47); `None` if unknown.
    pub source_lang: Option<String>,
    /// Language of the target (BCP 47); `None` if not known yet.
    pub target_lang: Option<String>,
    /// What is known of the article and of how it was cut, by name, in the order of [`PROPERTIES`] and then of coming.
    pub properties: Vec<(String, String)>,
    /// Notes to the whole.
    pub notes: Vec<Note>,
    /// Paragraphs in document order.
    pub units: Vec<BitextUnit>,
}

/// Names of properties that this crate writes, in the order in which it does.
pub const PROPERTIES: &[&str] =
    &["sha256", "title", "date", "author", "url", "source", "tool", "segmentation", "selection", "method", "candidates"];

/// A paragraph, the title field, or whatever else the file has as one unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BitextUnit {
    /// `p3`, or `t` for the title field; of a file with a sentence a unit that of the sentence where nothing groups them.
    pub id: String,
    /// Kind of the paragraph (`body`, `title`, ..); empty if the file does not tell.
    pub kind: String,
    /// Not to be translated (`translate="no"`).
    pub locked: bool,
    /// Sentences, and the blanks between them, in order.
    pub parts: Vec<Part>,
    /// Indices of the parts in the order in which their targets read; empty where that is the order of the sources.
    pub order: Vec<usize>,
    /// Notes to the paragraph.
    pub notes: Vec<Note>,
    /// Byte of the article's text at which it begins, if the file tells; the title field has none.
    pub start: Option<u32>,
    /// Line of the unit in the file it was read from, from 1; 0 if it was not read.
    pub line: u64,
}

/// A part of a unit.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A sentence.
    Segment(BitextSegment),
    /// What stands between sentences and is not to be translated: blanks.
    Ignorable {
        /// As in the article.
        source: String,
        /// As the translator wants it, if the file says so.
        target: Option<String>,
    },
}

/// A sentence and its translation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BitextSegment {
    /// `p3s2`, `t1`; empty if a tool re-segmented and gave none.
    pub id: String,
    /// The sentence. Inline codes of other tools are left out, characters that XML cannot hold are what they were where the format
    /// has a way to say so.
    pub source: String,
    /// Its translation; `None` where there is none, or an empty one.
    pub target: Option<String>,
    /// How far the translation is.
    pub state: State,
    /// The file says that somebody is to look at the translation: a machine's, one for a text much like this, one that was rejected.
    pub unsure: bool,
    /// What the summary thinks of the sentence.
    pub salience: Option<Salience>,
    /// Notes to the sentence.
    pub notes: Vec<Note>,
    /// Inline codes that were left out, of source or target, whichever has more; the two of a pair are one.
    pub codes: u32,
    /// Not to be translated, though its unit is.
    pub locked: bool,
    /// Line in the file it was read from, from 1; 0 if it was not read.
    pub line: u64,
    /// What a memory proposes, the best first; empty in what was read, where translators are done with it.
    pub proposals: Vec<Proposal>,
    /// Level of the proposal that the target is, 100 to 102, where nobody but a memory has translated.
    pub leveraged: Option<u8>,
}

/// What a memory proposes as the translation of a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// Id of the entry.
    pub id: String,
    /// Id of the article that the entry is from.
    pub document: Option<String>,
    /// The sentence of the entry.
    pub source: String,
    /// Its translation.
    pub target: String,
    /// How like the two sentences are, up to 100 for equal ones.
    pub percent: u8,
    /// The percent without what is taken off, for another region or a translation that nobody looked at.
    pub score: u8,
    /// 102 for an equal sentence in the same neighbourhood of the same article, 101 for one in the same neighbourhood; else the score.
    pub level: u8,
    /// Another translation fits as well.
    pub ambiguous: bool,
}

impl Proposal {
    /// Whether it can be taken without a choice: it is equal, up to that level, nothing is taken off and nothing else fits as well.
    pub fn is_sure(&self, least: u8) -> bool {
        self.level >= least.max(100) && !self.ambiguous
    }
}

/// How far a translation is, as XLIFF 2 has it; those of XLIFF 1.2 map onto it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Not translated: whatever stands in the target is no translation.
    #[default]
    Initial,
    /// Translated.
    Translated,
    /// Reviewed.
    Reviewed,
    /// Signed off.
    Final,
}

/// What the summary thinks of a sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Salience {
    /// Place among the sentences of the article, from 1; `None` if it was no candidate.
    pub rank: Option<u32>,
    /// The method's own score.
    pub score: f64,
    /// Share of the article's weight.
    pub weight: f64,
    /// Whether the summary took it.
    pub in_summary: bool,
}

/// A word to the translator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// `salience`, `context`, ..; empty for none.
    pub category: String,
    /// From 1, the most urgent, to 10; 0 for none.
    pub priority: u8,
    /// What it says.
    pub text: String,
}

impl BitextUnit {
    /// Whether a sentence of it is not to be translated.
    pub fn locks(&self, segment: &BitextSegment) -> bool {
        self.locked || segment.locked
    }

    /// Its sentences in order.
    pub fn segments(&self) -> impl Iterator<Item = &BitextSegment> {
        self.parts.iter().filter_map(|part| match part {
            Part::Segment(segment) => Some(segment),
            Part::Ignorable { .. } => None,
        })
    }
}

impl Bitext {
    /// What the file says of the article by a name of [`PROPERTIES`].
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
