"""Take each ingredient of the ranking out by itself and measure what is left, on benchmarks and on our own questions."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

from _benches import benches_and_encoder
from _console import console_progress, run, say
from ablation.ingredients import INGREDIENTS, Ingredient, Tokens

from corpus.importer import ImportReport, import_records
from corpus.paths import ROOT, STARTER_CORPUS
from index import search
from index.build import build_index
from index.embedding_cache import CachedEncoder
from index.encoder import DEFAULT_ENCODER
from index.evaluation import Measured, build_benchmark_index, compare, find_all, measure, rank_all
from index.halves import half_of
from index.local import LocalIndex
from index.progress import Progress
from index.search import Searcher
from index.words import WordIndex

STARTER = "starter"


def main() -> None:
    """Measure and print a table, or a line of JSON for each ingredient and bench."""
    parser = argparse.ArgumentParser(description="逐个去掉排序的一个成分，看 nDCG@10 变了多少。走真实搜索的代码。")
    parser.add_argument("bench", nargs="*", type=Path, help="BEIR 文件夹；另外总会测示例语料上留作报告的一半问题")
    parser.add_argument("--encoder", metavar="NAME_OR_PATH", default=DEFAULT_ENCODER, help="编码器，默认用自带的")
    parser.add_argument("--json", action="store_true", help="每个成分、每个基准一行 JSON")
    arguments = parser.parse_args()
    benches, encoder = benches_and_encoder(arguments.bench, arguments.encoder)
    table: dict[str, dict[str, Measured]] = {ingredient.name: {} for ingredient in INGREDIENTS}
    for bench in (None, *benches):
        with tempfile.TemporaryDirectory() as folder, console_progress() as progress:
            if bench is None:
                searcher, questions, qrels = _starter(Path(folder), encoder, progress)
            else:
                searcher, questions, qrels = build_benchmark_index(bench, Path(folder), encoder, progress), bench.questions, bench.qrels
            name = bench.name if bench else STARTER
            say(f"{name}：{len(questions)} 个问题，{len(searcher.store)} 条记录")
            for ingredient in INGREDIENTS:
                with without(ingredient, searcher):
                    ranking = rank_all(searcher, find_all(searcher, questions, encoder, progress))
                table[ingredient.name][name] = measure(name, ingredient.name, ranking, qrels)
    _print(table, arguments.json)


@contextmanager
def without(ingredient: Ingredient, searcher: Searcher) -> Iterator[None]:
    """While it lasts, the searcher ranks without that ingredient."""
    index = searcher._index
    assert isinstance(index, LocalIndex)
    with ExitStack() as stack:
        stack.enter_context(ingredient.stood_in_for())
        stack.enter_context(mock.patch.object(searcher, "fusion", ingredient.fusion(searcher.fusion)))
        if ingredient.tokens:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            stack.enter_context(mock.patch.object(index, "_words", _words(searcher, ingredient.tokens, folder)))
            stack.enter_context(mock.patch.object(search, "lexical_tokens", ingredient.tokens))
        yield


def _words(searcher: Searcher, tokens: Tokens, folder: Path) -> WordIndex:
    WordIndex.build((tokens(f"{record.question}\n{record.answer}") for record in searcher.store), folder / "words")
    return WordIndex.open(folder / "words")


def _starter(folder: Path, encoder: CachedEncoder, progress: Progress) -> tuple[Searcher, dict[str, str], Mapping[str, dict[str, int]]]:
    """The starter corpus, and the half of our questions that nothing was fitted on."""
    build_index(import_records([STARTER_CORPUS], ImportReport()), folder, encoder, progress=progress)
    lines = (ROOT / "tests" / "data" / "starter_questions.jsonl").read_text(encoding="utf-8").splitlines()
    qrels = {row["question"]: dict.fromkeys(row["ids"], 1) for row in map(json.loads, lines) if half_of(row["question"]) == 1}
    return Searcher.open(folder, encoder), {text: text for text in qrels}, qrels


def _print(table: Mapping[str, Mapping[str, Measured]], as_json: bool) -> None:
    whole = next(iter(table.values()))
    if not as_json:
        print("| 去掉 | " + " | ".join(whole) + " |\n|---|" + "---|" * len(whole))
    for name, measured in table.items():
        compared = {bench: compare(one, whole[bench]) for bench, one in measured.items()}
        if as_json:
            for bench, one in measured.items():
                change = compared[bench]
                line = {"without": name, "difference": round(change.difference, 2), "p": round(change.p_value, 4)}
                print(json.dumps(line | one.to_dict(), ensure_ascii=False), flush=True)
            continue
        cells = [
            f"{one.figures['ndcg10']:.1f} ({compared[bench].difference:+.1f}, p {compared[bench].p_value:.3f})"
            for bench, one in measured.items()
        ]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    run(main)
