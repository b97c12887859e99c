//! The works: many articles, from paths to published files. The only floor that touches files, threads and locks; it knows
//! no arguments, no terminal and no exit code. Inputs are found (`input`), read record by record (`read`), parsed,
//! counted, ranked and spelled in ordered chunks (`engine`), and published at once or not at all (`output`). Translations come back
//! in `merge`, and are kept in `memories`.

mod again;
mod align;
mod alignments;
mod analyze;
mod books;
mod budget;
mod decode;
mod digest;
mod duplicates;
mod engine;
mod evaluate;
mod filing;
mod holder;
mod incremental;
mod input;
mod keep;
mod leverage;
mod limits;
mod memories;
mod memory;
mod merge;
mod named;
mod notes;
mod observe;
mod options;
mod output;
mod parse;
mod passes;
mod patient;
mod read;
mod resume;
mod rolling;
mod rouge;
mod spell;
mod stages;
mod state;
mod works;

pub use align::{Align, Destination, MIN_SCORE, Texts, align};
pub use alignments::{AlignmentSet, alignments};
pub use analyze::{Analysis, analyze};
pub use budget::{Most, Translate};
pub use decode::{Decoded, Encoding, OnInvalid, decode, find_encoding};
pub use digest::{DigestSettings, digest};
pub use duplicates::Duplicates;
pub use evaluate::{BoundarySet, Difference, boundaries};
pub use incremental::Incremental;
pub use input::{Inputs, Plan, Source, plan};
pub use keep::Table;
pub use leverage::{Levels, Leverage, Memories};
pub use limits::{Limits, Stop};
pub use memories::{Filter, Import, Imported, Info, PATIENCE, export, import, load_memory, memory_info, remove};
pub use memory::Memory;
pub use merge::{Files, Merge, merge_back};
pub use named::{decode_xml, files_within, is_one_file, misdeclared, no_xml, open_named, replace_named};
pub use observe::{Delivered, Leveraged, MemoryUse, Observer, Report, Reuse, Silent};
pub use output::Difference as FileDifference;
pub use rolling::update;
pub use rouge::{By, RougeSet, RougeTask, System, rouge};
pub use stages::Cost;
pub use works::{check, count, load_frequencies, load_srx, merge, run, stream};

use crate::format::bitext::BitextOptions;
use crate::format::jsonl::Fields;
use crate::format::{Output, WriteOptions, Writer};
use crate::summary::{Budget, Focus, Method};
use crate::text::TextOptions;

/// What a batch does and how; everything but the paths.
#[derive(Clone)]
pub struct Settings {
    /// The encoding of all inputs; `None` finds out for each.
    pub encoding: Option<Encoding>,
    /// What becomes of bytes that are not in it.
    pub on_invalid: OnInvalid,
    /// Take HTML tags out of texts.
    pub strip_html: bool,
    /// Where the fields of JSON records are.
    pub fields: Fields,
    /// How texts are read.
    pub text: TextOptions,
    /// How sentences are ranked; `None` writes segments only.
    pub method: Option<&'static Method>,
    /// How long summaries are.
    pub budget: Budget,
    /// What summaries should hold, or should not.
    pub focus: Focus,
    /// Keywords an article; 0 for none.
    pub keywords: u32,
    /// Document frequencies to use instead of the batch's own.
    pub frequencies: Option<std::path::PathBuf>,
    /// How output is spelled.
    pub write: WriteOptions,
    /// What goes to translators.
    pub bitext: BitextOptions,
    /// What is written.
    pub outputs: Vec<&'static Output>,
    /// Articles that share a file of those formats that give each one of its own; `None` for a file each.
    pub bundle: Option<u32>,
    /// What becomes of copies of other articles in a run; `None` looks for none.
    pub duplicates: Option<Duplicates>,
    /// Explain every sentence, where the format has a place for it.
    pub explain: bool,
    /// Do only what an earlier run into the same directory has not done already; `None` does everything and keeps no record.
    pub incremental: Option<Incremental>,
    /// Worker threads; 0 for one a core.
    pub threads: usize,
    /// How much memory it may take.
    pub memory: Memory,
    /// What is counted and looked up for [`analyze`](fn@analyze); `None` does nothing of it.
    pub analysis: Option<Analysis>,
    /// The translation memory that articles are looked up in; `None` looks nothing up.
    pub leverage: Option<Leverage>,
    /// How much is translated, the best of the whole batch, where the scope of [`Settings::bitext`] is a budget; `None` chooses nothing.
    pub translate: Option<Translate>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            encoding: None,
            on_invalid: OnInvalid::Guess,
            strip_html: false,
            fields: Fields::default(),
            text: TextOptions::default(),
            method: Some(&crate::summary::rank::METHODS[0]),
            budget: Budget::default(),
            focus: Focus::default(),
            keywords: 0,
            frequencies: None,
            write: WriteOptions::default(),
            bitext: BitextOptions::default(),
            outputs: Vec::new(),
            bundle: None,
            duplicates: None,
            explain: false,
            incremental: None,
            threads: 0,
            memory: Memory::default(),
            analysis: None,
            leverage: None,
            translate: None,
        }
    }
}

impl Settings {
    /// Whether it is noted of files what is in them.
    fn takes_notes(&self) -> bool {
        self.incremental.as_ref().is_some_and(|how| how.notes.is_some())
    }

    /// The writers of what is written.
    fn writers(&self) -> Vec<Box<dyn Writer>> {
        let rules = self.text.srx.as_ref().map(|srx| format!("srx:{}", srx.fingerprint()));
        let mut bitext = self.bitext.clone();
        bitext.segmentation = bitext.segmentation.or(rules);
        self.outputs.iter().map(|output| (output.writer)(self.write, &bitext)).collect()
    }
}
