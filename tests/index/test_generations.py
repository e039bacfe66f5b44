from __future__ import annotations

import json
import os
import random
import threading
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.answers import AnswerStore, Filters
from index.build import EMBEDDINGS, build_index
from index.generation import BusyError, DamagedError, IndexFolder, IndexFolderError, NoIndexError, verify
from index.search import MAX_QUESTION, QuestionError, Searcher
from index.steps import Step
from tests.index.some_records import numbered as record
from tests.stub_encoder import StubEncoder

RECORDS = [
    record(0, question="小腿抽筋怎么办", answer="马上把脚尖往上勾，拉伸小腿。", department="骨科", hospital_tier="三甲", doctor_title="主任医师", doctor="甲", published=date(2025, 5, 1)),
    record(1, question="咳嗽有痰吃什么药", answer="先看痰的颜色，黄痰要去呼吸内科。", department="呼吸内科", hospital_tier="二甲", doctor_title="副主任医师", doctor="乙", published=date(2023, 1, 1)),
    record(2, question="小腿抽筋是缺钙吗", answer="不一定，受凉、疲劳也会抽筋。", department="神经内科", hospital_tier="三甲", doctor_title="副主任医师 教授", doctor="丙"),
    record(3, question="", answer="只有回答的记录：孕妇抽筋常与缺钙有关。", department="产科"),
    record(4, question="肌肉痉挛", answer="肌肉痉挛就是抽筋，是肌肉突然收缩。", kind="disease"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build_index(RECORDS, tmp_path / "index", StubEncoder())
    return tmp_path / "index"


def test_a_question_finds_its_record(folder: Path) -> None:
    found = Searcher.open(folder, StubEncoder()).search("小腿抽筋怎么办")
    assert found.results[0].record == RECORDS[0]
    assert [result.rank for result in found.results] == list(range(1, len(found.results) + 1))
    scores = [result.score for result in found.results]
    assert scores == sorted(scores, reverse=True)
    assert found.generation == IndexFolder(folder).current_name()
    top = found.results[0]
    assert top.record.answer[top.passage_start : top.passage_end] == top.passage
    assert top.matched == ("小腿抽筋", "怎么办")


def test_a_mistyped_question_is_put_right_for_both_arms_and_said(folder: Path) -> None:
    encoder = StubEncoder()
    found = Searcher.open(folder, encoder).search("xiaotui 抽斤怎么办")
    meant = Searcher.open(folder, StubEncoder()).search("小腿 抽筋怎么办")
    assert found.question == "xiaotui 抽斤怎么办"
    assert found.searched == "小腿 抽筋怎么办"
    assert encoder.encoded[-1] == found.searched
    assert found.to_dict()["corrections"] == [{"typed": "xiaotui", "searched": "小腿"}, {"typed": "抽斤", "searched": "抽筋"}]
    assert found.to_dict()["results"] == meant.to_dict()["results"]
    assert meant.corrections == ()


def test_fillers_weigh_nothing_in_the_lexical_arm(folder: Path) -> None:
    searcher = Searcher.open(folder, StubEncoder())
    said, meant = (searcher.candidates(question) for question in ("嗯，小腿抽筋怎么办", "小腿抽筋怎么办"))
    lexical = dict(zip(said.rows.tolist(), said.lexical.tolist(), strict=True))
    assert all(lexical[row] == value for row, value in zip(meant.rows.tolist(), meant.lexical.tolist(), strict=True) if value)


def test_a_dense_score_joins_the_question_and_the_best_passage(folder: Path) -> None:
    encoder = StubEncoder()
    question = "抽筋"
    vector = encoder.encode_questions([question])[0]
    found = {result.record.id: result for result in Searcher.open(folder, encoder).search(question).results}
    for item in RECORDS:
        sides = [encoder.encode_passages([item.answer])[0] @ vector]
        if item.question:
            sides.append(encoder.encode_questions([item.question])[0] @ vector)
        assert found[item.id].dense == pytest.approx(np.mean(sides), abs=1e-5)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(departments=("骨科", "产科")), {"r0", "r3"}),
        (Filters(hospital_tiers=("三甲",)), {"r0", "r2"}),
        (Filters(doctor_titles=("主任医师",)), {"r0"}),
        (Filters(doctor_titles=("副主任医师",)), {"r1", "r2"}),
        (Filters(doctor_titles=("教授",)), {"r2"}),
        (Filters(since=date(2024, 1, 1)), {"r0"}),
        (Filters(until=date(2024, 1, 1)), {"r1"}),
        (Filters(hospital_tiers=("三甲",), departments=("产科",)), set()),
        (Filters(departments=("x' OR 1=1 --",)), set()),
    ],
)
def test_filters(folder: Path, filters: Filters, expected: set[str]) -> None:
    found = Searcher.open(folder, StubEncoder()).search("抽筋咳嗽怎么办", filters=filters)
    assert {result.record.id for result in found.results} == expected


def test_facets(folder: Path) -> None:
    store = Searcher.open(folder, StubEncoder()).store
    assert store.facet("hospital_tier") == {"三甲": 2, "二甲": 1}
    assert store.years() == {2025: 1, 2023: 1}
    assert list(store) == RECORDS


@pytest.mark.parametrize("question", ["", "   ", "？？！", "\u200b", "<script>"])
def test_questions_that_cannot_be_searched(folder: Path, question: str) -> None:
    with pytest.raises(QuestionError):
        Searcher.open(folder, StubEncoder()).search(question)


