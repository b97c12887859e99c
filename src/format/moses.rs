//! Moses, the plainest format of parallel texts, out and back: a line a segment, a file a language, the lines of both belonging
//! together, and a third file that names each line. Articles of several languages go to files of their own. It holds no line break,
//! no tab and no metadata: the former become blanks, and are counted; the exact bytes are in `jsonl` and XLIFF.

use std::borrow::Cow;

use super::bitext::{BitextOptions, Prefill, UNKNOWN, bitext, notice};
use super::lines;
use super::returned::{Each, Opened};
use super::rows::{Row, Rows};
use super::xliff::gather::known_lang;
use super::{Outcome, Streams, Writer, one_line};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::lang::Lang;
use crate::translation::{BitextUnit, State};

/// Ending of the file that names each line.
pub const IDS: &str = "ids.tsv";

/// Ending of the lines of a target in the language of the source, which would be one file with it.
const SAME: &str = "target";

/// Segments, one a line.
pub struct Lines(BitextOptions);

impl Lines {
    /// Lines for translators; those of the target are empty unless something else is asked for.
    pub fn new(options: &BitextOptions) -> Lines {
        Lines(BitextOptions { prefill: options.prefill.or(Some(Prefill::Empty)), ..options.clone() })
    }
}

impl Writer for Lines {
    fn article(&self, outcome: &Outcome, out: &mut Streams) {
        let bitext = bitext(outcome, &self.0);
        notice(&bitext, &mut out.noticed);
        let article = one_line(&bitext.id);
        let (mut sources, mut targets, mut ids, mut blanks) = (String::new(), String::new(), String::new(), 0);
        for segment in bitext.units.iter().flat_map(BitextUnit::segments) {
            let line = one_line(&segment.source);
            blanks += u64::from(matches!(line, Cow::Owned(_)));
            sources.extend([&line, "\n"]);
            // A line has no place for a word that somebody is to look at it.
            let target = segment.target.as_deref().filter(|_| !segment.unsure).map(one_line);
            targets.extend([target.as_deref().unwrap_or_default(), "\n"]);
            ids.extend([&*article, "\t", &segment.id, "\n"]);
        }
        out.noticed.blanks = out.noticed.blanks.max(blanks);
        let source = bitext.source_lang.as_deref().unwrap_or(UNKNOWN).to_ascii_lowercase();
        let target = bitext.target_lang.filter(|_| self.0.prefill() != Prefill::Omit).map(|tag| tag.to_ascii_lowercase());
        let stem = target.as_ref().map_or_else(|| source.clone(), |target| format!("{source}-{target}"));
        let mut write =
            |ending: &str, lines: &str| out.stream(&format!("moses/segments.{stem}.{ending}")).extend_from_slice(lines.as_bytes());
        write(&source, &sources);
        // A language into itself would make one file of two.
        target.iter().for_each(|target| write(if *target == source { SAME } else { target }, &targets));
        write(IDS, &ids);
    }
}

/// The files of lines that belong together, by their endings, which are languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Endings of source and target.
    pub endings: [String; 2],
    /// Languages of both, as far as they are known.
    pub langs: [Option<String>; 2],
}

/// Which files belong together, of those named `STEM.ENDING`: `segments.en-de` has `en` and `de`; `segments.en`, which was made
/// without a target, has `en` and whatever language somebody added.
pub fn pair(stem: &str, endings: &[String]) -> Option<Pair> {
    let name = stem.rsplit('.').next().unwrap_or(stem);
    let there = |ending: &str| endings.iter().any(|other| other == ending);
    let of = |source: &str, target: &str, lang: &str| Pair {
        endings: [source.to_owned(), target.to_owned()],
        langs: [known_lang(Some(source)).map(cased), Some(cased(lang.to_owned()))],
    };
    let splits = name.match_indices('-').map(|(at, _)| (&name[..at], &name[at + 1..]));
    for (source, lang) in splits {
        let target = if source == lang { SAME } else { lang };
        if there(source) && there(target) {
            return Some(of(source, target, lang));
        }
    }
    let mut others = endings.iter().filter(|ending| *ending != name && Lang::parse(ending).is_some());
    let other = others.next().filter(|_| there(name) && others.next().is_none())?;
    Some(of(name, other, other))
}

