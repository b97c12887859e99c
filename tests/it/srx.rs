//! Segmentation by SRX rules: the meaning of rules case by case, the same breaks as a slow and literal reading of them, texts
//! and patterns that other engines choke on, and what is said about files that are not sound.

use std::sync::Arc;

use epitome::batch::{self, Inputs, Settings, Silent};
use epitome::document::Document;
use epitome::format::{Verb, outputs, srx};
use epitome::lang::Lang;
use epitome::text::srx::{Cache, Dialect, Draft, LanguageMap, LanguageRules, Rule, Rules, Severity, Srx};
use epitome::{Article, Scratch, TextOptions, parse};
use proptest::prelude::*;

/// Byte offsets of the breaks.
fn breaks(rules: &Rules, text: &str) -> Vec<usize> {
    let mut out = Vec::new();
    rules.breaks(text, &mut Cache::default(), |at| out.push(at));
    out
}

/// Rules for every language from (breaks, before, after).
fn of(list: &[(bool, &str, &str)]) -> Draft {
    let rule = |&(breaks, before, after): &(bool, &str, &str)| Rule { breaks, before: before.into(), after: after.into(), line: 1 };
    Draft {
        cascade: true,
        languages: vec![LanguageRules { name: "All".into(), line: 1, rules: list.iter().map(rule).collect() }],
        maps: vec![LanguageMap { pattern: ".*".into(), name: "All".into(), line: 1 }],
        ..Draft::default()
    }
}

fn compiled(draft: &Draft) -> Srx {
    let (srx, findings) = Srx::new(draft, String::new());
    srx.unwrap_or_else(|| panic!("{findings:?}"))
}

/// A text of the case file, and the offsets of its breaks.
fn marked(line: &str) -> (String, Vec<usize>) {
    let (mut text, mut at) = (String::new(), Vec::new());
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '|' => at.push(text.len()),
            '\\' if rest.starts_with("u{") => {
                let end = rest.find('}').expect("\\u{..} ends");
                let number = u32::from_str_radix(&rest[2..end], 16).expect("a number");
                text.push(char::from_u32(number).expect("a character"));
                rest = &rest[end + 1..];
            }
            '\\' => {
                text.push(match rest.chars().next() {
                    Some('n') => '\n',
                    Some('r') => '\r',
                    Some('t') => '\t',
                    other => panic!("no escape \\{other:?}"),
                });
                rest = &rest[1..];
            }
            c => text.push(c),
        }
    }
    at.retain(|at| *at < text.len());
    (text, at)
}

/// A section of the case file.
#[derive(Default)]
struct Section<'a> {
    title: &'a str,
    draft: Draft,
    lang: &'a str,
    srx: Option<Srx>,
}

impl<'a> Section<'a> {
    fn read(&mut self, line: &'a str) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "cascade" => self.draft.cascade = rest == "yes",
            "dialect" => self.draft.dialect = Dialect::Icu,
            "list" => self.draft.languages.push(LanguageRules { name: rest.into(), ..LanguageRules::default() }),
            "map" => {
                let (pattern, name) = rest.split_once(' ').expect("a pattern and a name");
                self.draft.maps.push(LanguageMap { pattern: pattern.into(), name: name.into(), line: 1 });
            }
            "lang" => self.lang = rest,
            "yes" | "no" => {
                let (before, after) = format!(" {rest} ").split_once(" ~ ").map(|(b, a)| (b.trim().into(), a.trim().into())).expect("a ~");
                if self.draft.languages.is_empty() {
                    self.draft.languages.push(LanguageRules { name: "All".into(), ..LanguageRules::default() });
                    self.draft.maps.push(LanguageMap { pattern: ".*".into(), name: "All".into(), line: 1 });
                }
                let list = self.draft.languages.last_mut().expect("there is one");
                list.rules.push(Rule { breaks: word == "yes", before, after, line: 1 });
            }
            _ => panic!("{}: no such line: {line}", self.title),
        }
    }
}

#[test]
fn rules_mean_what_the_cases_say() {
    let file = include_str!("../srx/cases.txt");
    let mut section = Section::default();
    let (mut cases, mut failures) = (0, Vec::new());
    for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        if let Some(title) = line.strip_prefix("## ") {
            section = Section { title, lang: "xx", ..Section::default() };
        } else if let Some(text) = line.strip_prefix("> ") {
            let (text, expected) = marked(text);
            let srx = section.srx.get_or_insert_with(|| compiled(&section.draft));
            let found = breaks(&srx.rules(section.lang), &text);
            if found != expected {
                failures.push(format!("{}: {text:?} breaks at {found:?}, expected {expected:?}", section.title));
            }
            cases += 1;
        } else {
            section.read(line);
        }
    }
    assert!(cases >= 100, "only {cases} cases were found");
    assert!(failures.is_empty(), "{} of {cases}:\n{}", failures.len(), failures.join("\n"));
}

