//! `Warning`: what looked wrong, but worked, with its place. Warnings are data; who hears of them is not known here.

use std::fmt;

use super::{Place, display, shortened};

/// What looked wrong, but worked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WarningKind {
    /// The bytes are no UTF-8 and nobody named the encoding.
    #[error("not UTF-8, read as {0}; name it with --encoding")]
    GuessedEncoding(&'static str),
    /// Bytes that the encoding cannot hold were replaced.
    #[error("bytes that are not {encoding} were replaced by U+FFFD, the first at offset {offset}")]
    Replaced {
        /// The encoding's name.
        encoding: &'static str,
        /// Bytes from the start of the record, without its mark.
        offset: usize,
    },
    /// Bytes that its encoding cannot hold, in an article that is left out for that.
    #[error("not valid {encoding} (first bad byte at offset {offset}), left out")]
    LeftOut {
        /// The encoding's name.
        encoding: &'static str,
        /// Bytes from the start of the record.
        offset: usize,
    },
    /// Tags of HTML inside the text.
    #[error("{0} HTML tags in the text; --strip-html takes them out")]
    Html(usize),
    /// The id was met before.
    #[error("the id {:?} is taken by an earlier article, this one is {:?}", shortened(.first), shortened(.now))]
    RepeatedId {
        /// The id as it came.
        first: String,
        /// The id it was given.
        now: String,
    },
    /// The shortest possible summary is over the budget.
    #[error("the best sentence alone is over the budget")]
    OverBudget,
    /// A `lang` that is no language tag.
    #[error("{:?} is not a language tag, detected instead", shortened(.0))]
    BadLang(String),
    /// The rule file says nothing about the article's language.
    #[error("no language map of the rule file covers {0}: paragraphs are left whole")]
    NoRules(String),
    /// The slow engine for rules ran out of steps.
    #[error("{0} positions were left undecided by a rule that takes too many steps, and count as not matched by it")]
    Undecided(u64),
    /// Something in a translator's file that is not as the format has it.
    #[error("{0}")]
    Xliff(String),
    /// A row of a table of segments that is none.
    #[error("passed over: {0}")]
    Row(String),
    /// An entry of a memory that is none.
    #[error("passed over: {0}")]
    Entry(String),
    /// A row of a segment that another row is of.
    #[error("the segment id {:?} stands twice in its article", shortened(.0))]
    RepeatedRow(String),
    /// Sentences without a translation.
    #[error("{0}")]
    Untranslated(String),
    /// A translation into a language that was asked for less or more closely.
    #[error("it is translated into {found}, {asked} was asked for")]
    NearLanguage {
        /// What the file says.
        found: String,
        /// What was asked for.
        asked: String,
    },
    /// Sentences of a file that are not in the article.
    #[error("the sentence {:?} as the file has it is not in the article", shortened(.0))]
    NotPlaced(String),
    /// An article that is not as it was when it was sent, merged all the same.
    #[error("the article is not as it was when it was sent to translation")]
    OtherArticle,
    /// A file that does not say which sentences are in the summary.
    #[error("the file does not say what is in the summary: none is written")]
    NoSummary,
    /// Inline codes of a translator's file that a text has no place for.
    #[error("inline codes in sources and targets were left out: {0}")]
    Codes(u64),
    /// Something about a target that may be wrong.
    #[error("{segment}: {check}: {cause}")]
    Target {
        /// Id of the segment.
        segment: String,
        /// Name of the check.
        check: &'static str,
        /// What was found and what was expected.
        cause: String,
    },
    /// Nobody knows in which language the article is, and a format must name one.
    #[error("the language is not known, translators are told \"und\"; name it with --lang, or with --lang-map und=TAG")]
    UnknownLang,
    /// The memory says nothing of the language of articles.
    #[error("the memory has no entries from {from} into {into}")]
    NoMemory {
        /// Language of articles.
        from: String,
        /// Language to translate into.
        into: String,
    },
    /// Source and target are one language.
    #[error("the article is in the language to translate into, {0}")]
    SameLang(String),
    /// Characters that XML 1.0 cannot hold.
    #[error("characters that XML cannot hold became U+FFFD: {0}")]
    NotXml(usize),
    /// What an earlier run noticed of an article that was not done again.
    #[error("{message}")]
    Earlier {
        /// Stable name of its kind.
        code: String,
        /// The words a person reads.
        message: String,
    },
    /// Segments that were not held against all before them, since there are too many.
    #[error("only the first {most} different segments in {lang:?} were held against one another")]
    ManySegments {
        /// How many are.
        most: usize,
        /// The code of their language.
        lang: String,
    },
    /// A link, device or socket that was passed over.
    #[error("{0}, passed over")]
    PassedOver(String),
}

impl WarningKind {
    /// A stable name of the kind, for diagnostics that machines read.
    pub fn code(&self) -> &str {
        match self {
            WarningKind::GuessedEncoding(_) => "guessed-encoding",
            WarningKind::Replaced { .. } => "replaced",
            WarningKind::LeftOut { .. } => "left-out",
            WarningKind::Html(_) => "html",
            WarningKind::RepeatedId { .. } => "repeated-id",
            WarningKind::OverBudget => "over-budget",
            WarningKind::BadLang(_) => "bad-lang",
            WarningKind::NoRules(_) => "no-rules",
            WarningKind::Undecided(_) => "undecided",
            WarningKind::Xliff(_) => "xliff",
            WarningKind::Row(_) => "row",
            WarningKind::Entry(_) => "entry",
            WarningKind::RepeatedRow(_) => "repeated-row",
            WarningKind::Untranslated(_) => "untranslated",
            WarningKind::NearLanguage { .. } => "near-language",
            WarningKind::NotPlaced(_) => "not-placed",
            WarningKind::OtherArticle => "other-article",
            WarningKind::NoSummary => "no-summary",
            WarningKind::Codes(_) => "codes",
            WarningKind::Target { check, .. } => check,
            WarningKind::UnknownLang => "unknown-lang",
            WarningKind::NoMemory { .. } => "no-memory",
            WarningKind::SameLang(_) => "same-lang",
            WarningKind::NotXml(_) => "not-xml",
            WarningKind::Earlier { code, .. } => code,
            WarningKind::ManySegments { .. } => "many-segments",
            WarningKind::PassedOver(_) => "passed-over",
        }
    }
}

/// One warning: what and where. Warnings are data; they leave the library only through an observer.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// What was noticed.
    pub kind: WarningKind,
    /// Where.
    pub place: Place,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(f, &self.place, &self.kind)
    }
}
