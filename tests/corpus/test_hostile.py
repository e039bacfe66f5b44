"""A folder of nasties: no traceback, no unbounded memory or time, the good records kept, every rejection explained."""

from __future__ import annotations

import gzip
import io
import json
import os
import time
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.clean import clean_text, printable
from corpus.importer import ImportReport, import_records
from corpus.readers import READERS, Rejection, Source, read
from corpus.readers.limits import Limits
from corpus.readers.lines import Line, is_bare_date, is_boilerplate, is_sentence, site_name, without_link
from corpus.record import DoctorAnswer
from corpus.segment import lexical_tokens, word_spans, words
from tests import pages

GOOD = {"question": "好问题", "answer": "好回答。"}
GOOD_LINE = json.dumps(GOOD, ensure_ascii=False).encode() + b"\n"
MEGABYTE = 1 << 20
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def items(path: Path, content: bytes, limits: Limits | None = None, format_name: str | None = None) -> list:
    path.write_bytes(content)
    found = list(read(Source(path, limits=limits or Limits()), format_name=format_name))
    for item in found:
        if isinstance(item, Rejection):
            assert item.reason
            assert "意外的错误" not in item.reason, item
    return found


def good_ones(found: list) -> int:
    return sum(isinstance(item, DoctorAnswer) and item.answer == GOOD["answer"] for item in found)


def rejections(found: list) -> list[str]:
    return [item.reason for item in found if isinstance(item, Rejection)]


def workbook(sheet: str, *, shared: str = "", prolog: str = "") -> bytes:
    """A workbook of one sheet whose XML is given."""
    file = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["问题", "回答"])
    book.save(file)
    made = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = f'<?xml version="1.0"?>{prolog}<worksheet xmlns="{_SHEET}">{sheet}</worksheet>'.encode()
            elif part.filename == "xl/sharedStrings.xml" and shared:
                content = shared.encode()
            new.writestr(part.filename, content)
    return made.getvalue()


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER = f'<row r="1">{cell("A1", "问题")}{cell("B1", "回答")}</row>'
GOOD_ROW = f'<row r="2">{cell("A2", GOOD["question"])}{cell("B2", GOOD["answer"])}</row>'
LAUGHS = '<!DOCTYPE z [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip

