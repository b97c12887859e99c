//! What a reader stumbles over in a summary, counted from what is shown and from the article's text alone: quoted words without
//! marks or without anybody who says them, marks and brackets left open, and openers whose other half is not shown. The
//! counter and its word lists (`tests/readability/words.txt`) are its own: it asks nothing of the library but summaries.
//!
//! A table for every method: `cargo test --test it readability -- --ignored --nocapture`.

use std::collections::HashMap;
use std::io::Write;
use std::ops::{AddAssign, Range};
use std::path::{Path, PathBuf};

use epitome::batch::{self, Inputs, Settings, Silent};
use epitome::format::{Verb, outputs};
use epitome::summary::rank::{self, METHODS, Method};

use crate::reference::reference;

/// An article and what is shown of it.
struct Shown {
    id: String,
    lang: String,
    text: String,
    /// Bytes in the text, and what is shown of them.
    sentences: Vec<(Range<usize>, String)>,
}

/// What was stumbled over; each list names places.
#[derive(Default)]
struct Stumbles {
    sentences: usize,
    /// Quoted words without their marks or their speaker.
    bare: Vec<String>,
    /// A mark or bracket without its partner.
    open: Vec<String>,
    /// An opener that what was shown before does not explain.
    leaning: Vec<String>,
}

impl AddAssign for Stumbles {
    fn add_assign(&mut self, other: Stumbles) {
        self.sentences += other.sentences;
        self.bare.extend(other.bare);
        self.open.extend(other.open);
        self.leaning.extend(other.leaning);
    }
}

/// Where quotations are: for every byte whether it lies inside one, by the marks of each paragraph. Single marks are left out,
/// for most of them are apostrophes.
struct Quotations {
    inside: Vec<bool>,
}

fn is_hebrew(c: char) -> bool {
    ('א'..='ת').contains(&c)
}

fn is_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」' | '『' | '』')
}

/// Whether `mark` closes what `open` opened.
fn closes(open: char, mark: char) -> bool {
    match open {
        '"' => mark == '"',
        '“' => matches!(mark, '”' | '"'),
        '„' => matches!(mark, '“' | '”' | '"'),
        '«' => mark == '»',
        '»' => mark == '«' || mark == '»',
        '”' => mark == '”',
        '「' => mark == '」',
        '『' => mark == '』',
        _ => false,
    }
}

impl Quotations {
    fn of(text: &str) -> Quotations {
        let blank_lines = text.contains("\n\n") || text.contains("\r\n\r\n");
        let mut out = Quotations { inside: vec![false; text.len() + 1] };
        let mut open: Option<char> = None;
        let mut inner = false;
        let mut chars = text.char_indices().peekable();
        let mut line_is_blank = false;
        let mut begins = true;
        while let Some((at, c)) = chars.next() {
            if c == '\n' {
                begins |= !blank_lines || line_is_blank;
                line_is_blank = true;
            } else if !c.is_whitespace() {
                line_is_blank = false;
                let starts = std::mem::take(&mut begins);
                inner &= !starts;
                let reopens = starts && open.is_some() && is_mark(c) && Self::reopens(text, at, blank_lines);
                if starts && !reopens && !Self::closes_here(text, at, open) {
                    open = None;
                }
                let before = text[..at].chars().next_back();
                let after = chars.peek().map(|&(_, c)| c);
                let inches = c == '"' && before.is_some_and(|c| c.is_ascii_digit()) && open.is_none();
                let acronym = c == '"' && before.is_some_and(is_hebrew) && after.is_some_and(is_hebrew);
                if is_mark(c) && !reopens && !inches && !acronym {
                    match open {
                        // The quoted words of a quotation have marks of their own.
                        Some(mark) if c == '"' && (inner || Self::opens_inner(mark, before, after)) => inner = !inner,
                        // A quotation of several paragraphs opens again at each, also where their ends are lost.
                        Some(mark) if closes(mark, c) && (starts || !Self::opens_again(mark, before, after)) => {
                            (open, inner) = (None, false)
                        }
                        Some(_) => {}
                        None if Self::is_stray(c, before, after) => {}
                        None => open = Some(c),
                    }
                }
            }
            out.inside[at + 1..=at + c.len_utf8()].fill(open.is_some());
        }
        out
    }

    /// A straight mark right after a blank and right before a letter does not close.
    fn opens_inner(open: char, before: Option<char>, after: Option<char>) -> bool {
        open != '"' && Self::opens_again('"', before, after)
    }

