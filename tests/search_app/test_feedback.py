from __future__ import annotations

import json
import sqlite3
import stat
from pathlib import Path

import pytest
from export_feedback import grades_of, question_id
from streamlit.testing.v1 import AppTest

from corpus.paths import DATA
from index.benchmark import read_benchmark
from index.build import build_index
from index.evaluation import build_benchmark_index, find_all, measure, rank_all
from index.search import MAX_QUESTION, Arm
from search_app.feedback_store import FILE, LONGEST_WORD, SETTING, FeedbackError, FeedbackStore, Judgement, feedback_path
from tests.index.some_records import numbered
from tests.scripts.test_commands import run
from tests.stub_encoder import StubEncoder


def judgement(question: str = "小腿抽筋怎么办", record: str = "r1", *, useful: bool = True, word: str = "") -> Judgement:
    return Judgement(question, "20260101T000000Z-0123456789abcdef", record, 3, 4, useful=useful, word=word)


@pytest.fixture
def store(tmp_path: Path) -> FeedbackStore:
    return FeedbackStore(tmp_path / "kept" / "feedback.sqlite")


def test_it_is_off_unless_turned_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    assert feedback_path() is None
    for setting, path in {"": None, "off": None, "0": None, "on": DATA / FILE, "1": DATA / FILE, "/x/y.db": Path("/x/y.db")}.items():
        monkeypatch.setenv(SETTING, setting)
        assert feedback_path() == path


def test_what_is_saved_is_read_back_in_order(store: FeedbackStore) -> None:
    assert len(store) == 0
    assert not store.path.exists()
    first, second = judgement(), judgement(record="r2", useful=False, word="答非所问")
    store.save(first)
    store.save(second)
    assert store.read() == [first, second]
    assert len(store) == 2
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_a_second_thought_replaces_the_first_and_can_be_taken_back(store: FeedbackStore) -> None:
    other = store.save(judgement(record="r9"))
    number = store.save(judgement())
    changed = store.save(judgement(useful=False), replacing=number)
    assert [one.useful for one in store.read()] == [True, False]
    store.withdraw(changed)
    assert [one.record for one in store.read()] == ["r9"]
    # A number is never given twice, so what somebody took back cannot take away somebody else's.
    assert store.save(judgement(record="r3")) not in (other, number, changed)


def test_numbers_do_not_begin_again_when_the_file_was_moved_away(store: FeedbackStore) -> None:
    old = store.save(judgement())
    store.path.rename(store.path.with_name("moved.sqlite"))
    store.save(judgement("别人问的", word="剂量错了"))
    store.save(judgement(useful=False), replacing=old)
    assert [one.question for one in store.read()] == ["别人问的", "小腿抽筋怎么办"]


def test_a_number_that_the_cut_goes_through_is_masked_first(store: FeedbackStore) -> None:
    store.save(judgement("痛" * (MAX_QUESTION - 10) + "，手机13812345678", word="不" * (LONGEST_WORD - 6) + "13812345678"))
    kept = store.read()[0]
    assert kept.question == "痛" * (MAX_QUESTION - 10) + "，手机[手机号]"
    assert kept.word == "不" * (LONGEST_WORD - 6) + "[手机号]"


def test_nothing_personal_is_kept(store: FeedbackStore) -> None:
    store.save(judgement("我叫王小明，手机 13812345678，小腿抽筋怎么办", word="加微信 wx_abc12345"))
    kept = store.read()[0]
    assert "13812345678" not in kept.question
    assert "王小明" not in kept.question
    assert "小腿抽筋怎么办" in kept.question
    assert "wx_abc12345" not in kept.word
    with sqlite3.connect(store.path) as connection:
        columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(judgements)")]
        day = connection.execute("SELECT day FROM judgements").fetchone()[0]
    assert columns == ["id", "day", "question", "generation", "record", "rank", "position", "useful", "word"]
    assert len(day) == len("2026-01-01")


def test_long_and_hostile_text_is_only_text(store: FeedbackStore) -> None:
    store.save(judgement("'); DROP TABLE judgements; --" + "长" * 9_000, word="字" * 500))
    kept = store.read()[0]
    assert kept.question.startswith("'); DROP TABLE judgements; --")
    assert len(kept.question) <= 2_000
    assert len(kept.word) == LONGEST_WORD


