"""Build a new generation of the index from a corpus and publish it."""

from __future__ import annotations

import argparse
from pathlib import Path

from _console import add_reading_options, console_progress, fail, list_rejections, run, say

from corpus.importer import ImportReport, find_files, import_records
from corpus.paths import CORPUS_FOLDER, INDEX_FOLDER, STARTER_CORPUS
from corpus.readers import Rejection
from index.build import build_index
from index.encoder import DEFAULT_ENCODER, load_encoder


def main() -> None:
    """Read, embed, index, verify, publish."""
    parser = argparse.ArgumentParser(
        description="用语料重建索引：读取、清洗、分词、编码、校验，然后整体发布。正在运行的页面会自动换用新索引。"
    )
    parser.add_argument(
        "--corpus",
        metavar="PATH",
        nargs="+",
        type=Path,
        help="文件或文件夹（import_corpus 能读的都行）；默认用 data/corpus/ 里的，空则用自带的示例语料",
    )
    parser.add_argument("--index", metavar="DIR", type=Path, default=INDEX_FOLDER, help="索引文件夹，默认 data/index/")
    parser.add_argument(
        "--encoder", metavar="NAME_OR_PATH", default=DEFAULT_ENCODER, help="sentence-transformers 模型的文件夹或名字，默认用自带的"
    )
    parser.add_argument("--with-starter", action="store_true", help="把自带的示例语料一并编入")
    add_reading_options(parser)
    arguments = parser.parse_args()

    paths = arguments.corpus or default_corpus()
    if arguments.with_starter and STARTER_CORPUS not in paths:
        paths = [*paths, STARTER_CORPUS]
    missing = [path for path in paths if not path.exists()]
    if missing:
        fail("没有这个文件或文件夹：" + "、".join(map(str, missing)))
    say("语料：" + "、".join(map(str, paths)))
    say("载入编码器（第一次会先生成，约半分钟）……")
    encoder = load_encoder(arguments.encoder)

    report = ImportReport()
    records = import_records(paths, report, format_name=arguments.format, columns=arguments.columns)
    with console_progress() as progress:
        try:
            result = build_index(records, arguments.index, encoder, sources=[str(path) for path in paths], progress=progress)
        finally:
            progress.close()
            list_rejections(report)
    say(report.summary())
    print(
        f"已发布 {result.generation.name}：{result.records} 条记录，{result.units} 个单元（沿用嵌入 {result.reused}），在 {arguments.index}"
    )


def default_corpus() -> list[Path]:
    """What lies in data/corpus/, or the starter corpus where that is empty."""
    own = [path for path in find_files([CORPUS_FOLDER]) if not isinstance(path, Rejection)]
    return [CORPUS_FOLDER] if own else [STARTER_CORPUS]


if __name__ == "__main__":
    run(main)
