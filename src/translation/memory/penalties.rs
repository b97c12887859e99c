//! What is taken off a match beside what its words tell, each cause shown apart: another region of the language, a translation that an
//! aligner found and nobody looked at, several translations that fit as well, inline codes that the entry lost.

use super::{Kept, Query};
use crate::lang::Lang;

/// Points a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Penalties {
    /// A language of the entry is the wanted one in another region or script, where both name one.
    pub region: u8,
    /// It was aligned by a program and not reviewed.
    pub unreviewed: u8,
    /// The source has several translations that fit as well.
    pub targets: u8,
    /// For each inline code that one of both has and the other has not.
    pub codes: u8,
}

impl Default for Penalties {
    fn default() -> Penalties {
        Penalties { region: 1, unreviewed: 5, targets: 1, codes: 1 }
    }
}

/// Points taken off, by cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deducted {
    /// For the region.
    pub region: u8,
    /// For not being reviewed.
    pub unreviewed: u8,
    /// For several translations.
    pub targets: u8,
    /// For inline codes.
    pub codes: u8,
}

impl Deducted {
    /// All of them.
    pub fn sum(&self) -> u8 {
        [self.region, self.unreviewed, self.targets, self.codes].into_iter().fold(0, u8::saturating_add)
    }
}

impl Penalties {
    /// None at all.
    pub const NONE: Penalties = Penalties { region: 0, unreviewed: 0, targets: 0, codes: 0 };

    pub(super) fn of(&self, entry: &Kept, languages: [&str; 2], ambiguous: bool, query: &Query) -> Deducted {
        let regions = query.languages.is_some_and(|wanted| wanted.into_iter().zip(languages).any(|(one, other)| is_elsewhere(one, other)));
        let only_if = |holds: bool, points: u8| if holds { points } else { 0 };
        let codes = entry.codes.abs_diff(query.codes).min(100) as u8;
        Deducted {
            region: only_if(regions, self.region),
            unreviewed: only_if(entry.unreviewed, self.unreviewed),
            targets: only_if(ambiguous, self.targets),
            codes: self.codes.saturating_mul(codes),
        }
    }
}

/// Whether two tags name one language in different regions or scripts; a language alone is that of all of them.
fn is_elsewhere(one: &str, other: &str) -> bool {
    let is_bare = |tag: &str| !tag.contains(['-', '_']);
    let same = |(a, b): (u8, u8)| a.eq_ignore_ascii_case(&b) || matches!((a, b), (b'-', b'_') | (b'_', b'-'));
    let equal = one.len() == other.len() && one.bytes().zip(other.bytes()).all(same);
    !equal
        && !is_bare(one)
        && !is_bare(other)
        && Lang::parse(one).zip(Lang::parse(other)).is_some_and(|(one, other)| one.primary() == other.primary())
}