/// A tag whose names were made small as BCP 47 writes it: `pt-BR`, `zh-Hant`.
fn cased(tag: String) -> String {
    let subtag = |(at, part): (usize, &str)| match part.len() {
        2 if at > 0 => part.to_ascii_uppercase(),
        4 if at > 0 && part.bytes().all(|b| b.is_ascii_alphabetic()) => part[..1].to_ascii_uppercase() + &part[1..],
        _ => part.to_owned(),
    };
    tag.split('-').enumerate().map(subtag).collect::<Vec<_>>().join("-")
}

/// Holds the files against one another: lines that do not belong together make no translation.
///
/// # Errors
/// One cannot be read, or has more lines than another; without their paths.
pub fn check(mut opened: Opened) -> Result<()> {
    let mut counts = Vec::with_capacity(3);
    for file in &mut opened.files {
        let mut all = lines::Lines::new(file);
        while all.next()?.is_some() {}
        counts.push(all.number());
    }
    if counts.iter().all(|count| *count == counts[0]) {
        return Ok(());
    }
    let counts: Vec<String> =
        ["target", "source", "ids"].iter().zip(&counts).map(|(name, count)| format!("{count} of the {name}")).collect();
    Err(ErrorKind::Lines(counts.join(", ")).into())
}

/// Reads lines of target, source and ids that came back, UTF-8. A target that is its source may be what was there to begin with.
///
/// # Errors
/// One cannot be read or ends before another, names are not as they were, or `each` failed; without their paths.
pub fn read(mut opened: Opened, each: Each) -> Result<()> {
    let mut files = opened.files.iter_mut().map(|file| lines::Lines::new(file));
    let (Some(mut targets), Some(mut sources), Some(mut ids)) = (files.next(), files.next(), files.next()) else {
        return Err(ErrorKind::NoLines.into());
    };
    let mut rows = Rows::new(each, opened.langs);
    loop {
        let (target, source, id) = match (targets.next()?, sources.next()?, ids.next()?) {
            (Some(target), Some(source), Some(id)) => (target, source, id),
            (None, None, None) => return rows.end(),
            _ => {
                return Err(at(
                    targets.number().max(sources.number()).max(ids.number()),
                    ErrorKind::Lines("one file ends there".to_owned()),
                ));
            }
        };
        let line = ids.number();
        let Some((article, segment)) = id.split_once('\t') else {
            let cause = format!("line {line} of the ids has no tab between article and segment");
            return Err(at(line, ErrorKind::Lines(cause)));
        };
        let (article, segment) = (article.to_owned(), segment.trim_end().to_owned());
        rows.add(Row { article, segment, source, target, state: State::Initial, line, ..Row::default() })?;
    }
}

