"""Compare the product with what people would use instead: same records, questions and encoder, side by side in one run."""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from _console import ROOT, fail, run, say
from peers import report
from peers.contestant import CONTESTANTS, is_installed
from peers.machine import flops_of_passages
from peers.task import Sizes, Task, write_task

from index.benchmark import BenchmarkError, read_benchmark
from index.encoder import DEFAULT_ENCODER, DEFAULT_FOLDER, load_encoder
from index.evaluation import measure

_SCRIPTS = Path(__file__).resolve().parent
_LIBRARY = "import sys; from sentence_transformers import SentenceTransformer; SentenceTransformer(sys.argv[1], device='cpu')"


def main() -> None:
    """Write the task, let every contestant do it in shuffled order, and tell what came out."""
    arguments = _parser().parse_args()
    names = arguments.contestants or [name for name in CONTESTANTS if is_installed(name)]
    missing = [name for name in names if not is_installed(name)]
    if missing:
        fail(f"没有装 {'、'.join(missing)} 所需的包：pip install -r requirements-benchmark.txt")
    try:
        with tempfile.TemporaryDirectory(prefix="benchmark-", dir=arguments.work) as work:
            result = _compare(Path(work), names, arguments)
    except BenchmarkError as error:
        fail(str(error))
    if arguments.markdown:
        arguments.markdown.write_text(report.markdown(result), encoding="utf-8")
    print(json.dumps(result, ensure_ascii=False) if arguments.json else report.markdown(result))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="与别的做法并排比较：同样的记录、问题和编码器，每一家在自己的进程里建索引、回答问题。说明见 docs/BENCHMARK.md。"
    )
    parser.add_argument("bench", metavar="BENCH", type=Path, help="BEIR 文件夹（corpus.jsonl、queries.jsonl、qrels.tsv）")
    parser.add_argument("--records", metavar="N", type=int, default=400, help="取多少条记录（问题的答案都在内），0 为全部；默认 400")
    parser.add_argument("--questions", metavar="N", type=int, default=80, help="取多少个问题，0 为全部；默认 80")
    parser.add_argument("--rounds", metavar="N", type=int, default=3, help="几轮，默认 3；每轮顺序随机")
    parser.add_argument(
        "--scale", metavar="N", type=int, default=0, help="另外在 N 条记录（不够的用真实句子拼成）里提问，如 100000；默认不做"
    )
    parser.add_argument("--contestants", metavar="NAME", nargs="+", choices=list(CONTESTANTS), help="只比这些，默认装了的都比")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="抽取与顺序的随机种子")
    parser.add_argument("--work", metavar="DIR", type=Path, help="临时文件放在哪里，默认系统的临时文件夹")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="把表格写到这个文件")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    return parser


def _compare(work: Path, names: list[str], arguments: argparse.Namespace) -> dict[str, Any]:
    source = read_benchmark(arguments.bench)
    task_folder, encoder = work / "task", work / "encoder"
    sizes = write_task(source, task_folder, records=arguments.records, questions=arguments.questions, seed=arguments.seed)
    say(f"{sizes.records} 条记录（{sizes.units} 个段落），{sizes.questions} 个问题，{arguments.rounds} 轮")
    _prepare_encoders(encoder)
    task = Task(str(task_folder), str(encoder), DEFAULT_ENCODER)
    task_file = work / "task.json"
    task.save(task_file)
    say("机器")
    machine = json.loads(_python("peers.machine"))
    rounds = _rounds(work, names, arguments.rounds, arguments.seed, task_file)
    contestants = {}
    for name in names:
        builds, searches = [one[name]["build"] for one in rounds], [one[name]["search"] for one in rounds]
        quality = measure(source.name, name, searches[0]["ranking"], task.benchmark().qrels).figures
        figures = {"ndcg10": quality["ndcg10"], "recall100": quality["recall100"]}
        contestants[name] = report.summarise(builds, searches, sizes.records) | figures
    scale = _among_many(work, arguments.scale, arguments.rounds, task_file, report.PLAIN in names) if arguments.scale else {}
    start = _start_up(work, arguments.rounds, encoder) if report.OURS in names else {}
    texts = [text for _, text in task.units()]
    vector_gb = sizes.units * json.loads((encoder / "config.json").read_text(encoding="utf-8"))["hidden_size"] * 4 / 1e9
    shares = report.machine_shares(machine, contestants, flops_of_passages(encoder, texts) / 1e9, vector_gb)
    return {
        "settings": _settings(arguments, sizes),
        "machine": machine,
        "contestants": contestants,
        "scale": scale,
        "start_seconds": start,
        "targets": [one.to_dict() for one in report.targets(contestants, start, scale)],
        "machine_shares": shares,
    }


