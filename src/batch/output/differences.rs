//! What a run would change in an output directory: files that differ, are missing or would go.

use std::collections::HashSet;

use super::{Directory, has_hash};
use crate::error::Result;
use crate::format::manifest::{self, Manifest};

/// A file that a run would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It is not what the run would write.
    Differs(String),
    /// It is not there.
    Missing(String),
    /// An earlier run wrote it, this one would not.
    Extra(String),
}

impl Directory {
    /// Ends all files and holds them against those that are published; what is not of a run is not looked at.
    pub fn differences(mut self, mut manifest: Manifest) -> Result<Vec<Difference>> {
        manifest.files = self.finish()?;
        let mut found: Vec<Difference> = manifest.files.iter().filter_map(|file| self.difference(file)).collect();
        let names: HashSet<&str> = manifest.files.iter().map(|file| file.name.as_str()).collect();
        let old = self.earlier.iter().flat_map(|earlier| &earlier.files).filter(|file| !names.contains(file.name.as_str()));
        found.extend(old.filter(|file| self.path.join(&file.name).exists()).map(|file| Difference::Extra(file.name.clone())));
        let spelled = std::fs::read(self.path.join(manifest::NAME));
        match spelled {
            Ok(bytes) if bytes == manifest.write() => {}
            Ok(_) => found.push(Difference::Differs(manifest::NAME.to_owned())),
            Err(_) => found.push(Difference::Missing(manifest::NAME.to_owned())),
        }
        Ok(found)
    }

    fn difference(&self, file: &manifest::File) -> Option<Difference> {
        let path = self.path.join(&file.name);
        match std::fs::metadata(&path) {
            _ if self.in_place.contains(&file.name) => None,
            Err(_) => Some(Difference::Missing(file.name.clone())),
            Ok(meta) if meta.len() == file.bytes && has_hash(&path, &file.blake3) => None,
            Ok(_) => Some(Difference::Differs(file.name.clone())),
        }
    }
}
