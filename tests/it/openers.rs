//! How sentences open, language by language, from the case files of `tests/openers`: `class | sentence`, or with what is shown
//! of it after a third bar. A translator can add a line without Rust.

use std::fs;
use std::path::Path;

use epitome::article::Article;
use epitome::lang::Lang;
use epitome::summary::display::display;
use epitome::text::language::{LANGUAGES, find};
use epitome::text::opener::{Lean, Opening, opening};
use epitome::text::{Scratch, TextOptions, parse};

fn class(opening: Opening) -> &'static str {
    match opening.lean {
        Lean::Contrast => "contrast",
        Lean::Pronoun(_) => "pronoun",
        Lean::Demonstrative => "this",
        Lean::Nothing if opening.additive => "additive",
        Lean::Nothing => "nothing",
    }
}

/// What is shown of a text's only sentence, if that differs.
fn shown(code: &str, sentence: &str) -> Option<String> {
    let mut article = Article::new("a".into(), sentence.into()).expect("short");
    article.lang = Lang::parse(code);
    let document = parse(article, &TextOptions::default(), &mut Scratch::default());
    assert_eq!(document.sentences().len(), 1, "{code}: {sentence}");
    display(&document, 0, None)
}

#[test]
fn sentences_open_as_the_case_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openers");
    let (mut wrong, mut languages) = (Vec::new(), 0);
    for language in LANGUAGES.iter().filter(|language| !language.data().openers.is_empty()) {
        let code = language.code;
        let file = fs::read_to_string(folder.join(format!("{code}.txt"))).unwrap_or_else(|e| panic!("{code}: {e}"));
        let lines: Vec<&str> = file.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() >= 8, "{code} has {} cases", lines.len());
        languages += 1;
        for line in lines {
            let fields: Vec<&str> = line.split('|').map(str::trim).collect();
            let [expected, sentence, ref rest @ ..] = fields[..] else { panic!("{code}: {line}") };
            let found = class(opening(sentence, find(code).expect("of the table")));
            let display = shown(code, sentence);
            if found != expected || display.as_deref() != rest.first().copied() {
                wrong.push(format!("{code}: {line}\n    found {found}, shown {display:?}"));
            }
        }
    }
    let stemmed = LANGUAGES.iter().filter(|language| language.stemmer.is_some()).count();
    assert!(languages >= stemmed, "{languages} languages with openers, {stemmed} with a stemmer");
    assert!(wrong.is_empty(), "{} cases differ\n{}", wrong.len(), wrong.join("\n"));
}
