//! MB/s a stage, on one thread, over a batch in memory: `cargo bench --bench stages`. Natural text is used where
//! `EPITOME_REFERENCE` names the reference data, synthetic text elsewhere. Every stage is run five times and the median
//! is told; a stage whose answer differs between two runs ends the bench. MB are of JSON Lines for `read` and
//! `whole`, of the file itself for files of translators, of decoded text for all others, so that the times of stages add up for a
//! batch, not their speeds.
//!
//! Not here: files, threads and the ratio to `wc`; see `batch`.

mod common;

use std::io::Write;

use std::time::{Duration, Instant};

use common::{median, quick, say};
use epitome::article::Article;
use epitome::batch::{self, Inputs, Settings, Silent};
use epitome::document::Document;
use epitome::format::bitext::{BitextOptions, Prefill, Version};
use epitome::format::jsonl::{self, Fields};
use epitome::format::{OUTPUTS, Outcome, Piece, Streams, Verb, WriteOptions, outputs};
use epitome::format::{check, srx, tmx, xliff};
use epitome::lang::Lang;
use epitome::summary::frequency::{Counts, extend_idf, local_idf, sentence_idf};
use epitome::summary::rank::{METHODS, find};
use epitome::summary::{Budget, Summary, select};
use epitome::text::boundary::segment;
use epitome::text::detect::detect;
use epitome::text::{Scratch, TextOptions, parse};
use epitome::translation::Bitext;
use epitome::translation::align::{Corpus, Line, align};
use epitome::translation::entry::{entries, union};
use epitome::translation::quality::Checks;

const RUNS: usize = 5;

fn main() {
    let bytes = if quick() { 100_000 } else { 8_000_000 };
    let (name, lines) = natural(bytes).map_or_else(|| ("synthetic", common::batch("en", bytes)), |lines| ("natural", lines));
    let articles = read(&lines);
    say(&format!("{} articles of {name} text, {:.1} MB of JSON Lines, median of {RUNS}\n", articles.len(), lines.len() as f64 / 1e6));
    say(&format!("{:<24} {:>10}  answer", "stage", "MB/s"));
    reading(&lines, &articles);
    cutting(&articles);
    parsing(&articles);
    by_rules(&articles);
    let documents = counting(&articles);
    ranking(&documents);
    halving(&articles);
    spelling(&documents);
    aligning(&articles);
    exchanging(&documents);
    whole(&lines);
    hostile();
}

/// English articles of the reference data, repeated; `None` without it.
fn natural(bytes: usize) -> Option<String> {
    let folder = std::path::PathBuf::from(std::env::var_os("EPITOME_REFERENCE")?).join("data/summarization");
    let file = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let once = file("cnndm_val.jsonl")? + &file("bbc_ext_a.jsonl")?;
    let mut lines = String::new();
    for line in once.lines().cycle() {
        if lines.len() >= bytes {
            break;
        }
        lines.push_str(line);
        lines.push('\n');
    }
    Some(lines)
}

/// Runs a stage over and over, each time on what `prepare` makes, and prints a row.
fn stage<P, A: PartialEq + std::fmt::Debug>(
    name: &str,
    bytes: usize,
    mut prepare: impl FnMut() -> P,
    mut work: impl FnMut(P) -> A,
    shown: impl Fn(&A) -> String,
) {
    let mut times = Vec::new();
    let mut first = None;
    for _ in 0..RUNS {
        let prepared = prepare();
        let (time, answer) = timed(|| work(prepared));
        times.push(time);
        match &first {
            None => first = Some(answer),
            Some(first) => assert_eq!(&answer, first, "{name} answers differently when asked again"),
        }
    }
    let shown = shown(&first.expect("it ran"));
    say(&format!("{name:<24} {:>10.1}  {shown}", speed(bytes, median(times))));
}

fn text_bytes(articles: &[Article]) -> usize {
    articles.iter().map(|article| article.text().len()).sum()
}

