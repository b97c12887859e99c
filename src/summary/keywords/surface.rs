//! How a keyword is written: the form that the article writes most often, the first of them where several are level. Capitals are
//! those of the text, unless they only come from the start of a sentence; what hangs on a word with an apostrophe goes.

use std::ops::Range;

use super::offer::Offer;
use crate::document::Document;
use crate::text::language::Language;

/// The form of the words at these places of the offer.
pub(super) fn of(document: &Document, offer: &Offer, places: &[Range<usize>]) -> String {
    let trusted: Vec<&Range<usize>> = places.iter().filter(|place| offer.words[place.start].trusted).collect();
    let form = |place: &Range<usize>| {
        let (first, last) = (offer.words[place.start].span, offer.words[place.end - 1].span);
        let slice = &document.text()[first.start as usize..last.end as usize];
        bare(&slice.split_whitespace().collect::<Vec<_>>().join(" "), offer.language).to_owned()
    };
    if trusted.is_empty() {
        let most = most_often(places.iter().map(form));
        return uncapitalised(most, offer, &places[0]);
    }
    most_often(trusted.into_iter().map(form))
}

/// The form that comes most often, the first of those that are level.
fn most_often(forms: impl Iterator<Item = String>) -> String {
    let mut counted: Vec<(String, u32)> = Vec::new();
    for form in forms {
        match counted.iter_mut().find(|(known, _)| *known == form) {
            Some((_, count)) => *count += 1,
            None => counted.push((form, 1)),
        }
    }
    let best = counted.into_iter().reduce(|best, other| if other.1 > best.1 { other } else { best });
    best.map_or_else(String::new, |(form, _)| form)
}

/// The form without what hangs on it: the English 's, and endings of names in Turkish and Azerbaijani.
fn bare<'a>(form: &'a str, language: &Language) -> &'a str {
    let word = form.rfind(' ').map_or(0, |blank| blank + 1);
    let apostrophe = form[word..].rfind(['\'', '’']).map(|at| word + at).filter(|&at| at > word);
    let hangs = |at: usize| language.dotless_i() || language.code == "en" && matches!(&form[at..], "'s" | "’s" | "'" | "’");
    apostrophe.filter(|&at| hangs(at)).map_or(form, |at| &form[..at])
}

/// The small letter of a capital, otherwise as the text has it.
fn small(capital: char, language: &Language) -> String {
    match capital {
        'I' if language.dotless_i() => "ı".to_owned(),
        'İ' if language.dotless_i() => "i".to_owned(),
        _ => capital.to_lowercase().collect(),
    }
}

/// A form that was only seen where anything has a capital: without it, unless the word has one elsewhere, or comes so twice and
/// never otherwise, which names do, or has others in it.
fn uncapitalised(form: String, offer: &Offer, place: &Range<usize>) -> String {
    let first = &offer.words[place.start];
    let times = offer.words.iter().filter(|word| word.key == first.key).count();
    let kept = offer.has_capital(first.key).unwrap_or(times > 1) || offer.language.noun_capitals();
    let mut rest = form.chars();
    let initial = rest.next().filter(|c| c.is_uppercase());
    match initial {
        Some(initial) if !kept && !rest.as_str().contains(char::is_uppercase) => small(initial, offer.language) + rest.as_str(),
        _ => form,
    }
}
