"""Graded lists: a question, answers that a search mined for it, and how well each would serve the asker.

Neither questions nor answers need to stand in the file. JSON Lines, plain or gzip: first `{"texts": [sha256, ...]}`, then one object a
list, which names texts by their place in it:

    {"queries": [0, 17], "candidates": [4, 9, ...], "given": 1, "grades": "2310..."}

`queries`: the question that was judged, then others that the same answer was written or given for; `grades`: a digit a candidate, 3 for
an answer to this very question, 2 for a useful one, 1 for a related subject, 0 for one that does not help; `given`: the place of the answer that
the question came with, which the judges did not know. The texts themselves stand in the recipe's other sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from corpus.clean import clean_line, clean_text
from index.training.pairs import hash_of, read_rows
from index.training.recipe import Recipe, RecipeError

HIGHEST = 3


@dataclass(frozen=True, slots=True)
class GradedList:
    """A question, other questions of the same answer, and candidates with their grades in 0 to `HIGHEST`."""

    query: str
    others: tuple[str, ...]
    candidates: tuple[str, ...]
    grades: tuple[int, ...]


def read_graded_sources(recipe: Recipe) -> dict[str, list[GradedList]]:
    """The lists of each graded source of a recipe, their texts cleaned as before they are embedded.

    Raises:
        RecipeError: a file is missing or not of the form, a text is in no source, or lists of one source differ in length.
    """
    graded = [source for source in recipe.sources if source.graded]
    if not graded:
        return {}
    others = (recipe.resolve(source.path) for source in recipe.sources if not source.graded)
    texts = {hash_of(text): text for path in others for _, row in read_rows(path) for text in _texts(row)}
    return {source.name: list(_lists(recipe.resolve(source.path), texts)) for source in graded}


def _texts(row: dict[str, Any]) -> Iterator[str]:
    """Every question and answer of a line of a pair file."""
    for value in (
        row.get("query"),
        row.get("positive"),
        row.get("answer"),
        *row.get("queries", ()),
        *chain.from_iterable(row.get("qa", ())),
    ):
        if isinstance(value, str):
            yield value


def _lists(path: Path, texts: dict[str, str]) -> Iterator[GradedList]:
    names: list[str] = []
    length = 0
    for number, row in read_rows(path):
        try:
            if not names:
                names = [str(name) for name in row["texts"]]
                continue
            found = _list(row, names, texts)
            length = length or len(found.candidates)
            if len(found.candidates) != length:
                raise ValueError(f"这一行有 {len(found.candidates)} 个候选，前面的有 {length} 个")
        except KeyError as error:
            raise RecipeError(
                f"{path} 第 {number} 行：缺 {error}；若是一段文字的摘要，请把有那段文字的文件也列在 [[sources]] 里"
            ) from error
        except (IndexError, TypeError, ValueError) as error:
            raise RecipeError(f"{path} 第 {number} 行：不是评了级的候选列表（{type(error).__name__}：{error}）") from error
        yield found


def _list(row: dict[str, Any], names: list[str], texts: dict[str, str]) -> GradedList:
    query, *others = (clean_line(texts[names[place]]) for place in row["queries"])
    grades = [int(digit) for digit in row["grades"]]
    if len(grades) != len(row["candidates"]) or len(grades) < 2 or max(grades) > HIGHEST:
        raise ValueError(f"{len(row['candidates'])} 个候选，评级是“{row['grades']}”")
    # Whoever asked was given this answer; a judge who sees no use in it has often seen only its beginning.
    given = int(row["given"])
    grades[given] = HIGHEST if grades[given] else HIGHEST - 1
    return GradedList(query, tuple(others), tuple(clean_text(texts[names[place]]) for place in row["candidates"]), tuple(grades))
