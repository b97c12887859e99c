//! From bytes to text: a byte order mark, else the encoding the user named, else UTF-8, else a guess with a warning. Also
//! tells texts from images, archives and programs. The text is not altered beyond decoding; only the mark goes.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::{ErrorKind, Result, WarningKind};

/// A character encoding of the WHATWG registry.
pub type Encoding = &'static encoding_rs::Encoding;

/// The encoding of a label such as `latin1` or `windows-1251`.
pub fn find_encoding(label: &str) -> Option<Encoding> {
    encoding_rs::Encoding::for_label(label.as_bytes())
}

/// A text, and what was guessed or lost on the way to it.
pub type Decoded<'a> = (Cow<'a, str>, Vec<WarningKind>);

/// What becomes of bytes that are not in the encoding of their text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnInvalid {
    /// The article fails where the encoding was named; else another encoding is guessed, and what does not fit that is replaced.
    #[default]
    Guess,
    /// They become U+FFFD, with a warning.
    Replace,
    /// The article is left out, with a warning.
    Skip,
    /// The article fails.
    Fail,
}

/// Decodes one record. Warnings say what was guessed or lost.
///
/// # Errors
/// It is no text, or has bytes that are not in its encoding, where that is not borne; the offset of the first is told.
pub fn decode(bytes: Cow<[u8]>, named: Option<Encoding>, on_invalid: OnInvalid) -> Result<Decoded> {
    if let Some((encoding, skip)) = encoding_rs::Encoding::for_bom(&bytes) {
        return settled(bytes[skip..].to_vec().into(), encoding, on_invalid);
    }
    if let Some(encoding) = named {
        return if on_invalid == OnInvalid::Guess { exact(bytes, encoding) } else { settled(bytes, encoding, on_invalid) };
    }
    if let Some(encoding) = utf16_without_mark(&bytes) {
        let (text, mut warnings) = settled(bytes, encoding, on_invalid)?;
        warnings.insert(0, WarningKind::GuessedEncoding(encoding.name()));
        return Ok((text.into_owned().into(), warnings));
    }
    if let Some(what) = binary(&bytes) {
        return Err(ErrorKind::Binary(what).into());
    }
    if on_invalid != OnInvalid::Guess {
        return settled(bytes, UTF_8, on_invalid);
    }
    Ok(utf8(bytes).unwrap_or_else(|(bytes, _)| owned(guessed(&bytes))))
}

/// Decodes what is known to be in an encoding; what does not fit is replaced, unless something else was asked for.
fn settled(bytes: Cow<[u8]>, encoding: Encoding, on_invalid: OnInvalid) -> Result<Decoded> {
    match on_invalid {
        OnInvalid::Guess | OnInvalid::Replace if encoding != UTF_8 => Ok(owned(replacing(&bytes, encoding))),
        OnInvalid::Guess | OnInvalid::Replace => Ok(utf8(bytes).unwrap_or_else(|(bytes, _)| owned(replacing(&bytes, encoding)))),
        OnInvalid::Fail => exact(bytes, encoding),
        OnInvalid::Skip => exact(bytes, encoding).map_err(|error| match error.kind {
            ErrorKind::Encoding { encoding, offset } => ErrorKind::LeftOut { encoding, offset }.into(),
            _ => error,
        }),
    }
}

/// The same bytes as text; nothing is copied.
fn utf8(bytes: Cow<[u8]>) -> Result<Decoded, (Cow<[u8]>, std::str::Utf8Error)> {
    let text = match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| (bytes.into(), error)),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|error| {
            let cause = error.utf8_error();
            (error.into_bytes().into(), cause)
        }),
    };
    text.map(|text| (text, Vec::new()))
}

fn owned<'a>((text, warnings): (String, Vec<WarningKind>)) -> Decoded<'a> {
    (text.into(), warnings)
}

/// Decodes what the user said it is; anything else in it is an error.
pub(super) fn exact(bytes: Cow<[u8]>, encoding: Encoding) -> Result<Decoded> {
    if encoding == UTF_8 {
        let bad = |error: std::str::Utf8Error| ErrorKind::Encoding { encoding: encoding.name(), offset: error.valid_up_to() };
        return utf8(bytes).map_err(|(_, error)| bad(error).into());
    }
    match encoding.decode_without_bom_handling_and_without_replacement(&bytes) {
        Some(text) => Ok((text.into_owned().into(), Vec::new())),
        None => Err(ErrorKind::Encoding { encoding: encoding.name(), offset: first_bad(&bytes, encoding) }.into()),
    }
}

/// Offset of the first byte that is not in the encoding; the length if all are.
fn first_bad(bytes: &[u8], encoding: Encoding) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let (mut text, mut at) = (vec![0; 4096], 0);
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(&bytes[at..], &mut text, true);
        at += read;
        match result {
            DecoderResult::InputEmpty => return at,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(bad, after) => return at.saturating_sub(usize::from(bad) + usize::from(after)),
        }
    }
}

fn replacing(bytes: &[u8], encoding: Encoding) -> (String, Vec<WarningKind>) {
    let (text, lost) = encoding.decode_without_bom_handling(bytes);
    let replaced = || WarningKind::Replaced { encoding: encoding.name(), offset: first_bad(bytes, encoding) };
    (text.into_owned(), if lost { vec![replaced()] } else { Vec::new() })
}

