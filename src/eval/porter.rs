//! Porter's stemmer for English (M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980), with the additions that
//! NLTK makes by default, since that is the stemmer behind most published ROUGE figures: a list of irregular words, `-ies` and
//! `-ied` after one letter, `-y` after any consonant, `-alli` before the other endings, `-fulli` and `-logi`. It is for scoring;
//! terms are stemmed in the text room.

/// Words that the rules would spoil, with their stems.
const IRREGULAR: [(&str, &str); 16] = [
    ("canning", "canning"),
    ("cannings", "canning"),
    ("dying", "die"),
    ("exceed", "exceed"),
    ("howe", "howe"),
    ("inning", "inning"),
    ("innings", "inning"),
    ("lying", "lie"),
    ("news", "news"),
    ("outing", "outing"),
    ("outings", "outing"),
    ("proceed", "proceed"),
    ("skies", "sky"),
    ("sky", "sky"),
    ("succeed", "succeed"),
    ("tying", "tie"),
];

/// Step 2: endings of endings, if a vowel and a consonant stand before them.
const DOUBLE: [(&str, &str); 20] = [
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
];

/// Step 3, under the same condition.
const SINGLE: [(&str, &str); 7] =
    [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

/// Step 4: endings that go where at least two vowels with a consonant after them stay.
const LAST: [&str; 19] = [
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize",
];

/// The stem of an ASCII word in lower case. Words of one or two characters are their own stems.
pub fn stem(word: &str) -> String {
    if let Ok(index) = IRREGULAR.binary_search_by_key(&word, |(irregular, _)| irregular) {
        return IRREGULAR[index].1.to_owned();
    }
    if word.len() <= 2 {
        return word.to_owned();
    }
    let steps = [plural, past, final_y, doubled, single, last, final_e, final_l];
    steps.iter().fold(word.to_owned(), |word, step| step(word))
}

/// Step 1a: `-s`.
fn plural(word: String) -> String {
    if let Some(rest) = word.strip_suffix("ies") {
        return format!("{rest}{}", if rest.len() == 1 { "ie" } else { "i" });
    }
    match word.strip_suffix('s') {
        Some(rest) if rest.ends_with("sse") => rest[..rest.len() - 1].to_owned(),
        Some(rest) if !rest.ends_with('s') => rest.to_owned(),
        _ => word,
    }
}

/// Step 1b: `-eed`, `-ed`, `-ing`.
fn past(word: String) -> String {
    if let Some(rest) = word.strip_suffix("ied") {
        return format!("{rest}{}", if rest.len() == 1 { "ie" } else { "i" });
    }
    if let Some(rest) = word.strip_suffix("eed") {
        return if measure(rest) > 0 { format!("{rest}ee") } else { word };
    }
    let rest = word.strip_suffix("ed").or_else(|| word.strip_suffix("ing"));
    match rest.filter(|rest| consonants(rest).any(|consonant| !consonant)) {
        Some(rest) => mended(rest),
        None => word,
    }
}

/// What is left after `-ed` or `-ing`, as a word.
fn mended(rest: &str) -> String {
    if ["at", "bl", "iz"].iter().any(|ending| rest.ends_with(ending)) {
        return format!("{rest}e");
    }
    if ends_double_consonant(rest) {
        return if rest.ends_with(['l', 's', 'z']) { rest.to_owned() } else { rest[..rest.len() - 1].to_owned() };
    }
    if measure(rest) == 1 && is_short(rest) { format!("{rest}e") } else { rest.to_owned() }
}

/// Step 1c: `-y` after a consonant that is not alone.
fn final_y(word: String) -> String {
    match word.strip_suffix('y') {
        Some(rest) if rest.len() > 1 && consonants(rest).last() == Some(true) => format!("{rest}i"),
        _ => word,
    }
}

/// Step 2. `-alli` is shortened first, and what is left goes through the step again.
fn doubled(word: String) -> String {
    if let Some(rest) = word.strip_suffix("alli").filter(|rest| measure(rest) > 0) {
        return doubled(format!("{rest}al"));
    }
    if let Some(rest) = word.strip_suffix("fulli") {
        return if measure(rest) > 0 { format!("{rest}ful") } else { word };
    }
    if let Some(rest) = word.strip_suffix("logi") {
        return if measure(&word[..rest.len() + 1]) > 0 { format!("{rest}log") } else { word };
    }
    replaced(word, &DOUBLE)
}

/// Step 3.
fn single(word: String) -> String {
    replaced(word, &SINGLE)
}

/// Puts the first ending of a list that the word has in another form, unless too little stands before it.
fn replaced(word: String, endings: &[(&str, &str)]) -> String {
    let found = endings.iter().find_map(|(ending, other)| word.strip_suffix(ending).map(|rest| (rest, other)));
    match found {
        Some((rest, other)) if measure(rest) > 0 => format!("{rest}{other}"),
        _ => word,
    }
}

/// Step 4.
fn last(word: String) -> String {
    let found = LAST.iter().find_map(|ending| word.strip_suffix(ending).map(|rest| (rest, *ending)));
    match found {
        Some((rest, ending)) if measure(rest) > 1 && (ending != "ion" || rest.ends_with(['s', 't'])) => rest.to_owned(),
        _ => word,
    }
}

/// Step 5a.
fn final_e(word: String) -> String {
    match word.strip_suffix('e') {
        Some(rest) if measure(rest) > 1 || measure(rest) == 1 && !is_short(rest) => rest.to_owned(),
        _ => word,
    }
}

/// Step 5b.
fn final_l(word: String) -> String {
    match word.strip_suffix('l') {
        Some(rest) if rest.ends_with('l') && measure(rest) > 1 => rest.to_owned(),
        _ => word,
    }
}

/// For each letter whether it is a consonant; `y` is one unless it stands after one. What is no letter counts as one.
fn consonants(word: &str) -> impl Iterator<Item = bool> {
    word.bytes().scan(false, |before, letter| {
        *before = match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' => false,
            b'y' => !*before,
            _ => true,
        };
        Some(*before)
    })
}

