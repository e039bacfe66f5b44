from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from sentence_transformers import SentenceTransformer

from index.training.average import average_encoders
from index.training.recipe import RecipeError

BIAS = "encoder.layer.0.output.dense.bias"


def filled(toy: Path, folder: Path, value: float) -> Path:
    """The toy encoder with one of its biases set to a value throughout."""
    model = SentenceTransformer(str(toy), device="cpu")
    with torch.no_grad():
        model[0].auto_model.get_parameter(BIAS).fill_(value)
    model.save_pretrained(str(folder), create_model_card=False)
    return folder


def bias(folder: Path) -> torch.Tensor:
    return SentenceTransformer(str(folder), device="cpu").float()[0].auto_model.get_parameter(BIAS)


def test_weights_are_the_mean_by_share(toy: Path, tmp_path: Path) -> None:
    members = [(filled(toy, tmp_path / "one", 1.0), 3.0), (filled(toy, tmp_path / "five", 5.0), 1.0)]
    average_encoders(members, tmp_path / "mean")
    assert bias(tmp_path / "mean").tolist() == pytest.approx([2.0] * 32)  # (3 x 1 + 1 x 5) / 4
    assert json.loads((tmp_path / "mean" / "average.json").read_text()) == {"one": 0.75, "five": 0.25}


def test_the_mean_of_one_is_itself(toy: Path, tmp_path: Path) -> None:
    average_encoders([(toy, 0.5)], tmp_path / "same")
    texts = ["甲乙", "丙"]
    before, after = (SentenceTransformer(str(folder), device="cpu").float().encode(texts) for folder in (toy, tmp_path / "same"))
    assert (before * after).sum(axis=1) == pytest.approx(1, abs=1e-4)  # half precision between them


@pytest.mark.parametrize("share", [0.0, -1.0])
def test_a_share_must_count(toy: Path, tmp_path: Path, share: float) -> None:
    with pytest.raises(RecipeError, match="大于 0"):
        average_encoders([(toy, share)], tmp_path / "mean")


def test_what_cannot_be_averaged_is_named(toy: Path, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="nothing 不是"):
        average_encoders([(toy, 1), (tmp_path / "nothing", 1)], tmp_path / "mean")
    with pytest.raises(RecipeError, match="已经存在"):
        average_encoders([(toy, 1)], toy)
    other = shutil.copytree(toy, tmp_path / "other")
    settings = json.loads((other / "config_sentence_transformers.json").read_text())
    settings["prompts"] = {"query": "问：", "document": ""}
    (other / "config_sentence_transformers.json").write_text(json.dumps(settings))
    with pytest.raises(RecipeError, match="提示语"):
        average_encoders([(toy, 1), (other, 1)], tmp_path / "mean")
    assert not (tmp_path / "mean").exists()
