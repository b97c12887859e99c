//! From sources to records, in order and in chunks of bounded size: a text file is a job to be opened by whichever worker gets
//! it; a JSONL file is read line by line as a stream. Compression is known by its magic bytes. What cannot be
//! read becomes a failed job in its place; nothing here decodes or parses.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::decode::{self, OnInvalid};
use super::input::Source;
use super::limits::Limits;
use super::patient;
use super::state::State;
use crate::article::{Article, Origin};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::format::Input;

/// One article to be made.
pub struct Job {
    /// Index of its source.
    pub source: usize,
    /// Where it comes from.
    pub origin: Origin,
    /// Its bytes, or how to get them.
    pub payload: Payload,
}

/// Jobs in order, and the bytes of those that are lines.
#[derive(Default)]
pub struct Chunk {
    /// The jobs.
    pub jobs: Vec<Job>,
    /// What [`Payload::Line`] points into.
    pub block: Vec<u8>,
}

/// The bytes of a job.
pub enum Payload {
    /// A line of JSON: a range of the chunk's block.
    Line(Range<usize>),
    /// A text.
    Text(Vec<u8>),
    /// A whole file, to be opened.
    File,
    /// Reading went wrong here.
    Failed(Box<Error>),
}

/// Bytes and jobs of a chunk at most; enough to keep the threads busy, little enough to bound memory.
const CHUNK_BYTES: u64 = 1 << 20;
const CHUNK_JOBS: usize = 1024;

/// Bytes of a file that is read at once.
const SHORT: usize = 1 << 16;

/// Room for the lines of a chunk; one long line may take more.
const BLOCK: usize = 2 * CHUNK_BYTES as usize;

/// Reads sources into chunks of jobs.
pub struct Reader<'a> {
    sources: &'a [Source],
    next: usize,
    lines: Option<Lines>,
    consumed: Arc<AtomicU64>,
    files: u64,
    spooled: Option<&'a Spool>,
    /// Jobs that a chunk may hold, by the one before.
    usual_jobs: usize,
}

/// A JSONL file being read.
struct Lines {
    source: usize,
    input: Box<dyn BufRead + Send>,
    line: u64,
    record: u64,
}

