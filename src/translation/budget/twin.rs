//! Sentences that say the same, wherever they stand in a batch. They have the same words in the same order, whatever their case, quotation
//! marks, dashes and blanks; or one of them has besides, at its very start or its very end, a few words that add nothing: a connective
//! (`Meanwhile, ..`), a dateline (`LONDON (AP) - ..`), who says so (`.., officials said`). Any other word may be the one that matters, so that
//! what is merely alike is not the same. How much two articles share is the business of `text::sketch`.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::frame::{self, Frame};
use crate::text::language::Language;
use crate::text::sketch::{key, mixed};
use crate::text::token::unspaced;

/// By what sentences that say the same are known: numbers for their words in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Twin {
    whole: u64,
    /// Without what adds nothing at its start, and at its end; 0 where there is nothing of the kind.
    cores: [u64; 2],
}

impl Twin {
    /// That of a text in a language.
    pub fn of(text: &str, language: &Language) -> Twin {
        let text = text.trim();
        let core = |frame: Frame| frame.adds_nothing(language).then(|| number(&normal(frame.core)));
        let framed = |frame: Option<Frame>| frame.filter(|_| !text.contains(unspaced)).and_then(core).unwrap_or(0);
        Twin { whole: number(&normal(text)), cores: [framed(frame::before(text, language)), framed(frame::after(text))] }
    }
}

/// A number for the tokens of a normalised text, in order.
fn number(text: &str) -> u64 {
    tokens(text).into_iter().map(key).fold(1, |sum, token| mixed(sum ^ token)).max(1)
}

/// The text in NFC and small letters, with one dash, one apostrophe and one question mark, and without what is not seen.
pub(super) fn normal(text: &str) -> String {
    let composed: Cow<str> = if is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() };
    let seen = composed.chars().filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}'));
    let plain = |c| match c {
        '\u{2010}'..='\u{2015}' | '−' => '-',
        '’' => '\'',
        '？' | '؟' => '?',
        'ς' => 'σ',
        c => c,
    };
    seen.flat_map(char::to_lowercase).map(plain).collect()
}

/// The words of a normalised text, its figures with their points and dashes (`1.4`, `0-4`), and the signs that matter: `%`, `?`, the minus of
/// a figure. Of scripts without blanks, characters.
pub(super) fn tokens(text: &str) -> Vec<&str> {
    let (mut found, mut open, mut before) = (Vec::new(), None, ' ');
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map_or(' ', |(_, after)| *after);
        let in_figure = before.is_numeric() && after.is_numeric() && matches!(c, '.' | ',' | ':' | '\'' | '/' | '-');
        if is_letter(c) && !unspaced(c) || in_figure {
            open.get_or_insert(at);
        } else {
            found.extend(open.take().map(|start| &text[start..at]));
            let minus = c == '-' && after.is_numeric() && !is_letter(before);
            if minus || !is_separator(c) {
                found.push(&text[at..at + c.len_utf8()]);
            }
        }
        before = c;
    }
    found.extend(open.map(|start| &text[start..]));
    found
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Blanks and punctuation; what is not known to be punctuation may matter.
fn is_separator(c: char) -> bool {
    match c {
        _ if c.is_ascii_punctuation() => !matches!(c, '%' | '&' | '#' | '@' | '+' | '?' | '$' | '<' | '>' | '='),
        '‰' | '‱' => false,
        '\u{2000}'..='\u{206f}' | '\u{2e00}'..='\u{2e7f}' => true,
        '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}' => {
            !unspaced(c) && !matches!(c, '％' | '＆' | '＃' | '＠' | '＋' | '＄')
        }
        '¡' | '¿' | '«' | '»' | '·' | '´' | '¨' | '،' | '؛' | '۔' | '।' | '॥' | '։' | '՝' | '՛' | '־' | '׳' | '״' | '።' => {
            true
        }
        _ => c.is_whitespace() || c.is_control(),
    }
}

/// Which of many say the same, by index.
#[derive(Clone, Debug, Default)]
pub(super) struct Twins {
    /// The first that is equal as a whole.
    wholes: Vec<u32>,
    /// Of those with something that adds nothing, the first that is equal to the rest; growing.
    cores: Vec<(u32, u32)>,
}

