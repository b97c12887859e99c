//! Arguments that several verbs share, and what they become: inputs and settings of a batch. Pure but for the files that
//! arguments themselves are read from (`--files-from`, or standard input in its place, and `--abbreviations`).

mod value;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use epitome::batch::{Inputs, Limits, OnInvalid, Settings, load_srx, open_named};
use epitome::error::{Error, ErrorKind, Place};
use epitome::format::bitext::BitextOptions;
use epitome::format::jsonl::Fields;
use epitome::format::{Input, Offsets, Output, Verb, WriteOptions, outputs};
use epitome::lang::Lang;
use epitome::summary::{Budget, Focus, Method};
use epitome::text::{Abbreviations, Newlines, Quotes, TextOptions};

use super::exit::{Failure, Tolerance};
use super::focus::FocusArgs;
use super::size::{Size, size};

use value::{article_size, encoding, field, kept, ratio, threads, tolerance};
pub(crate) use value::{keys, lang, method, positive, sentences, share};

/// What to read.
#[derive(Args, Clone, Debug)]
pub(crate) struct InputArgs {
    /// Files, directories, or - for standard input
    ///
    /// Links in directories are followed, also to places outside of them; loops are passed over.
    #[arg(value_name = "PATH", required_unless_present = "files_from")]
    pub(crate) paths: Vec<PathBuf>,
    /// In directories, read only what matches (repeatable)
    #[arg(long, value_name = "GLOB", hide_short_help = true)]
    include: Vec<String>,
    /// Never read what matches (repeatable)
    #[arg(long, value_name = "GLOB", hide_short_help = true)]
    exclude: Vec<String>,
    /// Read paths from a file, one a line; - for standard input
    ///
    /// A path of the list that is not there any more, or cannot be read, is a failed article and stops no other.
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    files_from: Option<PathBuf>,
    /// Paths in --files-from end with NUL
    #[arg(short = '0', long = "null", requires = "files_from", hide_short_help = true)]
    null: bool,
    #[command(flatten)]
    read: ReadArgs,
    /// Fields of JSON records to pass through to the summaries
    #[arg(long, value_name = "PATH,..", value_delimiter = ',', value_parser = kept, hide_short_help = true)]
    keep: Vec<String>,
}

