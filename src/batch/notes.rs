//! What was read of files, noted for the next run into the same directory: the state of each file before it was read, and the fingerprint
//! of what was in it. A file in a state that was noted need not be read. That holds of the file alone, whatever was made of it, so that
//! notes that are lost, old or of another run cost time and nothing else. They are kept in the user's cache, since no time may stand in an
//! output; they hold until the machine is started again, for a file that was not on the disk yet may come back from that as it was before.
//! What cannot be noted is read again, and nobody is told.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::limits::Limits;
use super::parse::Fingerprint;
use super::state::{self, PACKED, State, Time};

/// How the files are called that hold notes, and those that are about to.
const ENDING: &str = "seen";
const STAGED: &str = "new";

/// What they begin with; another layout begins otherwise.
const MAGIC: &[u8] = b"epitome seen 1\n";

/// Bytes of the checksum of all that follows it.
const CHECKSUM: usize = blake3::OUT_LEN;

/// Bytes of what is noted of a file.
const ROW: usize = PACKED + size_of::<Fingerprint>();

/// Bytes of a head at most: a path and a few words.
const HEAD: u64 = 1 << 16;

/// A state of a file, and the fingerprint of what was in it then.
pub type Seen = (State, Fingerprint);

/// The notes of runs into one directory.
pub struct Notes {
    path: PathBuf,
    /// What they must begin with to hold: since when the machine runs, under which limits was read, and the directory.
    head: Vec<u8>,
    /// A moment before anything is read.
    begun: Time,
    /// By state.
    known: Vec<Seen>,
    /// What this run knows, read or looked up.
    pub seen: Vec<Seen>,
}

impl Notes {
    /// The notes in `folder` of runs into the directory `output`; with none of what was known if it is not `trusted`. `None` where
    /// nothing can be noted.
    pub fn open(folder: &Path, output: &Path, limits: Limits, trusted: bool) -> Option<Notes> {
        let begun = state::now();
        let output = fs::canonicalize(output).ok()?;
        let output = output.as_os_str().as_encoded_bytes();
        let head = [format!("{} {limits:?}\n", boot()?).as_bytes(), output].concat();
        let name = blake3::hash(output).to_hex();
        let path = folder.join(&name.as_str()[..32]).with_extension(ENDING);
        let known = if trusted { read(&path, &head).unwrap_or_default() } else { Vec::new() };
        Some(Notes { path, head, begun, known, seen: Vec::new() })
    }

    /// The fingerprint of what is in a file of this state, if that is known.
    pub fn look(&self, state: &State) -> Option<Fingerprint> {
        let found = self.known.binary_search_by_key(&state, |(known, _)| known).ok()?;
        state.is_settled(self.begun).then(|| self.known[found].1)
    }

    /// Keeps what this run knows for the next. That may fail, and then the next run reads.
    pub fn keep(mut self) {
        self.seen.retain(|(state, _)| state.is_settled(self.begun));
        self.seen.sort_unstable();
        self.seen.dedup();
        if self.seen != self.known {
            let _ = self.write();
        }
    }

    /// Written anew beside the old ones and renamed into their place, so that they are whole. One run at a time: the output directory is
    /// locked.
    fn write(&self) -> io::Result<()> {
        let Some(folder) = self.path.parent() else { return Ok(()) };
        private(&mut DirBuilder::new()).recursive(true).create(folder)?;
        if !self.path.exists() {
            sweep(folder)?;
        }
        let rows = self.seen.iter().flat_map(|(state, hash)| [&state.pack()[..], hash].concat());
        let mut bytes = [MAGIC, &[0; CHECKSUM], &(self.head.len() as u32).to_le_bytes(), &self.head].concat();
        bytes.extend(rows);
        let (start, rest) = bytes.split_at_mut(MAGIC.len() + CHECKSUM);
        start[MAGIC.len()..].copy_from_slice(blake3::hash(rest).as_bytes());
        let staged = self.path.with_extension(STAGED);
        let _ = fs::remove_file(&staged);
        own(File::options().write(true).create_new(true)).open(&staged)?.write_all(&bytes)?;
        fs::rename(&staged, &self.path)
    }
}

/// The rows of notes that begin with `head`, sorted; `None` if they are not as they were written.
fn read(path: &Path, head: &[u8]) -> Option<Vec<Seen>> {
    let bytes = fs::read(path).ok()?;
    let (checksum, rest) = bytes.strip_prefix(MAGIC)?.split_at_checked(CHECKSUM)?;
    let rows = rest.strip_prefix(&(head.len() as u32).to_le_bytes())?.strip_prefix(head)?;
    let (rows, []) = rows.as_chunks::<ROW>() else { return None };
    let row = |row: &[u8; ROW]| {
        let (state, hash) = row.split_first_chunk::<PACKED>()?;
        Some((State::unpack(state), hash.try_into().ok()?))
    };
    (blake3::hash(rest).as_bytes() == checksum).then(|| rows.iter().map(row).collect()).flatten()
}

