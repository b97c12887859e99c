//! What is said on stderr: failures always, warnings and a report under `-v`, JSON lines under `--json`, a bar on a terminal,
//! a plain line now and then under `-v` elsewhere. In cron, when all is well: nothing.

use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use epitome::batch::{Cost, Delivered, Imported, Leveraged, Observer, Report, Reuse};
use epitome::error::{Error, Place, Warning};
use epitome::format::coverage::Coverage;
use epitome::translation::leverage::Level;

use super::args::{TalkArgs, When};
use super::cost;

/// Prints a line; a closed or broken stderr is no reason to stop.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints an error with its hint, unless that was given before.
pub(crate) fn say_error(error: &Error, json: bool, hinted: bool) {
    if json {
        return say(&diagnostic("error", error.code(), &error.place, &error.kind.to_string(), error.hint()));
    }
    let place = error.place != Place::default();
    say(&format!("{}{error}", if place { "" } else { "epitome: " }));
    if let Some(hint) = error.hint().filter(|_| !hinted) {
        say(&format!("  hint: {hint}"));
    }
}

/// Talks to whoever started the run.
pub(crate) struct Talk {
    args: TalkArgs,
    /// Warnings decide the exit code, so they are shown.
    strict: bool,
    bar: ProgressBar,
    plain: Mutex<Plain>,
    /// Kinds of failure whose hint was given: once is enough for a thousand lines.
    hinted: Mutex<HashSet<&'static str>>,
    start: Instant,
    /// What it cost, once that is known.
    cost: Mutex<Option<Cost>>,
}

/// The state of plain progress lines.
struct Plain {
    pass: String,
    total: u64,
    articles: u64,
    last: Instant,
}

/// How often a plain line is printed where there is no bar.
const EVERY: Duration = Duration::from_secs(10);

