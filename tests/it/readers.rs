//! What holds of every reader, whatever bytes it is given: it ends, it panics nowhere, and what it takes can be used and, where there
//! is a writer, written and read again. Fuzz targets and the replayed corpus share this file; it looks for nothing by itself.

use std::borrow::Cow;
use std::io::{BufRead, Cursor};

use epitome::article::{Article, Meta};
use epitome::batch::{OnInvalid, decode, decode_xml, find_encoding};
use epitome::eval::alignment::score;
use epitome::format::bitext::{Layout, Prefill};
use epitome::format::check;
use epitome::format::jsonl::{self, Fields};
use epitome::format::manifest::Manifest;
use epitome::format::memory::{self, MEMORY};
use epitome::format::returned::{Each, Opened};
use epitome::format::tmx::{Header, Languages, Reader, write};
use epitome::format::{beads, frequencies, gold, html, moses, pairs, reference, tsv, xliff, xliff2, xliff12};
use epitome::text::{Abbreviations, Scratch, TextOptions, parse};
use epitome::translation::assemble::{Missing, assemble_all};
use epitome::translation::entry::entries;
use epitome::translation::place::place;
use epitome::translation::quality::{Checks, Pair};
use epitome::translation::{Bitext, BitextUnit, Entry, Part};

use super::documents::hold;

/// Encodings that a user may name.
const NAMED: [&str; 8] = ["", "utf-8", "latin1", "windows-1251", "utf-16le", "shift_jis", "gb18030", "iso-2022-jp"];

/// Takes bytes as a choice of [`NAMED`] (one byte) and a file: what decodes is a document, and every way of decoding agrees on what is
/// sound.
pub fn text(bytes: &[u8]) {
    let [choice, file @ ..] = bytes else { return };
    let named = find_encoding(NAMED[usize::from(*choice) % NAMED.len()]);
    let of = |on_invalid| decode(Cow::Borrowed(file), named, on_invalid).map(|(text, _)| text);
    let (replaced, refused) = (of(OnInvalid::Replace), of(OnInvalid::Fail));
    assert_eq!(refused.is_ok(), of(OnInvalid::Skip).is_ok(), "what is refused is left out, and nothing else");
    assert!(refused.is_err() || refused.ok() == replaced.as_ref().ok().cloned(), "something was replaced in a sound text");
    let Ok(text) = of(OnInvalid::Guess) else { return };
    let is_ours = |text: &str| !text.starts_with('\u{feff}') && !text.contains('\0');
    match std::str::from_utf8(file) {
        Ok(same) if named.is_none() && is_ours(same) => assert_eq!(text, same, "valid UTF-8 is not itself"),
        _ => {}
    }
    let text = text.into_owned();
    let Ok(article) = Article::new("a".to_owned(), text.clone()) else { return };
    hold(&parse(article, &TextOptions::default(), &mut Scratch::default()), &text);
}

/// Takes bytes as a line of JSON, for every reader of records.
pub fn record(bytes: &[u8]) {
    let line = String::from_utf8_lossy(bytes);
    let kept = Fields { keep: vec![vec!["a".to_owned(), "0".to_owned()]], ..Fields::default() };
    let id = || "made-1".to_owned();
    let (short, long) = (jsonl::read(&line, id, &Fields::default()), jsonl::read(&line, id, &kept));
    // The short way passes over what the long one cannot hold: numbers past a double, lists in lists in lists.
    assert!(short.is_ok() || long.is_err(), "the long way takes what the short one refuses");
    if let (Ok((short, _)), Ok((long, _))) = (short, long) {
        let shown = |article: &Article| {
            format!(
                "{:?}",
                (&article.id, &article.title, &article.lang, &Meta { kept: Vec::new(), ..article.meta.clone() }, article.text())
            )
        };
        assert_eq!(shown(&short), shown(&long), "the short way differs from the long one");
        assert!(!short.id.is_empty(), "an article without an id");
    }
    if let Ok(Some((docs, _))) = jsonl::read_docs(&line, id, &kept) {
        assert!(docs.articles.iter().all(|article| !article.id.is_empty()), "an article without an id");
    }
    let entries = entries_of(&line);
    let mut again = Vec::new();
    entries.iter().for_each(|entry| (MEMORY[MEMORY.len() - 1].write)(entry, "", &mut again));
    let named = |entry: Entry<'static>| Entry { id: entry.tuid(), ..entry };
    let entries: Vec<Entry> = entries.into_iter().map(named).collect();
    assert_eq!(entries_of(std::str::from_utf8(&again).expect("JSON")), entries, "entries do not read back");
    let _ = (pairs::read(&line, id), reference::read(&line), reference::read_scored(&line));
    if let Ok(gold) = gold::read(&line) {
        assert!(gold.ends.iter().all(|&end| gold.text.is_char_boundary(end)), "an end inside a character");
        assert!(gold.ends.is_sorted(), "ends out of order");
        if let Ok(ends) = gold::read_ends(&line) {
            assert_eq!(gold::bytes(&gold.text, &ends).ok(), Some(gold.ends), "gold and prediction differ");
        }
    }
}

