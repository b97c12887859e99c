//! Checks of a target against its source, by what can be told from the two alone: numbers, addresses, placeholders, tags, marks
//! and their pairs, doubled words, what was left untranslated, length, blanks. Each check has a name, by which it is switched off,
//! and the type that ITS 2.0 gives such an issue. A finding is a hint and not a proof: what good translators do anyway
//! (numbers written out, marks of another script, another word order) is passed over. Meaning and style are nothing they see.

mod marks;
mod numbers;
mod patterns;
mod words;

use crate::lang::Lang;

/// A sentence and its translation. Tags of the file they came from are no part of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pair<'a> {
    /// The sentence.
    pub source: &'a str,
    /// Its translation.
    pub target: &'a str,
    /// Language of the source (BCP 47), if it is known.
    pub source_lang: Option<&'a str>,
    /// Language of the target (BCP 47), if it is known.
    pub target_lang: Option<&'a str>,
}

/// One thing that is looked at.
pub struct Check {
    /// The name that `--disable` takes.
    pub name: &'static str,
    /// The type of such an issue in ITS 2.0 (section 8.19, "Localization Quality Issue type values").
    pub its: &'static str,
    /// What it finds, in a few words.
    pub about: &'static str,
    /// What it finds in the texts; nothing for codes, which are no part of them and which those who read the file compare.
    find: fn(&Pair) -> Option<String>,
}

/// Every check, in the order in which findings are told.
pub const CHECKS: &[Check] = &[
    Check { name: "empty", its: "omission", about: "a target without text", find: words::empty },
    Check { name: "same", its: "untranslated", about: "a target that is the source", find: words::same },
    Check { name: "numbers", its: "numbers", about: "numbers that are not those of the source", find: numbers::differ },
    Check { name: "urls", its: "pattern-problem", about: "addresses that are not those of the source", find: patterns::urls },
    Check { name: "emails", its: "pattern-problem", about: "e-mail addresses that are not those of the source", find: patterns::emails },
    Check { name: "placeholders", its: "pattern-problem", about: "{0}, %s, ${x} lost or added", find: patterns::placeholders },
    Check { name: "codes", its: "markup", about: "inline codes lost, doubled or added", find: |_| None },
    Check { name: "tags", its: "markup", about: "<b> and the like lost or added", find: patterns::tags },
    Check { name: "end-punctuation", its: "typographical", about: "another mark at the end", find: marks::end },
    Check { name: "brackets", its: "typographical", about: "a bracket without its partner", find: marks::brackets },
    Check { name: "quotes", its: "typographical", about: "a quotation mark without its partner", find: marks::quotes },
    Check { name: "doubled-words", its: "duplication", about: "a word twice in a row", find: words::doubled },
    Check { name: "length", its: "length", about: "a target much longer or shorter than the source", find: words::length },
    Check { name: "blanks", its: "whitespace", about: "other blanks at the start or the end", find: words::blanks },
    Check { name: "characters", its: "characters", about: "characters that stand for lost ones", find: words::characters },
];

/// Something that a check found.
#[derive(Clone)]
pub struct Alarm {
    /// The check.
    pub check: &'static Check,
    /// What was found and what was expected.
    pub cause: String,
}

/// The checks that are switched on.
#[derive(Clone, Debug)]
pub struct Checks {
    on: [bool; CHECKS.len()],
}

impl Default for Checks {
    fn default() -> Checks {
        Checks { on: [true; CHECKS.len()] }
    }
}

impl Checks {
    /// No check at all.
    pub fn none() -> Checks {
        Checks { on: [false; CHECKS.len()] }
    }

    /// Switches a check off by its name; `false` if none is called that.
    pub fn disable(&mut self, name: &str) -> bool {
        let found = CHECKS.iter().position(|check| check.name == name);
        found.into_iter().for_each(|index| self.on[index] = false);
        found.is_some()
    }

    /// Whether a check of that name is switched off.
    pub fn is_off(&self, name: &str) -> bool {
        CHECKS.iter().zip(self.on).any(|(check, on)| check.name == name && !on)
    }

    /// Whether any is on.
    pub fn any(&self) -> bool {
        self.on.contains(&true)
    }

