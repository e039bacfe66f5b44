"""Lists of graded answers: how they are read, what their loss is, and that it orders answers by their grades."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

import pytest

from index.training.graded import GradedList, read_graded_sources
from index.training.recipe import Recipe, RecipeError, read_recipe
from tests.toy_model import ALPHABET


def named(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def recipe(folder: Path, *graded: dict, **settings: object) -> Recipe:
    pairs = [
        {"query": "腿抽筋", "positive": "先拉伸。"},
        {"topic": "感冒", "qa": [["伤风咋办", "多喝水。"]]},
        {"answer": {"sha256": named("先拉伸。")}, "queries": [" 小腿转筋 "]},
    ]
    for name, rows in (("pairs", pairs), ("graded", graded)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    lines += ["[[sources]]", 'name = "pairs"', 'path = "pairs.jsonl"', "repeat = 0"]
    lines += ["[[sources]]", 'name = "graded"', 'path = "graded.jsonl"', "graded = true"]
    (folder / "recipe.toml").write_text("\n".join(lines), encoding="utf-8")
    return read_recipe(folder / "recipe.toml")


def graded_recipe(folder: Path, toy: Path, *, repeat: int = 40, **settings: object) -> Path:
    """A recipe of ten lists in `folder`: a character's successor serves it best, the one after it half, which no untaught model could know."""
    around = [ALPHABET[i:] + ALPHABET[:i] for i in range(len(ALPHABET))]
    pairs = [{"query": one[0] * 2, "positive": one[0] * 5} for one in around]
    names = [named(one[0] * 2) for one in around] + [named(one[0] * 5) for one in around]
    lists = [
        {"queries": [i], "candidates": [10 + (i + step) % 10 for step in (5, 2, 1, 7)], "given": 2, "grades": "0130"}
        for i in range(len(ALPHABET))
    ]
    for name, rows in (("pairs", pairs), ("graded", [{"texts": names}, *lists])):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    values = {"base": str(toy), "batch_size": 5, "learning_rate": 5e-3, "temperature": 0.1, "max_tokens": 32, **settings}
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    lines += ["[[sources]]", 'name = "pairs"', 'path = "pairs.jsonl"', "repeat = 0"]
    lines += ["[[sources]]", 'name = "graded"', 'path = "graded.jsonl"', "graded = true", f"repeat = {repeat}"]
    path = folder / "recipe.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


TEXTS = {"texts": [named(text) for text in ("腿抽筋", " 小腿转筋 ", "先拉伸。", "多喝水。")]}


def test_texts_are_found_by_their_hashes_in_the_other_sources(tmp_path: Path) -> None:
    rows = (
        {"queries": [0, 1], "candidates": [3, 2], "given": 1, "grades": "01"},
        {"queries": [1], "candidates": [2, 3], "given": 0, "grades": "00"},
    )
    found = read_graded_sources(recipe(tmp_path, TEXTS, *rows))
    assert found == {
        "graded": [
            # The given answer counts 3 where a judge saw any use in it, and 2 where none was seen.
            GradedList("腿抽筋", ("小腿转筋",), ("多喝水。", "先拉伸。"), (0, 3)),
            GradedList("小腿转筋", (), ("先拉伸。", "多喝水。"), (2, 0)),
        ]
    }


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([{"queries": [0], "candidates": [2, 3], "given": 0, "grades": "30"}], "第 1 行"),
        ([TEXTS, {"queries": [0], "candidates": [2, 9], "given": 0, "grades": "30"}], "第 2 行：不是评了级的候选列表"),
        ([TEXTS, {"queries": [0], "candidates": [2, 3], "given": 0, "grades": "301"}], "2 个候选，评级是“301”"),
        ([TEXTS, {"queries": [0], "candidates": [2, 3], "given": 0, "grades": "40"}], "评级是“40”"),
        ([TEXTS, {"queries": [], "candidates": [2, 3], "given": 0, "grades": "30"}], "第 2 行"),
        (
            [{"texts": [named("谁也没有的文字"), *TEXTS["texts"]]}, {"queries": [0], "candidates": [2, 3], "given": 0, "grades": "30"}],
            "也列在",
        ),
        (
            [
                TEXTS,
                {"queries": [0], "candidates": [2, 3], "given": 0, "grades": "30"},
                {"queries": [0], "candidates": [2, 3, 2], "given": 0, "grades": "300"},
            ],
            "第 3 行.*3 个候选，前面的有 2 个",
        ),
    ],
)
def test_a_line_that_is_no_graded_list_is_named(tmp_path: Path, rows: list[dict], says: str) -> None:
    with pytest.raises(RecipeError, match=says):
        read_graded_sources(recipe(tmp_path, *rows))


def test_something_must_be_learnt(tmp_path: Path) -> None:
    (tmp_path / "recipe.toml").write_text('[[sources]]\nname = "a"\npath = "a.jsonl"\nrepeat = 0\n', encoding="utf-8")
    with pytest.raises(RecipeError, match="没有可学的"):
        read_recipe(tmp_path / "recipe.toml")


