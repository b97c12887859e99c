#!/usr/bin/env python3
"""How other summarisers rank sentences that are given to them, so that they can be compared on the same sentences and at equal length.

usage: peers.py SENTENCES.jsonl > ORDERS.jsonl

In: {"lang", "sentences": [..], "several": ..} a line. Out: for each line an object with a list for each summariser, indices of
the sentences from best to worst. Where the sentences are those of several articles, KL is left out: its time grows with the cube of their
number. `cargo bench --bench quality` calls it. It installs nothing:

    python3 -m venv peers && peers/bin/pip install sumy==0.13.0 summa==1.2.0
    EPITOME_PYTHON=peers/bin/python cargo bench --bench quality

Words are cut by NLTK as sumy has it, without its sentence splitter, which would download a model; stemmers and stop words are the
packages' own, and none where a package does not know the language.
"""
import json
import sys

from nltk.tokenize import NLTKWordTokenizer
from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.nlp.stemmers import Stemmer, null_stemmer
from sumy.nlp.tokenizers import Tokenizer
from sumy.summarizers.kl import KLSummarizer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.lsa import LsaSummarizer
from sumy.summarizers.luhn import LuhnSummarizer
from sumy.summarizers.sum_basic import SumBasicSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer
from sumy.utils import get_stop_words
from summa.commons import build_graph, remove_unreachable_nodes
from summa.pagerank_weighted import pagerank_weighted_scipy
from summa.preprocessing import textcleaner
from summa.summarizer import _add_scores_to_sentences, _set_graph_edge_weights

LANGUAGES = {"en": "english", "fr": "french", "tr": "turkish"}
SUMY = {
    "sumy LexRank": LexRankSummarizer,
    "sumy TextRank": TextRankSummarizer,
    "sumy Luhn": LuhnSummarizer,
    "sumy LSA": LsaSummarizer,
    "sumy SumBasic": SumBasicSummarizer,
    "sumy KL": KLSummarizer,
}


class Words:
    """sumy's words of a sentence."""

    _tokenizer = NLTKWordTokenizer()

    def to_words(self, sentence):
        return tuple(filter(Tokenizer._WORD_PATTERN.match, self._tokenizer.tokenize(sentence)))


class Identity:
    """A stemmer for languages that summa has none for."""

    @staticmethod
    def stem(word):
        return word


def ranking(summarizer):
    """The summarizer, made to give all its ratings away: best first, ties by position."""

    def keep(sentences, count, rating, *args, **kwargs):
        rate = rating.__getitem__ if isinstance(rating, dict) else lambda sentence: rating(sentence, *args, **kwargs)
        ratings = [rate(sentence) for sentence in sentences]
        summarizer.order = sorted(range(len(ratings)), key=ratings.__getitem__, reverse=True)
        return ()

    summarizer._get_best_sentences = keep
    return summarizer


def sumy(lang):
    language = LANGUAGES.get(lang, lang)
    try:
        stemmer = Stemmer(language)
    except LookupError:
        stemmer = null_stemmer
    try:
        stop_words = get_stop_words(language)
    except LookupError:
        stop_words = frozenset()
    for name, kind in SUMY.items():
        summarizer = ranking(kind(stemmer))
        summarizer.stop_words = stop_words
        yield name, summarizer


def by_sumy(summarizer, sentences):
    words = Words()
    summarizer.order = list(range(len(sentences)))
    summarizer(ObjectDocumentModel([Paragraph([Sentence(text, words) for text in sentences])]), len(sentences))
    return summarizer.order


def by_summa(lang, sentences):
    """summa.summarizer.summarize without its splitter."""
    try:
        textcleaner.init_textcleanner(LANGUAGES.get(lang, lang), None)
    except ValueError:
        textcleaner.STEMMER, textcleaner.STOPWORDS = Identity, frozenset()
    units = textcleaner.merge_syntactic_units(sentences, textcleaner.filter_words(sentences))
    graph = build_graph([unit.token for unit in units])
    _set_graph_edge_weights(graph)
    remove_unreachable_nodes(graph)
    if not graph.nodes():
        return list(range(len(sentences)))
    _add_scores_to_sentences(units, pagerank_weighted_scipy(graph))
    units.sort(key=lambda unit: unit.score, reverse=True)
    order = [unit.index for unit in units]
    # What is left of a sentence without stop words may be nothing: such a one comes last.
    return order + [index for index in range(len(sentences)) if index not in order]


def main(path):
    kept = {}
    with open(path, encoding="utf8") as lines:
        for line in lines:
            record = json.loads(line)
            lang, sentences = record["lang"], record["sentences"]
            if lang not in kept:
                kept[lang] = list(sumy(lang))
            asked = [(name, peer) for name, peer in kept[lang] if name != "sumy KL" or not record["several"]]
            orders = {name: by_sumy(peer, sentences) for name, peer in asked}
            print(json.dumps({**orders, "summa TextRank": by_summa(lang, sentences)}))


if __name__ == "__main__":
    main(sys.argv[1])