impl<'a> Reader<'a> {
    /// A reader at the start of the sources.
    pub fn new(sources: &'a [Source], spooled: Option<&'a Spool>) -> Reader<'a> {
        Reader { sources, next: 0, lines: None, consumed: Arc::default(), files: 0, spooled, usual_jobs: 0 }
    }

    /// Bytes of input read so far, compressed where it is.
    pub fn consumed(&self) -> u64 {
        self.consumed.load(Ordering::Relaxed) + self.files
    }

    /// An error once the batch was asked to end.
    pub fn check_stop(&self) -> Result<()> {
        self.sources.first().map_or(Ok(()), |source| source.stop.check())
    }

    /// The next jobs in order, none at the end; `block` is room to read into.
    pub fn chunk(&mut self, mut block: Vec<u8>) -> Chunk {
        block.clear();
        if !(BLOCK / 2..=4 * BLOCK).contains(&block.capacity()) {
            block = Vec::with_capacity(BLOCK);
        }
        let mut chunk = Chunk { jobs: Vec::with_capacity(self.usual_jobs), block };
        let mut bytes = 0;
        while bytes < CHUNK_BYTES && chunk.jobs.len() < CHUNK_JOBS {
            let Some((job, size)) = self.job(&mut chunk.block) else { break };
            bytes += size;
            chunk.jobs.push(job);
        }
        self.usual_jobs = chunk.jobs.len() + chunk.jobs.len() / 4;
        chunk
    }

    fn job(&mut self, block: &mut Vec<u8>) -> Option<(Job, u64)> {
        loop {
            if let Some(lines) = &mut self.lines {
                match lines.next(&self.sources[lines.source], block) {
                    Some(job) => return Some(job),
                    None => self.lines = None,
                }
            }
            let index = self.next;
            let source = self.sources.get(index)?;
            self.next += 1;
            if source.format == Some(Input::Text) && source.regular {
                self.files += source.bytes;
                return Some((whole(index, source, Payload::File), source.bytes.max(1)));
            }
            match self.open(index, source) {
                Ok(Opened::Lines(lines)) => self.lines = Some(lines),
                Ok(Opened::Whole(payload, size)) => return Some((whole(index, source, payload), size)),
                Err(error) => {
                    return Some((whole(index, source, Payload::Failed(Box::new(error.at(Place::path(source.shown.clone()))))), 1));
                }
            }
        }
    }

    /// Opens a source that may hold lines.
    fn open(&self, index: usize, source: &Source) -> Result<Opened> {
        let counted = Counted { inner: raw(source, self.spooled)?, count: self.consumed.clone() };
        let mut input = decompress(BufReader::with_capacity(1 << 18, counted), source.limits).map_err(|error| read_error(source, error))?;
        let head = input.fill_buf().map_err(|error| read_error(source, error))?;
        if let Some(what) = decode::known(head) {
            return Err(ErrorKind::Binary(what).into());
        }
        let first = head.iter().copied().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xef | 0xbb | 0xbf));
        let lines = source.format.unwrap_or(if first == Some(b'{') { Input::Jsonl } else { Input::Text }) == Input::Jsonl;
        if !lines {
            let bytes = read_all(&mut input, source, source.limits)?;
            let size = bytes.len() as u64;
            return Ok(Opened::Whole(Payload::Text(bytes), size));
        }
        if head.starts_with(b"\xef\xbb\xbf") {
            input.consume(3);
        } else if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            // All its lines at once, for they are no lines before they are decoded.
            let bytes = read_all(&mut input, source, Limits { article: Article::MAX_BYTES as u64, ..source.limits })?;
            let (text, _) = decode::decode(bytes.into(), None, OnInvalid::Guess)?;
            input = Box::new(Cursor::new(text.into_owned().into_bytes()));
        }
        Ok(Opened::Lines(Lines { source: index, input, line: 0, record: 0 }))
    }
}

enum Opened {
    Lines(Lines),
    /// The payload and its size.
    Whole(Payload, u64),
}

fn whole(index: usize, source: &Source, payload: Payload) -> Job {
    Job { source: index, origin: Origin { path: source.shown.clone(), record: 0, line: None }, payload }
}

impl Lines {
    /// The next line that is not blank, appended to `block`. A line that cannot be read ends the file.
    fn next(&mut self, source: &Source, block: &mut Vec<u8>) -> Option<(Job, u64)> {
        loop {
            let limit = source.limits.line();
            let start = block.len();
            self.line += 1;
            let origin = || Origin { path: source.shown.clone(), record: self.record, line: Some(self.line) };
            let read = read_line(&mut *self.input, block, limit + 1);
            let (payload, size) = match read {
                Ok(0) => return None,
                Ok(length) if length > limit => {
                    let error = source.limits.of_line().at(origin().place());
                    if pass_line(&mut *self.input, &block[start..]).is_err() {
                        self.input = Box::new(io::empty());
                    }
                    block.truncate(start);
                    (Payload::Failed(Box::new(error)), length)
                }
                Ok(_) => match block[start..].trim_ascii_end().len() {
                    0 => {
                        block.truncate(start);
                        continue;
                    }
                    length => (Payload::Line(start..start + length), length as u64),
                },
                Err(error) => {
                    let error = read_error(source, error).at(origin().place());
                    self.input = Box::new(io::empty());
                    (Payload::Failed(Box::new(error)), 1)
                }
            };
            let job = Job { source: self.source, origin: origin(), payload };
            self.record += 1;
            return Some((job, size));
        }
    }
}