def test_the_loss_is_the_divergence_from_the_grades_softmax(toy: Path) -> None:
    pytest.importorskip("datasets")
    import torch
    from sentence_transformers import SentenceTransformer

    from index.training.listwise import GradedListLoss

    model = SentenceTransformer(str(toy), device="cpu").eval()
    queries, others = ["甲", "乙丙" * 6], ["甲丁", "乙"]
    # 戊己 stands in both lists, so it is known to both questions; 庚 and 辛辛 each only to one.
    candidates = [["戊己", "庚" * 9], ["辛辛", "戊己"]]
    grades = [[3, 0], [1, 2]]
    loss = GradedListLoss(model, temperature=0.1, sharpness=1.5, unjudged=-2.0, mini_batch_tokens=12, autocast=None)
    columns = [queries, others, *map(list, zip(*candidates, strict=True))]
    value = loss([model.preprocess(column) for column in columns], torch.tensor(grades))

    def divergence(question: str, known: dict[str, float]) -> float:
        texts = ["戊己", "庚" * 9, "辛辛"]
        vectors = model.encode(texts, convert_to_numpy=True)
        cosines = vectors @ model.encode(question, convert_to_numpy=True) / 0.1
        wanted = [math.exp(1.5 * known.get(text, -2.0)) for text in texts]
        likely = [math.exp(float(cosine)) for cosine in cosines]
        return sum(w / sum(wanted) * math.log((w / sum(wanted)) / (p / sum(likely))) for w, p in zip(wanted, likely, strict=True))

    known = [{"戊己": 3, "庚" * 9: 0}, {"辛辛": 1, "戊己": 2}]
    expected = sum(divergence(queries[i], known[i]) + 0.5 * divergence(others[i], known[i]) for i in (0, 1)) / 3
    assert float(value.detach()) == pytest.approx(expected, rel=1e-4)


def test_an_unjudged_answer_that_lies_nearer_than_the_judged_ones_is_left_out(toy: Path) -> None:
    pytest.importorskip("datasets")
    import torch
    from sentence_transformers import SentenceTransformer

    from index.training.listwise import GradedListLoss

    model = SentenceTransformer(str(toy), device="cpu").eval()
    # The second list's first answer is the first question itself: nearer to it than its own two, and never judged for it.
    candidates = [["戊己", "庚" * 9], ["甲", "壬癸"]]
    columns = [["甲", "乙"], ["甲", "乙"], *map(list, zip(*candidates, strict=True))]
    grades = torch.tensor([[3, 0], [2, 0]])

    def loss(*, spare_near: bool) -> float:
        objective = GradedListLoss(model, temperature=0.1, sharpness=1.5, unjudged=-2.0, spare_near=spare_near)
        return float(objective([model.preprocess(column) for column in columns], grades).detach())

    vectors = {text: model.encode(text, convert_to_numpy=True) for text in ("甲", "乙", "戊己", "庚" * 9, "壬癸")}

    def divergence(question: str, known: dict[str, int]) -> float:
        cosines = {text: float(vectors[text] @ vectors[question]) for text in ("戊己", "庚" * 9, "甲", "壬癸")}
        usual = sum(cosines[text] for text in known) / len(known)
        kept = [text for text in cosines if text in known or cosines[text] <= usual]
        wanted = [math.exp(1.5 * known.get(text, -2)) for text in kept]
        likely = [math.exp(cosines[text] / 0.1) for text in kept]
        return sum(w / sum(wanted) * math.log((w / sum(wanted)) / (p / sum(likely))) for w, p in zip(wanted, likely, strict=True))

    expected = (divergence("甲", {"戊己": 3, "庚" * 9: 0}) + divergence("乙", {"甲": 2, "壬癸": 0})) / 2
    assert loss(spare_near=True) == pytest.approx(expected, rel=1e-4)
    assert loss(spare_near=False) > loss(spare_near=True)


def test_what_is_learnt_is_the_order_of_the_grades(toy: Path, tmp_path: Path) -> None:
    pytest.importorskip("datasets")
    pytest.importorskip("accelerate")
    from sentence_transformers import SentenceTransformer

    from index.training.run import train

    path = graded_recipe(tmp_path, toy)
    said: list[str] = []
    train(read_recipe(path), tmp_path / "checkpoints", tmp_path / "out", report=said.append)
    around = [ALPHABET[i:] + ALPHABET[:i] for i in range(len(ALPHABET))]
    learnt = SentenceTransformer(str(tmp_path / "out"), device="cpu").float()
    cosines = learnt.encode([one[0] * 2 for one in around]) @ learnt.encode([one[0] * 5 for one in around]).T
    in_order = [
        cosines[i, (i + 1) % 10] > cosines[i, (i + 2) % 10] > max(cosines[i, (i + 5) % 10], cosines[i, (i + 7) % 10]) for i in range(10)
    ]
    assert sum(in_order) >= 8
    assert any("10 个评了级的列表，共学 400 次" in sentence for sentence in said)
