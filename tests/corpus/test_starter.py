"""The form of the starter corpus and of its test questions. What the records say was read by two people, not by a test."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import numpy as np
import pytest
from scipy import sparse

from corpus.importer import ImportReport, import_records
from corpus.paths import STARTER_CORPUS
from corpus.record import DoctorAnswer
from tests.question_sets import read_lines, read_set


@pytest.fixture(scope="module")
def records() -> list[DoctorAnswer]:
    report = ImportReport()
    found = list(import_records([STARTER_CORPUS], report))
    assert (report.rejected, report.duplicates, report.renamed) == (0, 0, 0)
    return found


@pytest.fixture(scope="module")
def lines() -> list[dict]:
    return read_lines(STARTER_CORPUS)


def test_breadth(records: list[DoctorAnswer]) -> None:
    answers = Counter(record.department for record in records if record.kind == "answer")
    assert sum(answers.values()) >= 1000
    assert len(answers) >= 24
    assert all(25 <= count <= 120 for count in answers.values()), answers


def test_half_the_questions_are_as_people_type_them(lines: list[dict]) -> None:
    voices = Counter(line["voice"] for line in lines if line["kind"] == "answer")
    assert abs(voices["lay"] - voices["page"]) <= 0.1 * sum(voices.values())


def test_every_record_is_honest_about_being_an_example(records: list[DoctorAnswer]) -> None:
    for record in records:
        assert record.is_example
        assert record.notice == "示例内容，未经执业医师审核"
        assert (record.doctor or "").startswith("示例医生")
        assert (record.hospital or "").startswith("示例医院")
        assert record.doctor_title
        assert record.hospital_tier
        assert record.published is not None
        assert date(2022, 1, 1) <= record.published <= date(2026, 11, 23)


def test_lengths(records: list[DoctorAnswer]) -> None:
    assert [record.id for record in records if not 120 <= len(record.answer) <= 350] == []
    assert [record.id for record in records if not 2 <= len(record.question) <= 120] == []


def test_no_phone_numbers_but_the_emergency_ones(records: list[DoctorAnswer]) -> None:
    for record in records:
        assert set(re.findall(r"(?<!\d)\d{5,}(?!\d)", record.answer)) <= {"12356"}, record.id


def test_no_doses_for_children(records: list[DoctorAnswer]) -> None:
    dose = re.compile(r"\d\s*(?:毫克|mg|毫升/公斤|ml/kg|mg/kg|片/次)", re.IGNORECASE)
    assert [record.id for record in records if record.department == "儿科" and dose.search(record.answer)] == []


def test_no_two_answers_have_the_same_wording(records: list[DoctorAnswer]) -> None:
    """Jaccard similarity of character trigrams, exact: what MinHash would estimate."""
    numbers: dict[str, int] = {}
    rows, columns = [], []
    for row, record in enumerate(records):
        for trigram in {record.answer[at : at + 3] for at in range(len(record.answer) - 2)}:
            rows.append(row)
            columns.append(numbers.setdefault(trigram, len(numbers)))
    has = sparse.csr_matrix((np.ones(len(rows), np.int32), (rows, columns)))
    shared = (has @ has.T).tocoo()
    sizes = np.asarray(has.sum(axis=1)).ravel()
    similarity = shared.data / (sizes[shared.row] + sizes[shared.col] - shared.data)
    near = [
        (records[i].id, records[j].id) for i, j in zip(shared.row[similarity >= 0.8], shared.col[similarity >= 0.8], strict=True) if i < j
    ]
    assert near == []


def test_questions_name_records_that_exist(records: list[DoctorAnswer]) -> None:
    questions = read_set("starter_questions")
    ids = {record.id for record in records}
    texts = {record.question for record in records}
    assert len(questions) >= 300
    assert len({question["question"] for question in questions}) == len(questions)
    for question in questions:
        assert 1 <= len(question["ids"]) <= 4
        assert set(question["ids"]) <= ids
        assert question["question"] not in texts