/// Entries of a memory in JSON Lines.
fn entries_of(lines: &str) -> Vec<Entry<'static>> {
    let mut entries = Vec::new();
    let _ = memory::read(&mut lines.as_bytes(), &mut |_, entry| {
        entries.extend(entry);
        Ok(())
    });
    entries
}

/// Takes bytes as a text with tags.
pub fn tags(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let stripped = html::strip(&text);
    assert!(html::count_tags(&text) > 0 || text.contains('&') || stripped == text, "a text without tags is not itself");
    assert!(stripped.len() <= text.len(), "more came out than went in");
}

/// Takes bytes as the small lists that users write: beads, a dictionary, abbreviations.
pub fn lists(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(read) = beads::read(&text) {
        let mut again = Vec::new();
        let wide = |side: &[u32]| side.iter().map(|&index| index as usize).collect::<Vec<_>>();
        read.iter().for_each(|bead| beads::push(&wide(&bead.link.source), &wide(&bead.link.target), &mut again));
        let again = beads::read(std::str::from_utf8(&again).expect("digits and brackets"));
        // An index may stand in JSON that is no index of a sentence.
        if let Ok(again) = again {
            let links = |beads: &[epitome::eval::alignment::Predicted]| beads.iter().map(|bead| bead.link.clone()).collect::<Vec<_>>();
            assert_eq!(links(&read), links(&again), "beads do not read back");
            let _ = score(&links(&read), &again);
        }
    }
    let _ = pairs::read_dictionary(&text, &mut |source, target| assert!(!source.contains('\t') && !target.contains('\t')));
    let _ = Abbreviations::parse(&text);
}

/// Takes bytes as an XLIFF of any version, as `merge` does; what was read is written in both versions and read again.
pub fn xliff(bytes: &[u8]) {
    let Ok(mut input) = decode_xml(bytes) else { return };
    let _ = xliff::read(&mut *input, &mut |bitext, _| {
        let (mut old, mut new) = (xliff12::head(), xliff2::head(&bitext, "2.1"));
        let lost = xliff12::push_file(&bitext, Layout::Paragraph, Prefill::Omit, &mut old)
            + xliff2::push_file(&bitext, Layout::Paragraph, Prefill::Omit, &mut new);
        for (mut file, foot) in [(old, xliff12::FOOT), (new, xliff2::FOOT)] {
            file.extend_from_slice(foot.as_bytes());
            let mut again = Vec::new();
            let mut input: &mut dyn BufRead = &mut file.as_slice();
            let read = xliff::read(&mut input, &mut |bitext, _| {
                again.push(sources(&bitext));
                Ok(())
            });
            read.expect("what is written reads");
            assert!(lost > 0 || again == [sources(&bitext)], "{again:?} instead of {:?}", sources(&bitext));
        }
        merged(bitext)
    });
}

/// Its sentences, one after the other.
fn sources(bitext: &Bitext) -> String {
    bitext.units.iter().flat_map(BitextUnit::segments).map(|segment| segment.source.as_str()).collect()
}

/// Takes bytes as a table of segments.
pub fn tsv(bytes: &[u8]) {
    let Ok(mut input) = decode_xml(bytes) else { return };
    let _ = tsv::read(&mut *input, &mut |bitext, _| merged(bitext));
}

/// Takes bytes as the records of segments.
pub fn segments(bytes: &[u8]) {
    let Ok(mut input) = decode_xml(bytes) else { return };
    let _ = jsonl::read_segments(&mut *input, &mut |bitext, _| merged(bitext));
}

/// Takes bytes as three files of lines with a form feed between them: targets, sources, ids.
pub fn lines(bytes: &[u8]) {
    let opened = || {
        let mut parts = bytes.splitn(3, |byte| *byte == b'\x0c').map(<[u8]>::to_vec);
        let file = |_| Box::new(Cursor::new(parts.next().unwrap_or_default())) as Box<dyn BufRead>;
        Opened { files: (0..3).map(file).collect(), langs: [Some("en".to_owned()), Some("de".to_owned())] }
    };
    if moses::check(opened()).is_ok() {
        let each: Each = &mut |bitext, _| merged(bitext);
        let _ = moses::read(opened(), each);
    }
}

