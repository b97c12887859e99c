//! `epitome check`: is this file sound? What a format has to say about a file is that format's business; here it is found out
//! which format it is, and what was found is printed.

use std::io::{self, BufRead, Cursor, Read, Write};
use std::path::{Path, PathBuf};

use epitome::batch::{decode_xml, open_named};
use epitome::error::{Error, ErrorKind, Place, Result, escaped};
use epitome::format::srx;
use epitome::text::srx::{Finding, Severity};

use super::exit::{Exit, Failure};
use super::pages::stdout;
use super::talk;

/// Check files: is this SRX sound?
#[derive(clap::Args)]
#[command(after_help = "Example:\n  epitome check rules.srx && epitome run articles/ --srx rules.srx -o out")]
pub(crate) struct Args {
    /// Files to check, or - for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
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
    check: fn(&mut dyn BufRead) -> Result<Vec<Finding>>,
}

/// What can be checked, one line a format.
const FORMATS: &[Format] = &[Format { endings: &["srx"], root: "srx", check: |input| srx::check(input).map(|(_, findings)| findings) }];

pub(crate) fn run(args: &Args) -> std::result::Result<Exit, Failure> {
    let mut out = stdout()?;
    let mut exit = Exit::Done;
    for path in &args.files {
        let findings = match check(path) {
            Ok(findings) => findings,
            // A file that is not even XML has a fault; one that cannot be read has not been checked.
            Err(Error { kind: ErrorKind::Srx(cause) | ErrorKind::Xml(cause), place }) => {
                vec![Finding { severity: Severity::Error, line: place.line.unwrap_or(1), rule: None, cause }]
            }
            Err(error) => {
                talk::say_error(&error, args.json, false);
                exit = Exit::Failed;
                continue;
            }
        };
        for finding in &findings {
            writeln!(out, "{}", shown(path, finding, args.json)).map_err(Failure::stdout)?;
        }
        let worst = findings.iter().map(|finding| finding.severity).max();
        let bar = if args.strict { Severity::Warning } else { Severity::Error };
        if exit == Exit::Done && worst >= Some(bar) {
            exit = Exit::Missed;
        }
    }
    out.flush().map_err(Failure::stdout)?;
    Ok(exit)
}

/// Finds out the format, by the name's ending or else by the root element, and checks.
fn check(path: &Path) -> Result<Vec<Finding>> {
    let placed = |error: Error| error.at(Place::path(path.display().to_string()));
    let input: Box<dyn BufRead> = if path.as_os_str() == "-" { Box::new(io::stdin().lock()) } else { Box::new(open_named(path)?) };
    let mut input = decode_xml(input).map_err(placed)?;
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("").to_ascii_lowercase();
    if let Some(format) = FORMATS.iter().find(|format| format.endings.contains(&ending.as_str())) {
        return (format.check)(&mut input).map_err(placed);
    }
    let mut start = Vec::new();
    input.by_ref().take(NEAR).read_to_end(&mut start).map_err(|error| placed(ErrorKind::Io("cannot read it", error).into()))?;
    let root = root(&start);
    let known = FORMATS.iter().find(|format| root.as_deref() == Some(format.root));
    let format = known.ok_or_else(|| placed(unknown(root.as_deref()).into()))?;
    (format.check)(&mut Cursor::new(start).chain(input)).map_err(placed)
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
    let found = root.map_or_else(|| "a file without XML elements".to_owned(), |root| format!("<{root}>"));
    let known: Vec<&str> = FORMATS.iter().map(|format| format.root).collect();
    ErrorKind::Unchecked { found, known: format!("<{}>", known.join(">, <")) }
}

/// A finding as a line: place, severity, rule, cause.
fn shown(path: &Path, finding: &Finding, json: bool) -> String {
    let path = path.display().to_string();
    if !json {
        return format!("{}:{}: {}: {}", escaped(&path), finding.line, finding.severity.name(), escaped(&finding.to_string()));
    }
    let (language, number) = finding.rule.clone().unzip();
    serde_json::json!({
        "level": finding.severity.name(), "path": path, "line": finding.line, "rules": language, "rule": number, "message": finding.cause,
    })
    .to_string()
}