impl Twins {
    /// Of so many, by their index.
    pub(super) fn new(count: usize, twin: impl Fn(usize) -> Twin) -> Twins {
        let mut order: Vec<u32> = (0..count as u32).collect();
        let whole = |i: u32| twin(i as usize).whole;
        order.sort_unstable_by_key(|&i| (whole(i), i));
        let mut wholes = vec![0; count];
        for equal in order.chunk_by(|&one, &other| whole(one) == whole(other)) {
            equal.iter().for_each(|&i| wholes[i as usize] = equal[0]);
        }
        let first = |core: u64| order.get(order.partition_point(|&i| whole(i) < core)).copied().filter(|&i| whole(i) == core);
        let of = |i: u32| twin(i as usize).cores.into_iter().filter(|core| *core != 0).filter_map(first).map(move |first| (i, first));
        let cores = (0..count as u32).flat_map(of).collect();
        Twins { wholes, cores }
    }

    fn cores(&self, i: u32) -> impl Iterator<Item = usize> {
        let start = self.cores.partition_point(|(of, _)| *of < i);
        self.cores[start..].iter().take_while(move |(of, _)| *of == i).map(|(_, core)| *core as usize)
    }
}

/// What is said so far.
pub(super) struct Said<'a> {
    twins: &'a Twins,
    /// Who said it as a whole, and who said it and something that adds nothing, by the first that is equal.
    wholes: Vec<u32>,
    framed: Vec<u32>,
}

const NOBODY: u32 = u32::MAX;

