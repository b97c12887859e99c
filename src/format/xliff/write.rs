//! What the writers of all versions of XLIFF have in common: an article is a piece of a file, and in it a `<file>` that is written with
//! markup of its version. What its elements are is the business of the versions.

use std::marker::PhantomData;

use super::super::bitext::{BitextOptions, Layout, Prefill, Scope, Version, bitext, notice};
use super::super::markup::Markup;
use super::super::{Outcome, Piece, Streams, Writer, xliff2, xliff12};
use crate::error::WarningKind;
use crate::translation::{Bitext, Proposal};

/// Writes an article a `file`, in the version that the options name.
pub struct Files(pub BitextOptions);

impl Writer for Files {
    fn article(&self, outcome: &Outcome, out: &mut Streams) {
        let bitext = bitext(outcome, &self.0);
        if self.0.scope == Scope::Budget && bitext.units.is_empty() {
            return;
        }
        let mut body = Vec::with_capacity(6 * outcome.document.text().len());
        let (head, replaced) = match self.0.version {
            Version::V12 => (xliff12::head(), xliff12::push_file(&bitext, self.0.layout(), self.0.prefill(), &mut body)),
            Version::V20 | Version::V21 => {
                let head = xliff2::head(&bitext, self.0.version.name());
                (head, xliff2::push_file(&bitext, self.0.layout(), self.0.prefill(), &mut body))
            }
        };
        notice(&bitext, &mut out.noticed);
        if replaced > 0 {
            out.noticed.warn(WarningKind::NotXml(replaced));
        }
        let group = bitext.source_lang.unwrap_or_default();
        out.pieces.push(Piece { folder: "segments", ending: "xlf", group, head, body, foot: FOOT });
    }
}

/// What stands after the last file.
pub const FOOT: &str = "</xliff>\n";

/// A `<file>` while it is written, in the version `V`.
pub(in crate::format) struct File<'a, V> {
    pub markup: Markup<'a>,
    /// Sentences that could be in the summary, if the article tells.
    pub candidates: Option<u32>,
    /// Whether there are targets: there is a language for them.
    pub targets: bool,
    /// What has no target has an empty one.
    pub empty: bool,
    version: PhantomData<V>,
}

/// How a version writes a `<file>`.
pub(in crate::format) trait Spell {
    /// Writes it.
    fn push(&mut self, bitext: &Bitext, layout: Layout);
}

/// Appends a `<file>` and gives how many characters of the article were replaced.
pub(in crate::format) fn push_file<'a, V>(bitext: &Bitext, layout: Layout, prefill: Prefill, out: &'a mut Vec<u8>) -> usize
where
    File<'a, V>: Spell,
{
    let candidates = bitext.property("candidates").and_then(|count| count.parse().ok());
    let targets = bitext.target_lang.is_some();
    let empty = targets && prefill == Prefill::Empty;
    let mut file = File { markup: Markup::new(out), candidates, targets, empty, version: PhantomData };
    file.push(bitext, layout);
    file.markup.replaced
}

/// Where a proposal is from: the article of its entry, if that is known, and the id of the entry.
pub(in crate::format) fn origin(proposal: &Proposal) -> String {
    format!("{}#{}", proposal.document.as_deref().unwrap_or("memory"), proposal.id)
}

/// What a unit says of whether it is to be translated.
pub(in crate::format) fn translate(locked: bool) -> &'static str {
    if locked { "no" } else { "" }
}
