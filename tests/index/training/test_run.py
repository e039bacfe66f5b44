"""A whole run on a toy model: what is learnt in a few steps, resuming, and the finished folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("datasets")
pytest.importorskip("accelerate")

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

from index.training.objective import LengthSortedRankingLoss
from index.training.recipe import RecipeError, read_recipe
from index.training.run import finish, load_trainable, train
from tests.toy_model import ALPHABET

SUCCESSORS = dict(zip(ALPHABET, ALPHABET[1:] + ALPHABET[:1], strict=True))


def write_recipe(folder: Path, toy: Path, **settings: object) -> Path:
    # What answers a character is its successor: nothing that an untaught model could know.
    pairs = [{"query": one * 2, "positive": after * length} for one, after in SUCCESSORS.items() for length in (3, 9, 20)]
    (folder / "pairs.jsonl").write_text("\n".join(json.dumps(pair) for pair in pairs), encoding="utf-8")
    values = {"base": str(toy), "batch_size": 5, "learning_rate": 5e-3, "save_every": 2, "max_tokens": 32, **settings}
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    lines += ["[[sources]]", 'name = "pairs"', 'path = "pairs.jsonl"', "repeat = 20", "hard_batches = true"]
    path = folder / "recipe.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_run_learns_ends_in_half_precision_and_keeps_its_recipe(tmp_path: Path, toy: Path) -> None:
    said: list[str] = []
    train(read_recipe(write_recipe(tmp_path, toy)), tmp_path / "checkpoints", tmp_path / "out", report=said.append)
    stored = SentenceTransformer(str(tmp_path / "out"), device="cpu")
    assert {parameter.dtype for parameter in stored.parameters()} == {torch.float16}
    learnt = stored.float()
    questions = [one * 2 for one in ALPHABET]
    answers = [SUCCESSORS[one] * 9 for one in ALPHABET]
    right = (learnt.encode(questions) @ learnt.encode(answers).T).argmax(axis=1).tolist()
    before = SentenceTransformer(str(toy), device="cpu")
    untaught = (before.encode(questions) @ before.encode(answers).T).argmax(axis=1).tolist()
    expected = list(range(len(ALPHABET)))
    assert sum(map(int.__eq__, untaught, expected)) <= 3
    assert sum(map(int.__eq__, right, expected)) >= 7
    assert json.loads((tmp_path / "out" / "recipe.json").read_text())["batch_size"] == 5
    with pytest.raises(RecipeError, match="已经存在"):
        train(read_recipe(tmp_path / "recipe.toml"), tmp_path / "checkpoints", tmp_path / "out")


def test_a_run_that_fails_while_it_writes_leaves_nothing(tmp_path: Path, toy: Path) -> None:
    recipe = read_recipe(write_recipe(tmp_path, toy))
    out = tmp_path / "encoders" / "out"
    with pytest.raises(TypeError):
        finish(recipe, load_trainable(recipe), out, [{"loss": object()}])
    assert list(out.parent.iterdir()) == []


def test_what_another_run_has_written_meanwhile_is_not_taken_for_ours(tmp_path: Path, toy: Path) -> None:
    recipe = read_recipe(write_recipe(tmp_path, toy))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "modules.json").write_text("another's")
    with pytest.raises(RecipeError, match="已经存在"):
        finish(recipe, load_trainable(recipe), tmp_path / "out")
    assert (tmp_path / "out" / "modules.json").read_text() == "another's"


@pytest.mark.slow
def test_an_interrupted_run_goes_on_from_its_checkpoint(tmp_path: Path, toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = read_recipe(write_recipe(tmp_path, toy))
    said: list[str] = []

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("index.training.run.finish", stop)
    with pytest.raises(KeyboardInterrupt):
        train(recipe, tmp_path / "checkpoints", tmp_path / "out", report=said.append)
    monkeypatch.undo()
    assert not (tmp_path / "out").exists()
    train(recipe, tmp_path / "checkpoints", tmp_path / "out", report=said.append)
    assert any("从检查点继续" in sentence for sentence in said)
    assert (tmp_path / "out" / "modules.json").exists()


@pytest.mark.slow
def test_the_finished_weights_are_the_average_that_was_asked_for(tmp_path: Path, toy: Path) -> None:
    folders = {}
    for share in (0.0, 0.5):
        folder = tmp_path / str(share)
        folder.mkdir()
        train(read_recipe(write_recipe(folder, toy, average_with_base=share)), folder / "ck", folder / "out", report=lambda _: None)
        folders[share] = SentenceTransformer(str(folder / "out"), device="cpu").float().state_dict()
    base = SentenceTransformer(str(toy), device="cpu").state_dict()
    for name, value in folders[0.5].items():
        assert torch.allclose(value, 0.5 * base[name] + 0.5 * folders[0.0][name], atol=2e-3), name


@pytest.mark.parametrize("cached", [True, False])
def test_sorting_by_length_changes_neither_loss_nor_gradients(toy: Path, cached: bool) -> None:
    queries = ["甲乙", "丙" * 20, "丁戊己", "庚" * 9]
    answers = ["甲" * 15, "丙丁", "戊" * 30, "庚辛"]
    figures = []
    for sort in (True, False):
        model = SentenceTransformer(str(toy), device="cpu").eval()
        loss = (
            LengthSortedRankingLoss(model, temperature=0.05, mini_batch_tokens=40, cached=cached, autocast=None)
            if sort
            else MultipleNegativesRankingLoss(model, scale=20, directions=("query_to_doc", "doc_to_query"), partition_mode="per_direction")
        )
        value = loss([model.preprocess(queries), model.preprocess(answers)], torch.zeros(4))
        value.backward()
        gradients = {name: parameter.grad for name, parameter in model.named_parameters() if parameter.grad is not None}
        figures.append((float(value.detach()), gradients))
    (one, mine), (other, theirs) = figures
    assert one == pytest.approx(other, rel=1e-4)
    assert mine.keys() == theirs.keys()
    for name in mine:
        assert torch.allclose(mine[name], theirs[name], atol=1e-5), name
