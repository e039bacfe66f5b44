from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.points import read_points
from corpus.record import DoctorAnswer
from index.answer_vectors import AnswerVectors, background_of
from index.build import build_index
from index.group import Group, group_answers, is_cut_off_copy
from index.ranked_answer import RankedAnswer
from index.search import Searcher
from index.sources import Sources, sources_of
from index.units import PASSAGE, QUESTION, UNIT
from tests.stub_encoder import StubEncoder

ADVICE = "抽筋时先拉伸小腿，再热敷和按摩，平时补钙、多喝水。经常抽筋要去医院查电解质。"
#: The same advice in other words.
AGAIN = "发作的时候把小腿拉伸开，之后可以按摩、热毛巾敷。日常多饮温水，补充钙剂。总是犯就到医院检查电解质。"


def answer(number: int, text: str = ADVICE, **fields: object) -> DoctorAnswer:
    return DoctorAnswer(**({"id": f"r{number}", "question": "抽筋怎么办", "answer": text, "source": "test"} | fields))  # type: ignore[arg-type]


def ranked(record: DoctorAnswer, *, audience: tuple[str, ...] = (), near: float = 1.0, question_near: float = 1.0) -> RankedAnswer:
    """A candidate whose vectors have these cosines with those of any other made with 1."""
    return RankedAnswer(record, audience, read_points(record.answer), unit(near), unit(question_near))


def unit(cosine: float) -> np.ndarray:
    return np.array([cosine, np.sqrt(1 - cosine**2)])


def members(*candidates: RankedAnswer, background: float = 0.0) -> list[tuple[int, ...]]:
    return [group.members for group in group_answers(candidates, background)]


def test_the_same_wording_is_told_once_under_the_best_ranked() -> None:
    other = "腰痛看骨科，拍片。"
    texts = [ADVICE, other, "您好，" + ADVICE.replace("，再", "， 再").replace("。", "！"), "意见建议：" + ADVICE + "祝您早日康复"]
    assert members(*(ranked(answer(number, text)) for number, text in enumerate(texts))) == [(0, 2, 3), (1,)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("每次5毫升", "每次10毫升"),
        ("可以热敷", "不可以热敷"),
        ("成人每天两次", "儿童每天两次"),
        ("建议吃布洛芬", "建议吃蒲地蓝"),
        ("左侧卧位", "右侧卧位"),
        ("先冷敷后热敷", "先热敷后冷敷"),
    ],
)
def test_one_word_that_turns_the_advice_keeps_two_wordings_apart(one: str, other: str) -> None:
    texts = [ADVICE * 2 + piece + "。" for piece in (one, other)]
    assert members(*(ranked(answer(number, text)) for number, text in enumerate(texts))) == [(0,), (1,)]


def test_the_same_meaning_is_told_once() -> None:
    assert members(ranked(answer(0)), ranked(answer(1, AGAIN), near=0.9)) == [(0, 1)]


@pytest.mark.parametrize(
    ("text", "near", "question_near"),
    [
        (AGAIN, 0.7, 1.0),  # too far apart
        (AGAIN, 0.9, 0.5),  # replies to something else
        (AGAIN.replace("可以按摩", "不要按摩"), 0.95, 1.0),  # against what the other is for
        (AGAIN.replace("热毛巾敷", "冷敷"), 0.95, 1.0),  # for its opposite
        (AGAIN + "可以口服布洛芬。", 0.95, 1.0),  # a medicine more
        ("抽筋很常见，大多自己会好。", 0.95, 1.0),  # other points
    ],
)
def test_near_vectors_are_not_enough(text: str, near: float, question_near: float) -> None:
    assert members(ranked(answer(0)), ranked(answer(1, text), near=near, question_near=question_near)) == [(0,), (1,)]


def test_limits_drawn_at_different_places_are_different_advice() -> None:
    texts = [f"{ADVICE}肿块超过{size}厘米要做活检。" for size in (1, 2)]
    texts[1] = texts[1].replace(ADVICE, AGAIN)
    assert members(ranked(answer(0, texts[0])), ranked(answer(1, texts[1]), near=0.95)) == [(0,), (1,)]


