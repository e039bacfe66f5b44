"""Files that are nearly right: what is good in them is read, what is not costs its row and is told."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from corpus.readers import Rejection, Source, read
from corpus.record import DoctorAnswer, parse_date
from tests.corpus.test_hostile import GOOD_LINE, GOOD_ROW, HEADER, LAUGHS, MEGABYTE, cell, workbook

FIRST, SECOND = ({"question": f"问{name}", "answer": f"答{name}。"} for name in "甲乙")


def lines(*rows: dict) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def read_bytes(path: Path, content: bytes) -> tuple[list[str], list[str]]:
    """The answers and the reasons."""
    path.write_bytes(content)
    found = list(read(Source(path)))
    reasons = [item.reason for item in found if isinstance(item, Rejection)]
    assert not any("意外的错误" in reason for reason in reasons), reasons
    return [item.answer for item in found if isinstance(item, DoctorAnswer)], reasons


def sheet_row(number: object, question: str, answer: str) -> str:
    return f'<row r="{number}"><c t="inlineStr"><is><t>{question}</t></is></c><c t="inlineStr"><is><t>{answer}</t></is></c></row>'


ROWS = sheet_row(2, "问甲", "答甲。") + sheet_row(3, "问乙", "答乙。")


def with_part(name: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """A good workbook of two rows of which one part is another."""
    made = io.BytesIO()
    content = workbook(f"<sheetData>{HEADER}{ROWS}</sheetData>")
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            written = change(old.read(part)) if part.filename == name else old.read(part)
            if written is not None:
                new.writestr(part.filename, written)
    return made.getvalue()


@pytest.mark.parametrize("dimension", ["", "A1", "B2:A1", "A1:XFD1048576", "Z99:Z99", "hello", "A0"])
def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path, dimension: str) -> None:
    rows = "".join(sheet_row(number, f"问{number}", f"答{number}。") for number in range(2, 1_002))
    said = f'<dimension ref="{dimension}"/>' if dimension else ""
    content = workbook(f"{said}<sheetData>{HEADER}{rows}</sheetData>")
    tracemalloc.start()
    answers, reasons = read_bytes(tmp_path / "t.xlsx", content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answers == [f"答{number}。" for number in range(2, 1_002)]
    assert reasons == []
    assert peak < 16 * MEGABYTE


@pytest.mark.slow
def test_rows_of_a_long_sheet_do_not_pile_up(tmp_path: Path) -> None:
    from corpus.readers.workbook import SheetReader

    def peak_of(count: int) -> int:
        reader = SheetReader(workbook(f"<sheetData>{HEADER}{sheet_row(2, '问', '答') * count}</sheetData>"))
        (sheet,) = reader.sheets()
        tracemalloc.start()
        assert sum(1 for _ in reader.rows(sheet)) == count + 1
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert peak_of(40_000) < peak_of(2_000) + MEGABYTE


BROKEN_ROWS: dict[str, tuple[str, str]] = {
    "no-such-shared-text": ('<row r="2"><c r="A2" t="s"><v>99</v></c><c r="B2" t="s"><v>100</v></c></row>', "有读不出的格（A2、B2）"),
    "no-such-column": ('<row r="2"><c r="ZZZZZZZ2"><v>1</v></c></row>', "有读不出的格（ZZZZZZZ2）"),
    "no-such-style": ('<row r="2"><c r="A2" s="x"><v>1</v></c></row>', "有读不出的格（A2）"),
    "errors-of-excel": ('<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2" t="e"><v>#REF!</v></c></row>', ""),
    "no-number": (sheet_row("abc", "问", "") + sheet_row(-5, "问", ""), "回答为空"),
    "a-truth-and-no-number": ('<row r="2"><c r="A2" t="b"><v>1</v></c><c r="B2"><v>1e999</v></c></row>', ""),
}


@pytest.mark.parametrize("name", BROKEN_ROWS)
def test_a_broken_cell_costs_its_row(tmp_path: Path, name: str) -> None:
    row, words = BROKEN_ROWS[name]
    rows = sheet_row(3, "问甲", "答甲。") + sheet_row(4, "问乙", "答乙。")
    answers, reasons = read_bytes(tmp_path / "t.xlsx", workbook(f"<sheetData>{HEADER}{row}{rows}</sheetData>"))
    assert answers == ["答甲。", "答乙。"]
    assert any(words in reason for reason in reasons) or not words
    assert not any("#REF!" in answer or "inf" in answer for answer in answers)


def test_a_date_that_is_none_costs_the_date(tmp_path: Path) -> None:
    header = f'<row r="1">{cell("A1", "问题")}{cell("B1", "回答")}{cell("C1", "日期")}</row>'
    row = f'<row r="2">{cell("A2", "问甲")}{cell("B2", "答甲。")}<c r="C2" t="d"><v>gestern</v></c></row>'
    assert read_bytes(tmp_path / "t.xlsx", workbook(f"<sheetData>{header}{row}</sheetData>")) == (["答甲。"], [])


def test_the_carriage_returns_that_excel_spells_out_end_lines(tmp_path: Path) -> None:
    row = sheet_row(2, "问甲_x000D_", "先休息。_x000D_\n再喝水。_x000D_看医生。_x0041_")
    path = tmp_path / "t.xlsx"
    answers, reasons = read_bytes(path, workbook(f"<sheetData>{HEADER}{row}</sheetData>"))
    assert (answers, reasons) == (["先休息。\n再喝水。\n看医生。_x0041_"], [])
    (record,) = read(Source(path))
    assert isinstance(record, DoctorAnswer)
    assert record.question == "问甲"


def test_rows_out_of_order_and_without_numbers_are_read(tmp_path: Path) -> None:
    backwards = sheet_row(9, "问甲", "答甲。") + sheet_row(3, "问乙", "答乙。")
    assert read_bytes(tmp_path / "t.xlsx", workbook(f"<sheetData>{HEADER}{backwards}</sheetData>"))[0] == ["答甲。", "答乙。"]
    numberless = re.sub(r' r="\w+"', "", f"<sheetData>{HEADER}{ROWS}</sheetData>")
    assert read_bytes(tmp_path / "t.xlsx", workbook(numberless))[0] == ["答甲。", "答乙。"]


@pytest.mark.parametrize("merged", ['<mergeCell ref="oops"/>', "<mergeCell/>", '<mergeCell ref="A1:A1048576"/>' * 3_000])
def test_merged_cells_that_are_none_cost_nothing(tmp_path: Path, merged: str) -> None:
    content = workbook(f"<sheetData>{HEADER}{ROWS}</sheetData><mergeCells>{merged}</mergeCells>")
    assert read_bytes(tmp_path / "t.xlsx", content)[0] == ["答甲。", "答乙。"]


def test_a_broken_part_of_a_workbook_costs_that_part(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    assert read_bytes(path, with_part("xl/styles.xml", lambda _: b"<styleSheet"))[0] == ["答甲。", "答乙。"]
    assert read_bytes(path, with_part("xl/sharedStrings.xml", lambda _: LAUGHS.encode()))[0] == ["答甲。", "答乙。"]
    answers, reasons = read_bytes(path, with_part("[Content_Types].xml", lambda _: None))
    assert answers == []
    assert "另存为" in reasons[0]


def test_a_sheet_that_is_not_there_is_told(tmp_path: Path) -> None:
    for target in (b"../../../../etc/passwd", b"/nowhere.xml"):
        moved = with_part("xl/_rels/workbook.xml.rels", lambda rels, to=target: rels.replace(b"/xl/worksheets/sheet1.xml", to))
        answers, reasons = read_bytes(tmp_path / "t.xlsx", moved)
        assert answers == []
        assert "文件里没有它的内容" in reasons[0]


def test_a_workbook_without_data_is_told(tmp_path: Path) -> None:
    assert read_bytes(tmp_path / "t.xlsx", workbook("<sheetData/>")) == ([], ["工作簿里没有数据：各工作表都是空的"])


def test_records_in_one_line_are_told_apart(tmp_path: Path) -> None:
    together = lines(FIRST).strip() + lines(SECOND).strip() + b"\n" + lines(FIRST).strip() + b" \r" + lines(SECOND)
    assert read_bytes(tmp_path / "t", together) == (["答甲。", "答乙。"] * 2, [])
    answers, reasons = read_bytes(tmp_path / "t", lines(FIRST).strip() + b" // x\n" + lines(SECOND) + b'{"answer": "x"} 3\n')
    assert answers == ["答乙。"]
    assert len(reasons) == 2


def test_line_ends_of_all_kinds_in_one_table(tmp_path: Path) -> None:
    content = '问题,回答\r\n一,答一\r二,答二\n三,"答\r三"\r\r\n四,答四\n\r'.encode()
    assert read_bytes(tmp_path / "t", content) == (["答一", "答二", "答\n三", "答四"], [])


@pytest.mark.parametrize("blank", [b"\n" * 70_000, b" " * 200_000, b"\r\n\t " * 40_000])
def test_what_stands_behind_much_white_space_is_found(tmp_path: Path, blank: bytes) -> None:
    assert read_bytes(tmp_path / "t", blank + GOOD_LINE) == (["好回答。"], [])
    if not blank.strip(b"\n"):
        assert read_bytes(tmp_path / "t", blank + "问题,回答\n一,答一\n".encode()) == (["答一"], [])


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b" \n" * 9, b"\xef\xbb\xbf\n"])
def test_nothing_but_a_mark_is_empty(tmp_path: Path, content: bytes) -> None:
    assert read_bytes(tmp_path / "t", content) == ([], ["文件是空的"])


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in ("/etc/passwd", "../../x.jsonl", "a.jsonl"):
            archive.writestr(name, GOOD_LINE)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (GOOD_LINE.decode().encode("utf-32"), "UTF-32 编码的文字，读不了；请另存为 UTF-8"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Office 文件"),
        (rb"{\rtf1\ansi {\b a} b}", "RTF"),
        (
            b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/\r\nSubject: x\r\n",
            "网页归档（.mhtml），读不了；请用浏览器打开",
        ),
        (b'From: "Saved by Windows Internet Explorer 11"\r\nSubject: x\r\n', "网页归档（.mhtml）"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>", "网页归档（.mhtml）"),
        (b"SQLite format 3\x00" + b"\0" * 100, "导出为 CSV"),
        # Without a time: the name of this case holds it.
        (gzip.compress(gzip.compress(GOOD_LINE, mtime=0), mtime=0), "压缩了两次"),
        (bz2.compress(GOOD_LINE), "请先解压"),
        (lzma.compress(GOOD_LINE), "请先解压"),
        (zipped(), "zip 压缩包，里面没有工作簿"),
    ],
)
def test_formats_that_we_do_not_read_are_named_with_what_to_do(tmp_path: Path, content: bytes, words: str) -> None:
    answers, reasons = read_bytes(tmp_path / "t", content)
    assert answers == []
    assert len(reasons) == 1
    assert words in reasons[0]


@pytest.mark.parametrize("value", [True, False, float("nan"), float("inf"), float("-inf"), None, ""])
def test_what_says_nothing_is_no_answer_and_no_question(tmp_path: Path, value: object) -> None:
    rows = lines({"question": "问", "answer": value}, {"question": value, "answer": "答。"}, FIRST)
    assert read_bytes(tmp_path / "t", rows) == (["答。", "答甲。"], ["回答为空"])


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "-0044-03-15", "0000-00-00", date(9999, 12, 31), "18991231"])
def test_years_in_which_nobody_answered_are_no_dates(text: object) -> None:
    assert parse_date(text) is None


def test_the_last_of_two_equal_keys_counts_and_gzip_members_follow_each_other(tmp_path: Path) -> None:
    twice = '{"question": "x", "question": "问", "answer": "x", "answer": "答。"}\n'.encode()
    content = gzip.compress(twice) + gzip.compress(lines(FIRST)) + b"\0" * 600
    assert read_bytes(tmp_path / "t", content) == (["答。", "答甲。"], [])
    answers, reasons = read_bytes(tmp_path / "t", gzip.compress(lines(FIRST, SECOND)) + b"junk")
    assert answers == ["答甲。", "答乙。"]
    assert "gzip 文件不完整或已损坏" in reasons[0]


def test_a_file_that_grows_while_it_is_read_ends(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(lines(FIRST))
    found = []
    for count, item in enumerate(read(Source(path))):
        found.append(item)
        if count < 5:
            with path.open("ab") as file:
                file.write(lines(SECOND))
    assert 1 <= len(found) <= 7
    assert all(isinstance(item, DoctorAnswer) for item in found)


def test_good_rows_around_the_header_are_not_lost(tmp_path: Path) -> None:
    content = workbook(f"<sheetData>{HEADER}{GOOD_ROW}</sheetData>") + b"behind the archive"
    assert read_bytes(tmp_path / "t.xlsx", content) == (["好回答。"], [])