/// What becomes of a bitext in a merge: its sentences are found in a text, the translation is put together, looked at, and remembered.
fn merged(bitext: Bitext) -> epitome::error::Result<()> {
    let parts = bitext.units.iter().map(|unit| unit.parts.iter().map(source).collect::<String>());
    let article = parts.collect::<Vec<_>>().join("\n\n");
    for text in [article.as_str(), "Another text. It has nothing of it."] {
        let places = place(text, bitext.units.first().and_then(|unit| unit.parts.first()).map(source), &bitext);
        assert_eq!(places.len(), bitext.units.len(), "a unit without a place");
        for missing in [Missing::Source, Missing::Skip, Missing::Fail] {
            let made = assemble_all(text, &bitext, &places, missing, true);
            let spans = made.spans.iter().flatten().flatten();
            assert!(
                spans.clone().all(|span| made.text.get(span.start as usize..span.end as usize).is_some()),
                "a span that does not slice"
            );
        }
    }
    for segment in bitext.units.iter().flat_map(BitextUnit::segments) {
        let Some(target) = segment.translation() else { continue };
        let langs = (bitext.source_lang.as_deref(), bitext.target_lang.as_deref());
        Checks::default().look_at(&Pair { source: &segment.source, target, source_lang: langs.0, target_lang: langs.1 });
    }
    assert!(entries(&bitext, Some("a.xlf"), "merge").iter().all(Entry::is_whole), "an entry without a side");
    Ok(())
}

fn source(part: &Part) -> &str {
    match part {
        Part::Segment(segment) => &segment.source,
        Part::Ignorable { source, .. } => source,
    }
}

/// Takes bytes as a file to be checked, as each of the formats that are.
pub fn check(bytes: &[u8]) {
    type Check<'a> = fn(Box<dyn BufRead + 'a>, &Checks, check::Out) -> epitome::error::Result<()>;
    for run in [check::xliff as Check, check::tmx, check::srx] {
        let Ok(input) = decode_xml(bytes) else { return };
        let checks = Checks::default();
        let _ = run(input, &checks, &mut |finding: check::Finding| {
            assert!(!finding.cause.is_empty() && finding.line > 0, "{finding:?}");
        });
    }
}

/// Takes bytes as a translation memory: its entries are written and read again.
pub fn memory(bytes: &[u8]) {
    let Ok(mut reader) = decode_xml(bytes).and_then(|input| Reader::new(input, Languages::default())) else { return };
    let mut found = Vec::new();
    while let Some(Ok(entry)) = reader.next() {
        found.push(entry);
    }
    assert!(reader.counts().entries >= found.len() as u64, "more entries than counted");
    let (spelled, replaced) = write(&Header::new("en", "test", None), &found);
    let again = Reader::new(spelled.as_slice(), Languages::default()).expect("what is written reads");
    let again: Vec<_> = again.map(|entry| entry.expect("what is written reads")).collect();
    if replaced == 0 {
        let sides = |all: &[Entry]| -> Vec<(String, String)> {
            let whole = all.iter().filter(|entry| entry.is_whole());
            whole.map(|entry| (entry.source.to_string(), entry.target.to_string())).collect()
        };
        assert_eq!(sides(&found), sides(&again), "entries do not read back");
    }
}

/// Takes bytes as a table of frequencies, and again under a checksum that fits.
pub fn table(bytes: &[u8]) {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').filter(|line| !line.starts_with(b"# checksum ")).collect();
    lines.pop_if(|line| line.is_empty());
    let body: Vec<u8> = lines.iter().flat_map(|line| line.iter().chain(b"\n")).copied().collect();
    let summed = [&body[..], format!("# checksum {}\n", blake3::hash(&body).to_hex()).as_bytes()].concat();
    for file in [bytes, &summed] {
        let Ok(table) = frequencies::read(file) else { continue };
        let mut again = Vec::new();
        frequencies::write(&table, &mut again).expect("memory");
        assert_eq!(frequencies::read(again.as_slice()).ok(), Some(table), "a table does not read back");
    }
}

/// Takes bytes as a manifest.
pub fn manifest(bytes: &[u8]) {
    let Some(read) = Manifest::read(bytes) else { return };
    assert_eq!(Manifest::read(&read.write()), Some(read), "a manifest does not read back");
}
