"""The recipe of a training run: one TOML file, kept beside the weights it gave."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


class RecipeError(Exception):
    """A recipe or a pair file that cannot be used; the message (Chinese) says where and what to do."""


@dataclass(frozen=True, slots=True)
class DataSource:
    """One file of pairs and how it is learnt.

    Attributes:
        name: for reports and progress.
        path: JSON Lines, plain or gzip; relative paths count from the recipe's own folder. `index.training.pairs` has the formats.
        positive: `passage` or `question`: which of the encoder's two prompts the right-hand side gets.
        repeat: how often every pair is seen; 0 for a file that is read only for the texts that another one names by their hash.
        graded: lists of graded answers (`index.training.graded`) instead of pairs.
        hard_batches: put pairs on like topics into one batch, so that the other answers in it are hard to tell apart. Only
            where two like answers are not both right.
        least_grade: for graded pairs, the grade from which the right-hand side counts as right.
    """

    name: str
    path: str
    positive: str = "passage"
    repeat: int = 1
    graded: bool = False
    hard_batches: bool = False
    least_grade: int = 2


@dataclass(frozen=True)
class Recipe:
    """All that decides what a run gives.

    Attributes:
        base: folder of the encoder to start from; empty for the base encoder of `index.base_encoder`.
        sources: what is learnt.
        seed: of the order of the batches and of dropout.
        batch_size: pairs, or graded lists, a batch; every other right-hand side of the batch is a negative.
        learning_rate: at its height; it rises linearly over `warmup` of the run and falls linearly to 0.
        warmup: share of the steps in [0, 1].
        weight_decay: AdamW's.
        temperature: of the softmax over the batch's cosines.
        symmetric: also learn to find the question of an answer.
        grade_sharpness: an answer graded one higher should be e^grade_sharpness times as likely.
        unjudged_grade: what the answers of the batch's other lists count as.
        lists_together: graded lists that share candidates and come in one batch, where each answer is encoded once; 1 for a plain shuffle.
        spare_near_unjudged: leave out of a list's loss the other lists' answers that lie nearer than its own candidates do on average:
            some of them would have been judged useful.
        other_question_weight: how much the question beside a list's judged one counts; with 0 it is not learnt.
        learnt_answers: answers of a batch of graded lists that learn, the others stand where they stood when last encoded: a
            processor then sees several times as many questions in the same time. 0 for all.
        dropout: share of activations dropped.
        max_tokens: texts are cut off there while learning.
        mini_batch_tokens: tokens that are encoded together (memory and speed only).
        cached_gradients: encode each batch twice, so that memory does not grow with it; without, a quarter faster (the same gradients).
        steps: stop after so many batches, the learning rate fallen to 0 by then; 0 for all.
        evaluate_every: steps between looks at the benches; 0 for none.
        save_every: steps between checkpoints.
        average_with_base: share of the starting weights in the finished ones in [0, 1).
    """

    sources: tuple[DataSource, ...]
    base: str = ""
    seed: int = 0
    batch_size: int = 96
    learning_rate: float = 3e-5
    warmup: float = 0.1
    weight_decay: float = 0.01
    temperature: float = 0.02
    symmetric: bool = True
    grade_sharpness: float = 1.5
    unjudged_grade: float = -7 / 3
    lists_together: int = 1
    spare_near_unjudged: bool = False
    other_question_weight: float = 0.5
    learnt_answers: int = 0
    dropout: float = 0.0
    max_tokens: int = 192
    mini_batch_tokens: int = 2_500
    cached_gradients: bool = True
    steps: int = 0
    evaluate_every: int = 0
    save_every: int = 100
    average_with_base: float = 0.0
    folder: Path = field(default=Path(), compare=False)

    @property
    def identity(self) -> str:
        """Twelve hex digits over everything but the folder: a checkpoint is resumed only by the same recipe."""
        values = {name: value for name, value in asdict(self).items() if name != "folder"}
        return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]

    def resolve(self, path: str) -> Path:
        """A path of the recipe, from the recipe's own folder."""
        return (self.folder / Path(path).expanduser()).resolve()


def read_recipe(path: Path) -> Recipe:
    """A recipe from its TOML file.

    Raises:
        RecipeError: the file is missing, broken, or has an unknown or impossible setting.
    """
    try:
        fields: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        sources = tuple(DataSource(**source) for source in fields.pop("sources", ()))
        recipe = Recipe(sources=sources, folder=path.resolve().parent, **fields)
    except OSError as error:
        raise RecipeError(f"配方 {path} 读不了：{error.strerror or error}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"配方 {path} 不是有效的 TOML：{error}") from error
    except TypeError as error:
        raise RecipeError(f"配方 {path} 有不认识的设置：{error}") from error
    _check(recipe, path)
    return recipe


def _check(recipe: Recipe, path: Path) -> None:
    if not recipe.sources:
        raise RecipeError(f"配方 {path} 没有一个 [[sources]]")
    for source in recipe.sources:
        if source.positive not in ("passage", "question"):
            raise RecipeError(f"配方 {path}：{source.name} 的 positive 应为 passage 或 question，而不是“{source.positive}”")
        if source.repeat < 0:
            raise RecipeError(f"配方 {path}：{source.name} 的 repeat 不能小于 0")
    if not any(source.repeat for source in recipe.sources):
        raise RecipeError(f"配方 {path}：每个 [[sources]] 的 repeat 都是 0，没有可学的")
    if recipe.lists_together < 1 or min(recipe.learnt_answers, recipe.other_question_weight) < 0:
        raise RecipeError(f"配方 {path}：lists_together 至少为 1，learnt_answers 与 other_question_weight 至少为 0")
    if recipe.batch_size < 2:
        raise RecipeError(f"配方 {path}：batch_size 至少为 2，一批里没有别的回答就学不到区别")
    if not (recipe.temperature > 0 and recipe.learning_rate > 0 and 0 <= recipe.average_with_base < 1 and 0 <= recipe.warmup <= 1):
        raise RecipeError(f"配方 {path}：temperature 与 learning_rate 应大于 0，warmup 在 0 到 1，average_with_base 在 0 到 1（不含 1）")