/// Mostly valid UTF-8 with a few bad bytes stays UTF-8; anything else is asked of chardetng.
fn guessed(bytes: &[u8]) -> (String, Vec<WarningKind>) {
    let lossy = String::from_utf8_lossy(bytes);
    let multibyte = lossy.chars().filter(|c| !c.is_ascii() && *c != '\u{fffd}').count();
    let broken = lossy.chars().filter(|c| *c == '\u{fffd}').count();
    if multibyte > 4 * broken {
        return replacing(bytes, UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let (text, mut warnings) = replacing(bytes, encoding);
    warnings.insert(0, WarningKind::GuessedEncoding(encoding.name()));
    (text, warnings)
}

/// Text in UTF-16 shows a zero in every second byte wherever it is ASCII.
pub(super) fn utf16_without_mark(bytes: &[u8]) -> Option<Encoding> {
    let sample = &bytes[..bytes.len().min(512) & !1];
    if sample.len() < 4 || memchr::memchr(0, sample).is_none() || known(bytes).is_some() {
        return None;
    }
    let zeros = |odd: usize| sample.chunks_exact(2).filter(|pair| pair[odd] == 0 && pair[1 - odd] != 0).count();
    let half = sample.len() / 2;
    match (zeros(0), zeros(1)) {
        (0, little) if little * 2 > half => Some(UTF_16LE),
        (big, 0) if big * 2 > half => Some(UTF_16BE),
        _ => None,
    }
}

/// What the bytes are, if they are no text.
pub fn binary(bytes: &[u8]) -> Option<&'static str> {
    known(bytes).or_else(|| memchr::memchr(0, &bytes[..bytes.len().min(4096)]).map(|_| "binary data"))
}

/// Files known by their first bytes.
pub fn known(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"\x89PNG\r\n", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"%PDF-", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive or office document"),
        (b"\x7fELF", "a program"),
        (b"MZ\x90", "a program"),
        (b"II*\0", "a TIFF image"),
        (b"MM\0*", "a TIFF image"),
        (b"BZh", "a bzip2 archive"),
        (b"\xfd7zXZ", "an xz archive"),
        (b"7z\xbc\xaf", "a 7z archive"),
        (b"SQLite format 3\0", "a database"),
        (b"\xd0\xcf\x11\xe0", "an old office document"),
        (b"{\\rtf", "an RTF document"),
    ];
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("a WebP image");
    }
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, what)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_names_and_guesses() {
        fn of(bytes: &[u8], named: Option<Encoding>) -> Decoded<'_> {
            decode(bytes.into(), named, OnInvalid::Guess).expect("a text")
        }
        assert_eq!(of("\u{feff}Aé".as_bytes(), None), ("Aé".into(), vec![]));
        assert_eq!(of(b"\xff\xfeA\0\xe9\0", None).0, "Aé");
        assert_eq!(of(b"A\0b\0c\0.\0", None).0, "Abc.");
        assert_eq!(of(b"\xcf\xf0\xe8", find_encoding("cp1251")).0, "При");
        let bytes = encoding_rs::WINDOWS_1251.encode("Городской совет решил построить мост.").0;
        let (text, warnings) = of(&bytes, None);
        assert!(text.starts_with("Городской") && matches!(warnings[..], [WarningKind::GuessedEncoding("windows-1251")]));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert_eq!(
            decode(b"\x89PNG\r\n\x1a\n".into(), None, OnInvalid::Replace).expect_err("image").to_string(),
            "not a text: a PNG image"
        );
        let error = decode(b"abc\xff".into(), find_encoding("utf-8"), OnInvalid::Guess).expect_err("bad byte");
        assert_eq!(error.to_string(), "not valid UTF-8 (first bad byte at offset 3)");
    }

    #[test]
    fn what_does_not_fit_is_replaced_left_out_or_refused() {
        let latin = b"The caf\xe9 is open.";
        let wide = b"\xff\xfeA\0\0\xd8B\0";
        let cases: [(&[u8], _, _, _, _); 3] = [
            (latin, None, "The caf\u{fffd} is open.", "UTF-8", 7),
            (latin, find_encoding("utf-8"), "The caf\u{fffd} is open.", "UTF-8", 7),
            (wide, None, "A\u{fffd}B", "UTF-16LE", 2),
        ];
        for (bytes, named, text, encoding, offset) in cases {
            let of = |on_invalid| decode(bytes.into(), named, on_invalid);
            assert_eq!(of(OnInvalid::Replace).expect("replaced"), (text.into(), vec![WarningKind::Replaced { encoding, offset }]));
            let error = of(OnInvalid::Fail).expect_err("refused").to_string();
            assert_eq!(error, format!("not valid {encoding} (first bad byte at offset {offset})"));
            assert_eq!(of(OnInvalid::Skip).expect_err("left out").to_string(), format!("{error}, left out"));
        }
        let sound = decode("é".as_bytes().into(), None, OnInvalid::Fail).expect("sound");
        assert!(matches!(sound, (Cow::Borrowed("é"), warnings) if warnings.is_empty()));
    }
}