/// Appends a line with its end to `block`, or as much of it as `most` allows; returns its length.
fn read_line(input: &mut dyn BufRead, block: &mut Vec<u8>, most: u64) -> io::Result<u64> {
    let mut length = 0;
    loop {
        let available = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            available => available?,
        };
        let room = usize::try_from(most - length).unwrap_or(usize::MAX).min(available.len());
        let end = memchr::memchr(b'\n', &available[..room]);
        let taken = end.map_or(room, |at| at + 1);
        block.extend_from_slice(&available[..taken]);
        input.consume(taken);
        length += taken as u64;
        if end.is_some() || taken == 0 {
            return Ok(length);
        }
    }
}

/// Passes over the rest of a line of which `begun` was read.
fn pass_line(input: &mut dyn BufRead, begun: &[u8]) -> io::Result<()> {
    if begun.ends_with(b"\n") {
        return Ok(());
    }
    loop {
        let available = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            available => available?,
        };
        let end = memchr::memchr(b'\n', available);
        let (taken, ended) = (end.map_or(available.len(), |at| at + 1), end.is_some() || available.is_empty());
        input.consume(taken);
        if ended {
            return Ok(());
        }
    }
}

/// The bytes of a text file, decompressed; and the state that it was in before they were read, if that is asked for and known.
pub fn read_file(source: &Source, asked: bool) -> Result<(Vec<u8>, Option<State>)> {
    let file = File::open(&source.path).map_err(|error| Error::io("cannot open it", source.shown.clone(), error))?;
    let state = if asked { State::of_open(&file) } else { None };
    Ok((contents(file, source)?, state))
}

/// What is in an open text file.
fn contents(mut file: File, source: &Source) -> Result<Vec<u8>> {
    if let Some(bytes) = read_at_once(&mut file, source) {
        return Ok(bytes);
    }
    file.rewind().map_err(|error| read_error(source, error))?;
    let counted = Counted { inner: file, count: Arc::default() };
    let mut input = decompress(BufReader::with_capacity(1 << 14, counted), source.limits).map_err(|error| read_error(source, error))?;
    read_all(&mut input, source, source.limits)
}

/// The bytes of a short file that is not compressed, by one call of the system; `None` for all others, and where anything is odd.
fn read_at_once(file: &mut File, source: &Source) -> Option<Vec<u8>> {
    let length =
        usize::try_from(source.bytes).ok().filter(|length| (1..=SHORT).contains(length) && source.bytes <= source.limits.article)?;
    // With room for one byte more, a read of its length has met its end.
    let mut bytes = vec![0; length + 1];
    let read = file.read(&mut bytes).ok()?;
    bytes.truncate(read);
    (read == length && ![GZIP, ZSTD].iter().any(|magic| bytes.starts_with(magic))).then_some(bytes)
}

/// All bytes of an input that is one article.
fn read_all(input: &mut dyn BufRead, source: &Source, limits: Limits) -> Result<Vec<u8>> {
    let limit = limits.article;
    let mut bytes = Vec::new();
    input.take(limit + 1).read_to_end(&mut bytes).map_err(|error| read_error(source, error))?;
    if bytes.len() as u64 > limit { Err(limits.of_article().at(Place::path(source.shown.clone()))) } else { Ok(bytes) }
}

/// An error while reading: of the decoder, if there is one, else of the system.
fn read_error(source: &Source, error: io::Error) -> Error {
    let place = Place::path(source.shown.clone());
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Damaged>()).cloned() {
        Some(Damaged { format, detail, swollen: true }) => Error::from(ErrorKind::Swollen { format, growth: detail }).at(place),
        Some(Damaged { format, detail, .. }) => Error::from(ErrorKind::Compressed { format, detail }).at(place),
        None => Error::io("cannot read it", source.shown.clone(), error),
    }
}

fn raw(source: &Source, spooled: Option<&Spool>) -> Result<Box<dyn Read + Send>> {
    if let Some(file) = spooled.and_then(|spool| spool.open(source)) {
        return file
            .map(|file| Box::new(file) as Box<dyn Read + Send>)
            .map_err(|error| Error::io("cannot read the spooled input", source.shown.clone(), error));
    }
    if source.path.as_os_str() == "-" {
        return Ok(patient::stdin(source.stop.clone()));
    }
    match File::open(&source.path) {
        Ok(file) if !source.regular => Ok(patient::pipe(file, source.stop.clone())),
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(Error::io("cannot open it", source.shown.clone(), error)),
    }
}

