from __future__ import annotations

import csv
import gzip
import io
import json
import os
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import readers
from corpus.readers import Rejection, Source, detect, outcome, table
from corpus.record import DoctorAnswer, make_record


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
    # A row without any visible character is an empty row; where there is no other, that is told once.
    expected = sum(any(cell.strip() for cell in row) for row in rows) or 1
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
    assert (rejection.line, rejection.excerpt) == (2, '{"answer": "\ufffd\ufffd bad"}')


def test_an_excerpt_that_was_cut_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(["{" + "x" * 39, "{" + "x" * 40]), encoding="utf-8")
    assert [rejection.excerpt for rejection in readers.jsonl.read(Source(path))] == ["{" + "x" * 39, "{" + "x" * 38 + "…"]


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


# In UTF-16 one byte of a line feed is zero, and one byte of 三 (U+4E09) is a tab.
@pytest.mark.parametrize("above", ["", "\n", " \t\r\n", "\n" * 70_000, "三院导出\n", "\n三院导出\n"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_table_in_utf_16_without_a_mark(tmp_path: Path, encoding: str, above: str) -> None:
    path = tmp_path / "t"
    path.write_bytes(f"{above}问题,回答\n咳嗽,喝水。\n".encode(encoding))
    (record,), rejections = read(path)
    assert (record.question, record.answer) == ("咳嗽", "喝水。")
    assert not rejections


def test_the_mark_of_utf_8_before_gb18030(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "问题,回答\n咳嗽,喝水。\n".encode("gb18030"))
    (record,), rejections = read(path)
    assert (record.question, record.answer) == ("咳嗽", "喝水。")
    assert not rejections


@pytest.mark.parametrize("content", ["问题,回答\r咳嗽,喝水。\r头痛,休息。\r", '{"answer": "喝水。"}\r{"answer": "休息。"}\r'])
def test_lone_carriage_returns_end_lines(tmp_path: Path, content: str) -> None:
    path = tmp_path / "t"
    path.write_bytes(content.encode())
    records, rejections = read(path)
    assert [record.answer for record in records] == ["喝水。", "休息。"]
    assert not rejections


@pytest.mark.parametrize("above", ["医生问答导出\n", "导出时间：2025-01-01,,\n\n", "sep=,\n", "# 导出,x\n"])
def test_a_header_below_the_first_row(tmp_path: Path, above: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(above + "问题,回答,医生\n咳嗽,喝水。,示例甲\n", encoding="utf-8")
    (record,), rejections = read(path)
    assert (record.question, record.answer, record.doctor) == ("咳嗽", "喝水。", "示例甲")
    assert not rejections


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("*问题(必填),回答内容", "question"),
        ("题目,回答（必填）", "question"),
        ("主诉,答复", "question"),
        ("单位,医生解答", "hospital"),
        ("医 生,answers", "doctor"),
        ("来源链接,回答文本", "url"),
    ],
)
def test_more_column_names(tmp_path: Path, header: str, field: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"{header}\nhttps://example.com/1,喝水。\n", encoding="utf-8")
    (record,), _ = read(path)
    assert (getattr(record, field), record.answer) == ("https://example.com/1", "喝水。")


def test_columns_of_one_name(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("问题,回答,回答,医生,医生\n甲,,喝水。,,示例甲\n乙,休息。,休息。,示例乙,示例丙\n丙,这样。,那样。,,\n", encoding="utf-8")
    records, (rejection,) = read(path)
    assert [(record.answer, record.doctor) for record in records] == [("喝水。", "示例甲"), ("休息。", "示例乙")]
    assert rejection.line == 4
    assert "回答" in rejection.reason


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [("kind", "Answer", "answer"), ("类型", "文章", "article"), ("类型", "图文问诊", "answer"), ("kind", "疾病", "disease")],
)
def test_kinds_as_others_write_them(tmp_path: Path, column: str, value: str, kind: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"{column},问题,回答\n{value},咳嗽,喝水。\n", encoding="utf-8")
    (record,), _ = read(path)
    assert record.kind == kind


def test_a_kind_of_our_own_that_is_wrong_is_said(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("kind,问题,回答\nadvert,咳嗽,喝水。\n", encoding="utf-8")
    records, (rejection,) = read(path)
    assert not records
    assert "advert" in rejection.reason


@pytest.mark.parametrize(
    ("text", "count"), [("1.2万", 12_000), ("1亿", 100_000_000), ("1.2千次", 1200), ("10万+", 100_000), ("9,039", 9039)]
)
def test_views_in_tables(tmp_path: Path, text: str, count: int) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f'回答,浏览量\n喝水。,"{text}"\n', encoding="utf-8")
    assert [record.views for record in read(path)[0]] == [count]


def test_a_table_without_rows_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("问题,回答\n", encoding="utf-8")
    records, (rejection,) = read(path)
    assert not records
    assert "只有表头" in rejection.reason


def test_merged_cells_and_a_title_above_the_header(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["医生问答导出"], ["问题", "回答", "医生"], ["咳嗽", "喝水。", "示例甲"], [None, "休息。", None], ["头痛", "睡觉。", None]):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A3:A4")
    sheet.merge_cells("C3:C5")
    path = tmp_path / "x.xlsx"
    book.save(path)
    records, rejections = read(path)
    assert [(record.question, record.answer, record.doctor) for record in records] == [
        ("咳嗽", "喝水。", "示例甲"),
        ("咳嗽", "休息。", "示例甲"),
        ("头痛", "睡觉。", "示例甲"),
    ]
    assert not rejections


def test_questions_that_are_lists_or_objects(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    lines = ['{"question": ["头痛", null, ["怎么办"]], "answer": "休息。"}', '{"question": {"text": "头痛"}, "answer": "休息。"}']
    path.write_text("\n".join(lines), encoding="utf-8")
    (record,), (rejection,) = read(path)
    assert record.question == "头痛 怎么办"
    assert rejection.line == 2
    assert "对象" in rejection.reason


@pytest.mark.parametrize("first", ["// 导出于昨天", "{坏了", "xx"])
def test_a_bad_first_line_costs_itself_only(tmp_path: Path, first: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(first + '\n{"answer": "喝水。"}\n{"answer": "休息。"}\n', encoding="utf-8")
    records, (rejection,) = read(path)
    assert [record.answer for record in records] == ["喝水。", "休息。"]
    assert rejection.line == 1


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_of_objects(tmp_path: Path, indent: int | None) -> None:
    path = tmp_path / "x.json"
    rows = [{"question": "咳嗽", "answer": "喝水。"}, {"question": "没有回答"}, {"answer": "休息。"}]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=indent), encoding="utf-8")
    records, (rejection,) = read(path)
    assert [record.answer for record in records] == ["喝水。", "休息。"]
    assert rejection.line == (6 if indent else 1)


def test_an_array_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('[{"answer": "喝水。"},\n{"answer": "休', encoding="utf-8")
    (record,), (rejection,) = read(path)
    assert record.answer == "喝水。"
    assert rejection.line == 2


def test_one_json_document_over_many_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{\n  "data": [\n    {"answer": "喝水。"},\n    {"answer": "休息。"}\n  ]\n}\n', encoding="utf-8")
    assert [record.answer for record in read(path)[0]] == ["喝水。", "休息。"]


def test_a_small_broken_gzip_keeps_its_lines(tmp_path: Path) -> None:
    lines = "".join(f'{{"answer": "回答{n}。"}}\n' for n in range(20))
    path = tmp_path / "x.gz"
    for cut in (4, 8):  # inside the check sum, and before it
        path.write_bytes(gzip.compress(lines.encode())[:-cut])
        records, (rejection,) = read(path)
        assert len(records) >= 19
        assert "gzip" in rejection.reason


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    records, (rejection,) = read(path)
    assert not records
    assert "管道" in rejection.reason


def test_a_reader_that_fails_costs_the_rest_of_its_file_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def make_or_fail(source: Source, line: int, raw: dict, **_: object) -> DoctorAnswer:
        if raw["answer"] == "坏":
            raise ZeroDivisionError("何以至此")
        return make_record(raw, default_source=source.default_source)

    monkeypatch.setattr(table, "record_or_rejection", make_or_fail)
    path = tmp_path / "t.csv"
    path.write_text("问题,回答\n咳嗽,喝水。\n头痛,坏\n", encoding="utf-8")
    (record,), (rejection,) = read(path)
    assert record.answer == "喝水。"
    assert rejection.line == 3
    assert "ZeroDivisionError" in rejection.reason


def test_a_value_that_nobody_thought_of_costs_its_record_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def make_or_fail(raw: dict, *, default_source: str, **_: object) -> DoctorAnswer:
        return make_record(raw, default_source=default_source) if raw["answer"] != "坏" else raw["nothing"]

    monkeypatch.setattr(outcome, "make_record", make_or_fail)
    path = tmp_path / "t.csv"
    path.write_text("问题,回答\n咳嗽,喝水。\n头痛,坏\n发热,休息。\n", encoding="utf-8")
    records, (rejection,) = read(path)
    assert [record.answer for record in records] == ["喝水。", "休息。"]
    assert rejection.line == 3


def test_a_sheet_that_breaks_off_keeps_the_rows_before(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["问题", "回答"], ["咳嗽", "喝水。"], ["头痛", "休息。"]):
        book.active.append(row)
    whole = io.BytesIO()
    book.save(whole)
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[: content.index(b'<row r="3"')] if name.endswith("sheet1.xml") else content)
    (record,), (rejection,) = read(path)
    assert record.answer == "喝水。"
    assert "读到一半出错" in rejection.reason


