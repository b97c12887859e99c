//! Segmentation by the rules of an SRX 2.0 file, as translators' memories were cut with: language maps choose rules, with or
//! without cascade, and at each position the first rule whose `beforebreak` ends there and whose `afterbreak` begins there
//! decides. Patterns are those of `java.util.regex`, as in the reference implementation, or of ICU where a file says so. The
//! file's XML is read by [`crate::format`], files are opened elsewhere.

mod alphabet;
mod backtrack;
mod class;
mod dfa;
mod lower;
mod nfa;
mod pattern;
mod rules;
mod seen;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::span::Span;
pub use class::Dialect;
use pattern::{Assert, Node};
use rules::Part;
pub use rules::{Cache, Rules};

/// What an SRX file says, with the lines it says it on. Nothing is compiled yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// All maps that cover a language count, not the first alone.
    pub cascade: bool,
    /// Whose regular expressions they are.
    pub dialect: Dialect,
    /// Named lists of rules.
    pub languages: Vec<LanguageRules>,
    /// Which list is for which language, in order.
    pub maps: Vec<LanguageMap>,
}

/// A named list of rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LanguageRules {
    /// `languagerulename`.
    pub name: String,
    /// Line in the file, from 1.
    pub line: u64,
    /// The rules, in order.
    pub rules: Vec<Rule>,
}

/// A rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// `break="yes"`; else an exception.
    pub breaks: bool,
    /// Matches up to the position.
    pub before: String,
    /// Matches from the position on.
    pub after: String,
    /// Line in the file, from 1.
    pub line: u64,
}

/// Which list of rules is for which language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LanguageMap {
    /// A regular expression for the whole of a language code.
    pub pattern: String,
    /// `languagerulename`.
    pub name: String,
    /// Line in the file, from 1.
    pub line: u64,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Allowed, but hardly meant.
    Warning,
    /// The file cannot be followed.
    Error,
}

impl Severity {
    /// Its name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Something about a rule file that its author should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Line in the file, from 1.
    pub line: u64,
    /// Name of the list of rules and number of the rule in it, from 1.
    pub rule: Option<(String, usize)>,
    /// What was found.
    pub cause: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((language, number)) = &self.rule {
            write!(f, "rule {number} of {language:?}: ")?;
        }
        f.write_str(&self.cause)
    }
}

/// The rules of a file, ready to compile for any language.
pub struct Srx {
    cascade: bool,
    languages: Vec<Vec<Parsed>>,
    /// Pattern and list of each map.
    maps: Vec<(Rules, usize)>,
    fingerprint: String,
    /// By the lists that apply.
    compiled: Mutex<HashMap<Vec<usize>, Arc<Rules>>>,
}

struct Parsed {
    breaks: bool,
    before: Node,
    after: Node,
}

impl fmt::Debug for Srx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Srx").field("cascade", &self.cascade).field("maps", &self.maps.len()).finish_non_exhaustive()
    }
}

impl Srx {
    /// Reads the patterns of a draft. Everything worth saying is among the findings, in order of lines; with an error among
    /// them there are no rules, since to leave one out would be to cut otherwise than the file says. `fingerprint` stands for
    /// the file's content.
    pub fn new(draft: &Draft, fingerprint: String) -> (Option<Srx>, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut names: HashMap<&str, usize> = HashMap::new();
        let mut languages = Vec::new();
        let mut states = 0;
        for list in &draft.languages {
            if names.insert(&list.name, languages.len()).is_some() {
                findings.push(error(list.line, None, format!("two lists of rules are called {:?}", list.name)));
            }
            // With a cascade any of the lists may hold together.
            states = if draft.cascade { states } else { 0 };
            languages.push(read_list(list, draft.dialect, &mut states, &mut findings));
        }
        let mut maps = Vec::new();
        for map in &draft.maps {
            match (names.get(map.name.as_str()), map_rules(&map.pattern, draft.dialect)) {
                (None, _) => findings.push(error(map.line, None, format!("the map names rules that are not there: {:?}", map.name))),
                (_, Err(cause)) => findings.push(error(map.line, None, format!("the language pattern {}: {cause}", shown(&map.pattern)))),
                (Some(&list), Ok(pattern)) => maps.push((pattern, list)),
            }
        }
        for list in draft.languages.iter().filter(|list| !list.name.is_empty() && !draft.maps.iter().any(|map| map.name == list.name)) {
            let cause = format!("no map names the rules {:?}, so that they never apply", list.name);
            findings.push(Finding { severity: Severity::Warning, line: list.line, rule: None, cause });
        }
        let first = draft.languages.first().map_or(1, |list| list.line);
        let sides = languages.iter().flatten().flat_map(|rule: &Parsed| [&rule.before, &rule.after]);
        findings.extend(check_sets(sides).err().map(|cause| error(first, None, cause)));
        findings.sort_by_key(|finding| finding.line);
        let sound = findings.iter().all(|finding| finding.severity < Severity::Error);
        let srx = Srx { cascade: draft.cascade, languages, maps, fingerprint, compiled: Mutex::default() };
        (sound.then_some(srx), findings)
    }