impl Said<'_> {
    /// Nothing yet.
    pub(super) fn new(twins: &Twins) -> Said<'_> {
        let nobody = vec![NOBODY; twins.wholes.len()];
        Said { twins, framed: nobody.clone(), wholes: nobody }
    }

    /// The one that was taken and says the same.
    pub(super) fn by(&self, i: usize) -> Option<usize> {
        let whole = self.twins.wholes[i] as usize;
        let cores = self.twins.cores(i as u32).map(|core| self.wholes[core]);
        [self.wholes[whole], self.framed[whole]].into_iter().chain(cores).find(|by| *by != NOBODY).map(|by| by as usize)
    }

    /// Takes one.
    pub(super) fn take(&mut self, i: usize) {
        self.wholes[self.twins.wholes[i] as usize] = i as u32;
        for core in self.twins.cores(i as u32) {
            self.framed[core] = i as u32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::language;

    /// Whether one is passed over where the other was taken.
    fn same(lang: &str, one: &str, other: &str) -> bool {
        let twins = [one, other].map(|text| Twin::of(text, language::find(lang).expect("known")));
        let told = |first: usize| {
            let twins = Twins::new(2, |i| twins[i ^ first]);
            let mut said = Said::new(&twins);
            said.take(0);
            said.by(1).is_some()
        };
        assert_eq!(told(0), told(1), "{one} / {other}");
        told(0)
    }

    #[test]
    fn the_same_words_say_the_same() {
        let text = "The ferry between Port Ellery and Skellan, \"the old lady\", will run from November – three times a day.";
        let cases = [
            ("en", text, text),
            ("en", text, "THE FERRY between Port Ellery and Skellan, “the old lady”, will run\u{a0}from November - three times a day"),
            ("en", "He said no.", "He said no!"),
            ("fr", "L’e\u{301}tat a répondu.", "L'état a répondu"),
            ("en", "The co\u{ad}operative lost 0–4.", "The cooperative lost 0-4."),
            ("zh", "港湾局は月曜日に新しい船を三隻購入すると発表した。", "港湾局は月曜日に新しい船を三隻購入すると発表した"),
            ("en", "", ""),
        ];
        cases.into_iter().for_each(|(lang, one, other)| assert!(same(lang, one, other), "{one} / {other}"));
    }

    #[test]
    fn a_few_words_that_add_nothing_change_nothing() {
        let text = "The parliament in Leinfeld approved the budget for hospitals and schools on Monday evening after a long debate.";
        let cases = [
            "Meanwhile, the parliament in Leinfeld approved the budget for hospitals and schools on Monday evening after a long debate.",
            "The parliament in Leinfeld approved the budget for hospitals and schools on Monday evening after a long debate, officials said.",
            "LEINFELD (AP) — The parliament in Leinfeld approved the budget for hospitals and schools on Monday evening after a long debate.",
        ];
        cases.into_iter().for_each(|other| assert!(same("en", text, other), "{other}"));
        let german = "Der Stadtrat von Leinfeld hat am Mittwoch für den Bau einer Straßenbahn gestimmt";
        assert!(same("de", &format!("{german}."), &format!("{german}, sagte ein Sprecher.")));
        // Each says the same as the bare one, and they do not say the same as one another.
        for pair in cases.windows(2) {
            assert!(!same("en", pair[0], pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn what_is_merely_alike_is_not_the_same() {
        let cases = [
            ("approved the budget", "rejected the budget"),
            ("Norrholm defeated Tarnow", "Tarnow defeated Norrholm"),
            ("rose sharply", "fell sharply"),
            ("the second week of May", "the second week of June"),
            ("did not approve it", "did approve it"),
            ("the verdict against the director", "the verdict for the director"),
            ("on Monday", "on Friday"),
            ("from 1 July", "from 1 August"),
            ("Nobody was injured", "Somebody was injured"),
            ("it grew by 1.4 percent", "it grew by 14 percent"),
            ("at -5 degrees", "at 5 degrees"),
            ("for $5 a head", "for €5 a head"),
            ("it will be read", "it will be read?"),
            ("had been told", "had never been told"),
        ];
        for (one, other) in cases {
            let [one, other] = [one, other].map(|of| {
                format!("In the town of Halm and in all of the county around it {of} and the paper told of it before a large crowd")
            });
            assert!(!same("en", &one, &other), "{one} / {other}");
        }
        for of in ["Officials denied that", "It is false that", "No official said that", "In 2019,", "Critics of the plan say that"] {
            let text = "the parliament in Leinfeld approved the budget for hospitals and schools on Monday evening after a long debate.";
            assert!(!same("en", text, &format!("{of} {text}")), "{of}");
        }
        for of in ["nobody said", "police denied", "on Friday", "for women only", "300 officials said", "he said no such thing"] {
            let text = "The parliament in Leinfeld approved the budget for hospitals and schools after a long debate";
            assert!(!same("en", &format!("{text}."), &format!("{text}, {of}.")), "{of}");
        }
        // Too short to have anything added.
        assert!(!same("en", "He will come soon.", "He will come soon, officials said."));
        assert!(!same("en", "He said no.", "No, he said."));
        let weather =
            |town: &str| format!("{town} (AP) — The weather will remain mild and mostly cloudy with light winds over the weekend.");
        assert!(!same("en", &weather("HALLAN"), &weather("TARNOW")));
        assert!(!same("zh", "港湾局は月曜日に新しい船を三隻購入すると発表した。", "港湾局は月曜日に新しい船を二隻購入すると発表した。"));
        assert!(!same("zh", "会议周三在北京召开。", "会议周三在北京召开，官员说。"));
    }

    #[test]
    fn tokens_are_words_figures_and_signs() {
        let cases: [(&str, &[&str]); 5] = [
            ("The 2nd, of all.", &["the", "2nd", "of", "all"]),
            ("−5 %, 1,000.5; 0–4 x-5", &["-", "5", "%", "1,000.5", "0-4", "x", "5"]),
            ("港湾局 x？", &["港", "湾", "局", "x", "?"]),
            ("नमस्ते दुनिया।", &["नमस्ते", "दुनिया"]),
            ("", &[]),
        ];
        cases.into_iter().for_each(|(text, expected)| assert_eq!(tokens(&normal(text)), expected, "{text}"));
    }

    #[test]
    fn nothing_is_passed_over_for_what_was_not_taken() {
        let bare = "The parliament in Leinfeld approved the budget for hospitals and schools";
        let texts = [format!("{bare}, officials said."), format!("Meanwhile, {bare}."), bare.to_owned()];
        let twins = Twins::new(3, |i| Twin::of(&texts[i], language::find("en").expect("known")));
        let mut said = Said::new(&twins);
        said.take(0);
        assert_eq!(
            [0, 1, 2].map(|i| said.by(i)),
            [Some(0), None, Some(0)],
            "the second only says what the third does, which was not taken"
        );
        said.take(1);
        assert_eq!(said.by(1), Some(1));
    }
}
