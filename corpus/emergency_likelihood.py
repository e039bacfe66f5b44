"""How much a typed question sounds like an emergency: evidence beside the rules of `corpus.red_flags`.

Rules know the wordings that somebody thought of; of emergencies put in other words they miss one in eight. A logistic regression over
character n-grams (Zhang, Zhao and LeCun, "Character-level Convolutional Networks for Text Classification", 2015, show how far these
plain features go) has learnt from 5,800 questions, half of them look-alikes, each with and without its asking words, and generalises from pieces of wordings. It is as
deterministic as a rule, needs no index and no encoder, and can say which words weighed most. A second one, over the emergencies
among them, tells which need an ambulance. `scripts/fit_emergencies.py` fits both.
"""

from __future__ import annotations

import functools
import gzip
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from corpus.clean import search_key
from corpus.lexicon import load_stopwords
from corpus.segment import word_spans

TABLE = Path(__file__).parent / "lexicon" / "emergency_ngrams.tsv.gz"
#: The same of an emergency: does it need 120, or is there time to be driven.
URGENCY_TABLE = TABLE.with_name("urgency_ngrams.tsv.gz")
LONGEST = 4
MAX_CHARACTERS = 2_000
#: Pieces of wording that are shown as the reason, at most.
MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Likelihood:
    """What the model says of a question.

    Attributes:
        probability: of an emergency, in [0, 1]; from balanced classes, so higher than among everyday questions.
        words: the pieces of the question that weighed most for one, in its order.
    """

    probability: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The fitted model.

    Attributes:
        weights: n-gram -> (inverse document frequency, coefficient).
        intercept: of the regression.
        threshold: probability from which the evidence counts.
    """

    weights: dict[str, tuple[float, float]]
    intercept: float
    threshold: float


def _key(text: str) -> str:
    return " ".join(search_key(text[:MAX_CHARACTERS]).split())


def ngrams(text: str) -> list[str]:
    """All runs of one to four characters of a search key, in order; spaces count as one character."""
    key = _key(text)
    return [key[start : start + length] for length in range(1, LONGEST + 1) for start in range(len(key) - length + 1)]


@functools.cache
def load_table(path: Path = TABLE) -> Table:
    """The model from its file: a line with intercept and threshold, then a line for each n-gram.

    Raises:
        OSError, ValueError: the file is missing or broken.
    """
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        intercept, threshold = (float(cell) for cell in next(lines).rstrip("\n").split("\t"))
        rows = (line.rstrip("\n").split("\t") for line in lines)
        return Table({gram: (float(idf), float(weight)) for gram, idf, weight in rows}, intercept, threshold)


def likelihood(question: str, table: Table | None = None) -> Likelihood:
    """How much a question sounds like an emergency. Never raises on any text."""
    value, shares = _weigh(question, table or load_table())
    return Likelihood(value, _heaviest(question, shares))


def probability(question: str, table: Table) -> float:
    """What a model says of a question, in [0, 1]. Never raises on any text; without the reasons, which take as long again to find."""
    return _weigh(question, table)[0]


def _weigh(question: str, table: Table) -> tuple[float, dict[str, float]]:
    """The probability, and what each n-gram of the question gives to its log-odds."""
    counts = Counter(ngrams(question))
    values = {gram: (1 + math.log(count)) * table.weights[gram][0] for gram, count in counts.items() if gram in table.weights}
    norm = math.sqrt(sum(value * value for value in values.values())) or 1.0
    shares = {gram: value * table.weights[gram][1] / norm for gram, value in values.items()}
    score = table.intercept + sum(shares.values())
    return 1 / (1 + math.exp(-max(min(score, 50.0), -50.0))), shares


def _heaviest(question: str, shares: dict[str, float]) -> tuple[str, ...]:
    """The pieces that weighed most, in whole words: every character carries its n-grams' shares, and the heaviest runs are told."""
    key = _key(question)
    weight = [0.0] * len(key)
    for gram, share in shares.items():
        start = key.find(gram)
        while start >= 0:
            for place in range(start, start + len(gram)):
                weight[place] += share / len(gram)
            start = key.find(gram, start + 1)
    if not weight or max(weight) <= 0:
        return ()
    level = max(weight) / 3
    runs: list[tuple[float, int, int]] = []
    start = 0
    for place in range(len(key) + 1):
        if place == len(key) or weight[place] < level or not key[place].isalnum():
            if place - start >= 2:
                runs.append((sum(weight[start:place]), start, place))
            start = place + 1
    if not runs:
        gram = max((gram for gram in shares if gram.isalnum() and len(gram) > 1), key=lambda gram: shares[gram], default="")
        return (gram,) if gram and shares[gram] > 0 else ()
    best = sorted(sorted(_in_words(key, runs), reverse=True)[:MOST_WORDS], key=lambda run: run[1])
    return tuple(dict.fromkeys(key[start:end] for _, start, end in best))


def _in_words(key: str, runs: list[tuple[float, int, int]]) -> list[tuple[float, int, int]]:
    """The runs, in order, from the beginning of a word to the end of one; those of stop words alone only where there are no others."""
    spans = list(word_spans(key))
    inside = {place for span in spans for place in range(span.start + 1, span.end)}
    telling = {place for span in spans if span.text not in load_stopwords() for place in range(span.start, span.end)}
    whole: list[tuple[float, int, int]] = []
    for run_weight, start, end in runs:
        while start in inside:
            start -= 1
        while end in inside:
            end += 1
        if whole and start < whole[-1][2]:
            before, start, last = whole.pop()
            run_weight, end = run_weight + before, max(end, last)
        whole.append((run_weight, start, end))
    return [run for run in whole if not telling.isdisjoint(range(run[1], run[2]))] or whole
