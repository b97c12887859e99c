//! The table of document frequencies that ranks what an incremental run does again: one that was given, or the one that lies in the
//! directory and is read only if it is needed.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::Settings;
use super::earlier::{self, Earlier};
use crate::batch::output::Directory;
use crate::batch::works::look_up_frequencies;
use crate::error::Result;
use crate::format::frequencies;
use crate::format::manifest::generation;
use crate::summary::frequency::DocumentFrequencies;

/// The table that ranks what is done: given, or that of the directory, which is read when it is first asked for.
pub struct Tables {
    table: OnceLock<DocumentFrequencies>,
    /// Held while it is read.
    reading: Mutex<()>,
    path: PathBuf,
    /// How it is spelled, if it is not the one that is there.
    spelled: Option<Vec<u8>>,
    pub generation: String,
    /// It is not that of the directory.
    pub given: bool,
}

impl Tables {
    /// The table that was given, else the one that is there.
    pub fn new(given: Option<DocumentFrequencies>, earlier: &Earlier, settings: &Settings, directory: &Directory) -> Result<Tables> {
        let path = directory.path_of(frequencies::NAME);
        let tables = |generation: &str, spelled, given| Tables {
            table: OnceLock::new(),
            reading: Mutex::default(),
            path,
            spelled,
            generation: generation.to_owned(),
            given,
        };
        let Some(table) = given else { return Ok(tables(earlier.generation(), None, false)) };
        let old = earlier::table_of(directory).map(|file| file.blake3.as_str());
        let bytes = settings.frequencies.as_ref().and_then(|path| std::fs::read(path).ok()).unwrap_or_default();
        let made = if old == Some(blake3::hash(&bytes).to_hex().as_str()) {
            tables(earlier.generation(), None, true)
        } else {
            let mut spelled = Vec::new();
            frequencies::write(&table, &mut spelled).expect("memory takes every byte");
            let own = blake3::hash(&spelled).to_hex().to_string();
            tables(generation(&own), Some(spelled).filter(|_| old != Some(&own)), true)
        };
        made.table.set(table).expect("nobody else has it yet");
        Ok(made)
    }

    /// A table that is staged already.
    pub fn staged(table: DocumentFrequencies, earlier: &Earlier) -> Tables {
        let reading = Mutex::default();
        Tables {
            table: table.into(),
            reading,
            path: PathBuf::new(),
            spelled: None,
            generation: earlier.generation().to_owned(),
            given: true,
        }
    }

    /// The table, if it was needed so far.
    pub fn loaded(&self) -> Option<&DocumentFrequencies> {
        self.table.get()
    }

    /// Whether it is the table of the directory, not one that was given.
    pub fn is_old(&self) -> bool {
        !self.given
    }

    /// The table again, if it was given.
    pub fn into_given(self) -> Option<DocumentFrequencies> {
        if self.given { self.table.into_inner() } else { None }
    }

    /// Whether it lies in the directory as it is to be.
    pub fn are_there(&self) -> bool {
        self.spelled.is_none()
    }

    /// The table.
    pub fn get(&self) -> Result<&DocumentFrequencies> {
        let _reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if self.table.get().is_none() {
            let _ = self.table.set(look_up_frequencies(&self.path)?);
        }
        Ok(self.table.get().expect("it was just read"))
    }

    /// Reads the table before it is asked for, unless all is `over` by then. What is wrong with it is told when it is asked for.
    pub fn prepare(&self, over: &AtomicBool) {
        if !over.load(Ordering::Relaxed) {
            let _ = self.get();
        }
    }

    /// Puts the table among the files.
    pub fn publish(&self, directory: &mut Directory) -> Result<()> {
        match &self.spelled {
            Some(spelled) => directory.write(frequencies::NAME, spelled),
            None => {
                let file = earlier::table_of(directory).cloned().expect("it is there, or it would have been spelled");
                directory.keep(file);
                Ok(())
            }
        }
    }
}
