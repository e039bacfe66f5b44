"""Fit how much a question sounds like an emergency, and like one for 120 (`corpus.emergency_likelihood`); keep the weights in the lexicon.

Every question is learnt as it was typed, without what it asks (`corpus.asking`), and with something else asked, under the same label and
with one vote together: emergencies are told, other questions are asked, and a model that may learn that takes 吗 for health.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _console import fail, run
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import normalize

from corpus.asking import without_asking
from corpus.atomic import atomic_writer
from corpus.emergencies import NEARLY_CERTAIN
from corpus.emergency_likelihood import TABLE, URGENCY_TABLE, ngrams
from corpus.paths import ROOT
from corpus.red_flags import find_red_flags

DATA = ROOT / "tests" / "data"
#: Labelled questions, written blind by different people; each writer's are left out once to see what the others teach.
SETS = tuple(
    DATA / f"red_flags_{name}.jsonl" for name in ("dev", "dev_2", "dev_3", "dev_4", "dev_5", "dev_6", "dev_7", "plain_dev", "described_dev")
)
#: Everyday questions, so that these do not sound urgent; what the rules say of them is taken for true.
EVERYDAY = ROOT / "index" / "training" / "questions" / "starter.jsonl.gz"
NOT_HEALTH = DATA / "floor_dev.jsonl"
MOST_EVERYDAY = 2_000
#: Of look-alikes in the sets left out, the share that may sound urgent, in whichever form most do: each false alarm costs trust, each miss
#: can cost a life.
FALSE_ALARMS = 0.035
#: What may be asked of anything, urgent or not.
ASKED = (
    *("怎么办", "怎么回事", "是怎么回事，严重吗", "要不要去医院", "会不会有事", "是什么原因", "能不能自己好", "吃什么药", "要紧吗"),
    *("咋办", "咋整啊", "有事没", "该挂什么科", "是不是正常", "怎么处理", "需要去医院吗"),
)
#: From which probability an emergency is told to call 120. Classes are balanced, so neither mistake is made more often than the other.
CALLS = 0.5

#: Actions of an emergency of the body; who thinks of suicide is sent elsewhere, and only a rule does that.
_BODILY = ("120", "110或120", "急诊")

Labelled = list[tuple[str, bool]]


def main() -> None:
    """Fit on all sets, choose the threshold on sets left out, write the tables."""
    parser = argparse.ArgumentParser(description="拟合“听起来像急症”的判断，权重存到 corpus/lexicon/。阈值由轮流留出的一组决定。")
    parser.add_argument("--out", type=Path, default=TABLE, help="存到哪个文件")
    parser.add_argument("--urgency-out", type=Path, default=URGENCY_TABLE, help="要不要打120的判断存到哪个文件")
    arguments = parser.parse_args()
    try:
        rows = [written for path in SETS for written in _by_writer(_rows(path))]
        sets = [[(row["question"], bool(row["emergency"])) for row in one] for one in rows]
        urgency = [[(row["question"], row["action"] != "急诊") for row in one if row["action"] in _BODILY] for one in rows]
        everyday = [question for row in _rows(EVERYDAY) for question in row["queries"]]
        others = [row["question"] for row in _rows(NOT_HEALTH)]
    except (OSError, KeyError, json.JSONDecodeError) as error:
        fail(f"用来拟合的问题读不了：{error}")
    random.Random(2).shuffle(everyday)  # noqa: S311 - a sample, not a secret
    background = [(question, bool(find_red_flags(question))) for question in everyday[:MOST_EVERYDAY] + others]
    threshold = _threshold(sets, background)
    _write(arguments.out, _joined(sets) + background, threshold)
    print(f"轮流留出一组：该打120还是去急诊，说对 {_accuracy(urgency):.3f}")
    _write(arguments.urgency_out, _joined(urgency), CALLS)


def _write(path: Path, pairs: Labelled, threshold: float) -> None:
    counted = _counted(pairs)
    model = _fitted(counted, np.arange(len(pairs)))
    with atomic_writer(path) as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed:
        packed.write(f"{model.intercept:.4f}\t{threshold:.2f}\n".encode())
        for place in np.argsort(counted.grams[model.kept]):
            packed.write(f"{counted.grams[model.kept[place]]}\t{model.idf[place]:.3f}\t{model.weights[place]:.4f}\n".encode())
    print(f"{path}：{len(model.kept)} 个片段，阈值 {threshold:.2f}")


def _joined(sets: Sequence[Labelled]) -> Labelled:
    return [pair for one in sets for pair in one]


@dataclass(frozen=True, slots=True)
class _Counted:
    """Questions in their forms: the n-grams of each [forms of all questions, n-grams], and where each question's first form stands."""

    counts: csr_matrix
    grams: np.ndarray
    question: np.ndarray
    first: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True, slots=True)
class _Model:
    kept: np.ndarray
    idf: np.ndarray
    weights: np.ndarray
    intercept: float

    def values(self, counts: csr_matrix) -> csr_matrix:
        return normalize(counts[:, self.kept].multiply(self.idf).tocsr())

    def probability(self, counts: csr_matrix) -> np.ndarray:
        return 1 / (1 + np.exp(-(self.values(counts) @ self.weights + self.intercept)))