/// The paper's measure: how often a consonant follows a vowel.
fn measure(word: &str) -> usize {
    let mut vowel = false;
    consonants(word).filter(|consonant| std::mem::replace(&mut vowel, !consonant) && *consonant).count()
}

fn ends_double_consonant(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() >= 2 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2] && consonants(word).last() == Some(true)
}

/// The paper's `*o`, consonant, vowel, consonant other than w, x, y at the end; or a word of just a vowel and a consonant.
fn is_short(word: &str) -> bool {
    let flags: Vec<bool> = consonants(word).collect();
    match flags[..] {
        [first, second] => !first && second,
        [.., first, second, third] => first && !second && third && !word.ends_with(['w', 'x', 'y']),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paper's examples step by step, as the whole algorithm leaves them; then what NLTK adds.
    const STEMS: &str = "
        caresses caress, ponies poni, ties tie, caress caress, cats cat, feed feed, agreed agre, plastered plaster, bled bled,
        motoring motor, sing sing, conflated conflat, troubled troubl, sized size, hopping hop, tanned tan, falling fall,
        hissing hiss, fizzed fizz, failing fail, filing file, happy happi, sky sky, relational relat, conditional condit,
        rational ration, valenci valenc, hesitanci hesit, digitizer digit, conformabli conform, radicalli radic,
        differentli differ, vileli vile, analogousli analog, vietnamization vietnam, predication predic, operator oper,
        feudalism feudal, decisiveness decis, hopefulness hope, callousness callous, formaliti formal, sensitiviti sensit,
        sensibiliti sensibl, triplicate triplic, formative form, formalize formal, electriciti electr, electrical electr,
        hopeful hope, goodness good, revival reviv, allowance allow, inference infer, airliner airlin, gyroscopic gyroscop,
        adjustable adjust, defensible defens, irritant irrit, replacement replac, adjustment adjust, dependent depend,
        adoption adopt, homologou homolog, communism commun, activate activ, angulariti angular, homologous homolog,
        effective effect, bowdlerize bowdler, probate probat, rate rate, cease ceas, controll control, roll roll,
        generalizations gener, oscillators oscil, dying die, news news, skies sky, died die, dies die, spied spi, enjoy enjoy,
        flies fli, carefully care, geology geolog, theologi theolog, syzygy syzygi, yyyy yyyi, fairly fairli, 1980s 1980";

    #[test]
    fn stems_are_those_of_the_paper_and_of_nltk() {
        for pair in STEMS.split(',') {
            let (word, expected) = pair.trim().split_once(' ').expect("a word and its stem");
            assert_eq!(stem(word), expected, "{word}");
        }
    }
}
