"""Pair files: what a question is and what answers it.

JSON Lines, plain or gzip, one object a line, told apart by its fields:

- `query, positive`: a question and its answer;
- `query, other, label`: two questions and whether they mean the same (only those that do are learnt);
- `query, title, grade`: a search query and a page title, graded from 0 (from the recipe's `least_grade` they are learnt);
- `topic, qa: [[question, answer], ...]`: questions on one topic, each with its own answer: they share a batch;
- `answer: text or {"sha256": hex}, queries: [...]`: several questions for one answer. With a hash the answer stands in another
  source of the same recipe, so that questions of our own can be published without text that is not ours;
- `record: id, queries: [...]`: several questions for a record of the starter corpus.

Graded lists are another kind of file: `index.training.graded`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.clean import clean_line, clean_text
from corpus.paths import STARTER_CORPUS
from corpus.readers import Rejection
from corpus.readers.source import Source
from index.training.recipe import DataSource, Recipe, RecipeError


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and what answers it; pairs of one `topic` are hard to tell apart."""

    query: str
    positive: str
    topic: str = ""


def read_sources(recipe: Recipe) -> dict[str, list[Pair]]:
    """The pairs of each source of a recipe that has pairs, cleaned as questions and answers are before they are embedded.

    Raises:
        RecipeError: a file is missing or a line is of no known form, or the answer of a hash is in no source.
    """
    sources = [source for source in recipe.sources if not source.graded]
    rows = {source.name: list(read_rows(recipe.resolve(source.path))) for source in sources}
    answers = {hash_of(row["positive"]): row["positive"] for part in rows.values() for _, row in part if "positive" in row}
    starter = {str(row["id"]): str(row["answer"]) for _, row in read_rows(STARTER_CORPUS)}
    return {source.name: list(_pairs(recipe.resolve(source.path), rows[source.name], source, answers, starter)) for source in sources}


def _pairs(
    path: Path, rows: Iterable[tuple[int, dict[str, Any]]], source: DataSource, answers: dict[str, str], starter: dict[str, str]
) -> Iterator[Pair]:
    for number, row in rows:
        try:
            found = list(_pairs_of(row, source.least_grade, answers, starter))
        except (KeyError, TypeError, ValueError) as error:
            raise RecipeError(f"{path} 第 {number} 行：不是认识的成对数据（{type(error).__name__}：{error}）") from error
        for query, positive, topic in found:
            pair = Pair(clean_line(query), clean_text(positive), topic)
            if pair.query and pair.positive:
                yield pair


def _pairs_of(row: dict[str, Any], least_grade: int, answers: dict[str, str], starter: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    if "queries" in row:
        answer = starter[row["record"]] if "record" in row else _answer(row["answer"], answers)
        yield from ((query, answer, "") for query in row["queries"])
    elif "qa" in row:
        yield from ((question, answer, str(row["topic"])) for question, answer in row["qa"])
    elif "label" in row:
        if int(row["label"]) == 1:
            yield row["query"], row["other"], ""
    elif "grade" in row:
        if int(row["grade"]) >= least_grade:
            yield row["query"], row["title"], ""
    else:
        yield row["query"], row["positive"], ""


def _answer(answer: str | dict[str, str], answers: dict[str, str]) -> str:
    return answer if isinstance(answer, str) else answers[answer["sha256"]]


def hash_of(text: str) -> str:
    """What a text is named by where it cannot be shipped: 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Objects of a JSON Lines file with the numbers of their lines.

    Raises:
        RecipeError: it cannot be read, or a line is no JSON object.
    """
    try:
        for item in Source(path).lines():
            if isinstance(item, Rejection):
                raise RecipeError(str(item))
            number, line = item
            if line.strip():
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise RecipeError(f"{path} 第 {number} 行：不是 JSON 对象")
                yield number, row
    except OSError as error:
        raise RecipeError(f"{path} 读不了：{error.strerror or error}") from error
    except ValueError as error:
        raise RecipeError(f"{path}：有一行不是 JSON（{error}）") from error
