"""Fit how much a question sounds like an emergency, and like one for 120 (`corpus.emergency_likelihood`); keep the weights in the lexicon."""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from _console import fail, run
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from corpus.atomic import atomic_writer
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
#: Of look-alikes in the sets left out, the share that may sound urgent: each false alarm costs trust, each miss can cost a life.
FALSE_ALARMS = 0.035
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
    vectorizer, model = _fitted(pairs)
    with atomic_writer(path) as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed:
        packed.write(f"{model.intercept_[0]:.4f}\t{threshold:.2f}\n".encode())
        for gram, place in sorted(vectorizer.vocabulary_.items()):
            packed.write(f"{gram}\t{vectorizer.idf_[place]:.3f}\t{model.coef_[0, place]:.4f}\n".encode())
    print(f"{path}：{len(vectorizer.vocabulary_)} 个片段，阈值 {threshold:.2f}")


def _joined(sets: Sequence[Labelled]) -> Labelled:
    return [pair for one in sets for pair in one]


def _left_out(sets: Sequence[Labelled], background: Labelled) -> tuple[np.ndarray, np.ndarray]:
    """The probability of each question under a model that has not seen its set, and its label, both [questions]."""
    probabilities = []
    for number, left_out in enumerate(sets):
        vectorizer, model = _fitted(_joined([*sets[:number], *sets[number + 1 :]]) + background)
        probabilities.append(model.predict_proba(vectorizer.transform([question for question, _ in left_out]))[:, 1])
    return np.concatenate(probabilities), np.array([label for _, label in _joined(sets)])


def _accuracy(urgency: Sequence[Labelled]) -> float:
    probability, label = _left_out(urgency, [])
    return float(((probability >= CALLS) == label).mean())


def _threshold(sets: Sequence[Labelled], background: Labelled) -> float:
    """The lowest probability, in steps of .05, that at most `FALSE_ALARMS` of the look-alikes of a set left out reach."""
    probability, label = _left_out(sets, background)
    found = 0.95
    for step in np.arange(0.5, 1.0, 0.05):
        if (probability[~label] >= step).mean() <= FALSE_ALARMS:
            found = float(step)
            break
    recall, alarms = (probability[label] >= found).mean(), (probability[~label] >= found).mean()
    print(f"轮流留出一组：AUROC {roc_auc_score(label, probability):.3f}；阈值 {found:.2f} 时召回 {recall:.3f}，误报 {alarms:.3f}")
    return found


def _fitted(pairs: Labelled) -> tuple[TfidfVectorizer, LogisticRegression]:
    vectorizer = TfidfVectorizer(analyzer=ngrams, sublinear_tf=True, min_df=2)
    model = LogisticRegression(C=20, class_weight="balanced", max_iter=3_000)
    model.fit(vectorizer.fit_transform([question for question, _ in pairs]), [label for _, label in pairs])
    return vectorizer, model


def _by_writer(rows: list[dict]) -> list[list[dict]]:
    """The questions of each writer: those of a set, or, where several people shared it, of each subject that one of them wrote `about`."""
    subjects = dict.fromkeys(row.get("about") for row in rows)
    return [[row for row in rows if row.get("about") == subject] for subject in subjects]


def _rows(path: Path) -> list[dict]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in content.decode().splitlines()]


if __name__ == "__main__":
    run(main)
