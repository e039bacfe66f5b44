from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.importer import Event, ImportReport, import_records
from tests import pages


def test_a_folder_of_everything_is_accounted_for(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "page").write_text(pages.as_text(), encoding="utf-8")
    (tmp_path / "page.html").write_text(pages.as_cards(), encoding="utf-8")
    (tmp_path / "more.csv").write_text("问题,回答\n咳嗽,喝水。\n头痛,\n", encoding="utf-8")
    (tmp_path / "junk").write_bytes(bytes(range(256)))
    (tmp_path / ".hidden").write_text("问题,回答\n隐藏,隐藏。\n", encoding="utf-8")
    report = ImportReport()
    records = list(import_records([tmp_path, tmp_path / "absent"], report))
    assert report.files == 4
    assert len(records) == report.kept == 6
    assert report.duplicates == 5  # the same page twice
    assert report.rejected == 3  # an empty answer, the junk, the path that is not there
    assert report.read == report.kept + report.duplicates + 1
    assert "回答为空" in report.summary()
    assert len({record.id for record in records}) == len(records)


def test_the_richer_copy_of_two_files_is_kept(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("问题,回答\n咳嗽,喝水。\n头痛,休息。\n", encoding="utf-8")
    (tmp_path / "2.csv").write_text("问题,回答,科室\n咳嗽？,喝水。,呼吸科\n", encoding="utf-8")
    report = ImportReport()
    records = list(import_records([tmp_path], report))
    assert [(record.answer, record.department) for record in records] == [("喝水。", "呼吸科"), ("休息。", None)]
    assert (report.read, report.kept, report.duplicates) == (3, 2, 1)


def test_doubts_are_in_the_summary_and_cost_nothing(tmp_path: Path) -> None:
    text = pages.as_text().replace(pages.BLOCKS[0].answer, "推荐专家:\n示例丁 主任医师\n示例市第二医院 三甲\n可以去看。")
    (tmp_path / "page").write_text(text, encoding="utf-8")
    report = ImportReport()
    assert len(list(import_records([tmp_path], report))) == 5
    assert (report.doubted, report.rejected) == (2, 0)
    assert "请核对：2 处" in report.summary()
    assert "示例丁" in report.summary()


@pytest.mark.parametrize(
    ("question", "excerpt"),
    [
        # Forty characters end within the number.
        (
            "孩子咳嗽三天了，夜里加重，有一点发热，吃了药不见好，回个电话13800138000",
            "孩子咳嗽三天了，夜里加重，有一点发热，吃了药不见好，回个电话…",
        ),
        (
            "孩子咳嗽三天了，夜里加重，有一点发热，吃了药不见好，请加我的微信zhangsan88",
            "孩子咳嗽三天了，夜里加重，有一点发热，吃了药不见好，请加我的微信…",
        ),
        (
            "孩子咳嗽三天了，夜里加重，有一点发热，吃了药不见好，电话138—0013—8000",
            "孩子咳嗽三天了，夜里加重，有一点发热，吃了药不见好，电话…",
        ),
        # They end with the number.
        (
            "孩子咳嗽三天了，夜里加重，有一点发热，吃了药不见好，打电话13800138000",
            "孩子咳嗽三天了，夜里加重，有一点发热，吃了药不见好，打电话[手机号]",
        ),
        (
            "孩子咳嗽三天了，手机１３８００１３８０００，夜里加重，有一点发热，吃了药不见好，回个话",
            "孩子咳嗽三天了，手机[手机号]，夜里加重，有一点发热，吃了药不见好…",
        ),
        ("手机１３８００１３８０００", "手机[手机号]"),
        ("CT和HCG", "CT和HCG"),
    ],
)
def test_an_excerpt_holds_no_half_of_a_number(tmp_path: Path, question: str, excerpt: str) -> None:
    (tmp_path / "a.csv").write_text(f"问题,回答\n{question},\n", encoding="utf-8")
    report = ImportReport()
    assert list(import_records([tmp_path], report, mask_personal=True)) == []
    assert [rejection.excerpt for rejection in report.rejections] == [excerpt]


def test_an_excerpt_is_quoted_as_it_is_where_nothing_is_masked(tmp_path: Path) -> None:
    question = "孩子咳嗽三天了，夜里加重，有一点发热，吃了药不见好，回个电话13800138000"
    (tmp_path / "a.csv").write_text(f"问题,回答\n{question},\n", encoding="utf-8")
    report = ImportReport()
    assert list(import_records([tmp_path], report)) == []
    assert [rejection.excerpt for rejection in report.rejections] == [question[:39] + "…"]


@pytest.mark.parametrize(
    ("line", "excerpt"),
    [
        (b"{" + "病人的电话".encode() + b"13800138000, \xff", "{病人的电话[手机号], \ufffd"),
        ("病人".encode() * 15 + "电话".encode() + b"13800138000\xff", "病人" * 15 + "电话…"),
        # Behind a byte that is no text.
        (b"{\xb0" + b"13800138000", "{\ufffd[手机号]"),
    ],
)
def test_a_line_that_is_no_text_tells_no_number(tmp_path: Path, line: bytes, excerpt: str) -> None:
    (tmp_path / "a.jsonl").write_bytes('{"answer": "多喝水。"}\n'.encode() + line + b"\n")
    report = ImportReport()
    assert len(list(import_records([tmp_path], report, mask_personal=True))) == 1
    assert [rejection.excerpt for rejection in report.rejections] == [excerpt]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        (
            "a.csv",
            "电话１３８００１３８０００,科室\n咳嗽,内科\n",
            "表头（第 1 行）里没有回答列（回答、答案或 answer）；现有的列：电话[手机号]、科室。可用 --columns answer=列名 指定",
        ),
        ("a.jsonl", '{"电话13800138000": 1}\n', "没有回答字段（answer、text、回答或答案），只有：电话[手机号]"),
        ("a.csv", "问题,回答,kind\n咳嗽,喝水。,13800138000\n", "不认识的 kind“[手机号]”，应为 answer、article、disease 之一"),
        # Eighty characters end within the number.
        ("a.jsonl", f'{{"{"病" * 70}13800138000": 1, "科室": 2}}\n', f"没有回答字段（answer、text、回答或答案），只有：{'病' * 70}…"),
        ("a.jsonl", '{"單位": 1}\n', "没有回答字段（answer、text、回答或答案），只有：單位"),
    ],
)
def test_a_reason_quotes_nothing_personal(tmp_path: Path, name: str, content: str, reason: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    events: list[Event] = []
    report = ImportReport(listener=events.append)
    assert list(import_records([tmp_path], report, mask_personal=True)) == []
    assert [rejection.reason for rejection in report.rejections] == [reason]
    assert [event["reason"] for event in events] == [reason]
    assert list(report.reasons) == [reason.split("；")[0]]


def test_a_folder_that_may_not_be_listed_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (".hidden", "closed", "open"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.csv").write_text("问题,回答\n咳嗽,喝水。\n", encoding="utf-8")
    scandir = os.scandir

    def refusing(path: str | Path) -> Iterator[os.DirEntry[str]]:
        if Path(path).name in ("closed", ".hidden"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    report = ImportReport()
    assert [record.answer for record in import_records([tmp_path], report)] == ["喝水。"]
    assert list(map(str, report.rejections)) == [f"{tmp_path / 'closed'}：打不开：Permission denied；请检查路径与权限"]
    report = ImportReport()
    assert list(import_records([tmp_path / "closed"], report)) == []
    assert list(map(str, report.rejections)) == [f"{tmp_path / 'closed'}：打不开：Permission denied；请检查路径与权限"]


def test_a_file_that_may_not_be_looked_at_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("closed", "open"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.csv").write_text("问题,回答\n咳嗽,喝水。\n", encoding="utf-8")
    is_file = Path.is_file

    def refusing(path: Path) -> bool:
        if path.parent.name == "closed":  # a folder that may be listed and not entered
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", refusing)
    report = ImportReport()
    assert [record.answer for record in import_records([tmp_path], report)] == ["喝水。"]
    assert list(map(str, report.rejections)) == [f"{tmp_path / 'closed' / 'a.csv'}：打不开：Permission denied；请检查路径与权限"]
