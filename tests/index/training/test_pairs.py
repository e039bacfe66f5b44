from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from index.training.pairs import Pair, read_sources
from index.training.recipe import Recipe, RecipeError, read_recipe


def write(path: Path, *rows: dict) -> str:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path.name


def recipe(tmp_path: Path, *sources: tuple[str, str], **settings: object) -> Recipe:
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    for name, path in sources:
        lines += ["[[sources]]", f'name = "{name}"', f'path = "{path}"']
    (tmp_path / "recipe.toml").write_text("\n".join(lines), encoding="utf-8")
    return read_recipe(tmp_path / "recipe.toml")


def test_every_form_of_pair_file(tmp_path: Path) -> None:
    answer = "先拉伸。\n再热敷。"
    digest = hashlib.sha256(answer.encode()).hexdigest()
    made = recipe(
        tmp_path,
        ("a", write(tmp_path / "a.jsonl", {"query": " 腿抽筋 ", "positive": answer})),
        ("b", write(tmp_path / "b.jsonl", {"query": "甲", "other": "乙", "label": 1}, {"query": "甲", "other": "丙", "label": 0})),
        ("c", write(tmp_path / "c.jsonl", {"query": "甲", "title": "高", "grade": 2}, {"query": "甲", "title": "低", "grade": 1})),
        ("d", write(tmp_path / "d.jsonl", {"topic": "感冒", "qa": [["问一", "答一"], ["问二", "答二"]]})),
        ("e", write(tmp_path / "e.jsonl", {"answer": {"sha256": digest}, "queries": ["小腿转筋"]}, {"answer": "原文", "queries": ["问"]})),
        ("f", write(tmp_path / "f.jsonl", {"record": "starter-01-001", "queries": ["伤风"]})),
    )
    found = read_sources(made)
    assert [pair.query for pair in found["a"]] == ["腿抽筋"]
    assert found["b"] == [Pair("甲", "乙")]
    assert found["c"] == [Pair("甲", "高")]
    assert found["d"] == [Pair("问一", "答一", "感冒"), Pair("问二", "答二", "感冒")]
    assert found["e"] == [Pair("小腿转筋", found["a"][0].positive), Pair("问", "原文")]
    assert found["f"][0].positive.startswith("普通感冒")


def test_gzip_is_read_too(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write('{"query": "问", "positive": "答"}\n\n')
    assert read_sources(recipe(tmp_path, ("a", "a.jsonl.gz")))["a"] == [Pair("问", "答")]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"query": "只有问"}', "a.jsonl 第 1 行"),
        ('{"answer": {"sha256": "0"}, "queries": ["问"]}', "a.jsonl 第 1 行"),
        ('{"record": "no-such", "queries": ["问"]}', "a.jsonl 第 1 行"),
        ("[1]", "a.jsonl 第 1 行"),
        ("{", "a.jsonl"),
    ],
)
def test_a_line_of_no_known_form_is_named(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "a.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(RecipeError, match=says):
        read_sources(recipe(tmp_path, ("a", "a.jsonl")))


def test_a_missing_pair_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="读不了"):
        read_sources(recipe(tmp_path, ("a", "none.jsonl")))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "没有一个"),
        ("seed = ", "TOML"),
        ("colour = 1\n[[sources]]\nname='a'\npath='b'", "不认识"),
        ("[[sources]]\nname='a'\npath='b'\npositive='answer'", "positive"),
        ("batch_size = 1\n[[sources]]\nname='a'\npath='b'", "batch_size"),
        ("temperature = 0\n[[sources]]\nname='a'\npath='b'", "temperature"),
    ],
)
def test_a_wrong_recipe_is_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "recipe.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RecipeError, match=says):
        read_recipe(tmp_path / "recipe.toml")


def test_a_recipe_is_known_by_what_it_says_and_not_by_where_it_lies(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = (recipe(tmp_path / name, ("a", "a.jsonl")) for name in ("one", "two"))
    assert one.identity == two.identity
    assert one.identity != recipe(tmp_path / "two", ("a", "a.jsonl"), seed=1).identity
