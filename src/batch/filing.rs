//! Where pieces go: each into a file named after its article, or so many into a bundle. Names are settled in input order, so
//! they depend on no thread; they are sound and unique on any file system, whatever the ids. What is in the files is not this
//! file's business.

use std::collections::BTreeMap;

use foldhash::HashMap;
use unicode_normalization::UnicodeNormalization;

use super::output::{Directory, Whole};
use crate::error::{ErrorKind, Result};
use crate::format::{Piece, manifest};

/// Files the pieces of a batch.
#[derive(Default)]
pub struct Filing {
    /// Articles a bundle; `None` for a file each.
    bundle: Option<u32>,
    names: Names,
    /// Files that wait until there are enough to be written side by side.
    waiting: Vec<Whole>,
    /// Bytes in them.
    bytes: usize,
    /// Bundles that are not full, by folder, ending and group.
    open: BTreeMap<(&'static str, &'static str, String), Bundle>,
    numbered: u32,
}

/// Bytes that may wait.
const ENOUGH: usize = 4 << 20;

struct Bundle {
    name: String,
    room: u32,
    foot: &'static str,
}

impl Filing {
    /// A file an article, or so many articles a file.
    pub fn new(bundle: Option<u32>) -> Filing {
        Filing { bundle, ..Filing::default() }
    }

    /// Files a piece of an article.
    pub fn put(&mut self, directory: &mut Directory, article: &str, piece: Piece) -> Result<()> {
        match self.bundle {
            None => {
                let name = self.names.settle(piece.folder, article, piece.ending);
                self.bytes += piece.head.len() + piece.body.len() + piece.foot.len();
                self.waiting.push(Whole { name, article: article.to_owned(), piece });
                if self.bytes > ENOUGH { self.write(directory) } else { Ok(()) }
            }
            Some(most) => self.add(directory, article, piece, most),
        }
    }

    /// Files what an earlier run published of an article: it stays where it is, unless it is to be called otherwise by now.
    pub fn keep(&mut self, directory: &mut Directory, article: &str, file: &manifest::File) -> Result<()> {
        let name = self.again(article, file);
        if name == file.name {
            directory.keep(file.clone());
            return Ok(());
        }
        let head = directory.published(&file.name)?;
        self.bytes += head.len();
        let piece = Piece { folder: "", ending: "", group: String::new(), head, body: Vec::new(), foot: "" };
        self.waiting.push(Whole { name, article: article.to_owned(), piece });
        if self.bytes > ENOUGH { self.write(directory) } else { Ok(()) }
    }

    /// Gives a file that is there already its name, so that others get theirs.
    pub fn name_again(&mut self, article: &str, file: &manifest::File) -> Result<()> {
        if self.again(article, file) == file.name { Ok(()) } else { Err(ErrorKind::Changed.into()) }
    }

    /// The name that an article's file of the same folder and ending gets now.
    fn again(&mut self, article: &str, file: &manifest::File) -> String {
        let (folder, own) = file.name.rsplit_once('/').unwrap_or(("", &file.name));
        let ending = own.rsplit_once('.').map_or("", |(_, ending)| ending);
        self.names.settle(folder, article, ending)
    }

    /// Writes the files that wait.
    pub fn write(&mut self, directory: &mut Directory) -> Result<()> {
        self.bytes = 0;
        directory.whole(std::mem::take(&mut self.waiting))
    }

    fn add(&mut self, directory: &mut Directory, article: &str, piece: Piece, most: u32) -> Result<()> {
        let Piece { folder, ending, group, head, body, foot } = piece;
        let key = (folder, ending, group);
        if !self.open.contains_key(&key) {
            self.numbered += 1;
            let name = format!("{folder}/bundle-{:05}.{ending}", self.numbered);
            directory.write(&name, &head)?;
            self.open.insert(key.clone(), Bundle { name, room: most, foot });
        }
        let bundle = self.open.get_mut(&key).expect("it was just put there");
        directory.write(&bundle.name, &body)?;
        directory.tell(&bundle.name, article);
        bundle.room = bundle.room.saturating_sub(1);
        if bundle.room == 0 {
            let bundle = self.open.remove(&key).expect("it is there");
            bundle.end(directory)?;
        }
        Ok(())
    }