/// The rules read literally: at each position, rule by rule, by an engine that goes one way after another.
fn literally(list: &[(bool, String, String)], text: &str) -> Vec<usize> {
    let regex = |pattern: String| fancy_regex::Regex::new(&pattern).expect("a sound pattern");
    let sides: Vec<_> =
        list.iter().map(|(breaks, before, after)| (*breaks, regex(format!(r"(?:{before})\z")), regex(format!(r"\A(?:{after})")))).collect();
    let inner = text.char_indices().map(|(at, _)| at).filter(|at| *at > 0);
    let decides = |at: usize| {
        let matches = |regex: &fancy_regex::Regex, piece: &str| regex.is_match(piece).expect("few steps");
        let found = sides.iter().find(|(_, before, after)| matches(before, &text[..at]) && matches(after, &text[at..]));
        found.is_some_and(|(breaks, ..)| *breaks)
    };
    inner.filter(|at| decides(*at)).collect()
}

/// Patterns whose match does not depend on what lies beyond the position, so that the text can be cut there.
fn any_pattern() -> impl Strategy<Value = String> {
    let atom = prop::sample::select(vec![
        "a",
        "b",
        r"\.",
        r"\s",
        r"[ab]",
        r"[^a.]",
        r"\p{Lu}",
        ".",
        "é",
        r"[a-cé&&[^b]]",
        "(?i)A",
        "(?:ab|a)",
        "(?=a)",
        "(?!b)",
        "(?<=a)",
        "(?<!b)",
        r"(a|b)\1",
        "(?>a|ab)",
        "a++",
    ]);
    let quantifier = prop::sample::select(vec!["", "", "", "", "*", "+", "?", "{1,2}", "{2}", "+?", "*?"]);
    let piece = (atom, quantifier).prop_map(|(atom, quantifier)| match quantifier {
        _ if quantifier.is_empty() || atom.starts_with("(?=") || atom.starts_with("(?!") || atom.starts_with("(?<") => atom.to_owned(),
        _ => format!("(?:{atom}){quantifier}"),
    });
    let sequence = prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat());
    prop_oneof![3 => sequence.clone(), 1 => (sequence.clone(), sequence).prop_map(|(one, other)| format!("(?:{one}|{other})"))]
}

/// A look at what lies beyond a position makes the slow reading wrong, which sees one side only.
fn looks_beyond(before: &str, after: &str) -> bool {
    before.contains("(?=") || before.contains("(?!") || before.contains("++") || after.contains("(?<")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn breaks_are_those_of_a_literal_reading(
        list in prop::collection::vec((any::<bool>(), any_pattern(), any_pattern()), 1..5),
        text in "[ab.Aé \n]{0,14}",
    ) {
        let list: Vec<_> = list.into_iter().filter(|(_, before, after)| !looks_beyond(before, after)).collect();
        let rules: Vec<_> = list.iter().map(|(breaks, before, after)| (*breaks, before.as_str(), after.as_str())).collect();
        let srx = compiled(&of(&rules));
        prop_assert_eq!(breaks(&srx.rules("xx"), &text), literally(&list, &text), "{:?}", list);
    }

    #[test]
    fn any_pattern_is_read_or_refused(pattern in r"[ab.*+?()\[\]{}|\\^$&1-3,:=!<>pPLuQEbBxu-]{0,24}") {
        let (srx, findings) = Srx::new(&of(&[(true, &pattern, "")]), String::new());
        prop_assert_eq!(srx.is_none(), findings.iter().any(|finding| finding.severity == Severity::Error));
        if let Some(srx) = srx {
            breaks(&srx.rules("xx"), "ab. (b)\u{e9}1 2");
        }
    }

    #[test]
    fn gaps_and_sentences_rebuild_any_text(text in "(\\PC|[ .!?\"\n]){0,80}", which in 0..FILES.len()) {
        let srx = Arc::new(srx::read(FILES[which].as_bytes()).expect("sound"));
        let mut article = Article::new("a".into(), text.clone()).expect("short");
        article.lang = Lang::parse("en");
        let document = parse(article, &TextOptions { srx: Some(srx), ..TextOptions::default() }, &mut Scratch::default());
        rebuilds(&document);
    }
}