    fn opens_again(open: char, before: Option<char>, after: Option<char>) -> bool {
        open == '"' && before.is_some_and(char::is_whitespace) && after.is_some_and(char::is_alphanumeric)
    }

    /// A mark that can only close, where nothing is open.
    fn is_stray(mark: char, before: Option<char>, after: Option<char>) -> bool {
        let (touches, free) = (before.is_some_and(|c| !c.is_whitespace()), after.is_none_or(|c| !c.is_alphanumeric()));
        match mark {
            '”' => touches,
            '"' => before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ',' | '!' | '?')) && free,
            _ => matches!(mark, '」' | '』'),
        }
    }

    /// Whether the mark at the start of a paragraph goes on with what was left open: it stands before a word, and the paragraph
    /// closes it or another goes on.
    fn reopens(text: &str, at: usize, blank_lines: bool) -> bool {
        let mut paragraphs = text[at..].split(if blank_lines { "\n\n" } else { "\n" });
        let this = paragraphs.next().unwrap_or("");
        let next = paragraphs.next().unwrap_or("");
        let word = text[at..].chars().nth(1).is_some_and(|c| !c.is_whitespace() && c != ',' && c != '.');
        word && (this.chars().skip(1).any(is_mark) || next.trim_start().starts_with(is_mark))
    }

    /// Whether a quotation left open is closed in the paragraph that starts at `at` before another is opened.
    fn closes_here(text: &str, at: usize, open: Option<char>) -> bool {
        let Some(open) = open else { return false };
        let paragraph = text[at..].split('\n').find(|line| !line.trim().is_empty()).unwrap_or("");
        let Some((first, mark)) = paragraph.char_indices().find(|&(_, c)| is_mark(c)) else { return false };
        let (before, after) = (paragraph[..first].chars().next_back(), paragraph[first..].chars().nth(1));
        closes(open, mark) && (mark != '"' || before.is_none() || !Self::opens_again(mark, before, after))
    }
}

/// Words of a text, with the byte each begins at.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-'))
        .map(|word| word.trim_matches(['\'', '’', '-']))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// The word lists of the counter, by language and class.
struct Lists(HashMap<String, Vec<String>>);

impl Lists {
    fn read() -> Lists {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readability/words.txt");
        let file = std::fs::read_to_string(path).expect("the word lists are there");
        let mut lists: HashMap<String, Vec<String>> = HashMap::new();
        let mut section = String::new();
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                Some(name) => section = name.to_owned(),
                None => {
                    let entries = line.split(|c| if section.ends_with("excused") { c == '|' } else { c == ' ' });
                    lists.entry(section.clone()).or_default().extend(entries.map(str::to_owned));
                }
            }
        }
        Lists(lists)
    }

    fn has(&self, lang: &str, class: &str, word: &str) -> bool {
        self.0.get(&format!("{lang} {class}")).is_some_and(|list| list.iter().any(|known| known == word))
    }

    /// `Some(true)` for a pronoun, `Some(false)` for an adversative.
    fn opener(&self, lang: &str, shown: &str) -> Option<bool> {
        let lower = lower(lang, shown).replace('’', "'");
        let (at, first) = words(&lower).next()?;
        let excused = self.0.get(&format!("{lang} excused")).is_some_and(|list| list.iter().any(|phrase| begins(&lower[at..], phrase)));
        if excused {
            return None;
        }
        let root = first.split('\'').next().unwrap_or(first);
        let is = |class: &str| self.has(lang, class, first) || lang == "en" && self.has(lang, class, root);
        if is("adversative") { Some(false) } else { is("pronoun").then_some(true) }
    }
}

fn lower(lang: &str, text: &str) -> String {
    let text = if matches!(lang, "tr" | "az") { text.replace('I', "ı").replace('İ', "i") } else { text.to_owned() };
    text.to_lowercase()
}

/// Whether a text begins with a phrase; after ` ... ` stands a word that follows soon.
fn begins(text: &str, phrase: &str) -> bool {
    let (head, tail) = phrase.split_once(" ... ").map_or((phrase, None), |(head, tail)| (head, Some(tail)));
    text.strip_prefix(head).is_some_and(|rest| {
        let ends = head.ends_with('\'') || !rest.starts_with(char::is_alphanumeric);
        ends && tail.is_none_or(|tail| words(rest).take(8).any(|(_, word)| word == tail))
    })
}

