"""Remembered embeddings: which texts learn, that the others stand where they stood, and that a run with few of them still learns."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from index.training.remembered import RememberedEmbeddings


class Table:
    """An embedding for each first piece, which learns; keeps what it was asked for."""

    def __init__(self) -> None:
        self.weights = torch.arange(20.0).reshape(10, 2).requires_grad_()
        self.asked: list[list[int]] = []

    def __call__(self, texts: dict[str, Tensor]) -> Tensor:
        self.asked.append(texts["input_ids"][:, 0].tolist())
        return self.weights[texts["input_ids"][:, 0]]


def texts(*pieces: int, width: int = 3) -> dict[str, Tensor]:
    ids = torch.zeros(len(pieces), width, dtype=torch.long)
    ids[:, 0] = torch.tensor(pieces)
    return {"input_ids": ids, "attention_mask": (torch.arange(width) < 1).long().repeat(len(pieces), 1)}


def test_the_most_used_texts_learn_and_the_others_do_not() -> None:
    table = Table()
    embedded = RememberedEmbeddings(table, 2).embed(texts(4, 5, 6, 7), torch.tensor([1, 3, 1, 2]))
    assert embedded.tolist() == [[8, 9], [10, 11], [12, 13], [14, 15]]
    embedded.sum().backward()
    assert table.weights.grad is not None
    assert table.weights.grad.sum(dim=1).nonzero().flatten().tolist() == [5, 7]


def test_a_text_stands_where_it_was_last_encoded_whatever_it_is_padded_to() -> None:
    table = Table()
    remembered = RememberedEmbeddings(table, 1)
    remembered.embed(texts(1, 2), torch.tensor([2, 1]))
    with torch.no_grad():
        table.weights += 100
    embedded = remembered.embed(texts(1, 2, 3, width=5), torch.tensor([1, 1, 2]))
    # 3 learns and is new; 1 and 2 are not encoded again.
    assert embedded.tolist() == [[2, 3], [4, 5], [106, 107]]
    assert table.asked == [[2], [1], [3]]


def test_among_texts_used_alike_the_one_not_encoded_for_longest_learns() -> None:
    table = Table()
    remembered = RememberedEmbeddings(table, 1)
    learnt = []
    for _ in range(5):
        remembered.embed(texts(1, 2, 3), torch.tensor([1, 1, 1]))
        learnt.append(table.asked[-1])
    # At first all three are encoded, so the second batch begins anew.
    assert learnt == [[1], [1], [2], [3], [1]]


def test_the_loss_is_the_same_where_all_answers_learn(toy: Path) -> None:
    pytest.importorskip("datasets")
    from sentence_transformers import SentenceTransformer

    from index.training.listwise import GradedListLoss

    model = SentenceTransformer(str(toy), device="cpu").eval()
    columns = [["甲", "乙丙"], ["甲丁", "乙"], ["戊己", "辛辛"], ["庚" * 9, "戊己"]]
    features = [model.preprocess(column) for column in columns]

    def gradients(learnt: int) -> list[Tensor]:
        model.zero_grad()
        objective = GradedListLoss(model, temperature=0.1, sharpness=1.5, unjudged=-2.0, learnt_answers=learnt)
        objective(features, torch.tensor([[3, 0], [1, 2]])).backward()
        return [parameter.grad.clone() for parameter in model.parameters() if parameter.grad is not None]

    for plain, remembered in zip(gradients(0), gradients(3), strict=True):
        assert torch.allclose(plain, remembered, atol=1e-6)


def test_a_question_that_counts_nothing_changes_nothing(toy: Path) -> None:
    pytest.importorskip("datasets")
    from sentence_transformers import SentenceTransformer

    from index.training.listwise import GradedListLoss

    model = SentenceTransformer(str(toy), device="cpu").eval()
    loss = GradedListLoss(model, temperature=0.1, sharpness=1.5, unjudged=-2.0, other_weight=0.0)

    def value(others: list[str]) -> float:
        columns = [["甲", "乙丙"], others, ["戊己", "辛辛"], ["庚" * 9, "戊己"]]
        return float(loss([model.preprocess(column) for column in columns], torch.tensor([[3, 0], [1, 2]])).detach())

    assert value(["甲丁", "乙"]) == pytest.approx(value(["壬", "癸癸"]))


def test_a_run_in_which_few_answers_learn_orders_them_by_their_grades(toy: Path, tmp_path: Path) -> None:
    pytest.importorskip("datasets")
    pytest.importorskip("accelerate")
    from sentence_transformers import SentenceTransformer

    from index.training.recipe import read_recipe
    from index.training.run import train
    from tests.index.training.test_graded import graded_recipe
    from tests.toy_model import ALPHABET

    recipe = read_recipe(graded_recipe(tmp_path, toy, learnt_answers=3, other_question_weight=0.0))
    train(recipe, tmp_path / "checkpoints", tmp_path / "out", report=lambda _: None)
    model = SentenceTransformer(str(tmp_path / "out"), device="cpu").float()
    similar = model.encode_query([one * 2 for one in ALPHABET]) @ model.encode_document([one * 5 for one in ALPHABET]).T
    ordered = sum(row[(i + 1) % 10] > row[(i + 5) % 10] for i, row in enumerate(similar))
    assert ordered >= 9
