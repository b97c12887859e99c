//! Bugs that one article brings out, flipped bits, and texts with next to nothing or too much of one thing in them.

use std::fs;
use std::time::Instant;

use epitome::article::Article;
use epitome::batch::load_frequencies;
use epitome::summary::rank::METHODS;
use epitome::summary::{Budget, frequency, select};
use epitome::text::{Scratch, TextOptions, parse};
use epitome::translation::units;

use super::{article, call_in, files, folder, matches_its_manifest, records, write};

#[test]
fn row_20_a_bug_costs_one_article() {
    let folder = folder();
    // A word that the stemmer of Greek panics on.
    write(folder.path(), "greek.txt", "Η λέξη ισαισεσ είναι εδώ σήμερα. Ο δήμαρχος μίλησε στους κατοίκους της πόλης. Η ισαισεσ έφυγε.");
    write(folder.path(), "good.txt", "The mayor opened the bridge.");
    let ended = call_in(folder.path(), &["run", "greek.txt", "good.txt", "-l", "el", "-o", "out"]);
    ended.holds(0, &[]);
    assert_eq!(ended.err, "", "a panic that was caught is not printed");
    let segments = fs::read_to_string(folder.path().join("out/segments.jsonl")).expect("there");
    assert!(segments.contains("ισαισεσ") && segments.contains("bridge"));
    // A panic can only be caught where it unwinds. That a ranker's panic costs its article alone is tested in `batch.rs`.
    let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).expect("there");
    assert!(!manifest.contains("panic = \"abort\""), "a bug in one article would end the batch");
}

#[test]
fn row_21_flipped_bits_of_a_manifest() {
    let folder = folder();
    write(folder.path(), "wire.jsonl", records(3));
    let run = |more: &[&str]| call_in(folder.path(), &[&["run", "wire.jsonl", "-t", "summaries.jsonl", "-o", "out"], more].concat());
    run(&[]).holds(0, &[]);
    let out = folder.path().join("out");
    let (whole, path) = (files(&out), out.join("manifest.json"));
    let manifest = whole["manifest.json"].clone();
    // Every byte is tried where the manifest is read, in `format::manifest`; here some, as a user meets them.
    for at in (0..manifest.len()).step_by(manifest.len() / 23) {
        let mut broken = manifest.clone();
        broken[at] ^= 1 << (at % 8);
        fs::write(&path, &broken).expect("writable");
        run(&[]).holds(1, &["out/manifest.json: it is damaged or was edited", "hint: add --force"]);
        assert!(fs::read(&path).expect("there") == broken, "byte {at}: the directory was touched");
        run(&["--force"]).holds(0, &[]);
        assert!(files(&out) == whole, "byte {at}: another result");
    }
    // What the damaged one tells for certain is cleared away, and nothing else.
    call_in(folder.path(), &["run", "wire.jsonl", "-o", "out"]).holds(0, &[]);
    write(&out, "mine.txt", "mine");
    let damaged = String::from_utf8(fs::read(&path).expect("there")).expect("UTF-8").replacen("segments.tsv", "mine.txt", 1);
    fs::write(&path, damaged).expect("writable");
    run(&["--force"]).holds(0, &[]);
    assert_eq!(fs::read(out.join("mine.txt")).expect("it is not ours"), b"mine");
    assert!(!out.join("segments.jsonl").exists() && !out.join("summaries.md").exists());
    // Of a manifest that is cut short nothing is known.
    for length in [0, 1, 30, manifest.len() / 2, manifest.len() - 1] {
        fs::write(&path, &manifest[..length]).expect("writable");
        assert_eq!(run(&[]).code, Some(1), "{length} bytes");
    }
}

#[test]
fn row_21_flipped_bits_of_a_table() {
    let folder = folder();
    write(folder.path(), "wire.jsonl", records(25));
    call_in(folder.path(), &["frequencies", "wire.jsonl", "-o", "table.tsv"]).holds(0, &[]);
    let path = folder.path().join("table.tsv");
    let table = fs::read(&path).expect("there");
    load_frequencies(&path).expect("sound");
    for at in 0..table.len() {
        let mut broken = table.clone();
        broken[at] ^= 1 << (at % 8);
        fs::write(&path, broken).expect("writable");
        assert!(load_frequencies(&path).is_err(), "byte {at} is flipped and nobody notices");
    }
    let mut changed = table.clone();
    let last = changed.len() - 2;
    changed[last] = if changed[last] == b'1' { b'2' } else { b'1' };
    fs::write(&path, changed).expect("writable");
    for args in [&["summarize", "wire.jsonl", "--frequencies", "table.tsv"][..], &["frequencies", "--merge", "table.tsv"]] {
        call_in(folder.path(), args)
            .holds(1, &["table.tsv", "the checksum does not fit: the file is cut short or was changed; count it again"]);
    }
}