    /// What those that are on find in a pair. A target without text is found empty and nothing else; without a source there is
    /// nothing to hold it against.
    pub fn look_at(&self, pair: &Pair) -> Vec<Alarm> {
        if pair.source.trim().is_empty() {
            return Vec::new();
        }
        let blank = pair.target.trim().is_empty();
        let asked = if blank { &CHECKS[..1] } else { CHECKS };
        let on = asked.iter().zip(self.on).filter(|(_, on)| *on).map(|(check, _)| check);
        on.filter_map(|check| (check.find)(pair).map(|cause| Alarm { check, cause })).collect()
    }
}

impl Pair<'_> {
    /// Whether the target is in one of these languages, by primary subtags.
    fn into(&self, languages: &[&str]) -> bool {
        let lang = self.target_lang.and_then(Lang::parse);
        lang.is_some_and(|lang| languages.contains(&lang.primary()))
    }

    /// Whether source and target are of the same language, as `en-US` and `en-GB` are.
    fn within_a_language(&self) -> bool {
        let primary = |tag: Option<&str>| tag.and_then(Lang::parse).map(|lang| lang.primary().to_owned());
        primary(self.source_lang).is_some_and(|source| primary(self.target_lang) == Some(source))
    }
}

/// Whether a text may be the same in every language: a name or a number, no sentence.
pub(super) fn stays_itself(text: &str) -> bool {
    let text = text.trim();
    let sentence = text.contains(char::is_alphabetic) && text.ends_with(['.', '!', '?', '…', '。', '！', '？', '।']);
    !sentence && !words::is_prose(text)
}

/// Whether any byte is of a kind. It looks at all of them, which is faster than to stop at the first.
fn any_byte(text: &str, is: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(false, |any, b| any | is(b))
}

