#!/usr/bin/env python3
"""How long another summariser takes for three sentences of each article.

usage: peers.py NAME < BATCH.jsonl > COST.json

In: records with a "text" a line. Out: {"version", "wall", "cpu"}, in seconds, for all articles together and without what it takes to
load Python and the packages. `cargo bench --bench batch` calls it. It installs nothing:

    python3 -m venv peers && peers/bin/pip install sumy==0.13.0 summa==1.2.0 scikit-learn==1.9.1 PyStemmer==3.1.0
    EPITOME_PYTHON=peers/bin/python cargo bench --bench batch

sumy is given sentences cut by a regular expression, which is quicker than its own splitter and needs no download.
"""
import json
import re
import sys
import time
from importlib.metadata import version

SENTENCES = re.compile(r"(?<=[.!?])\s+")


def cut(text):
    return [sentence for sentence in SENTENCES.split(text) if sentence.strip()]


def sumy_lexrank():
    from nltk.tokenize import NLTKWordTokenizer
    from sumy.nlp.stemmers import Stemmer
    from sumy.nlp.tokenizers import Tokenizer
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.utils import get_stop_words

    class Words:
        words = NLTKWordTokenizer()

        def to_sentences(self, text):
            return tuple(cut(text))

        def to_words(self, sentence):
            return tuple(filter(Tokenizer._WORD_PATTERN.match, self.words.tokenize(sentence)))

    summarizer = LexRankSummarizer(Stemmer("english"))
    summarizer.stop_words = get_stop_words("english")

    def work(texts):
        return [summarizer(PlaintextParser.from_string(text, Words()).document, 3) for text in texts]

    return work, "sumy " + version("sumy")


def summa_textrank():
    from summa.summarizer import summarize

    def work(texts):
        return [summarize(text, words=60) for text in texts]

    return work, "summa " + version("summa")


def scikit_tfidf():
    import numpy
    import Stemmer
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

    stem = Stemmer.Stemmer("english").stemWords
    words = re.compile(r"\w+")

    def terms(text):
        return stem([word for word in words.findall(text.lower()) if word not in ENGLISH_STOP_WORDS])

    def work(texts):
        vectorizer = TfidfVectorizer(analyzer=terms).fit(texts)
        summaries = []
        for text in texts:
            sentences = cut(text)
            scores = numpy.asarray(vectorizer.transform(sentences).sum(axis=1)).ravel()
            best = sorted(numpy.argsort(-scores, kind="stable")[:3])
            summaries.append([sentences[index] for index in best])
        return summaries

    return work, f"scikit-learn {version('scikit-learn')}, PyStemmer {version('PyStemmer')}"


PEERS = {
    "sumy LexRank": sumy_lexrank,
    "summa TextRank": summa_textrank,
    "scikit-learn TF-IDF, C stemmer": scikit_tfidf,
}


def main():
    texts = [json.loads(line)["text"] for line in sys.stdin]
    work, named = PEERS[sys.argv[1]]()
    wall, cpu = time.perf_counter(), time.process_time()
    summaries = work(texts)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert len(summaries) == len(texts)
    json.dump({"version": named, "wall": wall, "cpu": cpu}, sys.stdout)


main()
