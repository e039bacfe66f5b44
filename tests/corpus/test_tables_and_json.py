from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import readers
from corpus.readers import Rejection, Source, detect
from corpus.record import DoctorAnswer


def read(path: Path, **columns: str) -> tuple[list[DoctorAnswer], list[Rejection]]:
    items = list(readers.read(Source(path, columns)))
    return [item for item in items if isinstance(item, DoctorAnswer)], [item for item in items if isinstance(item, Rejection)]


HEADER = ["问题", "回答", "医生", "职称", "医院", "等级", "科室", "日期", "链接"]
ROW = [
    "嗓子疼怎么办",
    "多喝水，三天不好去耳鼻喉科。",
    "示例甲",
    "主任医师",
    "示例医院",
    "三级甲等",
    "耳鼻喉科",
    "2025/3/9",
    "https://example.com/1",
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_table_in_every_encoding_whatever_the_file_is_called(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in (HEADER, ROW))
    path = tmp_path / "export.dat"
    path.write_bytes(text.encode(encoding))
    records, rejections = read(path)
    assert not rejections
    (record,) = records
    assert (record.question, record.answer, record.doctor, record.doctor_title) == tuple(ROW[:4])
    assert (record.hospital, record.hospital_tier, record.department) == ("示例医院", "三甲", "耳鼻喉科")
    assert (record.published, record.url) == (date(2025, 3, 9), "https://example.com/1")


@pytest.mark.parametrize("question", ["问题", "标题", "title", "ask", "question", "Question"])
@pytest.mark.parametrize("answer", ["回答", "答案", "answer", "Answer "])
def test_column_names(tmp_path: Path, question: str, answer: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"department,{question},{answer}\n内科,咳嗽,喝水休息。\n", encoding="utf-8")
    (record,), rejections = read(path)
    assert (record.question, record.answer, record.department) == ("咳嗽", "喝水休息。", "内科")
    assert not rejections


def test_title_and_ask_make_one_question(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "department,title,ask,answer\n内科,咳嗽一周,咳嗽一周有黄痰,看呼吸科。\n内科,头晕,站起来眼前发黑,量血压。\n", encoding="utf-8"
    )
    records, _ = read(path)
    assert [record.question for record in records] == ["咳嗽一周有黄痰", "头晕 站起来眼前发黑"]


def test_columns_named_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("甲,乙,回答\n咳嗽,喝水。,别的列\n", encoding="utf-8")
    (record,), rejections = read(path, question="甲", answer="乙")
    assert (record.question, record.answer) == ("咳嗽", "喝水。")
    assert not rejections


def test_a_missing_column_is_said_with_the_columns_that_are_there(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("问题,医生\n咳嗽,示例甲\n", encoding="utf-8")
    records, (rejection,) = read(path)
    assert not records
    assert "没有回答列" in rejection.reason
    assert "问题、医生" in rejection.reason


def test_bad_rows_cost_themselves_only(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('问题,回答\n咳嗽,喝水。\n头痛,\n多了,一格,了\n"没有,闭合的引号\n发热,"休息，\n多喝水。"\n', encoding="utf-8")
    records, rejections = read(path)
    assert [(record.question, record.answer) for record in records] == [("咳嗽", "喝水。"), ("发热", "休息，\n多喝水。")]
    assert [rejection.line for rejection in rejections] == [3, 4, 5]


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(st.text(max_size=30), st.text(min_size=1, max_size=60)), min_size=1, max_size=8))
def test_what_a_csv_writer_wrote_is_read_again(rows: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each row that a spreadsheet program wrote comes back as a record or as a rejection; none is lost."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    rows = [tuple("".join(c for c in cell if c not in "\r\x00" and not "\ud800" <= c <= "\udfff") for cell in row) for row in rows]
    writer.writerows([("question", "answer"), *rows])
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    records, rejections = read(path)
    # A row without any visible character is an empty row.
    expected = sum(any(cell.strip() for cell in row) for row in rows)
    assert len(records) + len(rejections) == expected


def test_excel(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append([*ROW[:7], datetime(2025, 3, 9), ROW[8]])
    book.active.append([])
    book.active.append(["没有回答", None])
    other = book.create_sheet("说明")
    other.append(["这一页不是数据"])
    path = tmp_path / "export"
    book.save(path)
    (record,), (rejection,) = read(path)
    assert (record.published, record.hospital_tier) == (date(2025, 3, 9), "三甲")
    assert rejection.line == 4


def test_json_lines_of_our_own_survive_a_round_trip(tmp_path: Path) -> None:
    record = DoctorAnswer(
        id="x1",
        question="咳嗽?",
        answer="喝水。\n休息。",
        source="s",
        doctor="示例甲",
        views=3,
        published=date(2025, 1, 2),
        truncated=True,
        notice="示例",
    )
    path = tmp_path / "own"
    path.write_text(record.to_json() + "\n", encoding="utf-8")
    assert read(path) == ([record], [])


@pytest.mark.parametrize("compress", [False, True])
def test_beir_corpus(tmp_path: Path, compress: bool) -> None:
    lines = '{"_id": "d1", "title": "咳嗽", "text": "喝水。"}\n\n{"_id": "d2", "text": "只有回答。", "metadata": {}}\n'.encode()
    path = tmp_path / "corpus.jsonl"
    path.write_bytes(gzip.compress(lines) if compress else lines)
    records, rejections = read(path)
    assert [(record.id, record.question, record.answer) for record in records] == [("d1", "咳嗽", "喝水。"), ("d2", "", "只有回答。")]
    assert not rejections


def test_bad_json_lines_are_reported_by_number(tmp_path: Path) -> None:
    lines = [
        '{"answer": "好。"}',
        "{broken",
        "[1]",
        '{"question": "没有回答"}',
        '{"answer": " "}',
        '{"answer": {"a": 1}}',
        '{"answer": "也好。"}',
    ]
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    records, rejections = read(path)
    assert [record.answer for record in records] == ["好。", "也好。"]
    assert [rejection.line for rejection in rejections] == [2, 3, 4, 5, 6]


def test_a_truncated_gzip_keeps_what_came_before(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"question": f"问题{n}", "answer": f"回答{n}。" * 20}, ensure_ascii=False) + "\n" for n in range(2000))
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress(lines.encode())[:-2000])
    records, rejections = read(path)
    assert len(records) > 1000
    assert [record.question for record in records] == [f"问题{n}" for n in range(len(records))]
    assert len(rejections) == 1
    assert rejections[0].line == len(records) + 1
    assert "gzip" in rejections[0].reason


