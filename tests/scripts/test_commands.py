"""The commands as an operator runs them: a process of its own, in the repository's root."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.paths import ROOT

KEYS = {
    "rank", "id", "kind", "score", "question", "answer", "passage", "doctor", "doctor_title", "hospital", "hospital_tier",
    "department", "published", "url", "source", "truncated", "similar", "explanation",
}  # fmt: skip


def run(script: str, *arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, f"scripts/{script}", *map(str, arguments)]
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, cwd=ROOT, env=environment, input=stdin, capture_output=True, check=False)
    result = subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in result.stderr
    return result


@pytest.mark.parametrize(
    "script", ["import_corpus.py", "rebuild_index.py", "search.py", "evaluate.py", "export_feedback.py", "benchmark.py"]
)
def test_help(script: str) -> None:
    done = run(script, "--help")
    assert done.returncode == 0
    assert "--" in done.stdout


def test_import(tmp_path: Path, page_file: Path) -> None:
    (tmp_path / "more.csv").write_text("问题,回答\n咳嗽,喝水。\n头痛,\n", encoding="utf-8")
    out = tmp_path / "new" / "corpus.jsonl"
    done = run("import_corpus.py", page_file, tmp_path / "more.csv", "--out", out)
    assert done.returncode == 0
    assert "读到 7 条，保留 6 条，重复 0 条，剔除 1 处" in done.stdout
    assert "more.csv 第 3 行：回答为空" in done.stderr
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [record["kind"] for record in records] == ["article", "disease", "answer", "answer", "answer", "answer"]
    again = run("import_corpus.py", out, "--out", tmp_path / "again.jsonl")
    assert again.returncode == 0
    assert (tmp_path / "again.jsonl").read_bytes() == out.read_bytes()


@pytest.mark.parametrize("content", [b"", bytes(range(256)), "没有格式的话".encode(), "问题,医生\n咳嗽,甲\n".encode()])
def test_an_import_that_reads_nothing_says_why_and_keeps_the_old_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad").write_bytes(content)
    out = tmp_path / "corpus.jsonl"
    out.write_text("old", encoding="utf-8")
    done = run("import_corpus.py", tmp_path / "bad", "--out", out)
    assert done.returncode == 2
    assert "没有读到任何可用的记录" in done.stderr
    assert out.read_text(encoding="utf-8") == "old"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["bad", "corpus.jsonl"]


def test_columns_by_hand(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("甲,乙\n咳嗽,喝水。\n", encoding="utf-8")
    done = run("import_corpus.py", tmp_path / "t.csv", "--out", tmp_path / "o", "--columns", "question=甲,answer=乙")
    assert done.returncode == 0
    assert json.loads((tmp_path / "o").read_text(encoding="utf-8"))["question"] == "咳嗽"
    assert run("import_corpus.py", tmp_path / "t.csv", "--out", tmp_path / "o", "--columns", "nonsense=甲").returncode == 2


def test_rebuild_and_search(tmp_path: Path, page_file: Path) -> None:
    built = run("rebuild_index.py", "--corpus", page_file, "--index", tmp_path / "index")
    assert built.returncode == 0
    assert "5 条记录" in built.stdout
    assert "编码" in built.stderr
    done = run("search.py", "小婴儿老打嗝要不要紧", "--index", tmp_path / "index", "--json", "--top", "2")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["question"] == "小婴儿老打嗝要不要紧"
    assert len(found["results"]) == 2
    first = found["results"][0]
    assert set(first) >= KEYS
    assert first["doctor"] == "示例乙"
    assert first["truncated"] is True
    text = run("search.py", "打嗝", "--index", tmp_path / "index")
    assert "示例省妇幼保健院" in text.stdout
    assert "120" in text.stdout


def test_a_file_of_questions_gives_one_object_a_line(tmp_path: Path, real_index: Path) -> None:
    lines = ["打嗝怎么办", "", '{"question": "婴儿打嗝"}', '{"question": 3}', '{"broken', "？？", "很长" * 5000, "{不是 JSON 的问题}"]
    (tmp_path / "q").write_bytes("\r\n".join(lines).encode() + b"\n\xff\xff\xff\n")
    done = run("search.py", "--questions", tmp_path / "q", "--index", real_index, "--top", "1", "--tier", "三甲")
    assert done.returncode == 0
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(lines) + 1
    assert ["error" in answer for answer in answers] == [False, True, False, True, True, True, False, False, True]
    assert all(answer["results"] == [] for answer in answers if "error" in answer)
    assert answers[0]["question"] == "打嗝怎么办"
    assert answers[2]["question"] == "婴儿打嗝"
    assert answers[2]["results"][0]["doctor"] == "示例乙"
    assert {answer["generation"] for answer in answers} == {answers[0]["generation"]}


def test_a_second_look_finds_the_same_records(real_index: Path) -> None:
    once, again = (
        json.loads(run("search.py", "宝宝老打嗝怎么办", "--index", real_index, "--json", *more).stdout)["results"]
        for more in ([], ["--no-second-look"])
    )
    assert {result["id"] for result in once} == {result["id"] for result in again}  # the page has few answers: all are told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["打嗝", "--index", "/nowhere/index"], "没有索引"),
        ([], "请给出一个问题"),
        (["打嗝", "--top", "0"], "1 到 1000"),
        (["打嗝", "--since", "去年"], "不是日期"),
        (["--questions", "/nowhere/file"], "打不开问题文件"),
    ],
)
def test_searches_that_cannot_be_done_say_why(arguments: list[str], words: str) -> None:
    done = run("search.py", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert words in done.stderr


def test_a_question_that_is_empty(real_index: Path) -> None:
    done = run("search.py", " ", "--index", real_index)
    assert done.returncode == 2
    assert "没有文字" in done.stderr


def test_rebuild_of_nothing(tmp_path: Path) -> None:
    done = run("rebuild_index.py", "--corpus", tmp_path / "absent", "--index", tmp_path / "index")
    assert done.returncode == 2
    assert "没有这个文件或文件夹" in done.stderr
    assert not (tmp_path / "index").exists()


def test_evaluate_prints_a_line_for_each_bench_and_arm(tmp_path: Path) -> None:
    bench = tmp_path / "tiny"
    bench.mkdir()
    (bench / "corpus.jsonl").write_text(
        '{"_id": "a", "text": "小腿抽筋要拉伸。"}\n{"_id": "b", "text": "感冒多喝水。"}\n', encoding="utf-8"
    )
    (bench / "queries.jsonl").write_text('{"_id": "q", "text": "腿抽筋怎么办"}\n', encoding="utf-8")
    (bench / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\ta\t1\n", encoding="utf-8")
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text('{"query": "头痛", "other": "头疼", "label": 1}\n{"query": "头痛", "other": "脚气", "label": 0}\n', encoding="utf-8")
    done = run("evaluate.py", bench, pairs, "--arms", "words,fused", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    perfect = {"ndcg10": 100, "mrr10": 100, "hit1": 100, "hit10": 100, "recall100": 100}
    assert lines[:2] == [{"bench": "tiny", "arm": arm, "queries": 1, **perfect} for arm in ("words", "fused")]
    assert lines[2] == {"bench": "pairs", "arm": "vectors", "pairs": 2, "average_precision": 100, "auroc": 100}
    assert "fused − words：nDCG@10 +0.0，p = 1.0000" in run("evaluate.py", bench, "--arms", "words,fused").stdout


def test_evaluate_says_what_is_wrong_before_it_encodes(tmp_path: Path) -> None:
    done = run("evaluate.py", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "里没有 corpus.jsonl" in done.stderr
    done = run("evaluate.py", tmp_path, "--arms", "magic")
    assert done.returncode == 2
    assert "没有“magic”" in done.stderr


GOOD = json.dumps({"question": "咳嗽怎么办", "answer": "多喝水。"}, ensure_ascii=False) + "\n"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.jsonl"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_pipe_or_folder_is_not_replaced_by_a_corpus(tmp_path: Path, good: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = run("import_corpus.py", good, "--out", tmp_path / "pipe")
    assert done.returncode == 2
    assert "管道或设备" in done.stderr
    assert (tmp_path / "pipe").is_fifo()
    assert run("import_corpus.py", good, "--out", tmp_path).returncode == 2


def test_an_empty_path_is_not_the_present_folder(tmp_path: Path, good: Path) -> None:
    for arguments in (["", "--out", tmp_path / "o"], [good, "--out", ""]):
        done = run("import_corpus.py", *arguments)
        assert done.returncode == 2
        assert "路径是空的" in done.stderr
    for script, *arguments in (("rebuild_index.py", "--corpus", good, "--index", ""), ("search.py", "咳嗽", "--index", "")):
        assert "路径是空的" in run(script, *arguments).stderr
    assert not (tmp_path / "o").exists()


def test_names_that_are_too_long_are_a_sentence_and_cost_nothing_else(tmp_path: Path, good: Path) -> None:
    long = tmp_path / ("x" * 300)
    done = run("import_corpus.py", long, good, "--out", tmp_path / "o")
    assert done.returncode == 0
    assert "请检查路径与权限" in done.stderr
    assert json.loads((tmp_path / "o").read_text(encoding="utf-8"))["answer"] == "多喝水。"
    done = run("import_corpus.py", good, "--out", long)
    assert done.returncode == 2
    assert "请检查路径" in done.stderr


def test_names_with_line_ends_and_marks_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "名字\n换行\u202e"
    folder.mkdir()
    (folder / "a\nb\x1b[2J.jsonl").write_text(GOOD, encoding="utf-8")
    done = run("import_corpus.py", folder, "--out", tmp_path / "o", "--report", tmp_path / "r")
    assert done.returncode == 0
    assert "\x1b" not in done.stderr
    assert "\u202e" not in done.stderr
    assert json.loads((tmp_path / "o").read_text(encoding="utf-8"))["source"].isprintable()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no device that is always full")
def test_a_full_disk_behind_the_output_is_a_sentence(tmp_path: Path, good: Path, real_index: Path) -> None:
    for command in (["import_corpus.py", good, "--out", tmp_path / "o"], ["search.py", "打嗝", "--index", real_index, "--json"]):
        with Path("/dev/full").open("wb") as full:  # written to, never replaced
            words = [sys.executable, f"scripts/{command[0]}", *map(str, command[1:])]
            done = subprocess.run(words, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False)
        said = done.stderr.decode()
        assert done.returncode == 2
        assert "Traceback" not in said
        assert "磁盘空间" in said
    assert Path("/dev/full").is_char_device()
