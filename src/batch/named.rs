//! Files that arguments name: opened with the same words everywhere, and XML brought to UTF-8 by its byte order mark or its
//! declaration. What they say is the business of their formats.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use encoding_rs::{Decoder, DecoderResult, UTF_8};
use ignore::WalkBuilder;
use tempfile::NamedTempFile;

use super::decode::{find_encoding, known, utf16_without_mark};
use super::read::{GZIP, ZSTD};
use crate::batch::Encoding;
use crate::error::{Error, ErrorKind, Place, Result};

/// Opens a file that an argument names.
///
/// # Errors
/// It is not there, is a directory, or may not be read; with its path.
pub fn open_named(path: &Path) -> Result<BufReader<File>> {
    let shown = path.display().to_string();
    let opened =
        File::open(path).and_then(|file| if file.metadata()?.is_dir() { Err(io::ErrorKind::IsADirectory.into()) } else { Ok(file) });
    opened.map(BufReader::new).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::from(nowhere(path)).at(Place::path(shown)),
        _ => Error::io("cannot open it", shown, error),
    })
}

/// What is wrong with a path that leads to no file.
pub(super) fn nowhere(path: &Path) -> ErrorKind {
    if fs::symlink_metadata(path).is_ok() { ErrorKind::DeadLink } else { ErrorKind::NotFound }
}

/// The files under a directory whose names are wanted, sorted by the bytes of their paths; hidden ones, and what is in the directory
/// `except`, are passed over.
pub fn files_within(folder: &Path, except: Option<PathBuf>, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let within = move |path: &Path| except.is_none() || fs::canonicalize(path).ok() != except;
    let walk = WalkBuilder::new(folder).standard_filters(false).hidden(true).filter_entry(move |entry| within(entry.path())).build();
    let found = walk.filter_map(|entry| entry.ok()).filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    let mut found: Vec<PathBuf> =
        found.filter(|entry| wanted(&entry.file_name().to_string_lossy())).map(ignore::DirEntry::into_path).collect();
    found.sort_by(|one, other| one.as_os_str().as_encoded_bytes().cmp(other.as_os_str().as_encoded_bytes()));
    found
}

/// What a file is by its first bytes, if it is an archive, an image or another that is no XML.
pub fn no_xml(start: &[u8]) -> Option<&'static str> {
    let packed = [(GZIP, "a gzip file"), (ZSTD, "a zstd file")].into_iter().find(|(magic, _)| start.starts_with(magic));
    packed.map(|(_, what)| what).or_else(|| known(start))
}

/// The encoding that an XML file declares, if it has two bytes a character and the file has not.
pub fn misdeclared(start: &[u8]) -> Option<String> {
    let wide = encoding_of(start).is_ok_and(|encoding| encoding != UTF_8);
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    declared(start).filter(|label| !wide && find_encoding(label).is_some_and(|encoding| !encoding.is_ascii_compatible()))
}

/// Writes a file that an argument names beside it and renames, so that it is whole or not there; what is no regular file (a pipe, a
/// device) is written to as it is.
///
/// # Errors
/// It cannot be written; with its path.
pub fn replace_named(path: &Path, spell: impl FnOnce(&mut File) -> io::Result<()>) -> Result<()> {
    let failed = |error| Error::io("cannot write", path.display().to_string(), error);
    if fs::metadata(path).is_ok_and(|meta| !meta.is_file()) {
        return OpenOptions::new().write(true).open(path).and_then(|mut file| spell(&mut file)).map_err(failed);
    }
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let file = beside(&target, spell).map_err(failed)?;
    file.persist(&target).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Whether two paths lead to one file that is there.
pub fn is_one_file(one: &Path, other: &Path) -> bool {
    fs::canonicalize(one).is_ok_and(|one| fs::canonicalize(other).is_ok_and(|other| one == other))
}

/// The same where nothing lies there yet; `false`, and nothing done, if something does by the time that the file is whole.
///
/// # Errors
/// It cannot be written; with its path.
pub(super) fn create_named(path: &Path, spell: impl FnOnce(&mut File) -> io::Result<()>) -> Result<bool> {
    let failed = |error| Error::io("cannot write", path.display().to_string(), error);
    match beside(path, spell).map_err(failed)?.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failed(error.error)),
    }
}