#[test]
fn row_21_damaged_memories() {
    let folder = folder();
    let folder = folder.path();
    let entry = |i: usize| {
        let text = article(i);
        format!("<tu><tuv xml:lang=\"en\"><seg>{text}</seg></tuv><tuv xml:lang=\"de\"><seg>{text}</seg></tuv></tu>")
    };
    let header = "<header creationtool=\"x\" creationtoolversion=\"1\" segtype=\"sentence\" o-tmf=\"x\" adminlang=\"en\" srclang=\"en\" datatype=\"plaintext\"/>";
    let entries: String = (0..60).map(entry).collect();
    write(folder, "old.tmx", format!("<tmx version=\"1.4\">{header}<body>{entries}</body></tmx>"));
    write(folder, "a.txt", article(1));
    call_in(folder, &["memory", "import", "old.tmx", "-m", "whole.db"]).holds(0, &[]);
    let whole = fs::read(folder.join("whole.db")).expect("there");
    const PAGE: usize = 4096;
    let mut damaged: Vec<(String, Vec<u8>)> =
        [60, 3000, whole.len() / 2, whole.len() - 10].map(|cut| (format!("cut to {cut} bytes"), whole[..cut].to_vec())).into();
    for page in 0..whole.len() / PAGE {
        let (start, mut zeroed, mut flipped) = (page * PAGE, whole.clone(), whole.clone());
        zeroed[start..start + PAGE].fill(0);
        // The head of the first page is that of the file.
        flipped[if page == 0 { 100 } else { start }] ^= 0xff;
        let zeroed = (page > 0).then(|| (format!("page {page} is zero"), zeroed));
        damaged.extend(zeroed.into_iter().chain([(format!("the head of page {page} is flipped"), flipped)]));
    }
    let (mut size, mut mark) = (whole.clone(), whole.clone());
    size[16] ^= 0xff;
    mark[20] ^= 0xff;
    damaged.extend([("the size of pages".to_owned(), size), ("reserved bytes".to_owned(), mark)]);
    for (what, bytes) in damaged {
        write(folder, "broken.db", bytes);
        for more in [&[][..], &["--json"]] {
            let ended = call_in(folder, &[&["memory", "info", "-m", "broken.db"], more].concat());
            assert_eq!(ended.code, Some(4), "{what}: {ended:?}");
            assert!(
                ended.err.contains("damaged") || ended.out.contains("damaged") || ended.out.contains("\"integrity\":false"),
                "{what}: {ended:?}"
            );
        }
        // Nothing is looked up in it, whichever page it is.
        let ended = call_in(folder, &["analyze", "a.txt", "-m", "broken.db"]);
        assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{what}: {ended:?}");
        assert!(ended.err.contains("broken.db: the memory is damaged"), "{what}: {ended:?}");
    }
    call_in(folder, &["memory", "info", "-m", "whole.db"]).holds(0, &[]);
    call_in(folder, &["analyze", "a.txt", "-m", "whole.db"]).holds(0, &[]);
    // What is no memory is no damaged one.
    call_in(folder, &["memory", "info", "-m", "old.tmx"]).holds(1, &["no memory of epitome"]);
}

#[test]
fn row_22_nothing_or_next_to_nothing() {
    let folder = folder();
    let folder = folder.path();
    fs::create_dir(folder.join("void")).expect("writable");
    for (name, bytes) in
        [("empty.txt", &b""[..]), ("empty.jsonl", b""), ("blank.txt", b" \n\n\t"), ("mark.txt", b"\xef\xbb\xbf"), ("lines.jsonl", b"\n\n")]
    {
        write(folder, name, bytes);
    }
    for name in ["void", "empty.txt", "empty.jsonl", "blank.txt", "mark.txt", "lines.jsonl"] {
        for verb in ["summarize", "segment", "digest", "frequencies"] {
            let ended = call_in(folder, &[verb, name]);
            assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{verb} {name}: {ended:?}");
            assert!(ended.err.contains(name), "{verb} {name}: {ended:?}");
        }
        call_in(folder, &["run", name, "-o", "none"]).holds(1, &[name]);
        assert!(!folder.join("none").exists(), "{name}");
    }
    // One word, one sentence, one mark: each has its summary where there is a word.
    for (text, summary) in
        [("Rain", "Rain"), ("The mayor opened the bridge.", "The mayor opened the bridge."), ("1", "1"), ("…", ""), ("是", "是")]
    {
        write(folder, "one.txt", text);
        let ended = call_in(folder, &["summarize", "one.txt", "-n", "1"]);
        ended.holds(0, &[]);
        assert_eq!(ended.out.trim_end(), summary, "{text}");
        call_in(folder, &["run", "one.txt", "--target-lang", "de", "-o", "one"]).holds(0, &[]);
        matches_its_manifest(&folder.join("one"));
    }
}

/// A megabyte of one thing, and the sentences in it.
#[test]
fn row_23_a_megabyte_of_one_kind() {
    const SIZE: usize = if cfg!(debug_assertions) { 1 << 17 } else { 1 << 20 };
    let kinds = [
        (".", false),
        ("\"", false),
        ("7", true),
        ("word ", true),
        ("e\u{301}", true),
        ("\u{301}", false),
        ("(", false),
        ("a.", true),
        ("“", false),
        ("\u{200d}", false),
        ("好", true),
        ("- ", false),
    ];
    for (kind, has_word) in kinds {
        let text = kind.repeat(SIZE / kind.len());
        let start = Instant::now();
        let mut article = Article::new("a".to_owned(), text.clone()).expect("short enough");
        article.lang = epitome::Lang::parse("en");
        let document = parse(article, &TextOptions::default(), &mut Scratch::default());
        crate::documents::hold(&document, &text);
        assert_eq!(document.sentences().iter().any(|sentence| sentence.words > 0), has_word, "{kind:?}");
        let idf = frequency::sentence_idf(&document);
        for method in METHODS {
            let ranker = (method.ranker)();
            let summary = select(&document, &idf, &*ranker, &ranker.rank(&document, &idf), Budget::default());
            assert_eq!(summary.sentences.is_empty(), document.candidates().is_empty(), "{} of {kind:?}", method.name);
        }
        let segments: usize = units(&document).iter().map(|unit| unit.segments.len()).sum();
        assert_eq!(segments, document.sentences().len(), "{kind:?}");
        // Far from what the square of it would take.
        assert!(start.elapsed().as_secs() < 60, "{kind:?} took {:?}", start.elapsed());
    }
}