/// Names in what is shown: runs of capitalised words after the first.
fn names(shown: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut last_end = 0;
    for (at, word) in words(shown).skip(1) {
        if !word.starts_with(char::is_uppercase) {
            continue;
        }
        match out.last_mut() {
            Some(run) if matches!(&shown[last_end..at], " " | ". ") => *run = word.to_owned(),
            _ => out.push(word.to_owned()),
        }
        last_end = at + word.len();
    }
    out.sort();
    out.dedup();
    out
}

/// Marks without a partner: straight ones by twos, but for inches; of the others any that is left open or closes nothing.
fn open_marks(shown: &str) -> bool {
    let mut open = Vec::new();
    let (mut straight, mut stray) = (0, false);
    let mut before = ' ';
    for c in shown.chars().filter(|&c| !is_hebrew(c)) {
        match open.last() {
            _ if c == '"' => straight += usize::from(!(before.is_ascii_digit() && straight % 2 == 0)),
            Some(&mark) if closes(mark, c) => _ = open.pop(),
            _ if c == '”' && !before.is_whitespace() || matches!(c, '」' | '』') => stray = true,
            _ if is_mark(c) => open.push(c),
            _ => {}
        }
        before = c;
    }
    stray || straight % 2 == 1 || !open.is_empty()
}

/// Brackets without a partner; the one after a number or letter that counts has none.
fn open_brackets(shown: &str) -> bool {
    let mut depth = [0i32; 2];
    let mut stray = false;
    for (at, c) in shown.char_indices() {
        match c {
            '(' => depth[0] += 1,
            '[' => depth[1] += 1,
            ')' if depth[0] == 0 && at <= 2 => {}
            ')' => depth[0] -= 1,
            ']' => depth[1] -= 1,
            _ => {}
        }
        stray |= depth.iter().any(|&depth| depth < 0);
    }
    stray || depth != [0, 0]
}

/// What is shown, without what stands in square brackets.
fn without_ours(shown: &str) -> String {
    let mut depth = 0;
    let mut out = String::new();
    for c in shown.chars() {
        depth += i32::from(c == '[');
        if depth == 0 {
            out.push(c);
        }
        depth -= i32::from(c == ']' && depth > 0);
    }
    out.trim().to_owned()
}

/// What one summary makes its reader stumble over.
fn stumbles(article: &Shown, lists: &Lists) -> Stumbles {
    let quotations = Quotations::of(&article.text);
    let mut out = Stumbles { sentences: article.sentences.len(), ..Stumbles::default() };
    let lang = article.lang.split('-').next().unwrap_or("");
    for (index, (span, shown)) in article.sentences.iter().enumerate() {
        let place = || format!("{} {}..{}: {shown}", article.id, span.start, span.end);
        let before = index.checked_sub(1).map(|i| &article.sentences[i]);
        let follows = before.is_some_and(|(before, _)| article.text[before.end..span.start].trim().is_empty());
        let one_named = || lang != "de" && before.is_some_and(|(_, shown)| names(shown).len() == 1);
        if !is_attributed(article, span, shown, &quotations, lists, lang, &|| follows || one_named()) {
            out.bare.push(place());
        }
        if open_marks(shown) || open_brackets(shown) {
            out.open.push(place());
        }
        match lists.opener(lang, shown) {
            Some(_) if follows => {}
            Some(true) if one_named() => {}
            Some(_) => out.leaning.push(place()),
            None => {}
        }
    }
    out
}

/// Whether quoted speech is shown with its marks, and with somebody who says it: words outside the marks, of which a pronoun counts
/// only where `explained` says that it is.
fn is_attributed(
    article: &Shown,
    span: &Range<usize>,
    shown: &str,
    quotations: &Quotations,
    lists: &Lists,
    lang: &str,
    explained: &dyn Fn() -> bool,
) -> bool {
    let inside = |at: usize| quotations.inside[at];
    let slice = &article.text[span.clone()];
    let (starts, ends) = (inside(span.start) && !slice.starts_with(is_mark), inside(span.end));
    let quoted = words(slice).filter(|(at, _)| inside(span.start + at)).count();
    let all = words(slice).count();
    if !starts && !ends && quoted == 0 {
        return true;
    }
    let bare = without_ours(shown);
    if starts && !shown.starts_with(is_mark) || ends && !bare.trim_end_matches(['.', '!', '?', ',']).ends_with(is_mark) {
        return false;
    }
    // A few quoted words in a sentence of the paper's are no speech.
    let mut stretch = 0;
    let spoken = words(slice).any(|(at, _)| {
        stretch = if inside(span.start + at) { stretch + 1 } else { 0 };
        stretch >= 5
    });
    if !starts && !ends && quoted < all && (quoted * 2 < all || !spoken) {
        return true;
    }
    let marks = Quotations::of(shown);
    let outside: Vec<&str> = words(shown).filter(|(at, _)| !marks.inside[*at]).map(|(_, word)| word).collect();
    let pronoun = |word: &&str| lower(lang, word).split('-').any(|part| lists.has(lang, "pronoun", part));
    match (outside.is_empty(), outside.iter().any(pronoun)) {
        (true, _) => false,
        (_, true) => outside.iter().any(|word| word.starts_with(char::is_uppercase) && !pronoun(word)) || explained(),
        _ => true,
    }
}

