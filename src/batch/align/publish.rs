//! Where aligned pairs go: to a stream as they come, to a file that is put into place when it is whole, or to a directory of a file a
//! pair, published as every directory is. What a memory does not take goes beside it, as `NAME.rest.tsv`; on a stream it is counted
//! only.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

use super::{Align, Destination};
use crate::batch::Settings;
use crate::batch::books::Books;
use crate::batch::filing::Filing;
use crate::batch::named::replace_named;
use crate::batch::output::Directory;
use crate::error::{Error, ErrorKind, Result};
use crate::format::manifest::Manifest;
use crate::format::{Piece, aligned, jsonl};
use crate::translation::aligned::Aligned;

/// Takes aligned pairs in order.
pub struct Publisher<'a> {
    how: &'a Align,
    to: To<'a>,
    /// The language that the head of the one file names, once that is written.
    lang: Option<String>,
}

enum To<'a> {
    Stream(&'a mut (dyn Write + Send)),
    File { path: PathBuf, all: Vec<u8>, rest: Vec<u8> },
    Directory(Box<Directory>, Filing),
}

/// Ending of the files of what a memory does not take.
const REST: &str = "rest.tsv";

impl<'a> Publisher<'a> {
    pub fn open(to: Destination<'a>, how: &'a Align) -> Result<Publisher<'a>> {
        let to = match to {
            Destination::Stream(stream) => To::Stream(stream),
            Destination::File(path) => To::File { path: path.to_owned(), all: Vec::new(), rest: aligned::HEADER.into() },
            Destination::Directory(path) => To::Directory(Box::new(Directory::open(path, how.force)?), Filing::new(None)),
        };
        Ok(Publisher { how, to, lang: None })
    }

    /// Refuses several pairs where one file may not hold them.
    pub fn check(&self, pairs: usize) -> Result<()> {
        if pairs > 1 && !self.how.output.several && !matches!(self.to, To::Directory(..)) {
            let what = format!("{pairs} pairs in one file of {} cannot be told apart: name a directory with -o", self.how.output.name);
            return Err(ErrorKind::Usage(what).into());
        }
        Ok(())
    }

    pub fn put(&mut self, pair: &Aligned) -> Result<()> {
        let (output, created) = (self.how.output, self.how.created.clone());
        if let To::Directory(directory, filing) = &mut self.to {
            let piece = |ending, head, body, foot| Piece { folder: "", ending, group: String::new(), head, body, foot };
            let (mut body, mut rest) = (Vec::new(), Vec::new());
            (output.write)(pair, pair.source.lang(), &mut body);
            let head = (output.head)(pair.source.lang(), created);
            filing.put(directory, pair.id, piece(output.name, head, body, output.foot))?;
            if output.sure_only {
                aligned::rest(pair, &mut rest);
                filing.put(directory, pair.id, piece(REST, aligned::HEADER.into(), rest, ""))?;
            }
            return Ok(());
        }
        let mut bytes = self.head(pair.source.lang());
        let lang = self.lang.as_deref().unwrap_or("");
        (output.write)(pair, lang, &mut bytes);
        match &mut self.to {
            To::Stream(stream) => write(*stream, &bytes)?,
            To::File { all, rest, .. } => {
                all.extend_from_slice(&bytes);
                aligned::rest(pair, rest);
            }
            To::Directory(..) => {}
        }
        Ok(())
    }

    /// The head of the one file, if it was not written yet.
    fn head(&mut self, lang: &str) -> Vec<u8> {
        if self.lang.is_some() {
            return Vec::new();
        }
        self.lang = Some(lang.to_owned());
        (self.how.output.head)(lang, self.how.created.clone())
    }

    pub fn publish(mut self, settings: &Settings, books: Books) -> Result<()> {
        let foot = self.how.output.foot.as_bytes();
        let head = self.head("*all*");
        match self.to {
            To::Stream(stream) => write(stream, &[&head, foot].concat()),
            To::File { path, all, rest } => {
                replace_named(&path, |file| file.write_all(&[&head, &all, foot].concat()))?;
                if self.how.output.sure_only { replace_named(&path.with_extension(REST), |file| file.write_all(&rest)) } else { Ok(()) }
            }
            To::Directory(mut directory, filing) => {
                filing.end(&mut directory)?;
                directory.publish(manifest(settings, self.how, books))
            }
        }
    }
}

fn write(stream: &mut (dyn Write + Send), bytes: &[u8]) -> Result<()> {
    stream.write_all(bytes).and_then(|()| stream.flush()).map_err(|error| Error::io("cannot write", "standard output", error))
}

fn manifest(settings: &Settings, how: &Align, books: Books) -> Manifest {
    let mut options = BTreeMap::from([
        ("verb".to_owned(), json!("align")),
        ("to".to_owned(), json!(how.output.name)),
        ("min_score".to_owned(), json!(how.min_score)),
        ("newlines".to_owned(), json!(format!("{:?}", settings.text.newlines).to_lowercase())),
    ]);
    let mut set = |name: &str, value: Option<serde_json::Value>| value.map(|value| options.insert(name.to_owned(), value));
    set("lang", settings.text.lang.as_ref().map(|lang| json!(lang.tag())));
    set("target_lang", how.target_lang.as_ref().map(|lang| json!(lang.tag())));
    set("srx", settings.text.srx.as_ref().map(|srx| json!(srx.fingerprint())));
    set("encoding", settings.encoding.map(|encoding| json!(encoding.name())));
    set("lexicon", how.lexicon.as_ref().map(|_| json!(true)));
    Manifest {
        tool: "epitome".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        schema: jsonl::SCHEMA,
        options,
        articles: books.report.articles,
        languages: books.report.languages,
        segments: books.report.segments,
        failures: books.failures,
        warnings: books.warnings,
        ..Manifest::default()
    }
}