fn at(line: u64, kind: ErrorKind) -> Error {
    Error::from(kind).at(Place { line: Some(line), ..Place::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::lang::Lang;
    use crate::summary::Summary;
    use crate::text::{Scratch, TextOptions, parse};

    fn written(options: &BitextOptions) -> (Vec<(String, String)>, u64) {
        let mut article = Article::new("a\tb".into(), "One is\nhere. Two is there.".into()).expect("short");
        article.lang = Lang::parse("en-GB");
        let text = TextOptions { newlines: crate::text::Newlines::Wrap, ..TextOptions::default() };
        let document = parse(article, &text, &mut Scratch::default());
        let (summary, mut out) = (Summary::default(), Streams::default());
        Lines::new(options).article(&Outcome::new(&document, None, &summary, ""), &mut out);
        let blanks = out.noticed.blanks;
        let parts = out.into_parts().0.into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).expect("UTF-8")));
        (parts.collect(), blanks)
    }

    #[test]
    fn lines_belong_together() {
        let source = "One is here.\nTwo is there.\n".to_owned();
        let ids = "a b\tp1s1\na b\tp1s2\n".to_owned();
        let into_german = BitextOptions { target_lang: Lang::parse("de"), ..BitextOptions::default() };
        let expected = [
            ("moses/segments.en-gb-de.en-gb".to_owned(), source.clone()),
            ("moses/segments.en-gb-de.de".to_owned(), "\n\n".to_owned()),
            ("moses/segments.en-gb-de.ids.tsv".to_owned(), ids.clone()),
        ];
        assert_eq!(written(&into_german), (expected.to_vec(), 1));
        let copied = written(&BitextOptions { prefill: Some(Prefill::Copy), ..into_german.clone() }).0;
        assert_eq!(copied[1].1, source);
        let alone = [("moses/segments.en-gb.en-gb".to_owned(), source), ("moses/segments.en-gb.ids.tsv".to_owned(), ids)];
        assert_eq!(written(&BitextOptions::default()).0, alone);
        assert_eq!(written(&BitextOptions { prefill: Some(Prefill::Omit), ..into_german }).0.len(), 2);
    }

    #[test]
    fn names_tell_which_lines_belong_together() {
        let found = |stem: &str, endings: &[&str]| {
            let endings: Vec<String> = endings.iter().map(|ending| (*ending).to_owned()).collect();
            pair(stem, &endings).map(|pair| (pair.endings.join(" "), pair.langs.map(Option::unwrap_or_default).join(" ")))
        };
        let some = |endings: &str, langs: &str| Some((endings.to_owned(), langs.to_owned()));
        assert_eq!(found("segments.en-de", &["en", "de", IDS]), some("en de", "en de"));
        assert_eq!(found("a.b.en-gb-pt-br", &["en-gb", "pt-br", "bak"]), some("en-gb pt-br", "en-GB pt-BR"));
        assert_eq!(found("segments.de-de", &["de", SAME]), some("de target", "de de"));
        assert_eq!(found("segments.und-zh-hant-tw", &["und", "zh-hant-tw"]), some("und zh-hant-tw", " zh-Hant-TW"));
        assert_eq!(found("segments.en", &["en", IDS, "fr"]), some("en fr", "en fr"));
        assert_eq!((found("segments.en", &["en", "fr", "de"]), found("segments.en-de", &["en", IDS])), (None, None));
    }

    fn opened(files: [&'static str; 3]) -> Opened {
        let files = files.map(|text| Box::new(text.as_bytes()) as Box<dyn std::io::BufRead>);
        Opened { files: files.into(), langs: [Some("en".into()), Some("de".into())] }
    }

    #[test]
    fn lines_come_back() {
        let files = ["Eins.\r\n\r\nDrei.", "One.\nTwo.\nThree.\n", "\u{feff}a\tp1s1\na\tp2s1\nb\tt1\n"];
        let shown = crate::format::rows::tests::shown(|each| read(opened(files), each)).0;
        let expected = "a en de\n  p1  p1s1@1 \"One.\" -> \"Eins.\"\n  p2  p2s1@2 \"Two.\"\nb en de\n  t  t1@3 \"Three.\" -> \"Drei.\"\n";
        assert_eq!(shown, expected);
        check(opened(files)).expect("they belong together");
    }

    #[test]
    fn lines_that_do_not_belong_together_are_refused() {
        let error = |done: Result<()>| done.expect_err("refused").to_string();
        let short = ["Eins.\n", "One.\nTwo.\n", "a\tp1s1\na\tp1s2\n"];
        assert_eq!(error(check(opened(short))), "lines do not belong together: 1 of the target, 2 of the source, 2 of the ids");
        assert_eq!(error(read(opened(short), &mut |_, _| Ok(()))), ":2: lines do not belong together: one file ends there");
        let nameless = error(read(opened(["Eins.", "One.", "a p1s1"]), &mut |_, _| Ok(())));
        assert_eq!(nameless, ":1: lines do not belong together: line 1 of the ids has no tab between article and segment");
    }
}