fn rebuilds(document: &Document) {
    let (text, mut at) = (document.text(), 0);
    for sentence in document.sentences() {
        let (start, end) = (sentence.span.start as usize, sentence.span.end as usize);
        assert!(start < end && text[at..start].trim().is_empty());
        assert_eq!(text[start..end].trim(), &text[start..end]);
        let paragraph = document.paragraphs()[sentence.paragraph as usize].span;
        assert!(paragraph.start <= sentence.span.start && sentence.span.end <= paragraph.end);
        at = end;
    }
    assert!(text[at..].trim().is_empty());
}

/// Rule files: a usual one, one that breaks everywhere, one whose breaks fall before blanks, one without any.
const FILES: [&str; 4] = [
    include_str!("../cmd/rules.in/sound.srx"),
    concat!(
        r#"<srx version="2.0"><header segmentsubflows="yes" cascade="yes"/><body><languagerules><languagerule languagerulename="A">"#,
        r#"<rule break="yes"/></languagerule></languagerules><maprules><languagemap languagepattern=".*" languagerulename="A"/>"#,
        r#"</maprules></body></srx>"#
    ),
    concat!(
        r#"<srx version="2.0"><header segmentsubflows="yes" cascade="yes"/><body><languagerules><languagerule languagerulename="A">"#,
        r#"<rule break="yes"><beforebreak>\p{P}</beforebreak><afterbreak>\s</afterbreak></rule></languagerule></languagerules>"#,
        r#"<maprules><languagemap languagepattern=".*" languagerulename="A"/></maprules></body></srx>"#
    ),
    r#"<srx version="2.0"><header segmentsubflows="yes" cascade="no"/><body><languagerules/><maprules/></body></srx>"#,
];

/// Patterns and texts on which engines that try one way after another, or that look back from every position, never end.
#[test]
fn hostile_rules_and_texts_take_linear_time() {
    const BYTES: usize = 300_000;
    let rules = [
        (false, "(a+)+$", "x"),
        (false, "(?:a|aa|aaa)*b", ""),
        (false, r"[.!?][')\p{Pe}]*\s*", r"\d"),
        (false, r"\w+\s*\w*\.\s*", r"(?:\w|\s)*:"),
        (false, r"(?<!\p{Lu}\p{Ll}*)\.", r"(?=.*x)"),
        (true, r"[.!?]['\x22\p{Pe}]*", r"['\x22]*"),
    ];
    let srx = compiled(&of(&rules));
    for piece in [".", "\"", "7", "a", "a. ", "(", "e\u{301}", "'", " ", "A.", "日"] {
        let text = piece.repeat(BYTES / piece.len());
        let begun = std::time::Instant::now();
        let found = breaks(&srx.rules("xx"), &text);
        assert!(begun.elapsed().as_secs() < 10, "{piece:?} took {:?} for {} breaks", begun.elapsed(), found.len());
    }
}

#[test]
fn the_slow_engine_gives_up_and_says_so() {
    let srx = Arc::new(compiled(&of(&[(true, r"((?:a|a)+)+\1\.", "")])));
    let mut article = Article::new("a".into(), format!("{}b. c", "a".repeat(60))).expect("short");
    article.lang = Lang::parse("en");
    let (options, mut scratch) = (TextOptions { srx: Some(srx), ..TextOptions::default() }, Scratch::default());
    parse(article, &options, &mut scratch);
    assert!(scratch.take_srx_undecided() > 0);
    assert_eq!(scratch.take_srx_undecided(), 0);
}

#[test]
fn counts_that_multiply_are_refused() {
    let (srx, findings) = Srx::new(&of(&[(true, "(?:a{1,100}){1,100}", "")]), String::new());
    assert!(srx.is_none());
    assert!(findings[0].cause.contains("multiply"), "{findings:?}");
}

#[test]
fn any_number_of_looks_goes_to_the_automata() {
    let mut patterns: Vec<_> = (0..300).map(|n| (false, format!(r"\.\s(?=n{n}\b)"))).collect();
    // Out of reach for an engine that tries one beginning after another.
    patterns.extend([(true, r"b(?!c)a*\.\s".to_owned()), (true, r"(?<!ba{0,900})\.\s".to_owned())]);
    let rules: Vec<_> = patterns.iter().map(|(breaks, before)| (*breaks, before.as_str(), "")).collect();
    let srx = compiled(&of(&rules));
    let long = "a".repeat(700);
    let (mut text, mut expected) = (format!("b{long}. c{long}. "), vec![703, 1406]);
    for n in (0..600).rev() {
        if n < 300 {
            expected.retain(|at| *at != text.len());
        }
        text += &format!("n{n}. ");
        expected.push(text.len());
    }
    expected.pop();
    assert_eq!(breaks(&srx.rules("xx"), text.trim_end()), expected);
}

