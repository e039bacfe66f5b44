"""Who is the patient among the people whom a question names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import patient_choice
from corpus.clean import search_key
from corpus.patient import find_patient, possible_patients
from corpus.patient_choice import ASIDE, EVIDENCE, NEAR, SELF, Told, evidence_of, likeliest
from corpus.patient_fit import agreement, choice_of, fit, share_right, write_weights


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("我妈今年六十一骨密度低她跟我爸出去旅游忘了打针还有我姨说打了会发烧", "妈"),
        ("俺闺女5岁晚上磨牙，她姥姥说肚里有虫", "闺女"),
        ("孩子九岁脚趾缝脱皮，他爸有脚气", "孩子"),
        ("我妈让我给孩子捂汗", "孩子"),
        ("妈妈75骨密度-3.1，医生让每礼拜吃一片药，她胃浅", "妈妈"),
        ("我怀孕五个月，我老公这两天恶心呕吐", "老公"),
        ("嗓子疼吃什么药", ""),
    ],
)
def test_the_patient_is_the_one_whose_complaint_is_told(question: str, name: str) -> None:
    assert find_patient(search_key(question)).name == name


def test_evidence_by_hand() -> None:
    # 爸六十头晕,我问问: two people in a short question
    key = "爸六十头晕,我问问"
    father, asker = Told("爸", rank=NEAR, last=1, spans=[(0, 6)]), Told(SELF, rank=ASIDE, last=2, spans=[(6, 9)])
    first, second = evidence_of([father, asker], [key[:6], key[6:]], key)
    said = dict(zip(EVIDENCE, first, strict=True))
    assert (said["near"], said["first"], said["last"], said["age"], said["self"]) == (1, 1, 0, 0, 0)  # 六十 before 头 is no age yet
    assert said["complaints"] == pytest.approx(np.log(3))  # 头 and 晕
    assert said["share"] == pytest.approx(6 / 9)
    other = dict(zip(EVIDENCE, second, strict=True))
    assert (other["aside"], other["last"], other["self_last"], other["at_the_end"], other["well_beside_another"]) == (1, 1, 1, 1, 1)


def test_the_likeliest_has_the_highest_weighted_sum_and_the_last_of_equals_is_taken() -> None:
    assert likeliest([[1.0, 0.0], [0.0, 1.0]], [2.0, 1.0]) == 0
    assert likeliest([[1.0, 0.0], [0.0, 1.0]], [1.0, 1.0]) == 1


def test_a_fit_finds_the_evidence_that_tells() -> None:
    tells, other = EVIDENCE.index("age"), EVIDENCE.index("last")
    rng = np.random.default_rng(1)
    choices = []
    for _ in range(60):
        evidence = np.zeros((3, len(EVIDENCE)))
        right = np.zeros(3, dtype=bool)
        right[rng.integers(3)] = True
        evidence[right, tells] = 1
        evidence[rng.integers(3), other] = 1
        choices.append((evidence, right))
    weights = fit(choices)
    assert share_right(weights, choices) == 1.0
    assert weights[tells] > 5 * abs(weights[other])


def test_a_label_decides_which_people_are_right() -> None:
    row = {"question": "我怀孕四个月，老公今年七十咳嗽", "life": "老人", "state": "", "sex": "男性", "conditions": []}
    evidence, right = choice_of(row) or (np.zeros(0), np.zeros(0))
    assert [patient.name for patient, _ in possible_patients(search_key(row["question"]))] == ["我", "老公"]
    assert right.tolist() == [False, True]
    assert evidence.shape == (2, len(EVIDENCE))
    assert choice_of({**row, "question": "咳嗽"}) is None


def test_agreement_by_hand() -> None:
    row = {"life": "成人", "state": "孕妇", "sex": "女性", "conditions": ["哮喘"]}
    assert agreement({"孕妇", "哮喘"}, row) == pytest.approx(1.5)  # who names nobody is an adult; the sex need not be read
    assert agreement({"孕妇", "男性"}, row) == pytest.approx(1.0)
    assert agreement({"儿童"}, row) == pytest.approx(0.4)
    assert agreement({"儿童", "男性"}, {"groups": ["儿童"]}) == 1.0


def test_weights_are_read_as_they_were_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = [round(0.1 * number, 1) for number in range(len(EVIDENCE))]
    write_weights(weights, tmp_path / "patient.toml")
    monkeypatch.setattr(patient_choice, "PATIENT", tmp_path / "patient.toml")
    patient_choice.fitted_weights.cache_clear()
    try:
        assert list(patient_choice.fitted_weights()) == weights
    finally:
        patient_choice.fitted_weights.cache_clear()


@given(
    st.lists(st.sampled_from(["我", "妈妈", "他", "孩子", "医生", "说", "给", "咳嗽", "今年七十", "，", "怀孕", "吗", "#"]), max_size=25)
)
def test_everybody_is_told_of_in_the_words_of_the_question(pieces: list[str]) -> None:
    key = search_key("".join(pieces))
    patient = find_patient(key)
    assert set(patient.text) <= set(key) | set("#,备孕")
    assert all(len(evidence) == len(EVIDENCE) for _, evidence in possible_patients(key))