/// A whole file beside another, which goes unless it is given a name.
fn beside(target: &Path, spell: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<NamedTempFile> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::metadata(folder)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    spell(file.as_file_mut()).and_then(|()| file.as_file().sync_data())?;
    Ok(file)
}

/// An XML file as UTF-8, whatever it was written in, with no more of it in memory than a buffer. A byte that is not in the file's
/// encoding is an error of the kind [`io::ErrorKind::InvalidData`], met after everything before it was read.
///
/// # Errors
/// It cannot be read, or declares an encoding that there is not; without its path.
pub fn decode_xml<'a>(mut input: impl BufRead + 'a) -> Result<Box<dyn BufRead + 'a>> {
    let encoding = encoding_of(input.fill_buf().map_err(|error| Error::from(ErrorKind::Io("cannot read it", error)))?)?;
    if encoding == UTF_8 {
        return Ok(Box::new(input));
    }
    let decoder = encoding.new_decoder_with_bom_removal();
    Ok(Box::new(Decoding { input, decoder, text: vec![0; CHUNK], start: 0, end: 0, offset: 0, state: State::More }))
}

/// Bytes of decoded text in memory at a time.
const CHUNK: usize = 64 << 10;

/// A stream of text decoded as it is read.
struct Decoding<R> {
    input: R,
    decoder: Decoder,
    /// UTF-8; what is not yet read stands from `start` to `end`.
    text: Vec<u8>,
    start: usize,
    end: usize,
    /// Bytes of the input that were decoded.
    offset: u64,
    state: State,
}

enum State {
    More,
    Ended,
    /// The offset of the first byte that is not in the encoding.
    Bad(u64),
}

impl<R: BufRead> Decoding<R> {
    /// Decodes on, if nothing decoded is left.
    fn decode(&mut self) -> io::Result<()> {
        while self.start == self.end && matches!(self.state, State::More) {
            let bytes = self.input.fill_buf()?;
            let last = bytes.is_empty();
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.text, last);
            self.input.consume(read);
            self.offset += read as u64;
            (self.start, self.end) = (0, written);
            match result {
                DecoderResult::InputEmpty if last => self.state = State::Ended,
                DecoderResult::Malformed(bad, after) => {
                    self.state = State::Bad(self.offset.saturating_sub(u64::from(bad) + u64::from(after)));
                }
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
            }
        }
        Ok(())
    }
}

impl<R: BufRead> BufRead for Decoding<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.decode()?;
        match self.state {
            State::Bad(offset) if self.start == self.end => {
                let encoding = self.decoder.encoding().name();
                let cause = format!("it says that it is {encoding}, but is not from byte {offset} on; convert it to UTF-8");
                Err(io::Error::new(io::ErrorKind::InvalidData, cause))
            }
            _ => Ok(&self.text[self.start..self.end]),
        }
    }

    fn consume(&mut self, count: usize) {
        self.start = self.end.min(self.start + count);
    }
}

impl<R: BufRead> Read for Decoding<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

/// The encoding of an XML file by its first bytes.
fn encoding_of(start: &[u8]) -> Result<Encoding> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(start) {
        return Ok(encoding);
    }
    if let Some(encoding) = utf16_without_mark(start) {
        return Ok(encoding);
    }
    let Some(label) = declared(start) else { return Ok(UTF_8) };
    match find_encoding(&label) {
        // What could be read so far is not in two bytes a character, whatever it says.
        Some(encoding) if encoding.is_ascii_compatible() => Ok(encoding),
        Some(_) => Ok(UTF_8),
        None => {
            let cause = format!("it declares the encoding {label:?}, which is not known here; convert it to UTF-8");
            Err(Error::from(ErrorKind::Xml(cause)).at(Place { line: Some(1), ..Place::default() }))
        }
    }
}