#[test]
fn counts_of_many_rules_are_bounded_together() {
    let patterns: Vec<String> = (0..20).map(|n| format!(r"a[ab]{{{}}}\.\s", 900 + n)).collect();
    let rules: Vec<_> = patterns.iter().map(|pattern| (true, pattern.as_str(), "")).collect();
    let (srx, findings) = Srx::new(&of(&rules), String::new());
    assert!(srx.is_none());
    assert!(findings.len() == 1 && findings[0].cause.contains("rules before it"), "{findings:?}");
    // Without a cascade, lists never hold together.
    let list = |name: &str, part: &[(bool, &str, &str)]| LanguageRules { name: name.into(), ..of(part).languages.remove(0) };
    let languages = rules.chunks(8).enumerate().map(|(n, part)| list(&n.to_string(), part)).collect();
    let draft = Draft { languages, ..Draft::default() };
    assert!(Srx::new(&draft, String::new()).0.is_some());
    assert!(Srx::new(&Draft { cascade: true, ..draft }, String::new()).0.is_none());
}

/// A rule file: what stands in its body, with one list of rules and its map.
fn file(rules: &str, after: &str) -> String {
    format!(
        r#"<srx version="2.0"><header segmentsubflows="yes" cascade="no"/><body><languagerules>
<languagerule languagerulename="A">{rules}</languagerule>
</languagerules>{after}<maprules><languagemap languagepattern=".*" languagerulename="A"/></maprules></body></srx>"#
    )
}

/// Lines of what is said about a file.
fn said(file: &str) -> Vec<String> {
    srx::check(file.as_bytes()).expect("XML").1.iter().map(|finding| format!("{}: {finding}", finding.severity.name())).collect()
}

#[test]
fn an_element_counts_in_its_place_only() {
    const RULE: &str = r#"<rule break="yes"><beforebreak>\.\s</beforebreak></rule>"#;
    assert!(said(&file(RULE, "")).is_empty());
    for astray in [file(RULE, RULE), file(RULE, "").replace("<languagerule ", &format!("{RULE}<languagerule "))] {
        assert_eq!(said(&astray), ["error: a <rule> outside of a <languagerule>"], "{astray}");
    }
    assert_eq!(said(&file("<beforebreak>(</beforebreak>", "")), ["error: a <beforebreak> outside of a <rule>"]);
    let inner = file("<languagemap languagepattern=\"(\" languagerulename=\"A\"/>", "");
    assert_eq!(said(&inner), ["error: a <languagemap> outside of a <maprules>"]);
    let old = file(RULE, "").replace("<maprules>", "<maprules><maprule>").replace("</maprules>", "</maprule></maprules>");
    assert!(said(&old).is_empty(), "{:?}", said(&old));
}

