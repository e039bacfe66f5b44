from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlencode

from hypothesis import given
from hypothesis import strategies as st

from corpus.emergencies import find_emergencies
from index.answers import Filters
from index.search import prepare_question
from search_app.address import LONGEST_QUESTION, Address, value_label


class Given(dict):
    def get_all(self, key: str) -> list[str]:
        return self.get(key, [])


def read(query: str) -> Address:
    return Address.read(Given(parse_qs(query, keep_blank_values=True)))


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(str.strip)
values = st.lists(texts, max_size=3, unique=True).map(tuple)
addresses = st.builds(
    Address, st.one_of(st.just(""), texts), values, values, values, st.sampled_from([(), ("2024",), ("0001",), ("9999",)])
)


@given(addresses)
def test_what_is_written_is_read_again(address: Address) -> None:
    assert read(urlencode(address.parameters(), doseq=True)) == address


def test_an_address_by_hand() -> None:
    address = read("q=打嗝&department=儿科&department=内科&tier=三甲&since=2024")
    assert address.filters() == Filters(departments=("儿科", "内科"), hospital_tiers=("三甲",), since=date(2024, 1, 1))
    assert address.chosen() == [("department", "儿科"), ("department", "内科"), ("tier", "三甲"), ("since", "2024")]
    assert value_label("since", "2024") == "2024年以来"
    assert address.without("department").parameters() == {"q": "打嗝", "tier": ["三甲"], "since": ["2024"]}
    assert address.without().parameters() == {"q": "打嗝"}
    assert not address.without().filters()


def test_what_cannot_be_meant_is_left_out() -> None:
    for year in ("abcd", "20245", "-202", "２０２４", "0000", "", "²²²²"):
        assert read(f"since={year}").since == ()
    assert read("department=&department=%20&tier=" + "甲" * 501) == Address()
    assert len(read("&".join(f"title={number}" for number in range(99))).title) == 20
    assert read("q=" + "嗝" * 9000).question == "嗝" * LONGEST_QUESTION
    assert read("title=甲&title=甲").title == ("甲",)


@given(addresses, st.sampled_from(["department", "tier", "title"]), texts)
def test_a_toggle_and_another_change_nothing_but_order(address: Address, dimension: str, value: str) -> None:
    there_and_back = address.toggled(dimension, value).toggled(dimension, value)
    assert set(there_and_back.values(dimension)) == set(address.values(dimension))
    assert (value in address.toggled(dimension, value).values(dimension)) is not (value in address.values(dimension))


def test_another_year_takes_the_place_of_the_year() -> None:
    address = Address(since=("2020",))
    assert address.toggled("since", "2024").since == ("2024",)
    assert address.toggled("since", "2020").since == ()


def test_of_what_is_too_long_beginning_and_end_are_kept() -> None:
    """What just happened stands at the end of a long story: it must be warned of, and searched."""
    story = "我爸今年七十。" + "前些年的事说来话长，" * 300 + "刚才我爸突然胸口剧痛，大汗淋漓，喘不上气，怎么办"
    for address in (Address().with_question(story), Address.read(Given({"q": [story]}))):
        assert len(address.question) == LONGEST_QUESTION
        assert address.question.startswith("我爸今年七十。")
        assert address.question.endswith("喘不上气，怎么办")
        assert [flag.rule for flag in find_emergencies(address.question)][:1] == ["acs"]
        assert prepare_question(address.question).text.endswith("喘不上气，怎么办")