fn read(lines: &str) -> Vec<Article> {
    let fields = Fields::default();
    // Detection is a stage of its own.
    let english = |mut article: Article| {
        article.lang = epitome::lang::Lang::parse("en");
        article
    };
    lines.lines().map(|line| english(jsonl::read(line, || "none".to_owned(), &fields).expect("a sound record").0)).collect()
}

fn reading(lines: &str, articles: &[Article]) {
    let fields = Fields::default();
    let work = |()| {
        let mut answer = (0, 0);
        for line in lines.as_bytes().split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let line = std::str::from_utf8(line).expect("UTF-8");
            let (article, _) = jsonl::read(line, || "none".to_owned(), &fields).expect("a sound record");
            answer = (answer.0 + 1, answer.1 + article.text().len());
        }
        answer
    };
    stage("read", lines.len(), || (), work, |(records, bytes)| format!("{records} articles, {bytes} bytes of text"));
    let work = |()| articles.iter().filter(|article| detect(article.text(), &[]).is_some()).count();
    stage("detect", text_bytes(articles), || (), work, |known| format!("{known} articles in a known language"));
}

/// The segmenter alone: paragraphs, their kinds and the ends of sentences, of text in memory.
fn cutting(articles: &[Article]) {
    let options = TextOptions::default();
    let work = |()| articles.iter().map(|article| segment(article.text(), article.lang.as_ref(), &options).len()).sum::<usize>();
    stage("segment", text_bytes(articles), || (), work, |sentences| format!("{sentences} sentences"));
}

fn parsing(articles: &[Article]) {
    for (name, terms) in [("parse, boundaries only", false), ("parse, with terms", true)] {
        let options = TextOptions { terms, ..TextOptions::default() };
        let work = |articles: Vec<Article>| {
            let mut scratch = Scratch::default();
            let mut answer = (0, 0, 0);
            for article in articles {
                let document = parse(article, &options, &mut scratch);
                let quoted = document.sentences().iter().filter(|sentence| sentence.quote.is_cut()).count();
                answer = (answer.0 + document.sentences().len(), answer.1 + quoted, answer.2 + document.structure().tokens.len());
            }
            answer
        };
        let shown = |(sentences, cut, tokens): &_| format!("{sentences} sentences, {cut} of cut quotations, {tokens} tokens");
        stage(name, text_bytes(articles), || articles.to_vec(), work, shown);
    }
}

/// LanguageTool's rules, from the sources of a development dependency; a row is left out where cargo cannot say where they are.
fn by_rules(articles: &[Article]) {
    let Some(rules) = languagetool() else {
        return say("parse, SRX                        -  the sources of the crate srx are not at hand");
    };
    let srx = std::sync::Arc::new(srx::read(rules.as_slice()).expect("sound rules"));
    let options = TextOptions { terms: false, srx: Some(srx), ..TextOptions::default() };
    let mut scratch = Scratch::default();
    let work = |articles: Vec<Article>| {
        let count = |sum: usize, article| sum + parse(article, &options, &mut scratch).sentences().len();
        articles.into_iter().fold(0, count)
    };
    stage("parse, SRX", text_bytes(articles), || articles.to_vec(), work, |sentences| format!("{sentences} sentences"));
}

fn languagetool() -> Option<Vec<u8>> {
    let arguments = ["metadata", "--format-version", "1", "--offline"];
    let out = std::process::Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
    let metadata: serde_json::Value = serde_json::from_slice(&out.stdout).ok()?;
    let package = metadata["packages"].as_array()?.iter().find(|package| package["name"] == "srx")?;
    std::fs::read(std::path::Path::new(package["manifest_path"].as_str()?).with_file_name("data").join("segment.srx")).ok()
}

/// A document and its idf by local term.
type Weighed = (Document, Vec<f64>);