/// Removes the notes of directories that are no longer there, and what is none of ours by now.
fn sweep(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let ours = path.extension().is_some_and(|ending| ending == ENDING || ending == STAGED);
        if ours && !is_in_use(&path) {
            let _ = fs::remove_file(path);
        }
    }
    Ok(())
}

/// Whether the directory of notes is there, as far as anybody knows.
fn is_in_use(path: &Path) -> bool {
    let Some(output) = output_of(path) else { return false };
    !fs::symlink_metadata(output).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// The directory of notes.
fn output_of(path: &Path) -> Option<PathBuf> {
    let mut start = Vec::new();
    File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut start)).ok()?;
    let rest = start.strip_prefix(MAGIC)?.get(CHECKSUM..)?;
    let (length, rest) = rest.split_first_chunk()?;
    let head = rest.get(..u32::from_le_bytes(*length) as usize)?;
    let line = memchr::memchr(b'\n', head)?;
    path_of(&head[line + 1..])
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(std::ffi::OsStr::from_bytes(bytes).into())
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(Into::into)
}

/// What tells one start of the machine from another: random(4).
fn boot() -> Option<String> {
    let told = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(told.trim().to_owned()).filter(|told| !told.is_empty())
}

/// For nobody else to look into.
#[cfg(unix)]
fn private(builder: &mut DirBuilder) -> &mut DirBuilder {
    std::os::unix::fs::DirBuilderExt::mode(builder, 0o700)
}

#[cfg(not(unix))]
fn private(builder: &mut DirBuilder) -> &mut DirBuilder {
    builder
}

/// For nobody else to read: what one user may read another may not.
#[cfg(unix)]
fn own(options: &mut fs::OpenOptions) -> &mut fs::OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn own(options: &mut fs::OpenOptions) -> &mut fs::OpenOptions {
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(number: u8) -> Seen {
        (State::unpack(&std::array::from_fn(|at| if at == 8 { number } else { 0 })), [number; 16])
    }

    fn notes(folder: &Path, rows: Vec<Seen>) -> Notes {
        let head = [b"boot limits\n", folder.as_os_str().as_encoded_bytes()].concat();
        Notes { path: folder.join("notes/a.seen"), head, begun: state::now(), known: Vec::new(), seen: rows }
    }

    #[test]
    fn notes_come_back_sorted_and_any_damage_is_noticed() {
        let folder = tempfile::tempdir().expect("a place for temporary files");
        let notes = notes(folder.path(), vec![seen(9), seen(3), seen(7), seen(3)]);
        let (path, head) = (notes.path.clone(), notes.head.clone());
        notes.keep();
        assert_eq!(read(&path, &head), Some(vec![seen(3), seen(7), seen(9)]));
        assert_eq!(read(&path, &head[1..]), None);
        assert_eq!(output_of(&path).as_deref(), Some(folder.path()));
        let bytes = fs::read(&path).expect("written");
        for at in 0..bytes.len() {
            let mut broken = bytes.clone();
            broken[at] ^= 1;
            fs::write(&path, &broken).expect("writable");
            assert_eq!(read(&path, &head), None, "byte {at}");
            fs::write(&path, &bytes[..at]).expect("writable");
            assert_eq!(read(&path, &head), None, "cut to {at} bytes");
        }
    }

    #[test]
    fn only_settled_states_are_known() {
        let folder = tempfile::tempdir().expect("a place for temporary files");
        let mut notes = notes(folder.path(), Vec::new());
        notes.known = vec![seen(3), seen(4)];
        assert_eq!(notes.look(&seen(4).0), Some([4; 16]));
        assert_eq!(notes.look(&seen(5).0), None);
        // The clock went back to 1970.
        notes.begun = (1, 0);
        assert_eq!(notes.look(&seen(4).0), None);
        (notes.seen, notes.known) = (vec![seen(4)], Vec::new());
        let (path, head) = (notes.path.clone(), notes.head.clone());
        notes.keep();
        assert_eq!(read(&path, &head), None);
    }

    #[test]
    fn notes_of_directories_that_are_gone_go() {
        let folder = tempfile::tempdir().expect("a place for temporary files");
        let (there, gone) = (folder.path().join("there"), folder.path().join("gone"));
        fs::create_dir(&there).expect("writable");
        let named = |name: &str, output: &Path| {
            let head = [b"boot limits\n", output.as_os_str().as_encoded_bytes()].concat();
            Notes { path: folder.path().join("notes").join(name), head, ..notes(&there, vec![seen(1)]) }.keep();
        };
        named("a.seen", &there);
        named("b.seen", &gone);
        fs::write(folder.path().join("notes/c.new"), "torn").expect("writable");
        fs::write(folder.path().join("notes/other"), "not ours").expect("writable");
        named("d.seen", &there);
        let mut left: Vec<_> =
            fs::read_dir(folder.path().join("notes")).expect("there").map(|e| e.expect("readable").file_name()).collect();
        left.sort();
        assert_eq!(left, ["a.seen", "d.seen", "other"]);
    }
}