def _as_typed(question: str) -> str:
    return question


@functools.cache
def _asking(question: str) -> str:
    """What the question tells, and something asked that it did not ask; always the same of the same question."""
    chosen = int(hashlib.sha256(question.encode()).hexdigest(), 16)
    return without_asking(question).rstrip("，。！？?!, ") + ("，" if chosen // 100 % 2 else "") + ASKED[chosen % len(ASKED)]


#: The forms in which a question is learnt, and in which those left out are asked.
_FORMS: dict[str, Callable[[str], str]] = {"原样": _as_typed, "去掉问话": without_asking, "换上问话": _asking}


def _counted(pairs: Labelled) -> _Counted:
    forms = [list(dict.fromkeys(form(question) for form in _FORMS.values())) for question, _ in pairs]
    counter = CountVectorizer(analyzer=ngrams, dtype=np.float64)
    counts = counter.fit_transform([form for one in forms for form in one]).tocsr()
    counts.data = 1 + np.log(counts.data)
    lengths = np.array([len(one) for one in forms])
    first = np.cumsum(lengths) - lengths
    return _Counted(
        counts, counter.get_feature_names_out(), np.repeat(np.arange(len(pairs)), lengths), first, np.array([label for _, label in pairs])
    )


def _fitted(counted: _Counted, chosen: np.ndarray) -> _Model:
    """The regression over the forms of the chosen questions, which share their question's vote; n-grams that two questions have as typed."""
    found = np.bincount(counted.counts[counted.first[chosen]].indices, minlength=counted.counts.shape[1])
    kept = np.flatnonzero(found >= 2)
    idf = np.log((1 + len(chosen)) / (1 + found[kept])) + 1
    empty = _Model(kept, idf, np.zeros(len(kept)), 0.0)
    rows = np.flatnonzero(np.isin(counted.question, chosen))
    votes = 1 / np.bincount(counted.question)[counted.question[rows]]
    model = LogisticRegression(C=20, class_weight="balanced", solver="liblinear", random_state=0, max_iter=1_000)
    model.fit(empty.values(counted.counts[rows]), counted.labels[counted.question[rows]], sample_weight=votes)
    return _Model(kept, idf, model.coef_[0], float(model.intercept_[0]))


def _left_out(sets: Sequence[Labelled], background: Labelled) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The probability of each question in each form under a model that has not seen its set, and its label, all [questions]."""
    pairs = _joined(sets)
    counted = _counted(pairs + background)
    place = {gram: number for number, gram in enumerate(counted.grams)}
    counter = CountVectorizer(analyzer=ngrams, dtype=np.float64, vocabulary=place)
    asked: dict[str, csr_matrix] = {}
    for name, form in _FORMS.items():
        asked[name] = counter.transform([form(question) for question, _ in pairs]).tocsr()
        asked[name].data = 1 + np.log(asked[name].data)
    probabilities: dict[str, list[np.ndarray]] = {name: [] for name in _FORMS}
    start = 0
    for one in sets:
        chosen = np.concatenate([np.arange(start), np.arange(start + len(one), len(pairs) + len(background))])
        model = _fitted(counted, chosen)
        for name, counts in asked.items():
            probabilities[name].append(model.probability(counts[start : start + len(one)]))
        start += len(one)
    return {name: np.concatenate(found) for name, found in probabilities.items()}, np.array([label for _, label in pairs])


def _accuracy(urgency: Sequence[Labelled]) -> float:
    probability, label = _left_out(urgency, [])
    return float(((probability["原样"] >= CALLS) == label).mean())


def _threshold(sets: Sequence[Labelled], background: Labelled) -> float:
    """The lowest probability, in steps of .01, that at most `FALSE_ALARMS` of the look-alikes of a set left out reach in any form."""
    probability, label = _left_out(sets, background)
    steps = [round(step, 2) for step in np.arange(0.5, 0.96, 0.01)]
    found = next(
        (step for step in steps if all((one[~label] >= step).mean() <= FALSE_ALARMS for one in probability.values())),
        steps[-1],
    )
    for name, one in probability.items():
        told = f"阈值 {found:.2f} 时召回 {(one[label] >= found).mean():.3f}，误报 {(one[~label] >= found).mean():.3f}"
        sure = f"{NEARLY_CERTAIN:.2f} 以上 {(one >= NEARLY_CERTAIN).sum()} 句，其中急症占 {label[one >= NEARLY_CERTAIN].mean():.3f}"
        print(f"轮流留出一组，{name}：AUROC {roc_auc_score(label, one):.3f}；{told}；{sure}")
    return found


def _by_writer(rows: list[dict]) -> list[list[dict]]:
    """The questions of each writer: those of a set, or, where several people shared it, of each subject that one of them wrote `about`."""
    subjects = dict.fromkeys(row.get("about") for row in rows)
    return [[row for row in rows if row.get("about") == subject] for subject in subjects]


def _rows(path: Path) -> list[dict]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in content.decode().splitlines()]


if __name__ == "__main__":
    run(main)