    /// Writes what waits and ends the bundles that are not full.
    pub fn end(mut self, directory: &mut Directory) -> Result<()> {
        self.write(directory)?;
        self.open.into_values().try_for_each(|bundle| bundle.end(directory))
    }
}

impl Bundle {
    fn end(&self, directory: &mut Directory) -> Result<()> {
        directory.write(&self.name, self.foot.as_bytes())?;
        directory.close(&self.name)
    }
}

/// Names given, as file systems compare them, and the next number for each.
#[derive(Default)]
struct Names(HashMap<String, u32>);

/// Bytes that the part of a name may take which comes from an id; file systems allow 255 in all, some encrypted ones 143.
const LONGEST: usize = 120;

impl Names {
    /// A name of a file in a folder, or in none, that was not given yet. Letters and digits stay, of whatever script.
    fn settle(&mut self, folder: &str, id: &str, ending: &str) -> String {
        let stem = safe(id);
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut name = format!("{folder}{stem}.{ending}");
        loop {
            let number = self.0.entry(folded(&name)).or_insert(0);
            *number += 1;
            if *number == 1 {
                return name;
            }
            name = format!("{folder}{stem}~{number}.{ending}");
        }
    }
}

/// An id as the stem of a file name: no separators, no characters that a shell or file system takes for something else, no
/// device of Windows, not hidden, not too long.
fn safe(id: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() && !is_filler(c) || matches!(c, '-' | '.' | '_' | '~');
    let mut stem: String = id.nfc().map(|c| if kept(c) { c } else { '_' }).collect();
    stem.truncate(stem.floor_char_boundary(LONGEST));
    if stem.is_empty() || stem.starts_with(['.', '-', '~']) || is_device(&stem) {
        stem.insert(0, '_');
    }
    stem
}

/// Letters that some file systems do not see.
fn is_filler(c: char) -> bool {
    matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}

/// Names that Windows takes for devices, whatever follows their first dot.
fn is_device(stem: &str) -> bool {
    let bare = stem.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let numbered = |port: &str| bare.strip_prefix(port).is_some_and(|rest| rest.chars().count() == 1 && rest.chars().all(char::is_numeric));
    matches!(bare.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

/// A name as the least particular file system compares it: without case, without compositions.
fn folded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.to_uppercase().to_lowercase().nfkd().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sound_anywhere() {
        let mut names = Names::default();
        let long = "x".repeat(300);
        let cases = [
            ("a", "s/a.xlf"),
            ("A", "s/A~2.xlf"),
            ("a~2", "s/a~2~2.xlf"),
            ("../../etc/passwd", "s/_.._.._etc_passwd.xlf"),
            ("https://example.org/a?b=c", "s/https___example.org_a_b_c.xlf"),
            ("con", "s/_con.xlf"),
            ("Com1.tar", "s/_Com1.tar.xlf"),
            ("lpt²", "s/_lpt².xlf"),
            ("console", "s/console.xlf"),
            (".hidden", "s/_.hidden.xlf"),
            ("-rf", "s/_-rf.xlf"),
            ("", "s/_.xlf"),
            ("Straße", "s/Straße.xlf"),
            ("STRASSE", "s/STRASSE~2.xlf"),
            ("e\u{301}", "s/é.xlf"),
            ("É", "s/É~2.xlf"),
            ("Azərbaycan/xəbər 1", "s/Azərbaycan_xəbər_1.xlf"),
            ("a\u{0}b\u{202e}c\n", "s/a_b_c_.xlf"),
        ];
        for (id, expected) in cases {
            assert_eq!(names.settle("s", id, "xlf"), expected, "{id:?}");
        }
        assert_eq!(names.settle("s", &long, "xlf").len(), "s/.xlf".len() + LONGEST);
        assert!(names.settle("s", &long, "xlf").ends_with("x~2.xlf"));
        let cut = names.settle("s", &"é".repeat(100), "xlf");
        assert!(cut.len() <= "s/.xlf".len() + LONGEST && cut.ends_with("é.xlf"), "{cut}");
    }

    #[test]
    fn many_ids_that_become_one_name_take_no_longer() {
        let mut names = Names::default();
        let given: std::collections::HashSet<String> = (0..50_000).map(|_| names.settle("s", "/", "xlf")).collect();
        assert_eq!(given.len(), 50_000);
    }
}