/// What a method shows of the articles in `path`, three sentences each.
fn summaries(path: &Path, method: &'static Method) -> Vec<Shown> {
    let inputs = Inputs { paths: vec![path.to_owned()], ..Inputs::default() };
    let outputs = outputs(Verb::Summarize).filter(|output| output.name == "jsonl").collect();
    let settings = Settings { outputs, method: Some(method), ..Settings::default() };
    let plan = batch::plan(&inputs, None).expect("the path exists");
    let mut out = Vec::new();
    batch::stream(&plan, &settings, &mut out, &Silent).expect("it works");
    let texts = texts(path);
    let text = |id: &str| texts.get(id).unwrap_or_else(|| panic!("no text of {id}")).clone();
    let records = String::from_utf8(out).expect("UTF-8");
    records.lines().map(|line| serde_json::from_str(line).expect("JSON")).map(|record| shown(&record, text)).collect()
}

fn shown(record: &serde_json::Value, text: impl Fn(&str) -> String) -> Shown {
    let string = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: &serde_json::Value| value.as_u64().expect("an offset") as usize;
    let sentence = |s: &serde_json::Value| {
        let display = if s["display"].is_null() { &s["text"] } else { &s["display"] };
        (number(&s["start"])..number(&s["end"]), string(display))
    };
    let id = string(&record["id"]);
    let sentences = record["summary"].as_array().expect("a list").iter().map(sentence).collect();
    Shown { text: text(&id), lang: string(&record["lang"]), id, sentences }
}

/// The texts of the articles by id.
fn texts(path: &Path) -> HashMap<String, String> {
    let file = std::fs::read_to_string(path).expect("UTF-8");
    if path.extension().is_some_and(|ending| ending == "txt") {
        let id = path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
        return HashMap::from([(id, file)]);
    }
    let text = |line: &str| -> (String, String) {
        let record: serde_json::Value = serde_json::from_str(line).expect("JSON");
        (record["id"].as_str().expect("an id").to_owned(), record["text"].as_str().expect("a text").to_owned())
    };
    file.lines().map(text).collect()
}

fn count(paths: &[PathBuf], method: &'static Method, lists: &Lists) -> Stumbles {
    let mut out = Stumbles::default();
    for path in paths {
        for article in summaries(path, method) {
            out += stumbles(&article, lists);
        }
    }
    out
}

/// The articles whose quotations are marked by hand.
fn marked() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut out: Vec<PathBuf> = std::fs::read_dir(root.join("quotes"))
        .expect("the corpus is there")
        .map(|entry| entry.expect("readable").path())
        .filter_map(|path| {
            Some(path.file_stem()?.to_str()?.split_once('-')?).map(|(lang, slug)| root.join(format!("articles/{lang}/{slug}.txt")))
        })
        .collect();
    out.sort();
    out
}

/// A set of the reference data, or its first records.
fn set(reference: &Path, name: &str, records: usize, folder: &Path) -> PathBuf {
    let file = std::fs::read_to_string(reference.join("data/summarization").join(name)).expect("the set is there");
    let path = folder.join(name);
    let mut out = std::fs::File::create(&path).expect("a new file");
    for line in file.lines().take(records) {
        writeln!(out, "{line}").expect("room on the disk");
    }
    path
}

/// Sets by name: always the marked articles, the others where there is reference data.
fn sets(folder: &Path) -> Vec<(&'static str, Vec<PathBuf>)> {
    let mut out = vec![("corpus", marked())];
    if let Some(reference) = reference() {
        out.push(("cnndm_val", vec![set(&reference, "cnndm_val.jsonl", 500, folder)]));
        out.push(("orangesum", vec![set(&reference, "orangesum_fr_train.jsonl", 200, folder)]));
    }
    out
}