def test_one_bad_byte_costs_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes('{"answer": "好。"}\n'.encode() + b'{"answer": "\xff\xfe bad"}\n' + '{"answer": "也好。"}\n'.encode())
    records, (rejection,) = read(path)
    assert [record.answer for record in records] == ["好。", "也好。"]
    assert rejection.line == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空"),
        (b"  \n ", "空"),
        (bytes(range(256)) * 8, "二进制"),
        ("一句没有头尾的话。".encode(), "看不出"),
        (b"\x1f\x8b\x08\x00", "空"),
    ],
)
def test_files_in_no_format_end_in_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    records, (rejection,) = read(path)
    assert not records
    assert words in rejection.reason


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=400))
def test_no_bytes_raise(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("any") / "x"
    path.write_bytes(content)
    list(readers.read(Source(path)))


@pytest.mark.parametrize("format_name", ["page", "html", "jsonl", "csv", "xlsx"])
@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=300))
def test_no_text_raises_in_any_reader(format_name: str, text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("any") / "x"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    list(readers.read(Source(path), format_name=format_name))


def test_what_once_ended_in_a_traceback_costs_a_line(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(
        '{"answer": "好。", "n": ' + "9" * 5000 + '}\n{"answer": ' + "[" * 900 + '"x"' + "]" * 900 + '}\n{"answer": "也好。"}\n'
    )
    records, rejections = read(path)
    assert records[-1].answer == "也好。"
    assert len(records) + len(rejections) == 3


def test_a_table_with_html_in_its_cells_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("问题,回答\nQ1,<p>多休息</p>\nQ2,<p>多喝水</p>\nQ3,<p>早睡</p>\n", encoding="utf-8")
    assert [record.answer for record in read(path)[0]] == ["多休息", "多喝水", "早睡"]


def test_detection_is_by_content(tmp_path: Path) -> None:
    path = tmp_path / "looks-like.csv"
    path.write_text('{"answer": "好。"}\n', encoding="utf-8")
    assert detect(Source(path)).NAME == "jsonl"
