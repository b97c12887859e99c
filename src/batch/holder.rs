//! Which process holds a lock, where the system tells. It asks the kernel, so that no file has to be kept that could be wrong after a
//! crash; the lock itself is the business of who opens the file.

use std::fs::File;

/// The process that holds the lock of a file; `None` where that is not known.
#[cfg(target_os = "linux")]
pub fn holder(file: &File) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let meta = file.metadata().ok()?;
    let (major, minor) = (rustix::fs::major(meta.dev()), rustix::fs::minor(meta.dev()));
    let id = format!("{major:02x}:{minor:02x}:{}", meta.ino());
    std::fs::read_to_string("/proc/locks").ok()?.lines().find_map(|line| holder_in(line, &id))
}

/// The process of a line of `/proc/locks` (proc_locks(5)), if it is of the file and of a lock as ours are; 0 is one that cannot be seen
/// from here.
#[cfg(target_os = "linux")]
fn holder_in(line: &str, id: &str) -> Option<u32> {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    match words[..] {
        [_, "FLOCK", _, "WRITE", process, file, ..] if file == id => process.parse().ok().filter(|process| *process > 0),
        _ => None,
    }
}

/// Other systems do not tell.
#[cfg(not(target_os = "linux"))]
pub fn holder(_file: &File) -> Option<u32> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn lines_of_locks_are_read() {
        let id = "fe:00:10108962";
        let cases = [
            ("1: FLOCK  ADVISORY  WRITE 6628 fe:00:10108962 0 EOF", Some(6628)),
            ("1: FLOCK  ADVISORY  WRITE 0 fe:00:10108962 0 EOF", None),
            ("1: FLOCK  ADVISORY  READ 6628 fe:00:10108962 0 EOF", None),
            ("1: POSIX  ADVISORY  WRITE 6628 fe:00:10108962 0 EOF", None),
            ("2: -> FLOCK  ADVISORY  WRITE 6628 fe:00:10108962 0 EOF", None),
            ("1: FLOCK  ADVISORY  WRITE 6628 fe:00:101 0 EOF", None),
            ("", None),
        ];
        cases.iter().for_each(|(line, expected)| assert_eq!(holder_in(line, id), *expected, "{line}"));
    }
}