impl Talk {
    pub(crate) fn new(args: &TalkArgs, strict: bool) -> Talk {
        let drawn =
            !args.quiet && !args.json && args.progress == When::Auto && std::io::stderr().is_terminal() && std::env::var_os("CI").is_none();
        let target = if drawn { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let plain = Plain { pass: String::new(), total: 0, articles: 0, last: Instant::now() };
        Talk {
            args: args.clone(),
            strict,
            bar: ProgressBar::with_draw_target(Some(0), target),
            plain: Mutex::new(plain),
            hinted: Mutex::default(),
            start: Instant::now(),
            cost: Mutex::default(),
        }
    }

    fn line(&self, line: &str) {
        self.bar.suspend(|| say(line));
    }

    fn plain(&self) -> std::sync::MutexGuard<'_, Plain> {
        self.plain.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Talk {
    fn started(&self, pass: u32, of: u32, bytes: u64) {
        let name = if of == 1 { "working".to_owned() } else { format!("pass {pass} of {of}") };
        let style = ProgressStyle::with_template("{prefix}  {bar:24} {msg}  {speed}  {eta} left").expect("a sound template");
        let speed = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = write!(out, "{:.1} MB/s", state.per_sec() / 1e6);
        };
        self.bar.set_style(style.with_key("speed", speed));
        self.bar.set_prefix(name.clone());
        self.bar.set_length(bytes);
        self.bar.reset();
        *self.plain() = Plain { pass: name, total: bytes, articles: 0, last: Instant::now() };
    }

    fn advanced(&self, articles: u64, bytes: u64) {
        let mut plain = self.plain();
        plain.articles += articles;
        self.bar.set_message(format!("{} articles", plain.articles));
        self.bar.set_position(bytes);
        if self.args.verbose && !self.args.json && self.bar.is_hidden() && plain.last.elapsed() > EVERY {
            plain.last = Instant::now();
            say(&format!("{}: {} articles, {} of {}", plain.pass, plain.articles, HumanBytes(bytes), HumanBytes(plain.total)));
        }
    }

    fn warning(&self, warning: &Warning) {
        if self.args.json {
            self.line(&diagnostic("warning", warning.kind.code(), &warning.place, &warning.kind.to_string(), None));
        } else if self.args.verbose || self.strict {
            self.line(&format!("warning: {warning}"));
        }
    }

    fn failed(&self, error: &Error) {
        let hinted = !self.hinted.lock().unwrap_or_else(PoisonError::into_inner).insert(error.code());
        self.bar.suspend(|| say_error(error, self.args.json, hinted));
    }

    fn spent(&self, cost: &Cost) {
        *self.cost.lock().unwrap_or_else(PoisonError::into_inner) = Some(cost.clone());
    }

    fn finished(&self, report: &Report) {
        self.bar.finish_and_clear();
        let (cost, wall) = (self.cost.lock().unwrap_or_else(PoisonError::into_inner).take(), self.start.elapsed());
        if self.args.json {
            let languages: serde_json::Value =
                report.languages.iter().map(|(code, count)| (code.clone(), (*count).into())).collect::<serde_json::Map<_, _>>().into();
            let mut record = serde_json::json!({
                "level": "report", "articles": report.articles, "failures": report.failures, "warnings": report.warnings,
                "segments": report.segments, "locked": report.locked, "blanks": report.blanks, "summary_words": report.summary_words, "languages": languages,
                "duplicates": report.duplicates,
            });
            if let Some(delivered) = &report.delivered {
                record["delivered"] = serde_json::json!({
                    "translated": delivered.translated, "articles": delivered.in_articles, "excerpts": delivered.in_excerpts,
                    "summaries": delivered.in_summaries, "memory": delivered.in_memory,
                });
            }
            if let Some(stored) = &report.stored {
                record["memory"] = serde_json::json!({
                    "new": stored.new, "known": stored.known, "renewed": stored.renewed, "replaced": stored.replaced,
                });
            }
            if let Some(leverage) = &report.leverage {
                record["leverage"] = leverage_json(leverage);
            }
            if let Some(coverage) = &report.coverage {
                record["coverage"] = serde_json::from_slice(&coverage.to_json()).unwrap_or_default();
            }
            if report.held_back > 0 {
                record["held_back"] = report.held_back.into();
            }
            if report.resumed > 0 {
                record["resumed"] = report.resumed.into();
            }
            if let Some(reuse) = &report.reuse {
                record["reuse"] = serde_json::json!({
                    "reused": reuse.reused, "unread": reuse.unread, "new": reuse.new, "changed": reuse.changed, "options": reuse.options, "table": reuse.table,
                    "output": reuse.output, "gone": reuse.gone, "whole": reuse.whole, "unchanged": reuse.unchanged,
                });
            }
            if let Some(cost) = &cost {
                record["cost"] = cost::json(cost, report, wall);
            }
            return say(&record.to_string());
        }
        let told = self.args.verbose || !self.args.quiet && std::io::stderr().is_terminal() && std::env::var_os("CI").is_none();
        if told {
            say(&summary_line(report, self.args.verbose));
            report.delivered.iter().for_each(|delivered| say(&delivered_line(delivered, report.segments - report.locked)));
            report.stored.iter().for_each(|stored| say(&format!("memory {}", taken(stored))));
            report.leverage.iter().filter_map(leverage_line).for_each(|line| say(&line));
            report.coverage.iter().for_each(|coverage| say(&coverage_line(coverage)));
            report.reuse.iter().for_each(|reuse| say(&reuse_line(reuse)));
        }
        if let Some(cost) = cost.filter(|_| self.args.verbose) {
            cost::lines(&cost, report, wall).iter().for_each(|line| say(line));
        }
    }
}

/// One line on what was done.
fn summary_line(report: &Report, verbose: bool) -> String {
    let mut parts = vec![counted(report.articles, "article")];
    if report.segments > 0 {
        let locked = if report.locked > 0 { format!(" ({} locked)", report.locked) } else { String::new() };
        parts.push(counted(report.segments, "segment") + &locked);
    }
    if report.held_back > 0 {
        parts.push(format!("{} held back", report.held_back));
    }
    if report.blanks > 0 && verbose {
        parts.push(format!("{} put on one line", report.blanks));
    }
    if report.duplicates > 0 {
        parts.push(counted(report.duplicates, "duplicate"));
    }
    if report.resumed > 0 {
        parts.push(format!("{} of a run that was killed", report.resumed));
    }
    if report.failures > 0 {
        parts.push(format!("{} failed", report.failures));
    }
    if report.warnings > 0 {
        parts.push(format!("{}{}", counted(report.warnings, "warning"), if verbose { "" } else { " (-v shows them)" }));
    }
    if verbose {
        let languages: Vec<String> = report.languages.iter().map(|(code, count)| format!("{code} {count}")).collect();
        parts.push(languages.join(" "));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// One line on what a budget for translation covers.
fn coverage_line(coverage: &Coverage) -> String {
    let (segments, words) = coverage.sum();
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let least = format!("at least {} of the best possible", percent(coverage.reached()));
    let weight = percent(coverage.weight);
    let known = words - coverage.sent[Level::New as usize].1;
    let known = if known > 0 { format!(" ({known} with matches)") } else { String::new() };
    let repeats = if coverage.repeats > 0 { format!("; {} passed over that say what is sent", coverage.repeats) } else { String::new() };
    format!("{words} words of {}{known} in {} carry {weight} of the weight, {least}{repeats}", coverage.words, counted(segments, "segment"))
}

/// What became of entries that came into a memory.
pub(crate) fn taken(file: &Imported) -> String {
    let others = [(file.renewed, "renewed"), (file.replaced, "replaced"), (file.older, "older")];
    let others = others.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!(", {count} {what}"));
    format!("{} new, {} known{}", file.new, file.known, others.collect::<String>())
}

/// One line on what came back from translators, of so many segments, and in which files it is.
fn delivered_line(delivered: &Delivered, of: u64) -> String {
    let places = [
        (delivered.in_articles, "articles/"),
        (delivered.in_excerpts, "excerpts.jsonl and excerpts.md"),
        (delivered.in_summaries, "summaries.jsonl"),
        (delivered.in_memory, "memory.tmx"),
    ];
    let told: Vec<String> = places.iter().filter(|(count, _)| *count > 0).map(|(count, place)| format!("{count} in {place}")).collect();
    let told = if told.is_empty() { String::new() } else { format!(": {}", told.join(", ")) };
    format!("{} of {} translated{told}", delivered.translated, counted(of, "segment"))
}

/// Levels of matches by name with the segments that have one of each, those without any last.
fn levels(leverage: &Leveraged) -> impl Iterator<Item = (&'static str, u64)> {
    let of_memory = |level: &Level| !matches!(level, Level::Repetition | Level::CrossFile);
    Level::ALL.into_iter().zip(leverage.levels).filter(move |(level, _)| of_memory(level)).map(|(level, count)| (level.name(), count))
}

/// One line on what the memory had, if anything was looked up.
fn leverage_line(leverage: &Leveraged) -> Option<String> {
    let told: Vec<String> = levels(leverage).filter(|(_, count)| *count > 0).map(|(name, count)| format!("{name}: {count}")).collect();
    let filled = if leverage.filled > 0 { format!(", {} filled in", leverage.filled) } else { String::new() };
    (!told.is_empty()).then(|| format!("matches {}{filled}", told.join(", ")))
}

fn leverage_json(leverage: &Leveraged) -> serde_json::Value {
    let mut record: serde_json::Map<String, serde_json::Value> =
        levels(leverage).map(|(name, count)| (name.to_owned(), count.into())).collect();
    record.insert("filled".to_owned(), leverage.filled.into());
    record.into()
}

/// One line on what an incremental run did not do again, and why the rest.
fn reuse_line(reuse: &Reuse) -> String {
    let unread = if reuse.unread > 0 { format!(" ({} not read)", reuse.unread) } else { String::new() };
    if reuse.unchanged {
        return format!("nothing changed{unread}, the directory is left as it is");
    }
    let causes = [
        (reuse.new, "new"),
        (reuse.changed, "changed"),
        (reuse.options, "for other options"),
        (reuse.table, "for other frequencies"),
        (reuse.output, "for lost output"),
    ];
    let done: u64 = causes.iter().map(|(count, _)| count).sum();
    let told: Vec<String> = causes.iter().filter(|(count, _)| *count > 0).map(|(count, why)| format!("{count} {why}")).collect();
    let told = if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) };
    let why = reuse.whole.map(|why| format!(": {why}")).unwrap_or_default();
    format!("{} reused{unread}, {done} done{told}, {} gone{why}", reuse.reused, reuse.gone)
}

fn counted(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// A message as a line of JSON.
pub(crate) fn diagnostic(level: &str, code: &str, place: &Place, message: &str, hint: Option<&str>) -> String {
    serde_json::json!({
        "level": level, "code": code, "path": place.path, "line": place.line, "article": place.article, "message": message, "hint": hint,
    })
    .to_string()
}
