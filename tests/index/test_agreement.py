from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.audience import addressed
from corpus.importer import ImportReport, import_records
from corpus.points import read_points
from corpus.record import DoctorAnswer
from index.agreement import MOST_POINTS, body_parts_of, find_agreement, is_about, topics_of
from index.build import build_index
from index.ranked_answer import RankedAnswer
from index.search import Searcher
from tests.stub_encoder import StubEncoder

SEED = Path(__file__).parents[3] / "shared" / "seed" / "muscle_cramp_page.txt"


def answer(number: int, text: str, **fields: object) -> DoctorAnswer:
    return DoctorAnswer(**({"id": f"r{number}", "question": "抽筋怎么办", "answer": text, "source": "test"} | fields))  # type: ignore[arg-type]


def ranked(record: DoctorAnswer) -> RankedAnswer:
    return RankedAnswer(record, addressed(record), read_points(record.answer), np.array([1.0]), None)


def agreed(*records: DoctorAnswer, question: str = "抽筋怎么办", for_whom: tuple[str, ...] = ()) -> dict[str, dict]:
    return {point.point: point.to_dict() for point in find_agreement(question, [ranked(record) for record in records], for_whom)}


def test_points_that_several_doctors_make() -> None:
    found = agreed(
        answer(1, "先拉伸。平时要补钙。", doctor="甲", hospital="一院"),
        answer(2, "可以补钙，也可以热敷。", doctor="乙", hospital="二院"),
        answer(3, "拉伸一下小腿就好。", doctor="丙", hospital="三院"),
        answer(4, "注意补钙。", doctor="丁", hospital="四院"),
    )
    assert list(found) == ["补钙", "拉伸"]  # 热敷 is one doctor's
    assert found["补钙"] == {
        "point": "补钙",
        "doctors": ["甲", "乙", "丁"],
        "answers": 0,
        "examples": 0,
        "sentences": [
            {"id": "r1", "text": "平时要补钙。"},
            {"id": "r2", "text": "可以补钙，也可以热敷。"},
            {"id": "r4", "text": "注意补钙。"},
        ],
    }


def test_a_typed_value_tells_to_whom_something_must_not_be_said() -> None:
    told = [answer(number, "没有高血压的人可以热敷。", doctor=name) for number, name in enumerate("甲乙")]
    assert "热敷" in agreed(*told, question="抽筋能热敷吗")
    assert "热敷" not in agreed(*told, question="抽筋能热敷吗，高压180低压110")


def test_negation_does_not_support() -> None:
    found = agreed(
        answer(1, "应该补钙。", doctor="甲"),
        answer(2, "不需要补钙。", doctor="乙"),
        answer(3, "补钙没用。", doctor="丙"),
        answer(4, "不建议热敷。", doctor="丁"),
        answer(5, "不要热敷，也不要按摩。", doctor="戊"),
        answer(6, "补钙吗？", doctor="己"),
    )
    assert {point: entry["doctors"] for point, entry in found.items()} == {"不必补钙": ["乙", "丙"], "不要热敷": ["丁", "戊"]}


def test_one_doctor_is_one_voice_and_examples_are_none() -> None:
    same = {"doctor": "甲", "hospital": "一院"}
    assert agreed(answer(1, "要补钙。", **same), answer(2, "必须补钙。", **same)) == {}
    examples = [
        answer(number, f"要补钙，第{number}条。", doctor="示例医生甲", hospital="示例医院一", source="starter") for number in (1, 2)
    ]
    found = agreed(*examples)["补钙"]
    assert (found["doctors"], found["answers"], found["examples"]) == ([], 0, 2)
    [point] = find_agreement("抽筋怎么办", [ranked(record) for record in examples])
    assert point.note == "2 条示例回答提到"


def test_copies_of_a_sentence_without_a_doctor_count_once() -> None:
    assert agreed(answer(1, "要补钙。"), answer(2, "要补钙。")) == {}
    assert agreed(answer(1, "要补钙。"), answer(2, "要补钙。", doctor="甲"))["补钙"]["answers"] == 1
    assert agreed(answer(1, "要补钙。"), answer(2, "需要补钙。"))["补钙"]["answers"] == 2


def test_most_supported_first_and_real_answers_before_examples() -> None:
    found = agreed(
        answer(1, "要热敷，要拉伸，多喝水，要补钙。", doctor="甲"),
        answer(2, "要热敷，要拉伸，多喝水。", doctor="乙"),
        answer(3, "要热敷。"),
        *(answer(10 + number, f"要补钙，这是第{number}条。", source="starter") for number in range(5)),
        answer(4, "要拉伸。", doctor="丙"),
    )
    assert list(found) == ["拉伸", "热敷", "多喝水", "补钙"]  # 3 doctors; 2 and an answer; 2; one and five examples


