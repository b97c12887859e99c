//! `epitome check`: is this file sound? What a format has to say about a file is that format's business; here it is found out
//! which format it is, and what was found is printed.

use std::io::{self, BufRead, Cursor, Read, Write};
use std::path::{Path, PathBuf};

use epitome::batch::{decode_xml, files_within, misdeclared, no_xml, open_named};
use epitome::error::{Error, ErrorKind, Place, Result, escaped};
use epitome::format::check::{self, Finding, Out};
use epitome::text::srx::Severity;
use epitome::translation::quality::{CHECKS, Checks};

use super::exit::{Exit, Failure};
use super::pages::stdout;
use super::talk;

/// Check files: are this XLIFF, TMX and SRX sound, and what is odd about the translations?
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  epitome check out/segments/*.xlf memory.tmx\n  epitome check back.xlf --disable length,same --strict\n  epitome check rules.srx && epitome run articles/ --srx rules.srx -o out"
)]
pub(crate) struct Args {
    /// Files to check, directories of such, or - for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Leave out checks of targets, as numbers,length (--help lists them)
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = check_name, long_help = disable_help())]
    disable: Vec<&'static str>,
    /// Findings as JSON lines
    #[arg(long)]
    pub(crate) json: bool,
    /// Warnings count as faults: exit code 4
    #[arg(long)]
    strict: bool,
}

/// A format that can be checked.
struct Format {
    /// Endings of its file names.
    endings: &'static [&'static str],
    /// Local name of its root element.
    root: &'static str,
    check: fn(&mut dyn BufRead, &Checks, Out) -> Result<()>,
}

/// What can be checked, one line a format.
const FORMATS: &[Format] = &[
    Format {
        endings: &["xlf", "xliff", "sdlxliff", "mqxliff", "mxliff"],
        root: "xliff",
        check: |i, checks, out| check::xliff(i, checks, out),
    },
    Format { endings: &["tmx"], root: "tmx", check: |input, checks, out| check::tmx(input, checks, out) },
    Format { endings: &["srx"], root: "srx", check: |input, checks, out| check::srx(input, checks, out) },
];

/// The name of a check of targets.
fn check_name(name: &str) -> std::result::Result<&'static str, String> {
    let found = CHECKS.iter().find(|check| check.name == name).map(|check| check.name);
    found.ok_or_else(|| {
        let known: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
        format!("no check is called that; there are {}", known.join(", "))
    })
}

fn disable_help() -> String {
    let lines: Vec<String> = CHECKS.iter().map(|check| format!("  {:<16} {} (ITS: {})", check.name, check.about, check.its)).collect();
    format!("Leave out checks of targets against their sources; several names are parted by commas:\n{}", lines.join("\n"))
}

pub(crate) fn run(args: &Args) -> std::result::Result<Exit, Failure> {
    let mut out = stdout()?;
    let mut checks = Checks::default();
    for name in &args.disable {
        checks.disable(name);
    }
    // A fault that was found is not hidden by a file that could not be checked.
    let (mut any_missed, mut failed) = (false, false);
    for path in &files(&args.files, |error| {
        talk::say_error(&error, args.json, false);
        failed = true;
    }) {
        let bar = if args.strict { Severity::Warning } else { Severity::Error };
        let (mut missed, mut written) = (false, Ok(()));
        let mut tell = |finding: Finding| {
            missed |= finding.severity >= bar;
            if written.is_ok() {
                written = writeln!(out, "{}", shown(path, &finding, args.json));
            }
        };
        match check(path, &checks, &mut tell) {
            Ok(()) => {}
            // A file that is not even XML has a fault; one that cannot be read has not been checked.
            Err(Error { kind: ErrorKind::Srx(cause) | ErrorKind::Xml(cause), place }) => {
                tell(Finding { severity: Severity::Error, line: place.line.unwrap_or(1), code: "xml", its: None, rule: None, cause });
            }
            Err(error) => {
                talk::say_error(&error, args.json, false);
                failed = true;
            }
        }
        written.map_err(Failure::stdout)?;
        any_missed |= missed;
    }
    out.flush().map_err(Failure::stdout)?;
    Ok(match (any_missed, failed) {
        (true, _) => Exit::Missed,
        (false, true) => Exit::Failed,
        (false, false) => Exit::Done,
    })
}

/// The files named, and those in directories whose endings are known.
fn files(paths: &[PathBuf], mut none: impl FnMut(Error)) -> Vec<PathBuf> {
    let ending = |name: &str| Path::new(name).extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    let known = |name: &str| ending(name).is_some_and(|ending| FORMATS.iter().any(|format| format.endings.contains(&&*ending)));
    let mut out = Vec::new();
    for path in paths {
        if !path.is_dir() {
            out.push(path.clone());
            continue;
        }
        let found = files_within(path, None, known);
        if found.is_empty() {
            none(ErrorKind::NothingToCheck(path.display().to_string()).into());
        }
        out.extend(found);
    }
    out
}

/// Finds out the format, by the name's ending or else by the root element, and checks.
fn check(path: &Path, checks: &Checks, out: Out) -> Result<()> {
    let placed = |error: Error| error.at(Place::path(path.display().to_string()));
    let mut input: Box<dyn BufRead> = if path.as_os_str() == "-" { Box::new(io::stdin().lock()) } else { Box::new(open_named(path)?) };
    let start = input.fill_buf().map_err(|error| placed(ErrorKind::Io("cannot read it", error).into()))?;
    if let Some(what) = no_xml(start) {
        return Err(placed(ErrorKind::Unchecked { found: what.to_owned(), known: known() }.into()));
    }
    if let Some(label) = misdeclared(start) {
        let cause = format!("it declares the encoding {label:?}, but is not in it");
        out(Finding { severity: Severity::Error, line: 1, code: "xml", its: None, rule: None, cause });
    }
    let mut input = decode_xml(input).map_err(placed)?;
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("").to_ascii_lowercase();
    if let Some(format) = FORMATS.iter().find(|format| format.endings.contains(&ending.as_str())) {
        return (format.check)(&mut input, checks, out).map_err(placed);
    }
    let mut start = Vec::new();
    input.by_ref().take(NEAR).read_to_end(&mut start).map_err(|error| placed(ErrorKind::Io("cannot read it", error).into()))?;
    let root = root(&start);
    let found = FORMATS.iter().find(|format| root.as_deref() == Some(format.root));
    let format = found.ok_or_else(|| placed(unknown(root.as_deref()).into()))?;
    (format.check)(&mut Cursor::new(start).chain(input), checks, out).map_err(placed)
}

/// Bytes from the start among which the root element is looked for.
const NEAR: u64 = 64 << 10;

/// Local name of the first element.
fn root(start: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(start);
    let element = text.split('<').skip(1).find(|piece| piece.starts_with(char::is_alphabetic));
    let name = element.map(|piece| piece.split(|c: char| !c.is_alphanumeric() && !matches!(c, ':' | '_' | '-')).next().unwrap_or(""));
    name.map(|name| name.rsplit(':').next().unwrap_or(name).to_owned())
}

fn unknown(root: Option<&str>) -> ErrorKind {
    let found = root.map_or_else(|| "a file that is no XML".to_owned(), |root| format!("<{root}>"));
    ErrorKind::Unchecked { found, known: known() }
}

/// The formats, as a sentence names them.
fn known() -> String {
    let known: Vec<String> = FORMATS.iter().map(|format| format.root.to_uppercase()).collect();
    known.split_last().map_or_else(String::new, |(last, others)| format!("{} and {last}", others.join(", ")))
}

/// A finding as a line: place, severity, rule, cause, and in brackets what switches it off.
fn shown(path: &Path, finding: &Finding, json: bool) -> String {
    let path = path.display().to_string();
    let severity = finding.severity.name();
    if !json {
        let rule = finding.rule.as_ref().map_or_else(String::new, |(list, number)| format!("rule {number} of {list:?}: "));
        let check = finding.its.map_or_else(String::new, |_| format!(" [{}]", finding.code));
        return format!("{}:{}: {severity}: {}{check}", escaped(&path), finding.line, escaped(&format!("{rule}{}", finding.cause)));
    }
    let mut record = serde_json::json!({
        "level": severity, "code": finding.code, "path": path, "line": finding.line, "message": finding.cause,
    });
    if let Some(its) = finding.its {
        record["its"] = its.into();
    }
    if let Some((list, number)) = &finding.rule {
        (record["rules"], record["rule"]) = (list.as_str().into(), (*number).into());
    }
    record.to_string()
}
