"""Write what readers said of answers as a BEIR folder, which scripts/evaluate.py measures the ranking on."""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from _console import fail, index_argument, path_argument, run, say

from corpus.clean import search_key
from corpus.paths import DATA, INDEX_FOLDER
from index import answers
from index.answers import AnswerStore
from index.generation import Generation
from index.opened import RecordStore
from index.places import open_index
from search_app.feedback_store import FILE, FeedbackError, FeedbackStore, Judgement, feedback_path


def main() -> None:
    """Read the judgements, join those of one question and record, write the folder."""
    parser = argparse.ArgumentParser(
        description="把读者的意见（有用 / 没用）写成 BEIR 文件夹（corpus.jsonl、queries.jsonl、qrels.tsv），供 scripts/evaluate.py 测检索质量。"
    )
    parser.add_argument("--out", metavar="DIR", type=path_argument, required=True, help="写到哪个文件夹")
    parser.add_argument(
        "--feedback",
        metavar="FILE",
        type=path_argument,
        default=feedback_path() or DATA / FILE,
        help="意见的 SQLite 文件，默认网页所用的（DOCTOR_ANSWERS_FEEDBACK）",
    )
    parser.add_argument(
        "--index",
        metavar="DIR",
        type=index_argument,
        default=os.environ.get("DOCTOR_ANSWERS_INDEX") or INDEX_FOLDER,  # as `search_app.resources.index_address`, without the page
        help="语料取自哪个索引的当前一代：文件夹，或 milvus:地址；默认网页所用的（DOCTOR_ANSWERS_INDEX，否则 data/index/）",
    )
    arguments = parser.parse_args()
    try:
        judgements = FeedbackStore(arguments.feedback).read()
    except FeedbackError as error:
        fail(str(error))
    opened = open_index(arguments.index)
    store: RecordStore = AnswerStore(opened.path / answers.FILE) if isinstance(opened, Generation) else opened.store
    known = [one for one in judgements if store.row_of(one.record) is not None]
    if len(known) < len(judgements):
        say(f"{len(judgements) - len(known)} 条意见所说的回答已不在索引里，没有写出")
    grades = grades_of(known)
    if not any(grades.values()):
        fail(f"{arguments.feedback} 里没有一条“有用”的意见，测不了检索质量（共 {len(judgements)} 条意见）")
    try:
        _write(arguments.out, known, grades, store)
    except OSError as error:
        fail(f"写不进 {arguments.out}：{error.strerror or error}")
    questions = {question for question, _ in grades}
    print(f"已写出 {len(questions)} 个问题、{len(grades)} 条判断、{len(store)} 条语料，在 {arguments.out}")


def question_id(question: str) -> str:
    """The same for wordings that are searched as the same."""
    return "f" + hashlib.sha256(search_key(question).encode()).hexdigest()[:12]


def grades_of(judgements: Sequence[Judgement]) -> dict[tuple[str, str], int]:
    """(question id, record id) -> 1 where more readers found the record useful than not, else 0."""
    votes: Counter[tuple[str, str]] = Counter()
    for one in judgements:
        votes[question_id(one.question), one.record] += 1 if one.useful else -1
    return {pair: int(balance > 0) for pair, balance in votes.items()}


def _write(folder: Path, judgements: Sequence[Judgement], grades: dict[tuple[str, str], int], store: RecordStore) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    texts = {question_id(one.question): one.question for one in judgements}
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(record.to_json() + "\n" for record in store)
    with (folder / "queries.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"_id": key, "text": text}, ensure_ascii=False) + "\n" for key, text in texts.items())
    with (folder / "qrels.tsv").open("w", encoding="utf-8") as file:
        file.write("query-id\tcorpus-id\tscore\n")
        file.writelines(f"{question}\t{record}\t{grade}\n" for (question, record), grade in grades.items())
    # Everything that was said, words, ranks and positions included, for a person to read.
    with (folder / "judgements.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(dataclasses.asdict(one), ensure_ascii=False) + "\n" for one in judgements)


if __name__ == "__main__":
    run(main)