/// What files of gzip begin with (RFC 1952, section 2.3.1).
pub const GZIP: &[u8] = &[0x1f, 0x8b];

/// What files of zstd begin with (RFC 8878, section 3.1.1).
pub const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// What is decompressed as it is read, under the usual limits.
pub(super) fn decompressed(input: impl Read + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    decompress(BufReader::with_capacity(1 << 16, Counted { inner: input, count: Arc::default() }), Limits::default())
}

/// Decompresses what starts with the magic bytes of gzip or zstd.
fn decompress(mut input: BufReader<Counted<impl Read + Send + 'static>>, limits: Limits) -> io::Result<Box<dyn BufRead + Send>> {
    let head = input.fill_buf()?;
    let (gzip, zstd) = (head.starts_with(GZIP), head.starts_with(ZSTD));
    let read = input.get_ref().count.clone();
    // The count is of all inputs; what is in the buffer now is of this one.
    let before = read.load(Ordering::Relaxed) - input.buffer().len() as u64;
    let growth = Growth { read, before, decoded: 0, limits };
    if gzip {
        let inner = flate2::bufread::MultiGzDecoder::new(input);
        return Ok(Box::new(BufReader::with_capacity(1 << 18, Decoder { inner, format: "gzip", growth })));
    }
    if zstd {
        let inner = zstd::stream::read::Decoder::with_buffer(input)?;
        return Ok(Box::new(BufReader::with_capacity(1 << 18, Decoder { inner, format: "zstd", growth })));
    }
    Ok(Box::new(input))
}

/// A decoder whose errors say so, and that does not go on for ever.
struct Decoder<R> {
    inner: R,
    format: &'static str,
    growth: Growth,
}

/// How much a compressed input became.
struct Growth {
    /// Compressed bytes read, of this input and of those before it.
    read: Arc<AtomicU64>,
    before: u64,
    decoded: u64,
    limits: Limits,
}

#[derive(Clone, Debug)]
struct Damaged {
    format: &'static str,
    detail: String,
    /// It is sound as far as anybody knows, but becomes too much.
    swollen: bool,
}

impl std::fmt::Display for Damaged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Damaged {}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let failed = |detail, swollen| io::Error::other(Damaged { format: self.format, detail, swollen });
        let length = self.inner.read(buffer).map_err(|error| failed(error.to_string(), false))?;
        self.growth.decoded += length as u64;
        let read = self.growth.read.load(Ordering::Relaxed) - self.growth.before;
        match self.growth.limits.growth(self.growth.decoded, read) {
            Some(growth) => Err(failed(growth, true)),
            None => Ok(length),
        }
    }
}

/// Counts the bytes that pass.
struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Copies of inputs that can be read only once, for a second pass: standard input and pipes.
pub struct Spool {
    files: Vec<(String, File, u64)>,
}

impl Spool {
    /// Copies what cannot be read twice.
    pub fn new(sources: &[Source]) -> Result<Spool> {
        let mut files = Vec::new();
        for source in sources.iter().filter(|source| !source.regular) {
            let doing = |error| Error::io("cannot copy the input for a second pass", source.shown.clone(), error);
            let mut copy = tempfile::tempfile().map_err(doing)?;
            let copied = io::copy(&mut raw(source, None)?, &mut copy);
            source.stop.check()?;
            let length = copied.map_err(doing)?;
            copy.flush().map_err(doing)?;
            files.push((source.shown.clone(), copy, length));
        }
        Ok(Spool { files })
    }

    /// Bytes copied.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|(.., length)| length).sum()
    }

    fn open(&self, source: &Source) -> Option<io::Result<File>> {
        let (_, file, _) = self.files.iter().find(|(shown, ..)| *shown == source.shown)?;
        Some(file.try_clone().and_then(|mut file| file.seek(SeekFrom::Start(0)).map(|_| file)))
    }
}
