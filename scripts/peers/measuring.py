"""One contestant in one process: what a build costs, and what questions cost.

Each phase has a process of its own (`python -m peers.measuring` with the scripts folder on the path), so that memory is that of the
phase and nothing is warm that a program would not find warm.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from peers.contestant import Contestant, make
from peers.task import Task

TOP = 10
DEPTH = 100
ASKERS = 8
_MB = 1 << 20


def measure_build(contestant: Contestant, task: Task, folder: Path) -> dict[str, Any]:
    """Seconds to load and to build, by stage where the contestant can tell; peak memory and disk in MB."""
    start = time.perf_counter()
    contestant.load(task)
    loaded = time.perf_counter()
    stages = contestant.build(folder)
    built = time.perf_counter()
    return {
        "load_seconds": loaded - start,
        "build_seconds": built - loaded,
        "stages": stages,
        "peak_mb": peak_mb(),
        "disk_mb": sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / _MB,
    }


def measure_search(contestant: Contestant, task: Task, folder: Path, *, rank: bool) -> dict[str, Any]:
    """Latencies in milliseconds, throughput with one asker and with several, memory, and the rankings.

    Half of the questions are asked one by one, the other half by several askers at once: none twice, since answers are remembered by some.

    Args:
        contestant: the contestant.
        task: the task.
        folder: what it has built.
        rank: rank all questions as well; the quality is the same each round.
    """
    contestant.load(task)
    contestant.open(folder)
    questions = task.benchmark().questions
    texts = list(questions.values())
    alone, together, warm = split(texts)
    for text in warm:
        contestant.search(text, TOP)
        contestant.encode(text)
    search, encode = timed_in_turn(alone, lambda text: contestant.search(text, TOP), contestant.encode)
    one, many = throughput(contestant, together)
    private = private_mb()
    return {
        "search_ms": search,
        "encode_ms": encode,
        "one_asker_per_second": one,
        "askers_per_second": many,
        "private_mb": private,
        "ranking": {name: contestant.rank(text, DEPTH) for name, text in questions.items()} if rank else None,
    }


def split(texts: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Questions asked alone, questions asked by several, and the few that warm up (of which none is timed)."""
    warm = list(texts[: max(min(5, len(texts) // 4), 1)])
    rest = list(texts[len(warm) :]) or warm
    half = max(len(rest) // 2, 1)
    return rest[:half], rest[half:] or rest[:half], warm


def timed_in_turn(
    texts: Sequence[str],
    search: Callable[[str], object],
    encode: Callable[[str], object],
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[list[float], list[float]]:
    """Milliseconds of a whole search and of encoding alone, for each question, the one right after the other."""
    searching: list[float] = []
    encoding: list[float] = []
    for text in texts:
        start = clock()
        search(text)
        searched = clock()
        encode(text)
        searching.append(1000 * (searched - start))
        encoding.append(1000 * (clock() - searched))
    return searching, encoding


def throughput(contestant: Contestant, texts: Sequence[str]) -> tuple[float, float | None]:
    """Questions a second by one asker, then by `ASKERS` at once over other questions; None where several at once fail."""
    # Long questions cost twice what short ones do: each side gets every second one by length, in the order they came.
    by_length = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    first, second = ([texts[number] for number in sorted(by_length[side::2] or by_length)] for side in (0, 1))
    start = time.perf_counter()
    for text in first:
        contestant.search(text, TOP)
    one = len(first) / (time.perf_counter() - start)
    start = time.perf_counter()
    try:
        with ThreadPoolExecutor(ASKERS) as askers:
            list(askers.map(lambda text: contestant.search(text, TOP), second))
    except Exception as error:  # whatever a library raises that is not made for threads
        print(f"several askers at once fail: {type(error).__name__}: {error}", file=sys.stderr)
        return one, None
    return one, len(second) / (time.perf_counter() - start)


def private_mb(rollup: Path = Path("/proc/self/smaps_rollup")) -> float | None:
    """Memory that belongs to this process alone, without files that are only mapped; None where the system does not tell."""
    try:
        lines = rollup.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    kilobytes = [int(line.split()[1]) for line in lines if line.startswith(("Private_Clean:", "Private_Dirty:"))]
    return sum(kilobytes) / 1024


def peak_mb(status: Path = Path("/proc/self/status")) -> float | None:
    """The most memory that was resident at once, mapped files included; None where the system does not tell.

    Not `ru_maxrss`, which a process takes over from the one that started it.
    """
    try:
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), None)


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99."""
    return {f"p{part}": float(np.percentile(values, part)) for part in (50, 95, 99)}


def main(arguments: Sequence[str]) -> None:
    """`build|search|rank NAME TASK INDEX OUT`: measure and write JSON."""
    phase, name, task_file, folder, out = arguments
    task, contestant = Task.load(Path(task_file)), make(name)
    if phase == "build":
        found = measure_build(contestant, task, Path(folder))
    else:
        found = measure_search(contestant, task, Path(folder), rank=phase == "rank")
    Path(out).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
