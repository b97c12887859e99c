//! `ErrorKind`: what can go wrong, each with its words, the way out where there is one, and a stable name. A new one is a variant, a line in
//! [`ErrorKind::hint`] and one in [`ErrorKind::code`]. Where it went wrong is not known here.

use std::io;

use super::shortened;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A path on the command line that leads nowhere.
    #[error("no such file or directory")]
    NotFound,
    /// A link whose target is not there.
    #[error("it is a link that leads nowhere")]
    DeadLink,
    /// No article could be found under the paths given.
    #[error("no articles found{}", if .0.is_empty() { String::new() } else { format!(" under {}", .0) })]
    NoInput(String),
    /// The files are there, but hold no record.
    #[error("no record in {0}")]
    NoRecords(String),
    /// Every article failed, so there is nothing to publish.
    #[error("{}", if *.0 == 1 { "the only article failed".to_owned() } else { format!("all {} articles failed", .0) })]
    AllFailed(u64),
    /// The operating system refused; the string says what was being done.
    #[error("{0}: {1}")]
    Io(&'static str, #[source] io::Error),
    /// What has no room in memory could not be put into a temporary file, or read from it again.
    #[error("a temporary file in it failed: {0}")]
    Spill(#[source] io::Error),
    /// A record that is not JSON, or JSON without what an article needs.
    #[error("invalid JSON: {0}")]
    Json(String),
    /// Compressed data that ends before its end, or is damaged.
    #[error("{format} data is damaged or cut short: {detail}")]
    Compressed {
        /// `gzip` or `zstd`.
        format: &'static str,
        /// What the decoder said.
        detail: String,
    },
    /// Content that is no text: an image, an archive, a program.
    #[error("not a text: {0}")]
    Binary(&'static str),
    /// A format this verb does not read.
    #[error("{found} is not an article format")]
    Format {
        /// What the file is.
        found: String,
        /// What to do instead.
        way_out: &'static str,
    },
    /// Bytes that the encoding named by the user cannot decode.
    #[error("not valid {encoding} (first bad byte at offset {offset})")]
    Encoding {
        /// The encoding's name.
        encoding: &'static str,
        /// Bytes from the start of the record.
        offset: usize,
    },
    /// Bytes that its encoding cannot decode, in an article that is left out for that.
    #[error("not valid {encoding} (first bad byte at offset {offset}), left out")]
    LeftOut {
        /// The encoding's name.
        encoding: &'static str,
        /// Bytes from the start of the record.
        offset: usize,
    },
    /// An article, line or file over a limit.
    #[error("{what} of more than {}, which is the limit for one article", sized(*.limit))]
    TooLarge {
        /// What it is, with its article.
        what: &'static str,
        /// The limit, in bytes.
        limit: u64,
    },
    /// Compressed data that becomes too much.
    #[error("{format} data becomes {growth}")]
    Swollen {
        /// `gzip` or `zstd`.
        format: &'static str,
        /// How much that is, and of what.
        growth: String,
    },
    /// The batch was asked to end before its end.
    #[error("interrupted; nothing was published")]
    Interrupted,
    /// The article holds no word.
    #[error("the article is empty")]
    Empty,
    /// The article's bytes changed between the two passes.
    #[error("the article changed while the run was reading it")]
    Changed,
    /// A bug met by one article; the rest of the batch goes on.
    #[error("internal error: {0}")]
    Panic(String),
    /// The output directory holds something that is not ours.
    #[error("the directory is not empty and holds no earlier output of epitome")]
    NotOurs,
    /// The output directory holds what is to be read, which would be lost.
    #[error("it is inside the output directory, whose files this would replace")]
    HoldsInput,
    /// The output directory holds what another verb made.
    #[error("the directory holds the output of `{0}`, which this would replace")]
    OfAnotherVerb(String),
    /// A file for translators that is not as it was published.
    #[error("it was edited since it was written, and this would replace it")]
    Edited,
    /// A translated article that an earlier delivery gave and this one does not.
    #[error("it is of an earlier delivery, and this one does not hold it: it would be removed")]
    WouldGo,
    /// The output path is a file.
    #[error("is a file, expected a directory")]
    NotADirectory,
    /// Another run holds the output directory.
    #[error("another run{} is writing into this directory", .0.map_or_else(String::new, |id| format!(" (process {id})")))]
    Locked(Option<u32>),
    /// The manifest of the output directory is not as it was written.
    #[error("it is damaged or was edited, so that nobody knows what is whole in this directory")]
    Damaged,
    /// A frequency table that cannot be read or does not fit.
    #[error("frequency table: {0}")]
    Frequencies(String),
    /// Another process adds to a frequency table.
    #[error("another process{} is adding to this table", .0.map_or_else(String::new, |id| format!(" (process {id})")))]
    TableInUse(Option<u32>),
    /// A record of gold boundaries, or of predicted ones, that cannot be scored.
    #[error("invalid boundaries: {0}")]
    Gold(String),
    /// A line that is no bead of an alignment.
    #[error("invalid beads: {0}")]
    Beads(String),
    /// A record of a text with its translation that cannot be used.
    #[error("invalid pair: {0}")]
    Pair(String),
    /// A line of a dictionary without a translation.
    #[error("no tab in the line, expected a word and its translation")]
    Dictionary,
    /// A text whose translation is not there, or a translation whose text is not.
    #[error("nothing called {:?} is in {among}", shortened(.id))]
    NoPartner {
        /// Id of the article.
        id: String,
        /// Where the other should be.
        among: String,
    },
    /// A record of reference summaries, or of summaries to be scored, that cannot be used.
    #[error("invalid summaries: {0}")]
    Reference(String),
    /// A file of translators that is no well-formed XML, or over a limit.
    #[error("not well-formed XML: {0}")]
    Xml(String),
    /// A file that is no XLIFF of a version known here.
    #[error("{0} is no XLIFF that can be read here")]
    NotXliff(String),
    /// No translation under the paths given.
    #[error("no translations found under {0}")]
    NoTranslations(String),
    /// A file of translations that is no text.
    #[error("it is {0}, no text")]
    Packed(&'static str),
    /// A table of segments that cannot be read.
    #[error("{0}")]
    Table(String),
    /// A file with nothing in it.
    #[error("the file is empty")]
    NoContent,
    /// A table of entries that cannot be read.
    #[error("{0}")]
    EntryTable(String),
    /// Files of lines that do not go together.
    #[error("lines do not belong together: {0}")]
    Lines(String),
    /// Lines that name segments without the lines of source and target beside them.
    #[error("there are no two files of lines beside it that its name tells of")]
    NoLines,
    /// No file of a format that is checked under the path given.
    #[error("no XLIFF, TMX or SRX found under {0}")]
    NothingToCheck(String),
    /// An article that came back is not among the sources.
    #[error("the article {:?} is not among the sources", shortened(.0))]
    NotAmongSources(String),
    /// An article that came back is not as it was when it was sent.
    #[error("the article is not as it was when it was sent to translation")]
    OtherArticle,
    /// A file says of an article's sentences what the article does not.
    #[error("none of its sentences is in the article")]
    NothingPlaced,
    /// Sentences of a file that are not in an article that nothing else is known of.
    #[error("{0}")]
    Lost(String),
    /// An article came back before.
    #[error("the article came back before, in {0}")]
    CameTwice(String),
    /// A translation into a language that nobody asked for.
    #[error("it is translated into {found}, not into {asked}")]
    OtherLanguage {
        /// What the file says.
        found: String,
        /// What was asked for.
        asked: String,
    },
    /// A translation into a language that nobody names.
    #[error("nothing says into which language it is translated")]
    NoLanguage,
    /// Sentences without a translation, where that is a failure.
    #[error("{0}")]
    Untranslated(String),
    /// A list of abbreviations that cannot be used.
    #[error("abbreviations: {0}")]
    Abbreviations(String),
    /// A file of weights that cannot be used.
    #[error("weights: {0}")]
    Weights(String),
    /// A rule file that is no SRX, or whose rules cannot be followed.
    #[error("invalid SRX: {0}")]
    Srx(String),
    /// A format that cannot be checked.
    #[error("{found} cannot be checked, only {known}")]
    Unchecked {
        /// What the file is.
        found: String,
        /// Formats that can be.
        known: String,
    },
    /// A file that is no translation memory of ours.
    #[error("it is {0}, no memory of epitome")]
    NotMemory(&'static str),
    /// A file that nothing can be looked up in.
    #[error("it is no memory of epitome and no TMX: {0}")]
    NeitherMemory(String),
    /// A memory that another version made.
    #[error("the memory is of schema {found}, only {known} is known here")]
    NewerMemory {
        /// What the file says.
        found: i64,
        /// What this version knows.
        known: i64,
    },
    /// Another process holds a memory.
    #[error("another process is using this memory")]
    MemoryInUse,
    /// A memory whose file is broken.
    #[error("the memory is damaged: {0}")]
    DamagedMemory(String),
    /// A memory that nothing can be said of, since it is empty.
    #[error("it has no entries that would tell the language to translate into")]
    EmptyMemory,
    /// A memory of several target languages, where one must be chosen.
    #[error("it has translations into several languages: {0}")]
    ManyTargets(String),
    /// No file could be taken into a memory.
    #[error("{}", if *.0 == 1 { "nothing was imported: the only file failed".to_owned() } else { format!("nothing was imported: all {} files failed", .0) })]
    NothingImported(u64),
    /// Options that do not go together, found past the command line.
    #[error("{0}")]
    Usage(String),
}

impl ErrorKind {
    /// The way out, where there is one to name.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            ErrorKind::NotFound => "check the spelling, and that the shell has not left a * unexpanded",
            ErrorKind::NoInput(_) => {
                "articles are .txt and .jsonl files, also .gz or .zst; name others with --include or one by one with --from"
            }
            ErrorKind::NoRecords(_) => "a JSONL file holds one JSON object a line",
            ErrorKind::Spill(_) => "name a directory with more room in TMPDIR, or raise --memory-limit",
            ErrorKind::Json(_) => "every line is one JSON object with a \"text\"; --fields text=a.b reads it from another place",
            ErrorKind::TooLarge { .. } => "--max-article SIZE raises the limit, such as --max-article 64M, up to 256M; or cut the text up",
            ErrorKind::Swollen { .. } => {
                "--max-decoded SIZE raises the limit, such as --max-decoded 200G, where the file is known to be sound"
            }
            ErrorKind::Compressed { detail, .. } if detail.contains("memory") => {
                "it was compressed with a window over 128 MiB: decompress it first, as zstd -d --long=31 does"
            }
            ErrorKind::Binary(_) => "name text or JSONL files; --exclude GLOB passes others over",
            ErrorKind::Format { way_out, .. } => way_out,
            ErrorKind::Encoding { .. } => "leave --encoding out to have it guessed, name another, or add --on-invalid replace",
            ErrorKind::Weights(_) => "a level and what a word costs at it, such as 95-99 = 40, a line; # begins a comment",
            ErrorKind::Abbreviations(_) => "a section such as [title] or [title de], then an abbreviation a line; # begins a comment",
            ErrorKind::NotOurs => "choose an empty or new directory, or add --force",
            ErrorKind::HoldsInput => "choose another directory with -o",
            ErrorKind::OfAnotherVerb(_) => "choose another directory with -o, or add --force",
            ErrorKind::Edited => "choose another directory with -o, or add --force: what was edited is lost",
            ErrorKind::WouldGo => {
                "merge all deliveries at once, or each into a directory of its own; --force removes what is not in this one"
            }
            ErrorKind::NotADirectory => "-o names a directory; use `summarize` or `segment` for output on stdout",
            ErrorKind::Gold(_) => {
                "a line is {\"lang\", \"text\", \"ends\"}, of a prediction {\"ends\"}: exclusive sentence ends in Unicode scalars"
            }
            ErrorKind::Beads(_) => "a line is [0, 1]:[2], indices of sentences from 0, or a record of `align -t jsonl`",
            ErrorKind::Pair(_) => {
                "a line is {\"id\", \"source\", \"target\", \"source_lang\", \"target_lang\"}; or name the texts and their translations apart"
            }
            ErrorKind::Dictionary => "a dictionary has two columns with a tab between them; # begins a comment",
            ErrorKind::NoPartner { .. } => "a text and its translation have the same id, or the same file name without its ending",
            ErrorKind::Reference(_) => {
                "a line is {\"id\", \"lang\", \"summary\"} or {\"id\", \"lang\", \"refs\": [..]}, of what is scored {\"id\", \"summary\"}"
            }
            ErrorKind::NoTranslations(_) => {
                "in directories .xlf, .xliff, .sdlxliff, .mqxliff, .mxliff, .ids.tsv, .tsv and .jsonl are found; name others one by one"
            }
            ErrorKind::Packed(_) => "unpack it, or save it as text: a workbook as \"Unicode text\" or UTF-8 with tabs",
            ErrorKind::Table(_) => {
                "a row has article, segment, source and target under a header row, as `run` writes it; UTF-8, or \"Unicode text\" of Excel"
            }
            ErrorKind::EntryTable(_) => {
                "columns are source and target, and source_lang and target_lang where --source-lang and --target-lang do not name them"
            }
            ErrorKind::Lines(_) => {
                "line by line source, target and ids are one segment, an untranslated one an empty line: undo what joined or split lines"
            }
            ErrorKind::NoLines => {
                "names are as `run -t moses` has them: segments.en-de.ids.tsv beside segments.en-de.en and segments.en-de.de"
            }
            ErrorKind::NothingToCheck(_) => {
                "in directories .xlf, .xliff, .sdlxliff, .mqxliff, .mxliff, .tmx and .srx are found; name others one by one"
            }
            ErrorKind::NotAmongSources(_) => "name with --source what was named when it was made, and with the same options",
            ErrorKind::Lost(_) => "name the articles as they were when they were cut, or add --force: such segments are left out",
            ErrorKind::OtherArticle => "name the articles as they were, or add --force: what is no longer in them is left out",
            ErrorKind::NothingPlaced => "name the articles that the file was made from",
            ErrorKind::CameTwice(_) => "what there is of an article stands in one file, its segments one after the other",
            ErrorKind::OtherLanguage { .. } => "merge a language at a time, each into a directory of its own",
            ErrorKind::NoLanguage => "name it with --target-lang, such as --target-lang de",
            ErrorKind::Untranslated(_) => "--missing source keeps such sentences as they are, --missing skip leaves them out",
            ErrorKind::NotXliff(_) => "XLIFF 1.2, 2.0, 2.1 and 2.2 are read; ask the translator's tool to export one of them",
            ErrorKind::Srx(_) => "`epitome check FILE` lists all that is wrong with a rule file",
            ErrorKind::NotMemory(_) | ErrorKind::NeitherMemory(_) => {
                "`epitome memory import FILE.. -m MEMORY` makes one and takes TMX, XLIFF and tables into it"
            }
            ErrorKind::NewerMemory { .. } => "use the version of epitome that made it, or export it there as TMX",
            ErrorKind::MemoryInUse | ErrorKind::TableInUse(_) => "wait for it to end, then start again",
            ErrorKind::DamagedMemory(_) => {
                "take a copy of it; or import what it was made from, or what `memory export` still gives, into a new one"
            }
            ErrorKind::EmptyMemory | ErrorKind::ManyTargets(_) => "name it with --target-lang, such as --target-lang de",
            ErrorKind::Damaged => "add --force to write everything anew, or choose another directory with -o",
            ErrorKind::Locked(_) => "wait for it to end, or choose another directory with -o",
            _ => return None,
        })
    }

    /// A stable name of the kind, for diagnostics that machines read.
    pub fn code(&self) -> &'static str {
        match self {
            ErrorKind::NotFound => "not-found",
            ErrorKind::DeadLink => "dead-link",
            ErrorKind::NoInput(_) => "no-input",
            ErrorKind::NoRecords(_) => "no-records",
            ErrorKind::AllFailed(_) => "all-failed",
            ErrorKind::Io(..) => "io",
            ErrorKind::Spill(_) => "temporary-file",
            ErrorKind::Json(_) => "json",
            ErrorKind::Compressed { .. } => "compressed",
            ErrorKind::Binary(_) => "binary",
            ErrorKind::Format { .. } => "format",
            ErrorKind::Encoding { .. } => "encoding",
            ErrorKind::LeftOut { .. } => "left-out",
            ErrorKind::TooLarge { .. } => "too-large",
            ErrorKind::Swollen { .. } => "swollen",
            ErrorKind::Interrupted => "interrupted",
            ErrorKind::Empty => "empty",
            ErrorKind::Changed => "changed",
            ErrorKind::Panic(_) => "internal",
            ErrorKind::NotOurs => "not-ours",
            ErrorKind::HoldsInput => "holds-input",
            ErrorKind::OfAnotherVerb(_) => "of-another-verb",
            ErrorKind::Edited => "edited",
            ErrorKind::WouldGo => "would-go",
            ErrorKind::NotADirectory => "not-a-directory",
            ErrorKind::Damaged => "damaged",
            ErrorKind::Locked(_) => "locked",
            ErrorKind::Frequencies(_) => "frequencies",
            ErrorKind::TableInUse(_) => "table-in-use",
            ErrorKind::Gold(_) => "gold",
            ErrorKind::Beads(_) => "beads",
            ErrorKind::Pair(_) => "pair",
            ErrorKind::Dictionary => "dictionary",
            ErrorKind::NoPartner { .. } => "no-partner",
            ErrorKind::Reference(_) => "reference",
            ErrorKind::Xml(_) => "xml",
            ErrorKind::NotXliff(_) => "not-xliff",
            ErrorKind::NoTranslations(_) => "no-translations",
            ErrorKind::Packed(_) => "packed",
            ErrorKind::Table(_) => "table",
            ErrorKind::EntryTable(_) => "entry-table",
            ErrorKind::NoContent => "no-content",
            ErrorKind::Lines(_) => "lines",
            ErrorKind::NoLines => "no-lines",
            ErrorKind::NothingToCheck(_) => "nothing-to-check",
            ErrorKind::NotAmongSources(_) => "not-among-sources",
            ErrorKind::OtherArticle => "other-article",
            ErrorKind::NothingPlaced => "nothing-placed",
            ErrorKind::Lost(_) => "lost",
            ErrorKind::CameTwice(_) => "came-twice",
            ErrorKind::OtherLanguage { .. } => "other-language",
            ErrorKind::NoLanguage => "no-language",
            ErrorKind::Untranslated(_) => "untranslated",
            ErrorKind::Abbreviations(_) => "abbreviations",
            ErrorKind::Weights(_) => "weights",
            ErrorKind::Srx(_) => "srx",
            ErrorKind::Unchecked { .. } => "unchecked",
            ErrorKind::NotMemory(_) | ErrorKind::NeitherMemory(_) => "not-memory",
            ErrorKind::NewerMemory { .. } => "newer-memory",
            ErrorKind::MemoryInUse => "memory-in-use",
            ErrorKind::DamagedMemory(_) => "damaged-memory",
            ErrorKind::EmptyMemory => "empty-memory",
            ErrorKind::ManyTargets(_) => "many-targets",
            ErrorKind::NothingImported(_) => "nothing-imported",
            ErrorKind::Usage(_) => "usage",
        }
    }
}

/// A number of bytes in the largest unit that it is a whole number of.
fn sized(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let unit = units.iter().find(|(power, _)| bytes > 0 && bytes.trailing_zeros() >= *power);
    unit.map_or_else(|| format!("{bytes} bytes"), |(power, name)| format!("{} {name}", bytes >> power))
}
