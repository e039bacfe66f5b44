"""The logic of the search page: filters and their counts, the address, what else to ask, where nothing is left."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from search_app.components.filters import OPEN_FACETS
from search_app.listing import common_department
from tests.index.some_records import numbered
from tests.search_app.conftest import HOSTILE

Open = Callable[..., AppTest]
QUESTION = "小腿抽筋怎么办"


def texts(app: AppTest) -> list[str]:
    return [element.proto.body for element in app.get("html") if "<style" not in element.proto.body]


def cards(app: AppTest) -> list[str]:
    return [re.sub(r"<[^>]+>", "", body) for body in texts(app) if 'class="answer-card"' in body]


def total(app: AppTest) -> int:
    found = [int(match[1]) for body in texts(app) if (match := re.search(r"找到 (\d+) 条", body))]
    return found[0] if found else 0


def options(app: AppTest, dimension: str = "") -> dict[str, int]:
    """Key of a facet's button -> the count that it shows."""
    return {
        button.key: int(re.search(r"（(\d+)）$", button.label)[1])
        for button in app.button
        if (button.key or "").startswith(f"option-{dimension}")
    }


def named(app: AppTest, beginning: str) -> list:
    return [button for button in app.button if (button.key or "").startswith(beginning)]


@pytest.mark.parametrize("address", [{}, {"department": ["骨科", "儿科"]}, {"tier": ["三甲"], "since": ["2022"]}])
def test_every_count_is_what_the_list_holds_after_the_click(open_cramps: Open, address: dict[str, list[str]]) -> None:
    app = open_cramps(q=QUESTION, **address)
    assert not app.exception
    assert total(app) > 0
    for dimension in ("department", "tier", "title", "since"):
        if dimension in address:
            continue
        counts = options(app, dimension)
        assert counts
        for key, count in counts.items():
            chosen = open_cramps(q=QUESTION, **address)
            chosen.button(key=key).click().run()
            assert not chosen.exception
            assert total(chosen) == count > 0, key


def test_options_are_drawn_once_they_are_looked_at(open_cramps: Open) -> None:
    app = open_cramps(q=QUESTION)
    assert options(app)
    app.session_state[OPEN_FACETS] = False
    app.run()
    assert not options(app)
    assert len(cards(app)) == 10


def test_without_filters_all_that_answer_are_counted(open_cramps: Open) -> None:
    app = open_cramps(q=QUESTION)
    assert sum(options(app, "department").values()) <= total(app)
    assert len(cards(app)) == 10
    assert options(app, "tier").values()


def test_a_choice_stands_in_the_address_and_as_a_chip_that_takes_it_back(open_cramps: Open) -> None:
    app = open_cramps(q=QUESTION)
    everything = total(app)
    assert not named(app, "chip-")
    button = next(button for button in named(app, "option-department") if "骨科" in button.label)
    button.click().run()
    assert app.query_params["department"] in ("骨科", ["骨科"])
    assert app.query_params["q"] in (QUESTION, [QUESTION])
    assert all("骨科" in card for card in cards(app))
    assert "骨科" in app.button(key="chip-0").label
    next(button for button in named(app, "option-tier") if "三甲" in button.label).click().run()
    assert 0 < total(app) < everything
    assert len(named(app, "chip-")) == 3
    app.button(key="chip-all").click().run()
    assert total(app) == everything
    assert "department" not in app.query_params


def test_an_address_alone_brings_back_question_filters_and_list(open_cramps: Open) -> None:
    app = open_cramps(q=QUESTION, department=["骨科", "儿科"], since="2022")
    assert app.text_input[0].value == QUESTION
    assert [button.label.split(" ")[0] for button in named(app, "chip-")][:3] == ["骨科", "儿科", "2022年以来"]
    assert all("骨科" in card or "儿科" in card for card in cards(app))


def test_filters_that_leave_nothing_say_which_one_to_drop(open_cramps: Open) -> None:
    app = open_cramps(q=QUESTION, department="骨科", tier="没有这种医院")
    assert not app.exception
    assert not cards(app)
    assert "没有能回答" in app.info[0].value
    drop = app.button(key="drop-tier")
    count = int(re.search(r"有 (\d+) 条", drop.label)[1])
    assert "没有这种医院" in drop.label
    assert not named(app, "drop-department"), "without the department there is nothing either"
    drop.click().run()
    assert total(app) == count > 0
    assert cards(app)