def test_articles_and_answers_for_other_people_support_nothing() -> None:
    first = answer(1, "要补钙。", doctor="甲")
    assert agreed(first, answer(2, "应当补钙。", doctor="乙", kind="article")) == {}
    child = answer(3, "应当补钙。", doctor="丙", question="孩子抽筋怎么办")
    assert agreed(first, child) == {}
    assert list(agreed(child, answer(4, "需要补钙。", doctor="丁", question="小孩抽筋"), question="孩子抽筋", for_whom=("儿童",))) == [
        "补钙"
    ]


def test_what_is_said_of_somebody_else_does_not_count() -> None:
    texts = ["孕妇不要热敷，要补钙。", "孕妇不要热敷。要补钙。"]
    assert list(agreed(*(answer(number, text, doctor=f"医生{number}") for number, text in enumerate(texts)))) == []
    pregnant = [answer(number, text, doctor=f"医生{number}", question="孕妇抽筋怎么办") for number, text in enumerate(texts)]
    assert set(agreed(*pregnant, question="孕妇抽筋", for_whom=("孕妇",))) == {"不要热敷", "补钙"}


def test_what_is_said_of_an_age_counts_for_that_age() -> None:
    texts = ["发烧时6个月以下不用布洛芬。", "布洛芬6个月以下不用。"]
    records = [answer(number, text, doctor=f"医生{number}", question="孩子发烧怎么办") for number, text in enumerate(texts)]
    assert agreed(*records, question="孩子5岁发烧能吃布洛芬吗", for_whom=("儿童",)) == {}
    grown = [answer(number, text, doctor=f"医生{number}", question="发烧怎么办") for number, text in enumerate(texts)]
    assert agreed(*grown, question="他发烧能吃布洛芬吗") == {}
    babies = [answer(number, text, doctor=f"医生{number}", question="婴儿发烧怎么办") for number, text in enumerate(texts)]
    assert list(agreed(*babies, question="宝宝4个月发烧", for_whom=("婴儿",))) == ["不要用布洛芬"]


def test_what_holds_under_a_condition_is_no_general_advice() -> None:
    texts = [
        "肾结石者不宜用布洛芬。如果是细菌感染，可用抗生素。抽筋时可以热敷。",
        "肾结石者禁用布洛芬。如果感染，用抗生素。抽筋发作时热敷。",
    ]
    records = [answer(number, text, doctor=f"医生{number}") for number, text in enumerate(texts)]
    assert list(agreed(*records)) == ["热敷"]
    assert set(agreed(*records, question="肾结石抽筋怎么办")) == set()  # the records are not about it
    stones = [answer(number, text, doctor=f"医生{number}", question="肾结石抽筋") for number, text in enumerate(texts)]
    assert "不要用布洛芬" in agreed(*stones, question="肾结石抽筋怎么办")


def test_a_safety_net_is_a_point_in_an_emergency_only() -> None:
    texts = ["要补钙。如果胸痛憋气，立即拨打120。", "应当补钙。胸痛、大汗，马上去急诊。"]
    point = "危急时拨打120或去急诊"
    assert list(agreed(*(answer(number, text, doctor=f"医生{number}") for number, text in enumerate(texts)))) == ["补钙"]
    question = "胸口压榨样疼痛大汗淋漓喘不上气"
    grave = [answer(number, text, doctor=f"医生{number}", question=question) for number, text in enumerate(texts)]
    assert point in agreed(*grave, question=question)
    told = [answer(number, text, doctor=f"医生{number}") for number, text in enumerate(["立即拨打120。", "不要等，马上去急诊。"])]
    assert list(agreed(*told)) == [point]


def test_only_answers_about_the_questions_own_topic() -> None:
    records = [answer(1, "可以用布洛芬。", doctor="甲", question="牙疼怎么办"), answer(2, "建议吃布洛芬。", doctor="乙", question="膝盖疼")]
    assert agreed(*records, question="胃疼吃什么药") == {}


def test_a_disease_that_the_question_names_is_no_cause() -> None:
    records = [answer(number, "多由结膜炎引起，与感染有关。", doctor=f"医生{number}", question="结膜炎眼睛红") for number in range(2)]
    assert "与结膜炎有关" not in agreed(*records, question="结膜炎怎么治")
    assert "与结膜炎有关" in agreed(*records, question="眼睛红")


@pytest.mark.parametrize(
    ("question", "there", "absent"),
    [
        ("半夜小腿抽筋怎么办", {"抽筋", "痉挛", "小腿抽筋"}, {"小腿", "半夜"}),
        ("过敏性鼻炎怎么治", {"过敏性鼻炎"}, {"过敏", "鼻炎"}),
        ("孕妇便秘", {"便秘"}, {"孕妇"}),
        ("孕吐", {"孕吐"}, set()),
        ("痔疮出血", {"痔疮"}, {"出血"}),
    ],
)
def test_topics(question: str, there: set[str], absent: set[str]) -> None:
    topics = topics_of(question)
    assert there <= topics
    assert not absent & topics


