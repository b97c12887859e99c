//! What holds of any document, and how bytes become one: the laws that properties, fuzz targets and the replayed corpus share.
//! `fuzz/` includes this file; it looks for nothing by itself and broken laws panic.

use std::sync::Arc;

use epitome::article::Article;
use epitome::document::{Document, Quote};
use epitome::format::{html, srx};
use epitome::lang::Lang;
use epitome::text::places::Places;
use epitome::text::srx::{Dialect, Draft, LanguageMap, LanguageRules, Rule, Severity, Srx};
use epitome::text::{Abbreviations, Newlines, Quotes, Scratch, TextOptions, boundary, parse};

/// Panics unless the laws of `Document` hold, and gaps and sentences rebuild `text`.
pub fn hold(document: &Document, text: &str) {
    let (mut rebuilt, mut at) = (String::new(), 0);
    for paragraph in document.paragraphs() {
        assert!(!paragraph.sentences.is_empty(), "a paragraph without a sentence");
        for sentence in &document.sentences()[paragraph.sentences.start as usize..paragraph.sentences.end as usize] {
            let (start, end) = (sentence.span.start as usize, sentence.span.end as usize);
            assert!(at <= start && start < end, "{start}..{end} after {at}");
            assert!(paragraph.span.start as usize <= start && end <= paragraph.span.end as usize, "{start}..{end} leaves its paragraph");
            assert!(text[at..start].trim().is_empty(), "{:?} between sentences", &text[at..start]);
            assert_eq!(text[start..end].trim(), &text[start..end], "not tight");
            rebuilt.push_str(&text[at..start]);
            rebuilt.push_str(sentence.span.of(text));
            let inside =
                |clause: epitome::Span| start <= clause.start as usize && clause.end as usize <= end && !clause.of(text).is_empty();
            assert!(sentence.speaker.is_none_or(inside), "{:?} is no clause of {start}..{end}", sentence.speaker);
            assert!(sentence.quote != Quote::None || !sentence.all_quoted, "all quoted, without a quotation");
            at = end;
        }
    }
    assert!(text[at..].trim().is_empty(), "{:?} after the last sentence", &text[at..]);
    rebuilt.push_str(&text[at..]);
    assert_eq!(rebuilt, text, "gaps and sentences are another text");
    let terms = document.terms().len();
    assert!(document.structure().tokens.iter().chain(document.title()).all(|&term| (term as usize) < terms), "a token without a term");
}

/// Panics unless the laws hold of `text` in a language, parsed with and without terms; what does not depend on terms is the same,
/// and the segmenter alone finds the same sentences where it can.
pub fn hold_for(text: &str, lang: Option<Lang>, title: Option<String>, options: &TextOptions) {
    let mut scratch = Scratch::default();
    let mut parsed = |terms| {
        let mut article = Article::new("a".into(), text.into()).expect("short");
        (article.lang, article.title) = (lang.clone(), title.clone());
        let document = parse(article, &TextOptions { terms, ..options.clone() }, &mut scratch);
        hold(&document, text);
        document
    };
    let (bare, full) = (parsed(false), parsed(true));
    hold_places(&full);
    assert_eq!(bare.paragraphs(), full.paragraphs());
    let shown = |document: &Document| -> Vec<_> { document.sentences().iter().map(|s| (s.span, s.quote, s.speaker, s.words)).collect() };
    assert_eq!(shown(&bare), shown(&full), "terms make a difference");
    if options.srx.is_none() && options.quotes == Quotes::Split && title.is_none() {
        let alone = boundary::segment(text, bare.article().lang.as_ref(), options);
        assert_eq!(alone, bare.sentences().iter().map(|sentence| sentence.span).collect::<Vec<_>>(), "the segmenter alone differs");
    }
}

/// Panics unless the words read again are the tokens, in order, and lie in their sentence.
fn hold_places(document: &Document) {
    let (mut places, mut words) = (Places::new(document), Vec::new());
    for (index, sentence) in document.sentences().iter().enumerate() {
        places.read(index, &mut words);
        let tokens: Vec<u32> = words.iter().filter_map(|word| word.term).collect();
        assert_eq!(tokens, document.tokens(index), "{:?} reads otherwise the second time", document.slice(index));
        let inside = |span: epitome::Span| sentence.span.start <= span.start && span.end <= sentence.span.end && !span.is_empty();
        assert!(words.iter().all(|word| inside(word.span)), "a word leaves its sentence");
    }
}

/// Abbreviations as a user may list them.
const ABBREVIATIONS: &str = "[title]\nCapt.\n[inner]\nca.\n[end]\no.a.\n[either de nl]\nGes.\n[number]\nFig.\n";