def _rounds(work: Path, names: list[str], count: int, seed: int, task_file: Path) -> list[dict[str, dict[str, Any]]]:
    """What each contestant did in each round; within a round the order is shuffled, for builds and for searches apart."""
    order = random.Random(seed)  # noqa: S311 - an order, not a secret
    rounds: list[dict[str, dict[str, Any]]] = []
    for number in range(count):
        found: dict[str, dict[str, Any]] = {name: {} for name in names}
        for phase in ("build", "search"):
            for name in order.sample(names, len(names)):
                say(f"第 {number + 1} 轮：{name} {'建索引' if phase == 'build' else '提问'}")
                out = work / "out.json"
                index = work / "indexes" / f"{name}-{number}"
                asked = "rank" if phase == "search" and number == 0 else phase
                index.parent.mkdir(exist_ok=True)
                _python("peers.measuring", asked, name, str(task_file), str(index), str(out))
                found[name][phase] = json.loads(out.read_text(encoding="utf-8"))
        rounds.append(found)
    return rounds


def _among_many(work: Path, count: int, rounds: int, task_file: Path, with_plain: bool) -> dict[str, float]:
    """Percentiles of our search among many records, and of the plain recipe's encoding (`encode_p50`) measured in turn with it."""
    say(f"{count} 条记录的索引")
    index = work / "indexes" / "scale"
    index.parent.mkdir(exist_ok=True)
    _python("peers.scale", str(count), str(task_file), str(index))
    ways = {report.OURS: index} | ({report.PLAIN: work / "indexes" / f"{report.PLAIN}-0"} if with_plain else {})
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, folder in ways.items():
            say(f"第 {number + 1} 轮：{name} 在 {count} 条里提问" if name == report.OURS else f"第 {number + 1} 轮：{name} 编码")
            out = work / "out.json"
            _python("peers.measuring", "search", name, str(task_file), str(folder), str(out))
            found[name].append(json.loads(out.read_text(encoding="utf-8")))
    return report.summarise_scale(count, found)


def _prepare_encoders(folder: Path) -> None:
    """Our encoder in float32 for the others (the stored half precision would be run as such, which is slow), and our own conversion made."""
    from sentence_transformers import SentenceTransformer

    load_encoder()
    SentenceTransformer(str(DEFAULT_FOLDER), device="cpu").float().save(str(folder))


def _start_up(work: Path, rounds: int, encoder: Path) -> dict[str, float]:
    """Seconds from nothing to the command line's first answer, and to having imported sentence-transformers and loaded the weights."""
    index = work / "indexes" / f"{report.OURS}-0"
    ways = {
        "command": [sys.executable, str(_SCRIPTS / "search.py"), "半夜小腿老抽筋怎么办", "--index", str(index), "--top", "3"],
        "library": [sys.executable, "-c", _LIBRARY, str(encoder)],
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, command in ways.items():
            say(f"冷启动：{name}")
            begun = time.perf_counter()
            _checked(command)
            if number:  # the first reads the files into memory
                seconds[name].append(time.perf_counter() - begun)
    return {name: report.median(took) for name, took in seconds.items()}


def _python(module: str, *arguments: str) -> str:
    return _checked([sys.executable, "-m", module, *arguments])


def _checked(command: list[str]) -> str:
    """What a process prints. All get the same number of threads and no network.

    Raises:
        BenchmarkError: it failed; its last lines are told.
    """
    threads = str(os.cpu_count() or 1)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(_SCRIPTS), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "OMP_NUM_THREADS": threads,
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "true",
    }
    done = subprocess.run(command, cwd=_SCRIPTS, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise BenchmarkError(f"{' '.join(command[1:4])} 失败：\n" + "\n".join(done.stderr.splitlines()[-8:]))
    return done.stdout


def _settings(arguments: argparse.Namespace, sizes: Sizes) -> dict[str, Any]:
    return {
        "bench": arguments.bench.resolve().name,
        "records": sizes.records,
        "passages": sizes.units,
        "questions": sizes.questions,
        "characters": sizes.characters,
        "rounds": arguments.rounds,
        "seed": arguments.seed,
        "python": platform.python_version(),
        "machine": platform.processor() or platform.machine(),
    }


if __name__ == "__main__":
    run(main)
