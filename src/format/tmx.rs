//! TMX 1.4b (LISA OSCAR, 2005), in which programs of translators exchange their memories: a `tu` is an [`Entry`]. Written in
//! `write`, read in `read`. Where a sentence stood is written as memoQ does (`x-context-pre` and `x-context-post` on the source)
//! and as OmegaT does (`file`, `prev`, `next` on the `tu`: there an entry with them is an alternative translation, for its own
//! place only); what else this crate knows has names of its own, on the `tuv`. Inline codes are left out and counted on the way
//! in, and there are none on the way out. It keeps no memory and looks nothing up.
//!
//! [`Entry`]: crate::translation::Entry

mod read;
mod write;

pub use super::xml::Fault;
pub use read::{Counts, Languages, Reader};
pub use write::{begin, end, entry, write};

/// What a file says of itself before its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The program that wrote it.
    pub tool: String,
    /// Version of the program.
    pub tool_version: String,
    /// What an entry is: `sentence`, `paragraph`, `phrase` or `block`.
    pub segtype: String,
    /// Format of the memory it came from.
    pub memory_format: String,
    /// Language of what people are told in it.
    pub admin_lang: String,
    /// Language of the sources, or `*all*` where they have several.
    pub source_lang: String,
    /// Type of the texts that it came from.
    pub datatype: String,
    /// When it was made (`YYYYMMDDThhmmssZ`).
    pub created: Option<String>,
    /// Words to whoever opens it.
    pub notes: Vec<String>,
    /// What else it says, by name; `x-segmentation` is how sentences were cut.
    pub properties: Vec<(String, String)>,
}

impl Header {
    /// The header of this crate's own files: sources in `source_lang` (several: `*all*`), cut as `segmentation` names it.
    pub fn new(source_lang: &str, segmentation: &str, created: Option<String>) -> Header {
        Header {
            tool: "epitome".to_owned(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            segtype: "sentence".to_owned(),
            memory_format: "epitome".to_owned(),
            admin_lang: "en".to_owned(),
            source_lang: source_lang.to_owned(),
            datatype: "plaintext".to_owned(),
            created,
            notes: Vec::new(),
            properties: vec![("x-segmentation".to_owned(), segmentation.to_owned())],
        }
    }
}

/// Names of properties that both directions know.
mod names {
    pub(super) const DOCUMENT: &str = "x-document";
    pub(super) const SEGMENT: &str = "x-segment";
    pub(super) const ORIGIN: &str = "x-origin";
    pub(super) const ALIGN_SCORE: &str = "x-align-score";
    pub(super) const SALIENCE_RANK: &str = "x-salience-rank";
    /// Of OmegaT, on the `tu`.
    pub(super) const FILE: &str = "file";
    pub(super) const PREVIOUS: &str = "prev";
    pub(super) const NEXT: &str = "next";
    /// Of memoQ, on the source's `tuv`; on the target's for its own neighbours.
    pub(super) const CONTEXT_PRE: &str = "x-context-pre";
    pub(super) const CONTEXT_POST: &str = "x-context-post";
}

/// A moment as TMX writes it, of seconds since 1970 (`SOURCE_DATE_EPOCH`).
pub fn date_of(seconds: u64) -> String {
    // Days to a civil date, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2014).
    let days = (seconds / 86_400) as i64 + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let time = seconds % 86_400;
    format!("{year:04}{month:02}{day:02}T{:02}{:02}{:02}Z", time / 3600, time / 60 % 60, time % 60)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_moment_is_a_date() {
        let cases = [
            (0, "19700101T000000Z"),
            (951_827_696, "20000229T123456Z"),
            (1_795_392_000, "20261123T000000Z"),
            (4_107_542_399, "21000228T235959Z"),
        ];
        cases.iter().for_each(|&(seconds, date)| assert_eq!(super::date_of(seconds), date));
    }
}
