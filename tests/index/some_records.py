"""Records for tests of the index folder, made by number."""

from __future__ import annotations

from corpus.record import DoctorAnswer


def numbered(number: int, **fields: object) -> DoctorAnswer:
    defaults: dict = {
        "id": f"r{number}",
        "question": f"第{number}个问题怎么办",
        "answer": f"这是第{number}个回答。多喝水，注意休息。",
        "source": "test",
    }
    return DoctorAnswer(**(defaults | fields))
