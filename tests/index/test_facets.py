from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from index.facets import count_facets
from tests.index.some_records import numbered


def test_counts_worked_out_by_hand() -> None:
    facets = count_facets(
        [
            numbered(1, department="骨科", hospital_tier="三甲", doctor_title="主任医师 教授", published=date(2024, 5, 1)),
            numbered(2, department="骨科", hospital_tier="二甲", doctor_title="主任医师", published=date(2026, 1, 1)),
            numbered(3, department="儿科", published=date(2024, 1, 1)),
            numbered(4),
        ]
    )
    assert facets.total == 4
    assert list(facets.departments.items()) == [("骨科", 2), ("儿科", 1)]
    assert facets.hospital_tiers == {"三甲": 1, "二甲": 1}
    assert facets.doctor_titles == {"主任医师": 2, "教授": 1}
    assert list(facets.since.items()) == [(2026, 1), (2024, 3)]
    assert count_facets([]) == count_facets(iter(()))


@given(st.lists(st.tuples(st.sampled_from([None, "甲科", "乙科"]), st.sampled_from([None, 2020, 2021, 2023]))))
def test_a_count_is_how_many_a_choice_leaves(fields: list[tuple[str | None, int | None]]) -> None:
    records = [
        numbered(number, department=department, published=year and date(year, 6, 1)) for number, (department, year) in enumerate(fields)
    ]
    facets = count_facets(records)
    for department, count in facets.departments.items():
        assert count_facets(record for record in records if record.department == department).total == count
    for year, count in facets.since.items():
        assert count_facets(record for record in records if record.published and record.published.year >= year).total == count
