"""Read saved pages, JSON Lines, tables and workbooks into one clean JSON Lines corpus."""

from __future__ import annotations

import argparse
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from _console import fail, path_argument, run, say
from _reading import add_reading_options, list_rejections
from tqdm import tqdm

from corpus.atomic import atomic_writer
from corpus.importer import Event, ImportReport, import_records
from corpus.regular import refuse_special

_LISTED_DOUBTS = 20


class _NothingReadError(Exception):
    """Leaves the output file as it was."""


def main() -> None:
    """Import, then print the summary."""
    parser = argparse.ArgumentParser(description="把保存的网页、JSON Lines、CSV、TSV、XLSX 读成一份干净的语料（JSON Lines）。")
    parser.add_argument("paths", metavar="PATH", nargs="+", type=path_argument, help="文件或文件夹，可多个；.gz 直接读")
    parser.add_argument("--out", metavar="FILE.jsonl", type=path_argument, required=True, help="写到这个文件；已有的会在成功后被替换")
    parser.add_argument(
        "--report",
        metavar="FILE",
        type=path_argument,
        help="把每一处剔除（文件、行号、原因）和总数写到这个文件（JSON Lines，最后一行是总数）",
    )
    parser.add_argument(
        "--mask-personal",
        action="store_true",
        help="隐去问题和回答里的手机号、座机、身份证号、邮箱、微信号、QQ号和“我叫”后的姓名；120、110、119、12356、剂量、化验值、日期不动",
    )
    add_reading_options(parser)
    arguments = parser.parse_args()
    for option in ("out", "report"):
        path = getattr(arguments, option)
        if path and path.is_dir():
            fail(f"--{option} {path} 是一个文件夹，应为文件名")
    try:
        refuse_special(arguments.out)
    except OSError as error:
        fail(f"不能写到 --out {arguments.out}：{error.strerror}；请换一个文件名")
    if arguments.report and arguments.report.resolve() == arguments.out.resolve():
        fail("--report 与 --out 是同一个文件，请用不同的文件名")
    with _report_to(arguments.report) as report:
        _import(arguments, report)


@contextlib.contextmanager
def _report_to(path: Path | None) -> Iterator[ImportReport]:
    """A report whose events go to a file, if one is asked for, whatever becomes of the import; the counts are its last line."""
    report = ImportReport()
    if path is None:
        yield report
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", errors="backslashreplace") as file:

            def write(event: Event) -> None:
                file.write(json.dumps(event, ensure_ascii=False) + "\n")

            report.listener = write
            try:
                yield report
            finally:
                write({"what": "counts", **report.counts()})
                say(f"报告在 {path}")
    except OSError as error:
        fail(f"写报告 {path} 时出错：{error.strerror}")


def _import(arguments: argparse.Namespace, report: ImportReport) -> None:
    records = import_records(
        arguments.paths,
        report,
        format_name=arguments.format,
        columns=arguments.columns,
        on_file=lambda path: say(f"读取 {path}"),
        limits=arguments.limits,
        mask_personal=arguments.mask_personal,
    )
    try:
        with atomic_writer(arguments.out) as file:
            for record in tqdm(records, desc="导入", unit="条", mininterval=0.5):
                file.write(record.to_json().encode() + b"\n")
            if not report.kept:
                raise _NothingReadError
    except OSError as error:
        fail(f"写 {arguments.out} 时出错：{error.strerror}；原有文件没有改动")
    except _NothingReadError:
        pass
    list_rejections(report)
    for doubt in report.doubts[:_LISTED_DOUBTS]:
        say(f"请核对 {doubt}")
    print(report.summary())
    if not report.kept:
        fail(f"没有读到任何可用的记录，{arguments.out} 没有写")
    say(f"已写入 {arguments.out}")


if __name__ == "__main__":
    run(main)