    /// What stands for the file's content.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The rules for a language code; none if no map covers it. Compiled once.
    pub fn rules(&self, code: &str) -> Arc<Rules> {
        let matching = self.maps.iter().filter(|(pattern, _)| pattern.is_whole(code)).map(|(_, list)| *list);
        let lists: Vec<usize> = if self.cascade { matching.collect() } else { matching.take(1).collect() };
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let compile = |lists: &Vec<usize>| {
            let rules = lists.iter().flat_map(|list| &self.languages[*list]);
            let parts: Vec<Part> = rules.map(|rule| Part { breaks: rule.breaks, before: &rule.before, after: &rule.after }).collect();
            Arc::new(Rules::new(&parts))
        };
        compiled.entry(lists).or_insert_with_key(compile).clone()
    }
}

/// The pattern of a map, as a rule that ends where the whole of a code has matched.
fn map_rules(pattern: &str, dialect: Dialect) -> Result<Rules, String> {
    let node = pattern::parse(pattern, dialect)?;
    check_size(&node, pattern.len())?;
    let whole = Node::Cat(vec![Node::Assert(Assert::Start), node, Node::Assert(Assert::End)]);
    Ok(Rules::new(&[Part { breaks: true, before: &whole, after: &Node::Empty }]))
}

/// Refuses what multiplies; `length` is that of the pattern as it is written. Returns the states beyond those of its characters.
fn check_size(node: &Node, length: usize) -> Result<u64, String> {
    let mut looks = lower::Looks::default();
    let mut size = lower::size(&lower::lower(node, &mut looks).plain);
    size = looks.all.iter().map(|look| lower::size(&look.body)).fold(size, u64::saturating_add);
    size = size.max(backtrack::size(node));
    let beyond = size.saturating_sub(length as u64);
    if beyond > lower::MOST_STATES {
        return Err(format!("its counts multiply to more than {} states", lower::MOST_STATES));
    }
    Ok(beyond)
}

/// Refuses so many sets of characters that telling them apart would fill memory.
fn check_sets<'a>(nodes: impl Iterator<Item = &'a Node>) -> Result<(), String> {
    let mut sets = HashSet::new();
    nodes.for_each(|node| node.sets(&mut sets));
    let edges: HashSet<u32> = sets.iter().flat_map(|set| set.iter().flat_map(|&(start, end)| [start as u32, end as u32 + 1])).collect();
    if sets.len() > alphabet::MOST_SETS || edges.len() > alphabet::MOST_EDGES {
        return Err(format!(
            "the patterns of the file name more than {} sets of characters, or sets of too many ranges",
            alphabet::MOST_SETS
        ));
    }
    Ok(())
}

/// The patterns of a list; what is wrong with them goes to the findings. `states` are those that counts make, of this list and
/// those that may hold with it.
fn read_list(list: &LanguageRules, dialect: Dialect, states: &mut u64, findings: &mut Vec<Finding>) -> Vec<Parsed> {
    let mut earlier: HashMap<(&str, &str), usize> = HashMap::new();
    let mut parsed = Vec::new();
    for (index, rule) in list.rules.iter().enumerate() {
        let place = || Some((list.name.clone(), index + 1));
        let mut say = |severity, cause| findings.push(Finding { severity, line: rule.line, rule: place(), cause });
        let few = *states <= lower::MOST_STATES_TOGETHER;
        let mut side = |name: &str, text: &str| {
            let found = pattern::parse(text, dialect).and_then(|node| check_size(&node, text.len()).map(|beyond| (node, beyond)));
            let (node, beyond) = found.map_err(|cause| say(Severity::Error, format!("{name} {}: {cause}", shown(text)))).ok()?;
            if !lower::lower(&node, &mut lower::Looks::default()).exact {
                say(Severity::Info, format!("{name} {} needs the slow engine, for its back-reference or atomic group", shown(text)));
            }
            *states += beyond;
            Some(node)
        };
        let (before, after) = (side("beforebreak", &rule.before), side("afterbreak", &rule.after));
        if few && *states > lower::MOST_STATES_TOGETHER {
            let most = lower::MOST_STATES_TOGETHER;
            say(Severity::Error, format!("with those of the rules before it, its counts multiply to more than {most} states"));
        }
        let decides = if rule.breaks { "breaks at every position" } else { "forbids a break at every position" };
        if rule.before.is_empty() && rule.after.is_empty() {
            say(Severity::Warning, format!("both of its patterns are empty, so it {decides} that no rule before it decided"));
        }
        let blocking = earlier.get(&("", "")).or_else(|| earlier.get(&(rule.before.as_str(), rule.after.as_str())));
        if let Some(blocking) = blocking {
            say(Severity::Warning, format!("it can never apply: rule {blocking} has the same patterns or empty ones, and comes first"));
        }
        earlier.entry((&rule.before, &rule.after)).or_insert(index + 1);
        if let (Some(before), Some(after)) = (before, after) {
            parsed.push(Parsed { breaks: rule.breaks, before, after });
        }
    }
    parsed
}

