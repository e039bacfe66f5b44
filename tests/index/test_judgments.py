"""The judged questions: what is in the file, and what counts as answered."""

from __future__ import annotations

import json
from pathlib import Path

from corpus.importer import ImportReport, import_records
from corpus.paths import STARTER_CORPUS
from index.halves import FITS, REPORTS, half_of
from index.judgments import JudgedQuestion, read_judgments

JUDGMENTS = Path(__file__).parents[1] / "data" / "judgments.jsonl"


def test_a_question_is_answered_from_grade_two(tmp_path: Path) -> None:
    rows = [{"question": "头疼", "grades": {"a": 1, "b": 2}}, {"question": "腰疼", "grades": {"a": 1}}, {"question": "腿疼", "grades": {}}]
    path = tmp_path / "judged.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    judged = read_judgments(path)
    assert judged[0] == JudgedQuestion("头疼", {"a": 1, "b": 2})
    assert [question.is_answered for question in judged] == [True, False, False]


def test_the_judged_records_are_those_of_the_starter_corpus_and_both_halves_have_questions_that_nothing_answers() -> None:
    judged = read_judgments(JUDGMENTS)
    there = {record.id for record in import_records([STARTER_CORPUS], ImportReport())}
    assert {record for question in judged for record in question.grades} <= there
    assert {grade for question in judged for grade in question.grades.values()} == {0, 1, 2, 3}
    assert len({question.text for question in judged}) == len(judged)
    for half in (FITS, REPORTS):
        answered = [question.is_answered for question in judged if half_of(question.text) == half]
        assert 0.6 < sum(answered) / len(answered) < 0.85
