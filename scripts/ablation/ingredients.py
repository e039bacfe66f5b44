"""The ingredients that can be taken out of the ranking, and how a search goes without one.

The search is the product's own. What belongs to the question is taken out by putting a stand-in in place of the function that
`index.search` calls; what belongs to the tokens by writing the lexical arm's postings anew, with other tokens on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from unittest import mock

import jieba

from corpus.clean import search_key
from corpus.lexicon import load_stopwords
from corpus.segment import word_spans
from corpus.spelling import Corrected
from index import search
from index.fuse import Fusion

Tokens = Callable[[str], list[str]]

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Ingredient:
    """One row of the table.

    Attributes:
        name: what is taken out (Chinese).
        stand_ins: names of `index.search` -> what stands in for them.
        tokens: the lexical arm's tokens without it, of documents and questions; None where they stay.
        fusion: the weights without it, from the fitted ones.
    """

    name: str
    stand_ins: Mapping[str, Any] = field(default_factory=dict)
    tokens: Tokens | None = None
    fusion: Callable[[Fusion], Fusion] = lambda fitted: fitted

    @contextmanager
    def stood_in_for(self) -> Iterator[None]:
        """While it lasts, `index.search` calls the stand-ins. What it remembers of questions was worked out with others, so it forgets that."""
        with ExitStack() as stack:
            stack.callback(search.asked_part.cache_clear)  # the last to happen, when the stand-ins are gone
            for name, stand_in in self.stand_ins.items():
                stack.enter_context(mock.patch.object(search, name, stand_in))
            search.asked_part.cache_clear()
            yield


def words_alone(text: str) -> list[str]:
    """Without the character bigrams."""
    stop = load_stopwords()
    return [span.text for span in word_spans(search_key(text)) if span.text not in stop]


def bigrams_alone(text: str) -> list[str]:
    """Without jieba's words."""
    return [run[at : at + 2] for run in _HAN.findall(search_key(text)) for at in range(len(run) - 1)]


def with_stop_words(text: str) -> list[str]:
    """Without the list of stop words: what every answer says counts too."""
    key = search_key(text)
    return [span.text for span in word_spans(key)] + bigrams_alone(text)


class WithoutLexicon:
    """Without the medical words that jieba does not know by itself."""

    def __init__(self) -> None:
        self._jieba: jieba.Tokenizer | None = None

    def __call__(self, text: str) -> list[str]:
        """The tokens, jieba's own dictionary cutting."""
        self._jieba = self._jieba or jieba.Tokenizer()
        stop, key = load_stopwords(), search_key(text)
        cut = (word for word in self._jieba.cut_for_search(key) if re.search(r"\w", word) and word not in stop)
        return [*cut, *bigrams_alone(text)]


INGREDIENTS = (
    Ingredient("无（完整）"),
    Ingredient("字的二元组", tokens=words_alone),
    Ingredient("jieba 的词", tokens=bigrams_alone),
    Ingredient("医学词典", tokens=WithoutLexicon()),
    Ingredient("停用词表", tokens=with_stop_words),
    Ingredient("同义词", {"synonyms_of": lambda _: ()}),
    Ingredient("纠错", {"put_right": lambda text: Corrected(text, ())}),
    Ingredient("去口头语", {"without_fillers": lambda text: text}),
    Ingredient("去排除的病", {"without_ruled_out": lambda text: text}),
    Ingredient("合适的人", {"asked_for": lambda _: ()}),
    Ingredient("体裁的权重", {"KIND_WEIGHT": dict.fromkeys(("answer", "article", "disease"), 1.0)}),
    Ingredient("问题自己的向量", fusion=lambda fitted: replace(fitted, question_weight=0.0)),
    Ingredient("段落的向量", fusion=lambda fitted: replace(fitted, question_weight=1.0)),
    Ingredient("拟合的权重", fusion=lambda _: Fusion(0.5, 0.5, 0.5)),
    Ingredient("词的一臂", fusion=lambda fitted: replace(fitted, word_weight=0.0, answer_word_weight=0.0)),
    Ingredient("向量的一臂", fusion=lambda fitted: replace(fitted, word_weight=1.0, answer_word_weight=1.0)),
)
