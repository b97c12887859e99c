//! Files that arguments name: opened with the same words everywhere, and XML brought to UTF-8 by its byte order mark or its
//! declaration. What they say is the business of their formats.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use encoding_rs::UTF_8;

use super::decode::{exact, find_encoding, utf16_without_mark};
use crate::batch::Encoding;
use crate::error::{Error, ErrorKind, Place, Result};

/// Bytes of an XML file that is not UTF-8, at most.
const MOST: u64 = 128 << 20;

/// Opens a file that an argument names.
///
/// # Errors
/// It is not there, is a directory, or may not be read; with its path.
pub fn open_named(path: &Path) -> Result<BufReader<File>> {
    let shown = path.display().to_string();
    let opened =
        File::open(path).and_then(|file| if file.metadata()?.is_dir() { Err(io::ErrorKind::IsADirectory.into()) } else { Ok(file) });
    opened.map(BufReader::new).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::from(ErrorKind::NotFound).at(Place::path(shown)),
        _ => Error::io("cannot open it", shown, error),
    })
}

/// The XML of a rule file as UTF-8, whatever it was written in.
///
/// # Errors
/// It declares an encoding that there is not, or is not in the one it declares; without its path.
pub fn decode_xml<'a>(mut input: impl BufRead + 'a) -> Result<Box<dyn BufRead + 'a>> {
    let unread = |error| Error::from(ErrorKind::Io("cannot read it", error));
    let encoding = encoding_of(input.fill_buf().map_err(unread)?)?;
    if encoding == UTF_8 {
        return Ok(Box::new(input));
    }
    let mut bytes = Vec::new();
    input.take(MOST).read_to_end(&mut bytes).map_err(unread)?;
    let skip = encoding_rs::Encoding::for_bom(&bytes).map_or(0, |(_, skip)| skip);
    let text = exact(bytes[skip..].into(), encoding).map_err(|error| match error.kind {
        ErrorKind::Encoding { encoding, offset } => {
            let line = 1 + memchr::memchr_iter(b'\n', &bytes[..skip + offset]).count() as u64;
            let cause = format!("it says that it is {encoding}, but is not from byte {} on; convert it to UTF-8", skip + offset);
            Error::from(ErrorKind::Srx(cause)).at(Place { line: Some(line), ..Place::default() })
        }
        kind => kind.into(),
    })?;
    Ok(Box::new(Cursor::new(text.0.into_owned().into_bytes())))
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
            Err(Error::from(ErrorKind::Srx(cause)).at(Place { line: Some(1), ..Place::default() }))
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

    #[test]
    fn what_cannot_be_decoded_is_named() {
        let unknown = decoded(b"<?xml version='1.0' encoding='klingon'?><srx/>").expect_err("no such encoding").to_string();
        assert!(unknown.contains("klingon") && unknown.contains("convert it to UTF-8"), "{unknown}");
        let broken = decoded(b"<?xml version='1.0' encoding='shift_jis'?>\n<srx>\x82</srx>").expect_err("half a character").to_string();
        assert!(broken.starts_with("2: ") || broken.contains("Shift_JIS"), "{broken}");
    }
}
