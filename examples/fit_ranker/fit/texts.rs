//! Articles with reference summaries: their features and what is to be told of each sentence, and what a ranker makes of them, in
//! the words that `summarize` would take and by the scores that `eval rouge` would give.

use std::error::Error;

use epitome::document::Document;
use epitome::eval::rouge::{Reference, Rouge, Scores, Tokens, rouge_n, score};
use epitome::format::{jsonl, reference};
use epitome::summary::columns::Columns;
use epitome::summary::frequency::{Counts, extend_idf, local_idf};
use epitome::summary::{Budget, Ranker, Ranking, Summary, select};
use epitome::text::vector::Vectors;
use epitome::text::{Scratch, TextOptions, parse, table_of};
use rayon::prelude::*;

use super::boost::Rows;

/// The articles of a set, all in one language.
pub struct Set {
    pub texts: Vec<Text>,
}

/// An article with what there is to learn from it.
pub struct Text {
    pub document: Document,
    idf: Vec<f64>,
    /// The words of its sentences.
    sentences: Vec<Tokens>,
    references: Vec<Tokens>,
    /// A row a sentence that can be chosen.
    pub rows: Rows,
}

impl Set {
    /// From JSON Lines of `text`, `lang`, `title`, and `summary` or `refs`.
    pub fn read(lines: &str) -> Result<Set, Box<dyn Error>> {
        let (mut scratch, mut counts) = (Scratch::default(), Counts::default());
        let mut read = Vec::new();
        for line in lines.lines() {
            let (article, _) = jsonl::read(line, String::new, &jsonl::Fields::default())?;
            let document = parse(article, &TextOptions::default(), &mut scratch);
            counts.add(&document);
            read.push((document, reference::read(line)?));
        }
        let lang = read.first().and_then(|(document, _)| document.article().lang.clone());
        let vocabulary = scratch.vocabulary(table_of(lang.as_ref())).ok_or("a set without an article")?;
        let mut idf = Vec::new();
        extend_idf(&mut idf, vocabulary, &counts.table(vocabulary));
        Ok(Set { texts: read.into_par_iter().map(|(document, reference)| Text::new(document, &reference, &idf)).collect() })
    }
}

impl Text {
    fn new(document: Document, reference: &Reference, idf: &[f64]) -> Text {
        let idf = local_idf(&document, idf);
        let mut rouge = Rouge::new(document.article().lang.as_ref());
        let sentences = (0..document.sentences().len()).map(|i| rouge.tokens(document.slice(i))).collect();
        let references = reference.summaries.iter().map(|summary| rouge.tokens(summary)).collect();
        let mut text = Text { document, idf, sentences, references, rows: Rows::default() };
        text.rows = text.rows();
        text
    }

    fn rows(&self) -> Rows {
        let Text { document, idf, .. } = self;
        let candidates = document.candidates();
        let columns = Columns::new(document, &candidates, &Vectors::new(document, &candidates, idf), idf);
        Rows {
            features: (0..candidates.len()).map(|k| *columns.row(k)).collect(),
            targets: candidates.iter().map(|&i| self.covers(i)).collect(),
            weights: vec![1.0; candidates.len()],
        }
    }

    /// How much of the references a sentence covers: half its ROUGE-1 recall and its ROUGE-2 recall.
    fn covers(&self, sentence: usize) -> f64 {
        let recall = |reference: &Tokens, n: usize| rouge_n(reference, &self.sentences[sentence], n).recall;
        let of = |reference: &Tokens| 0.5 * recall(reference, 1) + recall(reference, 2);
        self.references.iter().map(of).sum::<f64>() / self.references.len().max(1) as f64
    }

    /// What a ranker thinks of it.
    pub fn ranking(&self, ranker: &dyn Ranker) -> Ranking {
        ranker.rank(&self.document, &self.idf)
    }

    /// What a ranker would choose.
    pub fn summary(&self, ranker: &dyn Ranker, budget: Budget) -> Summary {
        select(&self.document, &self.idf, ranker, &self.ranking(ranker), budget)
    }

    /// What a summary is worth.
    pub fn score(&self, summary: &Summary) -> Scores {
        let chosen: Vec<&Tokens> = summary.sentences.iter().map(|chosen| &self.sentences[chosen.sentence]).collect();
        score(&self.references, &Tokens::joined(&chosen))
    }
}
