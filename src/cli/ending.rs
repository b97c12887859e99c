//! Which of several formats a file is written in: that of `-t`, else that of the ending of its name. It knows no format.

use std::path::Path;

use super::exit::Failure;

/// Formats of a table, and the name of each, which is the ending of its files.
#[derive(Clone, Copy)]
pub(crate) struct Formats<T: 'static>(pub(crate) &'static [T], pub(crate) fn(&T) -> &'static str);

impl<T> Formats<T> {
    /// The one that `-t` names, else the one of the file's ending, else the first. A file that is named as one and written as another is
    /// refused.
    pub(crate) fn of(self, given: Option<&'static T>, file: Option<&Path>) -> Result<&'static T, Failure> {
        let Formats(formats, name) = self;
        match (given, file.and_then(|file| Some((file, self.of_ending(file)?)))) {
            (Some(given), Some((file, named))) if name(given) != name(named) => {
                let (given, named, file) = (name(given), name(named), file.display());
                let what = format!("-t {given} does not go with the name {file}, which is one of {named}");
                Err(Failure::Usage(what, "leave -t out, or give the file another ending"))
            }
            (given, named) => Ok(given.or(named.map(|(_, named)| named)).unwrap_or(&formats[0])),
        }
    }

    /// The one whose name a file ends in.
    pub(crate) fn of_ending(self, file: &Path) -> Option<&'static T> {
        let ending = file.extension()?.to_str()?;
        self.0.iter().find(|format| self.1(format).eq_ignore_ascii_case(ending))
    }
}