def table_or_json(folder: Path, header: str, row: str, as_json: bool) -> tuple[list[DoctorAnswer], list[Rejection]]:
    """One row under a header, as a table or as a line of JSON."""
    path = folder / "t"
    names, cells = header.split(","), row.split(",")
    text = json.dumps(dict(zip(names, cells, strict=True)), ensure_ascii=False) if as_json else f"{header}\n{row}"
    path.write_text(text + "\n", encoding="utf-8")
    return read(path)


PROMPT = "请根据描述回答患者"


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(
    ("header", "row", "question"),
    [
        ("instruction,input,output", f"{PROMPT},咳嗽三天,喝水。", "咳嗽三天"),
        ("instruction,input,output", "咳嗽三天,,喝水。", "咳嗽三天"),
        ("instruction,output", "咳嗽三天,喝水。", "咳嗽三天"),
        ("input,output", "咳嗽三天,喝水。", "咳嗽三天"),
        ("question,input,output", "咳嗽三天,别的,喝水。", "咳嗽三天"),
        ("title,instruction,output", "咳嗽,咳嗽三天,喝水。", "咳嗽三天"),
        ("instruction,input,output", "请问咳嗽三天怎么办,男30岁,喝水。", "男30岁 请问咳嗽三天怎么办"),  # who, and what is asked
    ],
)
def test_a_prompt_is_no_question_where_one_stands_beside_it(tmp_path: Path, header: str, row: str, question: str, as_json: bool) -> None:
    (record,), rejections = table_or_json(tmp_path, header, row, as_json)
    assert (record.question, record.answer) == (question, "喝水。")
    assert not rejections


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(
    ("header", "row", "answer"),
    [
        ("标题,内容,回答,医生", "咳嗽,我咳了三天,喝水。,示例甲", "喝水。"),
        ("标题,内容,回答,医生", "咳嗽,我咳了三天,,示例甲", None),
        ("question,content,answer", "咳嗽,我咳了三天,", None),
        ("title,text,回复", "咳嗽,我咳了三天,喝水。", "喝水。"),
        ("title,text,reply", "咳嗽,我咳了三天,", None),
        ("title,text", "咳嗽,喝水。", "喝水。"),
        ("标题,正文", "咳嗽,喝水。", "喝水。"),
        ("ans_id,question_id,content", "1,2,喝水。", "喝水。"),
        ("question,answer,reply", "咳嗽,,喝水。", "喝水。"),  # two names of an answer, and only one is filled
        ("问题,回答,医生回答", "咳嗽,,喝水。", "喝水。"),
    ],
)
def test_the_patients_text_is_never_the_answer(tmp_path: Path, header: str, row: str, answer: str | None, as_json: bool) -> None:
    records, rejections = table_or_json(tmp_path, header, row, as_json)
    assert [record.answer for record in records] == ([answer] if answer else [])
    assert ["回答为空" in rejection.reason for rejection in rejections] == ([] if answer else [True])