#[test]
fn summaries_read_on_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let lists = Lists::read();
    for (name, paths) in sets(folder.path()) {
        let ours = count(&paths, &METHODS[0], &lists);
        let centroid = count(&paths, rank::find("centroid").expect("a method"), &lists);
        let told = |list: &[String]| format!("{name}: {} of {}\n{}", list.len(), ours.sentences, list.join("\n"));
        assert!(ours.sentences >= 2 * paths.len(), "{name}: hardly a summary");
        assert!(ours.bare.is_empty(), "quoted words without marks or speaker in {}", told(&ours.bare));
        assert!(ours.open.is_empty(), "marks or brackets left open in {}", told(&ours.open));
        assert!(
            2 * ours.leaning.len() <= centroid.leaning.len(),
            "openers; centroid has {}; {}",
            centroid.leaning.len(),
            told(&ours.leaning)
        );
    }
}

#[test]
#[ignore = "a table for people; say --nocapture"]
fn table_of_all_methods() {
    let folder = tempfile::tempdir().expect("a folder");
    let lists = Lists::read();
    eprintln!("{:<12} {:<12} {:>9} {:>6} {:>6} {:>8}", "set", "method", "sentences", "bare", "open", "leaning");
    for (name, paths) in sets(folder.path()) {
        for method in METHODS {
            let found = count(&paths, method, &lists);
            let (bare, open, leaning) = (found.bare.len(), found.open.len(), found.leaning.len());
            eprintln!("{name:<12} {:<12} {:>9} {bare:>6} {open:>6} {leaning:>8}", method.name, found.sentences);
        }
    }
}

#[test]
fn the_counter_finds_what_is_there() {
    let lists = Lists::read();
    let article = |text: &str, shown: &[(&str, &str)]| {
        let sentence = |(slice, shown): &(&str, &str)| {
            let at = text.find(slice).expect("a slice of the text");
            (at..at + slice.len(), (if shown.is_empty() { slice } else { shown }).to_string())
        };
        Shown { id: "a".into(), lang: "en".into(), text: text.into(), sentences: shown.iter().map(sentence).collect() }
    };
    let text = "The line grows. “We go. We win (all of it,” Dalgar said. But it leaks. He left. “It rains on all of us,” he said.";
    for (shown, counts) in [
        (&[("The line grows.", "")][..], [0, 0, 0]),
        (&[("“We go.", "")], [1, 1, 0]),
        (&[("“We go.", "“We go.”")], [1, 0, 0]),
        (&[("“We go.", "“We go.” [Dalgar said]")], [0, 0, 0]),
        (&[("We win (all of it,” Dalgar said.", "")], [1, 1, 0]),
        (&[("But it leaks.", "")], [0, 0, 1]),
        (&[("But it leaks.", ""), ("He left.", "")], [0, 0, 1]),
        (&[("The line grows.", "The line of Mr. Dalgar grows."), ("He left.", "")], [0, 0, 0]),
        (&[("“It rains on all of us,” he said.", "")], [1, 0, 1]),
    ] {
        let found = stumbles(&article(text, shown), &lists);
        assert_eq!([found.bare.len(), found.open.len(), found.leaning.len()], counts, "{shown:?}");
    }
}

#[test]
fn the_counter_sees_quotations_as_the_hand_that_marked_them() {
    for path in marked() {
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        let (lang, slug) = (path.parent().and_then(Path::file_name).expect("a folder"), path.file_stem().expect("a name"));
        let quotes = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("corpus/quotes/{}-{}.tsv", lang.display(), slug.display()));
        let quotations = Quotations::of(&text);
        let mut from = 0;
        for row in std::fs::read_to_string(quotes).expect("UTF-8").lines().skip(1) {
            let fields: Vec<&str> = row.split('\t').collect();
            let (place, sentence) = (fields[1], fields[3]);
            // Hard-wrapped text is told by its first and last words.
            let head = sentence.split(' ').next().expect("a word");
            let start = from + text[from..].find(head).expect("in order");
            let last = sentence.split(' ').next_back().expect("a word");
            let shortest = sentence.len() - last.len();
            let end = start + shortest + text[start + shortest..].find(last).expect("in order") + last.len();
            from = end;
            let (starts, ends) = (quotations.inside[start] && !text[start..].starts_with(is_mark), quotations.inside[end]);
            let expected = match place {
                "opens" => (false, true),
                "inside" => (true, true),
                "closes" => (true, false),
                _ => (false, false),
            };
            if place != "broken" {
                assert_eq!((starts, ends), expected, "{} {}: {sentence}", path.display(), fields[0]);
            }
        }
    }
}
