"""Ask the index a question, or a file of questions."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from _console import fail, index_argument, path_argument, run, say

from corpus.audience import asked_for
from corpus.emergencies import find_emergencies
from corpus.paths import INDEX_FOLDER
from corpus.record import parse_date
from corpus.red_flags import RedFlag
from index.answers import Filters
from index.encoder import EncoderError
from index.generation import IndexFolderError
from index.places import open_searcher
from index.search import Arm, QuestionError, Result, Results, Searcher

_CHOSEN = (
    ("departments", "department", "科室"),
    ("hospital_tiers", "hospital_tier", "医院等级"),
    ("doctor_titles", "doctor_title", "职称"),
)
_NO_ANSWER = "没有找到能回答这个问题的内容"


def main() -> None:
    """Search and print."""
    parser = argparse.ArgumentParser(description="用一句话搜索医生的回答。结果是医生过去的回答，不能代替就诊；急症请拨打 120。")
    parser.add_argument("question", metavar="QUESTION", nargs="?", help="想问的话")
    parser.add_argument(
        "--questions", metavar="FILE", type=path_argument, help="一行一个问题，或带 question 的 JSON Lines；- 为标准输入。每行输出一个 JSON"
    )
    parser.add_argument(
        "--index",
        metavar="DIR",
        type=index_argument,
        default=INDEX_FOLDER,
        help="索引文件夹，默认 data/index/；或 milvus:地址，如 milvus:http://127.0.0.1:19530",
    )
    parser.add_argument("--top", metavar="N", type=_positive, default=10, help="给出几条，默认 10")
    parser.add_argument("--department", metavar="D", action="append", default=[], help="只看这个科室（可重复，表示任一）")
    parser.add_argument("--tier", metavar="T", action="append", default=[], help="只看这个等级的医院，如 三甲（可重复）")
    parser.add_argument("--title", metavar="T", action="append", default=[], help="只看这个职称，如 主任医师（可重复）")
    parser.add_argument("--since", metavar="DATE", type=_date, help="只看这一天及以后发布的，如 2025-01-01")
    parser.add_argument(
        "--second-look",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="索引存着逐词向量时，把最前面几条带题目的逐词再看一遍（默认）；--no-second-look 不看，用来比较",
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    arguments = parser.parse_args()
    if (arguments.question is None) == (arguments.questions is None):
        parser.error("请给出一个问题，或用 --questions 指定文件（二者选一）")

    questions: list[str | QuestionError] = []
    if arguments.questions is not None:
        questions = list(_read_questions(arguments.questions))
    searcher = _open(arguments)
    filters = Filters(
        departments=tuple(arguments.department),
        hospital_tiers=tuple(arguments.tier),
        doctor_titles=tuple(arguments.title),
        since=arguments.since,
    )
    _warn_of_unknown_values(searcher, filters)
    arm = Arm.RERANKED if arguments.second_look else Arm.FUSED
    if arguments.questions is not None:
        for question in questions:
            print(json.dumps(_answer(searcher, question, arguments.top, filters, arm), ensure_ascii=False), flush=True)
        return
    try:
        found = searcher.search(arguments.question, top=arguments.top, filters=filters, arm=arm)
    except QuestionError as error:
        fail(str(error))
    if found.shortened:
        say(f"问题太长，只用开头和结尾共 {len(found.searched)} 个字搜索")
    if found.corrections and not arguments.json:
        say(f"已按{'、'.join(f'“{change.searched}”' for change in found.corrections)}搜索")
    if found.values and not arguments.json:
        say(f"{'，'.join(f'“{value.typed}”也按“{value.words[0]}”查找' for value in found.values)}（按常用参考范围）")
    print(json.dumps(found.to_dict(), ensure_ascii=False) if arguments.json else as_text(found))


def _open(arguments: argparse.Namespace) -> Searcher:
    """The searcher; where there is none, whoever asks in an emergency is told what to do all the same."""
    question = arguments.question or ""
    if not arguments.json and (flags := find_emergencies(question)):
        say(_emergency_as_text(flags))
    try:
        return open_searcher(arguments.index, warm=False)
    except (IndexFolderError, EncoderError) as error:
        if arguments.json and question:
            print(json.dumps(_without_results(question, None, error), ensure_ascii=False))
        raise


def _answer(searcher: Searcher, question: str | QuestionError, top: int, filters: Filters, arm: Arm) -> dict[str, Any]:
    """The JSON object for one line of a file of questions, also when it cannot be searched."""
    try:
        if isinstance(question, QuestionError):
            raise question
        return searcher.search(question, top=top, filters=filters, arm=arm).to_dict()
    except QuestionError as error:
        asked = question if isinstance(question, str) else ""
        return _without_results(asked, searcher.generation_name, error)


def _without_results(question: str, generation: str | None, error: Exception) -> dict[str, Any]:
    """What is known of a question that was not searched: an emergency is named even then."""
    unsearched = Results(
        question,
        searched="",
        generation=generation or "",
        results=(),
        red_flags=find_emergencies(question),
        for_whom=asked_for(question),
        answered=False,
    )
    return unsearched.to_dict() | {"error": str(error)}


def _read_questions(path: Path) -> Iterator[str | QuestionError]:
    """A question or an error for each line of the file, blank lines included."""
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        fail(f"打不开问题文件 {path}：{error.strerror}")
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    for line in lines[:-1] if lines[-1] == b"" else lines:
        yield _parse_question(line.removesuffix(b"\r"))


def _parse_question(line: bytes) -> str | QuestionError:
    for encoding in ("utf-8", "gb18030"):
        try:
            text = line.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        return QuestionError("这一行不是有效的 UTF-8 或 GB18030 文字")
    if not text.lstrip().startswith("{"):
        return text
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return QuestionError("这一行不是有效的 JSON") if text.lstrip()[1:].lstrip().startswith('"') else text
    question = fields.get("question")
    return question if isinstance(question, str) else QuestionError("这一行的 JSON 里没有文字字段 question")


def _warn_of_unknown_values(searcher: Searcher, filters: Filters) -> None:
    for field, facet, name in _CHOSEN:
        there = searcher.store.facet(facet)
        tokens = {part for value in there for part in (value, *value.split())}
        for value in getattr(filters, field):
            if value not in tokens:
                known = "、".join(list(there)[:30]) or "（没有记录带这一项）"
                say(f"提示：索引里没有{name}“{value}”。有：{known}")


def _emergency_as_text(flags: Sequence[RedFlag]) -> str:
    first, *others = flags
    also = f"（也可能是{'、'.join(flag.condition for flag in others)}）" if others else ""
    return f"【紧急】可能是{first.condition}{also}：{first.advice}（{first.action.value}）因为您提到：{'、'.join(first.matched)}"


def as_text(found: Results) -> str:
    """What is found, for a person; as on the page, what does not answer is not told as an answer."""
    if found.off_topic:
        return f"{_NO_ANSWER}：问的不像健康问题，这里只有医生对健康问题的回答。身体不适请直接就诊；急症请拨打 120。"
    if not found.results:
        return "没有找到符合条件的回答。可以放宽筛选，或换个说法再试。"
    before: tuple[str, ...] = ()
    if not found.answered:
        before = (f"{_NO_ANSWER}，下面只是最接近的，不能当作回答。",)
    elif found.only_near and found.results:
        before = ("拿不准有没有正好回答它的：下面是相近的，请看清说的是不是您的情况。",)
    return "\n\n".join((*before, *map(_one_as_text, found.results), "以上是医生过去的回答，不能代替就诊；急症请拨打 120。"))


def _one_as_text(result: Result) -> str:
    record = result.record
    who = " ".join(filter(None, (record.doctor, record.doctor_title, record.hospital, record.hospital_tier, record.department)))
    lines = [f"{result.rank}. {record.question or '（无题）'}  [{result.score:.3f}]"]
    details = " · ".join(filter(None, (who, str(record.published or ""), record.source)))
    lines.append(f"   {details}")
    lines.append(f"   {result.passage}" + ("……（来源截断）" if record.truncated and result.passage_end == len(record.answer) else ""))
    lines += [f"   {extra}" for extra in (result.audience_note, record.notice, record.url) if extra]
    return "\n".join(lines)


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError(f"应为 1 到 1000 的整数，而不是“{text}”")
    return number


def _date(text: str) -> date:
    day = parse_date(text)
    if day is None:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，应像 2025-01-01")
    return day


if __name__ == "__main__":
    run(main)
