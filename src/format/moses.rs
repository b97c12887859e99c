//! Moses, the plainest format of parallel texts: a line a segment, a file a language, the lines of both belonging together, and a
//! third file that names each line. Articles of several languages go to files of their own. It holds no line break, no tab and
//! no metadata: the former become blanks, and are counted; the exact bytes are in `jsonl` and XLIFF.

use std::borrow::Cow;

use super::bitext::{BitextOptions, Prefill, UNKNOWN, bitext, notice};
use super::{Outcome, Streams, Writer, one_line};
use crate::translation::BitextUnit;

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
            targets.extend([segment.target.as_ref().map_or("", |_| &line), "\n"]);
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
        target.iter().for_each(|target| write(if *target == source { "target" } else { target }, &targets));
        write("ids.tsv", &ids);
    }
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
}
