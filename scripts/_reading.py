"""What the commands share that read a corpus: their options, and the list of what was left out.

Apart from `_console`, because the readers of spreadsheets and pages take a third of a second to import and a search needs none.
"""

from __future__ import annotations

import argparse
import dataclasses

from _console import say

from corpus.importer import ImportReport
from corpus.readers import READERS
from corpus.readers.columns import ALIASES
from corpus.readers.limits import LIMIT_NAMES, Limits

_LISTED_REJECTIONS = 20


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """`--format` and `--columns`, as every command that reads a corpus has them."""
    formats = [reader.NAME for reader in READERS]
    parser.add_argument(
        "--format", metavar="NAME", choices=[*formats, "tsv"], help=f"按此格式读（{'、'.join(formats)}、tsv），默认看内容判断"
    )
    parser.add_argument(
        "--columns",
        metavar="字段=列名,…",
        type=_columns,
        default={},
        help=f"手工指定列名，如 question=咨询,answer=医生回复。字段有：{'、'.join(ALIASES)}",
    )

    defaults = Limits()
    parser.add_argument(
        "--limits",
        metavar="名=数,…",
        type=_limits,
        default=defaults,
        help="一次读入多少，防坏文件占满内存：line（一行）、page（一个网页或工作簿文件）、unpacked 与 strings（工作簿解压后的全部与共享文字），单位 MB；"
        f"text（一个问题或回答的字数）。默认 {'，'.join(f'{name}={getattr(defaults, name)}' for name in LIMIT_NAMES)}",
    )


def list_rejections(report: ImportReport) -> None:
    """The first rejections on stderr, and how many more there are."""
    for rejection in report.rejections[:_LISTED_REJECTIONS]:
        say(f"剔除 {rejection}")
    if report.rejected > _LISTED_REJECTIONS:
        say(f"……另有 {report.rejected - _LISTED_REJECTIONS} 处被剔除")


def _limits(text: str) -> Limits:
    limits = Limits()
    for pair in filter(None, (part.strip() for part in text.replace("，", ",").split(","))):
        name, sign, number = (part.strip() for part in pair.partition("="))
        if name not in LIMIT_NAMES or not sign or not number.isascii() or not number.isdigit() or not int(number):
            raise argparse.ArgumentTypeError(f"“{pair}”应写成 名=正整数，名可用：{'、'.join(LIMIT_NAMES)}")
        limits = dataclasses.replace(limits, **{name: int(number)})
    return limits


def _columns(text: str) -> dict[str, str]:
    columns: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.replace("，", ",").split(","))):
        field, sign, column = pair.partition("=")
        if not sign or not column.strip():
            raise argparse.ArgumentTypeError(f"“{pair}”应写成 字段=列名")
        if field.strip() not in ALIASES:
            raise argparse.ArgumentTypeError(f"没有字段“{field.strip()}”，可用：{'、'.join(ALIASES)}")
        columns[field.strip()] = column.strip()
    return columns