/// A pattern in quotation marks, or its beginning.
fn shown(pattern: &str) -> String {
    const MOST: usize = 60;
    match pattern.char_indices().nth(MOST) {
        Some((end, _)) => format!("\"{}…\"", &pattern[..end]),
        None => format!("\"{pattern}\""),
    }
}

fn error(line: u64, rule: Option<(String, usize)>, cause: String) -> Finding {
    Finding { severity: Severity::Error, line, rule, cause }
}

/// Calls `each` with the tight span of every sentence of a paragraph, in order. Blanks at a break belong to no sentence.
pub fn sentences(text: &str, span: Span, rules: &Rules, cache: &mut Cache, mut each: impl FnMut(Span)) {
    let offset = span.start as usize;
    let mut start = offset;
    let mut push = |end: usize, start: &mut usize| {
        let tight = Span::new(*start, end).trimmed(text);
        if !tight.is_empty() {
            each(tight);
        }
        *start = end;
    };
    rules.breaks(span.of(text), cache, |at| push(offset + at, &mut start));
    push(span.end as usize, &mut start);
}

/// What a worker keeps from article to article: the rules of each language of one file, with their caches.
#[derive(Debug, Default)]
pub(super) struct Kept {
    of: Option<Arc<Srx>>,
    languages: HashMap<String, (Arc<Rules>, Cache)>,
}

impl Kept {
    /// The rules for a language code, and the cache that goes with them.
    pub(super) fn rules(&mut self, srx: &Arc<Srx>, code: &str) -> (&Rules, &mut Cache) {
        if !self.of.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, srx)) {
            *self = Kept { of: Some(srx.clone()), languages: HashMap::new() };
        }
        let (rules, cache) = self.languages.entry(code.to_owned()).or_insert_with(|| (srx.rules(code), Cache::default()));
        (rules, cache)
    }

    /// Positions left undecided since this was asked last.
    pub(super) fn take_undecided(&mut self) -> u64 {
        self.languages.values_mut().map(|(_, cache)| std::mem::take(&mut cache.undecided)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_is_thrown_away_changes_nothing() {
        let rule = |breaks, before: String| Rule { breaks, before, ..Rule::default() };
        let exceptions = (0..300).map(|n| rule(false, format!(r"\bw{n}\.\s")));
        let rules = exceptions.chain([rule(true, r"\.\s".to_owned())]).collect();
        let draft = Draft {
            cascade: true,
            languages: vec![LanguageRules { name: "All".to_owned(), rules, ..LanguageRules::default() }],
            maps: vec![LanguageMap { pattern: ".*".to_owned(), name: "All".to_owned(), line: 1 }],
            ..Draft::default()
        };
        let srx = Srx::new(&draft, String::new()).0.expect("sound");
        let (rules, mut cache) = (srx.rules("en"), Cache::default());
        // Backward and forward by turns, so that neither table holds all of it.
        for turn in 0..3 {
            let numbers = (0..600).map(|n| if turn == 1 { 599 - n } else { n });
            let (mut text, mut expected) = (String::new(), Vec::new());
            for n in numbers {
                text += &format!("w{n}. ");
                if n >= 300 {
                    expected.push(text.len());
                }
            }
            text.push('x');
            let mut found = Vec::new();
            rules.breaks(&text, &mut cache, |at| found.push(at));
            assert_eq!(found, expected);
        }
    }
}
