//! TMX 1.1 to 1.4b: the header, languages, dates, segments and their codes. Each variant of a unit is held against the one in
//! the source language. An id (`tuid`) may repeat, and what stands in codes and properties is nobody's business.

use std::sync::LazyLock;

use super::codes::{Agreement, Found, Kept, MANY, Pairs, Tally, agreement};
use super::grammar::Grammar;
use super::shape::Shape;
use super::values::is_all;
use super::{Element, Say};
use crate::format::xml::XML_NS;
use crate::translation::quality::Pair;

const TABLE: &str = "
tmx | version!:versiontmx | header body
header | creationtool! creationtoolversion! segtype!:segtype o-tmf! adminlang!:lang srclang!:langall datatype! o-encoding creationdate:tmxdate creationid changedate:tmxdate changeid | (note|prop|ude)*
body | | tu*
note | o-encoding xml:lang:lang lang:lang | #
prop | type! xml:lang:lang o-encoding lang:lang | #
ude | name! base | map+
map | unicode! code ent subst |
tu | tuid:unbroken o-encoding datatype usagecount:whole lastusagedate:tmxdate creationtool creationtoolversion creationdate:tmxdate creationid changedate:tmxdate segtype:segtype changeid o-tmf srclang:langall | (note|prop)* tuv+
tuv | xml:lang:lang o-encoding datatype usagecount:whole lastusagedate:tmxdate creationtool creationtoolversion creationdate:tmxdate creationid changedate:tmxdate o-tmf changeid lang:lang | (note|prop)* seg
seg | xml:space:space | # (bpt|ept|ph|it|hi|ut)*
bpt | i!:whole x:whole type | # sub*
ept | i!:whole | # sub*
ph | x:whole assoc type | # sub*
it | pos!:beginend x:whole type | # sub*
hi | x:whole type | # (bpt|ept|ph|it|hi|ut)*
ut | x:whole | # sub*
sub | datatype type | # (bpt|ept|ph|it|hi|ut)*
";

pub(super) fn shape() -> Shape {
    static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(TABLE));
    Shape::new(&GRAMMAR, "", &[("http://www.lisa.org/tmx14", ""), ("http://www.lisa.org/tmx", "")], &["tuid"])
}

/// A variant of a unit.
#[derive(Default)]
struct Variant {
    lang: String,
    text: String,
    line: u64,
    /// Its codes: name, and number (`x`) where it has one.
    codes: Vec<(&'static str, Option<Box<str>>)>,
    /// Anything stands in it, a code or a character that is no blank.
    full: bool,
}

/// A memory, one unit at a time.
#[derive(Default)]
pub(super) struct Sense {
    /// Whether version 1.4 is claimed, in which `lang` has given way to `xml:lang`.
    new: bool,
    source: String,
    /// Source language of the unit, where it has one of its own.
    of_unit: Option<String>,
    variants: Vec<Variant>,
    kept: Kept,
    pairs: Pairs,
    in_segment: bool,
    /// Elements of codes open: text in them is no text of the segment.
    in_codes: usize,
    base: bool,
}

impl super::Sense for Sense {
    fn start(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        match shape.name(0) {
            "tmx" => self.new = element.get("version").is_none_or(|version| version.starts_with("1.4")),
            "header" => self.source = element.get("srclang").map_or_else(String::new, |lang| lang.into_owned()),
            "ude" => self.base = element.get("base").is_some(),
            "map" if element.get("code").is_some() && !self.base => {
                say.error("missing-attribute", format_args!("<ude> lacks base, which a <map> with code needs"));
            }
            "tu" => {
                self.of_unit = element.get("srclang").map(|lang| lang.into_owned());
                self.variants.clear();
                self.kept = Kept::default();
            }
            "tuv" => self.variant(element, shape, say),
            "seg" => self.in_segment = true,
            "bpt" | "ept" | "ph" | "it" | "ut" => self.code(element, shape, say),
            "hi" => self.count("hi", element),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, _shape: &Shape) {
        let (true, Some(variant)) = (self.in_segment, self.variants.last_mut()) else { return };
        variant.full |= self.in_codes > 0 || !text.trim().is_empty();
        if self.in_codes == 0 {
            self.kept.push(text, &mut variant.text);
        }
    }

    fn end(&mut self, shape: &Shape, say: &mut Say) {
        match shape.name(0) {
            "bpt" | "ept" | "ph" | "it" | "ut" => self.in_codes -= 1,
            "seg" => self.segment_ends(shape, say),
            "tu" => self.unit_ends(shape, say),
            _ => {}
        }
    }
}

impl Sense {
    fn variant(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        let (lang, old) = (element.get_ns(XML_NS, "lang"), element.get("lang"));
        match &old {
            None if lang.is_none() => say.error("missing-attribute", format_args!("<tuv> of {} lacks xml:lang", shape.around())),
            Some(old) if lang.is_none() && self.new => {
                let cause = format_args!("<tuv> of {} has lang={old:?}, expected xml:lang={old:?} in TMX 1.4", shape.around());
                say.error("missing-attribute", cause);
            }
            _ => {}
        }
        let lang = lang.or(old);
        let lang = lang.map_or_else(String::new, |lang| lang.into_owned());
        if self.variants.len() == MANY {
            self.variants.pop();
        }
        self.variants.push(Variant { lang, line: element.line, ..Variant::default() });
        self.pairs = Pairs::default();
    }