/// How files of articles are read.
#[derive(Args, Clone, Debug)]
pub(crate) struct ReadArgs {
    /// Format of all inputs (default: by name; by the first byte for -)
    #[arg(short, long, value_name = "FORMAT", hide_short_help = true)]
    from: Option<From>,
    /// Encoding of all inputs (default: byte order mark, UTF-8, else a guess)
    #[arg(long, value_name = "NAME", value_parser = encoding, hide_short_help = true)]
    encoding: Option<epitome::batch::Encoding>,
    /// Take HTML tags out of the text
    #[arg(long, hide_short_help = true)]
    strip_html: bool,
    /// Where JSON records have their fields: text=content.body,id=guid
    #[arg(long, value_name = "NAME=PATH,..", value_delimiter = ',', value_parser = field, hide_short_help = true)]
    fields: Vec<(usize, Vec<String>)>,
    /// Bytes that are not in the encoding: replace them, skip the article, or let it fail
    ///
    /// By default an article fails where --encoding was given; else another encoding is guessed, and what is not in that is
    /// replaced. Replaced bytes and articles that were skipped are warnings, with the offset of the first such byte.
    #[arg(long, value_name = "WAY", hide_short_help = true)]
    on_invalid: Option<OnInvalidArg>,
    /// Bytes of one article at most; a line of JSON may have four times as many [default: 16M]
    #[arg(long, value_name = "SIZE", value_parser = article_size, hide_short_help = true)]
    max_article: Option<Size>,
    /// Bytes that one compressed input may become [default: 64G, and 250 times its size]
    #[arg(long, value_name = "SIZE", value_parser = size, hide_short_help = true)]
    max_decoded: Option<Size>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OnInvalidArg {
    Replace,
    Skip,
    Fail,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum From {
    Text,
    Jsonl,
}

/// How to read it.
#[derive(Args, Clone, Debug)]
pub(crate) struct TextArgs {
    /// Language of articles that name none (default: detected)
    #[arg(short, long, value_name = "TAG", value_parser = lang)]
    lang: Option<Lang>,
    /// Languages that detection may answer
    #[arg(long, value_name = "TAG,..", value_delimiter = ',', value_parser = lang, hide_short_help = true)]
    languages: Vec<Lang>,
    /// What a single newline means (default: found out for each article)
    #[arg(long, value_name = "MODE", default_value = "auto", hide_default_value = true, hide_short_help = true)]
    newlines: NewlinesArg,
    /// Cut a quotation of several sentences, or keep it whole
    #[arg(long, value_name = "MODE", default_value = "split", hide_default_value = true, hide_short_help = true)]
    quotes: QuotesArg,
    /// Abbreviations to add to those of the languages
    ///
    /// A section such as [title] or [title de], then an abbreviation a line. Sections: [title] stands before a name (Dr.), [inner]
    /// never ends a sentence (e.g.), [number] stands before a number (No.), [date] is a month or weekday, [either] may end one
    /// (Inc.), [end] is "and so on".
    #[arg(long, value_name = "FILE", conflicts_with = "srx", hide_short_help = true)]
    abbreviations: Option<PathBuf>,
    /// Cut sentences by the rules of an SRX file
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    srx: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum NewlinesArg {
    /// Found out for each article
    Auto,
    /// Ends a paragraph
    Paragraph,
    /// Ends a sentence, and nothing else does
    Sentence,
    /// Is a blank
    Wrap,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum QuotesArg {
    /// Cut at its inner sentence ends
    Split,
    /// One sentence, if it closes in its paragraph
    Keep,
}

impl TextArgs {
    /// How to read a text, with or without terms.
    pub(crate) fn options(&self, terms: bool) -> Result<TextOptions, Failure> {
        if self.srx.is_some() && matches!(self.newlines, NewlinesArg::Sentence) {
            return Err(Failure::Usage("--newlines sentence leaves nothing to cut by --srx".into(), "give one of them"));
        }
        Ok(TextOptions {
            lang: self.lang.clone(),
            languages: self.languages.iter().map(|lang| lang.primary().to_owned()).collect(),
            newlines: match self.newlines {
                NewlinesArg::Auto => Newlines::Auto,
                NewlinesArg::Paragraph => Newlines::Paragraph,
                NewlinesArg::Sentence => Newlines::Sentence,
                NewlinesArg::Wrap => Newlines::Wrap,
            },
            quotes: match self.quotes {
                QuotesArg::Split => Quotes::Split,
                QuotesArg::Keep => Quotes::Keep,
            },
            abbreviations: self.abbreviations.as_deref().map(abbreviations).transpose()?,
            terms,
            srx: self.srx.as_deref().map(load_srx).transpose()?,
        })
    }
}

/// The list of abbreviations in a file.
fn abbreviations(path: &Path) -> Result<Arc<Abbreviations>, Error> {
    let shown = path.display().to_string();
    let mut bytes = Vec::new();
    open_named(path)?.read_to_end(&mut bytes).map_err(|error| Error::io("cannot read it", shown.clone(), error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count() as u64;
        let place = Place { line: Some(line), ..Place::path(shown.clone()) };
        Error::from(ErrorKind::Abbreviations("the line is not UTF-8; convert the list to UTF-8".to_owned())).at(place)
    })?;
    Abbreviations::parse(&text).map(Arc::new).map_err(|error| error.at(Place::path(shown)))
}

/// How long summaries are.
#[derive(Args, Clone, Debug)]
pub(crate) struct BudgetArgs {
    /// Sentences a summary [default: 3]
    #[arg(short = 'n', long, value_name = "N", value_parser = sentences, allow_negative_numbers = true, group = "budget")]
    sentences: Option<u32>,
    /// Words a summary, at most
    #[arg(long, value_name = "N", value_parser = positive, allow_negative_numbers = true, group = "budget")]
    words: Option<u32>,
    /// Characters a summary, at most
    #[arg(long, value_name = "N", value_parser = positive, allow_negative_numbers = true, group = "budget", hide_short_help = true)]
    chars: Option<u32>,
    /// Share of the article's words, such as 0.2 or 20%
    #[arg(long, value_name = "SHARE", value_parser = ratio, allow_negative_numbers = true, group = "budget")]
    ratio: Option<f64>,
}

/// How long summaries are and how sentences are ranked.
#[derive(Args, Clone, Debug)]
pub(crate) struct SummaryArgs {
    #[command(flatten)]
    budget: BudgetArgs,
    /// Ranking method: see `epitome methods`
    #[arg(long, value_name = "NAME", value_parser = method, default_value = "auto")]
    method: &'static Method,
    /// Table of document frequencies to use instead of the batch's own
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    frequencies: Option<PathBuf>,
    #[command(flatten)]
    focus: FocusArgs,
    /// Keywords an article, beside its summary
    #[arg(long, value_name = "N", value_parser = positive, allow_negative_numbers = true, hide_short_help = true)]
    keywords: Option<u32>,
}

/// How outputs are spelled and how much work is done at once.
#[derive(Args, Clone, Debug)]
pub(crate) struct WorkArgs {
    /// Count offsets in UTF-8 bytes or Unicode scalars
    #[arg(long, value_name = "UNIT", default_value = "bytes", hide_short_help = true)]
    offsets: OffsetsArg,
    /// Threads (default: one a core)
    #[arg(short = 'j', long, value_name = "N", value_parser = threads, allow_negative_numbers = true)]
    threads: Option<u32>,
    /// Warnings count as failures: exit code 3
    #[arg(long, hide_short_help = true)]
    pub(crate) strict: bool,
    /// Exit with 0 if no more articles than this fail
    #[arg(long, value_name = "N|P%", value_parser = tolerance, hide_short_help = true)]
    pub(crate) max_failures: Option<Tolerance>,
    #[command(flatten)]
    pub(crate) talk: TalkArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OffsetsArg {
    Bytes,
    Scalar,
}

/// What is said on stderr.
#[derive(Args, Clone, Debug)]
pub(crate) struct TalkArgs {
    /// Say nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Show warnings and a report
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Messages and report as JSON lines
    #[arg(long, hide_short_help = true)]
    pub(crate) json: bool,
    /// Progress bar (auto: on a terminal)
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_short_help = true)]
    pub(crate) progress: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Never,
}

impl InputArgs {
    /// The inputs, with the paths of `--files-from` added.
    pub(crate) fn inputs(&self, work: &WorkArgs) -> Result<Inputs, Failure> {
        let paths = self.paths.clone();
        let listed = self.files_from.as_ref().map_or_else(|| Ok(Vec::new()), |list| self.listed(list))?;
        let twice = paths.iter().chain(&listed).filter(|path| path.as_os_str() == "-").count()
            + usize::from(self.files_from.as_ref().is_some_and(|list| list.as_os_str() == "-"));
        if twice > 1 {
            return Err(Failure::Usage("standard input is named twice".into(), "name - once"));
        }
        let threads = work.threads.unwrap_or(0) as usize;
        Ok(Inputs { include: self.include.clone(), exclude: self.exclude.clone(), listed, threads, ..self.read.inputs(paths) })
    }

    fn listed(&self, list: &PathBuf) -> Result<Vec<PathBuf>, Failure> {
        let mut text = String::new();
        let read = if list.as_os_str() == "-" {
            std::io::stdin().read_to_string(&mut text)
        } else {
            std::fs::File::open(list).and_then(|mut file| file.read_to_string(&mut text))
        };
        read.map_err(|error| Error::io("cannot read the list of files", list.display().to_string(), error))?;
        if !self.null && text.contains('\0') {
            return Err(Failure::Usage(format!("the list {} has NUL bytes in it", list.display()), "add -0 if its paths end with NUL"));
        }
        let split: Vec<&str> = if self.null { text.split('\0').collect() } else { text.lines().collect() };
        Ok(split.into_iter().filter(|path| !path.is_empty()).map(PathBuf::from).collect())
    }

    fn fields(&self) -> Fields {
        let mut fields = self.read.fields();
        for path in self.keep.iter().map(|path| keys(path)) {
            if !fields.keep.contains(&path) {
                fields.keep.push(path);
            }
        }
        fields
    }
}

impl ReadArgs {
    /// The format of all inputs, if it was named.
    pub(crate) fn from(&self) -> Option<Input> {
        self.from.map(|from| match from {
            From::Text => Input::Text,
            From::Jsonl => Input::Jsonl,
        })
    }

    /// Inputs of paths.
    pub(crate) fn inputs(&self, paths: Vec<PathBuf>) -> Inputs {
        let usual = Limits::default();
        let limits =
            Limits { article: self.max_article.map_or(usual.article, |size| size.0), decoded: self.max_decoded.map(|size| size.0) };
        Inputs { paths, from: self.from(), limits, ..Inputs::default() }
    }

    fn on_invalid(&self) -> OnInvalid {
        match self.on_invalid {
            None => OnInvalid::Guess,
            Some(OnInvalidArg::Replace) => OnInvalid::Replace,
            Some(OnInvalidArg::Skip) => OnInvalid::Skip,
            Some(OnInvalidArg::Fail) => OnInvalid::Fail,
        }
    }

    fn fields(&self) -> Fields {
        let mut fields = Fields::default();
        for (index, path) in &self.fields {
            fields.paths[*index] = Some(path.clone());
        }
        fields
    }

    /// The settings of a batch that only reads articles.
    pub(crate) fn settings(&self, work: &WorkArgs) -> Settings {
        Settings {
            encoding: self.encoding,
            on_invalid: self.on_invalid(),
            strip_html: self.strip_html,
            fields: self.fields(),
            method: None,
            write: WriteOptions { offsets: work.offsets(), ..WriteOptions::default() },
            threads: work.threads.unwrap_or(0) as usize,
            ..Settings::default()
        }
    }
}

impl WorkArgs {
    fn offsets(&self) -> Offsets {
        match self.offsets {
            OffsetsArg::Bytes => Offsets::Bytes,
            OffsetsArg::Scalar => Offsets::Scalar,
        }
    }
}

/// The settings of a batch from the arguments that a verb has; a rule file is read here, so that its faults end the run first.
pub(crate) fn settings(
    input: &InputArgs,
    text: &TextArgs,
    summary: Option<&SummaryArgs>,
    work: &WorkArgs,
    outputs: Vec<&'static Output>,
) -> Result<Settings, Failure> {
    let offsets = work.offsets();
    Ok(Settings {
        encoding: input.read.encoding,
        on_invalid: input.read.on_invalid(),
        strip_html: input.read.strip_html,
        fields: input.fields(),
        text: text.options(summary.is_some())?,
        method: summary.map(|summary| summary.method),
        budget: summary.map_or_else(Budget::default, |summary| summary.budget.budget()),
        focus: summary.map_or_else(|| Ok(Focus::default()), |summary| summary.focus.focus())?,
        keywords: summary.and_then(|summary| summary.keywords).unwrap_or(0),
        frequencies: summary.and_then(|summary| summary.frequencies.clone()),
        write: WriteOptions { offsets, headers: true, ..WriteOptions::default() },
        bitext: BitextOptions::default(),
        outputs,
        bundle: None,
        duplicates: None,
        explain: false,
        incremental: None,
        threads: work.threads.unwrap_or(0) as usize,
        ..Settings::default()
    })
}

impl BudgetArgs {
    /// Whether any was named.
    pub(crate) fn is_given(&self) -> bool {
        self.sentences.is_some() || self.words.is_some() || self.chars.is_some() || self.ratio.is_some()
    }

    pub(crate) fn budget(&self) -> Budget {
        match (self.sentences, self.words, self.chars, self.ratio) {
            (_, Some(words), ..) => Budget::Words(words),
            (_, _, Some(chars), _) => Budget::Characters(chars),
            (.., Some(ratio)) => Budget::Ratio(ratio),
            (sentences, ..) => Budget::Sentences(sentences.unwrap_or(3)),
        }
    }
}

/// The outputs of a verb by the names of `-t`; its defaults if there are none.
pub(crate) fn chosen(verb: Verb, names: &[String]) -> Result<Vec<&'static Output>, Failure> {
    if names.is_empty() {
        return Ok(outputs(verb).filter(|output| output.default).collect());
    }
    let mut found: Vec<&'static Output> = Vec::new();
    for name in names {
        let Some(output) = outputs(verb).find(|output| output.name == name) else {
            let known: Vec<&str> = outputs(verb).map(|output| output.name).collect();
            return Err(Failure::Usage(
                format!("no output is called {name:?}; there are {}", known.join(", ")),
                "-t names what is written, -o names where",
            ));
        };
        if !found.iter().any(|other| other.name == output.name) {
            found.push(output);
        }
    }
    Ok(found)
}

/// Whether cells are made safe, which is refused where no table is written.
pub(crate) fn spreadsheet_safe(given: bool, outputs: &[&'static Output], table: &str) -> Result<bool, Failure> {
    if given && !outputs.iter().any(|output| output.name == table) {
        let way_out = if table == "tsv" { "add -t tsv" } else { "add segments.tsv to -t" };
        return Err(Failure::Usage("--spreadsheet-safe shapes nothing that is written".into(), way_out));
    }
    Ok(given)
}

/// The date of a memory, where the environment says what time it is to be.
pub(crate) fn created() -> Option<String> {
    std::env::var("SOURCE_DATE_EPOCH").ok()?.parse().ok().map(epitome::format::tmx::date_of)
}