#[test]
fn a_list_without_a_map_is_said() {
    let two = file("", "").replace("</languagerules>", r#"<languagerule languagerulename="B"/></languagerules>"#);
    assert_eq!(said(&two), [r#"warning: no map names the rules "B", so that they never apply"#]);
}

#[test]
fn a_file_in_another_encoding_means_the_same() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let path = folder.path().join("rules.srx");
    let text = file(r#"<rule break="yes"><beforebreak>é\s</beforebreak></rule>"#, "");
    let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect();
    let latin = format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n{text}").chars().map(|c| c as u8).collect();
    for bytes in [text.clone().into_bytes(), wide, latin] {
        std::fs::write(&path, bytes).expect("room");
        let srx = batch::load_srx(&path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(breaks(&srx.rules("fr"), "Olé a. b"), [5]);
    }
    std::fs::write(&path, text.chars().map(|c| c as u8).collect::<Vec<u8>>()).expect("room");
    let error = batch::load_srx(&path).expect_err("no UTF-8").to_string();
    assert!(error.contains("convert it to UTF-8"), "{error}");
}

/// What the findings say about a rule with this `beforebreak`; empty if it is sound.
fn said_of(before: &str, dialect: Dialect) -> String {
    let (srx, findings) = Srx::new(&Draft { dialect, ..of(&[(true, before, "")]) }, String::new());
    assert_eq!(srx.is_some(), findings.iter().all(|finding| finding.severity < Severity::Error));
    findings.iter().map(|finding| finding.cause.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_piece_has_one_quantifier() {
    for dialect in [Dialect::Java, Dialect::Icu] {
        for sound in ["a*", "a*+", "a*?", "a{2}+", "a{2,3}?", "(?:a*)*", r"\{abc\}", r"\Q{a}**\E", "[{}]", "(?x) a *"] {
            assert!(!said_of(sound, dialect).contains("nothing before"), "{sound} in {dialect:?}");
        }
        for faulty in ["a**", "a+*", "a{2}*", "a?{2}", "a*+*", "{abc}", "{2}", "a|*", "(?i)*", "({1})", "(?x)a * *"] {
            assert!(said_of(faulty, dialect).contains("with nothing before it"), "{faulty} in {dialect:?}");
        }
        // Each of them would be a level of the tree.
        for (quantifier, times) in [("*", 200_000), ("{1}", 60_000)] {
            let pattern = format!("a{}", quantifier.repeat(times));
            assert!(said_of(&pattern, dialect).contains("with nothing before it"));
        }
    }
    assert_eq!(said_of("a}", Dialect::Java), "");
    assert!(said_of("a}", Dialect::Icu).contains("without its {"));
}

#[test]
fn counts_of_looks_multiply_too() {
    // Each look is small and stands once for the automata; the slow engine would write them all out.
    let (srx, findings) = Srx::new(&of(&[(true, r"(a)(?:(?=(?:(?=(?:(?=b{900})){400})){400})){400}\1", "")]), String::new());
    assert!(srx.is_none());
    assert!(findings[0].cause.contains("multiply"), "{findings:?}");
}

#[test]
fn groups_are_repeated_in_one_another() {
    let deepest = format!("{}a{}", "(?:".repeat(90), ")*".repeat(90));
    assert_eq!(breaks(&compiled(&of(&[(true, &deepest, "")])).rules("en"), "ax"), [1]);
}

#[test]
fn characters_without_number_are_refused() {
    let many: String = ('\u{3400}'..='\u{9fff}').chain('\u{ac00}'..='\u{d7a3}').collect();
    let (srx, findings) = Srx::new(&of(&[(true, &many, ""), (true, "e\u{301}", "")]), String::new());
    assert!(srx.is_none());
    assert!(findings[0].cause.contains("sets of characters"), "{findings:?}");
}

/// What stands in a group is compared with what follows: a step a character, so that the bound of steps bounds the time.
#[test]
fn long_back_references_take_steps() {
    let rules = compiled(&of(&[(true, "", r"(?i)(a*)\1x")])).rules("en");
    let undecided = |text: String| {
        let mut cache = Cache::default();
        rules.breaks(&text, &mut cache, |_| {});
        cache.undecided
    };
    assert_eq!(undecided("aA".repeat(40) + "bx"), 0);
    assert!(undecided("aA".repeat(400) + "bx") > 0);
}

#[test]
fn a_scratch_serves_two_rule_files() {
    let (mut scratch, mut found) = (Scratch::default(), Vec::new());
    for before in [r"\.\s", r",\s", r"\.\s"] {
        let srx = Arc::new(compiled(&of(&[(true, before, "")])));
        let article = Article::new("a".into(), "One, two. Three".into()).expect("short");
        let options = TextOptions { srx: Some(srx), lang: Lang::parse("en"), ..TextOptions::default() };
        let document = parse(article, &options, &mut scratch);
        found.push(document.slice(0).to_owned());
    }
    assert_eq!(found, ["One, two.", "One,", "One, two."]);
}

#[test]
fn the_manifest_has_the_hash_of_the_rules() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let (article, rules, out) = (folder.path().join("a.txt"), folder.path().join("rules.srx"), folder.path().join("out"));
    std::fs::write(&article, "One came. Two left.").expect("room");
    std::fs::write(&rules, FILES[0]).expect("room");
    let plan = batch::plan(&Inputs { paths: vec![article], ..Inputs::default() }, Some(&out)).expect("it is there");
    let text = TextOptions { srx: Some(batch::load_srx(&rules).expect("sound")), ..TextOptions::default() };
    let settings = Settings { text, outputs: outputs(Verb::Run).collect(), ..Settings::default() };
    batch::run(&plan, &settings, &out, false, &Silent).expect("nothing fails");
    let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(out.join("manifest.json")).expect("there")).expect("JSON");
    assert_eq!(manifest["options"]["srx"], blake3::hash(FILES[0].as_bytes()).to_hex().as_str());
}

#[test]
fn entities_and_depth_are_bounded() {
    let bomb = r#"<!DOCTYPE srx [<!ENTITY a "&b;&b;"><!ENTITY b "bbbb">]><srx version="2.0"><header>&a;</header></srx>"#;
    assert!(srx::read(bomb.as_bytes()).is_err_and(|error| error.to_string().contains("&a;")));
    let deep = "<srx>".repeat(40);
    assert!(srx::read(deep.as_bytes()).is_err_and(|error| error.to_string().contains("deep")));
}