@pytest.mark.parametrize(("one", "other"), [((), ("孕妇",)), (("儿童",), ("成人",)), (("糖尿病",), ()), (("男性",), ("女性",))])
def test_answers_for_different_people_stay_apart(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert members(ranked(answer(0), audience=one), ranked(answer(1), audience=other)) == [(0,), (1,)]


def test_a_sex_that_only_one_names_is_no_difference() -> None:
    assert members(ranked(answer(0), audience=("女性",)), ranked(answer(1))) == [(0, 1)]


def test_kinds_are_not_mixed_and_definitions_go_by_their_name() -> None:
    text = "痛风是尿酸盐结晶沉积引起的关节炎。"
    again = "痛风是因为尿酸太高，结晶沉在关节里。"
    kinds = [("disease", "痛风", text), ("article", "痛风", text), ("disease", "痛风", again), ("disease", "假性痛风", again)]
    candidates = [ranked(answer(number, text, question=name, kind=kind), near=0.9) for number, (kind, name, text) in enumerate(kinds)]
    assert members(*candidates) == [(0, 2), (1,), (3,)]


def test_an_answer_that_the_source_cut_off_is_its_whole() -> None:
    whole = answer(0, ADVICE * 3)
    assert is_cut_off_copy(whole, answer(1, (ADVICE * 3)[:60], truncated=True))
    assert not is_cut_off_copy(whole, answer(1, (ADVICE * 3)[:60]))
    assert not is_cut_off_copy(whole, answer(1, "不要" + (ADVICE * 3)[:60], truncated=True))
    assert not is_cut_off_copy(whole, answer(1, ADVICE[:10], truncated=True))


def test_no_chain_of_small_steps() -> None:
    """1 is near 0 and 2 is near 1, but 2 is not near 0: it does not come under 0 by way of 1."""
    angles = [0.0, 0.6, 1.2]
    texts = [ADVICE, AGAIN, "小腿抽筋拉伸，多喝些水，按摩再热敷，吃钙片，不放心到医院查查电解质。"]
    candidates = [
        RankedAnswer(answer(number, text), (), read_points(text), np.array([np.cos(angle), np.sin(angle)]), None)
        for number, (angle, text) in enumerate(zip(angles, texts, strict=True))
    ]
    assert members(*candidates) == [(0, 1), (2,)]


def test_the_background_is_what_cosines_are_measured_from() -> None:
    pair = ranked(answer(0)), ranked(answer(1, AGAIN), near=0.95)
    assert members(*pair, background=0.5) == [(0, 1)]  # (.95 - .5) / .5 = .9
    assert members(*pair, background=0.9) == [(0,), (1,)]  # (.95 - .9) / .1 = .5


def test_who_says_it() -> None:
    records = [
        answer(0, doctor="张三", hospital="甲医院"),
        answer(1, doctor="张三", hospital="甲医院"),
        answer(2, doctor="张三", hospital="乙医院"),
        answer(3, doctor="张三"),  # may be either of them
        answer(4, doctor="李四"),
        answer(5),
        answer(5),  # the same record twice
        answer(6, doctor="示例医生甲", hospital="示例医院一", source="starter"),
    ]
    assert sources_of(records) == Sources(("张三（甲医院）", "张三（乙医院）", "李四"), answers=1, examples=1)
    assert sources_of(records).phrase() == "3 位医生、1 条回答、1 条示例回答"
    assert sources_of([]) == Sources()
    assert len(sources_of(records)) == 5


def test_notes() -> None:
    assert Group((0,), Sources(("甲",))).note == ""
    assert Group((0, 1, 2), Sources(("甲", "乙", "丙"))).note == "3 位医生给出相近回答"
    assert Group((0, 3), Sources(("甲",))).note == "同一位医生的 2 条相近回答"
    assert Group((0, 1), Sources(answers=2)).note == "2 条回答相近"
    assert Group((0, 1), Sources(examples=2)).note == "2 条示例回答相近"
    assert Group((0, 1), Sources(("甲",), examples=1)).note == "1 位医生、1 条示例回答相近"
    assert Group((0, 1), Sources(examples=2, kind="disease")).note == "2 条示例疾病介绍相近"


NAMES = st.sampled_from([None, "张三", "李四"])
RECORDS = st.builds(
    lambda text, name, hospital, source: {"text": text, "doctor": name, "hospital": hospital, "source": source},
    st.sampled_from([ADVICE, AGAIN, ADVICE + "不要热敷。", "腰痛看骨科，拍片。"]),
    NAMES,
    st.sampled_from([None, "甲医院"]),
    st.sampled_from(["test", "starter"]),
)


@settings(deadline=None)  # the first example loads the tables
@given(st.lists(RECORDS, max_size=12), st.floats(0, 0.95))
def test_every_candidate_is_in_one_group_and_counts_are_honest(fields: list[dict], background: float) -> None:
    records = [answer(number, **field) for number, field in enumerate(fields)]
    groups = group_answers([ranked(record) for record in records], background)
    assert sorted(member for group in groups for member in group.members) == list(range(len(records)))
    assert [group.members[0] for group in groups] == sorted(group.members[0] for group in groups)
    for group in groups:
        assert list(group.members) == sorted(group.members)
        own = [records[member] for member in group.members]
        named = {(record.doctor, record.hospital) for record in own if record.doctor and not record.is_example}
        assert len(group.sources.doctors) <= len(named)
        assert len(set(group.sources.doctors)) == len(group.sources.doctors)
        assert bool(group.sources.doctors) == bool(named)
        assert group.sources.examples == sum(record.is_example for record in own)
        assert group.sources.answers == sum(not record.doctor and not record.is_example for record in own)


def test_background_by_hand() -> None:
    right, up = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert background_of(np.stack([right, up])) == pytest.approx(0.0)
    assert background_of(np.stack([right, right, up])) == pytest.approx(1 / 3)  # cosines 1, 0, 0
    assert background_of(np.stack([right, right])) == 0.95  # no more: it would say nothing
    assert background_of(np.stack([right])) == background_of(np.zeros((0, 2))) == 0.0


def test_an_answers_vector_is_the_mean_of_its_passages_by_length() -> None:
    table = np.array([(0, QUESTION, 0, 0, b""), (0, PASSAGE, 0, 30, b""), (0, PASSAGE, 30, 40, b""), (1, PASSAGE, 0, 5, b"")], dtype=UNIT)
    embeddings = np.array([[0, 1], [1, 0], [0, 1], [0, 1]], dtype=np.float32)
    answers, questions = AnswerVectors(table, table["row"].astype(np.int64), embeddings).of([1, 0])
    assert answers[0] == pytest.approx([0, 1])
    assert answers[1] == pytest.approx(np.array([3, 1]) / np.sqrt(10))
    assert questions[0] is None
    assert questions[1].tolist() == [0, 1]


def test_what_is_told_under_a_result_takes_up_no_rank(tmp_path: Path) -> None:
    """Seven doctors' copies of one answer and five other answers: `top` counts groups."""
    generator = random.Random(7)
    copies = [answer(number, doctor=f"医生{number}", hospital="甲医院") for number in range(7)]
    others = [answer(number, f"抽筋的第{number}种说法：{'多喝水' * number}。", question=f"抽筋问题{number}") for number in range(10, 15)]
    records = [*copies, *others]
    generator.shuffle(records)
    build_index(records, tmp_path, StubEncoder())
    found = Searcher.open(tmp_path, StubEncoder()).search("抽筋怎么办", top=4)
    assert [result.rank for result in found.results] == [1, 2, 3, 4]
    first = found.results[0]
    assert {first.record.id, *(record.id for record in first.similar)} == {record.id for record in copies}
    assert first.similar_note == "7 位医生给出相近回答"
    assert first.to_dict()["similar"] == [record.id for record in first.similar]
    assert all(result.similar == () and result.similar_note == "" for result in found.results[1:])


def test_so_many_copies_that_the_pool_must_grow(tmp_path: Path) -> None:
    records = [answer(number) for number in range(150)] + [answer(200, "腰痛看骨科，拍片。", question="抽筋")]
    build_index(records, tmp_path, StubEncoder())
    found = Searcher.open(tmp_path, StubEncoder()).search("抽筋怎么办", top=2)
    assert len(found.results) == 2
    assert found.results[0].similar_note == "150 条回答相近"