/// Rules as found in files, then some that need looks and the slow engine.
const RULES: [&str; 2] = [
    "-\\b(Mr|Dr|z\\.\\s?B)\\.\\s\n+[.?!。]+[\"”’\\p{Pe}]*\\s*~[\\p{Ps}\"“‘]*[^\\p{Ll}]\n",
    "-(?<=\\b\\w)\\.\\s~(?=\\p{Lu}\\.)\n-([\"'])\\w+\\1\n-(?>a|ab)\\.\n+(?<!\\.)[.?!]+\\s~(?!\\p{Ll})\n+\\n\n+~^(?i:chapter)\\b\n",
];

/// Takes bytes as a language (two letters), options (one byte), rules (one byte), then text, and panics where a law is broken.
///
/// The low bits of the options: what a newline means (2), quotations kept, abbreviations added, tags stripped, a title given. Rules
/// are `1` or `2` for those of [`RULES`], `3` or `4` for lines before the text (see [`rules`]), anything else for our own.
pub fn segment(bytes: &[u8]) {
    let [first, second, choice, srx, rest @ ..] = bytes else { return };
    let lang = std::str::from_utf8(&[*first, *second]).ok().and_then(Lang::parse);
    let mut text = String::from_utf8_lossy(rest).into_owned();
    let srx = match srx {
        b'1' | b'2' => rules(RULES[usize::from(srx - b'1')], Dialect::Java),
        b'3' | b'4' => {
            let (head, tail) = text.split_once("\n\n").map_or((text.as_str(), ""), |(head, tail)| (head, tail));
            let rules = rules(head, if *srx == b'3' { Dialect::Java } else { Dialect::Icu });
            text = tail.to_owned();
            rules
        }
        _ => None,
    };
    let has = |bit: u8| choice >> bit & 1 == 1;
    if has(4) {
        text = html::strip(&text);
    }
    let options = TextOptions {
        newlines: [Newlines::Auto, Newlines::Paragraph, Newlines::Sentence, Newlines::Wrap][usize::from(choice & 3)],
        quotes: if has(2) { Quotes::Keep } else { Quotes::Split },
        abbreviations: has(3).then(|| Arc::new(Abbreviations::parse(ABBREVIATIONS).expect("sound"))),
        srx: srx.map(Arc::new),
        ..TextOptions::default()
    };
    let title = has(5).then(|| text.lines().next().unwrap_or_default().to_owned());
    hold_for(&text, lang, title, &options);
}

/// Rules for every language, one a line: `+` breaks and `-` does not, then the pattern before and, after a `~`, the one after.
fn rules(lines: &str, dialect: Dialect) -> Option<Srx> {
    let rule = |line: &str| {
        let (before, after) = line.get(1..)?.split_once('~').unwrap_or((line.get(1..)?, ""));
        Some(Rule { breaks: line.starts_with('+'), before: before.to_owned(), after: after.to_owned(), line: 1 })
    };
    let draft = Draft {
        cascade: true,
        dialect,
        languages: vec![LanguageRules { name: "All".into(), line: 1, rules: lines.lines().filter_map(rule).collect() }],
        maps: vec![LanguageMap { pattern: ".*".into(), name: "All".into(), line: 1 }],
    };
    Srx::new(&draft, String::new()).0
}

/// What the rules of a file are tried on.
const SAMPLE: &str = "Mr. Smith paid 3.5 million. “Why?” she asked. etc. and so on... 1. It rained (twice.) U.S.A. Yes!\r\nEr sagt: »Nein.« \
    z. B. das.\n\nОна ушла. 今日は。「はい。」と言った。 هل؟ نعم। हाँ। cafe\u{301}. 😀 x\u{a0}.\u{2028}aaaaaaaa.\tEnd";

/// Takes bytes as an SRX file and panics where reading it and checking it differ, or where a sound one breaks a law.
pub fn rule_file(bytes: &[u8]) {
    let Ok((rules, findings)) = srx::check(bytes) else {
        assert!(srx::read(bytes).is_err(), "a file is read that cannot be checked");
        return;
    };
    assert!(findings.is_sorted_by_key(|finding| finding.line), "findings out of order");
    assert_eq!(rules.is_none(), findings.iter().any(|finding| finding.severity == Severity::Error), "{findings:?}");
    assert_eq!(rules.is_some(), srx::read(bytes).is_ok(), "reading and checking differ");
    let Some(rules) = rules.map(Arc::new) else { return };
    for lang in ["en", "de-AT", "xx"] {
        let options = TextOptions { srx: Some(rules.clone()), ..TextOptions::default() };
        hold_for(SAMPLE, Lang::parse(lang), None, &options);
    }
}
