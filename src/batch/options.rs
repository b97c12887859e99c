//! The options that shape output, as the manifest records them. Thread counts and messages shape nothing and are not there.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Leverage, Limits, OnInvalid, Plan, Settings, Translate};
use crate::format::jsonl;
use crate::summary::Budget;
use crate::summary::frequency::DocumentFrequencies;
use crate::text::{Abbreviations, Quotes};

/// Everything that shapes the output, by the name of its option.
pub fn shaping_options(settings: &Settings, table: &DocumentFrequencies) -> BTreeMap<String, serde_json::Value> {
    let budget = match settings.budget {
        Budget::Sentences(n) => json!({ "sentences": n }),
        Budget::Words(n) => json!({ "words": n }),
        Budget::Characters(n) => json!({ "chars": n }),
        Budget::Ratio(share) => json!({ "ratio": share }),
    };
    let mut options = BTreeMap::from([
        ("method".to_owned(), json!(settings.method.map(|method| method.name))),
        ("budget".to_owned(), budget),
        ("outputs".to_owned(), json!(settings.outputs.iter().map(|output| output.name).collect::<Vec<_>>())),
        ("newlines".to_owned(), json!(format!("{:?}", settings.text.newlines).to_lowercase())),
        ("offsets".to_owned(), json!(format!("{:?}", settings.write.offsets).to_lowercase())),
    ]);
    let mut set = |name: &str, value: Option<serde_json::Value>| value.map(|value| options.insert(name.to_owned(), value));
    set("lang", settings.text.lang.as_ref().map(|lang| json!(lang.tag())));
    set("languages", (!settings.text.languages.is_empty()).then(|| json!(settings.text.languages)));
    let hash = |list: &Abbreviations| json!(blake3::hash(list.source().as_bytes()).to_hex().as_str());
    set("quotes", (settings.text.quotes == Quotes::Keep).then(|| json!("keep")));
    set("abbreviations", settings.text.abbreviations.as_deref().map(hash));
    set("duplicates", settings.duplicates.map(|way| json!(way.name())));
    set("on_invalid", (settings.on_invalid != OnInvalid::Guess).then(|| json!(format!("{:?}", settings.on_invalid).to_lowercase())));
    set("encoding", settings.encoding.map(|encoding| json!(encoding.name())));
    set("strip_html", settings.strip_html.then_some(json!(true)));
    set("keep", (!settings.fields.keep.is_empty()).then(|| json!(settings.fields.keep)));
    set("srx", settings.text.srx.as_ref().map(|srx| json!(srx.fingerprint())));
    let paths: BTreeMap<&str, &Vec<String>> =
        jsonl::FIELDS.iter().zip(&settings.fields.paths).filter_map(|(name, path)| Some((*name, path.as_ref()?))).collect();
    set("fields", (!paths.is_empty()).then(|| json!(paths)));
    let given: BTreeMap<&str, &str> = table.languages.iter().map(|(code, table)| (code.as_str(), table.fingerprint.as_str())).collect();
    set("terms", Some(json!(given)));
    set("spreadsheet_safe", settings.write.spreadsheet_safe.then_some(json!(true)));
    set("keywords", (settings.keywords > 0).then(|| json!(settings.keywords)));
    let focus = &settings.focus;
    set("query", focus.query.as_ref().map(|query| json!(query)));
    set("include_lead", focus.include_lead.then_some(json!(true)));
    let patterns: Vec<&str> = focus.exclude.iter().map(|pattern| pattern.as_str()).collect();
    set("exclude_pattern", (!patterns.is_empty()).then(|| json!(patterns)));
    let writes = |name: &str| settings.outputs.iter().any(|output| output.name == name);
    let to_translators = writes("xliff") || writes("moses");
    set("translators", to_translators.then(|| for_translators(settings)));
    set("translate", settings.translate.as_ref().map(Translate::shaping));
    set("leverage", settings.leverage.as_ref().filter(|_| to_translators).map(Leverage::shaping));
    set("frequencies", settings.frequencies.as_ref().map(|_| json!("given")));
    options
}

/// The limits of inputs, where they are not the usual ones.
pub fn limiting_options(plan: &Plan) -> impl Iterator<Item = (String, serde_json::Value)> {
    let limits = plan.sources.first().map(|source| source.limits).unwrap_or_default();
    let article = (limits.article != Limits::ARTICLE).then(|| json!(limits.article));
    let decoded = limits.decoded.map(|decoded| json!(decoded));
    [("max_article", article), ("max_decoded", decoded)].into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)))
}

/// What goes to translators.
fn for_translators(settings: &Settings) -> serde_json::Value {
    let bitext = &settings.bitext;
    let map: BTreeMap<&str, &str> = bitext.lang_map.iter().map(|(from, to)| (from.tag(), to.tag())).collect();
    let locked: Vec<&str> = bitext.locked.iter().map(|kind| kind.name()).collect();
    let mut options = json!({
        "target_lang": bitext.target_lang.as_ref().map(|lang| lang.tag()),
        "xliff_version": bitext.version.name(),
        "xliff_unit": bitext.layout().name(),
        "target": bitext.prefill.map(|prefill| prefill.name()),
        "scope": bitext.scope.name(),
        "bundle": settings.bundle,
        "lang_map": map,
        "locked": locked,
    });
    if let Some(least) = bitext.pretranslate {
        options["pretranslate"] = json!(least);
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_recorded() {
        let mut settings = Settings::default();
        let options = |settings: &Settings| shaping_options(settings, &DocumentFrequencies::default());
        let names = ["exclude_pattern", "include_lead", "keywords", "query"];
        assert!(names.iter().all(|name| !options(&settings).contains_key(*name)));
        let pattern = regex::Regex::new("^Read more").expect("sound");
        settings.focus = crate::summary::Focus { query: Some("fuel".into()), include_lead: true, exclude: vec![pattern] };
        settings.keywords = 5;
        let recorded = options(&settings);
        let values: Vec<_> = names.iter().map(|name| recorded[*name].clone()).collect();
        assert_eq!(values, [json!(["^Read more"]), json!(true), json!(5), json!("fuel")]);
    }

    #[test]
    fn what_cuts_is_recorded_where_it_differs() {
        let mut settings = Settings::default();
        let names = |settings: &Settings| shaping_options(settings, &DocumentFrequencies::default());
        let plain = names(&settings);
        assert!(!plain.contains_key("quotes") && !plain.contains_key("abbreviations"));
        let source = "[title]\nSgr.\n";
        settings.text.quotes = Quotes::Keep;
        settings.text.abbreviations = Some(Abbreviations::parse(source).expect("sound").into());
        settings.text.newlines = crate::text::Newlines::Sentence;
        let options = names(&settings);
        assert_eq!(options["quotes"], json!("keep"));
        assert_eq!(options["newlines"], json!("sentence"));
        assert_eq!(options["abbreviations"], json!(blake3::hash(source.as_bytes()).to_hex().as_str()));
    }
}