@pytest.mark.parametrize("question", ["小腿抽筋" * 2500, "a", "😀药", "' OR 1=1; --", "<b>抽筋</b>", "\ud800抽筋"])
def test_odd_questions_are_answered(folder: Path, question: str) -> None:
    found = Searcher.open(folder, StubEncoder()).search(question)
    assert found.question == question
    assert len(found.searched) <= MAX_QUESTION
    json.dumps(found.to_dict(), ensure_ascii=False)


def test_no_index_is_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError, match="rebuild_index"):
        Searcher.open(tmp_path / "nothing", StubEncoder())


def test_no_records_leave_the_index_as_it_was(folder: Path) -> None:
    before = IndexFolder(folder).current_name()
    with pytest.raises(IndexFolderError, match="没有一条"):
        build_index([], folder, StubEncoder())
    assert IndexFolder(folder).current_name() == before


def test_a_rebuild_embeds_only_what_changed(folder: Path) -> None:
    encoder = StubEncoder()
    changed = [*RECORDS[:-1], record(9)]
    result = build_index(changed, folder, encoder)
    fresh = StubEncoder()
    again = build_index(changed, folder.parent / "fresh", fresh)
    assert result.reused == result.units - 2
    assert set(encoder.encoded) == {record(9).question, record(9).answer} | {
        golden["question"] for golden in result.generation.manifest.golden
    }
    embeddings = [np.load(built.generation.path / EMBEDDINGS) for built in (result, again)]
    assert np.array_equal(*embeddings)


def test_another_encoder_embeds_everything_and_is_not_mixed_up(folder: Path) -> None:
    with pytest.raises(IndexFolderError, match="另一个编码器"):
        Searcher.open(folder, StubEncoder("stub-2"))
    assert build_index(RECORDS, folder, StubEncoder("stub-2")).reused == 0
    assert Searcher.open(folder, StubEncoder("stub-2")).search("抽筋").results


def test_a_failing_build_leaves_the_published_generation(folder: Path) -> None:
    before = IndexFolder(folder).current_name()

    def stop(step: Step) -> None:
        if step is Step.VERIFIED:
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        build_index([*RECORDS, record(7)], IndexFolder(folder, hook=stop), StubEncoder())
    assert IndexFolder(folder).current_name() == before
    assert IndexFolder(folder).names() == [before]
    assert [entry.name for entry in (folder / "generations").iterdir()] == [before]
    build_index([*RECORDS, record(7)], folder, StubEncoder())
    assert len(Searcher.open(folder, StubEncoder()).store) == 6


def test_one_builder_at_a_time(folder: Path) -> None:
    with IndexFolder(folder).builder(), pytest.raises(BusyError, match="另一个程序"):
        build_index(RECORDS, folder, StubEncoder())


def test_old_generations_are_removed_but_a_few(folder: Path) -> None:
    for number in range(10, 15):
        build_index([*RECORDS, record(number)], folder, StubEncoder())
    names = IndexFolder(folder).names()
    assert len(names) == 3
    assert IndexFolder(folder).current_name() == names[0]


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "generations").rglob("*") if path.is_file())


def test_any_flipped_byte_is_noticed(folder: Path) -> None:
    generator = random.Random(5)
    generation = IndexFolder(folder).open().path
    for file in files_of(folder):
        content = file.read_bytes()
        for _ in range(3):
            at = generator.randrange(len(content))
            file.write_bytes(content[:at] + bytes([content[at] ^ (1 << generator.randrange(8))]) + content[at + 1 :])
            with pytest.raises(DamagedError, match="generations"):
                verify(generation)
        file.write_bytes(content[:-1])
        with pytest.raises(DamagedError):
            verify(generation)
        file.write_bytes(content)
    verify(generation)


def test_readers_fall_back_to_the_last_whole_generation(folder: Path) -> None:
    old = IndexFolder(folder).current_name()
    build_index([*RECORDS, record(7)], folder, StubEncoder())
    new = IndexFolder(folder).current_name()
    assert new != old
    (folder / "generations" / str(new) / "vectors.faiss").write_bytes(b"junk")
    searcher = Searcher.open(folder, StubEncoder())
    assert searcher.generation_name == old
    assert [entry.name for entry in (folder / "quarantine").iterdir()] == [new]


def test_a_missing_current_falls_back_to_the_newest(folder: Path) -> None:
    (folder / "CURRENT").unlink()
    assert Searcher.open(folder, StubEncoder()).search("抽筋").results


def test_nothing_whole_is_said(folder: Path) -> None:
    for file in files_of(folder):
        file.write_bytes(b"")
    with pytest.raises(DamagedError, match="重建"):
        IndexFolder(folder).open()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(IndexFolderError, match="不能写入"):
        build_index(RECORDS, tmp_path / "index", StubEncoder())


def test_a_file_where_the_folder_should_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("x")
    with pytest.raises(IndexFolderError, match="不能写入"):
        build_index(RECORDS, tmp_path / "index", StubEncoder())


def test_threads_share_a_searcher(folder: Path) -> None:
    searcher = Searcher.open(folder, StubEncoder())
    expected = searcher.search("小腿抽筋").to_dict()
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(20):
            if searcher.search("小腿抽筋").to_dict() != expected:
                wrong.append(1)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_rows_come_in_the_order_asked_for(tmp_path: Path) -> None:
    many = [record(number) for number in range(1200)]
    AnswerStore.build(many, tmp_path / "a.sqlite")
    store = AnswerStore(tmp_path / "a.sqlite")
    rows = list(range(1199, -1, -1))
    assert store.get(rows) == many[::-1]
    assert store.row_of("r77") == 77
    assert store.row_of("none") is None
