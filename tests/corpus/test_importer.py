from __future__ import annotations

from pathlib import Path

import pytest

from corpus.importer import ImportReport, import_records
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
            "孩子咳嗽三天了，夜里加重，有一点发热，吃了药不见好，回个电话",
        ),
        (
            "孩子咳嗽三天了，夜里加重，有一点发热，吃了药不见好，请加我的微信zhangsan88",
            "孩子咳嗽三天了，夜里加重，有一点发热，吃了药不见好，请加我的微信",
        ),
        (
            "孩子咳嗽三天了，手机１３８００１３８０００，夜里加重，有一点发热，吃了药不见好，回个话",
            "孩子咳嗽三天了，手机[手机号]，夜里加重，有一点发热，吃了药不见好，",
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
    assert [rejection.excerpt for rejection in report.rejections] == [question[:40]]
