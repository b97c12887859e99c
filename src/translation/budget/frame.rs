//! Words at the start or the end of a sentence that add nothing to it: a connective, a dateline, who says so. Only what is known to add
//! nothing is taken for it, by shape or by a list, and nothing with a figure or a denial. What the sentence says without them is not asked
//! here.

use super::twin::{normal, tokens};
use crate::text::language::Language;
use crate::text::opener::opening;

/// Most words of a frame, for how many of the core there must be one of it at most, and the fewest of the core.
const MOST: usize = 4;
const FOR_EACH: usize = 4;
const FEWEST: usize = 6;

/// A sentence in two parts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    /// What may add nothing.
    words: &'a str,
    /// All else.
    pub(super) core: &'a str,
    /// Whether it must say that somebody said so.
    says: bool,
}

impl Frame<'_> {
    /// Whether the words are few and none of them matters.
    pub(super) fn adds_nothing(&self, language: &Language) -> bool {
        let (words, core) = (normal(self.words), tokens(&normal(self.core)).len());
        let words = tokens(&words);
        let matters = |word: &&str| word.contains(|c: char| c.is_numeric()) || *word == "?" || DENIALS.contains(word);
        let few = !words.is_empty() && words.len() <= MOST.min(core / FOR_EACH) && core >= FEWEST;
        few && !words.iter().any(matters) && (!self.says || words.iter().any(|word| says(word, language)))
    }
}

/// A dateline or a connective before the rest.
pub(super) fn before<'a>(text: &'a str, language: &Language) -> Option<Frame<'a>> {
    let at = dateline(text).unwrap_or_else(|| opening(text, language).droppable as usize);
    (at > 0).then(|| Frame { words: &text[..at], core: &text[at..], says: false })
}

/// What stands after the last comma or quotation mark.
pub(super) fn after(text: &str) -> Option<Frame<'_>> {
    let mut blanks = text.rmatch_indices(char::is_whitespace).take(2 * MOST);
    let (at, _) = blanks.find(|(at, _)| text[..*at].ends_with([',', '"', '”', '“', '»']))?;
    Some(Frame { words: &text[at..], core: &text[..at], says: true })
}

/// The end of a dateline before the text: a place in capitals or an agency in brackets, and a dash.
fn dateline(text: &str) -> Option<usize> {
    const FAR: usize = 60;
    let (at, dash) = [" - ", " – ", " — ", " -- "].iter().filter_map(|dash| text.find(dash).map(|at| (at, *dash))).min()?;
    let place = &text[..at];
    let capitals = place.chars().filter(|c| c.is_uppercase()).count() >= 3 && !place.contains(char::is_lowercase);
    (at <= FAR && (capitals || place.ends_with(')') && place.contains('('))).then_some(at + dash.len())
}

fn says(word: &str, language: &Language) -> bool {
    SAYING.iter().any(|(code, words)| *code == language.code && words.contains(&word))
}

/// Words that say no more than that somebody says so, by language. That it is denied, doubted or promised is another matter.
const SAYING: &[(&str, &[&str])] = &[
    ("cs", &["řekl", "řekla", "řekli", "uvedl", "uvedla"]),
    ("da", &["sagde", "siger", "ifølge"]),
    ("de", &["sagte", "sagt", "sagten", "teilte", "teilten", "erklärte", "berichtete", "laut", "zufolge"]),
    ("en", &["said", "says", "say", "told", "reported", "announced", "according"]),
    ("es", &["dijo", "dijeron", "informó", "informaron", "anunció", "indicó", "según"]),
    ("fr", &["dit", "disent", "déclaré", "annoncé", "indiqué", "rapporté", "selon"]),
    ("it", &["detto", "dice", "disse", "riferito", "annunciato", "secondo"]),
    ("nb", &["sa", "sier", "ifølge"]),
    ("nl", &["zei", "zeiden", "meldde", "meldt", "volgens"]),
    ("pl", &["powiedział", "powiedziała", "poinformował", "poinformowała"]),
    ("pt", &["disse", "disseram", "informou", "anunciou", "segundo"]),
    ("ru", &["сказал", "сказала", "сказали", "сообщил", "сообщила", "сообщили", "заявил", "заявила", "заявили"]),
    ("sv", &["sade", "säger", "enligt"]),
    ("tr", &["dedi", "söyledi"]),
    ("uk", &["сказав", "сказала", "повідомив", "повідомила", "повідомили"]),
];

/// Words that turn what is said around; of a language or another, since none of them can be spared in any.
#[rustfmt::skip]
const DENIALS: &[&str] = &[
    "not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "without", "hardly", "few", "false", "falsely", "untrue", "denied", "denies", "deny", "t",
    "nicht", "nichts", "nie", "niemals", "niemand", "kein", "keine", "keinem", "keinen", "keiner", "keines", "ohne", "kaum", "falsch",
    "ne", "n", "pas", "jamais", "rien", "aucun", "aucune", "personne", "sans", "faux",
    "nunca", "nadie", "nada", "ningún", "ninguna", "ninguno", "sin", "falso",
    "não", "ninguém", "nenhum", "nenhuma", "sem", "non", "mai", "nessuno", "nessuna", "niente", "senza",
    "niet", "geen", "nooit", "niemand", "zonder", "inte", "ingen", "aldrig", "utan", "ikke", "ingen", "uden", "uten",
    "nikt", "nic", "nigdy", "bez", "nikdo", "nikdy", "değil", "yok", "hiç",
    "не", "нет", "ни", "никто", "никогда", "без", "ложь", "ні", "ніхто", "ніколи",
];