def test_where_two_filters_each_leave_nothing_both_can_be_dropped(open_cramps: Open) -> None:
    app = open_cramps(q=QUESTION, department="没有这个科", tier="没有这种医院")
    everything = int(re.search(r"有 (\d+) 条", app.button(key="drop-all").label)[1])
    app.button(key="drop-all").click().run()
    assert total(app) == everything > 0


def test_hostile_values_are_shown_as_text(open_cramps: Open) -> None:
    app = open_cramps(q=QUESTION, department=HOSTILE, title="<script>alert(1)</script>", tier="\u202e:smile: `x` $y$")
    assert not app.exception
    for button in app.button:
        unescaped = re.sub(r"\\.", "", button.label)
        assert not re.search(r"[<>\[\]$*`:!\u202e]", unescaped), button.label


def test_more_cards_follow_and_those_that_are_there_stay(open_cramps: Open) -> None:
    app = open_cramps(q=QUESTION)
    first = cards(app)
    assert len(first) == 10
    app.button(key="more").click().run()
    assert cards(app)[:10] == first
    assert len(cards(app)) > 10
    while named(app, "more"):
        app.button(key="more").click().run()
    assert len(cards(app)) <= total(app)
    app.text_input[0].set_value("抽筋热敷").run()
    assert len(cards(app)) <= 10


def test_related_questions_are_others_than_shown_and_are_searched(open_cramps: Open) -> None:
    app = open_cramps(q=QUESTION)
    related = named(app, "ask-related")
    assert related
    shown = "".join(texts(app))
    assert all(button.label not in shown for button in related)
    wanted = related[0].label
    related[0].click().run()
    assert app.text_input[0].value == wanted
    assert cards(app)


def test_recent_questions_of_this_visit(open_cramps: Open) -> None:
    app = open_cramps()
    assert not named(app, "ask-recent")
    app.text_input[0].set_value(QUESTION).run()
    app.text_input[0].set_value("半夜抽筋").run()
    assert [button.label for button in named(app, "ask-recent")] == [QUESTION]
    app.button(key="ask-recent-0").click().run()
    assert app.text_input[0].value == QUESTION
    assert [button.label for button in named(app, "ask-recent")] == ["半夜抽筋"]
    assert not named(open_cramps(), "ask-recent"), "another visit knows nothing of it"


def test_the_definition_stands_beside_the_answers(open_cramps: Open) -> None:
    box = next(body for body in texts(open_cramps(q="抽筋怎么办")) if 'class="definition"' in body)
    assert "了解疾病：抽筋" in box
    assert "展开全文" in box
    assert not any('class="definition"' in body for body in texts(open_cramps(q="近视眼镜度数")))


def test_where_nothing_answers_the_nearest_questions_and_the_department_are_told(open_cramps: Open) -> None:
    app = open_cramps(q="怎么修自行车链条")
    assert not cards(app)
    assert "没有找到能回答" in app.info[0].value
    assert named(app, "ask-nearest")
    assert not named(app, "option-"), "there is nothing to filter"
    assert not any("最接近的内容多属于" in body for body in texts(app)), "the nearest are scattered over the departments"


def test_the_browser_going_back_moves_the_box_too(open_cramps: Open) -> None:
    app = open_cramps(q=QUESTION)
    app.text_input[0].set_value("半夜抽筋").run()
    app.query_params["q"] = QUESTION
    app.run()
    assert app.text_input[0].value == QUESTION


def test_examples_come_by_topic_and_are_one_click(open_cramps: Open) -> None:
    app = open_cramps()
    assert len(app.tabs) >= 5
    examples = named(app, "ask-example")
    assert len(examples) >= 15
    wanted = examples[0].label
    examples[0].click().run()
    assert app.text_input[0].value == wanted
    assert app.query_params["q"] in (wanted, [wanted])


@pytest.mark.parametrize(
    ("departments", "expected"),
    [
        (["眼科", "眼科", None], "眼科"),
        (["眼科", "骨科", "眼科", "儿科"], "眼科"),
        (["眼科", None, None], None),
        (["眼科", "骨科", "儿科"], None),
        ([], None),
    ],
)
def test_a_department_is_named_where_half_of_the_nearest_belong_to_it(departments: list[str | None], expected: str | None) -> None:
    assert common_department([numbered(number, department=value) for number, value in enumerate(departments)]) == expected
