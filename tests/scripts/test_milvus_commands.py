"""The commands over an index in Milvus."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import _milvus
import pytest
import rebuild_index
from _console import ConsoleProgress
from streamlit.testing.v1 import AppTest

from corpus.importer import ImportReport, import_records
from corpus.paths import ROOT
from corpus.record import DoctorAnswer
from index.build import build_index
from index.embedding_cache import CachedEncoder
from index.milvus.address import MilvusAddress
from index.milvus.build import build_milvus
from index.milvus.engine import Engine, shared_engine
from index.milvus.publishing import MilvusGenerations
from index.milvus.scratch import scratch
from search_app.feedback_store import FeedbackStore, Judgement
from tests.index.some_records import numbered
from tests.index.test_removal import SECRET, holds
from tests.scripts.test_commands import run
from tests.stub_encoder import StubEncoder

pytest.importorskip("milvus_lite")

#: They start commands, and each opens a database of its own.
pytestmark = pytest.mark.slow


def test_rebuild_search_verify_and_roll_back(tmp_path: Path, page_file: Path) -> None:
    (tmp_path / "more.csv").write_text("问题,回答\n咳嗽,喝水。\n", encoding="utf-8")
    uri = str(tmp_path / "answers.db")
    first = run("rebuild_index.py", "--target", "milvus", "--uri", uri, "--corpus", page_file)
    assert first.returncode == 0
    # Each has a question and an answer of one passage.
    assert f"5 条记录，10 个单元，在 milvus:{uri}" in first.stdout
    second = run("rebuild_index.py", "--index", f"milvus:{uri}", "--corpus", page_file, tmp_path / "more.csv", "--keep", "2")
    assert second.returncode == 0
    assert "6 条记录" in second.stdout
    done = run("search.py", "小婴儿老打嗝要不要紧", "--index", f"milvus:{uri}", "--json", "--top", "2")
    found = json.loads(done.stdout)
    assert found["generation"] in second.stdout
    assert found["results"][0]["doctor"] == "示例乙"
    assert "完好：2 代" in run("rebuild_index.py", "--verify", f"milvus:{uri}").stdout
    assert "退回到" in run("rebuild_index.py", "--rollback", "--target", "milvus", "--uri", uri).stdout
    assert json.loads(run("search.py", "打嗝", "--index", f"milvus:{uri}", "--json").stdout)["generation"] in first.stdout


def test_the_status_page_gives_the_command_that_rebuilds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = tmp_path / "我的 语料.txt"
    corpus.write_text(f"甲,乙\n咳嗽怎么办,喝水。\n头痛怎么办,休息。\n太长的,{'说' * 50}。\n", encoding="utf-8")
    address = f"milvus:{tmp_path / 'an swers.db'}#second"
    options = ["--format", "csv", "--columns", "question=甲,answer=乙", "--limits", "text=40,line=1"]
    records = rebuild(["--index", address, "--corpus", str(corpus), *options])
    assert [record.question for record in records] == ["咳嗽怎么办", "头痛怎么办"]

    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", address)
    monkeypatch.setattr("search_app.resources.load_encoder", lambda *_, **__: StubEncoder())
    lines = [shlex.split(code) for code in status_page()]
    shared_engine.cache_clear()  # the file is free again
    again, verify, back, remove = (rebuild_index._parser().parse_args(line[2:]) for line in lines)
    assert again.encoder == "stub"
    assert rebuild(lines[0][2:]) == records
    assert [one.index for one in (verify, back, remove)] == [address] * 3
    assert (verify.verify, back.rollback, remove.remove) == (rebuild_index._THIS_INDEX, True, "ID")


def test_the_status_page_says_what_it_does_not_know(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = MilvusAddress(str(tmp_path / "answers.db"))
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", str(address))
    page = AppTest.from_file(str(ROOT / "search_app" / "app_pages" / "status.py"), default_timeout=60).run()
    assert any("读不到原来用的是什么语料" in shown.value for shown in page.markdown)
    engine = Engine(address, create=True)
    build_milvus([numbered(0)], MilvusGenerations(engine, address.alias), StubEncoder(), sources=["语料.csv"])
    engine.close()
    shared_engine.cache_clear()  # the file is free again
    page.run()
    assert any("没有记下读语料时的选项" in shown.value for shown in page.markdown)
    assert shlex.split(page.code[1].value)[-4:] == ["--corpus", "语料.csv", "--encoder", "stub"]
    shared_engine.cache_clear()


def rebuild(arguments: list[str]) -> list[DoctorAnswer]:
    """What `rebuild_index.py` does with these words, with a stub for the encoder; the records of the new index."""
    parsed = rebuild_index._parser().parse_args(arguments)
    address = _milvus.address_of(parsed)
    assert address is not None
    read = import_records(parsed.corpus, ImportReport(), format_name=parsed.format, columns=parsed.columns, limits=parsed.limits)
    _milvus.rebuild(address, read, StubEncoder(), parsed, sources=list(map(str, parsed.corpus)), progress=ConsoleProgress())
    with _milvus._generations(address) as generations:
        return list(generations.open().store)


def status_page() -> list[str]:
    """The commands on the status page."""
    page = AppTest.from_file(str(ROOT / "search_app" / "app_pages" / "status.py"), default_timeout=60).run()
    assert not page.exception
    folder, *lines = (code.value for code in page.code)
    assert folder == str(ROOT)
    return lines


def test_removing_a_record_leaves_nothing_of_it_and_says_what_it_cannot_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCTOR_ANSWERS_DATA", str(tmp_path))
    address = MilvusAddress(str(tmp_path / "answers.db"))
    encoder = CachedEncoder(StubEncoder(), tmp_path / "cache" / "embeddings")
    (tmp_path / "corpus.csv").touch()
    engine = Engine(address, create=True)
    records = [*(numbered(number) for number in range(3)), SECRET]
    build_milvus(records, MilvusGenerations(engine, address.alias), encoder, sources=[str(tmp_path / "corpus.csv")])
    engine.close()
    leave_behind(tmp_path)
    done = run("rebuild_index.py", "--index", address, "--remove", SECRET.id)
    assert done.returncode == 0
    assert f"已从 1 代索引和 3 条嵌入缓存里删去 r7，在 {address}" in done.stdout
    assert f"请从这些地方也删去这一条，否则下次重建又会编入：{tmp_path / 'corpus.csv'}" in done.stderr
    assert "embed_with_ray.py" in done.stderr
    assert not holds(tmp_path, "龘龘")
    again = run("rebuild_index.py", "--index", address, "--remove", SECRET.id)
    assert again.returncode == 2
    assert "没有编号为“r7”的记录" in again.stderr
    assert "完好：1 代" in run("rebuild_index.py", "--index", address, "--verify").stdout


def test_removing_a_record_from_a_folder_reaches_what_a_killed_build_for_milvus_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCTOR_ANSWERS_DATA", str(tmp_path))
    build_index([numbered(1), SECRET], tmp_path / "index", StubEncoder())
    leave_behind(tmp_path)
    with scratch(tmp_path / "cache" / "milvus-builds") as at_work:
        leave_behind(tmp_path)
        done = run("rebuild_index.py", "--index", tmp_path / "index", "--remove", SECRET.id)
        assert f"临时文件夹里可能还有它；重建结束就会删掉，没有重建在进行的话请手工删去：{at_work}\n" in done.stderr
    assert done.returncode == 0
    assert not holds(tmp_path, "龘龘")


def leave_behind(data: Path) -> None:
    """What a build for Milvus leaves that was killed."""
    folder = data / "cache" / "milvus-builds" / "build-killed"
    folder.mkdir(parents=True)
    (folder / "answers.sqlite").write_text(SECRET.question, encoding="utf-8")


@pytest.mark.parametrize(
    ("script", "arguments", "words"),
    [
        ("search.py", ["打嗝", "--index", "milvus:http://127.0.0.1:1"], "连不上 Milvus"),
        ("search.py", ["打嗝", "--index", "milvus:/nowhere/a.db"], "没有 /nowhere/a.db"),
        ("search.py", ["打嗝", "--index", "milvus:nonsense"], "不是 Milvus 的地址"),
        ("rebuild_index.py", ["--target", "milvus"], "要用 --uri 给出地址"),
        ("rebuild_index.py", ["--uri", "a.db"], "只与 --target milvus 一起用"),
        ("rebuild_index.py", ["--index", "milvus:http://127.0.0.1:1", "--rollback"], "连不上 Milvus"),
        ("rebuild_index.py", ["--index", "milvus:/nowhere/a.db", "--remove", "x"], "没有 /nowhere/a.db"),
    ],
)
def test_what_cannot_be_done_is_said(script: str, arguments: list[str], words: str) -> None:
    done = run(script, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""


def test_opinions_of_answers_in_milvus_are_written_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = MilvusAddress(str(tmp_path / "answers.db"))
    engine = Engine(address, create=True)
    build_milvus([numbered(number) for number in range(3)], MilvusGenerations(engine, address.alias), StubEncoder())
    engine.close()
    store = FeedbackStore(tmp_path / "feedback.sqlite")
    store.save(Judgement("第2个问题", "20260101T000000Z-0123456789abcdef", "r2", 1, 1, useful=True))
    store.save(Judgement("第2个问题", "20260101T000000Z-0123456789abcdef", "gone", 2, 2, useful=True))
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", str(address))
    done = run("export_feedback.py", "--feedback", store.path, "--out", tmp_path / "bench")
    assert "1 条意见所说的回答已不在索引里" in done.stderr
    assert "1 个问题、1 条判断、3 条语料" in done.stdout
    assert len((tmp_path / "bench" / "corpus.jsonl").read_text(encoding="utf-8").splitlines()) == 3