@pytest.mark.parametrize("as_json", [False, True])
def test_numbered_questions_alone_have_no_answers(tmp_path: Path, as_json: bool) -> None:
    records, (rejection,) = table_or_json(tmp_path, "question_id,content", "23,我咳了三天怎么办", as_json)
    assert not records
    assert "没有回答" in rejection.reason
    assert "question_id、content" in rejection.reason
    (record,), _ = read(tmp_path / "t", answer="content")  # unless somebody says so
    assert record.answer == "我咳了三天怎么办"


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(
    ("header", "row", "doctor", "hospital"),
    [
        ("姓名,性别,年龄,问题,回答", "李四,男,40,咳嗽,喝水。", None, None),
        ("姓名,单位,年龄,问题,回答", "李四,某厂,40,咳嗽,喝水。", None, None),
        ("姓名,工作单位,医生,问题,回答", "李四,某厂,示例甲,咳嗽,喝水。", "示例甲", None),
        ("姓名,医生,问题,回答", "李四,,咳嗽,喝水。", None, None),
        ("医院,单位,问题,回答", ",某厂,咳嗽,喝水。", None, None),
        ("姓名,医院,问题,回答", "李四,某市医院,咳嗽,喝水。", None, "某市医院"),
        # A doctor's own: the only person named, with a title or a workplace.
        ("姓名,职称,医院,问题,回答", "示例甲,主任医师,某市医院,咳嗽,喝水。", "示例甲", "某市医院"),
        ("姓名,职称,单位,问题,回答", "示例甲,主任医师,某市医院,咳嗽,喝水。", "示例甲", "某市医院"),
        ("医生,单位,问题,回答", "示例甲,某市医院,咳嗽,喝水。", "示例甲", "某市医院"),
        ("医生,医院,性别,问题,回答", "示例甲,某市医院,男,咳嗽,喝水。", "示例甲", "某市医院"),
    ],
)
def test_whose_name_and_workplace_it_is(
    tmp_path: Path, header: str, row: str, doctor: str | None, hospital: str | None, as_json: bool
) -> None:
    (record,), _ = table_or_json(tmp_path, header, row, as_json)
    assert (record.doctor, record.hospital, record.question, record.answer) == (doctor, hospital, "咳嗽", "喝水。")


