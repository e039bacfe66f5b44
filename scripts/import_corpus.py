"""Read saved pages, JSON Lines, tables and workbooks into one clean JSON Lines corpus."""

from __future__ import annotations

import argparse
from pathlib import Path

from _console import add_reading_options, fail, list_rejections, run, say
from tqdm import tqdm

from corpus.atomic import atomic_writer
from corpus.importer import ImportReport, import_records

_LISTED_DOUBTS = 20


class _NothingReadError(Exception):
    """Leaves the output file as it was."""


def main() -> None:
    """Import, then print the summary."""
    parser = argparse.ArgumentParser(description="把保存的网页、JSON Lines、CSV、TSV、XLSX 读成一份干净的语料（JSON Lines）。")
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="文件或文件夹，可多个；.gz 直接读")
    parser.add_argument("--out", metavar="FILE.jsonl", type=Path, required=True, help="写到这个文件；已有的会在成功后被替换")
    add_reading_options(parser)
    arguments = parser.parse_args()

    report = ImportReport()
    records = import_records(
        arguments.paths, report, format_name=arguments.format, columns=arguments.columns, on_file=lambda path: say(f"读取 {path}")
    )
    if arguments.out.is_dir():
        fail(f"--out {arguments.out} 是一个文件夹，应为文件名")
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
