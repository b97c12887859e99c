//! The options of `run` for translators: languages, which XLIFF, what of an article goes out and how many share a file. They are
//! held against what is written, so that none is given in vain.

use epitome::batch::Settings;
use epitome::document::Kind;
use epitome::format::Output;
use epitome::format::bitext::{BitextOptions, Layout, Prefill, Scope, Version};
use epitome::lang::Lang;

use super::args::{lang, positive};
use super::exit::Failure;

/// What goes to translators, and how.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct TranslatorArgs {
    /// Language to translate into; writes xliff too
    #[arg(long, value_name = "TAG", value_parser = lang)]
    pub(crate) target_lang: Option<Lang>,
    /// Version of XLIFF: 1.2, 2.0, 2.1 [default: 1.2]
    #[arg(long, value_name = "VERSION", value_parser = version, hide_short_help = true)]
    xliff_version: Option<Version>,
    /// What is a unit of XLIFF: a paragraph or a sentence
    ///
    /// By default a sentence in 1.2, whose tools do not look into units, and a paragraph of sentences in 2.x.
    #[arg(long, value_name = "WHAT", value_parser = layout, hide_short_help = true)]
    xliff_unit: Option<Layout>,
    /// Targets to begin with: omit, copy (of the source), empty
    ///
    /// By default a copy in XLIFF 1.2, whose tools pass over units without a target, none in 2.x and empty lines in moses.
    #[arg(long, value_name = "WHAT", value_parser = prefill, hide_short_help = true)]
    target: Option<Prefill>,
    /// What goes to translators: article, or its summary alone
    ///
    /// With `summary`, the title and the sentences around those of the summary go along as notes.
    #[arg(long, value_name = "WHAT", value_parser = scope, hide_short_help = true)]
    scope: Option<Scope>,
    /// Articles an XLIFF file [default: a file each]
    #[arg(long, value_name = "N", value_parser = positive, allow_negative_numbers = true, hide_short_help = true)]
    bundle: Option<u32>,
    /// Language tags to write in place of others: en=en-GB
    #[arg(long, value_name = "FROM=TO,..", value_delimiter = ',', value_parser = mapped, hide_short_help = true)]
    lang_map: Vec<(Lang, Lang)>,
    /// Kinds of paragraphs that are not to be translated: lock=byline,caption
    #[arg(long, value_name = "lock=KIND,..", value_parser = locked, hide_short_help = true)]
    kinds: Vec<Kinds>,
}

/// Kinds that an option names.
#[derive(Clone, Debug)]
pub(super) struct Kinds(Vec<Kind>);

const KINDS: [Kind; 6] = [Kind::Title, Kind::Byline, Kind::Heading, Kind::Body, Kind::ListItem, Kind::Caption];

impl TranslatorArgs {
    /// What goes to translators, in that language.
    pub(crate) fn options(&self, outputs: &[&'static Output], target_lang: Option<&Lang>) -> Result<BitextOptions, Failure> {
        self.check(outputs, target_lang)?;
        Ok(BitextOptions {
            target_lang: target_lang.cloned(),
            lang_map: self.lang_map.clone(),
            version: self.xliff_version.unwrap_or_default(),
            layout: self.xliff_unit,
            prefill: self.target,
            scope: self.scope.unwrap_or_default(),
            locked: all_of(&self.kinds),
            segmentation: None,
            pretranslate: None,
        })
    }

    /// Articles a file.
    pub(crate) fn bundle(&self) -> Option<u32> {
        self.bundle
    }

    /// What goes to translators, on a line; `None` if nothing does.
    pub(crate) fn shown(&self, settings: &Settings) -> Option<String> {
        let bitext = &settings.bitext;
        let writes = |name: &str| settings.outputs.iter().any(|output| output.name == name);
        if !writes("xliff") && !writes("moses") {
            return None;
        }
        let into = bitext.target_lang.as_ref().map_or("no language".to_owned(), |lang| lang.tag().to_owned());
        let version = || format!("XLIFF {} by the {}", bitext.version.name(), bitext.layout().name());
        let files = || settings.bundle.map_or("a file an article".to_owned(), |most| format!("up to {most} articles a file"));
        let xliff = writes("xliff").then(|| [version(), files()]).into_iter().flatten();
        Some([format!("{} into {into}", bitext.scope.name())].into_iter().chain(xliff).collect::<Vec<_>>().join(", "))
    }

    /// Refuses options that nothing written would look at.
    fn check(&self, outputs: &[&'static Output], target_lang: Option<&Lang>) -> Result<(), Failure> {
        let writes = |name: &str| outputs.iter().any(|output| output.name == name);
        let (xliff, any) = (writes("xliff"), writes("xliff") || writes("moses"));
        let given = [
            ("--xliff-version", self.xliff_version.is_some(), xliff),
            ("--xliff-unit", self.xliff_unit.is_some(), xliff),
            ("--bundle", self.bundle.is_some(), xliff),
            ("--kinds", !self.kinds.is_empty(), xliff),
            ("--target-lang", self.target_lang.is_some(), any),
            ("--target", self.target.is_some(), any),
            ("--scope", self.scope.is_some(), any),
            ("--lang-map", !self.lang_map.is_empty(), any),
        ];
        if let Some((option, ..)) = given.into_iter().find(|(_, given, used)| *given && !used) {
            return Err(Failure::Usage(
                format!("{option} shapes nothing that is written"),
                "add xliff to -t, or leave -t out and give --target-lang",
            ));
        }
        let filled = self.target.is_some_and(|target| target != Prefill::Omit);
        if filled && target_lang.is_none() {
            return Err(Failure::Usage("--target needs a language".into(), "name it with --target-lang, such as --target-lang de"));
        }
        Ok(())
    }
}

/// A value by its name.
pub(super) fn named<T: Copy>(argument: &str, names: &[(&str, T)]) -> Result<T, String> {
    let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
    let found = names.iter().find(|(name, _)| *name == argument);
    found.map(|(_, value)| *value).ok_or_else(|| format!("expected one of {}", known.join(", ")))
}

fn version(argument: &str) -> Result<Version, String> {
    named(argument, Version::NAMES)
}

fn layout(argument: &str) -> Result<Layout, String> {
    named(argument, Layout::NAMES)
}

fn prefill(argument: &str) -> Result<Prefill, String> {
    named(argument, Prefill::NAMES)
}

fn scope(argument: &str) -> Result<Scope, String> {
    // A budget is asked for by its words.
    named(argument, &Scope::NAMES[..2])
}

fn mapped(argument: &str) -> Result<(Lang, Lang), String> {
    let (from, to) = argument.split_once('=').ok_or("expected FROM=TO, such as en=en-GB")?;
    Ok((lang(from)?, lang(to)?))
}

/// All kinds that were named, in their order.
pub(super) fn all_of(kinds: &[Kinds]) -> Vec<Kind> {
    KINDS.into_iter().filter(|kind| kinds.iter().any(|kinds| kinds.0.contains(kind))).collect()
}

pub(super) fn locked(argument: &str) -> Result<Kinds, String> {
    let list = argument.strip_prefix("lock=").ok_or("expected lock=KIND,.., such as lock=byline,caption")?;
    let names = KINDS.map(|kind| (kind.name(), kind));
    list.split(',').map(|name| named(name, &names)).collect::<Result<_, _>>().map(Kinds)
}