@pytest.mark.parametrize(
    ("header", "row", "title", "tier"),
    [
        ("级别,问题,回答", "三级甲等,咳嗽,喝水。", None, "三甲"),
        ("级别,问题,回答", "未定级,咳嗽,喝水。", None, "未定级"),
        ("级别,问题,回答", "副主任医师,咳嗽,喝水。", "副主任医师", None),
        ("职称,级别,问题,回答", "主任医师,二甲,咳嗽,喝水。", "主任医师", "二甲"),
        ("职称,级别,问题,回答", "主任医师,正高,咳嗽,喝水。", "主任医师", None),
        ("医院等级,级别,问题,回答", "二甲,主任医师,咳嗽,喝水。", "主任医师", "二甲"),
        ("医院等级,问题,回答", "新等级,咳嗽,喝水。", None, "新等级"),
    ],
)
def test_a_rank_is_the_hospitals_or_the_doctors(tmp_path: Path, header: str, row: str, title: str | None, tier: str | None) -> None:
    (record,), _ = table_or_json(tmp_path, header, row, False)
    assert (record.doctor_title, record.hospital_tier) == (title, tier)


def test_a_rank_named_by_hand_is_what_it_was_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("级别,问题,回答\n特级,咳嗽,喝水。\n", encoding="utf-8")
    (record,), _ = read(path, hospital_tier="级别")
    assert (record.doctor_title, record.hospital_tier) == (None, "特级")


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(
    "header",
    ["q,a", "Q,A", "id,q,a", "a,q,科室", "编号,q,a,医生,职称,医院,科室,疾病,来源,链接", "q,answer", "question,a", "q,a,医生(姓名)"],
)
def test_letters_name_columns_together(tmp_path: Path, header: str, as_json: bool) -> None:
    cells = {"q": "咳嗽", "question": "咳嗽", "a": "喝水。", "answer": "喝水。"}
    (record,), rejections = table_or_json(tmp_path, header, ",".join(cells.get(name.lower(), "1") for name in header.split(",")), as_json)
    assert (record.question, record.answer) == ("咳嗽", "喝水。")
    assert not rejections


def test_letters_name_columns_of_a_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["q", "a"], ["咳嗽", "喝水。"]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    (record,), _ = read(tmp_path / "t.xlsx")
    assert (record.question, record.answer) == ("咳嗽", "喝水。")


@pytest.mark.parametrize(
    "text",
    [
        "a,b,c\n1,2,3\n",
        "!function(e,t){var n,\na,r=1;\nq,i=2;}(this,jQuery)\n",
        "var x,\n  a,b,q,r;\nreturn x\n",
        "  b,q,a,r\n);\nfoo(1,2,3,4)\n",
        "a\n1\n",
    ],
)
def test_programs_are_no_tables(tmp_path: Path, text: str) -> None:
    path = tmp_path / "app.js"
    path.write_text(text, encoding="utf-8")
    records, rejections = read(path)
    assert not records
    assert len(rejections) == 1
