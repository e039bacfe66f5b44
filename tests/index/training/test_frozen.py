"""Frozen layers: the same embeddings, each text once through them, and a run that leaves them as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("datasets")
pytest.importorskip("accelerate")

import torch
from sentence_transformers import SentenceTransformer

from index.training.frozen import FrozenLayers
from index.training.recipe import RecipeError, read_recipe
from index.training.run import train
from tests.index.training.test_graded import graded_recipe

TEXTS = ["甲", "乙丙" * 9, "丁戊己"]


def test_embeddings_are_the_encoder_s_own_whatever_a_text_is_padded_to(toy: Path) -> None:
    model = SentenceTransformer(str(toy), device="cpu").eval()
    frozen = FrozenLayers(model, 1)
    with torch.no_grad():
        expected = model(model.preprocess(TEXTS))["sentence_embedding"]
        # The second time they come from memory, and the short ones without the long one's padding.
        for texts, rows in ((TEXTS, [0, 1, 2]), (["丁戊己", "甲"], [2, 0])):
            assert torch.allclose(frozen.embed(model.preprocess(texts)), expected[rows], atol=2e-3)


def test_a_text_goes_through_the_frozen_layers_once(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = SentenceTransformer(str(toy), device="cpu").eval()
    frozen = FrozenLayers(model, 1)
    seen: list[int] = []
    model[0].auto_model.encoder.layer[0].register_forward_pre_hook(lambda _, inputs: seen.append(len(inputs[0])))
    frozen.embed(model.preprocess(TEXTS))
    frozen.embed(model.preprocess([*TEXTS, "庚"]))
    assert seen == [3, 1]


@pytest.mark.parametrize("count", [2, 3])
def test_a_layer_must_be_left_to_learn(toy: Path, tmp_path: Path, count: int) -> None:
    recipe = read_recipe(graded_recipe(tmp_path, toy, frozen_layers=count))
    with pytest.raises(RecipeError, match="frozen_layers 应在 1 到 1 之间"):
        train(recipe, tmp_path / "checkpoints", tmp_path / "out")


def test_frozen_layers_cannot_be_remembered_with_dropout(toy: Path, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="dropout 应为 0"):
        read_recipe(graded_recipe(tmp_path, toy, frozen_layers=1, dropout=0.1))


def test_a_run_changes_the_upper_layers_only(toy: Path, tmp_path: Path) -> None:
    recipe = read_recipe(graded_recipe(tmp_path, toy, frozen_layers=1, lists_together=2, spare_near_unjudged=True, repeat=4))
    train(recipe, tmp_path / "checkpoints", tmp_path / "out", report=lambda _: None)
    before, after = (SentenceTransformer(str(folder), device="cpu").half().state_dict() for folder in (toy, tmp_path / "out"))
    changed = {name for name, value in before.items() if not torch.equal(value, after[name])}
    assert changed
    assert all(".layer.1." in name for name in changed)