def test_a_full_store_takes_no_more_but_lets_minds_change(store: FeedbackStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search_app.feedback_store.MOST_ROWS", 1)
    number = store.save(judgement())
    with pytest.raises(FeedbackError, match="存满"):
        store.save(judgement(record="r2"))
    store.save(judgement(useful=False), replacing=number)
    assert [one.useful for one in store.read()] == [False]


def test_what_is_no_store_is_told_and_not_raised_as_another_error(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("这不是数据库" * 200, encoding="utf-8")
    for path in (tmp_path / "text", tmp_path, tmp_path / "text" / "below"):
        with pytest.raises(FeedbackError):
            FeedbackStore(path).save(judgement())
    with pytest.raises(FeedbackError, match="没有这个文件"):
        FeedbackStore(tmp_path / "none").read()


def test_votes_of_one_question_and_record_are_joined() -> None:
    votes = [
        judgement(),
        judgement("小腿抽筋怎么办 "),
        judgement(useful=False),
        judgement(record="r2", useful=False),
        judgement("别的"),
        judgement("别的", useful=False),
    ]
    asked, other = question_id("小腿抽筋怎么办"), question_id("别的")
    assert grades_of(votes) == {(asked, "r1"): 1, (asked, "r2"): 0, (other, "r1"): 0}


def test_the_export_is_a_benchmark_that_evaluate_reads(tmp_path: Path, store: FeedbackStore) -> None:
    records = [numbered(number) for number in range(6)]
    build_index(records, tmp_path / "index", StubEncoder())
    store.save(judgement("第2个问题", "r2", word="好"))
    store.save(judgement("第4个问题怎么办呢", "r4"))
    store.save(judgement("第4个问题怎么办呢", "r5", useful=False))
    store.save(judgement("没了的", "gone"))
    done = run("export_feedback.py", "--feedback", store.path, "--index", tmp_path / "index", "--out", tmp_path / "bench")
    assert done.returncode == 0, done.stderr
    assert "2 个问题、3 条判断、6 条语料" in done.stdout
    assert "1 条意见所说的回答已不在索引里" in done.stderr
    bench = read_benchmark(tmp_path / "bench")
    assert bench.questions == {question_id("第2个问题"): "第2个问题", question_id("第4个问题怎么办呢"): "第4个问题怎么办呢"}
    assert bench.qrels == {question_id("第2个问题"): {"r2": 1}, question_id("第4个问题怎么办呢"): {"r4": 1}}
    assert list(bench.records()) == records
    said = [json.loads(line) for line in (tmp_path / "bench" / "judgements.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["word"], one["rank"], one["position"]) for one in said] == [("好", 3, 4), ("", 3, 4), ("", 3, 4)]
    searcher = build_benchmark_index(bench, tmp_path / "measured", StubEncoder())
    ranking = rank_all(searcher, find_all(searcher, bench.questions, StubEncoder()), Arm.FUSED)
    assert measure("feedback", "fused", ranking, bench.qrels).figures["hit10"] == 100.0


def test_an_export_without_anything_useful_says_so(tmp_path: Path, store: FeedbackStore) -> None:
    build_index([numbered(1)], tmp_path / "index", StubEncoder())
    none = run("export_feedback.py", "--feedback", store.path, "--index", tmp_path / "index", "--out", tmp_path / "bench")
    assert (none.returncode, "没有这个文件" in none.stderr) == (2, True)
    store.save(judgement(useful=False))
    useless = run("export_feedback.py", "--feedback", store.path, "--index", tmp_path / "index", "--out", tmp_path / "bench")
    assert (useless.returncode, "没有一条“有用”" in useless.stderr) == (2, True)
    assert not (tmp_path / "bench").exists()


def test_the_export_takes_index_and_opinions_from_where_the_page_has_them(
    tmp_path: Path, store: FeedbackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index([numbered(number) for number in range(6)], tmp_path / "served", StubEncoder())
    build_index([numbered(number) for number in range(2)], tmp_path / "other", StubEncoder())
    store.save(judgement("第2个问题", "r1"))
    monkeypatch.setenv(SETTING, str(store.path))
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", str(tmp_path / "served"))
    assert "6 条语料" in run("export_feedback.py", "--out", tmp_path / "a").stdout
    assert "2 条语料" in run("export_feedback.py", "--index", tmp_path / "other", "--out", tmp_path / "b").stdout


def test_the_export_says_what_is_wrong_with_a_place(tmp_path: Path, store: FeedbackStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save(judgement())
    for option in ("--out", "--feedback", "--index"):
        done = run("export_feedback.py", "--out", tmp_path / "bench", option, "")
        assert (done.returncode, "路径是空的" in done.stderr) == (2, True), option
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", "milvus:nonsense")
    done = run("export_feedback.py", "--feedback", store.path, "--out", tmp_path / "bench")
    assert (done.returncode, "不是 Milvus 的地址" in done.stderr) == (2, True)
    assert not (tmp_path / "bench").exists()


def results_page() -> None:
    import streamlit as st

    from corpus.record import DoctorAnswer
    from index.results import Result, Results
    from search_app.feedback import offer_feedback

    records = [DoctorAnswer(id=f"r{number}", question="问", answer="答。", source="s") for number in (1, 2)]
    shown = tuple(Result(rank, 0.5, record, "答。", 0, 2, (), 0.8, 2.0) for rank, record in enumerate(records, start=1))
    found = Results("小腿抽筋", "小腿抽筋", "20260101T000000Z-0123456789abcdef", shown)
    for result in found.results:
        st.text(result.record.id)
        offer_feedback(found, result)


def test_off_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    app = AppTest.from_function(results_page, default_timeout=30).run()
    assert not app.exception
    assert len(app.get("button_group")) == 0


def test_a_choice_is_kept_changed_explained_and_taken_back(monkeypatch: pytest.MonkeyPatch, store: FeedbackStore) -> None:
    monkeypatch.setenv(SETTING, str(store.path))
    app = AppTest.from_function(results_page, default_timeout=30).run()
    assert not app.exception
    assert len(app.button_group) == 2
    assert len(app.text_input) == 0
    app.button_group[1].set_value("没用").run()
    assert store.read() == [Judgement("小腿抽筋", "20260101T000000Z-0123456789abcdef", "r2", 2, 2, useful=False)]
    assert "谢谢" in app.caption[0].value
    app.text_input[0].set_value("答非所问").run()
    app.button_group[1].set_value("有用").run()
    assert [(one.record, one.useful, one.word) for one in store.read()] == [("r2", True, "答非所问")]
    app.run()
    assert len(store) == 1
    app.button_group[1].set_value(None).run()
    assert len(store) == 0
    assert not app.caption


def test_a_store_that_cannot_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(SETTING, str(tmp_path))
    app = AppTest.from_function(results_page, default_timeout=30).run()
    app.button_group[0].set_value("有用").run()
    assert not app.exception
    assert "没能记下" in app.caption[0].value


def page_with_two_questions() -> None:
    import streamlit as st

    from corpus.record import DoctorAnswer
    from index.results import Result, Results
    from search_app.feedback import offer_feedback

    question = st.text_input("问", "小腿抽筋", key="asked")
    record = DoctorAnswer(id="r1", question="问", answer="答。", source="s")
    found = Results(question, question, "20260101T000000Z-0123456789abcdef", (Result(1, 0.5, record, "答。", 0, 2, (), 0.8, 2.0),))
    offer_feedback(found, found.results[0])


def test_what_was_said_is_still_there_when_the_reader_comes_back(monkeypatch: pytest.MonkeyPatch, store: FeedbackStore) -> None:
    monkeypatch.setenv(SETTING, str(store.path))
    app = AppTest.from_function(page_with_two_questions, default_timeout=30).run()
    app.button_group[0].set_value("没用").run()
    app.text_input[1].set_value("剂量写错了").run()
    app.text_input[0].set_value("耳鸣").run()
    assert len(app.text_input) == 1
    app.text_input[0].set_value("小腿抽筋").run()
    assert app.button_group[0].value == "没用"
    assert app.text_input[1].value == "剂量写错了"
    app.button_group[0].set_value("有用").run()
    assert [(one.useful, one.word) for one in store.read()] == [(True, "剂量写错了")]
