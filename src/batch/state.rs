//! What the file system says of a file, by which it is known to be as it was without being read: device, inode, length, and when it was
//! last modified and changed. The time of a change is set by the kernel and by no program, whatever a copy or `touch` does to the other.
//! What was known of a file in which state is the business of `notes`.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

/// The state of a file. While none of it changes its bytes do not, if it was settled when they were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct State {
    /// The file system it is on.
    device: u64,
    /// Its number there.
    inode: u64,
    /// Its length.
    bytes: u64,
    /// When it was last written to, as programs may set it.
    modified: Time,
    /// When it was last written to, renamed, linked or given to others, by the clock of the machine.
    changed: Time,
}

/// Seconds since 1970 and nanoseconds.
pub type Time = (i64, i64);

/// How much older than the moment of a look the times of a file must be: clocks of file systems tick up to 10 ms, some whole seconds,
/// and a write is stamped when it begins.
const SETTLED: i64 = 2;

/// Bytes of a packed state.
pub const PACKED: usize = 56;

impl State {
    /// What was said of a file, where it is said.
    #[cfg(unix)]
    pub fn of(meta: &fs::Metadata) -> Option<State> {
        use std::os::unix::fs::MetadataExt;
        let (modified, changed) = ((meta.mtime(), meta.mtime_nsec()), (meta.ctime(), meta.ctime_nsec()));
        meta.is_file().then(|| State { device: meta.dev(), inode: meta.ino(), bytes: meta.len(), modified, changed })
    }

    /// No time of a change is told.
    #[cfg(not(unix))]
    pub fn of(_meta: &fs::Metadata) -> Option<State> {
        None
    }

    /// The state of an open file, where its file system is one that can be trusted.
    pub fn of_open(file: &File) -> Option<State> {
        if is_trusted(file) { State::of(&file.metadata().ok()?) } else { None }
    }

    /// Whether any change after `now` makes it another state: then its times are older than that by more than clocks are coarse. A file
    /// that was changed at the moment of the look, or in the future, is not settled.
    pub fn is_settled(&self, now: Time) -> bool {
        [self.modified, self.changed].iter().all(|(seconds, nanoseconds)| (seconds.saturating_add(SETTLED), *nanoseconds) < now)
    }

    /// Its bytes.
    pub fn pack(&self) -> [u8; PACKED] {
        let mut packed = [0; PACKED];
        let (modified, changed) = (self.modified, self.changed);
        let signed = [modified.0, modified.1, changed.0, changed.1].map(i64::cast_unsigned);
        let values = [self.device, self.inode, self.bytes].into_iter().chain(signed);
        packed.as_chunks_mut().0.iter_mut().zip(values).for_each(|(place, value)| *place = value.to_le_bytes());
        packed
    }

    /// The reverse of [`State::pack`].
    pub fn unpack(packed: &[u8; PACKED]) -> State {
        let value = |at: usize| u64::from_le_bytes(std::array::from_fn(|byte| packed[8 * at + byte]));
        let time = |at: usize| (value(at).cast_signed(), value(at + 1).cast_signed());
        State { device: value(0), inode: value(1), bytes: value(2), modified: time(3), changed: time(5) }
    }
}

/// The time by the clock of the machine.
pub fn now() -> Time {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    (since.as_secs().try_into().unwrap_or(i64::MAX), since.subsec_nanos().into())
}

/// Whether a file is on a file system of this machine's own, which stamps changes by this machine's clock; others may be written to by
/// machines with clocks of their own, or tell what they knew a while ago.
#[cfg(target_os = "linux")]
fn is_trusted(file: &File) -> bool {
    // ext2 to ext4, XFS, Btrfs, tmpfs, overlayfs, F2FS, ZFS, bcachefs: statfs(2).
    const KINDS: [u32; 8] = [0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630, 0xf2f5_2010, 0x2fc1_2fc1, 0xca45_1a4e];
    rustix::fs::fstatfs(file).is_ok_and(|told| KINDS.contains(&(told.f_type as u32)))
}

/// Which those are is not known elsewhere.
#[cfg(not(target_os = "linux"))]
fn is_trusted(_file: &File) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(modified: Time, changed: Time) -> State {
        State { device: 64, inode: u64::MAX, bytes: 7, modified, changed }
    }

    #[test]
    fn what_was_changed_just_now_is_not_settled() {
        let cases = [
            ((100, 0), (100, 0), (103, 0), true),
            ((100, 0), (100, 0), (102, 1), true),
            ((100, 0), (100, 0), (102, 0), false),
            ((100, 0), (100, 0), (101, 999_999_999), false),
            // The same tick, and a write at work.
            ((100, 5), (100, 5), (100, 5), false),
            // Only one of them is old.
            ((50, 0), (100, 0), (101, 0), false),
            ((100, 0), (50, 0), (101, 0), false),
            // The future: a clock that went back, a date that was set, the end of time.
            ((50, 0), (200, 0), (103, 0), false),
            ((i64::MAX, 0), (50, 0), (103, 0), false),
            // Before 1970.
            ((-5, 0), (50, 0), (103, 0), true),
        ];
        for (modified, changed, now, expected) in cases {
            assert_eq!(state(modified, changed).is_settled(now), expected, "{modified:?} {changed:?} {now:?}");
        }
    }

    #[test]
    fn states_come_back() {
        for state in [State::default(), state((-1, 999_999_999), (i64::MAX, 0)), state((i64::MIN, 1), (2, 3))] {
            assert_eq!(State::unpack(&state.pack()), state);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_written_again_has_another_state() {
        let folder = tempfile::tempdir().expect("a place for temporary files");
        let path = folder.path().join("a.txt");
        let state = || State::of(&fs::metadata(&path).expect("there")).expect("a file");
        fs::write(&path, "one").expect("writable");
        let (first, when) = (state(), fs::metadata(&path).and_then(|meta| meta.modified()).expect("told"));
        assert_eq!(state(), first);
        std::thread::sleep(Duration::from_millis(50));
        let file = File::options().write(true).open(&path).expect("writable");
        std::io::Write::write_all(&mut &file, b"two").and_then(|()| file.set_modified(when)).expect("writable");
        let second = state();
        assert_eq!((second.inode, second.bytes, second.modified), (first.inode, first.bytes, first.modified));
        assert!(second != first && !second.is_settled(now()));
        assert_eq!(State::of(&fs::metadata(folder.path()).expect("there")), None);
        // What the kernel makes up as it is read has no state.
        assert!(File::open("/proc/self/status").is_ok_and(|file| State::of_open(&file).is_none()) || !cfg!(target_os = "linux"));
    }
}