/// Counts the frequencies and returns the documents weighed by them.
fn counting(articles: &[Article]) -> Vec<Weighed> {
    let (mut scratch, options) = (Scratch::default(), TextOptions::default());
    let documents: Vec<Document> = articles.iter().map(|article| parse(article.clone(), &options, &mut scratch)).collect();
    let vocabulary = scratch.vocabulary("en").expect("all articles are English");
    let count = |()| {
        let mut counts = Counts::default();
        documents.iter().for_each(|document| counts.add(document));
        counts.table(vocabulary)
    };
    stage("count", text_bytes(articles), || (), count, |table| format!("{} terms", table.counts.len()));
    let mut values = Vec::new();
    extend_idf(&mut values, vocabulary, &count(()));
    let weigh = |document: Document| {
        let idf = local_idf(&document, &values);
        (document, idf)
    };
    documents.into_iter().map(weigh).collect()
}

fn document_bytes(documents: &[Weighed]) -> usize {
    documents.iter().map(|(document, _)| document.text().len()).sum()
}

fn ranking(documents: &[Weighed]) {
    for method in METHODS {
        let ranker = (method.ranker)();
        let work = |()| {
            let mut answer = (0, 0, 0);
            for (document, idf) in documents {
                let summary = select(document, idf, &*ranker, &ranker.rank(document, idf), Budget::default());
                let places: usize = summary.sentences.iter().map(|chosen| chosen.sentence).sum();
                answer = (answer.0 + summary.sentences.len(), answer.1 + summary.words, answer.2 + places);
            }
            answer
        };
        let shown = |(chosen, words, _): &_| format!("{chosen} sentences of {words} words chosen");
        stage(&format!("rank, select: {}", method.name), document_bytes(documents), || (), work, shown);
    }
}

/// Half of one article that is as long as many: what is taken must not cost the square of it.
fn halving(articles: &[Article]) {
    let most = if quick() { 50_000 } else { 1_000_000 };
    let mut text = String::new();
    for article in articles {
        if text.len() >= most {
            break;
        }
        text.push_str(article.text());
        text.push_str("\n\n");
    }
    let mut long = Article::new("long".to_owned(), text).expect("not too long");
    long.lang = epitome::lang::Lang::parse("en");
    let document = parse(long, &TextOptions::default(), &mut Scratch::default());
    let idf = sentence_idf(&document);
    for name in ["news", "extract"] {
        let ranker = (find(name).expect("there is one").ranker)();
        let work = |()| select(&document, &idf, &*ranker, &ranker.rank(&document, &idf), Budget::Ratio(0.5)).sentences.len();
        let shown = |chosen: &_| format!("{chosen} of {} sentences chosen", document.sentences().len());
        stage(&format!("half of one: {name}"), document.text().len(), || (), work, shown);
    }
}

/// Articles with themselves in letters turned by thirteen and one sentence in seven left out.
fn aligning(articles: &[Article]) {
    let most = if quick() { 20 } else { 300 };
    let turned = |text: &str| -> String {
        let turn = |c: char, first: u8| ((c as u8 - first + 13) % 26 + first) as char;
        text.chars()
            .map(|c| {
                if c.is_ascii_lowercase() {
                    turn(c, b'a')
                } else if c.is_ascii_uppercase() {
                    turn(c, b'A')
                } else {
                    c
                }
            })
            .collect()
    };
    let mut scratch = Scratch::default();
    let documents: Vec<Document> =
        articles.iter().take(most).map(|article| parse(article.clone(), &TextOptions::default(), &mut scratch)).collect();
    let sides: Vec<(Vec<&str>, Vec<String>)> = documents
        .iter()
        .map(|document| {
            let source: Vec<&str> = (0..document.sentences().len()).map(|at| document.slice(at)).collect();
            let target = source.iter().enumerate().filter(|(at, _)| at % 7 != 3).map(|(_, text)| turned(text)).collect();
            (source, target)
        })
        .collect();
    let line = |text| Line { text, starts: false };
    let work = |()| {
        let mut corpus = Corpus::default();
        for (source, target) in &sides {
            let target: Vec<Line> = target.iter().map(|text| line(text.as_str())).collect();
            corpus.add(&source.iter().map(|text| line(text)).collect::<Vec<_>>(), &target);
        }
        let beads = align(&corpus);
        beads.iter().flatten().filter(|bead| bead.source.len() == 1 && bead.target.len() == 1).count()
    };
    let sentences: usize = sides.iter().map(|(source, target)| source.len() + target.len()).sum();
    let bytes = documents.iter().map(|document| document.text().len()).sum();
    let all: usize = sides.iter().map(|(_, target)| target.len()).sum();
    stage("align", bytes, || (), work, |single| format!("{single} of {all} sentences one to one, {sentences} of both sides"));
}

