from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus import readers
from corpus.clean import clean_text
from corpus.readers import Rejection, Source
from corpus.readers.credentials import Credentials, parse_credentials
from corpus.record import DoctorAnswer
from tests import pages

SEED = Path(__file__).parents[3] / "shared" / "seed" / "muscle_cramp_page.txt"


def read(path: Path) -> tuple[list[DoctorAnswer], list[Rejection]]:
    items = list(readers.read(Source(path)))
    return [item for item in items if isinstance(item, DoctorAnswer)], [item for item in items if isinstance(item, Rejection)]


def write(folder: Path, text: str, name: str = "page", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def check_page(records: list[DoctorAnswer]) -> None:
    article, disease, *answers = records
    assert (article.kind, article.question, article.published, article.views) == ("article", pages.TITLE, date(2025, 11, 3), 12_000)
    assert article.answer == clean_text("\n".join(pages.BODY))
    assert not article.truncated
    assert (disease.kind, disease.question, disease.answer) == ("disease", "呃逆", pages.DEFINITION)
    assert {record.disease for record in records} == {"呃逆"}
    assert {record.source for record in records} == {"示例医典"}
    found = [(a.question, a.doctor, a.doctor_title, a.hospital, a.hospital_tier, a.answer) for a in answers]
    assert found == [(b.question.replace("?", "?"), b.doctor, b.title, b.hospital, b.tier, b.answer) for b in pages.BLOCKS]
    assert [answer.truncated for answer in answers] == pages.TRUNCATED
    assert {answer.kind for answer in answers} == {"answer"}


def test_text_page_gives_article_disease_and_every_answer(tmp_path: Path) -> None:
    records, rejections = read(write(tmp_path, pages.as_text()))
    check_page(records)
    assert not rejections


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_text_page_in_other_encodings(tmp_path: Path, encoding: str, line_end: str) -> None:
    records, rejections = read(write(tmp_path, pages.as_text().replace("\n", line_end), encoding=encoding))
    check_page(records)
    assert not rejections


@pytest.mark.parametrize("markup", pages.MARKUPS)
def test_any_markup_of_the_page_gives_the_same_records(tmp_path: Path, markup: str) -> None:
    records, rejections = read(write(tmp_path, pages.MARKUPS[markup]()))
    check_page(records)
    assert not rejections


def test_an_answers_own_date_and_views_are_its_own_and_buttons_are_nothing(tmp_path: Path) -> None:
    text = pages.as_text()
    for number, block in enumerate(pages.BLOCKS, start=1):
        text = text.replace(block.answer, f"{block.answer}\n分享给朋友 {number}\n发布于 2024-05-0{number}\n{number}00次浏览")
    records, rejections = read(write(tmp_path, text))
    answers = [record for record in records if record.kind == "answer"]
    assert [(a.published, a.views) for a in answers] == [(date(2024, 5, number), number * 100) for number in (1, 2, 3)]
    assert [answer.answer for answer in answers] == [block.answer for block in pages.BLOCKS]
    assert (records[0].kind, records[0].published) == ("article", date(2025, 11, 3))
    assert not rejections


def test_doses_list_items_and_powers_of_ten_are_never_furniture(tmp_path: Path) -> None:
    endings = ["口服一种药。\n每天3次。", "换一种药。\n每天2次", "步骤：\n视频\n好了。", "可以这样做：\n1. 多喝水\n2. 少吃盐\n3. 多运动"]
    blocks = [f"问题{n}怎么办\n王某 主任医师\n某市医院 三甲\n{ending}" for n, ending in enumerate(endings)]
    records, rejections = read(write(tmp_path, "\n".join(blocks)))
    assert [record.answer for record in records] == endings
    assert not rejections
    html = "<p>血象怎么看</p><p>王某 主任医师</p><p>某市医院 三甲</p><p>正常是100×10<sup>9</sup>/L。</p>"
    assert read(write(tmp_path, html))[0][0].answer == "正常是100×10⁹/L。"


def test_html_gives_the_address_of_the_page(tmp_path: Path) -> None:
    records, _ = read(write(tmp_path, pages.as_cards()))
    assert {record.url for record in records} == {"https://example.com/hiccup"}


def test_html_in_gb2312_as_its_meta_tag_says(tmp_path: Path) -> None:
    html = pages.as_cards().replace("charset='utf-8'", "charset=gb2312").replace("·", "").replace("阿依古丽买买提", "示例丙")
    records, _ = read(write(tmp_path, html, encoding="gb18030"))
    assert [record.doctor for record in records if record.kind == "answer"] == ["示例甲", "示例乙", "示例丙"]


@pytest.mark.skipif(not SEED.exists(), reason="the shared seed page is not on this machine")
def test_the_seed_page() -> None:
    records, rejections = read(SEED)
    assert [record.kind for record in records] == ["article", "disease"] + ["answer"] * 16
    assert sum(record.truncated for record in records) == 9
    assert len({(record.doctor, record.hospital) for record in records if record.kind == "answer"}) == 12
    assert records[0].views == 9039
    assert not rejections


def test_every_prefix_of_a_page_keeps_the_blocks_that_are_whole(tmp_path: Path) -> None:
    """A page that was cut in half at any line: what is whole is kept, nothing runs into something else."""
    lines = pages.as_text().split("\n")
    whole_answers = {block.answer for block in pages.BLOCKS}
    for cut in range(1, len(lines) + 1):
        prefix = "\n".join(lines[:cut])
        records, _ = read(write(tmp_path, prefix))
        answers = {record.answer for record in records if record.kind == "answer"}
        assert answers <= whole_answers
        assert {answer for answer in whole_answers if answer in prefix} == answers


def test_a_question_nobody_answers_is_reported(tmp_path: Path) -> None:
    _, rejections = read(write(tmp_path, pages.as_text().replace("免费咨询", "打嗝能不能做胃镜\n")))
    assert [rejection.excerpt for rejection in rejections] == ["打嗝能不能做胃镜"]
    assert rejections[0].line is not None


def test_a_block_without_an_answer_is_reported_and_the_others_stay(tmp_path: Path) -> None:
    block = pages.BLOCKS[1]
    records, rejections = read(write(tmp_path, pages.as_text().replace(block.answer + "\n", "")))
    assert [record.doctor for record in records if record.kind == "answer"] == ["示例甲", "阿依古丽·买买提"]
    assert len(rejections) == 1
    assert "回答为空" in rejections[0].reason


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["王某 主任医师", "某市医院 三甲"], Credentials(2, "王某", "主任医师", "某市医院", "三甲")),
        (["王某副主任医师", "某市医院三级甲等"], Credentials(2, "王某", "副主任医师", "某市医院", "三级甲等")),
        (["王某", "主治医师", "某市医院", "二甲", "正文"], Credentials(4, "王某", "主治医师", "某市医院", "二甲")),
        (["王某 主任医师 教授", "某大学附属医院(东院) 三甲"], Credentials(2, "王某", "主任医师 教授", "某大学附属医院(东院)", "三甲")),
        (["王某 副主任医师 某市医院 三甲 骨科"], Credentials(1, "王某", "副主任医师", "某市医院", "三甲", "骨科")),
        (["王某医生 骨科 主任医师 已认证", "某市医院（三甲）"], Credentials(2, "王某", "主任医师", "某市医院", "三甲", "骨科")),
        (["王某 全科医生", "某市医院 三甲"], Credentials(2, "王某", "全科医生", "某市医院", "三甲")),
        (["王某 主任医师、教授、博士生导师", "某市医院 三甲"], Credentials(2, "王某", "主任医师 教授 博士生导师", "某市医院", "三甲")),
        (["王某 · 主任医师", "三甲 某市医院"], Credentials(2, "王某", "主任医师", "某市医院", "三甲")),
        (["阿卜杜拉·买买提 副主任中医师", "某县中医院 二甲"], Credentials(2, "阿卜杜拉·买买提", "副主任中医师", "某县中医院", "二甲")),
    ],
)
def test_credentials(lines: list[str], expected: Credentials) -> None:
    assert parse_credentials(lines) == expected


@pytest.mark.parametrize(
    "line",
    [
        "建议到三甲医院找主任医师看看。",
        "请去医院",
        "血压高怎么办",
        "由主任医师为你解答，建议尽早到医院就诊",
        "某市医院",
        "主任医师",
        "肌肉痉挛 三甲",
    ],
)
def test_sentences_are_no_credentials(line: str) -> None:
    assert parse_credentials([line, "后面是别的话，讲的是病情。"]) is None