# name -> content, how many of its records are good, words of a rejection
LINES: dict[str, tuple[bytes, int, str]] = {
    "nul-in-a-line": (b'{"question": "\x00", \x00\n' + GOOD_LINE, 1, "不是有效的 JSON"),
    "nul-escaped": (b'{"question": "\\u0000", "answer": "\\u0000"}\n' + GOOD_LINE, 1, "回答为空"),
    "lone-surrogates": (b'{"id": "\\ud800", "question": "\\udfff", "answer": "\\ud83d"}\n' + GOOD_LINE, 1, "回答为空"),
    "surrogate-bytes": (b'{"question": "q", "answer": "\xed\xa0\x80"}\n' + GOOD_LINE, 1, "不是有效的"),
    "private-use": (json.dumps({"question": "q", "answer": "\ue000\uf8ff\U000f0000"}).encode() + b"\n" + GOOD_LINE, 1, "回答为空"),
    "only-emoji": (json.dumps({"question": "q", "answer": "😀👍🏽"}).encode() + b"\n" + GOOD_LINE, 1, "回答为空"),
    "boms-in-the-middle": (b"\xef\xbb\xbf" + GOOD_LINE + b"\xef\xbb\xbf" + GOOD_LINE.replace("好问题".encode(), "又".encode()), 1, "JSON"),
    "deep": (b'{"question": ' + b"[" * 200_000 + b"\n" + GOOD_LINE, 1, "不是有效的 JSON"),
    "deep-and-whole": (b'{"answer": "x", "a": ' + b"[" * 99_999 + b"]" * 99_999 + b"}\n" + GOOD_LINE, 1, "不是有效的 JSON"),
    "deep-question": (b'{"answer": "x", "question": ' + b"[" * 900 + b"]" * 900 + b"}\n" + GOOD_LINE, 1, "嵌套太深"),
    "numbers": (b'{"answer": ' + b"9" * 50_000 + b"}\n" + GOOD_LINE, 1, "不是有效的 JSON"),
    "not-a-number": (b'{"answer": NaN, "views": Infinity}\n' + GOOD_LINE, 1, "回答为空"),
    "array-with-a-deep-one": (b'[{"answer": ' + b"[" * 99_999 + b"]" * 99_999 + b"},\n" + GOOD_LINE + b"]", 1, "嵌套太深"),
    "array-with-a-broken-one": (b"[" + GOOD_LINE.strip() + b',\n{"answer": oops},\n' + GOOD_LINE.strip() + b"]", 2, "不是有效的 JSON"),
    "objects-as-text": (b'{"question": {"a": 1}, "answer": {"b": []}}\n' + GOOD_LINE, 1, "嵌套的对象"),
    "csv-unclosed-quote": ('问题,回答\n"没有结束,的\n好问题,好回答。\n'.encode(), 1, "引号"),
    "csv-too-many-cells": ("问题,回答\na,b,c,d\n好问题,好回答。\n".encode(), 1, "表头只有"),
    "csv-nul": ("问题,回答\nq,\x00\n好问题,好回答。\n".encode(), 1, "回答为空"),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_a_bad_line_costs_itself(tmp_path: Path, name: str) -> None:
    content, good, words = LINES[name]
    found = items(tmp_path / name, content)
    assert good_ones(found) == good
    assert any(words in reason for reason in rejections(found)) or not words


SHEETS: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "billion-laughs": (lambda: workbook(f'<sheetData>{HEADER}<row r="2">{cell("A2", "q")}{cell("B2", "&i;")}</row></sheetData>', prolog=LAUGHS), 0, ""),
    "outside-entity": (lambda: workbook(f'<sheetData>{HEADER}<row r="2">{cell("B2", "&x;")}</row></sheetData>', prolog='<!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), 0, ""),
    "a-million-columns-claimed": (lambda: workbook(f'<dimension ref="A1:XFD1048576"/><sheetData>{HEADER}{GOOD_ROW}</sheetData>'), 1, ""),
    "a-row-far-away": (lambda: workbook(f'<sheetData>{HEADER}{GOOD_ROW}<row r="4000000000">{cell("A4000000000", "x")}</row></sheetData>'), 1, "行号超过"),
    "breaks-off": (lambda: workbook(f'<dimension ref="A1:B9"/><sheetData>{HEADER}{GOOD_ROW}<row r='), 1, "读到一半"),
    "csv-injection": (lambda: workbook(f'<sheetData>{HEADER}{GOOD_ROW}<row r="3">{cell("A3", "=cmd|calc")}{cell("B3", "@SUM(1)")}</row></sheetData>'), 1, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", SHEETS)
def test_hostile_workbooks(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make, good, words = SHEETS[name]
    monkeypatch.setattr("corpus.readers.workbook.MAX_ROWS", 2_000)  # the true limit takes a second to count to
    tracemalloc.start()
    found = items(tmp_path / f"{name}.xlsx", make())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert good_ones(found) == good
    assert any(words in reason for reason in rejections(found)) or not words
    texts = "".join(item.answer for item in found if isinstance(item, DoctorAnswer))
    assert len(texts) < 1_000
    assert "root:" not in texts
    assert peak < 16 * MEGABYTE


@pytest.mark.parametrize("part", ["xl/worksheets/sheet9.xml", "xl/sharedStrings.xml"])
def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, part: str) -> None:
    content = io.BytesIO(workbook(f"<sheetData>{HEADER}{GOOD_ROW}</sheetData>"))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{part}x", b"\0" * (5 * MEGABYTE))
    assert len(content.getvalue()) < MEGABYTE
    assert "压缩炸弹" in rejections(items(tmp_path / "bomb", content.getvalue(), Limits(unpacked=4, strings=4)))[0]
    if "shared" in part:
        assert "超过 4 MB" in rejections(items(tmp_path / "bomb", content.getvalue(), Limits(strings=4)))[0]
    assert good_ones(items(tmp_path / "bomb", content.getvalue(), Limits(unpacked=8, strings=8))) == 1


def hundred_megabytes(path: Path, encoding: str, end: str) -> None:
    """Two good lines around one of 100 MB."""
    good = GOOD_LINE.decode().strip() + end
    with path.open("wb") as file:
        file.write(("\ufeff" if encoding.startswith("utf-16") else "").encode(encoding) + good.encode(encoding))
        piece = ("x" * (MEGABYTE // len("x".encode(encoding)))).encode(encoding)
        for _ in range(100):
            file.write(piece)
        file.write((end + good.replace("好问题", "又一个")).encode(encoding))


@pytest.mark.slow
@pytest.mark.parametrize(("encoding", "end"), [("utf-8", "\n"), ("utf-16-le", "\n"), ("utf-8", "\r")])
def test_a_line_of_100_mb_costs_itself_and_little_memory(tmp_path: Path, encoding: str, end: str) -> None:
    path = tmp_path / "long.jsonl"
    hundred_megabytes(path, encoding, end)
    tracemalloc.start()
    found = list(read(Source(path, limits=Limits(line=2, page=1))))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert good_ones(found) == 2
    assert rejections(found) == ["这一行超过 2 MB，已略过"]
    assert peak < 24 * MEGABYTE


@pytest.mark.slow
def test_a_gzip_bomb_costs_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb", compresslevel=6) as file:
        file.write(GOOD_LINE)
        for _ in range(200):
            file.write(b"\0" * MEGABYTE)
        file.write(b"\n" + GOOD_LINE.replace("好问题".encode(), "又".encode()))
    tracemalloc.start()
    found = list(read(Source(path, limits=Limits(line=2, page=1))))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert good_ones(found) == 2
    assert peak < 24 * MEGABYTE


def test_a_csv_record_over_many_long_lines_is_bounded(tmp_path: Path) -> None:
    row = '"' + "x" * 300_000 + '","' + "y" * 300_000 + "\n"
    content = ("问题,回答\n" + row + '",' * 1 + row[1:] * 12 + "好问题,好回答。\n").encode()
    found = items(tmp_path / "t.csv", content, Limits(line=1))
    assert good_ones(found) == 1
    assert rejections(found)


def test_a_word_of_a_million_characters_is_kept_and_longer_ones_are_told(tmp_path: Path) -> None:
    rows = [{"question": "长", "answer": "a" * 1_000_000}, {"question": "更长", "answer": "a" * (1 << 21)}, GOOD]
    found = items(tmp_path / "w.jsonl", b"\n".join(json.dumps(row).encode() for row in rows))
    assert [len(item.answer) for item in found if isinstance(item, DoctorAnswer)] == [1_000_000, 4]
    assert "超过 1048576 字的上限" in rejections(found)[0]


def test_names_that_are_no_names_are_dropped(tmp_path: Path) -> None:
    row = GOOD | {
        "id": "i" * 10_000,
        "doctor": "医" * 10_000,
        "url": "https://a/" + "b" * 10_000,
        "views": "9" * 10_000,
        "published": "9" * 10_000,
    }
    (record,) = items(tmp_path / "n.jsonl", json.dumps(row).encode())
    assert (record.doctor, record.url, record.views, record.published, len(record.id)) == (None, None, None, None, 16)


def seconds(do: Callable[[int], object], size: int) -> float:
    begin = time.process_time()
    do(size)
    return time.process_time() - begin


def page_of(line: str) -> Iterator[object]:
    lines = [Line(1, line)]
    yield is_boilerplate(line)
    yield is_bare_date(lines[0])
    yield is_sentence(line)
    yield site_name(lines)
    yield without_link([line])


# What once cost the square of its length: 40,000 characters took from seconds to minutes.
@pytest.mark.parametrize(
    "do",
    [
        pytest.param(lambda size: clean_text("<" + " " * size + "x"), id="blanks-in-a-tag"),
        pytest.param(lambda size: clean_text("a" + "\u0301\u0323" * (size // 2)), id="marks"),
        pytest.param(lambda size: clean_text("<script>" * (size // 8)), id="scripts-without-end"),
        pytest.param(lambda size: clean_text("&amp;" * (size // 5)), id="entities"),
        pytest.param(lambda size: lexical_tokens("咳" * size), id="one-word-for-ever"),
        pytest.param(lambda size: words("我叫王" * (size // 3)), id="names-for-ever"),
        pytest.param(lambda size: list(word_spans("咳" * size)), id="spans-for-ever"),
        pytest.param(lambda size: list(page_of("首页 " * (size // 3) + "疾病大全")), id="menu"),
        pytest.param(lambda size: list(page_of("展开全文" * (size // 4) + "疾病大全")), id="menu-of-two-words"),
        pytest.param(lambda size: list(page_of("首页" + " " * size + "疾病大全")), id="menu-of-blanks"),
        pytest.param(lambda size: list(page_of("…" * size + "x")), id="dots"),
        pytest.param(lambda size: list(page_of("1" * size + "x")), id="digits"),
        pytest.param(lambda size: list(page_of("某某|" + "网" * size + " x")), id="sites"),
        pytest.param(lambda size: list(page_of("。😀" * (size // 2) + "x")), id="smiles"),
    ],
)
def test_hostile_text_costs_no_more_than_its_length(do: Callable[[int], object]) -> None:
    do(100)
    assert seconds(do, 40_000) < 2


def test_menus_are_told_as_before() -> None:
    for menu in ("首页 登录 | 注册", "首页>疾病", "展开全文", "问医生回答", "赞 (12)", "评论（3） 分享", "更多»", "首页 " * 24):
        assert is_boilerplate(menu.strip()) == (menu != "首页>疾病"), menu
    assert not is_boilerplate("首页 " * 24 + "疾病大全")


def test_marks_that_letters_have_are_kept() -> None:
    thai = "ผู้ป่วยเป็นไข้"
    assert clean_text(thai) == unicodedata.normalize("NFC", thai)
    assert clean_text("a" + "\u0301" * 100) == "á" + "\u0301" * 29


PAGES: dict[str, str] = {
    "scripts": pages.as_text().replace("\n", "\n<script>alert(1)</script>\n", 3),
    "deep": "<div>" * 30_000 + pages.as_text(),
    "attributes": "<p " + "a=b " * 50_000 + ">" + pages.as_text() + "</p>",
    "menus": "<nav>" * 2_000 + "菜单" + "</nav>" * 2_000,
    "comment": "<html><!--" + "-" * 50_000 + pages.as_text(),
    "raised": "<p>" + "<sup>" * 20_000 + "9" + pages.as_text(),
    "wide-cells": "<table><tr><td>问题<td>回答</tr>" + "<tr><td colspan=99999 rowspan=99999>x" * 3_000 + "</table>" + pages.as_text(),
    "tables": "<table><tr><td>" * 3_000 + pages.as_text(),
    "nul": "<html>\0<body>\0" + pages.as_text() + "\0</body>",
}


@pytest.mark.parametrize("name", PAGES)
def test_hostile_pages(tmp_path: Path, name: str) -> None:
    begin = time.process_time()
    found = items(tmp_path / name, PAGES[name].encode())
    assert time.process_time() - begin < 15
    assert found
    assert not any("alert(1)" in item.answer for item in found if isinstance(item, DoctorAnswer))


def test_ids_that_look_like_ours_are_told_apart(tmp_path: Path) -> None:
    first, second = ({"id": "x", "question": f"问{number}", "answer": "答。"} for number in range(2))
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in (first, second)), encoding="utf-8")
    renamed = list(import_records([path], ImportReport()))[1].id
    squatter = {"id": renamed, "question": "抢编号", "answer": "占。"}
    path.write_text("\n".join(json.dumps(row) for row in (squatter, first, second)), encoding="utf-8")
    ids = [record.id for record in import_records([path], ImportReport())]
    assert len(set(ids)) == 3


def test_what_steers_a_terminal_is_spelled_out(tmp_path: Path) -> None:
    assert printable("a\x1b[2J\u202eb\ud800\n好😀") == "a\\x1b[2J\\u202eb\\ud800\n好😀"
    name = b"evil\x1b]0;x\x07\n\xff.jsonl"
    path = tmp_path / os.fsdecode(name)
    try:
        path.write_bytes(b'{"answer": "\x1b[31m"\n' + GOOD_LINE)
    except OSError:
        pytest.skip("this file system takes no such names")
    report = ImportReport()
    (record,) = import_records([tmp_path], report)
    assert record.source.isprintable()
    assert "\x1b" not in report.summary() + str(report.rejections[0])
    assert str(report.rejections[0]).count("\\x1b") >= 2


def test_a_folder_of_nasties_is_accounted_for(tmp_path: Path) -> None:
    folder = tmp_path / "nasties"
    folder.mkdir()
    for number, (content, _, _) in enumerate(LINES.values()):
        (folder / f"{number}-{'../' if os.sep != '/' else '..%2f'}x").write_bytes(content)
    (folder / "empty").write_bytes(b"")
    (folder / "binary").write_bytes(bytes(range(256)) * 10)
    (folder / "loop").symlink_to(folder)
    (folder / "nowhere").symlink_to(folder / "absent")
    events: list[dict] = []
    report = ImportReport(listener=events.append)
    records = list(import_records([folder], report))
    assert sum(record.answer == GOOD["answer"] for record in records) >= 1
    assert len({record.id for record in records}) == len(records)
    assert [event["what"] for event in events].count("rejected") == report.rejected == sum(report.reasons.values())
    assert all(event["reason"] and event["file"] for event in events if event["what"] == "rejected")
    assert report.counts()["rejected"] == report.rejected
    json.dumps(report.counts())


NASTY = st.sampled_from(
    [
        "\x00",
        "\ufeff",
        "\ud800",
        "\ue000",
        "😀",
        '"',
        "{",
        "[",
        "]",
        "}",
        ",",
        "\t",
        "\r",
        "\n",
        "<",
        ">",
        "&",
        "问题",
        "回答",
        "a" * 500,
        "\\",
        "\u202e",
    ]
)


@pytest.mark.slow
@given(
    texts=st.lists(NASTY | st.text(max_size=5), max_size=30),
    name=st.sampled_from([reader.NAME for reader in READERS]),
    encoding=st.sampled_from(["utf-8", "utf-16", "gb18030"]),
)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_good_records_survive_any_company(texts: list[str], name: str, encoding: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("n") / "nasty"
    items(path, "".join(texts).encode(encoding, "replace"), format_name=name)
    nasty = "".join(texts).replace("\n", "").replace("\r", "")
    content = GOOD_LINE + nasty.encode("utf-8", "replace") + b"\n" + GOOD_LINE.replace("好问题".encode(), "又一个".encode())
    assert good_ones(items(path, content, format_name="jsonl")) == 2


def test_a_stray_zero_makes_no_utf_16_of_a_file(tmp_path: Path) -> None:
    content = GOOD_LINE + b"\x00" + b"a" * 900 + b"\n" + GOOD_LINE.replace("好问题".encode(), "又一个".encode())
    assert good_ones(items(tmp_path / "nasty", content, format_name="jsonl")) == 2


def test_long_runs_are_cut_where_nothing_is_lost() -> None:
    text = "咳" * 501 + "，" + "小腿抽筋" * 300
    spans = list(word_spans(text))
    assert all(text[span.start : span.end] == span.text for span in spans)
    covered = {at for span in spans for at in range(span.start, span.end)}
    assert covered == set(range(len(text))) - {501}