/// What one side has and the other lacks, in words; `None` if neither lacks anything.
fn difference<S: AsRef<str>>(missing: &[S], added: &[S]) -> Option<String> {
    let list = |items: &[S]| items.iter().take(5).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match (missing, added) {
        ([], []) => None,
        (_, []) => Some(format!("{} of the source is not in the target", list(missing))),
        ([], _) => Some(format!("{} of the target is not in the source", list(added))),
        _ => Some(format!("{} in the source, {} in the target", list(missing), list(added))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names of what is found, between `source | target` from a language into another.
    fn found(langs: &str, pair: &str) -> String {
        let (source, target) = pair.split_once(" | ").expect("two sides");
        let (source_lang, target_lang) = langs.split_once('-').map(|(s, t)| (Some(s), Some(t))).unwrap_or_default();
        let alarms = Checks::default().look_at(&Pair { source, target, source_lang, target_lang });
        alarms.iter().map(|alarm| alarm.check.name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_check_finds_its_fault() {
        let cases = [
            ("en-de", "The dog is here. |  ", "empty"),
            ("en-de", "The dog barked at night. | The dog barked at night.", "same"),
            ("en-de", "It cost 25 euros. | Es kostete 52 Euro.", "numbers"),
            ("en-de", "It cost 1,234.5 euros. | Es kostete 1.234,6 Euro.", "numbers"),
            ("en-de", "It rose by 25 percent. | Es stieg um Prozent.", "numbers"),
            ("en-de", "In 2016 he came here. | Da kam er hierher.", "numbers"),
            ("en-fa", "He paid 52 there. | او ۵۳ پرداخت کرد.", "numbers"),
            ("en-de", "See https://a.example/x now. | Siehe https://b.example/x jetzt.", "urls"),
            ("en-de", "Write to a@b.example now. | Schreib an c@b.example jetzt.", "emails"),
            ("en-de", "Hello {name}, %d files. | Hallo {Name}, %d Dateien.", "placeholders"),
            ("en-de", "You have ${n} files. | Du hast Dateien hier.", "placeholders"),
            ("en-de", "A <b>bold</b> word. | Ein <b>fettes Wort.", "tags"),
            ("en-de", "Is it here? | Es ist hier.", "end-punctuation"),
            ("en-es", "Is it here? | Está aquí?", "end-punctuation"),
            ("en-de", "The dog (a big one) barked. | Der Hund (ein großer bellte.", "brackets"),
            ("en-de", "\"Yes\", he said. | „Ja, sagte er.", "quotes"),
            ("en-de", "What the dog saw. | Das, was die die Katze Katze sah.", "doubled-words"),
            ("en-de", "The dog and the cat. | Der Hund und und die Katze.", "doubled-words"),
            ("en-de", "A long sentence about many things that happened there and then, and some more. | Ja.", "length"),
            ("en-de", "Yes.  | Ja.", "blanks"),
            ("en-de", "A café there. | Ein Caf\u{fffd} dort.", "characters"),
        ];
        for (langs, pair, expected) in cases {
            assert_eq!(found(langs, pair), expected, "{pair}");
        }
    }

    #[test]
    fn what_good_translators_do_is_no_fault() {
        let cases = [
            ("en-de", "It cost 1,234.5 euros. | Es kostete 1.234,5 Euro."),
            ("en-fr", "It cost 1,234.5 euros. | Cela coûtait 1 234,5 euros."),
            ("en-fr", "It cost 1234567 euros. | Cela coûtait 1\u{202f}234\u{202f}567 euros."),
            ("en-hi", "There are 123,456 people. | यहाँ 1,23,456 लोग हैं।"),
            ("en-de", "He saw 3 dogs. | Er sah drei Hunde."),
            ("en-de", "It took 12 months. | Es dauerte zwölf Monate."),
            ("en-de", "He came here. | Er kam hierher.\u{200b}"),
            ("en-es", "It cost 1.5 billion dollars. | Costó 1500 millones de dólares."),
            ("en-de", "At 3:30 pm he came. | Um 15.30 Uhr kam er."),
            ("en-de", "On 11/09/2001 it fell. | Am 9.11.2001 fiel es."),
            ("en-ar", "He paid 1,234.5 there. | دفع ١٬٢٣٤٫٥ هناك."),
            ("en-de", "In the 1990s it was so. | In den 90er Jahren war das so."),
            ("en-ja", "Is it here? | ここにありますか？"),
            ("en-zh", "He came here. | 他来了这里。"),
            ("en-el", "Is it here? | Είναι εδώ;"),
            ("en-ar", "Is it here? | هل هو هنا؟"),
            ("en-es", "Is it here? | ¿Está aquí?"),
            ("en-hy", "Is he here now? | Նա հիմա այստե՞ղ է։"),
            ("en-th", "He came here. | เขามาที่นี่"),
            ("en-de", "\"Yes,\" he said, \"of course.\" | „Ja“, sagte er, „natürlich“."),
            ("en-fr", "It's the dog's bone. | C’est l’os du chien."),
            ("en-de", "He saw 5\" of snow. | Er sah 5\" Schnee."),
            ("en-de", "a) the dog | a) der Hund"),
            ("en-de", "The women that saw her. | Die Frauen, die die Katze sahen."),
            ("en-id", "The children play. | Anak anak bermain."),
            ("en-tr", "He walked slowly. | Yavaş yavaş yürüdü."),
            ("en-de", "In the 19th century. | Im XIX. Jahrhundert."),
            ("en-sv", "In the 19th century. | På 1800-talet."),
            ("en-es", "He was twenty-eight. | Tenía 28 años."),
            ("en-de", "Bora Bora is far. | Bora Bora ist weit."),
            ("en-de", "Angela Merkel | Angela Merkel"),
            ("en-de", "COVID-19 | COVID-19"),
            ("en-de", "Yes. | Selbstverständlich."),
            ("en-zh", "The city council decided to build a bridge. | 市议会决定建桥。"),
            ("en-de", "50% sure of it. | Zu 50 % sicher."),
            ("en-de", "See www.a.example/x. | Siehe www.a.example/x."),
            ("en-de", " | Etwas."),
            ("", "Die Katze ist da. | The cat is there."),
        ];
        for (langs, pair) in cases {
            assert_eq!(found(langs, pair), "", "{pair}");
        }
    }

    #[test]
    fn a_check_is_switched_off_by_its_name() {
        let mut checks = Checks::default();
        let pair = Pair { source: "It cost 25.", target: "Es kostete 52!", ..Pair::default() };
        let names = |checks: &Checks| checks.look_at(&pair).iter().map(|alarm| alarm.check.name).collect::<Vec<_>>();
        assert_eq!(names(&checks), ["numbers", "end-punctuation"]);
        assert!(checks.disable("numbers") && !checks.disable("letters"));
        assert_eq!(names(&checks), ["end-punctuation"]);
        assert!(checks.any() && !Checks::none().any());
    }
}