def test_a_record_is_about_what_its_question_names() -> None:
    record = answer(1, "胃疼时不要吃。", question="牙疼怎么办")
    assert is_about(record, frozenset({"牙疼"}))
    assert not is_about(record, frozenset({"胃疼"}))
    assert is_about(answer(1, "胃疼时不要吃。", question=""), frozenset({"胃疼"}))
    assert is_about(record, frozenset())


@pytest.mark.parametrize(
    ("asked", "title", "about"),
    [
        ("小腿抽筋", "腿部肌肉痉挛怎么缓解", True),
        ("小腿抽筋", "肌肉痉挛怎么缓解", True),
        ("小腿抽筋", "眼睛肌肉痉挛怎么办", False),
        ("面部痉挛", "背部肌肉痉挛症状", False),
        ("抽筋怎么办", "眼睛肌肉痉挛怎么办", True),
    ],
)
def test_another_part_of_the_body_is_another_matter(asked: str, title: str, about: bool) -> None:
    record = answer(1, "可以热敷。", question=title)
    assert is_about(record, topics_of(asked), body_parts_of(asked)) is about


SENTENCES = st.sampled_from(
    ["要补钙。", "不要热敷。", "多喝水，多休息。", "去骨科就诊，查血常规。", "避免熬夜。", "与缺钙有关。", "补钙吗？"]
)
RECORDS = st.builds(
    lambda text, doctor, source, question: {"text": "".join(text), "doctor": doctor, "source": source, "question": question},
    st.lists(SENTENCES, min_size=1, max_size=5),
    st.sampled_from([None, "甲", "乙", "丙"]),
    st.sampled_from(["test", "starter"]),
    st.sampled_from(["抽筋怎么办", "孩子抽筋怎么办"]),
)


@settings(deadline=None)  # the first example loads the tables
@given(st.lists(RECORDS, max_size=10))
def test_counts_are_honest_whatever_the_records(fields: list[dict]) -> None:
    records = {f"r{number}": answer(number, **field) for number, field in enumerate(fields)}
    points = find_agreement("抽筋怎么办", [ranked(record) for record in records.values()])
    assert len(points) <= MOST_POINTS
    assert len({point.point for point in points}) == len(points)
    supports = [(len(point.sources.doctors) + point.sources.answers, len(point.sources.doctors)) for point in points]
    assert supports == sorted(supports, reverse=True)
    for point in points:
        assert len(point.sources) >= 2
        assert len(set(point.sources.doctors)) == len(point.sources.doctors)
        assert set(point.sources.doctors) <= {record.doctor for record in records.values() if not record.is_example}
        for evidence in point.sentences:
            assert evidence.text in records[evidence.record.id].answer


def test_a_search_says_where_doctors_agree(tmp_path: Path) -> None:
    texts = {"甲": "小腿抽筋先拉伸，再热敷。", "乙": "小腿抽筋时拉伸小腿。"}
    records = [answer(number, text, doctor=name) for number, (name, text) in enumerate(texts.items())]
    others = [
        answer(number, "多喝水，要休息。", doctor="丙", question=question)
        for number, question in enumerate(("咳嗽", "头痛", "失眠"), start=5)
    ]
    build_index([*records, *others], tmp_path, StubEncoder())
    found = Searcher.open(tmp_path, StubEncoder()).search("小腿抽筋怎么办")
    assert [entry["point"] for entry in found.to_dict()["agreement"]] == ["拉伸"]
    assert found.agreement[0].sources.doctors == ("甲", "乙")


@pytest.mark.skipif(not SEED.exists(), reason="the shared seed page is not on this machine")
def test_the_seed_page(tmp_path: Path) -> None:
    """Sixteen answers by twelve doctors; who says what was read by hand."""
    build_index(import_records([SEED], ImportReport()), tmp_path, StubEncoder())
    store = Searcher.open(tmp_path, StubEncoder()).store
    rows = range(len(store))
    candidates = [
        RankedAnswer(record, audience, points, np.array([1.0]), None)
        for record, audience, points in zip(store.get(rows), store.audiences(rows), store.points(rows), strict=True)
    ]
    found = {point.point: set(point.sources.doctors) for point in find_agreement("肌肉痉挛怎么缓解", candidates)}
    assert found["补钙"] == {"胡勇", "杨道海", "孙淑建"}
    assert found["拉伸"] == {"毕连涌", "胡勇", "孙淑建"}
    assert found["针灸"] == {"石亭亭", "牛玥", "孙淑建"}
    # 孙淑建 speaks of 低钙血症, which the table of synonyms knows for 缺钙.
    assert found["与缺钙有关"] == {"杜俊秋", "刘建国", "胡勇", "杨道海", "刘健", "许光仓", "孙淑建"}
    assert all("示例" not in name for names in found.values() for name in names)
