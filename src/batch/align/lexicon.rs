//! Translations to learn from: a memory (TMX) or a dictionary of two columns, whatever its first byte says. Of a memory the entries of
//! the pair's languages are taken, and entries that cannot be read are passed over.

use std::io::{BufRead, Read};
use std::path::Path;

use super::pairs::Pair;
use crate::batch::named::{decode_xml, open_named};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::format::{pairs, tmx};
use crate::translation::align::Corpus;
use crate::translation::aligned::Side;

/// Gives what a file holds to a batch in the languages of a pair.
pub fn give(path: &Path, pair: &Pair, corpus: &mut Corpus) -> Result<()> {
    let placed = |error: Error| error.at(Place::path(path.display().to_string()));
    let unread = |error| placed(ErrorKind::Io("cannot read it", error).into());
    let mut input = open_named(path)?;
    let start = input.fill_buf().map_err(unread)?;
    let is_xml = matches!(start.first(), Some(b'<' | 0xff | 0xfe)) || start.starts_with(b"\xef\xbb\xbf<");
    if is_xml {
        return memory(input, pair, corpus).map_err(placed);
    }
    let mut text = String::new();
    input.read_to_string(&mut text).map_err(unread)?;
    pairs::read_dictionary(text.trim_start_matches('\u{feff}'), &mut |source, target| corpus.give(source, target)).map_err(placed)
}

fn memory(input: impl BufRead, pair: &Pair, corpus: &mut Corpus) -> Result<()> {
    let lang = |side: &Side| side.document.article().lang.clone();
    let languages = tmx::Languages { source: lang(&pair.source), target: lang(&pair.target) };
    for entry in tmx::Reader::new(decode_xml(input)?, languages)? {
        let entry = entry?;
        corpus.give(&entry.source, &entry.target);
    }
    Ok(())
}