/// Each writer alone, so each makes the units it needs; in a run the writers of an article share them.
fn spelling(documents: &[Weighed]) {
    let ranker = (METHODS[0].ranker)();
    let ranked: Vec<_> = documents
        .iter()
        .map(|(document, idf)| {
            let ranking = ranker.rank(document, idf);
            let summary = select(document, idf, &*ranker, &ranking, Budget::default());
            (document, ranking, summary)
        })
        .collect();
    for output in OUTPUTS {
        let writer = (output.writer)(WriteOptions::default(), &BitextOptions::default());
        let work = |()| {
            let mut bytes = 0;
            for (document, ranking, summary) in &ranked {
                let mut streams = Streams::default();
                writer.article(&Outcome::new(document, Some(ranking), summary, METHODS[0].name), &mut streams);
                bytes += streams.bytes();
            }
            bytes
        };
        let name = format!("{}: {}", format!("{:?}", output.verb).to_lowercase(), output.name);
        stage(&name, document_bytes(documents), || (), work, |bytes| format!("{bytes} bytes"));
    }
}

/// Files of translators: written, read again, checked.
fn exchanging(documents: &[Weighed]) {
    for version in [Version::V12, Version::V21] {
        let name = |what: &str| format!("xliff {}: {what}", version.name());
        let file = translated(&pieces_of(documents, version));
        let write = |()| pieces_of(documents, version).iter().map(|piece| piece.body.len()).sum::<usize>();
        stage(&name("write"), file.len(), || (), write, |bytes| format!("{bytes} bytes"));
        let sentences: usize = documents.iter().map(|(document, _)| document.sentences().len()).sum();
        let read = |()| segments_of(&bitexts_of(&file));
        stage(&name("read"), file.len(), || (), read, |segments| format!("{segments} segments, of {sentences} sentences"));
        assert!(read(()) >= sentences, "every sentence comes back");
        let check = |()| findings(|out| check::xliff(file.as_slice(), &Checks::default(), out));
        stage(&name("check"), file.len(), || (), check, |findings| format!("{findings} findings"));
    }
    let bitexts = bitexts_of(&translated(&pieces_of(documents, Version::V12)));
    let entries = union(bitexts.iter().flat_map(|bitext| entries(bitext, None, "bench")));
    let write = |()| tmx::write(&tmx::Header::new("en", "epitome", None), &entries).0;
    let file = write(());
    stage("tmx: write", file.len(), || (), |()| write(()).len(), |bytes| format!("{bytes} bytes"));
    let read = |()| {
        let reader = tmx::Reader::new(file.as_slice(), tmx::Languages::default()).expect("a sound memory");
        reader.map(|entry| u64::from(entry.expect("a sound entry").usage_count)).sum::<u64>()
    };
    stage("tmx: read", file.len(), || (), read, |uses| format!("{uses} uses of {} entries", entries.len()));
    assert_eq!(read(()), entries.iter().map(|entry| u64::from(entry.usage_count)).sum::<u64>(), "every entry comes back");
    let check = |()| findings(|out| check::tmx(file.as_slice(), &Checks::default(), out));
    stage("tmx: check", file.len(), || (), check, |findings| format!("{findings} findings"));
}

