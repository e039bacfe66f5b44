"""Ages that are told without saying so."""

from __future__ import annotations

import pytest

from corpus.ages import loose_ages


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("岳父今年71,有痛风", [71]),
        ("女38,早上恶心", [38]),
        ("男,45,转氨酶高", [45]),
        ("外婆八十一也痛风", [81]),
        ("八十了还能种牙吗", [80]),
        ("六十三的人还逞能", [63]),
        ("十五六的娃打疫苗", [15]),
        ("我30会遗传吗", [30]),
        ("我38.5度", []),
        ("他十几年没犯", []),
        ("我十点才睡", []),
        ("爸70年代当过兵", []),
        ("尿酸,52,高吗", []),
        ("我95后,脱发", []),
        ("我80kg想减肥", []),
        ("5,7,19点位取活检", []),
    ],
)
def test_ages_told_without_a_unit(text: str, years: list[int]) -> None:
    assert [measure.value for measure in loose_ages(text) if measure.name == "age_years"] == pytest.approx(years)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("婆婆要给娃捂汗,8个月烧39", [240]),
        ("10个月,高烧退了", [300]),
        ("反复,两个月,拉稀", []),
        ("半个月拉肚子", []),
        ("宝,俩月了", [60]),
        ("咳嗽,拍片三个月前", []),
        ("停药三个月发烧", []),
        ("囡囡,才十来天", [10]),
    ],
)
def test_ages_of_infants_told_without_saying_so(text: str, days: list[int]) -> None:
    assert [measure.value for measure in loose_ages(text) if measure.name == "age_days"] == pytest.approx(days)