    fn code(&mut self, element: &Element, shape: &Shape, say: &mut Say) {
        self.in_codes += 1;
        if let Some(variant) = self.variants.last_mut() {
            variant.full = true;
        }
        // The end of a pair is told by its beginning, and `<ut>` may be anything.
        if matches!(shape.name(0), "bpt" | "ph" | "it") {
            self.count(shape.name(0), element);
        }
        let Some(i) = element.get("i") else { return };
        let unit = shape.id_of("tu").map_or_else(String::new, |id| format!(" of <tu tuid={id:?}>"));
        if shape.name(0) == "bpt" {
            if !self.pairs.open(&i, element.line, false) {
                say.error("code-pairs", format_args!("a second <bpt i={i:?}> in a <seg>{unit}"));
            }
            return;
        }
        match self.pairs.close(&i) {
            Found::Nobody => say.error("code-pairs", format_args!("<ept i={i:?}>{unit} has no <bpt> before it")),
            Found::Taken => say.error("code-pairs", format_args!("a second <ept i={i:?}> in a <seg>{unit}")),
            Found::Partner | Found::Isolated => {}
        }
    }

    fn count(&mut self, name: &'static str, element: &Element) {
        let Some(variant) = self.variants.last_mut().filter(|variant| variant.codes.len() < super::MOST as usize) else { return };
        if self.in_codes <= usize::from(name != "hi") {
            variant.codes.push((name, element.get("x").map(|x| x.into())));
        }
    }

    fn segment_ends(&mut self, shape: &Shape, say: &mut Say) {
        self.in_segment = false;
        let unit = || shape.id_of("tu").map_or_else(String::new, |id| format!(" of <tu tuid={id:?}>"));
        for start in self.pairs.unended() {
            say.at(start.line, |say| say.error("code-pairs", format_args!("<bpt i={:?}>{} has no <ept> after it", start.key, unit())));
        }
        if let Some(variant) = self.variants.last().filter(|variant| !variant.full) {
            say.at(shape.line(), |say| say.warn("empty-segment", format_args!("the <seg> in {:?}{} is empty", variant.lang, unit())));
        }
    }

    fn unit_ends(&mut self, shape: &Shape, say: &mut Say) {
        let lang = self.of_unit.as_deref().unwrap_or(&self.source);
        let any = lang.is_empty() || is_all(lang);
        let by = |wanted| self.variants.iter().position(|variant| agreement(&variant.lang, lang) == wanted);
        let source = if any { Some(0) } else { by(Agreement::Equal).or_else(|| by(Agreement::Near)) };
        let unnamed = self.variants.iter().any(|variant| variant.lang.is_empty());
        say.at(shape.line(), |say| match source.and_then(|index| self.variants.get(index)) {
            None if self.variants.is_empty() || unnamed => {}
            None => say.error("source-language", format_args!("{} has no <tuv> in its source language {lang:?}", shape.here())),
            Some(source) if !any && agreement(&source.lang, lang) == Agreement::Near => {
                say.warn("source-language", format_args!("{} is in {:?}, its source language is {lang:?}", shape.here(), source.lang));
            }
            Some(_) if self.variants.len() == 1 => say.warn("one-variant", format_args!("{} has one <tuv> only", shape.here())),
            Some(_) => {}
        });
        if let Some(source) = source.filter(|source| *source < self.variants.len() && self.kept.is_whole()) {
            self.compare(source, shape, say);
        }
        self.variants.clear();
    }

    /// Holds every other variant against the source.
    fn compare(&self, index: usize, shape: &Shape, say: &mut Say) {
        let source = &self.variants[index];
        for target in self.variants.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, variant)| variant) {
            let pair =
                Pair { source: &source.text, target: &target.text, source_lang: Some(&source.lang), target_lang: Some(&target.lang) };
            say.at(target.line, |say| {
                if target.full {
                    tally(source, target)
                        .differences()
                        .for_each(|cause| say.codes(format_args!("{} in {:?}: {cause}", shape.here(), target.lang)));
                }
                if source.full && target.full && !(source.text.is_empty() || target.text.is_empty()) {
                    say.look_at(&pair, format_args!("{} in {:?}", shape.here(), target.lang));
                }
            });
        }
    }
}

/// Codes of both sides: by their numbers where all have one, else by their names. Two sides too long to be held are alike.
fn tally(source: &Variant, target: &Variant) -> Tally {
    let mut tally = Tally::default();
    let both = || source.codes.iter().chain(&target.codes);
    if source.codes.len().max(target.codes.len()) == super::MOST as usize {
        return tally;
    }
    let numbered = both().all(|(_, x)| x.is_some());
    for (side, codes) in [&source.codes, &target.codes].into_iter().enumerate() {
        for (name, x) in codes {
            let code = match x {
                Some(x) if numbered => format!("the code x={x:?}"),
                _ => format!("<{name}>"),
            };
            tally.take(&code, side);
        }
    }
    tally
}