/// The encoding that `<?xml encoding=".."?>` names.
fn declared(start: &[u8]) -> Option<String> {
    let rest = start.strip_prefix(b"<?xml")?;
    let declaration = &rest[..memchr::memmem::find(rest, b"?>")?];
    let declaration = str::from_utf8(declaration).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(value[1..].split(quote).next().unwrap_or("").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> Result<String> {
        let mut text = String::new();
        decode_xml(bytes)?.read_to_string(&mut text).expect("UTF-8");
        Ok(text)
    }

    #[test]
    fn a_mark_or_a_declaration_names_the_encoding() {
        let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        assert_eq!(decoded(&wide("\u{feff}<srx>é</srx>")).expect("UTF-16"), "<srx>é</srx>");
        assert_eq!(decoded(&wide("<srx>é</srx>")).expect("UTF-16"), "<srx>é</srx>");
        let latin = b"<?xml version='1.0' encoding = 'ISO-8859-1'?><srx>\xe9</srx>";
        assert!(decoded(latin).expect("Latin").ends_with("<srx>é</srx>"));
        for utf8 in ["<?xml version=\"1.0\" encoding=\"UTF-8\"?><srx>é</srx>", "<srx>é</srx>", "<?xml encoding='utf-16'?><srx/>"] {
            assert_eq!(decoded(utf8.as_bytes()).expect("UTF-8"), utf8);
        }
    }

    /// Where nobody is to read.
    struct Never;

    impl Read for Never {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("read too far"))
        }
    }

    #[test]
    fn no_more_is_read_than_asked_for() {
        let start: Vec<u8> = "\u{feff}<a>é".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let far = start.chain(io::repeat(b'!').take(2 << 20)).chain(Never);
        let mut text = String::new();
        decode_xml(BufReader::new(far)).expect("UTF-16").take(5 + 3 * 500_000).read_to_string(&mut text).expect("UTF-8");
        assert_eq!(text, format!("<a>é{}", "\u{2121}".repeat(500_000)));
    }

    #[test]
    fn what_cannot_be_decoded_is_named() {
        let unknown =
            decode_xml(&b"<?xml version='1.0' encoding='klingon'?><srx/>"[..]).map(|_| ()).expect_err("no such encoding").to_string();
        assert!(unknown.contains("klingon") && unknown.contains("convert it to UTF-8"), "{unknown}");
        let broken = b"<?xml version='1.0' encoding='shift_jis'?>\n<srx>\x83\x41\x82</srx>";
        let half = [b"\xff\xfe<\0a\0>\0\n\0".as_slice(), b"\0\xd8<\0"].concat();
        let odd = b"\xff\xfe<\0a\0>";
        let cases = [(broken.as_slice(), "<srx>\u{30a2}", "Shift_JIS", 50), (&half, "<a>\n", "UTF-16LE", 10), (odd, "<a", "UTF-16LE", 6)];
        for (bytes, before, encoding, offset) in cases {
            let mut text = Vec::new();
            let error = decode_xml(bytes).expect("known").read_to_end(&mut text).expect_err(encoding).to_string();
            assert!(text.ends_with(before.as_bytes()), "{}", String::from_utf8_lossy(&text));
            assert_eq!(error, format!("it says that it is {encoding}, but is not from byte {offset} on; convert it to UTF-8"));
        }
    }

    #[test]
    fn the_line_of_the_first_bad_byte_is_told() {
        let bad: Vec<u8> = "\u{feff}<tmx>\r\n<body>\n\n<!--".encode_utf16().chain([0xdc00]).flat_map(u16::to_be_bytes).collect();
        let mut xml = crate::format::xml::Xml::new(decode_xml(bad.as_slice()).expect("UTF-16"));
        let error = loop {
            if let Err(error) = xml.next() {
                break error;
            }
        };
        assert!(error.to_string().starts_with(":4: not well-formed XML: it says that it is UTF-16BE"), "{error}");
    }
}