/// XLIFF of all documents.
fn pieces_of(documents: &[Weighed], version: Version) -> Vec<Piece> {
    let options = BitextOptions { target_lang: Lang::parse("de"), version, prefill: Some(Prefill::Copy), ..BitextOptions::default() };
    let output = outputs(Verb::Run).find(|output| output.name == "xliff").expect("a run writes XLIFF");
    let writer = (output.writer)(WriteOptions::default(), &options);
    let (mut streams, summary) = (Streams::default(), Summary::default());
    documents.iter().for_each(|(document, _)| writer.article(&Outcome::new(document, None, &summary, "none"), &mut streams));
    streams.into_parts().1
}

/// One file of all pieces, as it may come back.
fn translated(pieces: &[Piece]) -> Vec<u8> {
    let mut file = pieces[0].head.clone();
    for piece in pieces {
        let body = std::str::from_utf8(&piece.body).expect("UTF-8").replace(" the ", " dem ");
        let told = body.replace("state=\"needs-translation\"", "state=\"translated\"").replace("state=\"initial\"", "state=\"translated\"");
        file.extend_from_slice(told.as_bytes());
    }
    file.extend_from_slice(pieces[0].foot.as_bytes());
    file
}

fn bitexts_of(mut file: &[u8]) -> Vec<Bitext> {
    let mut bitexts = Vec::new();
    xliff::read(&mut file, &mut |bitext, _| {
        bitexts.push(bitext);
        Ok(())
    })
    .expect("a sound file");
    bitexts
}

fn segments_of(bitexts: &[Bitext]) -> usize {
    bitexts.iter().flat_map(|bitext| &bitext.units).map(|unit| unit.segments().count()).sum()
}

/// How many findings a check has; of each kind the first hundred are told.
fn findings(check: impl FnOnce(check::Out) -> epitome::error::Result<()>) -> usize {
    let mut count = 0;
    check(&mut |_| count += 1).expect("a sound file");
    count
}

/// Counts bytes.
struct Sink(usize);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything a run does to a file, but for its files.
fn whole(lines: &str) {
    let mut file = tempfile::Builder::new().suffix(".jsonl").tempfile().expect("a temporary file");
    file.write_all(lines.as_bytes()).expect("room for the batch");
    let inputs = Inputs { paths: vec![file.path().to_owned()], ..Inputs::default() };
    let plan = batch::plan(&inputs, None).expect("the file is there");
    let settings = Settings { outputs: outputs(Verb::Run).collect(), threads: 1, ..Settings::default() };
    let work = |()| {
        let mut sink = Sink(0);
        let report = batch::stream(&plan, &settings, &mut sink, &Silent).expect("nothing fails");
        (report, sink.0)
    };
    let shown = |(report, bytes): &(batch::Report, _)| format!("{} segments, {bytes} bytes", report.segments);
    stage("whole, every output", lines.len(), || (), work, shown);
}

/// Texts that are no articles: nothing may cost much more for them than for news.
fn hostile() {
    let size = if quick() { 20_000 } else { 1_000_000 };
    say(&format!("\nparse with terms, {:.2} MB of:", size as f64 / 1e6));
    let texts = [
        ("stops", "."),
        ("quotation marks", "\""),
        ("curly marks", "“"),
        ("digits", "7"),
        ("one long word", "x"),
        ("combining marks", "\u{301}"),
        ("brackets", "("),
        ("initials", "A."),
        ("newlines", "\n"),
        ("lines of a letter", "a\n"),
        ("words without a stop", "word "),
    ];
    for (name, piece) in texts {
        let article = Article::new(name.to_owned(), piece.repeat(size / piece.len())).expect("a short text");
        let work = |article: Article| {
            let document = parse(article, &TextOptions::default(), &mut Scratch::default());
            (document.sentences().len(), document.structure().tokens.len())
        };
        let shown = |(sentences, tokens): &_| format!("{sentences} sentences, {tokens} tokens");
        stage(name, article.text().len(), || article.clone(), work, shown);
    }
}

/// Runs `work` and says how long it took.
fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let answer = work();
    (start.elapsed(), answer)
}

/// Millions of bytes a second.
fn speed(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / 1e6 / time.as_secs_f64()
}
